use thiserror::Error;

use crate::LifeTableError;

/// Age groups by their lowest ages, the youngest first; the last group is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeGroups {
    lowest: Vec<usize>,
}

/// Compact figures that cannot be brought to single ages.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum GraduationError {
    /// Age groups that do not rise, or too few of them.
    #[error("age groups must rise from one to the next and be three or more")]
    Groups,
    /// A list of other length than the groups.
    #[error("{found} values for {needed} age groups")]
    Length {
        /// Values found.
        found: usize,
        /// Values needed.
        needed: usize,
    },
    /// A value that the quantity cannot have.
    #[error("the value {value} of the age group from {age} is not possible")]
    Value {
        /// Lowest age of the group.
        age: usize,
        /// The value.
        value: f64,
    },
    /// Age groups that do not start at birth.
    #[error("the age groups start at {found} where they must start at 0")]
    Start {
        /// Lowest age found.
        found: usize,
    },
    /// Groups that go on beyond the open age of the result.
    #[error("the oldest age group starts at {found}, above the open age {open}")]
    OpenAge {
        /// Lowest age of the oldest group.
        found: usize,
        /// Open age of the result.
        open: usize,
    },
    /// Sums over groups that single ages do not meet, so uneven are the figures.
    #[error("the figures of the age group from {age} are too uneven for a smooth curve")]
    Uneven {
        /// Lowest age of the group that is furthest off.
        age: usize,
    },
    /// A target that no change of level reaches.
    #[error(
        "{what} of {target} is outside {lowest:.2} to {highest:.2}, which the pattern can reach"
    )]
    Target {
        /// Which target.
        what: &'static str,
        /// The value asked for.
        target: f64,
        /// The lowest reachable.
        lowest: f64,
        /// The highest reachable.
        highest: f64,
    },
    /// Parameters of a migration schedule that give no shares.
    #[error("the parameters of the migration schedule give no shares that add up to one")]
    Schedule,
    /// Rates that make no life table.
    #[error(transparent)]
    LifeTable(#[from] LifeTableError),
}

impl AgeGroups {
    /// Checks that `lowest` rises and has three groups or more.
    ///
    /// # Errors
    ///
    /// [`GraduationError::Groups`] if not.
    pub fn new(lowest: Vec<usize>) -> Result<Self, GraduationError> {
        let rises = lowest.windows(2).all(|pair| pair[0] < pair[1]);
        if rises && 3 <= lowest.len() { Ok(Self { lowest }) } else { Err(GraduationError::Groups) }
    }

    /// Returns the lowest age of each group.
    #[must_use]
    pub fn lowest(&self) -> &[usize] {
        &self.lowest
    }

    /// Returns the number of groups, the open one included.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.lowest.len()
    }

    /// Returns the lowest age of the open group.
    #[must_use]
    pub fn open_from(&self) -> usize {
        self.lowest[self.lowest.len() - 1]
    }

    /// Returns the single ages of the closed group at position `group`.
    pub(super) fn ages(&self, group: usize) -> std::ops::Range<usize> {
        self.lowest[group]..self.lowest[group + 1]
    }

    /// Returns the middle of the closed group at position `group`, in exact years of age.
    pub(super) fn middle(&self, group: usize) -> f64 {
        let ages = self.ages(group);
        0.5 * (exact(ages.start) + exact(ages.end))
    }

    pub(super) fn check(&self, values: &[f64]) -> Result<(), GraduationError> {
        if values.len() != self.count() {
            return Err(GraduationError::Length { found: values.len(), needed: self.count() });
        }
        for (age, value) in self.lowest.iter().zip(values) {
            if !(value.is_finite() && 0.0 <= *value) {
                return Err(GraduationError::Value { age: *age, value: *value });
            }
        }
        Ok(())
    }

    pub(super) fn check_span(&self, open: usize) -> Result<(), GraduationError> {
        if self.lowest[0] != 0 {
            return Err(GraduationError::Start { found: self.lowest[0] });
        }
        if open < self.open_from() {
            return Err(GraduationError::OpenAge { found: self.open_from(), open });
        }
        Ok(())
    }
}

/// Returns an age as an exact number of years.
pub(super) fn exact(age: usize) -> f64 {
    f64::from(u32::try_from(age).expect("an age fits u32"))
}
