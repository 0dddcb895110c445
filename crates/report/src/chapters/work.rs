use perennis_valuation::Results;
use serde::Serialize;

use super::{in_common_scale, path, percent_heading, percent_series, row};
use crate::charts::Series;
use crate::figures::{Figure, FigureGroup, key_positions};
use crate::format::{Quantity, words};
use crate::view::{Heading, Picture, TableView, table_of_figures};

/// Employment and the economy.
#[derive(Serialize)]
pub(crate) struct WorkView {
    employed: Option<Picture>,
    informal: Option<Picture>,
    table: TableView,
}

/// Builds the chapter, where the run has work.
pub(crate) fn work(results: &Results) -> Option<WorkView> {
    let labour = results.labour.as_ref()?;
    let mut series: Vec<Series> = labour
        .employed
        .iter()
        .map(|group| Series {
            name: words(&group.name),
            values: path(results, |at| {
                Some(0.5 * (group.persons.total(at) + group.persons.total(at + 1)))
            }),
        })
        .collect();
    let scale = in_common_scale(&mut series, Quantity::Persons, "");
    let heading = Heading {
        id: "employed-by-group".into(),
        title: "Employed by group, mean of the year",
        unit: &scale.unit,
        decimals: scale.decimals().max(1),
    };
    let informal = vec![
        percent_series(results, "Men", ("nation", "informal_share_male")),
        percent_series(results, "Women", ("nation", "informal_share_female")),
    ];
    let unit = "% of the employed of the sex";
    let title = "Informal employment by sex";
    Some(WorkView {
        employed: Picture::stack(results, heading, series, Vec::new()),
        informal: Picture::lines(
            results,
            percent_heading("informal-share".into(), title, unit),
            informal,
            Vec::new(),
        ),
        table: table(results)?,
    })
}

fn table(results: &Results) -> Option<TableView> {
    let labour = results.labour.as_ref()?;
    let economy = &labour.economy;
    let growth = |label: &str, path: &[f64]| -> Figure {
        row(results, label, Quantity::Share, |at| path.get(at).copied())
    };
    let force = |at: usize| labour.labour_force_mean(at).sum();
    let employed = |at: usize| labour.employed_mean(at).sum();
    let people = vec![
        row(results, "Labour force, mean of the year", Quantity::Persons, |at| Some(force(at))),
        row(results, "Employed, mean of the year", Quantity::Persons, |at| Some(employed(at))),
        row(results, "Unemployed, of the labour force", Quantity::Share, |at| {
            let force = force(at);
            (0.0 < force).then(|| 1.0 - employed(at) / force)
        }),
    ];
    let real = |at: usize| {
        let (wage, price) = (economy.wage_growth.get(at)?, economy.price_growth.get(at)?);
        Some((1.0 + wage) / (1.0 + price) - 1.0)
    };
    let mut paths = vec![
        row(results, "Gross domestic product, current prices", Quantity::Money, |at| {
            economy.gdp.get(at).copied()
        }),
        growth("Growth of productivity, constant prices", &economy.productivity_growth),
        growth("Growth of prices", &economy.price_growth),
        growth("Growth of wages, current prices", &economy.wage_growth),
        row(results, "Growth of wages above prices", Quantity::Share, real),
        growth("Interest on reserves, nominal", &economy.interest),
    ];
    if let Some(share) = &economy.wage_share {
        paths.push(growth("Wages, of gross domestic product", share));
    }
    let groups = vec![
        FigureGroup { title: "People".into(), rows: people },
        FigureGroup { title: "Economy, rates a year".into(), rows: paths },
    ];
    Some(table_of_figures(
        results,
        "Work and the economy",
        &key_positions(results.population.years),
        groups,
    ))
}
