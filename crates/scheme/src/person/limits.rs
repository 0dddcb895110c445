use perennis_units::{Date, Money};

use super::PersonError;
use super::entitlements::in_scheme;
use super::payments::Stream;
use super::result::{LimitResult, SchemeResult};
use super::setting::Setting;
use crate::{Environment, LawError};

/// Applies every limit of every law to the amounts of the streams on a day; amounts stand in the order of the streams.
pub(super) fn limited(
    settings: &[Setting<'_>],
    streams: &[Stream<'_>],
    amounts: &[f64],
    day: Date,
    env: &Environment<'_>,
) -> Result<Vec<f64>, PersonError> {
    let mut amounts = amounts.to_vec();
    each_limit(settings, streams, &mut amounts, (day, env), |_| {})?;
    Ok(amounts)
}

/// Returns what is paid of each stream on a day.
pub(super) fn limit_streams(
    settings: &[Setting<'_>],
    streams: &[Stream<'_>],
    day: Date,
    env: &Environment<'_>,
) -> Result<Vec<f64>, PersonError> {
    let on_day = |stream: &Stream<'_>| {
        in_scheme(settings[stream.scheme].law, stream.amount_on(day, env)).map(Money::get)
    };
    let amounts = streams.iter().map(on_day).collect::<Result<Vec<f64>, _>>()?;
    limited(settings, streams, &amounts, day, env)
}

/// Applies the limits on the first day of payment and writes what is paid into the awards.
pub(super) fn limit(
    settings: &[Setting<'_>],
    schemes: &mut [SchemeResult],
    streams: &[Stream<'_>],
    env: &Environment<'_>,
) -> Result<Vec<LimitResult>, PersonError> {
    let Some(day) = streams.iter().map(|stream| stream.from).min() else { return Ok(Vec::new()) };
    let mut amounts: Vec<f64> =
        streams.iter().map(|stream| if stream.from == day { stream.amount } else { 0.0 }).collect();
    let mut results = Vec::new();
    each_limit(settings, streams, &mut amounts, (day, env), |result| results.push(result))?;
    for (stream, amount) in streams.iter().zip(&amounts).filter(|(stream, _)| stream.from == day) {
        let benefits = &mut schemes[stream.scheme].benefits;
        let same = benefits.iter_mut().find(|benefit| {
            benefit.name == stream.benefit.name && benefit.survivor == stream.survivor
        });
        if let Some(award) = same.and_then(|benefit| benefit.award.as_mut()) {
            let law = settings[stream.scheme].law;
            award.paid = in_scheme(law, Money::new(*amount).map_err(LawError::from))?;
        }
    }
    Ok(results)
}

fn each_limit(
    settings: &[Setting<'_>],
    streams: &[Stream<'_>],
    amounts: &mut [f64],
    (day, env): (Date, &Environment<'_>),
    mut say: impl FnMut(LimitResult),
) -> Result<(), PersonError> {
    for (position, setting) in settings.iter().enumerate() {
        if setting.law.cumulations.is_empty() {
            continue;
        }
        let known = setting.known(day);
        let claim = setting.claim(day, &known);
        let names: Vec<String> = streams
            .iter()
            .map(|stream| {
                let name = &stream.benefit.name;
                let other = settings[stream.scheme].law;
                if stream.scheme == position {
                    name.clone()
                } else {
                    format!("{}.{name}", other.scheme)
                }
            })
            .collect();
        for cumulation in &setting.law.cumulations {
            let due: Vec<usize> =
                (0..streams.len()).filter(|stream| 0.0 < amounts[*stream]).collect();
            let given: Vec<(&str, f64)> =
                due.iter().map(|stream| (names[*stream].as_str(), amounts[*stream])).collect();
            let touched =
                given.iter().filter(|(name, _)| cumulation.benefits.iter().any(|n| n == name));
            if touched.count() == 0 {
                continue;
            }
            let limited = in_scheme(setting.law, cumulation.apply(&given, &claim, env))?;
            let changed = given
                .iter()
                .zip(&limited.amounts)
                .map(|((name, before), after)| ((*name).to_owned(), *before, *after));
            if !limited.formula.is_empty() {
                say(LimitResult {
                    scheme: setting.law.scheme.clone(),
                    name: cumulation.name.clone(),
                    amounts: changed.collect(),
                    formula: limited.formula,
                    provisions: limited.provisions,
                });
            }
            for (stream, amount) in due.into_iter().zip(limited.amounts) {
                amounts[stream] = amount;
            }
        }
    }
    Ok(())
}
