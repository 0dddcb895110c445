use ndarray::Axis;
use perennis_cohort::{AccountYear, AgeGrid, InPayment, Item};
use perennis_scheme::{BenefitKind, Environment, Event, LawDays, LawError};
use perennis_units::{Calibration, Date, Sex, Year};
use rayon::prelude::*;

use crate::basis::Count;
use crate::carried::{AskedYear, CarriedYear};
use crate::collection::{Assessed, declared};
use crate::death::{DeathYear, DyingPensioners};
use crate::earnings::{ByContribution, Earnings};
use crate::indexing::YearPayment;
use crate::invalids::InvalidYear;
use crate::moves;
use crate::parts::Held;
use crate::project::PastAccounts;
use crate::records::{Resting, Returning};
use crate::run::SchemeRun;
use crate::since_award::Way;
use crate::stock::{Converted, PensionStock};
use crate::survivors::{dying, is_own};
use crate::walk::{Booked, Context, RowTotals};
use crate::withdrawal::{WithdrawalYear, mean_years_away};
use crate::{
    Beneficiaries, ClassYear, Contribution, Contributors, InsuredFlows, InsuredStock, LawIndicator,
    Mortality,
};

/// Share of those of a sex and age at the start of the year who live to its end.
pub(crate) type Survival<'a> = &'a (dyn Fn(Sex, usize) -> f64 + Sync);

/// The people of the country in one year.
pub(crate) struct Nation<'a> {
    pub(crate) survival: Survival<'a>,
    /// Persons without any credit or pension, male first, by age at the end of the year; whoever enters is taken off.
    pub(crate) uninsured: &'a mut [Vec<f64>; 2],
}

/// The tables of one scheme.
pub(crate) struct Tables<'a> {
    pub(crate) contributors: &'a mut [Contributors],
    pub(crate) contributions: &'a mut Vec<Contribution>,
    pub(crate) beneficiaries: &'a mut [Beneficiaries],
    pub(crate) insured: &'a mut [InsuredStock],
    pub(crate) flows: &'a mut Vec<InsuredFlows>,
    pub(crate) classes: &'a mut Vec<ClassYear>,
    pub(crate) indicators: &'a mut [LawIndicator],
}

/// What is the same for every row of a year.
pub(crate) struct YearPlan<'a> {
    pub(crate) year: Year,
    pub(crate) position: usize,
    pub(crate) env: &'a Environment<'a>,
    /// What the year does to each travelling sum after the years away.
    pub(crate) carried: Vec<CarriedYear>,
    /// How the pensions of each class move.
    pub(crate) payments: Vec<Vec<YearPayment>>,
    /// Months from 1 January on which the law of an award changes, by class.
    pub(crate) changes: Vec<Vec<f64>>,
    pub(crate) withdrawals: Vec<Option<WithdrawalYear>>,
    /// The groups of each class.
    pub(crate) groups: Vec<Vec<usize>>,
    /// Benefits on deaths.
    pub(crate) deaths: DeathYear,
    /// Pensions on invalidity.
    pub(crate) invalids: Vec<InvalidYear>,
    /// By benefit, sex and age at the start of the year: probability that one who becomes an invalid dies within a year.
    pub(crate) dying_invalids: Vec<[Vec<f64>; 2]>,
    /// Invalids who are active insured again at the end of the year.
    pub(crate) returning: Returning,
}

impl YearPlan<'_> {
    /// Returns what a whole year of credit adds to each travelling sum after the years away, for members of a part and sex
    /// at two ages, those at the start and at the end of the year, and with the credits in years of these moments.
    pub(crate) fn earned(
        &self,
        part: usize,
        (sex, age, next): (Sex, usize, usize),
        credits: (f64, f64),
    ) -> Vec<f64> {
        let of = |carried: &CarriedYear| {
            let of = (part, (sex, age, next));
            carried.whole_year(of, credits) * carried.grown[[sex.index(), age]]
        };
        self.carried.iter().map(of).collect()
    }
}

