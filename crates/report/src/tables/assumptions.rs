use perennis_indicators::{BaseYearRow, Measure};
use perennis_valuation::Results;

use crate::RunRecord;
use crate::csv::CsvWriter;
use crate::table::{Table, TableError};

/// The model beside the last published year.
pub(crate) fn base_year(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let rows = &results.measured.base_year;
    if rows.is_empty() {
        return Ok(None);
    }
    let columns = &[
        "year",
        "measure",
        "scope",
        "benefit",
        "published",
        "model",
        "ratio",
        "contributors",
        "mean_earnings",
        "rate",
        "calibration_factor",
        "warning",
        "source",
    ];
    let mut csv = CsvWriter::new("base_year.csv", columns, rows.len());
    for row in rows {
        let (measure, scope, benefit) = words(row);
        csv.number(f64::from(row.item.year.get()));
        csv.text(measure);
        csv.text(scope);
        csv.text(benefit);
        csv.number(row.item.value);
        csv.number(row.model);
        csv.number(row.ratio);
        csv.number_or_blank(row.check.map(|check| check.contributors));
        csv.number_or_blank(row.check.map(|check| check.mean_earnings));
        csv.number_or_blank(row.check.map(|check| check.rate));
        csv.number_or_blank(row.item.calibration.map(|calibration| calibration.factor));
        csv.text(yes_or_no(row.warning));
        csv.text(&row.item.source);
        csv.end_row();
    }
    Table::finish("base_year.csv", csv).map(Some)
}

/// Every value of substance with its unit and source.
pub(crate) fn assumptions(
    _results: &Results,
    record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    if record.assumptions.is_empty() {
        return Ok(None);
    }
    let columns = &["path", "value", "unit", "source", "checked", "derived", "note"];
    let mut csv = CsvWriter::new("assumptions.csv", columns, record.assumptions.len());
    for one in &record.assumptions {
        csv.text(&one.path);
        csv.text(&one.value);
        csv.text(&one.unit);
        csv.text(&one.source);
        csv.text(yes_or_no(one.checked));
        csv.text(yes_or_no(one.derived));
        csv.text(&one.note);
        csv.end_row();
    }
    Table::finish("assumptions.csv", csv).map(Some)
}

/// Returns the word of the measure, the scheme or account it is about, and the benefit.
fn words(row: &BaseYearRow) -> (&'static str, &str, &str) {
    match &row.item.measure {
        Measure::Contributions { account } if row.check.is_some() => {
            ("contributors_times_earnings_times_rate", account, "")
        }
        Measure::Insured { scheme } => ("insured", scheme, ""),
        Measure::Outgo { account } => ("outgo", account, ""),
        Measure::Contributors { scheme } => ("contributors", scheme, ""),
        Measure::Contributions { account } => ("contributions", account, ""),
        Measure::Beneficiaries { scheme, benefit } => ("beneficiaries", scheme, benefit),
        Measure::Expenditure { account, benefit } => ("expenditure", account, benefit),
        Measure::Administration { account } => ("administration", account, ""),
        Measure::ReserveEnd { account } => ("reserve_end", account, ""),
    }
}

const fn yes_or_no(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
