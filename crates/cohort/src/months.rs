use crate::table::Credited;

/// How the months paid in a year are spread over the persons of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum MonthsRule {
    /// Everyone pays either all twelve months or none.
    FullOrNone,
    /// Each month is paid or not, independently of the others.
    Binomial,
    /// As binomial, with a chance that differs between persons.
    BetaBinomial {
        /// Correlation between two months of a person, between 0 and 1: 0 is binomial, 1 full or none.
        correlation: f64,
    },
}

/// Months credited in a year, as shares of persons who move so many steps up the grid of credits.
///
/// Months between two points of the grid are split linearly between them, which keeps their mean.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthsPaid {
    step: usize,
    whole: Vec<f64>,
    taps: [Vec<Tap>; 3],
}

/// A share of persons who move so many steps up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tap {
    pub(crate) steps: usize,
    pub(crate) share: f64,
    /// Years credited.
    pub(crate) years: f64,
}

/// Shares by months paid.
type Shares = [f64; 13];

impl MonthsPaid {
    /// Spreads the months of a year with mean `density` (share of the year that is paid) over a grid of `step` months.
    ///
    /// `None` when the grid is not of 1, 3, 6 or 12 months or the density or correlation is not within `0..=1`.
    #[must_use]
    pub fn new(step: usize, density: f64, rule: &MonthsRule) -> Option<Self> {
        Self::of_shares(step, &months_of_year(density, rule)?)
    }

    /// Takes the months of a year as shares of the persons who pay 0, 1, … 12 months, for a grid of `step` months.
    ///
    /// `None` when the grid is not of 1, 3, 6 or 12 months, a share is negative or they do not add up to 1 (to 1e-9).
    #[must_use]
    pub fn of_shares(step: usize, shares: &[f64; 13]) -> Option<Self> {
        let total: f64 = shares.iter().sum();
        let fits = shares.iter().all(|share| 0.0 <= *share) && (total - 1.0).abs() <= 1e-9;
        if !fits || ![1, 3, 6, 12].contains(&step) {
            return None;
        }
        let mut whole = vec![0.0; 12 / step + 1];
        let mut part = vec![0.0; 12 / step + 1];
        for (months, share) in (0_u8..).zip(*shares) {
            split(&mut whole, f64::from(months), step, share);
            for twelfth in 0_u8..12 {
                let exposed = (f64::from(twelfth) + 0.5) / 12.0;
                split(&mut part, f64::from(months) * exposed, step, share / 12.0);
            }
        }
        let taps =
            [vec![Tap { steps: 0, share: 1.0, years: 0.0 }], taps(&part, step), taps(&whole, step)];
        Some(Self { step, whole, taps })
    }

    /// Months of members who are stepped one by one: each keeps a place of its own and is credited with its own share of
    /// the year, of which half falls to a part of a year.
    #[must_use]
    pub fn of_each_member() -> Self {
        let own = |years| vec![Tap { steps: 0, share: 1.0, years }];
        let taps = [own(0.0), own(0.5), own(1.0)];
        Self { step: 12, whole: vec![0.0, 1.0], taps }
    }

    /// Returns months of which `factor` times as many are paid on average: below one, that share of the persons pays as
    /// before and the others nothing in the year; above one, the share that brings the mean there pays all of the year.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        let density = self.density();
        if (factor - 1.0).abs() <= 0.0 || density <= 0.0 {
            return self.clone();
        }
        // Of those who do not pay as before, everybody pays twelve months or nobody any.
        let (kept, filled) = if factor < 1.0 {
            (factor.max(0.0), 0)
        } else if density < 1.0 {
            (1.0 - ((factor - 1.0) * density / (1.0 - density)).min(1.0), 12)
        } else {
            (1.0, 12)
        };
        let mut shares = [0.0; 13];
        for (at, share) in self.whole.iter().enumerate() {
            shares[at * self.step] += kept * share;
        }
        shares[filled] += 1.0 - kept;
        Self::of_shares(self.step, &shares).expect("a mean of two spreads is one")
    }

    /// Returns the shares by steps for persons exposed the whole year.
    #[must_use]
    pub fn whole_year(&self) -> &[f64] {
        &self.whole
    }

    /// Returns the years of credit in so many steps.
    #[must_use]
    pub fn years(&self, steps: usize) -> f64 {
        f64::from(u16::try_from(steps * self.step).unwrap_or(u16::MAX)) / 12.0
    }

    /// Returns the mean share of the year that is credited.
    #[must_use]
    pub fn density(&self) -> f64 {
        self.whole.iter().enumerate().map(|(steps, share)| share * self.years(steps)).sum()
    }

    /// Returns the shares of persons exposed a part of the year that is uniform between none and all of it, with the steps
    /// that they move up.
    pub fn part_year(&self) -> impl Iterator<Item = (usize, f64)> {
        self.taps(Credited::PartYear).iter().map(|tap| (tap.steps, tap.share))
    }

    pub(crate) fn taps(&self, credited: Credited) -> &[Tap] {
        match credited {
            Credited::Nothing => &self.taps[0],
            Credited::PartYear => &self.taps[1],
            Credited::WholeYear => &self.taps[2],
        }
    }
}

