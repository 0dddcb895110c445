use std::cell::RefCell;

use ndarray::ArrayView1;
use perennis_cohort::{
    AccountYear, AgeGrid, LastAge, Level, Register, RegisterShape, Row, State, YearGrid, insured,
};
use perennis_demography::Population;
use perennis_labour::{Economy, Labour};
use perennis_scheme::{
    BenefitKind, Environment, Event, IndicatorLaw, LawDays, LawError, LegalIndices,
};
use perennis_units::{Path, Sex, Year, YearRange};

use crate::basis::{PensionStart, SchemeBasis};
use crate::claims::ClaimTable;
use crate::collection::Arrears;
use crate::earnings::Earnings;
use crate::membership::{actives_of_start, targets};
use crate::open::Class;
use crate::parts::{Held, Parts};
use crate::ranks::Ranks;
use crate::reference::References;
use crate::service_wages::count_service;
use crate::start::{Start, travelling};
use crate::stock::PensionStock;
use crate::survivors::DeathLaw;
use crate::wage_growth::WageGrowth;
use crate::walk::Side;
use crate::{Beneficiaries, Contributors, InsuredStock, Mortality, PensionsError};

/// One scheme on its way through the years.
#[derive(Clone, Debug)]
pub(crate) struct SchemeRun {
    pub(crate) basis: SchemeBasis,
    pub(crate) years: YearRange,
    /// The insured, men and women.
    pub(crate) sides: [Side; 2],
    pub(crate) classes: Vec<Class>,
    /// The class of each part of a group.
    pub(crate) class_of: Vec<usize>,
    /// The days on which the law of the awards of each class changes.
    pub(crate) law_days: Vec<LawDays>,
    /// The parts of each group; what else is by group here is by part.
    pub(crate) parts: Parts,
    /// The insured of each part at the start of the running year.
    pub(crate) held: Vec<Held>,
    /// Active insured that coverage asks for, at the start of each year, by part; those of a group are the sum.
    pub(crate) targets: Vec<YearGrid>,
    /// Prices, wages, and the indicators of the law as far as they are known.
    pub(crate) indices: LegalIndices,
    /// By indicator of the law: what brings the figures of the projection to the level of those published.
    pub(crate) indicator_scales: Vec<f64>,
    pub(crate) references: References,
    pub(crate) earnings: Earnings,
    /// What keeps a mean of the wages on its path, where one does.
    pub(crate) wage_growth: Option<WageGrowth>,
    /// How wages differ in each group, around a mean of one.
    pub(crate) ranks: Vec<Ranks>,
    /// Benefits on deaths.
    pub(crate) deaths: Vec<DeathLaw>,
    /// Pensioners, by benefit of the law; none for grants.
    pub(crate) stocks: Vec<Option<PensionStock>>,
    /// What was added to the rate of each contribution so far.
    pub(crate) added: Vec<f64>,
    /// What payers owe.
    pub(crate) arrears: Vec<Arrears>,
    /// Positions in the tables of the first group, the first benefit and the first indicator.
    pub(crate) first_group: usize,
    pub(crate) first_benefit: usize,
    pub(crate) first_indicator: usize,
}

/// Levels of prices and wages begin so many years before the run.
const YEARS_BEFORE: i32 = 90;

impl SchemeRun {
    pub(crate) fn open(
        basis: &SchemeBasis,
        population: &Population,
        labour: &Labour,
    ) -> Result<Self, PensionsError> {
        let years = population.years;
        check(basis, population)?;
        let indices = legal_indices(&labour.economy, years, &basis.law.indicators);
        let references = References::new(basis, years, &indices);
        let scheme = &basis.law.scheme;
        let mut earnings = Earnings::new(basis, years.first()).map_err(|group| {
            let group = basis.groups[group].name.clone();
            PensionsError::NoContribution { scheme: scheme.clone(), group }
        })?;
        let targets = targets(basis, labour, years, population.persons.ages())?;
        let actives = actives_of_start(basis, &targets);
        let env = Environment {
            indices: &indices,
            insured_wage: Earnings::mean_wage(basis, years.first(), &indices, |group| {
                (&actives[group], basis.groups[group].wages_at_start())
            }),
            outlook: None,
        };
        let at_fault =
            |law: LawError| PensionsError::Law { scheme: scheme.clone(), year: years.first(), law };
        earnings.step(basis, years.first(), &env).map_err(at_fault)?;
        let ages = population.persons.ages();
        let (classes, class_of) = classes(basis);
        let start = Start {
            basis,
            earnings: &earnings,
            env: &env,
            sums: &references.sums,
            known: RefCell::new(Vec::new()),
            first: years.first(),
        };
        let sides = sides(&start, (&classes, &targets), years, ages)?;
        earnings.forget();
        let mut opened = Self {
            years,
            stocks: stocks(basis, ages)?,
            deaths: DeathLaw::all(&basis.law.benefits),
            added: vec![0.0; basis.law.contributions.len()],
            arrears: Vec::new(),
            basis: basis.clone(),
            sides,
            law_days: classes.iter().map(|class| class.law_days(&basis.law)).collect(),
            classes,
            class_of,
            parts: Parts::new(basis),
            held: basis.groups.iter().map(|_| Held::nobody(ages)).collect(),
            targets,
            indices,
            indicator_scales: vec![1.0; basis.law.indicators.len()],
            references,
            earnings,
            wage_growth: WageGrowth::new(basis, labour),
            ranks: basis.groups.iter().map(Ranks::new).collect(),
            first_group: 0,
            first_benefit: 0,
            first_indicator: 0,
        };
        opened.check_recovery(population)?;
        opened.open_records();
        Ok(opened)
    }

