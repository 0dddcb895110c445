use std::collections::BTreeMap;

use perennis_scheme::{EarningsByMonth, RecordRow, WORK};
use perennis_units::{Money, Path, Year};

use super::indices::Indices;
use super::months::{self, Month};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Axis, Column, Gaps, Kind, Layout, Observed, Series, TableFile};
use crate::read::person as raw;

/// One year and kind of a record before it is checked against the others.
pub(super) struct Row<'a> {
    pub(super) year: i32,
    pub(super) kind: String,
    pub(super) months: i64,
    pub(super) earnings: f64,
    pub(super) by_month: Option<EarningsByMonth>,
    pub(super) at: At<'a>,
}

/// Builds the record: each year once for each kind, in the order of years.
pub(super) fn record(
    raw: Option<&raw::Record>,
    at: &At<'_>,
    indices: Option<&Indices>,
) -> Option<Vec<RecordRow>> {
    let Some(raw) = raw else { return Some(Vec::new()) };
    let before = at.reading().count();
    let (mut rows, mut by_month) = (Vec::new(), Vec::new());
    if let Some(file) = &raw.file {
        table(file, at, &mut rows, &mut by_month);
    }
    for (index, raw) in raw.months.iter().flatten().enumerate() {
        by_month.extend(months::span(raw, &at.key("months").index(index)).unwrap_or_default());
    }
    rows.extend(months::years(by_month));
    for (index, raw) in raw.spans.iter().flatten().enumerate() {
        rows.extend(span(raw, &at.key("spans").index(index), indices).unwrap_or_default());
    }
    for (index, raw) in raw.years.iter().flatten().enumerate() {
        rows.extend(year(raw, &at.key("years").index(index)));
    }
    if rows.is_empty() && at.reading().count() == before {
        at.fault(Code::NoValues, "the record has no years", "give years, spans, months or file");
    }
    let sorted = each_once(rows)?;
    twelve_months(&sorted);
    (at.reading().count() == before).then_some(())?;
    let built = sorted.into_iter().map(|row| {
        Some(RecordRow {
            year: Year::new(row.year),
            kind: row.kind,
            months: i32::try_from(row.months).ok()?,
            earnings: Money::new(row.earnings).ok()?,
            by_month: row.by_month,
        })
    });
    built.collect()
}

fn year<'a>(raw: &raw::RecordYear, at: &At<'a>) -> Option<Row<'a>> {
    let year = calendar(raw.year, &at.key("year"));
    let months = months(raw.months, &at.key("months"));
    let earnings = match (raw.earnings, months) {
        (None, _) => at.citation().map(|_| 0.0),
        (Some(earnings), months) => {
            earned(earnings, Some(months.unwrap_or(12)), &at.key("earnings"))
        }
    };
    let kind = kind(raw.kind.as_deref());
    Some(Row {
        year: year?,
        kind,
        months: months?,
        earnings: earnings?,
        by_month: None,
        at: at.clone(),
    })
}

fn span<'a>(raw: &raw::Span, at: &At<'a>, indices: Option<&Indices>) -> Option<Vec<Row<'a>>> {
    let (from, to) = (calendar(raw.from, &at.key("from")), calendar(raw.to, &at.key("to")));
    let months = months(raw.months, &at.key("months"));
    let (from, to) = (from?, to?);
    if to < from {
        let reason = format!("the span ends in {to}, before it begins in {from}");
        at.key("to").fault(Code::DatesContradict, reason, "correct one of the two years");
        return None;
    }
    let earnings = span_earnings(raw, at, (from, to), indices);
    let (months, earnings) = (months?, earnings?);
    let kind = kind(raw.kind.as_deref());
    let rows = (from..=to).map(|year| Row {
        year,
        kind: kind.clone(),
        months,
        earnings: earnings.at(Year::new(year)) * per_month(at, months),
        by_month: None,
        at: at.clone(),
    });
    Some(rows.collect())
}

