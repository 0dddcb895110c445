//! How premiums move with growth, wages, interest and indexation, in stable populations reckoned without the program.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_finance::{
    CashFlows, FlowYear, FlowsAt, InitialGroup, Period, Tail, average_premiums,
    general_average_premium, level_premium, terminal_funding,
};
use perennis_tests::{StableScheme, StableYear};
use perennis_units::Year;
use proptest::prelude::*;

const FIRST: Year = Year::new(2000);
/// The initial group has died out after eighty years, and the scheme has long been mature.
const YEARS: usize = 120;
/// A change of a few units in the last place, after sums of 120 years, is none.
const ROUNDING: f64 = 1e-10;

#[derive(Clone, Copy, Debug)]
struct Premiums {
    payg: f64,
    gap: f64,
    initial: f64,
    entrants: f64,
    terminal: f64,
}

fn flows(years: &[StableYear], interest: f64, (opening, flows_at): (f64, FlowsAt)) -> CashFlows {
    let flow = |year: &StableYear| FlowYear {
        interest,
        earnings: year.earnings,
        contributions: 0.0,
        other_income: 0.0,
        outgo: year.outgo,
    };
    CashFlows::new(FIRST, flows_at, opening, years.iter().map(flow).collect()).unwrap()
}

fn premiums_with(scheme: &StableScheme, interest: f64, opening: f64) -> Premiums {
    let years = scheme.years(YEARS, interest);
    let flows = flows(&years, interest, (opening, FlowsAt::StartOfYear));
    let group = InitialGroup {
        earnings: years.iter().map(|year| year.initial_earnings).collect(),
        outgo: years.iter().map(|year| year.initial_outgo).collect(),
    };
    let capital: Vec<f64> = years.iter().map(|year| year.capital_value).collect();
    let averages = average_premiums(&flows, &group, Tail::AsLastYear).unwrap();
    let terminal = terminal_funding(&flows, &capital).unwrap();
    let last = years.last().unwrap();
    Premiums {
        payg: last.outgo / last.earnings,
        gap: averages.general,
        initial: averages.initial,
        entrants: averages.entrants,
        terminal: terminal.last().unwrap().rate.unwrap(),
    }
}

fn premiums(scheme: &StableScheme, interest: f64) -> Premiums {
    premiums_with(scheme, interest, 0.0)
}

/// Schemes with growth of entrants and wages, indexation up to wages, and interest above the growth of earnings.
fn schemes() -> impl Strategy<Value = (StableScheme, f64)> {
    let growth = (0.0..0.02_f64, 0.0..0.03_f64, 0.0..1.0_f64, 0.01..0.04_f64);
    (growth, 0.5..1.5_f64, any::<bool>()).prop_map(
        |((entrants, wages, share, above), bend, past)| {
            let survivors = (20..100).map(|age| (f64::from(100 - age) / 80.0).powf(bend)).collect();
            let scheme = StableScheme {
                survivors,
                career: 45,
                entrant_growth: entrants,
                wage_growth: wages,
                indexation: share * wages,
                accrual: 0.01,
                past_service: past,
                first_pensioners: false,
            };
            (scheme, (1.0 + entrants) * (1.0 + wages) - 1.0 + above)
        },
    )
}

fn falls(from: f64, to: f64) -> bool {
    to < from * (1.0 - ROUNDING)
}

