use perennis_cohort::{AccountYear, Entry, Item};
use perennis_units::{Growth, Payer, Year};

use crate::{Finance, FinanceBasis, FinanceError, FundSystem, MoneyPaths, WhenExhausted};

/// Accounts that are given as tables: what is booked in each year, and how the funds are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    /// The funds and what they pay to one another.
    pub basis: FinanceBasis,
    /// The years, and the interest of funds that have none of their own.
    pub paths: MoneyPaths,
    /// What is booked in each year, in the order of the years.
    pub booked: Vec<Vec<AccountYear>>,
}

/// What a solver turns in an account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lever {
    /// The contribution rate from a year on, of all payers together, who keep their shares; a share of insured earnings.
    ContributionRate {
        /// The first year.
        from: Year,
    },
    /// A change of the contribution rates from a year on, which keep their differences; a share of insured earnings.
    ContributionChange {
        /// The first year.
        from: Year,
    },
    /// A subsidy of the State from a year on, beside what is booked; a share of insured earnings.
    Subsidy {
        /// The first year.
        from: Year,
    },
    /// A factor on every benefit from a year on; 1 changes nothing.
    BenefitFactor {
        /// The first year.
        from: Year,
    },
}

impl Lever {
    /// Returns the word used in files and tables.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::ContributionRate { .. } => "contribution_rate",
            Self::ContributionChange { .. } => "contribution_change",
            Self::Subsidy { .. } => "subsidy",
            Self::BenefitFactor { .. } => "benefit_factor",
        }
    }

    /// Returns the unit of its value.
    #[must_use]
    pub const fn unit(&self) -> &'static str {
        match self {
            Self::BenefitFactor { .. } => "factor",
            _ => "share of insured earnings",
        }
    }

    /// Returns the first year in which it acts.
    #[must_use]
    pub const fn from(&self) -> Year {
        match self {
            Self::ContributionRate { from }
            | Self::ContributionChange { from }
            | Self::Subsidy { from }
            | Self::BenefitFactor { from } => *from,
        }
    }

    fn turn(&self, booking: &mut AccountYear, value: f64) {
        let earnings = booking.insured_earnings;
        match self {
            Self::ContributionRate { .. } => contribute(booking, value * earnings),
            Self::ContributionChange { .. } => {
                let collected = contributions(booking);
                contribute(booking, collected + value * earnings);
            }
            Self::Subsidy { .. } => booking.entries.push(Entry {
                item: Item::StateSubsidy,
                payer: Some(Payer::State),
                amount: value * earnings,
            }),
            Self::BenefitFactor { .. } => {
                let benefits = booking.entries.iter_mut();
                for entry in benefits.filter(|entry| matches!(entry.item, Item::Benefit(_))) {
                    entry.amount *= value;
                }
                booking.in_payment.iter_mut().for_each(|benefit| benefit.amount *= value);
            }
        }
    }
}

impl Ledger {
    /// Rolls every fund through every year.
    ///
    /// # Errors
    ///
    /// [`FinanceError`] as for [`Finance::step`].
    pub fn roll(&self) -> Result<Finance, FinanceError> {
        let mut finance = Finance::open_on(&self.basis, self.paths.clone())?;
        for (year, booked) in self.paths.years.iter().zip(&self.booked) {
            finance.step(year, booked.clone())?;
        }
        Ok(finance)
    }

    /// Returns the same accounts with one lever turned in one of them.
    #[must_use]
    pub fn turned(&self, account: &str, lever: &Lever, value: f64) -> Self {
        let mut turned = self.clone();
        for (year, bookings) in self.paths.years.iter().zip(&mut turned.booked) {
            if year < lever.from() {
                continue;
            }
            for booking in bookings.iter_mut().filter(|booking| booking.account == account) {
                lever.turn(booking, value);
            }
        }
        turned
    }

    /// Returns the same accounts, in which a reserve that is gone goes on below zero where nobody is named who pays.
    #[must_use]
    pub fn going_on(&self) -> Self {
        let mut going = self.clone();
        for fund in &mut going.basis.funds {
            if let FundSystem::Reserve(reserve) = &mut fund.system
                && reserve.when_exhausted == WhenExhausted::Refused
            {
                reserve.when_exhausted = WhenExhausted::Borrow { margin: Growth::ZERO };
            }
        }
        going
    }
}

fn contributions(booking: &AccountYear) -> f64 {
    let collected = booking.entries.iter().filter(|entry| entry.item == Item::Contributions);
    collected.fold(0.0, |sum, entry| sum + entry.amount)
}

/// Brings contributions to an amount; the payers keep their shares.
fn contribute(booking: &mut AccountYear, amount: f64) {
    let collected = contributions(booking);
    if collected <= 0.0 {
        booking.entries.retain(|entry| entry.item != Item::Contributions);
        booking.entries.push(Entry { item: Item::Contributions, payer: None, amount });
        return;
    }
    for entry in booking.entries.iter_mut().filter(|entry| entry.item == Item::Contributions) {
        entry.amount *= amount / collected;
    }
}
