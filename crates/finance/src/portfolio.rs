use perennis_units::{Growth, Path, Share, Year};

use crate::FinanceError;

/// Shares that add up to one within this are whole.
const ROUNDING: f64 = 1e-9;

/// A class of assets in which a reserve is held.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetClass {
    /// Name of the class.
    pub name: String,
    /// Share of the reserve at the start of the first year.
    pub share: Share,
    /// Least share that the class may have at the start of a year.
    pub least: Share,
    /// Largest share that the class may have at the start of a year.
    pub most: Share,
    /// Return of each year before fees, nominal.
    pub returns: Path<Growth>,
    /// Fee of each year, a share of the assets.
    pub fee: Path<Share>,
}

/// A reserve held in classes of assets whose shares drift with their returns, within limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Portfolio {
    classes: Vec<AssetClass>,
}

/// How the smoothed value of the assets follows the market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothing {
    /// Years over which a return that was not expected is recognised in equal parts, at least 1.
    pub years: u16,
    /// How far the smoothed value may be from the market value, as a share of it; no limit when absent.
    pub corridor: Option<Share>,
}

impl Portfolio {
    /// Checks that the shares add up to one and lie within their limits.
    ///
    /// # Errors
    ///
    /// [`FinanceError::Shares`] with the sum, [`FinanceError::Limits`] with the first class outside its own.
    pub fn new(classes: Vec<AssetClass>) -> Result<Self, FinanceError> {
        let sum: f64 = classes.iter().map(|class| class.share.get()).sum();
        if ROUNDING < (sum - 1.0).abs() {
            return Err(FinanceError::Shares { sum });
        }
        let outside = |class: &&AssetClass| class.share < class.least || class.most < class.share;
        match classes.iter().find(outside) {
            Some(class) => Err(FinanceError::Limits { class: class.name.clone() }),
            None => Ok(Self { classes }),
        }
    }

    /// Returns the classes.
    #[must_use]
    pub fn classes(&self) -> &[AssetClass] {
        &self.classes
    }

    /// Returns the shares at the start of the first year.
    pub(crate) fn opening(&self) -> Vec<f64> {
        self.classes.iter().map(|class| class.share.get()).collect()
    }

    /// Returns the return of the whole after fees, for shares at the start of the year.
    ///
    /// # Formula
    ///
    /// `sum of share * ((1 + return) (1 - fee) - 1)`: the fee is taken from the assets at the end of the year.
    pub(crate) fn net_return(&self, shares: &[f64], year: Year) -> f64 {
        let parts = self.classes.iter().zip(shares);
        parts.fold(0.0, |sum, (class, share)| sum + share * (class.factor(year) - 1.0))
    }

    /// Returns the shares at the start of the next year: each class has grown by its net return, flows were spread as the
    /// assets are, and what lies beyond a limit goes by equal amounts to the classes that have room.
    pub(crate) fn drift(&self, shares: &[f64], year: Year) -> Vec<f64> {
        let grown: Vec<f64> = self
            .classes
            .iter()
            .zip(shares)
            .map(|(class, share)| share * class.factor(year))
            .collect();
        let sum: f64 = grown.iter().sum();
        let free: Vec<f64> = grown.iter().map(|part| part / sum).collect();
        let shifted = |by: f64| -> Vec<f64> {
            let within = |(class, share): (&AssetClass, &f64)| {
                (share + by).clamp(class.least.get(), class.most.get())
            };
            self.classes.iter().zip(&free).map(within).collect()
        };
        let total = |by: f64| shifted(by).iter().sum::<f64>();
        let (mut low, mut high) = (-1.0, 1.0);
        if (total(0.0) - 1.0).abs() <= f64::EPSILON {
            return shifted(0.0);
        }
        // The limits leave room for a whole, so the sum passes through one between the ends; it never falls.
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if total(middle) < 1.0 { low = middle } else { high = middle }
        }
        shifted(0.5 * (low + high))
    }
}

impl AssetClass {
    fn factor(&self, year: Year) -> f64 {
        self.returns.at(year).factor() * (1.0 - self.fee.at(year).get())
    }
}

