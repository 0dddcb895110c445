use perennis_units::{Citation, Money};

use crate::Counted;

/// What one step did for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct TracedStep {
    /// Name of the step, as in the file.
    pub step: &'static str,
    /// The formula or the other benefit of whose steps this is one; `None` for a step of the benefit itself.
    pub part_of: Option<String>,
    /// The amount after it: currency (a year for pensions, once for grants), or points.
    pub amount: Money,
    /// The formula with its numbers.
    pub formula: String,
    /// The provisions that fix its numbers; none where the step took no number of the law.
    pub provisions: Vec<Citation>,
}

/// A benefit awarded to one person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonAward {
    /// The amount, currency (a year for pensions, once for grants).
    pub amount: Money,
    /// How it came about.
    pub steps: Vec<TracedStep>,
    /// What the record gave, with the years behind it, in the order in which it was asked for.
    pub counted: Vec<Counted>,
}

/// One question of a condition, asked of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct TracedTest {
    /// What is asked: the key of the condition, or the name of a measure.
    pub what: String,
    /// Whether it is met.
    pub met: bool,
    /// The question with its numbers.
    pub formula: String,
    /// The provisions that fix its numbers.
    pub provisions: Vec<Citation>,
}
