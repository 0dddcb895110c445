use crate::follow::ByOrigin;
use crate::standard_generation::{StandardError, StandardGeneration};

/// A scheme at an instant; flows a year, currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Instant {
    /// Years since the start.
    pub time: f64,
    /// Persons in service.
    pub contributors: f64,
    /// Persons in payment.
    pub pensioners: f64,
    /// Insured earnings.
    pub earnings: ByOrigin,
    /// Expenditure.
    pub outgo: ByOrigin,
    /// Value of the pensions that begin.
    pub capital: f64,
    /// Normal cost of projected unit credit.
    pub normal_cost: f64,
    /// Accrued liability of those in service, by projected unit credit.
    pub accrued_active: f64,
    /// Value of the pensions in payment.
    pub accrued_pensions: f64,
}

impl Instant {
    /// Returns the pay-as-you-go rate.
    #[must_use]
    pub fn payg(&self) -> f64 {
        self.outgo.total() / self.earnings.total()
    }

    /// Returns the accrued liability of all.
    #[must_use]
    pub fn accrued(&self) -> f64 {
        self.accrued_active + self.accrued_pensions
    }
}

/// Average premiums for ever.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandardPremiums {
    /// The general average premium, GAP.
    pub general: f64,
    /// That of those of the start, AP1.
    pub initial: f64,
    /// That of those who come later, AP2.
    pub entrants: f64,
}

/// A scaled premium and its period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaledPremium {
    /// Years since the start at which it ends; none of the last.
    pub until: Option<u16>,
    /// The premium.
    pub premium: f64,
    /// The reserve at the end of its period.
    pub reserve: Option<f64>,
}

/// Contributions and reserve of projected unit credit at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitCreditYear {
    /// Contribution rate, the payments for the liability of the start in it.
    pub rate: f64,
    /// The reserve, currency.
    pub reserve: f64,
}

/// All generations of a scheme, combined at every instant that cuts a year into cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Combined {
    of: StandardGeneration,
    instants: Vec<Instant>,
    years: u16,
}

impl Combined {
    pub(crate) const fn new(of: StandardGeneration, instants: Vec<Instant>, years: u16) -> Self {
        Self { of, instants, years }
    }

    fn position(&self, year: u16) -> usize {
        usize::from(year) * usize::from(self.of.cells_a_year)
    }

    /// Returns the scheme so many years after its start; nothing beyond the last.
    #[must_use]
    pub fn at(&self, year: u16) -> Option<&Instant> {
        self.instants.get(self.position(year))
    }

    /// Sums a flow up to an instant, discounted to the start; on straight lines between instants.
    fn worth(&self, until: usize, flow: impl Fn(&Instant) -> f64) -> f64 {
        let interest = self.of.forces.interest;
        let discounted = |instant: &Instant| flow(instant) * libm::exp(-interest * instant.time);
        let pairs = self.instants[..=until].windows(2);
        pairs.fold(0.0, |sum, pair| sum + 0.5 * (discounted(&pair[0]) + discounted(&pair[1])))
            * self.of.width()
    }

    /// Returns GAP, AP1 and AP2, without a reserve at the start.
    ///
    /// # Formula
    ///
    /// Present values of expenditure over those of earnings; after the last instant both grow for ever, `F/(δ - ρ - γ)`.
    ///
    /// # Errors
    ///
    /// [`StandardError::NotMature`] when somebody of the start may live, [`StandardError::NoTail`] when interest does not exceed growth.
    ///
    /// # Source
    ///
    /// Iyer 1999, 1.6.
    pub fn average_premiums(&self) -> Result<StandardPremiums, StandardError> {
        let mature = self.of.lifetime();
        if usize::from(self.years) < mature {
            return Err(StandardError::NotMature { years: self.years, mature });
        }
        let (interest, growth) = (self.of.forces.interest, self.of.forces.growth());
        if interest <= growth {
            return Err(StandardError::NoTail { interest, growth });
        }
        let last = self.instants.len() - 1;
        let later = libm::exp(-interest * self.instants[last].time) / (interest - growth);
        let worth = |flow: fn(&Instant) -> ByOrigin| {
            let initial = self.worth(last, |instant| flow(instant).initial);
            let entrants = self.worth(last, |instant| flow(instant).entrants);
            (initial, entrants + later * flow(&self.instants[last]).entrants)
        };
        let (outgo, earnings) = (worth(|instant| instant.outgo), worth(|instant| instant.earnings));
        Ok(StandardPremiums {
            general: (outgo.0 + outgo.1) / (earnings.0 + earnings.1),
            initial: outgo.0 / earnings.0,
            entrants: outgo.1 / earnings.1,
        })
    }

