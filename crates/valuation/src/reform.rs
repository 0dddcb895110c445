use perennis_demography::Population;
use perennis_labour::Labour;
use perennis_scheme::{BenefitKind, Event};
use rayon::prelude::*;

use crate::run::{people, walk, work};
use crate::{Model, Results, ValuationError};

/// Runs several models and keeps of each what `keep` makes of its position and results.
///
/// Population and work are projected once for all models in which they are alike. The order of what is returned is that
/// of the models, and each result is the one that [`run`](crate::run) gives, whatever the number of threads.
pub fn run_all<T: Send>(
    models: &[&Model],
    keep: impl Fn(usize, Result<Results, ValuationError>) -> T + Sync,
) -> Vec<T> {
    let (populations, labours) = shared(models);
    let results = |(at, model): (usize, &&Model)| {
        let results = of_first(models, at, same_people, &populations).and_then(|population| {
            let labour = of_first(models, at, same_work, &labours)?;
            walk(model, population.clone(), labour.clone())
        });
        keep(at, results)
    };
    models.par_iter().enumerate().map(results).collect()
}

/// What a stage that runs ahead gave for each model that is the first of its kind.
type Ahead<T> = Vec<Option<Result<T, ValuationError>>>;

fn shared(models: &[&Model]) -> (Ahead<Population>, Ahead<Option<Labour>>) {
    let numbered = || models.par_iter().enumerate();
    let populations: Ahead<Population> = numbered()
        .map(|(at, model)| (first_alike(models, at, same_people) == at).then(|| people(model)))
        .collect();
    let labours = numbered()
        .map(|(at, model)| {
            (first_alike(models, at, same_work) == at).then(|| {
                let population = of_first(models, at, same_people, &populations)?;
                work(model, population)
            })
        })
        .collect();
    (populations, labours)
}

fn same_people(one: &Model, other: &Model) -> bool {
    one.demography == other.demography
}

fn same_work(one: &Model, other: &Model) -> bool {
    same_people(one, other) && one.labour == other.labour
}

/// Returns the position of the first model that is alike.
fn first_alike(models: &[&Model], at: usize, alike: fn(&Model, &Model) -> bool) -> usize {
    (0..at).find(|before| alike(models[*before], models[at])).unwrap_or(at)
}

fn of_first<'a, T>(
    models: &[&Model],
    at: usize,
    alike: fn(&Model, &Model) -> bool,
    ahead: &'a Ahead<T>,
) -> Result<&'a T, ValuationError> {
    let found = ahead[first_alike(models, at, alike)].as_ref();
    found.expect("the first model of a kind was run ahead").as_ref().map_err(Clone::clone)
}

/// Returns scheme and name of the grants for those who reach the age with too little credit for a pension.
#[must_use]
pub fn grants_for_want_of_credit(model: &Model) -> Vec<(String, String)> {
    let schemes = model.pensions.iter().flat_map(|pensions| &pensions.schemes);
    let of_law = schemes.flat_map(|scheme| {
        let grants = scheme.law.benefits.iter().filter(|benefit| {
            let condition = &benefit.condition;
            benefit.kind == BenefitKind::Grant
                && condition.event == Event::Age
                && condition.credit_below.is_some()
        });
        grants.map(|benefit| (scheme.law.scheme.clone(), benefit.name.clone()))
    });
    of_law.collect()
}

/// What a patch does to a value: a step of a waterfall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The value before; that of the first step is the value without any patch.
    pub from: f64,
    /// The value after; it is the `from` of the next step, and the last one is the value with all patches, to the bit.
    pub to: f64,
}

impl Effect {
    /// Returns what is added, in the unit of the values.
    #[must_use]
    pub fn amount(self) -> f64 {
        self.to - self.from
    }
}

/// Returns what each of several patches adds when they are laid in order.
///
/// `values` are those without any patch, with the first, with the first two, and so on.
#[must_use]
pub fn waterfall(values: &[f64]) -> Vec<Effect> {
    values.windows(2).map(|pair| Effect { from: pair[0], to: pair[1] }).collect()
}

/// Returns the effect of each of `n` patches whatever the order in which they are laid: the mean of what it adds over all
/// orders.
///
/// `values` holds the value of every subset: position `m` is the one of the patches whose bits are set in `m`.
///
/// # Formula
///
/// `φ_i = Σ over S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S))`
///
/// # Source
///
/// L. S. Shapley, *A value for n-person games*, Contributions to the theory of games II (1953), 307-317.
///
/// # Panics
///
/// When the number of values is not a power of two.
#[must_use]
pub fn shapley(values: &[f64]) -> Vec<Effect> {
    assert!(values.len().is_power_of_two(), "there is a value for each subset");
    let count = values.len().trailing_zeros() as usize;
    let weights = weights(count);
    let effect = |patch: usize| {
        let without = (0..values.len()).filter(|subset| subset >> patch & 1 == 0);
        let parts = without.map(|subset| {
            weights[subset.count_ones() as usize] * (values[subset | 1 << patch] - values[subset])
        });
        parts.fold(0.0, |sum, part| sum + part)
    };
    chained(values, (0..count).map(effect))
}

