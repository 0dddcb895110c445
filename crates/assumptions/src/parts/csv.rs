use std::borrow::Cow;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use perennis_units::Sex;

use super::Kind;
use super::unit::beside;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::files::{FileId, Origin, Span};

/// A comma-separated table whose cells know their place.
///
/// Cells are kept as stretches of the text, so that a fault marks the cell and a table is read without copying it.
#[derive(Debug)]
pub(crate) struct Csv {
    file: FileId,
    text: Arc<str>,
    header: Vec<Span>,
    cells: Vec<Span>,
}

/// One cell of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell<'a> {
    csv: &'a Csv,
    span: Span,
}

/// Reports faults of structure while a table is taken apart.
struct Reporter<'a, 'b> {
    at: &'a At<'b>,
    file: FileId,
}

impl Reporter<'_, '_> {
    fn fault(&self, span: Span, code: Code, reason: String, remedy: &str) {
        let origin = Some(Origin { file: self.file, span });
        self.at.reading().fault_at(origin, &self.at.path(), code, (reason, remedy.to_owned()));
    }
}

impl Csv {
    /// Opens the table `name`, relative to the file in which `at` stands. Each table is read once, and its faults of
    /// structure are reported once.
    pub(crate) fn open(name: &str, at: &At<'_>) -> Option<Rc<Self>> {
        let reading = at.reading();
        let named = at.origin()?;
        if name.trim().is_empty() {
            at.fault(Code::EmptyText, "the name of the file is empty", "name a CSV file");
            return None;
        }
        let (folder, layer) = {
            let files = reading.files.borrow();
            let file = files.get(named.file);
            (file.path.parent().unwrap_or(Path::new("")).to_path_buf(), file.layer)
        };
        let path = folder.join(name);
        if let Some((_, table)) = reading.tables.borrow().iter().find(|(known, _)| *known == path) {
            return table.clone();
        }
        let table = reading.open(&path, layer, Some(named), &at.path()).and_then(|file| {
            let text = Arc::clone(&reading.files.borrow().get(file).text);
            Self::parse(&Reporter { at, file }, text).map(Rc::new)
        });
        reading.tables.borrow_mut().push((path, table.clone()));
        table
    }

    fn parse(report: &Reporter<'_, '_>, text: Arc<str>) -> Option<Self> {
        let before = report.at.reading().count();
        let mut header = Vec::new();
        let mut cells = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            if !bare.trim().is_empty() {
                let fields = split(bare, start, report)?;
                if header.is_empty() {
                    header = fields;
                    check_header(&header, bare, start, &text, report)?;
                } else if fields.len() == header.len() {
                    cells.extend(fields);
                } else {
                    field_count(&fields, header.len(), bare, start, report);
                }
            }
            start += line.len();
        }
        if header.is_empty() || (cells.is_empty() && report.at.reading().count() == before) {
            let span = Span { start: 0, end: 0 };
            let found = if header.is_empty() {
                "the table is empty"
            } else {
                "the table has a header and no rows"
            };
            report.fault(
                span,
                Code::CsvEmpty,
                found.to_owned(),
                "write a header line and one row for each observation",
            );
        }
        (report.at.reading().count() == before).then_some(Self {
            file: report.file,
            text,
            header,
            cells,
        })
    }

    /// Returns the number of rows below the header.
    pub(crate) fn rows(&self) -> usize {
        self.cells.len() / self.header.len()
    }

    /// Returns the cell of a row and column.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        Cell { csv: self, span: self.cells[row * self.header.len() + column] }
    }

    /// Returns the names of the columns.
    pub(crate) fn names(&self) -> Vec<Cow<'_, str>> {
        self.header.iter().map(|span| Cell { csv: self, span: *span }.text()).collect()
    }

    /// Returns the cell of the header.
    pub(crate) fn title(&self, column: usize) -> Cell<'_> {
        Cell { csv: self, span: self.header[column] }
    }

    /// Returns the position of a column; one that is not there is a fault of `at`, which names it.
    pub(crate) fn position(&self, column: &str, at: &At<'_>) -> Option<usize> {
        let names = self.names();
        let found = names.iter().position(|name| name == column);
        if found.is_none() {
            let file = at.reading().files.borrow().get(self.file).shown.clone();
            let remedy = suggest(column, names.iter().map(AsRef::as_ref));
            at.fault(Code::ColumnMissing, format!("`{file}` has no column `{column}`"), remedy);
        }
        found
    }

    /// Reports a fault of the table as a whole at its header.
    pub(crate) fn fault(&self, at: &At<'_>, code: Code, reason: String, remedy: String) {
        let end = self.header.last().map_or(0, |span| span.end);
        let origin =
            Some(Origin { file: self.file, span: Span { start: self.header[0].start, end } });
        at.reading().fault_at(origin, &at.path(), code, (reason, remedy));
    }

    /// Returns the line of a row, from 1.
    pub(crate) fn line(&self, row: usize, at: &At<'_>) -> usize {
        let file = at.reading().files.borrow().get(self.file);
        file.line(self.cells[row * self.header.len()].start)
    }
}

