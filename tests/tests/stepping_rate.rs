//! A whole run in which the law reads the reserve: the rate of the employers rises in the year after the reserve ratio
//! falls below a floor.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use ndarray::Array2;
use perennis_assumptions::{LawContext, read_law};
use perennis_cohort::{AgeGrid, MonthsPaid, MonthsRule, YearGrid};
use perennis_demography::{DemographicBasis, LifeTable, MigrationTiming};
use perennis_finance::{FinanceBasis, FundBasis, FundSystem, Reserve, WhenExhausted};
use perennis_labour::{EconomyBasis, EmploymentGroup, LabourBasis, WageGrowth};
use perennis_pensions::{
    Claiming, Count, CreditSpread, Family, GroupBasis, Invalidity, Members, Membership,
    PensionBasis, PensionStart, SchemeBasis, SchemeMortality, Turnover, WagesGrow,
};
use perennis_scheme::Law;
use perennis_units::{
    CentralRate, Growth, Money, Path as Series, Payer, Sex, Share, Year, YearRange, date_of_year,
};
use perennis_valuation::{Model, Results, Title, ValuationError, run};

const FIRST: Year = Year::new(2024);
const YEARS: usize = 40;
const AGES: usize = 101;
const RISE: f64 = 0.01;
const MOST: f64 = 0.05;
const FLOOR: f64 = 1.0;

fn law() -> Law {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("law/flat_pension.toml");
    let context = LawContext { currency: "crown", groups: &["formal"], start: date_of_year(FIRST) };
    read_law(&file, &context).unwrap_or_else(|rejected| panic!("{:?}", rejected.faults))
}

fn without_stepping() -> Law {
    let mut law = law();
    law.contributions.iter_mut().for_each(|contribution| contribution.stepping = None);
    law
}

fn demography() -> DemographicBasis {
    let rates: Vec<CentralRate> = (0..AGES)
        .map(|age| CentralRate::new(if age < 60 { 0.003 } else { 0.05 }).unwrap())
        .collect();
    let table = |sex| LifeTable::from_rates(sex, &rates, &vec![None; AGES]).unwrap();
    DemographicBasis {
        years: YearRange::new(FIRST, YEARS),
        base: AgeGrid::from_shape_fn((2, AGES), |(_, age)| if age < 80 { 1_000.0 } else { 0.0 }),
        mortality: (0..YEARS).map(|_| Sex::ALL.map(table)).collect(),
        fertility: Array2::from_shape_fn((YEARS, AGES), |(_, age)| {
            if (20..40).contains(&age) { 0.06 } else { 0.0 }
        }),
        sex_ratio_at_birth: vec![1.05; YEARS],
        migration: YearGrid::zeros(YEARS, AGES),
        migration_timing: MigrationTiming::End,
    }
}

fn constant_growth(value: f64) -> Series<Growth> {
    Series::constant(Growth::new(value).unwrap())
}

/// A grid of every year that holds `value` at working ages.
fn at_work(value: f64) -> YearGrid {
    let mut grid = YearGrid::zeros(YEARS, AGES);
    for (year, sex) in (0..YEARS).flat_map(|year| Sex::ALL.map(|sex| (year, sex))) {
        (20..65).for_each(|age| grid.set(year, sex, age, value));
    }
    grid
}

fn labour() -> LabourBasis {
    LabourBasis {
        participation: at_work(0.8),
        unemployment: YearGrid::zeros(YEARS, AGES),
        groups: vec![EmploymentGroup {
            name: "formal".into(),
            informal: false,
            share: {
                let mut all = YearGrid::zeros(YEARS, AGES);
                all.values_mut().fill(1.0);
                all
            },
        }],
        economy: EconomyBasis {
            gdp: Money::new(1e10).unwrap(),
            gdp_year: FIRST,
            productivity: constant_growth(0.015),
            prices: constant_growth(0.02),
            wages: WageGrowth::Real(constant_growth(0.015)),
            interest: constant_growth(0.04),
            wage_share: None,
            government_expenditure: None,
        },
    }
}

