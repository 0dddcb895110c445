use perennis_cohort::Item;
use perennis_units::{Payer, Year};

use crate::{Finance, FundYear};

/// What the State budget pays into one account in one year, currency.
#[derive(Clone, Debug, PartialEq)]
pub struct StateYear {
    /// The year.
    pub year: Year,
    /// The account.
    pub account: String,
    /// Contributions that the State pays, as employer or for the insured.
    pub contributions: f64,
    /// Subsidies that the law or the file grants.
    pub subsidies: f64,
    /// What the account lacks and the State pays: under its guarantee, or for an account of the State budget.
    pub shortfalls: f64,
    /// What flows back from an account of the State budget.
    pub returned: f64,
}

impl StateYear {
    /// Returns what the State pays less what flows back.
    #[must_use]
    pub fn net(&self) -> f64 {
        self.contributions + self.subsidies + self.shortfalls - self.returned
    }
}

impl Finance {
    /// Returns what the State budget pays into every account, year by year: its side of the accounts.
    #[must_use]
    pub fn state_budget(&self) -> Vec<StateYear> {
        let years = self.funds.iter().map(|fund| fund.years.len()).max().unwrap_or(0);
        let of_year = |at: usize| {
            self.funds.iter().filter_map(move |fund| Some(paid(&fund.account, fund.years.get(at)?)))
        };
        (0..years).flat_map(of_year).collect()
    }
}

fn paid(account: &str, year: &FundYear) -> StateYear {
    let of = |item: Item| {
        let entries = year.entries.iter();
        let counted =
            entries.filter(|entry| entry.item == item && entry.payer == Some(Payer::State));
        counted.fold(0.0, |sum, entry| sum + entry.amount)
    };
    StateYear {
        year: year.year,
        account: account.to_owned(),
        contributions: of(Item::Contributions),
        // Sums in another order leave a few units in the last place.
        subsidies: (year.sum(&Item::StateSubsidy) - year.state_paid).max(0.0),
        shortfalls: year.state_paid,
        returned: of(Item::TransfersOut),
    }
}
