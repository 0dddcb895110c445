use perennis_units::{Date, Money, Year};

use crate::{Index, LawError, LegalIndices, rule::first_of_month};

/// A yearly adjustment: on the first day of `month` of each year, by the growth of an index.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjustment {
    /// What is followed.
    pub by: Index,
    /// Month in which it takes effect, 1 to 12.
    pub month: i8,
    /// Years by which the index lags: 0 takes the growth of the year itself, 1 of the year before.
    pub lag: i32,
}

impl Adjustment {
    /// Returns the day of the adjustment of `year`.
    pub(crate) fn day(&self, year: Year) -> Date {
        first_of_month(year, self.month)
    }

    /// Returns the factor of the adjustment of `year`.
    pub(crate) fn of_year(&self, year: Year, indices: &LegalIndices) -> Result<f64, LawError> {
        self.growth((year.plus(-self.lag - 1), year.plus(-self.lag)), indices)
    }

    /// Returns what the adjustments after the year `from` and up to `date` make together.
    pub(crate) fn since(
        &self,
        from: Year,
        date: Date,
        indices: &LegalIndices,
    ) -> Result<f64, LawError> {
        let year = Year::new(i32::from(date.year()));
        let last = if date < self.day(year) { year.plus(-1) } else { year };
        if last <= from {
            return Ok(1.0);
        }
        self.growth((from.plus(-self.lag), last.plus(-self.lag)), indices)
    }

    /// What follows an amount of law follows what is in force on the day of the adjustment, not the mean of the year.
    fn growth(&self, (from, to): (Year, Year), indices: &LegalIndices) -> Result<f64, LawError> {
        let Index::Amount(amount) = &self.by else { return self.by.factor(from, to, indices) };
        let level = |year| amount.at(self.day(year), indices).map(Money::get);
        Ok(level(to)? / level(from)?)
    }
}
