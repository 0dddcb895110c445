use perennis_cohort::{Register, Row};
use perennis_scheme::{
    BenefitKind, Environment, Event, Fact, Known, LawError, PaymentStart, date_reached,
};
use perennis_units::{Date, Sex, Year, add_months, date_of_year};

use crate::award::state_of;
use crate::claim_dates::{born_on, count, month_of};
use crate::claims::RowClaims;
use crate::death::{DeathBenefit, DeathRow, Deaths, DyingPensioners, Question, Span, day_in};
use crate::indexing::YearPayment;
use crate::recipients::{Counting, EndAges, Time, Times};
use crate::run::SchemeRun;
use crate::walk::Booked;

/// A benefit on invalidity in one year.
#[derive(Clone, Debug)]
pub(crate) struct InvalidYear {
    /// What is asked of the law, once for the middle of the year.
    asked: DeathBenefit,
    question: Question,
    /// Part of the year before the age at which the pension becomes another one, by sex and age at its start.
    exposure: [Vec<f64>; 2],
    /// An award on any day of the year.
    time: Time,
    kind: BenefitKind,
    /// Whether an award ends the insurance: a pension does, and a sum paid once to those whose credit is too short for one.
    leaves: bool,
    payment: YearPayment,
}

/// From which month of a year on a pension of those of a sex and age becomes another one, and for which share of them.
pub(crate) type Conversions = [Vec<Vec<(f64, f64)>>; 2];

/// A row some of whose active or inactive insured become invalids.
pub(crate) struct InvalidRow<'a> {
    pub(crate) of: DeathRow<'a>,
    /// Active or inactive, as their position.
    pub(crate) state: usize,
    /// The age at the end of the year.
    pub(crate) next: usize,
    pub(crate) claims: Option<&'a RowClaims>,
    /// Probability that an invalid of the age dies within a year.
    pub(crate) dying: f64,
}

impl SchemeRun {
    /// Finds the benefits on invalidity of a year; none where nobody becomes an invalid.
    pub(crate) fn invalid_years(
        &self,
        year: Year,
        env: &Environment<'_>,
    ) -> Result<Vec<InvalidYear>, LawError> {
        let mut found = Vec::new();
        if self.basis.invalidity.is_nobody() {
            return Ok(found);
        }
        for (benefit, law) in self.basis.law.benefits.iter().enumerate() {
            if law.condition.event != Event::Invalidity {
                continue;
            }
            let payment = YearPayment::new(law.indexation.as_ref(), year, env)?;
            let counting = Counting {
                span: (0.0, 12.0),
                start: law.condition.payment_start,
                payment: &payment,
                open: &[],
                ends: EndAges::default(),
            };
            let times = Times::once(&counting);
            let time = *times.at(0);
            let span = Span {
                from: 0.0,
                to: 12.0,
                day: day_in(year, 6.0),
                open: [Vec::new(), Vec::new()],
                times: [times.clone(), times],
            };
            let asked =
                DeathBenefit { benefit, recipient: None, by_deceased: true, spans: vec![span] };
            let degree = self.basis.invalidity.of(&law.name).and_then(|named| named.degree);
            let known = match degree {
                Some(degree) => Known::nothing().with(Fact::Degree, degree),
                None => Known::nothing(),
            };
            let question = Question { of: 0, span: 0, sex: None, age_end: None, known };
            let exposure = Sex::ALL.map(|sex| {
                let start = month_of(year);
                let of = |age: usize| {
                    let months = self.months_reached(benefit, (sex, age), year);
                    let before = |month: &Option<f64>| {
                        month.map_or(12.0, |month| (month - start).clamp(0.0, 12.0))
                    };
                    months.iter().map(before).sum::<f64>() / 144.0
                };
                (0..self.sides[0].register.shape().ages).map(of).collect()
            });
            let leaves = law.kind == BenefitKind::Pension || law.condition.credit_below.is_some();
            let kind = law.kind;
            found.push(InvalidYear { asked, question, exposure, time, kind, leaves, payment });
        }
        Ok(found)
    }

    /// Returns the month, counted from year 0, in which each month of birth of those of a sex and age at the start of a
    /// year has the age at which a pension on invalidity ends or becomes another one: that of the pension it becomes, its own,
    /// or the first pension at an age.
    fn months_reached(
        &self,
        benefit: usize,
        (sex, age): (Sex, usize),
        year: Year,
    ) -> [Option<f64>; 12] {
        let law = &self.basis.law;
        let ends = &law.benefits[benefit].ends;
        let birth_year = year.plus(-i32::try_from(age).unwrap_or(0) - 1);
        let entry = i32::try_from(self.basis.entry_ages.0).unwrap_or(0);
        let entered = add_months(date_of_year(birth_year), 12 * entry);
        let month =
            |date: Date| f64::from(i32::from(date.year()) * 12 + i32::from(date.month()) - 1);
        if let Some(own) = &ends.age {
            return std::array::from_fn(|born| {
                // Births fall evenly over a month; the birthday is in its middle.
                let reached = date_reached(own, born_on(birth_year, born), entered, sex)?;
                Some(month(reached) + 0.5)
            });
        }
        let named = ends.converts_to.as_ref().and_then(|name| law.benefit(name));
        let at_age = |one: &&perennis_scheme::Benefit| {
            one.condition.event == Event::Age && one.kind == BenefitKind::Pension
        };
        let target = named.or_else(|| law.benefits.iter().find(at_age));
        let Some(target) = target else { return [None; 12] };
        let later = match target.condition.payment_start {
            PaymentStart::SameDay => 0.5,
            PaymentStart::NextMonth => 0.0,
        };
        let days = target.condition.first_payments(birth_year, entered, sex);
        days.map(|day| day.map(|day| month(day) + later))
    }

