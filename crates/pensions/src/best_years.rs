use perennis_scheme::{BaseOf, Law, LawError, Length, ReferenceRule, Window};
use perennis_units::Year;

use crate::bases::bases;
use crate::claim_dates::count;
use crate::ranks::{MOST_YEARS, Ranks};
use crate::reference::{
    ByEntry, Claimant, OfRow, References, YEAR_OF_LEAVING, gap, known_last_years,
};
use crate::start::whole;

/// A rule of the best years.
pub(crate) struct BestRule<'a> {
    pub(crate) rule: &'a ReferenceRule,
    /// Only among so many last years.
    pub(crate) of_last: Option<ByEntry>,
}

impl BestRule<'_> {
    /// Returns the mean of the best years of the members of a cell: those of their group at the ages before, with what the
    /// volatility of their rank adds.
    pub(crate) fn mean(
        &self,
        (years, levels): (&ByEntry, usize),
        (claimant, of): (&Claimant, &OfRow<'_>),
        references: &References,
    ) -> Result<f64, LawError> {
        let now = |year, age| of.earnings_at(claimant, year, age);
        if claimant.credit <= 0.0 {
            return Ok(now(of.year, of.row.age));
        }
        let silent = || {
            let (rule, date) = (self.rule.name.clone(), of.when.date);
            LawError::NotInForce { rule, date }
        };
        let best = years.at(claimant.entered).ok_or_else(silent)?.min(claimant.credit);
        let all = match &self.of_last {
            Some(last) => {
                let last = last.at(claimant.entered).ok_or_else(silent)?;
                (last - claimant.away).max(best).min(claimant.credit)
            }
            None => claimant.credit,
        };
        let rule = (self.rule, levels);
        let level = |year| references.level(rule, year, of.year, of.indices);
        known_last_years(rule, (best, all), (claimant, of), |best| {
            let path = path_of_years(all, (claimant, of), now, level)?;
            Ok(self.best_of(&path, best, (&references.best, of.ranks)))
        })
    }

    /// Returns the mean of the best years of a career on the group's own scale.
    ///
    /// # Formula
    ///
    /// `mean * U(v + s) * (b / mean) / U(v)`: `b` the mean of the best years of the scale, `v` the variance of the logarithms
    /// along it, `s` the part of the variance of wages in which the years of a person differ from their mean, `U(x)` the best
    /// of independent years with that variance over their mean. Without volatility that is `b`, on a level scale `U(s)`.
    /// For years that must follow one another it is `b` alone.
    fn best_of(
        &self,
        path: &[(f64, f64)],
        best: f64,
        (tables, ranks): (&[BestYears], &Ranks),
    ) -> f64 {
        let consecutive = matches!(self.rule.window, Window::Best { consecutive: true, .. });
        let of_scale = best_of_path(path, best, consecutive);
        let years = whole(path.iter().map(|(part, _)| part).sum());
        let volatility = ranks.within(years);
        let table = tables.iter().find(|table| table.best() == whole(best));
        let Some(table) = table.filter(|_| 0.0 < volatility && !consecutive) else {
            return of_scale;
        };
        let logs = || path.iter().map(|(_, earned)| libm::log(earned.max(f64::MIN_POSITIVE)));
        let count = f64::from(u32::try_from(path.len()).unwrap_or(u32::MAX));
        let mean: f64 = logs().sum::<f64>() / count;
        let along: f64 = logs().map(|log| (log - mean) * (log - mean)).sum::<f64>() / count;
        of_scale * table.over_mean(years, along + volatility) / table.over_mean(years, along)
    }
}

/// What the best of several years earn above their mean.
///
/// # Formula
///
/// Of `m` independent lognormal years with mean one, the mean of the best `n` is expected to be
/// `(m / n) E[X P(at most n - 1 of the m - 1 others are above X)]`, integrated over the normal deviate of `X` in steps of 0.1.
#[derive(Clone, Debug)]
pub(crate) struct BestYears {
    best: usize,
    /// By number of years, then by the standard deviation of the logarithm in steps.
    excess: Vec<Vec<f64>>,
}

const STEP: f64 = 0.1;
const STEPS: usize = 26;

impl BestYears {
    pub(crate) fn new(best: usize) -> Self {
        let of_years = |years: usize| {
            let deviations = (0..STEPS).map(|at| count(at) * STEP);
            deviations.map(|deviation| best_mean(best, years, deviation)).collect()
        };
        Self { best, excess: (0..=MOST_YEARS).map(of_years).collect() }
    }

    pub(crate) const fn best(&self) -> usize {
        self.best
    }

