use perennis_units::{CentralRate, Probability, Sex};
use thiserror::Error;

/// Years lived, on average, by those who die within a year of age, unless the file or a formula says otherwise.
const HALF_A_YEAR: f64 = 0.5;

/// A period life table by single age; the last age is open.
///
/// Survivors are shares of the newborn: `l_0` is 1. Person-years are years lived per newborn.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeTable {
    survivors: Vec<f64>,
    person_years: Vec<f64>,
}

/// Rates that make no life table.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum LifeTableError {
    /// Fewer than two ages, or a list of other length beside it.
    #[error(
        "a life table needs two ages or more and one value for each: found {found}, needed {needed}"
    )]
    Ages {
        /// Ages found.
        found: usize,
        /// Ages needed.
        needed: usize,
    },
    /// A mean time lived by those who die that lies outside the year of age.
    #[error("{value} years lived in the year of death at age {age} is outside 0..=1")]
    TimeLived {
        /// The age.
        age: usize,
        /// The value given.
        value: f64,
    },
    /// A rate so high that more would die than are alive.
    #[error("a death rate of {rate} at age {age} kills more than are alive")]
    Rate {
        /// The age.
        age: usize,
        /// The rate given.
        rate: f64,
    },
    /// Nobody dies at the open age, so life there has no end.
    #[error(
        "the death rate at the open age {age} is zero and no expectation of life is given there"
    )]
    OpenAge {
        /// The open age.
        age: usize,
    },
}

impl LifeTable {
    /// Builds the table from central death rates `m_x` by single age, the last one for the open age.
    ///
    /// `a_x` holds, for each age, the years lived in the year of age by those who die in it, where they are known;
    /// at the open age, the expectation of life. Where it is `None`: [`infant_time_lived`] at age 0, one half at the
    /// other ages, and `1 / m` at the open age.
    ///
    /// # Formula
    ///
    /// `q_x = m_x / (1 + (1 - a_x) m_x)`, `L_x = l_x+1 + a_x d_x`, and `T = l a` at the open age.
    ///
    /// # Source
    ///
    /// United Nations, World Population Prospects 2024, methodology: period life tables by single age.
    ///
    /// # Errors
    ///
    /// [`LifeTableError`] when the lengths differ, a rate is impossible or the open age has no end.
    pub fn from_rates(
        sex: Sex,
        rates: &[CentralRate],
        a_x: &[Option<f64>],
    ) -> Result<Self, LifeTableError> {
        let open = open_age(rates.len(), a_x.len())?;
        let mut probabilities = Vec::with_capacity(rates.len());
        let mut time_lived = Vec::with_capacity(rates.len());
        for (age, rate) in rates.iter().map(|rate| rate.get()).enumerate() {
            if age == open {
                let expectation = match a_x[age] {
                    Some(years) => years,
                    None if 0.0 < rate => 1.0 / rate,
                    None => return Err(LifeTableError::OpenAge { age }),
                };
                probabilities.push(1.0);
                time_lived.push(expectation);
                continue;
            }
            let lived = match a_x[age] {
                Some(years) => years,
                None if age == 0 => infant_time_lived(sex, rates[0]),
                None => HALF_A_YEAR,
            };
            let q_x = rate / (1.0 + (1.0 - lived) * rate);
            if 1.0 < q_x {
                return Err(LifeTableError::Rate { age, rate });
            }
            probabilities.push(q_x);
            time_lived.push(lived);
        }
        Self::build(&probabilities, &time_lived)
    }

    /// Builds the table from probabilities of death `q_x` by single age.
    ///
    /// The last age ends the table: all who reach it die in it, and live `a_x` years there, half a year when none is
    /// given. `a_x` is as in [`from_rates`](Self::from_rates); at age 0 it is the one that [`infant_time_lived`]
    /// gives for the rate that belongs to `q_0`.
    ///
    /// # Errors
    ///
    /// [`LifeTableError`] when the lengths differ or a time lived is impossible.
    pub fn from_probabilities(
        sex: Sex,
        probabilities: &[Probability],
        a_x: &[Option<f64>],
    ) -> Result<Self, LifeTableError> {
        let open = open_age(probabilities.len(), a_x.len())?;
        let mut q_x: Vec<f64> = probabilities.iter().map(|q_x| q_x.get()).collect();
        q_x[open] = 1.0;
        let lived = |(age, given): (usize, &Option<f64>)| match given {
            Some(years) => *years,
            None if age == 0 => infant_time_lived_of_probability(sex, probabilities[0]),
            None => HALF_A_YEAR,
        };
        let time_lived: Vec<f64> = a_x.iter().enumerate().map(lived).collect();
        Self::build(&q_x, &time_lived)
    }

