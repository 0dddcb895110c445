use perennis_units::{Growth, Money, Path, Share, Year, YearRange};

use crate::LabourError;

/// How the growth of wages is given.
#[derive(Clone, Debug, PartialEq)]
pub enum WageGrowth {
    /// In current prices.
    Nominal(Path<Growth>),
    /// Above prices: `(1 + real)(1 + prices) - 1`.
    Real(Path<Growth>),
}

impl WageGrowth {
    /// Returns the nominal growth of `year`, as a relative change.
    #[must_use]
    pub fn nominal(&self, year: Year, prices: &Path<Growth>) -> f64 {
        match self {
            Self::Nominal(growth) => growth.at(year).get(),
            Self::Real(growth) => growth.at(year).factor() * prices.at(year).factor() - 1.0,
        }
    }

    /// Returns the years that have a growth of their own.
    #[must_use]
    pub fn years(&self) -> YearRange {
        match self {
            Self::Nominal(growth) | Self::Real(growth) => growth.years(),
        }
    }
}

/// Paths of the economy, as assumed.
///
/// Prices and wages may begin before the first year of a run: what is recorded of the past revalues earnings of the
/// past. Growth of a year is the mean of the year over the mean of the year before.
#[derive(Clone, Debug, PartialEq)]
pub struct EconomyBasis {
    /// Gross domestic product of `gdp_year`, current prices.
    pub gdp: Money,
    /// The year of `gdp`; one of the years of the run.
    pub gdp_year: Year,
    /// Growth of output per person employed, constant prices.
    pub productivity: Path<Growth>,
    /// Growth of consumer prices.
    pub prices: Path<Growth>,
    /// Growth of wages of a fixed composition.
    pub wages: WageGrowth,
    /// Nominal interest on reserves.
    pub interest: Path<Growth>,
    /// Compensation of employees as a share of output in the first year, where known; for the coherence check.
    pub wage_share: Option<Share>,
    /// Expenditure of general government as a share of output, where known.
    pub government_expenditure: Option<Path<Share>>,
}

impl EconomyBasis {
    /// Computes the paths of `years` from the employed of each year (mean of the year, persons).
    ///
    /// # Formula
    ///
    /// `GDP(t) = GDP(t-1) * E(t)/E(t-1) * (1 + productivity(t)) * (1 + prices(t))`: consumer prices stand for the
    /// prices of output. Years before `gdp_year` follow from the same formula backwards.
    ///
    /// # Errors
    ///
    /// [`LabourError::OutputYear`] when `gdp_year` is not one of `years`, [`LabourError::NobodyEmployed`] in a year
    /// without employed persons.
    pub fn project(&self, years: YearRange, employed: &[f64]) -> Result<Economy, LabourError> {
        let first = years.first();
        let anchor = years.position(self.gdp_year).ok_or(LabourError::OutputYear {
            given: self.gdp_year,
            first,
            last: years.last(),
        })?;
        if let Some(at) = employed.iter().position(|persons| *persons <= 0.0) {
            return Err(LabourError::NobodyEmployed { year: years.at(at) });
        }
        let growth_of = |at: usize| {
            let year = years.at(at);
            employed[at] / employed[at - 1]
                * self.productivity.at(year).factor()
                * self.prices.at(year).factor()
        };
        let mut gdp = vec![self.gdp.get(); years.count()];
        for at in anchor + 1..gdp.len() {
            gdp[at] = gdp[at - 1] * growth_of(at);
        }
        for at in (0..anchor).rev() {
            gdp[at] = gdp[at + 1] / growth_of(at + 1);
        }
        let price_growth: Vec<f64> = years.iter().map(|year| self.prices.at(year).get()).collect();
        let wage_growth: Vec<f64> =
            years.iter().map(|year| self.wages.nominal(year, &self.prices)).collect();
        let wage_index = index(&wage_growth);
        let share_of = |at: usize| wage_index[at] * employed[at] / employed[0] * gdp[0] / gdp[at];
        Ok(Economy {
            first,
            government_expenditure: self.government_expenditure.as_ref().map(|share| {
                years.iter().zip(&gdp).map(|(year, output)| share.at(year).get() * output).collect()
            }),
            wage_share: self
                .wage_share
                .map(|share| (0..years.count()).map(|at| share.get() * share_of(at)).collect()),
            productivity_growth: years
                .iter()
                .map(|year| self.productivity.at(year).get())
                .collect(),
            interest: years.iter().map(|year| self.interest.at(year).get()).collect(),
            price_index: index(&price_growth),
            prices: self.prices.clone(),
            wages: self.wages.clone(),
            gdp,
            wage_index,
            price_growth,
            wage_growth,
        })
    }
}

