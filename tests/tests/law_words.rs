//! Units and ways of counting in a law, each by a person for whom it makes a difference.

use perennis_assumptions::read_law_for_a_person;
use perennis_scheme::ClaimResult;
use perennis_tests::LawFolder;

const LAW: &str = r#"
source = "made up"

[pensionable_age]
unit = "years"
in_force = [{ from = 1980-01-01, value = 65 }]

[rules.earliest]
unit = "years"
in_force = [{ from = 1980-01-01, value = 60 }]

[rules.early]
unit = "share a month"
in_force = [{ from = 1980-01-01, value = 0.006 }]

[rules.accrual]
unit = "share a month"
in_force = [{ from = 1980-01-01, value = 0.001 }]

[amounts.basic]
unit = "crown a month"
in_force = [{ from = 1980-01-01, value = 1_000 }]

[scales.coefficient]
unit = "factor"
of = "years"
in_force = [{ from = 1980-01-01, value = [[60, 20], [70, 10]] }]

[scales.minimum]
unit = "crown a month"
in_force = [{ from = 1980-01-01, value = [[0, 0], [10, 400], [30, 600]] }]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", early_from = "earliest" }
steps = [{ flat = { amount = "basic" } }, { early_reduction = { rate = "early", of = "amount" } }]

[benefits.by_years]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", early_from = "earliest" }
steps = [{ flat = { amount = "basic" } }, { accrual = { rate = "accrual" } }]

[benefits.minimum]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", early_from = "earliest" }
steps = [{ flat = { scale = "minimum", by = "credit" } }]

[benefits.annuity]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", early_from = "earliest" }
steps = [{ flat = { quotient = [{ amount = "basic" }, { scale = "coefficient", by = "age" }] } }]

[formulas.by_quarters]
steps = [{ flat = { years = "credit", counting = "quarters_up" } }]

[formulas.by_years]
steps = [{ flat = { years = "credit", counting = "years_up" } }]

[formulas.by_completed_quarters]
steps = [{ flat = { years = "credit", counting = "quarters" } }]
"#;

const PERSON: &str = r#"
source = "made up"
currency = "crown"
laws = ["law.toml"]

[person]
born = 1962-01-01
sex = "female"

[claim]
age = 62

[record]
unit = "crown a year"
spans = [{ from = 1990, to = 2008, earnings = 1 }]
years = [{ year = 2009, months = 7, earnings = 1 }]
"#;

fn claim() -> ClaimResult {
    LawFolder::new(&[("law.toml", LAW), ("person.toml", PERSON)]).claim("person.toml")
}

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or(f64::NAN);
    assert!((found - expected).abs() < 1e-9 * expected, "{found} is not {expected}");
}

fn monthly(name: &str) -> Option<f64> {
    Some(claim().benefit(name)?.amount()? / 12.0)
}

#[test]
fn a_rate_a_month_counts_for_every_month() {
    near(monthly("old_age"), 1_000.0 * (1.0 - 36.0 * 0.006));
    near(monthly("by_years"), 1_000.0 * 235.0 * 0.001);
}

#[test]
fn scales_give_factors_and_amounts_beside_shares() {
    near(monthly("annuity"), 1_000.0 / 18.0);
    near(monthly("minimum"), 400.0 + 200.0 * (235.0 / 12.0 - 10.0) / 20.0);
}

#[test]
fn quarters_and_years_begun_count_whole() {
    let claim = claim();
    for (name, years) in
        [("by_quarters", 19.75), ("by_years", 20.0), ("by_completed_quarters", 19.5)]
    {
        near(claim.value("formula", name), years);
    }
}

#[test]
fn a_share_or_a_time_is_not_added_to_an_amount() {
    for (step, word) in [
        ("{ plus = { rule = \"early\" } }", "a share or a number"),
        ("{ at_least = { measure = \"credit\" } }", "a length of time"),
        ("{ at_most = { product = [{ rule = \"early\" }, { constant = 2 }] } }", ""),
        ("{ minus = { product = [{ rule = \"early\" }, { amount = \"basic\" }] } }", ""),
    ] {
        let old = "{ early_reduction = { rate = \"early\", of = \"amount\" } }";
        let law = LAW.replace(old, step);
        let folder = tempfile::tempdir().expect("a folder for the law");
        let file = folder.path().join("law.toml");
        std::fs::write(&file, law).expect("the folder takes a file");
        let faults = match read_law_for_a_person(&file, "crown") {
            Ok(_) => Vec::new(),
            Err(rejected) => rejected.faults.iter().map(|fault| fault.reason.clone()).collect(),
        };
        if word.is_empty() {
            assert!(faults.is_empty(), "{step}: {faults:?}");
        } else {
            assert!(faults.iter().any(|reason| reason.contains(word)), "{step}: {faults:?}");
        }
    }
}
