use ndarray::{ArrayD, IxDyn};
use perennis_cohort::YearGrid;
use perennis_units::{Sex, YearRange};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Axis, BySex, Column, Kind, Layout, Series, TableFile};

/// Figures by sex and age. Give one of: `by_age`, `all_ages`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByAge {
    /// A CSV table with a column `age`, and `year` and `sex` where the figures differ by them. The figure of a group
    /// holds at every age in it, the last group at all later ages.
    pub(crate) by_age: Option<TableFile>,
    /// The same at every age, once or for male and female.
    pub(crate) all_ages: Option<BySex<Series>>,
}

/// What stands at ages below the first of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Below {
    /// Nothing: nobody of that age takes part.
    Zero,
    /// The figure of the first age: it has no effect there.
    First,
    /// The table must begin at age 0.
    Refused,
}

/// The figures of a [`ByAge`] that are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// Title of the column of the table.
    pub(crate) column: &'static str,
    /// What is measured.
    pub(crate) kind: Kind,
    /// What stands below the first age.
    pub(crate) below: Below,
}

impl ByAge {
    /// Returns the figures of every year of `years`, by sex and single age up to `ages`.
    pub(crate) fn read(
        &self,
        at: &At<'_>,
        wanted: &Wanted,
        years: YearRange,
        ages: usize,
    ) -> Option<YearGrid> {
        match (&self.by_age, &self.all_ages) {
            (Some(table), None) => from_table(table, &at.key("by_age"), wanted, (years, ages)),
            (None, Some(series)) => {
                let paths = series.series(&at.key("all_ages"), &wanted.kind, years)?;
                let mut grid = YearGrid::zeros(years.count(), ages);
                for (position, year) in years.iter().enumerate() {
                    for sex in Sex::ALL {
                        let value = paths[sex.index()].at(year);
                        (0..ages).for_each(|age| grid.set(position, sex, age, value));
                    }
                }
                Some(grid)
            }
            (None, None) => {
                at.fault(
                    Code::NoValues,
                    format!("`{}` has no values", at.path()),
                    "give by_age = { file = \"….csv\" } or all_ages = { value = … }",
                );
                None
            }
            (Some(_), Some(_)) => {
                at.fault(
                    Code::TwoWays,
                    format!("`{}` is given by age and for all ages", at.path()),
                    "keep one of by_age and all_ages",
                );
                None
            }
        }
    }
}

fn from_table(
    table: &TableFile,
    at: &At<'_>,
    wanted: &Wanted,
    (years, ages): (YearRange, usize),
) -> Option<YearGrid> {
    let layout = Layout {
        axes: &[Axis::Age],
        optional: &[Axis::Year, Axis::Sex],
        columns: &[Column::needed(wanted.column, wanted.kind)],
    };
    let cube = table.read(at, &layout)?;
    let values: ArrayD<f64> = cube.over(wanted.column, table, years, at)?;
    let first = usize::from(*cube.ages.first()?);
    if wanted.below == Below::Refused && 0 < first {
        let reason = format!("the table begins at age {first}");
        cube.fault(at, Code::RowsMissing, reason, "add the rows from age 0");
        return None;
    }
    let mut grid = YearGrid::zeros(years.count(), ages);
    for age in 0..ages {
        let group = cube.ages.iter().rposition(|lowest| usize::from(*lowest) <= age);
        let group = match (group, wanted.below) {
            (Some(group), _) => group,
            (None, Below::First) => 0,
            (None, Below::Zero | Below::Refused) => continue,
        };
        for sex in Sex::ALL {
            let row = if cube.by_sex { sex.index() } else { 0 };
            for year in 0..years.count() {
                grid.set(year, sex, age, values[IxDyn(&[year, row, group])]);
            }
        }
    }
    Some(grid)
}