/// Paths of the economy over the years of a run; every vector starts with the first year.
#[derive(Clone, Debug, PartialEq)]
pub struct Economy {
    /// The first year.
    pub first: Year,
    /// Gross domestic product of each year, current prices.
    pub gdp: Vec<f64>,
    /// Expenditure of general government, current prices, where its share is known.
    pub government_expenditure: Option<Vec<f64>>,
    /// Compensation of employees as a share of output that follows from the assumptions at a constant share of
    /// employees among the employed, where the first year's share is known.
    pub wage_share: Option<Vec<f64>>,
    /// Consumer prices, mean of the year, 1 in the first year.
    pub price_index: Vec<f64>,
    /// Wages of a fixed composition, mean of the year, 1 in the first year.
    pub wage_index: Vec<f64>,
    /// Growth of prices in each year.
    pub price_growth: Vec<f64>,
    /// Nominal growth of wages in each year.
    pub wage_growth: Vec<f64>,
    /// Growth of output per person employed in each year, constant prices.
    pub productivity_growth: Vec<f64>,
    /// Nominal interest of each year.
    pub interest: Vec<f64>,
    /// Growth of prices with the recorded years before the first.
    pub prices: Path<Growth>,
    /// Growth of wages with the recorded years before the first.
    pub wages: WageGrowth,
}

impl Economy {
    /// Returns the growth of prices in any year, past years included; before the first recorded year its growth holds.
    #[must_use]
    pub fn price_growth_in(&self, year: Year) -> f64 {
        self.prices.at(year).get()
    }

    /// Returns the nominal growth of wages in any year, past years included; before the first recorded year its growth
    /// holds.
    #[must_use]
    pub fn wage_growth_in(&self, year: Year) -> f64 {
        self.wages.nominal(year, &self.prices)
    }

    /// Returns the level of prices of every year from the one before the first recorded growth to the last of the run.
    #[must_use]
    pub fn price_levels(&self) -> Path<f64> {
        self.levels(self.prices.years().first(), |year| self.price_growth_in(year))
    }

    /// Returns the level of wages of every year from the one before the first recorded growth to the last of the run.
    #[must_use]
    pub fn wage_levels(&self) -> Path<f64> {
        self.levels(self.wages.years().first(), |year| self.wage_growth_in(year))
    }

    fn levels(&self, recorded: Year, growth: impl Fn(Year) -> f64) -> Path<f64> {
        let from = recorded.min(self.first).plus(-1);
        let last = self.gdp.len() as i32 - 1;
        let years = 0..=self.first.plus(last).since(from);
        let levels = years.map(|offset| self.level(from.plus(offset), &growth)).collect();
        Path::new(from, levels).expect("a run has at least one year")
    }

    fn level(&self, year: Year, growth: impl Fn(Year) -> f64) -> f64 {
        let distance = year.since(self.first);
        let grown = |from: i32, to: i32| {
            (from..=to).map(|offset| 1.0 + growth(self.first.plus(offset))).product::<f64>()
        };
        if distance < 0 { 1.0 / grown(distance + 1, 0) } else { grown(1, distance) }
    }
}

