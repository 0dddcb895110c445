use perennis_units::{Citation, Date, Duration, Money, Year};

use super::{ClaimEvent, Expected, NamedValue};
use crate::{BenefitKind, Counted, Recipient, TracedStep, TracedTest};

/// What a person may have under some laws.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonResult {
    /// One for each day of claim, in the order of the file.
    pub claims: Vec<ClaimResult>,
}

/// What comes of one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimResult {
    /// The first day of payment; with death the day of death.
    pub date: Date,
    /// Age of the person on that day, completed months.
    pub age: Duration,
    /// What opened the benefits.
    pub event: ClaimEvent,
    /// Under each law, in order.
    pub schemes: Vec<SchemeResult>,
    /// Limits on several benefits together, on the first day.
    pub limits: Vec<LimitResult>,
    /// Benefits that became others later.
    pub conversions: Vec<Conversion>,
    /// What a later claim adds.
    pub later: Option<LaterResult>,
    /// What survivors may have from the day of a later death.
    pub after_death: Vec<SchemeResult>,
    /// Amounts over time.
    pub years: Vec<PaidYear>,
    /// What is to be expected.
    pub expected: Option<Expected>,
}

/// What comes of one claim under one law.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeResult {
    /// Name of the scheme.
    pub scheme: String,
    /// The group of the person.
    pub group: String,
    /// The record up to the claim.
    pub record: RecordSum,
    /// Everything that the law names, as it counts it for the claim; what the claim cannot have is not there.
    pub values: Vec<NamedValue>,
    /// The benefits that the event may open, in the order of the law; one for each survivor.
    pub benefits: Vec<BenefitResult>,
}

/// A record in sum.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordSum {
    /// Months by kind of period, in the order of the record.
    pub months: Vec<(String, i32)>,
    /// Months that do not count, as they come after the claim.
    pub after_claim: i32,
    /// The first and the last year.
    pub years: Option<(Year, Year)>,
}

/// One benefit, due or not.
#[derive(Clone, Debug, PartialEq)]
pub struct BenefitResult {
    /// Name of the benefit.
    pub name: String,
    /// Pension or grant.
    pub kind: BenefitKind,
    /// To whom it is paid, when not to the person.
    pub survivor: Option<SurvivorOf>,
    /// The questions of the condition.
    pub tests: Vec<TracedTest>,
    /// What is due; `None` when it is not.
    pub award: Option<Award>,
    /// What the law asks for that is not known of the person, so that nothing can be said.
    pub not_known: Option<String>,
    /// The day on which it ends, where that is known, and why.
    pub end: Option<(Date, EndReason)>,
}

/// A survivor of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurvivorOf {
    /// What the survivor was to the deceased.
    pub kind: Recipient,
    /// The place in the list of the file, from 0.
    pub position: usize,
    /// The day of birth.
    pub born: Date,
}

/// A benefit that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Award {
    /// The first day of payment.
    pub from: Date,
    /// The amount by the steps: currency a year for a pension, once for a grant.
    pub amount: Money,
    /// What is paid after limits on several benefits together.
    pub paid: Money,
    /// Payments a year; 1 for a grant.
    pub payments_a_year: i32,
    /// How it came about.
    pub steps: Vec<TracedStep>,
    /// What the record gave.
    pub counted: Vec<Counted>,
    /// The amount was stated as already in payment.
    pub stated: bool,
}

impl Award {
    /// Returns what one payment is before limits.
    #[must_use]
    pub fn per_payment(&self) -> f64 {
        self.amount.get() / f64::from(self.payments_a_year.max(1))
    }
}

/// Why a benefit ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The recipient reaches an age.
    Age,
    /// The recipient leaves education, or reaches the age up to which it counts.
    Education,
    /// It is paid for so long and no longer.
    Time,
    /// The survivor marries again.
    Remarriage,
    /// The person dies.
    Death,
    /// It becomes another benefit.
    ConvertsTo(String),
}

/// A limit on several benefits together, applied on the first day.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitResult {
    /// The scheme whose law has it.
    pub scheme: String,
    /// Name in the file.
    pub name: String,
    /// Each benefit with the amount before and after, currency a year.
    pub amounts: Vec<(String, f64, f64)>,
    /// The formula with its numbers.
    pub formula: String,
    /// The provisions used.
    pub provisions: Vec<Citation>,
}

/// What a later claim gives.
#[derive(Clone, Debug, PartialEq)]
pub struct LaterResult {
    /// The first day of payment.
    pub date: Date,
    /// Age on that day.
    pub age: Duration,
    /// The benefits of each law that the later claim opens.
    pub schemes: Vec<SchemeResult>,
}

