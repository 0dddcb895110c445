use std::collections::BTreeMap;

use ndarray::Axis;
use perennis_cohort::{AgeGrid, MonthsPaid, MonthsRule, YearGrid};
use perennis_pensions::{Count, CreditSpread, GroupBasis, Members};
use perennis_units::{Sex, Year, YearRange};

use super::Context;
use super::members;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::Kind;
use crate::read::by_age::{Below, Wanted};
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
const EARNINGS: Wanted =
    Wanted { column: "earnings", kind: Kind::PAY_A_YEAR.called("a wage"), below: Below::First };

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
    let groups = built.into_iter().collect::<Option<Vec<_>>>()?;
    not_more_than_employed(&groups, at, context)?;
    Some(groups)
}

fn group(name: &str, raw: &raw::Group, at: &At<'_>, context: &Context<'_>) -> Option<GroupBasis> {
    let known = is_employed(&raw.employed, &at.key("employed"), context);
    let coverage = context
        .by_age(&raw.coverage, &at.key("coverage"), &COVERAGE)
        .and_then(|grid| at_most_one(grid, &at.key("coverage")));
    let months = months(raw, at, context.step);
    let earnings = at.key("earnings");
    let one_year = YearRange::new(context.frame.years.first(), 1);
    let wages = raw.earnings.mean.read(&earnings.key("mean"), &EARNINGS, one_year, context.ages);
    let spread_kind = Kind::SHARE.within(0.0, 5.0).called("a coefficient of variation");
    let spread = raw.earnings.spread.read(&earnings.key("spread"), &spread_kind);
    let turnover = context.by_age(&raw.turnover, &at.key("turnover"), &TURNOVER);
    let active = members::members(&raw.active, &at.key("active"), context, members::Kind::Active);
    let inactive = match &raw.inactive {
        Some(raw) => members::members(raw, &at.key("inactive"), context, members::Kind::Inactive),
        None => Some(nobody(context.ages)),
    };
    known.then_some(())?;
    let (count, months) = months?;
    Some(GroupBasis {
        name: name.to_owned(),
        class: None,
        employed: raw.employed.clone(),
        coverage: coverage?,
        count,
        months,
        wages: wages?.values().index_axis(Axis(0), 0).to_owned(),
        wages_year: Year::new(i32::from(raw.earnings.year)),
        wage_spread: spread?,
        turnover: turnover?,
        active: active?,
        inactive: inactive?,
    })
}

fn nobody(ages: usize) -> Members {
    Members::Spread(CreditSpread {
        persons: Some(AgeGrid::zeros((2, ages))),
        mean_credit: AgeGrid::zeros((2, ages)),
        concentration: 1.0,
        years_away: 0.0,
    })
}

fn is_employed(name: &str, at: &At<'_>, context: &Context<'_>) -> bool {
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

fn at_most_one(grid: YearGrid, at: &At<'_>) -> Option<YearGrid> {
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

/// Reads what the number of insured counts and the months that they pay.
fn months(raw: &raw::Group, at: &At<'_>, step: usize) -> Option<(Count, MonthsPaid)> {
    let density = match &raw.density {
        Some(raw) => raw.share(&at.key("density"))?.get(),
        None => 1.0,
    };
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
    if count == Count::Average && density < 1.0 {
        at.key("density").fault(
            Code::DensityOnAverage,
            format!("a density of {density} on an average count takes the gaps off twice"),
            "leave the density out, or count = \"any\" where persons paying at least once are counted",
        );
        return None;
    }
    if count == Count::Any && (raw.density.is_none() || raw.months_paid.is_none()) {
        at.fault(
            Code::MissingKey,
            "a count of all who pay at least once needs the months they pay",
            "add density and months_paid",
        );
        return None;
    }
    MonthsPaid::new(step, density, &rule).map(|months| (count, months))
}

/// Checks that the insured of an employment group are not more than its members, in every year and at every age, and
/// those counted at the start not more than there are.
fn not_more_than_employed(groups: &[GroupBasis], at: &At<'_>, context: &Context<'_>) -> Option<()> {
    for (position, group) in groups.iter().enumerate() {
        let same = groups.iter().filter(|other| other.employed == group.employed);
        let mut sum = YearGrid::zeros(group.coverage.years(), group.coverage.ages());
        same.for_each(|other| *sum.values_mut() += other.coverage.values());
        let highest = sum.values().iter().copied().fold(0.0, f64::max);
        if 1.0 + ROUNDING < highest {
            at.key(&group.name).key("coverage").fault(
                Code::ContributorsAboveEmployed,
                format!("groups of `{}` cover {highest} of its members together", group.employed),
                "the coverages of groups of the same employed add up to at most 1",
            );
            return None;
        }
        counted_fit(&groups[position], at, context)?;
    }
    Some(())
}

fn counted_fit(group: &GroupBasis, at: &At<'_>, context: &Context<'_>) -> Option<()> {
    let Members::Counted(cells) = &group.active else { return Some(()) };
    let counted: f64 = cells.iter().map(|cell| cell.persons).sum();
    let (Some(labour), Some(population)) = (&context.frame.labour, &context.frame.population)
    else {
        return Some(());
    };
    let share = labour.groups.iter().find(|one| one.name == group.employed)?;
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
