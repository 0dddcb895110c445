//! Puts a new result in the place of an earlier one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::folder::{FolderError, system};

/// Puts `fresh` in the place of `folder`, where `existing` says whether there is one, and removes the earlier result.
///
/// Where the system can exchange two folders in one step (Linux, macOS; not every file system), a process killed at any
/// moment leaves either the earlier result or the new one under the name. Elsewhere the earlier one first steps aside to
/// `aside`: a process killed between the two renames leaves both beside the name and nothing under it.
///
/// # Errors
///
/// [`FolderError`] when the system refuses; the earlier result is then back under its name, or the error says where it is.
pub(crate) fn exchange(
    fresh: &Path,
    folder: &Path,
    existing: bool,
    aside: PathBuf,
) -> Result<(), FolderError> {
    if !existing {
        return fs::rename(fresh, folder).map_err(|source| system("create", folder, source));
    }
    let exchanged = swap(fresh, folder).map_err(|source| system("replace", folder, source))?;
    let earlier = if exchanged {
        fresh.to_owned()
    } else {
        step_aside(fresh, folder, &aside)?;
        aside
    };
    fs::remove_dir_all(&earlier)
        .map_err(|source| system("remove the earlier result in", &earlier, source))
}

/// Exchanges two folders in one step; says whether the system can.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn swap(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    let cannot = [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP];
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(error) if cannot.contains(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn swap(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

fn step_aside(fresh: &Path, folder: &Path, aside: &Path) -> Result<(), FolderError> {
    fs::rename(folder, aside).map_err(|source| system("replace", folder, source))?;
    if let Err(source) = fs::rename(fresh, folder) {
        let back = fs::rename(aside, folder);
        let path = if back.is_ok() { folder } else { aside };
        return Err(system("replace", path, source));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(place: &Path) -> (PathBuf, PathBuf) {
        let (fresh, folder) = (place.join("fresh"), place.join("folder"));
        for (path, text) in [(&fresh, "new"), (&folder, "old")] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("a"), text).unwrap();
        }
        (fresh, folder)
    }

    #[test]
    fn the_system_exchanges_two_folders_in_one_step_or_says_that_it_cannot() {
        let place = tempfile::tempdir().unwrap();
        let (fresh, folder) = two(place.path());
        let exchanged = swap(&fresh, &folder).unwrap();
        let (in_fresh, in_folder) = if exchanged { ("old", "new") } else { ("new", "old") };
        assert_eq!(fs::read_to_string(fresh.join("a")).unwrap(), in_fresh);
        assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), in_folder);
        assert!(exchanged || cfg!(not(target_os = "linux")) || !Path::new("/proc/self").exists());
    }

    #[test]
    fn without_an_exchange_the_earlier_folder_steps_aside() {
        let place = tempfile::tempdir().unwrap();
        let (fresh, folder) = two(place.path());
        step_aside(&fresh, &folder, &place.path().join("aside")).unwrap();
        assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "new");
        assert_eq!(fs::read_to_string(place.path().join("aside/a")).unwrap(), "old");
    }

    #[test]
    fn an_earlier_folder_comes_back_when_the_new_one_cannot_be_put_in_its_place() {
        let place = tempfile::tempdir().unwrap();
        let (_, folder) = two(place.path());
        let missing = place.path().join("missing");
        assert!(step_aside(&missing, &folder, &place.path().join("aside")).is_err());
        assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "old");
    }
}
