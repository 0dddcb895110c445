use perennis_units::with_commas;

use super::inputs::Origin;
use super::number::{Explanation, How, Role};

/// Writes a number as a tree: what it is, its formula, what it is made of, and the inputs with file, line and source.
///
/// A part that is a product of numbers of its own is one line: `age 62: 1,204 persons × 36,000 crowns`.
#[must_use]
pub fn explanation_text(number: &Explanation, inputs: &[Origin]) -> String {
    let mut lines = Vec::new();
    let head = if number.row.is_empty() { &number.label } else { &number.row };
    lines.push(format!("{head} = {}", valued(number)));
    if !number.formula.is_empty() {
        lines.push(format!("  formula: {}", number.formula));
    }
    inside(number, "  ", &mut lines);
    if !inputs.is_empty() {
        lines.push(String::new());
        lines.push("inputs".to_owned());
        input_lines(inputs, &mut lines);
    }
    lines.join("\n")
}

/// Writes the inputs, those of one row of a provision together, and each source once where it holds for several.
fn input_lines(inputs: &[Origin], lines: &mut Vec<String>) {
    let mut source = "";
    let mut at = 0;
    while at < inputs.len() {
        let input = &inputs[at];
        let row = row_of(&input.path);
        let same = |other: &&Origin| {
            row.is_some() && row_of(&other.path) == row && other.line == input.line
        };
        let together = 1 + inputs[at + 1..].iter().take_while(same).count();
        lines.push(input_line(&inputs[at..at + together], row));
        if input.source != source && !input.source.is_empty() {
            let mark = if input.checked { "" } else { " (not verified)" };
            lines.push(format!("      source: {}{mark}", input.source));
        }
        source = &input.source;
        at += together;
    }
}

/// Returns the row of a provision that a path lies in.
fn row_of(path: &str) -> Option<&str> {
    let at = path.find(".in_force[")?;
    let end = path[at..].find(']')?;
    Some(&path[..=at + end])
}

fn input_line(inputs: &[Origin], row: Option<&str>) -> String {
    let first = &inputs[0];
    let layer =
        if first.layer == "valuation" { String::new() } else { format!(" ({})", first.layer) };
    let unit = inputs.iter().map(|input| input.unit.as_str()).rfind(|unit| !unit.is_empty());
    let unit = unit.map_or(String::new(), |unit| format!(" {unit}"));
    let head = format!("  {}:{}{layer}", first.file, first.line);
    let figures = first
        .row
        .as_ref()
        .map_or(String::new(), |row| format!("\n      {}:{}  {}", row.file, row.line, row.text));
    let Some(row) = row.filter(|_| 1 < inputs.len()) else {
        return format!("{head}  {} = {}{unit}{figures}", first.path, first.value);
    };
    let values = inputs.iter().map(|input| {
        let key = input.path[row.len()..].trim_start_matches('.');
        format!("{key} = {}", input.value)
    });
    format!("{head}  {row} = {{ {} }}{unit}", values.collect::<Vec<_>>().join(", "))
}

fn inside(number: &Explanation, indent: &str, lines: &mut Vec<String>) {
    let deeper = format!("{indent}    ");
    let mut words = String::new();
    for part in &number.parts {
        let single = number.parts.len() == 1 && matches!(part.role, Role::Plus | Role::Times);
        let sign = if single { "=" } else { part.role.sign() };
        match one_line(&part.number, &mut words) {
            Some(line) => lines.push(format!("{indent}{sign} {line}")),
            None => {
                lines.push(format!("{indent}{sign} {}", named(&part.number)));
                if !part.number.formula.is_empty() {
                    lines.push(format!("{deeper}formula: {}", part.number.formula));
                }
                inside(&part.number, &deeper, lines);
            }
        }
    }
    for behind in &number.behind {
        lines.push(format!("{indent}· {}", named(behind)));
    }
}

/// Writes a number without parts, or with parts that have none, in one line; `words` are those of the number before it,
/// which are not said again.
fn one_line(number: &Explanation, words: &mut String) -> Option<String> {
    if number.parts.is_empty() {
        let formula = if number.formula.is_empty() {
            String::new()
        } else {
            format!("  ({})", number.formula)
        };
        let quiet = matches!(number.how, How::Input | How::Row);
        return (quiet || number.behind.is_empty()).then(|| format!("{}{formula}", named(number)));
    }
    let simple = number.how == How::Product
        && number.parts.len() <= 4
        && number.parts.iter().all(|part| part.number.parts.is_empty());
    if !simple || !number.behind.is_empty() {
        return None;
    }
    let factor = |(at, part): (usize, &super::Part)| {
        let sign = if at == 0 { String::new() } else { format!(" {} ", part.role.sign()) };
        format!("{sign}{}", valued(&part.number))
    };
    let factors: String = number.parts.iter().enumerate().map(factor).collect();
    let labels: Vec<&str> = number.parts.iter().map(|part| part.number.label.as_str()).collect();
    let labels = labels.join(", ");
    let said = if *words == labels { String::new() } else { format!(": {labels}") };
    *words = labels;
    Some(format!("{}  ({factors}{said})", named(number)))
}

fn named(number: &Explanation) -> String {
    format!("{}: {}", number.label, valued(number))
}

fn valued(number: &Explanation) -> String {
    let Some(value) = number.value else { return number.said.clone() };
    let unit = if number.unit.is_empty() { String::new() } else { format!(" {}", number.unit) };
    if number.unit == "year" { format!("{value}") } else { format!("{}{unit}", written(value)) }
}

/// Writes a number with ten significant digits at most, thousands apart; very small ones with an exponent.
fn written(value: f64) -> String {
    let size = value.abs();
    if 0.0 < size && !(1e-6..1e15).contains(&size) {
        return format!("{value:.6e}");
    }
    let decimals = match size {
        _ if 1e7 <= size => 0,
        _ if 1000.0 <= size => 2,
        _ if 1.0 <= size => 6,
        _ => 9,
    };
    let text = format!("{size:.decimals$}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let grouped = with_commas(whole);
    let part = part.trim_end_matches('0');
    let sign = if value < 0.0 { "−" } else { "" };
    if part.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explanation::number::Why;

    #[test]
    fn numbers_are_written_for_reading() {
        assert_eq!(written(1_234_567_890.4), "1,234,567,890");
        assert_eq!(written(-1234.5), "−1,234.5");
        assert_eq!(written(0.22), "0.22");
        assert_eq!(written(0.0), "0");
        assert_eq!(written(1.1512e16), "1.151200e16");
    }

    #[test]
    fn a_cell_is_one_line_of_persons_times_amount() {
        let part = |label: &str, value: f64, unit: &str| Explanation::new(label, value, unit);
        let cell = part("age 62", 6.0, "crowns").why(
            Why::product("persons × mean amount")
                .times(part("persons", 2.0, "persons"))
                .times(part("mean", 3.0, "crowns")),
        );
        let whole = part("old_age", 6.0, "crowns").why(Why::sum("Σ").plus(cell));
        let text = explanation_text(&whole, &[]);
        let expected = "old_age = 6 crowns\n  formula: Σ\n  = age 62: 6 crowns  (2 persons × 3 crowns: persons, mean)";
        assert_eq!(text, expected);
    }
}
