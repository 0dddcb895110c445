use perennis_units::Citation;

use crate::context::{Context, Notes, Rows};
use crate::words::number;
use crate::{Benefit, Claim, Environment, LawError, Operand, Rule};

/// What is paid of several benefits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pays {
    /// The highest.
    Highest,
    /// All of them.
    Sum,
}

/// Which benefits give way to a maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduce {
    /// All in proportion.
    Proportional,
    /// The last of the list first.
    Last,
}

/// A limit on several benefits together.
#[derive(Clone, Debug, PartialEq)]
pub struct Cumulation {
    /// Name in the file.
    pub name: String,
    /// Names of the benefits.
    pub benefits: Vec<String>,
    /// What is paid.
    pub pays: Pays,
    /// Share of the lower ones that is paid beside the highest; none when absent.
    pub others: Option<Rule<f64>>,
    /// The most that is paid in all, currency a year.
    pub at_most: Option<Operand>,
    /// Who gives way to it.
    pub reduce: Reduce,
    /// Act and section.
    pub citation: Citation,
}

/// What is paid of several benefits under a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Limited {
    /// What is paid of each, in the order in which they were given; currency a year.
    pub amounts: Vec<f64>,
    /// The formula with its numbers; empty when the limit concerns none of them.
    pub formula: String,
    /// The provisions used.
    pub provisions: Vec<Citation>,
}

impl Cumulation {
    /// Returns what is paid of benefits that are due together, by name, currency a year; those of other names as they are.
    ///
    /// # Formula
    ///
    /// The highest and a share of the others, or all; where their sum is above the maximum, each in proportion, or the
    /// last first.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn apply(
        &self,
        due: &[(&str, f64)],
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Limited, LawError> {
        let mut amounts: Vec<f64> = due.iter().map(|(_, amount)| *amount).collect();
        let concerned: Vec<usize> = (0..due.len())
            .filter(|at| self.benefits.iter().any(|name| name == due[*at].0))
            .collect();
        let (mut words, mut provisions) = (Vec::new(), vec![self.citation.clone()]);
        let (benefit, notes) = (Benefit::asking(), Notes::default());
        let context = Context::new(&benefit, claim, env, (&Rows::One, &notes))?;
        if self.pays == Pays::Highest && 1 < concerned.len() {
            let share = match &self.others {
                None => 0.0,
                Some(rule) => {
                    let row = rule.at(&claim.when)?;
                    provisions.push(row.citation.clone());
                    row.value
                }
            };
            words.push(keep_highest(&concerned, share, &mut amounts));
        }
        if let Some(most) = &self.at_most {
            let limit: f64 = context.operand(most)?;
            let sum = concerned.iter().fold(0.0, |sum, at| sum + amounts[*at]);
            if limit < sum {
                context.provisions_of(most, &mut provisions);
                words.push(format!("{} held at {}", number(sum), context.said(most)?));
                let names: Vec<&str> = due.iter().map(|(name, _)| *name).collect();
                self.reduce((limit.max(0.0), sum), &names, &concerned, &mut amounts);
            }
        }
        let formula = words.join("; ");
        if formula.is_empty() {
            provisions.clear();
        }
        Ok(Limited { amounts, formula, provisions })
    }

    fn reduce(
        &self,
        (limit, sum): (f64, f64),
        names: &[&str],
        concerned: &[usize],
        amounts: &mut [f64],
    ) {
        match self.reduce {
            Reduce::Proportional => {
                concerned.iter().for_each(|at| amounts[*at] *= limit / sum);
            }
            Reduce::Last => {
                let mut above = sum - limit;
                let place = |at: &usize| self.benefits.iter().position(|name| *name == names[*at]);
                let mut order: Vec<usize> = concerned.to_vec();
                order.sort_by_key(|at| (place(at), *at));
                for at in order.into_iter().rev() {
                    let off = above.min(amounts[at]);
                    amounts[at] -= off;
                    above -= off;
                }
            }
        }
    }
}

/// Leaves the highest amount and a share of the others; the first of equal ones is the highest.
fn keep_highest(concerned: &[usize], share: f64, amounts: &mut [f64]) -> String {
    let mut highest = concerned[0];
    for at in concerned {
        if amounts[highest] < amounts[*at] {
            highest = *at;
        }
    }
    for at in concerned.iter().filter(|at| **at != highest) {
        amounts[*at] *= share;
    }
    let kept = number(amounts[highest]);
    if 0.0 < share {
        format!("the highest, {kept}, and {} of the others", number(share))
    } else {
        format!("the highest, {kept}")
    }
}
