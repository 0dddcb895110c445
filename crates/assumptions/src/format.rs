//! The description of the format, generated from the raw forms; the schemas of editors and the walk both use it.

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::read::accounts::AccountsFile;
use crate::read::base_year::BaseYear;
use crate::read::economy::Economy;
use crate::read::finance::Finance;
use crate::read::health::Health;
use crate::read::labour::Labour;
use crate::read::liabilities::Liabilities;
use crate::read::model_persons::ModelPersonsFile;
use crate::read::person::Person;
use crate::read::population::Population;
use crate::read::scheme::law::Law;
use crate::read::scheme::people::People;
use crate::read::sensitivity::SensitivityFile;
use crate::read::valuation::Valuation;

/// Subjects that are one file each.
pub(crate) const SINGLE: [&str; 5] = ["population", "labour", "economy", "finance", "base_year"];
/// Subjects that are a file for each name.
pub(crate) const NAMED: [&str; 2] = ["schemes", "health"];

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
const REFERENCE: &str = "#/definitions/";
/// Keys that every table may have: the definition of each, its type and its help text.
const HEAD: [(&str, &str, &str); 4] = [
    ("unit", "string", "Unit of the values in this table that give none."),
    (
        "source",
        "string",
        "Act and section, or author, year and page; holds for the values in this table that give none.",
    ),
    (
        "checked",
        "boolean",
        "false marks values that were not verified in their source; the report shows them.",
    ),
    ("note", "string", "Anything a reader should know about the values."),
];

/// The whole format.
#[derive(Debug)]
pub(crate) struct Format {
    root: Value,
    definitions: Map<String, Value>,
    person: Value,
    law: BTreeSet<String>,
}

impl Format {
    /// Generates the description from the raw forms.
    pub(crate) fn new() -> Self {
        let mut generator = SchemaSettings::draft07().into_generator();
        let single = [
            generator.subschema_for::<Population>(),
            generator.subschema_for::<Labour>(),
            generator.subschema_for::<Economy>(),
            generator.subschema_for::<Finance>(),
            generator.subschema_for::<BaseYear>(),
        ];
        let health = generator.subschema_for::<Health>();
        let parts = [generator.subschema_for::<Law>(), generator.subschema_for::<People>()];
        let head = generator.subschema_for::<Valuation>();
        let person = generator.subschema_for::<Person>();
        let _ = generator.subschema_for::<AccountsFile>();
        let _ = generator.subschema_for::<Liabilities>();
        let _ = generator.subschema_for::<SensitivityFile>();
        let _ = generator.subschema_for::<ModelPersonsFile>();
        let mut definitions = generator.take_definitions(true);
        for schema in definitions.values_mut() {
            with_head(schema, false);
        }
        for (key, kind, text) in HEAD {
            definitions.insert(format!("head_{key}"), json!({ "type": kind, "description": text }));
        }
        let [law, people] = parts.map(|part| resolved(&definitions, part.as_value()).clone());
        let law_keys =
            keys(&law).filter(|key| !HEAD.iter().any(|(head, ..)| head == key)).collect();
        definitions.insert("Scheme".into(), side_by_side(law, &people));
        let mut root = resolved(&definitions, head.as_value()).clone();
        for (name, schema) in SINGLE.into_iter().zip(single) {
            root["properties"][name] = schema.to_value();
        }
        let scheme = json!({ "$ref": format!("{REFERENCE}Scheme") });
        for (name, schema) in NAMED.into_iter().zip([scheme, health.to_value()]) {
            root["properties"][name] = json!({ "type": "object", "additionalProperties": schema });
        }
        if let Some(required) = root["required"].as_array_mut() {
            required.push(json!("population"));
        }
        Self { root, definitions, person: person.to_value(), law: law_keys }
    }

    /// Returns the description of the whole tree.
    pub(crate) fn root(&self) -> &Value {
        &self.root
    }

    /// Says whether a key of a scheme file belongs to the law; the others belong to its people.
    pub(crate) fn is_law(&self, key: &str) -> bool {
        self.law.contains(key)
    }

    /// Says whether a key of a scheme file belongs to its people.
    pub(crate) fn is_of_people(&self, key: &str) -> bool {
        let head = HEAD.iter().any(|(head, ..)| *head == key);
        !head && !self.is_law(key) && self.scheme()["properties"].get(key).is_some()
    }

    /// Returns the description of a scheme file.
    pub(crate) fn scheme(&self) -> &Value {
        &self.definitions["Scheme"]
    }

