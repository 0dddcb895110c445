//! Shifts of assumptions, sets of them and shocks: the standard ones, and those of a file.

use std::path::Path;

use perennis_valuation::Change;

use crate::at::{At, Reading};
use crate::diagnostics::{Code, Fault};
use crate::files::FileId;
use crate::format::Format;
use crate::layers::Layers;
use crate::load::{Input, Rejected};
use crate::read::sensitivity::SensitivityFile;
use crate::tree::{Node, parse};
use crate::walk::Walk;

/// The standard set, as a file that may be printed and edited.
pub const STANDARD_SENSITIVITIES: &str = include_str!("sensitivity/standard.toml");

/// Whether one assumption is moved, or several together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SensitivityKind {
    /// One assumption, lower and higher.
    Shift,
    /// Several assumptions together that last.
    Set,
    /// Several assumptions together that pass.
    Shock,
}

impl SensitivityKind {
    /// Returns the word used in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shift => "shift",
            Self::Set => "set",
            Self::Shock => "shock",
        }
    }
}

/// A shift, a set or a shock, with what it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Its name, as in its file.
    pub name: String,
    /// What it is.
    pub kind: SensitivityKind,
    /// Its title.
    pub title: String,
    /// Where its size comes from.
    pub source: String,
    /// Its directions; one for sets and shocks.
    pub alternatives: Vec<Alternative>,
}

/// One run of a sensitivity.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// `down`, `up`, or empty.
    pub side: String,
    /// What it is, with its size.
    pub title: String,
    /// What is changed in the model.
    pub changes: Vec<Change>,
    /// Values of the files, as `--set` takes them.
    pub set: Vec<String>,
}

/// The sensitivities of a run and the file they come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sensitivities {
    /// Shifts, then sets, then shocks; those of the file in the place of standard ones of the same name.
    pub all: Vec<Sensitivity>,
    /// The file read, if any.
    pub inputs: Vec<Input>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
}

/// Reads the standard set and, over it, a file of one's own.
///
/// # Errors
///
/// [`Rejected`] with every fault of the file.
pub fn load_sensitivities(own: Option<&Path>) -> Result<Sensitivities, Box<Rejected>> {
    let mut standard = read(|reading, format| {
        let name = "standard.toml";
        let file = reading.files.borrow_mut().typed(name, "standard", STANDARD_SENSITIVITIES);
        standard_tree(file, reading, format)
    })?;
    let Some(own) = own else { return Ok(standard) };
    let given = read(|reading, format| Layers::new(reading, format).sensitivities_alone(own))?;
    for one in given.all {
        match standard.all.iter_mut().find(|other| other.name == one.name && other.kind == one.kind)
        {
            Some(other) => *other = one,
            None => standard.all.push(one),
        }
    }
    standard.all.sort_by_key(|one| one.kind);
    standard.inputs = given.inputs;
    standard.warnings = given.warnings;
    let named =
        own.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    for input in &mut standard.inputs {
        input.name.clone_from(&named);
    }
    Ok(standard)
}

fn standard_tree(file: FileId, reading: &Reading, _: &Format) -> Option<Node> {
    let (tree, faults) = parse(file, STANDARD_SENSITIVITIES);
    for fault in faults {
        let words = (fault.message, String::new());
        reading.fault_at(Some(fault.origin), "", Code::Syntax, words);
    }
    Some(tree)
}

fn read(
    tree: impl FnOnce(&Reading, &Format) -> Option<Node>,
) -> Result<Sensitivities, Box<Rejected>> {
    let reading = Reading::default();
    let format = Format::new();
    let tree = tree(&reading, &format);
    let built = tree.as_ref().and_then(|tree| build(&reading, &format, tree));
    let rejected = reading.count() != 0;
    let Reading { faults, files, .. } = reading;
    let (faults, warnings) = faults.into_inner().sorted();
    match built {
        Some(all) if !rejected => {
            let inputs = files.into_inner().inputs(Path::new("")).into_iter();
            let inputs = inputs.map(|(name, sha256)| Input { name, sha256 }).collect();
            Ok(Sensitivities { all, inputs, warnings })
        }
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

fn build(reading: &Reading, format: &Format, tree: &Node) -> Option<Vec<Sensitivity>> {
    let broken = std::collections::BTreeSet::new();
    let plain = Walk::new(reading, format, &broken).value(tree, format.sensitivity());
    let plain = plain.filter(|_| reading.count() == 0)?;
    let raw: SensitivityFile = match serde_path_to_error::deserialize(plain) {
        Ok(raw) => raw,
        Err(error) => {
            let reason = error.inner().message().lines().collect::<Vec<_>>().join("; ");
            let words = (reason, "see the format of a file of sensitivities".to_owned());
            reading.fault_at(None, &error.path().to_string(), Code::WrongType, words);
            return None;
        }
    };
    crate::build::sensitivity::sensitivities(&raw, &At::root(reading, tree, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_set_can_be_read_and_names_nothing_twice() {
        let found = load_sensitivities(None).unwrap();
        assert!(found.warnings.is_empty());
        let count = |kind| found.all.iter().filter(|one| one.kind == kind).count();
        assert!(12 <= count(SensitivityKind::Shift));
        assert_eq!(count(SensitivityKind::Set), 2);
        assert!(4 <= count(SensitivityKind::Shock));
        let mut names: Vec<&str> = found.all.iter().map(|one| one.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), found.all.len());
        assert!(found.all.iter().all(|one| !one.source.is_empty()));
    }
}
