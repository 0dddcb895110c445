use perennis_valuation::Results;
use serde::Serialize;

use super::schemes::first_prices;
use super::{
    at_first_prices, in_common_scale, indicator_row, path, percent_heading, percent_of_gdp,
    percent_series, row,
};
use crate::charts::Series;
use crate::figures::{FigureGroup, health_schemes, key_positions};
use crate::format::{Quantity, identifier, words};
use crate::view::{Heading, Picture, TableView, table_of_figures};

/// Insured, use and cost of one health scheme.
#[derive(Serialize)]
pub(crate) struct HealthView {
    name: String,
    insured: Option<Picture>,
    coverage: Option<Picture>,
    cost: Option<Picture>,
    table: TableView,
}

/// Builds a section for each health scheme.
pub(crate) fn health(results: &Results) -> Vec<HealthView> {
    health_schemes(results).into_iter().filter_map(|scheme| view(results, scheme)).collect()
}

fn view(results: &Results, scheme: &str) -> Option<HealthView> {
    let benefits = results.benefits.as_ref()?;
    let id = identifier(scheme);
    let groups = benefits.insured.iter().filter(|group| group.scheme == scheme);
    let mut insured: Vec<Series> = groups
        .map(|group| Series {
            name: words(&group.group),
            values: path(results, |at| Some(group.insured.total(at))),
        })
        .collect();
    let scale = in_common_scale(&mut insured, Quantity::Persons, "");
    let heading = Heading {
        id: format!("insured-{id}"),
        title: "Insured by group, mean of the year",
        unit: &scale.unit,
        decimals: scale.decimals().max(1),
    };
    let services = benefits.services.iter().filter(|service| service.scheme == scheme);
    let cost = services
        .map(|one| percent_of_gdp(results, &words(&one.service), |at| Some(one.cost.total(at))))
        .collect();
    let coverage = vec![
        percent_series(results, "Men", (scheme, "health_coverage_male")),
        percent_series(results, "Women", (scheme, "health_coverage_female")),
    ];
    let of_people = "% of the population of the sex";
    Some(HealthView {
        name: words(scheme),
        insured: Picture::stack(results, heading, insured, Vec::new()),
        coverage: Picture::lines(
            results,
            percent_heading(format!("health-coverage-{id}"), "Insured by sex", of_people),
            coverage,
            Vec::new(),
        ),
        cost: Picture::stack(
            results,
            percent_heading(format!("health-cost-{id}"), "Cost by service", "% of GDP"),
            cost,
            Vec::new(),
        ),
        table: table(results, scheme)?,
    })
}

fn table(results: &Results, scheme: &str) -> Option<TableView> {
    let benefits = results.benefits.as_ref()?;
    let groups = || benefits.insured.iter().filter(|group| group.scheme == scheme);
    let total = |at: usize| groups().map(|group| group.insured.total(at)).sum::<f64>();
    let mut people: Vec<_> = groups()
        .map(|group| {
            row(results, &words(&group.group), Quantity::Persons, |at| {
                Some(group.insured.total(at))
            })
        })
        .collect();
    people.push(row(results, "All insured", Quantity::Persons, |at| Some(total(at))));
    people.extend(indicator_row(
        results,
        "Of the population",
        Quantity::Share,
        (scheme, "health_coverage"),
    ));
    let services = || benefits.services.iter().filter(|service| service.scheme == scheme);
    let use_of: Vec<_> = services()
        .map(|one| {
            row(
                results,
                &format!("{} for each insured", words(&one.service)),
                Quantity::Count,
                |at| {
                    let insured = total(at);
                    (0.0 < insured).then(|| one.contacts.total(at) / insured)
                },
            )
        })
        .collect();
    let cost = |at: usize| services().map(|one| one.cost.total(at)).sum::<f64>();
    let each = |at: usize| {
        let insured = total(at);
        (0.0 < insured).then(|| cost(at) / insured)
    };
    let mut money: Vec<_> = services()
        .map(|one| {
            row(results, &words(&one.service), Quantity::Money, |at| Some(one.cost.total(at)))
        })
        .collect();
    money.push(row(results, "All services", Quantity::Money, |at| Some(cost(at))));
    money.push(row(results, "For each insured", Quantity::MoneyEach, each));
    money.push(row(
        results,
        &first_prices("For each insured", results),
        Quantity::MoneyEach,
        |at| at_first_prices(results, at, each(at)?),
    ));
    let groups = vec![
        FigureGroup { title: "Insured, mean of the year".into(), rows: people },
        FigureGroup { title: "Contacts of the year".into(), rows: use_of },
        FigureGroup { title: "Cost to the branch".into(), rows: money },
    ];
    Some(table_of_figures(
        results,
        "Health branch",
        &key_positions(results.population.years),
        groups,
    ))
}
