/// How several causes of leaving share a year of age when each alone has its own probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Each cause alone would spread its events evenly over the year.
    Uniform,
    /// Each cause has a constant force within the year.
    ConstantForce,
}

/// Returns the probabilities of leaving by each cause in the presence of the others, from those of each cause alone.
///
/// # Formula
///
/// Uniform: `q'_j` times the mean over the year of the product of `1 - t q'_k` of the others, an exact polynomial.
/// Constant force: `q = 1 - prod(1 - q'_k)` shared in proportion to `ln(1 - q'_j)`.
///
/// # Source
///
/// Bowers et al., Actuarial Mathematics, 1997, ch. 10.
#[must_use]
pub fn dependent_from_independent(alone: &[f64], sharing: Sharing) -> Vec<f64> {
    match sharing {
        Sharing::Uniform => {
            let one = |(at, own): (usize, &f64)| {
                let mut polynomial = vec![1.0];
                for (_, other) in alone.iter().enumerate().filter(|(other, _)| *other != at) {
                    let mut next = polynomial.clone();
                    next.push(0.0);
                    for (power, factor) in polynomial.iter().enumerate() {
                        next[power + 1] -= other * factor;
                    }
                    polynomial = next;
                }
                let mean = polynomial.iter().zip(1_u32..);
                own * mean.fold(0.0, |sum, (factor, over)| sum + factor / f64::from(over))
            };
            alone.iter().enumerate().map(one).collect()
        }
        Sharing::ConstantForce => {
            let forces: Vec<f64> = alone.iter().map(|q| -libm::log1p(-q)).collect();
            let total: f64 = forces.iter().fold(0.0, |sum, force| sum + force);
            if total <= 0.0 {
                return vec![0.0; alone.len()];
            }
            // A certain event has an infinite force and takes all that other certain events leave.
            let certain = forces.iter().filter(|force| force.is_infinite()).count();
            if 0 < certain {
                let each = 1.0 / crate::annuity::count(certain);
                return forces.iter().map(|f| if f.is_infinite() { each } else { 0.0 }).collect();
            }
            let leaving = -libm::expm1(-total);
            forces.iter().map(|force| leaving * force / total).collect()
        }
    }
}

/// Returns the probabilities that each cause would have alone, from those in the presence of the others.
///
/// # Formula
///
/// `q'_j = 1 - p^(q_j/q)`, exact when causes share their year in constant proportions.
///
/// # Source
///
/// Bowers et al., Actuarial Mathematics, 1997, ch. 10.
#[must_use]
pub fn independent_from_dependent(together: &[f64]) -> Vec<f64> {
    let leaving = together.iter().fold(0.0, |sum, q| sum + q);
    if leaving <= 0.0 {
        return vec![0.0; together.len()];
    }
    together.iter().map(|q| 1.0 - libm::pow((1.0 - leaving).max(0.0), q / leaving)).collect()
}

/// Numbers of a multiple decrement table: those present at each age and those who leave in the year by each cause.
#[derive(Clone, Debug, PartialEq)]
pub struct DecrementTable {
    first_age: usize,
    present: Vec<f64>,
    causes: Vec<(String, Vec<f64>)>,
}

impl DecrementTable {
    /// Takes those present and those who leave, from an age on; `None` when lengths differ, or more leave than there are.
    #[must_use]
    pub fn new(
        first_age: usize,
        present: Vec<f64>,
        causes: Vec<(String, Vec<f64>)>,
    ) -> Option<Self> {
        let same = causes.iter().all(|(_, leaving)| leaving.len() == present.len());
        let fits = present.iter().enumerate().all(|(at, present)| {
            let leaving = causes.iter().filter_map(|(_, leaving)| leaving.get(at));
            let sum = leaving.fold(0.0, |sum, number| sum + number);
            0.0 <= sum && sum <= present * (1.0 + 1e-9)
        });
        (same && fits && !present.is_empty()).then_some(Self { first_age, present, causes })
    }

    /// Returns the dependent probability of leaving by a cause in the year of an age.
    #[must_use]
    pub fn probability(&self, cause: &str, age: usize) -> Option<f64> {
        let at = age.checked_sub(self.first_age)?;
        let leaving = &self.causes.iter().find(|(name, _)| name == cause)?.1;
        let present = self.present.get(at).filter(|present| 0.0 < **present)?;
        Some(leaving.get(at)? / present)
    }

    /// Returns the probability of being still present after some years.
    #[must_use]
    pub fn staying(&self, age: usize, years: usize) -> Option<f64> {
        let at = age.checked_sub(self.first_age)?;
        let present = self.present.get(at).filter(|present| 0.0 < **present)?;
        let left = match self.present.get(at + years) {
            Some(left) => *left,
            // The year of the last age has no row after it.
            None if at + years == self.present.len() => {
                let last = at + years - 1;
                self.present[last]
                    - self.causes.iter().fold(0.0, |sum, (_, leaving)| sum + leaving[last])
            }
            None => return None,
        };
        Some(left / present)
    }

    /// Returns those who leave by a cause from an age on, within some years.
    #[must_use]
    pub fn leaving(&self, cause: &str, age: usize, years: usize) -> Option<f64> {
        let at = age.checked_sub(self.first_age)?;
        let leaving = &self.causes.iter().find(|(name, _)| name == cause)?.1;
        Some(leaving.get(at..at + years)?.iter().fold(0.0, |sum, number| sum + number))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn dependent_probabilities_add_up_to_what_the_causes_leave(
            alone in prop::collection::vec(0.0..1.0_f64, 1..6),
        ) {
            let staying = alone.iter().fold(1.0, |product, q| product * (1.0 - q));
            for sharing in [Sharing::Uniform, Sharing::ConstantForce] {
                let together = dependent_from_independent(&alone, sharing);
                let sum: f64 = together.iter().sum();
                prop_assert!((sum - (1.0 - staying)).abs() < 1e-12);
                prop_assert!(together.iter().zip(&alone).all(|(one, alone)| *one <= alone + 1e-12));
            }
            let together = dependent_from_independent(&alone, Sharing::ConstantForce);
            for (back, alone) in independent_from_dependent(&together).iter().zip(&alone) {
                prop_assert!((back - alone).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn two_uniform_causes_have_their_textbook_form() {
        // q1 (1 - q2/2), Bowers 10.6.
        let together = dependent_from_independent(&[0.1, 0.3], Sharing::Uniform);
        assert!((together[0] - 0.1 * 0.85).abs() < 1e-15);
        assert!((together[1] - 0.3 * 0.95).abs() < 1e-15);
    }
}
