//! Reads files, and what lies over them, into one tree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value as Schema;

use crate::at::Reading;
use crate::delay::delay;
use crate::diagnostics::{Code, did_you_mean};
use crate::files::{FileId, Origin, Span};
use crate::format::{Format, NAMED, SINGLE};
use crate::load::{Behaviour, Overlays};
use crate::overlay::{merge, set};
use crate::patches::{HEADS, Patches};
use crate::tree::{Node, Step, SyntaxFault, Value, parse, written_path};

/// What is known while the layers are read.
pub(crate) struct Layers<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) format: &'a Format,
    /// Files with faults of syntax.
    pub(crate) broken: BTreeSet<FileId>,
    /// Subjects whose file could not be read.
    pub(crate) unread: BTreeSet<String>,
    /// Every layer could be read.
    pub(crate) whole: bool,
    /// What was laid over the valuation.
    pub(crate) patches: Patches,
}

/// A TOML file to read.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    path: &'a Path,
    layer: &'static str,
    /// Where it is named.
    named: Option<Origin>,
    /// Its path in the tree.
    at: &'a str,
    schema: &'a Schema,
}

impl<'a> Layers<'a> {
    /// Layers of which none is read yet.
    pub(crate) fn new(reading: &'a Reading, format: &'a Format) -> Self {
        let (broken, unread) = (BTreeSet::new(), BTreeSet::new());
        Self { reading, format, broken, unread, whole: true, patches: Patches::new() }
    }

    /// Reads a person file, with what it extends.
    pub(crate) fn person_alone(&mut self, path: &Path) -> Option<Node> {
        let schema = self.format.person();
        let wanted = Wanted { path, layer: "person", named: None, at: "", schema };
        let tree = self.toml(wanted, &mut Vec::new());
        tree.filter(|_| self.broken.is_empty())
    }

    /// Reads a scheme file alone, with what it extends; `named` is where another file names it.
    pub(crate) fn scheme_alone(&mut self, path: &Path, named: Option<Origin>) -> Option<Node> {
        let schema = self.format.scheme();
        self.toml(Wanted { path, layer: "valuation", named, at: "", schema }, &mut Vec::new())
    }

    /// Reads a file of shifts, sets and shocks, with what it extends.
    pub(crate) fn sensitivities_alone(&mut self, path: &Path) -> Option<Node> {
        let schema = self.format.sensitivity();
        let wanted = Wanted { path, layer: "valuation", named: None, at: "", schema };
        let tree = self.toml(wanted, &mut Vec::new());
        tree.filter(|_| self.broken.is_empty())
    }

    /// Reads a file of model persons, with what it extends.
    pub(crate) fn model_persons_alone(&mut self, path: &Path) -> Option<Node> {
        let schema = self.format.model_persons();
        let wanted = Wanted { path, layer: "valuation", named: None, at: "", schema };
        let tree = self.toml(wanted, &mut Vec::new());
        tree.filter(|_| self.broken.is_empty())
    }

    /// Reads a file of accounts, with what it extends.
    pub(crate) fn accounts_alone(&mut self, path: &Path) -> Option<Node> {
        let schema = self.format.accounts();
        let wanted = Wanted { path, layer: "valuation", named: None, at: "", schema };
        self.toml(wanted, &mut Vec::new())
    }
}

