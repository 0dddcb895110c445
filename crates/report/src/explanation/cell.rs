use perennis_cohort::YearGrid;
use perennis_units::{Payer, Sex, Year};
use perennis_valuation::{Model, Results};

use super::inputs::Inputs;
use super::number::{Explanation, Why, total};
use super::registry::{ExplainedColumn, ExplainedTable, explained_tables};
use super::rows::Rows;

/// What an explanation may look at.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) results: &'a Results,
    pub(crate) model: &'a Model,
    pub(crate) inputs: &'a Inputs<'a>,
}

/// A number of a table, in its row.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'a> {
    pub(crate) ground: Ground<'a>,
    pub(crate) table: &'a ExplainedTable,
    pub(crate) column: &'a ExplainedColumn,
    pub(crate) rows: &'a Rows,
    pub(crate) row: usize,
}

impl<'a> Cell<'a> {
    pub(crate) fn results(&self) -> &'a Results {
        self.ground.results
    }

    pub(crate) fn model(&self) -> &'a Model {
        self.ground.model
    }

    /// Returns a field of the row.
    pub(crate) fn text(&self, column: &str) -> &'a str {
        self.rows.field(self.row, column).unwrap_or_default()
    }

    /// Returns a number of the row, zero where it is empty.
    pub(crate) fn number(&self, column: &str) -> f64 {
        self.rows.number(self.row, column).unwrap_or(0.0)
    }

    /// Returns the number that is explained.
    pub(crate) fn value(&self) -> f64 {
        self.number(self.column.name)
    }

    pub(crate) fn sex(&self) -> Sex {
        let is = |sex: &Sex| sex.as_str() == self.text("sex");
        Sex::ALL.into_iter().find(is).unwrap_or(Sex::Male)
    }

    pub(crate) fn age(&self) -> usize {
        self.text("age").parse().unwrap_or(0)
    }

    pub(crate) fn payer(&self) -> Option<Payer> {
        Payer::ALL.into_iter().find(|payer| payer.as_str() == self.text("payer"))
    }

    /// Returns the year of the row; the first of the run for a table without.
    pub(crate) fn year(&self) -> Year {
        let year = self.text("year").parse().ok();
        year.map_or(self.results().population.years.first(), Year::new)
    }

    /// Returns the position of the year on the axis of the run; one more than the last for the end of the horizon.
    pub(crate) fn at(&self) -> usize {
        let since = self.year().since(self.results().population.years.first());
        usize::try_from(since).unwrap_or(0)
    }

    /// Returns the currency.
    pub(crate) fn currency(&self) -> &'a str {
        &self.results().title.currency
    }

    /// Returns the unit of the column, with the currency of the run.
    pub(crate) fn unit(&self) -> String {
        self.ground.unit(self.column.unit)
    }

    /// Returns another number of the same row, with its own address.
    pub(crate) fn beside(&self, column: &str, label: &str) -> Explanation {
        let unit = self.table.column(column).map_or("", |column| column.unit);
        let row = self.table.address(self.rows, self.row, column);
        Explanation::of_row(label, self.number(column), self.ground.unit(unit), row)
    }
}

impl Ground<'_> {
    /// Returns a unit with the currency of the run in it.
    pub(crate) fn unit(&self, unit: &str) -> String {
        unit.replace("currency", &self.results.title.currency)
    }

    /// Returns a cell of a grid as a number with its own row.
    pub(crate) fn of_grid(
        &self,
        (grid, at): (&YearGrid, usize),
        (sex, age): (Sex, usize),
        (table, keys, column): (&str, &[&str], &str),
        (label, unit): (&str, &str),
    ) -> Explanation {
        let age_text = age.to_string();
        let keys = [keys, &[sex.as_str(), &age_text]].concat();
        let row = address(table, &keys, self.year_at(at), column);
        Explanation::of_row(label, grid.get(at, sex, age), self.unit(unit), row)
    }

    /// Returns the sum over sexes and ages of a grid as a number with its own address.
    pub(crate) fn of_whole_grid(
        &self,
        (grid, at): (&YearGrid, usize),
        sex: Option<Sex>,
        (table, keys, column): (&str, &[&str], &str),
        (label, unit): (&str, &str),
    ) -> Explanation {
        let value = sex.map_or_else(|| grid.total(at), |sex| grid.total_of(at, sex));
        let sex: Vec<&str> = sex.into_iter().map(Sex::as_str).collect();
        let row = address(table, &[keys, &sex].concat(), self.year_at(at), column);
        Explanation::of_row(label, value, self.unit(unit), row)
    }

    /// Returns the year at a position, which may be the end of the horizon.
    pub(crate) fn year_at(&self, at: usize) -> Year {
        let offset = i32::try_from(at).unwrap_or(i32::MAX);
        self.results.population.years.first().plus(offset)
    }

    /// Returns the mean of the year of a stock: half of what stands at its start and at its end.
    pub(crate) fn mean_of(&self, label: &str, unit: &str, ends: [Explanation; 2]) -> Explanation {
        let [start, end] = ends;
        let value = 0.5 * (start.value.unwrap_or(0.0) + end.value.unwrap_or(0.0));
        let half = Explanation::new("half", 0.5, "factor").given_by(
            "a mean of the year is half of the two stocks around it",
            Vec::<String>::new(),
        );
        let sum = total("start and end of the year", unit, vec![start, end]);
        Explanation::new(label, value, unit).why(Why::product("").times(half).times(sum))
    }
}

/// Writes the address of a number; a table with one column of numbers needs no name of it.
pub(crate) fn address(table: &str, keys: &[&str], year: Year, column: &str) -> String {
    let known = explained_tables().iter().find(|known| known.name == table);
    let several = known.is_none_or(|known| 1 < known.columns.len());
    let (year, column) = (year.to_string(), several.then_some(column));
    let parts = std::iter::once(table).chain(keys.iter().copied()).chain([year.as_str()]);
    parts.chain(column).collect::<Vec<_>>().join("/")
}

/// Returns a mean: what comes to each of `persons`.
pub(crate) fn mean(label: &str, unit: impl Into<String>, (sum, of): (f64, f64)) -> Explanation {
    let value = if of.abs() <= 0.0 { 0.0 } else { sum / of };
    Explanation::new(label, value, unit)
}
