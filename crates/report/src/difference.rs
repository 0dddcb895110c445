//! Where two tables of results differ.

use std::collections::HashMap;

/// Numeric columns that name a row and hold no figure.
const KEYS: [&str; 4] = ["year", "age", "step", "baseline_year"];
/// A column that names a row alone: the others of its table are compared as they are.
const PATH: &str = "path";

/// How two tables of the same name differ.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDifference {
    /// The table, below the folder.
    pub file: String,
    /// Rows that differ or that only one has.
    pub rows: usize,
    /// Rows of the table with more of them.
    pub of: usize,
    /// Rows that only the first has.
    pub only_first: usize,
    /// Rows that only the second has.
    pub only_second: usize,
    /// The columns, where they are not the same; then nothing else is compared.
    pub columns: Option<(Vec<String>, Vec<String>)>,
    /// The first difference: in the earliest year, then in the order of the table.
    pub first: Option<CellDifference>,
    /// The largest difference of each column of figures.
    pub largest: Vec<CellDifference>,
}

/// A cell that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct CellDifference {
    /// Line of the first table, or of the second where only that one has the row; the header is line 1.
    pub line: usize,
    /// The year of the row, where it has one.
    pub year: Option<i32>,
    /// What names the row, year apart.
    pub row: String,
    /// The column; empty where one of the tables lacks the row.
    pub column: String,
    /// The cell of the first table; empty where it has none.
    pub first: String,
    /// The cell of the second table.
    pub second: String,
}

impl CellDifference {
    /// Returns the second less the first, where both are numbers.
    #[must_use]
    pub fn amount(&self) -> Option<f64> {
        Some(self.second.parse::<f64>().ok()? - self.first.parse::<f64>().ok()?)
    }

    /// Returns the difference over the first, where that is not zero.
    #[must_use]
    pub fn relative(&self) -> Option<f64> {
        let first = self.first.parse::<f64>().ok().filter(|first| 0.0 < first.abs())?;
        Some(self.amount()? / first.abs())
    }
}

/// Compares two tables of one name; `None` when every cell of one is in the other, numbers to the last digit.
///
/// Rows are matched by what names them, so that a row more does not move the others.
#[must_use]
pub fn table_difference(file: &str, first: &[u8], second: &[u8]) -> Option<TableDifference> {
    if first == second {
        return None;
    }
    let (one, other) = (Rows::read(first), Rows::read(second));
    let mut difference = TableDifference {
        file: file.to_owned(),
        rows: 0,
        of: one.rows.len().max(other.rows.len()),
        only_first: 0,
        only_second: 0,
        columns: None,
        first: None,
        largest: Vec::new(),
    };
    if one.columns != other.columns {
        difference.columns = Some((one.columns, other.columns));
        return Some(difference);
    }
    let figures: Vec<bool> = (0..one.columns.len()).map(|at| is_figure(&one, &other, at)).collect();
    compare(&one, &other, &figures, &mut difference);
    (0 < difference.rows).then_some(difference)
}

/// A table as text.
struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn read(bytes: &[u8]) -> Self {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let texts = |record: &csv::ByteRecord| -> Vec<String> {
            record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
        };
        let columns = reader.byte_headers().map(texts).unwrap_or_default();
        let width = columns.len();
        let rows = reader.byte_records().flatten().map(|record| {
            let mut row = texts(&record);
            row.resize(width, String::new());
            row
        });
        Self { columns, rows: rows.collect() }
    }

    fn key(&self, row: &[String], figures: &[bool]) -> String {
        let parts = row.iter().zip(figures).filter(|(_, figure)| !**figure);
        parts.map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("\u{1f}")
    }

    fn year(&self, row: &[String]) -> Option<i32> {
        let at = self.columns.iter().position(|column| column == "year")?;
        row[at].parse().ok()
    }

    /// Names a row for a reader: what is no figure, year apart.
    fn name(&self, row: &[String], figures: &[bool]) -> String {
        let parts =
            self.columns.iter().zip(row).zip(figures).filter(|((column, text), figure)| {
                !**figure && *column != "year" && !text.is_empty()
            });
        let named = parts.map(|((column, text), _)| match column.as_str() {
            "age" => format!("age {text}"),
            _ => text.clone(),
        });
        named.collect::<Vec<_>>().join(", ")
    }
}

/// A column of numbers that names no row; beside a path, every other column.
fn is_figure(one: &Rows, other: &Rows, at: usize) -> bool {
    let column = one.columns[at].as_str();
    if one.columns.iter().any(|column| column == PATH) {
        return column != PATH;
    }
    let number = |row: &Vec<String>| row[at].is_empty() || row[at].parse::<f64>().is_ok();
    !KEYS.contains(&column) && one.rows.iter().chain(&other.rows).all(number)
}

