//! One function for each table of the result folder.

mod accounts;
mod assumptions;
mod grid;
mod people;
mod schemes;

pub(crate) use accounts::{accounts, financing, indicators, rows_of_fund};
pub(crate) use assumptions::{assumptions, base_year};
pub(crate) use people::{economy, employment, labour, population, population_flows};
pub(crate) use schemes::{
    beneficiaries, contributions, contributions_by_account, contributors, health_insured,
    health_services, insured, insured_classes, insured_flows, law_indicators, pensionable_ages,
    service_bank,
};