    fn build(probabilities: &[f64], time_lived: &[f64]) -> Result<Self, LifeTableError> {
        let open = probabilities.len() - 1;
        let mut survivors = Vec::with_capacity(probabilities.len());
        let mut person_years = Vec::with_capacity(probabilities.len());
        let mut alive = 1.0;
        for (age, (q_x, lived)) in probabilities.iter().zip(time_lived).enumerate() {
            let longest = if age == open { f64::MAX } else { 1.0 };
            if !(0.0..=longest).contains(lived) {
                return Err(LifeTableError::TimeLived { age, value: *lived });
            }
            let deaths = alive * q_x;
            survivors.push(alive);
            let next = if age == open { 0.0 } else { alive - deaths };
            person_years.push(if age == open { alive * lived } else { next + lived * deaths });
            alive = next;
        }
        Ok(Self { survivors, person_years })
    }

    /// Returns the table in which the force of mortality at each age is `factor` times the one here.
    ///
    /// # Formula
    ///
    /// `p'_x = p_x ^ factor`; who dies within a year of age lives as much of it as here; the expectation of life at the
    /// open age is divided by its factor. A factor of one everywhere gives the same table, to the bit.
    ///
    /// # Errors
    ///
    /// [`LifeTableError`] for a factor that is negative or not finite, or zero at the open age.
    pub fn with_force(&self, factor: impl Fn(usize) -> f64) -> Result<Self, LifeTableError> {
        let open = self.open_age();
        let factors: Vec<f64> = (0..=open).map(factor).collect();
        if let Some(age) = factors.iter().position(|one| !one.is_finite() || *one < 0.0) {
            return Err(LifeTableError::Rate { age, rate: factors[age] });
        }
        if factors.iter().all(|one| (one - 1.0).abs() <= 0.0) {
            return Ok(self.clone());
        }
        if factors[open] <= 0.0 {
            return Err(LifeTableError::OpenAge { age: open });
        }
        let mut probabilities = Vec::with_capacity(open + 1);
        let mut time_lived = Vec::with_capacity(open + 1);
        for (age, factor) in factors.iter().enumerate() {
            if age == open {
                probabilities.push(1.0);
                time_lived.push(self.life_expectancy(open) / factor);
                continue;
            }
            let (alive, next) = (self.survivors[age], self.survivors[age + 1]);
            let deaths = alive - next;
            let lived =
                if 0.0 < deaths { (self.person_years[age] - next) / deaths } else { HALF_A_YEAR };
            probabilities.push(1.0 - libm::pow(ratio(next, alive), *factor));
            // Rounding may leave a hair outside the year of age.
            time_lived.push(lived.clamp(0.0, 1.0));
        }
        Self::build(&probabilities, &time_lived)
    }

    /// Returns the same table with the open age at `age`; unchanged when it is open there or earlier.
    #[must_use]
    pub fn open_at(mut self, age: usize) -> Self {
        if age < self.open_age() {
            let later: f64 = self.person_years[age..].iter().sum();
            self.survivors.truncate(age + 1);
            self.person_years.truncate(age + 1);
            self.person_years[age] = later;
        }
        self
    }

    /// Returns the open age, the last of the table.
    #[must_use]
    pub const fn open_age(&self) -> usize {
        self.survivors.len() - 1
    }

    /// Returns the share of the newborn who reach each exact age, `l_x`.
    #[must_use]
    pub fn survivors(&self) -> &[f64] {
        &self.survivors
    }

    /// Returns the years lived at each age per newborn, `L_x`; at the open age all later years, `T_x`.
    #[must_use]
    pub fn person_years(&self) -> &[f64] {
        &self.person_years
    }

    /// Returns the share of a year's births alive at the end of the year, `L_0 / l_0`.
    #[must_use]
    pub fn survival_of_births(&self) -> f64 {
        self.person_years[0]
    }

