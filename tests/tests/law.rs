//! Laws as files: worked examples of provisions, through the reader and the function that values one person.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{Code, LawContext, check_law, read_law};
use perennis_scheme::{
    Benefit, BenefitKind, Claim, Credit, CreditedYear, Environment, Fact, Known, Law, LegalIndices,
    Lognormal, PersonAward, Recipient, Record, Schedule, StatedKind, Survivor,
};
use perennis_units::{Date, Money, Path as Levels, Payer, Sex, When, Year, date_of_year};
use toml::{Table, Value};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn compulsory() -> Law {
    let context =
        LawContext { currency: "dong", groups: &["private", "public"], start: day("2024-01-01") };
    read_law(&root().join("assumptions/viet-nam/schemes/compulsory.toml"), &context).unwrap()
}

fn law(name: &str) -> Law {
    let context = LawContext { currency: "crown", groups: &["all"], start: day("2025-01-01") };
    read_law(&root().join(format!("tests/law/{name}.toml")), &context).unwrap()
}

/// Prices and wages that stand still.
fn still() -> LegalIndices {
    LegalIndices::new(Levels::constant(1.0), Levels::constant(1.0))
}

fn benefit<'a>(law: &'a Law, name: &str) -> &'a Benefit {
    law.benefit(name).unwrap_or_else(|| panic!("no benefit {name}"))
}

fn when(born: &str, sex: Sex, date: &str) -> When {
    When { date: day(date), born: day(born), entered: day("1990-01-01"), sex }
}

/// A worked example of one provision.
struct Example {
    name: String,
    benefit: String,
    when: When,
    record: Record,
    known: Known,
    expected: Option<f64>,
}

fn date(table: &Table, key: &str) -> Option<Date> {
    table.get(key).map(|value| day(&value.as_datetime().unwrap().to_string()))
}

/// What a case says of the person beside the record: the degree of invalidity, stated measures, a survivor, a pension.
fn known(table: &Table) -> Known {
    let number = |value: &Value| value.as_float().or(value.as_integer().map(|n| n as f64)).unwrap();
    let mut known = Known::nothing()
        .with(Fact::Degree, table.get("degree").map_or(0.0, number))
        .with(Fact::OtherIncome, table.get("other_income").map_or(0.0, number));
    for (name, value) in table.get("stated").and_then(Value::as_table).into_iter().flatten() {
        known = known.stating(StatedKind::Measure, name, number(value));
    }
    if let Some(survivor) = table.get("survivor").and_then(Value::as_table) {
        let kind = match survivor["kind"].as_str().unwrap() {
            "spouse" => Recipient::Spouse,
            "child" => Recipient::Child,
            _ => Recipient::Parent,
        };
        let male = survivor["sex"].as_str() == Some("male");
        let sex = if male { Sex::Male } else { Sex::Female };
        known.survivor = Some(Survivor { kind, born: date(survivor, "born").unwrap(), sex });
    }
    if let Some(amount) = table.get("in_payment") {
        let amount = Money::new(12.0 * number(amount)).unwrap();
        known.in_payment.insert("old_age".to_owned(), amount);
    }
    known
}

fn example(table: &Table) -> Example {
    let text = |key: &str| table[key].as_str().unwrap().to_owned();
    assert!(!text("why").is_empty() && !text("source").is_empty(), "{}", text("name"));
    let spec = table["record"].as_table().unwrap();
    let number = |key: &str| i32::try_from(spec[key].as_integer().unwrap()).unwrap();
    let (first, years, odd) = (number("first"), number("years"), number("odd_months"));
    let pay = f64::from(number("pay"));
    let credited = |year, months: i32| CreditedYear {
        year: Year::new(year),
        months,
        insured_earnings: Money::new(pay * f64::from(months)).unwrap(),
    };
    let whole = (first..first + years).map(|year| credited(year, 12));
    let part = (0 < odd).then(|| credited(first + years, odd));
    Example {
        name: text("name"),
        benefit: text("benefit"),
        when: When {
            date: date(table, "claim").unwrap(),
            born: date(table, "born").unwrap(),
            entered: date(table, "entered").unwrap_or(date_of_year(Year::new(first))),
            sex: if text("sex") == "male" { Sex::Male } else { Sex::Female },
        },
        record: Record::of_work(whole.chain(part).collect()),
        known: known(table),
        expected: table.get("expected").map(|value| value.as_integer().unwrap() as f64),
    }
}

