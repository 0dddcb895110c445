use std::rc::Rc;

use perennis_scheme::{
    BenefitKind, Claim, Credit, CreditedYear, Event, Fact, Known, LawError, Recipient, Record,
    Survivor, Timing,
};
use perennis_units::{Date, Money, Sex, When, add_months, date_of_year};

use crate::capital::{BenefitAt, Capital, Capitals, LifeAt, On, Stream};
use crate::{Cause, Course, DeferredClaim, Exit, GenerationError, OnWithdrawal};

/// What a member who leaves is entitled to.
#[derive(Clone, Debug)]
pub(crate) struct Right {
    /// Positions of the law and of the benefit.
    pub(crate) benefit: BenefitAt,
    /// Currency a year; of a grant the sum.
    pub(crate) amount: f64,
    /// Probability that it is paid at all: of living to the first day, of leaving a spouse.
    pub(crate) weight: f64,
    /// A pension, or the plan year and the discount factor of a sum.
    pub(crate) paid: Paid,
}

/// How a right is paid.
#[derive(Clone, Debug)]
pub(crate) enum Paid {
    /// As a pension.
    Pension(Rc<Capital>),
    /// Once.
    Once {
        /// The plan year.
        year: i32,
        /// Discount factor to the valuation.
        discount: f64,
    },
}

impl Right {
    /// Returns the value, discounted to the valuation.
    pub(crate) fn value(&self) -> f64 {
        let of_one = match &self.paid {
            Paid::Pension(capital) => capital.total,
            Paid::Once { discount, .. } => *discount,
        };
        self.amount * self.weight * of_one
    }
}

/// The record with which amounts are found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Earned<'a> {
    /// Earnings of each year of service.
    pub(crate) earnings: &'a [f64],
    /// Service and earnings from this year on do not count for amounts; conditions are those of the whole career.
    pub(crate) until: Option<i32>,
}

/// A member at an exit.
struct Leaver<'a, 'b> {
    of: &'b Capitals<'a>,
    course: &'b Course,
    exit: Exit,
    /// The whole record, for conditions.
    whole: Record,
    /// The record that counts for amounts; nothing when no service counts.
    counted: Option<Record>,
}

/// Finds what the law gives to members who leave by an exit.
pub(crate) fn rights(
    of: &Capitals<'_>,
    course: &Course,
    exit: Exit,
    earned: Earned<'_>,
) -> Result<Vec<Right>, GenerationError> {
    let record = |until: i32| record(of, course, &exit, (earned.earnings, until));
    let counted = earned.until.map_or(i32::MAX, |until| until.max(0));
    let leaver = Leaver {
        of,
        course,
        exit,
        whole: record(i32::MAX),
        counted: (0 < counted).then(|| record(counted)),
    };
    leaver.rights().map_err(|(scheme, error)| GenerationError::Law {
        scheme,
        age: f64::from(course.of.entry_age) + exit.service(),
        service: exit.service(),
        error,
    })
}

/// The years worked up to an exit, or to a year of service.
fn record(
    of: &Capitals<'_>,
    course: &Course,
    exit: &Exit,
    (earnings, until): (&[f64], i32),
) -> Record {
    let first = of.plan().start.plus(course.of.entry);
    let whole = exit.year.min(until);
    let of_year = |year: i32, months: i32| {
        let at = usize::try_from(year).unwrap_or(0);
        let paid = earnings.get(at).copied().unwrap_or(0.0) * f64::from(months) / 12.0;
        let insured_earnings = Money::new(paid).unwrap_or(Money::ZERO);
        CreditedYear { year: first.plus(year), months, insured_earnings }
    };
    let mut years: Vec<CreditedYear> = (0..whole).map(|year| of_year(year, 12)).collect();
    let last = match exit.at {
        Timing::Start => 0,
        Timing::Middle => 6,
        Timing::End => 12,
    };
    if exit.year < until && 0 < last {
        years.push(of_year(exit.year, last));
    }
    Record::of_work(years)
}

type Fallible<T> = Result<T, (String, LawError)>;

impl Leaver<'_, '_> {
    fn rights(&self) -> Fallible<Vec<Right>> {
        let mut rights = match self.exit.cause {
            Cause::Retirement => {
                let now = self.awards(Event::Age, self.months_of_exit(), &Known::nothing())?;
                if now.iter().any(|right| self.is_pension(right)) { now } else { self.withdrawn()? }
            }
            Cause::Withdrawal => self.withdrawn()?,
            Cause::Invalidity => {
                let degree = self.of.plan().invalidity_degree;
                let known = Known::nothing().with(Fact::Degree, degree);
                self.awards(Event::Invalidity, self.months_of_exit(), &known)?
            }
            Cause::Death => self.survivors(self.months_of_exit(), None)?,
        };
        rights.retain(|right| 0.0 < right.amount && 0.0 < right.weight);
        Ok(rights)
    }

    fn is_pension(&self, right: &Right) -> bool {
        self.of.benefit(right.benefit).kind == BenefitKind::Pension
    }

