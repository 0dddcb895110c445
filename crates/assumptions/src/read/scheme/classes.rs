use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::Quantity;

/// A class of density.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DensityClass {
    /// Share of those insured for the first time; the classes of a group add up to 1.
    pub(crate) entrants: Quantity,
    /// Share of the insured of the start; that of the entrants when left out.
    pub(crate) start: Option<Quantity>,
    /// Part of the year for which its members pay.
    pub(crate) density: Quantity,
}

/// A class of wages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WageClass {
    /// Share of those insured for the first time; the classes of a group add up to 1.
    pub(crate) entrants: Quantity,
    /// Share of the insured of the start; that of the entrants when left out.
    pub(crate) start: Option<Quantity>,
    /// Wage over the mean of the group at the same sex and age; the mean over the insured of the start is 1.
    pub(crate) relative_wage: Quantity,
}

/// Classes of wages by their shares.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpreadClasses {
    /// Shares of the persons, the lowest wages first, as 0.3, 0.4, 0.3.
    pub(crate) shares: Vec<f64>,
}
