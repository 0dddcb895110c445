use perennis_cohort::YearGrid;
use perennis_pensions::{GroupBasis, InsuredStock, Membership, SchemeBasis};

use super::cell::{Cell, address, mean};
use super::number::{Explanation, Why};

/// The scheme whose register a row names, and the group.
fn group<'a>(cell: &Cell<'a>) -> Option<(&'a SchemeBasis, &'a GroupBasis)> {
    let (register, name) = (cell.text("register"), cell.text("group"));
    let schemes = cell.model().pensions.iter().flat_map(|basis| &basis.schemes);
    let of_register = schemes.filter(|scheme| scheme.register == register);
    of_register
        .flat_map(|scheme| scheme.groups.iter().map(move |group| (scheme, group)))
        .find(|(_, group)| group.name == name)
}

fn stock<'a>(cell: &Cell<'a>) -> Option<&'a InsuredStock> {
    let (register, name) = (cell.text("register"), cell.text("group"));
    let stocks = cell.results().pensions.iter().flat_map(|pensions| &pensions.insured);
    stocks.into_iter().find(|stock| stock.register == register && stock.group == name)
}

/// Returns the paths that say how many are insured and how they move.
pub(crate) fn people(scheme: &str, group: &str) -> Vec<String> {
    let of = |what: &str| format!("schemes.{scheme}.{what}");
    vec![
        of(&format!("groups.{group}.employed")),
        of(&format!("groups.{group}.coverage")),
        of(&format!("groups.{group}.turnover")),
        of(&format!("groups.{group}.density")),
        of(&format!("groups.{group}.count")),
        of(&format!("groups.{group}.active")),
        of(&format!("groups.{group}.inactive")),
        of(&format!("groups.{group}.density_classes")),
        of(&format!("groups.{group}.growth")),
        of(&format!("groups.{group}.closed")),
        of("entry"),
        of("re_entry"),
    ]
}

fn reads(cell: &Cell<'_>) -> Vec<String> {
    let name = group(cell).map(|(scheme, _)| scheme.law.scheme.clone());
    people(&name.unwrap_or_else(|| cell.text("register").to_owned()), cell.text("group"))
}

/// Active insured.
pub(crate) fn active(cell: &Cell<'_>) -> Why {
    let formula = "employed of the group × share insured, at the start of the year, as far as persons are there to be \
                   insured; who is missing enters or returns, who is too many leaves to the inactive";
    let found = group(cell).zip(cell.results().labour.as_ref());
    let Some(((_, basis), labour)) = found else {
        return Why::carried(formula).reads(reads(cell));
    };
    let Membership::Coverage { employed: name, coverage } = &basis.membership else {
        let formula = "active of a year ago, a year older, who lived and stayed, plus who joined: by the growth of the \
                       group, or nobody in one that is closed";
        return Why::carried(formula)
            .behind(a_year_ago(cell, "active", |stock| &stock.active))
            .reads(reads(cell));
    };
    let (at, sex, age) = (cell.at(), cell.sex(), cell.age());
    let employed = labour.employed.iter().find(|one| one.name == *name);
    let persons = employed.map_or(0.0, |group| group.persons.get(at, sex, age));
    let last = coverage.years() - 1;
    let share_of = |at: usize| coverage.get(at.min(last), sex, age);
    let share = 0.5 * (share_of(at.saturating_sub(1)) + share_of(at));
    let row =
        address("employment", &[name, sex.as_str(), &age.to_string()], cell.year(), "employed");
    let employed = Explanation::of_row("employed of the group", persons, "persons", row);
    let coverage = Explanation::new("share insured", share, "share").given_by(
        "at the start of a year half of the shares of the years around it",
        [format!("schemes.{}.groups.{}.coverage", cell.text("register"), basis.name)],
    );
    let wanted = persons * share;
    // Rounding of the steps by which a cell is filled.
    if (wanted - cell.value()).abs() <= 1e-10 * wanted.abs() {
        return Why::product(formula).times(employed).times(coverage).reads(reads(cell));
    }
    let wanted = Explanation::new("employed × share insured", wanted, "persons")
        .why(Why::product("").times(employed).times(coverage));
    let rest = Explanation::new(
        "members of the files beyond it, or places for which nobody is there",
        cell.value() - wanted.value.unwrap_or(0.0),
        "persons",
    )
    .why(
        Why::carried("insured_flows.csv counts who enters, leaves and is missing")
            .reads(reads(cell)),
    );
    Why::sum(formula).plus(wanted).plus(rest)
}

