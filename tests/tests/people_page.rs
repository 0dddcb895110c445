//! The page on the persons of a scheme: every block of it is written in the format.

use std::fs;
use std::path::Path;

use perennis_tests::SmallCountry;

/// The TOML blocks of a page.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            None if line == "```toml" => open = Some(String::new()),
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => block.push_str(&format!("{line}\n")),
            None => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

#[test]
fn every_block_of_the_page_on_persons_has_keys_types_and_words_of_the_format() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/people.md");
    let blocks = blocks(&fs::read_to_string(page).unwrap());
    assert!(6 <= blocks.len(), "{}", blocks.len());
    for block in blocks {
        let faults = SmallCountry::new().file(SmallCountry::SCHEME, &block).folder().faults();
        // A block is a part: what else a scheme needs is missing. But nothing in it may be unknown: not TOML (A101), of a
        // wrong type (A102), no key (A103), no word (A105) of the format.
        let wrong = |fault: &&String| {
            ["A101", "A102", "A103", "A105"].iter().any(|code| fault.contains(code))
        };
        let wrong: Vec<&String> = faults.iter().filter(wrong).collect();
        assert!(!faults.is_empty() && wrong.is_empty(), "{block}\n{wrong:?}");
    }
}
