use std::borrow::Cow;

use perennis_cohort::{AgeGrid, Register, Row, State};
use perennis_units::Sex;

use crate::basis::{GroupBasis, Members, SchemeBasis};
use crate::claim_dates::count;
use crate::parts::Held;

/// Returns the whole years in a credit in years, within the rounding of sums of months.
pub(crate) fn completed(years: f64) -> usize {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "years of a career")]
    let whole = (years + 1e-9).max(0.0) as usize;
    whole
}

/// Returns the grid of so many completed years, the last open; `None` below one year and where there are none.
pub(crate) fn of_years(grids: &[AgeGrid], years: usize) -> Option<&AgeGrid> {
    let at = years.min(grids.len()).checked_sub(1)?;
    grids.get(at)
}

/// Returns the mean of `first` and `more`, values by completed years of credit, weighted with the persons of each; those of
/// less than a year where nobody is.
pub(crate) fn mean_over_service(first: &AgeGrid, more: &[AgeGrid], there: &[AgeGrid]) -> AgeGrid {
    AgeGrid::from_shape_fn(first.dim(), |cell| {
        let persons: f64 = there.iter().map(|grid| grid[cell]).sum();
        if persons <= 0.0 {
            return first[cell];
        }
        let values = std::iter::once(first).chain(more);
        values.zip(there).map(|(values, there)| values[cell] * there[cell]).sum::<f64>() / persons
    })
}

impl SchemeBasis {
    /// Returns the credits in years at the start and at the end of a year of those at a step of the grid of credit; they differ
    /// where wages follow from credit only.
    pub(crate) fn credits_of_year(&self, group: usize, credit: usize) -> (f64, f64) {
        let held = count(credit) * count(self.credit_step) / 12.0;
        (held, held + self.groups[group].pace().unwrap_or(0.0))
    }
}

impl GroupBasis {
    /// Returns the years of credit of a year, where wages follow from credit.
    pub(crate) fn pace(&self) -> Option<f64> {
        (!self.wages_of_service.is_empty()).then(|| self.months.density())
    }

    /// Returns the mean wages by sex and age of those who are active.
    pub(crate) fn wages_of<'a>(&'a self, held: &Held) -> Cow<'a, AgeGrid> {
        if held.active_of_service.is_empty() {
            return Cow::Borrowed(&self.wages);
        }
        let mean = mean_over_service(&self.wages, &self.wages_of_service, &held.active_of_service);
        Cow::Owned(mean)
    }

    /// Returns the mean wages by sex and age of the active insured of the start: counted members by their own credit,
    /// those known by their means by the mean credit of the age.
    pub(crate) fn wages_at_start(&self) -> Cow<'_, AgeGrid> {
        if self.wages_of_service.is_empty() {
            return Cow::Borrowed(&self.wages);
        }
        let mut there = vec![AgeGrid::zeros(self.wages.dim()); self.wages_of_service.len() + 1];
        let last = there.len() - 1;
        match &self.active {
            Members::Counted(cells) => {
                for cell in cells {
                    let years = completed(f64::from(cell.credit_months) / 12.0).min(last);
                    there[years][[cell.sex.index(), cell.age]] += cell.persons;
                }
            }
            Members::Spread(spread) => {
                for sex in Sex::ALL {
                    for age in 0..self.wages.ncols() {
                        let cell = [sex.index(), age];
                        there[completed(spread.mean_credit[cell]).min(last)][cell] = 1.0;
                    }
                }
            }
        }
        Cow::Owned(mean_over_service(&self.wages, &self.wages_of_service, &there))
    }
}

/// Adds the active insured of a row by completed years of credit; cells stand `step` months apart.
pub(crate) fn count_service(register: &Register, row: Row, step: usize, there: &mut [AgeGrid]) {
    let last = there.len() - 1;
    for (at, persons) in register.persons(State::Active, row).iter().enumerate() {
        there[(at * step / 12).min(last)][[row.sex.index(), row.age]] += persons;
    }
}
