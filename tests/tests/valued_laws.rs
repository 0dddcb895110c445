//! One small country under several laws: what a valuation awards to a cell is what the law gives to one of its members.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use perennis_pensions::Pensions;
use perennis_scheme::{
    Benefit, Claim, Credit, CreditedYear, Environment, Law, LegalIndices, Record, Step,
};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::{Date, Money, Path as Yearly, Sex, When, Year};
use perennis_valuation::run;

const WAGE_GROWTH: f64 = 0.02;
/// Crown a year in 2024, the same at every age.
const WAGE: f64 = 12_000.0;
const ENTRY: usize = 20;

/// A law, and where its awards are looked at.
struct Valued {
    law: String,
    benefit: &'static str,
    /// Age at the claim.
    age: usize,
    /// Days and months of birth of the persons who stand for the cell, as many for each.
    born: &'static [&'static str],
    /// The last year of the run in which the law has that age.
    last: usize,
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("law").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Half of those from 20 until the age of the law are insured, all without a gap.
fn country(valued: &Valued) -> SmallCountry {
    let account = valued.law.lines().find_map(|line| line.strip_prefix("account = ")).unwrap();
    let account = account.trim_matches('"');
    let has_one = valued.law.contains("[contributions.");
    let contribution = if has_one { String::new() } else { contribution(account, 0.1) };
    let nobody = "[withdrawal_rate]\nunit = \"probability\"\nsource = \"made up\"\nall_ages = { value = 0 }\n";
    let withdraws = valued.law.contains("event = \"withdrawal\"");
    let withdrawal = if withdraws { nobody } else { "" };
    let (head, group) = (SmallCountry::HEAD, SmallCountry::GROUP);
    let scheme = format!("{head}\n{}\n{contribution}\n{withdrawal}\n{group}", valued.law);
    let works = |_, age: usize| u8::from((ENTRY..valued.age).contains(&age)).to_string();
    let member = |_, age: usize| format!("{},500", 12 * (age - ENTRY) + 6);
    SmallCountry::new()
        .years(8)
        .fund(account)
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("participation.csv", "share", 0..101, works)
        .by_age("members.csv", "credit_months,persons", ENTRY..valued.age, member)
}

fn level(year: i32) -> f64 {
    (1.0 + WAGE_GROWTH).powi(year - 2024)
}

/// Without rounding, which is for persons only.
fn benefit(law: &Law, name: &str) -> Benefit {
    let mut benefit = law.benefit(name).unwrap().clone();
    benefit.steps.retain(|step| !matches!(step, Step::Round(_)));
    benefit
}

/// Mean of what the law gives to those who stand for the cell.
fn award(law: &Law, valued: &Valued, year: i32) -> f64 {
    let all = valued.born.iter().map(|born| award_of(law, valued, born, year));
    all.sum::<f64>() / valued.born.len() as f64
}

/// What the law gives to one who worked from his twentieth birthday to the claim, on a birthday in `year`.
fn award_of(law: &Law, valued: &Valued, born: &str, year: i32) -> f64 {
    let age = i32::try_from(valued.age).unwrap();
    let day = |year: i32| format!("{year}-{born}").parse::<Date>().unwrap();
    let first = year - age + i32::try_from(ENTRY).unwrap();
    let when = When { date: day(year), born: day(year - age), entered: day(first), sex: Sex::Male };
    let before = i32::from(when.date.month()) - 1;
    let credited = |of: i32| {
        let months = match of {
            of if of == first => 12 - before,
            of if of == year => before,
            _ => 12,
        };
        let insured_earnings = WAGE * level(of) * f64::from(months) / 12.0;
        let insured_earnings = Money::new(insured_earnings).unwrap();
        CreditedYear { year: Year::new(of), months, insured_earnings }
    };
    let record = Record::of_work((first..=year).map(credited).collect());
    let wages = Yearly::new(Year::new(1900), (1900..2100).map(level).collect()).unwrap();
    let indices = LegalIndices::new(Yearly::constant(1.0), wages);
    let insured_wage = Money::new(WAGE * level(year)).ok();
    let env = Environment { insured_wage, ..Environment::new(&indices) };
    let claim = Claim::new(when, "formal", Credit::Record(&record));
    benefit(law, valued.benefit).award_person(&claim, &env).unwrap().unwrap().amount.get()
}

