use perennis_finance::{Administration, FundBasis, FundPath, FundYear, GrowsWith};
use perennis_pensions::Contribution;
use perennis_units::Payer;

use super::cell::{Cell, address};
use super::health::services_of;
use super::number::{Explanation, How, Why, total};

fn fund<'a>(cell: &Cell<'a>) -> Option<&'a FundPath> {
    cell.results().finance.as_ref()?.fund(cell.text("account"))
}

fn fund_year<'a>(cell: &Cell<'a>) -> Option<&'a FundYear> {
    fund(cell)?.in_year(cell.year())
}

fn path(cell: &Cell<'_>, what: &str) -> String {
    format!("finance.accounts.{}.{what}", cell.text("account"))
}

/// Another row of the same account and year.
fn item(cell: &Cell<'_>, name: &str, value: f64) -> Explanation {
    let row = address("accounts", &[cell.text("account"), name], cell.year(), "amount");
    Explanation::of_row(name.replace('_', " "), value, cell.currency(), row)
}

/// Income, outgo, reserve and debt of an account.
pub(crate) fn amount(cell: &Cell<'_>) -> Why {
    let item = cell.text("item");
    if let Some(name) = item.strip_prefix("benefit:") {
        return benefit(cell, name);
    }
    match item {
        "contributions" | "state_subsidy" | "transfers_in" => income(cell),
        "administration" => administration(cell),
        "transfers_out" => transfers_out(cell),
        "investment_income" => returns(cell),
        "reserve_start" => reserve_start(cell),
        "reserve_end" => reserve_end(cell),
        "debt_end" => debt_end(cell),
        "borrowing" | "debt_interest" | "repayment" => debt(cell, item),
        _ => Why::carried("booked by the branches")
            .reads([format!("finance.accounts.{}", cell.text("account"))]),
    }
}

/// Expenditure on a benefit: everyone in payment, by scheme, sex and age.
fn benefit(cell: &Cell<'_>, name: &str) -> Why {
    let account = cell.text("account");
    let schemes = cell.model().pensions.iter().flat_map(|basis| &basis.schemes);
    let pays = |scheme: &str| {
        let mut of_name = schemes.clone().filter(|one| one.law.scheme == scheme);
        of_name.any(|one| {
            let law = one.law.benefits.iter().map(|of| (&of.name, &of.account));
            let loadings = one.loadings.iter().map(|of| (&of.name, &of.account));
            law.chain(loadings).any(|(of, to)| of == name && to == account)
        })
    };
    let all = cell.results().pensions.iter().flat_map(|pensions| &pensions.beneficiaries);
    let of_schemes = all.filter(|one| one.benefit == name && pays(&one.scheme)).map(|one| {
        let row = address("beneficiaries", &[&one.scheme, name], cell.year(), "amount");
        let label = format!("{name} of {}", one.scheme);
        Explanation::of_row(label, one.amount.total(cell.at()), cell.currency(), row)
    });
    let services = services_of(cell, account, name);
    Why::sum("everyone in payment: Σ sex, age persons × mean amount of the year")
        .plus_all(of_schemes)
        .plus_all(services)
}

/// What schemes and branches pay in of a payer.
fn booked(cell: &Cell<'_>, payer: Option<Payer>) -> Vec<Explanation> {
    let results = cell.results();
    let schemes = results.pensions.iter().flat_map(|pensions| &pensions.contributions);
    let branches = results.benefits.iter().flat_map(|benefits| &benefits.contributions);
    let of_row = |one: &&Contribution| {
        one.year == cell.year() && one.account == cell.text("account") && Some(one.payer) == payer
    };
    let mut rows: Vec<Explanation> = Vec::new();
    for one in schemes.chain(branches).filter(of_row) {
        let keys = [one.scheme.as_str(), one.account.as_str(), one.payer.as_str()];
        let row = address("contributions_by_account", &keys, one.year, "collected");
        match rows.iter_mut().find(|known| known.row == row) {
            Some(known) => known.value = known.value.map(|value| value + one.collected),
            None => rows.push(Explanation::of_row(
                format!("collected from {} by {}", one.payer.as_str(), one.scheme),
                one.collected,
                cell.currency(),
                row,
            )),
        }
    }
    rows
}

