//! The accounts and indicators of the example country: what must hold in every year of a whole run.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::HashSet;
use std::path::Path;

use perennis_assumptions::{Overlays, load};
use perennis_cohort::Item;
use perennis_finance::{FundPath, FundYear};
use perennis_indicators::INDICATORS;
use perennis_valuation::{Results, run};

fn example() -> Results {
    let entry =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam/valuation.toml");
    let loaded = load(&entry, &Overlays::default()).unwrap_or_else(|r| panic!("{:?}", r.faults));
    run(&loaded.model).unwrap()
}

fn funds(results: &Results) -> &[FundPath] {
    &results.finance.as_ref().unwrap().funds
}

/// Sums of up to a dozen entries of one size: a few units in the last place of the largest.
fn near(found: f64, expected: f64, year: &FundYear) -> bool {
    let size = year.reserve_end + year.primary_income + year.outgo + year.debt_end;
    (found - expected).abs() <= 1e-13 * size
}

#[test]
fn accounts_parts_and_indicators_of_the_example_hold_together() {
    let results = example();
    for (fund, year) in
        funds(&results).iter().flat_map(|fund| fund.years.iter().map(move |y| (fund, y)))
    {
        let name = format!("{} {}", fund.account, year.year);
        books_balance(year, &name);
        rate_is_the_sum_of_its_parts(year, &name);
    }
    for fund in funds(&results) {
        for pair in fund.years.windows(2) {
            assert!((pair[0].reserve_end - pair[1].reserve_start).abs() <= 0.0, "{}", fund.account);
        }
    }
    every_indicator_is_documented_and_said_once(&results);
    the_base_year_begins_with_contribution_income(&results);
}

fn books_balance(year: &FundYear, name: &str) {
    let of = |item: Item| year.sum(&item);
    let income = of(Item::Contributions)
        + of(Item::StateSubsidy)
        + of(Item::OtherIncome)
        + of(Item::TransfersIn);
    assert!(near(income, year.primary_income, year), "{name}");
    let end = of(Item::ReserveStart) + income + of(Item::InvestmentIncome) + of(Item::Borrowing)
        - year.outgo
        - of(Item::DebtInterest)
        - of(Item::Repayment);
    assert!(near(end, year.reserve_end, year), "{name}: {end} {}", year.reserve_end);
    assert!(year.entries.iter().all(|entry| 0.0 < entry.amount), "{name}");
}

fn rate_is_the_sum_of_its_parts(year: &FundYear, name: &str) {
    let Some(rate) = year.payg_rate else {
        assert!(year.payg_parts.is_empty(), "{name}");
        return;
    };
    let parts: f64 = year.payg_parts.iter().map(|part| part.rate).sum();
    assert!((parts - rate).abs() <= 1e-14, "{name}: {parts} {rate}");
    for part in &year.payg_parts {
        if let Some((dependency, replacement)) = part.dependency.zip(part.replacement) {
            assert!((dependency * replacement - part.rate).abs() <= 1e-14, "{name} {}", part.part);
        }
    }
}

fn every_indicator_is_documented_and_said_once(results: &Results) {
    let mut said = HashSet::new();
    for one in &results.measured.indicators {
        assert!(one.value.is_finite(), "{one:?}");
        assert!(
            INDICATORS.iter().any(|known| known.name == one.indicator && known.unit == one.unit)
        );
        assert!(said.insert((one.year, one.scope.as_str(), one.indicator)), "{one:?}");
    }
    let named: HashSet<&str> = said.iter().map(|(_, _, name)| *name).collect();
    for known in INDICATORS {
        assert!(named.contains(known.name), "no figure of {} in a whole run", known.name);
    }
}

fn the_base_year_begins_with_contribution_income(results: &Results) {
    let rows = &results.measured.base_year;
    let check = rows[0].check.unwrap();
    let product = check.contributors * check.mean_earnings * check.rate;
    assert!((product - rows[0].model).abs() <= 1e-12 * product);
    assert_eq!(rows[0].item.measure.label(), "contribution income of retirement");
    assert!((0.95..=1.05).contains(&rows[0].ratio), "{}", rows[0].ratio);
}
