//! A file of liabilities to a plan, its funding and the values of lives that it asks for.

mod cells;
mod rates;
mod tables;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use perennis_generations::{
    Annuity, Cause, CostMethod, DeferredClaim, ExitRates, FamilyAssumption, Funding, Layer,
    LiabilityStudy, Merit, Mortality, MortalityOf, OnWithdrawal, PayScale, Plan, Policy, Sharing,
    Within,
};
use perennis_scheme::{BenefitKind, Groups, Law, LegalIndices, Outlook, Timing};
use perennis_units::{Growth, Path, Share, Year, YearRange};

use crate::at::At;
use crate::build::accounts::fund::smoothing;
use crate::build::given;
use crate::build::person::indices;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Quantity, Series};
use crate::read::liabilities as raw;
use crate::read::person::PaymentTime;
use values::count;

/// Years for which series are read.
const LIVES: usize = 150;

/// Builds what a file of liabilities asks for; the laws are read already.
pub(crate) fn liabilities(
    raw: &raw::Liabilities,
    at: &At<'_>,
    laws: Option<Vec<Law>>,
) -> Option<LiabilityStudy> {
    if !(1900..=2300).contains(&raw.first_year) {
        let place = at.key("first_year");
        let reason = format!("{} is not a year from 1900 to 2300", raw.first_year);
        place.fault(Code::NotAYear, reason, "write a calendar year such as 2026");
        return None;
    }
    let start = Year::new(raw.first_year);
    let years = YearRange::new(start, LIVES);
    let interest = raw.interest.growth(&at.key("interest"), years);
    let home = at.key("mortality");
    let tables: Vec<Option<Mortality>> = raw
        .mortality
        .iter()
        .map(|(name, table)| tables::mortality(name, table, &home.key(name), raw.first_year))
        .collect();
    let tables: Vec<Mortality> = tables.into_iter().collect::<Option<_>>()?;
    let interest = interest?;
    let first = interest.at(start).get();
    let place = at.key("values");
    let asked = raw
        .values
        .iter()
        .flatten()
        .map(|(name, value)| values::request(name, value, &place.key(name), (&tables, first)));
    let asked: Vec<_> = asked.collect();
    let frame = Frame { start, years, interest, tables: &tables };
    let plan = match (&raw.plan, laws) {
        (Some(plan), Some(laws)) => Some(frame.plan(plan, &at.key("plan"), laws)),
        _ => None,
    };
    let funding = match (&raw.funding, plan.as_ref().and_then(Option::as_ref)) {
        (Some(raw), Some(plan)) => Some(funding(raw, &at.key("funding"), (plan, years))),
        _ => None,
    };
    if raw.plan.is_none() && raw.values.is_none() {
        let remedy = "add [plan] with members and a law, or [values.<name>]";
        at.fault(Code::NoValues, "the file asks for nothing", remedy);
        return None;
    }
    needs_assets(raw, at)?;
    Some(LiabilityStudy {
        title: raw.title.clone(),
        currency: raw.currency.clone(),
        plan: plan.map_or(Some(None), |plan| plan.map(Some))?,
        funding: funding.map_or(Some(None), |funding| funding.map(Some))?,
        values: asked.into_iter().collect::<Option<_>>()?,
    })
}

/// The aggregate method is a cost of what assets do not cover.
fn needs_assets(raw: &raw::Liabilities, at: &At<'_>) -> Option<()> {
    let Some(plan) = &raw.plan else { return Some(()) };
    if raw.funding.is_none() && plan.methods.contains(&raw::CostMethod::Aggregate) {
        let place = at.key("plan").key("methods");
        let remedy = "add [funding] with assets, or leave the aggregate method out";
        place.fault(Code::AssetsNeeded, "the aggregate method needs the assets", remedy);
        return None;
    }
    Some(())
}

/// Returns the position of a table of mortality; an unknown name is a fault.
fn named(tables: &[Mortality], name: &str, at: &At<'_>) -> Option<usize> {
    let found = tables.iter().position(|table| table.name == name);
    if found.is_none() {
        let reason = format!("there is no table of mortality `{name}`");
        let names = tables.iter().map(|table| table.name.as_str());
        at.fault(Code::UnknownName, reason, suggest(name, names));
    }
    found
}

/// Returns when something falls; at the start when absent.
const fn timing(raw: Option<PaymentTime>) -> Timing {
    match raw {
        None | Some(PaymentTime::Start) => Timing::Start,
        Some(PaymentTime::Middle) => Timing::Middle,
        Some(PaymentTime::End) => Timing::End,
    }
}

