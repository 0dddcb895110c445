use std::collections::BTreeMap;

use perennis_pensions::Contribution;
use perennis_units::{Payer, Year};
use perennis_valuation::Results;

use super::grid::{Series, grid_table};
use crate::RunRecord;
use crate::csv::CsvWriter;
use crate::table::{Table, TableError};

/// Contributors, months paid and insured earnings of each scheme and group.
pub(crate) fn contributors(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    let series: Vec<_> = pensions
        .contributors
        .iter()
        .map(|group| Series {
            keys: vec![&group.scheme, &group.group],
            grids: vec![
                &group.contributors,
                &group.contributors_any,
                &group.months_paid,
                &group.insured_earnings,
            ],
        })
        .collect();
    let columns = &[
        "year",
        "scheme",
        "group",
        "sex",
        "age",
        "contributors",
        "contributors_any",
        "months_paid",
        "insured_earnings",
    ];
    grid_table("contributors.csv", columns, results.population.years, &series)
}

/// What is due and what becomes of it: `due + arrears_start = undeclared + collected_current + collected_late + written_off +
/// arrears_end`; `collected` is what the account receives, with interest and calibration.
const fn collection(of: &Contribution) -> [f64; 9] {
    [
        of.due,
        of.collected,
        of.undeclared,
        of.collected_current,
        of.collected_late,
        of.interest_on_late,
        of.written_off,
        of.arrears_start,
        of.arrears_end,
    ]
}

/// Due and collected contributions by year, scheme and payer, summed over the accounts that receive them.
pub(crate) fn contributions(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(all) = all_contributions(results) else { return Ok(None) };
    let mut sums: BTreeMap<(Year, usize, Payer), (&str, [f64; 9])> = BTreeMap::new();
    let mut schemes: Vec<&str> = Vec::new();
    for one in all {
        let order = position_of(&mut schemes, &one.scheme);
        let sum = sums.entry((one.year, order, one.payer)).or_insert((&one.scheme, [0.0; 9]));
        sum.1.iter_mut().zip(collection(one)).for_each(|(sum, value)| *sum += value);
    }
    let columns = &[
        "year",
        "scheme",
        "payer",
        "due",
        "collected",
        "undeclared",
        "collected_current",
        "collected_late",
        "interest_on_late",
        "written_off",
        "arrears_start",
        "arrears_end",
    ];
    let mut csv = CsvWriter::new("contributions.csv", columns, sums.len());
    for ((year, _, payer), (scheme, values)) in sums {
        csv.number(f64::from(year.get()));
        csv.text(scheme);
        csv.text(payer.as_str());
        values.into_iter().for_each(|value| csv.number(value));
        csv.end_row();
    }
    Table::finish("contributions.csv", csv).map(Some)
}

/// Rate, due and collected contributions by year, scheme, account and payer.
pub(crate) fn contributions_by_account(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(mut all) = all_contributions(results) else { return Ok(None) };
    let mut names: Vec<&str> = Vec::new();
    for one in &all {
        position_of(&mut names, &one.scheme);
        position_of(&mut names, &one.account);
    }
    let place = |name: &str| names.iter().position(|known| *known == name);
    all.sort_by_key(|one| (one.year, place(&one.scheme), place(&one.account), one.payer));
    let columns = &[
        "year",
        "scheme",
        "account",
        "payer",
        "rate",
        "due",
        "collected",
        "undeclared",
        "collected_current",
        "collected_late",
        "interest_on_late",
        "written_off",
        "arrears_start",
        "arrears_end",
    ];
    let mut csv = CsvWriter::new("contributions_by_account.csv", columns, all.len());
    for one in all {
        csv.number(f64::from(one.year.get()));
        csv.text(&one.scheme);
        csv.text(&one.account);
        csv.text(one.payer.as_str());
        csv.number(one.rate);
        collection(one).into_iter().for_each(|value| csv.number(value));
        csv.end_row();
    }
    Table::finish("contributions_by_account.csv", csv).map(Some)
}

/// Beneficiaries, awards, terminations and amounts of each benefit.
pub(crate) fn beneficiaries(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    let series: Vec<_> = pensions
        .beneficiaries
        .iter()
        .map(|benefit| Series {
            keys: vec![&benefit.scheme, &benefit.benefit],
            grids: vec![
                &benefit.beneficiaries,
                &benefit.new_awards,
                &benefit.terminations,
                &benefit.new_award_amount,
                &benefit.amount,
            ],
        })
        .collect();
    let columns = &[
        "year",
        "scheme",
        "benefit",
        "sex",
        "age",
        "beneficiaries",
        "new_awards",
        "terminations",
        "new_award_amount",
        "amount",
    ];
    grid_table("beneficiaries.csv", columns, results.population.years, &series)
}

/// Active and inactive insured persons with their credits, at the start of each year and at the end of the last.
pub(crate) fn insured(results: &Results, _record: &RunRecord) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    let series: Vec<_> = pensions
        .insured
        .iter()
        .map(|stock| Series {
            keys: vec![&stock.register, &stock.group],
            grids: vec![
                &stock.active,
                &stock.inactive,
                &stock.active_credit,
                &stock.inactive_credit,
            ],
        })
        .collect();
    let columns = &[
        "year",
        "register",
        "group",
        "sex",
        "age",
        "active",
        "inactive",
        "active_credit_years",
        "inactive_credit_years",
    ];
    grid_table("insured.csv", columns, results.population.years, &series)
}

