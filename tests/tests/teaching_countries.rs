//! The fictional countries that ship: a closed scheme of public servants, and a young scheme whose coverage doubles.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use perennis_assumptions::{Overlays, load};
use perennis_pensions::{Beneficiaries, Pensions};
use perennis_valuation::{Results, run};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions").join(name)
}

fn value(name: &str) -> Results {
    let file = folder(name).join("valuation.toml");
    let loaded = load(&file, &Overlays::default()).unwrap_or_else(|r| panic!("{:?}", r.faults));
    run(&loaded.model).unwrap()
}

fn benefit<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

/// Rows of a table: the words before the last column are the key of its number.
fn table(file: &str) -> BTreeMap<Vec<String>, f64> {
    let mut rows = csv::Reader::from_path(folder("public-service").join(file)).unwrap();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let mut words: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        let number = words.pop().unwrap().parse().unwrap();
        (words, number)
    };
    rows.records().map(row).collect()
}

fn number(word: &str) -> f64 {
    word.parse().unwrap()
}

/// What the files of the closed scheme say, as its README does.
struct Closed {
    pay: BTreeMap<Vec<String>, f64>,
    life: BTreeMap<Vec<String>, f64>,
}

const YEARS: usize = 100;
const AGE: f64 = 60.0;
const END: usize = 110;
const PRICES: f64 = 0.02;
const INTEREST: f64 = 0.045;
/// Half months, so that nobody has a birthday in the middle of one.
const STEPS: usize = 24;

/// Present values at the start.
#[derive(Clone, Copy, Debug, Default)]
struct Worth {
    earnings: f64,
    pensions: f64,
}

impl Closed {
    fn read() -> Self {
        Self { pay: table("pay.csv"), life: table("life.csv") }
    }

    /// The wage of an age, crowns a month, at a time in years from the start: the level is that of the calendar year.
    fn wage(&self, age: usize, time: f64) -> f64 {
        let growth: f64 = (1.0 + PRICES) * 1.015;
        self.pay[&vec![age.to_string()]] * growth.powf(time.floor())
    }

    /// The share of those alive at an exact age who die in the next half month.
    fn dies(&self, sex: &str, age: f64, time: f64) -> f64 {
        let whole = age.floor();
        let q = self.life[&vec![sex.to_owned(), format!("{whole}")]];
        let q = if q < 1.0 { q * 0.99_f64.powf(time.floor()) } else { q };
        q / STEPS as f64 / (1.0 - (age - whole) * q)
    }

    /// Follows persons of an age: members with so many months of credit, or pensioners with an amount a year.
    fn follow(&self, sex: &str, start: f64, of: (f64, Option<f64>, f64), worth: &mut Worth) {
        let (mut persons, mut pension, credit) = of;
        for step in 0..STEPS * YEARS {
            let from = step as f64 / STEPS as f64;
            let (time, age) = (from + 0.5 / STEPS as f64, start + from);
            if END as f64 <= age {
                break;
            }
            let alive = persons * (1.0 - 0.5 * self.dies(sex, age, from));
            let paid = alive / STEPS as f64 * (1.0 + INTEREST).powf(-time);
            if let Some(amount) = &mut pension {
                if step % STEPS == 0 {
                    *amount *= 1.0 + PRICES;
                }
                worth.pensions += paid * *amount;
            } else if age + 1e-9 < AGE {
                worth.earnings += 12.0 * paid * self.wage(age.floor() as usize, time);
            } else {
                // The mean of the last 36 months; those of the year before the start had the wages of its first year.
                let at = |back: usize| {
                    let ago = (back as f64 + 0.5) / 12.0;
                    self.wage((AGE - ago).floor() as usize, from - ago)
                };
                let mean = (0..36).map(at).sum::<f64>() / 36.0;
                let amount = 0.02 * (credit / 12.0 + AGE - start) * 12.0 * mean;
                worth.pensions += paid * amount;
                pension = Some(amount);
            }
            persons *= 1.0 - self.dies(sex, age, from);
        }
    }
}

