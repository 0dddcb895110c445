use crate::{AccountFigures, FundPath, FundYear, MeasureYear, ReserveRatio};

const SHARE: &str = "share";
const OF_EARNINGS: &str = "share of insured earnings";
const YEARS: &str = "years of expenditure";

/// Returns the figures by year of one account that is given as a table: rates, ratios, parts of the pay-as-you-go rate
/// and, where output is known, shares of it.
pub(crate) fn yearly(fund: &FundPath, figures: &AccountFigures) -> Vec<MeasureYear> {
    let of_year = |(at, year): (usize, &FundYear)| {
        let mut found = OfYear { fund, year, figures: Vec::new() };
        found.rates();
        found.ratios();
        if let Some(gdp) = figures.gdp.as_ref().and_then(|gdp| gdp.get(at)) {
            found.output(*gdp);
        }
        found.figures
    };
    fund.years.iter().enumerate().flat_map(of_year).collect()
}

struct OfYear<'a> {
    fund: &'a FundPath,
    year: &'a FundYear,
    figures: Vec<MeasureYear>,
}

impl OfYear<'_> {
    fn add(&mut self, name: impl Into<String>, value: Option<f64>, unit: &'static str) {
        let Some(value) = value else { return };
        let (year, scope) = (self.year.year, self.fund.account.clone());
        self.figures.push(MeasureYear { year, scope, name: name.into(), value, unit });
    }

    fn rates(&mut self) {
        let year = self.year;
        let earnings = year.insured_earnings;
        let over = |amount: f64| (0.0 < earnings).then(|| amount / earnings);
        let income = year.primary_income - year.state_paid;
        self.add("contribution_rate", over(year.contributions), OF_EARNINGS);
        self.add("income_rate", over(income), OF_EARNINGS);
        self.add("payg_rate", year.payg_rate, OF_EARNINGS);
        self.add("annual_balance", over(income - year.outgo), OF_EARNINGS);
        for part in &year.payg_parts {
            let name = &part.part;
            self.add(format!("payg_rate:{name}"), Some(part.rate), OF_EARNINGS);
            self.add(format!("dependency_ratio:{name}"), part.dependency, SHARE);
            self.add(format!("replacement_ratio:{name}"), part.replacement, SHARE);
        }
    }

    fn ratios(&mut self) {
        let (fund, year) = (self.fund, self.year.year);
        for ratio in ReserveRatio::ALL {
            self.add(ratio.as_str(), ratio.of(fund, year), YEARS);
        }
        self.add("reserve_smoothed", self.year.reserve_smoothed, "currency");
    }

    fn output(&mut self, gdp: f64) {
        let year = self.year;
        let over = |amount: f64| (0.0 < gdp).then(|| amount / gdp);
        let income = year.primary_income - year.state_paid;
        self.add("expenditure_over_gdp", over(year.outgo), SHARE);
        self.add("contributions_over_gdp", over(year.contributions), SHARE);
        self.add("annual_balance_over_gdp", over(income - year.outgo), SHARE);
        if self.fund.keeps_reserve {
            self.add("reserve_over_gdp", over(year.reserve_end), SHARE);
        }
    }
}
