use perennis_units::{Date, Duration, When};

use crate::condition::date_reached;
use crate::{LawError, Rule};

/// The part of life whose credit counts; all of it where nothing is said.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PartOfLife {
    /// From this day.
    pub from: Option<Date>,
    /// Up to this day, which counts.
    pub until: Option<Date>,
    /// From the day on which the person reached this age.
    pub from_age: Option<Rule<Duration>>,
    /// Before the day on which the person reaches this age.
    pub until_age: Option<Rule<Duration>>,
}

impl PartOfLife {
    /// Says whether all of life counts.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the rules that are asked.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule<Duration>> {
        self.from_age.iter().chain(&self.until_age)
    }

    /// Returns the first day that counts and the first that no longer does, for a person.
    pub(crate) fn days(&self, when: &When) -> Result<(Option<Date>, Option<Date>), LawError> {
        let reached = |age: &Rule<Duration>| {
            let When { born, entered, sex, .. } = *when;
            let not_in_force = || LawError::NotInForce { rule: age.name.clone(), date: when.date };
            date_reached(age, born, entered, sex).ok_or_else(not_in_force)
        };
        let from = match &self.from_age {
            None => self.from,
            Some(age) => self.from.max(Some(reached(age)?)),
        };
        let until = self.until.and_then(|day| day.tomorrow().ok());
        let until = match &self.until_age {
            None => until,
            Some(age) => {
                let day = reached(age)?;
                Some(until.map_or(day, |until| until.min(day)))
            }
        };
        Ok((from, until))
    }
}
