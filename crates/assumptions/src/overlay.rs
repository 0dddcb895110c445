//! Lays one tree over another, and single values over a tree.

use serde_json::Value as Schema;

use crate::at::Reading;
use crate::diagnostics::{Code, did_you_mean};
use crate::files::{FileId, Origin, Span};
use crate::format::{Format, NAMED};
use crate::tree::{Cited, Node, Step, Table, Value, parse, read_path, written_path};
use crate::walk::Choices;

/// Keys of which a table has one: a value in another way takes the place of the one below.
const WAYS: [(&str, &[&str]); 3] =
    [("value", &["value"]), ("values", &["values"]), ("file", &["file", "column"])];

/// Lays `over` on `base`: tables merge; `values` and lists are replaced whole; rows of `in_force` merge by their dates
/// and sex; another choice takes the place of the one below.
pub(crate) fn merge(base: &mut Node, over: Node, format: &Format, schema: &Schema) {
    let schema = format.resolve(schema);
    let cited = over.cited.clone();
    match (&mut base.value, over.value) {
        (Value::Table(below), Value::Table(above)) => {
            if is_other_choice(below, &above, schema) {
                below.clear();
            }
            drop_other_ways(below, &above);
            for (key, node) in above {
                let inner = alternative(format, schema, &key);
                lay(below, key, node, format, inner);
            }
            base.cited.extend(cited);
        }
        (_, value) => {
            base.value = value;
            base.origin = over.origin;
            base.key = over.key;
            base.cited = cited;
        }
    }
}

/// Returns the description of a key, also where the table has alternatives.
fn alternative<'a>(format: &'a Format, schema: &'a Schema, key: &str) -> &'a Schema {
    let options =
        schema["anyOf"].as_array().into_iter().chain(schema["oneOf"].as_array()).flatten();
    let found = options.map(|option| format.child(option, key)).find(|child| child.is_object());
    found.unwrap_or_else(|| format.child(schema, key))
}

fn lay(below: &mut Table, key: String, node: Node, format: &Format, schema: &Schema) {
    match below.get_mut(&key) {
        None => {
            below.insert(key, node);
        }
        Some(old) if key == "values" => *old = node,
        Some(old) if key == "in_force" => match (&mut old.value, node.value) {
            (Value::List(rows), Value::List(more)) => {
                more.into_iter().for_each(|row| lay_row(rows, row))
            }
            (_, value) => *old = Node { value, ..old.clone() },
        },
        Some(old) => merge(old, node, format, schema),
    }
}

fn lay_row(rows: &mut Vec<Node>, row: Node) {
    let identity = |row: &Node| {
        ["from", "born_from", "entered_from", "sex"].map(|key| row.get(key).map(Node::written))
    };
    match rows.iter_mut().find(|old| identity(old) == identity(&row)) {
        Some(old) => *old = row,
        None => rows.push(row),
    }
}

fn is_other_choice(below: &Table, above: &Table, schema: &Schema) -> bool {
    let choices = Choices::new(schema);
    schema.get("oneOf").is_some() && choices.chosen(below) != choices.chosen(above)
}

fn drop_other_ways(below: &mut Table, above: &Table) {
    for (given, other) in [("by_age", "all_ages"), ("all_ages", "by_age")] {
        if above.contains_key(given) && !above.contains_key(other) {
            below.remove(other);
        }
    }
    let both = above.contains_key("male") && above.contains_key("female");
    let given = WAYS.iter().find(|(way, _)| above.contains_key(*way));
    for (way, keys) in WAYS {
        if both || given.is_some_and(|(given, _)| *given != way) {
            keys.iter().filter(|key| !above.contains_key(**key)).for_each(|key| {
                below.remove(*key);
            });
        }
    }
    if given.is_some() && !above.contains_key("male") && !above.contains_key("female") {
        below.remove("male");
        below.remove("female");
    }
}

/// Lays `path=value` of the command line on the tree.
pub(crate) fn set(root: &mut Node, typed: &str, reading: &Reading, format: &Format) {
    let file = reading.files.borrow_mut().typed(&format!("--set '{typed}'"), "--set", typed);
    let whole = Origin { file, span: Span { start: 0, end: typed.len() } };
    let Some((path, value)) = split(typed) else {
        let remedy =
            "write --set path=value, for example --set economy.interest.value=0.04".to_owned();
        return reading.fault_at(
            Some(whole),
            "",
            Code::SetSyntax,
            (format!("`{typed}` has no path or no `=`"), remedy),
        );
    };
    let at = Origin { file, span: Span { start: 0, end: path.trim_end().len() } };
    let Some(steps) = read_path(path) else {
        let remedy =
            "a path is keys joined by points, with positions in brackets: a.b.in_force[0].value"
                .to_owned();
        return reading.fault_at(
            Some(at),
            "",
            Code::SetSyntax,
            (format!("`{}` is not a path", path.trim()), remedy),
        );
    };
    let start = typed.len() - value.len();
    match value_node(value, file, start) {
        Ok(mut node) => {
            node.key = Some(at);
            place(root, &steps, node, (reading, format, at));
        }
        Err(message) => {
            let words = (
                format!("`{}` is not a value: {message}", value.trim()),
                "write the value as in TOML: 0.05, 2030-01-01, { 2026 = 0.03 }, and texts in quotation marks (which the shell must not remove): --set 'path=\"text\"'".to_owned(),
            );
            reading.fault_at(
                Some(Origin { file, span: Span { start, end: typed.len() } }),
                path.trim(),
                Code::SetSyntax,
                words,
            );
        }
    }
}

