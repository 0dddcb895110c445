use std::sync::Arc;

use perennis_scheme as scheme;

use super::numbers::Use;
use super::provisions::{Provisions, within};
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::read::scheme::law::{self, NameOr};

/// What is known around the steps of a benefit or a formula.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    /// The groups to which the benefit is open.
    pub(super) groups: Option<&'a scheme::Groups>,
    /// Payments a year of the benefit; a formula has none of its own.
    pub(super) payments_a_year: Option<i32>,
}

/// Builds steps and checks their order.
pub(super) fn steps(
    provisions: &Provisions<'_>,
    raw: &[law::Step],
    around: Around<'_>,
    at: &At<'_>,
) -> Option<Vec<scheme::Step>> {
    check_order(raw, at);
    let built: Vec<_> = raw
        .iter()
        .enumerate()
        .map(|(index, raw)| {
            let here = at.index(index);
            let built = provisions.step(raw, around, &here);
            if let (Some(scheme::Step::ReferenceEarnings(rules)), Some(groups)) =
                (&built, around.groups)
            {
                check_groups(provisions, rules, groups, &here);
            }
            built
        })
        .collect();
    built.into_iter().collect()
}

impl Provisions<'_> {
    fn step(&self, raw: &law::Step, around: Around<'_>, at: &At<'_>) -> Option<scheme::Step> {
        use scheme::Step;
        let here = at.key(raw_name(raw));
        Some(match raw {
            law::Step::ReferenceEarnings(names) => {
                Step::ReferenceEarnings(self.reference_list(names, &here)?)
            }
            law::Step::Points(name) => Step::Points(self.points_of(name, &here)?),
            law::Step::Balance(name) => Step::Balance(self.balance(name, &here)?),
            law::Step::Formula(name) => Step::Formula(self.formula(name, &here)?),
            law::Step::Flat(raw) => Step::Flat(self.operand(raw, &here)?),
            law::Step::OfDeceased(names) => Step::OfDeceased(self.benefit_list(names, &here)?),
            law::Step::Accrual(raw) => Step::Accrual(self.accrual(raw, &here)?),
            law::Step::Brackets(name) => Step::Brackets(self.brackets_of(name, &here)?),
            law::Step::Prorate(raw) => {
                let by = self.measure(&raw.by, &here.key("by"));
                let over = self.operand(&raw.over, &here.key("over"));
                Step::Prorate { by: by?, over: over? }
            }
            law::Step::EarlyReduction(raw) => Step::EarlyReduction(self.per_year(raw, &here)?),
            law::Step::LateIncrease(raw) => Step::LateIncrease(self.per_year(raw, &here)?),
            law::Step::Times(NameOr::Name(name)) => {
                let rule = self.number(name, &here, Use::Multiple)?;
                Step::Times(scheme::Change::of(scheme::Operand::Rule(rule)))
            }
            law::Step::Times(NameOr::Table(raw)) => Step::Times(self.change(raw, &here)?),
            law::Step::Plus(raw) => Step::Plus(self.change(raw, &here)?),
            law::Step::Minus(raw) => Step::Minus(self.change(raw, &here)?),
            law::Step::AtMost(raw) => Step::AtMost(self.change(raw, &here)?),
            law::Step::AtLeast(raw) => Step::AtLeast(self.minimum(raw, &here)?),
            law::Step::Annuitise(name) => Step::Annuitise(self.divisor(name, &here)?),
            law::Step::LumpSum(raw) => Step::LumpSum(scheme::LumpSum {
                months_a_year: earnings_months(self, &raw.months_a_year, "months_a_year", &here)?,
                counting: counting(raw.counting),
            }),
            law::Step::ExcessLumpSum(raw) => {
                Step::ExcessLumpSum(excess_lump_sum(self, raw, &here)?)
            }
            law::Step::AdjustedSinceAssessment(raw) => {
                // A formula has no payments of its own; what is adjusted is paid by the month.
                let payments = around.payments_a_year.unwrap_or(12);
                let rounded = self.rounded(raw.rounded.as_ref(), payments, &here.key("rounded"));
                let indexation = given(raw.indexation.as_ref().map(|name| {
                    self.indexation(name, payments, &here.key("indexation")).map(Box::new)
                }));
                Step::AdjustedSinceAssessment { rounded: rounded?, indexation: indexation? }
            }
            law::Step::Round(raw) => {
                let payments = self.payments(raw.payments_a_year, around, &here);
                let to = self.number(&raw.to, &here.key("to"), Use::Term);
                let direction = direction(raw.direction);
                Step::Round(scheme::Rounding { to: to?, payments_a_year: payments?, direction })
            }
        })
    }

    /// Payments a year of a step, else those of its benefit.
    fn payments(&self, own: Option<i64>, around: Around<'_>, at: &At<'_>) -> Option<i32> {
        let place = at.key("payments_a_year");
        match (own, around.payments_a_year) {
            (Some(own), _) => {
                within(own, 1, 366, &place).and_then(|payments| i32::try_from(payments).ok())
            }
            (None, Some(payments)) => Some(payments),
            (None, None) => {
                place.fault(
                    Code::MissingKey,
                    "a formula has no payments of its own, and this rounds payments",
                    "add payments_a_year: 12 for an amount by the month, 1 for the year",
                );
                None
            }
        }
    }

    fn accrual(&self, raw: &law::Accrual, at: &At<'_>) -> Option<scheme::Accrual> {
        let share = self.by_years((raw.rate.as_ref(), raw.scale.as_ref()), at);
        let by = match &raw.by {
            None => Some(scheme::Measure::Credit),
            Some(name) => self.measure(name, &at.key("by")),
        };
        Some(scheme::Accrual { share: share?, counting: counting(raw.counting), by: by? })
    }

    fn per_year(&self, raw: &law::PerYear, at: &At<'_>) -> Option<scheme::PerYear> {
        let rate = self.by_years((raw.rate.as_ref(), raw.scale.as_ref()), at);
        let by = given(raw.by.as_ref().map(|name| self.measure(name, &at.key("by"))));
        Some(scheme::PerYear {
            rate: rate?,
            of: match raw.of {
                law::PerYearOf::Amount => scheme::PerYearOf::Amount,
                law::PerYearOf::ReferenceEarnings => scheme::PerYearOf::ReferenceEarnings,
            },
            counting: counting(raw.counting),
            by: by?,
        })
    }

    /// A share by years: a rate for each, or a scale for all.
    fn by_years(
        &self,
        given: (Option<&String>, Option<&String>),
        at: &At<'_>,
    ) -> Option<scheme::ByYears> {
        match given {
            (Some(rate), None) => {
                self.number(rate, &at.key("rate"), Use::Rate).map(scheme::ByYears::Rate)
            }
            (None, Some(scale)) => self.scale(scale, &at.key("scale")).map(scheme::ByYears::Scale),
            _ => {
                at.fault(
                    Code::TwoWays,
                    "a share by years is given in none or in both of its ways",
                    "write rate = \"rule\" (a share a year) or scale = \"name\"",
                );
                None
            }
        }
    }

    fn change(&self, raw: &law::With<law::OnlyIf>, at: &At<'_>) -> Option<scheme::Change> {
        let by = self.operand(&raw.operand, at);
        let only_if = self.tests(raw.beside.only_if.as_ref(), &at.key("only_if"));
        Some(scheme::Change { by: by?, only_if: only_if? })
    }

    fn minimum(&self, raw: &law::With<law::Minimum>, at: &At<'_>) -> Option<scheme::Change> {
        let law::Minimum { only_if, minimum, credit_at_least } = &raw.beside;
        let by = match minimum {
            Some(minimum) if raw.operand.form().is_none() => {
                self.operand(minimum, &at.key("minimum"))
            }
            Some(_) => {
                at.fault(
                    Code::TwoWays,
                    "the minimum is given twice",
                    "write at_least = { amount = \"name\" }, or at_least = { minimum = { … } }",
                );
                None
            }
            None => self.operand(&raw.operand, at),
        };
        let mut only_if = self.tests(only_if.as_ref(), &at.key("only_if"));
        if let Some(name) = credit_at_least {
            let least = self.months(name, &at.key("credit_at_least"));
            let test = least.map(|rule| {
                let months = rule.values.map(|months| f64::from(months.in_months()));
                let least = scheme::Rule { name: rule.name, values: months };
                let credit = scheme::Operand::Measure(scheme::Measure::Credit);
                scheme::Test::at_least(credit, scheme::Operand::Rule(least))
            });
            only_if = only_if.zip(test).map(|(mut tests, test)| {
                tests.push(test);
                tests
            });
        }
        Some(scheme::Change { by: by?, only_if: only_if? })
    }
}

