//! A pensionable age that rises from 60 to 65 by months: awards, payments of parts of years and early claims of every year
//! against those of each month of birth.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fmt::Write;

use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;

const FIRST: i32 = 2024;
/// Until the first pensioners are 99.
const YEARS: i32 = 38;
/// Persons of one sex at each age.
const OF_AN_AGE: f64 = 1_200.0;

/// Months by which the age rises each 1 January from 2030 on.
const fn rise(sex: Sex) -> i32 {
    match sex {
        Sex::Male => 3,
        Sex::Female => 4,
    }
}

/// The age in months that the law has in a year.
fn age(sex: Sex, year: i32) -> i32 {
    720 + (rise(sex) * (year - 2029).max(0)).min(60)
}

/// A pension of a hundred crowns a month; `start` says from when it is paid.
fn law(start: &str) -> String {
    let mut rows = String::new();
    for sex in Sex::ALL {
        let word = sex.as_str();
        let _ = writeln!(rows, "    {{ from = 1900-01-01, sex = \"{word}\", value = 720 }},");
        for year in 2030..2030 + 60 / rise(sex) {
            let value = age(sex, year);
            let _ =
                writeln!(rows, "    {{ from = {year}-01-01, sex = \"{word}\", value = {value} }},");
        }
    }
    format!(
        r#"
source = "A law of nobody"

[pensionable_age]
unit = "months"
in_force = [
{rows}]

[rules.early]
unit = "months"
in_force = [{{ from = 1900-01-01, value = 24 }}]

[amounts.pension]
unit = "crown a month"
in_force = [{{ from = 1900-01-01, value = 100 }}]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = {{ event = "age", age = "pensionable_age", early_by = "early", payment_start = "{start}" }}
steps = [{{ flat = {{ amount = "pension" }} }}]
"#
    )
}

/// Nobody dies before 99; all are insured from 20 until they claim.
fn country(start: &str, claiming: &str) -> SmallCountry {
    let (head, group) = (SmallCountry::HEAD, SmallCountry::GROUP);
    let scheme =
        format!("{head}\n{}\n{}\n{claiming}\n{group}", law(start), contribution("fund", 0.1));
    let persons = |_, _| format!("{OF_AN_AGE:?}");
    let works = |_, age: usize| u8::from((20..65).contains(&age)).to_string();
    SmallCountry::new()
        .years(usize::try_from(YEARS).unwrap())
        .fund("fund")
        .with("labour.toml", "value = 0.5", "value = 1")
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("base.csv", "population", 0..101, persons)
        .by_age("participation.csv", "share", 0..101, works)
        .by_age("members.csv", "credit_months,persons", 20..60, |_, age| {
            format!("{},{OF_AN_AGE:?}", 12 * (age - 20) + 6)
        })
}

/// Who begins to be paid in a year, and for how much of it.
#[derive(Clone, Copy, Debug, Default)]
struct Begun {
    persons: f64,
    years: f64,
}

/// Months since the year 0 in which one born in a month claims at the age that the law asks for then.
fn reached(sex: Sex, born: i32) -> i32 {
    (born + 720..).find(|month| age(sex, month.div_euclid(12)) <= month - born).unwrap()
}

/// Those born in each month claim `early` months before their own age with a chance, else at it; payment begins so many
/// months after. At the start nobody waits who is 60.
fn begun(sex: Sex, year: i32, (early, chance): (i32, f64), delay: f64) -> Begun {
    let mut sums = Begun::default();
    for born in (FIRST - 60) * 12..(year - 55) * 12 {
        let normal = reached(sex, born);
        for (before, share) in [(early, chance), (0, 1.0 - chance)] {
            let paid_from = f64::from(normal - before) + delay;
            let months = f64::from(12 * year + 12) - paid_from;
            if f64::from(12 * FIRST) <= paid_from && 0.0 < months && months <= 12.0 {
                sums.persons += share * OF_AN_AGE / 12.0;
                sums.years += share * OF_AN_AGE / 12.0 * months / 12.0;
            }
        }
    }
    sums
}

fn old_age(pensions: &Pensions) -> &Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == "old_age").unwrap()
}

