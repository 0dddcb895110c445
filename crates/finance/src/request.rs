use perennis_units::Year;

use crate::{
    Amortisation, CashFlows, FundPath, Holds, InitialGroup, MeasureError, OpeningFund, Period,
    PopulationCounts, ReserveRatio, ScaledPremium, Tail, TargetFund, autonomous_rates,
    average_premiums, balance_ratio_premium, close_balance, general_average_premium, level_premium,
    payg_change, reserve_ratio_premium, scaled_premiums, steady_state_rate, summarised_rates,
    terminal_funding, ultimate_premium,
};

/// Figures of an account that only some measures read, each for every year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountFigures {
    /// Flows of those who are insured or in payment at the start.
    pub initial: Option<InitialGroup>,
    /// Capital values of the benefits awarded in the year, currency.
    pub capital_values: Option<Vec<f64>>,
    /// Persons of working age and older persons.
    pub counts: Option<Vec<PopulationCounts>>,
    /// Gross domestic product, currency.
    pub gdp: Option<Vec<f64>>,
}

/// A measure with its name and the account it is taken of.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedMeasure {
    /// Its name in the tables.
    pub name: String,
    /// The account.
    pub account: String,
    /// The measure.
    pub measure: Measure,
}

/// A measure of financing.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// The general average premium, with the share of the tail.
    GeneralAverage {
        /// The first year.
        first: Year,
        /// What comes after the horizon.
        tail: Tail,
    },
    /// The average premiums of the initial group and of later entrants, and the rates of autonomous funding.
    AveragePremiums {
        /// What comes after the horizon.
        tail: Tail,
    },
    /// Level premiums that leave nothing at the end of each of several periods.
    Level {
        /// The first year of every period.
        first: Year,
        /// The last year of each.
        lasts: Vec<Year>,
    },
    /// The level premium for a reserve ratio.
    ReserveRatio {
        /// The years in which it is paid.
        period: Period,
        /// Which ratio.
        ratio: ReserveRatio,
        /// Its value.
        value: f64,
        /// When it must hold.
        holds: Holds,
    },
    /// The level premium for a balance ratio.
    BalanceRatio {
        /// The years in which it is paid.
        period: Period,
        /// Its value.
        value: f64,
    },
    /// Scaled premiums over control periods, and the rate after them.
    Scaled {
        /// What is asked of the reserve.
        kind: ScaledPremium,
        /// The last year of each control period.
        lasts: Vec<Year>,
        /// What comes after the horizon, for the rate after the last period.
        tail: Tail,
    },
    /// Terminal funding.
    Terminal,
    /// The steady-state rate.
    SteadyState {
        /// The first year in which it is paid.
        from: Year,
        /// Which ratio.
        ratio: ReserveRatio,
        /// The two years in which it is the same.
        years: [Year; 2],
    },
    /// Summarised rates and the actuarial balance of several periods.
    Summarised {
        /// The first year of every period.
        first: Year,
        /// The last year of each.
        lasts: Vec<Year>,
        /// Whether the reserve at the start counts.
        opening: OpeningFund,
        /// The reserve to be left.
        target: TargetFund,
    },
    /// The test of close balance.
    CloseBalance {
        /// Years of the shortest and of the longest period.
        years: (u16, u16),
        /// Deficit allowed in the longest, a share of its cost rate.
        allowed: f64,
    },
    /// What moved the pay-as-you-go rate between two years.
    PaygChange {
        /// The two years.
        years: Period,
    },
    /// How an unfunded amount is paid off.
    Amortisation {
        /// The plan.
        plan: Amortisation,
        /// The amount, currency; a surplus is negative.
        balance: f64,
    },
}

/// What a measure gives: named values, and figures by year.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MeasureValues {
    /// Part of the name, value and unit.
    pub(crate) values: Vec<(String, Option<f64>, &'static str)>,
    /// Year, part of the name, value and unit.
    pub(crate) by_year: Vec<(Year, &'static str, f64, &'static str)>,
}

const SHARE: &str = "share of insured earnings";
const MONEY: &str = "currency";

impl MeasureValues {
    fn add(&mut self, part: impl Into<String>, value: f64, unit: &'static str) {
        self.values.push((part.into(), Some(value), unit));
    }

