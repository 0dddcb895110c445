use std::ops::Range;

use perennis_cohort::{
    AgeGrid, InsuredYear, Rate, Register, RegisterShape, Row, RowFlows, State, SumYear, Target,
};
use perennis_scheme::{LawError, LegalIndices};
use perennis_units::Sex;

use crate::Mortality;
use crate::award::{AwardLists, AwardRow, state_of};
use crate::basis::{Membership, SchemeBasis, Turnover};
use crate::claim_dates::{INACTIVE, count};
use crate::claims::{ClaimTable, InYear, RowClaims, RowOf, STATES};
use crate::death::{DeathRow, Deaths};
use crate::earnings::Earnings;
use crate::invalids::InvalidRow;
use crate::open::{Class, Opening};
use crate::parts::{Held, Parts, Remaining, settle_parts};
use crate::ranks::Ranks;
use crate::records::at_award;
use crate::reference::{LastYears, References};
use crate::survivors::no_deaths;
use crate::year::YearPlan;

/// The insured persons of one sex. The two sexes never meet within a year, so they go through it at the same time.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) sex: Sex,
    /// Holds the persons of this sex only.
    pub(crate) register: Register,
    /// The claims of each class of groups.
    pub(crate) tables: Vec<ClaimTable>,
    /// Records of those on invalidity, where they may recover; see [`crate::records::group_of`].
    pub(crate) records: Option<Register>,
}

/// What both sides read of a scheme and a year.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) basis: &'a SchemeBasis,
    pub(crate) classes: &'a [Class],
    /// The class of each part of a group.
    pub(crate) class_of: &'a [usize],
    pub(crate) parts: &'a Parts,
    /// The insured of each part at the start of the year.
    pub(crate) held: &'a [Held],
    pub(crate) targets: &'a [perennis_cohort::YearGrid],
    pub(crate) references: &'a References,
    pub(crate) earnings: &'a Earnings,
    /// How wages differ in each group, around a mean of one.
    pub(crate) ranks: &'a [Ranks],
    pub(crate) indices: &'a LegalIndices,
    pub(crate) plan: &'a YearPlan<'a>,
}

/// What one side books in a year.
#[derive(Clone, Debug)]
pub(crate) struct Booked {
    /// By benefit of the law.
    pub(crate) benefits: Vec<BookedBenefit>,
    /// Months by which those who retire work more than half a year, by part and age.
    pub(crate) months: Vec<Vec<f64>>,
    /// Flows, by part.
    pub(crate) totals: Vec<RowTotals>,
    /// Deaths, by question that they put to the law.
    pub(crate) deaths: Vec<Deaths>,
    /// Those who die in the year of an award on invalidity: persons and amounts, as [`YearPlan::invalids`] and by age; empty
    /// where nobody asks.
    pub(crate) died: Vec<Deaths>,
}

/// Awards of one benefit by age: as in [`crate::Beneficiaries`], and what they add to the stock at the end of the year.
#[derive(Clone, Debug)]
pub(crate) struct BookedBenefit {
    pub(crate) beneficiaries: Vec<f64>,
    pub(crate) new_awards: Vec<f64>,
    pub(crate) new_award_amount: Vec<f64>,
    pub(crate) amount: Vec<f64>,
    pub(crate) terminations: Vec<f64>,
    pub(crate) stock_persons: Vec<f64>,
    pub(crate) stock_amount: Vec<f64>,
}

impl Context<'_> {
    /// Returns the share of the active and of the inactive insured of an age who live to the end of the year.
    fn insured_alive(
        &self,
        sex: Sex,
        (age, next): (usize, usize),
        population: impl Fn() -> f64,
    ) -> [f64; STATES] {
        let of_insured = |mortality: &Mortality| match mortality {
            // Nobody is carried past the open age with a table that ends.
            Mortality::Own(_) if next == age => 0.0,
            mortality => mortality.survival(self.plan.position, (sex, age), &population),
        };
        self.basis.mortality.insured.each_ref().map(of_insured)
    }
}

