use perennis_cohort::Item;
use perennis_indicators::{BaseYearRow, Measure};

use super::accounts::outgo;
use super::cell::{Cell, address};
use super::number::{Explanation, How, Why};

/// Words of a measure that belongs to a scheme, and the place of its published figure.
fn row<'a>(cell: &Cell<'a>) -> Option<&'a BaseYearRow> {
    // Rows of the table stand in the order of the results.
    cell.results().measured.base_year.get(cell.row)
}

fn reads(cell: &Cell<'_>) -> Vec<String> {
    let (scope, benefit) = (cell.text("scope"), cell.text("benefit"));
    let places = match cell.text("measure") {
        "contributors" => vec![format!("base_year.schemes.{scope}.contributors")],
        "beneficiaries" => vec![format!("base_year.schemes.{scope}.beneficiaries.{benefit}")],
        "insured" => vec![format!("base_year.health.{scope}.insured")],
        "expenditure" => vec![format!("base_year.accounts.{scope}.expenditure.{benefit}")],
        "contributors_times_earnings_times_rate" => {
            vec![format!("base_year.accounts.{scope}.contributions")]
        }
        measure => vec![format!("base_year.accounts.{scope}.{measure}")],
    };
    places.into_iter().chain(["base_year.year".to_owned()]).collect()
}

/// Model over account.
pub(crate) fn ratio(cell: &Cell<'_>) -> Why {
    Why::product("model / published")
        .times(cell.beside("model", "model"))
        .over(cell.beside("published", "published"))
}

/// Published figure.
pub(crate) fn published(cell: &Cell<'_>) -> Why {
    Why::new(How::Input, "published figure of the base year").reads(reads(cell))
}

/// Figure of the model.
pub(crate) fn model(cell: &Cell<'_>) -> Why {
    let Some(found) = row(cell) else { return Why::carried("").reads(reads(cell)) };
    if found.check.is_some() {
        return Why::product("contributor-years × mean earnings × rate due")
            .times(cell.beside("contributors", "contributor-years"))
            .times(cell.beside("mean_earnings", "mean insured earnings"))
            .times(cell.beside("rate", "rate due"));
    }
    Why::sum("the same figure of the run")
        .plus_all(figures(cell, &found.item.measure))
        .reads(reads(cell))
}

/// The rows of the run that a measure adds.
fn figures(cell: &Cell<'_>, measure: &Measure) -> Vec<Explanation> {
    let year = cell.year();
    let fund = |account: &str| cell.results().finance.as_ref()?.fund(account)?.in_year(year);
    let item = |account: &str, item: &str, value: Option<f64>| -> Vec<Explanation> {
        let of_item =
            value.map(|value| number(cell, ("accounts", "amount"), &[account, item], value));
        of_item.into_iter().collect()
    };
    match measure {
        Measure::Contributors { .. } | Measure::Insured { .. } | Measure::Beneficiaries { .. } => {
            persons(cell, measure)
        }
        Measure::Contributions { account } => {
            item(account, "contributions", fund(account).map(|fund| fund.contributions))
        }
        Measure::Expenditure { account, benefit } => {
            let spent = fund(account).map(|fund| fund.sum(&Item::Benefit(benefit.clone())));
            item(account, &format!("benefit:{benefit}"), spent)
        }
        Measure::Outgo { account } => {
            fund(account).map(|fund| outgo(cell, account, fund)).into_iter().collect()
        }
        Measure::Administration { account } => {
            let spent = fund(account).map(|fund| fund.sum(&Item::Administration));
            item(account, "administration", spent)
        }
        Measure::ReserveEnd { account } => {
            item(account, "reserve_end", fund(account).map(|fund| fund.reserve_end))
        }
    }
}

fn number(
    cell: &Cell<'_>,
    (table, column): (&str, &str),
    keys: &[&str],
    value: f64,
) -> Explanation {
    Explanation::of_row(keys.join(", "), value, "", address(table, keys, cell.year(), column))
}