    fn one(value: f64) -> Self {
        Self { values: vec![(String::new(), Some(value), SHARE)], by_year: Vec::new() }
    }
}

impl Measure {
    /// Takes the measure of an account.
    pub(crate) fn of(
        &self,
        fund: &FundPath,
        figures: &AccountFigures,
    ) -> Result<MeasureValues, MeasureError> {
        let flows = fund.cash_flows()?;
        match self {
            Self::GeneralAverage { first, tail } => general(&flows, *first, *tail),
            Self::AveragePremiums { tail } => groups(&flows, figures, *tail),
            Self::Level { first, lasts } => levels(&flows, *first, lasts),
            Self::ReserveRatio { period, ratio, value, holds } => {
                reserve_ratio_premium(&flows, *period, (*ratio, *value), *holds)
                    .map(MeasureValues::one)
            }
            Self::BalanceRatio { period, value } => {
                balance_ratio_premium(&flows, *period, *value).map(MeasureValues::one)
            }
            Self::Scaled { kind, lasts, tail } => scaled(&flows, *kind, (lasts, *tail)),
            Self::Terminal => terminal(&flows, figures),
            Self::SteadyState { from, ratio, years } => {
                steady_state_rate(&flows, *from, *ratio, *years).map(MeasureValues::one)
            }
            Self::Summarised { first, lasts, opening, target } => {
                summarised(&flows, *first, lasts, (*opening, *target))
            }
            Self::CloseBalance { years, allowed } => closeness(&flows, *years, *allowed),
            Self::PaygChange { years } => change(fund, figures, *years),
            Self::Amortisation { plan, balance } => Ok(amortisation(plan, *balance, &flows)),
        }
    }
}

fn general(flows: &CashFlows, first: Year, tail: Tail) -> Result<MeasureValues, MeasureError> {
    let average = general_average_premium(flows, first, tail)?;
    let mut found = MeasureValues::one(average.premium);
    if tail != Tail::None {
        found.add("tail_share_of_outgo", average.tail_share_of_outgo, "share");
        found.add("tail_share_of_earnings", average.tail_share_of_earnings, "share");
    }
    Ok(found)
}

fn groups(
    flows: &CashFlows,
    figures: &AccountFigures,
    tail: Tail,
) -> Result<MeasureValues, MeasureError> {
    let missing = MeasureError::Missing("initial_earnings and initial_outgo");
    let group = figures.initial.as_ref().ok_or(missing)?;
    let premiums = average_premiums(flows, group, tail)?;
    let mut found = MeasureValues::default();
    found.add("general", premiums.general, SHARE);
    found.add("initial_group", premiums.initial, SHARE);
    found.add("later_entrants", premiums.entrants, SHARE);
    found.add("later_entrants_share_of_earnings", premiums.entrants_share, "share");
    let rates = autonomous_rates(flows, group, &premiums);
    let years = rates.into_iter().enumerate();
    let rates = years.filter_map(|(at, rate)| Some((flows.year(at), "autonomous", rate?, SHARE)));
    found.by_year = rates.collect();
    Ok(found)
}

fn levels(flows: &CashFlows, first: Year, lasts: &[Year]) -> Result<MeasureValues, MeasureError> {
    let mut found = MeasureValues::default();
    for last in lasts {
        let rate = level_premium(flows, Period { first, last: *last }, 0.0)?;
        found.add(last.to_string(), rate, SHARE);
    }
    Ok(found)
}

fn scaled(
    flows: &CashFlows,
    kind: ScaledPremium,
    (lasts, tail): (&[Year], Tail),
) -> Result<MeasureValues, MeasureError> {
    let periods = scaled_premiums(flows, kind, lasts)?;
    let mut found = MeasureValues::default();
    let mut opening = flows.opening();
    for one in &periods {
        found.add(format!("premium_to_{}", one.period.last), one.premium, SHARE);
        let span = flows.span(one.period)?;
        let worth = flows.worth_from(span.start, opening, |_, flow| {
            one.premium * flow.earnings - flow.other_income
        });
        for (at, reserve) in span.clone().zip(worth.iter().skip(1)) {
            found.by_year.push((flows.year(at), "reserve_end", *reserve, MONEY));
        }
        found.add(format!("reserve_end_{}", one.period.last), one.reserve_end, MONEY);
        opening = one.reserve_end;
    }
    if tail != Tail::None {
        found.add("ultimate", ultimate_premium(flows, &periods, tail)?, SHARE);
    }
    Ok(found)
}

