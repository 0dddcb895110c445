use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{Day, Provision, Quantity};

/// The law of a scheme: provisions, benefits and contributions. Steps and conditions name the provisions they use.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Law {
    /// The pensionable age, in months or years.
    pub(crate) pensionable_age: Option<Provision>,
    /// Amounts fixed by law, by name.
    #[serde(default)]
    pub(crate) amounts: BTreeMap<String, Amount>,
    /// Numbers of the law by name: lengths of time, rates, multiples; the use decides which units fit.
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, Provision>,
    /// Scales from years of credit to a share, by name.
    #[serde(default)]
    pub(crate) scales: BTreeMap<String, Scale>,
    /// Ways to find the earnings to which a benefit is proportional, by name.
    #[serde(default)]
    pub(crate) reference_earnings: BTreeMap<String, ReferenceEarnings>,
    /// Ways to adjust amounts in payment, by name.
    #[serde(default)]
    pub(crate) indexation: BTreeMap<String, Indexation>,
    /// Contributions, by name.
    #[serde(default)]
    pub(crate) contributions: BTreeMap<String, Contribution>,
    /// Benefits, by name; the name appears in the tables of results.
    #[serde(default)]
    pub(crate) benefits: BTreeMap<String, Benefit>,
}

/// An amount fixed by law per person: rows in "… a month" or "… a year".
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amount {
    /// The rows. With `after` they apply to everyone.
    pub(crate) in_force: Vec<crate::parts::InForce<f64>>,
    /// How it goes on after the year of the last row; without it the last row holds.
    pub(crate) after: Option<Adjustment>,
}

/// A yearly adjustment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adjustment {
    /// What it follows.
    pub(crate) by: Index,
    /// The month on the first day of which it takes effect, 1 to 12; January when absent.
    pub(crate) month: Option<i64>,
    /// Years by which the index lags, 0 to 5: 0 takes the growth of the year itself; 0 when absent.
    pub(crate) lag: Option<i64>,
}

/// What something follows from year to year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Index {
    /// Nothing.
    Hold,
    /// Consumer prices.
    Prices,
    /// Wages of a fixed composition.
    Wages,
    /// Wages with a weight, prices with the rest.
    Mix(Mix),
    /// An amount fixed by law, by name.
    Amount(String),
}

/// A mix of wages and prices.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mix {
    /// Weight of the growth of wages, a share.
    pub(crate) wage_weight: Quantity,
}

/// A scale: rows of points [years of credit, share]; straight lines between them, the last share holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scale {
    /// The rows; `unit` is that of the share.
    pub(crate) in_force: Vec<crate::parts::InForce<Vec<[f64; 2]>>>,
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
    /// How earnings of past years are brought to the level of the award.
    pub(crate) revalued: Revalued,
}

/// The credited months that enter an average.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Window {
    /// All of them.
    Career,
    /// Those of the last years; names a rule in years or months.
    Last(String),
}

/// How earnings of past years are revalued.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revalued {
    /// What they follow.
    pub(crate) by: Index,
    /// They are brought to the level of the year that lies so many years before the award, 0 to 5; 0 when absent.
    pub(crate) lag: Option<i64>,
}

/// How amounts in payment are adjusted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Indexation {
    /// Increases decided, each on its day, as shares a year: 0.15 is 15 %.
    pub(crate) decisions: Option<Provision>,
    /// The rule after the year of the last decision.
    pub(crate) after: Adjustment,
}

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
    pub(crate) floor: Option<AmountOf>,
    /// Most insured earnings.
    pub(crate) ceiling: Option<AmountOf>,
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

/// An amount: `{ amount = "name" }`, `{ times = "rule", of = "name" }` or `{ share_of_insured_wage = "rule" }`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmountOf {
    /// Names an amount.
    pub(crate) amount: Option<String>,
    /// Names the rule of a multiple.
    pub(crate) times: Option<String>,
    /// Names the amount that is multiplied.
    pub(crate) of: Option<String>,
    /// Names the rule of a share of the mean insured wage.
    pub(crate) share_of_insured_wage: Option<String>,
}

/// A benefit: who may have it, how its amount is found, how it is adjusted and who pays it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Benefit {
    /// A pension or a grant.
    pub(crate) kind: Kind,
    /// The account that pays it.
    pub(crate) account: String,
    /// Who may have it, and from when.
    pub(crate) condition: Condition,
    /// How the amount is found, in the order of the law; none only for a benefit closed to new awards.
    #[serde(default)]
    pub(crate) steps: Vec<Step>,
    /// Names how it is adjusted; without it the amount stays as awarded.
    pub(crate) indexation: Option<String>,
}