    /// Positions in the law of the benefits on invalidity.
    pub(crate) fn on_invalidity(&self) -> Vec<usize> {
        let benefits = self.basis.law.benefits.iter().enumerate();
        let on = benefits.filter(|(_, one)| one.condition.event == Event::Invalidity);
        on.map(|(at, _)| at).collect()
    }

    /// Returns empty tables for the groups and the benefits of the scheme.
    pub(crate) fn tables(&self) -> (Vec<Contributors>, Vec<InsuredStock>, Vec<Beneficiaries>) {
        let (years, ages) = (self.years.count(), self.sides[0].register.shape().ages);
        let flow = || YearGrid::zeros(years, ages);
        let stock = || YearGrid::zeros(years + 1, ages);
        let scheme = &self.basis.law.scheme;
        let groups = || self.parts.groups().iter().map(|parts| &self.basis.groups[parts.start]);
        let contributors = groups().map(|group| Contributors {
            scheme: scheme.clone(),
            group: group.name.clone(),
            contributors: flow(),
            contributors_any: flow(),
            months_paid: flow(),
            insured_earnings: flow(),
        });
        let insured = groups().map(|group| InsuredStock {
            register: self.basis.register.clone(),
            group: group.name.clone(),
            active: stock(),
            inactive: stock(),
            active_credit: stock(),
            inactive_credit: stock(),
        });
        let benefits = self.basis.law.benefits.iter();
        let named = benefits.zip(&self.stocks).map(|(benefit, stock)| {
            let ages = stock.as_ref().map_or(ages, |stock| stock.persons.ncols());
            (benefit.name.clone(), benefit.kind == BenefitKind::Pension, ages)
        });
        let loadings = self.basis.loadings.iter().map(|loading| {
            let mut stocks = self.basis.law.benefits.iter().zip(&self.stocks);
            let of = stocks.find(|(benefit, _)| benefit.name == loading.of);
            let stock = of.and_then(|(_, stock)| stock.as_ref());
            let ages = stock.map_or(ages, |stock| stock.persons.ncols());
            (loading.name.clone(), false, ages)
        });
        let beneficiaries = named.chain(loadings).map(|(benefit, periodic, ages)| {
            let flow = || YearGrid::zeros(years, ages);
            Beneficiaries {
                scheme: scheme.clone(),
                benefit,
                periodic,
                beneficiaries: flow(),
                new_awards: flow(),
                terminations: flow(),
                new_award_amount: flow(),
                amount: flow(),
            }
        });
        (contributors.collect(), insured.collect(), beneficiaries.collect())
    }

    /// Finds the insured of each part as they stand now, both sexes at the same time.
    pub(crate) fn count(&mut self) -> Vec<Held> {
        let parts = self.basis.groups.len();
        let step = f64::from(u32::try_from(self.basis.credit_step).unwrap_or(u32::MAX)) / 12.0;
        let ages = self.sides[0].register.shape().ages;
        let [male, female] = &mut self.sides;
        let (men, women) = rayon::join(|| male.count(parts, step), || female.count(parts, step));
        let of_part = |(men, women): (OfSex, OfSex)| {
            let mut held = Held::nobody(ages);
            for (sex, of_sex) in Sex::ALL.into_iter().zip([men, women]) {
                let grids = [
                    &mut held.active,
                    &mut held.inactive,
                    &mut held.active_credit,
                    &mut held.inactive_credit,
                ];
                for (grid, values) in grids.into_iter().zip(of_sex) {
                    grid.row_mut(sex.index()).assign(&ArrayView1::from(&values));
                }
            }
            held
        };
        let mut held: Vec<Held> = men.into_iter().zip(women).map(of_part).collect();
        for (group, held) in held.iter_mut().enumerate() {
            self.count_of_service(group, held);
        }
        held
    }