fn taps(shares: &[f64], step: usize) -> Vec<Tap> {
    let width = f64::from(u8::try_from(step).unwrap_or(12));
    let all = (0_u8..).zip(shares).map(|(steps, share)| Tap {
        steps: usize::from(steps),
        share: *share,
        years: f64::from(steps) * width / 12.0,
    });
    all.filter(|tap| 0.0 < tap.share).collect()
}

fn split(shares: &mut [f64], months: f64, step: usize, share: f64) {
    let width = f64::from(u8::try_from(step).unwrap_or(12));
    let mut below = 0;
    let mut rest = months / width;
    while 1.0 <= rest && below + 1 < shares.len() {
        below += 1;
        rest -= 1.0;
    }
    shares[below] += share * (1.0 - rest);
    if 0.0 < rest {
        shares[below + 1] += share * rest;
    }
}

/// Returns the shares of persons who pay 0 to 12 months.
fn months_of_year(density: f64, rule: &MonthsRule) -> Option<Shares> {
    if !(0.0..=1.0).contains(&density) {
        return None;
    }
    let correlation = match rule {
        MonthsRule::FullOrNone => 1.0,
        MonthsRule::Binomial => 0.0,
        MonthsRule::BetaBinomial { correlation } => *correlation,
    };
    if !(0.0..=1.0).contains(&correlation) {
        return None;
    }
    let mut shares = [0.0; 13];
    if 1.0 <= correlation || density <= 0.0 || 1.0 <= density {
        shares[0] = 1.0 - density;
        shares[12] = density;
        return Some(shares);
    }
    // The urn of Polya: after each month paid or missed the chance of the next moves towards it.
    let weight = correlation / (1.0 - correlation);
    shares[0] = 1.0;
    for month in 0_u8..12 {
        let seen = f64::from(month);
        for paid in (0..=usize::from(month)).rev() {
            let paid_before = f64::from(u8::try_from(paid).unwrap_or(12));
            let chance = (density + paid_before * weight) / (1.0 + seen * weight);
            shares[paid + 1] += shares[paid] * chance;
            shares[paid] *= 1.0 - chance;
        }
    }
    Some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_times_the_months_are_paid() {
        for step in [1, 3, 12] {
            let months = MonthsPaid::new(step, 0.6, &MonthsRule::Binomial).unwrap();
            assert_eq!(months.times(1.0), months);
            for (factor, density) in [(0.5, 0.3), (0.0, 0.0), (1.2, 0.72), (5.0, 1.0)] {
                let other = months.times(factor);
                // Sums of thirteen shares.
                assert!((other.density() - density).abs() < 1e-12, "{step} {factor}");
                let shares = other.whole_year();
                assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                assert!(shares.iter().all(|share| 0.0 <= *share));
            }
        }
    }

    #[test]
    fn every_rule_keeps_the_mean_and_loses_nobody() {
        let rules = [
            MonthsRule::FullOrNone,
            MonthsRule::Binomial,
            MonthsRule::BetaBinomial { correlation: 0.3 },
        ];
        for rule in &rules {
            for step in [1, 3, 6, 12] {
                for density in [0.0, 0.3, 0.75, 1.0] {
                    let months = MonthsPaid::new(step, density, rule).unwrap();
                    // Sums of at most 157 doubles of size one.
                    assert!((months.whole.iter().sum::<f64>() - 1.0).abs() < 1e-13);
                    let part = months.taps(Credited::PartYear);
                    assert!((part.iter().map(|tap| tap.share).sum::<f64>() - 1.0).abs() < 1e-13);
                    assert!((months.density() - density).abs() < 1e-13);
                    let credited: f64 = part.iter().map(|tap| tap.share * tap.years).sum();
                    assert!((credited - density / 2.0).abs() < 1e-13);
                }
            }
        }
    }

    #[test]
    fn independent_months_follow_the_binomial_law() {
        let shares = months_of_year(0.5, &MonthsRule::Binomial).unwrap();
        // 12 choose 6 over 2^12.
        assert!((shares[6] - 924.0 / 4096.0).abs() < 1e-14);
        assert!((shares[0] - 1.0 / 4096.0).abs() < 1e-14);
    }

    #[test]
    fn correlated_months_have_the_variance_of_the_beta_binomial() {
        let shares = months_of_year(0.4, &MonthsRule::BetaBinomial { correlation: 0.25 }).unwrap();
        let mean: f64 = (0_u8..).zip(shares).map(|(m, s)| f64::from(m) * s).sum();
        let square: f64 = (0_u8..).zip(shares).map(|(m, s)| f64::from(m) * f64::from(m) * s).sum();
        // n p (1 - p) (1 + (n - 1) rho).
        let variance = 12.0 * 0.4 * 0.6 * (1.0 + 11.0 * 0.25);
        assert!((square - mean * mean - variance).abs() < 1e-12);
    }

    #[test]
    fn a_grid_of_five_months_is_refused() {
        assert_eq!(MonthsPaid::new(5, 1.0, &MonthsRule::FullOrNone), None);
    }
}
