use perennis_scheme::{
    Benefit, BenefitKind, Claim, Credit, CreditedYear, Event, LawError, PaymentStart, Record,
};
use perennis_units::{Date, Money, When, Year, add_months, date_of_year, months_between};

use crate::claim_times::{ClaimTime, at_an_age, birthday};
use crate::follow::{OfYear, Run};
use crate::followed::{Followed, Worked};
use crate::in_payment::Beginning;

/// What is due to one member, by position of the benefit.
type Due = Vec<(usize, f64)>;

/// A claim: month of birth, day, months from 1 January and the months worked in the year.
#[derive(Clone, Copy, Debug)]
struct Moment {
    month: usize,
    day: Date,
    offset: f64,
}

impl Run<'_> {
    /// Lets those of a state (active, inactive) of a generation claim who do so in the year.
    pub(crate) fn claim(
        &mut self,
        one: &mut Followed,
        now: &OfYear<'_>,
        (state, alive): (usize, f64),
    ) -> Result<(), LawError> {
        if one.members[state].count() <= 0.0 {
            return Ok(());
        }
        let january = date_of_year(Year::new(now.year));
        let next = add_months(january, 12);
        for month in 0..12 {
            let who = (one.group, one.sex, one.born, month, one.entered);
            let law = (self.lives.law, self.group(one).name.as_str());
            let times = self.times.of(law, (state == 0, &self.lives.claims[state]), who);
            let past = times.last().is_some_and(|time| time.day < january);
            // Whoever is past the last claim claims at once, or when the credit comes to suffice.
            let late = [0, 6].map(|of| ClaimTime { day: add_months(january, of), chance: 1.0 });
            let times = if past { &late[..] } else { &times[..] };
            for time in times.iter().filter(|time| january <= time.day && time.day < next) {
                let whole = f64::from(months_between(january, time.day));
                let offset = if past { whole } else { whole + self.half_month(one) };
                let moment = Moment { month, day: time.day, offset };
                self.claim_at(one, now, (state, alive), (moment, time.chance))?;
            }
        }
        Ok(())
    }

    /// Where payment begins on the day itself it is in the middle of its month.
    fn half_month(&self, one: &Followed) -> f64 {
        let mut pensions = at_an_age(self.lives.law, &self.group(one).name);
        let same = pensions
            .next()
            .is_some_and(|(_, pension)| pension.condition.payment_start == PaymentStart::SameDay);
        if same { 0.5 } else { 0.0 }
    }

    fn claim_at(
        &mut self,
        one: &mut Followed,
        now: &OfYear<'_>,
        (state, alive): (usize, f64),
        (moment, chance): (Moment, f64),
    ) -> Result<(), LawError> {
        let persons = one.members[state].persons[moment.month] * chance;
        if persons <= 0.0 {
            return Ok(());
        }
        let worked = self.worked(one, now, &moment);
        let due = self.due(one, now, state, (&moment, worked))?;
        if due.is_empty() {
            return Ok(());
        }
        // Deaths fall evenly over time and age: those born later in the year are more of those of an age.
        let born = (f64::from(u32::try_from(moment.month).unwrap_or(0)) + 0.5) / 12.0;
        let left = |years: f64| 1.0 - (1.0 - alive) * (0.5 + years - born);
        let there = left(moment.offset / 12.0);
        if state == 0 {
            // Half of the year of everyone is counted already.
            let counted = 0.5 * self.group(one).density * self.earnings_of(one, now, 0);
            let more = persons * (worked.earnings * 0.5 * (1.0 + there) - counted);
            self.scheme.earnings[one.group][now.position].add(one.initial, more);
        }
        for (benefit, amount) in due {
            let paid = if self.lives.law.benefits[benefit].kind == BenefitKind::Grant {
                persons * there * amount
            } else {
                let table = &self.lives.survival_of_pensioners[benefit];
                let who = (one.sex, one.age(now.year));
                let dying = 1.0 - crate::insured_lives::of(table, now.position, who);
                let of_pension = Beginning {
                    benefit,
                    sex: one.sex,
                    born: one.born,
                    initial: one.initial,
                    offset: moment.offset,
                    amount: persons * there * amount,
                    alive: 1.0 - dying * (1.0 - moment.offset / 12.0),
                };
                self.pensions.begin(of_pension, &now.adjusted)
            };
            self.scheme.paid[benefit][now.position].add(one.initial, paid);
        }
        one.members[state].persons[moment.month] -= persons;
        Ok(())
    }

    /// Months and earnings of the year up to a claim.
    fn worked(&self, one: &Followed, now: &OfYear<'_>, moment: &Moment) -> Worked {
        let born = f64::from(u32::try_from(moment.month).unwrap_or(0)) + 0.5;
        let before = moment.offset.min(born) / 12.0;
        let after = moment.offset / 12.0 - before;
        let density = self.group(one).density;
        let earnings =
            before * self.earnings_of(one, now, 0) + after * self.earnings_of(one, now, 1);
        Worked { year: now.year, months: density * moment.offset, earnings: density * earnings }
    }

    /// Returns what the law gives to a member who claims; a grant alone is for the inactive.
    fn due(
        &self,
        one: &Followed,
        now: &OfYear<'_>,
        state: usize,
        (moment, worked): (&Moment, Worked),
    ) -> Result<Due, LawError> {
        let mut record = one.members[state].record.clone();
        if state == 0 && 0.0 < worked.months {
            record.push(worked);
        }
        let benefits = at_an_age(self.lives.law, &self.group(one).name);
        let due = self.amounts(one, now, (moment, &record), benefits)?;
        let has_pension = due
            .iter()
            .any(|(benefit, _)| self.lives.law.benefits[*benefit].kind == BenefitKind::Pension);
        Ok(if has_pension || state == 1 { due } else { Vec::new() })
    }

    /// Amounts of those benefits whose conditions are met.
    ///
    /// Where the law has no value for a year before the start, work of that year counts as if it fell in the next.
    fn amounts<'b>(
        &self,
        one: &Followed,
        now: &OfYear<'_>,
        (moment, record): (&Moment, &[Worked]),
        benefits: impl Iterator<Item = (usize, &'b Benefit)> + Clone,
    ) -> Result<Due, LawError> {
        let start = date_of_year(self.lives.first_year);
        let mut record = record.to_vec();
        loop {
            match self.amounts_on(one, now, (moment, &record), benefits.clone()) {
                Err(LawError::NotInForce { date, .. })
                    if date < start && move_on(&mut record, i32::from(date.year())) => {}
                other => return other,
            }
        }
    }

    /// Amounts on a record; between two whole months of credit they lie on a line.
    fn amounts_on<'b>(
        &self,
        one: &Followed,
        now: &OfYear<'_>,
        (moment, record): (&Moment, &[Worked]),
        benefits: impl Iterator<Item = (usize, &'b Benefit)>,
    ) -> Result<Due, LawError> {
        let sum = record.iter().fold(0.0, |sum, work| sum + work.months);
        let part = (sum + 1e-6) - (sum + 1e-6).floor();
        let below = whole_months(record, false);
        let above = (1e-3 < part).then(|| whole_months(record, true));
        let when = When {
            date: moment.day,
            born: birthday(one.born, moment.month),
            entered: date_of_year(Year::new(one.entered)),
            sex: one.sex,
        };
        let group = &self.group(one).name;
        let claim = |record| Claim::new(when, group, Credit::Record(record));
        let mut due = Vec::new();
        for (at, benefit) in benefits {
            if !benefit.is_met(&claim(&below), &now.env)? {
                continue;
            }
            let mut amount = benefit.amount_of_person(&claim(&below), &now.env)?.get();
            if let Some(above) = &above {
                let more = benefit.amount_of_person(&claim(above), &now.env)?.get();
                amount += part * (more - amount);
            }
            due.push((at, amount));
        }
        Ok(due)
    }

    /// Lets those inactive members withdraw who may, in the middle of the year.
    pub(crate) fn withdraw(
        &mut self,
        one: &mut Followed,
        now: &OfYear<'_>,
        alive: f64,
    ) -> Result<(), LawError> {
        let who = (one.sex, one.age(now.year));
        let rate = crate::insured_lives::of(&self.lives.withdrawal, now.position, who);
        if rate <= 0.0 || one.members[1].count() <= 0.0 {
            return Ok(());
        }
        let day = add_months(date_of_year(Year::new(now.year)), 6);
        let moment = Moment { month: 5, day, offset: 6.0 };
        let group = &self.group(one).name;
        let all = self.lives.law.benefits.iter().enumerate().filter(|(_, benefit)| {
            let condition = &benefit.condition;
            condition.event == Event::Withdrawal && condition.groups.contains(group)
        });
        let record = &one.members[1].record;
        let due = self.amounts(one, now, (&moment, record), all)?;
        if due.is_empty() {
            return Ok(());
        }
        let persons = one.members[1].count() * rate * alive;
        for (benefit, amount) in due {
            self.scheme.paid[benefit][now.position].add(one.initial, persons * amount);
        }
        one.members[1].scale(1.0 - rate);
        Ok(())
    }
}

