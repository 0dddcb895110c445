use perennis_cohort::{AgeGrid, YearGrid};
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
    /// The same persons and amounts by whole years since the year of the award, from one on and the last open; empty where
    /// nothing turns on them.
    pub(crate) since_award: Vec<PensionStock>,
}

impl PensionStock {
    /// Nobody of so many ages, with the mortality of those who will be.
    pub(crate) fn empty(ages: usize, mortality: Mortality) -> Self {
        let ages = ages.max(mortality.own_ages().unwrap_or(0));
        let zeros = || AgeGrid::zeros((2, ages));
        Self { persons: zeros(), amount: zeros(), mortality, since_award: Vec::new() }
    }

    /// Adds those whose award is of the year.
    pub(crate) fn add(&mut self, cell: [usize; 2], persons: f64, amount: f64) {
        self.persons[cell] += persons;
        self.amount[cell] += amount;
        if let Some(first) = self.since_award.first_mut() {
            first.add(cell, persons, amount);
        }
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
        let mut end = self.emptied();
        for cell in self.cells(year, survival) {
            let Starting { sex, age, next, persons: start, amount: in_force, alive } = cell;
            if let Some(exits) = exits {
                let alive = alive - exits.remarrying(sex, age);
                let left = leave(exits.ending(sex, age), alive, payment);
                Starting { alive, ..cell }.book(&left, payment, &mut end, (year, table));
                continue;
            }
            end.persons[[sex.index(), next]] += start * alive;
            end.amount[[sex.index(), next]] += in_force * alive * payment.end();
            table.terminations.add(year, sex, age, start * (1.0 - alive));
            table.beneficiaries.add(year, sex, age, 0.5 * start);
            table.beneficiaries.add(year, sex, next, 0.5 * start * alive);
            let paid = in_force * payment.of_stock(alive);
            table.amount.add(year, sex, age, paid / (1.0 + alive));
            table.amount.add(year, sex, next, paid * alive / (1.0 + alive));
        }
        self.replace(end);
    }

    /// As [`PensionStock::step`] where pensions become other ones in some months of the year, with the same amount, and
    /// where pensioners recover; nobody recovers in the year in which the pension becomes another one.
    ///
    /// Deaths fall evenly over the year before and after; adjustments of the year are those of the pension that ends.
    pub(crate) fn step_converting(
        &mut self,
        year: usize,
        survival: impl Fn(Sex, usize) -> f64,
        (payment, conversions, recovering): (&YearPayment, &Conversions, Option<&YearGrid>),
        table: &mut Beneficiaries,
    ) -> Passed {
        let mut end = self.emptied();
        let mut passed = Passed::nobody(self.persons.ncols());
        for cell in self.cells(year, survival) {
            let alive = cell.alive;
            let (mut staying, mut time, mut paid) = (1.0, 0.0, 0.0);
            let of_age = conversions[cell.sex.index()].get(cell.age);
            for (month, share) in of_age.into_iter().flatten() {
                let there = 1.0 - (1.0 - alive) * month / 12.0;
                let before = payment.of_stock_until(alive, *month);
                staying -= share;
                time += share * lived(alive, *month);
                paid += share * before;
                let (heads, drawn) = (cell.persons * share, cell.amount * share);
                passed.converted.push(Converted {
                    sex: cell.sex,
                    age_end: cell.next,
                    awarded: heads * there,
                    awarded_amount: drawn * there * payment.factor_at(*month),
                    time: heads * (lived(alive, 12.0) - lived(alive, *month)),
                    paid: drawn * (payment.of_stock(alive) - before),
                    persons: heads * alive,
                    in_force: drawn * alive * payment.end(),
                });
            }
            let staying = staying.max(0.0);
            // Where nobody lives to the end of the year nobody recovers.
            let rates = recovering.filter(|rates| cell.age < rates.ages() && 0.0 < alive);
            let recovering = rates.map_or(0.0, |rates| rates.get(year, cell.sex, cell.age));
            let unmoved = alive - recovering;
            time += staying * lived(unmoved, 12.0);
            paid += staying * payment.of_stock(unmoved);
            let at = [cell.sex.index(), cell.age];
            passed.stayed[at] = cell.persons * staying * unmoved;
            passed.recovered[at] = cell.persons * staying * recovering;
            let left = Left { staying: staying * unmoved, time, paid };
            cell.book(&left, payment, &mut end, (year, table));
        }
        self.replace(end);
        passed
    }