    /// Finds the active insured of a part by completed years of credit, where wages follow from them.
    fn count_of_service(&self, group: usize, held: &mut Held) {
        let services = &self.basis.groups[group].wages_of_service;
        if services.is_empty() {
            return;
        }
        held.active_of_service = vec![AgeGrid::zeros(held.active.dim()); services.len() + 1];
        for Side { sex, register, .. } in &self.sides {
            for age in register.shape().first_age..register.shape().ages {
                let row = Row { group, sex: *sex, age };
                if register.has_members(row) {
                    let there = &mut held.active_of_service;
                    count_service(register, row, self.basis.credit_step, there);
                }
            }
        }
    }

    /// Writes the insured at a position of the year axis and returns those who stood before.
    pub(crate) fn record(&mut self, position: usize, insured: &mut [InsuredStock]) -> Vec<Held> {
        let held = self.count();
        for (part, held) in held.iter().enumerate() {
            let table = &mut insured[self.parts.group_of(part)];
            let columns = [
                (&mut table.active, &held.active),
                (&mut table.inactive, &held.inactive),
                (&mut table.active_credit, &held.active_credit),
                (&mut table.inactive_credit, &held.inactive_credit),
            ];
            for (grid, values) in columns {
                let mut year = grid.values_mut().index_axis_mut(ndarray::Axis(0), position);
                year += values;
            }
        }
        std::mem::replace(&mut self.held, held)
    }

    /// Returns an account of the year for every account that the law or a loading names, in the order of the law.
    pub(crate) fn empty_accounts(&self, year: Year) -> Vec<AccountYear> {
        let law = &self.basis.law;
        let names = law.contributions.iter().map(|contribution| &contribution.account);
        let names = names.chain(law.benefits.iter().map(|benefit| &benefit.account));
        let names = names.chain(self.basis.loadings.iter().map(|loading| &loading.account));
        let mut accounts: Vec<AccountYear> = Vec::new();
        for name in names {
            if accounts.iter().all(|account| account.account != *name) {
                accounts.push(AccountYear::new(name.clone(), year));
            }
        }
        accounts
    }
}

/// Active and inactive members of a part and the sums of their credits, by age.
type OfSex = [Vec<f64>; 4];

impl Side {
    /// Finds the insured of each part of this sex, with the credit of `step` years each; rows that everybody has left are
    /// not walked any more.
    fn count(&mut self, parts: usize, step: f64) -> Vec<OfSex> {
        let Self { sex, register, .. } = self;
        let (first_age, ages) = (register.shape().first_age, register.shape().ages);
        let mut count = |group: usize| {
            let mut held: OfSex = std::array::from_fn(|_| vec![0.0; ages]);
            for age in first_age..ages {
                let row = Row { group, sex: *sex, age };
                if !register.has_members(row) {
                    continue;
                }
                let of = |state| {
                    let (persons, steps) = persons_and_credit(register.persons(state, row));
                    (persons, steps * step)
                };
                let (active, active_credit) = of(State::Active);
                let (inactive, inactive_credit) = of(State::Inactive);
                let found = [active, inactive, active_credit, inactive_credit];
                held.iter_mut().zip(found).for_each(|(values, value)| values[age] = value);
                if active <= 0.0 && inactive <= 0.0 {
                    register.clear_row(row);
                }
            }
            held
        };
        (0..parts).map(&mut count).collect()
    }
}

/// Returns the persons of a row and the sum of their credits, in steps; eight sums run beside one another.
fn persons_and_credit(row: &[f64]) -> (f64, f64) {
    let mut steps = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    let (mut persons, mut credit) = ([0.0; 8], [0.0; 8]);
    let mut add = |eight: &[f64; 8]| {
        for lane in 0..8 {
            persons[lane] += eight[lane];
            credit[lane] += eight[lane] * steps[lane];
            steps[lane] += 8.0;
        }
    };
    let (eights, rest) = row.as_chunks::<8>();
    eights.iter().for_each(&mut add);
    let mut last = [0.0; 8];
    last[..rest.len()].copy_from_slice(rest);
    add(&last);
    (persons.iter().sum(), credit.iter().sum())
}

