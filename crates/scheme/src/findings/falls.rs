//! Amounts that fall when earnings rise or service grows, and steps that give none.

use perennis_units::{Date, Sex, When, add_months};

use super::conditions::days_of_change;
use super::{Finding, Found, Place};
use crate::{
    BaseOf, Benefit, ClaimsOfDay, CompiledBenefit, Entry, Environment, Fact, Groups, Known,
    LawError, Recipient, ScheduleView, Survivor,
};

/// Months of credit that are looked at.
const MONTHS: usize = 600;
/// Of the days on which the law changes so many are looked at.
const DAYS: usize = 40;

pub(super) fn find(
    benefit: &Benefit,
    days: (Date, Date),
    env: &Environment<'_>,
    found: &mut Vec<Found>,
) {
    let (mut with_earnings, mut with_service) = (false, false);
    for date in days_of_change(benefit, days).into_iter().take(DAYS) {
        for sex in Sex::ALL {
            for late in [0, -36, 36] {
                let known = ordinary(benefit, date, sex);
                let Some(claims) = claims(benefit, date, (sex, late), &known) else { continue };
                let compiled = match benefit.compile(&claims, env) {
                    Ok(compiled) => compiled,
                    Err(error) => {
                        if let Some(place) = no_number(benefit, &error, date) {
                            let finding = Finding::NoNumber { because: error.to_string() };
                            found.push(Found { place, finding });
                            return;
                        }
                        continue;
                    }
                };
                if !with_earnings && let Some((months, from)) = falling(&compiled) {
                    let step = first_step(benefit, |part| {
                        part.compile_amounts(&claims, env)
                            .is_ok_and(|part| falling(&part).is_some())
                    });
                    let place = Place {
                        months: Some(months),
                        sex: Some(sex),
                        ..Place::of(&benefit.name, date)
                    };
                    let finding = Finding::FallsWithEarnings { from };
                    found.push(Found { place: place.at_step(step), finding });
                    with_earnings = true;
                }
                if !with_service && let Some((months, at, by)) = shrinking(&compiled) {
                    let step = first_step(benefit, |part| {
                        part.compile_amounts(&claims, env)
                            .is_ok_and(|part| shrinking(&part).is_some())
                    });
                    let place = Place {
                        months: Some(months),
                        sex: Some(sex),
                        ..Place::of(&benefit.name, date)
                    };
                    let finding = Finding::FallsWithService { at, by };
                    found.push(Found { place: place.at_step(step), finding });
                    with_service = true;
                }
            }
        }
    }
}

/// The place of a step that divides by nothing or grows beyond every number.
fn no_number(benefit: &Benefit, error: &LawError, date: Date) -> Option<Place> {
    let place = Place::of(&benefit.name, date);
    match error {
        LawError::DividedByZero { place: of, position, .. } if *of == benefit.name => {
            Some(place.at_step(*position))
        }
        LawError::DividedByZero { .. } | LawError::NotMoney(_) => Some(place),
        _ => None,
    }
}

/// Facts of an ordinary person, so that tests can be answered.
fn ordinary(benefit: &Benefit, date: Date, sex: Sex) -> Known {
    let facts = [
        (Fact::Children, 0.0),
        (Fact::Dependants, 0.0),
        (Fact::Degree, 1.0),
        (Fact::Residence, 480.0),
        (Fact::WorkIncome, 0.0),
        (Fact::OtherIncome, 0.0),
        (Fact::Assets, 0.0),
        (Fact::Recipients, 1.0),
        (Fact::Married, 240.0),
        (Fact::ChildrenRaised, 0.0),
        (Fact::InPayment, 0.0),
        (Fact::SpouseAge, 720.0),
    ];
    let mut known =
        facts.iter().fold(Known::nothing(), |known, (fact, value)| known.with(*fact, *value));
    known.married = Some(add_months(date, -240));
    known.survivor = benefit.condition.recipient.map(|kind| Survivor {
        kind,
        born: add_months(date, if kind == Recipient::Child { -120 } else { -780 }),
        sex,
    });
    known
}

/// Claims so many months after the age of the condition, or at the age of 60 without one.
fn claims<'a>(
    benefit: &'a Benefit,
    date: Date,
    (sex, late): (Sex, i32),
    known: &'a Known,
) -> Option<ClaimsOfDay<'a>> {
    let condition = &benefit.condition;
    let group = match &condition.groups {
        Groups::All => "",
        Groups::Only(names) => names.first()?,
    };
    let entered = add_months(date, -480);
    let mut when = When { date, born: add_months(date, -720), entered, sex };
    if let Some(age) = &condition.age {
        let months = age.at(&when).ok()?.value.in_months();
        when.born = add_months(date, -months - late - 1);
    } else if late != 0 {
        return None;
    }
    Some(ClaimsOfDay {
        when,
        group,
        until: date,
        months: MONTHS,
        entry: Entry::On(entered),
        known: Some(known),
    })
}

/// The first months of credit and base at which an amount falls with its base.
fn falling(compiled: &CompiledBenefit) -> Option<(usize, f64)> {
    compiled.open_months().find_map(|months| {
        let pieces = compiled.amount(months)?.pieces();
        let steepest = pieces.iter().fold(0.0_f64, |most, piece| most.max(piece.slope.abs()));
        let falls = |slope: f64| slope < -1e-12 * steepest.max(1.0);
        pieces.iter().find(|piece| falls(piece.slope)).map(|piece| (months, piece.from))
    })
}

/// The first months of credit whose amount is below that of a month less, at which base and by how much.
fn shrinking(compiled: &CompiledBenefit) -> Option<(usize, f64, f64)> {
    let mut before: Option<(usize, ScheduleView<'_>)> = None;
    for months in compiled.open_months() {
        let of_service = compiled
            .base(months)
            .is_none_or(|base| matches!(base.of, BaseOf::ReferenceEarnings(_)));
        let now = compiled.amount(months).filter(|_| of_service)?;
        if let Some((earlier, shorter)) = before
            && earlier + 1 == months
            && let Some((at, by)) = below(&now, &shorter)
        {
            return Some((months, at, by));
        }
        before = Some((months, now));
    }
    None
}

/// A base at which one schedule is below another, and by how much.
fn below(one: &ScheduleView<'_>, other: &ScheduleView<'_>) -> Option<(f64, f64)> {
    let knots = one.pieces().iter().chain(other.pieces()).map(|piece| piece.from);
    let last = knots.clone().fold(1.0, f64::max);
    knots.chain([2.0 * last]).find_map(|base| {
        let (amount, before) = (one.at(base), other.at(base));
        let noise = 1e-9 * (before.abs() + base);
        (amount < before - noise).then_some((base, before - amount))
    })
}

/// The first step after which it is so.
fn first_step(benefit: &Benefit, is_so: impl Fn(&Benefit) -> bool) -> usize {
    let parts = 1..=benefit.steps.len();
    let mut of = parts.filter(|count| {
        let steps = benefit.steps[..*count].to_vec();
        is_so(&Benefit { steps, ..benefit.clone() })
    });
    of.next().unwrap_or(0)
}
