use std::cmp::Ordering;

use perennis_units::{Date, Money, When, Year, months_between};

use crate::{Known, LawError, Record, WORK};

/// One calendar year of a person's record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CreditedYear {
    /// The year.
    pub year: Year,
    /// Months credited, 0 to 12.
    pub months: i32,
    /// Insured earnings of the year in its own prices, currency.
    pub insured_earnings: Money,
}

/// Months of credit and when they were earned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Credit<'a> {
    /// A number of months that end at a date without a gap: what a cell knows of its members.
    Ending {
        /// Months credited.
        months: i32,
        /// The day after the last credited one.
        until: Date,
    },
    /// The record itself.
    Record(&'a Record),
}

impl Credit<'_> {
    /// Returns the whole months credited by work, or all of a cell.
    #[must_use]
    pub fn months(&self) -> i32 {
        match self {
            Self::Ending { months, .. } => *months,
            Self::Record(record) => record.work().iter().map(|year| year.months).sum(),
        }
    }

    /// Returns the months credited before `date`, of work or of a cell.
    ///
    /// In a record the months of the year of `date` are those told by month, else spread evenly over it, whole months before
    /// the date.
    #[must_use]
    pub fn months_before(&self, date: Date) -> i32 {
        match self {
            Self::Ending { months, until } => {
                months - months_between(date, *until).clamp(0, *months)
            }
            Self::Record(record) => before(record, (WORK, record.work()), date),
        }
    }

    /// Returns the months credited for some kinds of periods, all when none is named. Months of a cell are taken as work.
    pub(crate) fn of_kinds(&self, kinds: &[String], when: &When) -> Result<f64, LawError> {
        self.counting(kinds, when, self.months(), |_, years| {
            years.iter().map(|year| year.months).sum()
        })
    }

    /// Returns the same before `date`.
    pub(crate) fn before(
        &self,
        date: Date,
        kinds: &[String],
        when: &When,
    ) -> Result<f64, LawError> {
        self.counting(kinds, when, self.months_before(date), |kind, years| match self {
            Self::Ending { .. } => 0,
            Self::Record(record) => before(record, (kind, years), date),
        })
    }

    fn counting(
        &self,
        kinds: &[String],
        when: &When,
        of_work: i32,
        months: impl Fn(&str, &[CreditedYear]) -> i32,
    ) -> Result<f64, LawError> {
        let wanted = |kind: &str| kinds.is_empty() || kinds.iter().any(|named| named == kind);
        let mut sum = if wanted(WORK) { f64::from(of_work) } else { 0.0 };
        match self {
            Self::Ending { .. } if !wanted(WORK) => {
                return Err(LawError::NotKnown { measure: kinds.join(", ") });
            }
            Self::Ending { .. } => {}
            Self::Record(record) => {
                for (period, years) in record.periods() {
                    if wanted(&period.name) {
                        sum += f64::from(months(&period.name, years))
                            * period.credit_of_a_month(when)?;
                    }
                }
            }
        }
        Ok(sum)
    }
}

/// Months of a kind before a date; those of its year by the months of the record or spread evenly, whole months count.
fn before(record: &Record, (kind, years): (&str, &[CreditedYear]), date: Date) -> i32 {
    let this_year = Year::new(i32::from(date.year()));
    let of_year = |credited: &CreditedYear| match credited.year.cmp(&this_year) {
        Ordering::Less => credited.months,
        Ordering::Equal => match record.months_of(kind, credited.year) {
            Some(months) => months.before(date.month()).credited(),
            None => credited.months * (i32::from(date.month()) - 1) / 12,
        },
        Ordering::Greater => 0,
    };
    years.iter().map(of_year).sum()
}

/// A claim of one person, or of one member of a cell.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The first day for which the benefit is paid, with birth, first contribution and sex.
    pub when: When,
    /// The group in which the person was last insured.
    pub group: &'a str,
    /// Credits.
    pub credit: Credit<'a>,
    /// What else is known of the person; nothing of a member of a cell.
    pub known: Option<&'a Known>,
}

impl<'a> Claim<'a> {
    /// A claim of which nothing else is known.
    #[must_use]
    pub const fn new(when: When, group: &'a str, credit: Credit<'a>) -> Self {
        Self { when, group, credit, known: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_before_a_date_are_those_of_earlier_years_and_a_part_of_its_own() {
        let credited = |year, months| CreditedYear {
            year: Year::new(year),
            months,
            insured_earnings: Money::ZERO,
        };
        let record =
            Record::of_work(vec![credited(2012, 12), credited(2013, 6), credited(2014, 12)]);
        let before = |date: &str| Credit::Record(&record).months_before(date.parse().unwrap());
        assert_eq!(before("2013-01-01"), 12);
        assert_eq!(before("2013-07-01"), 15);
        assert_eq!(before("2014-05-01"), 22);
        assert_eq!(before("2020-01-01"), 30);
        let ending = Credit::Ending { months: 30, until: "2015-01-01".parse().unwrap() };
        assert_eq!(ending.months_before("2014-05-01".parse().unwrap()), 22);
        assert_eq!(ending.months_before("2000-01-01".parse().unwrap()), 0);
        assert_eq!(ending.months_before("2020-01-01".parse().unwrap()), 30);
    }
}
