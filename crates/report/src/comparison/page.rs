use minijinja::value::Serde;
use serde::Serialize;

use super::glance::glances;
use super::lives_page::{gains_tables, middle_cohort, model_persons_tables, not_followed};
use super::order::{Order, orders, printed, unders};
use super::run::ComparedRun;
use super::views::{Drawn, NONE, Wanted, differences, levels, moments, own};
use super::words::{
    AWARD, BELOW, CONTRIBUTED, CONTRIBUTORS, COST, COVERED, DEPENDENCY, IN_PAYMENT, PAYERS, PAYG,
    REPLACEMENT, RESERVE, RESERVE_RATIO, SEXES, STATE, STATE_OF_BUDGET, measure,
};
use super::write::ComparisonRecord;
use crate::HtmlError;
use crate::comparison::paths::NATION;
use crate::figures::distinct;
use crate::format::{Quantity, Scale, words};
use crate::html::render;
use crate::view::{GroupView, Picture, RowView, TableView};

/// Returns the page of a comparison as one HTML file that needs no other file and no network.
///
/// The first run is the baseline.
///
/// # Errors
///
/// [`HtmlError`] when a template does not fit what it is given.
pub fn comparison_html(
    runs: &[ComparedRun],
    record: &ComparisonRecord,
) -> Result<String, HtmlError> {
    let Some(first) = runs.first() else { return Ok(String::new()) };
    render("comparison.html", Serde(Page::new(first, runs, record)))
}

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    country: &'a str,
    currency: &'a str,
    first_year: i32,
    last_year: i32,
    version: &'a str,
    options: Vec<&'a (String, String)>,
    style: &'static str,
    script: &'static str,
    runs: Vec<RunView<'a>>,
    glances: Vec<TableView>,
    accounts: Vec<AccountView>,
    state: ChapterView,
    schemes: Vec<ChapterView>,
    coverage: ChapterView,
    model_persons: Vec<TableView>,
    cohort: i32,
    not_followed: Vec<String>,
    gains: Vec<TableView>,
    has_behaviour: bool,
    order: Option<OrderView>,
    delay: i32,
}

/// One run in the list of the options.
#[derive(Serialize)]
struct RunView<'a> {
    label: &'a str,
    name: &'a str,
    title: &'a str,
    source: &'a str,
    warnings: &'a [String],
    is_baseline: bool,
}

#[derive(Serialize)]
struct ChartView {
    pictures: Vec<Picture>,
    note: String,
}

#[derive(Serialize)]
struct AccountView {
    name: String,
    dates: TableView,
    charts: Vec<ChartView>,
    table: TableView,
}

#[derive(Serialize)]
struct ChapterView {
    name: String,
    charts: Vec<ChartView>,
    tables: Vec<TableView>,
}

#[derive(Serialize)]
struct OrderView {
    table: TableView,
    reversed: Vec<String>,
}

impl<'a> Page<'a> {
    fn new(first: &'a ComparedRun, runs: &'a [ComparedRun], record: &'a ComparisonRecord) -> Self {
        Self {
            title: &first.title.title,
            country: &first.title.country,
            currency: &first.title.currency,
            first_year: first.years.first().get(),
            last_year: first.years.last().get(),
            version: &record.version,
            // The reforms are listed with their titles.
            options: record.options.iter().filter(|(option, _)| option != "reform").collect(),
            style: include_str!("../templates/style.css"),
            script: include_str!("../templates/charts.js"),
            runs: own(runs).map(run_view).collect(),
            glances: glances(runs),
            accounts: accounts(runs).into_iter().map(|name| account(runs, name)).collect(),
            state: state(runs, first),
            schemes: schemes(first).into_iter().map(|name| scheme(runs, name)).collect(),
            coverage: coverage(runs),
            model_persons: model_persons_tables(runs),
            cohort: middle_cohort(runs).unwrap_or(0),
            not_followed: not_followed(runs),
            gains: gains_tables(runs),
            has_behaviour: own(runs).any(|run| run.label.with_behaviour),
            order: order(runs),
            delay: runs.iter().map(|run| run.label.delay).max().unwrap_or(0),
        }
    }
}

