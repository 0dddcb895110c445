//! Social health insurance of the example country: who is counted, what is transferred, what is booked.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;
use std::sync::LazyLock;

use perennis_assumptions::{Overlays, load};
use perennis_benefits::Benefits;
use perennis_cohort::Item;
use perennis_units::{Payer, Sex};
use perennis_valuation::{Results, run};

/// One run serves every test.
static EXAMPLE: LazyLock<Results> = LazyLock::new(|| {
    let entry =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam/valuation.toml");
    let loaded = load(&entry, &Overlays::default()).unwrap_or_else(|r| panic!("{:?}", r.faults));
    run(&loaded.model).unwrap()
});

fn benefits(results: &Results) -> &Benefits {
    results.benefits.as_ref().expect("the example has health insurance")
}

#[test]
fn the_insured_are_at_most_the_population_at_every_sex_and_age() {
    let results = &*EXAMPLE;
    let branch = benefits(results);
    for at in 0..results.population.years.count() {
        for sex in Sex::ALL {
            for age in 0..results.population.persons.ages() {
                let insured: f64 =
                    branch.insured.iter().map(|group| group.insured.get(at, sex, age)).sum();
                let persons = results.population.mean(at, sex, age);
                // Seven groups are subtracted one after the other.
                assert!(insured <= persons * (1.0 + 1e-12), "{insured} of {persons} aged {age}");
            }
        }
    }
}

#[test]
fn next_to_nobody_is_left_without_a_place() {
    let results = &*EXAMPLE;
    let branch = benefits(results);
    for (at, year) in results.population.years.iter().enumerate() {
        let insured: f64 = branch.insured.iter().map(|group| group.insured.total(at)).sum();
        let of_year = branch.unplaced.iter().filter(|row| row.year == year);
        let unplaced: f64 = of_year.map(|row| row.persons).sum();
        // Pensioners of the open age are a stated aggregate and exceed its few people by some dozens.
        assert!(unplaced <= 1e-5 * insured, "{unplaced} of {insured} in {year}");
    }
}

#[test]
fn nine_in_ten_are_insured_in_the_first_year() {
    let results = &*EXAMPLE;
    let insured: f64 = benefits(results).insured.iter().map(|group| group.insured.total(0)).sum();
    let population: f64 =
        0.5 * (results.population.persons.total(0) + results.population.persons.total(1));
    // 93 % at the end of 2023 and 2024; the groups are orders of magnitude.
    assert!((0.91..=0.95).contains(&(insured / population)), "{}", insured / population);
}

#[test]
fn what_leaves_the_pension_fund_reaches_the_health_fund() {
    let results = &*EXAMPLE;
    let finance = results.finance.as_ref().expect("the example has funds");
    let sum = |item: &Item, at: usize| -> f64 {
        let years = finance.funds.iter().map(|fund| &fund.years[at]);
        years.flat_map(|year| &year.entries).filter(|e| e.item == *item).map(|e| e.amount).sum()
    };
    for at in 0..results.population.years.count() {
        let (left, arrived) = (sum(&Item::TransfersOut, at), sum(&Item::TransfersIn, at));
        assert!(0.0 < left);
        assert!((left - arrived).abs() <= 1e-12 * left, "{left} left, {arrived} arrived");
    }
}

#[test]
fn contributions_by_group_by_payer_and_in_the_account_are_the_same_money() {
    let results = &*EXAMPLE;
    let branch = benefits(results);
    let finance = results.finance.as_ref().expect("the example has funds");
    let account = &branch.contributions[0].account;
    let fund = finance.funds.iter().find(|fund| fund.account == *account).unwrap();
    for year in &fund.years {
        for payer in Payer::ALL {
            let groups = branch.group_contributions.iter();
            let by_group: f64 = groups
                .filter(|row| row.year == year.year && row.payer == payer)
                .map(|row| row.collected)
                .sum();
            let payers = branch.contributions.iter();
            let by_payer: f64 = payers
                .filter(|row| row.year == year.year && row.payer == payer)
                .map(|row| row.collected)
                .sum();
            assert!((by_group - by_payer).abs() <= 1e-12 * by_group);
            if payer != Payer::State {
                // The State may also pay a shortfall of the fund.
                let of_payer = year.entries.iter().filter(|entry| entry.payer == Some(payer));
                let booked: f64 = of_payer.map(|entry| entry.amount).sum();
                assert!((booked - by_payer).abs() <= 1e-12 * by_payer);
            }
        }
    }
}

#[test]
fn expenditure_of_the_first_year_meets_the_published_total() {
    let results = &*EXAMPLE;
    let cost: f64 = benefits(results).services.iter().map(|service| service.cost.total(0)).sum();
    // 142.9 trillion dong in 2024 (social security administration, January 2025).
    assert!((0.95..=1.05).contains(&(cost / 142.9e12)), "{cost}");
}
