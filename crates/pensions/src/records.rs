use perennis_cohort::{
    AgeGrid, Credited, InsuredYear, Placed, Rate, Register, Row, RowFlows, State, SumYear, Transfer,
};
use perennis_demography::Population;
use perennis_units::Sex;

use crate::PensionsError;
use crate::basis::Membership;
use crate::run::SchemeRun;
use crate::stock::Passed;
use crate::walk::{Context, RowTotals, Side};
use crate::year::YearPlan;

/// Pensioners on invalidity whose award lies the same number of years back, by sex and age at the start of a year.
#[derive(Clone, Debug)]
pub(crate) struct Resting {
    there: AgeGrid,
    stayed: AgeGrid,
    recovered: AgeGrid,
}

impl Resting {
    pub(crate) fn nobody(ages: usize) -> Self {
        let zeros = || AgeGrid::zeros((2, ages));
        Self { there: zeros(), stayed: zeros(), recovered: zeros() }
    }

    /// Adds the pensioners of one benefit; those past the last age of the insured stand at it.
    pub(crate) fn add(&mut self, there: &AgeGrid, passed: &Passed) {
        let last = self.there.ncols() - 1;
        let pairs = [
            (&mut self.there, there),
            (&mut self.stayed, &passed.stayed),
            (&mut self.recovered, &passed.recovered),
        ];
        for (sum, grid) in pairs {
            for ((sex, age), persons) in grid.indexed_iter() {
                sum[[sex, age.min(last)]] += persons;
            }
        }
    }
}

/// Insured persons again, of one part and age at the end of the year.
#[derive(Clone, Debug)]
pub(crate) struct Returned {
    row: Row,
    /// Share of them that is active.
    active: f64,
    cells: Vec<Record>,
}

/// Persons with the same credit and what each carries, as in the register of the insured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) credit: usize,
    pub(crate) persons: f64,
    pub(crate) each: Vec<f64>,
}

impl Returned {
    fn persons(&self) -> f64 {
        self.cells.iter().map(|cell| cell.persons).sum()
    }
}

/// Active insured again by part and age at the end of the year, for each sex; empty where nobody recovers.
pub(crate) type Returning = [Vec<Vec<f64>>; 2];

/// The records of those on invalidity: the insured of a scheme as they were, each part once for each number of years since
/// the award from one on.
pub(crate) const fn group_of(part: usize, layer: usize, parts: usize) -> usize {
    layer * parts + part
}

impl SchemeRun {
    /// Takes the records of the invalids through a year; returns those who recover, by sex.
    pub(crate) fn carry_records(
        &mut self,
        plan: &YearPlan<'_>,
        resting: &[Resting],
    ) -> [Vec<Returned>; 2] {
        if resting.is_empty() {
            return [Vec::new(), Vec::new()];
        }
        let mut returned = [Vec::new(), Vec::new()];
        for sex in Sex::ALL {
            let mut of_sex = self.recovered(plan, sex, resting);
            self.limit(plan, &mut of_sex);
            returned[sex.index()] = of_sex;
            self.step_records(plan, sex, resting);
        }
        returned
    }

    /// Finds those who recover: of each age and time since the award all who are there in the same share.
    fn recovered(&self, plan: &YearPlan<'_>, sex: Sex, resting: &[Resting]) -> Vec<Returned> {
        let Some(recovery) = &self.basis.invalidity.recovery else { return Vec::new() };
        let side = &self.sides[sex.index()];
        let Some(records) = &side.records else { return Vec::new() };
        let (shape, parts) = (side.register.shape(), self.basis.groups.len());
        let mut found = Vec::new();
        for (layer, resting) in resting.iter().enumerate() {
            for age in shape.first_age..shape.ages {
                let heads = resting.recovered[[sex.index(), age]];
                if heads <= 0.0 {
                    continue;
                }
                let row = |part| Row { group: group_of(part, layer, parts), sex, age };
                let of_part =
                    |part: usize| records.persons(State::Inactive, row(part)).iter().sum::<f64>();
                let known: f64 = (0..parts).map(of_part).sum();
                let next = (age + 1).min(shape.ages - 1);
                let mut give = |part, cells| {
                    let row = Row { group: part, sex, age: next };
                    found.push(Returned { row, active: recovery.active[sex.index()], cells });
                };
                if known <= 0.0 {
                    let each = vec![0.0; 1 + plan.carried.len()];
                    give(0, vec![Record { credit: 0, persons: heads, each }]);
                    continue;
                }
                for part in 0..parts {
                    let cells = cells(records, row(part), heads / known, plan);
                    if !cells.is_empty() {
                        give(part, cells);
                    }
                }
            }
        }
        found
    }

