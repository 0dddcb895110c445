use perennis_scheme::LifeTable;

/// Probabilities that a status still holds after so many whole years: of one life, of two together, or of either.
///
/// Lives are independent of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Lives {
    holds: Vec<f64>,
}

impl Lives {
    /// Follows one life from an age of a table of survivors to its end; `None` where nobody of that age is left.
    #[must_use]
    pub fn of(table: &LifeTable, age: usize) -> Option<Self> {
        let now = table.survivors(age).filter(|now| 0.0 < *now)?;
        let later = age..=table.last_age();
        let holds = later.map(|age| table.survivors(age).unwrap_or(0.0) / now).collect();
        Some(Self { holds })
    }

    /// Takes the probabilities themselves, from year 0 on; nothing holds after the last.
    #[must_use]
    pub const fn from_probabilities(holds: Vec<f64>) -> Self {
        Self { holds }
    }

    /// Returns the probability that the status holds after so many years.
    #[must_use]
    pub fn after(&self, years: usize) -> f64 {
        self.holds.get(years).copied().unwrap_or(0.0)
    }

    /// Returns the number of years of which the status may see the start.
    #[must_use]
    pub fn years(&self) -> usize {
        self.holds.len()
    }

    /// The joint life: both are alive.
    #[must_use]
    pub fn joint(&self, other: &Self) -> Self {
        let holds = self.holds.iter().zip(&other.holds).map(|(one, other)| one * other).collect();
        Self { holds }
    }

    /// The last survivor: one of the two is alive.
    #[must_use]
    pub fn last(&self, other: &Self) -> Self {
        let years = 0..self.years().max(other.years());
        let either = |year: usize| {
            let (one, other) = (self.after(year), other.after(year));
            one + other - one * other
        };
        Self { holds: years.map(either).collect() }
    }

    /// The reversion: this life is alive and the other is not.
    #[must_use]
    pub fn after_death_of(&self, other: &Self) -> Self {
        let years = 0..self.years();
        Self { holds: years.map(|year| self.after(year) * (1.0 - other.after(year))).collect() }
    }
}
