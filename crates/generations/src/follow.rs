use std::collections::BTreeMap;

use perennis_scheme::{Environment, LawError};
use perennis_units::{Money, Sex};

use crate::NotFollowed;
use crate::claim_times::ClaimTimes;
use crate::followed::{Followed, Members, Worked};
use crate::in_payment::{Adjusted, PensionsInPayment};
use crate::insured_lives::{InsuredLives, Joining, LivesGroup, StartMembers, of};

/// What came of a scheme whose generations were followed one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowedScheme {
    /// Active insured at the start of each year and at the end of the last, persons.
    pub active: Vec<f64>,
    /// Insured earnings by group and year, currency.
    pub earnings: Vec<Vec<ByOrigin>>,
    /// Expenditure by benefit of the law and year, currency. Nothing is calculated for benefits on death or invalidity,
    /// but for pensions in payment at the start.
    pub paid: Vec<Vec<ByOrigin>>,
}

/// A sum of the insured and the pensioners of the start, and of those who came later.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ByOrigin {
    /// Of those who were insured or in payment at the start.
    pub initial: f64,
    /// Of those insured first after it.
    pub entrants: f64,
}

impl ByOrigin {
    /// Returns the sum of both.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.initial + self.entrants
    }

    pub(crate) fn add(&mut self, initial: bool, amount: f64) {
        *(if initial { &mut self.initial } else { &mut self.entrants }) += amount;
    }
}

/// Follows every generation of a scheme alone: entry, work, credit and earnings by year, claims by the law for one person
/// at the day of the claim, the pension paid with survival and indexation.
///
/// Of a generation (group, sex, year of birth, year of entry) the twelve months of birth are kept apart; its active and its
/// inactive members have a record each, the mean of theirs. Whoever is missing to a group enters, enough being there.
///
/// # Errors
///
/// [`NotFollowed`] when the law says nothing where it is asked.
///
/// # Source
///
/// S. Iyer, *Actuarial mathematics of social security pensions*, ILO/ISSA 1999, ch. 5 (combination of generations) and 6.
pub fn follow(lives: &InsuredLives<'_>) -> Result<FollowedScheme, NotFollowed> {
    let mut run = Run::open(lives);
    for position in 0..lives.years {
        run.step(position).map_err(|error| NotFollowed {
            scheme: lives.law.scheme.clone(),
            year: lives.first_year.plus(i32::try_from(position).unwrap_or(i32::MAX)),
            error,
        })?;
    }
    Ok(run.scheme)
}

/// The year that is followed.
pub(crate) struct OfYear<'a> {
    pub(crate) position: usize,
    pub(crate) year: i32,
    pub(crate) env: Environment<'a>,
    pub(crate) adjusted: Vec<Adjusted>,
}

pub(crate) struct Run<'a> {
    pub(crate) lives: &'a InsuredLives<'a>,
    generations: Vec<Followed>,
    pub(crate) pensions: PensionsInPayment,
    pub(crate) times: ClaimTimes,
    pub(crate) scheme: FollowedScheme,
}

/// Active members of one group, sex and year of birth: positions of their generations.
type Cohorts = BTreeMap<(usize, usize, i32), Vec<usize>>;

impl<'a> Run<'a> {
    fn open(lives: &'a InsuredLives<'a>) -> Self {
        let none = || vec![ByOrigin::default(); lives.years];
        let generations = lives.members.iter().map(|members| at_start(lives, members)).collect();
        let mut run = Self {
            lives,
            generations,
            pensions: PensionsInPayment::of_start(lives),
            times: ClaimTimes::default(),
            scheme: FollowedScheme {
                active: Vec::new(),
                earnings: vec![none(); lives.groups.len()],
                paid: vec![none(); lives.law.benefits.len()],
            },
        };
        run.scheme.active.push(run.count());
        run
    }

    fn count(&self) -> f64 {
        self.generations.iter().fold(0.0, |sum, one| sum + one.members[0].count())
    }

