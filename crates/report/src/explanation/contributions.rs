use perennis_benefits::GroupContribution;
use perennis_pensions::{Contribution, Contributors, InsuredStock};

use super::cell::{Cell, address, mean};
use super::insured::people;
use super::number::{Explanation, How, Why, total};

fn earnings(scheme: &str, group: &str) -> Vec<String> {
    vec![format!("schemes.{scheme}.groups.{group}.earnings"), "economy.wages".to_owned()]
}

fn stock<'a>(cell: &Cell<'a>) -> Option<&'a InsuredStock> {
    let schemes = cell.model().pensions.iter().flat_map(|basis| &basis.schemes);
    let mut of_name = schemes.filter(|scheme| scheme.law.scheme == cell.text("scheme"));
    let register = &of_name.next()?.register;
    let stocks = &cell.results().pensions.as_ref()?.insured;
    stocks.iter().find(|one| one.register == *register && one.group == cell.text("group"))
}

/// Mean of the year of the active insured of a cell.
fn insured(cell: &Cell<'_>) -> Option<Explanation> {
    let stock = stock(cell)?;
    let keys = [stock.register.as_str(), stock.group.as_str()];
    let at = |at: usize, label: &str| {
        cell.ground.of_grid(
            (&stock.active, at),
            (cell.sex(), cell.age()),
            ("insured", &keys, "active"),
            (label, "persons"),
        )
    };
    let ends = [at(cell.at(), "at the start of the year"), at(cell.at() + 1, "at its end")];
    Some(cell.ground.mean_of("active insured, mean of the year", "persons", ends))
}

/// Contributors, mean of the year.
pub(crate) fn contributors(cell: &Cell<'_>) -> Why {
    of_insured(
        cell,
        "active insured, mean of the year × share of the year paid, where the count is of any payment",
    )
}

/// Persons who paid at least once.
pub(crate) fn contributors_any(cell: &Cell<'_>) -> Why {
    of_insured(cell, "active insured, mean of the year")
}

fn of_insured(cell: &Cell<'_>, formula: &str) -> Why {
    let reads = people(cell.text("scheme"), cell.text("group"));
    let Some(insured) = insured(cell) else { return Why::carried(formula).reads(reads) };
    let of = (cell.value(), insured.value.unwrap_or(0.0));
    let why = Why::product(formula).reads(reads.clone());
    // A count of persons insured at a date needs no density.
    if (of.0 - of.1).abs() <= 1e-12 * of.1 {
        return why.times(insured);
    }
    why.times(insured).times(mean("share of the year paid", "share", of).given_by("density", reads))
}

/// Months paid.
pub(crate) fn months_paid(cell: &Cell<'_>) -> Why {
    let persons = cell.beside("contributors_any", "persons who paid in the year");
    let each = mean("mean months paid", "months", (cell.value(), persons.value.unwrap_or(0.0)));
    let each = each.given_by(
        "twelve months × density; who retires pays until the month of the claim",
        people(cell.text("scheme"), cell.text("group")),
    );
    Why::product("persons × mean months paid").times(persons).times(each)
}

/// Insured earnings.
pub(crate) fn insured_earnings(cell: &Cell<'_>) -> Why {
    let months = cell.beside("months_paid", "months paid");
    let years = months.value.unwrap_or(0.0) / 12.0;
    let twelve = Explanation::new("months of a year", 12.0, "months");
    let years_paid = Explanation::new("years paid", years, "years")
        .why(Why::product("").times(months).over(twelve));
    let (scheme, group) = (cell.text("scheme"), cell.text("group"));
    let each =
        mean("mean insured earnings of a year of work", cell.currency(), (cell.value(), years));
    let law = cell.ground.inputs.law(scheme, &["contributions".to_owned()]);
    let each = each.why(
        Why::new(
            How::Input,
            "wages of the age × growth of wages since their year, between the floor and the ceiling of the law",
        )
        .reads(earnings(scheme, group))
        .reads(law),
    );
    Why::product("months paid / 12 × mean insured earnings").times(years_paid).times(each)
}

fn all<'a>(cell: &Cell<'a>) -> Vec<&'a Contribution> {
    let results = cell.results();
    let schemes = results.pensions.iter().flat_map(|pensions| &pensions.contributions);
    let branches = results.benefits.iter().flat_map(|benefits| &benefits.contributions);
    let of_row = |one: &&Contribution| {
        one.year == cell.year()
            && one.scheme == cell.text("scheme")
            && Some(one.payer) == cell.payer()
            && [one.account.as_str(), ""].contains(&cell.text("account"))
    };
    schemes.chain(branches).filter(of_row).collect()
}

/// Due to all accounts.
pub(crate) fn due_of_scheme(cell: &Cell<'_>) -> Why {
    by_account(cell, "due", |one| one.due)
}

/// Collected by all accounts.
pub(crate) fn collected_of_scheme(cell: &Cell<'_>) -> Why {
    by_account(cell, "collected", |one| one.collected)
}

fn by_account(cell: &Cell<'_>, column: &str, amount: fn(&Contribution) -> f64) -> Why {
    let of_account = |one: &Contribution| {
        let keys = [one.scheme.as_str(), one.account.as_str(), one.payer.as_str()];
        let row = address("contributions_by_account", &keys, one.year, column);
        Explanation::of_row(format!("to {}", one.account), amount(one), cell.currency(), row)
    };
    let mut accounts: Vec<Explanation> = Vec::new();
    for one in all(cell).into_iter().map(of_account) {
        match accounts.iter_mut().find(|known| known.row == one.row) {
            Some(known) => known.value = known.value.zip(one.value).map(|(a, b)| a + b),
            None => accounts.push(one),
        }
    }
    Why::sum("Σ over the accounts that receive them").plus_all(accounts)
}

