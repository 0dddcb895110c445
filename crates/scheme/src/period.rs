use std::collections::BTreeMap;
use std::sync::Arc;

use perennis_units::{Citation, When, Year};

use crate::{CreditedYear, EarningsByMonth, LawError, Operand, Rule};

/// The name of insured work among the kinds of periods.
pub const WORK: &str = "work";

/// A kind of credited time besides work.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// Name in the file.
    pub name: String,
    /// Months of credit for each month of the period; one when absent.
    pub credit: Option<Rule<f64>>,
    /// Earnings credited, currency a year of the period at the prices of its year; those of the record when absent.
    pub earnings: Option<Operand>,
    /// Act and section.
    pub citation: Citation,
}

impl Period {
    /// Returns the months of credit for one month of the period, by the law for a person on a day.
    pub(crate) fn credit_of_a_month(&self, when: &When) -> Result<f64, LawError> {
        self.credit.as_ref().map_or(Ok(1.0), |rule| Ok(rule.at(when)?.value))
    }
}

/// The record of one person: years of insured work and of credited periods.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Record {
    work: Vec<CreditedYear>,
    periods: Vec<(Arc<Period>, Vec<CreditedYear>)>,
    by_month: BTreeMap<(String, Year), EarningsByMonth>,
}

impl Record {
    /// Takes years of insured work, in any order.
    #[must_use]
    pub fn of_work(mut years: Vec<CreditedYear>) -> Self {
        years.sort_by_key(|credited| credited.year);
        Self { work: years, ..Self::default() }
    }

    /// Adds years of a credited period, in any order.
    #[must_use]
    pub fn with(mut self, period: Arc<Period>, mut years: Vec<CreditedYear>) -> Self {
        years.sort_by_key(|credited| credited.year);
        self.periods.push((period, years));
        self
    }

    /// Tells the months of a year of a kind, `work` or the name of a period, whose months and earnings are given.
    #[must_use]
    pub fn with_months(mut self, kind: &str, year: Year, months: EarningsByMonth) -> Self {
        self.by_month.insert((kind.to_owned(), year), months);
        self
    }

    /// Returns the months of a year of a kind; `None` where they are spread evenly over the year.
    #[must_use]
    pub fn months_of(&self, kind: &str, year: Year) -> Option<&EarningsByMonth> {
        if self.by_month.is_empty() {
            return None;
        }
        self.by_month.get(&(kind.to_owned(), year))
    }

    /// Returns the years of insured work, the earliest first.
    #[must_use]
    pub fn work(&self) -> &[CreditedYear] {
        &self.work
    }

    /// Returns the credited periods and their years, the earliest first.
    #[must_use]
    pub fn periods(&self) -> &[(Arc<Period>, Vec<CreditedYear>)] {
        &self.periods
    }
}
