use perennis_labour::Verdict;
use perennis_valuation::Results;
use serde::Serialize;

use crate::format::words;
use crate::{AssumptionRecord, RunRecord};

/// Letters of a value that the report shows; the table has all of it.
const LONGEST_VALUE: usize = 240;

/// The list that has a place of its own in the report.
const NOT_MODELLED: &str = "not_modelled";

/// The subjects in the order of the chapters.
const SUBJECTS: [&str; 8] =
    ["valuation", "population", "labour", "economy", "schemes", "health", "finance", "base_year"];

/// What was checked, and what a reader is warned of.
#[derive(Serialize)]
pub(crate) struct ChecksView {
    findings: Vec<FindingView>,
    warnings: Vec<String>,
    notes: Vec<String>,
}

/// One check of the assumptions against one another.
#[derive(Serialize)]
struct FindingView {
    name: String,
    text: String,
    agrees: bool,
}

/// Every assumption with its source.
#[derive(Serialize)]
pub(crate) struct AssumptionsView {
    groups: Vec<GroupView>,
    inputs: Vec<(String, String)>,
    count: usize,
    unchecked: usize,
    derived: usize,
}

/// The assumptions of one subject.
#[derive(Serialize)]
struct GroupView {
    title: String,
    prefix: String,
    count: usize,
    unchecked: usize,
    derived: usize,
    rows: Vec<RowView>,
}

/// Values of one table of the files that share a source.
#[derive(Serialize)]
struct RowView {
    /// The path below the prefix of the group, in pieces between which a line may break.
    path: Vec<String>,
    values: Vec<ValueView>,
    source: String,
    note: String,
    /// The row before has the same source and note.
    as_above: bool,
    checked: bool,
    derived: bool,
}

/// One value with its key in the table, which is empty when the path names it in full.
#[derive(Serialize)]
struct ValueView {
    key: String,
    value: String,
    unit: String,
}

/// Builds the chapter of checks and warnings.
pub(crate) fn checks(results: &Results, record: &RunRecord) -> ChecksView {
    let findings = results.findings.iter().map(|finding| FindingView {
        name: words(finding.name),
        text: finding.text.clone(),
        agrees: finding.verdict == Verdict::Agrees,
    });
    ChecksView {
        findings: findings.collect(),
        warnings: record.warnings.clone(),
        notes: record.notes.clone(),
    }
}

/// Builds the list of assumptions by subject, where the run has one.
pub(crate) fn assumptions(record: &RunRecord) -> Option<AssumptionsView> {
    if record.assumptions.is_empty() {
        return None;
    }
    let mut subjects = crate::figures::distinct(record.assumptions.iter().map(subject));
    let place = |name: &str| {
        let first = name.split('.').next().unwrap_or(name);
        SUBJECTS.iter().position(|known| *known == first).unwrap_or(SUBJECTS.len())
    };
    subjects.sort_by_key(|name| place(name));
    let groups = subjects.into_iter().map(|name| group(name, &record.assumptions)).collect();
    Some(AssumptionsView {
        groups,
        inputs: record
            .inputs
            .iter()
            .map(|input| (input.path.clone(), input.sha256.clone()))
            .collect(),
        count: record.assumptions.len(),
        unchecked: record.assumptions.iter().filter(|one| !one.checked).count(),
        derived: record.assumptions.iter().filter(|one| one.derived).count(),
    })
}

/// Returns the start of the path: the subject, and for schemes the scheme; keys of the valuation itself are one subject.
fn subject(assumption: &AssumptionRecord) -> &str {
    let path = assumption.path.as_str();
    let mut dots = path.match_indices('.').map(|(at, _)| at);
    let Some(first) = dots.next() else { return "valuation" };
    match &path[..first] {
        "schemes" | "health" => &path[..dots.next().unwrap_or(path.len())],
        "files" => "valuation",
        subject => subject,
    }
}

