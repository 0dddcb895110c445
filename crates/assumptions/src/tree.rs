use std::collections::BTreeMap;
use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use crate::files::{FileId, Origin, Span};

/// A value of the merged assumptions with the place it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) origin: Origin,
    /// The key that names it, where it has one.
    pub(crate) key: Option<Origin>,
    /// What each file says about the source of the values in this table, the last layer last.
    pub(crate) cited: Vec<Cited>,
}

/// What one file says at the head of a table about the values in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cited {
    pub(crate) file: FileId,
    pub(crate) source: Option<String>,
    pub(crate) checked: Option<bool>,
    pub(crate) note: Option<String>,
}

/// A TOML value whose parts know their place.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Date(Datetime),
    List(Vec<Node>),
    Table(Table),
}

pub(crate) type Table = BTreeMap<String, Node>;

impl Node {
    /// An empty table.
    pub(crate) fn table(origin: Origin) -> Self {
        Self::new(Value::Table(Table::new()), origin)
    }

    /// A value at a place, with what a table says about the source of its values.
    pub(crate) fn new(value: Value, origin: Origin) -> Self {
        let mut node = Self { value, origin, key: None, cited: Vec::new() };
        let text = |key: &str| node.get(key).and_then(Self::as_text).map(str::to_owned);
        let (source, note) = (text("source"), text("note"));
        let checked = match node.get("checked").map(|node| &node.value) {
            Some(Value::Boolean(truth)) => Some(*truth),
            _ => None,
        };
        if source.is_some() || note.is_some() || checked.is_some() {
            node.cited = vec![Cited { file: origin.file, source, checked, note }];
        }
        node
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn as_table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.as_table()?.get(key)
    }

    /// Follows one step of a path.
    pub(crate) fn step(&self, step: &Step) -> Option<&Self> {
        match (step, &self.value) {
            (Step::Key(key), Value::Table(table)) => table.get(key),
            (Step::Index(index), Value::List(list)) => list.get(*index),
            _ => None,
        }
    }

    pub(crate) fn step_mut(&mut self, step: &Step) -> Option<&mut Self> {
        match (step, &mut self.value) {
            (Step::Key(key), Value::Table(table)) => table.get_mut(key),
            (Step::Index(index), Value::List(list)) => list.get_mut(*index),
            _ => None,
        }
    }

    /// Says what kind of value it is, with the article.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// Writes the value as in TOML, long ones shortened.
    pub(crate) fn written(&self) -> String {
        match &self.value {
            Value::Text(text) => {
                format!("\"{}\"", shorten(&text.escape_default().to_string(), text))
            }
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Boolean(truth) => truth.to_string(),
            Value::Date(date) => date.to_string(),
            Value::List(list) => {
                let parts: Vec<String> = list.iter().map(Self::written).collect();
                format!("[{}]", parts.join(", "))
            }
            Value::Table(table) => {
                let parts: Vec<String> = table
                    .iter()
                    .map(|(key, node)| format!("{} = {}", written_key(key), node.written()))
                    .collect();
                format!("{{ {} }}", parts.join(", "))
            }
        }
    }
}

fn shorten(escaped: &str, text: &str) -> String {
    let plain = if text.chars().any(char::is_control) { escaped } else { text };
    if plain.chars().count() <= 200 {
        plain.to_owned()
    } else {
        format!("{}…", plain.chars().take(199).collect::<String>())
    }
}

/// One step of a path: a key or the position in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

/// Writes a path as `--set` takes it.
pub(crate) fn written_path<'a>(steps: impl IntoIterator<Item = &'a Step>) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&written_key(key));
            }
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

pub(crate) fn written_key(key: &str) -> String {
    let bare =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { key.to_owned() } else { format!("\"{}\"", key.escape_default()) }
}

/// Reads a path such as `schemes.public.pensionable_age.in_force[1].value`.
pub(crate) fn read_path(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text.trim();
    loop {
        let (key, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"')?
        } else {
            let end = rest.find(['.', '[', ' ', '=']).unwrap_or(rest.len());
            rest.split_at(end)
        };
        if key.is_empty() {
            return None;
        }
        steps.push(Step::Key(key.to_owned()));
        rest = after;
        while let Some(open) = rest.strip_prefix('[') {
            let (index, after) = open.split_once(']')?;
            steps.push(Step::Index(index.trim().parse().ok()?));
            rest = after;
        }
        if rest.is_empty() {
            return Some(steps);
        }
        rest = rest.strip_prefix('.')?;
    }
}

/// Parses a file into a tree; every fault of syntax comes with its place. A number that is not finite, or beyond the
/// whole numbers of the machine, stands in the tree as one that is not finite.
pub(crate) fn parse(file: FileId, text: &str) -> (Node, Vec<SyntaxFault>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let whole = Origin { file, span: Span { start: 0, end: 0 } };
    let table = table(file, document.get_ref());
    let faults = errors.into_iter().map(|error| {
        let span = error.span().unwrap_or(text.len()..text.len());
        SyntaxFault {
            origin: Origin { file, span: span.into() },
            message: error.message().trim().to_owned(),
        }
    });
    (Node::new(Value::Table(table), whole), faults.collect())
}

/// A place where the text is not TOML.
#[derive(Debug)]
pub(crate) struct SyntaxFault {
    pub(crate) origin: Origin,
    pub(crate) message: String,
}

fn table(file: FileId, from: &DeTable<'_>) -> Table {
    let mut into = Table::new();
    for (key, value) in from {
        let mut node = node(file, value);
        node.key = Some(Origin { file, span: key.span().into() });
        into.insert(key.get_ref().to_string(), node);
    }
    into
}

fn node(file: FileId, from: &Spanned<DeValue<'_>>) -> Node {
    let origin = Origin { file, span: from.span().into() };
    let value = match from.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Float(f64::NAN), Value::Integer),
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Value::Boolean(*truth),
        DeValue::Datetime(date) => Value::Date(*date),
        DeValue::Array(list) => Value::List(list.iter().map(|part| node(file, part)).collect()),
        DeValue::Table(inner) => Value::Table(table(file, inner)),
    };
    Node::new(value, origin)
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&written_path([self]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_it_is_written() {
        for path in ["a.b[2].c", "schemes.x.in_force[0].value", "values.2030", "a.\"two words\".c"]
        {
            assert_eq!(written_path(&read_path(path).unwrap()), path);
        }
        for path in ["", "a..b", ".a", "a[", "a[x]", "a b", "a.\"b"] {
            assert!(read_path(path).is_none(), "{path}");
        }
    }
}