/// Contributions, and what the State and other accounts pay.
fn income(cell: &Cell<'_>) -> Why {
    let payer = cell.payer();
    let booked = booked(cell, payer);
    let so_far: f64 = booked.iter().filter_map(|one| one.value).sum();
    let why = Why::sum("Σ schemes and branches").plus_all(booked);
    let Some(year) = fund_year(cell) else { return why };
    let mut rest = cell.value() - so_far;
    let mut why = why;
    if cell.text("item") == "state_subsidy" && 0.0 < year.state_paid {
        let formula = "what income and the reserve do not cover, as the account says who pays";
        rest -= year.state_paid;
        why = why.plus(
            Explanation::new("cover of the shortfall", year.state_paid, cell.currency()).why(
                Why::carried(formula)
                    .behind([item(cell, "reserve_start", year.reserve_start).closed()])
                    .reads([path(cell, "when_exhausted"), path(cell, "kept_as")]),
            ),
        );
    }
    // What is left below the rounding of a sum is none.
    if rest.abs() <= 1e-12 * cell.value().abs() {
        return why;
    }
    let words = "transfers by the rules of finance, or booked by a scheme";
    why.plus(
        Explanation::new("from other accounts", rest, cell.currency())
            .given_by(words, ["finance.transfers", "health", "schemes"]),
    )
}

fn administration(cell: &Cell<'_>) -> Why {
    let basis = cell.model().finance.iter().flat_map(|basis| &basis.funds);
    let basis = basis.into_iter().find(|fund| fund.account == cell.text("account"));
    let own = basis.and_then(|fund| own_administration(cell, fund));
    let so_far = own.as_ref().and_then(|own| own.value).unwrap_or(0.0);
    let branches = cell.model().benefits.iter().flat_map(|basis| &basis.health);
    let of_account = branches.filter(|one| one.account == cell.text("account"));
    let mut shares = of_account.filter(|one| 0.0 < one.administration.at(cell.year()).get());
    let why = Why::sum("administration of the account and of its branches").plus_all(own);
    let Some(branch) = shares.next() else { return why };
    let rest = cell.value() - so_far;
    let share = branch.administration.at(cell.year()).get();
    let income = Explanation::new(
        "contributions and subsidies of the branch",
        rest / share,
        cell.currency(),
    )
    .given_by("contributions_by_account.csv", [format!("health.{}.groups", branch.name)]);
    let share = Explanation::new("share for administration", share, "share")
        .given_by("as assumed", [format!("health.{}.administration", branch.name)]);
    why.plus(
        Explanation::new(format!("administration of {}", branch.name), rest, cell.currency())
            .why(Why::product("").times(income).times(share)),
    )
}

fn own_administration(cell: &Cell<'_>, fund: &FundBasis) -> Option<Explanation> {
    let year = fund_year(cell)?;
    let economy = &cell.results().labour.as_ref()?.economy;
    let read = path(cell, "administration");
    let (first, second, formula) = match fund.administration.as_ref()? {
        Administration::ShareOfEarnings(share) => {
            let earnings = Explanation::new(
                "insured earnings of the account",
                year.insured_earnings,
                cell.currency(),
            )
            .given_by("contributors.csv", ["schemes", "health"]);
            let share = share.at(cell.year()).get();
            (earnings, Explanation::new("share", share, "share"), "share of insured earnings")
        }
        Administration::Amount { first_year, grows_with } => {
            let (column, path) = match grows_with {
                GrowsWith::Wages => ("wage_index", &economy.wage_index),
                GrowsWith::Prices => ("price_index", &economy.price_index),
            };
            let row = address("economy", &[], cell.year(), column);
            let index = path.get(cell.at()).copied()?;
            let index = Explanation::of_row(column.replace('_', " "), index, "first year = 1", row);
            let amount =
                Explanation::new("cost in the first year", first_year.get(), cell.currency());
            (index, amount, "cost of the first year × index")
        }
    };
    let value = first.value? * second.value?;
    let second = second.given_by("as assumed", [read]);
    let own = Explanation::new("administration of the account", value, cell.currency());
    Some(own.why(Why::product(formula).times(second).times(first)))
}