fn award(law: &Law, example: &Example, env: &Environment<'_>) -> Option<PersonAward> {
    let claim = Claim {
        known: Some(&example.known),
        ..Claim::new(example.when, "private", Credit::Record(&example.record))
    };
    let benefit = benefit(law, &example.benefit);
    let award = benefit.award_person(&claim, env).unwrap();
    // The rule of a cell is the rule of a person.
    let schedule = benefit.award(&claim, env).unwrap();
    assert_eq!(award.is_some(), schedule.is_some(), "{}", example.name);
    if let (Some(award), Some(schedule)) = (&award, schedule) {
        let amount = schedule.at(award.steps[0].amount.get());
        assert!((amount - award.amount.get()).abs() <= 1e-12 * amount, "{}", example.name);
    }
    award
}

#[test]
fn worked_examples_of_viet_nam_come_out_as_the_provisions_say() {
    let text = fs::read_to_string(root().join("tests/law/viet_nam.toml")).unwrap();
    let file: Table = text.parse().unwrap();
    let law = compulsory();
    let indices = still();
    let env = Environment::new(&indices);
    let examples: Vec<&Value> = file["example"].as_array().unwrap().iter().collect();
    assert!(14 <= examples.len());
    for table in examples {
        let example = example(table.as_table().unwrap());
        let awarded = award(&law, &example, &env);
        let monthly = benefit(&law, &example.benefit).kind == BenefitKind::Pension;
        let payments = if monthly { 12.0 } else { 1.0 };
        let found = awarded.as_ref().map(|award| award.amount.get() / payments);
        match (found, example.expected) {
            (Some(found), Some(expected)) => assert!(
                (found - expected).abs() <= 1e-9 * expected,
                "{}: {found} is not {expected}\n{:#?}",
                example.name,
                awarded.unwrap().steps
            ),
            (found, expected) => {
                assert_eq!(found.is_some(), expected.is_some(), "{}", example.name);
            }
        }
    }
}

/// Decree 135/2020/ND-CP, Art. 4(2) and its appendix: first and last month of birth, and the age in years and months.
const MEN: [(&str, &str, i32); 8] = [
    ("1961-01-01", "1961-09-30", 723),
    ("1961-10-01", "1962-06-30", 726),
    ("1962-07-01", "1963-03-31", 729),
    ("1963-04-01", "1963-12-31", 732),
    ("1964-01-01", "1964-09-30", 735),
    ("1964-10-01", "1965-06-30", 738),
    ("1965-07-01", "1966-03-31", 741),
    ("1966-04-01", "1990-12-31", 744),
];
const WOMEN: [(&str, &str, i32); 15] = [
    ("1966-01-01", "1966-08-31", 664),
    ("1966-09-01", "1967-04-30", 668),
    ("1967-05-01", "1967-12-31", 672),
    ("1968-01-01", "1968-08-31", 676),
    ("1968-09-01", "1969-04-30", 680),
    ("1969-05-01", "1969-12-31", 684),
    ("1970-01-01", "1970-08-31", 688),
    ("1970-09-01", "1971-04-30", 692),
    ("1971-05-01", "1971-12-31", 696),
    ("1972-01-01", "1972-08-31", 700),
    ("1972-09-01", "1973-04-30", 704),
    ("1973-05-01", "1973-12-31", 708),
    ("1974-01-01", "1974-08-31", 712),
    ("1974-09-01", "1975-04-30", 716),
    ("1975-05-01", "1995-12-31", 720),
];

#[test]
fn every_day_of_birth_reaches_the_age_of_the_decrees_table() {
    let law = compulsory();
    let condition = &benefit(&law, "old_age").condition;
    for (sex, rows) in [(Sex::Male, &MEN[..]), (Sex::Female, &WOMEN[..])] {
        for (first, last, months) in rows {
            let mut born = day(first);
            while born <= day(last) {
                let reached = condition.reached(born, day("1990-01-01"), sex).unwrap();
                assert_eq!(reached, perennis_units::add_months(born, *months), "{sex:?} {born}");
                born = born.tomorrow().unwrap();
            }
        }
    }
    let before = condition.reached(day("1960-12-31"), day("1990-01-01"), Sex::Male);
    assert_eq!(before, Some(day("2020-12-31")));
}

