use std::collections::BTreeSet;
use std::sync::Arc;

use perennis_scheme::{
    BalanceRule, Benefit, BenefitKind, CountedAs, DayOf, DividedBy, Ends, Event, Fact, Formula,
    Index, Indexation, IndicatorLaw, Interest, Law, Length, LimitsOf, Measure, Mortality, Operand,
    Part, Pays, PointsRule, Recipient, ReferenceRule, Step, Test, WORK, Window,
};

use crate::at::At;
use crate::diagnostics::Code;
use crate::read::scheme::law::Law as Raw;
use crate::read::scheme::people::People;

/// Leaves to the valuation the benefits that it pays to persons; one that it cannot carry is a fault. `at` stands at the
/// scheme.
pub(super) fn carried(mut law: Law, (people, raw): (&People, &Raw), at: &At<'_>) -> Option<Law> {
    let before = at.reading().count();
    let place = at.key("benefits");
    law.benefits.retain(|benefit| {
        let alone = raw.benefits.get(&benefit.name).is_some_and(|raw| raw.persons_only == Some(true));
        if alone {
            place.key(&benefit.name).defaulted(
                "the valuation passes this benefit over (persons_only); what it costs stands in a loading or is left out",
            );
        }
        !alone
    });
    for benefit in &law.benefits {
        let named = people.invalidity.as_ref().and_then(|raw| raw.benefits.as_ref());
        let named = named.and_then(|named| named.get(&benefit.name));
        let has_degree = named.is_some_and(|named| named.degree.is_some());
        let needs = Needs { has_degree, indicators: &law.indicators, ..Needs::default() };
        check(benefit, needs, &place.key(&benefit.name));
    }
    invalids(&law, &place);
    limits(&law, raw, at);
    amounts(&law, at);
    (at.reading().count() == before).then_some(law)
}

/// A pension on invalidity becomes one that is valued.
fn invalids(law: &Law, at: &At<'_>) {
    let on = |benefit: &&Benefit| benefit.condition.event == Event::Invalidity;
    for benefit in law.benefits.iter().filter(on) {
        let Some(to) = &benefit.ends.converts_to else { continue };
        let valued = law
            .benefit(to)
            .is_some_and(|to| to.kind == BenefitKind::Pension && to.condition.event == Event::Age);
        if !valued {
            at.key(&benefit.name).fault_at_key(
                Code::ForPersonsOnly,
                format!(
                    "`{}` becomes `{to}`, which a valuation does not pay at an age",
                    benefit.name
                ),
                REMEDY,
            );
        }
    }
}

/// An amount reads no indicator before that is known.
fn amounts(law: &Law, at: &At<'_>) {
    for amount in &law.amounts {
        let mut needs = Needs { indicators: &law.indicators, ..Needs::default() };
        needs.index(&amount.after.by, amount.after.lag);
        for found in needs.found {
            at.key("amounts").key(&amount.name).key("after").fault(
                Code::ForPersonsOnly,
                format!("a valuation cannot carry amount `{}`: it needs {found}", amount.name),
                "define the indicator under `indicators` of the scheme, or let its reader lag",
            );
        }
    }
}

const REMEDY: &str = "say persons_only = true in the benefit, and let a loading stand for its cost or name it among what is not modelled";

fn check(benefit: &Benefit, mut needs: Needs<'_>, at: &At<'_>) {
    needs.benefit(benefit);
    if let Err(error) = benefit.linear() {
        at.fault_at_key(
            Code::NotLinear,
            error.to_string(),
            "let only one factor depend on earnings, points or a balance, and nothing that divides",
        );
    }
    if 1 < needs.bases.len() {
        let bases: Vec<&str> = needs.bases.iter().map(String::as_str).collect();
        needs.found.insert(format!("several sums of the record at once ({})", bases.join("; ")));
    }
    for found in needs.found {
        at.fault_at_key(
            Code::ForPersonsOnly,
            format!("a valuation cannot carry benefit `{}`: it needs {found}", benefit.name),
            REMEDY,
        );
    }
}

/// Limits on several benefits together are for persons: cells do not know who has which.
fn limits(law: &Law, raw: &Raw, at: &At<'_>) {
    for cumulation in &law.cumulations {
        let raw = raw.cumulation.get(&cumulation.name);
        let alone = raw.is_some_and(|raw| raw.persons_only == Some(true));
        if alone {
            at.key("cumulation").key(&cumulation.name).defaulted(
                "the valuation pays these benefits without their common limit (persons_only)",
            );
        }
        // Each of them whole is what a sum without a limit pays.
        if alone || (cumulation.pays == Pays::Sum && cumulation.at_most.is_none()) {
            continue;
        }
        let valued: Vec<&str> = cumulation
            .benefits
            .iter()
            .map(String::as_str)
            .filter(|name| law.benefit(name).is_some())
            .collect();
        if 1 < valued.len() {
            at.key("cumulation").key(&cumulation.name).fault_at_key(
                Code::ForPersonsOnly,
                format!("a valuation does not limit {} together", valued.join(" and ")),
                "say persons_only = true in the cumulation, which pays each whole, or in all of these benefits but one",
            );
        }
    }
}

