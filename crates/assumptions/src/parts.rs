//! The forms that every file is made of: quantities, series, provisions and tables.

mod by_sex;
mod csv;
mod cube;
mod date;
mod given;
mod in_force;
mod quantity;
mod series;
mod table;
mod unit;

pub(crate) use by_sex::BySex;
pub(crate) use csv::{Cell, Csv};
pub(crate) use cube::Cube;
pub(crate) use date::Day;
pub(crate) use given::Given;
pub(crate) use in_force::{InForce, Provision, silent_for};
pub(crate) use quantity::Quantity;
pub(crate) use series::{Gaps, Observed, Series, fill};
pub(crate) use table::{Ages, Axis, Column, Layout, Row, Rows, TableFile};
pub(crate) use unit::{Kind, plain};
