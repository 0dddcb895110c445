//! Persons under laws of many kinds, all through one code path: files in, amounts out.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::BTreeMap;
use std::fs;

use perennis_scheme::ClaimResult;
use perennis_tests::{claim_of, found, laws};
use toml::Table;

/// A figure that a person must have.
struct Example {
    person: String,
    what: String,
    expected: f64,
    tolerance: f64,
}

fn examples() -> Vec<Example> {
    let text = fs::read_to_string(laws().join("examples.toml")).unwrap();
    let file: Table = text.parse().unwrap();
    let list = file["example"].as_array().unwrap();
    list.iter().map(|value| example(value.as_table().unwrap())).collect()
}

fn example(table: &Table) -> Example {
    let text = |key: &str| table[key].as_str().unwrap().to_owned();
    assert!(!text("why").is_empty() && !text("source").is_empty(), "{}", text("person"));
    Example {
        person: text("person"),
        what: text("what"),
        expected: table["expected"].as_float().unwrap(),
        tolerance: table.get("tolerance").map_or(1e-9, |value| value.as_float().unwrap()),
    }
}

#[test]
fn every_law_gives_its_persons_what_the_examples_say() {
    let mut claims: BTreeMap<String, ClaimResult> = BTreeMap::new();
    let mut off = Vec::new();
    for Example { person, what, expected, tolerance } in examples() {
        let file = laws().join(format!("persons/{person}.toml"));
        let claim = claims.entry(person.clone()).or_insert_with(|| claim_of(&file));
        let tolerance = tolerance.max(1e-9 * expected.abs());
        match found(claim, &what) {
            Some(found) if (found - expected).abs() <= tolerance => {}
            found => off.push(format!("{person}: {what} is {found:?}, not {expected}")),
        }
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
}

#[test]
fn every_law_and_every_person_of_the_folder_has_an_example() {
    let stems = |folder: &str| -> Vec<String> {
        let files = fs::read_dir(laws().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.extension().is_some_and(|kind| kind == "toml"));
        files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let examples = examples();
    let mut named = Vec::new();
    for person in stems("persons") {
        assert!(examples.iter().any(|example| example.person == person), "{person}");
        named.push(fs::read_to_string(laws().join(format!("persons/{person}.toml"))).unwrap());
    }
    for law in stems(".").into_iter().filter(|stem| stem != "examples" && stem != "viet_nam") {
        let file = format!("\"../{law}.toml\"");
        assert!(named.iter().any(|person| person.contains(&file)), "nobody is under {law}");
    }
}
