use perennis_cohort::YearGrid;
use perennis_units::Sex;

/// How some persons of a scheme die.
#[derive(Clone, Debug, PartialEq)]
pub enum Mortality {
    /// Force of mortality over that of the population, by sex: the same at all ages and in all years. The last age is open
    /// as that of the population is.
    Relative([f64; 2]),
    /// Force of mortality over that of the population, by year of the run, sex and age.
    RelativeByAge(YearGrid),
    /// A table of their own: share of a cell alive a year later, by year of the run, sex and age last birthday at its start.
    /// Nobody outlives its last age.
    Own(YearGrid),
}

/// Mortality of the insured and of the pensioners of a scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeMortality {
    /// Of active and inactive insured.
    pub insured: [Mortality; 2],
    /// Of pensioners, by benefit; those of benefits that are not named die as the population does.
    pub pensioners: Vec<(String, Mortality)>,
    /// Of the pensioners of some benefits by whole years since the year of the award, that year first and the last open; it
    /// stands before `pensioners`.
    pub since_award: Vec<(String, Vec<Mortality>)>,
}

impl Mortality {
    /// As the population.
    pub const POPULATION: Self = Self::Relative([1.0; 2]);

    /// Brings probabilities of death at exact ages to cells; `deaths` holds them by year, sex and age, with 1 at the last.
    ///
    /// # Formula
    ///
    /// With deaths that fall evenly over a year of age, `L_x+1 / L_x = (1 - q_x)(1 - q_x+1 / 2) / (1 - q_x / 2)`, both
    /// probabilities of the same year; nothing at the last age.
    #[must_use]
    pub fn own(deaths: &YearGrid) -> Self {
        let (years, ages) = (deaths.years(), deaths.ages());
        let mut survival = YearGrid::zeros(years, ages);
        for year in 0..years {
            for sex in Sex::ALL {
                for age in 0..ages.saturating_sub(1) {
                    let (q_x, next) = (deaths.get(year, sex, age), deaths.get(year, sex, age + 1));
                    let alive = (1.0 - q_x) * (1.0 - 0.5 * next) / (1.0 - 0.5 * q_x);
                    survival.set(year, sex, age, alive);
                }
            }
        }
        Self::Own(survival)
    }

    /// Returns this mortality with its force so many times as high, by year of the run, sex and age.
    ///
    /// # Formula
    ///
    /// The share alive is raised to the power of the factor.
    #[must_use]
    pub fn times(&self, factor: &YearGrid) -> Self {
        let (years, last) = (factor.years(), factor.ages().saturating_sub(1));
        let filled = |ages: usize, value: &dyn Fn(usize, Sex, usize) -> f64| {
            let mut grid = YearGrid::zeros(years, ages);
            for year in 0..years {
                for sex in Sex::ALL {
                    (0..ages).for_each(|age| grid.set(year, sex, age, value(year, sex, age)));
                }
            }
            grid
        };
        let by = |year, sex, age: usize| factor.get(year, sex, age.min(last));
        match self {
            Self::Relative(force) => {
                let of = |year, sex: Sex, age| force[sex.index()] * by(year, sex, age);
                Self::RelativeByAge(filled(factor.ages(), &of))
            }
            Self::RelativeByAge(force) => {
                let of = |year, sex, age| force.get(year, sex, age) * by(year, sex, age);
                Self::RelativeByAge(filled(force.ages(), &of))
            }
            Self::Own(survival) => {
                let of =
                    |year, sex, age| with_force(survival.get(year, sex, age), by(year, sex, age));
                Self::Own(filled(survival.ages(), &of))
            }
        }
    }

    /// Returns the number of single ages of a table of their own, which may be more or fewer than those of the population.
    #[must_use]
    pub fn own_ages(&self) -> Option<usize> {
        match self {
            Self::Own(survival) => Some(survival.ages()),
            Self::Relative(_) | Self::RelativeByAge(_) => None,
        }
    }

    /// Returns the share of those of a sex and age at the start of a year who live to its end; `population` gives that of
    /// the population.
    pub(crate) fn survival(
        &self,
        year: usize,
        (sex, age): (Sex, usize),
        population: impl FnOnce() -> f64,
    ) -> f64 {
        match self {
            Self::Relative(force) => with_force(population(), force[sex.index()]),
            Self::RelativeByAge(force) => with_force(population(), force.get(year, sex, age)),
            Self::Own(survival) if age < survival.ages() => survival.get(year, sex, age),
            Self::Own(_) => 0.0,
        }
    }
}

impl SchemeMortality {
    /// Everyone dies as the population does.
    #[must_use]
    pub const fn of_population() -> Self {
        Self {
            insured: [Mortality::POPULATION; 2],
            pensioners: Vec::new(),
            since_award: Vec::new(),
        }
    }

    /// Returns the mortality of the pensioners of a benefit; that of the year of the award where it differs by the years
    /// since.
    #[must_use]
    pub fn of_pensioners(&self, benefit: &str) -> &Mortality {
        if let Some(first) = self.by_years_since(benefit).first() {
            return first;
        }
        let named = self.pensioners.iter().find(|(name, _)| name == benefit);
        named.map_or(&Mortality::POPULATION, |(_, mortality)| mortality)
    }

    /// Returns the mortality by whole years since the year of the award; empty where it does not differ by them.
    #[must_use]
    pub fn by_years_since(&self, benefit: &str) -> &[Mortality] {
        let named = self.since_award.iter().find(|(name, _)| name == benefit);
        named.map_or(&[], |(_, by_years)| by_years)
    }
}

/// The share alive when the force of mortality is so many times that behind `survival`.
fn with_force(survival: f64, times: f64) -> f64 {
    if times.to_bits() == 1.0_f64.to_bits() { survival } else { libm::pow(survival, times) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(deaths: &[f64]) -> YearGrid {
        let mut grid = YearGrid::zeros(1, deaths.len());
        for (age, q_x) in deaths.iter().enumerate() {
            Sex::ALL.iter().for_each(|sex| grid.set(0, *sex, age, *q_x));
        }
        grid
    }

    #[test]
    fn a_cell_survives_as_the_person_years_of_its_table() {
        // l: 1, 0.9, 0.45, 0; L with even deaths: 0.95, 0.675, 0.225.
        let own = Mortality::own(&table(&[0.1, 0.5, 1.0]));
        let alive = |age| own.survival(0, (Sex::Male, age), || 1.0);
        assert!((alive(0) - 0.675 / 0.95).abs() < 1e-15);
        assert!((alive(1) - 0.225 / 0.675).abs() < 1e-15);
        assert!(alive(2).abs() < 1e-15 && alive(3).abs() < 1e-15);
    }

    #[test]
    fn a_force_twice_as_high_squares_the_share_alive() {
        let twice = Mortality::Relative([2.0, 1.0]);
        assert!((twice.survival(0, (Sex::Male, 60), || 0.9) - 0.81).abs() < 1e-15);
        assert!((twice.survival(0, (Sex::Female, 60), || 0.9) - 0.9).abs() < 1e-15);
    }
}
