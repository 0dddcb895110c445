use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{BySex, Quantity, TableFile};
use crate::read::by_age::ByAge;

/// Who becomes an invalid, and who recovers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invalidity {
    /// Probability that an active insured person becomes an invalid within a year, by age at its start; column `rate`. A
    /// dependent rate: with that of death it is taken off one.
    pub(crate) incidence: ByAge,
    /// The same of inactive insured persons; nobody of them becomes an invalid when left out. Column `rate`.
    pub(crate) inactive: Option<ByAge>,
    /// For which of the invalids each benefit on invalidity is, by name; for all of them when a benefit is not named.
    pub(crate) benefits: Option<BTreeMap<String, InvalidityShare>>,
    /// Who recovers; nobody when left out.
    pub(crate) recovery: Option<Recovery>,
}

/// Those of the invalids for whom one benefit is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvalidityShare {
    /// Share of those who become invalids; of the pensions of a group they add up to at most 1.
    pub(crate) share: BySex<Quantity>,
    /// Their degree of invalidity, where the law asks for it.
    pub(crate) degree: Option<Quantity>,
}

/// Recovery of those with a pension on invalidity.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recovery {
    /// A CSV table with columns duration (whole years since the year of the award, from 1 up, the last open) and rate, and
    /// age at the start of the year, sex and year where they differ: the probability of recovery within a year. A dependent
    /// rate: with that of death it is taken off one.
    pub(crate) rates: TableFile,
    /// Share of those who recover that are active insured again; the others are inactive.
    pub(crate) active: BySex<Quantity>,
}
