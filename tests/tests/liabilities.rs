//! What must hold of liabilities of members, on the plan that ships.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;

use perennis_assumptions::load_liabilities;
use perennis_finance::Smoothing;
use perennis_generations::{
    CostMethod, Funding, FundingYear, ImplicitDebt, Plan, Policy, project, sum_of, value,
};
use perennis_units::{Growth, Path as Series, Share};

fn shipped() -> (Plan, Funding) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/plan/plan.toml");
    let loaded =
        load_liabilities(&file).unwrap_or_else(|rejected| panic!("{:#?}", rejected.faults));
    (loaded.study.plan.unwrap(), loaded.study.funding.unwrap())
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
}

/// What is not funded moves by interest, normal cost and contributions alone, whatever the method.
#[test]
fn met_assumptions_roll_the_unfunded_liability_forward_with_every_method() {
    let (plan, funding) = shipped();
    for method in CostMethod::ALL.into_iter().filter(|one| *one != CostMethod::Aggregate) {
        // Amounts on frozen earnings ask the law once for every pair of years.
        let slow = matches!(method, CostMethod::CurrentUnit | CostMethod::IndividualLevel);
        let members = plan.members[..if slow { 2 } else { 8 }].to_vec();
        let plan = Plan { members, ..plan.clone() };
        let years = if slow { 2 } else { 8 };
        let path = project(&plan, &Funding { method, years, ..funding.clone() }).unwrap();
        for one in &path.entitlements {
            assert!(one.unexplained().abs() <= 1e-9 * one.closing, "{} {one:?}", method.as_str());
        }
        let found = path.years;
        for pair in found.windows(2) {
            let [now, next] = pair else { continue };
            let interest = plan.interest_of(0);
            let at_start = |amount: f64| amount / (1.0 + interest).sqrt();
            let paid = now.members_pay + now.employers_pay - now.expenses;
            let left = now.unfunded() + at_start(now.normal_cost - paid);
            assert!(
                near(left * (1.0 + interest), next.unfunded()),
                "{} {}: {} {}",
                method.as_str(),
                now.year,
                left * (1.0 + interest),
                next.unfunded()
            );
        }
    }
}

/// Contributions of the normal cost and of layers leave nothing unfunded when the layers end.
#[test]
fn layers_are_paid_off_when_their_payments_end() {
    let (plan, funding) = shipped();
    let entrants = funding.entrants[..1].to_vec();
    let funding = Funding { entrants, years: 22, assets: 3e7, ..funding };
    let plan = Plan { members: plan.members[3..8].to_vec(), ..plan };
    for layer_growth in [0.0, 0.03] {
        let actuarial =
            Funding { policy: Policy::Actuarial, new_layer: 20, layer_growth, ..funding.clone() };
        let years = project(&plan, &actuarial).unwrap().years;
        let unfunded = |year: &FundingYear| year.unfunded() / year.accrued();
        assert!(0.1 < unfunded(&years[0]) && 0.0 < unfunded(&years[19]));
        for year in &years[20..] {
            // Twenty years of rounding, carried with interest.
            assert!(unfunded(year).abs() < 1e-9, "{}: {}", year.year, unfunded(year));
        }
        let ratio = |at: usize| years[at + 1].amortisation / years[at].amortisation;
        assert!((0..19).all(|at| near(ratio(at), 1.0 + layer_growth)), "{layer_growth}");
    }
}

/// A year of bad returns is a layer of its own, paid off after its payments; with smoothing it comes in over five years.
#[test]
fn a_loss_on_assets_is_recognised_paid_off_and_gone() {
    let (plan, funding) = shipped();
    let plan = Plan { members: plan.members[3..8].to_vec(), ..plan };
    let crash =
        Series::new(plan.start, vec![Growth::new(-0.2).unwrap(), plan.interest.at(plan.start)]);
    let funding = Funding {
        entrants: Vec::new(),
        assets: 3e7,
        policy: Policy::Actuarial,
        new_layer: 10,
        years: 18,
        ..funding
    };
    let met = project(&plan, &funding).unwrap().years;
    let at_once = Funding { returns: crash, ..funding.clone() };
    let smoothing = Some(Smoothing { years: 5, corridor: None });
    let smoothed = Funding { smoothing, ..at_once.clone() };
    let [at_once, smoothed] = [at_once, smoothed].map(|of| project(&plan, &of).unwrap().years);
    // What is lost are 26 % of assets and of the contributions of the year, less of the payments, to within half a year's return.
    let in_year = met[0].members_pay + met[0].employers_pay - met[0].expenses - met[0].paid;
    let loss = 0.26 * (3e7 + 0.5 * in_year);
    assert!((at_once[0].gain + loss).abs() < 0.02 * loss, "{} {loss}", at_once[0].gain);
    assert!(near(at_once[1].unfunded() - met[1].unfunded(), -at_once[0].gain));
    for (year, recognised) in [(1, 0.2), (2, 0.4), (5, 1.0)] {
        let counted = smoothed[year].assets_counted - smoothed[year].assets;
        assert!(near(counted, -(1.0 - recognised) * smoothed[0].gain), "{year}: {counted}");
    }
    // Ten payments from the second year on; smoothed, the last fifth is recognised in the sixth.
    let gone = |years: &[FundingYear], at: usize| {
        (years[at].unfunded() / years[at].accrued()).abs() < 1e-9
    };
    assert!(gone(&at_once, 11) && !gone(&at_once, 10));
    assert!(gone(&smoothed, 15) && !gone(&smoothed, 14));
}

