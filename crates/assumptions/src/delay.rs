//! The same reform some years later: its dates and the years of its series are moved.

use std::cmp::Ordering;

use crate::at::Reading;
use crate::diagnostics::Code;
use crate::files::Origin;
use crate::patches::{HEADS, row_identity};
use crate::tree::{Node, Step, Table, Value, written_path};

/// Most places that one warning lists.
const LISTED: usize = 4;

/// Moves every date of a reform and every year of its series by `years`.
///
/// Until the first year of a series so moved, what lies below holds. What has no date cannot be moved: a change without
/// one is a warning, and a table in a file, or a new scheme, is a fault. Returns whether anything was moved.
pub(crate) fn delay(over: &mut Node, tree: &Node, years: i32, reading: &Reading) -> bool {
    let mut delay = Delay {
        years,
        start: start(tree),
        reading,
        undated: Vec::new(),
        path: Vec::new(),
        moved: false,
    };
    if let Some(files) = over.get("files") {
        delay.refuse(
            files,
            "a reform that adds a scheme or branch cannot be delayed: its file dates its own law",
        );
    }
    delay.table(over, Some(tree));
    delay.warn();
    delay.moved
}

struct Delay<'a> {
    years: i32,
    /// The year in which the valuation starts.
    start: i32,
    reading: &'a Reading,
    undated: Vec<(String, Origin)>,
    path: Vec<Step>,
    moved: bool,
}

impl Delay<'_> {
    fn table(&mut self, node: &mut Node, below: Option<&Node>) {
        let Some(table) = node.as_table_mut() else { return };
        for (key, inner) in table.iter_mut() {
            if HEADS.contains(&key.as_str()) || key == "files" {
                continue;
            }
            self.path.push(Step::from(key.as_str()));
            let known = self.undated.len();
            match key.as_str() {
                "in_force" => self.rows(inner, below),
                "values" => self.series(inner, below),
                "after"
                    if self.path.iter().rev().nth(1) == Some(&Step::from("pensionable_age")) =>
                {
                    self.link(inner);
                }
                "file" => {
                    let reason =
                        "a table in a file cannot be delayed; give the figures in `values`";
                    self.refuse(inner, reason);
                }
                // How a table or a series is read, not what it says; an indicator says nothing before a rule reads it.
                "column" | "ages" | "gaps" | "indicators" => {}
                sex @ ("male" | "female") => {
                    let apart = below.and_then(|below| below.get(sex));
                    self.node(inner, apart.or(below));
                }
                key => self.node(inner, below.and_then(|below| below.get(key))),
            }
            let is_new =
                below.is_some_and(|below| below.as_table().is_some() && below.get(key).is_none());
            if is_new && inner.as_table().is_some() && known < self.undated.len() {
                // A table that nothing lies below is one change, whatever it holds.
                self.undated.truncate(known);
                self.undated.push((written_path(&self.path), inner.key.unwrap_or(inner.origin)));
            }
            self.path.pop();
        }
    }

    fn node(&mut self, node: &mut Node, below: Option<&Node>) {
        match &mut node.value {
            Value::Table(_) => self.table(node, below),
            Value::Date(_) => self.date(node),
            Value::List(list) if list.iter().any(|inner| inner.as_table().is_some()) => {
                for (index, inner) in list.iter_mut().enumerate() {
                    self.path.push(Step::Index(index));
                    self.node(inner, None);
                    self.path.pop();
                }
            }
            _ => self.undated.push((written_path(&self.path), node.key.unwrap_or(node.origin))),
        }
    }

    fn rows(&mut self, node: &mut Node, below: Option<&Node>) {
        let Value::List(rows) = &mut node.value else { return };
        let in_time = rows.clone();
        for row in rows.iter_mut() {
            let from = row.get("from").and_then(year_of);
            if below.is_none() && from.is_some_and(|from| from <= self.start) {
                // A new provision has to say something when the valuation starts.
                continue;
            }
            for inner in row.as_table_mut().into_iter().flatten().map(|(_, inner)| inner) {
                self.date(inner);
            }
            let from = row.get("from").and_then(year_of);
            if from.is_some_and(|from| from <= self.start) {
                self.undated.push((written_path(&self.path), row.origin));
            }
        }
        let law = below.and_then(|below| below.get("in_force"));
        if let Some(Value::List(law)) = law.map(|law| &law.value) {
            self.turns(law, &in_time, rows);
        }
    }

    /// Warns of rows that rise above what holds before them where in time they do not, and of those that fall so.
    fn turns(&self, law: &[Node], in_time: &[Node], later: &[Node]) {
        for (row, moved) in in_time.iter().zip(later) {
            let held = [(in_time, row), (later, moved)].map(|(rows, row)| held(law, rows, row));
            let [Some(before), Some(after)] = held else { continue };
            let [Some(value), Some(first), Some(second)] = [row, before, after].map(number) else {
                continue;
            };
            let [was, is] = [value.total_cmp(&first), value.total_cmp(&second)];
            if is == Ordering::Equal || is == was {
                continue;
            }
            let place = self.reading.files.borrow().place(after.origin);
            let text = |row: &Node, key: &str| row.get(key).map_or_else(String::new, Node::written);
            let reason = format!(
                "{} years later, from {}, the value {} is {} the {} that holds from {} ({}:{}); in time it is {} {}",
                self.years,
                text(moved, "from"),
                text(moved, "value"),
                beside(is),
                text(after, "value"),
                text(after, "from"),
                place.file,
                place.line,
                beside(was),
                text(before, "value"),
            );
            let remedy = "write the later reform as a file of its own, with rows that go on from what holds by then";
            let words = (reason, remedy.to_owned());
            let path = written_path(&self.path);
            self.reading.fault_at(Some(row.origin), &path, Code::DelayTurns, words);
        }
    }

    /// Moves the years of a pensionable age that follows life expectancy; what is published stays where it is.
    fn link(&mut self, node: &mut Node) {
        let Some(table) = node.as_table_mut() else { return };
        let years = ["first", "reference_year"];
        for (key, inner) in table.iter_mut().filter(|(key, _)| years.contains(&key.as_str())) {
            if let Value::Integer(year) = &mut inner.value {
                *year += i64::from(self.years);
                self.moved |= key == "first";
            }
        }
    }

    fn date(&mut self, node: &mut Node) {
        let Value::Date(date) = &mut node.value else { return };
        let Some(day) = &mut date.date else { return };
        let year = i32::from(day.year) + self.years;
        // A 29 February becomes the 28th where the year has none.
        if day.month == 2 && day.day == 29 && !is_leap(year) {
            day.day = 28;
        }
        day.year = u16::try_from(year).unwrap_or(u16::MAX);
        self.moved = true;
    }

    fn series(&mut self, node: &mut Node, below: Option<&Node>) {
        let Some(table) = node.as_table_mut() else { return };
        self.moved |= table.keys().any(|key| key.parse::<i32>().is_ok());
        let moved = |(key, inner): (&String, &Node)| {
            let year = key.parse::<i32>().ok().map(|year| year + self.years);
            (year.map_or_else(|| key.clone(), |year| year.to_string()), inner.clone())
        };
        let mut later: Table = table.iter().map(moved).collect();
        let first = later.keys().filter_map(|key| key.parse::<i32>().ok()).min();
        if let (None, Some(value)) = (below, table.values().next()) {
            // A new series has to say something when the valuation starts: what it begins with.
            later.entry(self.start.to_string()).or_insert_with(|| value.clone());
        }
        if let Some(first) = first.filter(|first| self.start < *first) {
            self.keep(&mut later, first, below);
        }
        *table = later;
    }

    /// Puts what lies below before the first year of a series that was moved.
    fn keep(&self, later: &mut Table, first: i32, below: Option<&Node>) {
        let Some(below) = below else { return };
        if let Some(values) = below.get("values").and_then(Node::as_table) {
            let before = |key: &str| key.parse::<i32>().is_ok_and(|year| year < first);
            let kept = values.iter().filter(|(key, _)| before(key));
            later.extend(kept.map(|(key, inner)| (key.clone(), inner.clone())));
        } else if let Some(value) = below.get("value") {
            let years = [self.start, first - 1];
            later.extend(years.map(|year| (year.to_string(), value.clone())));
        } else if let Some(file) = below.get("file") {
            let reason = "a series that replaces a table in a file cannot be delayed: what holds until then lies in the file";
            self.refuse(file, reason);
        }
    }

    fn refuse(&self, node: &Node, reason: &str) {
        let words = (
            reason.to_owned(),
            "value the reform without the delay, or write a second reform with later dates"
                .to_owned(),
        );
        let place = node.key.or(Some(node.origin));
        self.reading.fault_at(place, &written_path(&self.path), Code::NotForOverlays, words);
    }

    fn warn(&self) {
        let Some((path, origin)) = self.undated.first() else { return };
        let mut names: Vec<&str> = self.undated.iter().map(|(path, _)| path.as_str()).collect();
        names.dedup();
        let more = names.len().saturating_sub(LISTED);
        names.truncate(LISTED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let reason = format!(
            "no date: {}{more}; what has none holds from the start of the valuation, also {} years later",
            names.join(", "),
            self.years
        );
        let remedy =
            "give the change a date of its own, or read the delayed reform with that in mind"
                .to_owned();
        self.reading.fault_at(Some(*origin), path, Code::NotDelayed, (reason, remedy));
    }
}

