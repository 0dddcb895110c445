//! The insured persons and pensioners of the example country, and of a small one whose law and people are TOML alone.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::{Path, PathBuf};

use perennis_assumptions::{Overlays, load};
use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::SmallCountry;
use perennis_units::{Sex, Year};
use perennis_valuation::{Results, run};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam/valuation.toml")
}

fn run_example(set: &[&str]) -> Results {
    let set = set.iter().map(|one| (*one).to_owned()).collect();
    let overlays = Overlays { set, ..Overlays::default() };
    let loaded = load(&example(), &overlays).unwrap_or_else(|r| panic!("{:?}", r.faults));
    run(&loaded.model).unwrap()
}

fn benefit<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

fn flow(pensions: &Pensions, year: Year, name: &str) -> f64 {
    let of_year = pensions.flows.iter().filter(|flows| flows.year == year);
    of_year.flat_map(|flows| &flows.flows).filter(|flow| flow.0 == name).map(|flow| flow.1).sum()
}

#[test]
fn the_first_year_of_the_example_has_the_size_of_the_published_one() {
    let results = run_example(&["horizon=2"]);
    let pensions = results.pensions.unwrap();
    let contributors: f64 =
        pensions.contributors.iter().map(|group| group.contributors.total(0)).sum();
    // About 18 million contributors, a mean insured wage of 6 to 7 million dong a month, about a million withdrawals:
    // orders of magnitude, so the bounds are wide.
    assert!((17e6..19e6).contains(&contributors), "{contributors}");
    let earnings: f64 =
        pensions.contributors.iter().map(|group| group.insured_earnings.total(0)).sum();
    let mean = earnings / contributors / 12.0;
    assert!((6e6..7e6).contains(&mean), "{mean}");
    let withdrawals = flow(&pensions, Year::new(2024), "withdrawals");
    assert!((0.8e6..1.2e6).contains(&withdrawals), "{withdrawals}");
    let due: f64 =
        pensions.contributions.iter().filter(|c| c.year.get() == 2024).map(|c| c.due).sum();
    // 8 % and 14 %.
    assert!((due / earnings - 0.22).abs() < 1e-12);
}

#[test]
fn insured_persons_of_the_example_change_by_their_flows_in_every_year() {
    let results = run_example(&[]);
    let pensions = results.pensions.unwrap();
    let total = |at: usize, active: bool| -> f64 {
        let grids = pensions.insured.iter().map(|i| if active { &i.active } else { &i.inactive });
        grids.map(|grid| grid.total(at)).sum()
    };
    for (at, year) in results.population.years.iter().enumerate() {
        let of = |name: &str| flow(&pensions, year, name);
        let out = of("turnover") + of("net_withdrawals");
        let change = of("first_entries") + of("re_entries")
            - out
            - of("deaths_active")
            - of("retirements_from_active");
        let found = total(at + 1, true) - total(at, true);
        // Sums over some 30,000 cells of stocks of ten million.
        assert!((found - change).abs() < 1e-2, "{year}: {found} {change}");
        let change = out
            - of("re_entries")
            - of("withdrawals")
            - of("deaths_inactive")
            - of("retirements_from_inactive");
        let found = total(at + 1, false) - total(at, false);
        assert!((found - change).abs() < 1e-2, "{year}: {found} {change}");
        assert!(of("unawarded").abs() < 1e-6 && of("held_at_top").abs() < 1e-6, "{year}");
    }
    assert!(pensions.insured.iter().all(|stock| {
        let grids = [&stock.active, &stock.inactive, &stock.active_credit, &stock.inactive_credit];
        grids.iter().all(|grid| grid.values().iter().all(|value| 0.0 <= *value))
    }));
}

#[test]
fn the_state_pays_a_closed_group_that_dies_out() {
    let results = run_example(&["horizon=60"]);
    let pensions = results.pensions.unwrap();
    let state = benefit(&pensions, "old_age_state");
    for at in 0..60 {
        assert!(state.new_awards.total(at).abs() < 1e-12);
        assert!(at == 0 || state.beneficiaries.total(at) < state.beneficiaries.total(at - 1));
    }
    assert!(state.beneficiaries.total(59) < 100.0);
}

/// Those in formal work at the start are insured since their twentieth birthday.
fn flat_pension_country(law: &str) -> SmallCountry {
    // Without a step of its own credit goes by whole years.
    let head = SmallCountry::HEAD.replace("credit_step = 6\n", "");
    let scheme = format!("{head}\n{law}\n{}", SmallCountry::GROUP);
    let member = |_, age: usize| format!("{},500", 12 * (age - 20) + 6);
    SmallCountry::new().fund("basic_fund").file(SmallCountry::SCHEME, &scheme).by_age(
        "members.csv",
        "credit_months,persons",
        20..65,
        member,
    )
}

fn flat_law() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("law/flat_pension.toml"))
        .unwrap()
}

#[test]
fn a_flat_pension_at_65_is_valued_from_toml_alone() {
    let results = flat_pension_country(&flat_law()).value();
    let pensions = results.pensions.unwrap();
    let basic = benefit(&pensions, "basic_pension");
    for at in 0..12 {
        // Every year those who turn 65; births without a spread of their own fall evenly over the year.
        assert!((basic.new_awards.total(at) - 1_000.0).abs() < 1e-6, "{at}");
        let before = 1_000.0 * at as f64;
        assert!((basic.beneficiaries.total(at) - before - 500.0).abs() < 1e-6, "{at}");
        let contributors = pensions.contributors[0].contributors.total(at);
        assert!((contributors - 45_000.0).abs() < 1e-6, "{contributors}");
    }
    // 800 crown a month to June 2024, then 1,000: nobody is in payment before, the awards of the year are paid
    // from the middle on average, a few months at the old amount.
    let paid = basic.amount.total(0);
    assert!((12.0 * 800.0 * 500.0..12.0 * 1_000.0 * 500.0).contains(&paid), "{paid}");
}

#[test]
fn a_later_age_moves_the_awards_of_the_same_files() {
    let law = flat_law().replace(
        r#"in_force = [{ from = 2000-01-01, value = 65, source = "s. 2" }]"#,
        r#"in_force = [{ from = 2000-01-01, value = 65, source = "s. 2" }, { from = 2026-01-01, value = 67, source = "s. 2a" }]"#,
    );
    let pensions = flat_pension_country(&law).value().pensions.unwrap();
    let awards: Vec<f64> =
        (0..6).map(|at| benefit(&pensions, "basic_pension").new_awards.total(at)).collect();
    // Two years without awards. Those who lost their work at 65 wait as inactive insured and claim at 67.
    for (found, wanted) in awards.iter().zip([1_000.0, 1_000.0, 0.0, 0.0, 1_000.0, 1_000.0]) {
        assert!((found - wanted).abs() < 1e-6, "{awards:?}");
    }
    assert!(1_000.0 < pensions.insured[0].inactive.total_of(4, Sex::Male) + 1.0);
}
