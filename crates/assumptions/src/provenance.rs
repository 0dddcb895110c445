use crate::at::{At, Reading};
use crate::tree::{Node, Value};

/// Why a value of the model is not one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Computed from other values.
    Derived,
    /// Held beyond the last year or age given.
    Extrapolated,
    /// The files say nothing, and the stated convention holds.
    Defaulted,
}

impl NoteKind {
    /// Returns the word used in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Derived => "derived",
            Self::Extrapolated => "extrapolated",
            Self::Defaulted => "defaulted",
        }
    }
}

/// Something the program did with the assumptions that the files do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Path in the tree of assumptions.
    pub path: String,
    /// What kind it is.
    pub kind: NoteKind,
    /// What was done.
    pub text: String,
}

/// A value of the files and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Path in the tree of assumptions.
    pub path: String,
    /// The value as written.
    pub value: String,
    /// Its unit, where it has one.
    pub unit: Option<String>,
    /// Its source, where it has one.
    pub source: Option<String>,
    /// Whether the value was read in its source.
    pub checked: bool,
    /// The file as it can be opened from the working directory, or the option of the command line.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// valuation, base, scenario, reform or --set.
    pub layer: &'static str,
    /// What the file says about it.
    pub note: Option<String>,
}

/// Returns every value of the tree and where it comes from.
///
/// A table of values by year is one entry when all its values come from one file.
pub(crate) fn list(tree: &Node, reading: &Reading) -> Vec<Provenance> {
    let mut found = Vec::new();
    down(&At::root(reading, tree, ""), tree, &mut found);
    found
}

fn down(at: &At<'_>, node: &Node, found: &mut Vec<Provenance>) {
    match &node.value {
        Value::Table(table) if at.name() == "values" && one_file(node) && !table.is_empty() => {
            found.push(entry(at, node))
        }
        Value::Table(table) => {
            let head = ["unit", "source", "checked", "note"];
            for (key, inner) in table.iter().filter(|(key, _)| !head.contains(&key.as_str())) {
                down(&at.key(key), inner, found);
            }
        }
        Value::List(list) if list.iter().any(|inner| inner.as_table().is_some()) => {
            for (index, inner) in list.iter().enumerate() {
                down(&at.index(index), inner, found);
            }
        }
        _ => found.push(entry(at, node)),
    }
}

fn one_file(node: &Node) -> bool {
    let same = |inner: &Node| inner.origin.file == node.origin.file;
    node.as_table()
        .is_some_and(|table| table.values().all(|inner| same(inner) && inner.as_table().is_none()))
}

fn entry(at: &At<'_>, node: &Node) -> Provenance {
    let file = at.reading().files.borrow().get(node.origin.file);
    let place = node.key.filter(|key| key.file == node.origin.file).unwrap_or(node.origin);
    let citation = at.find_citation();
    let has_unit = match node.value {
        Value::Integer(_) | Value::Float(_) | Value::Table(_) => true,
        _ => at.name() == "file",
    };
    Provenance {
        path: at.path(),
        value: node.written(),
        unit: if has_unit { at.find_unit().map(|(unit, _)| unit) } else { None },
        checked: citation.as_ref().is_none_or(|citation| citation.checked),
        source: citation.map(|citation| citation.source),
        file: file.shown.clone(),
        line: file.line(place.span.start),
        layer: file.layer,
        note: at.find_note(),
    }
}
