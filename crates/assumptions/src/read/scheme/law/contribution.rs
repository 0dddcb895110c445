use schemars::JsonSchema;
use serde::Deserialize;

use super::Operand;
use crate::parts::Provision;

/// Contributions to one account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contribution {
    /// The account that receives them.
    pub(crate) account: String,
    /// The groups that pay; all when absent.
    pub(crate) groups: Option<Vec<String>>,
    /// Rates by payer, shares of insured earnings.
    pub(crate) rates: Rates,
    /// Least insured earnings.
    pub(crate) floor: Option<Operand>,
    /// Most insured earnings.
    pub(crate) ceiling: Option<Operand>,
    /// A rate that rises in the year after the reserve ratio falls below a floor.
    pub(crate) stepping: Option<Stepping>,
}

/// Rates of contribution by payer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rates {
    /// Insured employees.
    pub(crate) employees: Option<Provision>,
    /// Their employers.
    pub(crate) employers: Option<Provision>,
    /// The self-employed, for themselves.
    pub(crate) self_employed: Option<Provision>,
    /// The State budget.
    pub(crate) state: Option<Provision>,
    /// Another fund.
    pub(crate) funds: Option<Provision>,
}

/// A rate that steps with the reserve.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stepping {
    /// Whose rate rises.
    pub(crate) payer: Payer,
    /// Names the rule (a ratio) of the reserve at the end of the year over the expenditure of the year.
    pub(crate) reserve_ratio_floor: String,
    /// Names the rule (a share) of each rise.
    pub(crate) rise: String,
    /// Names the rule (a share) of the most that is added in all.
    pub(crate) most: String,
}

/// Who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Payer {
    /// Insured employees.
    Employees,
    /// Their employers.
    Employers,
    /// The self-employed.
    SelfEmployed,
    /// The State budget.
    State,
    /// Another fund.
    Funds,
}
