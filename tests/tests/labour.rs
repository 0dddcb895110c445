//! Work and the economy of the example country: identities, groups, and output against a second calculation.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use perennis_assumptions::{Overlays, load};
use perennis_demography::Population;
use perennis_labour::{Labour, LabourBasis, Verdict, economy_findings};
use perennis_units::Sex;

fn example() -> (LabourBasis, Population, Labour) {
    let entry =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam/valuation.toml");
    let model =
        load(&entry, &Overlays::default()).unwrap_or_else(|r| panic!("{:?}", r.faults)).model;
    let basis = model.labour.expect("the example has work");
    let population = perennis_demography::project(&model.demography).unwrap();
    let labour = perennis_labour::project(&basis, &population).unwrap();
    (basis, population, labour)
}

#[test]
fn employed_and_unemployed_are_the_labour_force_which_is_part_of_the_population() {
    let (basis, population, labour) = example();
    for at in 0..=population.years.count() {
        for sex in Sex::ALL {
            for age in 0..population.persons.ages() {
                let force = labour.labour_force.get(at, sex, age);
                let unemployed = labour.unemployed.get(at, sex, age);
                let groups = labour.employed.iter().map(|group| group.persons.get(at, sex, age));
                let sum: f64 = groups.sum::<f64>() + unemployed;
                // Shares add up to one within 1e-9.
                assert!((sum - force).abs() <= 1e-9 * force, "{sum} against {force}");
                assert!(0.0 <= unemployed && force <= population.persons.get(at, sex, age));
            }
        }
    }
    assert_eq!(basis.groups.iter().filter(|group| group.informal).count(), 1);
}

#[test]
fn output_is_that_of_employment_productivity_and_prices_counted_from_the_base_year() {
    let (basis, population, labour) = example();
    let years = population.years;
    let employed = |at: usize| -> f64 {
        let stock = |at: usize| -> f64 {
            labour.employed.iter().map(|group| group.persons.total(at)).sum()
        };
        0.5 * (stock(at) + stock(at + 1))
    };
    let economy = &basis.economy;
    let start = years.position(economy.gdp_year).unwrap();
    let mut volume = 1.0;
    let mut prices = 1.0;
    for at in start + 1..years.count() {
        let year = years.at(at);
        volume *= 1.0 + economy.productivity.at(year).get();
        prices *= 1.0 + economy.prices.at(year).get();
        let expected = economy.gdp.get() * employed(at) / employed(start) * volume * prices;
        let found = labour.economy.gdp[at];
        // Both multiply some two hundred factors, in another order.
        assert!((found - expected).abs() <= 1e-12 * expected, "{year}: {found} and {expected}");
    }
}

#[test]
fn the_labour_force_of_2024_is_that_of_the_survey() {
    let (_, population, labour) = example();
    let millions = labour.labour_force_mean(0).sum() / 1e6;
    // 52.5 million in the first nine months of 2024, 52.7 in the third quarter; rates are rounded to two figures.
    assert!((52.0..=53.2).contains(&millions), "{millions}");
    let informal = labour.informal_share(0, None).unwrap();
    assert!((0.62..=0.66).contains(&informal), "{informal}");
    assert_eq!(population.years.first().get(), 2024);
}

#[test]
fn the_assumptions_of_the_example_agree_with_one_another() {
    let (_, _, labour) = example();
    for finding in economy_findings(&labour.economy) {
        assert_eq!(finding.verdict, Verdict::Agrees, "{}: {}", finding.name, finding.text);
    }
}
