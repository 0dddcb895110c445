use super::paths::ComparedPath;
use super::run::ComparedRun;

/// A value and the year it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct InYear {
    pub(crate) year: i32,
    pub(crate) value: f64,
}

/// A path at the four moments that a reader looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct KeyValues {
    /// The first year with a value.
    pub(crate) now: InYear,
    /// The lowest value and the first year that has it.
    pub(crate) trough: InYear,
    /// The highest value and the first year that has it.
    pub(crate) peak: InYear,
    /// The last year with a value.
    pub(crate) horizon: InYear,
}

impl KeyValues {
    /// Returns the moments of a path; `None` for a path without values.
    pub(crate) fn of(run: &ComparedRun, path: &ComparedPath) -> Option<Self> {
        let first = run.years.first().get();
        let years = (first..).zip(&path.values);
        let mut known = years.filter_map(|(year, value)| Some(InYear { year, value: (*value)? }));
        let now = known.next()?;
        let start = Self { now, trough: now, peak: now, horizon: now };
        Some(known.fold(start, |key, one| Self {
            now,
            trough: if one.value < key.trough.value { one } else { key.trough },
            peak: if key.peak.value < one.value { one } else { key.peak },
            horizon: one,
        }))
    }

    /// Returns the moments with the words used in tables.
    pub(crate) const fn named(&self) -> [(&'static str, InYear); 4] {
        [("now", self.now), ("trough", self.trough), ("peak", self.peak), ("horizon", self.horizon)]
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::{Year, YearRange};
    use perennis_valuation::Title;

    use super::*;
    use crate::comparison::RunLabel;

    fn moments(values: &[Option<f64>]) -> Option<[(i32, f64); 4]> {
        let run = ComparedRun {
            label: RunLabel::default(),
            title: Title { title: String::new(), country: String::new(), currency: String::new() },
            years: YearRange::new(Year::new(2030), values.len()),
            paths: Vec::new(),
            measures: Vec::new(),
            lives: Default::default(),
        };
        let path = ComparedPath {
            scope: String::new(),
            indicator: "payg_rate",
            unit: "share",
            values: values.to_vec(),
        };
        let key = KeyValues::of(&run, &path)?;
        Some(key.named().map(|(_, at)| (at.year, at.value)))
    }

    #[test]
    fn the_first_of_equal_extremes_counts_and_gaps_are_passed_over() {
        let values = [None, Some(2.0), Some(1.0), Some(3.0), Some(1.0), Some(3.0), Some(2.5), None];
        let expected = [(2031, 2.0), (2032, 1.0), (2033, 3.0), (2036, 2.5)];
        assert_eq!(moments(&values), Some(expected));
        assert_eq!(moments(&[None, None]), None);
    }
}
