use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use perennis_valuation::Model;

use crate::at::{At, Reading};
use crate::build::{Frame, Raw, assemble};
use crate::diagnostics::{Code, Fault};
use crate::format::{Format, NAMED};
use crate::layers::{Layers, touches};
use crate::parts::Csv;
use crate::patches::Patch;
use crate::provenance::{Note, Provenance, list};
use crate::read::scheme::Scheme;
use crate::read::valuation::Valuation;
use crate::refused::Places;
use crate::tree::{Node, Step};
use crate::walk::Walk;

/// What lies over a valuation, in the order in which it is laid: a scenario, reforms, and single values.
#[derive(Clone, Debug, Default)]
pub struct Overlays {
    /// A scenario file.
    pub scenario: Option<PathBuf>,
    /// Reform files, the first laid first.
    pub reforms: Vec<PathBuf>,
    /// Whether the `[behaviour]` that reforms declare is laid over them.
    pub behaviour: Behaviour,
    /// Single values as `path=value`, the value written as in TOML.
    pub set: Vec<String>,
}

/// Whether persons and employers respond to a reform as its file declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// What the file declares as behaviour is left out.
    #[default]
    Static,
    /// The `[behaviour]` of each reform is laid over it.
    Declared,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Name relative to the folder of the valuation file.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// A model and what is known about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The model.
    pub model: Model,
    /// Every value of the files and where it comes from, in the order of the paths.
    pub provenance: Vec<Provenance>,
    /// Every file read, by name.
    pub inputs: Vec<Input>,
    /// What was derived, extrapolated or taken by convention.
    pub notes: Vec<Note>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
    /// What the files say the valuation leaves out.
    pub not_modelled: Vec<String>,
    /// The scenarios and reforms that lie over it, in the order in which they were laid.
    pub patches: Vec<Patch>,
    pub(crate) places: Places,
}

/// Assumptions with faults.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Every fault found, in the order of files and places; at least one.
    pub faults: Vec<Fault>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
}

/// Reads a valuation and everything it names.
///
/// # Errors
///
/// [`Rejected`] with every fault of every file.
pub fn load(entry: &Path, overlays: &Overlays) -> Result<Loaded, Box<Rejected>> {
    load_delayed(entry, overlays, 0)
}

/// Reads a valuation with its reforms `years` later: every date of a reform and every year of its series is moved.
///
/// A change of a reform that has no date holds from the start all the same and is a warning.
///
/// # Errors
///
/// [`Rejected`] with every fault of every file.
pub fn load_delayed(
    entry: &Path,
    overlays: &Overlays,
    years: i32,
) -> Result<Loaded, Box<Rejected>> {
    load_tree(entry, |layers| {
        layers.patches.delay = years;
        layers.tree(entry, overlays)
    })
}

