use perennis_assumptions::{Loaded, Provenance, did_you_mean};
use perennis_valuation::Quantity;
use serde_json::Value;

use crate::exit::Failure;

/// How a lever acts on the values that it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Adds so much.
    Adds,
    /// Multiplies.
    Times,
    /// Puts the value in their place.
    Sets,
}

/// What a solver turns: values of the tree of assumptions, from a day on where they have dates.
#[derive(Clone, Debug)]
pub(super) struct Lever {
    /// As on the command line.
    pub(super) name: String,
    pub(super) act: Act,
    /// Whether only whole numbers serve.
    pub(super) whole: bool,
    /// The values it may take when the command line names none.
    pub(super) range: Option<(f64, f64)>,
    /// Unit of its value in words.
    pub(super) unit: &'static str,
    /// Provisions, series and values it acts on, by path.
    pub(super) paths: Vec<String>,
    /// What it multiplies in the model instead, whatever the form in which the files give it.
    pub(super) quantity: Option<Quantity>,
}

/// A value laid over the assumptions: the table, the key in it, and the value as in TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Laid {
    pub(super) table: String,
    pub(super) key: String,
    pub(super) text: String,
}

/// The names that a lever may have beside a path.
pub(super) const NAMED: [&str; 5] =
    ["contribution_rate", "pensionable_age", "accrual", "indexation", "coverage"];

impl Lever {
    /// Finds what a name on the command line turns in an account, or takes it as a path.
    pub(super) fn find(name: &str, loaded: &Loaded, account: &str) -> Result<Self, Failure> {
        let all = &loaded.provenance;
        let lever = |act, whole, range, unit, paths: Vec<String>| {
            if paths.is_empty() {
                let text =
                    format!("the law has nothing that `{name}` turns in account `{account}`");
                return Err(Failure::Usage(format!("{text}; name a path with --lever PATH")));
            }
            Ok(Self { name: name.to_owned(), act, whole, range, unit, paths, quantity: None })
        };
        match name {
            "coverage" => Ok(Self {
                name: name.to_owned(),
                act: Act::Times,
                whole: false,
                range: Some((0.5, 1.5)),
                unit: "factor on the insured over the employed, at most everybody",
                paths: Vec::new(),
                quantity: Some(Quantity::Coverage),
            }),
            "contribution_rate" => {
                let paths = rates(all, account);
                let range = Some((-lowest(all, &paths).min(0.1), 0.3));
                lever(Act::Adds, false, range, "share of insured earnings, added", paths)
            }
            "pensionable_age" => {
                let paths = ages(all, account);
                lever(Act::Adds, true, Some((-36.0, 120.0)), "months, added", paths)
            }
            "accrual" => lever(
                Act::Times,
                false,
                Some((0.5, 1.5)),
                "factor on every rate of accrual",
                accruals(all, account),
            ),
            "indexation" => {
                let paths = indexations(all, account);
                lever(Act::Sets, false, Some((0.0, 1.0)), "weight of wages, the rest prices", paths)
            }
            path => Self::at_path(path, all),
        }
    }

    /// Takes a provision, a series or a value by its path.
    fn at_path(path: &str, all: &[Provenance]) -> Result<Self, Failure> {
        let below = [format!("{path}."), format!("{path}[")];
        let known = |one: &Provenance| {
            one.path == path || below.iter().any(|start| one.path.starts_with(start))
        };
        if !all.iter().any(known) {
            let paths = all.iter().map(|one| one.path.as_str()).chain(NAMED);
            let near = did_you_mean(path, paths);
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(Failure::Usage(format!(
                "there is no lever or path `{path}`{hint}; levers are {}",
                NAMED.join(", ")
            )));
        }
        let dated = all.iter().any(|one| one.path.starts_with(&format!("{path}.in_force[")));
        Ok(Self {
            name: path.to_owned(),
            act: if dated { Act::Adds } else { Act::Sets },
            whole: false,
            range: None,
            unit: if dated { "in the unit of the provision, added" } else { "in its own unit" },
            paths: vec![path.to_owned()],
            quantity: None,
        })
    }