fn group(name: &str, all: &[AssumptionRecord]) -> GroupView {
    let own: Vec<&AssumptionRecord> = all.iter().filter(|one| subject(one) == name).collect();
    let prefix = format!("{name}.");
    let common = own.iter().all(|one| one.path.starts_with(&prefix));
    let prefix = if common { prefix } else { String::new() };
    let beside = own.chunk_by(|one, next| is_beside(one, next));
    let mut rows: Vec<RowView> = beside.map(|beside| row(beside, prefix.len())).collect();
    for at in 1..rows.len() {
        let (before, own) = (&rows[at - 1], &rows[at]);
        let same = before.source == own.source && before.note == own.note;
        rows[at].as_above = same && !own.source.is_empty();
    }
    GroupView {
        title: words(&name.replace('.', ": ")),
        count: own.len(),
        unchecked: own.iter().filter(|one| !one.checked).count(),
        derived: own.iter().filter(|one| one.derived).count(),
        rows,
        prefix,
    }
}

/// Says whether two values stand in the same table of the file with the same source and marks.
fn is_beside(one: &AssumptionRecord, other: &AssumptionRecord) -> bool {
    table_and_key(&one.path).0 == table_and_key(&other.path).0
        && one.source == other.source
        && one.note == other.note
        && one.checked == other.checked
        && one.derived == other.derived
}

fn table_and_key(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// Shows one value, or the values of one table that have the same source.
fn row(beside: &[&AssumptionRecord], prefix: usize) -> RowView {
    let first = beside[0];
    let alone = beside.len() == 1;
    let (table, _) = table_and_key(&first.path);
    let path = if alone || table.is_empty() { first.path.as_str() } else { table };
    let path = path.get(prefix..).unwrap_or(path);
    RowView {
        path: path.split_inclusive(['.', '_']).map(str::to_owned).collect(),
        values: beside
            .iter()
            .map(|one| ValueView {
                key: if alone { String::new() } else { table_and_key(&one.path).1.to_owned() },
                value: if one.path == NOT_MODELLED {
                    "listed below".into()
                } else {
                    shortened(&one.value)
                },
                unit: one.unit.clone(),
            })
            .collect(),
        source: first.source.clone(),
        note: first.note.clone(),
        as_above: false,
        checked: first.checked,
        derived: first.derived,
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST_VALUE).collect();
    if short.len() < text.len() {
        short.push('\u{2026}');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assumptions_are_grouped_by_subject_and_scheme() {
        let at = |path: &str| AssumptionRecord { path: path.into(), ..AssumptionRecord::default() };
        assert_eq!(subject(&at("schemes.general.accrual.value")), "schemes.general");
        assert_eq!(subject(&at("population.fertility")), "population");
        assert_eq!(subject(&at("start")), "valuation");
    }

    #[test]
    fn a_source_is_printed_once_above_the_rows_that_share_it() {
        let at = |path: &str, source: &str| AssumptionRecord {
            path: path.into(),
            source: source.into(),
            ..AssumptionRecord::default()
        };
        let all = [
            at("economy.a.value", "Decree 1"),
            at("economy.b.value", "Decree 1"),
            at("economy.c.value", ""),
            at("economy.d.value", ""),
        ];
        let repeats: Vec<bool> =
            group("economy", &all).rows.iter().map(|row| row.as_above).collect();
        assert_eq!(repeats, [false, true, false, false]);
    }

    #[test]
    fn values_of_one_table_with_one_source_share_a_row_and_others_do_not() {
        let at = |path: &str, source: &str| AssumptionRecord {
            path: path.into(),
            value: "1".into(),
            source: source.into(),
            ..AssumptionRecord::default()
        };
        let all = [
            at("economy.floor.in_force[0].from", "Decree 1"),
            at("economy.floor.in_force[0].value", "Decree 1"),
            at("economy.floor.in_force[1].from", "Decree 2"),
            at("economy.floor.in_force[1].value", "Decree 3"),
        ];
        let group = group("economy", &all);
        let paths: Vec<String> =
            group.rows.iter().map(|row| format!("{}{}", group.prefix, row.path.concat())).collect();
        assert_eq!(
            paths,
            [
                "economy.floor.in_force[0]",
                "economy.floor.in_force[1].from",
                "economy.floor.in_force[1].value"
            ]
        );
        assert_eq!(group.rows.iter().map(|row| row.values.len()).sum::<usize>(), group.count);
    }
}
