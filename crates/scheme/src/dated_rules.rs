//! Every dated provision that a benefit or a contribution uses, found from its words.

use perennis_units::{Date, Dated, Duration, Sex, Year};

use crate::parts::Part;
use crate::rule::first_of_month;
use crate::{
    Accrual, Amount, BalanceRule, Benefit, ByYears, Condition, ContributionLaw, CountedAs,
    CreditedMonths, Divisor, Index, Indexation, Interest, Length, Measure, Mortality, NamedAmount,
    Operand, PerYear, Period, PointsRule, ReferenceRule, Revaluation, Rule, Step, Test, Window,
};

/// To whom a row applies, and from when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowOf {
    pub(crate) from: Date,
    pub(crate) born_from: Option<Date>,
    pub(crate) entered_from: Option<Date>,
    pub(crate) sex: Option<Sex>,
}

/// A provision: its name and the persons and days of its rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Provision {
    pub(crate) name: String,
    pub(crate) rows: Vec<RowOf>,
    /// Position of the step that uses it, 0 outside steps.
    pub(crate) step: usize,
    /// It may be silent: where it is, nothing is meant.
    pub(crate) may_be_silent: bool,
}

/// Provisions that were found, each name once.
#[derive(Debug, Default)]
pub(crate) struct Provisions {
    pub(crate) found: Vec<Provision>,
    /// The last row and the month of yearly adjustments after it, of every amount that has some.
    adjusted: Vec<(Date, i8)>,
    step: usize,
    may_be_silent: bool,
    /// Looks into what only some have.
    into_choices: bool,
}

/// The days on which the law of some benefits changes.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LawDays {
    /// Days from which a provision is in force, the earliest first.
    rows: Vec<Date>,
    /// Amounts that go on by themselves: the year of the last row and the month of the adjustments after it.
    adjusted: Vec<(i16, i8)>,
}

impl LawDays {
    /// Finds them in every provision that conditions and steps of the benefits use.
    #[must_use]
    pub fn of<'a>(benefits: impl Iterator<Item = &'a Benefit>) -> Self {
        let mut days = Self::default();
        for benefit in benefits {
            let mut provisions = Provisions { into_choices: true, ..Provisions::default() };
            provisions.benefit(benefit);
            let rows = provisions.found.iter().flat_map(|provision| &provision.rows);
            days.rows.extend(rows.map(|row| row.from));
            let adjusted = provisions.adjusted.iter();
            days.adjusted.extend(adjusted.map(|(last, month)| (last.year(), *month)));
        }
        days.rows.sort_unstable();
        days.rows.dedup();
        days.adjusted.sort_unstable();
        days.adjusted.dedup();
        days
    }

    /// Returns the days of a year, the earliest first, each once.
    #[must_use]
    pub fn in_year(&self, year: Year) -> Vec<Date> {
        let after = |day: &Date| year.get() <= i32::from(day.year());
        let first = self.rows.partition_point(|day| !after(day));
        let rows = self.rows[first..].iter().copied();
        let mut days: Vec<Date> =
            rows.take_while(|day| i32::from(day.year()) == year.get()).collect();
        let adjusted = self.adjusted.iter().filter(|(last, _)| i32::from(*last) < year.get());
        days.extend(adjusted.map(|(_, month)| first_of_month(year, *month)));
        days.sort_unstable();
        days.dedup();
        days
    }
}

impl Provisions {
    pub(crate) fn of_benefit(benefit: &Benefit) -> Self {
        let mut provisions = Self::default();
        provisions.benefit(benefit);
        provisions
    }

    fn benefit(&mut self, benefit: &Benefit) {
        self.condition(&benefit.condition);
        self.rule(benefit.assessed_at.as_ref());
        self.steps(&benefit.steps);
    }

    /// Those by which each way to count the record counts a year of it, the credited periods that enter included.
    pub(crate) fn of_record_years(benefit: &Benefit) -> Vec<Vec<Provision>> {
        let mut bases = Vec::new();
        Part::Benefit(benefit).each(&mut |part| of_bases(part, &mut bases));
        bases
    }

