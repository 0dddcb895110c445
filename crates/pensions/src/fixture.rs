//! A small country for unit tests: one sex-neutral life table, one group of the employed, prices and wages at rest.

use ndarray::Array2;
use perennis_cohort::{AgeGrid, MonthsPaid, MonthsRule, YearGrid};
use perennis_demography::{LifeTable, Population};
use perennis_labour::{EconomyBasis, EmployedGroup, Labour, WageGrowth};
use perennis_scheme::{
    Amount, Benefit, BenefitKind, Condition, ContributionLaw, Ends, Event, Groups, Law, Operand,
    PayerRate, PaymentStart, Rule, Step,
};
use perennis_units::{
    Citation, Dated, Duration, Growth, InForce, Money, Path, Payer, Probability, Sex, Share, Year,
    YearRange,
};

use crate::{
    Beneficiaries, Claiming, Collection, Count, CreditSpread, Family, GroupBasis, Members,
    Membership, PastAccounts, PensionBasis, Pensions, SchemeBasis, SchemeMortality, Turnover,
    WagesGrow,
};

pub(crate) const AGES: usize = 101;
pub(crate) const FIRST: Year = Year::new(2024);

/// No account has a past.
pub(crate) struct NoPast;

impl PastAccounts for NoPast {
    fn reserve_ratio_end(&self, _account: &str, _year: Year) -> Option<f64> {
        None
    }
}

pub(crate) fn rule<T>(name: &str, rows: Vec<(&str, T)>) -> Rule<T> {
    let rows = rows.into_iter().map(|(from, value)| InForce {
        from: from.parse().unwrap(),
        born_from: None,
        entered_from: None,
        sex: None,
        value,
        citation: Citation { source: "test".to_owned(), checked: true },
    });
    Rule { name: name.to_owned(), values: Dated::new(rows.collect()).unwrap() }
}

pub(crate) fn always<T>(name: &str, value: T) -> Rule<T> {
    rule(name, vec![("1900-01-01", value)])
}

/// The population of a life table, `scale` births a year, at rest for `years` years.
pub(crate) fn population(years: usize, table: &LifeTable, scale: f64) -> Population {
    let years = YearRange::new(FIRST, years);
    let mut persons = YearGrid::zeros(years.count() + 1, AGES);
    for position in 0..=years.count() {
        for sex in Sex::ALL {
            for age in 0..AGES {
                persons.set(position, sex, age, scale * table.person_years()[age]);
            }
        }
    }
    Population {
        years,
        persons,
        births: Array2::zeros((years.count(), 2)),
        deaths: YearGrid::zeros(years.count(), AGES),
        infant_deaths: Array2::zeros((years.count(), 2)),
        migrants: YearGrid::zeros(years.count(), AGES),
        mortality: vec![[table.clone(), table.clone()]; years.count()],
        shortfalls: Vec::new(),
    }
}

/// Nobody dies before the open age.
pub(crate) fn immortal() -> LifeTable {
    let table =
        LifeTable::from_probabilities(Sex::Male, &[Probability::ZERO; AGES], &[Some(0.5); AGES]);
    table.unwrap()
}

/// de Moivre: `l(x) = 100 - x` from age 20, nobody dies before.
pub(crate) fn de_moivre() -> LifeTable {
    let q_x: Vec<Probability> = (0_u8..101)
        .map(|age| match age {
            0..20 => Probability::ZERO,
            20..100 => Probability::new(1.0 / (100.0 - f64::from(age))).unwrap(),
            _ => Probability::ONE,
        })
        .collect();
    LifeTable::from_probabilities(Sex::Male, &q_x, &[Some(0.5); AGES]).unwrap()
}

/// Everyone from `from` to `to` is employed.
pub(crate) fn labour(population: &Population, from: usize, to: usize) -> Labour {
    let mut employed = population.persons.clone();
    for position in 0..employed.years() {
        for sex in Sex::ALL {
            for age in (0..AGES).filter(|age| !(from..=to).contains(age)) {
                employed.set(position, sex, age, 0.0);
            }
        }
    }
    let growth = Path::constant(Growth::ZERO);
    let economy = EconomyBasis {
        gdp: Money::new(1e9).unwrap(),
        gdp_year: FIRST,
        productivity: growth.clone(),
        prices: growth.clone(),
        wages: WageGrowth::Nominal(growth.clone()),
        interest: growth,
        wage_share: None,
        government_expenditure: None,
    };
    let heads = vec![1.0; population.years.count()];
    Labour {
        labour_force: employed.clone(),
        unemployed: YearGrid::zeros(employed.years(), AGES),
        employed: vec![EmployedGroup {
            name: "all".to_owned(),
            informal: false,
            persons: employed,
        }],
        economy: economy.project(population.years, &heads).unwrap(),
    }
}

