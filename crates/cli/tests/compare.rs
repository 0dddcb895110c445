//! Comparing, attributing and telling apart, as a user meets them.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod common;
mod country;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use common::{perennis, root, text};
use country::{copy_whole, done};

/// The small whole country with three reforms: later, dearer and slow, of which the last two set the same value.
fn country() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_whole(folder.path());
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let age = "[schemes.basic.pensionable_age]\nin_force = [{ from = 2028-01-01, value = 67 }]\n";
    write("later.toml", &format!("title = \"Age 67\"\nsource = \"Act 2\"\n{age}"));
    let rate = "[schemes.basic.contributions.basic.rates]\nemployers.in_force = [{ from = 2028-01-01, value = 0.09 }]\n";
    write("dearer.toml", &format!("title = \"Rate\"\nsource = \"Act 3\"\n{rate}"));
    write(
        "slow.toml",
        &format!("title = \"Rate\"\nsource = \"Act 4\"\n{}", rate.replace("0.09", "0.08")),
    );
    write("poor.toml", "title = \"Poor\"\nsource = \"x\"\n[economy]\ninterest.value = 0.01\n");
    folder
}

fn table(path: PathBuf) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn a_comparison_writes_each_run_whole_and_all_beside_one_another() {
    let folder = country();
    let words = [
        "compare",
        "valuation.toml",
        "later.toml",
        "dearer.toml",
        "--out",
        "out",
        "--delay",
        "2",
        "--under",
        "poor.toml",
    ];
    let said = done(&folder, &words);
    assert!(said.contains("Later, 2 years later") && said.contains("under Poor"), "{said}");
    let out = folder.path().join("out");
    for name in ["baseline", "later", "later_delayed_2", "dearer", "dearer_delayed_2"] {
        for file in ["manifest.json", "report.html", "tables/indicators.csv"] {
            assert!(out.join(name).join(file).is_file(), "{name}/{file}");
        }
    }
    let comparison = table(out.join("tables/comparison.csv"));
    assert_eq!(
        comparison[0].join(","),
        "scenario,under,year,scope,indicator,value,baseline,difference,unit"
    );
    let of = |scenario: &str, under: &str| {
        comparison.iter().filter(|row| row[0] == scenario && row[1] == under).count()
    };
    for (scenario, under) in
        [("baseline", "valuation"), ("later", "valuation"), ("later_delayed_2", "poor")]
    {
        assert!(200 < of(scenario, under), "{scenario} {under}");
    }
    // The figures are those of the run alone.
    done(&folder, &["value", "valuation.toml", "--out", "alone", "--reform", "later.toml"]);
    let alone = fs::read(folder.path().join("alone/tables/accounts.csv")).unwrap();
    assert!(alone == fs::read(out.join("later/tables/accounts.csv")).unwrap());
    let manifest: Value =
        serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let listed = manifest["files"].as_array().unwrap();
    assert!(listed.iter().any(|file| file["path"] == "later_delayed_2/tables/accounts.csv"));
    // A second comparison takes its place; a foreign file keeps it.
    done(&folder, &["compare", "valuation.toml", "later.toml", "--out", "out"]);
    assert!(!out.join("dearer").exists());
    fs::write(out.join("notes.txt"), "keep").unwrap();
    let refused = perennis(&folder, &["compare", "valuation.toml", "later.toml", "--out", "out"]);
    assert_eq!(refused.status.code(), Some(4));
    assert!(text(&refused.stderr).contains("notes.txt"));
}

