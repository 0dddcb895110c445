//! Laws that read figures of their own scheme, against laws in which somebody has written what these figures come to.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fmt::Write;

use perennis_pensions::{LawIndicatorYear, Pensions};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Year;
use perennis_valuation::{Results, run};

const FIRST: i32 = 2024;
const YEARS: i32 = 30;
const WAGES: f64 = 1.02;

/// A law of a flat pension that goes on by `after`, with an indexation and whatever else.
fn law(after: &str, indexation: &str, more: &str) -> String {
    format!(
        r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{{ from = 1900-01-01, value = 62 }}]

[amounts.pension]
unit = "crown a month"
in_force = [{{ from = 1900-01-01, value = 90 }}, {{ from = {FIRST}-01-01, value = 100 }}]
{after}

[indexation.pensions]
{indexation}

[benefits.old_age]
kind = "pension"
account = "fund"
condition = {{ event = "age", age = "pensionable_age" }}
indexation = "pensions"
steps = [{{ flat = {{ amount = "pension" }} }}]
{more}
"#
    )
}

fn country(law: &str, rate: f64, reserve: f64) -> SmallCountry {
    let (head, group) = (SmallCountry::HEAD, SmallCountry::GROUP);
    let scheme = format!("{head}\n{law}\n{}\n{group}", contribution("fund", rate));
    SmallCountry::new()
        .years(usize::try_from(YEARS).unwrap())
        .fund("fund")
        .with("labour.toml", "value = 0.5", "value = 1")
        .with("finance.toml", "value = 0, unit", &format!("value = {reserve:?}, unit"))
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("members.csv", "credit_months,persons", 20..62, |_, age| {
            format!("{},1000.0", 12 * (age - 20) + 6)
        })
}

fn dependency(lag: i32, published: &[(i32, f64)], more: &str) -> String {
    indicator("pensioners", "{ dependency = [\"old_age\"] }", lag, published, more)
}

fn reserve(lag: i32, published: &[(i32, f64)]) -> String {
    indicator("reserve", "{ reserve_ratio = \"fund\" }", lag, published, "")
}

fn indicator(name: &str, of: &str, lag: i32, published: &[(i32, f64)], more: &str) -> String {
    let values: Vec<String> =
        published.iter().map(|(year, value)| format!("{year} = {value:?}")).collect();
    format!(
        "[indicators.{name}]\nof = {of}\nlag = {lag}\n{more}\n\
         published = {{ unit = \"ratio\", values = {{ {} }} }}\n",
        values.join(", ")
    )
}

fn rule(name: &str, unit: &str, value: f64) -> String {
    format!(
        "[rules.{name}]\nunit = \"{unit}\"\nin_force = [{{ from = 1900-01-01, value = {value:?} }}]\n"
    )
}

/// Person-years in payment over contributors of a year of the run.
fn pensioners_over_contributors(pensions: &Pensions, year: i32) -> f64 {
    let at = usize::try_from(year - FIRST).unwrap();
    pensions.beneficiaries[0].beneficiaries.total(at)
        / pensions.contributors[0].contributors.total(at)
}

/// The reserve at the end of a year over the expenditure of the year.
fn reserve_ratio(results: &Results, year: i32) -> f64 {
    let fund = results.finance.as_ref().unwrap().fund("fund").unwrap();
    let year = fund.in_year(Year::new(year)).unwrap();
    year.reserve_end / year.outgo
}

fn paid(results: &Results) -> Vec<f64> {
    let table = &results.pensions.as_ref().unwrap().beneficiaries[0];
    (0..usize::try_from(YEARS).unwrap()).map(|at| table.amount.total(at)).collect()
}

/// The same to the rounding of a product of a few dozen factors.
fn same(one: &[f64], other: &[f64]) {
    for (at, (one, other)) in one.iter().zip(other).enumerate() {
        assert!((one / other - 1.0).abs() < 1e-11, "year {at}: {one} and {other}");
    }
}

#[test]
fn a_brake_that_reads_the_reserve_pays_what_decisions_of_the_same_size_pay() {
    let brake = "after = { by = \"prices\", month = 4, balancing = { indicator = \"reserve\", below = \"bound\" } }";
    let more = format!("{}\n{}", rule("bound", "ratio", 1.0), reserve(0, &[(2023, 0.97)]));
    let with = |law: &str| country(law, 0.012, 1e7).economy(0.03, 0.05, 0.03);
    let braked = with(&law("", brake, &more)).value();
    let mut decisions = String::new();
    let mut times = 0;
    for year in FIRST..FIRST + YEARS {
        let ratio = if year == FIRST { 0.97 } else { reserve_ratio(&braked, year - 1) };
        let factor = if ratio < 1.0 { 1.03 * ratio } else { 1.03 };
        times += usize::from(ratio < 1.0);
        let _ = write!(decisions, "{{ from = {year}-04-01, value = {:?} }},", factor - 1.0);
    }
    assert!((3..28).contains(&times), "the brake holds in {times} of {YEARS} years");
    let decided = format!("decisions = {{ unit = \"share a year\", in_force = [{decisions}] }}");
    same(&paid(&braked), &paid(&with(&law("", &decided, "")).value()));
}

