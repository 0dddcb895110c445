use std::sync::Arc;

use perennis_units::{Money, Path, Sex, Year, date_of_year};

use crate::rule::for_anyone;
use crate::{Indicator, LawError, LifeTable, NamedAmount, Rule, Series};

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
    /// Indicators of the scheme, such as a balance ratio, by year.
    pub indicators: Vec<Indicator>,
}

/// What the law reads from outside itself when it is applied.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// Prices and wages.
    pub indices: &'a LegalIndices,
    /// Mean insured earnings of a full year of contributions, currency a year; for amounts that are a share of it.
    pub insured_wage: Option<Money>,
    /// What few laws read.
    pub outlook: Option<&'a Outlook>,
}

impl<'a> Environment<'a> {
    /// Takes prices and wages; nothing else is known.
    #[must_use]
    pub const fn new(indices: &'a LegalIndices) -> Self {
        Self { indices, insured_wage: None, outlook: None }
    }

    /// Returns mean insured earnings of a year: those of the outlook, else the one given.
    #[must_use]
    pub fn insured_wage_of(&self, year: Year) -> Option<Money> {
        let path = self.outlook.and_then(|outlook| outlook.insured_wages.as_ref());
        path.map(|path| path.at(year)).or(self.insured_wage)
    }
}

/// What few laws read from outside.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Outlook {
    /// Mean insured earnings of a full year, currency a year, by year.
    pub insured_wages: Option<Path<Money>>,
    /// Survivors of the valuation by age, men and women.
    pub mortality: Option<[LifeTable; 2]>,
}

impl Outlook {
    /// Returns the mortality of the valuation.
    #[must_use]
    pub fn life_table(&self, sex: Sex) -> Option<&LifeTable> {
        self.mortality.as_ref().map(|tables| &tables[sex.index()])
    }
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
    /// A series of the law.
    Series(Arc<Series>),
    /// The greatest growth of each year.
    Greater(Vec<Index>),
    /// The least growth of each year.
    Lesser(Vec<Index>),
    /// The growth of several, one on top of the other.
    Product(Vec<Index>),
    /// The mean growth of the last years, geometric.
    Average {
        /// Of what.
        of: Box<Index>,
        /// How many years.
        years: Rule<f64>,
    },
    /// An index that falls with an indicator below one and catches up with the index afterwards, never above it.
    Balanced {
        /// The index.
        of: Box<Index>,
        /// Name of the indicator, such as a balance ratio.
        indicator: String,
    },
    /// The factor of sustainability: it falls when an indicator, such as a dependency ratio, rises.
    Sustainability {
        /// Name of the indicator.
        indicator: String,
        /// How much of the change counts, `0..=1`.
        weight: Rule<f64>,
    },
}

impl Index {
    /// Returns the level of `to` over the level of `from`, means of the years.
    ///
    /// # Formula
    ///
    /// `level(to) / level(from)`; for a mix the product over the years of
    /// `1 + w * growth of wages + (1 - w) * growth of prices`; for an amount the ratio of its means of the years; for the
    /// greater or the lesser of several the product over the years of the greatest or least factor; for sustainability the
    /// product of `1 + w * (1 - D(t) / D(t - 1))` with the indicator `D`.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] when the index is an amount or a series that has no value in one of the years,
    /// [`LawError::IndicatorNotKnown`] when it reads an indicator that has none.
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
            Self::Series(series) => series.at(to, indices)? / series.at(from, indices)?,
            Self::Greater(of) => each_year(of, (from, to), indices, f64::max)?,
            Self::Lesser(of) => each_year(of, (from, to), indices, f64::min)?,
            Self::Product(of) => {
                let mut product = 1.0;
                for index in of {
                    product *= index.factor(from, to, indices)?;
                }
                product
            }
            Self::Average { of, years } => averaged(of, years, (from, to), indices)?,
            Self::Balanced { of, indicator } => {
                let level = |year| balanced(of, indicator, year, indices);
                level(to)? / level(from)?
            }
            Self::Sustainability { indicator, weight } => {
                sustained((indicator, weight), (from, to), indices)?
            }
        })
    }

    /// Calls `found` with every indicator that the index reads and the years by which the latest year it reads of it lags.
    pub fn indicators<'a>(&'a self, lag: i32, found: &mut dyn FnMut(&'a str, i32)) {
        match self {
            Self::Greater(list) | Self::Lesser(list) | Self::Product(list) => {
                list.iter().for_each(|index| index.indicators(lag, found));
            }
            Self::Average { of, .. } => of.indicators(lag, found),
            Self::Amount(amount) => amount.after.by.indicators(lag + amount.after.lag, found),
            Self::Balanced { of, indicator } => {
                found(indicator, lag);
                of.indicators(lag, found);
            }
            Self::Sustainability { indicator, .. } => found(indicator, lag),
            Self::Hold | Self::Prices | Self::Wages | Self::Mix { .. } | Self::Series(_) => {}
        }
    }
}

