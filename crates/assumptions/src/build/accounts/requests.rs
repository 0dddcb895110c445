use perennis_finance::{
    Amortisation, Holds, Lever, LeverRange, Measure, NamedMeasure, OpeningFund, Period, Problem,
    ReserveRatio, ScaledPremium, Tail, Target, TargetFund,
};
use perennis_units::{Year, YearRange};

use super::{flows_at, known};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Kind, Quantity};
use crate::read::accounts::{self as raw, AccountsFile};

/// Steps in which the range of a lever is looked through.
const STEPS: u16 = 40;

/// Reads what is asked about the accounts.
pub(super) struct Requests<'a> {
    pub(super) names: &'a [&'a str],
    pub(super) years: YearRange,
}

impl Requests<'_> {
    pub(super) fn measures(&self, raw: &AccountsFile, at: &At<'_>) -> Option<Vec<NamedMeasure>> {
        let read = raw.measures.iter().flatten().map(|(name, asked)| {
            let place = at.key(name);
            let account = self.account(asked.account.as_deref(), &place);
            let measure = self.measure(&asked.measure, &place.key("measure"), raw.flows)?;
            Some(NamedMeasure { name: name.clone(), account: account?, measure })
        });
        let read: Vec<Option<NamedMeasure>> = read.collect();
        read.into_iter().collect()
    }

    pub(super) fn problems(&self, raw: &AccountsFile, at: &At<'_>) -> Option<Vec<Problem>> {
        let read = raw.solve.iter().flatten().map(|(name, problem)| {
            let place = at.key(name);
            let account = self.account(problem.account.as_deref(), &place);
            let (lever, kind) = self.lever(problem);
            let low = problem.lowest.read(&place.key("lowest"), &kind);
            let high = problem.highest.read(&place.key("highest"), &kind);
            let target = self.target(&problem.target, &place.key("target"));
            self.acts(problem, &place);
            let (low, high) = (low?, high?);
            if high <= low {
                place.key("highest").fault(
                    Code::Incoherent,
                    format!("the range of the lever runs from {low} to {high}"),
                    "give a highest value above the lowest",
                );
                return None;
            }
            let range = LeverRange { low, high, steps: STEPS };
            let (account, target) = (account?, target?);
            Some(Problem { name: name.clone(), account, lever, range, target })
        });
        let read: Vec<Option<Problem>> = read.collect();
        read.into_iter().collect()
    }

    fn account(&self, named: Option<&str>, at: &At<'_>) -> Option<String> {
        match (named, self.names) {
            (Some(name), names) => known(name, names, &at.key("account")).then(|| name.to_owned()),
            (None, [only]) => Some((*only).to_owned()),
            (None, _) => {
                at.fault_at_key(
                    Code::MissingKey,
                    format!("`{}` does not say which account", at.path()),
                    format!("add account = …, one of {}", self.names.join(", ")),
                );
                None
            }
        }
    }

    fn first(&self, given: Option<i32>) -> Year {
        given.map_or(self.years.first(), Year::new)
    }

    fn measure(&self, raw: &raw::Measure, at: &At<'_>, flows: raw::Flows) -> Option<Measure> {
        match raw {
            raw::Measure::TerminalFunding => Some(Measure::Terminal),
            raw::Measure::GeneralAveragePremium { first_year, tail } => {
                let place = at.key("general_average_premium");
                let tail = tail_of(tail, &place.key("tail"))?;
                Some(Measure::GeneralAverage { first: self.first(*first_year), tail })
            }
            raw::Measure::AveragePremiums { tail } => {
                let tail = tail_of(tail, &at.key("average_premiums").key("tail"))?;
                Some(Measure::AveragePremiums { tail })
            }
            raw::Measure::LevelPremium { first_year, last_years } => {
                Some(Measure::Level { first: self.first(*first_year), lasts: years(last_years) })
            }
            raw::Measure::ReserveRatioPremium { first_year, last_year, ratio, target, holds } => {
                let place = at.key("reserve_ratio_premium");
                let value = target.read(&place.key("target"), &Kind::MULTIPLE)?;
                let period = self.period(*first_year, *last_year);
                let holds = match holds {
                    raw::Holds::AtEnd => Holds::AtEnd,
                    raw::Holds::AllThrough => Holds::AllThrough,
                };
                Some(Measure::ReserveRatio { period, ratio: ratio_of(*ratio), value, holds })
            }
            raw::Measure::BalanceRatioPremium { first_year, last_year, target } => {
                let place = at.key("balance_ratio_premium").key("target");
                let value = target.read(&place, &Kind::MULTIPLE)?;
                Some(Measure::BalanceRatio { period: self.period(*first_year, *last_year), value })
            }
            raw::Measure::ScaledPremiums { kind, last_years, tail } => {
                let tail = tail_of(tail, &at.key("scaled_premiums").key("tail"))?;
                let kind = match kind {
                    raw::ScaledKind::LocalMaximum => ScaledPremium::LocalMaximum,
                    raw::ScaledKind::MatureGrowth => ScaledPremium::MatureGrowth,
                };
                Some(Measure::Scaled { kind, lasts: years(last_years), tail })
            }
            raw::Measure::SteadyStateRate { first_year, ratio, equal_in } => {
                let (from, years) = (Year::new(*first_year), equal_in.map(Year::new));
                Some(Measure::SteadyState { from, ratio: ratio_of(*ratio), years })
            }
            other => self.further(other, at, flows),
        }
    }

    fn further(&self, raw: &raw::Measure, at: &At<'_>, flows: raw::Flows) -> Option<Measure> {
        match raw {
            raw::Measure::SummarisedRates {
                first_year,
                last_years,
                opening_fund,
                target_fund,
                target_of,
            } => {
                let place = at.key("summarised_rates");
                let target = target_fund_of((target_fund.as_ref(), *target_of), &place)?;
                let opening = match opening_fund {
                    raw::OpeningFund::Counted => OpeningFund::Counted,
                    raw::OpeningFund::LeftOut => OpeningFund::LeftOut,
                };
                let (first, lasts) = (self.first(*first_year), years(last_years));
                Some(Measure::Summarised { first, lasts, opening, target })
            }
            raw::Measure::CloseBalance { shortest, longest, allowed } => {
                let place = at.key("close_balance");
                let allowed = allowed.read(&place.key("allowed"), &Kind::SHARE)?;
                Some(Measure::CloseBalance { years: (*shortest, *longest), allowed })
            }
            raw::Measure::PaygChange { first_year, last_year } => {
                let years = self.period(Some(*first_year), *last_year);
                Some(Measure::PaygChange { years })
            }
            raw::Measure::Amortisation { balance, payments, interest, growth } => {
                let place = at.key("amortisation");
                let signed = Kind::MONEY.within(-1e18, 1e18);
                let balance = balance.read(&place.key("balance"), &signed);
                let interest = interest.read(&place.key("interest"), &Kind::GROWTH);
                let growth = growth.read(&place.key("growth"), &Kind::GROWTH);
                if !(1..=200).contains(payments) {
                    place.key("payments").fault(
                        Code::OutOfBounds,
                        format!("{payments} payments are outside 1 to 200"),
                        "give the number of yearly payments",
                    );
                    return None;
                }
                let flows_at = flows_at(flows);
                let (interest, growth) = (interest?, growth?);
                let plan = Amortisation { payments: *payments, interest, growth, flows_at };
                Some(Measure::Amortisation { plan, balance: balance? })
            }
            _ => None,
        }
    }

    fn period(&self, first: Option<i32>, last: i32) -> Period {
        Period { first: self.first(first), last: Year::new(last) }
    }

    fn lever(&self, raw: &raw::Problem) -> (Lever, Kind) {
        let from = self.first(raw.from_year);
        let share = Kind::SHARE.within(0.0, 2.0);
        match raw.lever {
            raw::Lever::ContributionRate => (Lever::ContributionRate { from }, share),
            raw::Lever::ContributionChange => {
                (Lever::ContributionChange { from }, Kind::SHARE.within(-1.0, 1.0))
            }
            raw::Lever::Subsidy => (Lever::Subsidy { from }, share),
            raw::Lever::BenefitFactor => {
                (Lever::BenefitFactor { from }, Kind::FACTOR.within(0.0, 10.0))
            }
        }
    }

    /// Reports a lever that begins to act when the accounts have ended, or before they begin.
    fn acts(&self, raw: &raw::Problem, at: &At<'_>) {
        if let Some(year) =
            raw.from_year.filter(|year| self.years.position(Year::new(*year)).is_none())
        {
            let (first, last) = (self.years.first(), self.years.last());
            at.key("from_year").fault(
                Code::OutsideHorizon,
                format!("{year} is not one of the years {first} to {last} of the account"),
                "give a year of the table",
            );
        }
    }

    fn target(&self, raw: &raw::Target, at: &At<'_>) -> Option<Target> {
        match raw {
            raw::Target::ReserveRatio { ratio, year, target } => {
                let place = at.key("reserve_ratio").key("target");
                let value = target.read(&place, &Kind::MULTIPLE)?;
                Some(Target::Reserve { ratio: ratio_of(*ratio), year: Year::new(*year), value })
            }
            raw::Target::ReserveRatioAllThrough { ratio, first_year, last_year, target } => {
                let place = at.key("reserve_ratio_all_through").key("target");
                let value = target.read(&place, &Kind::MULTIPLE)?;
                let period = self.period(*first_year, *last_year);
                Some(Target::ReserveAllThrough { ratio: ratio_of(*ratio), period, value })
            }
            raw::Target::GeneralAveragePremium { first_year, tail, target } => {
                let place = at.key("general_average_premium");
                let rate = target.read(&place.key("target"), &Kind::SHARE.within(0.0, 2.0));
                let tail = tail_of(tail, &place.key("tail"))?;
                Some(Target::GeneralAverage { first: self.first(*first_year), tail, rate: rate? })
            }
            raw::Target::NotExhaustedBefore { year } => {
                Some(Target::NotExhaustedBefore { year: Year::new(*year) })
            }
            raw::Target::ActuarialBalance { first_year, last_year, target_fund, target_of } => {
                let place = at.key("actuarial_balance");
                let target = target_fund_of((target_fund.as_ref(), *target_of), &place)?;
                Some(Target::Balanced { period: self.period(*first_year, *last_year), target })
            }
        }
    }
}

