use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{BySex, Quantity, Series, TableFile};
use crate::read::by_age::ByAge;
use crate::read::scheme::claiming::Claiming;
use crate::read::scheme::classes::{DensityClass, SpreadClasses, WageClass};
use crate::read::scheme::collection::Collection;
use crate::read::scheme::invalidity::Invalidity;
use crate::read::scheme::membership::{GroupGrowth, Turnover};
use crate::read::scheme::wages::MeanWage;

/// The persons of a scheme: coverage, density, earnings, past service and present pensioners.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct People {
    /// Months of credit between two cells of the projection: 1, 3, 6 or 12; 12 when left out.
    pub(crate) credit_step: Option<u8>,
    /// Ages at which persons are insured for the first time.
    pub(crate) entry: Entry,
    /// Groups of insured persons by name, as the law names them.
    pub(crate) groups: BTreeMap<String, Group>,
    /// Earnings of all groups.
    pub(crate) earnings: Option<SchemeEarnings>,
    /// Share of the persons who join in a year that were insured before, drawn from the inactive insured of the same
    /// group, sex and age.
    pub(crate) re_entry: Series,
    /// When those claim who may; on reaching the age when left out.
    pub(crate) claiming: Option<Claiming>,
    /// Share of the inactive insured who may withdraw their rights that do so in a year, by age at its start; column
    /// `rate`. Needed where the law has a withdrawal.
    pub(crate) withdrawal_rate: Option<ByAge>,
    /// Persons in payment at the start, by pension.
    pub(crate) pensioners: Option<BTreeMap<String, Pensioners>>,
    /// How insured and pensioners die; as the population does when left out.
    pub(crate) mortality: Option<Mortalities>,
    /// Who becomes an invalid; needed where the law has a pension on invalidity.
    pub(crate) invalidity: Option<Invalidity>,
    /// Whom the insured and the pensioners leave behind; needed where the law has benefits for survivors.
    pub(crate) family: Option<Family>,
    /// Contributions collected in their year as a share of those due.
    pub(crate) compliance: Series,
    /// Wages that are not declared, and what becomes of what is not collected in its year; written off when left out.
    pub(crate) collection: Option<Collection>,
    /// Factors that make the first year meet the published account.
    pub(crate) calibration: Option<Calibrations>,
    /// Measures that the law asks for and no cell knows of its members, by name: the value taken for all in the valuation.
    pub(crate) stated: Option<BTreeMap<String, Quantity>>,
    /// Benefits that are not modelled by persons, as a share of the expenditure on another one, by name.
    pub(crate) loadings: Option<BTreeMap<String, Loading>>,
    /// Contributor-years of the past, which the insured of the start and what has consumed them must make up.
    pub(crate) service_bank: Option<ServiceBank>,
}

/// Contributor-years that were paid before the start, and what has consumed them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceBank {
    /// Contributor-years paid, by year before the start.
    pub(crate) paid: Series,
    /// Those that awards, refunds, deaths or something else has consumed, by name.
    pub(crate) consumed: Option<BTreeMap<String, Quantity>>,
}

/// Ages of first insurance, last birthday at the end of a year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The lowest age, years, from 1 up.
    pub(crate) from_age: u8,
    /// The highest age, years.
    pub(crate) to_age: u8,
}

/// A group of insured persons.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    /// Name of the employment group whose members it covers, as in the file of work; needed with a coverage.
    pub(crate) employed: Option<String>,
    /// Insured as a share of the employed of the group, mean of the year; column `share`.
    pub(crate) coverage: Option<ByAge>,
    /// In place of a coverage: the active insured grow by a rate.
    pub(crate) growth: Option<GroupGrowth>,
    /// In place of a coverage, `true`: nobody joins.
    pub(crate) closed: Option<bool>,
    /// What the number of insured counts.
    pub(crate) count: Count,
    /// Part of the year for which contributions are paid; needed when the count is `any`.
    pub(crate) density: Option<Quantity>,
    /// How the months paid in a year are spread over persons; needed when the count is `any`.
    pub(crate) months_paid: Option<MonthsPaid>,
    /// Classes of density by name, in place of `density`; members stay in their class.
    pub(crate) density_classes: Option<BTreeMap<String, DensityClass>>,
    /// Classes of wages by name; members stay in their class and earn the mean of their age times `relative_wage`.
    pub(crate) wage_classes: Option<BTreeMap<String, WageClass>>,
    /// Classes of wages cut from the lognormal spread of the group, named 1, 2 and so on, the lowest wages first.
    pub(crate) wage_classes_by_spread: Option<SpreadClasses>,
    /// Wages before floor and ceiling.
    pub(crate) earnings: Earnings,
    /// Share of the active insured who leave in a year, of those who neither die nor retire, by age at its start; column
    /// `rate`.
    pub(crate) turnover: Turnover,
    /// Share of the active insured who move to another group of the scheme at the start of a year, with their rights, by
    /// name of that group; column `rate`.
    pub(crate) moves: Option<BTreeMap<String, ByAge>>,
    /// Active insured at the start.
    pub(crate) active: Members,
    /// Inactive insured with rights at the start; nobody when left out.
    pub(crate) inactive: Option<Members>,
}

