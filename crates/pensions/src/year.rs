use ndarray::Axis;
use perennis_cohort::{AccountYear, InPayment, Item, RegisterShape, Row, RowFlows, RowYear, State};
use perennis_scheme::{BenefitKind, Environment, LawError};
use perennis_units::{Calibration, Payer, Sex, Year};

use crate::award::{AwardRow, Books};
use crate::basis::Count;
use crate::claims::{INACTIVE, RowClaims, RowOf};
use crate::earnings::{ByContribution, Earnings};
use crate::indexing::YearPayment;
use crate::open::{Class, Opening};
use crate::project::PastAccounts;
use crate::reference::LastYears;
use crate::run::SchemeRun;
use crate::withdrawal::WithdrawalYear;
use crate::{Beneficiaries, Contribution, Contributors, InsuredFlows, InsuredStock};

/// The tables of one scheme.
pub(crate) struct Tables<'a> {
    pub(crate) contributors: &'a mut [Contributors],
    pub(crate) contributions: &'a mut Vec<Contribution>,
    pub(crate) beneficiaries: &'a mut [Beneficiaries],
    pub(crate) insured: &'a mut [InsuredStock],
    pub(crate) flows: &'a mut Vec<InsuredFlows>,
}

/// What is the same for every row of a year.
struct YearPlan<'a> {
    year: Year,
    position: usize,
    env: &'a Environment<'a>,
    /// Factors on the travelling sums.
    revaluation: Vec<(f64, f64)>,
    /// How the pensions of each class move.
    payments: Vec<Vec<YearPayment>>,
    withdrawals: Vec<Option<WithdrawalYear>>,
    /// The groups of each class.
    groups: Vec<Vec<usize>>,
    last_years: LastYears,
}

impl SchemeRun {
    /// Carries the scheme through a year and returns what it books to each account.
    pub(crate) fn step(
        &mut self,
        year: Year,
        survival: &dyn Fn(Sex, usize) -> f64,
        past: &dyn PastAccounts,
        tables: &mut Tables<'_>,
    ) -> Result<Vec<AccountYear>, LawError> {
        let position = self.years.position(year).unwrap_or(0);
        let indices = self.indices.clone();
        let insured_wage = Earnings::mean_wage(&self.basis, year, &indices, |group, sex, age| {
            tables.insured[group].active.get(position, sex, age)
        });
        let env = Environment { indices: &indices, insured_wage };
        let insured = self.earnings.step(&self.basis, year, &env)?;
        let plan = self.plan(year, position, &env)?;
        self.pay_stocks(&plan, survival, tables.beneficiaries)?;
        let flows = self.walk(&plan, survival, tables)?;
        self.record(position + 1, tables.insured);
        tables.flows.extend(self.named_flows(year, &flows));
        self.contributors(position, &insured, tables);
        let mut accounts = self.empty_accounts(year);
        self.contribute((year, position), &insured, past, (tables, &mut accounts))?;
        self.spend(year, position, tables.beneficiaries, &mut accounts);
        Ok(accounts)
    }

