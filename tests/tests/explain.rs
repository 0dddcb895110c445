//! Every number of every table of the example country, walked back to files.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::HashMap;
use std::path::Path;

use perennis_assumptions::{Loaded, Overlays, load};
use perennis_report::{
    AssumptionRecord, ExplainError, Explainer, Explanation, Origin, RunRecord, explained_tables,
};
use perennis_tests::{SmallCountry, contribution};
use perennis_valuation::{Results, run};

/// Sums of a few hundred numbers, in another order than the engine's.
const ROUNDING: f64 = 1e-9;

struct Valued {
    loaded: Loaded,
    results: Results,
    record: RunRecord,
    origins: Vec<Origin>,
}

impl Valued {
    fn of(file: &Path, set: &[&str]) -> Self {
        let set = set.iter().map(|text| (*text).to_owned()).collect();
        Self::loaded(load(file, &Overlays { set, ..Overlays::default() }).expect("it loads"))
    }

    fn loaded(loaded: Loaded) -> Self {
        let results = run(&loaded.model).expect("it runs");
        let assumption = |value: &perennis_assumptions::Provenance| AssumptionRecord {
            path: value.path.clone(),
            value: value.value.clone(),
            ..AssumptionRecord::default()
        };
        let assumptions = loaded.provenance.iter().map(assumption).collect();
        let record = RunRecord { version: "1".into(), assumptions, ..RunRecord::default() };
        let origin = |value: &perennis_assumptions::Provenance| Origin {
            path: value.path.clone(),
            value: value.value.clone(),
            unit: value.unit.clone().unwrap_or_default(),
            source: value.source.clone().unwrap_or_default(),
            checked: value.checked,
            file: value.file.clone(),
            line: value.line,
            layer: value.layer.to_owned(),
            row: None,
        };
        let origins = loaded.provenance.iter().map(origin).collect();
        Self { loaded, results, record, origins }
    }

    fn country(set: &[&str]) -> Self {
        let file = "../assumptions/viet-nam/valuation.toml";
        Self::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file), set)
    }

    fn explainer(&self) -> Explainer<'_> {
        Explainer::new(&self.results, &self.loaded.model, &self.record, &self.origins)
    }
}

/// Says whether a number leads to a line of a file, itself or by the rows it is made of.
fn reaches_a_file(
    explainer: &Explainer<'_>,
    number: &Explanation,
    known: &mut HashMap<(Vec<String>, Option<i32>), bool>,
) -> bool {
    let own = (number.reads.clone(), number.year);
    let own = *known.entry(own).or_insert_with(|| {
        let mut alone = number.clone();
        alone.parts.clear();
        alone.behind.clear();
        let inputs = explainer.inputs_of(&alone);
        inputs.iter().any(|input| !input.file.is_empty() && 0 < input.line)
    });
    own || number.parts.iter().any(|part| reaches_a_file(explainer, &part.number, known))
}

fn walk(valued: &Valued) -> usize {
    let all: Vec<&str> = explained_tables().iter().map(|table| table.name).collect();
    walk_tables(valued, &all, 1)
}

/// Walks every so-manieth row of some tables.
fn walk_tables(valued: &Valued, names: &[&str], every: usize) -> usize {
    let explainer = valued.explainer();
    let (mut known, mut numbers, mut tables) = (HashMap::new(), 0, 0);
    for table in explained_tables().iter().filter(|table| names.contains(&table.name)) {
        let Ok(rows) = explainer.rows(table.name) else { continue };
        tables += 1;
        for row in (1..=rows).step_by(every) {
            let address = explainer.address_of(table.name, row).unwrap();
            let found = match explainer.explain(&address, 0) {
                Err(ExplainError::Form(reason)) => panic!("{address}: {reason}"),
                other => other.unwrap_or_else(|error| panic!("{address}: {error}")),
            };
            for number in found {
                let residual = number.residual();
                assert!(residual <= ROUNDING, "{}: residual {residual}: {number:#?}", number.row);
                let reaches = (0..4).any(|depth| {
                    let deeper = explainer.explain(&number.row, depth).unwrap();
                    deeper.iter().all(|number| reaches_a_file(&explainer, number, &mut known))
                });
                assert!(reaches, "{} leads to no line of a file: {number:#?}", number.row);
                numbers += 1;
            }
        }
    }
    assert!(4 <= tables);
    numbers
}

#[test]
fn every_number_of_every_table_adds_up_and_reaches_a_line_of_a_file() {
    // Two years have a stock of the start, one that was carried, and one of the end.
    let numbers = walk(&Valued::country(&["horizon=2"]));
    assert!(10_000 < numbers, "{numbers}");
}

