use std::collections::BTreeSet;
use std::rc::Rc;

use ndarray::{Array3, ArrayD, Axis as Dimension, IxDyn};
use perennis_units::{Sex, Year, YearRange};

use super::Gaps;
use super::csv::Csv;
use super::series::{fill, ranges};
use super::table::{Ages, Axis, Rows, TableFile};
use crate::at::At;
use crate::diagnostics::Code;

/// A table in which no combination of keys is missing.
#[derive(Clone, Debug)]
pub(crate) struct Cube {
    csv: Rc<Csv>,
    /// The years that have rows, ascending; empty when the table has no years.
    pub(crate) years: Vec<i32>,
    /// The names of each column of names, sorted.
    pub(crate) names: Vec<Vec<String>>,
    /// Whether the table has a column sex.
    pub(crate) by_sex: bool,
    /// The ages, or the lowest age of each group, ascending; empty when the table has no ages.
    pub(crate) ages: Vec<u16>,
    columns: Vec<(&'static str, ArrayD<f64>)>,
}

impl Rows {
    pub(super) fn cube(self, at: &At<'_>) -> Option<Cube> {
        let has = |axis: Axis| self.layout.contains(&axis);
        let years: BTreeSet<i32> = self.rows.iter().filter_map(|row| row.year).collect();
        let kinds = self.layout.iter().filter(|axis| matches!(axis, Axis::Name(_))).count();
        let names: Vec<Vec<String>> = (0..kinds)
            .map(|kind| {
                self.rows.iter().map(|row| row.names[kind].clone()).collect::<BTreeSet<_>>()
            })
            .map(|set| set.into_iter().collect())
            .collect();
        let ages = if has(Axis::Age) { self.expected_ages(at)? } else { Vec::new() };
        let years: Vec<i32> = years.into_iter().collect();
        let mut shape = vec![years.len().max(1)];
        shape.extend(names.iter().map(Vec::len));
        shape.push(if has(Axis::Sex) { 2 } else { 1 });
        shape.push(ages.len().max(1));
        if 50_000_000 < shape.iter().product::<usize>() {
            let reason = "the keys of the table have more than 50 million combinations".to_owned();
            self.csv.fault(at, Code::RowsMissing, reason, "check the columns of keys".into());
            return None;
        }
        let mut columns: Vec<(&'static str, ArrayD<f64>)> = self
            .columns
            .iter()
            .map(|name| (*name, ArrayD::from_elem(IxDyn(&shape), f64::NAN)))
            .collect();
        let mut seen = ArrayD::from_elem(IxDyn(&shape), false);
        let mut index = vec![0; shape.len()];
        for row in &self.rows {
            index[0] = row.year.and_then(|year| years.binary_search(&year).ok()).unwrap_or(0);
            for (kind, name) in row.names.iter().enumerate() {
                index[1 + kind] = names[kind].binary_search(name).unwrap_or(0);
            }
            index[1 + kinds] = row.sex.map_or(0, Sex::index);
            index[2 + kinds] = row.age.and_then(|age| ages.binary_search(&age).ok()).unwrap_or(0);
            seen[IxDyn(&index)] = true;
            for ((_, column), value) in columns.iter_mut().zip(&row.values) {
                column[IxDyn(&index)] = value.unwrap_or(f64::NAN);
            }
        }
        let by_sex = has(Axis::Sex);
        let cube = Cube { csv: Rc::clone(&self.csv), years, names, by_sex, ages, columns };
        cube.complete(&seen, at).then_some(cube)
    }

    /// Returns the ages from the lowest to the highest found, by single years or groups.
    fn expected_ages(&self, at: &At<'_>) -> Option<Vec<u16>> {
        let found: BTreeSet<u16> = self.rows.iter().filter_map(|row| row.age).collect();
        let (low, high) = (*found.first()?, *found.last()?);
        let expected: Vec<u16> = match self.ages {
            Ages::Single => (low..=high).collect(),
            Ages::FiveYear => (0..=high).step_by(5).filter(|age| low <= *age).collect(),
            Ages::Abridged => [0, 1]
                .into_iter()
                .chain((5..=high).step_by(5))
                .filter(|age| (low..=high).contains(age))
                .collect(),
        };
        let before = at.reading().count();
        for (position, row) in self.rows.iter().enumerate() {
            if let Some(age) = row.age.filter(|age| !expected.contains(age)) {
                let reason = match self.ages {
                    Ages::Abridged => {
                        format!("{age} is not the lowest age of a group 0, 1-4, 5-9, 10-14, …")
                    }
                    _ => format!("{age} is not the lowest age of a group 0-4, 5-9, 10-14, …"),
                };
                self.csv.cell(position, 0).fault(
                    at,
                    Code::NotAnAge,
                    reason,
                    "use the lowest age of the group, or say ages = \"single\"",
                );
            }
        }
        (at.reading().count() == before).then_some(expected)
    }
}

impl Cube {
    /// Reports combinations of keys without a row.
    fn complete(&self, seen: &ArrayD<bool>, at: &At<'_>) -> bool {
        if seen.iter().all(|seen| *seen) {
            return true;
        }
        let last = seen.ndim() - 1;
        for (position, lane) in seen.lanes(Dimension(last)).into_iter().enumerate() {
            let missing: Vec<i32> = lane
                .iter()
                .enumerate()
                .filter(|(_, seen)| !**seen)
                .map(|(age, _)| self.ages.get(age).map_or(0, |age| i32::from(*age)))
                .collect();
            if missing.is_empty() {
                continue;
            }
            let mut rest = position;
            let mut parts = Vec::new();
            for dimension in (0..last).rev() {
                let length = seen.len_of(Dimension(dimension));
                parts.push((dimension, rest % length));
                rest /= length;
            }
            parts.reverse();
            let mut words: Vec<String> = parts
                .into_iter()
                .filter_map(|(dimension, index)| self.word(dimension, index, last))
                .collect();
            if !self.ages.is_empty() {
                words.push(if missing.len() == self.ages.len() {
                    "any age".into()
                } else {
                    format!("age {}", ranges(&missing))
                });
            }
            self.csv.fault(
                at,
                Code::RowsMissing,
                format!("no row for {}", words.join(", ")),
                "add the rows: a table holds every combination of its keys".into(),
            );
        }
        false
    }

