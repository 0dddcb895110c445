use perennis_cohort::{AgeGrid, YearGrid};
use perennis_pensions::{GroupBasis, Membership, Turnover};
use perennis_units::Growth;

use super::Context;
use super::groups::{at_most_one, is_employed};
use super::service::by_age_and_service;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Axis, Column, Kind, Layout, TableFile, plain};
use crate::read::by_age::{Below, Wanted};
use crate::read::scheme::membership as forms;
use crate::read::scheme::people as raw;

/// Above one is a fault of its own.
const COVERAGE: Wanted = Wanted {
    column: "share",
    kind: Kind::SHARE.within(0.0, 1e3).called("a coverage"),
    below: Below::Zero,
};
const TURNOVER: Wanted = Wanted {
    column: "rate",
    kind: Kind::PROBABILITY.called("a rate of turnover"),
    below: Below::Zero,
};

/// Shares of a table may be rounded to six digits.
const ROUNDING: f64 = 1e-5;

/// Reads what decides how many are active.
pub(super) fn membership(
    raw: &raw::Group,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Membership> {
    let closed = raw.closed.filter(|closed| *closed);
    let employed = || {
        raw.employed.as_ref().map_or_else(
            || {
                at.fault(
                    Code::MissingKey,
                    "a coverage needs the employment group whose members it covers",
                    "add employed",
                );
                None
            },
            |name| is_employed(name, &at.key("employed"), context).then(|| name.clone()),
        )
    };
    match (&raw.coverage, &raw.growth, closed) {
        (Some(coverage), None, None) => {
            let employed = employed();
            let place = at.key("coverage");
            let grid = context.by_age(coverage, &place, &COVERAGE);
            let coverage = grid.and_then(|grid| at_most_one(grid, &place));
            Some(Membership::Coverage { employed: employed?, coverage: coverage? })
        }
        (None, Some(growth), None) => grows(growth, at, context),
        (None, None, Some(_)) => {
            not_employed(raw, at)?;
            Some(Membership::Closed)
        }
        (None, None, None) => {
            at.fault(
                Code::MissingKey,
                "nothing says how many are insured",
                "add employed and coverage, or growth, or closed = true",
            );
            None
        }
        _ => {
            at.fault(
                Code::TwoWays,
                "the number of insured is given in two ways",
                "keep one of coverage, growth and closed",
            );
            None
        }
    }
}

/// A group that is not covered from the employed needs none.
fn not_employed(raw: &raw::Group, at: &At<'_>) -> Option<()> {
    if raw.employed.is_some() {
        at.key("employed").warn(
            Code::Unused,
            "without a coverage the employment group has no effect",
            "leave employed out",
        );
    }
    Some(())
}

fn grows(raw: &forms::GroupGrowth, at: &At<'_>, context: &Context<'_>) -> Option<Membership> {
    let place = at.key("growth");
    let rate = raw.rate.read(&place.key("rate"), &Kind::GROWTH, context.frame.years);
    let rate = rate.map(|path| path.map(|rate| Growth::new(rate).unwrap_or(Growth::ZERO)));
    let joining = joining(&raw.joining, &place.key("joining"), context);
    Some(Membership::Growth { rate: rate?, joining: joining? })
}

/// Reads who joins: shares that add up to 1 over both sexes and all ages.
fn joining(table: &TableFile, at: &At<'_>, context: &Context<'_>) -> Option<AgeGrid> {
    let layout = Layout {
        axes: &[Axis::Sex, Axis::Age],
        optional: &[],
        columns: &[Column::needed("share", Kind::SHARE)],
    };
    let rows = table.rows(at, &layout)?;
    let mut shares = AgeGrid::zeros((2, context.ages));
    for (position, row) in rows.rows.iter().enumerate() {
        let (sex, age, share) = (row.sex?, usize::from(row.age?), row.values[0]?);
        if share <= 0.0 {
            continue;
        }
        if age < context.first_age || context.ages <= age {
            let reason = format!("nobody can be insured for the first time at age {age}");
            let remedy = format!("from {}, the first age of entry, up", context.first_age);
            rows.fault(position, at, Code::NotAnAge, (reason, remedy));
            return None;
        }
        shares[[sex.index(), age]] += share;
    }
    let total = shares.sum();
    if ROUNDING < (total - 1.0).abs() {
        let reason = format!("the shares of those who join add up to {}", plain(total));
        rows.fault_at_header(at, Code::SharesDoNotAdd, (reason, "they add up to 1".to_owned()));
        return None;
    }
    Some(shares / total)
}

/// Reads the rates of leaving.
pub(super) fn turnover(
    raw: &forms::Turnover,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Turnover> {
    let Some(table) = &raw.by_age_and_service else {
        return context.by_age(&raw.by_age_alone(), at, &TURNOVER).map(Turnover::ByAge);
    };
    if raw.by_age.is_some() || raw.all_ages.is_some() {
        at.fault(
            Code::TwoWays,
            "the turnover is given by service and without",
            "keep one of by_age, all_ages and by_age_and_service",
        );
        return None;
    }
    let place = at.key("by_age_and_service");
    by_age_and_service(table, &place, context, &TURNOVER).map(Turnover::ByService)
}

/// Reads who moves to other groups.
pub(super) fn moves(
    (name, raw): (&str, &raw::Group),
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Vec<(String, YearGrid)>> {
    let mut moves = Vec::new();
    let mut sum: Option<YearGrid> = None;
    for (to, rates) in raw.moves.iter().flatten() {
        let rates = context.by_age(rates, &at.key(to), &TURNOVER)?;
        match &mut sum {
            Some(sum) => *sum.values_mut() += rates.values(),
            None => sum = Some(rates.clone()),
        }
        moves.push((to.clone(), rates));
    }
    let highest = sum.iter().flat_map(|sum| sum.values()).copied().fold(0.0, f64::max);
    if 1.0 + ROUNDING < highest {
        let reason = format!("{} of the members of `{name}` move in a year", plain(highest));
        at.fault(Code::Incoherent, reason, "rates to all groups add up to at most 1");
        return None;
    }
    Some(moves)
}

/// Checks that moves lead to other groups of the scheme.
pub(super) fn moves_lead_somewhere(groups: &[GroupBasis], at: &At<'_>) -> Option<()> {
    let mut whole = Some(());
    for group in groups {
        for (to, _) in &group.moves {
            let others = groups.iter().map(|group| group.name.as_str());
            let others: Vec<&str> = others.filter(|other| *other != group.name).collect();
            if !others.contains(&to.as_str()) {
                at.key(&group.name).key("moves").key(to).fault_at_key(
                    Code::UnknownName,
                    format!("there is no other group `{to}`"),
                    suggest(to, others),
                );
                whole = None;
            }
        }
    }
    whole
}
