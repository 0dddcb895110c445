//! Workloads W2 and W3: a nation of 2 sexes, 101 ages and 61 years of service over 75 years, alone and under scenarios.
//!
//! The register is that of `perennis-cohort`: it ages, decrements, accrues and awards. The population, the entrants that
//! are clipped at zero, the age of the spouse and the fund are those of the workload.

mod data;
mod formula;
mod states;
mod year;

pub use data::{Nation, Paths};

use perennis_cohort::{Eight, Lanes, Level};
use rayon::prelude::*;
use year::Run;

/// Sexes, ages, points on the grid of service, years.
pub(crate) const SEXES: usize = 2;
pub(crate) const AGES: usize = 101;
pub(crate) const CREDITS: usize = 61;
pub(crate) const YEARS: usize = 75;
/// Insured ages.
pub(crate) const FIRST_AGE: usize = 15;
pub(crate) const LAST_AGE: usize = 69;
/// Contributions as a share of wages.
pub(crate) const CONTRIBUTION: f64 = 0.12;

/// One scenario at a time, with the credits as lanes; its memory is used anew.
pub struct Projection<'a>(Run<'a, f64>);

impl<'a> Projection<'a> {
    /// Makes room for the state of a nation.
    #[must_use]
    pub fn new(nation: &'a Nation, level: Level) -> Self {
        Self(Run::new(nation, level))
    }

    /// Runs one scenario; returns the fund at the end.
    pub fn run(&mut self, paths: &Paths, scenario: usize) -> f64 {
        self.0.project(|year, what| paths.at(scenario, year, what))
    }
}

/// Runs all scenarios, eight in lanes and the blocks of eight in parallel; returns the fund of each at the end.
///
/// Every thread holds the state of one block. A last block that is not full repeats its last scenario.
#[must_use]
pub fn project_all(nation: &Nation, paths: &Paths, level: Level) -> Vec<f64> {
    let scenarios = paths.scenarios();
    let blocks: Vec<Eight> = (0..scenarios.div_ceil(Eight::COUNT))
        .into_par_iter()
        .map_init(
            || Run::<Eight>::new(nation, level),
            |run, block| {
                run.project(|year, what| {
                    Eight::from_lanes(|lane| {
                        let scenario = (block * Eight::COUNT + lane).min(scenarios - 1);
                        paths.at(scenario, year, what)
                    })
                })
            },
        )
        .collect();
    (0..scenarios).map(|at| blocks[at / Eight::COUNT].lane(at % Eight::COUNT)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("a small number of threads").install(work)
    }

    #[test]
    fn one_lane_or_eight_one_thread_or_two_and_every_level_give_the_same_bits() {
        let (nation, paths) = (Nation::by_formula(), Paths::by_formula(11));
        let bits = |funds: Vec<f64>| funds.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let mut projection = Projection::new(&nation, Level::BASELINE);
        let alone = bits((0..11).map(|scenario| projection.run(&paths, scenario)).collect());
        for level in Level::all() {
            let mut projection = Projection::new(&nation, level);
            let fund = projection.run(&paths, 3);
            assert_eq!(fund.to_bits(), alone[3], "{}", level.name());
            for threads in [1, 2] {
                let eight = in_threads(threads, || project_all(&nation, &paths, level));
                assert_eq!(bits(eight), alone, "{} {threads}", level.name());
            }
        }
    }
}
