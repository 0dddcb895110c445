use perennis_cohort::AgeGrid;
use perennis_units::Sex;

use crate::Beneficiaries;
use crate::Mortality;
use crate::indexing::YearPayment;
use crate::invalids::Conversions;
use crate::recipients::Exits;

/// Pensioners of one benefit at the start of a year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PensionStock {
    /// Persons by sex and age.
    pub(crate) persons: AgeGrid,
    /// Amounts in force, currency a year, by sex and age.
    pub(crate) amount: AgeGrid,
    pub(crate) mortality: Mortality,
}

impl PensionStock {
    /// Nobody of so many ages, with the mortality of those who will be.
    pub(crate) fn empty(ages: usize, mortality: Mortality) -> Self {
        let ages = ages.max(mortality.own_ages().unwrap_or(0));
        Self { persons: AgeGrid::zeros((2, ages)), amount: AgeGrid::zeros((2, ages)), mortality }
    }

    /// Returns the persons of a sex and age, the last of `ages` open.
    pub(crate) fn persons_at(&self, sex: Sex, age: usize, ages: usize) -> f64 {
        let row = self.persons.row(sex.index());
        if age + 1 < ages { row[age] } else { row.iter().skip(age).fold(0.0, |sum, n| sum + n) }
    }

    /// Carries the pensioners through a year and books what they draw; awards of the year are added afterwards.
    ///
    /// Of a cell, half of its person-years fall to the age at the start and half to the age at the end, so that by age they
    /// are the mean of the two stocks. `survival` is that of the population.
    pub(crate) fn step(
        &mut self,
        year: usize,
        survival: impl Fn(Sex, usize) -> f64,
        (payment, exits): (&YearPayment, Option<&Exits>),
        table: &mut Beneficiaries,
    ) {
        let ages = self.persons.ncols();
        let mut persons = AgeGrid::zeros((2, ages));
        let mut amount = AgeGrid::zeros((2, ages));
        let end = payment.end();
        for sex in Sex::ALL {
            for age in 0..ages {
                let start = self.persons[[sex.index(), age]];
                if start <= 0.0 {
                    continue;
                }
                let in_force = self.amount[[sex.index(), age]];
                let alive = self.mortality.survival(year, (sex, age), || survival(sex, age));
                let next = (age + 1).min(ages - 1);
                if let Some(exits) = exits {
                    let alive = alive - exits.remarrying(sex, age);
                    let left = leave(exits.ending(sex, age), alive, payment);
                    persons[[sex.index(), next]] += start * left.staying;
                    amount[[sex.index(), next]] += in_force * left.staying * end;
                    table.terminations.add(year, sex, age, start * (1.0 - left.staying));
                    let (young, old) = (1.0 / (1.0 + alive), alive / (1.0 + alive));
                    table.beneficiaries.add(year, sex, age, start * left.time * young);
                    table.beneficiaries.add(year, sex, next, start * left.time * old);
                    table.amount.add(year, sex, age, in_force * left.paid * young);
                    table.amount.add(year, sex, next, in_force * left.paid * old);
                    continue;
                }
                persons[[sex.index(), next]] += start * alive;
                amount[[sex.index(), next]] += in_force * alive * end;
                table.terminations.add(year, sex, age, start * (1.0 - alive));
                table.beneficiaries.add(year, sex, age, 0.5 * start);
                table.beneficiaries.add(year, sex, next, 0.5 * start * alive);
                let paid = in_force * payment.of_stock(alive);
                table.amount.add(year, sex, age, paid / (1.0 + alive));
                table.amount.add(year, sex, next, paid * alive / (1.0 + alive));
            }
        }
        self.persons = persons;
        self.amount = amount;
    }
}

/// Persons of one cell whose pension became another one in a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Converted {
    pub(crate) sex: Sex,
    /// Age at the end of the year.
    pub(crate) age_end: usize,
    /// Alive on the day, and what they drew a year then.
    pub(crate) awarded: f64,
    pub(crate) awarded_amount: f64,
    /// From then on: of a year in payment, paid, alive at the end of the year and their amount in force.
    pub(crate) time: f64,
    pub(crate) paid: f64,
    pub(crate) persons: f64,
    pub(crate) in_force: f64,
}

