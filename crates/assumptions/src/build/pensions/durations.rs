use ndarray::IxDyn;
use perennis_cohort::YearGrid;
use perennis_units::Sex;

use super::Context;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Axis, Column, Layout, TableFile};
use crate::read::by_age::{Below, Wanted};

/// Figures by whole years since the year of an award.
pub(super) struct ByDuration {
    pub(super) wanted: Wanted,
    /// The first number of years: 0 is the year of the award itself.
    pub(super) first: usize,
}

/// The longest time since an award that is told apart, years.
const LONGEST: usize = 50;

/// Reads a table with a column `duration`, and age, sex and year where they differ, to grids of `ages`; every number of
/// years from the first to the last has rows.
pub(super) fn by_duration(
    table: &TableFile,
    at: &At<'_>,
    of: &ByDuration,
    context: &Context<'_>,
    ages: usize,
) -> Option<Vec<YearGrid>> {
    let ByDuration { wanted, first } = of;
    let layout = Layout {
        axes: &[Axis::Name("duration")],
        optional: &[Axis::Year, Axis::Sex, Axis::Age],
        columns: &[Column::needed(wanted.column, wanted.kind)],
    };
    let cube = table.read(at, &layout)?;
    let years = context.frame.years;
    let values = cube.over(wanted.column, table, years, at)?;
    let names = cube.names.first()?;
    let place = |duration: usize| names.iter().position(|name| *name == duration.to_string());
    let last = first + names.len();
    let places: Vec<usize> = (*first..last).map_while(place).collect();
    if places.len() < names.len() || LONGEST < names.len() {
        let reason = format!("the durations are {}", names.join(", "));
        let remedy = format!("whole years from {first} on, each once, at most {LONGEST} of them");
        cube.fault(at, Code::RowsMissing, reason, &remedy);
        return None;
    }
    let of_duration = |place: &usize| {
        let mut grid = YearGrid::zeros(years.count(), ages);
        for age in 0..ages {
            let group = cube.ages.iter().rposition(|lowest| usize::from(*lowest) <= age);
            let group = match group {
                Some(group) => group,
                None if cube.ages.is_empty() || wanted.below == Below::First => 0,
                None => continue,
            };
            for sex in Sex::ALL {
                let row = if cube.by_sex { sex.index() } else { 0 };
                for year in 0..years.count() {
                    grid.set(year, sex, age, values[IxDyn(&[year, *place, row, group])]);
                }
            }
        }
        grid
    };
    Some(places.iter().map(of_duration).collect())
}