/// What a number of insured counts.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Count {
    /// Persons insured at a date, or the mean of the months.
    Average,
    /// Persons who pay at least once in a year.
    Any,
}

/// How the months paid in a year are spread over persons.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum MonthsPaid {
    /// All twelve or none.
    FullOrNone,
    /// Each month is paid or not, independently of the others.
    Binomial,
    /// As binomial, with a chance that differs between persons.
    BetaBinomial {
        /// Correlation between two months of a person, 0 to 1.
        correlation: f64,
    },
}

/// What holds for the earnings of all groups.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemeEarnings {
    /// What grows exactly as the wages of the economy; `fixed_composition` when left out.
    pub(crate) grows: Option<Grows>,
}

/// What grows exactly as the wages of the economy.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Grows {
    /// The wage of each sex, age and class.
    FixedComposition,
    /// The mean wage of the employed whom the groups cover.
    NationalMean,
    /// The mean wage of the active insured.
    MeanOfInsured,
}

/// Wages of a group.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Earnings {
    /// The year of the wages.
    pub(crate) year: u16,
    /// Mean wage of a full year of work before floor and ceiling; column `earnings`.
    pub(crate) mean: MeanWage,
    /// Where wages follow from credit too: a CSV table with columns `service` (completed years of credit, the last open),
    /// `factor` and `sex` where the figures differ by it. The mean wage of an age is multiplied by it.
    pub(crate) by_service: Option<TableFile>,
    /// Coefficient of variation of wages among persons of the same sex and age; needed without wage classes by name.
    pub(crate) spread: Option<Quantity>,
    /// Correlation of the logarithms of a member's wages from one year to the next; 1, a rank kept for life, when left out.
    pub(crate) persistence: Option<Quantity>,
}

/// Insured persons at the start. Give one of: `counted`, `spread`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Members {
    /// A CSV table with columns sex, age, credit_months, persons and, where known, past_earnings: insured earnings of the
    /// career of one person, revalued to the start; density_class and wage_class where the group has classes and it is
    /// known who belongs to which.
    pub(crate) counted: Option<TableFile>,
    /// Past service known by its means only.
    pub(crate) spread: Option<Spread>,
    /// Share of the records of inactive insured whose owners are dead or abroad: it is left out. Nothing when left out.
    pub(crate) dormant: Option<Quantity>,
}

/// Past service known by its means. Persons of the same sex and age hold each possible year of credit or not with a
/// chance that differs between them (beta-binomial).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spread {
    /// Insured, spread over the population of the ages; with a coverage the active insured are the employed times it.
    pub(crate) persons: Option<BySex<Quantity>>,
    /// Lowest age of the inactive insured, years.
    pub(crate) from_age: Option<u8>,
    /// Highest age of the inactive insured, years.
    pub(crate) to_age: Option<u8>,
    /// Mean credit in years; column `years`. No more than the years since the first age of entry.
    pub(crate) mean_credit: ByAge,
    /// Sum of the two parameters of the beta distribution of the chance: the larger, the closer persons stand to the mean.
    pub(crate) concentration: Quantity,
    /// Mean years since the inactive insured left.
    pub(crate) years_away: Option<Quantity>,
}

/// Mortality of the persons of a scheme.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mortalities {
    /// Of active and inactive insured alike.
    pub(crate) insured: Option<Mortality>,
    /// Of the active insured, in place of that of all insured.
    pub(crate) active: Option<Mortality>,
    /// Of the inactive insured, in place of that of all insured.
    pub(crate) inactive: Option<Mortality>,
    /// Of the pensioners, by pension.
    pub(crate) pensioners: Option<BTreeMap<String, Mortality>>,
}

