//! Grids of people and amounts by age, sex and year, the ageing of a stock, and accounts.
//!
//! **In:** numbers and lengths. **Out:** arrays that know their axes, and the entries of an account.
//!
//! **Always holds:** ages are ages last birthday at the moment of the stock; stocks stand at the start of the year.
//!
//! **Does not:** know a law, a country or a file.

mod account;
mod grid;
mod months;
mod register;

pub use account::{AccountYear, Entry, InPayment, Item};
pub use grid::{AgeGrid, YearGrid};
pub use months::{MonthsPaid, MonthsRule};
pub use register::{Placed, Register, RegisterShape, Row, RowFlows, RowYear, State, Travelling};