#[test]
fn a_birth_year_is_paid_from_the_month_after_each_month_of_birth() {
    let law = compulsory();
    let condition = &benefit(&law, "old_age").condition;
    let starts = condition.first_payments(Year::new(1964), day("1990-01-01"), Sex::Male);
    // Born in January, age 61 years 3 months; from October 61 years 6 months.
    assert_eq!(starts[0], Some(day("2025-05-01")));
    assert_eq!(starts[8], Some(day("2026-01-01")));
    assert_eq!(starts[9], Some(day("2026-05-01")));
    // Nine months of birth reach the age in 2025: three of them, October to December, wait for 2026.
    let in_2025 = starts.iter().flatten().filter(|day| day.year() == 2025).count();
    assert_eq!(in_2025, 8);
}

#[test]
fn contributions_are_22_per_cent_between_the_floor_and_twenty_reference_levels() {
    let law = compulsory();
    let indices = still();
    let env = Environment::new(&indices);
    let contribution = &law.contributions[0];
    let year = Year::new(2026);
    let rate = |payer| contribution.rate(payer, year).unwrap();
    assert!((rate(Payer::Employees) - 0.08).abs() < 1e-12);
    assert!((rate(Payer::Employers) - 0.14).abs() < 1e-12);
    let limits = contribution.limits(year, &env).unwrap();
    assert!((limits.ceiling().unwrap() - 12.0 * 46_800_000.0).abs() < 1e-3);
    assert!((limits.floor().unwrap() - 12.0 * 2_340_000.0).abs() < 1e-3);
    // July 2024 lifted the ceiling from 36 to 46.8 million, and the regional minimum to 3.45 million.
    let limits = contribution.limits(Year::new(2024), &env).unwrap();
    assert!((limits.ceiling().unwrap() - 6.0 * (36_000_000.0 + 46_800_000.0)).abs() < 1e-3);
    assert!((limits.floor().unwrap() - 6.0 * (3_250_000.0 + 3_450_000.0)).abs() < 1e-3);
    let insured = limits.insured_earnings(&Lognormal::new(12.0 * 8_000_000.0, 0.6));
    assert!(insured.share_at_ceiling < 0.01 && 0.01 < insured.share_at_floor);
}

#[test]
fn pay_of_the_state_sector_is_taken_at_the_basic_salary_of_the_award() {
    let law = compulsory();
    let indices = still();
    let env = Environment::new(&indices);
    let level = law.amount("reference_level").unwrap();
    // A coefficient of 4 from 2005 to 2025: whatever the basic salary was, it counts at that of 2026.
    let record: Vec<CreditedYear> = (2005..2026)
        .map(|year| {
            let pay = 4.0 * level.mean_of_year(Year::new(year), &indices).unwrap().get();
            let insured_earnings = Money::new(pay).unwrap();
            CreditedYear { year: Year::new(year), months: 12, insured_earnings }
        })
        .collect();
    let record = Record::of_work(record);
    let known = Known::nothing().with(Fact::Degree, 0.0);
    let entered = |date: &str| {
        let when = When { entered: day(date), ..when("1964-10-05", Sex::Male, "2026-05-01") };
        Claim { known: Some(&known), ..Claim::new(when, "public", Credit::Record(&record)) }
    };
    let old_age = benefit(&law, "old_age");
    let window = |date: &str| {
        let claim = entered(date);
        let rule = old_age.reference_rule(&claim).unwrap().unwrap();
        (rule.name.clone(), rule.years(&claim.when).unwrap())
    };
    assert_eq!(window("1994-12-31"), ("public".to_owned(), Some(5.0)));
    assert_eq!(window("1999-01-01"), ("public".to_owned(), Some(6.0)));
    assert_eq!(window("2001-01-01"), ("public".to_owned(), Some(8.0)));
    assert_eq!(window("2007-01-01"), ("public".to_owned(), Some(10.0)));
    assert_eq!(window("2016-01-01"), ("public_from_2016".to_owned(), Some(15.0)));
    assert_eq!(window("2024-12-31"), ("public_from_2016".to_owned(), Some(20.0)));
    assert_eq!(window("2025-01-01"), ("public_from_2025".to_owned(), None));
    let award = old_age.award_person(&entered("2005-01-01"), &env).unwrap().unwrap();
    let reference = award.steps[0].amount.get() / 12.0;
    assert!((reference - 4.0 * 2_340_000.0).abs() < 1e-3, "{reference}");
}

