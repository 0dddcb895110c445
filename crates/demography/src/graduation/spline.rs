/// A natural cubic spline; beyond its ends it goes on as a straight line.
pub(super) struct Spline {
    at: Vec<f64>,
    values: Vec<f64>,
    bends: Vec<f64>,
}

impl Spline {
    /// Passes through `values` at the rising positions `at`, one or more.
    pub(super) fn through(at: &[f64], values: &[f64]) -> Self {
        Self { at: at.to_vec(), values: values.to_vec(), bends: second_derivatives(at, values) }
    }

    /// Returns the value at `x`.
    pub(super) fn value(&self, x: f64) -> f64 {
        let last = self.at.len() - 1;
        if last == 0 {
            return self.values[0];
        }
        let right = self.at.partition_point(|knot| *knot < x).clamp(1, last);
        let left = right - 1;
        let width = self.at[right] - self.at[left];
        let slope = (self.values[right] - self.values[left]) / width;
        if x <= self.at[0] {
            return self.values[0] + (x - self.at[0]) * (slope - width * self.bends[1] / 6.0);
        }
        if self.at[last] <= x {
            let end = slope + width * self.bends[last - 1] / 6.0;
            return self.values[last] + (x - self.at[last]) * end;
        }
        let (before, after) = ((self.at[right] - x) / width, (x - self.at[left]) / width);
        let cubic = |part: f64| part * part * part - part;
        let bend = cubic(before) * self.bends[left] + cubic(after) * self.bends[right];
        before * self.values[left] + after * self.values[right] + bend * width * width / 6.0
    }
}

/// Solves the tridiagonal system of the natural spline.
fn second_derivatives(at: &[f64], values: &[f64]) -> Vec<f64> {
    let count = at.len();
    let mut bends = vec![0.0; count];
    if count < 3 {
        return bends;
    }
    let (mut upper, mut right) = (vec![0.0; count], vec![0.0; count]);
    for i in 1..count - 1 {
        let (before, after) = (at[i] - at[i - 1], at[i + 1] - at[i]);
        let turn = (values[i + 1] - values[i]) / after - (values[i] - values[i - 1]) / before;
        let pivot = 2.0 * (before + after) - before * upper[i - 1];
        upper[i] = after / pivot;
        right[i] = (6.0 * turn - before * right[i - 1]) / pivot;
    }
    for i in (1..count - 1).rev() {
        bends[i] = right[i] - upper[i] * bends[i + 1];
    }
    bends
}

/// Returns the increase from each of `to` to the next, of a smooth curve through rising `values` at `at` that never
/// falls.
///
/// # Source
///
/// F. N. Fritsch and J. Butland, "A method for constructing local monotone piecewise cubic interpolants", SIAM
/// Journal on Scientific and Statistical Computing 5 (1984), 300-304; slopes at the two ends are zero.
pub(super) fn monotone_increases(at: &[f64], values: &[f64], to: &[f64]) -> Vec<f64> {
    let chords: Vec<f64> =
        at.windows(2).zip(values.windows(2)).map(|(x, y)| (y[1] - y[0]) / (x[1] - x[0])).collect();
    let mut slopes = vec![0.0; at.len()];
    for i in 1..at.len() - 1 {
        let (before, after) = (at[i] - at[i - 1], at[i + 1] - at[i]);
        let (left, right) = (chords[i - 1], chords[i]);
        if 0.0 < left && 0.0 < right {
            let (one, two) = (2.0 * after + before, after + 2.0 * before);
            slopes[i] = (one + two) / (one / left + two / right);
        }
    }
    let value = |x: f64| {
        let right = at.partition_point(|knot| *knot < x).clamp(1, at.len() - 1);
        let left = right - 1;
        let width = at[right] - at[left];
        let t = (x - at[left]) / width;
        let rise = values[right] - values[left];
        let inner = slopes[left] * (1.0 - t) - slopes[right] * t;
        values[left] + rise * t * t * (3.0 - 2.0 * t) + width * t * (1.0 - t) * inner
    };
    to.windows(2).map(|ends| (value(ends[1]) - value(ends[0])).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spline_passes_through_its_points_and_keeps_a_straight_line() {
        let at = [0.0, 1.0, 3.0, 4.0, 7.0];
        let line = Spline::through(&at, &at.map(|x| 2.0 * x - 1.0));
        for x in [-2.0, 0.0, 0.5, 2.0, 6.9, 9.0] {
            assert!((line.value(x) - (2.0 * x - 1.0)).abs() < 1e-12, "{x}");
        }
        let values = [1.0, -1.0, 2.0, 0.0, 5.0];
        let spline = Spline::through(&at, &values);
        for (x, value) in at.iter().zip(values) {
            assert!((spline.value(*x) - value).abs() < 1e-12);
            assert!((spline.value(x - 1e-7) - spline.value(x + 1e-7)).abs() < 1e-5);
        }
    }

    #[test]
    fn monotone_increases_add_up_and_never_fall() {
        let at = [10.0, 15.0, 20.0, 25.0];
        let to: Vec<f64> = (10..=25).map(f64::from).collect();
        let increases = monotone_increases(&at, &[0.0, 0.0, 3.0, 3.1], &to);
        assert!(increases.iter().all(|increase| 0.0 <= *increase));
        assert!(increases[..5].iter().sum::<f64>().abs() < 1e-12);
        assert!((increases[5..10].iter().sum::<f64>() - 3.0).abs() < 1e-12);
    }
}
