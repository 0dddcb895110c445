//! Groups that are no share of the employed: closed, or growing by a rate; who leaves by age and service.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::Pensions;
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Year;

/// One crown a month for everyone at 65.
const LAW: &str = r#"
[pensionable_age]
unit = "years"
source = "made up"
in_force = [{ from = 1900-01-01, value = 65 }]
[amounts.crown]
unit = "crown a month"
source = "made up"
in_force = [{ from = 1900-01-01, value = 1 }]
[benefits.basic]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ flat = { amount = "crown" } }]
"#;

const EARNINGS: &str = r#"
[groups.staff.earnings]
source = "made up"
year = 2024
unit = "crown a month"
mean.all_ages = { value = 1000 }
spread = { value = 0, unit = "share" }
"#;

const NOBODY_LEAVES: &str = r#"
turnover = { unit = "probability", source = "made up", all_ages = { value = 0 } }
"#;

fn country(group: &str, members: &str) -> SmallCountry {
    let head = SmallCountry::HEAD
        .replace("credit_step = 6", "credit_step = 12")
        .replace("to_age = 20", "to_age = 60");
    let contribution = contribution("fund", 0.1);
    let scheme = format!(
        "{head}\n{LAW}\n{contribution}\n[groups.staff]\ncount = \"average\"\n\
         active.counted = {{ file = \"members.csv\", unit = \"persons\", source = \"made up\" }}\n\
         {group}\n{EARNINGS}"
    );
    SmallCountry::new()
        .years(30)
        .fund("fund")
        .file(SmallCountry::SCHEME, &scheme)
        .file("members.csv", &format!("sex,age,credit_months,persons\n{members}"))
}

fn value(country: &SmallCountry) -> Pensions {
    country.value().pensions.unwrap()
}

fn flow(pensions: &Pensions, at: i32, name: &str) -> f64 {
    let year = Year::new(2024).plus(at);
    let of_year = pensions.flows.iter().filter(|flows| flows.year == year);
    of_year.flat_map(|flows| &flows.flows).filter(|flow| flow.0 == name).map(|flow| flow.1).sum()
}

#[test]
fn a_closed_group_without_an_employment_group_ends_when_the_last_member_retires() {
    let pensions = value(&country(
        &format!("closed = true\n{NOBODY_LEAVES}"),
        "male,40,120,100\nfemale,62,240,50\n",
    ));
    let active = |at| pensions.insured[0].active.total(at);
    // Those of 62 are 65 in 2026 or 2027, those of 40 in 2048 or 2049; nobody dies before 99.
    assert!((active(0) - 150.0).abs() < 1e-9 && (active(2) - 150.0).abs() < 1e-9);
    assert!((active(4) - 100.0).abs() < 1e-9 && (active(24) - 100.0).abs() < 1e-9);
    assert!(active(26).abs() < 1e-9);
    let awards: f64 = (0..30).map(|at| pensions.beneficiaries[0].new_awards.total(at)).sum();
    assert!((awards - 150.0).abs() < 1e-9, "{awards}");
    for at in 0..30 {
        let entries = flow(&pensions, at, "first_entries") + flow(&pensions, at, "re_entries");
        assert!(entries.abs() < 1e-12);
    }
}

const JOINING: &str = "sex,age,share\nmale,25,0.5\nfemale,25,0.2\nfemale,35,0.3\n";

fn growing(rate: f64) -> SmallCountry {
    let group = format!(
        "growth.rate = {{ value = {rate:?}, unit = \"share a year\", source = \"made up\" }}\n\
         growth.joining = {{ file = \"joining.csv\", unit = \"share\", source = \"made up\" }}\n{NOBODY_LEAVES}"
    );
    country(&group, "male,40,120,100\nfemale,62,240,50\n").file("joining.csv", JOINING)
}

