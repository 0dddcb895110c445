use perennis_units::Growth;

use super::states::{Ages, Lives, Start, States};
use super::{Invalidity, PersonError, StateYear, Status, Survival};
use crate::Timing;

/// Payments of one unit a year while a status holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Annuity {
    /// Name in the file.
    pub name: String,
    /// While this holds.
    pub to: Status,
    /// When in the year: at its start it is an annuity due, at its end one in arrears; in the middle it is their mean.
    pub payments: Timing,
    /// At most so many payments.
    pub years: Option<i32>,
    /// Currency a year; 1 when the file gives none.
    pub amount: f64,
}

/// A sum paid at the end of the year of a death.
#[derive(Clone, Debug, PartialEq)]
pub struct Insurance {
    /// Name in the file.
    pub name: String,
    /// Paid when this ends: [`Status::Both`] ends at the first death, [`Status::Either`] at the last.
    pub at_end_of: Status,
    /// At most so many years.
    pub years: Option<i32>,
    /// Currency; 1 when the file gives none.
    pub amount: f64,
}

/// What may happen after the claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Prospects {
    /// Interest a year.
    pub interest: Growth,
    /// Nothing is paid from this age of the person on, completed years.
    pub until_age: Option<i32>,
    /// Survival of the person.
    pub person: Option<Survival>,
    /// Survival of the spouse.
    pub spouse: Option<Survival>,
    /// Invalidity and recovery of the person.
    pub invalidity: Option<Invalidity>,
    /// Annuities asked for.
    pub annuities: Vec<Annuity>,
    /// Insurances asked for.
    pub insurances: Vec<Insurance>,
}

/// The value of a stream of payments.
#[derive(Clone, Debug, PartialEq)]
pub struct Valued {
    /// Name in the file, or of the benefit.
    pub name: String,
    /// Sum of the payments, each times its probability; currency.
    pub expected: f64,
    /// The same, discounted to the claim.
    pub present_value: f64,
}

/// What is to be expected at a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Interest a year.
    pub interest: Growth,
    /// States at the end of so many years, from year 0.
    pub states: Vec<StateYear>,
    /// Annuities, in the order of the file.
    pub annuities: Vec<Valued>,
    /// Insurances, in the order of the file.
    pub insurances: Vec<Valued>,
    /// Benefits of the claim.
    pub benefits: Vec<Valued>,
    /// Benefits of survivors if the person dies after the claim, by benefit.
    pub survivors: Vec<Valued>,
}

/// Years after which a stream that still goes on has no end.
const ENDLESS: usize = 100_000;
/// A stream has ended when what may still be paid in a year is less than this, per unit paid at the start.
const ENDED: f64 = 1e-18;

/// The states of all years, as far as a payment can be made, with discount factors.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) states: Vec<StateYear>,
    discount: Vec<f64>,
}

impl Prospects {
    /// Follows the states until nothing can be paid any more, or to `until_age`.
    ///
    /// # Errors
    ///
    /// [`PersonError::NobodyOfAge`], [`PersonError::NoProbability`] and [`PersonError::NoEnd`].
    pub(crate) fn course(&self, ages: Ages, start: Start) -> Result<Course, PersonError> {
        let lives = Lives {
            person: self.person.as_ref(),
            spouse: self.spouse.as_ref(),
            invalidity: self.invalidity.as_ref(),
            start,
        };
        let mut states = States::new(ages, lives).ok_or(PersonError::NobodyOfAge)?;
        let last = self.last_year(ages.person);
        let factor = 1.0 / (1.0 + self.interest.get());
        let mut course = Course { states: vec![states.now()], discount: vec![1.0] };
        let mut discount = 1.0;
        for year in 1..=ENDLESS {
            if last.is_some_and(|last| last < year) {
                return Ok(course);
            }
            states.step().map_err(|age| PersonError::NoProbability { age })?;
            discount *= factor;
            let now = states.now();
            let left = now.person.unwrap_or(0.0).max(now.spouse.unwrap_or(0.0));
            course.states.push(now);
            course.discount.push(discount);
            if last.is_none() && left.max(left * discount) < ENDED {
                return Ok(course);
            }
        }
        Err(PersonError::NoEnd)
    }

