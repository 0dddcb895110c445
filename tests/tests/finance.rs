//! Funds over many years against calculations that do not roll them forward.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_cohort::{AccountYear, Item};
use perennis_finance::{Finance, FinanceBasis, FundBasis, FundSystem, Reserve, WhenExhausted};
use perennis_labour::{Economy, EconomyBasis, WageGrowth};
use perennis_units::{Growth, Money, Path, Payer, Year, YearRange};
use proptest::prelude::*;

const FIRST: Year = Year::new(2024);

fn economy(interest: &[f64]) -> Economy {
    let growth = |value: f64| Growth::new(value).unwrap();
    let basis = EconomyBasis {
        gdp: Money::new(1e6).unwrap(),
        gdp_year: FIRST,
        productivity: Path::constant(growth(0.02)),
        prices: Path::constant(growth(0.03)),
        wages: WageGrowth::Nominal(Path::constant(growth(0.05))),
        interest: Path::new(FIRST, interest.iter().map(|rate| growth(*rate)).collect()).unwrap(),
        wage_share: None,
        government_expenditure: None,
    };
    basis.project(YearRange::new(FIRST, interest.len()), &vec![1.0; interest.len()]).unwrap()
}

/// Rolls one fund that borrows at the interest of its reserve; flows are contributions, outgo, insured earnings.
fn rolled(opening: f64, interest: &[f64], flows: &[(f64, f64, f64)]) -> Finance {
    let system = FundSystem::Reserve(Reserve::new(
        Money::new(opening).unwrap(),
        WhenExhausted::Borrow { margin: Growth::ZERO },
    ));
    let fund = FundBasis { account: "main".into(), administration: None, system };
    let mut finance = Finance::open(&FinanceBasis::of(vec![fund]), &economy(interest)).unwrap();
    for (year, (income, outgo, earnings)) in (0..).map(|n| FIRST.plus(n)).zip(flows) {
        let mut booked = AccountYear::new("main".into(), year);
        booked.book(Item::Contributions, Some(Payer::Employers), *income);
        booked.book(Item::Benefit("old_age".into()), None, *outgo);
        booked.insured_earnings = *earnings;
        finance.step(year, vec![booked]).unwrap();
    }
    finance
}

proptest! {
    /// With one interest for reserve and debt, what a fund is worth is its opening reserve and its flows, each carried to
    /// the end by the interest of the years it is invested; half a year for the year it falls in.
    #[test]
    fn the_last_balance_is_the_accumulated_value_of_all_flows(
        opening in 0.0..1e3_f64,
        years in prop::collection::vec((-0.05..0.15_f64, 0.0..100.0_f64, 0.0..100.0_f64), 1..80),
    ) {
        let interest: Vec<f64> = years.iter().map(|year| year.0).collect();
        let flows: Vec<_> = years.iter().map(|year| (year.1, year.2, 0.0)).collect();
        let finance = rolled(opening, &interest, &flows);
        let last = finance.funds[0].years.last().unwrap();
        let from = |year: usize| interest[year..].iter().map(|rate| 1.0 + rate).product::<f64>();
        let parts = flows.iter().enumerate().map(|(year, (income, outgo, _))| {
            (income - outgo) * (1.0 + interest[year]).sqrt() * from(year + 1)
        });
        let expected = opening * from(0) + parts.sum::<f64>();
        let size: f64 = (0..flows.len()).map(|year| 100.0 * from(year)).sum::<f64>() + opening * from(0);
        // Eighty multiplications and additions, each rounded.
        let found = last.reserve_end - last.debt_end;
        prop_assert!((found - expected).abs() <= 1e-13 * size, "{} {}", found, expected);
    }
}

#[test]
fn a_mature_fund_earns_what_its_rate_lacks() {
    // V_start (i - g) / (1 + i)^½ = S (PAYG - π): then the reserve grows with the wage bill for ever.
    let (interest, growth, payg, rate) = (0.06, 0.04, 0.25, 0.20);
    let wages: Vec<f64> = (0..75).map(|year| 1_000.0 * (1.0_f64 + growth).powi(year)).collect();
    let opening = wages[0] * (payg - rate) * (1.0_f64 + interest).sqrt() / (interest - growth);
    let flows: Vec<_> = wages.iter().map(|bill| (rate * bill, payg * bill, *bill)).collect();
    let finance = rolled(opening, &[interest; 75], &flows);
    for (year, bill) in finance.funds[0].years.iter().zip(&wages) {
        let over_wages = year.reserve_start / bill;
        // A deviation grows by (1 + i)/(1 + g) a year, four times in all.
        assert!((over_wages - opening / wages[0]).abs() < 1e-12, "{} {over_wages}", year.year);
        assert!((year.payg_rate.unwrap() - payg).abs() < 1e-12);
    }
}
