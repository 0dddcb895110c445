//! The exit codes that the help names, and where each command speaks.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;

use common::{root, text};

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn perennis(words: &[&str]) -> Output {
    common::perennis(root(), words)
}

const SMALLEST: &str = "assumptions/smallest/valuation.toml";

#[test]
fn a_good_valuation_exits_with_0_and_prints_its_summary() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let output = perennis(&["value", SMALLEST, "--out", out.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Population"));
    assert!(out.join("manifest.json").is_file() && out.join("report.html").is_file());
}

#[test]
fn wrong_words_and_missing_paths_exit_with_2() {
    assert_eq!(code(&perennis(&["valeu"])), 2);
    assert_eq!(code(&perennis(&["check", "no/such/file.toml"])), 2);
    assert_eq!(code(&perennis(&["value", SMALLEST])), 2, "value needs --out");
}

#[test]
fn faults_exit_with_3_and_leave_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let set = "population.base.colour=\"red\"";
    let output = perennis(&["value", SMALLEST, "--out", out.to_str().unwrap(), "--set", set]);
    assert_eq!(code(&output), 3);
    assert!(text(&output.stdout).is_empty(), "faults belong to stderr");
    assert!(!out.exists());
    let output = perennis(&["check", SMALLEST, "--set", set, "--format", "json"]);
    assert_eq!(code(&output), 3);
    assert!(text(&output.stdout).starts_with('{'), "JSON belongs to stdout");
}

#[test]
fn the_behaviour_of_a_reform_is_checked_though_it_is_not_laid_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let reform = folder.path().join("reform.toml");
    let with = |share: &str| {
        let behaviour = format!(
            "title = \"Less is paid\"\nsource = \"A study\"\nhorizon = 5\n\
             [behaviour.schemes.compulsory.compliance]\nvalues = {{ 2024 = {share} }}\n"
        );
        fs::write(&reform, behaviour).unwrap();
        perennis(&[
            "check",
            "assumptions/viet-nam/valuation.toml",
            "--reform",
            reform.to_str().unwrap(),
        ])
    };
    assert_eq!(code(&with("0.9")), 0);
    let output = with("9");
    assert_eq!(code(&output), 3);
    assert!(text(&output.stderr).contains("A301"), "{}", text(&output.stderr));
}

#[test]
fn a_model_that_cannot_be_run_is_a_fault_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let country = root().canonicalize().unwrap().join("assumptions/viet-nam");
    let law = fs::read_to_string(country.join("schemes/compulsory.toml")).unwrap();
    // Without this row nothing says how many years count for those who entered before 1995.
    let row = "    { from = 1995-01-01, value = 5 },\n";
    assert!(law.contains(row), "the row is in the file of the example");
    let tables = format!("{}/schemes/compulsory/", country.display());
    let law = law.replacen(row, "", 1).replace("\"compulsory/", &format!("\"{tables}"));
    fs::write(folder.path().join("law.toml"), law).unwrap();
    let valuation = format!(
        "extends = \"{}/valuation.toml\"\n[files]\nschemes.compulsory = \"law.toml\"\n",
        country.display()
    );
    fs::write(folder.path().join("valuation.toml"), valuation).unwrap();
    let (file, out) = (folder.path().join("valuation.toml"), folder.path().join("run"));
    let output = perennis(&["value", file.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(code(&output), 3);
    let said = text(&output.stderr);
    assert!(said.contains("error[A701]") && said.contains("`last_years`"), "{said}");
    assert!(said.contains("law.toml:") && said.contains("help:"), "{said}");
    assert!(!out.exists());
}

#[test]
fn a_folder_that_is_not_ours_exits_with_4_and_keeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("note.txt");
    fs::write(&note, "mine").unwrap();
    let output = perennis(&["value", SMALLEST, "--out", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 4);
    assert_eq!(fs::read_to_string(note).unwrap(), "mine");
}

#[test]
fn the_same_files_give_the_same_bytes_on_one_thread_and_on_two() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, threads: &str| {
        let out = folder.path().join(name);
        let out = out.to_str().unwrap();
        let output = perennis(&["value", SMALLEST, "--out", out, "--threads", threads]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        ["manifest.json", "report.html", "tables/population.csv"]
            .map(|file| fs::read(Path::new(out).join(file)).unwrap())
    };
    assert!(run("one", "1") == run("two", "2"));
}

#[test]
fn the_help_names_every_command_and_exit_code() {
    let help = text(&perennis(&["--help"]).stdout);
    for word in ["check", "value", "show", "schema", "70 a bug of ours"] {
        assert!(help.contains(word), "{word}");
    }
}
