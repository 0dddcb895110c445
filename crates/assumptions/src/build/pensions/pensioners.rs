use std::collections::BTreeMap;

use perennis_cohort::AgeGrid;
use perennis_pensions::{PensionStart, SchemeMortality};
use perennis_scheme::Law;
use perennis_units::Sex;

use super::Context;
use super::mortality::is_pension;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Axis, Column, Kind, Layout, TableFile};
use crate::read::scheme::people as raw;

pub(super) fn pensioners(
    raw: &BTreeMap<String, raw::Pensioners>,
    (law, mortality): (Option<&Law>, Option<&SchemeMortality>),
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Vec<PensionStart>> {
    let mut pensions = Vec::new();
    let mut whole = true;
    for (name, raw) in raw {
        let place = at.key(name);
        let known = law.is_none_or(|law| is_pension(law, name, &place));
        let own = mortality.and_then(|all| all.of_pensioners(name).own_ages());
        match stock(raw, &place, context, own) {
            Some((persons, amount)) if known => {
                pensions.push(PensionStart { benefit: name.clone(), persons, amount });
            }
            _ => whole = false,
        }
    }
    whole.then_some(pensions)
}

type Stock = (AgeGrid, AgeGrid);

/// Reads who is in payment; `own` is the number of ages of a table of their own.
fn stock(
    raw: &raw::Pensioners,
    at: &At<'_>,
    context: &Context<'_>,
    own: Option<usize>,
) -> Option<Stock> {
    match (&raw.counted, &raw.totals) {
        (Some(table), None) => counted(table, &at.key("counted"), context, own),
        (None, Some(totals)) => {
            let (persons, amount) = spread(totals, &at.key("totals"), context)?;
            Some((widened(&persons, own), widened(&amount, own)))
        }
        (None, None) => {
            at.fault(
                Code::NoValues,
                "the pensioners of the start are not given",
                "give counted = { file = \"….csv\" } or a table totals",
            );
            None
        }
        (Some(_), Some(_)) => {
            let reason = "the pensioners of the start are counted and given in total";
            at.fault(Code::TwoWays, reason, "keep one of counted and totals");
            None
        }
    }
}

/// The grid with room for all ages of a table of its own.
fn widened(grid: &AgeGrid, own: Option<usize>) -> AgeGrid {
    let ages = grid.ncols().max(own.unwrap_or(0));
    let value = |(sex, age): (usize, usize)| grid.get([sex, age]).copied().unwrap_or(0.0);
    AgeGrid::from_shape_fn((2, ages), value)
}

fn counted(
    table: &TableFile,
    at: &At<'_>,
    context: &Context<'_>,
    own: Option<usize>,
) -> Option<Stock> {
    let layout = Layout {
        axes: &[Axis::Sex, Axis::Age],
        optional: &[],
        columns: &[
            Column::needed("persons", Kind::PERSONS),
            Column::needed("amount", Kind::PAY_A_YEAR),
        ],
    };
    let rows = table.rows(at, &layout)?;
    let ages = context.ages.max(own.unwrap_or(0));
    let mut persons = AgeGrid::zeros((2, ages));
    let mut amount = persons.clone();
    for (position, row) in rows.rows.iter().enumerate() {
        let age = usize::from(row.age?);
        let (heads, each) = (row.values[0]?, row.values[1]?);
        if let Some(own) = own.filter(|own| *own <= age && 0.0 < heads) {
            let reason = format!("nobody is {age}: the table of mortality ends at {}", own - 1);
            let remedy = "end the table later, or move the persons to an age that it has";
            rows.fault(position, at, Code::Incoherent, (reason, remedy.to_owned()));
            return None;
        }
        // The last age of the population is open.
        let cell = [row.sex?.index(), age.min(ages - 1)];
        persons[cell] += heads;
        amount[cell] += heads * each;
    }
    Some((persons, amount))
}

/// Spreads totals over the population: a share of it that rises evenly from the lowest age to the one from which it is
/// constant. The mean amount is the same at every age.
fn spread(raw: &raw::PensionerTotals, at: &At<'_>, context: &Context<'_>) -> Option<Stock> {
    let persons = raw.persons.quantity(&at.key("persons"), &Kind::PERSONS);
    let amount = raw.mean_amount.quantity(&at.key("mean_amount"), &Kind::PAY_A_YEAR);
    let (from, full) = (raw.from_age, raw.full_from_age.unwrap_or(raw.from_age));
    if context.ages <= usize::from(full) || full < from {
        at.key("from_age").fault(
            Code::NotAnAge,
            format!(
                "pensioners from age {from}, in full from {full}, are no ages of the population"
            ),
            format!("ages up to {}, full_from_age not below from_age", context.ages - 1),
        );
        return None;
    }
    let (numbers, each) = (persons?, amount?);
    let population = context.frame.population.as_ref()?;
    let rise = f64::from(full - from) + 1.0;
    let mut grid = AgeGrid::zeros((2, context.ages));
    let mut amounts = grid.clone();
    for sex in Sex::ALL {
        let weight = |age: usize| {
            let reached =
                u8::try_from(age).map_or(0.0, |age| f64::from(age) - f64::from(from) + 1.0);
            population.base[[sex.index(), age]] * (reached / rise).clamp(0.0, 1.0)
        };
        let all: f64 = (0..context.ages).map(weight).sum();
        let number = numbers[sex.index()];
        if all < number {
            at.key("persons").fault(
                Code::Incoherent,
                format!("{number} pensioners are more than the {all:.0} persons of these ages"),
                "check the unit and the ages",
            );
            return None;
        }
        for age in 0..context.ages {
            let heads = if 0.0 < all { number * weight(age) / all } else { 0.0 };
            grid[[sex.index(), age]] = heads;
            amounts[[sex.index(), age]] = heads * each[sex.index()];
        }
    }
    at.derived("spread over the population by the rule of the file; one mean amount for all ages");
    Some((grid, amounts))
}
