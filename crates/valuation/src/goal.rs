use perennis_finance::{LeverCost, ReserveRatio, Target};
use perennis_units::Year;
use thiserror::Error;

use crate::Results;

/// What a lever is to reach in one account, beyond any figure that has one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// A reserve at the end of a year, as a multiple of the expenditure of the year.
    Reserve {
        /// The year.
        year: Year,
        /// The multiple.
        times: f64,
    },
    /// A reserve that is not gone before a year.
    NotExhaustedBefore(Year),
}

/// A goal that cannot be measured.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GoalError {
    /// There is no such account.
    #[error("there is no account `{0}`")]
    NoAccount(String),
    /// The account does not have it.
    #[error("{0}")]
    NotMeasured(String),
}

impl Results {
    /// Returns by how much an account is above a goal, in years of expenditure; what a reserve that is gone lacks counts
    /// below zero, whoever pays.
    ///
    /// # Errors
    ///
    /// [`GoalError`] for an account or a year that there is not.
    pub fn above(&self, account: &str, goal: Goal) -> Result<f64, GoalError> {
        let finance = self.finance.as_ref();
        let fund = finance.and_then(|finance| finance.fund(account));
        let fund = fund.ok_or_else(|| GoalError::NoAccount(account.to_owned()))?;
        let ratio = ReserveRatio::EndOverExpenditure;
        let target = match goal {
            Goal::Reserve { year, times } => Target::Reserve { ratio, year, value: times },
            Goal::NotExhaustedBefore(year) => Target::NotExhaustedBefore { year },
        };
        target.miss(fund).map_err(|error| GoalError::NotMeasured(error.to_string()))
    }

    /// Returns what changed in an account from `before` to this run, as present values at the start.
    #[must_use]
    pub fn cost_against(&self, before: &Self, account: &str) -> Option<LeverCost> {
        let was = before.finance.as_ref()?.fund(account)?;
        LeverCost::between(was, self.finance.as_ref()?.fund(account)?).ok()
    }
}