#[test]
fn a_pension_value_with_a_factor_of_sustainability_is_that_of_a_series_with_the_same_growth() {
    let by = "{ product = [\"wages\", { sustainability = { indicator = \"pensioners\", weight = \"quarter\" } }] }";
    let after = |by: &str| format!("after = {{ by = {by}, month = 7, lag = 1 }}");
    let published = [(2022, 0.021), (2023, 0.022)];
    let more = format!("{}\n{}", rule("quarter", "share", 0.25), dependency(0, &published, ""));
    let sustained = country(&law(&after(by), &after(by), &more), 0.1, 0.0).value();
    let pensions = sustained.pensions.as_ref().unwrap();
    let ratio = |year: i32| match published.iter().find(|(of, _)| *of == year) {
        Some((_, value)) => *value,
        None => pensioners_over_contributors(pensions, year),
    };
    let mut level = 1.0;
    let mut levels = String::from("2022 = 1.0");
    for year in 2023..FIRST + YEARS {
        level *= WAGES * (1.0 + 0.25 * (1.0 - ratio(year) / ratio(year - 1)));
        let _ = write!(levels, ", {year} = {level:?}");
    }
    let series = format!("[series.value]\nunit = \"index\"\nvalues = {{ {levels} }}\n");
    let by = after("{ series = \"value\" }");
    same(&paid(&sustained), &paid(&country(&law(&by, &by, &series), 0.1, 0.0).value()));
    let wages = after("\"wages\"");
    let without = paid(&country(&law(&wages, &wages, ""), 0.1, 0.0).value());
    assert!(paid(&sustained)[20] < 0.9 * without[20], "the factor is felt");
}

#[test]
fn a_balance_whose_interest_reads_last_years_reserve_is_that_of_a_series_with_the_same_growth() {
    let notional = |by: &str| {
        format!(
            "{}\n{}\n[life_tables.fixed]\nunit = \"persons\"\nvalues = {{ 62 = 1.0, 81 = 1.0, 82 = 0.0 }}\ngaps = \"linear\"\n\
             [balances.notional]\nrate = \"credited\"\ninterest = {{ by = {by} }}\n\
             [divisors.annuity]\ntable = \"fixed\"\nnorm_rate = \"nothing\"\npayments = \"start\"\n\
             [benefits.notional]\nkind = \"pension\"\naccount = \"fund\"\n\
             condition = {{ event = \"age\", age = \"pensionable_age\" }}\n\
             steps = [{{ balance = \"notional\" }}, {{ annuitise = \"annuity\" }}]\n",
            rule("credited", "share", 0.1),
            rule("nothing", "share a year", 0.0),
        )
    };
    let by = "{ balanced = { index = \"wages\", indicator = \"reserve\" } }";
    let published = [(2023, 1.0), (2024, 0.98)];
    let hold = "after = { by = \"hold\" }";
    let with = |more: &str| country(&law("", hold, more), 0.06, 5.3e8);
    let balanced = with(&format!("{}\n{}", notional(by), reserve(1, &published))).value();
    let ratio = |year: i32| match published.iter().find(|(of, _)| *of == year) {
        Some((_, value)) => *value,
        None => reserve_ratio(&balanced, year - 1),
    };
    let mut levels = String::new();
    for year in 1950..2023 {
        let _ = write!(levels, "{year} = {:?}, ", WAGES.powi(year - 2022));
    }
    let (mut index, mut level) = (1.0_f64, 1.0_f64);
    let mut held_back = 0;
    for year in 2023..FIRST + YEARS {
        index *= WAGES;
        level = index.min(level * WAGES * ratio(year));
        held_back += usize::from(level < 0.999 * index);
        let _ = write!(levels, "{year} = {level:?}, ");
    }
    assert!((3..29).contains(&held_back), "behind wages in {held_back} of {YEARS} years");
    let series = format!("[series.value]\nunit = \"index\"\nvalues = {{ {levels} }}\n");
    let stated = with(&format!("{}\n{series}", notional("{ series = \"value\" }"))).value();
    let of = |results: &Results| {
        let table = &results.pensions.as_ref().unwrap().beneficiaries;
        let table = table.iter().find(|one| one.benefit == "notional").unwrap();
        (0..usize::try_from(YEARS).unwrap()).map(|at| table.amount.total(at)).collect::<Vec<_>>()
    };
    same(&of(&balanced), &of(&stated));
}

