use perennis_units::{Citation, Date, Dated, InForce as Row, Sex, When};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Day, Kind};
use crate::at::At;
use crate::diagnostics::Code;

/// The sex a row applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowSex {
    /// Men.
    Male,
    /// Women.
    Female,
}

/// One row of a provision: from when, for whom, and the value.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InForce<V> {
    /// First day in force.
    pub(crate) from: Day,
    /// Only for those born on or after this day.
    pub(crate) born_from: Option<Day>,
    /// Only for those who first contributed on or after this day.
    pub(crate) entered_from: Option<Day>,
    /// Only for this sex.
    pub(crate) sex: Option<RowSex>,
    /// The value, in the unit of the row or of the provision.
    pub(crate) value: V,
}

/// A provision of the law: rows by date in force, date of birth, date of entry and sex, each with its source.
///
/// Of the rows that apply, the one latest in force wins; among those the latest birth, the latest entry, and a row
/// for one sex before a row for both. A reform adds rows and replaces those with the same dates and sex.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provision<V = f64> {
    /// The rows.
    pub(crate) in_force: Vec<InForce<V>>,
}

impl Provision<f64> {
    /// Returns the dated numbers in the unit of `kind`; unit, source and bounds of each row are checked.
    pub(crate) fn read(&self, at: &At<'_>, kind: &Kind) -> Option<Dated<f64>> {
        self.read_with(at, |value, at| {
            let factor = at.unit(kind)?;
            kind.check(value * factor, at)
        })
    }
}

impl<V> Provision<V> {
    /// Returns the dated values as `read` makes them; `read` gets the value of a row and its place.
    pub(crate) fn read_with<T>(
        &self,
        at: &At<'_>,
        read: impl Fn(&V, &At<'_>) -> Option<T>,
    ) -> Option<Dated<T>> {
        let list = at.key("in_force");
        if self.in_force.is_empty() {
            list.fault(
                Code::NoRows,
                format!("`{}` has no rows", at.path()),
                "add in_force = [ { from = 2024-01-01, value = … } ]",
            );
            return None;
        }
        let before = at.reading().count();
        let rows: Vec<Option<Row<T>>> = self
            .in_force
            .iter()
            .enumerate()
            .map(|(index, row)| row.read(&list.index(index), &read))
            .collect();
        if at.reading().count() != before {
            return None;
        }
        let rows: Vec<Row<T>> = rows.into_iter().collect::<Option<_>>()?;
        let key = |row: &Row<T>| (row.from, row.born_from, row.entered_from, row.sex);
        for (index, row) in rows.iter().enumerate() {
            if let Some(first) = rows[..index].iter().position(|other| key(other) == key(row)) {
                list.index(index).fault(
                    Code::RowTwice,
                    format!("this row has the dates and the sex of row {} of the list", first + 1),
                    "keep one of the two, or tell them apart by from, born_from, entered_from or sex",
                );
            }
        }
        if at.reading().count() == before { Dated::new(rows) } else { None }
    }
}

impl<V> InForce<V> {
    fn read<T>(&self, at: &At<'_>, read: impl Fn(&V, &At<'_>) -> Option<T>) -> Option<Row<T>> {
        let from = self.from.read(&at.key("from"));
        let other = |day: Option<Day>, key: &str| day.map(|day| day.read(&at.key(key)));
        let born_from = other(self.born_from, "born_from");
        let entered_from = other(self.entered_from, "entered_from");
        let place = at.key("value");
        let citation: Option<Citation> = place.citation();
        let value = read(&self.value, &place);
        Some(Row {
            from: from?,
            born_from: born_from.flatten(),
            entered_from: entered_from.flatten(),
            sex: self.sex.map(|sex| match sex {
                RowSex::Male => Sex::Male,
                RowSex::Female => Sex::Female,
            }),
            value: value?,
            citation: citation?,
        })
    }
}

/// Returns the first sex for whom no row speaks on `date`, of those who are born and enter that day.
pub(crate) fn silent_for<T>(values: &Dated<T>, date: Date) -> Option<Sex> {
    let speaks = |sex| values.at(&When { date, born: date, entered: date, sex }).is_some();
    Sex::ALL.into_iter().find(|sex| !speaks(*sex))
}