/// What of a branch of health insurance a row is made of, by group of the insured.
fn groups<'a>(cell: &Cell<'a>) -> Vec<&'a GroupContribution> {
    let groups = cell.results().benefits.iter().flat_map(|benefits| &benefits.group_contributions);
    let of_row = |one: &&GroupContribution| {
        one.year == cell.year()
            && one.scheme == cell.text("scheme")
            && Some(one.payer) == cell.payer()
    };
    groups.filter(of_row).collect()
}

/// Paths of the rates of a row: of a contribution of a scheme, or of the groups of a branch.
fn rates(cell: &Cell<'_>) -> Vec<String> {
    let (scheme, account) = (cell.text("scheme"), cell.text("account"));
    let payer = cell.text("payer");
    let groups = groups(cell);
    if !groups.is_empty() {
        let rate = |one: &&GroupContribution| {
            format!("health.{scheme}.groups.{}.rates.{payer}", one.group)
        };
        return groups.iter().map(rate).collect();
    }
    let schemes = cell.model().pensions.iter().flat_map(|basis| &basis.schemes);
    let law = schemes.filter(|one| one.law.scheme == scheme).flat_map(|one| &one.law.contributions);
    let names = law.filter(|law| law.account == account).map(|law| law.name.clone());
    let paths = names.flat_map(|name| {
        let of = |what: &str| format!("schemes.{scheme}.contributions.{name}.{what}");
        [of(&format!("rates.{payer}")), of("stepping")]
    });
    paths.collect()
}

/// Rate of a payer.
pub(crate) fn rate(cell: &Cell<'_>) -> Why {
    if groups(cell).is_empty() {
        return Why::new(How::Input, "rate of the law, mean of the months of the year")
            .reads(rates(cell));
    }
    let due = cell.beside("due", "due");
    let base: f64 = groups(cell).iter().map(|one| one.base).sum();
    if base.abs() <= 0.0 {
        return Why::new(How::Input, "zero: nothing is assessed").reads(rates(cell));
    }
    let base = Explanation::new(
        "what contributions of these groups are assessed on",
        base,
        cell.currency(),
    );
    Why::product("due over the base of the groups for which the payer pays")
        .times(due)
        .over(base)
        .reads(rates(cell))
}

/// Due under the law.
pub(crate) fn due(cell: &Cell<'_>) -> Why {
    let groups = groups(cell);
    if !groups.is_empty() {
        let of_group = |one: &&GroupContribution| {
            let base = Explanation::new("base", one.base, cell.currency()).given_by(
                "earnings, pensions or amounts of law of the insured of the group",
                [format!("health.{}.groups.{}", one.scheme, one.group)],
            );
            let rate = Explanation::new("rate", one.rate, "share of the base").given_by(
                "rate of the law, mean of the months of the year",
                [format!("health.{}.groups.{}.rates", one.scheme, one.group)],
            );
            Explanation::new(one.group.clone(), one.due, cell.currency())
                .why(Why::product("").times(base).times(rate))
        };
        return Why::sum("Σ groups rate × base").plus_all(groups.iter().map(of_group));
    }
    let parts: Vec<Explanation> = all(cell).into_iter().map(|one| of_rate(cell, one)).collect();
    match <[Explanation; 1]>::try_from(parts) {
        Ok([one]) => {
            let why = Why::product("rate × insured earnings");
            one.parts.into_iter().fold(why, |why, part| why.times(part.number))
        }
        Err(parts) => {
            Why::sum("Σ contributions of the law, rate × insured earnings").plus_all(parts)
        }
    }
}

/// One contribution of a scheme: its rate times the insured earnings.
fn of_rate(cell: &Cell<'_>, one: &Contribution) -> Explanation {
    let rate = Explanation::new("rate", one.rate, "share of insured earnings")
        .given_by("rate of the law, mean of the months of the year", rates(cell));
    let assessed = if 0.0 < one.rate { one.due / one.rate } else { 0.0 };
    let of_group = |group: &Contributors| {
        cell.ground.of_whole_grid(
            (&group.insured_earnings, cell.at()),
            None,
            ("contributors", &[&group.scheme, &group.group], "insured_earnings"),
            (&group.group, "currency"),
        )
    };
    let groups = cell.results().pensions.iter().flat_map(|pensions| &pensions.contributors);
    let of_scheme = groups.filter(|group| group.scheme == one.scheme).map(of_group);
    let whole = total("insured earnings", cell.currency(), of_scheme.collect());
    let sum = whole.value.unwrap_or(0.0);
    let base = if (sum - assessed).abs() <= 1e-12 * assessed.abs() {
        whole
    } else {
        let law = cell.ground.inputs.law(&one.scheme, &["contributions".to_owned()]);
        let groups = format!("schemes.{}.groups", one.scheme);
        Explanation::new(
            "insured earnings of the groups of this contribution",
            assessed,
            cell.currency(),
        )
        .given_by("wages between its floor and its ceiling", law)
        .why(Why::carried("wages between its floor and its ceiling").reads([groups]))
    };
    Explanation::new("due", one.due, cell.currency()).why(Why::product("").times(rate).times(base))
}

/// Collected in the year.
pub(crate) fn collected(cell: &Cell<'_>) -> Why {
    let due = cell.beside("due", "due");
    let scheme = cell.text("scheme");
    let share = mean("collected over due", "share", (cell.value(), due.value.unwrap_or(0.0)));
    let share = share.given_by(
        "compliance, with the calibration of the account where the files give one",
        [
            format!("schemes.{scheme}.compliance"),
            format!("schemes.{scheme}.calibration"),
            format!("health.{scheme}.groups"),
        ],
    );
    Why::product("due × share collected").times(due).times(share)
}
