use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

/// A table of reference figures: a header and rows of text.
pub struct Table {
    columns: HashMap<String, usize>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a CSV file, plain or gzip-compressed.
    ///
    /// # Panics
    ///
    /// When the file is missing or is no CSV: a reference folder without it is broken.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let file = File::open(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        let compressed = path.extension().is_some_and(|extension| extension == "gz");
        let bytes: Box<dyn Read> =
            if compressed { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        let columns = header.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
        let rows = reader.records().collect::<Result<_, _>>();
        Self { columns, rows: rows.unwrap_or_else(|fault| panic!("{}: {fault}", path.display())) }
    }

    /// Returns the rows of each value of `column`, in the order of the file.
    #[must_use]
    pub fn split(self, column: &str) -> HashMap<String, Self> {
        let at = self.column(column);
        let mut parts: HashMap<String, Self> = HashMap::new();
        for row in self.rows {
            let part = parts
                .entry(row[at].to_owned())
                .or_insert_with(|| Self { columns: self.columns.clone(), rows: Vec::new() });
            part.rows.push(row);
        }
        parts
    }

    /// Returns one column as text.
    #[must_use]
    pub fn text(&self, column: &str) -> Vec<&str> {
        let at = self.column(column);
        self.rows.iter().map(|row| &row[at]).collect()
    }

    /// Returns one column as numbers; an empty field is not a number and gives NaN.
    ///
    /// # Panics
    ///
    /// When a field that is not empty is no number.
    #[must_use]
    pub fn numbers(&self, column: &str) -> Vec<f64> {
        let number = |field: &str| {
            field.parse().unwrap_or_else(|_| panic!("{column}: {field:?} is not a number"))
        };
        let fields = self.text(column).into_iter();
        fields.map(|field| if field.is_empty() { f64::NAN } else { number(field) }).collect()
    }

    /// Returns one column as whole numbers.
    ///
    /// # Panics
    ///
    /// When a field is no whole number.
    #[must_use]
    pub fn integers(&self, column: &str) -> Vec<i32> {
        let number = |field: &str| {
            field.parse().unwrap_or_else(|_| panic!("{column}: {field:?} is not a whole number"))
        };
        self.text(column).into_iter().map(number).collect()
    }

    fn column(&self, name: &str) -> usize {
        *self.columns.get(name).unwrap_or_else(|| panic!("no column {name}"))
    }
}

/// Says whether two numbers agree to a relative tolerance.
#[must_use]
pub fn close(found: f64, expected: f64, relative: f64) -> bool {
    (found - expected).abs() <= relative * expected.abs()
}
