use perennis_units::{Date, NotMoney};
use thiserror::Error;

/// A law that says nothing where something is asked of it.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum LawError {
    /// No value is in force.
    #[error("`{rule}` has no value in force on {date} for the person")]
    NotInForce {
        /// Name of the rule.
        rule: String,
        /// The day on which it was asked for.
        date: Date,
    },
    /// No rule of reference earnings covers the group of the person.
    #[error(
        "benefit `{benefit}` has no reference earnings for group `{group}` entered on {entered}"
    )]
    NoReferenceRule {
        /// Name of the benefit.
        benefit: String,
        /// Name of the group.
        group: String,
        /// Day of the first contribution.
        entered: Date,
    },
    /// A share of the mean insured wage is asked for and no mean insured wage was given.
    #[error("`{rule}` is a share of the mean insured wage, which is not known here")]
    NoInsuredWage {
        /// Name of the rule.
        rule: String,
    },
    /// An amount grew beyond every number.
    #[error(transparent)]
    NotMoney(#[from] NotMoney),
    /// A step needs reference earnings and none stand before it.
    #[error("step {position} of benefit `{benefit}` needs reference earnings before it")]
    NoReferenceEarnings {
        /// Name of the benefit.
        benefit: String,
        /// Position of the step, from 1.
        position: usize,
    },
}
