use std::cell::RefCell;
use std::path::{Path, PathBuf};

use perennis_units::Citation;

use crate::diagnostics::{Code, Fault, Faults};
use crate::files::{FileId, Files, NotRead, Origin};
use crate::parts::Csv;
use crate::parts::Kind;
use crate::provenance::{Note, NoteKind};
use crate::tree::{Node, Step, written_path};

/// Everything that reading shares: files, faults, notes and tables already read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) files: RefCell<Files>,
    pub(crate) faults: RefCell<Faults>,
    pub(crate) notes: RefCell<Vec<Note>>,
    pub(crate) tables: RefCell<Vec<(PathBuf, Option<std::rc::Rc<Csv>>)>>,
}

impl Reading {
    /// Reports a fault at a place in a file.
    pub(crate) fn fault_at(
        &self,
        origin: Option<Origin>,
        path: &str,
        code: Code,
        words: (String, String),
    ) {
        let place = origin.map(|origin| self.files.borrow().place(origin));
        let (reason, remedy) = words;
        self.faults.borrow_mut().push(Fault {
            code,
            path: path.to_owned(),
            place,
            reason,
            remedy,
            more: 0,
        });
    }

    /// Reads a file; what hinders it is reported at `named`, where the file is named.
    pub(crate) fn open(
        &self,
        path: &Path,
        layer: &'static str,
        named: Option<Origin>,
        tree_path: &str,
    ) -> Option<FileId> {
        let opened = self.files.borrow_mut().open(path, layer);
        match opened {
            Ok(file) => Some(file),
            Err(NotRead { code, reason, remedy, at }) => {
                self.fault_at(at.or(named), tree_path, code, (reason, remedy));
                None
            }
        }
    }

    /// Returns how many faults were found so far.
    pub(crate) fn count(&self) -> usize {
        self.faults.borrow().count()
    }
}

/// A place in the tree of assumptions: what a builder reads from and reports to.
///
/// It knows its path, the file and line of the value, and the tables around it, from which unit and source are
/// inherited.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    reading: &'a Reading,
    currency: &'a str,
    /// The nodes from the root to here; a node that is not there is `None`.
    nodes: Vec<Option<&'a Node>>,
    steps: Vec<Step>,
}

impl<'a> At<'a> {
    pub(crate) fn root(reading: &'a Reading, root: &'a Node, currency: &'a str) -> Self {
        Self { reading, currency, nodes: vec![Some(root)], steps: Vec::new() }
    }

