//! Tests of a person, answered with 1 and 0 so that a cell may have both.

use perennis_units::Date;

use crate::context::Context;
use crate::operand::Limit;
use crate::value::Value;
use crate::{Choice, DayOf, LawError, Test};

impl<'a> Context<'a> {
    /// Answers a test with 1 or 0.
    pub(crate) fn test<V: Value>(&self, test: &'a Test) -> Result<V, LawError> {
        let of: V = self.operand(&test.of)?;
        let mut answer = V::number(1.0);
        let what = test.of.name();
        let not = |answer: V| V::number(1.0).minus(&answer);
        for (limit, operand) in test.limits_by_kind() {
            let bound: V = self.operand(operand)?;
            let met = match limit {
                Limit::AtLeast => self.at_least(&of, &bound, what)?,
                Limit::Below => not(self.at_least(&of, &bound, what)?),
                Limit::AtMost => self.at_least(&bound, &of, what)?,
                Limit::Above => not(self.at_least(&bound, &of, what)?),
                Limit::Equals => {
                    let reached = self.at_least(&of, &bound, what)?;
                    reached.lesser(&self.at_least(&bound, &of, what)?)
                }
            };
            answer = answer.lesser(&met);
        }
        Ok(answer)
    }

    /// Answers whether a number reaches a limit.
    pub(crate) fn at_least<V: Value>(&self, of: &V, limit: &V, what: &str) -> Result<V, LawError> {
        // Sums of parts must not fail a test by a binary fraction.
        let reached = of
            .zip(limit, |of, limit| f64::from(u8::from(limit - 1e-9 * limit.abs().max(1.0) <= of)));
        reached.ok_or_else(|| self.not_linear(what))
    }

    /// One operand for those who pass the tests, another for the rest.
    pub(crate) fn choice<V: Value>(&self, choice: &'a Choice) -> Result<V, LawError> {
        let passed: V = self.every(&choice.only_if)?;
        // Only what somebody gets is asked: the law need not speak for the rest.
        if !passed.has_other_than_zero() {
            return self.operand(&choice.otherwise);
        }
        if !passed.has_zero() {
            return self.operand(&choice.then);
        }
        let (then, otherwise): (V, V) =
            (self.operand(&choice.then)?, self.operand(&choice.otherwise)?);
        V::choose(&passed, &then, &otherwise).ok_or_else(|| self.not_linear("choose"))
    }

    /// A day as a number of days, to be compared with another.
    pub(crate) fn day<V: Value>(&self, of: DayOf) -> Result<V, LawError> {
        match of {
            DayOf::Birth => Ok(V::number(day_number(self.when.born))),
            DayOf::Entry => V::by_rows(self, |row| Ok(day_number(self.entered(row)))),
            DayOf::Claim => Ok(V::number(day_number(self.on_day.date))),
            DayOf::Marriage => {
                let married = self.claim.known.and_then(|known| known.married);
                let married = married.map(|day| V::number(day_number(day)));
                married.ok_or_else(|| LawError::NotKnown { measure: of.name().to_owned() })
            }
        }
    }

    /// Answers whether one of some tests is passed.
    pub(crate) fn any<V: Value>(&self, tests: &'a [Test]) -> Result<V, LawError> {
        let mut answer = V::number(0.0);
        for test in tests {
            let next: V = self.test(test)?;
            answer = answer.greater(&next);
        }
        Ok(answer)
    }

    /// Answers whether every one of some tests is passed.
    pub(crate) fn every<V: Value>(&self, tests: &'a [Test]) -> Result<V, LawError> {
        let mut answer = V::number(1.0);
        for test in tests {
            let next: V = self.test(test)?;
            answer = answer.lesser(&next);
        }
        Ok(answer)
    }
}

/// Days since the start of the calendar.
pub(crate) fn day_number(date: Date) -> f64 {
    let start = Date::constant(0, 1, 1);
    f64::from(date.since(start).map_or(0, |span| span.get_days()))
}
