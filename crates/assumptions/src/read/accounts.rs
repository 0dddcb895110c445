use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::finance::WhenExhausted;
use crate::parts::{Quantity, Series, TableFile};

/// Accounts given as tables of income and outgo, for `perennis finance` and `perennis solve`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountsFile {
    /// Title of the study.
    pub(crate) title: String,
    /// The currency as written in units: with "dollar", amounts are in "dollar", "billion dollar a year" and so on.
    pub(crate) currency: String,
    /// When in the year flows fall: `start_of_year`, `mid_year`, `mid_year_simple` (simple interest within the year) or
    /// `end_of_year`.
    pub(crate) flows: Flows,
    /// The accounts by name.
    pub(crate) accounts: BTreeMap<String, TableAccount>,
    /// What the accounts pay to one another, by name; paid in the alphabetical order of the names.
    pub(crate) transfers: Option<BTreeMap<String, Transfer>>,
    /// Measures beside those that every account gets, by the name they have in the tables.
    pub(crate) measures: Option<BTreeMap<String, MeasureOf>>,
    /// Levers to be turned until a target is met, by name; for `perennis solve`.
    pub(crate) solve: Option<BTreeMap<String, Problem>>,
}

/// When in the year flows fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flows {
    /// On the first day.
    StartOfYear,
    /// At the middle, with compound interest.
    MidYear,
    /// At the middle, with simple interest within the year.
    MidYearSimple,
    /// On the last day.
    EndOfYear,
}

/// One account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableAccount {
    /// Income and outgo, one row a year without gaps. Columns: `year`; `insured_earnings`; `contributions` or
    /// `contribution_rate`; `state_subsidy`, `other_income` or `other_income_rate`; `outgo` or `outgo_rate` (rates are
    /// shares of insured earnings); `administration`; `interest` (a share a year); `contributors`;
    /// `initial_earnings`, `initial_outgo`; `capital_value_of_awards`; `working_age_population`, `older_population`;
    /// `gdp`. Columns in another unit than that of the table are named in `units`.
    pub(crate) table: TableFile,
    /// Expenditure by periodic benefit, part of `outgo`: columns year, benefit, amount, persons (person-years).
    pub(crate) benefits: Option<TableFile>,
    /// Reserve at the start of the first year; nothing when left out.
    pub(crate) opening_reserve: Option<Quantity>,
    /// Debt at the start of the first year; nothing when left out.
    pub(crate) opening_debt: Option<Quantity>,
    /// Interest on the reserve, where the table has no column for it; with `assets`, the return expected of them.
    pub(crate) interest: Option<Series>,
    /// What happens when the reserve is gone: `borrow`, or `state_pays`. Left out, a reserve that is gone is a fault.
    pub(crate) when_exhausted: Option<WhenExhausted>,
    /// What a loan costs above the interest of the reserve, a share a year, not negative; for `borrow`.
    pub(crate) borrowing_margin: Option<Quantity>,
    /// The classes of assets in which the reserve is held, by name.
    pub(crate) assets: Option<BTreeMap<String, Assets>>,
    /// How returns that were not expected enter the smoothed value of the assets.
    pub(crate) smoothing: Option<Smoothing>,
}

/// A class of assets. Without `least` and `most` its share is kept as it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assets {
    /// Share of the reserve at the start of the first year.
    pub(crate) share: Quantity,
    /// Least share at the start of a year.
    pub(crate) least: Option<Quantity>,
    /// Largest share at the start of a year.
    pub(crate) most: Option<Quantity>,
    /// Return before fees, a share a year.
    pub(crate) returns: Series,
    /// Fee, a share of the assets a year; none when left out.
    pub(crate) fee: Option<Series>,
}

/// How the smoothed value of the assets follows the market.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smoothing {
    /// Years over which a return that was not expected is recognised in equal parts, 1 to 20.
    pub(crate) years: u16,
    /// How far the smoothed value may be from the market value, a share of it.
    pub(crate) corridor: Option<Quantity>,
}