const fn method(raw: raw::CostMethod) -> CostMethod {
    match raw {
        raw::CostMethod::EntryAge => CostMethod::EntryAge,
        raw::CostMethod::EntryAgeMoney => CostMethod::EntryAgeMoney,
        raw::CostMethod::ProjectedUnit => CostMethod::ProjectedUnit,
        raw::CostMethod::ProjectedUnitByEarnings => CostMethod::ProjectedUnitByEarnings,
        raw::CostMethod::CurrentUnit => CostMethod::CurrentUnit,
        raw::CostMethod::IndividualLevel => CostMethod::IndividualLevel,
        raw::CostMethod::Aggregate => CostMethod::Aggregate,
    }
}

/// What holds for the whole file.
struct Frame<'a> {
    start: Year,
    years: YearRange,
    interest: Path<Growth>,
    tables: &'a [Mortality],
}

impl Frame<'_> {
    fn plan(&self, raw: &raw::Plan, at: &At<'_>, laws: Vec<Law>) -> Option<Plan> {
        let first_of_lives = self.start.get() - 130;
        let indices = indices(raw.indices.as_ref(), &at.key("indices"), first_of_lives);
        let pay = self.pay(raw.earnings.as_ref(), &at.key("earnings"));
        let exits = self.exits(&raw.exits, &at.key("exits"));
        let mortality_of = self.mortality_of(&raw.mortality, &at.key("mortality"));
        let payments = payments(raw.payments, &at.key("payments"));
        let last_age = last_age(raw.last_age, &at.key("last_age"));
        let family = raw.family.as_ref();
        let married = family.map(|family| &family.married);
        let married = share(married, &at.key("family").key("married"), 0.0);
        let contributions =
            contributions(raw.contributions.as_ref(), &at.key("contributions"), self.years);
        let degree = share(raw.degree.as_ref(), &at.key("degree"), 1.0);
        let (groups, last) = (groups(&laws), last_age?);
        let cells = raw.members.as_ref().map_or(Some(Vec::new()), |file| {
            cells::members(file, &at.key("members"), (&groups, false, last))
        });
        let benefits = pensions(&laws);
        let pensioners = raw.pensioners.as_ref().map_or(Some(Vec::new()), |file| {
            cells::pensioners(file, &at.key("pensioners"), (&groups, &benefits))
        });
        let indices = indices?;
        Some(Plan {
            start: self.start,
            laws,
            outlook: Outlook { insured_wages: indices.insured_wages, ..Outlook::default() },
            indices: LegalIndices { ..indices.levels },
            interest: self.interest.clone(),
            pay: pay?,
            exits: exits?,
            sharing: sharing(raw.rates),
            last_age: last,
            mortality: self.tables.to_vec(),
            mortality_of: mortality_of?,
            payments: payments?,
            family: FamilyAssumption {
                married: married?,
                husband_older: family.and_then(|family| family.husband_older).unwrap_or(0),
            },
            on_withdrawal: match raw.on_withdrawal {
                Some(raw::OnWithdrawal::Refund) => OnWithdrawal::Refund,
                Some(raw::OnWithdrawal::Pension) => OnWithdrawal::Pension,
                None | Some(raw::OnWithdrawal::Larger) => OnWithdrawal::Larger,
            },
            deferred_claim: match raw.deferred_claim {
                Some(raw::DeferredClaim::Earliest) => DeferredClaim::Earliest,
                None | Some(raw::DeferredClaim::PensionableAge) => DeferredClaim::PensionableAge,
            },
            invalidity_degree: degree?,
            contributions: contributions?,
            members: cells?,
            pensioners: pensioners?,
            methods: raw.methods.iter().map(|one| method(*one)).collect(),
        })
    }

    fn pay(&self, raw: Option<&raw::PlanEarnings>, at: &At<'_>) -> Option<PayScale> {
        let none = Path::constant(Growth::ZERO);
        let Some(raw) = raw else {
            return Some(PayScale { merit: Merit::Flat, growth: none, paid: Timing::Start });
        };
        let growth = match &raw.growth {
            None => Some(none),
            Some(series) => series.growth(&at.key("growth"), self.years),
        };
        let merit = match (&raw.merit, &raw.levels) {
            (None, None) => Some(Merit::Flat),
            (Some(file), None) => {
                rates::rates(file, &at.key("merit"), &Kind::GROWTH).map(Merit::Growth)
            }
            (None, Some(file)) => {
                rates::rates(file, &at.key("levels"), &Kind::INDEX_LEVEL).map(Merit::Levels)
            }
            (Some(_), Some(_)) => {
                let reason = "earnings rise by merit and by levels";
                at.fault(Code::TwoWays, reason, "keep one of merit and levels");
                None
            }
        };
        Some(PayScale { merit: merit?, growth: growth?, paid: timing(raw.paid) })
    }

    fn exits(&self, raw: &BTreeMap<String, raw::ExitRates>, at: &At<'_>) -> Option<Vec<ExitRates>> {
        let read = raw.iter().map(|(name, raw)| {
            let place = at.key(name);
            let rates = match (&raw.rates, &raw.mortality) {
                (Some(file), None) => rates::rates(file, &place.key("rates"), &Kind::PROBABILITY),
                (None, Some(table)) => {
                    let position = named(self.tables, table, &place.key("mortality"))?;
                    Some(self.tables[position].probability.clone())
                }
                (None, None) => {
                    let reason = format!("`{}` has no rates", place.path());
                    place.fault(
                        Code::NoValues,
                        reason,
                        "give rates, or the name of a table of mortality",
                    );
                    None
                }
                (Some(_), Some(_)) => {
                    let reason = format!("`{}` is given in more than one way", place.path());
                    place.fault(Code::TwoWays, reason, "keep one of rates and mortality");
                    None
                }
            };
            let cause = match raw.cause {
                raw::ExitCause::Retirement => Cause::Retirement,
                raw::ExitCause::Withdrawal => Cause::Withdrawal,
                raw::ExitCause::Invalidity => Cause::Invalidity,
                raw::ExitCause::Death => Cause::Death,
            };
            let at = timing(Some(raw.at.unwrap_or(PaymentTime::End)));
            Some(ExitRates { name: name.clone(), cause, rates: rates?, at })
        });
        read.collect::<Vec<_>>().into_iter().collect()
    }

    fn mortality_of(&self, raw: &raw::MortalityOf, at: &At<'_>) -> Option<MortalityOf> {
        let own = named(self.tables, &raw.pensioners, &at.key("pensioners"))?;
        let of = |name: Option<&String>, key: &str| match name {
            None => Some(own),
            Some(name) => named(self.tables, name, &at.key(key)),
        };
        Some(MortalityOf {
            pensioners: own,
            deferred: of(raw.deferred.as_ref(), "deferred")?,
            invalids: of(raw.invalids.as_ref(), "invalids")?,
            spouses: of(raw.spouses.as_ref(), "spouses")?,
        })
    }
}

