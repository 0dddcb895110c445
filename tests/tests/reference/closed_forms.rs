//! Cases in closed form: accounts, points, invalidity and two lives, each found through a person file.

use std::ops::Range;
use std::path::Path;

use perennis_scheme::{ClaimResult, Status};
use perennis_tests::{Case, found};
use serde_json::Value;

use crate::benefit_cases::{case, claim, claim_with, input, number};

/// Pensions and contributions of a stationary population whose members are persons of one law, one at each age.
pub(crate) fn notional_accounts_balance_in_the_steady_state(folder: &Path) {
    let case = case(folder, "ana-10-ndc-steady-state-balance");
    let tolerance = case.tolerance("rel");
    let at_age = |age: i32, event: &str| {
        let first = 2000 - (age - 20);
        let text = format!(
            r#"
                [indices]
                wages = {{ unit = "share a year", value = 0.02 }}
                [person]
                born = {}-01-01
                sex = "male"
                [claim]
                date = 2000-01-01
                event = {event:?}
                [record]
                unit = "unit a year"
                spans = [{{ from = {first}, to = 1999, earnings = {:?}, grows = "wages" }}]
            "#,
            2000 - age,
            1.02_f64.powi(first - 2000),
        );
        claim("steady_accounts", "unit", &text)
    };
    let close = |found: f64, expected: f64| {
        assert!((found - expected).abs() <= tolerance * expected, "{found} is not {expected}")
    };
    for (age, balance) in case.expected["balance_by_age_over_wage"].as_object().unwrap() {
        let age: i32 = age.parse().unwrap();
        let value = found(&at_age(age, "withdrawal"), "benefit.balance").expect("a balance");
        close(value, number(balance));
    }
    let claim = at_age(65, "age");
    let expected = |key: &str| number(&case.expected[key]);
    close(found(&claim, "balance.account").unwrap(), expected("balance_at_65_over_current_wage"));
    close(found(&claim, "divisor.annuity").unwrap(), expected("annuity_divisor"));
    let pension = found(&claim, "together").unwrap();
    close(pension, expected("initial_pension_over_wage"));
    steady_state(&case, &at_age, pension);
}

/// Sums over the ages: as many of each age as survive, fewer by the growth of the population with each year of age.
fn steady_state(case: &Case, at_age: &dyn Fn(i32, &str) -> ClaimResult, pension: f64) {
    let tolerance = case.tolerance("rel");
    let close = |found: f64, expected: f64| {
        assert!((found - expected).abs() <= tolerance * expected, "{found} is not {expected}")
    };
    let persons = |age: i32| f64::from(100 - age) * 1.01_f64.powi(-age);
    let (rate, ages, retired) = (0.16, 20..65, 65..100);
    let sum = |ages: Range<i32>, of: &dyn Fn(i32) -> f64| {
        ages.map(|age| persons(age) * of(age)).sum::<f64>()
    };
    // Pensions in payment follow wages: relative to the wage of the year all are the same.
    let contributions = sum(ages.clone(), &|_| rate);
    let benefits = sum(retired.clone(), &|_| pension);
    let expected = |key: &str| number(&case.expected[key]);
    close(benefits / contributions, expected("benefits_over_contributions"));
    let contributors = sum(ages.clone(), &|age| rate * f64::from(age)) / contributions;
    let pensioners = sum(retired.clone(), &|age| pension * f64::from(age)) / benefits;
    close(contributors, expected("mean_age_of_contributors"));
    close(pensioners, expected("mean_age_of_pensioners_weighted"));
    close(pensioners - contributors, expected("turnover_duration"));
    let accounts =
        sum(21..65, &|age| found(&at_age(age, "withdrawal"), "benefit.balance").unwrap());
    // What is still to be paid of a unit of pension, indexed as the divisor assumes.
    let annuity = |age: i32| {
        let alive = |at: i32| f64::from(100 - at) / f64::from(100 - age);
        (age..100).map(|at| alive(at) * 1.01_f64.powi(age - at)).sum::<f64>()
    };
    let promised = sum(retired, &|age| pension * annuity(age));
    close(
        (accounts + promised) / contributions,
        expected("liability_over_annual_contributions_before_payments"),
    );
}

/// The value of the point that spends what comes in: found from the points of one person, then valued.
pub(crate) fn a_point_in_a_steady_state_has_its_value(folder: &Path) {
    let case = case(folder, "ana-14-points-steady-state");
    let tolerance = case.tolerance("rel");
    let person = r#"
        [indices]
        wages = { unit = "share a year", value = 0.02 }
        [person]
        born = 1935-01-01
        sex = "male"
        [claim]
        date = 2000-01-01
        [record]
        unit = "unit a year"
        spans = [{ from = 1955, to = 1999, earnings = 1, grows = "wages" }]
    "#;
    let points = found(&claim("steady_points", "unit", person), "points.base").unwrap();
    let close = |found: f64, key: &str| {
        let expected = number(&case.expected[key]);
        assert!(
            (found - expected).abs() <= tolerance * expected,
            "{key}: {found} is not {expected}"
        );
    };
    close(points, "points_at_retirement");
    let persons = |age: i32| f64::from(100 - age) * 1.01_f64.powi(-age);
    let contributions: f64 = (20..65).map(persons).sum::<f64>() * input(&case, "contribution_rate");
    let value = contributions / ((65..100).map(persons).sum::<f64>() * points);
    close(value, "point_value_over_average_wage");
    let changes = format!(
        "
            [amounts.point_value]
            in_force = [{{ from = 1900-01-01, value = {:?} }}]
        ",
        value * 1.02_f64.powi(45)
    );
    let claim = claim_with("steady_points", "unit", person, &changes);
    close(found(&claim, "together").unwrap() / 1.02_f64.powi(45), "replacement_rate");
}

