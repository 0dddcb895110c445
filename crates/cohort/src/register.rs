use perennis_units::Sex;

use crate::months::MonthsPaid;

/// A year moves a cell at most so many credits up: months on a grid of single months.
const MOST_STEPS: usize = 12;

/// What a sum that travels with the persons of a cell adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travelling {
    /// Earnings on which contributions were paid, revalued: active insured add those of the year, whoever moves takes
    /// the sum along.
    Earnings,
    /// Years since the person left active insurance: inactive insured add one a year, a re-entry forgets it.
    YearsAway,
}

/// One group, sex and age of a register; its cells are the credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Position of the group.
    pub group: usize,
    /// The sex.
    pub sex: Sex,
    /// Age last birthday at the start of the year.
    pub age: usize,
}

/// Persons put into a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed<'a> {
    /// Credit, in steps of the register.
    pub credit: usize,
    /// Persons.
    pub persons: f64,
    /// What each of them brings to the travelling sums.
    pub each: &'a [f64],
}

/// Extent of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterShape {
    /// Number of groups.
    pub groups: usize,
    /// The age at which nobody has any credit yet: persons may enter in the course of the year that begins at it.
    pub first_age: usize,
    /// Number of single ages on the age axis of the country; the last is open.
    pub ages: usize,
    /// Months of credit between two neighbouring cells: 1, 3, 6 or 12.
    pub step: usize,
    /// Highest credit, in steps.
    pub credits: usize,
    /// The sums that travel with each cell.
    pub sums: Vec<Travelling>,
}

impl RegisterShape {
    /// Returns the number of credits that someone of `age` can hold, zero included: one year a year since the first age.
    #[must_use]
    pub fn credits_at(&self, age: usize) -> usize {
        (age.saturating_sub(self.first_age) * 12 / self.step).min(self.credits) + 1
    }

    fn start(&self, row: Row) -> usize {
        ((row.group * 2 + row.sex.index()) * (self.ages - self.first_age) + row.age
            - self.first_age)
            * (self.credits + 1)
    }

    fn rows(&self) -> usize {
        self.groups * 2 * (self.ages - self.first_age) * (self.credits + 1)
    }
}

/// Persons of one state by group, sex, age and credit, with the sums that travel with them.
#[derive(Clone, Debug, PartialEq)]
struct Cells {
    persons: Vec<f64>,
    sums: Vec<Vec<f64>>,
}

/// A register: active and inactive insured persons on one grid of credits.
///
/// # How a row moves through a year
///
/// A row is one group, sex and age; its cells are the credits. Of the persons of a cell the survivors of the year
/// are retired by the share given for their credit; of the rest a share leaves (turnover). What then misses to the
/// target of the end of the year enters: a share from the inactive insured of the same row, never more than there
/// are, the rest for the first time with no credit, never more than the persons who hold none; beyond these, inactive
/// insured come back whatever the share. What is too many leaves too (net withdrawals), whatever the credit.
/// Inactive insured die, retire, withdraw and re-enter in that order. Whoever stays is credited with the months paid in
/// a whole year, whoever enters or leaves with those of a part of a year that is uniform between none and all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    shape: RegisterShape,
    active: Cells,
    inactive: Cells,
    scratch: Scratch,
}

#[derive(Clone, Debug, PartialEq)]
struct Scratch {
    stay: Vec<f64>,
    leave: Vec<f64>,
    keep: Vec<f64>,
    enter: Vec<f64>,
    active: RowBuffer,
    inactive: RowBuffer,
}

#[derive(Clone, Debug, PartialEq)]
struct RowBuffer {
    persons: Vec<f64>,
    sums: Vec<Vec<f64>>,
}

/// Which of the two states a cell belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Insured and in covered work.
    Active,
    /// With credits, not in covered work.
    Inactive,
}

