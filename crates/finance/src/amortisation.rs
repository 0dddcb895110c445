use crate::FlowsAt;

/// How an amount that is not funded is paid off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amortisation {
    /// Number of yearly payments, at least 1.
    pub payments: u16,
    /// Interest a year, above -1.
    pub interest: f64,
    /// Growth of the payments a year: zero for level amounts, the growth of payroll for a level share of it.
    pub growth: f64,
    /// When in the year the payment falls.
    pub flows_at: FlowsAt,
}

impl Amortisation {
    /// Returns the present value at the start of payments of which the first is 1.
    ///
    /// # Formula
    ///
    /// `sum over k < n of (1 + g)^k (1 + i)^-k / before`, with `before` of [`FlowsAt`]; half a year's interest for
    /// payments at mid-year.
    #[must_use]
    pub fn factor(&self) -> f64 {
        let step = (1.0 + self.growth) / (1.0 + self.interest);
        let mut payment = 1.0 / self.flows_at.before(self.interest);
        let mut sum = 0.0;
        for _ in 0..self.payments {
            sum += payment;
            payment *= step;
        }
        sum
    }

    /// Returns the first payment that, with those that follow, pays off `balance`; a surplus gives a negative one.
    #[must_use]
    pub fn first_payment(&self, balance: f64) -> f64 {
        balance / self.factor()
    }

    /// Returns what is left of `balance` at the end of each year; the last is zero but for rounding.
    #[must_use]
    pub fn balances(&self, balance: f64) -> Vec<f64> {
        let mut payment = self.first_payment(balance);
        let mut left = balance;
        (0..self.payments)
            .map(|_| {
                left = left * (1.0 + self.interest) - payment * self.flows_at.after(self.interest);
                payment *= 1.0 + self.growth;
                left
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_last_payment_leaves_nothing(
            payments in 1..60_u16, interest in 0.0..0.15_f64, growth in -0.05..0.08_f64,
            flows_at in prop::sample::select(FlowsAt::ALL.to_vec()),
        ) {
            let plan = Amortisation { payments, interest, growth, flows_at };
            let left = plan.balances(1000.0);
            // Sixty multiplications by at most 1.15 carry the rounding of the first payment.
            prop_assert!(left.last().unwrap().abs() < 1e-6);
        }
    }

    #[test]
    fn level_payments_at_the_end_of_the_year_are_the_annuity_certain() {
        let plan = Amortisation {
            payments: 10,
            interest: 0.05,
            growth: 0.0,
            flows_at: FlowsAt::EndOfYear,
        };
        // (1 - 1.05^-10) / 0.05
        assert!((plan.factor() - 7.721_734_929_184_818).abs() < 1e-12);
    }
}
