use ndarray::Array2;
use perennis_cohort::{AgeGrid, YearGrid};
use perennis_units::{Sex, Year, YearRange};
use thiserror::Error;

use crate::LifeTable;

/// Emigrants missing below this many persons are rounding.
const ROUNDING: f64 = 1e-6;

/// When in the year migrants cross the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationTiming {
    /// All at the end of the year, at their age at the end of the year (the UN's convention).
    End,
    /// Evenly over the year: half of those of an age join at its start at that age and are exposed to death and
    /// birth like the others, half at its end at that age.
    Even,
}

/// Everything that determines the population.
#[derive(Clone, Debug, PartialEq)]
pub struct DemographicBasis {
    /// The years projected.
    pub years: YearRange,
    /// Persons at the start of the first year, by sex and age; the last age is open.
    pub base: AgeGrid,
    /// A life table for each year (outer) and sex (male, female), open at the open age of `base`.
    pub mortality: Vec<[LifeTable; 2]>,
    /// Births per woman-year. Axes: year, age. Zero at age 0.
    pub fertility: Array2<f64>,
    /// Boys born per girl, for each year.
    pub sex_ratio_at_birth: Vec<f64>,
    /// Net migrants of each year by sex and age at the end of the year, persons.
    pub migration: YearGrid,
    /// When migrants cross the border.
    pub migration_timing: MigrationTiming,
}

impl DemographicBasis {
    /// Returns the further years of life expected at an exact age in a year, the mean of men and women; none outside the
    /// years and at the open age and above.
    #[must_use]
    pub fn life_expectancy(&self, year: Year, age: usize) -> Option<f64> {
        life_expectancy(&self.mortality, self.years.position(year)?, age)
    }
}

fn life_expectancy(mortality: &[[LifeTable; 2]], position: usize, age: usize) -> Option<f64> {
    let tables = mortality.get(position)?;
    let known = tables.iter().all(|table| age < table.open_age());
    let of_sexes = || tables.iter().map(|table| table.life_expectancy(age)).sum::<f64>();
    known.then(|| of_sexes() / 2.0)
}

/// Emigrants of the assumptions who were not there to leave; they stay out of the flows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortfall {
    /// The year.
    pub year: Year,
    /// The sex.
    pub sex: Sex,
    /// The lowest age at the end of the year at which it happened.
    pub age: usize,
    /// Persons, summed over the ages of that sex and year.
    pub persons: f64,
}

/// A population over the horizon.
#[derive(Clone, Debug)]
pub struct Population {
    /// The years in which flows happen.
    pub years: YearRange,
    /// Persons at the start of each year, and at the end of the last (one more position).
    pub persons: YearGrid,
    /// Live births of the year. Axes: year, sex.
    pub births: Array2<f64>,
    /// Deaths of the year, by age at the start of the year; those born in the year are in `infant_deaths`.
    pub deaths: YearGrid,
    /// Deaths of children born in the year. Axes: year, sex.
    pub infant_deaths: Array2<f64>,
    /// Net migrants of the year by age at the end of the year, as applied.
    pub migrants: YearGrid,
    /// A life table for each year and sex.
    pub mortality: Vec<[LifeTable; 2]>,
    /// Emigrants who were not there to leave; empty for coherent assumptions.
    pub shortfalls: Vec<Shortfall>,
}

impl Population {
    /// Returns the further years of life expected at an exact age in a year; see [`DemographicBasis::life_expectancy`].
    #[must_use]
    pub fn life_expectancy(&self, year: Year, age: usize) -> Option<f64> {
        life_expectancy(&self.mortality, self.years.position(year)?, age)
    }

    /// Returns the share of those aged `age` at the start of a year (by position) who live to its end.
    #[must_use]
    pub fn survival(&self, year: usize, sex: Sex, age: usize) -> f64 {
        self.mortality[year][sex.index()].survival(age)
    }

    /// Returns the mean population of the year at a position, by sex and age: half of start and end.
    #[must_use]
    pub fn mean(&self, year: usize, sex: Sex, age: usize) -> f64 {
        0.5 * (self.persons.get(year, sex, age) + self.persons.get(year + 1, sex, age))
    }

