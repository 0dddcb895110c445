//! The scheme of a textbook by generations on a fine grid of time, each figure within the tolerance of its case.

use std::path::Path;

use perennis_generations::{Combined, Forces, PastService, StandardGeneration};
use perennis_tests::{Case, Table};
use serde_json::Value;

use crate::benefit_cases::{case, input, number};

/// A month is a cell: halving it changes no printed digit.
const CELLS_A_YEAR: u16 = 12;
/// Contributors at the start, in all cases.
const CONTRIBUTORS: f64 = 10_000.0;
/// Nobody of the start lives after 80 years; the book prints as many.
const YEARS: u16 = 80;

fn scheme(case: &Case) -> StandardGeneration {
    let name = case.inputs["table_single_age"].as_str().unwrap().split(' ').next().unwrap();
    let table = Table::read(&case.tables.join(name));
    let column = |name: &str| {
        let values = table.numbers(name).into_iter();
        values.filter(|value| !value.is_nan()).collect::<Vec<f64>>()
    };
    let in_service = column("active_service_table");
    let earnings = column("salary_scale").into_iter().take(in_service.len());
    let force = |of: &str| input(case, &format!("force_{of}"));
    // The demographic case has no variant, and needs none.
    let recognised = case.inputs["variant"].as_str().is_none_or(|text| text.starts_with('2'));
    StandardGeneration {
        earnings: earnings.map(|scale| 10.0 * scale).collect(),
        in_service,
        in_payment: column("pensioner_life_table"),
        accrual: 0.01,
        past_service: match recognised {
            true => PastService::Recognised,
            false => PastService::NotRecognised,
        },
        forces: Forces {
            entrants: force("population_growth"),
            earnings: force("salary_growth"),
            indexation: force("pension_indexation"),
            interest: force("interest"),
        },
        cells_a_year: CELLS_A_YEAR,
    }
}

fn combined(case: &Case) -> Combined {
    scheme(case).combine(CONTRIBUTORS, YEARS).unwrap()
}

fn by_key(values: &Value) -> Vec<(u16, f64)> {
    let values = values.as_object().unwrap();
    values.iter().map(|(key, value)| (key.parse().unwrap(), number(value))).collect()
}

/// Asks a figure of every instant that a case prints, within so much.
#[track_caller]
fn asked(case: &Case, key: &str, found: impl Fn(u16) -> f64, within: impl Fn(f64) -> f64) {
    let expected = by_key(&case.expected[key]);
    assert!(!expected.is_empty(), "{key}");
    for (at, expected) in expected {
        near(found(at), expected, within(expected), &format!("{} {key} {at}", case.id));
    }
}

#[track_caller]
fn near(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() <= within, "{what}: {found} against {expected}");
}

/// Numbers, expenditure and rates of the third table.
pub(crate) fn generations_grow_as_printed(folder: &Path) {
    let counts = case(folder, "iyer-table3-demography");
    let found = combined(&counts);
    let share = counts.tolerance("rel_counts");
    let of_counts = |expected: f64| share * expected;
    let at = |year: u16| found.at(year).unwrap();
    asked(&counts, "actives", |year| at(year).contributors, of_counts);
    asked(&counts, "pensioners", |year| at(year).pensioners, of_counts);
    let ratio = |year: u16| 100.0 * at(year).pensioners / at(year).contributors;
    asked(&counts, "ratio_percent", ratio, |_| counts.tolerance("abs_ratio_pp"));

    let amounts = case(folder, "iyer-table3-variant2");
    let found = combined(&amounts);
    let at = |year: u16| found.at(year).unwrap();
    let share = amounts.tolerance("rel_amounts");
    let outgo = |year: u16| at(year).outgo.total() / 1e3;
    asked(&amounts, "expenditure_thousand", outgo, |expected| share * expected);
    asked(
        &amounts,
        "payg_percent",
        |year| 100.0 * at(year).payg(),
        |_| amounts.tolerance("abs_payg_pp"),
    );
}

/// General average premium, terminal and autonomous funding of the fourth table.
pub(crate) fn generations_have_the_printed_premiums(folder: &Path) {
    let case = case(folder, "iyer-table4a-gap-variant1");
    let found = combined(&case);
    let at = |year: u16| found.at(year).unwrap();
    let points = |_| case.tolerance("abs_rate_pp");
    let premiums = found.average_premiums().unwrap();
    for (key, premium) in [
        ("general_average_premium_percent", premiums.general),
        ("average_premium_initial_population_percent", premiums.initial),
        ("average_premium_new_entrants_percent", premiums.entrants),
    ] {
        near(100.0 * premium, number(&case.expected[key]), points(0.0), key);
    }
    let terminal = |year: u16| 100.0 * at(year).capital / at(year).earnings.total();
    asked(&case, "tfs_rate_percent", terminal, points);
    let autonomous = |year: u16| {
        let earnings = at(year).earnings;
        let paid = premiums.initial * earnings.initial + premiums.entrants * earnings.entrants;
        100.0 * paid / earnings.total()
    };
    asked(&case, "afs_rate_percent", autonomous, points);
    let multiple = |_| case.tolerance("abs_reserve_multiple");
    let over = |year: u16, reserve: f64| reserve / at(year).earnings.total();
    let held = found.reserve(|instant| premiums.general * instant.earnings.total());
    let held = |year: u16| held[usize::from(year)];
    asked(&case, "gap_reserve_over_salary_bill", |year| over(year, held(year)), multiple);
    let millions = |expected: f64| case.tolerance("rel_reserve") * expected;
    asked(&case, "gap_reserve_million", |year| held(year) / 1e6, millions);
    // The reserve of terminal funding is what pensions in payment are worth, and what its contributions leave.
    let capital = found.reserve(|instant| instant.capital);
    asked(
        &case,
        "tfs_reserve_over_salary_bill",
        |year| over(year, capital[usize::from(year)]),
        multiple,
    );
    asked(
        &case,
        "tfs_reserve_over_salary_bill",
        |year| over(year, at(year).accrued_pensions),
        multiple,
    );
}

