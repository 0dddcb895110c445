#![doc = include_str!("../README.md")]

mod account;
mod arrival;
mod balance;
mod dispatch;
mod grid;
mod insured;
mod lane;
mod months;
mod pass;
mod register;
mod row_year;
mod rows;
mod scratch;
mod seriatim;
mod table;
mod transfer;

pub use account::{AccountYear, Entry, InPayment, Item};
pub use balance::{Settled, Target};
pub use dispatch::{Level, Wide, Work};
pub use grid::{AgeGrid, YearGrid};
pub use insured::{InsuredYear, RowFlows, State, Travelling, insured};
pub use lane::{Eight, Lanes};
pub use months::{MonthsPaid, MonthsRule};
pub use register::{LastAge, Placed, Register, RegisterShape, Row};
pub use row_year::{Opening, Rate, RowDone, RowYear, SumYear};
pub use seriatim::{MemberOrder, Members, at_own_credit};
pub use table::{
    Balance, Carry, Credited, Move, Path, Quantity, Status, Table, TableError, Tally, To, Who,
};
pub use transfer::{Transfer, Transferred};
