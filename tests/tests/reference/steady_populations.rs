//! Closed forms of stationary and stable populations, met by valuations of countries written as files.

use std::path::Path;

use perennis_cohort::YearGrid;
use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{Case, SmallCountry, StablePopulation, close, contribution};
use perennis_units::Sex;
use serde_json::Value;

use crate::benefit_cases::{case, input, number};
use crate::fund_cases::{HEAD, measure, run as accounts};

/// A pension of half the mean insured wage for all who turn 65, following wages.
const HALF_OF_THE_WAGE: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[rules.half]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.5 }]

[indexation.wages]
after = { by = "wages" }

[benefits.old_age]
kind = "pension"
account = "fund"
indexation = "wages"
condition = { event = "age", age = "pensionable_age" }
steps = [{ flat = { share_of_insured_wage = "half" } }]
"#;

/// All between 20 and 65 are insured; all beyond have the pension, whose amount is a share of the wage of the first year.
fn mature(population: &StablePopulation, law: &str, replacement: f64) -> SmallCountry {
    let group = SmallCountry::GROUP;
    let head = SmallCountry::HEAD;
    let paid_in = contribution("fund", 0.1);
    let pensioners = "[pensioners.old_age]\ncounted = { file = \"pensioners.csv\", units = { persons = \"persons\", \
                      amount = \"crown a year\" }, source = \"made up\" }\n";
    let scheme = format!("{head}\n{law}\n{paid_in}\n{group}\n{pensioners}");
    let member =
        |_, age: usize| format!("{},{:?}", 12 * (age - 20) + 6, population.persons(0, age));
    let pensioner = |_, age: usize| {
        let persons = population.persons(0, age);
        format!("{persons:?},{:?}", 12_000.0 * replacement)
    };
    population
        .country(20..65)
        .fund("fund")
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("members.csv", "credit_months,persons", 20..65, member)
        .by_age("pensioners.csv", "persons,amount", 65..100, pensioner)
}

pub(crate) fn old_age(pensions: &Pensions) -> &Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == "old_age").expect("the benefit")
}

pub(crate) fn earnings(pensions: &Pensions) -> &YearGrid {
    &pensions.contributors[0].insured_earnings
}

/// How the cases count persons.
#[derive(Clone, Copy, PartialEq)]
enum Counts {
    /// By age last birthday, deaths even over the year of age: the program's own.
    LastBirthday,
    /// On their birthdays, all on 1 January: a table in which deaths stand still every other year has as many between two
    /// birthdays.
    Birthday,
}

/// The population of a case: `l(x) = 100 - x`.
fn de_moivre(case: &Case, counts: Counts) -> StablePopulation {
    let survivors = case.inputs["survivors"].as_str().unwrap();
    assert!(survivors.starts_with("l(x)=100-x for x=20..100"), "another table: {survivors}");
    let alive = |age: u8| match counts {
        Counts::Birthday if age % 2 == 1 => 101 - age,
        _ => 100 - age,
    };
    let survivors: Vec<f64> = (20..=100).map(|age| f64::from(alive(age))).collect();
    StablePopulation::from_age(20, &survivors, input(case, "population_growth"))
}

/// The small country at the wages of a case; amounts in force at the start are adjusted on its first day.
fn at_wages(country: SmallCountry, case: &Case) -> SmallCountry {
    let growth = input(case, "wage_growth");
    country.with(
        "economy.toml",
        "wages.real = { value = 0.02 }",
        &format!("wages.real = {{ value = {growth:?} }}"),
    )
}

/// Pensions and contributions of the mature state, on the first day and after years, are those of the closed form.
pub(crate) fn steady_countries_pay_the_rate_of_their_closed_form(folder: &Path) {
    for id in ["ana-01-payg-stationary", "ana-02-payg-stable-growth-1pct"] {
        let case = case(folder, id);
        for (counts, key) in [
            (Counts::LastBirthday, "mid_year_counts_linear_deaths"),
            (Counts::Birthday, "start_of_year_counts"),
        ] {
            let population = de_moivre(&case, counts);
            let country = at_wages(mature(&population, HALF_OF_THE_WAGE, 0.5), &case);
            let results = country.value();
            let pensions = results.pensions.unwrap();
            let expected = number(&case.expected["payg_rate"][key]);
            for at in 0..12 {
                let rate = old_age(&pensions).amount.total(at) / earnings(&pensions).total(at);
                assert!(
                    close(rate, expected, case.tolerance("rel")),
                    "{id} {key} {at}: {rate} {expected}"
                );
            }
            let fund = results.finance.unwrap().fund("fund").unwrap().clone();
            let rate = fund.years[11].payg_rate.unwrap();
            assert!(close(rate, expected, case.tolerance("rel")), "{id} {key}: {rate} {expected}");
        }
    }
}

