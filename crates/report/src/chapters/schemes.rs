use perennis_pensions::{Beneficiaries, Pensions};
use perennis_units::Sex;
use perennis_valuation::Results;
use serde::Serialize;

use super::{
    at_first_prices, in_common_scale, indicator_row, path, percent_heading, percent_series, row,
};
use crate::charts::Series;
use crate::figures::{self, Figure, FigureGroup, key_positions};
use crate::format::{Quantity, identifier, words};
use crate::view::{Heading, Picture, TableView, table_of_figures};

/// Contributors and pensioners of one scheme.
#[derive(Serialize)]
pub(crate) struct SchemeView {
    name: String,
    people: Option<Picture>,
    benefits: Option<Picture>,
    ratios: Option<Picture>,
    members: TableView,
    pensions: TableView,
}

/// Builds a section for each pension scheme.
pub(crate) fn schemes(results: &Results) -> Vec<SchemeView> {
    let Some(pensions) = &results.pensions else { return Vec::new() };
    figures::schemes(results).into_iter().map(|scheme| view(results, pensions, scheme)).collect()
}

fn view(results: &Results, pensions: &Pensions, scheme: &str) -> SchemeView {
    let id = identifier(scheme);
    let ratios = vec![
        percent_series(results, "Pensions per contributor", (scheme, "dependency_ratio")),
        percent_series(
            results,
            "Mean pension, of mean insured earnings",
            (scheme, "replacement_ratio"),
        ),
    ];
    let heading = percent_heading(format!("ratios-{id}"), "Dependency and replacement", "%");
    SchemeView {
        name: words(scheme),
        people: people(results, pensions, scheme),
        benefits: in_payment(results, pensions, scheme),
        ratios: Picture::lines(results, heading, ratios, Vec::new()),
        members: members(results, pensions, scheme),
        pensions: benefit_table(results, pensions, scheme),
    }
}

/// Draws contributors beside all periodic benefits in payment.
fn people(results: &Results, pensions: &Pensions, scheme: &str) -> Option<Picture> {
    let periodic = |at: usize| {
        let benefits = benefits_of(pensions, scheme).filter(|one| one.periodic);
        benefits.map(|one| one.beneficiaries.total(at)).sum()
    };
    let mut series = vec![
        Series {
            name: "Contributors".into(),
            values: path(results, |at| Some(contributors(pensions, scheme, at))),
        },
        Series {
            name: "Pensions in payment".into(),
            values: path(results, |at| Some(periodic(at))),
        },
    ];
    let scale = in_common_scale(&mut series, Quantity::Persons, "");
    let heading = Heading {
        id: format!("people-{}", identifier(scheme)),
        title: "Contributors and pensions in payment",
        unit: &scale.unit,
        decimals: 2,
    };
    Picture::lines(results, heading, series, Vec::new())
}

/// Draws the periodic benefits on top of one another, where there are several.
fn in_payment(results: &Results, pensions: &Pensions, scheme: &str) -> Option<Picture> {
    let mut series: Vec<Series> = benefits_of(pensions, scheme)
        .filter(|one| one.periodic)
        .map(|one| Series {
            name: words(&one.benefit),
            values: path(results, |at| Some(one.beneficiaries.total(at))),
        })
        .collect();
    let scale = in_common_scale(&mut series, Quantity::Persons, "");
    let heading = Heading {
        id: format!("pensions-{}", identifier(scheme)),
        title: "Pensions in payment by benefit",
        unit: &scale.unit,
        decimals: 2,
    };
    (1 < series.len()).then(|| Picture::stack(results, heading, series, Vec::new())).flatten()
}

fn benefits_of<'a>(
    pensions: &'a Pensions,
    scheme: &'a str,
) -> impl Iterator<Item = &'a Beneficiaries> {
    pensions.beneficiaries.iter().filter(move |one| one.scheme == scheme)
}

fn contributors(pensions: &Pensions, scheme: &str, at: usize) -> f64 {
    let groups = pensions.contributors.iter().filter(|group| group.scheme == scheme);
    groups.map(|group| group.contributors.total(at)).sum()
}