/// Gross flows of insured persons.
pub(crate) fn insured_flows(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    let columns = &["year", "register", "group", "sex", "flow", "persons"];
    let rows = pensions.flows.iter().map(|cell| cell.flows.len()).sum();
    let mut csv = CsvWriter::new("insured_flows.csv", columns, rows);
    for cell in &pensions.flows {
        for (flow, persons) in &cell.flows {
            csv.number(f64::from(cell.year.get()));
            csv.text(&cell.register);
            csv.text(&cell.group);
            csv.text(cell.sex.as_str());
            csv.text(flow);
            csv.number(*persons);
            csv.end_row();
        }
    }
    Table::finish("insured_flows.csv", csv).map(Some)
}

/// Classes of the groups that have some; no table when none has.
pub(crate) fn insured_classes(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    if pensions.classes.is_empty() {
        return Ok(None);
    }
    let columns = &[
        "year",
        "register",
        "group",
        "class",
        "sex",
        "active",
        "inactive",
        "active_credit_years",
        "inactive_credit_years",
        "months_paid",
        "insured_earnings",
        "retirements",
        "pension_awards",
    ];
    let mut csv = CsvWriter::new("insured_classes.csv", columns, pensions.classes.len());
    for class in &pensions.classes {
        csv.number(f64::from(class.year.get()));
        csv.text(&class.register);
        csv.text(&class.group);
        csv.text(&class.class);
        csv.text(class.sex.as_str());
        csv.number(class.active);
        csv.number(class.inactive);
        csv.number(class.active_credit);
        csv.number(class.inactive_credit);
        csv.number(class.months_paid);
        csv.number(class.insured_earnings);
        csv.number(class.retirements);
        csv.number(class.pension_awards);
        csv.end_row();
    }
    Table::finish("insured_classes.csv", csv).map(Some)
}

/// Contributor-years paid before the start and where they are found; no table when no scheme says what was paid.
pub(crate) fn service_bank(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    if pensions.service_banks.is_empty() {
        return Ok(None);
    }
    let rows = pensions.service_banks.iter().map(|bank| bank.found.len() + 2).sum();
    let columns = &["scheme", "item", "person_years", "share_of_paid"];
    let mut csv = CsvWriter::new("service_bank.csv", columns, rows);
    for bank in &pensions.service_banks {
        let rest = ("unexplained".to_owned(), bank.unexplained());
        let paid = ("paid".to_owned(), bank.paid);
        for (item, years) in std::iter::once(&paid).chain(&bank.found).chain([&rest]) {
            csv.text(&bank.scheme);
            csv.text(item);
            csv.number(*years);
            csv.number(if 0.0 < bank.paid { years / bank.paid } else { 0.0 });
            csv.end_row();
        }
    }
    Table::finish("service_bank.csv", csv).map(Some)
}

/// Pensionable ages that follow life expectancy; no table when none does.
pub(crate) fn pensionable_ages(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    let ages = &pensions.followed_ages;
    if ages.is_empty() {
        return Ok(None);
    }
    let columns = &["scheme", "by", "sex", "year", "life_expectancy_years", "age_months"];
    let mut csv = CsvWriter::new("pensionable_ages.csv", columns, ages.len());
    for age in ages {
        csv.text(&age.scheme);
        csv.text(age.by.as_str());
        csv.text(age.sex.as_str());
        csv.number(f64::from(age.year.get()));
        csv.number(age.life_expectancy);
        csv.number(f64::from(age.age.in_months()));
        csv.end_row();
    }
    Table::finish("pensionable_ages.csv", csv).map(Some)
}

/// Indicators that laws read and the projection finds.
pub(crate) fn law_indicators(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(pensions) = &results.pensions else { return Ok(None) };
    let rows = pensions.law_indicators.iter().map(|one| one.years.len()).sum();
    if rows == 0 {
        return Ok(None);
    }
    let columns = &["scheme", "indicator", "of", "lag", "year", "value", "projected", "published"];
    let mut csv = CsvWriter::new("law_indicators.csv", columns, rows);
    for one in &pensions.law_indicators {
        for row in &one.years {
            csv.text(&one.scheme);
            csv.text(&one.law.name);
            csv.text(one.law.of.as_str());
            csv.number(f64::from(one.law.lag));
            csv.number(f64::from(row.year.get()));
            csv.number_or_blank(row.value);
            csv.number_or_blank(row.projected);
            csv.text(if row.published { "yes" } else { "no" });
            csv.end_row();
        }
    }
    Table::finish("law_indicators.csv", csv).map(Some)
}

/// Insured persons of the health branch.
pub(crate) fn health_insured(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(benefits) = &results.benefits else { return Ok(None) };
    let series: Vec<_> = benefits
        .insured
        .iter()
        .map(|group| Series {
            keys: vec![&group.scheme, &group.group],
            grids: vec![&group.insured],
        })
        .collect();
    let columns = &["year", "scheme", "group", "sex", "age", "insured"];
    grid_table("health_insured.csv", columns, results.population.years, &series)
}

/// Use and cost of the services of the health branch.
pub(crate) fn health_services(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(benefits) = &results.benefits else { return Ok(None) };
    let series: Vec<_> = benefits
        .services
        .iter()
        .map(|service| Series {
            keys: vec![&service.scheme, &service.service],
            grids: vec![&service.contacts, &service.cost, &service.co_payments],
        })
        .collect();
    let columns = &["year", "scheme", "service", "sex", "age", "contacts", "cost", "co_payments"];
    grid_table("health_services.csv", columns, results.population.years, &series)
}

fn all_contributions(results: &Results) -> Option<Vec<&Contribution>> {
    let pensions = results.pensions.as_ref()?;
    let branches = results.benefits.iter().flat_map(|benefits| &benefits.contributions);
    Some(pensions.contributions.iter().chain(branches).collect())
}

fn position_of<'a>(known: &mut Vec<&'a str>, name: &'a str) -> usize {
    known.iter().position(|one| *one == name).unwrap_or_else(|| {
        known.push(name);
        known.len() - 1
    })
}