const fn raw_name(raw: &law::Step) -> &'static str {
    match raw {
        law::Step::ReferenceEarnings(_) => "reference_earnings",
        law::Step::Accrual(_) => "accrual",
        law::Step::EarlyReduction(_) => "early_reduction",
        law::Step::LateIncrease(_) => "late_increase",
        law::Step::Times(_) => "times",
        law::Step::Flat(_) => "flat",
        law::Step::Plus(_) => "plus",
        law::Step::AtLeast(_) => "at_least",
        law::Step::AtMost(_) => "at_most",
        law::Step::LumpSum(_) => "lump_sum",
        law::Step::ExcessLumpSum(_) => "excess_lump_sum",
        law::Step::Round(_) => "round",
        law::Step::Points(_) => "points",
        law::Step::Balance(_) => "balance",
        law::Step::Formula(_) => "formula",
        law::Step::OfDeceased(_) => "of_deceased",
        law::Step::Brackets(_) => "brackets",
        law::Step::Prorate(_) => "prorate",
        law::Step::Minus(_) => "minus",
        law::Step::Annuitise(_) => "annuitise",
        law::Step::AdjustedSinceAssessment(_) => "adjusted_since_assessment",
    }
}

fn earnings_months(
    provisions: &Provisions<'_>,
    name: &str,
    key: &str,
    at: &At<'_>,
) -> Option<scheme::Rule<f64>> {
    provisions.number(name, &at.key(key), Use::EarningsMonths)
}