/// Reads a share; `absent` where it is left out.
fn share(quantity: Option<&Quantity>, at: &At<'_>, absent: f64) -> Option<f64> {
    match quantity {
        None => Some(absent),
        Some(quantity) => quantity.read(at, &Kind::SHARE),
    }
}

fn contributions(
    raw: Option<&raw::PlanContributions>,
    at: &At<'_>,
    years: YearRange,
) -> Option<[Path<Share>; 2]> {
    let rates = |series: Option<&Series>, key: &str| match series {
        None => Some(Path::constant(Share::ZERO)),
        Some(series) => series.share(&at.key(key), years),
    };
    let members = rates(raw.and_then(|raw| raw.members.as_ref()), "members");
    let employers = rates(raw.and_then(|raw| raw.employers.as_ref()), "employers");
    Some([members?, employers?])
}

/// Reads returns above those expected, up to the year before the valuation.
fn gains(raw: Option<&Series>, at: &At<'_>, start: Year) -> Option<Vec<f64>> {
    let Some(series) = raw else { return Some(Vec::new()) };
    let path = series.recorded(at, &Kind::MONEY.within(-1e18, 1e18))?;
    let given = path.years();
    if given.last().plus(1) == start {
        return Some(given.iter().map(|year| path.at(year)).collect());
    }
    let (last, wanted) = (given.last(), start.plus(-1));
    let reason = format!(
        "the last gain is that of {last}, and the valuation stands on 1 January of {start}"
    );
    at.fault(
        Code::NotAYear,
        reason,
        format!("give the gains up to {wanted}; 0 where there was none"),
    );
    None
}

