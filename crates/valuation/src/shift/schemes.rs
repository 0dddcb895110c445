use perennis_cohort::{AgeGrid, YearGrid};
use perennis_pensions::{Behaviour, Claiming, Count, Membership, Mortality, SchemeBasis, Turnover};
use perennis_scheme::BenefitKind;
use perennis_units::{Path, Probability, Sex, Share, YearRange};

use super::work::shares;
use super::{Act, Acted, Change, ChangeError, Quantity, count, path, share};
use crate::Model;

/// Changes what the insured and pensioners of the schemes do.
pub(super) fn change(model: &mut Model, change: &Change) -> Result<Acted, ChangeError> {
    let years = model.demography.years;
    let mut acted = Acted::default();
    for scheme in model.pensions.iter_mut().flat_map(|pensions| &mut pensions.schemes) {
        let whole = change.concerns(&scheme.law.scheme);
        let of_scheme = match change.quantity {
            Quantity::Coverage | Quantity::Turnover => groups(scheme, change, years)?,
            Quantity::Density => density(scheme, change)?,
            Quantity::Loadings => loadings(scheme, (change, years))?,
            _ if !whole => continue,
            Quantity::ReEntry => paths(&mut scheme.re_entry, change, years)?,
            Quantity::Compliance => paths(&mut scheme.compliance, change, years)?,
            Quantity::Withdrawal => shares(&mut scheme.withdrawal, change, years),
            Quantity::Invalidity => invalidity(scheme, change, years)?,
            Quantity::Retirement => retirement(&mut scheme.claiming, change)?,
            _ => mortality(scheme, change)?,
        };
        acted.values += of_scheme.values;
        acted.limited += of_scheme.limited;
    }
    Ok(acted)
}

fn concerns(change: &Change, scheme: &str, part: &str) -> bool {
    change.concerns(part) || change.only.as_deref() == Some(scheme)
}

fn groups(
    scheme: &mut SchemeBasis,
    change: &Change,
    years: YearRange,
) -> Result<Acted, ChangeError> {
    let mut acted = Acted::default();
    for group in &mut scheme.groups {
        if !concerns(change, &scheme.law.scheme, &group.name) {
            continue;
        }
        let of_group = match (change.quantity, &mut group.membership, &mut group.turnover) {
            (Quantity::Coverage, Membership::Coverage { coverage, .. }, _) => {
                shares(coverage, change, years)
            }
            // A group that grows by a rate, or is closed, covers no share of the employed.
            (Quantity::Coverage, ..) => continue,
            (_, _, Turnover::ByAge(rates)) => shares(rates, change, years),
            (_, _, Turnover::ByService(rates)) => by_service(rates, change)?,
        };
        acted.values += of_group.values;
        acted.limited += of_group.limited;
    }
    Ok(acted)
}

fn by_service(rates: &mut [AgeGrid], change: &Change) -> Result<Acted, ChangeError> {
    let mut acted = Acted::default();
    if (change.acted(0.5, 1.0) - 0.5).abs() <= 0.0 {
        return Ok(acted);
    }
    from_the_start(change)?;
    for ((sex, age), value) in rates.iter_mut().flat_map(|grid| grid.indexed_iter_mut()) {
        if 0.0 < *value && change.concerns_person(Sex::ALL[sex], age) {
            *value = share(&mut acted, *value, change.acted(*value, 1.0));
        }
    }
    Ok(acted)
}

/// Changes how much of the year those pay who are counted when they pay at all.
fn density(scheme: &mut SchemeBasis, change: &Change) -> Result<Acted, ChangeError> {
    let factor = change.factor()?;
    let mut acted = Acted::default();
    for group in scheme.groups.iter_mut().filter(|group| group.count == Count::Any) {
        if !concerns(change, &scheme.law.scheme, &group.name) || (factor - 1.0).abs() <= 0.0 {
            continue;
        }
        from_the_start(change)?;
        let before = group.months.density();
        let most = if 0.0 < before { 1.0 / before } else { 1.0 };
        acted.limited += usize::from(most < factor);
        acted.values += 1;
        group.months = group.months.times(factor.clamp(0.0, most));
    }
    Ok(acted)
}

/// Changes how many active and inactive insured become invalids.
fn invalidity(
    scheme: &mut SchemeBasis,
    change: &Change,
    years: YearRange,
) -> Result<Acted, ChangeError> {
    change.factor()?;
    let mut acted = Acted::default();
    for rates in scheme.invalidity.incidence.iter_mut().flatten() {
        let of_state = shares(rates, change, years);
        acted.values += of_state.values;
        acted.limited += of_state.limited;
    }
    Ok(acted)
}

fn loadings(
    scheme: &mut SchemeBasis,
    (change, years): (&Change, YearRange),
) -> Result<Acted, ChangeError> {
    let mut acted = Acted::default();
    for loading in &mut scheme.loadings {
        if concerns(change, &scheme.law.scheme, &loading.name) {
            let one = paths(&mut loading.share, change, years)?;
            acted.values += one.values;
            acted.limited += one.limited;
        }
    }
    Ok(acted)
}

fn paths(of: &mut Path<Share>, change: &Change, years: YearRange) -> Result<Acted, ChangeError> {
    let mut acted = Acted::default();
    path(of, years, |year, value| {
        let after = change.acted(value.get(), change.weight(year, years));
        Ok(Share::new(share(&mut acted, value.get(), after)).expect("kept within 0 and 1"))
    })?;
    Ok(acted)
}

