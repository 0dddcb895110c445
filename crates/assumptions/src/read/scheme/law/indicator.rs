use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::Series;

/// An indicator that the law reads, made of figures of the scheme; a valuation finds it year by year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Indicator {
    /// What it is.
    pub(crate) of: IndicatorOf,
    /// Years from the year whose figures it takes to the year whose indicator it is, 0 to 5; 0 when absent.
    pub(crate) lag: Option<i64>,
    /// What was published, by year; it goes before the figures of the valuation.
    pub(crate) published: Series,
    /// The figures of the valuation are moved to the level of the last year published, by a factor; they stand as they are
    /// when absent.
    pub(crate) scaled: Option<bool>,
}

/// The figures of a scheme that make an indicator.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum IndicatorOf {
    /// Names benefits: their person-years in payment over contributors.
    Dependency(Vec<String>),
    /// Names an account: its reserve at the end of the year over the expenditure of the year.
    ReserveRatio(String),
}