/// Splits a line at its commas; quotation marks may enclose a cell.
fn split(line: &str, start: usize, report: &Reporter<'_, '_>) -> Option<Vec<Span>> {
    let mut fields = Vec::new();
    let bytes = line.as_bytes();
    let mut from = 0;
    loop {
        let lead = from + line[from..].len() - line[from..].trim_start_matches([' ', '\t']).len();
        if bytes.get(lead) == Some(&b'"') {
            let Some(close) = closing(bytes, lead + 1) else {
                report.fault(
                    Span { start: start + lead, end: start + line.len() },
                    Code::Quotes,
                    "the quotation mark is not closed on this line".to_owned(),
                    "close it, or write it twice inside a quoted cell",
                );
                return None;
            };
            fields.push(Span { start: start + lead + 1, end: start + close });
            from = close + 1;
            from += line[from..].len() - line[from..].trim_start_matches([' ', '\t']).len();
            if from == line.len() {
                return Some(fields);
            }
            if bytes[from] != b',' {
                report.fault(
                    Span { start: start + from, end: start + from + 1 },
                    Code::Quotes,
                    "text follows the closing quotation mark".to_owned(),
                    "enclose the whole cell, or leave the quotation marks out",
                );
                return None;
            }
            from += 1;
        } else {
            let end = line[from..].find(',').map_or(line.len(), |comma| from + comma);
            let trimmed = line[from..end].trim();
            let begin = from + line[from..end].len() - line[from..end].trim_start().len();
            fields.push(Span { start: start + begin, end: start + begin + trimmed.len() });
            if end == line.len() {
                return Some(fields);
            }
            from = end + 1;
        }
    }
}

fn closing(bytes: &[u8], mut at: usize) -> Option<usize> {
    while at < bytes.len() {
        if bytes[at] == b'"' {
            if bytes.get(at + 1) == Some(&b'"') {
                at += 1;
            } else {
                return Some(at);
            }
        }
        at += 1;
    }
    None
}

fn check_header(
    header: &[Span],
    line: &str,
    start: usize,
    text: &str,
    report: &Reporter<'_, '_>,
) -> Option<()> {
    let whole = Span { start, end: start + line.len() };
    let fault = |code, reason: &str, remedy: &str| {
        report.fault(whole, code, reason.to_owned(), remedy);
        None
    };
    if line.contains('\r') {
        return fault(
            Code::Separator,
            "lines end with a carriage return alone",
            "save the table with line ends of Unix or Windows",
        );
    }
    if line.contains('\0') {
        return fault(
            Code::NotUtf8,
            "the file holds zero bytes and is not a text",
            "save it as \"CSV UTF-8\"",
        );
    }
    if line.starts_with(['#', '<', '{', '[']) {
        return fault(
            Code::ColumnUnknown,
            "the first line is not a header of columns",
            "a table begins with the names of its columns; sources and comments belong into the TOML file",
        );
    }
    if header.len() == 1 && line.contains(';') {
        return fault(
            Code::Separator,
            "the columns are separated by semicolons",
            "separate them by commas, and write numbers with a decimal point",
        );
    }
    if header.len() == 1 && line.trim().contains('\t') {
        return fault(
            Code::Separator,
            "the columns are separated by tabs",
            "separate them by commas",
        );
    }
    let name = |span: &Span| text[span.start..span.end].to_owned();
    let before = report.at.reading().count();
    for (index, span) in header.iter().enumerate() {
        let title = name(span);
        if title.is_empty() {
            let reason = format!("column {} has no name", index + 1);
            report.fault(*span, Code::ColumnUnknown, reason, "name the column or remove it; a comma at the end of each line makes an empty column");
        } else if header[..index].iter().any(|other| name(other) == title) {
            report.fault(
                *span,
                Code::ColumnTwice,
                format!("the column `{title}` is there twice"),
                "keep one of the two",
            );
        }
    }
    (report.at.reading().count() == before).then_some(())
}

