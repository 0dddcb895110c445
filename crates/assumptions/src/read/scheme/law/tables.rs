use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{NameOr, Operand, Rounded};
use crate::parts::{BySex, Gaps, InForce, Provision, Quantity, Series};

/// The pensionable age: rows in months or years, by date in force, birth, entry and sex.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PensionableAge {
    /// The rows.
    pub(crate) in_force: Vec<InForce<f64>>,
    /// How it goes on from a year on; without it the last row holds.
    pub(crate) after: Option<AgeAfter>,
}

impl PensionableAge {
    /// Returns the rows as a provision.
    pub(crate) fn stated(&self) -> Provision {
        Provision { in_force: self.in_force.clone() }
    }
}

/// How the pensionable age follows life expectancy, that of men and that of women taken together as their mean.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgeAfter {
    /// The exact age at which life expectancy is taken, whole years.
    pub(crate) life_expectancy_at: i64,
    /// Months of age for each month of life expectancy, a share.
    pub(crate) share: Quantity,
    /// Life expectancy that belongs to the age of the last row, years. Give this or `reference_year`.
    pub(crate) reference: Option<Quantity>,
    /// The year whose life expectancy belongs to the age of the last row.
    pub(crate) reference_year: Option<i64>,
    /// The first year whose age follows: of the calendar, or of birth.
    pub(crate) first: i64,
    /// Whether a year is one of the calendar or of birth; `date` when absent.
    pub(crate) by: Option<LinkedBy>,
    /// With `by = "birth"`: the age, whole years, in whose year the pensionable age of a year of birth is fixed.
    pub(crate) fixed_at: Option<i64>,
    /// Years from one adjustment to the next; 1 when absent.
    pub(crate) every: Option<i64>,
    /// Years from the life table to the year whose age it fixes, or to the year of fixing; 1 when absent.
    pub(crate) lag: Option<i64>,
    /// The age moves by whole multiples of so many months; 1 when absent.
    pub(crate) step_months: Option<i64>,
    /// Most months by which it moves in one adjustment.
    pub(crate) at_most_months: Option<i64>,
    /// Whether it falls when life expectancy does; it does not when absent.
    pub(crate) may_fall: Option<bool>,
    /// Life expectancy that was published, by year, years; it goes before that of the valuation.
    pub(crate) published: Option<Series>,
}

/// What a year of a linked age is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkedBy {
    /// Of the calendar.
    Date,
    /// Of birth.
    Birth,
}

/// An amount fixed by law per person: rows in "… a month", "… a year", or without a period for a sum.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amount {
    /// The rows. With `after` they apply to everyone.
    pub(crate) in_force: Vec<InForce<f64>>,
    /// How it goes on after the year of the last row; without it the last row holds.
    pub(crate) after: Option<AmountAfter>,
}

/// How an amount goes on from year to year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmountAfter {
    /// What it follows.
    pub(crate) by: Index,
    /// The month on the first day of which it takes effect, 1 to 12; January when absent.
    pub(crate) month: Option<i64>,
    /// Years by which the index lags, 0 to 5: 0 takes the growth of the year itself; 0 when absent.
    pub(crate) lag: Option<i64>,
    /// How the amount of each year is rounded; growth goes on from the amount before rounding.
    pub(crate) rounded: Option<Rounded>,
}

/// What something follows from year to year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Index {
    /// Nothing.
    Hold,
    /// Consumer prices.
    Prices,
    /// Wages of a fixed composition.
    Wages,
    /// Wages with a weight, prices with the rest.
    Mix(Mix),
    /// An amount fixed by law, by name.
    Amount(String),
    /// A series of the law, by name.
    Series(String),
    /// The greatest growth of each year.
    Greater(Vec<Index>),
    /// The least growth of each year.
    Lesser(Vec<Index>),
    /// The growth of each year multiplied: such as real growth and prices.
    Product(Vec<Index>),
    /// The mean growth of an index over the last years.
    Average(Average),
    /// An index that falls behind while an indicator is below one, and catches up when it is above.
    Balanced(Balanced),
    /// The factor of sustainability, which falls when an indicator rises.
    Sustainability(Sustainability),
}

