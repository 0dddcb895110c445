use perennis_units::Sex;

use crate::dispatch::Level;
use crate::lane::{Lanes, WIDE};
use crate::pass::Pass;
use crate::row_year::{RowDone, RowYear};
use crate::scratch::{Dest, MOST_STEPS, Rows, Scratch};
use crate::table::Table;

/// One group, sex and age of a register; its cells are the credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Position of the group.
    pub group: usize,
    /// The sex.
    pub sex: Sex,
    /// Age last birthday at the start of the year.
    pub age: usize,
}

/// Persons put into a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed<'a, V> {
    /// Credit, in steps of the register.
    pub credit: usize,
    /// Persons.
    pub persons: V,
    /// What each of them brings to the travelling sums.
    pub each: &'a [V],
}

/// What becomes of those at the last age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastAge {
    /// The age is open: they stay in it.
    Open,
    /// Whoever is left passes out of the register.
    Leaves,
}

/// Extent of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterShape {
    /// Number of groups.
    pub groups: usize,
    /// The age at which nobody has any credit yet: persons may enter in the course of the year that begins at it.
    pub first_age: usize,
    /// One more than the last age.
    pub ages: usize,
    /// What becomes of those at the last age.
    pub last_age: LastAge,
    /// Months of credit between two neighbouring cells: 1, 3, 6 or 12.
    pub step: usize,
    /// Highest credit, in steps.
    pub credits: usize,
}

impl RegisterShape {
    /// Returns the number of credits that someone of `age` can hold, zero included: one year a year since the first age.
    #[must_use]
    pub fn credits_at(&self, age: usize) -> usize {
        (age.saturating_sub(self.first_age) * 12 / self.step).min(self.credits) + 1
    }

    /// Returns the number of entries that a vector by credit must have at least.
    #[must_use]
    pub const fn width(&self) -> usize {
        (self.credits + 1).next_multiple_of(WIDE)
    }

    const fn most_steps(&self) -> usize {
        12 / self.step
    }

    /// Returns whether someone of the row may pass the last cell of the row of the next age.
    fn is_capped(&self, age: usize, next: usize) -> bool {
        self.credits_at(next) < self.credits_at(age) + self.most_steps()
    }
}

/// Where the rows lie in memory: by group and sex, then age, then state and quantity, the cells innermost.
#[derive(Clone, Debug, PartialEq)]
struct Layout {
    /// By age since the first.
    blocks: Vec<Block>,
    /// Numbers of a group and sex.
    line: usize,
}

/// The rows of one age.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    /// Where they begin within their group and sex.
    start: usize,
    rows: Rows,
    cells: usize,
    next: Next,
}

/// How a row passes to the end of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Over the row of the next age, which has moved on.
    On,
    /// Over the row of the next age, which ends with fewer credits than some may reach.
    Capped,
    /// To the open age, where others are.
    Joining,
    /// Within the open age.
    Within,
    /// Out of the register.
    Out,
}

impl Layout {
    fn new<V: Lanes>(shape: &RegisterShape, table: &Table) -> Self {
        let mut line = 0;
        let last = shape.ages - 1;
        let open = shape.last_age == LastAge::Open;
        let blocks = (shape.first_age..shape.ages).map(|age| {
            let to = (age + 1).min(last);
            let next = match age {
                _ if age == last => {
                    if open {
                        Next::Within
                    } else {
                        Next::Out
                    }
                }
                _ if to == last && open => Next::Joining,
                _ if shape.is_capped(age, to) => Next::Capped,
                _ => Next::On,
            };
            let cells = shape.credits_at(age).max(shape.credits_at(to));
            let rows = Rows::new::<V>(shape.most_steps(), cells);
            let start = line;
            line += rows.stride * table.rows();
            Block { start, rows, cells: shape.credits_at(age), next }
        });
        let blocks = blocks.collect();
        Self { blocks, line }
    }
}

/// Where a row stands in the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Its persons are those of the start of the year.
    Standing,
    /// They have moved on; the row waits for those one year younger.
    Vacated,
}