#[test]
fn a_reform_named_like_the_run_of_another_with_behaviour_is_kept_apart() {
    let folder = country();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let later = fs::read_to_string(folder.path().join("later.toml")).unwrap();
    let response = "[behaviour.schemes.basic.groups.formal]\ncoverage = { all_ages.value = 0.8, unit = \"share\" }\n";
    write("response.toml", &format!("{later}{response}"));
    let dearer = fs::read_to_string(folder.path().join("dearer.toml")).unwrap();
    write("response_with_behaviour.toml", &dearer);
    write("response_delayed_2.toml", &dearer);
    let words = [
        "compare",
        "valuation.toml",
        "response.toml",
        "response_with_behaviour.toml",
        "response_delayed_2.toml",
        "--delay",
        "2",
        "--out",
        "out",
    ];
    done(&folder, &words);
    let accounts = |name: &str| {
        fs::read(folder.path().join("out").join(name).join("tables/accounts.csv")).unwrap()
    };
    done(&folder, &["value", "valuation.toml", "--reform", "dearer.toml", "--out", "alone"]);
    let alone = fs::read(folder.path().join("alone/tables/accounts.csv")).unwrap();
    assert!(accounts("response_with_behaviour_2") == alone);
    assert!(accounts("response_delayed_2_2") == alone);
    assert!(accounts("response_with_behaviour") != accounts("response"));
    assert!(accounts("response_with_behaviour") != alone);
}

#[test]
fn lives_are_compared_and_a_reform_that_changes_nothing_changes_none() {
    let folder = country();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "same.toml",
        "source = \"x\"\n[schemes.basic.pensionable_age]\nin_force = [{ from = 2028-01-01, value = 65 }]\n",
    );
    let later = fs::read_to_string(folder.path().join("later.toml")).unwrap();
    let response = "[behaviour.schemes.basic.groups.formal]\ncoverage = { all_ages.value = 0.8, unit = \"share\" }\n";
    write("response.toml", &format!("{later}{response}"));
    write(
        "persons.toml",
        "source = \"x\"\npoverty_line = { amount = { value = 400, unit = \"crown a month\" }, year = 2025 }\n",
    );
    let words = [
        "compare",
        "valuation.toml",
        "same.toml",
        "response.toml",
        "--model-persons",
        "persons.toml",
        "--out",
        "out",
    ];
    let said = done(&folder, &words);
    assert!(said.contains("Response, with behaviour"), "{said}");
    let out = folder.path().join("out");
    let persons = table(out.join("tables/model_persons.csv"));
    let number = |text: &String| text.parse::<f64>().unwrap_or(0.0);
    let differ = |name: &str| {
        let of = persons.iter().filter(|row| row[0] == name);
        let rows: Vec<_> = of.collect();
        // 11 careers of both sexes and that of the mother, four cohorts, 20 figures.
        assert_eq!(rows.len(), 23 * 4 * 20, "{name}");
        rows.iter().filter(|row| 1e-12 < number(&row[9]).abs()).count()
    };
    assert_eq!((differ("baseline"), differ("same")), (0, 0));
    assert!(100 < differ("response"));
    // The same law for the same careers: behaviour changes how many there are.
    assert_eq!(differ("response"), differ("response_with_behaviour"));
    let line = persons.iter().find(|row| row[6] == "pension_over_poverty_line").unwrap();
    assert!(0.0 < number(&line[7]), "{line:?}");
    let gains = table(out.join("tables/who_gains.csv"));
    for row in gains.iter().filter(|row| row[0] == "same") {
        assert!(number(&row[14]).abs() <= 0.0 && row[15] == "unchanged", "{row:?}");
    }
    let loses = |row: &&Vec<String>| row[0] == "response" && row[15] == "loses";
    assert!(
        gains.iter().filter(loses).any(|row| row[2] == "birth_cohort" && row[6] == "projection")
    );
    assert!(gains.iter().filter(loses).any(|row| row[6] == "model careers"));
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("id=\"model-persons\"") && page.contains("id=\"gains\""));
    let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(manifest.contains("persons.toml ("), "the file and its hash are in the manifest");
}

