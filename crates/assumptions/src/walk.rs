//! Compares a tree with the format and reports every unknown key, missing key, wrong type and unknown word.

mod choice;
mod remedy;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Schema;
use toml::Value as Plain;

use crate::at::Reading;
use crate::diagnostics::Code;
use crate::files::{FileId, Origin};
use crate::format::{Format, is_head};
use crate::tree::{Node, Step, Table, Value, written_path};

pub(crate) use choice::Choices;
use remedy::{conversion, known_keys};

/// A walk through a tree.
pub(crate) struct Walk<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) format: &'a Format,
    /// Files with faults of syntax: what is wrong in their trees may be a consequence.
    pub(crate) broken: &'a BTreeSet<FileId>,
    pub(crate) path: Vec<Step>,
    /// The tables around, with the length of their paths.
    around: Vec<(usize, &'a Schema)>,
    /// Paths of missing keys that an unknown key meant.
    meant: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    /// A walk that begins at the root of the tree.
    pub(crate) fn new(
        reading: &'a Reading,
        format: &'a Format,
        broken: &'a BTreeSet<FileId>,
    ) -> Self {
        Self {
            reading,
            format,
            broken,
            path: Vec::new(),
            around: Vec::new(),
            meant: BTreeSet::new(),
        }
    }

    /// Returns the plain value of each key of a table, for those without fault.
    pub(crate) fn parts(
        &mut self,
        node: &Node,
        schema: &'a Schema,
    ) -> BTreeMap<String, Option<Plain>> {
        let schema = self.format.resolve(schema);
        let mut parts = BTreeMap::new();
        match node.as_table() {
            Some(table) => {
                self.keys(node, table, schema, &mut parts);
            }
            None => self.wrong(node, "a table", schema),
        }
        parts
    }

    /// Returns the plain value, without unit, source, checked and note, or `None` with faults reported.
    pub(crate) fn value(&mut self, node: &Node, schema: &'a Schema) -> Option<Plain> {
        let schema = self.format.resolve(schema);
        if schema.get("oneOf").is_some()
            || schema.get("enum").is_some()
            || schema.get("const").is_some()
        {
            return self.choice(node, schema);
        }
        if let Some(list) = schema["anyOf"].as_array() {
            let chosen = nearest(self.format, node, list);
            return self.value(node, chosen);
        }
        if let Value::Float(number) = node.value
            && !number.is_finite()
        {
            let file = self.reading.files.borrow().get(node.origin.file);
            let typed =
                file.text.get(node.origin.span.start..node.origin.span.end).unwrap_or("the number");
            self.fault(
                node.origin,
                Code::NotFinite,
                format!("`{}` is not a finite number", typed.chars().take(60).collect::<String>()),
                "give a number within the range of double precision".into(),
            );
            return (type_of(schema) == "number").then_some(Plain::Float(number));
        }
        match (type_of(schema), &node.value) {
            ("object", Value::Table(table)) => self.table(node, table, schema),
            ("array", Value::List(list)) => self.list(node, list, schema),
            ("number", Value::Integer(number)) => Some(Plain::Integer(*number)),
            ("number", Value::Float(number)) => Some(Plain::Float(*number)),
            ("integer", Value::Integer(number)) => self.integer(node, *number, schema),
            ("boolean", Value::Boolean(truth)) => Some(Plain::Boolean(*truth)),
            ("string", Value::Date(date)) if is_date(schema) => Some(Plain::Datetime(*date)),
            ("string", Value::Text(text)) if !is_date(schema) => {
                if text.trim().is_empty() {
                    let path = written_path(&self.path);
                    self.fault(
                        node.origin,
                        Code::EmptyText,
                        format!("`{path}` is empty"),
                        help(schema),
                    );
                    return None;
                }
                Some(Plain::String(text.clone()))
            }
            ("", _) => Some(plain(node)),
            _ => {
                self.wrong(node, wanted(schema), schema);
                None
            }
        }
    }

    fn table(&mut self, node: &Node, table: &Table, schema: &'a Schema) -> Option<Plain> {
        let mut parts = BTreeMap::new();
        let whole = self.keys(node, table, schema, &mut parts);
        let parts: Option<toml::Table> =
            parts.into_iter().map(|(key, value)| Some((key, value?))).collect();
        parts.filter(|_| whole).map(Plain::Table)
    }

    /// Walks the keys of a table; says whether all are known and none is missing.
    fn keys(
        &mut self,
        node: &Node,
        table: &Table,
        schema: &'a Schema,
        parts: &mut BTreeMap<String, Option<Plain>>,
    ) -> bool {
        let properties = schema["properties"].as_object();
        let other = &schema["additionalProperties"];
        let anything = other == &Schema::Bool(true) || (properties.is_none() && other.is_null());
        let mut whole = true;
        self.around.push((self.path.len(), schema));
        for (key, value) in table {
            self.path.push(Step::Key(key.clone()));
            match properties.and_then(|properties| properties.get(key)) {
                Some(property) if is_head(property) => {
                    whole &= self.value(value, property).is_some()
                }
                Some(property) => {
                    let read = self.value(value, property);
                    parts.insert(key.clone(), read);
                }
                None if other.is_object() => {
                    self.name(key, value, other);
                    let read = self.value(value, other);
                    parts.insert(key.clone(), read);
                }
                None if anything => {
                    parts.insert(key.clone(), Some(plain(value)));
                }
                None => whole &= !self.unknown(key, value, table, schema),
            }
            self.path.pop();
        }
        self.around.pop();
        let required =
            schema["required"].as_array().into_iter().flatten().filter_map(Schema::as_str);
        for key in required.filter(|key| !table.contains_key(*key)) {
            whole = false;
            self.missing(node, key, schema);
        }
        whole
    }

    /// What has a name of the user's own has one that can stand in paths and tables.
    fn name(&self, key: &str, value: &Node, schema: &Schema) {
        let schema = self.format.resolve(schema);
        if type_of(schema) != "object" && schema.get("oneOf").is_none() || is_name(key) {
            return;
        }
        self.fault(
            value.key.unwrap_or(value.origin),
            Code::BadName,
            format!("`{}` is not a name", key.escape_debug()),
            "write lower-case words joined by `_`".into(),
        );
    }

    /// Reports an unknown key; says whether another key was meant, so that the table lacks what stands under this one.
    fn unknown(&mut self, key: &str, value: &Node, table: &Table, schema: &Schema) -> bool {
        let path = written_path(&self.path);
        let mut around = self.around.iter().rev().skip(1);
        let (remedy, meant) = match around
            .find(|(_, schema)| schema["properties"].get(key).is_some())
        {
            Some((length, _)) => {
                let owner = written_path(&self.path[..*length]);
                let steps = self.path[..*length].iter().cloned().chain([Step::from(key)]);
                self.meant.insert(written_path(&steps.collect::<Vec<_>>()));
                let of =
                    if owner.is_empty() { "the file".to_owned() } else { format!("`{owner}`") };
                let remedy = format!(
                    "`{key}` is a key of {of}: put it above the first [table] that follows it there"
                );
                (remedy, true)
            }
            None => {
                let (remedy, near) = known_keys(key, table, schema);
                let (_, before) = self.path.split_last().expect("an unknown key has a path");
                let missing = near.map(|near| {
                    before.iter().cloned().chain([Step::Key(near)]).collect::<Vec<_>>()
                });
                let meant = missing.is_some();
                self.meant.extend(missing.map(|steps| written_path(&steps)));
                (remedy, meant)
            }
        };
        let reason = format!("`{path}` is not a key of the format");
        self.fault(value.key.unwrap_or(value.origin), Code::UnknownKey, reason, remedy);
        meant
    }

    fn missing(&mut self, node: &Node, key: &str, schema: &'a Schema) {
        let steps = self.path.iter().cloned().chain([Step::from(key)]);
        let path = written_path(&steps.collect::<Vec<_>>());
        if self.meant.contains(&path) {
            return;
        }
        let place = node.key.filter(|key| key.file == node.origin.file).unwrap_or(node.origin);
        let other = match key {
            "male" => Some("female"),
            "female" => Some("male"),
            _ => None,
        };
        if let Some(other) = other.filter(|other| node.get(other).is_some()) {
            let reason = format!("`{}` is given for {other} only", written_path(&self.path));
            let remedy = format!("add the table `{key}`, or write the value once for both sexes");
            self.fault(place, Code::OneSexOnly, reason, remedy);
            return;
        }
        let own = schema["properties"].get(key).map(help).filter(|text| !text.is_empty());
        let text = own.unwrap_or_else(|| help(self.format.resolve(self.format.child(schema, key))));
        let remedy =
            if text.is_empty() { format!("add `{key}`") } else { format!("add `{key}`: {text}") };
        self.path.push(Step::from(key));
        self.fault(place, Code::MissingKey, format!("`{path}` is missing"), remedy);
        self.path.pop();
    }

    fn list(&mut self, node: &Node, list: &[Node], schema: &'a Schema) -> Option<Plain> {
        let items = &schema["items"];
        if let Some(fixed) = items.as_array()
            && fixed.len() != list.len()
        {
            self.wrong(node, &format!("a list of {}", fixed.len()), schema);
            return None;
        }
        let mut read = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            self.path.push(Step::Index(index));
            read.push(self.value(item, items.get(index).unwrap_or(items)));
            self.path.pop();
        }
        read.into_iter().collect::<Option<Vec<_>>>().map(Plain::Array)
    }

    fn integer(&mut self, node: &Node, number: i64, schema: &'a Schema) -> Option<Plain> {
        let bound = |key: &str| schema[key].as_i64().or_else(|| integral(schema[key].as_f64()?));
        let (low, high) = match schema["format"].as_str() {
            Some("uint8") => (0, 255),
            Some("uint16") => (0, 65_535),
            Some("uint32") => (0, i64::from(u32::MAX)),
            Some("int8") => (-128, 127),
            Some("int16") => (-32_768, 32_767),
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Some("uint64" | "uint") => (0, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        let low = bound("minimum").map_or(low, |bound| bound.max(low));
        let high = bound("maximum").map_or(high, |bound| bound.min(high));
        if number < low || high < number {
            let code = if number < 0 && low == 0 { Code::Negative } else { Code::OutOfBounds };
            self.fault(
                node.origin,
                code,
                format!("{number} is outside {low} to {high}"),
                help(schema),
            );
            return None;
        }
        Some(Plain::Integer(number))
    }

    fn wrong(&mut self, node: &Node, wanted: &str, schema: &'a Schema) {
        let path = written_path(&self.path);
        let reason = format!("`{path}` is {}, not {wanted}", node.kind());
        let remedy = conversion(node, schema, &path);
        self.fault(node.origin, Code::WrongType, reason, remedy);
    }

    fn fault(&self, origin: Origin, code: Code, reason: String, remedy: String) {
        if !self.broken.contains(&origin.file) {
            self.reading.fault_at(Some(origin), &written_path(&self.path), code, (reason, remedy));
        }
    }
}

/// Says whether a key can be the name of a scheme, a group, a benefit: lower-case words joined by `_`.
pub(crate) fn is_name(key: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    key.chars().all(word) && key.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Returns the alternative that shares most keys with a table, or the first of the right type.
fn nearest<'b>(format: &Format, node: &Node, list: &'b [Schema]) -> &'b Schema {
    let score = |schema: &Schema| {
        let schema = format.resolve(schema);
        match node.as_table() {
            Some(table) => {
                let known = table.keys().filter(|key| {
                    schema["properties"]
                        .get(key.as_str())
                        .is_some_and(|property| !is_head(property))
                });
                known.count()
            }
            None => usize::from(matches_type(node, schema)),
        }
    };
    let best = list
        .iter()
        .filter(|schema| schema["type"] != "null")
        .rev()
        .max_by_key(|schema| score(schema));
    best.unwrap_or(&Schema::Null)
}

