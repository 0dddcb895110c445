use super::groups::{AgeGroups, GraduationError, exact};
use super::spline::Spline;
use crate::LifeTable;

/// Rounds of correction; each leaves about a tenth of the error of the one before.
const ROUNDS: usize = 60;
/// Relative error of a group at which the correction ends; what is left is spread in proportion.
const ENOUGH: f64 = 1e-13;

/// Years of age in each of the two spans before an open group from which its trend is taken.
const TREND: usize = 5;

/// Spreads persons in age groups over single ages, up to the open age of `table`.
///
/// Every group keeps its total, no age is negative, and a group of one year of age keeps its figure. Persons are
/// taken as the life table's person-years times a smooth factor, the exponential of a natural cubic spline through
/// the middles of the groups. The open group, where it starts below the open age of the table, follows the life
/// table and the trend of that factor over the ten years of age before it, as in a stable population.
///
/// # Units
///
/// Persons; any unit of persons, the same out as in.
///
/// # Source
///
/// The open group: United Nations, DemoTools (`OPAG`), redistribution by a stable standard; the rest is own.
///
/// # Errors
///
/// [`GraduationError`] for groups that do not start at birth or go beyond the open age, and impossible values.
pub fn population_by_single_age(
    groups: &AgeGroups,
    persons: &[f64],
    table: &LifeTable,
) -> Result<Vec<f64>, GraduationError> {
    groups.check(persons)?;
    groups.check_span(table.open_age())?;
    let weights = table.person_years();
    let mut ages = vec![0.0; weights.len()];
    let closed = groups.count() - 1;
    let mut first = 0;
    while first < closed {
        // A group without people is empty at every age; the curves on its two sides know nothing of each other.
        let people =
            |group: &usize| 0.0 < persons[*group] && 0.0 < weight_of(groups, *group, weights);
        let run = (first..closed).take_while(people).count();
        spread(groups, persons, first..first + run, weights, &mut ages);
        first += run + 1;
    }
    spread_open(groups, persons, weights, &mut ages);
    rest_evenly(groups, persons, &mut ages);
    Ok(ages)
}

/// Gives people of groups in which the life table has nobody alive the same number at each age.
fn rest_evenly(groups: &AgeGroups, persons: &[f64], ages: &mut [f64]) {
    for (group, people) in persons[..groups.count() - 1].iter().enumerate() {
        let range = groups.ages(group);
        if 0.0 < *people && ages[range.clone()].iter().sum::<f64>() <= 0.0 {
            let width = exact(range.len());
            ages[range].fill(people / width);
        }
    }
}

fn weight_of(groups: &AgeGroups, group: usize, weights: &[f64]) -> f64 {
    groups.ages(group).map(|age| weights[age]).sum()
}

/// Fills the ages of consecutive closed groups, all with people.
fn spread(
    groups: &AgeGroups,
    persons: &[f64],
    run: std::ops::Range<usize>,
    weights: &[f64],
    ages: &mut [f64],
) {
    let middles: Vec<f64> = run.clone().map(|group| groups.middle(group)).collect();
    let mut knots: Vec<f64> = run
        .clone()
        .map(|group| libm::log(persons[group] / weight_of(groups, group, weights)))
        .collect();
    if knots.is_empty() {
        return;
    }
    for _ in 0..ROUNDS {
        let spline = Spline::through(&middles, &knots);
        let mut worst = 0.0_f64;
        for (group, knot) in run.clone().zip(&mut knots) {
            for age in groups.ages(group) {
                ages[age] = weights[age] * libm::exp(spline.value(exact(age) + 0.5));
            }
            let found: f64 = groups.ages(group).map(|age| ages[age]).sum();
            let ratio = persons[group] / found;
            worst = worst.max((ratio - 1.0).abs());
            *knot += libm::log(ratio);
            for age in groups.ages(group) {
                ages[age] *= ratio;
            }
        }
        if worst < ENOUGH {
            break;
        }
    }
}

