use std::collections::HashMap;
use std::rc::Rc;

use perennis_scheme::{Benefit, BenefitKind, Event, Law};
use perennis_units::{Date, Sex, Year, add_months, date_of_year};

use crate::insured_lives::ClaimChances;

/// A moment at which one born in a month may claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ClaimTime {
    /// First day of payment.
    pub(crate) day: Date,
    /// Probability of claiming of those who may and have not.
    pub(crate) chance: f64,
}

/// A generation as the law sees it: group, sex, year of birth, month of birth, year of entry.
pub(crate) type Born = (usize, Sex, i32, usize, i32);

/// Claim times, each found once.
#[derive(Debug, Default)]
pub(crate) struct ClaimTimes {
    known: HashMap<(bool, Born), Rc<[ClaimTime]>>,
}

/// The pensions and grants at an age that are open to a group.
pub(crate) fn at_an_age<'a>(
    law: &'a Law,
    group: &'a str,
) -> impl Iterator<Item = (usize, &'a Benefit)> + Clone {
    law.benefits.iter().enumerate().filter(move |(_, benefit)| {
        let condition = &benefit.condition;
        condition.event == Event::Age
            && condition.recipient.is_none()
            && condition.groups.contains(group)
    })
}

/// The first day of the month of birth.
pub(crate) fn birthday(born: i32, month: usize) -> Date {
    add_months(date_of_year(Year::new(born)), i32::try_from(month).unwrap_or(0))
}

impl ClaimTimes {
    /// Returns when one may claim, in order.
    pub(crate) fn of(
        &mut self,
        (law, group): (&Law, &str),
        (active, chances): (bool, &ClaimChances),
        who: Born,
    ) -> Rc<[ClaimTime]> {
        let found = self.known.entry((active, who));
        Rc::clone(found.or_insert_with(|| times(law, group, chances, who).into()))
    }
}

fn times(
    law: &Law,
    group: &str,
    chances: &ClaimChances,
    (_, sex, born, month, entered): Born,
) -> Vec<ClaimTime> {
    let pensions = at_an_age(law, group).filter(|(_, one)| one.kind == BenefitKind::Pension);
    let (birth, entered) = (birthday(born, month), date_of_year(Year::new(entered)));
    let normal = pensions.filter_map(|(_, one)| {
        let reached = one.condition.reached(birth, entered, sex)?;
        Some(one.condition.payment_start.after(reached))
    });
    let Some(normal) = normal.min() else { return Vec::new() };
    let chances_of_sex = &chances.chances[sex.index()];
    let last = chances_of_sex.len().saturating_sub(1);
    let at = |(step, chance): (usize, &f64)| {
        let distance = chances.first + i32::try_from(step).unwrap_or(i32::MAX);
        let chance = if step == last { 1.0 } else { *chance };
        (0.0 < chance).then(|| ClaimTime { day: add_months(normal, 12 * distance), chance })
    };
    chances_of_sex.iter().enumerate().filter_map(at).collect()
}
