use perennis_valuation::StressSize;

use super::{KEPT, SensitivityResult, full_name};
use crate::csv::CsvWriter;
use crate::table::{Table, TableError};

/// Returns every table, in the order of the manifest.
pub(super) fn tables(result: &SensitivityResult) -> Result<Vec<Table>, TableError> {
    let mut tables = vec![measures(result)?, indicators(result)?, runs(result)?];
    if !result.reverse.is_empty() {
        tables.push(reverse(result)?);
    }
    Ok(tables)
}

/// Every measure of financing of every run; a date that does not come has an empty value.
fn measures(result: &SensitivityResult) -> Result<Table, TableError> {
    let columns =
        &["kind", "name", "side", "scope", "measure", "value", "baseline", "difference", "unit"];
    let rows = result.runs.len() * result.baseline.measures.len();
    let mut csv = CsvWriter::new("sensitivity.csv", columns, rows);
    for one in &result.runs {
        for measure in &one.run.measures {
            let below = result.baseline.measure(&measure.scope, &measure.measure);
            let below = below.and_then(|below| below.value);
            csv.text(one.kind);
            csv.text(&one.name);
            csv.text(&one.side);
            csv.text(&measure.scope);
            csv.text(&measure.measure);
            csv.beside_baseline(measure.value, below);
            csv.text(measure.unit);
            csv.end_row();
        }
    }
    Table::finish("sensitivity.csv", csv)
}

/// The indicators that are kept of every run, in every year, beside the baseline.
fn indicators(result: &SensitivityResult) -> Result<Table, TableError> {
    let columns = &[
        "kind",
        "name",
        "side",
        "year",
        "scope",
        "indicator",
        "value",
        "baseline",
        "difference",
        "unit",
    ];
    let kept = result.baseline.paths.iter().filter(|path| KEPT.contains(&path.indicator));
    let paths = kept.count() * result.baseline.years.count();
    let name = "sensitivity_indicators.csv";
    let mut csv = CsvWriter::new(name, columns, result.runs.len() * paths);
    for one in &result.runs {
        let first = crate::csv::prefix(&[one.kind, &one.name, &one.side]);
        for path in one.run.paths.iter().filter(|path| KEPT.contains(&path.indicator)) {
            let below = result.baseline.path(&path.scope, path.indicator);
            for (at, value) in path.values.iter().enumerate() {
                let Some(value) = value else { continue };
                let below = below.and_then(|path| *path.values.get(at)?);
                csv.fields(3, &first);
                csv.number(f64::from(one.run.years.at(at).get()));
                csv.text(&path.scope);
                csv.text(path.indicator);
                csv.beside_baseline(Some(*value), below);
                csv.text(path.unit);
                csv.end_row();
            }
        }
    }
    Table::finish(name, csv)
}

/// What each run is.
fn runs(result: &SensitivityResult) -> Result<Table, TableError> {
    let columns = &[
        "kind",
        "name",
        "side",
        "title",
        "alternative",
        "changes",
        "limited",
        "source",
        "not_run",
    ];
    let rows = result.runs.len() + result.not_run.len();
    let mut csv = CsvWriter::new("sensitivity_runs.csv", columns, rows);
    for one in &result.runs {
        csv.text(one.kind);
        csv.text(&one.name);
        csv.text(&one.side);
        csv.text(&one.title);
        csv.text(&one.alternative);
        csv.text(&one.changes.join("; "));
        csv.number(number(one.limited));
        csv.text(&one.source);
        csv.text("");
        csv.end_row();
    }
    for one in &result.not_run {
        let (name, side) = one.name.split_once('.').unwrap_or((&one.name, ""));
        csv.text("");
        csv.text(name);
        csv.text(side);
        csv.text(&one.title);
        csv.text("");
        csv.text("");
        csv.number_or_blank(None);
        csv.text("");
        csv.text(&one.why);
        csv.end_row();
    }
    Table::finish("sensitivity_runs.csv", csv)
}

/// The smallest shocks that exhaust a reserve; an empty size is none that does.
fn reverse(result: &SensitivityResult) -> Result<Table, TableError> {
    let columns =
        &["name", "scope", "exhausted_by", "size", "largest_looked_at", "only", "changes"];
    let mut csv = CsvWriter::new("reverse_stress.csv", columns, result.reverse.len());
    for one in &result.reverse {
        let (size, largest, only) = match one.size {
            StressSize::None => (Some(0.0), None, ""),
            StressSize::Smallest { size, only } => {
                (Some(size), None, if only { "yes" } else { "no" })
            }
            StressSize::NotWithin { largest, .. } => (None, Some(largest), ""),
        };
        csv.text(&full_name(&one.name, &one.side));
        csv.text(&one.account);
        csv.number(f64::from(one.year));
        csv.number_or_blank(size);
        csv.number_or_blank(largest);
        csv.text(only);
        csv.text(&one.changes.join("; "));
        csv.end_row();
    }
    Table::finish("reverse_stress.csv", csv)
}

#[expect(clippy::cast_precision_loss, reason = "some thousand cells")]
const fn number(count: usize) -> f64 {
    count as f64
}
