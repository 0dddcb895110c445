use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{Quantity, Series};

/// How contributions that are due come in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Collection {
    /// Share of the wage that is declared, by group; all of it where a group is not named. Rights follow what is declared.
    pub(crate) declared: Option<BTreeMap<String, Series>>,
    /// Share of the contributions on declared wages that is collected in the year, by group; `compliance` of the scheme where
    /// a group is not named.
    pub(crate) compliance: Option<BTreeMap<String, Series>>,
    /// Of what a year leaves unpaid, what is collected later.
    pub(crate) late: Option<Late>,
    /// Interest on what is collected late, for every year since the one in which it was due; none when left out.
    pub(crate) interest: Option<Quantity>,
    /// Whole years after which what is still unpaid is written off, at their end; never when left out.
    pub(crate) written_off_after: Option<Quantity>,
    /// Arrears at the start by account; they are taken to be of the year before.
    pub(crate) arrears: Option<BTreeMap<String, Quantity>>,
}

/// Late payments.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Late {
    /// Of what a year leaves unpaid, the shares collected one, two and more years later; at most 1 together.
    pub(crate) shares: Vec<f64>,
}
