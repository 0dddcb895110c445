use perennis_units::{CentralRate, Sex};

use super::groups::GraduationError;
use crate::{LifeTable, LifeTableError};

/// Steps allowed to the search; it ends after about seven.
const STEPS: usize = 200;
/// Years of life expectancy at which the search ends.
const ENOUGH: f64 = 1e-11;
/// Factor on all rates, as a logarithm, beyond which no target is sought.
const WIDEST: f64 = 4.0;
/// Step of the search, as a logarithm, below which the rates are at the end of what is possible.
const SHORTEST: f64 = 1e-3;

/// Returns rates between two sets: the earlier ones at `share` 0, the later at 1, each age along its logarithm.
///
/// Where one of the two rates is zero the step is linear. The shorter list decides the number of ages.
#[must_use]
pub fn rates_between(earlier: &[CentralRate], later: &[CentralRate], share: f64) -> Vec<f64> {
    let between = |(before, after): (&CentralRate, &CentralRate)| {
        let (before, after) = (before.get(), after.get());
        if 0.0 < before && 0.0 < after {
            libm::exp((1.0 - share) * libm::log(before) + share * libm::log(after))
        } else {
            (1.0 - share) * before + share * after
        }
    };
    earlier.iter().zip(later).map(between).collect()
}

/// Builds the life table with the wanted expectation of life at birth from rates of the right age pattern.
///
/// All rates are multiplied by one factor. Without a target the rates stand as they are.
///
/// # Units
///
/// Rates are deaths per person-year, the target is years; it is met to `1e-9`.
///
/// # Errors
///
/// [`GraduationError::Target`] when no factor meets the target, and the errors of a life table.
pub fn life_table_meeting(
    sex: Sex,
    rates: &[f64],
    target: Option<f64>,
) -> Result<LifeTable, GraduationError> {
    let table = |log_factor: f64| scaled(sex, rates, libm::exp(log_factor));
    let Some(target) = target else { return table(0.0) };
    // False position with the Illinois rule: the end that stays is worth half as much the second time.
    let (mut low, mut high) = (-0.1, 0.1);
    let above =
        |log_factor: f64| Ok::<_, GraduationError>(table(log_factor)?.life_expectancy(0) - target);
    let (mut at_low, mut at_high) = (above(low)?, above(high)?);
    while at_low < 0.0 && -WIDEST < low {
        (high, at_high) = (low, at_low);
        low *= 2.0;
        at_low = above(low)?;
    }
    // Upwards the rates of the oldest soon kill more than are alive, so the step shrinks where they do.
    let mut step = high;
    while 0.0 < at_high && high < WIDEST && SHORTEST < step {
        match above(high + step) {
            Ok(value) => {
                (low, at_low) = (high, at_high);
                (high, at_high) = (high + step, value);
                step *= 2.0;
            }
            Err(_) => step *= 0.5,
        }
    }
    if at_low < 0.0 || 0.0 < at_high {
        let (lowest, highest) = (at_high + target, above(-WIDEST)? + target);
        let what = "a life expectancy at birth";
        return Err(GraduationError::Target { what, target, lowest, highest });
    }
    let mut kept = 0;
    for _ in 0..STEPS {
        let middle = low + (high - low) * at_low / (at_low - at_high);
        let value = above(middle)?;
        if value.abs() < ENOUGH {
            return table(middle);
        }
        if 0.0 < value {
            (low, at_low) = (middle, value);
            at_high *= if kept == 1 { 0.5 } else { 1.0 };
            kept = 1;
        } else {
            (high, at_high) = (middle, value);
            at_low *= if kept == -1 { 0.5 } else { 1.0 };
            kept = -1;
        }
    }
    table(0.5 * (low + high))
}

fn scaled(sex: Sex, rates: &[f64], factor: f64) -> Result<LifeTable, GraduationError> {
    let rate = |(age, rate): (usize, &f64)| {
        let value = rate * factor;
        CentralRate::new(value).map_err(|_| LifeTableError::Rate { age, rate: value })
    };
    let rates: Vec<_> = rates.iter().enumerate().map(rate).collect::<Result<_, _>>()?;
    Ok(LifeTable::from_rates(sex, &rates, &vec![None; rates.len()])?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rates() -> Vec<f64> {
        let rate = |age: i32| match age {
            0 => 0.02,
            _ => 2e-4 + 4e-5 * libm::exp(0.09 * f64::from(age)),
        };
        (0..=100).map(rate).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn the_target_is_met_to_a_billionth_of_a_year(target in 52.0..95.0_f64) {
            let table = life_table_meeting(Sex::Female, &rates(), Some(target)).unwrap();
            prop_assert!((table.life_expectancy(0) - target).abs() < 1e-9);
        }
    }

    #[test]
    fn a_target_out_of_reach_is_refused_with_the_range() {
        let refused = life_table_meeting(Sex::Male, &rates(), Some(1e4));
        assert!(matches!(refused, Err(GraduationError::Target { .. })), "{refused:?}");
        let refused = life_table_meeting(Sex::Male, &rates(), Some(1.0));
        assert!(matches!(refused, Err(GraduationError::Target { .. })), "{refused:?}");
    }

    #[test]
    fn without_a_target_the_rates_stand() {
        let table = life_table_meeting(Sex::Male, &rates(), None).unwrap();
        assert!((table.death_rate(40) - rates()[40]).abs() < 1e-15);
    }

    #[test]
    fn rates_between_two_dates_lie_between_them() {
        let rate = |value| CentralRate::new(value).unwrap();
        let between = rates_between(&[rate(0.01), rate(0.0)], &[rate(0.04), rate(0.2)], 0.5);
        assert!((between[0] - 0.02).abs() < 1e-15 && (between[1] - 0.1).abs() < 1e-15);
    }
}
