use perennis_scheme as scheme;

use super::provisions::{Provisions, Use, unknown, within};
use crate::at::At;
use crate::diagnostics::Code;
use crate::read::scheme::law;

/// Builds the steps of a benefit open to `groups` and checks their order.
pub(super) fn steps(
    provisions: &Provisions<'_>,
    raw: &[law::Step],
    groups: Option<&scheme::Groups>,
    at: &At<'_>,
) -> Option<Vec<scheme::Step>> {
    check_order(raw, at);
    let built: Vec<_> = raw
        .iter()
        .enumerate()
        .map(|(index, raw)| {
            let here = at.index(index);
            let built = step(provisions, raw, &here);
            if let (Some(scheme::Step::ReferenceEarnings(rules)), Some(groups)) = (&built, groups) {
                check_groups(provisions, rules, groups, &here);
            }
            built
        })
        .collect();
    built.into_iter().collect()
}

fn step(provisions: &Provisions<'_>, raw: &law::Step, at: &At<'_>) -> Option<scheme::Step> {
    use scheme::Step;
    let name = raw_name(raw);
    let here = at.key(name);
    Some(match raw {
        law::Step::ReferenceEarnings(names) => {
            let rules: Vec<_> = names
                .iter()
                .enumerate()
                .map(|(index, name)| reference_earnings(provisions, name, &here.index(index)))
                .collect();
            Step::ReferenceEarnings(rules.into_iter().collect::<Option<_>>()?)
        }
        law::Step::Accrual(raw) => Step::Accrual {
            scale: provisions.scale(&raw.scale, &here.key("scale"))?,
            counting: counting(raw.counting),
        },
        law::Step::EarlyReduction(raw) => Step::EarlyReduction(per_year(provisions, raw, &here)?),
        law::Step::LateIncrease(raw) => Step::LateIncrease(per_year(provisions, raw, &here)?),
        law::Step::Times(name) => Step::Times(provisions.number(name, &here, Use::Multiple)?),
        law::Step::Flat(raw) => Step::Flat(provisions.amount_of(raw, &here)?),
        law::Step::Plus(raw) => Step::Plus(provisions.amount_of(raw, &here)?),
        law::Step::AtMost(raw) => Step::AtMost(provisions.amount_of(raw, &here)?),
        law::Step::AtLeast(raw) => Step::AtLeast(at_least(provisions, raw, &here)?),
        law::Step::LumpSum(raw) => Step::LumpSum(scheme::LumpSum {
            months_a_year: earnings_months(provisions, &raw.months_a_year, "months_a_year", &here)?,
            counting: counting(raw.counting),
        }),
        law::Step::ExcessLumpSum(raw) => {
            Step::ExcessLumpSum(excess_lump_sum(provisions, raw, &here)?)
        }
        law::Step::Round(raw) => Step::Round(round(provisions, raw, &here)?),
    })
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
    }
}

fn reference_earnings(
    provisions: &Provisions<'_>,
    name: &str,
    named: &At<'_>,
) -> Option<scheme::ReferenceRule> {
    let Some(raw) = provisions.raw.reference_earnings.get(name) else {
        let known = provisions.raw.reference_earnings.keys();
        return unknown(named, "reference earnings", name, known);
    };
    provisions.use_of("reference_earnings", name);
    let at = provisions.at.key("reference_earnings").key(name);
    let citation = at.citation();
    let groups = provisions.groups(raw.groups.as_ref(), &at.key("groups"));
    let entered_from = match raw.entered_from {
        None => Some(None),
        Some(day) => day.read(&at.key("entered_from")).map(Some),
    };
    let window = match &raw.window {
        law::Window::Career => Some(scheme::Window::Career),
        law::Window::Last(rule) => {
            let place = at.key("window").key("last");
            let months = provisions.number(rule, &place, Use::Months);
            months.map(|rule| {
                let values = rule.values.map(|months| months / 12.0);
                scheme::Window::Last(scheme::Rule { name: rule.name, values })
            })
        }
    };
    let revaluation = provisions.revaluation(&raw.revalued, &at.key("revalued"));
    Some(scheme::ReferenceRule {
        name: name.to_owned(),
        groups: groups?,
        entered_from: entered_from?,
        window: window?,
        revaluation: revaluation?,
        citation: citation?,
    })
}

