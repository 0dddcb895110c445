use perennis_units::{Date, NotMoney, Year};
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
    /// The mortality of the valuation is asked for and was not given.
    #[error("`{rule}` takes the mortality of the valuation, which is not known here")]
    NoMortality {
        /// Name of the divisor or balance.
        rule: String,
    },
    /// An indicator of the scheme is asked for and was not given.
    #[error("indexation `{indexation}` reads the indicator `{indicator}`, which is not known here")]
    NoIndicator {
        /// Name of the indexation.
        indexation: String,
        /// Name of the indicator.
        indicator: String,
    },
    /// An indicator is asked for of a year for which nothing is known.
    #[error(
        "the indicator `{indicator}` of {year} is read, which is neither published nor known by then"
    )]
    IndicatorNotKnown {
        /// Name of the indicator.
        indicator: String,
        /// The year.
        year: Year,
    },
    /// An indicator that leaves nothing of what follows it.
    #[error(
        "the indicator `{indicator}` of {year} makes a factor of {factor}, which leaves nothing"
    )]
    NoFactor {
        /// Name of the indicator.
        indicator: String,
        /// The year.
        year: Year,
        /// The factor.
        factor: f64,
    },
    /// A measure is asked for of which nothing is known.
    #[error("`{measure}` is not known of the person")]
    NotKnown {
        /// Name of the measure, or of the points, balance or reference earnings.
        measure: String,
    },
    /// An amount grew beyond every number.
    #[error(transparent)]
    NotMoney(#[from] NotMoney),
    /// A step needs reference earnings and none stand before it.
    #[error("step {position} of `{place}` needs reference earnings, points or a balance before it")]
    NoReferenceEarnings {
        /// Name of the benefit or formula.
        place: String,
        /// Position of the step, from 1.
        position: usize,
    },
    /// A number that stands below a fraction line is zero.
    #[error("`{what}` in step {position} of `{place}` is zero and something is divided by it")]
    DividedByZero {
        /// Name of the benefit, formula or rule.
        place: String,
        /// Position of the step, from 1; 0 outside steps.
        position: usize,
        /// What was zero.
        what: String,
    },
    /// An amount that is no straight line in the earnings, points or balance to which a benefit is proportional.
    #[error(
        "`{what}` in step {position} of `{place}` bends with every amount of earnings, points or balance; only one factor may depend on them"
    )]
    NotLinear {
        /// Name of the benefit or formula.
        place: String,
        /// Position of the step, from 1; 0 outside steps.
        position: usize,
        /// The operand.
        what: String,
    },
    /// A benefit that depends on two sums of a record at once, which a cell cannot carry together.
    #[error("benefit `{benefit}` depends on `{first}` and on `{second}` at once")]
    TwoBases {
        /// Name of the benefit.
        benefit: String,
        /// The base found first.
        first: String,
        /// The other.
        second: String,
    },
    /// Thresholds of brackets that do not increase.
    #[error("thresholds of brackets `{brackets}` do not increase: {after} follows {before}")]
    Thresholds {
        /// Name of the brackets.
        brackets: String,
        /// The threshold before.
        before: f64,
        /// The one at fault.
        after: f64,
    },
    /// A life table that has no age.
    #[error("`{rule}` has no survivors at age {age}")]
    NoSurvivors {
        /// Name of the divisor, table or balance.
        rule: String,
        /// The age.
        age: usize,
    },
    /// Points, a balance or reference earnings of a year for which the law says nothing.
    #[error("`{rule}` cannot be counted for {year}: {because}")]
    YearNotCounted {
        /// Name of the rule.
        rule: String,
        /// The year.
        year: Year,
        /// Why.
        because: Box<LawError>,
    },
}
