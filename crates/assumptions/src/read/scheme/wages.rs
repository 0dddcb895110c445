use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{BySex, Series, TableFile};
use crate::read::by_age::ByAge;

/// Mean wages. Give one of: `by_age`, `all_ages`, `by_age_and_service`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeanWage {
    /// As in other tables by age.
    pub(crate) by_age: Option<TableFile>,
    /// The same at every age, once or for male and female.
    pub(crate) all_ages: Option<BySex<Series>>,
    /// A CSV table with columns age, `service` (completed years of credit), `earnings`, and `sex` where the figures differ by
    /// it; the last age and the last service are open.
    pub(crate) by_age_and_service: Option<TableFile>,
}

impl MeanWage {
    /// The wages that do not depend on service.
    pub(crate) fn by_age_alone(&self) -> ByAge {
        ByAge { by_age: self.by_age.clone(), all_ages: self.all_ages.clone() }
    }
}