/// Returns the earnings of every year of a span as a full year earns them.
fn span_earnings(
    raw: &raw::Span,
    at: &At<'_>,
    (from, to): (i32, i32),
    indices: Option<&Indices>,
) -> Option<Path<f64>> {
    if let Some(file) = &raw.file {
        if raw.earnings.is_some() || raw.grows.is_some() {
            let reason = "earnings come from a file and are given beside it";
            at.fault(Code::TwoWays, reason, "keep `file` and `column`, or `earnings`");
            return None;
        }
        return from_file(file, raw.column.as_deref(), at, (from, to));
    }
    let Some(earnings) = raw.earnings else {
        return at.citation().map(|_| Path::constant(0.0));
    };
    let place = at.key("earnings");
    let (cited, factor) = (place.citation(), place.unit(&Kind::PAY_A_YEAR));
    let first = factor.and_then(|factor| Kind::PAY_A_YEAR.check(earnings * factor, &place));
    let (_, first) = (cited?, first?);
    let Some(grows) = raw.grows else { return Some(Path::constant(first)) };
    let indices = indices?;
    let (given, levels, name) = match grows {
        raw::Grows::Prices => (indices.given[0], &indices.levels.prices, "prices"),
        raw::Grows::Wages => (indices.given[1], &indices.levels.wages, "wages"),
    };
    if !given {
        let reason = format!("earnings grow with {name}, which the file does not give");
        at.key("grows").fault(Code::NoValues, reason, format!("add indices.{name}"));
        return None;
    }
    let start = levels.at(Year::new(from));
    let grown = (from..=to).map(|year| first * levels.at(Year::new(year)) / start);
    Path::new(Year::new(from), grown.collect())
}

fn from_file(
    file: &str,
    column: Option<&str>,
    at: &At<'_>,
    (from, to): (i32, i32),
) -> Option<Path<f64>> {
    let series = Series {
        value: None,
        values: None,
        file: Some(file.to_owned()),
        column: column.map(str::to_owned),
        gaps: Some(Gaps::None),
    };
    let Observed::ByYear(place, points) = series.given(at, &Kind::PAY_A_YEAR)? else { return None };
    let points: BTreeMap<i32, f64> = points.into_iter().collect();
    let found: Vec<Option<f64>> = (from..=to).map(|year| points.get(&year).copied()).collect();
    if let Some(position) = found.iter().position(Option::is_none) {
        let year = from + i32::try_from(position).ok()?;
        let remedy = "give the year in the file, or shorten the span";
        place.fault(Code::YearMissing, format!("the file has no earnings for {year}"), remedy);
        return None;
    }
    Path::new(Year::new(from), found.into_iter().flatten().collect())
}

/// Reads a table of the record; a row without a kind is work.
fn table<'a>(file: &str, at: &At<'a>, years: &mut Vec<Row<'a>>, by_month: &mut Vec<Month<'a>>) {
    let raw = TableFile { file: file.to_owned(), ages: None, gaps: None, units: None };
    let months = Column::optional("months", Kind::MONTHS.within(0.0, 12.0)).always_in("months");
    let layout = Layout {
        axes: &[Axis::Year],
        optional: &[Axis::Name("month"), Axis::Name("kind")],
        columns: &[months, Column::needed("earnings", Kind::PAY_A_YEAR)],
    };
    let Some(rows) = raw.rows(at, &layout) else { return };
    let (month, named) = (rows.name("month"), rows.name("kind"));
    for (position, row) in rows.rows.iter().enumerate() {
        let (Some(year), Some(earnings)) = (row.year, row.values[1]) else { continue };
        let kind = kind(named.and_then(|named| row.names.get(named)).map(String::as_str));
        if let Some(month) = month {
            let written = &row.names[month];
            let month = written.parse::<usize>().ok().filter(|month| (1..=12).contains(month));
            let Some(month) = month.filter(|_| row.values[0].is_none()) else {
                let reason = format!("`{written}` is no month, or stands beside `months`");
                let words = (reason, "write 1 to 12, and no column `months`".to_owned());
                rows.fault(position, at, Code::OutOfBounds, words);
                continue;
            };
            let (month, earnings, at) = (month - 1, earnings / 12.0, at.key("file"));
            by_month.push(Month { year, month, kind, earnings, at });
            continue;
        }
        let Some(months) = row.values[0] else {
            let words =
                ("the months are not given".to_owned(), "write 0 to 12, or `month`".to_owned());
            rows.fault(position, at, Code::EmptyCell, words);
            continue;
        };
        if months.fract() != 0.0 {
            let words = (format!("{months} months are not whole"), "give whole months".to_owned());
            rows.fault(position, at, Code::OutOfBounds, words);
            continue;
        }
        #[expect(clippy::cast_possible_truncation, reason = "months lie within 0 to 12")]
        let months = months as i64;
        let earnings = earnings * per_month(&at.key("file"), months);
        let (by_month, at) = (None, at.key("file"));
        years.push(Row { year, kind, months, earnings, by_month, at });
    }
}

