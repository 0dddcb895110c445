use std::ops::Range;

use perennis_units::Year;

use crate::{FlowsAt, FundPath, MeasureError};

/// One year of an account as the measures of financing read it, currency at current prices.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FlowYear {
    /// Interest of the year on the reserve, above -1.
    pub interest: f64,
    /// Insured earnings.
    pub earnings: f64,
    /// Contributions collected from all payers.
    pub contributions: f64,
    /// Subsidies, other income and transfers in; not what the State or a lender pays because a reserve is gone.
    pub other_income: f64,
    /// Benefits, administration and transfers out.
    pub outgo: f64,
}

impl FlowYear {
    /// Returns income other than returns.
    #[must_use]
    pub fn income(&self) -> f64 {
        self.contributions + self.other_income
    }
}

/// Consecutive calendar years, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first year.
    pub first: Year,
    /// The last year.
    pub last: Year,
}

/// Yearly flows of an account and its reserve at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct CashFlows {
    first: Year,
    flows_at: FlowsAt,
    opening: f64,
    years: Vec<FlowYear>,
}

/// Present values at the start of a span of years, and what lies between its two ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Present {
    pub(crate) earnings: f64,
    pub(crate) contributions: f64,
    pub(crate) other_income: f64,
    pub(crate) outgo: f64,
    /// Value at the start of 1 at the end of the span.
    pub(crate) end: f64,
}

impl CashFlows {
    /// Checks that every number is finite, that flows are not negative and that interest is above -1.
    ///
    /// `opening` is the reserve at the start of `first`; a debt is negative.
    ///
    /// # Errors
    ///
    /// [`MeasureError::NotAFlow`] names the first year that has what cannot be; [`MeasureError::NoYears`].
    pub fn new(
        first: Year,
        flows_at: FlowsAt,
        opening: f64,
        years: Vec<FlowYear>,
    ) -> Result<Self, MeasureError> {
        if years.is_empty() {
            return Err(MeasureError::NoYears);
        }
        for (year, flow) in (0..).map(|offset| first.plus(offset)).zip(&years) {
            let amounts = [flow.earnings, flow.contributions, flow.other_income, flow.outgo];
            let whole = amounts.iter().all(|amount| amount.is_finite() && 0.0 <= *amount);
            if !whole || !flow.interest.is_finite() || flow.interest <= -1.0 || !opening.is_finite()
            {
                return Err(MeasureError::NotAFlow { year });
            }
        }
        Ok(Self { first, flows_at, opening, years })
    }

    /// Returns the first and the last year.
    #[must_use]
    pub fn period(&self) -> Period {
        Period { first: self.first, last: self.year(self.years.len() - 1) }
    }

    /// Returns the reserve less the debt at the start of the first year.
    #[must_use]
    pub const fn opening(&self) -> f64 {
        self.opening
    }

    /// Returns the years in order.
    #[must_use]
    pub fn years(&self) -> &[FlowYear] {
        &self.years
    }

    /// Returns the moment at which the flows of a year fall.
    #[must_use]
    pub const fn flows_at(&self) -> FlowsAt {
        self.flows_at
    }

    /// Returns the flows of a year.
    #[must_use]
    pub fn in_year(&self, year: Year) -> Option<&FlowYear> {
        self.years.get(usize::try_from(year.since(self.first)).ok()?)
    }

    /// Returns what the account is worth, reserve less debt, at the start of every year and at the end of the last, when
    /// debt bears the interest of the reserve.
    #[must_use]
    pub fn worth(&self) -> Vec<f64> {
        self.worth_from(0, self.opening, |_, flow| flow.contributions)
    }

    /// Returns what the account is worth from the start of a year on, with other contributions.
    pub(crate) fn worth_from(
        &self,
        from: usize,
        opening: f64,
        contributions: impl Fn(usize, &FlowYear) -> f64,
    ) -> Vec<f64> {
        let mut worth = vec![opening];
        let mut held = opening;
        for (at, flow) in self.years.iter().enumerate().skip(from) {
            let net = contributions(at, flow) + flow.other_income - flow.outgo;
            held = held * (1.0 + flow.interest) + net * self.flows_at.after(flow.interest);
            worth.push(held);
        }
        worth
    }

    /// Returns the positions of a period.
    pub(crate) fn span(&self, period: Period) -> Result<Range<usize>, MeasureError> {
        let (first, last) = (self.position(period.first)?, self.position(period.last)?);
        if last < first {
            return Err(MeasureError::EmptyPeriod { first: period.first, last: period.last });
        }
        Ok(first..last + 1)
    }

    pub(crate) fn position(&self, year: Year) -> Result<usize, MeasureError> {
        let Period { first, last } = self.period();
        let offset = usize::try_from(year.since(first)).ok();
        offset.filter(|offset| *offset < self.years.len()).ok_or(MeasureError::OutsideHorizon {
            year,
            first,
            last,
        })
    }

