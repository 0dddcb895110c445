use perennis_cohort::{AgeGrid, YearGrid};
use perennis_demography::Population;
use perennis_units::{Sex, Year};
use thiserror::Error;

use crate::{Economy, EconomyBasis};

/// The shares of the groups must add up to one within this; a difference comes from rounded inputs.
const SHARES_TOLERANCE: f64 = 1e-9;

/// A named part of the employed: formal private, public, self-employed, informal and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct EmploymentGroup {
    /// Name used in files and tables.
    pub name: String,
    /// Whether the group counts as informal in the indicators.
    pub informal: bool,
    /// Share of the employed, by year, sex and age; positions as in [`LabourBasis::participation`].
    pub share: YearGrid,
}

/// Everything that determines work and the economy.
///
/// Rates are those of the mean of the year. Positions on the year axis are the years of the population.
#[derive(Clone, Debug, PartialEq)]
pub struct LabourBasis {
    /// Labour force as a share of the population, by year, sex and age.
    pub participation: YearGrid,
    /// Unemployed as a share of the labour force, by year, sex and age.
    pub unemployment: YearGrid,
    /// The groups of the employed; their shares add up to one at every age.
    pub groups: Vec<EmploymentGroup>,
    /// Paths of the economy.
    pub economy: EconomyBasis,
}

/// Employed persons of one group.
#[derive(Clone, Debug)]
pub struct EmployedGroup {
    /// Name used in files and tables.
    pub name: String,
    /// Whether the group counts as informal in the indicators.
    pub informal: bool,
    /// Employed at the start of each year and at the end of the last, persons.
    pub persons: YearGrid,
}

/// Work over the horizon.
///
/// Every stock stands at the start of the year and has one more position for the end of the last year: population at
/// that moment times the mean of the rates of the year before and the year after; at the start the rates of the first
/// year, at the end those of the last. The mean of a year is half of the two stocks around it.
#[derive(Clone, Debug)]
pub struct Labour {
    /// Labour force at the start of each year.
    pub labour_force: YearGrid,
    /// Unemployed at the start of each year.
    pub unemployed: YearGrid,
    /// Employed at the start of each year, by group.
    pub employed: Vec<EmployedGroup>,
    /// Paths of the economy.
    pub economy: Economy,
}

impl Labour {
    /// Returns the employed of all groups at a year position, by sex and age: labour force less unemployed.
    #[must_use]
    pub fn employed_at(&self, year: usize) -> AgeGrid {
        &self.labour_force.year(year) - &self.unemployed.year(year)
    }

    /// Returns the employed of all groups, mean of the year at a position, by sex and age.
    #[must_use]
    pub fn employed_mean(&self, year: usize) -> AgeGrid {
        (self.employed_at(year) + self.employed_at(year + 1)) * 0.5
    }

    /// Returns the labour force, mean of the year at a position, by sex and age.
    #[must_use]
    pub fn labour_force_mean(&self, year: usize) -> AgeGrid {
        (&self.labour_force.year(year) + &self.labour_force.year(year + 1)) * 0.5
    }

    /// Returns the employed of informal groups over all employed at a year position, for one sex or both.
    ///
    /// `None` where nobody is employed.
    #[must_use]
    pub fn informal_share(&self, year: usize, sex: Option<Sex>) -> Option<f64> {
        let count = |group: &EmployedGroup| match sex {
            Some(sex) => group.persons.total_of(year, sex),
            None => group.persons.total(year),
        };
        let all: f64 = self.employed.iter().map(count).sum();
        let informal: f64 = self.employed.iter().filter(|group| group.informal).map(count).sum();
        (0.0 < all).then(|| informal / all)
    }
}

/// A basis that cannot be used.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum LabourError {
    /// The shares of the groups do not add up to one.
    #[error("the shares of the employment groups add up to {sum} for {sex} aged {age} in {year}")]
    Shares {
        /// The sum found.
        sum: f64,
        /// male or female.
        sex: &'static str,
        /// The age.
        age: usize,
        /// The year.
        year: Year,
    },
    /// A rate is not a part of a whole.
    #[error("{input} of {value} is outside 0..=1 for {sex} aged {age} in {year}")]
    NotAShare {
        /// Participation, unemployment or the name of a group.
        input: String,
        /// The value found.
        value: f64,
        /// male or female.
        sex: &'static str,
        /// The age.
        age: usize,
        /// The year.
        year: Year,
    },
    /// An input has another number of years or ages than the population.
    #[error("{input} has {found} positions where {expected} are needed")]
    Shape {
        /// Participation, unemployment or the name of a group.
        input: String,
        /// Positions found.
        found: usize,
        /// Positions needed.
        expected: usize,
    },
    /// Output is given for a year outside the run, where employment is not known.
    #[error("output is given for {given}, outside the years of the run, {first} to {last}")]
    OutputYear {
        /// The year given.
        given: Year,
        /// First year of the run.
        first: Year,
        /// Last year of the run.
        last: Year,
    },
    /// Output cannot grow from nothing.
    #[error("nobody is employed in {year}")]
    NobodyEmployed {
        /// The year.
        year: Year,
    },
}

