//! One assumption moved on the checked model: nothing moves nothing, signs, opposites, and the smallest shock.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use perennis_assumptions::{Loaded, Overlays, Sensitivities, load, load_sensitivities};
use perennis_finance::FundPath;
use perennis_units::{Sex, Year};
use perennis_valuation::{Act, Change, Model, Quantity, Results, StressSize, Takes, run};
use proptest::prelude::*;

fn country() -> Loaded {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../assumptions/viet-nam/valuation.toml");
    let set = vec!["horizon=20".to_owned()];
    load(Path::new(file), &Overlays { set, ..Overlays::default() }).unwrap()
}

fn standard() -> Sensitivities {
    load_sensitivities(None).unwrap()
}

fn changed(model: &Model, changes: &[Change]) -> Results {
    run(&model.changed(changes).unwrap().0).unwrap()
}

fn fund<'a>(results: &'a Results, account: &str) -> &'a FundPath {
    results.finance.as_ref().unwrap().fund(account).unwrap()
}

/// Every entry of every account, every number of persons: what a run is judged by.
fn figures(results: &Results) -> Vec<u64> {
    let finance = results.finance.as_ref().unwrap();
    let years = finance.funds.iter().flat_map(|fund| &fund.years);
    let money = years.flat_map(|year| &year.entries).map(|entry| entry.amount.to_bits());
    let persons = results.population.persons.values().iter().map(|value| value.to_bits());
    let measured = results.measured.indicators.iter().map(|one| one.value.to_bits());
    money.chain(persons).chain(measured).collect()
}

#[test]
fn a_shift_of_no_size_changes_no_bit_of_any_figure() {
    let loaded = country();
    let baseline = figures(&run(&loaded.model).unwrap());
    let none: Vec<Change> = standard()
        .all
        .iter()
        .flat_map(|one| &one.alternatives)
        .flat_map(|side| &side.changes)
        .map(|change| change.of_size(0.0))
        .collect();
    assert!(40 < none.len());
    let (_, acted) = loaded.model.changed(&none).unwrap();
    assert!(acted.iter().all(|one| one.values == 0 && one.limited == 0));
    assert_eq!(figures(&changed(&loaded.model, &none)), baseline);
}

#[test]
fn every_quantity_acts_on_the_example_country_or_is_known_not_to() {
    let loaded = country();
    for quantity in Quantity::ALL {
        let act = match quantity.takes() {
            Takes::Years => Act::Adds(1.0),
            Takes::Growth => Act::Adds(0.001),
            Takes::Factor | Takes::Share => Act::Times(0.9),
        };
        let (_, acted) = loaded.model.changed(&[Change::new(*quantity, act)]).unwrap();
        // Contributors of the example are means of a year, and its invalids claim at an age of their own.
        let of_none = matches!(quantity, Quantity::Density | Quantity::Invalidity);
        assert_eq!(acted[0].values == 0, of_none, "{quantity:?}");
    }
}

#[test]
fn the_signs_are_those_of_theory() {
    let model = country().model;
    let baseline = run(&model).unwrap();
    let ends =
        |results: &Results, account: &str| fund(results, account).years.last().unwrap().clone();
    let with = |quantity, act| changed(&model, &[Change::new(quantity, act)]);
    let base = ends(&baseline, "retirement");

    let births = |results: &Results| results.population.births.iter().sum::<f64>();
    assert!(births(&with(Quantity::Fertility, Act::Times(0.9))) < births(&baseline));

    let longer = with(Quantity::Mortality, Act::Times(0.8));
    assert!(base.outgo < ends(&longer, "retirement").outgo);
    assert!(
        baseline.population.survival(10, Sex::Male, 80)
            < longer.population.survival(10, Sex::Male, 80)
    );
    let pensioners = with(Quantity::PensionerMortality, Act::Times(0.8));
    assert!(base.outgo < ends(&pensioners, "retirement").outgo);

    let richer = ends(&with(Quantity::Interest, Act::Adds(0.01)), "retirement");
    assert!(base.reserve_end < richer.reserve_end && (base.outgo - richer.outgo).abs() <= 0.0);

    let fewer = ends(&with(Quantity::Coverage, Act::Times(0.9)), "retirement");
    assert!(fewer.contributions < base.contributions);
    let informal = ends(&with(Quantity::FormalEmployment, Act::Times(0.9)), "retirement");
    assert!(informal.contributions < base.contributions);
    let idle = ends(&with(Quantity::Participation, Act::Times(0.9)), "retirement");
    assert!(idle.contributions < base.contributions);

    let unpaid = ends(&with(Quantity::Compliance, Act::Times(0.9)), "retirement");
    let first = fund(&baseline, "retirement").years[0].contributions;
    let same =
        fund(&with(Quantity::Compliance, Act::Times(0.9)), "retirement").years[0].contributions;
    assert!((unpaid.contributions - 0.9 * base.contributions).abs() < 1e-9 * base.contributions);
    assert!((first - same).abs() <= 0.0, "a change begins in the second year");

    let dear = ends(&with(Quantity::HealthCost, Act::Adds(0.01)), "health");
    assert!(ends(&baseline, "health").outgo < dear.outgo);
    let later = with(Quantity::Retirement, Act::Adds(1.0));
    let five = |results: &Results| {
        fund(results, "retirement").years[..5].iter().map(|year| year.outgo).sum::<f64>()
    };
    assert!(five(&later) < five(&baseline));
}

