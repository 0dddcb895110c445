use perennis_pensions::{Beneficiaries, LawIndicator};
use perennis_units::Year;

use super::accounts::outgo;
use super::cell::{Cell, address};
use super::number::{Explanation, Why, total};

/// What the law reads: what is published, or the figures of the projection at the level of what is published.
pub(crate) fn value(cell: &Cell<'_>) -> Why {
    let path = path(cell);
    if cell.text("published") == "yes" {
        return Why::carried("as it was published").reads([format!("{path}.published")]);
    }
    let projected = cell.number("projected");
    let scale = if projected.abs() > 0.0 { cell.value() / projected } else { 1.0 };
    let scale = Explanation::new("to the level of the last year published", scale, "factor")
        .given_by("1 unless the law says `scaled`", [path]);
    Why::product("the figure of the projection × the factor")
        .times(cell.beside("projected", "figure of the projection"))
        .times(scale)
}

/// The figures of the projection.
pub(crate) fn projected(cell: &Cell<'_>) -> Why {
    match quotient(cell) {
        Some((above, below)) => {
            Why::product("the figures of the year, so many years before as the indicator lags")
                .times(above)
                .over(below)
        }
        None => Why::carried("no figures: the run does not find the year of these figures")
            .reads([path(cell)]),
    }
}

fn path(cell: &Cell<'_>) -> String {
    format!("schemes.{}.indicators.{}", cell.text("scheme"), cell.text("indicator"))
}

fn law<'a>(cell: &Cell<'a>) -> Option<&'a LawIndicator> {
    let mut all = cell.results().pensions.as_ref()?.law_indicators.iter();
    all.find(|one| one.scheme == cell.text("scheme") && one.law.name == cell.text("indicator"))
}

fn quotient(cell: &Cell<'_>) -> Option<(Explanation, Explanation)> {
    let law = &law(cell)?.law;
    let year = cell.year().plus(-law.lag);
    let at = cell.results().population.years.position(year)?;
    let Some(account) = law.of.account() else {
        return Some(dependency(cell, law.of.benefits(), (year, at)));
    };
    let fund = cell.results().finance.as_ref()?.fund(account)?;
    let of_year = fund.in_year(year)?;
    let row = address("accounts", &[account, "reserve_end"], year, "amount");
    let reserve = Explanation::of_row("reserve end", of_year.reserve_end, cell.currency(), row);
    Some((reserve, outgo(cell, account, of_year)))
}

fn dependency(
    cell: &Cell<'_>,
    benefits: &[String],
    (year, at): (Year, usize),
) -> (Explanation, Explanation) {
    let scheme = cell.text("scheme");
    let pensions = cell.results().pensions.as_ref();
    let paid = pensions.into_iter().flat_map(|pensions| &pensions.beneficiaries);
    let counts = |one: &&Beneficiaries| one.scheme == scheme && benefits.contains(&one.benefit);
    let paid = paid.filter(counts).map(|one| {
        let row = address("beneficiaries", &[scheme, &one.benefit], year, "beneficiaries");
        let unit = cell.ground.unit("person-years");
        Explanation::of_row(&*one.benefit, one.beneficiaries.total(at), unit, row)
    });
    let paying = pensions.into_iter().flat_map(|pensions| &pensions.contributors);
    let paying = paying.filter(|one| one.scheme == scheme).map(|one| {
        let row = address("contributors", &[scheme, &one.group], year, "contributors");
        let unit = cell.ground.unit("persons");
        Explanation::of_row(&*one.group, one.contributors.total(at), unit, row)
    });
    let there = |number: &Explanation| number.value.is_some_and(|value| value.abs() > 0.0);
    (
        total("person-years in payment", "person-years", paid.filter(there).collect()),
        total("contributors, mean of the year", "persons", paying.filter(there).collect()),
    )
}
