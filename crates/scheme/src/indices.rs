use perennis_units::{Money, Path, Year};

use crate::{LawError, NamedAmount};

/// Index levels that the law reads, mean of each calendar year, recorded years included.
///
/// Only ratios matter. Before its first year a path holds its first level, so it must start no later than the earliest
/// earnings to be revalued.
#[derive(Clone, Debug, PartialEq)]
pub struct LegalIndices {
    /// Consumer prices.
    pub prices: Path<f64>,
    /// Wages of a fixed composition.
    pub wages: Path<f64>,
}

/// What the law reads from outside itself when it is applied.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// Prices and wages.
    pub indices: &'a LegalIndices,
    /// Mean insured earnings of a full year of contributions, currency a year; for amounts that are a share of it.
    pub insured_wage: Option<Money>,
}

/// What something follows from year to year.
#[derive(Clone, Debug, PartialEq)]
pub enum Index {
    /// Nothing: it stays as it is.
    Hold,
    /// Consumer prices.
    Prices,
    /// Wages of a fixed composition.
    Wages,
    /// Growth of wages with this weight and of prices with the rest.
    Mix {
        /// Weight of wages, `0..=1`.
        wage_weight: f64,
    },
    /// An amount fixed by law.
    Amount(Box<NamedAmount>),
}

impl Index {
    /// Returns the level of `to` over the level of `from`, means of the years.
    ///
    /// # Formula
    ///
    /// `level(to) / level(from)`; for a mix the product over the years of
    /// `1 + w * growth of wages + (1 - w) * growth of prices`; for an amount the ratio of its means of the years.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] when the index is an amount that has no value in one of the years.
    pub fn factor(&self, from: Year, to: Year, indices: &LegalIndices) -> Result<f64, LawError> {
        if to < from {
            return Ok(1.0 / self.factor(to, from, indices)?);
        }
        Ok(match self {
            Self::Hold => 1.0,
            Self::Prices => indices.prices.at(to) / indices.prices.at(from),
            Self::Wages => indices.wages.at(to) / indices.wages.at(from),
            Self::Mix { wage_weight } => (from.get()..to.get())
                .map(|year| indices.mixed_growth(*wage_weight, Year::new(year)))
                .product(),
            Self::Amount(amount) => {
                let level = |year| amount.mean_of_year(year, indices).map(Money::get);
                level(to)? / level(from)?
            }
        })
    }
}

impl LegalIndices {
    /// Returns one plus the mixed growth from `year` to the next.
    fn mixed_growth(&self, wage_weight: f64, year: Year) -> f64 {
        let wages = self.wages.at(year.plus(1)) / self.wages.at(year);
        let prices = self.prices.at(year.plus(1)) / self.prices.at(year);
        wage_weight * wages + (1.0 - wage_weight) * prices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_grows_by_its_weights_year_by_year_and_back_again() {
        let indices = LegalIndices {
            prices: Path::new(Year::new(2020), vec![1.0, 1.04, 1.04]).unwrap(),
            wages: Path::new(Year::new(2020), vec![1.0, 1.08, 1.188]).unwrap(),
        };
        let mix = Index::Mix { wage_weight: 0.25 };
        let factor = |from, to| mix.factor(Year::new(from), Year::new(to), &indices).unwrap();
        assert!((factor(2020, 2021) - 1.05).abs() < 1e-12);
        assert!((factor(2020, 2022) - 1.05 * 1.025).abs() < 1e-12);
        assert!((factor(2022, 2020) * factor(2020, 2022) - 1.0).abs() < 1e-12);
        let wages = Index::Wages.factor(Year::new(2020), Year::new(2022), &indices).unwrap();
        assert!((wages - 1.188).abs() < 1e-12);
    }
}
