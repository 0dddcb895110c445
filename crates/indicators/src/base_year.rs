use perennis_cohort::Item;
use perennis_finance::FundYear;
use perennis_units::{Calibration, Year};
use thiserror::Error;

use crate::Judged;

/// Ratios of model to account within these bounds need no explanation.
const CLOSE: std::ops::RangeInclusive<f64> = 0.95..=1.05;

/// What a published figure counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Contributors of a scheme, mean of the year, persons.
    Contributors {
        /// Name of the scheme.
        scheme: String,
    },
    /// Insured of a health scheme, mean of the year, persons.
    Insured {
        /// Name of the scheme.
        scheme: String,
    },
    /// Contributions collected by an account from all payers, currency.
    Contributions {
        /// Name of the account.
        account: String,
    },
    /// Person-years in payment of a benefit, or persons paid for a grant.
    Beneficiaries {
        /// Name of the scheme.
        scheme: String,
        /// Name of the benefit.
        benefit: String,
    },
    /// Expenditure on a benefit by an account, currency.
    Expenditure {
        /// Name of the account.
        account: String,
        /// Name of the benefit.
        benefit: String,
    },
    /// Benefits, administration and transfers out of an account, currency.
    Outgo {
        /// Name of the account.
        account: String,
    },
    /// Administration of an account, currency.
    Administration {
        /// Name of the account.
        account: String,
    },
    /// Reserve of an account at the end of the year, currency.
    ReserveEnd {
        /// Name of the account.
        account: String,
    },
}

/// A figure of the last published year.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseYearItem {
    /// What it counts.
    pub measure: Measure,
    /// The year.
    pub year: Year,
    /// The published figure: persons or currency, above zero.
    pub value: f64,
    /// Where it was published.
    pub source: String,
    /// The calibration factor in force for the item, when the file gives one.
    pub calibration: Option<Calibration>,
}

/// Contributors times average wage times rate, the first thing to hold against contribution income.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContributionCheck {
    /// Contributor-years of the account in the model.
    pub contributors: f64,
    /// Insured earnings over contributor-years, currency a year.
    pub mean_earnings: f64,
    /// Contributions due over insured earnings.
    pub rate: f64,
}

/// The model beside a published figure.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseYearRow {
    /// The published figure.
    pub item: BaseYearItem,
    /// The model's figure, calibration included.
    pub model: f64,
    /// Model over account.
    pub ratio: f64,
    /// The ratio is outside 0.95 to 1.05 and no calibration is stated.
    pub warning: bool,
    /// Present in the row that holds contributors × average wage × rate against contribution income; `model` is then
    /// their product, before compliance.
    pub check: Option<ContributionCheck>,
}

/// A published figure that the run cannot be held against.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum IndicatorError {
    /// The run has no such scheme, account or benefit, or does not hold the year.
    #[error("the run has no {what} in {year} to hold against the base year")]
    NoCounterpart {
        /// What is looked for.
        what: String,
        /// The year.
        year: Year,
    },
    /// The published figure is zero or not a number, so that a ratio to it says nothing.
    #[error("{what} of the base year is {value}; it must be above zero")]
    NotAFigure {
        /// What the figure counts.
        what: String,
        /// The figure.
        value: f64,
    },
}

impl Measure {
    /// Returns the words used in tables: `contribution income of retirement`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Contributors { scheme } => format!("contributors of {scheme}"),
            Self::Insured { scheme } => format!("insured of {scheme}"),
            Self::Contributions { account } => format!("contribution income of {account}"),
            Self::Beneficiaries { scheme, benefit } => format!("recipients of {benefit}, {scheme}"),
            Self::Expenditure { account, benefit } => {
                format!("expenditure on {benefit}, {account}")
            }
            Self::Outgo { account } => format!("outgo of {account}"),
            Self::Administration { account } => format!("administration of {account}"),
            Self::ReserveEnd { account } => format!("reserve of {account} at the end of the year"),
        }
    }
}

