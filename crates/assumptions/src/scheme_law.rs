use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use perennis_scheme::Law;
use perennis_units::Date;

use crate::at::{At, Reading};
use crate::diagnostics::Code;
use crate::format::Format;
use crate::load::Rejected;
use crate::tree::{Node, Step, Value, parse};
use crate::walk::Walk;

/// Keys that every table may have.
const HEADS: [&str; 4] = ["unit", "source", "checked", "note"];

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
/// The scheme bears the name of the file. Other files that it `extends` are not read.
///
/// # Errors
///
/// [`Rejected`] with every fault of the law.
pub fn read_law(file: &Path, context: &LawContext<'_>) -> Result<Law, Box<Rejected>> {
    let reading = Reading::default();
    let built = build(&reading, file, context);
    let rejected = reading.count() != 0;
    let (faults, warnings) = reading.faults.into_inner().sorted();
    match built {
        Some(law) if !rejected => Ok(law),
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

fn build(reading: &Reading, path: &Path, context: &LawContext<'_>) -> Option<Law> {
    let format = Format::new();
    let name = path.file_stem()?.to_string_lossy().into_owned();
    let steps = [Step::from("schemes"), Step::from(name.as_str())];
    let file = reading.open(path, "valuation", None, "")?;
    let (mut node, faults) = parse(file, &reading.files.borrow().get(file).text);
    for fault in &faults {
        let words = (fault.message.clone(), "see the rules of TOML 1.0".to_owned());
        reading.fault_at(Some(fault.origin), "", Code::Syntax, words);
    }
    if let Value::Table(table) = &mut node.value {
        table.retain(|key, _| format.is_law(key) || HEADS.contains(&key.as_str()));
    }
    let mut schema = format.root()["properties"]["schemes"]["additionalProperties"].clone();
    schema = format.resolve(&schema).clone();
    schema["required"] = serde_json::Value::Array(Vec::new());
    let broken = BTreeSet::new();
    let mut walk = Walk::new(reading, &format, &broken);
    walk.path = steps.to_vec();
    let parts = walk.parts(&node, &schema);
    if reading.count() != 0 {
        return None;
    }
    let plain: toml::Table =
        parts.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    let raw = match serde_path_to_error::deserialize(toml::Value::Table(plain)) {
        Ok(raw) => raw,
        Err(error) => {
            let words = (error.to_string(), "see the format of a scheme file".to_owned());
            reading.fault_at(None, &error.path().to_string(), Code::WrongType, words);
            return None;
        }
    };
    let tree = within(&steps, node);
    let root = At::root(reading, &tree, context.currency);
    let at = root.key("schemes").key(&name);
    crate::build::law::law(&raw, &at, context.groups, context.start)
}

/// Puts a node where a valuation would have it.
fn within(steps: &[Step], node: Node) -> Node {
    steps.iter().rev().fold(node, |inner, step| {
        let origin = inner.origin;
        let key = step.to_string();
        Node::new(Value::Table(BTreeMap::from([(key, inner)])), origin)
    })
}
