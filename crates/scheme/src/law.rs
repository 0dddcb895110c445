use std::sync::Arc;

use perennis_units::{Duration, Year};

use crate::{
    Benefit, ContributionLaw, Cumulation, IndicatorLaw, LinkedAge, Named, NamedAmount,
    NoLifeExpectancy, Period, Rule,
};

/// The law of one scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// Name of the scheme.
    pub scheme: String,
    /// The pensionable age, where the scheme has one.
    pub pensionable_age: Option<Rule<Duration>>,
    /// What the pensionable age follows after its stated rows, where it does.
    pub linked_age: Option<LinkedAge>,
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
    /// Indicators that the law defines by figures of the scheme.
    pub indicators: Vec<IndicatorLaw>,
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

    /// Returns the law with the pensionable age that follows from life expectancy by year at an age, years; the same law
    /// where the age follows nothing.
    ///
    /// # Errors
    ///
    /// [`NoLifeExpectancy`] when a year that the age needs is not known.
    pub fn following_life(
        &self,
        projected: &dyn Fn(Year, usize) -> Option<f64>,
    ) -> Result<Self, NoLifeExpectancy> {
        let Some(link) = &self.linked_age else { return Ok(self.clone()) };
        let age = link.rule(&|year| projected(year, link.at))?;
        Ok(self.with_pensionable_age(age))
    }
}
