/// A lognormal spread of yearly earnings, given by its mean and its coefficient of variation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    mean: f64,
    sigma: f64,
}

impl Lognormal {
    /// Takes the mean (not negative) and the coefficient of variation (not negative; 0 puts everyone at the mean).
    ///
    /// # Formula
    ///
    /// `sigma^2 = ln(1 + cv^2)`, `mu = ln(mean) - sigma^2 / 2`
    ///
    /// # Units
    ///
    /// Currency a year; the coefficient of variation is a share.
    ///
    /// # Source
    ///
    /// Iyer, Actuarial mathematics of social security pensions (ILO, 1999), 5.12.
    #[must_use]
    pub fn new(mean: f64, coefficient_of_variation: f64) -> Self {
        let variance = libm::log1p(coefficient_of_variation * coefficient_of_variation);
        Self { mean, sigma: libm::sqrt(variance) }
    }

    /// Returns the same relative spread around another mean.
    #[must_use]
    pub const fn at_mean(self, mean: f64) -> Self {
        Self { mean, sigma: self.sigma }
    }

    /// Returns the mean.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// Returns the share of persons with less than `earnings`.
    ///
    /// # Formula
    ///
    /// `Phi((ln(k / mean) + sigma^2 / 2) / sigma)`
    #[must_use]
    pub fn share_below(&self, earnings: f64) -> f64 {
        if earnings <= 0.0 {
            0.0
        } else if self.is_a_point() {
            f64::from(u8::from(self.mean < earnings))
        } else {
            normal_share_below(-self.distance(earnings) + self.sigma)
        }
    }

    /// Returns the expected excess over `threshold`, `E[(X - k)+]`.
    ///
    /// # Formula
    ///
    /// `mean * Phi(d) - k * Phi(d - sigma)` with `d = (ln(mean / k) + sigma^2 / 2) / sigma`
    #[must_use]
    pub fn expected_excess(&self, threshold: f64) -> f64 {
        if threshold <= 0.0 {
            return self.mean - threshold;
        }
        if self.is_a_point() {
            return (self.mean - threshold).max(0.0);
        }
        let distance = self.distance(threshold);
        self.mean * normal_share_below(distance)
            - threshold * normal_share_below(distance - self.sigma)
    }

    /// Returns the mean earnings of classes of these shares of the persons, lowest earnings first.
    ///
    /// # Formula
    ///
    /// `mean * (Phi(w_k - sigma) - Phi(w_(k-1) - sigma)) / share_k` with `w_k` the standard normal deviate below which the
    /// first `k` classes lie
    ///
    /// # Source
    ///
    /// Iyer, Actuarial mathematics of social security pensions (ILO, 1999), 5.12, for shares of 30, 40 and 30 %.
    #[must_use]
    pub fn class_means(&self, shares: &[f64]) -> Vec<f64> {
        let (mut below, mut part_below) = (0.0, 0.0);
        let mean = |(at, share): (usize, &f64)| {
            below += share;
            let last = at + 1 == shares.len();
            let part = if last { 1.0 } else { normal_share_below(deviate(below) - self.sigma) };
            let mean = self.mean * (part - part_below) / share;
            part_below = part;
            mean
        };
        shares.iter().enumerate().map(mean).collect()
    }

    /// Everyone earns the mean.
    fn is_a_point(&self) -> bool {
        self.sigma <= 0.0 || self.mean <= 0.0
    }

    fn distance(&self, threshold: f64) -> f64 {
        libm::log(self.mean / threshold) / self.sigma + 0.5 * self.sigma
    }
}

/// Distribution function of the standard normal.
fn normal_share_below(deviate: f64) -> f64 {
    0.5 * libm::erfc(-deviate * std::f64::consts::FRAC_1_SQRT_2)
}

/// The standard normal deviate below which a share lies.
fn deviate(share: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    // Halved until the two are neighbours; a double has 53 binary digits.
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if normal_share_below(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_30_40_and_30_per_cent_have_the_means_of_the_printed_formula() {
        let wages = Lognormal::new(100.0, 0.8);
        let sigma = libm::sqrt(libm::log1p(0.64));
        // The 30 % quantile of the standard normal, any table: 0.524 400 512 708 041.
        let w = 0.524_400_512_708_041;
        let low = 100.0 * normal_share_below(-w - sigma) / 0.3;
        let high = 100.0 * (1.0 - normal_share_below(w - sigma)) / 0.3;
        let means = wages.class_means(&[0.3, 0.4, 0.3]);
        // The printed quantile has 15 digits.
        assert!((means[0] - low).abs() < 1e-10 && (means[2] - high).abs() < 1e-10);
        assert!((0.3 * means[0] + 0.4 * means[1] + 0.3 * means[2] - 100.0).abs() < 1e-10);
    }

    #[test]
    fn without_spread_everyone_stands_at_the_mean() {
        let point = Lognormal::new(100.0, 0.0);
        assert!((point.expected_excess(60.0) - 40.0).abs() < 1e-12);
        assert!(point.expected_excess(120.0).abs() < 1e-12);
        assert!((point.share_below(120.0) - 1.0).abs() < 1e-12);
        assert!(point.share_below(80.0).abs() < 1e-12);
    }

    #[test]
    fn the_median_lies_below_the_mean_by_the_factor_of_the_spread() {
        let wages = Lognormal::new(100.0, 0.75);
        // The median is exp(mu) = mean / sqrt(1 + cv^2); the tolerance is that of erfc.
        assert!((wages.share_below(100.0 / (1.0 + 0.75_f64 * 0.75).sqrt()) - 0.5).abs() < 1e-14);
    }
}