/// Levels of prices and wages, recorded years included, and what is published of the indicators.
fn legal_indices(economy: &Economy, years: YearRange, laws: &[IndicatorLaw]) -> LegalIndices {
    let first = years.first().plus(-YEARS_BEFORE);
    let count = usize::try_from(YEARS_BEFORE).unwrap_or(0) + years.count() + 1;
    let level = |of: &dyn Fn(Year) -> f64| {
        let mut level = 1.0;
        let mut levels = vec![1.0];
        for year in YearRange::new(first.plus(1), count - 1).iter() {
            level *= 1.0 + of(year);
            levels.push(level);
        }
        Path::new(first, levels).expect("there is at least one year")
    };
    let prices = level(&|year| economy.price_growth_in(year));
    let wages = level(&|year| economy.wage_growth_in(year));
    let indicators = laws.iter().map(IndicatorLaw::before).collect();
    LegalIndices { indicators, ..LegalIndices::new(prices, wages) }
}

/// Places the insured of the start.
fn sides(
    start: &Start<'_>,
    of: (&[Class], &[YearGrid]),
    years: YearRange,
    ages: usize,
) -> Result<[Side; 2], PensionsError> {
    let (classes, targets) = of;
    let basis = start.basis;
    let first_age = basis.entry_ages.0.saturating_sub(1);
    let shape = RegisterShape {
        groups: basis.groups.len(),
        first_age,
        ages,
        last_age: LastAge::Open,
        step: basis.credit_step,
        credits: (ages - first_age) * 12 / basis.credit_step,
    };
    let table = insured(&travelling(start.sums));
    let layers = basis.invalidity.recovery.as_ref().map_or(0, |_| years_told_apart(basis));
    let mut sides = Sex::ALL.map(|sex| Side {
        sex,
        register: Register::new(shape.clone(), table.clone(), Level::best()),
        tables: claim_tables(classes, years, &shape),
        records: (0 < layers).then(|| {
            let shape = RegisterShape { groups: shape.groups * layers, ..shape.clone() };
            Register::new(shape, table.clone(), Level::best())
        }),
    });
    for side in &mut sides {
        for (group, target) in targets.iter().enumerate() {
            let target = |age| target.get(0, side.sex, age);
            let of = (group, side.sex);
            start.place(&mut side.register, State::Active, of, &target)?;
            start.place(&mut side.register, State::Inactive, of, &target)?;
        }
    }
    Ok(sides)
}

/// Whole years since the award on invalidity on which something turns, the last open.
pub(crate) fn years_told_apart(basis: &SchemeBasis) -> usize {
    let recovery = basis.invalidity.recovery.as_ref().map_or(0, |recovery| recovery.rates.len());
    let benefits = basis.law.benefits.iter();
    let on = benefits.filter(|benefit| benefit.condition.event == Event::Invalidity);
    let of =
        on.map(|benefit| basis.mortality.by_years_since(&benefit.name).len().saturating_sub(1));
    of.fold(recovery, usize::max)
}

/// Finds the classes of groups, and the class of each group.
fn classes(basis: &SchemeBasis) -> (Vec<Class>, Vec<usize>) {
    let mut classes: Vec<Class> = Vec::new();
    let mut class_of = Vec::new();
    for group in 0..basis.groups.len() {
        let class = Class::of_group(basis, group);
        let known = classes.iter().position(|known| class.same_claims(known));
        class_of.push(known.unwrap_or_else(|| {
            classes.push(class);
            classes.len() - 1
        }));
    }
    (classes, class_of)
}

fn claim_tables(classes: &[Class], years: YearRange, shape: &RegisterShape) -> Vec<ClaimTable> {
    let oldest = years.first().get() - i32::try_from(shape.ages).unwrap_or(0) - 1;
    let births = shape.ages + years.count() + 2;
    let table =
        |class: &Class| ClaimTable::new(oldest, births, shape.width(), class.pensions.len());
    classes.iter().map(table).collect()
}

