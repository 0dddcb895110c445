use perennis_valuation::Results;

use super::manifest::manifest;
use super::page::comparison_html;
use super::run::ComparedRun;
use super::tables::tables;
use crate::manifest::{FileRecord, file_records, manifest_of};
use crate::{FreshFolder, RunRecord, Table, WriteError};

/// What a comparison was made from; nothing in it changes from one run of the same inputs to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparisonRecord {
    /// Version of the program.
    pub version: String,
    /// The valuation file, by its name alone.
    pub valuation: String,
    /// Options that change results, in the order in which they apply: name and value.
    pub options: Vec<(String, String)>,
}

/// The files that were written for one run, as the manifest of the whole lists them.
#[derive(Clone, Debug)]
pub struct RunFiles {
    pub(crate) files: Vec<FileRecord>,
}

/// Writes the whole result of one run to `name`, a folder within `folder`.
///
/// # Errors
///
/// [`WriteError`].
pub fn write_run(
    folder: &FreshFolder,
    name: &str,
    results: &Results,
    record: &RunRecord,
) -> Result<RunFiles, WriteError> {
    let (tables, html) =
        rayon::join(|| crate::tables(results, record), || crate::html(results, record));
    let (tables, html) = (tables?, html?);
    let mut files = file_records(&tables, Some(&html));
    let manifest = manifest_of(results, record, files.clone());
    folder.write(name, &contents(&manifest, &tables, &html))?;
    files.insert(0, FileRecord::of("manifest.json", &manifest));
    for file in &mut files {
        file.path = format!("{name}/{}", file.path);
    }
    Ok(RunFiles { files })
}

/// Writes tables, page and manifest of a comparison beside its runs, and puts the folder in place.
///
/// # Errors
///
/// [`WriteError`]; an earlier result stays as it was.
pub fn write_comparison(
    folder: FreshFolder,
    runs: &[ComparedRun],
    kept: &[RunFiles],
    record: &ComparisonRecord,
) -> Result<(), WriteError> {
    let (tables, html) = rayon::join(|| tables(runs), || comparison_html(runs, record));
    let (tables, html) = (tables?, html?);
    let manifest = manifest(runs, record, kept, file_records(&tables, Some(&html)));
    folder.write("", &contents(&manifest, &tables, &html))?;
    Ok(folder.put_in_place()?)
}

fn contents<'a>(manifest: &'a [u8], tables: &'a [Table], html: &'a str) -> Vec<(String, &'a [u8])> {
    let mut files = vec![("manifest.json".to_owned(), manifest)];
    let of_table = |table: &'a Table| (format!("tables/{}", table.file), table.bytes.as_slice());
    files.extend(tables.iter().map(of_table));
    files.push(("report.html".to_owned(), html.as_bytes()));
    files
}
