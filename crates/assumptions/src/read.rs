//! Raw forms: one file for each kind of assumption file.

pub(crate) mod accounts;
pub(crate) mod base_year;
pub(crate) mod by_age;
pub(crate) mod economy;
pub(crate) mod finance;
pub(crate) mod health;
pub(crate) mod labour;
pub(crate) mod liabilities;
pub(crate) mod model_persons;
pub(crate) mod person;
pub(crate) mod population;
pub(crate) mod scheme;
pub(crate) mod sensitivity;
pub(crate) mod valuation;
