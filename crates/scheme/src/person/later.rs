use perennis_units::{Duration, Share, months_between};

use super::entitlements::{Claiming, in_scheme};
use super::opened::Opened;
use super::payments::Stream;
use super::result::{LaterResult, SchemeResult};
use super::setting::{Setting, day_of_age, event};
use super::{Claimed, LaterDay, Person, PersonError};
use crate::{Benefit, Fact, Measure, Part};

/// Returns the person as of a later claim, which is for what the first left; `None` when nothing is claimed later.
pub(super) fn person(person: &Person) -> Option<Person> {
    let later = person.claim.later?;
    let first = person.claim.share.map_or(0.0, Share::get);
    let left = Share::new((1.0 - first).clamp(0.0, 1.0)).ok();
    let claim = Claimed { share: later.share.or(left), ..person.claim.clone() };
    Some(Person { claim, ..person.clone() })
}

impl<'a> Claiming<'a> {
    /// Finds what a later claim adds: benefits that ask for the share that is claimed, by that of the later claim, and those
    /// that were not due at the first.
    pub(super) fn later(
        &self,
        again: &'a Person,
        first: &[SchemeResult],
        streams: &mut Vec<Stream<'a>>,
    ) -> Result<LaterResult, PersonError> {
        let date = match again.claim.later.map(|later| later.day) {
            Some(LaterDay::Day(day)) => day,
            Some(LaterDay::Age(age)) => day_of_age(self.laws, again, age.in_months()),
            None => self.day,
        };
        if date <= self.day {
            return Err(PersonError::NotLater { first: self.day, later: date });
        }
        let opens = event(again.claim.event);
        let mut schemes = Vec::new();
        for (position, law) in self.laws.iter().enumerate() {
            let setting = Setting::new(law, again, date)?;
            let had = |benefit: &Benefit| {
                let of_first = first[position].benefits.iter();
                of_first.filter(|one| one.name == benefit.name).any(|one| one.award.is_some())
            };
            let own = law
                .benefits
                .iter()
                .filter(|one| one.condition.event == opens && one.condition.recipient.is_none());
            let mut known = setting.known(date);
            for result in &first[position].benefits {
                let award = result.award.as_ref().filter(|_| result.survivor.is_none());
                let amount = award.map(|award| (result.name.clone(), award.amount));
                known.in_payment.extend(amount);
            }
            let mut benefits = Vec::new();
            for benefit in own.filter(|one| !had(one) || asks_share(Part::Benefit(one))) {
                let claimed = Opened { setting: &setting, position, benefit, from: date };
                let result = in_scheme(law, claimed.award(&known, self.env))?;
                streams.extend(claimed.stream(&result));
                benefits.push(result);
            }
            schemes.push(SchemeResult {
                scheme: law.scheme.clone(),
                group: setting.group.clone(),
                record: setting.sum.clone(),
                values: Vec::new(),
                benefits,
            });
        }
        let age = Duration::months(months_between(again.born, date));
        Ok(LaterResult { date, age, schemes })
    }
}

/// Says whether an amount depends on the share of the pension that is claimed.
fn asks_share(part: Part<'_>) -> bool {
    if let Part::Measure(Measure::Fact(Fact::ShareClaimed)) = part {
        return true;
    }
    let mut asks = false;
    part.each(&mut |part| asks = asks || asks_share(part));
    asks
}
