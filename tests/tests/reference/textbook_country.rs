//! The scheme of a textbook as a country of files: its continuous figures against yearly accounts of the whole program.
//!
//! A flow of the book at an instant is compared with the mean of the program's years before and after it, a stock with
//! that of 1 January. What remains is the curvature of a year.

use std::path::Path;

use perennis_pensions::Pensions;
use perennis_tests::{Case, SmallCountry, StablePopulation, Table, contribution, final_salary};
use perennis_units::Sex;
use perennis_valuation::Results;
use serde_json::Value;

use crate::benefit_cases::{case, input, number};
use crate::steady_populations::{earnings, in_payment, old_age};

/// Rates of an annual engine against those of continuous time, in points of earnings; as the notes on the cases say.
const POINTS: f64 = 0.0005;
/// Numbers and amounts likewise.
const SHARE: f64 = 0.01;

/// A force as a yearly rate.
fn yearly(case: &Case, force: &str) -> f64 {
    input(case, &format!("force_{force}")).exp() - 1.0
}

/// The book's scheme, with contributions of so much; prices stand for the indexation of pensions.
fn country(case: &Case, rate: f64) -> SmallCountry {
    let name = case.inputs["table_single_age"].as_str().unwrap().split(' ').next().unwrap();
    let table = Table::read(&case.tables.join(name));
    let column = |name: &str| {
        let values = table.numbers(name).into_iter();
        values.filter(|value| !value.is_nan()).collect::<Vec<f64>>()
    };
    let (active, retired) = (column("active_service_table"), column("pensioner_life_table"));
    let salaries = column("salary_scale");
    let later = retired[1..].iter().map(|alive| active[45] * alive / retired[0]);
    let survivors: Vec<f64> = active.iter().copied().chain(later).collect();
    let growth = yearly(case, "population_growth");
    let mut population = StablePopulation::from_age(20, &survivors, growth);
    let actives = |of: &StablePopulation| 2.0 * (20..65).map(|age| of.persons(0, age)).sum::<f64>();
    population.newborn *= 10_000.0 / actives(&population);
    // Of an age in the first year: half a year after the birthday on average, in the middle of the year on average.
    let middle = (0.5 * input(case, "force_salary_growth")).exp();
    let wage = |age: usize| {
        let salary = |age: usize| salaries[age.min(65) - 20];
        10.0 * 0.5 * (salary(age) + salary(age + 1)) * middle
    };
    let recognised = case.inputs["variant"].as_str().is_some_and(|text| text.starts_with('2'));
    let credit = |age: usize| if recognised { 12 * (age - 20) + 6 } else { 0 };
    let group = SmallCountry::GROUP.replace("crown a month", "crown a year").replace(
        "mean.all_ages = { value = 1000 }",
        "mean.by_age = { file = \"wages.csv\", ages = \"single\" }",
    );
    // S. Iyer, Actuarial mathematics of social security pensions, 1999, Appendix 2: one per cent of the final salary for each
    // year of service, indexed.
    let law = final_salary(65, 0.01, "wages");
    let (head, paid_in) = (SmallCountry::HEAD, contribution("fund", rate));
    let [prices, wages, interest] =
        ["pension_indexation", "salary_growth", "interest"].map(|force| yearly(case, force));
    population
        .country(20..65)
        .fund("fund")
        .economy(prices, wages, interest)
        .file(SmallCountry::SCHEME, &format!("{head}\n{law}\n{paid_in}\n{group}"))
        .by_age("wages.csv", "earnings", 20..65, |_, age| format!("{:?}", wage(age)))
        .by_age("members.csv", "credit_months,persons", 20..65, |_, age| {
            format!("{},{:?}", credit(age), population.persons(0, age))
        })
        .years(120)
}

/// Mean of the flows of the years before and after an instant.
fn at_instant(flow: impl Fn(usize) -> f64, t: usize) -> f64 {
    if t == 0 { flow(0) } else { 0.5 * (flow(t - 1) + flow(t)) }
}

fn numbers(values: &Value) -> Vec<(usize, f64)> {
    let values = values.as_object().unwrap();
    values.iter().map(|(key, value)| (key.parse().unwrap(), number(value))).collect()
}

fn near(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() <= within, "{what}: {found} against {expected}");
}

/// Contributors, pensioners and expenditure of the book's third table.
pub(crate) fn the_textbook_scheme_grows_as_printed(folder: &Path) {
    let case_of_counts = case(folder, "iyer-table3-demography");
    let of_amounts = case(folder, "iyer-table3-variant2");
    let pensions = country(&of_amounts, 0.1).value().pensions.unwrap();
    let persons = in_payment(&pensions, 0.0);
    let expected = |key: &str| numbers(&case_of_counts.expected[key]);
    for (t, expected) in expected("actives") {
        let found = pensions.insured[0].active.total(t);
        near(
            found,
            expected,
            case_of_counts.tolerance("rel_counts") * expected,
            &format!("actives {t}"),
        );
    }
    for (t, expected) in expected("pensioners") {
        near(persons[t], expected, SHARE * expected, &format!("pensioners {t}"));
    }
    for (t, expected) in expected("ratio_percent") {
        let found = persons[t] / pensions.insured[0].active.total(t);
        near(found, expected / 100.0, POINTS, &format!("ratio {t}"));
    }
    let outgo = |t: usize| old_age(&pensions).amount.total(t);
    let payg = |t: usize| outgo(t) / earnings(&pensions).total(t);
    // Nothing is paid at the first instant, something in the first year.
    for (t, expected) in numbers(&of_amounts.expected["expenditure_thousand"]) {
        let found = if t == 0 { 0.0 } else { at_instant(outgo, t) / 1e3 };
        near(found, expected, SHARE * expected, &format!("outgo {t}"));
    }
    for (t, expected) in numbers(&of_amounts.expected["payg_percent"]) {
        let found = if t == 0 { 0.0 } else { at_instant(payg, t) };
        near(found, expected / 100.0, POINTS, &format!("rate {t}"));
    }
}