/// A claim on 1 January 2000 at an age, with what is to be expected after it.
fn outlook(age: i32, prospects: &str) -> ClaimResult {
    let born = 2000 - age;
    let text = format!(
        r#"
            [person]
            born = {born}-01-01
            sex = "male"
            [claim]
            date = 2000-01-01
            event = "withdrawal"
            [prospects]
            {prospects}"#
    );
    claim("steady_accounts", "unit", &text)
}

/// The present value of an annuity or an insurance of the file.
fn present_value(claim: &ClaimResult, name: &str) -> f64 {
    let expected = claim.expected.as_ref().expect("prospects");
    let valued =
        expected.annuities.iter().chain(&expected.insurances).find(|valued| valued.name == name);
    valued.unwrap_or_else(|| panic!("no {name}")).present_value
}

pub(crate) fn active_invalid_and_dead_follow_each_other(folder: &Path) {
    let case = case(folder, "ana-20-invalidity-three-state");
    let text = |interest: f64| {
        format!(
            r#"
                interest = {{ value = {interest:?}, unit = "share a year" }}
                until_age = 65
                [prospects.invalidity]
                unit = "probability a year"
                incidence.value = {:?}
                death_when_active.value = {:?}
                death_when_invalid.value = {:?}
                [prospects.annuities.active]
                to = "active"
                payments = "start"
                [prospects.annuities.invalid]
                to = "invalid"
                payments = "start"
            "#,
            input(&case, "p_active_to_invalid"),
            input(&case, "p_active_to_dead"),
            input(&case, "p_invalid_to_dead"),
        )
    };
    let close = |found: f64, expected: &Value| {
        let expected = number(expected);
        assert!(
            (found - expected).abs() <= case.tolerance("rel") * expected,
            "{found} is not {expected}"
        );
    };
    let claim = outlook(20, &text(input(&case, "interest")));
    close(present_value(&claim, "invalid"), &case.expected["epv_invalidity_pension_of_1_at_entry"]);
    let states = &claim.expected.as_ref().expect("prospects").states;
    let after = |years: &str| {
        let years: i32 = years.parse().unwrap();
        states
            .iter()
            .find(|state| state.years == years)
            .unwrap_or_else(|| panic!("no year {years}"))
    };
    for (years, active) in case.expected["active_at_service"].as_object().unwrap() {
        close(after(years).active.unwrap(), active);
    }
    for (years, invalid) in case.expected["invalid_at_service"].as_object().unwrap() {
        close(after(years).invalid.unwrap(), invalid);
    }
    // One entrant a year: the stationary stock is the time that one is to spend in a state.
    let still = outlook(20, &text(0.0));
    let (active, invalid) = (present_value(&still, "active"), present_value(&still, "invalid"));
    close(active, &case.expected["stationary_actives"]);
    close(invalid, &case.expected["stationary_invalids"]);
    close(0.5 * invalid / active, &case.expected["invalidity_payg_rate_for_50pct_pension"]);
}

pub(crate) fn a_reversion_begins_when_the_first_life_ends(folder: &Path) {
    let case = case(folder, "ana-21-survivor-reversion");
    let text = format!(
        r#"
            interest = {{ value = {:?}, unit = "share a year" }}
            person.survival = {{ value = {:?}, unit = "probability a year" }}
            spouse.survival = {{ value = {:?}, unit = "probability a year" }}
            [prospects.annuities.reversion]
            to = "spouse_after_person"
            [prospects.annuities.pension]
            to = "spouse_after_person"
            amount = {{ value = 0.6, unit = "unit a year" }}
            [prospects.annuities.both]
            to = "both"
            [prospects.annuities.either]
            to = "either"
            [family]
            spouse = {{ born = 1940-01-01, sex = "female", married = 1965-01-01 }}
        "#,
        input(&case, "interest"),
        input(&case, "husband_survival_per_year"),
        input(&case, "wife_survival_per_year"),
    );
    let claim = outlook(60, &text);
    let close = |found: f64, expected: &Value| {
        let expected = number(expected);
        assert!(
            (found - expected).abs() <= case.tolerance("rel") * expected,
            "{found} is not {expected}"
        );
    };
    close(present_value(&claim, "reversion"), &case.expected["reversionary_annuity_due_of_1"]);
    close(present_value(&claim, "pension"), &case.expected["epv_60pct"]);
    close(present_value(&claim, "both"), &case.expected["joint_annuity_due"]);
    close(present_value(&claim, "either"), &case.expected["last_survivor_annuity_due"]);
    let states = &claim.expected.as_ref().expect("prospects").states;
    for (years, widows) in
        case.expected["widows_per_initial_couple_after_years"].as_object().unwrap()
    {
        let years: i32 = years.parse().unwrap();
        let state = states.iter().find(|state| state.years == years).expect("a year");
        close(state.of(Status::SpouseAfterPerson).unwrap(), widows);
    }
}
