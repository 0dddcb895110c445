//! Holds which crate may import which, and which words may appear in which crate's code.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::{fs, path::Path};

/// Liabilities of members stand beside a run.
const READS: &str = "units cohort demography labour scheme pensions benefits finance generations indicators valuation";
const IMPORTS: [(&str, &str); 14] = [
    ("units", ""),
    ("cohort", "units"),
    ("demography", "units cohort"),
    ("labour", "units cohort demography"),
    ("scheme", "units"),
    ("pensions", "units cohort demography labour scheme"),
    ("benefits", "units cohort demography labour scheme pensions"),
    ("finance", "units cohort labour"),
    ("generations", "units scheme finance"),
    ("indicators", "units cohort demography labour pensions benefits finance"),
    (
        "valuation",
        "units cohort demography labour scheme pensions benefits finance generations indicators",
    ),
    ("assumptions", READS),
    ("report", READS),
    ("cli", "units scheme valuation assumptions report"),
];

const WORDS: [(&str, &str, &str); 4] = [
    ("`assumptions` alone reads stored forms", "Deserialize", "assumptions"),
    ("`report` and `cli` alone write stored forms", "Serialize", "report cli"),
    ("stages are pure", "std::fs|std::env|std::time| rand::", "assumptions report cli"),
    ("no countries in crates/", "Viet Nam|Vietnam|viet-nam|Kuwait|Ukraine|Japan|Sweden", ""),
];

fn code(path: &Path) -> String {
    let Ok(folder) = fs::read_dir(path) else { return fs::read_to_string(path).unwrap() };
    folder.map(|entry| code(&entry.unwrap().path())).collect()
}

#[test]
fn crates_import_and_say_only_what_the_layout_allows() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut faults = Vec::new();
    for (name, allowed) in IMPORTS {
        let manifest = fs::read_to_string(crates.join(name).join("Cargo.toml")).unwrap();
        let imports = manifest.lines().filter_map(|line| line.strip_prefix("perennis-"));
        for import in imports.map(|line| line.split(['.', ' ', '=']).next().unwrap()) {
            if !allowed.split(' ').any(|one| one == import) {
                faults.push(format!("`{name}` may import only [{allowed}], not `{import}`"));
            }
        }
        let code = code(&crates.join(name).join("src"));
        for (rule, words, free) in WORDS {
            let bound = !free.split(' ').any(|one| one == name);
            let found = words.split('|').filter(|word| bound && code.contains(word));
            faults.extend(found.map(|word| format!("`{name}` has `{word}`, but {rule}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(fs::read_dir(&crates).unwrap().count(), IMPORTS.len(), "a crate without a row");
}
