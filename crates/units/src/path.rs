use crate::{Year, YearRange};

/// One value for each year; before the first year the first holds, after the last the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Path<T> {
    first: Year,
    values: Vec<T>,
}

impl<T: Copy> Path<T> {
    /// Starts at `first`. An empty `values` gives `None`.
    #[must_use]
    pub fn new(first: Year, values: Vec<T>) -> Option<Self> {
        if values.is_empty() { None } else { Some(Self { first, values }) }
    }

    /// Holds one value for ever.
    #[must_use]
    pub fn constant(value: T) -> Self {
        Self { first: Year::new(0), values: vec![value] }
    }

    /// Returns the value of `year`.
    #[must_use]
    pub fn at(&self, year: Year) -> T {
        let offset = usize::try_from(year.since(self.first)).unwrap_or(0);
        self.values[offset.min(self.values.len() - 1)]
    }

    /// Returns the years that have a value of their own.
    #[must_use]
    pub fn years(&self) -> YearRange {
        YearRange::new(self.first, self.values.len())
    }

    /// Applies `change` to every value.
    #[must_use]
    pub fn map<U: Copy>(&self, change: impl FnMut(T) -> U) -> Path<U> {
        Path { first: self.first, values: self.values.iter().copied().map(change).collect() }
    }
}
