use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Index, MissingBeyond, NameOr, Operand, Rounded, Timing, With};
use crate::parts::Day;

/// A kind of credited time besides work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Period {
    /// Names the rule of the months of credit for each month of the period; 1 when absent.
    pub(crate) credit: Option<String>,
    /// Earnings credited, a year; none when absent.
    pub(crate) earnings: Option<Operand>,
}

/// How the earnings to which a benefit is proportional are found.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferenceEarnings {
    /// Groups to which it applies; all when absent.
    pub(crate) groups: Option<Vec<String>>,
    /// Only for those who first contributed on or after this day.
    pub(crate) entered_from: Option<Day>,
    /// The credited months that enter.
    pub(crate) window: Window,
    /// The months by which earnings are divided; those credited when absent.
    pub(crate) divisor: Option<Divide>,
    /// Names the rule of the share of the months, those with the lowest earnings, that is left out.
    pub(crate) drop: Option<String>,
    /// The most that counts of a year.
    pub(crate) ceiling: Option<Operand>,
    /// The least that counts of a year.
    pub(crate) floor: Option<Operand>,
    /// Only what earnings of a year have above this.
    pub(crate) above: Option<Operand>,
    /// Earnings of a year that stand in for months of the window without any.
    pub(crate) missing: Option<With<MissingBeyond>>,
    /// Whether ceiling, floor and `above` hold the earnings of a year or those of each month; of a year when absent.
    pub(crate) limits: Option<LimitsOf>,
    /// Names an age: only months from it on; the window begins there and not at the first contribution.
    pub(crate) from_age: Option<String>,
    /// Names an age: only months before it.
    pub(crate) until_age: Option<String>,
    /// Only months from this day on; the window begins there and not at the first contribution.
    pub(crate) from: Option<Day>,
    /// Only months up to this day.
    pub(crate) until: Option<Day>,
    /// Periods whose credited earnings and months enter; only work when absent.
    pub(crate) credited: Option<Vec<String>>,
    /// How earnings of past years are brought to the level of the award.
    pub(crate) revalued: Revalued,
}

/// The credited months that enter an average.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Window {
    /// All of them.
    Career,
    /// Those of the last years: names a rule in years or months, or a measure; or an operand.
    Last(NameOr<Operand>),
    /// Those of the years with the highest revalued earnings.
    Best(Best),
}

/// What limits on earnings hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LimitsOf {
    /// The earnings of a year.
    Year,
    /// Those of each month of which the record tells them; a twelfth of what is written for a year.
    Month,
}

/// The years, or months, with the highest revalued earnings: one of `years` and `months`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Best {
    /// How many calendar years: names a rule in years or months, or a measure; or an operand.
    pub(crate) years: Option<NameOr<Operand>>,
    /// How many months, wherever they lie: names a rule in years or months, or a measure; or an operand.
    pub(crate) months: Option<NameOr<Operand>>,
    /// Names the rule of the last years among which they are chosen; all when absent.
    pub(crate) of_last: Option<String>,
    /// They follow one another.
    pub(crate) consecutive: Option<bool>,
}

/// The months by which earnings are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Divide {
    /// Those credited in the window.
    Credited,
    /// All of the window: missing years count as nothing.
    Window,
    /// Twelve for each calendar year with earnings, however many of its months have any.
    Years,
}

/// How earnings of past years are revalued.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revalued {
    /// What they follow.
    pub(crate) by: Index,
    /// They are brought to the level of the year that lies so many years before the award, 0 to 5; 0 when absent.
    pub(crate) lag: Option<i64>,
    /// Names an age: they are brought to the level of the year in which the person reaches it, and later ones stay as they
    /// are.
    pub(crate) to_age: Option<String>,
    /// Names the rule of the years over which the level at which they arrive is averaged; one when absent.
    pub(crate) mean_of: Option<String>,
    /// How the revalued earnings of each year are rounded.
    pub(crate) rounded: Option<Rounded>,
}

/// Points that earnings buy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Points {
    /// Earnings of a year that buy one point, mean in force of the year.
    pub(crate) price: Operand,
    /// Names the rule of the share of earnings that buys points; all of them when absent.
    pub(crate) rate: Option<String>,
    /// Names the rule of the most points of a year.
    pub(crate) at_most: Option<String>,
    /// Names the rule of the least points of a year with earnings.
    pub(crate) at_least: Option<String>,
    /// The most that counts of the earnings of a year.
    pub(crate) ceiling: Option<Operand>,
    /// Only what earnings of a year have above this, after the ceiling.
    pub(crate) above: Option<Operand>,
    /// Only years whose earnings reach this.
    pub(crate) earnings_at_least: Option<Operand>,
    /// `work` and names of periods whose earnings buy points; only work when absent.
    pub(crate) kinds: Option<Vec<String>>,
    /// Points a year of credited periods, by period: names rules.
    pub(crate) credited: Option<BTreeMap<String, String>>,
    /// How the points of each year are rounded.
    pub(crate) rounded: Option<Rounded>,
}

/// A balance of contributions with interest, notional or real.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Balance {
    /// The share of insured earnings that is credited: names a rule, or an operand such as a scale by age.
    pub(crate) rate: NameOr<Operand>,
    /// The most that counts of the earnings of a year.
    pub(crate) ceiling: Option<Operand>,
    /// The least that counts of the earnings of a year.
    pub(crate) floor: Option<Operand>,
    /// Only what earnings of a year have above this, after the ceiling.
    pub(crate) above: Option<Operand>,
    /// `work` and names of periods whose earnings are credited; only work when absent.
    pub(crate) kinds: Option<Vec<String>>,
    /// What a balance earns.
    pub(crate) interest: Interest,
    /// When the contributions of a year are credited: at its start they earn its interest, in its middle half of it, at its
    /// end none; at its end when absent.
    pub(crate) timing: Option<Timing>,
    /// Names the life table by which balances of the dead go to survivors of the same age; not when absent.
    pub(crate) inheritance: Option<String>,
    /// Names the rule of the share of the balance taken a year.
    pub(crate) fee: Option<String>,
    /// What is guaranteed at the claim.
    pub(crate) at_least: Option<Guarantee>,
}

/// What a balance earns: give `by` or `rule`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Interest {
    /// The index whose growth it is.
    pub(crate) by: Option<Index>,
    /// Years by which the index lags, 0 to 5; 0 when absent.
    pub(crate) lag: Option<i64>,
    /// Names the rule of a rate, a share a year.
    pub(crate) rule: Option<String>,
}

/// What is guaranteed of a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Guarantee {
    /// The sum of what was credited.
    Contributions,
}
