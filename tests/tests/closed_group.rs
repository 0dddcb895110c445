//! A closed group of public servants run until nobody is left: present values against each month of birth, and the end.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fmt::Write;

use perennis_tests::{SmallCountry, contribution, final_salary};
use perennis_valuation::Results;

const WAGE_GROWTH: f64 = 0.03;
const PRICES: f64 = 0.02;
const INTEREST: f64 = 0.045;
const ENTRY: usize = 25;
const AGE: usize = 60;
/// Nobody reaches this age.
const END: usize = 115;
const YEARS: usize = 92;

/// Probability of dying between two birthdays.
fn q(age: usize) -> f64 {
    if END <= age + 1 { 1.0 } else { (0.0004 * 1.1_f64.powf(age as f64 - 30.0)).min(0.9) }
}

/// Pay at an age, crowns a month in 2024.
fn pay(age: usize) -> f64 {
    1_000.0 * 1.02_f64.powf(age as f64 - 25.0)
}

/// Members of each sex at an age at the start, and pensioners with a pension of 600 crowns a month.
const MEMBERS: f64 = 100.0;
const PENSIONERS: f64 = 40.0;

fn country() -> SmallCountry {
    let mut table = "age,qx\n".to_owned();
    for age in 20..END {
        let _ = writeln!(table, "{age},{:?}", q(age));
    }
    // Two per cent of the pay of the last year for each year of service; pensions follow prices each January.
    let law = final_salary(60, 0.02, "hold");
    let head = SmallCountry::HEAD;
    let people = r#"
[mortality.insured]
source = "made up"
table = { file = "life.csv", unit = "probability" }

[mortality.pensioners.old_age]
source = "made up"
table = { file = "life.csv", unit = "probability" }

[pensioners.old_age]
counted = { file = "pensioners.csv", units = { persons = "persons", amount = "crown a year" }, source = "made up" }

[groups.staff]
count = "average"
closed = true
turnover = { unit = "probability", source = "made up", all_ages = { value = 0 } }
active.counted = { file = "members.csv", unit = "persons", source = "made up" }

[groups.staff.earnings]
source = "made up"
year = 2024
unit = "crown a month"
mean.by_age = { file = "pay.csv", ages = "single" }
spread = { value = 0, unit = "share" }
"#;
    let scheme = format!("{head}\n{law}\n{}\n{people}", contribution("fund", 0.1));
    SmallCountry::new()
        .years(YEARS)
        .fund("fund")
        .economy(PRICES, WAGE_GROWTH, INTEREST)
        .file("life.csv", &table)
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("pay.csv", "earnings", ENTRY..AGE, |_, age| format!("{:?}", pay(age)))
        .by_age("members.csv", "credit_months,persons", ENTRY..AGE, |_, age| {
            format!("{},{MEMBERS:?}", 12 * (age - ENTRY) + 6)
        })
        .by_age("pensioners.csv", "persons,amount", AGE..95, |_, _| format!("{PENSIONERS:?},7200"))
}

/// Present values at the start of what a group earns and is paid.
#[derive(Clone, Copy, Debug, Default)]
struct Worth {
    earnings: f64,
    pensions: f64,
    awards: f64,
}

/// Half months, so that nobody has a birthday in the middle of one.
const STEPS: usize = 24;

/// Follows those born in the middle of a month: `start` is their age. Deaths fall evenly between birthdays.
fn follow(start: f64, persons: f64, in_payment: Option<f64>, worth: &mut Worth) {
    let alive = |age: f64| {
        let whole = age.floor() as usize;
        let reached: f64 = (20..whole).map(|age| 1.0 - q(age)).product();
        reached * (1.0 - (age - whole as f64) * q(whole))
    };
    let mut pension = in_payment;
    for step in 0..STEPS * YEARS {
        let time = (step as f64 + 0.5) / STEPS as f64;
        let age = start + time;
        if END as f64 <= age {
            break;
        }
        let width = 12.0 / STEPS as f64;
        let months = width * persons * alive(age) / alive(start) * (1.0 + INTEREST).powf(-time);
        // The level of wages is that of the calendar year, also before the first.
        let wage = |at: f64, age: usize| pay(age) * (1.0 + WAGE_GROWTH).powf(at.floor());
        if let Some(amount) = &mut pension {
            if step % STEPS == 0 {
                *amount *= 1.0 + PRICES;
            }
            worth.pensions += months * *amount;
        } else if age < AGE as f64 {
            worth.earnings += months * wage(time, age.floor() as usize);
        } else {
            // The pay of the last twelve months, all at 59.
            let birthday = AGE as f64 - start;
            let at = |back: i32| wage(birthday - (f64::from(back) + 0.5) / 120.0, AGE - 1);
            let amount = 0.02 * (AGE - ENTRY) as f64 * (0..120).map(at).sum::<f64>() / 120.0;
            worth.awards += persons * alive(AGE as f64) / alive(start);
            worth.pensions += months * amount;
            pension = Some(amount);
        }
    }
}

fn expected() -> Worth {
    let mut worth = Worth::default();
    let born = |age: usize, month: usize| age as f64 + (month as f64 + 0.5) / 12.0;
    for (age, month) in (ENTRY..AGE).flat_map(|age| (0..12).map(move |month| (age, month))) {
        follow(born(age, month), 2.0 * MEMBERS / 12.0, None, &mut worth);
    }
    for (age, month) in (AGE..95).flat_map(|age| (0..12).map(move |month| (age, month))) {
        follow(born(age, month), 2.0 * PENSIONERS / 12.0, Some(600.0), &mut worth);
    }
    worth
}

fn worth(results: &Results) -> Worth {
    let pensions = results.pensions.as_ref().unwrap();
    let value = |flow: &dyn Fn(usize) -> f64| {
        (0..YEARS).map(|at| flow(at) * (1.0 + INTEREST).powf(-(at as f64) - 0.5)).sum::<f64>()
    };
    let table = &pensions.beneficiaries[0];
    Worth {
        earnings: value(&|at| pensions.contributors[0].insured_earnings.total(at)),
        pensions: value(&|at| table.amount.total(at)),
        awards: (0..YEARS).map(|at| table.new_awards.total(at)).sum(),
    }
}

#[test]
fn a_closed_group_costs_what_its_members_cost_and_comes_to_nothing() {
    let results = country().value();
    let (found, wanted) = (worth(&results), expected());
    for (what, found, wanted) in [
        ("earnings", found.earnings, wanted.earnings),
        ("pensions", found.pensions, wanted.pensions),
        ("awards", found.awards, wanted.awards),
    ] {
        // Flows of a year are discounted from its middle.
        assert!((found / wanted - 1.0).abs() < 0.003, "{what}: {found} {wanted}");
    }
    let pensions = results.pensions.unwrap();
    let (paid, awards) = (&pensions.beneficiaries[0].amount, &pensions.beneficiaries[0].new_awards);
    // The youngest, 25 at the start, die at 114 at the latest, in the ninetieth year.
    assert!(0.0 < paid.total(89) && paid.year(90).iter().chain(&paid.year(91)).all(|v| *v == 0.0));
    assert!((36..YEARS).all(|at| awards.total(at) == 0.0));
    let active = &pensions.insured[0].active;
    assert!((36..YEARS).all(|at| active.total(at) == 0.0));
}
