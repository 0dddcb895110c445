use perennis_benefits::Benefits;
use perennis_cohort::YearGrid;
use perennis_demography::Population;
use perennis_finance::Finance;
use perennis_labour::Labour;
use perennis_pensions::Pensions;
use perennis_units::{Sex, Year};

use crate::definitions::{BySex, Definition};
use crate::{BaseYearItem, BaseYearRow, IndicatorError, base_year, cost, coverage, dependency};

/// The scope of figures about the whole country.
pub(crate) const NATION: &str = "nation";

/// One figure of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Calendar year.
    pub year: i32,
    /// What it is about: `nation`, a scheme, an account or a group.
    pub scope: String,
    /// Name of the indicator.
    pub indicator: &'static str,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

/// All indicators of a run.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// By year, scope and name.
    pub indicators: Vec<Indicator>,
    /// The model beside the published year.
    pub base_year: Vec<BaseYearRow>,
}

/// What the stages of a run found; those that the model does not give are absent.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// Population.
    pub population: &'a Population,
    /// Work and the economy.
    pub labour: Option<&'a Labour>,
    /// Insured persons and pensioners.
    pub pensions: Option<&'a Pensions>,
    /// The other branches.
    pub benefits: Option<&'a Benefits>,
    /// Funds.
    pub finance: Option<&'a Finance>,
    /// Figures of the last published year.
    pub base_year: &'a [BaseYearItem],
}

/// Computes every indicator of every year, and the base year beside its published figures.
///
/// # Errors
///
/// [`IndicatorError`] when a published figure has no counterpart in the run.
pub fn measure(run: &Judged<'_>) -> Result<Measured, IndicatorError> {
    let mut figures = Figures::new();
    for (position, year) in run.population.years.iter().enumerate() {
        coverage::of_people(run, position, year, &mut figures);
        if let Some(pensions) = run.pensions {
            let schemes = (&pensions.contributors[..], &pensions.beneficiaries[..]);
            dependency::of_schemes(schemes, position, year, &mut figures);
        }
        if let Some(benefits) = run.benefits {
            coverage::of_health(run, benefits, position, year, &mut figures);
        }
        if let Some((finance, labour)) = run.finance.zip(run.labour) {
            cost::of_accounts(run, finance, &labour.economy, year, &mut figures);
        }
    }
    Ok(Measured { indicators: figures.0, base_year: base_year::compare(run)? })
}

/// The figures collected so far.
pub(crate) struct Figures(Vec<Indicator>);

impl Figures {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    #[cfg(test)]
    pub(crate) fn value(&self, scope: &str, name: &str) -> Option<f64> {
        let mut found = self.0.iter().filter(|one| one.scope == scope && one.indicator == name);
        found.next().map(|one| one.value)
    }

    /// Adds a figure that exists.
    pub(crate) fn add(&mut self, year: Year, scope: &str, what: Definition, value: Option<f64>) {
        if let Some(value) = value {
            let Definition { name: indicator, unit, .. } = what;
            let scope = scope.to_owned();
            self.0.push(Indicator { year: year.get(), scope, indicator, value, unit });
        }
    }

    /// Adds the quotient of two sums by sex, for both sexes and each.
    pub(crate) fn add_by_sex(
        &mut self,
        year: Year,
        scope: &str,
        what: BySex,
        (above, below): ([f64; 2], [f64; 2]),
    ) {
        let of = |sex: Sex| ratio(above[sex.index()], below[sex.index()]);
        self.add(year, scope, what.both, ratio(above[0] + above[1], below[0] + below[1]));
        self.add(year, scope, what.male, of(Sex::Male));
        self.add(year, scope, what.female, of(Sex::Female));
    }
}

/// Returns a quotient, or nothing where there is nothing to divide by.
pub(crate) fn ratio(above: f64, below: f64) -> Option<f64> {
    (0.0 < below).then(|| above / below)
}

/// Returns the flow or mean of one year by sex.
pub(crate) fn by_sex(grid: &YearGrid, position: usize) -> [f64; 2] {
    Sex::ALL.map(|sex| grid.total_of(position, sex))
}

