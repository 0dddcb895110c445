use perennis_generations::{Mortality, RateRow, RateTable, Who};
use perennis_scheme::LifeTable;
use perennis_units::Sex;

use super::rates::rates;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::liabilities as raw;

/// The age past which a law of mortality is not followed.
const OLDEST: i32 = 130;

/// Reads a table of mortality.
pub(super) fn mortality(
    name: &str,
    raw: &raw::MortalityTable,
    at: &At<'_>,
    first_year: i32,
) -> Option<Mortality> {
    let probability = match (&raw.probability, &raw.survivors, raw.makeham) {
        (Some(file), None, None) => rates(file, &at.key("probability"), &Kind::PROBABILITY),
        (None, Some(file), None) => {
            let place = at.key("survivors");
            let table = rates(file, &place, &Kind::SURVIVORS)?;
            from_survivors(&table, &place)
        }
        (None, None, Some(law)) => makeham(law, &at.key("makeham")),
        (None, None, None) => {
            let remedy = "give one of probability, survivors and makeham";
            at.fault(Code::NoValues, format!("`{}` has no values", at.path()), remedy);
            None
        }
        _ => {
            let reason = format!("`{}` is given in more than one way", at.path());
            at.fault(Code::TwoWays, reason, "keep one of probability, survivors and makeham");
            None
        }
    };
    let improvement = match &raw.improvement {
        None => Some(None),
        Some(file) => rates(file, &at.key("improvement"), &Kind::GROWTH).map(Some),
    };
    Some(Mortality {
        name: name.to_owned(),
        probability: probability?,
        base_year: raw.year.unwrap_or(first_year),
        improvement: improvement?,
    })
}

fn row(sex: Option<Sex>, age: i32, value: f64) -> RateRow {
    let all = (i32::MIN, i32::MAX);
    RateRow { group: None, sex, ages: (age, age), service: all, years: all, value }
}

/// Turns survivors into probabilities of dying; all who reach the last age die within its year.
fn from_survivors(table: &RateTable, at: &At<'_>) -> Option<RateTable> {
    let mut rows = Vec::new();
    for sex in Sex::ALL {
        let of = |age: i32| {
            let who = Who { group: "", sex, age, service: 0, year: 0 };
            table.at(&who).map(|survivors| (age, survivors))
        };
        let column: Vec<(i32, f64)> = (0..=200).filter_map(of).collect();
        for pair in column.windows(2) {
            let [(age, now), (next, left)] = pair else { continue };
            if *next != age + 1 || now < left {
                let reason = format!("{left} survivors at age {next} follow {now} at age {age}");
                let remedy = "give single ages without a gap, and no more survivors than before";
                at.fault(Code::NotALifeTable, reason, remedy);
                return None;
            }
            let q_x = if 0.0 < *now { 1.0 - left / now } else { 1.0 };
            rows.push(row(Some(sex), *age, q_x));
        }
        rows.extend(column.last().map(|(age, _)| row(Some(sex), *age, 1.0)));
    }
    Some(RateTable::new(rows))
}

/// # Formula
///
/// `q_x = 1 - exp(-a - b c^x (c - 1)/ln c)`.
fn makeham(law: raw::Makeham, at: &At<'_>) -> Option<RateTable> {
    let raw::Makeham { a, b, c } = law;
    at.citation()?;
    if !(0.0..=1.0).contains(&a) || !(0.0..=1.0).contains(&b) || !(1.0..=2.0).contains(&c) {
        let reason = format!("a = {a}, b = {b}, c = {c} make no force of mortality");
        at.fault(Code::OutOfBounds, reason, "a and b lie between 0 and 1, c between 1 and 2");
        return None;
    }
    let log = c.ln();
    let step = if log < 1e-12 { 1.0 } else { (c - 1.0) / log };
    let of = |age: i32| 1.0 - (-a - b * c.powf(f64::from(age)) * step).exp();
    Some(RateTable::new((0..=OLDEST).map(|age| row(None, age, of(age))).collect()))
}

/// Returns the survivors of a table in its own year, from the first age that it has.
pub(super) fn life_table(mortality: &Mortality, sex: Sex, at: &At<'_>) -> Option<LifeTable> {
    let year = mortality.base_year;
    let q_x = |age: i32| mortality.probability.at(&Who { group: "", sex, age, service: 0, year });
    let first = (0..=200).find(|age| q_x(*age).is_some())?;
    let mut survivors = vec![1.0];
    for q_x in (first..=200).map_while(q_x) {
        let now = survivors[survivors.len() - 1];
        survivors.push((now * (1.0 - q_x)).max(0.0));
    }
    // Of those who reach the end of a table that leaves somebody alive nothing is known: they die there.
    let table = LifeTable::new(usize::try_from(first).ok()?, survivors);
    match table {
        Ok(table) => Some(table),
        Err(error) => {
            let remedy = "give probabilities of dying from 0 to 1";
            at.fault(Code::NotALifeTable, error.to_string(), remedy);
            None
        }
    }
}