impl Side {
    /// Takes every row through the year, ages from the highest down.
    ///
    /// `uninsured` are the persons without credit by age at the end of the year; those who enter are taken off.
    pub(crate) fn walk(
        &mut self,
        context: &Context<'_>,
        survival: impl Fn(usize) -> f64,
        uninsured: &mut [f64],
    ) -> Result<Booked, LawError> {
        let Context { basis, plan, .. } = *context;
        let sex = self.sex;
        let shape = self.register.shape();
        let (first_age, ages, step) = (shape.first_age, shape.ages, shape.step);
        let mut booked = Booked::new(basis, ages);
        let questions = plan.deaths.questions.len();
        booked.deaths = no_deaths(questions, ages);
        booked.died = no_deaths(if questions == 0 { 0 } else { plan.invalids.len() }, ages);
        let mut buffers = Buffers::new(shape, context);
        let mut lists = AwardLists::default();
        let last_years = LastYears::new(basis.groups.len());
        for age in (first_age..ages).rev() {
            let credits = self.register.shape().credits_at(age);
            let of = RowOf { sex, age, year: plan.year, credits, step };
            let next = (age + 1).min(ages - 1);
            let alive = context.insured_alive(sex, (age, next), || survival(age));
            for (at, (class, table)) in context.classes.iter().zip(&mut self.tables).enumerate() {
                let groups = &plan.groups[at];
                let row = |group: &usize| Row { group: *group, sex, age };
                if !groups.iter().any(|group| self.register.has_members(row(group))) {
                    table.pass_over();
                    continue;
                }
                for group in groups {
                    let register = &self.register;
                    let (row, last_years) = (row(group), &last_years);
                    DeathRow { context, class: at, register, row, alive, last_years }
                        .book(&mut booked.deaths)?;
                }
                let opening = Opening { basis, class };
                let year = InYear { payments: &plan.payments[at], changes: &plan.changes[at] };
                if let Some(claims) = table.row(of, &opening, year)? {
                    let register = &self.register;
                    let row = AwardRow {
                        context,
                        class,
                        groups,
                        register,
                        of,
                        alive,
                        last_years: &last_years,
                        year,
                    };
                    row.book(claims, &mut lists, &mut booked)?;
                }
            }
            self.become_invalid(
                context,
                (age, next, alive),
                &last_years,
                (&mut buffers, &mut booked),
            )?;
            for parts in context.parts.groups() {
                let row = GroupRow { sex, age, next, alive, uninsured: uninsured[next] };
                let places = (&mut buffers, &mut booked);
                uninsured[next] -= self.move_group(context, parts.clone(), row, places)?;
            }
        }
        Ok(booked)
    }

    /// Books the insured of an age who become invalids.
    fn become_invalid(
        &mut self,
        context: &Context<'_>,
        (age, next, alive): (usize, usize, [f64; STATES]),
        last_years: &LastYears,
        (buffers, booked): (&mut Buffers, &mut Booked),
    ) -> Result<(), LawError> {
        let parts = context.basis.groups.len();
        for part in 0..buffers.invalidity.len() {
            let class = context.class_of[part];
            let row = Row { group: part, sex: self.sex, age };
            let mut kept = Vec::new();
            for state in 0..STATES {
                let Some(shares) = buffers.clear_invalidity(state, part) else { continue };
                for year in &context.plan.invalids {
                    if !context.classes[class].invalidity.contains(&year.benefit()) {
                        continue;
                    }
                    let register = &self.register;
                    let of = DeathRow { context, class, register, row, alive, last_years };
                    let dying = context.plan.dying_invalids[year.benefit()][self.sex.index()][age];
                    let claims = self.tables[class].current();
                    let row_of = InvalidRow { of, state, next, claims, dying };
                    let resting = year.book(&row_of, shares, booked)?;
                    if self.records.is_some() {
                        let of = (register, state_of(state), row, next);
                        kept.extend(at_award(context, of, &resting));
                    }
                }
            }
            self.keep_records((part, parts), next, &kept);
            let claims = self.tables[class].current();
            buffers.retire_inactive(&self.register, (row, alive[INACTIVE]), claims);
        }
        Ok(())
    }

