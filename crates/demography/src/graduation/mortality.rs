use perennis_units::{CentralRate, Sex};

use super::groups::{AgeGroups, GraduationError, exact};
use super::spline::Spline;
use crate::LifeTable;

/// Rounds of correction; each leaves about a tenth of the error of the one before.
const ROUNDS: usize = 400;
/// Part of the error that a round corrects; with the whole of it steep rates of children may swing.
const STEP: f64 = 0.8;
/// Relative error of a group's rate at which the correction ends.
const ENOUGH: f64 = 1e-12;
/// Age to which rates are continued to spread an open group; nobody lives longer.
const LAST_AGE: usize = 130;

/// Brings death rates of age groups to single ages, up to `open_age` and over.
///
/// The rates of single ages, weighted with the person-years of the life table they make, give back the rate of every
/// group. Between groups the logarithm of the rate is a natural cubic spline through the groups; a group of one year
/// keeps its rate. Where the open group starts below `open_age`, rates go on from the last closed group along a
/// logistic curve (Kannisto) whose slope gives the open group the expectation of life `1 / m`.
///
/// # Source
///
/// V. Kannisto, Development of oldest-old mortality, 1950-1990, Odense 1994; the rest is own.
///
/// # Errors
///
/// [`GraduationError`] for groups that do not start at birth or go beyond the open age, a rate of zero, and figures
/// too uneven for a smooth curve.
pub fn mortality_by_single_age(
    sex: Sex,
    groups: &AgeGroups,
    rates: &[CentralRate],
    open_age: usize,
) -> Result<Vec<CentralRate>, GraduationError> {
    let rates: Vec<f64> = rates.iter().map(|rate| rate.get()).collect();
    groups.check(&rates)?;
    groups.check_span(open_age)?;
    if let Some(group) = rates.iter().position(|rate| *rate <= 0.0) {
        return Err(GraduationError::Value { age: groups.lowest()[group], value: rates[group] });
    }
    let mut ages = closed_ages(sex, groups, &rates)?;
    let open = rates[rates.len() - 1];
    if groups.open_from() < open_age {
        ages.extend(open_ages(groups, &ages, open)?);
        let table = table_of(sex, &ages)?;
        ages.truncate(open_age);
        ages.push(table.open_at(open_age).death_rate(open_age));
    } else {
        ages.push(open);
    }
    checked(&ages)
}

fn closed_ages(sex: Sex, groups: &AgeGroups, rates: &[f64]) -> Result<Vec<f64>, GraduationError> {
    let closed = groups.count() - 1;
    let from_birth = groups.ages(0).len() == 1;
    let first = usize::from(from_birth);
    let at: Vec<f64> = (first..closed).map(|group| groups.middle(group)).collect();
    let mut knots: Vec<f64> = rates[first..closed].iter().map(|rate| libm::log(*rate)).collect();
    let mut ages = vec![0.0; groups.open_from() + 1];
    let mut worst_age = 0;
    for _ in 0..ROUNDS {
        let spline = Spline::through(&at, &knots);
        for (age, rate) in ages.iter_mut().enumerate() {
            *rate = libm::exp(spline.value(exact(age) + 0.5));
        }
        if from_birth {
            ages[0] = rates[0];
        }
        ages[groups.open_from()] = rates[closed];
        let table = table_of(sex, &ages)?;
        let mut worst = 0.0;
        for (group, knot) in (first..closed).zip(&mut knots) {
            let change = libm::log(rates[group] / rate_of(groups, group, &ages, &table));
            *knot += STEP * change;
            if worst < change.abs() {
                (worst, worst_age) = (change.abs(), groups.lowest()[group]);
            }
        }
        if worst < ENOUGH {
            ages.pop();
            return Ok(ages);
        }
    }
    Err(GraduationError::Uneven { age: worst_age })
}

/// Returns deaths over person-years of a closed group; summed by age, since survivors differ too little where few die.
fn rate_of(groups: &AgeGroups, group: usize, rates: &[f64], table: &LifeTable) -> f64 {
    let lived = |age: usize| table.person_years()[age];
    let deaths: f64 = groups.ages(group).map(|age| rates[age] * lived(age)).sum();
    deaths / groups.ages(group).map(lived).sum::<f64>()
}

fn table_of(sex: Sex, rates: &[f64]) -> Result<LifeTable, GraduationError> {
    Ok(LifeTable::from_rates(sex, &checked(rates)?, &vec![None; rates.len()])?)
}

fn checked(rates: &[f64]) -> Result<Vec<CentralRate>, GraduationError> {
    let rate = |(age, rate): (usize, &f64)| {
        CentralRate::new(*rate).map_err(|_| GraduationError::Value { age, value: *rate })
    };
    rates.iter().enumerate().map(rate).collect()
}

