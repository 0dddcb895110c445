use super::page::accounts;
use super::run::ComparedRun;
use super::views::{NONE, own};
use super::words::{COST, RESERVE, STATE};
use crate::format::{grouped, words};
use crate::view::{GroupView, RowView, TableView};

/// Columns of the first table of an account, as many as a sheet of paper holds.
const GLANCE: usize = 7;

/// Finds a figure of a run.
type FigureOf = dyn Fn(&ComparedRun) -> Option<f64>;

/// A column of the first table: heading and a figure of a run.
pub(crate) struct Column {
    pub(crate) heading: String,
    pub(crate) unit: &'static str,
    pub(crate) value: Box<FigureOf>,
    pub(crate) is_year: bool,
    /// The higher, the sooner it is left out where there is no room.
    pub(crate) rank: u8,
}

/// Returns the columns of the first table of an account; those without any value are left out.
pub(crate) fn glance_columns(runs: &[ComparedRun], account: &str) -> Vec<Column> {
    let Some(first) = runs.first() else { return Vec::new() };
    let (start, end) = (first.years.first().get(), first.years.last().get());
    let rate = |rank: u8, heading: &str, name: &'static str| {
        let scope = account.to_owned();
        Column {
            rank,
            heading: heading.to_owned(),
            unit: "% of insured earnings",
            value: Box::new(move |run: &ComparedRun| run.measure(&scope, name)?.value),
            is_year: false,
        }
    };
    let at_end = |rank: u8, heading: &str, (scope, name): (&str, &'static str)| {
        let scope = scope.to_owned();
        Column {
            rank,
            heading: format!("{heading} in {end}"),
            unit: "% of GDP",
            value: Box::new(move |run: &ComparedRun| run.value(&scope, name, end)),
            is_year: false,
        }
    };
    let exhausted = rate(0, "Reserve exhausted", "reserve_exhausted_in");
    let mut columns = vec![
        rate(6, &format!("Pay-as-you-go rate in {start}"), "payg_rate_first_year"),
        rate(1, &format!("Pay-as-you-go rate in {end}"), "payg_rate_last_year"),
        rate(5, "Pay-as-you-go rate, mean", "payg_rate_mean"),
        rate(2, "General average premium, horizon", "general_average_premium"),
        rate(7, "General average premium, without end", "general_average_premium_infinite"),
        at_end(3, "Expenditure", (account, COST.name)),
        at_end(4, "Reserve", (account, RESERVE.name)),
        at_end(3, "The State pays", (account, STATE.name)),
        Column { is_year: true, unit: "year", ..exhausted },
    ];
    columns.retain(|column| column.is_year || own(runs).any(|run| (column.value)(run).is_some()));
    columns
}

/// Leaves out the columns of the highest rank until `most` are left.
pub(crate) fn keep_first_in_rank(columns: &mut Vec<Column>, most: usize) {
    while most < columns.len() {
        let last = columns.iter().map(|column| column.rank).max().unwrap_or(0);
        let place = columns.iter().rposition(|column| column.rank == last).unwrap_or(0);
        columns.remove(place);
    }
}

/// Writes a figure of the first table.
pub(crate) fn glance_cell(column: &Column, run: &ComparedRun) -> String {
    match (column.value)(run) {
        Some(year) if column.is_year => format!("{year:.0}"),
        Some(share) => grouped(100.0 * share, 2),
        None if column.is_year => format!("not by {}", run.years.last()),
        None => NONE.to_owned(),
    }
}

/// Returns the first table of every account.
pub(crate) fn glances(runs: &[ComparedRun]) -> Vec<TableView> {
    let table = |account: &str| {
        let mut columns = glance_columns(runs, account);
        keep_first_in_rank(&mut columns, GLANCE);
        let rows = own(runs).map(|run| RowView {
            label: run.label.label.clone(),
            unit: String::new(),
            cells: columns.iter().map(|column| glance_cell(column, run)).collect(),
        });
        let heading = |column: &Column| match column.unit {
            "year" => column.heading.clone(),
            unit => format!("{}, {unit}", column.heading),
        };
        TableView {
            caption: format!("Account: {}", words(account)),
            columns: columns.iter().map(heading).collect(),
            groups: vec![GroupView { title: String::new(), rows: rows.collect() }],
        }
    };
    accounts(runs).into_iter().map(table).collect()
}
