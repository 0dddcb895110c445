//! A small nation without a country, valued by hand, for the tests of this crate.

use ndarray::Array2;
use perennis_benefits::{BenefitBasis, Benefits, HealthInsured, HealthService};
use perennis_cohort::{AccountYear, InPayment, Item, YearGrid};
use perennis_demography::{DemographicBasis, LifeTable, MigrationTiming, Population, project};
use perennis_finance::{Finance, FinanceBasis, FundBasis, FundSystem, Reserve, WhenExhausted};
use perennis_indicators::{BaseYearItem, Judged, Measure, measure};
use perennis_labour::{
    EconomyBasis, EmploymentGroup, Labour, LabourBasis, WageGrowth, economy_findings,
};
use perennis_pensions::{
    Beneficiaries, Contribution, Contributors, InsuredFlows, InsuredStock, PensionBasis, Pensions,
};
use perennis_units::{CentralRate, Growth, Money, Path, Payer, Sex, Share, Year, YearRange};
use perennis_valuation::{Results, Title};

use crate::{AssumptionRecord, InputFile, RunRecord};

const AGES: usize = 101;
const SCHEME: &str = "general";

/// A nation with every stage over `years` years.
pub(crate) fn nation(years: usize) -> Results {
    let population = population(years);
    let labour = labour(&population);
    let pensions = pensions(&population, &labour);
    let benefits = benefits(&population, &labour);
    let finance = finance(&population, &labour, &pensions, &benefits);
    let base_year = base_year(population.years.first());
    let measured = measure(&Judged {
        population: &population,
        labour: Some(&labour),
        pensions: Some(&pensions),
        benefits: Some(&benefits),
        finance: Some(&finance),
        base_year: &base_year,
    })
    .unwrap();
    let findings = economy_findings(&labour.economy);
    Results {
        title: title(),
        population,
        labour: Some(labour),
        pensions: Some(pensions),
        benefits: Some(benefits),
        finance: Some(finance),
        measured,
        findings,
    }
}

/// The same people without any other stage.
pub(crate) fn people_alone(years: usize) -> Results {
    let population = population(years);
    let measured = measure(&Judged {
        population: &population,
        labour: None,
        pensions: None,
        benefits: None,
        finance: None,
        base_year: &[],
    })
    .unwrap();
    Results {
        title: title(),
        population,
        labour: None,
        pensions: None,
        benefits: None,
        finance: None,
        measured,
        findings: Vec::new(),
    }
}

/// A record with an assumption of each kind.
pub(crate) fn record() -> RunRecord {
    let assumption = |path: &str, value: &str, checked: bool, derived: bool| AssumptionRecord {
        path: path.into(),
        value: value.into(),
        unit: "share a year".into(),
        source: "Act 5 of 1996, s. 12 <2>".into(),
        checked,
        derived,
        note: String::new(),
    };
    RunRecord {
        version: "0.1.0".into(),
        valuation: "valuation.toml".into(),
        options: vec![("--set".into(), "economy.interest=0.05".into())],
        inputs: vec![InputFile { path: "valuation.toml".into(), sha256: "ab".repeat(32) }],
        seed: None,
        assumptions: vec![
            assumption("population.fertility", "2.1 in 2030, 1.9 in 2060", true, true),
            assumption("economy.interest", "0.05", true, false),
            assumption("schemes.general.pensionable_age", "62 from 1996-01-01", false, false),
        ],
        notes: vec!["Past service is set from stated aggregates.".into()],
        warnings: vec!["interest holds its last value after 2050".into()],
        not_modelled: vec!["Invalidity pensions.".into()],
    }
}

fn title() -> Title {
    Title {
        title: "First valuation of a nation".into(),
        country: "Nowhere".into(),
        currency: "crowns".into(),
    }
}

fn population(years: usize) -> Population {
    let table = |sex: Sex| {
        let rates: Vec<CentralRate> = (0..AGES)
            .map(|age| CentralRate::new(0.00012 * (0.083 * age as f64).exp()).unwrap())
            .collect();
        LifeTable::from_rates(sex, &rates, &vec![None; AGES]).unwrap()
    };
    let tables = [table(Sex::Male), table(Sex::Female)];
    let mut base = Array2::zeros((2, AGES));
    for age in 0..AGES {
        base.column_mut(age)
            .fill(780_000.0 * tables[0].survivors()[age] * (-0.002 * age as f64).exp());
    }
    let mut fertility = Array2::zeros((years, AGES));
    fertility.slice_mut(ndarray::s![.., 18..42]).fill(1.75 / 24.0);
    project(&DemographicBasis {
        years: YearRange::new(Year::new(2030), years),
        base,
        mortality: vec![tables; years],
        fertility,
        sex_ratio_at_birth: vec![1.05; years],
        migration: YearGrid::zeros(years, AGES),
        migration_timing: MigrationTiming::End,
    })
    .unwrap()
}

