use perennis_finance::{CashFlows, FlowYear, FundPath};
use perennis_units::Year;

use super::cell::{Cell, address};
use super::number::{Explanation, How, Why, total};

/// Formulas of the measures that are not taken apart year by year.
const OTHERS: [(&str, &str); 4] = [
    (
        "general_average_premium_infinite",
        "as general_average_premium, the flows of the last year going on for ever: × 1 / (1 − v), v = (1 + growth) / (1 + interest)",
    ),
    (
        "general_average_premium_tail_share",
        "present value of the outgo beyond the horizon over that of all outgo",
    ),
    (
        "scaled_premium",
        "level rate of a control period of 20 years: SCP1 so that the reserve is at its highest at its end, SCP2 so that \
         it grows as in the mature state",
    ),
    (
        "steady_state_rate",
        "level rate for which the reserve at the end of the 10th and of the 60th year is the same multiple of the \
         expenditure of the next",
    ),
];

/// A measure of a whole run.
pub(crate) fn value(cell: &Cell<'_>) -> Why {
    let name = cell.text("measure");
    let reads = reads(cell);
    let fund = cell.results().finance.as_ref().and_then(|finance| finance.fund(cell.text("scope")));
    let Some(fund) = fund else { return Why::carried("").reads(reads) };
    if let Some(why) = rate(cell, fund, name).or_else(|| date(cell, fund, name)) {
        return why.reads(reads);
    }
    let flows = fund.cash_flows().ok();
    if let Some(why) = flows.and_then(|flows| premium(cell, &flows, name)) {
        return why.reads(reads);
    }
    let formula = OTHERS.iter().find(|(stem, _)| name.starts_with(stem));
    Why::carried(formula.map_or("docs/finance.md has the formula", |(_, formula)| *formula))
        .behind([opening(cell)])
        .reads(reads)
}

fn reads(cell: &Cell<'_>) -> Vec<String> {
    vec![format!("finance.accounts.{}", cell.text("scope")), "economy.interest".to_owned()]
}

fn opening(cell: &Cell<'_>) -> Explanation {
    let finance = cell.results().finance.as_ref();
    let fund = finance.and_then(|finance| finance.fund(cell.text("scope")));
    let first = fund.and_then(|fund| fund.years.first());
    let value = first.map_or(0.0, |year| year.reserve_start - year.debt_start);
    Explanation::new("reserve at the start, less debt", value, cell.currency())
        .given_by("of the account", [format!("finance.accounts.{}", cell.text("scope"))])
}

/// Pay-as-you-go rates of a year, or their mean.
fn rate(cell: &Cell<'_>, fund: &FundPath, name: &str) -> Option<Why> {
    let of_year = |year: Year, rate: f64| {
        let row = address("indicators", &[&fund.account, "payg_rate"], year, "value");
        Explanation::of_row(
            format!("pay-as-you-go rate of {year}"),
            rate,
            "share of insured earnings",
            row,
        )
    };
    let rates: Vec<Explanation> =
        fund.years.iter().filter_map(|year| Some(of_year(year.year, year.payg_rate?))).collect();
    let count = rates.len() as f64;
    match name {
        "payg_rate_first_year" => Some(
            Why::sum("of the first year with insured earnings").plus_all(rates.into_iter().next()),
        ),
        "payg_rate_last_year" => {
            Some(Why::sum("of the last year").plus_all(rates.into_iter().next_back()))
        }
        "payg_rate_mean" => {
            let closed = rates.into_iter().map(Explanation::closed).collect();
            let sum = total("Σ years", "share of insured earnings", closed);
            let years = Explanation::new("years", count, "years");
            Some(Why::product("mean of the yearly rates").times(sum).over(years))
        }
        _ => None,
    }
    .filter(|_| 0.0 < count && cell.number("value").is_finite())
}

/// First years in which something happens, with the figures of that year.
fn date(cell: &Cell<'_>, fund: &FundPath, name: &str) -> Option<Why> {
    let formula = match name {
        "first_year_outgo_above_contributions" => {
            "first year in which outgo is above contributions"
        }
        "first_year_outgo_above_income" => {
            "first year in which outgo is above all income, returns included"
        }
        "reserve_exhausted_in" => "first year in which the reserve does not suffice",
        _ => return None,
    };
    let year = fund
        .years
        .iter()
        .find(|year| f64::from(year.year.get()).to_bits() == cell.number("value").to_bits());
    let figures = year.map_or_else(Vec::new, |year| {
        let figure = |label: &str, value: f64| {
            Explanation::new(format!("{label} of {}", year.year), value, cell.currency())
        };
        vec![
            figure("outgo", year.outgo),
            figure("contributions", year.contributions),
            figure("income before returns", year.primary_income),
            figure("returns", year.investment_income),
            figure("reserve at the start", year.reserve_start),
            figure("reserve at the end", year.reserve_end),
        ]
    });
    Some(Why::carried(formula).behind(figures))
}

