use std::collections::BTreeSet;

use super::figures::{Figures, Sheet, Sums, at, named, next_year};
use super::{Identity, ROUNDING};

/// Identities of money: accounts, contributions, benefits.
pub(super) fn identities(figures: &Figures) -> Vec<Identity> {
    let mut all = vec![contributions(figures), arrears(figures)];
    if let Some(sheet) = figures.table("accounts.csv") {
        all.push(booked(figures, sheet));
        all.push(benefits(figures, sheet));
        all.push(branches(figures, sheet));
        all.push(roll(sheet));
        all.push(carried(sheet));
    }
    all
}

const YEARLY: [&str; 2] = ["year", "account"];

/// Sums of the items of accounts whose names are wanted.
pub(super) fn items(sheet: &Sheet, wanted: impl Fn(&str) -> bool) -> Sums {
    sheet.sums(&YEARLY, "amount", |text| wanted(&text("item")))
}

fn contributions(figures: &Figures) -> Identity {
    let mut identity = Identity::new(
        "contributions_of_accounts_add_up",
        "contributions collected for all accounts = contributions of the scheme, by payer",
        ROUNDING,
    );
    let keys = ["year", "scheme", "payer"];
    let accounts = figures.sums("contributions_by_account.csv", &keys, "collected");
    let schemes = figures.sums("contributions.csv", &keys, "collected");
    for (key, collected) in schemes.iter().filter(|_| !accounts.is_empty()) {
        identity.equal((at(&accounts, key), *collected), 0.0, &named(key));
    }
    identity
}

fn arrears(figures: &Figures) -> Identity {
    let mut identity = Identity::new(
        "arrears_are_carried_on",
        "contributions in arrears at the start of a year = those at the end of the year before",
        ROUNDING,
    );
    let keys = ["year", "scheme", "payer"];
    let start = figures.sums("contributions.csv", &keys, "arrears_start");
    for (key, end) in figures.sums("contributions.csv", &keys, "arrears_end") {
        let Some(next) = next_year(&key).and_then(|next| start.get(&next)) else { continue };
        identity.equal((*next, end), 0.0, &named(&key));
    }
    identity
}

fn booked(figures: &Figures, sheet: &Sheet) -> Identity {
    let mut identity = Identity::new(
        "contributions_are_booked",
        "contributions of an account = those collected for it, of employees, employers and the self-employed",
        ROUNDING,
    );
    let keys = ["year", "account", "payer"];
    let own = ["employees", "employers", "self_employed"];
    let paid = sheet.sums(&keys, "amount", |text| {
        text("item") == "contributions" && own.contains(&text("payer").as_str())
    });
    for (key, collected) in figures.sums("contributions_by_account.csv", &keys, "collected") {
        if own.contains(&key[2].as_str()) {
            identity.equal((at(&paid, &key), collected), 0.0, &named(&key));
        }
    }
    identity
}

fn benefits(figures: &Figures, sheet: &Sheet) -> Identity {
    let mut identity = Identity::new(
        "benefits_are_booked",
        "expenditure on a benefit in all accounts = what both sexes of all ages receive",
        ROUNDING,
    );
    let paid = sheet.sums(&["year", "item"], "amount", |text| text("item").starts_with("benefit:"));
    for (key, received) in figures.sums("beneficiaries.csv", &["year", "benefit"], "amount") {
        let item = vec![key[0].clone(), format!("benefit:{}", key[1])];
        identity.equal((at(&paid, &item), received), 0.0, &named(&key));
    }
    identity
}

fn branches(figures: &Figures, sheet: &Sheet) -> Identity {
    let mut identity = Identity::new(
        "branches_add_up",
        "cost of all accounts of GDP × GDP = benefits and administration of every account",
        ROUNDING,
    );
    let nation = figures.table("indicators.csv").map_or_else(Sums::new, |sheet| {
        let wanted = ["nation", "expenditure_over_gdp"];
        sheet.sums(&["year"], "value", |text| [text("scope"), text("indicator")] == wanted)
    });
    let spent = sheet.sums(&["year"], "amount", |text| {
        let item = text("item");
        item == "administration" || item.starts_with("benefit:")
    });
    for (key, gdp) in figures.sums("economy.csv", &["year"], "gdp") {
        if let Some(share) = nation.get(&key) {
            identity.equal((at(&spent, &key), share * gdp), 0.0, &named(&key));
        }
    }
    identity
}

fn roll(sheet: &Sheet) -> Identity {
    let mut identity = Identity::new(
        "reserve_roll",
        "reserve - debt at the end = reserve - debt at the start + income - outgo, interest in both",
        ROUNDING,
    );
    let income =
        ["contributions", "state_subsidy", "other_income", "transfers_in", "investment_income"];
    let outgo = ["administration", "transfers_out", "debt_interest"];
    let of = |name: &'static str| items(sheet, move |item| item == name);
    let (start, end, debt_end) = (of("reserve_start"), of("reserve_end"), of("debt_end"));
    let (borrowing, repayment) = (of("borrowing"), of("repayment"));
    let received = items(sheet, |item| income.contains(&item));
    let spent = items(sheet, |item| outgo.contains(&item) || item.starts_with("benefit:"));
    for (key, end) in &end {
        let lent = at(&borrowing, key) - at(&repayment, key);
        let expected = at(&start, key) + at(&received, key) - at(&spent, key) + lent;
        let scale = at(&received, key).max(at(&spent, key)).max(at(&debt_end, key));
        identity.equal((*end, expected), scale, &named(key));
    }
    identity
}

fn carried(sheet: &Sheet) -> Identity {
    let mut identity = Identity::new(
        "reserve_is_carried_on",
        "reserve at the start of a year = reserve at the end of the year before",
        ROUNDING,
    );
    let start = items(sheet, |item| item == "reserve_start");
    let end = items(sheet, |item| item == "reserve_end");
    for (key, end) in &end {
        if let Some(next) = next_year(key).and_then(|next| start.get(&next)) {
            identity.equal((*next, *end), 0.0, &named(key));
        }
    }
    identity
}

/// Returns the names of the accounts that keep a reserve, in their order.
pub(super) fn with_reserve(sheet: &Sheet) -> BTreeSet<String> {
    let ends = items(sheet, |item| item == "reserve_end");
    ends.into_keys().map(|key| key[1].clone()).collect()
}
