use crate::FlowsAt;

/// What a fund owns and owes at one moment; one of the two is zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balance {
    /// Reserve, currency.
    pub reserve: f64,
    /// Debt, currency.
    pub debt: f64,
}

/// Interest of one year and who fills a shortfall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Interest of the year on the reserve, above -1.
    pub interest: f64,
    /// Interest of the year on debt, above -1; `None` when the State pays the shortfall and the fund never owes.
    pub debt_interest: Option<f64>,
    /// When in the year its flows fall.
    pub flows_at: FlowsAt,
}

/// One year of a fund, currency at current prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roll {
    /// Reserve and debt at the end of the year.
    pub end: Balance,
    /// Returns on the reserve; negative only when the interest is.
    pub investment_income: f64,
    /// New debt, interest that is not paid included.
    pub borrowing: f64,
    /// Interest on debt.
    pub debt_interest: f64,
    /// Debt paid back.
    pub repayment: f64,
    /// Shortfall paid by the State.
    pub state_pays: f64,
    /// What is left at the moment of the flows, before anyone lends or pays; negative when the fund is exhausted.
    pub left: f64,
    /// The reserve, or what was left of it, did not suffice for the year.
    pub exhausted: bool,
}

/// Carries a fund through one year; `net` is income less outgo of the year before returns.
///
/// # Formula
///
/// With all flows at mid-year, `V_t = V_{t-1} (1 + i) + net (1 + i)^½`; another moment changes the factor of `net`, see
/// [`FlowsAt`]. When that would be negative, the reserve serves until the moment of the flows, where the shortfall
/// `-(V_{t-1} (1 + i)^½ + net)` is borrowed or paid by the State; a loan bears interest for the rest of the year, which
/// is added to it. In a fund in debt, `net` first pays interest and debt at that moment; only what is left builds a
/// reserve, with interest for the rest of the year. The change from reserve to debt is therefore continuous: at a
/// shortfall of zero all ways give the same end.
///
/// # Units
///
/// Currency at current prices; interest as a share a year.
///
/// # Source
///
/// S. Iyer, *Actuarial mathematics of social security pensions*, ch. 5, for the reserve; debt by the same rule.
#[must_use]
pub fn roll(start: Balance, net: f64, terms: Terms) -> Roll {
    let after = terms.flows_at.after(terms.interest);
    let before_debt = terms.debt_interest.map_or(1.0, |i| terms.flows_at.before(i));
    let after_debt = terms.debt_interest.map_or(1.0, |i| terms.flows_at.after(i));
    let reserve_mid = start.reserve * terms.flows_at.before(terms.interest);
    let debt_mid = start.debt * before_debt;
    let left = reserve_mid + net - debt_mid;
    let first_interest = debt_mid - start.debt;
    if 0.0 <= left {
        return Roll {
            end: Balance { reserve: left * after, debt: 0.0 },
            investment_income: (reserve_mid - start.reserve) + left * (after - 1.0),
            borrowing: 0.0,
            debt_interest: first_interest,
            repayment: start.debt,
            state_pays: 0.0,
            left,
            exhausted: false,
        };
    }
    let short = -left;
    let gone = Roll {
        end: Balance { reserve: 0.0, debt: 0.0 },
        investment_income: reserve_mid - start.reserve,
        borrowing: 0.0,
        debt_interest: first_interest,
        repayment: start.debt,
        state_pays: short,
        left,
        exhausted: true,
    };
    if terms.debt_interest.is_none() {
        return gone;
    }
    let debt_end = short * after_debt;
    Roll {
        end: Balance { reserve: 0.0, debt: debt_end },
        borrowing: (debt_end - start.debt).max(0.0),
        debt_interest: first_interest + short * (after_debt - 1.0),
        repayment: (start.debt - debt_end).max(0.0),
        state_pays: 0.0,
        ..gone
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BORROWS: Terms =
        Terms { interest: 0.05, debt_interest: Some(0.07), flows_at: FlowsAt::MidYear };
    const STATE: Terms = Terms { interest: 0.05, debt_interest: None, flows_at: FlowsAt::MidYear };

    fn reserve(reserve: f64) -> Balance {
        Balance { reserve, debt: 0.0 }
    }

    /// Reserve and debt move by what is booked, to rounding.
    fn assert_identities(start: Balance, net: f64, rolled: &Roll) {
        let scale = 1.0 + start.reserve.abs() + start.debt.abs() + net.abs();
        let reserve_end =
            start.reserve + net + rolled.state_pays + rolled.investment_income + rolled.borrowing
                - rolled.debt_interest
                - rolled.repayment;
        let debt_end = start.debt + rolled.borrowing - rolled.repayment;
        assert!((reserve_end - rolled.end.reserve).abs() < 1e-12 * scale, "{rolled:?}");
        assert!((debt_end - rolled.end.debt).abs() < 1e-12 * scale, "{rolled:?}");
    }

    #[test]
    fn flows_earn_half_a_year_of_interest() {
        // 100 grows to 105; 10 earns for half a year: 10 * sqrt(1.05) = 10.246950765959598.
        let rolled = roll(reserve(100.0), 10.0, BORROWS);
        assert!((rolled.end.reserve - 115.246_950_765_959_6).abs() < 1e-12);
        assert!((rolled.investment_income - 5.246_950_765_959_6).abs() < 1e-12);
    }

    #[test]
    fn a_shortfall_is_borrowed_at_mid_year_and_bears_interest_for_the_other_half() {
        // 100 * sqrt(1.05) = 102.46950765959599 serves; 17.53049234040401 is borrowed; * sqrt(1.07) = 18.13370...
        let rolled = roll(reserve(100.0), -120.0, BORROWS);
        let borrowed = 120.0 - 102.469_507_659_595_99;
        assert!(rolled.exhausted);
        assert!((rolled.end.debt - borrowed * 1.07_f64.sqrt()).abs() < 1e-12);
        assert!((rolled.investment_income - 2.469_507_659_595_99).abs() < 1e-12);
        assert_identities(reserve(100.0), -120.0, &rolled);
    }

    #[test]
    fn a_fund_in_debt_without_flows_owes_a_year_of_interest_more() {
        let rolled = roll(Balance { reserve: 0.0, debt: 100.0 }, 0.0, BORROWS);
        assert!((rolled.end.debt - 107.0).abs() < 1e-12);
        assert!((rolled.debt_interest - 7.0).abs() < 1e-12);
        assert!((rolled.borrowing - 7.0).abs() < 1e-12);
    }

    #[test]
    fn surpluses_repay_before_they_build_a_reserve() {
        let start = Balance { reserve: 0.0, debt: 10.0 };
        let part = roll(start, 5.0, BORROWS);
        assert!(part.end.reserve.abs() < 1e-15);
        assert!((part.end.debt - (10.0 * 1.07 - 5.0 * 1.07_f64.sqrt())).abs() < 1e-12);
        assert!(0.0 < part.repayment && part.repayment < 5.0);
        let whole = roll(start, 20.0, BORROWS);
        assert!(whole.end.debt.abs() < 1e-15);
        let left = 20.0 - 10.0 * 1.07_f64.sqrt();
        assert!((whole.end.reserve - left * 1.05_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn the_state_pays_exactly_the_shortfall_and_nothing_is_owed() {
        let rolled = roll(reserve(100.0), -120.0, STATE);
        assert!((rolled.state_pays - (120.0 - 102.469_507_659_595_99)).abs() < 1e-12);
        assert!(rolled.end.debt.abs() < 1e-15 && rolled.end.reserve.abs() < 1e-15);
    }

    #[test]
    fn a_run_down_reserve_follows_the_published_recursion() {
        // U(t+1) = U(t) 1.07 - payment 1.07^0.5, thirty years, against the closed form with an annuity at mid-year.
        let terms = Terms { interest: 0.07, debt_interest: None, flows_at: FlowsAt::MidYear };
        let (payment, mut held) = (8.0, reserve(100.0));
        for _ in 0..20 {
            held = roll(held, -payment, terms).end;
        }
        let growth = 1.07_f64.powi(20);
        let expected = 100.0 * growth - payment * 1.07_f64.sqrt() * (growth - 1.0) / 0.07;
        assert!((held.reserve - expected).abs() < 1e-10 * expected, "{held:?} {expected}");
    }

    proptest! {
        #[test]
        fn what_is_booked_explains_the_change_and_nothing_is_negative(
            held in 0.0..1e6_f64, owed in 0.0..1e6_f64, in_debt: bool, net in -1e6..1e6_f64,
            interest in -0.2..0.5_f64, margin in 0.0..0.2_f64, borrows: bool,
            flows_at in prop::sample::select(FlowsAt::ALL.to_vec()),
        ) {
            let start = if in_debt && borrows { Balance { reserve: 0.0, debt: owed } }
                else { reserve(held) };
            let debt_interest = borrows.then_some(interest + margin);
            let rolled = roll(start, net, Terms { interest, debt_interest, flows_at });
            assert_identities(start, net, &rolled);
            prop_assert!(0.0 <= rolled.end.reserve && 0.0 <= rolled.end.debt);
            prop_assert!(0.0 <= rolled.borrowing && 0.0 <= rolled.repayment);
            prop_assert!(0.0 <= rolled.state_pays);
            prop_assert!(rolled.end.reserve < 1e-9 || rolled.end.debt < 1e-9);
        }

        #[test]
        fn one_unit_more_never_leaves_a_fund_worse_off(
            held in 0.0..1e3_f64, net in -1e4..1e4_f64, more in 0.0..1e3_f64, interest in -0.2..0.5_f64,
        ) {
            let terms = Terms { interest, debt_interest: Some(interest + 0.02), flows_at: FlowsAt::MidYear };
            let worth = |net| { let end = roll(reserve(held), net, terms).end; end.reserve - end.debt };
            prop_assert!(worth(net) <= worth(net + more) + 1e-9);
        }
    }
}
