//! The health case of `cases/`: a cost rate that grows with age and with prices of care.

use std::path::Path;

use ndarray::Array2;
use perennis_benefits::{Service, cost_of_service};
use perennis_labour::{Economy, EconomyBasis, WageGrowth};
use perennis_tests::{Case, cases, close};
use perennis_units::{Calibration, Growth, Money, Path as Years, Share, Year, YearRange};

const FIRST: Year = Year::new(2000);
const ENTRY: usize = 20;
const RETIREMENT: usize = 65;
const LAST: usize = 100;

/// A stable population of one entry age whose cost rises by age, against the wages of those below 65.
pub(crate) fn the_health_cost_rate_follows_ageing_and_prices_of_care(folder: &Path) {
    let found = cases(folder).into_iter().find(|case| case.id == "ana-24-health-cost-rate");
    let case = found.expect("the case is there");
    let economy = economy(&case);
    let service = service(&case);
    let cost_rate = |t: i32| cost(&service, &economy, t, &case).0 / wages(&economy, t, &case);
    let tolerance = case.tolerance("rel");
    let expected = case.expected["cost_rate_at_t"].as_object().unwrap();
    assert_eq!(expected.len(), 5);
    for (t, rate) in expected {
        let (found, rate) = (cost_rate(t.parse().unwrap()), rate.as_f64().unwrap());
        assert!(close(found, rate, tolerance), "t = {t}: {found} against {rate}");
    }
    let (all, old) = cost(&service, &economy, 0, &case);
    let share = case.expected["share_of_cost_65_plus"].as_f64().unwrap();
    assert!(close(old / all, share, tolerance));
    let (mut costs, mut bases) = (0.0, 0.0);
    for t in 0..25 {
        let discount = 1.05_f64.powi(-t);
        costs += discount * cost(&service, &economy, t, &case).0;
        bases += discount * wages(&economy, t, &case);
    }
    let level = case.expected["gap_25_years_zero_reserve_interest_0.05"].as_f64().unwrap();
    assert!(close(costs / bases, level, tolerance));
}

fn input(case: &Case, name: &str) -> f64 {
    case.inputs[name].as_f64().unwrap_or_else(|| panic!("no input {name}"))
}

fn economy(case: &Case) -> Economy {
    let growth = |value: f64| Years::constant(Growth::new(value).unwrap());
    let basis = EconomyBasis {
        gdp: Money::new(1.0).unwrap(),
        gdp_year: FIRST,
        productivity: growth(0.0),
        prices: growth(0.0),
        wages: WageGrowth::Nominal(growth(input(case, "wage_growth"))),
        interest: growth(0.05),
        wage_share: None,
        government_expenditure: None,
    };
    basis.project(YearRange::new(FIRST, 51), &[1.0; 51]).unwrap()
}

/// Contacts carry the age profile of the case; prices stand still, so medical inflation is nominal.
fn service(case: &Case) -> Service {
    let profile = |(_, age): (usize, usize)| {
        if age < ENTRY { 0.0 } else { (0.03 * (age - ENTRY) as f64).exp() }
    };
    let medical = Growth::new(input(case, "medical_inflation")).unwrap();
    Service {
        name: "care".into(),
        base_year: FIRST,
        contacts: Array2::from_shape_fn((2, LAST), profile),
        unit_cost: Money::new(0.02).unwrap(),
        utilisation_growth: Years::constant(Growth::ZERO),
        medical_inflation: Years::constant(medical),
        co_payment: Years::constant(Share::ZERO),
        calibration: Calibration::NONE,
    }
}

/// Persons at `t`: survivors 100 - x of cohorts that grow.
fn persons(case: &Case, t: i32) -> Array2<f64> {
    let growth = 1.0 + input(case, "population_growth");
    Array2::from_shape_fn((2, LAST), |(sex, age)| {
        if sex == 1 || age < ENTRY {
            return 0.0;
        }
        (LAST - age) as f64 * growth.powi(t - (age - ENTRY) as i32)
    })
}

fn cost(service: &Service, economy: &Economy, t: i32, case: &Case) -> (f64, f64) {
    let insured = persons(case, t);
    let year = cost_of_service(service, insured.view(), FIRST.plus(t), economy);
    let old = year.cost.indexed_iter().filter(|((_, age), _)| RETIREMENT <= *age);
    (year.cost.sum(), old.map(|(_, amount)| amount).sum())
}

fn wages(economy: &Economy, t: i32, case: &Case) -> f64 {
    let insured = persons(case, t);
    let working = insured.indexed_iter().filter(|((_, age), _)| *age < RETIREMENT);
    working.map(|(_, count)| count).sum::<f64>() * economy.wage_levels().at(FIRST.plus(t))
}
