use std::sync::Arc;

use crate::{BalanceRule, Divisor, Formula, NamedMeasure, PointsRule, ReferenceRule};

/// Everything that a law counts under a name, whether a benefit uses it or not, each in the order of names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// Ways to find reference earnings.
    pub reference_earnings: Vec<Arc<ReferenceRule>>,
    /// Points.
    pub points: Vec<Arc<PointsRule>>,
    /// Balances.
    pub balances: Vec<Arc<BalanceRule>>,
    /// Measures.
    pub measures: Vec<Arc<NamedMeasure>>,
    /// Formulas.
    pub formulas: Vec<Arc<Formula>>,
    /// Annuity divisors.
    pub divisors: Vec<Arc<Divisor>>,
}
