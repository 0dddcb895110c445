//! The raw form of a law.

mod benefit;
mod beside;
mod contribution;
mod indicator;
mod operand;
mod payment;
mod record;
mod tables;

pub(crate) use benefit::{
    Accrual, Benefit, Condition, Counting, Ends, Event, ExcessLumpSum, Formula, Kind, PaymentStart,
    PerYear, PerYearOf, Recipient, Step,
};
pub(crate) use beside::{
    Counted, Lived, Minimum, MissingBeyond, Months, OnlyIf, Test, TrueOr, With,
};
pub(crate) use contribution::{Contribution, Payer, Rates, Stepping};
pub(crate) use indicator::{Indicator, IndicatorOf};
pub(crate) use operand::{Form, NameOr, Operand, SinceAt};
pub(crate) use payment::{Balancing, Cumulation, Direction, Indexation, Pays, Reduce, Rounded};
pub(crate) use record::{
    Balance, Divide, Interest, LimitsOf, Period, Points, ReferenceEarnings, Revalued, Window,
};
pub(crate) use tables::{
    AgeAfter, Amount, AmountAfter, Before, Brackets, Divisor, Index, LifeTable, LinkedBy,
    PensionableAge, Scale, ScaleOf, SeriesAfter, Survivors, Timing, YearSeries,
};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::Provision;

/// The law of a scheme: provisions, benefits and contributions. Steps and conditions name the provisions they use.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Law {
    /// The pensionable age, in months or years.
    pub(crate) pensionable_age: Option<PensionableAge>,
    /// Amounts fixed by law, by name.
    #[serde(default)]
    pub(crate) amounts: BTreeMap<String, Amount>,
    /// Numbers of the law by name: lengths of time, rates, multiples; the use decides which units fit.
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, Provision>,
    /// The law's own tables by year, by name.
    #[serde(default)]
    pub(crate) series: BTreeMap<String, YearSeries>,
    /// Scales from years of credit, or another number, to a share, by name.
    #[serde(default)]
    pub(crate) scales: BTreeMap<String, Scale>,
    /// What is counted about a person, by name.
    #[serde(default)]
    pub(crate) measures: BTreeMap<String, With<Counted>>,
    /// Kinds of credited time besides work, by name.
    #[serde(default)]
    pub(crate) periods: BTreeMap<String, Period>,
    /// Ways to find the earnings to which a benefit is proportional, by name.
    #[serde(default)]
    pub(crate) reference_earnings: BTreeMap<String, ReferenceEarnings>,
    /// Points that earnings buy, by name.
    #[serde(default)]
    pub(crate) points: BTreeMap<String, Points>,
    /// Balances of contributions with interest, by name.
    #[serde(default)]
    pub(crate) balances: BTreeMap<String, Balance>,
    /// Life tables fixed by law, by name.
    #[serde(default)]
    pub(crate) life_tables: BTreeMap<String, LifeTable>,
    /// Annuity divisors, by name.
    #[serde(default)]
    pub(crate) divisors: BTreeMap<String, Divisor>,
    /// Marginal rates between thresholds, by name.
    #[serde(default)]
    pub(crate) brackets: BTreeMap<String, Brackets>,
    /// Ways to find an amount that several benefits use, by name.
    #[serde(default)]
    pub(crate) formulas: BTreeMap<String, Formula>,
    /// Ways to adjust amounts in payment, by name.
    #[serde(default)]
    pub(crate) indexation: BTreeMap<String, Indexation>,
    /// Indicators that the law reads, by name.
    #[serde(default)]
    pub(crate) indicators: BTreeMap<String, Indicator>,
    /// Contributions, by name.
    #[serde(default)]
    pub(crate) contributions: BTreeMap<String, Contribution>,
    /// Benefits, by name; the name appears in the tables of results.
    #[serde(default)]
    pub(crate) benefits: BTreeMap<String, Benefit>,
    /// What is paid of several benefits, by name.
    #[serde(default)]
    pub(crate) cumulation: BTreeMap<String, Cumulation>,
}
