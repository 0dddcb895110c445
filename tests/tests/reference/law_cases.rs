use std::path::Path;

use perennis_scheme::{Lognormal, Schedule};
use perennis_tests::cases;

/// A minimum on a pension proportional to a lognormal wage, against its value by the Black-Scholes integral.
pub(crate) fn a_minimum_pension_of_a_spread_of_wages_costs_its_exact_value(folder: &Path) {
    let cases = cases(folder);
    let case = cases.iter().find(|case| case.id == "ana-22-minimum-pension-lognormal");
    let case = case.expect("the case is in the folder");
    // A standard deviation of logarithms of 0.6 is this coefficient of variation.
    let wages = Lognormal::new(1.0, (0.36_f64.exp() - 1.0).sqrt());
    let pension = Schedule::identity().times(0.45);
    let lifted = pension.at_least(0.25).expected(&wages);
    let near = |found: f64, key: &str| {
        let expected = case.expected[key].as_f64().expect("a number");
        assert!((found - expected).abs() <= case.tolerance("rel") * expected, "{key}: {found}");
    };
    near(lifted, "mean_pension_after_top_up");
    near(lifted - pension.expected(&wages), "expected_top_up");
    near(wages.share_below(0.25 / 0.45), "share_below_minimum");
}
