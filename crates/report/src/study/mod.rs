//! Accounts that are given as tables: what comes of them, for a terminal, for programs and for a folder.

mod json;
mod tables;
mod text;
mod write;

pub use json::{solutions_json, study_json};
pub use tables::study_tables;
pub use text::{solutions_text, study_text};
pub(crate) use write::manifest_of;
pub use write::write_study;