/// Contributions may change from year to year, and their present value with them.
#[test]
fn contributions_by_year_are_those_of_the_projection() {
    let (plan, funding) = shipped();
    let funding = Funding { entrants: Vec::new(), years: 60, expenses: 0.0, ..funding };
    let rates = (0..80).map(|year| Share::new(0.05 + 0.001 * f64::from(year)).unwrap());
    let rates = Series::new(plan.start, rates.collect()).unwrap();
    let plan = Plan { contributions: [rates, Series::constant(Share::ZERO)], ..plan };
    let path = project(&plan, &funding).unwrap();
    let mut present = 0.0;
    for (year, time) in path.years.iter().zip(0_i32..) {
        assert!(near(year.members_pay, (0.05 + 0.001 * f64::from(time)) * year.earnings));
        present += year.members_pay * plan.discount(f64::from(time) + 0.5);
    }
    assert!(near(path.sheet.contributions_active, present), "{present}");
}

/// Present values of benefits are the accrued liability and the normal costs to come.
#[test]
fn benefits_are_accrued_or_to_be_paid_for() {
    let (plan, _) = shipped();
    let methods = vec![CostMethod::EntryAge];
    let values = value(&Plan { methods, ..plan }).unwrap();
    for member in &values.members {
        let cost = &member.costs[0];
        let rate = sum_of(&cost.normal_cost) / member.present.earnings_of_year;
        let both = sum_of(&cost.accrued) + rate * member.present.earnings;
        assert!(near(both, sum_of(&member.present.benefits)), "{:?}", member.of);
    }
}

/// Without interest a present value is the sum of the payments; with it, of the discounted ones.
#[test]
fn payments_of_the_closed_group_are_its_present_value() {
    let (plan, _) = shipped();
    let values = value(&Plan { interest: Series::constant(Growth::ZERO), ..plan }).unwrap();
    let paid = values.payments.iter().fold(0.0, |sum, paid| sum + paid);
    let present = sum_of(&values.present.benefits) + values.of_pensioners();
    assert!(near(paid, present), "{paid} {present}");
    // The closed group is run to its end.
    assert!(values.payments.last().unwrap() / paid < 1e-6);
}

/// More interest lowers every present value; benefits that are worth more cost more.
#[test]
fn present_values_fall_with_interest() {
    let (plan, _) = shipped();
    let at = |rate: f64| {
        let interest = Series::constant(Growth::new(rate).unwrap());
        value(&Plan { interest, ..plan.clone() }).unwrap()
    };
    let values = [0.03, 0.05, 0.07].map(at);
    for pair in values.windows(2) {
        for (low, high) in pair[0].totals.iter().zip(&pair[1].totals) {
            assert!(sum_of(&high.accrued_active) < sum_of(&low.accrued_active));
            assert!(sum_of(&high.normal_cost) < sum_of(&low.normal_cost));
        }
        assert!(pair[1].of_pensioners() < pair[0].of_pensioners());
    }
}

/// Balance sheets: the closed group has the values of the plan, and contributions of the aggregate rate balance it.
#[test]
fn the_aggregate_rate_balances_the_closed_group() {
    let (plan, funding) = shipped();
    let funding = Funding { entrants: Vec::new(), years: 1, expenses: 0.0, ..funding };
    let values = value(&Plan { methods: vec![CostMethod::CurrentUnit], ..plan.clone() }).unwrap();
    let aggregate = Funding { method: CostMethod::Aggregate, ..funding };
    let first = project(&plan, &aggregate).unwrap().years[0];
    let rate = first.normal_cost / first.earnings;
    let contributions = [0.0, rate].map(|rate| Series::constant(Share::new(rate).unwrap()));
    let sheet = project(&Plan { contributions, ..plan }, &aggregate).unwrap().sheet;
    assert!(near(sheet.benefits_active, sum_of(&values.present.benefits)));
    assert!(near(sheet.pensions, values.of_pensioners()));
    // The mean of the year discounts earnings and the rate alike.
    assert!(sheet.closed().abs() < 1e-9 * sheet.benefits_active, "{}", sheet.closed());
    assert!((sheet.open() - sheet.closed()).abs() < 1e-9);
    let debt = ImplicitDebt::of(&values, &sheet);
    assert!(near(debt.current_members, sheet.assets));
    let accrued = debt.accrued_to_date.unwrap();
    assert!(values.of_pensioners() < accrued && accrued < sheet.benefits_active + sheet.pensions);
}
