use perennis_scheme::{IndicatorLaw, IndicatorOf};
use perennis_units::Year;

use crate::project::PastAccounts;
use crate::run::SchemeRun;
use crate::year::Tables;
use crate::{Beneficiaries, Contributors};

/// An indicator that the law of a scheme reads, by year.
#[derive(Clone, Debug, PartialEq)]
pub struct LawIndicator {
    /// Name of the scheme.
    pub scheme: String,
    /// What the law says of it.
    pub law: IndicatorLaw,
    /// Its years, in order.
    pub years: Vec<LawIndicatorYear>,
}

/// An indicator in one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LawIndicatorYear {
    /// The year.
    pub year: Year,
    /// What the law reads; nothing where the figures make no ratio.
    pub value: Option<f64>,
    /// The figures of the projection; nothing before the run and where they make no ratio.
    pub projected: Option<f64>,
    /// Whether the value is one published.
    pub published: bool,
}

impl LawIndicator {
    /// Takes what is published.
    pub(crate) fn new(scheme: &str, law: &IndicatorLaw) -> Self {
        let published = |year| LawIndicatorYear {
            year,
            value: Some(law.published.at(year)),
            projected: None,
            published: true,
        };
        Self {
            scheme: scheme.to_owned(),
            law: law.clone(),
            years: law.published.years().iter().map(published).collect(),
        }
    }
}

impl SchemeRun {
    /// Takes the indicators that the funds have made by the end of the year before.
    pub(crate) fn read_funds(
        &mut self,
        year: Year,
        past: &dyn PastAccounts,
        tables: &mut [LawIndicator],
    ) {
        if year == self.years.first() {
            return;
        }
        let before = year.plus(-1);
        self.each_indicator(before, tables, |of| match of {
            IndicatorOf::ReserveRatio { account } => Some(past.reserve_ratio_end(account, before)),
            IndicatorOf::Dependency { .. } => None,
        });
    }

    /// Takes the indicators that the persons of a year make.
    pub(crate) fn read_persons(&mut self, year: Year, position: usize, tables: &mut Tables<'_>) {
        let (beneficiaries, contributors) = (&*tables.beneficiaries, &*tables.contributors);
        self.each_indicator(year, tables.indicators, |of| match of {
            IndicatorOf::Dependency { benefits } => {
                Some(dependency(position, benefits, (beneficiaries, contributors)))
            }
            IndicatorOf::ReserveRatio { .. } => None,
        });
    }

    /// Adds the figures of a year to the indicators for which `found` has an answer.
    fn each_indicator(
        &mut self,
        of: Year,
        tables: &mut [LawIndicator],
        found: impl Fn(&IndicatorOf) -> Option<Option<f64>>,
    ) {
        let places = self.indices.indicators.iter_mut().zip(&mut self.indicator_scales);
        for ((law, (known, scale)), table) in
            self.basis.law.indicators.iter().zip(places).zip(tables)
        {
            let Some(projected) = found(&law.of) else { continue };
            let year = of.plus(law.lag);
            if let Some(row) = table.years.iter_mut().find(|row| row.year == year) {
                row.projected = projected;
                if let (true, Some(value), Some(projected)) = (law.scaled, row.value, projected) {
                    *scale = value / projected;
                }
                continue;
            }
            let value = projected.map(|projected| projected * *scale);
            known.push(value);
            table.years.push(LawIndicatorYear { year, value, projected, published: false });
        }
    }
}

/// Person-years in payment of some benefits over contributors.
fn dependency(
    position: usize,
    benefits: &[String],
    (beneficiaries, contributors): (&[Beneficiaries], &[Contributors]),
) -> Option<f64> {
    let paid = beneficiaries.iter().filter(|of| benefits.contains(&of.benefit));
    let paid = paid.fold(0.0, |sum, of| sum + of.beneficiaries.total(position));
    let paying = contributors.iter().fold(0.0, |sum, of| sum + of.contributors.total(position));
    (0.0 < paying).then(|| paid / paying)
}
