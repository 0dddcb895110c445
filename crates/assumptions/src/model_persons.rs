//! Model persons: the standard careers, and those of a file.

use std::collections::BTreeSet;
use std::path::Path;

use perennis_valuation::{ModelCareer, ModelPersons, PovertyLine};

use crate::at::{At, Reading};
use crate::build::model_persons::{ages, careers, poverty_line};
use crate::diagnostics::{Code, Fault};
use crate::format::Format;
use crate::layers::Layers;
use crate::load::{Input, Rejected};
use crate::read::model_persons::ModelPersonsFile;
use crate::tree::{Node, parse};
use crate::walk::Walk;

/// The standard careers, as a file that may be printed and edited.
pub const STANDARD_MODEL_PERSONS: &str = include_str!("model_persons/standard.toml");

/// Model persons and the file they come from.
#[derive(Clone, Debug)]
pub struct LoadedModelPersons {
    /// The careers, in the order of the standard set, those of the file in the place of standard ones of the same name and
    /// others after them.
    pub persons: ModelPersons,
    /// The file read, if any.
    pub inputs: Vec<Input>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
}

/// Reads the standard careers and, over them, a file of one's own; `currency` is that of the valuation.
///
/// # Errors
///
/// [`Rejected`] with every fault of the file.
pub fn load_model_persons(
    own: Option<&Path>,
    currency: &str,
) -> Result<LoadedModelPersons, Box<Rejected>> {
    let standard = read(currency, |reading, _| standard_tree(reading))?;
    let mut persons = ModelPersons {
        careers: in_written_order(standard.careers),
        ages_at_start: standard.ages,
        poverty_line: standard.line,
    };
    let Some(own) = own else {
        let (inputs, warnings) = (Vec::new(), standard.warnings);
        return Ok(LoadedModelPersons { persons, inputs, warnings });
    };
    let given =
        read(currency, |reading, format| Layers::new(reading, format).model_persons_alone(own))?;
    for career in given.careers {
        match persons.careers.iter_mut().find(|other| other.name == career.name) {
            Some(other) => *other = career,
            None => persons.careers.push(career),
        }
    }
    if !given.ages.is_empty() {
        persons.ages_at_start = given.ages;
    }
    persons.poverty_line = given.line.or(persons.poverty_line);
    let named =
        own.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let inputs = given.inputs.into_iter().map(|input| Input { name: named.clone(), ..input });
    Ok(LoadedModelPersons { persons, inputs: inputs.collect(), warnings: given.warnings })
}

/// Brings careers back to the order in which the standard file has them.
fn in_written_order(mut careers: Vec<ModelCareer>) -> Vec<ModelCareer> {
    careers.sort_by_key(|one| STANDARD_MODEL_PERSONS.find(&format!("[careers.{}]", one.name)));
    careers
}

fn standard_tree(reading: &Reading) -> Option<Node> {
    let file =
        reading.files.borrow_mut().typed("standard.toml", "standard", STANDARD_MODEL_PERSONS);
    let (tree, faults) = parse(file, STANDARD_MODEL_PERSONS);
    for fault in faults {
        reading.fault_at(Some(fault.origin), "", Code::Syntax, (fault.message, String::new()));
    }
    Some(tree)
}

/// What one file says.
struct Given {
    careers: Vec<ModelCareer>,
    ages: Vec<i32>,
    line: Option<PovertyLine>,
    inputs: Vec<Input>,
    warnings: Vec<Fault>,
}