pub(super) fn kind(raw: Option<&str>) -> String {
    raw.unwrap_or(WORK).to_owned()
}

/// Returns the part of a full year's earnings that is earned in a year of so many months: all of it where the file gives
/// the earnings of the calendar year, the months' part where it gives those of a month.
fn per_month(at: &At<'_>, months: i64) -> f64 {
    let monthly = at.find_unit().is_some_and(|(unit, _)| unit.ends_with(" a month"));
    #[expect(clippy::cast_precision_loss, reason = "months lie within 0 to 12")]
    if monthly { months as f64 / 12.0 } else { 1.0 }
}

/// Returns earnings of a year of so many months; as of a whole year where none are told.
pub(super) fn earned(value: f64, months: Option<i64>, at: &At<'_>) -> Option<f64> {
    let (cited, factor) = (at.citation(), at.unit(&Kind::PAY_A_YEAR));
    let year = factor.and_then(|factor| Kind::PAY_A_YEAR.check(value * factor, at));
    cited.and(year).map(|year| year * months.map_or(1.0, |months| per_month(at, months)))
}

fn calendar(year: i32, at: &At<'_>) -> Option<i32> {
    if (1850..=2300).contains(&year) {
        return Some(year);
    }
    let reason = format!("{year} is not a year from 1850 to 2300");
    at.fault(Code::NotAYear, reason, "write a calendar year such as 1998");
    None
}

fn months(raw: Option<i64>, at: &At<'_>) -> Option<i64> {
    let months = raw.unwrap_or(12);
    if (0..=12).contains(&months) {
        return Some(months);
    }
    let reason = format!("{months} months are outside 0 to 12, the months of a year");
    let code = if months < 0 { Code::Negative } else { Code::OutOfBounds };
    at.fault(code, reason, "give each calendar year a row of its own");
    None
}

/// Sorts the rows; the same year and kind twice is a fault.
fn each_once(mut rows: Vec<Row<'_>>) -> Option<Vec<Row<'_>>> {
    rows.sort_by(|one, other| (one.year, &one.kind).cmp(&(other.year, &other.kind)));
    let mut once = true;
    for pair in rows.windows(2) {
        if pair[0].year == pair[1].year && pair[0].kind == pair[1].kind {
            once = false;
            let reason = format!("{} has `{}` twice in the record", pair[1].year, pair[1].kind);
            let remedy = "add up what was earned in the year, or name another kind of period";
            pair[1].at.fault(Code::RowDuplicate, reason, remedy);
        }
    }
    once.then_some(rows)
}

/// Checks that the kinds of one year share its months.
fn twelve_months(rows: &[Row<'_>]) {
    for year in rows.chunk_by(|one, other| one.year == other.year) {
        let months: i64 = year.iter().map(|row| row.months).sum();
        if 12 < months {
            let reason = format!("{} has {months} months of all kinds together", year[0].year);
            let remedy = "a month counts once: give it to one kind of period";
            year[year.len() - 1].at.fault(Code::MonthsAboveTwelve, reason, remedy);
        }
    }
}
