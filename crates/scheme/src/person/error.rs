use perennis_units::Date;
use thiserror::Error;

use super::Status;
use crate::LawError;

/// Why a law cannot be applied to a person.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PersonError {
    /// The law says nothing where it is asked.
    #[error("{scheme}: {error}")]
    Law {
        /// The scheme.
        scheme: String,
        /// What is wrong.
        error: LawError,
    },
    /// The law knows groups and the person has none.
    #[error("the law of {scheme} has the groups {known}, and the person is in none")]
    GroupNeeded {
        /// The scheme.
        scheme: String,
        /// Its groups.
        known: String,
    },
    /// A kind of period that no law knows.
    #[error("`{kind}` in the record is neither work nor a period of any of the laws")]
    UnknownKind {
        /// The kind.
        kind: String,
    },
    /// A name is stated that no law has.
    #[error("`{name}` is stated under {table}, but none of the laws has it")]
    UnknownStated {
        /// The table of the file.
        table: &'static str,
        /// The name.
        name: String,
    },
    /// The claim comes before birth.
    #[error("the claim on {date} comes before the birth on {born}")]
    BeforeBirth {
        /// The day of the claim.
        date: Date,
        /// The day of birth.
        born: Date,
    },
    /// A later claim does not come after the first.
    #[error("the later claim on {later} does not come after the claim on {first}")]
    NotLater {
        /// The day of the first claim.
        first: Date,
        /// The day of the later one.
        later: Date,
    },
    /// A table of survivors has nobody of an age.
    #[error("a table of survivors has nobody of the age at the claim")]
    NobodyOfAge,
    /// A table of invalidity has no probability for an age.
    #[error("a table of invalidity has no probability for age {age}")]
    NoProbability {
        /// The age in completed years.
        age: i32,
    },
    /// A stream asks for a life whose survival is not given.
    #[error("`{name}` is paid to {}, whose survival is not given", status.as_str())]
    NoSurvival {
        /// Name of the stream.
        name: String,
        /// The status to which it is paid.
        status: Status,
    },
    /// A sum that goes on for ever.
    #[error("the payments have no end: nobody dies and nothing is discounted")]
    NoEnd,
}