/// Contributor-years paid before the start, or where they are found.
pub(crate) fn service(cell: &Cell<'_>) -> Why {
    let (scheme, item) = (cell.text("scheme").to_owned(), cell.text("item").to_owned());
    let of = |what: &str| format!("schemes.{scheme}.{what}");
    let bank = || vec![of("service_bank.paid"), of("service_bank.consumed")];
    let groups = || of("groups");
    match item.as_str() {
        "paid" => Why::carried("the sum over the years before the start").reads(bank()),
        "held_by_active" | "held_by_inactive" => {
            Why::carried("the credit of the insured at the start, in insured.csv").reads([groups()])
        }
        "dormant_records" => Why::carried(
            "credit of the inactive × share of dormant records / (1 - share), of each group",
        )
        .reads([groups()]),
        "unexplained" => {
            Why::carried("paid less all that is found").reads(bank().into_iter().chain([groups()]))
        }
        _ => Why::carried("as the file says").reads(bank()),
    }
}

/// A pensionable age that follows life expectancy.
pub(crate) fn followed_age(cell: &Cell<'_>) -> Why {
    let scheme = cell.text("scheme");
    Why::carried(
        "the age of the year before, moved in whole steps towards 12 × share × (life expectancy - that of the reference) \
         months above the last row",
    )
    .reads([format!("schemes.{scheme}.pensionable_age"), "population.mortality".to_owned()])
}

/// Life expectancy that a pensionable age follows.
pub(crate) fn life_followed(cell: &Cell<'_>) -> Why {
    let published = format!("schemes.{}.pensionable_age.after", cell.text("scheme"));
    Why::carried("published, or the mean of men and women by the life tables of the population")
        .reads([published, "population.mortality".to_owned()])
}

/// Inactive insured with rights.
pub(crate) fn inactive(cell: &Cell<'_>) -> Why {
    Why::carried(
        "inactive of a year ago, a year older, who lived, less who returned, retired or took a grant, plus who left \
         active insurance",
    )
    .behind(a_year_ago(cell, "inactive", |stock| &stock.inactive))
    .reads(reads(cell))
}

/// The cell from which members came, a year ago.
fn a_year_ago(
    cell: &Cell<'_>,
    column: &str,
    grid: fn(&InsuredStock) -> &YearGrid,
) -> Option<Explanation> {
    let (at, age) = (cell.at().checked_sub(1)?, cell.age().checked_sub(1)?);
    let keys = [cell.text("register"), cell.text("group")];
    let label = ("the same persons a year ago", "persons");
    let found = cell.ground.of_grid(
        (grid(stock(cell)?), at),
        (cell.sex(), age),
        ("insured", &keys, column),
        label,
    );
    Some(found.closed())
}

/// Credits of the active insured.
pub(crate) fn active_credit(cell: &Cell<'_>) -> Why {
    credit(cell, "active")
}

/// Credits of the inactive insured.
pub(crate) fn inactive_credit(cell: &Cell<'_>) -> Why {
    credit(cell, "inactive")
}

fn credit(cell: &Cell<'_>, column: &str) -> Why {
    let persons = cell.beside(column, "persons");
    let each = (cell.value(), persons.value.unwrap_or(0.0));
    let each = mean("mean credit", "years", each).why(
        Why::carried(
            "months paid so far, from past service at the start and the months of each year since",
        )
        .reads(reads(cell)),
    );
    Why::product("persons × mean credit").times(persons).times(each)
}