pub(crate) fn flat_pension(age: Rule<Duration>, credit: i32, start: PaymentStart) -> Benefit {
    Benefit {
        name: "old_age".to_owned(),
        kind: BenefitKind::Pension,
        account: "fund".to_owned(),
        condition: Condition {
            age: Some(age),
            credit_at_least: Some(always("credit", Duration::months(credit))),
            payment_start: start,
            ..Condition::open_to(Event::Age, Groups::All)
        },
        steps: vec![Step::Flat(Operand::Amount(Amount::Fixed(always(
            "flat",
            Money::new(500.0).unwrap(),
        ))))],
        indexation: None,
        payments_a_year: 12,
        assessed_at: None,
        ends: Ends::default(),
    }
}

pub(crate) fn law(benefits: Vec<Benefit>) -> Law {
    Law {
        scheme: "scheme".to_owned(),
        amounts: Vec::new(),
        pensionable_age: None,
        linked_age: None,
        contributions: vec![ContributionLaw {
            name: "old_age".to_owned(),
            account: "fund".to_owned(),
            groups: Groups::All,
            rates: vec![PayerRate {
                payer: Payer::Employers,
                rate: always("rate", Share::new(0.1).unwrap()),
            }],
            floor: None,
            ceiling: None,
            stepping: None,
        }],
        benefits,
        periods: Vec::new(),
        cumulations: Vec::new(),
        indicators: Vec::new(),
        named: perennis_scheme::Named::default(),
    }
}

/// A scheme that covers all employed at a wage of 1,000 a year; half of the possible career is credited at the start.
pub(crate) fn scheme(law: Law, years: usize) -> SchemeBasis {
    let mut coverage = YearGrid::zeros(years, AGES);
    coverage.values_mut().fill(1.0);
    let credit = |away| {
        Members::Spread(CreditSpread {
            persons: (0.0 < away).then(|| AgeGrid::zeros((2, AGES))),
            mean_credit: AgeGrid::from_shape_fn((2, AGES), |(_, age)| {
                0.5 * f64::from(u8::try_from(age.saturating_sub(19)).unwrap())
            }),
            concentration: 4.0,
            years_away: away,
        })
    };
    SchemeBasis {
        register: "register".to_owned(),
        law,
        credit_step: 12,
        entry_ages: (20, 59),
        groups: vec![GroupBasis {
            name: "all".to_owned(),
            class: None,
            membership: Membership::Coverage { employed: "all".to_owned(), coverage },
            count: Count::Average,
            months: MonthsPaid::new(12, 1.0, &MonthsRule::FullOrNone).unwrap(),
            wages: AgeGrid::from_elem((2, AGES), 1_000.0),
            wages_year: FIRST,
            wages_of_service: Vec::new(),
            wage_spread: 0.0,
            persistence: 1.0,
            turnover: Turnover::ByAge(YearGrid::zeros(years, AGES)),
            moves: Vec::new(),
            active: credit(0.0),
            inactive: credit(1.0),
            dormant: Share::ZERO,
        }],
        wages_grow: WagesGrow::FixedComposition,
        re_entry: Path::constant(Share::ZERO),
        claiming: Claiming::at_the_age(),
        withdrawal: YearGrid::zeros(years, AGES),
        pensions: Vec::new(),
        mortality: SchemeMortality::of_population(),
        family: Family::default(),
        invalidity: crate::Invalidity::default(),
        compliance: Path::constant(Share::ONE),
        collection: Collection::in_the_year(),
        contribution_calibration: Vec::new(),
        benefit_calibration: Vec::new(),
        loadings: Vec::new(),
        service_paid: None,
    }
}

/// Runs one scheme for so many years in a country where nobody dies and those aged 20 to 59 work.
pub(crate) fn run_immortal(basis: &SchemeBasis, years: usize) -> Pensions {
    let population = population(years, &immortal(), 1_000.0);
    let labour = labour(&population, 20, 59);
    run(basis, &population, &labour)
}

/// Returns the table of a benefit.
pub(crate) fn table<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

/// Runs one scheme over the whole horizon.
pub(crate) fn run(basis: &SchemeBasis, population: &Population, labour: &Labour) -> Pensions {
    let basis = PensionBasis { schemes: vec![basis.clone()] };
    let mut pensions = Pensions::open(&basis, population, labour).unwrap();
    for year in population.years.iter() {
        pensions.step(year, &NoPast).unwrap();
    }
    pensions
}

pub(crate) fn flow(pensions: &Pensions, year: Year, name: &str) -> f64 {
    let of_year = pensions.flows.iter().filter(|flows| flows.year == year);
    of_year.flat_map(|flows| &flows.flows).filter(|flow| flow.0 == name).map(|flow| flow.1).sum()
}
