use schemars::JsonSchema;
use serde::Deserialize;

use super::{Direction, Minimum, NameOr, OnlyIf, Operand, Rounded, Test, With};
use crate::parts::Day;

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
    /// Payments a year, 1 to 366: 12 for a pension and 1 for a grant when absent.
    pub(crate) payments_a_year: Option<i64>,
    /// Names an age: the law is that of 1 January of the year in which the person reaches it, or of the claim if that is
    /// earlier; that of the first day of payment when absent.
    pub(crate) assessed_at: Option<String>,
    /// When it ends before death.
    pub(crate) ends: Option<Ends>,
    /// true: a valuation passes the benefit over, and the report says so; `perennis person` pays it.
    pub(crate) persons_only: Option<bool>,
}

/// A way to find an amount, used by name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Formula {
    /// Names an age: as in a benefit; the law is that of the benefit when absent.
    pub(crate) assessed_at: Option<String>,
    /// How the amount is found, in the order of the law.
    pub(crate) steps: Vec<Step>,
}

/// When a benefit ends before death.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ends {
    /// Names the age of the recipient at which it ends.
    pub(crate) age: Option<String>,
    /// Names the age at which it ends for one still in education.
    pub(crate) age_in_education: Option<String>,
    /// Names the rule of the time after which it ends.
    pub(crate) after: Option<String>,
    /// It ends when the recipient marries again.
    pub(crate) remarriage: Option<bool>,
    /// Names the benefit that follows.
    pub(crate) converts_to: Option<String>,
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
    /// The member of the family to whom it is paid, one award for each: with event = "death" the survivors, with "age" or
    /// "invalidity" the family of the pensioner while he lives.
    pub(crate) recipient: Option<Recipient>,
    /// Groups to which it is open; all when absent.
    pub(crate) groups: Option<Vec<String>>,
    /// Names the age: "pensionable_age" or a rule.
    pub(crate) age: Option<String>,
    /// Names the rule that says how long before the age it may be claimed.
    pub(crate) early_by: Option<String>,
    /// Names the age from which it may be claimed at the earliest.
    pub(crate) early_from: Option<String>,
    /// Names the measure whose months the keys on credit ask for; all credit when absent.
    pub(crate) credit: Option<String>,
    /// Names the rule of the credit needed for a claim before the age, where it is another.
    pub(crate) early_credit_at_least: Option<String>,
    /// Names the rule of the credit needed.
    pub(crate) credit_at_least: Option<String>,
    /// Names the rule of the credit that closes it: it is for those with less.
    pub(crate) credit_below: Option<String>,
    /// Only for those who first contributed before this day.
    pub(crate) entered_before: Option<Day>,
    /// All of these are met.
    pub(crate) all: Option<Vec<Test>>,
    /// At least one of these is met.
    pub(crate) any: Option<Vec<Test>>,
    /// Names benefits: it is not for those to whom one of them is due.
    pub(crate) without: Option<Vec<String>>,
    /// The first day of payment; the same day when absent.
    pub(crate) payment_start: Option<PaymentStart>,
}

/// What opens a benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// Reaching an age.
    Age,
    /// Becoming invalid.
    Invalidity,
    /// Death: it is for survivors, or for whoever buries.
    Death,
    /// Leaving insured work and asking for one's contributions back.
    Withdrawal,
    /// Nothing: it is only paid to those who have it.
    Closed,
}

/// The member of the family to whom a benefit is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Recipient {
    /// The widow or widower; husband or wife of a pensioner.
    Spouse,
    /// Each one from whom the person is divorced.
    FormerSpouse,
    /// Each child.
    Child,
    /// Each parent.
    Parent,
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
    /// Sets the amount to a number of points, by name.
    Points(String),
    /// Sets the amount to a balance, by name.
    Balance(String),
    /// Sets the amount to the result of a formula, by name.
    Formula(String),
    /// Sets the amount.
    Flat(Operand),
    /// Sets the amount to a benefit of the one who died: the first named that was in payment or would have been due at
    /// death, without asking for the age; else nothing.
    OfDeceased(Vec<String>),
    /// Multiplies by the share of a scale, or by a rate for each year.
    Accrual(Accrual),
    /// Applies marginal rates, by the name of brackets.
    Brackets(String),
    /// Multiplies by a measure over a number, at most by one.
    Prorate(Prorate),
    /// Takes off for each year before the pensionable age.
    EarlyReduction(PerYear),
    /// Adds for each year after it.
    LateIncrease(PerYear),
    /// Multiplies: by a rule, or by an operand.
    Times(NameOr<With<OnlyIf>>),
    /// Adds.
    Plus(With<OnlyIf>),
    /// Takes off.
    Minus(With<OnlyIf>),
    /// Lifts to a minimum.
    AtLeast(Box<With<Minimum>>),
    /// Holds at a maximum.
    AtMost(With<OnlyIf>),
    /// Divides by an annuity divisor, by name.
    Annuitise(String),
    /// Months of reference earnings for each year of credit.
    LumpSum(LumpSum),
    /// Months of reference earnings for each year above a scale.
    ExcessLumpSum(ExcessLumpSum),
    /// Makes the adjustments of the benefit's indexation between the assessment and the claim.
    AdjustedSinceAssessment(Adjusted),
    /// Rounds each payment; for persons, never in the sums of a valuation.
    Round(Round),
}

/// A share by years: give `scale` or `rate`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accrual {
    /// Names the scale.
    pub(crate) scale: Option<String>,
    /// Names the rule of a rate for each year, a share a year.
    pub(crate) rate: Option<String>,
    /// How months count; a month is a twelfth when absent.
    pub(crate) counting: Option<Counting>,
    /// Names the measure whose months count; all credit when absent.
    pub(crate) by: Option<String>,
}

/// A measure over a number, at most one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prorate {
    /// Names the measure.
    pub(crate) by: String,
    /// What it is divided by.
    pub(crate) over: Operand,
}

/// A reduction or an increase for time before or after the pensionable age: give `rate` or `scale`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PerYear {
    /// Names the rule, a share a year.
    pub(crate) rate: Option<String>,
    /// Names the scale that gives the share taken off or added.
    pub(crate) scale: Option<String>,
    /// What it is a share of.
    pub(crate) of: PerYearOf,
    /// How the months between count; a month is a twelfth when absent.
    pub(crate) counting: Option<Counting>,
    /// Names the measure in place of the months before or after the age.
    pub(crate) by: Option<String>,
}

/// Adjustments between the assessment and the claim.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adjusted {
    /// Names the way of indexation; that of the benefit when absent.
    pub(crate) indexation: Option<String>,
    /// How the payment is rounded after each of them.
    pub(crate) rounded: Option<Rounded>,
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
    /// Completed quarters of a year count, each a quarter.
    Quarters,
    /// Quarters begun count, each a quarter.
    QuartersUp,
    /// Years begun count.
    YearsUp,
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
    /// Payments a year, 1 to 366; those of the benefit when absent.
    pub(crate) payments_a_year: Option<i64>,
}
