/// How months of a period count as years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Each month is a twelfth.
    Months,
    /// Odd months do not count.
    CompletedYears,
    /// One to six odd months count half a year, seven to eleven a whole year.
    HalfYearsUp,
    /// Up to five odd months do not count, six to eleven count half a year.
    HalfYearsDown,
    /// Each completed three months are a quarter of a year.
    Quarters,
    /// Each quarter of a year begun counts whole.
    QuartersUp,
    /// Each year begun counts whole.
    YearsUp,
}

impl Counting {
    /// Returns the years that `months` (not negative; parts of months where a period gives less than a whole one) count.
    #[must_use]
    pub fn years(self, months: impl Into<f64>) -> f64 {
        let months = months.into();
        // Sums of parts of months must not fall short of a whole one by a binary fraction.
        #[expect(clippy::cast_possible_truncation, reason = "months of a life fit i32")]
        let whole = (months + 1e-9) as i32;
        let part = months - f64::from(whole);
        let part = if part.abs() < 1e-9 { 0.0 } else { part };
        let (years, odd) =
            (f64::from(whole.div_euclid(12)), f64::from(whole.rem_euclid(12)) + part);
        match self {
            Self::Months => (f64::from(whole) + part) / 12.0,
            Self::CompletedYears => years,
            Self::HalfYearsUp if odd <= 0.0 => years,
            Self::HalfYearsUp if odd <= 6.0 => years + 0.5,
            Self::HalfYearsUp => years + 1.0,
            Self::HalfYearsDown if odd < 6.0 => years,
            Self::HalfYearsDown => years + 0.5,
            Self::Quarters => years + f64::from(whole.rem_euclid(12) / 3) * 0.25,
            Self::QuartersUp => years + (odd / 3.0).ceil() * 0.25,
            Self::YearsUp if odd <= 0.0 => years,
            Self::YearsUp => years + 1.0,
        }
    }

    /// Returns the name, as in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Months => "months",
            Self::CompletedYears => "completed_years",
            Self::HalfYearsUp => "half_years_up",
            Self::HalfYearsDown => "half_years_down",
            Self::Quarters => "quarters",
            Self::QuartersUp => "quarters_up",
            Self::YearsUp => "years_up",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_months_count_as_their_rule_says() {
        for (counting, odd, years) in [
            (Counting::HalfYearsUp, 1, 20.5),
            (Counting::HalfYearsUp, 6, 20.5),
            (Counting::HalfYearsUp, 7, 21.0),
            (Counting::HalfYearsUp, 0, 20.0),
            (Counting::HalfYearsDown, 5, 20.0),
            (Counting::HalfYearsDown, 11, 20.5),
            (Counting::CompletedYears, 11, 20.0),
            (Counting::Months, 3, 20.25),
            (Counting::Quarters, 2, 20.0),
            (Counting::Quarters, 8, 20.5),
            (Counting::Quarters, 9, 20.75),
            (Counting::QuartersUp, 7, 20.75),
            (Counting::QuartersUp, 6, 20.5),
            (Counting::YearsUp, 1, 21.0),
            (Counting::YearsUp, 0, 20.0),
        ] {
            assert!((counting.years(240 + odd) - years).abs() < 1e-12, "{counting:?} {odd}");
        }
    }

    #[test]
    fn parts_of_months_that_make_whole_ones_count_as_whole_ones() {
        let months = (0..120).map(|_| 0.1).sum::<f64>();
        assert!(months < 12.0);
        assert!((Counting::CompletedYears.years(months) - 1.0).abs() < 1e-12);
    }
}