impl SchemeRun {
    /// Carries the scheme through a year and returns what it books to each account.
    pub(crate) fn step(
        &mut self,
        year: Year,
        nation: &mut Nation<'_>,
        past: &dyn PastAccounts,
        tables: &mut Tables<'_>,
    ) -> Result<Vec<AccountYear>, LawError> {
        let position = self.years.position(year).unwrap_or(0);
        self.read_funds(year, past, tables.indicators);
        let indices = self.indices.clone();
        let moved = self.move_between(position);
        if let Some(growth) = &mut self.wage_growth {
            growth.step(&mut self.basis, (position, &self.held), &indices);
        }
        let insured_wage = Earnings::mean_wage(&self.basis, year, &indices, |group| {
            let held = &self.held[group];
            (&held.active, self.basis.groups[group].wages_of(held))
        });
        let env = Environment { indices: &indices, insured_wage, outlook: None };
        let mut insured = self.earnings.step(&self.basis, year, &env)?;
        let mut plan = self.plan(year, position, &env)?;
        let mut deaths = self.death_year(year, &env)?;
        deaths.ask(&self.context(&plan), |class| self.years_away(&plan.groups[class]))?;
        plan.deaths = deaths;
        plan.invalids = self.invalid_years(year, &env)?;
        if !plan.invalids.is_empty() {
            plan.dying_invalids = self.dying_invalids(position, nation.survival);
        }
        let (dying, resting) = self.pay_stocks(&plan, nation.survival, tables.beneficiaries)?;
        let returned = self.carry_records(&plan, &resting);
        plan.returning = self.returning(&returned);
        let (mut flows, mut months) = self.walk(&plan, nation, &dying, tables)?;
        self.take_back(&plan, &returned, &mut flows);
        self.grow(&plan, nation, (&mut flows, &mut months));
        moves::enter(&mut flows, moved.as_ref());
        let before = self.record(position + 1, tables.insured);
        tables.flows.extend(self.named_flows(year, &flows));
        let of_declared = |part: usize| declared(&self.basis, part, year);
        let held = ([before.as_slice(), &self.held], of_declared);
        self.earnings.average(&self.basis, (year, &env), held, &mut insured)?;
        self.contributors(position, (&before, &insured), &mut months, tables);
        tables.classes.extend(self.class_years((year, &insured), (&before, &flows, &months)));
        let mut accounts = self.empty_accounts(year);
        let mut whole = self.earnings.undeclared(&self.basis, year, &env)?;
        if let Some(whole) = &mut whole {
            let held = ([before.as_slice(), &self.held], |_: usize| 1.0);
            self.earnings.average(&self.basis, (year, &env), held, whole)?;
        }
        let paid = Assessed { declared: &insured, whole: &whole, months: &months };
        self.contribute(year, &paid, past, (tables, &mut accounts))?;
        self.spend(year, position, tables.beneficiaries, &mut accounts);
        self.read_persons(year, position, tables);
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
            YearPayment::new(law.benefits[*benefit].indexation.as_ref(), year, env)
        };
        let payments = self
            .classes
            .iter()
            .map(|class| class.pensions.iter().map(payment).collect::<Result<Vec<_>, _>>());
        let groups: Vec<Vec<usize>> = (0..self.classes.len())
            .map(|class| (0..self.class_of.len()).filter(|g| self.class_of[*g] == class).collect())
            .collect();
        let asked = AskedYear { basis: &self.basis, year, env };
        let carried = self.references.sums.iter().map(|sum| sum.year(&asked, &self.earnings));
        let of_classes = self.classes.par_iter().zip(&groups);
        let withdrawals =
            of_classes.map(|(class, groups)| WithdrawalYear::new(self, class, groups, year, env));
        let withdrawals: Vec<_> = withdrawals.collect();
        Ok(YearPlan {
            year,
            position,
            env,
            carried: carried.collect::<Result<_, _>>()?,
            payments: payments.collect::<Result<_, _>>()?,
            changes: self.law_days.iter().map(|days| months_in_year(days, year)).collect(),
            withdrawals: withdrawals.into_iter().collect::<Result<_, _>>()?,
            groups,
            deaths: DeathYear::default(),
            invalids: Vec::new(),
            dying_invalids: Vec::new(),
            returning: Returning::default(),
        })
    }

    /// Pays the pensions that stood at the start of the year.
    fn pay_stocks(
        &mut self,
        plan: &YearPlan<'_>,
        survival: Survival<'_>,
        tables: &mut [Beneficiaries],
    ) -> Result<(Vec<DyingPensioners>, Vec<Resting>), LawError> {
        let mut dead = Vec::new();
        let mut converted = Vec::new();
        let mut resting = self.nobody_resting();
        for (at, table) in tables.iter_mut().enumerate().take(self.stocks.len()) {
            let benefit = &self.basis.law.benefits[at];
            let exits = self.exits(benefit, (plan.year, plan.position))?;
            let conversions = self.conversions(at, plan.year);
            let Some(stock) = &mut self.stocks[at] else { continue };
            let payment = YearPayment::new(benefit.indexation.as_ref(), plan.year, plan.env)?;
            let deaths = (!plan.deaths.questions.is_empty() && is_own(benefit))
                .then(|| dying(stock, plan.position, survival));
            let on_invalidity = benefit.condition.event == Event::Invalidity;
            let recovery = self.basis.invalidity.recovery.as_ref().filter(|_| on_invalidity);
            let way = Way {
                payment: &payment,
                exits: exits.as_ref(),
                conversions: conversions.as_ref(),
                recovery,
            };
            let left = stock.pass(plan.position, survival, way, (table, &mut resting));
            if !left.is_empty() {
                converted.push((at, left));
            }
            dead.extend(deaths.map(|deaths| DyingPensioners { benefit: at, deaths, payment }));
        }
        for (at, left) in converted {
            self.convert(plan.position, (at, &left), tables);
        }
        Ok((dead, resting))
    }

    /// Nobody on invalidity, by years since the award; empty where nobody recovers.
    fn nobody_resting(&self) -> Vec<Resting> {
        let layers = self.basis.invalidity.recovery.as_ref().map_or(0, |_| self.layers());
        let ages = self.sides[0].register.shape().ages;
        (0..layers).map(|_| Resting::nobody(ages)).collect()
    }

    /// Probabilities of death within a year by benefit, sex and age of the insured.
    fn dying_invalids(&self, position: usize, survival: Survival<'_>) -> Vec<[Vec<f64>; 2]> {
        let ages = self.sides[0].register.shape().ages;
        let of = |stock: &Option<PensionStock>| {
            Sex::ALL.map(|sex| {
                let alive = |age: usize| {
                    let own = stock.as_ref().map_or(&Mortality::POPULATION, |own| &own.mortality);
                    own.survival(position, (sex, age), || survival(sex, age))
                };
                (0..ages).map(|age| 1.0 - alive(age)).collect()
            })
        };
        self.stocks.iter().map(of).collect()
    }

    /// Lets those whose pension on invalidity became another one in the year stand there.
    fn convert(
        &mut self,
        position: usize,
        (benefit, converted): (usize, &[Converted]),
        tables: &mut [Beneficiaries],
    ) {
        let law = &self.basis.law;
        let Some(to) = law.benefits[benefit].ends.converts_to.as_ref() else { return };
        let Some(to) = law.benefits.iter().position(|benefit| benefit.name == *to) else { return };
        let Some(stock) = &mut self.stocks[to] else { return };
        let table = &mut tables[to];
        for one in converted {
            let (sex, age) = (one.sex, one.age_end.min(stock.persons.ncols() - 1));
            table.new_awards.add(position, sex, age, one.awarded);
            table.new_award_amount.add(position, sex, age, one.awarded_amount);
            table.beneficiaries.add(position, sex, age, one.time);
            table.amount.add(position, sex, age, one.paid);
            table.terminations.add(position, sex, age, one.awarded - one.persons);
            stock.add([sex.index(), age], one.persons, one.in_force);
        }
    }

    /// Mean years away of the inactive insured of some parts, by credit; none where there is nobody.
    fn years_away(&self, parts: &[usize]) -> Vec<f64> {
        mean_years_away(self, parts, usize::MAX)
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect()
    }

    pub(crate) fn context<'a>(&'a self, plan: &'a YearPlan<'a>) -> Context<'a> {
        Context {
            basis: &self.basis,
            classes: &self.classes,
            class_of: &self.class_of,
            parts: &self.parts,
            held: &self.held,
            targets: &self.targets,
            references: &self.references,
            earnings: &self.earnings,
            ranks: &self.ranks,
            indices: &self.indices,
            plan,
        }
    }

    /// Takes both sexes through the year, at the same time, and enters what they booked, men first.
    fn walk(
        &mut self,
        plan: &YearPlan<'_>,
        nation: &mut Nation<'_>,
        dying: &[DyingPensioners],
        tables: &mut Tables<'_>,
    ) -> Result<(Vec<[RowTotals; 2]>, Vec<AgeGrid>), LawError> {
        let context = Context {
            basis: &self.basis,
            classes: &self.classes,
            class_of: &self.class_of,
            parts: &self.parts,
            held: &self.held,
            targets: &self.targets,
            references: &self.references,
            earnings: &self.earnings,
            ranks: &self.ranks,
            indices: &self.indices,
            plan,
        };
        let survival = nation.survival;
        let ([male, female], [men, women]) = (&mut self.sides, &mut *nation.uninsured);
        let (male, female) = rayon::join(
            || male.walk(&context, |age| survival(Sex::Male, age), men),
            || female.walk(&context, |age| survival(Sex::Female, age), women),
        );
        let mut booked = [male?, female?];
        for (sex, booked) in Sex::ALL.into_iter().zip(&mut booked) {
            for pensioners in dying {
                pensioners.book(&context, sex, &mut booked.deaths)?;
            }
            for (invalids, deaths) in plan.invalids.iter().zip(std::mem::take(&mut booked.died)) {
                invalids.dying(sex, deaths).book(&context, sex, &mut booked.deaths)?;
            }
        }
        let parts = self.basis.groups.len();
        let mut totals = vec![[RowTotals::default(); 2]; parts];
        let mut months: Vec<_> =
            self.held.iter().map(|of| AgeGrid::zeros(of.active.dim())).collect();
        for (sex, booked) in Sex::ALL.into_iter().zip(booked) {
            for (of_group, total) in totals.iter_mut().zip(&booked.totals) {
                of_group[sex.index()] = *total;
            }
            for (months, booked) in months.iter_mut().zip(&booked.months) {
                for (age, value) in booked.iter().enumerate() {
                    months[[sex.index(), age]] = *value;
                }
            }
            self.enter(plan.position, sex, &booked, tables);
            self.survive(plan, (sex, &booked.deaths), survival, tables.beneficiaries);
        }
        Ok((totals, months))
    }

    fn enter(&mut self, position: usize, sex: Sex, booked: &Booked, tables: &mut Tables<'_>) {
        let places = self.stocks.iter_mut().zip(&mut *tables.beneficiaries);
        for (booked, (stock, table)) in booked.benefits.iter().zip(places) {
            let columns = [
                (&mut table.beneficiaries, &booked.beneficiaries),
                (&mut table.new_awards, &booked.new_awards),
                (&mut table.new_award_amount, &booked.new_award_amount),
                (&mut table.amount, &booked.amount),
                (&mut table.terminations, &booked.terminations),
            ];
            for (grid, values) in columns {
                for (age, value) in values.iter().enumerate() {
                    grid.add(position, sex, age, *value);
                }
            }
            if let Some(stock) = stock {
                for (age, persons) in booked.stock_persons.iter().enumerate() {
                    stock.add([sex.index(), age], *persons, booked.stock_amount[age]);
                }
            }
        }
    }

    fn named_flows(&self, year: Year, totals: &[[RowTotals; 2]]) -> Vec<InsuredFlows> {
        let mut named = Vec::new();
        for parts in self.parts.groups() {
            for sex in Sex::ALL {
                let mut total = totals[parts.start][sex.index()];
                for part in &totals[parts.start + 1..parts.end] {
                    total.add_part(&part[sex.index()]);
                }
                named.push(InsuredFlows {
                    year,
                    register: self.basis.register.clone(),
                    group: self.basis.groups[parts.start].name.clone(),
                    sex,
                    flows: total.named(),
                });
            }
        }
        named
    }

    /// Returns the classes of the groups that have some; `months` are those paid by part.
    fn class_years(
        &self,
        (year, insured): (Year, &ByContribution),
        (before, totals, months): (&[Held], &[[RowTotals; 2]], &[AgeGrid]),
    ) -> Vec<ClassYear> {
        let mut years = Vec::new();
        for (part, group) in self.basis.groups.iter().enumerate() {
            let Some(class) = &group.class else { continue };
            let (held, months) = (&before[part], &months[part]);
            let earnings = insured[self.earnings.defining[part]][part].as_ref();
            for sex in Sex::ALL {
                let sum = |grid: &AgeGrid| grid.row(sex.index()).sum();
                let paid = months.row(sex.index());
                let totals = &totals[part][sex.index()];
                years.push(ClassYear {
                    year,
                    register: self.basis.register.clone(),
                    group: group.name.clone(),
                    class: class.name.clone(),
                    sex,
                    active: sum(&held.active),
                    inactive: sum(&held.inactive),
                    active_credit: sum(&held.active_credit),
                    inactive_credit: sum(&held.inactive_credit),
                    months_paid: paid.sum(),
                    insured_earnings: earnings
                        .map_or(0.0, |grid| (&paid * &grid.row(sex.index())).sum() / 12.0),
                    retirements: totals.retirements(),
                    pension_awards: totals.pension_awards,
                });
            }
        }
        years
    }

    /// Fills the contributors of the year: half of the two stocks around it, less or more the months of those who retire.
    /// `paid` holds those months by part and then all that are paid.
    fn contributors(
        &self,
        position: usize,
        (before, insured): (&[Held], &ByContribution),
        paid: &mut [AgeGrid],
        tables: &mut Tables<'_>,
    ) {
        for (at, group) in self.basis.groups.iter().enumerate() {
            let table = &mut tables.contributors[self.parts.group_of(at)];
            let earnings = insured[self.earnings.defining[at]][at].as_ref();
            let density = group.months.density();
            for sex in Sex::ALL {
                for age in 0..paid[at].ncols() {
                    let cell = [sex.index(), age];
                    let mean = 0.5 * (before[at].active[cell] + self.held[at].active[cell]);
                    let (average, any) = match group.count {
                        Count::Average => (mean, mean),
                        Count::Any => (mean * density, mean),
                    };
                    table.contributors.add(position, sex, age, average);
                    table.contributors_any.add(position, sex, age, any);
                    paid[at][cell] += 12.0 * mean * density;
                    let months = paid[at][cell];
                    table.months_paid.add(position, sex, age, months);
                    let wage = earnings.map_or(0.0, |grid| grid[cell]);
                    table.insured_earnings.add(position, sex, age, months / 12.0 * wage);
                }
            }
        }
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

/// Returns the months from 1 January on which a law changes within a year.
pub(crate) fn months_in_year(days: &LawDays, year: Year) -> Vec<f64> {
    let days = days.in_year(year).into_iter();
    let month = |day: Date| {
        f64::from(day.month() - 1) + f64::from(day.day() - 1) / f64::from(day.days_in_month())
    };
    days.map(month).filter(|month| 0.0 < *month).collect()
}

pub(crate) fn named<'a>(
    accounts: &'a mut [AccountYear],
    name: &str,
) -> Option<&'a mut AccountYear> {
    accounts.iter_mut().find(|account| account.account == name)
}

pub(crate) fn calibration(factors: &[(String, Calibration)], name: &str, year: Year) -> f64 {
    factors.iter().find(|(of, _)| of == name).map_or(1.0, |(_, factor)| factor.at(year))
}