/// A benefit that becomes another.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// The scheme.
    pub scheme: String,
    /// The benefit that ends.
    pub from: String,
    /// The benefit that follows.
    pub to: String,
    /// The first day of the new one.
    pub date: Date,
    /// The new award; `None` when its conditions are not met and the amount goes on as it was.
    pub award: Option<Award>,
}

/// The payments of one calendar year.
#[derive(Clone, Debug, PartialEq)]
pub struct PaidYear {
    /// The year.
    pub year: Year,
    /// Each benefit that is paid in it.
    pub benefits: Vec<PaidBenefit>,
    /// Paid in the year, all benefits, current prices.
    pub paid: f64,
    /// In force at the end of the year, currency a year.
    pub in_force: f64,
    /// The amount in force at the wages of the year of the claim; `None` without an index of wages.
    pub in_wages: Option<f64>,
    /// The amount in force at the prices of the year of the claim; `None` without an index of prices.
    pub in_prices: Option<f64>,
}

/// One benefit in one calendar year.
#[derive(Clone, Debug, PartialEq)]
pub struct PaidBenefit {
    /// The scheme.
    pub scheme: String,
    /// The benefit.
    pub name: String,
    /// To whom it is paid, when not to the person.
    pub survivor: Option<SurvivorOf>,
    /// What changed and when, in order.
    pub changes: Vec<AmountChange>,
    /// Paid in the year, current prices.
    pub paid: f64,
    /// In force at the end of the year, currency a year; a grant has none.
    pub in_force: f64,
}

/// A day on which an amount changes.
#[derive(Clone, Debug, PartialEq)]
pub struct AmountChange {
    /// The day.
    pub date: Date,
    /// Why.
    pub cause: Cause,
    /// The amount in payment from then on, currency a year; of a grant the sum.
    pub amount: f64,
}

/// Why an amount in payment changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// It begins.
    Begins,
    /// It is adjusted by a factor.
    Adjusted {
        /// Name of the indexation.
        indexation: String,
        /// The factor.
        factor: f64,
    },
    /// A limit on several benefits moves it.
    Limited,
    /// It ends.
    Ends(EndReason),
}

impl PersonResult {
    /// Returns the first benefit of this name of the first claim.
    #[must_use]
    pub fn benefit(&self, name: &str) -> Option<&BenefitResult> {
        self.claims.first()?.benefit(name)
    }
}

impl ClaimResult {
    /// Returns the first benefit of this name.
    #[must_use]
    pub fn benefit(&self, name: &str) -> Option<&BenefitResult> {
        self.benefits().find(|benefit| benefit.name == name)
    }

    /// Returns what a law names, as it counts it: `value("formula", "pia")`; of several schemes the first that has it.
    ///
    /// Kinds are measure, `reference_earnings`, points, balance, formula and divisor.
    #[must_use]
    pub fn value(&self, kind: &str, name: &str) -> Option<f64> {
        let mut values = self.schemes.iter().flat_map(|scheme| &scheme.values);
        values
            .find(|value| value.kind.as_str() == kind && value.name == name)
            .map(|value| value.value)
    }

    /// Returns every benefit of every scheme, those of a later claim and after a death last.
    pub fn benefits(&self) -> impl Iterator<Item = &BenefitResult> {
        let later = self.later.iter().flat_map(|later| &later.schemes);
        let schemes = self.schemes.iter().chain(later).chain(&self.after_death);
        schemes.flat_map(|scheme| &scheme.benefits)
    }
}

impl BenefitResult {
    /// Returns the amount by the steps, currency a year for a pension; `None` when it is not due.
    #[must_use]
    pub fn amount(&self) -> Option<f64> {
        self.award.as_ref().map(|award| award.amount.get())
    }

    /// Returns the result of the last step of this name, those of formulas included; currency a year, or points.
    #[must_use]
    pub fn after(&self, step: &str) -> Option<f64> {
        let steps = &self.award.as_ref()?.steps;
        steps.iter().rev().find(|traced| traced.step == step).map(|traced| traced.amount.get())
    }

    /// Returns what the record gave under this name: reference earnings, points or a balance.
    #[must_use]
    pub fn counted(&self, name: &str) -> Option<&Counted> {
        self.award.as_ref()?.counted.iter().find(|counted| counted.name == name)
    }

    /// Returns the result of a formula: the amount after its last step.
    #[must_use]
    pub fn formula(&self, name: &str) -> Option<f64> {
        let steps = &self.award.as_ref()?.steps;
        let of_formula = |traced: &&TracedStep| traced.part_of.as_deref() == Some(name);
        steps.iter().rev().find(of_formula).map(|traced| traced.amount.get())
    }
}