/// Gross flows.
pub(crate) fn flow(cell: &Cell<'_>) -> Why {
    let formula = match cell.text("flow") {
        "first_entries" => {
            "places not filled by who stays or returns, taken by persons without credit"
        }
        "re_entries" => {
            "share of re-entries among those who join, at most the inactive who are there"
        }
        "re_entries_for_want" => {
            "those who return beyond that share, as nobody without credit is left to enter"
        }
        "turnover" => "active who neither die nor retire × share who leave to the inactive",
        "net_withdrawals" => "active above the employed × share insured, who leave to the inactive",
        "retirements_from_active" | "retirements_from_inactive" => {
            "those who may claim × share who do, by whole years from their own pensionable age"
        }
        "withdrawals" => "inactive entitled to a withdrawal × share who take it",
        "invalidity_from_active" | "invalidity_from_inactive" => {
            "insured with the credit for the benefit × incidence up to the pensionable age"
        }
        "recovered_to_active" | "recovered_to_inactive" => {
            "invalids × rate of recovery by years since the award × share who are active again, or not"
        }
        "deaths_active" | "deaths_inactive" => "insured at the start × share who die in the year",
        "unfilled" => "employed × share insured, less the active who are there",
        "held_at_top" => "credit beyond the longest that is counted",
        "unawarded" => "claims to which the law gives nothing",
        _ => "counted while the insured are carried through the year",
    };
    let scheme = group(cell).map(|(scheme, _)| scheme.law.scheme.clone());
    let scheme = scheme.unwrap_or_else(|| cell.text("register").to_owned());
    let more = ["claiming", "withdrawal_rate", "invalidity"]
        .map(|what| format!("schemes.{scheme}.{what}"));
    Why::carried(formula)
        .reads(people(&scheme, cell.text("group")))
        .reads(more)
        .reads(["population.mortality"])
}

/// One class of a group, all ages: persons, credits, months, earnings and claims.
pub(crate) fn of_class(cell: &Cell<'_>) -> Why {
    let scheme = group(cell).map(|(scheme, _)| scheme.law.scheme.clone());
    let scheme = scheme.unwrap_or_else(|| cell.text("register").to_owned());
    let path = format!("schemes.{scheme}.groups.{}", cell.text("group"));
    let reads = || {
        let classes = ["density_classes", "wage_classes", "wage_classes_by_spread", "earnings"];
        classes.map(|table| format!("{path}.{table}")).into_iter().chain(reads(cell))
    };
    let of = |persons: &str, label: &str, unit: String| {
        let persons = cell.beside(persons, "persons").closed();
        let each = mean(label, unit, (cell.value(), persons.value.unwrap_or(0.0)));
        let each = each.why(Why::carried("mean over the members of the class").reads(reads()));
        Why::product("persons × mean").times(persons).times(each)
    };
    match cell.column.name {
        "active_credit_years" => of("active", "mean credit", cell.unit()),
        "inactive_credit_years" => of("inactive", "mean credit", cell.unit()),
        "insured_earnings" => {
            let months = cell.beside("months_paid", "months paid").closed();
            let each = mean(
                "mean insured earnings of a month",
                cell.unit(),
                (cell.value(), months.value.unwrap_or(0.0)),
            );
            let each = each.why(
                Why::carried("wages of the class, within the limits of the law").reads(reads()),
            );
            Why::product("months paid × mean insured earnings of a month").times(months).times(each)
        }
        "months_paid" => {
            Why::carried("months of the members of the class in the year").reads(reads())
        }
        "retirements" | "pension_awards" => {
            let claiming = format!("schemes.{scheme}.claiming");
            Why::carried("members of the class who may claim × share who do")
                .reads(reads())
                .reads([claiming])
        }
        _ => Why::carried("members of the class; a person stays in it for life").reads(reads()),
    }
}
