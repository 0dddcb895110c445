//! The commands of the pages, run as they stand there, and the folders that `init` makes.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod common;

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use common::{perennis, root, text};

/// A folder in which the paths of the pages lead to the shipped files, and results go to waste.
fn place() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    for name in ["assumptions", "docs", "tests/law"] {
        copy(&root().join(name), &place.path().join(name));
    }
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target)
        } else {
            fs::copy(&path, &target).map(drop).unwrap()
        }
    }
}

/// The commands of a page: lines after `$ perennis` in console blocks, and indented `cargo run` lines.
fn commands(page: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let command = |line: &str| {
        let line = line.trim_start();
        let line = line
            .strip_prefix("$ perennis ")
            .or_else(|| line.strip_prefix("cargo run --release -- "))?;
        Some(line.split_whitespace().map(str::to_owned).collect())
    };
    text.lines().filter_map(command).collect()
}

fn run_page(page: &str, least: usize) {
    let place = place();
    let commands = commands(page);
    assert!(least <= commands.len(), "{page}: {commands:?}");
    for words in commands {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = perennis(place.path(), &words);
        assert!(output.status.success(), "{page}: {words:?}: {}", text(&output.stderr));
        assert!(!output.stdout.is_empty(), "{page}: {words:?}");
    }
}

#[test]
fn every_command_of_the_guide_works() {
    run_page("docs/guide.md", 10);
}

#[test]
fn every_command_of_the_readme_works() {
    run_page("README.md", 6);
}

#[test]
fn every_command_of_the_teaching_countries_works_and_their_identities_hold() {
    run_page("assumptions/public-service/README.md", 2);
    run_page("assumptions/young-scheme/README.md", 2);
}

#[test]
fn every_command_of_the_page_about_explain_works() {
    run_page("docs/explain.md", 3);
}

#[test]
fn the_pages_of_the_commands_are_named_in_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let help = text(&perennis(root(), &["--help"]).stdout);
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(10 < names.len(), "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(readme.contains(&format!("`{name}`")), "`{name}` is not in the README");
    }
}

#[test]
fn every_template_runs_without_a_warning_and_its_schemas_are_those_of_the_program() {
    for template in ["pension", "health", "all"] {
        let place = tempfile::tempdir().unwrap();
        let made = perennis(place.path(), &["init", "new", "--template", template]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        for name in text(&made.stdout).lines() {
            let written = fs::read_to_string(place.path().join(name)).unwrap();
            let Some(schema) =
                written.lines().next().and_then(|line| line.strip_prefix("#:schema "))
            else {
                assert!(!name.ends_with(".toml"), "{name} names no schema");
                continue;
            };
            let beside = place.path().join(name).parent().unwrap().join(schema);
            assert!(beside.is_file(), "{name}: {schema}");
        }
        let check = perennis(place.path(), &["check", "new/valuation.toml"]);
        let said = text(&check.stdout);
        assert!(
            said.contains("no faults") && said.contains(" 0 warnings"),
            "{said}{}",
            text(&check.stderr)
        );
        let value = perennis(place.path(), &["value", "new/valuation.toml", "--out", "run"]);
        assert!(value.status.success(), "{}", text(&value.stderr));
        assert!(!text(&value.stdout).contains("outside 0.95"), "{}", text(&value.stdout));
    }
}

#[test]
fn init_overwrites_nothing_and_says_when_it_may_not_write() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("mine")).unwrap();
    fs::write(place.path().join("mine/economy.toml"), "mine").unwrap();
    let refused = perennis(place.path(), &["init", "mine"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("economy.toml"), "{}", text(&refused.stderr));
    assert_eq!(fs::read_dir(place.path().join("mine")).unwrap().count(), 1);
    fs::write(place.path().join("file"), "").unwrap();
    let blocked = perennis(place.path(), &["init", "file/below"]);
    assert_eq!(blocked.status.code(), Some(4), "{}", text(&blocked.stderr));
}

#[test]
fn quiet_says_nothing_and_verbose_says_what_was_done() {
    let place = tempfile::tempdir().unwrap();
    perennis(place.path(), &["init", "new"]);
    let value = ["value", "new/valuation.toml", "--out", "run", "--set", "horizon=3"];
    let usual = perennis(place.path(), &value);
    assert!(text(&usual.stderr).contains("results are in run"));
    assert!(!text(&usual.stderr).contains('\r'), "progress is for terminals");
    let quiet = perennis(place.path(), &[&value[..], &["--quiet"]].concat());
    assert_eq!((text(&quiet.stderr).as_str(), quiet.status.code()), ("", Some(0)));
    assert_eq!(quiet.stdout, usual.stdout);
    let verbose = text(&perennis(place.path(), &[&["-v"], &value[..]].concat()).stderr);
    assert!(verbose.contains("valued 3 years (") && verbose.contains("wrote tables"), "{verbose}");
    // A fault is no talk.
    let fault =
        perennis(place.path(), &["check", "new/valuation.toml", "--set", "horizon=0", "-q"]);
    assert!(text(&fault.stderr).contains("A602"));
}

#[test]
fn json_gives_the_key_figures_of_a_valuation_and_of_every_run() {
    let place = tempfile::tempdir().unwrap();
    perennis(place.path(), &["init", "new"]);
    let json = |words: &[&str]| -> serde_json::Value {
        let output = perennis(place.path(), &[words, &["--format", "json"]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let rate = |run: &serde_json::Value, year: i64| {
        let figures = run["figures"].as_array().unwrap();
        let is = |one: &&serde_json::Value| {
            one["indicator"] == "payg_rate" && one["scope"] == "pension_fund" && one["year"] == year
        };
        figures.iter().find(is).unwrap()["value"].as_f64().unwrap()
    };
    let horizon = ["--set", "horizon=30"];
    let entry = "new/valuation.toml";
    let value = json(&[&["value", entry, "--out", "run"], &horizon[..]].concat());
    let compare = ["compare", entry, "new/reforms/later_age.toml", "--out", "options"];
    let compare = json(&[&compare[..], &horizon].concat());
    let runs = compare["runs"].as_array().unwrap();
    for year in [2025, 2054] {
        assert_eq!(rate(&value, year).to_bits(), rate(&runs[0], year).to_bits());
    }
    assert!(rate(&runs[1], 2054) < rate(&runs[0], 2054), "a later age costs less");
    assert!(
        value["financing"].as_array().unwrap().iter().any(|one| one["measure"] == "payg_rate_mean")
    );
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let place = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = perennis(place.path(), &["completions", shell]);
        let script = text(&script.stdout);
        assert!(script.contains("sensitivity") && script.contains("exhausted-by"), "{shell}");
    }
    let page = text(&perennis(place.path(), &["man"]).stdout);
    assert!(page.starts_with(".ie") && page.contains("Exit codes"), "{page}");
    let written = perennis(place.path(), &["man", "--out", "man"]);
    assert!(written.status.success(), "{}", text(&written.stderr));
    let explain = fs::read_to_string(place.path().join("man/perennis-explain.1")).unwrap();
    assert!(explain.contains("perennis\\-explain"), "{explain}");
    fs::write(place.path().join("file"), "").unwrap();
    let blocked = perennis(place.path(), &["man", "--out", "file/below"]);
    assert_eq!(blocked.status.code(), Some(4));
}
