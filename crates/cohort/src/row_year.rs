use crate::balance::{Settled, Target};
use crate::months::MonthsPaid;

/// The share of those still in a state who make a move: a probability, never below 0 or above 1.
#[derive(Clone, Copy, Debug)]
pub enum Rate<'a, V> {
    /// Nobody moves; costs nothing.
    Nobody,
    /// The same share of every cell of the row.
    Row(V),
    /// A share by cell.
    Cell(&'a [f64]),
}

/// What becomes of a travelling sum at the start of the year, before anybody moves.
#[derive(Clone, Copy, Debug)]
pub enum Opening<'a, V> {
    /// It stands as it is.
    AsItStands,
    /// It is multiplied.
    Times(V),
    /// It becomes `sum * keep + persons * gain`; each of the two is a value by cell times one of the row.
    Accrue {
        /// The factor on the sum.
        keep: (&'a [f64], V),
        /// What each person adds.
        gain: (&'a [f64], V),
    },
}

/// What the year does to a travelling sum on the way to its end.
#[derive(Clone, Copy, Debug)]
pub struct SumYear<'a, V> {
    /// The factor on what was there.
    pub keep: V,
    /// What a person adds who is credited with all twelve months.
    pub earned: V,
    /// The factor on `earned` by cell; `None` is 1.
    pub each: Option<&'a [f64]>,
}

/// What happens to one row in one year.
///
/// Values by cell have at least [`crate::RegisterShape::width`] entries.
#[derive(Clone, Copy, Debug)]
pub struct RowYear<'a, V> {
    /// The rate of each move of the table, in its order; those of the balance are found from the target.
    pub rates: &'a [Rate<'a, V>],
    /// The opening of each sum of each state, states outer; empty when all stand as they are.
    pub opening: &'a [Opening<'a, V>],
    /// What becomes of each sum.
    pub sums: &'a [SumYear<'a, V>],
    /// Months credited in the year.
    pub months: &'a MonthsPaid,
    /// The vectors by cell that the tallies and paths of the table name.
    pub vectors: &'a [&'a [f64]],
    /// The number wanted in the state of the balance, where the table has one.
    pub target: Option<Target<V>>,
}

/// What a row did in a year, beside its tallies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowDone<V> {
    /// How the target was met.
    pub settled: Settled<V>,
    /// Persons whose credit would pass the end of the grid and was held there.
    pub held_at_top: V,
    /// Persons who passed the last age of a register that ends with it.
    pub aged_out: V,
}