    pub(crate) fn year(&self, position: usize) -> Year {
        self.first.plus(i32::try_from(position).expect("a horizon fits i32"))
    }

    /// Returns present values at the start of a span.
    pub(crate) fn present(&self, span: Range<usize>) -> Present {
        let mut sum =
            Present { earnings: 0.0, contributions: 0.0, other_income: 0.0, outgo: 0.0, end: 1.0 };
        for flow in &self.years[span] {
            let factor = sum.end / self.flows_at.before(flow.interest);
            sum.earnings += flow.earnings * factor;
            sum.contributions += flow.contributions * factor;
            sum.other_income += flow.other_income * factor;
            sum.outgo += flow.outgo * factor;
            sum.end /= 1.0 + flow.interest;
        }
        sum
    }

    /// Returns present values at the start of a span whose earnings are not nothing.
    pub(crate) fn present_with_earnings(
        &self,
        span: Range<usize>,
    ) -> Result<Present, MeasureError> {
        let (first, last) = (self.year(span.start), self.year(span.end - 1));
        let present = self.present(span);
        if present.earnings <= 0.0 {
            return Err(MeasureError::NoEarnings { first, last });
        }
        Ok(present)
    }

    /// Returns the value at the start of the first year of amounts that fall with the flows.
    ///
    /// Amounts beyond the last year count for nothing.
    #[must_use]
    pub fn present_value(&self, amounts: &[f64]) -> f64 {
        let mut start = 1.0;
        let mut sum = 0.0;
        for (flow, amount) in self.years.iter().zip(amounts) {
            sum += amount * start / self.flows_at.before(flow.interest);
            start /= 1.0 + flow.interest;
        }
        sum
    }
}

impl FundPath {
    /// Returns the flows of a fund as the measures of financing read them, with what it earned in each year.
    ///
    /// # Errors
    ///
    /// [`MeasureError::NoYears`] before the first year is stepped.
    pub fn cash_flows(&self) -> Result<CashFlows, MeasureError> {
        let first = self.years.first().ok_or(MeasureError::NoYears)?;
        let flow = |year: &crate::FundYear| FlowYear {
            interest: year.interest,
            earnings: year.insured_earnings,
            contributions: year.contributions,
            // Sums in another order leave a few units in the last place.
            other_income: (year.primary_income - year.contributions - year.state_paid).max(0.0),
            outgo: year.outgo,
        };
        let years = self.years.iter().map(flow).collect();
        CashFlows::new(first.year, self.flows_at, first.reserve_start - first.debt_start, years)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIRST: Year = Year::new(2024);

    fn flows() -> impl Strategy<Value = CashFlows> {
        let year = (-0.05..0.15_f64, 1.0..100.0_f64, 0.0..30.0_f64, 0.0..5.0_f64, 0.0..30.0_f64);
        let years = prop::collection::vec(year, 1..60);
        let flow = |(interest, earnings, contributions, other_income, outgo)| FlowYear {
            interest,
            earnings,
            contributions,
            other_income,
            outgo,
        };
        (years, -50.0..100.0_f64, prop::sample::select(FlowsAt::ALL.to_vec())).prop_map(
            move |(years, opening, flows_at)| {
                let years = years.into_iter().map(flow).collect();
                CashFlows::new(FIRST, flows_at, opening, years).unwrap()
            },
        )
    }

    proptest! {
        #[test]
        fn the_last_worth_discounted_is_the_opening_and_all_flows(flows in flows()) {
            let count = flows.years().len();
            let present = flows.present(0..count);
            let net = present.contributions + present.other_income - present.outgo;
            let end = flows.worth()[count] * present.end;
            let size = 1.0 + present.contributions + present.outgo + flows.opening().abs();
            // Sixty multiplications and additions, each rounded.
            prop_assert!((flows.opening() + net - end).abs() <= 1e-13 * size);
        }

        #[test]
        fn present_values_at_two_dates_differ_by_the_accumulation_factor(
            flows in flows(), at in any::<prop::sample::Index>(),
        ) {
            let count = flows.years().len();
            let at = at.index(count);
            let (all, before, after) = (flows.present(0..count), flows.present(0..at), flows.present(at..count));
            let joined = before.outgo + before.end * after.outgo;
            prop_assert!((all.outgo - joined).abs() <= 1e-13 * (1.0 + all.outgo));
        }
    }

    #[test]
    fn interest_of_minus_one_and_negative_flows_are_refused() {
        let flow = FlowYear { interest: -1.0, earnings: 1.0, ..FlowYear::default() };
        let refused = CashFlows::new(FIRST, FlowsAt::MidYear, 0.0, vec![flow]);
        assert_eq!(refused, Err(MeasureError::NotAFlow { year: FIRST }));
        let flow = FlowYear { outgo: -1.0, ..FlowYear::default() };
        assert!(CashFlows::new(FIRST, FlowsAt::MidYear, 0.0, vec![flow]).is_err());
    }
}
