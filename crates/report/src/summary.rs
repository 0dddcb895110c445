use perennis_labour::{Finding, Verdict};
use perennis_valuation::Results;

use crate::RunRecord;
use crate::figures::{FigureGroup, MoneyScales, has_money, key_events, key_figures, key_positions};
use crate::format::{grouped, words};

/// The narrowest a label may get before a year is left out of the table.
const NARROWEST_LABEL: usize = 26;
/// Width of a column of numbers, the space before it included.
const NUMBER: usize = 9;
/// Width of the column of units, the space before it included.
const UNIT: usize = 19;

/// Returns what a run prints to a terminal of `width` columns: key figures now, in 10, 25 and 50 years and at the end;
/// key dates of the funds; the model beside the base year; checks and warnings.
///
/// Plain text of lines no longer than `width` where it is at least 60; years are left out of the table to fit.
#[must_use]
pub fn summary(results: &Results, record: &RunRecord, width: usize) -> String {
    let width = width.clamp(60, 120);
    let mut lines = Vec::new();
    let years = results.population.years;
    let title = &results.title;
    lines.extend(wrapped(&title.title, width, ""));
    let mut head = format!("{}, {} to {}", title.country, years.first(), years.last());
    if has_money(results) {
        head.push_str(&format!(", amounts in {} at current prices", title.currency));
    }
    lines.extend(wrapped(&head, width, ""));
    for (option, value) in &record.options {
        lines.extend(wrapped(&format!("with {option} {value}"), width, "  "));
    }
    lines.push(String::new());
    lines.extend(key_table(results, width));
    lines.extend(key_dates(results));
    lines.extend(base_year(results, width));
    lines.extend(checks(&results.findings, width));
    lines.extend(warning_lines(record, width));
    let mut text = lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

fn key_table(results: &Results, width: usize) -> Vec<String> {
    let mut positions = key_positions(results.population.years);
    while width < NARROWEST_LABEL + UNIT + NUMBER * positions.len() && 2 < positions.len() {
        positions.remove(1);
    }
    let groups = key_figures(results, &positions);
    let longest = groups.iter().flat_map(|group| &group.rows).map(|row| row.label.chars().count());
    let room = width - UNIT - NUMBER * positions.len();
    let label_width = room.min(longest.max().unwrap_or(0));
    let years = positions.iter().map(|position| results.population.years.at(*position));
    let mut heading = " ".repeat(label_width + UNIT);
    for year in years {
        heading.push_str(&format!("{:>NUMBER$}", year.get()));
    }
    let mut lines = vec![heading];
    for group in &groups {
        lines.extend(group_lines(group, label_width, &results.title.currency));
    }
    lines
}

fn group_lines(group: &FigureGroup, label_width: usize, currency: &str) -> Vec<String> {
    let mut lines = vec![group.title.clone()];
    let money = MoneyScales::of(group.rows.iter(), currency);
    for row in &group.rows {
        let scale = row.scale(&money);
        let mut label = wrapped(&row.label, label_width, "  ");
        let last = label.pop().unwrap_or_default();
        lines.extend(label);
        let unit = scale.unit.chars().take(UNIT - 2).collect::<String>();
        let mut line = format!("{last:label_width$}  {unit:<fill$}", fill = UNIT - 2);
        for value in &row.values {
            let number = value.map_or_else(|| "-".to_owned(), |value| plain(&scale.number(value)));
            line.push_str(&format!("{number:>NUMBER$}"));
        }
        lines.push(line);
    }
    lines.push(String::new());
    lines
}

fn key_dates(results: &Results) -> Vec<String> {
    let mut lines = Vec::new();
    for fund in results.finance.iter().flat_map(|finance| &finance.funds) {
        let events = key_events(fund);
        if events.is_empty() {
            continue;
        }
        lines.push(format!("Key dates: {}", words(&fund.account)));
        for (event, year) in events {
            let when = year.map_or_else(|| "not by the end".to_owned(), |year| year.to_string());
            lines.push(format!("  {event:<34}{when}"));
        }
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

fn base_year(results: &Results, width: usize) -> Vec<String> {
    let rows = &results.measured.base_year;
    if rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["Model over the published account of the base year".to_owned()];
    let label_width = width - 22;
    for row in rows {
        let what = match row.check {
            Some(_) => "contributors x mean earnings x rate, against contribution income",
            None => "",
        };
        let label = if what.is_empty() {
            row.item.measure.label().replace('_', " ")
        } else {
            what.to_owned()
        };
        let mark = if row.warning { " outside" } else { "" };
        let label = wrapped(&format!("{} {label}", row.item.year), label_width, "       ");
        let (last, first) = label.split_last().map_or(("", &[][..]), |(last, first)| (last, first));
        lines.extend(first.iter().map(|line| format!("  {line}")));
        lines.push(format!("  {last:label_width$}{:>8}{mark}", grouped(row.ratio, 3)));
    }
    let outside = rows.iter().filter(|row| row.warning).count();
    if 0 < outside {
        lines.push(format!("  {outside} outside 0.95 to 1.05 without a calibration factor"));
    }
    lines.push(String::new());
    lines
}

fn checks(findings: &[Finding], width: usize) -> Vec<String> {
    if findings.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["Checks".to_owned()];
    for finding in findings {
        let mark = if finding.verdict == Verdict::Agrees { "  ok       " } else { "  warning  " };
        let text = wrapped(&finding.text, width - mark.len(), "");
        for (position, line) in text.iter().enumerate() {
            let start = if position == 0 { mark } else { "           " };
            lines.push(format!("{start}{line}"));
        }
    }
    lines.push(String::new());
    lines
}

fn warning_lines(record: &RunRecord, width: usize) -> Vec<String> {
    let unchecked = record.assumptions.iter().filter(|one| !one.checked).count();
    let derived = record.assumptions.iter().filter(|one| one.derived).count();
    let mut parts = vec![counted(record.warnings.len(), "warning")];
    if !record.assumptions.is_empty() {
        parts.push(counted(record.assumptions.len(), "assumption"));
        parts.push(format!("{unchecked} not checked in their source"));
        parts.push(format!("{derived} derived or by default"));
    }
    if !record.not_modelled.is_empty() {
        parts.push(format!("{} not modelled", counted(record.not_modelled.len(), "part")));
    }
    let mut lines = wrapped(&parts.join("; "), width, "  ");
    for warning in &record.warnings {
        lines.extend(wrapped(&format!("- {warning}"), width, "  "));
    }
    lines
}

fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// Breaks a text at spaces; lines after the first begin with `indent`. A word longer than the width stands alone.
fn wrapped(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        let blank = line.trim().is_empty();
        if !blank && width < line.chars().count() + 1 + word.chars().count() {
            lines.push(format!("{indent}{word}"));
        } else {
            if !blank {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// Replaces the minus of print by that of a terminal.
fn plain(number: &str) -> String {
    number.replace('\u{2212}', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_broken_at_spaces() {
        assert_eq!(wrapped("one two three", 7, "  "), ["one two", "  three"]);
    }

    #[test]
    fn print_characters_do_not_reach_the_terminal() {
        assert_eq!(plain("\u{2212}12,345"), "-12,345");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let results = crate::sample::nation(75);
        for width in [60, 72, 80, 100, 120] {
            let text = summary(&results, &crate::sample::record(), width);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width, "{widest} of {width}: {text}");
        }
    }

    #[test]
    fn the_years_shown_are_now_ten_twenty_five_fifty_and_the_end() {
        let text = summary(&crate::sample::nation(75), &crate::sample::record(), 100);
        let heading = text.lines().find(|line| line.trim_start().starts_with("2030")).unwrap();
        let years: Vec<&str> = heading.split_whitespace().collect();
        assert_eq!(years, ["2030", "2040", "2055", "2080", "2104"]);
    }

    #[test]
    fn a_run_of_one_year_and_one_without_schemes_have_a_summary() {
        let record = crate::sample::record();
        for results in [crate::sample::nation(1), crate::sample::people_alone(75)] {
            let text = summary(&results, &record, 80);
            assert!(text.contains("Population, 1 January") && text.contains("1 warning"), "{text}");
        }
    }

    #[test]
    fn a_base_year_that_is_missed_is_pointed_out() {
        let text = summary(&crate::sample::nation(3), &crate::sample::record(), 100);
        assert!(text.contains("outside 0.95 to 1.05 without a calibration factor"), "{text}");
    }
}