/// What happens to one row in one year. Shares by credit have at least as many entries as the row has credits.
#[derive(Clone, Copy, Debug)]
pub struct RowYear<'a> {
    /// Share alive at the end of the year.
    pub survival: f64,
    /// Share of the surviving active insured who retire, by credit at the start of the year.
    pub retire_active: &'a [f64],
    /// Share of the surviving inactive insured who retire or take their grant, by credit.
    pub retire_inactive: &'a [f64],
    /// Share of the inactive insured who survive and do not retire that withdraw their rights, by credit.
    pub withdraw: &'a [f64],
    /// Share of the active insured who survive and do not retire that become inactive.
    pub turnover: f64,
    /// Active insured at the end of the year, one year older.
    pub target: f64,
    /// Share of the missing persons who come from the inactive insured.
    pub re_entry: f64,
    /// Whether persons may enter for the first time at the age at the end of the year; re-entries may at every age.
    pub may_enter: bool,
    /// Persons of the age at the end of the year who hold no credit anywhere: the most who may enter for the first
    /// time.
    pub uninsured: f64,
    /// Months credited in the year.
    pub months: &'a MonthsPaid,
    /// For each travelling sum: what one person adds who pays all twelve months.
    pub earned: &'a [f64],
    /// For each travelling sum: the factor on what stood at the start of the year, and the factor on the sum with the
    /// year's earnings.
    pub revaluation: &'a [(f64, f64)],
}

/// Persons who moved in one row and one year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowFlows {
    /// Active insured who died.
    pub deaths_active: f64,
    /// Inactive insured who died.
    pub deaths_inactive: f64,
    /// Active insured who retired.
    pub retired_active: f64,
    /// Inactive insured who retired or took a grant.
    pub retired_inactive: f64,
    /// Active insured who became inactive by turnover.
    pub turnover: f64,
    /// Active insured above the target, who became inactive.
    pub net_withdrawals: f64,
    /// Inactive insured who withdrew their rights.
    pub withdrawals: f64,
    /// Inactive insured who became active again.
    pub re_entries: f64,
    /// Those of the re-entries who come back although the share would not ask for them, because too few persons without
    /// credit are left to enter.
    pub re_entries_for_want: f64,
    /// Persons insured for the first time.
    pub first_entries: f64,
    /// Persons missing to the target: nobody may enter for the first time at this age, or nobody is left.
    pub unfilled: f64,
    /// Persons whose credit would pass the end of the grid and was held there.
    pub held_at_top: f64,
    /// Active insured who were there at both ends of the year.
    pub stayers: f64,
}

impl Register {
    /// An empty register.
    #[must_use]
    pub fn new(shape: RegisterShape) -> Self {
        let cells = || Cells {
            persons: vec![0.0; shape.rows()],
            sums: vec![vec![0.0; shape.rows()]; shape.sums.len()],
        };
        let length = shape.credits + 1;
        let row = || RowBuffer {
            persons: vec![0.0; length + MOST_STEPS],
            sums: vec![vec![0.0; length + MOST_STEPS]; shape.sums.len()],
        };
        let scratch = Scratch {
            stay: vec![0.0; length],
            leave: vec![0.0; length],
            keep: vec![0.0; length],
            enter: vec![0.0; length],
            active: row(),
            inactive: row(),
        };
        Self { active: cells(), inactive: cells(), scratch, shape }
    }

    /// Returns the extent.
    #[must_use]
    pub const fn shape(&self) -> &RegisterShape {
        &self.shape
    }

    /// Returns the persons of a row by credit.
    #[must_use]
    pub fn persons(&self, state: State, row: Row) -> &[f64] {
        let start = self.shape.start(row);
        &self.cells(state).persons[start..start + self.shape.credits_at(row.age)]
    }

    /// Returns a travelling sum of a row by credit: persons times the value of each.
    #[must_use]
    pub fn sum(&self, state: State, sum: usize, row: Row) -> &[f64] {
        let start = self.shape.start(row);
        &self.cells(state).sums[sum][start..start + self.shape.credits_at(row.age)]
    }

    /// Says whether a row has any members, active or inactive.
    #[must_use]
    pub fn has_members(&self, row: Row) -> bool {
        let some = |state| self.persons(state, row).iter().any(|persons| 0.0 < *persons);
        some(State::Active) || some(State::Inactive)
    }

    /// Adds persons to a cell at the start of a projection.
    pub fn place(&mut self, state: State, row: Row, placed: Placed<'_>) {
        let at = self.shape.start(row) + placed.credit;
        let cells = match state {
            State::Active => &mut self.active,
            State::Inactive => &mut self.inactive,
        };
        cells.persons[at] += placed.persons;
        for (sum, value) in cells.sums.iter_mut().zip(placed.each) {
            sum[at] += placed.persons * value;
        }
    }

