use serde_json::{Value, json};

use perennis_valuation::StressSize;

use super::{
    Compared, ReverseStress, SensitivityResult, SensitivityRun, accounts_of, by_width, compared,
    full_name,
};
use crate::ComparedRun;
use crate::format::{broken, grouped, words};

/// Width of a column of figures.
const NUMBER: usize = 14;
/// Most letters of a line of the name of a run.
const LABEL: usize = 44;
/// Letters of a line of words.
const WIDTH: usize = 100;
/// Columns of figures beside one another.
const COLUMNS: usize = 4;

/// Returns, for each account, the figures of the baseline and what every run changes, the widest shift first.
#[must_use]
pub fn sensitivity_text(result: &SensitivityResult) -> String {
    let baseline = &result.baseline;
    let first_years = format!("{} to {}", baseline.years.first(), baseline.years.last());
    let mut lines = vec![
        baseline.title.title.clone(),
        format!("{}, {first_years}; {} runs", baseline.title.country, result.runs.len()),
    ];
    for account in accounts_of(result) {
        lines.push(String::new());
        lines.extend(of_account(result, &account));
    }
    if !result.reverse.is_empty() {
        lines.push(String::new());
        lines.push("The smallest that exhausts the reserve".to_owned());
        lines.extend(result.reverse.iter().flat_map(|one| broken(&reverse_words(one), WIDTH)));
    }
    lines.extend(not_run(result));
    lines.push(String::new());
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// Lists what was not run, by its reason.
fn not_run(result: &SensitivityResult) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in &result.not_run {
        match reasons.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, names)) => names.push(&one.name),
            None => reasons.push((&one.why, vec![&one.name])),
        }
    }
    let mut lines = Vec::new();
    for (why, names) in reasons {
        lines.push(String::new());
        lines.extend(broken(&format!("Not run, {why}: {}", names.join(", ")), WIDTH));
    }
    lines
}

/// Says in one sentence what a reverse stress found.
pub(super) fn reverse_words(one: &ReverseStress) -> String {
    let name = full_name(&one.name, &one.side);
    let (account, year) = (words(&one.account), one.year);
    match &one.size {
        StressSize::None => {
            format!("{account}: the reserve is gone by the end of {year} without any shock")
        }
        StressSize::Smallest { size, only } => {
            let less = if *only { "" } else { "; a larger one may not" };
            format!(
                "{account}, {name}: {} times its size exhausts the reserve by the end of {year}{less} ({})",
                grouped(*size, 3),
                one.changes.join("; ")
            )
        }
        StressSize::NotWithin { largest, left } => format!(
            "{account}, {name}: {} times its size does not; {} years of expenditure are left at the least",
            grouped(*largest, 1),
            grouped(*left, 1)
        ),
    }
}

fn of_account(result: &SensitivityResult, account: &str) -> Vec<String> {
    let figures = compared(&result.baseline);
    let figures = figures.iter().filter(|one| one.is_year || has(result, one, account));
    let figures: Vec<&Compared> = figures.take(COLUMNS).collect();
    let Some(first) = figures.first() else { return Vec::new() };
    let mut lines = headings(account, &figures);
    let cells = |run: &ComparedRun, below: Option<&ComparedRun>| -> String {
        let cells = figures.iter().map(|figure| {
            let text = cell(figure, (run, below), account).replace(['\u{2212}', '\u{2013}'], "-");
            format!("{text:>NUMBER$}")
        });
        cells.collect()
    };
    lines.push(format!("{:LABEL$}{}", "Baseline", cells(&result.baseline, None)));
    for (title, kinds) in KINDS {
        let groups = by_width(result, (account, first), kinds);
        if !groups.is_empty() {
            lines.push(format!("Change against the baseline, {title}"));
        }
        let runs = groups.into_iter().flatten();
        let (moved, still): (Vec<_>, Vec<_>) =
            runs.partition(|run| moves(&figures, (&run.run, &result.baseline), account));
        for run in moved {
            let mut name = broken(&label(run), LABEL - 4);
            let last = name.pop().unwrap_or_default();
            lines.extend(name.into_iter().map(|line| format!("  {line}")));
            let cells = cells(&run.run, Some(&result.baseline));
            lines.push(format!("  {last:width$}{cells}", width = LABEL - 2));
        }
        if !still.is_empty() {
            let names: Vec<String> =
                still.iter().map(|run| full_name(&run.name, &run.side)).collect();
            let names = broken(&format!("No change: {}", names.join(", ")), WIDTH - 2);
            lines.extend(names.into_iter().map(|line| format!("  {line}")));
        }
    }
    lines
}

/// The kinds of runs that stand together, with what they are.
pub(super) const KINDS: [(&str, &[&str]); 2] =
    [("one assumption at a time", &["shift"]), ("several together", &["set", "scenario", "shock"])];

