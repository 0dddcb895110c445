//! Where the assumptions of two valuations differ: value by value, whatever the files look like.

use std::collections::BTreeMap;

use crate::load::Loaded;
use crate::provenance::Provenance;
use crate::tree::read_path;

/// How a value differs between two valuations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Only the first has it.
    Removed,
    /// Only the second has it.
    Added,
    /// The value or its unit is another.
    Changed,
    /// The value is the same; its source, or whether it was checked, is another.
    SourceChanged,
    /// The table in the file has other lines.
    TableChanged,
}

impl DifferenceKind {
    /// Returns the word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Added => "added",
            Self::Changed => "changed",
            Self::SourceChanged => "source_changed",
            Self::TableChanged => "table_changed",
        }
    }
}

/// One side of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The value with its unit; of a table, the first line that differs.
    pub value: String,
    /// Its source; empty when it has none.
    pub source: String,
    /// The file, as it can be opened from the working directory.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

/// A value that two valuations do not share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path; rows of `in_force` are named by their dates and sex.
    pub path: String,
    /// How it differs.
    pub kind: DifferenceKind,
    /// In the first valuation.
    pub first: Option<Side>,
    /// In the second.
    pub second: Option<Side>,
    /// Of a table, how many lines differ.
    pub lines: usize,
}

/// Returns every value that differs, in the order of the paths.
///
/// Numbers are compared as numbers, and tables in files line by line without regard to blank lines and line ends.
#[must_use]
pub fn differences(first: &Loaded, second: &Loaded) -> Vec<Difference> {
    let (one, other) = (by_path(&first.provenance), by_path(&second.provenance));
    let mut found = Vec::new();
    let paths: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    for path in paths {
        let difference = match (one.get(path), other.get(path)) {
            (Some(one), Some(other)) => match of_values(one, other) {
                Some(kind) => Some((kind, Some(side(one)), Some(side(other)), 0)),
                None => of_tables((first, one), (second, other)),
            },
            (Some(one), None) => Some((DifferenceKind::Removed, Some(side(one)), None, 0)),
            (None, Some(other)) => Some((DifferenceKind::Added, None, Some(side(other)), 0)),
            (None, None) => None,
        };
        found.extend(difference.map(|(kind, first, second, lines)| Difference {
            path: path.clone(),
            kind,
            first,
            second,
            lines,
        }));
    }
    found
}

/// Names rows of `in_force` by their dates and sex, so that a row added before them moves none.
fn by_path(values: &[Provenance]) -> BTreeMap<String, &Provenance> {
    const ROW: &str = ".in_force[";
    let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let row_of = |path: &str| {
        let at = path.rfind(ROW)?;
        let end = at + path[at..].find(']')? + 1;
        Some(end)
    };
    for value in values {
        let Some(end) = row_of(&value.path) else { continue };
        let (row, key) = value.path.split_at(end);
        let text = value.value.trim_matches('"');
        let part = match key {
            ".from" | ".sex" => text.to_owned(),
            ".born_from" | ".entered_from" => format!("{} {text}", &key[1..]),
            _ => continue,
        };
        names.entry(row).or_default().push(part);
    }
    let named = |value: &Provenance| {
        let Some(end) = row_of(&value.path) else { return value.path.clone() };
        let (row, key) = value.path.split_at(end);
        let Some(parts) = names.get(row) else { return value.path.clone() };
        let table = row.rsplit_once('[').map_or(row, |(table, _)| table);
        format!("{table}[{}]{key}", parts.join(", "))
    };
    values.iter().map(|value| (named(value), value)).collect()
}

fn of_values(one: &Provenance, other: &Provenance) -> Option<DifferenceKind> {
    if !same(&one.value, &other.value) || one.unit != other.unit {
        return Some(DifferenceKind::Changed);
    }
    let source = one.source != other.source || one.checked != other.checked;
    source.then_some(DifferenceKind::SourceChanged)
}

/// Compares numbers within the texts as numbers: 1 and 1.0 are the same.
fn same(one: &str, other: &str) -> bool {
    fn parts(text: &str) -> impl Iterator<Item = String> + '_ {
        let separators = [' ', ',', '[', ']', '{', '}'];
        let parts = text.split(separators).filter(|part| !part.is_empty());
        parts.map(|part| match part.parse::<f64>() {
            Ok(number) => format!("{number:?}"),
            Err(_) => part.to_owned(),
        })
    }
    one == other || parts(one).eq(parts(other))
}

fn side(value: &Provenance) -> Side {
    let unit = value.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
    Side {
        value: format!("{}{unit}", value.value),
        source: value.source.clone().unwrap_or_default(),
        file: value.file.clone(),
        line: value.line,
    }
}

type Found = (DifferenceKind, Option<Side>, Option<Side>, usize);

/// Compares the lines of two tables that are named alike.
fn of_tables(
    (first, one): (&Loaded, &Provenance),
    (second, other): (&Loaded, &Provenance),
) -> Option<Found> {
    let (one_name, one_text) = first.places.table(&one.path)?;
    let (other_name, other_text) = second.places.table(&other.path)?;
    let lines = |text: &'_ str| -> Vec<(usize, String)> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(number, line)| (number, line.trim_end().to_owned())).collect()
    };
    let (one_lines, other_lines) = (lines(&one_text), lines(&other_text));
    let longest = one_lines.len().max(other_lines.len());
    let text = |lines: &[(usize, String)], at: usize| lines.get(at).map(|(_, line)| line.clone());
    let differ = |at: &usize| text(&one_lines, *at) != text(&other_lines, *at);
    let count = (0..longest).filter(differ).count();
    let at = (0..longest).find(differ)?;
    let side = |name: String, lines: &[(usize, String)], value: &Provenance| {
        let (line, text) = lines.get(at).cloned()?;
        Some(Side {
            value: text,
            source: value.source.clone().unwrap_or_default(),
            file: name,
            line,
        })
    };
    Some((
        DifferenceKind::TableChanged,
        side(one_name, &one_lines, one),
        side(other_name, &other_lines, other),
        count,
    ))
}

impl crate::refused::Places {
    /// Returns name and text of the table that a value with this path names as its file.
    fn table(&self, path: &str) -> Option<(String, std::sync::Arc<str>)> {
        let steps = read_path(path)?;
        let is_file = matches!(steps.last(), Some(crate::tree::Step::Key(key)) if key == "file");
        let node = steps.iter().try_fold(&self.tree, |node, step| node.step(step))?;
        let name = node.as_text().filter(|_| is_file)?;
        self.files.named_in(node.origin.file, name)
    }
}
