//! The projection beside a second calculation in which every generation is followed alone.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_report::{Identity, RunRecord, identities_by_generations, tables};
use perennis_tests::{SmallCountry, StablePopulation, contribution};
use perennis_valuation::{by_generations, run};

/// One and a half per cent of the revalued mean of the career for each year; pensions follow wages each January.
const CAREER: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[rules.accrual]
unit = "share a year"
in_force = [{ from = 1900-01-01, value = 0.015 }]

[reference_earnings.career]
window = "career"
revalued = { by = "wages" }

[indexation.wages]
after = { by = "wages" }

[benefits.old_age]
kind = "pension"
account = "fund"
indexation = "wages"
condition = { event = "age", age = "pensionable_age" }
steps = [{ reference_earnings = ["career"] }, { accrual = { rate = "accrual" } }]
"#;

/// A life table with deaths at all ages from 20 on: `1 - (x - 20)^2 / 6400`.
fn population(growth: f64) -> StablePopulation {
    let alive = |age: i32| 1.0 - f64::from(age - 20).powi(2) / 6400.0;
    let survivors: Vec<f64> = (20..=100).map(alive).collect();
    StablePopulation::from_age(20, &survivors, growth)
}

/// All of working age are insured from the start on; the first pensioners are there.
fn country(law: &str, group: &str, growth: f64) -> SmallCountry {
    let population = population(growth);
    let (head, paid_in) = (SmallCountry::HEAD, contribution("fund", 0.2));
    let pensioners = "[pensioners.old_age]\ncounted = { file = \"pensioners.csv\", units = { persons = \"persons\", \
                      amount = \"crown a year\" }, source = \"made up\" }\n";
    population
        .country(20..65)
        .fund("fund")
        .with("finance.toml", "value = 0, unit", "value = 2_000_000, unit")
        .file(SmallCountry::SCHEME, &format!("{head}\n{law}\n{paid_in}\n{group}\n{pensioners}"))
        .by_age("members.csv", "credit_months,persons", 20..65, |_, age| {
            format!("{},{:?}", 12 * (age - 20) + 6, population.persons(0, age))
        })
        .by_age("pensioners.csv", "persons,amount", 65..100, |_, age| {
            format!("{:?},7000", population.persons(0, age))
        })
}

fn compared(country: &SmallCountry) -> Vec<Identity> {
    let model = country.folder().load().model;
    let results = run(&model).unwrap();
    let made = tables(&results, &RunRecord::default()).unwrap();
    let schemes = by_generations(&model, &results).unwrap();
    let made = made.iter().map(|table| (table.file, table.bytes.as_slice()));
    identities_by_generations(made, (&results, &schemes))
}

fn all_hold(country: &SmallCountry, most: f64) {
    let found = compared(country);
    for one in &found {
        println!("{:<34} {:.2e} {:?} {}", one.name, one.residual, one.stated, one.at);
    }
    assert_eq!(found.len(), 9, "{found:?}");
    for one in &found {
        assert!(one.stated.is_none() && one.residual < most, "{one:?}");
    }
}

/// Two per cent of the pay of the last five years for each year of service, paid from the month after the age.
fn last_years() -> String {
    CAREER
        .replace("value = 0.015", "value = 0.02")
        .replace(
            "[reference_earnings.career]\nwindow = \"career\"",
            "[rules.last]\nunit = \"years\"\nin_force = [{ from = 1900-01-01, value = 5 }]\n\n\
             [reference_earnings.career]\nwindow.last = \"last\"",
        )
        .replace(
            "age = \"pensionable_age\" }",
            "age = \"pensionable_age\", payment_start = \"next_month\" }",
        )
}

/// Wages by age, so that those of the last years are not those of the career.
fn with_merit(country: SmallCountry) -> SmallCountry {
    country
        .with(
            SmallCountry::SCHEME,
            "mean.all_ages = { value = 1000 }",
            "mean.by_age = { file = \"wages.csv\", ages = \"single\" }",
        )
        .by_age("wages.csv", "earnings", 20..65, |_, age| {
            format!("{:?}", 700.0 + 12.0 * (age as f64 - 20.0))
        })
}

/// A group that grows by itself, or nobody joins.
fn group(membership: &str) -> String {
    SmallCountry::GROUP.replace("employed = \"formal\"\n", "").replace(
        "coverage = { unit = \"share\", source = \"made up\", all_ages = { value = 1 } }",
        membership,
    )
}

/// The size of the difference where wages differ by age: a cell holds the wages of two ages.
const MOST: f64 = 0.005;

#[test]
fn a_stable_country_agrees() {
    all_hold(&country(CAREER, SmallCountry::GROUP, 0.01).years(60), 0.000_2);
}

#[test]
fn last_years_of_wages_by_age_agree() {
    let country = country(&last_years(), SmallCountry::GROUP, 0.01).years(60);
    all_hold(&with_merit(country), MOST);
}

