use std::sync::Arc;

use perennis_units::{Date, Duration};

use crate::{
    Amount, BalanceRule, Benefit, Brackets, Counting, Divisor, Formula, Groups, Measure,
    PointsRule, ReferenceRule, Rounding, Rule, Scale,
};

/// Where a number in a rule of law comes from.
///
/// Durations are months, amounts currency a year (sums paid once: currency), shares and factors as they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A number of the law; durations in months.
    Rule(Rule<f64>),
    /// An amount of the law, currency a year; per point or per child where the law says so.
    Amount(Amount),
    /// What is counted about the person.
    Measure(Measure),
    /// The share that a scale gives for a measure.
    Scale {
        /// The scale.
        scale: Rule<Scale>,
        /// What is looked up in it; months become years where the scale is one of years.
        by: Measure,
    },
    /// Months of a measure counted as years.
    Years {
        /// The months.
        measure: Measure,
        /// How odd months count.
        counting: Counting,
    },
    /// Months from the claim to the day on which the person reaches an age; never below nothing.
    MonthsUntil(Rule<Duration>),
    /// Months from the day on which the person reached an age to the claim; never below nothing.
    MonthsSince(Rule<Duration>),
    /// Months from the day on which the person reached an age to the start of the year of the claim; never below nothing.
    MonthsSinceAtStartOfYear(Rule<Duration>),
    /// Reference earnings, currency a year, by the first of these rules that applies to the person.
    ReferenceEarnings(Vec<Arc<ReferenceRule>>),
    /// The points of the record.
    Points(Arc<PointsRule>),
    /// The balance of the record, currency.
    Balance(Arc<BalanceRule>),
    /// The amount of another benefit of the same claim, nothing where it is not due.
    Benefit(Arc<Benefit>),
    /// What the deceased had of the first of these benefits, or would have had at death, no age being asked.
    OfDeceased(Vec<Arc<Benefit>>),
    /// The result of a formula.
    Formula(Arc<Formula>),
    /// An annuity divisor at the age of the claim.
    Divisor(Arc<Divisor>),
    /// Marginal rates applied to an operand.
    Brackets {
        /// The rates and thresholds.
        brackets: Arc<Brackets>,
        /// What they are applied to.
        of: Box<Operand>,
    },
    /// One operand for those who pass some tests, another for the rest.
    Choose(Box<Choice>),
    /// 1 for those who pass one of some tests, else 0.
    AnyOf(Vec<Test>),
    /// 1 for members of some groups, else 0.
    InGroups(Groups),
    /// A day in the life of the person, to be tested against another.
    Day(DayOf),
    /// A day of the calendar.
    On(Date),
    /// A number of arithmetic, no number of the law.
    Constant(f64),
    /// The sum.
    Sum(Vec<Operand>),
    /// The product; at most one factor may depend on the base variable of the benefit.
    Product(Vec<Operand>),
    /// The least.
    Lesser(Vec<Operand>),
    /// The greatest.
    Greater(Vec<Operand>),
    /// The first less the second.
    Difference(Box<[Operand; 2]>),
    /// What the first has above the second; never below nothing.
    Excess(Box<[Operand; 2]>),
    /// The first over the second, which may not depend on the base variable.
    Quotient(Box<[Operand; 2]>),
    /// The first to the power of the second; neither may depend on the base variable.
    Power(Box<[Operand; 2]>),
    /// A number rounded by law; of a cell only what does not depend on the base variable is rounded.
    Rounded {
        /// What is rounded.
        of: Box<Operand>,
        /// How.
        rounding: Rounding,
    },
}

/// An operand for some and another for the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Tests that must all be passed.
    pub only_if: Vec<Test>,
    /// What those have who pass them.
    pub then: Operand,
    /// What the others have.
    pub otherwise: Operand,
}

/// A day in the life of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOf {
    /// Birth; of the survivor in a benefit for one.
    Birth,
    /// The first contribution.
    Entry,
    /// Marriage.
    Marriage,
    /// The first day of payment.
    Claim,
}

