use perennis_finance::{Course, FundSystem, LeverRange, Target, search};
use perennis_units::Year;

use crate::{Change, Model, run};

/// Steps in which sizes are looked through.
const STEPS: u16 = 8;
/// How often the largest size is halved when a model cannot take it.
const HALVINGS: usize = 8;

/// The answer of a reverse stress.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StressSize {
    /// The reserve is gone without any shock.
    None,
    /// The smallest size that exhausts the reserve.
    Smallest {
        /// Times the size given.
        size: f64,
        /// Whether what is left falls all the way as the size grows, so that every larger size exhausts as well.
        only: bool,
    },
    /// No size up to the largest looked at exhausts the reserve.
    NotWithin {
        /// The largest size looked at.
        largest: f64,
        /// What is left at that size in the year of the least, over the expenditure of that year.
        left: f64,
    },
}

impl Model {
    /// Returns the accounts that keep a reserve.
    #[must_use]
    pub fn reserves(&self) -> Vec<&str> {
        let funds = self.finance.iter().flat_map(|finance| &finance.funds);
        let kept = funds.filter(|fund| matches!(fund.system, FundSystem::Reserve(_)));
        kept.map(|fund| fund.account.as_str()).collect()
    }

    /// Finds the smallest size, up to `largest`, at which `changes` exhaust the reserve of an account by the end of a year.
    ///
    /// Sizes are looked through in eight steps and found to the last digits where the sign of what is left changes; two
    /// changes of sign within one step can be overlooked. `None` where the changes do nothing to the model, or no size of
    /// them can be run.
    #[must_use]
    pub fn smallest_stress(
        &self,
        changes: &[Change],
        (account, by): (&str, Year),
        largest: f64,
    ) -> Option<StressSize> {
        let (_, acted) = self.changed(changes).ok()?;
        if acted.iter().all(|one| one.values == 0) {
            return None;
        }
        let target = Target::NotExhaustedBefore { year: by.plus(1) };
        let left = |size: f64| -> Option<f64> {
            let changes: Vec<Change> = changes.iter().map(|change| change.of_size(size)).collect();
            let results = run(&self.changed(&changes).ok()?.0).ok()?;
            target.miss(results.finance?.fund(account)?).ok()
        };
        if left(0.0)? < 0.0 {
            return Some(StressSize::None);
        }
        let most = changes.iter().map(Change::largest_size).fold(largest, f64::min);
        let sizes = std::iter::successors(Some(most), |size| Some(0.5 * size)).take(HALVINGS);
        let (largest, at_largest) = sizes.into_iter().find_map(|size| Some((size, left(size)?)))?;
        let range = LeverRange { low: 0.0, high: largest, steps: STEPS };
        let found = search(range, |size| left(size).ok_or(())).ok()?;
        Some(match found.values.first() {
            Some(size) => StressSize::Smallest {
                size: *size,
                only: found.values.len() == 1 && found.course == Course::Falls,
            },
            None => StressSize::NotWithin { largest, left: at_largest },
        })
    }
}
