use perennis_units::{Payer, Year};

/// What an entry of an account is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// Contributions collected.
    Contributions,
    /// Subsidies of the State budget.
    StateSubsidy,
    /// Any other income.
    OtherIncome,
    /// Transfers from another account.
    TransfersIn,
    /// Interest and other returns on the reserve.
    InvestmentIncome,
    /// New debt.
    Borrowing,
    /// Expenditure on the benefit of this name.
    Benefit(String),
    /// Cost of administration.
    Administration,
    /// Transfers to another account.
    TransfersOut,
    /// Interest on debt.
    DebtInterest,
    /// Debt paid back.
    Repayment,
    /// Reserve at the start of the year.
    ReserveStart,
    /// Reserve at the end of the year.
    ReserveEnd,
    /// Debt at the end of the year.
    DebtEnd,
}

impl Item {
    /// Returns the word used in tables; a benefit is `benefit:<name>`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Contributions => "contributions".into(),
            Self::StateSubsidy => "state_subsidy".into(),
            Self::OtherIncome => "other_income".into(),
            Self::TransfersIn => "transfers_in".into(),
            Self::InvestmentIncome => "investment_income".into(),
            Self::Borrowing => "borrowing".into(),
            Self::Benefit(name) => format!("benefit:{name}"),
            Self::Administration => "administration".into(),
            Self::TransfersOut => "transfers_out".into(),
            Self::DebtInterest => "debt_interest".into(),
            Self::Repayment => "repayment".into(),
            Self::ReserveStart => "reserve_start".into(),
            Self::ReserveEnd => "reserve_end".into(),
            Self::DebtEnd => "debt_end".into(),
        }
    }

    /// Says whether the item is current income other than returns on the reserve: contributions, subsidies, other
    /// income and transfers in.
    #[must_use]
    pub const fn is_primary_income(&self) -> bool {
        matches!(
            self,
            Self::Contributions | Self::StateSubsidy | Self::OtherIncome | Self::TransfersIn
        )
    }

    /// Says whether the item is current outgo: benefits, administration and transfers out.
    #[must_use]
    pub const fn is_outgo(&self) -> bool {
        matches!(self, Self::Benefit(_) | Self::Administration | Self::TransfersOut)
    }
}

/// One amount of an account in one year, in currency units at current prices, never negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is.
    pub item: Item,
    /// Who pays, for income.
    pub payer: Option<Payer>,
    /// The amount of the year.
    pub amount: f64,
}

/// Persons in payment of a periodic benefit during a year.
#[derive(Clone, Debug, PartialEq)]
pub struct InPayment {
    /// Name of the benefit, as in [`Item::Benefit`].
    pub benefit: String,
    /// Person-years in payment.
    pub person_years: f64,
    /// Expenditure of the year, currency.
    pub amount: f64,
}

/// What the branches book to one account in one year, before interest; all that finance sees of them.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountYear {
    /// Name of the account.
    pub account: String,
    /// The calendar year.
    pub year: Year,
    /// Income and outgo.
    pub entries: Vec<Entry>,
    /// Insured earnings of the contributors whose contributions the account receives, currency, the year.
    pub insured_earnings: f64,
    /// Contributor-years behind the insured earnings.
    pub contributor_years: f64,
    /// The periodic benefits, for the decomposition of the pay-as-you-go rate.
    pub in_payment: Vec<InPayment>,
}

impl AccountYear {
    /// An account without entries.
    #[must_use]
    pub const fn new(account: String, year: Year) -> Self {
        Self {
            account,
            year,
            entries: Vec::new(),
            insured_earnings: 0.0,
            contributor_years: 0.0,
            in_payment: Vec::new(),
        }
    }

    /// Books an amount; nothing is booked for zero.
    pub fn book(&mut self, item: Item, payer: Option<Payer>, amount: f64) {
        if 0.0 < amount {
            self.entries.push(Entry { item, payer, amount });
        }
    }
}
