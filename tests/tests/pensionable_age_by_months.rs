//! Dates inside the year: awards and payments of the valuation beside a walk month by month that knows nothing of it.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::Pensions;
use perennis_tests::CountryFolder;
use perennis_units::Sex;
use perennis_valuation::{Results, run};

const FIRST: i32 = 2024;
const YEARS: usize = 26;

const FILES: [(&str, &str); 5] = [
    (
        "valuation.toml",
        r#"
title = "t"
country = "c"
currency = "crown"
start = 2024-01-01
horizon = 26
[files]
population = "population.toml"
labour = "labour.toml"
economy = "economy.toml"
finance = "finance.toml"
schemes = { basic = "basic.toml" }
"#,
    ),
    (
        "population.toml",
        r#"
source = "made up"
base = { file = "base.csv", unit = "persons", date = 2024-01-01 }
mortality = { file = "mortality.csv", unit = "deaths per person-year" }
fertility = { file = "fertility.csv", unit = "births per woman-year" }
sex_ratio_at_birth = { value = 1.05, unit = "boys per girl" }
migration.total = { value = 0, unit = "persons" }
"#,
    ),
    (
        "labour.toml",
        r#"
source = "made up"
unit = "share"
participation.by_age = { file = "participation.csv", ages = "single" }
unemployment.all_ages = { value = 0 }
groups.formal = { informal = false, share.all_ages = { value = 1 } }
"#,
    ),
    (
        "economy.toml",
        r#"
source = "made up"
unit = "share a year"
gdp = { value = 5, unit = "million crown", year = 2024 }
productivity = { value = 0 }
prices = { value = 0.03 }
wages.real = { value = 0.01 }
interest = { value = 0.03 }
"#,
    ),
    (
        "finance.toml",
        r#"
source = "made up"
[accounts.basic_fund]
kept_as = "reserve"
when_exhausted = "state_pays"
opening_reserve = { value = 1000, unit = "million crown" }
"#,
    ),
];

/// The law of the scheme but for the age, the start of payment and how persons claim.
const LAW: &str = r#"
entry = { from_age = 20, to_age = 20 }
compliance = { value = 1, unit = "share", source = "made up" }
re_entry = { value = 0, unit = "share", source = "made up" }

[contributions.basic]
account = "basic_fund"
rates = { unit = "share", source = "s. 7", employers.in_force = [{ from = 2000-01-01, value = 0.05 }] }

[rules.early]
unit = "months"
source = "s. 2"
in_force = [{ from = 2000-01-01, value = 24 }]

[groups.formal]
employed = "formal"
count = "average"
coverage = { unit = "share", source = "made up", all_ages = { value = 1 } }
turnover = { unit = "probability", source = "made up", all_ages = { value = 0 } }
active.counted = { file = "members.csv", unit = "persons", source = "made up" }

[groups.formal.earnings]
source = "made up"
year = 2024
unit = "crown a month"
mean.all_ages = { value = 1000 }
spread = { value = 0, unit = "share" }
"#;

/// The last age at which persons are insured when the run begins.
const LAST_MEMBER: u32 = 59;

/// A row of the pensionable age: the month from which it is in force, that from which those are born to whom it applies, and
/// the age in months.
#[derive(Clone, Copy)]
struct Row(i32, Option<i32>, i32);

/// What differs between the cases.
struct Case {
    /// Rows of the pensionable age, months: in force from, born from, value.
    age: Vec<Row>,
    same_day: bool,
    /// Chances of claiming two years and one year before the age, where early claims are allowed.
    early: Option<[f64; 2]>,
    /// Deaths per person-year from 50 to 98.
    mortality: f64,
}

