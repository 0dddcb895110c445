//! Reference figures of others, and the list of tests that compare with them.
//!
//! **In:** the folder that `PERENNIS_REFERENCE` names, else `../shared` beside the workspace. **Out:** tables and
//! cases, comparisons with a tolerance, and a tally of the reference tests that ran and that were passed over.
//!
//! **Always holds:** a test is passed over only when the folder is not there; then the tally says so.
//!
//! **Does not:** copy reference figures into the project.

mod case;
mod country;
mod entitlement;
mod files;
mod folder;
mod harness;
mod small_law;
mod stable;
mod stable_population;
mod table;

pub use case::{Case, Outcome, cases, treatment};
pub use country::{SmallCountry, contribution, final_salary};
pub use entitlement::{LawFolder, claim_of, found, laws};
pub use files::CountryFolder;
pub use folder::reference_folder;
pub use harness::{ReferenceTest, run};
pub use small_law::{
    CAREER, claim_under, gives, monthly, near, paid_year, pension, person, row, scale, share,
    small_law, years,
};
pub use stable::{StableScheme, StableYear};
pub use stable_population::StablePopulation;
pub use table::{Table, close};
