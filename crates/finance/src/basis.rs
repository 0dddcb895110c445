use perennis_labour::Economy;
use perennis_units::{Growth, Money, Path, Year, YearRange};

use crate::{Administration, FlowsAt, Portfolio, Smoothing, Transfer};

/// What happens when outgo exceeds income and the reserve is gone.
#[derive(Clone, Debug, PartialEq)]
pub enum WhenExhausted {
    /// The fund borrows at the interest of its reserve plus a margin, and repays from its surpluses before it builds a
    /// reserve again.
    Borrow {
        /// Margin over the interest of the reserve, not negative.
        margin: Growth,
    },
    /// The State budget pays the shortfall of the year as a subsidy; nothing is owed.
    StatePays,
    /// Nobody is named who would pay; a reserve that is gone is [`FinanceError::ReserveGone`](crate::FinanceError).
    Refused,
}

/// The reserve of a fund at the start and the rules it lives by.
#[derive(Clone, Debug, PartialEq)]
pub struct Reserve {
    /// Reserve at the start of the first year, current prices, not negative.
    pub opening: Money,
    /// Debt at the start of the first year, not negative; zero where there is a reserve.
    pub opening_debt: Money,
    /// Interest of the fund where it differs from the economy's; with `assets`, the return that was expected of them.
    pub interest: Option<Path<Growth>>,
    /// The classes of assets in which the reserve is held; without them it earns the interest.
    pub assets: Option<Portfolio>,
    /// How returns that were not expected are spread over years in the smoothed value of the assets.
    pub smoothing: Option<Smoothing>,
    /// What happens when the reserve is gone.
    pub when_exhausted: WhenExhausted,
}

impl Reserve {
    /// A reserve without debt that earns the interest of the economy.
    #[must_use]
    pub const fn new(opening: Money, when_exhausted: WhenExhausted) -> Self {
        let opening_debt = Money::ZERO;
        Self {
            opening,
            opening_debt,
            interest: None,
            assets: None,
            smoothing: None,
            when_exhausted,
        }
    }
}

/// How an account is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum FundSystem {
    /// A fund with a reserve of its own.
    Reserve(Reserve),
    /// A part of the State budget: no reserve. The State pays in each year what other income does not, as a subsidy; a
    /// surplus goes back to it as a transfer out.
    Budget,
}

/// An account as finance keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct FundBasis {
    /// Name of the account.
    pub account: String,
    /// Cost of administration that the branches do not book themselves.
    pub administration: Option<Administration>,
    /// How the account is kept.
    pub system: FundSystem,
}

/// Everything that determines the funds.
#[derive(Clone, Debug, PartialEq)]
pub struct FinanceBasis {
    /// The accounts, in the order of the tables; an account that is booked to must be among them.
    pub funds: Vec<FundBasis>,
    /// What the accounts pay to one another, in the order in which it is paid.
    pub transfers: Vec<Transfer>,
    /// When in the year flows fall.
    pub flows_at: FlowsAt,
}

impl FinanceBasis {
    /// Accounts whose flows fall at mid-year and that pay nothing to one another.
    #[must_use]
    pub const fn of(funds: Vec<FundBasis>) -> Self {
        Self { funds, transfers: Vec::new(), flows_at: FlowsAt::MidYear }
    }
}

/// What the funds need to know of the economy, from the first year on.
#[derive(Clone, Debug, PartialEq)]
pub struct MoneyPaths {
    /// The years.
    pub years: YearRange,
    /// Nominal interest of each year.
    pub interest: Vec<f64>,
    /// Wages of a fixed composition, 1 in the first year.
    pub wage_index: Vec<f64>,
    /// Consumer prices, 1 in the first year.
    pub price_index: Vec<f64>,
}

impl MoneyPaths {
    /// Paths of accounts that are given as tables: every fund has its own interest, and costs grow with nothing.
    #[must_use]
    pub fn without_economy(first: Year, years: usize) -> Self {
        let ones = || vec![1.0; years];
        let (wage_index, price_index) = (ones(), ones());
        Self {
            years: YearRange::new(first, years),
            interest: vec![0.0; years],
            wage_index,
            price_index,
        }
    }
}

impl From<&Economy> for MoneyPaths {
    fn from(economy: &Economy) -> Self {
        Self {
            years: YearRange::new(economy.first, economy.interest.len()),
            interest: economy.interest.clone(),
            wage_index: economy.wage_index.clone(),
            price_index: economy.price_index.clone(),
        }
    }
}
