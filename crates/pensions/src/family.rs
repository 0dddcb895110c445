use perennis_cohort::YearGrid;
use perennis_scheme::Recipient;
use perennis_units::Sex;

/// Whom the insured and the pensioners of a scheme leave behind.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Family {
    /// Survivors by kind; of a kind that is not there nobody is left.
    pub relatives: Vec<Relatives>,
    /// Probability that a widow or widower remarries within a year, by year of the run, sex and age at its start; nobody
    /// does when absent. A dependent rate: with that of death it is taken off one.
    pub remarriage: Option<YearGrid>,
    /// Share of children in education at the age at which the others lose their benefit, by sex.
    pub in_education: [f64; 2],
}

/// Survivors of one kind at the death of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Relatives {
    /// What they are to the deceased.
    pub kind: Recipient,
    by_deceased: [Vec<Vec<Relative>>; 2],
}

/// Survivors of one sex and age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Relative {
    pub(crate) sex: Sex,
    /// Age last birthday at the end of the year of the death.
    pub(crate) age_end: usize,
    pub(crate) persons: f64,
}

impl Relatives {
    /// Brings numbers of survivors to the deaths of a year; `expected` gives those of a deceased of a sex and age, by sex and
    /// age, for every age below `ages` of both at one moment.
    ///
    /// # Formula
    ///
    /// Who is aged x at the start of a year and dies in it is x or x + 1 then, in equal parts. So survivors who are aged z
    /// at the end of the year are half of those aged z - 1 at x and half of those aged z at x + 1 (Iyer, Actuarial
    /// mathematics of social security pensions, 1999, section 5.4: `w` at x + 1/2).
    #[must_use]
    pub fn new(
        kind: Recipient,
        ages: usize,
        expected: impl Fn((Sex, usize), (Sex, usize)) -> f64,
    ) -> Self {
        let by_deceased = Sex::ALL.map(|sex| {
            let of_age = |age: usize| {
                let older = (age + 1).min(ages.saturating_sub(1));
                let mut found = Vec::new();
                for of in Sex::ALL {
                    for age_end in 0..=ages {
                        let at = |deceased: usize, own: usize| {
                            if own < ages { expected((sex, deceased), (of, own)) } else { 0.0 }
                        };
                        let before = age_end.checked_sub(1).map_or(0.0, |own| at(age, own));
                        let persons = 0.5 * (before + at(older, age_end));
                        if 0.0 < persons {
                            found.push(Relative { sex: of, age_end, persons });
                        }
                    }
                }
                found
            };
            (0..ages).map(of_age).collect()
        });
        Self { kind, by_deceased }
    }

    /// Returns the survivors of those of a sex and age at the start of the year who die in it.
    pub(crate) fn of(&self, sex: Sex, age: usize) -> &[Relative] {
        let of_sex = &self.by_deceased[sex.index()];
        of_sex.get(age).or(of_sex.last()).map_or(&[], Vec::as_slice)
    }

    /// Returns the number of ages of the deceased.
    pub(crate) fn ages(&self) -> usize {
        self.by_deceased[0].len()
    }
}

impl Family {
    /// Returns the survivors of a kind.
    pub(crate) fn of_kind(&self, kind: Recipient) -> Option<&Relatives> {
        self.relatives.iter().find(|relatives| relatives.kind == kind)
    }
}

/// Spreads a difference of age over whole years as a normal distribution does; a difference without a spread stands at the
/// two years around it.
///
/// # Formula
///
/// The share at `d` is `F(d + 1/2) - F(d - 1/2)`, over all within six deviations, so that they add up to one.
#[must_use]
pub fn age_differences(mean: f64, deviation: f64) -> Vec<(i32, f64)> {
    let first = (-150..150).find(|d| mean < f64::from(*d) + 1.0).unwrap_or(150);
    if deviation <= 1e-9 {
        let above = mean - f64::from(first);
        return vec![(first, 1.0 - above), (first + 1, above)];
    }
    let below =
        |at: f64| 0.5 * (1.0 + libm::erf((at - mean) / (deviation * std::f64::consts::SQRT_2)));
    let within = |d: &i32| (f64::from(*d) - mean).abs() <= 6.0 * deviation + 1.0;
    let shares: Vec<(i32, f64)> = (-150..=150)
        .filter(within)
        .map(|d| (d, below(f64::from(d) + 0.5) - below(f64::from(d) - 0.5)))
        .collect();
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    shares.into_iter().map(|(d, share)| (d, share / sum)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survivors_of_a_year_are_those_of_half_a_year_more() {
        // Wives three years younger; the share married falls from 0.8 at 60 to 0.6 at 61.
        let married = |age: usize| if age <= 60 { 0.8 } else { 0.6 };
        let wives = Relatives::new(Recipient::Spouse, 101, |(sex, age), (of, own)| {
            let wife = sex == Sex::Male && of == Sex::Female && own + 3 == age;
            if wife { married(age) } else { 0.0 }
        });
        let [wife] = wives.of(Sex::Male, 60) else { panic!("one age") };
        assert!(wife.sex == Sex::Female && wife.age_end == 58);
        assert!((wife.persons - 0.7).abs() < 1e-15);
        assert!(wives.of(Sex::Female, 60).is_empty());
    }

    #[test]
    fn differences_of_age_keep_their_mean_and_add_up() {
        for (mean, deviation) in [(-2.6, 0.0), (-2.6, 3.0), (28.25, 6.5), (0.0, 0.4)] {
            let shares = age_differences(mean, deviation);
            let sum: f64 = shares.iter().map(|(_, share)| share).sum();
            let found: f64 = shares.iter().map(|(d, share)| f64::from(*d) * share).sum();
            assert!((sum - 1.0).abs() < 1e-12);
            // A normal distribution cut into years keeps its mean but for the cut, which is far out.
            assert!((found - mean).abs() < 2e-3, "{found} {mean}");
        }
    }

    #[test]
    fn a_child_born_in_the_year_of_the_death_is_left_behind_too() {
        let children =
            Relatives::new(
                Recipient::Child,
                101,
                |(_, age), (_, own)| {
                    if age == 31 && own == 0 { 0.2 } else { 0.0 }
                },
            );
        let of_30 = children.of(Sex::Female, 30);
        assert!(of_30.iter().all(|child| child.age_end == 0));
        assert!((of_30.iter().map(|child| child.persons).sum::<f64>() - 0.2).abs() < 1e-15);
    }
}
