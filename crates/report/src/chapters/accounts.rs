use std::collections::BTreeMap;

use perennis_cohort::Item;
use perennis_finance::{FundPath, FundYear};
use perennis_units::Payer;
use perennis_valuation::Results;
use serde::Serialize;

use super::schemes::first_prices;
use super::{
    at_first_prices, indicator_row, path, percent_heading, percent_of_gdp, percent_series, row,
};
use crate::charts::{Mark, Series};
use crate::figures::{Figure, FigureGroup, STATE_COVER, key_events, key_positions, state_cover};
use crate::format::{Quantity, identifier, words};
use crate::view::{Heading, Picture, TableView, table_in_one_unit, table_of_figures};

/// One account: income, expenditure, reserve and rates.
#[derive(Serialize)]
pub(crate) struct AccountView {
    name: String,
    keeps_reserve: bool,
    expenditure: Option<Picture>,
    income: Option<Picture>,
    rates: Option<Picture>,
    parts: Option<Picture>,
    parts_table: TableView,
    reserve: Option<Picture>,
    reserve_ratio: Option<Picture>,
    table: TableView,
}

const STATE_SUBSIDY: &str = "State subsidy";

/// An item with its payer, as rows and areas are made of.
type Line = (Item, Option<Payer>);

/// Builds a section for each account.
pub(crate) fn accounts(results: &Results) -> Vec<AccountView> {
    let funds = results.finance.iter().flat_map(|finance| &finance.funds);
    funds.map(|fund| view(results, fund)).collect()
}

fn view(results: &Results, fund: &FundPath) -> AccountView {
    let account = fund.account.as_str();
    let id = identifier(account);
    let legal = legal_rate(results, account);
    let heading = |name: &str, title: &'static str, unit: &'static str| {
        percent_heading(format!("{name}-{id}"), title, unit)
    };
    let of_earnings = "% of insured earnings";
    let parts_heading = heading("parts", "What the pay-as-you-go rate pays for", of_earnings);
    AccountView {
        name: words(account),
        keeps_reserve: fund.keeps_reserve,
        expenditure: expenditure(results, fund, &id),
        income: income(results, fund, &id),
        rates: rates(results, fund),
        parts: Picture::stack(results, parts_heading, parts(results, fund), vec![legal]),
        parts_table: parts_table(results, fund),
        reserve: reserve(results, fund, &id),
        reserve_ratio: reserve_ratio(results, fund, &id),
        table: table(results, fund),
    }
}

fn legal_rate(results: &Results, account: &str) -> Series {
    percent_series(results, "Legal contribution rate", (account, "legal_rate"))
}

fn rates(results: &Results, fund: &FundPath) -> Option<Picture> {
    let account = fund.account.as_str();
    let legal = legal_rate(results, account);
    let title = if legal.values.is_empty() {
        "Pay-as-you-go rate"
    } else {
        "Pay-as-you-go rate and legal rate"
    };
    let heading =
        percent_heading(format!("rates-{}", identifier(account)), title, "% of insured earnings");
    let payg = percent_series(results, "Pay-as-you-go rate", (account, "payg_rate"));
    Picture::lines(results, heading, vec![payg, legal], Vec::new())
}

/// Returns the chart of the pay-as-you-go rate and the legal rate of an account as one SVG file that needs no other.
///
/// It is the chart of the report with its title, on white, 760 pixels wide. `None` when the run keeps no such account.
#[must_use]
pub fn rates_picture(results: &Results, account: &str) -> Option<String> {
    let funds = results.finance.iter().flat_map(|finance| &finance.funds);
    let fund = funds.into_iter().find(|fund| fund.account == account)?;
    rates(results, fund)?.alone()
}

fn expenditure(results: &Results, fund: &FundPath, id: &str) -> Option<Picture> {
    let mut lines = lines(fund, |line| line.0.is_outgo());
    let total = |line: &Line| fund.years.iter().map(|year| sum(year, line)).sum::<f64>();
    // Benefits from the largest up, then administration and transfers.
    lines.sort_by(|one, other| {
        let benefit = |line: &Line| !matches!(line.0, Item::Benefit(_));
        benefit(one).cmp(&benefit(other)).then(total(other).total_cmp(&total(one)))
    });
    let series = lines
        .into_iter()
        .map(|line| {
            percent_of_gdp(results, &label(&line), |at| Some(sum(fund.years.get(at)?, &line)))
        })
        .collect();
    let all =
        |at: usize| fund.years.get(at).map(|year| year.primary_income + year.investment_income);
    let over = vec![
        percent_of_gdp(results, "All income", all),
        percent_of_gdp(results, "Contributions", |at| Some(fund.years.get(at)?.contributions)),
    ];
    let over = if fund.keeps_reserve { over } else { Vec::new() };
    let title = if fund.keeps_reserve {
        "Expenditure by benefit, with income"
    } else {
        "Expenditure by benefit"
    };
    let heading = percent_heading(format!("expenditure-{id}"), title, "% of GDP");
    Picture::stack(results, heading, series, over)
}

