use std::fmt::Write;
use std::fs;

use perennis_assumptions::{Loaded, LoadedAccounts, Overlays, load, load_accounts};
use tempfile::TempDir;

/// A folder of assumption files that is removed when the value is dropped.
pub struct CountryFolder(TempDir);

impl CountryFolder {
    /// Makes an empty folder.
    ///
    /// # Panics
    ///
    /// When the system gives none.
    #[must_use]
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap_or_else(|fault| panic!("no temporary folder: {fault}")))
    }

    /// Writes one file.
    ///
    /// # Panics
    ///
    /// When the system refuses.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    }

    /// Writes a CSV file from rows of text.
    pub fn write_rows(&self, name: &str, header: &str, rows: impl Iterator<Item = String>) {
        let mut text = format!("{header}\n");
        for row in rows {
            let _ = writeln!(text, "{row}");
        }
        self.write(name, &text);
    }

    /// Loads `valuation.toml`.
    ///
    /// # Panics
    ///
    /// With all faults when there are any.
    #[must_use]
    pub fn load(&self) -> Loaded {
        load(&self.0.path().join("valuation.toml"), &Overlays::default()).unwrap_or_else(
            |rejected| {
                let faults: Vec<String> = rejected.faults.iter().map(ToString::to_string).collect();
                panic!("{}", faults.join("\n"))
            },
        )
    }
}

impl CountryFolder {
    /// Returns every fault in words of `valuation.toml`; none when it loads.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let loaded = load(&self.0.path().join("valuation.toml"), &Overlays::default());
        let faults = loaded.err().map(|rejected| rejected.faults).unwrap_or_default();
        faults.iter().map(ToString::to_string).collect()
    }

    /// Returns the folder.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    /// Loads `accounts.toml`.
    ///
    /// # Panics
    ///
    /// With all faults when there are any.
    #[must_use]
    pub fn load_accounts(&self) -> LoadedAccounts {
        load_accounts(&self.0.path().join("accounts.toml")).unwrap_or_else(|rejected| {
            let faults: Vec<String> = rejected.faults.iter().map(ToString::to_string).collect();
            panic!("{}", faults.join("\n"))
        })
    }
}

impl Default for CountryFolder {
    fn default() -> Self {
        Self::new()
    }
}
