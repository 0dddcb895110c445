use crate::lane::Lanes;
use crate::months::MonthsPaid;
use crate::register::{Register, Row};
use crate::table::Credited;

/// A share of the members of a row who change their state or group between two years; they keep age and credit.
#[derive(Clone, Copy, Debug)]
pub struct Transfer<'a, V = f64> {
    /// State and row that they leave.
    pub from: (usize, Row),
    /// State and row to which they go, of the same age.
    pub to: (usize, Row),
    /// The share, 0 to 1.
    pub share: V,
    /// Months credited on the way, and of what distribution.
    pub credited: (Credited, &'a MonthsPaid),
    /// What becomes of each travelling sum: the factor on it, and what a whole year of credit adds.
    pub sums: &'a [(V, V)],
}

/// What a transfer did, in persons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transferred<V = f64> {
    /// Persons who went.
    pub persons: V,
    /// Those of them whose credit would pass the last cell and was held there.
    pub held_at_top: V,
}

impl<V: Lanes> Register<V> {
    /// Lets a share of a row go to another row of the same age, between two years.
    ///
    /// # Panics
    ///
    /// When the two rows are not of the same age, or are the same row and state.
    pub fn transfer(&mut self, transfer: &Transfer<'_, V>) -> Transferred<V> {
        let Transfer { from: (from_state, from), to: (to_state, to), share, .. } = *transfer;
        assert!(from.age == to.age, "a transfer keeps the age");
        assert!((from_state, from) != (to_state, to), "a transfer goes elsewhere");
        let zero = V::splat(0.0);
        let mut done = Transferred { persons: zero, held_at_top: zero };
        if !self.has_members(from) {
            return done;
        }
        let of = |cells: &[f64]| -> Vec<V> {
            let cells = cells.chunks_exact(V::COUNT);
            cells.map(|cell| share * V::from_lanes(|lane| cell[lane])).collect()
        };
        let leaving = of(self.persons(from_state, from));
        let sums: Vec<Vec<V>> =
            (0..transfer.sums.len()).map(|sum| of(self.sum(from_state, sum, from))).collect();
        done.persons = leaving.iter().fold(zero, |sum, persons| sum + *persons);
        self.reduce(from_state, from, V::splat(1.0) - share);
        let last = leaving.len() - 1;
        let (credited, months) = transfer.credited;
        for tap in months.taps(credited) {
            let part = V::splat(tap.share);
            for (cell, persons) in leaving.iter().enumerate() {
                let arrived = (cell + tap.steps).min(last);
                if last < cell + tap.steps {
                    done.held_at_top = done.held_at_top + *persons * part;
                }
                let quantities = sums.iter().zip(transfer.sums).map(|(sum, (keep, earned))| {
                    (sum[cell] * *keep + *persons * *earned * V::splat(tap.years)) * part
                });
                self.receive((to_state, to), arrived, *persons * part, quantities);
            }
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LastAge, Level, MonthsRule, Placed, RegisterShape, State, Travelling, insured};
    use perennis_units::Sex;
    use proptest::prelude::*;

    fn register() -> Register {
        let shape = RegisterShape {
            groups: 2,
            first_age: 20,
            ages: 41,
            last_age: LastAge::Open,
            step: 6,
            credits: 40,
        };
        Register::new(shape, insured(&[Travelling::YearsAway, Travelling::Earnings]), Level::best())
    }

    fn total(cells: &[f64]) -> f64 {
        cells.iter().sum()
    }

    proptest! {
        #[test]
        fn nobody_and_no_right_is_lost_on_the_way(
            persons in prop::collection::vec(0.0..1_000.0_f64, 10),
            share in 0.0..1.0_f64,
        ) {
            let mut register = register();
            let row = Row { group: 0, sex: Sex::Male, age: 30 };
            let other = Row { group: 1, ..row };
            for (credit, persons) in persons.iter().enumerate() {
                let each = [0.0, 100.0 * credit as f64];
                register.place(State::Active, row, Placed { credit, persons: *persons, each: &each });
            }
            let before = register.sum(State::Active, 1, row).to_vec();
            let months = MonthsPaid::new(6, 1.0, &MonthsRule::FullOrNone).unwrap();
            let done = register.transfer(&Transfer {
                from: (State::Active.into(), row),
                to: (State::Active.into(), other),
                share,
                credited: (Credited::Nothing, &months),
                sums: &[(1.0, 0.0), (1.0, 0.0)],
            });
            let all: f64 = persons.iter().sum();
            prop_assert!((done.persons - share * all).abs() <= 1e-9 * (1.0 + all));
            for credit in 0..10 {
                let both = register.persons(State::Active, row)[credit]
                    + register.persons(State::Active, other)[credit];
                prop_assert!((both - persons[credit]).abs() <= 1e-9 * (1.0 + persons[credit]));
                let sums = register.sum(State::Active, 1, row)[credit]
                    + register.sum(State::Active, 1, other)[credit];
                prop_assert!((sums - before[credit]).abs() <= 1e-9 * (1.0 + before[credit]));
            }
        }
    }

    #[test]
    fn who_returns_in_the_course_of_a_year_is_credited_with_half_of_it() {
        let mut register = register();
        let row = Row { group: 0, sex: Sex::Female, age: 30 };
        register.place(
            State::Inactive,
            row,
            Placed { credit: 4, persons: 10.0, each: &[3.0, 50.0] },
        );
        let months = MonthsPaid::new(6, 1.0, &MonthsRule::FullOrNone).unwrap();
        register.transfer(&Transfer {
            from: (State::Inactive.into(), row),
            to: (State::Active.into(), row),
            share: 0.4,
            credited: (Credited::PartYear, &months),
            sums: &[(0.0, 0.0), (1.0, 80.0)],
        });
        let active = register.persons(State::Active, row);
        let credit: f64 = active.iter().enumerate().map(|(at, n)| at as f64 * 0.5 * n).sum();
        // Two years and half a year for each of four.
        assert!((total(active) - 4.0).abs() < 1e-12 && (credit - 4.0 * 2.5).abs() < 1e-12);
        assert!(total(register.sum(State::Active, 0, row)).abs() < 1e-12);
        assert!((total(register.sum(State::Active, 1, row)) - 4.0 * 90.0).abs() < 1e-9);
        assert!((total(register.persons(State::Inactive, row)) - 6.0).abs() < 1e-12);
    }
}