/// Contributors, insured or beneficiaries, by group or benefit.
fn persons(cell: &Cell<'_>, measure: &Measure) -> Vec<Explanation> {
    let (at, results) = (cell.at(), cell.results());
    let pensions = results.pensions.iter();
    match measure {
        Measure::Contributors { scheme } => {
            let all = pensions.flat_map(|all| &all.contributors);
            let place = ("contributors", "contributors");
            let of_scheme = all.filter(|one| one.scheme == *scheme).map(|one| {
                number(cell, place, &[&one.scheme, &one.group], one.contributors.total(at))
            });
            of_scheme.collect()
        }
        Measure::Insured { scheme } => {
            let all = results.benefits.iter().flat_map(|all| &all.insured);
            let place = ("health_insured", "insured");
            let of_scheme = all
                .filter(|one| one.scheme == *scheme)
                .map(|one| number(cell, place, &[&one.scheme, &one.group], one.insured.total(at)));
            of_scheme.collect()
        }
        Measure::Beneficiaries { scheme, benefit } => {
            let all = pensions.flat_map(|all| &all.beneficiaries);
            let place = ("beneficiaries", "beneficiaries");
            let named = all.filter(|one| one.scheme == *scheme && one.benefit == *benefit);
            let named = named.map(|one| {
                number(cell, place, &[&one.scheme, &one.benefit], one.beneficiaries.total(at))
            });
            named.collect()
        }
        _ => Vec::new(),
    }
}

/// Contributor-years of the account.
pub(crate) fn contributors(cell: &Cell<'_>) -> Why {
    Why::carried("contributor-years behind the insured earnings of the account; contributors.csv has them by group")
        .reads(reads(cell))
        .reads(["schemes", "health"])
}

/// Mean insured earnings.
pub(crate) fn mean_earnings(cell: &Cell<'_>) -> Why {
    of_account(cell, "insured earnings of the account / contributor-years", |fund| {
        (("insured earnings", fund.insured_earnings), ("contributor-years", fund.contributor_years))
    })
}

/// Contributions due over insured earnings.
pub(crate) fn rate(cell: &Cell<'_>) -> Why {
    let account = cell.text("scope");
    let all = cell.results().pensions.iter().flat_map(|pensions| &pensions.contributions);
    let of_year = all.filter(|one| one.account == account && one.year == cell.year());
    let due: f64 = of_year.map(|one| one.due).sum();
    of_account(cell, "contributions due / insured earnings", |fund| {
        (("contributions due", due), ("insured earnings", fund.insured_earnings))
    })
}

type Named = (&'static str, f64);

fn of_account(
    cell: &Cell<'_>,
    formula: &str,
    parts: impl Fn(&perennis_finance::FundYear) -> (Named, Named),
) -> Why {
    let fund = cell.results().finance.as_ref().and_then(|finance| finance.fund(cell.text("scope")));
    let Some(fund) = fund.and_then(|fund| fund.in_year(cell.year())) else {
        return Why::carried(formula).reads(reads(cell));
    };
    let ((above, one), (below, other)) = parts(fund);
    let number = |label: &str, value: f64| {
        Explanation::new(label, value, "").given_by("of the run", ["schemes", "health"])
    };
    Why::product(formula).times(number(above, one)).over(number(below, other))
}

/// Calibration.
pub(crate) fn calibration_factor(cell: &Cell<'_>) -> Why {
    let scopes =
        ["schemes", "health"].map(|table| format!("{table}.{}.calibration", cell.text("scope")));
    let all = cell.model().pensions.iter().flat_map(|basis| &basis.schemes);
    let of_schemes = all.map(|scheme| format!("schemes.{}.calibration", scheme.law.scheme));
    Why::new(How::Input, "calibration in force for the item")
        .reads(scopes)
        .reads(of_schemes)
        .reads(reads(cell))
}

/// A value of the files.
pub(crate) fn assumption(cell: &Cell<'_>) -> Why {
    Why::new(How::Input, "as the files say").reads([cell.text("path")])
}
