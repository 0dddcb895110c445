use perennis_scheme::LawError;
use perennis_units::Year;
use thiserror::Error;

/// A basis that cannot be projected.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PensionsError {
    /// A group of insured names an employment group that there is not.
    #[error("scheme `{scheme}` covers employment group `{group}`, which there is not")]
    UnknownGroup {
        /// Name of the scheme.
        scheme: String,
        /// Name of the employment group.
        group: String,
    },
    /// A benefit is named that the law does not have.
    #[error("scheme `{scheme}` has no benefit `{benefit}`")]
    UnknownBenefit {
        /// Name of the scheme.
        scheme: String,
        /// Name of the benefit.
        benefit: String,
    },
    /// A group pays contributions of no kind, so that its insured earnings are not defined.
    #[error("no contribution of scheme `{scheme}` covers group `{group}`")]
    NoContribution {
        /// Name of the scheme.
        scheme: String,
        /// Name of the group.
        group: String,
    },
    /// More credit than the ages allow.
    #[error(
        "group `{group}` of scheme `{scheme}` has {credit} months of credit at age {age}, more than {most} since the \
         first age of entry"
    )]
    TooMuchCredit {
        /// Name of the scheme.
        scheme: String,
        /// Name of the group.
        group: String,
        /// The age.
        age: usize,
        /// Months of credit.
        credit: f64,
        /// The most there can be.
        most: f64,
    },
    /// An array of the basis does not have the ages or years of the population.
    #[error("{what} of scheme `{scheme}` has {found} positions where {expected} are needed")]
    Shape {
        /// Name of the scheme.
        scheme: String,
        /// What it is.
        what: &'static str,
        /// Positions found.
        found: usize,
        /// Positions needed.
        expected: usize,
    },
    /// More widows and widowers remarry than live.
    #[error(
        "of those paid `{benefit}` of scheme `{scheme}` at age {age} in {year} more remarry than live through it"
    )]
    TooManyRemarry {
        /// Name of the scheme.
        scheme: String,
        /// Name of the benefit.
        benefit: String,
        /// The year.
        year: Year,
        /// The age.
        age: usize,
    },
    /// More invalids recover than live through a year.
    #[error(
        "of those paid `{benefit}` of scheme `{scheme}` at age {age} in {year} more recover than live through it"
    )]
    TooManyRecover {
        /// Name of the scheme.
        scheme: String,
        /// Name of the benefit.
        benefit: String,
        /// The year.
        year: Year,
        /// The age.
        age: usize,
    },
    /// The law says nothing where it is asked.
    #[error("scheme `{scheme}` in {year}: {law}")]
    Law {
        /// Name of the scheme.
        scheme: String,
        /// The year.
        year: Year,
        /// What is missing.
        law: LawError,
    },
}
