use perennis_scheme::{Condition, LawError, PaymentStart};
use perennis_units::{Date, Probability, Sex, When, Year, add_months, date_of_year};

use crate::basis::Behaviour;
use crate::claim_dates::{CreditAt, INACTIVE, Month, SLACK, born_on};
use crate::open::Opening;

/// Nobody has so many months of credit.
const NEVER: i32 = i32::MAX;

/// Claims are looked for up to this age in months.
const LAST: i32 = 12 * 100;

/// The credit that opens something on each month, for a cohort (sex and year of birth) to which several ages or rules apply.
#[derive(Clone, Debug)]
pub(crate) struct Openings {
    sex: Sex,
    birth_year: Year,
    /// The month at position 0, months since the start of year 0.
    first: i32,
    by_birth: Vec<OfBirth>,
    /// Payment begins on the day itself: in the middle of its month.
    same_day: bool,
}

/// Months of credit needed by one born in a month, by month from the first on.
#[derive(Clone, Debug)]
struct OfBirth {
    /// For any pension, early ones included.
    open: Vec<i32>,
    /// For a pension at its own age.
    normal: Vec<i32>,
    /// The least of each up to a month: no earlier month can do for one who never holds so much.
    least: [Vec<i32>; 2],
    /// For the grant of short careers, and the credit that closes it.
    grant: Vec<(i32, i32)>,
}

/// A moment at which a person may claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Opportunity {
    pub(crate) month: Month,
    /// Probability of claiming of those who have not yet.
    pub(crate) chance: f64,
    /// It is for the grant of short careers.
    pub(crate) grant: bool,
}

/// The first days of payment that an age gives, early and normal, as months; [`i32::MAX`] where never.
struct Ages {
    early: i32,
    normal: i32,
}

impl Openings {
    pub(crate) fn new(birth_year: Year, sex: Sex, opening: &Opening<'_>) -> Result<Self, LawError> {
        let conditions: Vec<&Condition> = opening.pensions().collect();
        let same_day = conditions.first().is_some_and(|c| c.payment_start == PaymentStart::SameDay);
        let entered = add_months(date_of_year(birth_year), opening.months_to_entry());
        let first = 12 * (birth_year.get()) + opening.months_to_entry();
        let months = usize::try_from(LAST + 12 - opening.months_to_entry()).unwrap_or(0);
        let mut by_birth = Vec::with_capacity(12);
        for month in 0..12 {
            let born = born_on(birth_year, month);
            let when = |at: usize| {
                let offset = i32::try_from(at).unwrap_or(i32::MAX) + opening.months_to_entry();
                When { date: add_months(date_of_year(birth_year), offset), born, entered, sex }
            };
            let mut of_birth = OfBirth {
                open: vec![NEVER; months],
                normal: vec![NEVER; months],
                least: [Vec::new(), Vec::new()],
                grant: Vec::new(),
            };
            for condition in &conditions {
                let ages = ages(condition, &when(0));
                least(condition, &ages, (first, months), &when, &mut of_birth)?;
            }
            of_birth.least = [least_so_far(&of_birth.open), least_so_far(&of_birth.normal)];
            if let Some(condition) = opening.short_grant() {
                of_birth.grant = grant(condition, (first, months), &when)?;
            }
            by_birth.push(of_birth);
        }
        Ok(Self { sex, birth_year, first, by_birth, same_day })
    }

    /// Says whether anything opens to anybody before a month.
    pub(crate) fn begin_before(&self, month: Month) -> bool {
        let until = position(month - f64::from(self.first));
        self.by_birth.iter().any(|of| {
            let open = of.open.iter().take(until).any(|needed| *needed < NEVER);
            open || of.grant.iter().take(until).any(|(needed, _)| *needed < NEVER)
        })
    }

