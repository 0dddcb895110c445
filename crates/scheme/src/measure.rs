use std::sync::Arc;

use perennis_units::{Citation, Duration};

use crate::{Operand, PartOfLife, Rule};

/// What is counted about a person: months, shares, heads or amounts.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// Months of credit of every kind of period that counts.
    Credit,
    /// Months of credit by insured work. All credit of a cell counts as such.
    Contributed,
    /// Months by which the claim comes before the age of the condition; nothing after it.
    MonthsEarly,
    /// Months by which the claim comes after the age of the condition; nothing before it.
    MonthsLate,
    /// Age of the insured person at the claim, months.
    Age,
    /// Age of the survivor at the claim, months.
    RecipientAge,
    /// What nobody can find from the record.
    Fact(Fact),
    /// A measure that the law defines.
    Named(Arc<NamedMeasure>),
}

impl Measure {
    /// Returns the built-in measure called `name`; those of the law are found by the reader.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        Some(match name {
            "credit" => Self::Credit,
            "contributed" => Self::Contributed,
            "months_early" => Self::MonthsEarly,
            "months_late" => Self::MonthsLate,
            "age" => Self::Age,
            "recipient_age" => Self::RecipientAge,
            _ => Self::Fact(*Fact::ALL.iter().find(|fact| fact.name() == name)?),
        })
    }

    /// Returns the name, as in files.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Credit => "credit",
            Self::Contributed => "contributed",
            Self::MonthsEarly => "months_early",
            Self::MonthsLate => "months_late",
            Self::Age => "age",
            Self::RecipientAge => "recipient_age",
            Self::Fact(fact) => fact.name(),
            Self::Named(named) => &named.name,
        }
    }

    /// Says whether it is a length of time, which is counted in months; of a measure of the law that is not known.
    #[must_use]
    pub const fn is_in_months(&self) -> bool {
        match self {
            Self::Fact(fact) => {
                matches!(
                    fact,
                    Fact::Residence
                        | Fact::Married
                        | Fact::Marriages
                        | Fact::InPayment
                        | Fact::SpouseAge
                )
            }
            Self::Named(_) => false,
            _ => true,
        }
    }
}

/// A fact about a person that stands in no record of credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Children for whom something is paid.
    Children,
    /// Dependants other than children.
    Dependants,
    /// Degree of invalidity, a share.
    Degree,
    /// Months of residence.
    Residence,
    /// Share of the pension that is claimed; 1 when nothing is said.
    ShareClaimed,
    /// Income from work beside the benefit, currency a year.
    WorkIncome,
    /// Other income, currency a year.
    OtherIncome,
    /// Assets, currency.
    Assets,
    /// How many survivors share the benefit.
    Recipients,
    /// Months of marriage; of one who is divorced up to the divorce.
    Married,
    /// Months of all marriages of the insured person together.
    Marriages,
    /// Children ever raised.
    ChildrenRaised,
    /// Months for which the deceased, or the person, has drawn a benefit of the scheme.
    InPayment,
    /// Age of the spouse at the claim, months.
    SpouseAge,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Children,
        Self::Dependants,
        Self::Degree,
        Self::Residence,
        Self::ShareClaimed,
        Self::WorkIncome,
        Self::OtherIncome,
        Self::Assets,
        Self::Recipients,
        Self::Married,
        Self::Marriages,
        Self::ChildrenRaised,
        Self::InPayment,
        Self::SpouseAge,
    ];

    /// Returns the name, as in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Children => "children",
            Self::Dependants => "dependants",
            Self::Degree => "degree",
            Self::Residence => "residence",
            Self::ShareClaimed => "share_claimed",
            Self::WorkIncome => "work_income",
            Self::OtherIncome => "other_income",
            Self::Assets => "assets",
            Self::Recipients => "recipients",
            Self::Married => "married",
            Self::Marriages => "marriages",
            Self::ChildrenRaised => "children_raised",
            Self::InPayment => "in_payment",
            Self::SpouseAge => "spouse_age",
        }
    }
}

/// A measure that the law defines.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedMeasure {
    /// Name in the file.
    pub name: String,
    /// How it is counted.
    pub counted: CountedAs,
    /// Act and section.
    pub citation: Citation,
}

/// How a measure of the law is counted.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a law has few measures")]
pub enum CountedAs {
    /// An operand.
    Operand(Operand),
    /// Months of credit by kind of period.
    Months(Box<CreditedMonths>),
    /// Months of residence in a part of life.
    Residence(Box<LivedMonths>),
    /// Only stated; nothing in a record tells it.
    Stated,
}

/// Months of credit of some kinds of periods.
#[derive(Clone, Debug, PartialEq)]
pub struct CreditedMonths {
    /// The kinds: "work" and names of periods; all when empty.
    pub kinds: Vec<String>,
    /// Only those in the last months before the claim.
    pub within_last: Option<Rule<Duration>>,
    /// Only those of this part of life.
    pub life: PartOfLife,
    /// Only those that come after so many months of the record.
    pub beyond: Option<Rule<Duration>>,
    /// Only those of years whose earnings, as of a whole year, reach this: currency a year, mean in force of the year.
    pub earnings_at_least: Option<Operand>,
    /// Months bought by earnings instead of worked.
    pub bought: Option<MonthsBought>,
    /// At most so many.
    pub at_most: Option<Rule<Duration>>,
}

/// Months of residence in a part of life.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LivedMonths {
    /// Only those of this part of life.
    pub life: PartOfLife,
    /// Only those in the last months before the claim.
    pub within_last: Option<Rule<Duration>>,
    /// At most so many.
    pub at_most: Option<Rule<Duration>>,
}

/// Months of credit that the earnings of a year buy.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthsBought {
    /// Earnings of a year that buy one span, mean in force of the year.
    pub for_earnings: Operand,
    /// Months of one span.
    pub each: Rule<Duration>,
    /// Months a year at most; twelve when absent.
    pub at_most_a_year: Option<Rule<Duration>>,
}

impl CreditedMonths {
    /// Counts all months of some kinds; all kinds when none is named.
    #[must_use]
    pub fn of_kinds(kinds: Vec<String>) -> Self {
        Self {
            kinds,
            within_last: None,
            life: PartOfLife::default(),
            beyond: None,
            earnings_at_least: None,
            bought: None,
            at_most: None,
        }
    }
}
