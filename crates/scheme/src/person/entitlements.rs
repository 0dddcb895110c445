use perennis_units::{Date, Duration, Money, Year, date_of_year, months_between};

use super::check::check;
use super::expected::expected;
use super::family::Opening;
use super::later;
use super::limits::{limit, limit_streams};
use super::opened::Opened;
use super::payments::{Stream, paid_years};
use super::result::{
    BenefitResult, ClaimResult, Conversion, EndReason, PersonResult, SchemeResult,
};
use super::setting::{Setting, day_of_age, event};
use super::values::values;
use super::{ClaimDays, ClaimEvent, Person, PersonError};
use crate::{Benefit, BenefitKind, Environment, Event, Fact, Known, Law, LawError, date_reached};

/// Finds what a person may have under some laws, how each amount comes about and how it goes on.
///
/// The record counts up to the claim. Of a claim at an age, payment begins on the day the age is reached, or on the
/// first day of the next month where one of the laws pays such benefits from then. Survivors claim on the day of death
/// unless the file says when. Limits on several benefits are applied whenever one of them changes.
///
/// # Errors
///
/// [`PersonError`] when a law says nothing where it is asked, or the person lacks what it needs.
pub fn entitlements(
    laws: &[Law],
    person: &Person,
    env: &Environment<'_>,
) -> Result<PersonResult, PersonError> {
    check(laws, person)?;
    let days = match &person.claim.days {
        ClaimDays::Day(day) => vec![*day],
        ClaimDays::Ages(ages) => {
            ages.iter().map(|age| day_of_age(laws, person, age.in_months())).collect()
        }
    };
    let again = later::person(person);
    let claiming = |day| Claiming { laws, person, again: again.as_ref(), env, day };
    let claims = days.into_iter().map(|day| claiming(day).result());
    Ok(PersonResult { claims: claims.collect::<Result<_, _>>()? })
}

/// One claim.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claiming<'a> {
    pub(super) laws: &'a [Law],
    pub(super) person: &'a Person,
    /// The person as of a later claim.
    pub(super) again: Option<&'a Person>,
    pub(super) env: &'a Environment<'a>,
    pub(super) day: Date,
}

/// Names the scheme in which a law could not be applied.
pub(super) fn in_scheme<T>(law: &Law, result: Result<T, LawError>) -> Result<T, PersonError> {
    result.map_err(|error| PersonError::Law { scheme: law.scheme.clone(), error })
}

impl<'a> Claiming<'a> {
    fn result(&self) -> Result<ClaimResult, PersonError> {
        let Self { laws, person, day, .. } = *self;
        if day < person.born {
            return Err(PersonError::BeforeBirth { date: day, born: person.born });
        }
        let settings: Vec<Setting<'a>> =
            laws.iter().map(|law| Setting::new(law, person, day)).collect::<Result<_, _>>()?;
        let mut streams = Vec::new();
        let mut schemes = Vec::new();
        for (position, setting) in settings.iter().enumerate() {
            let (scheme, of_scheme) = self.scheme(position, setting)?;
            schemes.push(scheme);
            streams.extend(of_scheme);
        }
        let later = match self.again {
            Some(again) => Some(self.later(again, &schemes, &mut streams)?),
            None => None,
        };
        let conversions = self.convert(&settings, &mut schemes, &mut streams)?;
        let limits = limit(&settings, &mut schemes, &streams, self.env)?;
        let last = self.last_day(person.horizon);
        let after_death = self.die(&settings, &mut streams)?;
        let years = paid_years(&settings, &streams, (day, last), self.env)?;
        let expected = match &person.prospects {
            Some(prospects) => Some(expected(prospects, self, &settings, &streams)?),
            None => None,
        };
        Ok(ClaimResult {
            date: day,
            age: Duration::months(months_between(person.born, day)),
            event: person.claim.event,
            schemes,
            limits,
            conversions,
            later,
            after_death,
            years,
            expected,
        })
    }

    /// Returns the last day of the horizon.
    fn last_day(&self, years: i32) -> Date {
        let year = Year::new(i32::from(self.day.year()) + years + 1);
        date_of_year(year).yesterday().unwrap_or(self.day)
    }