    /// Returns the mean of the best years over the mean of all, where the logarithms of so many years vary so much.
    pub(crate) fn over_mean(&self, years: usize, variance: f64) -> f64 {
        let row = &self.excess[years.min(MOST_YEARS)];
        let at = libm::sqrt(variance.max(0.0)) / STEP;
        let below = (0..STEPS - 2).rev().find(|step| count(*step) <= at).unwrap_or(0);
        row[below] + (at - count(below)) * (row[below + 1] - row[below])
    }
}

/// Expected mean of the best of `years` independent lognormal years of mean one.
fn best_mean(best: usize, years: usize, deviation: f64) -> f64 {
    if years <= best || best == 0 || deviation <= 0.0 {
        return 1.0;
    }
    let (mut sum, mut weights) = (0.0, 0.0);
    for step in -80_i32..=80 {
        let deviate = f64::from(step) * 0.1;
        let density = libm::exp(-0.5 * deviate * deviate);
        let above = 0.5 * libm::erfc(deviate * std::f64::consts::FRAC_1_SQRT_2);
        let value = libm::exp(deviation * deviate - 0.5 * deviation * deviation);
        sum += density * value * at_most(best - 1, years - 1, above);
        weights += density;
    }
    count(years) / count(best) * sum / weights
}

/// Chance of at most `most` of `tries` where each has the chance `chance`.
fn at_most(most: usize, tries: usize, chance: f64) -> f64 {
    if 1.0 - chance < 1e-300 {
        return 0.0;
    }
    let mut term = libm::pow(1.0 - chance, count(tries));
    let mut sum = term;
    for hit in 0..most {
        term *= count(tries - hit) / count(hit + 1) * chance / (1.0 - chance);
        sum += term;
    }
    sum.min(1.0)
}

/// The years of law by which best years are asked, and what they are above the others.
pub(crate) fn best_years(law: &Law) -> Vec<BestYears> {
    let mut known: Vec<BestYears> = Vec::new();
    for base in law.benefits.iter().flat_map(bases) {
        let BaseOf::ReferenceEarnings(rule) = base else { continue };
        let Window::Best { years: Length::Years(years), .. } = &rule.window else { continue };
        for row in years.values.rows() {
            let best = whole(row.value);
            if known.iter().all(|known| known.best() != best) {
                known.push(BestYears::new(best));
            }
        }
    }
    known
}

/// Lists the last years of a claimant on the group's own scale, the latest first: the part of each that counts and its
/// revalued earnings.
fn path_of_years(
    years: f64,
    (claimant, of): (&Claimant, &OfRow<'_>),
    earned: impl Fn(Year, usize) -> f64,
    level: impl Fn(Year) -> Result<f64, LawError>,
) -> Result<Vec<(f64, f64)>, LawError> {
    let mut path = Vec::new();
    let mut left = years;
    let age = of.row.age;
    let worked = claimant.worked.min(left);
    if 0.0 < worked {
        path.push((worked, of.of_claim(&earned)));
        left -= worked;
    }
    let first = gap(claimant) + 1;
    for back in first..=age {
        if left <= 1e-9 {
            break;
        }
        let level = level(of.year_back(back))?;
        if back == first && 0.0 < claimant.away {
            let part = left.min(YEAR_OF_LEAVING);
            path.push((part, of.of_end(1.0, back, &earned) * level));
            left -= part;
            continue;
        }
        let part = left.min(1.0);
        path.push((part, of.of_end(part, back, &earned) / part * level));
        left -= 1.0;
    }
    Ok(path)
}

/// Mean of the best years of a path, or of the best that follow one another.
fn best_of_path(path: &[(f64, f64)], best: f64, consecutive: bool) -> f64 {
    let mean = |path: &mut dyn Iterator<Item = &(f64, f64)>| {
        let (mut sum, mut left) = (0.0, best);
        for (part, earned) in path {
            let part = part.min(left);
            sum += part * earned;
            left -= part;
        }
        (sum, best - left)
    };
    if consecutive {
        let windows = (0..path.len()).map(|from| mean(&mut path[from..].iter()));
        let whole = windows.filter(|(_, years)| best <= years + 1e-9);
        let best = whole.map(|(sum, years)| sum / years).fold(0.0, f64::max);
        if 0.0 < best {
            return best;
        }
    }
    let mut sorted = path.to_vec();
    sorted.sort_by(|one, other| other.1.total_cmp(&one.1));
    let (sum, years) = mean(&mut sorted.iter());
    sum / years.max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_of_two_years_follows_the_closed_form() {
        // E[max] of two independent lognormals of mean one: 2 Phi(s / sqrt 2).
        for deviation in [0.2, 0.5, 1.0] {
            let normal = 0.5 * libm::erfc(-deviation / 2.0);
            // The trapezoid of a smooth density in steps of 0.1 is exact to rounding.
            assert!((best_mean(1, 2, deviation) - 2.0 * normal).abs() < 1e-9);
        }
        assert!((best_mean(5, 5, 0.7) - 1.0).abs() < 1e-12);
    }
}
