//! Broken and mutated files of accounts give answers or faults with a place, and never a panic.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::Path;

use perennis_assumptions::load_accounts;
use proptest::prelude::*;

const FILES: [&str; 3] = ["accounts.toml", "fund.csv", "benefits.csv"];

fn good(name: &str) -> String {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/fund");
    fs::read_to_string(home.join(name)).unwrap()
}

/// Loads, runs and solves the shipped fund with one file replaced; what fails must say where.
fn survives(replaced: &str, text: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        let whole = good(name);
        let bytes = if name == replaced { text } else { whole.as_bytes() };
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let faults = match load_accounts(&folder.path().join("accounts.toml")) {
        Err(rejected) => {
            assert!(!rejected.faults.is_empty());
            rejected.faults
        }
        Ok(loaded) => {
            let run = loaded.study.run().map(|results| {
                let values = results.measures.iter().filter_map(|one| one.value);
                let years = results.by_year.iter().map(|one| one.value);
                assert!(values.chain(years).all(f64::is_finite));
            });
            let solved = loaded.study.solve().map(|solved| {
                assert!(solved.iter().flat_map(|one| &one.values).all(|value| value.is_finite()));
            });
            let errors = run.err().into_iter().chain(solved.err()).flatten();
            errors.map(|error| loaded.fault_of(&error)).collect()
        }
    };
    for fault in faults {
        assert!(fault.place.is_some(), "{fault:?}");
        assert!(!fault.reason.is_empty() && !fault.remedy.is_empty(), "{fault:?}");
        assert!(!fault.reason.contains("NaN") && !fault.reason.contains("inf "), "{fault:?}");
    }
}

fn tokens() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "0",
        "-1",
        "1e-300",
        "1e300",
        "nan",
        "1e17",
        "2024",
        "2101",
        "2300",
        "\"\"",
        "\"main\"",
        "[]",
        "{}",
        "true",
        "[",
        "]",
        "=",
        ",",
        "\"",
        "\u{0}",
        "0.99",
        "-0.5",
        "\"none\"",
        "\"state_pays\"",
        "\"mature_growth\"",
        "\"benefit_factor\"",
        "[2030]",
        "9999999999",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_token_gives_an_answer_or_faults(
        file in 0..FILES.len(), at in any::<prop::sample::Index>(), token in tokens(),
    ) {
        let text = good(FILES[file]);
        let ends = |c: char| "=,.[]{}\n\" ".contains(c);
        let words: Vec<(usize, &str)> = text.match_indices(ends).collect();
        let (from, _) = words[at.index(words.len())];
        let to = text[from + 1..].find(ends).map_or(text.len(), |end| from + 1 + end);
        survives(FILES[file], format!("{}{token}{}", &text[..=from], &text[to..]).as_bytes());
    }

    #[test]
    fn a_changed_byte_gives_an_answer_or_faults(
        file in 0..FILES.len(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = good(FILES[file]).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        survives(FILES[file], &bytes);
    }

    #[test]
    fn a_lost_or_doubled_line_gives_an_answer_or_faults(
        file in 0..FILES.len(), at in any::<prop::sample::Index>(), twice: bool,
    ) {
        let text = good(FILES[file]);
        let mut lines: Vec<&str> = text.lines().collect();
        let at = at.index(lines.len());
        if twice { lines.insert(at, lines[at]); } else { lines.remove(at); }
        survives(FILES[file], lines.join("\n").as_bytes());
    }
}
