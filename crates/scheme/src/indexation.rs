use perennis_units::{Date, Dated, Year};

use crate::rule::for_anyone;
use crate::{Adjustment, Environment, Index, LawError, Rounding, Rule};

/// How amounts in payment are adjusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Indexation {
    /// Name in the file.
    pub name: String,
    /// Increases by decision, as relative growth (0.15 is 15 %), each on its day; recorded years.
    pub decisions: Option<Dated<f64>>,
    /// The rule after the year of the last decision.
    pub after: Adjustment,
    /// Taken off the growth, as relative growth.
    pub less: Option<Rule<f64>>,
    /// Growth already built into the pension at award: the factor is divided by one plus it.
    pub norm: Option<Rule<f64>>,
    /// Least growth of a year.
    pub at_least: Option<Rule<f64>>,
    /// Most growth of a year.
    pub at_most: Option<Rule<f64>>,
    /// Rounding of the amount after each adjustment; for persons only.
    pub rounded: Option<Rounding>,
    /// A brake that reads an indicator of the scheme.
    pub balancing: Option<Balancing>,
}

/// A brake: while the indicator of the year before is below its threshold, the factor is multiplied by it, at most by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Balancing {
    /// Name of the indicator, such as a balance ratio.
    pub indicator: String,
    /// The threshold.
    pub below: Rule<f64>,
}

/// The adjustments of one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YearIndexation {
    /// Amount at the end of the year over the amount at its start.
    pub end_over_start: f64,
    /// Mean amount of the year over the amount at its start, for a pension in payment all year.
    pub mean_over_start: f64,
}

impl Indexation {
    /// An indexation that follows its rule and nothing else.
    #[must_use]
    pub const fn following(name: String, decisions: Option<Dated<f64>>, after: Adjustment) -> Self {
        Self {
            name,
            decisions,
            after,
            less: None,
            norm: None,
            at_least: None,
            at_most: None,
            rounded: None,
            balancing: None,
        }
    }

    /// Returns the days and the factors of the adjustments of `year`, in order.
    ///
    /// Up to the year of the last decision only decisions count; afterwards the rule, once a year.
    ///
    /// # Formula
    ///
    /// `max(at_least, min(at_most, index growth - less)) + 1`, over `1 + norm`, times `min(1, indicator of the year before)`
    /// while the brake holds.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the rule follows an amount or an indicator that has no value.
    pub fn adjustments(
        &self,
        year: Year,
        env: &Environment<'_>,
    ) -> Result<Vec<(Date, f64)>, LawError> {
        let year_of = |date: Date| Year::new(i32::from(date.year()));
        let decisions = self.decisions.iter().flat_map(|decisions| decisions.rows());
        let last = decisions.clone().map(|row| year_of(row.from)).max();
        if last.is_some_and(|last| year <= last) {
            let of_year = decisions.filter(|row| year_of(row.from) == year);
            return Ok(of_year.map(|row| (row.from, 1.0 + row.value)).collect());
        }
        if self.after.by == Index::Hold && self.is_plain() {
            return Ok(Vec::new());
        }
        Ok(vec![(self.after.day(year), self.factor(year, env)?)])
    }

    fn is_plain(&self) -> bool {
        let rules = [&self.less, &self.norm, &self.at_least, &self.at_most];
        rules.into_iter().all(Option::is_none) && self.balancing.is_none()
    }

    fn factor(&self, year: Year, env: &Environment<'_>) -> Result<f64, LawError> {
        let mut factor = self.after.of_year(year, env.indices)?;
        if self.is_plain() {
            return Ok(factor);
        }
        let when = for_anyone(self.after.day(year));
        let value = |rule: &Option<Rule<f64>>| {
            rule.as_ref().map(|rule| rule.at(&when).map(|row| row.value)).transpose()
        };
        if let Some(less) = value(&self.less)? {
            factor -= less;
        }
        if let Some(most) = value(&self.at_most)? {
            factor = factor.min(1.0 + most);
        }
        if let Some(least) = value(&self.at_least)? {
            factor = factor.max(1.0 + least);
        }
        if let Some(norm) = value(&self.norm)? {
            factor /= 1.0 + norm;
        }
        if let Some(balancing) = &self.balancing {
            let known = env.indices.indicator(&balancing.indicator, &self.name)?;
            let indicator = known.at(year.plus(-1))?;
            if indicator < balancing.below.at(&when)?.value {
                factor *= indicator.min(1.0);
            }
        }
        Ok(factor)
    }

    /// Returns the effect over `year`.
    ///
    /// # Formula
    ///
    /// The end is the product of the factors; the mean weighs what is in force by its part of the year, a day counting
    /// as its part of the month.
    ///
    /// # Errors
    ///
    /// As [`Indexation::adjustments`].
    pub fn of_year(&self, year: Year, env: &Environment<'_>) -> Result<YearIndexation, LawError> {
        let (mut level, mut mean, mut since) = (1.0, 0.0, 0.0);
        for (day, factor) in self.adjustments(year, env)? {
            let at = part_of_year(day);
            mean += level * (at - since);
            since = at;
            level *= factor;
        }
        mean += level * (1.0 - since);
        Ok(YearIndexation { end_over_start: level, mean_over_start: mean })
    }
}

/// Returns the part of its year that lies before `day`.
fn part_of_year(day: Date) -> f64 {
    let days = f64::from(day.day() - 1) / f64::from(day.days_in_month());
    (f64::from(day.month() - 1) + days) / 12.0
}

#[cfg(test)]
mod tests {
    use perennis_units::Path;

    use super::*;
    use crate::{LegalIndices, fixture};

    #[test]
    fn decisions_rule_until_their_last_year_and_the_index_afterwards() {
        let prices = Path::new(Year::new(2023), vec![1.0, 1.02, 1.05, 1.1]).unwrap();
        let indices = LegalIndices::new(prices, Path::constant(1.0));
        let indexation = Indexation::following(
            "pensions".to_owned(),
            Some(fixture::dated("2024-07-01", 0.15)),
            Adjustment { by: Index::Prices, month: 4, lag: 1 },
        );
        let env = Environment::new(&indices);
        let of_year = |year| indexation.of_year(Year::new(year), &env).unwrap();
        assert!((of_year(2024).end_over_start - 1.15).abs() < 1e-12);
        assert!((of_year(2024).mean_over_start - 1.075).abs() < 1e-12);
        assert!((of_year(2023).end_over_start - 1.0).abs() < 1e-12);
        assert!((of_year(2025).end_over_start - 1.02).abs() < 1e-12);
        assert!((of_year(2025).mean_over_start - 1.015).abs() < 1e-12);
        assert!((of_year(2026).end_over_start - 1.05 / 1.02).abs() < 1e-12);
    }
}