    /// Returns when pensions of a benefit become another one, or end, in a year; `None` where they do not.
    pub(crate) fn conversions(&self, benefit: usize, year: Year) -> Option<Conversions> {
        let law = &self.basis.law.benefits[benefit];
        let ends = &law.ends;
        let stock = self.stocks[benefit].as_ref()?;
        if law.condition.event != Event::Invalidity
            || (ends.age.is_none() && ends.converts_to.is_none())
        {
            return None;
        }
        let start = month_of(year);
        Some(Sex::ALL.map(|sex| {
            let of = |age: usize| {
                let months = self.months_reached(benefit, (sex, age), year);
                let left: Vec<f64> = months
                    .iter()
                    .map(|month| month.unwrap_or(f64::INFINITY))
                    .filter(|month| start <= *month)
                    .collect();
                // Whoever became an invalid in the year of the age is past it.
                if left.is_empty() {
                    return vec![(0.0, 1.0)];
                }
                let share = 1.0 / count(left.len());
                let due = left.iter().filter(|month| **month < start + 12.0);
                due.map(|month| (month - start, share)).collect()
            };
            (0..stock.persons.ncols()).map(of).collect()
        }))
    }
}

impl InvalidYear {
    pub(crate) const fn benefit(&self) -> usize {
        self.asked.benefit
    }

    /// Finds and books the awards of a row. The shares of those who neither die nor retire that leave the insured are
    /// added to `shares`, by credit. Returns those who draw a pension at the end of the year by credit at its start.
    pub(crate) fn book(
        &self,
        row: &InvalidRow<'_>,
        shares: &mut [f64],
        booked: &mut Booked,
    ) -> Result<Vec<(usize, f64)>, LawError> {
        let DeathRow { context, register, row: cells, alive, .. } = row.of;
        let Row { sex, age, .. } = cells;
        let (invalidity, alive) = (&context.basis.invalidity, alive[row.state]);
        let mut resting = Vec::new();
        let Some(incidence) = &invalidity.incidence[row.state] else { return Ok(resting) };
        let name = &context.basis.law.benefits[self.asked.benefit].name;
        let rate = incidence.get(context.plan.position, sex, age) * invalidity.share_of(name, sex);
        let rate = rate * self.exposure[sex.index()].get(age).copied().unwrap_or(0.0);
        if rate <= 0.0 || alive <= 0.0 || !register.has_members(cells) {
            return Ok(resting);
        }
        let share = (rate / alive).min(1.0);
        for (at, heads, amount) in self.amounts(row, register)? {
            if self.leaves {
                shares[at] += share;
            }
            let retiring = row.claims.map_or(0.0, |claims| claims.total[row.state][at]);
            let new = heads * alive * (1.0 - retiring) * share;
            if self.kind == BenefitKind::Pension {
                resting.push((at, self.award(row, (new, amount), booked)));
            } else {
                let place = &mut booked.benefits[self.asked.benefit];
                place.new_awards[row.next] += new;
                place.new_award_amount[row.next] += new * amount;
                place.beneficiaries[row.next] += new;
                place.amount[row.next] += new * amount;
            }
        }
        Ok(resting)
    }

    /// Books the award of a pension to some persons and returns those in payment at the end of the year.
    fn award(&self, row: &InvalidRow<'_>, (new, amount): (f64, f64), booked: &mut Booked) -> f64 {
        let place = &mut booked.benefits[self.asked.benefit];
        let less = |[whole, off]: [f64; 2]| new * (whole - row.dying * off);
        let staying = less(self.time.stock);
        let dead = new * self.time.awarded - staying;
        place.new_awards[row.next] += new * self.time.awarded;
        place.new_award_amount[row.next] += new * self.time.awarded * amount;
        place.beneficiaries[row.next] += less(self.time.time);
        place.amount[row.next] += less(self.time.paid) * amount;
        place.terminations[row.next] += dead;
        place.stock_persons[row.next] += staying;
        place.stock_amount[row.next] += less(self.time.in_force) * amount;
        let age = row.of.row.age;
        let mut invalids = row.of.context.plan.invalids.iter();
        if let Some(died) = invalids
            .position(|one| one.benefit() == self.benefit())
            .and_then(|at| booked.died.get_mut(at))
        {
            died[age][0] += dead;
            died[age][1] += dead * amount;
        }
        staying
    }

    /// Those who die in the year of their award; amounts are brought to the start of the year, as of other pensioners.
    pub(crate) fn dying(&self, sex: Sex, mut deaths: Deaths) -> DyingPensioners {
        let factor = self.payment.factor_at(6.0);
        deaths.iter_mut().for_each(|of_age| of_age[1] /= factor);
        let mut of_sexes = [Vec::new(), Vec::new()];
        of_sexes[sex.index()] = deaths;
        let payment = self.payment.clone();
        DyingPensioners { benefit: self.asked.benefit, deaths: of_sexes, payment }
    }

    fn amounts(
        &self,
        row: &InvalidRow<'_>,
        register: &Register,
    ) -> Result<Vec<(usize, f64, f64)>, LawError> {
        let persons = register.persons(state_of(row.state), row.of.row);
        row.of.amounts((&self.asked, &self.question), row.state, persons)
    }
}

#[cfg(test)]
mod tests;
