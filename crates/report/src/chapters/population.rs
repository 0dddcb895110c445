use perennis_units::Sex;
use perennis_valuation::Results;
use serde::Serialize;

use super::{in_common_scale, indicator_row, path, percent_heading, percent_series};
use crate::charts::{ChartKind, Outline, Series};
use crate::figures::{Figure, FigureGroup, distinct, key_positions, persons_aged};
use crate::format::{Quantity, Scale};
use crate::view::{Heading, Picture, TableView, table_of_figures};
use crate::{AssumptionRecord, RunRecord};

/// Broad ages: lowest, first beyond, name.
const BROAD_AGES: [(usize, usize, &str); 4] = [
    (0, 15, "Children, 0 to 14"),
    (15, 65, "Working ages, 15 to 64"),
    (65, 80, "65 to 79"),
    (80, usize::MAX, "80 and over"),
];

/// Population by age, and how it changes.
#[derive(Serialize)]
pub(crate) struct PopulationView {
    pyramids: Vec<Picture>,
    pyramid_unit: String,
    by_age: Option<Picture>,
    ageing: Option<Picture>,
    table: TableView,
    open_age: usize,
    sources: Vec<String>,
    notes: Vec<String>,
}

/// Builds the chapter.
pub(crate) fn population(results: &Results, record: &RunRecord) -> PopulationView {
    let (pyramids, pyramid_unit) = pyramids(results);
    let mut series: Vec<Series> = BROAD_AGES
        .iter()
        .map(|(from, to, name)| Series {
            name: (*name).to_owned(),
            values: path(results, |at| Some(persons_aged(results, at, *from..*to))),
        })
        .collect();
    let scale = in_common_scale(&mut series, Quantity::Persons, "");
    let heading = Heading {
        id: "population-by-age".into(),
        title: "Population by age, 1 January",
        unit: &scale.unit,
        decimals: scale.decimals().max(1),
    };
    let old =
        percent_series(results, "65 and over per person 15 to 64", ("nation", "old_age_ratio"));
    let title = "Old people per person of working age";
    let ageing = percent_heading("old-age-ratio".into(), title, "% of those aged 15 to 64");
    PopulationView {
        pyramids,
        pyramid_unit,
        by_age: Picture::stack(results, heading, series, Vec::new()),
        ageing: Picture::lines(results, ageing, vec![old], Vec::new()),
        table: table(results),
        sources: said(record, |one| one.source.as_str()),
        notes: said(record, |one| one.note.as_str()),
        open_age: results.population.persons.ages().saturating_sub(1),
    }
}

/// Returns what the files say beside the values of the population, each text once.
fn said<'a>(record: &'a RunRecord, text: fn(&'a AssumptionRecord) -> &'a str) -> Vec<String> {
    let own = record.assumptions.iter().filter(|one| one.path.starts_with("population."));
    let texts = distinct(own.map(text).filter(|text| !text.is_empty()));
    texts.into_iter().map(str::to_owned).collect()
}

/// Draws the first, the middle and the last year on one scale, the later ones with the outline of the first.
fn pyramids(results: &Results) -> (Vec<Picture>, String) {
    let population = &results.population;
    let last = population.persons.years().saturating_sub(1);
    let mut positions = vec![0, last / 2, last];
    positions.dedup();
    let largest = positions.iter().flat_map(|at| population.persons.year(*at).to_owned());
    let scale = Scale::of(Quantity::Persons, "", std::iter::once(largest.fold(0.0, f64::max)));
    let people = |at: usize, sex: Sex| -> Vec<f64> {
        population
            .persons
            .year(at)
            .row(sex.index())
            .iter()
            .map(|one| one * scale.factor())
            .collect()
    };
    let largest = positions
        .iter()
        .flat_map(|at| Sex::ALL.map(|sex| people(*at, sex)))
        .flatten()
        .fold(0.0, f64::max);
    let first_year = population.years.first();
    let pictures = positions.iter().map(|at| {
        let outline = (0 < *at).then(|| Outline {
            label: first_year.to_string(),
            men: people(0, Sex::Male),
            women: people(0, Sex::Female),
        });
        let (men, women) = (people(*at, Sex::Male), people(*at, Sex::Female));
        let year = population.years.at(*at).get();
        let kind = ChartKind::Pyramid { men, women, outline, largest };
        // The stock after the last year is that of its end, not of a year beyond the horizon.
        let title = if last == *at && 0 < last {
            format!("End of {}", year - 1)
        } else {
            format!("Start of {year}")
        };
        Picture::pyramid(format!("pyramid-{year}"), title, &scale.unit, kind)
    });
    (pictures.collect(), scale.unit.clone())
}

fn table(results: &Results) -> TableView {
    let population = &results.population;
    let persons = |label: &str, value: &dyn Fn(usize) -> f64| {
        super::row(results, label, Quantity::Persons, |at| Some(value(at)))
    };
    let mut stock = vec![persons("Population", &|at| population.persons.total(at))];
    stock.extend(
        BROAD_AGES
            .iter()
            .map(|(from, to, name)| persons(name, &|at| persons_aged(results, at, *from..*to))),
    );
    stock.extend(indicator_row(
        results,
        "65 and over per person 15 to 64, mean of the year",
        Quantity::Share,
        ("nation", "old_age_ratio"),
    ));
    let both = |value: &dyn Fn(Sex) -> f64| Sex::ALL.into_iter().map(value).sum::<f64>();
    let flows = vec![
        persons("Births", &|at| both(&|sex| population.births[[at, sex.index()]])),
        persons("Deaths", &|at| both(&|sex| population.deaths_of(at, sex))),
        persons("Net migrants", &|at| population.migrants.total(at)),
    ];
    let life = Sex::ALL.map(|sex| life_expectancy(results, sex));
    let groups = vec![
        FigureGroup { title: "On 1 January".into(), rows: stock },
        FigureGroup { title: "In the year".into(), rows: flows },
        FigureGroup { title: "Life expectancy at birth, period".into(), rows: life.into() },
    ];
    let positions = key_positions(population.years);
    table_of_figures(results, "Population", &positions, groups)
}

fn life_expectancy(results: &Results, sex: Sex) -> Figure {
    let label = match sex {
        Sex::Male => "Men",
        Sex::Female => "Women",
    };
    let tables = &results.population.mortality;
    super::row(results, label, Quantity::Years, |at| {
        Some(tables.get(at)?[sex.index()].life_expectancy(0))
    })
}
