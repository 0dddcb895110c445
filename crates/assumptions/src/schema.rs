use crate::format::Format;

/// The kinds of files that have a schema.
pub const KINDS: [&str; 14] = [
    "valuation",
    "population",
    "labour",
    "economy",
    "scheme",
    "health",
    "finance",
    "base_year",
    "person",
    "accounts",
    "liabilities",
    "sensitivity",
    "model_persons",
    "reform",
];

/// Returns the JSON schema (draft 7) of a kind of file, for editors; `None` for a kind that is not among [`KINDS`].
#[must_use]
pub fn schema(kind: &str) -> Option<serde_json::Value> {
    Format::new().schema(kind)
}
