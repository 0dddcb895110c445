use std::cmp::Ordering;

use perennis_units::{Date, Money, When, Year, date_of_year};

use super::limits::limited;
use super::result::{AmountChange, Cause, EndReason, PaidBenefit, PaidYear, SurvivorOf};
use super::setting::Setting;
use super::{PersonError, entitlements::in_scheme};
use crate::{Benefit, BenefitKind, Environment, LawError};

/// A benefit in payment from a day on, before limits on several benefits.
#[derive(Clone, Debug)]
pub(super) struct Stream<'a> {
    /// Position of the scheme.
    pub(super) scheme: usize,
    pub(super) benefit: &'a Benefit,
    pub(super) survivor: Option<SurvivorOf>,
    /// The first day of payment.
    pub(super) from: Date,
    /// The amount on that day: currency a year, of a grant the sum.
    pub(super) amount: f64,
    /// The first day without payment, and why.
    pub(super) until: Option<(Date, EndReason)>,
}

impl<'a> Stream<'a> {
    pub(super) const fn new(scheme: usize, benefit: &'a Benefit, from: Date, amount: f64) -> Self {
        Self { scheme, benefit, survivor: None, from, amount, until: None }
    }

    pub(super) fn is_pension(&self) -> bool {
        self.benefit.kind == BenefitKind::Pension
    }

    /// Says whether it is in payment on a day.
    pub(super) fn is_paid_on(&self, day: Date) -> bool {
        self.from <= day && self.until.as_ref().is_none_or(|(end, _)| day < *end)
    }

    /// Returns every change up to `last`: the beginning, each adjustment, the end.
    ///
    /// An adjustment on a day touches pensions awarded before that day.
    fn changes(&self, last: Date, env: &Environment<'_>) -> Result<Vec<AmountChange>, LawError> {
        let mut amount = self.amount;
        let mut changes = Vec::new();
        if last < self.from {
            return Ok(changes);
        }
        changes.push(AmountChange { date: self.from, cause: Cause::Begins, amount });
        let end = self.until.as_ref().filter(|(end, _)| *end <= last);
        let indexation = self.benefit.indexation.as_ref().filter(|_| self.is_pension());
        if let Some(indexation) = indexation {
            let stop = end.map_or(last, |(end, _)| *end);
            for year in i32::from(self.from.year())..=i32::from(stop.year()) {
                for (date, factor) in indexation.adjustments(Year::new(year), env)? {
                    if date <= self.from || stop < date || end.is_some() && stop == date {
                        continue;
                    }
                    amount *= factor;
                    if let Some(rounding) = &indexation.rounded {
                        amount = rounding.of(amount, &for_anyone(date))?;
                    }
                    amount = Money::new(amount)?.get();
                    let indexation = indexation.name.clone();
                    let cause = Cause::Adjusted { indexation, factor };
                    changes.push(AmountChange { date, cause, amount });
                }
            }
        }
        if let Some((date, reason)) = end.filter(|_| self.is_pension()) {
            let cause = Cause::Ends(reason.clone());
            changes.push(AmountChange { date: *date, cause, amount: 0.0 });
        }
        Ok(changes)
    }

    /// Returns the amount in force on a day, before limits.
    pub(super) fn amount_on(&self, day: Date, env: &Environment<'_>) -> Result<Money, LawError> {
        if !self.is_paid_on(day) {
            return Ok(Money::ZERO);
        }
        let last = self.changes(day, env)?.last().map_or(0.0, |change| change.amount);
        Ok(Money::new(last)?)
    }
}

fn for_anyone(date: Date) -> When {
    When { date, born: date, entered: date, sex: perennis_units::Sex::Male }
}

/// The amounts of all streams after limits, from one day to the next on which one of them changes.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    /// For each stream its changes after limits, in order.
    pub(super) changes: Vec<Vec<AmountChange>>,
}

