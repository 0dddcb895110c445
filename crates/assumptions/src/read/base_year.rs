use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::Quantity;

/// The last published year, which the model is held against.
///
/// A calibration factor is not given here but where it acts, in the file of the scheme or branch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BaseYear {
    /// The year of the figures; one of the years of the valuation.
    pub(crate) year: i32,
    /// Figures of accounts, by the name of the account.
    pub(crate) accounts: Option<BTreeMap<String, AccountFigures>>,
    /// Figures of pension schemes, by the name of the scheme.
    pub(crate) schemes: Option<BTreeMap<String, SchemeFigures>>,
    /// Figures of branches of health insurance, by the name of the branch.
    pub(crate) health: Option<BTreeMap<String, HealthFigures>>,
}

/// Published figures of an account, each above zero.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountFigures {
    /// Contributions collected from all payers.
    pub(crate) contributions: Option<Quantity>,
    /// Expenditure by benefit.
    pub(crate) expenditure: Option<BTreeMap<String, Quantity>>,
    /// Cost of administration.
    pub(crate) administration: Option<Quantity>,
    /// Benefits, administration and transfers to other accounts together.
    pub(crate) outgo: Option<Quantity>,
    /// Reserve at the end of the year.
    pub(crate) reserve_end: Option<Quantity>,
}

/// Published figures of a scheme, each above zero.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemeFigures {
    /// Contributors, mean of the year.
    pub(crate) contributors: Option<Quantity>,
    /// Persons in payment (mean of the year) by benefit; for grants the persons paid in the year.
    pub(crate) beneficiaries: Option<BTreeMap<String, Quantity>>,
}

/// Published figures of a branch of health insurance, each above zero.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HealthFigures {
    /// Insured persons, mean of the year.
    pub(crate) insured: Option<Quantity>,
}
