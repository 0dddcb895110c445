use std::collections::BTreeMap;

/// Tables read back: columns and rows of text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    tables: BTreeMap<String, Sheet>,
}

/// One table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Sums by key: the texts of some columns.
pub(crate) type Sums = BTreeMap<Vec<String>, f64>;

impl Figures {
    pub(crate) fn read<'a>(tables: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let read = |bytes: &[u8]| {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
            let texts = |record: &csv::ByteRecord| -> Vec<String> {
                record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
            };
            let columns = reader.byte_headers().map(texts).unwrap_or_default();
            let rows = reader.byte_records().flatten().map(|record| texts(&record)).collect();
            Sheet { columns, rows }
        };
        let tables = tables.into_iter();
        Self { tables: tables.map(|(file, bytes)| (file.to_owned(), read(bytes))).collect() }
    }

    /// Returns a table, where the result has it.
    pub(crate) fn table(&self, file: &str) -> Option<&Sheet> {
        self.tables.get(file)
    }

    /// Returns sums of a column by some keys; nothing where the table or a column is not there.
    pub(crate) fn sums(&self, file: &str, keys: &[&str], column: &str) -> Sums {
        self.table(file).map_or_else(Sums::new, |sheet| sheet.sums(keys, column, |_| true))
    }
}

impl Sheet {
    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Returns sums of a column by some keys over the rows that are wanted; a cell that is no number makes its sum none.
    pub(crate) fn sums(
        &self,
        keys: &[&str],
        column: &str,
        wanted: impl Fn(&dyn Fn(&str) -> String) -> bool,
    ) -> Sums {
        let mut sums = Sums::new();
        let places: Option<Vec<usize>> = keys.iter().map(|key| self.column(key)).collect();
        let (Some(places), Some(figure)) = (places, self.column(column)) else { return sums };
        for row in &self.rows {
            let text = |at: usize| row.get(at).cloned().unwrap_or_default();
            let named = |name: &str| self.column(name).map(text).unwrap_or_default();
            if !wanted(&named) {
                continue;
            }
            let key = places.iter().map(|at| text(*at)).collect();
            *sums.entry(key).or_insert(0.0) += text(figure).parse::<f64>().unwrap_or(f64::NAN);
        }
        sums
    }
}

/// Returns the key of the next year; `None` when the first text is no year.
pub(crate) fn next_year(key: &[String]) -> Option<Vec<String>> {
    let (year, rest) = key.split_first()?;
    let next = year.parse::<i32>().ok()? + 1;
    Some(std::iter::once(next.to_string()).chain(rest.iter().cloned()).collect())
}

/// Returns a figure of a key; nothing where there is none.
pub(crate) fn at(sums: &Sums, key: &[String]) -> f64 {
    sums.get(key).copied().unwrap_or(0.0)
}

/// Writes a key.
pub(crate) fn named(key: &[String]) -> String {
    key.join(", ")
}
