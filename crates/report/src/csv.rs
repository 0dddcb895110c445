use crate::table::TableError;

/// Writes one table as CSV into memory: UTF-8, commas, a header line, lines ending in a line feed.
pub(crate) struct CsvWriter {
    file: &'static str,
    columns: &'static [&'static str],
    bytes: Vec<u8>,
    rows: usize,
    column: usize,
    number: zmij::Buffer,
    not_finite: Option<TableError>,
}

impl CsvWriter {
    /// Writes the header; `rows` is the number of rows to make room for.
    pub(crate) fn new(file: &'static str, columns: &'static [&'static str], rows: usize) -> Self {
        let mut bytes = Vec::with_capacity(64 + rows * columns.len() * 12);
        bytes.extend_from_slice(columns.join(",").as_bytes());
        bytes.push(b'\n');
        let number = zmij::Buffer::new();
        Self { file, columns, bytes, rows: 0, column: 0, number, not_finite: None }
    }

    /// Writes a field of text, quoted where it needs to be.
    pub(crate) fn text(&mut self, value: &str) {
        self.separate();
        write_text(&mut self.bytes, value);
    }

    /// Writes a number with the fewest digits that read back to the same value; a whole number without a point.
    pub(crate) fn number(&mut self, value: f64) {
        self.separate();
        if value.is_finite() {
            let (digits, exponent) = shortest(&mut self.number, value);
            self.bytes.extend_from_slice(digits.as_bytes());
            self.bytes.extend_from_slice(exponent.as_bytes());
        } else if self.not_finite.is_none() {
            let column = self.columns[self.column - 1];
            self.not_finite = Some(TableError { file: self.file, column, row: self.rows + 1 });
        }
    }

    /// Writes a number, or an empty field where there is none.
    pub(crate) fn number_or_blank(&mut self, value: Option<f64>) {
        match value {
            Some(value) => self.number(value),
            None => self.separate(),
        }
    }

    /// Writes a value, that of the baseline and the difference, each empty where there is none.
    pub(crate) fn beside_baseline(&mut self, value: Option<f64>, baseline: Option<f64>) {
        self.number_or_blank(value);
        self.number_or_blank(baseline);
        self.number_or_blank(value.zip(baseline).map(|(value, below)| value - below));
    }

    /// Writes several fields that are already separated by commas, as [`prefix`] makes them.
    pub(crate) fn fields(&mut self, count: usize, fields: &str) {
        self.separate();
        self.bytes.extend_from_slice(fields.as_bytes());
        self.column += count - 1;
    }

    /// Ends the row.
    pub(crate) fn end_row(&mut self) {
        debug_assert_eq!(self.column, self.columns.len(), "a row of {} is incomplete", self.file);
        self.bytes.push(b'\n');
        self.rows += 1;
        self.column = 0;
    }

    /// Returns the bytes and the number of rows without the header.
    pub(crate) fn finish(self) -> Result<(Vec<u8>, usize), TableError> {
        match self.not_finite {
            Some(error) => Err(error),
            None => Ok((self.bytes, self.rows)),
        }
    }

    fn separate(&mut self) {
        if 0 < self.column {
            self.bytes.push(b',');
        }
        self.column += 1;
    }
}

/// Joins leading fields that many rows share, quoted where they need to be.
pub(crate) fn prefix(fields: &[&str]) -> String {
    let mut bytes = Vec::new();
    for (position, field) in fields.iter().enumerate() {
        if 0 < position {
            bytes.push(b',');
        }
        write_text(&mut bytes, field);
    }
    String::from_utf8(bytes).expect("quoting keeps UTF-8")
}

/// Returns the shortest text that reads back to `value`, with its exponent apart, which has no plus; zero of either sign
/// is `0`.
fn shortest(buffer: &mut zmij::Buffer, value: f64) -> (&str, &str) {
    // From here on numbers are written with an exponent.
    const LARGE: f64 = 1e16;
    if value.to_bits() << 1 == 0 {
        return ("0", "");
    }
    let text = buffer.format_finite(value);
    if LARGE <= value.abs()
        && let Some(exponent) = text.find("e+")
    {
        return (&text[..=exponent], &text[exponent + 2..]);
    }
    (text.strip_suffix(".0").unwrap_or(text), "")
}

fn write_text(bytes: &mut Vec<u8>, value: &str) {
    if value.contains([',', '"', '\n', '\r']) {
        bytes.push(b'"');
        bytes.extend_from_slice(value.replace('"', "\"\"").as_bytes());
        bytes.push(b'"');
    } else {
        bytes.extend_from_slice(value.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64) -> String {
        let mut buffer = zmij::Buffer::new();
        let (digits, exponent) = shortest(&mut buffer, value);
        format!("{digits}{exponent}")
    }

    #[test]
    fn every_number_reads_back_to_the_same_bits() {
        for value in [0.1, 1.0 / 3.0, 98_765_432.1, 5e-324, f64::MAX, -2.5e-9, 1e15, 1e17, 3.0] {
            assert_eq!(written(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }

    #[test]
    fn whole_numbers_carry_no_point_and_zero_no_sign() {
        assert_eq!(written(1200.0), "1200");
        assert_eq!(written(-1.5e20), "-1.5e20");
        assert_eq!(written(1.5e-20), "1.5e-20");
        assert_eq!(written(-0.0), "0");
        assert_eq!(written(0.5), "0.5");
    }

    #[test]
    fn a_field_with_a_comma_or_a_quote_is_quoted() {
        let mut csv = CsvWriter::new("t.csv", &["a", "b"], 1);
        csv.text("Act 5, s. 2 \"old\"");
        csv.number(1.5);
        csv.end_row();
        let (bytes, rows) = csv.finish().unwrap();
        assert_eq!(rows, 1);
        assert_eq!(String::from_utf8(bytes).unwrap(), "a,b\n\"Act 5, s. 2 \"\"old\"\"\",1.5\n");
    }

    #[test]
    fn a_number_that_is_not_finite_is_an_error_that_names_the_place() {
        let mut csv = CsvWriter::new("t.csv", &["a", "b"], 1);
        csv.text("x");
        csv.number(f64::NAN);
        csv.end_row();
        let error = csv.finish().unwrap_err();
        assert_eq!(error.to_string(), "t.csv, row 1: `b` is not a finite number");
    }
}
