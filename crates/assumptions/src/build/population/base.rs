use ndarray::Array2;
use perennis_cohort::AgeGrid;
use perennis_demography::{AgeGroups, population_by_single_age};
use perennis_units::{Sex, YearRange, date_of_year};

use super::Tables;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Ages, Axis, Column, Cube, Kind, Layout, TableFile};
use crate::read::population::Base as Raw;

/// Populations that nations have; others are worth a second look.
const NATIONS: std::ops::RangeInclusive<f64> = 5e3..=3e9;

/// Persons at the start as the table has them.
pub(super) struct Base {
    cube: Cube,
    single: bool,
    lowest: Vec<usize>,
    /// Axes: sex, age or age group; the last is open.
    persons: Array2<f64>,
}

/// Reads the table and picks the start of the valuation.
pub(super) fn read(raw: &Raw, at: &At<'_>, years: YearRange) -> Option<Base> {
    let table =
        TableFile { file: raw.file.clone(), ages: raw.ages, gaps: None, units: raw.units.clone() };
    let layout = Layout {
        axes: &[Axis::Sex, Axis::Age],
        optional: &[Axis::Year],
        columns: &[Column::needed("population", Kind::PERSONS)],
    };
    let cube = table.read(at, &layout)?;
    let lowest: Vec<usize> = cube.ages.iter().map(|age| usize::from(*age)).collect();
    let position = position(raw, at, (&cube, years))?;
    if lowest.first() != Some(&0) || lowest.len() < 3 {
        cube.fault(
            at,
            Code::RowsMissing,
            "the ages do not begin at 0, or are fewer than three",
            "add the rows; the last age is open and counts all who are older",
        );
        return None;
    }
    let persons = cube.grid("population")?.index_axis_move(ndarray::Axis(0), position);
    let total: f64 = persons.iter().sum();
    if total <= 0.0 {
        let reason = "nobody lives there: every figure is zero";
        cube.fault(at, Code::OutOfBounds, reason, "give the population at the start");
        return None;
    }
    if !NATIONS.contains(&total) {
        at.key("unit").warn(
            Code::Doubtful,
            format!("the population at the start is {total:.0} persons, unlike that of any nation"),
            "is the unit right? `persons`, `thousand persons` and `million persons` are known",
        );
    }
    Some(Base { single: raw.ages.unwrap_or(Ages::Single) == Ages::Single, cube, lowest, persons })
}

/// Returns the position of the start of the valuation among the years of the table.
fn position(raw: &Raw, at: &At<'_>, (cube, years): (&Cube, YearRange)) -> Option<usize> {
    let start = date_of_year(years.first());
    match (raw.date, cube.years.is_empty()) {
        (Some(date), true) => {
            let date = date.read(&at.key("date"))?;
            if date == start {
                return Some(0);
            }
            at.key("date").fault(
                Code::NoStartYear,
                format!("the persons are counted on {date}; the valuation starts on {start}"),
                "give a table of the start, or start the valuation when the table stands",
            );
            None
        }
        (None, true) => {
            let reason = "neither the table nor the file says when the persons are counted";
            at.fault(Code::MissingKey, reason, format!("add date = {start}, or a column `year`"));
            None
        }
        (Some(_), false) => {
            let reason = "the table has a column `year` and the file gives a date";
            at.key("date").fault(Code::TwoWays, reason, "keep one of the two");
            None
        }
        (None, false) => cube.year(years.first()).or_else(|| {
            let listed: Vec<String> = cube.years.iter().map(ToString::to_string).collect();
            cube.fault(
                at,
                Code::NoStartYear,
                format!("the table has no rows for {}", years.first()),
                format!("the table has {}: add rows or start there", listed.join(", ")),
            );
            None
        }),
    }
}

impl Base {
    /// Returns the last age of a table by single ages.
    pub(super) fn last_single_age(&self) -> Option<usize> {
        self.lowest.last().copied().filter(|_| self.single)
    }

    /// Brings the persons to single ages up to the open age of the life tables.
    pub(super) fn grid(self, at: &At<'_>, tables: &Tables) -> Option<AgeGrid> {
        let open = tables[0].open_age();
        let kept = self.lowest.iter().position(|age| open <= *age).unwrap_or(self.lowest.len() - 1);
        let lowest = self.lowest[..=kept].to_vec();
        if open < lowest[kept] {
            let reason = format!("no age group begins at the open age {open}");
            self.cube.fault(at, Code::NotAnAge, reason, "give an open age at which a group begins");
            return None;
        }
        if !self.single {
            at.derived(
                "persons of age groups are brought to single ages; every group keeps its total",
            );
        }
        if lowest[kept] < open {
            let from = lowest[kept];
            at.derived(format!("persons aged {from} and over follow the life table up to {open}"));
        }
        let groups = AgeGroups::new(lowest).ok()?;
        let mut grid = AgeGrid::zeros((2, open + 1));
        for sex in Sex::ALL {
            let row = self.persons.row(sex.index());
            let mut persons: Vec<f64> = row.iter().take(kept + 1).copied().collect();
            persons[kept] += row.iter().skip(kept + 1).sum::<f64>();
            match population_by_single_age(&groups, &persons, &tables[sex.index()]) {
                Ok(ages) => {
                    grid.row_mut(sex.index()).iter_mut().zip(ages).for_each(|(a, b)| *a = b)
                }
                Err(error) => {
                    let remedy = "check the figures of the table";
                    self.cube.fault(at, Code::Incoherent, error.to_string(), remedy);
                    return None;
                }
            }
        }
        Some(grid)
    }
}
