//! The demographic cases of `cases/`.

use std::collections::BTreeMap;
use std::path::Path;

use perennis_demography::LifeTable;
use perennis_tests::{Case, Outcome, Table, cases, close, treatment};
use perennis_units::{CentralRate, Probability, Sex};
use serde_json::Value;

/// Every case is compared by a reference test, not calculated yet, or listed with the reason why it never will be.
pub(crate) fn every_case_is_compared_or_listed_with_its_reason(folder: &Path) {
    let mut areas: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for case in cases(folder) {
        match treatment(&case.id, &case.area) {
            Outcome::NotOurs(reason) => {
                println!("case {}: not the product's business: {reason}", case.id);
            }
            outcome => {
                let counts = areas.entry(case.area).or_default();
                counts[usize::from(outcome == Outcome::NotYet)] += 1;
            }
        }
    }
    for (area, [compared, later]) in &areas {
        println!("cases of {area}: {compared} compared, {later} not calculated yet");
    }
    assert!(areas.values().any(|[compared, _]| 0 < *compared));
}

/// Life tables from deaths and exposures, and from a law of mortality.
pub(crate) fn life_table_cases_agree(folder: &Path) {
    for case in compared(folder, "life_table") {
        if case.inputs["mortality"].is_string() {
            gompertz(&case);
        } else {
            deaths_and_exposures(&case);
        }
    }
}

fn compared(folder: &Path, area: &str) -> Vec<Case> {
    let mut found = cases(folder);
    found.retain(|c| c.area == area && treatment(&c.id, &c.area) == Outcome::Compared);
    assert!(!found.is_empty(), "no case of {area}");
    found
}

fn deaths_and_exposures(case: &Case) {
    let column = |at: usize| {
        let name = case.inputs["tables"][at].as_str().unwrap();
        Table::read(&case.tables.join(name)).numbers("2011")
    };
    let rates: Vec<_> = column(0)
        .into_iter()
        .zip(column(1))
        .map(|(deaths, exposure)| CentralRate::new(deaths / exposure).unwrap())
        .collect();
    // The case asks for Coale and Demeny's time lived in infancy, which the file then gives as `ax`.
    let mut lived = vec![None; rates.len()];
    lived[0] = Some(0.045 + 2.684 * rates[0].get());
    let table = LifeTable::from_rates(Sex::Male, &rates, &lived).unwrap();
    let agrees = |name: &str, value: &dyn Fn(usize) -> f64| {
        for (age, expected) in by_age(&case.expected[name]) {
            let found = value(age);
            let fine = close(found, expected, case.tolerance("rel"));
            assert!(fine, "{} {name} {age}: {found} against {expected}", case.id);
        }
    };
    agrees("q_x", &|age| table.death_probability(age));
    agrees("l_x", &|age| table.survivors()[age]);
    agrees("e_x", &|age| table.life_expectancy(age));
}

/// Deaths spread evenly over each year of age cost the expectation up to a thousandth of a year, so years of age are
/// cut in hundredths: the table does not know how long its steps are.
fn gompertz(case: &Case) {
    const STEPS: f64 = 100.0;
    let law = case.inputs["mortality"].as_str().unwrap();
    assert_eq!(law, "mu(x)=0.0003 * 1.07^x", "another law of mortality");
    let (b, c) = (0.0003_f64, 1.07_f64);
    for (age, expected) in by_age(&case.expected["complete_expectation"]) {
        let count = 13_000 - 100 * age;
        let survival = |t: f64| (-b * c.powf(age as f64) * (c.powf(t) - 1.0) / c.ln()).exp();
        let q_x =
            |step: usize| 1.0 - survival((step + 1) as f64 / STEPS) / survival(step as f64 / STEPS);
        let q_x: Vec<_> = (0..count).map(|step| Probability::new(q_x(step)).unwrap()).collect();
        let mut lived = vec![None; count];
        lived[0] = Some(0.5);
        let table = LifeTable::from_probabilities(Sex::Male, &q_x, &lived).unwrap();
        let found = table.life_expectancy(0) / STEPS;
        assert!((found - expected).abs() <= case.tolerance("abs"), "{age}: {found}");
    }
}

fn by_age(values: &Value) -> Vec<(usize, f64)> {
    let values = values.as_object().unwrap();
    values.iter().map(|(age, value)| (age.parse().unwrap(), value.as_f64().unwrap())).collect()
}