#[test]
fn earnings_of_the_private_sector_follow_the_prices_of_the_year_before_the_award() {
    let law = compulsory();
    let levels = (0..40).map(|year| 1.04_f64.powi(year)).collect();
    let prices = Levels::new(Year::new(1995), levels).unwrap();
    let indices = LegalIndices::new(prices, Levels::constant(1.0));
    let credit = Credit::Ending { months: 240, until: day("2025-10-01") };
    let claim = Claim::new(when("1964-06-05", Sex::Male, "2025-10-01"), "private", credit);
    let rule = benefit(&law, "old_age").reference_rule(&claim).unwrap().unwrap();
    let factor =
        |year| rule.revaluation.factor(Year::new(year), Year::new(2025), &indices).unwrap();
    assert!((factor(2020) - 1.04_f64.powi(4)).abs() < 1e-12);
    assert!((factor(2024) - 1.0).abs() < 1e-12);
    assert!((factor(2025) - 1.0).abs() < 1e-12);
}

#[test]
fn pensions_in_payment_rose_as_decided_and_follow_prices_afterwards() {
    let law = compulsory();
    let levels = (0..20).map(|year| 1.03_f64.powi(year)).collect();
    let prices = Levels::new(Year::new(2020), levels).unwrap();
    let indices = LegalIndices::new(prices, Levels::constant(1.0));
    let indexation = benefit(&law, "old_age").indexation.as_ref().unwrap();
    let env = Environment::new(&indices);
    let of_year = |year| indexation.of_year(Year::new(year), &env).unwrap();
    assert!((of_year(2022).mean_over_start - 1.074).abs() < 1e-12);
    assert!((of_year(2024).end_over_start - 1.15).abs() < 1e-12);
    assert!((of_year(2024).mean_over_start - 1.075).abs() < 1e-12);
    assert!((of_year(2025).end_over_start - 1.0).abs() < 1e-12);
    assert!((of_year(2030).end_over_start - 1.03).abs() < 1e-12);
}

#[test]
fn a_flat_pension_is_the_same_for_everyone_and_asks_for_ten_years() {
    let law = law("flat_pension");
    let wages = Levels::new(Year::new(2023), vec![1.0, 1.02, 1.05]).unwrap();
    let indices = LegalIndices::new(Levels::constant(1.0), wages);
    let env = Environment::new(&indices);
    let pension = benefit(&law, "basic_pension");
    let claim = |date: &str, months| {
        let credit = Credit::Ending { months, until: day(date) };
        Claim::new(when("1960-03-15", Sex::Female, date), "all", credit)
    };
    assert_eq!(pension.award(&claim("2025-03-14", 120), &env), Ok(None));
    assert_eq!(pension.award(&claim("2025-03-15", 119), &env), Ok(None));
    let paid = pension.award(&claim("2025-03-15", 120), &env);
    assert_eq!(paid, Ok(Some(Schedule::flat(12_000.0))));
    // From July 2025 it follows the growth of wages of 2024.
    let later = pension.award(&claim("2025-07-01", 500), &env).unwrap().unwrap();
    assert!((later.at(1e6) - 12_000.0 * 1.02).abs() < 1e-9);
    let contribution = &law.contributions[0];
    let rate = contribution.rate(Payer::Employers, Year::new(2025)).unwrap();
    assert!((rate - (0.05 * 3.0 + 0.07 * 9.0) / 12.0).abs() < 1e-12);
    let stepping = contribution.stepping.as_ref().unwrap();
    assert!((stepping.added(Year::new(2030), 0.0, Some(0.9)).unwrap() - 0.01).abs() < 1e-12);
}

#[test]
fn a_pension_on_final_pay_is_said_by_the_same_words() {
    let law = law("final_pay");
    let indices = still();
    let wage = Money::new(40_000.0).unwrap();
    let env = Environment { insured_wage: Some(wage), ..Environment::new(&indices) };
    let pension = benefit(&law, "old_age");
    let record: Vec<CreditedYear> = (2000..2028)
        .map(|year| CreditedYear {
            year: Year::new(year),
            months: 12,
            insured_earnings: Money::new(20_000.0 + 500.0 * f64::from(year - 2000)).unwrap(),
        })
        .collect();
    let award = |record: &[CreditedYear]| {
        let when =
            When { entered: day("2000-01-01"), ..when("1966-01-01", Sex::Male, "2028-01-01") };
        let record = Record::of_work(record.to_vec());
        let claim = Claim::new(when, "all", Credit::Record(&record));
        pension.award_person(&claim, &env).unwrap().unwrap().amount.get()
    };
    // 28 years at 2 % of the last five years' pay (mean 32,500), two years late at 6 %, 100 crowns a month more: the
    // month is 1,798.67 and goes up to the whole crown.
    assert!((award(&record) - 12.0 * 1_799.0).abs() < 1e-9, "{}", award(&record));
    let rich: Vec<CreditedYear> = record
        .iter()
        .map(|year| CreditedYear { insured_earnings: Money::new(90_000.0).unwrap(), ..*year })
        .collect();
    // At most three quarters of the mean insured wage: 2,500 a month, and the supplement.
    assert!((award(&rich) - 12.0 * 2_600.0).abs() < 1e-9, "{}", award(&rich));
    let born_later = pension.condition.reached(day("1970-01-01"), day("1995-01-01"), Sex::Female);
    assert_eq!(born_later, Some(day("2032-01-01")));
    let born_before = pension.condition.reached(day("1969-12-31"), day("1995-01-01"), Sex::Female);
    assert_eq!(born_before, Some(day("2027-12-31")));
}

