use std::path::Path;

use perennis_finance::{Study, StudyResults};
use serde_json::{Value, json};

use super::study_tables;
use crate::folder::write_files;
use crate::manifest::{FORMAT, FORMAT_VERSION, sha256};
use crate::{RunRecord, WriteError};

/// Writes the result folder of a study: `manifest.json` and `tables/*.csv`.
///
/// An earlier result is replaced whole, and only if a run of this program wrote it.
///
/// # Errors
///
/// [`WriteError`]; an earlier result stays as it was.
pub fn write_study(
    study: &Study,
    results: &StudyResults,
    record: &RunRecord,
    folder: &Path,
) -> Result<(), WriteError> {
    let tables = study_tables(results)?;
    let manifest = manifest(study, results, (record, &tables));
    let mut files = vec![("manifest.json".to_owned(), manifest.as_slice())];
    files.extend(
        tables.iter().map(|table| (format!("tables/{}", table.file), table.bytes.as_slice())),
    );
    Ok(write_files(folder, &files)?)
}

fn manifest(
    study: &Study,
    results: &StudyResults,
    (record, tables): (&RunRecord, &[crate::Table]),
) -> Vec<u8> {
    let years = results.finance.funds.first().map(|fund| {
        let years = fund.years.first().zip(fund.years.last());
        years.map(|(first, last)| (first.year.get(), last.year.get()))
    });
    let (first, last) = years.flatten().unwrap_or_default();
    let inputs = record.inputs.iter();
    let run = json!({
        "program": "perennis",
        "version": record.version,
        "command": "finance",
        "title": study.title,
        "currency": study.currency,
        "first_year": first,
        "last_year": last,
        "accounts": record.valuation,
        "inputs": inputs
            .map(|input| json!({ "path": input.path, "sha256": input.sha256 }))
            .collect::<Vec<_>>(),
    });
    manifest_of(&run, tables)
}

/// Returns the manifest of a run that writes tables alone.
pub(crate) fn manifest_of(run: &Value, tables: &[crate::Table]) -> Vec<u8> {
    let files: Vec<_> = tables
        .iter()
        .map(|table| {
            json!({
                "path": format!("tables/{}", table.file),
                "rows": table.rows,
                "bytes": table.bytes.len(),
                "sha256": sha256(&table.bytes),
            })
        })
        .collect();
    let hash = sha256(json!([run, files]).to_string().as_bytes());
    let whole = json!({
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "sha256": hash,
        "run": run,
        "files": files,
    });
    format!("{whole:#}\n").into_bytes()
}
