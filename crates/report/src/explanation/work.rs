use perennis_cohort::YearGrid;
use perennis_labour::{Economy, WageGrowth};
use perennis_units::Sex;

use super::cell::Cell;
use super::number::{Explanation, Why};

/// Rate at the start of a year: half of the rates of the years around it; at the ends those of the nearest year.
fn at_start(rates: &YearGrid, at: usize, (sex, age): (Sex, usize)) -> f64 {
    let last = rates.years() - 1;
    let of = |at: usize| rates.get(at.min(last), sex, age);
    0.5 * (of(at.saturating_sub(1)) + of(at))
}

fn rate(label: &str, value: f64, reads: &[&str]) -> Explanation {
    Explanation::new(label, value, "share")
        .given_by("at the start of a year half of the rates of the years around it", reads.to_vec())
}

/// Population of the cell at the start of the year.
fn persons(cell: &Cell<'_>) -> Explanation {
    let (sex, age, year) = (cell.sex(), cell.age(), cell.year());
    let value = cell.results().population.persons.get(cell.at(), sex, age);
    let row = format!("population/{}/{age}/{year}", sex.as_str());
    Explanation::of_row("population at the start of the year", value, "persons", row)
}

/// Labour force.
pub(crate) fn labour_force(cell: &Cell<'_>) -> Why {
    let why = Why::product("population × participation").times(persons(cell));
    let Some(basis) = &cell.model().labour else { return why };
    let share = at_start(&basis.participation, cell.at(), (cell.sex(), cell.age()));
    why.times(rate("participation", share, &["labour.participation"]))
}

/// Unemployed.
pub(crate) fn unemployed(cell: &Cell<'_>) -> Why {
    let why = Why::product("labour force × unemployment")
        .times(cell.beside("labour_force", "labour force"));
    let Some(basis) = &cell.model().labour else { return why };
    let share = at_start(&basis.unemployment, cell.at(), (cell.sex(), cell.age()));
    why.times(rate("unemployed among the labour force", share, &["labour.unemployment"]))
}

/// Employed of a group.
pub(crate) fn employed(cell: &Cell<'_>) -> Why {
    let why = Why::product("(labour force − unemployed) × share of the group");
    let (Some(basis), Some(labour)) = (&cell.model().labour, &cell.results().labour) else {
        return why;
    };
    let (at, sex, age) = (cell.at(), cell.sex(), cell.age());
    let cell_of = |grid: &YearGrid, column: &str, label: &str| {
        cell.ground.of_grid((grid, at), (sex, age), ("labour", &[], column), (label, "persons"))
    };
    let force = cell_of(&labour.labour_force, "labour_force", "labour force");
    let idle = cell_of(&labour.unemployed, "unemployed", "unemployed");
    let working = force.value.unwrap_or(0.0) - idle.value.unwrap_or(0.0);
    let working = Explanation::new("employed of all groups", working, "persons")
        .why(Why::sum("").plus(force).minus(idle));
    let name = cell.text("group");
    let share = basis.groups.iter().find(|group| group.name == name);
    let share = share.map_or(0.0, |group| at_start(&group.share, at, (sex, age)));
    let path = format!("labour.groups.{name}");
    why.times(working).times(rate("share of the group", share, &[&path]))
}

/// Returns the paths of the economy, which every run with work has.
fn economy<'a>(cell: &Cell<'a>) -> Option<&'a Economy> {
    cell.results().labour.as_ref().map(|labour| &labour.economy)
}

/// A number of the economy in the year before, with its row.
fn before(cell: &Cell<'_>, column: &str, (label, unit): (&str, &str), value: f64) -> Explanation {
    let year = cell.year().plus(-1);
    let row = format!("economy/{year}/{column}");
    Explanation::of_row(label, value, cell.ground.unit(unit), row)
}

fn factor(label: &str, value: f64, read: &str) -> Explanation {
    Explanation::new(label, value, "factor").given_by("1 + growth of the year", [read])
}

