use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{BySex, Quantity};
use crate::read::by_age::ByAge;

/// When persons claim. Give one of: `first` and `probability`, `rates`, `by_service`, `early_share`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claiming {
    /// The first distance from the pensionable age in years: -5 is five years before it, 0 the age itself.
    pub(crate) first: Option<i8>,
    /// Probability of claiming at each distance of those who may and have not yet; at the last all claim.
    pub(crate) probability: Option<Chances>,
    /// Probability of claiming by age, on the day a pension opens and on each birthday after it; column `rate`, 1 at the
    /// highest age.
    pub(crate) rates: Option<ByAge>,
    /// The same by credit: each table holds from its credit on.
    pub(crate) by_service: Option<Vec<ServiceRates>>,
    /// Share that takes the early pension on the day it opens; the rest waits for the age.
    pub(crate) early_share: Option<BySex<Quantity>>,
    /// The inactive insured, where they claim in another way.
    pub(crate) inactive: Option<InactiveClaiming>,
}

/// When inactive insured claim. Give one of: `first` and `probability`, `rates`, `by_service`, `early_share`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InactiveClaiming {
    /// The first distance from the pensionable age in years.
    pub(crate) first: Option<i8>,
    /// Probability of claiming at each distance of those who may and have not yet; at the last all claim.
    pub(crate) probability: Option<Chances>,
    /// Probability of claiming by age; column `rate`, 1 at the highest age.
    pub(crate) rates: Option<ByAge>,
    /// The same by credit: each table holds from its credit on.
    pub(crate) by_service: Option<Vec<ServiceRates>>,
    /// Share that takes the early pension on the day it opens; the rest waits for the age.
    pub(crate) early_share: Option<BySex<Quantity>>,
}

/// Rates of claiming from a credit on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceRates {
    /// Years of credit from which the rates hold; 0 for the first.
    pub(crate) from_years: f64,
    /// Probability of claiming by age; column `rate`, 1 at the highest age.
    pub(crate) rates: ByAge,
}

/// Probabilities by distance.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chances {
    /// Of men.
    pub(crate) male: Vec<f64>,
    /// Of women.
    pub(crate) female: Vec<f64>,
}