fn stocks(basis: &SchemeBasis, ages: usize) -> Result<Vec<Option<PensionStock>>, PensionsError> {
    for start in &basis.pensions {
        let benefit = basis.law.benefit(&start.benefit);
        if benefit.is_none_or(|benefit| benefit.kind != BenefitKind::Pension) {
            return Err(PensionsError::UnknownBenefit {
                scheme: basis.law.scheme.clone(),
                benefit: start.benefit.clone(),
            });
        }
    }
    let recovering = basis.invalidity.recovery.as_ref().map_or(0, |_| years_told_apart(basis));
    let stocks = basis.law.benefits.iter().map(|benefit| {
        let start = basis.pensions.iter().find(|start| start.benefit == benefit.name);
        let mortality = basis.mortality.of_pensioners(&benefit.name).clone();
        (benefit.kind == BenefitKind::Pension).then(|| {
            let on_invalidity = benefit.condition.event == Event::Invalidity;
            let layers = if on_invalidity { recovering } else { 0 };
            let by_years = basis.mortality.by_years_since(&benefit.name);
            let mut stock = PensionStock::empty(ages, mortality).by_years_since(by_years, layers);
            if let Some(PensionStart { persons, amount, .. }) = start {
                stock.persons.clone_from(persons);
                stock.amount.clone_from(amount);
                stock.open_at_last();
            }
            stock
        })
    });
    Ok(stocks.collect())
}

/// Nobody can both die and remarry: the two rates take no more than everyone.
fn check_remarriage(basis: &SchemeBasis, population: &Population) -> Result<(), PensionsError> {
    let Some(rates) = &basis.family.remarriage else { return Ok(()) };
    for benefit in basis.law.benefits.iter().filter(|benefit| benefit.ends.remarriage) {
        let mortality = basis.mortality.of_pensioners(&benefit.name);
        for (position, year) in population.years.iter().enumerate() {
            for sex in Sex::ALL {
                for age in 0..rates.ages() {
                    let of_all = || population.survival(position, sex, age);
                    let alive = mortality.survival(position, (sex, age), of_all);
                    if alive < rates.get(position, sex, age) {
                        let (scheme, benefit) = (basis.law.scheme.clone(), benefit.name.clone());
                        return Err(PensionsError::TooManyRemarry { scheme, benefit, year, age });
                    }
                }
            }
        }
    }
    Ok(())
}

fn check(basis: &SchemeBasis, population: &Population) -> Result<(), PensionsError> {
    let scheme = &basis.law.scheme;
    let known = |name: &String| basis.law.benefit(name).is_some();
    let loaded = basis.loadings.iter().map(|loading| &loading.of);
    let calibrated = basis.benefit_calibration.iter().map(|(name, _)| name);
    let loading = |name: &String| basis.loadings.iter().any(|loading| loading.name == *name);
    let named = loaded.chain(calibrated);
    for name in named {
        if !known(name) && !loading(name) {
            let (scheme, benefit) = (scheme.clone(), name.clone());
            return Err(PensionsError::UnknownBenefit { scheme, benefit });
        }
    }
    let ages = population.persons.ages();
    let years = population.years.count();
    let mut shapes = vec![
        ("withdrawal", basis.withdrawal.ages(), ages),
        ("withdrawal by year", basis.withdrawal.years(), years),
    ];
    for group in &basis.groups {
        shapes.push(("wages", group.wages.ncols(), ages));
        shapes.extend(group.shapes().map(|(what, found)| {
            let by_year = what.ends_with("by year");
            (what, found, if by_year { years } else { ages })
        }));
    }
    let of_pensioners = basis.mortality.pensioners.iter().map(|(_, mortality)| mortality);
    let since_award = basis.mortality.since_award.iter().flat_map(|(_, by_years)| by_years);
    for mortality in basis.mortality.insured.iter().chain(of_pensioners).chain(since_award) {
        match mortality {
            Mortality::Relative(_) => {}
            Mortality::RelativeByAge(force) => {
                shapes.push(("mortality", force.ages(), ages));
                shapes.push(("mortality by year", force.years(), years));
            }
            Mortality::Own(table) => shapes.push(("mortality by year", table.years(), years)),
        }
    }
    for relatives in &basis.family.relatives {
        shapes.push(("survivors", relatives.ages(), ages));
    }
    shapes.extend(basis.invalidity.shapes(ages, years));
    if let Some(rates) = &basis.family.remarriage {
        shapes.push(("remarriage", rates.ages(), ages));
        shapes.push(("remarriage by year", rates.years(), years));
    }
    for start in &basis.pensions {
        let own = basis.mortality.of_pensioners(&start.benefit).own_ages().unwrap_or(0);
        shapes.push(("pensioners", start.persons.ncols(), ages.max(own)));
        shapes.push(("pensions in payment", start.amount.ncols(), ages.max(own)));
    }
    for (what, found, expected) in shapes {
        if found != expected {
            return Err(PensionsError::Shape { scheme: scheme.clone(), what, found, expected });
        }
    }
    check_remarriage(basis, population)
}
