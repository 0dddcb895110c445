use std::sync::Arc;

use perennis_units::When;

use crate::{BalanceRule, PointsRule, ReferenceRule};

/// What a benefit is proportional to: the one variable in which its schedule is piecewise linear.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// What it is.
    pub of: BaseOf,
    /// The day and the person for which it is found; the day of assessment, which is that of the claim in most laws.
    pub when: When,
}

/// A sum that a record gives.
#[derive(Clone, Debug, PartialEq)]
pub enum BaseOf {
    /// Reference earnings, currency a year.
    ReferenceEarnings(Arc<ReferenceRule>),
    /// Points.
    Points(Arc<PointsRule>),
    /// A balance, currency.
    Balance(Arc<BalanceRule>),
    /// The pension in payment to the deceased, currency a year, by name of the benefit.
    InPayment(String),
}

impl BaseOf {
    /// Returns the name of the rule.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::ReferenceEarnings(rule) => &rule.name,
            Self::Points(rule) => &rule.name,
            Self::Balance(rule) => &rule.name,
            Self::InPayment(benefit) => benefit,
        }
    }
}