fn run_view(run: &ComparedRun) -> RunView<'_> {
    let label = &run.label;
    RunView {
        label: &label.label,
        name: &label.name,
        title: &label.title,
        source: &label.source,
        warnings: &label.warnings,
        is_baseline: label.is_baseline(),
    }
}

/// Returns the accounts that have insured earnings, and so a pay-as-you-go rate; those that the options change most
/// stand first.
pub(crate) fn accounts(runs: &[ComparedRun]) -> Vec<&str> {
    let Some(first) = runs.first() else { return Vec::new() };
    let mut accounts = scopes(first, PAYG.name);
    let change = |account: &str| {
        let path = |run: &ComparedRun| Some(run.path(account, PAYG.name)?.values.clone());
        let below = path(first).unwrap_or_default();
        let values = own(runs).filter_map(path).flat_map(|values| {
            let pairs = values.into_iter().zip(below.clone());
            pairs.filter_map(|(one, below)| Some((one? - below?).abs())).collect::<Vec<f64>>()
        });
        values.fold(0.0, f64::max)
    };
    accounts.sort_by(|one, other| change(other).total_cmp(&change(one)));
    accounts
}

fn schemes(run: &ComparedRun) -> Vec<&str> {
    scopes(run, CONTRIBUTORS.name)
}

fn scopes<'a>(run: &'a ComparedRun, indicator: &str) -> Vec<&'a str> {
    let with = run.paths.iter().filter(|path| path.indicator == indicator);
    distinct(with.map(|path| path.scope.as_str()))
}

fn chart(drawn: Drawn) -> ChartView {
    let note = match (drawn.unchanged.len(), drawn.pictures.is_empty()) {
        (0, _) => String::new(),
        (_, true) => "No option changes this.".into(),
        _ => format!("As the baseline, and not drawn: {}.", drawn.unchanged.join(", ")),
    };
    ChartView { pictures: drawn.pictures, note }
}

fn account(runs: &[ComparedRun], name: &str) -> AccountView {
    let wanted = |shown| Wanted::new(name, shown);
    let charts = vec![
        chart(levels(runs, "Pay-as-you-go rate", wanted(&PAYG))),
        chart(differences(runs, "Pay-as-you-go rate against the baseline", wanted(&PAYG))),
        chart(levels(runs, "Expenditure", wanted(&COST))),
        chart(levels(runs, "Reserve at the end of the year", wanted(&RESERVE))),
    ];
    let rows = [&PAYG, &COST, &CONTRIBUTED, &RESERVE, &RESERVE_RATIO, &STATE];
    let rows = rows.map(|shown| (shown.label.to_owned(), wanted(shown)));
    let rows: Vec<_> = rows.into_iter().filter(|(_, wanted)| has_figures(runs, *wanted)).collect();
    AccountView {
        name: words(name),
        dates: measures(runs, name),
        charts,
        table: moments(runs, &format!("{}: key indicators", words(name)), &rows),
    }
}

/// Every measure of financing of an account, a row for each run and a group for each measure.
fn measures(runs: &[ComparedRun], account: &str) -> TableView {
    let first: Vec<_> = runs.iter().take(1).flat_map(|run| &run.measures).collect();
    let names = first.iter().filter(|one| one.scope == account && one.unit != "currency");
    let names: Vec<(&str, &str)> = names.map(|one| (one.measure.as_str(), one.unit)).collect();
    let any = |name: &str| {
        let of =
            |run: &ComparedRun| run.measure(account, name).is_some_and(|one| one.value.is_some());
        own(runs).any(of)
    };
    let shown = names.into_iter().filter(|(name, unit)| *unit == "year" || any(name));
    let groups = shown.map(|(name, unit)| {
        let rows = own(runs).map(|run| RowView {
            label: run.label.label.clone(),
            unit: String::new(),
            cells: measure_cells(runs, run, (account, name, unit)),
        });
        GroupView { title: format!("{}, {}", measure(name), words_of(unit)), rows: rows.collect() }
    });
    TableView {
        caption: format!("{}: measures of financing and key dates", words(account)),
        columns: vec!["Value".into(), "Against the baseline".into()],
        groups: groups.collect(),
    }
}