    pub(crate) fn group(&self, of: &Followed) -> &'a LivesGroup {
        &self.lives.groups[of.group]
    }

    /// Mean wage of the active insured at the start of a year.
    fn mean_wage(&self, (position, year): (usize, i32)) -> Option<Money> {
        let (mut wages, mut persons) = (0.0, 0.0);
        for one in &self.generations {
            let count = one.members[0].count();
            wages += count * of(&self.group(one).wages, position, (one.sex, one.age(year)));
            persons += count;
        }
        if 0.0 < persons { Money::new(wages / persons).ok() } else { None }
    }

    fn step(&mut self, position: usize) -> Result<(), LawError> {
        let lives = self.lives;
        let year = lives.first_year.plus(i32::try_from(position).unwrap_or(i32::MAX)).get();
        let insured_wage = self.mean_wage((position, year));
        let env = Environment { indices: lives.indices, insured_wage, outlook: None };
        let adjusted = Adjusted::of_year(lives.law, perennis_units::Year::new(year), &env)?;
        let paid = &mut self.scheme.paid;
        self.pensions.pay(lives, (position, year), &adjusted, |benefit, initial, amount| {
            paid[benefit][position].add(initial, amount);
        });
        let now = OfYear { position, year, env, adjusted };
        let at_start: Vec<f64> =
            (0..lives.groups.len()).map(|group| self.count_of(group)).collect();
        let mut generations = std::mem::take(&mut self.generations);
        for one in &mut generations {
            self.live(one, &now)?;
        }
        generations.retain(|one| one.members.iter().any(|members| 1e-12 < members.count()));
        self.generations = generations;
        for (group, before) in at_start.iter().enumerate() {
            self.join(group, *before, &now);
        }
        for at in 0..self.generations.len() {
            let one = &self.generations[at];
            let ahead = self.earnings_of(one, &now, 1) * one.members[0].count();
            let (group, initial, density) = (one.group, one.initial, self.group(one).density);
            self.scheme.earnings[group][position].add(initial, 0.5 * density * ahead);
        }
        self.scheme.active.push(self.count());
        Ok(())
    }

    fn count_of(&self, group: usize) -> f64 {
        let of_group = self.generations.iter().filter(|one| one.group == group);
        of_group.fold(0.0, |sum, one| sum + one.members[0].count())
    }

    /// Insured earnings of a full year at the age of the start of the year, or so many years older.
    pub(crate) fn earnings_of(&self, one: &Followed, now: &OfYear<'_>, older: usize) -> f64 {
        let age = one.age(now.year) + older;
        of(&self.group(one).earnings, now.position, (one.sex, age))
    }

    /// What a member earns in a year between two birthdays, half at each age.
    fn of_a_year(&self, one: &Followed, now: &OfYear<'_>, part: f64) -> Worked {
        let density = self.group(one).density;
        let mean = 0.5 * (self.earnings_of(one, now, 0) + self.earnings_of(one, now, 1));
        Worked { year: now.year, months: 12.0 * density * part, earnings: density * mean * part }
    }

    /// Takes a generation through a year.
    fn live(&mut self, one: &mut Followed, now: &OfYear<'_>) -> Result<(), LawError> {
        let lives = self.lives;
        let (position, who) = (now.position, (one.sex, one.age(now.year)));
        let density = self.group(one).density;
        let started = 0.5 * density * one.members[0].count() * self.earnings_of(one, now, 0);
        self.scheme.earnings[one.group][position].add(one.initial, started);
        let alive = [0, 1].map(|state| of(&lives.survival[state], position, who));
        for state in [0, 1] {
            self.claim(one, now, (state, alive[state]))?;
        }
        self.withdraw(one, now, alive[1])?;
        let invalid = lives.incidence.as_ref().map_or(0.0, |table| of(table, position, who));
        one.members[0].scale((alive[0] - invalid).max(0.0));
        one.members[1].scale(alive[1]);
        let turnover = of(&self.group(one).turnover, position, who);
        let (half, whole) = (self.of_a_year(one, now, 0.5), self.of_a_year(one, now, 1.0));
        let [active, inactive] = &mut one.members;
        let mut leaving = active.record.clone();
        leaving.push(half);
        inactive.join(&active.persons.map(|persons| persons * turnover), &leaving);
        active.scale(1.0 - turnover);
        active.work(whole);
        Ok(())
    }

    /// Lets persons join a group at the end of a year, or leave it.
    fn join(&mut self, group: usize, before: f64, now: &OfYear<'_>) {
        let lives = self.lives;
        let mut cohorts = Cohorts::new();
        for (at, one) in self.generations.iter().enumerate().filter(|(_, one)| one.group == group) {
            cohorts.entry((group, one.sex.index(), one.born)).or_default().push(at);
        }
        let ages = match &lives.groups[group].joining {
            Joining::Nobody => return,
            Joining::Targets(targets) => targets[0][0].len(),
            Joining::Growth { ages, .. } => ages[0].len(),
        };
        let wanted = match &lives.groups[group].joining {
            Joining::Growth { rate, .. } => {
                let missing = before * (1.0 + rate[now.position]) - self.count_of(group);
                if missing < 0.0 {
                    let share = -missing / self.count_of(group);
                    cohorts.values().flatten().for_each(|at| self.leave(*at, share, now));
                    return;
                }
                missing
            }
            _ => 0.0,
        };
        for (sex, next) in Sex::ALL.into_iter().flat_map(|sex| (0..ages).map(move |age| (sex, age)))
        {
            let born = now.year - i32::try_from(next).unwrap_or(i32::MAX);
            let there = cohorts.get(&(group, sex.index(), born)).map_or(&[][..], Vec::as_slice);
            let active: f64 = there.iter().map(|at| self.generations[*at].members[0].count()).sum();
            let (first, last) = lives.entry_ages;
            let (missing, may_enter) = match &lives.groups[group].joining {
                Joining::Targets(targets) if next + 1 < ages => {
                    let target = of(targets, now.position + 1, (sex, next));
                    (target - active, (first..=last).contains(&next))
                }
                Joining::Growth { ages, .. } => (wanted * ages[sex.index()][next], true),
                _ => (-active, false),
            };
            if missing < 0.0 {
                there.iter().for_each(|at| self.leave(*at, -missing / active, now));
            } else if 0.0 < missing {
                self.enter((group, sex, born), there, (missing, may_enter), now);
            }
        }
    }

    /// Lets a share of the active members of a generation become inactive, with half a year of work.
    fn leave(&mut self, at: usize, share: f64, now: &OfYear<'_>) {
        let half = self.of_a_year(&self.generations[at], now, 0.5);
        let [active, inactive] = &mut self.generations[at].members;
        let mut record = active.record.clone();
        if let Some(last) = record.last_mut().filter(|last| last.year == now.year) {
            last.months -= half.months;
            last.earnings -= half.earnings;
        }
        inactive.join(&active.persons.map(|persons| persons * share), &record);
        active.scale(1.0 - share);
    }

    /// Lets persons of a sex and year of birth come back or enter.
    fn enter(
        &mut self,
        (group, sex, born): (usize, Sex, i32),
        there: &[usize],
        (missing, may_enter): (f64, bool),
        now: &OfYear<'_>,
    ) {
        let dormant: f64 = there.iter().map(|at| self.generations[*at].members[1].count()).sum();
        let back = (missing * self.lives.re_entry[now.position]).min(dormant);
        for at in there.iter().filter(|_| 0.0 < back) {
            let half = self.of_a_year(&self.generations[*at], now, 0.5);
            let share = back / dormant;
            let [active, inactive] = &mut self.generations[*at].members;
            let mut record = inactive.record.clone();
            record.push(half);
            active.join(&inactive.persons.map(|persons| persons * share), &record);
            inactive.scale(1.0 - share);
        }
        if !may_enter || missing - back <= 0.0 {
            return;
        }
        let persons = [(missing - back) / 12.0; 12];
        let members = [Members::default(), Members::default()];
        let mut one = Followed { group, sex, born, entered: now.year, initial: false, members };
        let half = self.of_a_year(&one, now, 0.5);
        one.members[0] = Members { persons, record: vec![half] };
        self.generations.push(one);
    }
}