#[test]
fn nothing_seems_wrong_with_the_laws_that_ship() {
    for name in ["compulsory", "social_pension"] {
        let file = root().join(format!("assumptions/viet-nam/schemes/{name}.toml"));
        let law = check_law(&file, None).unwrap();
        assert_eq!(law.warnings, [], "{name}");
    }
}

#[test]
fn laws_of_other_countries_are_read_alone_and_no_number_of_theirs_is_missing() {
    for name in ["canadian_plan", "british_state", "swiss_scale"] {
        let law = check_law(&root().join(format!("tests/law/{name}.toml")), None).unwrap();
        assert_eq!(law.warnings, [], "{name}");
    }
}

/// Codes of the faults in a law after one change of its text.
fn faults(law: &str, from: &str, to: &str) -> Vec<Code> {
    let text = fs::read_to_string(root().join(format!("tests/law/{law}.toml"))).unwrap();
    assert!(text.contains(from), "{from}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.toml");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let context = LawContext { currency: "crown", groups: &["all"], start: day("2025-01-01") };
    match read_law(&path, &context) {
        Ok(_) => Vec::new(),
        Err(rejected) => rejected.faults.iter().map(|fault| fault.code).collect(),
    }
}

#[test]
fn an_amount_that_others_follow_is_never_zero() {
    let found = faults(
        "flat_pension",
        "after = { by = \"wages\", month = 7, lag = 1 }",
        "after = { by.amount = \"level\" }\n[amounts.level]\nunit = \"crown a month\"\nsource = \"s\"\n\
         in_force = [{ from = 2000-01-01, value = 0 }]",
    );
    assert_eq!(found, [Code::OutOfBounds]);
}

#[test]
fn a_law_that_cannot_be_applied_is_refused_with_its_reason() {
    let steps = "steps = [{ flat = { amount = \"basic_pension\" } }]";
    let one = |from: &str, to: &str, code: Code| {
        assert_eq!(faults("flat_pension", from, to), [code], "{to}")
    };
    one("{ from = 2000-01-01, value = 65,", "{ from = 2026-01-01, value = 65,", Code::NotInForce);
    one(steps, "steps = []", Code::NoSteps);
    one(
        steps,
        "steps = [{ at_least = { minimum = { amount = \"basic_pension\" } } }]",
        Code::StepOrder,
    );
    one(steps, "steps = [{ flat = { amount = \"basic_pensoin\" } }]", Code::UnknownName);
    one(
        steps,
        "steps = [{ flat = { amount = \"basic_pension\", times = \"rate_rise\" } }]",
        Code::TwoWays,
    );
    one("event = \"age\", age = \"pensionable_age\",", "event = \"age\",", Code::NobodyCan);
    one(
        "credit_at_least = \"qualifying_credit\"",
        "credit_at_least = \"qualifying_credit\", credit_below = \"qualifying_credit\"",
        Code::NobodyCan,
    );
    one("\"qualifying_credit\" }", "\"qualifying_credit\", groups = [\"al\"] }", Code::UnknownName);
    one("by = \"wages\"", "by.amount = \"basic_pension\"", Code::Circular);
    one(
        "{ from = 2024-07-01, value = 1_000 }",
        "{ from = 2024-07-01, sex = \"female\", value = 1_000 }",
        Code::ForSomeOnly,
    );
    one("value = 0.03", "value = 3", Code::Percentage);
    one("month = 7, lag = 1", "month = 13, lag = 1", Code::OutOfBounds);
    one(
        "{ from = 2000-01-01, value = 800 },",
        "{ from = 2024-07-01, value = 800 },",
        Code::RowTwice,
    );
    one(
        "unit = \"years\"\nin_force = [{ from = 2000-01-01, value = 65",
        "unit = \"share\"\nin_force = [{ from = 2000-01-01, value = 65",
        Code::UnknownUnit,
    );
    let other = |from: &str, to: &str| faults("final_pay", from, to);
    assert_eq!(other("[[0, 0.0], [40, 0.8]]", "[[40, 0.8], [0, 0.0]]"), [Code::NotAScale]);
    assert_eq!(other("[[0, 0.0], [40, 0.8]]", "[[0, 0.0], [40, 80]]"), [Code::NotAScale]);
    assert_eq!(
        other(
            "{ reference_earnings = [\"last_five\"] },",
            "{ flat = { amount = \"supplement\" } },"
        ),
        Vec::<Code>::new(),
        "an accrual of a flat amount is a law"
    );
    assert_eq!(other("window.last", "groups = []\nwindow.last"), [Code::Incoherent]);
    assert_eq!(other("value = 60 }", "value = 60.4 }"), [Code::OutOfBounds]);
}