    /// Returns the share of a cell aged `age` (last birthday, start of year) alive a year later.
    ///
    /// # Formula
    ///
    /// `L_x+1 / L_x`; in the open age and the one before it, whose survivors make up the open age a year later,
    /// `T / (L + T)` with the person-years `T` of the open age and `L` of the age before. Zero where nobody lives.
    #[must_use]
    pub fn survival(&self, age: usize) -> f64 {
        let open = self.open_age();
        if age + 1 < open {
            return ratio(self.person_years[age + 1], self.person_years[age]);
        }
        ratio(self.person_years[open], self.person_years[open - 1] + self.person_years[open])
    }

    /// Returns the expected further years of life at exact age `age`, `e_x`; zero where nobody is alive.
    #[must_use]
    pub fn life_expectancy(&self, age: usize) -> f64 {
        ratio(self.person_years[age..].iter().sum(), self.survivors[age])
    }

    /// Returns the probability that a person of exact age `age` dies within a year, `q_x`; 1 at the open age.
    #[must_use]
    pub fn death_probability(&self, age: usize) -> f64 {
        match self.survivors.get(age + 1) {
            Some(next) if 0.0 < self.survivors[age] => 1.0 - next / self.survivors[age],
            _ => 1.0,
        }
    }

    /// Returns the central death rate at age `age`, `m_x`: deaths per person-year; zero where nobody lives.
    #[must_use]
    pub fn death_rate(&self, age: usize) -> f64 {
        let next = self.survivors.get(age + 1).copied().unwrap_or(0.0);
        ratio(self.survivors[age] - next, self.person_years[age])
    }
}

/// Returns the years lived in the first year of life by those who die in it, from the death rate at age 0.
///
/// # Source
///
/// E. Andreev and W. Kingkade, "Average age at death in infancy and infant mortality level", Demographic Research 33
/// (2015), 363-390, in the form for death rates of the Human Mortality Database, Methods Protocol version 6, table 5-1.
#[must_use]
pub fn infant_time_lived(sex: Sex, rate: CentralRate) -> f64 {
    let m_x = rate.get();
    match sex {
        Sex::Male if m_x < 0.023 => 0.14929 - 1.99545 * m_x,
        Sex::Male if m_x < 0.08307 => 0.02832 + 3.26021 * m_x,
        Sex::Male => 0.29915,
        Sex::Female if m_x < 0.01724 => 0.14903 - 2.05527 * m_x,
        Sex::Female if m_x < 0.06891 => 0.04667 + 3.88089 * m_x,
        Sex::Female => 0.31411,
    }
}

/// Solves `q = m / (1 + (1 - a(m)) m)` for the rate and returns its time lived; the steps shrink a hundredfold.
fn infant_time_lived_of_probability(sex: Sex, probability: Probability) -> f64 {
    const STEPS: usize = 40;
    let q_x = probability.get();
    let mut lived = 0.1;
    for _ in 0..STEPS {
        let rate = q_x / (1.0 - (1.0 - lived) * q_x);
        let Ok(rate) = CentralRate::new(rate) else { break };
        lived = infant_time_lived(sex, rate);
    }
    lived
}

