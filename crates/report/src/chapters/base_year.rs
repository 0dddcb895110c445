use perennis_indicators::{BaseYearRow, Measure};
use perennis_valuation::Results;
use serde::Serialize;

use crate::charts::Bar;
use crate::format::{Quantity, Scale, grouped};
use crate::view::Picture;

/// The model beside the last published year.
#[derive(Serialize)]
pub(crate) struct BaseYearView {
    picture: Picture,
    rows: Vec<RowView>,
    outside: usize,
}

/// One published figure beside the model's.
#[derive(Serialize)]
struct RowView {
    label: String,
    year: i32,
    unit: String,
    published: String,
    model: String,
    ratio: String,
    factor: String,
    warning: bool,
    source: String,
    check: String,
}

/// Builds the chapter, where the files give a published year.
pub(crate) fn base_year(results: &Results) -> Option<BaseYearView> {
    let rows = &results.measured.base_year;
    if rows.is_empty() {
        return None;
    }
    let bars = rows
        .iter()
        .map(|row| Bar { label: label(row), value: row.ratio, marked: row.warning })
        .collect();
    let description = "Model over published account of the base year; the band is 0.95 to 1.05.";
    Some(BaseYearView {
        picture: Picture::bars("base-year", "Model over published account", description, bars),
        rows: rows.iter().map(|row| view(row, &results.title.currency)).collect(),
        outside: rows.iter().filter(|row| row.warning).count(),
    })
}

fn view(row: &BaseYearRow, currency: &str) -> RowView {
    let quantity = match row.item.measure {
        Measure::Contributors { .. } | Measure::Insured { .. } | Measure::Beneficiaries { .. } => {
            Quantity::Persons
        }
        _ => Quantity::Money,
    };
    let scale = Scale::of(quantity, currency, [row.item.value, row.model].into_iter());
    let factor = row.item.calibration.map(|calibration| match calibration.run_off {
        Some(years) => format!("{} over {years} years", grouped(calibration.factor, 3)),
        None => format!("{} for good", grouped(calibration.factor, 3)),
    });
    RowView {
        label: label(row),
        year: row.item.year.get(),
        unit: scale.unit.clone(),
        published: scale.number(row.item.value),
        model: scale.number(row.model),
        ratio: grouped(row.ratio, 3),
        factor: factor.unwrap_or_else(|| "none".into()),
        warning: row.warning,
        source: row.item.source.clone(),
        check: check(row, currency),
    }
}

fn label(row: &BaseYearRow) -> String {
    let mut label = row.item.measure.label().replace('_', " ");
    if row.check.is_some() {
        label = format!("contributors × mean earnings × rate, against {label}");
    }
    label[..1].make_ascii_uppercase();
    label
}

fn check(row: &BaseYearRow, currency: &str) -> String {
    let Some(check) = row.check else { return String::new() };
    let text = |quantity: Quantity, value: f64| {
        Scale::of(quantity, currency, [value].into_iter()).with_unit(value)
    };
    format!(
        "{} × {} a year × {}",
        text(Quantity::Persons, check.contributors),
        text(Quantity::Money, check.mean_earnings),
        text(Quantity::Share, check.rate),
    )
}
