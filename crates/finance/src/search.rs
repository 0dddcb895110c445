/// The values that a lever may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeverRange {
    /// The lowest value.
    pub low: f64,
    /// The highest value, above the lowest.
    pub high: f64,
    /// Number of steps in which the range is looked through for changes of sign, at least 1.
    pub steps: u16,
}

/// How a measure moves with a lever over its range, as far as the points looked at show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It rises or stands.
    Rises,
    /// It falls or stands.
    Falls,
    /// It rises and falls.
    Turns,
    /// It does not move.
    Stands,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The values of the lever at which the measure meets its target, ascending.
    pub values: Vec<f64>,
    /// How the measure moves over the range.
    pub course: Course,
    /// Each value that was looked at in the first pass, and by how much the measure misses its target there.
    pub points: Vec<(f64, f64)>,
}

impl Found {
    /// Returns the value of the lever that comes nearest, and by how much it misses.
    #[must_use]
    pub fn nearest(&self) -> (f64, f64) {
        let mut points = self.points.iter().copied();
        let first = points.next().unwrap_or((f64::NAN, f64::NAN));
        points.fold(first, |best, point| if point.1.abs() < best.1.abs() { point } else { best })
    }

    /// Returns where a straight line through the nearest end of the range would meet the target.
    ///
    /// `None` when the measure does not move there towards it.
    #[must_use]
    pub fn beyond(&self) -> Option<f64> {
        let nearest = self.nearest().0;
        let [first, second] = self.points.get(..2)? else { return None };
        let [before, last] = self.points.get(self.points.len() - 2..)? else { return None };
        let (inner, end) = if nearest <= first.0 { (second, first) } else { (before, last) };
        let slope = (end.1 - inner.1) / (end.0 - inner.0);
        let beyond = end.0 - end.1 / slope;
        let outward = 0.0 < (beyond - end.0) * (end.0 - inner.0);
        (beyond.is_finite() && outward).then_some(beyond)
    }
}

/// Finds every value of a lever at which `miss`, a measure less its target, passes through zero.
///
/// The range is looked through in steps; where the sign changes, the value is found to the last digits by the Illinois
/// method (false position that keeps both sides moving). Two solutions within one step of each other can be overlooked:
/// a single one is the only one in the range when the measure rises or falls throughout.
///
/// `miss` may be a whole valuation: it is called once for each step and about ten times for each solution.
///
/// # Errors
///
/// Those of `miss`.
pub fn search<E>(
    range: LeverRange,
    mut miss: impl FnMut(f64) -> Result<f64, E>,
) -> Result<Found, E> {
    let steps = range.steps.max(1);
    let width = (range.high - range.low) / f64::from(steps);
    let mut points = Vec::with_capacity(usize::from(steps) + 1);
    for step in 0..=steps {
        let at = if step == steps { range.high } else { range.low + width * f64::from(step) };
        points.push((at, miss(at)?));
    }
    let mut values: Vec<f64> =
        points.iter().filter(|point| point.1.abs() <= 0.0).map(|point| point.0).collect();
    for pair in points.windows(2).filter(|pair| pair[0].1 * pair[1].1 < 0.0) {
        values.push(between(pair[0], pair[1], &mut miss)?);
    }
    values.sort_by(f64::total_cmp);
    let course = course(&points);
    Ok(Found { values, course, points })
}

/// Looks at one interval in which the sign changes; after this many false positions it is halved instead.
const POSITIONS: usize = 60;
/// Most looks at one interval: halving alone is then below the last digit.
const MOST: usize = 140;

fn between<E>(
    low: (f64, f64),
    high: (f64, f64),
    miss: &mut impl FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    let ((mut a, mut miss_a), (mut b, mut miss_b)) = (low, high);
    let narrow = 1e-15 * a.abs().max(b.abs());
    let mut best = if miss_a.abs() < miss_b.abs() { low } else { high };
    // Which end the last look replaced; an end kept twice counts for half, so that it is reached from both sides.
    let mut replaced_high = None;
    for look in 0..MOST {
        let position = (miss_a * b - miss_b * a) / (miss_a - miss_b);
        let falls_inside = a < position && position < b && look < POSITIONS;
        let at = if falls_inside { position } else { 0.5 * (a + b) };
        if b - a <= narrow || at <= a || b <= at {
            break;
        }
        let found = miss(at)?;
        if found.abs() < best.1.abs() {
            best = (at, found);
        }
        if found.abs() <= 0.0 {
            break;
        }
        let high_side = 0.0 < found * miss_b;
        if high_side {
            (b, miss_b) = (at, found);
            if replaced_high == Some(true) {
                miss_a *= 0.5;
            }
        } else {
            (a, miss_a) = (at, found);
            if replaced_high == Some(false) {
                miss_b *= 0.5;
            }
        }
        replaced_high = Some(high_side);
    }
    Ok(best.0)
}

fn course(points: &[(f64, f64)]) -> Course {
    let largest = points.iter().fold(0.0_f64, |most, point| most.max(point.1.abs()));
    // A difference of rounding is no movement.
    let moves = |pair: &[(f64, f64)]| {
        let change = pair[1].1 - pair[0].1;
        if change.abs() <= 1e-12 * largest { 0.0 } else { change }
    };
    let rises = points.windows(2).any(|pair| 0.0 < moves(pair));
    let falls = points.windows(2).any(|pair| moves(pair) < 0.0);
    match (rises, falls) {
        (true, false) => Course::Rises,
        (false, true) => Course::Falls,
        (true, true) => Course::Turns,
        (false, false) => Course::Stands,
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    fn found(low: f64, high: f64, miss: impl Fn(f64) -> f64) -> Found {
        let range = LeverRange { low, high, steps: 16 };
        let found = search(range, |at| Ok::<f64, Infallible>(miss(at)));
        found.unwrap_or_else(|never| match never {})
    }

    proptest! {
        #[test]
        fn a_curve_that_rises_has_one_solution_and_it_is_found(
            root in -0.9..0.9_f64, bend in 0.1..5.0_f64,
        ) {
            let solved = found(-1.0, 1.0, |at| libm::expm1(bend * (at - root)));
            prop_assert_eq!(solved.course, Course::Rises);
            prop_assert_eq!(solved.values.len(), 1);
            prop_assert!((solved.values[0] - root).abs() < 1e-13);
        }
    }

    #[test]
    fn a_curve_that_turns_gives_every_solution() {
        let solved = found(-2.0, 2.0, |at| at * at - 1.21);
        assert_eq!(solved.course, Course::Turns);
        assert_eq!(solved.values.len(), 2);
        assert!((solved.values[0] + 1.1).abs() < 1e-13 && (solved.values[1] - 1.1).abs() < 1e-13);
    }

    #[test]
    fn a_corner_between_two_lines_is_found_too() {
        let solved = found(0.0, 1.0, |at| if at < 0.5 { -1e-6 * (0.51 - at) } else { at - 0.51 });
        assert!((solved.values[0] - 0.51).abs() < 1e-13, "{solved:?}");
    }

    #[test]
    fn without_a_solution_the_nearest_value_and_the_way_beyond_are_told() {
        let solved = found(0.0, 1.0, |at| 2.0 * at - 3.0);
        assert_eq!(solved.values, [0.0_f64; 0]);
        assert!((solved.nearest().0 - 1.0).abs() < 1e-15);
        assert!((solved.beyond().unwrap() - 1.5).abs() < 1e-12);
        assert_eq!(found(0.0, 1.0, |_| 1.0).beyond(), None);
        assert_eq!(found(0.0, 1.0, |_| 1.0).course, Course::Stands);
    }
}
