//! The condition of a benefit, question by question, for one person.

use perennis_units::{Citation, Duration, months_between};

use crate::context::{Context, Notes, Rows};
use crate::words::in_months;
use crate::{
    Benefit, Claim, Condition, Environment, Event, LawError, Operand, Rule, Test, TracedTest,
};

impl Benefit {
    /// Asks every question of the condition of one person, in the order in which they decide.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked, or a test asks for what is not known.
    pub fn condition_of_person(
        &self,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Vec<TracedTest>, LawError> {
        let notes = Notes::default();
        let context = Context::new(self, claim, env, (&Rows::One, &notes))?;
        let context = context.of_the_day().in_silence();
        let mut asked = Vec::new();
        context.who(&self.condition, &mut asked);
        context.how_much_credit(&self.condition, &mut asked)?;
        context.how_old(&self.condition, &mut asked)?;
        for test in &self.condition.all {
            asked.push(context.asked_test(test)?);
        }
        context.any_of(&self.condition, &mut asked)?;
        for other in &self.condition.without {
            let due: f64 = context.inside(other, false)?.condition(&other.condition)?;
            asked.push(TracedTest {
                what: "without".to_owned(),
                met: due <= 0.0,
                formula: format!("{} is not due", other.name),
                provisions: Vec::new(),
            });
        }
        Ok(asked)
    }
}

impl<'a> Context<'a> {
    fn who(&self, condition: &Condition, asked: &mut Vec<TracedTest>) {
        let mut ask = |what: &str, met: bool, formula: String| {
            asked.push(TracedTest { what: what.to_owned(), met, formula, provisions: Vec::new() });
        };
        if condition.event == Event::Closed {
            ask("event", false, "the benefit is closed to new claims".to_owned());
        }
        if condition.groups != crate::Groups::All {
            let group = self.claim.group;
            ask("groups", condition.groups.contains(group), format!("group {group}"));
        }
        if let Some(day) = condition.entered_before {
            let entered = self.when.entered;
            ask("entered_before", entered < day, format!("{entered} is before {day}"));
        }
    }

    fn how_much_credit(
        &self,
        condition: &'a Condition,
        asked: &mut Vec<TracedTest>,
    ) -> Result<(), LawError> {
        let limits = [
            ("credit_at_least", &condition.credit_at_least, true),
            ("credit_below", &condition.credit_below, false),
        ];
        for (what, rule, least) in limits {
            let Some(rule) = rule else { continue };
            let months: f64 = self.measure(&condition.credit)?;
            let limit: f64 = self.duration(rule)?;
            let reached: f64 = self.at_least(&months, &limit, what)?;
            let words = if least { "at least" } else { "less than" };
            asked.push(TracedTest {
                what: what.to_owned(),
                met: (0.0 < reached) == least,
                formula: format!(
                    "{} ({}) is {words} {}",
                    in_months(months),
                    condition.credit.name().replace('_', " "),
                    in_months(limit)
                ),
                provisions: self.provision(rule),
            });
        }
        Ok(())
    }

    fn how_old(
        &self,
        condition: &'a Condition,
        asked: &mut Vec<TracedTest>,
    ) -> Result<(), LawError> {
        let Some(age) = &condition.age else { return Ok(()) };
        let when = &self.when;
        let needed = age.at(when)?.value.in_months();
        let early = condition.early_by.as_ref().and_then(|rule| rule.values.at(when));
        let early = early.map_or(0, |row| row.value.in_months());
        let months = months_between(when.born, when.date);
        let mut formula = format!(
            "age {} on {}, pensionable age {}",
            in_months(f64::from(months)),
            when.date,
            in_months(f64::from(needed))
        );
        if 0 < early {
            formula.push_str(&format!(", claim up to {} sooner", in_months(f64::from(early))));
        }
        let mut provisions = self.provision(age);
        if let Some(rule) = &condition.early_by {
            provisions.extend(self.provision(rule));
        }
        let met = condition.is_old_enough(age, when)?;
        asked.push(TracedTest { what: "age".to_owned(), met, formula, provisions });
        let Some(needed) = &condition.early_credit_at_least else { return Ok(()) };
        if condition.months_after_age(when)? < 0 {
            let (months, needed_months): (f64, f64) =
                (self.measure(&condition.credit)?, self.duration(needed)?);
            let reached: f64 = self.at_least(&months, &needed_months, "credit")?;
            asked.push(TracedTest {
                what: "early_credit_at_least".to_owned(),
                met: 0.0 < reached,
                formula: format!(
                    "{} is at least {} for a claim before the age",
                    in_months(months),
                    in_months(needed_months)
                ),
                provisions: self.provision(needed),
            });
        }
        Ok(())
    }

    fn any_of(
        &self,
        condition: &'a Condition,
        asked: &mut Vec<TracedTest>,
    ) -> Result<(), LawError> {
        if condition.any.is_empty() {
            return Ok(());
        }
        let tests: Result<Vec<TracedTest>, LawError> =
            condition.any.iter().map(|test| self.asked_test(test)).collect();
        let tests = tests?;
        let formulas: Vec<&str> = tests.iter().map(|test| test.formula.as_str()).collect();
        asked.push(TracedTest {
            what: "any".to_owned(),
            met: tests.iter().any(|test| test.met),
            formula: formulas.join(", or "),
            provisions: tests.iter().flat_map(|test| test.provisions.clone()).collect(),
        });
        Ok(())
    }

    fn asked_test(&self, test: &'a Test) -> Result<TracedTest, LawError> {
        let met: f64 = self.test(test)?;
        let mut provisions = Vec::new();
        self.provisions_of_test(test, &mut provisions);
        let formula = self.test_words(test)?;
        let what = match &test.of {
            Operand::Measure(measure) => measure.name(),
            other => other.name(),
        };
        Ok(TracedTest { what: what.to_owned(), met: 0.0 < met, formula, provisions })
    }

    fn provision(&self, rule: &Rule<Duration>) -> Vec<Citation> {
        rule.at(&self.when).map(|row| vec![row.citation.clone()]).unwrap_or_default()
    }
}
