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