    /// Months from the birth to the exit.
    fn months_of_exit(&self) -> i32 {
        let part = match self.exit.at {
            Timing::Start => 0,
            Timing::Middle => 6,
            Timing::End => 12,
        };
        12 * (self.course.of.entry_age + self.exit.year) + part
    }

    fn born(&self) -> Date {
        let of = &self.course.of;
        date_of_year(self.of.plan().start.plus(of.entry - of.entry_age))
    }

    fn when(&self, months: i32) -> When {
        let of = &self.course.of;
        When {
            date: add_months(self.born(), months),
            born: self.born(),
            entered: date_of_year(self.of.plan().start.plus(of.entry)),
            sex: of.sex,
        }
    }

    /// Half years from the valuation to an age in months.
    fn halves(&self, months: i32) -> i32 {
        let of = &self.course.of;
        2 * (of.entry - of.entry_age) + months / 6
    }

    /// What is known of every member, beside what the event says.
    fn known(&self, said: &Known) -> Known {
        let mut known = said.clone();
        for (fact, value) in [
            (Fact::Children, 0.0),
            (Fact::Dependants, 0.0),
            (Fact::ChildrenRaised, 0.0),
            (Fact::Degree, 0.0),
            (Fact::InPayment, 0.0),
        ] {
            if known.fact(fact).is_none() {
                known = known.with(fact, value);
            }
        }
        known
    }

    /// Returns the amounts of the benefits of an event whose conditions are met at an age in months.
    fn amounts(&self, event: Event, months: i32, said: &Known) -> Fallible<Vec<(BenefitAt, f64)>> {
        let known = self.known(said);
        let when = self.when(months);
        let mut found = Vec::new();
        for (position, law) in self.of.plan().laws.iter().enumerate() {
            let of_event = law.benefits.iter().enumerate();
            for (at, benefit) in of_event.filter(|(_, one)| one.condition.event == event) {
                let in_law = |error| (law.scheme.clone(), error);
                let recipient = benefit.condition.recipient;
                if recipient.is_some() != said.survivor.is_some()
                    || recipient.is_some_and(|kind| kind != Recipient::Spouse)
                {
                    continue;
                }
                let claim = |record| Claim {
                    when,
                    group: &self.course.of.group,
                    credit: Credit::Record(record),
                    known: Some(&known),
                };
                if !benefit.is_met(&claim(&self.whole), self.of.env()).map_err(in_law)? {
                    continue;
                }
                let amount = match &self.counted {
                    None => 0.0,
                    Some(record) => benefit
                        .amount_of_person(&claim(record), self.of.env())
                        .map_err(in_law)?
                        .get(),
                };
                found.push(((position, at), amount));
            }
        }
        Ok(found)
    }

    /// Awards the member's own benefits of an event at an age in months, and what a pension leaves to a spouse.
    fn awards(&self, event: Event, months: i32, said: &Known) -> Fallible<Vec<Right>> {
        let mut rights = Vec::new();
        for (benefit, amount) in self.amounts(event, months, said)? {
            let law = self.of.benefit(benefit);
            let paid = if law.kind == BenefitKind::Grant {
                self.once(months)
            } else {
                let table = match event {
                    Event::Invalidity => self.of.plan().mortality_of.invalids,
                    _ => self.of.plan().mortality_of.pensioners,
                };
                let life = (table, self.course.of.sex, months / 6);
                rights.extend(self.survivors(months, Some((benefit, amount, life)))?);
                self.pension(benefit, months, On::Life { table, sex: life.1, age_halves: life.2 })?
            };
            rights.push(Right { benefit, amount, weight: 1.0, paid });
        }
        Ok(rights)
    }

    fn once(&self, months: i32) -> Paid {
        let time = 0.5 * f64::from(self.halves(months));
        // What is paid at the very end of a year belongs to that year.
        let shift = if self.exit.at == Timing::End { -1e-9 } else { 1e-9 };
        let year = crate::capital::floor(time + shift);
        Paid::Once { year, discount: self.of.discount(time) }
    }

    fn pension(&self, benefit: BenefitAt, months: i32, on: On) -> Fallible<Paid> {
        let law = self.of.benefit(benefit);
        let scheme = || self.of.plan().laws[benefit.0].scheme.clone();
        let when = self.when(months);
        let of_rule = |rule: &perennis_scheme::Rule<perennis_units::Duration>| {
            rule.at(&when).map(|row| row.value.in_months()).map_err(|error| (scheme(), error))
        };
        let after = law.ends.after.as_ref().map(&of_rule).transpose()?;
        // A pension that becomes another at an age goes on with its amount.
        let age = law.ends.age.as_ref().filter(|_| law.ends.converts_to.is_none());
        let age = age.map(of_rule).transpose()?.map(|age| (age - months).max(0));
        let limit = after.into_iter().chain(age).min();
        let stream = Stream { benefit, on, time_halves: self.halves(months), months: limit };
        self.of.of(stream).map(Paid::Pension).map_err(|error| (scheme(), error))
    }

