use perennis_valuation::Results;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{RunRecord, Table};

/// The word by which the manifest of a run is recognised.
pub(crate) const FORMAT: &str = "perennis-results";
/// The word by which the manifest of a comparison of runs is recognised.
pub(crate) const COMPARISON: &str = "perennis-comparison";
/// The word by which the manifest of an attribution is recognised.
const ATTRIBUTION: &str = "perennis-attribution";
/// The word by which the manifest of a set of sensitivities is recognised.
const SENSITIVITY: &str = "perennis-sensitivity";
/// The words by which a manifest of ours is recognised.
pub(crate) const FORMATS: [&str; 4] = [FORMAT, COMPARISON, ATTRIBUTION, SENSITIVITY];
/// Raised when a reader of the folder has to change.
pub(crate) const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    format_version: u32,
    /// SHA-256 of `run` and `files`, written as compact JSON.
    sha256: String,
    run: Run<'a>,
    files: Vec<FileRecord>,
}

#[derive(Serialize)]
struct Run<'a> {
    program: &'static str,
    version: &'a str,
    title: &'a str,
    country: &'a str,
    currency: &'a str,
    first_year: i32,
    last_year: i32,
    valuation: &'a str,
    options: Vec<Choice<'a>>,
    seed: Option<u64>,
    inputs: Vec<Input<'a>>,
}

#[derive(Serialize)]
struct Choice<'a> {
    option: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Input<'a> {
    path: &'a str,
    sha256: &'a str,
}

/// A file of a result folder as a manifest lists it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FileRecord {
    /// Its path below the folder, with `/`.
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rows: Option<usize>,
    bytes: usize,
    pub(crate) sha256: String,
}

impl FileRecord {
    /// Describes a file that is no table.
    pub(crate) fn of(path: &str, bytes: &[u8]) -> Self {
        Self { path: path.to_owned(), rows: None, bytes: bytes.len(), sha256: sha256(bytes) }
    }
}

/// Describes tables and a report, in the order of the manifest.
pub(crate) fn file_records(tables: &[Table], report: Option<&str>) -> Vec<FileRecord> {
    use rayon::prelude::*;
    let of_tables = tables.par_iter().map(|table| FileRecord {
        rows: Some(table.rows),
        ..FileRecord::of(&format!("tables/{}", table.file), &table.bytes)
    });
    let report = report.par_iter().map(|html| FileRecord::of("report.html", html.as_bytes()));
    of_tables.chain(report).collect()
}

/// Returns `manifest.json`: program version, inputs and options, seed, and every file of the folder with its hash.
///
/// Nothing in it changes between two runs of the same inputs with the same version. `report` is the HTML, if one is
/// written.
#[must_use]
pub fn manifest(
    results: &Results,
    record: &RunRecord,
    tables: &[Table],
    report: Option<&str>,
) -> Vec<u8> {
    manifest_of(results, record, file_records(tables, report))
}

/// Returns `manifest.json` for files that are described already.
pub(crate) fn manifest_of(
    results: &Results,
    record: &RunRecord,
    files: Vec<FileRecord>,
) -> Vec<u8> {
    let run = run_of(results, record);
    let mut whole = Manifest {
        format: FORMAT,
        format_version: FORMAT_VERSION,
        sha256: String::new(),
        run,
        files,
    };
    whole.sha256 = sha256(&json(&(&whole.run, &whole.files), false));
    json(&whole, true)
}

fn run_of<'a>(results: &'a Results, record: &'a RunRecord) -> Run<'a> {
    let years = results.population.years;
    Run {
        program: "perennis",
        version: &record.version,
        title: &results.title.title,
        country: &results.title.country,
        currency: &results.title.currency,
        first_year: years.first().get(),
        last_year: years.last().get(),
        valuation: &record.valuation,
        options: record.options.iter().map(|(option, value)| Choice { option, value }).collect(),
        seed: record.seed,
        inputs: record
            .inputs
            .iter()
            .map(|input| Input { path: &input.path, sha256: &input.sha256 })
            .collect(),
    }
}

