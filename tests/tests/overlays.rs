//! What lies over a valuation: the order of the layers, what merges and what is replaced, and where each value comes from.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{Loaded, Overlays, Provenance, Rejected, load};
use tempfile::TempDir;

/// The small whole country, with files added or replaced.
fn country(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["../assumptions/smallest", "bad_input/whole"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(part);
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn laid(
    folder: &TempDir,
    scenario: Option<&str>,
    reforms: &[&str],
    set: &[&str],
) -> Result<Loaded, Box<Rejected>> {
    let path = |name: &&str| folder.path().join(name);
    let overlays = Overlays {
        scenario: scenario.as_ref().map(path),
        reforms: reforms.iter().map(path).collect::<Vec<PathBuf>>(),
        set: set.iter().map(|text| (*text).to_owned()).collect(),
        ..Overlays::default()
    };
    load(&folder.path().join("valuation.toml"), &overlays)
}

fn value<'a>(loaded: &'a Loaded, path: &str) -> &'a Provenance {
    let found = loaded.provenance.iter().find(|value| value.path == path);
    found.unwrap_or_else(|| panic!("{path} is not among the values"))
}

fn codes(rejected: Result<Loaded, Box<Rejected>>) -> Vec<String> {
    let rejected = rejected.expect_err("the overlay is at fault");
    rejected.faults.iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
}

const SCENARIO: &str =
    "source = \"Scenario\"\n[economy]\ninterest.value = 0.04\nprices.value = 0.04\n";
const FIRST: &str = "source = \"First act\"\n[economy]\ninterest.value = 0.03\nprices.value = 0.03\nproductivity.value = 0.03\n";
const SECOND: &str =
    "source = \"Second act\"\n[economy]\nproductivity.value = 0.01\nprices.value = 0.01\n";

#[test]
fn layers_lie_in_the_order_valuation_scenario_reforms_set() {
    let folder = country(&[("s.toml", SCENARIO), ("a.toml", FIRST), ("b.toml", SECOND)]);
    let loaded =
        laid(&folder, Some("s.toml"), &["a.toml", "b.toml"], &["economy.prices.value=0.015"])
            .unwrap();
    let found = |path: &str| {
        let value = value(&loaded, path);
        (value.value.clone(), value.layer, value.source.clone().unwrap())
    };
    assert_eq!(
        found("economy.wages.real.value"),
        ("0.02".into(), "valuation", "Invented for this example".into())
    );
    assert_eq!(found("economy.interest.value"), ("0.03".into(), "reform", "First act".into()));
    assert_eq!(found("economy.productivity.value"), ("0.01".into(), "reform", "Second act".into()));
    assert_eq!(found("economy.prices.value"), ("0.015".into(), "--set", "command line".into()));
    let last = &loaded.model.labour.unwrap().economy;
    assert!((last.prices.at(perennis_units::Year::new(2030)).get() - 0.015).abs() < 1e-15);
}

#[test]
fn later_reforms_lie_over_earlier_ones() {
    let folder = country(&[("a.toml", FIRST), ("b.toml", SECOND)]);
    let loaded = laid(&folder, None, &["b.toml", "a.toml"], &[]).unwrap();
    assert_eq!(value(&loaded, "economy.productivity.value").value, "0.03");
}

#[test]
fn values_by_year_are_replaced_whole_and_one_way_of_giving_replaces_another() {
    let first = "source = \"x\"\n[economy.prices]\ngaps = \"hold\"\nvalues = { 2025 = 0.02, 2028 = 0.03 }\n";
    let second = "source = \"x\"\n[economy.prices]\nvalues = { 2025 = 0.01 }\n";
    let folder = country(&[("a.toml", first), ("b.toml", second)]);
    let loaded = laid(&folder, None, &["a.toml", "b.toml"], &[]).unwrap();
    assert_eq!(value(&loaded, "economy.prices.values").value, "{ 2025 = 0.01 }");
    assert!(!loaded.provenance.iter().any(|value| value.path == "economy.prices.value"));
}

#[test]
fn one_year_can_be_set_alone() {
    let first = "source = \"x\"\n[economy.prices]\ngaps = \"hold\"\nvalues = { 2025 = 0.02, 2028 = 0.03 }\n";
    let folder = country(&[("a.toml", first)]);
    let loaded = laid(&folder, None, &["a.toml"], &["economy.prices.values.2028=0.05"]).unwrap();
    assert_eq!(value(&loaded, "economy.prices.values.2025").layer, "reform");
    assert_eq!(value(&loaded, "economy.prices.values.2028").value, "0.05");
}

#[test]
fn rows_in_force_are_added_and_replaced_by_their_dates_and_sex() {
    let reform = "source = \"Act 2\"\n[schemes.basic.pensionable_age]\nin_force = [\n\
        { from = 2000-01-01, value = 64 },\n{ from = 2030-01-01, sex = \"female\", value = 66 },\n]\n";
    let folder = country(&[("a.toml", reform)]);
    let loaded = laid(&folder, None, &["a.toml"], &[]).unwrap();
    let path = "schemes.basic.pensionable_age.in_force";
    let first = value(&loaded, &format!("{path}[0].value"));
    let second = value(&loaded, &format!("{path}[1].value"));
    assert_eq!((first.value.as_str(), first.line, first.layer), ("64", 4, "reform"));
    assert_eq!((second.value.as_str(), second.line), ("66", 5));
    assert_eq!(second.source.as_deref(), Some("Act 2"));
    assert_eq!(second.unit.as_deref(), Some("years"));
    assert!(!loaded.provenance.iter().any(|value| value.path.starts_with(&format!("{path}[2]"))));
}