    /// Carries one row through a year; the ages of a group and sex must be taken from the highest down, each once.
    pub fn step(&mut self, row: Row, year: &RowYear<'_>) -> RowFlows {
        let age = row.age;
        let start = self.shape.start(row);
        let length = self.shape.credits_at(age);
        let open = age + 1 == self.shape.ages;
        let next = if open { age } else { age + 1 };
        let to = self.shape.credits_at(next);
        let mut flows = self.shares(start, length, year);
        self.scratch.clear(to);
        self.move_row(start, length, year);
        self.enter_first(&flows, year);
        self.clear_row(start, length);
        self.add_row(self.shape.start(Row { age: next, ..row }), to, &mut flows);
        flows
    }

    fn cells(&self, state: State) -> &Cells {
        match state {
            State::Active => &self.active,
            State::Inactive => &self.inactive,
        }
    }

    /// Finds for every cell the shares that stay, leave, remain inactive and re-enter, and adds up the flows.
    fn shares(&mut self, start: usize, length: usize, year: &RowYear<'_>) -> RowFlows {
        let mut flows = RowFlows::default();
        let active = &self.active.persons[start..start + length];
        let inactive = &self.inactive.persons[start..start + length];
        let (mut staying, mut dormant) = (0.0, 0.0);
        for j in 0..length {
            let alive = active[j] * year.survival;
            let rest = year.survival * (1.0 - year.retire_active[j]);
            flows.deaths_active += active[j] - alive;
            flows.retired_active += alive * year.retire_active[j];
            flows.turnover += active[j] * rest * year.turnover;
            self.scratch.stay[j] = rest * (1.0 - year.turnover);
            self.scratch.leave[j] = rest * year.turnover;
            staying += active[j] * self.scratch.stay[j];

            let alive = inactive[j] * year.survival;
            let rest = year.survival * (1.0 - year.retire_inactive[j]);
            flows.deaths_inactive += inactive[j] - alive;
            flows.retired_inactive += alive * year.retire_inactive[j];
            flows.withdrawals += inactive[j] * rest * year.withdraw[j];
            self.scratch.keep[j] = rest * (1.0 - year.withdraw[j]);
            dormant += inactive[j] * self.scratch.keep[j];
        }
        let missing = year.target - staying;
        let (mut out, mut back) = (0.0, 0.0);
        if missing < 0.0 {
            flows.net_withdrawals = -missing;
            out = -missing / staying;
        } else {
            flows.re_entries = (missing * year.re_entry).min(dormant);
            let mut rest = missing - flows.re_entries;
            if year.may_enter {
                flows.first_entries = rest.min(year.uninsured);
                rest -= flows.first_entries;
                flows.re_entries_for_want = rest.min(dormant - flows.re_entries);
                rest -= flows.re_entries_for_want;
                flows.re_entries += flows.re_entries_for_want;
            }
            flows.unfilled = rest;
            // The quotient of two equal sums may pass one by a rounding.
            back = if 0.0 < dormant { (flows.re_entries / dormant).min(1.0) } else { 0.0 };
        }
        flows.stayers = staying - flows.net_withdrawals;
        for j in 0..length {
            let leaving = self.scratch.stay[j] * out;
            self.scratch.leave[j] += leaving;
            self.scratch.stay[j] -= leaving;
            self.scratch.enter[j] = self.scratch.keep[j] * back;
            self.scratch.keep[j] -= self.scratch.enter[j];
        }
        flows
    }