/// Builds what `read` makes of the layers; files are named relative to the folder of `entry`.
pub(crate) fn load_tree(
    entry: &Path,
    read: impl FnOnce(&mut Layers<'_>) -> Option<Node>,
) -> Result<Loaded, Box<Rejected>> {
    let reading = Reading::default();
    let format = Format::new();
    let mut loader = Layers::new(&reading, &format);
    let tree = read(&mut loader);
    let built = tree.as_ref().and_then(|tree| {
        let (model, left_out) = loader.model(tree)?;
        let home = entry.parent().unwrap_or(Path::new(""));
        let inputs = reading.files.borrow().inputs(home);
        let inputs = inputs.into_iter().map(|(name, sha256)| Input { name, sha256 }).collect();
        Some((model, list(tree, &reading), inputs, left_out))
    });
    let rejected = reading.count() != 0;
    let patches = std::mem::take(&mut loader.patches.list);
    let Reading { faults, notes, files, .. } = reading;
    let (faults, warnings) = faults.into_inner().sorted();
    match built.zip(tree) {
        Some(((model, provenance, inputs, not_modelled), tree)) if !rejected => Ok(Loaded {
            model,
            provenance,
            inputs,
            notes: notes.into_inner(),
            warnings,
            not_modelled,
            patches,
            places: Places { tree, files: files.into_inner() },
        }),
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

/// Plain values by key; `None` for those with faults of form.
type Parts = BTreeMap<String, Option<toml::Value>>;

impl Layers<'_> {
    /// Checks the form of the tree, and builds the model from what has no fault.
    fn model(&self, tree: &Node) -> Option<(Model, Vec<String>)> {
        let (mut parts, mut named) = self.parts(tree);
        let mut sound = |name: &str| {
            let value = parts.remove(name).flatten();
            value.filter(|_| self.is_sound(tree, name))
        };
        let raw = Raw {
            population: self.raw("population", sound("population")),
            labour: self.raw("labour", sound("labour")),
            economy: self.raw("economy", sound("economy")),
            finance: self.raw("finance", sound("finance")),
            base_year: self.raw("base_year", sound("base_year")),
            schemes: self.named(named.remove("schemes"), |name, value| self.scheme(name, value)),
            health: self.named(named.remove("health"), |name, value| {
                self.raw(&format!("health.{name}"), Some(value))
            }),
        };
        let currency = tree.get("currency").and_then(Node::as_text).unwrap_or_default().to_owned();
        let at = At::root(self.reading, tree, &currency);
        self.open_tables_left_out(&raw, tree, &at);
        let mut head = self.head(&mut parts)?;
        let left_out = head.not_modelled.take().unwrap_or_default();
        let (title, years) = head.read(&at)?;
        Some((assemble(title, Frame::new(years, raw), &at)?, left_out))
    }

    /// Opens the tables of subjects that are not built for a fault of form, so that what is wrong with their lines is
    /// reported in the same run.
    fn open_tables_left_out(&self, raw: &Raw, tree: &Node, at: &At<'_>) {
        let subjects = [
            ("population", raw.population.is_some()),
            ("labour", raw.labour.is_some()),
            ("economy", raw.economy.is_some()),
            ("finance", raw.finance.is_some()),
            ("base_year", raw.base_year.is_some()),
            ("schemes", !raw.schemes.is_empty()),
            ("health", !raw.health.is_empty()),
        ];
        for (name, built) in subjects {
            if let Some(node) = tree.get(name).filter(|node| !built && !touches(node, &self.broken))
            {
                open_tables(node, &at.key(name));
            }
        }
    }

    /// Compares the tree with the format; returns the plain values of the subjects and of those with names.
    fn parts(&self, tree: &Node) -> (Parts, BTreeMap<&'static str, Parts>) {
        let root = self.format.root();
        let mut expected = root.clone();
        if let Some(required) = expected["required"].as_array_mut() {
            required.retain(|key| !key.as_str().is_some_and(|key| self.unread.contains(key)));
        }
        let mut walk = Walk::new(self.reading, self.format, &self.broken);
        let mut single = tree.clone();
        let mut named = BTreeMap::new();
        for name in NAMED {
            if let Some(node) = single.as_table_mut().and_then(|table| table.remove(name)) {
                walk.path = vec![Step::from(name)];
                named.insert(name, walk.parts(&node, &root["properties"][name]));
            }
        }
        walk.path = Vec::new();
        (walk.parts(&single, &expected), named)
    }

    /// Reads the head of the valuation. What is at fault in it and does not bear on other files gets a stand-in, so that
    /// those files are checked in the same run; the faults are counted already, and no model comes of it.
    fn head(&self, parts: &mut Parts) -> Option<Valuation> {
        if !self.whole {
            return None;
        }
        let mut head = toml::Table::new();
        for key in ["title", "country", "currency", "start", "horizon", "not_modelled", "files"] {
            if let Some(value) = parts.remove(key).flatten() {
                head.insert(key.to_owned(), value);
            }
        }
        if self.reading.count() != 0 {
            head.entry("title").or_insert_with(|| String::new().into());
            head.entry("country").or_insert_with(|| String::new().into());
            head.entry("horizon").or_insert_with(|| 75.into());
            if !head.contains_key("currency") || !head.contains_key("start") {
                return None;
            }
        }
        self.raw("", Some(toml::Value::Table(head)))
    }

    fn is_sound(&self, tree: &Node, name: &str) -> bool {
        self.whole && tree.get(name).is_some_and(|node| !touches(node, &self.broken))
    }

    /// Reads the forms of a subject with names, all or none, so that no name is missed that is there.
    fn named<T>(
        &self,
        parts: Option<Parts>,
        read: impl Fn(&str, toml::Value) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let parts = parts.filter(|_| self.whole && self.broken.is_empty()).unwrap_or_default();
        let read = |(name, value): (String, Option<toml::Value>)| {
            Some((name.clone(), read(&name, value?)?))
        };
        parts.into_iter().map(read).collect::<Option<_>>().unwrap_or_default()
    }

    fn scheme(&self, name: &str, value: toml::Value) -> Option<Scheme> {
        let toml::Value::Table(table) = value else { return None };
        let (law, people): (toml::Table, toml::Table) =
            table.into_iter().partition(|(key, _)| self.format.is_law(key));
        let path = format!("schemes.{name}");
        let law = self.raw(&path, Some(toml::Value::Table(law)));
        let people = self.raw(&path, Some(toml::Value::Table(people)));
        Some(Scheme { law: law?, people: people? })
    }

    /// Reads a raw form; the walk has checked the form already, so a fault here is one that the format cannot express.
    fn raw<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        value: Option<toml::Value>,
    ) -> Option<T> {
        match serde_path_to_error::deserialize(value?) {
            Ok(raw) => Some(raw),
            Err(error) => {
                let inner = error.path().to_string();
                let path = if inner == "." { path.to_owned() } else { format!("{path}.{inner}") };
                let reason = error.inner().message().lines().collect::<Vec<_>>().join("; ");
                self.reading.fault_at(
                    None,
                    &path,
                    Code::WrongType,
                    (format!("`{path}`: {reason}"), "see the format of this file".into()),
                );
                None
            }
        }
    }
}

fn open_tables(node: &Node, at: &At<'_>) {
    let file = at.key("file");
    if let Some(name) = file.node().and_then(Node::as_text).filter(|name| !name.trim().is_empty()) {
        // What is wrong is reported where it is found.
        let _ = Csv::open(name, &file);
    }
    for (key, inner) in node.as_table().into_iter().flatten() {
        open_tables(inner, &at.key(key));
    }
}
