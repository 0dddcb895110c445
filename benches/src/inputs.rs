use std::path::{Path, PathBuf};

use thiserror::Error;

/// A folder of arrays that `inputs.py` wrote: one file each, little-endian doubles.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// An array that cannot be read.
#[derive(Debug, Error)]
pub enum InputError {
    /// The file cannot be read.
    #[error("cannot read `{path}`: {cause}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file does not hold the numbers that the workload has.
    #[error("`{path}` holds {found} numbers instead of {expected}")]
    Length {
        /// The file.
        path: PathBuf,
        /// How many it holds.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
}

impl Folder {
    /// A folder of arrays.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Reads an array of any length.
    ///
    /// # Errors
    ///
    /// [`InputError`] when the file cannot be read.
    pub fn array(&self, name: &str) -> Result<Vec<f64>, InputError> {
        let path = self.0.join(format!("{name}.f64"));
        let bytes = std::fs::read(&path).map_err(|cause| InputError::Unreadable { path, cause })?;
        Ok(bytes.as_chunks().0.iter().map(|number| f64::from_le_bytes(*number)).collect())
    }

    /// Reads an array of a known length.
    ///
    /// # Errors
    ///
    /// [`InputError`] when the file cannot be read or has another length.
    pub fn array_of(&self, name: &str, expected: usize) -> Result<Vec<f64>, InputError> {
        let values = self.array(name)?;
        if values.len() == expected {
            return Ok(values);
        }
        let path = self.0.join(format!("{name}.f64"));
        Err(InputError::Length { path, found: values.len(), expected })
    }
}