/// Splits at the first `=` outside quotation marks.
fn split(typed: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = typed.char_indices().find_map(|(at, letter)| {
        quoted ^= letter == '"';
        (letter == '=' && !quoted).then_some(at)
    })?;
    (!typed[at + 1..].trim().is_empty() && !typed[..at].trim().is_empty())
        .then(|| (&typed[..at], &typed[at + 1..]))
}

fn value_node(value: &str, file: FileId, start: usize) -> Result<Node, String> {
    let (mut document, faults) = parse(file, &format!("v={value}"));
    if let Some(fault) = faults.first() {
        return Err(fault.message.clone());
    }
    let table = document.as_table_mut().filter(|table| table.len() == 1);
    let mut node = table.and_then(|table| table.remove("v")).ok_or("more than one value")?;
    shift(&mut node, start);
    Ok(node)
}

/// Moves places from the text `v=value` to that of the command line.
fn shift(node: &mut Node, start: usize) {
    let moved = |origin: &mut Origin| {
        origin.span.start = (origin.span.start + start).saturating_sub(2);
        origin.span.end = (origin.span.end + start).saturating_sub(2);
    };
    moved(&mut node.origin);
    if let Some(key) = &mut node.key {
        moved(key);
    }
    match &mut node.value {
        Value::List(list) => list.iter_mut().for_each(|inner| shift(inner, start)),
        Value::Table(table) => table.values_mut().for_each(|inner| shift(inner, start)),
        _ => {}
    }
}

fn place(
    root: &mut Node,
    steps: &[Step],
    node: Node,
    (reading, format, at): (&Reading, &Format, Origin),
) {
    let path = written_path(steps);
    let refuse = |code, reason: String, remedy: String| {
        reading.fault_at(Some(at), &path, code, (reason, remedy))
    };
    if let Some((reason, remedy)) = not_for_set(&steps[0]) {
        return refuse(Code::NotForOverlays, reason, remedy.into());
    }
    let known = known_paths(root);
    let mut schema = format.root();
    let mut target = &mut *root;
    let (last, before) = steps.split_last().expect("a path has at least one step");
    for step in before {
        schema = match step {
            Step::Key(key) => alternative(format, format.resolve(schema), key),
            Step::Index(_) => &format.resolve(schema)["items"],
        };
        target = match target.step_mut(step) {
            Some(next) => next,
            None => {
                return refuse(
                    Code::UnknownPath,
                    format!("there is no `{path}`"),
                    near(&path, &known),
                );
            }
        };
    }
    let new_name = steps.len() == 2 && NAMED.iter().any(|name| steps[0] == Step::from(*name));
    let is_subject = steps.len() == 1 && format.root()["properties"].get(path.as_str()).is_none();
    match (target.step(last).is_some(), &mut target.value, last) {
        (true, Value::List(_), Step::Index(_)) | (false, Value::Table(_), Step::Key(_))
            if !new_name && !is_subject => {}
        (true, Value::Table(_), Step::Key(_)) => {}
        _ => {
            return refuse(Code::UnknownPath, format!("there is no `{path}`"), near(&path, &known));
        }
    }
    let file = at.file;
    let source = Cited { file, source: Some("command line".into()), checked: None, note: None };
    match (&mut target.value, last) {
        (Value::Table(table), Step::Key(key)) => {
            let above: Table = [(key.clone(), node)].into_iter().collect();
            drop_other_ways(table, &above);
            for (key, node) in above {
                let inner = alternative(format, format.resolve(schema), &key);
                lay(table, key, node, format, inner);
            }
        }
        (_, step) => {
            if let Some(old) = target.step_mut(step) {
                merge(old, node, format, &format.resolve(schema)["items"]);
            }
        }
    }
    root.cited.push(source);
}

/// Says why a value of the command line may not lie under this key, and what to do instead.
fn not_for_set(key: &Step) -> Option<(String, &'static str)> {
    if *key == Step::from("files") {
        let remedy = "change the valuation file, or name files in a reform";
        return Some(("the files are read before `--set` is laid over them".into(), remedy));
    }
    let identity =
        ["country", "currency", "start"].into_iter().find(|name| *key == Step::from(*name));
    identity
        .map(|name| (format!("`--set` may not change `{name}`"), "change it in the valuation file"))
}

/// Returns every path of the tree.
pub(crate) fn known_paths(root: &Node) -> Vec<String> {
    fn down(node: &Node, path: &mut Vec<Step>, found: &mut Vec<String>) {
        let mut visit = |step: Step, inner: &Node, found: &mut Vec<String>| {
            path.push(step);
            found.push(written_path(path.iter()));
            down(inner, path, found);
            path.pop();
        };
        match &node.value {
            Value::Table(table) => {
                table.iter().for_each(|(key, inner)| visit(Step::Key(key.clone()), inner, found));
            }
            Value::List(list) => {
                list.iter()
                    .enumerate()
                    .for_each(|(index, inner)| visit(Step::Index(index), inner, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    down(root, &mut Vec::new(), &mut found);
    found
}

fn near(path: &str, known: &[String]) -> String {
    match did_you_mean(path, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`? `perennis show` lists every path"),
        None => "`perennis show` lists every path".into(),
    }
}