fn country(case: &Case, law: &str) -> Results {
    let folder = CountryFolder::new();
    FILES.iter().for_each(|(name, text)| folder.write(name, text));
    let day = |month: i32| format!("{}-{:02}-01", month.div_euclid(12), month.rem_euclid(12) + 1);
    let rows = case.age.iter().map(|Row(from, born, value)| {
        let born = born.map_or_else(String::new, |born| format!("born_from = {}, ", day(born)));
        format!("{{ from = {}, {born}value = {value} }}", day(*from))
    });
    let rows: Vec<String> = rows.collect();
    let mut text = format!(
        "{LAW}\n{law}\n[pensionable_age]\nunit = \"months\"\nsource = \"s. 2\"\nin_force = [{}]\n",
        rows.join(", ")
    );
    let start = if case.same_day { "same_day" } else { "next_month" };
    let early = if case.early.is_some() { "early_by = \"early\", " } else { "" };
    text = text.replace("START", &format!("{early}payment_start = \"{start}\""));
    if let Some([two, one]) = case.early {
        text.push_str(&format!(
            "[claiming]\nfirst = -2\nprobability = {{ unit = \"probability\", source = \"made up\", \
             male = [{two}, {one}, 1], female = [{two}, {one}, 1] }}\n"
        ));
    }
    folder.write("basic.toml", &text);
    let rows = |ages: std::ops::RangeInclusive<u32>, row: &dyn Fn(u32) -> String| {
        let both =
            ages.flat_map(|age| ["male", "female"].map(|sex| format!("{sex},{age},{}", row(age))));
        both.collect::<Vec<_>>().into_iter()
    };
    let rate = |age: u32| match age {
        0..50 => 0.0,
        50..99 => case.mortality,
        _ => 0.5,
    };
    folder.write_rows("base.csv", "sex,age,population", rows(0..=100, &|_| "1200".to_owned()));
    folder.write_rows("mortality.csv", "sex,age,rate", rows(0..=100, &|a| rate(a).to_string()));
    folder.write("fertility.csv", "age,rate\n25,0.5\n26,0.5\n27,0.5\n");
    let share = |age: u32| String::from(if (20..70).contains(&age) { "1" } else { "0" });
    folder.write_rows("participation.csv", "sex,age,share", rows(0..=100, &share));
    let members = rows(20..=LAST_MEMBER, &|a| format!("{},1200", 12 * (a - 20) + 6));
    folder.write_rows("members.csv", "sex,age,credit_months,persons", members);
    run(&folder.load().model).unwrap()
}

const FLAT: &str = r#"
[rules.flat]
unit = "crown a year"
source = "s. 3"
in_force = [{ from = 2000-01-01, value = 100 }]
[benefits.pension]
kind = "pension"
account = "basic_fund"
condition = { event = "age", age = "pensionable_age", START }
steps = [{ flat = { rule = "flat" } }]
"#;

/// The month of a year, from 1 to 12, counted from the start of year 0.
const fn month(year: i32, month: i32) -> i32 {
    12 * year + month - 1
}

/// In force long before the run.
const ALWAYS: i32 = month(2000, 1);

impl Case {
    /// The age in months that the law of a month asks of one born in a month.
    fn asked(&self, month: i32, born: i32) -> i32 {
        let applies = self.age.iter().filter(|Row(from, cohort, _)| {
            *from <= month && cohort.is_none_or(|cohort| cohort <= born)
        });
        applies.max_by_key(|Row(from, cohort, _)| (*from, *cohort)).unwrap().2
    }

    /// First payments of those born in a month, and the share who claim then.
    fn claims(&self, born: i32) -> Vec<(f64, f64)> {
        let middle = if self.same_day { 0.5 } else { 1.0 };
        let chances = self.early.map_or([0.0, 0.0, 1.0], |[two, one]| [two, one, 1.0]);
        let mut waiting = 1.0;
        let mut claims = Vec::new();
        for (distance, chance) in [-24, -12, 0].into_iter().zip(chances) {
            let first = f64::from(self.reached(born) + distance) + middle;
            claims.push((first, waiting * chance));
            waiting *= 1.0 - chance;
        }
        claims
    }

    /// The first month in which one born in a month has the age; the pension begins in it or in the next.
    fn reached(&self, born: i32) -> i32 {
        (born + 12 * 58..).find(|month| self.asked(*month, born) <= month - born).unwrap()
    }
}

