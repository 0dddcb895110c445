use ndarray::ArrayView2;
use perennis_cohort::AgeGrid;
use perennis_labour::Economy;
use perennis_units::{Calibration, Growth, Money, Path, Share, Year};

/// A service of a health package: how often it is used and what a contact costs.
#[derive(Clone, Debug)]
pub struct Service {
    /// Name used in files and tables.
    pub name: String,
    /// The year to which `contacts` and `unit_cost` belong.
    pub base_year: Year,
    /// Contacts (visits, admissions) of an insured person in a year, by sex and age.
    pub contacts: AgeGrid,
    /// Mean cost of a contact in the base year, before the patient's part, current prices.
    pub unit_cost: Money,
    /// Growth of contacts at the same sex and age: use that ageing does not explain.
    pub utilisation_growth: Path<Growth>,
    /// Growth of the cost of a contact above consumer prices.
    pub medical_inflation: Path<Growth>,
    /// Part of the cost that the patient pays at the point of service.
    pub co_payment: Path<Share>,
    /// Factor on the cost that makes the first year meet the account.
    pub calibration: Calibration,
}

impl Service {
    /// Returns the contacts of `year` at each age over those of the base year.
    #[must_use]
    pub fn utilisation_index(&self, year: Year) -> f64 {
        self.grown(year, |year| self.utilisation_growth.at(year).factor())
    }

    /// Returns the mean cost of a contact in `year`, currency, calibration included.
    ///
    /// # Formula
    ///
    /// `unit_cost * prod (1 + prices)(1 + medical inflation) * calibration` over the years since the base year.
    #[must_use]
    pub fn unit_cost_in(&self, year: Year, economy: &Economy) -> f64 {
        let index = self.grown(year, |year| {
            (1.0 + economy.price_growth_in(year)) * self.medical_inflation.at(year).factor()
        });
        self.unit_cost.get() * index * self.calibration.at(year)
    }

    fn grown(&self, year: Year, factor: impl Fn(Year) -> f64) -> f64 {
        let distance = year.since(self.base_year);
        let product = |from: i32, to: i32| {
            (from..=to).map(|offset| factor(self.base_year.plus(offset))).product::<f64>()
        };
        if distance < 0 { 1.0 / product(distance + 1, 0) } else { product(1, distance) }
    }
}

/// Use and cost of a service in one year, by sex and age.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceYear {
    /// Contacts of the year.
    pub contacts: AgeGrid,
    /// Cost to the branch, currency.
    pub cost: AgeGrid,
    /// Paid by the patients, currency.
    pub co_payments: AgeGrid,
}

/// Computes use and cost of a service in `year` from the insured (mean of the year, by sex and age).
///
/// # Formula
///
/// `contacts = insured * contacts a person-year * utilisation index`; `cost = contacts * unit cost * (1 - co-payment)`.
///
/// # Source
///
/// The core identity of health budgeting models: persons × utilisation × unit cost by service (Cichon et al., Modelling
/// in Health Care Finance, ILO 1999).
#[must_use]
pub fn cost_of_service(
    service: &Service,
    insured: ArrayView2<'_, f64>,
    year: Year,
    economy: &Economy,
) -> ServiceYear {
    let contacts = &insured * &service.contacts * service.utilisation_index(year);
    let gross = &contacts * service.unit_cost_in(year, economy);
    let co_payment = service.co_payment.at(year);
    ServiceYear {
        cost: &gross * co_payment.complement().get(),
        co_payments: gross * co_payment.get(),
        contacts,
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use perennis_labour::{EconomyBasis, WageGrowth};
    use perennis_units::YearRange;

    use super::*;

    fn growth(value: f64) -> Path<Growth> {
        Path::constant(Growth::new(value).unwrap())
    }

    fn economy(prices: f64) -> Economy {
        let basis = EconomyBasis {
            gdp: Money::new(1.0).unwrap(),
            gdp_year: Year::new(2024),
            productivity: growth(0.0),
            prices: growth(prices),
            wages: WageGrowth::Nominal(growth(0.02)),
            interest: growth(0.05),
            wage_share: None,
            government_expenditure: None,
        };
        basis.project(YearRange::new(Year::new(2024), 60), &[1.0; 60]).unwrap()
    }

    fn service(contacts: AgeGrid, unit_cost: f64) -> Service {
        Service {
            name: "outpatient".into(),
            base_year: Year::new(2024),
            contacts,
            unit_cost: Money::new(unit_cost).unwrap(),
            utilisation_growth: growth(0.0),
            medical_inflation: growth(0.0),
            co_payment: Path::constant(Share::ZERO),
            calibration: Calibration::NONE,
        }
    }

    #[test]
    fn cost_is_persons_times_contacts_times_unit_cost_less_the_patients_part() {
        let mut service = service(array![[2.0, 3.0], [4.0, 1.0]], 50.0);
        service.utilisation_growth = growth(0.01);
        service.medical_inflation = growth(0.02);
        service.co_payment = Path::constant(Share::new(0.2).unwrap());
        let insured = array![[10.0, 20.0], [30.0, 0.0]];
        let year = cost_of_service(&service, insured.view(), Year::new(2026), &economy(0.03));
        // 20 + 60 + 120 contacts, two years of growth.
        let contacts = 200.0 * 1.01 * 1.01;
        let gross = contacts * 50.0 * (1.03_f64 * 1.02).powi(2);
        assert!((year.contacts.sum() - contacts).abs() < 1e-9);
        assert!((year.cost.sum() - 0.8 * gross).abs() < 1e-8);
        assert!((year.co_payments.sum() - 0.2 * gross).abs() < 1e-8);
        let base = cost_of_service(&service, insured.view(), Year::new(2024), &economy(0.03));
        assert!((base.cost[[1, 0]] - 30.0 * 4.0 * 50.0 * 0.8).abs() < 1e-9);
    }

    #[test]
    fn the_years_before_the_base_year_take_the_growth_back() {
        let mut service = service(array![[1.0], [1.0]], 100.0);
        service.medical_inflation = growth(0.04);
        let cost = service.unit_cost_in(Year::new(2022), &economy(0.05));
        assert!((cost - 100.0 / (1.05_f64 * 1.04).powi(2)).abs() < 1e-9);
    }
}