/// What one account pays to another.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transfer {
    /// The account that pays.
    pub(crate) from: String,
    /// The account that receives.
    pub(crate) to: String,
    /// How much is paid in each year.
    pub(crate) rule: TransferRule,
}

/// How much is transferred in a year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum TransferRule {
    /// What the receiving account lacks, as far as the paying account has it.
    Shortfall,
    /// An amount of each year.
    Amount(Series),
    /// A share of the contributions of the paying account.
    ShareOfContributions(Series),
    /// A share of the insured earnings of the paying account.
    ShareOfEarnings(Series),
    /// What the paying account holds above a multiple of its outgo of the year.
    SurplusAbove(Quantity),
}

/// A measure and the account it is taken of.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureOf {
    /// The account; the only one when left out.
    pub(crate) account: Option<String>,
    /// The measure.
    pub(crate) measure: Measure,
}

/// A measure of financing. Years left out are the first and the last of the account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Measure {
    /// The capital value of the awards of each year over insured earnings.
    TerminalFunding,
    /// The level rate that, with the reserve, pays for all outgo from a year on.
    GeneralAveragePremium {
        /// The first year.
        first_year: Option<i32>,
        /// What comes after the horizon.
        tail: Tail,
    },
    /// Average premiums of the initial group and of later entrants, and the rates of autonomous funding.
    AveragePremiums {
        /// What comes after the horizon.
        tail: Tail,
    },
    /// Level rates that leave nothing at the end of each of several periods.
    LevelPremium {
        /// The first year of every period.
        first_year: Option<i32>,
        /// The last year of each.
        last_years: Vec<i32>,
    },
    /// The level rate that gives a reserve ratio.
    ReserveRatioPremium {
        /// The first year in which it is paid.
        first_year: Option<i32>,
        /// The last year in which it is paid, and of the ratio.
        last_year: i32,
        /// Which ratio.
        ratio: ReserveRatio,
        /// Its value, a multiple of the expenditure.
        target: Quantity,
        /// Whether it must hold at the end, or in every year.
        holds: Holds,
    },
    /// The level rate at which returns pay a share of what contributions lack at the end of a period.
    BalanceRatioPremium {
        /// The first year in which it is paid.
        first_year: Option<i32>,
        /// The last year in which it is paid.
        last_year: i32,
        /// The balance ratio.
        target: Quantity,
    },
    /// Scaled premiums over control periods that follow on one another from the first year on.
    ScaledPremiums {
        /// What is asked of the reserve at the end of each.
        kind: ScaledKind,
        /// The last year of each control period.
        last_years: Vec<i32>,
        /// What comes after the horizon, for the rate after the last period.
        tail: Tail,
    },
    /// The rate that makes a reserve ratio the same in two years.
    SteadyStateRate {
        /// The first year in which it is paid.
        first_year: i32,
        /// Which ratio.
        ratio: ReserveRatio,
        /// The two years.
        equal_in: [i32; 2],
    },
    /// Summarised income and cost rates and the actuarial balance of several periods.
    SummarisedRates {
        /// The first year of every period.
        first_year: Option<i32>,
        /// The last year of each.
        last_years: Vec<i32>,
        /// Whether the reserve at the start counts as income.
        opening_fund: OpeningFund,
        /// The reserve to be left at the end, a multiple of a year's outgo; nothing when left out.
        target_fund: Option<Quantity>,
        /// The year of that outgo; the year after the period when left out.
        target_of: Option<TargetOf>,
    },
    /// The test of close balance.
    CloseBalance {
        /// Years of the shortest period, 10 in its source.
        shortest: u16,
        /// Years of the longest period, 75 in its source.
        longest: u16,
        /// Deficit allowed in the longest period, a share of its cost rate.
        allowed: Quantity,
    },
    /// What moved the pay-as-you-go rate between two years.
    PaygChange {
        /// The first of the two years.
        first_year: i32,
        /// The second.
        last_year: i32,
    },
    /// How an unfunded amount is paid off.
    Amortisation {
        /// The amount at the start; a surplus is negative.
        balance: Quantity,
        /// Number of yearly payments, 1 to 200.
        payments: u16,
        /// Interest a year.
        interest: Quantity,
        /// Growth of the payments a year: zero for level amounts, the growth of payroll for a level share of it.
        growth: Quantity,
    },
}

