use perennis_units::{Date, add_months, months_between};

use super::entitlements::Claiming;
use super::payments::{Paths, Stream};
use super::prospects::{Course, Expected, Prospects, Valued};
use super::result::EndReason;
use super::setting::Setting;
use super::states::{Ages, Start};
use super::{ClaimEvent, Person, PersonError, Status};
use crate::{Event, Recipient, Timing};

/// Years after the claim for which benefits are followed at most: longer than any life.
const LONGEST: usize = 120;

/// Values what may happen after a claim.
pub(super) fn expected(
    prospects: &Prospects,
    claiming: &Claiming<'_>,
    settings: &[Setting<'_>],
    streams: &[Stream<'_>],
) -> Result<Expected, PersonError> {
    let person = claiming.person;
    let spouse = person.family.spouse.as_ref();
    let ages = Ages {
        person: months_between(person.born, claiming.day),
        spouse: spouse.map(|spouse| months_between(spouse.born, claiming.day)),
    };
    let start = match person.claim.event {
        ClaimEvent::Invalidity => Start::Invalid,
        ClaimEvent::Death => Start::Dead,
        ClaimEvent::Age | ClaimEvent::Withdrawal => Start::Active,
    };
    let course = prospects.course(ages, start)?;
    let annuities = prospects.annuities.iter().map(|annuity| {
        let (name, to) = (annuity.name.as_str(), annuity.to);
        course.stream((to, name), annuity.payments, annuity.years, |_| annuity.amount)
    });
    let insurances = prospects.insurances.iter().map(|insurance| course.insured(insurance));
    let annuities = annuities.collect::<Result<_, _>>()?;
    let insurances = insurances.collect::<Result<_, _>>()?;
    let benefits = benefits(&course, claiming, settings, streams)?;
    let survivors = survivors(&course, claiming, settings, streams)?;
    let shown = usize::try_from(person.horizon).unwrap_or(0);
    let shown = if prospects.until_age.is_some() { course.states.len() } else { shown + 1 };
    let states = course.states.iter().take(shown).copied().collect();
    Ok(Expected {
        interest: prospects.interest,
        states,
        annuities,
        insurances,
        benefits,
        survivors,
    })
}

/// Values each benefit of the claim while its recipient lives: payments of a year from the claim on are spread over it.
///
/// Deaths that the file dates do not count here, as what may happen is followed instead. A benefit of somebody whose
/// survival is not given has no value; children and parents, of whose lives no file says anything, are taken to live.
fn benefits(
    course: &Course,
    claiming: &Claiming<'_>,
    settings: &[Setting<'_>],
    streams: &[Stream<'_>],
) -> Result<Vec<Valued>, PersonError> {
    let own = if claiming.person.claim.event == ClaimEvent::Death {
        streams.to_vec()
    } else {
        before_death(streams)
    };
    let years = course.states.len().min(LONGEST + 1) - 1;
    let paths = Paths::new(settings, &own, year_of_claim(claiming, years), claiming.env)?;
    let invalids = course.has_invalids();
    let mut valued = Vec::new();
    for (position, stream) in own.iter().enumerate() {
        let status = match (stream.survivor, stream.benefit.condition.event) {
            (Some(_), _) | (None, Event::Death) => life_of(stream),
            (None, Event::Invalidity) if invalids => Status::Invalid,
            (None, _) => Status::Person,
        };
        if course.states[0].of(status).is_none() {
            continue;
        }
        let amount = |year: usize| {
            let span = (year_of_claim(claiming, year), year_of_claim(claiming, year + 1));
            if years <= year { 0.0 } else { paths.paid(stream, position, span) }
        };
        let name = stream.benefit.name.as_str();
        valued.push(course.stream((status, name), timing(stream), None, amount)?);
    }
    Ok(valued)
}

/// Values what survivors may have if the person dies in some year after the claim: the benefits that the law gives on a
/// death at the end of each year, each times the probability of dying in it, while the spouse lives.
fn survivors(
    course: &Course,
    claiming: &Claiming<'_>,
    settings: &[Setting<'_>],
    streams: &[Stream<'_>],
) -> Result<Vec<Valued>, PersonError> {
    let opens = |setting: &Setting<'_>| {
        setting.law.benefits.iter().any(|benefit| benefit.condition.event == Event::Death)
    };
    let given =
        [Status::Spouse, Status::Person].iter().all(|life| course.states[0].of(*life).is_some());
    if claiming.person.claim.event == ClaimEvent::Death || !given || !settings.iter().any(opens) {
        return Ok(Vec::new());
    }
    let own: Vec<Stream<'_>> = before_death(streams);
    let years = course.states.len().min(LONGEST + 1) - 1;
    let mut valued: Vec<Valued> = Vec::new();
    for year in 0..years {
        let lives = |year: usize| course.states[year].person.unwrap_or(0.0);
        let dies = lives(year) - lives(year + 1);
        if dies <= 0.0 {
            continue;
        }
        let day = year_of_claim(claiming, year + 1);
        let dead = Person { dies: Some(day), ..claiming.person.clone() };
        let mut after = own.clone();
        Claiming { person: &dead, ..*claiming }.die(settings, &mut after)?;
        after.retain(is_on_death);
        let paths = Paths::new(settings, &after, year_of_claim(claiming, years), claiming.env)?;
        for (position, stream) in after.iter().enumerate() {
            let amount = |at: usize| {
                let span = (year_of_claim(claiming, at), year_of_claim(claiming, at + 1));
                if at <= year || years <= at {
                    0.0
                } else {
                    dies * paths.paid(stream, position, span)
                }
            };
            let name = stream.benefit.name.as_str();
            let one = course.stream((life_of(stream), name), timing(stream), None, amount)?;
            match valued.iter_mut().find(|known| known.name == name) {
                Some(known) => {
                    known.expected += one.expected;
                    known.present_value += one.present_value;
                }
                None => valued.push(one),
            }
        }
    }
    Ok(valued)
}

/// A benefit for a member of the family beside the person's own ends with the death of either.
fn life_of(stream: &Stream<'_>) -> Status {
    match (stream.survivor.map(|survivor| survivor.kind), is_on_death(stream)) {
        (Some(Recipient::Spouse), true) => Status::Spouse,
        (Some(Recipient::Spouse), false) => Status::Both,
        (_, true) => Status::Certain,
        (_, false) => Status::Person,
    }
}

fn is_on_death(stream: &Stream<'_>) -> bool {
    stream.benefit.condition.event == Event::Death
}

fn timing(stream: &Stream<'_>) -> Timing {
    if stream.is_pension() { Timing::Middle } else { Timing::Start }
}

/// Returns the day that lies so many years after the claim.
fn year_of_claim(claiming: &Claiming<'_>, years: usize) -> Date {
    add_months(claiming.day, 12 * i32::try_from(years).unwrap_or(0))
}

/// Returns what is paid while the person lives as it is if no death is dated.
fn before_death<'a>(streams: &[Stream<'a>]) -> Vec<Stream<'a>> {
    let own = streams.iter().filter(|stream| !is_on_death(stream)).cloned();
    own.map(|mut stream| {
        if stream.until.as_ref().is_some_and(|(_, reason)| *reason == EndReason::Death) {
            stream.until = None;
        }
        stream
    })
    .collect()
}