fn words_of(unit: &str) -> &str {
    match unit {
        "share of insured earnings" => "% of insured earnings",
        "share" => "%",
        unit => unit,
    }
}

fn measure_cells(
    runs: &[ComparedRun],
    run: &ComparedRun,
    (account, name, unit): (&str, &str, &str),
) -> Vec<String> {
    let of = |run: &ComparedRun| run.measure(account, name)?.value;
    let value = of(run);
    let baseline = super::tables::baseline_of(runs, run).filter(|_| !run.label.is_baseline());
    let difference = value.zip(baseline.and_then(of)).map(|(value, below)| value - below);
    let quantity = if unit.starts_with("share") { Quantity::Share } else { Quantity::Years };
    let scale = Scale::of(quantity, "", value.into_iter());
    let shown = match value {
        Some(year) if unit == "year" => format!("{year:.0}"),
        Some(value) => scale.number(value),
        None if unit == "year" => format!("not by {}", run.years.last()),
        None => NONE.to_owned(),
    };
    let difference = difference.map(|difference| match unit {
        "year" => format!("{difference:+.0}").replace('-', "\u{2212}"),
        _ => super::views::signed(&scale, difference),
    });
    vec![shown, difference.unwrap_or_else(|| NONE.to_owned())]
}

fn state(runs: &[ComparedRun], first: &ComparedRun) -> ChapterView {
    let nation = |shown| Wanted::new(NATION, shown);
    let mut rows = vec![
        (format!("{}, all accounts", STATE.label), nation(&STATE)),
        (format!("{}, all accounts", STATE_OF_BUDGET.label), nation(&STATE_OF_BUDGET)),
    ];
    let accounts = scopes(first, STATE.name);
    for account in accounts.into_iter().filter(|scope| *scope != NATION) {
        rows.push((format!("{}: {}", STATE.label, words(account)), Wanted::new(account, &STATE)));
    }
    rows.extend(PAYERS.iter().map(|shown| (shown.label.to_owned(), nation(shown))));
    rows.push(("Expenditure of all accounts".to_owned(), nation(&COST)));
    rows.retain(|(_, wanted)| has_figures(runs, *wanted));
    ChapterView {
        name: String::new(),
        charts: vec![chart(levels(runs, "What the State pays to all accounts", nation(&STATE)))],
        tables: vec![moments(
            runs,
            "The State budget, employers and employees beside the funds",
            &rows,
        )],
    }
}

fn has_figures(runs: &[ComparedRun], wanted: Wanted<'_>) -> bool {
    own(runs).filter_map(|run| wanted.key(run)).any(|key| 0.0 < key.peak.value)
}

fn scheme(runs: &[ComparedRun], name: &str) -> ChapterView {
    let wanted = |shown| Wanted::new(name, shown);
    let by_sex = |shown: &'static super::words::Shown| {
        SEXES.map(|(sex, words)| {
            (format!("{}: {words}", shown.label), Wanted { scope: name, shown, sex })
        })
    };
    let people = [&CONTRIBUTORS, &IN_PAYMENT, &DEPENDENCY];
    let people: Vec<_> = people.map(|shown| (shown.label.to_owned(), wanted(shown))).into();
    let pensions: Vec<_> = [&AWARD, &REPLACEMENT].into_iter().flat_map(by_sex).collect();
    let below: Vec<_> = BELOW.iter().flat_map(by_sex).collect();
    let table =
        |caption: &str, rows: &[_]| moments(runs, &format!("{}: {caption}", words(name)), rows);
    let mut tables = vec![
        table("contributors and pensions", &people),
        table("adequacy by sex", &pensions),
        table("who falls below the qualifying period", &below),
    ];
    tables.retain(|table| !table.groups.is_empty());
    ChapterView {
        name: words(name),
        charts: vec![
            chart(levels(runs, CONTRIBUTORS.label, wanted(&CONTRIBUTORS))),
            chart(levels(runs, IN_PAYMENT.label, wanted(&IN_PAYMENT))),
            chart(levels(runs, AWARD.label, wanted(&AWARD))),
            chart(levels(runs, REPLACEMENT.label, wanted(&REPLACEMENT))),
            chart(levels(runs, BELOW[1].label, wanted(&BELOW[1]))),
        ],
        tables,
    }
}

