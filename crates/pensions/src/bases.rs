use perennis_scheme::{BaseOf, Benefit, Brackets, Change, CountedAs, Measure, Operand, Step, Test};

/// Finds everything that the amount of a benefit may be proportional to, each name once, in the order of the law.
pub(crate) fn bases(benefit: &Benefit) -> Vec<BaseOf> {
    let mut found = Found(Vec::new());
    found.benefit(benefit);
    found.0
}

struct Found(Vec<BaseOf>);

impl Found {
    fn add(&mut self, base: BaseOf) {
        if self.0.iter().all(|known| !same(known, &base)) {
            self.0.push(base);
        }
    }

    fn benefit(&mut self, benefit: &Benefit) {
        benefit.steps.iter().for_each(|step| self.step(step));
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::ReferenceEarnings(rules) => {
                rules.iter().for_each(|rule| self.add(BaseOf::ReferenceEarnings(rule.clone())));
            }
            Step::Points(rule) => self.add(BaseOf::Points(rule.clone())),
            Step::Balance(rule) => self.add(BaseOf::Balance(rule.clone())),
            Step::Formula(formula) => formula.steps.iter().for_each(|step| self.step(step)),
            Step::Flat(operand) => self.operand(operand),
            Step::OfDeceased(benefits) => benefits.iter().for_each(|benefit| self.benefit(benefit)),
            Step::Accrual(accrual) => self.measure(&accrual.by),
            Step::Brackets(brackets) => self.brackets(brackets),
            Step::Prorate { by, over } => {
                self.measure(by);
                self.operand(over);
            }
            Step::EarlyReduction(rule) | Step::LateIncrease(rule) => {
                rule.by.iter().for_each(|by| self.measure(by));
            }
            Step::Times(change)
            | Step::Plus(change)
            | Step::Minus(change)
            | Step::AtLeast(change)
            | Step::AtMost(change) => self.change(change),
            _ => {}
        }
    }

    fn change(&mut self, change: &Change) {
        self.operand(&change.by);
        change.only_if.iter().for_each(|test| self.test(test));
    }

    fn test(&mut self, test: &Test) {
        self.operand(&test.of);
        test.limits().for_each(|limit| self.operand(limit));
    }

    fn brackets(&mut self, brackets: &Brackets) {
        brackets.thresholds().iter().for_each(|operand| self.operand(operand));
    }

    fn measure(&mut self, measure: &Measure) {
        if let Measure::Named(named) = measure
            && let CountedAs::Operand(operand) = &named.counted
        {
            self.operand(operand);
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::ReferenceEarnings(rules) => {
                rules.iter().for_each(|rule| self.add(BaseOf::ReferenceEarnings(rule.clone())));
            }
            Operand::Points(rule) => self.add(BaseOf::Points(rule.clone())),
            Operand::Balance(rule) => self.add(BaseOf::Balance(rule.clone())),
            Operand::Benefit(benefit) => self.benefit(benefit),
            Operand::Formula(formula) => formula.steps.iter().for_each(|step| self.step(step)),
            Operand::Measure(measure)
            | Operand::Scale { by: measure, .. }
            | Operand::Years { measure, .. } => self.measure(measure),
            Operand::Brackets { brackets, of } => {
                self.brackets(brackets);
                self.operand(of);
            }
            Operand::Sum(of)
            | Operand::Product(of)
            | Operand::Lesser(of)
            | Operand::Greater(of) => of.iter().for_each(|operand| self.operand(operand)),
            Operand::Difference(of) | Operand::Excess(of) | Operand::Quotient(of) => {
                of.iter().for_each(|operand| self.operand(operand));
            }
            _ => {}
        }
    }
}

/// Says whether two bases are the same: of one kind and name.
pub(crate) fn same(one: &BaseOf, other: &BaseOf) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other) && one.name() == other.name()
}
