use crate::{Citation, Date, Sex};

/// A value of the law with the date it comes into force and the persons it applies to.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce<T> {
    /// First day in force.
    pub from: Date,
    /// Applies to those born on or after this day; to all when absent.
    pub born_from: Option<Date>,
    /// Applies to those who first contributed on or after this day; to all when absent.
    pub entered_from: Option<Date>,
    /// Applies to this sex; to both when absent.
    pub sex: Option<Sex>,
    /// The value.
    pub value: T,
    /// Act and section.
    pub citation: Citation,
}

/// The date and the person for which a value of the law is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The day on which the law is applied.
    pub date: Date,
    /// The day of birth.
    pub born: Date,
    /// The day of the first contribution.
    pub entered: Date,
    /// The sex.
    pub sex: Sex,
}

/// A provision of the law over time: rows by date in force, date of birth, date of entry and sex.
///
/// Of the rows that apply, the one latest in force wins; among those, the latest birth, the latest entry,
/// and a row for one sex before a row for both.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated<T> {
    rows: Vec<InForce<T>>,
}

impl<T> Dated<T> {
    /// Sorts `rows` by precedence. An empty list gives `None`.
    #[must_use]
    pub fn new(mut rows: Vec<InForce<T>>) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        rows.sort_by_key(|row| (row.from, row.born_from, row.entered_from, row.sex.is_some()));
        Some(Self { rows })
    }

    /// Returns the row that applies, or `None` before the first one.
    #[must_use]
    pub fn at(&self, when: &When) -> Option<&InForce<T>> {
        self.rows.iter().rev().find(|row| {
            row.from <= when.date
                && row.born_from.is_none_or(|born| born <= when.born)
                && row.entered_from.is_none_or(|entered| entered <= when.entered)
                && row.sex.is_none_or(|sex| sex == when.sex)
        })
    }

    /// Returns the rows, the earliest first.
    #[must_use]
    pub fn rows(&self) -> &[InForce<T>] {
        &self.rows
    }

    /// Replaces every value, keeping dates and citations.
    #[must_use]
    pub fn map<U>(&self, mut change: impl FnMut(&T) -> U) -> Dated<U> {
        let rows = self.rows.iter().map(|row| InForce {
            from: row.from,
            born_from: row.born_from,
            entered_from: row.entered_from,
            sex: row.sex,
            value: change(&row.value),
            citation: row.citation.clone(),
        });
        Dated { rows: rows.collect() }
    }
}
