//! Persistence of rank: how far the reference earnings of an award differ, and what the best years add.

use perennis_tests::{SmallCountry, contribution};

const LAW: &str = r#"
[pensionable_age]
unit = "years"
source = "made up"
in_force = [{ from = 1900-01-01, value = 65 }]
[amounts.minimum]
unit = "crown a month"
source = "made up"
in_force = [{ from = 1900-01-01, value = 1000 }]
[rules.best_years]
unit = "years"
source = "made up"
in_force = [{ from = 1900-01-01, value = 1 }]
[rules.last_years]
unit = "years"
source = "made up"
in_force = [{ from = 1900-01-01, value = 2 }]
[reference_earnings.career]
source = "made up"
window = "career"
revalued = { by = "wages", lag = 0 }
[reference_earnings.best]
source = "made up"
window.best = { years = "best_years", of_last = "last_years" }
revalued = { by = "wages", lag = 0 }
[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [STEPS]
"#;

const PEOPLE: &str = r#"
[groups.staff]
count = "average"
closed = true
turnover = { unit = "probability", source = "made up", all_ages = { value = 0 } }
active.counted = { file = "members.csv", unit = "persons", source = "made up" }

[groups.staff.earnings]
source = "made up"
year = 2024
unit = "crown a month"
mean.all_ages = { value = 1000 }
spread = { value = 0.5, unit = "share" }
persistence = { value = PERSISTENCE, unit = "share" }
"#;

/// Mean amount of the awards of a cohort that reaches 65 with 40 years of a mean wage of 12,000 a year.
fn mean_award(steps: &str, persistence: f64) -> f64 {
    let law = LAW.replace("STEPS", steps);
    let people = PEOPLE.replace("PERSISTENCE", &format!("{persistence:?}"));
    let head = SmallCountry::HEAD.replace("credit_step = 6", "credit_step = 1");
    let scheme = format!("{head}\n{law}\n{}\n{people}", contribution("fund", 0.1));
    let results = SmallCountry::new()
        .years(2)
        .fund("fund")
        .with("economy.toml", "wages.real = { value = 0.02 }", "wages.real = { value = 0 }")
        .file(SmallCountry::SCHEME, &scheme)
        .file("members.csv", "sex,age,credit_months,persons\nmale,64,480,1000\n")
        .value();
    let Some(pensions) = results.pensions else { panic!("the country has a scheme") };
    let old_age = &pensions.beneficiaries[0];
    old_age.new_award_amount.total(0) / old_age.new_awards.total(0)
}

/// The standard normal distribution at half a deviation, twice: the mean of the larger of a lognormal and its mean.
fn larger_than_mean(relative_variance: f64) -> f64 {
    let deviation = relative_variance.ln_1p().sqrt();
    // Simpson's rule for the density between 0 and half the deviation.
    let steps = 200;
    let width = 0.5 * deviation / f64::from(steps);
    let density = |at: f64| (-0.5 * at * at).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let weight = |at: i32| match at {
        0 | 200 => 1.0,
        _ if at % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = (0..=steps).map(|at| weight(at) * density(f64::from(at) * width)).sum();
    1.0 + 2.0 * sum * width / 3.0
}

const MINIMUM: &str =
    "{ reference_earnings = [\"career\"] }, { at_least = { minimum = { amount = \"minimum\" } } }";

/// Relative variance of a mean of 40 years.
fn of_career(persistence: f64) -> f64 {
    let (mut sum, n) = (0.0, 40_i32);
    for one in 0..n {
        for other in 0..n {
            let correlation = persistence.powi((one - other).abs());
            sum += (0.25_f64.ln_1p() * correlation).exp() - 1.0;
        }
    }
    sum / f64::from(n * n)
}

#[test]
fn a_minimum_at_the_mean_costs_what_the_spread_of_a_career_mean_says() {
    for persistence in [1.0, 0.9, 0.5, 0.0] {
        let found = mean_award(MINIMUM, persistence) / 12_000.0 - 1.0;
        let expected = larger_than_mean(of_career(persistence)) - 1.0;
        // Careers end with 40 to 41 years, whose mean varies up to 1.3 % less.
        assert!((found / expected - 1.0).abs() < 0.015, "{persistence}: {found} {expected}");
    }
}

const BEST: &str = "{ reference_earnings = [\"best\"] }";

#[test]
fn the_better_of_two_independent_years_is_the_closed_form_and_of_a_rank_for_life_the_mean() {
    let kept = mean_award(BEST, 1.0);
    assert!((kept / 12_000.0 - 1.0).abs() < 1e-9, "{kept}");
    // 2 Phi(s / sqrt 2) is the larger of a lognormal with twice the variance and its mean.
    let expected = larger_than_mean(1.25_f64 * 1.25 - 1.0);
    let drawn = mean_award(BEST, 0.0);
    // The table of the best years is read between steps of 0.1 of the deviation.
    assert!((drawn / 12_000.0 - expected).abs() < 1e-3, "{drawn} {expected}");
    let between = mean_award(BEST, 0.8);
    assert!(kept < between && between < drawn);
}
