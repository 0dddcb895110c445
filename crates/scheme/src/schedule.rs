use crate::Lognormal;

/// A yearly amount as a continuous, piecewise-linear function of yearly reference earnings (not negative).
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Earnings and amount at each knot, the first at earnings 0, earnings increasing.
    knots: Vec<(f64, f64)>,
    /// Slope after the last knot.
    slope: f64,
}

impl Schedule {
    /// The amount equals the reference earnings.
    #[must_use]
    pub fn identity() -> Self {
        Self { knots: vec![(0.0, 0.0)], slope: 1.0 }
    }

    /// The same amount for everyone.
    #[must_use]
    pub fn flat(amount: f64) -> Self {
        Self { knots: vec![(0.0, amount)], slope: 0.0 }
    }

    /// Returns the amount of a person with these reference earnings.
    #[must_use]
    pub fn at(&self, reference_earnings: f64) -> f64 {
        let after = self.knots.partition_point(|(earnings, _)| *earnings <= reference_earnings);
        let piece = after.saturating_sub(1);
        let (earnings, amount) = self.knots[piece];
        amount + self.slope_after(piece) * (reference_earnings - earnings)
    }

    /// Returns the mean amount of persons whose reference earnings are spread lognormally, in closed form.
    ///
    /// # Formula
    ///
    /// `E[f(X)] = f(0) + s_0 E[X] + sum over knots of (change of slope) * E[(X - knot)+]`
    ///
    /// # Units
    ///
    /// Currency a year, as the earnings.
    ///
    /// # Source
    ///
    /// Iyer, Actuarial mathematics of social security pensions (ILO, 1999), 5.12, for the spread.
    #[must_use]
    pub fn expected(&self, earnings: &Lognormal) -> f64 {
        let mut slope = self.slope_after(0);
        let mut expected = self.knots[0].1 + slope * earnings.mean();
        for (piece, (knot, _)) in self.knots.iter().enumerate().skip(1) {
            let next = self.slope_after(piece);
            expected += (next - slope) * earnings.expected_excess(*knot);
            slope = next;
        }
        expected
    }

