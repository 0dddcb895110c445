use perennis_units::{Date, Dated, Year};

use crate::{Adjustment, Index, LawError, LegalIndices};

/// How amounts in payment are adjusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Indexation {
    /// Name in the file.
    pub name: String,
    /// Increases by decision, as relative growth (0.15 is 15 %), each on its day; recorded years.
    pub decisions: Option<Dated<f64>>,
    /// The rule after the year of the last decision.
    pub after: Adjustment,
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
    /// Returns the days and the factors of the adjustments of `year`, in order.
    ///
    /// Up to the year of the last decision only decisions count; afterwards the rule, once a year.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the rule follows an amount that has no value.
    pub fn adjustments(
        &self,
        year: Year,
        indices: &LegalIndices,
    ) -> Result<Vec<(Date, f64)>, LawError> {
        let year_of = |date: Date| Year::new(i32::from(date.year()));
        let decisions = self.decisions.iter().flat_map(|decisions| decisions.rows());
        let last = decisions.clone().map(|row| year_of(row.from)).max();
        if last.is_some_and(|last| year <= last) {
            let of_year = decisions.filter(|row| year_of(row.from) == year);
            return Ok(of_year.map(|row| (row.from, 1.0 + row.value)).collect());
        }
        if self.after.by == Index::Hold {
            return Ok(Vec::new());
        }
        Ok(vec![(self.after.day(year), self.after.of_year(year, indices)?)])
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
    pub fn of_year(&self, year: Year, indices: &LegalIndices) -> Result<YearIndexation, LawError> {
        let (mut level, mut mean, mut since) = (1.0, 0.0, 0.0);
        for (day, factor) in self.adjustments(year, indices)? {
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
    use crate::fixture;

    #[test]
    fn decisions_rule_until_their_last_year_and_the_index_afterwards() {
        let prices = Path::new(Year::new(2023), vec![1.0, 1.02, 1.05, 1.1]).unwrap();
        let indices = LegalIndices { prices, wages: Path::constant(1.0) };
        let indexation = Indexation {
            name: "pensions".to_owned(),
            decisions: Some(fixture::dated("2024-07-01", 0.15)),
            after: Adjustment { by: Index::Prices, month: 4, lag: 1 },
        };
        let of_year = |year| indexation.of_year(Year::new(year), &indices).unwrap();
        assert!((of_year(2024).end_over_start - 1.15).abs() < 1e-12);
        assert!((of_year(2024).mean_over_start - 1.075).abs() < 1e-12);
        assert!((of_year(2023).end_over_start - 1.0).abs() < 1e-12);
        assert!((of_year(2025).end_over_start - 1.02).abs() < 1e-12);
        assert!((of_year(2025).mean_over_start - 1.015).abs() < 1e-12);
        assert!((of_year(2026).end_over_start - 1.05 / 1.02).abs() < 1e-12);
    }
}
