use std::sync::Arc;

use perennis_units::{Date, Duration, Sex, When, Year, add_months, months_between};

use crate::context::Context;
use crate::rule::first_of_month;
use crate::value::Value;
use crate::{Benefit, Groups, LawError, Measure, Recipient, Rule, Test};

/// What opens a benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Reaching an age, and claiming then or later (or earlier where allowed).
    Age,
    /// Becoming an invalid.
    Invalidity,
    /// Dying; claimed by survivors.
    Death,
    /// Leaving insured work and asking for one's contributions back.
    Withdrawal,
    /// Nothing: the benefit is only paid to those who have it already.
    Closed,
}

/// The first day of payment after the conditions are met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStart {
    /// The same day.
    SameDay,
    /// The first day of the month after.
    NextMonth,
}

impl PaymentStart {
    /// Returns the first day of payment when conditions are met on `date`.
    #[must_use]
    pub fn after(self, date: Date) -> Date {
        match self {
            Self::SameDay => date,
            Self::NextMonth => add_months(date.first_of_month(), 1),
        }
    }
}

/// Who may have a benefit, and from when.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What opens it.
    pub event: Event,
    /// Groups to which it is open.
    pub groups: Groups,
    /// The pensionable age; with [`Event::Age`] always there.
    pub age: Option<Rule<Duration>>,
    /// How long before that age it may be claimed at most.
    pub early_by: Option<Rule<Duration>>,
    /// The age from which it may be claimed at the earliest, where the law fixes that age itself.
    pub early_from: Option<Rule<Duration>>,
    /// Months of credit needed for an early claim, where the law has another number.
    pub early_credit_at_least: Option<Rule<Duration>>,
    /// Months of credit needed.
    pub credit_at_least: Option<Rule<Duration>>,
    /// Months of credit that close it: it is for those with fewer.
    pub credit_below: Option<Rule<Duration>>,
    /// It is for those who first contributed before this day.
    pub entered_before: Option<Date>,
    /// The first day of payment.
    pub payment_start: PaymentStart,
    /// The members of the family who claim, each for himself: survivors after a death, else beside the person's own claim.
    pub recipient: Option<Recipient>,
    /// Which months the credit needed counts.
    pub credit: Measure,
    /// Tests that must all be passed.
    pub all: Vec<Test>,
    /// Tests of which one must be passed, where there are any.
    pub any: Vec<Test>,
    /// It is not for those to whom one of these is due.
    pub without: Vec<Arc<Benefit>>,
}

impl Condition {
    /// A condition that asks for nothing but the event and the group; payment begins the same day.
    #[must_use]
    pub const fn open_to(event: Event, groups: Groups) -> Self {
        Self {
            event,
            groups,
            age: None,
            early_by: None,
            early_from: None,
            early_credit_at_least: None,
            credit_at_least: None,
            credit_below: None,
            entered_before: None,
            payment_start: PaymentStart::SameDay,
            recipient: None,
            credit: Measure::Credit,
            all: Vec::new(),
            any: Vec::new(),
            without: Vec::new(),
        }
    }

    /// Returns the day on which a person reaches the pensionable age; `None` without an age or when no row applies.
    #[must_use]
    pub fn reached(&self, born: Date, entered: Date, sex: Sex) -> Option<Date> {
        date_reached(self.age.as_ref()?, born, entered, sex)
    }

    /// Returns the first day of payment of one who claims on reaching the age, for each month of birth of `birth_year`.
    ///
    /// With [`PaymentStart::NextMonth`] the day of birth within the month makes no difference; otherwise it is the first.
    #[must_use]
    pub fn first_payments(&self, birth_year: Year, entered: Date, sex: Sex) -> [Option<Date>; 12] {
        std::array::from_fn(|month| {
            let month = i8::try_from(month).expect("twelve months fit i8") + 1;
            let born = first_of_month(birth_year, month);
            self.reached(born, entered, sex).map(|date| self.payment_start.after(date))
        })
    }

    /// Returns the earliest first day of payment, early claims included; `None` as for [`Condition::reached`].
    ///
    /// The allowance is taken off the age that the law in force on the day of the claim asks for.
    /// While the allowance is not in force nobody may claim early.
    #[must_use]
    pub fn earliest_payment(&self, born: Date, entered: Date, sex: Sex) -> Option<Date> {
        let age = self.age.as_ref()?;
        let mut days = age.days();
        days.extend(self.early_by.iter().chain(&self.early_from).flat_map(Rule::days));
        days.sort();
        days.dedup();
        let needed = |when: &When| {
            let age = age.values.at(when)?.value.in_months();
            Some(self.earliest_age(age, when))
        };
        let day = first_day(&days, needed, born, entered, sex);
        day.map(|date| self.payment_start.after(date))
    }

