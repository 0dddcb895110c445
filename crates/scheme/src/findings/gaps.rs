//! Days and persons without a value, and with two.

use perennis_units::{Date, Sex, add_months};

use super::{Finding, Found, Place};
use crate::dated_rules::{Provision, Provisions, RowOf};
use crate::{Event, Law};

/// Persons of these ages may have a claim, months.
const AGES: (i32, i32) = (15 * 12, 105 * 12);

pub(super) fn find(law: &Law, days: (Date, Date), found: &mut Vec<Found>) {
    let mut known: Vec<String> = Vec::new();
    let open = law.benefits.iter().filter(|benefit| benefit.condition.event != Event::Closed);
    let of_benefits = open.map(|benefit| (&benefit.name, Provisions::of_benefit(benefit)));
    let contributions = law.contributions.iter();
    let of_contributions = contributions.map(|law| (&law.name, Provisions::of_contribution(law)));
    let periods = law.periods.iter();
    let of_periods = periods.map(|period| (&period.name, Provisions::of_period(period)));
    for (name, provisions) in of_benefits.chain(of_contributions).chain(of_periods) {
        for provision in provisions.found {
            if known.contains(&provision.name) {
                continue;
            }
            let place = Place::of(name, days.0).at_step(provision.step);
            if !provision.may_be_silent
                && let Some((date, sex)) = first_gap(&provision, days)
            {
                let finding = Finding::Gap { rule: provision.name.clone() };
                found.push(Found { place: Place { date, sex, ..place.clone() }, finding });
            }
            if let Some(row) = first_overlap(&provision.rows) {
                let finding = Finding::Overlap { rule: provision.name.clone() };
                found.push(Found {
                    place: Place { date: row.from, sex: row.sex, ..place },
                    finding,
                });
            }
            known.push(provision.name);
        }
    }
}

/// The first day on which nobody's row, or not everybody's, is in force; the sex where it is one only.
pub(super) fn first_gap(
    provision: &Provision,
    (from, to): (Date, Date),
) -> Option<(Date, Option<Sex>)> {
    let rows = &provision.rows;
    let inside = rows.iter().map(|row| row.from).filter(|day| from < *day && *day <= to);
    let mut days: Vec<Date> = std::iter::once(from).chain(inside).collect();
    days.sort_unstable();
    days.dedup();
    days.into_iter().find_map(|day| {
        let silent = |sex: &Sex| {
            born_on(rows, day).any(|born| {
                entered_on(rows, born, day)
                    .any(|entered| !rows.iter().any(|row| applies(row, day, born, entered, *sex)))
            })
        };
        let silent: Vec<Sex> = Sex::ALL.into_iter().filter(silent).collect();
        match silent.as_slice() {
            [] => None,
            [one] => Some((day, Some(*one))),
            _ => Some((day, None)),
        }
    })
}

fn applies(row: &RowOf, day: Date, born: Date, entered: Date, sex: Sex) -> bool {
    row.from <= day
        && row.born_from.is_none_or(|from| from <= born)
        && row.entered_from.is_none_or(|from| from <= entered)
        && row.sex.is_none_or(|of| of == sex)
}

/// Days of birth at which another row may begin to apply to somebody who may claim on `day`, and those just before.
fn born_on(rows: &[RowOf], day: Date) -> impl Iterator<Item = Date> {
    let (youngest, oldest) = (add_months(day, -AGES.0), add_months(day, -AGES.1));
    let days = rows.iter().filter_map(|row| row.born_from);
    let mut born = vec![youngest, oldest];
    born.extend(days.flat_map(|from| [from, from.yesterday().unwrap_or(from)]));
    born.retain(|born| oldest <= *born && *born <= youngest);
    born.sort_unstable();
    born.dedup();
    born.into_iter()
}

fn entered_on(rows: &[RowOf], born: Date, day: Date) -> impl Iterator<Item = Date> {
    let earliest = add_months(born, AGES.0);
    let days = rows.iter().filter_map(|row| row.entered_from);
    let mut entered = vec![earliest, day];
    entered.extend(days.flat_map(|from| [from, from.yesterday().unwrap_or(from)]));
    entered.retain(|entered| earliest <= *entered && *entered <= day);
    entered.into_iter()
}

/// The later of two rows from the same day that apply to some of the same persons, each for somebody the other leaves out.
pub(super) fn first_overlap(rows: &[RowOf]) -> Option<RowOf> {
    rows.iter().enumerate().find_map(|(at, one)| {
        let others = rows[at + 1..].iter().filter(|other| other.from == one.from);
        let mut doubtful = others.filter(|other| {
            *other == one || (meet(one, other) && !within(one, other) && !within(other, one))
        });
        doubtful.find(|other| **other == *one || !settled(rows, one, other)).copied()
    })
}

fn meet(one: &RowOf, other: &RowOf) -> bool {
    one.sex.is_none() || other.sex.is_none() || one.sex == other.sex
}

/// Says whether whoever `inner` is for is also one whom `outer` is for.
fn within(inner: &RowOf, outer: &RowOf) -> bool {
    let later = |inner: Option<Date>, outer: Option<Date>| outer.is_none() || outer <= inner;
    later(inner.born_from, outer.born_from)
        && later(inner.entered_from, outer.entered_from)
        && (outer.sex.is_none() || outer.sex == inner.sex)
}

/// Says whether a third row is for just those for whom both are.
fn settled(rows: &[RowOf], one: &RowOf, other: &RowOf) -> bool {
    let both = RowOf {
        from: one.from,
        born_from: one.born_from.max(other.born_from),
        entered_from: one.entered_from.max(other.entered_from),
        sex: one.sex.or(other.sex),
    };
    rows.contains(&both)
}
