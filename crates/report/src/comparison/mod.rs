//! Several runs side by side: what a comparison keeps of each, its tables, its page and its summary.

mod cohorts;
mod glance;
mod key;
mod lives;
mod lives_page;
mod manifest;
mod order;
mod page;
mod paths;
mod run;
mod summary;
mod tables;
mod views;
mod words;
mod write;

pub(crate) use page::accounts;
pub use page::comparison_html;
#[cfg(test)]
pub(crate) use paths::ComparedPath;
pub(crate) use run::ComparedMeasure;
pub use run::{BASELINE, ComparedRun, RunLabel};
pub use summary::comparison_summary;
pub(crate) use views::signed;
pub(crate) use words::shown;
pub use write::{ComparisonRecord, RunFiles, write_comparison, write_run};