fn check(country: &SmallCountry, early: (i32, f64), delay: f64) {
    let pensions = country.value().pensions.unwrap();
    let table = old_age(&pensions);
    for sex in Sex::ALL {
        let mut in_payment = 0.0;
        for year in FIRST..FIRST + YEARS {
            let at = usize::try_from(year - FIRST).unwrap();
            let expected = begun(sex, year, early, delay);
            let awards = table.new_awards.total_of(at, sex);
            let paid = table.beneficiaries.total_of(at, sex) - in_payment;
            // Rounding of some hundred sums.
            let close = |found: f64, wanted: f64| (found - wanted).abs() < 1e-7;
            assert!(
                close(awards, expected.persons),
                "{sex:?} {year}: {awards} awards {expected:?}"
            );
            assert!(close(paid, expected.years), "{sex:?} {year}: {paid} years {expected:?}");
            in_payment += awards - table.terminations.total_of(at, sex);
        }
    }
}

#[test]
fn awards_thin_and_start_late_while_the_age_rises() {
    for (start, delay) in [("next_month", 1.0), ("same_day", 0.5)] {
        check(&country(start, ""), (0, 0.0), delay);
    }
}

#[test]
fn early_claims_move_with_the_age_of_each() {
    let claiming = r#"
[claiming]
first = -2

[claiming.probability]
unit = "probability"
source = "made up"
male = [0.3, 0.0, 1.0]
female = [0.3, 0.0, 1.0]
"#;
    // Three in ten of those who are 58 and 59 at the start have claimed, but for those who turned 58 in December: their
    // payments begin on the first day.
    let present = |age: usize| match age {
        58 => OF_AN_AGE * (11.0 * 0.7 + 1.0) / 12.0,
        59 => OF_AN_AGE * 0.7,
        _ => OF_AN_AGE,
    };
    let country = country("next_month", claiming).by_age(
        "members.csv",
        "credit_months,persons",
        20..60,
        |_, age| format!("{},{:?}", 12 * (age - 20) + 6, present(age)),
    );
    check(&country, (24, 0.3), 1.0);
}

const INVALIDS: &str = r#"
[benefits.invalidity]
kind = "pension"
account = "fund"
condition = { event = "invalidity" }
ends = { age = "pensionable_age", converts_to = "old_age" }
steps = [{ flat = { amount = "pension" } }]

[invalidity]
source = "made up"
incidence = { unit = "probability", by_age = { file = "incidence.csv", ages = "single" } }
"#;

/// A tenth of those of fifty.
const INVALID: f64 = 0.1;

/// Years in payment as an invalid, in a year, of those who are fifty at the start of the years from the first on: from any
/// day of that year, the middle on average, to the day on which each reaches the age, in the middle of its month on average.
fn years_as_invalids(sex: Sex, year: i32) -> f64 {
    let mut sum = 0.0;
    for of in FIRST..=year {
        for born in (of - 51) * 12..(of - 50) * 12 {
            let until = (f64::from(reached(sex, born)) + 0.5) / 12.0;
            let paid =
                |from: f64| (until.min(f64::from(year + 1)) - from.max(f64::from(year))).max(0.0);
            sum += INVALID * OF_AN_AGE / 12.0 * if of == year { 0.5 } else { paid(f64::from(of)) };
        }
    }
    sum
}

#[test]
fn invalids_draw_their_pension_up_to_the_later_age() {
    let country =
        country("next_month", INVALIDS).by_age("incidence.csv", "rate", 0..101, |_, age| {
            if age == 50 { INVALID.to_string() } else { "0".to_owned() }
        });
    let pensions = country.value().pensions.unwrap();
    let table = |name: &str| pensions.beneficiaries.iter().find(|t| t.benefit == name).unwrap();
    for sex in Sex::ALL {
        for year in FIRST..FIRST + YEARS {
            let at = usize::try_from(year - FIRST).unwrap();
            let found = table("invalidity").beneficiaries.total_of(at, sex);
            let expected = years_as_invalids(sex, year);
            // Rounding of some hundred sums.
            assert!((found / expected - 1.0).abs() < 1e-9, "{sex:?} {year}: {found} {expected}");
        }
    }
}
