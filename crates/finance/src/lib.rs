//! Reserves, pay-as-you-go rates, reserve ratios and key dates from accounts.
//!
//! **In:** a [`FinanceBasis`], the economy's paths, and what the branches book to each account. **Out:** [`Finance`]:
//! every account with its returns, reserve and debt, year by year.
//!
//! **Always holds:** the reserve at the end of a year is the reserve at its start plus income, returns and borrowing
//! less outgo, interest on debt and repayment; it is never negative; a fund in debt has no reserve. The parts of the
//! pay-as-you-go rate add up to it.
//!
//! **Does not:** know a branch or a law: a new benefit changes nothing here.

mod administration;
mod basis;
mod fund;
mod key_dates;
mod measures;
mod payg;
mod project;
mod roll;

pub use administration::{Administration, GrowsWith};
pub use basis::{FinanceBasis, FundBasis, FundSystem, Reserve, WhenExhausted};
pub use fund::{FundPath, FundYear};
pub use key_dates::KeyDates;
pub use measures::FinancingMeasure;
pub use payg::PaygPart;
pub use project::{Finance, FinanceError};
pub use roll::{Balance, Roll, Terms, roll};
