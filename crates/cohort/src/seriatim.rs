use crate::dispatch::Level;
use crate::pass::Pass;
use crate::row_year::{RowDone, RowYear};
use crate::scratch::{Dest, Rows, Scratch};
use crate::table::Table;

/// Members of the same sex and age who are stepped one by one, in lanes.
///
/// The cells of the row are the members: each has its own chance of being in a state and its own sums, and keeps its
/// place. The transitions are those of the same [`Table`] that carries a register; rates by row are those of the sex
/// and age. What belongs to one member alone is a vector by cell: wage rank times density on what it earns
/// ([`crate::SumYear::each`]), the pension law at its own credit ([`crate::Carry::Weigh`], [`crate::Rate::Cell`]).
/// Credit is itself a travelling sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Members {
    table: Table,
    level: Level,
    rows: Rows,
    most: usize,
    members: usize,
    /// The start of the year and its end, by turns.
    blocks: [Vec<f64>; 2],
    present: [Vec<bool>; 2],
    scratch: Scratch<f64>,
}

impl Members {
    /// Room for at most so many members at a time; memory does not grow with years.
    #[must_use]
    pub fn new(table: Table, most: usize, level: Level) -> Self {
        let rows = Rows::new::<f64>(0, most);
        let block = || vec![0.0; rows.stride * table.rows()];
        let present = || vec![false; table.rows()];
        Self {
            level,
            rows,
            most,
            members: 0,
            blocks: [block(), block()],
            present: [present(), present()],
            scratch: Scratch::new(&table, 0, most),
            table,
        }
    }

    /// Begins with so many members; nobody is in any state yet. More than there is room for are refused: `false`.
    pub fn begin(&mut self, members: usize) -> bool {
        if self.most < members {
            return false;
        }
        self.members = members;
        for (block, present) in self.blocks.iter_mut().zip(&mut self.present) {
            for (row, present) in present.iter_mut().enumerate() {
                if std::mem::take(present) {
                    let start = self.rows.start(row);
                    block[start..start + self.rows.width()].fill(0.0);
                }
            }
        }
        true
    }

    /// Puts members into a state: for each the chance of being in it, then each travelling sum.
    ///
    /// # Panics
    ///
    /// When there is not a value for every member.
    pub fn place(&mut self, state: impl Into<usize>, persons: &[f64], sums: &[&[f64]]) {
        let state = state.into();
        for (row, values) in std::iter::once(&persons).chain(sums).enumerate() {
            assert_eq!(values.len(), self.members, "a value for every member");
            let row = state * (1 + self.table.sums()) + row;
            self.present[0][row] = true;
            let start = self.rows.start(row);
            self.blocks[0][start..start + values.len()].copy_from_slice(values);
        }
    }

    /// Returns the chance of each member of being in a state.
    #[must_use]
    pub fn persons(&self, state: impl Into<usize>) -> &[f64] {
        self.cells(state.into() * (1 + self.table.sums()))
    }

    /// Returns a travelling sum of each member in a state: the chance of being in it times the value.
    #[must_use]
    pub fn sum(&self, state: impl Into<usize>, sum: usize) -> &[f64] {
        self.cells(state.into() * (1 + self.table.sums()) + 1 + sum)
    }

    /// Carries all members through a year. Vectors by cell have room for a whole number of eights of members.
    pub fn step(&mut self, year: &RowYear<'_, f64>) -> RowDone<f64> {
        let [source, end] = &mut self.blocks;
        let [present, end_present] = &mut self.present;
        let dest = Dest {
            numbers: end,
            rows: self.rows,
            cells: self.members,
            add: false,
            present: end_present,
        };
        let done = self.level.run(Pass {
            table: &self.table,
            year,
            source,
            rows: self.rows,
            cells: self.members,
            present,
            dest: Some(dest),
            scratch: &mut self.scratch,
        });
        self.blocks.swap(0, 1);
        self.present.swap(0, 1);
        done
    }

    /// Returns the tallies of the last year, in the order of the table.
    #[must_use]
    pub fn tallies(&self) -> &[f64] {
        self.scratch.tallies()
    }

    fn cells(&self, row: usize) -> &[f64] {
        let start = self.rows.start(row);
        &self.blocks[0][start..start + self.members]
    }
}

/// Members sorted by a key, for example sex and age; those with the same key keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberOrder {
    starts: Vec<usize>,
    positions: Vec<u32>,
}

impl MemberOrder {
    /// Sorts by counting; `kinds` is one more than the highest key. `None` when a key is not below it or there are more
    /// than `u32::MAX` members.
    #[must_use]
    pub fn new(keys: &[u16], kinds: usize) -> Option<Self> {
        u32::try_from(keys.len()).ok()?;
        let mut starts = vec![0_usize; kinds + 1];
        for key in keys {
            *starts[1..].get_mut(usize::from(*key))? += 1;
        }
        for at in 0..kinds {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut positions = vec![0; keys.len()];
        for (position, key) in positions.iter_mut().zip(keys) {
            let next = &mut next[usize::from(*key)];
            *position = u32::try_from(*next).ok()?;
            *next += 1;
        }
        Some(Self { starts, positions })
    }

    /// Returns the range of sorted places of a key.
    #[must_use]
    pub fn of(&self, key: usize) -> std::ops::Range<usize> {
        self.starts[key]..self.starts[key + 1]
    }

    /// Writes values given in the order of the members to their sorted places.
    pub fn sort<T: Copy>(&self, values: &[T], sorted: &mut [T]) {
        for (value, position) in values.iter().zip(&self.positions) {
            sorted[*position as usize] = *value;
        }
    }
}

/// Looks a vector by credit up at each member's own credit: years held by those in a state over the chance of being in it.
///
/// A credit between two points of the vector counts as the lower one; `step` is in months.
pub fn at_own_credit(
    by_credit: &[f64],
    step: usize,
    years: &[f64],
    persons: &[f64],
    found: &mut [f64],
) {
    let width = f64::from(u8::try_from(step).unwrap_or(12));
    for ((found, years), persons) in found.iter_mut().zip(years).zip(persons) {
        let held = if 0.0 < *persons { years / persons * 12.0 / width } else { 0.0 };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "steps of a life fit; a negative number becomes 0"
        )]
        let at = (held + 1e-9) as usize;
        *found = by_credit.get(at).or(by_credit.last()).copied().unwrap_or(0.0);
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::Sex;