fn excess_lump_sum(
    provisions: &Provisions<'_>,
    raw: &law::ExcessLumpSum,
    at: &At<'_>,
) -> Option<scheme::ExcessLumpSum> {
    let scale = provisions.scale(&raw.scale, &at.key("scale"));
    let months = earnings_months(provisions, &raw.months_a_year, "months_a_year", at);
    let after = given(
        raw.months_a_year_after_age
            .as_ref()
            .map(|name| earnings_months(provisions, name, "months_a_year_after_age", at)),
    );
    Some(scheme::ExcessLumpSum {
        scale: scale?,
        counting: counting(raw.counting),
        months_a_year: months?,
        months_a_year_after_age: after?,
    })
}

pub(super) const fn direction(raw: law::Direction) -> scheme::RoundingDirection {
    match raw {
        law::Direction::Up => scheme::RoundingDirection::Up,
        law::Direction::Down => scheme::RoundingDirection::Down,
        law::Direction::Nearest => scheme::RoundingDirection::Nearest,
    }
}

pub(super) const fn counting(raw: Option<law::Counting>) -> scheme::Counting {
    match raw {
        None | Some(law::Counting::Months) => scheme::Counting::Months,
        Some(law::Counting::CompletedYears) => scheme::Counting::CompletedYears,
        Some(law::Counting::HalfYearsUp) => scheme::Counting::HalfYearsUp,
        Some(law::Counting::HalfYearsDown) => scheme::Counting::HalfYearsDown,
        Some(law::Counting::Quarters) => scheme::Counting::Quarters,
        Some(law::Counting::QuartersUp) => scheme::Counting::QuartersUp,
        Some(law::Counting::YearsUp) => scheme::Counting::YearsUp,
    }
}

/// Checks that every step finds the amount or the base it works on.
fn check_order(raw: &[law::Step], at: &At<'_>) {
    let (mut amount, mut base) = (false, false);
    for (index, step) in raw.iter().enumerate() {
        let of_reference = |raw: &law::PerYear| raw.of == law::PerYearOf::ReferenceEarnings;
        let needs_base = match step {
            law::Step::LumpSum(_) | law::Step::ExcessLumpSum(_) => true,
            law::Step::EarlyReduction(raw) | law::Step::LateIncrease(raw) => of_reference(raw),
            _ => false,
        };
        let gives_base = matches!(
            step,
            law::Step::ReferenceEarnings(_) | law::Step::Points(_) | law::Step::Balance(_)
        );
        let begins = gives_base
            || matches!(
                step,
                law::Step::Flat(_) | law::Step::Formula(_) | law::Step::OfDeceased(_)
            );
        let missing = if needs_base && !base {
            Some("reference earnings")
        } else if !begins && !amount {
            Some("an amount")
        } else {
            None
        };
        if let Some(missing) = missing {
            at.index(index).fault(
                Code::StepOrder,
                format!("`{}` needs {missing} and no step before it gives any", raw_name(step)),
                "begin with { reference_earnings = [\"…\"] } or { flat = { amount = \"…\" } }",
            );
        }
        base |= gives_base;
        amount = true;
    }
}

/// Checks that every group to which the benefit is open has reference earnings, whenever its members entered.
fn check_groups(
    provisions: &Provisions<'_>,
    rules: &[Arc<scheme::ReferenceRule>],
    groups: &scheme::Groups,
    at: &At<'_>,
) {
    for group in provisions.members(groups) {
        let covers = |rule: &Arc<scheme::ReferenceRule>| {
            rule.groups.contains(group) && rule.entered_from.is_none()
        };
        if !rules.iter().any(covers) {
            at.fault(
                Code::Incoherent,
                format!(
                    "members of group `{group}` may have no reference earnings under this step"
                ),
                "add reference earnings for the group that hold whenever a member entered",
            );
        }
    }
}