#[test]
fn the_faults_of_all_reforms_come_together_and_each_once() {
    let folder = country();
    fs::write(folder.path().join("wrong.toml"), "source = \"x\"\n[economy]\ninterest.value = 4\n")
        .unwrap();
    fs::write(folder.path().join("bad.toml"), "source = \"x\"\n[economy]\npricess.value = 0.1\n")
        .unwrap();
    let words =
        ["compare", "valuation.toml", "wrong.toml", "later.toml", "bad.toml", "--out", "out"];
    let output = perennis(&folder, &words);
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stderr);
    assert!(said.contains("wrong.toml:3") && said.contains("bad.toml:3"), "{said}");
    assert!(said.contains("2 faults"), "{said}");
    assert!(!folder.path().join("out").exists());
}

fn attributed(folder: &TempDir, words: &[&str]) -> Vec<Value> {
    let all = [&["attribute", "valuation.toml", "--format", "json"], words].concat();
    let said: Value = serde_json::from_str(&done(folder, &all)).unwrap();
    said["attributions"].as_array().unwrap().clone()
}

fn indicator(folder: &TempDir, reforms: &[&str]) -> f64 {
    let mut words = vec!["value", "valuation.toml", "--out", "run"];
    words.extend(reforms.iter().flat_map(|reform| ["--reform", *reform]));
    done(folder, &words);
    let rows = table(folder.path().join("run/tables/indicators.csv"));
    let wanted = ["2034", "basic_fund", "reserve_over_gdp"];
    let row = rows.iter().find(|row| row[..3] == wanted).unwrap();
    row[3].parse().unwrap()
}

#[test]
fn every_method_leads_from_the_baseline_to_all_patches_without_a_residual() {
    let folder = country();
    let (start, end) =
        (indicator(&folder, &[]), indicator(&folder, &["later.toml", "dearer.toml"]));
    for (method, steps) in [("order", 2), ("shapley", 2), ("alone", 3)] {
        let words = [
            "later.toml",
            "dearer.toml",
            "--of",
            "basic_fund/reserve_over_gdp/2034",
            "--method",
            method,
        ];
        let found = attributed(&folder, &words);
        let chain = found[0]["steps"].as_array().unwrap();
        assert_eq!(chain.len(), steps, "{method}");
        let number = |step: &Value, key: &str| step[key].as_f64().unwrap().to_bits();
        assert_eq!(number(&chain[0], "from"), start.to_bits());
        assert_eq!(number(&chain[steps - 1], "to"), end.to_bits());
        for pair in chain.windows(2) {
            assert_eq!(number(&pair[0], "to"), number(&pair[1], "from"), "{method}");
        }
        assert_eq!(found[0]["residual"], 0.0);
    }
}

#[test]
fn patches_that_set_the_same_value_have_an_order_or_none() {
    let folder = country();
    let words = [
        "attribute",
        "valuation.toml",
        "dearer.toml",
        "slow.toml",
        "--of",
        "basic_fund/payg_rate/2034",
    ];
    let ordered = perennis(&folder, &words);
    assert_eq!(ordered.status.code(), Some(0));
    assert!(text(&ordered.stderr).contains("W004"));
    let shapley = perennis(&folder, &[&words[..], &["--method", "shapley"]].concat());
    assert_eq!(shapley.status.code(), Some(3));
    let said = text(&shapley.stderr);
    assert!(said.contains("dearer.toml:4") && said.contains("slow.toml:4"), "{said}");
    assert_eq!((said.matches("W004").count(), said.matches("error[A107]").count()), (1, 1));
    assert!(said.contains("--method shapley") && said.contains("use --method order"), "{said}");
}

