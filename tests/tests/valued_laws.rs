//! One small country under several laws: what a valuation awards to a cell is what the law gives to one of its members.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use perennis_pensions::Pensions;
use perennis_scheme::{
    Benefit, Claim, Credit, CreditedYear, Environment, Law, LegalIndices, Record, Step,
};
use perennis_tests::CountryFolder;
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
    /// Day and month of birth of the person who stands for the cell.
    born: &'static str,
    /// The last year of the run in which the law has that age.
    last: usize,
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("law").join(name);
    std::fs::read_to_string(path).unwrap()
}

const VALUATION: &str = r#"
title = "t"
country = "c"
currency = "crown"
start = 2024-01-01
horizon = 8
[files]
population = "population.toml"
labour = "labour.toml"
economy = "economy.toml"
finance = "finance.toml"
schemes = { tested = "tested.toml" }
"#;

const POPULATION: &str = r#"
source = "made up"
base = { file = "base.csv", unit = "persons", date = 2024-01-01 }
mortality = { file = "mortality.csv", unit = "deaths per person-year" }
fertility = { file = "fertility.csv", unit = "births per woman-year" }
sex_ratio_at_birth = { value = 1.05, unit = "boys per girl" }
migration.total = { value = 0, unit = "persons" }
"#;

const LABOUR: &str = r#"
source = "made up"
unit = "share"
participation.by_age = { file = "participation.csv", ages = "single" }
unemployment.all_ages = { value = 0 }
groups.formal = { informal = false, share.all_ages = { value = 0.5 } }
groups.other = { informal = true, residual = true }
"#;

const ECONOMY: &str = r#"
source = "made up"
unit = "share a year"
gdp = { value = 5, unit = "million crown", year = 2024 }
productivity = { value = 0 }
prices = { value = 0 }
wages.real = { value = 0.02 }
interest = { value = 0.03 }
"#;

const PEOPLE: &str = r#"
[groups.formal]
employed = "formal"
count = "average"
coverage = { unit = "share", source = "made up", all_ages = { value = 1 } }
turnover = { unit = "probability", source = "made up", all_ages = { value = 0 } }
active.counted = { file = "members.csv", unit = "persons", source = "made up" }

[groups.formal.earnings]
source = "made up"
year = 2024
unit = "crown a month"
mean.all_ages = { value = 1000 }
spread = { value = 0, unit = "share" }
"#;

const HEAD: &str = r#"
credit_step = 6
entry = { from_age = 20, to_age = 20 }
compliance = { value = 1, unit = "share", source = "made up" }
re_entry = { value = 0, unit = "share", source = "made up" }
"#;

/// A thousand men and women at each age, immortal to 99; half of those from 20 until the age are insured, all without a gap.
fn country(valued: &Valued) -> CountryFolder {
    let folder = CountryFolder::new();
    let account = valued.law.lines().find_map(|line| line.strip_prefix("account = ")).unwrap();
    let fund = format!(
        "source = \"made up\"\n[accounts.{}]\nkept_as = \"reserve\"\nwhen_exhausted = \"state_pays\"\n\
         opening_reserve = {{ value = 1000, unit = \"million crown\" }}\n",
        account.trim_matches('"')
    );
    let contribution = format!(
        "[contributions.tested]\naccount = {account}\nrates.unit = \"share\"\n\
         rates.source = \"made up\"\nrates.employers.in_force = [{{ from = 1900-01-01, value = 0.1 }}]\n"
    );
    let has_one = valued.law.contains("[contributions.");
    let contribution = if has_one { String::new() } else { contribution };
    folder.write("valuation.toml", VALUATION);
    folder.write("population.toml", POPULATION);
    folder.write("labour.toml", LABOUR);
    folder.write("economy.toml", ECONOMY);
    folder.write("finance.toml", &fund);
    let nobody = "[withdrawal_rate]\nunit = \"probability\"\nsource = \"made up\"\nall_ages = { value = 0 }\n";
    let withdraws = valued.law.contains("event = \"withdrawal\"");
    let withdrawal = if withdraws { nobody } else { "" };
    let scheme = format!("{HEAD}\n{}\n{contribution}\n{withdrawal}\n{PEOPLE}", valued.law);
    folder.write("tested.toml", &scheme);
    let rows = |ages: std::ops::Range<usize>, row: &dyn Fn(usize) -> String| {
        let both =
            ages.flat_map(|age| ["male", "female"].map(|sex| format!("{sex},{age},{}", row(age))));
        both.collect::<Vec<_>>().into_iter()
    };
    folder.write_rows("base.csv", "sex,age,population", rows(0..101, &|_| "1000".to_owned()));
    let rate = |age: usize| if age < 99 { "0".to_owned() } else { "0.5".to_owned() };
    folder.write_rows("mortality.csv", "sex,age,rate", rows(0..101, &rate));
    folder.write("fertility.csv", "age,rate\n25,0.5\n26,0.5\n27,0.5\n");
    let works = |age: usize| u8::from((ENTRY..valued.age).contains(&age)).to_string();
    folder.write_rows("participation.csv", "sex,age,share", rows(0..101, &works));
    let member = |age: usize| format!("{},500", 12 * (age - ENTRY) + 6);
    folder.write_rows(
        "members.csv",
        "sex,age,credit_months,persons",
        rows(ENTRY..valued.age, &member),
    );
    folder
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

/// What the law gives to one who worked from his twentieth birthday to the claim, on a birthday in `year`.
fn award(law: &Law, valued: &Valued, year: i32) -> f64 {
    let age = i32::try_from(valued.age).unwrap();
    let day = |year: i32| format!("{year}-{}", valued.born).parse::<Date>().unwrap();
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
    let loaded = country(valued).load();
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
const MIDDLE: &str = "07-01";

#[test]
fn a_flat_pension_is_that_of_the_day() {
    // The law of a day in June stands for the year.
    let (law, born) = (read("flat_pension.toml"), "06-01");
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
