use perennis_scheme::{LawError, LegalIndices, NamedAmount, Rule};
use perennis_units::{Date, Payer, Sex, Share, When, Year, add_months, date_of_year};

use super::{Candidates, InsuredGroup};

/// What contributions of a group are assessed on.
#[derive(Clone, Debug, PartialEq)]
pub enum ContributionBase {
    /// Insured earnings of contributors.
    InsuredEarnings,
    /// Pensions in payment.
    Pensions,
    /// An amount of law for each person, such as a reference level.
    PerPerson(NamedAmount),
}

/// Who pays a contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaidBy {
    /// Insured employees.
    Employees,
    /// Their employers.
    Employers,
    /// The insured or their household, for themselves.
    SelfEmployed,
    /// The State budget, as a subsidy.
    State,
    /// The fund of this account: a transfer that leaves it.
    Fund(String),
}

impl PaidBy {
    /// Returns the payer as the tables name it.
    #[must_use]
    pub const fn payer(&self) -> Payer {
        match self {
            Self::Employees => Payer::Employees,
            Self::Employers => Payer::Employers,
            Self::SelfEmployed => Payer::SelfEmployed,
            Self::State => Payer::State,
            Self::Fund(_) => Payer::Funds,
        }
    }
}

/// The part of the base that one payer owes.
#[derive(Clone, Debug)]
pub struct PayerRate {
    /// Who pays.
    pub paid_by: PaidBy,
    /// Share of the base.
    pub rate: Rule<Share>,
}

impl PayerRate {
    /// Returns the rate of `year`: the mean of what is in force on the first day of each month.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`] when a month of the year begins before the first row.
    pub fn mean_of_year(&self, year: Year) -> Result<f64, LawError> {
        let mut sum = 0.0;
        for month in 0..12 {
            let date: Date = add_months(date_of_year(year), month);
            let anyone = When { date, born: date, entered: date, sex: Sex::Male };
            sum += self.rate.at(&anyone)?.value.get();
        }
        Ok(sum / 12.0)
    }
}

/// Contributions of one group and payer in one year, currency.
#[derive(Clone, Debug)]
pub(crate) struct Assessed<'basis> {
    pub(crate) paid_by: &'basis PaidBy,
    pub(crate) rate: f64,
    pub(crate) base: f64,
    pub(crate) due: f64,
    pub(crate) collected: f64,
}

/// Assesses the contributions of a group on its insured, one row for each payer.
pub(crate) fn assess<'basis>(
    group: &'basis InsuredGroup,
    insured: &Candidates,
    year: Year,
    indices: &LegalIndices,
) -> Result<Vec<Assessed<'basis>>, LawError> {
    let base = match &group.base {
        ContributionBase::InsuredEarnings | ContributionBase::Pensions => insured.income.sum(),
        ContributionBase::PerPerson(amount) => {
            insured.persons.sum() * amount.mean_of_year(year, indices)?.get()
        }
    };
    let rows = group.payers.iter().map(|payer| {
        let rate = payer.mean_of_year(year)?;
        let due = base * rate;
        let collected = match payer.paid_by {
            PaidBy::State | PaidBy::Fund(_) => due,
            _ => due * group.collection.at(year).get(),
        };
        Ok(Assessed { paid_by: &payer.paid_by, rate, base, due, collected })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use perennis_units::{Citation, Dated, InForce};

    use super::*;

    #[test]
    fn a_rate_that_changes_within_the_year_counts_by_its_months() {
        let row = |from: &str, rate: f64| InForce {
            from: from.parse().unwrap(),
            born_from: None,
            entered_from: None,
            sex: None,
            value: Share::new(rate).unwrap(),
            citation: Citation { source: "test".into(), checked: true },
        };
        let values = Dated::new(vec![row("2020-01-01", 0.03), row("2025-08-15", 0.06)]).unwrap();
        let rate = PayerRate { paid_by: PaidBy::State, rate: Rule { name: "rate".into(), values } };
        let mean = |year| rate.mean_of_year(Year::new(year));
        assert!((mean(2024).unwrap() - 0.03).abs() < 1e-15);
        // In force on the first of a month from September: four months of twelve.
        assert!((mean(2025).unwrap() - (8.0 * 0.03 + 4.0 * 0.06) / 12.0).abs() < 1e-15);
        assert!(matches!(mean(2019), Err(LawError::NotInForce { .. })));
    }
}
