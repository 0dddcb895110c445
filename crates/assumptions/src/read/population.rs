use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{Ages, BySex, Day, Gaps, Quantity, Series, TableFile};

/// Fertility, mortality, migration and the population at the start.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Population {
    /// Persons at the start of the valuation.
    pub(crate) base: Base,
    /// Death rates, or probabilities of death, of each year or period.
    pub(crate) mortality: Mortality,
    /// Births by age of the mother.
    pub(crate) fertility: Fertility,
    /// Boys born per girl born, by year.
    pub(crate) sex_ratio_at_birth: Series,
    /// Net migrants: immigrants less emigrants.
    pub(crate) migration: Migration,
    /// When in the year migrants cross the border; `end` when left out.
    pub(crate) migration_timing: Option<Timing>,
    /// The age from which all are counted together, 100 to 130. When left out, 100 or the last age of a base table by
    /// single ages that goes further.
    pub(crate) open_age: Option<u16>,
}

/// When in the year migrants cross the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Timing {
    /// At the end of the year, at their age at the end of the year: the convention of the United Nations.
    End,
    /// Evenly over the year: half at its start, half at its end.
    Even,
}

/// Persons at the start: a CSV table `sex,age,population`, with `year` where it holds several.
///
/// The last age is open: it counts all who are older too.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Base {
    /// The CSV file, relative to this file.
    pub(crate) file: String,
    /// The ages of the rows; single when left out. Groups are brought to single ages.
    pub(crate) ages: Option<Ages>,
    /// The day on which the persons are counted, the start of the valuation; needed when the table has no column `year`.
    pub(crate) date: Option<Day>,
    /// Units by column, where the columns differ in unit.
    pub(crate) units: Option<BTreeMap<String, String>>,
}

/// Mortality: a CSV table `year,sex,age,rate` with deaths per person-year, or `year,sex,age,qx` with the probability of
/// dying before the next birthday, by single age.
///
/// An optional column `ax` gives the years lived in the year of age by those who die in it, at the last age the
/// expectation of life. Without it: the formula of Andreev and Kingkade at age 0, one half at other ages, and one over
/// the rate at the last age, which is open. `period` may stand in place of `year`; a table without either holds in every
/// year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mortality {
    /// The CSV file, relative to this file.
    pub(crate) file: String,
    /// The ages of the rows, `single` or `abridged`; single when left out. Groups are brought to single ages.
    pub(crate) ages: Option<Ages>,
    /// What stands in a year that is missing between two others; `none` when left out.
    pub(crate) gaps: Option<Gaps>,
    /// How the periods of a column `period` run.
    pub(crate) periods: Option<Periods>,
    /// Expectation of life at birth by year that the rates are brought to, all ages by one factor.
    pub(crate) life_expectancy: Option<BySex<Series>>,
    /// Units by column, where the columns differ in unit.
    pub(crate) units: Option<BTreeMap<String, String>>,
}

/// How the periods named like 2025-2030 run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Periods {
    /// From 1 July of the first year to 1 July of the last, as the United Nations' do: 2025-2030 is five years.
    MidYear,
    /// From 1 January of the first year to 31 December of the last: 2025-2029 is five years.
    Calendar,
}

/// Fertility: a CSV table `year,age,rate` with births per woman-year, or `year,age,share` with the distribution of a
/// total over the ages of mothers.
///
/// Outside the ages listed for a year nobody gives birth; an age missing between others is a fault, unless the ages
/// beside it have fewer than one birth per thousand woman-years. `period` may stand in place of `year`; a table without either
/// holds in every year. Five-year groups are brought to single ages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fertility {
    /// The CSV file, relative to this file.
    pub(crate) file: String,
    /// The ages of the rows, `single` or `five_year`; single when left out.
    pub(crate) ages: Option<Ages>,
    /// What stands in a year that is missing between two others; `none` when left out.
    pub(crate) gaps: Option<Gaps>,
    /// How the periods of a column `period` run.
    pub(crate) periods: Option<Periods>,
    /// Total fertility rate by year, needed with a column `share`.
    pub(crate) total: Option<Series>,
    /// Mean age of mothers at birth by year; only with a column `share`.
    pub(crate) mean_age: Option<Series>,
    /// Units by column, where the columns differ in unit.
    pub(crate) units: Option<BTreeMap<String, String>>,
}

/// Net migrants. Give one of: `by_age`, `total`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Migration {
    /// A CSV table `year,sex,age,persons`: net migrants of the year by age at its end; emigrants are negative. By single
    /// age up to the open age, or in groups, of which the last is open.
    pub(crate) by_age: Option<TableFile>,
    /// Net migrants of both sexes and all ages by year.
    pub(crate) total: Option<Series>,
    /// Men and boys as a share of the total; one half when left out.
    pub(crate) male_share: Option<Quantity>,
    /// A CSV table `age,share`, with `sex` where the sexes differ: the part of the total at each age. Shares add up to
    /// one, over both sexes when they differ; they are negative where more move the other way.
    pub(crate) shares: Option<TableFile>,
    /// The model schedule by age that a total follows when there are no shares.
    pub(crate) schedule: Option<Schedule>,
}

/// The model schedule of Rogers and Castro, with the returns of those who left.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schedule {
    /// Share of the movers who move back; none when left out.
    pub(crate) returning: Option<Quantity>,
    /// Whole years after which they move back, 1 to 60; needed with `returning`.
    pub(crate) years_away: Option<Quantity>,
    /// Parameters of the schedule that differ from the fundamental ones.
    pub(crate) parameters: Option<Parameters>,
}

/// Parameters of the schedule, per year of age; what is left out has the fundamental value that stands in its text.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Level of children who move with their parents, `a1`: 0.02.
    pub(crate) children: Option<f64>,
    /// Their yearly decline with age, `alpha1`: 0.1.
    pub(crate) children_decline: Option<f64>,
    /// Level of movers of working age, `a2`: 0.06.
    pub(crate) workers: Option<f64>,
    /// The age at which they rise most, `mu2`: 20 years.
    pub(crate) workers_age: Option<f64>,
    /// Their yearly rise before that age, `lambda2`: 0.4.
    pub(crate) workers_rise: Option<f64>,
    /// Their yearly decline after it, `alpha2`: 0.1.
    pub(crate) workers_decline: Option<f64>,
    /// Level of movers at every age, `c`: 0.003.
    pub(crate) every_age: Option<f64>,
}