/// Computes labour force, employment and the economy for every year.
///
/// # Errors
///
/// [`LabourError::Shape`] and [`LabourError::NotAShare`] for rates that do not fit, [`LabourError::Shares`] when the
/// groups do not add up to one within 1e-9, and the errors of [`EconomyBasis::project`].
pub fn project(basis: &LabourBasis, population: &Population) -> Result<Labour, LabourError> {
    check(basis, population)?;
    let years = population.years.count();
    let ages = population.persons.ages();
    let mut labour_force = YearGrid::zeros(years + 1, ages);
    let mut unemployed = YearGrid::zeros(years + 1, ages);
    let mut working = YearGrid::zeros(years + 1, ages);
    each_cell(years + 1, ages, |at, sex, age| {
        let force = population.persons.get(at, sex, age)
            * start_of_year(&basis.participation, at, sex, age);
        let without_work = force * start_of_year(&basis.unemployment, at, sex, age);
        labour_force.set(at, sex, age, force);
        unemployed.set(at, sex, age, without_work);
        working.set(at, sex, age, force - without_work);
    });
    let employed = basis.groups.iter().map(|group| {
        let mut persons = YearGrid::zeros(years + 1, ages);
        each_cell(years + 1, ages, |at, sex, age| {
            let share = start_of_year(&group.share, at, sex, age);
            persons.set(at, sex, age, working.get(at, sex, age) * share);
        });
        EmployedGroup { name: group.name.clone(), informal: group.informal, persons }
    });
    let employed = employed.collect();
    let mean: Vec<f64> =
        (0..years).map(|at| 0.5 * (working.total(at) + working.total(at + 1))).collect();
    let economy = basis.economy.project(population.years, &mean)?;
    Ok(Labour { labour_force, unemployed, employed, economy })
}

/// Mean of the rates of the year before and the year after the start of a year.
fn start_of_year(rates: &YearGrid, at: usize, sex: Sex, age: usize) -> f64 {
    let last = rates.years() - 1;
    0.5 * (rates.get(at.saturating_sub(1).min(last), sex, age) + rates.get(at.min(last), sex, age))
}

fn each_cell(years: usize, ages: usize, mut visit: impl FnMut(usize, Sex, usize)) {
    for at in 0..years {
        for sex in Sex::ALL {
            for age in 0..ages {
                visit(at, sex, age);
            }
        }
    }
}

