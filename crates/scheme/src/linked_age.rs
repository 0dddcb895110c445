use perennis_units::{
    Citation, Date, Dated, Duration, InForce, Path, Sex, When, Year, date_of_year,
};
use thiserror::Error;

use crate::Rule;

/// A pensionable age that follows life expectancy after the rows that the law states.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedAge {
    /// The rows that the law states; from `first` on the last of them is the age that moves.
    pub stated: Rule<Duration>,
    /// The exact age at which life expectancy is taken, whole years.
    pub at: usize,
    /// Months of age for each month of life expectancy.
    pub share: f64,
    /// Life expectancy that belongs to the age of the last row.
    pub reference: ReferenceLife,
    /// The first year whose age follows: of the calendar, or of birth.
    pub first: Year,
    /// Whether the year is that of the calendar or of birth.
    pub by: LinkedBy,
    /// Years from one adjustment to the next.
    pub every: i32,
    /// Years from the life table to the year of the calendar whose age it fixes, or to the year in which a year of birth
    /// reaches the age at which its pensionable age is fixed.
    pub lag: i32,
    /// The age moves by whole multiples of so many months.
    pub step: i32,
    /// Most months by which it moves in one adjustment.
    pub at_most: Option<i32>,
    /// Whether it falls when life expectancy does.
    pub may_fall: bool,
    /// Life expectancy that was published, by year, years; it goes before that of the valuation.
    pub published: Option<Path<f64>>,
    /// Act and section.
    pub citation: Citation,
}

/// Life expectancy that belongs to the age of the last row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReferenceLife {
    /// So many years.
    Stated(f64),
    /// That of a year.
    Of(Year),
}

/// Whose age a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedBy {
    /// Of all who are on a day of the calendar.
    Date,
    /// Of those born from a day on; fixed in the year in which they reach this age.
    Birth {
        /// Whole years.
        fixed_at: i32,
    },
}

impl LinkedBy {
    /// Returns the word used in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Birth { .. } => "birth",
        }
    }
}

/// A pensionable age asks for a life expectancy that nothing gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "the pensionable age follows the life expectancy of {year}, which is neither published nor projected"
)]
pub struct NoLifeExpectancy {
    /// The year.
    pub year: Year,
}

/// One adjustment of a linked age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkedYear {
    /// The year of the calendar, or of birth.
    pub year: Year,
    /// Life expectancy that decided it, years.
    pub life_expectancy: f64,
    /// Months by which the age stands above that of the last row.
    pub months: i32,
}

impl LinkedAge {
    /// Returns the adjustments, as long as life expectancy is known.
    ///
    /// # Formula
    ///
    /// With `e(y)` the life expectancy of a year at the age of the link, `T(y) = 12 * share * (e(y - lag) - e(reference))`;
    /// `A(y) = A(before) + step * trunc((T(y) - A(before)) / step)`, the change held to `at_most` and, where the age may
    /// not fall, to nothing below. For a year of birth `y - lag` is the year in which it reaches the age of fixing, less the
    /// lag.
    ///
    /// # Errors
    ///
    /// [`NoLifeExpectancy`] when that of the reference or of the first adjustment is not known.
    pub fn adjustments(
        &self,
        projected: &dyn Fn(Year) -> Option<f64>,
    ) -> Result<Vec<LinkedYear>, NoLifeExpectancy> {
        let known = |year: Year| {
            let published = self.published.as_ref();
            let published = published.filter(|path| path.years().position(year).is_some());
            published.map(|path| path.at(year)).or_else(|| projected(year))
        };
        let needed = |year: Year| known(year).ok_or(NoLifeExpectancy { year });
        let reference = match self.reference {
            ReferenceLife::Stated(years) => years,
            ReferenceLife::Of(year) => needed(year)?,
        };
        let mut expectancy = needed(self.read_in(self.first))?;
        let (mut found, mut year, mut months) = (Vec::new(), self.first, 0);
        loop {
            months += self.change(months, expectancy - reference);
            found.push(LinkedYear { year, life_expectancy: expectancy, months });
            year = year.plus(self.every);
            match known(self.read_in(year)) {
                Some(next) => expectancy = next,
                None => return Ok(found),
            }
        }
    }

    /// Returns the age over time: the rows of the law, then one for each change.
    ///
    /// # Errors
    ///
    /// As [`LinkedAge::adjustments`].
    pub fn rule(
        &self,
        projected: &dyn Fn(Year) -> Option<f64>,
    ) -> Result<Rule<Duration>, NoLifeExpectancy> {
        let mut rows = self.stated.values.rows().to_vec();
        let mut before = 0;
        for adjustment in self.adjustments(projected)? {
            if adjustment.months != before {
                before = adjustment.months;
                rows.extend(Sex::ALL.into_iter().filter_map(|sex| self.row(sex, &adjustment)));
            }
        }
        let values = Dated::new(rows).unwrap_or_else(|| self.stated.values.clone());
        Ok(Rule { name: self.stated.name.clone(), values })
    }

    /// The year whose life table fixes the age of a year.
    fn read_in(&self, year: Year) -> Year {
        match self.by {
            LinkedBy::Date => year.plus(-self.lag),
            LinkedBy::Birth { fixed_at } => year.plus(fixed_at - self.lag),
        }
    }

