use perennis_finance::StudyResults;

use crate::csv::CsvWriter;
use crate::table::{Table, TableError};
use crate::tables::rows_of_fund;

/// Returns the tables of a study: accounts.csv, financing.csv, indicators.csv and state_budget.csv.
///
/// # Errors
///
/// [`TableError`] for the first number that is not finite.
pub fn study_tables(results: &StudyResults) -> Result<Vec<Table>, TableError> {
    Ok(vec![accounts(results)?, financing(results)?, indicators(results)?, state_budget(results)?])
}

fn accounts(results: &StudyResults) -> Result<Table, TableError> {
    let columns = &["year", "account", "item", "payer", "amount"];
    let funds = &results.finance.funds;
    let years = funds.iter().map(|fund| fund.years.len()).max().unwrap_or(0);
    let mut csv = CsvWriter::new("accounts.csv", columns, years * funds.len() * 12);
    for at in 0..years {
        for fund in funds {
            let Some(year) = fund.years.get(at) else { continue };
            for ((item, payer), amount) in rows_of_fund(year, fund.keeps_reserve) {
                csv.number(f64::from(year.year.get()));
                csv.text(&fund.account);
                csv.text(&item.label());
                csv.text(payer.map_or("", perennis_units::Payer::as_str));
                csv.number(amount);
                csv.end_row();
            }
        }
    }
    Table::finish("accounts.csv", csv)
}

fn financing(results: &StudyResults) -> Result<Table, TableError> {
    let columns = &["scope", "measure", "value", "unit"];
    let mut csv = CsvWriter::new("financing.csv", columns, results.measures.len());
    for one in &results.measures {
        csv.text(&one.scope);
        csv.text(&one.measure);
        csv.number_or_blank(one.value);
        csv.text(one.unit);
        csv.end_row();
    }
    Table::finish("financing.csv", csv)
}

fn indicators(results: &StudyResults) -> Result<Table, TableError> {
    let columns = &["year", "scope", "indicator", "value", "unit"];
    let mut csv = CsvWriter::new("indicators.csv", columns, results.by_year.len());
    for one in &results.by_year {
        csv.number(f64::from(one.year.get()));
        csv.text(&one.scope);
        csv.text(&one.name);
        csv.number(one.value);
        csv.text(one.unit);
        csv.end_row();
    }
    Table::finish("indicators.csv", csv)
}

fn state_budget(results: &StudyResults) -> Result<Table, TableError> {
    let columns =
        &["year", "account", "contributions", "subsidies", "shortfalls", "returned", "net"];
    let mut csv = CsvWriter::new("state_budget.csv", columns, results.state.len());
    for one in &results.state {
        csv.number(f64::from(one.year.get()));
        csv.text(&one.account);
        for amount in [one.contributions, one.subsidies, one.shortfalls, one.returned, one.net()] {
            csv.number(amount);
        }
        csv.end_row();
    }
    Table::finish("state_budget.csv", csv)
}
