use super::groups::{AgeGroups, GraduationError, exact};
use super::spline::monotone_increases;

/// How births are spread over the ages of mothers.
#[derive(Clone, Debug, PartialEq)]
pub struct FertilityPattern {
    groups: AgeGroups,
    shares: Vec<f64>,
}

impl FertilityPattern {
    /// Takes the share of the total fertility rate in each closed age group of `groups`; the last group of `groups`
    /// starts where fertility ends and has no share. Shares need not add up to one: they are divided by their sum.
    ///
    /// # Errors
    ///
    /// [`GraduationError`] when the lengths differ, a share is negative or all are zero.
    pub fn new(groups: AgeGroups, shares: Vec<f64>) -> Result<Self, GraduationError> {
        let mut padded = shares.clone();
        padded.push(0.0);
        groups.check(&padded)?;
        let sum: f64 = shares.iter().sum();
        if sum <= 0.0 {
            return Err(GraduationError::Value { age: groups.lowest()[0], value: sum });
        }
        Ok(Self { groups, shares: shares.iter().map(|share| share / sum).collect() })
    }

    /// Returns the pattern between two of the same age groups: this one at `share` 0, `later` at 1.
    ///
    /// # Errors
    ///
    /// [`GraduationError::Length`] when the groups differ.
    pub fn between(&self, later: &Self, share: f64) -> Result<Self, GraduationError> {
        if self.groups != later.groups {
            let (found, needed) = (later.groups.count(), self.groups.count());
            return Err(GraduationError::Length { found, needed });
        }
        let mix = |(now, then): (&f64, &f64)| (1.0 - share) * now + share * then;
        let shares = self.shares.iter().zip(&later.shares).map(mix).collect();
        Ok(Self { groups: self.groups.clone(), shares })
    }
}

/// Returns births per woman-year at each single age from 0 to `ages - 1`, zero outside the groups of the pattern.
///
/// They add up to the total fertility rate. Within the groups the cumulated rate is a monotone cubic curve; where a
/// mean age at childbearing is given, the rates are tilted by `exp(c x)` so that it is met, which moves the shares of
/// the groups a little; births fall on average in the middle of the year of age.
///
/// # Units
///
/// `total` in births per woman, `mean_age` in years.
///
/// # Errors
///
/// [`GraduationError::Target`] when the mean age lies outside the ages of the pattern,
/// [`GraduationError::OpenAge`] when the pattern goes beyond `ages`.
pub fn fertility_by_single_age(
    pattern: &FertilityPattern,
    total: f64,
    mean_age: Option<f64>,
    ages: usize,
) -> Result<Vec<f64>, GraduationError> {
    let groups = &pattern.groups;
    let (first, end) = (groups.lowest()[0], groups.open_from());
    if ages < end {
        return Err(GraduationError::OpenAge { found: end, open: ages });
    }
    let at: Vec<f64> = groups.lowest().iter().map(|age| exact(*age)).collect();
    let mut cumulated = vec![0.0];
    for share in &pattern.shares {
        cumulated.push(cumulated[cumulated.len() - 1] + share);
    }
    let exact_ages: Vec<f64> = (first..=end).map(exact).collect();
    let shape = monotone_increases(&at, &cumulated, &exact_ages);
    let tilt = match mean_age {
        Some(mean) => tilt_meeting(&shape, exact(first), mean)?,
        None => 0.0,
    };
    let tilted = tilted(&shape, tilt);
    let whole: f64 = tilted.iter().sum();
    let mut rates = vec![0.0; ages];
    for (rate, share) in rates[first..end].iter_mut().zip(tilted) {
        *rate = total * share / whole;
    }
    Ok(rates)
}

fn tilted(shape: &[f64], tilt: f64) -> Vec<f64> {
    // Counted from the middle, so that a strong tilt does not overflow.
    let middle = exact(shape.len()) / 2.0;
    let bent = |(age, share): (usize, &f64)| share * libm::exp(tilt * (exact(age) - middle));
    shape.iter().enumerate().map(bent).collect()
}

/// Solves for the tilt by bisection: the mean age rises with it.
fn tilt_meeting(shape: &[f64], first: f64, mean: f64) -> Result<f64, GraduationError> {
    let mean_at = |tilt: f64| {
        let bent = tilted(shape, tilt);
        let sum: f64 = bent.iter().sum();
        let moment: f64 = bent.iter().enumerate().map(|(age, share)| share * exact(age)).sum();
        first + moment / sum + 0.5
    };
    let (mut low, mut high) = (-2.0, 2.0);
    if !(mean_at(low)..=mean_at(high)).contains(&mean) {
        let (lowest, highest) = (mean_at(low), mean_at(high));
        let what = "a mean age at childbearing";
        return Err(GraduationError::Target { what, target: mean, lowest, highest });
    }
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if mean_at(middle) < mean { low = middle } else { high = middle }
    }
    Ok(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups() -> AgeGroups {
        AgeGroups::new((10..=55).step_by(5).collect()).unwrap()
    }

    fn mean_age(rates: &[f64]) -> f64 {
        let births: f64 = rates.iter().sum();
        rates.iter().enumerate().map(|(age, rate)| rate * (exact(age) + 0.5)).sum::<f64>() / births
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn the_total_and_the_mean_age_are_met_exactly(
            shares in prop::collection::vec(0.01..1.0_f64, 9),
            total in 0.5..8.0_f64,
            mean in 24.0..36.0_f64,
        ) {
            let pattern = FertilityPattern::new(groups(), shares).unwrap();
            let rates = fertility_by_single_age(&pattern, total, Some(mean), 101).unwrap();
            prop_assert!((rates.iter().sum::<f64>() - total).abs() < 1e-12);
            prop_assert!((mean_age(&rates) - mean).abs() < 1e-9);
            prop_assert!(rates.iter().all(|rate| 0.0 <= *rate));
            prop_assert!(rates[..10].iter().chain(&rates[55..]).all(|rate| rate.abs() < 1e-300));
        }

        #[test]
        fn without_a_mean_age_every_group_keeps_its_share(
            shares in prop::collection::vec(0.0..1.0_f64, 9),
        ) {
            let whole: f64 = shares.iter().sum();
            let pattern = FertilityPattern::new(groups(), shares.clone()).unwrap();
            let rates = fertility_by_single_age(&pattern, 2.0, None, 101).unwrap();
            for (group, share) in shares.iter().enumerate() {
                let found: f64 = rates[10 + 5 * group..15 + 5 * group].iter().sum();
                prop_assert!((found - 2.0 * share / whole).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_mean_age_outside_the_pattern_is_refused() {
        let pattern = FertilityPattern::new(groups(), vec![1.0; 9]).unwrap();
        let refused = fertility_by_single_age(&pattern, 2.0, Some(58.0), 101);
        assert!(matches!(refused, Err(GraduationError::Target { .. })), "{refused:?}");
    }

    #[test]
    fn negative_or_empty_patterns_are_refused() {
        let mut shares = vec![0.2; 9];
        shares[4] = -0.1;
        let negative = FertilityPattern::new(groups(), shares);
        assert_eq!(negative, Err(GraduationError::Value { age: 30, value: -0.1 }));
        assert!(FertilityPattern::new(groups(), vec![0.0; 9]).is_err());
    }
}