    /// Returns the description of a file of accounts.
    pub(crate) fn accounts(&self) -> &Value {
        &self.definitions["AccountsFile"]
    }

    /// Returns the description of a file of liabilities.
    pub(crate) fn liabilities(&self) -> &Value {
        &self.definitions["Liabilities"]
    }

    /// Returns the description of a file of shifts, sets and shocks.
    pub(crate) fn sensitivity(&self) -> &Value {
        &self.definitions["SensitivityFile"]
    }

    /// Returns the description of a file of model persons.
    pub(crate) fn model_persons(&self) -> &Value {
        &self.definitions["ModelPersonsFile"]
    }

    /// Returns the description of a person file.
    pub(crate) fn person(&self) -> &Value {
        self.resolve(&self.person)
    }

    /// Follows references, and steps into an option.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        resolved(&self.definitions, schema)
    }

    /// Returns the description of a key of a table.
    pub(crate) fn child<'a>(&'a self, schema: &'a Value, key: &str) -> &'a Value {
        let schema = self.resolve(schema);
        schema["properties"].get(key).unwrap_or(&schema["additionalProperties"])
    }

    /// Returns the schema of a kind of file for editors, or `None` for a kind that there is not.
    pub(crate) fn schema(&self, kind: &str) -> Option<Value> {
        let mut schema = match kind {
            "valuation" => self.valuation(),
            "reform" => return Some(self.reform()),
            "scheme" => self.definitions["Scheme"].clone(),
            "person" => self.person().clone(),
            "accounts" => self.accounts().clone(),
            "liabilities" => self.liabilities().clone(),
            "sensitivity" => self.sensitivity().clone(),
            "model_persons" => self.model_persons().clone(),
            "health" => {
                self.resolve(&self.root["properties"]["health"]["additionalProperties"]).clone()
            }
            _ if SINGLE.contains(&kind) => self.resolve(&self.root["properties"][kind]).clone(),
            _ => return None,
        };
        schema["properties"]["extends"] = extends();
        let required = schema["required"].take();
        if let Some(table) = schema.as_object_mut() {
            table.remove("required");
            if required.is_array() {
                table.insert(
                    "anyOf".into(),
                    json!([{ "required": required }, { "required": ["extends"] }]),
                );
            }
        }
        Some(self.complete(kind, schema, &self.definitions))
    }

    fn valuation(&self) -> Value {
        let mut schema = self.root.clone();
        for name in SINGLE.into_iter().chain(NAMED) {
            schema["properties"][name] = json!({
                "type": "object",
                "description": "Values laid over those of the file; any part of it may be given.",
            });
        }
        if let Some(required) = schema["required"].as_array_mut() {
            required.retain(|key| key != "population");
        }
        schema
    }

    fn reform(&self) -> Value {
        let mut definitions = self.definitions.clone();
        for schema in definitions.values_mut() {
            without_required(schema);
        }
        let mut properties = Map::new();
        for name in SINGLE.into_iter().chain(NAMED) {
            properties.insert(name.into(), self.root["properties"][name].clone());
        }
        properties.insert("horizon".into(), self.root["properties"]["horizon"].clone());
        properties.insert("files".into(), self.root["properties"]["files"].clone());
        properties.insert("extends".into(), extends());
        let behaviour = json!({
            "description": "How persons and employers respond: a second patch over the first, laid with --behaviour and, by compare, beside the static run.",
            "type": "object",
            "properties": properties.clone(),
            "additionalProperties": false,
        });
        properties.insert("behaviour".into(), behaviour);
        properties.insert(
            "title".into(),
            json!({ "type": "string", "description": "Title, for the report." }),
        );
        for (key, ..) in HEAD.iter().filter(|(key, ..)| *key != "unit") {
            properties.insert((*key).into(), json!({ "$ref": format!("{REFERENCE}head_{key}") }));
        }
        let schema = json!({
            "description": "A scenario or a reform: only what differs, under the same names as in the tree of assumptions.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        });
        self.complete("reform", schema, &definitions)
    }

    /// Adds the definitions that `schema` refers to.
    fn complete(&self, kind: &str, mut schema: Value, from: &Map<String, Value>) -> Value {
        let mut wanted = Vec::new();
        references(&schema, &mut wanted);
        let mut definitions = Map::new();
        while let Some(name) = wanted.pop() {
            if let Some(definition) = from.get(&name)
                && !definitions.contains_key(&name)
            {
                references(definition, &mut wanted);
                definitions.insert(name, definition.clone());
            }
        }
        schema["$schema"] = json!(DRAFT);
        schema["title"] = json!(format!("Perennis {}", kind.replace('_', " ")));
        schema["definitions"] = Value::Object(definitions);
        schema
    }
}

fn extends() -> Value {
    json!({
        "type": "string",
        "description": "A file of the same kind, relative to this one, whose values hold where this file gives none.",
    })
}

fn resolved<'a>(definitions: &'a Map<String, Value>, mut schema: &'a Value) -> &'a Value {
    loop {
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix(REFERENCE)) {
            schema = &definitions[name];
        } else if let Some([one]) = schema["allOf"].as_array().map(Vec::as_slice) {
            schema = one;
        } else if let Some([one, other]) = schema["anyOf"].as_array().map(Vec::as_slice)
            && (one["type"] == "null" || other["type"] == "null")
        {
            schema = if one["type"] == "null" { other } else { one };
        } else {
            return schema;
        }
    }
}

