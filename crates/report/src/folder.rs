use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use thiserror::Error;

use crate::exchange::exchange;
use crate::manifest::FORMATS;

/// Files that file managers leave behind and nobody misses.
const LEFT_BY_FILE_MANAGERS: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// A result folder that could not be written; the folder is as it was before.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The path names something that is not a folder.
    #[error("`{}` is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder holds files but no manifest of ours.
    #[error("`{}` is not empty and holds no result of this program; choose another folder", .0.display())]
    NotOurs(PathBuf),
    /// The folder holds a result and also a file that no run wrote.
    #[error("`{}` holds `{file}`, which no run wrote; move it away or choose another folder", folder.display())]
    ForeignFile {
        /// The folder.
        folder: PathBuf,
        /// The file, relative to the folder.
        file: String,
    },
    /// The operating system refused.
    #[error("cannot {action} `{}`: {source}", path.display())]
    System {
        /// What was being done.
        action: &'static str,
        /// To which path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// A file of the result folder: path below the folder, with `/`, and content.
pub(crate) type Content<'a> = (String, &'a [u8]);

/// Writes `files` as the whole content of `folder`.
///
/// # Errors
///
/// As [`FreshFolder`].
pub(crate) fn write_files(folder: &Path, files: &[Content<'_>]) -> Result<(), FolderError> {
    let fresh = FreshFolder::open(folder)?;
    fresh.write("", files)?;
    fresh.put_in_place()
}

/// A folder beside the one that is asked for, which takes its place when it is complete.
///
/// An earlier result is kept until then; without that the fresh folder is removed.
///
/// # Errors
///
/// Its functions give [`FolderError`]; nothing is left half-written and an earlier result stays.
pub struct FreshFolder {
    folder: PathBuf,
    parent: PathBuf,
    name: OsString,
    existing: bool,
    fresh: PathBuf,
    made: Made,
}

impl FreshFolder {
    /// Makes an empty folder beside `folder`, which must be free or hold a result of this program and nothing else.
    ///
    /// # Errors
    ///
    /// [`FolderError`].
    pub fn open(folder: &Path) -> Result<Self, FolderError> {
        let folder = resolve(folder)?;
        let existing = check_replaceable(&folder)?;
        let (parent, name) = parent_and_name(&folder)?;
        let mut made = Made::default();
        made.folder_and_parents(&parent)?;
        let fresh = parent.join(sibling(&name, "new"));
        made.empty_folder(&fresh)?;
        Ok(Self { folder, parent, name, existing, fresh, made })
    }

    /// Writes files below `below`, a folder within this one; several threads may.
    pub(crate) fn write(&self, below: &str, files: &[Content<'_>]) -> Result<(), FolderError> {
        let inside = self.fresh.join(below);
        for subfolder in std::iter::once("").chain(subfolders(files)) {
            let path = inside.join(subfolder);
            fs::create_dir_all(&path).map_err(|source| system("create", &path, source))?;
        }
        files.par_iter().try_for_each(|(path, bytes)| {
            let path = inside.join(path);
            fs::write(&path, bytes).map_err(|source| system("write", &path, source))
        })
    }

    /// Puts the folder in the place of the one that was asked for.
    pub(crate) fn put_in_place(mut self) -> Result<(), FolderError> {
        let aside = self.parent.join(sibling(&self.name, "old"));
        exchange(&self.fresh, &self.folder, self.existing, aside)?;
        self.made.keep();
        remove_remains(&self.parent, &self.name);
        Ok(())
    }
}

/// Removes what runs left beside the folder that were killed while they wrote it; one that still runs keeps its own.
///
/// Which process still runs is known where the system lists them under `/proc`; elsewhere the remains stay.
fn remove_remains(parent: &Path, name: &OsString) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    let prefix = format!(".{}.", name.to_string_lossy());
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let found = entry.file_name().to_string_lossy().into_owned();
        let rest = found.strip_prefix(&prefix);
        let process = rest.and_then(|rest| {
            rest.strip_suffix("-new").or_else(|| rest.strip_suffix("-old"))?.parse::<u32>().ok()
        });
        if process.is_some_and(|process| !processes.join(process.to_string()).exists()) {
            // The result stands already; remains that cannot be removed harm nothing.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Says whether the folder exists, and refuses one that is not ours to replace.
fn check_replaceable(folder: &Path) -> Result<bool, FolderError> {
    let kind = match fs::metadata(folder) {
        Ok(kind) => kind,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(system("read", folder, source)),
    };
    if !kind.is_dir() {
        return Err(FolderError::NotAFolder(folder.to_owned()));
    }
    let Some(ours) = manifest_files(&folder.join("manifest.json"))? else {
        return match files_below(folder, 1)?.is_empty() {
            true => Ok(true),
            false => Err(FolderError::NotOurs(folder.to_owned())),
        };
    };
    match files_below(folder, usize::MAX)?.into_iter().find(|file| !ours.contains(file)) {
        Some(file) => Err(FolderError::ForeignFile { folder: folder.to_owned(), file }),
        None => Ok(true),
    }
}

/// Returns the files that the manifest at `path` lists, itself included; `None` when it is not a manifest of ours.
fn manifest_files(path: &Path) -> Result<Option<Vec<String>>, FolderError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(system("read", path, source)),
    };
    let Ok(manifest) = serde_json::from_slice::<serde_json::Value>(&bytes) else { return Ok(None) };
    if !manifest["format"].as_str().is_some_and(|format| FORMATS.contains(&format)) {
        return Ok(None);
    }
    let listed = manifest["files"].as_array().into_iter().flatten();
    let mut files: Vec<String> =
        listed.filter_map(|file| file["path"].as_str()).map(str::to_owned).collect();
    files.push("manifest.json".into());
    Ok(Some(files))
}

/// Returns the files below `folder`, relative and with `/`, and stops at `enough`; an empty subfolder does not count.
fn files_below(folder: &Path, enough: usize) -> Result<Vec<String>, FolderError> {
    let mut found = Vec::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = waiting.pop() {
        for entry in fs::read_dir(&path).map_err(|source| system("read", &path, source))? {
            let entry = entry.map_err(|source| system("read", &path, source))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(|source| system("read", &entry.path(), source))?;
            if kind.is_dir() {
                waiting.push((entry.path(), format!("{prefix}{name}/")));
            } else if !LEFT_BY_FILE_MANAGERS.contains(&name.as_str()) {
                found.push(format!("{prefix}{name}"));
                if enough <= found.len() {
                    return Ok(found);
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Follows links and `.`, so that the folder itself is exchanged and not a link to it.
fn resolve(folder: &Path) -> Result<PathBuf, FolderError> {
    match fs::canonicalize(folder) {
        Ok(path) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            std::path::absolute(folder).map_err(|source| system("resolve", folder, source))
        }
        Err(source) => Err(system("read", folder, source)),
    }
}

fn parent_and_name(folder: &Path) -> Result<(PathBuf, OsString), FolderError> {
    match (folder.parent(), folder.file_name()) {
        (Some(parent), Some(name)) => Ok((parent.to_owned(), name.to_owned())),
        _ => Err(FolderError::NotOurs(folder.to_owned())),
    }
}

/// Names a folder beside the result; the process number keeps two runs apart.
fn sibling(name: &OsString, suffix: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}-{suffix}", std::process::id()));
    hidden
}

fn subfolders<'a>(files: &'a [Content<'_>]) -> Vec<&'a str> {
    let mut folders: Vec<&str> = files
        .iter()
        .filter_map(|(path, _)| path.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// Folders made on the way, which go again unless the whole succeeds.
#[derive(Default)]
struct Made {
    fresh: Option<PathBuf>,
    parents: Vec<PathBuf>,
}

impl Made {
    fn folder_and_parents(&mut self, folder: &Path) -> Result<(), FolderError> {
        let missing: Vec<_> = folder.ancestors().take_while(|path| !path.exists()).collect();
        for path in missing.into_iter().rev() {
            fs::create_dir(path).map_err(|source| system("create", path, source))?;
            self.parents.push(path.to_owned());
        }
        Ok(())
    }

    fn empty_folder(&mut self, folder: &Path) -> Result<(), FolderError> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|source| system("remove", folder, source))?;
        }
        fs::create_dir(folder).map_err(|source| system("create", folder, source))?;
        self.fresh = Some(folder.to_owned());
        Ok(())
    }

    fn keep(&mut self) {
        self.fresh = None;
        self.parents.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // The error that led here is the one to report; what cannot be removed either is left to it.
        if let Some(fresh) = &self.fresh {
            let _ = fs::remove_dir_all(fresh);
        }
        for parent in self.parents.iter().rev() {
            let _ = fs::remove_dir(parent);
        }
    }
}

pub(crate) fn system(action: &'static str, path: &Path, source: io::Error) -> FolderError {
    FolderError::System { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &[u8] =
        br#"{"format":"perennis-results","files":[{"path":"tables/a.csv"},{"path":"report.html"}]}"#;

    fn names(folder: &Path) -> Vec<String> {
        files_below(folder, usize::MAX).unwrap()
    }

    fn first_result(folder: &Path) {
        let files =
            [("manifest.json".to_owned(), MANIFEST), ("tables/a.csv".to_owned(), b"a\n1\n")];
        write_files(folder, &files).unwrap();
    }

    #[test]
    fn a_result_is_written_with_its_parents_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        first_result(&place.path().join("runs/one"));
        assert_eq!(names(place.path()), ["runs/one/manifest.json", "runs/one/tables/a.csv"]);
    }

    #[test]
    fn an_earlier_result_is_replaced_whole() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("one");
        first_result(&folder);
        write_files(&folder, &[("manifest.json".to_owned(), MANIFEST)]).unwrap();
        assert_eq!(names(place.path()), ["one/manifest.json"]);
    }

    #[test]
    fn a_folder_of_someone_else_is_refused_and_left_alone() {
        let place = tempfile::tempdir().unwrap();
        for (file, text) in
            [("notes.txt", ""), ("manifest.json", "{}"), ("manifest.json", "not json")]
        {
            let folder = place.path().join("theirs");
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(file), text).unwrap();
            let error =
                write_files(&folder, &[("manifest.json".to_owned(), MANIFEST)]).unwrap_err();
            assert!(matches!(error, FolderError::NotOurs(_)), "{error}");
            assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), text);
            fs::remove_dir_all(&folder).unwrap();
        }
        assert!(names(place.path()).is_empty());
    }

    #[test]
    fn a_note_kept_beside_a_result_is_not_lost() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("one");
        first_result(&folder);
        fs::write(folder.join("tables/my notes.txt"), "keep").unwrap();
        let error = write_files(&folder, &[("manifest.json".to_owned(), MANIFEST)]).unwrap_err();
        assert!(error.to_string().contains("tables/my notes.txt"), "{error}");
        assert_eq!(names(&folder).len(), 3);
    }

    #[test]
    fn what_a_killed_run_left_goes_with_the_next_and_that_of_a_live_one_stays() {
        let place = tempfile::tempdir().unwrap();
        let live = format!(".one.{}-new", std::process::id());
        for name in [".one.4294967294-new", ".one.4294967294-old", ".one.x-new", &live] {
            fs::create_dir(place.path().join(name)).unwrap();
            fs::write(place.path().join(name).join("a.csv"), "1").unwrap();
        }
        remove_remains(place.path(), &OsString::from("one"));
        let kept = names(place.path());
        let expected = [format!("{live}/a.csv"), ".one.x-new/a.csv".to_owned()];
        let all = kept.len() == 2 && expected.iter().all(|name| kept.contains(name));
        assert!(all || !Path::new("/proc/self").exists(), "{kept:?}");
    }

    #[test]
    fn an_empty_folder_is_taken() {
        let place = tempfile::tempdir().unwrap();
        first_result(place.path());
        assert_eq!(names(place.path()), ["manifest.json", "tables/a.csv"]);
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_named() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("one");
        fs::write(&path, "text").unwrap();
        let error = write_files(&path, &[]).unwrap_err();
        assert!(matches!(error, FolderError::NotAFolder(_)), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
    }

    #[test]
    fn a_failure_leaves_the_earlier_result_and_nothing_half_written() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("one");
        first_result(&folder);
        // A file cannot be written where a folder of the same name stands.
        let clash = [("a/b.csv".to_owned(), &b"1"[..]), ("a".to_owned(), &b"2"[..])];
        let error = write_files(&folder, &clash).unwrap_err();
        assert!(matches!(error, FolderError::System { action: "write", .. }), "{error}");
        assert_eq!(names(place.path()), ["one/manifest.json", "one/tables/a.csv"]);
        assert!(write_files(&place.path().join("new/deep"), &clash).is_err());
        assert!(!place.path().join("new").exists());
    }
}