    /// Lets no more be active than coverage asks for; the others are inactive.
    fn limit(&self, plan: &YearPlan<'_>, returned: &mut [Returned]) {
        let open = self.sides[0].register.shape().ages - 1;
        for parts in self.parts.groups() {
            let membership = &self.basis.groups[parts.start].membership;
            if !matches!(membership, Membership::Coverage { .. }) {
                continue;
            }
            for age in 0..=open {
                let here = |one: &&mut Returned| {
                    parts.contains(&one.row.group) && one.row.age == age && 0.0 < one.active
                };
                let mut wanted = 0.0;
                let mut asked = 0.0;
                for one in returned.iter_mut().filter(here) {
                    wanted += one.active * one.persons();
                    let of =
                        |part: usize| self.targets[part].get(plan.position + 1, one.row.sex, age);
                    asked = if age == open { 0.0 } else { parts.clone().map(of).sum() };
                }
                if asked < wanted {
                    returned.iter_mut().filter(here).for_each(|one| one.active *= asked / wanted);
                }
            }
        }
    }

    fn step_records(&mut self, plan: &YearPlan<'_>, sex: Sex, resting: &[Resting]) {
        let parts = self.basis.groups.len();
        let side = &mut self.sides[sex.index()];
        let Some(records) = &mut side.records else { return };
        let (first, ages) = (records.shape().first_age, records.shape().ages);
        let mut sums = vec![SumYear { keep: 1.0, earned: 0.0, each: None }; plan.carried.len() + 1];
        for age in (first..ages).rev() {
            for (sum, carried) in sums[1..].iter_mut().zip(&plan.carried) {
                sum.keep = carried.keep[[sex.index(), age]];
            }
            for (layer, resting) in resting.iter().enumerate() {
                let (there, stayed) =
                    (resting.there[[sex.index(), age]], resting.stayed[[sex.index(), age]]);
                let stay = if 0.0 < there { (stayed / there).min(1.0) } else { 0.0 };
                for part in 0..parts {
                    let row = Row { group: group_of(part, layer, parts), sex, age };
                    if !records.has_members(row) {
                        records.step_empty(row);
                        continue;
                    }
                    let year = InsuredYear {
                        survival: [1.0, stay],
                        retire_active: Rate::Nobody,
                        invalidity: Rate::Nobody,
                        retire_inactive: Rate::Nobody,
                        withdraw: Rate::Nobody,
                        turnover: Rate::Nobody,
                        target: None,
                        months: &self.basis.groups[part].months,
                        sums: &sums,
                    };
                    let _: RowFlows = records.step_insured(row, &year);
                }
            }
        }
        let kept = vec![(1.0, 0.0); sums.len()];
        // Into the open last layer first, so that nobody passes two.
        for layer in (1..resting.len()).rev() {
            for (age, part) in (first..ages).flat_map(|age| (0..parts).map(move |part| (age, part)))
            {
                let row = |layer| Row { group: group_of(part, layer, parts), sex, age };
                records.transfer(&Transfer {
                    from: (State::Inactive.into(), row(layer - 1)),
                    to: (State::Inactive.into(), row(layer)),
                    share: 1.0,
                    credited: (Credited::Nothing, &self.basis.groups[part].months),
                    sums: &kept,
                });
            }
        }
    }

    /// Counts those who are active again.
    pub(crate) fn returning(&self, returned: &[Vec<Returned>; 2]) -> Returning {
        if returned.iter().all(Vec::is_empty) {
            return Returning::default();
        }
        let (parts, ages) = (self.basis.groups.len(), self.sides[0].register.shape().ages);
        returned.each_ref().map(|of_sex| {
            let mut sums = vec![vec![0.0; ages]; parts];
            for one in of_sex {
                sums[one.row.group][one.row.age] += one.active * one.persons();
            }
            sums
        })
    }

