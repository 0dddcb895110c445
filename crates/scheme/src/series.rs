use perennis_units::{Citation, Date, Path, Year, date_of_year};

use crate::{LawError, LegalIndices};

/// How a series goes on after its last year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesAfter {
    /// It stays.
    Hold,
    /// It grows on as in its last year: what holds in a series of growth.
    LastGrowth,
    /// With consumer prices.
    Prices,
    /// With wages of a fixed composition.
    Wages,
}

/// A table by year that belongs to the law: an index or an amount.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in the file.
    pub name: String,
    /// Level of each year: an index, or currency a year.
    pub values: Path<f64>,
    /// How it goes on.
    pub after: SeriesAfter,
    /// Where it stands.
    pub citation: Citation,
}

impl Series {
    /// Returns the level of a year.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] before the first year.
    pub fn at(&self, year: Year, indices: &LegalIndices) -> Result<f64, LawError> {
        let years = self.values.years();
        if year < years.first() {
            let date: Date = date_of_year(year);
            return Err(LawError::NotInForce { rule: self.name.clone(), date });
        }
        let level = self.values.at(year);
        let last = years.last();
        if year <= last {
            return Ok(level);
        }
        Ok(level
            * match self.after {
                SeriesAfter::Hold => 1.0,
                SeriesAfter::LastGrowth => {
                    let growth = level / self.values.at(last.plus(-1));
                    (last.get()..year.get()).fold(1.0, |grown, _| grown * growth)
                }
                SeriesAfter::Prices => indices.prices.at(year) / indices.prices.at(last),
                SeriesAfter::Wages => indices.wages.at(year) / indices.wages.at(last),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_growth_holds_where_a_series_is_one_of_growth() {
        let mut series = Series {
            name: "dividend".to_owned(),
            values: Path::new(Year::new(2019), vec![1.0, 1.05, 1.05 * 1.03]).unwrap(),
            after: SeriesAfter::LastGrowth,
            citation: Citation { source: "test".to_owned(), checked: true },
        };
        let indices = LegalIndices {
            prices: Path::constant(1.0),
            wages: Path::constant(1.0),
            indicators: Vec::new(),
        };
        let level = |series: &Series, year| series.at(Year::new(year), &indices).unwrap();
        assert!((level(&series, 2023) / level(&series, 2021) - 1.03 * 1.03).abs() < 1e-15);
        series.after = SeriesAfter::Hold;
        assert!((level(&series, 2023) / level(&series, 2021) - 1.0).abs() < 1e-15);
    }
}
