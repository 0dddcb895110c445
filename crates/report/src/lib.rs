//! Results to tables, to a summary and to the report; sums and formats only.
//!
//! **In:** [`Results`](perennis_valuation::Results) and a [`RunRecord`]: what the run was made from. **Out:** the result
//! folder: `manifest.json`, `tables/*.csv` and `report.html`; and the text of the terminal summary.
//!
//! **Always holds:** the same results and record give the same bytes, whatever the number of threads; a folder is
//! replaced whole or not at all, and only if an earlier run wrote it.
//!
//! **Does not:** compute anything that a table does not already hold, read files, print, or know a country.

mod attribution;
mod chapters;
mod charts;
mod comparison;
mod csv;
mod difference;
mod exchange;
mod explanation;
mod figures;
mod folder;
mod format;
mod html;
mod liabilities;
mod manifest;
mod output;
mod record;
#[cfg(test)]
mod sample;
mod sensitivity;
mod study;
mod summary;
mod table;
mod tables;
mod verification;
mod view;

pub use attribution::{AttributedStep, Attribution, attribution_text, write_attribution};
pub use chapters::rates_picture;
pub use comparison::{
    BASELINE, ComparedRun, ComparisonRecord, RunFiles, RunLabel, comparison_html,
    comparison_summary, write_comparison, write_run,
};
pub use difference::{CellDifference, TableDifference, table_difference};
pub use explanation::{
    ExplainError, ExplainedTable, Explainer, Explanation, How, Origin, Part, Role, TableLine,
    explained_tables, explanation_json, explanation_text,
};
pub use folder::{FolderError, FreshFolder};
pub use html::{HtmlError, html};
pub use liabilities::{liabilities_json, liabilities_tables, liabilities_text, write_liabilities};
pub use manifest::manifest;
pub use output::{WriteError, write_results};
pub use record::{AssumptionRecord, InputFile, RunRecord};
pub use sensitivity::{
    NotRun, ReverseStress, SensitivityResult, SensitivityRun, sensitivity_json, sensitivity_text,
    write_sensitivity,
};
pub use study::{
    solutions_json, solutions_text, study_json, study_tables, study_text, write_study,
};
pub use summary::summary;
pub use table::{Table, TableError, tables};
pub use verification::{
    Identity, identities, identities_by_generations, identities_of, verification_json,
    verification_text,
};
