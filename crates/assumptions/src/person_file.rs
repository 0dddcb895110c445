pub use crate::build::person::StatedNumber;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use perennis_scheme::{
    Environment, Law, LegalIndices, Outlook, Person, PersonError, PersonResult, entitlements,
};
use perennis_units::Year;

use crate::at::{At, Reading};
use crate::build::person::{Built, limits, person};
use crate::diagnostics::{Code, Fault};
use crate::format::Format;
use crate::layers::Layers;
use crate::load::Rejected;
use crate::provenance::Note;
use crate::read::person as raw;
use crate::refused::Places;
use crate::scheme_law::{Extent, Read, Wanted, read};
use crate::tree::Node;
use crate::walk::Walk;

/// A person and the laws under which the person claims.
#[derive(Clone, Debug)]
pub struct LoadedPerson {
    /// The person.
    pub person: Person,
    /// The laws, in the order of the file or of the command line.
    pub laws: Vec<Law>,
    /// The currency as written in units.
    pub currency: String,
    /// Prices and wages.
    pub indices: LegalIndices,
    /// The insured wage and indicators.
    pub outlook: Outlook,
    /// What the file states in the place of the record, as it is written.
    pub stated: Vec<StatedNumber>,
    /// What was derived, held or taken by convention.
    pub notes: Vec<Note>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
    places: Places,
}

impl LoadedPerson {
    /// Returns what the laws read from outside themselves.
    #[must_use]
    pub fn environment(&self) -> Environment<'_> {
        Environment { outlook: Some(&self.outlook), ..Environment::new(&self.indices) }
    }

    /// Finds what the person may have under the laws of the file.
    ///
    /// # Errors
    ///
    /// [`PersonError`]; [`LoadedPerson::fault_of`] says where in the file it stands.
    pub fn entitlements(&self) -> Result<PersonResult, PersonError> {
        entitlements(&self.laws, &self.person, &self.environment())
    }

    /// Returns the fault for which a law cannot be applied to the person, at its place in the file.
    #[must_use]
    pub fn fault_of(&self, error: &PersonError) -> Fault {
        self.places.of_person(error, &self.laws)
    }
}

