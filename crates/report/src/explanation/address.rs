use super::registry::ExplainedTable;
use super::rows::Rows;

/// The fields of a row that an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The table, without ending.
    pub(crate) table: String,
    /// What comes after it.
    rest: Vec<String>,
}

/// One field of an address against one of a row.
#[derive(Clone, Copy, Debug)]
enum Wanted<'a> {
    All,
    Exactly(&'a str),
    Ages(usize, usize),
}

impl Address {
    /// Reads `TABLE/KEY/…/YEAR/COLUMN`; a table may have its ending.
    pub(crate) fn read(text: &str) -> Self {
        let text = text.trim().trim_matches('/');
        let text = text.strip_prefix("tables/").unwrap_or(text);
        let mut parts = text.split('/');
        let table = parts.next().unwrap_or_default();
        let table = table.strip_suffix(".csv").unwrap_or(table).to_owned();
        Self { table, rest: parts.map(str::to_owned).collect() }
    }

    /// Splits what comes after the table: keys, year and column.
    ///
    /// The column is the last part when it is the name of one; the year the last part before it, in a table that has
    /// years. What is left names the row by the keys of the table in their order; keys at the end may be left out.
    pub(crate) fn split<'a>(&'a self, table: &ExplainedTable) -> Result<Split<'a>, String> {
        let mut rest = self.rest.iter().map(String::as_str).collect::<Vec<_>>();
        let column = rest.last().copied().filter(|last| table.column(last).is_some());
        if column.is_some() {
            rest.pop();
        }
        let mut year = None;
        if table.has_years {
            let last = rest.pop().unwrap_or_default();
            year = Some(
                last.parse()
                    .map_err(|_| format!("`{}` needs a year: {}", self.table, table.form()))?,
            );
        }
        if table.keys.len() < rest.len() {
            return Err(format!("`{}` has fewer keys: {}", self.table, table.form()));
        }
        Ok(Split { keys: rest, year, column })
    }
}

/// An address against the keys of its table.
#[derive(Clone, Debug)]
pub(crate) struct Split<'a> {
    pub(crate) keys: Vec<&'a str>,
    pub(crate) year: Option<i32>,
    pub(crate) column: Option<&'a str>,
}

impl Split<'_> {
    /// Returns the rows that are meant.
    pub(crate) fn rows(&self, table: &ExplainedTable, rows: &Rows) -> Vec<usize> {
        let year = self.year.map(|year| year.to_string());
        let exact = self.keys.len() == table.keys.len();
        let plain = |key: &str| matches!(wanted(key), Wanted::Exactly(_));
        if exact && self.keys.iter().all(|key| plain(key)) {
            let name = self.keys.iter().copied().chain(year.as_deref()).collect::<Vec<_>>();
            return rows.named(&name.join("/")).into_iter().collect();
        }
        let meant = |row: &usize| {
            let mut keys = table.keys.iter().zip(&self.keys);
            keys.all(|(key, text)| meets(wanted(text), rows.field(*row, key)))
        };
        match year.as_deref() {
            Some(year) => rows.of_year(year).iter().copied().filter(meant).collect(),
            None => (0..rows.len()).filter(meant).collect(),
        }
    }

    /// Returns the keys over which the address sums: those left out, and those that name several rows.
    pub(crate) fn open_keys(&self, table: &ExplainedTable) -> Vec<&'static str> {
        let open = |(at, key): (usize, &&'static str)| {
            let wanted = self.keys.get(at).map_or(Wanted::All, |text| wanted(text));
            (!matches!(wanted, Wanted::Exactly(_))).then_some(*key)
        };
        table.keys.iter().enumerate().filter_map(open).collect()
    }
}

/// Reads a field: `*`, a range of ages such as `65-` or `15-64`, or a word.
fn wanted(text: &str) -> Wanted<'_> {
    if text == "*" {
        return Wanted::All;
    }
    let ages = text.split_once('-').and_then(|(from, to)| {
        let to = if to.is_empty() { Some(usize::MAX) } else { to.parse().ok() };
        Some((from.parse().ok()?, to?))
    });
    ages.map_or(Wanted::Exactly(text), |(from, to)| Wanted::Ages(from, to))
}

fn meets(wanted: Wanted<'_>, field: Option<&str>) -> bool {
    match (wanted, field) {
        (Wanted::All, _) => true,
        (_, None) => false,
        (Wanted::Exactly(text), Some(field)) => text == field,
        (Wanted::Ages(from, to), Some(field)) => {
            field.parse::<usize>().is_ok_and(|age| from <= age && age <= to)
        }
    }
}
