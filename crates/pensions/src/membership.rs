use perennis_cohort::{
    AgeGrid, Credited, Placed, Row, RowFlows, State, Target, Transfer, YearGrid,
};
use perennis_labour::Labour;
use perennis_units::{Sex, YearRange};

use crate::PensionsError;
use crate::basis::{GroupBasis, Members, Membership, SchemeBasis, Turnover};
use crate::claim_dates::count;
use crate::parts::{Remaining, settle_parts};
use crate::run::SchemeRun;
use crate::walk::RowTotals;
use crate::year::{Nation, YearPlan};

impl GroupBasis {
    /// The number of ages or years of each array that must have those of the population.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let mut shapes = Vec::new();
        match &self.membership {
            Membership::Coverage { coverage, .. } => {
                shapes.push(("coverage", coverage.ages()));
                shapes.push(("coverage by year", coverage.years()));
            }
            Membership::Growth { joining, .. } => shapes.push(("ages of joining", joining.ncols())),
            Membership::Closed => {}
        }
        match &self.turnover {
            Turnover::ByAge(rates) => {
                shapes.push(("turnover", rates.ages()));
                shapes.push(("turnover by year", rates.years()));
            }
            Turnover::ByService(rates) => {
                shapes.extend(rates.iter().map(|rates| ("turnover", rates.ncols())));
            }
        }
        let of_service = self.wages_of_service.iter();
        shapes.extend(of_service.map(|wages| ("wages of service", wages.ncols())));
        for (_, rates) in &self.moves {
            shapes.push(("moves", rates.ages()));
            shapes.push(("moves by year", rates.years()));
        }
        shapes.into_iter()
    }
}

/// Employed at the start of each year times coverage at that moment: the mean of the year before and the year after. Of a
/// class its share of the start; nobody where the members are not a share of the employed.
pub(crate) fn targets(
    basis: &SchemeBasis,
    labour: &Labour,
    years: YearRange,
    ages: usize,
) -> Result<Vec<YearGrid>, PensionsError> {
    let mut targets = Vec::new();
    for group in &basis.groups {
        let Membership::Coverage { employed: name, coverage } = &group.membership else {
            targets.push(YearGrid::zeros(years.count() + 1, ages));
            continue;
        };
        let employed = labour.employed.iter().find(|employed| employed.name == *name);
        let employed = employed.ok_or_else(|| PensionsError::UnknownGroup {
            scheme: basis.law.scheme.clone(),
            group: name.clone(),
        })?;
        let mut target = employed.persons.clone();
        let share = group.class.as_ref().map_or(1.0, |class| class.start);
        for position in 0..=years.count() {
            let before = position.saturating_sub(1);
            let after = position.min(years.count() - 1);
            for sex in Sex::ALL {
                for age in 0..target.ages() {
                    let covered =
                        0.5 * (coverage.get(before, sex, age) + coverage.get(after, sex, age));
                    let persons = target.get(position, sex, age) * covered * share;
                    target.set(position, sex, age, persons);
                }
            }
        }
        targets.push(target);
    }
    Ok(targets)
}

/// Active insured of the start by part, sex and age: those that coverage asks for, or those of the files.
pub(crate) fn actives_of_start(basis: &SchemeBasis, targets: &[YearGrid]) -> Vec<AgeGrid> {
    let of_group = |(group, target): (&GroupBasis, &YearGrid)| {
        let alone = !matches!(group.membership, Membership::Coverage { .. });
        let mut actives = target.year(0).to_owned();
        match &group.active {
            Members::Counted(cells) if alone => {
                for cell in cells {
                    actives[[cell.sex.index(), cell.age]] += cell.persons;
                }
            }
            Members::Spread(spread) if alone => {
                actives = spread.persons.clone().unwrap_or(actives);
            }
            _ => {}
        }
        actives
    };
    basis.groups.iter().zip(targets).map(of_group).collect()
}

/// Where a step writes what it did: flows and months paid, by part.
pub(crate) type Places<'a> = (&'a mut [[RowTotals; 2]], &'a mut [AgeGrid]);

impl SchemeRun {
    /// Lets those join who are missing to the growth of a group, after its members went through the year; where there are
    /// too many, the same share of every age and credit becomes inactive at the end of the year.
    pub(crate) fn grow(
        &mut self,
        plan: &YearPlan<'_>,
        nation: &mut Nation<'_>,
        places: Places<'_>,
    ) {
        let (totals, months) = places;
        for parts in self.parts.clone().groups() {
            let Membership::Growth { rate, joining } = &self.basis.groups[parts.start].membership
            else {
                continue;
            };
            let (rate, joining) = (rate.at(plan.year).get(), joining.clone());
            let at_start: f64 = parts.clone().map(|part| self.held[part].active.sum()).sum();
            let rows: Vec<Row> = parts.clone().flat_map(|part| self.rows(part)).collect();
            let now: f64 = rows.iter().map(|row| self.persons(State::Active, *row)).sum();
            let missing = at_start * (1.0 + rate) - now;
            if missing < 0.0 {
                for row in rows {
                    let left = self.leave(row, -missing / now);
                    let density = self.basis.groups[row.group].months.density();
                    totals[row.group][row.sex.index()]
                        .add(&RowFlows { net_withdrawals: left, ..RowFlows::default() });
                    // They paid the whole year, of which the mean of two stocks holds half.
                    months[row.group][[row.sex.index(), row.age]] += 6.0 * density * left;
                }
                continue;
            }
            for sex in Sex::ALL {
                for age in 0..joining.ncols() {
                    let persons = missing * joining[[sex.index(), age]];
                    if 0.0 < persons {
                        let uninsured = &mut nation.uninsured[sex.index()][age];
                        let found =
                            self.join(plan, parts.clone(), (sex, age), (persons, *uninsured));
                        for (part, flows) in found {
                            *uninsured -= flows.first_entries;
                            totals[part][sex.index()].add(&flows);
                        }
                    }
                }
            }
        }
    }

