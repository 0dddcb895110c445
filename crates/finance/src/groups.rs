use crate::{CashFlows, MeasureError, Tail, general_average_premium};

/// Outgo of the last year that an initial group may still have when its run-off counts as complete, as a share.
const RUN_OFF: f64 = 1e-3;

/// The part of an account that belongs to those who are insured or in payment at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct InitialGroup {
    /// Insured earnings of each year.
    pub earnings: Vec<f64>,
    /// Outgo of each year.
    pub outgo: Vec<f64>,
}

/// Average premiums of the initial group, of those who enter later, and of all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AveragePremiums {
    /// AP1: of the initial group, the reserve counted for it.
    pub initial: f64,
    /// AP2: of those who enter later.
    pub entrants: f64,
    /// GAP: of all; the mean of the two, weighted with the present values of insured earnings.
    pub general: f64,
    /// Share of those who enter later in the present value of all insured earnings.
    pub entrants_share: f64,
}

/// Returns AP1, AP2 and GAP at the start of the first year.
///
/// # Formula
///
/// `AP1 = [PV(outgo of the initial group) - V(0)] / PV(its insured earnings)`,
/// `AP2 = PV(outgo of later entrants) / PV(their insured earnings)`; the tail belongs to the later entrants.
///
/// # Source
///
/// Iyer, ch. 1: average premiums of the initial population and of new entrants.
///
/// # Errors
///
/// [`MeasureError`] for groups of another length, a tail while the initial group still lives, a tail without an end, or a
/// group without earnings.
pub fn average_premiums(
    flows: &CashFlows,
    group: &InitialGroup,
    tail: Tail,
) -> Result<AveragePremiums, MeasureError> {
    let years = flows.years();
    if group.earnings.len() != years.len() || group.outgo.len() != years.len() {
        return Err(MeasureError::Missing("the initial group in every year"));
    }
    let period = flows.period();
    let last = years.last().ok_or(MeasureError::NoYears)?;
    let left = (group.earnings[years.len() - 1], group.outgo[years.len() - 1]);
    if tail != Tail::None && (0.0 < left.0 || RUN_OFF * last.outgo < left.1) {
        return Err(MeasureError::NotRunOff { last: period.last });
    }
    let none = MeasureError::NoEarnings { first: period.first, last: period.last };
    let general = general_average_premium(flows, period.first, tail)?.premium;
    let factor = tail.factor(flows)?;
    let all = flows.present(0..years.len());
    let before_last = flows.present(0..years.len() - 1);
    let last_year = flows.present(years.len() - 1..years.len());
    let earnings = all.earnings + factor * last_year.earnings * before_last.end;
    let outgo = all.outgo + factor * last_year.outgo * before_last.end;
    let initial_earnings = flows.present_value(&group.earnings);
    let initial_outgo = flows.present_value(&group.outgo);
    let entrants_earnings = earnings - initial_earnings;
    if initial_earnings <= 0.0 || entrants_earnings <= 0.0 {
        return Err(none);
    }
    Ok(AveragePremiums {
        initial: (initial_outgo - flows.opening()) / initial_earnings,
        entrants: (outgo - initial_outgo) / entrants_earnings,
        general,
        entrants_share: entrants_earnings / earnings,
    })
}

/// Returns the rate of each year when the initial group pays AP1 and later entrants pay AP2; `None` without earnings.
///
/// # Formula
///
/// `C(t) = [AP1 S_initial(t) + AP2 S_entrants(t)] / S(t)`.
///
/// # Source
///
/// Iyer, ch. 1: autonomous funding.
#[must_use]
pub fn autonomous_rates(
    flows: &CashFlows,
    group: &InitialGroup,
    premiums: &AveragePremiums,
) -> Vec<Option<f64>> {
    let rate = |(flow, initial): (&crate::FlowYear, &f64)| {
        let paid = premiums.initial * initial + premiums.entrants * (flow.earnings - initial);
        (0.0 < flow.earnings).then(|| paid / flow.earnings)
    };
    flows.years().iter().zip(&group.earnings).map(rate).collect()
}

/// One year of terminal funding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TerminalYear {
    /// Capital value of the awards of the year over insured earnings; `None` without earnings.
    pub rate: Option<f64>,
    /// Reserve at the end of the year, currency.
    pub reserve_end: f64,
}

/// Returns the rates and reserves when each year pays the capital value of the benefits awarded in it.
///
/// # Formula
///
/// `C(t) = K(t) / S(t)`; the reserve rolls forward with `K(t)` as its only income, from the reserve at the start.
///
/// # Source
///
/// Iyer, 1.8: terminal funding; usual for employment injury.
///
/// # Errors
///
/// [`MeasureError::Missing`] when the capital values are not given for every year.
pub fn terminal_funding(
    flows: &CashFlows,
    capital_values: &[f64],
) -> Result<Vec<TerminalYear>, MeasureError> {
    if capital_values.len() != flows.years().len() {
        return Err(MeasureError::Missing("capital values of awards in every year"));
    }
    let capital = |at: usize| capital_values[at];
    let worth = flows.worth_from(0, flows.opening(), |at, flow| capital(at) - flow.other_income);
    let year = |(at, flow): (usize, &crate::FlowYear)| TerminalYear {
        rate: (0.0 < flow.earnings).then(|| capital(at) / flow.earnings),
        reserve_end: worth[at + 1],
    };
    Ok(flows.years().iter().enumerate().map(year).collect())
}
