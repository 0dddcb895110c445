//! Claims about every table of states and moves, on random ones.

use perennis_cohort::{
    Balance, Carry, Credited, Eight, Lanes, LastAge, Level, MonthsPaid, MonthsRule, Move, Opening,
    Path, Placed, Quantity, Rate, Register, RegisterShape, Row, RowDone, RowYear, Status, SumYear,
    Table, Tally, Target, To, Who,
};
use perennis_units::Sex;
use proptest::prelude::*;

const FIRST: usize = 20;
const AGES: usize = 45;
const WIDTH: usize = 320;

/// A table, a year that repeats, and persons at the start.
#[derive(Clone, Debug)]
struct World {
    states: usize,
    sums: usize,
    /// From, to (none is out), credited, rate, whether the rate is by cell.
    moves: Vec<(usize, Option<usize>, Credited, f64, bool)>,
    staying: Vec<Credited>,
    balanced: bool,
    target: f64,
    step: usize,
    density: f64,
    last_age: LastAge,
    short: bool,
    persons: Vec<(usize, usize, f64, f64)>,
}

fn credited() -> impl Strategy<Value = Credited> {
    prop::sample::select(vec![Credited::Nothing, Credited::PartYear, Credited::WholeYear])
}

fn world() -> impl Strategy<Value = World> {
    let shape = (2_usize..5, 0_usize..3, any::<bool>(), any::<bool>(), any::<bool>());
    shape.prop_flat_map(|(states, sums, balanced, open, short)| {
        let to = prop::option::of(0..states);
        let one = (0..states, to, credited(), 0.0..=1.0_f64, any::<bool>());
        let persons = (0..states, FIRST..AGES, 0.0..1.0_f64, 0.0..9.0_f64);
        (
            prop::collection::vec(one, 0..6),
            prop::collection::vec(credited(), states),
            prop::collection::vec(persons, 1..60),
            (0.0..40.0_f64, 0.0..=1.0_f64, prop::sample::select(vec![1_usize, 3, 6, 12])),
        )
            .prop_map(move |(moves, staying, persons, (target, density, step))| World {
                states,
                sums,
                moves,
                staying,
                balanced,
                target,
                step,
                density,
                last_age: if open { LastAge::Open } else { LastAge::Leaves },
                short,
                persons,
            })
    })
}

impl World {
    fn shape(&self) -> RegisterShape {
        let years = if self.short { 9 } else { AGES - FIRST };
        RegisterShape {
            groups: 1,
            first_age: FIRST,
            ages: AGES,
            last_age: self.last_age,
            step: self.step,
            credits: years * 12 / self.step,
        }
    }

    /// Sums are kept along every path; persons are tallied by move and staying, then the first sum by move.
    fn table(&self) -> Table {
        let path = |credited| Path { credited, sums: vec![Carry::Keep; self.sums] };
        let status = |credited: &Credited| Status { name: "a state", staying: path(*credited) };
        let mut moves: Vec<Move> = Vec::new();
        for (from, to, credited, ..) in &self.moves {
            let to = to.map_or(To::Out, |state| To::State(state, path(*credited)));
            moves.push(Move { name: "a move", from: *from, to });
        }
        let balance = self.balanced.then(|| {
            let to = |state| To::State(state, path(Credited::PartYear));
            moves.push(Move { name: "leave", from: 0, to: to(1) });
            moves.push(Move { name: "enter", from: 1, to: to(0) });
            let (leave, enter) = (moves.len() - 2, moves.len() - 1);
            Balance { state: 0, leave, enter, entry: path(Credited::PartYear) }
        });
        let mut tallies = Vec::new();
        let everyone = |who| Tally { who: vec![who], quantity: Quantity::Persons, weights: None };
        tallies.extend((0..moves.len()).map(|at| everyone(Who::Move(at))));
        tallies.extend((0..self.states).map(|at| everyone(Who::Staying(at))));
        for sum in 0..self.sums {
            tallies.extend((0..moves.len()).map(|at| Tally {
                who: vec![Who::Move(at)],
                quantity: Quantity::Sum(sum),
                weights: None,
            }));
        }
        let states = self.staying.iter().map(status).collect();
        Table::new(states, moves, self.sums, tallies, balance).expect("the parts fit")
    }

    fn register<V: Lanes>(&self, level: Level) -> Register<V> {
        let mut register = Register::new(self.shape(), self.table(), level);
        let each = vec![V::splat(3.0); self.sums];
        for (state, age, share, persons) in &self.persons {
            let cells = register.shape().credits_at(*age) as f64;
            let credit = (cells * share) as usize;
            let persons = V::splat(*persons);
            register.place(*state, row(*age), Placed { credit, persons, each: &each });
        }
        register
    }

