//! Moves between groups with rights kept, and which mean of the wages grows as assumed.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::Pensions;
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;
use proptest::prelude::*;

const LAW: &str = r#"
[pensionable_age]
unit = "years"
source = "made up"
in_force = [{ from = 1900-01-01, value = 65 }]
[reference_earnings.career]
source = "made up"
window = "career"
revalued = { by = "wages", lag = 0 }
[benefits.basic]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ reference_earnings = ["career"] }]
"#;

fn group(name: &str, keys: &str, members: &str, wage: &str) -> String {
    format!(
        "[groups.{name}]\ncount = \"average\"\n{keys}\n\
         turnover = {{ unit = \"probability\", source = \"made up\", all_ages = {{ value = 0 }} }}\n\
         active.counted = {{ file = \"{members}\", unit = \"persons\", source = \"made up\" }}\n\
         [groups.{name}.earnings]\nsource = \"made up\"\nyear = 2024\nunit = \"crown a month\"\n{wage}\n\
         spread = {{ value = 0, unit = \"share\" }}\n"
    )
}

fn country(groups: &str) -> SmallCountry {
    let head = SmallCountry::HEAD.replace("to_age = 20", "to_age = 60");
    let contribution = contribution("fund", 0.1);
    SmallCountry::new()
        .years(10)
        .fund("fund")
        .file(SmallCountry::SCHEME, &format!("{head}\n{LAW}\n{contribution}\n{groups}"))
        .file("a.csv", "sex,age,credit_months,persons\nmale,30,60,1000\nfemale,58,240,400\n")
        .file("b.csv", "sex,age,credit_months,persons\nmale,40,120,100\n")
}

fn moving(rate: f64) -> Pensions {
    let keys = format!(
        "closed = true\nmoves.b = {{ unit = \"probability\", source = \"made up\", all_ages = {{ value = {rate:?} }} }}"
    );
    let wage = |wage: u32| format!("mean.all_ages = {{ value = {wage} }}");
    let groups = format!(
        "{}{}",
        group("a", &keys, "a.csv", &wage(1000)),
        group("b", "closed = true", "b.csv", &wage(2000))
    );
    country(&groups).value().pensions.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn nobody_and_no_credit_is_lost_between_groups(rate in 0.0..1.0_f64) {
        let pensions = moving(rate);
        let stocks = &pensions.insured;
        for at in 0..6 {
            let persons: f64 = stocks.iter().map(|stock| stock.active.total(at)).sum();
            let credit: f64 = stocks.iter().map(|stock| stock.active_credit.total(at)).sum();
            let started = 1_000.0 * 5.0 + 400.0 * 20.0 + 100.0 * 10.0;
            let years = at as f64;
            // Until the first are 65 nobody leaves, and each is credited with a year a year.
            prop_assert!((persons - 1_500.0).abs() < 1e-8);
            prop_assert!((credit - started - 1_500.0 * years).abs() < 1e-6);
            let left = 1_400.0 * (1.0 - rate).powi(i32::try_from(at).unwrap());
            prop_assert!((stocks[0].active.total(at) - left).abs() < 1e-8);
        }
    }
}

#[test]
fn who_moves_contributes_to_the_other_group_for_the_whole_year_and_keeps_the_sums() {
    let pensions = moving(0.25);
    let months = |group: usize| pensions.contributors[group].months_paid.total(0);
    assert!((months(0) - 12.0 * 1_050.0).abs() < 1e-6, "{}", months(0));
    assert!((months(1) - 12.0 * 450.0).abs() < 1e-6);
    let flow = |name: &str| -> f64 {
        let of = pensions.flows.iter().filter(|of| of.year == pensions.flows[0].year);
        of.flat_map(|of| &of.flows).filter(|flow| flow.0 == name).map(|flow| flow.1).sum()
    };
    assert!((flow("moved_out") - 350.0).abs() < 1e-9 && (flow("moved_in") - 350.0).abs() < 1e-9);
    // All move in the first year: seven years of the other wage beside twenty of the first, revalued by wages.
    let all = moving(1.0);
    let of = &all.beneficiaries[0];
    let awards: f64 = (0..8).map(|at| of.new_awards.total(at)).sum();
    assert!((awards - 400.0).abs() < 1e-6, "{awards}");
    let at = (0..8).find(|at| 0.0 < of.new_awards.total(*at)).unwrap();
    let mean = of.new_award_amount.total(at)
        / of.new_awards.total(at)
        / 12.0
        / 1.02_f64.powi(i32::try_from(at).unwrap());
    let worked = 6.5;
    let expected = (20.0 * 1_000.0 + worked * 2_000.0) / (20.0 + worked);
    // Half a year more or less of the seventh year moves the mean by 1.5 %.
    assert!((mean / expected - 1.0).abs() < 0.02, "{mean} {expected}");
}

/// A group that grows young, with wages that rise with age.
fn growing(grows: &str) -> Pensions {
    let wage = "mean.by_age = { file = \"wages.csv\" }";
    let keys = "growth.rate = { value = 0.1, unit = \"share a year\", source = \"made up\" }\n\
                growth.joining = { file = \"joining.csv\", unit = \"share\", source = \"made up\" }";
    let groups = format!("{grows}\n{}", group("a", keys, "a.csv", wage));
    let wages: String = (0..101).map(|age| format!("{age},{}\n", 500 + 20 * age)).collect();
    country(&groups)
        .file("joining.csv", "sex,age,share\nmale,25,0.6\nfemale,22,0.4\n")
        .file("wages.csv", &format!("age,earnings\n{wages}"))
        .value()
        .pensions
        .unwrap()
}

/// Mean wage of the insured at the start of a year over 1.02 for each year, at the scale of the wages by age.
fn mean_wage(pensions: &Pensions, at: usize) -> f64 {
    let (mut wages, mut persons) = (0.0, 0.0);
    let earnings = &pensions.contributors[0];
    for sex in Sex::ALL {
        for age in 0..101 {
            let there = pensions.insured[0].active.get(at, sex, age);
            let months = earnings.months_paid.get(at, sex, age);
            if 0.0 < there && 0.0 < months {
                wages += there * earnings.insured_earnings.get(at, sex, age) / months;
                persons += there;
            }
        }
    }
    wages / persons / 1.02_f64.powi(i32::try_from(at).unwrap())
}

#[test]
fn newcomers_lower_the_mean_wage_unless_it_is_the_mean_that_grows() {
    let fixed = growing("");
    let of_insured = growing("[earnings]\ngrows = \"mean_of_insured\"");
    let falls = mean_wage(&fixed, 5) / mean_wage(&fixed, 0);
    assert!(falls < 0.98, "{falls}");
    for at in 1..6 {
        let kept = mean_wage(&of_insured, at) / mean_wage(&of_insured, 0);
        assert!((kept - 1.0).abs() < 1e-9, "{at}: {kept}");
    }
}

#[test]
fn moves_to_a_group_that_there_is_not_are_refused() {
    let keys = "closed = true\nmoves.c = { unit = \"probability\", source = \"made up\", all_ages = { value = 0.1 } }";
    let faults =
        country(&group("a", keys, "a.csv", "mean.all_ages = { value = 1000 }")).folder().faults();
    assert!(faults.iter().any(|fault| fault.contains("A604")), "{faults:?}");
}