    /// Nobody of the same ages, to be filled for the end of a year; the mortality stays where it is.
    fn emptied(&self) -> Self {
        Self::empty(self.persons.ncols(), Mortality::POPULATION)
    }

    /// Takes over the persons and amounts of the end of a year.
    fn replace(&mut self, end: Self) {
        self.persons = end.persons;
        self.amount = end.amount;
    }

    /// Returns the cells with somebody in them at the start of a year.
    fn cells(
        &self,
        year: usize,
        survival: impl Fn(Sex, usize) -> f64,
    ) -> impl Iterator<Item = Starting> {
        let ages = self.persons.ncols();
        let all = Sex::ALL.into_iter().flat_map(move |sex| (0..ages).map(move |age| (sex, age)));
        all.filter_map(move |(sex, age)| {
            let (persons, amount) =
                (self.persons[[sex.index(), age]], self.amount[[sex.index(), age]]);
            (0.0 < persons).then(|| Starting {
                sex,
                age,
                next: (age + 1).min(ages - 1),
                persons,
                amount,
                alive: self.mortality.survival(year, (sex, age), || survival(sex, age)),
            })
        })
    }
}

/// Pensioners of one cell at the start of a year.
#[derive(Clone, Copy, Debug)]
struct Starting {
    sex: Sex,
    age: usize,
    /// Age at the end of the year.
    next: usize,
    persons: f64,
    /// In force, currency a year.
    amount: f64,
    /// Share alive at the end of the year, less those who leave evenly over it.
    alive: f64,
}

impl Starting {
    /// Books what persons of the cell draw of whom some leave, and enters those who stay into the stock of the end.
    fn book(
        &self,
        left: &Left,
        payment: &YearPayment,
        end: &mut PensionStock,
        (year, table): (usize, &mut Beneficiaries),
    ) {
        let &Self { sex, age, next, persons, amount, alive } = self;
        end.persons[[sex.index(), next]] += persons * left.staying;
        end.amount[[sex.index(), next]] += amount * left.staying * payment.end();
        table.terminations.add(year, sex, age, persons * (1.0 - left.staying));
        for (at, part) in [(age, 1.0 / (1.0 + alive)), (next, alive / (1.0 + alive))] {
            table.beneficiaries.add(year, sex, at, persons * left.time * part);
            table.amount.add(year, sex, at, amount * left.paid * part);
        }
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

/// What became of a stock in a year beside those who died.
#[derive(Clone, Debug)]
pub(crate) struct Passed {
    pub(crate) converted: Vec<Converted>,
    /// In payment at the end of the year, by sex and age at its start.
    pub(crate) stayed: AgeGrid,
    /// Recovered, by sex and age at the start of the year.
    pub(crate) recovered: AgeGrid,
}

impl Passed {
    fn nobody(ages: usize) -> Self {
        let zeros = || AgeGrid::zeros((2, ages));
        Self { converted: Vec::new(), stayed: zeros(), recovered: zeros() }
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

/// Part of a year lived until so many months of it, where deaths are even and `alive` are there at the end.
fn lived(alive: f64, months: f64) -> f64 {
    months / 12.0 * (1.0 - 0.5 * (1.0 - alive) * months / 12.0)
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
            found.time += share * lived(alive, until);
            found.paid += share * payment.of_stock_until(alive, until);
        }
    }
    found
}
