use perennis_units::Sex;

/// Of whom a rate is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who<'a> {
    /// The group of the plan.
    pub group: &'a str,
    /// The sex.
    pub sex: Sex,
    /// Age in whole years at the start of the year.
    pub age: i32,
    /// Whole years of service, or since a benefit began, at the start of the year.
    pub service: i32,
    /// The calendar year.
    pub year: i32,
}

/// A figure for some persons: those of a group, a sex, a span of ages, of service and of years, ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct RateRow {
    /// The group; all when absent.
    pub group: Option<String>,
    /// The sex; both when absent.
    pub sex: Option<Sex>,
    /// The first and the last age.
    pub ages: (i32, i32),
    /// The first and the last year of service.
    pub service: (i32, i32),
    /// The first and the last calendar year.
    pub years: (i32, i32),
    /// The figure.
    pub value: f64,
}

/// Figures by group, sex, age, service and year; of the rows that fit a person the first holds.
#[derive(Clone, Debug, PartialEq)]
pub struct RateTable {
    rows: Vec<RateRow>,
}

impl RateTable {
    /// Takes rows in their order.
    #[must_use]
    pub const fn new(rows: Vec<RateRow>) -> Self {
        Self { rows }
    }

    /// The same figure for all.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        let all = (i32::MIN, i32::MAX);
        let row = RateRow { group: None, sex: None, ages: all, service: all, years: all, value };
        Self { rows: vec![row] }
    }

    /// Returns the figure of the first row that fits; `None` where there is none.
    #[must_use]
    pub fn at(&self, who: &Who<'_>) -> Option<f64> {
        self.rows.iter().find(|row| row.fits(who)).map(|row| row.value)
    }
}

impl RateRow {
    fn fits(&self, who: &Who<'_>) -> bool {
        let within = |(first, last): (i32, i32), value: i32| first <= value && value <= last;
        within(self.ages, who.age)
            && within(self.service, who.service)
            && within(self.years, who.year)
            && self.sex.is_none_or(|sex| sex == who.sex)
            && self.group.as_ref().is_none_or(|group| group == who.group)
    }
}

/// Yearly probabilities of death by sex and age, with improvement from a base year on.
#[derive(Clone, Debug, PartialEq)]
pub struct Mortality {
    /// Name in the file.
    pub name: String,
    /// Probabilities of the base year; nobody lives beyond the last age that has one.
    pub probability: RateTable,
    /// The year of `probability`.
    pub base_year: i32,
    /// Share by which they fall in each year after the base year; they stand still when absent.
    pub improvement: Option<RateTable>,
}

impl Mortality {
    /// Returns the probability of dying within the year; 1 past the end of the table.
    ///
    /// # Formula
    ///
    /// `q(x, t) = q(x) * product over the years after the base year of (1 - improvement(x, year))`; before the base year
    /// it is divided by the same.
    #[must_use]
    pub fn at(&self, who: &Who<'_>) -> f64 {
        let Some(base) = self.probability.at(who) else { return 1.0 };
        let Some(improvement) = self.improvement.as_ref().filter(|_| base < 1.0) else {
            return base;
        };
        let factor = |year: i32| 1.0 - improvement.at(&Who { year, ..*who }).unwrap_or(0.0);
        let mut q_x = base;
        for year in self.base_year + 1..=who.year {
            q_x *= factor(year);
        }
        for year in who.year + 1..=self.base_year {
            q_x /= factor(year);
        }
        q_x.min(1.0)
    }
}
