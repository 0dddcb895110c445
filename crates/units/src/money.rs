use thiserror::Error;

/// An amount that is not a finite number.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("{0} is not an amount of money")]
pub struct NotMoney(pub f64);

/// An amount of the country's currency at current prices.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Money(f64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0.0);

    /// Checks that `value` is finite.
    ///
    /// # Errors
    ///
    /// [`NotMoney`] if it is not.
    pub fn new(value: f64) -> Result<Self, NotMoney> {
        if value.is_finite() { Ok(Self(value)) } else { Err(NotMoney(value)) }
    }

    /// Returns the number of currency units.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}
