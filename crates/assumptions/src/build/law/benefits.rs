use std::sync::Arc;

use perennis_scheme as scheme;
use perennis_units::When;

use super::provisions::{Provisions, unknown, within};
use super::steps;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::{Code, suggest};
use crate::read::scheme::law;

/// Builds every benefit.
pub(super) fn benefits(provisions: &Provisions<'_>) -> Option<Vec<scheme::Benefit>> {
    let at = provisions.at.key("benefits");
    let named = provisions.raw.benefits.keys();
    let built: Vec<_> =
        named.map(|name| Some((*provisions.benefit(name, &at.key(name))?).clone())).collect();
    built.into_iter().collect()
}

impl Provisions<'_> {
    /// Looks up a benefit.
    pub(super) fn benefit(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::Benefit>> {
        let Some(raw) = self.raw.benefits.get(name) else {
            return unknown(named, "a benefit", name, self.raw.benefits.keys());
        };
        let key = ("benefits", name);
        self.once(&self.benefits, key, named, |at| benefit(self, name, raw, at).map(Arc::new))
    }

    /// The name of the benefit that a benefit becomes.
    fn follows(&self, name: &str) -> Option<&str> {
        self.raw.benefits.get(name)?.ends.as_ref()?.converts_to.as_deref()
    }

    /// Looks up several benefits.
    pub(super) fn benefit_list(
        &self,
        names: &[String],
        at: &At<'_>,
    ) -> Option<Vec<Arc<scheme::Benefit>>> {
        let named = names.iter().enumerate();
        let built: Vec<_> =
            named.map(|(index, name)| self.benefit(name, &at.index(index))).collect();
        built.into_iter().collect()
    }
}

fn benefit(
    provisions: &Provisions<'_>,
    name: &str,
    raw: &law::Benefit,
    at: &At<'_>,
) -> Option<scheme::Benefit> {
    let usual = match raw.kind {
        law::Kind::Pension => 12,
        law::Kind::Grant => 1,
    };
    let payments = within(raw.payments_a_year.unwrap_or(usual), 1, 366, &at.key("payments_a_year"));
    let payments = payments.and_then(|payments| i32::try_from(payments).ok());
    let condition = condition(provisions, &raw.condition, &at.key("condition"));
    let around = steps::Around {
        groups: condition.as_ref().map(|condition| &condition.groups),
        payments_a_year: Some(payments.unwrap_or(1)),
    };
    let steps = steps::steps(provisions, &raw.steps, around, &at.key("steps"));
    provisions.check_dimensions(&raw.steps, &at.key("steps"));
    let indexation = given(
        raw.indexation
            .as_ref()
            .map(|name| provisions.indexation(name, payments.unwrap_or(1), &at.key("indexation"))),
    );
    let assessed_at = provisions.optional_age(raw.assessed_at.as_ref(), &at.key("assessed_at"));
    let ends = ends(provisions, (name, raw.ends.as_ref()), &at.key("ends"));
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
        payments_a_year: payments?,
        assessed_at: assessed_at?,
        ends: ends?,
    })
}

fn ends(
    provisions: &Provisions<'_>,
    (of, raw): (&str, Option<&law::Ends>),
    at: &At<'_>,
) -> Option<scheme::Ends> {
    let Some(raw) = raw else { return Some(scheme::Ends::default()) };
    let mut way = vec![of];
    while let Some(next) = way.last().and_then(|name| provisions.follows(name)) {
        if way.contains(&next) {
            way.push(next);
            at.key("converts_to").fault(
                Code::Circular,
                format!("{} lead back to themselves", way.join(" → ")),
                "let the last of them end without another that follows",
            );
            return None;
        }
        way.push(next);
    }
    let age = provisions.optional_age(raw.age.as_ref(), &at.key("age"));
    let in_education =
        provisions.optional_age(raw.age_in_education.as_ref(), &at.key("age_in_education"));
    let after = provisions.optional_months(raw.after.as_ref(), &at.key("after"));
    if let Some(next) = raw.converts_to.as_ref()
        && !provisions.raw.benefits.contains_key(next)
    {
        at.key("converts_to").fault(
            Code::UnknownName,
            format!("`{next}` is not the name of a benefit here"),
            suggest(next, provisions.raw.benefits.keys().map(String::as_str)),
        );
        return None;
    }
    Some(scheme::Ends {
        age: age?,
        after: after?,
        age_in_education: in_education?,
        remarriage: raw.remarriage == Some(true),
        converts_to: raw.converts_to.clone(),
    })
}

