//! A file of accounts to a study of finance.

pub(crate) mod fund;
mod requests;
mod table;

use std::collections::BTreeMap;

use perennis_finance::{
    AccountFigures, FinanceBasis, FlowsAt, FundBasis, FundSystem, Ledger, MoneyPaths, Study,
    Transfer, TransferRule,
};
use perennis_units::{Money, YearRange};

use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::Kind;
use crate::read::accounts::{self as raw, AccountsFile};
use table::AccountTable;

/// Builds the study that a file of accounts describes.
pub(crate) fn accounts(raw: &AccountsFile, at: &At<'_>) -> Option<Study> {
    let place = at.key("accounts");
    if raw.accounts.is_empty() {
        place.fault(Code::NoRows, "no account is given", "add [accounts.<name>]");
    }
    let tables: BTreeMap<&str, AccountTable> = raw
        .accounts
        .iter()
        .filter_map(|(name, account)| {
            Some((name.as_str(), table::table(name, account, &place.key(name))?))
        })
        .collect();
    let years = same_years(&tables, &place)?;
    let funds = raw.accounts.iter().map(|(name, account)| {
        let read = tables.get(name.as_str())?;
        let reserve = fund::reserve(account, read, &place.key(name))?;
        let system = FundSystem::Reserve(reserve);
        Some(FundBasis { account: name.clone(), administration: None, system })
    });
    let funds: Vec<Option<FundBasis>> = funds.collect();
    let names: Vec<&str> = raw.accounts.keys().map(String::as_str).collect();
    let transfers = transfers(raw.transfers.as_ref(), &at.key("transfers"), (&names, years));
    let requests = requests::Requests { names: &names, years };
    let measures = requests.measures(raw, &at.key("measures"));
    let problems = requests.problems(raw, &at.key("solve"));
    let funds = funds.into_iter().collect::<Option<Vec<_>>>()?;
    if at.reading().count() != 0 {
        return None;
    }
    let figures: Vec<AccountFigures> = tables.values().map(|table| table.figures.clone()).collect();
    let booked = (0..years.count())
        .map(|at| tables.values().map(|table| table.booked[at].clone()).collect())
        .collect();
    let flows_at = flows_at(raw.flows);
    let ledger = Ledger {
        basis: FinanceBasis { funds, transfers: transfers?, flows_at },
        paths: MoneyPaths::without_economy(years.first(), years.count()),
        booked,
    };
    let (title, currency) = (raw.title.clone(), raw.currency.clone());
    Some(Study { title, currency, ledger, figures, measures: measures?, problems: problems? })
}

/// Returns when in the year flows fall.
pub(crate) const fn flows_at(raw: raw::Flows) -> FlowsAt {
    match raw {
        raw::Flows::StartOfYear => FlowsAt::StartOfYear,
        raw::Flows::MidYear => FlowsAt::MidYear,
        raw::Flows::MidYearSimple => FlowsAt::MidYearSimple,
        raw::Flows::EndOfYear => FlowsAt::EndOfYear,
    }
}

/// Checks that every account has the years of the first.
fn same_years(tables: &BTreeMap<&str, AccountTable>, at: &At<'_>) -> Option<YearRange> {
    let (first, years) = tables.iter().next().map(|(name, table)| (*name, table.years))?;
    for (name, table) in tables.iter().filter(|(_, table)| table.years != years) {
        at.key(name).key("table").key("file").fault(
            Code::Incoherent,
            format!(
                "the table of `{name}` has the years {} to {}, that of `{first}` {} to {}",
                table.years.first(),
                table.years.last(),
                years.first(),
                years.last()
            ),
            "give every account the same years",
        );
    }
    Some(years)
}

/// Says whether an account of this name is there; an unknown one is a fault.
fn known(name: &str, names: &[&str], at: &At<'_>) -> bool {
    let known = names.contains(&name);
    if !known {
        let reason = format!("there is no account `{name}`");
        at.fault(Code::UnknownName, reason, suggest(name, names.iter().copied()));
    }
    known
}

/// Reads what accounts pay to one another.
pub(crate) fn transfers(
    raw: Option<&BTreeMap<String, raw::Transfer>>,
    at: &At<'_>,
    (names, years): (&[&str], YearRange),
) -> Option<Vec<Transfer>> {
    let read = raw.into_iter().flatten().map(|(name, transfer)| {
        let place = at.key(name);
        let ends = [("from", &transfer.from), ("to", &transfer.to)]
            .map(|(key, account)| known(account, names, &place.key(key)));
        if transfer.from == transfer.to {
            let reason = format!("`{name}` pays from `{}` to itself", transfer.from);
            place.key("to").fault(Code::Incoherent, reason, "name two accounts");
        }
        let rule = rule(&transfer.rule, &place.key("rule"), years)?;
        let (from, to) = (transfer.from.clone(), transfer.to.clone());
        (ends == [true, true]).then(|| Transfer { name: name.clone(), from, to, rule })
    });
    let read: Vec<Option<Transfer>> = read.collect();
    read.into_iter().collect()
}

fn rule(raw: &raw::TransferRule, at: &At<'_>, years: YearRange) -> Option<TransferRule> {
    match raw {
        raw::TransferRule::Shortfall => Some(TransferRule::Shortfall),
        raw::TransferRule::Amount(series) => {
            let path = series.read(&at.key("amount"), &Kind::MONEY_OF_THE_YEAR, years)?;
            let money =
                |value| Money::new(value).expect("the bounds of an amount of money are checked");
            Some(TransferRule::Amount(path.map(money)))
        }
        raw::TransferRule::ShareOfContributions(series) => {
            let path = series.share(&at.key("share_of_contributions"), years)?;
            Some(TransferRule::ShareOfContributions(path))
        }
        raw::TransferRule::ShareOfEarnings(series) => {
            let path = series.share(&at.key("share_of_earnings"), years)?;
            Some(TransferRule::ShareOfEarnings(path))
        }
        raw::TransferRule::SurplusAbove(quantity) => {
            let above = quantity.read(&at.key("surplus_above"), &Kind::FACTOR)?;
            Some(TransferRule::Surplus { above })
        }
    }
}