fn stands(from: f64, to: f64) -> bool {
    (to - from).abs() <= ROUNDING * from.abs()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn more_entrants_lower_all_but_the_premium_of_entrants((scheme, interest) in schemes()) {
        let was = premiums(&scheme, interest);
        let more = StableScheme { entrant_growth: scheme.entrant_growth + 0.002, ..scheme };
        let is = premiums(&more, interest);
        prop_assert!(falls(was.payg, is.payg) && falls(was.terminal, is.terminal), "{was:?} {is:?}");
        prop_assert!(stands(was.entrants, is.entrants), "{was:?} {is:?}");
        prop_assert!(falls(was.gap, is.gap), "{was:?} {is:?}");
    }

    #[test]
    fn wages_lower_payg_raise_the_premium_of_entrants_and_leave_terminal_funding(
        (scheme, interest) in schemes(),
    ) {
        let was = premiums(&scheme, interest);
        let more = StableScheme { wage_growth: scheme.wage_growth + 0.002, ..scheme };
        let is = premiums(&more, interest);
        prop_assert!(falls(was.payg, is.payg), "{was:?} {is:?}");
        prop_assert!(falls(is.entrants, was.entrants), "{was:?} {is:?}");
        prop_assert!(stands(was.terminal, is.terminal), "{was:?} {is:?}");
    }

    #[test]
    fn interest_lowers_funded_premiums_and_leaves_payg((scheme, interest) in schemes()) {
        let (was, is) = (premiums(&scheme, interest), premiums(&scheme, interest + 0.002));
        prop_assert!(falls(was.entrants, is.entrants) && falls(was.terminal, is.terminal));
        prop_assert!(stands(was.payg, is.payg), "{was:?} {is:?}");
        // The rate of a new scheme rises with time.
        prop_assert!(falls(was.gap, is.gap), "{was:?} {is:?}");
        let mature = StableScheme { past_service: true, first_pensioners: true, ..scheme };
        let (was, is) = (premiums(&mature, interest), premiums(&mature, interest + 0.002));
        prop_assert!(stands(was.gap, is.gap) && stands(was.gap, was.payg), "{was:?} {is:?}");
    }

    #[test]
    fn indexation_raises_every_premium((scheme, interest) in schemes()) {
        let was = premiums(&scheme, interest);
        let more = StableScheme { indexation: scheme.indexation + 0.002, ..scheme };
        let is = premiums(&more, interest);
        let pairs = [
            (was.payg, is.payg), (was.gap, is.gap), (was.entrants, is.entrants),
            (was.terminal, is.terminal),
        ];
        for (was, is) in pairs {
            prop_assert!(falls(is, was), "{was} {is}");
        }
    }

    #[test]
    fn with_wage_indexation_only_entrants_and_interest_over_wages_matter(
        (scheme, interest) in schemes(), more in 0.0..0.03_f64,
    ) {
        let one = StableScheme { indexation: scheme.wage_growth, ..scheme };
        let faster = (1.0 + one.wage_growth) * (1.0 + more) - 1.0;
        let other = StableScheme { wage_growth: faster, indexation: faster, ..one.clone() };
        let (was, is) =
            (premiums(&one, interest), premiums(&other, (1.0 + interest) * (1.0 + more) - 1.0));
        for (was, is) in [
            (was.payg, is.payg), (was.gap, is.gap), (was.initial, is.initial),
            (was.entrants, is.entrants), (was.terminal, is.terminal),
        ] {
            prop_assert!(stands(was, is), "{was} {is}");
        }
    }

    #[test]
    fn a_new_scheme_asks_more_of_its_first_members_than_of_all_and_of_entrants(
        (scheme, interest) in schemes(), opening in 0.0..500.0_f64,
    ) {
        let new = premiums(&StableScheme { past_service: true, ..scheme.clone() }, interest);
        prop_assert!(new.entrants <= new.gap && new.gap <= new.initial, "{new:?}");
        // With a reserve the order may turn, but the mean of all stays between the two.
        let held = premiums_with(&scheme, interest, opening);
        let (low, high) = (held.initial.min(held.entrants), held.initial.max(held.entrants));
        prop_assert!(low <= held.gap + 1e-12 && held.gap <= high + 1e-12, "{held:?}");
    }

    #[test]
    fn a_lifetime_at_the_premium_of_entrants_leaves_nothing((scheme, interest) in schemes()) {
        let premium = premiums(&scheme, interest).entrants;
        let paid = |(earnings, outgo): (f64, f64)| FlowYear {
            interest, earnings, contributions: premium * earnings, other_income: 0.0, outgo,
        };
        let years = scheme.life().into_iter().map(paid).collect();
        let life = CashFlows::new(FIRST, FlowsAt::StartOfYear, 0.0, years).unwrap();
        let worth = life.worth();
        let most = worth.iter().fold(0.0_f64, |most, held| most.max(*held));
        prop_assert!(worth.last().unwrap().abs() <= 1e-8 * most, "{:?}", worth.last());
    }

    #[test]
    fn interest_below_growth_makes_pay_as_you_go_the_cheaper(
        (scheme, _) in schemes(), below in 0.002..0.02_f64,
    ) {
        let scheme = StableScheme { past_service: true, first_pensioners: true, ..scheme };
        let growth = (1.0 + scheme.entrant_growth) * (1.0 + scheme.wage_growth) - 1.0;
        let interest = growth - below;
        let flow = |(earnings, outgo): (f64, f64)| FlowYear {
            interest, earnings, contributions: 0.0, other_income: 0.0, outgo,
        };
        let years: Vec<FlowYear> = scheme.life().into_iter().map(flow).collect();
        let life = CashFlows::new(FIRST, FlowsAt::StartOfYear, 0.0, years).unwrap();
        let entrants = level_premium(&life, life.period(), 0.0).unwrap();
        let payg = scheme.years(1, 0.0)[0];
        prop_assert!(payg.outgo / payg.earnings < entrants);
    }

    #[test]
    fn a_mature_reserve_earns_what_a_level_premium_lacks(
        (scheme, interest) in schemes(), flows_at in prop::sample::select(FlowsAt::ALL.to_vec()),
        more in -0.02..0.02_f64,
    ) {
        let years = scheme.years(YEARS, interest);
        let unpaid = flows(&years, interest, (0.0, flows_at));
        let premium = general_average_premium(&unpaid, FIRST, Tail::AsLastYear).unwrap().premium;
        let paid: Vec<FlowYear> = unpaid
            .years()
            .iter()
            .map(|flow| FlowYear { contributions: premium * flow.earnings, ..*flow })
            .collect();
        let paid = CashFlows::new(FIRST, flows_at, 0.0, paid).unwrap();
        let growth = (1.0 + scheme.entrant_growth) * (1.0 + scheme.wage_growth) - 1.0;
        // The maturity of the scheme, not the end of the table, where the last digits have grown for a century.
        let at = 85;
        let flow = paid.years()[at];
        let held = paid.worth()[at] * (interest - growth) / flows_at.after(interest);
        let lacks = flow.outgo - flow.contributions;
        prop_assert!((held - lacks).abs() <= 1e-6 * flow.outgo, "{held} {lacks}");
        // Another premium with the reserve that fits it is as level.
        let other = premium + more;
        let rest = paid.years()[at..].to_vec();
        let fits = (flow.outgo - other * flow.earnings) * flows_at.after(interest) / (interest - growth);
        let rest = CashFlows::new(FIRST, flows_at, fits, rest).unwrap();
        let found = general_average_premium(&rest, FIRST, Tail::AsLastYear).unwrap().premium;
        prop_assert!((found - other).abs() <= 1e-10, "{found} {other}");
    }
}

#[test]
fn the_general_average_premium_rises_with_interest_where_payg_falls() {
    let premium = |interest: f64| {
        let flow = |year: i32| FlowYear {
            interest,
            earnings: 1.03_f64.powi(year),
            contributions: 0.0,
            other_income: 0.0,
            outgo: 0.2 * 1.02_f64.powi(year),
        };
        let flows =
            CashFlows::new(FIRST, FlowsAt::MidYear, 0.0, (0..75).map(flow).collect()).unwrap();
        level_premium(&flows, Period { first: FIRST, last: FIRST.plus(74) }, 0.0).unwrap()
    };
    assert!(premium(0.05) < premium(0.06));
}
