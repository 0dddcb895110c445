use perennis_units::Year;

use crate::{CashFlows, FundPath, MeasureError, Period};

/// Which reserve is compared with the expenditure of which year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReserveRatio {
    /// The reserve at the end of the year over the expenditure of the year.
    EndOverExpenditure,
    /// The reserve at the start of the year over the expenditure of the year: the trust fund ratio.
    StartOverExpenditure,
    /// The reserve at the end of the year over the expenditure of the next year.
    EndOverNextExpenditure,
}

impl ReserveRatio {
    /// Every ratio.
    pub const ALL: [Self; 3] =
        [Self::EndOverExpenditure, Self::StartOverExpenditure, Self::EndOverNextExpenditure];

    /// Returns the word used in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EndOverExpenditure => "reserve_end_over_expenditure",
            Self::StartOverExpenditure => "reserve_start_over_expenditure",
            Self::EndOverNextExpenditure => "reserve_end_over_next_expenditure",
        }
    }

    /// Returns the ratio of a fund in a year; `None` for an account without reserve or without that expenditure.
    #[must_use]
    pub fn of(self, fund: &FundPath, year: Year) -> Option<f64> {
        match self {
            Self::EndOverExpenditure => fund.reserve_end_over_expenditure(year),
            Self::StartOverExpenditure => fund.reserve_start_over_expenditure(year),
            Self::EndOverNextExpenditure => fund.reserve_end_over_next_expenditure(year),
        }
    }

    /// Returns the number of years after whose end the reserve stands, and the position of the year of the expenditure.
    pub(crate) fn stands(self, position: usize) -> (usize, usize) {
        match self {
            Self::EndOverExpenditure => (position + 1, position),
            Self::StartOverExpenditure => (position, position),
            Self::EndOverNextExpenditure => (position + 1, position + 1),
        }
    }
}

/// What the flows do after the last year that is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tail {
    /// Nothing is counted beyond the horizon.
    None,
    /// Earnings and outgo grow for ever as earnings did in the last year; the interest of the last year holds.
    AsLastYear,
    /// Earnings and outgo grow for ever at this rate a year; the interest of the last year holds.
    Grows(f64),
}

/// The rate that pays for everything from a year on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneralAverage {
    /// The premium, a share of insured earnings.
    pub premium: f64,
    /// Present value of the outgo beyond the horizon over that of all outgo.
    pub tail_share_of_outgo: f64,
    /// Present value of the insured earnings beyond the horizon over that of all earnings.
    pub tail_share_of_earnings: f64,
}

/// When a reserve ratio must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// At the end of the period.
    AtEnd,
    /// In every year of the period.
    AllThrough,
}

impl Tail {
    /// Returns what a discounted flow of the last year is multiplied with to give all that come after it: `v / (1 - v)`
    /// with `v = (1 + growth) / (1 + interest)`, zero without a tail.
    pub(crate) fn factor(self, flows: &CashFlows) -> Result<f64, MeasureError> {
        let years = flows.years();
        let last = years.last().ok_or(MeasureError::NoYears)?;
        let growth = match self {
            Self::None => return Ok(0.0),
            Self::Grows(growth) => growth,
            Self::AsLastYear => {
                let before = years.len().checked_sub(2).map(|at| years[at].earnings);
                match before.filter(|earnings| 0.0 < *earnings) {
                    Some(earnings) => last.earnings / earnings - 1.0,
                    None => return Err(MeasureError::Missing("two years of insured earnings")),
                }
            }
        };
        let v = (1.0 + growth) / (1.0 + last.interest);
        if v < 1.0 {
            Ok(v / (1.0 - v))
        } else {
            Err(MeasureError::TailDiverges { growth, interest: last.interest })
        }
    }
}