/// A register: persons in the states of a table, by group, sex, age and months of credit, with the sums that travel with
/// them. `V` is `f64` for one scenario, [`crate::Eight`] for eight.
#[derive(Clone, Debug, PartialEq)]
pub struct Register<V = f64> {
    shape: RegisterShape,
    table: Table,
    level: Level,
    layout: Layout,
    numbers: Vec<f64>,
    /// Numbers before the first, so that eights begin at the start of a line of the processor's cache.
    before: usize,
    /// By row, state and quantity: whether there is anything but zeros.
    present: Vec<bool>,
    stages: Vec<Stage>,
    scratch: Scratch<V>,
    /// Blocks for rows at the end of the grid: the start of the year, then its end.
    ends: [Vec<f64>; 2],
    end_rows: Rows,
    end_present: Vec<bool>,
}

impl<V: Lanes> Register<V> {
    /// An empty register.
    #[must_use]
    pub fn new(shape: RegisterShape, table: Table, level: Level) -> Self {
        let layout = Layout::new::<V>(&shape, &table);
        let rows = shape.groups * 2 * (shape.ages - shape.first_age);
        let numbers = vec![0.0; shape.groups * 2 * layout.line + WIDE];
        let before = numbers.as_ptr().align_offset(64).min(WIDE);
        let cells = shape.credits + 1 + MOST_STEPS;
        let end_rows = Rows::new::<V>(shape.most_steps(), cells);
        let end = || vec![0.0; end_rows.stride * table.rows()];
        Self {
            scratch: Scratch::new(&table, shape.most_steps(), cells),
            ends: [end(), end()],
            end_rows,
            end_present: vec![false; table.rows()],
            present: vec![false; rows * table.rows()],
            stages: vec![Stage::Standing; rows],
            numbers,
            before,
            layout,
            level,
            table,
            shape,
        }
    }

    /// Takes everybody out, to begin again in the same memory.
    pub fn clear(&mut self) {
        self.numbers.fill(0.0);
        self.present.fill(false);
        self.stages.fill(Stage::Standing);
    }

    /// Returns the extent.
    #[must_use]
    pub const fn shape(&self) -> &RegisterShape {
        &self.shape
    }

    /// Returns the states and moves.
    #[must_use]
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// Returns the persons of a state by credit, the scenarios innermost.
    #[must_use]
    pub fn persons(&self, state: impl Into<usize>, row: Row) -> &[f64] {
        self.cells(state.into() * (1 + self.table.sums()), row)
    }

    /// Returns a travelling sum of a state by credit, the scenarios innermost: persons times the value of each.
    #[must_use]
    pub fn sum(&self, state: impl Into<usize>, sum: usize, row: Row) -> &[f64] {
        self.cells(state.into() * (1 + self.table.sums()) + 1 + sum, row)
    }

    /// Says whether a row has any members. Shares of nobody count as members until the row is empty.
    #[must_use]
    pub fn has_members(&self, row: Row) -> bool {
        let present = self.present_at(self.at(row));
        self.present[present].iter().any(|present| *present)
    }

    /// Takes out what is left of a row that everybody has left, so that it no longer has members; between two years.
    pub fn clear_row(&mut self, row: Row) {
        self.empty(row);
    }

    /// Adds persons to a cell between two years: at the start of a projection, or when they join at the end of a year.
    ///
    /// # Panics
    ///
    /// When nobody of the age can hold the credit.
    pub fn place(&mut self, state: impl Into<usize>, row: Row, placed: Placed<'_, V>) {
        let quantity = state.into() * (1 + self.table.sums());
        let (from, block) = self.block(row);
        assert!(placed.credit < block.cells, "no more credit than someone of the age can hold");
        let present = self.present_at(self.at(row)).start + quantity;
        let at = from + block.rows.start(quantity) + placed.credit * V::COUNT;
        add_lanes(&mut self.numbers[at..], placed.persons);
        self.present[present] = true;
        for (sum, each) in (1..).zip(placed.each) {
            let at = at + sum * block.rows.stride;
            add_lanes(&mut self.numbers[at..], placed.persons * *each);
            self.present[present + sum] = true;
        }
    }

