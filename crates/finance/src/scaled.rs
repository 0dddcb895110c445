use perennis_units::Year;

use crate::{CashFlows, MeasureError, Period, Tail, general_average_premium};

/// What a scaled premium asks of the reserve at the end of a control period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaledPremium {
    /// SCP1: it stands still; later it would fall.
    LocalMaximum,
    /// SCP2: it grows as the insured earnings do.
    MatureGrowth,
}

/// The premium of one control period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ControlPeriod {
    /// The years in which it is paid.
    pub period: Period,
    /// The premium, a share of insured earnings.
    pub premium: f64,
    /// The reserve at the end of the period, currency.
    pub reserve_end: f64,
}

/// Returns the level rate over a period at the end of which returns pay `ratio` times what contributions lack.
///
/// # Formula
///
/// `C = [√(B_m B_{m+1}) v + δλ (PV(outgo) - V)] / [√(S_m S_{m+1}) v + δλ PV(insured earnings)]` with
/// `λ = (B - C S) / (δ V)` at the end of year `m`, the force of interest `δ = ln(1 + i_m)`, and `v` the discount from
/// that moment to the start of the period; the yearly amount at the turn of two years is their geometric mean.
///
/// # Source
///
/// Iyer, ch. 1 (balance ratio) and ch. 5 (yearly form).
///
/// # Errors
///
/// [`MeasureError`] for a period outside the flows, the year after it included, or without earnings.
pub fn balance_ratio_premium(
    flows: &CashFlows,
    period: Period,
    ratio: f64,
) -> Result<f64, MeasureError> {
    let opening = flows.worth()[flows.span(period)?.start];
    at_turn(flows, period, opening, |turn| Ok(ratio * turn.force))
}

/// Returns the premiums of successive control periods that end with the years `lasts`, from the first year on.
///
/// # Formula
///
/// That of [`balance_ratio_premium`] with `δλ` replaced by `δ` (SCP1) or by `δ - ln(S_{m+1} / S_m)` (SCP2); each period
/// begins with the reserve that the premiums before it leave, and with no other income.
///
/// # Source
///
/// Iyer, ch. 1, (1.32) and (1.33), and ch. 5 (yearly form).
///
/// # Errors
///
/// [`MeasureError`] for a period outside the flows, the year after it included, without earnings, or, for SCP2, at whose
/// end earnings grow as fast as interest.
pub fn scaled_premiums(
    flows: &CashFlows,
    kind: ScaledPremium,
    lasts: &[Year],
) -> Result<Vec<ControlPeriod>, MeasureError> {
    let mut first = flows.period().first;
    let mut opening = flows.opening();
    let mut periods = Vec::with_capacity(lasts.len());
    for last in lasts {
        let period = Period { first, last: *last };
        let premium = at_turn(flows, period, opening, |turn| match kind {
            ScaledPremium::LocalMaximum => Ok(turn.force),
            ScaledPremium::MatureGrowth if turn.growth < turn.force => Ok(turn.force - turn.growth),
            ScaledPremium::MatureGrowth => Err(MeasureError::GrowthAboveInterest {
                year: *last,
                growth: libm::expm1(turn.growth),
                interest: libm::expm1(turn.force),
            }),
        })?;
        let span = flows.span(period)?;
        let present = flows.present(span);
        opening = (opening + premium * present.earnings - present.outgo) / present.end;
        periods.push(ControlPeriod { period, premium, reserve_end: opening });
        first = last.plus(1);
    }
    Ok(periods)
}

/// Returns the level rate that keeps the reserve of the last control period in step with earnings for ever after.
///
/// It is the general average premium of what follows, with the reserve that the control periods leave; in the mature
/// state `π_{h+1} = π_h [1 - g/δ] + [g/δ] PAYG` for SCP1, and `π_{h+1} = π_h` for SCP2.
///
/// # Errors
///
/// [`MeasureError`] without control periods, without a year after the last, or for a tail without an end.
pub fn ultimate_premium(
    flows: &CashFlows,
    periods: &[ControlPeriod],
    tail: Tail,
) -> Result<f64, MeasureError> {
    let last = periods.last().ok_or(MeasureError::NoYears)?;
    let first = last.period.last.plus(1);
    let from = flows.position(first)?;
    let rest = flows.years()[from..].to_vec();
    let rest = CashFlows::new(first, flows.flows_at(), last.reserve_end, rest)?;
    general_average_premium(&rest, first, tail).map(|average| average.premium)
}

/// The turn from the last year of a period to the next: force of interest and of growth of earnings.
struct Turn {
    force: f64,
    growth: f64,
}

fn at_turn(
    flows: &CashFlows,
    period: Period,
    opening: f64,
    weight: impl Fn(&Turn) -> Result<f64, MeasureError>,
) -> Result<f64, MeasureError> {
    let span = flows.span(period)?;
    let next = &flows.years()[flows.position(period.last.plus(1))?];
    let last = &flows.years()[span.end - 1];
    let present = flows.present_with_earnings(span)?;
    if last.earnings <= 0.0 || next.earnings <= 0.0 {
        let (first, last) = (period.last, period.last.plus(1));
        return Err(MeasureError::NoEarnings { first, last });
    }
    let growth = libm::log(next.earnings / last.earnings);
    let weight = weight(&Turn { force: libm::log1p(last.interest), growth })?;
    let outgo = (last.outgo * next.outgo).sqrt() * present.end;
    let earnings = (last.earnings * next.earnings).sqrt() * present.end;
    Ok((outgo + weight * (present.outgo - opening)) / (earnings + weight * present.earnings))
}
