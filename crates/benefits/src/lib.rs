//! The branches beside pensions; now social health insurance.
//!
//! **In:** a [`BenefitBasis`], the population, work and pensions. **Out:** [`Benefits`]: insured persons, use and cost
//! of services, contributions by payer and the entries of the accounts.
//!
//! **Always holds:** nobody is insured twice, so the insured of all groups of a branch are at most the population at
//! every sex and age; what a fund pays for its members leaves that fund and reaches the health account in the same
//! amount.
//!
//! **Does not:** hold a reserve (see `perennis-finance`).

mod health;
mod project;

pub use health::{
    ContributionBase, HealthBasis, InsuredGroup, Members, PaidBy, PayerRate, Service, ServiceYear,
    cost_of_service,
};
pub use project::{
    BenefitBasis, Benefits, BenefitsError, GroupContribution, HealthInsured, HealthService,
    Unplaced,
};
