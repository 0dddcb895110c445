use std::collections::{BTreeMap, BTreeSet};

use perennis_cohort::AgeGrid;
use perennis_units::Sex;

use super::Context;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Axis, Column, Kind, Layout, Row, TableFile};
use crate::read::by_age::{Below, Wanted};

/// What a wage is multiplied by.
const FACTOR: Kind = Kind::MULTIPLE.within(0.01, 100.0).called("a factor on wages");

/// Reads a table by age and completed years of service: every combination of the two has a row.
pub(super) fn by_age_and_service(
    table: &TableFile,
    at: &At<'_>,
    context: &Context<'_>,
    wanted: &Wanted,
) -> Option<Vec<AgeGrid>> {
    let layout = Layout {
        axes: &[Axis::Age, Axis::Name("service")],
        optional: &[Axis::Sex],
        columns: &[Column::needed(wanted.column, wanted.kind)],
    };
    let rows = table.rows(at, &layout)?;
    let mut values: BTreeMap<(Option<Sex>, u32, usize), f64> = BTreeMap::new();
    for (position, row) in rows.rows.iter().enumerate() {
        let Some(years) = service(row) else {
            rows.fault(position, at, Code::NotANumber, not_years(row));
            return None;
        };
        values.insert((row.sex, years, usize::from(row.age?)), row.values[0]?);
    }
    let services: BTreeSet<u32> = values.keys().map(|key| key.1).collect();
    let ages: Vec<usize> =
        values.keys().map(|key| key.2).collect::<BTreeSet<_>>().into_iter().collect();
    let by_sex = values.keys().any(|key| key.0.is_some());
    let below = (wanted.below == Below::First).then(|| ages.first()).flatten();
    let mut grids = Vec::new();
    for years in 0..=*services.last()? {
        let mut grid = AgeGrid::zeros((2, context.ages));
        let of = services.range(..=years).next_back();
        for sex in Sex::ALL {
            for age in 0..context.ages {
                let Some(group) = ages.iter().rev().find(|lowest| **lowest <= age).or(below) else {
                    continue;
                };
                let key = |of: &u32| (by_sex.then_some(sex), *of, *group);
                let Some(value) = of.and_then(|of| values.get(&key(of))) else {
                    let what = wanted.column;
                    let reason =
                        format!("there is no {what} for age {group} and {years} years of service");
                    let remedy = "every age has a row for every service, from 0 up".to_owned();
                    rows.fault_at_header(at, Code::RowsMissing, (reason, remedy));
                    return None;
                };
                grid[[sex.index(), age]] = *value;
            }
        }
        grids.push(grid);
    }
    Some(grids)
}

/// Reads factors on wages by completed years of service, from 0 up; by sex (inner).
pub(super) fn factors(table: &TableFile, at: &At<'_>) -> Option<Vec<[f64; 2]>> {
    let layout = Layout {
        axes: &[Axis::Name("service")],
        optional: &[Axis::Sex],
        columns: &[Column::needed("factor", FACTOR)],
    };
    let rows = table.rows(at, &layout)?;
    let mut values: BTreeMap<(Option<Sex>, u32), f64> = BTreeMap::new();
    for (position, row) in rows.rows.iter().enumerate() {
        let Some(years) = service(row) else {
            rows.fault(position, at, Code::NotANumber, not_years(row));
            return None;
        };
        values.insert((row.sex, years), row.values[0]?);
    }
    let by_sex = values.keys().any(|key| key.0.is_some());
    let last = values.keys().map(|key| key.1).max()?;
    let of = |sex: Sex, years: u32| {
        let sex = by_sex.then_some(sex);
        values.range((sex, 0)..=(sex, years)).next_back().map(|(_, factor)| *factor)
    };
    let mut factors = Vec::new();
    for years in 0..=last {
        let (Some(male), Some(female)) = (of(Sex::Male, years), of(Sex::Female, years)) else {
            let reason = format!("there is no factor for {years} years of service");
            let remedy = "the first row is that of service 0, for both sexes".to_owned();
            rows.fault_at_header(at, Code::RowsMissing, (reason, remedy));
            return None;
        };
        factors.push([male, female]);
    }
    Some(factors)
}

fn service(row: &Row) -> Option<u32> {
    row.names.first()?.parse().ok().filter(|years| *years < 100)
}

fn not_years(row: &Row) -> (String, String) {
    let reason = format!("`{}` is not a number of completed years", row.names[0]);
    (reason, "0, 1, 2 and so on".to_owned())
}
