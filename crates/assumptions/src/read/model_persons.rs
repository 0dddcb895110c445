use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::Given;
use crate::read::sensitivity::Sex;

/// Model persons: careers that `perennis compare` follows under every option.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModelPersonsFile {
    /// Ages reached in the first year of the valuation; one cohort for each.
    pub(crate) ages_at_start: Option<Vec<i32>>,
    /// The poverty line of one person; it follows prices.
    pub(crate) poverty_line: Option<PovertyLine>,
    /// Careers by name; one that the standard set has too takes its place.
    pub(crate) careers: Option<BTreeMap<String, Career>>,
}

/// A poverty line of one person.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PovertyLine {
    /// The amount, currency a month or a year.
    pub(crate) amount: Given,
    /// The year in whose prices it stands.
    pub(crate) year: i32,
}

/// A working life.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Career {
    /// What it is, in a few words.
    pub(crate) title: String,
    /// Men or women only; both when left out.
    pub(crate) sex: Option<Sex>,
    /// The group of insured persons; every group of the schemes when left out.
    pub(crate) group: Option<String>,
    /// Earnings over the average insured earnings, the same in every year.
    pub(crate) earnings: Option<Given>,
    /// The age at which it begins; 20 when neither this nor `years` is given.
    pub(crate) from_age: Option<i32>,
    /// Years before the claim at which it begins.
    pub(crate) years: Option<i32>,
    /// The age at which it ends; at the claim when left out.
    pub(crate) to_age: Option<i32>,
    /// Share of the months between beginning and end, outside the gaps, that are paid; all when left out.
    pub(crate) density: Option<Given>,
    /// Ages at which nothing is paid: pairs of the first age and the one at which it goes on.
    pub(crate) gaps: Option<Vec<Vec<i32>>>,
    /// Ages at which children are born.
    pub(crate) children_at: Option<Vec<i32>>,
    /// The class of wages for which it stands among who gains and who loses.
    pub(crate) wage_class: Option<String>,
    /// The class of density for which it stands among who gains and who loses.
    pub(crate) density_class: Option<String>,
}
