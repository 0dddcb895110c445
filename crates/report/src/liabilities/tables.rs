use std::path::Path;

use perennis_generations::{
    Entitlements, FundingYear, LiabilityResults, LiabilityStudy, PlanValues, sum_of,
};
use serde_json::json;

use super::{balance_rows, rows};
use crate::csv::CsvWriter;
use crate::folder::write_files;
use crate::study::manifest_of;
use crate::table::{Table, TableError};
use crate::{RunRecord, WriteError};

/// Returns the tables of liabilities: liabilities.csv, member_costs.csv, cash_flows.csv, funding.csv, balance_sheet.csv,
/// entitlements.csv and values.csv, those that have rows.
///
/// # Errors
///
/// [`TableError`] for the first number that is not finite.
pub fn liabilities_tables(
    study: &LiabilityStudy,
    results: &LiabilityResults,
) -> Result<Vec<Table>, TableError> {
    let mut tables = Vec::new();
    if let Some(plan) = &results.plan {
        let first = study.plan.as_ref().map_or(0, |plan| plan.start.get());
        tables.push(liabilities(plan)?);
        tables.push(member_costs(plan)?);
        tables.push(cash_flows(plan, first)?);
    }
    if let Some(path) = &results.funding {
        tables.push(funding(&path.years)?);
        tables.push(balance_sheet(results)?);
        tables.push(entitlements(&path.entitlements)?);
    }
    if !results.values.is_empty() {
        tables.push(values(results)?);
    }
    Ok(tables)
}

fn liabilities(plan: &PlanValues) -> Result<Table, TableError> {
    let columns = &["method", "status", "cause", "measure", "value", "unit"];
    let mut csv = CsvWriter::new("liabilities.csv", columns, 40);
    for (key, value, unit) in rows(plan) {
        key.iter().for_each(|word| csv.text(word));
        csv.number(value);
        csv.text(unit);
        csv.end_row();
    }
    Table::finish("liabilities.csv", csv)
}

fn member_costs(plan: &PlanValues) -> Result<Table, TableError> {
    let columns = &[
        "method",
        "group",
        "sex",
        "age",
        "service",
        "persons",
        "earnings",
        "present_value_of_benefits",
        "present_value_of_earnings",
        "normal_cost",
        "accrued_liability",
    ];
    let mut csv = CsvWriter::new("member_costs.csv", columns, plan.members.len() * 2);
    for member in &plan.members {
        for cost in &member.costs {
            csv.text(cost.method.as_str());
            csv.text(&member.of.group);
            csv.text(member.of.sex.as_str());
            for value in [
                f64::from(member.of.age),
                f64::from(member.of.service),
                member.of.persons,
                member.of.earnings,
                sum_of(&member.present.benefits),
                member.present.earnings,
                sum_of(&cost.normal_cost),
                sum_of(&cost.accrued),
            ] {
                csv.number(value);
            }
            csv.end_row();
        }
    }
    Table::finish("member_costs.csv", csv)
}

fn cash_flows(plan: &PlanValues, first: i32) -> Result<Table, TableError> {
    let columns = &["year", "earnings", "payments"];
    let years = plan.payments.len().max(plan.earnings.len());
    let mut csv = CsvWriter::new("cash_flows.csv", columns, years);
    let at = |column: &[f64], year: usize| column.get(year).copied().unwrap_or(0.0);
    for (year, calendar) in (0..years).zip(first..) {
        csv.number(f64::from(calendar));
        csv.number(at(&plan.earnings, year));
        csv.number(at(&plan.payments, year));
        csv.end_row();
    }
    Table::finish("cash_flows.csv", csv)
}

fn funding(years: &[FundingYear]) -> Result<Table, TableError> {
    let columns = &[
        "year",
        "active",
        "entrants",
        "earnings",
        "accrued_liability_active",
        "accrued_liability_inactive",
        "assets",
        "assets_counted",
        "unfunded_liability",
        "funded_ratio",
        "normal_cost",
        "members_contributions",
        "employers_contributions",
        "amortisation",
        "expenses",
        "benefits_paid",
        "returns",
        "gain",
    ];
    let mut csv = CsvWriter::new("funding.csv", columns, years.len());
    for year in years {
        for value in [
            Some(f64::from(year.year)),
            Some(year.active),
            Some(year.entrants),
            Some(year.earnings),
            Some(year.accrued_active),
            Some(year.accrued_inactive),
            Some(year.assets),
            Some(year.assets_counted),
            Some(year.unfunded()),
            year.funded_ratio(),
            Some(year.normal_cost),
            Some(year.members_pay),
            Some(year.employers_pay),
            Some(year.amortisation),
            Some(year.expenses),
            Some(year.paid),
            Some(year.returns),
            Some(year.gain),
        ] {
            csv.number_or_blank(value);
        }
        csv.end_row();
    }
    Table::finish("funding.csv", csv)
}

fn balance_sheet(results: &LiabilityResults) -> Result<Table, TableError> {
    let rows = balance_rows(results);
    let mut csv = CsvWriter::new("balance_sheet.csv", &["measure", "value", "unit"], rows.len());
    for (name, value) in rows {
        csv.text(name);
        csv.number(value);
        csv.text("currency");
        csv.end_row();
    }
    Table::finish("balance_sheet.csv", csv)
}

fn entitlements(years: &[Entitlements]) -> Result<Table, TableError> {
    let columns = &[
        "year",
        "opening",
        "current_service",
        "unwinding",
        "benefits_paid",
        "closing",
        "unexplained",
    ];
    let mut csv = CsvWriter::new("entitlements.csv", columns, years.len());
    for one in years {
        csv.number(f64::from(one.year));
        let stock_and_flows =
            [one.opening, one.current_service, one.unwinding, one.paid, one.closing];
        stock_and_flows.into_iter().for_each(|value| csv.number(value));
        csv.number(one.unexplained());
        csv.end_row();
    }
    Table::finish("entitlements.csv", csv)
}

fn values(results: &LiabilityResults) -> Result<Table, TableError> {
    let mut csv = CsvWriter::new("values.csv", &["name", "value"], results.values.len());
    for (name, value) in &results.values {
        csv.text(name);
        csv.number_or_blank(*value);
        csv.end_row();
    }
    Table::finish("values.csv", csv)
}

/// Writes the result folder of liabilities: `manifest.json` and `tables/*.csv`.
///
/// An earlier result is replaced whole, and only if a run of this program wrote it.
///
/// # Errors
///
/// [`WriteError`]; an earlier result stays as it was.
pub fn write_liabilities(
    study: &LiabilityStudy,
    results: &LiabilityResults,
    record: &RunRecord,
    folder: &Path,
) -> Result<(), WriteError> {
    let tables = liabilities_tables(study, results)?;
    let inputs = record.inputs.iter();
    let run = json!({
        "program": "perennis",
        "version": record.version,
        "command": "liabilities",
        "title": study.title,
        "currency": study.currency,
        "plan": record.valuation,
        "inputs": inputs
            .map(|input| json!({ "path": input.path, "sha256": input.sha256 }))
            .collect::<Vec<_>>(),
    });
    let manifest = manifest_of(&run, &tables);
    let mut files = vec![("manifest.json".to_owned(), manifest.as_slice())];
    files.extend(
        tables.iter().map(|table| (format!("tables/{}", table.file), table.bytes.as_slice())),
    );
    Ok(write_files(folder, &files)?)
}