#[test]
fn a_value_that_a_reform_changes_does_not_keep_the_source_of_the_file_below() {
    let folder = country(&[("a.toml", "[economy]\ninterest.value = 0.03\n")]);
    assert_eq!(codes(laid(&folder, None, &["a.toml"], &[])), ["A203 economy.interest.value"]);
}

#[test]
fn a_file_takes_what_it_does_not_give_from_the_file_it_extends() {
    let own = fs::read_to_string(country(&[]).path().join("economy.toml")).unwrap();
    let variant = "extends = \"base/economy.toml\"\nsource = \"Variant\"\ninterest.value = 0.01\n";
    let folder = country(&[("base/economy.toml", &own), ("economy.toml", variant)]);
    let loaded = laid(&folder, None, &[], &[]).unwrap();
    let changed = value(&loaded, "economy.interest.value");
    assert_eq!((changed.value.as_str(), changed.layer, changed.line), ("0.01", "valuation", 3));
    let kept = value(&loaded, "economy.prices.value");
    assert_eq!((kept.value.as_str(), kept.layer, kept.line), ("0.02", "base", 6));
    assert_eq!(kept.source.as_deref(), Some("Invented for this example"));
    let names: Vec<&str> = loaded.inputs.iter().map(|input| input.name.as_str()).collect();
    assert!(names.contains(&"base/economy.toml") && names.contains(&"economy.toml"), "{names:?}");
}

#[test]
fn a_whole_valuation_can_be_extended_from_another_folder() {
    let folder = country(&[(
        "variant/valuation.toml",
        "extends = \"../valuation.toml\"\nsource = \"Variant\"\nhorizon = 20\n[economy.interest]\nvalue = 0.01\n",
    )]);
    let loaded = load(&folder.path().join("variant/valuation.toml"), &Overlays::default()).unwrap();
    assert_eq!(loaded.model.demography.years.count(), 20);
    assert_eq!(value(&loaded, "economy.interest.value").source.as_deref(), Some("Variant"));
    assert!(
        loaded.inputs.iter().any(|input| input.name == "../economy.toml"),
        "{:?}",
        loaded.inputs
    );
}

#[test]
fn a_circle_of_three_files_is_shown_as_a_chain() {
    let folder = country(&[
        ("economy.toml", "extends = \"b.toml\"\n"),
        ("b.toml", "extends = \"c.toml\"\n"),
        ("c.toml", "extends = \"economy.toml\"\n"),
    ]);
    let rejected = laid(&folder, None, &[], &[]).unwrap_err();
    let reasons: Vec<&str> = rejected.faults.iter().map(|fault| fault.reason.as_str()).collect();
    assert_eq!(reasons, ["economy.toml extends b.toml extends c.toml extends economy.toml"]);
}

#[test]
fn a_reform_names_the_file_of_a_new_scheme() {
    let law = fs::read_to_string(country(&[]).path().join("basic.toml")).unwrap();
    let second = law
        .replace("all_ages.value = 0.9", "all_ages.value = 0.1")
        .replace("\"basic_fund\"", "\"second_fund\"");
    let reform = "source = \"Act 3\"\n[files.schemes]\nsecond = \"second.toml\"\n[finance.accounts.second_fund]\n\
        kept_as = \"reserve\"\nwhen_exhausted = \"state_pays\"\nopening_reserve = { value = 0, unit = \"crown\" }\n";
    let folder = country(&[("a/reform.toml", reform), ("a/second.toml", &second)]);
    let loaded =
        laid(&folder, None, &["a/reform.toml"], &[]).map_err(|rejected| rejected.faults).unwrap();
    assert_eq!(
        value(&loaded, "schemes.second.groups.formal.coverage.all_ages.value").layer,
        "reform"
    );
}

#[test]
fn every_fault_of_every_file_comes_in_one_run() {
    let folder = country(&[
        ("economy.toml", "source = \"x\"\nunit = \"share a year\"\ngdp = 1\nprices.valu = 2\n"),
        ("finance.toml", "[accounts.basic_fund\n"),
        ("fertility.csv", "age;share\n"),
    ]);
    let found = codes(laid(&folder, None, &[], &["horizon=999", "nothing=1"]));
    for wanted in [
        "A102 economy.gdp",
        "A103 economy.prices.valu",
        "A104 economy.wages",
        "A101 ",
        "A506 population.fertility.file",
        "A602 horizon",
        "A108 nothing",
    ] {
        assert!(found.iter().any(|fault| fault == wanted), "{wanted} is not in {found:#?}");
    }
}

#[test]
fn hashes_are_those_of_the_bytes_on_disk() {
    let folder = country(&[]);
    let loaded = laid(&folder, None, &[], &[]).unwrap();
    let fertility = loaded.inputs.iter().find(|input| input.name == "fertility.csv").unwrap();
    assert_eq!(fertility.sha256.len(), 64);
    let again = laid(&folder, None, &[], &[]).unwrap();
    assert_eq!(loaded.inputs, again.inputs);
    fs::write(
        folder.path().join("fertility.csv"),
        fs::read_to_string(folder.path().join("fertility.csv")).unwrap() + "\n",
    )
    .unwrap();
    let changed = laid(&folder, None, &[], &[]).unwrap();
    assert_ne!(loaded.inputs, changed.inputs);
}
