//! The page that teaches the language of the law: every block of it is read, valued and compared.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::Path;

use perennis_tests::{LawFolder, found};

/// A fenced block: its language and its lines.
struct Block {
    language: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The name of the file in the first line of a block: `# points.toml`.
fn file_name(block: &Block) -> &str {
    block.text.lines().next().unwrap().strip_prefix("# ").unwrap()
}

/// Compares one line, `old_age = 1,642.00   why`, with what was found; two decimals are printed.
fn compare(line: &str, claim: &perennis_scheme::ClaimResult) {
    let (what, rest) = line.split_once(" = ").unwrap();
    let printed = rest.split_whitespace().next().unwrap().replace(',', "");
    let expected: f64 = printed.parse().unwrap();
    let what = match what.split_once(' ') {
        Some((kind, name)) => format!("{kind}.{name}"),
        None if what == "together" => what.to_owned(),
        None => format!("benefit.{what}"),
    };
    let value = found(claim, &what).unwrap_or_else(|| panic!("{what} is not there"));
    let value = if what == "together" { value / 12.0 } else { value };
    assert!((value - expected).abs() <= 0.005 + 1e-9, "{what}: {value} is not {expected}");
}

#[test]
fn every_block_of_the_page_is_run_and_gives_the_printed_figures() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/law.md");
    let page = fs::read_to_string(page).unwrap();
    let blocks = blocks(&page);
    let (mut files, mut examples): (Vec<(&str, &str)>, _) = (Vec::new(), 0);
    for block in &blocks {
        match block.language.as_str() {
            "toml" => files.push((file_name(block), &block.text)),
            "text" => {
                let claim = LawFolder::new(&files).claim("person.toml");
                block.text.lines().for_each(|line| compare(line, &claim));
                files.clear();
                examples += 1;
            }
            other => panic!("a block of {other:?} is run by nobody"),
        }
    }
    assert!(files.is_empty(), "a law without a printed figure");
    assert!(9 <= examples, "{examples}");
}
