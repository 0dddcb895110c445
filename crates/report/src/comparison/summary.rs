use super::glance::{glance_cell, glance_columns, keep_first_in_rank};
use super::order::{orders, unders};
use super::page::accounts;
use super::run::ComparedRun;
use super::views::own;
use super::words::measure;
use crate::format::{broken, words};

/// Width of a column of figures, the space before it included.
const NUMBER: usize = 15;
/// Most letters of the name of a run.
const LABEL: usize = 44;

/// Returns what a comparison prints to a terminal of `width` columns: for each account the rates, premiums and key dates
/// of every run, and whether the order of the options holds under other assumptions.
///
/// Columns that do not fit are left out; the page and the tables have them.
#[must_use]
pub fn comparison_summary(runs: &[ComparedRun], width: usize) -> String {
    let Some(first) = runs.first() else { return String::new() };
    let mut lines = vec![
        first.title.title.clone(),
        format!("{}, {} to {}", first.title.country, first.years.first(), first.years.last()),
    ];
    for account in accounts(runs) {
        lines.push(String::new());
        lines.extend(account_lines(runs, account, width.clamp(60, 200)));
    }
    lines.extend(order_lines(runs));
    lines.push(String::new());
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn account_lines(runs: &[ComparedRun], account: &str, width: usize) -> Vec<String> {
    let longest = own(runs).map(|run| run.label.label.chars().count()).max().unwrap_or(0);
    let label = longest.clamp(12, LABEL);
    let mut columns = glance_columns(runs, account);
    keep_first_in_rank(&mut columns, (width.saturating_sub(label) / NUMBER).max(2));
    let headings: Vec<Vec<String>> = columns
        .iter()
        .map(|column| {
            let unit = if column.is_year { "year" } else { column.unit };
            let mut lines = broken(&column.heading, NUMBER - 1);
            lines.extend(broken(unit, NUMBER - 1));
            lines
        })
        .collect();
    let height = headings.iter().map(Vec::len).max().unwrap_or(0);
    let mut lines = Vec::new();
    for row in 0..height {
        let title = if row == 0 { words(account) } else { String::new() };
        let mut line = format!("{title:label$}");
        for heading in &headings {
            let text = (row + heading.len()).checked_sub(height).map_or("", |at| &heading[at]);
            line.push_str(&format!("{text:>NUMBER$}"));
        }
        lines.push(line);
    }
    for run in own(runs) {
        let name: String = run.label.label.chars().take(label).collect();
        let mut line = format!("{name:label$}");
        for column in &columns {
            let cell = glance_cell(column, run).replace(['\u{2212}', '\u{2013}'], "-");
            line.push_str(&format!("{cell:>NUMBER$}"));
        }
        lines.push(line);
    }
    lines
}

fn order_lines(runs: &[ComparedRun]) -> Vec<String> {
    if unders(runs).len() < 2 {
        return Vec::new();
    }
    let all = orders(runs);
    let own: Vec<_> = all.iter().filter(|order| order.under.is_empty()).collect();
    let mut lines = vec![String::new(), "Order of the options under other assumptions".to_owned()];
    for order in all.iter().filter(|order| !order.under.is_empty()) {
        let alike = own.iter().find(|one| one.scope == order.scope && one.measure == order.measure);
        let Some(alike) = alike else { continue };
        let changed = alike.reversed(order).len();
        let verdict = match changed {
            0 => "holds".to_owned(),
            1 => "1 pair changes places".to_owned(),
            count => format!("{count} pairs change places"),
        };
        let what = format!("{}, {}", words(&order.scope), measure(order.measure));
        lines.push(format!("  {what}, under {}: {verdict}", words(order.under)));
    }
    lines
}
