use crate::inputs::{Folder, InputError};

use super::{AGES, CREDITS, SEXES, YEARS};

/// The inputs of the workload. Arrays by sex and age have the age innermost, those by service the service.
#[derive(Clone, Debug)]
pub struct Nation {
    pub(crate) mortality: Vec<f64>,
    pub(crate) fertility: Vec<f64>,
    pub(crate) coverage: Vec<f64>,
    pub(crate) density: Vec<f64>,
    pub(crate) invalidity: Vec<f64>,
    pub(crate) withdrawal: Vec<f64>,
    pub(crate) re_entry: Vec<f64>,
    /// By age and service.
    pub(crate) retirement: Vec<f64>,
    /// By sex, age and service.
    pub(crate) wage: Vec<f64>,
    pub(crate) accrual: Vec<f64>,
    pub(crate) accrual_invalid: Vec<f64>,
    pub(crate) eligible: Vec<f64>,
    pub(crate) eligible_invalid: Vec<f64>,
    pub(crate) average_keep: Vec<f64>,
    pub(crate) average_gain: Vec<f64>,
    pub(crate) married: Vec<f64>,
    /// Age of the spouse of a person of a sex and age.
    pub(crate) spouse: Vec<usize>,
    pub(crate) population: Vec<f64>,
    /// Contributors, their wages, dormant insured, their wages; by sex, age and service.
    pub(crate) insured: [Vec<f64>; 4],
    /// Persons and amounts in payment: old age, invalidity, survivors.
    pub(crate) pensions: [[Vec<f64>; 2]; 3],
}

impl Nation {
    /// Reads the inputs that `inputs.py` wrote.
    ///
    /// # Errors
    ///
    /// [`InputError`] when one is missing or has another size.
    pub fn read(folder: &Folder) -> Result<Self, InputError> {
        let by_age = |name: &str| folder.array_of(&format!("w2_{name}"), SEXES * AGES);
        let grid = |name: &str| folder.array_of(&format!("w2_{name}"), SEXES * AGES * CREDITS);
        let by_credit = |name: &str| folder.array_of(&format!("w2_{name}"), CREDITS);
        let pension =
            |kind: &str| Ok([by_age(&format!("{kind}c0"))?, by_age(&format!("{kind}a0"))?]);
        Ok(Self {
            mortality: by_age("q0")?,
            fertility: folder.array_of("w2_fert", AGES)?,
            coverage: by_age("cov")?,
            density: by_age("dens")?,
            invalidity: by_age("inc")?,
            withdrawal: by_age("wdr")?,
            re_entry: by_age("ree")?,
            retirement: folder.array_of("w2_ret", AGES * CREDITS)?,
            wage: grid("sal")?,
            accrual: by_credit("acc")?,
            accrual_invalid: by_credit("acci")?,
            eligible: by_credit("elig")?,
            eligible_invalid: by_credit("eligi")?,
            average_keep: by_credit("c1")?,
            average_gain: by_credit("c2")?,
            married: folder.array_of("w2_marr", SEXES)?,
            spouse: by_age("spouse")?.into_iter().map(whole).collect(),
            population: by_age("pop0")?,
            insured: [grid("A0")?, grid("S0")?, grid("I0")?, grid("Z0")?],
            pensions: [pension("o")?, pension("d")?, pension("v")?],
        })
    }
}

/// What a year brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Growth of wages.
    Wages,
    /// Growth of benefits in payment.
    Indexation,
    /// Return of the fund.
    Return,
    /// Level of mortality.
    Mortality,
    /// Level of fertility.
    Fertility,
}

/// Scenarios of wages, indexation, return, mortality and fertility, 75 years each.
#[derive(Clone, Debug)]
pub struct Paths(Vec<f64>);

const KINDS: usize = 5;

impl Paths {
    /// Reads the scenarios that `inputs.py` wrote.
    ///
    /// # Errors
    ///
    /// [`InputError`] when the file is missing.
    pub fn read(folder: &Folder) -> Result<Self, InputError> {
        folder.array("w3_paths").map(Self)
    }

    /// Makes as many scenarios that differ a little, the first without any disturbance.
    #[must_use]
    pub fn by_formula(scenarios: usize) -> Self {
        let mut paths = Vec::with_capacity(scenarios * YEARS * KINDS);
        for scenario in 0..scenarios {
            for year in 0..YEARS {
                let wave = libm::sin(number(scenario) * 0.7 + number(year) * 0.3);
                let z = if scenario == 0 { 0.0 } else { wave };
                let mortality = libm::exp(-0.008 * number(year) + 0.01 * z);
                paths.extend([
                    0.02 + 0.008 * z,
                    0.01 + 0.005 * z,
                    0.025 + 0.05 * z,
                    mortality,
                    libm::exp(0.02 * z),
                ]);
            }
        }
        Self(paths)
    }

    /// Returns the number of scenarios.
    #[must_use]
    pub const fn scenarios(&self) -> usize {
        self.0.len() / (YEARS * KINDS)
    }

    pub(crate) fn at(&self, scenario: usize, year: usize, what: What) -> f64 {
        self.0[(scenario * YEARS + year) * KINDS + what as usize]
    }
}

pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

pub(crate) fn whole(value: f64) -> usize {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ages and credits are small and not negative"
    )]
    let whole = value as usize;
    whole
}
