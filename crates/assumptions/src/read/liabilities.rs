use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::accounts::Smoothing;
pub(crate) use super::person::Sex as PersonSex;
use super::person::{Indices, PaymentTime};
use crate::parts::{Quantity, Series};

/// Members, tables and a law whose liabilities are wanted, and values of lives; for `perennis liabilities`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Liabilities {
    /// Title of the valuation.
    pub(crate) title: String,
    /// The currency as written in units.
    pub(crate) currency: String,
    /// The valuation is on 1 January of this year; a plan year that begins later in it bears its name.
    pub(crate) first_year: i32,
    /// Interest, a share a year.
    pub(crate) interest: Series,
    /// Tables of mortality by name.
    pub(crate) mortality: BTreeMap<String, MortalityTable>,
    /// The plan: law, members and how they leave.
    pub(crate) plan: Option<Plan>,
    /// Assets and how the plan is funded in the years to come.
    pub(crate) funding: Option<PlanFunding>,
    /// Annuities, insurances and commutation functions of lives, by name.
    pub(crate) values: Option<BTreeMap<String, LifeValue>>,
}

/// Figures by group, sex, age, service and year. Give `value`, or `file` and `column`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateFile {
    /// The same for all.
    pub(crate) value: Option<f64>,
    /// A CSV table. Its rows are for those whom the columns `group`, `sex`, `age` (or `age_from`, `age_to`), `service` (or
    /// `service_from`, `service_to`) and `year` (or `year_from`, `year_to`) name; a column that is not there, or an empty
    /// cell, is for all. Of the rows that fit a person the first holds.
    pub(crate) file: Option<String>,
    /// The column of the figures.
    pub(crate) column: Option<String>,
    /// The column of those of whom the figures are counts: figures over it are the rates.
    pub(crate) over: Option<String>,
    /// The column of single ages; `age` when absent.
    pub(crate) age: Option<String>,
    /// A factor on every figure; 1 when absent.
    pub(crate) factor: Option<f64>,
}

/// Mortality. Give one of `probability`, `survivors` and `makeham`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MortalityTable {
    /// Probabilities of dying within a year, at exact ages; nobody lives past the last age. `service` counts the years since
    /// a pension began.
    pub(crate) probability: Option<RateFile>,
    /// Survivors by single ages.
    pub(crate) survivors: Option<RateFile>,
    /// The force of mortality `a + b c^x`.
    pub(crate) makeham: Option<Makeham>,
    /// The calendar year of the figures; the first year when absent.
    pub(crate) year: Option<i32>,
    /// The share by which probabilities fall each year after that.
    pub(crate) improvement: Option<RateFile>,
}

/// A force of mortality `a + b c^x`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Makeham {
    /// The part that does not depend on age, a year.
    pub(crate) a: f64,
    /// The part at age 0 that grows, a year.
    pub(crate) b: f64,
    /// Its growth with each year of age, a factor.
    pub(crate) c: f64,
}

/// A plan.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// The scheme files whose benefits are paid.
    #[expect(dead_code, reason = "read from the tree, with the place of each name")]
    pub(crate) laws: Vec<String>,
    /// Prices and wages that the law reads.
    pub(crate) indices: Option<Indices>,
    /// How earnings rise.
    pub(crate) earnings: Option<PlanEarnings>,
    /// Who leaves active service, by name.
    pub(crate) exits: BTreeMap<String, ExitRates>,
    /// How rates of those who leave in the course of a year stand to each other; `dependent` when absent.
    pub(crate) rates: Option<RatesAre>,
    /// The age at which all who are still active retire, whole years.
    pub(crate) last_age: i32,
    /// Which table of mortality holds for whom.
    pub(crate) mortality: MortalityOf,
    /// How pensions are paid; yearly at the start when absent.
    pub(crate) payments: Option<PlanPayments>,
    /// Survivors; nobody leaves any when absent.
    pub(crate) family: Option<PlanFamily>,
    /// What is taken on withdrawal where the law gives a refund and a later pension; `larger` when absent.
    pub(crate) on_withdrawal: Option<OnWithdrawal>,
    /// When a deferred pension is claimed; `pensionable_age` when absent.
    pub(crate) deferred_claim: Option<DeferredClaim>,
    /// Degree of invalidity of those who leave as invalids, a share; 1 when absent.
    pub(crate) degree: Option<Quantity>,
    /// Contributions that are fixed, shares of earnings.
    pub(crate) contributions: Option<PlanContributions>,
    /// Active members: columns group, sex, age, service, persons, earnings (of the coming year, each).
    pub(crate) members: Option<CellFile>,
    /// Pensions in payment and deferred: columns benefit, group, sex, age, from_age, persons, amount (a year, each).
    pub(crate) pensioners: Option<CellFile>,
    /// Cost methods.
    pub(crate) methods: Vec<CostMethod>,
}