fn mean_award(pensions: &Pensions, valued: &Valued, position: usize) -> f64 {
    let tables = &pensions.beneficiaries;
    let table = tables.iter().find(|table| table.benefit == valued.benefit).unwrap();
    let awards = table.new_awards.get(position, Sex::Male, valued.age);
    assert!((awards - 500.0).abs() < 1e-6, "{}: {awards} awards", valued.benefit);
    table.new_award_amount.get(position, Sex::Male, valued.age) / awards
}

/// Compares cell and person in the first year, when everything is cast back, and in the last, when most is carried.
fn check(valued: &Valued, tolerance: f64) {
    let loaded = country(valued).folder().load();
    let law = loaded.model.pensions.as_ref().unwrap().schemes[0].law.clone();
    let pensions = run(&loaded.model).unwrap().pensions.unwrap();
    for position in [1, valued.last] {
        let year = 2024 + i32::try_from(position).unwrap();
        let (found, wanted) = (mean_award(&pensions, valued, position), award(&law, valued, year));
        assert!(0.0 < wanted);
        let apart = (found / wanted - 1.0).abs();
        assert!(apart < tolerance, "{} in {year}: {found} of the cell, {wanted}", valued.benefit);
    }
}

// Births fall evenly over the year; who was born in the middle has worked as long as all on average, and what is carried
// as a sum is linear in that: rounding only.
const EXACT: f64 = 1e-9;
const MIDDLE: &[&str] = &["07-01"];

#[test]
fn a_flat_pension_is_that_of_the_day() {
    // The amount rises on 1 July: half of the awards of a year come before.
    let (law, born) = (read("flat_pension.toml"), &["06-01", "07-01"]);
    check(&Valued { law, benefit: "basic_pension", age: 65, born, last: 7 }, EXACT);
}

#[test]
fn a_pension_of_final_pay_is_that_of_the_last_years() {
    let law = read("final_pay.toml");
    check(&Valued { law, benefit: "old_age", age: 60, born: MIDDLE, last: 5 }, EXACT);
}

#[test]
fn points_travel_with_their_owners() {
    let law = read("steady_points.toml").replace("unit a year", "crown a year");
    check(&Valued { law, benefit: "old_age", age: 65, born: MIDDLE, last: 7 }, EXACT);
}

#[test]
fn a_notional_account_travels_with_interest_and_the_balances_of_the_dead() {
    let law = read("steady_accounts.toml");
    check(&Valued { law, benefit: "old_age", age: 65, born: MIDDLE, last: 7 }, EXACT);
}

/// Bend points over a revalued career under a ceiling that the years from 1990 to 1999 reach. It holds the earnings of a
/// whole year, so that it must not bind in the years of entry and of the claim, which a cell takes as parts of whole ones.
const BENDS: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[amounts.first_bend]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 300 }]

[amounts.second_bend]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 900 }]

[amounts.most]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 500 }, { from = 2000-01-01, value = 5_000 }]

[rules.high]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.9 }]
[rules.middle]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.32 }]
[rules.low]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.15 }]

[brackets.pia]
rates = ["high", "middle", "low"]
thresholds = [{ amount = "first_bend" }, { amount = "second_bend" }]

[reference_earnings.career]
window = "career"
ceiling = { amount = "most" }
revalued = { by = "wages", lag = 1 }

[benefits.old_age]
kind = "pension"
account = "bends"
condition = { event = "age", age = "pensionable_age" }
steps = [{ reference_earnings = ["career"] }, { brackets = "pia" }]
"#;

#[test]
fn bend_points_apply_to_the_mean_of_a_revalued_career_under_a_ceiling() {
    let law = BENDS.to_owned();
    check(&Valued { law, benefit: "old_age", age: 65, born: MIDDLE, last: 7 }, EXACT);
}

#[test]
fn a_guaranteed_account_is_worth_at_least_what_was_paid() {
    // Interest below nothing: the balance falls behind the contributions.
    let law = read("steady_accounts.toml")
        .replace("value = 0.0302", "value = -0.02")
        .replace("inheritance = \"straight_line\"", "at_least = \"contributions\"");
    check(&Valued { law, benefit: "old_age", age: 65, born: MIDDLE, last: 7 }, EXACT);
}
