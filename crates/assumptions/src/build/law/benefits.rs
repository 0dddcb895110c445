use perennis_scheme as scheme;
use perennis_units::When;

use super::provisions::{Provisions, unknown};
use super::steps;
use crate::at::At;
use crate::diagnostics::Code;
use crate::read::scheme::law;

/// Builds every benefit.
pub(super) fn benefits(provisions: &Provisions<'_>) -> Option<Vec<scheme::Benefit>> {
    let at = provisions.at.key("benefits");
    let named = provisions.raw.benefits.iter();
    let built: Vec<_> =
        named.map(|(name, raw)| benefit(provisions, name, raw, &at.key(name))).collect();
    built.into_iter().collect()
}

fn benefit(
    provisions: &Provisions<'_>,
    name: &str,
    raw: &law::Benefit,
    at: &At<'_>,
) -> Option<scheme::Benefit> {
    let condition = condition(provisions, &raw.condition, &at.key("condition"));
    let groups = condition.as_ref().map(|condition| &condition.groups);
    let steps = steps::steps(provisions, &raw.steps, groups, &at.key("steps"));
    let indexation = match &raw.indexation {
        None => Some(None),
        Some(name) => indexation(provisions, name, &at.key("indexation")).map(Some),
    };
    if raw.steps.is_empty() && raw.condition.event != law::Event::Closed {
        at.fault(
            Code::NoSteps,
            format!("benefit `{name}` has no steps, so it has no amount"),
            "add steps = [ { flat = { amount = \"…\" } } ] or another first step; a benefit with event = \"closed\" needs none",
        );
        return None;
    }
    Some(scheme::Benefit {
        name: name.to_owned(),
        kind: match raw.kind {
            law::Kind::Pension => scheme::BenefitKind::Pension,
            law::Kind::Grant => scheme::BenefitKind::Grant,
        },
        account: raw.account.clone(),
        condition: condition?,
        steps: steps?,
        indexation: indexation?,
    })
}

fn condition(
    provisions: &Provisions<'_>,
    raw: &law::Condition,
    at: &At<'_>,
) -> Option<scheme::Condition> {
    let months = |name: &Option<String>, key: &str| match name {
        None => Some(None),
        Some(name) => provisions.months(name, &at.key(key)).map(Some),
    };
    let groups = provisions.groups(raw.groups.as_ref(), &at.key("groups"));
    let age = match &raw.age {
        None => Some(None),
        Some(name) => provisions.age(name, &at.key("age")).map(Some),
    };
    let early_by = months(&raw.early_by, "early_by");
    let early_credit = months(&raw.early_credit_at_least, "early_credit_at_least");
    let credit_at_least = months(&raw.credit_at_least, "credit_at_least");
    let credit_below = months(&raw.credit_below, "credit_below");
    let entered_before = match raw.entered_before {
        None => Some(None),
        Some(day) => day.read(&at.key("entered_before")).map(Some),
    };
    let needs_age = raw.event == law::Event::Age || raw.early_by.is_some();
    if needs_age && raw.age.is_none() {
        at.fault(
            Code::NobodyCan,
            "the condition turns on an age and names none",
            "add age = \"pensionable_age\", or the name of a rule in years or months",
        );
        return None;
    }
    let condition = scheme::Condition {
        event: match raw.event {
            law::Event::Age => scheme::Event::Age,
            law::Event::Withdrawal => scheme::Event::Withdrawal,
            law::Event::Closed => scheme::Event::Closed,
        },
        groups: groups?,
        age: age?,
        early_by: early_by?,
        early_credit_at_least: early_credit?,
        credit_at_least: credit_at_least?,
        credit_below: credit_below?,
        entered_before: entered_before?,
        payment_start: match raw.payment_start {
            Some(law::PaymentStart::NextMonth) => scheme::PaymentStart::NextMonth,
            Some(law::PaymentStart::SameDay) | None => scheme::PaymentStart::SameDay,
        },
    };
    check_credit(&condition, at)?;
    Some(condition)
}

/// Checks that some credit meets the condition, on every day on which one of its two numbers changes.
fn check_credit(condition: &scheme::Condition, at: &At<'_>) -> Option<()> {
    let rules = [&condition.credit_at_least, &condition.credit_below];
    for row in rules.into_iter().flatten().flat_map(|rule| rule.values.rows()) {
        let when = When {
            date: row.from,
            born: row.born_from.unwrap_or(row.from),
            entered: row.entered_from.unwrap_or(row.from),
            sex: row.sex.unwrap_or(perennis_units::Sex::Male),
        };
        let Ok((at_least, Some(below))) = condition.credit_range(&when) else { continue };
        if below <= at_least {
            at.fault(
                Code::NobodyCan,
                format!(
                    "from {} nobody has at least {at_least} and less than {below} months of credit",
                    row.from
                ),
                "let credit_below be more than credit_at_least",
            );
            return None;
        }
    }
    Some(())
}

fn indexation(
    provisions: &Provisions<'_>,
    name: &str,
    named: &At<'_>,
) -> Option<scheme::Indexation> {
    let Some(raw) = provisions.raw.indexation.get(name) else {
        return unknown(named, "a way of indexation", name, provisions.raw.indexation.keys());
    };
    let at = provisions.at.key("indexation").key(name);
    provisions.use_of("indexation", name);
    let decisions = match &raw.decisions {
        None => Some(None),
        Some(decisions) => provisions.decisions(decisions, &at.key("decisions")).map(Some),
    };
    let after = provisions.adjustment(&raw.after, &at.key("after"));
    Some(scheme::Indexation { name: name.to_owned(), decisions: decisions?, after: after? })
}