/// Returns rates from the open group's lowest age to the last age.
fn open_ages(groups: &AgeGroups, closed: &[f64], open: f64) -> Result<Vec<f64>, GraduationError> {
    let from = groups.open_from();
    let last = closed[closed.len() - 1];
    if 1.0 <= last {
        return Err(GraduationError::Value { age: from - 1, value: last });
    }
    let start = libm::log(last / (1.0 - last));
    let curve = |slope: f64| {
        let rate =
            move |age: usize| 1.0 / (1.0 + libm::exp(-(start + slope * exact(age + 1 - from))));
        (from..=LAST_AGE).map(rate).collect::<Vec<_>>()
    };
    // Half a year is lived in the year of death at every age: the first one here is no infant.
    let halves = vec![Some(0.5); LAST_AGE - from];
    let lived: Vec<_> = halves.into_iter().chain([None]).collect();
    let expectation = |slope: f64| -> Result<f64, GraduationError> {
        let rates = checked(&curve(slope))?;
        Ok(LifeTable::from_rates(Sex::Female, &rates, &lived)?.life_expectancy(0))
    };
    let (mut low, mut high) = (-0.1, 1.0);
    let (longest, shortest) = (expectation(low)?, expectation(high)?);
    if !(shortest..=longest).contains(&(1.0 / open)) {
        let (target, lowest, highest) = (1.0 / open, shortest, longest);
        let what = "an expectation of life at the open age";
        return Err(GraduationError::Target { what, target, lowest, highest });
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if expectation(middle)? < 1.0 / open { high = middle } else { low = middle }
    }
    Ok(curve(0.5 * (low + high)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ABRIDGED: [usize; 22] =
        [0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100];

    /// Rates of groups as a share of a schedule with an infant, an accident and an ageing part, up to `open`.
    fn schedule(open: usize, level: f64, ageing: f64) -> (AgeGroups, Vec<CentralRate>) {
        let lowest: Vec<usize> = ABRIDGED.into_iter().filter(|age| *age <= open).collect();
        let rate = |age: &usize| {
            let x = exact(*age) + 2.0;
            0.02 * libm::exp(-1.2 * (x - 2.0)) + 4e-4 + 3e-5 * libm::exp(ageing * x)
        };
        let rates: Vec<_> =
            lowest.iter().map(|age| CentralRate::new(level * rate(age)).unwrap()).collect();
        (AgeGroups::new(lowest).unwrap(), rates)
    }

    #[test]
    fn an_open_group_keeps_its_expectation_of_life() {
        for open in [65, 75, 80, 85, 95] {
            let (groups, mut rates) = schedule(open, 1.0, 0.09);
            // Expectations of life of a present-day population.
            let expectation = 19.0 * libm::exp(-0.045 * exact(open - 65));
            let last = rates.len() - 1;
            rates[last] = CentralRate::new(1.0 / expectation).unwrap();
            let single = mortality_by_single_age(Sex::Female, &groups, &rates, 100).unwrap();
            let table = LifeTable::from_rates(Sex::Female, &single, &vec![None; 101]).unwrap();
            let found = table.life_expectancy(open);
            assert!((found - expectation).abs() < 1e-9, "{open}: {found} {expectation}");
            let later: Vec<f64> = single[open..].iter().map(|rate| rate.get()).collect();
            assert!(later.windows(2).all(|two| two[0] < two[1]), "{open}: rates rise");
        }
    }

    #[test]
    fn rates_of_single_ages_stay_as_they_are() {
        let rates: Vec<_> = (0..=100)
            .map(|age| CentralRate::new(2e-4 * libm::exp(0.08 * exact(age))).unwrap())
            .collect();
        let groups = AgeGroups::new((0..=100).collect()).unwrap();
        let single = mortality_by_single_age(Sex::Male, &groups, &rates, 100).unwrap();
        for (found, given) in single.iter().zip(&rates) {
            assert!((found.get() / given.get() - 1.0).abs() < 1e-11);
        }
    }

    #[test]
    fn a_rate_of_zero_in_a_group_is_refused() {
        let (groups, mut rates) = schedule(100, 1.0, 0.09);
        rates[3] = CentralRate::new(0.0).unwrap();
        let refused = mortality_by_single_age(Sex::Male, &groups, &rates, 100);
        assert_eq!(refused, Err(GraduationError::Value { age: 10, value: 0.0 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
        #[test]
        fn every_group_keeps_its_rate(level in 0.2..2.5_f64, ageing in 0.07..0.095_f64) {
            let (groups, rates) = schedule(100, level, ageing);
            let single = mortality_by_single_age(Sex::Male, &groups, &rates, 100).unwrap();
            let table = LifeTable::from_rates(Sex::Male, &single, &vec![None; 101]).unwrap();
            let m_x: Vec<f64> = single.iter().map(|rate| rate.get()).collect();
            for (group, rate) in rates[..groups.count() - 1].iter().enumerate() {
                let found = rate_of(&groups, group, &m_x, &table);
                prop_assert!((found / rate.get() - 1.0).abs() < 1e-10, "{group}");
            }
        }
    }
}
