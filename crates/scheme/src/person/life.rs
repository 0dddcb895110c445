use perennis_units::Probability;

use crate::LifeTable;

/// How long one life lasts.
#[derive(Clone, Debug, PartialEq)]
pub enum Survival {
    /// The same probability of living through each year.
    Constant(Probability),
    /// A table of survivors by age.
    Table(LifeTable),
}

impl Survival {
    /// Follows a life of an age in months; `None` when the table has nobody of that age.
    pub(crate) fn followed_from(&self, months: i32) -> Option<Life<'_>> {
        let start = match self {
            Self::Constant(_) => 1.0,
            Self::Table(table) => at_months(table, months).filter(|start| 0.0 < *start)?,
        };
        Some(Life { survival: self, months, start })
    }
}

/// Returns survivors at an age in months, between whole ages on a straight line; `None` before the table.
fn at_months(table: &LifeTable, months: i32) -> Option<f64> {
    let age = usize::try_from(months.div_euclid(12)).ok()?;
    let (from, to) = (table.survivors(age)?, table.survivors(age + 1)?);
    Some(from + f64::from(months.rem_euclid(12)) / 12.0 * (to - from))
}

/// A life followed from an age.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life<'a> {
    survival: &'a Survival,
    months: i32,
    start: f64,
}

impl Life<'_> {
    /// Returns the probability of being alive after so many whole years.
    pub(crate) fn alive_after(&self, years: i32) -> f64 {
        match self.survival {
            Survival::Constant(survival) => libm::pow(survival.get(), f64::from(years)),
            Survival::Table(table) => {
                at_months(table, self.months + 12 * years).unwrap_or(0.0) / self.start
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survivors_lie_on_straight_lines_and_end_after_the_table() {
        let table = LifeTable::new(60, vec![1.0, 0.8, 0.2]).unwrap();
        let survival = Survival::Table(table);
        let life = survival.followed_from(60 * 12 + 6).unwrap();
        // l(60.5) = 0.9, l(61.5) = 0.5, l(62.5) = 0.1, l(63.5) = 0.
        assert!((life.alive_after(0) - 1.0).abs() < 1e-15);
        assert!((life.alive_after(1) - 0.5 / 0.9).abs() < 1e-15);
        assert!((life.alive_after(2) - 0.1 / 0.9).abs() < 1e-15);
        assert!(life.alive_after(3).abs() < 1e-15);
        assert!(survival.followed_from(59 * 12).is_none());
        assert!(survival.followed_from(63 * 12).is_none());
    }
}