fn of_fund(results: &Results, measure: &str) -> f64 {
    let measures = results.finance.as_ref().unwrap().measures();
    let found = measures.iter().find(|one| one.measure == measure);
    found.and_then(|one| one.value).unwrap_or_else(|| panic!("no {measure}"))
}

/// The general average premium, its reserve, and the premiums of scaled financing, of the book's fourth table.
pub(crate) fn the_textbook_scheme_has_the_printed_premiums(folder: &Path) {
    let case_of_gap = case(folder, "iyer-table4a-gap-variant1");
    let of_scaled = case(folder, "iyer-table4b-scp1");
    let first = country(&case_of_gap, 0.1).value();
    let premium = of_fund(&first, "general_average_premium_infinite");
    let expected = |key: &str| number(&case_of_gap.expected[key]) / 100.0;
    near(premium, expected("general_average_premium_percent"), POINTS, "premium");
    let pensions = first.pensions.as_ref().unwrap();
    let entrants = cohort_premium(pensions, &case_of_gap);
    near(entrants, expected("average_premium_new_entrants_percent"), POINTS, "of entrants");
    for (last, expected) in [2043, 2063, 2083, 2103]
        .into_iter()
        .zip(of_scaled.expected["premium_percent"].as_array().unwrap())
    {
        let found = of_fund(&first, &format!("scaled_premium_1_to_{last}"));
        near(found, number(expected) / 100.0, POINTS, &format!("scaled to {last}"));
    }
    let paid = country(&case_of_gap, premium).value();
    let fund = paid.finance.as_ref().unwrap().fund("fund").unwrap();
    let bill = |t: usize| fund.years[t].insured_earnings;
    for (t, expected) in numbers(&case_of_gap.expected["gap_reserve_over_salary_bill"]) {
        let found = fund.years[t].reserve_start / at_instant(bill, t);
        // The book prints two digits of a multiple.
        near(found, expected, 0.005 + SHARE * expected, &format!("reserve over earnings {t}"));
    }
    for (t, expected) in numbers(&case_of_gap.expected["gap_reserve_million"]) {
        let found = fund.years[t].reserve_start / 1e6;
        // Printed to the million.
        near(found, expected, 0.5 + SHARE * expected, &format!("reserve {t}"));
    }
}

/// What those who are 20 in a mature year cost over what they earn, at the interest of the case.
fn cohort_premium(pensions: &Pensions, case: &Case) -> f64 {
    let (first, interest) = (35, yearly(case, "interest"));
    let worth = |flow: &dyn Fn(usize, Sex, usize) -> f64| {
        let of = |age: usize| {
            let years = i32::try_from(age - 20).unwrap();
            let both = Sex::ALL.map(|sex| flow(first + age - 20, sex, age));
            both.iter().sum::<f64>() * (1.0 + interest).powi(-years)
        };
        (20..101).map(of).sum::<f64>()
    };
    worth(&|at, sex, age| old_age(pensions).amount.get(at, sex, age))
        / worth(&|at, sex, age| earnings(pensions).get(at, sex, age))
}

/// Worth of the pensions that begin at a mature instant over earnings.
///
/// From 65 on, a year older each year, the tables hold a pension paid from the first day on: half of those who turn 65 in
/// the year, half of those who did so in the year before.
fn terminal_funding(pensions: &Pensions, case: &Case) -> f64 {
    let (first, interest) = (60, yearly(case, "interest"));
    let of = |age: usize| {
        let years = age - 65;
        let both = Sex::ALL.map(|sex| old_age(pensions).amount.get(first + years, sex, age));
        both.iter().sum::<f64>() * (1.0 + interest).powf(-(years as f64) - 0.5)
    };
    (65..101).map(of).sum::<f64>() / at_instant(|year| earnings(pensions).total(year), first)
}

/// Ultimate rates under other forces of growth, indexation and interest, of the book's seventh table.
pub(crate) fn the_textbook_scheme_has_the_printed_ultimate_rates(folder: &Path) {
    for id in ["iyer-table7-2", "iyer-table7-4"] {
        let case = case(folder, id);
        let pensions = country(&case, 0.1).value().pensions.unwrap();
        let expected = |key: &str| number(&case.expected[key]) / 100.0;
        let last = 119;
        let payg = old_age(&pensions).amount.total(last) / earnings(&pensions).total(last);
        near(payg, expected("payg_ultimate_percent"), POINTS, id);
        let entrants = cohort_premium(&pensions, &case);
        near(entrants, expected("average_premium_new_entrants_percent"), POINTS, id);
        let terminal = terminal_funding(&pensions, &case);
        near(terminal, expected("terminal_funding_ultimate_percent"), POINTS, id);
    }
}