/// Premiums and summarised rates: present values over the present value of the insured earnings.
fn premium(cell: &Cell<'_>, flows: &CashFlows, name: &str) -> Option<Why> {
    let all = flows.years().len();
    let (stem, years) = match name.rsplit_once('_') {
        Some((stem, years)) => years.parse().map_or((name, all), |years: usize| (stem, years)),
        None => (name, all),
    };
    let value =
        |label: &str, amount: fn(&FlowYear) -> f64| present(cell, flows, (label, years), amount);
    let outgo = || value("present value of the outgo", |year| year.outgo);
    let earnings = || value("present value of the insured earnings", |year| year.earnings);
    let income = || value("present value of contributions and other income", FlowYear::income);
    let over = |formula: &str, above: Why| {
        let number = Explanation::new("present values", 0.0, cell.currency()).why(above);
        let value = number.computed();
        Why::product(formula).times(Explanation { value, ..number }).over(earnings())
    };
    match stem {
        "general_average_premium" | "level_premium" => Some(over(
            "(present value of the outgo − reserve at the start) / present value of the insured earnings",
            Why::sum("").plus(outgo()).minus(opening(cell)),
        )),
        "summarised_income_rate" => Some(over(
            "(reserve at the start + present value of the income) / present value of the insured earnings",
            Why::sum("").plus(opening(cell)).plus(income()),
        )),
        "summarised_cost_rate" => Some(over(
            "(present value of the outgo and of a target fund of the outgo of the last year) / present value of the insured earnings",
            Why::sum("").plus(outgo()).plus(target(cell, flows, years)),
        )),
        "actuarial_balance" => Some(over(
            "(reserve at the start + present value of income − that of outgo and target fund) / present value of the insured earnings",
            Why::sum("")
                .plus(opening(cell))
                .plus(income())
                .minus(outgo())
                .minus(target(cell, flows, years)),
        )),
        _ => None,
    }
}

/// Value at the start of the first year of one at the start of each year; one more than there are years.
fn starts(flows: &CashFlows) -> Vec<f64> {
    let mut factors = vec![1.0];
    let mut factor = 1.0;
    for year in flows.years() {
        factor /= 1.0 + year.interest;
        factors.push(factor);
    }
    factors
}

fn present(
    cell: &Cell<'_>,
    flows: &CashFlows,
    (label, years): (&str, usize),
    amount: fn(&FlowYear) -> f64,
) -> Explanation {
    let starts = starts(flows);
    let one = |(at, year): (usize, &FlowYear)| {
        let of = cell.ground.year_at(at);
        let factor = starts[at] / flows.flows_at().before(year.interest);
        let paid = Explanation::new("of the year", amount(year), cell.currency());
        let factor = Explanation::new("discount", factor, "factor").given_by(
            "interest of the years before, and until the flows of the year",
            ["economy.interest"],
        );
        let value = amount(year) * factor.value.unwrap_or(0.0);
        Explanation::new(of.to_string(), value, cell.currency())
            .why(Why::product("").times(paid).times(factor))
    };
    total(label, cell.currency(), flows.years().iter().take(years).enumerate().map(one).collect())
}

fn target(cell: &Cell<'_>, flows: &CashFlows, years: usize) -> Explanation {
    let last = flows.years().get(years.saturating_sub(1)).map_or(0.0, |year| year.outgo);
    let factor = starts(flows).get(years).copied().unwrap_or(0.0);
    let outgo = Explanation::new("outgo of the last year", last, cell.currency());
    let factor = Explanation::new("discount to its end", factor, "factor")
        .why(Why::new(How::Input, "interest of all years").reads(["economy.interest"]));
    let value = last * factor.value.unwrap_or(0.0);
    Explanation::new("present value of the target fund", value, cell.currency())
        .why(Why::product("").times(outgo).times(factor))
}