    /// Steps every row once; rates of a lane are those of all times its factor.
    fn step<V: Lanes>(
        &self,
        register: &mut Register<V>,
        factor: V,
        mut seen: impl FnMut(&Register<V>, RowDone<V>),
    ) {
        let rule = MonthsRule::BetaBinomial { correlation: 0.2 };
        let months = MonthsPaid::new(self.step, self.density, &rule).expect("a share of a year");
        let by_cell: Vec<Vec<f64>> = self
            .moves
            .iter()
            .map(|(.., rate, _)| (0..WIDTH).map(|at| rate * (at % 7) as f64 / 6.0).collect())
            .collect();
        let mut rates: Vec<Rate<'_, V>> = self
            .moves
            .iter()
            .zip(&by_cell)
            .map(|((.., rate, cell), by_cell)| match cell {
                true => Rate::Cell(by_cell),
                false => Rate::Row(V::splat(*rate) * factor),
            })
            .collect();
        rates.extend([Rate::Nobody; 2]);
        let one = V::splat(1.0);
        let sums = vec![SumYear { keep: one, earned: one, each: None }; self.sums];
        let target = self.balanced.then(|| Target {
            persons: V::splat(self.target) * factor,
            re_entry: V::splat(0.4),
            may_enter: true,
            uninsured: V::splat(7.0) * factor,
        });
        for age in (FIRST..AGES).rev() {
            let year = RowYear {
                rates: &rates,
                opening: &[Opening::AsItStands; 0],
                sums: &sums,
                months: &months,
                vectors: &[],
                target,
            };
            let done = register.step(row(age), &year);
            seen(register, done);
        }
    }

    fn total(&self, register: &Register<f64>, state: usize, sum: Option<usize>) -> f64 {
        let of = |age| match sum {
            None => register.persons(state, row(age)),
            Some(sum) => register.sum(state, sum, row(age)),
        };
        (FIRST..AGES).flat_map(|age| of(age).iter().copied()).sum()
    }
}

fn row(age: usize) -> Row {
    Row { group: 0, sex: Sex::Female, age }
}

/// Rounding of some ten thousand additions: 1e-9 of the largest number at hand.
fn close(one: f64, other: f64, scale: f64) -> bool {
    (one - other).abs() <= 1e-9 * scale.max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nobody_is_lost_or_invented_in_any_state_and_no_cell_is_negative(world in world()) {
        let mut register = world.register::<f64>(Level::best());
        let table = register.table().clone();
        let moves = table.moves().len();
        for _ in 0..3 {
            let start: Vec<f64> = (0..world.states).map(|s| world.total(&register, s, None)).collect();
            let mut moved = vec![0.0; table.tallies().len()];
            let (mut entered, mut out) = (0.0, 0.0);
            world.step(&mut register, 1.0, |register, done| {
                for (sum, row) in moved.iter_mut().zip(register.tallies()) {
                    *sum += row;
                }
                entered += done.settled.first_entries;
                out += done.aged_out;
            });
            let all: f64 = start.iter().sum();
            let mut ended = 0.0;
            for state in 0..world.states {
                let stayed = moved[moves + state];
                let left: f64 = (0..moves)
                    .filter(|at| table.moves()[*at].from == state).map(|at| moved[at]).sum();
                prop_assert!(close(start[state], stayed + left, all), "{state}");
                let joined: f64 = (0..moves)
                    .filter(|at| matches!(table.moves()[*at].to, To::State(to, _) if to == state))
                    .map(|at| moved[at]).sum();
                let entries = if state == 0 { entered } else { 0.0 };
                let end = world.total(&register, state, None);
                if world.last_age == LastAge::Open {
                    prop_assert!(close(end, stayed + joined + entries, all + entered), "{state}");
                }
                ended += end;
            }
            let gone: f64 = (0..moves)
                .filter(|at| table.moves()[*at].to == To::Out).map(|at| moved[at]).sum();
            // Those who move in the last year of a register that ends pass out with the others of their age.
            if world.last_age == LastAge::Open {
                prop_assert!(close(all + entered, ended + gone, all + entered));
                prop_assert!(out.abs() < 1e-300);
            } else {
                prop_assert!(ended <= all + entered - gone + 1e-9 * (all + entered).max(1.0));
            }
            for state in 0..world.states {
                for age in FIRST..AGES {
                    let least = register.persons(state, row(age)).iter().copied().fold(0.0, f64::min);
                    prop_assert!(0.0 <= least, "{least}");
                }
            }
        }
    }

    #[test]
    fn a_sum_that_is_kept_goes_where_its_persons_go(world in world()) {
        let mut register = world.register::<f64>(Level::best());
        let table = register.table().clone();
        let moves = table.moves().len();
        if world.last_age == LastAge::Leaves {
            return Ok(());
        }
        for sum in 0..world.sums {
            let all = |register: &Register<f64>| -> f64 {
                (0..world.states).map(|state| world.total(register, state, Some(sum))).sum()
            };
            let start = all(&register);
            let mut moved = vec![0.0; table.tallies().len()];
            world.step(&mut register, 1.0, |register, _| {
                for (sum, row) in moved.iter_mut().zip(register.tallies()) {
                    *sum += row;
                }
            });
            let first = moves + world.states + sum * moves;
            let gone: f64 = (0..moves)
                .filter(|at| table.moves()[*at].to == To::Out).map(|at| moved[first + at]).sum();
            prop_assert!(close(start, all(&register) + gone, start));
        }
    }

    #[test]
    fn every_level_and_one_scenario_or_eight_give_the_same_bits(world in world()) {
        let factors: [f64; 8] = std::array::from_fn(|lane| 1.0 - 0.07 * lane as f64);
        let levels = Level::all();
        let mut eight = world.register::<Eight>(Level::BASELINE);
        for _ in 0..2 {
            world.step(&mut eight, Eight(factors), |_, _| {});
        }
        for level in &levels {
            let mut again = world.register::<Eight>(*level);
            for _ in 0..2 {
                world.step(&mut again, Eight(factors), |_, _| {});
            }
            prop_assert!(same(&world, &eight, &again, |at| at), "{}", level.name());
            for (lane, factor) in factors.into_iter().enumerate() {
                let mut one = world.register::<f64>(*level);
                for _ in 0..2 {
                    world.step(&mut one, factor, |_, _| {});
                }
                prop_assert!(same(&world, &one, &eight, |at| at * 8 + lane), "{}", level.name());
            }
        }
    }
}

