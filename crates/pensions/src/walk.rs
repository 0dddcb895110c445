use perennis_cohort::{
    InsuredYear, Rate, Register, RegisterShape, Row, RowFlows, State, SumYear, Target,
};
use perennis_scheme::{LawError, LegalIndices, Lognormal};
use perennis_units::Sex;

use crate::award::{AwardLists, AwardRow};
use crate::basis::SchemeBasis;
use crate::claim_dates::INACTIVE;
use crate::claims::{ClaimTable, RowClaims, RowOf};
use crate::earnings::Earnings;
use crate::open::{Class, Opening};
use crate::reference::{LastYears, References};
use crate::year::YearPlan;

/// The insured persons of one sex. The two sexes never meet within a year, so they go through it at the same time.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) sex: Sex,
    /// Holds the persons of this sex only.
    pub(crate) register: Register,
    /// The claims of each class of groups.
    pub(crate) tables: Vec<ClaimTable>,
}

/// What both sides read of a scheme and a year.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) basis: &'a SchemeBasis,
    pub(crate) classes: &'a [Class],
    pub(crate) targets: &'a [perennis_cohort::YearGrid],
    pub(crate) references: &'a References,
    pub(crate) earnings: &'a Earnings,
    /// The spread of wages of each group, around a mean of one.
    pub(crate) spreads: &'a [Lognormal],
    pub(crate) indices: &'a LegalIndices,
    pub(crate) plan: &'a YearPlan<'a>,
}

/// What one side books in a year.
#[derive(Clone, Debug)]
pub(crate) struct Booked {
    /// By benefit of the law.
    pub(crate) benefits: Vec<BookedBenefit>,
    /// Months by which those who retire work more than half a year, by group and age.
    pub(crate) months: Vec<Vec<f64>>,
    /// Flows, by group.
    pub(crate) totals: Vec<RowTotals>,
}

/// Awards of one benefit by age: as in [`crate::Beneficiaries`], and what they add to the stock at the end of the year.
#[derive(Clone, Debug)]
pub(crate) struct BookedBenefit {
    pub(crate) beneficiaries: Vec<f64>,
    pub(crate) new_awards: Vec<f64>,
    pub(crate) new_award_amount: Vec<f64>,
    pub(crate) amount: Vec<f64>,
    pub(crate) stock_persons: Vec<f64>,
    pub(crate) stock_amount: Vec<f64>,
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
        let mut buffers = Buffers::new(shape, plan.carried.len());
        let mut lists = AwardLists::default();
        let last_years = LastYears::new(basis.groups.len());
        for age in (first_age..ages).rev() {
            let credits = self.register.shape().credits_at(age);
            let of = RowOf { sex, age, year: plan.year, credits, step };
            let alive = survival(age);
            let next = (age + 1).min(ages - 1);
            for (at, (class, table)) in context.classes.iter().zip(&mut self.tables).enumerate() {
                let groups = &plan.groups[at];
                let row = |group: &usize| Row { group: *group, sex, age };
                let members = groups.iter().any(|group| self.register.has_members(row(group)));
                let opening = Opening { basis, class };
                let claims =
                    if members { table.row(of, &opening, &plan.payments[at])? } else { None };
                if let Some(claims) = claims {
                    let register = &self.register;
                    let row = AwardRow {
                        context,
                        class,
                        groups,
                        register,
                        of,
                        alive,
                        last_years: &last_years,
                    };
                    row.book(claims, &mut lists, &mut booked)?;
                }
                for group in groups {
                    let row = row(group);
                    let row = GroupRow { row, next, class: at, alive, uninsured: uninsured[next] };
                    let places = (&mut buffers, &mut booked);
                    let flows = move_row(&mut self.register, context, row, claims, places)?;
                    uninsured[next] -= flows.first_entries;
                    booked.totals[*group].add(&flows);
                }
            }
        }
        Ok(booked)
    }
}

