//! Small country folders for tests.

use std::fs;

use tempfile::TempDir;

use crate::{Loaded, Overlays, Rejected, load};

/// A folder of assumption files that goes away with the value.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// Writes files by name; names may hold folders.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    /// Loads `valuation.toml`.
    pub(crate) fn load(&self) -> Result<Loaded, Box<Rejected>> {
        self.load_with(&Overlays::default())
    }

    /// Loads `valuation.toml` with overlays whose files are in the folder.
    pub(crate) fn load_with(&self, overlays: &Overlays) -> Result<Loaded, Box<Rejected>> {
        let inside = |path: &std::path::PathBuf| self.0.path().join(path);
        let overlays = Overlays {
            behaviour: overlays.behaviour,
            scenario: overlays.scenario.as_ref().map(inside),
            reforms: overlays.reforms.iter().map(inside).collect(),
            set: overlays.set.clone(),
        };
        load(&self.0.path().join("valuation.toml"), &overlays)
    }

    /// Loads and returns the faults as `code path line`, without those of other paths than `within`.
    pub(crate) fn faults(&self, within: &str) -> Vec<String> {
        let rejected = self.load().expect_err("the files have faults");
        let inside = rejected.faults.iter().filter(|fault| fault.path.starts_with(within));
        inside
            .map(|fault| {
                let line = fault.place.as_ref().map_or(0, |place| place.line);
                format!("{} {} {line}", fault.code, fault.path)
            })
            .collect()
    }
}