/// Tables with few rows a year, in which a reserve ends and a debt begins.
const OF_MONEY: [&str; 6] =
    ["economy", "contributions", "contributions_by_account", "accounts", "indicators", "financing"];

#[test]
fn the_money_of_the_whole_horizon_adds_up_when_the_state_pays() {
    assert!(200 < walk_tables(&Valued::country(&["horizon=75"]), &OF_MONEY, 23));
}

#[test]
fn the_money_of_the_whole_horizon_adds_up_when_a_fund_borrows() {
    let set = [
        "horizon=60",
        "finance.accounts.retirement.when_exhausted=\"borrow\"",
        "finance.accounts.retirement.borrowing_margin={ value = 0.01, unit = \"share a year\", source = \"x\" }",
    ];
    assert!(150 < walk_tables(&Valued::country(&set), &OF_MONEY, 23));
}

#[test]
fn every_table_is_walked() {
    let valued = Valued::country(&["horizon=1"]);
    let explainer = valued.explainer();
    // The example country has no classes of insured and does not say what was paid in the past; the country below does.
    let elsewhere = ["insured_classes", "service_bank", "pensionable_ages", "law_indicators"];
    for table in explained_tables().iter().filter(|table| !elsewhere.contains(&table.name)) {
        assert!(0 < explainer.rows(table.name).unwrap_or(0), "{}", table.name);
    }
}

#[test]
fn classes_of_insured_and_the_service_of_the_past_are_explained_too() {
    let classes = "count = \"any\"\nmonths_paid = \"full_or_none\"\n[groups.formal.density_classes]\n\
        regular = { entrants.value = 0.5, density.value = 0.9, unit = \"share\", source = \"made up\" }\n\
        irregular = { entrants.value = 0.5, density.value = 0.3, unit = \"share\", source = \"made up\" }\n";
    let group = SmallCountry::GROUP.replace("count = \"average\"\n", "");
    let (keys, earnings) = group.split_once("[groups.formal.earnings]").unwrap();
    let people = format!("{keys}{classes}[groups.formal.earnings]{earnings}");
    let law = "[pensionable_age]\nunit = \"years\"\nsource = \"made up\"\n\
        in_force = [{ from = 1900-01-01, value = 65 }]\n\
        [pensionable_age.after]\nlife_expectancy_at = 60\nfirst = 2025\nlag = 0\nreference_year = 2024\n\
        share = { value = 1, unit = \"share\" }\n\
        [amounts.crown]\nunit = \"crown a month\"\nsource = \"made up\"\n\
        in_force = [{ from = 1900-01-01, value = 1 }]\n\
        [benefits.basic]\nkind = \"pension\"\naccount = \"fund\"\n\
        condition = { event = \"age\", age = \"pensionable_age\" }\nsteps = [{ flat = { amount = \"crown\" } }]\n\
        [indicators.pensioners]\nof.dependency = [\"basic\"]\nlag = 1\nscaled = true\nsource = \"made up\"\n\
        published = { unit = \"ratio\", values = { 2024 = 0.01, 2025 = 0.02 } }\n\
        [indicators.reserve]\nof.reserve_ratio = \"fund\"\nsource = \"made up\"\n\
        published = { unit = \"ratio\", values = { 2023 = 0.9 } }\n";
    let head = SmallCountry::HEAD;
    let bank = "[service_bank]\nunit = \"person-years\"\nsource = \"made up\"\npaid.values = { 2022 = 9_000, 2023 = 9_100 }\n\
        consumed.awards = { value = 2_000 }\n";
    let scheme = format!("{head}\n{law}\n{bank}\n{}\n{people}", contribution("fund", 0.1));
    let folder = SmallCountry::new()
        .years(4)
        .fund("fund")
        .file(SmallCountry::SCHEME, &scheme)
        .file("members.csv", "sex,age,credit_months,persons\nmale,40,240,500\nfemale,64,120,500\n")
        .folder();
    let valued = Valued::loaded(folder.load());
    assert!(10 < valued.explainer().rows("insured_classes").unwrap());
    assert_eq!(valued.explainer().rows("service_bank").unwrap(), 6);
    assert_eq!(valued.explainer().rows("pensionable_ages").unwrap(), 6);
    // Dependency of 2024 to 2028 and the reserve of 2023 to 2026; what the last year makes is read by no year of the run.
    assert_eq!(valued.explainer().rows("law_indicators").unwrap(), 9);
    walk(&valued);
}

#[test]
fn a_population_alone_is_explained_too() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/smallest/valuation.toml");
    assert!(2000 < walk(&Valued::of(&file, &[])));
}