    /// Carries one row through a year.
    ///
    /// In each year every row is stepped once, the ages of a group and sex from the highest down.
    ///
    /// # Panics
    ///
    /// When the row of the next age was not stepped before: the two would be mixed.
    pub fn step(&mut self, row: Row, year: &RowYear<'_, V>) -> RowDone<V> {
        let next = self.vacate(row);
        let to = Row { age: row.age + 1, ..row };
        let done = match next {
            Next::Out => self.pass_out(row, year),
            Next::On => self.pass_on(row, to, year),
            Next::Capped => self.pass_at_end(row, (to, true), year),
            Next::Joining => self.pass_at_end(row, (to, false), year),
            Next::Within => self.pass_at_end(row, (row, true), year),
        };
        if row.age == self.shape.first_age {
            self.empty(row);
        }
        done
    }

    /// Carries a row without members through a year in which nobody joins: as [`Register::step`], for nothing.
    ///
    /// # Panics
    ///
    /// As [`Register::step`] does.
    pub fn step_empty(&mut self, row: Row) {
        let to = Row { age: row.age + 1, ..row };
        if matches!(self.vacate(row), Next::On | Next::Capped) && self.has_members(to) {
            self.empty(to);
        }
    }

    /// Marks a row as moved on and the row of the next age as standing.
    fn vacate(&mut self, row: Row) -> Next {
        let at = self.at(row);
        let next = self.layout.blocks[row.age - self.shape.first_age].next;
        self.stages[at] = Stage::Vacated;
        match next {
            Next::On | Next::Capped => {
                let vacated = self.stages[at + 1] == Stage::Vacated;
                assert!(vacated, "ages are stepped from the highest down, each once a year");
                self.stages[at + 1] = Stage::Standing;
            }
            Next::Within => self.stages[at] = Stage::Standing,
            Next::Joining | Next::Out => {}
        }
        next
    }

    /// Returns the tallies of the row that was stepped last, in the order of the table.
    #[must_use]
    pub fn tallies(&self) -> &[V] {
        self.scratch.tallies()
    }

    /// The usual row: all that arrives is written over the row of the next age, which has moved on.
    fn pass_on(&mut self, row: Row, to: Row, year: &RowYear<'_, V>) -> RowDone<V> {
        let ((from, block), (end, end_block)) = (self.block(row), self.block(to));
        let (here, there) = (self.present_at(self.at(row)), self.present_at(self.at(to)));
        let (low, high) = self.numbers.split_at_mut(end);
        let (present, end_present) = self.present.split_at_mut(there.start);
        let dest = Dest {
            numbers: high,
            rows: end_block.rows,
            cells: end_block.cells,
            add: false,
            present: &mut end_present[..there.len()],
        };
        self.level.run(Pass {
            table: &self.table,
            year,
            source: &mut low[from..],
            rows: block.rows,
            cells: block.cells,
            present: &present[here],
            dest: Some(dest),
            scratch: &mut self.scratch,
        })
    }

    fn pass_out(&mut self, row: Row, year: &RowYear<'_, V>) -> RowDone<V> {
        let (from, block) = self.block(row);
        let here = self.present_at(self.at(row));
        self.level.run(Pass {
            table: &self.table,
            year,
            source: &mut self.numbers[from..],
            rows: block.rows,
            cells: block.cells,
            present: &self.present[here],
            dest: None,
            scratch: &mut self.scratch,
        })
    }

    /// A row whose persons may pass the last cell, or join others at the open age: the year is taken in blocks aside.
    /// `to` says whether the row they come to is written anew.
    fn pass_at_end(&mut self, row: Row, to: (Row, bool), year: &RowYear<'_, V>) -> RowDone<V> {
        let (to, anew) = to;
        let ((from, block), (_, end_block)) = (self.block(row), self.block(to));
        let wide = block.cells.max(end_block.cells) + self.shape.most_steps();
        let (here, there) = (self.present_at(self.at(row)), self.present_at(self.at(to)));
        let [start, end] = &mut self.ends;
        copy_rows::<V>(&self.numbers[from..], &block, (start, self.end_rows));
        self.end_present.fill(true);
        let dest = Dest {
            numbers: end,
            rows: self.end_rows,
            cells: wide,
            add: false,
            present: &mut self.end_present,
        };
        let mut done = self.level.run(Pass {
            table: &self.table,
            year,
            source: start,
            rows: self.end_rows,
            cells: block.cells,
            present: &self.present[here],
            dest: Some(dest),
            scratch: &mut self.scratch,
        });
        if anew {
            self.empty(to);
        }
        let (start, end_block) = self.block(to);
        let ended = (self.ends[1].as_slice(), self.end_rows, wide);
        done.held_at_top =
            fold_rows::<V>(ended, (&mut self.numbers[start..], &end_block), &self.table);
        for (present, arrived) in self.present[there].iter_mut().zip(&self.end_present) {
            *present |= arrived;
        }
        done
    }