    /// Returns the schedule multiplied by `factor`.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Self {
        for (_, amount) in &mut self.knots {
            *amount *= factor;
        }
        self.slope *= factor;
        self
    }

    /// Returns the sum of two schedules.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut earnings: Vec<f64> =
            self.knots.iter().chain(&other.knots).map(|(earnings, _)| *earnings).collect();
        earnings.sort_by(f64::total_cmp);
        earnings.dedup_by(|a, b| a.total_cmp(b).is_eq());
        let knots = earnings.into_iter().map(|at| (at, self.at(at) + other.at(at))).collect();
        Self { knots, slope: self.slope + other.slope }
    }

    /// Returns the larger of the schedule and `floor`, exactly.
    #[must_use]
    pub fn at_least(&self, floor: f64) -> Self {
        let mut knots = Vec::with_capacity(self.knots.len() + 1);
        for (piece, (earnings, amount)) in self.knots.iter().copied().enumerate() {
            knots.push((earnings, amount.max(floor)));
            let slope = self.slope_after(piece);
            let crosses = (amount < floor && 0.0 < slope) || (floor < amount && slope < 0.0);
            let crossing = earnings + (floor - amount) / slope;
            let next = self.knots.get(piece + 1).map_or(f64::INFINITY, |(next, _)| *next);
            if crosses && crossing < next && earnings < crossing {
                knots.push((crossing, floor));
            }
        }
        let last = self.knots[self.knots.len() - 1].1;
        let ends_above = 0.0 < self.slope || (self.slope >= 0.0 && floor <= last);
        Self { knots, slope: if ends_above { self.slope } else { 0.0 } }
    }

    /// Returns the smaller of the schedule and `ceiling`, exactly.
    #[must_use]
    pub fn at_most(self, ceiling: f64) -> Self {
        self.times(-1.0).at_least(-ceiling).times(-1.0)
    }

    /// Returns the earnings and amounts at the knots, and the slope after the last.
    #[must_use]
    pub fn knots(&self) -> (&[(f64, f64)], f64) {
        (&self.knots, self.slope)
    }

    fn slope_after(&self, piece: usize) -> f64 {
        let (earnings, amount) = self.knots[piece];
        self.knots
            .get(piece + 1)
            .map_or(self.slope, |(next, reached)| (reached - amount) / (next - earnings))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Integrates by the midpoint rule in the normal deviate, with the schedule's own kinks as limits.
    fn integrated(schedule: &Schedule, mean: f64, cv: f64) -> f64 {
        let sigma = (1.0 + cv * cv).ln().sqrt();
        let mu = mean.ln() - 0.5 * sigma * sigma;
        let mut limits = vec![-10.0, 10.0 + sigma];
        for (knot, _) in schedule.knots().0.iter().filter(|(knot, _)| 0.0 < *knot) {
            limits.push(((knot.ln() - mu) / sigma).clamp(-10.0, 10.0 + sigma));
        }
        limits.sort_by(f64::total_cmp);
        limits.windows(2).map(|pair| gauss(schedule, mu, sigma, pair[0], pair[1])).sum()
    }

    /// Composite Gauss-Legendre with three points on 400 panels: the error is far below 1e-10 of the mean.
    fn gauss(schedule: &Schedule, mu: f64, sigma: f64, from: f64, to: f64) -> f64 {
        let (panels, offset) = (400, 0.6_f64.sqrt());
        let half = 0.5 * (to - from) / f64::from(panels);
        let value = |z: f64| {
            let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
            schedule.at((mu + sigma * z).exp()) * density
        };
        (0..panels)
            .map(|panel| {
                let middle = from + half * f64::from(2 * panel + 1);
                let sides = value(middle - half * offset) + value(middle + half * offset);
                half * (5.0 * sides + 8.0 * value(middle)) / 9.0
            })
            .sum()
    }

    #[test]
    fn a_minimum_bends_exactly_where_the_amount_meets_it() {
        let schedule = Schedule::identity().times(0.45).at_least(90.0).at_most(450.0);
        assert_eq!(schedule.knots().0.len(), 3);
        assert!((schedule.at(100.0) - 90.0).abs() < 1e-12);
        assert!((schedule.at(200.0) - 90.0).abs() < 1e-12);
        assert!((schedule.at(400.0) - 180.0).abs() < 1e-12);
        assert!((schedule.at(5000.0) - 450.0).abs() < 1e-12);
    }

    #[test]
    fn the_minimum_pension_of_a_lognormal_wage_costs_its_black_scholes_value() {
        // Reference case ana-22: mean 1, sigma 0.6, pension 0.45 of the wage, minimum 0.25; mpmath, 40 digits.
        let cv = (0.36_f64.exp() - 1.0).sqrt();
        let wages = Lognormal::new(1.0, cv);
        let pension = Schedule::identity().times(0.45);
        let lifted = pension.at_least(0.25);
        // The closed form is exact; 1e-12 leaves room for erfc.
        assert!((lifted.expected(&wages) - 0.466_940_405_035_741_6).abs() < 1e-12);
        let top_up = lifted.expected(&wages) - pension.expected(&wages);
        assert!((top_up - 0.016_940_405_035_741_582).abs() < 1e-12);
        assert!((wages.share_below(0.25 / 0.45) - 0.248_364_811_358_801_45).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_closed_form_equals_numerical_integration(
            mean in 1.0..1e3_f64, cv in 0.05..1.5_f64, share in 0.1..1.0_f64,
            floor in 0.05..2.0_f64, room in 0.1..3.0_f64, points in 0.0..0.1_f64,
        ) {
            let points = Schedule::identity().times(-points);
            let schedule = Schedule::identity()
                .times(share).at_least(floor * mean).plus(&points).at_least(0.0)
                .at_most((floor + room) * mean);
            let exact = schedule.expected(&Lognormal::new(mean, cv));
            prop_assert!((exact - integrated(&schedule, mean, cv)).abs() < 1e-9 * mean.max(exact));
        }

        #[test]
        fn limits_on_a_schedule_are_limits_on_every_amount(
            earnings in 0.0..5e3_f64, share in -1.0..2.0_f64, add in -500.0..500.0_f64,
            floor in -200.0..900.0_f64, ceiling in -200.0..900.0_f64,
        ) {
            let before = Schedule::identity().times(share).plus(&Schedule::flat(add));
            let raw = share * earnings + add;
            let lifted = before.at_least(floor);
            prop_assert!((lifted.at(earnings) - raw.max(floor)).abs() < 1e-9);
            let held = lifted.at_most(ceiling);
            prop_assert!((held.at(earnings) - raw.max(floor).min(ceiling)).abs() < 1e-9);
        }
    }
}