/// A CSV table of persons.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CellFile {
    /// The table, relative to this file; its unit is that of earnings or amounts, "… a year".
    pub(crate) file: String,
}

/// How earnings of a member rise.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanEarnings {
    /// Growth of all earnings, a share a year; none when absent.
    pub(crate) growth: Option<Series>,
    /// Growth with age and service from a year to the next, beside it.
    pub(crate) merit: Option<RateFile>,
    /// Levels by age and service, of which the ratio of two years counts.
    pub(crate) levels: Option<RateFile>,
    /// When in the year earnings, and contributions on them, are paid; `start` when absent.
    pub(crate) paid: Option<PaymentTime>,
}

/// Those who leave by one cause.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExitRates {
    /// Why.
    pub(crate) cause: ExitCause,
    /// Probability of leaving within a year; nobody leaves where no row fits. Or `mortality`.
    pub(crate) rates: Option<RateFile>,
    /// The table of mortality that gives the rates in its first year.
    pub(crate) mortality: Option<String>,
    /// When in the year they leave; `end` when absent. Those at the start leave first.
    pub(crate) at: Option<PaymentTime>,
}

/// Why a member leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExitCause {
    /// Retirement.
    Retirement,
    /// Leaving for another work.
    Withdrawal,
    /// Invalidity.
    Invalidity,
    /// Death.
    Death,
}

/// How rates of several causes stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RatesAre {
    /// Each is the probability in the presence of the others.
    Dependent,
    /// Each is the probability alone, its events spread evenly over the year.
    IndependentUniform,
    /// Each is the probability alone, with a constant force in the year.
    IndependentConstantForce,
}

/// Names of tables of mortality.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MortalityOf {
    /// Old-age pensioners.
    pub(crate) pensioners: String,
    /// Those who wait for a deferred pension; as pensioners when absent.
    pub(crate) deferred: Option<String>,
    /// Invalidity pensioners; as pensioners when absent.
    pub(crate) invalids: Option<String>,
    /// Widows and widowers; as pensioners when absent.
    pub(crate) spouses: Option<String>,
}

/// How pensions are paid.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanPayments {
    /// Payments a year, 1 to 12; 1 when absent.
    pub(crate) times_a_year: Option<u16>,
    /// When in the time between two payments; `start` when absent.
    pub(crate) at: Option<PaymentTime>,
}

/// Survivors.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanFamily {
    /// Share of those who die who leave a spouse.
    pub(crate) married: Quantity,
    /// Whole years by which a husband is older than his wife; 0 when absent.
    pub(crate) husband_older: Option<i32>,
}

/// What is taken on withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnWithdrawal {
    /// The refund, where the law gives one.
    Refund,
    /// The later pension, where the law gives one.
    Pension,
    /// What has the larger present value.
    Larger,
}

/// When a deferred pension is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeferredClaim {
    /// As soon as the law gives one.
    Earliest,
    /// At the pensionable age of the benefit.
    PensionableAge,
}

/// Contributions that are fixed, shares of earnings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanContributions {
    /// Of members; none when absent.
    pub(crate) members: Option<Series>,
    /// Of employers; none when absent.
    pub(crate) employers: Option<Series>,
}

/// An actuarial cost method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CostMethod {
    /// Entry age normal, a level share of earnings.
    EntryAge,
    /// Entry age normal, a level amount of money.
    EntryAgeMoney,
    /// Projected unit credit, in proportion to service.
    ProjectedUnit,
    /// Projected unit credit, in proportion to earnings.
    ProjectedUnitByEarnings,
    /// Current unit credit.
    CurrentUnit,
    /// Individual level premium.
    IndividualLevel,
    /// Aggregate; needs the assets under [funding].
    Aggregate,
}

