//! The commands of the tutorial of the shipped country, run as they stand in its README.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The command lines of the tutorial, without the name of the program.
fn commands() -> Vec<Vec<String>> {
    let page = fs::read_to_string(project().join("assumptions/viet-nam/README.md")).unwrap();
    let lines = page.lines().filter_map(|line| line.strip_prefix("$ perennis "));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

fn perennis(arguments: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perennis"));
    command.current_dir(project()).args(arguments).output().unwrap()
}

/// The pensions in payment of the last year in the terminal summary.
fn last_pensions_in_payment(summary: &str) -> f64 {
    let mut lines = summary.lines().map(str::trim_start);
    let line = lines.find(|line| line.starts_with("Pensions in payment  ")).unwrap();
    line.split_whitespace().next_back().unwrap().parse().unwrap()
}

#[test]
fn every_command_of_the_tutorial_works_and_the_later_age_lowers_the_number_of_pensions() {
    let place = tempfile::tempdir().unwrap();
    let mut pensions = Vec::new();
    let mut subcommands = Vec::new();
    for (position, mut arguments) in commands().into_iter().enumerate() {
        let out = arguments.iter().position(|one| one == "--out").map(|at| at + 1);
        let folder = place.path().join(position.to_string());
        if let Some(out) = out {
            arguments[out] = folder.display().to_string();
        }
        let output = perennis(&arguments);
        let (text, talk) = (&output.stdout, &output.stderr);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(talk));
        let text = String::from_utf8(text.clone()).unwrap();
        if out.is_some() {
            assert!(folder.join("report.html").exists(), "{arguments:?}");
            pensions.push(last_pensions_in_payment(&text));
        }
        assert!(!text.is_empty(), "{arguments:?}");
        subcommands.push(arguments[0].clone());
    }
    assert_eq!(subcommands, ["value", "check", "show", "show", "value", "value"]);
    let [unchanged, low_interest, later] = pensions[..] else { panic!("{pensions:?}") };
    assert!((low_interest - unchanged).abs() < 1e-9, "interest pays no pension: {pensions:?}");
    assert!(later < 0.95 * unchanged, "{pensions:?}");
}
