use perennis_units::Year;

use crate::{CashFlows, MeasureError, Period};

/// The reserve that a period must leave at its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TargetFund {
    /// Nothing.
    None,
    /// A multiple of the outgo of the year after the period.
    OfNextYear(f64),
    /// A multiple of the outgo of the last year of the period.
    OfLastYear(f64),
}

/// Whether the reserve at the start of the period counts as income.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningFund {
    /// It does.
    Counted,
    /// It does not: the rates speak of the flows of the period alone.
    LeftOut,
}

/// Income and cost of a period as shares of the present value of its insured earnings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SummarisedRates {
    /// Reserve at the start, contributions and other income.
    pub income_rate: f64,
    /// Outgo and the target fund at the end.
    pub cost_rate: f64,
    /// The part of `income_rate` that is the reserve at the start.
    pub opening_fund: f64,
    /// The part of `cost_rate` that is the target fund.
    pub target_fund: f64,
}

impl SummarisedRates {
    /// Returns the actuarial balance: income less cost.
    #[must_use]
    pub fn balance(&self) -> f64 {
        self.income_rate - self.cost_rate
    }
}

/// Returns the summarised rates of a period, valued at its start.
///
/// # Formula
///
/// `income = [V + PV(contributions + other income)] / PV(insured earnings)`,
/// `cost = [PV(outgo) + PV(target fund)] / PV(insured earnings)`.
///
/// # Source
///
/// U.S. Social Security Administration, Office of the Chief Actuary, *Actuarial Study 115*; Trustees Reports, IV.B.
///
/// # Errors
///
/// [`MeasureError`] for a period outside the flows, the year after it included when the target is of that year, or
/// without earnings.
pub fn summarised_rates(
    flows: &CashFlows,
    period: Period,
    (opening, target): (OpeningFund, TargetFund),
) -> Result<SummarisedRates, MeasureError> {
    let span = flows.span(period)?;
    let present = flows.present_with_earnings(span.clone())?;
    let opening = match opening {
        OpeningFund::Counted => flows.worth()[span.start],
        OpeningFund::LeftOut => 0.0,
    };
    let target = match target {
        TargetFund::None => 0.0,
        TargetFund::OfLastYear(times) => times * flows.years()[span.end - 1].outgo,
        TargetFund::OfNextYear(times) => {
            times * flows.years()[flows.position(period.last.plus(1))?].outgo
        }
    };
    let target_fund = target * present.end / present.earnings;
    let opening_fund = opening / present.earnings;
    let income = (present.contributions + present.other_income) / present.earnings;
    Ok(SummarisedRates {
        income_rate: opening_fund + income,
        cost_rate: present.outgo / present.earnings + target_fund,
        opening_fund,
        target_fund,
    })
}

/// Result of the test of close balance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CloseBalance {
    /// The first year in whose period the deficit is above what is allowed; `None` when the test is met.
    pub fails_first_in: Option<Year>,
    /// The least of balance plus allowance over all periods, a share of insured earnings; negative when the test fails.
    pub margin: f64,
}

/// Tests whether the balance of every period from the shortest to the longest is close enough to zero.
///
/// # Formula
///
/// For periods of `n` years from the first year on, `n` from `shortest` to `longest`:
/// `balance(n) >= -allowed (n - shortest) / (longest - shortest) * cost rate(n)`, with the reserve at the start counted
/// and a target of one year's outgo.
///
/// # Source
///
/// Trustees Reports of the U.S. Social Security Administration, IV.B: test of long-range close actuarial balance, with 10
/// and 75 years and 5 % of the cost rate.
///
/// # Errors
///
/// [`MeasureError`] for periods outside the flows, the year after the longest included, or without earnings.
pub fn close_balance(
    flows: &CashFlows,
    (shortest, longest): (u16, u16),
    allowed: f64,
) -> Result<CloseBalance, MeasureError> {
    let first = flows.period().first;
    if longest <= shortest || shortest == 0 {
        let last = first.plus(i32::from(longest) - 1);
        return Err(MeasureError::EmptyPeriod { first, last });
    }
    let mut result = CloseBalance { fails_first_in: None, margin: f64::INFINITY };
    for years in shortest..=longest {
        let last = first.plus(i32::from(years) - 1);
        let rates = summarised_rates(
            flows,
            Period { first, last },
            (OpeningFund::Counted, TargetFund::OfNextYear(1.0)),
        )?;
        let part = f64::from(years - shortest) / f64::from(longest - shortest);
        let margin = rates.balance() + allowed * part * rates.cost_rate;
        result.margin = result.margin.min(margin);
        if margin < 0.0 && result.fails_first_in.is_none() {
            result.fails_first_in = Some(last);
        }
    }
    Ok(result)
}