    /// Returns the number of years in which something is paid, where it is limited.
    fn last_year(&self, months: i32) -> Option<usize> {
        let until = self.until_age?;
        usize::try_from((12 * until - months + 11).div_euclid(12)).ok().or(Some(0))
    }
}

impl Course {
    /// Says whether a person may be invalid.
    pub(crate) fn has_invalids(&self) -> bool {
        self.states.iter().any(|state| state.invalid.is_some())
    }

    /// Returns how many years begin before nothing is paid any more.
    fn years(&self) -> usize {
        self.states.len() - 1
    }

    /// Values payments of `amount(year)` while a status holds.
    ///
    /// # Formula
    ///
    /// `sum over k of amount(k) v^k P(k)`, with `k` from 0 for payments at the start, `amount(k) v^(k+1) P(k+1)` for those
    /// at the end, and the mean of the two in the middle.
    ///
    /// # Errors
    ///
    /// [`PersonError::NoSurvival`] when the status is not given.
    pub(crate) fn stream(
        &self,
        (status, name): (Status, &str),
        payments: Timing,
        years: Option<i32>,
        amount: impl Fn(usize) -> f64,
    ) -> Result<Valued, PersonError> {
        let years = years.map_or(usize::MAX, |years| usize::try_from(years).unwrap_or(0));
        let alive = |year: usize| {
            self.states[year]
                .of(status)
                .ok_or_else(|| PersonError::NoSurvival { name: name.to_owned(), status })
        };
        let mut valued = Valued { name: name.to_owned(), expected: 0.0, present_value: 0.0 };
        for year in 0..self.years().min(years) {
            let start = (alive(year)?, self.discount[year]);
            let end = (alive(year + 1)?, self.discount[year + 1]);
            let (sum, value) = match payments {
                Timing::Start => (start.0, start.0 * start.1),
                Timing::End => (end.0, end.0 * end.1),
                Timing::Middle => {
                    (0.5 * (start.0 + end.0), 0.5 * (start.0 * start.1 + end.0 * end.1))
                }
            };
            valued.expected += amount(year) * sum;
            valued.present_value += amount(year) * value;
        }
        Ok(valued)
    }

