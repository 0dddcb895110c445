use std::collections::BTreeMap;

use perennis_pensions::Collection;
use perennis_units::{Path, Share};

use super::Context;
use crate::at::At;
use crate::build::finance::is_account;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Series};
use crate::read::scheme::collection as raw;
use crate::read::scheme::people::People;

/// Differences that only the rounding of sums explains.
const ROUNDING: f64 = 1e-9;

/// Reads how what is due comes in; `at` stands at the scheme.
pub(super) fn collection(
    people: &People,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Collection> {
    let Some(raw) = &people.collection else {
        return Some(Collection::in_the_year());
    };
    let at = at.key("collection");
    let before = at.reading().count();
    let by_group = |of: &Option<BTreeMap<String, Series>>, key: &str| {
        let place = at.key(key);
        shares(of, people, &place, context)
    };
    let declared = by_group(&raw.declared, "declared");
    let compliance = by_group(&raw.compliance, "compliance");
    let late = raw.late.as_ref().map(|raw| late(raw, &at.key("late")));
    let interest = raw.interest.as_ref().map(|raw| {
        raw.read(
            &at.key("interest"),
            &Kind::GROWTH.within(0.0, 1.0).called("an interest on late payments"),
        )
    });
    let after = raw.written_off_after.as_ref().map(|raw| {
        whole(raw.read(&at.key("written_off_after"), &Kind::YEARS.within(0.0, 100.0))?, &at)
    });
    let mut arrears = Vec::new();
    for (account, raw) in raw.arrears.iter().flatten() {
        let place = at.key("arrears").key(account);
        if is_account(account, &place, context.frame) {
            arrears.extend(raw.money(&place, &Kind::MONEY).map(|sum| (account.clone(), sum)));
        }
    }
    (at.reading().count() == before).then_some(())?;
    Some(Collection {
        declared,
        compliance,
        late: late.unwrap_or_else(|| Some(Vec::new()))?,
        interest: interest.unwrap_or(Some(0.0))?,
        written_off_after: match after {
            Some(after) => Some(after?),
            None => None,
        },
        arrears,
    })
}

fn shares(
    of: &Option<BTreeMap<String, Series>>,
    people: &People,
    at: &At<'_>,
    context: &Context<'_>,
) -> Vec<(String, Path<Share>)> {
    let mut found = Vec::new();
    for (group, raw) in of.iter().flatten() {
        let place = at.key(group);
        if !people.groups.contains_key(group) {
            let known = people.groups.keys().map(String::as_str);
            let reason = format!("the scheme has no group `{group}`");
            place.fault(Code::UnknownName, reason, suggest(group, known));
            continue;
        }
        found.extend(raw.share(&place, context.frame.years).map(|path| (group.clone(), path)));
    }
    found
}

fn late(raw: &raw::Late, at: &At<'_>) -> Option<Vec<Share>> {
    let place = at.key("shares");
    let cited = place.citation();
    let factor = place.unit(&Kind::SHARE)?;
    let mut shares = Vec::new();
    for (position, value) in raw.shares.iter().enumerate() {
        let value = Kind::SHARE.check(value * factor, &place.index(position))?;
        shares.push(Share::new(value).ok()?);
    }
    cited?;
    let sum: f64 = shares.iter().map(|share| share.get()).sum();
    if 1.0 + ROUNDING < sum {
        place.fault(
            Code::OutOfBounds,
            format!("late payments of {sum} are more than what was left unpaid"),
            "the shares add up to at most 1",
        );
        return None;
    }
    Some(shares)
}

fn whole(years: f64, at: &At<'_>) -> Option<usize> {
    let found = (0..=100_u32).find(|whole| (f64::from(*whole) - years).abs() < ROUNDING);
    if found.is_none() {
        at.key("written_off_after").fault(
            Code::OutOfBounds,
            format!("{years} years are not a whole number of them"),
            "give 0, 1, 2 or more years",
        );
    }
    found.map(|years| years as usize)
}
