use perennis_units::When;

use crate::{LawError, Rule};

/// Which way a number is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundingDirection {
    /// Up.
    Up,
    /// Down.
    Down,
    /// To the nearest, halves up.
    Nearest,
}

/// Rounding by law.
///
/// As a step it applies to a person, never to a cell; of an amount of the law or of the points of a year it applies to all.
#[derive(Clone, Debug, PartialEq)]
pub struct Rounding {
    /// Each payment becomes a multiple of this number: currency, or points.
    pub to: Rule<f64>,
    /// Payments a year; 1 for sums paid once and for points, 12 for amounts given by the month.
    pub payments_a_year: i32,
    /// The direction.
    pub direction: RoundingDirection,
}

impl Rounding {
    /// Returns `amount` (of a year) rounded payment by payment, with the number in force for a person.
    ///
    /// A number within a billionth of a multiple is that multiple: binary fractions must not decide.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn of(&self, amount: f64, when: &When) -> Result<f64, LawError> {
        let to = self.to.at(when)?.value;
        let payments = f64::from(self.payments_a_year);
        Ok(self.direction.round(amount / payments, to) * payments)
    }
}

impl RoundingDirection {
    /// Returns the direction in words, to stand before "multiple".
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Up => "up to a",
            Self::Down => "down to a",
            Self::Nearest => "to the nearest",
        }
    }

    /// Returns the multiple of `to` next to `value`; `to` of zero leaves it as it is.
    #[must_use]
    pub fn round(self, value: f64, to: f64) -> f64 {
        if to <= 0.0 {
            return value;
        }
        let multiples = value / to;
        let slack = 1e-9 * multiples.abs().max(1.0);
        to * match self {
            Self::Up => (multiples - slack).ceil(),
            Self::Down => (multiples + slack).floor(),
            Self::Nearest => (multiples + 0.5 + slack).floor(),
        }
    }
}
