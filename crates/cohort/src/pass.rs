use crate::balance::Settled;
use crate::dispatch::{Wide, Work};
use crate::lane::Lanes;
use crate::row_year::{Opening, Rate, RowDone, RowYear};
use crate::rows::{accrue, less, octets, octets_mut, times, two_rows};
use crate::scratch::{Dest, Lie, Rows, Scratch, Way, eights_for};
use crate::table::{Asked, Plan, Table, To};

/// One row on its way through one year.
///
/// Every share of a state is one factor for the row times, at most, values by cell that were written to its cells. So a
/// rate by row costs nothing in the cells, a rate by cell one pass over them, and all that arrives in a row of the end
/// of the year is added up in one.
pub(crate) struct Pass<'a, V> {
    pub(crate) table: &'a Table,
    pub(crate) year: &'a RowYear<'a, V>,
    /// The block of the start of the year; used up.
    pub(crate) source: &'a mut [f64],
    pub(crate) rows: Rows,
    pub(crate) cells: usize,
    /// By row: whether there is anything but zeros.
    pub(crate) present: &'a [bool],
    pub(crate) dest: Option<Dest<'a>>,
    pub(crate) scratch: &'a mut Scratch<V>,
}

impl<V: Lanes> Work for Pass<'_, V> {
    type Output = RowDone<V>;

    #[inline(always)]
    fn run<X: Wide>(mut self) -> RowDone<V> {
        self.scratch.clear();
        let states = self.table.states().len();
        for state in 0..states {
            if self.is_present(state) {
                self.decrement::<X>(state);
            }
        }
        let settled = self.settle::<X>();
        let mut done = RowDone { settled, held_at_top: V::splat(0.0), aged_out: V::splat(0.0) };
        for state in 0..states {
            if self.is_present(state) {
                let share = self.scratch.live[state];
                self.tally::<X>(&self.table.plan().staying[state], state, share);
                self.depart(state, state, share);
                if self.dest.is_none() {
                    done.aged_out = done.aged_out + share * self.total::<X>(state, 0, None);
                }
            }
        }
        if let Some(mut dest) = self.dest.take() {
            self.arrive::<X>(&mut dest);
            self.enter(&mut dest, settled.first_entries);
        }
        done
    }
}

