use super::SensitivityResult;
use super::page::page;
use super::tables::tables;
use crate::manifest::{file_records, sensitivity_manifest};
use crate::{FreshFolder, RunRecord, WriteError};

/// Writes tables, page and manifest of sensitivities of the run that `record` describes, and puts the folder in place.
///
/// # Errors
///
/// [`WriteError`]; an earlier result stays as it was.
pub fn write_sensitivity(
    folder: FreshFolder,
    result: &SensitivityResult,
    record: &RunRecord,
) -> Result<(), WriteError> {
    let (tables, html) = rayon::join(|| tables(result), || page(result, record));
    let (tables, html) = (tables?, html?);
    let manifest = sensitivity_manifest(record, file_records(&tables, Some(&html)));
    let mut files = vec![("manifest.json".to_owned(), manifest.as_slice())];
    files.extend(
        tables.iter().map(|table| (format!("tables/{}", table.file), table.bytes.as_slice())),
    );
    files.push(("report.html".to_owned(), html.as_bytes()));
    folder.write("", &files)?;
    Ok(folder.put_in_place()?)
}