/// Casts the record of members of the start back: without a gap but for the density, at the wages of each year and age.
fn at_start(lives: &InsuredLives<'_>, members: &StartMembers) -> Followed {
    let group = &lives.groups[members.group];
    let first = lives.first_year;
    let born = first.get() - i32::try_from(members.age).unwrap_or(0) - 1;
    let mut left = members.credit_months;
    let mut record = Vec::new();
    let mut back = 1 + i32::try_from(members.years_away).unwrap_or(0);
    let of_year = 12.0 * group.density.max(1e-9);
    while 1e-9 < left {
        let year = first.plus(-back);
        let months = left.min(of_year);
        let age = usize::try_from(year.get() - born - 1).unwrap_or(0);
        let then = lives.indices.wages.at(year) / lives.indices.wages.at(first);
        let earnings = of(&group.earnings, 0, (members.sex, age)) * then * months / 12.0;
        record.push(Worked { year: year.get(), months, earnings });
        left -= months;
        back += 1;
    }
    record.reverse();
    let entered = record.first().map_or(first.get(), |work| work.year);
    let of_state = Members { persons: [members.persons / 12.0; 12], record };
    let nobody = Members::default();
    let members_of = if members.active { [of_state, nobody] } else { [nobody, of_state] };
    Followed {
        group: members.group,
        sex: members.sex,
        born,
        entered,
        initial: true,
        members: members_of,
    }
}