fn labour(population: &Population) -> Labour {
    let years = population.years.count();
    let constant = |value: f64| {
        let mut grid = YearGrid::zeros(years, AGES);
        grid.values_mut().fill(value);
        grid
    };
    let mut participation = constant(0.0);
    participation.values_mut().slice_mut(ndarray::s![.., 0, 18..65]).fill(0.85);
    participation.values_mut().slice_mut(ndarray::s![.., 1, 18..62]).fill(0.7);
    let growth = |value: f64| Path::constant(Growth::new(value).unwrap());
    let group = |name: &str, informal, share| EmploymentGroup {
        name: name.into(),
        informal,
        share: constant(share),
    };
    let basis = LabourBasis {
        participation,
        unemployment: constant(0.04),
        groups: vec![
            group("formal_private", false, 0.35),
            group("public", false, 0.1),
            group("informal", true, 0.55),
        ],
        economy: EconomyBasis {
            gdp: Money::new(4.2e12).unwrap(),
            gdp_year: population.years.first(),
            productivity: growth(0.02),
            prices: growth(0.03),
            wages: WageGrowth::Real(growth(0.02)),
            interest: growth(0.055),
            wage_share: Share::new(0.45).ok(),
            government_expenditure: None,
        },
    };
    perennis_labour::project(&basis, population).unwrap()
}

/// Fills a grid over the years of the population from an age to below another.
fn grid(
    population: &Population,
    ages: std::ops::Range<usize>,
    value: &dyn Fn(usize, Sex, usize) -> f64,
) -> YearGrid {
    let years = population.years.count();
    let mut grid = YearGrid::zeros(years, AGES);
    for at in 0..years {
        for sex in Sex::ALL {
            for age in ages.clone() {
                grid.set(at, sex, age, value(at, sex, age));
            }
        }
    }
    grid
}

fn wage(labour: &Labour, at: usize) -> f64 {
    60_000.0 * labour.economy.wage_index[at]
}

fn contributors(population: &Population, labour: &Labour, group: &str, share: f64) -> Contributors {
    let covered = |at: usize, sex: Sex, age: usize| 0.32 * share * population.mean(at, sex, age);
    let of = |factor: &dyn Fn(usize) -> f64| {
        grid(population, 20..62, &|at, sex, age| factor(at) * covered(at, sex, age))
    };
    Contributors {
        scheme: SCHEME.into(),
        group: group.into(),
        contributors: of(&|_| 1.0),
        contributors_any: of(&|_| 1.1),
        months_paid: of(&|_| 12.0),
        insured_earnings: of(&|at| wage(labour, at)),
    }
}

/// A benefit paid from an age to a share of the people, at a level of the wage.
fn benefit(
    (population, labour): (&Population, &Labour),
    (name, periodic): (&str, bool),
    from: usize,
    (share, level): (f64, f64),
) -> Beneficiaries {
    let persons = |at: usize, sex: Sex, age: usize| {
        let growing = 0.4 + 0.6 * (at as f64 / 45.0).min(1.0);
        share * growing * population.mean(at, sex, age)
    };
    let paid = |at: usize, sex: Sex, age: usize| level * wage(labour, at) * persons(at, sex, age);
    Beneficiaries {
        scheme: SCHEME.into(),
        benefit: name.into(),
        periodic,
        beneficiaries: grid(population, from..AGES, &persons),
        new_awards: grid(population, from..from + 1, &persons),
        terminations: grid(population, from..AGES, &|at, sex, age| 0.04 * persons(at, sex, age)),
        new_award_amount: grid(population, from..from + 1, &paid),
        amount: grid(population, from..AGES, &paid),
    }
}

fn contributions(population: &Population, groups: &[Contributors]) -> Vec<Contribution> {
    let of_year = |at: usize| {
        let earnings: f64 = groups.iter().map(|one| one.insured_earnings.total(at)).sum();
        [(Payer::Employees, 0.08), (Payer::Employers, 0.14)].map(|(payer, rate)| Contribution {
            year: population.years.at(at),
            scheme: SCHEME.into(),
            account: "pension_fund".into(),
            payer,
            rate,
            due: rate * earnings,
            undeclared: 0.0,
            collected_current: 0.97 * rate * earnings,
            collected_late: 0.0,
            interest_on_late: 0.0,
            written_off: 0.03 * rate * earnings,
            arrears_start: 0.0,
            arrears_end: 0.0,
            collected: 0.97 * rate * earnings,
        })
    };
    (0..population.years.count()).flat_map(of_year).collect()
}

fn pensions(population: &Population, labour: &Labour) -> Pensions {
    let none = PensionBasis { schemes: Vec::new() };
    let mut pensions = Pensions::open(&none, population, labour).unwrap();
    let stages = (population, labour);
    pensions.contributors = vec![
        contributors(population, labour, "private", 0.8),
        contributors(population, labour, "public", 0.2),
    ];
    pensions.contributions = contributions(population, &pensions.contributors);
    pensions.beneficiaries = vec![
        benefit(stages, ("old_age", true), 62, (0.45, 0.55)),
        benefit(stages, ("survivors", true), 50, (0.05, 0.25)),
        benefit(stages, ("lump_sums", false), 40, (0.004, 0.9)),
    ];
    let mut stock = YearGrid::zeros(population.years.count() + 1, AGES);
    stock.set(0, Sex::Male, 40, 12.5);
    pensions.insured = vec![InsuredStock {
        register: SCHEME.into(),
        group: "private".into(),
        active: stock.clone(),
        inactive: stock.clone(),
        active_credit: stock.clone(),
        inactive_credit: stock,
    }];
    pensions.flows = vec![InsuredFlows {
        year: population.years.first(),
        register: SCHEME.into(),
        group: "private".into(),
        sex: Sex::Male,
        flows: vec![("first_entries", 10.5), ("deaths_active", 0.0)],
    }];
    pensions
}

