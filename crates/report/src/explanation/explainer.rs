use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use perennis_valuation::{Model, Results};
use thiserror::Error;

use super::address::{Address, Split};
use super::cell::{Cell, Ground};
use super::inputs::{Inputs, Origin};
use super::number::{Explanation, How, Why, total};
use super::registry::{ExplainedColumn, ExplainedTable, explained_tables};
use super::rows::Rows;
use crate::{RunRecord, TableError};

/// Ways in which an address leads to no number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExplainError {
    /// No table of this name is explained, or the run does not write it.
    #[error("there is no table `{given}`; known: {}", known.join(", "))]
    NoTable {
        /// The name given.
        given: String,
        /// The tables of the run.
        known: Vec<&'static str>,
    },
    /// The address does not have the form of its table.
    #[error("{0}")]
    Form(String),
    /// No row has these keys.
    #[error("no row of `{table}` is `{given}`{}", hint(near))]
    NoRow {
        /// The table.
        table: &'static str,
        /// The address.
        given: String,
        /// Fields that the table has where the address has another.
        near: String,
    },
    /// The address names several rows, and their sum means nothing.
    #[error(
        "`{given}` names {rows} rows, and {column} of several rows cannot be added; name one: {form}"
    )]
    DoesNotAdd {
        /// The address.
        given: String,
        /// How many rows it names.
        rows: usize,
        /// What cannot be added.
        column: String,
        /// The form of an address of one row.
        form: String,
    },
    /// The row has no value in this column.
    #[error("`{given}` is empty: {why}")]
    Empty {
        /// The address.
        given: String,
        /// What an empty field means.
        why: &'static str,
    },
    /// A table has fewer rows.
    #[error("`{table}` has {rows} rows; the first after the header is 1")]
    NoSuchRow {
        /// The table.
        table: &'static str,
        /// Its rows.
        rows: usize,
    },
    /// A table cannot be made; a fault of the program.
    #[error(transparent)]
    Table(#[from] TableError),
}

fn hint(near: &str) -> String {
    if near.is_empty() { String::new() } else { format!("; {near}") }
}

/// Explains the numbers of one run.
///
/// A number is found by the address of its row, `TABLE/KEY/…/YEAR/COLUMN`: the keys in the order of
/// [`ExplainedTable::keys`]. Keys at the end may be left out, and `*` or a range of ages (`65-`, `15-64`) stands for
/// several: such an address means the sum of the rows.
pub struct Explainer<'a> {
    results: &'a Results,
    model: &'a Model,
    record: &'a RunRecord,
    inputs: Inputs<'a>,
    tables: RefCell<HashMap<&'static str, Rc<Rows>>>,
}

impl<'a> Explainer<'a> {
    /// Takes the results, the model and the record of one run, and where each value of its files stands.
    #[must_use]
    pub fn new(
        results: &'a Results,
        model: &'a Model,
        record: &'a RunRecord,
        origins: &'a [Origin],
    ) -> Self {
        let (inputs, tables) = (Inputs::new(origins), RefCell::new(HashMap::new()));
        Self { results, model, record, inputs, tables }
    }

    /// Explains the numbers that an address names, and the rows they lead to, `depth` rows deep.
    ///
    /// Without a column, every column of the row is explained, of several rows every one that adds.
    ///
    /// # Errors
    ///
    /// [`ExplainError`] when the address leads to no number.
    pub fn explain(&self, address: &str, depth: usize) -> Result<Vec<Explanation>, ExplainError> {
        let read = Address::read(address);
        let (table, rows) = self.table(&read.table)?;
        let split = read.split(table).map_err(ExplainError::Form)?;
        let found = split.rows(table, &rows);
        let columns = columns(table, &split, (&rows, &found), address)?;
        let mut explained = Vec::new();
        for column in columns {
            let mut number = self.number((table, column), (&rows, &found), &split, address)?;
            self.open(&mut number, depth);
            explained.push(number);
        }
        Ok(explained)
    }

    /// Returns the address of a row by its position in the table, the first after the header being 1.
    ///
    /// # Errors
    ///
    /// [`ExplainError`] for a table that is not there and a row past its end.
    pub fn address_of(&self, table: &str, row: usize) -> Result<String, ExplainError> {
        let (table, rows) = self.table(&Address::read(table).table)?;
        let at = row.checked_sub(1).filter(|at| *at < rows.len());
        let at = at.ok_or(ExplainError::NoSuchRow { table: table.name, rows: rows.len() })?;
        let address = table.address(&rows, at, "");
        Ok(address.trim_end_matches('/').to_owned())
    }

    /// Returns the number of rows of a table.
    ///
    /// # Errors
    ///
    /// [`ExplainError`] for a table that is not there.
    pub fn rows(&self, table: &str) -> Result<usize, ExplainError> {
        self.table(table).map(|(_, rows)| rows.len())
    }

