use crate::{FundYear, MeasureError};

/// Persons of working age and older persons in a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PopulationCounts {
    /// Persons of pensionable age or above, persons.
    pub older: f64,
    /// Persons of working age, persons.
    pub working_age: f64,
}

/// What moved the pay-as-you-go rate from one year to another; the parts add up to the whole change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaygChange {
    /// Older persons for each person of working age.
    pub population: f64,
    /// Persons in payment for each older person.
    pub coverage: f64,
    /// Mean benefit over mean insured earnings.
    pub benefit: f64,
    /// Persons of working age for each contributor.
    pub labour: f64,
    /// Grants, administration, transfers, and benefits that are in payment in one of the two years only.
    pub other: f64,
    /// The change of the rate.
    pub total: f64,
}

/// Splits the change of the pay-as-you-go rate between two years.
///
/// # Formula
///
/// The rate of a periodic benefit is `(older / working age) (in payment / older) (mean benefit / mean earnings)
/// (working age / contributors)`. With `L(a, b) = (a - b) / ln(a / b)`, the logarithmic mean of its rates in the two years,
/// a factor that moves from `f_0` to `f_1` contributes `L ln(f_1 / f_0)`. These add up to the change without a residual,
/// and do not depend on the order of the factors.
///
/// # Source
///
/// European Commission, *Ageing Report*, part on pensions: dependency, coverage, benefit ratio and labour market effect;
/// B. W. Ang, *The LMDI approach to decomposition analysis* (Energy Policy 33, 2005) for the logarithmic mean.
///
/// # Errors
///
/// [`MeasureError::NoEarnings`] for a year without a rate, [`MeasureError::Missing`] for counts that are not above zero.
pub fn payg_change(
    (before, before_counts): (&FundYear, PopulationCounts),
    (after, after_counts): (&FundYear, PopulationCounts),
) -> Result<PaygChange, MeasureError> {
    let none = MeasureError::NoEarnings { first: before.year, last: after.year };
    let (Some(from), Some(to)) = (before.payg_rate, after.payg_rate) else { return Err(none) };
    let counts = [before_counts, after_counts];
    let counted = counts.iter().all(|one| 0.0 < one.older && 0.0 < one.working_age);
    if !counted || before.contributor_years <= 0.0 || after.contributor_years <= 0.0 {
        return Err(MeasureError::Missing(
            "persons of working age, older persons and contributors",
        ));
    }
    let mut change = PaygChange {
        population: 0.0,
        coverage: 0.0,
        benefit: 0.0,
        labour: 0.0,
        other: 0.0,
        total: to - from,
    };
    let mut explained = 0.0;
    for part in &before.payg_parts {
        let same = after.payg_parts.iter().find(|other| other.part == part.part);
        let Some((was, is)) = same.and_then(|same| {
            Some((factors(part, before, before_counts)?, factors(same, after, after_counts)?))
        }) else {
            continue;
        };
        let (rate_was, rate_is) = (was.iter().product::<f64>(), is.iter().product::<f64>());
        let mean = logarithmic_mean(rate_was, rate_is);
        let parts: Vec<f64> =
            was.iter().zip(&is).map(|(was, is)| mean * libm::log(is / was)).collect();
        change.population += parts[0];
        change.coverage += parts[1];
        change.benefit += parts[2];
        change.labour += parts[3];
        explained += parts.iter().sum::<f64>();
    }
    change.other = change.total - explained;
    Ok(change)
}

/// Returns the four factors of a periodic benefit, all above zero.
fn factors(part: &crate::PaygPart, year: &FundYear, counts: PopulationCounts) -> Option<[f64; 4]> {
    let (dependency, replacement) = (part.dependency?, part.replacement?);
    let persons = dependency * year.contributor_years;
    let factors = [
        counts.older / counts.working_age,
        persons / counts.older,
        replacement,
        counts.working_age / year.contributor_years,
    ];
    factors.iter().all(|factor| 0.0 < *factor).then_some(factors)
}

fn logarithmic_mean(a: f64, b: f64) -> f64 {
    // Near equality the quotient loses its digits; the arithmetic mean then differs by a part in 10^13.
    if (a - b).abs() <= 1e-6 * a { 0.5 * (a + b) } else { (a - b) / libm::log(a / b) }
}
