use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::parts::{Day, Gaps, Given, Quantity};

/// A person: what was paid and lived through, what is claimed, and under which laws.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// The currency as written in units: dollar.
    pub(crate) currency: String,
    /// Scheme files, relative to this file; what they say of people is passed over. Several stand for schemes and tiers.
    #[expect(
        dead_code,
        reason = "read from the tree, so that laws are checked beside faults of form"
    )]
    pub(crate) laws: Option<Vec<String>>,
    /// Years after the claim for which amounts are followed, 0 to 100; 30 when absent.
    pub(crate) horizon: Option<i64>,
    /// Prices and wages that the law reads.
    pub(crate) indices: Option<Indices>,
    /// Numbers of a whole nation that the law reads, by name and year, such as a balance ratio.
    pub(crate) indicators: Option<BTreeMap<String, Course>>,
    /// Who it is.
    #[serde(rename = "person")]
    pub(crate) who: Who,
    /// What is claimed, and when.
    pub(crate) claim: Claim,
    /// What was credited year by year.
    pub(crate) record: Option<Record>,
    /// Family.
    pub(crate) family: Option<Family>,
    /// Income, assets and residence.
    pub(crate) means: Option<Means>,
    /// What replaces the record: by table and name. A bare number is in the unit that the law declares.
    pub(crate) stated: Option<Stated>,
    /// What may happen after the claim: survival, invalidity, interest.
    pub(crate) prospects: Option<Prospects>,
}

/// Prices and wages; what is not given stands still.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Indices {
    /// Wages: levels ("index") or growth over the year before ("share a year").
    pub(crate) wages: Option<Course>,
    /// Consumer prices: levels ("index") or growth over the year before ("share a year").
    pub(crate) prices: Option<Course>,
    /// Mean insured earnings of a full year of contributions, "… a month" or "… a year".
    pub(crate) insured_wage: Option<Course>,
}

/// A value for each year. Give one of: `value` (the same in every year), `values` (by year), `file` and `column`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Course {
    /// One value for every year.
    pub(crate) value: Option<f64>,
    /// Values by year: { 2026 = 0.034, 2030 = 0.03 }.
    pub(crate) values: Option<BTreeMap<String, f64>>,
    /// A CSV table with a column `year`; its path is relative to this file.
    pub(crate) file: Option<String>,
    /// The column of `file` that holds the values.
    pub(crate) column: Option<String>,
    /// What stands in a year that is missing between two others; `none` when left out.
    pub(crate) gaps: Option<Gaps>,
    /// Growth of each year after the last, a share a year; without it the last value holds.
    pub(crate) after: Option<f64>,
}

/// Who it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Who {
    /// The day of birth.
    pub(crate) born: Day,
    /// The sex.
    pub(crate) sex: Sex,
    /// The group of the scheme in which the person was last insured; needed where the law names more than one.
    pub(crate) group: Option<String>,
    /// The day of the first contribution; 1 January of the first year of the record when absent.
    pub(crate) entered: Option<Day>,
    /// The day of death, where survivors' benefits are to follow the pension.
    pub(crate) dies: Option<Day>,
}

/// A sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sex {
    /// Men and boys.
    Male,
    /// Women and girls.
    Female,
}

/// What is claimed, and when: one of `date`, `age` and `ages`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claim {
    /// The first day of payment; with event death the day of death.
    pub(crate) date: Option<Day>,
    /// The age at which payment begins, years or { value, unit }: the day it is reached, or the first of the next month
    /// where a law pays from then.
    pub(crate) age: Option<Given>,
    /// Several such ages in years, to be compared.
    pub(crate) ages: Option<Vec<f64>>,
    /// What opens the benefit; age when absent.
    pub(crate) event: Option<ClaimEvent>,
    /// Degree of invalidity, a share.
    pub(crate) degree: Option<Given>,
    /// The share of the pension that is claimed; the whole when absent.
    pub(crate) share_claimed: Option<Given>,
    /// A second claim after the first: of the rest, and of what was not due yet.
    pub(crate) later: Option<Later>,
}

/// A claim after the first; with event age or invalidity. One of `date` and `age`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Later {
    /// The first day of payment.
    pub(crate) date: Option<Day>,
    /// The age at which payment begins, years or { value, unit }.
    pub(crate) age: Option<Given>,
    /// The share of the pension that is claimed now; what the first claim left when absent.
    pub(crate) share_claimed: Option<Given>,
}

/// What opens the benefits that are claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClaimEvent {
    /// Reaching an age.
    Age,
    /// Becoming invalid.
    Invalidity,
    /// The person's death.
    Death,
    /// Leaving insured work and asking for one's contributions back.
    Withdrawal,
}

