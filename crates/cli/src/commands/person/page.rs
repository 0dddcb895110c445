//! Lines of text within a width.

use perennis_units::with_commas;

/// Text that grows line by line.
#[derive(Debug)]
pub(super) struct Page {
    width: usize,
    text: String,
}

impl Page {
    pub(super) const fn new(width: usize) -> Self {
        Self { width, text: String::new() }
    }

    pub(super) fn finish(self) -> String {
        let lines: Vec<&str> = self.text.lines().map(str::trim_end).collect();
        let mut text = lines.join("\n").trim_end().to_owned();
        text.push('\n');
        text
    }

    /// Adds an empty line, never two.
    pub(super) fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds text that breaks between words; what follows the first line is indented by two more.
    pub(super) fn write(&mut self, indent: usize, text: &str) {
        self.wrap(indent, indent + 2, text, 0);
    }

    /// Adds text on the left and a number at the right edge of the first line.
    pub(super) fn beside(&mut self, indent: usize, text: &str, right: &str) {
        let room = count(right) + 2;
        let before = self.text.len();
        self.wrap(indent, indent + 2, text, room);
        let first = self.text[before..].find('\n').map_or(self.text.len(), |end| before + end);
        let used = count(&self.text[before..first]);
        let fill = self.width.saturating_sub(used + count(right)).max(1);
        self.text.insert_str(first, &format!("{}{right}", " ".repeat(fill)));
    }

    fn wrap(&mut self, first: usize, next: usize, text: &str, room: usize) {
        let width = self.width.saturating_sub(room).max(40);
        let mut line = " ".repeat(first);
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && width < count(&line) + 1 + count(word) {
                self.text.push_str(&line);
                self.text.push('\n');
                line = " ".repeat(next);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// Adds a table: the first columns stand left, `numbers` at the end stand right. Where it is too wide the last column
    /// on the left breaks between words.
    pub(super) fn table(&mut self, indent: usize, rows: &[Vec<String>], numbers: usize) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width_of = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| count(cell)).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns).map(width_of).collect();
        let whole = indent + widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1);
        let breaks = columns.checked_sub(numbers + 1);
        if let Some(column) = breaks {
            let less = whole.saturating_sub(self.width);
            if 0 < less {
                widths[column] = widths[column].saturating_sub(less).max(12);
            }
        }
        for row in rows {
            let broken = breaks.and_then(|column| Some((column, row.get(column)?)));
            let pieces = broken.map(|(column, cell)| (column, pieces(cell, widths[column])));
            let lines = pieces.as_ref().map_or(1, |(_, pieces)| pieces.len().max(1));
            for line in 0..lines {
                let cells = row.iter().enumerate().map(|(column, cell)| match &pieces {
                    Some((at, pieces)) if *at == column => {
                        pieces.get(line).map_or("", String::as_str)
                    }
                    _ if line == 0 => cell.as_str(),
                    _ => "",
                });
                self.row(indent, &cells.collect::<Vec<_>>(), &widths, numbers);
            }
        }
    }

    fn row(&mut self, indent: usize, cells: &[&str], widths: &[usize], numbers: usize) {
        let mut line = " ".repeat(indent);
        for (column, cell) in cells.iter().enumerate() {
            let fill = " ".repeat(widths[column].saturating_sub(count(cell)));
            let gap = if column == 0 { "" } else { "  " };
            if widths.len() <= column + numbers {
                line.push_str(&format!("{gap}{fill}{cell}"));
            } else {
                line.push_str(&format!("{gap}{cell}{fill}"));
            }
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// Breaks a text between words into pieces of at most `width`; what follows the first is indented by two.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in text.split_whitespace() {
        let last = pieces.len() - 1;
        let piece = &mut pieces[last];
        if !piece.trim().is_empty() && width < count(piece) + 1 + count(word) {
            pieces.push(format!("  {word}"));
            continue;
        }
        if !piece.trim().is_empty() {
            piece.push(' ');
        }
        piece.push_str(word);
    }
    pieces
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// Writes an amount: two decimals, none from a million on, commas between thousands.
pub(super) fn amount(value: f64) -> String {
    number(value, if value.abs() < 1e6 { 2 } else { 0 })
}

/// Writes a number with so many decimals and commas between thousands.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let written = format!("{:.decimals$}", value.abs());
    let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
    let text = with_commas(whole);
    let sign =
        if value < 0.0 && written.bytes().any(|digit| digit.is_ascii_digit() && digit != b'0') {
            "-"
        } else {
            ""
        };
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{text}{point}{part}")
}

/// Writes a number without noise: at most six decimals, none that are zero at the end.
pub(super) fn plain(value: f64) -> String {
    let text = number(value, 6);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_decimals_until_they_are_millions() {
        assert_eq!(amount(1_234.5), "1,234.50");
        assert_eq!(amount(-1_234_567.8), "-1,234,568");
        assert_eq!(amount(-0.001), "0.00");
        assert_eq!(plain(480.0), "480");
        assert_eq!(plain(1.0205), "1.0205");
    }

    #[test]
    fn lines_break_within_the_width_and_numbers_stand_at_its_edge() {
        let mut page = Page::new(60);
        let text = "a long text that does not fit on the line on which the number stands";
        page.beside(2, text, "1,000.00");
        let text = page.finish();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].ends_with("1,000.00") && lines[0].chars().count() == 60, "{text}");
        assert!(1 < lines.len() && lines.iter().all(|line| line.chars().count() <= 60), "{text}");
    }

    #[test]
    fn columns_of_a_table_stand_under_each_other() {
        let mut page = Page::new(60);
        let rows = [["year", "1.5"], ["a", "10.25"]].map(|row| row.map(str::to_owned).to_vec());
        page.table(0, &rows, 1);
        assert_eq!(page.finish(), "year    1.5\na     10.25\n");
    }
}