fn income(results: &Results, fund: &FundPath, id: &str) -> Option<Picture> {
    let is_income = |line: &Line| line.0.is_primary_income() || line.0 == Item::InvestmentIncome;
    let series = lines(fund, is_income)
        .into_iter()
        .map(|line| {
            percent_of_gdp(results, &label(&line), |at| Some(sum(fund.years.get(at)?, &line)))
        })
        .collect();
    let over = vec![percent_of_gdp(results, "Expenditure", |at| Some(fund.years.get(at)?.outgo))];
    let heading =
        percent_heading(format!("income-{id}"), "Income by source, with expenditure", "% of GDP");
    Picture::stack(results, heading, series, over)
}

fn reserve(results: &Results, fund: &FundPath, id: &str) -> Option<Picture> {
    let of_year = |at: usize| fund.years.get(at).filter(|_| fund.keeps_reserve);
    let series = vec![
        percent_of_gdp(results, "Reserve, end of year", |at| Some(of_year(at)?.reserve_end)),
        percent_of_gdp(results, "Debt, end of year", |at| Some(of_year(at)?.debt_end)),
    ];
    let heading = percent_heading(format!("reserve-{id}"), "Reserve", "% of GDP");
    Picture::lines(results, heading, series, marks(fund))
}

fn reserve_ratio(results: &Results, fund: &FundPath, id: &str) -> Option<Picture> {
    let values =
        path(results, |at| fund.reserve_end_over_expenditure(results.population.years.at(at)));
    let series = Series { name: "Reserve over expenditure".into(), values };
    let heading = Heading {
        id: format!("reserve-ratio-{id}"),
        title: "Reserve at the end of the year over expenditure of the year",
        unit: "years of expenditure",
        decimals: 2,
    };
    Picture::lines(results, heading, vec![series], marks(fund))
}

fn marks(fund: &FundPath) -> Vec<Mark> {
    let happened = key_events(fund).into_iter().filter_map(|(event, year)| Some((event, year?)));
    happened
        .map(|(event, year)| {
            let mut label = event.to_owned();
            label[..1].make_ascii_lowercase();
            Mark { year: year.get(), label }
        })
        .collect()
}

fn parts(results: &Results, fund: &FundPath) -> Vec<Series> {
    part_names(fund)
        .into_iter()
        .map(|name| Series {
            name: part_label(name),
            values: path(results, |at| {
                let parts = &fund.years.get(at)?.payg_parts;
                Some(
                    100.0
                        * parts
                            .iter()
                            .filter(|part| part.part == name)
                            .map(|part| part.rate)
                            .sum::<f64>(),
                )
            }),
        })
        .collect()
}

/// Names a part of the pay-as-you-go rate as the account names it.
fn part_label(name: &str) -> String {
    if name == Item::TransfersOut.label() {
        label(&(Item::TransfersOut, None))
    } else {
        words(name)
    }
}

fn part_names(fund: &FundPath) -> Vec<&str> {
    let parts = fund.years.iter().flat_map(|year| &year.payg_parts);
    crate::figures::distinct(parts.map(|part| part.part.as_str()))
}

fn parts_table(results: &Results, fund: &FundPath) -> TableView {
    let share = Quantity::Share;
    let mut groups: Vec<FigureGroup> = part_names(fund)
        .into_iter()
        .map(|name| {
            let part =
                |at: usize| fund.years.get(at)?.payg_parts.iter().find(|part| part.part == name);
            let mut rows = vec![
                row(results, "Person-years in payment per contributor-year", share, |at| {
                    part(at)?.dependency
                }),
                row(results, "Mean benefit, of mean insured earnings", share, |at| {
                    part(at)?.replacement
                }),
            ];
            rows.retain(|figure| figure.values.iter().any(Option::is_some));
            // Services are for all insured, each a year: the ratio is 1 and says nothing.
            let services = results.benefits.iter().flat_map(|benefits| &benefits.services);
            if services.into_iter().any(|one| one.service == name) {
                rows.clear();
            }
            rows.push(row(results, "Part of the rate, of insured earnings", share, |at| {
                Some(part(at)?.rate)
            }));
            FigureGroup { title: part_label(name), rows }
        })
        .collect();
    let rate = row(results, "Pay-as-you-go rate, of insured earnings", share, |at| {
        fund.years.get(at)?.payg_rate
    });
    groups.push(FigureGroup { title: "Sum of the parts".into(), rows: vec![rate] });
    table_of_figures(
        results,
        "Pay-as-you-go rate and its parts",
        &key_positions(results.population.years),
        groups,
    )
}

