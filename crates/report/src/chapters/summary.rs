use perennis_labour::Verdict;
use perennis_valuation::Results;
use serde::Serialize;

use crate::RunRecord;
use crate::figures::{health_schemes, indicator, key_events, persons_aged};
use crate::format::{Quantity, Scale, words};
use crate::view::{TableView, key_table};

/// The first page: cards, key table, key dates, and what a reader must know before trusting them.
#[derive(Serialize)]
pub(crate) struct SummaryView {
    cards: Vec<Card>,
    table: TableView,
    dates: Vec<DatesView>,
    warnings: usize,
    checks_failed: usize,
    base_year_outside: usize,
    base_year_rows: usize,
    unchecked: usize,
    derived: usize,
    assumptions: usize,
}

/// One figure now and at the end.
#[derive(Serialize)]
struct Card {
    label: String,
    now: String,
    unit: String,
    end: String,
    note: String,
}

/// The key dates of a fund.
#[derive(Serialize)]
struct DatesView {
    account: String,
    events: Vec<(String, Option<i32>)>,
}

/// Builds the first page.
pub(crate) fn summary(results: &Results, record: &RunRecord) -> SummaryView {
    let rows = &results.measured.base_year;
    SummaryView {
        cards: cards(results),
        table: key_table(results),
        dates: dates(results),
        warnings: record.warnings.len(),
        checks_failed: results.findings.iter().filter(|one| one.verdict != Verdict::Agrees).count(),
        base_year_outside: rows.iter().filter(|row| row.warning).count(),
        base_year_rows: rows.len(),
        unchecked: record.assumptions.iter().filter(|one| !one.checked).count(),
        derived: record.assumptions.iter().filter(|one| one.derived).count(),
        assumptions: record.assumptions.len(),
    }
}

fn cards(results: &Results) -> Vec<Card> {
    let last = results.population.years.count().saturating_sub(1);
    let card = |label: &str, quantity: Quantity, value: &dyn Fn(usize) -> Option<f64>| {
        let end = value(last).filter(|end| end.is_finite());
        let now = value(0)?;
        let scale = Scale::of(quantity, &results.title.currency, [now].into_iter().chain(end));
        let end = end.map_or_else(String::new, |end| scale.number(end));
        let now = scale.number(now);
        // The label says who is counted.
        let unit = scale.unit.trim_end_matches("persons").trim_end().to_owned();
        Some(Card { label: label.to_owned(), now, unit, end, note: String::new() })
    };
    let share = |label: &str, scope: &str, name: &str| {
        let path = indicator(results, scope, name)?;
        card(label, Quantity::Share, &|at| path[at])
    };
    let population = &results.population.persons;
    let mut cards = vec![
        card("Population", Quantity::Persons, &|at| Some(population.total(at))),
        card("Aged 65 and over", Quantity::Share, &|at| {
            Some(persons_aged(results, at, 65..usize::MAX) / population.total(at))
        }),
    ];
    if let Some(labour) = &results.labour {
        let employed = |at: usize| Some(labour.employed_mean(at).sum());
        cards.push(card("Employed", Quantity::Persons, &employed));
        cards.push(share("Informal, of the employed", "nation", "informal_share"));
    }
    if let Some(pensions) = &results.pensions {
        cards.push(card("Pension contributors", Quantity::Persons, &|at| {
            Some(pensions.contributors.iter().map(|group| group.contributors.total(at)).sum())
        }));
        cards.push(card("Pensions in payment", Quantity::Persons, &|at| {
            let periodic = pensions.beneficiaries.iter().filter(|benefit| benefit.periodic);
            Some(periodic.map(|benefit| benefit.beneficiaries.total(at)).sum())
        }));
    }
    cards.push(share("Cost of all accounts, of GDP", "nation", "expenditure_over_gdp"));
    for fund in results.finance.iter().flat_map(|finance| &finance.funds) {
        let label = format!("Pay-as-you-go rate: {}", words(&fund.account));
        let legal = indicator(results, &fund.account, "legal_rate").and_then(|path| path[0]);
        let note =
            legal.map(|rate| Scale::of(Quantity::Share, "", [rate].into_iter()).with_unit(rate));
        cards.push(share(&label, &fund.account, "payg_rate").map(|card| Card {
            note: note.map_or_else(String::new, |rate| format!("legal rate {rate}")),
            ..card
        }));
    }
    for scheme in health_schemes(results) {
        cards.push(share(
            &format!("Insured of the population: {}", words(scheme)),
            scheme,
            "health_coverage",
        ));
    }
    cards.into_iter().flatten().collect()
}

fn dates(results: &Results) -> Vec<DatesView> {
    let funds = results.finance.iter().flat_map(|finance| &finance.funds);
    let views = funds.map(|fund| DatesView {
        account: words(&fund.account),
        events: key_events(fund)
            .into_iter()
            .map(|(event, year)| (event.to_owned(), year.map(perennis_units::Year::get)))
            .collect(),
    });
    views.filter(|view| !view.events.is_empty()).collect()
}
