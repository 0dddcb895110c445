//! Commands on the small whole country, in a folder of its own.

use std::fs;
use std::path::Path;

use crate::common::{perennis, root, text};

/// Writes the small whole country into a folder that is there.
pub(crate) fn copy_whole(folder: &Path) {
    for part in ["assumptions/smallest", "tests/bad_input/whole"] {
        for entry in fs::read_dir(root().join(part)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
}

/// What a command says that ends well.
pub(crate) fn done(folder: impl AsRef<Path>, words: &[&str]) -> String {
    let output = perennis(folder, words);
    assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
    text(&output.stdout)
}