    /// Goes to the value of a key.
    #[must_use]
    pub(crate) fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.to_owned()))
    }

    /// Goes to a subject, by its key at the root of the tree.
    #[must_use]
    pub(crate) fn subject(&self, key: &str) -> Self {
        let root = self.nodes.iter().take(1).copied().collect();
        Self { nodes: root, steps: Vec::new(), ..self.clone() }.key(key)
    }

    /// Goes to an item of a list.
    #[must_use]
    pub(crate) fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        let mut next = self.clone();
        next.nodes.push(self.node().and_then(|node| node.step(&step)));
        next.steps.push(step);
        next
    }

    /// Returns the path as `--set` takes it.
    pub(crate) fn path(&self) -> String {
        written_path(&self.steps)
    }

    /// Returns the last key of the path: the name of a scheme, a group, a benefit.
    pub(crate) fn name(&self) -> &str {
        let key = self.steps.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        });
        key.unwrap_or_default()
    }

    /// Says whether the files give a value here.
    pub(crate) fn exists(&self) -> bool {
        self.node().is_some()
    }

    /// Returns the currency of the valuation.
    pub(crate) fn currency(&self) -> &'a str {
        self.currency
    }

    /// Reports a fault at the value (at the nearest table around it when it is not there).
    pub(crate) fn fault(&self, code: Code, reason: impl Into<String>, remedy: impl Into<String>) {
        self.reading.fault_at(self.origin(), &self.path(), code, (reason.into(), remedy.into()));
    }

    /// Reports a fault at the key that names the value.
    pub(crate) fn fault_at_key(
        &self,
        code: Code,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let origin = self.node().and_then(|node| node.key).or_else(|| self.origin());
        self.reading.fault_at(origin, &self.path(), code, (reason.into(), remedy.into()));
    }

    /// Reports a warning; `code` begins with W.
    pub(crate) fn warn(&self, code: Code, reason: impl Into<String>, remedy: impl Into<String>) {
        self.fault(code, reason, remedy);
    }

    /// Records what the program derived, for the report.
    pub(crate) fn derived(&self, text: impl Into<String>) {
        self.note(NoteKind::Derived, text.into());
    }

    /// Records a value taken beyond what was given, for the report.
    pub(crate) fn extrapolated(&self, text: impl Into<String>) {
        self.note(NoteKind::Extrapolated, text.into());
    }

    /// Records what holds because the files say nothing, for the report.
    pub(crate) fn defaulted(&self, text: impl Into<String>) {
        self.note(NoteKind::Defaulted, text.into());
    }

    fn note(&self, kind: NoteKind, text: String) {
        let note = Note { path: self.path(), kind, text };
        let mut notes = self.reading.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// Returns the source of the value: its own, or that of the nearest table around it in the same file, or that at
    /// the head of the overlay it comes from. A value without one is a fault.
    pub(crate) fn citation(&self) -> Option<Citation> {
        let found = self.find_citation();
        if found.is_none() {
            self.fault(
                Code::MissingSource,
                format!("`{}` has no source", self.path()),
                "add source = \"…\" here or at the head of a table around it in the same file; a value that was not verified also gets checked = false",
            );
        }
        found
    }

    pub(crate) fn find_citation(&self) -> Option<Citation> {
        let file = self.origin()?.file;
        let said = self.nodes.iter().rev().flatten().flat_map(|node| &node.cited);
        let mut checked = None;
        for cited in said.filter(|cited| cited.file == file) {
            checked = checked.or(cited.checked);
            if let Some(source) = &cited.source {
                return Some(Citation { source: source.clone(), checked: checked.unwrap_or(true) });
            }
        }
        None
    }

    /// Returns what the file of the value says about it, in the nearest table.
    pub(crate) fn find_note(&self) -> Option<String> {
        let file = self.origin()?.file;
        let said = self.nodes.iter().rev().flatten().flat_map(|node| &node.cited);
        said.filter(|cited| cited.file == file).find_map(|cited| cited.note.clone())
    }

    /// Returns the text of the unit that holds here and where it stands.
    pub(crate) fn find_unit(&self) -> Option<(String, Origin)> {
        self.nodes.iter().rev().flatten().find_map(|node| {
            let unit = node.get("unit")?;
            Some((unit.as_text()?.to_owned(), unit.origin))
        })
    }

    /// Returns the factor from the unit that holds here to the unit of `kind`.
    pub(crate) fn unit(&self, kind: &Kind) -> Option<f64> {
        let Some((unit, origin)) = self.find_unit() else {
            let accepted =
                kind.factor("", "\u{0}").err().unwrap_or_default().replace('\u{0}', self.currency);
            self.fault(
                Code::MissingUnit,
                format!("`{}` has no unit", self.path()),
                format!("add unit = …, one of {accepted}"),
            );
            return None;
        };
        self.factor(kind, &unit, origin)
    }

    /// Returns the factor of a unit that stands at `origin`.
    pub(crate) fn factor(&self, kind: &Kind, unit: &str, origin: Origin) -> Option<f64> {
        match kind.factor(unit, self.currency) {
            Ok(factor) => Some(factor),
            Err(accepted) => {
                let words = (
                    format!("`{unit}` is not a unit of `{}`", self.path()),
                    format!("accepted: {accepted}"),
                );
                self.reading.fault_at(Some(origin), &self.path(), Code::UnknownUnit, words);
                None
            }
        }
    }

    pub(crate) fn reading(&self) -> &'a Reading {
        self.reading
    }

    pub(crate) fn node(&self) -> Option<&'a Node> {
        self.nodes.last().copied().flatten()
    }

    /// Returns the place of the value, or of the nearest table around it.
    pub(crate) fn origin(&self) -> Option<Origin> {
        self.nodes.iter().rev().flatten().map(|node| node.origin).next()
    }
}
