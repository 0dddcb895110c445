use std::collections::HashMap;

/// A table as it is written, read back: what is explained is what stands in the file.
#[derive(Debug)]
pub(crate) struct Rows {
    columns: Vec<String>,
    records: Vec<csv::StringRecord>,
    places: HashMap<String, usize>,
    years: HashMap<String, Vec<usize>>,
}

impl Rows {
    /// Reads a table; `keys` are the columns that name a row.
    pub(crate) fn read(bytes: &[u8], keys: &[&str]) -> Self {
        let mut reader = csv::Reader::from_reader(bytes);
        let columns: Vec<String> = reader
            .headers()
            .map(|header| header.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        let records: Vec<csv::StringRecord> = reader.records().filter_map(Result::ok).collect();
        let at: Vec<usize> = keys.iter().filter_map(|key| position(&columns, key)).collect();
        let name = |record: &csv::StringRecord| {
            let fields: Vec<&str> = at.iter().map(|at| &record[*at]).collect();
            fields.join("/")
        };
        let places = records.iter().enumerate().map(|(at, record)| (name(record), at)).collect();
        let mut years: HashMap<String, Vec<usize>> = HashMap::new();
        if let Some(column) = position(&columns, "year") {
            for (at, record) in records.iter().enumerate() {
                years.entry(record[column].to_owned()).or_default().push(at);
            }
        }
        Self { columns, records, places, years }
    }

    /// Returns the rows of a year, in their order.
    pub(crate) fn of_year(&self, year: &str) -> &[usize] {
        self.years.get(year).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns the row of this name: its keys joined by `/`.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Returns a field; nothing for a column that is not there.
    pub(crate) fn field(&self, row: usize, column: &str) -> Option<&str> {
        self.records.get(row)?.get(position(&self.columns, column)?)
    }

    /// Returns a field as a number; nothing for a text and for an empty field.
    pub(crate) fn number(&self, row: usize, column: &str) -> Option<f64> {
        self.field(row, column)?.parse().ok()
    }
}

fn position(columns: &[String], name: &str) -> Option<usize> {
    columns.iter().position(|column| column == name)
}
