use std::path::Path;

use perennis_valuation::Results;
use thiserror::Error;

use crate::folder::write_files;
use crate::{FolderError, HtmlError, RunRecord, TableError, html, manifest, tables};

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
    let (tables, html) = rayon::join(|| tables(results, record), || html(results, record));
    let (tables, html) = (tables?, html?);
    let manifest = manifest(results, record, &tables, Some(&html));
    let mut files = vec![("manifest.json".to_owned(), manifest.as_slice())];
    files.extend(
        tables.iter().map(|table| (format!("tables/{}", table.file), table.bytes.as_slice())),
    );
    files.push(("report.html".to_owned(), html.as_bytes()));
    Ok(write_files(folder, &files)?)
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
