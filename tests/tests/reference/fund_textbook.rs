//! A scheme of a textbook, in continuous time, summed up to yearly accounts and measured as any table is.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use perennis_finance::StudyResults;
use perennis_tests::{Case, Table, cases};
use serde_json::Value;

use crate::fund_cases::{HEAD, measure, run};

/// Steps into which a year of age and a year of time are cut.
const STEPS: usize = 4;

/// Premiums and reserves of the general average premium, terminal and autonomous funding, and the scaled premium.
pub(crate) fn premiums_of_the_textbook_scheme_are_the_printed_ones(folder: &Path) {
    let all = cases(folder);
    let named =
        |id: &str| all.iter().find(|case| case.id == id).expect("the case is in the folder");
    general_average(named("iyer-table4a-gap-variant1"));
    scaled(named("iyer-table4b-scp1"));
}

/// Forces of growth and interest, and the life and salary scale of the scheme; ages from 20.
struct Scheme {
    growth: f64,
    wages: f64,
    indexation: f64,
    interest: f64,
    actives: Vec<f64>,
    salaries: Vec<f64>,
    pensioners: Vec<f64>,
}

#[derive(Clone, Copy, Default)]
struct Flows {
    earnings: f64,
    outgo: f64,
    initial_earnings: f64,
    initial_outgo: f64,
    capital: f64,
}

impl Scheme {
    fn read(case: &Case) -> Self {
        let number = |key: &str| case.inputs[key].as_f64().unwrap();
        let name = case.inputs["table_single_age"].as_str().unwrap().split(' ').next().unwrap();
        let table = Table::read(&case.tables.join(name));
        let column = |name: &str| {
            let values = table.numbers(name);
            values.into_iter().filter(|value| !value.is_nan()).collect::<Vec<f64>>()
        };
        assert!(case.inputs["variant"].as_str().unwrap().starts_with("1: pre-scheme service not"));
        let pensioners = column("pensioner_life_table");
        Self {
            growth: number("force_population_growth"),
            wages: number("force_salary_growth"),
            indexation: number("force_pension_indexation"),
            interest: number("force_interest"),
            actives: column("active_service_table"),
            salaries: column("salary_scale"),
            pensioners: pensioners.iter().map(|alive| alive / pensioners[0]).collect(),
        }
    }

    /// Value between two single ages on the straight line.
    fn between(values: &[f64], at: f64) -> f64 {
        let low = (at.floor() as usize).min(values.len() - 2);
        let part = at - low as f64;
        values[low] * (1.0 - part) + values[low + 1] * part
    }

    /// Returns the flows at an instant, a year.
    fn at(&self, time: f64, norm: f64) -> Flows {
        let width = 1.0 / STEPS as f64;
        let mut sums = Flows::default();
        let persons = |age: f64| (self.growth * (time - (age - 20.0))).exp() / norm;
        for step in 0..45 * STEPS {
            let age = 20.0 + (step as f64 + 0.5) * width;
            let of_age = persons(age) * Self::between(&self.actives, age - 20.0);
            let salary =
                10.0 * Self::between(&self.salaries, age - 20.0) * (self.wages * time).exp();
            sums.earnings += of_age * salary * width;
            if time < age - 20.0 {
                sums.initial_earnings += of_age * salary * width;
            }
        }
        let retiring = self.actives[45];
        let pension = |at: f64| {
            0.01 * at.clamp(0.0, 45.0) * 10.0 * self.salaries[45] * (self.wages * at).exp()
        };
        for step in 0..35 * STEPS {
            let years = (step as f64 + 0.5) * width;
            let awarded = time - years;
            let alive = persons(65.0 + years) * retiring * Self::between(&self.pensioners, years);
            let outgo = alive * pension(awarded) * (self.indexation * years).exp() * width;
            sums.outgo += outgo;
            if time < 45.0 + years {
                sums.initial_outgo += outgo;
            }
        }
        let net = self.indexation - self.interest;
        let annuity = |step: usize| {
            let years = (step as f64 + 0.5) * width;
            Self::between(&self.pensioners, years) * (net * years).exp() * width
        };
        let annuity: f64 = (0..35 * STEPS).map(annuity).sum();
        sums.capital = persons(65.0) * retiring * pension(time) * annuity;
        sums
    }

    /// Returns rows of a table of yearly accounts, its first year 2000, and the salary bill at the start of each year.
    fn rows(&self, years: usize) -> (Vec<String>, Vec<f64>) {
        let width = 1.0 / STEPS as f64;
        let persons = (0..45 * STEPS).map(|step| {
            let since = (step as f64 + 0.5) * width;
            (-self.growth * since).exp() * Self::between(&self.actives, since) * width
        });
        let norm = persons.sum::<f64>() / 10_000.0;
        let mut rows = Vec::new();
        let mut bills = Vec::new();
        for year in 0..years {
            bills.push(self.at(year as f64, norm).earnings);
            let mut sum = [0.0; 5];
            for step in 0..STEPS {
                let flows = self.at(year as f64 + (step as f64 + 0.5) * width, norm);
                let parts = [
                    flows.earnings,
                    flows.outgo,
                    flows.initial_earnings,
                    flows.initial_outgo,
                    flows.capital,
                ];
                for (sum, part) in sum.iter_mut().zip(parts) {
                    *sum += part * width;
                }
            }
            let [earnings, outgo, initial_earnings, initial_outgo, capital] = sum;
            rows.push(format!(
                "{},{earnings},{outgo},{initial_earnings},{initial_outgo},{capital}",
                2000 + year
            ));
        }
        (rows, bills)
    }