    /// Distributes the cells of a row over the credits of the end of the year.
    fn move_row(&mut self, start: usize, length: usize, year: &RowYear<'_>) {
        let range = start..start + length;
        let Scratch { stay, leave, keep, enter, active, inactive } = &mut self.scratch;
        let from_active = &self.active.persons[range.clone()];
        let from_inactive = &self.inactive.persons[range.clone()];
        let whole = year.months.whole_year();
        let part = year.months.part_year();
        spread(&mut active.persons, from_active, stay, whole);
        spread(&mut active.persons, from_inactive, enter, part);
        spread(&mut inactive.persons, from_active, leave, part);
        spread(&mut inactive.persons, from_inactive, keep, &[1.0]);
        for (s, kind) in self.shape.sums.iter().enumerate() {
            let active_sum = &self.active.sums[s][range.clone()];
            let inactive_sum = &self.inactive.sums[s][range.clone()];
            let (active, inactive) = (&mut active.sums[s], &mut inactive.sums[s]);
            match kind {
                Travelling::YearsAway => {
                    spread(inactive, inactive_sum, keep, &[1.0]);
                    spread(inactive, from_inactive, keep, &[1.0]);
                    spread(inactive, from_active, leave, &MonthsPaid::moved(part, 0.5));
                }
                Travelling::Earnings => {
                    let (before, after) = year.revaluation[s];
                    let kept = before * after;
                    let earned = year.earned[s] * after;
                    spread(active, active_sum, stay, &MonthsPaid::moved(whole, kept));
                    spread(active, from_active, stay, &year.months.earned(whole, earned));
                    spread(active, inactive_sum, enter, &MonthsPaid::moved(part, kept));
                    spread(active, from_inactive, enter, &year.months.earned(part, earned));
                    spread(inactive, active_sum, leave, &MonthsPaid::moved(part, kept));
                    spread(inactive, from_active, leave, &year.months.earned(part, earned));
                    spread(inactive, inactive_sum, keep, &[kept]);
                }
            }
        }
    }

    fn enter_first(&mut self, flows: &RowFlows, year: &RowYear<'_>) {
        if flows.first_entries <= 0.0 {
            return;
        }
        let part = year.months.part_year();
        let one = [flows.first_entries];
        spread(&mut self.scratch.active.persons, &one, &[1.0], part);
        for (s, kind) in self.shape.sums.iter().enumerate() {
            if *kind == Travelling::Earnings {
                let earned = year.months.earned(part, year.earned[s] * year.revaluation[s].1);
                spread(&mut self.scratch.active.sums[s], &one, &[1.0], &earned);
            }
        }
    }

    fn clear_row(&mut self, start: usize, length: usize) {
        for cells in [&mut self.active, &mut self.inactive] {
            cells.persons[start..start + length].fill(0.0);
            for sum in &mut cells.sums {
                sum[start..start + length].fill(0.0);
            }
        }
    }

    /// Adds the row of the end of the year; what would pass the end of the grid is held at its last cell and counted.
    fn add_row(&mut self, start: usize, to: usize, flows: &mut RowFlows) {
        let Scratch { active, inactive, .. } = &self.scratch;
        for (row, cells) in [(active, &mut self.active), (inactive, &mut self.inactive)] {
            add(&mut cells.persons[start..start + to], &row.persons[..to + MOST_STEPS]);
            flows.held_at_top += row.persons[to..to + MOST_STEPS].iter().sum::<f64>();
            for (values, sum) in row.sums.iter().zip(&mut cells.sums) {
                add(&mut sum[start..start + to], &values[..to + MOST_STEPS]);
            }
        }
    }
}

impl Scratch {
    fn clear(&mut self, to: usize) {
        let end = to + MOST_STEPS;
        for row in [&mut self.active, &mut self.inactive] {
            row.persons[..end].fill(0.0);
            for sum in &mut row.sums {
                sum[..end].fill(0.0);
            }
        }
    }
}

/// Adds to each cell `from * share * weight` for every number of steps that a weight moves it up.
fn spread(into: &mut [f64], from: &[f64], share: &[f64], weights: &[f64]) {
    for (steps, weight) in weights.iter().enumerate() {
        if 0.0 < *weight {
            for ((to, value), part) in into[steps..].iter_mut().zip(from).zip(share) {
                *to += value * part * weight;
            }
        }
    }
}

