//! Numbers and codes explained, as a user meets them.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod common;
mod country;

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use common::{perennis, text};
use country::{copy_whole, done};

/// The small whole country in a folder of its own, with a reform beside it.
fn country() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("country")).unwrap();
    copy_whole(&folder.path().join("country"));
    fs::create_dir(folder.path().join("country/reforms")).unwrap();
    let reform = "title = \"Age 67\"\nsource = \"Act 2\"\n[schemes.basic.pensionable_age]\n\
                  in_force = [{ from = 2028-01-01, value = 67 }]\n";
    fs::write(folder.path().join("country/reforms/later.toml"), reform).unwrap();
    folder
}

const PAID: &str = "accounts/basic_fund/benefit:basic_pension/2030";

#[test]
fn a_number_of_a_result_folder_is_explained_from_the_files_it_was_made_from() {
    let folder = country();
    let value = ["value", "country/valuation.toml", "--out", "run"];
    done(folder.path(), &[&value[..], &["--reform", "country/reforms/later.toml"]].concat());
    let said = done(folder.path(), &["explain", "run", PAID]);
    assert!(said.starts_with(PAID), "{said}");
    assert!(said.contains("person-years ×") && said.contains("basic.toml:"), "{said}");
    assert!(said.contains("(reform)") && said.contains("source: Act 2"), "{said}");
    let rows = fs::read_to_string(folder.path().join("run/tables/accounts.csv")).unwrap();
    let amount: f64 = rows
        .lines()
        .find(|row| row.starts_with("2030,basic_fund,benefit:basic_pension"))
        .and_then(|row| row.rsplit(',').next())
        .unwrap()
        .parse()
        .unwrap();
    let text = done(folder.path(), &["explain", "run", PAID, "--format", "json"]);
    // The reader of JSON may miss the last bit of a number; what is written has it.
    let written = format!("\"value\": {amount:?}");
    assert!(text.contains(&written), "{written} is not in {text}");
    let json: Value = serde_json::from_str(&text).unwrap();
    let number = &json["numbers"][0];
    assert!(number["residual"].as_f64().unwrap() < 1e-9);
    assert!(
        number["inputs"].as_array().unwrap().iter().all(|one| 0 < one["line"].as_u64().unwrap())
    );
}

#[test]
fn a_row_of_a_table_is_named_by_its_position_too() {
    let folder = country();
    let file = "country/valuation.toml";
    let words = ["explain", file, "--table", "accounts", "--row", "3"];
    let by_row = done(folder.path(), &words);
    let address = by_row.split(" = ").next().unwrap();
    assert_eq!(by_row, done(folder.path(), &["explain", file, address]));
    let past = perennis(folder.path(), &["explain", file, "--table", "economy", "--row", "11"]);
    assert_eq!(past.status.code(), Some(2));
    assert!(text(&past.stderr).contains("`economy` has 10 rows"));
}

#[test]
fn files_that_changed_since_the_run_are_refused_by_name() {
    let folder = country();
    done(folder.path(), &["value", "country/valuation.toml", "--out", "run"]);
    let economy = folder.path().join("country/economy.toml");
    let changed = fs::read_to_string(&economy).unwrap().replace("0.05", "0.04");
    fs::write(&economy, changed).unwrap();
    let output = perennis(folder.path(), &["explain", "run", PAID]);
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stderr);
    assert!(said.contains("economy.toml") && !said.contains("finance.toml"), "{said}");
    assert_eq!(text(&output.stdout), "");
    // The files as they are now can be explained by themselves.
    done(folder.path(), &["explain", "country/valuation.toml", PAID]);
}

#[test]
fn files_that_lie_elsewhere_are_named() {
    let folder = country();
    done(folder.path(), &["value", "country/valuation.toml", "--out", "run"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    let run = run.to_str().unwrap();
    let lost = perennis(elsewhere.path(), &["explain", run, PAID]);
    assert_eq!(lost.status.code(), Some(2));
    assert!(text(&lost.stderr).contains("--inputs FILE"), "{}", text(&lost.stderr));
    let file = folder.path().join("country/valuation.toml");
    done(elsewhere.path(), &["explain", run, PAID, "--inputs", file.to_str().unwrap()]);
}

#[test]
fn a_run_of_a_comparison_is_explained_with_its_delay() {
    let folder = country();
    let words = ["compare", "country/valuation.toml", "country/reforms/later.toml"];
    done(folder.path(), &[&words[..], &["--out", "options", "--delay", "2"]].concat());
    let said = done(folder.path(), &["explain", "options/later_delayed_2", PAID]);
    assert!(said.starts_with(PAID), "{said}");
    let whole = perennis(folder.path(), &["explain", "options", PAID]);
    assert_eq!(whole.status.code(), Some(2));
    assert!(text(&whole.stderr).contains("options/baseline"), "{}", text(&whole.stderr));
}

#[test]
fn a_code_is_explained_with_its_example() {
    let folder = country();
    let said = done(folder.path(), &["explain", "a301"]);
    assert!(said.starts_with("A301: a share is typed as a percentage"), "{said}");
    assert!(said.contains("male_share = { unit = \"share\", value = 52 }"), "{said}");
    assert!(said.contains("write 0.52 for 52 %"), "{said}");
    assert_eq!(said, done(folder.path(), &["check", "--explain", "A301"]));
    let json = done(folder.path(), &["explain", "W004", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["code"], &json["kind"]), (&"W004".into(), &"warning".into()));
    assert_eq!(perennis(folder.path(), &["explain", "A999"]).status.code(), Some(2));
    assert_eq!(perennis(folder.path(), &["explain", "nothing.toml", PAID]).status.code(), Some(2));
    let bare = perennis(folder.path(), &["explain", "country/valuation.toml"]);
    assert_eq!(bare.status.code(), Some(2));
}

#[test]
fn an_input_table_is_shown_with_the_line_of_the_figure() {
    let folder = country();
    let address = "labour/male/22/2028/labour_force";
    let said = done(folder.path(), &["explain", "country/valuation.toml", address]);
    let table = fs::read_to_string(folder.path().join("country/participation.csv")).unwrap();
    let line = table.lines().position(|line| line.starts_with("20,")).unwrap() + 1;
    assert!(said.contains(&format!("country/participation.csv:{line}  20,0.7")), "{said}");
}