    fn plan<'a>(
        &self,
        year: Year,
        position: usize,
        env: &'a Environment<'a>,
    ) -> Result<YearPlan<'a>, LawError> {
        let law = &self.basis.law;
        let payment = |benefit: &usize| {
            YearPayment::new(law.benefits[*benefit].indexation.as_ref(), year, &self.indices)
        };
        let payments = self
            .classes
            .iter()
            .map(|(class, _)| class.pensions.iter().map(payment).collect::<Result<Vec<_>, _>>());
        let groups: Vec<Vec<usize>> = (0..self.classes.len())
            .map(|class| (0..self.class_of.len()).filter(|g| self.class_of[*g] == class).collect())
            .collect();
        let mut withdrawals = Vec::new();
        for ((class, _), groups) in self.classes.iter().zip(&groups) {
            withdrawals.push(WithdrawalYear::new(self, class, groups, year, env)?);
        }
        Ok(YearPlan {
            year,
            position,
            env,
            revaluation: self.references.factors(year, &self.indices)?,
            payments: payments.collect::<Result<_, _>>()?,
            withdrawals,
            groups,
            last_years: LastYears::new(self.basis.groups.len()),
        })
    }

    /// Pays the pensions that stood at the start of the year.
    fn pay_stocks(
        &mut self,
        plan: &YearPlan<'_>,
        survival: &dyn Fn(Sex, usize) -> f64,
        tables: &mut [Beneficiaries],
    ) -> Result<(), LawError> {
        for ((stock, benefit), table) in
            self.stocks.iter_mut().zip(&self.basis.law.benefits).zip(tables)
        {
            if let Some(stock) = stock {
                let payment =
                    YearPayment::new(benefit.indexation.as_ref(), plan.year, &self.indices)?;
                stock.step(plan.position, survival, &payment, table);
            }
        }
        Ok(())
    }

    /// Takes every row through the year, ages from the highest down.
    fn walk(
        &mut self,
        plan: &YearPlan<'_>,
        survival: &dyn Fn(Sex, usize) -> f64,
        tables: &mut Tables<'_>,
    ) -> Result<Vec<[RowTotals; 2]>, LawError> {
        let mut totals = vec![[RowTotals::default(); 2]; self.basis.groups.len()];
        let shape = self.register.shape();
        let (first_age, ages, step) = (shape.first_age, shape.ages, shape.step);
        let mut buffers = Buffers::new(shape);
        let mut classes = std::mem::take(&mut self.classes);
        for sex in Sex::ALL {
            for age in (first_age..ages).rev() {
                let credits = self.register.shape().credits_at(age);
                let of = RowOf { sex, age, year: plan.year, credits, step };
                let alive = survival(sex, age);
                for (at, (class, table)) in classes.iter_mut().enumerate() {
                    let opening = Opening { basis: &self.basis, class };
                    let claims = if self.has_members(&plan.groups[at], sex, age) {
                        table.row(of, &opening, &plan.payments[at])?
                    } else {
                        None
                    };
                    if let Some(claims) = claims {
                        let row = ClassRow { class, position: at, of, alive };
                        let unawarded = self.award(plan, row, claims, tables)?;
                        totals[plan.groups[at][0]][sex.index()].unawarded += unawarded;
                    }
                    for group in &plan.groups[at] {
                        let row = GroupRow { group: *group, class: at, of, alive };
                        let flows = self.move_row(plan, row, claims, (&mut buffers, tables))?;
                        totals[*group][sex.index()].add(&flows);
                    }
                }
            }
        }
        self.classes = classes;
        Ok(totals)
    }

    fn award(
        &mut self,
        plan: &YearPlan<'_>,
        row: ClassRow<'_>,
        claims: &RowClaims,
        tables: &mut Tables<'_>,
    ) -> Result<f64, LawError> {
        let ClassRow { class, position, of, alive } = row;
        let row = AwardRow {
            basis: &self.basis,
            class,
            groups: &plan.groups[position],
            register: &self.register,
            references: &self.references,
            earnings: &self.earnings,
            env: plan.env,
            year: plan.year,
            position: plan.position,
            sex: of.sex,
            age: of.age,
            survival: alive,
            last_years: &plan.last_years,
        };
        let mut books = Books {
            beneficiaries: tables.beneficiaries,
            stocks: &mut self.stocks,
            contributors: tables.contributors,
            unawarded: 0.0,
        };
        row.book(claims, &mut books)?;
        Ok(books.unawarded)
    }

    fn has_members(&self, groups: &[usize], sex: Sex, age: usize) -> bool {
        groups.iter().any(|group| self.register.has_members(Row { group: *group, sex, age }))
    }

    /// Books the withdrawals of a row and moves its members.
    fn move_row(
        &mut self,
        plan: &YearPlan<'_>,
        row: GroupRow,
        claims: Option<&RowClaims>,
        places: (&mut Buffers, &mut Tables<'_>),
    ) -> Result<RowFlows, LawError> {
        let (buffers, tables) = places;
        let GroupRow { group, class, of, alive } = row;
        let (sex, age) = (of.sex, of.age);
        let Buffers { zeros, withdraw, earned } = buffers;
        let cells = Row { group, sex, age };
        let open = age + 1 == self.register.shape().ages;
        let next = if open { age } else { age + 1 };
        let target = if open { 0.0 } else { self.targets[group].get(plan.position + 1, sex, next) };
        if target <= 0.0 && !self.register.has_members(cells) {
            return Ok(RowFlows::default());
        }
        let retire =
            |state: usize| claims.map_or(zeros.as_slice(), |claims| claims.total[state].as_slice());
        if let Some(withdrawal) = &plan.withdrawals[class] {
            withdrawal.shares(self, cells, (plan.year, plan.position), withdraw);
            let present = self.register.persons(State::Inactive, cells);
            let leaving =
                |at: usize| present[at] * alive * (1.0 - retire(INACTIVE)[at]) * withdraw[at];
            let (persons, amount) = withdrawal.paid(self, cells, plan.year, leaving)?;
            let table = &mut tables.beneficiaries[withdrawal.benefit()];
            table.beneficiaries.add(plan.position, sex, age, persons);
            table.new_awards.add(plan.position, sex, age, persons);
            table.new_award_amount.add(plan.position, sex, age, amount);
            table.amount.add(plan.position, sex, age, amount);
        }
        let now = |age| self.earnings.of(Row { age, ..cells }, plan.year, &self.indices);
        earned[1..].fill(0.5 * (now(age) + now(next)));
        let basis = &self.basis.groups[group];
        let (from, to) = self.basis.entry_ages;
        let year = RowYear {
            survival: alive,
            retire_active: retire(0),
            retire_inactive: retire(INACTIVE),
            withdraw,
            turnover: basis.turnover.get(plan.position, sex, age),
            target,
            re_entry: self.basis.re_entry.at(plan.year).get(),
            may_enter: (from..=to).contains(&next),
            months: &basis.months,
            earned,
            revaluation: &plan.revaluation,
        };
        Ok(self.register.step(cells, &year))
    }

    fn named_flows(&self, year: Year, totals: &[[RowTotals; 2]]) -> Vec<InsuredFlows> {
        let mut named = Vec::new();
        for (group, by_sex) in self.basis.groups.iter().zip(totals) {
            for (sex, totals) in Sex::ALL.into_iter().zip(by_sex) {
                named.push(InsuredFlows {
                    year,
                    register: self.basis.register.clone(),
                    group: group.name.clone(),
                    sex,
                    flows: totals.named(),
                });
            }
        }
        named
    }

    /// Fills the contributors of the year: half of the two stocks around it, less or more the months of those who retire.
    fn contributors(&self, position: usize, insured: &ByContribution, tables: &mut Tables<'_>) {
        for (at, group) in self.basis.groups.iter().enumerate() {
            let table = &mut tables.contributors[at];
            let active = &tables.insured[at].active;
            let earnings = insured[self.earnings.defining[at]][at].as_ref();
            let density = group.months.density();
            for sex in Sex::ALL {
                for age in 0..active.ages() {
                    let start = active.get(position, sex, age);
                    let end = active.get(position + 1, sex, age);
                    let mean = 0.5 * (start + end);
                    let (average, any) = match group.count {
                        Count::Average => (mean, mean),
                        Count::Any => (mean * density, mean),
                    };
                    table.contributors.set(position, sex, age, average);
                    table.contributors_any.set(position, sex, age, any);
                    table.months_paid.add(position, sex, age, 12.0 * mean * density);
                    let months = table.months_paid.get(position, sex, age);
                    let wage = earnings.map_or(0.0, |grid| grid[[sex.index(), age]]);
                    table.insured_earnings.set(position, sex, age, months / 12.0 * wage);
                }
            }
        }
    }

    /// Books contributions due and collected, and what each account counts as its insured earnings.
    fn contribute(
        &mut self,
        at_year: (Year, usize),
        insured: &ByContribution,
        past: &dyn PastAccounts,
        places: (&mut Tables<'_>, &mut Vec<AccountYear>),
    ) -> Result<(), LawError> {
        let (year, position) = at_year;
        let (tables, accounts) = places;
        let mut counted: Vec<(String, usize)> = Vec::new();
        for (at, law) in self.basis.law.contributions.iter().enumerate() {
            let mut base = 0.0;
            for (group, earnings) in insured[at].iter().enumerate() {
                let Some(earnings) = earnings else { continue };
                let months = &tables.contributors[group].months_paid;
                let sum: f64 =
                    months.year(position).iter().zip(earnings).map(|(m, e)| m / 12.0 * e).sum();
                base += sum;
                if !counted.contains(&(law.account.clone(), group)) {
                    counted.push((law.account.clone(), group));
                    if let Some(account) = named(accounts, &law.account) {
                        account.insured_earnings += sum;
                        account.contributor_years += months.total(position) / 12.0;
                    }
                }
            }
            if let Some(stepping) = &law.stepping {
                let ratio = past.reserve_ratio_end(&law.account, year.plus(-1));
                self.added[at] = stepping.added(year, self.added[at], ratio)?;
            }
            for payer in Payer::ALL {
                let stepped = law.stepping.as_ref().is_some_and(|step| step.payer == payer);
                let rate = law.rate(payer, year)? + if stepped { self.added[at] } else { 0.0 };
                if rate <= 0.0 {
                    continue;
                }
                let due = rate * base;
                let factor = calibration(&self.basis.contribution_calibration, &law.account, year);
                let collected = due * self.basis.compliance.at(year).get() * factor;
                if let Some(account) = named(accounts, &law.account) {
                    account.book(Item::Contributions, Some(payer), collected);
                }
                tables.contributions.push(Contribution {
                    year,
                    scheme: self.basis.law.scheme.clone(),
                    account: law.account.clone(),
                    payer,
                    rate,
                    due,
                    collected,
                });
            }
        }
        Ok(())
    }

    /// Applies the calibration of the benefits, finds the loadings, and books all expenditure.
    fn spend(
        &self,
        year: Year,
        position: usize,
        tables: &mut [Beneficiaries],
        accounts: &mut [AccountYear],
    ) {
        let law = &self.basis.law;
        let (benefits, loaded) = tables.split_at_mut(law.benefits.len());
        for table in &mut *benefits {
            self.calibrate(year, position, table);
        }
        for (loading, table) in self.basis.loadings.iter().zip(&mut *loaded) {
            let share = loading.share.at(year).get();
            let of = benefits.iter().find(|benefit| benefit.benefit == loading.of);
            if let Some(of) = of {
                let spent = of.amount.year(position).mapv(|amount| amount * share);
                table.amount.values_mut().index_axis_mut(Axis(0), position).assign(&spent);
            }
            self.calibrate(year, position, table);
        }
        let named_accounts = law.benefits.iter().map(|benefit| (&benefit.account, benefit.kind));
        let loadings = self.basis.loadings.iter();
        let named_accounts =
            named_accounts.chain(loadings.map(|loading| (&loading.account, BenefitKind::Grant)));
        for (table, (account, kind)) in tables.iter().zip(named_accounts) {
            let Some(account) = named(accounts, account) else { continue };
            let amount = table.amount.total(position);
            account.book(Item::Benefit(table.benefit.clone()), None, amount);
            if kind == BenefitKind::Pension {
                account.in_payment.push(InPayment {
                    benefit: table.benefit.clone(),
                    person_years: table.beneficiaries.total(position),
                    amount,
                });
            }
        }
    }

    fn calibrate(&self, year: Year, position: usize, table: &mut Beneficiaries) {
        let factor = calibration(&self.basis.benefit_calibration, &table.benefit, year);
        let mut amounts = table.amount.values_mut().index_axis_mut(Axis(0), position);
        amounts.mapv_inplace(|amount| amount * factor);
    }
}

/// The rows of a class of groups at one sex and age.
#[derive(Clone, Copy)]
struct ClassRow<'a> {
    class: &'a Class,
    position: usize,
    of: RowOf,
    /// Share alive at the end of the year.
    alive: f64,
}