fn compare(one: &Rows, other: &Rows, figures: &[bool], difference: &mut TableDifference) {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, row) in other.rows.iter().enumerate().rev() {
        places.entry(other.key(row, figures)).or_default().push(at);
    }
    let mut firsts: Vec<CellDifference> = Vec::new();
    let mut largest: Vec<Option<CellDifference>> = vec![None; one.columns.len()];
    for (at, row) in one.rows.iter().enumerate() {
        let cell = |column: &str, first: &str, second: &str| CellDifference {
            line: at + 2,
            year: one.year(row),
            row: one.name(row, figures),
            column: column.to_owned(),
            first: first.to_owned(),
            second: second.to_owned(),
        };
        let Some(place) = places.get_mut(&one.key(row, figures)).and_then(Vec::pop) else {
            difference.only_first += 1;
            keep_first(&mut firsts, cell("", "", ""));
            continue;
        };
        let mut differs = false;
        for (position, (first, second)) in row.iter().zip(&other.rows[place]).enumerate() {
            if !figures[position] || first == second {
                continue;
            }
            let found = cell(&one.columns[position], first, second);
            if !differs {
                keep_first(&mut firsts, found.clone());
            }
            differs = true;
            let size = |cell: &CellDifference| cell.amount().map_or(0.0, f64::abs);
            if largest[position].as_ref().is_none_or(|kept| size(kept) < size(&found)) {
                largest[position] = Some(found);
            }
        }
        difference.rows += usize::from(differs);
    }
    let mut left: Vec<usize> = places.into_values().flatten().collect();
    left.sort_unstable();
    for at in &left {
        let row = &other.rows[*at];
        let cell = CellDifference {
            line: at + 2,
            year: other.year(row),
            row: other.name(row, figures),
            column: String::new(),
            first: String::new(),
            second: String::new(),
        };
        keep_first(&mut firsts, cell);
    }
    difference.only_second = left.len();
    difference.rows += difference.only_first + difference.only_second;
    difference.first = firsts.pop();
    difference.largest = largest.into_iter().flatten().collect();
}

/// Keeps the difference of the earliest year; of one year, the one that stands first.
fn keep_first(kept: &mut Vec<CellDifference>, found: CellDifference) {
    let earlier = kept.last().is_none_or(|kept| found.year < kept.year);
    if earlier {
        *kept = vec![found];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "year,sex,age,population\n2030,male,0,10\n2030,male,1,20\n2031,male,0,30\n";

    fn difference(second: &str) -> Option<TableDifference> {
        table_difference("t.csv", FIRST.as_bytes(), second.as_bytes())
    }

    #[test]
    fn equal_tables_do_not_differ_whatever_the_order_of_their_rows() {
        assert!(difference(FIRST).is_none());
        let other = "year,sex,age,population\n2031,male,0,30\n2030,male,1,20\n2030,male,0,10\n";
        assert!(difference(other).is_none());
    }

    #[test]
    fn the_first_difference_is_that_of_the_earliest_year_and_the_largest_is_found() {
        let found =
            difference("year,sex,age,population\n2030,male,0,10\n2030,male,1,21\n2031,male,0,34\n");
        let found = found.unwrap();
        assert_eq!((found.rows, found.of), (2, 3));
        let first = found.first.unwrap();
        assert_eq!((first.line, first.year, first.row.as_str()), (3, Some(2030), "male, age 1"));
        let largest = &found.largest[0];
        assert_eq!((largest.year, largest.column.as_str()), (Some(2031), "population"));
        assert!((largest.amount().unwrap() - 4.0).abs() < 1e-12);
        assert!((largest.relative().unwrap() - 4.0 / 30.0).abs() < 1e-12);
    }

    #[test]
    fn a_row_more_is_one_difference_and_moves_no_other() {
        let more = FIRST.replace("2030,male,1", "2030,female,0,5\n2030,male,1");
        let found = difference(&more).unwrap();
        assert_eq!((found.rows, found.only_second, found.only_first), (1, 1, 0));
        assert_eq!(found.first.unwrap().row, "female, age 0");
        assert!(found.largest.is_empty());
    }

    #[test]
    fn other_columns_are_named() {
        let found = difference("year,population\n2030,10\n").unwrap();
        assert_eq!(found.columns.unwrap().1, ["year", "population"]);
    }

    #[test]
    fn texts_beside_a_path_are_compared_cell_by_cell() {
        let table = |value: &str| format!("path,value,unit\na.b,{value},share\n");
        let found = table_difference("a.csv", table("0.1").as_bytes(), table("x").as_bytes());
        let found = found.unwrap();
        assert_eq!((found.rows, found.first.unwrap().column.as_str()), (1, "value"));
    }
}
