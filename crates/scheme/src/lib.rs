//! The law for one person on one date: dated parameters, conditions, steps; every item cites its provision.
//!
//! **In:** dated values of law, index levels of prices and wages, the claim of one person, or of members of a cell who
//! differ in credit only. **Out:** entitlement, dates, contributions and amounts, for a person with every step, formula and
//! provision ([`Benefit::award_person`]), for a cell as a [`Schedule`] (a piecewise-linear function of what the benefit is
//! proportional to: yearly reference earnings, points or a balance), found once a day for all credits
//! ([`Benefit::compile`]).
//!
//! **Always holds:** no number of any law is written here; a value that is not in force, or a fact that nobody has told, is
//! an error, never a default; person and cell run the same code over two kinds of values, and only persons are rounded.
//!
//! **Does not:** know a grid, a population, a file or a country.

mod adjustment;
mod amount;
mod answers;
mod asked;
mod average;
mod balance;
mod base;
mod benefit;
mod brackets;
mod by_month;
mod cited;
mod claim;
mod compiled;
mod condition;
mod context;
mod contribution;
mod counted;
mod counting;
mod credited;
mod cumulation;
mod curves;
mod dated_rules;
mod divisor;
mod error;
mod evaluate;
#[cfg(test)]
mod examples;
mod findings;
#[cfg(test)]
mod fixture;
mod formula;
mod indexation;
mod indicator;
mod indices;
mod known;
mod law;
mod life_table;
mod linear;
mod linked_age;
mod lognormal;
mod measure;
mod named;
mod operand;
mod part_of_life;
mod parts;
mod period;
mod person;
mod points;
mod reference_earnings;
mod replaced_age;
mod rounding;
mod rule;
mod run;
mod said;
mod scale;
mod schedule;
mod series;
mod step;
mod trace;
mod turns;
mod value;
mod window;
mod words;

pub use adjustment::Adjustment;
pub use amount::{Amount, NamedAmount};
pub use balance::{BalanceOfYear, BalanceRule, Interest, Mortality, Timing};
pub use base::{Base, BaseOf};
pub use benefit::{Benefit, BenefitKind, Ends};
pub use brackets::{Brackets, BracketsError};
pub use by_month::EarningsByMonth;
pub use claim::{Claim, Credit, CreditedYear};
pub use compiled::{
    Asked, ClaimsOfDay, CompiledBenefit, CompiledClaims, CreditHeld, Entry, HeldOnDay,
};
pub use condition::{Condition, Event, PaymentStart, date_reached};
pub use contribution::{ContributionLaw, InsuredEarnings, Limits, PayerRate, Stepping};
pub use counted::{Counted, CountedYear};
pub use counting::Counting;
pub use cumulation::{Cumulation, Limited, Pays, Reduce};
pub use dated_rules::LawDays;
pub use divisor::Divisor;
pub use error::LawError;
pub use findings::{Finding, Found, Place};
pub use formula::Formula;
pub use indexation::{Balancing, Indexation, YearIndexation};
pub use indicator::{Indicator, IndicatorLaw, IndicatorOf};
pub use indices::{Environment, Index, LegalIndices, Outlook};
pub use known::{Known, Recipient, StatedKind, Survivor};
pub use law::Law;
pub use life_table::{LifeTable, LifeTableError};
pub use linked_age::{LinkedAge, LinkedBy, LinkedYear, NoLifeExpectancy, ReferenceLife};
pub use lognormal::Lognormal;
pub use measure::{
    CountedAs, CreditedMonths, Fact, LivedMonths, Measure, MonthsBought, NamedMeasure,
};
pub use named::Named;
pub use operand::{Choice, DayOf, Operand, Test};
pub use part_of_life::PartOfLife;
pub use parts::Part;
pub use period::{Period, Record, WORK};
pub use person::{
    AmountChange, Annuity, Award, BenefitResult, Cause, Child, ClaimDays, ClaimEvent, ClaimResult,
    Claimed, Conversion, EndReason, Expected, Family, Incidence, Insurance, Invalidity, LaterClaim,
    LaterDay, LaterResult, LimitResult, Means, NamedKind, NamedValue, PaidBenefit, PaidYear,
    Parent, Person, PersonError, PersonResult, Prospects, RecordRow, RecordSum, SchemeResult,
    Spouse, StateYear, Stated, Status, Survival, SurvivorOf, Valued, entitlements,
};
pub use points::{PointsOfYear, PointsRule};
pub use reference_earnings::{
    DividedBy, Length, LimitsOf, MissingEarnings, ReferenceRule, Revaluation, Window,
};
pub use rounding::{Rounding, RoundingDirection};
pub use rule::{Groups, Rule};
pub use scale::{BeforeFirst, Scale, ScaleError, ScaleOf, ScaleShape};
pub use schedule::{Piece, Schedule, ScheduleView};
pub use series::{Series, SeriesAfter};
pub use step::{Accrual, ByYears, Change, ExcessLumpSum, LumpSum, PerYear, PerYearOf, Step};
pub use trace::{PersonAward, TracedStep, TracedTest};
pub use turns::TurnsOn;
