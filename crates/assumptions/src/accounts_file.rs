use std::path::Path;

use perennis_finance::{FinanceError, MeasureError, Study, StudyError};
use perennis_units::Year;

use crate::at::{At, Reading};
use crate::diagnostics::{Code, Fault};
use crate::format::Format;
use crate::layers::Layers;
use crate::load::{Input, Rejected};
use crate::provenance::{Note, Provenance, list};
use crate::refused::Places;
use crate::tree::{Node, Value};
use crate::walk::Walk;

/// A study of accounts and what is known about it.
#[derive(Clone, Debug)]
pub struct LoadedAccounts {
    /// The study.
    pub study: Study,
    /// Every value of the file and where it comes from, in the order of the paths.
    pub provenance: Vec<Provenance>,
    /// Every file read, by name.
    pub inputs: Vec<Input>,
    /// What was taken by convention or held.
    pub notes: Vec<Note>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
    places: Places,
}

/// Reads a file of accounts and the tables that it names.
///
/// # Errors
///
/// [`Rejected`] with every fault of every file.
pub fn load_accounts(file: &Path) -> Result<LoadedAccounts, Box<Rejected>> {
    let reading = Reading::default();
    let built = build(&reading, file);
    let rejected = reading.count() != 0;
    let Reading { faults, notes, files, .. } = reading;
    let (faults, warnings) = faults.into_inner().sorted();
    match built {
        Some((study, tree, provenance)) if !rejected => {
            let files = files.into_inner();
            let home = file.parent().unwrap_or(Path::new(""));
            let inputs = files.inputs(home).into_iter();
            Ok(LoadedAccounts {
                study,
                provenance,
                inputs: inputs.map(|(name, sha256)| Input { name, sha256 }).collect(),
                notes: notes.into_inner(),
                warnings,
                places: Places { tree, files },
            })
        }
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

fn build(reading: &Reading, file: &Path) -> Option<(Study, Node, Vec<Provenance>)> {
    let format = Format::new();
    let mut layers = Layers::new(reading, &format);
    let tree = layers.accounts_alone(file)?;
    let mut walk = Walk::new(reading, &format, &layers.broken);
    let parts = walk.parts(&tree, format.accounts());
    if reading.count() != 0 {
        return None;
    }
    let plain: toml::Table =
        parts.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    let raw: crate::read::accounts::AccountsFile =
        match serde_path_to_error::deserialize(toml::Value::Table(plain)) {
            Ok(raw) => raw,
            Err(error) => {
                let words = (error.to_string(), "see the format of a file of accounts".to_owned());
                reading.fault_at(None, &error.path().to_string(), Code::WrongType, words);
                return None;
            }
        };
    let study = {
        let at = At::root(reading, &tree, &raw.currency);
        crate::build::accounts::accounts(&raw, &at)?
    };
    let provenance = list(&tree, reading);
    Some((study, tree, provenance))
}

impl LoadedAccounts {
    /// Returns the fault in the file for which a study has no answer, at its place.
    #[must_use]
    pub fn fault_of(&self, error: &StudyError) -> Fault {
        let (code, path, remedy) = cause(error);
        let node = self.places.node(&path).or_else(|| {
            let (outer, _) = path.rsplit_once('.')?;
            self.places.node(outer)
        });
        let origin = node.map_or(self.places.tree.origin, |node| {
            let year = year_of(error).and_then(|year| find(node, year));
            year.map_or(node.key.unwrap_or(node.origin), |found| found.origin)
        });
        let place = Some(self.places.files.place(self.places.shown(origin)));
        Fault { code, path, place, reason: error.to_string(), remedy, more: 0 }
    }
}

/// Finds a year that stands as a value below a node.
fn find(node: &Node, year: Year) -> Option<&Node> {
    match &node.value {
        Value::Integer(number) if *number == i64::from(year.get()) => Some(node),
        Value::Table(table) => table.values().find_map(|inner| find(inner, year)),
        Value::List(list) => list.iter().find_map(|inner| find(inner, year)),
        _ => None,
    }
}

fn year_of(error: &StudyError) -> Option<Year> {
    let (StudyError::Measure { error, .. } | StudyError::Target { error, .. }) = error else {
        return None;
    };
    match error {
        MeasureError::OutsideHorizon { year, .. } => Some(*year),
        MeasureError::EmptyPeriod { last, .. } => Some(*last),
        _ => None,
    }
}

fn cause(error: &StudyError) -> (Code, String, String) {
    match error {
        StudyError::Roll(error) => of_roll(error),
        StudyError::Measure { name, error } => {
            let (code, remedy) = of_measure(error);
            (code, format!("measures.{name}.measure"), remedy)
        }
        StudyError::Target { name, error } => {
            let (code, remedy) = of_measure(error);
            (code, format!("solve.{name}.target"), remedy)
        }
        StudyError::NotFinite { scope, name } => {
            let remedy = "look for a year with next to no earnings, expenditure or output";
            let path = if name == "target" {
                format!("solve.{scope}")
            } else {
                format!("accounts.{scope}")
            };
            (Code::NoBase, path, remedy.to_owned())
        }
        StudyError::NoSolution { name, beyond, .. } => {
            let remedy = match beyond {
                Some(value) => format!(
                    "a straight line through the end of the range meets the target near {value:.4}: widen the range, \
                     or ask for less or later"
                ),
                None => "no wider range of this lever comes nearer: turn another, or ask for less or later".to_owned(),
            };
            (Code::NoSolution, format!("solve.{name}"), remedy)
        }
    }
}

fn of_roll(error: &FinanceError) -> (Code, String, String) {
    match error {
        FinanceError::ReserveGone { account, .. } => (
            Code::ReserveGone,
            format!("accounts.{account}"),
            "add when_exhausted = \"borrow\" with a borrowing_margin, or when_exhausted = \"state_pays\"; \
             `perennis solve` finds what would make it last"
                .to_owned(),
        ),
        FinanceError::NotAnAmount { account, .. } => (
            Code::Incoherent,
            format!("accounts.{account}"),
            "check the range of the lever: it makes an amount negative".to_owned(),
        ),
        _ => (Code::Incoherent, "accounts".to_owned(), "check the accounts".to_owned()),
    }
}

fn of_measure(error: &MeasureError) -> (Code, String) {
    match error {
        MeasureError::OutsideHorizon { first, last, .. } => (
            Code::OutsideHorizon,
            format!(
                "the table runs from {first} to {last}; a condition at the end of a year may also read the year after"
            ),
        ),
        MeasureError::EmptyPeriod { .. } => {
            (Code::OutsideHorizon, "give a last year after the first".to_owned())
        }
        MeasureError::TailDiverges { .. } => (
            Code::TailWithoutEnd,
            "write tail = \"none\", or give a long-run growth below interest: tail = { grows = … }"
                .to_owned(),
        ),
        MeasureError::GrowthAboveInterest { .. } => (
            Code::TailWithoutEnd,
            "use kind = \"local_maximum\", or check growth and interest".to_owned(),
        ),
        MeasureError::Missing(what) => {
            (Code::ColumnNeeded, format!("add to the table of the account: {what}"))
        }
        _ => {
            (Code::NoBase, "check the years of the measure and the table of the account".to_owned())
        }
    }
}
