use ndarray::Axis;
use perennis_cohort::AgeGrid;
use perennis_units::{Sex, YearRange};

use super::Context;
use super::service::{by_age_and_service, factors};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::by_age::{Below, Wanted};
use crate::read::scheme::people as raw;

const EARNINGS: Wanted =
    Wanted { column: "earnings", kind: Kind::PAY_A_YEAR.called("a wage"), below: Below::First };

/// Reads the mean wages of a group by completed years of credit; one grid where they do not follow from it.
pub(super) fn wages(
    raw: &raw::Earnings,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Vec<AgeGrid>> {
    let place = at.key("mean");
    let scale = at.key("by_service");
    let by_age = || {
        let one_year = YearRange::new(context.frame.years.first(), 1);
        let mean = raw.mean.by_age_alone();
        let grid = mean.read(&place, &EARNINGS, one_year, context.ages)?;
        Some(grid.values().index_axis(Axis(0), 0).to_owned())
    };
    match (&raw.mean.by_age_and_service, &raw.by_service) {
        (None, None) => Some(vec![by_age()?]),
        (None, Some(table)) => {
            let (mean, factors) = (by_age(), factors(table, &scale));
            let mean = mean?;
            let of = |factors: &[f64; 2]| {
                let mut wages = mean.clone();
                for sex in Sex::ALL {
                    wages.row_mut(sex.index()).mapv_inplace(|wage| wage * factors[sex.index()]);
                }
                wages
            };
            Some(factors?.iter().map(of).collect())
        }
        (Some(table), None) if raw.mean.by_age.is_none() && raw.mean.all_ages.is_none() => {
            by_age_and_service(table, &place.key("by_age_and_service"), context, &EARNINGS)
        }
        (Some(_), None) => {
            let reason = "the mean wages are given by service and without";
            let remedy = "keep one of by_age, all_ages and by_age_and_service";
            place.fault(Code::TwoWays, reason, remedy);
            None
        }
        (Some(_), Some(_)) => {
            let reason = "the table of wages and a scale both follow service";
            scale.fault(
                Code::TwoWays,
                reason,
                "keep one of mean.by_age_and_service and by_service",
            );
            None
        }
    }
}
