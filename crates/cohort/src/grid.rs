use ndarray::{Array2, Array3, ArrayView2, Axis};
use perennis_units::Sex;

/// A value for each sex and single age, 0 to the open age. Axes: sex, age.
///
/// The unit (persons, currency, a share) is stated by whoever owns the grid.
pub type AgeGrid = Array2<f64>;

/// An [`AgeGrid`] for each year. Axes: year, sex, age.
///
/// A stock has one more year than the flows: the end of the horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct YearGrid(Array3<f64>);

impl YearGrid {
    /// All zero, for `years` positions on the year axis and `ages` single ages.
    #[must_use]
    pub fn zeros(years: usize, ages: usize) -> Self {
        Self(Array3::zeros((years, 2, ages)))
    }

    /// Wraps an array with axes year, sex, age.
    #[must_use]
    pub const fn new(values: Array3<f64>) -> Self {
        Self(values)
    }

    /// Returns the value at a year position, sex and age.
    #[inline]
    #[must_use]
    pub fn get(&self, year: usize, sex: Sex, age: usize) -> f64 {
        self.0[[year, sex.index(), age]]
    }

    /// Sets the value at a year position, sex and age.
    #[inline]
    pub fn set(&mut self, year: usize, sex: Sex, age: usize, value: f64) {
        self.0[[year, sex.index(), age]] = value;
    }

    /// Adds to the value at a year position, sex and age.
    #[inline]
    pub fn add(&mut self, year: usize, sex: Sex, age: usize, value: f64) {
        self.0[[year, sex.index(), age]] += value;
    }

    /// Returns the grid of one year.
    #[must_use]
    pub fn year(&self, year: usize) -> ArrayView2<'_, f64> {
        self.0.index_axis(Axis(0), year)
    }

    /// Returns the sum over both sexes and all ages of one year.
    #[must_use]
    pub fn total(&self, year: usize) -> f64 {
        self.year(year).iter().sum()
    }

    /// Returns the sum over all ages of one sex in one year.
    #[must_use]
    pub fn total_of(&self, year: usize, sex: Sex) -> f64 {
        self.year(year).row(sex.index()).iter().sum()
    }

    /// Returns the number of positions on the year axis.
    #[must_use]
    pub fn years(&self) -> usize {
        self.0.len_of(Axis(0))
    }

    /// Returns the number of single ages; the last is open.
    #[must_use]
    pub fn ages(&self) -> usize {
        self.0.len_of(Axis(2))
    }

    /// Returns the whole array, axes year, sex, age.
    #[must_use]
    pub const fn values(&self) -> &Array3<f64> {
        &self.0
    }

    /// Returns the whole array for writing.
    pub const fn values_mut(&mut self) -> &mut Array3<f64> {
        &mut self.0
    }
}
