use std::collections::BTreeMap;

use perennis_finance::{AssetClass, FinanceError, Portfolio, Reserve, Smoothing, WhenExhausted};
use perennis_units::{Growth, Money, Path, Share, YearRange};

use super::table::AccountTable;
use crate::at::At;
use crate::build::finance::when_exhausted;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::{Kind, Quantity, plain};
use crate::read::accounts::{self as raw, Assets, TableAccount};

/// Builds the reserve of an account.
pub(super) fn reserve(raw: &TableAccount, table: &AccountTable, at: &At<'_>) -> Option<Reserve> {
    let opening = held(raw.opening_reserve.as_ref(), at, "opening_reserve");
    let debt = debt(raw.opening_debt.as_ref(), opening, at);
    let rule = rule(raw, at);
    let held = holdings((raw.assets.as_ref(), raw.smoothing.as_ref()), table.years, at);
    let interest = interest(raw, table, at);
    let (assets, smoothing) = held?;
    Some(Reserve {
        opening_debt: debt?,
        interest: interest?,
        assets,
        smoothing,
        ..Reserve::new(opening?, rule?)
    })
}

fn interest(raw: &TableAccount, table: &AccountTable, at: &At<'_>) -> Option<Option<Path<Growth>>> {
    match (&raw.interest, &table.interest) {
        (Some(series), None) => series.growth(&at.key("interest"), table.years).map(Some),
        (None, Some(path)) => Some(Some(path.clone())),
        (None, None) if raw.assets.is_some() && raw.smoothing.is_none() => Some(None),
        (None, None) => {
            at.fault_at_key(
                Code::MissingKey,
                format!("`{}` has no interest", at.path()),
                "add a column interest to its table, or interest = { value = … }; with assets it is the return expected \
                 of them",
            );
            None
        }
        (Some(_), Some(_)) => {
            at.key("interest").fault(
                Code::TwoWays,
                "interest is given here and as a column of the table",
                "keep one of the two",
            );
            None
        }
    }
}

fn held(raw: Option<&Quantity>, at: &At<'_>, key: &str) -> Option<Money> {
    match raw {
        Some(quantity) => quantity.money(&at.key(key), &Kind::MONEY),
        None => Some(Money::ZERO),
    }
}

/// Reads the debt at the start, which only a fund without a reserve has.
pub(crate) fn debt(raw: Option<&Quantity>, opening: Option<Money>, at: &At<'_>) -> Option<Money> {
    let debt = held(raw, at, "opening_debt")?;
    if 0.0 < debt.get() && opening.is_some_and(|opening| 0.0 < opening.get()) {
        let both = FinanceError::ReserveAndDebt(at.name().to_owned());
        at.key("opening_debt").fault(Code::TwoWays, both.to_string(), "keep one of the two");
        return None;
    }
    Some(debt)
}

fn rule(raw: &TableAccount, at: &At<'_>) -> Option<WhenExhausted> {
    if raw.when_exhausted.is_none() {
        if raw.borrowing_margin.is_some() {
            at.key("borrowing_margin").warn(
                Code::Unused,
                "a margin of interest has no effect where nobody lends",
                "write when_exhausted = \"borrow\", or remove it",
            );
        }
        at.defaulted("nobody is named who pays when the reserve is gone; that it lasts is checked");
        return Some(WhenExhausted::Refused);
    }
    when_exhausted(raw.when_exhausted, raw.borrowing_margin.as_ref(), at)
}

/// Reads the classes of assets of a reserve and how their value is smoothed.
pub(crate) fn holdings(
    (assets, smoothed): (Option<&BTreeMap<String, Assets>>, Option<&raw::Smoothing>),
    years: YearRange,
    at: &At<'_>,
) -> Option<(Option<Portfolio>, Option<Smoothing>)> {
    if smoothed.is_some() && assets.is_none() {
        at.key("smoothing").warn(
            Code::Unused,
            "without classes of assets every return is the one that was expected",
            "add a table of assets, or remove it",
        );
    }
    let portfolio = assets.map(|assets| portfolio(assets, years, &at.key("assets")));
    let smoothing = smoothed.map(|raw| smoothing(raw, &at.key("smoothing")));
    match (portfolio, smoothing) {
        (Some(None), _) | (_, Some(None)) => None,
        (portfolio, smoothing) => Some((portfolio.flatten(), smoothing.flatten())),
    }
}

fn portfolio(raw: &BTreeMap<String, Assets>, years: YearRange, at: &At<'_>) -> Option<Portfolio> {
    let classes: Vec<Option<AssetClass>> =
        raw.iter().map(|(name, assets)| class(name, assets, years, &at.key(name))).collect();
    let classes = classes.into_iter().collect::<Option<Vec<_>>>()?;
    match Portfolio::new(classes) {
        Ok(portfolio) => Some(portfolio),
        Err(FinanceError::Limits { class }) => {
            let reason = format!("the share of `{class}` lies outside its own limits");
            let remedy = "least is at most share, and share at most most";
            at.key(&class).key("share").fault(Code::Incoherent, reason, remedy);
            None
        }
        Err(error) => {
            let sum =
                if let FinanceError::Shares { sum } = error { plain(sum) } else { String::new() };
            let reason = format!("the shares of the classes add up to {sum}, not to 1");
            at.fault(Code::SharesDoNotAdd, reason, "give shares of the whole reserve");
            None
        }
    }
}

fn class(name: &str, raw: &Assets, years: YearRange, at: &At<'_>) -> Option<AssetClass> {
    let limit = |quantity: &Option<Quantity>, key: &str| {
        given(quantity.as_ref().map(|quantity| quantity.share(&at.key(key))))
    };
    let share = raw.share.share(&at.key("share"));
    let (least, most) = (limit(&raw.least, "least"), limit(&raw.most, "most"));
    let returns = raw.returns.growth(&at.key("returns"), years);
    let (none, all) = (Share::new(0.0).ok()?, Share::new(1.0).ok()?);
    let fee = match &raw.fee {
        Some(series) => series.share(&at.key("fee"), years),
        None => Some(Path::constant(none)),
    };
    let (share, least, most) = (share?, least?, most?);
    let fixed = least.is_none() && most.is_none();
    Some(AssetClass {
        name: name.to_owned(),
        share,
        least: if fixed { share } else { least.unwrap_or(none) },
        most: if fixed { share } else { most.unwrap_or(all) },
        returns: returns?,
        fee: fee?,
    })
}

pub(crate) fn smoothing(raw: &raw::Smoothing, at: &At<'_>) -> Option<Smoothing> {
    let corridor = given(raw.corridor.as_ref().map(|quantity| quantity.share(&at.key("corridor"))));
    if !(1..=20).contains(&raw.years) {
        at.key("years").fault(
            Code::OutOfBounds,
            format!("{} years of smoothing are outside 1 to 20", raw.years),
            "5 years are usual",
        );
        return None;
    }
    Some(Smoothing { years: raw.years, corridor: corridor? })
}