/// Compares all cells bit for bit; `place` says where a cell of the one lies in a row of the other.
fn same<A: Lanes, B: Lanes>(
    world: &World,
    one: &Register<A>,
    other: &Register<B>,
    place: impl Fn(usize) -> usize,
) -> bool {
    (0..world.states).all(|state| {
        (FIRST..AGES).all(|age| {
            let alike = |one: &[f64], other: &[f64]| {
                let mut cells = one.iter().enumerate();
                cells.all(|(at, value)| value.to_bits() == other[place(at)].to_bits())
            };
            let sums = 0..world.sums;
            alike(one.persons(state, row(age)), other.persons(state, row(age)))
                && sums.clone().all(|sum| {
                    alike(one.sum(state, sum, row(age)), other.sum(state, sum, row(age)))
                })
        })
    })
}

#[test]
fn grids_of_one_three_six_and_twelve_months_agree_where_credit_decides_nothing() {
    let world = |step| World {
        states: 2,
        sums: 1,
        moves: vec![
            (0, None, Credited::Nothing, 0.02, false),
            (0, Some(1), Credited::PartYear, 0.1, false),
            (1, None, Credited::Nothing, 0.03, false),
        ],
        staying: vec![Credited::WholeYear, Credited::Nothing],
        balanced: true,
        target: 12.0,
        step,
        density: 0.7,
        last_age: LastAge::Open,
        short: false,
        persons: (FIRST..AGES).map(|age| (age % 2, age, 0.0, 5.0)).collect(),
    };
    let run = |step| {
        let world = world(step);
        let mut register = world.register::<f64>(Level::best());
        for _ in 0..5 {
            world.step(&mut register, 1.0, |_, _| {});
        }
        register
    };
    let months = run(1);
    for step in [3, 6, 12] {
        let coarse = run(step);
        for state in 0..2_usize {
            for age in FIRST..AGES {
                let of = |register: &Register<f64>| {
                    let cells = register.persons(state, row(age));
                    let credit = cells.iter().enumerate().map(|(at, n)| at as f64 * n);
                    let sum: f64 = register.sum(state, 0, row(age)).iter().sum();
                    let step = register.shape().step as f64;
                    (cells.iter().sum::<f64>(), credit.sum::<f64>() * step, sum)
                };
                let (fine, coarse) = (of(&months), of(&coarse));
                // Months between two points of a coarse grid are split so that their mean is kept; at the last cell
                // of the open age the grids hold different persons back, which the first ages do not reach.
                assert!(close(fine.0, coarse.0, 100.0) && close(fine.2, coarse.2, 1000.0));
                assert!(close(fine.1, coarse.1, 1e5), "{step} {age} {} {}", fine.1, coarse.1);
            }
        }
    }
}
