use serde_json::{Value, json};

use super::inputs::Origin;
use super::number::Explanation;

/// Returns a number with its parts and its inputs as JSON.
#[must_use]
pub fn explanation_json(number: &Explanation, inputs: &[Origin]) -> Value {
    let mut object = of(number);
    object["inputs"] = inputs.iter().map(origin).collect();
    object["residual"] = json!(number.residual());
    object
}

fn of(number: &Explanation) -> Value {
    let mut object = json!({
        "label": number.label,
        "value": number.value,
        "unit": number.unit,
        "how": number.how.as_str(),
        "formula": number.formula,
    });
    let mut add = |key: &str, value: Value, there: bool| {
        if there {
            object[key] = value;
        }
    };
    add("text", json!(number.said), !number.said.is_empty());
    add("row", json!(number.row), !number.row.is_empty());
    let parts = number.parts.iter().map(|part| {
        let mut inner = of(&part.number);
        inner["role"] = json!(part.role.sign());
        inner
    });
    add("parts", parts.collect(), !number.parts.is_empty());
    add("behind", number.behind.iter().map(of).collect(), !number.behind.is_empty());
    add("reads", json!(number.reads), !number.reads.is_empty());
    object
}

fn origin(origin: &Origin) -> Value {
    json!({
        "path": origin.path,
        "value": origin.value,
        "unit": origin.unit,
        "source": origin.source,
        "checked": origin.checked,
        "file": origin.file,
        "line": origin.line,
        "layer": origin.layer,
        "row": origin.row.as_ref().map(|row| {
            json!({ "file": row.file, "line": row.line, "text": row.text })
        }),
    })
}
