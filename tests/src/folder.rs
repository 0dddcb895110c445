use std::path::{Path, PathBuf};

/// Returns the folder of reference figures: `PERENNIS_REFERENCE`, else `../shared` beside the workspace.
///
/// `None` when neither is a folder.
#[must_use]
pub fn reference_folder() -> Option<PathBuf> {
    let named = std::env::var_os("PERENNIS_REFERENCE").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    named.or(Some(beside)).filter(|folder| folder.is_dir())
}