    /// Returns all deaths of one sex in the year at a position: by age at its start, and of those born in it.
    #[must_use]
    pub fn deaths_of(&self, year: usize, sex: Sex) -> f64 {
        self.infant_deaths[[year, sex.index()]] + self.deaths.total_of(year, sex)
    }
}

/// A basis that cannot be projected.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PopulationError {
    /// An input has another number of years or ages than the others.
    #[error("{input} has {found} positions where {expected} are needed")]
    Shape {
        /// Which input.
        input: &'static str,
        /// Positions found.
        found: usize,
        /// Positions needed.
        expected: usize,
    },
    /// An input holds a value it cannot have.
    #[error("{input} holds {value}, which is not possible")]
    Value {
        /// Which input.
        input: &'static str,
        /// The value.
        value: f64,
    },
}

/// Projects the population year by year, with one-year cohort components.
///
/// # Formula
///
/// A cell aged `x` lives on with the share [`LifeTable::survival`]; births of the year are the rates of each age
/// times the mean of the women at its start and of those who survive to its end before migration, and live to its
/// end with the share [`LifeTable::survival_of_births`]. With [`MigrationTiming::Even`] half of the migrants are
/// among the women at the start, half among those at the end.
///
/// # Source
///
/// United Nations, World Population Prospects 2024, methodology: the cohort-component method by single age and year.
///
/// # Errors
///
/// [`PopulationError`] when the parts of the basis differ in length or hold impossible values.
pub fn project(basis: &DemographicBasis) -> Result<Population, PopulationError> {
    check(basis)?;
    let (years, ages) = (basis.years.count(), basis.base.ncols());
    let mut population = Population {
        years: basis.years,
        persons: YearGrid::zeros(years + 1, ages),
        births: Array2::zeros((years, 2)),
        deaths: YearGrid::zeros(years, ages),
        infant_deaths: Array2::zeros((years, 2)),
        migrants: YearGrid::zeros(years, ages),
        mortality: basis.mortality.clone(),
        shortfalls: Vec::new(),
    };
    population.persons.values_mut().index_axis_mut(ndarray::Axis(0), 0).assign(&basis.base);
    for year in 0..years {
        let mut sexes = Sex::ALL.map(|sex| survivors_of_year(basis, &population, year, sex));
        let births = births_of_year(basis, year, &sexes[Sex::Female.index()]);
        let girls = births / (1.0 + basis.sex_ratio_at_birth[year]);
        for (sex, cells) in Sex::ALL.into_iter().zip(&mut sexes) {
            let born = if sex == Sex::Female { girls } else { births - girls };
            close_year(basis, &mut population, year, cells, (sex, born));
        }
    }
    Ok(population)
}

/// One sex within a year.
struct Cells {
    /// Those exposed from the start of the year, by age at its start.
    exposed: Vec<f64>,
    /// Deaths of the exposed, by age at the start.
    deaths: Vec<f64>,
    /// The living at the end, by age at the end; age 0 is filled by the births.
    end: Vec<f64>,
    /// Migrants applied so far, by their age in the assumptions.
    migrants: Vec<f64>,
    /// Emigrants who were not there, and the lowest age.
    missing: Option<(usize, f64)>,
}

impl Cells {
    /// Adds `net` migrants to `present` and returns what is there then; never fewer than nobody.
    fn migrate(&mut self, age: usize, present: f64, net: f64) -> f64 {
        let after = present + net;
        if 0.0 <= after {
            self.migrants[age] += net;
            return after;
        }
        self.migrants[age] -= present;
        let (lowest, persons) = self.missing.unwrap_or((age, 0.0));
        self.missing = Some((lowest.min(age), persons - after));
        0.0
    }
}

fn survivors_of_year(
    basis: &DemographicBasis,
    population: &Population,
    year: usize,
    sex: Sex,
) -> Cells {
    let table = &basis.mortality[year][sex.index()];
    let ages = basis.base.ncols();
    let open = ages - 1;
    let zeros = || vec![0.0; ages];
    let mut cells =
        Cells { exposed: zeros(), deaths: zeros(), end: zeros(), migrants: zeros(), missing: None };
    for age in 0..ages {
        let present = population.persons.get(year, sex, age);
        cells.exposed[age] = match basis.migration_timing {
            MigrationTiming::End => present,
            MigrationTiming::Even => {
                cells.migrate(age, present, 0.5 * basis.migration.get(year, sex, age))
            }
        };
        let alive = cells.exposed[age] * table.survival(age);
        cells.deaths[age] = cells.exposed[age] - alive;
        cells.end[(age + 1).min(open)] += alive;
    }
    if basis.migration_timing == MigrationTiming::Even {
        for age in 1..ages {
            let net = 0.5 * basis.migration.get(year, sex, age);
            cells.end[age] = cells.migrate(age, cells.end[age], net);
        }
    }
    cells
}