fn transfers_out(cell: &Cell<'_>) -> Why {
    let all = cell.results().benefits.iter().flat_map(|benefits| &benefits.group_contributions);
    let of_branches = |name: &str, group: &str| {
        let branches = cell.model().benefits.iter().flat_map(|basis| &basis.health);
        let groups =
            branches.into_iter().filter(|one| one.name == name).flat_map(|one| &one.groups);
        groups.into_iter().filter(|one| one.name == group).flat_map(|one| &one.payers).any(|payer| {
            matches!(&payer.paid_by, perennis_benefits::PaidBy::Fund(account) if account == cell.text("account"))
        })
    };
    let paid = all.filter(|one| one.year == cell.year() && one.payer == Payer::Funds);
    let paid = paid.filter(|one| of_branches(&one.scheme, &one.group)).map(|one| {
        let base = Explanation::new("base", one.base, cell.currency()).given_by(
            "pensions or earnings of the members",
            [format!("health.{}.groups.{}", one.scheme, one.group)],
        );
        let rate = Explanation::new("rate", one.rate, "share of the base").given_by(
            "rate of the law",
            [format!("health.{}.groups.{}.rates", one.scheme, one.group)],
        );
        Explanation::new(
            format!("for {} of {}", one.group, one.scheme),
            one.collected,
            cell.currency(),
        )
        .why(Why::product("").times(rate).times(base))
    });
    let paid: Vec<Explanation> = paid.collect();
    let rest = cell.value() - paid.iter().filter_map(|one| one.value).sum::<f64>();
    let why = Why::sum(
        "contributions for members of other branches, and transfers by the rules of finance",
    )
    .plus_all(paid);
    if rest.abs() <= 1e-12 * cell.value().abs() {
        return why;
    }
    why.plus(
        Explanation::new(
            "transfers, or a surplus that goes back to the State",
            rest,
            cell.currency(),
        )
        .given_by("as finance says", ["finance".to_owned()]),
    )
}

/// Returns on the reserve: of the reserve until the flows of the year, and of what is left after them.
fn returns(cell: &Cell<'_>) -> Why {
    let formula = "reserve × (growth until the flows of the year − 1) + what is left after them × (growth until the \
                   end − 1)";
    let reads = ["economy.interest".to_owned(), path(cell, "interest"), path(cell, "assets")];
    let Some((fund, year)) = fund(cell).zip(fund_year(cell)) else { return Why::carried(formula) };
    let before = fund.flows_at.before(year.interest) - 1.0;
    let after = fund.flows_at.after(year.interest) - 1.0;
    let growth = |label: &str, value: f64| {
        Explanation::new(label, value, "share")
            .given_by("(1 + i)^½ − 1 for flows at mid-year", reads.clone())
    };
    let part = |label: &str, (sum, growth): (Explanation, Explanation)| {
        let value = sum.value.unwrap_or(0.0) * growth.value.unwrap_or(0.0);
        Explanation::new(label, value, cell.currency())
            .why(Why::product("").times(sum).times(growth))
    };
    let start = item(cell, "reserve_start", year.reserve_start).closed();
    let first = part("of the reserve", (start, growth("growth until the flows", before)));
    let left = Explanation::new("left after the flows", year.left.max(0.0), cell.currency()).why(
        Why::carried("reserve with its returns + income − outgo, debt taken off, never below zero")
            .reads([path(cell, "opening_reserve")]),
    );
    let second = part("of what is left", (left, growth("growth until the end", after)));
    Why::sum(formula).plus(first).plus(second)
}

