use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{Series, TableFile};
use crate::read::by_age::ByAge;

/// A number of active insured that grows by a rate.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupGrowth {
    /// Growth of the active insured in a year.
    pub(crate) rate: Series,
    /// Who joins, by sex and age last birthday at the end of the year of joining: a table with columns sex, age and
    /// `share`; the shares of both sexes add up to 1.
    pub(crate) joining: TableFile,
}

/// Rates of leaving. Give one of: `by_age`, `all_ages`, `by_age_and_service`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Turnover {
    /// As in other tables by age.
    pub(crate) by_age: Option<TableFile>,
    /// The same at every age, once or for male and female.
    pub(crate) all_ages: Option<crate::parts::BySex<Series>>,
    /// A CSV table with columns age, `service` (completed years of credit at the start of the year), `rate`, and `sex`
    /// where the figures differ by it; the last age and the last service are open.
    pub(crate) by_age_and_service: Option<TableFile>,
}

impl Turnover {
    /// The rates that do not depend on service.
    pub(crate) fn by_age_alone(&self) -> ByAge {
        ByAge { by_age: self.by_age.clone(), all_ages: self.all_ages.clone() }
    }
}
