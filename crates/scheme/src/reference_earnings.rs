use perennis_units::{Date, Money, When, Year};

use crate::{CreditedYear, Groups, Index, LawError, LegalIndices, Rule};

/// How earnings of past years are brought to the level of the award.
#[derive(Clone, Debug, PartialEq)]
pub struct Revaluation {
    /// What they follow.
    pub by: Index,
    /// They are brought to the level of the year that lies so many years before the award.
    pub lag: i32,
}

impl Revaluation {
    /// Returns the factor for earnings of `earned` in an award of `award`; 1 for years after the one they are brought to.
    ///
    /// # Formula
    ///
    /// `index(award - lag) / index(earned)`
    ///
    /// # Errors
    ///
    /// As [`Index::factor`].
    pub fn factor(
        &self,
        earned: Year,
        award: Year,
        indices: &LegalIndices,
    ) -> Result<f64, LawError> {
        let to = award.plus(-self.lag);
        if to <= earned { Ok(1.0) } else { self.by.factor(earned, to, indices) }
    }
}

/// Which years enter the average.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// All credited months.
    Career,
    /// The last years of credit, or all where there are fewer; years, by entry where the law says so.
    Last(Rule<f64>),
}

/// How the earnings to which a pension is proportional are found.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceRule {
    /// Name in the file; the same name is the same rule.
    pub name: String,
    /// Groups to which it applies.
    pub groups: Groups,
    /// It applies to those who first contributed on or after this day.
    pub entered_from: Option<Date>,
    /// The years that enter.
    pub window: Window,
    /// How they are revalued.
    pub revaluation: Revaluation,
    /// Act and section.
    pub citation: perennis_units::Citation,
}

impl ReferenceRule {
    /// Returns whether the rule applies to a person of `group` who entered on `entered`.
    #[must_use]
    pub fn applies_to(&self, group: &str, entered: Date) -> bool {
        self.groups.contains(group) && self.entered_from.is_none_or(|from| from <= entered)
    }

    /// Returns the years in the average; `None` for the whole career.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn years(&self, when: &When) -> Result<Option<f64>, LawError> {
        match &self.window {
            Window::Career => Ok(None),
            Window::Last(years) => Ok(Some(years.at(when)?.value)),
        }
    }

    /// Returns the reference earnings of a record, currency a year at the level of the award.
    ///
    /// # Formula
    ///
    /// `12 * (sum of earnings * revaluation) / (sum of months)` over the window, counted back from the last credited
    /// month; of a year that lies partly in the window the earnings of as many months, each a like part of the year's.
    ///
    /// # Units
    ///
    /// Currency a year; nothing for a record without credit.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn of_record(
        &self,
        record: &[CreditedYear],
        when: &When,
        indices: &LegalIndices,
    ) -> Result<Money, LawError> {
        let award = Year::new(i32::from(when.date.year()));
        let mut wanted = self.years(when)?.map_or(f64::INFINITY, |years| 12.0 * years);
        let (mut earnings, mut months) = (0.0, 0.0);
        for credited in record.iter().rev().filter(|credited| 0 < credited.months) {
            let taken = f64::from(credited.months).min(wanted);
            if taken <= 0.0 {
                break;
            }
            let part = taken / f64::from(credited.months);
            let factor = self.revaluation.factor(credited.year, award, indices)?;
            earnings += part * credited.insured_earnings.get() * factor;
            months += taken;
            wanted -= taken;
        }
        if months <= 0.0 {
            return Ok(Money::ZERO);
        }
        Ok(Money::new(12.0 * earnings / months)?)
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::{Citation, Path, Sex};

    use super::*;
    use crate::fixture;

    fn rule(window: Window) -> ReferenceRule {
        ReferenceRule {
            name: "earnings".to_owned(),
            groups: Groups::All,
            entered_from: None,
            window,
            revaluation: Revaluation { by: Index::Prices, lag: 1 },
            citation: Citation { source: "test".to_owned(), checked: true },
        }
    }

    fn reference(window: Window) -> f64 {
        let credited = |year, months, earnings| CreditedYear {
            year: Year::new(year),
            months,
            insured_earnings: Money::new(earnings).unwrap(),
        };
        let record =
            [credited(2022, 12, 120.0), credited(2023, 6, 90.0), credited(2024, 12, 240.0)];
        let prices = Path::new(Year::new(2022), vec![1.0, 1.1, 1.21, 1.331]).unwrap();
        let indices = LegalIndices { prices, wages: Path::constant(1.0) };
        let when = When {
            date: "2025-03-01".parse().unwrap(),
            born: "1965-01-01".parse().unwrap(),
            entered: "2022-01-01".parse().unwrap(),
            sex: Sex::Female,
        };
        rule(window).of_record(&record, &when, &indices).unwrap().get()
    }

    #[test]
    fn a_career_average_brings_every_year_to_the_prices_of_the_year_before_the_award() {
        let expected = 12.0 * (120.0 * 1.21 + 90.0 * 1.1 + 240.0) / 30.0;
        assert!((reference(Window::Career) - expected).abs() < 1e-9);
    }

    #[test]
    fn the_last_years_are_counted_back_from_the_last_credited_month() {
        // 12 months of 2024 and 3 of the 6 of 2023.
        let expected = 12.0 * (240.0 + 45.0 * 1.1) / 15.0;
        let window = Window::Last(fixture::always("years", 1.25));
        assert!((reference(window) - expected).abs() < 1e-9);
    }

    #[test]
    fn a_short_record_is_averaged_whole() {
        let window = Window::Last(fixture::always("years", 40.0));
        assert!((reference(window) - reference(Window::Career)).abs() < 1e-9);
    }
}
