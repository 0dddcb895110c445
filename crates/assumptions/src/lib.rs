//! Assumption files to a checked model, with messages that point into the file.
//!
//! **In:** a valuation file, the files it names, and overlays. **Out:** [`Loaded`]: a model, where each value comes
//! from, hashes of the files, notes and warnings; or [`Rejected`]: every fault found.
//!
//! **Always holds:** bad input gives at least one [`Fault`], never a panic; nothing is repaired silently.
//!
//! **Does not:** compute results.

mod accounts_file;
mod at;
mod build;
mod delay;
mod diagnostics;
mod difference;
mod file_kind;
mod files;
mod format;
mod law_check;
mod layers;
mod liabilities_file;
mod load;
mod mix;
mod model_persons;
mod overlay;
mod parts;
mod patches;
mod person_file;
mod provenance;
mod read;
mod refused;
mod schema;
mod scheme_law;
mod sensitivity;
mod tree;
mod walk;

#[cfg(test)]
mod scratch;

pub use accounts_file::{LoadedAccounts, load_accounts};
pub use diagnostics::{Code, Fault, Place, did_you_mean};
pub use difference::{Difference, DifferenceKind, Side, differences};
pub use file_kind::{FileKind, file_kind};
pub use law_check::{CheckedLaw, check_law};
pub use liabilities_file::{LoadedLiabilities, load_liabilities};
pub use load::{Behaviour, Input, Loaded, Overlays, Rejected, load, load_delayed};
pub use mix::{Subject, load_mixed};
pub use model_persons::{LoadedModelPersons, STANDARD_MODEL_PERSONS, load_model_persons};
pub use patches::{Patch, declares_behaviour};
pub use person_file::{LoadedPerson, StatedNumber, read_person};
pub use provenance::{Note, NoteKind, Provenance};
pub use schema::{KINDS, schema};
pub use scheme_law::{LawContext, read_law, read_law_for_a_person};
pub use sensitivity::{
    Alternative, STANDARD_SENSITIVITIES, Sensitivities, Sensitivity, SensitivityKind,
    load_sensitivities,
};