fn read(
    currency: &str,
    tree: impl FnOnce(&Reading, &Format) -> Option<Node>,
) -> Result<Given, Box<Rejected>> {
    let reading = Reading::default();
    let format = Format::new();
    let tree = tree(&reading, &format);
    let built = tree.as_ref().and_then(|tree| build(&reading, &format, (tree, currency)));
    let rejected = reading.count() != 0;
    let Reading { faults, files, .. } = reading;
    let (faults, warnings) = faults.into_inner().sorted();
    match built {
        Some((careers, ages, line)) if !rejected => {
            let inputs = files.into_inner().inputs(Path::new("")).into_iter();
            let inputs = inputs.map(|(name, sha256)| Input { name, sha256 }).collect();
            Ok(Given { careers, ages, line, inputs, warnings })
        }
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

type Built = (Vec<ModelCareer>, Vec<i32>, Option<PovertyLine>);

fn build(reading: &Reading, format: &Format, (tree, currency): (&Node, &str)) -> Option<Built> {
    let broken = BTreeSet::new();
    let plain = Walk::new(reading, format, &broken).value(tree, format.model_persons());
    let plain = plain.filter(|_| reading.count() == 0)?;
    let raw: ModelPersonsFile = match serde_path_to_error::deserialize(plain) {
        Ok(raw) => raw,
        Err(error) => {
            let reason = error.inner().message().lines().collect::<Vec<_>>().join("; ");
            let words = (reason, "see the format of a file of model persons".to_owned());
            reading.fault_at(None, &error.path().to_string(), Code::WrongType, words);
            return None;
        }
    };
    let at = At::root(reading, tree, currency);
    let careers = careers(&raw, &at);
    let ages = ages(raw.ages_at_start.as_ref(), &at.key("ages_at_start"));
    let line = raw.poverty_line.as_ref();
    let line = match line.map(|raw| poverty_line(raw, &at.key("poverty_line"))) {
        Some(line) => Some(line?),
        None => None,
    };
    Some((careers?, ages?, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_careers_can_be_read_in_their_order_and_cover_what_reports_show() {
        let found = load_model_persons(None, "crown").unwrap();
        assert!(found.warnings.is_empty());
        let names: Vec<&str> = found.persons.careers.iter().map(|one| one.name.as_str()).collect();
        let expected = [
            "standard_beneficiary",
            "average",
            "low",
            "high",
            "short",
            "broken",
            "mother",
            "informal",
            "migrant",
            "joiner_at_25",
            "joiner_at_40",
            "joiner_at_50",
        ];
        assert_eq!(names, expected);
        assert!(found.persons.ages_at_start.iter().all(|age| (15..=60).contains(age)));
    }

    #[test]
    fn a_file_of_ones_own_lies_over_the_standard_careers() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        let text = "source = \"x\"\nages_at_start = [40]\npoverty_line = { amount = { value = 2, unit = \"crown a month\" }, year = 2024 }\n[careers.low]\ntitle = \"Low\"\nearnings = 0.4\n[careers.own]\ntitle = \"Own\"\ngaps = [[30, 31]]\n";
        std::fs::write(&file, text).unwrap();
        let found = load_model_persons(Some(&file), "crown").unwrap().persons;
        assert_eq!(found.careers.len(), 13);
        assert!((found.careers[2].earnings - 0.4).abs() < 1e-15);
        assert_eq!(found.careers[12].gaps, [(30, 31)]);
        assert_eq!(found.ages_at_start, [40]);
        let line = found.poverty_line.unwrap();
        assert!((line.amount.get() - 24.0).abs() < 1e-12);
    }

    #[test]
    fn every_fault_of_a_file_is_reported_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        let text = "source = \"x\"\nages_at_start = [140]\n[careers.a]\ntitle = \"A\"\nfrom_age = 30\nto_age = 25\n[careers.b]\ntitle = \"B\"\nfrom_age = 20\nyears = 10\n[careers.c]\ntitle = \"C\"\ngaps = [[40, 30]]\n";
        std::fs::write(&file, text).unwrap();
        let rejected = load_model_persons(Some(&file), "crown").unwrap_err();
        let lines: Vec<usize> = rejected
            .faults
            .iter()
            .map(|fault| fault.place.as_ref().map_or(0, |place| place.line))
            .collect();
        assert_eq!(lines, [2, 6, 10, 13], "{:?}", rejected.faults);
    }
}
