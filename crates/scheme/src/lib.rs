//! The law for one person on one date: dated parameters, conditions, steps; every item cites its provision.
//!
//! **In:** dated values of law, index levels of prices and wages, the claim of one person. **Out:** entitlement, dates,
//! contributions and amounts; an amount is a [`Schedule`], a piecewise-linear function of yearly reference earnings, so
//! that one rule serves a person ([`Schedule::at`]) and a cell with a spread of earnings ([`Schedule::expected`]).
//!
//! **Always holds:** no number of any law is written here; a value that is not in force is an error, never a default.
//!
//! **Does not:** know a grid, a population, a file or a country.

mod adjustment;
mod amount;
mod benefit;
mod claim;
mod condition;
mod contribution;
mod counting;
mod error;
#[cfg(test)]
mod fixture;
mod indexation;
mod indices;
mod law;
mod lognormal;
mod operation;
mod reference_earnings;
mod rule;
mod scale;
mod schedule;
mod step;
mod terms;
mod trace;

pub use adjustment::Adjustment;
pub use amount::{Amount, NamedAmount};
pub use benefit::{Benefit, BenefitKind};
pub use claim::{Claim, Credit, CreditedYear};
pub use condition::{Condition, Event, PaymentStart, date_reached};
pub use contribution::{ContributionLaw, InsuredEarnings, Limits, PayerRate, Stepping};
pub use counting::Counting;
pub use error::LawError;
pub use indexation::{Indexation, YearIndexation};
pub use indices::{Environment, Index, LegalIndices};
pub use law::Law;
pub use lognormal::Lognormal;
pub use reference_earnings::{ReferenceRule, Revaluation, Window};
pub use rule::{Groups, Rule};
pub use scale::{Scale, ScaleError};
pub use schedule::Schedule;
pub use step::{
    AtLeast, ExcessLumpSum, LumpSum, PerYear, PerYearOf, Rounding, RoundingDirection, Step,
};
pub use terms::Terms;
pub use trace::{PersonAward, TracedStep};