    /// Returns the months of credit: the least that opens the benefit and, where there is one, the least that closes it.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn credit_range(&self, when: &When) -> Result<(i32, Option<i32>), LawError> {
        let at_least = self.credit_at_least.as_ref().map(|rule| rule.at(when)).transpose()?;
        let below = self.credit_below.as_ref().map(|rule| rule.at(when)).transpose()?;
        Ok((
            at_least.map_or(0, |row| row.value.in_months()),
            below.map(|row| row.value.in_months()),
        ))
    }

    /// Returns the months by which a claim comes before (negative) or after the pensionable age.
    ///
    /// A claim before the age is measured against the age that the law in force on its day asks for, a later one
    /// against the day on which the age was reached. Without an age it is 0.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn months_after_age(&self, when: &When) -> Result<i32, LawError> {
        let Some(age) = &self.age else { return Ok(0) };
        if let Some(reached) = date_reached(age, when.born, when.entered, when.sex) {
            let normal = self.payment_start.after(reached);
            if normal <= when.date {
                return Ok(months_between(normal, when.date));
            }
        }
        let asked = add_months(when.born, age.at(when)?.value.in_months());
        Ok(-months_between(when.date, self.payment_start.after(asked)).max(0))
    }

    pub(crate) fn is_old_enough(
        &self,
        age: &Rule<Duration>,
        when: &When,
    ) -> Result<bool, LawError> {
        let asked = self.earliest_age(age.at(when)?.value.in_months(), when);
        if self.payment_start.after(add_months(when.born, asked)) <= when.date {
            return Ok(true);
        }
        let reached = date_reached(age, when.born, when.entered, when.sex);
        Ok(reached.is_some_and(|date| self.payment_start.after(date) <= when.date))
    }

    /// The age in months from which a claim is possible, where `age` is asked for a whole pension.
    pub(crate) fn earliest_age(&self, age: i32, when: &When) -> i32 {
        let months = |rule: &Option<Rule<Duration>>| {
            let row = rule.as_ref().and_then(|rule| rule.values.at(when));
            row.map(|row| row.value.in_months())
        };
        let early = age - months(&self.early_by).unwrap_or(0);
        months(&self.early_from).map_or(early, |from| from.min(early))
    }
}

impl<'a> Context<'a> {
    /// Answers with 1 where the conditions are met and 0 elsewhere, by the law of the day of the claim.
    pub(crate) fn condition<V: Value>(&self, condition: &'a Condition) -> Result<V, LawError> {
        let nobody = V::number(0.0);
        let context = self.of_the_day();
        if condition.event == Event::Closed || !condition.groups.contains(self.claim.group) {
            return Ok(nobody);
        }
        let mut answer: V = context.in_time(condition)?;
        let answers = [Self::has_credit, Self::has_age, Self::passes, Self::has_nothing_else];
        for next in answers {
            if !answer.has_other_than_zero() {
                return Ok(nobody);
            }
            let next: V = next(&context, condition)?;
            answer = answer.lesser(&next);
        }
        Ok(answer)
    }

    fn in_time<V: Value>(&self, condition: &Condition) -> Result<V, LawError> {
        let Some(day) = condition.entered_before else { return Ok(V::number(1.0)) };
        self.by_entry(&self.when, &[day], |when| Ok(f64::from(u8::from(when.entered < day))))
    }

    fn has_credit<V: Value>(&self, condition: &'a Condition) -> Result<V, LawError> {
        let (least, below) = (&condition.credit_at_least, &condition.credit_below);
        let mut answer = V::number(1.0);
        if least.is_none() && below.is_none() {
            return Ok(answer);
        }
        let months: V = self.measure(&condition.credit)?;
        if let Some(least) = least {
            let least: V = self.duration(least)?;
            answer = self.at_least(&months, &least, condition.credit.name())?;
        }
        if let Some(below) = below {
            let below: V = self.duration(below)?;
            let closed: V = self.at_least(&months, &below, condition.credit.name())?;
            answer = answer.minus(&answer.lesser(&closed));
        }
        Ok(answer)
    }

    fn has_age<V: Value>(&self, condition: &'a Condition) -> Result<V, LawError> {
        let one = V::number(1.0);
        let Some(age) = condition.age.as_ref().filter(|_| !self.age_waived) else {
            return Ok(one);
        };
        let mut days = age.entry_days();
        let early = condition.early_by.iter().chain(&condition.early_from);
        days.extend(early.flat_map(Rule::entry_days));
        days.sort_unstable();
        days.dedup();
        let old_enough: V = self.by_entry(&self.when, &days, |when| {
            Ok(f64::from(u8::from(condition.is_old_enough(age, when)?)))
        })?;
        let Some(needed) = &condition.early_credit_at_least else { return Ok(old_enough) };
        let on_time: V = self.by_entry(&self.when, &days, |when| {
            Ok(f64::from(u8::from(0 <= condition.months_after_age(when)?)))
        })?;
        if !on_time.has_zero() {
            return Ok(old_enough);
        }
        let (months, needed): (V, V) = (self.measure(&condition.credit)?, self.duration(needed)?);
        let enough: V = self.at_least(&months, &needed, condition.credit.name())?;
        Ok(old_enough.lesser(&enough.greater(&on_time)))
    }