/// Returns the general average premium from `first` on: the level rate that, with the reserve, pays for all outgo.
///
/// # Formula
///
/// `GAP = [TDB_{n-1} + k DB_n - V_0] / [TDS_{n-1} + k DS_n]`, `k = 1 / (1 - v)`,
/// `v = (1 + growth) / (1 + interest)`; DB and DS are discounted outgo and insured earnings, TDB and TDS their sums.
/// Without a tail `k` is 1, and the reserve at the end of the horizon is zero.
///
/// The reserve at the start of `first` follows from the contributions of the account in the years before.
///
/// # Source
///
/// S. Iyer, *Actuarial mathematics of social security pensions*, ILO/ISSA 1999, ch. 1 and, for the yearly form, (5.48).
///
/// # Errors
///
/// [`MeasureError`] for a year outside the flows, no earnings, or a tail without an end.
pub fn general_average_premium(
    flows: &CashFlows,
    first: Year,
    tail: Tail,
) -> Result<GeneralAverage, MeasureError> {
    let span = flows.span(Period { first, last: flows.period().last })?;
    let present = flows.present_with_earnings(span.clone())?;
    let factor = tail.factor(flows)?;
    let last = flows.present(span.end - 1..span.end);
    // Present value at the start of the span of the flows of the last year.
    let to_last = present.end / last.end;
    let (tail_outgo, tail_earnings) =
        (factor * last.outgo * to_last, factor * last.earnings * to_last);
    let (outgo, earnings) = (present.outgo + tail_outgo, present.earnings + tail_earnings);
    Ok(GeneralAverage {
        premium: (outgo - flows.worth()[span.start]) / earnings,
        tail_share_of_outgo: if 0.0 < outgo { tail_outgo / outgo } else { 0.0 },
        tail_share_of_earnings: tail_earnings / earnings,
    })
}

/// Returns the level rate that leaves `end` (currency) at the end of the period.
///
/// # Formula
///
/// `C = [end v^{m-n} + PV(outgo) - V(n)] / PV(insured earnings)`, present values at the start of the period.
///
/// # Source
///
/// Iyer, ch. 1: level premium over a period, with a reserve at its end.
///
/// # Errors
///
/// [`MeasureError`] for a period outside the flows or without earnings.
pub fn level_premium(flows: &CashFlows, period: Period, end: f64) -> Result<f64, MeasureError> {
    let span = flows.span(period)?;
    let opening = flows.worth()[span.start];
    let present = flows.present_with_earnings(span)?;
    Ok((end * present.end + present.outgo - opening) / present.earnings)
}

/// Returns the level rate from the first year of a period on that gives a reserve ratio in its last year, or at least
/// that ratio in every year.
///
/// # Formula
///
/// `C = [κ B(m) v^{m-n} + PV(outgo) - V(n)] / PV(insured earnings)`; when the ratio must hold all through, the largest
/// over all `u` in the period.
///
/// # Source
///
/// Iyer, ch. 1: reserve-ratio condition.
///
/// # Errors
///
/// [`MeasureError`] for a period outside the flows (with the next year's expenditure, also the year after it) or without
/// earnings before the reserve is measured.
pub fn reserve_ratio_premium(
    flows: &CashFlows,
    period: Period,
    (ratio, value): (ReserveRatio, f64),
    holds: Holds,
) -> Result<f64, MeasureError> {
    let span = flows.span(period)?;
    let at = |position: usize| {
        let (stands, spent) = ratio.stands(position);
        if stands <= span.start {
            return Err(MeasureError::EmptyPeriod { first: period.first, last: period.last });
        }
        let outgo = flows.years().get(spent).ok_or_else(|| MeasureError::OutsideHorizon {
            year: flows.year(spent),
            first: flows.period().first,
            last: flows.period().last,
        })?;
        let until = Period { first: period.first, last: flows.year(stands - 1) };
        level_premium(flows, until, value * outgo.outgo)
    };
    let last = span.end - 1;
    match holds {
        Holds::AtEnd => at(last),
        Holds::AllThrough => {
            let possible = span.clone().filter(|position| span.start < ratio.stands(*position).0);
            possible.map(at).try_fold(f64::NEG_INFINITY, |most, rate| Ok(most.max(rate?))).and_then(
                |most| {
                    let empty =
                        MeasureError::EmptyPeriod { first: period.first, last: period.last };
                    if most.is_finite() { Ok(most) } else { Err(empty) }
                },
            )
        }
    }
}
