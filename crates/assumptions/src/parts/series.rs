use std::collections::BTreeMap;

use perennis_units::{Growth, Path, Share, Year, YearRange};
use schemars::JsonSchema;
use serde::Deserialize;

use super::csv::{Cell, Csv, year_of};
use super::{Kind, plain};
use crate::at::At;
use crate::diagnostics::Code;

/// What stands in a year between two years that have figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gaps {
    /// On the straight line between the years before and after.
    Linear,
    /// The figure of the year before.
    Hold,
    /// No year may be missing.
    None,
}

/// A value for each year. Give one of: `value` (the same in every year), `values` (by year), `file` and `column`.
///
/// The last value holds to the end of the valuation, and the report says so.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Series {
    /// One value for every year.
    pub(crate) value: Option<f64>,
    /// Values by year: { 2026 = 0.034, 2030 = 0.03 }.
    pub(crate) values: Option<BTreeMap<String, f64>>,
    /// A CSV table with a column `year`; its path is relative to this file.
    pub(crate) file: Option<String>,
    /// The column of `file` that holds the values.
    pub(crate) column: Option<String>,
    /// What stands in a year that is missing between two others; `none` when left out.
    pub(crate) gaps: Option<Gaps>,
}

/// The figures of a series as they are given.
#[derive(Debug)]
pub(crate) enum Observed<'a> {
    /// One for every year.
    Always(f64),
    /// By year, in the order of years, with the place to which faults in them point.
    ByYear(At<'a>, Vec<(i32, f64)>),
}

impl Series {
    /// Returns the value of every year from the first given to the end of `years`, in the unit of `kind`.
    ///
    /// Unit, source and bounds are checked; a series that begins after `years` does is a fault.
    pub(crate) fn read(&self, at: &At<'_>, kind: &Kind, years: YearRange) -> Option<Path<f64>> {
        match self.given(at, kind)? {
            Observed::Always(value) => Some(Path::constant(value)),
            Observed::ByYear(place, points) => {
                let gaps = self.gaps.unwrap_or(Gaps::None);
                let (first, values) = fill(&points, gaps, years, &place)?;
                Path::new(first, values)
            }
        }
    }

    /// Returns the figures as they are given, in the unit of `kind`; unit, source and bounds are checked.
    pub(crate) fn given<'a>(&self, at: &At<'a>, kind: &Kind) -> Option<Observed<'a>> {
        let given = [self.value.is_some(), self.values.is_some(), self.file.is_some()];
        match given.iter().filter(|given| **given).count() {
            0 => {
                at.fault(
                    Code::NoValues,
                    format!("`{}` has no values", at.path()),
                    "give value = …, or values = { 2026 = … }, or file = \"….csv\" and column = \"…\"",
                );
                return None;
            }
            1 => {}
            _ => {
                at.fault(
                    Code::TwoWays,
                    format!("`{}` is given in more than one way", at.path()),
                    "keep one of value, values and file",
                );
                return None;
            }
        }
        if let Some(value) = self.value {
            return self.constant(value, at, kind).map(Observed::Always);
        }
        let (place, points) = match (&self.values, &self.file) {
            (Some(values), _) => typed(values, &at.key("values"), kind)?,
            (_, Some(file)) => self.column(file, at, kind)?,
            (None, None) => return None,
        };
        self.check_growth(&points, &place, kind);
        Some(Observed::ByYear(place, points))
    }

    /// Returns the values from the first year given to the last, gaps filled; nothing holds beyond them.
    ///
    /// Unit, source and bounds are checked; `value` alone gives no years and is a fault.
    pub(crate) fn recorded(&self, at: &At<'_>, kind: &Kind) -> Option<Path<f64>> {
        let (place, points) = match (&self.values, &self.file) {
            (Some(values), None) => typed(values, &at.key("values"), kind)?,
            (None, Some(file)) => self.column(file, at, kind)?,
            (given, _) => {
                let (code, found) = match given {
                    Some(_) => (Code::TwoWays, "both values and file"),
                    None => (Code::NoValues, "neither values nor file"),
                };
                at.fault(
                    code,
                    format!("`{}` has {found}", at.path()),
                    "give values = { 2026 = … }, or file = \"….csv\" and column = \"…\"",
                );
                return None;
            }
        };
        let [Some(first), Some(last)] =
            [points.first(), points.last()].map(|point| point.map(|point| point.0))
        else {
            return None;
        };
        let count = usize::try_from(last - first + 1).ok()?;
        let years = YearRange::new(Year::new(first), count);
        let (first, values) = fill(&points, self.gaps.unwrap_or(Gaps::None), years, &place)?;
        Path::new(first, values)
    }

    fn constant(&self, value: f64, at: &At<'_>, kind: &Kind) -> Option<f64> {
        let place = at.key("value");
        let cited = place.citation();
        let value = place.unit(kind).and_then(|factor| kind.check(value * factor, &place));
        if let Some(value) = value {
            self.check_growth(&[(0, value)], &place, kind);
        }
        cited.and(value)
    }

    fn check_growth(&self, points: &[(i32, f64)], place: &At<'_>, kind: &Kind) {
        if !kind.is_growth() {
            return;
        }
        if let Some((year, value)) = points.iter().find(|(_, value)| 0.25 < *value) {
            let when = if *year == 0 { String::new() } else { format!(" in {year}") };
            place.warn(
                Code::HighGrowth,
                format!("{} % a year{when} is above 25 %", plain(value * 100.0)),
                "check that the figure is a share of one and not of a hundred",
            );
        }
    }

    fn column<'a>(
        &self,
        file: &str,
        at: &At<'a>,
        kind: &Kind,
    ) -> Option<(At<'a>, Vec<(i32, f64)>)> {
        let place = at.key("file");
        let Some(column) = &self.column else {
            place.fault(
                Code::MissingKey,
                format!("`{}` names a file and no column", at.path()),
                "add column = \"…\", the column of the file that holds the values",
            );
            return None;
        };
        let cited = place.citation();
        let factor = place.unit(kind);
        let csv = Csv::open(file, &place)?;
        let year = csv.position("year", &place)?;
        let value = csv.position(column, &at.key("column"))?;
        let before = place.reading().count();
        let mut points: Vec<(i32, f64, usize)> = Vec::new();
        for row in 0..csv.rows() {
            let years = year_of(&csv.cell(row, year), &place);
            let number = csv.cell(row, value).number(&place);
            if let (Some(year), Some(number), Some(factor)) = (years, number, factor)
                && let Some(number) = csv.cell(row, value).check(number * factor, kind, &place)
            {
                points.push((year, number, row));
            }
        }
        points.sort_by_key(|(year, _, row)| (*year, *row));
        for pair in points.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            twice(&csv.cell(pair[1].2, year), pair[1].0, &place);
        }
        (cited.is_some() && factor.is_some() && place.reading().count() == before)
            .then(|| (place, points.into_iter().map(|(year, value, _)| (year, value)).collect()))
    }

    /// Returns relative changes a year, such as growth or interest.
    pub(crate) fn growth(&self, at: &At<'_>, years: YearRange) -> Option<Path<Growth>> {
        let path = self.read(at, &Kind::GROWTH, years)?;
        Some(path.map(|value| Growth::new(value).expect("the bounds of a growth are checked")))
    }

    /// Returns shares, 0 to 1.
    pub(crate) fn share(&self, at: &At<'_>, years: YearRange) -> Option<Path<Share>> {
        let path = self.read(at, &Kind::SHARE, years)?;
        Some(path.map(|value| Share::new(value).expect("the bounds of a share are checked")))
    }
}

