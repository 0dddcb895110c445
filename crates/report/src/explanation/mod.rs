//! Numbers of the tables walked back to their formula, the numbers in between and the inputs.

mod accounts;
mod address;
mod benefits;
mod cell;
mod contributions;
mod explainer;
mod financing;
mod health;
mod indicators;
mod inputs;
mod insured;
mod json;
mod law_indicators;
mod number;
mod people;
mod published;
mod registry;
mod rows;
mod text;
mod work;

pub use explainer::{ExplainError, Explainer};
pub use inputs::{Origin, TableLine};
pub use json::explanation_json;
pub use number::{Explanation, How, Part, Role};
pub use registry::{ExplainedTable, explained_tables};
pub use text::explanation_text;
