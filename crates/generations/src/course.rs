use perennis_scheme::Timing;
use perennis_units::Sex;

use crate::annuity::part_of;
use crate::decrements::dependent_from_independent;
use crate::{Cause, ExitRates, GenerationError, Merit, Plan, Who};

/// A generation: members of one group, sex and age at entry who entered in the same year, with the same earnings.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// The group of the law.
    pub group: String,
    /// The sex.
    pub sex: Sex,
    /// Age at entry, whole years.
    pub entry_age: i32,
    /// The plan year of entry, counted from the valuation; negative for present members.
    pub entry: i32,
    /// Earnings of a whole year of work, and the year of service of which they are.
    pub earnings: (f64, i32),
}

/// Members who leave by one cause at one moment, per entrant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exit {
    /// Position of the rates in the plan.
    pub by: usize,
    /// Why.
    pub cause: Cause,
    /// Whole years of service at the start of the year.
    pub year: i32,
    /// When in the year.
    pub at: Timing,
    /// Probability, per entrant.
    pub probability: f64,
}

impl Exit {
    /// Years of service at the exit.
    #[must_use]
    pub fn service(&self) -> f64 {
        f64::from(self.year) + part_of(self.at)
    }
}

/// The active service of a generation from entry to the last exit.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The generation.
    pub of: Generation,
    /// Probability of being active at the start of each year of service, before those leave who leave at its start.
    pub active: Vec<f64>,
    /// The same after they have left.
    pub working: Vec<f64>,
    /// Earnings of each year, of one who works all of it, currency.
    pub earnings: Vec<f64>,
    /// Every exit, in the order of time.
    pub exits: Vec<Exit>,
}

impl Course {
    /// Follows a generation through the tables of a plan.
    ///
    /// # Formula
    ///
    /// Those who leave at the start of a year leave first; the others share the year by dependent probabilities. At the last
    /// age all who are left retire at the start of the year.
    ///
    /// # Errors
    ///
    /// [`GenerationError::MoreThanAll`] and [`GenerationError::NoMerit`].
    pub fn new(plan: &Plan, of: Generation) -> Result<Self, GenerationError> {
        let mut course = Self {
            active: vec![1.0],
            working: Vec::new(),
            earnings: Vec::new(),
            exits: Vec::new(),
            of,
        };
        let years = (plan.last_age - course.of.entry_age).max(0);
        for year in 0..=years {
            course.step(plan, year)?;
        }
        course.earnings = course.paths_of_earnings(plan, years)?;
        Ok(course)
    }

    /// Returns the probability of working in a year, as far as earnings are paid: at its start, in the mean, at its end.
    #[must_use]
    pub fn paid(&self, year: usize, paid: Timing) -> f64 {
        let start = self.working.get(year).copied().unwrap_or(0.0);
        let end = self.active.get(year + 1).copied().unwrap_or(0.0);
        match paid {
            Timing::Start => start,
            Timing::Middle => 0.5 * (start + end),
            Timing::End => end,
        }
    }

    fn who(&self, plan: &Plan, year: i32) -> Who<'_> {
        let age = self.of.entry_age + year;
        let calendar = plan.start.get() + self.of.entry + year;
        Who { group: &self.of.group, sex: self.of.sex, age, service: year, year: calendar }
    }

    fn step(&mut self, plan: &Plan, year: i32) -> Result<(), GenerationError> {
        let who = self.who(plan, year);
        let rate = |by: usize| plan.exits[by].rates.at(&who).unwrap_or(0.0);
        let last = plan.last_age <= who.age;
        let now = self.active[self.active.len() - 1];
        let (at_start, later): (Vec<usize>, Vec<usize>) =
            (0..plan.exits.len()).partition(|by| plan.exits[*by].at == Timing::Start);
        let mut leaving: Vec<f64> = at_start.iter().map(|by| rate(*by)).collect();
        if last {
            leaving.iter_mut().for_each(|q| *q = 0.0);
            let retires = at_start.iter().position(|by| plan.exits[*by].cause == Cause::Retirement);
            match retires {
                Some(at) => leaving[at] = 1.0,
                None => {
                    self.exits.push(Exit {
                        by: usize::MAX,
                        cause: Cause::Retirement,
                        year,
                        at: Timing::Start,
                        probability: now,
                    });
                    self.working.push(0.0);
                    self.active.push(0.0);
                    return Ok(());
                }
            }
        }
        let alone: Vec<f64> = later.iter().map(|by| rate(*by)).collect();
        let together = match plan.sharing {
            Some(sharing) => dependent_from_independent(&alone, sharing),
            None => alone,
        };
        let sum = |rates: &[f64]| rates.iter().fold(0.0, |sum, q| sum + q);
        let (first, second) = (sum(&leaving), sum(&together));
        if 1.0 + 1e-9 < first.max(second) {
            let (group, age, service) = (who.group.to_owned(), who.age, who.service);
            let probability = first.max(second);
            return Err(GenerationError::MoreThanAll { group, age, service, probability });
        }
        let working = now * (1.0 - first).max(0.0);
        for (of, present, rates) in [(&at_start, now, &leaving), (&later, working, &together)] {
            for (by, q) in of.iter().zip(rates) {
                let probability = present * q;
                if 0.0 < probability {
                    let ExitRates { cause, at, .. } = plan.exits[*by];
                    self.exits.push(Exit { by: *by, cause, year, at, probability });
                }
            }
        }
        self.working.push(working);
        self.active.push(working * (1.0 - second).max(0.0));
        Ok(())
    }

    fn paths_of_earnings(&self, plan: &Plan, years: i32) -> Result<Vec<f64>, GenerationError> {
        let mut levels = vec![1.0];
        for year in 0..years {
            let growth = match &plan.pay.merit {
                Merit::Flat => 1.0,
                Merit::Growth(table) => 1.0 + self.merit(plan, table, year)?,
                Merit::Levels(table) => {
                    self.merit(plan, table, year + 1)? / self.merit(plan, table, year)?
                }
            };
            let general = plan.pay.growth.at(plan.start.plus(self.of.entry + year)).factor();
            levels.push(levels[levels.len() - 1] * growth * general);
        }
        let (earnings, of) = self.of.earnings;
        let base = usize::try_from(of).ok().and_then(|of| levels.get(of)).copied().unwrap_or(1.0);
        Ok(levels.into_iter().map(|level| earnings * level / base).collect())
    }

    /// Returns the figure of a table of merit; that of the year before stands where the last year works no more.
    fn merit(
        &self,
        plan: &Plan,
        table: &crate::RateTable,
        year: i32,
    ) -> Result<f64, GenerationError> {
        let who = self.who(plan, year);
        let held =
            || (plan.last_age <= who.age).then(|| table.at(&self.who(plan, year - 1))).flatten();
        table.at(&who).or_else(held).ok_or_else(|| GenerationError::NoMerit {
            group: who.group.to_owned(),
            age: who.age,
            service: who.service,
        })
    }
}
