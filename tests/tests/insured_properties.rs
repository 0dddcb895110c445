//! What holds in every country: persons move and are never lost, awards follow the law of their day, nobody is there twice.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{SmallCountry, StablePopulation, contribution};
use perennis_units::Sex;
use perennis_valuation::Results;
use proptest::prelude::*;

const FIRST: i32 = 2024;
const YEARS: usize = 14;

/// Two per cent of the mean of the career for each year, with ten years at the age; else a grant. `{…}` are replaced.
const LAW: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "months"
in_force = [{ from = 1900-01-01, value = AGE }]

[rules.qualifying]
unit = "years"
in_force = [{ from = 1900-01-01, value = 10 }]

[rules.early]
unit = "years"
in_force = [{ from = 1900-01-01, value = 3 }]

[rules.accrual]
unit = "share a year"
in_force = [{ from = 1900-01-01, value = 0.02 }]

[reference_earnings.career]
window = "career"
revalued = { by = "wages" }

[amounts.a_grant]
unit = "crown"
in_force = [{ from = 1900-01-01, value = 500 }]

[indexation.prices]
after = { by = "prices", month = 4 }

[benefits.old_age]
kind = "pension"
account = "fund"
indexation = "prices"
condition = { event = "age", age = "pensionable_age", early_by = "early", credit_at_least = "qualifying" }
steps = [{ reference_earnings = ["career"] }, { accrual = { rate = "accrual" } }]

[benefits.grant]
kind = "grant"
account = "fund"
condition = { event = "age", age = "pensionable_age", credit_below = "qualifying" }
steps = [{ flat = { amount = "a_grant" } }]

[benefits.leaving]
kind = "grant"
account = "fund"
condition = { event = "withdrawal", credit_below = "qualifying" }
steps = [{ flat = { amount = "a_grant" } }]
"#;

/// How members behave.
#[derive(Clone, Copy, Debug)]
struct Behaviour {
    growth: f64,
    coverage: [f64; 2],
    turnover: f64,
    re_entry: f64,
    withdrawal: f64,
    early: f64,
    density: f64,
    step: usize,
}

fn behaviours() -> impl Strategy<Value = Behaviour> {
    let steps = prop::sample::select(vec![1_usize, 3, 6, 12]);
    let share = 0.1..0.9_f64;
    let chances = (0.0..0.3_f64, 0.0..1.0_f64, 0.0..0.5_f64, 0.0..0.5_f64);
    let all = (-0.02..0.03_f64, share.clone(), share, chances, 0.2..1.0_f64, steps);
    all.prop_map(|(growth, from, to, (turnover, re_entry, withdrawal, early), density, step)| {
        Behaviour {
            growth,
            coverage: [from, to],
            turnover,
            re_entry,
            withdrawal,
            early,
            density,
            step,
        }
    })
}

fn country(law: &str, of: &Behaviour) -> SmallCountry {
    let survivors: Vec<f64> =
        (20..=100).map(|age| 1.0 - (f64::from(age - 20) / 80.0).powi(3)).collect();
    let population = StablePopulation::from_age(20, &survivors, of.growth);
    let [from, to] = of.coverage;
    let head = SmallCountry::HEAD
        .replace("credit_step = 6", &format!("credit_step = {}", of.step))
        .replace("to_age = 20", "to_age = 50")
        .replace("re_entry = { value = 0", &format!("re_entry = {{ value = {:?}", of.re_entry));
    let coverage = format!(
        "gaps = \"linear\", all_ages = {{ values = {{ 2024 = {from:?}, 2034 = {to:?} }} }}"
    );
    let coverage =
        coverage.replace("gaps = \"linear\", all_ages = { ", "all_ages = { gaps = \"linear\", ");
    let paid = format!(
        "count = \"any\"\ndensity = {{ value = {:?}, unit = \"share\", source = \"made up\" }}\n\
         months_paid.beta_binomial = {{ correlation = 0.4 }}",
        of.density
    );
    let inactive =
        "inactive.counted = { file = \"dormant.csv\", unit = \"persons\", source = \"made up\" }";
    let group = SmallCountry::GROUP
        .replacen("all_ages = { value = 1 }", &coverage, 1)
        .replacen(
            "all_ages = { value = 0 }",
            &format!("all_ages = {{ value = {:?} }}", of.turnover),
            1,
        )
        .replace("count = \"average\"", &paid)
        .replace("\n[groups.formal.earnings]", &format!("{inactive}\n\n[groups.formal.earnings]"));
    let early = of.early;
    let behaviour = format!(
        "[withdrawal_rate]\nunit = \"probability\"\nsource = \"made up\"\nall_ages = {{ value = {:?} }}\n\
         [claiming]\nfirst = -3\nprobability.unit = \"probability\"\nprobability.source = \"made up\"\n\
         probability.male = [{early:?}, {early:?}, 0.1, 0.7, 1.0]\n\
         probability.female = [{early:?}, {early:?}, 0.1, 0.7, 1.0]\n",
        of.withdrawal
    );
    let contribution = contribution("fund", 0.1);
    let persons = |age: usize| from * population.persons(0, age);
    population
        .country(20..60)
        .with("economy.toml", "prices = { value = 0 }", "prices = { value = 0.04 }")
        .years(YEARS)
        .fund("fund")
        .file(SmallCountry::SCHEME, &format!("{head}\n{law}\n{contribution}\n{behaviour}\n{group}"))
        .by_age("members.csv", "credit_months,persons", 20..60, |_, age| {
            format!("{},{:?}", 6 * (age - 20), persons(age))
        })
        .by_age("dormant.csv", "credit_months,persons", 30..60, |_, age| {
            format!("{},{:?}", 4 * (age - 20), 0.1 * population.persons(0, age))
        })
}

