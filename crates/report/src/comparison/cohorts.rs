//! What each birth cohort receives and pays over the years of a run.

use perennis_cohort::YearGrid;
use perennis_pensions::{Contribution, Pensions};
use perennis_units::{Payer, Sex, Year};
use perennis_valuation::Results;

/// Years of birth in one cohort.
pub(crate) const WIDTH: i32 = 10;

/// A birth cohort of one sex, over the years of the run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cohort {
    /// The first year of birth.
    pub(crate) born: i32,
    /// The sex.
    pub(crate) sex: Sex,
    /// The most who are insured or draw a pension at the start of one year, persons.
    pub(crate) persons: f64,
    /// Present value at the start of what is paid to those born in these years, currency.
    pub(crate) benefits: f64,
    /// Present value at the start of what they and their employers pay, currency.
    pub(crate) contributions: f64,
}

impl Cohort {
    /// Returns what is received less what is paid, currency.
    pub(crate) fn net(&self) -> f64 {
        self.benefits - self.contributions
    }
}

/// Returns the cohorts of the pension schemes, the eldest first, men before women.
///
/// A cell of a table by year and age is that of the persons who are of the age at the start of the year: `year - age - 1`
/// is their year of birth. Contributions of a scheme are divided by insured earnings.
pub(crate) fn cohorts(results: &Results) -> Vec<Cohort> {
    let (Some(pensions), Some(labour)) = (&results.pensions, &results.labour) else {
        return Vec::new();
    };
    let years = results.population.years;
    let mut sum = Sums { first: years.first().get(), all: Vec::new() };
    let mut discount = 1.0;
    for at in 0..years.count() {
        let growth = 1.0 + labour.economy.interest.get(at).copied().unwrap_or(0.0);
        // Half a year of interest on flows.
        let middle = discount / growth.sqrt();
        discount /= growth;
        for one in &pensions.beneficiaries {
            sum.add(at, &one.amount, |cohort, amount| cohort.benefits += middle * amount);
        }
        for scheme in scheme_rates(pensions, years.at(at), at) {
            let groups = pensions.contributors.iter().filter(|one| one.scheme == scheme.0);
            for group in groups {
                sum.add(at, &group.insured_earnings, |cohort, earnings| {
                    cohort.contributions += middle * scheme.1 * earnings;
                });
            }
        }
        sum.count(at, pensions);
    }
    sum.all.sort_by_key(|one| (one.born, one.sex.index()));
    sum.all.retain(|one| 0.0 < one.persons);
    sum.all
}

/// Returns each scheme with what insured and employers pay of a unit of insured earnings in a year.
fn scheme_rates(pensions: &Pensions, year: Year, at: usize) -> Vec<(&str, f64)> {
    let mut rates: Vec<(&str, f64)> = Vec::new();
    for one in &pensions.contributors {
        if rates.iter().any(|(scheme, _)| *scheme == one.scheme) {
            continue;
        }
        let of_scheme = pensions.contributors.iter().filter(|other| other.scheme == one.scheme);
        let earned = of_scheme.fold(0.0, |sum, group| sum + group.insured_earnings.total(at));
        let own = |paid: &&Contribution| {
            paid.year == year && paid.scheme == one.scheme && paid.payer != Payer::State
        };
        let paid = pensions.contributions.iter().filter(own);
        let paid = paid.fold(0.0, |sum, paid| sum + paid.collected);
        rates.push((&one.scheme, if 0.0 < earned { paid / earned } else { 0.0 }));
    }
    rates
}

struct Sums {
    first: i32,
    all: Vec<Cohort>,
}

impl Sums {
    fn cohort(&mut self, (at, age): (usize, usize), sex: Sex) -> &mut Cohort {
        let number = |count: usize| i32::try_from(count).unwrap_or(0);
        let born = self.first + number(at) - number(age) - 1;
        let born = born.div_euclid(WIDTH) * WIDTH;
        let place = self.all.iter().position(|one| one.born == born && one.sex == sex);
        let place = place.unwrap_or_else(|| {
            let (persons, benefits, contributions) = (0.0, 0.0, 0.0);
            self.all.push(Cohort { born, sex, persons, benefits, contributions });
            self.all.len() - 1
        });
        &mut self.all[place]
    }

    fn add(&mut self, at: usize, grid: &YearGrid, mut book: impl FnMut(&mut Cohort, f64)) {
        for sex in Sex::ALL {
            for age in 0..grid.ages() {
                let value = grid.get(at, sex, age);
                if 0.0 < value {
                    book(self.cohort((at, age), sex), value);
                }
            }
        }
    }

    /// Takes the persons of a year where they are more than in the years before.
    fn count(&mut self, at: usize, pensions: &Pensions) {
        let mut now = Self { first: self.first, all: Vec::new() };
        let insured = pensions.insured.iter().flat_map(|one| [&one.active, &one.inactive]);
        let drawing = pensions.beneficiaries.iter().filter(|one| one.periodic);
        for grid in insured.chain(drawing.map(|one| &one.beneficiaries)) {
            now.add(at, grid, |cohort, persons| cohort.persons += persons);
        }
        for cohort in now.all {
            let same = |one: &&mut Cohort| one.born == cohort.born && one.sex == cohort.sex;
            match self.all.iter_mut().find(same) {
                Some(known) => known.persons = known.persons.max(cohort.persons),
                None => self.all.push(cohort),
            }
        }
    }
}

/// Returns the mean insured earnings of a full year in the first year, currency.
pub(crate) fn average_earnings(results: &Results) -> Option<f64> {
    let pensions = results.pensions.as_ref()?;
    let sum = |grid: fn(&perennis_pensions::Contributors) -> &YearGrid| {
        pensions.contributors.iter().fold(0.0, |sum, group| sum + grid(group).total(0))
    };
    let years = sum(|group| &group.months_paid) / 12.0;
    (0.0 < years).then(|| sum(|group| &group.insured_earnings) / years)
}
