use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::Given;

/// Shifts of single assumptions, sets of assumptions and shocks, for `perennis sensitivity`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SensitivityFile {
    /// One assumption at a time, by name; one that the standard set has too takes its place.
    pub(crate) shifts: Option<BTreeMap<String, Shift>>,
    /// Several assumptions together that last, by name.
    pub(crate) sets: Option<BTreeMap<String, Together>>,
    /// Several assumptions together that pass, by name.
    pub(crate) shocks: Option<BTreeMap<String, Together>>,
}

/// One assumption, lower and higher.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shift {
    /// What is shifted, in a few words.
    pub(crate) title: String,
    /// The assumption made smaller.
    pub(crate) down: Option<Direction>,
    /// The assumption made larger.
    pub(crate) up: Option<Direction>,
}

/// One direction of a shift.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Direction {
    /// What it is, with its size: "10 % fewer births".
    pub(crate) title: String,
    /// What is made larger or smaller, in this order.
    pub(crate) changes: Option<Vec<Change>>,
    /// Values of the files, each as `--set` takes it: "schemes.main.rules.x.in_force[0].value=0.02".
    pub(crate) set: Option<Vec<String>>,
}

/// Several assumptions together.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Together {
    /// What it is, in a few words.
    pub(crate) title: String,
    /// What is made larger or smaller, in this order.
    pub(crate) changes: Option<Vec<Change>>,
    /// Values of the files, each as `--set` takes it.
    pub(crate) set: Option<Vec<String>>,
}

/// One quantity made larger or smaller. Give `times` or `adds`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// What is changed, whatever the form in which the files give it.
    pub(crate) quantity: Quantity,
    /// A factor: 0.9 is a tenth less.
    pub(crate) times: Option<f64>,
    /// So much more: a share a year for growth and interest, a share for shares, years for `retirement`; a bare number is in
    /// that unit.
    pub(crate) adds: Option<Given>,
    /// The first year, a calendar year; `after` in its place counts from the start.
    pub(crate) from_year: Option<i32>,
    /// The first year, so many years after the first of the valuation; 1 when both are left out.
    pub(crate) after: Option<u16>,
    /// Years over which the change comes in equal steps; at once when left out.
    pub(crate) over: Option<u16>,
    /// Share of the change in force in each year from the first on; nothing is left after the last of them.
    pub(crate) weights: Option<Vec<f64>>,
    /// The lowest age.
    pub(crate) from_age: Option<u8>,
    /// The highest age.
    pub(crate) to_age: Option<u8>,
    /// One sex only.
    pub(crate) sex: Option<Sex>,
    /// One scheme, group, account, service or loading only, by its name.
    pub(crate) only: Option<String>,
}

/// A sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sex {
    /// Men and boys.
    Male,
    /// Women and girls.
    Female,
}

macro_rules! quantities {
    ($($name:ident $doc:literal)*) => {
        /// What a change acts on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum Quantity {
            $(#[doc = $doc] $name,)*
        }

        impl Quantity {
            /// Returns the quantity of a model.
            pub(crate) const fn of_model(self) -> perennis_valuation::Quantity {
                match self { $(Self::$name => perennis_valuation::Quantity::$name,)* }
            }
        }
    };
}

quantities! {
    Fertility "Births per woman-year; a factor."
    Mortality "Force of mortality of the population; a factor."
    Migration "Net migrants; a factor."
    Participation "Labour force over population."
    Unemployment "Unemployed over labour force."
    FormalEmployment "Share of the employed in groups that are not informal; a factor."
    Productivity "Growth of output per person employed."
    Wages "Growth of wages, above prices where it is given so."
    Prices "Growth of prices; wages and interest stay above them as they are."
    Interest "Interest and returns of all reserves."
    Coverage "Insured over employed."
    Density "Share of the year that is paid, where contributors are counted when they pay at all; a factor."
    Turnover "Share of the active insured who leave in a year."
    ReEntry "Share of those who join who were insured before."
    Withdrawal "Share of the inactive insured who take a withdrawal in a year."
    Invalidity "Share of the insured who become invalids in a year; a factor."
    Retirement "Years from the pensionable age at which pensions are claimed; added."
    PensionerMortality "Force of mortality of pensioners over that of the population; a factor."
    Compliance "Contributions collected over due."
    Loadings "Benefits that stand as a share of another one."
    Administration "Cost of administration; a factor."
    HealthUse "Contacts with services of health insurance; a factor."
    HealthCost "Growth of the cost of a contact above prices."
}
