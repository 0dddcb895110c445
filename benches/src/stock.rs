use perennis_cohort::{Lanes, Level, Wide, Work};

/// Persons in payment of one kind and sex by single age, and what they draw, at the start of a year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stock<V = f64> {
    /// Persons by age.
    pub(crate) persons: Vec<V>,
    /// Amounts in force, summed over the persons, by age.
    pub(crate) amount: Vec<V>,
}

/// What happens to a stock in a year, by age at its start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StockYear<'a, V> {
    /// Share alive at the end of the year.
    pub(crate) survival: &'a [V],
    /// The factor on amounts in force from the start of the year to its end.
    pub(crate) indexation: V,
    /// Persons awarded in the year who live to its end.
    pub(crate) awarded: &'a [V],
    /// What they have in force at the end of the year.
    pub(crate) awarded_amount: &'a [V],
}

impl<V: Lanes> Stock<V> {
    /// Nobody at any of so many ages.
    pub(crate) fn empty(ages: usize) -> Self {
        Self { persons: vec![V::splat(0.0); ages], amount: vec![V::splat(0.0); ages] }
    }

    /// Carries the stock through a year, in place; whoever is at the last age passes out of it.
    ///
    /// The slices of the year have an entry for every age.
    pub(crate) fn step(&mut self, level: Level, year: &StockYear<'_, V>) {
        level.run(StockPass { stock: self, year });
    }

    /// Moves all persons of an age to another stock: a pension that becomes one of another kind at that age.
    pub(crate) fn convert(&mut self, age: usize, to: &mut Self) {
        let zero = V::splat(0.0);
        to.persons[age] = to.persons[age] + std::mem::replace(&mut self.persons[age], zero);
        to.amount[age] = to.amount[age] + std::mem::replace(&mut self.amount[age], zero);
    }
}

struct StockPass<'a, V> {
    stock: &'a mut Stock<V>,
    year: &'a StockYear<'a, V>,
}

impl<V: Lanes> Work for StockPass<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run<X: Wide>(self) {
        let StockYear { survival, indexation, awarded, awarded_amount } = *self.year;
        let Stock { persons, amount } = self.stock;
        let ages = persons.len();
        for age in (1..ages).rev() {
            let from = age - 1;
            persons[age] = persons[from] * survival[from] + awarded[from];
            amount[age] = amount[from] * survival[from] * indexation + awarded_amount[from];
        }
        persons[0] = V::splat(0.0);
        amount[0] = V::splat(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survivors_grow_older_their_amounts_are_indexed_and_awards_join_them() {
        let mut stock = Stock { persons: vec![0.0, 10.0, 4.0], amount: vec![0.0, 50.0, 20.0] };
        stock.step(
            Level::BASELINE,
            &StockYear {
                survival: &[1.0, 0.5, 0.0],
                indexation: 1.1,
                awarded: &[2.0, 0.0, 0.0],
                awarded_amount: &[8.0, 0.0, 0.0],
            },
        );
        assert_eq!(stock.persons, [0.0, 2.0, 5.0]);
        assert!((stock.amount[1] - 8.0).abs() < 1e-12 && (stock.amount[2] - 27.5).abs() < 1e-12);
    }
}