    /// Returns the reserve at whole years of a scheme that starts without one and has an income of so much a year at each instant.
    ///
    /// # Formula
    ///
    /// `V' = δ V + income - expenditure`.
    #[must_use]
    pub fn reserve(&self, income: impl Fn(&Instant) -> f64) -> Vec<f64> {
        let flow = |instant: &Instant| income(instant) - instant.outgo.total();
        let year = |year: u16| {
            let until = self.position(year);
            let grown = libm::exp(self.of.forces.interest * self.instants[until].time);
            self.worth(until, flow) * grown
        };
        (0..=self.years).map(year).collect()
    }

    /// Returns the premiums of scaled financing that bring the reserve to a standstill at the end of each period, and the one after the
    /// last period with which it grows as earnings.
    ///
    /// # Formula
    ///
    /// At the end of a period `V' = 0`, so `V = (B - π S)/δ`; after the last `V (δ - ρ - γ) = B - π S`.
    ///
    /// # Errors
    ///
    /// [`StandardError::NotMature`] when a period ends beyond the years of the scheme.
    ///
    /// # Source
    ///
    /// Iyer 1999, (1.32), (1.33).
    pub fn scaled_premiums(&self, ends: &[u16]) -> Result<Vec<ScaledPremium>, StandardError> {
        let interest = self.of.forces.interest;
        let (mut from, mut held) = (0, 0.0);
        let mut premiums = Vec::new();
        for end in ends {
            let Some(instant) = self.at(*end) else {
                let mature = usize::from(*end);
                return Err(StandardError::NotMature { years: self.years, mature });
            };
            let until = self.position(*end);
            let between =
                |flow: fn(&Instant) -> f64| self.worth(until, flow) - self.worth(from, flow);
            let (paid, earned) = (
                between(|instant| instant.outgo.total()),
                between(|instant| instant.earnings.total()),
            );
            let factor = libm::exp(-interest * instant.time) / interest;
            let (outgo, earnings) = (instant.outgo.total(), instant.earnings.total());
            let premium = (outgo * factor + paid - held) / (earnings * factor + earned);
            held += premium * earned - paid;
            from = until;
            let reserve = Some((outgo - premium * earnings) / interest);
            premiums.push(ScaledPremium { until: Some(*end), premium, reserve });
        }
        if let Some(last) = ends.last().and_then(|end| self.at(*end)) {
            let reserve = held * libm::exp(interest * last.time);
            let missing = reserve * (interest - self.of.forces.growth());
            let premium = (last.outgo.total() - missing) / last.earnings.total();
            premiums.push(ScaledPremium { until: None, premium, reserve: None });
        }
        Ok(premiums)
    }

    /// Returns income and reserve of projected unit credit at whole years: the normal cost, and the liability of the start paid off by
    /// level amounts over so many years.
    ///
    /// # Formula
    ///
    /// `U δ/(1 - e^(-δn))` a year for n years; the reserve is the accrued liability less what is not paid off,
    /// `U (1 - e^(-δ(n-t)))/(1 - e^(-δn))`.
    ///
    /// # Source
    ///
    /// Iyer 1999, 2.3 and Appendix 2, table 5b.
    #[must_use]
    pub fn unit_credit(&self, amortised_over: u16) -> Vec<UnitCreditYear> {
        let interest = self.of.forces.interest;
        let term = f64::from(amortised_over);
        let owed = self.instants[0].accrued();
        // One a year for so long, at an interest that may be none.
        let annuity = |years: f64| {
            if interest.abs() < 1e-12 { years } else { -libm::expm1(-interest * years) / interest }
        };
        let year = |year: u16| {
            let instant = &self.instants[self.position(year)];
            let left = (term - f64::from(year)).max(0.0);
            let (payment, unpaid) = if 0.0 < left {
                (owed / annuity(term), owed * annuity(left) / annuity(term))
            } else {
                (0.0, 0.0)
            };
            UnitCreditYear {
                rate: (instant.normal_cost + payment) / instant.earnings.total(),
                reserve: instant.accrued() - unpaid,
            }
        };
        (0..=self.years).map(year).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Forces, PastService};