impl Operand {
    /// Returns the name of the form, as in files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Rule(_) => "rule",
            Self::Amount(_) => "amount",
            Self::Measure(_) => "measure",
            Self::Scale { .. } => "scale",
            Self::Years { .. } => "years",
            Self::MonthsUntil(_) => "months_until",
            Self::MonthsSince(_) => "months_since",
            Self::MonthsSinceAtStartOfYear(_) => "months_since",
            Self::OfDeceased(_) => "of_deceased",
            Self::Choose(_) => "choose",
            Self::AnyOf(_) => "any",
            Self::InGroups(_) => "groups",
            Self::Day(day) => day.name(),
            Self::On(_) => "date",
            Self::Power(_) => "power",
            Self::Rounded { .. } => "rounded",
            Self::ReferenceEarnings(_) => "reference_earnings",
            Self::Points(_) => "points",
            Self::Balance(_) => "balance",
            Self::Benefit(_) => "benefit",
            Self::Formula(_) => "formula",
            Self::Divisor(_) => "divisor",
            Self::Brackets { .. } => "brackets",
            Self::Constant(_) => "constant",
            Self::Sum(_) => "sum",
            Self::Product(_) => "product",
            Self::Lesser(_) => "lesser",
            Self::Greater(_) => "greater",
            Self::Difference(_) => "difference",
            Self::Excess(_) => "excess",
            Self::Quotient(_) => "quotient",
        }
    }
}

impl DayOf {
    /// Returns the day in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Birth => "born",
            Self::Entry => "entered",
            Self::Marriage => "married",
            Self::Claim => "claim",
        }
    }
}

/// A question about one person: an operand against limits, of which all must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What is asked about, mostly a measure.
    pub of: Operand,
    /// It must be at least this.
    pub at_least: Option<Operand>,
    /// It must be more than this.
    pub above: Option<Operand>,
    /// It must be at most this.
    pub at_most: Option<Operand>,
    /// It must be below this.
    pub below: Option<Operand>,
    /// It must be this.
    pub equals: Option<Operand>,
}

impl Test {
    /// Asks for nothing yet.
    #[must_use]
    pub const fn of(of: Operand) -> Self {
        Self { of, at_least: None, above: None, at_most: None, below: None, equals: None }
    }

    /// Asks for at least so much.
    #[must_use]
    pub fn at_least(of: Operand, least: Operand) -> Self {
        Self { at_least: Some(least), ..Self::of(of) }
    }

    /// Asks for less than so much.
    #[must_use]
    pub fn below(of: Operand, limit: Operand) -> Self {
        Self { below: Some(limit), ..Self::of(of) }
    }

    /// Returns what is tested and what it is tested against.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        std::iter::once(&self.of).chain(self.limits())
    }

    /// Returns the limits.
    pub fn limits(&self) -> impl Iterator<Item = &Operand> {
        let limits = [&self.at_least, &self.above, &self.at_most, &self.below, &self.equals];
        limits.into_iter().flatten()
    }

    /// Returns the limits with their kinds.
    pub(crate) fn limits_by_kind(&self) -> impl Iterator<Item = (Limit, &Operand)> {
        let limits = [
            (Limit::AtLeast, &self.at_least),
            (Limit::Above, &self.above),
            (Limit::AtMost, &self.at_most),
            (Limit::Below, &self.below),
            (Limit::Equals, &self.equals),
        ];
        limits.into_iter().filter_map(|(kind, limit)| Some((kind, limit.as_ref()?)))
    }
}

/// The kinds of limits of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    AtLeast,
    Above,
    AtMost,
    Below,
    Equals,
}

impl Limit {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::AtLeast => "at least",
            Self::Above => "above",
            Self::AtMost => "at most",
            Self::Below => "below",
            Self::Equals => "equal to",
        }
    }
}
