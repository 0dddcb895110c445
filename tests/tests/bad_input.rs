//! Every code of a fault has a smallest broken file, and each gives the message written beside it.
//!
//! A folder `bad_input/<CODE>_<name>/` holds what differs from `assumptions/smallest/`: the broken files, `reform.toml`,
//! `second_reform.toml` and `scenario.toml` where the fault lies in an overlay, `delay` with the years by which reforms are
//! later, `on_whole` where the fault lies in what `bad_input/whole/` adds to
//! it, `accounts.toml` where the fault lies in a file of accounts, `liabilities.toml` in one of liabilities, `person.toml` where it lies in that of a person, `law.toml`
//! where a law is checked alone, `set` with one `path=value` a line, `sparse` with the name of a file and the MiB it is made to have, and `expected.txt`. `ACCEPT=1 cargo test` writes the messages anew.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{
    Code, Fault, Overlays, check_law, load, load_accounts, load_delayed, load_liabilities,
    read_person,
};

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
        behaviour: perennis_assumptions::Behaviour::Declared,
        scenario: there("scenario.toml"),
        reforms: ["reform.toml", "second_reform.toml"].into_iter().filter_map(there).collect(),
        set: set.lines().map(str::to_owned).collect(),
    };
    let delay = fs::read_to_string(case.join("delay")).unwrap_or_default();
    let years = delay.trim().parse().unwrap_or(0);
    let entry = folder.path().join("valuation.toml");
    let alone = ["person.toml", "accounts.toml", "law.toml", "liabilities.toml"].map(there);
    let (faults, warnings) = match alone {
        [Some(file), ..] => of_person(&file),
        [_, Some(file), ..] => of_accounts(&file),
        [.., Some(file)] => of_liabilities(&file),
        [_, _, Some(file), _] => match check_law(&file, None) {
            Ok(law) => (Vec::new(), law.warnings),
            Err(rejected) => (rejected.faults, rejected.warnings),
        },
        [None, None, None, None] => match load_delayed(&entry, &overlays, years) {
            Ok(loaded) => (Vec::new(), loaded.warnings),
            Err(rejected) => (rejected.faults, rejected.warnings),
        },
    };
    let prefix = format!("{}/", folder.path().display());
    let written = warnings.iter().chain(&faults).map(write).collect::<Vec<_>>().join("\n");
    written.replace(&prefix, "").replace(&folder.path().display().to_string(), ".")
}

/// Loads a file of accounts, runs it and solves its problems; all that is wrong is told.
fn of_accounts(file: &Path) -> (Vec<Fault>, Vec<Fault>) {
    let loaded = match load_accounts(file) {
        Ok(loaded) => loaded,
        Err(rejected) => return (rejected.faults, rejected.warnings),
    };
    let run = loaded.study.run().err().unwrap_or_default();
    let solved = loaded.study.solve().err().unwrap_or_default();
    let faults = run.iter().chain(&solved).map(|error| loaded.fault_of(error));
    (faults.collect(), loaded.warnings)
}

/// Loads a file of liabilities and values it; all that is wrong is told.
fn of_liabilities(file: &Path) -> (Vec<Fault>, Vec<Fault>) {
    let loaded = match load_liabilities(file) {
        Ok(loaded) => loaded,
        Err(rejected) => return (rejected.faults, rejected.warnings),
    };
    let refused = loaded.study.run().err().map(|error| loaded.fault_of(&error));
    (refused.into_iter().collect(), loaded.warnings)
}

/// Reads a person and applies the laws; all that is wrong is told.
fn of_person(file: &Path) -> (Vec<Fault>, Vec<Fault>) {
    let loaded = match read_person(file, &[]) {
        Ok(loaded) => loaded,
        Err(rejected) => return (rejected.faults, rejected.warnings),
    };
    let refused = loaded.entitlements().err().map(|error| loaded.fault_of(&error));
    (refused.into_iter().collect(), loaded.warnings)
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
