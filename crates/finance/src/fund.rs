use perennis_cohort::{Entry, InPayment, Item};
use perennis_units::Year;

use crate::{FlowsAt, PaygPart};

/// One account in one year, currency at current prices.
#[derive(Clone, Debug, PartialEq)]
pub struct FundYear {
    /// The year.
    pub year: Year,
    /// All entries, with returns, reserves and debt, in the order of the tables.
    ///
    /// Amounts are positive, but for returns, which are a loss when the interest is negative.
    pub entries: Vec<Entry>,
    /// Insured earnings, currency.
    pub insured_earnings: f64,
    /// Contributor-years.
    pub contributor_years: f64,
    /// Periodic benefits.
    pub in_payment: Vec<InPayment>,
    /// Contributions, subsidies, other income and transfers in; not returns.
    pub primary_income: f64,
    /// Contributions alone.
    pub contributions: f64,
    /// Returns on the reserve.
    pub investment_income: f64,
    /// Benefits, administration and transfers out.
    pub outgo: f64,
    /// What a reserve earns in the year after fees, a share.
    pub interest: f64,
    /// Reserve at the start of the year.
    pub reserve_start: f64,
    /// Debt at the start of the year.
    pub debt_start: f64,
    /// Reserve at the end of the year.
    pub reserve_end: f64,
    /// Smoothed value of the reserve at the end of the year, where the fund has a rule for it.
    pub reserve_smoothed: Option<f64>,
    /// Debt at the end of the year.
    pub debt_end: f64,
    /// What is left at the moment of the flows before anyone lends or pays; negative when the fund is exhausted.
    pub left: f64,
    /// What the State pays because the reserve does not suffice, or because the account keeps none.
    pub state_paid: f64,
    /// The reserve did not suffice for the year, or there is debt.
    pub exhausted: bool,
    /// Outgo over insured earnings; `None` without insured earnings.
    pub payg_rate: Option<f64>,
    /// Exact additive parts of `payg_rate`.
    pub payg_parts: Vec<PaygPart>,
}

impl FundYear {
    /// Returns the sum of the entries of one item, all payers.
    #[must_use]
    pub fn sum(&self, item: &Item) -> f64 {
        let of_item = self.entries.iter().filter(|entry| entry.item == *item);
        // `sum` gives -0 for nothing, which a table would print.
        of_item.fold(0.0, |sum, entry| sum + entry.amount)
    }
}

/// One account over the years.
#[derive(Clone, Debug, PartialEq)]
pub struct FundPath {
    /// Name of the account.
    pub account: String,
    /// Whether the account keeps a reserve; an account of the State budget does not.
    pub keeps_reserve: bool,
    /// When in the year its flows fall.
    pub flows_at: FlowsAt,
    /// The years stepped so far.
    pub years: Vec<FundYear>,
}

impl FundPath {
    /// Returns what happened in `year`, when that year has been stepped.
    #[must_use]
    pub fn in_year(&self, year: Year) -> Option<&FundYear> {
        let first = self.years.first()?.year;
        self.years.get(usize::try_from(year.since(first)).ok()?)
    }

    /// Returns the reserve at the end of the year over the expenditure of the year: `reserve_end_over_expenditure`.
    ///
    /// `None` for an account without reserve or without expenditure in the year, as for the other two ratios.
    #[must_use]
    pub fn reserve_end_over_expenditure(&self, year: Year) -> Option<f64> {
        let fund = self.in_year(year)?;
        self.ratio(fund.reserve_end, fund.outgo)
    }

    /// Returns the reserve at the start of the year over the expenditure of the year: `reserve_start_over_expenditure`.
    #[must_use]
    pub fn reserve_start_over_expenditure(&self, year: Year) -> Option<f64> {
        let fund = self.in_year(year)?;
        self.ratio(fund.reserve_start, fund.outgo)
    }

    /// Returns the reserve at the end of the year over the expenditure of the next:
    /// `reserve_end_over_next_expenditure`; absent in the last year.
    #[must_use]
    pub fn reserve_end_over_next_expenditure(&self, year: Year) -> Option<f64> {
        let reserve_end = self.in_year(year)?.reserve_end;
        self.ratio(reserve_end, self.in_year(year.plus(1))?.outgo)
    }

    fn ratio(&self, reserve: f64, expenditure: f64) -> Option<f64> {
        (self.keeps_reserve && 0.0 < expenditure).then(|| reserve / expenditure)
    }
}