    /// Moves the members of all parts of a group; returns the persons who enter for the first time.
    fn move_group(
        &mut self,
        context: &Context<'_>,
        parts: Range<usize>,
        of: GroupRow,
        (buffers, booked): (&mut Buffers, &mut Booked),
    ) -> Result<f64, LawError> {
        let whole = of.target(context, parts.clone());
        let mut rows = Vec::new();
        for part in parts.clone() {
            let claims = self.tables[context.class_of[part]].current();
            let row = of.part(part);
            if let Turnover::ByService(rates) = &context.basis.groups[part].turnover {
                buffers.fill_turnover(rates, row, context.basis.credit_step);
            }
            let places = (&mut buffers.withdraw[part], &mut *booked);
            let retire = retiring(buffers.inactive.as_ref(), part, claims);
            withdraw(&self.register, context, (row, of.alive[INACTIVE]), retire, places)?;
        }
        if let Some(whole) = whole.filter(|_| 1 < parts.len()) {
            let remaining: Vec<Remaining> = parts
                .clone()
                .map(|part| {
                    let claims = self.tables[context.class_of[part]].current();
                    let rates = PartRates::new(context, claims, (part, of), buffers);
                    rates.remaining(&self.register, context, of.part(part))
                })
                .collect();
            let entrants = |at: usize| {
                let class = context.basis.groups[parts.start + at].class.as_ref();
                class.map_or(0.0, |class| class.entrants)
            };
            rows = settle_parts(&whole, &remaining, entrants);
        }
        let mut entering = 0.0;
        for part in parts.clone() {
            let claims = self.tables[context.class_of[part]].current();
            let settled = rows.get(part - parts.start);
            let target = settled.map_or(whole, |settled| Some(settled.target));
            let row = of.part(part);
            let flows = move_row(&mut self.register, context, (row, of), (claims, target), buffers);
            let flows = settled.map_or(flows, |settled| RowFlows {
                re_entries_for_want: settled.for_want,
                ..flows
            });
            let flows = buffers.tell_invalids(part, flows, &mut booked.totals[part]);
            entering += flows.first_entries;
            booked.totals[part].add(&flows);
        }
        Ok(entering)
    }
}

/// Finds and books the withdrawals of a row; the shares by credit are written to `shares`.
fn withdraw(
    register: &Register,
    context: &Context<'_>,
    (row, alive): (Row, f64),
    retire: Rate<'_, f64>,
    (shares, booked): (&mut Vec<f64>, &mut Booked),
) -> Result<(), LawError> {
    let class = context.class_of[row.group];
    let Some(withdrawal) = &context.plan.withdrawals[class] else { return Ok(()) };
    if !register.has_members(row) {
        return Ok(());
    }
    withdrawal.shares(context, register, row, shares);
    let present = register.persons(State::Inactive, row);
    let staying = |at: usize| match retire {
        Rate::Cell(rates) => 1.0 - rates[at],
        Rate::Nobody | Rate::Row(_) => 1.0,
    };
    let persons = |at: usize| present[at] * alive * staying(at) * shares[at];
    let (persons, amount) = withdrawal.paid(context, register, row, persons)?;
    let table = &mut booked.benefits[withdrawal.benefit()];
    table.beneficiaries[row.age] += persons;
    table.new_awards[row.age] += persons;
    table.new_award_amount[row.age] += amount;
    table.amount[row.age] += amount;
    Ok(())
}

/// The rates of a row that is moved.
struct PartRates<'a> {
    alive: [f64; STATES],
    retire: [Rate<'a, f64>; 2],
    invalidity: Rate<'a, f64>,
    withdraw: Rate<'a, f64>,
    turnover: Rate<'a, f64>,
}

