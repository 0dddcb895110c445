use perennis_units::{Money, Payer, Share, Year, date_of_year};

use crate::rule::{first_of_month, for_anyone};
use crate::{Amount, Environment, Groups, LawError, Lognormal, Rule};

/// The rate of one payer.
#[derive(Clone, Debug, PartialEq)]
pub struct PayerRate {
    /// Who pays.
    pub payer: Payer,
    /// Share of insured earnings.
    pub rate: Rule<Share>,
}

/// A rate that rises in the year after the reserve ratio (reserve at the end of the year over outgo of the year) falls
/// below a floor.
#[derive(Clone, Debug, PartialEq)]
pub struct Stepping {
    /// Whose rate rises.
    pub payer: Payer,
    /// The reserve ratio below which it rises.
    pub reserve_ratio_floor: Rule<f64>,
    /// By how much each time, added to the rate.
    pub rise: Rule<Share>,
    /// The most that may be added in all.
    pub most: Rule<Share>,
}

impl Stepping {
    /// Returns what is added to the rate in `year`, from what was added the year before and the reserve ratio at its end.
    ///
    /// # Formula
    ///
    /// `added + rise`, at most `most`, when the ratio is below the floor; else what was added before.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn added(
        &self,
        year: Year,
        added_before: f64,
        reserve_ratio_end: Option<f64>,
    ) -> Result<f64, LawError> {
        let when = for_anyone(date_of_year(year));
        let floor = self.reserve_ratio_floor.at(&when)?.value;
        if reserve_ratio_end.is_none_or(|ratio| floor <= ratio) {
            return Ok(added_before);
        }
        let risen = added_before + self.rise.at(&when)?.value.get();
        Ok(risen.min(self.most.at(&when)?.value.get()).max(added_before))
    }
}

/// The floor and the ceiling of insured earnings over the months of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Months of the year and the floor and ceiling in force in them, currency a year.
    spans: Vec<(f64, Option<f64>, Option<f64>)>,
}

impl Limits {
    /// Returns the floor, mean of the year, currency a year.
    #[must_use]
    pub fn floor(&self) -> Option<f64> {
        self.spans
            .iter()
            .map(|(months, floor, _)| Some(months * (*floor)?))
            .sum::<Option<f64>>()
            .map(|sum| sum / 12.0)
    }

    /// Returns the ceiling, mean of the year, currency a year.
    #[must_use]
    pub fn ceiling(&self) -> Option<f64> {
        self.spans
            .iter()
            .map(|(months, _, ceiling)| Some(months * (*ceiling)?))
            .sum::<Option<f64>>()
            .map(|sum| sum / 12.0)
    }

    /// Returns insured earnings of persons whose wages (currency a year) are spread lognormally, in closed form.
    ///
    /// # Formula
    ///
    /// `E[max(floor, min(X, ceiling))] = floor + E[(X - floor)+] - E[(X - ceiling)+]`, mean over the months. A floor
    /// above the ceiling, which no law means, is taken as the floor.
    ///
    /// # Units
    ///
    /// Currency a year of full contributions; shares of persons.
    ///
    /// # Source
    ///
    /// Iyer, Actuarial mathematics of social security pensions (ILO, 1999), 5.12, for the spread.
    #[must_use]
    pub fn insured_earnings(&self, wages: &Lognormal) -> InsuredEarnings {
        let mut insured = InsuredEarnings { mean: 0.0, share_at_floor: 0.0, share_at_ceiling: 0.0 };
        for (months, floor, ceiling) in &self.spans {
            let weight = months / 12.0;
            let least = floor.unwrap_or(0.0);
            let mut mean = least + wages.expected_excess(least);
            if let Some(ceiling) = ceiling {
                mean -= wages.expected_excess(ceiling.max(least));
                insured.share_at_ceiling += weight * (1.0 - wages.share_below(*ceiling));
            }
            insured.share_at_floor += weight * wages.share_below(least);
            insured.mean += weight * mean;
        }
        insured
    }
}

/// Insured earnings of persons with a spread of wages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InsuredEarnings {
    /// Mean insured earnings, currency a year.
    pub mean: f64,
    /// Share of persons lifted to the floor.
    pub share_at_floor: f64,
    /// Share of persons held at the ceiling.
    pub share_at_ceiling: f64,
}

/// Contributions to one account.
#[derive(Clone, Debug, PartialEq)]
pub struct ContributionLaw {
    /// Name.
    pub name: String,
    /// The account that receives them.
    pub account: String,
    /// The groups that pay.
    pub groups: Groups,
    /// Rates by payer.
    pub rates: Vec<PayerRate>,
    /// Least insured earnings, a year.
    pub floor: Option<Amount>,
    /// Most insured earnings, a year.
    pub ceiling: Option<Amount>,
    /// A rate that steps with the reserve.
    pub stepping: Option<Stepping>,
}