    /// Returns the values of the files that a number and its parts read, each once, by file and line.
    #[must_use]
    pub fn inputs_of(&self, number: &Explanation) -> Vec<Origin> {
        let (mut found, mut asked) = (Vec::new(), HashSet::new());
        self.gather(number, &mut found, &mut asked);
        found.sort_by(|one, other| {
            (&one.file, one.line, &one.path).cmp(&(&other.file, other.line, &other.path))
        });
        found.dedup();
        found
    }

    fn gather<'n>(
        &self,
        number: &'n Explanation,
        found: &mut Vec<Origin>,
        asked: &mut HashSet<(&'n [String], Option<i32>)>,
    ) {
        if !number.reads.is_empty() && asked.insert((&number.reads, number.year)) {
            for origin in self.inputs.at(&number.reads, number.year) {
                if !found.contains(&origin) {
                    found.push(origin);
                }
            }
        }
        let parts = number.parts.iter().map(|part| &part.number);
        parts.chain(&number.behind).for_each(|number| self.gather(number, found, asked));
    }

    /// Makes a table, once.
    fn table(&self, name: &str) -> Result<(&'static ExplainedTable, Rc<Rows>), ExplainError> {
        let none = || ExplainError::NoTable {
            given: name.to_owned(),
            known: explained_tables().iter().map(|table| table.name).collect(),
        };
        let table = explained_tables().iter().find(|table| table.name == name).ok_or_else(none)?;
        if let Some(rows) = self.tables.borrow().get(table.name) {
            return Ok((table, Rc::clone(rows)));
        }
        let made = (table.make)(self.results, self.record)?.ok_or_else(none)?;
        let rows = Rc::new(Rows::read(&made.bytes, &table.naming()));
        self.tables.borrow_mut().insert(table.name, Rc::clone(&rows));
        Ok((table, rows))
    }

    /// Explains one column of the rows found: of one row by its formula, of several as their sum.
    fn number(
        &self,
        (table, column): (&'static ExplainedTable, &'static ExplainedColumn),
        (rows, found): (&Rows, &[usize]),
        split: &Split<'_>,
        address: &str,
    ) -> Result<Explanation, ExplainError> {
        if let [row] = found {
            let cell = self.cell((table, column), (rows, *row));
            return explained(&cell).ok_or(ExplainError::Empty {
                given: address.to_owned(),
                why: "it does not happen within the horizon, or does not exist for this row",
            });
        }
        let unit = self.ground().unit(column.unit);
        let open = split.open_keys(table);
        let mut sum = self.sum((table, column), (rows, found), &open, address);
        sum.unit = unit;
        sum.formula = format!("Σ over {}", open.join(", "));
        sum.row = address.to_owned();
        Ok(sum)
    }

    /// Adds rows key by key, so that a sum over sexes and ages is one of two sums over ages.
    fn sum(
        &self,
        of: (&'static ExplainedTable, &'static ExplainedColumn),
        (rows, found): (&Rows, &[usize]),
        open: &[&'static str],
        label: &str,
    ) -> Explanation {
        let (table, column) = of;
        let row = |row: &usize| {
            let cell = self.cell(of, (rows, *row));
            let address = table.address(rows, *row, column.name);
            let open = open.iter().map(|key| word(key, cell.text(key)));
            let label = open.collect::<Vec<_>>().join(", ");
            Explanation::of_row(label, cell.value(), cell.unit(), address)
        };
        let unit = self.ground().unit(column.unit);
        let Some((first, rest)) = open.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return total(label, unit, found.iter().map(row).collect());
        };
        let mut names: Vec<&str> = Vec::new();
        for name in found.iter().filter_map(|row| rows.field(*row, first)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let of_name = |name: &&str| {
            let rows_of: Vec<usize> =
                found.iter().copied().filter(|row| rows.field(*row, first) == Some(name)).collect();
            self.sum(of, (rows, &rows_of), rest, name)
        };
        let mut parts: Vec<Explanation> = names.iter().map(of_name).collect();
        if parts.len() == 1
            && let Some(only) = parts.pop()
        {
            return Explanation { label: label.to_owned(), ..only };
        }
        total(label, unit, parts)
    }

    fn ground(&self) -> Ground<'_> {
        Ground { results: self.results, model: self.model, inputs: &self.inputs }
    }

