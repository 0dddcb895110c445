use perennis_units::Citation;
use thiserror::Error;

use crate::Operand;

/// Rates and thresholds that do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{rates} rates need one threshold fewer and have {thresholds}")]
pub struct BracketsError {
    /// Number of rates.
    pub rates: usize,
    /// Number of thresholds.
    pub thresholds: usize,
}

/// Marginal rates: each applies between two thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Brackets {
    name: String,
    rates: Vec<Operand>,
    thresholds: Vec<Operand>,
    citation: Citation,
}

impl Brackets {
    /// Checks that there is one rate more than thresholds. Their order is asked when they are applied.
    ///
    /// # Errors
    ///
    /// [`BracketsError`].
    pub fn new(
        name: String,
        rates: Vec<Operand>,
        thresholds: Vec<Operand>,
        citation: Citation,
    ) -> Result<Self, BracketsError> {
        if rates.len() != thresholds.len() + 1 {
            return Err(BracketsError { rates: rates.len(), thresholds: thresholds.len() });
        }
        Ok(Self { name, rates, thresholds, citation })
    }

    /// Returns the name in the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the marginal rates, the lowest bracket first.
    #[must_use]
    pub fn rates(&self) -> &[Operand] {
        &self.rates
    }

    /// Returns the thresholds between them.
    #[must_use]
    pub fn thresholds(&self) -> &[Operand] {
        &self.thresholds
    }

    /// Returns the rates, then the thresholds.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        self.rates.iter().chain(&self.thresholds)
    }

    pub(crate) fn operands_mut(&mut self) -> impl Iterator<Item = &mut Operand> {
        self.rates.iter_mut().chain(&mut self.thresholds)
    }

    /// Returns act and section.
    #[must_use]
    pub const fn citation(&self) -> &Citation {
        &self.citation
    }
}
