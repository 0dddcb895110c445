use perennis_scheme::LawError;
use perennis_units::Year;
use thiserror::Error;

/// Why the generations of a scheme cannot be followed: the law says nothing where it is asked.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("scheme `{scheme}`, {year}: {error}")]
pub struct NotFollowed {
    /// Name of the scheme.
    pub scheme: String,
    /// The year.
    pub year: Year,
    /// What the law lacks.
    pub error: LawError,
}

/// Why a plan cannot be valued.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum GenerationError {
    /// More leave than are there.
    #[error(
        "of members of group `{group}` aged {age} with {service} years of service {probability} leave within a year"
    )]
    MoreThanAll {
        /// The group.
        group: String,
        /// Age at the start of the year.
        age: i32,
        /// Years of service.
        service: i32,
        /// Sum of the probabilities.
        probability: f64,
    },
    /// Earnings cannot be followed.
    #[error(
        "the scale of earnings has no row for group `{group}`, age {age}, {service} years of service"
    )]
    NoMerit {
        /// The group.
        group: String,
        /// Age at the start of the year.
        age: i32,
        /// Years of service.
        service: i32,
    },
    /// A law says nothing where it is asked.
    #[error("{error}, asked of a member aged {age} with {service} years of service")]
    Law {
        /// Name of the scheme.
        scheme: String,
        /// Age at the exit or claim.
        age: f64,
        /// Years of service.
        service: f64,
        /// What it lacks.
        error: LawError,
    },
    /// A benefit of pensioners that no law has.
    #[error("no law has a pension `{benefit}`")]
    UnknownBenefit {
        /// Its name.
        benefit: String,
    },
    /// A cost is asked for as a share of earnings that nobody has.
    #[error("nobody has earnings to come, and `{what}` is a share of them")]
    NoEarnings {
        /// What is asked for.
        what: &'static str,
    },
    /// A result that is not finite.
    #[error("`{what}` has no finite value")]
    NotFinite {
        /// What is asked for.
        what: String,
    },
}
