use std::borrow::Cow;

use perennis_units::Year;

use crate::{
    CashFlows, Finance, FundPath, OpeningFund, Period, ReserveRatio, ScaledPremium, Tail,
    TargetFund, general_average_premium, level_premium, scaled_premiums, steady_state_rate,
    summarised_rates,
};

/// One figure about the financing of an account: one value for the whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct FinancingMeasure {
    /// The account.
    pub scope: String,
    /// Name of the measure.
    pub measure: Cow<'static, str>,
    /// The value; `None` when it does not happen within the horizon or does not exist for the account.
    pub value: Option<f64>,
    /// Its unit: `year`, `share`, `factor`, `currency` or `share of insured earnings`.
    pub unit: &'static str,
}

/// Years of the periods over which level premiums and summarised rates are taken, where the horizon allows.
const PERIODS: [i32; 3] = [25, 50, 75];
/// Years of a control period of the scaled premiums.
const CONTROL: i32 = 20;
/// Years after the start in which the steady-state rate makes the reserve ratio equal.
const STEADY: [i32; 2] = [10, 60];

const SHARE: &str = "share of insured earnings";

impl Finance {
    /// Returns the measures of every account, in the order of the basis.
    ///
    /// For accounts with insured earnings `payg_rate_first_year`, `payg_rate_last_year` and `payg_rate_mean` (mean of
    /// the yearly rates); for accounts with a reserve the key dates `first_year_outgo_above_contributions`,
    /// `first_year_outgo_above_income` and `reserve_exhausted_in`, and, with insured earnings too:
    ///
    /// - `general_average_premium`, without a tail: level rate of the horizon that leaves no reserve;
    ///   `general_average_premium_infinite`, `general_average_premium_tail_share` (of outgo), with the tail of the last
    ///   year; absent when the tail has no end;
    /// - `level_premium_25`, `_50`, `_75`: from the first year on, leaving no reserve after so many years;
    /// - `summarised_income_rate_25`, `summarised_cost_rate_25`, `actuarial_balance_25` and so on, the reserve at the
    ///   start counted, with a target of the outgo of the last year of the period;
    /// - `scaled_premium_1_to_<year>`, `scaled_premium_2_to_<year>`: SCP1 and SCP2 with control periods of 20 years;
    /// - `steady_state_rate`: makes the reserve at the end of the 10th and of the 60th year the same multiple of the
    ///   expenditure of the next.
    ///
    /// Premiums are rates for the whole outgo, as the pay-as-you-go rate is, whoever pays; the steady-state rate is what
    /// contributions must pay beside other income.
    #[must_use]
    pub fn measures(&self) -> Vec<FinancingMeasure> {
        let of = |fund| rates(fund).into_iter().chain(dates(fund)).chain(premiums(fund));
        self.funds.iter().flat_map(of).collect()
    }
}

fn rates(fund: &FundPath) -> Vec<FinancingMeasure> {
    let rates: Vec<f64> = fund.years.iter().filter_map(|year| year.payg_rate).collect();
    let (Some(first), Some(last)) = (rates.first(), rates.last()) else { return Vec::new() };
    #[expect(clippy::cast_precision_loss, reason = "a horizon is a few hundred years")]
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    [("payg_rate_first_year", *first), ("payg_rate_last_year", *last), ("payg_rate_mean", mean)]
        .map(|(measure, value)| share(fund, measure, Some(value)))
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
        measure: measure.into(),
        value: year.map(Year::get).map(f64::from),
        unit: "year",
    })
    .into()
}

fn share(
    fund: &FundPath,
    measure: impl Into<Cow<'static, str>>,
    value: Option<f64>,
) -> FinancingMeasure {
    FinancingMeasure { scope: fund.account.clone(), measure: measure.into(), value, unit: SHARE }
}

fn premiums(fund: &FundPath) -> Vec<FinancingMeasure> {
    let Ok(flows) = fund.cash_flows() else { return Vec::new() };
    if !fund.keeps_reserve || flows.years().iter().all(|year| year.earnings <= 0.0) {
        return Vec::new();
    }
    let first = flows.period().first;
    let average = |tail| general_average_premium(&flows, first, tail).ok();
    let infinite = average(Tail::AsLastYear);
    let mut found = vec![
        share(fund, "general_average_premium", average(Tail::None).map(|one| one.premium)),
        share(fund, "general_average_premium_infinite", infinite.map(|one| one.premium)),
        FinancingMeasure {
            unit: "share",
            ..share(
                fund,
                "general_average_premium_tail_share",
                infinite.map(|one| one.tail_share_of_outgo),
            )
        },
    ];
    for years in PERIODS.into_iter().filter(|years| fits(&flows, *years)) {
        found.extend(of_period(fund, &flows, years));
    }
    for (number, kind) in [(1, ScaledPremium::LocalMaximum), (2, ScaledPremium::MatureGrowth)] {
        let lasts = (1..).map(|period| first.plus(period * CONTROL - 1));
        // The condition at the end of a control period looks at the year after it.
        let lasts: Vec<Year> = lasts.take_while(|last| *last < flows.period().last).collect();
        for (at, last) in lasts.iter().enumerate() {
            let name = format!("scaled_premium_{number}_to_{last}");
            // A later period may have no premium where an earlier one has.
            let periods = scaled_premiums(&flows, kind, &lasts[..=at]).ok();
            let premium = periods.and_then(|periods| periods.last().map(|one| one.premium));
            found.push(share(fund, name, premium));
        }
    }
    // The ratio of the last year looks at the expenditure of the year after it.
    if fits(&flows, STEADY[1] + 1) {
        let years = STEADY.map(|years| first.plus(years - 1));
        let ratio = ReserveRatio::EndOverNextExpenditure;
        let rate = steady_state_rate(&flows, first, ratio, years).ok();
        found.push(share(fund, "steady_state_rate", rate));
    }
    found
}

fn fits(flows: &CashFlows, years: i32) -> bool {
    years <= flows.period().last.since(flows.period().first) + 1
}

fn of_period(fund: &FundPath, flows: &CashFlows, years: i32) -> Vec<FinancingMeasure> {
    let first = flows.period().first;
    let period = Period { first, last: first.plus(years - 1) };
    let (opening, target) = (OpeningFund::Counted, TargetFund::OfLastYear(1.0));
    let rates = summarised_rates(flows, period, (opening, target)).ok();
    [
        ("level_premium", level_premium(flows, period, 0.0).ok()),
        ("summarised_income_rate", rates.map(|rates| rates.income_rate)),
        ("summarised_cost_rate", rates.map(|rates| rates.cost_rate)),
        ("actuarial_balance", rates.map(|rates| rates.balance())),
    ]
    .map(|(name, value)| share(fund, format!("{name}_{years}"), value))
    .into()
}
