use std::cell::RefCell;

use perennis_cohort::{Placed, Register, Row, State, Travelling};
use perennis_scheme::Environment;
use perennis_units::{Sex, Year};

use crate::PensionsError;
use crate::basis::{CreditSpread, Members, SchemeBasis};
use crate::carried::{AskedYear, CarriedSum};
use crate::earnings::Earnings;

/// What a whole year of credit adds for each unit of earnings, and the factor on what stood, by years before the start.
type KnownYears = Vec<Option<(f64, f64)>>;

/// Places the insured persons of the start into a register.
pub(crate) struct Start<'a> {
    pub(crate) basis: &'a SchemeBasis,
    pub(crate) earnings: &'a Earnings,
    pub(crate) env: &'a Environment<'a>,
    pub(crate) sums: &'a [CarriedSum],
    /// What was found for past years of each sum that treats everyone alike, the last year first.
    pub(crate) known: RefCell<Vec<KnownYears>>,
    pub(crate) first: Year,
}

impl Start<'_> {
    /// Places the members of a group and sex in one state; `target` gives the active insured by age.
    pub(crate) fn place(
        &self,
        register: &mut Register,
        state: State,
        of: (usize, Sex),
        target: &dyn Fn(usize) -> f64,
    ) -> Result<(), PensionsError> {
        let (group, sex) = of;
        let basis = &self.basis.groups[group];
        let members = match state {
            State::Active => &basis.active,
            State::Inactive => &basis.inactive,
        };
        match members {
            Members::Counted(cells) => {
                for cell in cells.iter().filter(|cell| cell.sex == sex) {
                    let row = Row { group, sex, age: cell.age };
                    let years = f64::from(cell.credit_months) / 12.0;
                    self.check(register, row, years)?;
                    let past = self.past(row, 0.0, years)?;
                    let mut each = past.values(years, 0.0);
                    if let Some(sum) = cell.past_earnings {
                        let earnings =
                            |carried: &CarriedSum| matches!(carried, CarriedSum::Earnings(_));
                        let sums = each[1..].iter_mut().zip(self.sums);
                        sums.filter(|(_, of)| earnings(of)).for_each(|(each, _)| *each = sum);
                    }
                    put(register, state, row, (years, cell.persons, &each));
                }
            }
            Members::Spread(spread) => {
                for age in self.basis.entry_ages.0..register.shape().ages {
                    let given = spread.persons.as_ref().map(|grid| grid[[sex.index(), age]]);
                    let persons = given.unwrap_or_else(|| target(age));
                    if 0.0 < persons {
                        let row = Row { group, sex, age };
                        self.spread(register, state, (row, persons), spread)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn spread(
        &self,
        register: &mut Register,
        state: State,
        members: (Row, f64),
        spread: &CreditSpread,
    ) -> Result<(), PensionsError> {
        let (row, persons) = members;
        let mean = spread.mean_credit[[row.sex.index(), row.age]];
        self.check(register, row, mean)?;
        let away = if state == State::Inactive { spread.years_away } else { 0.0 };
        let steps = register.shape().credits_at(row.age) - 1;
        let step = months(register.shape().step) / 12.0;
        let shares = beta_binomial(steps, mean / step, spread.concentration);
        let follow = self.basis.groups[row.group].pace().is_some();
        let mut past = self.past(row, away, 0.0)?;
        for (credit, share) in shares.iter().enumerate() {
            if follow && 0.0 < *share {
                past = self.past(row, away, months(credit) * step)?;
            }
            let each = past.values(months(credit) * step, away);
            register.place(state, row, Placed { credit, persons: persons * share, each: &each });
        }
        Ok(())
    }

    fn check(&self, register: &Register, row: Row, years: f64) -> Result<(), PensionsError> {
        let shape = register.shape();
        let most = if row.age < shape.first_age {
            0.0
        } else {
            months((shape.credits_at(row.age) - 1) * shape.step)
        };
        if years * 12.0 <= most + 1e-9 && shape.first_age <= row.age {
            return Ok(());
        }
        Err(PensionsError::TooMuchCredit {
            scheme: self.basis.law.scheme.clone(),
            group: self.basis.groups[row.group].name.clone(),
            age: row.age,
            credit: years * 12.0,
            most,
        })
    }

    /// Casts what the sums add up back along the career that ended `away` years before the start: at each past age the
    /// earnings of the first year of the run at the wages of then, by the law of that year, credits without a gap except
    /// for the density of the group. Where wages follow from credit they are those of a member who has `credit` years now.
    fn past(&self, row: Row, away: f64, credit: f64) -> Result<PastSums, PensionsError> {
        let density = self.basis.groups[row.group].months.density().max(1e-9);
        let mut known = self.known.borrow_mut();
        known.resize(self.sums.len(), vec![None; 150]);
        let by_sum = self.sums.iter().zip(known.iter_mut());
        let by_sum =
            by_sum.map(|(sum, known)| self.past_of((sum, known), row, (density, away, credit)));
        Ok(PastSums { density, sums: by_sum.collect::<Result<_, _>>()? })
    }

    /// One sum, by years of career.
    fn past_of(
        &self,
        (carried, known): (&CarriedSum, &mut [Option<(f64, f64)>]),
        row: Row,
        (density, away, credit): (f64, f64, f64),
    ) -> Result<Vec<f64>, PensionsError> {
        let gap = whole(away);
        let follow = self.basis.groups[row.group].pace().is_some();
        let mut sum = 0.0;
        let mut kept = 1.0;
        let mut sums = vec![0.0];
        for back in 0..(row.age + gap + 1).saturating_sub(self.basis.entry_ages.0) {
            let year = self.first.plus(-i32::try_from(back).unwrap_or(0) - 1);
            let age = row.age.saturating_sub(back + 1);
            let earned = if follow {
                let held = credit - density * (months(back + 1) - months(gap));
                self.earnings.of_service(Row { age, ..row }, held, (year, self.env.indices))
            } else {
                self.earnings.of(Row { age, ..row }, year, self.env.indices)
            };
            let asked = AskedYear { basis: self.basis, year, env: self.env };
            let of_year = carried.of_past_year(&asked, (row.sex, age), earned, known.get_mut(back));
            let (added, keep) = of_year.map_err(|law| PensionsError::Law {
                scheme: self.basis.law.scheme.clone(),
                year,
                law,
            })?;
            if gap <= back {
                sum += added * density * kept;
                sums.push(sum);
            }
            kept *= keep;
        }
        Ok(sums)
    }
}

/// Places persons between two points of the grid so that their mean credit is kept.
fn put(register: &mut Register, state: State, row: Row, members: (f64, f64, &[f64])) {
    let (years, persons, each) = members;
    let step = months(register.shape().step) / 12.0;
    let most = register.shape().credits_at(row.age) - 1;
    let below = (0..=most).rev().find(|at| months(*at) * step <= years + 1e-9).unwrap_or(0);
    let above = (years - months(below) * step) / step;
    let above = if 1e-9 < above { above } else { 0.0 };
    register.place(state, row, Placed { credit: below, persons: persons * (1.0 - above), each });
    if 0.0 < above {
        register.place(state, row, Placed { credit: below + 1, persons: persons * above, each });
    }
}

struct PastSums {
    density: f64,
    sums: Vec<Vec<f64>>,
}

impl PastSums {
    /// The travelling sums of one person: years away, then each that is carried.
    fn values(&self, credit: f64, away: f64) -> Vec<f64> {
        let years = credit / self.density;
        let mut values = vec![away];
        for sums in &self.sums {
            let below = whole(years.floor()).min(sums.len() - 1);
            let above = (below + 1).min(sums.len() - 1);
            values.push(sums[below] + (years - months(below)) * (sums[above] - sums[below]));
        }
        values
    }
}

/// The travelling sums of a register that carries these.
pub(crate) fn travelling(carried: &[CarriedSum]) -> Vec<Travelling> {
    let mut sums = vec![Travelling::YearsAway];
    sums.extend(carried.iter().map(|_| Travelling::Earnings));
    sums
}

fn months(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The nearest whole number of years, none below zero.
pub(crate) fn whole(years: f64) -> usize {
    (0..200).find(|count| years < f64::from(*count) + 0.5).map_or(200, |count| count as usize)
}

/// Shares of persons who hold 0 to `steps` credits, with this mean (in steps).
///
/// # Formula
///
/// Beta-binomial with `alpha = concentration * mean / steps` and `beta = concentration - alpha`, by the ratio of
/// neighbouring terms `(n - k)(alpha + k) / ((k + 1)(beta + n - k - 1))`.
fn beta_binomial(steps: usize, mean: f64, concentration: f64) -> Vec<f64> {
    let mut shares = vec![0.0; steps + 1];
    let chance = if steps == 0 { 0.0 } else { mean / months(steps) };
    if chance <= 0.0 || 1.0 <= chance {
        let at = if chance <= 0.0 { 0 } else { steps };
        shares[at] = 1.0;
        return shares;
    }
    let (alpha, beta) = (concentration * chance, concentration * (1.0 - chance));
    let n = months(steps);
    shares[0] = 1.0;
    let mut total = 1.0;
    for at in 0..steps {
        let k = months(at);
        shares[at + 1] = shares[at] * (n - k) * (alpha + k) / ((k + 1.0) * (beta + n - k - 1.0));
        total += shares[at + 1];
        // Far from the mean the terms of a narrow distribution grow beyond any number that a double holds.
        if 1e200 < total {
            shares[..=at + 1].iter_mut().for_each(|share| *share /= 1e200);
            total /= 1e200;
        }
    }
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_of_credits_keeps_its_mean_and_everyone() {
        for (steps, mean, concentration) in [(40, 7.3, 3.0), (480, 120.0, 50.0), (12, 11.9, 1.0)] {
            let shares = beta_binomial(steps, mean, concentration);
            let total: f64 = shares.iter().sum();
            let found: f64 = shares.iter().enumerate().map(|(k, s)| months(k) * s).sum();
            // Rounding of a few hundred terms.
            assert!((total - 1.0).abs() < 1e-12);
            assert!((found - mean).abs() < 1e-9 * mean);
        }
    }

    #[test]
    fn a_mean_at_the_end_of_the_grid_puts_everyone_there() {
        assert!((beta_binomial(10, 0.0, 2.0)[0] - 1.0).abs() < 1e-15);
        assert!((beta_binomial(10, 10.0, 2.0)[10] - 1.0).abs() < 1e-15);
    }
}