/// What a benefit needs that cells do not have.
#[derive(Debug, Default)]
struct Needs<'a> {
    found: BTreeSet<String>,
    bases: BTreeSet<String>,
    /// What the law defines.
    indicators: &'a [IndicatorLaw],
    /// The file says the degree of those for whom the benefit is.
    has_degree: bool,
    /// The benefit is for invalids.
    of_invalid: bool,
    /// The benefit is for one survivor.
    of_survivor: bool,
}

impl Needs<'_> {
    fn add(&mut self, what: impl Into<String>) {
        self.found.insert(what.into());
    }

    fn benefit(&mut self, benefit: &Benefit) {
        match benefit.condition.event {
            Event::Invalidity => {
                self.of_invalid = true;
            }
            Event::Death => {
                let pension = benefit.kind == BenefitKind::Pension;
                if pension && benefit.condition.recipient.is_none() {
                    self.add("to know which survivor has the pension (`recipient`)");
                }
                if benefit.condition.recipient == Some(Recipient::FormerSpouse) {
                    self.add("former spouses, who are not modelled by persons");
                }
                self.of_survivor = benefit.condition.recipient.is_some();
            }
            Event::Age | Event::Withdrawal | Event::Closed => {}
        }
        if benefit.condition.recipient.is_some() && benefit.condition.event != Event::Death {
            self.add("members of the family, who are not modelled by persons");
        }
        self.ends(benefit);
        if benefit.assessed_at.is_some() {
            self.add("an assessment at another date than the claim");
        }
        if let Some(indexation) = &benefit.indexation {
            self.indexation(indexation);
        }
        self.award(benefit);
    }

    fn ends(&mut self, benefit: &Benefit) {
        let Ends { age, after, age_in_education, remarriage, converts_to } = &benefit.ends;
        let of_survivor = self.of_survivor;
        let any = *remarriage || age.is_some() || age_in_education.is_some();
        if after.is_some() {
            self.add("the months for which each person has drawn a benefit");
        }
        let of_invalid = self.of_invalid && !*remarriage && age_in_education.is_none();
        if (any && !of_survivor && !of_invalid) || (converts_to.is_some() && !of_invalid) {
            self.add("an end before death");
        }
        if age_in_education.is_some() && age.is_none() {
            self.add("an age at which children who are not in education lose it");
        }
    }

    /// What the amount and the condition need, in this benefit or in another that uses it.
    fn award(&mut self, benefit: &Benefit) {
        let condition = &benefit.condition;
        self.part(Part::Measure(&condition.credit));
        let tests = condition.all.iter().chain(&condition.any);
        tests.flat_map(Test::operands).for_each(|operand| self.part(Part::Operand(operand)));
        for other in &condition.without {
            self.award(other);
        }
        Part::Benefit(benefit).each(&mut |part| self.part(part));
    }

    fn indexation(&mut self, indexation: &Indexation) {
        if let Some(balancing) = &indexation.balancing {
            // The brake reads the year before.
            self.indicator(&balancing.indicator, 1);
        }
        self.index(&indexation.after.by, indexation.after.lag);
    }

    /// What an index needs that is read so many years back.
    fn index(&mut self, index: &Index, lag: i32) {
        index.indicators(lag, &mut |name, lag| self.indicator(name, lag));
    }

    /// The figures of a year are known from its end on.
    fn indicator(&mut self, name: &str, lag: i32) {
        match self.indicators.iter().find(|known| known.name == name) {
            None => self.add(format!("the indicator `{name}`, which the law does not define")),
            Some(known) if known.lag + lag < 1 => self.add(format!(
                "the indicator `{name}` of a year whose figures are not known by then (a `lag` is missing)"
            )),
            Some(_) => {}
        }
    }

    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Benefit(benefit) => return self.award(benefit),
            Part::Step(step) => self.step(step),
            Part::Operand(operand) => self.operand(operand),
            Part::Measure(measure) => self.measure(measure),
        }
        part.each(&mut |part| self.part(part));
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::ReferenceEarnings(rules) => self.reference(rules),
            Step::Points(rule) => self.points(rule),
            Step::Balance(rule) => self.balance(rule),
            Step::Formula(formula) => self.formula(formula),
            Step::Annuitise(divisor) => self.mortality(&divisor.mortality),
            _ => {}
        }
    }

    fn formula(&mut self, formula: &Formula) {
        if formula.assessed_at.is_some() {
            self.add("an assessment at another date than the claim");
        }
    }

    fn mortality(&mut self, mortality: &Mortality) {
        if *mortality == Mortality::Scheme {
            self.add("the mortality of the valuation in a divisor");
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::ReferenceEarnings(rules) => self.reference(rules),
            Operand::Points(rule) => self.points(rule),
            Operand::Balance(rule) => self.balance(rule),
            Operand::Formula(formula) => self.formula(formula),
            Operand::Divisor(divisor) => self.mortality(&divisor.mortality),
            Operand::Day(DayOf::Marriage) => self.add("the day of marriage of each person"),
            _ => {}
        }
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Credit
            | Measure::Contributed
            | Measure::MonthsEarly
            | Measure::MonthsLate
            | Measure::Age
            | Measure::Fact(Fact::ShareClaimed) => {}
            Measure::RecipientAge if self.of_survivor => {}
            Measure::Fact(Fact::Degree) if self.has_degree => {}
            Measure::RecipientAge | Measure::Fact(_) => self.add(format!(
                "`{}` of each person (a value for all may stand in the table `stated`)",
                measure.name()
            )),
            Measure::Named(named) => match &named.counted {
                CountedAs::Operand(_) => {}
                CountedAs::Residence(_) => self.add("the residence of each person"),
                CountedAs::Stated => self.add(format!(
                    "`{}` of each person (a value for all may stand in the table `stated`)",
                    named.name
                )),
                CountedAs::Months(months) => {
                    let by_years = months.earnings_at_least.is_some() || months.bought.is_some();
                    if by_years {
                        self.add("the earnings of each year of each person");
                    }
                    let kinds = &months.kinds;
                    if !kinds.is_empty() && !kinds.iter().any(|kind| kind == WORK) {
                        self.add(format!("credited periods (`{}`)", kinds.join("`, `")));
                    }
                }
            },
        }
    }

    fn points(&mut self, rule: &PointsRule) {
        self.bases.insert(format!("points `{}`", rule.name));
        self.buying(&rule.kinds);
        if rule.earnings_at_least.is_some() {
            self.add("the years of each person whose earnings reach an amount");
        }
    }

    fn balance(&mut self, rule: &BalanceRule) {
        self.bases.insert(format!("balance `{}`", rule.name));
        self.buying(&rule.kinds);
        if let Interest::Index { by, lag } = &rule.interest {
            self.index(by, *lag);
        }
        if let Some(mortality) = &rule.inheritance {
            self.mortality(mortality);
        }
    }

    /// The credit of cells is that of insured work.
    fn buying(&mut self, kinds: &[String]) {
        if !kinds.is_empty() && !kinds.iter().any(|kind| kind == WORK) {
            self.add(format!("credited periods (`{}`)", kinds.join("`, `")));
        }
    }

    fn reference(&mut self, rules: &[Arc<ReferenceRule>]) {
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        self.bases.insert(names.join(", "));
        for rule in rules {
            rule.revaluation.by.indicators(0, &mut |name, _| {
                self.add(format!("the indicator `{name}` in a revaluation of earnings"));
            });
            if let Window::LastOf(months) = &rule.window {
                self.part(Part::Operand(months));
                self.add("a number of last months of each person");
            }
            if matches!(
                rule.window,
                Window::Best { years: Length::Months(_), .. } | Window::BestMonths { .. }
            ) {
                self.add("a number of best months of each person");
            }
            if rule.limits == LimitsOf::Month {
                self.add("the earnings of each month of each person");
            }
            if !rule.life.is_all() {
                self.add("earnings of a part of life");
            }
            let career = rule.window == Window::Career;
            let whole = rule.divided_by == DividedBy::Window && career;
            if !(whole || rule.divided_by == DividedBy::Credited) || rule.missing.is_some() {
                self.add("missing years of each person");
            }
            if rule.drop.is_some() {
                self.add("the lowest months of each person");
            }
            let limits = rule.ceiling.is_some() || rule.floor.is_some() || rule.above.is_some();
            if limits && !career {
                self.add(
                    "a ceiling or floor on earnings of last years (that of contributions holds)",
                );
            }
            if !rule.credited.is_empty() {
                self.add("earnings of credited periods");
            }
            let revaluation = &rule.revaluation;
            if (revaluation.to_age.is_some() && !career) || revaluation.mean_of.is_some() {
                self.add("a revaluation of last years to an age, or to the mean of years");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use perennis_scheme::Choice;

    use super::*;

    fn of_each(fact: Fact) -> Operand {
        Operand::Measure(Measure::Fact(fact))
    }

    #[test]
    fn what_each_person_has_is_found_wherever_an_operand_may_stand() {
        let chosen = Operand::Choose(Box::new(Choice {
            only_if: vec![Test::below(Operand::Constant(1.0), of_each(Fact::Residence))],
            then: Operand::AnyOf(vec![Test::of(of_each(Fact::Children))]),
            otherwise: Operand::Power(Box::new([Operand::Constant(2.0), of_each(Fact::Degree)])),
        }));
        let mut needs = Needs::default();
        needs.part(Part::Operand(&Operand::Sum(vec![chosen, Operand::Day(DayOf::Marriage)])));
        let found: Vec<&str> = needs.found.iter().map(String::as_str).collect();
        assert_eq!(found.len(), 4, "{found:?}");
        for fact in ["`children`", "`degree`", "`residence`", "the day of marriage"] {
            assert!(found.iter().any(|found| found.starts_with(fact)), "{fact}: {found:?}");
        }
    }
}
