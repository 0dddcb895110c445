use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use perennis_assumptions::{Difference, DifferenceKind, Overlays, Side, differences, load};
use perennis_report::{CellDifference, TableDifference, table_difference};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::compare::settle;
use crate::args::{DiffArgs, Format};
use crate::exit::Failure;
use crate::terminal::{paths_exist, print};

/// Shows where two valuations, or two result folders, differ.
pub(crate) fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let is_result = |path: &Path| path.join("manifest.json").is_file();
    match [&args.first, &args.second].map(|path| is_result(path)) {
        [true, true] => of_results(args),
        [false, false] => of_assumptions(args),
        [first, _] => {
            let (result, other) =
                if first { (&args.first, &args.second) } else { (&args.second, &args.first) };
            Err(Failure::Usage(format!(
                "`{}` is a result folder and `{}` is none; name two valuation files or two result folders",
                result.display(),
                other.display()
            )))
        }
    }
}

fn of_assumptions(args: &DiffArgs) -> Result<(), Failure> {
    paths_exist([args.first.as_path(), args.second.as_path()])?;
    let loaded = [&args.first, &args.second].map(|path| load(path, &Overlays::default()));
    let loaded = settle(loaded.into(), args.format)?;
    let found = differences(&loaded[0], &loaded[1]);
    if args.format == Format::Json {
        let list: Vec<Value> = found.iter().map(difference_as_json).collect();
        print(&format!("{:#}", json!({ "status": status(&found), "differences": list })))?;
    } else {
        let lines: Vec<String> = found.iter().map(difference_as_text).collect();
        let count = crate::faults::counted(found.len(), "difference");
        print(format!("{}\n{count}", lines.join("\n")).trim_start())?;
    }
    if found.is_empty() { Ok(()) } else { Err(Failure::Different) }
}

const fn status<T>(found: &[T]) -> &'static str {
    if found.is_empty() { "equal" } else { "different" }
}

fn difference_as_text(one: &Difference) -> String {
    let side =
        |side: &Side, sign: char| format!("  {sign} {}  ({}:{})", side.value, side.file, side.line);
    let head = match one.kind {
        DifferenceKind::Removed => format!("{}: only in the first", one.path),
        DifferenceKind::Added => format!("{}: only in the second", one.path),
        DifferenceKind::Changed => one.path.clone(),
        DifferenceKind::SourceChanged => {
            let source = |side: &Option<Side>| {
                side.as_ref().map(|side| side.source.clone()).unwrap_or_default()
            };
            format!(
                "{}: the value is the same, the source is not\n    - {}\n    + {}",
                one.path,
                source(&one.first),
                source(&one.second)
            )
        }
        DifferenceKind::TableChanged => {
            let lines = crate::faults::counted(one.lines, "line");
            format!("{}: {lines} of the table differ, first", one.path)
        }
    };
    let first = one.first.as_ref().map(|one| side(one, '-'));
    let second = one.second.as_ref().map(|one| side(one, '+'));
    std::iter::once(head).chain(first).chain(second).collect::<Vec<_>>().join("\n")
}

fn difference_as_json(one: &Difference) -> Value {
    let side = |side: &Option<Side>| {
        side.as_ref().map(|side| {
            json!({ "value": side.value, "source": side.source, "file": side.file, "line": side.line })
        })
    };
    json!({
        "path": one.path,
        "kind": one.kind.as_str(),
        "first": side(&one.first),
        "second": side(&one.second),
        "lines": one.lines,
    })
}

