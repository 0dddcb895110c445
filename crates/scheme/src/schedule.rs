use crate::Lognormal;

/// A straight piece of a schedule: from an amount of the base on, `at_zero + slope * base`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Where it begins.
    pub from: f64,
    /// The amount that its line has at a base of zero.
    pub at_zero: f64,
    /// The amount for each unit of the base.
    pub slope: f64,
}

impl Piece {
    pub(crate) const fn line(at_zero: f64, slope: f64) -> Self {
        Self { from: 0.0, at_zero, slope }
    }

    pub(crate) const fn scaled(&self, factor: f64) -> Self {
        Self { from: self.from, at_zero: self.at_zero * factor, slope: self.slope * factor }
    }

    fn at(&self, base: f64) -> f64 {
        self.at_zero + self.slope * base
    }
}

/// An amount as a continuous, piecewise-linear function of what a benefit is proportional to (yearly reference earnings,
/// points or a balance; never below nothing).
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// The first begins at nothing, each later one where the line before it is met.
    pieces: Vec<Piece>,
}

/// A schedule that lies among others in one array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScheduleView<'a> {
    pieces: &'a [Piece],
}

impl<'a> ScheduleView<'a> {
    /// Takes pieces of a schedule.
    #[inline]
    pub(crate) const fn new(pieces: &'a [Piece]) -> Self {
        Self { pieces }
    }

    /// Returns the amount of a person with this base.
    #[must_use]
    pub fn at(&self, base: f64) -> f64 {
        if let [line] = self.pieces {
            return line.at(base);
        }
        let after = self.pieces.partition_point(|piece| piece.from <= base);
        self.pieces[after.saturating_sub(1)].at(base)
    }

    /// Returns the mean amount of persons whose base is spread lognormally, in closed form.
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
    pub fn expected(&self, spread: &Lognormal) -> f64 {
        let first = &self.pieces[0];
        let mut expected = first.at(spread.mean());
        let mut slope = first.slope;
        for piece in &self.pieces[1..] {
            expected += (piece.slope - slope) * spread.expected_excess(piece.from);
            slope = piece.slope;
        }
        expected
    }

    /// Returns the amount at a base of nothing and the slope, when the schedule is one straight line.
    #[inline]
    #[must_use]
    pub const fn line(&self) -> Option<(f64, f64)> {
        match self.pieces {
            [line] => Some((line.at_zero, line.slope)),
            _ => None,
        }
    }

    /// Returns the straight pieces, the first from nothing on.
    #[must_use]
    pub const fn pieces(&self) -> &'a [Piece] {
        self.pieces
    }
}

impl Schedule {
    /// The amount equals the base.
    #[must_use]
    pub fn identity() -> Self {
        Self { pieces: vec![Piece::line(0.0, 1.0)] }
    }

    /// The same amount for everyone.
    #[must_use]
    pub fn flat(amount: f64) -> Self {
        Self { pieces: vec![Piece::line(amount, 0.0)] }
    }

    /// Takes pieces that join.
    pub(crate) const fn of(pieces: Vec<Piece>) -> Self {
        Self { pieces }
    }

    /// Borrows the schedule.
    #[must_use]
    pub fn view(&self) -> ScheduleView<'_> {
        ScheduleView { pieces: &self.pieces }
    }

    /// Returns the amount of a person with this base.
    #[must_use]
    pub fn at(&self, base: f64) -> f64 {
        self.view().at(base)
    }

    /// Returns the mean amount of persons whose base is spread lognormally; see [`ScheduleView::expected`].
    #[must_use]
    pub fn expected(&self, spread: &Lognormal) -> f64 {
        self.view().expected(spread)
    }

    /// Returns the schedule multiplied by `factor`.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Self {
        for piece in &mut self.pieces {
            piece.at_zero *= factor;
            piece.slope *= factor;
        }
        self
    }

    /// Returns the sum of two schedules.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut pieces = Vec::with_capacity(self.pieces.len() + other.pieces.len());
        add(&self.pieces, &other.pieces, &mut pieces);
        Self { pieces }
    }

    /// Returns the larger of the schedule and `floor`, exactly.
    #[must_use]
    pub fn at_least(&self, floor: f64) -> Self {
        self.greater(&Self::flat(floor))
    }

    /// Returns the smaller of the schedule and `ceiling`, exactly.
    #[must_use]
    pub fn at_most(&self, ceiling: f64) -> Self {
        self.lesser(&Self::flat(ceiling))
    }

    /// Returns the larger of two schedules, exactly.
    #[must_use]
    pub fn greater(&self, other: &Self) -> Self {
        let mut pieces = Vec::with_capacity(self.pieces.len() + other.pieces.len() + 1);
        choose(&self.pieces, &other.pieces, 1.0, &mut pieces);
        Self { pieces }
    }

    /// Returns the smaller of two schedules, exactly.
    #[must_use]
    pub fn lesser(&self, other: &Self) -> Self {
        let mut pieces = Vec::with_capacity(self.pieces.len() + other.pieces.len() + 1);
        choose(&self.pieces, &other.pieces, -1.0, &mut pieces);
        Self { pieces }
    }

    /// Returns the straight pieces, the first from nothing on.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

