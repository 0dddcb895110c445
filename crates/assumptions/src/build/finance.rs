use perennis_finance::{
    Administration, FinanceBasis, FlowsAt, FundBasis, FundSystem, GrowsWith, Reserve, WhenExhausted,
};
use perennis_units::YearRange;

use super::accounts::fund::{debt, holdings};
use super::{Frame, accounts};
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Quantity};
use crate::read::finance::{self as raw, Finance};

/// Builds the funds.
pub(crate) fn finance(raw: &Finance, at: &At<'_>, frame: &Frame) -> Option<FinanceBasis> {
    let place = at.key("accounts");
    if raw.accounts.is_empty() {
        place.fault(Code::NoRows, "no account is given", "add [accounts.<name>]");
    }
    let funds: Vec<Option<FundBasis>> = raw
        .accounts
        .iter()
        .map(|(name, account)| fund(name, account, &place.key(name), frame.years))
        .collect();
    let names: Vec<&str> = raw.accounts.keys().map(String::as_str).collect();
    let transfers =
        accounts::transfers(raw.transfers.as_ref(), &at.key("transfers"), (&names, frame.years));
    let funds = funds.into_iter().collect::<Option<Vec<FundBasis>>>()?;
    let flows_at = raw.flows.map_or(FlowsAt::MidYear, accounts::flows_at);
    let transfers = transfers?;
    (!funds.is_empty()).then_some(FinanceBasis { funds, transfers, flows_at })
}

/// Says whether finance keeps the account that is named at `at`; an unknown one is a fault.
///
/// Without a file of the funds, nothing is booked and every name serves.
pub(crate) fn is_account(name: &str, at: &At<'_>, frame: &Frame) -> bool {
    let Some(finance) = &frame.raw.finance else { return true };
    let known = finance.accounts.contains_key(name);
    if !known {
        at.fault(
            Code::UnknownName,
            format!("finance keeps no account `{name}`"),
            suggest(name, finance.accounts.keys().map(String::as_str)),
        );
    }
    known
}

fn fund(name: &str, raw: &raw::Account, at: &At<'_>, years: YearRange) -> Option<FundBasis> {
    let administration = raw
        .administration
        .as_ref()
        .map(|raw| administration(raw, &at.key("administration"), years));
    let system = match raw.kept_as {
        raw::KeptAs::Reserve => reserve(raw, at, years).map(FundSystem::Reserve),
        raw::KeptAs::StateBudget => keeps_nothing(raw, at).then_some(FundSystem::Budget),
    };
    let administration = match administration {
        Some(built) => Some(built?),
        None => {
            at.defaulted("no cost of administration beside what the branches book");
            None
        }
    };
    Some(FundBasis { account: name.to_owned(), administration, system: system? })
}

fn reserve(raw: &raw::Account, at: &At<'_>, years: YearRange) -> Option<Reserve> {
    let opening = match &raw.opening_reserve {
        Some(opening) => opening.money(&at.key("opening_reserve"), &Kind::MONEY),
        None => {
            missing(at, "opening_reserve", "the reserve at the start of the first year");
            None
        }
    };
    let interest = raw.interest.as_ref().map(|series| series.growth(&at.key("interest"), years));
    let when_exhausted = when_exhausted(raw.when_exhausted, raw.borrowing_margin.as_ref(), at);
    let held = holdings((raw.assets.as_ref(), raw.smoothing.as_ref()), years, at);
    let debt = debt(raw.opening_debt.as_ref(), opening, at);
    let interest = match interest {
        Some(path) => Some(path?),
        None => None,
    };
    let (assets, smoothing) = held?;
    Some(Reserve {
        opening_debt: debt?,
        interest,
        assets,
        smoothing,
        ..Reserve::new(opening?, when_exhausted?)
    })
}

/// Reads who pays when a reserve is gone.
pub(crate) fn when_exhausted(
    rule: Option<raw::WhenExhausted>,
    margin: Option<&Quantity>,
    at: &At<'_>,
) -> Option<WhenExhausted> {
    match (rule, margin) {
        (None, _) => {
            missing(at, "when_exhausted", "\"borrow\" or \"state_pays\"");
            None
        }
        (Some(raw::WhenExhausted::Borrow), Some(margin)) => {
            let not_negative = Kind::GROWTH.within(0.0, 1.0).called("a margin of interest");
            let place = at.key("borrowing_margin");
            let value = margin.read(&place, &not_negative)?;
            let margin = perennis_units::Growth::new(value).ok()?;
            Some(WhenExhausted::Borrow { margin })
        }
        (Some(raw::WhenExhausted::Borrow), None) => {
            missing(at, "borrowing_margin", "what a loan costs above the interest of the reserve");
            None
        }
        (Some(raw::WhenExhausted::StatePays), margin) => {
            if margin.is_some() {
                at.key("borrowing_margin").warn(
                    Code::Unused,
                    "a margin of interest has no effect where the State pays",
                    "remove it, or write when_exhausted = \"borrow\"",
                );
            }
            Some(WhenExhausted::StatePays)
        }
    }
}

fn missing(at: &At<'_>, key: &str, what: &str) {
    at.fault_at_key(
        Code::MissingKey,
        format!("`{}` is kept as a reserve and gives no {key}", at.path()),
        format!("add {key} = …: {what}"),
    );
}

