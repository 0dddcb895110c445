use crate::lane::{Lanes, WIDE};
use crate::table::Table;

/// A year moves a cell at most so many credits up: months on a grid of single months.
pub(crate) const MOST_STEPS: usize = 12;

/// Rows of cells in memory: each is a margin of zeros, its cells, and zeros up to its width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rows {
    /// Numbers before the first cell.
    pub(crate) margin: usize,
    /// Numbers from one row to the next.
    pub(crate) stride: usize,
}

impl Rows {
    pub(crate) fn new<V: Lanes>(margin: usize, cells: usize) -> Self {
        let margin = margin * V::COUNT;
        let stride = margin + (cells * V::COUNT).next_multiple_of(WIDE);
        // Rows a power of two apart would push each other out of the processor's nearest cache.
        let apart = if stride.is_multiple_of(512) { WIDE } else { 0 };
        Self { margin, stride: stride + apart }
    }

    /// Returns where the cells of a row begin.
    pub(crate) const fn start(self, row: usize) -> usize {
        row * self.stride + self.margin
    }

    pub(crate) const fn width(self) -> usize {
        self.stride - self.margin
    }
}

/// Returns how many eights hold so many cells.
pub(crate) const fn eights_for<V: Lanes>(cells: usize) -> usize {
    (cells * V::COUNT).div_ceil(WIDE)
}

/// Where the rows of those who take a path lie: in the block of the start of the year, or put aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lie {
    Source(usize),
    Aside(usize),
}

/// Those who take a way: all with the same factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Way<V> {
    pub(crate) taken: bool,
    /// Where the row of the persons lies; the sums follow it.
    pub(crate) lie: Lie,
    pub(crate) share: V,
}

/// One row that is added to a row of the end of the year, some steps up and times a factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Term<V> {
    pub(crate) lie: Lie,
    pub(crate) steps: usize,
    pub(crate) by: V,
}

fn nobody<V: Lanes>() -> Way<V> {
    Way { taken: false, lie: Lie::Source(0), share: V::splat(0.0) }
}

/// Memory that every row uses anew.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scratch<V> {
    /// Rows put aside.
    pub(crate) aside: Vec<f64>,
    pub(crate) rows: Rows,
    used: usize,
    /// Products of two vectors by cell.
    pub(crate) product: Vec<f64>,
    /// Sums over the cells of a state, by row and weights, and which of them hold.
    pub(crate) sums: Vec<V>,
    pub(crate) known: Vec<bool>,
    /// By state and row: the factor that was not yet written to the cells.
    pub(crate) factor: Vec<V>,
    /// By state: the share that was not yet moved.
    pub(crate) live: Vec<V>,
    /// By way: staying in each state, then each move.
    pub(crate) ways: Vec<Way<V>>,
    pub(crate) terms: Vec<Term<V>>,
    pub(crate) tallies: Vec<V>,
}

impl<V: Lanes> Scratch<V> {
    /// Memory for rows of so many cells; a pass takes none beside it.
    pub(crate) fn new(table: &Table, margin: usize, cells: usize) -> Self {
        let (states, rows) = (table.states().len(), 1 + table.sums());
        let moves = table.moves().len();
        let aside = Rows::new::<V>(margin, cells);
        let weights = table.plan().vectors + 1;
        Self {
            aside: vec![0.0; aside.stride * (3 * moves + states) * rows],
            rows: aside,
            used: 0,
            product: vec![0.0; aside.width()],
            sums: vec![V::splat(0.0); states * rows * weights],
            known: vec![false; states * rows * weights],
            factor: vec![V::splat(1.0); states * rows],
            live: vec![V::splat(1.0); states],
            ways: vec![nobody(); moves + states],
            terms: Vec::with_capacity((moves + states) * 2 * (MOST_STEPS + 1)),
            tallies: vec![V::splat(0.0); table.tallies().len()],
        }
    }

    /// Returns the tallies of the last row.
    pub(crate) fn tallies(&self) -> &[V] {
        &self.tallies
    }

    /// Returns where the next unused rows aside begin.
    #[inline(always)]
    pub(crate) fn put_aside(&mut self, rows: usize) -> usize {
        let first = self.used;
        self.used += rows;
        first
    }

    /// Fills a row aside with zeros behind its cells.
    #[inline(always)]
    pub(crate) fn pad(&mut self, row: usize, eights: usize) {
        let start = self.rows.start(row);
        self.aside[start + eights * WIDE..start + self.rows.width()].fill(0.0);
    }

    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.used = 0;
        self.known.fill(false);
        self.factor.fill(V::splat(1.0));
        self.live.fill(V::splat(1.0));
        for way in &mut self.ways {
            way.taken = false;
        }
        self.tallies.fill(V::splat(0.0));
    }
}

/// The block of the end of the year.
pub(crate) struct Dest<'a> {
    pub(crate) numbers: &'a mut [f64],
    pub(crate) rows: Rows,
    pub(crate) cells: usize,
    /// Whether others are already there, to whom the row is added.
    pub(crate) add: bool,
    /// By row: whether there is anything but zeros.
    pub(crate) present: &'a mut [bool],
}
