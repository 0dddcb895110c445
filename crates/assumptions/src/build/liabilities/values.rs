use perennis_generations::{Annuity, LifeFunction, LifeRequest, LifeStatus, Mortality, Within};
use perennis_scheme::LifeTable;
use perennis_units::Sex;

use super::tables::life_table;
use super::{named, timing};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::liabilities as raw;

/// Reads a value of lives that is asked for.
pub(super) fn request(
    name: &str,
    raw: &raw::LifeValue,
    at: &At<'_>,
    (tables, interest): (&[Mortality], f64),
) -> Option<LifeRequest> {
    let life = |table: &String, sex: Option<raw::PersonSex>, age: i32, at: &At<'_>| {
        one_life(tables, (table, sex, age), at)
    };
    let own = life(&raw.mortality, raw.sex, raw.age, at);
    let other = match &raw.other {
        None => Some(None),
        Some(other) => {
            let status = match other.status {
                raw::LifeStatus::Joint => LifeStatus::Joint,
                raw::LifeStatus::Last => LifeStatus::Last,
                raw::LifeStatus::AfterOther => LifeStatus::AfterOther,
            };
            life(&other.mortality, other.sex, other.age, &at.key("other"))
                .map(|life| Some((life, status)))
        }
    };
    let interest = match &raw.interest {
        None => Some(interest),
        Some(quantity) => quantity.read(&at.key("interest"), &Kind::GROWTH),
    };
    let times_a_year = count(raw.times_a_year, (1, 365), &at.key("times_a_year"))?;
    let moment = count(raw.moment, (1, 10), &at.key("moment"))?;
    let annuity = Annuity {
        deferred: usize::from(raw.deferred.unwrap_or(0)),
        years: raw.years.map(usize::from),
        paid: timing(raw.paid),
        times_a_year,
        within: match raw.within {
            Some(raw::Within::TwoTerms) => Within::TwoTerms,
            None | Some(raw::Within::StraightLines) => Within::StraightLines,
        },
    };
    let name = name.to_owned();
    let function = function(raw.of);
    Some(LifeRequest {
        name,
        function,
        life: own?,
        other: other?,
        annuity,
        interest: interest?,
        moment,
    })
}

const fn function(raw: raw::LifeFunction) -> LifeFunction {
    match raw {
        raw::LifeFunction::Annuity => LifeFunction::Annuity,
        raw::LifeFunction::Insurance => LifeFunction::Insurance,
        raw::LifeFunction::Endowment => LifeFunction::Endowment,
        raw::LifeFunction::EndowmentInsurance => LifeFunction::EndowmentInsurance,
        raw::LifeFunction::Survivors => LifeFunction::Survivors,
        raw::LifeFunction::Discounted => LifeFunction::Discounted,
        raw::LifeFunction::DiscountedSum => LifeFunction::DiscountedSum,
        raw::LifeFunction::Deaths => LifeFunction::Deaths,
        raw::LifeFunction::DeathsSum => LifeFunction::DeathsSum,
    }
}

/// Reads a count within bounds; 1 when absent.
pub(super) fn count(raw: Option<u16>, (low, high): (u16, u16), at: &At<'_>) -> Option<u16> {
    let value = raw.unwrap_or(low);
    if (low..=high).contains(&value) {
        return Some(value);
    }
    let reason = format!("{value} is outside {low} to {high}");
    at.fault(Code::OutOfBounds, reason, format!("give a whole number from {low} to {high}"));
    None
}

fn one_life(
    tables: &[Mortality],
    (table, sex, age): (&str, Option<raw::PersonSex>, i32),
    at: &At<'_>,
) -> Option<(LifeTable, usize)> {
    let position = named(tables, table, &at.key("mortality"))?;
    let sex = match sex {
        None | Some(raw::PersonSex::Male) => Sex::Male,
        Some(raw::PersonSex::Female) => Sex::Female,
    };
    let life = life_table(&tables[position], sex, at)?;
    let place = at.key("age");
    let known = usize::try_from(age)
        .ok()
        .filter(|age| life.survivors(*age).is_some_and(|survivors| 0.0 < survivors));
    if known.is_none() {
        let reason = format!("the table `{table}` has nobody aged {age}");
        let remedy = format!("it runs from age {} to {}", life.first_age(), life.last_age());
        place.fault(Code::LifeNotGiven, reason, remedy);
    }
    known.map(|age| (life, age))
}
