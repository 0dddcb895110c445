use schemars::JsonSchema;
use serde::Deserialize;

use super::{Index, Operand};
use crate::parts::Provision;

/// How amounts in payment are adjusted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Indexation {
    /// Increases decided, each on its day, as shares a year: 0.15 is 15 %.
    pub(crate) decisions: Option<Provision>,
    /// The rule after the year of the last decision; amounts stay as they are when absent.
    pub(crate) after: Option<Adjustment>,
}

/// A yearly adjustment of amounts in payment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adjustment {
    /// What it follows.
    pub(crate) by: Index,
    /// The month on the first day of which it takes effect, 1 to 12; January when absent.
    pub(crate) month: Option<i64>,
    /// Years by which the index lags, 0 to 5: 0 takes the growth of the year itself; 0 when absent.
    pub(crate) lag: Option<i64>,
    /// Names the rule of the growth that is taken off.
    pub(crate) less: Option<String>,
    /// Names the rule of the interest already built in: the factor is divided by one plus it.
    pub(crate) norm: Option<String>,
    /// Names the rule of the least growth.
    pub(crate) at_least: Option<String>,
    /// Names the rule of the most growth.
    pub(crate) at_most: Option<String>,
    /// How each adjusted payment is rounded.
    pub(crate) rounded: Option<Rounded>,
    /// A brake read from an indicator.
    pub(crate) balancing: Option<Balancing>,
}

/// A brake: the factor is multiplied by the indicator of the year before while that is below a bound, at most by one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Balancing {
    /// Names the indicator, such as balance_ratio.
    pub(crate) indicator: String,
    /// Names the rule of the bound.
    pub(crate) below: String,
}

/// How something is rounded.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rounded {
    /// Names the rule of what it becomes a multiple of.
    pub(crate) to: String,
    /// The direction.
    pub(crate) direction: Direction,
}

/// Which way an amount is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// Up.
    Up,
    /// Down.
    Down,
    /// To the nearest, halves up.
    Nearest,
}

/// Several benefits of one person, or of the survivors of one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cumulation {
    /// Names the benefits.
    pub(crate) benefits: Vec<String>,
    /// What is paid of them.
    pub(crate) pays: Pays,
    /// Names the rule of the share of the lower ones that is paid beside the highest.
    pub(crate) others: Option<String>,
    /// The most that is paid in all, a year.
    pub(crate) at_most: Option<Operand>,
    /// What gives way to the most; all in proportion when absent.
    pub(crate) reduce: Option<Reduce>,
    /// It is applied to persons only: a valuation pays each benefit whole.
    pub(crate) persons_only: Option<bool>,
}

/// What is paid of several benefits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pays {
    /// The highest.
    Highest,
    /// All of them.
    Sum,
}

/// What gives way to a most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reduce {
    /// All in proportion.
    Proportional,
    /// The last in the list, then the one before it.
    Last,
}