    /// Lets those who recovered stand among the insured, with what they had; active ones are credited with the part of the
    /// year that is left.
    pub(crate) fn take_back(
        &mut self,
        plan: &YearPlan<'_>,
        returned: &[Vec<Returned>; 2],
        totals: &mut [[RowTotals; 2]],
    ) {
        if self.basis.invalidity.recovery.is_none() {
            return;
        }
        for of_part in &mut *totals {
            for total in of_part {
                total.recovered = Some((0.0, 0.0));
            }
        }
        for one in returned.iter().flatten() {
            let row = one.row;
            let ages = (row.sex, row.age.saturating_sub(1), row.age);
            let months = &self.basis.groups[row.group].months;
            let register = &mut self.sides[row.sex.index()].register;
            let last = register.shape().credits_at(row.age) - 1;
            for cell in &one.cells {
                let active = one.active * cell.persons;
                let credits = self.basis.credits_of_year(row.group, cell.credit);
                let earned = plan.earned(row.group, ages, credits);
                for (steps, share) in months.part_year() {
                    let gained = earned.iter().map(|earned| earned * months.years(steps));
                    let sums = cell.each[1..].iter().zip(gained).map(|(sum, gained)| sum + gained);
                    let each: Vec<f64> = std::iter::once(0.0).chain(sums).collect();
                    if 0.0 < active * share {
                        let credit = (cell.credit + steps).min(last);
                        let placed = Placed { credit, persons: active * share, each: &each };
                        register.place(State::Active, row, placed);
                    }
                }
                let inactive = cell.persons - active;
                if 0.0 < inactive {
                    let credit = cell.credit.min(last);
                    let placed = Placed { credit, persons: inactive, each: &cell.each };
                    register.place(State::Inactive, row, placed);
                }
                if let Some(sums) = &mut totals[row.group][row.sex.index()].recovered {
                    *sums = (sums.0 + active, sums.1 + inactive);
                }
            }
        }
    }

    /// Gives the invalids of the start the records of the active insured of their sex and age, or of the nearest age below
    /// at which there are some.
    pub(crate) fn open_records(&mut self) {
        let Some(recovery) = &self.basis.invalidity.recovery else { return };
        let layer = recovery.rates.len().max(self.layers()) - 1;
        let parts = self.basis.groups.len();
        let ages = self.sides[0].register.shape().ages;
        let on_invalidity = self.on_invalidity();
        for side in &mut self.sides {
            let Some(records) = &mut side.records else { continue };
            let sex = side.sex;
            let first = side.register.shape().first_age;
            for age in first..ages {
                let stocks = on_invalidity.iter().filter_map(|at| self.stocks[*at].as_ref());
                let heads: f64 = stocks.map(|stock| stock.persons_at(sex, age, ages)).sum();
                if heads <= 0.0 {
                    continue;
                }
                let row = |part, age| Row { group: part, sex, age };
                let there = |age: usize| -> f64 {
                    let of = |part| side.register.persons(State::Active, row(part, age));
                    (0..parts).map(|part| of(part).iter().sum::<f64>()).sum()
                };
                let Some(like) = (first..=age).rev().find(|age| 0.0 < there(*age)) else {
                    continue;
                };
                let share = heads / there(like);
                for part in 0..parts {
                    for cell in records_of(&side.register, State::Active, row(part, like)) {
                        let row = Row { group: group_of(part, layer, parts), sex, age };
                        let (credit, persons) = (cell.credit, cell.persons * share);
                        let placed = Placed { credit, persons, each: &cell.each };
                        records.place(State::Inactive, row, placed);
                    }
                }
            }
        }
    }