fn law(age: usize) -> String {
    LAW.replace("AGE", &age.to_string())
}

fn benefit<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

fn flow(pensions: &Pensions, at: usize, name: &str) -> f64 {
    let year = FIRST + i32::try_from(at).unwrap();
    let of_year = pensions.flows.iter().filter(|flows| flows.year.get() == year);
    of_year.flat_map(|flows| &flows.flows).filter(|flow| flow.0 == name).map(|flow| flow.1).sum()
}

/// Stocks change by their flows, and whoever leaves by a claim has a pension or a grant.
fn nobody_is_lost(results: &Results) {
    let pensions = results.pensions.as_ref().unwrap();
    let insured = &pensions.insured[0];
    for at in 0..YEARS {
        let of = |name: &str| flow(pensions, at, name);
        // Sums over some thousand cells of stocks of some ten thousand.
        let close = |found: f64, wanted: f64, what: &str| {
            assert!((found - wanted).abs() < 1e-6, "{at} {what}: {found} {wanted}");
        };
        let out = of("turnover") + of("net_withdrawals");
        let active = of("first_entries") + of("re_entries")
            - out
            - of("deaths_active")
            - of("retirements_from_active");
        close(insured.active.total(at + 1) - insured.active.total(at), active, "active");
        let inactive = out
            - of("re_entries")
            - of("withdrawals")
            - of("deaths_inactive")
            - of("retirements_from_inactive");
        close(insured.inactive.total(at + 1) - insured.inactive.total(at), inactive, "inactive");
        let claimed = of("retirements_from_active") + of("retirements_from_inactive");
        let awarded = |name: &str| benefit(pensions, name).new_awards.total(at);
        close(awarded("old_age") + awarded("grant") + of("unawarded"), claimed, "claims");
        close(awarded("leaving"), of("withdrawals"), "withdrawals");
        let all = [&insured.active, &insured.inactive, &insured.active_credit];
        assert!(all.iter().all(|grid| grid.year(at).iter().all(|value| -1e-9 <= *value)));
    }
}

