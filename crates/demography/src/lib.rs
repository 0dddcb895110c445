//! Population by sex and single age from fertility, mortality and migration.
//!
//! **In:** a [`DemographicBasis`]: the population at the start, a life table for each year and sex, fertility by age,
//! the sex ratio at birth and net migrants. **Out:** a [`Population`]. Compact published figures become such a basis
//! by the functions of graduation, which give single ages and years.
//!
//! **Always holds:** births less deaths plus net migrants is the change of the population, in every year; a graduated
//! figure adds up to the published one.
//!
//! **Does not:** read files or know a country.

mod graduation;
mod life_table;
mod project;

pub use graduation::{
    AgeGroups, FertilityPattern, GraduationError, MigrationSchedule, fertility_by_single_age,
    life_table_meeting, mortality_by_single_age, population_by_single_age, rates_between,
};
pub use life_table::{LifeTable, LifeTableError, infant_time_lived};
pub use project::{
    DemographicBasis, MigrationTiming, Population, PopulationError, Shortfall, project,
};