    /// Returns what lies over the assumptions when the lever stands at `value` from the start of `year`.
    pub(super) fn laid(
        &self,
        loaded: &Loaded,
        value: f64,
        year: i32,
    ) -> Result<Vec<Laid>, Failure> {
        let mut laid = Vec::new();
        for path in &self.paths {
            if self.name == "indexation" {
                laid.push(mix(path, value));
            } else if has(loaded, &format!("{path}.in_force[")) {
                laid.push(self.provision(loaded, path, (value, year))?);
            } else if let Some(one) = at(loaded, &format!("{path}.values")) {
                laid.push(self.series(loaded, (path, one), (value, year))?);
            } else if let Some(one) =
                at(loaded, &format!("{path}.value")).or_else(|| at(loaded, path))
            {
                laid.push(self.single(one, value)?);
            } else {
                return Err(Failure::Usage(format!(
                    "`{path}` holds no number that can be turned: it lies in a table of a file, or in parts of its own"
                )));
            }
        }
        Ok(laid)
    }

    /// Returns the value at which it changes nothing; of a lever that sets values there is none, and nought stands for it.
    pub(super) fn idle(&self) -> f64 {
        if self.act == Act::Times { 1.0 } else { 0.0 }
    }

    fn turned(&self, value: &Value, by: f64) -> Option<Value> {
        let number = |value: f64| match self.act {
            Act::Adds => value + by,
            Act::Times => value * by,
            Act::Sets => by,
        };
        match value {
            Value::Number(one) => Some(number(one.as_f64()?).into()),
            // Points of a scale: years stay, shares are turned.
            Value::Array(points) => {
                let point = |point: &Value| {
                    let [years, share] = point.as_array()?.as_slice() else { return None };
                    Some(Value::from(vec![years.clone(), number(share.as_f64()?).into()]))
                };
                Some(Value::Array(points.iter().map(point).collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    fn provision(
        &self,
        loaded: &Loaded,
        path: &str,
        (by, year): (f64, i32),
    ) -> Result<Laid, Failure> {
        let rows = rows(loaded, path);
        let from = format!("{year}-01-01");
        let mut written = Vec::new();
        let mut known: Vec<&Row> = Vec::new();
        for row in &rows {
            if known.iter().any(|other| other.of == row.of) {
                continue;
            }
            known.push(row);
            let alike = || rows.iter().filter(|other| other.of == row.of);
            let held = alike()
                .filter(|other| other.from <= from)
                .max_by(|one, other| one.from.cmp(&other.from));
            let later = alike().filter(|other| from < other.from);
            let turned = held.map(|held| (from.as_str(), held)).into_iter();
            for (from, row) in turned.chain(later.map(|row| (row.from.as_str(), row))) {
                let by = if self.name == "pensionable_age" { by / row.months } else { by };
                let value = row.value.as_ref().and_then(|value| self.turned(value, by));
                let Some(value) = value else {
                    return Err(Failure::Usage(format!("`{path}` holds what is no number")));
                };
                written.push(format!("{{ from = {from}{}, value = {} }}", row.of, number(&value)));
            }
        }
        if written.is_empty() {
            return Err(Failure::Usage(format!("`{path}` has no row in force from {from} on")));
        }
        let text = format!("[{}]", written.join(", "));
        Ok(Laid { table: path.to_owned(), key: "in_force".into(), text })
    }

    /// Turns a series from a year on; the year before keeps what it had.
    fn series(
        &self,
        loaded: &Loaded,
        (path, values): (&str, &Provenance),
        (by, year): (f64, i32),
    ) -> Result<Laid, Failure> {
        let inner = values.value.trim_start_matches('{').trim_end_matches('}');
        let point = |part: &str| {
            let (year, value) = part.split_once('=')?;
            Some((year.trim().parse::<i32>().ok()?, value.trim().parse::<f64>().ok()?))
        };
        let points: Option<Vec<(i32, f64)>> = inner.split(',').map(point).collect();
        let Some(mut points) = points.filter(|points| !points.is_empty()) else {
            return Err(Failure::Usage(format!("`{path}` is no series of numbers by year")));
        };
        points.sort_by_key(|(year, _)| *year);
        let linear =
            at(loaded, &format!("{path}.gaps")).is_some_and(|one| one.value == "\"linear\"");
        let of = |year: i32| value_in(&points, year, linear);
        let mut turned: Vec<(i32, f64)> =
            points.iter().copied().filter(|(own, _)| *own < year).collect();
        if turned.last().is_some_and(|(last, _)| *last < year - 1) {
            turned.push((year - 1, of(year - 1)));
        }
        let later = points.iter().map(|(own, _)| *own).filter(|own| year < *own);
        for own in std::iter::once(year).chain(later) {
            let value = self.turned(&of(own).into(), by).and_then(|value| value.as_f64());
            turned.push((own, value.unwrap_or(by)));
        }
        let points: Vec<String> =
            turned.iter().map(|(year, value)| format!("{year} = {value:?}")).collect();
        let text = format!("{{ {} }}", points.join(", "));
        Ok(Laid { table: path.to_owned(), key: "values".into(), text })
    }

    fn single(&self, one: &Provenance, by: f64) -> Result<Laid, Failure> {
        let before = serde_json::from_str::<Value>(&one.value).ok();
        let turned = before.and_then(|value| self.turned(&value, by));
        let Some((value, (table, key))) = turned.zip(one.path.rsplit_once('.')) else {
            return Err(Failure::Usage(format!("`{}` is {}, no number", one.path, one.value)));
        };
        Ok(Laid { table: table.to_owned(), key: key.to_owned(), text: number(&value) })
    }
}

impl Laid {
    /// Returns the value as `--set` takes it.
    pub(super) fn set(&self) -> String {
        format!("{}.{}={}", self.table, self.key, self.text)
    }
}

/// A row of a provision as it is written.
struct Row {
    from: String,
    /// For whom it is: the other keys, as they are written in a row.
    of: String,
    value: Option<Value>,
    /// Months in the unit of its value.
    months: f64,
}

fn rows(loaded: &Loaded, path: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for index in 0.. {
        let start = format!("{path}.in_force[{index}].");
        let parts: Vec<&Provenance> =
            loaded.provenance.iter().filter(|one| one.path.starts_with(&start)).collect();
        if parts.is_empty() {
            break;
        }
        let of = |key: &str| parts.iter().find(|one| one.path[start.len()..] == *key);
        let whom = ["born_from", "entered_from", "sex"]
            .into_iter()
            .filter_map(|key| of(key).map(|one| format!(", {key} = {}", one.value)));
        let value = of("value");
        let months = match value.and_then(|one| one.unit.as_deref()) {
            Some("years") => 12.0,
            Some("quarters") => 3.0,
            _ => 1.0,
        };
        rows.push(Row {
            from: of("from").map(|one| one.value.clone()).unwrap_or_default(),
            of: whom.collect(),
            value: value.and_then(|one| serde_json::from_str(&one.value).ok()),
            months,
        });
    }
    rows
}

/// Returns the value of a year: on the line between its neighbours, or that of the year before.
fn value_in(points: &[(i32, f64)], year: i32, linear: bool) -> f64 {
    let before = points.iter().rev().find(|(own, _)| *own <= year);
    let after = points.iter().find(|(own, _)| year <= *own);
    match (before, after) {
        (Some((first, low)), Some((last, high))) if linear && first < last => {
            low + (high - low) * f64::from(year - first) / f64::from(last - first)
        }
        (Some((_, value)), _) | (None, Some((_, value))) => *value,
        (None, None) => 0.0,
    }
}

fn number(value: &Value) -> String {
    match value {
        Value::Number(one) => {
            one.as_f64().map_or_else(|| one.to_string(), |one| format!("{one:?}"))
        }
        Value::Array(list) => {
            format!("[{}]", list.iter().map(number).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn mix(path: &str, weight: f64) -> Laid {
    let text =
        format!("{{ mix = {{ wage_weight = {{ value = {weight:?}, unit = \"share\" }} }} }}");
    Laid { table: path.to_owned(), key: "by".into(), text }
}

fn at<'a>(loaded: &'a Loaded, path: &str) -> Option<&'a Provenance> {
    loaded.provenance.iter().find(|one| one.path == path)
}

fn has(loaded: &Loaded, start: &str) -> bool {
    loaded.provenance.iter().any(|one| one.path.starts_with(start))
}

/// Keeps each once, in order.
fn distinct(paths: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for path in paths {
        if !kept.contains(&path) {
            kept.push(path);
        }
    }
    kept
}

/// Tables below `schemes.*.<kind>.*` whose account is the one given.
fn of_account(all: &[Provenance], kind: &str, account: &str) -> Vec<String> {
    let wanted = format!("\"{account}\"");
    let parts = all.iter().filter(|one| one.value == wanted);
    let tables = parts.filter_map(|one| {
        let table = one.path.strip_suffix(".account")?;
        let steps: Vec<&str> = table.split('.').collect();
        (steps.len() == 4 && steps[0] == "schemes" && steps[2] == kind).then(|| table.to_owned())
    });
    distinct(tables)
}

/// Rates of contribution that the employer pays, else those of the first payer, of every contribution to an account.
fn rates(all: &[Provenance], account: &str) -> Vec<String> {
    let of = |table: String| {
        let payers = ["employers", "self_employed", "employees", "state"];
        payers
            .into_iter()
            .map(|payer| format!("{table}.rates.{payer}"))
            .find(|path| all.iter().any(|one| one.path.starts_with(&format!("{path}.in_force["))))
    };
    of_account(all, "contributions", account).into_iter().filter_map(of).collect()
}

/// The lowest rate in force at any time: no further can rates be cut.
fn lowest(all: &[Provenance], paths: &[String]) -> f64 {
    let rate = |one: &Provenance| {
        let of = paths.iter().any(|path| one.path.starts_with(&format!("{path}.in_force[")));
        (of && one.path.ends_with(".value")).then(|| one.value.parse::<f64>().ok()).flatten()
    };
    all.iter().filter_map(rate).fold(1.0, f64::min)
}

fn ages(all: &[Provenance], account: &str) -> Vec<String> {
    let schemes = of_account(all, "benefits", account).into_iter();
    let paths = schemes.filter_map(|table| {
        let scheme = table.split('.').nth(1)?;
        Some(format!("schemes.{scheme}.pensionable_age"))
    });
    let there =
        |path: &String| all.iter().any(|one| one.path.starts_with(&format!("{path}.in_force[")));
    distinct(paths.filter(there))
}

/// Scales and rates that the accrual steps of the pensions of an account name.
fn accruals(all: &[Provenance], account: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for table in of_account(all, "benefits", account) {
        let Some(scheme) = table.split('.').nth(1) else { continue };
        let steps = all.iter().filter(|one| {
            one.path.starts_with(&format!("{table}.steps[")) && one.path.contains(".accrual.")
        });
        for one in steps {
            let named = one.value.trim_matches('"');
            let found = ["scales", "rules"]
                .into_iter()
                .map(|kind| format!("schemes.{scheme}.{kind}.{named}"));
            paths.extend(found.filter(|path| {
                all.iter().any(|one| one.path.starts_with(&format!("{path}.in_force[")))
            }));
        }
    }
    distinct(paths.into_iter())
}

/// Rules by which the pensions of an account follow wages, prices or a mix of both.
fn indexations(all: &[Provenance], account: &str) -> Vec<String> {
    let tables = of_account(all, "benefits", account).into_iter();
    let paths = tables.filter_map(|table| {
        let scheme = table.split('.').nth(1)?.to_owned();
        let rule = all.iter().find(|one| one.path == format!("{table}.indexation"))?;
        Some(format!("schemes.{scheme}.indexation.{}.after", rule.value.trim_matches('"')))
    });
    let mixes = |path: &String| {
        all.iter().any(|one| {
            let by = one.path == format!("{path}.by")
                && ["\"wages\"", "\"prices\""].contains(&one.value.as_str());
            by || one.path.starts_with(&format!("{path}.by.mix."))
        })
    };
    distinct(paths.filter(mixes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_read_between_its_points_as_its_gaps_say() {
        let points = [(2024, 1.0), (2030, 4.0)];
        for (year, linear, expected) in
            [(2024, true, 1.0), (2026, true, 2.0), (2026, false, 1.0), (2040, true, 4.0)]
        {
            assert!((value_in(&points, year, linear) - expected).abs() < 1e-12);
        }
    }
}
