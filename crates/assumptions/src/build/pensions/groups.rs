use std::collections::BTreeMap;

use perennis_cohort::{AgeGrid, MonthsRule, YearGrid};
use perennis_pensions::{Count, CreditSpread, GroupBasis, Members, Membership};
use perennis_units::{Sex, Share, Year};

use super::Context;
use super::classes::{self, Classes, DensityPart};
use super::members::{self, Start};
use super::membership;
use super::wages;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, plain};
use crate::read::scheme::people as raw;

/// Differences that only the rounding of sums explains.
const ROUNDING: f64 = 1e-9;

pub(super) fn groups(
    raw: &BTreeMap<String, raw::Group>,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Vec<GroupBasis>> {
    if raw.is_empty() {
        at.fault(Code::MissingKey, "the scheme insures nobody", "add a table [groups.<name>]");
        return None;
    }
    let built: Vec<_> =
        raw.iter().map(|(name, raw)| group(name, raw, &at.key(name), context)).collect();
    let built = built.into_iter().collect::<Option<Vec<_>>>()?;
    let (groups, parts): (Vec<_>, Vec<_>) = built.into_iter().unzip();
    membership::moves_lead_somewhere(&groups, at)?;
    not_more_than_employed(&groups, at, context)?;
    Some(parts.into_iter().flatten().collect())
}

/// Reads a group; returns it whole and as the classes that it is made of.
fn group(
    name: &str,
    raw: &raw::Group,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<(GroupBasis, Vec<GroupBasis>)> {
    let membership = membership::membership(raw, at, context);
    let months = months(raw, at, context.step);
    let earnings = at.key("earnings");
    let wages = wages::wages(&raw.earnings, &earnings, context);
    let spread = spread(raw, &earnings);
    let persistence = match &raw.earnings.persistence {
        Some(raw) => raw.share(&earnings.key("persistence")).map(|share| share.get()),
        None => Some(1.0),
    };
    let moves = membership::moves((name, raw), &at.key("moves"), context);
    let turnover = membership::turnover(&raw.turnover, &at.key("turnover"), context);
    let wage_classes = classes::wages(raw, at, spread);
    let (count, densities) = months?;
    let (wage_classes, spread_within) = wage_classes?;
    let classes = Classes { densities, wages: wage_classes, spread_within };
    let of = (context, &classes);
    let kind = if raw.coverage.is_some() { members::Kind::Active } else { members::Kind::Alone };
    let active = members::members(&raw.active, &at.key("active"), of, kind);
    let inactive = match &raw.inactive {
        Some(raw) => members::members(raw, &at.key("inactive"), of, members::Kind::Inactive),
        None => Some(nobody(context.ages)),
    };
    let dormant = match raw.inactive.as_ref().and_then(|raw| raw.dormant.as_ref()) {
        Some(raw) => members::dormant(raw, &at.key("inactive").key("dormant"))?,
        None => Share::ZERO,
    };
    if raw.active.dormant.is_some() {
        at.key("active").key("dormant").fault_at_key(
            Code::TwoWays,
            "only records of inactive insured are dormant",
            "leave it out, or write it under inactive",
        );
        return None;
    }
    let (active, inactive) = (active?, inactive?.without(dormant));
    let mut wages_of_service = wages?.into_iter();
    let wages = wages_of_service.next()?;
    let group = GroupBasis {
        name: name.to_owned(),
        class: None,
        membership: membership?,
        count,
        months: classes.densities.first()?.months().clone(),
        wages,
        wages_of_service: wages_of_service.collect(),
        wages_year: Year::new(i32::from(raw.earnings.year)),
        wage_spread: spread?,
        persistence: persistence?,
        turnover: turnover?,
        moves: moves?,
        active: active.all(),
        inactive: inactive.all(),
        dormant,
    };
    let parts = classes.split(&group, (&active, &inactive), at, context)?;
    Some((group, parts))
}

/// Reads the spread of wages, which classes of wages by name stand for.
fn spread(raw: &raw::Group, at: &At<'_>) -> Option<f64> {
    let kind = Kind::SHARE.within(0.0, 5.0).called("a coefficient of variation");
    match (&raw.earnings.spread, &raw.wage_classes) {
        (Some(spread), classes) => {
            let place = at.key("spread");
            if classes.is_some() {
                let reason = "classes of wages by name stand for the spread of wages";
                place.warn(Code::Unused, reason, "leave the spread out");
            }
            spread.read(&place, &kind)
        }
        (None, Some(_)) => Some(0.0),
        (None, None) => {
            at.fault(
                Code::MissingKey,
                "nothing says how wages differ among persons of the same sex and age",
                "add spread, a coefficient of variation, or classes of wages to the group",
            );
            None
        }
    }
}

fn nobody(ages: usize) -> Start {
    Start::Spread(CreditSpread {
        persons: Some(AgeGrid::zeros((2, ages))),
        mean_credit: AgeGrid::zeros((2, ages)),
        concentration: 1.0,
        years_away: 0.0,
    })
}

pub(super) fn is_employed(name: &str, at: &At<'_>, context: &Context<'_>) -> bool {
    let Some(labour) = &context.frame.raw.labour else { return false };
    let known = labour.groups.contains_key(name);
    if !known {
        at.fault(
            Code::UnknownName,
            format!("there is no group `{name}` of the employed"),
            suggest(name, labour.groups.keys().map(String::as_str)),
        );
    }
    known
}

pub(super) fn at_most_one(grid: YearGrid, at: &At<'_>) -> Option<YearGrid> {
    let highest = grid.values().iter().copied().fold(0.0, f64::max);
    if highest <= 1.0 {
        return Some(grid);
    }
    let remedy = if 1.5 < highest {
        format!("typed as a percentage? write {} for {highest} %", highest / 100.0)
    } else {
        "no more can be insured than are employed".to_owned()
    };
    at.fault(Code::CoverageAboveOne, format!("a coverage of {highest} is above 1"), remedy);
    None
}

/// Reads what the number of insured counts and the months that they pay, by class of density.
fn months(raw: &raw::Group, at: &At<'_>, step: usize) -> Option<(Count, Vec<DensityPart>)> {
    let rule = match raw.months_paid {
        None | Some(raw::MonthsPaid::FullOrNone) => MonthsRule::FullOrNone,
        Some(raw::MonthsPaid::Binomial) => MonthsRule::Binomial,
        Some(raw::MonthsPaid::BetaBinomial { correlation }) => {
            let place = at.key("months_paid").key("beta_binomial").key("correlation");
            MonthsRule::BetaBinomial { correlation: Kind::SHARE.check(correlation, &place)? }
        }
    };
    let count = match raw.count {
        raw::Count::Average => Count::Average,
        raw::Count::Any => Count::Any,
    };
    let densities = classes::densities(raw, at, (step, &rule))?;
    let lowest = densities.iter().map(|part| part.months().density()).fold(1.0, f64::min);
    if count == Count::Average && lowest < 1.0 - ROUNDING {
        let place = if raw.density.is_some() { "density" } else { "density_classes" };
        at.key(place).fault(
            Code::DensityOnAverage,
            format!("a density of {} on an average count takes the gaps off twice", plain(lowest)),
            "leave the density out, or count = \"any\" where persons paying at least once are counted",
        );
        return None;
    }
    let known = raw.density.is_some() || raw.density_classes.is_some();
    if count == Count::Any && !(known && raw.months_paid.is_some()) {
        at.fault(
            Code::MissingKey,
            "a count of all who pay at least once needs the months they pay",
            "add density and months_paid",
        );
        return None;
    }
    Some((count, densities))
}

/// Checks that the insured of an employment group are not more than its members, in every year and at every age, and
/// those counted at the start not more than there are.
fn not_more_than_employed(groups: &[GroupBasis], at: &At<'_>, context: &Context<'_>) -> Option<()> {
    for group in groups {
        let Membership::Coverage { employed, coverage } = &group.membership else { continue };
        let mut sum = YearGrid::zeros(coverage.years(), coverage.ages());
        for other in groups {
            match &other.membership {
                Membership::Coverage { employed: same, coverage } if same == employed => {
                    *sum.values_mut() += coverage.values();
                }
                _ => {}
            }
        }
        let highest = sum.values().iter().copied().fold(0.0, f64::max);
        if 1.0 + ROUNDING < highest {
            at.key(&group.name).key("coverage").fault(
                Code::ContributorsAboveEmployed,
                format!("groups of `{employed}` cover {highest} of its members together"),
                "the coverages of groups of the same employed add up to at most 1",
            );
            return None;
        }
        counted_fit((group, employed), at, context)?;
    }
    Some(())
}

fn counted_fit(
    (group, employed): (&GroupBasis, &str),
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<()> {
    let Members::Counted(cells) = &group.active else { return Some(()) };
    let counted: f64 = cells.iter().map(|cell| cell.persons).sum();
    let (Some(labour), Some(population)) = (&context.frame.labour, &context.frame.population)
    else {
        return Some(());
    };
    let share = labour.groups.iter().find(|one| one.name == *employed)?;
    let mut employed = 0.0;
    for sex in Sex::ALL {
        for age in 0..context.ages {
            employed += population.base[[sex.index(), age]]
                * labour.participation.get(0, sex, age)
                * (1.0 - labour.unemployment.get(0, sex, age))
                * share.share.get(0, sex, age);
        }
    }
    if counted <= employed * (1.0 + ROUNDING) {
        return Some(());
    }
    at.key(&group.name).key("active").fault(
        Code::ContributorsAboveEmployed,
        format!("{counted:.0} active insured are more than the {employed:.0} employed"),
        "check the units, the employment group and the coverage",
    );
    None
}
