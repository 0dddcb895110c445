use super::groups::{GraduationError, exact};

/// A model schedule of migration by age, with the returns of those who left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MigrationSchedule {
    /// Level of the children who move with their parents, `a1`.
    pub children: f64,
    /// Yearly decline of the children with age, `alpha1`.
    pub children_decline: f64,
    /// Level of the movers of working age, `a2`.
    pub workers: f64,
    /// Age at which the movers of working age rise most, `mu2`, years.
    pub workers_age: f64,
    /// Yearly rise before that age, `lambda2`.
    pub workers_rise: f64,
    /// Yearly decline after that age, `alpha2`.
    pub workers_decline: f64,
    /// Level of movers at every age, `c`.
    pub every_age: f64,
    /// Share of the movers who move back, from 0 to below 1.
    pub returning: f64,
    /// Years after which they move back.
    pub years_away: usize,
}

impl MigrationSchedule {
    /// The fundamental parameters of Rogers and Castro, without a retirement peak and without returns.
    pub const FUNDAMENTAL: Self = Self {
        children: 0.02,
        children_decline: 0.1,
        workers: 0.06,
        workers_age: 20.0,
        workers_rise: 0.4,
        workers_decline: 0.1,
        every_age: 0.003,
        returning: 0.0,
        years_away: 0,
    };

    /// Returns the share of net migrants at each single age, adding up to one.
    ///
    /// The schedule is one of rates; `lived` are the persons exposed at each single age from 0 on, up to a factor: the
    /// person-years of a life table stand for a population in which migrants grow as old as others. Where movers
    /// return, a share is negative at ages at which more return than leave.
    ///
    /// # Formula
    ///
    /// `m(x) = a1 exp(-alpha1 x) + a2 exp(-alpha2 (x - mu2) - exp(-lambda2 (x - mu2))) + c` at the middle of the year
    /// of age; net of returns `m(x) - r m(x - d)` with the share `r` that returns after `d` years; times the persons
    /// exposed.
    ///
    /// # Source
    ///
    /// A. Rogers and L. J. Castro, Model migration schedules, IIASA Research Report RR-81-30, Laxenburg 1981; the
    /// returns are own.
    ///
    /// # Errors
    ///
    /// [`GraduationError::Schedule`] when the parameters give no finite schedule, everybody returns or nobody is exposed.
    pub fn shares(&self, lived: &[f64]) -> Result<Vec<f64>, GraduationError> {
        let level = |age: usize| {
            let x = exact(age) + 0.5;
            let since = x - self.workers_age;
            let work = -self.workers_decline * since - libm::exp(-self.workers_rise * since);
            self.children * libm::exp(-self.children_decline * x)
                + self.workers * libm::exp(work)
                + self.every_age
        };
        let net = |age: usize| {
            let back = age.checked_sub(self.years_away).map_or(0.0, level);
            level(age) - self.returning * back
        };
        let levels: Vec<f64> =
            lived.iter().enumerate().map(|(age, persons)| net(age) * persons).collect();
        let whole: f64 = levels.iter().sum();
        let usable = (0.0..1.0).contains(&self.returning) && whole.is_finite() && 0.0 < whole;
        if !usable || levels.iter().any(|level| !level.is_finite()) {
            return Err(GraduationError::Schedule);
        }
        Ok(levels.iter().map(|level| level / whole).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fundamental_schedule_peaks_in_the_early_twenties() {
        let shares = MigrationSchedule::FUNDAMENTAL.shares(&[1.0; 101]).unwrap();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        let peak = (10..100).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap();
        assert!((21..=25).contains(&peak), "{peak}");
        assert!(shares.iter().all(|share| 0.0 < *share));
    }

    #[test]
    fn returns_come_back_older_and_leave_the_sum_at_one() {
        let schedule =
            MigrationSchedule { returning: 0.6, years_away: 10, ..MigrationSchedule::FUNDAMENTAL };
        let shares = schedule.shares(&[1.0; 101]).unwrap();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        assert!(shares[22] > 0.0 && shares[35] < 0.0);
    }

    #[test]
    fn nobody_moves_at_an_age_that_nobody_reaches() {
        let mut lived = [1.0; 101];
        lived[90..].fill(0.0);
        let shares = MigrationSchedule::FUNDAMENTAL.shares(&lived).unwrap();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        assert!(shares[89] > 0.0 && shares[90..].iter().all(|share| share.abs() < 1e-300));
    }

    #[test]
    fn a_schedule_from_which_everybody_returns_is_refused() {
        let schedule = MigrationSchedule { returning: 1.0, ..MigrationSchedule::FUNDAMENTAL };
        assert_eq!(schedule.shares(&[1.0; 101]), Err(GraduationError::Schedule));
    }
}
