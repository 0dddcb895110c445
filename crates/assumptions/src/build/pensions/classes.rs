use std::collections::BTreeMap;

use perennis_cohort::{MonthsPaid, MonthsRule};
use perennis_pensions::{GroupBasis, GroupClass};
use perennis_scheme::Lognormal;

use super::Context;
use super::members::Start;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Kind, Quantity, plain};
use crate::read::scheme::people as raw;

/// A class of density, or the whole group.
pub(super) struct DensityPart {
    pub(super) share: Share,
    /// Density over the mean of the group at the start.
    pub(super) relative: f64,
    months: MonthsPaid,
}

/// A class of wages, or the whole group.
pub(super) struct WagePart {
    pub(super) share: Share,
    /// Wage over the mean of the group.
    pub(super) relative: f64,
}

/// The shares of a class; the whole group has no name.
#[derive(Clone)]
pub(super) struct Share {
    pub(super) name: Option<String>,
    entrants: f64,
    pub(super) start: f64,
}

/// The classes of a group.
pub(super) struct Classes {
    pub(super) densities: Vec<DensityPart>,
    pub(super) wages: Vec<WagePart>,
    /// Whether wages differ within a class.
    pub(super) spread_within: bool,
}

/// Shares add up to one and mean wages to the mean of the group within these.
const ROUNDING: f64 = 1e-9;
const ROUNDING_OF_WAGES: f64 = 0.005;

impl DensityPart {
    /// Months paid in a year.
    pub(super) const fn months(&self) -> &MonthsPaid {
        &self.months
    }
}

impl Share {
    fn whole() -> Self {
        Self { name: None, entrants: 1.0, start: 1.0 }
    }
}

impl Classes {
    /// The names of the classes of density.
    pub(super) fn density_names(&self) -> impl Iterator<Item = &str> {
        self.densities.iter().filter_map(|part| part.share.name.as_deref())
    }

    /// The names of the wage classes.
    pub(super) fn wage_names(&self) -> impl Iterator<Item = &str> {
        self.wages.iter().filter_map(|part| part.share.name.as_deref())
    }

    /// Splits a group: every class of density with every class of wages, as if the two were independent.
    pub(super) fn split(
        &self,
        group: &GroupBasis,
        (active, inactive): (&Start, &Start),
        at: &At<'_>,
        context: &Context<'_>,
    ) -> Option<Vec<GroupBasis>> {
        let mut parts = Vec::new();
        for density in &self.densities {
            for wage in &self.wages {
                let names = [&density.share.name, &wage.share.name];
                let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
                let class = GroupClass {
                    name: names.join("/"),
                    entrants: density.share.entrants * wage.share.entrants,
                    start: density.share.start * wage.share.start,
                };
                let of = (density, wage);
                parts.push(GroupBasis {
                    class: (!names.is_empty()).then_some(class),
                    months: density.months.clone(),
                    wages: &group.wages * wage.relative,
                    wages_of_service: group
                        .wages_of_service
                        .iter()
                        .map(|wages| wages * wage.relative)
                        .collect(),
                    wage_spread: if self.spread_within { group.wage_spread } else { 0.0 },
                    active: active.of_class(of, &at.key("active"), context)?,
                    inactive: inactive.of_class(of, &at.key("inactive"), context)?,
                    ..group.clone()
                });
            }
        }
        Some(parts)
    }
}

/// Reads the classes of density; without any, the group is one.
pub(super) fn densities(
    raw: &raw::Group,
    at: &At<'_>,
    (step, rule): (usize, &MonthsRule),
) -> Option<Vec<DensityPart>> {
    let months = |density: f64| MonthsPaid::new(step, density, rule);
    let Some(classes) = &raw.density_classes else {
        let density = match &raw.density {
            Some(raw) => raw.share(&at.key("density"))?.get(),
            None => 1.0,
        };
        let months = months(density)?;
        return Some(vec![DensityPart { share: Share::whole(), relative: 1.0, months }]);
    };
    let place = at.key("density_classes");
    if raw.density.is_some() {
        at.key("density").fault(
            Code::TwoWays,
            "the group has a density and classes of density",
            "keep one of density and density_classes",
        );
        return None;
    }
    let shares = shares(classes, &place, |raw| (&raw.entrants, raw.start.as_ref()));
    let mut densities = Vec::new();
    for (name, raw) in classes {
        densities.push(raw.density.share(&place.key(name).key("density")).map(|share| share.get()));
    }
    let densities = densities.into_iter().collect::<Option<Vec<f64>>>()?;
    let shares = shares?;
    let mean: f64 =
        shares.iter().zip(&densities).map(|(share, density)| share.start * density).sum();
    let part = |(share, density): (Share, f64)| {
        let relative = if 0.0 < mean { density / mean } else { 1.0 };
        Some(DensityPart { share, relative, months: months(density)? })
    };
    shares.into_iter().zip(densities).map(part).collect()
}

