use serde::Serialize;

use super::run::ComparedRun;
use super::tables::under;
use super::write::{ComparisonRecord, RunFiles};
use crate::manifest::{COMPARISON, FORMAT_VERSION, FileRecord, json, sha256};

#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    format_version: u32,
    /// SHA-256 of `comparison` and `files`, written as compact JSON.
    sha256: String,
    comparison: Comparison<'a>,
    files: Vec<FileRecord>,
}

#[derive(Serialize)]
struct Comparison<'a> {
    program: &'static str,
    version: &'a str,
    valuation: &'a str,
    options: Vec<Choice<'a>>,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
struct Choice<'a> {
    option: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Run<'a> {
    scenario: &'a str,
    under: &'a str,
    file: &'a str,
    delay_years: i32,
    /// SHA-256 of the manifest of the run, where its results were kept.
    manifest: Option<&'a str>,
}

/// Returns the manifest of the whole: its runs, and every file of the folder with its hash.
pub(super) fn manifest(
    runs: &[ComparedRun],
    record: &ComparisonRecord,
    kept: &[RunFiles],
    own: Vec<FileRecord>,
) -> Vec<u8> {
    let files: Vec<FileRecord> =
        own.into_iter().chain(kept.iter().flat_map(|run| run.files.iter().cloned())).collect();
    let run = |run: &'_ ComparedRun| -> Option<&str> {
        let path = format!("{}/manifest.json", run.label.name);
        let own = run.label.under.is_empty();
        let files = kept.iter().filter(|_| own).flat_map(|run| &run.files);
        files.into_iter().find(|file| file.path == path).map(|file| file.sha256.as_str())
    };
    let comparison = Comparison {
        program: "perennis",
        version: &record.version,
        valuation: &record.valuation,
        options: record.options.iter().map(|(option, value)| Choice { option, value }).collect(),
        runs: runs
            .iter()
            .map(|one| Run {
                scenario: &one.label.name,
                under: under(&one.label.under),
                file: &one.label.file,
                delay_years: one.label.delay,
                manifest: run(one),
            })
            .collect(),
    };
    let sha256 = sha256(&json(&(&comparison, &files), false));
    let whole =
        Manifest { format: COMPARISON, format_version: FORMAT_VERSION, sha256, comparison, files };
    json(&whole, true)
}
