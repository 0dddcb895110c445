//! Sensitivity and stress, as a user meets them.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod common;
mod country;

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use common::{perennis, root, text};
use country::{copy_whole, done};

/// The small whole country, with files added.
fn country(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_whole(folder.path());
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_set_is_written_whole_and_the_same_for_any_number_of_threads() {
    let folder = country(&[]);
    for (threads, out) in [("1", "one"), ("4", "four")] {
        let words =
            ["sensitivity", "valuation.toml", "--stress", "--out", out, "--threads", threads];
        let printed = done(&folder, &words);
        assert!(printed.contains("Baseline") && printed.contains("Recession"), "{printed}");
        assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
    }
    let same = |name: &str| {
        let [one, four] =
            ["one", "four"].map(|out| fs::read(folder.path().join(out).join(name)).unwrap());
        assert_eq!(one, four, "{name}");
        text(&one)
    };
    same("report.html");
    same("manifest.json");
    same("tables/sensitivity_indicators.csv");
    let rows = same("tables/sensitivity.csv");
    let runs = same("tables/sensitivity_runs.csv");
    let names = runs.lines().skip(1).filter(|line| line.starts_with("sh"));
    for name in names {
        let start: Vec<&str> = name.split(',').take(3).collect();
        assert!(rows.contains(&format!("\n{},", start.join(","))), "{name}");
    }
}

#[test]
fn shifts_of_ones_own_take_the_place_of_standard_ones() {
    let own = "source = \"Study\"\n[shifts.interest]\ntitle = \"Returns\"\n\
        down = { title = \"2 points lower\", changes = [{ quantity = \"interest\", adds = -0.02 }] }\n\
        up = { title = \"by the files\", set = [\"economy.interest.value=0.09\"] }\n";
    let folder = country(&[("own.toml", own)]);
    let words = [
        "sensitivity",
        "valuation.toml",
        "--shifts",
        "own.toml",
        "--only",
        "interest",
        "--format",
        "json",
    ];
    let found: Value = serde_json::from_str(&done(&folder, &words)).unwrap();
    let runs = found["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0]["alternative"], "2 points lower");
    assert_eq!(runs[1]["changes"][0], "economy.interest.value=0.09");
    assert_ne!(runs[1]["measures"], found["baseline"]);
}

#[test]
fn what_there_is_not_is_usage_and_a_fault_in_a_file_points_into_it() {
    let bad = "[shifts.x]\ntitle = \"X\"\nup = { title = \"x\", changes = [{ quantity = \"fertility\", adds = 0.1 }, { quantity = \"wages\" }] }\n";
    let folder = country(&[("bad.toml", bad)]);
    for (words, code, part) in [
        (&["--only", "wagse"][..], 2, "did you mean `wages`"),
        (&["--exhausted-by", "1990"][..], 2, "1990"),
        (&["--exhausted-by", "2030", "--account", "none"][..], 2, "no account `none`"),
        (&["--shifts", "bad.toml"][..], 3, "bad.toml:3"),
        (&["--shifts", "nothing.toml"][..], 2, "nothing.toml"),
    ] {
        let mut all = vec!["sensitivity", "valuation.toml"];
        all.extend(words);
        let output = perennis(folder.path(), &all);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(part), "{words:?}: {}", text(&output.stderr));
    }
}

#[test]
fn the_standard_set_can_be_printed_and_read_again() {
    let folder = country(&[]);
    let printed = done(&folder, &["sensitivity", "--standard"]);
    fs::write(folder.path().join("mine.toml"), printed).unwrap();
    let words = ["sensitivity", "valuation.toml", "--only", "fertility", "--shifts", "mine.toml"];
    done(&folder, &words);
}

#[test]
fn the_reform_that_a_solution_writes_reaches_the_target_when_it_is_valued() {
    let folder = country(&[]);
    let words = [
        "solve",
        "valuation.toml",
        "--lever",
        "contribution_rate",
        "--target",
        "basic_fund/reserve_end_over_expenditure/2030=7",
        "--from",
        "2026",
        "--out",
        "found.toml",
        "--format",
        "json",
    ];
    let found: Value = serde_json::from_str(&done(&folder, &words)).unwrap();
    assert_eq!(found["unique"], true, "{found}");
    done(&folder, &["value", "valuation.toml", "--reform", "found.toml", "--out", "run"]);
    let rows = fs::read_to_string(folder.path().join("run/tables/indicators.csv")).unwrap();
    let row = rows
        .lines()
        .find(|row| row.starts_with("2030,basic_fund,reserve_end_over_expenditure,"))
        .unwrap();
    let value: f64 = row.split(',').nth(3).unwrap().parse().unwrap();
    // Found to the last digits of a ratio near seven.
    assert!((value - 7.0).abs() < 1e-9, "{row}");
    let again = perennis(folder.path(), &words);
    assert_eq!(again.status.code(), Some(4), "an existing file stays: {}", text(&again.stderr));
}

#[test]
fn a_target_that_cannot_be_met_or_is_not_there_says_so() {
    let folder = country(&[]);
    let rate = ["--lever", "contribution_rate"];
    for (words, code, part) in [
        ([rate[0], rate[1], "--target", "basic_fund/payg_rate/2030=0.9"], 3, "A804"),
        (
            [rate[0], rate[1], "--target", "basic_fund/payg_rat/2030=0.9"],
            2,
            "did you mean `basic_fund/payg_rate`",
        ),
        ([rate[0], rate[1], "--target", "basic_fund/payg_rate/1990=0.9"], 2, "no value"),
        ([rate[0], rate[1], "--target", "basic_fund"], 2, "no target"),
        ([rate[0], rate[1], "--target", "none/not_exhausted_before/2030"], 2, "none"),
        (
            [
                "--lever",
                "schemes.basic.pensionable_ag",
                "--target",
                "basic_fund/payg_rate/2030=0.1",
            ],
            2,
            "did you mean",
        ),
        (
            [
                "--lever",
                "schemes.basic.pensionable_age",
                "--target",
                "basic_fund/payg_rate/2030=0.1",
            ],
            2,
            "--lowest",
        ),
    ] {
        let mut all = vec!["solve", "valuation.toml"];
        all.extend(words);
        let output = perennis(folder.path(), &all);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(part), "{words:?}: {}", text(&output.stderr));
    }
}

/// Runs every console block of a page in a folder with the files of the project.
#[test]
fn every_console_block_of_the_pages_runs() {
    for page in ["docs/sensitivity.md", "docs/solve.md"] {
        let written = fs::read_to_string(root().join(page)).unwrap();
        let commands = written.lines().filter_map(|line| line.strip_prefix("$ perennis "));
        let mut count = 0;
        for command in commands {
            let folder = tempfile::tempdir().unwrap();
            let home = root().join("assumptions").canonicalize().unwrap();
            let at = |word: &str| match word.strip_prefix("assumptions/") {
                Some(rest) => home.join(rest).display().to_string(),
                None => word.to_owned(),
            };
            let words: Vec<String> = command.split_whitespace().map(at).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let output = perennis(folder.path(), &words);
            assert!(output.status.success(), "{command}: {}", text(&output.stderr));
            count += 1;
        }
        assert!(1 <= count, "{page}");
    }
}
