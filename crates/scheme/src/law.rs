use std::sync::Arc;

use perennis_units::Duration;

use crate::{Benefit, ContributionLaw, Cumulation, Named, NamedAmount, Period, Rule};

/// The law of one scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// Name of the scheme.
    pub scheme: String,
    /// The pensionable age, where the scheme has one.
    pub pensionable_age: Option<Rule<Duration>>,
    /// Amounts fixed by law for everyone.
    pub amounts: Vec<NamedAmount>,
    /// Contributions, by account.
    pub contributions: Vec<ContributionLaw>,
    /// Benefits, in the order of the tables.
    pub benefits: Vec<Benefit>,
    /// Kinds of credited time besides work.
    pub periods: Vec<Arc<Period>>,
    /// Limits on several benefits together.
    pub cumulations: Vec<Cumulation>,
    /// What is counted under a name, for one person; no valuation reads it.
    pub named: Named,
}

impl Law {
    /// Returns the amount called `name`.
    #[must_use]
    pub fn amount(&self, name: &str) -> Option<&NamedAmount> {
        self.amounts.iter().find(|amount| amount.name == name)
    }

    /// Returns the benefit called `name`.
    #[must_use]
    pub fn benefit(&self, name: &str) -> Option<&Benefit> {
        self.benefits.iter().find(|benefit| benefit.name == name)
    }
}
