use std::collections::HashMap;
use std::fs;
use std::path::Path;

use perennis_report::{Explanation, Origin, TableLine};

/// A table of figures as lines and fields.
struct Figures {
    columns: Vec<String>,
    lines: Vec<(usize, String)>,
}

/// Adds to each input that names a table the line of the cell that is explained: its year, sex and age, as far as the
/// table has them.
///
/// A table that cannot be read any more, and one that has no such line, stays as it is: the place where it is named is
/// known all the same.
pub(crate) fn with_figures(number: &Explanation, mut inputs: Vec<Origin>) -> Vec<Origin> {
    let cell = Cell::of(number);
    let mut read: HashMap<String, Option<Figures>> = HashMap::new();
    for input in &mut inputs {
        let name = input.value.trim_matches('"');
        if !input.path.ends_with(".file") || name.is_empty() {
            continue;
        }
        let folder = Path::new(&input.file).parent().unwrap_or(Path::new(""));
        let file = folder.join(name).display().to_string();
        let table = read.entry(file.clone()).or_insert_with(|| Figures::read(Path::new(&file)));
        let found = table.as_ref().and_then(|table| cell.line(table));
        input.row = found.map(|(line, text)| TableLine { file, line, text });
    }
    inputs
}

impl Figures {
    fn read(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(file).ok()?;
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let columns = lines.next()?.split(',').map(|column| column.trim().to_owned()).collect();
        let lines = lines.enumerate().map(|(at, line)| (at + 2, line.to_owned())).collect();
        Some(Self { columns, lines })
    }

    fn at(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
    }
}

/// What the address of a number says of a person and a year.
struct Cell {
    year: Option<i32>,
    sex: Option<&'static str>,
    age: Option<i32>,
}

impl Cell {
    fn of(number: &Explanation) -> Self {
        let parts: Vec<&str> = number.row.split('/').collect();
        let sex = ["male", "female"].into_iter().find(|sex| parts.contains(sex));
        let at = parts.iter().position(|part| sex == Some(*part));
        let age = at.and_then(|at| parts.get(at + 1)).and_then(|age| age.parse().ok());
        // After the sex of a table without ages stands the year.
        let age = age.filter(|age: &i32| number.year != Some(*age));
        Self { year: number.year, sex, age }
    }

    /// Finds the line: of the sex, of the last age and of the last year that are not above those asked for.
    fn line(&self, table: &Figures) -> Option<(usize, String)> {
        let (sex, age) = (table.at("sex"), table.at("age"));
        let year = table.at("year").or_else(|| table.at("period"));
        // A period is named by its first and last year.
        let number = |line: &str, column: Option<usize>| -> Option<i32> {
            line.split(',').nth(column?)?.trim().split('-').next()?.parse().ok()
        };
        // A table by sex or by age has one line for a cell and none for a sum of cells.
        if (sex.is_some() && self.sex.is_none()) || (age.is_some() && self.age.is_none()) {
            return None;
        }
        let fits = |(_, line): &&(usize, String)| {
            let of_sex = sex.is_none_or(|at| line.split(',').nth(at).map(str::trim) == self.sex);
            let before = |column: Option<usize>, asked: Option<i32>| {
                column.is_none() || asked.is_none() || number(line, column) <= asked
            };
            of_sex && before(age, self.age) && before(year, self.year)
        };
        if year.is_none() && age.is_none() {
            return None;
        }
        let best = |(_, line): &&(usize, String)| (number(line, year), number(line, age));
        let found = table.lines.iter().filter(fits).max_by_key(best);
        found.map(|(at, line)| (*at, line.clone()))
    }
}