impl<'a> PartRates<'a> {
    fn new(
        context: &Context<'_>,
        claims: Option<&'a RowClaims>,
        (part, of): (usize, GroupRow),
        buffers: &'a Buffers,
    ) -> Self {
        let active = claims.map_or(Rate::Nobody, |claims| Rate::Cell(&claims.total[0]));
        let plan = context.plan;
        let withdraws = plan.withdrawals[context.class_of[part]].is_some();
        Self {
            alive: of.alive,
            retire: [active, retiring(buffers.inactive.as_ref(), part, claims)],
            invalidity: match buffers.invalidity.get(part) {
                Some(shares) => Rate::Cell(shares),
                None => Rate::Nobody,
            },
            withdraw: if withdraws { Rate::Cell(&buffers.withdraw[part]) } else { Rate::Nobody },
            turnover: match &context.basis.groups[part].turnover {
                Turnover::ByAge(rates) => Rate::Row(rates.get(plan.position, of.sex, of.age)),
                Turnover::ByService(_) => Rate::Cell(&buffers.turnover[part]),
            },
        }
    }

    /// Counts those who would stay active and those who could come back.
    fn remaining(&self, register: &Register, context: &Context<'_>, row: Row) -> Remaining {
        let held = &context.held[row.group];
        let cell = [row.sex.index(), row.age];
        let there = |state: State, all: f64, rates: [Rate<'_, f64>; 3]| {
            if all <= 0.0 {
                return 0.0;
            }
            self.alive[usize::from(state)] * staying(register.persons(state, row), all, rates)
        };
        let by_row = matches!(self.turnover, Rate::Row(_));
        let by_cell = if by_row { Rate::Nobody } else { self.turnover };
        let active =
            there(State::Active, held.active[cell], [self.retire[0], self.invalidity, by_cell]);
        let by_row = if let Rate::Row(rate) = self.turnover { 1.0 - rate } else { 1.0 };
        let rates = [self.retire[INACTIVE], self.withdraw, Rate::Nobody];
        Remaining {
            staying: active * by_row,
            dormant: there(State::Inactive, held.inactive[cell], rates),
        }
    }
}

/// The inactive insured who retire or become invalids, by credit.
fn retiring<'a>(
    invalids: Option<&'a InactiveInvalids>,
    part: usize,
    claims: Option<&'a RowClaims>,
) -> Rate<'a, f64> {
    match (invalids, claims) {
        (Some(invalids), _) => Rate::Cell(&invalids.retire[part]),
        (None, Some(claims)) => Rate::Cell(&claims.total[INACTIVE]),
        (None, None) => Rate::Nobody,
    }
}

/// Persons of a row, `all` in sum, whom none of the rates takes.
fn staying(persons: &[f64], all: f64, rates: [Rate<'_, f64>; 3]) -> f64 {
    let kept = |rate: &Rate<'_, f64>, at: usize| match rate {
        Rate::Nobody => 1.0,
        Rate::Row(rate) => 1.0 - rate,
        Rate::Cell(rates) => 1.0 - rates[at],
    };
    if rates.iter().all(|rate| matches!(rate, Rate::Nobody)) {
        return all;
    }
    let of = |(at, persons): (usize, &f64)| {
        persons * kept(&rates[0], at) * kept(&rates[1], at) * kept(&rates[2], at)
    };
    persons.iter().enumerate().map(of).sum()
}

