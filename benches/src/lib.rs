//! Workloads that other programs run too: their simplified population, their entrants, spouses and fund around the
//! projection core of `perennis-cohort`.
//!
//! **In:** inputs by formula, or those that `inputs.py` wrote. **Out:** the checksums that the peers print.
//!
//! **Does not:** time anything; `benches/` and `examples/workloads.rs` do.

mod inputs;
mod nation;
mod seriatim;
mod stock;

pub use inputs::{Folder, InputError};
pub use nation::{Nation, Paths, Projection, project_all};
pub use seriatim::{Census, Values, value};