/// Books the withdrawals of a row and moves its members.
fn move_row(
    register: &mut Register,
    context: &Context<'_>,
    row: GroupRow,
    claims: Option<&RowClaims>,
    places: (&mut Buffers, &mut Booked),
) -> Result<RowFlows, LawError> {
    let (Buffers { withdraw, sums }, booked) = places;
    let GroupRow { row: cells, next, class, alive, uninsured } = row;
    let Row { group, sex, age } = cells;
    let plan = context.plan;
    let target =
        if next == age { 0.0 } else { context.targets[group].get(plan.position + 1, sex, next) };
    if !register.has_members(cells) && target <= 0.0 {
        register.step_empty(cells);
        return Ok(RowFlows::default());
    }
    let mut leaving = Rate::Nobody;
    if let Some(withdrawal) = &plan.withdrawals[class] {
        withdrawal.shares(context, register, cells, withdraw);
        let present = register.persons(State::Inactive, cells);
        let staying = |at: usize| claims.map_or(1.0, |claims| 1.0 - claims.total[INACTIVE][at]);
        let persons = |at: usize| present[at] * alive * staying(at) * withdraw[at];
        let (persons, amount) = withdrawal.paid(context, register, cells, persons)?;
        let table = &mut booked.benefits[withdrawal.benefit()];
        table.beneficiaries[age] += persons;
        table.new_awards[age] += persons;
        table.new_award_amount[age] += amount;
        table.amount[age] += amount;
        leaving = Rate::Cell(withdraw);
    }
    for (sum, carried) in sums[1..].iter_mut().zip(&plan.carried) {
        let counted = &carried.counted[group];
        let whole_year = 0.5 * (counted[[sex.index(), age]] + counted[[sex.index(), next]]);
        sum.keep = carried.keep[[sex.index(), age]];
        sum.earned = whole_year * carried.grown[[sex.index(), age]];
    }
    let retire =
        |state: usize| claims.map_or(Rate::Nobody, |claims| Rate::Cell(&claims.total[state]));
    let basis = &context.basis.groups[group];
    let (from, to) = context.basis.entry_ages;
    let year = InsuredYear {
        survival: alive,
        retire_active: retire(0),
        retire_inactive: retire(INACTIVE),
        withdraw: leaving,
        turnover: basis.turnover.get(plan.position, sex, age),
        target: Target {
            persons: target,
            re_entry: context.basis.re_entry.at(plan.year).get(),
            may_enter: (from..=to).contains(&next),
            uninsured,
        },
        months: &basis.months,
        sums,
    };
    Ok(register.step_insured(cells, &year))
}

/// A row of one group.
#[derive(Clone, Copy)]
struct GroupRow {
    row: Row,
    /// The age at the end of the year; the open age stays.
    next: usize,
    class: usize,
    /// Share alive at the end of the year.
    alive: f64,
    /// Persons without credit of the age at the end of the year.
    uninsured: f64,
}

impl Booked {
    fn new(basis: &SchemeBasis, ages: usize) -> Self {
        let zeros = || vec![0.0; ages];
        let benefit = || BookedBenefit {
            beneficiaries: zeros(),
            new_awards: zeros(),
            new_award_amount: zeros(),
            amount: zeros(),
            stock_persons: zeros(),
            stock_amount: zeros(),
        };
        Self {
            benefits: basis.law.benefits.iter().map(|_| benefit()).collect(),
            months: basis.groups.iter().map(|_| zeros()).collect(),
            totals: vec![RowTotals::default(); basis.groups.len()],
        }
    }
}

/// Arrays that every row uses anew.
struct Buffers {
    withdraw: Vec<f64>,
    sums: Vec<SumYear<'static, f64>>,
}

impl Buffers {
    fn new(shape: &RegisterShape, carried: usize) -> Self {
        let sum = SumYear { keep: 1.0, earned: 0.0, each: None };
        Self { withdraw: vec![0.0; shape.width()], sums: vec![sum; carried + 1] }
    }
}

/// Flows of one group and sex, summed over ages.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowTotals {
    flows: RowFlows,
    /// Persons who claim and to whom the law gives nothing, at the first group of their class.
    pub(crate) unawarded: f64,
}

impl RowTotals {
    fn add(&mut self, row: &RowFlows) {
        let sum = &mut self.flows;
        sum.deaths_active += row.deaths_active;
        sum.deaths_inactive += row.deaths_inactive;
        sum.retired_active += row.retired_active;
        sum.retired_inactive += row.retired_inactive;
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

    pub(crate) fn named(&self) -> Vec<(&'static str, f64)> {
        let flows = &self.flows;
        vec![
            ("first_entries", flows.first_entries),
            ("re_entries", flows.re_entries),
            ("re_entries_for_want", flows.re_entries_for_want),
            ("turnover", flows.turnover),
            ("net_withdrawals", flows.net_withdrawals),
            ("retirements_from_active", flows.retired_active),
            ("retirements_from_inactive", flows.retired_inactive),
            ("withdrawals", flows.withdrawals),
            ("deaths_active", flows.deaths_active),
            ("deaths_inactive", flows.deaths_inactive),
            ("unfilled", flows.unfilled),
            ("held_at_top", flows.held_at_top),
            ("unawarded", self.unawarded),
        ]
    }
}