/// Moves the members of a row.
fn move_row(
    register: &mut Register,
    context: &Context<'_>,
    (row, of): (Row, GroupRow),
    (claims, target): (Option<&RowClaims>, Option<Target<f64>>),
    buffers: &mut Buffers,
) -> RowFlows {
    let plan = context.plan;
    let Row { group, sex, age } = row;
    if !register.has_members(row) && target.is_none_or(|target| target.persons <= 0.0) {
        register.step_empty(row);
        return RowFlows::default();
    }
    let pace = context.basis.groups[group].pace();
    for (at, (sum, carried)) in buffers.sums[1..].iter_mut().zip(&plan.carried).enumerate() {
        let ages = (group, (sex, age, of.next));
        sum.keep = carried.keep[[sex.index(), age]];
        sum.earned = carried.grown[[sex.index(), age]];
        if let Some(pace) = pace {
            let step = count(context.basis.credit_step) / 12.0;
            for (credit, each) in buffers.earned[at].iter_mut().enumerate() {
                let held = count(credit) * step;
                *each = carried.whole_year(ages, (held, held + pace));
            }
        } else {
            sum.earned *= carried.whole_year(ages, (0.0, 0.0));
        }
    }
    let each =
        buffers.sums.iter().zip(std::iter::once(None).chain(buffers.earned.iter().map(Some)));
    let by_credit: Vec<SumYear<'_, f64>> = if pace.is_some() {
        each.map(|(sum, each)| SumYear { each: each.map(Vec::as_slice), ..*sum }).collect()
    } else {
        Vec::new()
    };
    let rates = PartRates::new(context, claims, (group, of), buffers);
    let year = InsuredYear {
        survival: of.alive,
        retire_active: rates.retire[0],
        invalidity: rates.invalidity,
        retire_inactive: rates.retire[INACTIVE],
        withdraw: if register.has_members(row) { rates.withdraw } else { Rate::Nobody },
        turnover: rates.turnover,
        target,
        months: &context.basis.groups[group].months,
        sums: if pace.is_some() { &by_credit } else { &buffers.sums },
    };
    register.step_insured(row, &year)
}

/// The rows of one sex and age of all parts of a group.
#[derive(Clone, Copy)]
struct GroupRow {
    sex: Sex,
    age: usize,
    /// The age at the end of the year; the open age stays.
    next: usize,
    /// Share of each state alive at the end of the year.
    alive: [f64; STATES],
    /// Persons without credit of the age at the end of the year.
    uninsured: f64,
}

impl GroupRow {
    const fn part(&self, part: usize) -> Row {
        Row { group: part, sex: self.sex, age: self.age }
    }

    /// Returns what the whole group is to have at the end of the year, where that follows from coverage.
    fn target(&self, context: &Context<'_>, parts: Range<usize>) -> Option<Target<f64>> {
        let membership = &context.basis.groups[parts.start].membership;
        if !matches!(membership, Membership::Coverage { .. }) {
            return None;
        }
        let position = context.plan.position + 1;
        let back = &context.plan.returning[self.sex.index()];
        let of = |part: usize| {
            let asked = context.targets[part].get(position, self.sex, self.next);
            asked - back.get(part).map_or(0.0, |of_part| of_part[self.next])
        };
        let (from, to) = context.basis.entry_ages;
        Some(Target {
            persons: if self.next == self.age { 0.0 } else { parts.map(of).sum::<f64>().max(0.0) },
            re_entry: context.basis.re_entry.at(context.plan.year).get(),
            may_enter: (from..=to).contains(&self.next),
            uninsured: self.uninsured,
        })
    }
}

impl Booked {
    fn new(basis: &SchemeBasis, ages: usize) -> Self {
        let zeros = || vec![0.0; ages];
        let benefit = || BookedBenefit {
            beneficiaries: zeros(),
            new_awards: zeros(),
            new_award_amount: zeros(),
            amount: zeros(),
            terminations: zeros(),
            stock_persons: zeros(),
            stock_amount: zeros(),
        };
        Self {
            benefits: basis.law.benefits.iter().map(|_| benefit()).collect(),
            months: basis.groups.iter().map(|_| zeros()).collect(),
            totals: vec![RowTotals::default(); basis.groups.len()],
            deaths: Vec::new(),
            died: Vec::new(),
        }
    }
}

/// Arrays that every row uses anew.
struct Buffers {
    /// Shares by credit that withdraw, by part.
    withdraw: Vec<Vec<f64>>,
    /// Shares by credit that become invalids, by part; none where nobody does.
    invalidity: Vec<Vec<f64>>,
    sums: Vec<SumYear<'static, f64>>,
    /// Shares by credit that leave, by part; only where they depend on service.
    turnover: Vec<Vec<f64>>,
    /// What a whole year of credit counts for by credit, by travelling sum; only where wages follow from credit.
    earned: Vec<Vec<f64>>,
    /// Where inactive insured become invalids.
    inactive: Option<InactiveInvalids>,
    width: usize,
}

