//! Several runs beside one another: what must not change, what must add up, and what two sets of assumptions do not share.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{
    Behaviour, Code, DifferenceKind, Loaded, Overlays, Subject, declares_behaviour, differences,
    load, load_delayed, load_mixed, load_model_persons,
};
use perennis_report::{
    ComparedRun, ComparisonRecord, FreshFolder, RunLabel, RunRecord, comparison_html,
    comparison_summary, tables, write_comparison, write_run,
};
use perennis_units::{Sex, Year};
use perennis_valuation::{
    Model, ModelFigures, Results, ValuationError, model_persons, run, run_all, shapley, waterfall,
};
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
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn entry(folder: &TempDir) -> PathBuf {
    folder.path().join("valuation.toml")
}

fn with(folder: &TempDir, reforms: &[&str]) -> Loaded {
    delayed(folder, reforms, 0)
}

fn delayed(folder: &TempDir, reforms: &[&str], years: i32) -> Loaded {
    let reforms = reforms.iter().map(|name| folder.path().join(name)).collect();
    let overlays = Overlays { reforms, ..Overlays::default() };
    let loaded = load_delayed(&entry(folder), &overlays, years);
    loaded.unwrap_or_else(|rejected| panic!("{:?}", rejected.faults))
}

fn value<'a>(loaded: &'a Loaded, path: &str) -> &'a str {
    let found = loaded.provenance.iter().find(|value| value.path == path);
    &found.unwrap_or_else(|| panic!("{path} is not among the values")).value
}

fn label(name: &str) -> RunLabel {
    RunLabel { name: name.to_owned(), label: name.to_owned(), ..RunLabel::default() }
}

/// Runs all and keeps what is compared; the first is the baseline.
fn compared(loaded: &[(&str, Loaded)]) -> Vec<ComparedRun> {
    let models: Vec<&Model> = loaded.iter().map(|(_, loaded)| &loaded.model).collect();
    run_all(&models, |at, results| {
        ComparedRun::of(label(loaded[at].0), models[at], &results.unwrap())
    })
}

/// Writes a whole comparison as the program does.
fn written(loaded: &[(&str, Loaded)], folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let fresh = FreshFolder::open(folder).unwrap();
    let models: Vec<&Model> = loaded.iter().map(|(_, loaded)| &loaded.model).collect();
    let kept = run_all(&models, |at, results: Result<Results, ValuationError>| {
        let results = results.unwrap();
        let name = loaded[at].0;
        let files = write_run(&fresh, name, &results, &RunRecord::default()).unwrap();
        (ComparedRun::of(label(name), models[at], &results), files)
    });
    let (runs, files): (Vec<_>, Vec<_>) = kept.into_iter().unzip();
    write_comparison(fresh, &runs, &files, &ComparisonRecord::default()).unwrap();
    files_below(folder)
}

fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let below = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(below, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Returns the rows of a table as maps from column to cell.
fn rows(files: &BTreeMap<PathBuf, Vec<u8>>, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(files[&Path::new("tables").join(table)].as_slice());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| {
        header.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

const AGE: &str = "title = \"Age 67\"\nsource = \"Act 2\"\n[schemes.basic.pensionable_age]\n\
    in_force = [{ from = 2028-01-01, value = 67 }]\n";
const RATE: &str = "title = \"Rate\"\nsource = \"Act 3\"\n[schemes.basic.contributions.basic.rates]\n\
    employers.in_force = [{ from = 2028-01-01, value = 0.09 }]\n";
const NOTHING: &str = "source = \"Act 4\"\n[schemes.basic.pensionable_age]\n\
    in_force = [{ from = 2000-01-01, value = 65 }, { from = 2030-01-01, value = 65 }]\n";

#[test]
fn a_reform_that_changes_nothing_gives_zero_everywhere() {
    let folder = country(&[("nothing.toml", NOTHING)]);
    let loaded = [("baseline", with(&folder, &[])), ("nothing", with(&folder, &["nothing.toml"]))];
    let files = written(&loaded, &folder.path().join("out"));
    for table in ["comparison.csv", "comparison_key.csv", "comparison_financing.csv"] {
        let all = rows(&files, table);
        assert!(10 < all.len(), "{table} has {} rows", all.len());
        let other = |row: &&BTreeMap<String, String>| {
            row["value"] != row["baseline"] || !matches!(row["difference"].as_str(), "0" | "")
        };
        assert_eq!(all.iter().find(other), None, "{table}");
    }
    let same = |name: &str| files[&Path::new("nothing/tables").join(name)].clone();
    for name in ["accounts.csv", "beneficiaries.csv", "indicators.csv", "contributors.csv"] {
        assert!(same(name) == files[&Path::new("baseline/tables").join(name)], "{name}");
    }
}

#[test]
fn a_comparison_has_the_same_bytes_for_any_number_of_threads() {
    let folder = country(&[("age.toml", AGE), ("rate.toml", RATE)]);
    let loaded = [
        ("baseline", with(&folder, &[])),
        ("age", with(&folder, &["age.toml"])),
        ("rate", with(&folder, &["rate.toml"])),
    ];
    let threads = |count: usize, name: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
        pool.install(|| written(&loaded, &folder.path().join(name)))
    };
    let one = threads(1, "one");
    assert!(one.len() > 30);
    assert!(one == threads(4, "four"));
}

#[test]
fn each_run_of_several_is_the_run_alone() {
    let folder = country(&[("age.toml", AGE), ("rate.toml", RATE)]);
    let scenario = "source = \"x\"\n[population.migration.total]\nvalue = -4.0\n";
    fs::write(folder.path().join("people.toml"), scenario).unwrap();
    let all = [&[][..], &["age.toml"], &["people.toml"], &["people.toml", "rate.toml"]];
    let loaded: Vec<Loaded> = all.iter().map(|reforms| with(&folder, reforms)).collect();
    let models: Vec<&Model> = loaded.iter().map(|loaded| &loaded.model).collect();
    let bytes = |results: &Results| tables(results, &RunRecord::default()).unwrap();
    let together = run_all(&models, |_, results| bytes(&results.unwrap()));
    for (model, together) in models.iter().zip(together) {
        assert!(bytes(&run(model).unwrap()) == together);
    }
}

#[test]
fn a_reform_changes_no_year_before_its_date() {
    let folder = country(&[("age.toml", AGE), ("rate.toml", RATE)]);
    let loaded = [
        ("baseline", with(&folder, &[])),
        ("age", with(&folder, &["age.toml"])),
        ("rate", with(&folder, &["rate.toml"])),
    ];
    let runs = compared(&loaded);
    let rate =
        |run: &ComparedRun, name: &str, year: i32| run.value("basic_fund", name, year).unwrap();
    for run in &runs[1..] {
        for year in 2025..2028 {
            for name in ["payg_rate", "legal_rate", "reserve_over_gdp"] {
                let (found, below) = (rate(run, name, year), rate(&runs[0], name, year));
                assert!((found - below).abs() < 1e-15, "{} {name} {year}", run.label.name);
            }
        }
    }
    assert!(rate(&runs[1], "payg_rate", 2032) < rate(&runs[0], "payg_rate", 2032) - 1e-4);
    assert!((rate(&runs[2], "legal_rate", 2032) - 0.12).abs() < 1e-12);
}

#[test]
fn a_delayed_reform_is_the_reform_with_later_dates() {
    let later = AGE.replace("2028-01-01", "2031-01-01");
    let folder = country(&[("age.toml", AGE), ("later.toml", &later)]);
    let loaded = delayed(&folder, &["age.toml"], 3);
    assert_eq!(value(&loaded, "schemes.basic.pensionable_age.in_force[1].from"), "2031-01-01");
    let bytes =
        |loaded: &Loaded| tables(&run(&loaded.model).unwrap(), &RunRecord::default()).unwrap();
    assert!(bytes(&loaded) == bytes(&with(&folder, &["later.toml"])));
    assert!(bytes(&loaded) != bytes(&with(&folder, &["age.toml"])));
}

#[test]
fn a_delayed_link_to_life_expectancy_begins_later_from_a_later_reference() {
    let link = |first: i32, reference: i32| {
        format!(
            "source = \"x\"\n[schemes.basic.pensionable_age.after]\nlife_expectancy_at = 60\n\
             share = {{ value = 1, unit = \"share\" }}\nfirst = {first}\nreference_year = {reference}\n"
        )
    };
    let folder = country(&[("link.toml", &link(2027, 2026)), ("later.toml", &link(2030, 2029))]);
    let loaded = delayed(&folder, &["link.toml"], 3);
    assert_eq!(loaded.warnings, []);
    assert!(loaded.patches[0].moved);
    let bytes =
        |loaded: &Loaded| tables(&run(&loaded.model).unwrap(), &RunRecord::default()).unwrap();
    assert!(bytes(&loaded) == bytes(&with(&folder, &["later.toml"])));
}

#[test]
fn until_a_series_moved_begins_what_lies_below_holds() {
    let patch = "source = \"x\"\n[economy.interest]\ngaps = \"linear\"\nvalues = { 2025 = 0.05, 2027 = 0.04 }\n\
        [economy.prices]\ngaps = \"hold\"\nvalues = { 2026 = 0.03 }\n";
    let below = "source = \"x\"\n[economy.prices]\ngaps = \"hold\"\nvalues = { 2025 = 0.02, 2029 = 0.01, 2033 = 0.0 }\n";
    let folder = country(&[("patch.toml", patch), ("below.toml", below)]);
    let overlays = Overlays {
        scenario: Some(folder.path().join("below.toml")),
        reforms: vec![folder.path().join("patch.toml")],
        ..Overlays::default()
    };
    let loaded = load_delayed(&entry(&folder), &overlays, 4).unwrap();
    let economy = &loaded.model.labour.as_ref().unwrap().economy;
    let prices = |year: i32| economy.prices.at(Year::new(year)).get();
    let interest = |year: i32| economy.interest.at(Year::new(year)).get();
    for (year, expected) in [(2025, 0.02), (2028, 0.02), (2029, 0.01), (2030, 0.03), (2034, 0.03)] {
        assert!((prices(year) - expected).abs() < 1e-15, "{year}: {}", prices(year));
    }
    for (year, expected) in [(2025, 0.05), (2029, 0.05), (2030, 0.045), (2031, 0.04)] {
        assert!((interest(year) - expected).abs() < 1e-15, "{year}: {}", interest(year));
    }
    assert_eq!(loaded.warnings, []);
}

#[test]
fn what_has_no_date_is_not_delayed_and_said() {
    let undated = "source = \"x\"\n[schemes.basic.indexation.as_the_amount.after]\nmonth = 1\n";
    let folder = country(&[("undated.toml", undated)]);
    let loaded = delayed(&folder, &["undated.toml"], 5);
    let warning = &loaded.warnings[0];
    assert_eq!(warning.code, Code::NotDelayed);
    assert!(!loaded.patches[0].moved);
    assert!(warning.reason.contains("schemes.basic.indexation.as_the_amount.after.month"));
    assert_eq!(with(&folder, &["undated.toml"]).warnings, []);
}

#[test]
fn a_delayed_row_that_undercuts_what_holds_by_then_is_said_with_both_values() {
    let path = "source = \"x\"\n[schemes.basic.pensionable_age]\nin_force = [{ from = 2027-01-01, value = 66 }, \
        { from = 2030-01-01, value = 68 }]\n";
    let folder = country(&[("age.toml", AGE), ("path.toml", path)]);
    let found = |years: i32| {
        let overlays = Overlays {
            scenario: Some(folder.path().join("path.toml")),
            reforms: vec![folder.path().join("age.toml")],
            ..Overlays::default()
        };
        let loaded = load_delayed(&entry(&folder), &overlays, years).unwrap();
        assert_eq!(loaded.patches.last().unwrap().moved, years != 0);
        loaded.warnings
    };
    // In 2029 the 67 years still follow the 66 of 2027.
    assert_eq!((found(0), found(1)), (Vec::new(), Vec::new()));
    let found = found(5);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, Code::DelayTurns);
    let reason = &found[0].reason;
    assert!(reason.contains("from 2033-01-01, the value 67 is below the 68"), "{reason}");
    assert!(reason.contains("path.toml:3") && reason.contains("above 66"), "{reason}");
}

#[test]
fn a_table_in_a_file_cannot_be_delayed() {
    let patch = "source = \"x\"\n[labour.participation]\nby_age = { file = \"participation.csv\", ages = \"five_year\" }\n";
    let folder = country(&[("patch.toml", patch)]);
    let overlays =
        Overlays { reforms: vec![folder.path().join("patch.toml")], ..Overlays::default() };
    let rejected = load_delayed(&entry(&folder), &overlays, 5).unwrap_err();
    assert_eq!(rejected.faults[0].code, Code::NotForOverlays);
    assert!(load(&entry(&folder), &overlays).is_ok());
}

/// The codes and paths of the warnings that two reforms laid together give.
fn conflicts(first: &str, second: &str) -> Vec<(Code, String)> {
    let folder = country(&[("a.toml", first), ("b.toml", second)]);
    let loaded = with(&folder, &["a.toml", "b.toml"]);
    loaded.warnings.iter().map(|warning| (warning.code, warning.path.clone())).collect()
}

#[test]
fn two_reforms_that_set_the_same_value_are_reported_with_both_places() {
    let folder = country(&[("a.toml", AGE), ("b.toml", &AGE.replace("67", "68"))]);
    let loaded = with(&folder, &["a.toml", "b.toml"]);
    let [warning] = loaded.warnings.as_slice() else { panic!("{:?}", loaded.warnings) };
    assert_eq!(warning.code, Code::SetTwice);
    let place = warning.place.as_ref().unwrap();
    assert!(place.file.ends_with("b.toml") && place.line == 4, "{place:?}");
    assert!(
        warning.reason.contains("a.toml:4") && warning.reason.contains("68"),
        "{}",
        warning.reason
    );
}

#[test]
fn many_rows_of_one_provision_in_conflict_are_one_warning() {
    let rows = |value: u8| {
        format!(
            "source = \"x\"\n[schemes.basic.pensionable_age]\nin_force = [\n\
             {{ from = 2028-01-01, value = {value} }},\n{{ from = 2029-01-01, value = {value} }},\n\
             {{ from = 2030-01-01, value = {value} }},\n]\n"
        )
    };
    let folder = country(&[("a.toml", &rows(66)), ("b.toml", &rows(67))]);
    let loaded = with(&folder, &["a.toml", "b.toml"]);
    let [warning] = loaded.warnings.as_slice() else { panic!("{:?}", loaded.warnings) };
    assert!(warning.reason.contains("2 more rows"), "{}", warning.reason);
}

#[test]
fn values_in_other_ways_and_for_one_sex_are_in_conflict_too() {
    let whole = "source = \"x\"\n[economy.interest]\nvalue = 0.04\n";
    let by_year = "source = \"x\"\n[economy.interest]\ngaps = \"hold\"\nvalues = { 2025 = 0.03 }\n";
    let found = conflicts(whole, by_year);
    assert_eq!(found, [(Code::SetTwice, "economy.interest".to_owned())]);
    let both = "source = \"x\"\n[labour.unemployment]\nall_ages.value = 0.04\n";
    let one = "source = \"x\"\n[labour.unemployment]\nall_ages.male.value = 0.04\nall_ages.female.value = 0.05\n";
    assert_eq!(conflicts(both, one)[0].0, Code::SetTwice);
}

#[test]
fn reforms_that_agree_or_touch_different_values_are_not_in_conflict() {
    assert_eq!(conflicts(AGE, AGE), []);
    assert_eq!(conflicts(AGE, RATE), []);
    assert_eq!(conflicts(AGE, &AGE.replace("2028", "2030")), []);
}

#[test]
fn the_effects_of_patches_lead_from_the_baseline_to_all_of_them() {
    let folder = country(&[("age.toml", AGE), ("rate.toml", RATE)]);
    let subsets = [&[][..], &["age.toml"], &["rate.toml"], &["age.toml", "rate.toml"]];
    let loaded: Vec<_> = subsets.iter().map(|reforms| ("run", with(&folder, reforms))).collect();
    let runs = compared(&loaded);
    let values: Vec<f64> =
        runs.iter().map(|run| run.value("basic_fund", "reserve_over_gdp", 2034).unwrap()).collect();
    let order = waterfall(&[values[0], values[1], values[3]]);
    let shapley = shapley(&values);
    for chain in [&order, &shapley] {
        assert_eq!(chain[0].from.to_bits(), values[0].to_bits());
        assert_eq!(chain[1].from.to_bits(), chain[0].to.to_bits());
        assert_eq!(chain[1].to.to_bits(), values[3].to_bits());
    }
    // Both add to the reserve, and each more than nothing.
    assert!(shapley.iter().chain(&order).all(|effect| 1e-6 < effect.amount()));
}

#[test]
fn a_previous_valuation_becomes_the_new_one_subject_by_subject() {
    let old = country(&[]);
    let economy = fs::read_to_string(old.path().join("economy.toml")).unwrap();
    let basic = fs::read_to_string(old.path().join("basic.toml")).unwrap();
    let population = fs::read_to_string(old.path().join("population.toml")).unwrap();
    let new = country(&[
        ("economy.toml", &economy.replace("interest.value = 0.05", "interest.value = 0.04")),
        (
            "basic.toml",
            &basic.replace("value = 65", "value = 66").replace("value = 0.9", "value = 0.8"),
        ),
        ("population.toml", &population.replace("value = -2.0", "value = -3.0")),
    ]);
    let mixed = |subjects: &[Subject]| {
        load_mixed(&entry(&old), &entry(&new), subjects)
            .unwrap_or_else(|rejected| panic!("{:?}", rejected.faults))
    };
    let bytes =
        |loaded: &Loaded| tables(&run(&loaded.model).unwrap(), &RunRecord::default()).unwrap();
    assert!(bytes(&mixed(&[])) == bytes(&with(&old, &[])));
    assert!(bytes(&mixed(&Subject::ALL)) == bytes(&with(&new, &[])));
    let economy = mixed(&[Subject::Economy]);
    assert_eq!(value(&economy, "economy.interest.value"), "0.04");
    assert_eq!(value(&economy, "schemes.basic.pensionable_age.in_force[0].value"), "65");
    let law = mixed(&[Subject::Law]);
    assert_eq!(value(&law, "schemes.basic.pensionable_age.in_force[0].value"), "66");
    assert_eq!(value(&law, "schemes.basic.groups.formal.coverage.all_ages.value"), "0.9");
    let behaviour = mixed(&[Subject::Behaviour, Subject::Demography]);
    assert_eq!(value(&behaviour, "schemes.basic.groups.formal.coverage.all_ages.value"), "0.8");
    assert_eq!(value(&behaviour, "population.migration.total.value"), "-3.0");
    assert_eq!(value(&behaviour, "economy.interest.value"), "0.05");
}

#[test]
fn assumptions_are_compared_by_their_values_and_not_by_their_text() {
    let one = country(&[]);
    let basic = fs::read_to_string(one.path().join("basic.toml")).unwrap();
    let rows =
        "in_force = [{ from = 1990-01-01, value = 60 }, { from = 2000-01-01, value = 65.0 }]";
    let basic = basic.replace("in_force = [{ from = 2000-01-01, value = 65 }]", rows);
    let economy = fs::read_to_string(one.path().join("economy.toml")).unwrap();
    let other = country(&[
        ("basic.toml", &format!("# Another comment.\n{basic}")),
        ("economy.toml", &economy.replace("Invented for this example", "Act 9")),
    ]);
    assert_eq!(differences(&with(&one, &[]), &with(&one, &[])), []);
    let found = differences(&with(&one, &[]), &with(&other, &[]));
    let kinds: Vec<(DifferenceKind, &str)> =
        found.iter().map(|one| (one.kind, one.path.as_str())).collect();
    assert!(
        kinds.contains(&(
            DifferenceKind::Added,
            "schemes.basic.pensionable_age.in_force[1990-01-01].value"
        )),
        "{kinds:?}"
    );
    assert!(!kinds.iter().any(|(_, path)| path.contains("[2000-01-01]")), "{kinds:?}");
    assert!(
        kinds.contains(&(DifferenceKind::SourceChanged, "economy.interest.value")),
        "{kinds:?}"
    );
}

#[test]
fn a_table_with_another_line_is_named_with_that_line() {
    let one = country(&[]);
    let base = fs::read_to_string(one.path().join("base.csv")).unwrap();
    let third = base.lines().nth(2).unwrap();
    let (keys, _) = third.rsplit_once(',').unwrap();
    let other = country(&[("base.csv", &base.replace(third, &format!("{keys},123.5")))]);
    let found = differences(&with(&one, &[]), &with(&other, &[]));
    let [table] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (table.kind, table.path.as_str()),
        (DifferenceKind::TableChanged, "population.base.file")
    );
    assert_eq!((table.lines, table.second.as_ref().unwrap().line), (1, 3));
    assert_eq!(table.first.as_ref().unwrap().value, third);
}

