use perennis_units::{Date, Duration, When, Year, date_of_year};

use crate::condition::date_reached;
use crate::rule::for_anyone;
use crate::{Groups, Index, LawError, LegalIndices, Operand, PartOfLife, Rounding, Rule};

/// How earnings of past years are brought to the level of the award.
#[derive(Clone, Debug, PartialEq)]
pub struct Revaluation {
    /// What they follow.
    pub by: Index,
    /// They are brought to the level of the year that lies so many years before the award.
    pub lag: i32,
    /// They are brought to the level of the year in which the person reaches this age, where that comes sooner.
    pub to_age: Option<Rule<Duration>>,
    /// They are brought to the mean level of so many years that end with that year.
    pub mean_of: Option<Rule<f64>>,
    /// Rounding of the revalued earnings of each year.
    pub rounded: Option<Rounding>,
}

impl Revaluation {
    /// Follows an index up to so many years before the award.
    #[must_use]
    pub const fn following(by: Index, lag: i32) -> Self {
        Self { by, lag, to_age: None, mean_of: None, rounded: None }
    }
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
        self.to_level_of(award.plus(-self.lag), earned, indices)
    }

    /// Returns the year to whose level earnings are brought, for an award by the law in `when`.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] when the age to which they are brought is not in force.
    pub fn level_year(&self, when: &When) -> Result<Year, LawError> {
        let award = Year::new(i32::from(when.date.year())).plus(-self.lag);
        let Some(age) = &self.to_age else { return Ok(award) };
        let reached = date_reached(age, when.born, when.entered, when.sex);
        let reached = reached
            .ok_or_else(|| LawError::NotInForce { rule: age.name.clone(), date: when.date })?;
        Ok(Year::new(i32::from(reached.year())).min(award))
    }

    /// Returns the factor that brings earnings to the level of a year; 1 for those of that year and later.
    pub(crate) fn to_level_of(
        &self,
        to: Year,
        earned: Year,
        indices: &LegalIndices,
    ) -> Result<f64, LawError> {
        let Some(span) = &self.mean_of else {
            return if to <= earned { Ok(1.0) } else { self.by.factor(earned, to, indices) };
        };
        #[expect(clippy::cast_possible_truncation, reason = "years of a law fit i32")]
        let years = span.at(&for_anyone(date_of_year(to)))?.value.max(1.0).round() as i32;
        let mut sum = 0.0;
        for back in 0..years {
            sum += self.by.factor(earned, to.plus(-back), indices)?;
        }
        Ok(sum / f64::from(years))
    }
}

/// Which years enter the average.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// All credited months.
    Career,
    /// The last years of credit, or all where there are fewer; years, by entry where the law says so.
    Last(Rule<f64>),
    /// The last months of credit, as many as an operand says.
    LastOf(Operand),
    /// The best years, after revaluation, or all where there are fewer.
    Best {
        /// How many years.
        years: Length,
        /// Only among so many last calendar years before the claim.
        of_last: Option<Rule<f64>>,
        /// They must follow one another.
        consecutive: bool,
    },
    /// The best months, after revaluation, or all where there are fewer.
    BestMonths {
        /// How many.
        months: Length,
        /// Only among so many last years before the claim, to the month.
        of_last: Option<Rule<f64>>,
        /// They must follow one another; a month without credit between them counts as nothing.
        consecutive: bool,
    },
}

/// What limits on earnings hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LimitsOf {
    /// The earnings of a year, for the months credited in it.
    #[default]
    Year,
    /// Those of each month that the record tells, a twelfth of the limit of the year; else those of the year.
    Month,
}

/// A length of time by a rule or by an operand.
#[derive(Clone, Debug, PartialEq)]
pub enum Length {
    /// Years.
    Years(Rule<f64>),
    /// Months, as operands give them.
    Months(Operand),
}

/// By how many months the earnings of a window are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DividedBy {
    /// The months credited in it.
    Credited,
    /// All its months; years that are missing count as years without earnings.
    Window,
    /// Twelve months for each calendar year of the window that has earnings.
    Years,
}

/// Earnings that stand in for months of a window without record: currency a year, mean in force of the year.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingEarnings {
    /// Of the missing months that lie nearest to the claim, or of all.
    pub earnings: Operand,
    /// After so many years of them, counted back from the claim, the others have other earnings.
    pub beyond: Option<(Rule<f64>, Operand)>,
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
    /// By how many months they are divided.
    pub divided_by: DividedBy,
    /// Share of the months, those with the lowest earnings, that is left out.
    pub drop: Option<Rule<f64>>,
    /// Most earnings of a year that count, mean in force of the year.
    pub ceiling: Option<Operand>,
    /// Least earnings of a year that count, mean in force of the year.
    pub floor: Option<Operand>,
    /// Only earnings of a year above this count, after the ceiling; mean in force of the year.
    pub above: Option<Operand>,
    /// Earnings put into months of the window without record.
    pub missing: Option<MissingEarnings>,
    /// Whether floor, ceiling and what counts above hold the year or each month of it.
    pub limits: LimitsOf,
    /// The part of life whose credit enters; with a beginning the window begins there and not at the first contribution.
    pub life: PartOfLife,
    /// Periods whose credited months and earnings enter beside work, by name.
    pub credited: Vec<String>,
    /// Act and section.
    pub citation: perennis_units::Citation,
}

impl ReferenceRule {
    /// Returns whether the rule applies to a person of `group` who entered on `entered`.
    #[must_use]
    pub fn applies_to(&self, group: &str, entered: Date) -> bool {
        self.groups.contains(group) && self.entered_from.is_none_or(|from| from <= entered)
    }

    /// Returns the last years in the average; `None` for the whole career and for windows that only a record tells.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn years(&self, when: &When) -> Result<Option<f64>, LawError> {
        match &self.window {
            Window::Career
            | Window::LastOf(_)
            | Window::Best { .. }
            | Window::BestMonths { .. } => Ok(None),
            Window::Last(years) => Ok(Some(years.at(when)?.value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::{Money, Path, Sex};

    use super::*;
    use crate::{CreditedYear, fixture};

    fn rule(window: Window) -> ReferenceRule {
        ReferenceRule {
            window,
            revaluation: Revaluation::following(Index::Prices, 1),
            ..fixture::reference("earnings")
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
        let indices = LegalIndices::new(prices, Path::constant(1.0));
        let when = When {
            date: "2025-03-01".parse().unwrap(),
            born: "1965-01-01".parse().unwrap(),
            entered: "2022-01-01".parse().unwrap(),
            sex: Sex::Female,
        };
        let record = crate::Record::of_work(record.to_vec());
        let claim = crate::Claim::new(when, "any", crate::Credit::Record(&record));
        let env = crate::Environment::new(&indices);
        rule(window).of_record(&claim, when.date, &env).unwrap().amount
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
