use std::ops::Range;

/// Ranges of neighbouring credits of which nothing makes a difference.
#[derive(Clone, Debug)]
pub(crate) struct Bands {
    /// The first credit of each band, and after the last the number of credits.
    first: Vec<usize>,
    /// The band of each credit; those past the end have a band of their own.
    of: Vec<usize>,
    breaks: Vec<bool>,
    /// The least credit that could make each claim of the cohort, in its order.
    pub(crate) least: Vec<usize>,
}

impl Bands {
    /// Room for so many credits.
    pub(crate) fn new(credits: usize) -> Self {
        Self {
            first: Vec::with_capacity(credits + 1),
            of: Vec::with_capacity(credits + 1),
            breaks: Vec::with_capacity(credits + 1),
            least: Vec::with_capacity(128),
        }
    }

    /// Begins again with one band of so many credits.
    pub(crate) fn begin(&mut self, credits: usize) {
        self.least.clear();
        self.breaks.clear();
        self.breaks.resize(credits + 1, false);
        self.breaks[0] = true;
        self.breaks[credits] = true;
    }

    /// Lets a band begin at a credit, or past the last.
    pub(crate) fn break_at(&mut self, credit: usize) {
        self.breaks[credit] = true;
    }

    /// Numbers the bands.
    pub(crate) fn end(&mut self) {
        self.first.clear();
        self.of.clear();
        for (credit, begins) in self.breaks.iter().enumerate() {
            if *begins {
                self.first.push(credit);
            }
            self.of.push(self.first.len() - 1);
        }
    }

    /// Returns the number of bands.
    pub(crate) const fn count(&self) -> usize {
        self.first.len() - 1
    }

    /// Returns the first credit of a band, which stands for the others.
    pub(crate) fn first(&self, band: usize) -> usize {
        self.first[band]
    }

    /// Returns the credits of a band.
    pub(crate) fn credits(&self, band: usize) -> Range<usize> {
        self.first[band]..self.first[band + 1]
    }

    /// Returns the band of a credit; past the last credit the number of bands.
    pub(crate) fn of(&self, credit: usize) -> usize {
        self.of[credit]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_cover_every_credit_once() {
        let mut bands = Bands::new(10);
        bands.begin(10);
        bands.break_at(3);
        bands.break_at(7);
        bands.break_at(10);
        bands.end();
        assert_eq!(bands.count(), 3);
        let credits: Vec<_> = (0..3).map(|band| bands.credits(band)).collect();
        assert_eq!(credits, [0..3, 3..7, 7..10]);
        assert_eq!((bands.of(2), bands.of(3), bands.of(9), bands.of(10)), (0, 1, 2, 3));
    }
}
