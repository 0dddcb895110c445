//! What a scenario or reform says about itself, and whether two reforms set the same value.

use std::fs;
use std::path::Path;

use crate::at::Reading;
use crate::diagnostics::Code;
use crate::files::Origin;
use crate::tree::{Node, Value, written_key};

/// A scenario or reform as it names itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// `scenario` or `reform`.
    pub layer: &'static str,
    /// Its file, as it can be opened from the working directory.
    pub file: String,
    /// Its title; empty when it gives none.
    pub title: String,
    /// Its source; empty when it gives none.
    pub source: String,
    /// Its note; empty when it gives none.
    pub note: String,
    /// Whether a delay moved a date or a series of it; never without a delay.
    pub moved: bool,
}

/// What was laid over the valuation so far, and how it is laid.
#[derive(Clone, Debug)]
pub(crate) struct Patches {
    /// Years by which the dates of reforms are moved.
    pub(crate) delay: i32,
    /// Every scenario and reform, in the order in which they are laid.
    pub(crate) list: Vec<Patch>,
    laid: Vec<Leaf>,
}

/// A value that a patch sets.
#[derive(Clone, Debug)]
struct Leaf {
    /// Its path; the ways of giving one value have one path.
    path: String,
    /// How it is written, with the way it is given.
    written: String,
    origin: Origin,
}

/// Keys that describe a table and set no value.
pub(crate) const HEADS: [&str; 5] = ["title", "source", "note", "checked", "unit"];
/// Keys that are ways to give the value of the table around them.
const WAYS: [&str; 8] = ["value", "values", "file", "column", "by_age", "all_ages", "ages", "gaps"];

/// Says whether a reform file declares a behaviour of its own; a file that cannot be read declares none.
#[must_use]
pub fn declares_behaviour(reform: &Path) -> bool {
    let text = fs::read_to_string(reform).unwrap_or_default();
    let table = text.trim_start_matches('\u{feff}').parse::<toml::Table>();
    table.is_ok_and(|table| table.get("behaviour").is_some_and(toml::Value::is_table))
}

impl Patches {
    /// Nothing is laid, and nothing is moved.
    pub(crate) const fn new() -> Self {
        Self { delay: 0, list: Vec::new(), laid: Vec::new() }
    }

    /// Keeps what a patch says about itself.
    pub(crate) fn name(&mut self, over: &Node, layer: &'static str, reading: &Reading) {
        let text = |key: &str| over.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        let file = reading.files.borrow().get(over.origin.file).shown.clone();
        let (title, source, note) = (text("title"), text("source"), text("note"));
        self.list.push(Patch { layer, file, title, source, note, moved: false });
    }

    /// Keeps whether a delay moved anything in the patch named last.
    pub(crate) fn set_moved(&mut self, moved: bool) {
        if let Some(patch) = self.list.last_mut() {
            patch.moved = moved;
        }
    }

    /// Reports every value that an earlier reform sets otherwise, with both places, and keeps those of this one.
    pub(crate) fn lay(&mut self, over: &Node, reading: &Reading) {
        let mut leaves = Vec::new();
        down(over, String::new(), &mut leaves);
        let mut found: Vec<(&Leaf, &Leaf, usize)> = Vec::new();
        for leaf in &leaves {
            let Some(laid) = self.laid.iter().find(|laid| laid.contradicts(leaf)) else { continue };
            match found.iter_mut().find(|(first, ..)| first.table() == leaf.table()) {
                Some((.., more)) => *more += 1,
                None => found.push((leaf, laid, 0)),
            }
        }
        for (leaf, laid, more) in found {
            report(leaf, laid, (more, reading));
        }
        self.laid.extend(leaves);
    }
}

impl Leaf {
    /// Returns the path without the row of a provision.
    fn table(&self) -> &str {
        self.path.split_once('[').map_or(&self.path, |(table, _)| table)
    }

    fn contradicts(&self, other: &Self) -> bool {
        let holds = |whole: &str, part: &str| {
            part.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'))
        };
        if self.path == other.path {
            return self.written != other.written;
        }
        holds(&self.path, &other.path) || holds(&other.path, &self.path)
    }
}

fn report(leaf: &Leaf, laid: &Leaf, (more, reading): (usize, &Reading)) {
    let below = reading.files.borrow().place(laid.origin);
    let other = if laid.path == leaf.path { String::new() } else { format!("`{}` is ", laid.path) };
    let rows = match more {
        0 => String::new(),
        1 => ", and 1 more row of it".to_owned(),
        more => format!(", and {more} more rows of it"),
    };
    let reason = format!(
        "`{}` is {} here and {other}{} in {}:{}, over which this is laid{rows}",
        leaf.path, leaf.written, laid.written, below.file, below.line
    );
    let remedy =
        "the reform laid last holds; take the value out of one of the two, or value them apart"
            .to_owned();
    reading.fault_at(Some(leaf.origin), &leaf.path, Code::SetTwice, (reason, remedy));
}

fn down(node: &Node, path: String, found: &mut Vec<Leaf>) {
    match &node.value {
        Value::Table(table) => {
            for (key, inner) in table.iter().filter(|(key, _)| !HEADS.contains(&key.as_str())) {
                match &inner.value {
                    _ if key == "values" => add(inner, path.clone(), key, found),
                    Value::List(rows) if key == "in_force" => {
                        rows.iter().for_each(|row| add_row(row, &joined(&path, key), found));
                    }
                    _ if WAYS.contains(&key.as_str()) => match &inner.value {
                        Value::Table(_) => down(inner, path.clone(), found),
                        _ => add(inner, path.clone(), key, found),
                    },
                    _ => down(inner, joined(&path, key), found),
                }
            }
        }
        _ => add(node, path, "", found),
    }
}

/// Keeps a value; several ways at one path, such as a file and its column, are one.
fn add(node: &Node, path: String, way: &str, found: &mut Vec<Leaf>) {
    let written = if matches!(way, "" | "value" | "values") {
        node.written()
    } else {
        format!("{way} = {}", node.written())
    };
    match found.iter_mut().find(|leaf| leaf.path == path) {
        Some(leaf) => leaf.written = format!("{}, {written}", leaf.written),
        None => found.push(Leaf { path, written, origin: node.key.unwrap_or(node.origin) }),
    }
}

fn add_row(row: &Node, path: &str, found: &mut Vec<Leaf>) {
    let path = format!("{path}[{}]", row_identity(row));
    let value = row.get("value").unwrap_or(row);
    found.push(Leaf { path, written: value.written(), origin: value.origin });
}

/// Names a row of `in_force` by its dates and sex, which tell it from the others.
pub(crate) fn row_identity(row: &Node) -> String {
    let part = |key: &&str| {
        let node = row.get(key)?;
        let text = node.as_text().map_or_else(|| node.written(), str::to_owned);
        Some(if matches!(*key, "from" | "sex") { text } else { format!("{key} {text}") })
    };
    let keys = ["from", "born_from", "entered_from", "sex"];
    keys.iter().filter_map(part).collect::<Vec<_>>().join(", ")
}

fn joined(path: &str, key: &str) -> String {
    let key = written_key(key);
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