/// Mortality beside that of the population. Give one of: `times`, `table`; neither is needed beside `since_award`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mortality {
    /// Force of mortality over that of the population; column `factor`.
    pub(crate) times: Option<ByAge>,
    /// A CSV table by single age with columns age, qx, and sex and year where they differ: the probability that a person
    /// of that exact age dies within a year. It ends where the probability is 1, at 120 or before.
    pub(crate) table: Option<TableFile>,
    /// The year of the table, where it has no column `year` and mortality improves.
    pub(crate) year: Option<u16>,
    /// A CSV table with columns duration (whole years since the year of the award, that year 0, the last open) and factor,
    /// and age, sex and year where they differ: what the force of mortality is multiplied by. For pensioners only.
    pub(crate) since_award: Option<TableFile>,
    /// What is taken off each probability from one year to the next, as a share of it; column `improvement`. The first
    /// year of the figures holds for the years before it.
    pub(crate) improvement: Option<ByAge>,
}

/// Whom the insured and the pensioners leave behind.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Family {
    /// Widows and widowers.
    pub(crate) spouse: Option<Relatives>,
    /// Children.
    pub(crate) child: Option<Relatives>,
    /// Parents.
    pub(crate) parent: Option<Relatives>,
    /// Probability that a widow or widower remarries within a year, by age at its start, less than that of living through
    /// it; column `rate`. Nobody remarries when left out.
    pub(crate) remarriage: Option<ByAge>,
    /// Share of children in education at the age at which the others lose their pension.
    pub(crate) in_education: Option<BySex<Quantity>>,
}

/// Survivors of one kind whom a death leaves behind. Give `table`, or `expected` with `age_difference`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relatives {
    /// Their number at a death, by sex and age of the deceased; column `expected`. Of spouses the share married.
    pub(crate) expected: Option<ByAge>,
    /// Their age less that of the deceased.
    pub(crate) age_difference: Option<AgeDifference>,
    /// A CSV table with columns sex and age of the deceased, recipient_age and expected: the number of survivors of that age
    /// at a death.
    pub(crate) table: Option<TableFile>,
    /// Share of women among them; one half when left out. A spouse is of the other sex.
    pub(crate) women: Option<Quantity>,
}

/// How much older survivors are than the deceased, in whole years: those who are younger have a number below zero.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgeDifference {
    /// The mean, by sex of the deceased.
    pub(crate) mean: BySex<Quantity>,
    /// The standard deviation of a normal distribution around it, by sex of the deceased.
    pub(crate) deviation: BySex<Quantity>,
}

/// Persons in payment of a pension at the start. Give one of: `counted`, `totals`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pensioners {
    /// A CSV table with columns sex, age, persons, amount (a year each).
    pub(crate) counted: Option<TableFile>,
    /// Totals by sex, spread over the population from an age.
    pub(crate) totals: Option<PensionerTotals>,
    /// Force of mortality of the pensioners over that of the population; 1 when left out.
    pub(crate) mortality: Option<BySex<Quantity>>,
}

/// Persons and mean amounts by sex.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PensionerTotals {
    /// Persons in payment.
    pub(crate) persons: BySex<Quantity>,
    /// Mean amount in force.
    pub(crate) mean_amount: BySex<Quantity>,
    /// Lowest age in payment, years.
    pub(crate) from_age: u8,
    /// Age from which the share of the population in payment is constant, years; from the lowest age it rises evenly.
    pub(crate) full_from_age: Option<u8>,
}

/// Calibration factors.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calibrations {
    /// On contributions collected, by account.
    pub(crate) contributions: Option<BTreeMap<String, Calibration>>,
    /// On expenditure, by benefit or loading.
    pub(crate) benefits: Option<BTreeMap<String, Calibration>>,
}

/// A factor that fades out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calibration {
    /// Factor in `year`.
    pub(crate) factor: f64,
    /// The year of the factor.
    pub(crate) year: u16,
    /// Years over which it goes back to one in equal steps; for ever when left out.
    pub(crate) run_off: Option<u16>,
}

/// A benefit as a share of another one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Loading {
    /// Name of the benefit it follows.
    pub(crate) of: String,
    /// The account that pays it.
    pub(crate) account: String,
    /// Share of the expenditure on that benefit.
    pub(crate) share: Series,
}
