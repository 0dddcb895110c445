use thiserror::Error;

/// A value that no rate of events can have.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("{0} is not a rate of events per person-year: it must be finite and not negative")]
pub struct NotARate(pub f64);

/// Events per person-year lived; not a probability.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct CentralRate(f64);

impl CentralRate {
    /// Checks that `value` is finite and not negative.
    ///
    /// # Errors
    ///
    /// [`NotARate`] if it is not.
    pub fn new(value: f64) -> Result<Self, NotARate> {
        if value.is_finite() && 0.0 <= value { Ok(Self(value)) } else { Err(NotARate(value)) }
    }

    /// Returns the number of events per person-year.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A value outside the bounds of a yearly growth.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("a growth of {0} a year is outside -0.5..=1")]
pub struct NotAGrowth(pub f64);

/// Relative change over a year: 0.03 is 3 %. From -0.5 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Growth(f64);

impl Growth {
    /// No change.
    pub const ZERO: Self = Self(0.0);

    /// Checks the bounds.
    ///
    /// # Errors
    ///
    /// [`NotAGrowth`] outside `-0.5..=1`.
    pub fn new(value: f64) -> Result<Self, NotAGrowth> {
        if (-0.5..=1.0).contains(&value) { Ok(Self(value)) } else { Err(NotAGrowth(value)) }
    }

    /// Returns the relative change.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Returns one plus the change.
    #[must_use]
    pub const fn factor(self) -> f64 {
        1.0 + self.0
    }
}
