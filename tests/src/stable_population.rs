use perennis_units::Sex;

use crate::SmallCountry;

/// A population that keeps its shape while it grows: the same life table every year, and births that grow.
///
/// It is reckoned from the life table, without any part of the program. Men and women are alike.
#[derive(Clone, Debug)]
pub struct StablePopulation {
    /// Survivors at each exact age from 0; deaths fall evenly between birthdays, and nobody survives the last.
    pub survivors: Vec<f64>,
    /// Growth a year.
    pub growth: f64,
    /// Persons of one sex at age 0 at the start.
    pub newborn: f64,
}

/// Highest age of the files.
const OPEN_AGE: usize = 100;

impl StablePopulation {
    /// Survivors from the entry to working life on; nobody dies before.
    #[must_use]
    pub fn from_age(first_age: usize, survivors: &[f64], growth: f64) -> Self {
        let mut all = vec![survivors[0]; first_age];
        all.extend_from_slice(survivors);
        Self { survivors: all, growth, newborn: 1_000.0 }
    }

    /// Returns the years lived between two birthdays, for each born.
    #[must_use]
    pub fn person_years(&self, age: usize) -> f64 {
        let at = |age: usize| self.survivors.get(age).copied().unwrap_or(0.0);
        0.5 * (at(age) + at(age + 1))
    }

    /// Returns the persons of one sex at an age on 1 January, so many years after the start.
    #[must_use]
    pub fn persons(&self, years: i32, age: usize) -> f64 {
        let born = years - i32::try_from(age).unwrap_or(i32::MAX);
        self.newborn * self.person_years(age) / self.person_years(0)
            * (1.0 + self.growth).powi(born)
    }

    /// Returns the small country with this population; everyone of those ages works in the formal group.
    #[must_use]
    pub fn country(&self, working: std::ops::Range<usize>) -> SmallCountry {
        let persons = |_: Sex, age: usize| format!("{:?}", self.persons(0, age));
        let dies = |_: Sex, age: usize| format!("{:?},0.5", self.death_probability(age));
        let works = |_: Sex, age: usize| u8::from(working.contains(&age)).to_string();
        SmallCountry::new()
            .by_age("base.csv", "population", 0..OPEN_AGE + 1, persons)
            .by_age("mortality.csv", "qx,ax", 0..OPEN_AGE + 1, dies)
            .with(
                "population.toml",
                "unit = \"deaths per person-year\"",
                "units = { qx = \"probability\", ax = \"years\" }",
            )
            .file("fertility.csv", &self.fertility())
            .by_age("participation.csv", "share", 0..OPEN_AGE + 1, works)
            .with("labour.toml", "value = 0.5", "value = 1")
    }

    fn death_probability(&self, age: usize) -> f64 {
        let at = |age: usize| self.survivors.get(age).copied().unwrap_or(0.0);
        if 0.0 < at(age) { 1.0 - at(age + 1) / at(age) } else { 1.0 }
    }

    /// The rate of mothers of 22 to 33 with which births grow as they should.
    fn fertility(&self) -> String {
        let ages = 22..34;
        let births = 2.0 * self.persons(1, 0);
        let women = |age: usize| 0.5 * (self.persons(0, age) + self.persons(1, age));
        let rate = births / ages.clone().map(women).sum::<f64>();
        ages.fold("age,rate\n".to_owned(), |text, age| format!("{text}{age},{rate:?}\n"))
    }
}