fn field_count(
    fields: &[Span],
    wanted: usize,
    line: &str,
    start: usize,
    report: &Reporter<'_, '_>,
) {
    let digits = |span: &Span| {
        let text = &line[span.start - start..span.end - start];
        let text = text.strip_prefix('-').unwrap_or(text);
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let found = fields.len();
    let whole = Span { start, end: start + line.len() };
    let comma = fields.windows(2).rev().find(|pair| digits(&pair[0]) && digits(&pair[1]));
    if wanted < found
        && let Some(pair) = comma
    {
        let span = Span { start: pair[0].start, end: pair[1].end };
        let typed = &line[span.start - start..span.end - start];
        let reason = format!(
            "{found} fields where the header has {wanted}; `{typed}` may be a decimal comma"
        );
        report.fault(
            span,
            Code::DecimalComma,
            reason,
            "write numbers with a decimal point and without separators of thousands",
        );
        return;
    }
    let reason = format!(
        "{found} {} where the header has {wanted}",
        if found == 1 { "field" } else { "fields" }
    );
    report.fault(whole, Code::FieldCount, reason, "give every row as many fields as the header");
}

impl<'a> Cell<'a> {
    /// Returns the text without enclosing quotation marks.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        let text = &self.csv.text[self.span.start..self.span.end];
        if text.contains("\"\"") { text.replace("\"\"", "\"").into() } else { text.into() }
    }

    /// Reports a fault at the cell.
    pub(crate) fn fault(
        &self,
        at: &At<'_>,
        code: Code,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let origin = Some(Origin { file: self.csv.file, span: self.span });
        at.reading().fault_at(origin, &at.path(), code, (reason.into(), remedy.into()));
    }

    /// Returns the number in the cell; anything but a finite number is a fault.
    pub(crate) fn number(&self, at: &At<'_>) -> Option<f64> {
        let text = self.text();
        let digit = text.bytes().any(|byte| byte.is_ascii_digit());
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => return Some(number),
            Ok(_) => self.fault(
                at,
                Code::NotFinite,
                format!("`{text}` is not a finite number"),
                "give a number, or leave the row out if it is not known",
            ),
            Err(_) if text.is_empty() => self.fault(
                at,
                Code::EmptyCell,
                "the cell is empty",
                "give the number, or leave the row out if it is not known",
            ),
            Err(_) if digit && text.ends_with('%') => self.fault(
                at,
                Code::Percentage,
                format!("`{text}` is a percentage"),
                "write shares: 0.08 for 8 %",
            ),
            Err(_)
                if digit
                    && text
                        .chars()
                        .all(|c| c.is_ascii_digit() || ",.' \u{a0}\u{202f}-".contains(c)) =>
            {
                self.fault(
                    at,
                    Code::DecimalComma,
                    format!("`{text}` has a decimal comma or separators of thousands"),
                    "write numbers with a decimal point and nothing else: 1234.5",
                )
            }
            Err(_) => self.fault(
                at,
                Code::NotANumber,
                format!("`{}` is not a number", text.chars().take(40).collect::<String>()),
                if text.contains(['−', '–']) {
                    "use the plain minus sign -"
                } else {
                    "write a number such as 1234.5"
                },
            ),
        }
        None
    }

    /// Checks a value already in the unit of `kind`, reporting at the cell.
    pub(crate) fn check(&self, value: f64, kind: &Kind, at: &At<'_>) -> Option<f64> {
        let Some((code, reason, remedy)) = kind.fault(value) else { return Some(value) };
        self.fault(at, code, beside(reason, &self.text(), value), remedy);
        None
    }
}

/// Returns the year in a cell; one that is none is a fault.
pub(crate) fn year_of(cell: &Cell<'_>, at: &At<'_>) -> Option<i32> {
    let text = cell.text();
    let year = text.parse::<i32>().ok().filter(|year| (1900..=2300).contains(year));
    if year.is_none() {
        cell.fault(
            at,
            Code::NotAYear,
            format!("`{text}` is not a year from 1900 to 2300"),
            "write a calendar year such as 2026",
        );
    }
    year
}

/// Returns the age in a cell; one that is none is a fault.
pub(crate) fn age_of(cell: &Cell<'_>, at: &At<'_>) -> Option<u16> {
    let text = cell.text();
    let age = text.parse::<u16>().ok().filter(|age| *age <= 130);
    if age.is_none() {
        let remedy = if text.trim_start_matches('-').contains(['+', '-']) {
            "write the lowest age of the group alone, such as 100 for 100+ and 15 for 15-19"
        } else {
            "write an age as a whole number of years"
        };
        cell.fault(at, Code::NotAnAge, format!("`{text}` is not an age from 0 to 130"), remedy);
    }
    age
}

/// Returns the sex in a cell; a word that names none is a fault.
pub(crate) fn sex_of(cell: &Cell<'_>, at: &At<'_>) -> Option<Sex> {
    let text = cell.text();
    let sex = Sex::ALL.into_iter().find(|sex| sex.as_str() == text);
    if sex.is_none() {
        cell.fault(
            at,
            Code::NotASex,
            format!("`{text}` is neither male nor female"),
            "write male or female",
        );
    }
    sex
}
