use std::collections::BTreeSet;

use super::{Person, PersonError};
use crate::{Law, Measure, WORK};

/// Checks that every kind of period, and every name that is stated, is one of a law.
pub(super) fn check(laws: &[Law], person: &Person) -> Result<(), PersonError> {
    let known: BTreeSet<&str> = laws
        .iter()
        .flat_map(|law| law.periods.iter().map(|period| period.name.as_str()))
        .chain([WORK])
        .collect();
    if let Some(row) = person.record.iter().find(|row| !known.contains(row.kind.as_str())) {
        return Err(PersonError::UnknownKind { kind: row.kind.clone() });
    }
    check_stated(laws, person)
}

fn check_stated(laws: &[Law], person: &Person) -> Result<(), PersonError> {
    let unknown = |table: &'static str, name: &String| {
        Err(PersonError::UnknownStated { table, name: name.clone() })
    };
    let named = || laws.iter().map(|law| &law.named);
    let stated = &person.stated;
    for name in stated.measures.keys() {
        let of_law = named().flat_map(|named| &named.measures).any(|of| of.name == *name);
        if !of_law && Measure::built_in(name).is_none() {
            return unknown("measures", name);
        }
    }
    for name in stated.points.keys() {
        if !named().flat_map(|named| &named.points).any(|of| of.name == *name) {
            return unknown("points", name);
        }
    }
    for name in stated.balances.keys() {
        if !named().flat_map(|named| &named.balances).any(|of| of.name == *name) {
            return unknown("balances", name);
        }
    }
    for name in stated.reference_earnings.keys() {
        if !named().flat_map(|named| &named.reference_earnings).any(|of| of.name == *name) {
            return unknown("reference_earnings", name);
        }
    }
    for name in stated.formulas.keys() {
        if !named().flat_map(|named| &named.formulas).any(|of| of.name == *name) {
            return unknown("formulas", name);
        }
    }
    match stated.benefits.keys().find(|name| laws.iter().all(|law| law.benefit(name).is_none())) {
        Some(name) => unknown("benefits", name),
        None => Ok(()),
    }
}