    fn cell<'b>(
        &'b self,
        (table, column): (&'static ExplainedTable, &'static ExplainedColumn),
        (rows, row): (&'b Rows, usize),
    ) -> Cell<'b> {
        Cell { ground: self.ground(), table, column, rows, row }
    }

    /// Opens the rows among the parts of a number, `depth` rows deep.
    fn open(&self, number: &mut Explanation, depth: usize) {
        if number.how == How::Row && !number.row.is_empty() {
            if depth == 0 || number.closed {
                return;
            }
            // An address that the program writes leads somewhere; where it does not, the number stays a row.
            if let Ok(mut found) = self.explain(&number.row, 0)
                && found.len() == 1
                && let Some(found) = found.pop()
            {
                number.how = found.how;
                number.formula = found.formula;
                number.parts = found.parts;
                number.behind = found.behind;
                number.reads = found.reads;
                number.year = found.year;
            }
            number.parts.iter_mut().for_each(|part| self.open(&mut part.number, depth - 1));
            return;
        }
        number.parts.iter_mut().for_each(|part| self.open(&mut part.number, depth));
    }
}

/// Explains the number of one row; nothing where the row has none.
fn explained(cell: &Cell<'_>) -> Option<Explanation> {
    let said = cell.text(cell.column.name);
    if said.is_empty() {
        return None;
    }
    let why: Why = (cell.column.why)(cell);
    let address = cell.table.address(cell.rows, cell.row, cell.column.name);
    let mut number = Explanation::of_row(label_of(cell), 0.0, cell.unit(), address).why(why);
    if number.unit.is_empty() {
        number.unit = cell.ground.unit(cell.text("unit"));
    }
    number.value = cell.rows.number(cell.row, cell.column.name);
    if number.value.is_none() {
        said.clone_into(&mut number.said);
    }
    let year = cell.table.has_years.then(|| cell.year().get());
    date(&mut number, year);
    Some(number)
}

/// Gives the year of a row to all that it reads itself.
fn date(number: &mut Explanation, year: Option<i32>) {
    number.year = number.year.or(year);
    number.parts.iter_mut().for_each(|part| date(&mut part.number, year));
    number.behind.iter_mut().for_each(|number| date(number, year));
}

/// Names a number by what tells its row from others.
fn label_of(cell: &Cell<'_>) -> String {
    let keys = cell.table.keys.iter().map(|key| (*key, cell.text(key)));
    let mut words: Vec<String> =
        keys.filter(|(_, text)| !text.is_empty()).map(|(key, text)| word(key, text)).collect();
    if cell.table.has_years {
        words.push(cell.text("year").to_owned());
    }
    format!("{}: {}", cell.column.name, words.join(", "))
}

fn word(key: &str, text: &str) -> String {
    if key == "age" { format!("age {text}") } else { text.to_owned() }
}

/// Returns the columns that an address asks for.
fn columns(
    table: &'static ExplainedTable,
    split: &Split<'_>,
    (rows, found): (&Rows, &[usize]),
    address: &str,
) -> Result<Vec<&'static ExplainedColumn>, ExplainError> {
    if found.is_empty() {
        let near = near(table, split, rows);
        return Err(ExplainError::NoRow { table: table.name, given: address.to_owned(), near });
    }
    let asked: Vec<&ExplainedColumn> = match split.column {
        Some(name) => table.column(name).into_iter().collect(),
        None => table.columns.iter().collect(),
    };
    if let [row] = found {
        let there = |column: &&ExplainedColumn| {
            split.column.is_some() || rows.field(*row, column.name) != Some("")
        };
        return Ok(asked.into_iter().filter(there).collect());
    }
    let open = split.open_keys(table);
    let items = open.iter().any(|key| ["item", "flow", "indicator", "measure"].contains(key));
    let adding: Vec<_> = asked.iter().copied().filter(|column| column.adds && !items).collect();
    if adding.is_empty() {
        return Err(ExplainError::DoesNotAdd {
            given: address.to_owned(),
            rows: found.len(),
            column: split.column.map_or_else(|| "what stands there".to_owned(), str::to_owned),
            form: table.form(),
        });
    }
    Ok(adding)
}

/// Says which field of an address no row has, and what stands there instead.
fn near(table: &ExplainedTable, split: &Split<'_>, rows: &Rows) -> String {
    for (key, text) in table.keys.iter().zip(&split.keys) {
        let mut there: Vec<&str> = Vec::new();
        for row in 0..rows.len() {
            match rows.field(row, key) {
                Some(field) if !there.contains(&field) => there.push(field),
                _ => {}
            }
        }
        if *text != "*" && !there.contains(text) && *key != "age" {
            let stem = text.rsplit_once('.').map_or("", |(stem, _)| stem);
            there.sort_by_key(|one| !one.starts_with(stem));
            let listed = there.iter().take(24).copied().collect::<Vec<_>>().join(", ");
            return format!("{key} is one of {listed}");
        }
    }
    match (split.year, 0 < rows.len() && table.has_years) {
        (Some(_), true) => {
            let year = |row: usize| rows.field(row, "year").unwrap_or_default().to_owned();
            let years = (year(0), year(rows.len() - 1));
            format!(
                "years are {} to {}; rows in which every figure is zero are left out",
                years.0, years.1
            )
        }
        _ => String::new(),
    }
}
