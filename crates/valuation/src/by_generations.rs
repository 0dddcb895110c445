use perennis_generations::{FollowedScheme, NotFollowed, follow};
use perennis_pensions::{Members, Membership, Pensions};
use perennis_scheme::{Event, Indicator};
use perennis_units::{Payer, Sex, Year};
use thiserror::Error;

use crate::insured_lives::{Source, indices};
use crate::run::{people, work};
use crate::{Model, Results, ValuationError, run};

/// A scheme calculated a second time, each of its generations followed alone.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeByGenerations {
    /// Name of the scheme.
    pub scheme: String,
    /// The first year.
    pub first_year: Year,
    /// What came of it; `None` where the second calculation does not know something of the scheme.
    pub found: Option<SecondFigures>,
    /// What it does not know, or why averages of cells may differ from lives followed alone; nothing where both must agree.
    pub reason: Option<&'static str>,
}

/// Figures of the second calculation and those of the projection that stand in no table.
#[derive(Clone, Debug, PartialEq)]
pub struct SecondFigures {
    /// Names of the groups, in the order of the earnings.
    pub groups: Vec<String>,
    /// Benefits in the order of the law: name, account, and whether the second calculation knows them.
    pub benefits: Vec<(String, String, bool)>,
    /// Everyone.
    pub open: FollowedScheme,
    /// Those of the start, when nobody joins.
    pub closed: FollowedScheme,
    /// The same by the projection: insured earnings by year, expenditure by benefit and year.
    pub projected_closed: (Vec<f64>, Vec<Vec<f64>>),
    /// Contributions due by account and year; nothing where rates step or contributions have limits of their own.
    pub due: Vec<(String, Vec<f64>)>,
}