    /// Finds the benefits of one law.
    fn scheme(
        &self,
        position: usize,
        setting: &Setting<'a>,
    ) -> Result<(SchemeResult, Vec<Stream<'a>>), PersonError> {
        let law = setting.law;
        let is_death = self.person.claim.event == ClaimEvent::Death;
        let (benefits, mut streams) = if is_death {
            let known = setting.known(self.day);
            self.on_death(position, setting, &known, self.day)?
        } else {
            self.while_alive(position, setting)?
        };
        if !is_death {
            streams.extend(in_payment(position, setting, self));
        }
        let known = setting.known(self.day);
        let scheme = SchemeResult {
            scheme: law.scheme.clone(),
            group: setting.group.clone(),
            record: setting.sum.clone(),
            values: values(setting, &setting.claim(self.day, &known), self.env),
            benefits,
        };
        Ok((scheme, streams))
    }

    /// Finds the person's own benefits, then those for members of the family beside them.
    fn while_alive(
        &self,
        position: usize,
        setting: &Setting<'a>,
    ) -> Result<(Vec<BenefitResult>, Vec<Stream<'a>>), PersonError> {
        let law = setting.law;
        let (mut results, mut streams) = (Vec::new(), Vec::new());
        let event = event(self.person.claim.event);
        let opened = || law.benefits.iter().filter(|one| one.condition.event == event);
        let mut known = setting.known(self.day);
        for benefit in opened().filter(|one| one.condition.recipient.is_none()) {
            let claimed = Opened { setting, position, benefit, from: self.day };
            let result = match self.person.stated.benefits.get(&benefit.name) {
                Some(amount) => claimed.stated(*amount),
                None => in_scheme(law, claimed.award(&setting.known(self.day), self.env))?,
            };
            let awarded = result.award.as_ref().map(|award| award.amount);
            known.in_payment.extend(awarded.map(|amount| (benefit.name.clone(), amount)));
            streams.extend(claimed.stream(&result));
            results.push(result);
        }
        for benefit in opened() {
            let Some(kind) = benefit.condition.recipient else { continue };
            let opening = Opening { setting, position, benefit, known: &known, day: self.day };
            let (of_family, paid) = self.for_family(kind, opening)?;
            results.extend(of_family);
            streams.extend(paid);
        }
        Ok((results, streams))
    }

    /// Finds the benefits that a death on `day` opens.
    fn on_death(
        &self,
        position: usize,
        setting: &Setting<'a>,
        known: &Known,
        day: Date,
    ) -> Result<(Vec<BenefitResult>, Vec<Stream<'a>>), PersonError> {
        let law = setting.law;
        let (mut results, mut streams) = (Vec::new(), Vec::new());
        let opened = law.benefits.iter().filter(|one| one.condition.event == Event::Death);
        for benefit in opened {
            let Some(kind) = benefit.condition.recipient else {
                let from = benefit.condition.payment_start.after(day);
                let claimed = Opened { setting, position, benefit, from };
                let result = in_scheme(law, claimed.award(known, self.env))?;
                streams.extend(claimed.stream(&result));
                results.push(result);
                continue;
            };
            let opening = Opening { setting, position, benefit, known, day };
            let (of_family, paid) = self.for_family(kind, opening)?;
            results.extend(of_family);
            streams.extend(paid);
        }
        Ok((results, streams))
    }

