//! Contributor-years of the past: what the insured of the start hold, what is dormant and what has been consumed.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_tests::{SmallCountry, contribution};
use perennis_valuation::Results;

const LAW: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 60 }]

[amounts.pension]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 100 }]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ flat = { amount = "pension" } }]
"#;

/// 1,000 active insured of each age from 20 to 59 with a year of credit a year, and 200 records of each age with 2 years.
fn country(bank: &str, dormant: &str) -> SmallCountry {
    let (head, group) = (SmallCountry::HEAD, SmallCountry::GROUP);
    let inactive = format!(
        "[groups.formal.inactive]\n{dormant}\ncounted = {{ file = \"left.csv\", unit = \"persons\", source = \"made up\" }}\n"
    );
    let scheme =
        format!("{head}\n{LAW}\n{}\n{bank}\n{group}\n{inactive}", contribution("fund", 0.1));
    let works = |_, age: usize| u8::from((20..60).contains(&age)).to_string();
    SmallCountry::new()
        .years(2)
        .fund("fund")
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("participation.csv", "share", 0..101, works)
        .by_age("members.csv", "credit_months,persons", 20..60, |_, age| {
            format!("{},500", 12 * (age - 20))
        })
        .by_age("left.csv", "credit_months,persons", 30..60, |_, _| "24,100".to_owned())
}

const BANK: &str = r#"
[service_bank]
unit = "thousand person-years"
source = "Annual reports"
paid = { gaps = "linear", values = { 1974 = 10, 2023 = 30 } }
consumed.awards = { value = 150 }
consumed.refunds = { value = 50 }
"#;

fn table(results: &Results) -> Vec<(String, f64)> {
    let banks = &results.pensions.as_ref().unwrap().service_banks;
    assert!(banks.len() <= 1);
    let of = |bank: &perennis_pensions::ServiceBank| {
        let mut rows = bank.found.clone();
        rows.push(("paid".to_owned(), bank.paid));
        rows.push(("unexplained".to_owned(), bank.unexplained()));
        rows
    };
    banks.first().map(of).unwrap_or_default()
}

fn row(rows: &[(String, f64)], name: &str) -> f64 {
    rows.iter().find(|(known, _)| known == name).unwrap().1
}

#[test]
fn what_was_paid_is_found_with_the_insured_the_dormant_records_and_what_was_consumed() {
    let dormant = r#"dormant = { value = 0.25, unit = "share", source = "Deaths register" }"#;
    let results = country(BANK, dormant).value();
    let rows = table(&results);
    // Both sexes: 2 × 500 × (0 + 1 + ... + 39) years, and 2 × 100 × 30 ages × 2 years, of which a quarter is left out.
    let wanted = [
        ("paid", 1_000.0 * 50.0 * 20.0),
        ("held_by_active", 1_000.0 * 780.0),
        ("held_by_inactive", 0.75 * 12_000.0),
        ("dormant_records", 0.25 * 12_000.0),
        ("consumed_by_awards", 150_000.0),
        ("consumed_by_refunds", 50_000.0),
        ("unexplained", 1_000_000.0 - 780_000.0 - 12_000.0 - 200_000.0),
    ];
    for (name, years) in wanted {
        assert!((row(&rows, name) - years).abs() < 1e-6, "{name}: {} {years}", row(&rows, name));
    }
    let finding = results.findings.iter().find(|finding| finding.name == "service_bank").unwrap();
    assert!(finding.text.contains("0.8 % not explained"), "{}", finding.text);
    assert_eq!(finding.verdict, perennis_labour::Verdict::Agrees);
}

#[test]
fn more_than_a_twentieth_that_is_not_explained_is_a_warning() {
    let bank = BANK.replace("value = 150", "value = 50");
    let results = country(&bank, "").value();
    let finding = results.findings.iter().find(|finding| finding.name == "service_bank").unwrap();
    assert_eq!(finding.verdict, perennis_labour::Verdict::Warning);
    assert!(finding.text.contains("10.8 % not explained"), "{}", finding.text);
}

#[test]
fn dormant_records_draw_nothing() {
    let dormant = r#"dormant = { value = 0.25, unit = "share", source = "Deaths register" }"#;
    let inactive = |results: &Results| {
        results.pensions.as_ref().unwrap().insured.iter().map(|s| s.inactive.total(0)).sum::<f64>()
    };
    let (all, kept) = (country("", "").value(), country("", dormant).value());
    assert!((inactive(&all) - 6_000.0).abs() < 1e-9 && (inactive(&kept) - 4_500.0).abs() < 1e-9);
    assert!(table(&all).is_empty());
}

#[test]
fn years_that_are_not_past_and_dormant_active_records_are_refused() {
    let late = BANK.replace("2023 = 30", "2024 = 30");
    let faults = country(&late, "").folder().faults();
    assert!(faults.iter().any(|fault| fault.contains("not of the past")), "{faults:?}");
    let none = r#"dormant = { value = 1, unit = "share", source = "x" }"#;
    assert!(!country("", none).folder().faults().is_empty());
}
