use perennis_scheme::{ClaimDays, ClaimEvent, Claimed, LaterClaim, LaterDay, Person};
use perennis_units::{Date, Duration, Share};

use super::contradict;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::{Given, Kind};
use crate::read::person as raw;

/// Builds what is claimed and when.
pub(super) fn claim(raw: &raw::Claim, at: &At<'_>) -> Option<Claimed> {
    let days = days(raw, at);
    let degree = share(raw.degree.as_ref(), &at.key("degree"));
    let claimed = share(raw.share_claimed.as_ref(), &at.key("share_claimed"));
    let event = match raw.event.unwrap_or(raw::ClaimEvent::Age) {
        raw::ClaimEvent::Age => ClaimEvent::Age,
        raw::ClaimEvent::Invalidity => ClaimEvent::Invalidity,
        raw::ClaimEvent::Death => ClaimEvent::Death,
        raw::ClaimEvent::Withdrawal => ClaimEvent::Withdrawal,
    };
    let later = given(raw.later.as_ref().map(|raw| later(raw, event, &at.key("later"))));
    Some(Claimed { days: days?, event, degree: degree?, share: claimed?, later: later? })
}

fn later(raw: &raw::Later, event: ClaimEvent, at: &At<'_>) -> Option<LaterClaim> {
    if matches!(event, ClaimEvent::Death | ClaimEvent::Withdrawal) {
        let reason = "nothing is claimed a second time after a death or a withdrawal";
        at.fault(Code::NotOfPerson, reason, "remove `later`, or claim by age or invalidity");
        return None;
    }
    let share = share(raw.share_claimed.as_ref(), &at.key("share_claimed"));
    let day = match (&raw.date, &raw.age) {
        (Some(date), None) => date.read(&at.key("date")).map(LaterDay::Day),
        (None, Some(age)) => {
            let at = at.key("age");
            let years = age.read(&at, &Kind::AGE)?;
            months(years, &at).map(LaterDay::Age)
        }
        _ => {
            let reason = "the later claim says not once when payment begins";
            at.fault(Code::NoClaim, reason, "give one of date = 2030-01-01 and age = 67");
            None
        }
    };
    Some(LaterClaim { day: day?, share: share? })
}

fn share(raw: Option<&Given>, at: &At<'_>) -> Option<Option<Share>> {
    given(raw.map(|given| given.read(at, &Kind::SHARE).and_then(|value| Share::new(value).ok())))
}

fn days(raw: &raw::Claim, at: &At<'_>) -> Option<ClaimDays> {
    let remedy = "give one of date = 2030-01-01, age = { value = 65, unit = \"years\" }, ages = [62, 65, 67]";
    match (&raw.date, &raw.age, &raw.ages) {
        (Some(date), None, None) => date.read(&at.key("date")).map(ClaimDays::Day),
        (None, Some(age), None) => {
            let at = at.key("age");
            let years = age.read(&at, &Kind::AGE)?;
            months(years, &at).map(|age| ClaimDays::Ages(vec![age]))
        }
        (None, None, Some(ages)) if ages.is_empty() => {
            at.key("ages").fault(Code::NoClaim, "ages is empty", remedy);
            None
        }
        (None, None, Some(ages)) => {
            let read = ages.iter().enumerate().map(|(index, years)| {
                let at = at.key("ages").index(index);
                Kind::AGE.check(*years, &at).and_then(|years| months(years, &at))
            });
            read.collect::<Vec<_>>().into_iter().collect::<Option<_>>().map(ClaimDays::Ages)
        }
        (None, None, None) => {
            at.fault(Code::NoClaim, "the claim does not say when payment begins", remedy);
            None
        }
        _ => {
            at.fault(Code::TwoWays, "the claim says more than once when payment begins", remedy);
            None
        }
    }
}

/// Ages are whole months; two decimals of a year are taken as the nearest.
fn months(years: f64, at: &At<'_>) -> Option<Duration> {
    let months = (12.0 * years).round();
    if (12.0 * years - months).abs() <= 0.1 {
        #[expect(clippy::cast_possible_truncation, reason = "an age is at most 130 years")]
        return Some(Duration::months(months as i32));
    }
    let reason = format!("{years} years are not a number of whole months");
    at.fault(Code::OutOfBounds, reason, "a month is a twelfth: 66.5, 66.1667");
    None
}

/// Returns the day of the claim, where the file names one.
pub(super) fn day(person: &Person) -> Option<Date> {
    match person.claim.days {
        ClaimDays::Day(day) => Some(day),
        ClaimDays::Ages(_) => None,
    }
}

/// Checks that a claim on death comes on the day of death, and that the dead claim nothing else.
pub(super) fn in_order(person: &Person, at: &At<'_>) {
    let (first, share) = (day(person), |share: Option<Share>| share.map_or(0.0, Share::get));
    if let Some(later) = &person.claim.later {
        if let (Some(first), LaterDay::Day(then)) = (first, later.day)
            && then <= first
        {
            let reason = format!("the later claim on {then} does not come after that on {first}");
            contradict(at, &["claim", "later"], reason);
        }
        if 1.0 + 1e-9 < share(person.claim.share) + share(later.share) {
            let reason = "the two claims are of more than the whole pension";
            let remedy = "let the two shares be at most 1 together";
            at.key("claim").key("later").fault(Code::SharesDoNotAdd, reason, remedy);
        }
    }
    let (Some(day), Some(dies)) = (first, person.dies) else { return };
    if person.claim.event == ClaimEvent::Death && day != dies {
        let reason = format!("the claim on death is of {day}, and the person dies on {dies}");
        contradict(at, &["claim", "date"], reason);
    } else if dies < day {
        let reason = format!("the person dies on {dies}, before the claim on {day}");
        contradict(at, &["person", "dies"], reason);
    }
}