/// What was credited: `years`, `spans`, `months` and `file` may stand together. A unit "… a year" means the earnings of the
/// calendar year, "… a month" those of each credited month.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// Single years.
    pub(crate) years: Option<Vec<RecordYear>>,
    /// Years from one to another.
    pub(crate) spans: Option<Vec<Span>>,
    /// Months from one to another, where earnings or credit differ from month to month.
    pub(crate) months: Option<Vec<Months>>,
    /// A CSV table with the columns year, months, earnings and, if kinds differ, kind; with a column month, 1 to 12, in place
    /// of months each row is one month.
    pub(crate) file: Option<String>,
}

/// What was credited in each calendar month of a span.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Months {
    /// A day of the first month.
    pub(crate) from: Day,
    /// A day of the last month, which counts; that of `from` when absent.
    pub(crate) to: Option<Day>,
    /// Earnings of each month; none when absent. A unit "… a year" means a twelfth of it.
    pub(crate) earnings: Option<f64>,
    /// `work` or a kind of period of the law; work when absent.
    pub(crate) kind: Option<String>,
}

/// What was credited in one calendar year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordYear {
    /// The year.
    pub(crate) year: i32,
    /// Months credited, 0 to 12; 12 when absent.
    pub(crate) months: Option<i64>,
    /// Earnings; none when absent.
    pub(crate) earnings: Option<f64>,
    /// `work` or a kind of period of the law; work when absent.
    pub(crate) kind: Option<String>,
}

/// What was credited in each calendar year of a span.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    /// The first year.
    pub(crate) from: i32,
    /// The last year.
    pub(crate) to: i32,
    /// Months credited in each year, 0 to 12; 12 when absent.
    pub(crate) months: Option<i64>,
    /// Earnings; of the first year where they grow; none when absent.
    pub(crate) earnings: Option<f64>,
    /// `work` or a kind of period of the law; work when absent.
    pub(crate) kind: Option<String>,
    /// What earnings grow with from the first year; they stay the same when absent.
    pub(crate) grows: Option<Grows>,
    /// A CSV table with a column `year` and one of earnings, instead of `earnings`.
    pub(crate) file: Option<String>,
    /// The column of `file` that holds the earnings.
    pub(crate) column: Option<String>,
}

/// What earnings grow with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grows {
    /// The index of wages.
    Wages,
    /// The index of consumer prices.
    Prices,
}

/// Family.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Family {
    /// Husband or wife.
    pub(crate) spouse: Option<Spouse>,
    /// Those from whom the person is divorced.
    pub(crate) former_spouses: Option<Vec<FormerSpouse>>,
    /// Children.
    pub(crate) children: Option<Vec<Child>>,
    /// Father and mother.
    pub(crate) parents: Option<Vec<Parent>>,
    /// Persons whom the law calls dependants, 0 to 100.
    pub(crate) dependants: Option<i64>,
}

/// Husband or wife.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spouse {
    /// The day of birth.
    pub(crate) born: Day,
    /// The sex; the other one when absent.
    pub(crate) sex: Option<Sex>,
    /// The day of marriage.
    pub(crate) married: Option<Day>,
    /// The day of a marriage after the person's death.
    pub(crate) remarries: Option<Day>,
    /// The first day of payment; the first on which the benefit opens, such as the death, when absent.
    pub(crate) claims: Option<Day>,
    /// Income of the spouse, "… a month" or "… a year".
    pub(crate) income: Option<Quantity>,
}

/// One from whom the person is divorced.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormerSpouse {
    /// The day of birth.
    pub(crate) born: Day,
    /// The sex; the other one when absent.
    pub(crate) sex: Option<Sex>,
    /// The day of marriage.
    pub(crate) married: Day,
    /// The day of the divorce.
    pub(crate) divorced: Day,
    /// The day of a marriage to somebody else.
    pub(crate) remarries: Option<Day>,
    /// The first day of payment; the first on which the benefit opens when absent.
    pub(crate) claims: Option<Day>,
    /// Income, "… a month" or "… a year".
    pub(crate) income: Option<Quantity>,
}

/// A child.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Child {
    /// The day of birth.
    pub(crate) born: Day,
    /// The sex, where the law asks.
    pub(crate) sex: Option<Sex>,
    /// The day on which education ends.
    pub(crate) in_education_until: Option<Day>,
}

/// Father or mother.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parent {
    /// The day of birth.
    pub(crate) born: Day,
    /// The sex, where the law asks.
    pub(crate) sex: Option<Sex>,
}