    /// Gives the moments at which one born in a month, who holds a credit on 1 January, may claim, in order and before `end`.
    pub(crate) fn each(
        &self,
        born: usize,
        (credit, at): (&CreditAt, usize),
        behaviour: &Behaviour,
        (end, visit): (Month, &mut dyn FnMut(Opportunity)),
    ) {
        let of = &self.by_birth[born];
        let held = |position: usize| credit.held(at, self.month(position)) + SLACK;
        let until = position(end - f64::from(self.first)).min(of.open.len());
        let enough =
            |needed: &[i32], position: usize| f64::from(needed[position]) <= held(position);
        let search = |needed: &[i32], least: &[i32], (from, end): (usize, usize)| {
            let most = end.checked_sub(1).map_or(0.0, held);
            let from = from.max(least.partition_point(|least| most < f64::from(*least)));
            (from..end).find(|position| enough(needed, *position))
        };
        let opened = search(&of.open, &of.least[0], (0, until));
        if credit.state == INACTIVE {
            let short = |(position, (least, below)): (usize, &(i32, i32))| {
                let months = held(position);
                f64::from(*least) <= months && months < f64::from(*below)
            };
            let taken = of.grant.iter().enumerate().take(until);
            let taken = taken.map(|one| (one.0, short(one))).find(|found| found.1);
            if let Some((position, _)) =
                taken.filter(|(at, _)| opened.is_none_or(|open| at < &open))
            {
                visit(Opportunity { month: self.month(position), chance: 1.0, grant: true });
                return;
            }
        }
        let Some(opened) = opened else { return };
        let mut claim = |position: usize, chance: f64| {
            if position < until && 0.0 < chance && enough(&of.open, position) {
                visit(Opportunity { month: self.month(position), chance, grant: false });
            }
        };
        // What is normal may lie after the end, where an early claim does not.
        let normal = || search(&of.normal, &of.least[1], (opened, of.normal.len()));
        match behaviour {
            Behaviour::Distance { first, probability } => {
                let Some(normal) = normal() else { return };
                let chances = &probability[self.sex.index()];
                at_distances(chances, (*first, normal), &mut claim);
            }
            Behaviour::EarlyShare(shares) => {
                let normal = normal();
                if normal != Some(opened) {
                    claim(opened, shares[self.sex.index()].get());
                }
                if let Some(normal) = normal {
                    claim(normal, 1.0);
                }
            }
            Behaviour::Age(rates) => {
                let mut day = opened;
                while day < until {
                    let chance = self.rate(rates, born, day, held(day));
                    claim(day, chance.get());
                    day = self.next_birthday(born, day);
                }
            }
        }
    }

    fn month(&self, position: usize) -> Month {
        let half = if self.same_day { 0.5 } else { 0.0 };
        f64::from(self.first) + f64::from(u32::try_from(position).unwrap_or(u32::MAX)) + half
    }

    /// Months from birth to a payment, the month before it where payment begins the month after.
    fn months_old(&self, born: usize, position: usize) -> i32 {
        let born = 12 * self.birth_year.get() + i32::try_from(born).unwrap_or(0);
        let waits = i32::from(!self.same_day);
        self.first + i32::try_from(position).unwrap_or(i32::MAX) - waits - born
    }

    fn next_birthday(&self, born: usize, day: usize) -> usize {
        let past = self.months_old(born, day).rem_euclid(12);
        day + usize::try_from(12 - past).unwrap_or(12)
    }

    fn rate(
        &self,
        rates: &[crate::basis::RatesOfService],
        born: usize,
        day: usize,
        held: f64,
    ) -> Probability {
        let of_service = rates.iter().rev().find(|of| f64::from(of.from_credit_months) <= held);
        let Some(of) = of_service.or(rates.first()) else { return Probability::ONE };
        let age = usize::try_from(self.months_old(born, day) / 12).unwrap_or(0);
        let year = (self.first + i32::try_from(day).unwrap_or(0)).div_euclid(12);
        let before = usize::try_from(year - of.first_year.get()).unwrap_or(0);
        let grid = &of.rates;
        let rate = grid.get(before.min(grid.years() - 1), self.sex, age.min(grid.ages() - 1));
        Probability::new(rate).unwrap_or(Probability::ONE)
    }
}