    /// Values an insurance: `sum over k of amount v^(k+1) (P(k) - P(k+1))`.
    ///
    /// # Errors
    ///
    /// [`PersonError::NoSurvival`] when the status is not given.
    pub(crate) fn insured(&self, insurance: &Insurance) -> Result<Valued, PersonError> {
        let Insurance { name, at_end_of, years, amount } = insurance;
        let years = years.map_or(usize::MAX, |years| usize::try_from(years).unwrap_or(0));
        let mut valued = Valued { name: name.clone(), expected: 0.0, present_value: 0.0 };
        for year in 0..self.years().min(years) {
            let [before, after] = [year, year + 1].map(|year| self.states[year].of(*at_end_of));
            let (Some(before), Some(after)) = (before, after) else {
                return Err(PersonError::NoSurvival { name: name.clone(), status: *at_end_of });
            };
            valued.expected += amount * (before - after);
            valued.present_value += amount * (before - after) * self.discount[year + 1];
        }
        Ok(valued)
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::Probability;

    use super::super::Incidence;
    use super::*;
    use crate::LifeTable;

    fn constant(value: f64) -> Survival {
        Survival::Constant(Probability::new(value).unwrap())
    }

    fn couple(interest: f64) -> Prospects {
        Prospects {
            interest: Growth::new(interest).unwrap(),
            until_age: None,
            person: Some(constant(0.97)),
            spouse: Some(constant(0.98)),
            invalidity: None,
            annuities: Vec::new(),
            insurances: Vec::new(),
        }
    }

    const AGES: Ages = Ages { person: 780, spouse: Some(720) };

    fn due(course: &Course, status: Status) -> f64 {
        course.stream((status, "x"), Timing::Start, None, |_| 1.0).unwrap().present_value
    }

    #[test]
    fn a_reversion_is_what_the_spouse_has_beyond_the_couple() {
        // Reference case ana-21: geometric series, 40 digits.
        let course = couple(0.04).course(AGES, Start::Active).unwrap();
        let close = |found: f64, expected: f64| (found - expected).abs() < 1e-12 * expected;
        assert!(close(due(&course, Status::SpouseAfterPerson), 5.700_223_713_646_532));
        assert!(close(due(&course, Status::Both), 11.633_109_619_686_8));
        assert!(close(due(&course, Status::Either), 20.557_366_570_789_39));
        let widows = |years: usize| course.states[years].of(Status::SpouseAfterPerson).unwrap();
        assert!(close(widows(20), 0.304_566_533_421_874_45));
    }

    #[test]
    fn an_insurance_and_an_annuity_make_one() {
        // A = 1 - d a, with payments at the start and the sum at the end of the year of death.
        let course = couple(0.04).course(AGES, Start::Active).unwrap();
        for status in [Status::Person, Status::Both, Status::Either] {
            let name = String::new();
            let sum = Insurance { name, at_end_of: status, years: None, amount: 1.0 };
            let insured = course.insured(&sum).unwrap();
            let expected = 1.0 - 0.04 / 1.04 * due(&course, status);
            assert!((insured.present_value - expected).abs() < 1e-12);
            assert!((insured.expected - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_three_states_are_those_of_the_closed_form() {
        let constant = |value| Incidence::Constant(Probability::new(value).unwrap());
        let prospects = Prospects {
            until_age: Some(65),
            person: None,
            spouse: None,
            invalidity: Some(Invalidity {
                incidence: constant(0.006),
                death_when_active: constant(0.004),
                death_when_invalid: constant(0.03),
                recovery: constant(0.0),
            }),
            ..couple(0.03)
        };
        let course = prospects.course(Ages { person: 240, spouse: None }, Start::Active).unwrap();
        assert_eq!(course.states.len(), 46);
        // inv(t) = qi (act^t - (1 - qd)^t) / (act - (1 - qd)).
        for (years, state) in course.states.iter().enumerate() {
            let power = |base: f64| base.powi(i32::try_from(years).unwrap());
            let invalid = 0.006 * (power(0.99) - power(0.97)) / 0.02;
            assert!((state.active.unwrap() - power(0.99)).abs() < 1e-13);
            assert!((state.invalid.unwrap() - invalid).abs() < 1e-13);
        }
        // Reference case ana-20.
        let value = due(&course, Status::Invalid);
        assert!((value - 1.621_235_693_769_626_2).abs() < 1e-12);
        let actives = course.stream((Status::Active, "x"), Timing::Start, None, |_| 1.0);
        assert!((actives.unwrap().expected - 36.381_451_393_612_88).abs() < 1e-11);
    }

    #[test]
    fn what_never_ends_or_is_not_given_is_an_error() {
        let immortal = Prospects { person: Some(constant(1.0)), ..couple(0.0) };
        assert_eq!(immortal.course(AGES, Start::Active).unwrap_err(), PersonError::NoEnd);
        let table = LifeTable::new(20, vec![1.0, 0.5]).unwrap();
        let gone = Prospects { person: Some(Survival::Table(table)), ..couple(0.0) };
        assert_eq!(gone.course(AGES, Start::Active).unwrap_err(), PersonError::NobodyOfAge);
        let course = couple(0.03).course(AGES, Start::Active).unwrap();
        assert!(course.stream((Status::Active, "x"), Timing::End, None, |_| 1.0).is_err());
        let single = Prospects { spouse: None, ..couple(0.03) };
        let course = single.course(AGES, Start::Active).unwrap();
        assert!(course.stream((Status::Both, "x"), Timing::End, None, |_| 1.0).is_err());
    }

    #[test]
    fn a_temporary_annuity_in_arrears_stops_after_its_years() {
        let course = couple(0.0).course(AGES, Start::Active).unwrap();
        let valued = course.stream((Status::Person, "x"), Timing::End, Some(2), |_| 1.0);
        let expected = 0.97 + 0.97 * 0.97;
        assert!((valued.unwrap().expected - expected).abs() < 1e-15);
        let middle = course.stream((Status::Person, "x"), Timing::Middle, Some(1), |_| 1.0);
        assert!((middle.unwrap().expected - 0.5 * 1.97).abs() < 1e-15);
    }
}
