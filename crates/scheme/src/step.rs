use std::sync::Arc;

use crate::{
    BalanceRule, Benefit, Brackets, Counting, Divisor, Formula, Indexation, Measure, Operand,
    PointsRule, ReferenceRule, Rounding, Rule, Scale, Test,
};

/// What a share for each year is taken from.
#[derive(Clone, Debug, PartialEq)]
pub enum ByYears {
    /// A share for each year; when the rule has several dates, of credit each year counts at the rate of its date.
    Rate(Rule<f64>),
    /// The share that a scale gives for all years together.
    Scale(Rule<Scale>),
}

/// A share of the amount by years.
#[derive(Clone, Debug, PartialEq)]
pub struct Accrual {
    /// The shares.
    pub share: ByYears,
    /// How months count.
    pub counting: Counting,
    /// Which months; mostly the credit.
    pub by: Measure,
}

impl Accrual {
    /// Takes the share of a scale for the years of credit.
    #[must_use]
    pub const fn of_scale(scale: Rule<Scale>, counting: Counting) -> Self {
        Self { share: ByYears::Scale(scale), counting, by: Measure::Credit }
    }
}

/// What a reduction or an increase is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerYearOf {
    /// Of the amount before the step.
    Amount,
    /// Of reference earnings: points of the replacement rate.
    ReferenceEarnings,
}

/// A reduction or an increase for the time before or after the pensionable age.
#[derive(Clone, Debug, PartialEq)]
pub struct PerYear {
    /// The shares.
    pub rate: ByYears,
    /// What they are shares of.
    pub of: PerYearOf,
    /// How the months between count.
    pub counting: Counting,
    /// Which months, where they are not those to the age of the condition.
    pub by: Option<Measure>,
}

/// An operand that changes the amount, for all or for those who pass every test.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The operand.
    pub by: Operand,
    /// Tests; for all when empty.
    pub only_if: Vec<Test>,
}

impl Change {
    /// Changes the amount of everyone.
    #[must_use]
    pub const fn of(by: Operand) -> Self {
        Self { by, only_if: Vec::new() }
    }
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

/// One step of a benefit: takes the amount before it and gives the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Sets the amount to reference earnings, by the first of these rules that applies to the person.
    ReferenceEarnings(Vec<Arc<ReferenceRule>>),
    /// Sets the amount to the points of the record.
    Points(Arc<PointsRule>),
    /// Sets the amount to the balance of the record.
    Balance(Arc<BalanceRule>),
    /// Sets the amount to the result of a formula.
    Formula(Arc<Formula>),
    /// Sets the amount.
    Flat(Operand),
    /// Sets the amount to the first of these benefits that the deceased had or would have had, no age being asked.
    OfDeceased(Vec<Arc<Benefit>>),
    /// Multiplies by a share by years of credit.
    Accrual(Accrual),
    /// Applies marginal rates to the amount.
    Brackets(Arc<Brackets>),
    /// Multiplies by a measure over a number, at most one.
    Prorate {
        /// The measure.
        by: Measure,
        /// What it is measured against.
        over: Operand,
    },
    /// Takes off for the time before the pensionable age.
    EarlyReduction(PerYear),
    /// Adds for the time after the pensionable age.
    LateIncrease(PerYear),
    /// Multiplies.
    Times(Change),
    /// Adds.
    Plus(Change),
    /// Takes away.
    Minus(Change),
    /// Lifts to a minimum.
    AtLeast(Change),
    /// Holds at a maximum.
    AtMost(Change),
    /// Divides by an annuity divisor.
    Annuitise(Arc<Divisor>),
    /// Turns reference earnings into a sum paid once.
    LumpSum(LumpSum),
    /// Turns reference earnings into a sum paid once for years above the scale.
    ExcessLumpSum(ExcessLumpSum),
    /// Applies each adjustment of the indexation of the benefit after the day of assessment and up to the claim.
    AdjustedSinceAssessment {
        /// Rounding after each adjustment.
        rounded: Option<Rounding>,
        /// The indexation, where it is not that of the benefit.
        indexation: Option<Box<Indexation>>,
    },
    /// Rounds; for persons only.
    Round(Rounding),
}

impl Step {
    /// Returns the name of the step, as in files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReferenceEarnings(_) => "reference_earnings",
            Self::Points(_) => "points",
            Self::Balance(_) => "balance",
            Self::Formula(_) => "formula",
            Self::Flat(_) => "flat",
            Self::OfDeceased(_) => "of_deceased",
            Self::Accrual(_) => "accrual",
            Self::Brackets(_) => "brackets",
            Self::Prorate { .. } => "prorate",
            Self::EarlyReduction(_) => "early_reduction",
            Self::LateIncrease(_) => "late_increase",
            Self::Times(_) => "times",
            Self::Plus(_) => "plus",
            Self::Minus(_) => "minus",
            Self::AtLeast(_) => "at_least",
            Self::AtMost(_) => "at_most",
            Self::Annuitise(_) => "annuitise",
            Self::LumpSum(_) => "lump_sum",
            Self::ExcessLumpSum(_) => "excess_lump_sum",
            Self::AdjustedSinceAssessment { .. } => "adjusted_since_assessment",
            Self::Round(_) => "round",
        }
    }
}