fn per_year(
    provisions: &Provisions<'_>,
    raw: &law::PerYear,
    at: &At<'_>,
) -> Option<scheme::PerYear> {
    Some(scheme::PerYear {
        rate: provisions.number(&raw.rate, &at.key("rate"), Use::Rate)?,
        of: match raw.of {
            law::PerYearOf::Amount => scheme::PerYearOf::Amount,
            law::PerYearOf::ReferenceEarnings => scheme::PerYearOf::ReferenceEarnings,
        },
        counting: counting(raw.counting),
    })
}

fn at_least(
    provisions: &Provisions<'_>,
    raw: &law::AtLeast,
    at: &At<'_>,
) -> Option<scheme::AtLeast> {
    let amount = provisions.amount_of(&raw.minimum, &at.key("minimum"));
    let credit_at_least = match &raw.credit_at_least {
        None => Some(None),
        Some(name) => provisions.months(name, &at.key("credit_at_least")).map(Some),
    };
    Some(scheme::AtLeast { amount: amount?, credit_at_least: credit_at_least? })
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
    let after = match &raw.months_a_year_after_age {
        None => Some(None),
        Some(name) => earnings_months(provisions, name, "months_a_year_after_age", at).map(Some),
    };
    Some(scheme::ExcessLumpSum {
        scale: scale?,
        counting: counting(raw.counting),
        months_a_year: months?,
        months_a_year_after_age: after?,
    })
}

fn round(provisions: &Provisions<'_>, raw: &law::Round, at: &At<'_>) -> Option<scheme::Rounding> {
    let to = provisions.money(&raw.to, &at.key("to"));
    let payments = within(raw.payments_a_year, 1, 366, &at.key("payments_a_year"));
    Some(scheme::Rounding {
        to: to?,
        payments_a_year: i32::try_from(payments?).ok()?,
        direction: match raw.direction {
            law::Direction::Up => scheme::RoundingDirection::Up,
            law::Direction::Down => scheme::RoundingDirection::Down,
            law::Direction::Nearest => scheme::RoundingDirection::Nearest,
        },
    })
}

const fn counting(raw: Option<law::Counting>) -> scheme::Counting {
    match raw {
        None | Some(law::Counting::Months) => scheme::Counting::Months,
        Some(law::Counting::CompletedYears) => scheme::Counting::CompletedYears,
        Some(law::Counting::HalfYearsUp) => scheme::Counting::HalfYearsUp,
        Some(law::Counting::HalfYearsDown) => scheme::Counting::HalfYearsDown,
    }
}

/// Checks that every step finds the amount or the reference earnings it works on.
fn check_order(raw: &[law::Step], at: &At<'_>) {
    let (mut amount, mut reference) = (false, false);
    for (index, step) in raw.iter().enumerate() {
        let of_reference = |raw: &law::PerYear| raw.of == law::PerYearOf::ReferenceEarnings;
        let needs_reference = match step {
            law::Step::LumpSum(_) | law::Step::ExcessLumpSum(_) => true,
            law::Step::EarlyReduction(raw) | law::Step::LateIncrease(raw) => of_reference(raw),
            _ => false,
        };
        let begins = matches!(step, law::Step::ReferenceEarnings(_) | law::Step::Flat(_));
        let missing = if needs_reference && !reference {
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
        reference |= matches!(step, law::Step::ReferenceEarnings(_));
        amount = true;
    }
}

/// Checks that every group to which the benefit is open has reference earnings, whenever its members entered.
fn check_groups(
    provisions: &Provisions<'_>,
    rules: &[scheme::ReferenceRule],
    groups: &scheme::Groups,
    at: &At<'_>,
) {
    for group in provisions.members(groups) {
        let covers = |rule: &scheme::ReferenceRule| {
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
