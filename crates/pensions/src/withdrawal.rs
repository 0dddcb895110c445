use perennis_cohort::{Register, Row, State};
use perennis_scheme::{Asked, CompiledClaims, CreditHeld, Environment, HeldOnDay, LawError};
use perennis_units::{Date, Sex, When, Year, add_months, date_of_year};

use crate::award::{expected, whole};
use crate::basis::SchemeBasis;
use crate::open::Class;
use crate::reference::{Claimant, LastYears, OfRow, Ready};
use crate::run::SchemeRun;
use crate::walk::Context;

/// What a withdrawal is worth in one year for the groups of a class, by credit.
///
/// Withdrawals fall in the middle of the year. Credits end as long ago as for the average inactive member of the class with
/// that credit; whether a member entered in time is asked of each cell.
#[derive(Clone, Debug)]
pub(crate) struct WithdrawalYear {
    benefit: usize,
    at_least: i32,
    below: Option<i32>,
    /// Months from the start of year 0 before which the first contribution must lie.
    entered_before: Option<f64>,
    /// Position of each credit in `amounts`, where it may be withdrawn.
    places: Vec<Option<usize>>,
    amounts: CompiledClaims,
}

const MID_YEAR: i32 = 6;

/// Age that stands for the person where the law of withdrawals asks for a birth.
const TYPICAL_AGE: i32 = 35;

impl WithdrawalYear {
    /// Asks the law once a year; `None` where no withdrawal is open to the class.
    pub(crate) fn new(
        run: &SchemeRun,
        class: &Class,
        groups: &[usize],
        year: Year,
        env: &Environment<'_>,
    ) -> Result<Option<Self>, LawError> {
        let Some(benefit) = class.withdrawal else { return Ok(None) };
        let law = &run.basis.law.benefits[benefit];
        let date = add_months(date_of_year(year), MID_YEAR);
        let born = add_months(date, -12 * TYPICAL_AGE);
        let when = |entered| When { date, born, entered, sex: Sex::Female };
        let (at_least, below) = match law.condition.credit_range(&when(date)) {
            Ok(range) => range,
            Err(LawError::NotInForce { .. }) => return Ok(None),
            Err(other) => return Err(other),
        };
        // Nobody withdraws with so much credit that it closes the benefit.
        let most = below.map_or(usize::MAX, |below| usize::try_from(below).unwrap_or(0));
        let away = mean_years_away(run, groups, most / run.basis.credit_step);
        let mut places = Vec::with_capacity(away.len());
        let mut held = Vec::new();
        for (at, away) in away.iter().enumerate() {
            let months = credit_months(&run.basis, at);
            let open = at_least <= months && below.is_none_or(|below| months < below);
            let place = away.filter(|_| open && 0 < months).map(|away| {
                let until = add_months(date, -whole(away * 12.0));
                let entered =
                    add_months(until, -whole(f64::from(months) / class.density.max(1e-9)));
                held.push(CreditHeld { months, until, entered });
                held.len() - 1
            });
            places.push(place);
        }
        let group = &run.basis.groups[class.group].name;
        let claims = HeldOnDay { when: when(date), group, held: &held, known: None };
        let amounts = law.compile_held(&claims, Asked::AmountsOnly, env)?;
        let entered_before = law.condition.entered_before.map(|day| {
            f64::from(i32::from(day.year()) * 12 + i32::from(day.month()) - 1)
                + f64::from(day.day() - 1) / 30.0
        });
        Ok(Some(Self { benefit, at_least, below, entered_before, places, amounts }))
    }

    /// Writes the share of each credit of a row that withdraws.
    pub(crate) fn shares(
        &self,
        context: &Context<'_>,
        register: &Register,
        row: Row,
        shares: &mut [f64],
    ) {
        let Row { group, sex, age } = row;
        let basis = context.basis;
        let rate = basis.withdrawal.get(context.plan.position, sex, age);
        let persons = register.persons(State::Inactive, row);
        let away = register.sum(State::Inactive, 0, row);
        let density = basis.groups[group].months.density().max(1e-9);
        shares.fill(0.0);
        if rate <= 0.0 {
            return;
        }
        let middle = f64::from(context.plan.year.get() * 12 + MID_YEAR);
        let cells = shares.iter_mut().zip(persons.iter().zip(away)).enumerate();
        for (at, (share, (persons, away))) in cells {
            let months = credit_months(basis, at);
            if self.below.is_some_and(|below| below <= months) {
                break;
            }
            // The first contribution lies 12 × away / persons months and those of the credit before the middle of the year.
            let in_time = self.entered_before.is_none_or(|day| {
                (middle - f64::from(months) / density - day) * persons < 12.0 * away
            });
            if self.at_least <= months && 0 < months && 0.0 < *persons && in_time {
                *share = rate;
            }
        }
    }

