//! Broken and mutated input gives faults with a place, and never a panic.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::Path;

use perennis_assumptions::{Overlays, load};
use proptest::prelude::*;

const FILES: [&str; 10] = [
    "valuation.toml",
    "population.toml",
    "base.csv",
    "mortality.csv",
    "fertility.csv",
    "labour.toml",
    "participation.csv",
    "economy.toml",
    "finance.toml",
    "basic.toml",
];

/// Returns a file of the small whole country.
fn good(name: &str) -> Vec<u8> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let whole = fs::read(home.join("bad_input/whole").join(name));
    whole.unwrap_or_else(|_| fs::read(home.join("../assumptions/smallest").join(name)).unwrap())
}

/// Writes the good folder with one file replaced and loads it; a load that fails must say where.
fn survives(replaced: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        let text = if name == replaced { bytes.to_vec() } else { good(name) };
        fs::write(folder.path().join(name), text).unwrap();
    }
    if let Err(rejected) = load(&folder.path().join("valuation.toml"), &Overlays::default()) {
        assert!(!rejected.faults.is_empty());
        assert!(
            rejected.faults.iter().any(|fault| fault.place.is_some()),
            "no fault has a place: {:?}",
            rejected.faults
        );
        for fault in &rejected.faults {
            assert!(!fault.reason.is_empty() && !fault.remedy.is_empty(), "{fault:?}");
        }
    }
}