/// Inactive insured who become invalids, by part. The register takes them for those who retire.
struct InactiveInvalids {
    /// Shares by credit.
    shares: Vec<Vec<f64>>,
    /// Shares by credit that retire or become invalids.
    retire: Vec<Vec<f64>>,
    persons: Vec<f64>,
}

impl Buffers {
    fn new(shape: &RegisterShape, context: &Context<'_>) -> Self {
        let (plan, parts) = (context.plan, context.basis.groups.len());
        let by_credit = context.basis.groups.iter().any(|group| group.pace().is_some());
        let is_open = context.basis.invalidity.incidence[INACTIVE].is_some();
        let sum = SumYear { keep: 1.0, earned: 0.0, each: None };
        let zeros = |parts: usize| vec![vec![0.0; shape.width()]; parts];
        Self {
            withdraw: zeros(parts),
            invalidity: zeros(if plan.invalids.is_empty() { 0 } else { parts }),
            sums: vec![sum; plan.carried.len() + 1],
            turnover: vec![Vec::new(); parts],
            earned: vec![vec![0.0; shape.width()]; if by_credit { plan.carried.len() } else { 0 }],
            inactive: (is_open && !plan.invalids.is_empty()).then(|| InactiveInvalids {
                shares: zeros(parts),
                retire: zeros(parts),
                persons: vec![0.0; parts],
            }),
            width: shape.width(),
        }
    }

    /// Returns the shares of a state that become invalids, emptied; none where nobody of the state does.
    fn clear_invalidity(&mut self, state: usize, part: usize) -> Option<&mut Vec<f64>> {
        let shares = match state {
            INACTIVE => &mut self.inactive.as_mut()?.shares[part],
            _ => &mut self.invalidity[part],
        };
        shares.fill(0.0);
        Some(shares)
    }

    /// Adds the inactive insured of a row who become invalids to those who retire.
    fn retire_inactive(
        &mut self,
        register: &Register,
        (row, alive): (Row, f64),
        claims: Option<&RowClaims>,
    ) {
        let Some(invalids) = &mut self.inactive else { return };
        let shares = &invalids.shares[row.group];
        let retire = &mut invalids.retire[row.group];
        let of = |at: usize| claims.map_or(0.0, |claims| claims.total[INACTIVE][at]);
        let all = shares.iter().enumerate().map(|(at, share)| 1.0 - (1.0 - of(at)) * (1.0 - share));
        retire.iter_mut().zip(all).for_each(|(place, all)| *place = all);
        let persons = register.persons(State::Inactive, row).iter().zip(shares).enumerate();
        let new = persons.map(|(at, (heads, share))| heads * alive * (1.0 - of(at)) * share);
        invalids.persons[row.group] = new.sum();
    }

    /// Tells the inactive insured who became invalids from those who retired.
    fn tell_invalids(&self, part: usize, flows: RowFlows, totals: &mut RowTotals) -> RowFlows {
        let Some(invalids) = &self.inactive else { return flows };
        *totals.invalids_inactive.get_or_insert(0.0) += invalids.persons[part];
        RowFlows { retired_inactive: flows.retired_inactive - invalids.persons[part], ..flows }
    }

    /// Writes the rates of a row by credit from those by completed years.
    fn fill_turnover(&mut self, rates: &[AgeGrid], row: Row, step: usize) {
        let turnover = &mut self.turnover[row.group];
        turnover.resize(self.width, 0.0);
        for (credit, rate) in turnover.iter_mut().enumerate() {
            let years = (credit * step / 12).min(rates.len() - 1);
            *rate = rates[years][[row.sex.index(), row.age]];
        }
    }
}

