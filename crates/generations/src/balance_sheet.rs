use crate::costs::sum_of;
use crate::{CostMethod, FundingYear, PlanValues};

/// Assets and obligations at the valuation, of present members and pensioners (closed group) and with the new entrants of
/// the projection (open group); currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BalanceSheet {
    /// Assets.
    pub assets: f64,
    /// Present value of pensions in payment or waiting.
    pub pensions: f64,
    /// Present value of benefits to active members.
    pub benefits_active: f64,
    /// Present value of the fixed contributions on their earnings, less expenses.
    pub contributions_active: f64,
    /// Present value of benefits to new entrants, until the last has died.
    pub benefits_entrants: f64,
    /// Present value of the contributions on their earnings, less expenses.
    pub contributions_entrants: f64,
}

impl BalanceSheet {
    /// Assets and contributions less benefits of the closed group.
    #[must_use]
    pub fn closed(&self) -> f64 {
        self.assets + self.contributions_active - self.benefits_active - self.pensions
    }

    /// The same with new entrants.
    #[must_use]
    pub fn open(&self) -> f64 {
        self.closed() + self.contributions_entrants - self.benefits_entrants
    }
}

/// The implicit pension debt in its three definitions, before assets; currency.
///
/// # Source
///
/// Holzmann, Palacios and Zviniene, Implicit pension debt, World Bank SP Discussion Paper 0403, 2004, section 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImplicitDebt {
    /// Accrued to date: what service and earnings up to now give (current unit), else in proportion to service (projected
    /// unit), and pensions; nothing where neither method was asked for.
    pub accrued_to_date: Option<f64>,
    /// Of current workers and pensioners: benefits less contributions until the last of them has died.
    pub current_members: f64,
    /// Of the open system, with the new entrants of the projection.
    pub open_system: f64,
}

impl ImplicitDebt {
    /// Takes the definitions from the sums of a plan.
    #[must_use]
    pub fn of(values: &PlanValues, sheet: &BalanceSheet) -> Self {
        let of_method = |method: CostMethod| {
            let total = values.totals.iter().find(|total| total.method == method)?;
            Some(sum_of(&total.accrued_active) + values.of_pensioners())
        };
        let accrued = of_method(CostMethod::CurrentUnit);
        Self {
            accrued_to_date: accrued.or_else(|| of_method(CostMethod::ProjectedUnit)),
            current_members: sheet.assets - sheet.closed(),
            open_system: sheet.assets - sheet.open(),
        }
    }
}

/// Accrued entitlements of one year, from opening to closing stock, currency.
///
/// # Source
///
/// System of National Accounts 2008, supplementary table 17.10 on accrued-to-date pension entitlements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entitlements {
    /// Calendar year in which the plan year begins.
    pub year: i32,
    /// Stock at the start.
    pub opening: f64,
    /// What the service of the year adds (normal cost).
    pub current_service: f64,
    /// Interest: the unwinding of the discount on opening stock, service and payments.
    pub unwinding: f64,
    /// Benefits paid.
    pub paid: f64,
    /// Stock at the end.
    pub closing: f64,
}

impl Entitlements {
    /// What opening, service, interest and benefits leave unexplained; rounding where assumptions are met.
    #[must_use]
    pub fn unexplained(&self) -> f64 {
        self.closing - self.opening - self.current_service - self.unwinding + self.paid
    }
}

/// Reconciles the accrued liability of each year with that of the next.
pub(crate) fn entitlements(
    years: &[FundingYear],
    discounted: impl Fn(usize) -> (f64, f64, f64),
) -> Vec<Entitlements> {
    let pairs = years.windows(2).enumerate();
    let one = |(at, pair): (usize, &[FundingYear])| {
        let (interest, to_start, paid_at_start) = discounted(at);
        let (now, next) = (&pair[0], &pair[1]);
        let cost_at_start = now.normal_cost * to_start;
        let grown = (now.accrued() + cost_at_start - paid_at_start) * (1.0 + interest);
        Entitlements {
            year: now.year,
            opening: now.accrued(),
            current_service: now.normal_cost,
            unwinding: grown - now.accrued() - now.normal_cost + now.paid,
            paid: now.paid,
            closing: next.accrued(),
        }
    };
    pairs.map(one).collect()
}
