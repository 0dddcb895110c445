//! The raw form of a person file to a person and what the law reads beside.

mod claim;
mod family;
mod indices;
mod limits;
mod months;
mod prospects;
mod record;
mod stated;

pub(crate) use indices::indices;
pub(crate) use limits::limits;
pub use stated::StatedNumber;

use perennis_scheme::{LegalIndices, Outlook, Person};
use perennis_units::{Date, Sex};

use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::Day;
use crate::read::person as raw;

/// Years for which amounts are followed when the file says nothing.
const HORIZON: i64 = 30;

/// A person and what the law reads from outside itself.
pub(crate) struct Built {
    /// The person.
    pub(crate) person: Person,
    /// Prices and wages.
    pub(crate) indices: LegalIndices,
    /// The insured wage and indicators.
    pub(crate) outlook: Outlook,
    /// What is stated, as it is written.
    pub(crate) stated: Vec<StatedNumber>,
}

/// Builds a person; `at` stands at the root of the file.
pub(crate) fn person(raw: &raw::Person, at: &At<'_>) -> Option<Built> {
    let before = at.reading().count();
    let who = at.key("person");
    let born = raw.who.born.read(&who.key("born"));
    let first_year = born.map_or(1850, |born| i32::from(born.year()));
    let indices = indices::indices(raw.indices.as_ref(), &at.key("indices"), first_year);
    let indicators = indices::indicators(raw.indicators.as_ref(), &at.key("indicators"));
    let entered = day(raw.who.entered, &who.key("entered"));
    let dies = day(raw.who.dies, &who.key("dies"));
    let claim = claim::claim(&raw.claim, &at.key("claim"));
    let record = record::record(raw.record.as_ref(), &at.key("record"), indices.as_ref());
    let sex = sex(raw.who.sex);
    let family = family::family(raw.family.as_ref(), &at.key("family"), sex);
    let means = family::means(raw.means.as_ref(), &at.key("means"));
    let stated = stated::stated(raw.stated.as_ref(), &at.key("stated"));
    let as_written = stated::as_written(raw.stated.as_ref(), &at.key("stated"));
    let prospects =
        raw.prospects.as_ref().map(|raw| prospects::prospects(raw, &at.key("prospects")));
    let horizon = horizon(raw.horizon, &at.key("horizon"));
    let (indices, indicators) = (indices?, indicators?);
    let person = Person {
        born: born?,
        sex,
        entered: entered?,
        group: raw.who.group.clone(),
        dies: dies?,
        claim: claim?,
        record: record?,
        family: family?,
        means: means?,
        stated: stated?,
        prospects: match prospects {
            Some(prospects) => Some(prospects?),
            None => None,
        },
        horizon: horizon?,
    };
    in_order(&person, at);
    (at.reading().count() == before).then(|| Built {
        person,
        stated: as_written,
        outlook: Outlook { insured_wages: indices.insured_wages, ..Outlook::default() },
        indices: LegalIndices { indicators, ..indices.levels },
    })
}

fn horizon(raw: Option<i64>, at: &At<'_>) -> Option<i32> {
    let years = raw.unwrap_or(HORIZON);
    if (0..=100).contains(&years) {
        return i32::try_from(years).ok();
    }
    let reason = format!("{years} years after the claim are outside 0 to 100");
    at.fault(Code::Horizon, reason, "follow the amounts for at most a hundred years");
    None
}

/// Reads a day that may be absent; `None` with a fault reported.
fn day(raw: Option<Day>, at: &At<'_>) -> Option<Option<Date>> {
    given(raw.map(|day| day.read(at)))
}

fn sex(raw: raw::Sex) -> Sex {
    match raw {
        raw::Sex::Male => Sex::Male,
        raw::Sex::Female => Sex::Female,
    }
}

/// Checks that nothing happens before its time.
fn in_order(person: &Person, at: &At<'_>) {
    let born = person.born;
    let after_birth = |day: Option<Date>, path: &[&str], what: &str| {
        if let Some(day) = day.filter(|day| *day < born) {
            contradict(at, path, format!("{what} on {day} comes before the birth on {born}"));
        }
    };
    after_birth(person.entered, &["person", "entered"], "the first contribution");
    after_birth(person.dies, &["person", "dies"], "the death");
    after_birth(claim::day(person), &["claim", "date"], "the claim");
    if let Some(row) = person.record.first().filter(|row| row.year.get() < i32::from(born.year())) {
        let reason = format!("the record begins in {}, before the birth on {born}", row.year);
        contradict(at, &["record"], reason);
    }
    claim::in_order(person, at);
    family::in_order(person, at);
}

fn contradict(at: &At<'_>, path: &[&str], reason: String) {
    let place = path.iter().fold(at.clone(), |at, key| at.key(key));
    place.fault(Code::DatesContradict, reason, "correct one of the two dates");
}
