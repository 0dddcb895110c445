use std::collections::BTreeMap;

use perennis_units::{Date, Duration, Money, Sex, Share, Year};

use super::Prospects;
use crate::EarningsByMonth;

/// A person, what the person has paid and lived through, and what is claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The day of birth.
    pub born: Date,
    /// The sex.
    pub sex: Sex,
    /// The day of the first contribution; 1 January of the first year of the record when absent.
    pub entered: Option<Date>,
    /// The group of the scheme in which the person was last insured; may be absent where the law names at most one.
    pub group: Option<String>,
    /// The day of death, where it is known: the pension ends and survivors may claim.
    pub dies: Option<Date>,
    /// What is claimed and when.
    pub claim: Claimed,
    /// The record, in the order of years; each kind at most once a year.
    pub record: Vec<RecordRow>,
    /// Family.
    pub family: Family,
    /// Income, assets and residence.
    pub means: Means,
    /// What the file states instead of the record.
    pub stated: Stated,
    /// What may happen after the claim.
    pub prospects: Option<Prospects>,
    /// Years after the claim for which amounts are followed.
    pub horizon: i32,
}

/// What is claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// When.
    pub days: ClaimDays,
    /// What opens the benefits.
    pub event: ClaimEvent,
    /// Degree of invalidity.
    pub degree: Option<Share>,
    /// The share of the pension that is claimed; the whole when absent.
    pub share: Option<Share>,
    /// What is claimed later.
    pub later: Option<LaterClaim>,
}

/// A second claim of the same person, after the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaterClaim {
    /// When.
    pub day: LaterDay,
    /// The share of the pension that is claimed; what the first claim left when absent.
    pub share: Option<Share>,
}

/// The day on which payment of a later claim is to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaterDay {
    /// This day.
    Day(Date),
    /// The day on which this age is reached, as of a first claim.
    Age(Duration),
}

/// What opens the benefits that are claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimEvent {
    /// Reaching an age.
    Age,
    /// Becoming invalid.
    Invalidity,
    /// The person's death: survivors claim.
    Death,
    /// Leaving insured work and asking for one's contributions back.
    Withdrawal,
}

/// The days on which payment is to begin.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimDays {
    /// One day; with death the day of death.
    Day(Date),
    /// The days on which these ages are reached, from the first of the next month where a law pays from then; several are
    /// compared.
    Ages(Vec<Duration>),
}

/// What was credited in one calendar year for one kind of period.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordRow {
    /// The year.
    pub year: Year,
    /// `work`, or the name of a period of the law.
    pub kind: String,
    /// Months, 0 to 12.
    pub months: i32,
    /// Earnings of the year in its own prices, currency.
    pub earnings: Money,
    /// The months that are credited and what was earned in each; spread evenly over the year when absent.
    pub by_month: Option<EarningsByMonth>,
}

/// Family of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Family {
    /// Husband or wife.
    pub spouse: Option<Spouse>,
    /// Those from whom the person is divorced, in the order of the file.
    pub former_spouses: Vec<Spouse>,
    /// Children, in the order of the file.
    pub children: Vec<Child>,
    /// Father and mother.
    pub parents: Vec<Parent>,
    /// Persons whom the law calls dependants.
    pub dependants: Option<i32>,
}

/// Husband or wife, also a former one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spouse {
    /// The day of birth.
    pub born: Date,
    /// The sex.
    pub sex: Sex,
    /// The day of marriage.
    pub married: Option<Date>,
    /// The day of the divorce, of a former one.
    pub divorced: Option<Date>,
    /// The day of a marriage after the person's death.
    pub remarries: Option<Date>,
    /// The first day of payment; the day on which the benefit opens when absent.
    pub claims: Option<Date>,
    /// Income of the spouse, currency a year.
    pub income: Option<Money>,
}

/// A child.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Child {
    /// The day of birth.
    pub born: Date,
    /// The sex, where it is given.
    pub sex: Option<Sex>,
    /// The day on which education ends.
    pub in_education_until: Option<Date>,
}

/// Father or mother.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parent {
    /// The day of birth.
    pub born: Date,
    /// The sex, where it is given.
    pub sex: Option<Sex>,
}

/// Income, assets and residence of the person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Means {
    /// Earnings beside the pension, currency a year.
    pub work_income: Option<Money>,
    /// Other income, currency a year.
    pub other_income: Option<Money>,
    /// Assets, currency.
    pub assets: Option<Money>,
    /// Spans of residence: the first day and the day after the last, none for up to the claim.
    pub residence: Vec<(Date, Option<Date>)>,
}

/// What a file states, by name, instead of what the record would give.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stated {
    /// Measures: months, shares, numbers, currency a year.
    pub measures: BTreeMap<String, f64>,
    /// Points; with a day, what the record holds from the start of its year on is added.
    pub points: BTreeMap<String, (f64, Option<Date>)>,
    /// Balances, currency; with a day as points.
    pub balances: BTreeMap<String, (f64, Option<Date>)>,
    /// Reference earnings, currency a year.
    pub reference_earnings: BTreeMap<String, f64>,
    /// Results of formulas: currency a year, or numbers.
    pub formulas: BTreeMap<String, f64>,
    /// Benefits in payment before the claim, currency a year.
    pub benefits: BTreeMap<String, Money>,
}