    fn passes<V: Value>(&self, condition: &'a Condition) -> Result<V, LawError> {
        let all: V = self.every(&condition.all)?;
        if condition.any.is_empty() {
            return Ok(all);
        }
        let any: V = self.any(&condition.any)?;
        Ok(all.lesser(&any))
    }

    fn has_nothing_else<V: Value>(&self, condition: &'a Condition) -> Result<V, LawError> {
        let mut answer = V::number(1.0);
        for other in &condition.without {
            let due: V =
                self.inside(other, self.age_waived)?.in_silence().condition(&other.condition)?;
            answer = answer.minus(&answer.lesser(&due));
        }
        Ok(answer)
    }
}

/// Returns the first day on which a person has the age that the law in force on that day asks for.
///
/// An age that rises by calendar year and an age by date of birth are both said by the rows of the rule.
#[must_use]
pub fn date_reached(age: &Rule<Duration>, born: Date, entered: Date, sex: Sex) -> Option<Date> {
    let rows = age.values.rows();
    let soonest = add_months(born, rows.iter().map(|row| row.value.in_months()).min()?);
    rows.iter().enumerate().find_map(|(at, row)| {
        let from = row.from;
        let end = rows[at + 1..].iter().map(|later| later.from).find(|later| from < *later);
        if end.is_some_and(|end| end <= soonest) {
            return None;
        }
        let months = age.values.at(&When { date: from, born, entered, sex })?.value.in_months();
        let day = add_months(born, months).max(from);
        end.is_none_or(|end| day < end).then_some(day)
    })
}

/// Searches the spans between `days` for the first day on which the person is `needed` months old.
fn first_day(
    days: &[Date],
    needed: impl Fn(&When) -> Option<i32>,
    born: Date,
    entered: Date,
    sex: Sex,
) -> Option<Date> {
    days.iter().enumerate().find_map(|(span, from)| {
        let months = needed(&When { date: *from, born, entered, sex })?;
        let day = add_months(born, months).max(*from);
        days.get(span + 1).is_none_or(|end| day < *end).then_some(day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn rising() -> Rule<Duration> {
        let rows =
            (0..8).map(|step| (format!("{}-01-01", 2021 + step), Duration::months(723 + 3 * step)));
        let first = std::iter::once(("1995-01-01".to_owned(), Duration::months(720)));
        fixture::rule("age", first.chain(rows).collect())
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn until_age(early: Option<i32>) -> Condition {
        Condition {
            age: Some(rising()),
            early_by: early.map(|months| {
                fixture::rule("early", vec![("1995-01-01".to_owned(), Duration::months(months))])
            }),
            payment_start: PaymentStart::NextMonth,
            ..Condition::open_to(Event::Age, Groups::All)
        }
    }

    #[test]
    fn a_person_reaches_an_age_that_moves_away_when_the_law_of_the_day_is_met() {
        let reached = |born: &str| date_reached(&rising(), day(born), day("1985-01-01"), Sex::Male);
        assert_eq!(reached("1960-12-31"), Some(day("2020-12-31")));
        assert_eq!(reached("1961-01-01"), Some(day("2021-04-01")));
        assert_eq!(reached("1961-09-30"), Some(day("2021-12-30")));
        assert_eq!(reached("1961-10-01"), Some(day("2022-04-01")));
        assert_eq!(reached("1962-06-30"), Some(day("2022-12-30")));
        assert_eq!(reached("1962-07-01"), Some(day("2023-04-01")));
        assert_eq!(reached("1966-04-01"), Some(day("2028-04-01")));
        assert_eq!(reached("1990-05-17"), Some(day("2052-05-17")));
    }

    #[test]
    fn payment_begins_the_month_after_and_the_day_of_birth_makes_no_difference() {
        let starts = until_age(None).first_payments(Year::new(1966), day("1990-01-01"), Sex::Male);
        assert_eq!(starts[0], Some(day("2027-11-01")));
        assert_eq!(starts[3], Some(day("2028-05-01")));
        assert_eq!(starts[11], Some(day("2029-01-01")));
    }

    #[test]
    fn an_early_claim_is_measured_against_the_age_in_force_on_its_day() {
        let condition = until_age(Some(60));
        let (born, entered) = (day("1971-05-10"), day("1990-01-01"));
        // 56 years 6 months would do in 2026 and 56 years 9 months in 2027, but he has them only in the years after.
        let earliest = condition.earliest_payment(born, entered, Sex::Male);
        assert_eq!(earliest, Some(day("2028-06-01")));
        let when = |date: &str| When { date: day(date), born, entered, sex: Sex::Male };
        assert_eq!(condition.months_after_age(&when("2028-06-01")), Ok(-60));
        assert_eq!(condition.months_after_age(&when("2033-06-01")), Ok(0));
        assert_eq!(condition.months_after_age(&when("2035-06-01")), Ok(24));
    }
}
