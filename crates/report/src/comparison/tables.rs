use super::key::KeyValues;
use super::lives::{gains_table, model_persons_table};
use super::order::orders;
use super::run::{BASELINE, ComparedRun};
use crate::csv::CsvWriter;
use crate::table::{Table, TableError};

/// What the tables call the assumptions of the valuation itself, without a scenario under them.
pub(crate) const OWN: &str = "valuation";

/// Returns every table of a comparison, in the order of its manifest.
pub(crate) fn tables(runs: &[ComparedRun]) -> Result<Vec<Table>, TableError> {
    let mut tables =
        vec![comparison(runs)?, key(runs)?, financing(runs)?, order(runs)?, scenarios(runs)?];
    if runs.iter().any(|run| !run.lives.persons.is_empty()) {
        tables.push(model_persons_table(runs)?);
        tables.push(gains_table(runs)?);
    }
    Ok(tables)
}

/// Returns the name of what lies under a run, as tables have it.
pub(crate) fn under(name: &str) -> &str {
    if name.is_empty() { OWN } else { name }
}

/// Returns the run without reforms under the same assumptions.
pub(crate) fn baseline_of<'a>(
    runs: &'a [ComparedRun],
    run: &ComparedRun,
) -> Option<&'a ComparedRun> {
    let baseline =
        |other: &&ComparedRun| other.label.name == BASELINE && other.label.under == run.label.under;
    runs.iter().find(baseline)
}

/// Every indicator of every run in every year, beside that of the baseline.
fn comparison(runs: &[ComparedRun]) -> Result<Table, TableError> {
    let columns = &[
        "scenario",
        "under",
        "year",
        "scope",
        "indicator",
        "value",
        "baseline",
        "difference",
        "unit",
    ];
    let rows = runs.iter().flat_map(|run| &run.paths).map(|path| path.values.len()).sum();
    let mut csv = CsvWriter::new("comparison.csv", columns, rows);
    for run in runs {
        let baseline = baseline_of(runs, run);
        for path in &run.paths {
            let below = baseline.and_then(|baseline| baseline.path(&path.scope, path.indicator));
            for (at, value) in path.values.iter().enumerate() {
                let Some(value) = value else { continue };
                let below = below.and_then(|path| *path.values.get(at)?);
                csv.text(&run.label.name);
                csv.text(under(&run.label.under));
                csv.number(f64::from(run.years.at(at).get()));
                csv.text(&path.scope);
                csv.text(path.indicator);
                csv.beside_baseline(Some(*value), below);
                csv.text(path.unit);
                csv.end_row();
            }
        }
    }
    Table::finish("comparison.csv", csv)
}

/// Every indicator of every run now, at its lowest, at its highest and at the horizon.
fn key(runs: &[ComparedRun]) -> Result<Table, TableError> {
    let columns = &[
        "scenario",
        "under",
        "scope",
        "indicator",
        "moment",
        "year",
        "value",
        "baseline_year",
        "baseline",
        "difference",
        "unit",
    ];
    let rows = 4 * runs.iter().map(|run| run.paths.len()).sum::<usize>();
    let mut csv = CsvWriter::new("comparison_key.csv", columns, rows);
    for run in runs {
        let baseline = baseline_of(runs, run);
        for path in &run.paths {
            let Some(values) = KeyValues::of(run, path) else { continue };
            let below = baseline.and_then(|baseline| {
                KeyValues::of(baseline, baseline.path(&path.scope, path.indicator)?)
            });
            let below = below.map(|below| below.named());
            for (which, (moment, at)) in values.named().into_iter().enumerate() {
                let below = below.map(|below| below[which].1);
                csv.text(&run.label.name);
                csv.text(under(&run.label.under));
                csv.text(&path.scope);
                csv.text(path.indicator);
                csv.text(moment);
                csv.number(f64::from(at.year));
                csv.number(at.value);
                csv.number_or_blank(below.map(|below| f64::from(below.year)));
                csv.number_or_blank(below.map(|below| below.value));
                csv.number_or_blank(below.map(|below| at.value - below.value));
                csv.text(path.unit);
                csv.end_row();
            }
        }
    }
    Table::finish("comparison_key.csv", csv)
}

/// Every measure of financing of every run; a date that does not come within the horizon has an empty value.
fn financing(runs: &[ComparedRun]) -> Result<Table, TableError> {
    let columns =
        &["scenario", "under", "scope", "measure", "value", "baseline", "difference", "unit"];
    let rows = runs.iter().map(|run| run.measures.len()).sum();
    let mut csv = CsvWriter::new("comparison_financing.csv", columns, rows);
    for run in runs {
        let baseline = baseline_of(runs, run);
        for one in &run.measures {
            let below = baseline.and_then(|below| below.measure(&one.scope, &one.measure)?.value);
            csv.text(&run.label.name);
            csv.text(under(&run.label.under));
            csv.text(&one.scope);
            csv.text(&one.measure);
            csv.beside_baseline(one.value, below);
            csv.text(one.unit);
            csv.end_row();
        }
    }
    Table::finish("comparison_financing.csv", csv)
}

/// The place of every run by every measure, under each set of assumptions.
fn order(runs: &[ComparedRun]) -> Result<Table, TableError> {
    let columns =
        &["under", "scope", "measure", "place", "scenario", "value", "unit", "place_in_valuation"];
    let all = orders(runs);
    let mut csv = CsvWriter::new("comparison_order.csv", columns, all.len() * runs.len());
    for order in &all {
        let own = all.iter().find(|own| {
            own.under.is_empty() && own.scope == order.scope && own.measure == order.measure
        });
        for (run, value) in &order.runs {
            let place = |order: &super::order::Order<'_>| order.place(&run.label.name);
            csv.text(under(order.under));
            csv.text(&order.scope);
            csv.text(order.measure);
            csv.number_or_blank(place(order).map(number));
            csv.text(&run.label.name);
            csv.number(*value);
            csv.text(order.unit);
            csv.number_or_blank(own.and_then(place).map(number));
            csv.end_row();
        }
    }
    Table::finish("comparison_order.csv", csv)
}

/// What each run is: title, source and file of its reform, and its delay.
fn scenarios(runs: &[ComparedRun]) -> Result<Table, TableError> {
    let columns = &["scenario", "under", "title", "source", "file", "delay_years", "warnings"];
    let mut csv = CsvWriter::new("scenarios.csv", columns, runs.len());
    for run in runs {
        let label = &run.label;
        csv.text(&label.name);
        csv.text(under(&label.under));
        csv.text(&label.title);
        csv.text(&label.source);
        csv.text(&label.file);
        csv.number(f64::from(label.delay));
        csv.text(&label.warnings.join("; "));
        csv.end_row();
    }
    Table::finish("scenarios.csv", csv)
}

#[expect(clippy::cast_precision_loss, reason = "a place among a few runs")]
const fn number(place: usize) -> f64 {
    place as f64
}
