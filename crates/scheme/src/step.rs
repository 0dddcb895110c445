use perennis_units::{Duration, Money};

use crate::{Amount, Counting, ReferenceRule, Rule, Scale};

/// What a yearly rate is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerYearOf {
    /// Of the amount before the step.
    Amount,
    /// Of reference earnings: points of the replacement rate.
    ReferenceEarnings,
}

/// A reduction or an increase for each year before or after the pensionable age.
#[derive(Clone, Debug, PartialEq)]
pub struct PerYear {
    /// Share a year.
    pub rate: Rule<f64>,
    /// What it is a share of.
    pub of: PerYearOf,
    /// How the months between count.
    pub counting: Counting,
}

/// A minimum, for all or for those with enough credit.
#[derive(Clone, Debug, PartialEq)]
pub struct AtLeast {
    /// The minimum, currency a year.
    pub amount: Amount,
    /// Credit needed.
    pub credit_at_least: Option<Rule<Duration>>,
}

/// Months of reference earnings for each year of credit, at the rate in force when the credit was earned.
#[derive(Clone, Debug, PartialEq)]
pub struct LumpSum {
    /// Months of reference earnings a year of credit; `from` is the date of the credit, not of the award.
    pub months_a_year: Rule<f64>,
    /// How odd months count; those of an earlier period are carried into the later one.
    pub counting: Counting,
}

/// Months of reference earnings for each year of credit above the last point of a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct ExcessLumpSum {
    /// The scale.
    pub scale: Rule<Scale>,
    /// How months of credit count.
    pub counting: Counting,
    /// Months of reference earnings a year above.
    pub months_a_year: Rule<f64>,
    /// The same for years of credit earned after the pensionable age, where the law has another number.
    pub months_a_year_after_age: Option<Rule<f64>>,
}

/// Which way an amount is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundingDirection {
    /// Up.
    Up,
    /// Down.
    Down,
    /// To the nearest, halves up.
    Nearest,
}

/// Rounding by law; applies to a person, never to a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Rounding {
    /// Each payment becomes a multiple of this amount, currency.
    pub to: Rule<Money>,
    /// Payments a year; 1 for sums paid once.
    pub payments_a_year: i32,
    /// The direction.
    pub direction: RoundingDirection,
}

/// One step of a benefit: takes the amount before it and gives the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Sets the amount to reference earnings, by the first of these rules that applies to the person.
    ReferenceEarnings(Vec<ReferenceRule>),
    /// Multiplies by the share that a scale gives for the credit.
    Accrual {
        /// The scale.
        scale: Rule<Scale>,
        /// How months of credit count.
        counting: Counting,
    },
    /// Takes off for each year before the pensionable age.
    EarlyReduction(PerYear),
    /// Adds for each year after the pensionable age.
    LateIncrease(PerYear),
    /// Multiplies.
    Times(Rule<f64>),
    /// Sets the amount.
    Flat(Amount),
    /// Adds an amount.
    Plus(Amount),
    /// Lifts to a minimum.
    AtLeast(AtLeast),
    /// Holds at a maximum.
    AtMost(Amount),
    /// Turns reference earnings into a sum paid once.
    LumpSum(LumpSum),
    /// Turns reference earnings into a sum paid once for years above the scale.
    ExcessLumpSum(ExcessLumpSum),
    /// Rounds.
    Round(Rounding),
}

impl Step {
    /// Returns the name of the step, as in files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReferenceEarnings(_) => "reference_earnings",
            Self::Accrual { .. } => "accrual",
            Self::EarlyReduction(_) => "early_reduction",
            Self::LateIncrease(_) => "late_increase",
            Self::Times(_) => "times",
            Self::Flat(_) => "flat",
            Self::Plus(_) => "plus",
            Self::AtLeast(_) => "at_least",
            Self::AtMost(_) => "at_most",
            Self::LumpSum(_) => "lump_sum",
            Self::ExcessLumpSum(_) => "excess_lump_sum",
            Self::Round(_) => "round",
        }
    }
}