    /// Lets persons of one sex and age at the end of the year join a group: those who come back and those who enter.
    fn join(
        &mut self,
        plan: &YearPlan<'_>,
        parts: std::ops::Range<usize>,
        (sex, age): (Sex, usize),
        (persons, uninsured): (f64, f64),
    ) -> Vec<(usize, RowFlows)> {
        let row = |part| Row { group: part, sex, age };
        let remaining = parts.clone().map(|part| Remaining {
            staying: 0.0,
            dormant: self.persons(State::Inactive, row(part)),
        });
        let remaining: Vec<Remaining> = remaining.collect();
        let re_entry = self.basis.re_entry.at(plan.year).get();
        let whole = Target { persons, re_entry, may_enter: true, uninsured };
        let entrants = |at: usize| {
            let class = self.basis.groups[parts.start + at].class.as_ref();
            class.map_or(1.0, |class| class.entrants)
        };
        let settled = settle_parts(&whole, &remaining, entrants);
        let mut done = Vec::new();
        for (part, (settled, there)) in parts.clone().zip(settled.iter().zip(&remaining)) {
            let missing = settled.target.persons;
            let re_entries = (missing * settled.target.re_entry).min(there.dormant);
            let first_entries = settled.target.uninsured;
            let ages = (sex, age.saturating_sub(1), age);
            let pace = self.basis.groups[part].pace();
            let earned = plan.earned(part, ages, (0.0, pace.unwrap_or(0.0)));
            if 0.0 < re_entries {
                // Where wages follow from credit, those who come back have the wage of their mean credit.
                let credit = pace.map_or(0.0, |_| self.mean_credit(State::Inactive, row(part)));
                let earned = plan.earned(part, ages, (credit, credit + pace.unwrap_or(0.0)));
                let sums: Vec<(f64, f64)> =
                    std::iter::once((0.0, 0.0)).chain(earned.iter().map(|of| (1.0, *of))).collect();
                self.sides[sex.index()].register.transfer(&Transfer {
                    from: (State::Inactive.into(), row(part)),
                    to: (State::Active.into(), row(part)),
                    share: (re_entries / there.dormant).min(1.0),
                    credited: (Credited::PartYear, &self.basis.groups[part].months),
                    sums: &sums,
                });
            }
            self.enter_first(row(part), first_entries, &earned);
            done.push((
                part,
                RowFlows {
                    first_entries,
                    re_entries,
                    re_entries_for_want: settled.for_want,
                    unfilled: (missing - re_entries - first_entries).max(0.0),
                    ..RowFlows::default()
                },
            ));
        }
        done
    }

    /// Places persons who entered in the course of the year.
    fn enter_first(&mut self, row: Row, persons: f64, earned: &[f64]) {
        if persons <= 0.0 {
            return;
        }
        let months = &self.basis.groups[row.group].months;
        let register = &mut self.sides[row.sex.index()].register;
        for (credit, share) in months.part_year() {
            let each: Vec<f64> = std::iter::once(0.0)
                .chain(earned.iter().map(|earned| earned * months.years(credit)))
                .collect();
            let placed = Placed { credit, persons: persons * share, each: &each };
            register.place(State::Active, row, placed);
        }
    }

    /// Lets a share of the active insured of a row become inactive and returns how many.
    fn leave(&mut self, row: Row, share: f64) -> f64 {
        let sums = vec![(1.0, 0.0); 1 + self.references.sums.len()];
        let transfer = Transfer {
            from: (State::Active.into(), row),
            to: (State::Inactive.into(), row),
            share,
            credited: (Credited::Nothing, &self.basis.groups[row.group].months),
            sums: &sums,
        };
        self.sides[row.sex.index()].register.transfer(&transfer).persons
    }

    fn rows(&self, part: usize) -> Vec<Row> {
        let shape = self.sides[0].register.shape();
        let of = |sex| (shape.first_age..shape.ages).map(move |age| Row { group: part, sex, age });
        let rows = Sex::ALL.into_iter().flat_map(of);
        rows.filter(|row| self.sides[row.sex.index()].register.has_members(*row)).collect()
    }

    /// Mean credit of a row, years.
    fn mean_credit(&self, state: State, row: Row) -> f64 {
        let persons = self.sides[row.sex.index()].register.persons(state, row);
        let step = count(self.basis.credit_step) / 12.0;
        let sum: f64 = persons.iter().enumerate().map(|(at, n)| count(at) * step * n).sum();
        sum / persons.iter().sum::<f64>().max(f64::MIN_POSITIVE)
    }

    fn persons(&self, state: State, row: Row) -> f64 {
        self.sides[row.sex.index()].register.persons(state, row).iter().sum()
    }
}