/// Reads a person file and the laws that it names; `laws` stand in the place of those where there are any.
///
/// # Errors
///
/// [`Rejected`] with every fault of every file.
pub fn read_person(file: &Path, laws: &[PathBuf]) -> Result<LoadedPerson, Box<Rejected>> {
    let reading = Reading::default();
    let format = Format::new();
    let tree = Layers::new(&reading, &format).person_alone(file);
    let built = tree.as_ref().and_then(|tree| build(&reading, &format, (tree, file), laws));
    let rejected = reading.count() != 0;
    let Reading { faults, notes, files, .. } = reading;
    let (faults, warnings) = faults.into_inner().sorted();
    match built.zip(tree) {
        Some(((built, laws, currency), tree)) if !rejected => Ok(LoadedPerson {
            person: built.person,
            laws,
            currency,
            indices: built.indices,
            outlook: built.outlook,
            stated: built.stated,
            notes: notes.into_inner(),
            warnings,
            places: Places { tree, files: files.into_inner() },
        }),
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

type BuiltUnder = (Built, Vec<Law>, String);

fn build(
    reading: &Reading,
    format: &Format,
    (tree, file): (&Node, &Path),
    laws: &[PathBuf],
) -> Option<BuiltUnder> {
    let raw = form(reading, format, tree);
    let currency = tree.get("currency").and_then(Node::as_text).unwrap_or_default().to_owned();
    let at = At::root(reading, tree, &currency);
    let laws = read_laws(&at, file, laws);
    let raw = raw?;
    let built = person(&raw, &at);
    let (built, laws) = (built?, laws?);
    let laws =
        laws.into_iter().map(|law| following_life(law, &built, &at)).collect::<Option<_>>()?;
    Some((built, laws, raw.currency))
}

/// The indicator of a person file that a pensionable age follows: life expectancy at the age of the link, years.
const LIFE_EXPECTANCY: &str = "life_expectancy";

/// Lets the pensionable age of a law follow the life expectancy of the file, where the law says so.
fn following_life(law: Law, built: &Built, at: &At<'_>) -> Option<Law> {
    let Some(link) = &law.linked_age else { return Some(law) };
    let known = built.indices.indicators.iter().find(|known| known.name == LIFE_EXPECTANCY);
    let given = |year: Year, _| known.and_then(|known| known.of_year(year));
    match law.following_life(&given) {
        Ok(law) => Some(law),
        Err(error) => {
            let reason = format!("scheme `{}`: {error}", law.scheme);
            let remedy = format!(
                "give the life expectancy at {} by year: [indicators.life_expectancy] with unit = \"years\" and values = {{ … }}",
                link.at
            );
            at.key("indicators").fault(Code::NotInForce, reason, remedy);
            None
        }
    }
}

/// Compares the tree with the format and reads the raw form of what has no fault.
fn form(reading: &Reading, format: &Format, tree: &Node) -> Option<raw::Person> {
    let before = reading.count();
    let broken = BTreeSet::new();
    let plain = Walk::new(reading, format, &broken).value(tree, format.person());
    let plain = plain.filter(|_| reading.count() == before)?;
    match serde_path_to_error::deserialize(plain) {
        Ok(raw) => Some(raw),
        Err(error) => {
            let reason = error.inner().message().lines().collect::<Vec<_>>().join("; ");
            let words = (reason, "see the format of a person file".to_owned());
            reading.fault_at(None, &error.path().to_string(), Code::WrongType, words);
            None
        }
    }
}

/// Reads the laws that the file or the command line names.
pub(crate) fn read_laws(at: &At<'_>, file: &Path, given: &[PathBuf]) -> Option<Vec<Law>> {
    let named = at.key("laws");
    let home = file.parent().unwrap_or(Path::new(""));
    let items = (0..).map(|index| named.index(index)).take_while(At::exists);
    let from_file = items.filter_map(|at| {
        let name = at.node().and_then(Node::as_text).filter(|name| !name.trim().is_empty())?;
        Some((home.join(name), Some(at)))
    });
    let paths: Vec<(PathBuf, Option<At<'_>>)> = if given.is_empty() {
        from_file.collect()
    } else {
        given.iter().map(|path| (path.clone(), None)).collect()
    };
    if paths.is_empty() {
        let place = if named.exists() { named } else { at.clone() };
        let remedy = "add laws = [\"schemes/….toml\"], or --law FILE on the command line";
        place.fault(Code::NoLaw, "no law is named under which the person claims", remedy);
        return None;
    }
    let laws = paths.iter().map(|(path, named)| {
        let named = named.as_ref().and_then(At::origin);
        let currency = at.currency();
        let wanted = Wanted { path, named, currency, groups: None, start: None };
        read(at.reading(), &wanted, Extent::Law)
    });
    let reads: Vec<Option<Read>> = laws.collect();
    let reads: Vec<Read> = reads.into_iter().collect::<Option<_>>()?;
    let laws: Vec<Law> = reads.iter().map(|read| read.law.clone()).collect();
    each_named_once(&laws, &paths, at)?;
    limits(&reads, at);
    Some(laws)
}

/// Schemes are told apart by the names of their files.
fn each_named_once(laws: &[Law], paths: &[(PathBuf, Option<At<'_>>)], at: &At<'_>) -> Option<()> {
    let mut seen = BTreeSet::new();
    let twice = laws.iter().position(|law| !seen.insert(law.scheme.as_str()));
    let Some(twice) = twice else { return Some(()) };
    let place = paths[twice].1.as_ref().unwrap_or(at);
    let reason = format!("two laws are called `{}`", laws[twice].scheme);
    place.fault(Code::BadName, reason, "name each file once, and each by another name");
    None
}
