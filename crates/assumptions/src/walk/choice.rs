use serde_json::Value as Schema;
use toml::Value as Plain;

use super::Walk;
use crate::diagnostics::{Code, suggest};
use crate::tree::{Node, Step, Table, Value};

/// The words of a choice and its tables by name.
pub(crate) struct Choices<'a> {
    words: Vec<&'a str>,
    tables: Vec<(&'a str, &'a Schema)>,
}

impl<'a> Choices<'a> {
    /// Reads them from the description of a choice.
    pub(crate) fn new(schema: &'a Schema) -> Self {
        let mut choices = Self { words: Vec::new(), tables: Vec::new() };
        let alone = std::slice::from_ref(schema);
        for choice in schema["oneOf"].as_array().map_or(alone, Vec::as_slice) {
            choices.words.extend(choice["const"].as_str());
            let listed = choice["enum"].as_array().into_iter().flatten();
            choices.words.extend(listed.filter_map(Schema::as_str));
            let tables = choice["properties"].as_object().into_iter().flatten();
            choices.tables.extend(tables.map(|(name, inner)| (name.as_str(), inner)));
        }
        choices
    }

    /// Returns the key of a table that makes the choice.
    pub(crate) fn chosen<'b>(&self, table: &'b Table) -> Option<&'b str> {
        table.keys().map(String::as_str).find(|key| self.table(key).is_some())
    }

    fn table(&self, key: &str) -> Option<&'a Schema> {
        self.tables.iter().find(|(name, _)| *name == key).map(|(_, schema)| *schema)
    }

    fn names(&self) -> Vec<&'a str> {
        self.words.iter().copied().chain(self.tables.iter().map(|(name, _)| *name)).collect()
    }

    fn unknown(&self, found: &str) -> (Code, String, String) {
        let reason = format!("`{found}` is not one of the choices");
        (Code::UnknownVariant, reason, suggest(found, self.names()))
    }
}

impl<'a> Walk<'a> {
    /// Returns the plain value of a choice: a word, or a table with one key.
    pub(super) fn choice(&mut self, node: &Node, schema: &'a Schema) -> Option<Plain> {
        let choices = Choices::new(schema);
        match &node.value {
            Value::Text(text) if choices.words.contains(&text.as_str()) => {
                Some(Plain::String(text.clone()))
            }
            Value::Text(text) => {
                let (code, reason, remedy) = match choices.table(text) {
                    None => choices.unknown(text),
                    Some(_) => (
                        Code::WrongType,
                        format!("`{text}` needs values of its own"),
                        format!("write {{ {text} = {{ … }} }}"),
                    ),
                };
                self.fault(node.origin, code, reason, remedy);
                None
            }
            Value::Table(table) => self.chosen_table(node, table, &choices),
            _ => {
                let wanted = if choices.tables.is_empty() { "a word" } else { "a word or a table" };
                self.wrong(node, wanted, schema);
                None
            }
        }
    }

    fn chosen_table(&mut self, node: &Node, table: &Table, choices: &Choices<'a>) -> Option<Plain> {
        let mut entries = table.iter();
        let (Some((key, inner)), None) = (entries.next(), entries.next()) else {
            let found: Vec<&str> = table.keys().map(String::as_str).collect();
            let reason =
                format!("one choice is wanted, found {}: {}", found.len(), found.join(", "));
            let remedy = format!("keep one; known here: {}", choices.names().join(", "));
            self.fault(node.origin, Code::UnknownVariant, reason, remedy);
            return None;
        };
        if let Some(schema) = choices.table(key) {
            self.path.push(Step::Key(key.clone()));
            let read = self.value(inner, schema);
            self.path.pop();
            return read.map(|value| Plain::Table([(key.clone(), value)].into_iter().collect()));
        }
        let (code, reason, remedy) = if choices.words.contains(&key.as_str()) {
            let remedy = format!("write \"{key}\" as a text");
            (Code::WrongType, format!("`{key}` takes no values"), remedy)
        } else {
            choices.unknown(key)
        };
        self.fault(inner.key.unwrap_or(inner.origin), code, reason, remedy);
        None
    }
}