/// Active and inactive insured and pensioners are at most the population, and pensioners are paid while they live.
fn nobody_is_there_twice(results: &Results) {
    let pensions = results.pensions.as_ref().unwrap();
    let (insured, table) = (&pensions.insured[0], benefit(pensions, "old_age"));
    for sex in Sex::ALL {
        let mut stock = vec![0.0; 101];
        for at in 0..YEARS {
            let mut paid = 0.0;
            for (age, in_payment) in stock.iter().enumerate() {
                let of_scheme = insured.active.get(at, sex, age)
                    + insured.inactive.get(at, sex, age)
                    + in_payment;
                let there = results.population.persons.get(at, sex, age);
                assert!(of_scheme <= there + 1e-6, "{at} {sex:?} {age}: {of_scheme} of {there}");
                paid += table.beneficiaries.get(at, sex, age);
            }
            let before: f64 = stock.iter().sum();
            let mut end = vec![0.0; 101];
            for age in 0..100 {
                end[age + 1] = stock[age] - table.terminations.get(at, sex, age)
                    + table.new_awards.get(at, sex, age + 1);
            }
            stock = end;
            let after: f64 = stock.iter().sum();
            let awards = table.new_awards.total_of(at, sex);
            // Awards of the year are paid for none to all of it, all others for the mean of the two stocks.
            let others = 0.5 * (before + after - awards);
            assert!(
                others - 1e-6 <= paid && paid <= others + awards + 1e-6,
                "{at} {sex:?}: {paid}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_lost_or_invented_or_there_twice(of in behaviours(), age in 720..790_usize) {
        let results = country(&law(age), &of).value();
        nobody_is_lost(&results);
        nobody_is_there_twice(&results);
    }

    #[test]
    fn a_year_more_of_pensionable_age_never_raises_years_in_payment(
        of in behaviours(), age in 696..745_usize, from in 2028..2034_i32, months in 1..13_usize,
    ) {
        // Whoever is there at the start has made up his mind about the claims of the years before: a law that moves these,
        // which are up to three years ahead of the age, would find in the first year those whom the start has as pensioners.
        let row = format!("value = {age} }}");
        let later = law(age).replace(&row, &format!("{row}, {{ from = {from}-01-01, value = {} }}", age + months));
        let years = |law: &str| {
            let pensions = country(law, &of).value().pensions.unwrap();
            (0..YEARS).map(|at| benefit(&pensions, "old_age").beneficiaries.total(at)).collect::<Vec<_>>()
        };
        for (at, (before, after)) in years(&law(age)).into_iter().zip(years(&later)).enumerate() {
            prop_assert!(after <= before + 1e-6, "{at}: {after} after, {before} before");
        }
    }

    #[test]
    fn pensions_in_payment_are_what_they_were_before_a_reform_of_new_awards(
        of in behaviours(), rate in 0.001..0.05_f64, from in 2025..2034_i32,
    ) {
        let row = "value = 0.02 }";
        let reformed = LAW.replace(row, &format!("{row}, {{ from = {from}-01-01, value = {rate:?} }}"));
        let run = |law: &str| country(&law.replace("AGE", "720"), &of).value().pensions.unwrap();
        let (before, after) = (run(LAW), run(&reformed));
        let (before, after) = (benefit(&before, "old_age"), benefit(&after, "old_age"));
        let reform = usize::try_from(from - FIRST).unwrap();
        let mut changed = false;
        for (at, sex, age) in (0..YEARS).flat_map(|at| Sex::ALL.into_iter().flat_map(move |sex| (0..101).map(move |age| (at, sex, age)))) {
            let (one, other) = (before.amount.get(at, sex, age), after.amount.get(at, sex, age));
            // Awarded in a year of the reform at 57 or later: an age above is of earlier awards alone.
            if at < reform || 64 + (at - reform) < age {
                prop_assert!((one - other).abs() <= 1e-9 * one.abs(), "{at} {sex:?} {age}: {one} {other}");
            } else {
                changed |= 1e-6 * one < (one - other).abs();
            }
        }
        prop_assert!(changed || (rate - 0.02).abs() < 1e-6);
    }

    #[test]
    fn doubling_all_money_doubles_every_amount_and_moves_nobody(
        of in behaviours(), age in 720..760_usize,
    ) {
        let as_it_is = country(&law(age), &of);
        let doubled = country(&law(age).replace("value = 500 }", "value = 1000 }"), &of)
            .with("economy.toml", "gdp = { value = 5,", "gdp = { value = 10,")
            .with(SmallCountry::SCHEME, "mean.all_ages = { value = 1000 }", "mean.all_ages = { value = 2000 }");
        let (one, two) = (as_it_is.value(), doubled.value());
        let (before, after) = (one.pensions.as_ref().unwrap(), two.pensions.as_ref().unwrap());
        // Twice a number is exact in binary; the margin is for what is rounded on the way.
        let twice = |one: f64, two: f64| (two - 2.0 * one).abs() <= 1e-12 * two.abs();
        for (one, two) in before.beneficiaries.iter().zip(&after.beneficiaries) {
            for at in 0..YEARS {
                prop_assert!(twice(one.amount.total(at), two.amount.total(at)), "{} {at}", one.benefit);
                prop_assert!(twice(one.new_award_amount.total(at), two.new_award_amount.total(at)));
                prop_assert!((one.beneficiaries.total(at) - two.beneficiaries.total(at)).abs() < 1e-9);
            }
            prop_assert!(0.0 < one.amount.total(YEARS - 1));
        }
        for (one, two) in before.contributions.iter().zip(&after.contributions) {
            prop_assert!(twice(one.due, two.due) && twice(one.collected, two.collected));
        }
        let funds = [&one, &two].map(|results| results.finance.as_ref().unwrap().fund("fund").unwrap());
        for (one, two) in funds[0].years.iter().zip(&funds[1].years) {
            prop_assert!(twice(one.outgo, two.outgo) && twice(one.reserve_end, two.reserve_end));
        }
    }
}
