use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use perennis_scheme::Law;
use perennis_units::Date;

use crate::at::{At, Reading};
use crate::build::law::Around;
use crate::diagnostics::Code;
use crate::files::Origin;
use crate::format::Format;
use crate::layers::Layers;
use crate::load::Rejected;
use crate::read::scheme::law::Law as Raw;
use crate::tree::{Node, Step, Value};
use crate::walk::Walk;

/// What a scheme file leaves to the valuation that names it.
#[derive(Clone, Copy, Debug)]
pub struct LawContext<'a> {
    /// The currency as written in units.
    pub currency: &'a str,
    /// Names of the groups of insured persons.
    pub groups: &'a [&'a str],
    /// The day on which every provision in use must have a value.
    pub start: Date,
}

/// Reads the law of one scheme file, without its people and without a valuation.
///
/// The scheme bears the name of the file. Tables that the law names are read, relative to its file.
///
/// # Errors
///
/// [`Rejected`] with every fault of the law.
pub fn read_law(file: &Path, context: &LawContext<'_>) -> Result<Law, Box<Rejected>> {
    let reading = Reading::default();
    let wanted = Wanted {
        path: file,
        named: None,
        currency: context.currency,
        groups: Some(context.groups),
        start: Some(context.start),
    };
    finish(law_of(&reading, &wanted), reading)
}

/// Reads the law of one scheme file for a person: no valuation gives its groups or its first day, so any group that the
/// law names is one, and a provision may begin at any time.
///
/// # Errors
///
/// As [`read_law`].
pub fn read_law_for_a_person(file: &Path, currency: &str) -> Result<Law, Box<Rejected>> {
    let reading = Reading::default();
    let wanted = Wanted { path: file, named: None, currency, groups: None, start: None };
    finish(law_of(&reading, &wanted), reading)
}

fn finish(built: Option<Law>, reading: Reading) -> Result<Law, Box<Rejected>> {
    let rejected = reading.count() != 0;
    let (faults, warnings) = reading.faults.into_inner().sorted();
    match built {
        Some(law) if !rejected => Ok(law),
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

/// A law to read from a scheme file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// The file.
    pub(crate) path: &'a Path,
    /// Where it is named, when another file names it.
    pub(crate) named: Option<Origin>,
    /// The currency as written in units.
    pub(crate) currency: &'a str,
    /// Names of the groups; any name will do when absent.
    pub(crate) groups: Option<&'a [&'a str]>,
    /// The day on which every provision in use must have a value, where there is one.
    pub(crate) start: Option<Date>,
}

/// A law that was read.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    /// The law.
    pub(crate) law: Law,
    /// The tree of its file, where a valuation would have it.
    pub(crate) tree: Node,
}

/// How much of a scheme file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The law alone; what is said of people is passed over.
    Law,
    /// The law, and the form of what is said of people.
    Form,
}

/// Reads the law of a scheme file beside other files of `reading`, to which its faults go; the scheme bears the name of
/// the file.
pub(crate) fn law_of(reading: &Reading, wanted: &Wanted<'_>) -> Option<Law> {
    read(reading, wanted, Extent::Law).map(|read| read.law)
}

/// Reads a scheme file; without a currency the one of its units holds.
pub(crate) fn read(reading: &Reading, wanted: &Wanted<'_>, extent: Extent) -> Option<Read> {
    let before = reading.count();
    let format = Format::new();
    let name = wanted.path.file_stem()?.to_string_lossy().into_owned();
    let steps = [Step::from("schemes"), Step::from(name.as_str())];
    let mut layers = Layers::new(reading, &format);
    let mut node = layers.scheme_alone(wanted.path, wanted.named)?;
    let tree = within(&steps, node.clone());
    if let Value::Table(table) = &mut node.value
        && extent == Extent::Law
    {
        table.retain(|key, _| !format.is_of_people(key));
    }
    let mut schema = format.scheme().clone();
    schema["required"] = serde_json::Value::Array(Vec::new());
    let broken = BTreeSet::new();
    let mut walk = Walk::new(reading, &format, &broken);
    walk.path = steps.to_vec();
    let parts = walk.parts(&node, &schema);
    if reading.count() != before {
        return None;
    }
    let plain: toml::Table = parts
        .into_iter()
        .filter(|(key, _)| !format.is_of_people(key))
        .filter_map(|(key, value)| Some((key, value?)))
        .collect();
    let raw: Raw = match serde_path_to_error::deserialize(toml::Value::Table(plain)) {
        Ok(raw) => raw,
        Err(error) => {
            let words = (error.to_string(), "see the format of a scheme file".to_owned());
            reading.fault_at(None, &error.path().to_string(), Code::WrongType, words);
            return None;
        }
    };
    let found = currency_of(&node);
    let currency = if wanted.currency.is_empty() { &found } else { wanted.currency };
    let root = At::root(reading, &tree, currency);
    let at = root.key("schemes").key(&name);
    let around = Around { groups: wanted.groups, start: wanted.start, stated: None };
    let mut law = crate::build::law::law(&raw, &at, around)?;
    // As they are written; those of a file that this one extends come first.
    law.benefits.sort_by_key(|benefit| {
        let written = at.key("benefits").key(&benefit.name).origin();
        written.map(|origin| (Reverse(origin.file), origin.span.start))
    });
    Some(Read { law, tree })
}

/// Returns the currency of the first unit that is an amount of a time; empty when there is none.
fn currency_of(node: &Node) -> String {
    let own = node.get("unit").and_then(Node::as_text).and_then(|unit| {
        let ends = [" a month", " a year", " a quarter", " a fortnight", " a week"];
        let bare = ends.iter().find_map(|end| unit.strip_suffix(end))?;
        let multiples = ["thousand ", "million ", "billion ", "trillion "];
        let bare = multiples.iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(bare);
        let other = ["share", "points", "months", "probability"].contains(&bare);
        (!other).then(|| bare.to_owned())
    });
    let inner = || match &node.value {
        Value::Table(table) => table.values().map(currency_of).find(|found| !found.is_empty()),
        Value::List(list) => list.iter().map(currency_of).find(|found| !found.is_empty()),
        _ => None,
    };
    own.or_else(inner).unwrap_or_default()
}

/// Puts a node where a valuation would have it.
fn within(steps: &[Step], node: Node) -> Node {
    steps.iter().rev().fold(node, |inner, step| {
        let origin = inner.origin;
        let key = step.to_string();
        Node::new(Value::Table(BTreeMap::from([(key, inner)])), origin)
    })
}