/// Reads the classes of wages; without any, the group is one. Says also whether wages differ within a class.
pub(super) fn wages(
    raw: &raw::Group,
    at: &At<'_>,
    spread: Option<f64>,
) -> Option<(Vec<WagePart>, bool)> {
    match (&raw.wage_classes, &raw.wage_classes_by_spread) {
        (None, None) => Some((vec![WagePart { share: Share::whole(), relative: 1.0 }], true)),
        (Some(_), Some(_)) => {
            at.key("wage_classes_by_spread").fault(
                Code::TwoWays,
                "the group has two kinds of wage classes",
                "keep one of wage_classes and wage_classes_by_spread",
            );
            None
        }
        (Some(classes), None) => {
            let place = at.key("wage_classes");
            let shares = shares(classes, &place, |raw| (&raw.entrants, raw.start.as_ref()));
            let kind = Kind::MULTIPLE.within(0.01, 100.0).called("a relative wage");
            let relative = classes.iter().map(|(name, raw)| {
                raw.relative_wage.read(&place.key(name).key("relative_wage"), &kind)
            });
            let relative = relative.collect::<Vec<_>>().into_iter().collect::<Option<Vec<f64>>>();
            let (shares, relative) = (shares?, relative?);
            let mean: f64 =
                shares.iter().zip(&relative).map(|(share, wage)| share.start * wage).sum();
            if ROUNDING_OF_WAGES < (mean - 1.0).abs() {
                place.fault(
                    Code::Incoherent,
                    format!("the relative wages of the classes have the mean {}", plain(mean)),
                    "weighted with the shares of the start their mean is 1: that of the group",
                );
                return None;
            }
            let parts = shares.into_iter().zip(relative);
            Some((parts.map(|(share, relative)| WagePart { share, relative }).collect(), false))
        }
        (None, Some(classes)) => {
            let place = at.key("wage_classes_by_spread").key("shares");
            let cited = place.citation();
            let factor = place.unit(&Kind::SHARE)?;
            let shares: Vec<f64> = classes.shares.iter().map(|share| share * factor).collect();
            let total: f64 = shares.iter().sum();
            if shares.iter().any(|share| *share <= 0.0) || ROUNDING < (total - 1.0).abs() {
                let reason = format!("the shares of the classes add up to {}", plain(total));
                place.fault(Code::SharesDoNotAdd, reason, "give shares above 0 that add up to 1");
                return None;
            }
            cited?;
            let means = Lognormal::new(1.0, spread?).class_means(&shares);
            let parts = (1..).zip(shares.iter().zip(means)).map(|(at, (share, relative))| {
                let name = Some(at.to_string());
                WagePart { share: Share { name, entrants: *share, start: *share }, relative }
            });
            Some((parts.collect(), false))
        }
    }
}

/// Reads the shares of classes, which add up to 1 among the entrants and at the start.
fn shares<C>(
    classes: &BTreeMap<String, C>,
    at: &At<'_>,
    of: impl Fn(&C) -> (&Quantity, Option<&Quantity>),
) -> Option<Vec<Share>> {
    let mut shares = Vec::new();
    for (name, class) in classes {
        let place = at.key(name);
        let (entrants, start) = of(class);
        let entrants = entrants.share(&place.key("entrants"));
        let start = match start {
            Some(start) => start.share(&place.key("start")),
            None => entrants,
        };
        shares.push(entrants.zip(start).map(|(entrants, start)| Share {
            name: Some(name.clone()),
            entrants: entrants.get(),
            start: start.get(),
        }));
    }
    let shares = shares.into_iter().collect::<Option<Vec<Share>>>()?;
    let sums = [
        ("entrants", shares.iter().map(|share| share.entrants).sum::<f64>()),
        ("insured of the start", shares.iter().map(|share| share.start).sum()),
    ];
    for (what, sum) in sums {
        if ROUNDING < (sum - 1.0).abs() {
            let reason = format!("the classes hold {} of the {what}", plain(sum));
            at.fault(Code::SharesDoNotAdd, reason, "the shares of the classes add up to 1");
            return None;
        }
    }
    Some(shares)
}
