//! A young scheme whose coverage doubles: awards, refunds and service at award, year by year, against the days of birth
//! and of first insurance of its members.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{SmallCountry, StablePopulation, contribution};

/// Ten crowns a year for each year of service at 60 with fifteen years; with less one crown a year is refunded.
const LAW: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 60 }]

[rules.qualifying]
unit = "years"
in_force = [{ from = 1900-01-01, value = 15 }]

[rules.a_year]
unit = "share a year"
in_force = [{ from = 1900-01-01, value = 0.01 }]

[amounts.pension]
unit = "crown a year"
in_force = [{ from = 1900-01-01, value = 1000 }]

[amounts.refund]
unit = "crown"
in_force = [{ from = 1900-01-01, value = 100 }]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", credit_at_least = "qualifying" }
steps = [{ flat = { amount = "pension" } }, { accrual = { rate = "a_year" } }]

[benefits.refund]
kind = "grant"
account = "fund"
condition = { event = "age", age = "pensionable_age", credit_below = "qualifying" }
steps = [{ flat = { amount = "refund" } }, { accrual = { rate = "a_year" } }]
"#;

const FIRST: i32 = 2024;
const YEARS: usize = 42;
/// Years for which the scheme has run at the start.
const RUN: f64 = 12.0;
const ENTRY: f64 = 20.0;
const AGE: f64 = 60.0;

/// Share of the population of working age that is insured, mean of the year.
fn coverage(year: i32) -> f64 {
    0.2 + 0.02 * f64::from((year - 2032).clamp(0, 10))
}

/// The same at a moment, years since the start: on 1 January the mean of the years around it, straight lines between.
fn covered(at: f64) -> f64 {
    let january = |year: i32| 0.5 * (coverage((year - 1).max(FIRST)) + coverage(year));
    let year = FIRST + at.floor() as i32;
    january(year) + (january(year + 1) - january(year)) * (at - at.floor())
}

fn population() -> StablePopulation {
    // Few die before 60, about one in a hundred a year there.
    let survivors: Vec<f64> =
        (20..=100).map(|age| 1.0 - (f64::from(age - 20) / 80.0).powi(3)).collect();
    StablePopulation::from_age(20, &survivors, 0.0)
}

fn country(credit_step: usize) -> SmallCountry {
    let head = SmallCountry::HEAD
        .replace("credit_step = 6", &format!("credit_step = {credit_step}"))
        .replace("to_age = 20", "to_age = 54");
    let rows: Vec<String> =
        (FIRST..2044).map(|year| format!("{year} = {:?}", coverage(year))).collect();
    let path = format!("all_ages = {{ values = {{ {} }} }}", rows.join(", "));
    let group = SmallCountry::GROUP.replacen("all_ages = { value = 1 }", &path, 1);
    let scheme = format!("{head}\n{LAW}\n{}\n{group}", contribution("fund", 0.1));
    let population = population();
    population.country(20..60).years(YEARS).fund("fund").file(SmallCountry::SCHEME, &scheme).by_age(
        "members.csv",
        "credit_months,persons",
        20..60,
        |_, age| {
            let credit = (12 * (age - 20) + 6).min(144);
            format!("{credit},{:?}", coverage(FIRST) * population.persons(0, age))
        },
    )
}

/// What a year brings.
#[derive(Clone, Copy, Debug, Default)]
struct Claims {
    awards: f64,
    service: f64,
    refunds: f64,
    refunded: f64,
}

/// Those who turn 60 in the middle of each month of a year, by month of first insurance.
fn claims(year: usize) -> Claims {
    let population = population();
    // As many as live between their sixtieth and sixty-first birthday had deaths stood still: those who reach it in a year.
    let reach = 2.0 * population.newborn * population.survivors[60] / population.person_years(0);
    let mut sums = Claims::default();
    for month in 0..12 {
        let at = year as f64 + (f64::from(month) + 0.5) / 12.0;
        let at_twenty = at - (AGE - ENTRY);
        let mut add = |share: f64, service: f64| {
            let persons = reach / 12.0 * share;
            if 15.0 <= service + 1e-9 {
                sums.awards += persons;
                sums.service += persons * service;
            } else {
                sums.refunds += persons;
                sums.refunded += persons * service;
            }
        };
        add(covered(at_twenty.max(0.0)), (at + RUN).min(AGE - ENTRY));
        let mut since = at_twenty.max(0.0);
        // Nobody joins after the year at whose end he is 54.
        let last = (at - 5.0).floor();
        while since + 1e-9 < last {
            let until = (since + 1.0 / 12.0).min(last);
            add(covered(until) - covered(since), at - 0.5 * (since + until));
            since = until;
        }
    }
    sums
}

fn benefit<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

/// Compares every year: numbers within a hundredth of those who turn 60, service at award within a hundredth.
///
/// Awards of the program are those who live to the end of the year: half a year of mortality is missing.
fn check(credit_step: usize) {
    let pensions = country(credit_step).value().pensions.unwrap();
    let (awards, refunds) = (benefit(&pensions, "old_age"), benefit(&pensions, "refund"));
    let mut services = Vec::new();
    for year in 0..YEARS {
        let expected = claims(year);
        let all = expected.awards + expected.refunds;
        let near = |found: f64, wanted: f64, of: f64| (found - wanted).abs() <= 0.01 * of;
        let (awarded, amount) =
            (awards.new_awards.total(year), awards.new_award_amount.total(year));
        let (refunded, paid) = (refunds.new_awards.total(year), refunds.amount.total(year));
        assert!(near(awarded, expected.awards, all), "{year}: {awarded} awards, {expected:?}");
        assert!(near(refunded, expected.refunds, all), "{year}: {refunded} refunds, {expected:?}");
        // A refund is of at most fifteen years.
        assert!(near(paid, expected.refunded, 15.0 * all), "{year}: {paid} refunded, {expected:?}");
        if 0.0 < expected.awards {
            let (found, wanted) = (amount / awarded / 10.0, expected.service / expected.awards);
            assert!(near(found, wanted, wanted), "{year}: {found} years of service, {wanted}");
            services.push(found);
        }
    }
    // Members of the start serve longer and longer, then those come who joined late in life, then those who joined at 20.
    let turns = services.windows(3).filter(|s| (s[1] < s[0]) != (s[2] < s[1])).count();
    assert_eq!(turns, 2, "{services:?}");
}

#[test]
fn awards_refunds_and_service_follow_a_coverage_that_doubles() {
    check(12);
    check(1);
}