/// Says whether a run changes any of the figures as they are printed.
pub(super) fn moves(
    figures: &[&Compared],
    (run, below): (&ComparedRun, &ComparedRun),
    account: &str,
) -> bool {
    figures.iter().any(|figure| {
        if figure.is_year {
            return cell(figure, (run, None), account) != cell(figure, (below, None), account);
        }
        cell(figure, (run, Some(below)), account).contains(['+', '\u{2212}'])
    })
}

/// Names a run in a line: what is shifted and how far.
pub(super) fn label(run: &SensitivityRun) -> String {
    if run.kind == "scenario" {
        return format!("{} (scenario)", words(&run.name));
    }
    if run.side.is_empty() {
        return words(&run.name);
    }
    format!("{}: {}", run.title, run.alternative)
}

pub(super) fn has(result: &SensitivityResult, figure: &Compared, account: &str) -> bool {
    (figure.value)(&result.baseline, account).is_some()
}

fn headings(account: &str, figures: &[&Compared]) -> Vec<String> {
    let columns: Vec<Vec<String>> = figures
        .iter()
        .map(|figure| {
            let unit = if figure.is_year { "" } else { figure.unit };
            broken(&format!("{} {unit}", figure.heading), NUMBER - 1)
        })
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let line = |row: usize| {
        let title = if row == 0 { format!("Account: {}", words(account)) } else { String::new() };
        let cells = columns.iter().map(|column| {
            let text = (row + column.len()).checked_sub(height).map_or("", |at| &column[at]);
            format!("{text:>NUMBER$}")
        });
        format!("{title:LABEL$}{}", cells.collect::<String>())
    };
    (0..height).map(line).collect()
}

/// Writes the value of a figure, or with `below` what a run changes; of a key date the year itself.
pub(super) fn cell(
    figure: &Compared,
    (run, below): (&ComparedRun, Option<&ComparedRun>),
    account: &str,
) -> String {
    let value = (figure.value)(run, account);
    if figure.is_year {
        let never = || format!("not by {}", run.years.last());
        return value.map_or_else(never, |year| format!("{year:.0}"));
    }
    let shown = match below {
        None => value.map(|value| grouped(100.0 * value, 2)),
        Some(below) => value.zip((figure.value)(below, account)).map(|(value, below)| {
            let text = grouped(100.0 * (value - below), 2);
            let nothing = !text.bytes().any(|letter| (b'1'..=b'9').contains(&letter));
            if nothing || text.starts_with('\u{2212}') { text } else { format!("+{text}") }
        }),
    };
    shown.unwrap_or_else(|| "\u{2013}".to_owned())
}

/// Returns the result as one JSON object: every run with the measures of financing of every account.
#[must_use]
pub fn sensitivity_json(result: &SensitivityResult) -> Value {
    let measures = |run: &ComparedRun| -> Vec<Value> {
        let one = |one: &crate::comparison::ComparedMeasure| json!({ "scope": one.scope, "measure": one.measure, "value": one.value, "unit": one.unit });
        run.measures.iter().map(one).collect()
    };
    let run = |one: &SensitivityRun| {
        json!({
            "kind": one.kind,
            "name": one.name,
            "side": one.side,
            "title": one.title,
            "alternative": one.alternative,
            "changes": one.changes,
            "limited": one.limited,
            "measures": measures(&one.run),
        })
    };
    let reverse = |one: &ReverseStress| {
        let (size, largest) = match &one.size {
            StressSize::None => (Some(0.0), None),
            StressSize::Smallest { size, .. } => (Some(*size), None),
            StressSize::NotWithin { largest, .. } => (None, Some(*largest)),
        };
        json!({
            "name": one.name,
            "side": one.side,
            "account": one.account,
            "exhausted_by": one.year,
            "size": size,
            "largest_looked_at": largest,
            "words": reverse_words(one),
        })
    };
    let not_run = |one: &super::NotRun| json!({ "name": one.name, "why": one.why });
    json!({
        "status": "ok",
        "baseline": measures(&result.baseline),
        "runs": result.runs.iter().map(run).collect::<Vec<_>>(),
        "reverse_stress": result.reverse.iter().map(reverse).collect::<Vec<_>>(),
        "not_run": result.not_run.iter().map(not_run).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::result;
    use super::*;

    #[test]
    fn the_text_has_the_widest_shift_first_and_the_sign_of_every_change() {
        let text = sensitivity_text(&result());
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
        assert!(place("Baseline") < place("coverage <title>: up"));
        assert!(place("coverage <title>: up") < place("wages <title>: down"));
        assert!(place("wages <title>: up") < place("Recession"));
        for part in ["-1.00", "+0.20", "-0.10", "+0.40", "Not run, nothing of the kind: density.up"]
        {
            place(part);
        }
    }
}