/// Assets and funding.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanFunding {
    /// Assets at the valuation, as the market values them.
    pub(crate) assets: Quantity,
    /// What the assets earn, a share a year; the interest of the plan when absent.
    pub(crate) returns: Option<Series>,
    /// How returns above or below the interest of the plan enter the value of the assets that the funding counts; the market
    /// value when absent.
    pub(crate) smoothing: Option<Smoothing>,
    /// Returns above those expected in the years before the valuation, by year up to the last one; none when absent.
    pub(crate) gains: Option<Series>,
    /// The method by which the plan is funded; the first of the plan when absent.
    pub(crate) method: Option<CostMethod>,
    /// Years of the projection, 1 to 100; 30 when absent.
    pub(crate) years: Option<u16>,
    /// Growth of the number of active members, a share a year; none when absent.
    pub(crate) growth: Option<Quantity>,
    /// New entrants: columns group, sex, age, persons (shares of the entrants of a year), earnings (of the first year of the
    /// valuation). Nobody enters when absent.
    pub(crate) entrants: Option<CellFile>,
    /// Expenses, a share of earnings; none when absent.
    pub(crate) expenses: Option<Quantity>,
    /// Who pays; `fixed` when absent.
    pub(crate) policy: Option<FundingPolicy>,
    /// Layers of the unfunded liability that are being paid off.
    pub(crate) layers: Option<Vec<Layer>>,
    /// Yearly payments of a new layer, 1 to 100; 30 when absent. What the layers leave at the valuation is one, and with the
    /// policy `actuarial` the gain or loss of each year.
    pub(crate) new_layer: Option<u16>,
    /// Growth of the payments of a layer, a share a year: none for level amounts, that of payroll for a level share of it.
    pub(crate) layer_growth: Option<Quantity>,
}

/// Who pays what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FundingPolicy {
    /// Members and employers pay the fixed contributions.
    Fixed,
    /// Members pay theirs, employers the rest of normal cost, expenses and layers.
    Actuarial,
}

/// A layer of the unfunded liability.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layer {
    /// What is left of it.
    pub(crate) balance: Quantity,
    /// Yearly payments that are left, 1 to 100.
    pub(crate) payments: u16,
}

/// A value of one or two lives.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LifeValue {
    /// What is valued, for one unit (a year).
    pub(crate) of: LifeFunction,
    /// The table of mortality, in its own year.
    pub(crate) mortality: String,
    /// The sex, where the table differs by it; male when absent.
    pub(crate) sex: Option<PersonSex>,
    /// Age, whole years.
    pub(crate) age: i32,
    /// The second life.
    pub(crate) other: Option<OtherLife>,
    /// Years of deferment; none when absent.
    pub(crate) deferred: Option<u16>,
    /// At most so many years; for life when absent.
    pub(crate) years: Option<u16>,
    /// When an annuity is paid; `start` when absent.
    pub(crate) paid: Option<PaymentTime>,
    /// Payments a year; 1 when absent.
    pub(crate) times_a_year: Option<u16>,
    /// How several payments a year are valued; `straight_lines` when absent.
    pub(crate) within: Option<Within>,
    /// Interest, where it is not that of the first year.
    pub(crate) interest: Option<Quantity>,
    /// The moment of the value: 2 for the second moment, at twice the force of interest; 1 when absent.
    pub(crate) moment: Option<u16>,
}

/// What is valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LifeFunction {
    /// One unit a year while the status holds.
    Annuity,
    /// One unit at the end of the year in which it ends.
    Insurance,
    /// One unit after `years` if it holds.
    Endowment,
    /// One unit at the end of the year in which it ends, or after `years` if it holds then.
    EndowmentInsurance,
    /// Survivors at the age (l), of one at the first age of the table.
    Survivors,
    /// D: survivors, discounted.
    Discounted,
    /// N: sum of D.
    DiscountedSum,
    /// C: deaths, discounted.
    Deaths,
    /// M: sum of C.
    DeathsSum,
}

/// The second life and the status of the two.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherLife {
    /// Its table of mortality.
    pub(crate) mortality: String,
    /// Its sex; male when absent.
    pub(crate) sex: Option<PersonSex>,
    /// Its age, whole years.
    pub(crate) age: i32,
    /// The status.
    pub(crate) status: LifeStatus,
}

/// A status of two lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LifeStatus {
    /// Both live.
    Joint,
    /// One of the two lives.
    Last,
    /// The first lives and the other has died.
    AfterOther,
}

/// How several payments a year are valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Within {
    /// Survivors on straight lines between whole ages.
    StraightLines,
    /// Yearly payments less (m - 1)/2m (Woolhouse).
    TwoTerms,
}
