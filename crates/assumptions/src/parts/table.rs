use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use perennis_units::Sex;
use schemars::JsonSchema;
use serde::Deserialize;

use super::csv::{Csv, age_of, sex_of, year_of};
use super::{Cube, Gaps, Kind};
use crate::at::At;
use crate::diagnostics::{Code, did_you_mean};

/// The ages for which a table has rows; the age column holds the lowest age of each group, the last is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ages {
    /// Every age.
    Single,
    /// 0, 5, 10 and so on.
    FiveYear,
    /// 0, 1, 5, 10 and so on.
    Abridged,
}

/// A CSV table: one row an observation, sex a column (male, female).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableFile {
    /// The CSV file, relative to this file.
    pub(crate) file: String,
    /// The ages of the rows; single when left out.
    pub(crate) ages: Option<Ages>,
    /// What stands in a year that is missing between two others; `none` when left out.
    pub(crate) gaps: Option<Gaps>,
    /// Units by column, where the columns differ in unit.
    pub(crate) units: Option<BTreeMap<String, String>>,
}

/// A column of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    /// `year`.
    Year,
    /// A column of names: group, scheme, benefit.
    Name(&'static str),
    /// `sex`.
    Sex,
    /// `age`.
    Age,
}

impl Axis {
    const fn title(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Name(name) => name,
            Self::Sex => "sex",
            Self::Age => "age",
        }
    }
}

/// A column of figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    name: &'static str,
    kind: Kind,
    required: bool,
    unit: Option<&'static str>,
}

impl Column {
    /// A column that must be there, without empty cells.
    pub(crate) const fn needed(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: true, unit: None }
    }

    /// A column that may be left out or have empty cells.
    pub(crate) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false, unit: None }
    }

    /// The same column, always in `unit` whatever the unit of the table.
    pub(crate) const fn always_in(self, unit: &'static str) -> Self {
        Self { unit: Some(unit), ..self }
    }
}

/// The columns of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<'a> {
    /// Keys that must be there.
    pub(crate) axes: &'a [Axis],
    /// Keys that may be left out; the figures then hold for all.
    pub(crate) optional: &'a [Axis],
    /// Figures.
    pub(crate) columns: &'a [Column],
}

/// Where the columns of a layout stand in a table; a column of figures with the factor of its unit.
struct Positions {
    axes: Vec<(Axis, usize)>,
    columns: Vec<(Column, Option<(usize, f64)>)>,
}

impl Layout<'_> {
    fn known(&self) -> Vec<&'static str> {
        let axes = self.axes.iter().chain(self.optional).map(|axis| axis.title());
        axes.chain(self.columns.iter().map(|column| column.name)).collect()
    }

    fn listed(&self) -> String {
        format!("the columns of this table: {}", self.known().join(", "))
    }

    /// Reports columns that are not in the layout and returns how many there are.
    fn unknown(&self, csv: &Csv, at: &At<'_>) -> usize {
        let (names, known) = (csv.names(), self.known());
        let mut count = 0;
        for (position, name) in names.iter().enumerate() {
            if known.contains(&name.as_ref()) {
                continue;
            }
            count += 1;
            let absent =
                known.iter().copied().filter(|title| !names.iter().any(|name| name == title));
            let remedy = match did_you_mean(name, absent) {
                Some(near) => format!("did you mean `{near}`? {}", self.listed()),
                None => self.listed(),
            };
            let reason = format!("`{name}` is not a column of this table");
            csv.title(position).fault(at, Code::ColumnUnknown, reason, remedy);
        }
        count
    }
}

/// One row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The year, where the table has one.
    pub(crate) year: Option<i32>,
    /// The names, in the order of the layout.
    pub(crate) names: Vec<String>,
    /// The sex, where the table has one.
    pub(crate) sex: Option<Sex>,
    /// The age or the lowest age of the group, where the table has one.
    pub(crate) age: Option<u16>,
    /// The figures in the order of the layout, in the units of their kinds; `None` for an empty cell.
    pub(crate) values: Vec<Option<f64>>,
}

/// The rows of a table, each once, in the order of the file.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub(super) csv: Rc<Csv>,
    pub(super) layout: Vec<Axis>,
    pub(super) columns: Vec<&'static str>,
    pub(super) ages: Ages,
    /// The rows.
    pub(crate) rows: Vec<Row>,
}

impl TableFile {
    /// Reads a table in which every combination of the keys found has a row.
    pub(crate) fn read(&self, at: &At<'_>, layout: &Layout<'_>) -> Option<Cube> {
        self.rows(at, layout)?.cube(at)
    }

    /// Reads the rows alone: rows may be missing, none may be there twice.
    pub(crate) fn rows(&self, at: &At<'_>, layout: &Layout<'_>) -> Option<Rows> {
        let place = at.key("file");
        let before = at.reading().count();
        let cited = place.citation();
        let csv = Csv::open(&self.file, &place)?;
        let positions = self.positions(&csv, at, layout)?;
        let mut rows = Vec::with_capacity(csv.rows());
        for row in 0..csv.rows() {
            rows.extend(read_row(&csv, row, &place, &positions));
        }
        if at.reading().count() != before {
            return None;
        }
        let rows = Rows {
            layout: positions.axes.iter().map(|(axis, _)| *axis).collect(),
            columns: layout.columns.iter().map(|column| column.name).collect(),
            ages: self.ages.unwrap_or(Ages::Single),
            rows,
            csv,
        };
        rows.each_once(&place);
        (cited.is_some() && at.reading().count() == before).then_some(rows)
    }