/// Fills the ages of the open group.
fn spread_open(groups: &AgeGroups, persons: &[f64], weights: &[f64], ages: &mut [f64]) {
    let last = groups.count() - 1;
    let from = groups.open_from();
    let level = |years_before: usize| {
        let range = from.saturating_sub(years_before + TREND)..from.saturating_sub(years_before);
        let lived: f64 = range.clone().map(|age| weights[age]).sum();
        ages[range].iter().sum::<f64>() / lived
    };
    let (near, far) = (level(0), level(TREND));
    // A quotient of nothing is no number, and no comparison holds for it.
    let known = 0.0 < near && 0.0 < far && (near / far).is_finite();
    let trend = if known { libm::log(near / far) / exact(TREND) } else { 0.0 };
    let mut whole = 0.0;
    for age in from..ages.len() {
        ages[age] = weights[age] * libm::exp(trend * exact(age - from));
        whole += ages[age];
    }
    let scale = if 0.0 < whole { persons[last] / whole } else { 0.0 };
    ages[from..].iter_mut().for_each(|age| *age *= scale);
    if whole <= 0.0 {
        ages[from] = persons[last];
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::{CentralRate, Sex};
    use proptest::prelude::*;

    use super::*;

    /// Makeham's law with parameters of a present-day population, to the open age 100.
    fn table() -> LifeTable {
        let rate = |age| CentralRate::new(0.0003 + 2e-5 * libm::exp(0.1 * exact(age))).unwrap();
        let rates: Vec<_> = (0..=100).map(rate).collect();
        LifeTable::from_rates(Sex::Male, &rates, &[None; 101]).unwrap()
    }

    fn five_year(open: usize) -> AgeGroups {
        AgeGroups::new((0..=open).step_by(5).collect()).unwrap()
    }

    #[test]
    fn the_ages_of_a_stationary_population_are_those_of_its_life_table() {
        let table = table();
        let groups = five_year(80);
        let lived = table.person_years();
        let mut persons: Vec<f64> = (0..16).map(|g| lived[5 * g..5 * g + 5].iter().sum()).collect();
        persons.push(lived[80..].iter().sum());
        let ages = population_by_single_age(&groups, &persons, &table).unwrap();
        for (age, lived) in lived.iter().enumerate() {
            assert!((ages[age] / lived - 1.0).abs() < 1e-9, "{age}");
        }
    }

    #[test]
    fn the_ages_of_a_growing_population_are_found_with_its_open_group() {
        // A stable population grows at 2 % a year: persons are L_x exp(-0.02 x), also beyond 75.
        let table = table();
        let groups = five_year(75);
        let stable = |age: usize| table.person_years()[age] * libm::exp(-0.02 * exact(age));
        let mut persons: Vec<f64> = (0..15).map(|g| (5 * g..5 * g + 5).map(stable).sum()).collect();
        persons.push((75..=100).map(stable).sum());
        let ages = population_by_single_age(&groups, &persons, &table).unwrap();
        for (age, persons) in ages.iter().enumerate() {
            // The trend is taken between the middles of two groups, not between their mean ages.
            assert!((persons / stable(age) - 1.0).abs() < 0.005, "{age}");
        }
    }

    #[test]
    fn empty_groups_stay_empty() {
        let persons = [5.0, 0.0, 0.0, 7.0, 0.0, 3.0];
        let ages = population_by_single_age(&five_year(25), &persons, &table()).unwrap();
        assert!(ages[5..15].iter().chain(&ages[20..25]).all(|age| age.abs() < 1e-300));
        assert!((ages.iter().sum::<f64>() - 15.0).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn every_group_keeps_its_total_and_no_age_is_negative(
            persons in prop::collection::vec(0.0..1e6_f64, 18),
        ) {
            let groups = five_year(85);
            let ages = population_by_single_age(&groups, &persons, &table()).unwrap();
            prop_assert!(ages.iter().all(|age| 0.0 <= *age));
            for (group, expected) in persons.iter().enumerate() {
                let until = groups.lowest().get(group + 1).copied().unwrap_or(ages.len());
                let found: f64 = ages[groups.lowest()[group]..until].iter().sum();
                prop_assert!((found - expected).abs() <= 1e-12 * expected.max(1.0));
            }
        }
    }
}
