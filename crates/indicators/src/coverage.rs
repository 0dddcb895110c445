use perennis_benefits::Benefits;
use perennis_demography::Population;
use perennis_units::{Sex, Year};

use crate::Judged;
use crate::definitions::{
    COST_PER_INSURED, COVERAGE_OF_EMPLOYED, COVERAGE_OF_LABOUR_FORCE, HEALTH_COVERAGE, INFORMALITY,
    OLD_AGE_RATIO, PENSION_COVERAGE,
};
use crate::measure::{Figures, NATION, by_sex, from_age, mean_by_sex, plus, ratio};

/// The age from which people count as old in ratios that compare countries.
const OLD: usize = 65;
/// The age from which people count as of working age.
const WORKING: usize = 15;

/// Adds ageing, informality, and coverage of workers and of the old in one year.
pub(crate) fn of_people(run: &Judged<'_>, position: usize, year: Year, figures: &mut Figures) {
    let old = population_from(run.population, position, OLD);
    let adult = population_from(run.population, position, WORKING);
    let working = adult[0] + adult[1] - old[0] - old[1];
    figures.add(year, NATION, OLD_AGE_RATIO, ratio(old[0] + old[1], working));
    let Some(labour) = run.labour else { return };
    let (mut employed, mut informal) = ([0.0; 2], [0.0; 2]);
    for group in &labour.employed {
        let mean = mean_by_sex(&group.persons, position);
        employed = plus(employed, mean);
        if group.informal {
            informal = plus(informal, mean);
        }
    }
    figures.add_by_sex(year, NATION, INFORMALITY, (informal, employed));
    let Some(pensions) = run.pensions else { return };
    let contributors = pensions
        .contributors
        .iter()
        .fold([0.0; 2], |sum, group| plus(sum, by_sex(&group.contributors, position)));
    let labour_force = mean_by_sex(&labour.labour_force, position);
    figures.add_by_sex(year, NATION, COVERAGE_OF_EMPLOYED, (contributors, employed));
    figures.add_by_sex(year, NATION, COVERAGE_OF_LABOUR_FORCE, (contributors, labour_force));
    let pensioners = pensions
        .beneficiaries
        .iter()
        .filter(|benefit| benefit.periodic)
        .fold([0.0; 2], |sum, benefit| plus(sum, from_age(&benefit.beneficiaries, position, OLD)));
    figures.add_by_sex(year, NATION, PENSION_COVERAGE, (pensioners, old));
}

/// Adds coverage and cost of each health scheme in one year.
pub(crate) fn of_health(
    run: &Judged<'_>,
    benefits: &Benefits,
    position: usize,
    year: Year,
    figures: &mut Figures,
) {
    let people = population_from(run.population, position, 0);
    let mut schemes: Vec<&str> = Vec::new();
    for group in &benefits.insured {
        if !schemes.contains(&group.scheme.as_str()) {
            schemes.push(&group.scheme);
        }
    }
    for scheme in schemes {
        let insured = benefits
            .insured
            .iter()
            .filter(|group| group.scheme == scheme)
            .fold([0.0; 2], |sum, group| plus(sum, by_sex(&group.insured, position)));
        let services = benefits.services.iter().filter(|service| service.scheme == scheme);
        let cost = services.fold(0.0, |sum, service| sum + service.cost.total(position));
        figures.add_by_sex(year, scheme, HEALTH_COVERAGE, (insured, people));
        figures.add(year, scheme, COST_PER_INSURED, ratio(cost, insured[0] + insured[1]));
    }
}

/// Returns the mean population of the year from an age on, by sex.
fn population_from(population: &Population, position: usize, from: usize) -> [f64; 2] {
    let ages = population.persons.ages();
    Sex::ALL.map(|sex| (from..ages).map(|age| population.mean(position, sex, age)).sum())
}