/// Awards of each year and the person-years in payment of all years.
#[derive(Clone, Copy, Default)]
struct Year {
    awards: f64,
    new: f64,
    all: f64,
}

/// Walks every month of birth from its first claim on. As many were born in each month; those born later are so much younger and
/// more of them live. A cohort shrinks at an even rate in a year. Of those insured at the start, fewer are left of the months that had a chance before.
fn walk(case: &Case, results: &Results) -> Vec<Year> {
    let persons = &results.population.persons;
    let mut years = vec![Year::default(); YEARS];
    for sex in Sex::ALL {
        for birth_year in FIRST - i32::try_from(LAST_MEMBER).unwrap() - 1..FIRST + 10 {
            let claims: Vec<_> =
                (12 * birth_year..12 * birth_year + 12).map(|born| case.claims(born)).collect();
            let start = f64::from(12 * FIRST);
            let before = |claims: &Vec<(f64, f64)>| -> f64 {
                claims.iter().filter(|claim| claim.0 < start).map(|claim| claim.1).sum()
            };
            let left: f64 = claims.iter().map(|claims| 1.0 - before(claims)).sum();
            for (born, claims) in claims.iter().enumerate() {
                for (first, share) in claims.iter().filter(|claim| start <= claim.0) {
                    let claim = (born, *first, share * 12.0 / left);
                    pay(&mut years, (sex, birth_year), persons, claim);
                }
            }
        }
    }
    years
}

fn pay(
    years: &mut [Year],
    (sex, birth_year): (Sex, i32),
    persons: &perennis_cohort::YearGrid,
    (born, first, share): (usize, f64, f64),
) {
    for (at, year) in years.iter_mut().enumerate() {
        let start = f64::from(12 * (FIRST + i32::try_from(at).unwrap()));
        let age = usize::try_from(FIRST + i32::try_from(at).unwrap() - birth_year - 1);
        let Ok(age) = age else { continue };
        if start + 12.0 <= first || 99 <= age {
            continue;
        }
        let survival = persons.get(at + 1, sex, age + 1) / persons.get(at, sex, age);
        let younger = |born: usize| survival.powf((11 - born) as f64 / 12.0);
        let of_month = younger(born) / (0..12).map(younger).sum::<f64>();
        let there = share * persons.get(at, sex, age) * of_month;
        let from = ((first - start) / 12.0).max(0.0);
        // An even rate of decrease over the part of the year in payment, by steps of a month.
        let alive = |t: f64| survival.powf(t);
        let steps = 24;
        let width = (1.0 - from) / f64::from(steps);
        let time: f64 =
            (0..steps).map(|k| alive(from + (f64::from(k) + 0.5) * width) * width).sum();
        year.all += there * time;
        if start <= first {
            year.awards += there * alive(from);
            year.new += there * time;
        }
    }
}

fn rising(step: i32) -> Vec<Row> {
    let mut rows = vec![Row(ALWAYS, None, 720)];
    rows.extend((1..=60 / step).map(|n| Row(month(2024 + n, 1), None, 720 + step * n)));
    rows
}

fn pension(pensions: &Pensions) -> &perennis_pensions::Beneficiaries {
    &pensions.beneficiaries[0]
}

/// Holds the valuation against the walk in every year.
fn agrees(case: &Case, what: &str) {
    let results = country(case, FLAT);
    let expected = walk(case, &results);
    let table = pension(results.pensions.as_ref().unwrap());
    for (at, wanted) in expected.iter().enumerate() {
        let year = FIRST + i32::try_from(at).unwrap();
        let awards = table.new_awards.total(at);
        // Deaths fall at an even rate here and evenly in number there.
        let allowed = 0.001 * wanted.awards.max(100.0);
        assert!(
            (awards - wanted.awards).abs() <= allowed,
            "{what} {year}: {awards} {}",
            wanted.awards
        );
        let all = table.beneficiaries.total(at);
        // In the year of the award those are paid who live to its end: half of the deaths of a year less, and deaths are two in
        // a hundred.
        let allowed = 0.001 * wanted.all + 0.01 * wanted.new + 1e-6;
        assert!((all - wanted.all).abs() <= allowed, "{what} {year}: {all} {}", wanted.all);
        if 0.0 < wanted.awards {
            let new = all - (wanted.all - wanted.new);
            let factor = new / awards;
            let exact = wanted.new / wanted.awards;
            assert!((factor - exact).abs() < 0.01, "{what} {year}: {factor} {exact}");
        }
    }
}