impl Paths {
    /// Follows the streams up to `last`, applying the limits on every day of a change.
    pub(super) fn new(
        settings: &[Setting<'_>],
        streams: &[Stream<'_>],
        last: Date,
        env: &Environment<'_>,
    ) -> Result<Self, PersonError> {
        let own: Vec<Vec<AmountChange>> = streams
            .iter()
            .map(|stream| in_scheme(settings[stream.scheme].law, stream.changes(last, env)))
            .collect::<Result<_, _>>()?;
        let mut days: Vec<Date> = own.iter().flatten().map(|change| change.date).collect();
        days.sort_unstable();
        days.dedup();
        let mut now = vec![0.0; streams.len()];
        let mut next = vec![0; streams.len()];
        let mut paid_before = vec![0.0; streams.len()];
        let mut changes = vec![Vec::new(); streams.len()];
        for day in days {
            let mut causes: Vec<Option<Cause>> = vec![None; streams.len()];
            for (stream, changes) in own.iter().enumerate() {
                while let Some(change) = changes.get(next[stream]).filter(|c| c.date <= day) {
                    now[stream] = change.amount;
                    causes[stream] = Some(change.cause.clone());
                    next[stream] += 1;
                }
            }
            let paid = limited(settings, streams, &now, day, env)?;
            for (stream, cause) in causes.into_iter().enumerate() {
                let moved = paid[stream].total_cmp(&paid_before[stream]) != Ordering::Equal;
                let cause = match cause {
                    Some(cause) => cause,
                    None if moved => Cause::Limited,
                    None => continue,
                };
                changes[stream].push(AmountChange { date: day, cause, amount: paid[stream] });
            }
            for (stream, paid) in paid.iter().enumerate() {
                // A grant is paid once: from the next day on nothing stands of it.
                let stands = streams[stream].is_pension();
                paid_before[stream] = if stands { *paid } else { 0.0 };
                now[stream] = if stands { now[stream] } else { 0.0 };
            }
        }
        Ok(Self { changes })
    }

    /// Returns what a stream pays between two days; a grant on its day.
    pub(super) fn paid(
        &self,
        stream: &Stream<'_>,
        position: usize,
        (from, to): (Date, Date),
    ) -> f64 {
        let changes = &self.changes[position];
        if !stream.is_pension() {
            let within = changes.iter().filter(|change| from <= change.date && change.date < to);
            return within.fold(0.0, |sum, change| sum + change.amount);
        }
        let mut paid = 0.0;
        for (index, change) in changes.iter().enumerate() {
            let start = change.date.max(from);
            let end = changes.get(index + 1).map_or(to, |next| next.date.min(to));
            if start < end {
                paid += change.amount * (years(end) - years(start));
            }
        }
        paid
    }

    /// Returns what a stream has in force on a day, currency a year.
    pub(super) fn in_force(&self, stream: &Stream<'_>, position: usize, day: Date) -> f64 {
        let changes = self.changes[position].iter().rev();
        let last = changes.filter(|_| stream.is_pension()).find(|change| change.date <= day);
        last.map_or(0.0, |change| change.amount)
    }
}

/// Returns a day on a scale of years: months are twelfths, days parts of their month.
fn years(date: Date) -> f64 {
    let days = f64::from(date.day() - 1) / f64::from(date.days_in_month());
    f64::from(date.year()) + (f64::from(date.month() - 1) + days) / 12.0
}

/// Follows what is paid year by year between two days.
pub(super) fn paid_years(
    settings: &[Setting<'_>],
    streams: &[Stream<'_>],
    (first, last): (Date, Date),
    env: &Environment<'_>,
) -> Result<Vec<PaidYear>, PersonError> {
    let paths = Paths::new(settings, streams, last, env)?;
    let start = Year::new(i32::from(first.year()));
    let years = start.get()..=i32::from(last.year());
    let deflated = |index: &perennis_units::Path<f64>, year: Year, amount: f64| {
        (1 < index.years().count()).then(|| amount * index.at(start) / index.at(year))
    };
    let of_year = |year: Year| {
        let span = (date_of_year(year), date_of_year(year.plus(1)));
        let end = span.1.yesterday().unwrap_or(span.1);
        let benefits: Vec<PaidBenefit> = streams
            .iter()
            .enumerate()
            .filter(|(_, stream)| stream.from < span.1)
            .map(|(position, stream)| PaidBenefit {
                scheme: settings[stream.scheme].law.scheme.clone(),
                name: stream.benefit.name.clone(),
                survivor: stream.survivor,
                changes: paths.changes[position]
                    .iter()
                    .filter(|change| span.0 <= change.date && change.date < span.1)
                    .cloned()
                    .collect(),
                paid: paths.paid(stream, position, span),
                in_force: paths.in_force(stream, position, end),
            })
            .filter(|benefit| 0.0 < benefit.paid || !benefit.changes.is_empty())
            .collect();
        // The sum of nothing is zero, and not the negative zero of `sum`.
        let in_force = benefits.iter().fold(0.0, |sum, benefit| sum + benefit.in_force);
        PaidYear {
            year,
            paid: benefits.iter().fold(0.0, |sum, benefit| sum + benefit.paid),
            in_force,
            in_wages: deflated(&env.indices.wages, year, in_force),
            in_prices: deflated(&env.indices.prices, year, in_force),
            benefits,
        }
    };
    Ok(years.map(|year| of_year(Year::new(year))).collect())
}