fn of_results(args: &DiffArgs) -> Result<(), Failure> {
    let [one, other] = [&args.first, &args.second].map(|folder| tables(folder.as_path()));
    let (one, other) = (one?, other?);
    let names: Vec<&String> =
        one.iter().chain(&other).collect::<BTreeSet<_>>().into_iter().collect();
    let compare = |name: &&String| -> Result<Option<Table>, Failure> {
        match (one.contains(name), other.contains(name)) {
            (true, true) => {
                let first = read(&args.first.join(name))?;
                let second = read(&args.second.join(name))?;
                Ok(table_difference(name, &first, &second).map(Table::Differs))
            }
            (first, _) => {
                Ok(Some(Table::OnlyIn((*name).clone(), if first { "first" } else { "second" })))
            }
        }
    };
    let found: Vec<Result<Option<Table>, Failure>> = names.par_iter().map(compare).collect();
    let found: Vec<Option<Table>> = found.into_iter().collect::<Result<_, _>>()?;
    let found: Vec<Table> = found.into_iter().flatten().collect();
    if args.format == Format::Json {
        let list: Vec<Value> = found.iter().map(Table::as_json).collect();
        print(&format!("{:#}", json!({ "status": status(&found), "tables": list })))?;
    } else {
        let lines: Vec<String> = found.iter().map(Table::as_text).collect();
        let count =
            format!("{} of {} differ", found.len(), crate::faults::counted(names.len(), "table"));
        print(format!("{}\n{count}", lines.join("\n")).trim_start())?;
    }
    if found.is_empty() { Ok(()) } else { Err(Failure::Different) }
}

/// A table that two result folders do not share.
enum Table {
    OnlyIn(String, &'static str),
    Differs(TableDifference),
}

impl Table {
    fn as_text(&self) -> String {
        let one = match self {
            Self::OnlyIn(name, which) => return format!("{name}: only in the {which}"),
            Self::Differs(one) => one,
        };
        if let Some((first, second)) = &one.columns {
            return format!(
                "{}: other columns\n  - {}\n  + {}",
                one.file,
                first.join(","),
                second.join(",")
            );
        }
        let mut lines = vec![format!("{}: {} of {} rows differ", one.file, one.rows, one.of)];
        for (count, which) in [(one.only_first, "first"), (one.only_second, "second")] {
            if 0 < count {
                lines.push(format!(
                    "  {} only in the {which}",
                    crate::faults::counted(count, "row")
                ));
            }
        }
        lines.extend(one.first.iter().map(|cell| format!("  first: {}", cell_as_text(cell))));
        let largest = one.largest.iter();
        lines.extend(largest.map(|cell| format!("  largest: {}", cell_as_text(cell))));
        lines.join("\n")
    }

    fn as_json(&self) -> Value {
        match self {
            Self::OnlyIn(name, which) => json!({ "file": name, "only_in": which }),
            Self::Differs(one) => json!({
                "file": one.file,
                "rows": one.rows,
                "of": one.of,
                "only_first": one.only_first,
                "only_second": one.only_second,
                "columns": one.columns,
                "first": one.first.as_ref().map(cell_as_json),
                "largest": one.largest.iter().map(cell_as_json).collect::<Vec<_>>(),
            }),
        }
    }
}

fn cell_as_text(cell: &CellDifference) -> String {
    let year = cell.year.map_or(String::new(), |year| format!("{year}, "));
    let row = if cell.row.is_empty() { String::new() } else { format!(" ({})", cell.row) };
    let place = format!("{year}line {}{row}", cell.line);
    if cell.column.is_empty() {
        return format!("{place}: a row that one of the two lacks");
    }
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    let change = cell.amount().map_or(String::new(), |amount| {
        let share =
            cell.relative().map_or(String::new(), |share| format!(", {:+.3} %", 100.0 * share));
        format!("; by {amount:+}{share}")
    });
    format!("{place}: {} {} -> {}{change}", cell.column, shown(&cell.first), shown(&cell.second))
}

fn cell_as_json(cell: &CellDifference) -> Value {
    json!({
        "line": cell.line,
        "year": cell.year,
        "row": cell.row,
        "column": cell.column,
        "first": cell.first,
        "second": cell.second,
        "difference": cell.amount(),
        "relative": cell.relative(),
    })
}

/// Returns the tables of a result folder, and of the runs in it, by their path below it.
fn tables(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = waiting.pop() {
        let failed = |error: std::io::Error| {
            Failure::System(format!("`{}` cannot be read: {error}", path.display()))
        };
        for entry in fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                waiting.push((entry.path(), format!("{name}/")));
            } else if Path::new(&name).extension().is_some_and(|ending| ending == "csv") {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path)
        .map_err(|error| Failure::System(format!("`{}` cannot be read: {error}", path.display())))
}