    /// Returns the persons of a row who withdraw and what they are paid; `leaving` gives the persons by credit.
    pub(crate) fn paid(
        &self,
        context: &Context<'_>,
        register: &Register,
        row: Row,
        leaving: impl Fn(usize) -> f64,
    ) -> Result<(f64, f64), LawError> {
        let Row { group, sex, age } = row;
        let basis = &context.basis.groups[group];
        let year = context.plan.year;
        let present = register.persons(State::Inactive, row);
        let date = add_months(date_of_year(year), MID_YEAR);
        let last_years = LastYears::new(group + 1);
        let born = add_months(date, -12 * i32::try_from(age).unwrap_or(0));
        let when = When { date, born, entered: date, sex };
        let of = OfRow {
            row,
            year,
            when,
            carried: &context.plan.carried,
            earnings: context.earnings,
            indices: context.indices,
            last_years: &last_years,
            ranks: &context.ranks[group],
            pace: basis.pace(),
        };
        let sum = |sum| register.sum(State::Inactive, sum, row);
        let (away, references) = (sum(0), context.references);
        let candidates = references.of_group(self.benefit, &basis.name, (Date::MIN, Date::MAX));
        let mut ready: Vec<Option<Ready<'_>>> = candidates.iter().map(|_| None).collect();
        let (mut persons, mut amount) = (0.0, 0.0);
        for (at, place) in self.places.iter().enumerate().take(present.len()) {
            let paid = leaving(at);
            let Some(place) = place.filter(|_| 0.0 < paid) else { continue };
            let months = credit_months(context.basis, at);
            let away = away[at] / present[at];
            let since = away * 12.0 + f64::from(months) / basis.months.density().max(1e-9);
            let entered = add_months(date, -whole(since));
            let claimant = Claimant {
                at,
                persons: present[at],
                credit: f64::from(months) / 12.0,
                worked: 0.0,
                away,
                entered,
            };
            let applies =
                |(from, _): &(Option<Date>, usize)| from.is_none_or(|from| from <= entered);
            let (mean, years) = match candidates.iter().position(applies) {
                None => (0.0, 1.0),
                Some(candidate) => {
                    let ready = match &mut ready[candidate] {
                        Some(ready) => ready,
                        slot => {
                            let position = candidates[candidate].1;
                            slot.insert(references.ready(position, &when, of, sum)?)
                        }
                    };
                    (ready.mean(&claimant, references)?, ready.years(&claimant))
                }
            };
            let Some(schedule) = self.amounts.amount(place) else { continue };
            persons += paid;
            let spread = context.ranks[group].of_years(|| years);
            amount += paid * expected(schedule, spread.at_mean(mean));
        }
        Ok((persons, amount))
    }

    pub(crate) const fn benefit(&self) -> usize {
        self.benefit
    }
}

fn credit_months(basis: &SchemeBasis, at: usize) -> i32 {
    i32::try_from(at * basis.credit_step).unwrap_or(i32::MAX)
}

/// Mean years away of the inactive members of some groups, by credit up to the most asked for; `None` where there is nobody.
pub(crate) fn mean_years_away(
    run: &SchemeRun,
    groups: &[usize],
    most_credit: usize,
) -> Vec<Option<f64>> {
    let shape = run.sides[0].register.shape();
    let mut sums = vec![(0.0, 0.0); shape.credits.min(most_credit) + 1];
    for group in groups {
        for sex in Sex::ALL {
            for age in shape.first_age..shape.ages {
                let row = Row { group: *group, sex, age };
                let register = &run.sides[sex.index()].register;
                if !register.has_members(row) {
                    continue;
                }
                let persons = register.persons(State::Inactive, row);
                let away = register.sum(State::Inactive, 0, row);
                for ((sum, persons), away) in sums.iter_mut().zip(persons).zip(away) {
                    sum.0 += persons;
                    sum.1 += away;
                }
            }
        }
    }
    sums.into_iter().map(|(n, away)| (0.0 < n).then(|| away / n)).collect()
}
