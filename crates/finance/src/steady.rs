use perennis_units::Year;

use crate::{CashFlows, FlowYear, MeasureError, ReserveRatio};

/// Returns the level contribution rate from `from` on at which a reserve ratio is the same in two years.
///
/// Contributions before `from`, and other income throughout, are those of the account; a reserve below zero bears the
/// interest of the reserve. The ratios move in a straight line with the rate, so there is one rate at most, and it is
/// also the lowest.
///
/// # Formula
///
/// `V(t) / B(t) = a(t) + b(t) C` at both years; `C = (a_2 - a_1) / (b_1 - b_2)`.
///
/// # Source
///
/// Office of the Superintendent of Financial Institutions, actuarial reports on the Canada Pension Plan: the
/// steady-state rate makes the ratio of assets to the expenditure of the next year equal in the 10th and the 60th year
/// after the review period.
///
/// # Errors
///
/// [`MeasureError`] for years outside the flows, a year without expenditure, or a rate without effect.
pub fn steady_state_rate(
    flows: &CashFlows,
    from: Year,
    ratio: ReserveRatio,
    years: [Year; 2],
) -> Result<f64, MeasureError> {
    let from = flows.position(from)?;
    let ratios = |rate: f64| -> Result<[f64; 2], MeasureError> {
        let paid = |at: usize, flow: &FlowYear| {
            if at < from { flow.contributions } else { rate * flow.earnings }
        };
        let worth = flows.worth_from(0, flows.opening(), paid);
        let mut found = [0.0; 2];
        for (found, year) in found.iter_mut().zip(years) {
            let (stands, spent) = ratio.stands(flows.position(year)?);
            let of_year = &flows.years()[flows.position(flows.year(spent))?];
            if of_year.outgo <= 0.0 {
                return Err(MeasureError::NoOutgo { year: flows.year(spent) });
            }
            *found = worth[stands] / of_year.outgo;
        }
        Ok(found)
    };
    let none = ratios(0.0)?;
    let one = ratios(1.0)?;
    let slope = (one[1] - none[1]) - (one[0] - none[0]);
    if slope.abs() <= f64::EPSILON * (one[0].abs() + one[1].abs()) {
        return Err(MeasureError::NoEffect { first: years[0], second: years[1] });
    }
    Ok((none[0] - none[1]) / slope)
}