#[test]
fn migration_over_the_year_is_explained_too() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/smallest/valuation.toml");
    let set = ["population.migration_timing=\"even\"", "horizon=3"];
    assert!(500 < walk(&Valued::of(&file, &set)));
}

#[test]
fn an_expenditure_is_persons_times_amount_by_age() {
    let valued = Valued::country(&["horizon=22"]);
    let explainer = valued.explainer();
    let found = explainer.explain("accounts/retirement/benefit:old_age/2045", 3).unwrap();
    let [number] = found.as_slice() else { panic!("{found:#?}") };
    assert!(number.residual() <= ROUNDING);
    // One benefit of one scheme, two sexes, ages; each persons times a mean.
    let schemes = &number.parts;
    let sexes = &schemes[0].number.parts;
    assert_eq!((schemes.len(), sexes.len()), (1, 2));
    let ages = &sexes[1].number.parts;
    assert!(40 < ages.len());
    let cell = &ages[20].number;
    let units: Vec<&str> = cell.parts.iter().map(|part| part.number.unit.as_str()).collect();
    assert_eq!(units, ["person-years", "dong"]);
    let sum: f64 = sexes
        .iter()
        .flat_map(|sex| &sex.number.parts)
        .map(|age| {
            let factor = |at: usize| age.number.parts[at].number.value.unwrap();
            factor(0) * factor(1)
        })
        .sum();
    let booked = valued.results.finance.as_ref().unwrap().fund("retirement").unwrap();
    let booked = booked.in_year(perennis_units::Year::new(2045)).unwrap();
    let booked = booked.sum(&perennis_cohort::Item::Benefit("old_age".into()));
    assert!((sum / booked - 1.0).abs() < ROUNDING);
    let inputs = explainer.inputs_of(number);
    let place = |path: &str| inputs.iter().find(|input| input.path.starts_with(path));
    let dated = inputs.iter().filter(|input| input.path.contains(".in_force["));
    assert!(dated.clone().all(|input| !input.source.is_empty()), "a provision has a source");
    for path in [
        "schemes.compulsory.pensionable_age.in_force",
        "schemes.compulsory.scales.accrual.in_force",
        "schemes.compulsory.benefits.old_age.steps[1]",
        "schemes.compulsory.indexation.pensions",
    ] {
        let found = place(path).unwrap_or_else(|| panic!("{path}: {inputs:#?}"));
        assert!(found.file.ends_with("compulsory.toml") && 0 < found.line, "{found:?}");
    }
}

#[test]
fn the_deep_walk_of_the_rates_adds_up() {
    let valued = Valued::country(&["horizon=12"]);
    let explainer = valued.explainer();
    for (address, depth) in [
        ("indicators/retirement/payg_rate/2030", 4),
        ("indicators/nation/expenditure_over_gdp/2030", 3),
        ("indicators/compulsory/replacement_ratio/2030", 3),
        ("accounts/retirement/reserve_end/2030", 3),
        ("accounts/health/contributions/2030", 4),
        ("financing/retirement/general_average_premium", 1),
        ("population/female/65-/2030", 2),
        ("contributors/compulsory/*/female/30-39/2030/insured_earnings", 3),
    ] {
        for number in explainer.explain(address, depth).unwrap() {
            assert!(number.residual() <= ROUNDING, "{address}: {}", number.residual());
            assert!(!explainer.inputs_of(&number).is_empty(), "{address}");
        }
    }
}

#[test]
fn an_address_that_leads_nowhere_says_what_there_is() {
    let valued = Valued::country(&["horizon=2"]);
    let explainer = valued.explainer();
    for (address, said) in [
        ("account/retirement/2024", "known: population"),
        ("accounts/old_age/benefit:old_age/2024", "account is one of"),
        ("accounts/retirement/benefit:old_age/2100", "years are 2024 to 2025"),
        ("accounts/retirement/benefit:old_age", "needs a year"),
        ("accounts/retirement/2024", "cannot be added"),
        ("indicators/retirement/*/2024", "cannot be added"),
        ("accounts/a/b/c/d/2024", "fewer keys"),
        ("financing/retirement/reserve_exhausted_in/value", "is empty"),
        ("economy/2024/oil", "needs a year"),
    ] {
        let error = explainer.explain(address, 1).expect_err(address).to_string();
        assert!(error.contains(said), "{address}: {error}");
    }
    assert!(explainer.address_of("economy", 0).is_err());
    assert!(explainer.address_of("economy", 3).is_err());
    assert_eq!(explainer.address_of("economy.csv", 2).unwrap(), "economy/2025");
}