    fn head(&self) -> String {
        format!(
            "{HEAD}flows = \"mid_year\"\n[accounts.main]\n\
             interest = {{ value = {}, unit = \"share a year\" }}\nwhen_exhausted = \"borrow\"\n\
             borrowing_margin = {{ value = 0, unit = \"share a year\" }}\n\
             [accounts.main.table]\nfile = \"fund.csv\"\nunit = \"crown a year\"\n",
            self.interest.exp() - 1.0
        )
    }
}

const HEADER: &str =
    "year,insured_earnings,outgo,initial_earnings,initial_outgo,capital_value_of_awards";

fn general_average(case: &Case) {
    let scheme = Scheme::read(case);
    let (rows, bills) = scheme.rows(100);
    let asked = format!(
        "{}[measures.groups.measure]\naverage_premiums = {{ tail = \"as_last_year\" }}\n\
         [measures.tfs]\nmeasure = \"terminal_funding\"\n",
        scheme.head()
    );
    let results = run(&asked, HEADER, rows.iter().cloned());
    let points = case.tolerance("abs_rate_pp");
    let percent = |key: &str| case.expected[key].as_f64().unwrap();
    for (key, part) in [
        ("general_average_premium_percent", "general"),
        ("average_premium_initial_population_percent", "initial_group"),
        ("average_premium_new_entrants_percent", "later_entrants"),
    ] {
        let found = 100.0 * measure(&results, &format!("groups.{part}"));
        assert!((found - percent(key)).abs() <= points, "{key}: {found} against {}", percent(key));
    }
    // The book's rate of an instant is the mean of the years before and after it.
    for (key, name) in [("tfs_rate_percent", "tfs.rate"), ("afs_rate_percent", "groups.autonomous")]
    {
        for (t, expected) in numbers(&case.expected[key]).into_iter().filter(|(t, _)| 0 < *t) {
            let found = 50.0 * (by_year(&results, name, t - 1) + by_year(&results, name, t));
            assert!((found - expected).abs() <= points, "{key} {t}: {found} against {expected}");
        }
    }
    let multiple = case.tolerance("abs_reserve_multiple");
    for (t, expected) in numbers(&case.expected["tfs_reserve_over_salary_bill"]) {
        let reserve = if t == 0 { 0.0 } else { by_year(&results, "tfs.reserve_end", t - 1) };
        let found = reserve / bills[t];
        assert!((found - expected).abs() <= multiple, "terminal {t}: {found} against {expected}");
    }
    let premium = measure(&results, "groups.general");
    let paid = rows.iter().map(|row| format!("{row},{premium}"));
    let results = run(&scheme.head(), &format!("{HEADER},contribution_rate"), paid);
    let fund = results.finance.fund("main").unwrap();
    for (t, expected) in numbers(&case.expected["gap_reserve_over_salary_bill"]) {
        let found = fund.years[t].reserve_start / bills[t];
        assert!((found - expected).abs() <= multiple, "reserve {t}: {found} against {expected}");
    }
    for (t, expected) in numbers(&case.expected["gap_reserve_million"]) {
        let found = fund.years[t].reserve_start / 1e6;
        // Printed to the nearest million.
        let within = (case.tolerance("rel_reserve") * expected).max(0.5);
        assert!((found - expected).abs() <= within, "reserve {t}: {found} against {expected}");
    }
}

fn scaled(case: &Case) {
    let scheme = Scheme::read(case);
    let (rows, _) = scheme.rows(100);
    let asked = format!(
        "{}[measures.scp.measure.scaled_premiums]\nkind = \"local_maximum\"\n\
         last_years = [2019, 2039, 2059, 2079]\ntail = \"as_last_year\"\n",
        scheme.head()
    );
    let results = run(&asked, HEADER, rows.into_iter());
    let expected = case.expected["premium_percent"].as_array().unwrap();
    let names =
        ["premium_to_2019", "premium_to_2039", "premium_to_2059", "premium_to_2079", "ultimate"];
    for (name, expected) in names.iter().zip(expected) {
        let found = 100.0 * measure(&results, &format!("scp.{name}"));
        let within = case.tolerance("abs_rate_pp");
        let expected = expected.as_f64().unwrap();
        assert!((found - expected).abs() <= within, "{name}: {found} against {expected}");
    }
    for (t, expected) in numbers(&case.expected["reserve_million_at_t"]) {
        let found = by_year(&results, "scp.reserve_end", t - 1) / 1e6;
        // Printed to the nearest million.
        let within = (case.tolerance("rel_reserve") * expected).max(0.5);
        assert!((found - expected).abs() <= within, "reserve {t}: {found} against {expected}");
    }
}

fn by_year(results: &StudyResults, name: &str, t: usize) -> f64 {
    let year = 2000 + t as i32;
    let found = results.by_year.iter().find(|one| one.name == name && one.year.get() == year);
    found.unwrap_or_else(|| panic!("no {name} in {year}")).value
}

fn numbers(values: &Value) -> Vec<(usize, f64)> {
    let values = values.as_object().unwrap();
    values.iter().map(|(key, value)| (key.parse().unwrap(), value.as_f64().unwrap())).collect()
}