fn reserve_start(cell: &Cell<'_>) -> Why {
    let last = cell.year().plus(-1);
    let before = fund(cell).and_then(|fund| fund.in_year(last));
    let Some(before) = before else {
        return Why::new(How::Input, "reserve at the start of the valuation")
            .reads([path(cell, "opening_reserve")]);
    };
    let row = address("accounts", &[cell.text("account"), "reserve_end"], last, "amount");
    Why::sum("reserve at the end of the year before")
        .plus(
            Explanation::of_row(
                "reserve end of the year before",
                before.reserve_end,
                cell.currency(),
                row,
            )
            .closed(),
        )
        .reads([path(cell, "opening_reserve")])
}

/// The rows of the account that move a reserve.
fn reserve_end(cell: &Cell<'_>) -> Why {
    let formula = "reserve at the start + income + returns + borrowing − outgo − interest and repayment of debt";
    let Some(year) = fund_year(cell) else { return Why::carried(formula) };
    let mut why = Why::sum(formula).plus(item(cell, "reserve_start", year.reserve_start).closed());
    let mut seen = Vec::new();
    for entry in &year.entries {
        let name = entry.item.label();
        if seen.contains(&name) || ["reserve_start", "reserve_end", "debt_end"].contains(&&*name) {
            continue;
        }
        let number = item(cell, &name, year.sum(&entry.item));
        let taken = entry.item.is_outgo() || ["debt_interest", "repayment"].contains(&&*name);
        why = if taken { why.minus(number) } else { why.plus(number) };
        seen.push(name);
    }
    why.reads([path(cell, "opening_reserve"), path(cell, "kept_as")])
}

fn debt_end(cell: &Cell<'_>) -> Why {
    let formula = "debt at the start + borrowing − repayment";
    let Some(year) = fund_year(cell) else { return Why::carried(formula) };
    let sum = |name: &str| {
        let of_name = year.entries.iter().filter(|entry| entry.item.label() == name);
        of_name.fold(0.0, |sum, entry| sum + entry.amount)
    };
    let start = Explanation::new("debt at the start", year.debt_start, cell.currency())
        .given_by("that of the end of the year before", [path(cell, "opening_debt")]);
    Why::sum(formula)
        .plus(start)
        .plus(item(cell, "borrowing", sum("borrowing")).closed())
        .minus(item(cell, "repayment", sum("repayment")).closed())
        .reads([path(cell, "when_exhausted"), path(cell, "kept_as")])
}

fn debt(cell: &Cell<'_>, item: &str) -> Why {
    let formula = match item {
        "borrowing" => "debt at the end above that at its start, unpaid interest included",
        "repayment" => "debt at the start above that at its end",
        _ => "interest on the debt until the flows of the year, and on what is short from then on",
    };
    let Some(year) = fund_year(cell) else { return Why::carried(formula) };
    let reads = [path(cell, "when_exhausted"), path(cell, "opening_debt")];
    let number = |label: &str, value: f64| {
        Explanation::new(label, value, cell.currency())
            .given_by("carried by the account", reads.clone())
    };
    let start = number("debt at the start", year.debt_start);
    let end = number("debt at the end", year.debt_end);
    match item {
        "borrowing" => Why::sum(formula).plus(end).minus(start),
        "repayment" if year.left < 0.0 => Why::sum(formula).plus(start).minus(end),
        "repayment" => Why::sum("all that is owed at the start").plus(start).reads(reads.clone()),
        _ => Why::carried(formula)
            .behind([start, end])
            .reads(reads.clone())
            .reads(["economy.interest"]),
    }
}

/// Outgo of an account: benefits, administration and transfers out, with their rows.
pub(crate) fn outgo(cell: &Cell<'_>, account: &str, year: &FundYear) -> Explanation {
    let mut seen: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for entry in year.entries.iter().filter(|entry| entry.item.is_outgo()) {
        let name = entry.item.label();
        if seen.contains(&name) {
            continue;
        }
        let row = address("accounts", &[account, &name], year.year, "amount");
        let label = name.replace('_', " ");
        parts.push(Explanation::of_row(label, year.sum(&entry.item), cell.currency(), row));
        seen.push(name);
    }
    let outgo = total(format!("outgo of {account}"), cell.currency(), parts);
    Explanation { value: Some(year.outgo), ..outgo }
}