/// What the flows do after the last year of the table.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Tail {
    /// Nothing is counted.
    None,
    /// Earnings and outgo grow for ever as earnings did in the last year.
    AsLastYear,
    /// Earnings and outgo grow for ever at this rate.
    Grows(Quantity),
}

/// Which reserve is compared with the expenditure of which year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReserveRatio {
    /// The reserve at the end of the year over the expenditure of the year.
    #[serde(rename = "reserve_end_over_expenditure")]
    End,
    /// The reserve at the start of the year over the expenditure of the year.
    #[serde(rename = "reserve_start_over_expenditure")]
    Start,
    /// The reserve at the end of the year over the expenditure of the next year.
    #[serde(rename = "reserve_end_over_next_expenditure")]
    EndForNext,
}

/// When a ratio must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holds {
    /// In the last year.
    AtEnd,
    /// In every year.
    AllThrough,
}

/// What a scaled premium asks of the reserve at the end of a control period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScaledKind {
    /// SCP1: it stands still.
    LocalMaximum,
    /// SCP2: it grows as insured earnings do.
    MatureGrowth,
}

/// Whether the reserve at the start counts as income.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpeningFund {
    /// It does.
    Counted,
    /// It does not.
    LeftOut,
}

/// The year whose outgo a target fund is a multiple of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TargetOf {
    /// The year after the period.
    NextYear,
    /// The last year of the period.
    LastYear,
}

/// A lever to be turned in an account until a target is met.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Problem {
    /// The account; the only one when left out.
    pub(crate) account: Option<String>,
    /// What is turned.
    pub(crate) lever: Lever,
    /// The first year in which it acts; the first of the account when left out.
    pub(crate) from_year: Option<i32>,
    /// The lowest value it may take.
    pub(crate) lowest: Quantity,
    /// The highest value it may take.
    pub(crate) highest: Quantity,
    /// What is to be reached.
    pub(crate) target: Target,
}

/// What a solver turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lever {
    /// The contribution rate, a share of insured earnings.
    ContributionRate,
    /// A change of the contribution rates, a share of insured earnings.
    ContributionChange,
    /// A further subsidy of the State, a share of insured earnings.
    Subsidy,
    /// A factor on every benefit; 1 changes nothing.
    BenefitFactor,
}

/// What is to be reached.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Target {
    /// A reserve ratio in one year.
    ReserveRatio {
        /// Which ratio.
        ratio: ReserveRatio,
        /// The year.
        year: i32,
        /// Its value, a multiple of the expenditure.
        target: Quantity,
    },
    /// A reserve ratio that is not undercut in any year.
    ReserveRatioAllThrough {
        /// Which ratio.
        ratio: ReserveRatio,
        /// The first year.
        first_year: Option<i32>,
        /// The last year.
        last_year: i32,
        /// The least value, a multiple of the expenditure.
        target: Quantity,
    },
    /// A general average premium.
    GeneralAveragePremium {
        /// The first year.
        first_year: Option<i32>,
        /// What comes after the horizon.
        tail: Tail,
        /// The premium, a share of insured earnings.
        target: Quantity,
    },
    /// A reserve that is not gone before a year.
    NotExhaustedBefore {
        /// The first year in which it may be gone.
        year: i32,
    },
    /// An actuarial balance of zero, the reserve at the start counted.
    ActuarialBalance {
        /// The first year.
        first_year: Option<i32>,
        /// The last year.
        last_year: i32,
        /// The reserve to be left at the end, a multiple of a year's outgo; nothing when left out.
        target_fund: Option<Quantity>,
        /// The year of that outgo; the year after the period when left out.
        target_of: Option<TargetOf>,
    },
}