/// Returns the effect of each patch laid alone, and last what they do together beyond the sum of these: the interaction.
///
/// `values` are those of the subsets, as in [`shapley`], of which only those of one patch and the one of all are read.
///
/// # Panics
///
/// When the number of values is not a power of two.
#[must_use]
pub fn alone(values: &[f64]) -> Vec<Effect> {
    assert!(values.len().is_power_of_two(), "there is a value for each subset");
    let count = values.len().trailing_zeros() as usize;
    let effects = (0..count).map(|patch| values[1 << patch] - values[0]);
    chained(values, effects.chain([0.0]))
}

/// Puts effects one after the other from the value without patches to the one with all; the last takes what is left.
fn chained(values: &[f64], effects: impl Iterator<Item = f64>) -> Vec<Effect> {
    let mut from = values[0];
    let mut chain: Vec<Effect> = effects
        .map(|effect| {
            let to = from + effect;
            Effect { from: std::mem::replace(&mut from, to), to }
        })
        .collect();
    if let Some(last) = chain.last_mut() {
        last.to = values[values.len() - 1];
    }
    chain
}

/// Returns `|S|! (n - |S| - 1)! / n!` for subsets of 0 to n - 1 patches.
fn weights(count: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(count);
    // 1 / (n C(n - 1, s)), and C(n - 1, s + 1) = C(n - 1, s) (n - 1 - s) / (s + 1).
    let mut ways = 1.0;
    #[expect(clippy::cast_precision_loss, reason = "a few patches")]
    for size in 0..count {
        weights.push(1.0 / (count as f64 * ways));
        ways = ways * (count - 1 - size) as f64 / (size + 1) as f64;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds that the steps lead from the first value to the last without a gap.
    fn assert_chain(values: &[f64], chain: &[Effect]) {
        let (start, end) = (values[0], values[values.len() - 1]);
        assert_eq!(chain.first().map_or(end, |one| one.from).to_bits(), start.to_bits());
        assert_eq!(chain.last().map_or(start, |one| one.to).to_bits(), end.to_bits());
        assert!(chain.windows(2).all(|pair| pair[0].to.to_bits() == pair[1].from.to_bits()));
    }

    fn amounts(chain: &[Effect]) -> Vec<f64> {
        chain.iter().map(|one| one.amount()).collect()
    }

    /// Numbers that do not add up exactly, from a fixed recursion.
    fn rough(count: usize) -> Vec<f64> {
        let next = |state: &mut u64| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            Some((*state >> 11) as f64 / 9.007_199_254_740_992e15 * 10.0)
        };
        std::iter::repeat_n((), count).scan(7, |state, ()| next(state)).collect()
    }

    #[test]
    fn the_steps_lead_from_the_first_value_to_the_last_to_the_bit() {
        for count in 1..8 {
            let values = rough(1 << count);
            for chain in [waterfall(&values), shapley(&values), alone(&values)] {
                assert_chain(&values, &chain);
            }
        }
    }

    #[test]
    fn two_patches_share_their_interaction() {
        // Without 10; with the first 12; with the second 15; with both 20: 3 of the 10 are of both together.
        let values = [10.0, 12.0, 15.0, 20.0];
        assert_eq!(amounts(&shapley(&values)), [3.5, 6.5]);
        assert_eq!(amounts(&alone(&values)), [2.0, 5.0, 3.0]);
    }

    #[test]
    fn the_effect_of_a_patch_does_not_depend_on_its_place() {
        let values = rough(8);
        // The same patches named in the order 2, 0, 1.
        let place = |subset: usize| (subset >> 2 & 1) | (subset & 1) << 1 | (subset >> 1 & 1) << 2;
        let mut other = vec![0.0; 8];
        for (subset, value) in values.iter().enumerate() {
            other[place(subset)] = *value;
        }
        let (one, other) = (amounts(&shapley(&values)), amounts(&shapley(&other)));
        for (first, second) in [(2, 0), (0, 1), (1, 2)] {
            // Sums of numbers up to 10 in another order.
            assert!((one[first] - other[second]).abs() < 1e-13);
        }
    }

    #[test]
    fn three_players_have_the_published_values() {
        // The glove game: one right glove (player 3) and two left ones; a pair is worth 1. Values 1/6, 1/6, 4/6.
        let pair = |subset: usize| f64::from(u8::from(subset & 4 != 0 && subset & 3 != 0));
        let values: Vec<f64> = (0..8).map(pair).collect();
        let found = amounts(&shapley(&values));
        for (found, expected) in found.iter().zip([1.0 / 6.0, 1.0 / 6.0, 4.0 / 6.0]) {
            // Four sums of thirds and sixths.
            assert!((found - expected).abs() < 1e-15, "{found}");
        }
    }

    #[test]
    fn a_patch_that_adds_nothing_has_no_effect() {
        let of_others = rough(4);
        let values: Vec<f64> = (0..8).map(|subset| of_others[subset & 3]).collect();
        // The chain rounds at the size of the values, up to 10.
        assert!(shapley(&values)[2].amount().abs() < 1e-14);
        assert!(alone(&values)[2].amount().abs() <= 0.0);
    }

    #[test]
    fn the_weights_are_those_of_all_orders() {
        for count in 1..12 {
            let weights = weights(count);
            let mut ways = 1.0;
            let mut sum = 0.0;
            for (size, weight) in weights.iter().enumerate() {
                sum += weight * ways;
                ways = ways * (count - 1 - size) as f64 / (size + 1) as f64;
            }
            assert!((sum - 1.0).abs() < 1e-12, "{count}: {sum}");
        }
    }
}
