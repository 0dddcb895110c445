use std::cell::RefCell;
use std::collections::HashMap;

/// A value of the assumption files and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Path in the tree of assumptions.
    pub path: String,
    /// The value as written.
    pub value: String,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// Where it comes from; empty where no source is said.
    pub source: String,
    /// Whether it was read in that source.
    pub checked: bool,
    /// The file as it can be opened from the working directory, or the option of the command line.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// valuation, base, scenario, reform or --set.
    pub layer: String,
    /// The line of a table in which the figure stands, where the value names a table; whoever reads files fills it in.
    pub row: Option<TableLine>,
}

/// A line of a table of figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableLine {
    /// The file as it can be opened from the working directory.
    pub file: String,
    /// Line, from 1; the header is the first.
    pub line: usize,
    /// The line.
    pub text: String,
}

/// Keys that say how a value is written, not what it is.
const MANNER: [&str; 8] =
    ["gaps", "ages", "periods", "column", "account", "kind", "persons_only", "informal"];

/// Keys that count something else than the unit around them says.
const COUNTS: [&str; 13] = [
    "month",
    "lag",
    "from",
    "from_age",
    "to_age",
    "full_from_age",
    "first",
    "year",
    "base_year",
    "life_expectancy_at",
    "reference_year",
    "fixed_at",
    "every",
];

/// Tables of a scheme whose entries are named elsewhere in its law.
const NAMED: [&str; 17] = [
    "rules",
    "amounts",
    "series",
    "scales",
    "measures",
    "periods",
    "reference_earnings",
    "points",
    "balances",
    "life_tables",
    "divisors",
    "brackets",
    "formulas",
    "benefits",
    "cumulation",
    "indexation",
    "stated",
];

/// All values of the files.
#[derive(Debug)]
pub(crate) struct Inputs<'a> {
    origins: &'a [Origin],
    /// Parts of laws that were followed already.
    laws: RefCell<HashMap<String, Vec<String>>>,
}

impl<'a> Inputs<'a> {
    pub(crate) fn new(origins: &'a [Origin]) -> Self {
        Self { origins, laws: RefCell::default() }
    }

    /// Says whether the files give anything at a path.
    pub(crate) fn any(&self, path: &str) -> bool {
        self.origins.iter().any(|origin| is_under(&origin.path, path))
    }

    /// Returns the paths of a scheme that a part of its law is made of: itself, and all that it names, in turn.
    pub(crate) fn law(&self, scheme: &str, parts: &[String]) -> Vec<String> {
        let asked = format!("{scheme}: {}", parts.join(", "));
        if let Some(known) = self.laws.borrow().get(&asked) {
            return known.clone();
        }
        let found = self.followed(scheme, parts);
        self.laws.borrow_mut().insert(asked, found.clone());
        found
    }

    fn followed(&self, scheme: &str, parts: &[String]) -> Vec<String> {
        let head = format!("schemes.{scheme}");
        let mut found: Vec<String> = parts.iter().map(|part| format!("{head}.{part}")).collect();
        let mut next = 0;
        while next < found.len() {
            let path = found[next].clone();
            next += 1;
            let values = self.origins.iter().filter(|origin| is_under(&origin.path, &path));
            for name in values.flat_map(|origin| quoted(&origin.value)) {
                let tables = NAMED.iter().map(|table| format!("{head}.{table}.{name}"));
                let places = tables.chain([format!("{head}.{name}")]);
                for place in places.filter(|place| self.any(place)) {
                    if !found.contains(&place) {
                        found.push(place);
                    }
                }
            }
        }
        found
    }

    /// Returns the values at and below some paths, those in force in a year where they are dated, by file and line.
    pub(crate) fn at(&self, paths: &[String], year: Option<i32>) -> Vec<Origin> {
        let manner = |origin: &&Origin| {
            let last = origin.path.rsplit('.').next().unwrap_or_default();
            !MANNER.contains(&last) || paths.contains(&origin.path)
        };
        let named = |origin: &&Origin| paths.iter().any(|path| is_under(&origin.path, path));
        let found: Vec<&Origin> = self.origins.iter().filter(manner).filter(named).collect();
        let in_force = |origin: &&&Origin| year.is_none_or(|year| holds(&found, origin, year));
        let kept = found.iter().filter(in_force);
        let mut kept: Vec<Origin> = kept.map(|origin| narrowed((*origin).clone(), year)).collect();
        kept.sort_by(|one, other| {
            (&one.file, one.line, &one.path).cmp(&(&other.file, other.line, &other.path))
        });
        kept.dedup();
        kept
    }
}

