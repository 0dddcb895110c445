use perennis_units::Sex;

use super::{Act, Acted, Change, ChangeError, Quantity, count};
use crate::Model;

/// Changes fertility, mortality or migration.
pub(super) fn change(model: &mut Model, change: &Change) -> Result<Acted, ChangeError> {
    change.factor()?;
    match change.quantity {
        Quantity::Fertility => Ok(fertility(model, change)),
        Quantity::Mortality => mortality(model, change),
        _ => Ok(migration(model, change)),
    }
}

fn fertility(model: &mut Model, change: &Change) -> Acted {
    let basis = &mut model.demography;
    let (years, mut acted) = (basis.years, Acted::default());
    for ((at, age), rate) in basis.fertility.indexed_iter_mut() {
        if change.concerns_person(Sex::Female, age) {
            let weight = change.weight(years.at(at), years);
            *rate = count(&mut acted, *rate, change.acted(*rate, weight));
        }
    }
    acted
}

fn mortality(model: &mut Model, change: &Change) -> Result<Acted, ChangeError> {
    let basis = &mut model.demography;
    let (years, mut acted) = (basis.years, Acted::default());
    for (at, tables) in basis.mortality.iter_mut().enumerate() {
        let weight = change.weight(years.at(at), years);
        let Act::Times(_) = change.act else { continue };
        for (sex, table) in Sex::ALL.into_iter().zip(tables) {
            let force = |age: usize| {
                if change.concerns_person(sex, age) { change.acted(1.0, weight) } else { 1.0 }
            };
            let changed = table.with_force(force)?;
            if changed != *table {
                acted.values += 1;
                *table = changed;
            }
        }
    }
    Ok(acted)
}

fn migration(model: &mut Model, change: &Change) -> Acted {
    let basis = &mut model.demography;
    let (years, mut acted) = (basis.years, Acted::default());
    for ((at, sex, age), net) in basis.migration.values_mut().indexed_iter_mut() {
        if change.concerns_person(Sex::ALL[sex], age) {
            let weight = change.weight(years.at(at), years);
            *net = count(&mut acted, *net, change.acted(*net, weight));
        }
    }
    acted
}
