//! The chapters of the report, in reading order: each turns results into pictures and tables for its template.

mod accounts;
mod assumptions;
mod base_year;
mod coverage;
mod health;
mod population;
mod schemes;
mod summary;
mod work;

pub use accounts::rates_picture;
pub(crate) use accounts::{AccountView, accounts};
pub(crate) use assumptions::{AssumptionsView, ChecksView, assumptions, checks};
pub(crate) use base_year::{BaseYearView, base_year};
pub(crate) use coverage::{CoverageView, coverage};
pub(crate) use health::{HealthView, health};
pub(crate) use population::{PopulationView, population};
pub(crate) use schemes::{SchemeView, schemes};
pub(crate) use summary::{SummaryView, summary};
pub(crate) use work::{WorkView, work};

use perennis_valuation::Results;

use crate::charts::Series;
use crate::figures::{Figure, indicator, key_positions};
use crate::format::{Quantity, Scale};
use crate::view::Heading;

/// Returns the number of years of the run.
fn horizon(results: &Results) -> usize {
    results.population.years.count()
}

/// Returns a path of one value a year.
fn path(results: &Results, value: impl Fn(usize) -> Option<f64>) -> Vec<Option<f64>> {
    (0..horizon(results)).map(value).collect()
}

/// Returns a row of a key table.
fn row(
    results: &Results,
    label: &str,
    quantity: Quantity,
    value: impl Fn(usize) -> Option<f64>,
) -> Figure {
    let values = key_positions(results.population.years).into_iter().map(value).collect();
    Figure { label: label.to_owned(), quantity, values }
}

/// Returns an indicator as a row of a key table, where it exists.
fn indicator_row(
    results: &Results,
    label: &str,
    quantity: Quantity,
    (scope, name): (&str, &str),
) -> Option<Figure> {
    let path = indicator(results, scope, name)?;
    Some(row(results, label, quantity, |at| path[at]))
}

/// Returns a share of the indicators as a series in percent; empty where it does not exist.
fn percent_series(results: &Results, name: &str, (scope, measure): (&str, &str)) -> Series {
    let path = indicator(results, scope, measure).unwrap_or_default();
    let values = path.into_iter().map(|value| value.map(|share| 100.0 * share)).collect();
    Series { name: name.to_owned(), values }
}

/// Returns a series of amounts as a percentage of the output of the year.
fn percent_of_gdp(results: &Results, name: &str, amount: impl Fn(usize) -> Option<f64>) -> Series {
    let gdp = |at: usize| results.labour.as_ref()?.economy.gdp.get(at).copied();
    let values = path(results, |at| {
        let gdp = gdp(at).filter(|gdp| 0.0 < *gdp)?;
        Some(100.0 * amount(at)? / gdp)
    });
    Series { name: name.to_owned(), values }
}

/// Scales series of persons together and returns the unit to print.
fn in_common_scale(series: &mut [Series], quantity: Quantity, currency: &str) -> Scale {
    let values = series.iter().flat_map(|one| &one.values).flatten();
    let largest = values.fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let scale = Scale::of(quantity, currency, std::iter::once(largest));
    for value in series.iter_mut().flat_map(|one| &mut one.values).flatten() {
        *value *= scale.factor();
    }
    scale
}

/// Heading of a chart in percent.
fn percent_heading<'a>(id: String, title: &'a str, unit: &'a str) -> Heading<'a> {
    Heading { id, title, unit, decimals: 2 }
}

/// Returns an amount at the prices of the first year.
fn at_first_prices(results: &Results, at: usize, amount: f64) -> Option<f64> {
    let index = results.labour.as_ref()?.economy.price_index.get(at)?;
    (0.0 < *index).then(|| amount / index)
}