fn births_of_year(basis: &DemographicBasis, year: usize, women: &Cells) -> f64 {
    let born = |age| basis.fertility[[year, age]] * 0.5 * (women.exposed[age] + women.end[age]);
    (1..basis.base.ncols()).map(born).sum()
}

fn close_year(
    basis: &DemographicBasis,
    population: &mut Population,
    year: usize,
    cells: &mut Cells,
    (sex, born): (Sex, f64),
) {
    let alive = born * basis.mortality[year][sex.index()].survival_of_births();
    population.births[[year, sex.index()]] = born;
    population.infant_deaths[[year, sex.index()]] = born - alive;
    cells.end[0] = alive;
    match basis.migration_timing {
        MigrationTiming::End => {
            for age in 0..cells.end.len() {
                let net = basis.migration.get(year, sex, age);
                cells.end[age] = cells.migrate(age, cells.end[age], net);
            }
        }
        MigrationTiming::Even => {
            cells.end[0] = cells.migrate(0, alive, 0.5 * basis.migration.get(year, sex, 0));
        }
    }
    for age in 0..cells.end.len() {
        population.persons.set(year + 1, sex, age, cells.end[age]);
        population.deaths.set(year, sex, age, cells.deaths[age]);
        population.migrants.set(year, sex, age, cells.migrants[age]);
    }
    if let Some((age, persons)) = cells.missing.filter(|(_, persons)| ROUNDING < *persons) {
        let year = basis.years.at(year);
        population.shortfalls.push(Shortfall { year, sex, age, persons });
    }
}

