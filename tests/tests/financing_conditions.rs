//! Premiums against the condition that defines each, and levers against the premiums they must find.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_cohort::{AccountYear, InPayment, Item};
use perennis_finance::{
    CashFlows, Finance, FinanceBasis, FlowYear, FlowsAt, FundBasis, FundPath, FundSystem, FundYear,
    Holds, Ledger, Lever, LeverRange, MeasureError, MoneyPaths, OpeningFund, Period,
    PopulationCounts, Problem, Reserve, ReserveRatio, ScaledPremium, Study, StudyError, Tail,
    Target, TargetFund, WhenExhausted, balance_ratio_premium, close_balance,
    general_average_premium, level_premium, payg_change, reserve_ratio_premium, scaled_premiums,
    steady_state_rate, summarised_rates,
};
use perennis_units::{Growth, Money, Path, Year};
use proptest::prelude::*;

const FIRST: Year = Year::new(2024);

/// Flows whose outgo rises faster than earnings; contributions of 12 %.
fn flows() -> impl Strategy<Value = CashFlows> {
    let rates = (0.01..0.05_f64, 0.005..0.03_f64, 0.055..0.09_f64);
    let flows_at = prop::sample::select(FlowsAt::ALL.to_vec());
    (rates, 0.03..0.1_f64, 0.0..300.0_f64, flows_at).prop_map(
        |((growth, more, interest), share, opening, flows_at)| {
            let flow = |year: i32| {
                let earnings = 1_000.0 * (1.0 + growth).powi(year);
                FlowYear {
                    interest,
                    earnings,
                    contributions: 0.12 * earnings,
                    other_income: 0.0,
                    outgo: share * 1_000.0 * ((1.0 + growth) * (1.0 + more)).powi(year),
                }
            };
            CashFlows::new(FIRST, flows_at, opening, (0..76).map(flow).collect()).unwrap()
        },
    )
}

/// The same flows with a level rate in place of their contributions from a year on.
fn paying(flows: &CashFlows, rate: f64, from: usize) -> CashFlows {
    let paid = |(at, flow): (usize, &FlowYear)| match from <= at {
        true => FlowYear { contributions: rate * flow.earnings, ..*flow },
        false => *flow,
    };
    let years = flows.years().iter().enumerate().map(paid).collect();
    CashFlows::new(FIRST, flows.flows_at(), flows.opening(), years).unwrap()
}