fn pensions(law: Law) -> PensionBasis {
    let group = GroupBasis {
        name: "formal".into(),
        class: None,
        membership: Membership::Coverage { employed: "formal".into(), coverage: at_work(0.9) },
        count: Count::Average,
        months: MonthsPaid::new(12, 1.0, &MonthsRule::FullOrNone).unwrap(),
        wages: AgeGrid::from_elem((2, AGES), 36_000.0),
        wages_year: FIRST,
        wages_of_service: Vec::new(),
        wage_spread: 0.0,
        persistence: 1.0,
        turnover: Turnover::ByAge(YearGrid::zeros(YEARS, AGES)),
        moves: Vec::new(),
        active: Members::Spread(CreditSpread {
            persons: None,
            mean_credit: AgeGrid::from_shape_fn((2, AGES), |(_, age)| {
                (0.9 * (age as f64 - 20.0)).max(0.0)
            }),
            concentration: 20.0,
            years_away: 0.0,
        }),
        inactive: Members::Counted(Vec::new()),
        dormant: perennis_units::Share::ZERO,
    };
    let old = |value: f64| {
        AgeGrid::from_shape_fn(
            (2, AGES),
            |(_, age)| if (66..80).contains(&age) { value } else { 0.0 },
        )
    };
    let start = PensionStart {
        benefit: "basic_pension".into(),
        persons: old(600.0),
        amount: old(600.0 * 9_600.0),
    };
    PensionBasis {
        schemes: vec![SchemeBasis {
            register: "basic".into(),
            law,
            credit_step: 12,
            entry_ages: (15, 64),
            groups: vec![group],
            wages_grow: WagesGrow::FixedComposition,
            re_entry: Series::constant(Share::ZERO),
            claiming: Claiming::at_the_age(),
            withdrawal: YearGrid::zeros(YEARS, AGES),
            pensions: vec![start],
            mortality: SchemeMortality::of_population(),
            family: Family::default(),
            invalidity: Invalidity::default(),
            compliance: Series::constant(Share::ONE),
            collection: perennis_pensions::Collection::in_the_year(),
            contribution_calibration: Vec::new(),
            benefit_calibration: Vec::new(),
            loadings: Vec::new(),
            service_paid: None,
        }],
    }
}

fn model(law: Law) -> Model {
    let system = FundSystem::Reserve(Reserve::new(
        Money::new(3e8).unwrap(),
        WhenExhausted::Borrow { margin: Growth::ZERO },
    ));
    let fund = FundBasis { account: "basic_fund".into(), administration: None, system };
    let (title, currency) = ("Stepping rate".into(), "crown".into());
    Model {
        title: Title { title, country: "Nowhere".into(), currency },
        demography: demography(),
        labour: Some(labour()),
        pensions: Some(pensions(law)),
        benefits: None,
        finance: Some(FinanceBasis::of(vec![fund])),
        base_year: Vec::new(),
    }
}

fn value(law: Law) -> Results {
    run(&model(law)).unwrap()
}

/// Rate of the employers in each year.
fn rates(results: &Results) -> Vec<f64> {
    let rows = results.pensions.as_ref().unwrap().contributions.iter();
    rows.filter(|row| row.payer == Payer::Employers).map(|row| row.rate).collect()
}

/// Reserve at the end of each year over the expenditure of the year.
fn ratios(results: &Results) -> Vec<f64> {
    let years = results.population.years.iter();
    let finance = results.finance.as_ref().unwrap();
    years.map(|year| finance.reserve_ratio_end("basic_fund", year).unwrap()).collect()
}

#[test]
fn the_rate_rises_in_the_year_after_the_reserve_ratio_falls_below_the_floor() {
    let (stepped, plain) = (value(law()), value(without_stepping()));
    let (with, without) = (rates(&stepped), rates(&plain));
    let ratios = ratios(&stepped);
    let mut added = 0.0;
    for year in 0..YEARS {
        if 0 < year && ratios[year - 1] < FLOOR {
            added = (added + RISE).min(MOST);
        }
        let found = with[year] - without[year];
        assert!((found - added).abs() < 1e-12, "{}: {found} {added}", FIRST.plus(year as i32));
    }
    // The run has years before the first rise, and rises.
    let first_low = ratios.iter().position(|ratio| *ratio < FLOOR).unwrap();
    assert!(2 < first_low && first_low < YEARS - 5, "{first_low} {ratios:?}");
    assert!(0.0 < added);
}

#[test]
fn nothing_moves_before_the_first_rise_and_the_fund_is_better_off_after_it() {
    let (stepped, plain) = (value(law()), value(without_stepping()));
    let first_low = ratios(&stepped).iter().position(|ratio| *ratio < FLOOR).unwrap();
    let funds = |results: &Results| results.finance.as_ref().unwrap().funds[0].years.clone();
    for (year, (with, without)) in funds(&stepped).iter().zip(funds(&plain)).enumerate() {
        if year <= first_low {
            assert_eq!(*with, without);
        } else {
            let worth = |fund: &perennis_finance::FundYear| fund.reserve_end - fund.debt_end;
            assert!(worth(&without) < worth(with), "{}", with.year);
            assert!((with.outgo - without.outgo).abs() <= 1e-12 * with.outgo);
        }
    }
}

#[test]
fn the_same_model_gives_the_same_results() {
    let (one, other) = (value(law()), value(law()));
    assert_eq!(one.finance.unwrap().funds, other.finance.unwrap().funds);
    assert_eq!(one.measured.indicators, other.measured.indicators);
}

#[test]
fn a_population_alone_is_a_valuation_and_a_stage_without_what_it_reads_is_none() {
    let whole = model(law());
    let population = Model { labour: None, pensions: None, finance: None, ..whole.clone() };
    let results = run(&population).unwrap();
    assert!(results.finance.is_none() && !results.measured.indicators.is_empty());
    let headless = run(&Model { labour: None, ..whole });
    let missing = ValuationError::Missing { stage: "pensions", needs: "labour" };
    assert_eq!(headless.err(), Some(missing));
}