/// `product over years of 1 + w * (1 - D(t) / D(t - 1))`
///
/// Source: the factor of the German pension insurance, SGB VI § 68 (4), whose dependency ratio is that of equivalent
/// pensioners and contributors and whose weight is a quarter.
fn sustained(
    (name, weight): (&str, &Rule<f64>),
    (from, to): (Year, Year),
    indices: &LegalIndices,
) -> Result<f64, LawError> {
    let indicator = indices.indicator(name, "sustainability")?;
    let mut product = 1.0;
    for year in (from.get() + 1..=to.get()).map(Year::new) {
        let weight = weight.at(&for_anyone(date_of_year(year)))?.value;
        let factor = 1.0 + weight * (1.0 - indicator.at(year)? / indicator.at(year.plus(-1))?);
        if !(factor.is_finite() && 0.0 < factor) {
            return Err(LawError::NoFactor { indicator: name.to_owned(), year, factor });
        }
        product *= factor;
    }
    Ok(product)
}

/// `product over years of (I(y) / I(y - n))^(1/n)`
fn averaged(
    of: &Index,
    years: &Rule<f64>,
    (from, to): (Year, Year),
    indices: &LegalIndices,
) -> Result<f64, LawError> {
    let mut product = 1.0;
    for year in (from.get() + 1..=to.get()).map(Year::new) {
        let span = years.at(&for_anyone(date_of_year(year)))?.value;
        #[expect(clippy::cast_possible_truncation, reason = "years of a law fit i32")]
        let back = span.max(1.0).round() as i32;
        product *= libm::pow(of.factor(year.plus(-back), year, indices)?, 1.0 / f64::from(back));
    }
    Ok(product)
}

/// The level of a balanced index of a year, 1 in the year before the first of the indicator.
///
/// # Formula
///
/// `L(t) = min(I(t), L(t - 1) * I(t) / I(t - 1) * ratio(t))`
fn balanced(
    of: &Index,
    indicator: &str,
    year: Year,
    indices: &LegalIndices,
) -> Result<f64, LawError> {
    let ratios = indices.indicator(indicator, "balanced")?;
    let start = ratios.first().plus(-1);
    if year <= start {
        return of.factor(start, year, indices);
    }
    let (mut level, mut index) = (1.0_f64, 1.0);
    for year in (start.get() + 1..=year.get()).map(Year::new) {
        let growth = of.factor(year.plus(-1), year, indices)?;
        index *= growth;
        level = index.min(level * growth * ratios.at(year)?);
    }
    Ok(level)
}

/// Multiplies what `choose` takes of the factors of several indices from each year to the next.
fn each_year(
    of: &[Index],
    (from, to): (Year, Year),
    indices: &LegalIndices,
    choose: fn(f64, f64) -> f64,
) -> Result<f64, LawError> {
    let mut product = 1.0;
    for year in (from.get()..to.get()).map(Year::new) {
        let mut chosen: Option<f64> = None;
        for index in of {
            let factor = index.factor(year, year.plus(1), indices)?;
            chosen = Some(chosen.map_or(factor, |chosen| choose(chosen, factor)));
        }
        product *= chosen.unwrap_or(1.0);
    }
    Ok(product)
}

impl LegalIndices {
    /// Takes prices and wages; no indicator is known.
    #[must_use]
    pub const fn new(prices: Path<f64>, wages: Path<f64>) -> Self {
        Self { prices, wages, indicators: Vec::new() }
    }

    /// Returns an indicator by name; `reader` is what reads it.
    ///
    /// # Errors
    ///
    /// [`LawError::NoIndicator`] when there is none of the name.
    pub fn indicator(&self, name: &str, reader: &str) -> Result<&Indicator, LawError> {
        self.indicators.iter().find(|known| known.name == name).ok_or_else(|| {
            LawError::NoIndicator { indexation: reader.to_owned(), indicator: name.to_owned() }
        })
    }

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
            indicators: Vec::new(),
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
