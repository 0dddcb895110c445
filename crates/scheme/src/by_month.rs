use perennis_units::Money;

/// Earnings of the credited months of one calendar year, January first; nothing for a month that is not credited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarningsByMonth([Option<Money>; 12]);

impl EarningsByMonth {
    /// Takes the earnings of each month, currency of the month; `None` where the month is not credited.
    #[must_use]
    pub const fn new(months: [Option<Money>; 12]) -> Self {
        Self(months)
    }

    /// Returns the earnings of each month, January first.
    #[must_use]
    pub const fn months(&self) -> &[Option<Money>; 12] {
        &self.0
    }

    /// Returns what lies before a month of the year, 1 to 13.
    #[must_use]
    pub fn before(&self, month: i8) -> Self {
        let kept = usize::try_from(month - 1).unwrap_or(0);
        let mut months = [None; 12];
        for (to, from) in months.iter_mut().zip(&self.0).take(kept) {
            *to = *from;
        }
        Self(months)
    }

    /// Returns how many months are credited.
    #[must_use]
    pub fn credited(&self) -> i32 {
        self.0.iter().flatten().map(|_| 1).sum()
    }

    /// Returns the earnings of all months, currency of the year.
    #[must_use]
    pub fn earnings(&self) -> f64 {
        self.0.iter().flatten().fold(0.0, |sum, earned| sum + earned.get())
    }
}

/// Months of credit and earnings of each month of a year, where the record tells them.
pub(crate) type MonthsOfYear = [(f64, f64); 12];

/// Adds one to another, month by month; where one is not told neither is the sum.
pub(crate) fn together(
    one: Option<MonthsOfYear>,
    other: Option<MonthsOfYear>,
) -> Option<MonthsOfYear> {
    let (one, other) = (one?, other?);
    Some(std::array::from_fn(|at| (one[at].0 + other[at].0, one[at].1 + other[at].1)))
}

/// The months of credit that lie before a month of the year, 1 to 12.
pub(crate) fn credited_before(months: &MonthsOfYear, month: i8) -> f64 {
    let before = usize::try_from(month - 1).unwrap_or(0);
    months.iter().take(before).fold(0.0, |sum, (credited, _)| sum + credited)
}
