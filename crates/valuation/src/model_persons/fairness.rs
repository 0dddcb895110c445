/// Greatest rate that is looked for, and the least; shares a year.
const RATES: (f64, f64) = (1.0, -0.9);
/// Halvings of the range of discount factors: after so many it is narrower than the last digit.
const HALVINGS: usize = 64;

/// Returns the rate at which amounts of successive years are worth nothing together: those paid come first as negative
/// ones, those received follow.
///
/// # Formula
///
/// `sum of amount(t) / (1 + rate)^t = 0`. As the sign changes once, one positive factor `1 / (1 + rate)` meets it
/// (Descartes, La Géométrie, 1637, book 3). `None` where the sign changes otherwise, and for rates below -90 % or above
/// 100 % a year.
pub(super) fn internal_rate(amounts: &[f64]) -> Option<f64> {
    let signs = || amounts.iter().filter(|amount| 0.0 < amount.abs());
    let first_received = signs().position(|amount| 0.0 < *amount)?;
    let in_order = 0 < first_received && signs().skip(first_received).all(|amount| 0.0 < *amount);
    if !in_order {
        return None;
    }
    let worth = |factor: f64| amounts.iter().rev().fold(0.0, |sum, amount| sum * factor + amount);
    let (mut low, mut high) = (1.0 / (1.0 + RATES.0), 1.0 / (1.0 + RATES.1));
    if 0.0 < worth(low) || worth(high) < 0.0 {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if worth(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(1.0 / high - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        let found = found.expect("there is a rate");
        assert!((found - expected).abs() < 1e-13, "{found} {expected}");
    }

    #[test]
    fn a_sum_that_doubles_in_ten_years_returns_the_tenth_root_of_two() {
        let mut amounts = [0.0; 11];
        (amounts[0], amounts[10]) = (-1.0, 2.0);
        close(internal_rate(&amounts), libm::exp2(0.1) - 1.0);
        (amounts[0], amounts[10]) = (-2.0, 1.0);
        close(internal_rate(&amounts), libm::exp2(-0.1) - 1.0);
    }

    #[test]
    fn two_payments_and_one_receipt_solve_their_quadratic() {
        // -1 - x + 2.2 x^2 = 0.
        let factor = (1.0 + libm::sqrt(1.0 + 8.8)) / 4.4;
        close(internal_rate(&[-1.0, -1.0, 2.2]), 1.0 / factor - 1.0);
    }

    #[test]
    fn there_is_no_rate_where_only_one_side_is_paid_or_they_change_places_twice() {
        assert_eq!(internal_rate(&[-1.0, -1.0]), None);
        assert_eq!(internal_rate(&[0.0, 1.0]), None);
        assert_eq!(internal_rate(&[]), None);
        assert_eq!(internal_rate(&[-1.0, 3.0, -1.0]), None);
        assert_eq!(internal_rate(&[-1.0, 1e6]), None);
    }
}
