use perennis_units::{Money, Path, Share, Year};

/// What one account pays to another in each year, at the moment of the flows.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// Name of the transfer.
    pub name: String,
    /// The account that pays.
    pub from: String,
    /// The account that receives.
    pub to: String,
    /// How much is paid.
    pub rule: TransferRule,
}

/// How much is transferred in a year.
#[derive(Clone, Debug, PartialEq)]
pub enum TransferRule {
    /// An amount of each year, current prices.
    Amount(Path<Money>),
    /// A share of the contributions that the paying account collects.
    ShareOfContributions(Path<Share>),
    /// A share of the insured earnings of the paying account.
    ShareOfEarnings(Path<Share>),
    /// What the receiving account lacks in the year, as far as the paying account has it.
    Shortfall,
    /// What the paying account holds at the moment of the flows above a multiple of its outgo of the year.
    Surplus {
        /// The multiple.
        above: f64,
    },
}

/// What the two accounts of a transfer look like before it, currency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before {
    /// Contributions of the paying account.
    pub(crate) contributions: f64,
    /// Insured earnings of the paying account.
    pub(crate) earnings: f64,
    /// Outgo of the paying account.
    pub(crate) outgo: f64,
    /// What the paying account holds at the moment of the flows; infinite for the State budget.
    pub(crate) held: f64,
    /// What the receiving account holds then.
    pub(crate) wanted: f64,
}

impl TransferRule {
    /// Says whether the rule pays out what is not needed.
    pub(crate) const fn is_surplus(&self) -> bool {
        matches!(self, Self::Surplus { .. })
    }

    /// Returns the amount of the year, not negative.
    pub(crate) fn amount(&self, year: Year, before: Before) -> f64 {
        let amount = match self {
            Self::Amount(path) => path.at(year).get(),
            Self::ShareOfContributions(path) => path.at(year).get() * before.contributions,
            Self::ShareOfEarnings(path) => path.at(year).get() * before.earnings,
            Self::Shortfall => (-before.wanted).min(before.held),
            Self::Surplus { above } => before.held - above * before.outgo,
        };
        amount.max(0.0)
    }
}