/// The shipped country with one of its reforms, or none.
fn shipped(reform: Option<&str>) -> Loaded {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam");
    let reforms = reform.map(|name| folder.join("reforms").join(name)).into_iter().collect();
    let overlays = Overlays { reforms, ..Overlays::default() };
    load(&folder.join("valuation.toml"), &overlays)
        .unwrap_or_else(|rejected| panic!("{reform:?}: {:?}", rejected.faults))
}

#[test]
fn a_reform_for_new_awards_leaves_pensions_in_payment_as_they_are() {
    let paid = |loaded: &Loaded, year: usize, ages: std::ops::Range<usize>| -> f64 {
        let results = run(&loaded.model).unwrap();
        let pensions = results.pensions.unwrap();
        let old_age = pensions.beneficiaries.iter().find(|one| one.benefit == "old_age").unwrap();
        let of_sex = |sex| ages.clone().map(|age| old_age.amount.get(year, sex, age)).sum::<f64>();
        Sex::ALL.map(of_sex).iter().sum()
    };
    let (baseline, reform) = (shipped(None), shipped(Some("accrual.toml")));
    // In 2032 those of 70 and over were awarded before 2030, when the reform begins: all claim by 66.
    let (before, after) = (paid(&baseline, 8, 70..101), paid(&reform, 8, 70..101));
    assert!((before - after).abs() <= 1e-12 * before, "{before} {after}");
    assert!(paid(&reform, 8, 60..64) < 0.999 * paid(&baseline, 8, 60..64));
}