fn years(given: &[i32]) -> Vec<Year> {
    given.iter().copied().map(Year::new).collect()
}

fn ratio_of(raw: raw::ReserveRatio) -> ReserveRatio {
    match raw {
        raw::ReserveRatio::End => ReserveRatio::EndOverExpenditure,
        raw::ReserveRatio::Start => ReserveRatio::StartOverExpenditure,
        raw::ReserveRatio::EndForNext => ReserveRatio::EndOverNextExpenditure,
    }
}

fn tail_of(raw: &raw::Tail, at: &At<'_>) -> Option<Tail> {
    match raw {
        raw::Tail::None => Some(Tail::None),
        raw::Tail::AsLastYear => Some(Tail::AsLastYear),
        raw::Tail::Grows(growth) => growth.read(&at.key("grows"), &Kind::GROWTH).map(Tail::Grows),
    }
}

fn target_fund_of(
    (times, of): (Option<&Quantity>, Option<raw::TargetOf>),
    at: &At<'_>,
) -> Option<TargetFund> {
    let Some(quantity) = times else {
        if of.is_some() {
            at.key("target_of").warn(
                Code::Unused,
                "a year of the target fund has no effect without one",
                "add target_fund, or remove it",
            );
        }
        return Some(TargetFund::None);
    };
    let times = quantity.read(&at.key("target_fund"), &Kind::MULTIPLE)?;
    Some(match of.unwrap_or(raw::TargetOf::NextYear) {
        raw::TargetOf::NextYear => TargetFund::OfNextYear(times),
        raw::TargetOf::LastYear => TargetFund::OfLastYear(times),
    })
}
