//! Reserves and debt of `cases/`, rolled forward year by year.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use perennis_finance::{Balance, Terms, roll};
use perennis_tests::{Case, cases};

/// A debt that is paid off at mid-year, and a reserve with geometric flows, from first year to last.
pub(crate) fn funds_roll_forward_to_the_published_balances(folder: &Path) {
    let all = cases(folder);
    let named =
        |id: &str| all.iter().find(|case| case.id == id).expect("the case is in the folder");
    published_amortisation(named("trs-funding-projection-2024"));
    geometric_flows(named("ana-18-geometric-projection-balance"));
}

fn published_amortisation(case: &Case) {
    let interest = case.inputs["interest"].as_f64().unwrap();
    let terms = Terms { interest, debt_interest: Some(interest) };
    let debt = case.inputs["initial_unfunded_liability_million"].as_f64().unwrap();
    let mut held = Balance { reserve: 0.0, debt };
    let payments = case.inputs["net_amortisation_payment_million_by_year"].as_array().unwrap();
    let expected = &case.expected["unfunded_liability_boy_million"];
    let within = case.tolerance("abs_million");
    for (year, payment) in (2025..).zip(payments) {
        held = roll(held, payment.as_f64().unwrap(), terms).end;
        let Some(owed) = expected[year.to_string()].as_f64() else { continue };
        let found = held.debt - held.reserve;
        assert!((found - owed).abs() <= within, "{year}: {found} against {owed}");
    }
}

/// The case pays at the start of the year; a payment then is worth half a year of interest more than one at mid-year.
fn geometric_flows(case: &Case) {
    let number = |key: &str| case.inputs[key].as_f64().unwrap();
    let interest = number("interest");
    let terms = Terms { interest, debt_interest: Some(interest) };
    let mut held = Balance { reserve: number("initial_reserve"), debt: 0.0 };
    let (mut wages, mut spent) = (number("wage_bill_0"), number("expenditure_0_over_wage_bill"));
    let mut first_negative = None;
    let within = case.tolerance("rel");
    for year in 0..=75 {
        if let Some(expected) = case.expected["reserve_at_t"][year.to_string()].as_f64() {
            let found = held.reserve;
            assert!((found - expected).abs() <= within * expected, "{year}: {found} {expected}");
        }
        if 0.0 < held.debt && first_negative.is_none() {
            first_negative = Some(year);
        }
        let net = number("contribution_rate") * wages - spent;
        held = roll(held, net * (1.0 + interest).sqrt(), terms).end;
        wages *= 1.0 + number("wage_bill_growth");
        spent *= 1.0 + number("expenditure_growth");
    }
    assert_eq!(first_negative, case.expected["first_negative_start_of_year"].as_i64());
}
