use perennis_units::{Money, Path, Share, Year};

/// What a cost given as an amount grows with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrowsWith {
    /// Wages of a fixed composition.
    Wages,
    /// Consumer prices.
    Prices,
}

/// How the cost of administration of an account is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Administration {
    /// A share of the insured earnings of the year.
    ShareOfEarnings(Path<Share>),
    /// An amount of the first year of the run that grows afterwards.
    Amount {
        /// Cost in the first year, current prices.
        first_year: Money,
        /// What it grows with.
        grows_with: GrowsWith,
    },
}

/// The indices of one year that costs grow with, 1 in the first year of the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Indices {
    pub(crate) wages: f64,
    pub(crate) prices: f64,
}

impl Administration {
    /// Returns the cost of `year`, currency at current prices.
    pub(crate) fn cost(&self, year: Year, insured_earnings: f64, indices: Indices) -> f64 {
        match self {
            Self::ShareOfEarnings(share) => share.at(year).get() * insured_earnings,
            Self::Amount { first_year, grows_with: GrowsWith::Wages } => {
                first_year.get() * indices.wages
            }
            Self::Amount { first_year, grows_with: GrowsWith::Prices } => {
                first_year.get() * indices.prices
            }
        }
    }
}