    fn word(&self, dimension: usize, index: usize, last: usize) -> Option<String> {
        if dimension == 0 {
            return self.years.get(index).map(ToString::to_string);
        }
        if dimension + 1 == last {
            return self.by_sex.then(|| Sex::ALL[index].as_str().to_owned());
        }
        self.names[dimension - 1].get(index).cloned()
    }

    /// Reports a fault of the whole table at its header.
    pub(crate) fn fault(
        &self,
        at: &At<'_>,
        code: Code,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.csv.fault(at, code, reason.into(), remedy.into());
    }

    /// Returns a column with axes year, names …, sex, age; an axis that the table does not have has length one. Empty
    /// cells of an optional column are NaN. A column that is not in the layout gives `None`.
    pub(crate) fn column(&self, name: &str) -> Option<&ArrayD<f64>> {
        self.columns.iter().find(|(column, _)| *column == name).map(|(_, values)| values)
    }

    /// Returns a column with axes year, sex, age, for a table without names.
    pub(crate) fn grid(&self, name: &str) -> Option<Array3<f64>> {
        self.column(name)?.clone().into_dimensionality().ok()
    }

    /// Returns a column brought to every year of `years`: gaps are filled as the file says, the last year holds to the
    /// end. A table without years holds in all. Axes as in [`Cube::column`].
    pub(crate) fn over(
        &self,
        name: &str,
        table: &TableFile,
        years: YearRange,
        at: &At<'_>,
    ) -> Option<ArrayD<f64>> {
        let given = self.column(name)?;
        let mut shape = given.shape().to_vec();
        shape[0] = years.count();
        let mut filled = ArrayD::zeros(IxDyn(&shape));
        if self.years.is_empty() {
            for mut year in filled.axis_iter_mut(Dimension(0)) {
                year.assign(&given.index_axis(Dimension(0), 0));
            }
            return Some(filled);
        }
        let weights = self.weights(table.gaps.unwrap_or(Gaps::None), years, &at.key("file"))?;
        for (position, (before, after, part)) in weights.into_iter().enumerate() {
            let (before, after) =
                (given.index_axis(Dimension(0), before), given.index_axis(Dimension(0), after));
            let mut year = filled.index_axis_mut(Dimension(0), position);
            year.assign(&before);
            if 0.0 < part {
                year.zip_mut_with(&after, |value, after| *value += (after - *value) * part);
            }
        }
        Some(filled)
    }

    /// Returns for each year of `years` the positions of the years around it and the part of the way between them.
    fn weights(
        &self,
        gaps: Gaps,
        years: YearRange,
        at: &At<'_>,
    ) -> Option<Vec<(usize, usize, f64)>> {
        let positions = self.years.iter().enumerate();
        let points: Vec<(i32, f64)> = positions
            .map(|(position, year)| (*year, f64::from(u32::try_from(position).unwrap_or(u32::MAX))))
            .collect();
        let (first, path) = fill(&points, gaps, years, at)?;
        let at_year = |year: Year| path[usize::try_from(year.since(first)).unwrap_or(0)];
        Some(
            years
                .iter()
                .map(|year| {
                    let way = at_year(year);
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a position in a list of years"
                    )]
                    let before = way.floor() as usize;
                    (before, (before + 1).min(self.years.len() - 1), way - way.floor())
                })
                .collect(),
        )
    }

    /// Returns the position of a year among the years that have rows.
    pub(crate) fn year(&self, year: Year) -> Option<usize> {
        self.years.binary_search(&year.get()).ok()
    }
}