/// How a benefit is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A yearly amount for life.
    Pension,
    /// A sum paid once.
    Grant,
}

/// Who may have a benefit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    /// What opens it.
    pub(crate) event: Event,
    /// Groups to which it is open; all when absent.
    pub(crate) groups: Option<Vec<String>>,
    /// Names the age: "pensionable_age" or a rule.
    pub(crate) age: Option<String>,
    /// Names the rule that says how long before the age it may be claimed.
    pub(crate) early_by: Option<String>,
    /// Names the rule of the credit needed for a claim before the age, where it is another.
    pub(crate) early_credit_at_least: Option<String>,
    /// Names the rule of the credit needed.
    pub(crate) credit_at_least: Option<String>,
    /// Names the rule of the credit that closes it: it is for those with less.
    pub(crate) credit_below: Option<String>,
    /// Only for those who first contributed before this day.
    pub(crate) entered_before: Option<Day>,
    /// The first day of payment; the same day when absent.
    pub(crate) payment_start: Option<PaymentStart>,
}

/// What opens a benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// Reaching an age.
    Age,
    /// Leaving insured work and asking for one's contributions back.
    Withdrawal,
    /// Nothing: it is only paid to those who have it.
    Closed,
}

/// The first day of payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentStart {
    /// The day on which the conditions are met.
    SameDay,
    /// The first day of the month after.
    NextMonth,
}

/// One step: takes the amount before it and gives the next.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Sets the amount to reference earnings: names ways to find them, the first that applies to the person holds.
    ReferenceEarnings(Vec<String>),
    /// Multiplies by the share of a scale.
    Accrual(Accrual),
    /// Takes off for each year before the pensionable age.
    EarlyReduction(PerYear),
    /// Adds for each year after it.
    LateIncrease(PerYear),
    /// Multiplies by a rule (a share or a factor).
    Times(String),
    /// Sets the amount.
    Flat(AmountOf),
    /// Adds an amount.
    Plus(AmountOf),
    /// Lifts to a minimum.
    AtLeast(AtLeast),
    /// Holds at a maximum.
    AtMost(AmountOf),
    /// Months of reference earnings for each year of credit.
    LumpSum(LumpSum),
    /// Months of reference earnings for each year above a scale.
    ExcessLumpSum(ExcessLumpSum),
    /// Rounds each payment; for persons, never in the sums of a valuation.
    Round(Round),
}

/// A share by years of credit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accrual {
    /// Names the scale.
    pub(crate) scale: String,
    /// How months of credit count; a month is a twelfth when absent.
    pub(crate) counting: Option<Counting>,
}

/// A rate for each year before or after the pensionable age.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PerYear {
    /// Names the rule, a share a year.
    pub(crate) rate: String,
    /// What it is a share of.
    pub(crate) of: PerYearOf,
    /// How the months between count; a month is a twelfth when absent.
    pub(crate) counting: Option<Counting>,
}

/// What a yearly rate is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PerYearOf {
    /// The amount before the step.
    Amount,
    /// Reference earnings: points of the replacement rate.
    ReferenceEarnings,
}

/// How months count as years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Counting {
    /// Each month is a twelfth.
    Months,
    /// Odd months do not count.
    CompletedYears,
    /// One to six odd months are half a year, seven to eleven a year.
    HalfYearsUp,
    /// Up to five odd months are nothing, six to eleven half a year.
    HalfYearsDown,
}

/// A minimum.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AtLeast {
    /// The minimum.
    pub(crate) minimum: AmountOf,
    /// Names the rule of the credit needed; for all when absent.
    pub(crate) credit_at_least: Option<String>,
}

/// A sum by years of credit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LumpSum {
    /// Names the rule, months of earnings a year; its rows apply to credit earned from their date on.
    pub(crate) months_a_year: String,
    /// How odd months count; a month is a twelfth when absent.
    pub(crate) counting: Option<Counting>,
}

/// A sum for years above a scale.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExcessLumpSum {
    /// Names the scale.
    pub(crate) scale: String,
    /// How months of credit count; a month is a twelfth when absent.
    pub(crate) counting: Option<Counting>,
    /// Names the rule, months of earnings for each year above.
    pub(crate) months_a_year: String,
    /// Names the rule for years earned after the pensionable age, where the law has another number.
    pub(crate) months_a_year_after_age: Option<String>,
}

/// Statutory rounding.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Round {
    /// Names the rule, an amount without a period: each payment becomes a multiple of it.
    pub(crate) to: String,
    /// The direction.
    pub(crate) direction: Direction,
    /// Payments a year, 1 to 366: 12 for a pension by the month, 1 for a grant.
    pub(crate) payments_a_year: i64,
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
