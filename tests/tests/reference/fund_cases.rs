//! Accounts given as tables against published projections and closed forms.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::convert::Infallible;
use std::path::Path;

use perennis_cohort::Item;
use perennis_finance::{CashFlows, FlowYear, FlowsAt, FundPath, LeverRange, StudyResults, search};
use perennis_tests::{Case, CountryFolder, StableScheme, cases, close};
use perennis_units::Year;
use serde_json::Value;

/// The head of a file of accounts in which one account is called main.
pub(crate) const HEAD: &str = "title = \"Case\"\ncurrency = \"crown\"\nsource = \"the case\"\n";

fn named(folder: &Path, id: &str) -> Case {
    cases(folder).into_iter().find(|case| case.id == id).expect("the case is in the folder")
}

/// Runs a file of accounts with the table `fund.csv`.
pub(crate) fn run(toml: &str, header: &str, rows: impl Iterator<Item = String>) -> StudyResults {
    let folder = CountryFolder::new();
    folder.write("accounts.toml", toml);
    folder.write_rows("fund.csv", header, rows);
    folder.load_accounts().study.run().unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Returns a measure of the account main.
pub(crate) fn measure(results: &StudyResults, name: &str) -> f64 {
    let found = results.measures.iter().find(|one| one.measure == name);
    found.unwrap_or_else(|| panic!("no {name}")).value.unwrap_or_else(|| panic!("{name} is absent"))
}

fn main_fund(results: &StudyResults) -> &FundPath {
    results.finance.fund("main").unwrap()
}

/// A debt that is paid off at mid-year, and a reserve with geometric flows, from first year to last.
pub(crate) fn funds_roll_forward_to_the_published_balances(folder: &Path) {
    published_amortisation(&named(folder, "trs-funding-projection-2024"));
    geometric_flows(&named(folder, "ana-18-geometric-projection-balance"));
}

fn published_amortisation(case: &Case) {
    let interest = case.inputs["interest"].as_f64().unwrap();
    let debt = case.inputs["initial_unfunded_liability_million"].as_f64().unwrap();
    let toml = format!(
        "{HEAD}flows = \"mid_year\"\n[accounts.main]\nwhen_exhausted = \"borrow\"\n\
         opening_debt = {{ value = {debt}, unit = \"million crown\" }}\n\
         interest = {{ value = {interest}, unit = \"share a year\" }}\n\
         borrowing_margin = {{ value = 0, unit = \"share a year\" }}\n\
         [accounts.main.table]\nfile = \"fund.csv\"\nunit = \"million crown a year\"\n"
    );
    let payments = case.inputs["net_amortisation_payment_million_by_year"].as_array().unwrap();
    let payments = (2024..).zip(payments).map(|(year, paid)| format!("{year},{paid},0"));
    let results = run(&toml, "year,contributions,outgo", payments);
    let fund = main_fund(&results);
    let within = case.tolerance("abs_million");
    let million = |amount: f64| amount / 1e6;
    for year in &fund.years {
        let key = year.year.to_string();
        let owed = million(year.debt_start - year.reserve_start);
        let expected = case.expected["unfunded_liability_boy_million"][&key].as_f64().unwrap();
        assert!((owed - expected).abs() <= within, "{key}: {owed} against {expected}");
        let paid = million(year.sum(&Item::DebtInterest) - year.investment_income);
        let expected = case.expected["interest_million"][&key].as_f64().unwrap();
        assert!((paid - expected).abs() <= within, "interest of {key}: {paid} against {expected}");
    }
    let gone = fund.years.iter().position(|year| year.debt_end <= 0.0).unwrap() + 1;
    assert_eq!(u64::try_from(gone).ok(), case.expected["funding_period_years"].as_u64());
}

fn geometric_flows(case: &Case) {
    let number = |key: &str| case.inputs[key].as_f64().unwrap();
    let toml = format!(
        "{HEAD}flows = \"start_of_year\"\n[accounts.main]\nwhen_exhausted = \"borrow\"\n\
         opening_reserve = {{ value = {}, unit = \"crown\" }}\n\
         interest = {{ value = {}, unit = \"share a year\" }}\n\
         borrowing_margin = {{ value = 0, unit = \"share a year\" }}\n\
         [accounts.main.table]\nfile = \"fund.csv\"\nunit = \"crown a year\"\n\
         [measures.level.measure.level_premium]\nlast_years = [2024, 2049, 2074]\n\
         [measures.summary.measure.summarised_rates]\nlast_years = [2024, 2049, 2074]\n\
         opening_fund = \"counted\"\ntarget_fund = {{ value = 1, unit = \"ratio\" }}\n",
        number("initial_reserve"),
        number("interest"),
    );
    let row = |t: i32| {
        let wages = number("wage_bill_0") * (1.0 + number("wage_bill_growth")).powi(t);
        let outgo = number("wage_bill_0") * number("expenditure_0_over_wage_bill");
        let outgo = outgo * (1.0 + number("expenditure_growth")).powi(t);
        format!("{},{wages},{},{outgo}", 2000 + t, number("contribution_rate"))
    };
    let header = "year,insured_earnings,contribution_rate,outgo";
    let results = run(&toml, header, (0..=76).map(row));
    let within = case.tolerance("rel");
    let fund = main_fund(&results);
    let start = |t: i32| fund.in_year(Year::new(2000 + t)).unwrap().reserve_start;
    for (t, expected) in numbers(&case.expected["reserve_at_t"]) {
        assert!(close(start(t), expected, within), "{t}: {} {expected}", start(t));
    }
    let first = fund.years.iter().find(|year| 0.0 < year.debt_start).unwrap().year.get() - 2000;
    assert_eq!(Some(i64::from(first)), case.expected["first_negative_start_of_year"].as_i64());
    for (key, measured) in [
        ("actuarial_balance_over_payroll", "summary.actuarial_balance"),
        ("summarized_cost_rate_incl_target_fund", "summary.cost_rate"),
        ("general_average_premium_zero_end_reserve", "level"),
    ] {
        for (years, expected) in numbers(&case.expected[key]) {
            let last = 2000 + years - 1;
            let name = if key.starts_with("general") {
                format!("{measured}.{last}")
            } else {
                format!("{measured}_{last}")
            };
            let found = measure(&results, &name);
            assert!(close(found, expected, within), "{name}: {found} against {expected}");
        }
    }
}

/// Factors of level shares of payroll and the payments that follow, from two tables of one valuation.
pub(crate) fn published_amortisation_factors_are_met(folder: &Path) {
    for id in ["frs-amortisation-8-0.068", "frs-amortisation-20-0.068"] {
        let case = named(folder, id);
        let number = |key: &str| case.inputs[key].as_f64().unwrap();
        assert_eq!(case.inputs["timing"], "mid-year payments, level percent of payroll");
        let toml = format!(
            "{HEAD}flows = \"mid_year\"\n[accounts.main]\ninterest = {{ value = 0, unit = \"share a year\" }}\n\
             [accounts.main.table]\nfile = \"fund.csv\"\nunit = \"crown a year\"\n\
             [measures.plan.measure.amortisation]\nunit = \"share a year\"\npayments = {}\n\
             balance = {{ value = {}, unit = \"thousand crown\" }}\ninterest = {{ value = {} }}\n\
             growth = {{ value = {} }}\n",
            case.inputs["payments"],
            number("balance_thousand"),
            number("interest"),
            number("payroll_growth"),
        );
        let results = run(&toml, "year,contributions,outgo", ["2022,1,1".to_owned()].into_iter());
        let factor = measure(&results, "plan.factor");
        let expected = case.expected["amortisation_factor"].as_f64().unwrap();
        assert!((factor - expected).abs() <= case.tolerance("abs_factor"), "{id}: {factor}");
        let payment = measure(&results, "plan.first_payment") / 1e3;
        let expected = case.expected["first_year_payment_thousand"].as_f64().unwrap();
        assert!((payment - expected).abs() <= case.tolerance("abs_payment"), "{id}: {payment}");
    }
}

/// Retirees, contributors, mean benefits and rates of a national projection give its needed rates and balances.
pub(crate) fn rates_and_balances_follow_from_published_counts(folder: &Path) {
    let case = named(folder, "fr-cor-2019-scenario3");
    let within = case.tolerance("rel");
    for (key, given) in case.inputs["years"].as_object().unwrap() {
        let number = |name: &str| given[name].as_f64().unwrap();
        let toml = format!(
            "{HEAD}flows = \"mid_year\"\n[accounts.main]\nwhen_exhausted = \"state_pays\"\n\
             interest = {{ value = 0, unit = \"share a year\" }}\n\
             [accounts.main.table]\nfile = \"fund.csv\"\nunit = \"thousand crown a year\"\n\
             units = {{ contributors = \"thousand persons\" }}\n\
             [accounts.main.benefits]\nfile = \"benefits.csv\"\nunit = \"thousand crown a year\"\n\
             units = {{ persons = \"thousand persons\" }}\n"
        );
        // Mean earnings are 1, so that benefits over mean earnings are amounts.
        let (earnings, persons) = (number("NC"), number("NR"));
        let (pensions, others) = (number("P") * persons, number("dP") * persons);
        let folder = CountryFolder::new();
        folder.write("accounts.toml", &toml);
        let header = "year,insured_earnings,contributors,contribution_rate,outgo,gdp";
        let (outgo, gdp) = (pensions + others, earnings / number("B"));
        let row = format!("{key},{earnings},{earnings},{},{outgo},{gdp}", number("T"));
        folder.write_rows("fund.csv", header, [row].into_iter());
        let rows = [
            format!("{key},pension,{pensions},{persons}"),
            format!("{key},rest,{others},{persons}"),
        ];
        folder.write_rows("benefits.csv", "year,benefit,amount,persons", rows.into_iter());
        let results = folder.load_accounts().study.run().unwrap();
        let found = |name: &str| {
            let one = results.by_year.iter().find(|one| one.name == name);
            one.unwrap_or_else(|| panic!("no {name}")).value
        };
        for (name, found) in [
            ("payg_rate_needed", found("payg_rate")),
            ("expenditure_share_of_gdp", found("expenditure_over_gdp")),
            ("balance_share_of_gdp", found("annual_balance_over_gdp")),
            ("contributors_per_retiree", 1.0 / found("dependency_ratio:pension")),
        ] {
            let expected = case.expected[key][name].as_f64().unwrap();
            assert!(close(found, expected, within), "{key} {name}: {found} against {expected}");
        }
    }
}

fn de_moivre(inputs: &Value) -> StableScheme {
    let number = |key: &str| inputs[key].as_f64().unwrap();
    let survivors = inputs["survivors"].as_str().unwrap();
    assert!(survivors.starts_with("l(x)=100-x for x=20..100"), "another table: {survivors}");
    StableScheme {
        survivors: (20..100).map(|age| f64::from(100 - age)).collect(),
        career: 45,
        entrant_growth: number("population_growth"),
        wage_growth: number("wage_growth"),
        indexation: number("wage_growth"),
        accrual: 0.5 / 45.0,
        past_service: true,
        first_pensioners: true,
    }
}

/// Rows of a table of a stable scheme, its first year 2000.
pub(crate) fn stable_rows(scheme: &StableScheme, years: usize, interest: f64) -> Vec<String> {
    let years = scheme.years(years, interest);
    let row = |(year, flow): (i32, &perennis_tests::StableYear)| {
        format!(
            "{year},{},{},{},{},{}",
            flow.earnings,
            flow.outgo,
            flow.initial_earnings,
            flow.initial_outgo,
            flow.capital_value
        )
    };
    (2000..).zip(&years).map(row).collect()
}

const STABLE: &str =
    "year,insured_earnings,outgo,initial_earnings,initial_outgo,capital_value_of_awards";

/// A scheme that begins with all past service: premium, reserve and rates of each year from a table of 120 years.
pub(crate) fn a_new_scheme_has_the_premium_of_its_closed_form(folder: &Path) {
    let case = named(folder, "ana-08-gap-new-scheme-full-past-service");
    let number = |key: &str| case.inputs[key].as_f64().unwrap();
    let scheme = StableScheme {
        accrual: number("accrual_per_year"),
        first_pensioners: false,
        ..de_moivre(&case.inputs)
    };
    let interest = number("interest");
    let within = case.tolerance("rel");
    let head = format!(
        "{HEAD}flows = \"start_of_year\"\n[accounts.main]\ninterest = {{ value = {interest}, unit = \"share a year\" }}\n\
         when_exhausted = \"borrow\"\nborrowing_margin = {{ value = 0, unit = \"share a year\" }}\n\
         [accounts.main.table]\nfile = \"fund.csv\"\nunit = \"crown a year\"\n"
    );
    let asked = format!(
        "{head}[measures.gap.measure]\ngeneral_average_premium = {{ tail = \"as_last_year\" }}\n\
         [measures.groups.measure]\naverage_premiums = {{ tail = \"as_last_year\" }}\n"
    );
    let rows = stable_rows(&scheme, 120, interest);
    let results = run(&asked, STABLE, rows.iter().cloned());
    let expected = case.expected["general_average_premium_infinite_horizon"].as_f64().unwrap();
    let premium = measure(&results, "gap");
    assert!(close(premium, expected, within), "{premium} against {expected}");
    let [initial, general, entrants] = ["initial_group", "general", "later_entrants"]
        .map(|part| measure(&results, &format!("groups.{part}")));
    assert!(entrants < general && general < initial, "{entrants} {general} {initial}");
    let fund = main_fund(&results);
    for (t, expected) in numbers(&case.expected["payg_rate_at_t"]) {
        let found = fund.in_year(Year::new(2000 + t)).unwrap().payg_rate.unwrap();
        assert!(close(found, expected, within), "{t}: {found} against {expected}");
    }
    // The same account pays the premium.
    let paid = rows.iter().map(|row| format!("{row},{premium}"));
    let results = run(&head, &format!("{STABLE},contribution_rate"), paid);
    let fund = main_fund(&results);
    for (t, expected) in numbers(&case.expected["reserve_over_wage_bill_at_t"]) {
        let year = fund.in_year(Year::new(2000 + t)).unwrap();
        let found = year.reserve_start / year.insured_earnings;
        // What the premium is off in its last digits grows with interest over earnings for a century.
        assert!(close(found, expected, within), "{t}: {found} against {expected}");
    }
}

/// Each cohort of a mature scheme without a reserve gets back what it paid with the growth of the wage bill.
pub(crate) fn a_mature_scheme_returns_the_growth_of_earnings(folder: &Path) {
    let case = named(folder, "ana-06-aaron-samuelson");
    let within = case.tolerance("rel");
    let scheme = de_moivre(&case.inputs);
    let toml = format!(
        "{HEAD}flows = \"start_of_year\"\n[accounts.main]\ninterest = {{ value = 0.05, unit = \"share a year\" }}\n\
         when_exhausted = \"state_pays\"\n[accounts.main.table]\nfile = \"fund.csv\"\nunit = \"crown a year\"\n"
    );
    let results = run(&toml, STABLE, stable_rows(&scheme, 3, 0.05).into_iter());
    let rate = main_fund(&results).years[0].payg_rate.unwrap();
    let expected = case.expected["payg_rate"].as_f64().unwrap();
    assert!(close(rate, expected, within), "{rate} against {expected}");
    let range = LeverRange { low: 0.0, high: 0.1, steps: 10 };
    let left = |interest: f64| {
        let flow = |(earnings, outgo): (f64, f64)| FlowYear {
            interest,
            earnings,
            contributions: rate * earnings,
            other_income: 0.0,
            outgo,
        };
        let years = scheme.life().into_iter().map(flow).collect();
        let life = CashFlows::new(Year::new(0), FlowsAt::StartOfYear, 0.0, years).unwrap();
        Ok::<f64, Infallible>(*life.worth().last().unwrap())
    };
    let found = search(range, left).unwrap();
    let expected = case.expected["cohort_internal_rate_of_return"].as_f64().unwrap();
    assert_eq!(found.values.len(), 1, "{found:?}");
    assert!(close(found.values[0], expected, within), "{} {expected}", found.values[0]);
}

fn numbers(values: &Value) -> Vec<(i32, f64)> {
    let values = values.as_object().unwrap();
    values.iter().map(|(key, value)| (key.parse().unwrap(), value.as_f64().unwrap())).collect()
}
