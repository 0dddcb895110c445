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
}

impl Counting {
    /// Returns the years that `months` (not negative) count.
    #[must_use]
    pub fn years(self, months: i32) -> f64 {
        let (years, odd) = (months.div_euclid(12), months.rem_euclid(12));
        let part = match self {
            Self::Months => f64::from(odd) / 12.0,
            Self::CompletedYears => 0.0,
            Self::HalfYearsUp => match odd {
                0 => 0.0,
                1..=6 => 0.5,
                _ => 1.0,
            },
            Self::HalfYearsDown => {
                if odd < 6 {
                    0.0
                } else {
                    0.5
                }
            }
        };
        f64::from(years) + part
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
            (Counting::HalfYearsDown, 5, 20.0),
            (Counting::HalfYearsDown, 11, 20.5),
            (Counting::CompletedYears, 11, 20.0),
            (Counting::Months, 3, 20.25),
        ] {
            assert!((counting.years(240 + odd) - years).abs() < 1e-12, "{counting:?} {odd}");
        }
    }
}
