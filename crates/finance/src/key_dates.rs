use perennis_units::Year;

use crate::{FundPath, FundYear};

/// Differences below this share of outgo are rounding, not an event.
const ROUNDING: f64 = 1e-9;

/// First years in which something happens to a fund; `None` if not within the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyDates {
    /// Outgo is above contributions.
    pub outgo_above_contributions: Option<Year>,
    /// Outgo is above all income, returns and subsidies included.
    pub outgo_above_income: Option<Year>,
    /// The reserve is gone before the year ends.
    pub exhausted: Option<Year>,
}

impl FundPath {
    /// Returns the key dates; an account of the State budget has none, since it balances in every year.
    #[must_use]
    pub fn key_dates(&self) -> KeyDates {
        let first = |happens: fn(&FundYear) -> bool| {
            let mut years = self.years.iter().filter(|_| self.keeps_reserve);
            years.find(|fund| happens(fund)).map(|fund| fund.year)
        };
        KeyDates {
            outgo_above_contributions: first(|fund| exceeds(fund.outgo, fund.contributions)),
            outgo_above_income: first(|fund| {
                exceeds(fund.outgo, fund.primary_income + fund.investment_income)
                    || (fund.exhausted && fund.debt_end <= 0.0)
            }),
            exhausted: first(|fund| fund.exhausted),
        }
    }
}

fn exceeds(outgo: f64, income: f64) -> bool {
    income + ROUNDING * outgo < outgo
}