fn keys(schema: &Value) -> impl Iterator<Item = String> + '_ {
    schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys().cloned())
}

/// Lays the keys of two tables side by side.
fn side_by_side(mut one: Value, other: &Value) -> Value {
    for (key, schema) in other["properties"].as_object().into_iter().flatten() {
        one["properties"][key] = schema.clone();
    }
    let both = [&one, other].map(|part| part["required"].as_array().cloned().unwrap_or_default());
    one["required"] = json!(both.concat());
    one["description"] = json!("A scheme: its law and its people.");
    one
}

/// Allows unit, source, checked and note in every table of a raw form; the one-key tables of choices are none.
fn with_head(schema: &mut Value, choice: bool) {
    let Some(table) = schema.as_object_mut() else { return };
    if !choice && table.get("additionalProperties") == Some(&json!(false)) {
        let properties = table.entry("properties").or_insert_with(|| json!({}));
        for (key, ..) in HEAD {
            if properties.get(key).is_none() {
                properties[key] = json!({ "$ref": format!("{REFERENCE}head_{key}") });
            }
        }
    }
    for (key, inner) in table.iter_mut() {
        match (key.as_str(), inner) {
            ("oneOf", Value::Array(list)) => {
                list.iter_mut().for_each(|schema| with_head(schema, true))
            }
            ("properties", Value::Object(map)) => {
                map.values_mut().for_each(|schema| with_head(schema, false))
            }
            (_, Value::Array(list)) => list.iter_mut().for_each(|schema| with_head(schema, false)),
            (_, inner) => with_head(inner, false),
        }
    }
}

/// Leaves out what must be there, except in the one-key tables of choices.
fn without_required(schema: &mut Value) {
    let Some(table) = schema.as_object_mut() else { return };
    for (key, inner) in table.iter_mut() {
        match (key.as_str(), inner) {
            ("oneOf", Value::Array(list)) => list
                .iter_mut()
                .filter_map(|choice| choice["properties"].as_object_mut())
                .flat_map(|properties| properties.values_mut())
                .for_each(without_required),
            ("properties", Value::Object(map)) => map.values_mut().for_each(without_required),
            (_, Value::Array(list)) => list.iter_mut().for_each(without_required),
            (_, inner) => without_required(inner),
        }
    }
    if table.get("required").is_some_and(Value::is_array) {
        table.remove("required");
    }
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(table) => {
            for (key, inner) in table {
                match inner.as_str().and_then(|name| name.strip_prefix(REFERENCE)) {
                    Some(name) if key == "$ref" => found.push(name.to_owned()),
                    _ => references(inner, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

/// Says whether the description of a key is one of unit, source, checked and note as every table may have them.
pub(crate) fn is_head(schema: &Value) -> bool {
    schema["$ref"].as_str().is_some_and(|name| name.starts_with("#/definitions/head_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_law_and_people_do_not_meet() {
        let mut generator = SchemaSettings::draft07().into_generator();
        let parts = [generator.subschema_for::<Law>(), generator.subschema_for::<People>()];
        let definitions = generator.take_definitions(true);
        let [law, people] = parts
            .map(|part| keys(resolved(&definitions, part.as_value())).collect::<BTreeSet<_>>());
        assert_eq!(law.intersection(&people).next(), None);
    }

    #[test]
    fn every_kind_of_file_has_a_schema_whose_references_resolve() {
        let format = Format::new();
        for kind in crate::KINDS {
            let schema = format.schema(kind).unwrap();
            let mut found = Vec::new();
            references(&schema, &mut found);
            for name in found {
                assert!(schema["definitions"].get(&name).is_some(), "{kind}: {name}");
            }
        }
        assert!(format.schema("nothing").is_none());
    }
}