/// Why there is no second calculation.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SecondError {
    /// The model cannot be run.
    #[error(transparent)]
    Run(#[from] ValuationError),
    /// A generation cannot be followed.
    #[error(transparent)]
    Generations(#[from] NotFollowed),
}

/// Calculates every scheme of a model a second time, by generations, as it is and with nobody joining.
///
/// Indicators that a law reads are taken from `results`, the projection of the model: they are figures of the whole scheme,
/// which no generation has alone.
///
/// # Errors
///
/// [`SecondError`] when a stage or a law fails.
pub fn by_generations(
    model: &Model,
    results: &Results,
) -> Result<Vec<SchemeByGenerations>, SecondError> {
    let population = people(model)?;
    let labour = work(model, &population)?;
    let (Some(basis), Some(labour)) = (&model.pensions, &labour) else { return Ok(Vec::new()) };
    let known = results.pensions.as_ref().map(Pensions::indicators).unwrap_or_default();
    let indices = indices(&labour.economy, population.years, &known);
    let mut closed: Option<Results> = None;
    let mut all = Vec::new();
    for basis in &basis.schemes {
        let source = Source { basis, population: &population, labour, indices: &indices };
        let first_year = population.years.first();
        let scheme = basis.law.scheme.clone();
        if let Some(reason) = source.not_followed() {
            all.push(SchemeByGenerations { scheme, first_year, found: None, reason: Some(reason) });
            continue;
        }
        let in_law = |error| NotFollowed { scheme: scheme.clone(), year: first_year, error };
        let everyone = source.lives(false).map_err(in_law)?;
        let of_start = source.lives(true).map_err(in_law)?;
        if closed.is_none() {
            closed = Some(run(&closed_model(model, &source))?);
        }
        let known = |event: Event| matches!(event, Event::Age | Event::Withdrawal | Event::Closed);
        let benefits = basis.law.benefits.iter().map(|benefit| {
            let condition = &benefit.condition;
            let known = known(condition.event) && condition.recipient.is_none();
            (benefit.name.clone(), benefit.account.clone(), known)
        });
        let projected = closed.as_ref().and_then(|results| results.pensions.as_ref());
        let open = follow(&everyone)?;
        let found = SecondFigures {
            groups: basis.groups.iter().map(|group| group.name.clone()).collect(),
            benefits: benefits.collect(),
            due: due(&source, &open),
            open,
            closed: follow(&of_start)?,
            projected_closed: projected.map(|of| of_scheme(of, &scheme)).unwrap_or_default(),
        };
        all.push(SchemeByGenerations {
            first_year,
            found: Some(found),
            reason: source.averaged(),
            scheme,
        });
    }
    Ok(all)
}

/// Insured earnings by year and expenditure by benefit and year of a scheme.
fn of_scheme(pensions: &Pensions, scheme: &str) -> (Vec<f64>, Vec<Vec<f64>>) {
    let groups = pensions.contributors.iter().filter(|group| group.scheme == scheme);
    let groups: Vec<_> = groups.map(|group| &group.insured_earnings).collect();
    let years = groups.first().map_or(0, |grid| grid.years());
    let earnings = |at: usize| groups.iter().fold(0.0, |sum, grid| sum + grid.total(at));
    let benefits = pensions.beneficiaries.iter().filter(|benefit| benefit.scheme == scheme);
    let paid = benefits.map(|benefit| (0..years).map(|at| benefit.amount.total(at)).collect());
    ((0..years).map(earnings).collect(), paid.collect())
}

/// Rates on the earnings of the second calculation.
fn due(source: &Source<'_>, open: &FollowedScheme) -> Vec<(String, Vec<f64>)> {
    let basis = source.basis;
    let laws = &basis.law.contributions;
    let same = laws
        .windows(2)
        .all(|two| (&two[0].floor, &two[0].ceiling) == (&two[1].floor, &two[1].ceiling));
    if !same
        || laws.iter().any(|law| law.stepping.is_some())
        || !basis.collection.declared.is_empty()
    {
        return Vec::new();
    }
    let mut all: Vec<(String, Vec<f64>)> = Vec::new();
    for law in laws {
        let payers =
            [Payer::Employees, Payer::Employers, Payer::SelfEmployed, Payer::State, Payer::Funds];
        let of_year = |(at, year): (usize, Year)| {
            let rate: Option<f64> = payers.iter().map(|payer| law.rate(*payer, year).ok()).sum();
            let groups = basis.groups.iter().zip(&open.earnings);
            let groups = groups.filter(|(group, _)| law.groups.contains(&group.name));
            rate.unwrap_or(f64::NAN) * groups.fold(0.0, |sum, (_, earned)| sum + earned[at].total())
        };
        let due: Vec<f64> = source.population.years.iter().enumerate().map(of_year).collect();
        match all.iter_mut().find(|(account, _)| *account == law.account) {
            Some((_, sum)) => sum.iter_mut().zip(due).for_each(|(sum, due)| *sum += due),
            None => all.push((law.account.clone(), due)),
        }
    }
    all
}

/// The model in which nobody joins any group; laws read the indicators of the model as it is.
fn closed_model(model: &Model, of: &Source<'_>) -> Model {
    let mut closed = model.clone();
    for basis in closed.pensions.iter_mut().flat_map(|pensions| &mut pensions.schemes) {
        let before = basis.clone();
        let source = Source { basis: &before, ..*of };
        for law in &mut basis.law.indicators {
            let known = of.indices.indicators.iter().find(|known| known.name == law.name);
            law.published = known.and_then(Indicator::path).unwrap_or(law.published.clone());
        }
        for (at, group) in basis.groups.iter_mut().enumerate() {
            if let Members::Spread(spread) = &mut group.active
                && spread.persons.is_none()
            {
                let mut persons = spread.mean_credit.clone();
                persons.fill(0.0);
                let targets = source.targets(at);
                let share = group.class.as_ref().map_or(1.0, |class| class.start);
                for sex in Sex::ALL {
                    for (age, cell) in persons.row_mut(sex.index()).iter_mut().enumerate() {
                        *cell = share * targets.first().map_or(0.0, |row| row[sex.index()][age]);
                    }
                }
                spread.persons = Some(persons);
            }
            group.membership = Membership::Closed;
        }
    }
    closed
}