fn members(results: &Results, pensions: &Pensions, scheme: &str) -> TableView {
    let groups = || pensions.contributors.iter().filter(|group| group.scheme == scheme);
    let persons = |label: &str, value: &dyn Fn(usize) -> f64| {
        row(results, label, Quantity::Persons, |at| Some(value(at)))
    };
    let mut rows =
        vec![persons("Contributors, mean of the year", &|at| contributors(pensions, scheme, at))];
    for (sex, label) in [(Sex::Male, "Men"), (Sex::Female, "Women")] {
        rows.push(persons(label, &|at| {
            groups().map(|one| one.contributors.total_of(at, sex)).sum()
        }));
    }
    if 1 < groups().count() {
        rows.extend(
            groups().map(|one| persons(&words(&one.group), &|at| one.contributors.total(at))),
        );
    }
    let earnings = |at: usize| groups().map(|one| one.insured_earnings.total(at)).sum::<f64>();
    let mean = |at: usize| {
        let persons = contributors(pensions, scheme, at);
        (0.0 < persons).then(|| earnings(at) / persons)
    };
    let money = vec![
        row(results, "Insured earnings of the year", Quantity::Money, |at| Some(earnings(at))),
        row(results, "Mean insured earnings a year", Quantity::MoneyEach, mean),
        row(
            results,
            &first_prices("Mean insured earnings a year", results),
            Quantity::MoneyEach,
            |at| at_first_prices(results, at, mean(at)?),
        ),
    ];
    let groups = vec![
        FigureGroup { title: "Persons".into(), rows },
        FigureGroup { title: "Earnings".into(), rows: money },
    ];
    table_of_figures(results, "Contributors", &key_positions(results.population.years), groups)
}

fn benefit_table(results: &Results, pensions: &Pensions, scheme: &str) -> TableView {
    let mut groups: Vec<FigureGroup> = benefits_of(pensions, scheme)
        .map(|one| FigureGroup { title: words(&one.benefit), rows: benefit_rows(results, one) })
        .collect();
    let ratios = [
        ("Pensions per contributor", "dependency_ratio"),
        ("Mean pension, of mean insured earnings", "replacement_ratio"),
    ];
    let rows = ratios
        .iter()
        .filter_map(|(label, name)| indicator_row(results, label, Quantity::Share, (scheme, name)));
    groups.push(FigureGroup { title: "All periodic benefits".into(), rows: rows.collect() });
    table_of_figures(results, "Benefits", &key_positions(results.population.years), groups)
}

fn benefit_rows(results: &Results, benefit: &Beneficiaries) -> Vec<Figure> {
    let persons = |label: &str, grid: &perennis_cohort::YearGrid| {
        row(results, label, Quantity::Persons, |at| Some(grid.total(at)))
    };
    let paid = if benefit.periodic { "In payment, person-years" } else { "Paid, persons" };
    let mean = |at: usize| {
        let persons = benefit.beneficiaries.total(at);
        // A mean over less than half a person says nothing.
        (0.5 <= persons).then(|| benefit.amount.total(at) / persons)
    };
    let each = if benefit.periodic { "Mean a year" } else { "Mean of a payment" };
    let mut rows = vec![persons(paid, &benefit.beneficiaries)];
    if benefit.periodic {
        rows.push(persons("New in the year", &benefit.new_awards));
        rows.push(persons("Ended in the year", &benefit.terminations));
    }
    rows.push(row(results, "Expenditure", Quantity::Money, |at| Some(benefit.amount.total(at))));
    rows.push(row(results, each, Quantity::MoneyEach, mean));
    rows.push(row(results, &first_prices(each, results), Quantity::MoneyEach, |at| {
        at_first_prices(results, at, mean(at)?)
    }));
    rows.retain(|figure| !figure.is_empty());
    rows
}

/// Adds the prices to a label.
pub(super) fn first_prices(label: &str, results: &Results) -> String {
    format!("{label}, prices of {}", results.population.years.first())
}