fn period(first: i32, last: i32) -> Period {
    Period { first: FIRST.plus(first), last: FIRST.plus(last) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_level_premium_that_is_paid_leaves_what_was_asked(
        flows in flows(), first in 0..20_usize, end in 0.0..1e4_f64,
    ) {
        let asked = period(i32::try_from(first).unwrap(), 60);
        let rate = level_premium(&flows, asked, end).unwrap();
        // A large reserve asks for a negative rate, and contributions are never negative.
        prop_assume!(0.0 <= rate);
        let worth = paying(&flows, rate, first).worth();
        let most = worth.iter().fold(1.0_f64, |most, held| most.max(held.abs()));
        // A difference in the last digits of the reserve grows with interest for up to sixty years.
        let left = (worth[61] - end).abs();
        prop_assert!(left <= 1e-9 * most.max(end), "{left} of {most}");
    }

    #[test]
    fn a_reserve_ratio_holds_at_the_end_or_in_every_year(
        flows in flows(), value in 0.0..5.0_f64,
        ratio in prop::sample::select(ReserveRatio::ALL.to_vec()),
    ) {
        let asked = period(0, 50);
        let found = |rate: f64, at: usize| {
            let worth = paying(&flows, rate, 0).worth();
            let outgo = |at: usize| flows.years()[at].outgo;
            match ratio {
                ReserveRatio::EndOverExpenditure => worth[at + 1] / outgo(at),
                ReserveRatio::StartOverExpenditure => worth[at] / outgo(at),
                ReserveRatio::EndOverNextExpenditure => worth[at + 1] / outgo(at + 1),
            }
        };
        let end = reserve_ratio_premium(&flows, asked, (ratio, value), Holds::AtEnd).unwrap();
        prop_assume!(0.0 <= end);
        prop_assert!((found(end, 50) - value).abs() <= 1e-8, "{}", found(end, 50));
        let all = reserve_ratio_premium(&flows, asked, (ratio, value), Holds::AllThrough).unwrap();
        prop_assert!(end <= all + 1e-14);
        let from = usize::from(ratio == ReserveRatio::StartOverExpenditure);
        let least = (from..=50).map(|at| found(all, at)).fold(f64::INFINITY, f64::min);
        prop_assert!((least - value).abs() <= 1e-8, "{least} {value}");
    }

    #[test]
    fn at_the_end_of_a_control_period_returns_pay_what_the_condition_says(
        flows in flows(), ratio in 0.1..2.0_f64,
    ) {
        let turn = |at: usize| {
            let [this, next] = [&flows.years()[at], &flows.years()[at + 1]];
            let mean = |of: fn(&FlowYear) -> f64| (of(this) * of(next)).sqrt();
            let growth = (next.earnings / this.earnings).ln();
            (mean(|flow| flow.outgo), mean(|flow| flow.earnings), this.interest.ln_1p(), growth)
        };
        let rate = balance_ratio_premium(&flows, period(0, 30), ratio).unwrap();
        prop_assume!(0.0 <= rate);
        let worth = paying(&flows, rate, 0).worth()[31];
        let (outgo, earnings, force, _) = turn(30);
        let size = outgo.max(earnings);
        prop_assert!((outgo - rate * earnings - ratio * force * worth).abs() <= 1e-9 * size);
        for kind in [ScaledPremium::LocalMaximum, ScaledPremium::MatureGrowth] {
            let lasts = [19, 39, 59].map(|last| FIRST.plus(last));
            let periods = scaled_premiums(&flows, kind, &lasts).unwrap();
            for (one, last) in periods.iter().zip([19, 39, 59]) {
                let (outgo, earnings, force, growth) = turn(last);
                let pace = if kind == ScaledPremium::LocalMaximum { force } else { force - growth };
                let lacks = outgo - one.premium * earnings;
                let size = outgo.max(earnings);
                prop_assert!((lacks - pace * one.reserve_end).abs() <= 1e-9 * size);
            }
            // Where the rate of pay-as-you-go rises, so do the premiums, from below it at the end of each period.
            prop_assert!(periods.windows(2).all(|pair| pair[0].premium < pair[1].premium));
        }
    }

    #[test]
    fn the_steady_rate_makes_the_ratio_the_same_in_both_years(
        flows in flows(), from in 0..5_usize,
        ratio in prop::sample::select(ReserveRatio::ALL.to_vec()),
    ) {
        let from_year = FIRST.plus(i32::try_from(from).unwrap());
        let years = [FIRST.plus(12), FIRST.plus(62)];
        let rate = steady_state_rate(&flows, from_year, ratio, years).unwrap();
        prop_assume!(0.0 <= rate);
        let worth = paying(&flows, rate, from).worth();
        let found = |at: usize| match ratio {
            ReserveRatio::EndOverExpenditure => worth[at + 1] / flows.years()[at].outgo,
            ReserveRatio::StartOverExpenditure => worth[at] / flows.years()[at].outgo,
            ReserveRatio::EndOverNextExpenditure => worth[at + 1] / flows.years()[at + 1].outgo,
        };
        let size = 1.0 + found(12).abs() + worth.iter().fold(0.0_f64, |most, held| most.max(held.abs())) / flows.years()[12].outgo;
        prop_assert!((found(12) - found(62)).abs() <= 1e-9 * size, "{} {}", found(12), found(62));
    }

    #[test]
    fn a_rate_raised_by_the_deficit_balances(flows in flows(), target in 0.0..3.0_f64) {
        let asked = period(0, 74);
        let how = (OpeningFund::Counted, TargetFund::OfNextYear(target));
        let rates = summarised_rates(&flows, asked, how).unwrap();
        prop_assume!(0.0 <= 0.12 - rates.balance());
        let raised = paying(&flows, 0.12 - rates.balance(), 0);
        let balance = summarised_rates(&raised, asked, how).unwrap().balance();
        prop_assert!(balance.abs() <= 1e-12, "{balance}");
        let left = raised.worth()[75];
        prop_assert!((left - target * flows.years()[75].outgo).abs() <= 1e-6 * (1.0 + left.abs()));
    }

    #[test]
    fn the_tail_joins_the_years_to_one_sum(flows in flows(), cut in 20..70_usize) {
        // Flows that are geometric from the cut on: the tail of the shorter table stands for the years of the longer.
        let growth = flows.years()[1].earnings / flows.years()[0].earnings;
        let mut years = flows.years()[..cut].to_vec();
        let geometric = |years: &mut Vec<FlowYear>, count: usize| {
            while years.len() < count {
                let last = *years.last().unwrap();
                let (earnings, outgo) = (last.earnings * growth, last.outgo * growth);
                years.push(FlowYear { earnings, outgo, ..last });
            }
        };
        geometric(&mut years, cut + 1);
        let make = |years: &[FlowYear]| {
            CashFlows::new(FIRST, flows.flows_at(), flows.opening(), years.to_vec()).unwrap()
        };
        let short = general_average_premium(&make(&years), FIRST, Tail::AsLastYear).unwrap();
        geometric(&mut years, cut + 40);
        let long = general_average_premium(&make(&years), FIRST, Tail::AsLastYear).unwrap();
        prop_assert!((short.premium - long.premium).abs() <= 1e-11, "{short:?} {long:?}");
        prop_assert!(long.tail_share_of_outgo < short.tail_share_of_outgo);
    }
}

#[test]
fn a_tail_that_grows_as_fast_as_interest_is_refused() {
    let flow = |year: i32| {
        let earnings = 100.0 * 1.05_f64.powi(year);
        FlowYear { interest: 0.05, earnings, contributions: 0.0, other_income: 0.0, outgo: 1.0 }
    };
    let flows = CashFlows::new(FIRST, FlowsAt::MidYear, 0.0, (0..10).map(flow).collect()).unwrap();
    let refused = general_average_premium(&flows, FIRST, Tail::Grows(0.05));
    assert!(matches!(refused, Err(MeasureError::TailDiverges { .. })));
    let refused = scaled_premiums(&flows, ScaledPremium::MatureGrowth, &[FIRST.plus(8)]);
    assert!(matches!(refused, Err(MeasureError::GrowthAboveInterest { .. })));
    let outside = scaled_premiums(&flows, ScaledPremium::LocalMaximum, &[FIRST.plus(9)]);
    assert!(matches!(outside, Err(MeasureError::OutsideHorizon { .. })));
}

#[test]
fn the_test_of_close_balance_allows_more_of_longer_periods() {
    let flow = |rate: f64| {
        move |_: i32| FlowYear {
            interest: 0.04,
            earnings: 100.0,
            contributions: 100.0 * rate,
            other_income: 0.0,
            outgo: 10.0,
        }
    };
    let test = |rate: f64, opening: f64| {
        let years = (0..76).map(flow(rate)).collect();
        let flows = CashFlows::new(FIRST, FlowsAt::MidYear, opening, years).unwrap();
        close_balance(&flows, (10, 75), 0.05).unwrap()
    };
    assert_eq!(test(0.10, 10.0).fails_first_in, None);
    // A year's outgo as a reserve at the start pays for the target of ten years but not for a deficit.
    assert_eq!(test(0.09, 10.0).fails_first_in, Some(FIRST.plus(9)));
    assert!(test(0.09, 10.0).margin < 0.0 && 0.0 <= test(0.10, 10.0).margin);
    // A deficit of 0.2 % of earnings, a fiftieth of the cost, is too much for the shortest period alone.
    assert_eq!(test(0.10, 5.0).fails_first_in, Some(FIRST.plus(9)));
    let years = (0..76).map(flow(0.10)).collect();
    let flows = CashFlows::new(FIRST, FlowsAt::MidYear, 5.0, years).unwrap();
    let how = (OpeningFund::Counted, TargetFund::OfNextYear(1.0));
    let shortest = summarised_rates(&flows, period(0, 9), how).unwrap().balance();
    assert!((test(0.10, 5.0).margin - shortest).abs() < 1e-15);
    // A deficit of 4 % of the cost, which a reserve hides in short periods, is within what long ones are allowed.
    let late = test(0.096, 15.0);
    assert!(late.fails_first_in.is_none() && late.margin < 0.01, "{late:?}");
}

fn year_of(
    rate: f64,
    parts: &[(&str, f64, f64)],
    (earnings, contributors): (f64, f64),
) -> FundYear {
    let system = FundSystem::Reserve(Reserve::new(Money::ZERO, WhenExhausted::StatePays));
    let fund = FundBasis { account: "main".into(), administration: None, system };
    let paths = MoneyPaths::without_economy(FIRST, 1);
    let mut finance = Finance::open_on(&FinanceBasis::of(vec![fund]), paths).unwrap();
    let mut booked = AccountYear::new("main".into(), FIRST);
    booked.insured_earnings = earnings;
    booked.contributor_years = contributors;
    booked.book(Item::Administration, None, rate * earnings);
    for (benefit, amount, person_years) in parts {
        let (benefit, amount, person_years) = ((*benefit).to_owned(), *amount, *person_years);
        booked.book(Item::Benefit(benefit.clone()), None, amount);
        booked.in_payment.push(InPayment { benefit, person_years, amount });
    }
    finance.step(FIRST, vec![booked]).unwrap();
    finance.funds.remove(0).years.remove(0)
}

proptest! {
    #[test]
    fn the_parts_of_a_change_of_the_rate_add_up_and_each_follows_its_own_factor(
        old_age in (1.0..1e3_f64, 1.0..1e2_f64), survivors in (1.0..1e3_f64, 1.0..1e2_f64),
        change in (0.5..2.0_f64, 0.5..2.0_f64, 0.5..2.0_f64, 0.5..2.0_f64), costs in 0.0..0.1_f64,
    ) {
        let counts = PopulationCounts { older: 200.0, working_age: 1_000.0 };
        let at = |factors: (f64, f64, f64, f64), costs: f64| {
            let (population, coverage, benefit, labour) = factors;
            let parts = [("old_age", old_age), ("survivors", survivors)].map(|(name, (amount, persons))| {
                let persons = persons * population * coverage;
                (name, amount * population * coverage * benefit, persons)
            });
            let contributors = 600.0 / labour;
            let counts = PopulationCounts { older: counts.older * population, ..counts };
            (year_of(costs, &parts, (contributors * 10.0, contributors)), counts)
        };
        let ones = (1.0, 1.0, 1.0, 1.0);
        let (from, to) = (at(ones, 0.0), at(change, costs));
        let found = payg_change((&from.0, from.1), (&to.0, to.1)).unwrap();
        let sum = found.population + found.coverage + found.benefit + found.labour + found.other;
        let size = from.0.payg_rate.unwrap() + to.0.payg_rate.unwrap();
        prop_assert!((sum - found.total).abs() <= 1e-13 * size);
        prop_assert!((found.total - (to.0.payg_rate.unwrap() - from.0.payg_rate.unwrap())).abs() <= 1e-13 * size);
        prop_assert!((found.other - costs).abs() <= 1e-11 * size, "{found:?} {costs}");
        for (factor, part) in [
            (change.0, found.population), (change.1, found.coverage), (change.2, found.benefit),
            (change.3, found.labour),
        ] {
            prop_assert!(part.abs() <= 1e-13 * size || (1.0 < factor) == (0.0 < part));
        }
        // A factor that alone moves explains the whole change.
        let alone = at((change.0, 1.0, 1.0, 1.0), 0.0);
        let found = payg_change((&from.0, from.1), (&alone.0, alone.1)).unwrap();
        prop_assert!((found.population - found.total).abs() <= 1e-11 * size, "{found:?}");
    }
}

/// A ledger of one account with rising outgo.
fn ledger(opening: f64, when_exhausted: WhenExhausted) -> Ledger {
    let interest = Some(Path::constant(Growth::new(0.05).unwrap()));
    let reserve =
        Reserve { interest, ..Reserve::new(Money::new(opening).unwrap(), when_exhausted) };
    let system = FundSystem::Reserve(reserve);
    let fund = FundBasis { account: "main".into(), administration: None, system };
    let booked = |year: i32| {
        let mut booked = AccountYear::new("main".into(), FIRST.plus(year));
        booked.insured_earnings = 1_000.0 * 1.03_f64.powi(year);
        booked.book(Item::Contributions, None, 0.1 * booked.insured_earnings);
        booked.book(Item::Benefit("old_age".into()), None, 90.0 * 1.045_f64.powi(year));
        vec![booked]
    };
    Ledger {
        basis: FinanceBasis::of(vec![fund]),
        paths: MoneyPaths::without_economy(FIRST, 76),
        booked: (0..76).map(booked).collect(),
    }
}

fn solve(
    ledger: &Ledger,
    lever: Lever,
    (low, high): (f64, f64),
    target: Target,
) -> Result<(f64, bool), StudyError> {
    let range = LeverRange { low, high, steps: 20 };
    let problem = Problem { name: "p".into(), account: "main".into(), lever, range, target };
    let study = Study {
        title: String::new(),
        currency: String::new(),
        ledger: ledger.clone(),
        figures: Vec::new(),
        measures: Vec::new(),
        problems: vec![problem],
    };
    let mut solved = study.solve().map_err(|mut errors| errors.remove(0))?;
    let one = solved.remove(0);
    assert_eq!(one.values.len(), one.costs.len());
    Ok((one.values.first().copied().unwrap_or(f64::NAN), one.is_unique()))
}

fn fund(ledger: &Ledger) -> FundPath {
    ledger.going_on().roll().unwrap().funds.remove(0)
}

#[test]
fn a_solved_rate_is_the_premium_of_the_same_condition() {
    let ledger = ledger(1_500.0, WhenExhausted::Borrow { margin: Growth::ZERO });
    let flows = fund(&ledger).cash_flows().unwrap();
    let rate = Lever::ContributionRate { from: FIRST };
    let ratio = ReserveRatio::EndOverNextExpenditure;
    let year = FIRST.plus(70);
    let expected =
        reserve_ratio_premium(&flows, period(0, 70), (ratio, 2.0), Holds::AtEnd).unwrap();
    let target = Target::Reserve { ratio, year, value: 2.0 };
    let (found, unique) = solve(&ledger, rate, (0.0, 0.5), target).unwrap();
    assert!(unique && (found - expected).abs() < 1e-12, "{found} {expected}");
    let expected =
        reserve_ratio_premium(&flows, period(0, 70), (ratio, 2.0), Holds::AllThrough).unwrap();
    let target = Target::ReserveAllThrough { ratio, period: period(0, 70), value: 2.0 };
    let (found, unique) = solve(&ledger, rate, (0.0, 0.5), target).unwrap();
    assert!(unique && (found - expected).abs() < 1e-12, "{found} {expected}");
    let how = (OpeningFund::Counted, TargetFund::OfLastYear(1.0));
    let balance = summarised_rates(&flows, period(0, 75), how).unwrap().balance();
    let target = Target::Balanced { period: period(0, 75), target: TargetFund::OfLastYear(1.0) };
    let change = Lever::ContributionChange { from: FIRST };
    let (found, _) = solve(&ledger, change, (-0.1, 0.5), target).unwrap();
    assert!((found + balance).abs() < 1e-12, "{found} {balance}");
    // The same money as a subsidy.
    let subsidy = Lever::Subsidy { from: FIRST };
    let (found, _) = solve(&ledger, subsidy, (0.0, 0.5), target).unwrap();
    assert!((found + balance).abs() < 1e-12, "{found} {balance}");
    // The premium itself.
    let premium = general_average_premium(&flows, FIRST, Tail::None).unwrap().premium;
    let target = Target::GeneralAverage { first: FIRST, tail: Tail::None, rate: 0.08 };
    let (factor, _) =
        solve(&ledger, Lever::BenefitFactor { from: FIRST }, (0.0, 2.0), target).unwrap();
    let earnings: Vec<f64> = flows.years().iter().map(|flow| flow.earnings).collect();
    let reserve = flows.opening() / flows.present_value(&earnings);
    assert!(((premium + reserve) * factor - reserve - 0.08).abs() < 1e-12, "{factor}");
}

#[test]
fn whoever_pays_the_reserve_lasts_exactly_as_long_as_asked() {
    let target = Target::NotExhaustedBefore { year: FIRST.plus(75) };
    let change = Lever::ContributionChange { from: FIRST.plus(5) };
    let rules = [
        WhenExhausted::Borrow { margin: Growth::new(0.02).unwrap() },
        WhenExhausted::StatePays,
        WhenExhausted::Refused,
    ];
    let found = rules.map(|rule| {
        let ledger = ledger(1_500.0, rule);
        let (found, unique) = solve(&ledger, change, (0.0, 0.3), target).unwrap();
        assert!(unique);
        let lasts = fund(&ledger.turned("main", &change, found + 1e-9));
        assert_eq!(lasts.years[..75].iter().find(|year| year.exhausted), None);
        let gone = fund(&ledger.turned("main", &change, found - 1e-9));
        assert!(gone.years[..75].iter().any(|year| year.exhausted));
        found
    });
    assert!((found[0] - found[1]).abs() < 1e-12 && (found[0] - found[2]).abs() < 1e-12);
}

#[test]
fn a_target_out_of_reach_says_how_near_the_range_comes_and_where_to_look() {
    let ledger = ledger(1_500.0, WhenExhausted::Refused);
    let year = FIRST.plus(70);
    let ratio = ReserveRatio::EndOverExpenditure;
    let target = Target::Reserve { ratio, year, value: 5.0 };
    let rate = Lever::ContributionRate { from: FIRST };
    let Err(StudyError::NoSolution { nearest, miss, beyond, .. }) =
        solve(&ledger, rate, (0.0, 0.1), target)
    else {
        panic!("a solution where there is none")
    };
    assert!((nearest - 0.1).abs() < 1e-15 && miss < 0.0);
    let (found, _) = solve(&ledger, rate, (0.0, 0.5), target).unwrap();
    // Reserves move in a straight line with the rate, so the way beyond the range leads to the solution.
    assert!((beyond.unwrap() - found).abs() < 1e-9, "{beyond:?} {found}");
}