fn twice(cell: &Cell<'_>, year: i32, place: &At<'_>) {
    cell.fault(
        place,
        Code::RowDuplicate,
        format!("the year {year} has two rows"),
        "keep one row for each year",
    );
}

fn typed<'a>(
    values: &BTreeMap<String, f64>,
    at: &At<'a>,
    kind: &Kind,
) -> Option<(At<'a>, Vec<(i32, f64)>)> {
    let cited = at.citation();
    let factor = at.unit(kind);
    if values.is_empty() {
        at.fault(Code::NoValues, "values is empty", "give at least one year: { 2026 = … }");
        return None;
    }
    let before = at.reading().count();
    let mut points = Vec::new();
    for (key, value) in values {
        let place = at.key(key);
        let year =
            key.parse::<i32>().ok().filter(|year| (1900..=2300).contains(year) && key.len() == 4);
        let Some(year) = year else {
            place.fault_at_key(
                Code::NotAYear,
                format!("`{key}` is not a year from 1900 to 2300"),
                "write values = { 2026 = … }",
            );
            continue;
        };
        if let Some(value) = factor.and_then(|factor| kind.check(value * factor, &place)) {
            points.push((year, value));
        }
    }
    (cited.is_some() && factor.is_some() && at.reading().count() == before)
        .then(|| (at.clone(), points))
}

/// Fills the years between those given and holds the last to the end of `years`.
///
/// Returns the first year given and one value for each year from it.
pub(crate) fn fill(
    points: &[(i32, f64)],
    gaps: Gaps,
    years: YearRange,
    at: &At<'_>,
) -> Option<(Year, Vec<f64>)> {
    let (first, last) = (points.first()?.0, points.last()?.0);
    if years.first().get() < first {
        at.fault(
            Code::StartsLate,
            format!("the first year given is {first}; the valuation starts in {}", years.first()),
            format!("add a value for {}", years.first()),
        );
        return None;
    }
    let mut missing = Vec::new();
    let mut values = vec![points[0].1];
    for pair in points.windows(2) {
        let ((from, before), (to, after)) = (pair[0], pair[1]);
        for year in from + 1..to {
            let part = f64::from(year - from) / f64::from(to - from);
            values.push(match gaps {
                Gaps::Linear => {
                    (before + (after - before) * part).clamp(before.min(after), before.max(after))
                }
                Gaps::Hold => before,
                Gaps::None => {
                    missing.push(year);
                    before
                }
            });
        }
        values.push(after);
    }
    if !missing.is_empty() {
        at.fault(
            Code::YearMissing,
            format!("no value for {}", ranges(&missing)),
            "add the years, or say how they are filled: gaps = \"linear\" or gaps = \"hold\"",
        );
        return None;
    }
    if last < years.last().get() {
        at.extrapolated(format!("the value of {last} holds to {}", years.last()));
        values.resize(
            values.len() + usize::try_from(years.last().get() - last).ok()?,
            points.last()?.1,
        );
    }
    Some((Year::new(first), values))
}

/// Writes years as ranges: 2027-2029, 2031.
pub(crate) fn ranges(numbers: &[i32]) -> String {
    let mut parts: Vec<(i32, i32)> = Vec::new();
    for number in numbers {
        match parts.last_mut() {
            Some((_, end)) if *end + 1 == *number => *end = *number,
            _ => parts.push((*number, *number)),
        }
    }
    let written: Vec<String> = parts
        .iter()
        .take(8)
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") })
        .collect();
    let more = if 8 < parts.len() { " and more" } else { "" };
    format!("{}{more}", written.join(", "))
}