    /// Finds every column of the layout and its factor; what is missing or unknown is a fault.
    fn positions(&self, csv: &Csv, at: &At<'_>, layout: &Layout<'_>) -> Option<Positions> {
        let names = csv.names();
        let find = |title: &str| names.iter().position(|name| name == title);
        let before = at.reading().count();
        let unknown = layout.unknown(csv, at);
        let mut found = Positions { axes: Vec::new(), columns: Vec::new() };
        let mut missing = Vec::new();
        for axis in layout.axes.iter().chain(layout.optional) {
            match find(axis.title()) {
                Some(position) => found.axes.push((*axis, position)),
                None if layout.axes.contains(axis) => missing.push(axis.title()),
                None => {}
            }
        }
        found.axes.sort_by_key(|(axis, _)| match axis {
            Axis::Year => 0,
            Axis::Name(_) => 1,
            Axis::Sex => 2,
            Axis::Age => 3,
        });
        for column in layout.columns {
            let position = find(column.name);
            if position.is_none() && column.required {
                missing.push(column.name);
            }
            let place = position.and_then(|position| Some((position, self.factor(column, at)?)));
            found.columns.push((*column, place));
        }
        if missing.len() > unknown {
            let listed: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            let reason = format!("the table has no column {}", listed.join(", "));
            csv.fault(at, Code::ColumnMissing, reason, layout.listed());
        }
        (at.reading().count() == before && missing.is_empty()).then_some(found)
    }

    fn factor(&self, column: &Column, at: &At<'_>) -> Option<f64> {
        if let Some(unit) = column.unit {
            return column.kind.factor(unit, at.currency()).ok();
        }
        if self.units.as_ref().is_some_and(|units| units.contains_key(column.name)) {
            let place = at.key("units").key(column.name);
            let node = place.node()?;
            return place.factor(&column.kind, node.as_text()?, node.origin);
        }
        at.key("file").unit(&column.kind)
    }
}

fn read_row(
    csv: &Csv,
    row: usize,
    at: &At<'_>,
    Positions { axes, columns }: &Positions,
) -> Option<Row> {
    let mut read = Row {
        year: None,
        names: Vec::new(),
        sex: None,
        age: None,
        values: Vec::with_capacity(columns.len()),
    };
    let mut whole = true;
    for (axis, position) in axes {
        let cell = csv.cell(row, *position);
        match axis {
            Axis::Year => read.year = year_of(&cell, at),
            Axis::Sex => read.sex = sex_of(&cell, at),
            Axis::Age => read.age = age_of(&cell, at),
            Axis::Name(title) => {
                let name = cell.text();
                if name.is_empty() {
                    cell.fault(
                        at,
                        Code::EmptyCell,
                        format!("the {title} is empty"),
                        format!("name the {title}"),
                    );
                    whole = false;
                }
                read.names.push(name.into_owned());
            }
        }
        whole &= match axis {
            Axis::Year => read.year.is_some(),
            Axis::Sex => read.sex.is_some(),
            Axis::Age => read.age.is_some(),
            Axis::Name(_) => true,
        };
    }
    for (column, position) in columns {
        let Some((position, factor)) = position else {
            read.values.push(None);
            continue;
        };
        let cell = csv.cell(row, *position);
        if !column.required && cell.text().is_empty() {
            read.values.push(None);
            continue;
        }
        let value =
            cell.number(at).and_then(|number| cell.check(number * factor, &column.kind, at));
        whole &= value.is_some();
        read.values.push(value);
    }
    whole.then_some(read)
}

impl Rows {
    /// Reports a fault at the row of this position.
    pub(crate) fn fault(&self, row: usize, at: &At<'_>, code: Code, words: (String, String)) {
        self.csv.cell(row, 0).fault(at, code, words.0, words.1);
    }

    /// Reports a fault of the whole table at its header.
    pub(crate) fn fault_at_header(&self, at: &At<'_>, code: Code, words: (String, String)) {
        self.csv.fault(at, code, words.0, words.1);
    }

    /// Returns the position of a column of figures in [`Row::values`].
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == name)
    }

    /// Returns the position of a column of names in [`Row::names`], where the table has it.
    pub(crate) fn name(&self, name: &'static str) -> Option<usize> {
        let names = self.layout.iter().filter(|axis| matches!(axis, Axis::Name(_)));
        names.into_iter().position(|axis| *axis == Axis::Name(name))
    }

    fn each_once(&self, at: &At<'_>) {
        let mut seen = HashMap::with_capacity(self.rows.len());
        for (position, row) in self.rows.iter().enumerate() {
            let key = (row.year, row.names.as_slice(), row.sex, row.age);
            if let Some(first) = seen.insert(key, position) {
                let line = self.csv.line(first, at);
                let reason =
                    format!("the row for {} is there already, on line {line}", describe(row));
                self.csv.cell(position, 0).fault(
                    at,
                    Code::RowDuplicate,
                    reason,
                    "keep one of the two",
                );
            }
        }
    }
}

fn describe(row: &Row) -> String {
    let parts = row
        .year
        .map(|year| year.to_string())
        .into_iter()
        .chain(row.names.iter().cloned())
        .chain(row.sex.map(|sex| sex.as_str().to_owned()))
        .chain(row.age.map(|age| format!("age {age}")));
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "all".into() } else { parts.join(", ") }
}