#[test]
fn a_closed_group_agrees_and_nobody_comes_later() {
    let closed = with_merit(country(CAREER, &group("closed = true"), 0.0)).years(60);
    let found = compared(&closed);
    for one in &found {
        println!("{:<34} {:.2e} {:?} {}", one.name, one.residual, one.stated, one.at);
    }
    assert!(found.iter().all(|one| one.stated.is_none() && one.residual < MOST), "{found:?}");
    assert!(found.iter().all(|one| one.name != "ap2_by_generations"));
}

#[test]
fn a_group_that_grows_agrees() {
    let grows = "growth.rate = { value = 0.01, unit = \"share a year\", source = \"made up\" }\n\
                 growth.joining = { file = \"joining.csv\", unit = \"share\", source = \"made up\" }";
    // Half of each age is insured, so that enough are there to join.
    let country = country(CAREER, &group(grows), 0.01)
        .by_age("joining.csv", "share", 22..27, |_, _| "0.1".to_owned())
        .by_age("members.csv", "credit_months,persons", 20..65, |_, age| {
            format!("{},{:?}", 12 * (age - 20) + 6, 0.5 * population(0.01).persons(0, age))
        })
        .years(60);
    all_hold(&with_merit(country), MOST);
}

#[test]
fn claims_before_and_after_an_age_that_rises_agree() {
    let law = CAREER
        .replace(
            "in_force = [{ from = 1900-01-01, value = 65 }]",
            "in_force = [{ from = 1900-01-01, value = 62 }, { from = 2030-01-01, value = 63 }, { from = 2035-01-01, value = 64 }]",
        )
        .replace(
            "age = \"pensionable_age\" }",
            "age = \"pensionable_age\", early_by = \"early\" }",
        )
        .replace("[rules.accrual]", "[rules.early]\nunit = \"years\"\nin_force = [{ from = 1900-01-01, value = 2 }]\n\n[rules.accrual]");
    let claims = "[claiming]\nfirst = -2\nprobability = { unit = \"probability\", source = \"made up\", \
                  male = [0.1, 0.2, 0.8, 1], female = [0.2, 0.2, 0.9, 1] }\n";
    let country = country(&law, SmallCountry::GROUP, 0.01).and(SmallCountry::SCHEME, claims);
    all_hold(&country.years(60), 0.01);
}

/// Dependency falls while the age rises and rises again, so that the factor is seldom one.
#[test]
fn pensions_with_a_factor_of_sustainability_agree() {
    let law = CAREER
        .replace(
            "in_force = [{ from = 1900-01-01, value = 65 }]",
            "in_force = [{ from = 1900-01-01, value = 62 }, { from = 2030-01-01, value = 63 }, { from = 2035-01-01, value = 64 }]",
        )
        .replace("after = { by = \"wages\" }", "after = { by = { product = [\"wages\", { sustainability = { indicator = \"pensioners\", weight = \"half\" } }] }, lag = 1 }");
    let more = "[rules.half]\nunit = \"share\"\nin_force = [{ from = 1900-01-01, value = 0.5 }]\n\n\
        [indicators.pensioners]\nof = { dependency = [\"old_age\"] }\n\
        published = { unit = \"ratio\", values = { 2022 = 0.3, 2023 = 0.31 } }\n";
    let country = country(&format!("{law}\n{more}"), SmallCountry::GROUP, 0.01);
    all_hold(&country.years(60), 0.01);
}

#[test]
fn a_figure_of_the_projection_that_is_changed_is_found() {
    let model = country(CAREER, SmallCountry::GROUP, 0.01).folder().load().model;
    let results = run(&model).unwrap();
    let made = tables(&results, &RunRecord::default()).unwrap();
    let schemes = by_generations(&model, &results).unwrap();
    let dearer = |table: &perennis_report::Table| -> Vec<u8> {
        let text = String::from_utf8(table.bytes.clone()).unwrap();
        if table.file != "beneficiaries.csv" {
            return text.into_bytes();
        }
        let mut lines = text.lines();
        let mut changed = lines.next().unwrap().to_owned();
        for line in lines {
            let (rest, amount) = line.rsplit_once(',').unwrap();
            let amount = amount.parse::<f64>().unwrap() * 1.01;
            changed.push_str(&format!("\n{rest},{amount:?}"));
        }
        changed.into_bytes()
    };
    let changed: Vec<(&str, Vec<u8>)> = made.iter().map(|one| (one.file, dearer(one))).collect();
    let tables = changed.iter().map(|(file, bytes)| (*file, bytes.as_slice()));
    let found = identities_by_generations(tables, (&results, &schemes));
    let broken: Vec<&str> = found.iter().filter(|one| !one.holds()).map(|one| one.name).collect();
    assert!(broken.contains(&"expenditure_by_generations"), "{found:?}");
    assert!(broken.contains(&"gap_by_generations"), "{found:?}");
}