/// Every cohort of a mature scheme without a reserve gets back what it paid with the growth of the wage bill.
pub(crate) fn every_cohort_of_a_stable_country_has_the_growth_of_its_wage_bill(folder: &Path) {
    let case = case(folder, "ana-06-aaron-samuelson");
    let population = de_moivre(&case, Counts::Birthday);
    let before = 1.0 / (1.0 + input(&case, "wage_growth"));
    let country = at_wages(mature(&population, HALF_OF_THE_WAGE, 0.5 * before), &case).years(100);
    let pensions = country.value().pensions.unwrap();
    let rate = old_age(&pensions).amount.total(0) / earnings(&pensions).total(0);
    let expected = number(&case.expected["payg_rate"]);
    assert!(close(rate, expected, case.tolerance("rel")), "{rate} {expected}");
    let growth = number(&case.expected["cohort_internal_rate_of_return"]);
    // Those who are 20 last birthday on 1 January, from year to year a year older; of a cell half of the year counts at
    // each of its two ages.
    for (first, sex) in (0..20).flat_map(|first| Sex::ALL.map(|sex| (first, sex))) {
        let left = |return_rate: f64| {
            let worth = |(years, age): (i32, usize)| {
                let at = first + age - 20;
                let paid = rate * earnings(&pensions).get(at, sex, age);
                (old_age(&pensions).amount.get(at, sex, age) - paid)
                    * (1.0 + return_rate).powi(-years)
            };
            (0..).zip(20..101).map(worth).sum::<f64>()
        };
        // The worth falls with the rate: nothing is left between these two.
        let within = case.tolerance("rel") * growth;
        assert!(
            0.0 < left(growth - within) && left(growth + within) < 0.0,
            "{first} {sex:?} {}",
            left(growth)
        );
    }
}

/// One per cent of the mean insured wage for each year.
fn one_percent_a_year() -> String {
    HALF_OF_THE_WAGE
        .replace("[rules.half]\nunit = \"share\"\n", "[rules.all]\nunit = \"share\"\n")
        .replace("value = 0.5 }]", "value = 1 }]\n\n[rules.accrual]\nunit = \"share a year\"\nin_force = [{ from = 1900-01-01, value = 0.01 }]")
        .replace("\"half\" } }]", "\"all\" } }, { accrual = { rate = \"accrual\" } }]")
}

/// What stands on 1 January, as the case counts: the wage bill of the contributors and the pensions of those in payment.
struct Stocks {
    wage_bill: f64,
    pensions: f64,
}

/// Pensioners on 1 January of each year: those of the start, awards and terminations.
pub(crate) fn in_payment(pensions: &Pensions, start: f64) -> Vec<f64> {
    let old_age = old_age(pensions);
    let change = |at: usize| old_age.new_awards.total(at) - old_age.terminations.total(at);
    let mut persons = vec![start];
    (0..old_age.amount.years()).for_each(|at| persons.push(persons[at] + change(at)));
    persons
}

/// All have the same pension: what is paid in a year for a year in payment.
fn stocks(pensions: &Pensions, start: f64, wage_growth: f64) -> Vec<Stocks> {
    let old_age = old_age(pensions);
    let stock = |(at, in_payment): (usize, f64)| {
        let wage = 12_000.0 * (1.0 + wage_growth).powi(i32::try_from(at).unwrap());
        let pension = old_age.amount.total(at) / old_age.beneficiaries.total(at);
        let active = pensions.insured[0].active.total(at);
        Stocks { wage_bill: active * wage, pensions: in_payment * pension }
    };
    let years = old_age.amount.years();
    in_payment(pensions, start).into_iter().take(years).enumerate().map(stock).collect()
}

/// A scheme that begins with all past service and pays nobody who had the age before: rates, premium and reserve.
pub(crate) fn a_new_scheme_of_a_stable_country_has_its_premium(folder: &Path) {
    let case = case(folder, "ana-08-gap-new-scheme-full-past-service");
    let within = case.tolerance("rel");
    let population = de_moivre(&case, Counts::Birthday);
    let growth = input(&case, "wage_growth");
    let first = 0.45 / (1.0 + growth);
    let just_retired = population.persons(0, 65);
    let country = at_wages(mature(&population, &one_percent_a_year(), first), &case)
        .years(120)
        .by_age("pensioners.csv", "persons,amount", 65..66, |_, _| {
            format!("{just_retired:?},{:?}", 12_000.0 * first)
        });
    let pensions = country.value().pensions.unwrap();
    let stocks = stocks(&pensions, 2.0 * just_retired, growth);
    for (t, expected) in numbers(&case.expected["payg_rate_at_t"]) {
        let found = stocks[t].pensions / stocks[t].wage_bill;
        assert!(close(found, expected, within), "{t}: {found} {expected}");
    }
    let toml = format!(
        "{HEAD}flows = \"start_of_year\"\n[accounts.main]\n\
         interest = {{ value = {:?}, unit = \"share a year\" }}\n\
         when_exhausted = \"borrow\"\nborrowing_margin = {{ value = 0, unit = \"share a year\" }}\n\
         [accounts.main.table]\nfile = \"fund.csv\"\nunit = \"crown a year\"\n\
         [measures.gap.measure]\ngeneral_average_premium = {{ tail = \"as_last_year\" }}\n",
        input(&case, "interest")
    );
    let row = |(year, stock): (i32, &Stocks)| {
        format!("{year},{:?},{:?}", stock.wage_bill, stock.pensions)
    };
    let rows: Vec<String> = (2000..).zip(&stocks).map(row).collect();
    let premium =
        measure(&accounts(&toml, "year,insured_earnings,outgo", rows.iter().cloned()), "gap");
    let expected = number(&case.expected["general_average_premium_infinite_horizon"]);
    assert!(close(premium, expected, within), "{premium} {expected}");
    let paid = rows.iter().map(|row| format!("{row},{premium:?}"));
    let results = accounts(&toml, "year,insured_earnings,outgo,contribution_rate", paid);
    let fund = results.finance.fund("main").unwrap();
    for (t, expected) in numbers(&case.expected["reserve_over_wage_bill_at_t"]) {
        let found = fund.years[t].reserve_start / stocks[t].wage_bill;
        assert!(close(found, expected, within), "{t}: {found} {expected}");
    }
}

fn numbers(values: &Value) -> Vec<(usize, f64)> {
    let values = values.as_object().unwrap();
    values.iter().map(|(key, value)| (key.parse().unwrap(), number(value))).collect()
}
