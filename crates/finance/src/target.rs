use perennis_units::Year;

use crate::{
    FundPath, FundYear, MeasureError, OpeningFund, Period, ReserveRatio, Tail, TargetFund,
    general_average_premium, summarised_rates,
};

/// What a solver is asked to reach in one account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A reserve ratio in a year.
    Reserve {
        /// Which ratio.
        ratio: ReserveRatio,
        /// The year.
        year: Year,
        /// Its value.
        value: f64,
    },
    /// A reserve ratio that is not undercut in any year of a period.
    ReserveAllThrough {
        /// Which ratio.
        ratio: ReserveRatio,
        /// The years.
        period: Period,
        /// The least value.
        value: f64,
    },
    /// A general average premium from a year on.
    GeneralAverage {
        /// The first year.
        first: Year,
        /// What comes after the horizon.
        tail: Tail,
        /// The premium, a share of insured earnings.
        rate: f64,
    },
    /// A reserve that lasts at least to the end of the year before.
    NotExhaustedBefore {
        /// The first year in which it may be gone.
        year: Year,
    },
    /// An actuarial balance of zero.
    Balanced {
        /// The years.
        period: Period,
        /// The reserve that is left at their end.
        target: TargetFund,
    },
}

impl Target {
    /// Says whether more than the target is as good: then the solution is the edge of what serves.
    #[must_use]
    pub const fn is_floor(&self) -> bool {
        matches!(self, Self::ReserveAllThrough { .. } | Self::NotExhaustedBefore { .. })
    }

    /// Returns by how much an account is above its target: a ratio, or a share of insured earnings.
    ///
    /// A reserve that is gone counts below zero, whoever pays, so that the answer moves with what is lacking.
    ///
    /// # Errors
    ///
    /// [`MeasureError`] for a year that the account does not have, or in which the measure does not exist.
    pub fn miss(&self, fund: &FundPath) -> Result<f64, MeasureError> {
        match self {
            Self::Reserve { ratio, year, value } => Ok(held(fund, *ratio, *year)? - value),
            Self::ReserveAllThrough { ratio, period, value } => {
                let mut least = f64::INFINITY;
                for offset in 0..=period.last.since(period.first) {
                    least = least.min(held(fund, *ratio, period.first.plus(offset))?);
                }
                if least.is_finite() {
                    return Ok(least - value);
                }
                Err(MeasureError::EmptyPeriod { first: period.first, last: period.last })
            }
            Self::GeneralAverage { first, tail, rate } => {
                Ok(general_average_premium(&fund.cash_flows()?, *first, *tail)?.premium - rate)
            }
            Self::NotExhaustedBefore { year } => lasting(fund, *year),
            Self::Balanced { period, target } => {
                let rates = summarised_rates(
                    &fund.cash_flows()?,
                    *period,
                    (OpeningFund::Counted, *target),
                )?;
                Ok(rates.balance())
            }
        }
    }
}

fn of_year(fund: &FundPath, year: Year) -> Result<&FundYear, MeasureError> {
    let (Some(first), Some(last)) = (fund.years.first(), fund.years.last()) else {
        return Err(MeasureError::NoYears);
    };
    fund.in_year(year).ok_or(MeasureError::OutsideHorizon {
        year,
        first: first.year,
        last: last.year,
    })
}

fn held(fund: &FundPath, ratio: ReserveRatio, year: Year) -> Result<f64, MeasureError> {
    let this = of_year(fund, year)?;
    let lacking = this.state_paid * fund.flows_at.after(this.interest);
    let end = this.reserve_end - this.debt_end - lacking;
    let (reserve, spent) = match ratio {
        ReserveRatio::EndOverExpenditure => (end, this),
        ReserveRatio::StartOverExpenditure => (this.reserve_start - this.debt_start, this),
        ReserveRatio::EndOverNextExpenditure => (end, of_year(fund, year.plus(1))?),
    };
    if 0.0 < spent.outgo {
        Ok(reserve / spent.outgo)
    } else {
        Err(MeasureError::NoOutgo { year: spent.year })
    }
}

/// Returns the least that is left at the moment of the flows before a year, over the outgo of that moment's year.
fn lasting(fund: &FundPath, year: Year) -> Result<f64, MeasureError> {
    let first = fund.years.first().ok_or(MeasureError::NoYears)?.year;
    let last = year.plus(-1);
    of_year(fund, last)?;
    let before = fund.years.iter().take_while(|one| one.year <= last);
    let left = before.filter(|one| 0.0 < one.outgo).map(|one| one.left / one.outgo);
    let least = left.fold(f64::INFINITY, f64::min);
    if least.is_finite() { Ok(least) } else { Err(MeasureError::EmptyPeriod { first, last }) }
}
