use perennis_scheme::LifeTable;

use crate::annuity::{count, discount};

/// Commutation functions of a table of survivors at one interest: sums from an age on, each discounted to age 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Commutation {
    first_age: usize,
    lives: Vec<f64>,
    discounted: Vec<f64>,
    annuities: Vec<f64>,
    deaths: Vec<f64>,
    insurances: Vec<f64>,
}

impl Commutation {
    /// Sums a table up.
    ///
    /// # Formula
    ///
    /// `D_x = v^x l_x`, `N_x = D_x + D_(x+1) + …`, `C_x = v^(x+1) (l_x - l_(x+1))`, `M_x = C_x + C_(x+1) + …`.
    ///
    /// # Source
    ///
    /// Iyer, Actuarial mathematics of social security pensions, 1999, ch. 6; Bowers et al. 1997, ch. 5.
    #[must_use]
    pub fn new(table: &LifeTable, interest: f64) -> Self {
        let ages = table.first_age()..=table.last_age();
        let lives: Vec<f64> = ages.clone().map(|age| table.survivors(age).unwrap_or(0.0)).collect();
        let discounted =
            ages.clone().zip(&lives).map(|(age, l_x)| discount(interest, count(age)) * l_x);
        let discounted: Vec<f64> = discounted.collect();
        let deaths = ages.enumerate().map(|(at, age)| {
            let next = lives.get(at + 1).copied().unwrap_or(0.0);
            discount(interest, count(age) + 1.0) * (lives[at] - next)
        });
        let deaths: Vec<f64> = deaths.collect();
        Self {
            first_age: table.first_age(),
            annuities: from_the_end(&discounted),
            insurances: from_the_end(&deaths),
            lives,
            discounted,
            deaths,
        }
    }

    /// Survivors (`l_x`).
    #[must_use]
    pub fn lives(&self, age: usize) -> f64 {
        self.at(&self.lives, age)
    }

    /// Survivors, discounted (`D_x`).
    #[must_use]
    pub fn discounted(&self, age: usize) -> f64 {
        self.at(&self.discounted, age)
    }

    /// Discounted survivors from the age on (`N_x`).
    #[must_use]
    pub fn annuities(&self, age: usize) -> f64 {
        self.at(&self.annuities, age)
    }

    /// Deaths, discounted to the end of their year (`C_x`).
    #[must_use]
    pub fn deaths(&self, age: usize) -> f64 {
        self.at(&self.deaths, age)
    }

    /// Discounted deaths from the age on (`M_x`).
    #[must_use]
    pub fn insurances(&self, age: usize) -> f64 {
        self.at(&self.insurances, age)
    }

    fn at(&self, column: &[f64], age: usize) -> f64 {
        let row = age.checked_sub(self.first_age);
        row.and_then(|row| column.get(row)).copied().unwrap_or(0.0)
    }
}

fn from_the_end(column: &[f64]) -> Vec<f64> {
    let mut sums = column.to_vec();
    for at in (0..sums.len().saturating_sub(1)).rev() {
        sums[at] += sums[at + 1];
    }
    sums
}
