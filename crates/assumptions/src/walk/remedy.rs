use serde_json::Value as Schema;

use super::{help, is_date, type_of, wanted};
use crate::diagnostics::did_you_mean;
use crate::format::is_head;
use crate::parts::plain;
use crate::tree::{Node, Table, Value};

/// Returns a remedy for an unknown key, and the missing key that was meant.
pub(super) fn known_keys(key: &str, table: &Table, schema: &Schema) -> (String, Option<String>) {
    let properties = || schema["properties"].as_object().into_iter().flatten();
    let own = properties().filter(|(_, property)| !is_head(property)).map(|(key, _)| key.as_str());
    let listed = format!("known here: {}", own.collect::<Vec<_>>().join(", "));
    let all = || properties().map(|(key, _)| key.as_str());
    if let Some(near) = did_you_mean(key, all().filter(|word| !table.contains_key(*word))) {
        return (format!("did you mean `{near}`? {listed}"), Some(near.to_owned()));
    }
    match did_you_mean(key, all()) {
        Some(near) => (format!("`{near}` is there already; {listed}"), None),
        None => (listed, None),
    }
}

/// Says how to turn what was written into what is wanted.
pub(super) fn conversion(node: &Node, schema: &Schema, path: &str) -> String {
    let kind = type_of(schema);
    match &node.value {
        Value::Text(text) if matches!(kind, "number" | "integer") => {
            let bare = text.trim();
            if bare.parse::<f64>().is_ok() {
                format!("write {bare} without quotation marks")
            } else if let Some(share) =
                bare.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok())
            {
                format!("write {} without quotation marks; rates are shares", plain(share / 100.0))
            } else if bare.replace(',', ".").parse::<f64>().is_ok() {
                format!(
                    "write {} with a decimal point and without quotation marks",
                    bare.replace(',', ".")
                )
            } else {
                "write a number without quotation marks".into()
            }
        }
        Value::Text(_) if is_date(schema) => {
            "write the date without quotation marks: 2024-01-01".into()
        }
        Value::Integer(year) if is_date(schema) => format!("write a whole date: {year:04}-01-01"),
        Value::Text(_) if kind == "boolean" => "write true or false without quotation marks".into(),
        Value::Float(number) if kind == "integer" => {
            format!("write a whole number such as {}", plain(number.round()))
        }
        Value::Integer(_) | Value::Float(_) if schema["properties"].get("value").is_some() => {
            format!("write {path}.value = {}", node.written())
        }
        Value::Text(_) if schema["properties"].get("file").is_some() => {
            format!("write {path} = {{ file = {} }}", node.written())
        }
        Value::Table(_) if kind == "array" => {
            "write a list in square brackets: [ … ], or [[…]] for a list of tables".into()
        }
        Value::Integer(_) | Value::Float(_) | Value::Date(_) | Value::Boolean(_)
            if kind == "string" =>
        {
            format!("write \"{}\" in quotation marks", node.written())
        }
        _ => match help(schema) {
            text if text.is_empty() => format!("write {}", wanted(schema)),
            text => format!("write {}: {text}", wanted(schema)),
        },
    }
}
