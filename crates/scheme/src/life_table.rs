use thiserror::Error;

/// Numbers that are no life table.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum LifeTableError {
    /// There is nobody.
    #[error("a life table needs survivors at its first age")]
    Empty,
    /// More survive than there were, or a number that is none.
    #[error("{survivors} at age {age} is not a number of survivors of {before}")]
    NotDecreasing {
        /// The age.
        age: usize,
        /// Survivors at the age.
        survivors: f64,
        /// Survivors a year before.
        before: f64,
    },
}

/// Survivors by single age; all who reach the last age die before the next.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeTable {
    first_age: usize,
    survivors: Vec<f64>,
}

impl LifeTable {
    /// Checks survivors from `first_age` on: finite, above zero at first, never more than the year before.
    ///
    /// # Errors
    ///
    /// [`LifeTableError`].
    pub fn new(first_age: usize, survivors: Vec<f64>) -> Result<Self, LifeTableError> {
        let Some(first) = survivors.first().filter(|first| 0.0 < **first && first.is_finite())
        else {
            return Err(LifeTableError::Empty);
        };
        let mut before = *first;
        for (offset, number) in survivors.iter().enumerate() {
            if !(0.0..=before).contains(number) {
                let age = first_age + offset;
                return Err(LifeTableError::NotDecreasing { age, survivors: *number, before });
            }
            before = *number;
        }
        Ok(Self { first_age, survivors })
    }

    /// Returns the survivors at an age; `None` before the first.
    #[must_use]
    pub fn survivors(&self, age: usize) -> Option<f64> {
        let at = age.checked_sub(self.first_age)?;
        Some(self.survivors.get(at).copied().unwrap_or(0.0))
    }

    /// Returns the first age.
    #[must_use]
    pub const fn first_age(&self) -> usize {
        self.first_age
    }

    /// Returns the last age with survivors in the table.
    #[must_use]
    pub fn last_age(&self) -> usize {
        self.first_age + self.survivors.len() - 1
    }
}
