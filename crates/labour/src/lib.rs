//! Labour force, employment by group, and the paths of prices, wages, interest and output.
//!
//! **In:** a [`LabourBasis`] and the population. **Out:** [`Labour`], and [`Finding`]s on whether the assumptions
//! agree with one another.
//!
//! **Always holds:** the employed of all groups and the unemployed add up to the labour force, which is part of the
//! population, by sex and age.
//!
//! **Does not:** know a scheme; coverage belongs to the scheme.

mod coherence;
mod economy;
mod project;

pub use coherence::{
    Finding, Verdict, contributors_against_employed, economy_findings, interest_against_growth,
    wage_share_path, wages_against_productivity,
};
pub use economy::{Economy, EconomyBasis, WageGrowth};
pub use project::{EmployedGroup, EmploymentGroup, Labour, LabourBasis, LabourError, project};