impl<V: Lanes> Pass<'_, V> {
    /// Rows of a state.
    #[inline(always)]
    pub(crate) fn width(&self) -> usize {
        1 + self.table.sums()
    }

    /// Says whether there is anybody in a state.
    #[inline(always)]
    fn is_present(&self, state: usize) -> bool {
        self.present[state * self.width()]
    }

    #[inline(always)]
    pub(crate) fn eights(&self) -> usize {
        eights_for::<V>(self.cells)
    }

    #[inline(always)]
    pub(crate) fn start(&self, lie: Lie) -> usize {
        match lie {
            Lie::Source(row) => self.rows.start(row),
            Lie::Aside(row) => self.scratch.rows.start(row),
        }
    }

    /// Opens the sums of a state and takes its decrements in order.
    #[inline(always)]
    fn decrement<X: Wide>(&mut self, state: usize) {
        let Plan { moves_of, start, .. } = self.table.plan();
        self.tally::<X>(&start[state], state, V::splat(1.0));
        self.open::<X>(state);
        for at in &moves_of[state] {
            match self.year.rates[*at] {
                Rate::Nobody => {}
                Rate::Row(rate) => {
                    let live = self.scratch.live[state];
                    let share = live * rate;
                    self.scratch.live[state] = live - share;
                    self.leave::<X>(*at, state, share);
                }
                Rate::Cell(rate) => self.leave_by_cell::<X>(*at, state, rate),
            }
        }
    }

    #[inline(always)]
    fn open<X: Wide>(&mut self, state: usize) {
        let sums = self.table.sums();
        for sum in 0..sums {
            let opening = self.year.opening.get(state * sums + sum).copied();
            let row = state * (1 + sums) + 1 + sum;
            match opening.unwrap_or(Opening::AsItStands) {
                Opening::AsItStands => {}
                Opening::Times(factor) => self.scratch.factor[row] = factor,
                Opening::Accrue { keep, gain } => {
                    let persons = self.rows.start(state * (1 + sums));
                    let (eights, at) = (self.eights(), self.rows.start(row));
                    let (persons, sum) = two_rows(self.source, persons, at, eights);
                    accrue::<V, X>(sum, persons, keep, gain);
                    let weights = self.table.plan().vectors + 1;
                    self.scratch.known[row * weights..(row + 1) * weights].fill(false);
                }
            }
        }
    }

    /// Lets a share of the whole row make a move.
    #[inline(always)]
    fn leave<X: Wide>(&mut self, at: usize, state: usize, share: V) {
        self.tally::<X>(&self.table.plan().moving[at], state, share);
        self.depart(self.present.len() / self.width() + at, state, share);
    }

    #[inline(always)]
    fn depart(&mut self, way: usize, from: usize, share: V) {
        let lie = Lie::Source(from * self.width());
        self.scratch.ways[way] = Way { taken: true, lie, share };
    }

    /// Lets a share by cell make a move; the cells keep the rest.
    #[inline(always)]
    fn leave_by_cell<X: Wide>(&mut self, at: usize, state: usize, rate: &[f64]) {
        let (width, eights) = (self.width(), self.eights());
        let live = self.scratch.live[state];
        self.tally_by_cell::<X>(&self.table.plan().moving[at], state, rate);
        self.keep_pending(state);
        let first = state * width;
        if let To::State(..) = &self.table.moves()[at].to {
            let aside = self.scratch.put_aside(width);
            for row in 0..width {
                let from = octets(self.source, self.rows.start(first + row), eights);
                let start = self.scratch.rows.start(aside + row);
                times::<V, X>(octets_mut(&mut self.scratch.aside, start, eights), from, rate);
                self.scratch.pad(aside + row, eights);
            }
            let way = self.present.len() / width + at;
            self.scratch.ways[way] = Way { taken: true, lie: Lie::Aside(aside), share: live };
        }
        for row in 0..width {
            less::<V, X>(octets_mut(self.source, self.rows.start(first + row), eights), rate);
        }
        self.forget(state);
    }

    /// Puts the cells of a state aside for those who already left it and did not yet arrive.
    #[inline(always)]
    fn keep_pending(&mut self, state: usize) {
        let width = self.width();
        let source = Lie::Source(state * width);
        if self.scratch.ways.iter().all(|way| !way.taken || way.lie != source) {
            return;
        }
        let (eights, aside) = (self.eights(), self.scratch.put_aside(width));
        for row in 0..width {
            let from = octets(self.source, self.rows.start(state * width + row), eights);
            let start = self.scratch.rows.start(aside + row);
            octets_mut(&mut self.scratch.aside, start, eights).copy_from_slice(from);
            self.scratch.pad(aside + row, eights);
        }
        for way in &mut self.scratch.ways {
            if way.taken && way.lie == source {
                way.lie = Lie::Aside(aside);
            }
        }
    }

    /// Meets the target of the table's balance, where there is one.
    #[inline(always)]
    fn settle<X: Wide>(&mut self) -> Settled<V> {
        let (Some(balance), Some(target)) = (self.table.balance(), self.year.target) else {
            return Settled::nothing();
        };
        let other = self.table.moves()[balance.enter].from;
        let staying = self.remaining::<X>(balance.state);
        let dormant = self.remaining::<X>(other);
        let (settled, shares) = target.settle(staying, dormant);
        for (at, state, share) in
            [(balance.leave, balance.state, shares.out), (balance.enter, other, shares.back)]
        {
            if self.is_present(state) {
                let live = self.scratch.live[state];
                let moving = live * share;
                self.scratch.live[state] = live - moving;
                self.leave::<X>(at, state, moving);
            }
        }
        settled
    }

    #[inline(always)]
    fn remaining<X: Wide>(&mut self, state: usize) -> V {
        if self.is_present(state) {
            self.scratch.live[state] * self.total::<X>(state, 0, None)
        } else {
            V::splat(0.0)
        }
    }

    /// Returns the sum over the cells of a row of a state, each times its weight.
    #[inline(always)]
    fn total<X: Wide>(&mut self, state: usize, row: usize, weights: Option<usize>) -> V {
        let at = state * self.width() + row;
        let slot = at * (self.table.plan().vectors + 1) + weights.map_or(0, |vector| vector + 1);
        if self.scratch.known[slot] {
            return self.scratch.sums[slot];
        }
        let cells = octets(self.source, self.rows.start(at), self.eights());
        let found = match weights {
            Some(vector) => V::weighted::<X>(cells, self.year.vectors[vector]),
            None => V::total::<X>(cells),
        };
        self.scratch.known[slot] = true;
        self.scratch.sums[slot] = found;
        found
    }

    #[inline(always)]
    fn forget(&mut self, state: usize) {
        let length = self.width() * (self.table.plan().vectors + 1);
        self.scratch.known[state * length..(state + 1) * length].fill(false);
    }

    #[inline(always)]
    fn tally<X: Wide>(&mut self, asked: &[Asked], state: usize, share: V) {
        for Asked { tally, row, weights } in asked {
            let factor = self.scratch.factor[state * self.width() + row];
            let found = share * factor * self.total::<X>(state, *row, *weights);
            self.scratch.tallies[*tally] = self.scratch.tallies[*tally] + found;
        }
    }

    #[inline(always)]
    fn tally_by_cell<X: Wide>(&mut self, asked: &[Asked], state: usize, rate: &[f64]) {
        let mut product_of = None;
        for Asked { tally, row, weights } in asked {
            let at = state * self.width() + row;
            let cells = octets(self.source, self.rows.start(at), self.eights());
            let total = match weights {
                None => V::weighted::<X>(cells, rate),
                Some(vector) => {
                    let product = &mut self.scratch.product;
                    if product_of != Some(*vector) {
                        let both = rate.iter().zip(self.year.vectors[*vector]);
                        for (product, (rate, weight)) in product.iter_mut().zip(both) {
                            *product = rate * weight;
                        }
                        product_of = Some(*vector);
                    }
                    V::weighted::<X>(cells, product)
                }
            };
            let found = self.scratch.live[state] * self.scratch.factor[at] * total;
            self.scratch.tallies[*tally] = self.scratch.tallies[*tally] + found;
        }
    }
}