#[test]
fn a_group_grows_by_its_rate_and_who_joins_has_the_ages_of_the_file() {
    let pensions = value(&growing(0.03));
    let stock = &pensions.insured[0];
    for at in 0..30_i32 {
        let expected = 150.0 * 1.03_f64.powi(at);
        let found = stock.active.total(usize::try_from(at).unwrap());
        assert!((found - expected).abs() < 1e-8, "{at}: {found} {expected}");
    }
    // In the first year nobody retires: 4.5 persons join, with half a year of credit.
    let joined = flow(&pensions, 0, "first_entries");
    assert!((joined - 4.5).abs() < 1e-9);
    let at = |sex, age| stock.active.get(1, sex, age);
    let [male, female] = perennis_units::Sex::ALL;
    assert!((at(male, 25) - 2.25).abs() < 1e-9);
    assert!((at(female, 25) - 0.9).abs() < 1e-9 && (at(female, 35) - 1.35).abs() < 1e-9);
    assert!((stock.active_credit.get(1, male, 25) - 0.5 * 2.25).abs() < 1e-9);
    // They contribute half a year on average.
    let months = pensions.contributors[0].months_paid.total(0);
    assert!((months - 12.0 * (150.0 + 0.5 * 4.5)).abs() < 1e-6, "{months}");
}

#[test]
fn a_shrinking_group_makes_its_surplus_inactive_with_rights() {
    let pensions = value(&growing(-0.1));
    let stock = &pensions.insured[0];
    assert!((stock.active.total(1) - 135.0).abs() < 1e-9);
    assert!((stock.inactive.total(1) - 15.0).abs() < 1e-9);
    assert!((flow(&pensions, 0, "net_withdrawals") - 15.0).abs() < 1e-9);
    // They leave at the end of the year, which they paid whole.
    assert!((pensions.contributors[0].months_paid.total(0) - 12.0 * 150.0).abs() < 1e-6);
    let credit = stock.active_credit.total(1) + stock.inactive_credit.total(1);
    assert!((credit - (100.0 * 11.0 + 50.0 * 21.0)).abs() < 1e-6, "{credit}");
}

#[test]
fn who_leaves_depends_on_completed_years_of_service() {
    let group = "closed = true\nturnover.by_age_and_service = { file = \"leaving.csv\", unit = \"probability\", source = \"made up\" }\n";
    let members = "male,30,0,100\nmale,30,12,100\nmale,30,24,100\nmale,30,120,100\n";
    let pensions = value(
        &country(group, members)
            .file("leaving.csv", "age,service,rate\n20,0,0.4\n20,1,0.2\n20,2,0.05\n"),
    );
    let left = flow(&pensions, 0, "turnover");
    assert!((left - (40.0 + 20.0 + 5.0 + 5.0)).abs() < 1e-9, "{left}");
    // In the second year those of the first two lines stand one line lower.
    let left = flow(&pensions, 1, "turnover");
    assert!((left - (60.0 * 0.2 + 80.0 * 0.05 + 95.0 * 0.05 * 2.0)).abs() < 1e-9, "{left}");
}

#[test]
fn a_plan_of_classes_by_service_is_valued_as_a_closed_group() {
    let group = "closed = true\nturnover.by_age_and_service = { file = \"leaving.csv\", unit = \"probability\", source = \"made up\" }\n\
                 [groups.staff.wage_classes]\n\
                 clerks = { entrants.value = 0.6, relative_wage = { value = 0.5, unit = \"multiple\" }, unit = \"share\", source = \"made up\" }\n\
                 managers = { entrants.value = 0.4, relative_wage = { value = 1.75, unit = \"multiple\" }, unit = \"share\", source = \"made up\" }\n";
    let country = country(group, "male,30,0,100\nfemale,50,120,100\n")
        .with(SmallCountry::SCHEME, "spread = { value = 0, unit = \"share\" }\n", "")
        .file("leaving.csv", "age,service,rate\n20,0,0.4\n20,1,0.2\n20,2,0.05\n");
    let pensions = value(&country);
    assert_eq!(pensions.classes.len(), 30 * 2 * 2);
    let earnings = pensions.contributors[0].insured_earnings.total(0);
    let months = pensions.contributors[0].months_paid.total(0);
    // 0.6 * 0.5 + 0.4 * 1.75 = 1: the mean wage is that of the group.
    assert!((earnings / months / 1_000.0 - 1.0).abs() < 1e-12);
}

#[test]
fn shares_of_joining_that_do_not_add_up_are_refused() {
    let faults =
        growing(0.03).file("joining.csv", "sex,age,share\nmale,25,0.5\n").folder().faults();
    assert!(faults.iter().any(|fault| fault.contains("A605")), "{faults:?}");
}