    /// Lets benefits become others at the age at which they end, else at that of the other; while the person lives.
    fn convert(
        &self,
        settings: &[Setting<'a>],
        schemes: &mut [SchemeResult],
        streams: &mut Vec<Stream<'a>>,
    ) -> Result<Vec<Conversion>, PersonError> {
        let mut conversions = Vec::new();
        for index in 0..streams.len() {
            let stream = &streams[index];
            let setting = &settings[stream.scheme];
            let Some(to) = &stream.benefit.ends.converts_to else { continue };
            let Some(target) = setting.law.benefit(to) else { continue };
            let Some(day) = self.day_of_conversion(setting, target, stream) else { continue };
            let dead = self.person.dies.is_some_and(|dies| dies <= day);
            let is_over = |(end, reason): &(Date, EndReason)| match reason {
                EndReason::Age => *end <= stream.from,
                _ => *end <= day,
            };
            if dead || day <= stream.from || stream.until.as_ref().is_some_and(is_over) {
                continue;
            }
            let amount = Stream { until: None, ..stream.clone() }.amount_on(day, self.env);
            let amount = in_scheme(setting.law, amount)?;
            let mut known = setting.known(day);
            known.in_payment.insert(stream.benefit.name.clone(), amount);
            let claimed = Opened { setting, position: stream.scheme, benefit: target, from: day };
            let result = in_scheme(setting.law, claimed.award(&known, self.env))?;
            let mut next = claimed.stream(&result).unwrap_or_else(|| claimed.at(amount));
            next.until = None;
            let from = stream.benefit.name.clone();
            let end = (day, EndReason::ConvertsTo(to.clone()));
            let same =
                |one: &&mut BenefitResult| one.name == from && one.survivor == stream.survivor;
            if let Some(result) = schemes[stream.scheme].benefits.iter_mut().find(same)
                && result.end.is_some()
            {
                result.end = Some(end.clone());
            }
            streams[index].until = Some(end);
            streams.push(next);
            conversions.push(Conversion {
                scheme: setting.law.scheme.clone(),
                from,
                to: to.clone(),
                date: day,
                award: result.award,
            });
        }
        Ok(conversions)
    }

    fn day_of_conversion(
        &self,
        setting: &Setting<'_>,
        target: &Benefit,
        stream: &Stream<'_>,
    ) -> Option<Date> {
        if let Some((end, EndReason::Age)) = &stream.until {
            return Some(target.condition.payment_start.after(*end));
        }
        let age = target.condition.age.as_ref()?;
        let when = setting.when(self.day);
        let reached = date_reached(age, when.born, when.entered, when.sex)?;
        Some(target.condition.payment_start.after(reached))
    }

    /// Ends the person's own benefits on the day of death, and lets survivors claim.
    pub(super) fn die(
        &self,
        settings: &[Setting<'a>],
        streams: &mut Vec<Stream<'a>>,
    ) -> Result<Vec<SchemeResult>, PersonError> {
        let Some(day) = self.person.dies.filter(|_| self.person.claim.event != ClaimEvent::Death)
        else {
            return Ok(Vec::new());
        };
        let paid = limit_streams(settings, streams, day, self.env)?;
        let mut schemes = Vec::new();
        let mut born = Vec::new();
        for (position, setting) in settings.iter().enumerate() {
            let mut known = setting.known(day);
            // What the file states is among the streams.
            known.in_payment.clear();
            for (stream, amount) in streams.iter().zip(&paid) {
                let own = stream.scheme == position
                    && stream.survivor.is_none()
                    && stream.benefit.kind == BenefitKind::Pension;
                if own && stream.is_paid_on(day) {
                    let name = &stream.benefit.name;
                    let before = known.in_payment.get(name).copied().map_or(0.0, Money::get);
                    let sum = Money::new(before + amount).map_err(LawError::from);
                    known.in_payment.insert(name.clone(), in_scheme(setting.law, sum)?);
                    let drawn = f64::from(months_between(self.day, day));
                    known = known.with(Fact::InPayment, drawn);
                }
            }
            let (benefits, of_survivors) = self.on_death(position, setting, &known, day)?;
            born.extend(of_survivors);
            schemes.push(SchemeResult {
                scheme: setting.law.scheme.clone(),
                group: setting.group.clone(),
                record: setting.sum.clone(),
                values: Vec::new(),
                benefits,
            });
        }
        streams.retain(|stream| stream.from <= day);
        for stream in streams.iter_mut().filter(|stream| stream.is_paid_on(day)) {
            stream.until = Some((day, EndReason::Death));
        }
        streams.extend(born);
        Ok(schemes)
    }
}

/// Returns the pensions that the file states to be in payment to the person beside what the event opens.
fn in_payment<'a>(
    position: usize,
    setting: &Setting<'a>,
    claiming: &Claiming<'_>,
) -> Vec<Stream<'a>> {
    let stated = &setting.person.stated.benefits;
    let event = event(claiming.person.claim.event);
    let of = |benefit: &'a Benefit| {
        let amount = stated.get(&benefit.name)?.get();
        let beside = benefit.kind == BenefitKind::Pension && benefit.condition.event != event;
        beside.then(|| Stream::new(position, benefit, claiming.day, amount))
    };
    setting.law.benefits.iter().filter_map(of).collect()
}