fn terminal(flows: &CashFlows, figures: &AccountFigures) -> Result<MeasureValues, MeasureError> {
    let missing = MeasureError::Missing("capital_value_of_awards");
    let years = terminal_funding(flows, figures.capital_values.as_ref().ok_or(missing)?)?;
    let mut found = MeasureValues::default();
    for (at, year) in years.iter().enumerate() {
        if let Some(rate) = year.rate {
            found.by_year.push((flows.year(at), "rate", rate, SHARE));
        }
        found.by_year.push((flows.year(at), "reserve_end", year.reserve_end, MONEY));
    }
    let mut rates = years.iter().filter_map(|year| year.rate);
    let last = rates.clone().next_back();
    if let (Some(first), Some(last)) = (rates.next(), last) {
        found.add("first_year", first, SHARE);
        found.add("last_year", last, SHARE);
    }
    Ok(found)
}

fn summarised(
    flows: &CashFlows,
    first: Year,
    lasts: &[Year],
    (opening, target): (OpeningFund, TargetFund),
) -> Result<MeasureValues, MeasureError> {
    let mut found = MeasureValues::default();
    for last in lasts {
        let rates = summarised_rates(flows, Period { first, last: *last }, (opening, target))?;
        found.add(format!("income_rate_{last}"), rates.income_rate, SHARE);
        found.add(format!("cost_rate_{last}"), rates.cost_rate, SHARE);
        found.add(format!("opening_fund_{last}"), rates.opening_fund, SHARE);
        found.add(format!("target_fund_{last}"), rates.target_fund, SHARE);
        found.add(format!("actuarial_balance_{last}"), rates.balance(), SHARE);
    }
    Ok(found)
}

fn closeness(
    flows: &CashFlows,
    years: (u16, u16),
    allowed: f64,
) -> Result<MeasureValues, MeasureError> {
    let test = close_balance(flows, years, allowed)?;
    let mut found = MeasureValues::default();
    let met = if test.fails_first_in.is_none() { 1.0 } else { 0.0 };
    found.add("met", met, "1 yes, 0 no");
    found.add("margin", test.margin, SHARE);
    let year = test.fails_first_in.map(|year| f64::from(year.get()));
    found.values.push(("fails_first_in_period_to".to_owned(), year, "year"));
    Ok(found)
}

fn change(
    fund: &FundPath,
    figures: &AccountFigures,
    years: Period,
) -> Result<MeasureValues, MeasureError> {
    let missing = MeasureError::Missing("older_population and working_age_population");
    let counts = figures.counts.as_ref().ok_or(missing)?;
    let of = |year: Year| {
        let flows = fund.cash_flows()?;
        let at = flows.position(year)?;
        let counted = counts.get(at).copied();
        let counted = counted.ok_or(MeasureError::Missing("counts in every year"))?;
        Ok((&fund.years[at], counted))
    };
    let change = payg_change(of(years.first)?, of(years.last)?)?;
    let mut found = MeasureValues::default();
    found.add("population", change.population, SHARE);
    found.add("coverage", change.coverage, SHARE);
    found.add("benefit", change.benefit, SHARE);
    found.add("labour", change.labour, SHARE);
    found.add("other", change.other, SHARE);
    found.add("total", change.total, SHARE);
    Ok(found)
}

fn amortisation(plan: &Amortisation, balance: f64, flows: &CashFlows) -> MeasureValues {
    let mut found = MeasureValues::default();
    found.add("factor", plan.factor(), "factor");
    found.add("first_payment", plan.first_payment(balance), MONEY);
    let first = flows.period().first;
    for (offset, left) in (0..).zip(plan.balances(balance)) {
        found.by_year.push((first.plus(offset), "unfunded_end", left, MONEY));
    }
    found
}