    use super::*;
    use crate::{
        Carry, Credited, LastAge, MonthsPaid, MonthsRule, Move, Path, Placed, Quantity, Rate,
        Register, RegisterShape, Row, Status, SumYear, Tally, To, Who,
    };

    const WORKING: usize = 0;
    const PENSIONER: usize = 1;

    /// Those who work die, stop and earn; those who stop take a right of their earnings along.
    fn table() -> Table {
        let path = |credited, carry| Path { credited, sums: vec![carry] };
        Table::new(
            vec![
                Status { name: "working", staying: path(Credited::WholeYear, Carry::Earn) },
                Status { name: "pensioner", staying: path(Credited::Nothing, Carry::Keep) },
            ],
            vec![
                Move { name: "death", from: WORKING, to: To::Out },
                Move {
                    name: "award",
                    from: WORKING,
                    to: To::State(PENSIONER, path(Credited::Nothing, Carry::Weigh(0))),
                },
            ],
            1,
            vec![Tally { who: vec![Who::Move(1)], quantity: Quantity::Sum(0), weights: Some(0) }],
            None,
        )
        .expect("the parts fit")
    }

    fn year<'a>(
        sums: &'a [SumYear<'a, f64>],
        months: &'a MonthsPaid,
        vectors: &'a [&'a [f64]],
    ) -> RowYear<'a, f64> {
        let rates = &[Rate::Row(0.02), Rate::Row(0.3)];
        RowYear { rates, opening: &[], sums, months, vectors, target: None }
    }

    #[test]
    fn a_member_alone_has_what_a_cell_of_one_person_has() {
        let shape = RegisterShape {
            groups: 1,
            first_age: 20,
            ages: 50,
            last_age: LastAge::Open,
            step: 12,
            credits: 30,
        };
        let row = |age| Row { group: 0, sex: Sex::Male, age };
        let mut register: Register = Register::new(shape, table(), Level::best());
        register.place(WORKING, row(30), Placed { credit: 4, persons: 1.0, each: &[500.0] });
        let density = 0.6;
        let months = MonthsPaid::new(12, density, &MonthsRule::FullOrNone).expect("a share");
        let sums = [SumYear { keep: 1.04, earned: 90.0, each: None }];
        let accrual = [0.015; 32];

        // The second member has twice the wage rank of the first, the third half of its density.
        let mut members = Members::new(table(), 8, Level::best());
        assert!(members.begin(3) && !members.begin(9) && members.begin(3));
        members.place(WORKING, &[1.0; 3], &[&[500.0, 500.0, 0.0]]);
        let own = [density, 2.0 * density, 0.5 * density, 0.0, 0.0, 0.0, 0.0, 0.0];
        let own_sums = [SumYear { keep: 1.04, earned: 90.0, each: Some(&own) }];
        let own_months = MonthsPaid::of_each_member();
        for at in 0..3 {
            for age in (30..50).rev() {
                register.step(row(age), &year(&sums, &months, &[&accrual]));
            }
            for age in (20..30).rev() {
                register.step_empty(row(age));
            }
            members.step(&year(&own_sums, &own_months, &[&accrual]));
            let total = |state| register.sum(state, 0, row(31 + at)).iter().sum::<f64>();
            // Rounding of a few terms.
            for state in [WORKING, PENSIONER] {
                assert!((members.sum(state, 0)[0] - total(state)).abs() < 1e-9);
            }
        }
        let working = members.sum(WORKING, 0);
        let persons = members.persons(WORKING);
        assert!((persons[0] - 0.686_f64.powi(3)).abs() < 1e-12);
        let start = 500.0 * 1.04_f64.powi(3) * persons[0];
        assert!((working[1] - start - 2.0 * (working[0] - start)).abs() < 1e-9);
        assert!((working[2] - 0.5 * (working[0] - start)).abs() < 1e-9);
    }

    #[test]
    fn counting_sorts_by_key_and_keeps_the_order_of_equals() {
        let order = MemberOrder::new(&[2, 0, 2, 1], 3).expect("keys below three");
        let mut sorted = ['-'; 4];
        order.sort(&['a', 'b', 'c', 'd'], &mut sorted);
        assert_eq!(sorted, ['b', 'd', 'a', 'c']);
        assert_eq!(order.of(2), 2..4);
        assert_eq!(MemberOrder::new(&[3], 3), None);
    }

    #[test]
    fn a_member_reads_a_vector_at_its_own_credit() {
        let mut found = [0.0; 4];
        at_own_credit(
            &[0.0, 1.0, 2.0],
            12,
            &[0.5, 0.95, 9.0, 1.0],
            &[0.5, 0.5, 1.0, 0.0],
            &mut found,
        );
        assert_eq!(found.map(f64::to_bits), [1.0_f64, 1.0, 2.0, 0.0].map(f64::to_bits));
    }
}