/// Claims at whole years from a day; at the last distance all claim.
fn at_distances(
    chances: &[Probability],
    (first, day): (i32, usize),
    claim: &mut dyn FnMut(usize, f64),
) {
    for (step, chance) in chances.iter().enumerate() {
        let months = 12 * (first + i32::try_from(step).unwrap_or(i32::MAX));
        let chance = if step + 1 == chances.len() { 1.0 } else { chance.get() };
        if let Ok(day) = usize::try_from(i32::try_from(day).unwrap_or(i32::MAX) + months) {
            claim(day, chance);
        }
    }
}

fn least_so_far(needed: &[i32]) -> Vec<i32> {
    let mut least = NEVER;
    let so_far = needed.iter().map(|needed| {
        least = least.min(*needed);
        least
    });
    so_far.collect()
}

fn position(months: Month) -> usize {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of months of a life: the cast gives none for what is below nothing"
    )]
    let position = months as usize;
    position
}

fn month(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

fn ages(condition: &Condition, person: &When) -> Ages {
    let When { born, entered, sex, .. } = *person;
    let normal = condition.reached(born, entered, sex);
    let normal = normal.map_or(NEVER, |day| month(condition.payment_start.after(day)));
    let early = condition.earliest_payment(born, entered, sex).map_or(NEVER, month);
    Ages { early: early.min(normal), normal }
}

/// Lowers what is needed by what one pension asks.
fn least(
    condition: &Condition,
    ages: &Ages,
    (first, months): (i32, usize),
    when: &dyn Fn(usize) -> When,
    of: &mut OfBirth,
) -> Result<(), LawError> {
    let rules = [&condition.credit_at_least, &condition.early_credit_at_least];
    let rows = rules.into_iter().flatten().flat_map(|rule| rule.values.rows());
    let changes: Vec<i32> = rows.map(|row| month(row.from)).collect();
    let mut known: Option<(bool, i32)> = None;
    for at in 0..months {
        let now = first + i32::try_from(at).unwrap_or(i32::MAX);
        if now < ages.early {
            continue;
        }
        let is_early = now < ages.normal;
        let needed = match known {
            Some((early, needed)) if early == is_early && !changes.contains(&now) => needed,
            _ => needed(condition, &when(at), is_early)?,
        };
        known = Some((is_early, needed));
        of.open[at] = of.open[at].min(needed);
        if !is_early {
            of.normal[at] = of.normal[at].min(needed);
        }
    }
    Ok(())
}

fn needed(condition: &Condition, when: &When, is_early: bool) -> Result<i32, LawError> {
    let early = condition.early_credit_at_least.as_ref().filter(|_| is_early);
    let more = early.map(|rule| rule.at(when).map(|row| row.value.in_months()));
    match (condition.credit_range(when), more.transpose()) {
        (Ok((least, _)), Ok(more)) => Ok(least.max(more.unwrap_or(0))),
        (Err(LawError::NotInForce { .. }), _) | (_, Err(LawError::NotInForce { .. })) => Ok(NEVER),
        (Err(other), _) | (_, Err(other)) => Err(other),
    }
}

/// The credit that opens and the one that closes the grant of short careers, by month.
fn grant(
    condition: &Condition,
    (first, months): (i32, usize),
    when: &dyn Fn(usize) -> When,
) -> Result<Vec<(i32, i32)>, LawError> {
    let ages = ages(condition, &when(0));
    let mut found = Vec::with_capacity(months);
    for at in 0..months {
        let now = first + i32::try_from(at).unwrap_or(i32::MAX);
        let range =
            if now < ages.normal { Ok((NEVER, None)) } else { condition.credit_range(&when(at)) };
        found.push(match range {
            Ok((least, below)) => (least, below.unwrap_or(NEVER)),
            Err(LawError::NotInForce { .. }) => (NEVER, NEVER),
            Err(other) => return Err(other),
        });
    }
    Ok(found)
}