#[test]
fn every_shipped_reform_and_scenario_loads_changes_something_and_names_its_source() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam");
    let baseline = shipped(None);
    let mut count = 0;
    for kind in ["reforms", "scenarios"] {
        for entry in fs::read_dir(folder.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let overlays = Overlays { reforms: vec![path.clone()], ..Overlays::default() };
            let loaded = load(&folder.join("valuation.toml"), &overlays)
                .unwrap_or_else(|rejected| panic!("{path:?}: {:?}", rejected.faults));
            assert!(!differences(&baseline, &loaded).is_empty(), "{path:?}");
            let patch = &loaded.patches[0];
            assert!(!patch.title.is_empty() && !patch.source.is_empty(), "{path:?}");
            assert_eq!(loaded.warnings, [], "{path:?}");
            // What is new with a reform has to say something at the start, however late the reform is.
            let later = load_delayed(&folder.join("valuation.toml"), &overlays, 5);
            assert!(later.is_ok(), "{path:?}: {:?}", later.unwrap_err().faults);
            count += 1;
        }
    }
    assert!(11 <= count, "{count}");
}

#[test]
fn the_page_and_the_summary_have_every_option_and_no_gap() {
    let folder = country(&[("age.toml", AGE), ("rate.toml", RATE)]);
    let mut loaded = vec![("baseline", with(&folder, &[]))];
    // More options than colours: they are drawn in two charts.
    let names: Vec<String> = (1..=10).map(|number| format!("option_{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        let patch = AGE.replace("value = 67", &format!("value = {}", 66 + number % 4));
        fs::write(folder.path().join("patch.toml"), patch).unwrap();
        loaded.push((name.as_str(), with(&folder, &["patch.toml"])));
    }
    let runs = compared(&loaded);
    let page = comparison_html(&runs, &ComparisonRecord::default()).unwrap();
    for name in names.iter().map(String::as_str).chain(["baseline"]) {
        assert!(page.contains(&format!("href=\"{name}/report.html\"")), "{name}");
        assert!(comparison_summary(&runs, 100).contains(name));
    }
    assert!(
        page.contains("Pay-as-you-go rate (1 of 2)")
            && page.contains("Pay-as-you-go rate (2 of 2)")
    );
    assert!(!page.contains("NaN") && !page.contains("inf\""));
    let asks = page.replace("http://www.w3.org/2000/svg", "");
    for word in ["http:", "https:", "src=", "@import", "url(", "fetch("] {
        assert!(!asks.contains(word), "{word}");
    }
    let mut identifiers: Vec<&str> =
        page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let count = identifiers.len();
    identifiers.sort_unstable();
    identifiers.dedup();
    assert_eq!(identifiers.len(), count, "every identifier is given once");
    assert!(comparison_summary(&runs, 80).lines().all(|line| line.chars().count() <= 80));
}

/// Age 67 from 2030, to which employers respond by insuring fewer.
const RESPONSE: &str = "source = \"Act 2\"\n[schemes.basic.pensionable_age]\nin_force = [{ from = 2030-01-01, value = 67 }]\n\
    [behaviour]\nsource = \"Survey\"\n[behaviour.schemes.basic.groups.formal.coverage]\nall_ages.value = 0.8\n";

#[test]
fn a_reform_is_static_until_the_behaviour_that_it_declares_is_asked_for() {
    let folder = country(&[("response.toml", RESPONSE)]);
    let file = folder.path().join("response.toml");
    assert!(declares_behaviour(&file) && !declares_behaviour(&entry(&folder)));
    let coverage = |behaviour| {
        let overlays = Overlays { reforms: vec![file.clone()], behaviour, ..Overlays::default() };
        let loaded = load(&entry(&folder), &overlays).unwrap();
        assert_eq!(loaded.patches.len(), 1);
        assert_eq!(loaded.warnings, []);
        assert_eq!(value(&loaded, "schemes.basic.pensionable_age.in_force[1].value"), "67");
        value(&loaded, "schemes.basic.groups.formal.coverage.all_ages.value").to_owned()
    };
    assert_eq!(coverage(Behaviour::Static), "0.9");
    assert_eq!(coverage(Behaviour::Declared), "0.8");
}

#[test]
fn a_fault_of_a_behaviour_has_its_place() {
    let wrong = RESPONSE.replace("coverage", "coverag");
    let folder = country(&[("response.toml", &wrong)]);
    let reforms = vec![folder.path().join("response.toml")];
    let overlays = Overlays { reforms, behaviour: Behaviour::Declared, ..Overlays::default() };
    let rejected = load(&entry(&folder), &overlays).unwrap_err();
    let place = rejected.faults[0].place.as_ref().unwrap();
    assert!(place.file.ends_with("response.toml") && place.line == 6, "{place:?}");
    assert!(rejected.faults[0].remedy.contains("coverage"), "{:?}", rejected.faults[0]);
}

/// The figures of a career for men born in 1970 under the small country.
fn figures(career: &str) -> (ModelFigures, Results) {
    let folder = country(&[]);
    let loaded = with(&folder, &[]);
    let results = run(&loaded.model).unwrap();
    let wanted = load_model_persons(None, "crown").unwrap().persons;
    let all = model_persons(&loaded.model, &results, &wanted);
    let same = |one: &&perennis_valuation::ModelPerson| {
        one.career == career && one.sex == Sex::Male && one.born == Year::new(1970)
    };
    (all.iter().find(same).unwrap().found.clone().unwrap(), results)
}

/// A whole life after the start under an interest of the fund.
fn joiner(interest: f64) -> ModelFigures {
    let reform = format!("source = \"x\"\n[economy]\ninterest.value = {interest:.17}\n");
    let folder = country(&[("interest.toml", &reform)]);
    let loaded = with(&folder, &["interest.toml"]);
    let results = run(&loaded.model).unwrap();
    let mut wanted = load_model_persons(None, "crown").unwrap().persons;
    wanted.ages_at_start = vec![15];
    let all = model_persons(&loaded.model, &results, &wanted);
    let same =
        |one: &&perennis_valuation::ModelPerson| one.career == "average" && one.sex == Sex::Female;
    all.iter().find(same).unwrap().found.clone().unwrap()
}

#[test]
fn at_the_internal_rate_of_return_a_life_neither_gains_nor_pays_a_tax() {
    let found = joiner(0.05).fairness;
    let rate = found.internal_rate_of_return.unwrap();
    assert!((-0.2..0.2).contains(&rate), "{rate}");
    // Below the interest of the run, of 5 % with prices that grow by 2 %, a life pays more than it gets.
    let real = 1.05 / 1.02 - 1.0;
    assert_eq!(rate < real, found.net_present_value < 0.0);
    assert_eq!(rate < real, 0.0 < found.lifetime_tax.unwrap());
    // The law does not turn on interest: with that of the rate itself nothing is left over.
    let fair = joiner((1.0 + rate) * 1.02 - 1.0).fairness;
    close(fair.internal_rate_of_return.unwrap(), rate);
    close(fair.net_present_value, 0.0);
    close(fair.lifetime_tax.unwrap(), 0.0);
}

fn close(one: f64, other: f64) {
    assert!((one - other).abs() <= 1e-9 * other.abs().max(1.0), "{one} {other}");
}

#[test]
fn a_model_person_pays_and_draws_what_the_law_says_of_the_career() {
    let (average, results) = figures("average");
    // Born on 1 July 1970: 45 years from 20 to 65, on 24,000 crown a year of 2025 that grow by 2 % above prices of 2 %.
    close(average.claim_age, 65.0);
    close(average.credit, 45.0);
    close(average.own_earnings, 24_000.0 * 1.0404_f64.powi(10));
    let pension = average.pension.unwrap();
    close(average.replacement.unwrap(), pension / average.own_earnings);
    close(average.over_average[0].unwrap(), average.replacement.unwrap());
    // The pension follows wages: in force at the end of the year it is what it was against the wages of the year before.
    let [_, ten, twenty] = average.over_average.map(Option::unwrap);
    close(ten, twenty);
    // 10 % of earnings: half a year in 1990 and 2035, with wage growth before the start and 5 % interest from then on.
    let level = |years: f64| 1.05_f64.powf(years);
    let paid_in: f64 = (1990..=2035)
        .map(|year: i32| {
            let months = if year == 1990 || year == 2035 { 0.5 } else { 1.0 };
            let earned = months * 2_400.0 * 1.0404_f64.powi(year - 2025);
            let years = f64::from(year - 2025);
            let interest = match year < 2025 {
                true => level(10.0) * 1.0404_f64.powf(-years - 0.5),
                false => level(10.0 - years - 0.5),
            };
            earned * interest
        })
        .sum();
    close(average.paid_in, paid_in / average.own_earnings);
    // What is worth something at the claim is worth less ten years before, for interest and for those who die by then.
    let alive: f64 =
        (0..10).map(|at| results.population.survival(at, Sex::Male, 54 + at)).product();
    let before = average.wealth * average.own_earnings * alive / level(10.0) / 24_000.0;
    close(average.benefits_from_start, before);
    let (low, _) = figures("low");
    // A flat pension: half of the earnings, half of the contributions, twice the replacement.
    close(low.replacement.unwrap(), 2.0 * average.replacement.unwrap());
    close(low.paid_in, 0.5 * average.paid_in);
    close(low.contributions_from_start, 0.5 * average.contributions_from_start);
    assert!(low.break_even_age.unwrap() < average.break_even_age.unwrap());
}