const SUSTAINED: &str = "after = { by = { sustainability = { indicator = \"pensioners\", weight = \"quarter\" } }, lag = 1 }";

fn sustained(published: &[(i32, f64)], more: &str) -> SmallCountry {
    let rules = rule("quarter", "share", 0.25);
    let dependency = dependency(0, published, more);
    country(&law("", SUSTAINED, &format!("{rules}\n{dependency}")), 0.1, 0.0)
}

fn indicator_years(results: &Results) -> Vec<LawIndicatorYear> {
    results.pensions.as_ref().unwrap().law_indicators[0].years.clone()
}

#[test]
fn what_a_run_has_found_gives_the_same_run_when_it_is_published() {
    let found = sustained(&[(2022, 0.021), (2023, 0.022)], "").value();
    let all: Vec<(i32, f64)> =
        indicator_years(&found).iter().map(|row| (row.year.get(), row.value.unwrap())).collect();
    assert_eq!(all.len(), 2 + usize::try_from(YEARS).unwrap());
    let stated = sustained(&all, "").value();
    let bits =
        |results: &Results| paid(results).iter().map(|one| one.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&found), bits(&stated));
    for (found, stated) in indicator_years(&found).iter().zip(indicator_years(&stated)) {
        assert_eq!((found.value, found.projected), (stated.value, stated.projected));
        assert!(stated.published);
    }
}

#[test]
fn scaled_figures_go_on_at_the_level_of_what_is_published() {
    let results = sustained(&[(2022, 0.30), (2023, 0.31), (2024, 0.32)], "scaled = true").value();
    let pensions = results.pensions.as_ref().unwrap();
    let factor = 0.32 / pensioners_over_contributors(pensions, 2024);
    for row in indicator_years(&results).iter().skip(3) {
        let projected = pensioners_over_contributors(pensions, row.year.get());
        assert_eq!(row.projected, Some(projected));
        assert!((row.value.unwrap() / (projected * factor) - 1.0).abs() < 1e-14);
    }
    assert_eq!(indicator_years(&results)[2].value, Some(0.32));
}

#[test]
fn an_indicator_that_is_not_known_when_it_is_read_is_refused_with_its_place() {
    let faults = |country: &SmallCountry| country.folder().faults().join("\n");
    let published = [(2022, 0.021), (2023, 0.022)];
    let says = |country: &SmallCountry, words: &[&str]| {
        let found = faults(country);
        for word in words {
            assert!(found.contains(word), "{word}: {found}");
        }
    };
    let file = SmallCountry::SCHEME;
    let good = sustained(&published, "");
    assert_eq!(faults(&good), "");
    says(
        &good.clone().with(file, "lag = 1 }", "lag = 0 }"),
        &["`pensioners`", "a `lag` is missing"],
    );
    says(
        &good.clone().with(file, "[indicators.pensioners]", "[indicators.other]"),
        &["`pensioners`", "does not define"],
    );
    says(
        &good.clone().with(file, "[\"old_age\"]", "[\"old_ages\"]"),
        &["`old_ages` is not the name of a benefit"],
    );
    says(
        &good.clone().with(file, "{ dependency = [\"old_age\"] }", "{ dependency = [] }"),
        &["no benefit"],
    );
    says(
        &good.clone().with(file, "{ dependency = [\"old_age\"] }", "{ reserve_ratio = \"fond\" }"),
        &["finance keeps no account `fond`"],
    );
    says(
        &sustained(&[(2021, 0.2), (2022, 0.2)], ""),
        &["`pensioners` is published", "not for 2023"],
    );
    says(&sustained(&published, "scaled = true"), &["not for 2024", "scaled"]);
    let revalued = "[reference_earnings.career]\nwindow = \"career\"\nrevalued = { by = { sustainability = { indicator = \"pensioners\", weight = \"quarter\" } }, lag = 1 }\n";
    let proportional = good
        .clone()
        .with(file, "{ flat = { amount = \"pension\" } }", "{ reference_earnings = [\"career\"] }")
        .and(file, revalued);
    says(&proportional, &["a revaluation of earnings"]);
}

#[test]
fn a_year_before_what_is_published_is_refused_in_the_run_and_so_is_a_factor_that_leaves_nothing() {
    let message = |country: &SmallCountry| {
        let loaded = country.folder().load();
        let error = run(&loaded.model).unwrap_err();
        let fault = loaded.fault_of(&error);
        format!("{}: {}", fault.path, fault.reason)
    };
    let found = message(&sustained(&[(2023, 0.022)], ""));
    assert!(found.contains("2022") && found.contains("indicators.pensioners"), "{found}");
    let found = message(&sustained(&[(2022, 0.001), (2023, 0.5)], ""));
    assert!(found.contains("leaves nothing") && found.contains("indicators.pensioners"), "{found}");
}
