use perennis_units::{Date, Dated, InForce, Sex, When, Year, add_months, date_of_year};

use crate::LawError;

/// A named provision of the law: dated values with their citations.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule<T> {
    /// Name in the file, as in errors and traces.
    pub name: String,
    /// The values over time.
    pub values: Dated<T>,
}

impl<T> Rule<T> {
    /// Returns the row that applies.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] when none does.
    pub fn at(&self, when: &When) -> Result<&InForce<T>, LawError> {
        self.values
            .at(when)
            .ok_or_else(|| LawError::NotInForce { rule: self.name.clone(), date: when.date })
    }

    /// Returns the days of first contribution from which another row may apply, increasing; mostly none.
    pub(crate) fn entry_days(&self) -> Vec<Date> {
        let rows = self.values.rows().iter();
        let mut days: Vec<Date> = rows.filter_map(|row| row.entered_from).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Returns the days on which rows come into force, each once, in order.
    pub(crate) fn days(&self) -> Vec<Date> {
        let mut days: Vec<Date> = self.values.rows().iter().map(|row| row.from).collect();
        days.dedup();
        days
    }
}

/// The groups of insured persons to which a provision applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Groups {
    /// Every group of the scheme.
    All,
    /// Those named.
    Only(Vec<String>),
}

impl Groups {
    /// Returns whether `group` is one of them.
    #[must_use]
    pub fn contains(&self, group: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(|name| name == group),
        }
    }
}

/// Returns the first day of `month`, 1 to 12.
pub(crate) fn first_of_month(year: Year, month: i8) -> Date {
    add_months(date_of_year(year), i32::from(month) - 1)
}

/// Asks for a value that is the same for everyone: birth and entry are the day itself.
pub(crate) fn for_anyone(date: Date) -> When {
    When { date, born: date, entered: date, sex: Sex::Male }
}