/// Moves the claims by years from the pensionable age; part of a year lies between the two whole ones.
fn retirement(claiming: &mut Claiming, change: &Change) -> Result<Acted, ChangeError> {
    let Act::Adds(years) = change.act else {
        return Err(ChangeError::NotMultiplied(change.quantity.as_str()));
    };
    if years.abs() <= 0.0 {
        return Ok(Acted::default());
    }
    from_the_start(change)?;
    let mut acted = Acted::default();
    for behaviour in std::iter::once(&mut claiming.active).chain(&mut claiming.inactive) {
        match behaviour {
            Behaviour::Distance { first, probability } => {
                acted.values += later_by_distance((first, probability), years, change.sex);
            }
            Behaviour::Age(rates) => {
                for of in rates {
                    acted.values += later_by_age(&mut of.rates, years, change.sex);
                }
            }
            // The days on which an early pension opens and the age is reached are the law's.
            Behaviour::EarlyShare(_) => {}
        }
    }
    Ok(acted)
}

/// Whole years, rounded down, and the part of a year that is left.
fn parts(years: f64) -> (i32, f64) {
    let whole = years.floor();
    #[expect(clippy::cast_possible_truncation, reason = "a few years")]
    let moved = whole.clamp(-100.0, 100.0) as i32;
    (moved, years - whole)
}

fn later_by_distance(
    (first, probability): (&mut i32, &mut [Vec<Probability>; 2]),
    years: f64,
    sex: Option<Sex>,
) -> usize {
    let (moved, part) = parts(years);
    *first += moved;
    let mut values = 0;
    for (of, probabilities) in Sex::ALL.into_iter().zip(probability.iter_mut()) {
        let concerned = sex.is_none_or(|only| only == of);
        values += usize::from(concerned);
        if !concerned {
            *probabilities = shifted(probabilities, -moved);
        } else if 0.0 < part {
            // Of those who may, this share claims as a year later.
            let later = [Probability::ZERO].into_iter().chain(probabilities.iter().copied());
            let last = probabilities.last().copied().unwrap_or(Probability::ONE);
            let now = probabilities.iter().copied().chain([last]);
            let mixed = now.zip(later).map(|(now, later)| {
                let value = now.get() * (1.0 - part) + later.get() * part;
                Probability::new(value.clamp(0.0, 1.0)).expect("a mean of two probabilities")
            });
            *probabilities = mixed.collect();
        }
    }
    let longest = probability.iter().map(Vec::len).max().unwrap_or(0);
    for probabilities in probability {
        let last = probabilities.last().copied().unwrap_or(Probability::ONE);
        probabilities.resize(longest, last);
    }
    values
}

/// Gives each age the rate of one so many years younger; at the highest age all claim as before.
fn later_by_age(rates: &mut YearGrid, years: f64, sex: Option<Sex>) -> usize {
    let (moved, part) = parts(years);
    let before = rates.clone();
    let last = rates.ages() - 1;
    let mut values = 0;
    for of in Sex::ALL.into_iter().filter(|of| sex.is_none_or(|only| only == *of)) {
        values += 1;
        for position in 0..rates.years() {
            let rate = |age: usize, moved: i32| {
                let from = i32::try_from(age).unwrap_or(i32::MAX).saturating_sub(moved);
                usize::try_from(from).map_or(0.0, |from| before.get(position, of, from.min(last)))
            };
            for age in 0..last {
                let value = rate(age, moved) * (1.0 - part) + rate(age, moved + 1) * part;
                rates.set(position, of, age, value);
            }
        }
    }
    values
}

/// Moves probabilities by places: into the room before them nobody claims, what falls off the front is dropped.
fn shifted(of: &[Probability], places: i32) -> Vec<Probability> {
    match usize::try_from(places) {
        Ok(later) => {
            std::iter::repeat_n(Probability::ZERO, later).chain(of.iter().copied()).collect()
        }
        Err(_) => {
            let dropped = usize::try_from(-places).unwrap_or(0).min(of.len().saturating_sub(1));
            of[dropped..].to_vec()
        }
    }
}

fn from_the_start(change: &Change) -> Result<(), ChangeError> {
    let whole = change.lasts && change.weights.iter().all(|one| (one - 1.0).abs() <= 0.0);
    if whole { Ok(()) } else { Err(ChangeError::NoYears(change.quantity.as_str())) }
}

/// Changes the force of mortality of pensioners of every benefit, or what lives on by a table of their own.
fn mortality(scheme: &mut SchemeBasis, change: &Change) -> Result<Acted, ChangeError> {
    let factor = change.factor()?;
    let mut acted = Acted::default();
    if (factor - 1.0).abs() <= 0.0 {
        return Ok(acted);
    }
    from_the_start(change)?;
    let pensions = scheme.law.benefits.iter().filter(|benefit| benefit.kind != BenefitKind::Grant);
    for benefit in pensions {
        let known = &mut scheme.mortality.pensioners;
        let at = known.iter().position(|(name, _)| *name == benefit.name).unwrap_or_else(|| {
            known.push((benefit.name.clone(), Mortality::POPULATION));
            known.len() - 1
        });
        match &mut known[at].1 {
            Mortality::Relative(forces) => {
                for (sex, force) in Sex::ALL.into_iter().zip(forces) {
                    if change.concerns_person(sex, change.ages.0) {
                        *force = count(&mut acted, *force, *force * factor);
                    }
                }
            }
            Mortality::RelativeByAge(grid) => by_age(grid, change, &mut acted, |of| of * factor),
            Mortality::Own(grid) => {
                by_age(grid, change, &mut acted, |of| libm::pow(of, factor));
            }
        }
    }
    Ok(acted)
}

fn by_age(grid: &mut YearGrid, change: &Change, acted: &mut Acted, act: impl Fn(f64) -> f64) {
    for ((_, sex, age), value) in grid.values_mut().indexed_iter_mut() {
        if change.concerns_person(Sex::ALL[sex], age) {
            *value = count(acted, *value, act(*value));
        }
    }
}
