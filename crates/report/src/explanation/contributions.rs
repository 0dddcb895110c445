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

/// Returns the amount of a contribution that stands in a column.
fn amount(one: &Contribution, column: &str) -> f64 {
    match column {
        "due" => one.due,
        "collected" => one.collected,
        "undeclared" => one.undeclared,
        "collected_current" => one.collected_current,
        "collected_late" => one.collected_late,
        "interest_on_late" => one.interest_on_late,
        "written_off" => one.written_off,
        "arrears_start" => one.arrears_start,
        _ => one.arrears_end,
    }
}

/// A column of a scheme: the same column of all accounts.
pub(crate) fn of_scheme(cell: &Cell<'_>) -> Why {
    let column = cell.column.name;
    let of_account = |one: &Contribution| {
        let keys = [one.scheme.as_str(), one.account.as_str(), one.payer.as_str()];
        let row = address("contributions_by_account", &keys, one.year, column);
        Explanation::of_row(
            format!("to {}", one.account),
            amount(one, column),
            cell.currency(),
            row,
        )
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

/// What says how much of what is due is declared and paid.
fn behaviour(cell: &Cell<'_>) -> [String; 4] {
    let scheme = cell.text("scheme");
    [
        format!("schemes.{scheme}.compliance"),
        format!("schemes.{scheme}.collection"),
        format!("schemes.{scheme}.calibration"),
        format!("health.{scheme}.groups"),
    ]
}

/// Received in the year.
pub(crate) fn collected(cell: &Cell<'_>) -> Why {
    let formula =
        "of the year + of earlier years + interest on these, with the calibration of the account";
    let parts = vec![
        cell.beside("collected_current", "of what is due of the year"),
        cell.beside("collected_late", "of what was due in earlier years"),
        cell.beside("interest_on_late", "interest on it"),
    ];
    let received = total("received before calibration", cell.currency(), parts);
    let sum = received.value.unwrap_or(0.0);
    if (sum - cell.value()).abs() <= 1e-12 * sum.abs() {
        let parts = received.parts.into_iter().map(|part| part.number);
        return Why::sum(formula).plus_all(parts).reads(behaviour(cell));
    }
    let factor = mean("calibration", "factor", (cell.value(), sum));
    let factor = factor.given_by("as assumed, with its run-off", behaviour(cell));
    Why::product(formula).times(received).times(factor)
}

/// A part of what is due of the year: not declared, or collected in it.
pub(crate) fn of_due(cell: &Cell<'_>) -> Why {
    let due = cell.beside("due", "due");
    let share = mean("share of it", "share", (cell.value(), due.value.unwrap_or(0.0)));
    let formula = match cell.column.name {
        "undeclared" => "due × share of wages that is not declared",
        _ => "due × share that is declared and paid in the year",
    };
    let share = share.given_by("compliance and collection", behaviour(cell));
    Why::product(formula).times(due).times(share)
}

/// What becomes of what was owed.
pub(crate) fn of_arrears(cell: &Cell<'_>) -> Why {
    let formula = match cell.column.name {
        "collected_late" => "share of the arrears that is collected in the year",
        "interest_on_late" => "interest on what is collected late, for the time it was owed",
        _ => "share of what is owed that is given up",
    };
    Why::carried(formula)
        .behind([cell.beside("arrears_start", "owed at the start").closed()])
        .reads(behaviour(cell))
}

/// Owed at the start of the year.
pub(crate) fn arrears_start(cell: &Cell<'_>) -> Why {
    Why::carried("owed at the end of the year before; in the first year what the files say")
        .reads(behaviour(cell))
}

/// Owed at the end of the year.
pub(crate) fn arrears_end(cell: &Cell<'_>) -> Why {
    Why::sum("owed at the start + due − not declared − collected − written off")
        .plus(cell.beside("arrears_start", "owed at the start").closed())
        .plus(cell.beside("due", "due").closed())
        .minus(cell.beside("undeclared", "not declared").closed())
        .minus(cell.beside("collected_current", "collected of the year").closed())
        .minus(cell.beside("collected_late", "collected of earlier years").closed())
        .minus(cell.beside("written_off", "written off").closed())
        .reads(behaviour(cell))
}