fn coverage(runs: &[ComparedRun]) -> ChapterView {
    let rows = COVERED.iter().flat_map(|shown| {
        SEXES.map(|(sex, words)| {
            (format!("{}: {words}", shown.label), Wanted { scope: NATION, shown, sex })
        })
    });
    let rows: Vec<_> = rows.filter(|(_, wanted)| has_figures(runs, *wanted)).collect();
    let mut tables = vec![moments(runs, "Effective coverage by sex", &rows)];
    tables.retain(|table| !table.groups.is_empty());
    ChapterView { name: String::new(), charts: Vec::new(), tables }
}

/// The order of the options under every set of assumptions; `None` when there is but one.
fn order(runs: &[ComparedRun]) -> Option<OrderView> {
    let unders = unders(runs);
    let all = orders(runs);
    let (own, others): (Vec<&Order<'_>>, Vec<&Order<'_>>) =
        all.iter().partition(|order| order.under.is_empty());
    if unders.len() < 2 {
        return None;
    }
    let alike = |one: &Order<'_>, other: &Order<'_>| {
        one.scope == other.scope && one.measure == other.measure
    };
    let mut reversed = Vec::new();
    for order in &others {
        let Some(first) = own.iter().find(|first| alike(first, order)) else { continue };
        let pairs = first.reversed(order);
        let named: Vec<String> = pairs
            .iter()
            .map(|(ahead, behind)| format!("{} and {}", label(runs, ahead), label(runs, behind)))
            .collect();
        let verdict = if named.is_empty() {
            "the order holds".to_owned()
        } else {
            format!("changed places: {}", named.join("; "))
        };
        reversed.push(format!(
            "{}, {}, under {}: {verdict}.",
            words(&order.scope),
            measure(order.measure),
            words(order.under)
        ));
    }
    let groups = own.iter().map(|first| {
        let rows = first.runs.iter().map(|(run, _)| RowView {
            label: run.label.label.clone(),
            unit: String::new(),
            cells: unders
                .iter()
                .map(|under| {
                    let order = all.iter().find(|one| one.under == *under && alike(one, first));
                    order.map_or_else(|| NONE.to_owned(), |order| place(order, &run.label.name))
                })
                .collect(),
        });
        let title = format!("{}: {}, %", words(&first.scope), measure(first.measure));
        GroupView { title, rows: rows.collect() }
    });
    let columns = unders.iter().map(|under| {
        if under.is_empty() { "Assumptions of the valuation".to_owned() } else { words(under) }
    });
    let table = TableView {
        caption: "Value and, in brackets, place of each option".into(),
        columns: columns.collect(),
        groups: groups.collect(),
    };
    Some(OrderView { table, reversed })
}

fn place(order: &Order<'_>, name: &str) -> String {
    let value = order.runs.iter().find(|(run, _)| run.label.name == name);
    match value.zip(order.place(name)) {
        Some(((_, value), place)) => {
            format!("{} ({place})", printed(*value))
        }
        None => NONE.to_owned(),
    }
}

fn label<'a>(runs: &'a [ComparedRun], name: &'a str) -> &'a str {
    runs.iter().find(|run| run.label.name == name).map_or(name, |run| run.label.label.as_str())
}
