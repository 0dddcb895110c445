use perennis_cohort::YearGrid;
use perennis_pensions::{Beneficiaries, Loading};

use super::cell::{Cell, mean};
use super::number::{Explanation, Why};

fn benefit<'a>(cell: &Cell<'a>) -> Option<&'a Beneficiaries> {
    named(cell, cell.text("benefit"))
}

fn named<'a>(cell: &Cell<'a>, name: &str) -> Option<&'a Beneficiaries> {
    let all = cell.results().pensions.iter().flat_map(|pensions| &pensions.beneficiaries);
    all.into_iter().find(|one| one.scheme == cell.text("scheme") && one.benefit == name)
}

/// The loading that a row is about, where it is no benefit of persons.
fn loading<'a>(cell: &Cell<'a>) -> Option<&'a Loading> {
    let schemes = cell.model().pensions.iter().flat_map(|basis| &basis.schemes);
    let scheme = schemes.into_iter().find(|one| one.law.scheme == cell.text("scheme"))?;
    scheme.loadings.iter().find(|loading| loading.name == cell.text("benefit"))
}

/// Paths of the law of the benefit: itself and all that it names.
fn law(cell: &Cell<'_>) -> Vec<String> {
    let name = cell.text("benefit");
    let parts = ["benefits", "cumulation"].map(|table| format!("{table}.{name}"));
    cell.ground.inputs.law(cell.text("scheme"), &parts)
}

fn of_scheme<const N: usize>(cell: &Cell<'_>, what: [&str; N]) -> [String; N] {
    what.map(|what| format!("schemes.{}.{what}", cell.text("scheme")))
}

/// Paths of what the people of the scheme do.
fn behaviour(cell: &Cell<'_>) -> Vec<String> {
    let start = format!("pensioners.{}", cell.text("benefit"));
    let paths = of_scheme(cell, ["claiming", "withdrawal_rate", &start]);
    paths.into_iter().chain(["population.mortality".to_owned()]).collect()
}

/// The same persons a year ago: a year younger, in the table of the year before.
fn a_year_ago(
    cell: &Cell<'_>,
    column: &str,
    grid: fn(&Beneficiaries) -> &YearGrid,
) -> Option<Explanation> {
    let (at, age) = (cell.at().checked_sub(1)?, cell.age().checked_sub(1)?);
    let one = benefit(cell)?;
    let keys = [one.scheme.as_str(), one.benefit.as_str()];
    let unit = cell.table.column(column).map_or("", |column| column.unit);
    let label = ("the same persons a year ago", unit);
    let place = ("beneficiaries", &keys[..], column);
    Some(cell.ground.of_grid((grid(one), at), (cell.sex(), age), place, label).closed())
}

fn lives(cell: &Cell<'_>) -> Option<Explanation> {
    let age = cell.age().checked_sub(1)?;
    let at = cell.at().checked_sub(1)?;
    let share = cell.results().population.survival(at, cell.sex(), age);
    let label = "share of the population of their age who lived";
    Some(Explanation::new(label, share, "share").given_by("life table", ["population.mortality"]))
}

/// Persons in payment.
pub(crate) fn beneficiaries(cell: &Cell<'_>) -> Why {
    let periodic = benefit(cell).is_none_or(|one| one.periodic);
    let why = if periodic {
        Why::carried(
            "person-years: those in payment at the start, half at their age then and half, as far as they live, at \
             the next, plus the awards of the year from the day they begin",
        )
    } else {
        Why::carried("persons to whom it is paid in the year")
    };
    why.behind(a_year_ago(cell, "beneficiaries", |one| &one.beneficiaries))
        .behind([cell.beside("new_awards", "awards of the year").closed()])
        .behind(lives(cell))
        .reads(law(cell))
        .reads(behaviour(cell))
}

/// Awards of the year.
pub(crate) fn new_awards(cell: &Cell<'_>) -> Why {
    let formula = "insured who meet the conditions of the law × share who claim, by whole years from their own \
                   pensionable age, on the days of the year on which they meet them";
    Why::carried(formula).reads(law(cell)).reads(behaviour(cell)).reads(of_scheme(cell, ["groups"]))
}

/// Ends of the year.
pub(crate) fn terminations(cell: &Cell<'_>) -> Why {
    Why::carried("those in payment at the start × share who die in the year")
        .behind([cell.beside("beneficiaries", "person-years in payment").closed()])
        .reads(["population.mortality"])
        .reads(behaviour(cell))
}

/// Amounts at award.
pub(crate) fn new_award_amount(cell: &Cell<'_>) -> Why {
    let persons = cell.beside("new_awards", "awards of the year").closed();
    let each = mean(
        "mean yearly amount at award",
        cell.unit(),
        (cell.value(), persons.value.unwrap_or(0.0)),
    );
    let each = each.why(
        Why::carried("the steps of the benefit, in their order, over the credits and earnings of those who claim")
            .reads(law(cell))
            .reads(of_scheme(cell, ["groups"]))
            .reads(["economy.wages", "economy.prices"]),
    );
    Why::product("persons × mean amount at award").times(persons).times(each)
}

/// Paid in the year.
pub(crate) fn amount(cell: &Cell<'_>) -> Why {
    if let Some(loading) = loading(cell) {
        return of_loading(cell, loading);
    }
    let persons = cell.beside("beneficiaries", "person-years in payment").closed();
    let each = (cell.value(), persons.value.unwrap_or(0.0));
    let each = mean("mean amount drawn a year", cell.currency(), each).why(
        Why::carried(
            "amount at award by the steps of the benefit, then indexed in payment; the calibration of the benefit, \
             where the files give one, is in it",
        )
        .reads(law(cell))
        .reads(of_scheme(cell, ["groups", "calibration", &format!("pensioners.{}", cell.text("benefit"))]))
        .reads(["economy.wages", "economy.prices"]),
    );
    Why::product("persons × mean amount").times(persons).times(each)
}

/// A benefit that is a share of the expenditure on another.
fn of_loading(cell: &Cell<'_>, loading: &Loading) -> Why {
    let path = format!("loadings.{}", loading.name);
    let reads = of_scheme(cell, [&path, "calibration"]);
    let formula = "expenditure on another benefit × share";
    let Some(of) = named(cell, &loading.of) else { return Why::carried(formula).reads(reads) };
    let keys = [of.scheme.as_str(), of.benefit.as_str()];
    let other = cell.ground.of_grid(
        (&of.amount, cell.at()),
        (cell.sex(), cell.age()),
        ("beneficiaries", &keys, "amount"),
        (&format!("expenditure on {}", of.benefit), "currency"),
    );
    let share = loading.share.at(cell.year()).get();
    let why = Why::product(formula).reads(reads.clone());
    let product = other.value.unwrap_or(0.0) * share;
    let share = Explanation::new("share", share, "share").given_by("as assumed", reads.clone());
    let why = why.times(other).times(share);
    // A calibration of the loading itself is a factor of its own.
    if (product - cell.value()).abs() <= 1e-12 * product.abs() {
        return why;
    }
    let factor = mean("calibration", "factor", (cell.value(), product));
    why.times(factor.given_by("as assumed, with its run-off", reads))
}
