//! Cases of one person: the record of the case becomes a person file, the law is one of `tests/law`.

use std::fmt::Write;
use std::path::Path;

use perennis_scheme::ClaimResult;
use perennis_tests::{Case, LawFolder, Table, cases, found, laws};
use serde_json::Value;

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

pub(crate) fn input(case: &Case, key: &str) -> f64 {
    number(&case.inputs[key])
}

/// The case of this id.
pub(crate) fn case(folder: &Path, id: &str) -> Case {
    let found = cases(folder).into_iter().find(|case| case.id == id);
    found.unwrap_or_else(|| panic!("no case {id}"))
}

/// The first claim of a person under laws of `tests/law`: `text` is the file without its head.
pub(crate) fn claim(law: &str, currency: &str, text: &str) -> ClaimResult {
    claim_with(law, currency, text, "")
}

/// As [`claim`], under a law that extends that of `tests/law`.
pub(crate) fn claim_with(law: &str, currency: &str, text: &str, changes: &str) -> ClaimResult {
    let law = laws().join(format!("{law}.toml"));
    let law = format!(
        r#"
        extends = {:?}
        source = "the case"
        {changes}"#,
        law.to_str().unwrap()
    );
    let head = format!(
        r#"
        source = "the case"
        currency = "{currency}"
        laws = ["law.toml"]
    "#
    );
    LawFolder::new(&[("law.toml", &law), ("person.toml", &format!("{head}{text}"))])
        .claim("person.toml")
}

/// Compares what a claim gives with the figure of a case.
fn near(claim: &ClaimResult, what: &str, expected: f64, tolerance: f64) {
    let value = found(claim, what).unwrap_or_else(|| panic!("{what} is not due"));
    // The last digits of a binary number are no difference.
    let tolerance = tolerance + 1e-9 * expected.abs();
    assert!((value - expected).abs() <= tolerance, "{what}: {value} is not {expected}");
}

// --- United States ---------------------------------------------------------------------------------------------------

/// The tables of the agency as the law's own series.
fn us_series(folder: &Path) -> String {
    let table = Table::read(&folder.join("cases/tables/us_ssa_series.csv"));
    let years = table.integers("year");
    let series = |column: &str, scale: f64| {
        let values = table.numbers(column);
        let given = years.iter().zip(values).filter(|(_, value)| !value.is_nan());
        let rows = given.map(|(year, value)| format!("{year} = {:?}", value * scale));
        rows.collect::<Vec<_>>().join(", ")
    };
    format!(
        "
            [series.wage_index]
            values = {{ {} }}
            [series.taxable_maximum]
            values = {{ {} }}
            [series.cost_of_living]
            values = {{ {} }}
        ",
        series("average_wage_index", 1.0),
        series("maximum_taxable_earnings", 1.0),
        series("cola_percent", 0.01),
    )
}