impl Layers<'_> {
    /// Reads a file of liabilities, with what it extends.
    pub(crate) fn liabilities_alone(&mut self, path: &Path) -> Option<Node> {
        let schema = self.format.liabilities();
        let wanted = Wanted { path, layer: "valuation", named: None, at: "", schema };
        let tree = self.toml(wanted, &mut Vec::new());
        tree.filter(|_| self.broken.is_empty())
    }

    /// Reads a TOML file and what it extends; `chain` holds the files that extend it.
    fn toml(&mut self, wanted: Wanted<'_>, chain: &mut Vec<PathBuf>) -> Option<Node> {
        let Wanted { path, layer, named, at, schema } = wanted;
        let file = self.reading.open(path, layer, named, at)?;
        let source = self.reading.files.borrow().get(file);
        let (mut node, faults) = parse(file, &source.text);
        if !faults.is_empty() {
            self.broken.insert(file);
        }
        for fault in faults {
            self.syntax(&fault, &source.text);
        }
        let Some(extends) = node.as_table_mut().and_then(|table| table.remove("extends")) else {
            return Some(node);
        };
        let base = self.base(&extends, &source.path, at)?;
        chain.push(canonical(&source.path));
        let below = match chain.iter().position(|seen| *seen == canonical(&base)) {
            Some(first) => {
                self.circle(&chain[first..], extends.origin, at);
                None
            }
            None => {
                let layer = if layer == "valuation" { "base" } else { layer };
                let wanted = Wanted { path: &base, layer, named: Some(extends.origin), at, schema };
                self.toml(wanted, chain)
            }
        };
        chain.pop();
        let mut below = below?;
        merge(&mut below, node, self.format, schema);
        Some(below)
    }

    fn base(&self, extends: &Node, path: &Path, at: &str) -> Option<PathBuf> {
        let name = extends.as_text().filter(|text| !text.trim().is_empty());
        if name.is_none() {
            let reason = format!("extends is {}, not the name of a file", extends.kind());
            let words = (reason, "write extends = \"other.toml\"".to_owned());
            self.reading.fault_at(Some(extends.origin), at, Code::WrongType, words);
        }
        name.map(|name| path.parent().unwrap_or(Path::new("")).join(name))
    }

    fn circle(&self, chain: &[PathBuf], origin: Origin, at: &str) {
        let name = |path: &PathBuf| {
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let circle: Vec<String> = chain.iter().chain(&chain[..1]).map(name).collect();
        let remedy = "remove one of the extends, so that one file stands alone".to_owned();
        let words = (circle.join(" extends "), remedy);
        self.reading.fault_at(Some(origin), at, Code::CircularExtends, words);
    }

    /// Reads the head of the tree: the valuation, a scenario or a reform.
    fn top(&mut self, path: &Path, layer: &'static str) -> Option<Node> {
        let wanted = Wanted { path, layer, named: None, at: "", schema: self.format.root() };
        self.toml(wanted, &mut Vec::new())
    }

    fn syntax(&self, fault: &SyntaxFault, text: &str) {
        let end = fault.origin.span.end.min(text.len());
        let start = fault.origin.span.start.min(end);
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let before =
            text.get(..start).and_then(|before| before.lines().next_back()).unwrap_or_default();
        let reason = fault.message.lines().collect::<Vec<_>>().join("; ");
        self.reading.fault_at(
            Some(fault.origin),
            "",
            Code::Syntax,
            (reason, syntax_remedy(&fault.message, before, line)),
        );
    }

    /// Reads every layer into one tree.
    pub(crate) fn tree(&mut self, entry: &Path, overlays: &Overlays) -> Option<Node> {
        let format = self.format;
        let head = self.top(entry, "valuation");
        let mut tree = head.map(|mut head| {
            self.whole &= self.broken.is_empty();
            let mut tree = Node::table(head.origin);
            let files = head.as_table_mut().and_then(|table| table.get("files").cloned());
            self.subjects(&mut tree, files.as_ref(), "valuation");
            merge(&mut tree, head, format, format.root());
            tree
        });
        self.whole &= tree.is_some();
        let declared = overlays.behaviour == Behaviour::Declared;
        let scenario = overlays.scenario.iter().map(|path| (path, "scenario"));
        for (path, layer) in scenario.chain(overlays.reforms.iter().map(|path| (path, "reform"))) {
            let over = self.top(path, layer);
            self.whole &= over.is_some();
            if let (Some(tree), Some(over)) = (&mut tree, over) {
                self.whole &= !touches(&over, &self.broken);
                self.patches.name(&over, layer, self.reading);
                let (over, behaviour) = self.apart(over, layer);
                self.overlay(tree, over, layer);
                if let Some(behaviour) = behaviour.filter(|_| declared) {
                    self.overlay(tree, behaviour, layer);
                }
            }
        }
        for typed in &overlays.set {
            if let Some(tree) = &mut tree {
                set(tree, typed, self.reading, format);
            }
        }
        tree
    }

    /// Reads the files of the subjects into the tree.
    fn subjects(&mut self, tree: &mut Node, files: Option<&Node>, layer: &'static str) {
        let format = self.format;
        let properties = &format.root()["properties"];
        for name in SINGLE {
            if let Some(file) = files.and_then(|files| files.get(name)) {
                let read = self.subject(file, layer, (name, &properties[name]));
                insert(tree, name, read);
            }
        }
        for name in NAMED {
            let Some(named) = files
                .and_then(|files| files.get(name))
                .and_then(|node| Some((node, node.as_table()?)))
            else {
                continue;
            };
            let mut table = tree
                .as_table_mut()
                .and_then(|table| table.remove(name))
                .unwrap_or_else(|| Node::table(named.0.origin));
            for (key, file) in named.1 {
                let path = written_path(&[Step::from(name), Step::from(key.as_str())]);
                let read =
                    self.subject(file, layer, (&path, &properties[name]["additionalProperties"]));
                insert(&mut table, key, read);
            }
            insert(tree, name, Some(table));
        }
    }

    fn subject(
        &mut self,
        file: &Node,
        layer: &'static str,
        (at, schema): (&str, &Schema),
    ) -> Option<Node> {
        let name = file.as_text().filter(|name| !name.trim().is_empty());
        let read = name.and_then(|name| {
            let source = self.reading.files.borrow().get(file.origin.file);
            let path = source.path.parent().unwrap_or(Path::new("")).join(name);
            let named = Some(file.origin);
            self.toml(Wanted { path: &path, layer, named, at, schema }, &mut Vec::new())
        });
        if read.is_none() {
            self.unread.insert(at.to_owned());
        }
        read.map(|node| Node { key: file.key, ..node })
    }

    /// Takes the behaviour that a reform declares apart from what it changes.
    fn apart(&self, mut over: Node, layer: &str) -> (Node, Option<Node>) {
        let table = over.as_table_mut().filter(|_| layer == "reform");
        let Some(node) = table.and_then(|table| table.remove("behaviour")) else {
            return (over, None);
        };
        if node.as_table().is_some() {
            return (over, Some(node));
        }
        let words = (
            format!("behaviour is {}, not a table", node.kind()),
            "write what changes under [behaviour], by the names of the tree".to_owned(),
        );
        self.reading.fault_at(Some(node.origin), "behaviour", Code::WrongType, words);
        (over, None)
    }

    /// Lays a scenario or reform on the tree.
    fn overlay(&mut self, tree: &mut Node, mut over: Node, layer: &'static str) {
        if layer == "reform" {
            if self.patches.delay != 0 {
                let moved = delay(&mut over, tree, self.patches.delay, self.reading);
                self.patches.set_moved(moved);
            }
            self.patches.lay(&over, self.reading);
        }
        let Some(table) = over.as_table_mut() else { return };
        for head in HEADS {
            table.remove(head);
        }
        if table.is_empty() {
            let origin = Origin { span: Span { start: 0, end: 1 }, ..over.origin };
            let words = (
                format!("the {layer} changes nothing"),
                "write what it changes under the names of the tree, or leave it out".to_owned(),
            );
            self.reading.fault_at(Some(origin), "", Code::Unused, words);
            return;
        }
        for key in ["country", "currency", "start"] {
            if let Some(node) = table.remove(key) {
                let reason = format!("a {layer} may not change `{key}`");
                let words = (reason, "change it in the valuation file".to_owned());
                let place = node.key.or(Some(node.origin));
                self.reading.fault_at(place, key, Code::NotForOverlays, words);
            }
        }
        if let Some(files) = table.remove("files") {
            self.new_names(tree, &files, layer);
        }
        for name in NAMED {
            let Some(Value::Table(named)) = table.get_mut(name).map(|node| &mut node.value) else {
                continue;
            };
            let known = tree.get(name).and_then(Node::as_table);
            let known: Vec<&str> =
                known.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            named.retain(|key, node| {
                let there = known.contains(&key.as_str());
                if !there && !self.unread.contains(&format!("{name}.{key}")) {
                    self.strange(node, (name, key), &known, layer);
                }
                there
            });
            if named.is_empty() {
                table.remove(name);
            }
        }
        merge(tree, over, self.format, self.format.root());
    }

    /// Reports a scheme or branch that the valuation does not have.
    fn strange(&self, node: &Node, (name, key): (&str, &str), known: &[&str], layer: &str) {
        let remedy = match did_you_mean(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "a {layer} adds one by naming its file: [files] {name} = {{ {key} = \"….toml\" }}"
            ),
        };
        let path = format!("{name}.{key}");
        let words = (format!("the valuation has no `{path}`"), remedy);
        self.reading.fault_at(node.key.or(Some(node.origin)), &path, Code::UnknownName, words);
    }

    /// Adds the schemes and branches that a reform names.
    fn new_names(&mut self, tree: &mut Node, files: &Node, layer: &'static str) {
        for (name, node) in files.as_table().into_iter().flatten() {
            if !NAMED.contains(&name.as_str()) || node.as_table().is_none() {
                let words = (
                    format!("a {layer} names files of new schemes and branches of health only"),
                    "change single values of a subject under its name, such as [economy.prices]"
                        .to_owned(),
                );
                self.reading.fault_at(
                    node.key.or(Some(node.origin)),
                    &format!("files.{name}"),
                    Code::NotForOverlays,
                    words,
                );
            }
        }
        self.subjects(tree, Some(files), layer);
    }
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn insert(tree: &mut Node, name: &str, node: Option<Node>) {
    if let (Some(table), Some(node)) = (tree.as_table_mut(), node) {
        table.insert(name.to_owned(), node);
    }
}

