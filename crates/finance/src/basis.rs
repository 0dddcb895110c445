use perennis_units::{Growth, Money, Path};

use crate::Administration;

/// What happens when outgo exceeds income and the reserve is gone.
#[derive(Clone, Debug, PartialEq)]
pub enum WhenExhausted {
    /// The fund borrows at the interest of its reserve plus a margin, and repays from its surpluses before it builds a
    /// reserve again.
    Borrow {
        /// Margin over the interest of the reserve, not negative.
        margin: Growth,
    },
    /// The State budget pays the shortfall of the year as a subsidy; nothing is owed.
    StatePays,
}

/// The reserve of a fund at the start and the rules it lives by.
#[derive(Clone, Debug, PartialEq)]
pub struct Reserve {
    /// Reserve at the start of the first year, current prices, not negative.
    pub opening: Money,
    /// Interest of the fund where it differs from the economy's.
    pub interest: Option<Path<Growth>>,
    /// What happens when the reserve is gone.
    pub when_exhausted: WhenExhausted,
}

/// How an account is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum FundSystem {
    /// A fund with a reserve of its own.
    Reserve(Reserve),
    /// A part of the State budget: no reserve. The State pays in each year what other income does not, as a subsidy; a
    /// surplus goes back to it as a transfer out.
    Budget,
}

/// An account as finance keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct FundBasis {
    /// Name of the account.
    pub account: String,
    /// Cost of administration that the branches do not book themselves.
    pub administration: Option<Administration>,
    /// How the account is kept.
    pub system: FundSystem,
}

/// Everything that determines the funds.
#[derive(Clone, Debug, PartialEq)]
pub struct FinanceBasis {
    /// The accounts, in the order of the tables; an account that is booked to must be among them.
    pub funds: Vec<FundBasis>,
}