#[test]
fn prices_move_amounts_and_leave_what_is_real() {
    let model = country().model;
    let (dearer, _) = model.changed(&[Change::new(Quantity::Prices, Act::Adds(0.02))]).unwrap();
    let economy = |model: &Model| model.labour.as_ref().unwrap().economy.clone();
    let (before, after) = (economy(&model), economy(&dearer));
    for year in [2024, 2025, 2030, 2043].map(Year::new) {
        let real = |economy: &perennis_labour::EconomyBasis| {
            let prices = economy.prices.at(year).factor();
            let wages = 1.0 + economy.wages.nominal(year, &economy.prices);
            (wages / prices, economy.interest.at(year).factor() / prices)
        };
        let ((wages, interest), (wages_after, interest_after)) = (real(&before), real(&after));
        // Quotients of three numbers near one.
        assert!((wages - wages_after).abs() < 1e-14 && (interest - interest_after).abs() < 1e-14);
        let risen = after.prices.at(year).get() - before.prices.at(year).get();
        assert!((risen - if year == Year::new(2024) { 0.0 } else { 0.02 }).abs() < 1e-15);
    }
}

#[test]
fn a_share_that_would_pass_everybody_stops_there_and_is_counted() {
    let model = country().model;
    let change = Change::new(Quantity::Compliance, Act::Times(2.0));
    let (more, acted) = model.changed(&[change]).unwrap();
    assert!(0 < acted[0].limited);
    let compliance = &more.pensions.unwrap().schemes[0].compliance;
    assert!((compliance.at(Year::new(2030)).get() - 1.0).abs() <= 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_factor_and_its_inverse_lead_back(factor in 0.8..1.2_f64, at in 0..4_usize) {
        let model = country().model;
        let quantity =
            [Quantity::Fertility, Quantity::Mortality, Quantity::Migration, Quantity::Administration][at];
        let there = Change::new(quantity, Act::Times(factor));
        let back = Change::new(quantity, Act::Times(1.0 / factor));
        let (same, _) = model.changed(&[there, back]).unwrap();
        let close = |one: f64, other: f64| (one - other).abs() <= 1e-12 * one.abs().max(1e-9);
        let demography = (&model.demography, &same.demography);
        for (one, other) in demography.0.fertility.iter().zip(&demography.1.fertility) {
            prop_assert!(close(*one, *other));
        }
        let tables = demography.0.mortality.iter().zip(&demography.1.mortality);
        for (one, other) in tables.flat_map(|(one, other)| one.iter().zip(other)) {
            let years = one.person_years().iter().zip(other.person_years());
            prop_assert!(years.into_iter().all(|(one, other)| close(*one, *other)));
        }
        let net = demography.0.migration.values().iter().zip(demography.1.migration.values());
        prop_assert!(net.into_iter().all(|(one, other)| close(*one, *other)));
    }
}

#[test]
fn the_smallest_shock_exhausts_the_reserve_and_a_little_less_does_not() {
    let model = country().model;
    let by = Year::new(2035);
    let change = Change::new(Quantity::Compliance, Act::Times(0.8));
    let found =
        model.smallest_stress(std::slice::from_ref(&change), ("retirement", by), 5.0).unwrap();
    let StressSize::Smallest { size, only } = found else { panic!("{found:?}") };
    assert!(only && 1.0 < size && size < 5.0, "{size}");
    let gone = |size: f64| {
        let results = changed(&model, &[change.of_size(size)]);
        fund(&results, "retirement").years.iter().any(|year| year.year <= by && year.exhausted)
    };
    assert!(gone(size * (1.0 + 1e-9)) && !gone(size * (1.0 - 1e-9)));
    let nothing = change.of_size(0.0);
    assert_eq!(model.smallest_stress(&[nothing], ("retirement", by), 5.0), None);
    let health = model.smallest_stress(&[change], ("health", Year::new(2040)), 5.0);
    assert!(matches!(health, Some(StressSize::None)), "{health:?}");
}
