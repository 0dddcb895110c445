use perennis_cohort::AgeGrid;
use perennis_units::Sex;

use crate::Beneficiaries;
use crate::Mortality;
use crate::indexing::YearPayment;

/// Pensioners of one benefit at the start of a year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PensionStock {
    /// Persons by sex and age.
    pub(crate) persons: AgeGrid,
    /// Amounts in force, currency a year, by sex and age.
    pub(crate) amount: AgeGrid,
    pub(crate) mortality: Mortality,
}

impl PensionStock {
    /// Nobody of so many ages, with the mortality of those who will be.
    pub(crate) fn empty(ages: usize, mortality: Mortality) -> Self {
        let ages = ages.max(mortality.own_ages().unwrap_or(0));
        Self { persons: AgeGrid::zeros((2, ages)), amount: AgeGrid::zeros((2, ages)), mortality }
    }

    /// Returns the persons of a sex and age, the last of `ages` open.
    pub(crate) fn persons_at(&self, sex: Sex, age: usize, ages: usize) -> f64 {
        let row = self.persons.row(sex.index());
        if age + 1 < ages { row[age] } else { row.iter().skip(age).fold(0.0, |sum, n| sum + n) }
    }

    /// Carries the pensioners through a year and books what they draw; awards of the year are added afterwards.
    ///
    /// Of a cell, half of its person-years fall to the age at the start and half to the age at the end, so that by age they
    /// are the mean of the two stocks. `survival` is that of the population.
    pub(crate) fn step(
        &mut self,
        year: usize,
        survival: impl Fn(Sex, usize) -> f64,
        payment: &YearPayment,
        table: &mut Beneficiaries,
    ) {
        let ages = self.persons.ncols();
        let mut persons = AgeGrid::zeros((2, ages));
        let mut amount = AgeGrid::zeros((2, ages));
        let end = payment.end();
        for sex in Sex::ALL {
            for age in 0..ages {
                let start = self.persons[[sex.index(), age]];
                if start <= 0.0 {
                    continue;
                }
                let in_force = self.amount[[sex.index(), age]];
                let alive = self.mortality.survival(year, (sex, age), || survival(sex, age));
                let next = (age + 1).min(ages - 1);
                persons[[sex.index(), next]] += start * alive;
                amount[[sex.index(), next]] += in_force * alive * end;
                table.terminations.add(year, sex, age, start * (1.0 - alive));
                table.beneficiaries.add(year, sex, age, 0.5 * start);
                table.beneficiaries.add(year, sex, next, 0.5 * start * alive);
                let paid = in_force * payment.of_stock(alive);
                table.amount.add(year, sex, age, paid / (1.0 + alive));
                table.amount.add(year, sex, next, paid * alive / (1.0 + alive));
            }
        }
        self.persons = persons;
        self.amount = amount;
    }
}