/// Returns the row that holds for the persons of `row` until it begins, with `rows` laid over those of the law.
fn held<'a>(law: &'a [Node], rows: &'a [Node], row: &Node) -> Option<&'a Node> {
    let text = |row: &Node, key: &str| row.get(key).map(Node::written);
    let from = day_of(row)?;
    let laid: Vec<String> = rows.iter().map(row_identity).collect();
    let kept = law.iter().filter(|row| !laid.contains(&row_identity(row)));
    let of_them = kept.chain(rows).filter(|other| {
        let alike = |key: &&str| text(other, key) == text(row, key);
        let sex = text(other, "sex");
        ["born_from", "entered_from"].iter().all(alike)
            && (sex.is_none() || sex == text(row, "sex"))
    });
    let earlier = of_them.filter(|other| day_of(other).is_some_and(|day| day < from));
    earlier.max_by_key(|other| (day_of(other), other.get("sex").is_some()))
}

const fn beside(order: Ordering) -> &'static str {
    match order {
        Ordering::Less => "below",
        Ordering::Equal => "equal to",
        Ordering::Greater => "above",
    }
}

fn number(row: &Node) -> Option<f64> {
    match row.get("value")?.value {
        Value::Integer(value) => i32::try_from(value).ok().map(f64::from),
        Value::Float(value) => Some(value),
        _ => None,
    }
}

fn day_of(row: &Node) -> Option<(u16, u8, u8)> {
    let Value::Date(date) = &row.get("from")?.value else { return None };
    date.date.map(|day| (day.year, day.month, day.day))
}

fn start(tree: &Node) -> i32 {
    tree.get("start").and_then(year_of).unwrap_or(i32::MIN)
}

fn year_of(node: &Node) -> Option<i32> {
    match &node.value {
        Value::Date(date) => date.date.map(|day| i32::from(day.year)),
        _ => None,
    }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
