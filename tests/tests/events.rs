//! Deaths, survivors and invalids of a scheme, from TOML alone.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_assumptions::{Overlays, load};
use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;

const LAW: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[amounts.basic]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 100 }]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ flat = { amount = "basic" } }]
"#;

/// The small country with a scheme of this law and these persons.
fn scheme(law: &str, people: &str) -> SmallCountry {
    let all = [SmallCountry::HEAD, law, &contribution("fund", 0.1), people, SmallCountry::GROUP];
    SmallCountry::new().fund("fund").file(SmallCountry::SCHEME, &all.join("\n")).by_age(
        "members.csv",
        "credit_months,persons",
        20..65,
        |_, age| format!("{},500", 12 * (age - 20) + 6),
    )
}

fn pensions(country: &SmallCountry) -> Pensions {
    country.value().pensions.unwrap()
}

fn benefit<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

/// Faults as `code path`.
fn faults(country: &SmallCountry) -> Vec<String> {
    let folder = country.folder();
    let loaded = load(&folder.path().join("valuation.toml"), &Overlays::default());
    let faults = loaded.err().map(|rejected| rejected.faults).unwrap_or_default();
    faults.iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
}

/// Falls by 1 % of a straight line to 110, where it is 1.
fn falling(age: usize) -> f64 {
    1.0 / f64::from(u8::try_from(111 - age).unwrap())
}

const OWN: &str = r#"
[mortality.pensioners.old_age]
source = "made up"
table = { file = "own.csv", unit = "probability" }
year = 2020
improvement = { unit = "share a year", all_ages = { value = 0.1 } }

[pensioners.old_age]
counted = { file = "pensioners.csv", source = "made up", units = { persons = "persons", amount = "crown a year" } }
"#;

#[test]
fn pensioners_die_by_the_improved_probabilities_of_their_own_table() {
    let country = scheme(LAW, OWN)
        .by_age("own.csv", "qx", 50..111, |_, age| falling(age).to_string())
        .by_age("pensioners.csv", "persons,amount", 70..71, |_, _| "100,1200".to_owned());
    let table = pensions(&country);
    let old_age = benefit(&table, "old_age");
    // A tenth is taken off each probability each year from 2021 on, four times until 2024.
    let (q, next) = (falling(70) * 0.9_f64.powi(4), falling(71) * 0.9_f64.powi(4));
    let alive = (1.0 - q) * (1.0 - next / 2.0) / (1.0 - q / 2.0);
    let dead = old_age.terminations.get(0, Sex::Male, 70);
    assert!((dead - 100.0 * (1.0 - alive)).abs() < 1e-9, "{dead}");
}

#[test]
fn a_table_that_does_not_end_or_goes_past_120_is_refused() {
    let with = |rows: std::ops::Range<usize>, last: &str| {
        let end = rows.end - 1;
        scheme(LAW, OWN)
            .by_age("own.csv", "qx", rows, |_, age| {
                if age == end { last.to_owned() } else { "0.1".to_owned() }
            })
            .by_age("pensioners.csv", "persons,amount", 70..71, |_, _| "100,1200".to_owned())
    };
    let place = "schemes.tested.mortality.pensioners.old_age.table";
    assert_eq!(faults(&with(50..101, "0.3")), [format!("A609 {place}")]);
    assert_eq!(faults(&with(50..123, "1")).len(), 1);
    assert!(faults(&with(50..121, "1")).is_empty());
    // Nobody can be in payment past the end of the table.
    assert_eq!(faults(&with(50..70, "1")).len(), 1);
}

#[test]
fn insured_die_by_a_factor_on_the_population() {
    let people = "[mortality.insured]\nsource = \"made up\"\ntimes = { unit = \"factor\", all_ages = { value = 2 } }\n";
    let rate = |_, age: usize| if age < 99 { "0.01".to_owned() } else { "0.5".to_owned() };
    let once = scheme(LAW, "").by_age("mortality.csv", "rate", 0..101, rate);
    let twice = scheme(LAW, people).by_age("mortality.csv", "rate", 0..101, rate);
    let deaths = |country: &SmallCountry| {
        let flows = pensions(country).flows;
        let first = &flows[0].flows;
        first.iter().find(|flow| flow.0 == "deaths_active").unwrap().1
    };
    let (once, twice) = (deaths(&once), deaths(&twice));
    // A constant force of 0.01 and of 0.02: 1 - e^-0.01 and 1 - e^-0.02, but for the conventions of a life table.
    let ratio = (1.0 - (-0.02_f64).exp()) / (1.0 - (-0.01_f64).exp());
    assert!((twice / once - ratio).abs() < 1e-4, "{}", twice / once);
}
