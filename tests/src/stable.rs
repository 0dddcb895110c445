/// A pension scheme in a stable population, reckoned year by year: one entry age, flows on the first day of the year.
///
/// It is calculated cohort by cohort, without any part of the program.
#[derive(Clone, Debug)]
pub struct StableScheme {
    /// Survivors at each age from the entry age to the last.
    pub survivors: Vec<f64>,
    /// Years from entry to retirement.
    pub career: usize,
    /// Growth of entrants a year.
    pub entrant_growth: f64,
    /// Growth of wages a year; wages do not depend on age.
    pub wage_growth: f64,
    /// Growth of pensions in payment a year.
    pub indexation: f64,
    /// Pension at retirement over the wage, for each year of service.
    pub accrual: f64,
    /// Service before the scheme began counts.
    pub past_service: bool,
    /// Those who had retired before the scheme began are paid.
    pub first_pensioners: bool,
}

/// One year of a [`StableScheme`]; the wage of the first year is 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct StableYear {
    /// Insured earnings.
    pub earnings: f64,
    /// Pensions.
    pub outgo: f64,
    /// Insured earnings of those who belong to the scheme in the first year.
    pub initial_earnings: f64,
    /// Pensions of those who belong to the scheme in the first year.
    pub initial_outgo: f64,
    /// Capital value of the pensions awarded.
    pub capital_value: f64,
}

impl StableScheme {
    /// Returns the flows of the first `count` years; capital values are discounted with `interest`.
    #[must_use]
    pub fn years(&self, count: usize, interest: f64) -> Vec<StableYear> {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        (0..count).map(|year| self.year(year, interest)).collect()
    }

    fn year(&self, year: i32, interest: f64) -> StableYear {
        let mut sums = StableYear::default();
        let wage = (1.0 + self.wage_growth).powi(year);
        let career = i32::try_from(self.career).unwrap_or(i32::MAX);
        for (since_entry, alive) in (0..).zip(&self.survivors) {
            let entered = year - since_entry;
            let persons = alive / self.survivors[0] * (1.0 + self.entrant_growth).powi(entered);
            let retired = since_entry - career;
            let (earnings, outgo) = if retired < 0 {
                (persons * wage, 0.0)
            } else {
                (0.0, persons * self.pension(year - retired, retired))
            };
            sums.earnings += earnings;
            sums.outgo += outgo;
            if entered <= 0 {
                sums.initial_earnings += earnings;
                sums.initial_outgo += outgo;
            }
            if retired == 0 {
                let step = (1.0 + self.indexation) / (1.0 + interest);
                let later = (0..).zip(&self.survivors[self.career..]);
                let annuity: f64 = later.map(|(k, left)| left / alive * step.powi(k)).sum();
                sums.capital_value += outgo * annuity;
            }
        }
        sums
    }

    /// Returns the pension, `years` after it was awarded, of one who retired in year `at`.
    fn pension(&self, at: i32, years: i32) -> f64 {
        if at < 0 && !self.first_pensioners {
            return 0.0;
        }
        let career = i32::try_from(self.career).unwrap_or(i32::MAX);
        let service = if self.past_service { career } else { at.clamp(0, career) };
        self.accrual
            * f64::from(service)
            * (1.0 + self.wage_growth).powi(at)
            * (1.0 + self.indexation).powi(years)
    }

    /// Returns earnings and pensions of one entrant of the first year through life.
    #[must_use]
    pub fn life(&self) -> Vec<(f64, f64)> {
        let career = i32::try_from(self.career).unwrap_or(i32::MAX);
        let of_age = |(since_entry, alive): (i32, &f64)| {
            let persons = alive / self.survivors[0];
            if since_entry < career {
                (persons * (1.0 + self.wage_growth).powi(since_entry), 0.0)
            } else {
                let full = Self { past_service: true, ..self.clone() };
                (0.0, persons * full.pension(career, since_entry - career))
            }
        };
        (0..).zip(&self.survivors).map(of_age).collect()
    }
}