/// Flows of one part and sex, summed over ages.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowTotals {
    flows: RowFlows,
    /// Persons who claim and to whom the law gives nothing, at the first group of their class.
    pub(crate) unawarded: f64,
    /// Awards of pensions.
    pub(crate) pension_awards: f64,
    /// Active insured who moved to another group and who came from one, where groups have moves.
    pub(crate) moved: Option<(f64, f64)>,
    /// Inactive insured who became invalids, where they may.
    pub(crate) invalids_inactive: Option<f64>,
    /// Invalids who recovered and are active and inactive, where there is recovery.
    pub(crate) recovered: Option<(f64, f64)>,
}

impl RowTotals {
    /// Adds what another part of the group did.
    pub(crate) fn add_part(&mut self, part: &Self) {
        self.add(&part.flows);
        self.unawarded += part.unawarded;
        self.pension_awards += part.pension_awards;
        if let (Some(sum), Some(part)) = (&mut self.moved, part.moved) {
            *sum = (sum.0 + part.0, sum.1 + part.1);
        }
        if let (Some(sum), Some(part)) = (&mut self.recovered, part.recovered) {
            *sum = (sum.0 + part.0, sum.1 + part.1);
        }
        if let Some(part) = part.invalids_inactive {
            *self.invalids_inactive.get_or_insert(0.0) += part;
        }
    }

    /// Returns the persons whose claim ends their insurance.
    pub(crate) fn retirements(&self) -> f64 {
        self.flows.retired_active + self.flows.retired_inactive
    }

    pub(crate) fn add(&mut self, row: &RowFlows) {
        let sum = &mut self.flows;
        sum.deaths_active += row.deaths_active;
        sum.deaths_inactive += row.deaths_inactive;
        sum.retired_active += row.retired_active;
        sum.retired_inactive += row.retired_inactive;
        sum.invalids += row.invalids;
        sum.turnover += row.turnover;
        sum.net_withdrawals += row.net_withdrawals;
        sum.withdrawals += row.withdrawals;
        sum.re_entries += row.re_entries;
        sum.re_entries_for_want += row.re_entries_for_want;
        sum.first_entries += row.first_entries;
        sum.unfilled += row.unfilled;
        sum.held_at_top += row.held_at_top;
        sum.stayers += row.stayers;
    }

    /// Counts as retired those who die after the claim in the year; the register took them for deaths in service.
    pub(crate) fn died_after_claim(&mut self, state: usize, persons: f64) {
        let flows = &mut self.flows;
        let (deaths, retired) = if state == INACTIVE {
            (&mut flows.deaths_inactive, &mut flows.retired_inactive)
        } else {
            (&mut flows.deaths_active, &mut flows.retired_active)
        };
        *deaths -= persons;
        *retired += persons;
    }

    pub(crate) fn named(&self) -> Vec<(&'static str, f64)> {
        let flows = &self.flows;
        let mut named = vec![
            ("first_entries", flows.first_entries),
            ("re_entries", flows.re_entries),
            ("re_entries_for_want", flows.re_entries_for_want),
            ("turnover", flows.turnover),
            ("net_withdrawals", flows.net_withdrawals),
            ("retirements_from_active", flows.retired_active),
            ("invalidity_from_active", flows.invalids),
            ("retirements_from_inactive", flows.retired_inactive),
            ("withdrawals", flows.withdrawals),
            ("deaths_active", flows.deaths_active),
            ("deaths_inactive", flows.deaths_inactive),
            ("unfilled", flows.unfilled),
            ("held_at_top", flows.held_at_top),
            ("unawarded", self.unawarded),
        ];
        if let Some((out, into)) = self.moved {
            named.extend([("moved_out", out), ("moved_in", into)]);
        }
        named.extend(self.invalids_inactive.map(|persons| ("invalidity_from_inactive", persons)));
        if let Some((active, inactive)) = self.recovered {
            named.extend([("recovered_to_active", active), ("recovered_to_inactive", inactive)]);
        }
        named
    }
}
