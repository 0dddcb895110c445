//! Typed quantities shared by every stage: sexes, years, dates, probabilities, rates, money, dated values of law.
//!
//! **In:** nothing. **Out:** small copyable types that check their bounds where they are made.
//!
//! **Always holds:** a value of one of these types is finite and lies within its documented bounds.
//!
//! **Does not:** hold arrays (see `perennis-cohort`), read files or know a country.

mod calibration;
mod citation;
mod date;
mod dated;
mod money;
mod path;
mod payer;
mod probability;
mod rate;
mod sex;
mod thousands;
mod year;

pub use calibration::Calibration;
pub use citation::Citation;
pub use date::{
    Date, DateError, Duration, add_months, date_of_year, months_between, years_between,
};
pub use dated::{Dated, InForce, When};
pub use money::{Money, NotMoney};
pub use path::Path;
pub use payer::Payer;
pub use probability::{NotAProbability, Probability, Share};
pub use rate::{CentralRate, Growth, NotAGrowth, NotARate};
pub use sex::Sex;
pub use thousands::with_commas;
pub use year::{Year, YearRange};