#[derive(Serialize)]
struct AttributionManifest<'a> {
    format: &'static str,
    format_version: u32,
    /// SHA-256 of `run` and `files`, written as compact JSON.
    sha256: String,
    run: AttributionRun<'a>,
    files: Vec<FileRecord>,
}

#[derive(Serialize)]
struct AttributionRun<'a> {
    program: &'static str,
    version: &'a str,
    valuation: &'a str,
    options: Vec<Choice<'a>>,
}

/// Returns the manifest of an attribution.
pub(crate) fn attribution_manifest(
    record: &crate::ComparisonRecord,
    files: Vec<FileRecord>,
) -> Vec<u8> {
    let options = record.options.iter().map(|(option, value)| Choice { option, value });
    let run = AttributionRun {
        program: "perennis",
        version: &record.version,
        valuation: &record.valuation,
        options: options.collect(),
    };
    let sha256 = sha256(&json(&(&run, &files), false));
    let (format, format_version) = (ATTRIBUTION, FORMAT_VERSION);
    json(&AttributionManifest { format, format_version, sha256, run, files }, true)
}

#[derive(Serialize)]
struct SensitivityManifest<'a> {
    format: &'static str,
    format_version: u32,
    /// SHA-256 of `run` and `files`, written as compact JSON.
    sha256: String,
    run: SensitivityBase<'a>,
    files: Vec<FileRecord>,
}

#[derive(Serialize)]
struct SensitivityBase<'a> {
    program: &'static str,
    version: &'a str,
    valuation: &'a str,
    options: Vec<Choice<'a>>,
    inputs: Vec<Input<'a>>,
}

/// Returns the manifest of a set of sensitivities of the run that `record` describes.
pub(crate) fn sensitivity_manifest(record: &RunRecord, files: Vec<FileRecord>) -> Vec<u8> {
    let options = record.options.iter().map(|(option, value)| Choice { option, value });
    let inputs = record.inputs.iter();
    let run = SensitivityBase {
        program: "perennis",
        version: &record.version,
        valuation: &record.valuation,
        options: options.collect(),
        inputs: inputs.map(|one| Input { path: &one.path, sha256: &one.sha256 }).collect(),
    };
    let sha256 = sha256(&json(&(&run, &files), false));
    let (format, format_version) = (SENSITIVITY, FORMAT_VERSION);
    json(&SensitivityManifest { format, format_version, sha256, run, files }, true)
}

pub(crate) fn json(value: &impl Serialize, pretty: bool) -> Vec<u8> {
    let written = if pretty { serde_json::to_vec_pretty(value) } else { serde_json::to_vec(value) };
    let mut bytes = written.expect("a manifest has string keys and finite numbers");
    if pretty {
        bytes.push(b'\n');
    }
    bytes
}

/// Returns the SHA-256 of `bytes` in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    Sha256::digest(bytes)
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_of_sha256sum() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }

    #[test]
    fn the_manifest_lists_every_file_with_the_hash_of_its_bytes() {
        let results = crate::sample::people_alone(2);
        let record = crate::sample::record();
        let tables = crate::tables(&results, &record).unwrap();
        let bytes = manifest(&results, &record, &tables, Some("<html>"));
        let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let files = read["files"].as_array().unwrap();
        assert_eq!(files.len(), tables.len() + 1);
        for (file, table) in files.iter().zip(&tables) {
            assert_eq!(file["path"], format!("tables/{}", table.file));
            assert_eq!(file["sha256"], sha256(&table.bytes));
            assert_eq!(file["rows"], table.rows);
        }
        assert_eq!(read["run"]["inputs"][0]["path"], "valuation.toml");
        assert_eq!(read["run"]["seed"], serde_json::Value::Null);
    }

    #[test]
    fn another_option_is_another_run() {
        let results = crate::sample::people_alone(2);
        let record = crate::sample::record();
        let hash = |record: &RunRecord| {
            let bytes = manifest(&results, record, &[], None);
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()["sha256"].clone()
        };
        let other = RunRecord { options: Vec::new(), ..record.clone() };
        assert_eq!(hash(&record), hash(&record.clone()));
        assert_ne!(hash(&record), hash(&other));
    }
}