fn check(basis: &DemographicBasis) -> Result<(), PopulationError> {
    let (years, ages) = (basis.years.count(), basis.base.ncols());
    let tables = basis.mortality.iter().flatten();
    let shapes = [
        ("the base population", basis.base.nrows(), 2),
        ("the base population", ages.max(2), ages),
        ("mortality", basis.mortality.len(), years),
        ("fertility", basis.fertility.nrows(), years),
        ("fertility", basis.fertility.ncols(), ages),
        ("the sex ratio at birth", basis.sex_ratio_at_birth.len(), years),
        ("migration", basis.migration.years(), years),
        ("migration", basis.migration.ages(), ages),
    ];
    let of_tables = tables.map(|table| ("a life table", table.open_age() + 1, ages));
    for (input, found, expected) in shapes.into_iter().chain(of_tables) {
        if found != expected {
            return Err(PopulationError::Shape { input, found, expected });
        }
    }
    let negative = |input, value: &f64| {
        let fine = value.is_finite() && 0.0 <= *value;
        if fine { Ok(()) } else { Err(PopulationError::Value { input, value: *value }) }
    };
    basis.base.iter().try_for_each(|value| negative("the base population", value))?;
    basis.fertility.iter().try_for_each(|value| negative("fertility", value))?;
    basis.sex_ratio_at_birth.iter().try_for_each(|v| negative("the sex ratio at birth", v))?;
    let at_birth = basis.fertility.column(0).into_iter().find(|rate| 0.0 < **rate);
    let endless = basis.migration.values().iter().find(|value| !value.is_finite());
    match (at_birth, endless) {
        (Some(value), _) => {
            Err(PopulationError::Value { input: "fertility at age 0", value: *value })
        }
        (_, Some(value)) => Err(PopulationError::Value { input: "migration", value: *value }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::CentralRate;
    use proptest::prelude::*;

    use super::*;

    const AGES: usize = 6;

    fn basis(timing: MigrationTiming, migrants: f64) -> DemographicBasis {
        let rates = [0.02, 0.001, 0.01, 0.05, 0.2, 0.5].map(|m| CentralRate::new(m).unwrap());
        let table = |sex| LifeTable::from_rates(sex, &rates, &[None; AGES]).unwrap();
        let mut fertility = Array2::zeros((3, AGES));
        fertility.column_mut(2).fill(0.7);
        let mut migration = YearGrid::zeros(3, AGES);
        migration.values_mut().fill(migrants);
        DemographicBasis {
            years: YearRange::new(Year::new(2030), 3),
            base: AgeGrid::from_elem((2, AGES), 100.0),
            mortality: vec![Sex::ALL.map(table); 3],
            fertility,
            sex_ratio_at_birth: vec![1.05; 3],
            migration,
            migration_timing: timing,
        }
    }

    fn change_less_flows(population: &Population, year: usize, sex: Sex) -> f64 {
        let change =
            population.persons.total_of(year + 1, sex) - population.persons.total_of(year, sex);
        change - population.births[[year, sex.index()]] + population.deaths_of(year, sex)
            - population.migrants.total_of(year, sex)
    }

    #[test]
    fn one_year_by_hand() {
        let basis = basis(MigrationTiming::End, 3.0);
        let population = project(&basis).unwrap();
        let table = &basis.mortality[0][1];
        let survivors = 100.0 * table.survival(1);
        let births = 0.7 * 0.5 * (100.0 + survivors);
        let girls = births / 2.05;
        assert!((population.births.row(0).sum() - births).abs() < 1e-12);
        assert!((population.births[[0, 1]] - girls).abs() < 1e-12);
        let infants = girls * table.survival_of_births() + 3.0;
        assert!((population.persons.get(1, Sex::Female, 0) - infants).abs() < 1e-12);
        assert!((population.persons.get(1, Sex::Female, 2) - survivors - 3.0).abs() < 1e-12);
        let oldest = 200.0 * table.survival(4) + 3.0;
        assert!((population.persons.get(1, Sex::Female, 5) - oldest).abs() < 1e-12);
    }

    #[test]
    fn emigrants_who_are_not_there_stay_and_are_counted() {
        for timing in [MigrationTiming::End, MigrationTiming::Even] {
            let population = project(&basis(timing, -90.0)).unwrap();
            assert!(population.persons.values().iter().all(|persons| 0.0 <= *persons));
            let first = population.shortfalls[0];
            assert_eq!(first.year, Year::new(2030));
            for sex in Sex::ALL {
                for year in 0..3 {
                    assert!(change_less_flows(&population, year, sex).abs() < 1e-9);
                    let at = Year::new(2030 + i32::try_from(year).unwrap());
                    let missing =
                        population.shortfalls.iter().filter(|s| s.year == at && s.sex == sex);
                    let asked = population.migrants.total_of(year, sex)
                        - missing.map(|s| s.persons).sum::<f64>();
                    assert!(
                        (asked + 90.0 * 6.0).abs() < 1e-9,
                        "applied less missing is what was asked"
                    );
                }
            }
        }
    }

    #[test]
    fn parts_of_other_lengths_and_impossible_values_are_refused() {
        let mut negative = basis(MigrationTiming::End, 0.0);
        negative.base[[0, 3]] = -1.0;
        let expected = PopulationError::Value { input: "the base population", value: -1.0 };
        assert_eq!(project(&negative).unwrap_err(), expected);
        let mut short = basis(MigrationTiming::End, 0.0);
        short.sex_ratio_at_birth.pop();
        let expected =
            PopulationError::Shape { input: "the sex ratio at birth", found: 2, expected: 3 };
        assert_eq!(project(&short).unwrap_err(), expected);
        let mut infant = basis(MigrationTiming::End, 0.0);
        infant.fertility[[0, 0]] = 0.1;
        assert!(project(&infant).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn births_less_deaths_plus_migrants_is_the_change(
            migrants in -150.0..150.0_f64,
            even in prop::bool::ANY,
        ) {
            let timing = if even { MigrationTiming::Even } else { MigrationTiming::End };
            let population = project(&basis(timing, migrants)).unwrap();
            for sex in Sex::ALL {
                for year in 0..3 {
                    prop_assert!(change_less_flows(&population, year, sex).abs() < 1e-9);
                }
            }
            prop_assert!(population.persons.values().iter().all(|persons| 0.0 <= *persons));
        }
    }
}