fn expected() -> Worth {
    let (closed, mut worth) = (Closed::read(), Worth::default());
    let months = (0..12).map(|month| (f64::from(month) + 0.5) / 12.0);
    for (month, (words, persons)) in months
        .clone()
        .flat_map(|month| table("members.csv").into_iter().map(move |row| (month, row)))
    {
        let (age, credit) = (number(&words[1]), number(&words[2]));
        closed.follow(&words[0], age + month, (persons / 12.0, None, credit), &mut worth);
    }
    for (month, (words, amount)) in
        months.flat_map(|month| table("pensioners.csv").into_iter().map(move |row| (month, row)))
    {
        let (age, persons) = (number(&words[1]), number(&words[2]));
        closed.follow(&words[0], age + month, (persons / 12.0, Some(amount), 0.0), &mut worth);
    }
    worth
}

#[test]
fn the_closed_scheme_costs_what_its_members_cost_and_comes_to_nothing() {
    let pensions = value("public-service").pensions.unwrap();
    let old_age = &benefit(&pensions, "old_age").amount;
    let worth = |flow: &dyn Fn(usize) -> f64| {
        (0..YEARS).map(|at| flow(at) * (1.0 + INTEREST).powf(-(at as f64) - 0.5)).sum::<f64>()
    };
    let wanted = expected();
    let earnings = worth(&|at| pensions.contributors[0].insured_earnings.total(at));
    let paid = worth(&|at| old_age.total(at));
    // Flows of a year are discounted from its middle.
    assert!((earnings / wanted.earnings - 1.0).abs() < 0.003, "{earnings} {wanted:?}");
    assert!((paid / wanted.pensions - 1.0).abs() < 0.003, "{paid} {wanted:?}");
    assert!(pensions.beneficiaries.iter().all(|table| 0.0 < table.amount.total(5)));
    assert!(old_age.year(YEARS - 1).iter().all(|paid| *paid == 0.0));
    // The ages of spouses differ normally, without an end: a few are young enough to outlive the horizon, less than a part in a
    // million of the largest year.
    let peak =
        |table: &Beneficiaries| (0..YEARS).map(|at| table.amount.total(at)).fold(0.0, f64::max);
    let last = |table: &Beneficiaries| table.amount.total(YEARS - 1) < 1e-6 * peak(table);
    assert!(pensions.beneficiaries.iter().all(last));
    // The youngest member is 30 at the start.
    assert!((31..YEARS).all(|at| pensions.insured[0].active.total(at) == 0.0));
}

#[test]
fn service_at_award_of_the_young_scheme_rises_for_decades_and_its_coverage_doubles() {
    let results = value("young-scheme");
    let pensions = results.pensions.unwrap();
    let old_age = benefit(&pensions, "old_age");
    let growth: f64 = (1.0 + PRICES) * 1.015;
    let mean = |at: usize| {
        let awards = old_age.new_awards.total(at);
        (0.0 < awards).then(|| old_age.new_award_amount.total(at) / awards / growth.powf(at as f64))
    };
    // The insured of the start have at most eleven and a half years.
    assert!((0..3).all(|at| mean(at).is_none()));
    // The mean of five years about a year: single years carry the steps of the table of members.
    let about = |at: usize| (at - 2..=at + 2).filter_map(mean).sum::<f64>() / 5.0;
    let [early, later, mature] = [8, 25, 55].map(about);
    assert!(1.2 * early < later && 1.05 * later < mature, "{early} {later} {mature}");
    let insured = |at: usize| pensions.contributors[0].contributors.total(at);
    let employed = &results.labour.as_ref().unwrap().employed[0].persons;
    let covered = |at: usize| 2.0 * insured(at) / (employed.total(at) + employed.total(at + 1));
    // From 60 on nobody is covered, and their share of employment changes a little.
    let doubled = covered(15) / covered(4);
    assert!((1.9..2.1).contains(&doubled), "{doubled}");
}
