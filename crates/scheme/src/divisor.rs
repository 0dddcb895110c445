use perennis_units::{Citation, Duration, When};

use crate::{Environment, LawError, LifeTable, Mortality, Rule, Timing};

/// What turns a sum into a yearly pension.
#[derive(Clone, Debug, PartialEq)]
pub struct Divisor {
    /// Name in the file.
    pub name: String,
    /// How long pensions are paid.
    pub mortality: Mortality,
    /// Interest built in, a share a year; none when absent.
    pub norm_rate: Option<Rule<f64>>,
    /// Payments a year; between whole ages survivors lie on straight lines.
    pub payments_a_year: i32,
    /// When in the time between two payments the pension is paid.
    pub payments: Timing,
    /// Taken off the divisor, years.
    pub less: Option<Rule<f64>>,
    /// The age at which it is fixed; that of the claim when absent.
    pub fixed_at: Option<Rule<Duration>>,
    /// Act and section.
    pub citation: Citation,
}

impl Divisor {
    /// Returns the divisor at an exact age in years, for the law and the person in `when`.
    ///
    /// # Formula
    ///
    /// `1/m * sum over k of l(x + k/m) / l(x) * (1 + i)^(-k/m)` for `m` payments a year, from `k = 0` for payments at the start
    /// of the time between two, from 1 at the end, the mean of the two in the middle; straight lines between whole ages,
    /// of survivors and of the divisor; then less what the law takes off.
    ///
    /// # Units
    ///
    /// Years: a sum over the divisor is an amount a year.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law, the mortality or survivors at the age are missing, or nothing is left.
    pub fn at(&self, age: f64, when: &When, env: &Environment<'_>) -> Result<f64, LawError> {
        let interest = match &self.norm_rate {
            Some(rate) => rate.at(when)?.value,
            None => 0.0,
        };
        let table = self.mortality.table(&self.name, when, env)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an age")]
        let whole = age.max(0.0).floor() as usize;
        let part = age.max(0.0) - age.max(0.0).floor();
        let mut divisor = self.at_whole(whole, table, interest)?;
        if 0.0 < part {
            divisor += part * (self.at_whole(whole + 1, table, interest)? - divisor);
        }
        if let Some(less) = &self.less {
            divisor -= less.at(when)?.value;
        }
        if divisor <= 0.0 {
            let what = format!("divisor at age {age}");
            return Err(LawError::DividedByZero { place: self.name.clone(), position: 0, what });
        }
        Ok(divisor)
    }

    fn at_whole(&self, age: usize, table: &LifeTable, interest: f64) -> Result<f64, LawError> {
        let none = || LawError::NoSurvivors { rule: self.name.clone(), age };
        let at_age = table.survivors(age).filter(|l_x| 0.0 < *l_x).ok_or_else(none)?;
        let payments = self.payments_a_year.max(1);
        let share = 1.0 / f64::from(payments);
        let one_payment = libm::pow(1.0 + interest, -share);
        let (mut sum, mut discount) = (0.0, 1.0);
        for later in age..=table.last_age() {
            let now = table.survivors(later).unwrap_or(0.0);
            let next = table.survivors(later + 1).unwrap_or(0.0);
            let start = discount;
            let mut within = 1.0;
            for payment in 0..payments {
                if age < later || 0 < payment || self.payments == Timing::Start {
                    let alive = now + (next - now) * f64::from(payment) * share;
                    sum += alive / at_age * (start * within);
                }
                within *= one_payment;
            }
            discount /= 1.0 + interest;
        }
        let half = if self.payments == Timing::Middle { 0.5 } else { 0.0 };
        Ok(share * (sum + half))
    }
}