/// Scaled premiums of the fourth table.
pub(crate) fn generations_have_the_printed_scaled_premiums(folder: &Path) {
    let case = case(folder, "iyer-table4b-scp1");
    let scheme = combined(&case);
    let premiums = scheme.scaled_premiums(&[20, 40, 60, 80]).unwrap();
    let expected = case.expected["premium_percent"].as_array().unwrap();
    assert_eq!(premiums.len(), expected.len());
    for (found, expected) in premiums.iter().zip(expected) {
        let within = case.tolerance("abs_rate_pp");
        near(100.0 * found.premium, number(expected), within, &format!("{:?}", found.until));
    }
    let within = |expected: f64| case.tolerance("rel_reserve") * expected;
    let interest = input(&case, "force_interest");
    let held = |year: u16| {
        let (mut from, mut reserve) = (0, 0.0);
        for period in &premiums {
            let until = period.until.unwrap_or(YEARS).min(year);
            // With one premium from the start on; the part of the period is the difference of two ends.
            let alone = scheme.reserve(|instant| period.premium * instant.earnings.total());
            let at = |year: u16| alone[usize::from(year)];
            let grown = (interest * f64::from(until - from)).exp();
            reserve = (reserve - at(from)) * grown + at(until);
            from = until;
            if until == year {
                break;
            }
        }
        reserve
    };
    asked(&case, "reserve_million_at_t", |year| held(year) / 1e6, within);
    for period in premiums.iter().filter(|one| one.until.is_some()) {
        let stands = period.reserve.unwrap();
        near(held(period.until.unwrap()), stands, 1e-9 * stands, "two ways to the reserve");
    }
}

/// Unit credit of the fifth and the sixth table.
pub(crate) fn generations_have_the_printed_unit_credit(folder: &Path) {
    let of_all = case(folder, "iyer-table5b-acc2");
    let found = combined(&of_all);
    let years = found.unit_credit(45);
    let at = |year: u16| years[usize::from(year)];
    let points = |_| of_all.tolerance("abs_rate_pp");
    asked(&of_all, "contribution_rate_percent", |year| 100.0 * at(year).rate, points);
    let millions = |expected: f64| of_all.tolerance("rel_reserve") * expected;
    asked(&of_all, "reserve_million", |year| at(year).reserve / 1e6, millions);
    let multiple = |_| of_all.tolerance("abs_reserve_multiple");
    let over = |year: u16| at(year).reserve / found.at(year).unwrap().earnings.total();
    asked(&of_all, "reserve_over_salary_bill", over, multiple);
    let owed = number(&of_all.expected["initial_accrued_liability_million"]);
    near(found.at(0).unwrap().accrued() / 1e6, owed, millions(owed), "liability of the start");

    let of_one = case(folder, "iyer-table6-acc2");
    let scheme = scheme(&of_one);
    let at = |age: u16| scheme.unit_credit(f64::from(age) - 20.0).unwrap();
    let points = |_| of_one.tolerance("abs_rate_pp");
    asked(&of_one, "contribution_rate_percent_by_age", |age| 100.0 * at(age).rate, points);
    let within = |expected: f64| {
        (of_one.tolerance("rel_reserve") * expected).max(of_one.tolerance("abs_reserve"))
    };
    // A cohort of a hundred, in thousands.
    asked(&of_one, "reserve_thousand_by_age", |age| 0.1 * at(age).accrued, within);
}

/// Ultimate rates of the seventh table.
pub(crate) fn generations_have_the_printed_ultimate_rates(folder: &Path) {
    for id in ["iyer-table7-2", "iyer-table7-4"] {
        let case = case(folder, id);
        let found = combined(&case);
        let last = found.at(YEARS).unwrap();
        let within = case.tolerance("abs_pp");
        let expected = |key: &str| number(&case.expected[key]);
        near(100.0 * last.payg(), expected("payg_ultimate_percent"), within, id);
        let entrants = found.average_premiums().unwrap().entrants;
        near(100.0 * entrants, expected("average_premium_new_entrants_percent"), within, id);
        let terminal = last.capital / last.earnings.total();
        near(100.0 * terminal, expected("terminal_funding_ultimate_percent"), within, id);
    }
}