    /// Survivors on a straight line from 20 to 80 in all, a career of 45 years, earnings that rise with age.
    fn scheme(cells_a_year: u16, past_service: PastService) -> StandardGeneration {
        let line = |from: u8, to: u8| (from..=to).map(|since| f64::from(60 - since)).collect();
        StandardGeneration {
            in_service: line(0, 45),
            in_payment: line(45, 60),
            earnings: (0..=45).map(|since| 100.0 + f64::from(since)).collect(),
            accrual: 0.015,
            past_service,
            forces: Forces { entrants: 0.01, earnings: 0.02, indexation: 0.01, interest: 0.05 },
            cells_a_year,
        }
    }

    fn combined(cells_a_year: u16, past_service: PastService) -> Combined {
        scheme(cells_a_year, past_service).combine(1000.0, 70).unwrap()
    }

    #[test]
    fn twice_as_fine_a_grid_is_four_times_as_near() {
        let premium =
            |cells| combined(cells, PastService::NotRecognised).average_premiums().unwrap().general;
        let [coarse, fine, finest] = [2, 4, 8].map(premium);
        let ratio = (coarse - fine) / (fine - finest);
        assert!((ratio - 4.0).abs() < 0.4, "{ratio}");
    }

    #[test]
    fn a_reserve_of_unit_credit_is_the_accrued_liability() {
        // AL(t) = AL(0) e^(δt) + normal cost - expenditure with interest: another way to the same figure.
        for past in [PastService::Recognised, PastService::NotRecognised] {
            let found = combined(12, past);
            let paid = found.reserve(|instant| instant.normal_cost);
            let owed = found.at(0).unwrap().accrued();
            for year in [10, 45, 70] {
                let accrued = found.at(year).unwrap().accrued();
                let grown = owed * (0.05 * f64::from(year)).exp();
                let held = grown + paid[usize::from(year)];
                assert!((held - accrued).abs() < 1e-3 * accrued, "{year}: {held} {accrued}");
            }
        }
    }

    #[test]
    fn a_lifetime_at_the_premium_of_entrants_leaves_nothing() {
        // Who enters after the start pays AP2 and is paid until he dies: the value at entry of both is the same.
        let scheme = scheme(12, PastService::Recognised);
        let premium = scheme.combine(1.0, 70).unwrap().average_premiums().unwrap().entrants;
        let net = scheme.forces.earnings - scheme.forces.interest;
        let earned = scheme
            .service()
            .iter()
            .fold(0.0, |sum, cell| sum + cell.left * cell.worth * libm::exp(net * cell.since));
        let pension = scheme.unit(0.0, 0.0, scheme.annuity()) * 45.0;
        assert!((premium * earned / pension - 1.0).abs() < 1e-4, "{} {pension}", premium * earned);
    }

    #[test]
    fn what_has_no_value_is_refused() {
        let none = StandardGeneration { cells_a_year: 0, ..scheme(1, PastService::Recognised) };
        assert_eq!(none.combine(1.0, 1), Err(StandardError::NoCells));
        let short = scheme(1, PastService::Recognised).combine(1.0, 30).unwrap();
        let young = StandardError::NotMature { years: 30, mature: 60 };
        assert_eq!(short.average_premiums(), Err(young));
        let mut grows = scheme(1, PastService::Recognised);
        grows.forces.interest = 0.03;
        let grows = grows.combine(1.0, 70).unwrap().average_premiums();
        assert!(matches!(grows, Err(StandardError::NoTail { .. })));
        let mut broken = scheme(1, PastService::Recognised);
        broken.in_payment.push(f64::NAN);
        assert!(matches!(broken.combine(1.0, 1), Err(StandardError::Table { .. })));
    }
}