fn tokens() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "0",
        "-1",
        "1e309",
        "nan",
        "inf",
        "1e300",
        "\"\"",
        "\"x\"",
        "[]",
        "{}",
        "true",
        "2024-01-01",
        "[[",
        "]]",
        "\u{0}",
        "=",
        ",",
        ";",
        "\t",
        "\"",
        "'''",
        "\u{feff}",
        "99999999999999999999",
        "0x7f",
        "extends = \"population.toml\"",
        "[population]",
        "[files]",
        "€",
        "\r",
        "a.b.c.d = 1",
        "unit = 1",
        "source = 2",
        "values = 3",
        "file = \"..\"",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_byte_gives_a_model_or_faults(file in 0..FILES.len(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = good(FILES[file]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        survives(FILES[file], &bytes);
    }

    #[test]
    fn a_lost_or_doubled_line_gives_a_model_or_faults(file in 0..FILES.len(), at in any::<prop::sample::Index>(), twice in any::<bool>()) {
        let text = String::from_utf8(good(FILES[file])).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        let at = at.index(lines.len());
        if twice {
            lines.insert(at, lines[at]);
        } else {
            lines.remove(at);
        }
        survives(FILES[file], lines.join("\n").as_bytes());
    }

    #[test]
    fn a_changed_token_gives_a_model_or_faults(file in 0..FILES.len(), at in any::<prop::sample::Index>(), token in tokens()) {
        let text = String::from_utf8(good(FILES[file])).unwrap();
        let words: Vec<(usize, &str)> = text.match_indices(|c: char| "=,.[]{}\n\" ".contains(c)).collect();
        let (from, _) = words[at.index(words.len())];
        let to = text[from + 1..].find(|c: char| "=,.[]{}\n\" ".contains(c)).map_or(text.len(), |end| from + 1 + end);
        survives(FILES[file], format!("{}{token}{}", &text[..=from], &text[to..]).as_bytes());
    }

    #[test]
    fn a_cut_file_gives_a_model_or_faults(file in 0..FILES.len(), at in any::<prop::sample::Index>()) {
        let bytes = good(FILES[file]);
        survives(FILES[file], &bytes[..at.index(bytes.len())]);
    }

    #[test]
    fn noise_gives_faults(file in 0..FILES.len(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(FILES[file], &bytes);
    }

    #[test]
    fn any_value_set_from_the_command_line_gives_a_model_or_faults(path in "[a-z_.\\[\\]0-9\"=]{0,40}", value in ".{0,20}") {
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/smallest/valuation.toml");
        for path in [path, "population.migration.total.value".to_owned(), "population.fertility.total.values".to_owned()] {
            let overlays = Overlays { set: vec![format!("{path}={value}")], ..Overlays::default() };
            if let Err(rejected) = load(&good, &overlays) {
                assert!(rejected.faults.iter().any(|fault| fault.place.is_some()), "{:?}", rejected.faults);
            }
        }
    }
}

#[test]
fn deep_nesting_and_long_lines_do_not_end_the_program() {
    let many = |text: &str| text.repeat(200_000);
    for text in [
        format!("a = {}", many("[")),
        format!("a = {}", many("{a=")),
        format!("{} = 1", "a.".repeat(200_000) + "a"),
        format!("[{}]", "a.".repeat(200_000) + "a"),
        format!("a = \"{}\"", many("x")),
        format!("a = 1{}", many("0")),
        many("[a]\n"),
        many("a = 1\n"),
        many("\u{0}"),
    ] {
        survives("population.toml", text.as_bytes());
        survives("base.csv", text.as_bytes());
    }
}

/// Loads the small whole country with some texts replaced, and returns `code path` of each fault.
fn faults(changes: &[(&str, &str, &str)], set: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        let mut text = String::from_utf8(good(name)).unwrap();
        for (_, from, to) in changes.iter().filter(|(file, ..)| *file == name) {
            assert!(text.contains(from), "{name} does not hold {from}");
            text = text.replacen(from, to, 1);
        }
        fs::write(folder.path().join(name), text).unwrap();
    }
    let set = set.iter().map(|text| (*text).to_owned()).collect();
    let overlays = Overlays { set, ..Overlays::default() };
    let loaded = load(&folder.path().join("valuation.toml"), &overlays);
    let faults = loaded.map_or_else(|rejected| rejected.faults, |_| Vec::new());
    faults.iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
}

#[test]
fn a_fault_of_form_does_not_hide_those_of_the_tables_beside_it() {
    let nan = ("population.toml", "value = 1.05", "value = nan");
    let cells = [("base.csv", "male,10,39", "male,10,-39"), ("fertility.csv", "0.30", "0,30")];
    let found = faults(&[nan, cells[0], cells[1]], &[]);
    assert_eq!(
        found,
        [
            "A106 population.sex_ratio_at_birth.value",
            "A303 population.base.file",
            "A505 population.fertility.file"
        ]
    );
    // A key that is missing keeps the population from being built; its tables are opened all the same.
    let missing = ("population.toml", "date = 2025-01-01", "");
    let found = faults(&[missing, cells[1]], &[]);
    assert_eq!(found, ["A104 population.base", "A505 population.fertility.file"]);
}

#[test]
fn an_unknown_key_that_means_no_other_does_not_hide_what_else_is_wrong() {
    let key = ("population.toml", "[base]", "[base]\nwzzk = 1");
    let found = faults(&[key, ("base.csv", "male,10,39", "male,10,-39")], &[]);
    assert_eq!(found, ["A103 population.base.wzzk", "A303 population.base.file"]);
}

#[test]
fn names_are_plain_words_wherever_a_file_gives_them() {
    for name in ["\"\"", "\"two words\"", "Capital", "\"đ\"", "\"../up\"", "\"a,b\""] {
        let group = format!("groups.{name}");
        let found = faults(&[("labour.toml", "groups.formal", &group)], &[]);
        assert!(found.iter().any(|fault| fault.starts_with("A611 labour.groups")), "{found:?}");
    }
}

#[test]
fn the_command_line_does_not_change_what_valuation_it_is() {
    for set in ["currency=\"x\"", "country=\"x\"", "start=2026-01-01"] {
        let found = faults(&[], &[set]);
        assert!(found[0].starts_with("A107 "), "{found:?}");
    }
    assert!(faults(&[], &["horizon=5"]).is_empty());
}

#[test]
fn a_reform_that_changes_nothing_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        fs::write(folder.path().join(name), good(name)).unwrap();
    }
    let reform = folder.path().join("reform.toml");
    let load = |text: &str| {
        fs::write(&reform, text).unwrap();
        let overlays = Overlays { reforms: vec![reform.clone()], ..Overlays::default() };
        load(&folder.path().join("valuation.toml"), &overlays).unwrap().warnings
    };
    let codes = |text| load(text).iter().map(|one| one.code.to_string()).collect::<Vec<_>>();
    let change = "title = \"T\"\nsource = \"S\"\n[economy.interest]\nvalue = 0.021\n";
    let before = codes(change);
    assert_eq!(codes("title = \"T\"\nsource = \"S\"\n").len(), before.len() + 1);
    assert!(codes("").contains(&"W002".to_owned()));
}

#[test]
fn one_figure_for_all_ages_replaces_a_table_by_age() {
    let set = "labour.participation.all_ages={value=0.5}";
    assert_eq!(faults(&[], &[set]), [""; 0]);
}