/// Income, assets and residence of the person.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Means {
    /// Earnings beside the pension, "… a month" or "… a year".
    pub(crate) work_income: Option<Quantity>,
    /// Other income, "… a month" or "… a year".
    pub(crate) other_income: Option<Quantity>,
    /// Assets, an amount without a period.
    pub(crate) assets: Option<Quantity>,
    /// Spans of residence.
    pub(crate) residence: Option<Vec<Residence>>,
}

/// A span of residence.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Residence {
    /// The first day.
    pub(crate) from: Day,
    /// The day after the last; up to the claim when absent.
    pub(crate) to: Option<Day>,
}

/// What replaces the record, by name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stated {
    /// Measures: of the law, or built in.
    pub(crate) measures: Option<BTreeMap<String, Given>>,
    /// Points.
    pub(crate) points: Option<BTreeMap<String, Given>>,
    /// Balances.
    pub(crate) balances: Option<BTreeMap<String, Given>>,
    /// Reference earnings; a bare number is a year's.
    pub(crate) reference_earnings: Option<BTreeMap<String, Given>>,
    /// Results of formulas; a bare number is a year's amount, or a number.
    pub(crate) formulas: Option<BTreeMap<String, Given>>,
    /// Benefits in payment before the claim; a bare number is a year's.
    pub(crate) benefits: Option<BTreeMap<String, Given>>,
}

/// What may happen after the claim.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prospects {
    /// Interest, a share a year; nothing is discounted when absent.
    pub(crate) interest: Option<Quantity>,
    /// Nothing is paid from this age of the person on, completed years; for life when absent.
    pub(crate) until_age: Option<i64>,
    /// Of the person.
    pub(crate) person: Option<Living>,
    /// Of the spouse.
    pub(crate) spouse: Option<Living>,
    /// Active, invalid and dead: probabilities of a year, each change at its end.
    pub(crate) invalidity: Option<Invalidity>,
    /// Payments of so much a year while somebody lives, by name.
    pub(crate) annuities: Option<BTreeMap<String, Annuity>>,
    /// Sums paid at the end of the year of a death, by name.
    pub(crate) insurances: Option<BTreeMap<String, Insurance>>,
}

/// How long one life lasts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Living {
    /// The probability of living through a year, or a table of survivors by age.
    pub(crate) survival: ByAge,
}

/// One `value` for every age, or a `file` by single ages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByAge {
    /// The same at every age.
    pub(crate) value: Option<f64>,
    /// A CSV table by single ages, relative to this file.
    pub(crate) file: Option<String>,
    /// The column of ages; `age` when absent.
    pub(crate) age: Option<String>,
    /// The column of values.
    pub(crate) column: Option<String>,
}

/// The three states active, invalid and dead.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invalidity {
    /// An active person becomes invalid.
    pub(crate) incidence: ByAge,
    /// An active person dies.
    pub(crate) death_when_active: ByAge,
    /// An invalid person dies.
    pub(crate) death_when_invalid: ByAge,
    /// An invalid person becomes active; never when absent.
    pub(crate) recovery: Option<ByAge>,
}

/// Payments while somebody lives.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Annuity {
    /// To whom.
    pub(crate) to: To,
    /// When in each year; at its start when absent.
    pub(crate) payments: Option<PaymentTime>,
    /// At most so many years, 1 to 150.
    pub(crate) years: Option<i64>,
    /// The amount a year; 1 when absent.
    pub(crate) amount: Option<Quantity>,
}

/// To whom something is paid; the two lives are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum To {
    /// While the person lives.
    Person,
    /// While the spouse lives.
    Spouse,
    /// While both live.
    Both,
    /// While one of them lives.
    Either,
    /// To the spouse after the person's death.
    SpouseAfterPerson,
    /// To the person after the spouse's death.
    PersonAfterSpouse,
    /// While the person lives and is not invalid.
    Active,
    /// While the person lives and is invalid.
    Invalid,
}

/// When in a year payments are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentTime {
    /// At its start.
    Start,
    /// The mean of start and end.
    Middle,
    /// At its end.
    End,
}

/// A sum paid at the end of the year of a death.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Insurance {
    /// On whose death.
    pub(crate) on_death: OnDeath,
    /// At most so many years, 1 to 150.
    pub(crate) years: Option<i64>,
    /// The sum; 1 when absent.
    pub(crate) amount: Option<Quantity>,
}

/// On whose death a sum is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnDeath {
    /// That of the person.
    Person,
    /// That of the spouse.
    Spouse,
    /// The first of the two.
    First,
    /// The last of the two.
    Last,
}
