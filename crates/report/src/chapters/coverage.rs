use perennis_valuation::Results;
use serde::Serialize;

use super::{indicator_row, percent_heading, percent_series};
use crate::figures::{FigureGroup, key_positions};
use crate::format::Quantity;
use crate::view::{Picture, TableView, table_of_figures};

/// Effective coverage by sex, with informality.
#[derive(Serialize)]
pub(crate) struct CoverageView {
    workers: Option<Picture>,
    old: Option<Picture>,
    table: TableView,
}

/// What is covered: indicator and words.
const MEASURES: [(&str, &str); 4] = [
    ("coverage_of_employed", "Contributors, of the employed"),
    ("coverage_of_labour_force", "Contributors, of the labour force"),
    ("pension_coverage_65", "Pensions in payment, per person aged 65 and over"),
    ("informal_share", "Informal, of the employed"),
];

/// Builds the chapter, where the run has pension schemes.
pub(crate) fn coverage(results: &Results) -> Option<CoverageView> {
    results.pensions.as_ref()?;
    let by_sex = |name: &str| {
        vec![
            percent_series(results, "Men", ("nation", &format!("{name}_male"))),
            percent_series(results, "Women", ("nation", &format!("{name}_female"))),
        ]
    };
    let workers = percent_heading(
        "coverage-workers".into(),
        "Contributors of pension schemes, of the employed",
        "% of the employed of the sex",
    );
    let old = percent_heading(
        "coverage-old".into(),
        "Pensions in payment at ages 65 and over",
        "per 100 persons of the sex and age",
    );
    Some(CoverageView {
        workers: Picture::lines(results, workers, by_sex("coverage_of_employed"), Vec::new()),
        old: Picture::lines(results, old, by_sex("pension_coverage_65"), Vec::new()),
        table: table(results),
    })
}

fn table(results: &Results) -> TableView {
    let group = |(name, title): (&str, &str)| {
        let sexes = [("", "Both"), ("_male", "Men"), ("_female", "Women")];
        let rows = sexes.iter().filter_map(|(ending, label)| {
            indicator_row(results, label, Quantity::Share, ("nation", &format!("{name}{ending}")))
        });
        FigureGroup { title: title.to_owned(), rows: rows.collect() }
    };
    let groups = MEASURES.into_iter().map(group).collect();
    table_of_figures(
        results,
        "Effective coverage by sex",
        &key_positions(results.population.years),
        groups,
    )
}