/// A row of one group.
#[derive(Clone, Copy)]
struct GroupRow {
    group: usize,
    class: usize,
    of: RowOf,
    /// Share alive at the end of the year.
    alive: f64,
}

/// Arrays that every row uses anew.
struct Buffers {
    zeros: Vec<f64>,
    withdraw: Vec<f64>,
    earned: Vec<f64>,
}

impl Buffers {
    fn new(shape: &RegisterShape) -> Self {
        let zeros = vec![0.0; shape.credits + 1];
        Self { withdraw: zeros.clone(), earned: vec![0.0; shape.sums.len()], zeros }
    }
}

/// Flows of one group and sex, summed over ages.
#[derive(Clone, Copy, Debug, Default)]
struct RowTotals {
    flows: RowFlows,
    unawarded: f64,
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
        sum.first_entries += row.first_entries;
        sum.unfilled += row.unfilled;
        sum.held_at_top += row.held_at_top;
        sum.stayers += row.stayers;
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        let flows = &self.flows;
        vec![
            ("first_entries", flows.first_entries),
            ("re_entries", flows.re_entries),
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

fn named<'a>(accounts: &'a mut [AccountYear], name: &str) -> Option<&'a mut AccountYear> {
    accounts.iter_mut().find(|account| account.account == name)
}

fn calibration(factors: &[(String, Calibration)], name: &str, year: Year) -> f64 {
    factors.iter().find(|(of, _)| of == name).map_or(1.0, |(_, factor)| factor.at(year))
}
