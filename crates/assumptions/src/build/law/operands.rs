use perennis_scheme as scheme;

use super::numbers::Use;
use super::provisions::{Provisions, unknown};
use super::steps::{counting, direction};
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::read::scheme::law::{self, Form, NameOr};

impl Provisions<'_> {
    /// Reads where a number comes from.
    pub(super) fn operand(&self, raw: &law::Operand, at: &At<'_>) -> Option<scheme::Operand> {
        let Some(form) = raw.form() else {
            at.fault(
                Code::TwoWays,
                "an operand is given in none or in several of its forms",
                "write one, such as { rule = \"name\" }, { amount = \"name\" }, { times = \"rule\", of = \"amount\" }, { measure = \"name\" } or { sum = [ … ] }",
            );
            return None;
        };
        let built = self.of_form(form, at)?;
        self.is_linear(&built, at)?;
        Some(built)
    }

    fn of_form(&self, form: Form<'_>, at: &At<'_>) -> Option<scheme::Operand> {
        use scheme::Operand;
        Some(match form {
            Form::Rule(name) => Operand::Rule(self.number(name, &at.key("rule"), Use::Term)?),
            Form::Amount(name) => Operand::Amount(self.plain_amount(name, &at.key("amount"))?),
            Form::Times(times, of) => self.multiple(times, of, at)?,
            Form::ShareOfInsuredWage(name) => {
                let share = self.number(name, &at.key("share_of_insured_wage"), Use::Multiple)?;
                Operand::Amount(scheme::Amount::OfInsuredWage(share))
            }
            Form::Measure(name) => Operand::Measure(self.measure(name, &at.key("measure"))?),
            Form::Scale(name, by) => {
                let scale = self.scale(name, &at.key("scale"));
                let by = self.measure(by, &at.key("by"));
                Operand::Scale { scale: scale?, by: by? }
            }
            Form::Years(name, raw) => Operand::Years {
                measure: self.measure(name, &at.key("years"))?,
                counting: counting(raw),
            },
            Form::MonthsUntil(name) => {
                Operand::MonthsUntil(self.age(name, &at.key("months_until"))?)
            }
            Form::MonthsSince(name, law::SinceAt::Claim) => {
                Operand::MonthsSince(self.age(name, &at.key("months_since"))?)
            }
            Form::MonthsSince(name, law::SinceAt::StartOfYear) => {
                Operand::MonthsSinceAtStartOfYear(self.age(name, &at.key("months_since"))?)
            }
            Form::OfDeceased(names) => {
                Operand::OfDeceased(self.benefit_list(names, &at.key("of_deceased"))?)
            }
            Form::Choose(raw) => {
                let at = at.key("choose");
                let only_if = self.tests(Some(&raw.only_if), &at.key("only_if"));
                let then = self.operand(&raw.then, &at.key("then"));
                let otherwise = self.operand(&raw.otherwise, &at.key("otherwise"));
                let (only_if, then, otherwise) = (only_if?, then?, otherwise?);
                Operand::Choose(Box::new(scheme::Choice { only_if, then, otherwise }))
            }
            Form::Rounded(raw) => {
                let at = at.key("rounded");
                let of = self.operand(&raw.of, &at.key("of"));
                let to = self.number(&raw.to, &at.key("to"), Use::Term);
                let direction = direction(raw.direction);
                let rounding = scheme::Rounding { to: to?, payments_a_year: 1, direction };
                Operand::Rounded { of: Box::new(of?), rounding }
            }
            Form::Power(list) => Operand::Power(self.pair(list, &at.key("power"))?),
            Form::ReferenceEarnings(names) => Operand::ReferenceEarnings(
                self.reference_list(names, &at.key("reference_earnings"))?,
            ),
            Form::Points(name) => Operand::Points(self.points_of(name, &at.key("points"))?),
            Form::Balance(name) => Operand::Balance(self.balance(name, &at.key("balance"))?),
            Form::Benefit(name) => Operand::Benefit(self.benefit(name, &at.key("benefit"))?),
            Form::Formula(name) => Operand::Formula(self.formula(name, &at.key("formula"))?),
            Form::Divisor(name) => Operand::Divisor(self.divisor(name, &at.key("divisor"))?),
            arithmetic => return self.arithmetic(arithmetic, at),
        })
    }

    /// A form made of other operands.
    fn arithmetic(&self, form: Form<'_>, at: &At<'_>) -> Option<scheme::Operand> {
        use scheme::Operand;
        Some(match form {
            Form::Brackets(name, of) => {
                let brackets = self.brackets_of(name, &at.key("brackets"));
                let of = self.table(of, &at.key("of"));
                Operand::Brackets { brackets: brackets?, of: Box::new(of?) }
            }
            Form::Constant(number) => {
                if !number.is_finite() || 1e12 < number.abs() {
                    let reason = format!("{number} is no number of plain arithmetic");
                    at.key("constant").fault(
                        Code::OutOfBounds,
                        reason,
                        "numbers of the law are rules",
                    );
                    return None;
                }
                Operand::Constant(number)
            }
            Form::Sum(list) => Operand::Sum(self.list(list, &at.key("sum"))?),
            Form::Product(list) => Operand::Product(self.list(list, &at.key("product"))?),
            Form::Lesser(list) => Operand::Lesser(self.list(list, &at.key("lesser"))?),
            Form::Greater(list) => Operand::Greater(self.list(list, &at.key("greater"))?),
            Form::Difference(list) => Operand::Difference(self.pair(list, &at.key("difference"))?),
            Form::Excess(list) => Operand::Excess(self.pair(list, &at.key("excess"))?),
            Form::Quotient(list) => Operand::Quotient(self.pair(list, &at.key("quotient"))?),
            _ => {
                at.fault(
                    Code::Incoherent,
                    "no arithmetic is written here",
                    "write another operand",
                );
                return None;
            }
        })
    }

    /// A multiple of an amount, or of another operand.
    fn multiple(
        &self,
        times: &str,
        of: &NameOr<law::Operand>,
        at: &At<'_>,
    ) -> Option<scheme::Operand> {
        let multiple = self.number(times, &at.key("times"), Use::Multiple);
        match of {
            NameOr::Name(name) => match self.plain_amount(name, &at.key("of"))? {
                scheme::Amount::Named(of) => {
                    Some(scheme::Operand::Amount(scheme::Amount::Times { times: multiple?, of }))
                }
                other => Some(scheme::Operand::Product(vec![
                    scheme::Operand::Rule(multiple?),
                    scheme::Operand::Amount(other),
                ])),
            },
            NameOr::Table(raw) => {
                let of = self.operand(raw, &at.key("of"));
                Some(scheme::Operand::Product(vec![scheme::Operand::Rule(multiple?), of?]))
            }
        }
    }

    fn table(&self, raw: &NameOr<law::Operand>, at: &At<'_>) -> Option<scheme::Operand> {
        match raw {
            NameOr::Table(raw) => self.operand(raw, at),
            NameOr::Name(name) => {
                at.fault(
                    Code::WrongType,
                    format!("`{name}` is a text, and an operand is wanted"),
                    format!("write {{ amount = \"{name}\" }} or another operand"),
                );
                None
            }
        }
    }

    /// A bound: names a rule, an amount or a series, or is an operand.
    pub(super) fn bound(&self, raw: &NameOr<law::Operand>, at: &At<'_>) -> Option<scheme::Operand> {
        let name = match raw {
            NameOr::Table(raw) => return self.operand(raw, at),
            NameOr::Name(name) => name,
        };
        let rule = self.raw.rules.contains_key(name)
            || (name == "pensionable_age" && self.raw.pensionable_age.is_some());
        if rule {
            return self.number(name, at, Use::Term).map(scheme::Operand::Rule);
        }
        if self.raw.amounts.contains_key(name) || self.raw.series.contains_key(name) {
            return self.plain_amount(name, at).map(scheme::Operand::Amount);
        }
        let tables = [self.raw.rules.keys().collect::<Vec<_>>(), self.raw.amounts.keys().collect()];
        unknown(at, "a rule or an amount", name, tables.concat().into_iter())
    }

    fn list(&self, raw: &[law::Operand], at: &At<'_>) -> Option<Vec<scheme::Operand>> {
        if raw.is_empty() {
            at.fault(Code::NoRows, "the list is empty", "write at least one operand");
            return None;
        }
        let read = |(index, raw)| self.operand(raw, &at.index(index));
        let built: Vec<_> = raw.iter().enumerate().map(read).collect();
        built.into_iter().collect()
    }

    fn pair(&self, raw: &[law::Operand], at: &At<'_>) -> Option<Box<[scheme::Operand; 2]>> {
        if raw.len() != 2 {
            at.fault(
                Code::WrongType,
                format!("two operands are wanted, found {}", raw.len()),
                "write [ { … }, { … } ]",
            );
            return None;
        }
        let built = self.list(raw, at)?;
        <[scheme::Operand; 2]>::try_from(built).ok().map(Box::new)
    }

    /// Reads tests.
    pub(super) fn tests(
        &self,
        raw: Option<&Vec<law::Test>>,
        at: &At<'_>,
    ) -> Option<Vec<scheme::Test>> {
        let read = |(index, raw)| self.test(raw, &at.index(index));
        let built: Vec<_> = raw.into_iter().flatten().enumerate().map(read).collect();
        built.into_iter().collect()
    }

    fn test(&self, raw: &law::Test, at: &At<'_>) -> Option<scheme::Test> {
        let other = self.test_of_person(raw, at);
        let of = match (&raw.measure, &raw.of, other) {
            (None, None, Some(test)) => return test,
            (Some(name), None, None) => {
                self.measure(name, &at.key("measure")).map(scheme::Operand::Measure)
            }
            (None, Some(of), None) => self.operand(of, &at.key("of")),
            _ => {
                at.fault(
                    Code::TwoWays,
                    "a test asks about one thing",
                    "write measure = \"name\", or of = { … }, and what else is asked as a test of its own",
                );
                None
            }
        };
        let bound = |raw: &Option<NameOr<law::Operand>>, key: &str| {
            given(raw.as_ref().map(|raw| self.bound(raw, &at.key(key))))
        };
        let (at_least, above) = (bound(&raw.at_least, "at_least"), bound(&raw.above, "above"));
        let (at_most, below) = (bound(&raw.at_most, "at_most"), bound(&raw.below, "below"));
        let equals = bound(&raw.equals, "equals");
        let test = scheme::Test {
            at_least: at_least?,
            above: above?,
            at_most: at_most?,
            below: below?,
            equals: equals?,
            ..scheme::Test::of(of?)
        };
        if test.limits().next().is_none() {
            at.fault(
                Code::NoValues,
                "the test has no bound",
                "add at_least, above, at_most, below or equals = \"rule\"",
            );
            return None;
        }
        Some(test)
    }

    /// Reads a test that asks about the person in a form of its own; nothing when it has none.
    fn test_of_person(&self, raw: &law::Test, at: &At<'_>) -> Option<Option<scheme::Test>> {
        use scheme::{DayOf, Operand, Test};
        let days = [
            (raw.born_before, DayOf::Birth, "born_before"),
            (raw.recipient_born_before, DayOf::Birth, "recipient_born_before"),
            (raw.married_before, DayOf::Marriage, "married_before"),
            (raw.entered_before, DayOf::Entry, "entered_before"),
        ];
        if let Some((day, of, key)) =
            days.iter().find_map(|(day, of, key)| Some(((*day)?, of, key)))
        {
            let date = day.read(&at.key(key));
            return Some(date.map(|date| Test::below(Operand::Day(*of), Operand::On(date))));
        }
        let one = Operand::Constant(1.0);
        if raw.any.is_some() {
            let tests = self.tests(raw.any.as_ref(), &at.key("any"));
            return Some(tests.map(|tests| Test::at_least(Operand::AnyOf(tests), one)));
        }
        raw.groups.as_ref().map(|names| {
            let groups = self.groups(Some(names), &at.key("groups"))?;
            Some(Test::at_least(Operand::InGroups(groups), one))
        })
    }

    /// Checks, for a valuation, that an operand is made of straight lines in what the record gives.
    fn is_linear(&self, operand: &scheme::Operand, at: &At<'_>) -> Option<()> {
        use scheme::Operand;
        let bends = match operand {
            Operand::Product(list) => 1 < list.iter().filter(|of| of.depends_on_base()).count(),
            Operand::Quotient(pair) => pair[1].depends_on_base(),
            _ => false,
        };
        if !bends || !self.is_valued() {
            return Some(());
        }
        self.not_linear(at);
        None
    }

    /// Reports what bends with every amount of earnings.
    pub(super) fn not_linear(&self, at: &At<'_>) {
        at.fault(
            Code::NotLinear,
            "this is not linear in earnings, points or the balance, so the spread of them over persons cannot be valued",
            "let only one factor depend on them, and nothing that divides",
        );
    }
}