    /// Those of the amount alone.
    pub(crate) fn of_steps(benefit: &Benefit) -> Self {
        let mut provisions = Self::default();
        provisions.steps(&benefit.steps);
        provisions
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &RowOf> {
        self.found.iter().flat_map(|provision| &provision.rows)
    }

    pub(crate) fn of_contribution(law: &ContributionLaw) -> Self {
        let mut provisions = Self::default();
        law.rates.iter().for_each(|rate| provisions.rule(Some(&rate.rate)));
        law.floor.iter().chain(&law.ceiling).for_each(|amount| provisions.amount(amount));
        provisions
    }

    /// Those of a credited period.
    pub(crate) fn of_period(period: &Period) -> Self {
        let mut provisions = Self::default();
        provisions.rule(period.credit.as_ref());
        provisions.operands([&period.earnings]);
        provisions
    }

    fn add<T>(&mut self, name: &str, values: &Dated<T>) {
        if self.found.iter().any(|known| known.name == name) {
            return;
        }
        let rows = values.rows().iter().map(|row| RowOf {
            from: row.from,
            born_from: row.born_from,
            entered_from: row.entered_from,
            sex: row.sex,
        });
        self.found.push(Provision {
            name: name.to_owned(),
            rows: rows.collect(),
            step: self.step,
            may_be_silent: self.may_be_silent,
        });
    }

    fn rule<T>(&mut self, rule: Option<&Rule<T>>) {
        if let Some(rule) = rule {
            self.add(&rule.name, &rule.values);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        self.rule(condition.age.as_ref());
        self.may_be_silent = true;
        self.rule(condition.early_by.as_ref());
        self.rule(condition.early_from.as_ref());
        self.may_be_silent = false;
        let credit =
            [&condition.early_credit_at_least, &condition.credit_at_least, &condition.credit_below];
        credit.into_iter().for_each(|rule: &Option<Rule<Duration>>| self.rule(rule.as_ref()));
        self.measure(&condition.credit);
        self.tests(&condition.all);
        self.tests(&condition.any);
    }

    fn tests(&mut self, tests: &[Test]) {
        tests.iter().flat_map(Test::operands).for_each(|operand| self.operand(operand));
    }

    fn steps(&mut self, steps: &[Step]) {
        let outer = self.step;
        for (index, step) in steps.iter().enumerate() {
            if outer == 0 {
                self.step = index + 1;
            }
            self.one_step(step);
        }
        self.step = outer;
    }

    fn one_step(&mut self, step: &Step) {
        match step {
            Step::ReferenceEarnings(rules) => rules.iter().for_each(|rule| self.reference(rule)),
            Step::Points(rule) => self.points(rule),
            Step::Balance(rule) => self.balance(rule),
            Step::Formula(formula) => {
                self.rule(formula.assessed_at.as_ref());
                self.steps(&formula.steps);
            }
            Step::Accrual(Accrual { share: rate, .. })
            | Step::EarlyReduction(PerYear { rate, .. })
            | Step::LateIncrease(PerYear { rate, .. }) => {
                self.by_years(rate);
                self.parts(Part::Step(step));
            }
            Step::Flat(_)
            | Step::Brackets(_)
            | Step::Prorate { .. }
            | Step::Times(_)
            | Step::Plus(_)
            | Step::Minus(_)
            | Step::AtLeast(_)
            | Step::AtMost(_) => self.parts(Part::Step(step)),
            Step::Annuitise(divisor) => self.divisor(divisor),
            Step::LumpSum(rule) => self.rule(Some(&rule.months_a_year)),
            Step::ExcessLumpSum(rule) => {
                self.rule(Some(&rule.scale));
                self.rule(Some(&rule.months_a_year));
                self.rule(rule.months_a_year_after_age.as_ref());
            }
            Step::AdjustedSinceAssessment { rounded, indexation } => {
                self.rule(rounded.as_ref().map(|rounding| &rounding.to));
                indexation.iter().for_each(|indexation| self.indexation(indexation));
            }
            Step::Round(rounding) => self.rule(Some(&rounding.to)),
            Step::OfDeceased(_) => {}
        }
    }

    fn parts(&mut self, of: Part<'_>) {
        of.each(&mut |part| match part {
            Part::Operand(operand) => self.operand(operand),
            Part::Measure(measure) => self.measure(measure),
            Part::Step(step) => self.one_step(step),
            // The provisions of another benefit are found with it.
            Part::Benefit(_) => {}
        });
    }

    fn by_years(&mut self, share: &ByYears) {
        match share {
            ByYears::Rate(rate) => self.rule(Some(rate)),
            ByYears::Scale(scale) => self.rule(Some(scale)),
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Rule(rule) => self.rule(Some(rule)),
            Operand::Amount(amount) => self.amount(amount),
            Operand::Scale { scale, .. } => {
                self.rule(Some(scale));
                self.parts(Part::Operand(operand));
            }
            Operand::MonthsUntil(age)
            | Operand::MonthsSince(age)
            | Operand::MonthsSinceAtStartOfYear(age) => self.rule(Some(age)),
            Operand::ReferenceEarnings(rules) => rules.iter().for_each(|rule| self.reference(rule)),
            Operand::Points(rule) => self.points(rule),
            Operand::Balance(rule) => self.balance(rule),
            Operand::Formula(formula) => {
                self.rule(formula.assessed_at.as_ref());
                self.steps(&formula.steps);
            }
            Operand::Divisor(divisor) => self.divisor(divisor),
            // What only some have may be silent for the others.
            Operand::Choose(_) if !self.into_choices => {}
            Operand::Choose(_) => self.parts(Part::Operand(operand)),
            Operand::Rounded { rounding, .. } => {
                self.parts(Part::Operand(operand));
                self.rule(Some(&rounding.to));
            }
            Operand::Measure(_)
            | Operand::Years { .. }
            | Operand::Brackets { .. }
            | Operand::AnyOf(_)
            | Operand::Sum(_)
            | Operand::Product(_)
            | Operand::Lesser(_)
            | Operand::Greater(_)
            | Operand::Difference(_)
            | Operand::Excess(_)
            | Operand::Quotient(_)
            | Operand::Power(_) => self.parts(Part::Operand(operand)),
            Operand::Benefit(_)
            | Operand::OfDeceased(_)
            | Operand::InGroups(_)
            | Operand::Day(_)
            | Operand::On(_)
            | Operand::Constant(_) => {}
        }
    }

    fn measure(&mut self, measure: &Measure) {
        let Measure::Named(named) = measure else { return };
        match &named.counted {
            CountedAs::Operand(operand) => self.operand(operand),
            CountedAs::Months(months) => self.months(months),
            CountedAs::Residence(of) => {
                of.life.rules().for_each(|rule| self.rule(Some(rule)));
                self.rule(of.within_last.as_ref());
                self.rule(of.at_most.as_ref());
            }
            CountedAs::Stated => {}
        }
    }

    fn months(&mut self, of: &CreditedMonths) {
        of.life.rules().for_each(|rule| self.rule(Some(rule)));
        let rules = [&of.within_last, &of.beyond, &of.at_most];
        rules.into_iter().for_each(|rule| self.rule(rule.as_ref()));
        if let Some(bought) = &of.bought {
            self.rule(Some(&bought.each));
            self.rule(bought.at_most_a_year.as_ref());
        }
    }

    fn amount(&mut self, amount: &Amount) {
        match amount {
            Amount::Fixed(rule) => self.rule(Some(rule)),
            Amount::Times { times, of } => {
                self.rule(Some(times));
                self.named(of);
            }
            Amount::OfInsuredWage(rule) => self.rule(Some(rule)),
            Amount::Named(amount) => self.named(amount),
            Amount::Series(_) => {}
        }
    }

    fn named(&mut self, amount: &NamedAmount) {
        self.add(&amount.name, &amount.values);
        if amount.after.by != Index::Hold {
            let last = amount.values.rows().last();
            self.adjusted.extend(last.map(|row| (row.from, amount.after.month)));
        }
        self.index(&amount.after.by);
    }

    fn index(&mut self, index: &Index) {
        match index {
            Index::Amount(amount) => self.named(amount),
            Index::Greater(of) | Index::Lesser(of) | Index::Product(of) => {
                of.iter().for_each(|of| self.index(of));
            }
            Index::Average { of, .. } | Index::Balanced { of, .. } => self.index(of),
            Index::Sustainability { weight, .. } => self.rule(Some(weight)),
            Index::Hold | Index::Prices | Index::Wages | Index::Mix { .. } | Index::Series(_) => {}
        }
    }

    fn indexation(&mut self, indexation: &Indexation) {
        self.index(&indexation.after.by);
        let rules = [&indexation.less, &indexation.norm, &indexation.at_least, &indexation.at_most];
        rules.into_iter().for_each(|rule| self.rule(rule.as_ref()));
    }

    fn reference(&mut self, rule: &ReferenceRule) {
        match &rule.window {
            Window::Last(years) => self.rule(Some(years)),
            Window::Best { years, of_last, .. }
            | Window::BestMonths { months: years, of_last, .. } => {
                if let Length::Years(years) = years {
                    self.rule(Some(years));
                }
                self.rule(of_last.as_ref());
            }
            Window::Career | Window::LastOf(_) => {}
        }
        self.rule(rule.drop.as_ref());
        rule.life.rules().for_each(|age| self.rule(Some(age)));
        let Revaluation { to_age, mean_of, rounded, by, .. } = &rule.revaluation;
        self.rule(to_age.as_ref());
        self.rule(mean_of.as_ref());
        self.rule(rounded.as_ref().map(|rounding| &rounding.to));
        self.index(by);
    }

    fn points(&mut self, rule: &PointsRule) {
        self.operand(&rule.price);
        for rule in [&rule.rate, &rule.at_most, &rule.at_least] {
            self.rule(rule.as_ref());
        }
    }

    fn balance(&mut self, rule: &BalanceRule) {
        self.operand(&rule.rate);
        if let Interest::Rate(rate) = &rule.interest {
            self.rule(Some(rate));
        }
        self.rule(rule.fee.as_ref());
    }

    fn divisor(&mut self, divisor: &Divisor) {
        if let Mortality::Table(tables) = &divisor.mortality {
            self.rule(Some(tables));
        }
        self.rule(divisor.norm_rate.as_ref());
        self.rule(divisor.less.as_ref());
        self.rule(divisor.fixed_at.as_ref());
    }
}

/// Finds the ways to count the record in a part, and the provisions of each.
fn of_bases(part: Part<'_>, bases: &mut Vec<Vec<Provision>>) {
    let mut of = |asked: &mut dyn FnMut(&mut Provisions)| {
        let mut provisions = Provisions::default();
        asked(&mut provisions);
        bases.push(provisions.found);
    };
    match part {
        Part::Step(Step::ReferenceEarnings(rules))
        | Part::Operand(Operand::ReferenceEarnings(rules)) => {
            rules.iter().for_each(|rule| of(&mut |found| found.reference_of_year(rule)));
        }
        Part::Step(Step::Points(rule)) | Part::Operand(Operand::Points(rule)) => {
            of(&mut |found| found.points_of_year(rule));
        }
        Part::Step(Step::Balance(rule)) | Part::Operand(Operand::Balance(rule)) => {
            of(&mut |found| found.balance_of_year(rule));
        }
        Part::Benefit(_) => {}
        part => part.each(&mut |part| of_bases(part, bases)),
    }
}

impl Provisions {
    fn operands<'a>(&mut self, of: impl IntoIterator<Item = &'a Option<Operand>>) {
        of.into_iter().flatten().for_each(|operand| self.operand(operand));
    }

    fn reference_of_year(&mut self, rule: &ReferenceRule) {
        self.operands([&rule.ceiling, &rule.floor, &rule.above]);
        if let Some(missing) = &rule.missing {
            self.operand(&missing.earnings);
            missing.beyond.iter().for_each(|(_, earnings)| self.operand(earnings));
        }
        self.rule(rule.revaluation.rounded.as_ref().map(|rounding| &rounding.to));
        self.index(&rule.revaluation.by);
    }

    fn points_of_year(&mut self, rule: &PointsRule) {
        self.points(rule);
        self.operands([&rule.ceiling, &rule.above, &rule.earnings_at_least]);
        rule.credited.iter().for_each(|(_, points)| self.rule(Some(points)));
        self.rule(rule.rounded.as_ref().map(|rounding| &rounding.to));
    }

    fn balance_of_year(&mut self, rule: &BalanceRule) {
        self.balance(rule);
        self.operands([&rule.ceiling, &rule.floor, &rule.above]);
    }
}