/// Appends the sum of two schedules.
pub(crate) fn add(one: &[Piece], other: &[Piece], sum: &mut Vec<Piece>) {
    let begin = sum.len();
    both(one, other, |from, _, a, b| {
        push(sum, begin, Piece { from, at_zero: a.at_zero + b.at_zero, slope: a.slope + b.slope });
    });
}

/// Appends the larger of two schedules for a `sign` of 1, the smaller for -1.
pub(crate) fn choose(one: &[Piece], other: &[Piece], sign: f64, chosen: &mut Vec<Piece>) {
    let begin = chosen.len();
    both(one, other, |from, to, a, b| {
        let ahead = sign * (a.at(from) - b.at(from));
        let gains = sign * (a.slope - b.slope);
        let a_first = 0.0 < ahead || (ahead >= 0.0 && 0.0 <= gains);
        let (first, second) = if a_first { (a, b) } else { (b, a) };
        if (a_first && gains < 0.0) || (!a_first && 0.0 < gains) {
            let crossing = (b.at_zero - a.at_zero) / (a.slope - b.slope);
            // Where both meet at the beginning but for a rounding, the one that gains leads from there on.
            if from < crossing {
                push(chosen, begin, Piece { from, ..*first });
            }
            if crossing < to {
                push(chosen, begin, Piece { from: crossing.max(from), ..*second });
            }
        } else {
            push(chosen, begin, Piece { from, ..*first });
        }
    });
}

/// Walks the spans on which both schedules are straight.
fn both(one: &[Piece], other: &[Piece], mut span: impl FnMut(f64, f64, &Piece, &Piece)) {
    let (mut at, mut beside, mut from) = (0, 0, 0.0);
    loop {
        let next = |pieces: &[Piece], at: usize| {
            pieces.get(at + 1).map_or(f64::INFINITY, |piece| piece.from)
        };
        let (ends, ends_beside) = (next(one, at), next(other, beside));
        let to = ends.min(ends_beside);
        span(from, to, &one[at], &other[beside]);
        if to == f64::INFINITY {
            return;
        }
        at += usize::from(ends <= to);
        beside += usize::from(ends_beside <= to);
        from = to;
    }
}

/// Appends a piece unless it goes on with the line before it.
fn push(pieces: &mut Vec<Piece>, begin: usize, piece: Piece) {
    let same = |one: f64, other: f64| one.total_cmp(&other).is_eq();
    if let Some(last) = pieces[begin..].last()
        && same(last.at_zero, piece.at_zero)
        && same(last.slope, piece.slope)
    {
        return;
    }
    pieces.push(piece);
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
        for knot in schedule.pieces().iter().map(|piece| piece.from).filter(|knot| 0.0 < *knot) {
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
        assert_eq!(schedule.pieces().len(), 3);
        assert!((schedule.at(100.0) - 90.0).abs() < 1e-12);
        assert!((schedule.at(200.0) - 90.0).abs() < 1e-12);
        assert!((schedule.at(400.0) - 180.0).abs() < 1e-12);
        assert!((schedule.at(5000.0) - 450.0).abs() < 1e-12);
    }

    #[test]
    fn a_minimum_that_is_applied_twice_changes_nothing() {
        // Some of these lines miss zero by a rounding where they bend.
        for tenth in 1..=100 {
            let line =
                Schedule::identity().times(0.75).plus(&Schedule::flat(-1.3 * f64::from(tenth)));
            let once = line.at_least(0.0);
            assert!((once.at_least(0.0).at(668.0) - once.at(668.0)).abs() < 1e-12, "{tenth}");
            let held = line.times(-1.0).at_most(0.0);
            assert!((held.at_most(0.0).at(668.0) - held.at(668.0)).abs() < 1e-12, "{tenth}");
        }
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
