use std::path::Path;

use perennis_valuation::Results;
use rayon::prelude::*;
use thiserror::Error;

use crate::folder::FreshFolder;
use crate::manifest::{FileRecord, manifest_of};
use crate::table::{MAKERS, Maker};
use crate::{FolderError, HtmlError, RunRecord, TableError, html};

/// A result that could not be written; nothing of it is left behind.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A number that no table may hold; a fault of the program.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The report could not be rendered; a fault of the program.
    #[error(transparent)]
    Html(#[from] HtmlError),
    /// The folder cannot be written or is not ours to replace.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Writes the result folder: `manifest.json`, `tables/*.csv` and `report.html`.
///
/// Everything is written to a folder beside `folder`, which then takes its place; an earlier result is replaced whole and
/// only if a run of this program wrote it.
///
/// # Errors
///
/// [`WriteError`]; an earlier result stays as it was.
pub fn write_results(
    results: &Results,
    record: &RunRecord,
    folder: &Path,
) -> Result<(), WriteError> {
    let fresh = FreshFolder::open(folder)?;
    let files = every_file(results, record, &fresh)?;
    let manifest = manifest_of(results, record, files);
    fresh.write("", &[("manifest.json".to_owned(), manifest.as_slice())])?;
    Ok(fresh.put_in_place()?)
}

/// Makes, hashes and writes each table and the report, and describes them in the order of the manifest.
///
/// A file leaves the memory as soon as it is written.
fn every_file(
    results: &Results,
    record: &RunRecord,
    fresh: &FreshFolder,
) -> Result<Vec<FileRecord>, WriteError> {
    let report = || {
        let html = html(results, record)?;
        file("report.html", None, html.as_bytes(), fresh).map(Some)
    };
    let table = |make: Maker| {
        let Some(table) = make(results, record)? else { return Ok(None) };
        file(&format!("tables/{}", table.file), Some(table.rows), &table.bytes, fresh).map(Some)
    };
    // The longest files stand last in the manifest: they are begun first, so that no thread is left alone with one.
    let jobs = (0..=MAKERS.len()).rev().par_bridge();
    let done = jobs.map(|at| (at, MAKERS.get(at).map_or_else(report, |make| table(*make))));
    let mut done: Vec<(usize, Result<Option<FileRecord>, WriteError>)> = done.collect();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().filter_map(|(_, described)| described.transpose()).collect()
}

/// Hashes and writes one file.
fn file(
    path: &str,
    rows: Option<usize>,
    bytes: &[u8],
    fresh: &FreshFolder,
) -> Result<FileRecord, WriteError> {
    fresh.write("", &[(path.to_owned(), bytes)])?;
    let mut described = FileRecord::of(path, bytes);
    described.rows = rows;
    Ok(described)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::sample;

    #[test]
    fn a_result_replaces_an_earlier_one_of_another_shape() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run");
        write_results(&sample::nation(2), &sample::record(), &folder).unwrap();
        assert!(folder.join("tables/accounts.csv").exists());
        write_results(&sample::people_alone(2), &sample::record(), &folder).unwrap();
        assert!(!folder.join("tables/accounts.csv").exists());
        assert!(folder.join("report.html").exists() && folder.join("manifest.json").exists());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_result_that_cannot_be_written_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let mut results = sample::people_alone(2);
        results.population.persons.set(0, perennis_units::Sex::Male, 0, f64::INFINITY);
        let error =
            write_results(&results, &sample::record(), &place.path().join("run")).unwrap_err();
        assert!(matches!(error, WriteError::Table(_)));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
