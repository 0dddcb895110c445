//! Contributions due, declared, collected late and given up, from files.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::{Contribution, Pensions};
use perennis_tests::{SmallCountry, contribution};

const PENSION: &str = r#"
[pensionable_age]
unit = "years"
source = "s. 2"
in_force = [{ from = 2000-01-01, value = 65 }]
[rules.flat]
unit = "crown a year"
source = "s. 3"
in_force = [{ from = 2000-01-01, value = 6000 }]
[benefits.pension]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ flat = { rule = "flat" } }]
"#;

fn country(collection: &str) -> Pensions {
    let head = SmallCountry::HEAD.replace("compliance = { value = 1", "compliance = { value = 0.9");
    let scheme = [&head, &contribution("fund", 0.1), PENSION, SmallCountry::GROUP, collection];
    let members = |_, age: usize| format!("{},500", 12 * (age - 20) + 6);
    let country = SmallCountry::new()
        .years(10)
        .fund("fund")
        .file(SmallCountry::SCHEME, &scheme.concat())
        .by_age("members.csv", "credit_months,persons", 20..65, members);
    country.value().pensions.unwrap()
}

fn adds_up(one: &Contribution) {
    let owed = one.due + one.arrears_start;
    let gone = one.undeclared + one.collected_current + one.collected_late + one.written_off;
    // Sums of a few numbers of this size.
    assert!((owed - gone - one.arrears_end).abs() <= 1e-9 * owed, "{one:?}");
}

#[test]
fn every_contribution_is_declared_or_not_and_collected_owed_or_written_off() {
    let pensions = country(
        r#"
[collection]
source = "made up"
declared.formal = { unit = "share", value = 0.8 }
late = { unit = "share", shares = [0.5, 0.25] }
interest = { unit = "share a year", value = 0.1 }
written_off_after = { unit = "years", value = 3 }
arrears.fund = { unit = "million crown", value = 9 }
"#,
    );
    let all = &pensions.contributions;
    all.iter().for_each(adds_up);
    // 45,000 insured at 12,000 crown a year, a tenth of it due, of which a fifth is not declared.
    let due = 45_000.0 * 12_000.0 * 0.1;
    assert!((all[0].due / due - 1.0).abs() < 1e-9);
    assert!((all[0].undeclared / due - 0.2).abs() < 1e-9);
    assert!((all[0].collected_current / due - 0.8 * 0.9).abs() < 1e-9);
    // Of the arrears of the start half come in, with a year's interest.
    assert!((all[0].collected_late - 4.5e6).abs() < 1e-3);
    assert!((all[0].interest_on_late - 0.45e6).abs() < 1e-3);
    // Of a year's unpaid tenth half comes a year later, a quarter after two, and the rest is given up after three.
    let unpaid = |at: usize| all[at].due - all[at].undeclared - all[at].collected_current;
    for (at, row) in all.iter().enumerate().take(10).skip(3) {
        let late = 0.5 * unpaid(at - 1) + 0.25 * unpaid(at - 2);
        assert!((row.collected_late / late - 1.0).abs() < 1e-9);
        assert!((row.written_off / (0.25 * unpaid(at - 3)) - 1.0).abs() < 1e-9);
        let interest = 0.5 * unpaid(at - 1) * 0.1 + 0.25 * unpaid(at - 2) * 0.21;
        assert!((row.interest_on_late / interest - 1.0).abs() < 1e-9);
    }
    let earnings = pensions.contributors[0].insured_earnings.total(0);
    assert!(
        (earnings / (45_000.0 * 12_000.0 * 0.8) - 1.0).abs() < 1e-9,
        "rights follow what is declared"
    );
}

#[test]
fn without_a_table_what_is_not_collected_in_its_year_is_lost() {
    let pensions = country("");
    for one in &pensions.contributions {
        adds_up(one);
        assert!((one.written_off / one.due - 0.1).abs() < 1e-9);
        assert!(one.arrears_end.abs() < 1e-9);
        assert!((one.collected / one.due - 0.9).abs() < 1e-9);
    }
}

#[test]
fn a_group_may_pay_better_than_the_scheme() {
    let pensions = country(
        "[collection]\ncompliance.formal = { unit = \"share\", source = \"made up\", value = 1 }\n",
    );
    for one in &pensions.contributions {
        assert!((one.collected / one.due - 1.0).abs() < 1e-12);
    }
}
