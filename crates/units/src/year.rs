use std::fmt;

/// A calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(i32);

impl Year {
    /// Names the calendar year `value`.
    #[must_use]
    pub const fn new(value: i32) -> Self {
        Self(value)
    }

    /// Returns the number of the year.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    /// Returns the year `years` later (earlier when negative).
    #[must_use]
    pub const fn plus(self, years: i32) -> Self {
        Self(self.0 + years)
    }

    /// Returns the number of years from `earlier` to this year.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Year {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The calendar years of a run, both ends included; stocks exist at the start of each and at the end of the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearRange {
    first: Year,
    count: usize,
}

impl YearRange {
    /// Starts at `first` and holds `count` years.
    #[must_use]
    pub const fn new(first: Year, count: usize) -> Self {
        Self { first, count }
    }

    /// Returns the first year.
    #[must_use]
    pub const fn first(self) -> Year {
        self.first
    }

    /// Returns the last year in which flows happen.
    #[must_use]
    pub fn last(self) -> Year {
        self.first.plus(i32::try_from(self.count).expect("a horizon fits i32") - 1)
    }

    /// Returns the number of years.
    #[must_use]
    pub const fn count(self) -> usize {
        self.count
    }

    /// Walks the years in order.
    pub fn iter(self) -> impl Iterator<Item = Year> {
        (0..self.count).map(move |offset| self.at(offset))
    }

    /// Returns the year at position `offset`; `count` names the year after the last, where only stocks stand.
    #[must_use]
    pub fn at(self, offset: usize) -> Year {
        self.first.plus(i32::try_from(offset).expect("a horizon fits i32"))
    }

    /// Returns the position of `year`, or `None` outside the range.
    #[must_use]
    pub fn position(self, year: Year) -> Option<usize> {
        usize::try_from(year.since(self.first)).ok().filter(|offset| *offset < self.count)
    }
}