/// Moves the work of a year and of all before it to the next; says whether there was any.
fn move_on(record: &mut Vec<Worked>, year: i32) -> bool {
    let before = record.iter().take_while(|work| work.year <= year);
    let sum = before.clone().fold((0.0, 0.0), |(m, e), work| (m + work.months, e + work.earnings));
    let count = before.count();
    if count == 0 {
        return false;
    }
    record.drain(..count);
    match record.first_mut().filter(|work| work.year == year + 1) {
        Some(next) => {
            next.months += sum.0;
            next.earnings += sum.1;
        }
        None => record.insert(0, Worked { year: year + 1, months: sum.0, earnings: sum.1 }),
    }
    true
}

/// A record in whole months: those of all years up to each are rounded down, or with one more in the last.
fn whole_months(record: &[Worked], with_one_more: bool) -> Record {
    let (mut sum, mut given) = (0.0, 0);
    let mut years = Vec::with_capacity(record.len());
    for (at, work) in record.iter().enumerate() {
        sum += work.months;
        #[expect(clippy::cast_possible_truncation, reason = "months of a life fit i32")]
        let until =
            (sum + 1e-6).floor() as i32 + i32::from(with_one_more && at + 1 == record.len());
        let insured_earnings = Money::new(work.earnings).unwrap_or(Money::ZERO);
        let year = Year::new(work.year);
        years.push(CreditedYear { year, months: until - given, insured_earnings });
        given = until;
    }
    Record::of_work(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_months_are_counted_when_they_make_a_whole_one() {
        let worked = |year| Worked { year, months: 9.6, earnings: 96.0 };
        let record: Vec<Worked> = (2000..2005).map(worked).collect();
        let months = |one_more| {
            let record = whole_months(&record, one_more);
            record.work().iter().map(|year| year.months).collect::<Vec<_>>()
        };
        assert_eq!(months(false), [9, 10, 9, 10, 10]);
        assert_eq!(months(true), [9, 10, 9, 10, 11]);
    }
}
