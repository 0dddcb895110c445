use perennis_benefits::{Benefits, BenefitsError};
use perennis_demography::{Population, PopulationError, project as project_population};
use perennis_finance::{Finance, FinanceError};
use perennis_indicators::{IndicatorError, Judged, measure};
use perennis_labour::{Labour, LabourError, project as project_labour};
use perennis_pensions::{PastAccounts, Pensions, PensionsError};
use perennis_units::Year;
use thiserror::Error;

use crate::results::findings;
use crate::{Model, Results};

/// A model that cannot be run; names the stage that failed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ValuationError {
    /// A stage is given without one that it reads.
    #[error("the model gives {stage} but not {needs}, which it reads")]
    Missing {
        /// The stage given.
        stage: &'static str,
        /// The stage it reads.
        needs: &'static str,
    },
    /// The population cannot be projected.
    #[error("population: {0}")]
    Population(#[from] PopulationError),
    /// Work and the economy cannot be projected.
    #[error("labour: {0}")]
    Labour(#[from] LabourError),
    /// Insured persons and pensioners cannot be projected.
    #[error("pensions: {0}")]
    Pensions(#[from] PensionsError),
    /// The branches beside pensions cannot be projected.
    #[error("benefits: {0}")]
    Benefits(#[from] BenefitsError),
    /// The funds cannot be rolled forward.
    #[error("finance: {0}")]
    Finance(#[from] FinanceError),
    /// A figure of the base year cannot be compared.
    #[error("indicators: {0}")]
    Indicators(#[from] IndicatorError),
}

/// Walks the years; in each, every stage runs once, in order. The same model always gives the same results.
///
/// Population and work have no feedback and run ahead. In each year pensions read the accounts of the years before,
/// the other branches read pensions, and the funds take what both have booked.
///
/// # Errors
///
/// [`ValuationError`] names the stage that failed.
pub fn run(model: &Model) -> Result<Results, ValuationError> {
    let population = people(model)?;
    let labour = work(model, &population)?;
    walk(model, population, labour)
}

/// Projects the population, which reads no other stage.
pub(crate) fn people(model: &Model) -> Result<Population, ValuationError> {
    model.complete()?;
    Ok(project_population(&model.demography)?)
}

/// Projects work and the economy, where the model gives them; they read the population alone.
pub(crate) fn work(
    model: &Model,
    population: &Population,
) -> Result<Option<Labour>, ValuationError> {
    let labour = model.labour.as_ref().map(|basis| project_labour(basis, population));
    Ok(labour.transpose()?)
}

/// Walks the years over a population and work that were projected from this model, or from one in which they are alike.
pub(crate) fn walk(
    model: &Model,
    population: Population,
    labour: Option<Labour>,
) -> Result<Results, ValuationError> {
    let mut pensions = opened(model.pensions.as_ref(), labour.as_ref(), |basis, labour| {
        Pensions::open(basis, &population, labour)
    })?;
    let mut benefits = opened(model.benefits.as_ref(), labour.as_ref(), |basis, labour| {
        Benefits::open(basis, &population, labour)
    })?;
    let mut finance = opened(model.finance.as_ref(), labour.as_ref(), |basis, labour| {
        Finance::open(basis, &labour.economy)
    })?;
    for year in population.years.iter() {
        let mut booked = Vec::new();
        if let Some(pensions) = &mut pensions {
            pensions.step(year, &Past(finance.as_ref()))?;
            booked.extend(pensions.accounts(year));
            if let Some(benefits) = &mut benefits {
                benefits.step(year, pensions)?;
                booked.extend(benefits.accounts(year));
            }
        }
        if let Some(finance) = &mut finance {
            finance.step(year, booked)?;
        }
    }
    let measured = measure(&Judged {
        population: &population,
        labour: labour.as_ref(),
        pensions: pensions.as_ref(),
        benefits: benefits.as_ref(),
        finance: finance.as_ref(),
        base_year: &model.base_year,
    })?;
    let findings = findings(labour.as_ref(), pensions.as_ref());
    let title = model.title.clone();
    Ok(Results { title, population, labour, pensions, benefits, finance, measured, findings })
}

/// Opens a stage when the model gives it; [`Model::complete`] has seen to it that work is then given too.
fn opened<B, S, E>(
    basis: Option<&B>,
    labour: Option<&Labour>,
    open: impl FnOnce(&B, &Labour) -> Result<S, E>,
) -> Result<Option<S>, E> {
    basis.zip(labour).map(|(basis, labour)| open(basis, labour)).transpose()
}

/// The funds up to the year before, as far as rules of law may read them.
struct Past<'a>(Option<&'a Finance>);

impl PastAccounts for Past<'_> {
    fn reserve_ratio_end(&self, account: &str, year: Year) -> Option<f64> {
        self.0?.reserve_ratio_end(account, year)
    }
}