impl Smoothing {
    /// Returns the smoothed value of assets of `market` value; `gains` are the returns above those expected of this year
    /// and the years before, the last one last.
    ///
    /// # Formula
    ///
    /// `market - sum over k of gain(t - k) * (n - 1 - k) / n`, `k` from 0 to `n - 2`, kept within
    /// `market * (1 ± corridor)`.
    ///
    /// # Source
    ///
    /// Actuarial Standards Board, Actuarial Standard of Practice No. 44: differences from the market value are recognised
    /// over a reasonable period and stay within a reasonable range.
    #[must_use]
    pub fn value(&self, market: f64, gains: &[f64]) -> f64 {
        let years = f64::from(self.years.max(1));
        let latest = gains.iter().rev().zip((1..self.years).rev());
        let open = latest.fold(0.0, |sum, (gain, left)| sum + gain * f64::from(left) / years);
        let smoothed = market - open;
        match self.corridor {
            Some(corridor) => {
                smoothed.clamp(market * (1.0 - corridor.get()), market * (1.0 + corridor.get()))
            }
            None => smoothed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(share: f64, (least, most): (f64, f64), returns: f64) -> AssetClass {
        let share_of = |value: f64| Share::new(value).unwrap();
        AssetClass {
            name: format!("of {returns}"),
            share: share_of(share),
            least: share_of(least),
            most: share_of(most),
            returns: Path::constant(Growth::new(returns).unwrap()),
            fee: Path::constant(share_of(0.002)),
        }
    }

    const YEAR: Year = Year::new(2024);

    #[test]
    fn the_whole_earns_the_returns_of_its_parts_after_fees() {
        let mix = Portfolio::new(vec![class(0.6, (0.0, 1.0), 0.04), class(0.4, (0.0, 1.0), 0.08)]);
        let mix = mix.unwrap();
        let expected = 0.6 * (1.04 * 0.998 - 1.0) + 0.4 * (1.08 * 0.998 - 1.0);
        assert!((mix.net_return(&mix.opening(), YEAR) - expected).abs() < 1e-15);
    }

    #[test]
    fn shares_drift_with_returns_and_stop_at_their_limits() {
        let mix = Portfolio::new(vec![class(0.6, (0.0, 1.0), 0.04), class(0.4, (0.3, 0.45), 0.08)]);
        let mix = mix.unwrap();
        let mut shares = mix.opening();
        shares = mix.drift(&shares, YEAR);
        let free = 0.4 * 1.08 / (0.6 * 1.04 + 0.4 * 1.08);
        assert!((shares[1] - free).abs() < 1e-12);
        for _ in 0..20 {
            shares = mix.drift(&shares, YEAR);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        assert!((shares[1] - 0.45).abs() < 1e-12);
    }

    #[test]
    fn shares_that_do_not_add_up_or_break_their_limits_are_refused() {
        let short = Portfolio::new(vec![class(0.6, (0.0, 1.0), 0.04)]);
        assert!(matches!(short, Err(FinanceError::Shares { .. })));
        let outside = Portfolio::new(vec![class(1.0, (0.0, 0.9), 0.04)]);
        assert!(matches!(outside, Err(FinanceError::Limits { .. })));
    }

    #[test]
    fn a_gain_is_recognised_in_equal_parts() {
        let smoothing = Smoothing { years: 5, corridor: None };
        // A gain of 10 in the first year: 2 are recognised at its end, 4 a year later, all after five years.
        for (year, expected) in [(1, 92.0), (2, 94.0), (5, 100.0), (7, 100.0)] {
            let mut gains = vec![0.0; year];
            gains[0] = 10.0;
            assert!((smoothing.value(100.0, &gains) - expected).abs() < 1e-12, "{year}");
        }
        let corridor = Some(Share::new(0.05).unwrap());
        let narrow = Smoothing { years: 5, corridor };
        assert!((narrow.value(100.0, &[10.0]) - 95.0).abs() < 1e-12);
    }
}
