use std::collections::BTreeMap;

use perennis_units::{Sex, Year};
use perennis_valuation::{Act, Begins, Change, Takes};

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::sensitivity::{self as raw, SensitivityFile};
use crate::sensitivity::{Alternative, Sensitivity, SensitivityKind};

/// Builds the shifts, sets and shocks of a file, in that order and each in the order of their names.
pub(crate) fn sensitivities(raw: &SensitivityFile, at: &At<'_>) -> Option<Vec<Sensitivity>> {
    let shifts = raw.shifts.iter().flatten().map(|(name, shift)| {
        let place = at.key("shifts").key(name);
        let sides = [("down", &shift.down), ("up", &shift.up)];
        let given =
            sides.into_iter().filter_map(|(side, direction)| Some((side, direction.as_ref()?)));
        let alternatives: Vec<Option<Alternative>> = given
            .map(|(side, direction)| {
                let place = place.key(side);
                let changes = changes((&direction.changes, &direction.set), &place)?;
                let set = direction.set.clone().unwrap_or_default();
                Some(Alternative {
                    side: side.to_owned(),
                    title: direction.title.clone(),
                    changes,
                    set,
                })
            })
            .collect();
        if alternatives.is_empty() {
            let reason = format!("`{}` says neither down nor up", place.path());
            place.fault_at_key(Code::MissingKey, reason, "add down = { … }, up = { … } or both");
            return None;
        }
        let alternatives = alternatives.into_iter().collect::<Option<_>>()?;
        built(name, (SensitivityKind::Shift, &shift.title), alternatives, &place)
    });
    let mut all: Vec<Option<Sensitivity>> = shifts.collect();
    all.extend(together(&raw.sets, SensitivityKind::Set, &at.key("sets")));
    all.extend(together(&raw.shocks, SensitivityKind::Shock, &at.key("shocks")));
    all.into_iter().collect()
}

fn together(
    raw: &Option<BTreeMap<String, raw::Together>>,
    kind: SensitivityKind,
    at: &At<'_>,
) -> Vec<Option<Sensitivity>> {
    let all = raw.iter().flatten().map(|(name, one)| {
        let place = at.key(name);
        let changes = changes((&one.changes, &one.set), &place)?;
        let set = one.set.clone().unwrap_or_default();
        let (side, title) = (String::new(), one.title.clone());
        built(name, (kind, &one.title), vec![Alternative { side, title, changes, set }], &place)
    });
    all.collect()
}

fn built(
    name: &str,
    (kind, title): (SensitivityKind, &str),
    alternatives: Vec<Alternative>,
    at: &At<'_>,
) -> Option<Sensitivity> {
    let source = at.key("title").citation()?.source;
    Some(Sensitivity { name: name.to_owned(), kind, title: title.to_owned(), source, alternatives })
}

fn changes(
    (raw, set): (&Option<Vec<raw::Change>>, &Option<Vec<String>>),
    at: &At<'_>,
) -> Option<Vec<Change>> {
    let none = raw.as_ref().is_none_or(Vec::is_empty) && set.as_ref().is_none_or(Vec::is_empty);
    if none {
        let reason = format!("`{}` changes nothing", at.path());
        at.fault(
            Code::NoValues,
            reason,
            "add changes = [{ quantity = …, times = … }], or set = [\"path=value\"]",
        );
        return None;
    }
    let place = at.key("changes");
    let built = raw.iter().flatten().enumerate().map(|(at, raw)| change(raw, &place.index(at)));
    let built: Vec<Option<Change>> = built.collect();
    built.into_iter().collect()
}