/// Says whether any part of a node comes from one of `files`.
pub(crate) fn touches(node: &Node, files: &BTreeSet<FileId>) -> bool {
    files.contains(&node.origin.file)
        || match &node.value {
            Value::List(list) => list.iter().any(|inner| touches(inner, files)),
            Value::Table(table) => table.values().any(|inner| touches(inner, files)),
            _ => false,
        }
}

fn syntax_remedy(message: &str, before: &str, line: &str) -> String {
    let written = format!("{before}{line}");
    let value = written.rsplit_once('=').map_or("", |(_, value)| value).trim();
    let comma = value.split_once(',').is_some_and(|(whole, part)| {
        let whole = whole.trim().trim_start_matches('-');
        let digit = |c: char| c.is_ascii_digit();
        !whole.is_empty() && whole.chars().all(digit) && part.starts_with(digit)
    });
    let remedy = if comma {
        "write numbers with a decimal point and without separators of thousands"
    } else if value.trim_end_matches([' ', '}', ',']).ends_with('%') {
        "write rates as shares: 0.08 for 8 %"
    } else if written.contains(['“', '”', '„', '‘', '’', '«']) {
        "use straight quotation marks \"…\""
    } else if written.contains(['−', '–']) {
        "use the plain minus sign -"
    } else if written.starts_with("<<<<<<<")
        || written.starts_with("=======")
        || written.starts_with(">>>>>>>")
    {
        "resolve the merge conflict"
    } else if written.trim_start().starts_with("//") || written.trim_start().starts_with("/*") {
        "comments begin with #"
    } else if written.contains('\\') {
        "write `/` between folders; a backslash begins an escape"
    } else if message.contains("duplicate key") {
        "the name is there already in this table; keep one of the two"
    } else if message.contains("must be quoted") {
        "put texts in quotation marks: \"…\""
    } else if message.contains("basic string") {
        "close the text with a quotation mark on the same line"
    } else if message.contains("date") {
        "write a date that is in the calendar: 2024-01-01"
    } else if message.contains("recursion") {
        "nothing in the format is nested that deep"
    } else {
        "see https://toml.io for the rules; texts stand in quotation marks, tables in [brackets]"
    };
    remedy.to_owned()
}
