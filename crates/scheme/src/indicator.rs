use perennis_units::{Citation, Path, Year};

use crate::LawError;

/// A figure of a scheme by year that its law reads, such as a balance ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Name in the file.
    pub name: String,
    first: Year,
    /// From the first year on; a year may be without a figure.
    values: Vec<Option<f64>>,
    held: bool,
}

impl Indicator {
    /// Takes figures of which the first and the last hold before and after.
    #[must_use]
    pub fn held(name: &str, values: &Path<f64>) -> Self {
        Self { held: true, ..Self::known(name, values) }
    }

    /// Takes figures beside which nothing is known.
    #[must_use]
    pub fn known(name: &str, values: &Path<f64>) -> Self {
        let years = values.years();
        let of_years = years.iter().map(|year| Some(values.at(year))).collect();
        Self { name: name.to_owned(), first: years.first(), values: of_years, held: false }
    }

    /// Returns the same figures, of which the first and the last hold before and after.
    #[must_use]
    pub fn holding(&self) -> Self {
        Self { held: true, ..self.clone() }
    }

    /// Returns the figures up to the first year without one.
    #[must_use]
    pub fn path(&self) -> Option<Path<f64>> {
        Path::new(self.first, self.values.iter().map_while(|value| *value).collect())
    }

    /// Returns the first year with a figure.
    #[must_use]
    pub const fn first(&self) -> Year {
        self.first
    }

    /// Returns the year after the last that is known.
    #[must_use]
    pub fn next(&self) -> Year {
        self.first.plus(i32::try_from(self.values.len()).unwrap_or(i32::MAX))
    }

    /// Returns the figure that a year has of its own.
    #[must_use]
    pub fn of_year(&self, year: Year) -> Option<f64> {
        let at = usize::try_from(year.since(self.first)).ok()?;
        self.values.get(at).copied().flatten()
    }

    /// Adds the figure of the next year.
    pub fn push(&mut self, value: Option<f64>) {
        self.values.push(value);
    }

    /// Returns the figure of a year.
    ///
    /// # Errors
    ///
    /// [`LawError::IndicatorNotKnown`] when the year has none.
    pub fn at(&self, year: Year) -> Result<f64, LawError> {
        let nearest = if self.held { year.max(self.first).min(self.next().plus(-1)) } else { year };
        self.of_year(nearest)
            .ok_or_else(|| LawError::IndicatorNotKnown { indicator: self.name.clone(), year })
    }
}

/// An indicator that the law defines by figures of the scheme, which a valuation finds year by year.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorLaw {
    /// Name in the file.
    pub name: String,
    /// What it is.
    pub of: IndicatorOf,
    /// Years from the year whose figures it takes to the year whose indicator it is.
    pub lag: i32,
    /// What was published; it goes before the figures of the valuation.
    pub published: Path<f64>,
    /// The figures of the valuation are moved to the level of the last year published, by a factor.
    pub scaled: bool,
    /// Act and section.
    pub citation: Citation,
}

/// The figures of a scheme that make an indicator.
#[derive(Clone, Debug, PartialEq)]
pub enum IndicatorOf {
    /// Person-years in payment of these benefits over contributors, mean of the year.
    Dependency {
        /// Names of the benefits.
        benefits: Vec<String>,
    },
    /// The reserve at the end of the year over the expenditure of the year.
    ReserveRatio {
        /// Name of the account.
        account: String,
    },
}

impl IndicatorOf {
    /// Returns the word used in files and tables.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Dependency { .. } => "dependency",
            Self::ReserveRatio { .. } => "reserve_ratio",
        }
    }

    /// Returns the benefits that it counts; none of a fund.
    #[must_use]
    pub fn benefits(&self) -> &[String] {
        match self {
            Self::Dependency { benefits } => benefits,
            Self::ReserveRatio { .. } => &[],
        }
    }

    /// Returns the account whose fund it reads.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Dependency { .. } => None,
            Self::ReserveRatio { account } => Some(account),
        }
    }
}

impl IndicatorLaw {
    /// Returns what is known of it before a valuation.
    #[must_use]
    pub fn before(&self) -> Indicator {
        Indicator::known(&self.name, &self.published)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_without_a_figure_is_an_error_and_never_the_figure_of_another_year() {
        let values = Path::new(Year::new(2024), vec![0.3, 0.31]).unwrap();
        let mut known = Indicator::known("dependency", &values);
        known.push(None);
        known.push(Some(0.33));
        let at = |year| known.at(Year::new(year));
        assert_eq!(at(2025), Ok(0.31));
        assert_eq!(at(2027), Ok(0.33));
        assert_eq!(known.next(), Year::new(2028));
        for year in [2023, 2026, 2028] {
            let error = at(year).unwrap_err();
            assert_eq!(
                error,
                LawError::IndicatorNotKnown {
                    indicator: "dependency".to_owned(),
                    year: Year::new(year)
                }
            );
        }
        let held = known.holding();
        assert_eq!(held.at(Year::new(2000)), Ok(0.3));
        assert_eq!(held.at(Year::new(2050)), Ok(0.33));
        assert!(held.at(Year::new(2026)).is_err());
    }
}
