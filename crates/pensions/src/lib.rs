//! Insured persons and pensioners of the schemes, year by year.
//!
//! **In:** a [`PensionBasis`], the population and work. **Out:** [`Pensions`]: contributors, contributions, awards,
//! persons in payment and the entries of the accounts.
//!
//! **Always holds:** every insured person of a register is accounted for: stocks change by the gross flows in
//! [`InsuredFlows`] and by nothing else. Nothing is clipped: what coverage asks for and cannot be filled is a flow too.
//!
//! **Rights:** a register carries, as sums that travel with the insured, what amounts are proportional to: revalued
//! earnings, points, balances; last years are those of the group at the ages before. The law is compiled once for the
//! claims of a day, and a cell looks its amount up.
//!
//! **Deaths and invalids:** a death leaves survivors where the basis says whom; active insured become invalids until
//! their own pensionable age. What is not modelled by persons stands as a share of another benefit ([`Loading`]).
//!
//! **Does not:** know the law itself (see `perennis-scheme`) or the reserve (see `perennis-finance`).

mod award;
mod bands;
mod bases;
mod basis;
mod best_years;
mod carried;
mod claim_dates;
mod claims;
mod collection;
mod death;
mod earnings;
mod error;
mod family;
#[cfg(test)]
mod fixture;
mod indexing;
mod invalidity;
mod invalids;
mod law_indicators;
mod membership;
mod mortality;
mod moves;
mod open;
mod openings;
mod parts;
mod project;
mod ranks;
mod recipients;
mod records;
mod reference;
mod results;
mod run;
mod service_bank;
mod service_wages;
mod since_award;
mod start;
mod stock;
mod survivors;
#[cfg(test)]
mod tests;
mod wage_growth;
mod walk;
mod withdrawal;
mod year;

pub use basis::{
    Behaviour, Claiming, Count, CreditSpread, GroupBasis, GroupClass, Loading, MemberCell, Members,
    Membership, PensionBasis, PensionStart, RatesOfService, SchemeBasis, ServicePaid, Turnover,
    WagesGrow,
};
pub use collection::Collection;
pub use error::PensionsError;
pub use family::{Family, Relatives, age_differences};
pub use invalidity::{Invalidity, InvalidityShare, Recovery};
pub use law_indicators::{LawIndicator, LawIndicatorYear};
pub use mortality::{Mortality, SchemeMortality};
pub use project::{PastAccounts, Pensions};
pub use results::{
    Beneficiaries, ClassYear, Contribution, Contributors, FollowedAge, InsuredFlows, InsuredStock,
    TooManyPersons,
};
pub use service_bank::ServiceBank;
