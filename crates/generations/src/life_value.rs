use perennis_scheme::LifeTable;

use crate::annuity::{Annuity, endowment, insurance};
use crate::{Commutation, Lives};

/// What is valued of one or two lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeFunction {
    /// One unit a year while the status holds.
    Annuity,
    /// One unit at the end of the year in which it ends.
    Insurance,
    /// One unit after the years asked for, if it holds.
    Endowment,
    /// The sum of insurance and endowment.
    EndowmentInsurance,
    /// Survivors (`l_x`).
    Survivors,
    /// `D_x`.
    Discounted,
    /// `N_x`.
    DiscountedSum,
    /// `C_x`.
    Deaths,
    /// `M_x`.
    DeathsSum,
}

/// A status of two lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeStatus {
    /// Both live.
    Joint,
    /// One of the two lives.
    Last,
    /// The first lives and the other has died.
    AfterOther,
}

/// A value that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeRequest {
    /// Name in the file.
    pub name: String,
    /// What is valued.
    pub function: LifeFunction,
    /// Survivors and the age.
    pub life: (LifeTable, usize),
    /// The second life.
    pub other: Option<((LifeTable, usize), LifeStatus)>,
    /// Deferment, years and payments of an annuity; deferment and years of an insurance or endowment.
    pub annuity: Annuity,
    /// Interest a year.
    pub interest: f64,
    /// The moment: the force of interest is taken so many times.
    pub moment: u16,
}

impl LifeRequest {
    /// Returns the value for one unit; `None` where nobody of an age is left.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        let interest = libm::pow(1.0 + self.interest, f64::from(self.moment)) - 1.0;
        let (table, age) = &self.life;
        let own = Lives::of(table, *age)?;
        let lives = match &self.other {
            None => own,
            Some(((table, age), status)) => {
                let other = Lives::of(table, *age)?;
                match status {
                    LifeStatus::Joint => own.joint(&other),
                    LifeStatus::Last => own.last(&other),
                    LifeStatus::AfterOther => own.after_death_of(&other),
                }
            }
        };
        let Annuity { deferred, years, .. } = self.annuity;
        let sums = || Commutation::new(table, interest);
        let after = deferred + years.unwrap_or(0);
        Some(match self.function {
            LifeFunction::Annuity => self.annuity.value(&lives, interest),
            LifeFunction::Insurance => insurance(&lives, interest, deferred, years),
            LifeFunction::Endowment => endowment(&lives, interest, after),
            LifeFunction::EndowmentInsurance => {
                insurance(&lives, interest, deferred, years) + endowment(&lives, interest, after)
            }
            LifeFunction::Survivors => sums().lives(*age),
            LifeFunction::Discounted => sums().discounted(*age),
            LifeFunction::DiscountedSum => sums().annuities(*age),
            LifeFunction::Deaths => sums().deaths(*age),
            LifeFunction::DeathsSum => sums().insurances(*age),
        })
    }
}
