use perennis_cohort::YearGrid;
use perennis_units::{Sex, YearRange};

use crate::csv::{CsvWriter, prefix};
use crate::table::{Table, TableError};

/// Grids that share their leading fields and their shape: one line holds a value of each.
pub(crate) struct Series<'a> {
    /// Fields between the year and the sex.
    pub(crate) keys: Vec<&'a str>,
    /// The grids, one a column.
    pub(crate) grids: Vec<&'a YearGrid>,
}

/// Writes one row for each year, series, sex and single age, in that order.
///
/// A series with a name of its own (a group, a benefit) leaves out the rows in which every figure is zero: a group of
/// pupils has no row at age 70. Tables without names are complete.
///
/// A stock has one year more than the flows, which is the row of the end of the horizon.
pub(crate) fn grid_table(
    file: &'static str,
    columns: &'static [&'static str],
    years: YearRange,
    series: &[Series<'_>],
) -> Result<Option<Table>, TableError> {
    let positions = series.iter().flat_map(|one| &one.grids).map(|grid| grid.years()).max();
    let ages = series.iter().flat_map(|one| &one.grids).map(|grid| grid.ages()).max();
    let (positions, ages) = (positions.unwrap_or(0), ages.unwrap_or(0));
    let age_text: Vec<String> = (0..ages).map(|age| age.to_string()).collect();
    let mut csv = CsvWriter::new(file, columns, positions * series.len() * 2 * ages);
    for position in 0..positions {
        let year = years.at(position).get().to_string();
        for one in series {
            for sex in Sex::ALL {
                let mut fields = vec![year.as_str()];
                fields.extend_from_slice(&one.keys);
                fields.push(sex.as_str());
                write_ages(
                    &mut csv,
                    (&prefix(&fields), fields.len()),
                    (one, position, sex),
                    &age_text,
                );
            }
        }
    }
    Table::finish(file, csv).map(Some)
}

fn write_ages(
    csv: &mut CsvWriter,
    (leading, leading_fields): (&str, usize),
    (series, position, sex): (&Series<'_>, usize, Sex),
    age_text: &[String],
) {
    let ages = series.grids.iter().map(|grid| grid.ages()).max().unwrap_or(0);
    for (age, text) in age_text.iter().enumerate().take(ages) {
        // NaN is no zero: it has to reach the writer, which refuses it.
        let is_zero = |grid: &&YearGrid| matches!(grid.get(position, sex, age), 0.0);
        if !series.keys.is_empty() && series.grids.iter().all(is_zero) {
            continue;
        }
        csv.fields(leading_fields, leading);
        csv.fields(1, text);
        for grid in &series.grids {
            csv.number(grid.get(position, sex, age));
        }
        csv.end_row();
    }
}
