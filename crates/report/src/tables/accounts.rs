use std::collections::BTreeMap;

use perennis_cohort::Item;
use perennis_finance::FundYear;
use perennis_units::Payer;
use perennis_valuation::Results;

use crate::RunRecord;
use crate::csv::CsvWriter;
use crate::table::{Table, TableError};

/// Income, outgo and reserve of each account; what two branches book as the same item is one row.
pub(crate) fn accounts(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(finance) = &results.finance else { return Ok(None) };
    let columns = &["year", "account", "item", "payer", "amount"];
    let years = finance.funds.iter().map(|fund| fund.years.len()).max().unwrap_or(0);
    let mut csv = CsvWriter::new("accounts.csv", columns, years * finance.funds.len() * 12);
    for position in 0..years {
        for fund in &finance.funds {
            let Some(year) = fund.years.get(position) else { continue };
            for ((item, payer), amount) in rows_of_fund(year, fund.keeps_reserve) {
                csv.number(f64::from(year.year.get()));
                csv.text(&fund.account);
                csv.text(&item.label());
                csv.text(payer.map_or("", Payer::as_str));
                csv.number(amount);
                csv.end_row();
            }
        }
    }
    Table::finish("accounts.csv", csv).map(Some)
}

/// Sums equal items; reserve and debt of a fund stand in every year, zero or not.
pub(crate) fn rows_of_fund(
    year: &FundYear,
    keeps_reserve: bool,
) -> BTreeMap<(Item, Option<Payer>), f64> {
    let mut sums = BTreeMap::new();
    for entry in &year.entries {
        if !matches!(entry.item, Item::ReserveStart | Item::ReserveEnd | Item::DebtEnd) {
            *sums.entry((entry.item.clone(), entry.payer)).or_insert(0.0) += entry.amount;
        }
    }
    if keeps_reserve {
        sums.insert((Item::ReserveStart, None), year.reserve_start);
        sums.insert((Item::ReserveEnd, None), year.reserve_end);
        sums.insert((Item::DebtEnd, None), year.debt_end);
    }
    sums
}

/// Indicators by year, scope and name, in the order in which they were measured.
pub(crate) fn indicators(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let columns = &["year", "scope", "indicator", "value", "unit"];
    let all = &results.measured.indicators;
    let mut csv = CsvWriter::new("indicators.csv", columns, all.len());
    for one in all {
        csv.number(f64::from(one.year));
        csv.text(&one.scope);
        csv.text(one.indicator);
        csv.number(one.value);
        csv.text(one.unit);
        csv.end_row();
    }
    Table::finish("indicators.csv", csv).map(Some)
}

/// Measures that have one value for the whole horizon; a date that does not come within it has an empty value.
pub(crate) fn financing(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(finance) = &results.finance else { return Ok(None) };
    let columns = &["scope", "measure", "value", "unit"];
    let measures = finance.measures();
    let mut csv = CsvWriter::new("financing.csv", columns, measures.len());
    for one in measures {
        csv.text(&one.scope);
        csv.text(&one.measure);
        csv.number_or_blank(one.value);
        csv.text(one.unit);
        csv.end_row();
    }
    Table::finish("financing.csv", csv).map(Some)
}