#[test]
fn a_previous_valuation_is_led_over_to_the_new_one() {
    let folder = country();
    let old = country();
    let economy = fs::read_to_string(old.path().join("economy.toml")).unwrap();
    let economy = economy.replace("interest.value = 0.05", "interest.value = 0.03");
    fs::write(old.path().join("economy.toml"), economy).unwrap();
    let previous = old.path().join("valuation.toml");
    let words = [
        "--previous",
        previous.to_str().unwrap(),
        "--of",
        "basic_fund/reserve_over_gdp/2034",
        "--of",
        "basic_fund/payg_rate_mean",
    ];
    let found = attributed(&folder, &words);
    let steps = found[0]["steps"].as_array().unwrap();
    let labels: Vec<&str> = steps.iter().map(|step| step["label"].as_str().unwrap()).collect();
    assert!(
        labels.contains(&"Data") && labels.contains(&"Economy") && labels.contains(&"Law"),
        "{labels:?}"
    );
    for step in steps {
        let effect = step["effect"].as_f64().unwrap();
        assert_eq!(step["label"] == "Economy", 1e-6 < effect.abs(), "{step}");
    }
    assert_eq!(found[1]["year"], Value::Null);
}

#[test]
fn an_attribution_can_be_written_and_a_figure_that_is_none_is_named() {
    let folder = country();
    let words = [
        "attribute",
        "valuation.toml",
        "later.toml",
        "--of",
        "basic_fund/payg_rate/2034",
        "--out",
        "why",
    ];
    let said = done(&folder, &words);
    assert!(said.contains("% of insured earnings") && said.contains("residual 0.000"), "{said}");
    assert!(folder.path().join("why/report.html").is_file());
    let rows = table(folder.path().join("why/tables/attribution.csv"));
    assert_eq!(rows.len(), 2);
    let wrong = ["attribute", "valuation.toml", "later.toml", "--of", "basic_fund/paygrate/2034"];
    let output = perennis(&folder, &wrong);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("did you mean `basic_fund/payg_rate`?"));
}

#[test]
fn diff_says_with_1_where_two_valuations_or_results_differ() {
    let folder = country();
    let other = country();
    let basic = fs::read_to_string(other.path().join("basic.toml")).unwrap();
    fs::write(other.path().join("basic.toml"), basic.replace("value = 65", "value = 66")).unwrap();
    let other_entry = other.path().join("valuation.toml");
    let other_entry = other_entry.to_str().unwrap();
    assert!(done(&folder, &["diff", "valuation.toml", "valuation.toml"]).contains("0 differences"));
    let output = perennis(&folder, &["diff", "valuation.toml", other_entry]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.contains("schemes.basic.pensionable_age.in_force[2000-01-01].value"), "{said}");
    assert!(said.contains("- 65 years") && said.contains("+ 66 years"), "{said}");
    done(&folder, &["value", "valuation.toml", "--out", "one"]);
    done(&folder, &["value", "valuation.toml", "--out", "same"]);
    done(&folder, &["value", "valuation.toml", "--out", "two", "--reform", "dearer.toml"]);
    assert!(done(&folder, &["diff", "one", "same"]).contains("0 of"));
    let output = perennis(&folder, &["diff", "one", "two"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(
        said.contains("tables/contributions.csv") && said.contains("first: 2028, line"),
        "{said}"
    );
    assert!(said.contains("largest: "), "{said}");
    assert_eq!(perennis(&folder, &["diff", "one", "valuation.toml"]).status.code(), Some(2));
}

#[test]
fn every_command_of_the_page_about_comparisons_works() {
    let page = fs::read_to_string(root().join("docs/compare.md")).unwrap();
    let place = tempfile::tempdir().unwrap();
    let runs = format!("{}/", place.path().display());
    let commands: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("$ perennis ")).collect();
    assert_eq!(commands.len(), 3);
    for line in commands {
        // The whole horizon takes the test program minutes and shows no more.
        let short = ["--set", "horizon=37"];
        let words: Vec<String> =
            line.split_whitespace().chain(short).map(|word| word.replace("runs/", &runs)).collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_perennis"));
        let output = command.current_dir(root()).args(&words).output().unwrap();
        assert!(output.status.success(), "{line}: {}", text(&output.stderr));
        assert!(!output.stdout.is_empty());
    }
    assert!(place.path().join("options/accrual_delayed_5/report.html").is_file());
    assert!(place.path().join("why/report.html").is_file());
}