    /// Multiplies persons and sums of a state of a row.
    pub(crate) fn reduce(&mut self, state: usize, row: Row, factor: V) {
        let (start, block) = self.block(row);
        let first = state * (1 + self.table.sums());
        for quantity in first..=first + self.table.sums() {
            let at = start + block.rows.start(quantity);
            for cell in self.numbers[at..at + block.cells * V::COUNT].chunks_exact_mut(V::COUNT) {
                for (lane, number) in cell.iter_mut().enumerate() {
                    *number *= factor.lane(lane);
                }
            }
        }
    }

    /// Adds persons and what they bring to a cell that they come to.
    pub(crate) fn receive(
        &mut self,
        (state, row): (usize, Row),
        cell: usize,
        persons: V,
        sums: impl Iterator<Item = V>,
    ) {
        let quantity = state * (1 + self.table.sums());
        let (from, block) = self.block(row);
        let present = self.present_at(self.at(row)).start + quantity;
        let at = from + block.rows.start(quantity) + cell * V::COUNT;
        for (offset, added) in std::iter::once(persons).chain(sums).enumerate() {
            add_lanes(&mut self.numbers[at + offset * block.rows.stride..], added);
            self.present[present + offset] = true;
        }
    }

    fn empty(&mut self, row: Row) {
        let (start, block) = self.block(row);
        self.numbers[start..start + block.rows.stride * self.table.rows()].fill(0.0);
        let present = self.present_at(self.at(row));
        self.present[present].fill(false);
    }

    fn cells(&self, quantity: usize, row: Row) -> &[f64] {
        let (start, block) = self.block(row);
        let start = start + block.rows.start(quantity);
        &self.numbers[start..start + block.cells * V::COUNT]
    }

    fn at(&self, row: Row) -> usize {
        (row.group * 2 + row.sex.index()) * self.layout.blocks.len() + row.age
            - self.shape.first_age
    }

    const fn present_at(&self, at: usize) -> std::ops::Range<usize> {
        at * self.table.rows()..(at + 1) * self.table.rows()
    }

    fn block(&self, row: Row) -> (usize, Block) {
        let block = self.layout.blocks[row.age - self.shape.first_age];
        let line = (row.group * 2 + row.sex.index()) * self.layout.line;
        (self.before + line + block.start, block)
    }
}

fn add_lanes<V: Lanes>(numbers: &mut [f64], added: V) {
    for (lane, number) in numbers[..V::COUNT].iter_mut().enumerate() {
        *number += added.lane(lane);
    }
}

fn copy_rows<V: Lanes>(from: &[f64], block: &Block, to: (&mut [f64], Rows)) {
    let (to, to_rows) = to;
    let length = block.cells * V::COUNT;
    to.fill(0.0);
    for row in 0..to.len() / to_rows.stride {
        let (start, to_start) = (block.rows.start(row), to_rows.start(row));
        to[to_start..to_start + length].copy_from_slice(&from[start..start + length]);
    }
}

/// Adds the rows of a wide block to one that ends with fewer cells; what would pass the end is held in the last cell.
/// Returns the persons held.
fn fold_rows<V: Lanes>(from: (&[f64], Rows, usize), to: (&mut [f64], &Block), table: &Table) -> V {
    let (from, from_rows, from_cells) = from;
    let (to, block) = to;
    let mut held = V::splat(0.0);
    for row in 0..table.rows() {
        let (start, to_start) = (from_rows.start(row), block.rows.start(row));
        let from = &from[start..start + from_cells * V::COUNT];
        let to = &mut to[to_start..to_start + block.cells * V::COUNT];
        let (inside, beyond) = from.split_at(to.len());
        for (to, value) in to.iter_mut().zip(inside) {
            *to += value;
        }
        let last = to.len() - V::COUNT;
        for cell in beyond.chunks_exact(V::COUNT) {
            let cell = V::from_lanes(|lane| cell[lane]);
            add_lanes(&mut to[last..], cell);
            if row % (1 + table.sums()) == 0 {
                held = held + cell;
            }
        }
    }
    held
}