/// Holds the model against every published figure; contributors × wage × rate against contribution income first.
pub(crate) fn compare(run: &Judged<'_>) -> Result<Vec<BaseYearRow>, IndicatorError> {
    let checks = run.base_year.iter().filter_map(|item| {
        let Measure::Contributions { account } = &item.measure else { return None };
        let check = contribution_check(run, account, item.year)?;
        let model = check.contributors * check.mean_earnings * check.rate;
        Some(row(item, model, Some(check)))
    });
    let items = run.base_year.iter().map(|item| {
        let model = model_figure(run, item).ok_or_else(|| IndicatorError::NoCounterpart {
            what: item.measure.label(),
            year: item.year,
        })?;
        row(item, model, None)
    });
    checks.chain(items).collect()
}

fn row(
    item: &BaseYearItem,
    model: f64,
    check: Option<ContributionCheck>,
) -> Result<BaseYearRow, IndicatorError> {
    if !(item.value.is_finite() && 0.0 < item.value) {
        let what = item.measure.label();
        return Err(IndicatorError::NotAFigure { what, value: item.value });
    }
    let ratio = model / item.value;
    let warning = !CLOSE.contains(&ratio) && item.calibration.is_none();
    Ok(BaseYearRow { item: item.clone(), model, ratio, warning, check })
}

fn contribution_check(run: &Judged<'_>, account: &str, year: Year) -> Option<ContributionCheck> {
    let fund = run.finance?.fund(account)?.in_year(year)?;
    let of_account = run
        .pensions?
        .contributions
        .iter()
        .filter(|contribution| contribution.account == account && contribution.year == year);
    let due: f64 = of_account.map(|contribution| contribution.due).sum();
    (0.0 < due && 0.0 < fund.insured_earnings && 0.0 < fund.contributor_years).then(|| {
        ContributionCheck {
            contributors: fund.contributor_years,
            mean_earnings: fund.insured_earnings / fund.contributor_years,
            rate: due / fund.insured_earnings,
        }
    })
}

fn model_figure(run: &Judged<'_>, item: &BaseYearItem) -> Option<f64> {
    let position = run.population.years.position(item.year)?;
    let in_account = |account: &str, of: &dyn Fn(&FundYear) -> f64| {
        run.finance?.fund(account)?.in_year(item.year).map(of)
    };
    match &item.measure {
        Measure::Contributors { scheme } => {
            let groups = run.pensions?.contributors.iter().filter(|group| group.scheme == *scheme);
            sum_of(groups.map(|group| group.contributors.total(position)))
        }
        Measure::Insured { scheme } => {
            let groups = run.benefits?.insured.iter().filter(|group| group.scheme == *scheme);
            sum_of(groups.map(|group| group.insured.total(position)))
        }
        Measure::Beneficiaries { scheme, benefit } => {
            let named = run
                .pensions?
                .beneficiaries
                .iter()
                .filter(|one| one.scheme == *scheme && one.benefit == *benefit);
            sum_of(named.map(|one| one.beneficiaries.total(position)))
        }
        Measure::Contributions { account } => in_account(account, &|fund| fund.contributions),
        Measure::Expenditure { account, benefit } => {
            let item = Item::Benefit(benefit.clone());
            in_account(account, &|fund| fund.sum(&item)).filter(|amount| 0.0 < *amount)
        }
        Measure::Outgo { account } => in_account(account, &|fund| fund.outgo),
        Measure::Administration { account } => {
            in_account(account, &|fund| fund.sum(&Item::Administration))
        }
        Measure::ReserveEnd { account } => in_account(account, &|fund| fund.reserve_end),
    }
}

/// Returns the sum of what there is, or nothing when there is nothing of that name.
fn sum_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    values.fold(None, |sum: Option<f64>, value| Some(sum.unwrap_or(0.0) + value))
}
