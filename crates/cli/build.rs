//! Gathers the example of each diagnostic code, with the message it gives, for `perennis explain CODE`.
//!
//! The examples are the files of `tests/bad_input`, one folder a code, so that what is shown is what is tested.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    // Read as the build script runs, not as it is compiled: a target folder may serve several checkouts.
    let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let corpus = here.join("../../tests/bad_input");
    println!("cargo::rerun-if-changed={}", corpus.display());
    let mut folders: Vec<PathBuf> = fs::read_dir(&corpus)
        .map(|entries| entries.filter_map(Result::ok).map(|entry| entry.path()).collect())
        .unwrap_or_default();
    folders.sort();
    let mut examples = String::new();
    for folder in folders {
        let expected = folder.join("expected.txt");
        println!("cargo::rerun-if-changed={}", expected.display());
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let code = name.and_then(|name| Some(name.split_once('_')?.0.to_owned()));
        if let (Some(code), Ok(message)) = (code, fs::read_to_string(&expected)) {
            examples.push_str(&format!("\u{1}{code}\n{}\n", message.trim_end()));
        }
    }
    let place = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(place.join("examples.txt"), examples)
        .expect("the folder of the build can be written");
}