/// Reports what an account of the State budget cannot have.
fn keeps_nothing(raw: &raw::Account, at: &At<'_>) -> bool {
    let given = [
        ("opening_reserve", raw.opening_reserve.is_some()),
        ("interest", raw.interest.is_some()),
        ("when_exhausted", raw.when_exhausted.is_some()),
        ("borrowing_margin", raw.borrowing_margin.is_some()),
        ("opening_debt", raw.opening_debt.is_some()),
        ("assets", raw.assets.is_some()),
        ("smoothing", raw.smoothing.is_some()),
    ];
    let given = given.iter().filter(|(_, given)| *given);
    let faults = given.map(|(key, _)| {
        at.key(key).fault_at_key(
            Code::Incoherent,
            format!("an account of the State budget has no {key}: it keeps no reserve"),
            "remove it, or write kept_as = \"reserve\"",
        );
    });
    faults.count() == 0
}

fn administration(
    raw: &raw::Administration,
    at: &At<'_>,
    years: YearRange,
) -> Option<Administration> {
    match (&raw.share_of_earnings, &raw.amount, raw.grows_with) {
        (Some(share), None, None) => {
            let path = share.share(&at.key("share_of_earnings"), years)?;
            Some(Administration::ShareOfEarnings(path))
        }
        (None, Some(amount), Some(grows_with)) => {
            let first_year = amount.money(&at.key("amount"), &Kind::MONEY_OF_THE_YEAR)?;
            let grows_with = match grows_with {
                raw::GrowsWith::Wages => GrowsWith::Wages,
                raw::GrowsWith::Prices => GrowsWith::Prices,
            };
            Some(Administration::Amount { first_year, grows_with })
        }
        (None, Some(_), None) => {
            at.fault(
                Code::MissingKey,
                format!("`{}` gives an amount and not what it grows with", at.path()),
                "add grows_with = \"wages\" or grows_with = \"prices\"",
            );
            None
        }
        (None, None, _) => {
            at.fault(
                Code::NoValues,
                format!("`{}` gives no cost", at.path()),
                "give share_of_earnings, or amount and grows_with",
            );
            None
        }
        (Some(_), ..) => {
            at.fault(
                Code::TwoWays,
                format!("`{}` is given in more than one way", at.path()),
                "keep share_of_earnings, or amount and grows_with",
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::scratch::Folder;

    const VALUATION: &str = "title = \"T\"\ncountry = \"C\"\ncurrency = \"crown\"\nstart = 2024-01-01\n\
        horizon = 3\n[files]\nfinance = \"finance.toml\"\n";

    fn faults(finance: &str) -> Vec<String> {
        let folder = Folder::new(&[("valuation.toml", VALUATION), ("finance.toml", finance)]);
        folder.faults("finance.accounts")
    }

    #[test]
    fn a_fund_and_an_account_of_the_state_budget_have_no_fault() {
        let whole = "source = \"s\"\n[accounts.main]\nkept_as = \"reserve\"\nwhen_exhausted = \"borrow\"\n\
            opening_reserve = { value = 5, unit = \"billion crown\" }\n\
            borrowing_margin = { value = 0.01, unit = \"share a year\" }\n\
            interest = { value = 0.05, unit = \"share a year\" }\n\
            [accounts.main.administration]\namount = { value = 1, unit = \"million crown a year\" }\n\
            grows_with = \"prices\"\n[accounts.state]\nkept_as = \"state_budget\"\n\
            administration.share_of_earnings = { value = 0.01, unit = \"share\" }\n";
        assert_eq!(faults(whole), [""; 0]);
    }

    #[test]
    fn what_a_fund_lacks_and_what_a_budget_cannot_have_is_all_reported() {
        let faulty = "source = \"s\"\n[accounts.main]\nkept_as = \"reserve\"\n\
            [accounts.loan]\nkept_as = \"reserve\"\nwhen_exhausted = \"borrow\"\n\
            opening_reserve = { value = -5, unit = \"crown\" }\n\
            [accounts.state]\nkept_as = \"state_budget\"\nwhen_exhausted = \"borrow\"\n\
            [accounts.two]\nkept_as = \"state_budget\"\n\
            [accounts.two.administration]\namount = { value = 1, unit = \"crown\" }\n";
        assert_eq!(
            faults(faulty),
            [
                "A104 finance.accounts.main 2",
                "A104 finance.accounts.main 2",
                "A104 finance.accounts.loan 4",
                "A303 finance.accounts.loan.opening_reserve.value 7",
                "A609 finance.accounts.state.when_exhausted 10",
                "A104 finance.accounts.two.administration 13",
            ]
        );
    }

    #[test]
    fn a_margin_below_zero_and_a_cost_given_twice_are_refused() {
        let faulty = "source = \"s\"\n[accounts.main]\nkept_as = \"reserve\"\nwhen_exhausted = \"borrow\"\n\
            opening_reserve = { value = 5, unit = \"crown\" }\n\
            borrowing_margin = { value = -0.01, unit = \"share a year\" }\n\
            [accounts.main.administration]\nshare_of_earnings = { value = 0.01, unit = \"share\" }\n\
            amount = { value = 1, unit = \"crown\" }\n";
        assert_eq!(
            faults(faulty),
            [
                "A303 finance.accounts.main.borrowing_margin.value 6",
                "A403 finance.accounts.main.administration 7",
            ]
        );
    }
}
