//! Exit codes and streams of the program, run as a user runs it.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn perennis(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perennis"));
    command.current_dir(project()).env_remove("NO_COLOR").args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const SMALLEST: &str = "assumptions/smallest/valuation.toml";

#[test]
fn sound_assumptions_end_with_zero() {
    let output = perennis(&["check", SMALLEST]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("no faults"));
    assert_eq!(stderr(&output), "");
}

#[test]
fn what_is_not_on_the_command_line_or_the_disk_is_usage() {
    for arguments in [
        &["check"][..],
        &["check", "nothing.toml"],
        &["check", "assumptions/smallest"],
        &["check", SMALLEST, "--reform", "nothing.toml"],
        &["check", SMALLEST, "--scenario", "assumptions"],
        &["show", SMALLEST, "population.nothing"],
        &["check", SMALLEST, "--format", "yaml"],
        &["schema", "nothing"],
        &["nothing"],
        &["check", "--explain", "A999"],
    ] {
        let output = perennis(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(!stderr(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn faults_end_with_three_on_stderr_with_place_reason_and_remedy() {
    for command in ["check", "show"] {
        let output = perennis(&[command, SMALLEST, "--set", "population.migration.totl.value=1"]);
        assert_eq!(output.status.code(), Some(3), "{command}");
        assert_eq!(stdout(&output), "", "{command}");
        let said = stderr(&output);
        assert!(
            said.contains("error[A108]") && said.contains("^^^") && said.contains("did you mean"),
            "{said}"
        );
        assert!(!said.contains('\u{1b}'), "no colours outside a terminal");
    }
}

#[test]
fn json_is_one_object_on_stdout() {
    let sound = perennis(&["check", SMALLEST, "--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&stdout(&sound)).unwrap();
    assert_eq!(object["status"], "ok");
    let faulty = perennis(&["check", SMALLEST, "--format", "json", "--set", "horizon=0"]);
    assert_eq!(faulty.status.code(), Some(3));
    assert_eq!(stderr(&faulty), "");
    let object: serde_json::Value = serde_json::from_str(&stdout(&faulty)).unwrap();
    assert_eq!(object["faults"][0]["code"], "A602");
    assert_eq!(object["faults"][0]["path"], "horizon");
    assert_eq!(object["faults"][0]["line"], 1);
}

#[test]
fn show_names_file_line_layer_and_source() {
    let output = perennis(&["show", SMALLEST, "population.fertility.total.values", "--origin"]);
    let said = stdout(&output);
    assert!(
        said.contains("{ 2025 = 2.1, 2035 = 1.9 }") && said.contains("# children per woman"),
        "{said}"
    );
    assert!(said.contains("population.toml:23 (valuation)"), "{said}");
    assert!(said.contains("source: Invented for this example"), "{said}");
}

#[test]
fn schemas_are_written_to_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let output = perennis(&["schema", "--out", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let text = std::fs::read_to_string(folder.path().join("population.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert!(schema["properties"]["mortality"].is_object());
}

#[cfg(target_os = "linux")]
#[test]
fn a_stream_that_cannot_be_written_ends_with_four() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_perennis"));
    let status = command
        .current_dir(project())
        .args(["check", SMALLEST])
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status();
    assert_eq!(status.unwrap().code(), Some(4));
}
