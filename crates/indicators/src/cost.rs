use perennis_cohort::Item;
use perennis_finance::{Finance, FundYear};
use perennis_labour::Economy;
use perennis_units::Year;

use crate::Judged;
use crate::definitions::{
    CONTRIBUTIONS_OVER_GDP, EXPENDITURE_OVER_GDP, EXPENDITURE_OVER_GOVERNMENT, LEGAL_RATE,
    PAYG_RATE, RESERVE_END, RESERVE_NEXT, RESERVE_OVER_GDP, RESERVE_START,
};
use crate::measure::{Figures, NATION, ratio};

/// Adds rates, cost and reserves of every account, and the cost of all to the nation, in one year.
pub(crate) fn of_accounts(
    run: &Judged<'_>,
    finance: &Finance,
    economy: &Economy,
    year: Year,
    figures: &mut Figures,
) {
    let Some(position) = usize::try_from(year.since(economy.first)).ok() else { return };
    let Some(gdp) = economy.gdp.get(position).copied() else { return };
    let government = economy.government_expenditure.as_ref().and_then(|path| path.get(position));
    let (mut spent, mut contributed) = (0.0, 0.0);
    for fund in &finance.funds {
        let (Some(of_year), account) = (fund.in_year(year), fund.account.as_str()) else {
            continue;
        };
        spent += of_year.outgo - of_year.sum(&Item::TransfersOut);
        contributed += of_year.contributions;
        figures.add(year, account, PAYG_RATE, of_year.payg_rate);
        figures.add(year, account, LEGAL_RATE, legal_rate(run, account, of_year));
        figures.add(year, account, EXPENDITURE_OVER_GDP, ratio(of_year.outgo, gdp));
        let of_government = government.and_then(|total| ratio(of_year.outgo, *total));
        figures.add(year, account, EXPENDITURE_OVER_GOVERNMENT, of_government);
        figures.add(year, account, CONTRIBUTIONS_OVER_GDP, ratio(of_year.contributions, gdp));
        if fund.keeps_reserve {
            figures.add(year, account, RESERVE_OVER_GDP, ratio(of_year.reserve_end, gdp));
        }
        figures.add(year, account, RESERVE_END, fund.reserve_end_over_expenditure(year));
        figures.add(year, account, RESERVE_START, fund.reserve_start_over_expenditure(year));
        figures.add(year, account, RESERVE_NEXT, fund.reserve_end_over_next_expenditure(year));
    }
    figures.add(year, NATION, EXPENDITURE_OVER_GDP, ratio(spent, gdp));
    let of_government = government.and_then(|total| ratio(spent, *total));
    figures.add(year, NATION, EXPENDITURE_OVER_GOVERNMENT, of_government);
    figures.add(year, NATION, CONTRIBUTIONS_OVER_GDP, ratio(contributed, gdp));
}

/// Returns what the law asks of insured earnings; `None` for an account without earnings or without contributions.
fn legal_rate(run: &Judged<'_>, account: &str, of_year: &FundYear) -> Option<f64> {
    let of_account = run
        .pensions?
        .contributions
        .iter()
        .filter(|row| row.account == account && row.year == of_year.year);
    let due: f64 = of_account.map(|row| row.due).sum();
    (0.0 < due).then(|| ratio(due, of_year.insured_earnings)).flatten()
}