/// Says whether a path is another one or lies below it.
pub(crate) fn is_under(path: &str, wanted: &str) -> bool {
    let rest = path.strip_prefix(wanted);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Returns the words between quotation marks of a value as it is written.
fn quoted(value: &str) -> impl Iterator<Item = &str> {
    value.split('"').skip(1).step_by(2)
}

/// Splits the path of a value in a row of `in_force`: the provision, the row, and the key.
fn row_of(path: &str) -> Option<(&str, &str, &str)> {
    let (provision, rest) = path.split_once(".in_force[")?;
    let (row, key) = rest.split_once(']')?;
    Some((provision, row, key.trim_start_matches('.')))
}

/// Says whether a value holds in a year: of the rows of a provision that begin by its end, for each birth, entry and
/// sex the latest. What is in no row of a provision holds.
fn holds(found: &[&Origin], origin: &Origin, year: i32) -> bool {
    let Some((provision, row, _)) = row_of(&origin.path) else { return true };
    let of_row = |row: &str, key: &str| {
        let path = format!("{provision}.in_force[{row}].{key}");
        found.iter().find(|one| one.path == path).map(|one| one.value.as_str())
    };
    let from = |row: &str| of_row(row, "from").unwrap_or_default().to_owned();
    let begins_by = |from: &str| from.get(..4).and_then(|year| year.parse().ok()) <= Some(year);
    let persons = |row: &str| ["born_from", "entered_from", "sex"].map(|key| of_row(row, key));
    if !begins_by(&from(row)) {
        return false;
    }
    let rows = found.iter().filter_map(|one| row_of(&one.path));
    let mut others = rows.filter(|(of, other, _)| *of == provision && *other != row);
    !others.any(|(_, other, _)| {
        let other_from = from(other);
        persons(other) == persons(row) && begins_by(&other_from) && from(row) < other_from
    })
}

/// Leaves of a table of values by year those on which the year depends: it, or the nearest on either side.
fn narrowed(mut origin: Origin, year: Option<i32>) -> Origin {
    if COUNTS.contains(&origin.path.rsplit('.').next().unwrap_or_default()) {
        origin.unit.clear();
    }
    let inside = origin.value.strip_prefix("{ ").and_then(|rest| rest.strip_suffix(" }"));
    let (Some(inside), Some(year)) = (inside, year) else { return origin };
    let entry =
        |text: &str| Some((text.split_once(" = ")?.0.parse::<i32>().ok()?, text.to_owned()));
    let Some(entries) = inside.split(", ").map(entry).collect::<Option<Vec<_>>>() else {
        return origin;
    };
    let before = entries.iter().filter(|(of, _)| *of <= year).max_by_key(|(of, _)| *of);
    let after = entries.iter().filter(|(of, _)| year <= *of).min_by_key(|(of, _)| *of);
    let exact = before.zip(after).is_some_and(|(before, after)| before.0 == after.0);
    let after = after.filter(|_| !exact);
    let near: Vec<&str> = before.into_iter().chain(after).map(|(_, text)| text.as_str()).collect();
    if near.len() < entries.len() {
        let of = entries.len();
        origin.value = format!("{{ {} }} (of {of} years)", near.join(", "));
    }
    origin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(path: &str, value: &str, line: usize) -> Origin {
        Origin {
            path: path.into(),
            value: value.into(),
            file: "a.toml".into(),
            line,
            ..Origin::default()
        }
    }

    fn law() -> Vec<Origin> {
        vec![
            origin("schemes.main.benefits.old.condition.age", "\"pensionable_age\"", 9),
            origin("schemes.main.benefits.old.kind", "\"pension\"", 8),
            origin("schemes.main.benefits.old.steps[0].flat.amount", "\"basic\"", 10),
            origin("schemes.main.amounts.basic.in_force[0].from", "2000-01-01", 2),
            origin("schemes.main.amounts.basic.in_force[0].value", "800", 2),
            origin("schemes.main.amounts.basic.in_force[1].from", "2030-07-01", 3),
            origin("schemes.main.amounts.basic.in_force[1].value", "900", 3),
            origin("schemes.main.pensionable_age.in_force[0].from", "2000-01-01", 1),
            origin("schemes.main.pensionable_age.in_force[0].value", "65", 1),
            origin("schemes.other.amounts.basic.in_force[0].value", "1", 1),
        ]
    }

    #[test]
    fn a_benefit_leads_to_every_number_that_it_names() {
        let origins = law();
        let inputs = Inputs::new(&origins);
        let paths = inputs.law("main", &["benefits.old".to_owned()]);
        let expected = [
            "schemes.main.benefits.old",
            "schemes.main.pensionable_age",
            "schemes.main.amounts.basic",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn of_a_provision_the_row_in_force_is_shown() {
        let origins = law();
        let inputs = Inputs::new(&origins);
        let values = |year: i32| -> Vec<String> {
            let found = inputs.at(&["schemes.main.amounts.basic".to_owned()], Some(year));
            found.into_iter().map(|one| one.value).collect()
        };
        assert_eq!(values(2029), ["2000-01-01", "800"]);
        assert_eq!(values(2030), ["2030-07-01", "900"]);
    }

    #[test]
    fn of_values_by_year_the_nearest_are_shown() {
        let table = origin("economy.prices.values", "{ 2025 = 0.03, 2030 = 0.02, 2040 = 0.01 }", 1);
        let value = |year: i32| narrowed(table.clone(), Some(year)).value;
        assert_eq!(value(2030), "{ 2030 = 0.02 } (of 3 years)");
        assert_eq!(value(2033), "{ 2030 = 0.02, 2040 = 0.01 } (of 3 years)");
        assert_eq!(value(2050), "{ 2040 = 0.01 } (of 3 years)");
    }
}
