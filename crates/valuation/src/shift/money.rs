use perennis_finance::{Administration, FundSystem, Portfolio, Reserve};
use perennis_labour::{EconomyBasis, WageGrowth};
use perennis_units::{Growth, Money, Path, Share, Year, YearRange};

use super::{Acted, Change, ChangeError, Quantity, count, path, share};
use crate::Model;

/// Changes the economy, the returns of the funds or the cost of administration.
pub(super) fn change(model: &mut Model, change: &Change) -> Result<Acted, ChangeError> {
    let years = model.demography.years;
    let mut acted = Acted::default();
    if change.quantity == Quantity::Administration {
        return administration(model, change, years);
    }
    let before = model.labour.as_ref().map(|labour| labour.economy.prices.clone());
    if let Some(labour) = &mut model.labour {
        economy(&mut labour.economy, (change, years), &mut acted)?;
    }
    let funds = model.finance.iter_mut().flat_map(|finance| &mut finance.funds);
    for fund in funds.filter(|fund| change.concerns(&fund.account)) {
        let FundSystem::Reserve(reserve) = &mut fund.system else { continue };
        match (change.quantity, &before) {
            (Quantity::Interest, _) => {
                returns(reserve, &mut |of| growth(of, (change, years), &mut acted))?;
            }
            (Quantity::Prices, Some(before)) => {
                returns(reserve, &mut |of| above(of, (change, years), before, &mut acted))?;
            }
            _ => {}
        }
    }
    Ok(acted)
}

/// Changes the use of health services or the growth of what they cost.
pub(super) fn change_health(model: &mut Model, change: &Change) -> Result<Acted, ChangeError> {
    let years = model.demography.years;
    let mut acted = Acted::default();
    let branches = model.benefits.iter_mut().flat_map(|benefits| &mut benefits.health);
    let services = branches.flat_map(|branch| &mut branch.services);
    for service in services.filter(|service| change.concerns(&service.name)) {
        if change.quantity == Quantity::HealthCost {
            growth(&mut service.medical_inflation, (change, years), &mut acted)?;
            continue;
        }
        change.factor()?;
        // Contacts of a year are those of the base year times an index, so a change of a year moves the index of it.
        let mut last = 1.0;
        path(&mut service.utilisation_growth, years, |year, of| {
            let now = change.acted(1.0, change.weight(year, years));
            if last <= 0.0 {
                return outside(change, year, now);
            }
            if now.to_bits() == f64::to_bits(last) {
                return Ok(of);
            }
            let after = of.factor() * now / last - 1.0;
            last = now;
            checked(change, (year, count(&mut acted, of.get(), after)))
        })?;
    }
    Ok(acted)
}

fn economy(
    economy: &mut EconomyBasis,
    (change, years): (&Change, YearRange),
    acted: &mut Acted,
) -> Result<(), ChangeError> {
    match change.quantity {
        Quantity::Productivity => growth(&mut economy.productivity, (change, years), acted),
        Quantity::Wages => match &mut economy.wages {
            WageGrowth::Nominal(of) | WageGrowth::Real(of) => growth(of, (change, years), acted),
        },
        Quantity::Interest => growth(&mut economy.interest, (change, years), acted),
        _ => {
            let before = economy.prices.clone();
            growth(&mut economy.prices, (change, years), acted)?;
            let mut ignored = Acted::default();
            if let WageGrowth::Nominal(of) = &mut economy.wages {
                above(of, (change, years), &before, &mut ignored)?;
            }
            above(&mut economy.interest, (change, years), &before, &mut ignored)
        }
    }
}

/// Changes a growth; what is recorded of the years before the run stays.
fn growth(
    of: &mut Path<Growth>,
    (change, years): (&Change, YearRange),
    acted: &mut Acted,
) -> Result<(), ChangeError> {
    path(of, years, |year, value| {
        let after = change.acted(value.get(), change.weight(year, years));
        checked(change, (year, count(acted, value.get(), after)))
    })
}

/// Moves a nominal growth with prices, so that it stands above them as before.
fn above(
    of: &mut Path<Growth>,
    (change, years): (&Change, YearRange),
    prices: &Path<Growth>,
    acted: &mut Acted,
) -> Result<(), ChangeError> {
    path(of, years, |year, value| {
        let before = prices.at(year);
        let weight = change.weight(year, years);
        let after = change.acted(before.get(), weight);
        if after.to_bits() == before.get().to_bits() {
            return Ok(value);
        }
        let moved = value.factor() * (1.0 + after) / before.factor() - 1.0;
        checked(change, (year, count(acted, value.get(), moved)))
    })
}

/// Applies `each` to every path of returns that a reserve has of its own.
fn returns(
    reserve: &mut Reserve,
    each: &mut dyn FnMut(&mut Path<Growth>) -> Result<(), ChangeError>,
) -> Result<(), ChangeError> {
    if let Some(interest) = &mut reserve.interest {
        each(interest)?;
    }
    let Some(assets) = &mut reserve.assets else { return Ok(()) };
    let mut classes = assets.classes().to_vec();
    for class in &mut classes {
        each(&mut class.returns)?;
    }
    *assets = Portfolio::new(classes).expect("the shares of the classes are as before");
    Ok(())
}

fn checked(change: &Change, (year, value): (Year, f64)) -> Result<Growth, ChangeError> {
    Growth::new(value).or_else(|_| outside(change, year, value))
}

fn outside<T>(change: &Change, year: Year, value: f64) -> Result<T, ChangeError> {
    Err(ChangeError::Outside { quantity: change.quantity.as_str(), value, year })
}

fn administration(
    model: &mut Model,
    change: &Change,
    years: YearRange,
) -> Result<Acted, ChangeError> {
    let factor = change.factor()?;
    let mut acted = Acted::default();
    let mut shares = |of: &mut Path<Share>| {
        path(of, years, |year, value| {
            let after = change.acted(value.get(), change.weight(year, years));
            Ok(Share::new(share(&mut acted, value.get(), after)).expect("kept within 0 and 1"))
        })
    };
    let funds = model.finance.iter_mut().flat_map(|finance| &mut finance.funds);
    let mut amounts = 0;
    for fund in funds.filter(|fund| change.concerns(&fund.account)) {
        match &mut fund.administration {
            Some(Administration::ShareOfEarnings(of)) => shares(of)?,
            Some(Administration::Amount { first_year, .. }) => {
                let lasting =
                    change.lasts && change.weights.iter().all(|one| (one - 1.0).abs() <= 0.0);
                if !lasting {
                    return Err(ChangeError::NoYears("administration given as an amount"));
                }
                let after = first_year.get() * factor;
                amounts += usize::from(after.to_bits() != first_year.get().to_bits());
                *first_year =
                    Money::new(after).or_else(|_| outside(change, years.first(), after))?;
            }
            None => {}
        }
    }
    let branches = model.benefits.iter_mut().flat_map(|benefits| &mut benefits.health);
    for branch in branches.filter(|branch| change.concerns(&branch.name)) {
        shares(&mut branch.administration)?;
    }
    acted.values += amounts;
    Ok(acted)
}