const fn sharing(raw: Option<raw::RatesAre>) -> Option<Sharing> {
    match raw {
        None | Some(raw::RatesAre::Dependent) => None,
        Some(raw::RatesAre::IndependentUniform) => Some(Sharing::Uniform),
        Some(raw::RatesAre::IndependentConstantForce) => Some(Sharing::ConstantForce),
    }
}

fn last_age(raw: i32, at: &At<'_>) -> Option<i32> {
    if (15..=120).contains(&raw) {
        return Some(raw);
    }
    let reason = format!("{raw} is not an age from 15 to 120");
    at.fault(Code::NotAnAge, reason, "give the age at which all who still work retire");
    None
}

fn payments(raw: Option<raw::PlanPayments>, at: &At<'_>) -> Option<Annuity> {
    let Some(raw) = raw else { return Some(Annuity::DUE) };
    let times_a_year = count(raw.times_a_year, (1, 12), &at.key("times_a_year"))?;
    let within = Within::StraightLines;
    Some(Annuity { times_a_year, paid: timing(raw.at), within, ..Annuity::DUE })
}

/// Groups that the laws name.
fn groups(laws: &[Law]) -> BTreeSet<String> {
    let of_benefits = laws.iter().flat_map(|law| &law.benefits);
    let named = of_benefits.filter_map(|benefit| match &benefit.condition.groups {
        Groups::Only(only) => Some(only.iter().cloned()),
        Groups::All => None,
    });
    named.flatten().collect()
}

fn pensions(laws: &[Law]) -> BTreeSet<String> {
    let all = laws.iter().flat_map(|law| &law.benefits);
    let pensions = all.filter(|benefit| benefit.kind == BenefitKind::Pension);
    pensions.map(|benefit| benefit.name.clone()).collect()
}

fn funding(
    raw: &raw::PlanFunding,
    at: &At<'_>,
    (plan, years): (&Plan, YearRange),
) -> Option<Funding> {
    let returns = raw.returns.as_ref().map(|series| series.growth(&at.key("returns"), years));
    let smoothed = raw.smoothing.as_ref().map(|raw| smoothing(raw, &at.key("smoothing")));
    let gains = gains(raw.gains.as_ref(), &at.key("gains"), plan.start);
    let growth = |quantity: Option<&Quantity>, key: &str| match quantity {
        None => Some(0.0),
        Some(quantity) => quantity.read(&at.key(key), &Kind::GROWTH),
    };
    let assets = raw.assets.read(&at.key("assets"), &Kind::MONEY);
    let expenses = match &raw.expenses {
        None => Some(0.0),
        Some(quantity) => quantity.read(&at.key("expenses"), &Kind::SHARE),
    };
    let of_members = growth(raw.growth.as_ref(), "growth");
    let layer_growth = growth(raw.layer_growth.as_ref(), "layer_growth");
    let groups = groups(&plan.laws);
    let entrants = raw.entrants.as_ref().map_or(Some(Vec::new()), |file| {
        cells::members(file, &at.key("entrants"), (&groups, true, plan.last_age))
    });
    let signed = Kind::MONEY.within(-1e18, 1e18);
    let place = at.key("layers");
    let layers = raw.layers.iter().flatten().enumerate().map(|(index, layer)| {
        let place = place.index(index);
        let payments = count(Some(layer.payments), (1, 100), &place.key("payments"));
        let balance = layer.balance.read(&place.key("balance"), &signed);
        Some(Layer { balance: balance?, payments: payments? })
    });
    let layers: Vec<Option<Layer>> = layers.collect();
    let years = count(Some(raw.years.unwrap_or(30)), (1, 100), &at.key("years"));
    let new_layer = count(Some(raw.new_layer.unwrap_or(30)), (1, 100), &at.key("new_layer"));
    let first = plan.methods.first().copied().unwrap_or(CostMethod::EntryAge);
    Some(Funding {
        assets: assets?,
        returns: given(returns)?,
        smoothing: given(smoothed)?,
        gains: gains?,
        method: raw.method.map_or(first, method),
        years: years?,
        growth: of_members?,
        entrants: entrants?,
        expenses: expenses?,
        policy: match raw.policy {
            Some(raw::FundingPolicy::Actuarial) => Policy::Actuarial,
            None | Some(raw::FundingPolicy::Fixed) => Policy::Fixed,
        },
        layers: layers.into_iter().collect::<Option<_>>()?,
        new_layer: new_layer?,
        layer_growth: layer_growth?,
    })
}
