mod conditions;
mod falls;
mod gaps;
mod record_years;

use perennis_units::{Date, Sex};

use crate::dated_rules::Provisions;
use crate::{Environment, Event, Law, LawError};

/// Where in a law something was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The benefit or contribution; empty where all are meant.
    pub of: String,
    /// Position of the step, from 1, where it is one.
    pub step: Option<usize>,
    /// The day.
    pub date: Date,
    /// The sex, where it is one.
    pub sex: Option<Sex>,
    /// Months of credit, where they matter.
    pub months: Option<usize>,
}

/// What seems wrong with a law.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// A number of the law in use has no value for somebody from the day on.
    Gap {
        /// Name of the rule, amount or scale.
        rule: String,
    },
    /// Two rows apply to the same persons from the same day, and neither is for fewer persons than the other.
    Overlap {
        /// Name of the rule, amount or scale.
        rule: String,
    },
    /// Nobody can meet the condition on the day.
    NobodyCan {
        /// The numbers that shut everyone out.
        because: String,
    },
    /// The amount falls when earnings, points or the balance rise.
    FallsWithEarnings {
        /// Amount of the base from which on it falls.
        from: f64,
    },
    /// The amount falls when one more month is served.
    FallsWithService {
        /// The amount of the base at which it does.
        at: f64,
        /// By how much.
        by: f64,
    },
    /// It is claimed early only from an age that is not before that of the condition.
    NeverEarly {
        /// The two ages.
        because: String,
    },
    /// A step that gives no number.
    NoNumber {
        /// Why.
        because: String,
    },
    /// A step by which no cell can be valued.
    NotLinear {
        /// What of it.
        what: String,
    },
}

/// A finding and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// What.
    pub finding: Finding,
}

impl Law {
    /// Returns the first day on which every number in use has a value for somebody, and the name of the last to begin.
    #[must_use]
    pub fn speaks_from(&self) -> Option<(Date, String)> {
        let open = self.benefits.iter().filter(|b| b.condition.event != Event::Closed);
        let used = open.map(Provisions::of_benefit);
        let used = used.chain(self.contributions.iter().map(Provisions::of_contribution));
        let numbers = used.flat_map(|provisions| provisions.found);
        let begins = numbers.filter_map(|number| {
            Some((number.rows.iter().map(|row| row.from).min()?, number.name))
        });
        begins.max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)))
    }

    /// Lists what seems wrong between two days: gaps, overlaps, conditions that nobody meets and amounts that fall.
    ///
    /// Numbers by which a record is counted must reach back to the first day on which one of them is in force. Amounts are looked at on the days on which a number of the law changes, for claims before, at and after the age,
    /// with the facts of an ordinary person; each thing is named once, where it shows first. What the environment does not
    /// tell is passed over.
    #[must_use]
    pub fn findings(&self, from: Date, to: Date, env: &Environment<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        gaps::find(self, (from, to), &mut found);
        record_years::find(self, (from, to), &mut found);
        for benefit in self.benefits.iter().filter(|b| b.condition.event != Event::Closed) {
            conditions::find((self, benefit), (from, to), env, &mut found);
            match benefit.linear() {
                Ok(()) => falls::find(benefit, (from, to), env, &mut found),
                Err(LawError::NotLinear { position, what, .. }) => found.push(Found {
                    place: Place::of(&benefit.name, from).at_step(position),
                    finding: Finding::NotLinear { what },
                }),
                Err(_) => {}
            }
        }
        found
    }
}

impl Place {
    fn of(name: &str, date: Date) -> Self {
        Self { of: name.to_owned(), step: None, date, sex: None, months: None }
    }

    fn at_step(self, step: usize) -> Self {
        Self { step: (0 < step).then_some(step), ..self }
    }
}

#[cfg(test)]
mod tests;
