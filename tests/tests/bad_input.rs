//! Every code of a fault has a smallest broken file, and each gives the message written beside it.
//!
//! A folder `bad_input/<CODE>_<name>/` holds what differs from `assumptions/smallest/`: the broken files, `reform.toml` and
//! `scenario.toml` where the fault lies in an overlay, `on_whole` where the fault lies in what `bad_input/whole/` adds to
//! it, `set` with one `path=value` a line, `sparse` with the name of a
//! file and the MiB it is made to have, and `expected.txt`. `ACCEPT=1 cargo test` writes the messages anew.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{Code, Fault, Overlays, load};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bad_input")
}

/// The smallest country that ships, which every case starts from.
fn smallest() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/smallest")
}

fn cases() -> Vec<PathBuf> {
    let folders = fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> =
        folders.filter(|path| path.is_dir() && name(path).contains('_')).collect();
    cases.sort();
    cases
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target)
        } else {
            fs::copy(&path, &target).map(drop).unwrap()
        }
    }
}

/// Returns the messages of a case, as `expected.txt` has them.
fn messages(case: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    copy(&smallest(), folder.path());
    if case.join("on_whole").exists() {
        copy(&corpus().join("whole"), folder.path());
    }
    copy(case, folder.path());
    if let Ok(sparse) = fs::read_to_string(case.join("sparse")) {
        let (file, size) = sparse.trim().split_once(' ').unwrap();
        let file = fs::File::create(folder.path().join(file)).unwrap();
        file.set_len(size.parse::<u64>().unwrap() << 20).unwrap();
    }
    let set = fs::read_to_string(case.join("set")).unwrap_or_default();
    let there = |name: &str| Some(folder.path().join(name)).filter(|path| path.is_file());
    let overlays = Overlays {
        scenario: there("scenario.toml"),
        reforms: there("reform.toml").into_iter().collect(),
        set: set.lines().map(str::to_owned).collect(),
    };
    let (faults, warnings) = match load(&folder.path().join("valuation.toml"), &overlays) {
        Ok(loaded) => (Vec::new(), loaded.warnings),
        Err(rejected) => (rejected.faults, rejected.warnings),
    };
    let prefix = format!("{}/", folder.path().display());
    let written = warnings.iter().chain(&faults).map(write).collect::<Vec<_>>().join("\n");
    written.replace(&prefix, "").replace(&folder.path().display().to_string(), ".")
}

fn write(fault: &Fault) -> String {
    let mut text = format!("{} {}\n", fault.code, fault.reason);
    if let Some(place) = &fault.place {
        let gap = " ".repeat(place.text[..place.mark.start].chars().count());
        let carets = "^".repeat(place.text[place.mark.clone()].chars().count().max(1));
        let _ = writeln!(text, "  {}:{}:{}", place.file, place.line, place.column);
        let _ = writeln!(text, "  | {}\n  | {gap}{carets} {}", place.text.trim_end(), fault.path);
    }
    let _ = writeln!(text, "  = {}", fault.remedy);
    if 0 < fault.more {
        let _ = writeln!(text, "  and {} more like this", fault.more);
    }
    text
}

#[test]
fn every_broken_file_gives_the_message_beside_it() {
    let accept = std::env::var_os("ACCEPT").is_some();
    let mut wrong = String::new();
    for case in cases() {
        let found = messages(&case);
        let file = case.join("expected.txt");
        if accept {
            fs::write(&file, &found).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        let code = name(&case)[..4].to_owned();
        if found != expected || !found.lines().any(|line| line.starts_with(&format!("{code} "))) {
            let _ = writeln!(wrong, "{}\n--- expected\n{expected}--- found\n{found}", name(&case));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_code_has_a_broken_file() {
    let names: Vec<String> = cases().iter().map(|case| name(case)).collect();
    let bare = |code: &&Code| !names.iter().any(|name| name.starts_with(code.as_str()));
    let missing: Vec<String> =
        Code::ALL.iter().filter(bare).map(|code| format!("{code} {}", code.title())).collect();
    assert!(missing.is_empty(), "no broken file for {missing:#?}");
}

#[test]
fn the_files_that_are_broken_on_purpose_are_sound_before() {
    let loaded = load(&smallest().join("valuation.toml"), &Overlays::default())
        .map_err(|rejected| rejected.faults);
    assert_eq!(loaded.unwrap().warnings, []);
}
