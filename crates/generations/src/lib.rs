//! Present values by generation: lives, annuities, liabilities of members, actuarial cost methods, funding.
//!
//! **In:** tables of lives and of exits, a law, interest, members and pensioners by cell ([`Plan`]). **Out:** present values
//! of benefits and earnings, normal cost and accrued liability by method and cause ([`value()`]), the funding of the years
//! to come ([`project`]), and the classic functions of lives ([`Annuity`], [`Commutation`], [`DecrementTable`]). Of a whole
//! scheme ([`InsuredLives`]): expenditure and earnings, each generation followed alone ([`follow`]). Of a scheme of one standard
//! generation, on a fine grid of time: rates, premiums and reserves at every instant ([`StandardGeneration`], [`Combined`]).
//!
//! **Always holds:** a generation is followed from its entry to the last payment, so that the closed group is always run to
//! its end; the parts by cause add up to the whole; the law is asked as for one person.
//!
//! **Does not:** step a population or a register through the years, know a file, or spread earnings within a cell.

mod annuity;
mod balance_sheet;
mod capital;
mod claim_times;
mod claiming;
mod combined;
mod commutation;
mod costs;
mod course;
mod decrements;
mod error;
mod follow;
mod followed;
mod funding;
mod in_payment;
mod insured_lives;
mod layers;
mod life_value;
mod lives;
mod plan;
mod rates;
mod rights;
mod smooth;
mod standard_generation;
mod study;
mod value;

pub use annuity::{Annuity, Within, endowment, insurance, part_of};
pub use balance_sheet::{BalanceSheet, Entitlements, ImplicitDebt};
pub use combined::{Combined, Instant, ScaledPremium, StandardPremiums, UnitCreditYear};
pub use commutation::Commutation;
pub use costs::{ByCause, Cost, Present, sum_of};
pub use course::{Course, Exit, Generation};
pub use decrements::{
    DecrementTable, Sharing, dependent_from_independent, independent_from_dependent,
};
pub use error::{GenerationError, NotFollowed};
pub use follow::{ByOrigin, FollowedScheme, follow};
pub use funding::{Funding, FundingPath, FundingYear, Policy, project};
pub use insured_lives::{
    ByYearAndAge, ClaimChances, InsuredLives, Joining, LivesGroup, StartMembers, StartPensions,
};
pub use layers::Layer;
pub use life_value::{LifeFunction, LifeRequest, LifeStatus};
pub use lives::Lives;
pub use plan::{
    Cause, CostMethod, DeferredClaim, ExitRates, FamilyAssumption, Member, Merit, MortalityOf,
    OnWithdrawal, PayScale, Pensioner, Plan,
};
pub use rates::{Mortality, RateRow, RateTable, Who};
pub use standard_generation::{Forces, PastService, StandardError, StandardGeneration, UnitCredit};
pub use study::{LiabilityResults, LiabilityStudy};
pub use value::{MemberValues, MethodTotals, PlanValues, value};