fn add(into: &mut [f64], row: &[f64]) {
    let (inside, beyond) = row.split_at(into.len());
    for (to, value) in into.iter_mut().zip(inside) {
        *to += value;
    }
    let last = into.len() - 1;
    into[last] += beyond.iter().sum::<f64>();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::MonthsRule;

    const ROW: Row = Row { group: 0, sex: Sex::Female, age: 30 };

    const fn aged(age: usize) -> Row {
        Row { age, ..ROW }
    }

    fn register(step: usize) -> Register {
        Register::new(RegisterShape {
            groups: 1,
            first_age: 20,
            ages: 41,
            step,
            credits: 20 * 12 / step,
            sums: vec![Travelling::YearsAway, Travelling::Earnings],
        })
    }

    fn total(register: &Register, state: State) -> f64 {
        (20..41).flat_map(|age| register.persons(state, aged(age)).to_vec()).sum()
    }

    fn full(step: usize) -> MonthsPaid {
        MonthsPaid::new(step, 1.0, &MonthsRule::FullOrNone).unwrap()
    }

    const NONE: [f64; 300] = [0.0; 300];

    fn quiet(months: &MonthsPaid) -> RowYear<'_> {
        RowYear {
            survival: 1.0,
            retire_active: &NONE,
            retire_inactive: &NONE,
            withdraw: &NONE,
            turnover: 0.0,
            target: 0.0,
            re_entry: 0.0,
            may_enter: true,
            uninsured: 1e9,
            months,
            earned: &[0.0, 100.0],
            revaluation: &[(1.0, 1.0), (1.0, 1.0)],
        }
    }

    #[test]
    fn a_stayer_gains_a_year_of_credit_and_of_earnings() {
        let mut register = register(12);
        register.place(
            State::Active,
            ROW,
            Placed { credit: 4, persons: 10.0, each: &[0.0, 400.0] },
        );
        let months = full(12);
        let mut year = quiet(&months);
        year.target = 10.0;
        year.revaluation = &[(1.0, 1.0), (1.05, 1.0)];
        let flows = register.step(ROW, &year);
        let next = aged(31);
        assert!((register.persons(State::Active, aged(31))[5] - 10.0).abs() < 1e-12);
        // What stood is revalued, the year itself is not: 400 * 1.05 + 100 each.
        assert!((register.sum(State::Active, 1, next)[5] - 10.0 * 520.0).abs() < 1e-9);
        assert!((flows.stayers - 10.0).abs() < 1e-12);
        assert!(total(&register, State::Inactive).abs() < 1e-12);
    }

    #[test]
    fn re_entries_never_exceed_the_inactive_insured_and_keep_their_credit() {
        let mut register = register(12);
        register.place(
            State::Inactive,
            ROW,
            Placed { credit: 6, persons: 3.0, each: &[2.0, 600.0] },
        );
        let months = full(12);
        let mut year = quiet(&months);
        year.target = 100.0;
        year.re_entry = 0.5;
        let flows = register.step(ROW, &year);
        assert!((flows.re_entries - 3.0).abs() < 1e-12);
        assert!((flows.first_entries - 97.0).abs() < 1e-12);
        let active = register.persons(State::Active, aged(31));
        // Half a year of credit on average: half of them gain a step of a year.
        assert!((active[6] - 1.5).abs() < 1e-12 && (active[7] - 1.5).abs() < 1e-12);
        let sum: f64 = register.sum(State::Active, 1, aged(31)).iter().sum();
        assert!((sum - (3.0 * 600.0 + 100.0 * 50.0)).abs() < 1e-9);
    }

    #[test]
    fn persons_above_the_target_become_inactive_in_proportion_to_their_number() {
        let mut register = register(12);
        register.place(State::Active, ROW, Placed { credit: 2, persons: 30.0, each: &[0.0, 0.0] });
        register.place(State::Active, ROW, Placed { credit: 8, persons: 10.0, each: &[0.0, 0.0] });
        let months = full(12);
        let mut year = quiet(&months);
        year.target = 20.0;
        let flows = register.step(ROW, &year);
        assert!((flows.net_withdrawals - 20.0).abs() < 1e-12);
        let inactive = register.persons(State::Inactive, aged(31));
        assert!((inactive[2] + inactive[3] - 15.0).abs() < 1e-12);
        assert!((inactive[8] + inactive[9] - 5.0).abs() < 1e-12);
    }

    #[test]
    fn more_inactive_insured_come_back_when_nobody_without_credit_is_left() {
        let mut register = register(12);
        let placed = Placed { credit: 6, persons: 10.0, each: &[2.0, 600.0] };
        register.place(State::Inactive, ROW, placed);
        let months = full(12);
        let mut year = quiet(&months);
        (year.target, year.re_entry, year.uninsured) = (20.0, 0.1, 12.0);
        let flows = register.step(ROW, &year);
        assert!((flows.first_entries - 12.0).abs() < 1e-12);
        assert!((flows.re_entries - 8.0).abs() < 1e-12 && flows.unfilled.abs() < 1e-12);
        assert!((flows.re_entries_for_want - 6.0).abs() < 1e-12);
    }

    #[test]
    fn nobody_enters_outside_the_ages_of_entry() {
        let mut register = register(12);
        let months = full(12);
        let mut year = quiet(&months);
        year.target = 5.0;
        year.may_enter = false;
        let flows = register.step(ROW, &year);
        assert!((flows.unfilled - 5.0).abs() < 1e-12);
        assert!(total(&register, State::Active).abs() < 1e-12);
    }

    #[test]
    fn inactive_insured_count_the_years_since_they_left() {
        let mut register = register(12);
        register.place(State::Active, ROW, Placed { credit: 3, persons: 8.0, each: &[0.0, 0.0] });
        let months = full(12);
        let mut year = quiet(&months);
        register.step(ROW, &year);
        year.target = 0.0;
        register.step(aged(31), &year);
        let away: f64 = register.sum(State::Inactive, 0, aged(32)).iter().sum();
        // Half a year in the year of leaving, then one.
        assert!((away - 8.0 * 1.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_or_invented(
            survival in 0.5..=1.0_f64, turnover in 0.0..=1.0_f64, retire in 0.0..=1.0_f64,
            withdraw in 0.0..=1.0_f64, re_entry in 0.0..=1.0_f64, target in 0.0..50.0_f64,
            density in 0.0..=1.0_f64, step in prop::sample::select(vec![1_usize, 3, 6, 12]),
            placed in prop::collection::vec((20_usize..41, 0.0..1.0_f64, 0.0..9.0_f64), 1..40),
            may_enter in any::<bool>(), uninsured in 0.0..40.0_f64,
        ) {
            let mut register = register(step);
            for (n, (age, credit, persons)) in placed.iter().enumerate() {
                let cells = register.shape().credits_at(*age) as f64;
                let state = if n % 2 == 0 { State::Active } else { State::Inactive };
                let row = aged(*age);
                register.place(state, row, Placed { credit: (cells * credit) as usize, persons: *persons, each: &[1.0, 50.0] });
            }
            let months =
                MonthsPaid::new(step, density, &MonthsRule::BetaBinomial { correlation: 0.2 }).unwrap();
            let (retire, withdraw) = ([retire; 300], [withdraw; 300]);
            let year = RowYear {
                survival, turnover, target, re_entry, may_enter, uninsured,
                retire_active: &retire, retire_inactive: &retire, withdraw: &withdraw,
                months: &months,
                earned: &[0.0, 100.0], revaluation: &[(1.0, 1.0), (1.01, 1.0)],
            };
            for _ in 0..3 {
                let (active, inactive) =
                    (total(&register, State::Active), total(&register, State::Inactive));
                let mut sum = RowFlows::default();
                for age in (20..41).rev() {
                    let flows = register.step(aged(age), &year);
                    sum.deaths_active += flows.deaths_active;
                    sum.retired_active += flows.retired_active;
                    sum.turnover += flows.turnover + flows.net_withdrawals;
                    sum.re_entries += flows.re_entries;
                    sum.first_entries += flows.first_entries;
                    sum.deaths_inactive += flows.deaths_inactive + flows.retired_inactive;
                    sum.withdrawals += flows.withdrawals;
                }
                let end = active - sum.deaths_active - sum.retired_active - sum.turnover
                    + sum.re_entries + sum.first_entries;
                // Rounding of some thousand additions of numbers up to a few hundred.
                prop_assert!((total(&register, State::Active) - end).abs() < 1e-9);
                let end = inactive - sum.deaths_inactive - sum.withdrawals - sum.re_entries + sum.turnover;
                prop_assert!((total(&register, State::Inactive) - end).abs() < 1e-9);
                for age in 20..41 {
                    for state in [State::Active, State::Inactive] {
                        let least = register.persons(state, aged(age)).iter().copied()
                            .fold(0.0, f64::min);
                        prop_assert!(0.0 <= least, "{least}");
                    }
                }
            }
        }
    }
}