#[test]
fn awards_and_part_years_are_those_of_a_walk_by_months() {
    for mortality in [0.0, 0.02] {
        for same_day in [false, true] {
            let case = |age, early| Case { age, same_day, early, mortality };
            agrees(&case(rising(3), None), "three months a year");
            agrees(&case(rising(6), None), "six months a year");
            agrees(&case(rising(3), Some([0.2, 0.4])), "early claims");
            let cohorts = (0..20).map(|n| Row(ALWAYS, Some(month(1965, 1) + 3 * n), 723 + 3 * n));
            let first = std::iter::once(Row(ALWAYS, None, 720));
            agrees(&case(first.chain(cohorts).collect(), None), "by quarter of birth");
            let up = vec![
                Row(ALWAYS, None, 720),
                Row(month(2026, 7), None, 726),
                Row(month(2028, 10), None, 744),
            ];
            agrees(&case(up, None), "law of July and October");
            let down = vec![Row(ALWAYS, None, 732), Row(month(2027, 5), None, 720)];
            agrees(&case(down, None), "an age that falls in May");
        }
    }
}

/// A pension of 100 that rises by a tenth on 1 July 2026, for new awards and those in payment alike.
const RISING_IN_JULY: &str = r#"
[amounts.basic]
unit = "crown a year"
source = "s. 3"
in_force = [{ from = 2000-01-01, value = 100 }, { from = 2026-07-01, value = 110 }]
after = { by = "prices", month = 7, lag = 1 }
[indexation.as_the_amount]
source = "s. 4"
after = { by.amount = "basic", month = 7, lag = 0 }
[benefits.pension]
kind = "pension"
account = "basic_fund"
indexation = "as_the_amount"
condition = { event = "age", age = "pensionable_age", START }
steps = [{ flat = { amount = "basic" } }]
"#;

#[test]
fn an_amount_that_rises_in_july_is_that_of_the_day_for_awards_and_pensions_alike() {
    for same_day in [false, true] {
        let case = Case { age: rising(3), same_day, early: None, mortality: 0.0 };
        let results = country(&case, RISING_IN_JULY);
        let table = pension(results.pensions.as_ref().unwrap());
        // The amount of each month; after 2026 by prices of the year before, three in a hundred.
        let amount = |month: i32| -> f64 {
            let julys = (month + 6).div_euclid(12) - 2026;
            if julys < 1 { 100.0 } else { 110.0 * 1.03_f64.powi(julys - 1) }
        };
        for at in 0..YEARS {
            let start = 12 * (FIRST + i32::try_from(at).unwrap());
            let (mut awarded, mut paid) = (0.0, 0.0);
            for sex_and_born in (0..2).flat_map(|_| 12 * 1964..12 * 2034) {
                let (first, share) = case.claims(sex_and_born)[2];
                let persons = 1200.0 / 12.0 * share;
                for month in start..start + 12 {
                    let part = (f64::from(month + 1) - first).clamp(0.0, 1.0);
                    paid += persons * part * amount(month) / 12.0;
                    if (0.0..1.0).contains(&(first - f64::from(month))) {
                        awarded += persons * amount(month);
                    }
                }
            }
            let close = |found: f64, wanted: f64| (found - wanted).abs() <= 1e-9 * wanted.max(1.0);
            let found = (table.new_award_amount.total(at), table.amount.total(at));
            assert!(close(found.0, awarded), "{at} awarded {} {awarded}", found.0);
            assert!(close(found.1, paid), "{at} paid {} {paid}", found.1);
        }
    }
}
