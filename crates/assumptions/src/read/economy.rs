use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{Quantity, Series};

/// Output, prices, wages and interest. Growth of a year is the mean of the year over the mean of the year before.
///
/// Prices and wages may begin before the valuation: recorded growth revalues earnings of the past.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Economy {
    /// Gross domestic product of one year of the valuation, current prices.
    pub(crate) gdp: Output,
    /// Growth of output per person employed, constant prices.
    pub(crate) productivity: Series,
    /// Growth of consumer prices; they also stand for the prices of output.
    pub(crate) prices: Series,
    /// Growth of wages.
    pub(crate) wages: Wages,
    /// Nominal interest on reserves.
    pub(crate) interest: Series,
    /// Compensation of employees as a share of output in the first year.
    pub(crate) wage_share: Option<Quantity>,
    /// Expenditure of general government as a share of output.
    pub(crate) government_expenditure: Option<Series>,
}

/// An amount of output and the year it belongs to.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Output {
    /// The amount.
    pub(crate) value: f64,
    /// The calendar year.
    pub(crate) year: i32,
}

/// Growth of wages of a fixed composition. Give one of: `nominal`, `real`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wages {
    /// Growth in current prices.
    pub(crate) nominal: Option<Series>,
    /// Growth above consumer prices.
    pub(crate) real: Option<Series>,
    /// Recorded growth in current prices, of years before those of `nominal` or `real`.
    pub(crate) recorded: Option<Series>,
}