impl ContributionLaw {
    /// Returns the rate of `payer`, mean over the months of `year`, before stepping; 0 for one who does not pay.
    ///
    /// # Errors
    ///
    /// [`LawError::NotInForce`].
    pub fn rate(&self, payer: Payer, year: Year) -> Result<f64, LawError> {
        let mut sum = 0.0;
        for payer_rate in self.rates.iter().filter(|rate| rate.payer == payer) {
            for month in 1..=12 {
                let when = for_anyone(first_of_month(year, month));
                sum += payer_rate.rate.at(&when)?.value.get();
            }
        }
        Ok(sum / 12.0)
    }

    /// Returns the floor and the ceiling of `year`, month by month.
    ///
    /// # Errors
    ///
    /// [`LawError`].
    pub fn limits(&self, year: Year, env: &Environment<'_>) -> Result<Limits, LawError> {
        let mut spans: Vec<(f64, Option<f64>, Option<f64>)> = Vec::new();
        for month in 1..=12 {
            let when = for_anyone(first_of_month(year, month));
            let at = |amount: &Option<Amount>| {
                amount.as_ref().map(|amount| amount.at(&when, env).map(Money::get)).transpose()
            };
            let (floor, ceiling) = (at(&self.floor)?, at(&self.ceiling)?);
            match spans.last_mut() {
                Some(last) if (last.1, last.2) == (floor, ceiling) => last.0 += 1.0,
                _ => spans.push((1.0, floor, ceiling)),
            }
        }
        Ok(Limits { spans })
    }
}

#[cfg(test)]
mod tests {
    use perennis_units::Path;

    use super::*;
    use crate::{LegalIndices, fixture};

    fn law(floor: f64, ceiling: f64) -> ContributionLaw {
        let fixed = |name: &str, amount: f64| {
            Amount::Fixed(fixture::always(name, Money::new(amount).unwrap()))
        };
        let rows = vec![
            ("2000-01-01".to_owned(), Share::new(0.08).unwrap()),
            ("2025-07-01".to_owned(), Share::new(0.10).unwrap()),
        ];
        ContributionLaw {
            name: "pension".to_owned(),
            account: "fund".to_owned(),
            groups: Groups::All,
            rates: vec![PayerRate {
                payer: Payer::Employees,
                rate: fixture::rule("employees", rows),
            }],
            floor: Some(fixed("floor", floor)),
            ceiling: Some(fixed("ceiling", ceiling)),
            stepping: None,
        }
    }

    fn env(indices: &LegalIndices) -> Environment<'_> {
        Environment::new(indices)
    }

    fn level() -> LegalIndices {
        LegalIndices::new(Path::constant(1.0), Path::constant(1.0))
    }

    #[test]
    fn a_rate_that_changes_in_july_counts_for_half_the_year() {
        let law = law(0.0, 1.0);
        assert!((law.rate(Payer::Employees, Year::new(2025)).unwrap() - 0.09).abs() < 1e-15);
        assert!((law.rate(Payer::Employees, Year::new(2026)).unwrap() - 0.10).abs() < 1e-15);
        assert!(law.rate(Payer::State, Year::new(2026)).unwrap().abs() < 1e-15);
        assert!(matches!(
            law.rate(Payer::Employees, Year::new(1999)),
            Err(LawError::NotInForce { .. })
        ));
    }

    #[test]
    fn floor_and_ceiling_hold_a_spread_of_wages_between_them() {
        let indices = level();
        let limits = law(50.0, 150.0).limits(Year::new(2026), &env(&indices)).unwrap();
        let insured = limits.insured_earnings(&Lognormal::new(100.0, 0.8));
        // The schedule of a person, integrated, is the other way to the same mean.
        let person = crate::Schedule::identity().at_least(50.0).at_most(150.0);
        let mean = person.expected(&Lognormal::new(100.0, 0.8));
        assert!((insured.mean - mean).abs() < 1e-10);
        assert!(0.1 < insured.share_at_floor && insured.share_at_floor < 0.4);
        assert!(0.1 < insured.share_at_ceiling && insured.share_at_ceiling < 0.4);
        let same = limits.insured_earnings(&Lognormal::new(500.0, 0.0));
        assert!((same.mean - 150.0).abs() < 1e-12);
        assert_eq!((limits.floor(), limits.ceiling()), (Some(50.0), Some(150.0)));
        let crossed = law(150.0, 50.0).limits(Year::new(2026), &env(&indices)).unwrap();
        let all = crossed.insured_earnings(&Lognormal::new(100.0, 0.8));
        assert!((all.mean - 150.0).abs() < 1e-10, "a floor above the ceiling is the floor");
    }

    #[test]
    fn a_rate_steps_up_only_after_the_reserve_ratio_falls_below_its_floor() {
        let share = |value| Share::new(value).unwrap();
        let stepping = Stepping {
            payer: Payer::Employers,
            reserve_ratio_floor: fixture::always("floor", 2.0),
            rise: fixture::always("rise", share(0.01)),
            most: fixture::always("most", share(0.015)),
        };
        let added = |before, ratio| stepping.added(Year::new(2030), before, ratio).unwrap();
        assert!((added(0.0, Some(2.0))).abs() < 1e-15);
        assert!((added(0.0, None)).abs() < 1e-15);
        assert!((added(0.0, Some(1.9)) - 0.01).abs() < 1e-15);
        assert!((added(0.01, Some(1.9)) - 0.015).abs() < 1e-15);
    }
}