fn integral(value: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "bounds of a schema are whole numbers")]
    let whole = value as i64;
    value.is_finite().then_some(whole)
}

fn type_of(schema: &Schema) -> &str {
    let types = &schema["type"];
    let named = types
        .as_array()
        .and_then(|list| list.iter().filter_map(Schema::as_str).find(|name| *name != "null"));
    types.as_str().or(named).unwrap_or("")
}

fn is_date(schema: &Schema) -> bool {
    schema["format"] == "date"
}

fn matches_type(node: &Node, schema: &Schema) -> bool {
    match &node.value {
        Value::Text(_) => type_of(schema) == "string" || schema.get("oneOf").is_some(),
        Value::Integer(_) | Value::Float(_) => matches!(type_of(schema), "number" | "integer"),
        Value::Boolean(_) => type_of(schema) == "boolean",
        Value::Date(_) => is_date(schema),
        Value::List(_) => type_of(schema) == "array",
        Value::Table(_) => type_of(schema) == "object",
    }
}

fn wanted(schema: &Schema) -> &'static str {
    match type_of(schema) {
        "object" => "a table",
        "array" => "a list",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "true or false",
        _ if is_date(schema) => "a date",
        _ => "a text",
    }
}

/// Returns the help text of a description, its first sentence.
fn help(schema: &Schema) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    text.lines().take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

fn plain(node: &Node) -> Plain {
    match &node.value {
        Value::Text(text) => Plain::String(text.clone()),
        Value::Integer(number) => Plain::Integer(*number),
        Value::Float(number) => Plain::Float(*number),
        Value::Boolean(truth) => Plain::Boolean(*truth),
        Value::Date(date) => Plain::Datetime(*date),
        Value::List(list) => Plain::Array(list.iter().map(plain).collect()),
        Value::Table(table) => {
            Plain::Table(table.iter().map(|(key, node)| (key.clone(), plain(node))).collect())
        }
    }
}