fn open_age(ages: usize, beside: usize) -> Result<usize, LifeTableError> {
    if ages < 2 {
        return Err(LifeTableError::Ages { found: ages, needed: 2 });
    }
    if ages != beside {
        return Err(LifeTableError::Ages { found: beside, needed: ages });
    }
    Ok(ages - 1)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if 0.0 < whole { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(values: &[f64]) -> Vec<CentralRate> {
        values.iter().map(|value| CentralRate::new(*value).unwrap()).collect()
    }

    #[test]
    fn half_the_force_twice_is_a_quarter_and_back_again() {
        let rates = [0.02, 0.001, 0.01, 0.05, 0.2, 0.5].map(|m| CentralRate::new(m).unwrap());
        let table = LifeTable::from_rates(Sex::Female, &rates, &[None; 6]).unwrap();
        let same = table.with_force(|_| 1.0).unwrap();
        assert_eq!(same, table);
        let half = table.with_force(|_| 0.5).unwrap();
        assert!(table.life_expectancy(0) < half.life_expectancy(0));
        for age in 0..5 {
            // The force is the logarithm of survival: half of it, to rounding.
            let force = |of: &LifeTable| -libm::log(1.0 - of.death_probability(age));
            assert!((force(&half) - 0.5 * force(&table)).abs() < 1e-14);
        }
        let back = half.with_force(|_| 2.0).unwrap();
        for (one, other) in back.person_years().iter().zip(table.person_years()) {
            assert!((one - other).abs() < 1e-13);
        }
        let old = table.with_force(|age| if 3 <= age { 0.8 } else { 1.0 }).unwrap();
        assert_eq!(old.survivors()[..4], table.survivors()[..4]);
        assert!(table.with_force(|_| -1.0).is_err() && table.with_force(|_| 0.0).is_err());
    }

    #[test]
    fn survivors_and_person_years_follow_from_rates_by_hand() {
        // m = 0.1, 0.2, open 0.5 with a_0 = 0.2: q_0 = 0.1 / 1.08, q_1 = 0.2 / 1.1, e at the open age 2 years.
        let table =
            LifeTable::from_rates(Sex::Male, &rates(&[0.1, 0.2, 0.5]), &[Some(0.2), None, None])
                .unwrap();
        let first = 1.0 - 0.1 / 1.08;
        let second = first * (1.0 - 0.2 / 1.1);
        let expected = [first + 0.2 * (1.0 - first), 0.5 * (first + second), 2.0 * second];
        for (found, expected) in table.person_years().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15);
        }
        assert!((table.survival(0) - expected[2] / (expected[1] + expected[2])).abs() > 0.01);
        assert!((table.survival(1) - expected[2] / (expected[1] + expected[2])).abs() < 1e-15);
        assert!((table.survival(2) - table.survival(1)).abs() < 1e-15);
        assert!((table.death_rate(1) - 0.2).abs() < 1e-15);
    }

    #[test]
    fn infant_time_lived_is_continuous_to_the_printed_digits() {
        for (sex, bounds) in [(Sex::Male, [0.023, 0.08307]), (Sex::Female, [0.01724, 0.06891])] {
            for bound in bounds {
                let at = |rate| infant_time_lived(sex, CentralRate::new(rate).unwrap());
                // Coefficients are printed with five decimals.
                assert!((at(bound - 1e-9) - at(bound + 1e-9)).abs() < 1e-4, "{sex:?} {bound}");
            }
        }
    }

    #[test]
    fn probabilities_and_rates_of_one_table_give_the_same_table() {
        let from_rates = LifeTable::from_rates(
            Sex::Female,
            &rates(&[0.03, 0.001, 0.002, 0.4, 2.0]),
            &[None, None, None, None, Some(0.5)],
        )
        .unwrap();
        let q_x: Vec<_> = (0..5)
            .map(|age| Probability::new(from_rates.death_probability(age)).unwrap())
            .collect();
        let from_q = LifeTable::from_probabilities(Sex::Female, &q_x, &[None; 5]).unwrap();
        for age in 0..5 {
            assert!((from_rates.person_years()[age] - from_q.person_years()[age]).abs() < 1e-14);
        }
    }

    #[test]
    fn opening_a_table_earlier_keeps_the_expectation_of_life() {
        let table =
            LifeTable::from_rates(Sex::Male, &rates(&[0.01, 0.02, 0.1, 0.3]), &[None; 4]).unwrap();
        let earlier = table.clone().open_at(2);
        assert_eq!(earlier.open_age(), 2);
        assert!((table.life_expectancy(0) - earlier.life_expectancy(0)).abs() < 1e-14);
        assert_eq!(table.clone().open_at(7), table);
    }

    #[test]
    fn impossible_rates_are_refused() {
        let none = [None; 3];
        let too_high = LifeTable::from_rates(Sex::Male, &rates(&[0.1, 2.5, 0.5]), &none);
        assert_eq!(too_high, Err(LifeTableError::Rate { age: 1, rate: 2.5 }));
        let endless = LifeTable::from_rates(Sex::Male, &rates(&[0.1, 0.1, 0.0]), &none);
        assert_eq!(endless, Err(LifeTableError::OpenAge { age: 2 }));
        let lived = [None, Some(1.2), None];
        let late = LifeTable::from_rates(Sex::Male, &rates(&[0.1, 0.1, 0.5]), &lived);
        assert_eq!(late, Err(LifeTableError::TimeLived { age: 1, value: 1.2 }));
    }

    #[test]
    fn a_table_that_ends_has_no_survivors_and_no_division_by_zero() {
        let q_x: Vec<_> =
            [0.1, 1.0, 1.0, 1.0].iter().map(|q| Probability::new(*q).unwrap()).collect();
        let table = LifeTable::from_probabilities(Sex::Male, &q_x, &[None; 4]).unwrap();
        assert!(table.survival(1).abs() < 1e-15 && table.survival(3).abs() < 1e-15);
        assert!(table.life_expectancy(3).abs() < 1e-15);
    }
}
