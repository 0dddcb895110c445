use jiff::{Span, civil};
use thiserror::Error;

use crate::Year;

/// A calendar date.
pub type Date = civil::Date;

/// A date that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{year}-{month:02}-{day:02} is not a date")]
pub struct DateError {
    /// The year given.
    pub year: i32,
    /// The month given.
    pub month: i32,
    /// The day given.
    pub day: i32,
}

/// A length of time in whole months: a pensionable age, a qualifying period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    months: i32,
}

impl Duration {
    /// A length of `months` months.
    #[must_use]
    pub const fn months(months: i32) -> Self {
        Self { months }
    }

    /// Returns the length in months.
    #[must_use]
    pub const fn in_months(self) -> i32 {
        self.months
    }
}

/// Returns 1 January of `year`.
#[must_use]
pub fn date_of_year(year: Year) -> Date {
    civil::date(i16::try_from(year.get()).expect("a year of a valuation fits i16"), 1, 1)
}

/// Returns the date `months` later; the last day of the month where the day does not exist.
#[inline]
#[must_use]
pub fn add_months(date: Date, months: i32) -> Date {
    // Months are counted directly: a general span costs many times as much, and dates are added to in inner loops.
    let month = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 + months;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    let first = i16::try_from(year).ok().zip(i8::try_from(month).ok());
    let first = first.and_then(|(year, month)| Date::new(year, month, 1).ok());
    let Some(first) = first else {
        return date.saturating_add(Span::new().months(months));
    };
    if date.day() == 1 {
        return first;
    }
    let day = date.day().min(first.days_in_month());
    Date::new(first.year(), first.month(), day).unwrap_or(first)
}

/// Returns the completed months from `from` to `to`; negative when `to` is earlier.
///
/// A month is complete on the day that [`add_months`] finds: on the last day of a month that lacks the day of `from`.
#[inline]
#[must_use]
pub fn months_between(from: Date, to: Date) -> i32 {
    let whole = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    let is_complete = from.day() <= to.day() || to.day() == to.days_in_month();
    if is_complete { whole } else { whole - 1 }
}

/// Returns the years from `from` to `to`, completed months counted as twelfths.
#[must_use]
pub fn years_between(from: Date, to: Date) -> f64 {
    f64::from(months_between(from, to)) / 12.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_complete_on_the_day_that_adding_them_finds() {
        for from in [civil::date(1960, 2, 29), civil::date(2023, 12, 31), civil::date(2024, 1, 15)]
        {
            for months in -40..=40 {
                let reached = add_months(from, months);
                assert_eq!(months_between(from, reached), months, "{from} to {reached}");
                let before = reached.yesterday().unwrap();
                assert_eq!(months_between(from, before), months - 1, "{from} to {before}");
            }
        }
    }
}
