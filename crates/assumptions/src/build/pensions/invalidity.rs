use perennis_cohort::YearGrid;
use perennis_pensions::{Invalidity, InvalidityShare, Recovery};
use perennis_scheme::{Benefit, BenefitKind, Event, Law};
use perennis_units::Sex;

use super::durations::{ByDuration, by_duration};
use super::{Context, is_benefit};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Kind, plain};
use crate::read::by_age::{Below, Wanted};
use crate::read::scheme::invalidity as raw;
use crate::read::scheme::people::People;

const INCIDENCE: Wanted = Wanted {
    column: "rate",
    kind: Kind::PROBABILITY.within(0.0, 0.5).called("an incidence of invalidity"),
    below: Below::Zero,
};
const RECOVERY: ByDuration = ByDuration {
    wanted: Wanted {
        column: "rate",
        kind: Kind::PROBABILITY.called("a rate of recovery"),
        below: Below::Zero,
    },
    first: 1,
};

/// Sums of shares are known to this.
const ROUNDING: f64 = 1e-6;

/// Reads who becomes an invalid; a law with a benefit on invalidity needs it. `at` stands at the scheme.
pub(super) fn invalidity(
    people: &People,
    law: Option<&Law>,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Invalidity> {
    let place = at.key("invalidity");
    let open = law.map(|law| law.benefits.iter().any(on_invalidity));
    let Some(raw) = &people.invalidity else {
        if open == Some(true) {
            let reason = "the law has a pension on invalidity and nothing says how many have it";
            at.fault(Code::MissingKey, reason, "add invalidity.incidence with by_age or all_ages");
            return None;
        }
        return Some(Invalidity::default());
    };
    if open == Some(false) {
        let remedy = "add a benefit with event = \"invalidity\" or leave the table out";
        place.warn(Code::Unused, "no benefit of the law opens with invalidity", remedy);
    }
    let active = context.by_age(&raw.incidence, &place.key("incidence"), &INCIDENCE).map(Some);
    let inactive = match &raw.inactive {
        Some(raw) => context.by_age(raw, &place.key("inactive"), &INCIDENCE).map(Some),
        None => Some(None),
    };
    let before = at.reading().count();
    let benefits = benefits(raw, law, &place);
    if let Some(law) = law {
        shares(&benefits, (people, law), &place);
    }
    let recovery = raw.recovery.as_ref().map(|raw| {
        let place = place.key("recovery");
        law.into_iter().for_each(|law| ends(law, &place));
        recovery(raw, &place, context)
    });
    let recovery = match recovery {
        Some(read) => Some(read?),
        None => None,
    };
    (at.reading().count() == before).then_some(())?;
    Some(Invalidity { incidence: [active?, inactive?], benefits, recovery })
}

fn on_invalidity(benefit: &Benefit) -> bool {
    benefit.condition.event == Event::Invalidity
}

fn is_pension(benefit: &&Benefit) -> bool {
    on_invalidity(benefit) && benefit.kind == BenefitKind::Pension
}

fn benefits(raw: &raw::Invalidity, law: Option<&Law>, at: &At<'_>) -> Vec<InvalidityShare> {
    let mut found = Vec::new();
    for (name, raw) in raw.benefits.iter().flatten() {
        let place = at.key("benefits").key(name);
        if let Some(law) = law {
            if !is_benefit(law, name, &place) {
                continue;
            }
            if !law.benefit(name).is_some_and(on_invalidity) {
                let reason = format!("`{name}` does not open with invalidity");
                let remedy = "name a benefit with event = \"invalidity\"";
                place.fault_at_key(Code::Incoherent, reason, remedy);
                continue;
            }
        }
        let kind = Kind::SHARE.called("a share of the invalids");
        let share = raw.share.quantity(&place.key("share"), &kind);
        let degree = raw.degree.as_ref().map(|degree| {
            degree.read(&place.key("degree"), &Kind::SHARE.called("a degree of invalidity"))
        });
        if let (Some(share), None | Some(Some(_))) = (share, degree) {
            let (benefit, degree) = (name.clone(), degree.flatten());
            found.push(InvalidityShare { benefit, share, degree });
        }
    }
    found
}

/// Nobody has two pensions on invalidity.
fn shares(named: &[InvalidityShare], (people, law): (&People, &Law), at: &At<'_>) {
    for group in people.groups.keys() {
        let open = |one: &&Benefit| is_pension(one) && one.condition.groups.contains(group);
        for sex in Sex::ALL {
            let of = |benefit: &Benefit| {
                let named = named.iter().find(|named| named.benefit == benefit.name);
                named.map_or(1.0, |named| named.share[sex.index()])
            };
            let sum: f64 = law.benefits.iter().filter(open).map(of).sum();
            if 1.0 + ROUNDING < sum {
                at.fault(
                    Code::SharesDoNotAdd,
                    format!(
                        "the pensions on invalidity of `{group}` are for {} of those who become invalids",
                        plain(sum)
                    ),
                    "give each a share in benefits.<name>, at most 1 together",
                );
                return;
            }
        }
    }
}

/// Whoever recovers is before the age, else nobody would claim for him.
fn ends(law: &Law, at: &At<'_>) {
    let open = |one: &&Benefit| one.ends.age.is_none() && one.ends.converts_to.is_none();
    if let Some(benefit) = law.benefits.iter().filter(is_pension).find(open) {
        at.fault(
            Code::Incoherent,
            format!("`{}` goes on past every age, and so would recovery", benefit.name),
            "add ends.converts_to or ends.age to the benefit",
        );
    }
}

fn recovery(raw: &raw::Recovery, at: &At<'_>, context: &Context<'_>) -> Option<Recovery> {
    let rates: Option<Vec<YearGrid>> =
        by_duration(&raw.rates, &at.key("rates"), &RECOVERY, context, context.ages);
    let kind = Kind::SHARE.called("a share active again");
    let active = raw.active.quantity(&at.key("active"), &kind);
    Some(Recovery { rates: rates?, active: active? })
}
