//! Ratios that judge a run: dependency, replacement, cost, coverage, and the model against the base-year account.
//!
//! **In:** what the stages found ([`Judged`]). **Out:** [`Measured`]: one figure by year, scope and name, and one row
//! for each published figure of the base year.
//!
//! **Always holds:** a ratio whose denominator is nothing is left out, never zero or infinite; every name is one of
//! [`INDICATORS`], which says what it counts, over what, and in which unit.
//!
//! **Does not:** change a figure of a stage; legal and effective coverage are different things, and all coverage here is
//! effective: persons who pay, are insured or are paid.

mod base_year;
mod cost;
mod coverage;
mod definitions;
mod dependency;
mod measure;

pub use base_year::{BaseYearItem, BaseYearRow, ContributionCheck, IndicatorError, Measure};
pub use definitions::{Definition, INDICATORS};
pub use measure::{Indicator, Judged, Measured, measure};
