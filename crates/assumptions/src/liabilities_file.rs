use std::collections::BTreeSet;
use std::path::Path;

use perennis_generations::{GenerationError, LiabilityStudy};
use perennis_scheme::{Law, LawError};

use crate::at::{At, Reading};
use crate::diagnostics::{Code, Fault};
use crate::format::Format;
use crate::layers::Layers;
use crate::load::{Input, Rejected};
use crate::person_file::read_laws;
use crate::provenance::Note;
use crate::read::liabilities as raw;
use crate::refused::Places;
use crate::tree::Node;
use crate::walk::Walk;

/// A file of liabilities and what is known about it.
#[derive(Clone, Debug)]
pub struct LoadedLiabilities {
    /// What is asked for.
    pub study: LiabilityStudy,
    /// Every file read, by name.
    pub inputs: Vec<Input>,
    /// What was taken by convention or held.
    pub notes: Vec<Note>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
    places: Places,
}

impl LoadedLiabilities {
    /// Returns the fault in the file for which there is no result, at its place.
    #[must_use]
    pub fn fault_of(&self, error: &GenerationError) -> Fault {
        let (code, path, remedy) = match error {
            GenerationError::MoreThanAll { .. } => (
                Code::MoreThanAll,
                "plan.exits",
                "rates of one year share the members of its start: say rates = \"independent_uniform\" where each is \
                 that of its cause alone, or lower them"
                    .to_owned(),
            ),
            GenerationError::NoMerit { .. } => (
                Code::RowsMissing,
                "plan.earnings",
                "add the row, or rows with age_from, age_to, service_from and service_to".to_owned(),
            ),
            GenerationError::Law { error: LawError::NotInForce { date, .. }, .. } => (
                Code::NotInForce,
                "plan.laws",
                format!(
                    "add the row that is in force on {date}: entry age methods look at members from their entry on"
                ),
            ),
            GenerationError::Law { error: LawError::NotKnown { measure }, .. } => (
                Code::NotOfPerson,
                "plan.laws",
                format!("members of a plan have no `{measure}`: write the law without it"),
            ),
            GenerationError::Law { .. } => {
                (Code::Incoherent, "plan.laws", "check the law with `perennis check`".to_owned())
            }
            GenerationError::UnknownBenefit { .. } => (
                Code::UnknownName,
                "plan.pensioners",
                "name a pension of the laws of the plan".to_owned(),
            ),
            GenerationError::NoEarnings { .. } => (
                Code::NoBase,
                "funding",
                "the aggregate method needs active members".to_owned(),
            ),
            GenerationError::NotFinite { .. } => {
                (Code::NoBase, "plan", "check the figures of the plan".to_owned())
            }
        };
        let node = self.places.node(path).unwrap_or(&self.places.tree);
        let origin = node.key.unwrap_or(node.origin);
        let place = Some(self.places.files.place(self.places.shown(origin)));
        Fault { code, path: path.to_owned(), place, reason: error.to_string(), remedy, more: 0 }
    }
}

/// Reads a file of liabilities, the laws and the tables that it names.
///
/// # Errors
///
/// [`Rejected`] with every fault of every file.
pub fn load_liabilities(file: &Path) -> Result<LoadedLiabilities, Box<Rejected>> {
    let reading = Reading::default();
    let format = Format::new();
    let tree = Layers::new(&reading, &format).liabilities_alone(file);
    let built = tree.as_ref().and_then(|tree| build(&reading, &format, (tree, file)));
    let rejected = reading.count() != 0;
    let Reading { faults, notes, files, .. } = reading;
    let (faults, warnings) = faults.into_inner().sorted();
    match built.zip(tree) {
        Some((study, tree)) if !rejected => {
            let files = files.into_inner();
            let home = file.parent().unwrap_or(Path::new(""));
            let inputs = files.inputs(home).into_iter();
            Ok(LoadedLiabilities {
                study,
                inputs: inputs.map(|(name, sha256)| Input { name, sha256 }).collect(),
                notes: notes.into_inner(),
                warnings,
                places: Places { tree, files },
            })
        }
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

fn build(
    reading: &Reading,
    format: &Format,
    (tree, file): (&Node, &Path),
) -> Option<LiabilityStudy> {
    let broken = BTreeSet::new();
    let plain = Walk::new(reading, format, &broken).value(tree, format.liabilities());
    let plain = plain.filter(|_| reading.count() == 0)?;
    let raw: raw::Liabilities = match serde_path_to_error::deserialize(plain) {
        Ok(raw) => raw,
        Err(error) => {
            let reason = error.inner().message().lines().collect::<Vec<_>>().join("; ");
            let words = (reason, "see the format of a file of liabilities".to_owned());
            reading.fault_at(None, &error.path().to_string(), Code::WrongType, words);
            return None;
        }
    };
    let at = At::root(reading, tree, &raw.currency);
    let laws: Option<Vec<Law>> = match &raw.plan {
        None => None,
        Some(_) => Some(read_laws(&at.key("plan"), file, &[])?),
    };
    crate::build::liabilities::liabilities(&raw, &at, laws)
}
