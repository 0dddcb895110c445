//! `perennis person`: the page on it as it runs, its exit codes and its JSON.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn perennis(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perennis"));
    command.current_dir(root()).env_remove("COLUMNS").args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const PAGE: &str = "docs/person.md";
const FLAT: &str = "docs/person/flat.toml";

#[test]
fn every_console_block_of_the_page_is_what_the_program_prints() {
    // `ACCEPT=1 cargo test` writes the blocks anew.
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let mut written = String::new();
    let mut rest = page.as_str();
    let mut blocks = 0;
    while let Some(start) = rest.find("```console\n$ perennis ") {
        let (before, block) = rest.split_at(start);
        let end = block[3..].find("\n```").unwrap() + 3;
        let command = block.lines().nth(1).unwrap();
        let words: Vec<&str> = command.split_whitespace().skip(2).collect();
        let output = perennis(&words);
        assert!(output.status.success(), "{command}: {}", text(&output.stderr));
        let printed = text(&output.stdout);
        for line in printed.lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
        written.push_str(&format!("{before}```console\n{command}\n{}", printed.trim_end()));
        rest = &block[end..];
        blocks += 1;
    }
    written.push_str(rest);
    assert!(3 <= blocks);
    if std::env::var_os("ACCEPT").is_some() {
        fs::write(root().join(PAGE), &written).unwrap();
    } else {
        assert!(written == page, "docs/person.md is not current: run with ACCEPT=1");
    }
}

#[test]
fn the_file_shown_on_the_page_is_the_one_it_runs() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let start = page.find("```toml\n# docs/person/flat.toml\n").unwrap();
    let shown = &page[start + 8..];
    let shown: toml::Table = shown[..shown.find("```").unwrap()].parse().unwrap();
    let kept: toml::Table = fs::read_to_string(root().join(FLAT)).unwrap().parse().unwrap();
    assert_eq!(shown, kept);
}

#[test]
fn json_is_one_object_with_everything_that_was_found() {
    let output = perennis(&["person", "docs/person/couple.toml", "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let claim = &object["claims"][0];
    let benefit = &claim["schemes"][0]["benefits"][0];
    assert_eq!(benefit["benefit"], "basic_pension");
    assert_eq!(benefit["award"]["amount"], 12_000.0);
    assert_eq!(benefit["award"]["steps"][0]["provisions"][0]["source"], "s. 3");
    assert!(benefit["conditions"].as_array().unwrap().iter().all(|test| test["met"] == true));
    assert_eq!(claim["years"].as_array().unwrap().len(), 3);
    let annuities = claim["expected"]["annuities"].as_array().unwrap();
    assert!(annuities.iter().any(|one| one["name"] == "reversion"));
}

#[test]
fn a_benefit_of_which_nothing_can_be_said_is_not_known_rather_than_not_due() {
    let folder = tempfile::tempdir().unwrap();
    let law = r#"
source = "Act 1 (fictional)"
[amounts.flat]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 100 }]
[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]
[benefits.basic]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", all = [{ measure = "assets", at_most = { amount = "flat" } }] }
steps = [{ flat = { amount = "flat" } }]
"#;
    let person = "source = \"made up\"\ncurrency = \"crown\"\nlaws = [\"law.toml\"]\nhorizon = 0\n\
                  [person]\nborn = 1960-01-01\nsex = \"male\"\n[claim]\nage = 65\n\
                  [stated]\nmeasures.credit = 160\n";
    fs::write(folder.path().join("law.toml"), law).unwrap();
    let file = folder.path().join("person.toml");
    fs::write(&file, person).unwrap();
    let path = file.to_str().unwrap();
    let page = text(&perennis(&["person", path]).stdout);
    let status = page.lines().find(|line| line.starts_with("basic ")).unwrap();
    assert!(status.ends_with(" not known"), "{page}");
    let stated = page.lines().find(|line| line.starts_with("Stated: measure credit")).unwrap();
    assert!(stated.ends_with(" 160 months"), "{page}");
    let json = text(&perennis(&["person", path, "--format", "json"]).stdout);
    assert!(!json.contains("-0.0"), "{json}");
    let object: serde_json::Value = serde_json::from_str(&json).unwrap();
    let benefit = &object["claims"][0]["schemes"][0]["benefits"][0];
    assert!(benefit["due"].is_null() && benefit["not_known"] == "assets", "{benefit}");
}

#[test]
fn faults_exit_with_3_and_missing_files_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("person.toml");
    let sound = fs::read_to_string(root().join(FLAT)).unwrap();
    let law = root().join("tests/law/flat_pension.toml");
    let sound = sound.replace("../../tests/law/flat_pension.toml", law.to_str().unwrap());
    let path = file.to_str().unwrap();
    for (from, to, said) in [
        ("born = 1960-03-10", "born = 2060-03-10", "A901"),
        ("age = 65", "event = \"age\"", "A902"),
        ("to = 2024", "to = 2024, months = 13", "A302"),
        ("earnings = 2_000", "earnings = -2_000", "A303"),
        ("sex = \"female\"", "sex = \"femal\"", "A105"),
    ] {
        fs::write(&file, sound.replace(from, to)).unwrap();
        let output = perennis(&["person", path]);
        assert_eq!(output.status.code(), Some(3), "{to}");
        assert_eq!(text(&output.stdout), "", "{to}");
        assert!(text(&output.stderr).contains(said), "{to}: {}", text(&output.stderr));
        let output = perennis(&["person", path, "--format", "json"]);
        let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(object["status"], "faults");
    }
    fs::write(&file, &sound).unwrap();
    assert_eq!(perennis(&["person", path]).status.code(), Some(0));
    assert_eq!(perennis(&["person", path, "--law", "no/such/law.toml"]).status.code(), Some(2));
    assert_eq!(perennis(&["person", "no/such/person.toml"]).status.code(), Some(2));
}
