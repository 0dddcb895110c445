//! Reserves, premiums, reserve ratios and key dates from accounts, and levers turned until a target is met.
//!
//! **In:** a [`FinanceBasis`], the economy's paths, and what the branches book to each account; or a [`Study`], in which
//! the accounts are tables. **Out:** [`Finance`]: every account with its returns, reserve and debt, year by year; the
//! measures of its financing; the solutions of a [`Problem`].
//!
//! **Always holds:** the reserve at the end of a year is the reserve at its start plus income, returns and borrowing
//! less outgo, interest on debt and repayment; it is never negative; a fund in debt has no reserve. The parts of the
//! pay-as-you-go rate add up to it.
//!
//! **Does not:** know a branch or a law: a new benefit changes nothing here.

mod administration;
mod amortisation;
mod basis;
mod cash_flows;
mod error;
mod fund;
mod groups;
mod key_dates;
mod ledger;
mod measures;
mod payg;
mod payg_change;
mod portfolio;
mod premiums;
mod project;
mod request;
mod roll;
mod scaled;
mod search;
mod state_budget;
mod steady;
mod study;
mod summarised;
mod target;
mod timing;
mod transfers;
mod yearly;

pub use administration::{Administration, GrowsWith};
pub use amortisation::Amortisation;
pub use basis::{FinanceBasis, FundBasis, FundSystem, MoneyPaths, Reserve, WhenExhausted};
pub use cash_flows::{CashFlows, FlowYear, Period};
pub use error::{FinanceError, MeasureError};
pub use fund::{FundPath, FundYear};
pub use groups::{
    AveragePremiums, InitialGroup, TerminalYear, autonomous_rates, average_premiums,
    terminal_funding,
};
pub use key_dates::KeyDates;
pub use ledger::{Ledger, Lever};
pub use measures::FinancingMeasure;
pub use payg::PaygPart;
pub use payg_change::{PaygChange, PopulationCounts, payg_change};
pub use portfolio::{AssetClass, Portfolio, Smoothing};
pub use premiums::{
    GeneralAverage, Holds, ReserveRatio, Tail, general_average_premium, level_premium,
    reserve_ratio_premium,
};
pub use project::Finance;
pub use request::{AccountFigures, Measure, NamedMeasure};
pub use roll::{Balance, Roll, Terms, roll};
pub use scaled::{
    ControlPeriod, ScaledPremium, balance_ratio_premium, scaled_premiums, ultimate_premium,
};
pub use search::{Course, Found, LeverRange, search};
pub use state_budget::StateYear;
pub use steady::steady_state_rate;
pub use study::{LeverCost, MeasureYear, Problem, Solved, Study, StudyError, StudyResults};
pub use summarised::{
    CloseBalance, OpeningFund, SummarisedRates, TargetFund, close_balance, summarised_rates,
};
pub use target::Target;
pub use timing::FlowsAt;
pub use transfers::{Transfer, TransferRule};
