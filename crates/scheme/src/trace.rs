use perennis_units::{Citation, Money};

/// What one step did for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct TracedStep {
    /// Name of the step, as in the file.
    pub step: &'static str,
    /// The amount after it, currency (a year for pensions, once for grants).
    pub amount: Money,
    /// The formula with its numbers.
    pub formula: String,
    /// The provision; `None` where the step took no number of the law.
    pub provision: Option<Citation>,
}

/// A benefit awarded to one person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonAward {
    /// The amount, currency (a year for pensions, once for grants).
    pub amount: Money,
    /// How it came about.
    pub steps: Vec<TracedStep>,
}
