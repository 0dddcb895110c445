//! Accounts given as tables: the commands of docs/finance.md on the shipped fund.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod common;

use std::fs;
use std::process::Output;

use common::{root, text};

fn perennis(words: &[&str]) -> Output {
    common::perennis(root(), words)
}

const FUND: &str = "assumptions/fund/accounts.toml";

#[test]
fn every_command_of_the_page_works() {
    let place = tempfile::tempdir().unwrap();
    let page = fs::read_to_string(root().join("docs/finance.md")).unwrap();
    let commands = page.lines().filter_map(|line| line.strip_prefix("    perennis "));
    let mut count = 0;
    for line in commands {
        let line = line
            .split('#')
            .next()
            .unwrap()
            .replace("DIR", place.path().join("run").to_str().unwrap());
        let words: Vec<&str> = line.split_whitespace().collect();
        let output = perennis(&words);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", text(&output.stderr));
        assert!(!output.stdout.is_empty(), "{line}");
        count += 1;
    }
    assert_eq!(count, 4);
    for table in ["accounts", "financing", "indicators", "state_budget"] {
        assert!(place.path().join(format!("run/tables/{table}.csv")).is_file(), "{table}");
    }
    assert!(place.path().join("run/manifest.json").is_file());
}

#[test]
fn the_same_accounts_give_the_same_bytes_and_an_earlier_result_is_replaced() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let read = || {
        let output = perennis(&["finance", FUND, "--out", out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        (
            fs::read(out.join("manifest.json")).unwrap(),
            fs::read(out.join("tables/financing.csv")).unwrap(),
        )
    };
    assert_eq!(read(), read());
}

#[test]
fn solutions_say_whether_they_are_the_only_ones_and_what_they_cost() {
    let output = perennis(&["solve", FUND]);
    let text = text(&output.stdout);
    assert!(text.contains("the only value in the range"), "{text}");
    assert!(text.contains("changes the present value of outgo by -"), "{text}");
    let output = perennis(&["solve", FUND, "--format", "json"]);
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["solved"].as_array().unwrap().len(), 3);
    assert_eq!(object["solved"][1]["unique"], true);
}

#[test]
fn a_target_out_of_reach_and_a_reserve_that_nobody_fills_exit_with_3() {
    let place = tempfile::tempdir().unwrap();
    for file in ["accounts.toml", "fund.csv", "benefits.csv"] {
        let whole = fs::read_to_string(root().join("assumptions/fund").join(file)).unwrap();
        let less = whole.replace("highest = { value = 0.4 }", "highest = { value = 0.06 }");
        let less = less.replace("when_exhausted = \"borrow\"\n", "");
        fs::write(place.path().join(file), less).unwrap();
    }
    let file = place.path().join("accounts.toml");
    for (command, code) in [("finance", "A801"), ("solve", "A804")] {
        let output = perennis(&[command, file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(3));
        assert!(text(&output.stderr).contains(code), "{}", text(&output.stderr));
        assert!(output.stdout.is_empty());
        let output = perennis(&[command, file.to_str().unwrap(), "--format", "json"]);
        let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(object["faults"][0]["code"], code);
    }
    assert_eq!(perennis(&["finance", "no/such/file.toml"]).status.code(), Some(2));
}