fn change(raw: &raw::Change, at: &At<'_>) -> Option<Change> {
    let quantity = raw.quantity.of_model();
    let act = act(raw, quantity.takes(), at);
    let begins = begins(raw, at);
    let weights = weights(raw, at);
    let ages = (usize::from(raw.from_age.unwrap_or(0)), raw.to_age.map_or(usize::MAX, usize::from));
    if ages.1 < ages.0 {
        at.key("to_age").fault(
            Code::Incoherent,
            format!("the highest age {} is below the lowest, {}", ages.1, ages.0),
            "correct one of the two",
        );
        return None;
    }
    let sex = raw.sex.map(|sex| match sex {
        raw::Sex::Male => Sex::Male,
        raw::Sex::Female => Sex::Female,
    });
    Some(Change {
        quantity,
        act: act?,
        begins: begins?,
        weights: weights?,
        lasts: raw.weights.is_none(),
        ages,
        sex,
        only: raw.only.clone(),
    })
}

fn act(raw: &raw::Change, takes: Takes, at: &At<'_>) -> Option<Act> {
    let word = raw.quantity.of_model().as_str();
    let kind = match takes {
        Takes::Factor => None,
        Takes::Share => Some(Kind::SHARE.within(-1.0, 1.0)),
        Takes::Growth => Some(Kind::GROWTH.within(-0.5, 0.5)),
        Takes::Years => Some(Kind::YEARS.within(-20.0, 20.0)),
    };
    match (raw.times, &raw.adds) {
        (Some(_), Some(_)) => {
            at.key("adds").fault(
                Code::TwoWays,
                "both times and adds are given",
                "keep one of the two",
            );
            None
        }
        (None, None) => {
            at.fault(
                Code::NoValues,
                format!("`{word}` is changed by nothing"),
                "add times = … or adds = …",
            );
            None
        }
        (Some(factor), None) if takes == Takes::Years => {
            at.key("times").fault(
                Code::Incoherent,
                format!("`{word}` is changed by adding years, not by the factor {factor}"),
                "write adds = …, in years",
            );
            None
        }
        (Some(factor), None) => Kind::FACTOR.check(factor, &at.key("times")).map(Act::Times),
        (None, Some(given)) => match kind {
            Some(kind) => given.read(&at.key("adds"), &kind).map(Act::Adds),
            None => {
                at.key("adds").fault(
                    Code::Incoherent,
                    format!("`{word}` is changed by a factor, not by adding"),
                    "write times = …",
                );
                None
            }
        },
    }
}

fn begins(raw: &raw::Change, at: &At<'_>) -> Option<Begins> {
    match (raw.from_year, raw.after) {
        (Some(_), Some(_)) => {
            let remedy = "keep one of from_year and after";
            at.key("after").fault(Code::TwoWays, "the first year is given twice", remedy);
            None
        }
        (Some(year), None) if !(1900..=2300).contains(&year) => {
            at.key("from_year").fault(
                Code::NotAYear,
                format!("{year} is not a year"),
                "write 2030",
            );
            None
        }
        (Some(year), None) => Some(Begins::In(Year::new(year))),
        (None, after) => Some(Begins::After(after.unwrap_or(1))),
    }
}

fn weights(raw: &raw::Change, at: &At<'_>) -> Option<Vec<f64>> {
    match (&raw.weights, raw.over) {
        (Some(_), Some(_)) => {
            let remedy = "keep one of over and weights";
            at.key("over").fault(Code::TwoWays, "the course is given twice", remedy);
            None
        }
        (Some(weights), None) if weights.is_empty() => {
            at.key("weights").fault(
                Code::NoValues,
                "there is no weight",
                "write weights = [1, 0.5]",
            );
            None
        }
        (Some(weights), None) => {
            let kind = Kind::FACTOR.within(-10.0, 10.0);
            let place = at.key("weights");
            let read = weights.iter().enumerate().map(|(n, one)| kind.check(*one, &place.index(n)));
            read.collect::<Vec<_>>().into_iter().collect()
        }
        (None, over) => {
            let over = over.unwrap_or(1).max(1);
            Some((1..=over).map(|year| f64::from(year) / f64::from(over)).collect())
        }
    }
}
