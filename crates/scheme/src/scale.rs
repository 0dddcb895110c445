use thiserror::Error;

/// Points that are no scale.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum ScaleError {
    /// There is no point.
    #[error("a scale needs at least one point")]
    Empty,
    /// Years do not increase.
    #[error("the points must increase: {after} follows {before}")]
    NotIncreasing {
        /// Years of the point before.
        before: f64,
        /// Years of the point at fault.
        after: f64,
    },
    /// A number outside its bounds.
    #[error("{0} is outside the bounds of a scale: years 0..=80, shares 0..=2")]
    OutOfBounds(f64),
}

/// What a scale is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleOf {
    /// Years; measures in months are converted.
    Years,
    /// Months.
    Months,
    /// A share, a number of heads or points, or an amount, as it is.
    Number,
}

/// What a scale gives between two points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleShape {
    /// A straight line.
    Lines,
    /// The value of the last point reached.
    Steps,
}

/// What a scale gives before its first point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeforeFirst {
    /// Nothing.
    Nothing,
    /// The value of the first point.
    First,
}

/// A scale from years of credit, or another measure, to a share; the share of the last point holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    points: Vec<(f64, f64)>,
    of: ScaleOf,
    shape: ScaleShape,
    before: BeforeFirst,
}

impl Scale {
    /// Checks points of (years, share) with straight lines between them and nothing before the first.
    ///
    /// # Errors
    ///
    /// [`ScaleError`] when years do not increase or a number is out of bounds.
    pub fn new(points: Vec<(f64, f64)>) -> Result<Self, ScaleError> {
        for (years, share) in &points {
            if !(0.0..=80.0).contains(years) {
                return Err(ScaleError::OutOfBounds(*years));
            }
            if !(0.0..=2.0).contains(share) {
                return Err(ScaleError::OutOfBounds(*share));
            }
        }
        Self::of(ScaleOf::Years, points, ScaleShape::Lines, BeforeFirst::Nothing)
    }

    /// Checks points of (measure, value); numbers must be finite.
    ///
    /// # Errors
    ///
    /// [`ScaleError`] when the measure does not increase or a number is not finite.
    pub fn of(
        of: ScaleOf,
        points: Vec<(f64, f64)>,
        shape: ScaleShape,
        before: BeforeFirst,
    ) -> Result<Self, ScaleError> {
        if points.is_empty() {
            return Err(ScaleError::Empty);
        }
        for (measure, value) in &points {
            if let Some(odd) = [measure, value].into_iter().find(|number| !number.is_finite()) {
                return Err(ScaleError::OutOfBounds(*odd));
            }
        }
        for pair in points.windows(2) {
            if pair[1].0 <= pair[0].0 {
                return Err(ScaleError::NotIncreasing { before: pair[0].0, after: pair[1].0 });
            }
        }
        Ok(Self { points, of, shape, before })
    }

    /// Returns what the scale is read by.
    #[must_use]
    pub const fn is_of(&self) -> ScaleOf {
        self.of
    }

    /// Returns the share at a measure in the unit of the scale, mostly `years`.
    ///
    /// # Formula
    ///
    /// `s_k + (s_(k+1) - s_k) * (n - n_k) / (n_(k+1) - n_k)` between the points `k` and `k + 1`, or `s_k` for a
    /// scale of steps; 0 or the first share before the first point, the share of the last point after it.
    #[must_use]
    pub fn share(&self, years: f64) -> f64 {
        let after = self.points.partition_point(|(point, _)| *point <= years);
        if after == 0 {
            return match self.before {
                BeforeFirst::Nothing => 0.0,
                BeforeFirst::First => self.points[0].1,
            };
        }
        let (from, low) = self.points[after - 1];
        match self.points.get(after) {
            _ if self.shape == ScaleShape::Steps => low,
            None => low,
            Some((to, high)) => low + (high - low) * (years - from) / (to - from),
        }
    }

    /// Returns the measure at the last point.
    pub(crate) fn last_point(&self) -> f64 {
        self.points.last().map_or(0.0, |(last, _)| *last)
    }

    /// Returns the years beyond the last point.
    #[must_use]
    pub fn years_above(&self, years: f64) -> f64 {
        self.points.last().map_or(0.0, |(last, _)| (years - last).max(0.0))
    }

    /// Returns the points.
    #[must_use]
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_straight_between_points_and_level_after_the_last() {
        let scale = Scale::new(vec![(15.0, 0.40), (20.0, 0.45), (35.0, 0.75)]).unwrap();
        for (years, share) in
            [(14.5, 0.0), (15.0, 0.40), (17.5, 0.425), (20.0, 0.45), (25.0, 0.55), (40.0, 0.75)]
        {
            assert!((scale.share(years) - share).abs() < 1e-12, "{years}");
        }
        assert!((scale.years_above(37.5) - 2.5).abs() < 1e-12);
        assert!(scale.years_above(30.0).abs() < 1e-12);
    }

    #[test]
    fn years_that_do_not_increase_are_no_scale() {
        let scale = Scale::new(vec![(15.0, 0.4), (15.0, 0.5)]);
        assert_eq!(scale, Err(ScaleError::NotIncreasing { before: 15.0, after: 15.0 }));
        assert_eq!(Scale::new(vec![]), Err(ScaleError::Empty));
        assert_eq!(Scale::new(vec![(0.0, 45.0)]), Err(ScaleError::OutOfBounds(45.0)));
    }
}