fn condition(
    provisions: &Provisions<'_>,
    raw: &law::Condition,
    at: &At<'_>,
) -> Option<scheme::Condition> {
    let months =
        |name: &Option<String>, key: &str| provisions.optional_months(name.as_ref(), &at.key(key));
    let groups = provisions.groups(raw.groups.as_ref(), &at.key("groups"));
    let age = provisions.optional_age(raw.age.as_ref(), &at.key("age"));
    let early_by = months(&raw.early_by, "early_by");
    let early_from = provisions.optional_age(raw.early_from.as_ref(), &at.key("early_from"));
    let early_credit = months(&raw.early_credit_at_least, "early_credit_at_least");
    let credit_at_least = months(&raw.credit_at_least, "credit_at_least");
    let credit_below = months(&raw.credit_below, "credit_below");
    let credit = match &raw.credit {
        None => Some(scheme::Measure::Credit),
        Some(name) => provisions.measure(name, &at.key("credit")),
    };
    let entered_before = given(raw.entered_before.map(|day| day.read(&at.key("entered_before"))));
    let all = provisions.tests(raw.all.as_ref(), &at.key("all"));
    let any = provisions.tests(raw.any.as_ref(), &at.key("any"));
    let without = raw.without.as_deref().unwrap_or_default();
    let without = provisions.benefit_list(without, &at.key("without"));
    check_event(raw, at)?;
    let condition = scheme::Condition {
        event: event(raw.event),
        groups: groups?,
        age: age?,
        early_by: early_by?,
        early_from: early_from?,
        early_credit_at_least: early_credit?,
        credit_at_least: credit_at_least?,
        credit_below: credit_below?,
        entered_before: entered_before?,
        payment_start: match raw.payment_start {
            Some(law::PaymentStart::NextMonth) => scheme::PaymentStart::NextMonth,
            Some(law::PaymentStart::SameDay) | None => scheme::PaymentStart::SameDay,
        },
        recipient: raw.recipient.map(|recipient| match recipient {
            law::Recipient::Spouse => scheme::Recipient::Spouse,
            law::Recipient::FormerSpouse => scheme::Recipient::FormerSpouse,
            law::Recipient::Child => scheme::Recipient::Child,
            law::Recipient::Parent => scheme::Recipient::Parent,
        }),
        credit: credit?,
        all: all?,
        any: any?,
        without: without?,
    };
    check_credit(&condition, at)?;
    Some(condition)
}

const fn event(raw: law::Event) -> scheme::Event {
    match raw {
        law::Event::Age => scheme::Event::Age,
        law::Event::Invalidity => scheme::Event::Invalidity,
        law::Event::Death => scheme::Event::Death,
        law::Event::Withdrawal => scheme::Event::Withdrawal,
        law::Event::Closed => scheme::Event::Closed,
    }
}

/// Checks that the condition has what its event needs.
fn check_event(raw: &law::Condition, at: &At<'_>) -> Option<()> {
    // A member of the family has the benefit beside the pension of the person, who has reached an age for that.
    let own_age = raw.event == law::Event::Age && raw.recipient.is_none();
    let needs_age = own_age || raw.early_by.is_some() || raw.early_from.is_some();
    if needs_age && raw.age.is_none() {
        at.fault(
            Code::NobodyCan,
            "the condition turns on an age and names none",
            "add age = \"pensionable_age\", or the name of a rule in years or months",
        );
        return None;
    }
    if raw.recipient.is_some() && matches!(raw.event, law::Event::Withdrawal | law::Event::Closed) {
        at.key("recipient").fault(
            Code::NobodyCan,
            "a member of the family is named, who has nothing of this event",
            "write event = \"death\" for survivors, \"age\" or \"invalidity\" for the family of a pensioner, or leave recipient out",
        );
        return None;
    }
    Some(())
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
