use std::sync::Arc;

use perennis_units::{Citation, Date, Dated, Money, When, Year};

use crate::rule::{first_of_month, for_anyone};
use crate::{Adjustment, Environment, LawError, LegalIndices, Rounding, Rule, Series};

/// An amount fixed by law under a name, such as a minimum wage; the same for everyone.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedAmount {
    /// Name in the file.
    pub name: String,
    /// Currency a year, by date; rows apply to everyone.
    pub values: Dated<Money>,
    /// How it goes on after the year of the last row.
    pub after: Adjustment,
    /// Rounding of what it has grown to; growth runs on the unrounded amount.
    pub rounded: Option<Rounding>,
}

impl NamedAmount {
    /// Returns the amount in force on `date`, currency a year.
    ///
    /// # Formula
    ///
    /// The last row; from the first adjustment in a later year on, `value * index(year - lag) / index(year of the row - lag)`.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] before the first row.
    pub fn at(&self, date: Date, indices: &LegalIndices) -> Result<Money, LawError> {
        let row = self
            .values
            .at(&for_anyone(date))
            .ok_or_else(|| LawError::NotInForce { rule: self.name.clone(), date })?;
        if self.values.rows().last().is_some_and(|last| row.from < last.from) {
            return Ok(row.value);
        }
        let decided = Year::new(i32::from(row.from.year()));
        let grown = self.after.since(decided, date, indices)?;
        let amount = row.value.get() * grown;
        let rounded = self.rounded.as_ref().filter(|_| decided.get() < i32::from(date.year()));
        let rounded = rounded.map(|rounding| rounding.of(amount, &for_anyone(date)));
        Ok(Money::new(rounded.transpose()?.unwrap_or(amount))?)
    }

    /// Returns the mean over the months of `year`, currency a year.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] when a month of the year begins before the first row.
    pub fn mean_of_year(&self, year: Year, indices: &LegalIndices) -> Result<Money, LawError> {
        let last = self.values.rows().last().map(|row| i32::from(row.from.year()));
        if last.is_none_or(|last| year.get() <= last) {
            return mean_of_months(year, |date| self.at(date, indices));
        }
        // After the last row the amount changes once a year.
        let before = self.at(first_of_month(year, 1), indices)?.get();
        let after = self.at(first_of_month(year, 12), indices)?.get();
        let months_before = f64::from(self.after.month - 1);
        Ok(Money::new((before * months_before + after * (12.0 - months_before)) / 12.0)?)
    }

    pub(crate) fn citation_at(&self, date: Date) -> Option<&Citation> {
        self.values.at(&for_anyone(date)).map(|row| &row.citation)
    }
}

/// An amount in a rule of law.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// Dated amounts, currency a year; the last row holds.
    Fixed(Rule<Money>),
    /// A multiple of a named amount.
    Times {
        /// The multiple.
        times: Rule<f64>,
        /// The amount.
        of: NamedAmount,
    },
    /// A share of the mean insured wage.
    OfInsuredWage(Rule<f64>),
    /// An amount of law as it stands.
    Named(NamedAmount),
    /// A series of the law, currency a year, that of the year.
    Series(Arc<Series>),
}

impl Amount {
    /// Returns the name in words.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Fixed(rule) => rule.name.clone(),
            Self::Times { times, of } => format!("{} × {}", times.name, of.name),
            Self::OfInsuredWage(rule) => format!("{} of the insured wage", rule.name),
            Self::Named(amount) => amount.name.clone(),
            Self::Series(series) => series.name.clone(),
        }
    }

    /// Returns the amount in force for a person on a date, currency a year.
    ///
    /// # Errors
    ///
    /// [`LawError`] when a value is not in force or the mean insured wage is not known.
    pub fn at(&self, when: &When, env: &Environment<'_>) -> Result<Money, LawError> {
        match self {
            Self::Fixed(rule) => Ok(rule.at(when)?.value),
            Self::Times { times, of } => {
                let amount = of.at(when.date, env.indices)?;
                Ok(Money::new(times.at(when)?.value * amount.get())?)
            }
            Self::OfInsuredWage(share) => {
                let wage = env
                    .insured_wage_of(Year::new(i32::from(when.date.year())))
                    .ok_or_else(|| LawError::NoInsuredWage { rule: share.name.clone() })?;
                Ok(Money::new(share.at(when)?.value * wage.get())?)
            }
            Self::Named(amount) => amount.at(when.date, env.indices),
            Self::Series(series) => {
                let year = Year::new(i32::from(when.date.year()));
                Ok(Money::new(series.at(year, env.indices)?)?)
            }
        }
    }

    /// Returns the mean over the months of `year` for the person in `when`, whose date is not read; currency a year.
    ///
    /// # Errors
    ///
    /// As [`Amount::at`].
    pub fn mean_of_year(
        &self,
        year: Year,
        when: &When,
        env: &Environment<'_>,
    ) -> Result<Money, LawError> {
        mean_of_months(year, |date| self.at(&When { date, ..*when }, env))
    }

    /// Returns the provision that fixes the amount.
    pub(crate) fn citation(&self, when: &When) -> Option<&Citation> {
        match self {
            Self::Fixed(rule) => rule.values.at(when).map(|row| &row.citation),
            Self::Times { times: rule, .. } | Self::OfInsuredWage(rule) => {
                rule.values.at(when).map(|row| &row.citation)
            }
            Self::Named(amount) => amount.citation_at(when.date),
            Self::Series(series) => Some(&series.citation),
        }
    }
}

/// Averages what is in force on the first day of each month.
fn mean_of_months(
    year: Year,
    amount: impl Fn(Date) -> Result<Money, LawError>,
) -> Result<Money, LawError> {
    let mut sum = 0.0;
    for month in 1..=12 {
        sum += amount(first_of_month(year, month))?.get();
    }
    Ok(Money::new(sum / 12.0)?)
}

#[cfg(test)]
mod tests {
    use perennis_units::Path;

    use super::*;
    use crate::{Index, fixture};

    #[test]
    fn an_amount_holds_until_the_month_of_adjustment_in_the_year_after_its_last_row() {
        let indices = LegalIndices {
            prices: Path::new(Year::new(2020), vec![1.0, 1.1, 1.21, 1.331]).unwrap(),
            wages: Path::constant(1.0),
            indicators: Vec::new(),
        };
        let amount = NamedAmount {
            name: "level".to_owned(),
            values: fixture::dated("2020-03-01", Money::new(1200.0).unwrap()),
            after: Adjustment { by: Index::Prices, month: 4, lag: 0 },
            rounded: None,
        };
        let at = |text: &str| amount.at(text.parse().unwrap(), &indices).map(Money::get);
        assert!(matches!(at("2020-02-29"), Err(LawError::NotInForce { .. })));
        assert!((at("2020-12-31").unwrap() - 1200.0).abs() < 1e-9);
        assert!((at("2021-03-31").unwrap() - 1200.0).abs() < 1e-9);
        assert!((at("2021-04-01").unwrap() - 1320.0).abs() < 1e-9);
        assert!((at("2023-04-01").unwrap() - 1597.2).abs() < 1e-9);
        let mean = amount.mean_of_year(Year::new(2021), &indices).unwrap();
        assert!((mean.get() - (3.0 * 1200.0 + 9.0 * 1320.0) / 12.0).abs() < 1e-9);
    }
}