impl PensionStock {
    /// As [`PensionStock::step`] where pensions become other ones in some months of the year, with the same amount.
    ///
    /// Deaths fall evenly over the year before and after; adjustments of the year are those of the pension that ends.
    pub(crate) fn step_converting(
        &mut self,
        year: usize,
        survival: impl Fn(Sex, usize) -> f64,
        (payment, conversions): (&YearPayment, &Conversions),
        table: &mut Beneficiaries,
    ) -> Vec<Converted> {
        let ages = self.persons.ncols();
        let mut left = Self::empty(ages, self.mortality.clone());
        let mut converted = Vec::new();
        let end = payment.end();
        for sex in Sex::ALL {
            for (age, of_age) in conversions[sex.index()].iter().enumerate().take(ages) {
                let cell = [sex.index(), age];
                let (start, in_force) = (self.persons[cell], self.amount[cell]);
                if start <= 0.0 {
                    continue;
                }
                let alive = self.mortality.survival(year, (sex, age), || survival(sex, age));
                let next = (age + 1).min(ages - 1);
                let lived = |month: f64| month / 12.0 * (1.0 - 0.5 * (1.0 - alive) * month / 12.0);
                let (mut staying, mut time, mut paid) = (1.0, 0.0, 0.0);
                for (month, share) in of_age {
                    let there = 1.0 - (1.0 - alive) * month / 12.0;
                    let before = payment.of_stock_until(alive, *month);
                    staying -= share;
                    time += share * lived(*month);
                    paid += share * before;
                    let (heads, drawn) = (start * share, in_force * share);
                    converted.push(Converted {
                        sex,
                        age_end: next,
                        awarded: heads * there,
                        awarded_amount: drawn * there * payment.factor_at(*month),
                        time: heads * (lived(12.0) - lived(*month)),
                        paid: drawn * (payment.of_stock(alive) - before),
                        persons: heads * alive,
                        in_force: drawn * alive * end,
                    });
                }
                let staying = staying.max(0.0);
                time += staying * lived(12.0);
                paid += staying * payment.of_stock(alive);
                left.persons[[sex.index(), next]] += start * staying * alive;
                left.amount[[sex.index(), next]] += in_force * staying * alive * end;
                table.terminations.add(year, sex, age, start * (1.0 - staying * alive));
                let (young, old) = (1.0 / (1.0 + alive), alive / (1.0 + alive));
                for (at, part) in [(age, young), (next, old)] {
                    table.beneficiaries.add(year, sex, at, start * time * part);
                    table.amount.add(year, sex, at, in_force * paid * part);
                }
            }
        }
        *self = left;
        converted
    }
}

/// What becomes of one person of a cell some of whom lose their pension in the year.
struct Left {
    /// In payment at the end of the year.
    staying: f64,
    /// Of a year in payment.
    time: f64,
    /// Paid for an amount of one a year in force at the start.
    paid: f64,
}

/// Months of the year that stand for an even spread of ends.
const PARTS: u8 = 12;

/// Takes off those who end; `alive` are those who neither die nor leave otherwise, evenly over the year.
fn leave(ending: [Option<(f64, f64, f64)>; 2], alive: f64, payment: &YearPayment) -> Left {
    let mut found =
        Left { staying: alive, time: 0.5 * (1.0 + alive), paid: payment.of_stock(alive) };
    let (time, paid) = (found.time, found.paid);
    for (share, from, to) in ending.into_iter().flatten() {
        found.staying -= share * alive;
        found.time -= share * time;
        found.paid -= share * paid;
        for part in 0..PARTS {
            let until = from + (to - from) * (f64::from(part) + 0.5) / f64::from(PARTS);
            let share = share / f64::from(PARTS);
            found.time += share * until / 12.0 * (1.0 - 0.5 * (1.0 - alive) * until / 12.0);
            found.paid += share * payment.of_stock_until(alive, until);
        }
    }
    found
}