/// Gross domestic product.
pub(crate) fn gdp(cell: &Cell<'_>) -> Why {
    let formula = "output of the year before × growth of employment × (1 + productivity) × (1 + prices); \
                   before the year of the account the same backwards";
    let (Some(labour), Some(basis)) = (&cell.results().labour, &cell.model().labour) else {
        return Why::carried(formula);
    };
    let (at, economy) = (cell.at(), &labour.economy);
    if cell.year() == basis.economy.gdp_year {
        return Why::new(super::How::Input, "output of the national accounts")
            .reads(["economy.gdp"]);
    }
    let employed = |at: usize| labour.employed_mean(at).sum();
    let (near, forward) =
        if basis.economy.gdp_year < cell.year() { (at - 1, true) } else { (at + 1, false) };
    let later = if forward { at } else { near };
    let known = Explanation::of_row(
        "output of the year beside it",
        economy.gdp[near],
        cell.currency(),
        format!("economy/{}/gdp", cell.ground.year_at(near)),
    );
    let growth = employed(later) / employed(later - 1);
    let employment = Explanation::new("growth of employment", growth, "factor").why(
        Why::product("employed of the year over those of the year before, means of the year")
            .times(Explanation::new("employed", employed(later), "persons"))
            .over(Explanation::new("employed a year before", employed(later - 1), "persons"))
            .reads(["labour.participation", "labour.unemployment"]),
    );
    let productivity =
        factor("productivity", 1.0 + economy.productivity_growth[later], "economy.productivity");
    let prices = factor("prices", 1.0 + economy.price_growth[later], "economy.prices");
    let why = Why::product(formula).times(known);
    if forward {
        why.times(employment).times(productivity).times(prices)
    } else {
        why.over(employment).over(productivity).over(prices)
    }
}

/// Expenditure of general government.
pub(crate) fn government_expenditure(cell: &Cell<'_>) -> Why {
    let basis = cell.model().labour.as_ref();
    let share = basis.and_then(|basis| basis.economy.government_expenditure.as_ref());
    let share = share.map_or(0.0, |share| share.at(cell.year()).get());
    Why::product("output × share of general government").times(cell.beside("gdp", "output")).times(
        Explanation::new("share of general government", share, "share")
            .given_by("as assumed", ["economy.government_expenditure"]),
    )
}

/// Consumer prices.
pub(crate) fn price_index(cell: &Cell<'_>) -> Why {
    index(cell, "price_index", cell.beside("price_growth", "growth of prices"))
}

/// Wages of a fixed composition.
pub(crate) fn wage_index(cell: &Cell<'_>) -> Why {
    index(cell, "wage_index", cell.beside("wage_growth", "growth of wages"))
}

fn index(cell: &Cell<'_>, column: &str, growth: Explanation) -> Why {
    let of = economy(cell).map(|economy| match column {
        "price_index" => &economy.price_index,
        _ => &economy.wage_index,
    });
    let last = cell.at().checked_sub(1).and_then(|at| of.and_then(|path| path.get(at)));
    let Some(last) = last else {
        return Why::new(super::How::Input, "one in the first year of the run")
            .reads(["start", "economy"]);
    };
    let value = 1.0 + growth.value.unwrap_or(0.0);
    let one = Explanation::new("one", 1.0, "factor");
    let grown =
        Explanation::new("1 + growth", value, "factor").why(Why::sum("").plus(one).plus(growth));
    Why::product("index of the year before × (1 + growth of the year)")
        .times(before(cell, column, ("index of the year before", "first year = 1"), *last))
        .times(grown)
}

/// Growth of prices.
pub(crate) fn price_growth(_cell: &Cell<'_>) -> Why {
    Why::new(
        super::How::Input,
        "growth of consumer prices, mean of the year over that of the year before",
    )
    .reads(["economy.prices"])
}

/// Growth of wages.
pub(crate) fn wage_growth(cell: &Cell<'_>) -> Why {
    let real = cell.model().labour.as_ref().and_then(|basis| match &basis.economy.wages {
        WageGrowth::Real(growth) => Some(growth.at(cell.year()).factor()),
        WageGrowth::Nominal(_) => None,
    });
    let Some(real) = real else {
        return Why::new(super::How::Input, "growth of wages, current prices")
            .reads(["economy.wages"]);
    };
    let prices = economy(cell).map_or(1.0, |economy| 1.0 + economy.price_growth[cell.at()]);
    let both = Explanation::new("(1 + real growth)(1 + prices)", real * prices, "factor").why(
        Why::product("")
            .times(factor("growth of wages above prices", real, "economy.wages"))
            .times(factor("prices", prices, "economy.prices")),
    );
    Why::sum("(1 + real growth)(1 + growth of prices) − 1")
        .plus(both)
        .minus(Explanation::new("one", 1.0, "factor"))
}

/// Interest.
pub(crate) fn interest(_cell: &Cell<'_>) -> Why {
    Why::new(super::How::Input, "nominal interest on reserves").reads(["economy.interest"])
}
