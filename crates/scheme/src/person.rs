//! What one person may have under some laws: one public function over the law, and how it goes on.

mod check;
mod entitlements;
mod error;
mod expected;
mod facts;
mod family;
mod later;
mod life;
mod limits;
mod opened;
mod payments;
mod prospects;
mod result;
mod setting;
mod states;
mod values;

pub use entitlements::entitlements;
pub use error::PersonError;
pub use facts::{
    Child, ClaimDays, ClaimEvent, Claimed, Family, LaterClaim, LaterDay, Means, Parent, Person,
    RecordRow, Spouse, Stated,
};
pub use life::Survival;
pub use prospects::{Annuity, Expected, Insurance, Prospects, Valued};
pub use result::{
    AmountChange, Award, BenefitResult, Cause, ClaimResult, Conversion, EndReason, LaterResult,
    LimitResult, PaidBenefit, PaidYear, PersonResult, RecordSum, SchemeResult, SurvivorOf,
};
pub use states::{Incidence, Invalidity, StateYear, Status};
pub use values::{NamedKind, NamedValue};