    /// What a member who leaves before any pension takes.
    fn withdrawn(&self) -> Fallible<Vec<Right>> {
        let refund = self.awards(Event::Withdrawal, self.months_of_exit(), &Known::nothing())?;
        let deferred = self.deferred()?;
        let value = |rights: &[Right]| rights.iter().fold(0.0, |sum, right| sum + right.value());
        let takes_refund = match self.of.plan().on_withdrawal {
            OnWithdrawal::Refund => !refund.is_empty(),
            OnWithdrawal::Pension => deferred.is_empty(),
            OnWithdrawal::Larger => value(&deferred) < value(&refund),
        };
        Ok(if takes_refund { refund } else { deferred })
    }

    /// The pension that is claimed later, if the member lives to claim it.
    fn deferred(&self) -> Fallible<Vec<Right>> {
        let at_exit = self.months_of_exit();
        let life = self.of.lifetime(
            self.of.plan().mortality_of.deferred,
            self.course.of.sex,
            (at_exit / 6, self.halves(at_exit)),
        );
        let birthdays = (at_exit + 11) / 12..=self.of.plan().last_age.max(75);
        let days = std::iter::once(at_exit).chain(birthdays.map(|age| 12 * age));
        for months in days {
            let is_time = self.may_claim(months)?;
            if !is_time {
                continue;
            }
            let alive = life.at(f64::from(months - at_exit) / 12.0);
            let mut rights = self.awards(Event::Age, months, &Known::nothing())?;
            rights.iter_mut().for_each(|right| right.weight *= alive);
            return Ok(rights);
        }
        Ok(Vec::new())
    }

    /// Says whether a pension is due at an age in months, in the way in which deferred ones are claimed.
    fn may_claim(&self, months: i32) -> Fallible<bool> {
        let known = self.known(&Known::nothing());
        let when = self.when(months);
        for law in &self.of.plan().laws {
            let pensions = law.benefits.iter().filter(|benefit| {
                benefit.kind == BenefitKind::Pension && benefit.condition.event == Event::Age
            });
            for benefit in pensions {
                let reached = benefit.condition.months_after_age(&when);
                let in_time = match self.of.plan().deferred_claim {
                    DeferredClaim::Earliest => true,
                    DeferredClaim::PensionableAge => reached.is_ok_and(|months| 0 <= months),
                };
                let claim = Claim {
                    when,
                    group: &self.course.of.group,
                    credit: Credit::Record(&self.whole),
                    known: Some(&known),
                };
                let in_law = |error| (law.scheme.clone(), error);
                if in_time && benefit.is_met(&claim, self.of.env()).map_err(in_law)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What a spouse has after a death in service, or after that of a pensioner.
    fn survivors(
        &self,
        months: i32,
        of_pension: Option<(BenefitAt, f64, LifeAt)>,
    ) -> Fallible<Vec<Right>> {
        let plan = self.of.plan();
        let mut rights = Vec::new();
        let mut said = Known::nothing();
        if let Some(((law, benefit), amount, _)) = of_pension {
            let name = plan.laws[law].benefits[benefit].name.clone();
            said.in_payment.insert(name, Money::new(amount).unwrap_or(Money::ZERO));
        } else {
            for (benefit, amount) in self.amounts(Event::Death, months, &said)? {
                if self.of.benefit(benefit).kind == BenefitKind::Grant {
                    let paid = self.once(months);
                    rights.push(Right { benefit, amount, weight: 1.0, paid });
                }
            }
        }
        if plan.family.married <= 0.0 {
            return Ok(rights);
        }
        let (sex, older) = match self.course.of.sex {
            Sex::Male => (Sex::Female, -plan.family.husband_older),
            Sex::Female => (Sex::Male, plan.family.husband_older),
        };
        let born = add_months(self.born(), -12 * older);
        said.survivor = Some(Survivor { kind: Recipient::Spouse, born, sex });
        let age = months + 12 * older;
        said = said
            .with(Fact::Recipients, 1.0)
            .with(Fact::Married, f64::from(MARRIED_FOR))
            .with(Fact::OtherIncome, 0.0)
            .with(Fact::SpouseAge, f64::from(age));
        let spouse = (plan.mortality_of.spouses, sex, age / 6);
        for (benefit, amount) in self.amounts(Event::Death, months, &said)? {
            let grant = self.of.benefit(benefit).kind == BenefitKind::Grant;
            let paid = match of_pension {
                Some(_) if grant => continue,
                None if grant => self.once(months),
                Some((_, _, of)) => self.pension(benefit, months, On::Reversion { of, spouse })?,
                None => {
                    let (table, sex, age_halves) = spouse;
                    self.pension(benefit, months, On::Life { table, sex, age_halves })?
                }
            };
            rights.push(Right { benefit, amount, weight: plan.family.married, paid });
        }
        Ok(rights)
    }
}

/// Months for which couples have been married when a member dies: longer than any law asks.
const MARRIED_FOR: i32 = 360;
