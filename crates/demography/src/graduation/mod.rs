//! Single ages and single years from compact published figures.

mod fertility;
mod groups;
mod life_expectancy;
mod migration;
mod mortality;
mod population;
mod spline;

pub use fertility::{FertilityPattern, fertility_by_single_age};
pub use groups::{AgeGroups, GraduationError};
pub use life_expectancy::{life_table_meeting, rates_between};
pub use migration::MigrationSchedule;
pub use mortality::mortality_by_single_age;
pub use population::population_by_single_age;
