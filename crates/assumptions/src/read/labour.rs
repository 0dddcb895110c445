use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::by_age::ByAge;

/// Work: who takes part, who is unemployed, and in which groups the employed are. Rates are those of the mean of the
/// year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labour {
    /// Labour force as a share of the population; column `share`. Below the first age of the table nobody takes part.
    pub(crate) participation: ByAge,
    /// Unemployed as a share of the labour force; column `share`.
    pub(crate) unemployment: ByAge,
    /// Groups of the employed by name: formal private, public, self-employed, informal and so on.
    pub(crate) groups: BTreeMap<String, Group>,
}

/// A group of the employed. Give one of: `share`, `residual`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    /// Whether the group counts as informal employment.
    pub(crate) informal: bool,
    /// Share of the employed; column `share`.
    pub(crate) share: Option<ByAge>,
    /// The group of all who are in no other; at most one group. Without it the shares must add up to one.
    pub(crate) residual: Option<bool>,
}
