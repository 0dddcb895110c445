//! Assets, transfers between funds, guarantees and the side of the State budget.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_cohort::{AccountYear, Item};
use perennis_finance::{
    AssetClass, Finance, FinanceBasis, FinanceError, FlowsAt, FundBasis, FundSystem, MoneyPaths,
    Portfolio, Reserve, Smoothing, Transfer, TransferRule, WhenExhausted,
};
use perennis_units::{Growth, Money, Path, Payer, Share, Year};
use proptest::prelude::*;

const FIRST: Year = Year::new(2024);

fn growth(value: f64) -> Path<Growth> {
    Path::constant(Growth::new(value).unwrap())
}

fn share(value: f64) -> Share {
    Share::new(value).unwrap()
}

fn kept(account: &str, reserve: Reserve) -> FundBasis {
    FundBasis {
        account: account.into(),
        administration: None,
        system: FundSystem::Reserve(reserve),
    }
}

fn reserve(opening: f64, interest: f64, when_exhausted: WhenExhausted) -> Reserve {
    let opening = Money::new(opening).unwrap();
    Reserve { interest: Some(growth(interest)), ..Reserve::new(opening, when_exhausted) }
}

/// Rolls accounts whose flows of a year are contributions and outgo.
fn rolled(basis: &FinanceBasis, flows: &[Vec<(f64, f64)>]) -> Finance {
    let paths = MoneyPaths::without_economy(FIRST, flows.len());
    let mut finance = Finance::open_on(basis, paths).unwrap();
    for (year, of_year) in (0..).map(|at| FIRST.plus(at)).zip(flows) {
        let booked = basis.funds.iter().zip(of_year).map(|(fund, (income, outgo))| {
            let mut booked = AccountYear::new(fund.account.clone(), year);
            booked.book(Item::Contributions, None, *income);
            booked.book(Item::Benefit("all".into()), None, *outgo);
            booked.insured_earnings = 10.0 * income;
            booked
        });
        finance.step(year, booked.collect()).unwrap();
    }
    finance
}

fn class(name: &str, held: f64, limits: (f64, f64), returns: f64) -> AssetClass {
    AssetClass {
        name: name.into(),
        share: share(held),
        least: share(limits.0),
        most: share(limits.1),
        returns: growth(returns),
        fee: Path::constant(share(0.0)),
    }
}

#[test]
fn a_mix_that_is_kept_earns_its_mean_return_and_a_free_one_more_and_more() {
    let flows = vec![vec![(10.0, 8.0)]; 40];
    let with = |limits: [(f64, f64); 2]| {
        let classes =
            vec![class("bonds", 0.6, limits[0], 0.03), class("shares", 0.4, limits[1], 0.08)];
        let assets = Some(Portfolio::new(classes).unwrap());
        let held = Reserve { assets, ..reserve(100.0, 0.05, WhenExhausted::Refused) };
        rolled(&FinanceBasis::of(vec![kept("main", held)]), &flows)
    };
    let kept_mix = with([(0.6, 0.6), (0.4, 0.4)]);
    let plain = reserve(100.0, 0.05, WhenExhausted::Refused);
    let plain = rolled(&FinanceBasis::of(vec![kept("main", plain)]), &flows);
    let end = |finance: &Finance| finance.funds[0].years[39].reserve_end;
    // 0.6 * 3 % + 0.4 * 8 % = 5 %
    assert!((end(&kept_mix) - end(&plain)).abs() < 1e-9 * end(&plain));
    let free = with([(0.0, 1.0), (0.0, 1.0)]);
    let limited = with([(0.0, 1.0), (0.0, 0.5)]);
    assert!(end(&kept_mix) < end(&limited) && end(&limited) < end(&free));
    let interests: Vec<f64> = free.funds[0].years.iter().map(|year| year.interest).collect();
    assert!(interests.windows(2).all(|pair| pair[0] < pair[1]) && interests[39] < 0.08);
    let capped = limited.funds[0].years[39].interest;
    assert!((capped - 0.055).abs() < 1e-12, "{capped}");
}

