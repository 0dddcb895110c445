/// When in the year its flows fall, all together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowsAt {
    /// On its first day: flows earn a whole year of interest.
    StartOfYear,
    /// At its middle: flows earn `(1 + i)^½ - 1`.
    MidYear,
    /// At its middle, with simple interest within the year: flows earn `i / 2`, as trustees' tables often have it.
    MidYearSimple,
    /// On its last day: flows earn nothing in their year.
    EndOfYear,
}

impl FlowsAt {
    /// Every moment, from first to last.
    pub const ALL: [Self; 4] =
        [Self::StartOfYear, Self::MidYear, Self::MidYearSimple, Self::EndOfYear];

    /// Returns what 1 at the start of the year has grown to when the flows fall; `interest` of the year is above -1.
    #[must_use]
    pub fn before(self, interest: f64) -> f64 {
        match self {
            Self::StartOfYear => 1.0,
            Self::MidYear => (1.0 + interest).sqrt(),
            Self::MidYearSimple => (1.0 + interest) / (1.0 + 0.5 * interest),
            Self::EndOfYear => 1.0 + interest,
        }
    }

    /// Returns what a flow of 1 has grown to at the end of the year.
    ///
    /// `before` times `after` is one plus the interest of the year, whatever the moment.
    #[must_use]
    pub fn after(self, interest: f64) -> f64 {
        match self {
            Self::StartOfYear => 1.0 + interest,
            Self::MidYear => (1.0 + interest).sqrt(),
            Self::MidYearSimple => 1.0 + 0.5 * interest,
            Self::EndOfYear => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_parts_of_a_year_make_a_year() {
        for flows_at in FlowsAt::ALL {
            for interest in [-0.5, -0.01, 0.0, 0.05, 1.0] {
                let whole = flows_at.before(interest) * flows_at.after(interest);
                assert!((whole - 1.0 - interest).abs() < 1e-15, "{flows_at:?} {interest}");
            }
        }
    }
}
