use perennis_generations::{RateRow, RateTable};
use perennis_units::Sex;

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Csv, Kind};
use crate::read::liabilities::RateFile;

/// The oldest age, or the longest service, that a table may name.
const LARGEST: i32 = 200;

/// Reads figures by group, sex, age, service and year.
pub(super) fn rates(raw: &RateFile, at: &At<'_>, kind: &Kind) -> Option<RateTable> {
    let factor = raw.factor.unwrap_or(1.0);
    match (raw.value, &raw.file) {
        (Some(value), None) => {
            let place = at.key("value");
            let (cited, unit) = (place.citation(), place.unit(kind));
            let value = unit.and_then(|unit| kind.check(value * unit * factor, &place));
            cited.and(value).map(RateTable::constant)
        }
        (None, Some(file)) => from_file(raw, (file, factor), at, kind),
        (None, None) => {
            let remedy = "give value = …, or file = \"….csv\" and column = \"…\"";
            at.fault(Code::NoValues, format!("`{}` has no values", at.path()), remedy);
            None
        }
        (Some(_), Some(_)) => {
            let reason = format!("`{}` is given in more than one way", at.path());
            at.fault(Code::TwoWays, reason, "keep one of value and file");
            None
        }
    }
}

/// Where the keys of a row stand.
struct Keys {
    group: Option<usize>,
    sex: Option<usize>,
    ages: [Option<usize>; 3],
    service: [Option<usize>; 3],
    years: [Option<usize>; 3],
}

impl Keys {
    fn of(csv: &Csv, age: &str) -> Self {
        let names = csv.names();
        let find = |name: &str| names.iter().position(|found| found == name);
        let span = |one: &str, name: &str| {
            [find(one), find(&format!("{name}_from")), find(&format!("{name}_to"))]
        };
        Self {
            group: find("group"),
            sex: find("sex"),
            ages: span(age, "age"),
            service: span("service", "service"),
            years: span("year", "year"),
        }
    }
}

fn from_file(
    raw: &RateFile,
    (file, times): (&str, f64),
    at: &At<'_>,
    kind: &Kind,
) -> Option<RateTable> {
    let place = at.key("file");
    let Some(column) = &raw.column else {
        let reason = format!("`{}` names a file and no column", at.path());
        place.fault(Code::MissingKey, reason, "add column = \"…\", the column of the figures");
        return None;
    };
    // Counts over counts are rates whatever they are counted in.
    let factor = if raw.over.is_some() { Some(1.0) } else { place.unit(kind) };
    let cited = place.citation();
    let csv = Csv::open(file, &place)?;
    let figures = csv.position(column, &at.key("column"))?;
    let over = match &raw.over {
        None => None,
        Some(over) => Some(csv.position(over, &at.key("over"))?),
    };
    let age = match &raw.age {
        None => "age",
        Some(age) => {
            csv.position(age, &at.key("age"))?;
            age
        }
    };
    let (keys, factor) = (Keys::of(&csv, age), factor? * times);
    let before = at.reading().count();
    let mut rows = Vec::with_capacity(csv.rows());
    for row in 0..csv.rows() {
        let cell = csv.cell(row, figures);
        if cell.text().is_empty() {
            continue;
        }
        let Some(number) = cell.number(&place) else { continue };
        let under = over.map_or(Some(1.0), |over| csv.cell(row, over).number(&place));
        let Some(under) = under else { continue };
        let figure = if over.is_some() && under <= 0.0 { 0.0 } else { number * factor / under };
        let Some(value) = cell.check(figure, kind, &place) else { continue };
        rows.push(RateRow {
            group: group(&csv, row, keys.group),
            sex: keys.sex.and_then(|column| sex(&csv, (row, column), &place)),
            ages: span(&csv, row, &keys.ages, &place)?,
            service: span(&csv, row, &keys.service, &place)?,
            years: span(&csv, row, &keys.years, &place)?,
            value,
        });
    }
    (cited.is_some() && at.reading().count() == before).then(|| RateTable::new(rows))
}

fn group(csv: &Csv, row: usize, column: Option<usize>) -> Option<String> {
    let name = csv.cell(row, column?).text().into_owned();
    (!name.is_empty()).then_some(name)
}

/// Reads a sex; an empty cell is for both.
fn sex(csv: &Csv, (row, column): (usize, usize), at: &At<'_>) -> Option<Sex> {
    let cell = csv.cell(row, column);
    let text = cell.text();
    let sex = Sex::ALL.into_iter().find(|sex| sex.as_str() == text);
    if sex.is_none() && !text.is_empty() {
        let reason = format!("`{text}` is neither male nor female");
        cell.fault(at, Code::NotASex, reason, "write male or female, or leave it empty for both");
    }
    sex
}

/// Reads a single number or a span; what is not there or empty is open.
fn span(
    csv: &Csv,
    row: usize,
    [one, from, to]: &[Option<usize>; 3],
    at: &At<'_>,
) -> Option<(i32, i32)> {
    if let Some(single) = whole(csv, row, *one, at)? {
        return Some((single, single));
    }
    let first = whole(csv, row, *from, at)?.unwrap_or(i32::MIN);
    let last = whole(csv, row, *to, at)?.unwrap_or(i32::MAX);
    if last < first
        && let Some(column) = to
    {
        let reason = format!("the span ends at {last}, before it begins at {first}");
        csv.cell(row, *column).fault(at, Code::Incoherent, reason, "put the lower number first");
        return None;
    }
    Some((first, last))
}

/// Reads a whole number: `Some(None)` for an empty cell, `None` with a fault reported.
fn whole(csv: &Csv, row: usize, column: Option<usize>, at: &At<'_>) -> Option<Option<i32>> {
    let Some(column) = column else { return Some(None) };
    let cell = csv.cell(row, column);
    let text = cell.text();
    if text.is_empty() {
        return Some(None);
    }
    let number = text
        .parse::<i32>()
        .ok()
        .filter(|number| (0..=LARGEST).contains(number) || (1850..=2430).contains(number));
    if number.is_none() {
        let reason = format!("`{text}` is not a whole number of years");
        cell.fault(at, Code::NotAnAge, reason, "write ages, service and years as whole numbers");
        return None;
    }
    Some(number)
}
