use perennis_units::Year;

use crate::{Finance, FundPath};

/// One figure about the financing of an account: one value for the whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct FinancingMeasure {
    /// The account.
    pub scope: String,
    /// Name of the measure.
    pub measure: &'static str,
    /// The value; `None` when it does not happen within the horizon or does not exist for the account.
    pub value: Option<f64>,
    /// Its unit: `year` or `share of insured earnings`.
    pub unit: &'static str,
}

impl Finance {
    /// Returns the measures of every account, in the order of the basis.
    ///
    /// For accounts with insured earnings `payg_rate_first_year`, `payg_rate_last_year` and `payg_rate_mean` (mean of
    /// the yearly rates); for accounts with a reserve the key dates `first_year_outgo_above_contributions`,
    /// `first_year_outgo_above_income` and `reserve_exhausted_in`.
    #[must_use]
    pub fn measures(&self) -> Vec<FinancingMeasure> {
        self.funds.iter().flat_map(|fund| rates(fund).into_iter().chain(dates(fund))).collect()
    }
}

fn rates(fund: &FundPath) -> Vec<FinancingMeasure> {
    let rates: Vec<f64> = fund.years.iter().filter_map(|year| year.payg_rate).collect();
    let (Some(first), Some(last)) = (rates.first(), rates.last()) else { return Vec::new() };
    #[expect(clippy::cast_precision_loss, reason = "a horizon is a few hundred years")]
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    [("payg_rate_first_year", *first), ("payg_rate_last_year", *last), ("payg_rate_mean", mean)]
        .map(|(measure, value)| FinancingMeasure {
            scope: fund.account.clone(),
            measure,
            value: Some(value),
            unit: "share of insured earnings",
        })
        .into()
}

fn dates(fund: &FundPath) -> Vec<FinancingMeasure> {
    if !fund.keeps_reserve {
        return Vec::new();
    }
    let dates = fund.key_dates();
    [
        ("first_year_outgo_above_contributions", dates.outgo_above_contributions),
        ("first_year_outgo_above_income", dates.outgo_above_income),
        ("reserve_exhausted_in", dates.exhausted),
    ]
    .map(|(measure, year)| FinancingMeasure {
        scope: fund.account.clone(),
        measure,
        value: year.map(Year::get).map(f64::from),
        unit: "year",
    })
    .into()
}
