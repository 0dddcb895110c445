use perennis_scheme::Lognormal;

use crate::basis::GroupBasis;
use crate::claim_dates::count;

/// How the earnings of the members of a group with the same sex and age differ, in one year and on average of several.
///
/// # Formula
///
/// The logarithm of a wage over the mean of its age is normal with variance `sigma^2`, and its correlation between two
/// years `k` apart is `p^k`, `p` the persistence of rank. The mean of `n` years has the relative variance
/// `(1 / n^2) * (n (e^(sigma^2) - 1) + 2 sum_(k < n) (n - k) (e^(sigma^2 p^k) - 1))`; it is taken to be lognormal. Parts of a
/// year lie between the whole years around them.
///
/// # Source
///
/// Covariance of lognormal variables; Johnson, Kotz, Balakrishnan, Continuous univariate distributions 1 (1994), chapter 14.
#[derive(Clone, Debug)]
pub(crate) struct Ranks {
    of_a_year: Lognormal,
    /// By months of a mean; empty where a rank is kept for life.
    of_means: Vec<Lognormal>,
    /// Variance of the logarithm of a wage.
    variance: f64,
    persistence: f64,
}

/// Longest mean, years; whoever has more has the spread of these.
pub(crate) const MOST_YEARS: usize = 70;

impl Ranks {
    pub(crate) fn new(group: &GroupBasis) -> Self {
        let spread = group.wage_spread;
        let of_a_year = Lognormal::new(1.0, spread);
        let variance = libm::log1p(spread * spread);
        let mut ranks =
            Self { of_a_year, of_means: Vec::new(), variance, persistence: group.persistence };
        if group.persistence < 1.0 && 0.0 < spread {
            let whole: Vec<f64> =
                (0..=MOST_YEARS).map(|years| ranks.of_mean(years.max(1))).collect();
            ranks.of_means = (0..=12 * MOST_YEARS)
                .map(|months| {
                    let (below, part) = (months / 12, months % 12);
                    let above = (below + 1).min(MOST_YEARS);
                    let part = f64::from(u8::try_from(part).unwrap_or(0)) / 12.0;
                    let variance = whole[below] + part * (whole[above] - whole[below]);
                    Lognormal::new(1.0, libm::sqrt(variance))
                })
                .collect();
        }
        ranks
    }

    /// Returns the spread of a mean of so many years of earnings, around a mean of one.
    pub(crate) fn of_years(&self, years: impl Fn() -> f64) -> Lognormal {
        if self.of_means.is_empty() {
            return self.of_a_year;
        }
        let months = (12.0 * years() + 0.5).max(0.0);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "months of a career"
        )]
        let at = (months as usize).min(self.of_means.len() - 1);
        self.of_means[at]
    }

    /// Returns the part of the variance of a year's logarithm in which the years of a person differ from their mean, over
    /// so many years.
    pub(crate) fn within(&self, years: usize) -> f64 {
        if self.of_means.is_empty() || years < 2 {
            return 0.0;
        }
        let pairs: f64 = self.by_distance(years, |correlation| correlation);
        let n = count(years);
        self.variance * (1.0 - 2.0 * pairs / (n * (n - 1.0)))
    }

    /// Relative variance of a mean of whole years.
    fn of_mean(&self, years: usize) -> f64 {
        let n = count(years);
        let pairs = self.by_distance(years, |correlation| libm::expm1(self.variance * correlation));
        (n * libm::expm1(self.variance) + 2.0 * pairs) / (n * n)
    }

    /// Sums a function of the correlation over all pairs of years.
    fn by_distance(&self, years: usize, of: impl Fn(f64) -> f64) -> f64 {
        let mut correlation = 1.0;
        let mut sum = 0.0;
        for distance in 1..years {
            correlation *= self.persistence;
            sum += count(years - distance) * of(correlation);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(spread: f64, persistence: f64) -> Ranks {
        let mut ranks = Ranks {
            of_a_year: Lognormal::new(1.0, spread),
            of_means: Vec::new(),
            variance: libm::log1p(spread * spread),
            persistence,
        };
        if persistence < 1.0 {
            ranks.of_means = vec![ranks.of_a_year];
        }
        ranks
    }

    #[test]
    fn a_rank_for_life_keeps_the_spread_and_a_new_one_each_year_divides_its_variance() {
        for years in [1, 5, 40] {
            let square = 0.5 * 0.5;
            assert!((ranks(0.5, 1.0).of_mean(years) - square).abs() < 1e-12);
            // Rounding of some forty terms.
            assert!((ranks(0.5, 0.0).of_mean(years) - square / count(years)).abs() < 1e-12);
        }
        let between = ranks(0.5, 0.9).of_mean(10);
        assert!(0.025 < between && between < 0.25, "{between}");
    }

    #[test]
    fn years_of_one_person_differ_by_the_part_of_the_variance_that_is_not_theirs() {
        let variance = libm::log1p(0.25);
        assert!((ranks(0.5, 0.0).within(10) - variance).abs() < 1e-12);
        assert!(ranks(0.5, 1.0).within(10).abs() < 1e-12);
    }
}