fn index(growth: &[f64]) -> Vec<f64> {
    let mut level = 1.0;
    let mut levels = Vec::with_capacity(growth.len());
    for (at, change) in growth.iter().enumerate() {
        if 0 < at {
            level *= 1.0 + change;
        }
        levels.push(level);
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(value: f64) -> Growth {
        Growth::new(value).unwrap()
    }

    fn basis() -> EconomyBasis {
        EconomyBasis {
            gdp: Money::new(1_000.0).unwrap(),
            gdp_year: Year::new(2025),
            productivity: Path::new(
                Year::new(2024),
                vec![growth(0.01), growth(0.02), growth(0.03)],
            )
            .unwrap(),
            prices: Path::new(
                Year::new(2020),
                (0..7).map(|n| growth(0.01 * f64::from(n))).collect(),
            )
            .unwrap(),
            wages: WageGrowth::Real(Path::new(Year::new(2020), vec![growth(0.02)]).unwrap()),
            interest: Path::constant(growth(0.07)),
            wage_share: Some(Share::new(0.4).unwrap()),
            government_expenditure: Some(Path::constant(Share::new(0.2).unwrap())),
        }
    }

    fn close(left: f64, right: f64) -> bool {
        // Products of three or four factors: a few units in the last place.
        (left - right).abs() <= 1e-13 * right.abs()
    }

    #[test]
    fn output_grows_with_the_employed_their_productivity_and_prices_in_both_directions() {
        let years = YearRange::new(Year::new(2024), 3);
        let economy = basis().project(years, &[100.0, 110.0, 99.0]).unwrap();
        assert!(close(economy.gdp[1], 1_000.0));
        // 2026 over 2025: employment 0.9, productivity 1.03, prices 1.06.
        assert!(close(economy.gdp[2], 1_000.0 * 0.9 * 1.03 * 1.06));
        // 2025 over 2024: employment 1.1, productivity 1.02, prices 1.05.
        assert!(close(economy.gdp[0], 1_000.0 / (1.1 * 1.02 * 1.05)));
        assert!(close(economy.government_expenditure.unwrap()[2], 0.2 * economy.gdp[2]));
    }

    #[test]
    fn output_of_a_year_outside_the_run_is_refused() {
        let years = YearRange::new(Year::new(2026), 3);
        let error = basis().project(years, &[1.0, 1.0, 1.0]).unwrap_err();
        assert!(matches!(error, LabourError::OutputYear { .. }));
    }

    #[test]
    fn levels_of_the_past_use_recorded_growth_and_meet_the_index_of_the_run() {
        let years = YearRange::new(Year::new(2024), 3);
        let economy = basis().project(years, &[1.0, 1.0, 1.0]).unwrap();
        // Prices of 2022 against 2024: growth of 2023 (0.03) and of 2024 (0.04) undone.
        let (levels, wages) = (economy.price_levels(), economy.wage_levels());
        assert!(close(levels.at(Year::new(2022)), 1.0 / (1.03 * 1.04)));
        assert!(close(wages.at(Year::new(2023)), 1.0 / (1.02 * 1.04)));
        for (at, year) in years.iter().enumerate() {
            assert!(close(levels.at(year), economy.price_index[at]));
            assert!(close(wages.at(year), economy.wage_index[at]));
        }
        assert_eq!(
            (levels.years().first(), levels.years().last()),
            (Year::new(2019), Year::new(2026))
        );
    }

    #[test]
    fn the_wage_share_stays_when_real_wages_grow_with_productivity() {
        let mut same = basis();
        same.productivity = Path::constant(growth(0.02));
        let years = YearRange::new(Year::new(2024), 3);
        let economy = same.project(years, &[100.0, 130.0, 90.0]).unwrap();
        assert!(economy.wage_share.unwrap().iter().all(|share| close(*share, 0.4)));
    }
}