/// Returns the mean of the year by sex of a stock that stands at the start of each year.
pub(crate) fn mean_by_sex(stock: &YearGrid, position: usize) -> [f64; 2] {
    Sex::ALL.map(|sex| 0.5 * (stock.total_of(position, sex) + stock.total_of(position + 1, sex)))
}

/// Returns the sum over ages `from` and over by sex.
pub(crate) fn from_age(grid: &YearGrid, position: usize, from: usize) -> [f64; 2] {
    let of_sex = |sex: Sex| {
        grid.year(position).row(sex.index()).iter().skip(from).fold(0.0, |sum, one| sum + one)
    };
    Sex::ALL.map(of_sex)
}

/// Adds two figures by sex.
pub(crate) fn plus(one: [f64; 2], other: [f64; 2]) -> [f64; 2] {
    [one[0] + other[0], one[1] + other[1]]
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use perennis_demography::{DemographicBasis, LifeTable, MigrationTiming, project};
    use perennis_finance::{Finance, FinanceBasis, FundBasis, FundSystem, Reserve, WhenExhausted};
    use perennis_labour::{EconomyBasis, EmployedGroup, WageGrowth};
    use perennis_units::{CentralRate, Growth, Money, Path, Payer, Share, YearRange};

    use perennis_cohort::{AccountYear, AgeGrid, Item};

    use super::*;
    use crate::{INDICATORS, Measure};

    const FIRST: Year = Year::new(2024);

    /// Two years, ages 0 to 100, nobody dies or is born, men twice as many as women.
    fn population() -> Population {
        let years = YearRange::new(FIRST, 2);
        let table = || {
            let rates = vec![CentralRate::new(1e-9).unwrap(); 101];
            LifeTable::from_rates(Sex::Male, &rates, &[None; 101]).unwrap()
        };
        let base = AgeGrid::from_shape_fn((2, 101), |(sex, _)| if sex == 0 { 20.0 } else { 10.0 });
        project(&DemographicBasis {
            years,
            base,
            mortality: (0..2).map(|_| [table(), table()]).collect(),
            fertility: Array2::zeros((2, 101)),
            sex_ratio_at_birth: vec![1.05; 2],
            migration: YearGrid::zeros(2, 101),
            migration_timing: MigrationTiming::End,
        })
        .unwrap()
    }

    fn labour() -> Labour {
        let constant = |growth: f64| Path::constant(Growth::new(growth).unwrap());
        let economy = EconomyBasis {
            gdp: Money::new(1_000.0).unwrap(),
            gdp_year: FIRST,
            productivity: constant(0.0),
            prices: constant(0.0),
            wages: WageGrowth::Nominal(constant(0.0)),
            interest: constant(0.0),
            wage_share: None,
            government_expenditure: Some(Path::constant(Share::new(0.2).unwrap())),
        };
        let stock = |men: f64, women: f64| {
            let mut grid = YearGrid::zeros(3, 101);
            for year in 0..3 {
                grid.set(year, Sex::Male, 30, men);
                grid.set(year, Sex::Female, 30, women);
            }
            grid
        };
        let group = |name: &str, informal, men, women| EmployedGroup {
            name: name.into(),
            informal,
            persons: stock(men, women),
        };
        Labour {
            labour_force: stock(110.0, 55.0),
            unemployed: stock(10.0, 5.0),
            employed: vec![group("formal", false, 25.0, 20.0), group("informal", true, 75.0, 30.0)],
            economy: economy.project(YearRange::new(FIRST, 2), &[1.0, 1.0]).unwrap(),
        }
    }

    fn finance(economy: &perennis_labour::Economy) -> Finance {
        let system =
            FundSystem::Reserve(Reserve::new(Money::new(90.0).unwrap(), WhenExhausted::StatePays));
        let fund = FundBasis { account: "main".into(), administration: None, system };
        let mut finance = Finance::open(&FinanceBasis::of(vec![fund]), economy).unwrap();
        for year in [FIRST, FIRST.plus(1)] {
            let mut booked = AccountYear::new("main".into(), year);
            booked.book(Item::Contributions, Some(Payer::Employers), 50.0);
            booked.book(Item::Benefit("old_age".into()), None, 30.0);
            booked.book(Item::TransfersOut, None, 10.0);
            finance.step(year, vec![booked]).unwrap();
        }
        finance
    }

    fn published(value: f64) -> BaseYearItem {
        BaseYearItem {
            measure: Measure::Contributions { account: "main".into() },
            year: FIRST,
            value,
            source: "accounts of the fund".into(),
            calibration: None,
        }
    }

    fn judge(items: &[BaseYearItem]) -> Result<Measured, IndicatorError> {
        let (population, labour) = (population(), labour());
        let finance = finance(&labour.economy);
        measure(&Judged {
            population: &population,
            labour: Some(&labour),
            pensions: None,
            benefits: None,
            finance: Some(&finance),
            base_year: items,
        })
    }

    fn value(measured: &Measured, scope: &str, name: &str) -> Option<f64> {
        let first = measured.indicators.iter().filter(|one| one.year == FIRST.get());
        first.filter(|one| one.scope == scope && one.indicator == name).map(|one| one.value).next()
    }

    #[test]
    fn people_work_and_money_are_measured_against_what_they_are_shares_of() {
        let measured = judge(&[]).unwrap();
        let near = |scope: &str, name: &str, expected: f64| {
            let found = value(&measured, scope, name).unwrap();
            assert!((found - expected).abs() < 1e-6, "{name}: {found} {expected}");
        };
        // 36 cells of 65 and over at the start; nobody dies, so 37 at the end; 50 cells of 15 to 64.
        near("nation", "old_age_ratio", 36.5 / 50.0);
        near("nation", "informal_share", 105.0 / 150.0);
        near("nation", "informal_share_female", 0.6);
        near("main", "expenditure_over_gdp", 0.04);
        near("nation", "expenditure_over_gdp", 0.03);
        near("nation", "expenditure_over_government_expenditure", 0.15);
        near("main", "contributions_over_gdp", 0.05);
        near("main", "reserve_end_over_expenditure", 2.5);
        near("main", "reserve_start_over_expenditure", 90.0 / 40.0);
        near("main", "reserve_end_over_next_expenditure", 2.5);
        assert!(value(&measured, "main", "payg_rate").is_none());
    }

    #[test]
    fn every_figure_is_documented_under_its_name_and_unit() {
        for figure in judge(&[]).unwrap().indicators {
            let known = INDICATORS.iter().any(|one| {
                one.name == figure.indicator && one.unit == figure.unit && !one.meaning.is_empty()
            });
            assert!(known, "{}", figure.indicator);
        }
        for (place, one) in INDICATORS.iter().enumerate() {
            assert!(INDICATORS[..place].iter().all(|other| other.name != one.name), "{}", one.name);
        }
    }

    #[test]
    fn a_ratio_far_from_one_is_a_warning_unless_a_calibration_is_stated() {
        let warns = |items: &[BaseYearItem]| judge(items).unwrap().base_year[0].warning;
        assert!(!warns(&[published(52.0)]));
        assert!(warns(&[published(60.0)]));
        assert!(warns(&[published(40.0)]));
        let calibration = Some(perennis_units::Calibration::NONE);
        assert!(!warns(&[BaseYearItem { calibration, ..published(60.0) }]));
    }

    #[test]
    fn a_published_figure_without_counterpart_is_refused() {
        let other = Measure::ReserveEnd { account: "other".into() };
        let unknown = judge(&[BaseYearItem { measure: other, ..published(1.0) }]);
        assert!(matches!(unknown, Err(IndicatorError::NoCounterpart { .. })));
        let early = judge(&[BaseYearItem { year: FIRST.plus(-1), ..published(1.0) }]);
        assert!(matches!(early, Err(IndicatorError::NoCounterpart { .. })));
        assert!(matches!(judge(&[published(0.0)]), Err(IndicatorError::NotAFigure { .. })));
    }
}