/// Codes of the faults of the flat pension with another amount, and tables after it.
fn faults_of(amount: &str, tables: &str) -> Vec<Code> {
    let steps = "steps = [{ flat = { amount = \"basic_pension\" } }]";
    faults("flat_pension", steps, &format!("steps = [{{ flat = {amount} }}]\n{tables}"))
}

#[test]
fn a_part_of_the_language_that_means_nothing_is_refused() {
    let one = |amount: &str, tables: &str, code: Code| {
        assert_eq!(faults_of(amount, tables), [code], "{amount} {tables}");
    };
    let measure = "[measures.long]\nsource = \"s\"\n";
    let long = "{ measure = \"long\" }";
    one("{}", "", Code::TwoWays);
    one("{ sum = [] }", "", Code::NoRows);
    one("{ difference = [{ constant = 1 }] }", "", Code::WrongType);
    one("{ constant = 1e300 }", "", Code::OutOfBounds);
    one("{ measure = \"credti\" }", "", Code::UnknownName);
    one("{ formula = \"f\" }", "", Code::UnknownName);
    one("{ divisor = \"f\" }", "", Code::UnknownName);
    one("{ brackets = \"f\", of = { constant = 1 } }", "", Code::UnknownName);
    one("{ brackets = \"f\" }", "", Code::TwoWays);
    one("{ scale = \"f\" }", "", Code::TwoWays);
    one("{ months_since = \"f\" }", "", Code::UnknownName);
    one(long, measure, Code::TwoWays);
    one(long, &format!("{measure}months = {{ kinds = [\"cear\"] }}"), Code::UnknownName);
    one(long, &format!("{measure}constant = 1\nstated = true"), Code::TwoWays);
    one("{ measure = \"age\" }", "[measures.age]\nsource = \"s\"\nconstant = 1", Code::BadName);
    let formula = "[formulas.f]\nsource = \"s\"\n";
    one("{ formula = \"f\" }", &format!("{formula}steps = []"), Code::NoSteps);
    one(
        "{ formula = \"f\" }",
        &format!("{formula}steps = [{{ formula = \"f\" }}]"),
        Code::Circular,
    );
    let series = "[series.i]\nsource = \"s\"\nunit = \"index\"\n";
    one("{ amount = \"i\" }", &format!("{series}values = {{ 2020 = 1.0 }}"), Code::UnknownUnit);
    one("{ constant = 1 }", &format!("{series}values = {{ 2020 = 0.0 }}"), Code::OutOfBounds);
    one(
        "{ constant = 1 }",
        &format!("{series}values = {{ 2020 = 1.0, 2022 = 2.0 }}"),
        Code::YearMissing,
    );
    let table = "[life_tables.l]\nsource = \"s\"\nunit = \"persons\"\n";
    one(
        "{ constant = 1 }",
        &format!("{table}values = {{ 65 = 1.0, 67 = 0.5 }}"),
        Code::RowsMissing,
    );
    one("{ constant = 1 }", &format!("{table}values = {{ x = 1.0 }}"), Code::NotAnAge);
    one("{ constant = 1 }", table, Code::TwoWays);
    one(
        "{ choose = { only_if = [{ measure = \"credit\" }], then = { constant = 1 }, otherwise = { constant = 2 } } }",
        "",
        Code::NoValues,
    );
    assert_eq!(faults_of("{ measure = \"credit\" }", ""), Vec::<Code>::new());
}