/// The mean growth of an index over the last years.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Average {
    /// The index.
    pub(crate) of: Box<Index>,
    /// Names the rule of the number of years.
    pub(crate) years: String,
}

/// An index with a brake read from an indicator.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Balanced {
    /// The index.
    pub(crate) index: Box<Index>,
    /// Names the indicator, such as balance_ratio.
    pub(crate) indicator: String,
}

/// The factor of sustainability: 1 + weight × (1 - indicator of the year over that of the year before).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sustainability {
    /// Names the indicator, such as a dependency ratio.
    pub(crate) indicator: String,
    /// Names the rule of the weight, a share.
    pub(crate) weight: String,
}

/// A mix of wages and prices.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mix {
    /// Weight of the growth of wages, a share.
    pub(crate) wage_weight: Quantity,
}

/// A table of the law by year: an index, or amounts. Give one of: `values`, `file` with `column`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct YearSeries {
    /// Values by year: { 2024 = 69_302.0 }.
    pub(crate) values: Option<BTreeMap<String, f64>>,
    /// A CSV table with a column `year`; its path is relative to this file.
    pub(crate) file: Option<String>,
    /// The column of `file` that holds the values.
    pub(crate) column: Option<String>,
    /// What stands in a year that is missing between two others; `none` when left out.
    pub(crate) gaps: Option<Gaps>,
    /// How it goes on after its last year; a later year is asked of it only where this is given.
    pub(crate) after: Option<SeriesAfter>,
}

/// How a series goes on after its last year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SeriesAfter {
    /// With wages.
    Wages,
    /// With consumer prices.
    Prices,
    /// The last value holds.
    Hold,
}

/// A scale: rows of points [x, share]; straight lines between them, the last share holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scale {
    /// The rows; `unit` is that of the share.
    pub(crate) in_force: Vec<InForce<Vec<[f64; 2]>>>,
    /// What x is: years when absent.
    pub(crate) of: Option<ScaleOf>,
    /// The share of the last point reached holds, instead of straight lines between points.
    pub(crate) steps: Option<bool>,
    /// What stands before the first point; nothing when absent.
    pub(crate) before: Option<Before>,
}

/// What the x of a scale is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScaleOf {
    /// Years.
    Years,
    /// Months.
    Months,
    /// Quarters of a year.
    Quarters,
    /// A share.
    Share,
    /// A number.
    Number,
}

/// What a scale gives before its first point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Before {
    /// The share of the first point.
    First,
    /// Nothing.
    Nothing,
}

/// A life table: those alive at each age. Once, or in tables `male` and `female`.
pub(crate) type LifeTable = BySex<Survivors>;

/// Those alive at each exact age, of any number at the first; death follows the last. Give one of: `values`, `file`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Survivors {
    /// Survivors by age: { 65 = 1.0, 66 = 0.98 }.
    pub(crate) values: Option<BTreeMap<String, f64>>,
    /// A CSV table with columns age and survivors, one row an age, and sex where it differs.
    pub(crate) file: Option<String>,
    /// What stands at an age that is missing between two of `values`; `none` when left out.
    pub(crate) gaps: Option<Gaps>,
}

/// An annuity divisor: the present value of one unit of pension a year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Divisor {
    /// Names a life table of the law, or "scheme": the mortality of the valuation.
    pub(crate) table: String,
    /// Names the rule of the interest built in, a share a year; none when absent.
    pub(crate) norm_rate: Option<String>,
    /// When the payments of a year, or of its part, are made; in its middle when absent.
    pub(crate) payments: Option<Timing>,
    /// Payments a year, 1 to 12; 1 when absent.
    pub(crate) payments_a_year: Option<i64>,
    /// Names the rule of what is taken off.
    pub(crate) less: Option<String>,
    /// Names the age at which it is fixed; the age at the claim when absent.
    pub(crate) fixed_at: Option<String>,
}

/// A moment of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Timing {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// Marginal rates between thresholds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Brackets {
    /// The rate of each bracket, the lowest first: names rules, or operands.
    pub(crate) rates: Vec<NameOr<Operand>>,
    /// Where a bracket ends and the next begins, increasing; one fewer than the rates.
    pub(crate) thresholds: Vec<Operand>,
}
