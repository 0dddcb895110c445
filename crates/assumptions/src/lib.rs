//! Assumption files to a checked model, with messages that point into the file.
//!
//! **In:** a valuation file, the files it names, and overlays. **Out:** [`Loaded`]: a model, where each value comes
//! from, hashes of the files, notes and warnings; or [`Rejected`]: every fault found.
//!
//! **Always holds:** bad input gives at least one [`Fault`], never a panic; nothing is repaired silently.
//!
//! **Does not:** compute results.

mod at;
mod build;
mod diagnostics;
mod files;
mod format;
mod layers;
mod load;
mod overlay;
mod parts;
mod provenance;
mod read;
mod refused;
mod schema;
mod scheme_law;
mod tree;
mod walk;

#[cfg(test)]
mod scratch;

pub use diagnostics::{Code, Fault, Place, did_you_mean};
pub use load::{Input, Loaded, Overlays, Rejected, load};
pub use provenance::{Note, NoteKind, Provenance};
pub use schema::{KINDS, schema};
pub use scheme_law::{LawContext, read_law};
