use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::by_age::ByAge;
use crate::parts::{Provision, Quantity, Series};

/// A branch of social health insurance: who is insured, who pays, what they use and what it costs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Health {
    /// The account that it books to, one of those in the finance file.
    pub(crate) account: String,
    /// Cost of administration as a share of the contributions collected from all payers; when absent it is that of the
    /// account in the finance file, if any.
    pub(crate) administration: Option<Series>,
    /// The groups in the order in which persons are counted: who is in an earlier group is in no later one.
    pub(crate) order: Vec<String>,
    /// Groups of the insured by name.
    pub(crate) groups: BTreeMap<String, InsuredGroup>,
    /// Services of the package by name; the name appears as a benefit in the tables of results.
    pub(crate) services: BTreeMap<String, Service>,
}

/// A group of the insured.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InsuredGroup {
    /// Who belongs to it.
    pub(crate) members: Members,
    /// Those insured among the members, a share; all when absent.
    pub(crate) take_up: Option<Series>,
    /// The amount of law for each person on which contributions are assessed. When absent they are assessed on the
    /// insured earnings of contributors or the pensions of pensioners.
    pub(crate) per_person: Option<AmountOfScheme>,
    /// Rates by payer; nobody pays when absent.
    pub(crate) rates: Option<HealthRates>,
    /// The account from which other funds pay their rate.
    pub(crate) paid_from: Option<String>,
    /// Collected over due, of what employees, employers and the insured themselves pay; all of it when absent.
    pub(crate) collection: Option<Series>,
}

/// Who belongs to a group.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Members {
    /// Contributors of a scheme, mean of the year.
    Contributors {
        /// The scheme.
        scheme: String,
        /// Its groups; all of them when absent.
        groups: Option<Vec<String>>,
    },
    /// Persons in payment of benefits of a scheme.
    Pensioners {
        /// The scheme.
        scheme: String,
        /// The benefits, of which a person draws at most one.
        benefits: Vec<String>,
    },
    /// Some of those whom no earlier group insures.
    NotYetInsured {
        /// The lowest age; 0 when absent.
        from_age: Option<u8>,
        /// The highest age; the open one when absent.
        to_age: Option<u8>,
        /// Share of them; column `share`.
        share: Box<ByAge>,
    },
}

/// An amount that the law of a scheme fixes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmountOfScheme {
    /// The scheme.
    pub(crate) scheme: String,
    /// One of its `amounts`.
    pub(crate) amount: String,
}

/// Shares of the base by payer, dated.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HealthRates {
    /// Insured employees.
    pub(crate) employees: Option<Provision>,
    /// Their employers.
    pub(crate) employers: Option<Provision>,
    /// The insured or their household, for themselves.
    pub(crate) self_employed: Option<Provision>,
    /// The State budget, as a subsidy.
    pub(crate) state: Option<Provision>,
    /// Another fund, from the account `paid_from`.
    pub(crate) funds: Option<Provision>,
}

/// A service of the package.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// The calendar year of `contacts` and `unit_cost`.
    pub(crate) base_year: i32,
    /// Visits or admissions of an insured person in a year; column `contacts`.
    pub(crate) contacts: ByAge,
    /// Mean cost of a contact in the base year, before the patient's part.
    pub(crate) unit_cost: Quantity,
    /// Growth of contacts at the same sex and age: use that ageing does not explain.
    pub(crate) utilisation_growth: Series,
    /// Growth of the cost of a contact above consumer prices.
    pub(crate) medical_inflation: Series,
    /// Part of the cost that the patient pays; nothing when absent.
    pub(crate) co_payment: Option<Series>,
    /// Correction of the cost that makes the base year meet the account; none when absent.
    pub(crate) calibration: Option<CostCalibration>,
}

/// A correction that fades out.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CostCalibration {
    /// The factor in `year`.
    pub(crate) value: f64,
    /// The year of the factor.
    pub(crate) year: i32,
    /// Years in which the factor goes back to one in equal steps; it stays when absent.
    pub(crate) run_off: Option<u16>,
}