#[test]
fn a_smoothed_value_follows_the_market_with_returns_that_were_not_expected() {
    let flows = vec![vec![(0.0, 0.0)]; 12];
    let assets = Some(Portfolio::new(vec![class("shares", 1.0, (0.0, 1.0), 0.08)]).unwrap());
    let smoothing = Some(Smoothing { years: 5, corridor: None });
    let held = Reserve { assets, smoothing, ..reserve(100.0, 0.05, WhenExhausted::Refused) };
    let finance = rolled(&FinanceBasis::of(vec![kept("main", held)]), &flows);
    // Each year 3 % of the assets at its start are a gain; of the gain k years ago, (4 - k) fifths are still open.
    for (at, year) in finance.funds[0].years.iter().enumerate() {
        let gain = |back: usize| 0.03 * 100.0 * 1.08_f64.powi(i32::try_from(at - back).unwrap());
        let open: f64 = (0..4.min(at + 1))
            .map(|back| gain(back) * f64::from(4 - u8::try_from(back).unwrap()) / 5.0)
            .sum();
        let expected = 100.0 * 1.08_f64.powi(i32::try_from(at).unwrap() + 1) - open;
        let found = year.reserve_smoothed.unwrap();
        assert!((found - expected).abs() < 1e-9, "{at}: {found} {expected}");
    }
}

fn transfer(from: &str, to: &str, rule: TransferRule) -> Transfer {
    Transfer { name: format!("{from}_{to}"), from: from.into(), to: to.into(), rule }
}

#[test]
fn one_fund_fills_what_another_lacks_as_far_as_it_can() {
    let basis = FinanceBasis {
        transfers: vec![transfer("rich", "poor", TransferRule::Shortfall)],
        ..FinanceBasis::of(vec![
            kept("poor", reserve(0.0, 0.05, WhenExhausted::StatePays)),
            kept("rich", reserve(15.0, 0.05, WhenExhausted::StatePays)),
        ])
    };
    let finance = rolled(&basis, &vec![vec![(10.0, 20.0), (0.0, 0.0)]; 3]);
    let [poor, rich] = [0, 1].map(|at| &finance.funds[at].years);
    let paid = |at: usize| rich[at].sum(&Item::TransfersOut);
    assert!((paid(0) - 10.0).abs() < 1e-12);
    let held = (15.0 * 1.05_f64.sqrt() - 10.0) * 1.05;
    assert!((paid(1) - held).abs() < 1e-12 && paid(2).abs() < 1e-12);
    assert!((poor[1].state_paid - (10.0 - held)).abs() < 1e-12);
    assert!((poor[2].state_paid - 10.0).abs() < 1e-12);
    assert!(!poor[0].exhausted && poor[1].exhausted && !rich[1].exhausted);
}

#[test]
fn what_a_fund_holds_above_its_target_flows_on() {
    let basis = FinanceBasis {
        transfers: vec![transfer("main", "other", TransferRule::Surplus { above: 2.0 })],
        flows_at: FlowsAt::EndOfYear,
        ..FinanceBasis::of(vec![
            kept("main", reserve(100.0, 0.0, WhenExhausted::Refused)),
            kept("other", reserve(0.0, 0.0, WhenExhausted::Refused)),
        ])
    };
    let finance = rolled(&basis, &[vec![(0.0, 10.0), (0.0, 0.0)], vec![(0.0, 10.0), (0.0, 0.0)]]);
    assert!((finance.funds[0].years[0].reserve_end - 20.0).abs() < 1e-12);
    assert!((finance.funds[1].years[0].reserve_end - 70.0).abs() < 1e-12);
    assert!((finance.funds[0].years[1].reserve_end - 10.0).abs() < 1e-12);
    let unknown = FinanceBasis {
        transfers: vec![transfer("main", "nobody", TransferRule::Shortfall)],
        ..basis
    };
    let refused = Finance::open_on(&unknown, MoneyPaths::without_economy(FIRST, 1));
    assert_eq!(refused.unwrap_err(), FinanceError::UnknownAccount("nobody".into()));
}