fn check(basis: &LabourBasis, population: &Population) -> Result<(), LabourError> {
    let (years, ages) = (population.years.count(), population.persons.ages());
    let groups = basis.groups.iter().map(|group| (group.name.as_str(), &group.share));
    let rates = [("participation", &basis.participation), ("unemployment", &basis.unemployment)];
    for (input, grid) in rates.into_iter().chain(groups) {
        for (found, expected) in [(grid.years(), years), (grid.ages(), ages)] {
            if found != expected {
                return Err(LabourError::Shape { input: input.into(), found, expected });
            }
        }
        for ((at, sex, age), value) in grid.values().indexed_iter() {
            if !(0.0..=1.0).contains(value) {
                return Err(LabourError::NotAShare {
                    input: input.into(),
                    value: *value,
                    sex: Sex::ALL[sex].as_str(),
                    age,
                    year: population.years.at(at),
                });
            }
        }
    }
    let mut wrong = None;
    each_cell(years, ages, |at, sex, age| {
        let sum: f64 = basis.groups.iter().map(|group| group.share.get(at, sex, age)).sum();
        if wrong.is_none() && SHARES_TOLERANCE < (sum - 1.0).abs() {
            let year = population.years.at(at);
            wrong = Some(LabourError::Shares { sum, sex: sex.as_str(), age, year });
        }
    });
    wrong.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3};
    use perennis_units::{Growth, Money, Path, YearRange};

    use super::*;
    use crate::WageGrowth;

    const AGES: usize = 3;

    fn population(persons: Array3<f64>) -> Population {
        let years = persons.len_of(ndarray::Axis(0)) - 1;
        Population {
            years: YearRange::new(Year::new(2030), years),
            persons: YearGrid::new(persons),
            births: Array2::zeros((years, 2)),
            deaths: YearGrid::zeros(years, AGES),
            infant_deaths: Array2::zeros((years, 2)),
            migrants: YearGrid::zeros(years, AGES),
            mortality: Vec::new(),
            shortfalls: Vec::new(),
        }
    }

    fn rates(values: [f64; 2]) -> YearGrid {
        let mut grid = YearGrid::zeros(2, AGES);
        each_cell(2, AGES, |at, sex, age| grid.set(at, sex, age, values[at]));
        grid
    }

    fn basis() -> LabourBasis {
        let group = |name: &str, informal, share| EmploymentGroup {
            name: name.into(),
            informal,
            share: rates(share),
        };
        LabourBasis {
            participation: rates([0.5, 0.7]),
            unemployment: rates([0.1, 0.2]),
            groups: vec![
                group("formal", false, [0.25, 0.35]),
                group("informal", true, [0.75, 0.65]),
            ],
            economy: EconomyBasis {
                gdp: Money::new(1_000.0).unwrap(),
                gdp_year: Year::new(2030),
                productivity: Path::constant(Growth::ZERO),
                prices: Path::constant(Growth::ZERO),
                wages: WageGrowth::Nominal(Path::constant(Growth::ZERO)),
                interest: Path::constant(Growth::ZERO),
                wage_share: None,
                government_expenditure: None,
            },
        }
    }

    #[test]
    fn a_stock_takes_the_mean_of_the_rates_around_it_and_at_the_ends_its_own() {
        let labour =
            project(&basis(), &population(Array3::from_elem((3, 2, AGES), 1_000.0))).unwrap();
        let force: Vec<f64> = (0..3).map(|at| labour.labour_force.get(at, Sex::Male, 1)).collect();
        assert!((force[0] - 500.0).abs() < 1e-9);
        assert!((force[1] - 600.0).abs() < 1e-9);
        assert!((force[2] - 700.0).abs() < 1e-9);
        assert!((labour.unemployed.get(1, Sex::Female, 2) - 600.0 * 0.15).abs() < 1e-9);
        // Employed 450, 510 and 560 in each of six cells; half the sum of neighbours, then the ratio.
        let expected = 1_000.0 * (510.0 + 560.0) / (450.0 + 510.0);
        assert!((labour.economy.gdp[1] - expected).abs() < 1e-9);
    }

    #[test]
    fn groups_and_unemployed_add_up_to_the_labour_force_in_every_cell() {
        let persons = Array3::from_shape_fn((3, 2, AGES), |(at, sex, age)| {
            1_000.0 + 17.0 * at as f64 + 31.0 * sex as f64 + 7.0 * age as f64
        });
        let labour = project(&basis(), &population(persons)).unwrap();
        each_cell(3, AGES, |at, sex, age| {
            let groups: f64 =
                labour.employed.iter().map(|group| group.persons.get(at, sex, age)).sum();
            let sum = groups + labour.unemployed.get(at, sex, age);
            assert!((sum - labour.labour_force.get(at, sex, age)).abs() < 1e-9);
        });
        assert!((labour.informal_share(0, None).unwrap() - 0.75).abs() < 1e-12);
        assert!((labour.informal_share(1, Some(Sex::Female)).unwrap() - 0.70).abs() < 1e-12);
    }

    #[test]
    fn groups_that_do_not_add_up_are_named_with_sex_age_and_year() {
        let mut basis = basis();
        basis.groups[0].share.set(1, Sex::Female, 2, 0.36);
        let error = project(&basis, &population(Array3::ones((3, 2, AGES)))).unwrap_err();
        let LabourError::Shares { sum, sex, age, year } = error else { panic!("{error}") };
        assert!((sum - 1.01).abs() < 1e-12);
        assert_eq!((sex, age, year), ("female", 2, Year::new(2031)));
    }

    #[test]
    fn a_participation_above_one_or_of_the_wrong_length_is_refused() {
        let mut above = basis();
        above.participation.set(0, Sex::Male, 0, 1.01);
        let error = project(&above, &population(Array3::ones((3, 2, AGES)))).unwrap_err();
        assert!(matches!(error, LabourError::NotAShare { .. }));
        let error = project(&basis(), &population(Array3::ones((5, 2, AGES)))).unwrap_err();
        assert!(matches!(error, LabourError::Shape { found: 2, expected: 4, .. }));
    }
}
