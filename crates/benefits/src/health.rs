//! Social health insurance: who is in it, what they pay and what they use.

mod contributions;
mod expenditure;
mod insured;

pub(crate) use contributions::{Assessed, assess};
pub use contributions::{ContributionBase, PaidBy, PayerRate};
pub use expenditure::{Service, ServiceYear, cost_of_service};
pub(crate) use insured::{Candidates, SchemePeople, candidates, place};
pub use insured::{InsuredGroup, Members};

use perennis_units::{Path, Share};

/// A branch of social health insurance.
#[derive(Clone, Debug)]
pub struct HealthBasis {
    /// Name used in files and tables.
    pub name: String,
    /// The account that it books to.
    pub account: String,
    /// The insured, in the order in which persons are counted: who is in an earlier group is in no later one.
    pub groups: Vec<InsuredGroup>,
    /// The services of the package.
    pub services: Vec<Service>,
    /// Cost of administration as a share of the contributions collected from all payers.
    pub administration: Path<Share>,
}