    /// Nobody can both die and recover: the two rates take no more than everyone, but at ages at which the pension has become
    /// another one.
    pub(crate) fn check_recovery(&self, population: &Population) -> Result<(), PensionsError> {
        let Some(recovery) = &self.basis.invalidity.recovery else { return Ok(()) };
        let ages = 0..population.persons.ages();
        let people: Vec<(Sex, usize)> =
            Sex::ALL.into_iter().flat_map(|sex| ages.clone().map(move |age| (sex, age))).collect();
        for at in self.on_invalidity() {
            let Some(stock) = &self.stocks[at] else { continue };
            for (position, year) in population.years.iter().enumerate() {
                let Some(conversions) = self.conversions(at, year) else { continue };
                for (sex, age) in &people {
                    let of_age = &conversions[sex.index()][*age];
                    if 1.0 - 1e-9 < of_age.iter().map(|(_, share)| share).sum::<f64>() {
                        continue;
                    }
                    for (years, layer) in (1..).zip(&stock.since_award) {
                        let rate =
                            recovery.rate(years).map_or(0.0, |of| of.get(position, *sex, *age));
                        let of_all = || population.survival(position, *sex, *age);
                        let alive = layer.mortality.survival(position, (*sex, *age), of_all);
                        if 0.0 < alive && alive < rate {
                            let scheme = self.basis.law.scheme.clone();
                            let benefit = self.basis.law.benefits[at].name.clone();
                            let age = *age;
                            return Err(PensionsError::TooManyRecover {
                                scheme,
                                benefit,
                                year,
                                age,
                            });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Whole years since the award that are told apart in a pension on invalidity, the last open; none where they are not.
    pub(crate) fn layers(&self) -> usize {
        let of = |at: &usize| self.stocks[*at].as_ref().map_or(0, |stock| stock.since_award.len());
        self.on_invalidity().iter().map(of).max().unwrap_or(0)
    }
}

impl Side {
    /// Keeps the records of those of a part who become invalids, by age at the end of the year.
    pub(crate) fn keep_records(
        &mut self,
        (part, parts): (usize, usize),
        next: usize,
        of: &[Record],
    ) {
        let Some(records) = &mut self.records else { return };
        let row = Row { group: group_of(part, 0, parts), sex: self.sex, age: next };
        let last = records.shape().credits_at(next) - 1;
        for record in of {
            let credit = record.credit.min(last);
            let placed = Placed { credit, persons: record.persons, each: &record.each };
            records.place(State::Inactive, row, placed);
        }
    }
}

/// The persons of a row by credit, with what each carries.
pub(crate) fn records_of(register: &Register, state: State, row: Row) -> Vec<Record> {
    let persons = register.persons(state, row);
    let sums = register.table().sums();
    let sums: Vec<&[f64]> = (0..sums).map(|sum| register.sum(state, sum, row)).collect();
    let of = |(credit, persons): (usize, &f64)| Record {
        credit,
        persons: *persons,
        each: sums.iter().map(|sum| sum[credit] / persons).collect(),
    };
    persons.iter().enumerate().filter(|(_, persons)| 0.0 < **persons).map(of).collect()
}

/// A share of the records of a row at the end of the year.
fn cells(records: &Register, row: Row, share: f64, plan: &YearPlan<'_>) -> Vec<Record> {
    let mut cells = records_of(records, State::Inactive, row);
    for cell in &mut cells {
        cell.persons *= share;
        cell.each[0] += 1.0;
        for (each, carried) in cell.each[1..].iter_mut().zip(&plan.carried) {
            *each *= carried.keep[[row.sex.index(), row.age]];
        }
    }
    cells
}

/// Returns the records at the end of the year of those of a row who become invalids in its course: `persons` by credit.
pub(crate) fn at_award(
    context: &Context<'_>,
    (register, state, row, next): (&Register, State, Row, usize),
    persons: &[(usize, f64)],
) -> Vec<Record> {
    let plan = context.plan;
    let months = &context.basis.groups[row.group].months;
    let mut found = Vec::new();
    let of_row = records_of(register, state, row);
    for (at, heads) in persons {
        let Some(record) = of_row.iter().find(|record| record.credit == *at) else { continue };
        let kept =
            |sum: usize| record.each[1 + sum] * plan.carried[sum].keep[[row.sex.index(), row.age]];
        let sums = plan.carried.len();
        if state == State::Inactive {
            let each = std::iter::once(record.each[0] + 1.0).chain((0..sums).map(kept)).collect();
            found.push(Record { credit: *at, persons: *heads, each });
            continue;
        }
        let credits = context.basis.credits_of_year(row.group, *at);
        let earned = plan.earned(row.group, (row.sex, row.age, next), credits);
        for (steps, share) in months.part_year() {
            let gained = |sum: usize| kept(sum) + earned[sum] * months.years(steps);
            // They left in the middle of the year, on average.
            let each = std::iter::once(0.5).chain((0..sums).map(gained)).collect();
            found.push(Record { credit: at + steps, persons: heads * share, each });
        }
    }
    found
}
