use perennis_benefits::BenefitBasis;
use perennis_demography::DemographicBasis;
use perennis_finance::FinanceBasis;
use perennis_indicators::BaseYearItem;
use perennis_labour::LabourBasis;
use perennis_pensions::PensionBasis;

use crate::ValuationError;

/// What the valuation is called and whose money it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Title of the valuation.
    pub title: String,
    /// The country.
    pub country: String,
    /// The currency, as written in units (`dong`).
    pub currency: String,
}

/// A checked model: a basis for each stage that the files name.
#[derive(Clone, Debug)]
pub struct Model {
    /// What it is called.
    pub title: Title,
    /// Population; always there.
    pub demography: DemographicBasis,
    /// Work and the economy.
    pub labour: Option<LabourBasis>,
    /// Pension schemes; needs `labour`.
    pub pensions: Option<PensionBasis>,
    /// The other branches; needs `pensions`.
    pub benefits: Option<BenefitBasis>,
    /// Funds; needs `labour`.
    pub finance: Option<FinanceBasis>,
    /// The last published year.
    pub base_year: Vec<BaseYearItem>,
}

impl Model {
    /// Checks that every stage given has the stages it reads.
    ///
    /// # Errors
    ///
    /// [`ValuationError::Missing`] names the first stage that lacks one.
    pub(crate) fn complete(&self) -> Result<(), ValuationError> {
        let needs = [
            (self.pensions.is_some(), self.labour.is_some(), "pensions", "labour"),
            (self.benefits.is_some(), self.pensions.is_some(), "benefits", "pensions"),
            (self.finance.is_some(), self.labour.is_some(), "finance", "labour"),
        ];
        match needs.into_iter().find(|(given, met, ..)| *given && !*met) {
            Some((_, _, stage, needs)) => Err(ValuationError::Missing { stage, needs }),
            None => Ok(()),
        }
    }
}
