use std::collections::BTreeMap;

use perennis_scheme::{Indicator, LegalIndices};
use perennis_units::{Money, Path, Year};

use crate::at::At;
use crate::build::given;
use crate::parts::{Gaps, Kind, Observed, Series, fill};
use crate::read::person as raw;

/// The last year of the lives that files may name. Growth within its bounds leaves no level out of range by then.
const LAST: i32 = 2430;

/// Prices and wages as the law reads them.
#[derive(Clone, Debug)]
pub(crate) struct Indices {
    pub(crate) levels: LegalIndices,
    /// Whether prices, and wages, are given.
    pub(crate) given: [bool; 2],
    pub(crate) insured_wages: Option<Path<Money>>,
}

/// Builds prices, wages and the insured wage; constant growth runs from `first_year`.
pub(crate) fn indices(raw: Option<&raw::Indices>, at: &At<'_>, first_year: i32) -> Option<Indices> {
    let of = |raw: Option<&raw::Course>, key: &str| match raw {
        None => Some(Path::constant(1.0)),
        Some(raw) => levels(raw, &at.key(key), first_year),
    };
    let prices = of(raw.and_then(|raw| raw.prices.as_ref()), "prices");
    let wages = of(raw.and_then(|raw| raw.wages.as_ref()), "wages");
    let insured = raw.and_then(|raw| raw.insured_wage.as_ref());
    let insured = given(insured.map(|raw| course(raw, &at.key("insured_wage"), &Kind::PAY_A_YEAR)));
    let given =
        [raw.is_some_and(|raw| raw.prices.is_some()), raw.is_some_and(|raw| raw.wages.is_some())];
    for (name, given) in ["prices", "wages"].into_iter().zip(given) {
        if !given {
            at.defaulted(format!("The file gives no {name}: they stand still."));
        }
    }
    let money = |path: Path<f64>| {
        path.map(|value| Money::new(value).expect("the bounds of pay are checked"))
    };
    Some(Indices {
        levels: LegalIndices::new(prices?, wages?),
        given,
        insured_wages: insured?.map(money),
    })
}

/// Builds indicators by name.
pub(super) fn indicators(
    raw: Option<&BTreeMap<String, raw::Course>>,
    at: &At<'_>,
) -> Option<Vec<Indicator>> {
    let built: Vec<Option<Indicator>> = raw
        .into_iter()
        .flatten()
        .map(|(name, raw)| {
            let path = course(raw, &at.key(name), &Kind::INDICATOR)?;
            Some(Indicator::held(name, &path))
        })
        .collect();
    built.into_iter().collect()
}

fn series(raw: &raw::Course) -> Series {
    Series {
        value: raw.value,
        values: raw.values.clone(),
        file: raw.file.clone(),
        column: raw.column.clone(),
        gaps: raw.gaps,
    }
}

/// Reads levels, or growth that is made into levels.
fn levels(raw: &raw::Course, at: &At<'_>, first_year: i32) -> Option<Path<f64>> {
    let growth = ["value", "values", "file"]
        .iter()
        .find_map(|key| at.key(key).find_unit())
        .is_some_and(|(unit, _)| unit == "share a year");
    if !growth {
        return course(raw, at, &Kind::INDEX_LEVEL);
    }
    let after = after(raw, at)?;
    let (first, growth) = match series(raw).given(at, &Kind::GROWTH)? {
        Observed::Always(value) => (first_year, vec![value]),
        Observed::ByYear(place, points) => filled(&points, raw.gaps, &place)?,
    };
    let held = after.or(growth.last().copied()).unwrap_or_default();
    let years = first..=LAST.max(first);
    let mut levels = vec![1.0];
    for (position, _) in years.enumerate() {
        let growth = growth.get(position).copied().unwrap_or(held);
        levels.push(levels[position] * (1.0 + growth));
    }
    Path::new(Year::new(first - 1), levels)
}

/// Reads a value of each year that goes on as `after` says.
fn course(raw: &raw::Course, at: &At<'_>, kind: &Kind) -> Option<Path<f64>> {
    let after = after(raw, at)?;
    match series(raw).given(at, kind)? {
        Observed::Always(value) => Some(Path::constant(value)),
        Observed::ByYear(place, points) => {
            let (first, mut values) = filled(&points, raw.gaps, &place)?;
            let mut last = *values.last()?;
            if let Some(growth) = after {
                let end = first + i32::try_from(values.len()).ok()?;
                for _ in end..=LAST {
                    last *= 1.0 + growth;
                    values.push(last);
                }
            }
            Path::new(Year::new(first), values)
        }
    }
}

fn after(raw: &raw::Course, at: &At<'_>) -> Option<Option<f64>> {
    given(raw.after.map(|growth| Kind::GROWTH.check(growth, &at.key("after"))))
}

fn filled(points: &[(i32, f64)], gaps: Option<Gaps>, place: &At<'_>) -> Option<(i32, Vec<f64>)> {
    let last = Year::new(points.last()?.0);
    let until = perennis_units::YearRange::new(last, 1);
    let (first, values) = fill(points, gaps.unwrap_or(Gaps::None), until, place)?;
    Some((first.get(), values))
}