fn table(results: &Results, fund: &FundPath) -> TableView {
    let money = |label: &str, value: &dyn Fn(&FundYear) -> f64| -> Figure {
        row(results, label, Quantity::Money, |at| Some(value(fund.years.get(at)?)))
    };
    let rows = |wanted: fn(&Line) -> bool| -> Vec<Figure> {
        lines(fund, wanted)
            .into_iter()
            .map(|line| money(&label(&line), &|year| sum(year, &line)))
            .collect()
    };
    let mut income = rows(|line| line.0.is_primary_income() || line.0 == Item::InvestmentIncome);
    let cover = row(results, STATE_COVER, Quantity::Money, |at| state_cover(results, fund, at));
    if cover.values.iter().flatten().any(|value| 0.0 < *value) {
        let subsidy = income.iter().position(|figure| figure.label == STATE_SUBSIDY);
        income.insert(subsidy.map_or(income.len(), |at| at + 1), cover);
    }
    income.push(money("All income", &|year| year.primary_income + year.investment_income));
    let mut outgo = rows(|line| line.0.is_outgo());
    outgo.push(money("All expenditure", &|year| year.outgo));
    let result = money("Income less expenditure", &|year| {
        year.primary_income + year.investment_income - year.outgo
    });
    let mut groups = vec![
        FigureGroup { title: "Income".into(), rows: income },
        FigureGroup { title: "Expenditure".into(), rows: outgo },
    ];
    if fund.keeps_reserve {
        groups.push(FigureGroup { title: "Result".into(), rows: vec![result] });
        groups.push(FigureGroup { title: "Reserve".into(), rows: reserve_rows(results, fund) });
    }
    let gdp = |label: &str, name: &str| {
        indicator_row(results, label, Quantity::Share, (fund.account.as_str(), name))
    };
    let shares = [
        gdp("Contributions", "contributions_over_gdp"),
        gdp("Expenditure", "expenditure_over_gdp"),
    ];
    let mut shares: Vec<Figure> = shares.into_iter().flatten().collect();
    shares.retain(|figure| figure.values.iter().flatten().any(|value| 0.0 < value.abs()));
    groups.push(FigureGroup { title: "Of gross domestic product".into(), rows: shares });
    table_in_one_unit(
        results,
        "Account at current prices",
        &key_positions(results.population.years),
        groups,
    )
}

fn reserve_rows(results: &Results, fund: &FundPath) -> Vec<Figure> {
    let of_year = |at: usize| fund.years.get(at);
    let ratio = |label: &str, name: &str| {
        indicator_row(results, label, Quantity::YearsOfExpenditure, (fund.account.as_str(), name))
    };
    let mut rows = vec![
        row(results, "End of year", Quantity::Money, |at| Some(of_year(at)?.reserve_end)),
        row(results, &first_prices("End of year", results), Quantity::Money, |at| {
            at_first_prices(results, at, of_year(at)?.reserve_end)
        }),
        row(results, "Debt, end of year", Quantity::Money, |at| Some(of_year(at)?.debt_end)),
    ];
    rows.extend(ratio("End of year over expenditure of the year", "reserve_end_over_expenditure"));
    rows.extend(ratio(
        "Start of year over expenditure of the year",
        "reserve_start_over_expenditure",
    ));
    rows.extend(ratio(
        "End of year over expenditure of the next",
        "reserve_end_over_next_expenditure",
    ));
    rows.retain(|figure| figure.values.iter().flatten().any(|value| 0.0 < value.abs()));
    rows
}

/// Returns the items and payers that the account has in any year, in the order of the tables.
fn lines(fund: &FundPath, wanted: impl Fn(&Line) -> bool) -> Vec<Line> {
    let entries = fund.years.iter().flat_map(|year| &year.entries);
    let lines: BTreeMap<Line, ()> = entries
        .map(|entry| ((entry.item.clone(), entry.payer), ()))
        .filter(|(line, ())| wanted(line))
        .collect();
    lines.into_keys().collect()
}

fn sum(year: &FundYear, line: &Line) -> f64 {
    let same = year.entries.iter().filter(|entry| entry.item == line.0 && entry.payer == line.1);
    same.map(|entry| entry.amount).sum()
}

fn label((item, payer): &Line) -> String {
    let who = payer.map(|payer| words(payer.as_str()).to_lowercase());
    match (item, who) {
        (Item::Benefit(name), _) => words(name),
        (Item::StateSubsidy, _) => STATE_SUBSIDY.into(),
        (Item::TransfersIn, _) => "Transfers from other accounts".into(),
        (Item::TransfersOut, _) => "Transfers to other accounts".into(),
        (Item::InvestmentIncome, _) => "Returns on the reserve".into(),
        (Item::Contributions, Some(who)) => {
            format!("Contributions: {}", who.replace("self employed", "self-employed, households"))
        }
        (item, None) => words(&item.label()),
        (item, Some(who)) => format!("{}: {who}", words(&item.label())),
    }
}
