//! What an award on a death turns on, found from the words of the benefit alone.

use perennis_units::Date;

use crate::dated_rules::Provisions;
use crate::parts::Part;
use crate::{Benefit, CountedAs, Measure, Operand, Step};

/// What an award on a death turns on besides the day, the group, the credit and the first contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnsOn {
    /// Birth or sex of the deceased, or what the record gives.
    pub deceased: bool,
    /// The age of the survivor, in the amount.
    pub age_in_amount: bool,
    /// The sex of the survivor, in the amount.
    pub sex_in_amount: bool,
    /// The birth of the survivor, by rows of the law.
    pub birth: bool,
    /// The days on which a provision comes into force, each once, in order.
    pub days: Vec<Date>,
}

impl Benefit {
    /// Finds what an award on a death turns on; in doubt it does.
    #[must_use]
    pub fn turns_on(&self) -> TurnsOn {
        let all = Provisions::of_benefit(self);
        let amount = Provisions::of_steps(self);
        let by_birth = |of: &Provisions| of.rows().any(|row| row.born_from.is_some());
        let by_sex = |of: &Provisions| of.rows().any(|row| row.sex.is_some());
        let mut found = Found::default();
        Part::Benefit(self).each(&mut |part| found.part(part));
        let mut asked = Found::default();
        let condition = &self.condition;
        asked.part(Part::Measure(&condition.credit));
        let tests = condition.all.iter().chain(&condition.any);
        tests.flat_map(|test| test.operands()).for_each(|operand| {
            asked.part(Part::Operand(operand));
        });
        let of_insured = condition.recipient.is_none() && (by_birth(&all) || by_sex(&all));
        let mut days: Vec<Date> = all.rows().map(|row| row.from).collect();
        days.sort_unstable();
        days.dedup();
        TurnsOn {
            deceased: found.deceased
                || asked.deceased
                || of_insured
                || !condition.without.is_empty()
                || self.assessed_at.is_some(),
            age_in_amount: found.age || by_birth(&amount),
            sex_in_amount: by_sex(&amount),
            birth: by_birth(&all),
            days,
        }
    }
}

#[derive(Default)]
struct Found {
    deceased: bool,
    age: bool,
}

impl Found {
    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Benefit(_) => self.deceased = true,
            Part::Step(
                Step::ReferenceEarnings(_)
                | Step::Points(_)
                | Step::Balance(_)
                | Step::Formula(_)
                | Step::OfDeceased(_)
                | Step::EarlyReduction(_)
                | Step::LateIncrease(_)
                | Step::Annuitise(_)
                | Step::LumpSum(_)
                | Step::ExcessLumpSum(_)
                | Step::AdjustedSinceAssessment { .. },
            )
            | Part::Operand(
                Operand::ReferenceEarnings(_)
                | Operand::Points(_)
                | Operand::Balance(_)
                | Operand::Formula(_)
                | Operand::Benefit(_)
                | Operand::OfDeceased(_)
                | Operand::Divisor(_)
                | Operand::Day(_),
            )
            | Part::Measure(Measure::Age | Measure::MonthsEarly | Measure::MonthsLate) => {
                self.deceased = true;
            }
            Part::Measure(Measure::RecipientAge) => self.age = true,
            Part::Operand(
                Operand::MonthsUntil(_)
                | Operand::MonthsSince(_)
                | Operand::MonthsSinceAtStartOfYear(_),
            ) => {
                self.age = true;
                self.deceased = true;
            }
            Part::Measure(Measure::Named(named)) => {
                self.deceased |= matches!(named.counted, CountedAs::Months(_));
            }
            _ => {}
        }
        part.each(&mut |part| self.part(part));
    }
}