proptest! {
    #[test]
    fn transfers_between_funds_of_one_interest_change_nothing_in_all(
        flows in prop::collection::vec((0.0..50.0_f64, 0.0..50.0_f64, 0.0..50.0_f64, 0.0..50.0_f64), 1..40),
        amount in 0.0..20.0_f64, part in 0.0..1.0_f64, above in 0.0..3.0_f64,
    ) {
        let borrows = WhenExhausted::Borrow { margin: Growth::ZERO };
        let funds = || vec![
            kept("one", reserve(100.0, 0.04, borrows.clone())),
            kept("two", reserve(50.0, 0.04, borrows.clone())),
        ];
        let rules = vec![
            transfer("one", "two", TransferRule::Amount(Path::constant(Money::new(amount).unwrap()))),
            transfer("two", "one", TransferRule::ShareOfContributions(Path::constant(share(part)))),
            transfer("one", "two", TransferRule::Shortfall),
            transfer("two", "one", TransferRule::Surplus { above }),
            transfer("one", "two", TransferRule::ShareOfEarnings(Path::constant(share(0.01)))),
        ];
        let flows: Vec<Vec<(f64, f64)>> = flows.iter().map(|(a, b, c, d)| vec![(*a, *b), (*c, *d)]).collect();
        let alone = rolled(&FinanceBasis::of(funds()), &flows);
        let together = rolled(&FinanceBasis { transfers: rules, ..FinanceBasis::of(funds()) }, &flows);
        let worth = |finance: &Finance| finance.funds.iter().fold(0.0, |sum, fund| {
            let last = fund.years.last().unwrap();
            sum + last.reserve_end - last.debt_end
        });
        // Forty years of flows up to 100, each rounded.
        prop_assert!((worth(&alone) - worth(&together)).abs() <= 1e-9, "{} {}", worth(&alone), worth(&together));
        for (one, two) in together.funds[0].years.iter().zip(&together.funds[1].years) {
            let paid = one.sum(&Item::TransfersOut) + two.sum(&Item::TransfersOut);
            let received = one.sum(&Item::TransfersIn) + two.sum(&Item::TransfersIn);
            prop_assert!((paid - received).abs() <= 1e-9);
        }
    }
}

#[test]
fn a_reserve_that_is_gone_with_nobody_to_pay_is_an_error_and_an_old_debt_is_none() {
    let basis = FinanceBasis::of(vec![kept("main", reserve(5.0, 0.05, WhenExhausted::Refused))]);
    let mut finance = Finance::open_on(&basis, MoneyPaths::without_economy(FIRST, 1)).unwrap();
    let mut booked = AccountYear::new("main".into(), FIRST);
    booked.book(Item::Benefit("all".into()), None, 10.0);
    let gone = finance.step(FIRST, vec![booked]).unwrap_err();
    assert!(matches!(gone, FinanceError::ReserveGone { year: FIRST, .. }), "{gone}");
    let debt = Money::new(100.0).unwrap();
    let owes = Reserve { opening_debt: debt, ..reserve(0.0, 0.05, WhenExhausted::Refused) };
    let finance = rolled(&FinanceBasis::of(vec![kept("main", owes.clone())]), &[vec![(30.0, 0.0)]]);
    assert!((finance.funds[0].years[0].debt_end - (105.0 - 30.0 * 1.05_f64.sqrt())).abs() < 1e-12);
    let both = Reserve { opening: debt, ..owes };
    let refused = Finance::open_on(
        &FinanceBasis::of(vec![kept("main", both)]),
        MoneyPaths::without_economy(FIRST, 1),
    );
    assert_eq!(refused.unwrap_err(), FinanceError::ReserveAndDebt("main".into()));
}

#[test]
fn the_side_of_the_state_holds_everything_it_pays_and_receives() {
    let budget = FundBasis {
        account: "old_pensions".into(),
        administration: None,
        system: FundSystem::Budget,
    };
    let basis =
        FinanceBasis::of(vec![kept("main", reserve(0.0, 0.05, WhenExhausted::StatePays)), budget]);
    let mut finance = Finance::open_on(&basis, MoneyPaths::without_economy(FIRST, 1)).unwrap();
    let mut main = AccountYear::new("main".into(), FIRST);
    main.book(Item::Contributions, Some(Payer::Employers), 50.0);
    main.book(Item::Contributions, Some(Payer::State), 7.0);
    main.book(Item::StateSubsidy, Some(Payer::State), 5.0);
    main.book(Item::Benefit("all".into()), None, 80.0);
    let mut old = AccountYear::new("old_pensions".into(), FIRST);
    old.book(Item::Benefit("old".into()), None, 12.0);
    finance.step(FIRST, vec![main, old]).unwrap();
    let state = finance.state_budget();
    let [main, old] = [&state[0], &state[1]];
    let close =
        |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    close(main.contributions, 7.0);
    close(main.subsidies, 5.0);
    close(main.shortfalls, 18.0);
    close(main.net(), 30.0);
    close(old.shortfalls, 12.0);
    close(old.net(), 12.0);
}