/// One who always earned the taxable maximum and claims in January; at 62 a month after the birthday.
pub(crate) fn earners_of_the_maximum_have_the_printed_benefits(folder: &Path) {
    let series = us_series(folder);
    let maximum = Table::read(&folder.join("cases/tables/us_ssa_series.csv"));
    let years = maximum.integers("year");
    let maximum = maximum.numbers("maximum_taxable_earnings");
    for case in cases(folder).iter().filter(|case| case.area == "average_indexed_earnings_db") {
        let (born, age) = (input(case, "birth_year") as i32, input(case, "age") as i32);
        let months = if age == 62 { 12 * age + 1 } else { 12 * age };
        let mut text = format!(
            r#"
                [person]
                born = {born}-01-01
                sex = "male"
                [claim]
                age = {{ value = {months}, unit = "months" }}
                [record]
                unit = "dollar a year"
                years = [
            "#
        );
        for (year, earnings) in years.iter().zip(&maximum) {
            // Only years after 1950 enter the average (s. 215(b)(2)(B)(ii)).
            if (born + 22..born + age).contains(year) && 1950 < *year {
                let _ = writeln!(text, "{{ year = {year}, earnings = {earnings:?} }},");
            }
        }
        text.push_str("]\n");
        let claim = claim_with("us_oasi", "dollar", &text, &series);
        let expected = |key: &str| number(&case.expected[key]);
        near(&claim, "formula.aime", 12.0 * expected("aime"), 0.0);
        near(&claim, "benefit.old_age", expected("initial_monthly_benefit"), case.tolerance("abs"));
        let recomputed = &case.expected["intermediate_recomputed"];
        let pia =
            claim.benefit("old_age").and_then(|benefit| benefit.after("adjusted_since_assessment"));
        let pia = pia.expect("the amount was adjusted or looked at") / 12.0;
        assert!((pia - number(&recomputed["pia_with_colas"])).abs() < 1e-6, "{}: {pia}", case.id);
    }
}

/// A worker whose average indexed earnings are known.
fn us_worker(series: &str, born: i32, aime: f64) -> ClaimResult {
    let text = format!(
        r#"
            [person]
            born = {born}-01-01
            sex = "male"
            [claim]
            age = {{ value = 62, unit = "years" }}
            [stated]
            reference_earnings.indexed = {{ value = {aime:?}, unit = "dollar a month" }}
            measures.quarters = {{ value = 120, unit = "months" }}
        "#
    );
    claim_with("us_oasi", "dollar", &text, series)
}

pub(crate) fn the_primary_amount_bends_where_the_case_says(folder: &Path) {
    let case = case(folder, "us-pia-bracket");
    let series = us_series(folder);
    let born = input(&case, "birth_year") as i32;
    let pia = |aime: f64| {
        let claim = us_worker(&series, born, aime);
        found(&claim, "formula.pia").expect("a formula of the law") / 12.0
    };
    let before_rounding = |aime: f64| {
        let claim = us_worker(&series, born, aime);
        let brackets = claim.benefit("old_age").and_then(|benefit| benefit.after("brackets"));
        brackets.expect("a step of the formula") / 12.0
    };
    let expected = |key: &str| number(&case.expected[key]);
    let tolerance = case.tolerance("abs");
    let aime = input(&case, "aime");
    assert!((pia(aime) - expected("pia")).abs() <= tolerance, "{}", pia(aime));
    let bends: Vec<f64> =
        case.expected["bend_points"].as_array().unwrap().iter().map(number).collect();
    let first = before_rounding(bends[0]);
    assert!((first - expected("bracket_1")).abs() <= tolerance);
    assert!((before_rounding(aime) - first - expected("bracket_2")).abs() <= tolerance);
    let slope = |from: f64| before_rounding(from + 1.0) - before_rounding(from);
    for (bend, below, above) in [(bends[0], 0.9, 0.32), (bends[1], 0.32, 0.15)] {
        assert!((slope(bend - 1.0) - below).abs() < 1e-9 && (slope(bend) - above).abs() < 1e-9);
    }
}

/// A widow at three ages. The printed figure at 63.5 is a dollar low: 2,000 * 0.8575 is 1,715, and
/// only the binary number just below it is rounded down to 1,714.
pub(crate) fn a_widow_has_her_share_of_the_primary_amount(folder: &Path) {
    let case = case(folder, "us-survivor");
    let pia = input(&case, "deceased_pia");
    for (key, months) in [("age_67", 804), ("age_60", 720), ("age_63.5", 762)] {
        let text = format!(
            r#"
                [person]
                born = 1975-01-01
                sex = "male"
                [claim]
                date = {}
                event = "death"
                [stated]
                formulas.pia = {{ value = {pia:?}, unit = "dollar a month" }}
                [family]
                spouse = {{ born = 1965-01-01, sex = "female", married = 1990-01-01 }}
            "#,
            if months == 762 {
                "2028-07-01".to_owned()
            } else {
                format!("{}-01-01", 1965 + months / 12)
            },
        );
        let claim = claim("us_oasi", "dollar", &text);
        // Of 2,000.00 the reduction is 2,000.00 * 42 * 0.285 / 84 = 285.00, to the dime as it is (POMS RS 00615.301), so 1,715 are
        // paid. The case prints the whole dollars of its factor in binary, which falls short of 0.8575 by 1e-16.
        let factor = 0.715 + 0.285 * (f64::from(months) - 720.0) / 84.0;
        let printed = number(&case.expected[key]);
        assert!((printed - (pia * factor).floor()).abs() < 1e-9, "{key}");
        let exact = (pia * (715.0 * 84.0 + 285.0 * (f64::from(months) - 720.0)) / 84_000.0).floor();
        near(&claim, "benefit.widow", exact, case.tolerance("abs"));
        assert!(months == 762 || (printed - exact).abs() < 1e-9, "{key}");
    }
}

// --- Germany ---------------------------------------------------------------------------------------------------------

pub(crate) fn points_times_factors_times_value(folder: &Path) {
    for (id, date, east) in [
        ("de-disability-2020-voll_1957_west", "2020-01-01", ""),
        ("de-disability-2018-teilw_1995_ost", "2018-01-01", "_east"),
    ] {
        let case = case(folder, id);
        let months = ((1.0 - input(&case, "access_factor")) / 0.003).round();
        let (points, other) = (
            input(&case, "earning_points_incl_additional_period"),
            if east.is_empty() { "_east" } else { "" },
        );
        let text = format!(
            r#"
                [person]
                born = 1957-01-01
                sex = "male"
                [claim]
                date = {date}
                event = "invalidity"
                degree = {{ value = {:?}, unit = "share" }}
                [stated]
                formulas.points_with_additional_period{east} = {points:?}
                formulas.points_with_additional_period{other} = 0
                measures.months_reduced = {{ value = {months:?}, unit = "months" }}
                measures.credit = {{ value = 60, unit = "months" }}
            "#,
            input(&case, "pension_type_factor"),
        );
        let claim = claim("german_points", "euro", &text);
        near(
            &claim,
            "benefit.invalidity",
            number(&case.expected["monthly_pension"]),
            case.tolerance("abs"),
        );
    }
}

pub(crate) fn the_additional_period_counts_at_the_average_of_the_time_before(folder: &Path) {
    let case = case(folder, "de-additional-period-2020");
    let text = format!(
        r#"
            [person]
            born = 1970-02-01
            sex = "male"
            [claim]
            date = 2020-10-01
            event = "invalidity"
            degree = {{ value = 1, unit = "share" }}
            [stated]
            points.base = {:?}
            points.east = 0
            measures.span_months = {{ value = {:?}, unit = "months" }}
            measures.additional_months = {{ value = {:?}, unit = "months" }}
            measures.credit = {{ value = 60, unit = "months" }}
        "#,
        input(&case, "points_so_far"),
        input(&case, "insured_span_months_from_age_16y1m"),
        input(&case, "additional_period_months"),
    );
    let claim = claim("german_points", "euro", &text);
    let expected = |key: &str| number(&case.expected[key]);
    let tolerance = case.tolerance("abs");
    near(
        &claim,
        "formula.points_with_additional_period",
        expected("points_with_additional_period"),
        tolerance,
    );
    near(&claim, "formula.access_factor", expected("access_factor"), tolerance);
    near(&claim, "formula.pension_type", expected("type_factor"), tolerance);
}

pub(crate) fn long_low_earnings_are_topped_up(folder: &Path) {
    for case in cases(folder).iter().filter(|case| case.id.starts_with("de-grundrente")) {
        let text = format!(
            r#"
                [person]
                born = 1955-09-15
                sex = "female"
                [claim]
                date = 2021-07-01
                [stated]
                points.base = {:?}
                points.east = 0
                measures.points_averaged = {:?}
                measures.months_averaged = {{ value = {:?}, unit = "months" }}
                measures.basic_months = {{ value = {:?}, unit = "months" }}
                measures.credit = {{ value = 480, unit = "months" }}
                measures.other_income = 0
            "#,
            input(case, "earning_points"),
            input(case, "points_in_those_months"),
            input(case, "months_used_for_average"),
            input(case, "basic_pension_months"),
        );
        let claim = claim("german_points", "euro", &text);
        let expected = |key: &str| number(&case.expected[key]);
        near(
            &claim,
            "formula.top_up_points",
            expected("top_up_points_per_month"),
            case.tolerance("abs_points"),
        );
        near(&claim, "benefit.top_up", expected("monthly_top_up"), case.tolerance("abs_top_up"));
        near(
            &claim,
            "together",
            12.0 * expected("monthly_pension_total"),
            12.0 * case.tolerance("abs_total"),
        );
    }
}

// --- France ----------------------------------------------------------------------------------------------------------

/// A claim under the French law with stated reference earnings and credit in quarters.
fn french(born: i32, date: &str, quarters: f64, stated: &str) -> ClaimResult {
    let text = format!(
        r#"
            [person]
            born = {born}-01-01
            sex = "male"
            [claim]
            date = {date}
            [stated]
            measures.credit = {{ value = {quarters:?}, unit = "quarters" }}
            {stated}"#
    );
    claim("french_general", "euro", &text)
}

pub(crate) fn french_reductions_bonuses_and_minima_agree(folder: &Path) {
    let year = |case: &Case, key: &str| {
        format!(
            "reference_earnings.best = {{ value = {:?}, unit = \"euro a year\" }}\n",
            input(case, key)
        )
    };
    let check = |case: &Case, claim: &ClaimResult, what: &str, key: &str| {
        near(claim, what, number(&case.expected[key]), case.tolerance("abs"));
    };
    let case_of = |id: &str| case(folder, id);

    let case = case_of("fr-cnav-decote-1964-age60");
    let claim = french(1904, "1964-01-01", 120.0, &year(&case, "reference_salary"));
    check(&case, &claim, "formula.before_minimum", "pension");
    check(&case, &claim, "formula.reduction", "reduction");

    let case = case_of("fr-cnav-surcote-2008");
    let bonus = format!(
        "measures.bonus = {{ value = {:?}, unit = \"quarters\" }}\n",
        input(&case, "bonus_quarters")
    );
    let claim = french(1943, "2008-01-01", 163.0, &(year(&case, "reference_salary") + &bonus));
    check(&case, &claim, "formula.before_minimum", "pension");
    check(&case, &claim, "formula.bonus", "bonus");

    let case = case_of("fr-cnav-proration-1950");
    let earnings = "reference_earnings.best = 1_000\n";
    let claim = french(1885, "1950-01-01", input(&case, "insured_quarters"), earnings);
    check(&case, &claim, "formula.proration", "proration");

    let case = case_of("fr-minimum-2002-partial");
    let before = format!(
        "formulas.before_minimum = {{ value = {:?}, unit = \"euro a year\" }}\n",
        input(&case, "pension_before_minimum")
    );
    let claim = french(1933, "2002-01-01", input(&case, "insured_quarters"), &before);
    near(&claim, "together", number(&case.expected["annual_pension"]), case.tolerance("abs"));
}

pub(crate) fn french_points_are_bought_at_the_reference_salary(folder: &Path) {
    let case = case(folder, "fr-arrco-points-2015");
    let text = format!(
        r#"
            [person]
            born = 1953-01-01
            sex = "male"
            [claim]
            date = 2018-02-01
            [record]
            unit = "euro a year"
            years = [{{ year = 2015, earnings = {:?} }}]
        "#,
        input(&case, "annual_salary"),
    );
    let claim = claim("french_arrco", "euro", &text);
    let tolerance = case.tolerance("abs");
    near(&claim, "points.arrco", number(&case.expected["points"]), tolerance);
    near(
        &claim,
        "formula.contributions_called",
        number(&case.expected["contributions_called"]),
        tolerance,
    );
}

// --- Tunisia ---------------------------------------------------------------------------------------------------------

pub(crate) fn fifty_quarters_give_their_scale(folder: &Path) {
    let case = case(folder, "tn-rsna");
    let (salary, quarters) =
        (input(&case, "annual_salary_constant"), input(&case, "quarters") as i32);
    let years = quarters / 4;
    let text = format!(
        r#"
            [person]
            born = 1953-01-01
            sex = "male"
            [claim]
            date = 2013-07-01
            [record]
            unit = "dinar a month"
            spans = [{{ from = {}, to = 2012, earnings = {:?} }}]
            years = [{{ year = 2013, months = {}, earnings = {:?} }}]
        "#,
        2013 - years,
        salary / 12.0,
        3 * (quarters % 4),
        salary / 12.0,
    );
    let claim = claim("tunisian_private", "dinar", &text);
    let tolerance = case.tolerance("abs");
    near(
        &claim,
        "reference_earnings.last_ten",
        number(&case.expected["reference_salary"]),
        tolerance,
    );
    near(&claim, "together", number(&case.expected["annual_pension"]), tolerance);
}

// --- Notional accounts -----------------------------------------------------------------------------------------------

pub(crate) fn the_balance_ratio_is_assets_over_liability(folder: &Path) {
    let case = case(folder, "se-balance-ratio-2007");
    let text = format!(
        r#"
            [person]
            born = 1946-01-01
            sex = "male"
            [claim]
            date = 2008-01-01
            [indicators]
            balance_ratio = {{ unit = "ratio", value = 1 }}
            [stated]
            balances.notional = {{ value = 1_000_000, unit = "krona" }}
            measures.assets_of_the_scheme = {{ value = {:?}, unit = "billion krona" }}
            measures.liability = {{ value = {:?}, unit = "billion krona" }}
        "#,
        input(&case, "assets_contribution_asset_plus_buffer_fund_billion_sek"),
        input(&case, "pension_liability_billion_sek"),
    );
    let claim = claim("notional_accounts", "krona", &text);
    near(
        &claim,
        "formula.balance_ratio",
        number(&case.expected["balance_ratio"]),
        case.tolerance("abs"),
    );
}

pub(crate) fn two_working_periods_give_the_notional_pension_of_the_model(folder: &Path) {
    let case = case(folder, "og-ndc");
    let list = |key: &str| -> Vec<f64> {
        case.inputs[key].as_array().unwrap().iter().map(number).collect()
    };
    let (wage, efficiency, hours) = (list("wage"), list("efficiency"), list("hours"));
    // Amounts in units of the first year of the pension: the economy grows by exp(g) a period.
    let earned = |period: usize| {
        let units = (-input(&case, "growth_g") * (2.0 - period as f64)).exp();
        wage[period] * efficiency[period] * hours[period] * units
    };
    let text = format!(
        r#"
            [person]
            born = 1935-01-01
            sex = "male"
            [claim]
            age = {{ value = 65, unit = "years" }}
            [record]
            unit = "unit a year"
            years = [{{ year = 1998, earnings = {:?} }}, {{ year = 1999, earnings = {:?} }}]
        "#,
        earned(0),
        earned(1),
    );
    let claim = claim("two_period_accounts", "unit", &text);
    let expected = |key: &str| number(&case.expected[key]);
    let tolerance = case.tolerance("abs");
    near(&claim, "formula.conversion_coefficient", expected("conversion_coefficient"), tolerance);
    near(&claim, "benefit.old_age", expected("pension_period_2"), tolerance);
    let next = claim.years.iter().find(|year| year.year.get() == 2001).expect("a second year");
    assert!((next.paid - expected("pension_period_3")).abs() <= tolerance, "{}", next.paid);
}