    /// Months by which the age moves, from so many above the last row, when life is so many years longer.
    fn change(&self, months: i32, longer: f64) -> i32 {
        let wanted = 12.0 * self.share * longer - f64::from(months);
        // A whole step that a binary fraction hides is one.
        let steps = (wanted / f64::from(self.step) + 1e-9 * wanted.signum()).trunc();
        #[expect(clippy::cast_possible_truncation, reason = "months of a life fit i32")]
        let change = steps as i32 * self.step;
        let most = self.at_most.unwrap_or(i32::MAX);
        change.clamp(if self.may_fall { -most } else { 0 }, most)
    }

    fn row(&self, sex: Sex, of: &LinkedYear) -> Option<InForce<Duration>> {
        let last = self.last_row(sex)?;
        let day = date_of_year(of.year);
        let (from, born_from) = match self.by {
            LinkedBy::Date => (day, None),
            LinkedBy::Birth { .. } => (last.from, Some(day)),
        };
        Some(InForce {
            from,
            born_from,
            entered_from: None,
            sex: Some(sex),
            value: Duration::months(last.value.in_months() + of.months),
            citation: self.citation.clone(),
        })
    }

    /// Returns the age of the last row of the law for a sex.
    #[must_use]
    pub fn stated_for(&self, sex: Sex) -> Option<Duration> {
        Some(self.last_row(sex)?.value)
    }

    /// The row of the law that holds on the day before the first adjustment.
    fn last_row(&self, sex: Sex) -> Option<&InForce<Duration>> {
        let day = date_of_year(self.first).yesterday().ok()?;
        let latest = self.stated.values.rows().last()?.from;
        let (date, born): (Date, Date) = match self.by {
            LinkedBy::Date => (day, day),
            LinkedBy::Birth { .. } => (latest, day),
        };
        self.stated.values.at(&When { date, born, entered: date, sex })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn link() -> LinkedAge {
        LinkedAge {
            stated: Rule {
                name: "pensionable_age".to_owned(),
                values: fixture::dated("2020-01-01", Duration::months(804)),
            },
            at: 65,
            share: 2.0 / 3.0,
            reference: ReferenceLife::Stated(20.64),
            first: Year::new(2028),
            by: LinkedBy::Date,
            every: 1,
            lag: 0,
            step: 3,
            at_most: Some(3),
            may_fall: false,
            published: None,
            citation: fixture::citation(),
        }
    }

    fn rising(year: Year) -> Option<f64> {
        (year < Year::new(2060)).then(|| 20.64 + 0.125 * f64::from(year.get() - 2025))
    }

    /// Two thirds of 0.125 years are one month a year: a quarter is full every third year.
    #[test]
    fn the_age_moves_in_steps_when_they_are_full() {
        let found = link().adjustments(&rising).unwrap();
        let months = |year: i32| found.iter().find(|one| one.year.get() == year).unwrap().months;
        assert_eq!([2028, 2029, 2030, 2031, 2034].map(months), [3, 3, 3, 6, 9]);
        let rule = link().rule(&rising).unwrap();
        let on = |date: &str| {
            let date: Date = date.parse().unwrap();
            let when = When { date, born: date, entered: date, sex: Sex::Female };
            rule.at(&when).unwrap().value.in_months()
        };
        assert_eq!([on("2027-12-31"), on("2028-01-01"), on("2031-06-01")], [804, 807, 810]);
        assert_eq!(on("2100-01-01"), 804 + found.last().unwrap().months);
    }

    #[test]
    fn a_step_is_held_to_the_most_and_the_rest_is_made_up_later() {
        let jump = |year: Year| Some(if year < Year::new(2030) { 20.64 } else { 21.64 });
        let months: Vec<i32> = link()
            .adjustments(&|year| jump(year).filter(|_| year < Year::new(2035)))
            .unwrap()
            .iter()
            .map(|one| one.months)
            .collect();
        // Two thirds of a year are eight months, of which two quarters are full.
        assert_eq!(months, [0, 0, 3, 6, 6, 6, 6]);
    }

    #[test]
    fn the_age_falls_only_where_the_law_lets_it() {
        let shorter = |year: Year| (year < Year::new(2030)).then_some(18.64);
        assert!(link().adjustments(&shorter).unwrap().iter().all(|one| one.months == 0));
        let falls = LinkedAge { may_fall: true, at_most: None, ..link() };
        let found = falls.adjustments(&shorter).unwrap();
        assert!(found.iter().all(|one| one.months == -15), "16 months are five quarters");
    }

    #[test]
    fn a_year_of_birth_keeps_its_age() {
        let by = LinkedBy::Birth { fixed_at: 62 };
        let link = LinkedAge { by, first: Year::new(1966), step: 1, ..link() };
        let rule = link.rule(&rising).unwrap();
        let of = |born: &str| {
            let born: Date = born.parse().unwrap();
            let date = "2050-01-01".parse().unwrap();
            rule.at(&When { date, born, entered: date, sex: Sex::Male }).unwrap().value.in_months()
        };
        assert_eq!(of("1965-12-31"), 804);
        // Fixed in 2028: three years of one month each.
        assert_eq!(of("1966-01-01"), 807);
        assert_eq!(of("1966-12-31"), 807);
        assert_eq!(of("1970-05-05"), 811);
    }

    #[test]
    fn a_year_without_life_expectancy_is_named() {
        let late = LinkedAge { lag: 5, ..link() };
        let from = |year: Year| rising(year).filter(|_| Year::new(2025) <= year);
        assert_eq!(late.adjustments(&from).unwrap_err().year, Year::new(2023));
        let published = Path::new(Year::new(2023), vec![20.9, 21.0]).unwrap();
        assert!(LinkedAge { published: Some(published), ..late }.adjustments(&from).is_ok());
    }
}