fn benefits(population: &Population, labour: &Labour) -> Benefits {
    let years = population.years.count();
    let mut benefits =
        Benefits::open(&BenefitBasis { health: Vec::new() }, population, labour).unwrap();
    for (group, share) in
        [("employees", 0.25), ("children", 0.2), ("pensioners", 0.08), ("households", 0.38)]
    {
        let mut insured = YearGrid::zeros(years, AGES);
        let mut cost = YearGrid::zeros(years, AGES);
        for at in 0..years {
            for sex in Sex::ALL {
                for age in 0..AGES {
                    let persons = share * population.mean(at, sex, age);
                    insured.set(at, sex, age, persons);
                    let each = 900.0 * labour.economy.wage_index[at] * (1.0 + age as f64 / 25.0);
                    cost.set(at, sex, age, persons * each);
                }
            }
        }
        benefits.insured.push(HealthInsured {
            scheme: "health".into(),
            group: group.into(),
            insured: insured.clone(),
        });
        if group == "employees" || group == "households" {
            benefits.services.push(HealthService {
                scheme: "health".into(),
                service: if group == "employees" { "outpatient" } else { "inpatient" }.into(),
                contacts: insured,
                co_payments: YearGrid::zeros(years, AGES),
                cost,
            });
        }
    }
    benefits
}

fn finance(
    population: &Population,
    labour: &Labour,
    pensions: &Pensions,
    benefits: &Benefits,
) -> Finance {
    let reserve = |account: &str, opening: f64| FundBasis {
        account: account.into(),
        administration: None,
        system: FundSystem::Reserve(Reserve::new(
            Money::new(opening).unwrap(),
            WhenExhausted::StatePays,
        )),
    };
    let budget = FundBasis {
        account: "state_pensions".into(),
        administration: None,
        system: FundSystem::Budget,
    };
    let funds = vec![reserve("pension_fund", 6e11), budget, reserve("health_fund", 4e10)];
    let basis = FinanceBasis::of(funds);
    let mut finance = Finance::open(&basis, &labour.economy).unwrap();
    for (at, year) in population.years.iter().enumerate() {
        let pension_fund = pension_account(at, year, pensions);
        let cost: f64 = benefits.services.iter().map(|one| one.cost.total(at)).sum();
        let mut health = AccountYear::new("health_fund".into(), year);
        health.book(Item::Contributions, Some(Payer::Employees), 0.5 * cost);
        health.book(Item::StateSubsidy, Some(Payer::State), 0.45 * cost);
        health.book(Item::Benefit("outpatient".into()), None, 0.95 * cost);
        health.book(Item::Administration, None, 0.03 * cost);
        let mut state = AccountYear::new("state_pensions".into(), year);
        state.book(Item::Benefit("old_age".into()), None, 1e10 * (-0.05 * at as f64).exp());
        finance.step(year, vec![pension_fund, state, health]).unwrap();
    }
    finance
}

fn pension_account(at: usize, year: Year, pensions: &Pensions) -> AccountYear {
    let mut account = AccountYear::new("pension_fund".into(), year);
    for group in &pensions.contributors {
        account.insured_earnings += group.insured_earnings.total(at);
        account.contributor_years += group.contributors.total(at);
    }
    for one in pensions.contributions.iter().filter(|one| one.year == year) {
        account.book(Item::Contributions, Some(one.payer), one.collected);
    }
    for benefit in &pensions.beneficiaries {
        let amount = benefit.amount.total(at);
        account.book(Item::Benefit(benefit.benefit.clone()), None, amount);
        if benefit.periodic {
            let person_years = benefit.beneficiaries.total(at);
            account.in_payment.push(InPayment {
                benefit: benefit.benefit.clone(),
                person_years,
                amount,
            });
        }
    }
    account.book(Item::Administration, None, 0.01 * account.insured_earnings);
    account
}

fn base_year(year: Year) -> Vec<BaseYearItem> {
    let item = |measure, value| BaseYearItem {
        measure,
        year,
        value,
        source: "Annual report 2030, table 3".into(),
        calibration: None,
    };
    vec![
        item(Measure::Contributors { scheme: SCHEME.into() }, 1.75e7),
        item(Measure::Contributions { account: "pension_fund".into() }, 2.1e11),
        item(Measure::Beneficiaries { scheme: SCHEME.into(), benefit: "old_age".into() }, 2.0e6),
    ]
}
