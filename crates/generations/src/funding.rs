use perennis_finance::Smoothing;
use perennis_units::{Growth, Path};

use crate::annuity::part_of;
use crate::balance_sheet::{BalanceSheet, Entitlements, entitlements};
use crate::capital::Capitals;
use crate::costs::{Flows, Valued, sum_of};
use crate::layers::{Layer, Layers};
use crate::value::{generation_of, of_pensioner};
use crate::{CostMethod, Course, GenerationError, Member, Plan};

/// Who pays what the normal cost and the unfunded liability ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Members and employers pay fixed shares of earnings.
    Fixed,
    /// Members pay their share; employers pay the rest of the normal cost, expenses and the layers.
    Actuarial,
}

/// How a plan is funded in the years to come.
#[derive(Clone, Debug, PartialEq)]
pub struct Funding {
    /// Assets at the valuation, currency, as the market values them.
    pub assets: f64,
    /// What the assets earn; the interest of the plan when absent.
    pub returns: Option<Path<Growth>>,
    /// How the value of the assets that the funding counts follows the market; as the market when absent.
    pub smoothing: Option<Smoothing>,
    /// Returns above those expected of the years before the valuation, currency, the last one last.
    pub gains: Vec<f64>,
    /// The cost method.
    pub method: CostMethod,
    /// Years of the projection.
    pub years: u16,
    /// Growth of the number of active members a year.
    pub growth: f64,
    /// New entrants: ages, earnings at the valuation and their shares, as persons.
    pub entrants: Vec<Member>,
    /// Expenses, a share of earnings.
    pub expenses: f64,
    /// Who pays.
    pub policy: Policy,
    /// Layers of the unfunded liability at the valuation.
    pub layers: Vec<Layer>,
    /// Payments of a new layer: what the layers leave at the valuation, and the gain or loss of each year after it.
    pub new_layer: u16,
    /// Growth of the payments of a layer a year: zero for level amounts, that of payroll for a level share of it.
    pub layer_growth: f64,
}

/// A year of the projection, currency; stocks at its start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FundingYear {
    /// Calendar year in which the plan year begins.
    pub year: i32,
    /// Active members at the start, new entrants among them.
    pub active: f64,
    /// New entrants.
    pub entrants: f64,
    /// Earnings of the year.
    pub earnings: f64,
    /// Present value of benefits to active members.
    pub benefits_active: f64,
    /// Present value of their earnings.
    pub earnings_to_come: f64,
    /// Accrued liability of active members.
    pub accrued_active: f64,
    /// Liability of pensioners and of those who left with rights.
    pub accrued_inactive: f64,
    /// Normal cost, at the moment of earnings.
    pub normal_cost: f64,
    /// Assets, as the market values them.
    pub assets: f64,
    /// Assets as the funding counts them.
    pub assets_counted: f64,
    /// Contributions of members.
    pub members_pay: f64,
    /// Contributions of employers.
    pub employers_pay: f64,
    /// Part of them that pays for the unfunded liability.
    pub amortisation: f64,
    /// Expenses.
    pub expenses: f64,
    /// Benefits paid.
    pub paid: f64,
    /// Returns on assets.
    pub returns: f64,
    /// Returns above those expected.
    pub gain: f64,
}

impl FundingYear {
    /// Accrued liability of all.
    #[must_use]
    pub fn accrued(&self) -> f64 {
        self.accrued_active + self.accrued_inactive
    }

    /// What is not funded.
    #[must_use]
    pub fn unfunded(&self) -> f64 {
        self.accrued() - self.assets_counted
    }

    /// Assets, as the funding counts them, over the accrued liability.
    #[must_use]
    pub fn funded_ratio(&self) -> Option<f64> {
        (0.0 < self.accrued()).then(|| self.assets_counted / self.accrued())
    }
}

/// The funding of the years to come and what it means at the valuation.
#[derive(Clone, Debug, PartialEq)]
pub struct FundingPath {
    /// Year by year.
    pub years: Vec<FundingYear>,
    /// Assets and obligations of the closed and the open group.
    pub sheet: BalanceSheet,
    /// Accrued entitlements from the start of each year to its end.
    pub entitlements: Vec<Entitlements>,
}

/// Follows members, pensioners and new entrants, and the assets that back them.
///
/// # Formula
///
/// `A(t+1) = (A(t) + contributions v^m - PV of the payments of the year)(1 + r)`, contributions at the moment m of earnings,
/// values of the year at its return r. New entrants of a year fill the number of active members up.
///
/// # Errors
///
/// [`GenerationError`] as for [`crate::value`], and when a cost has no earnings to be a share of.
pub fn project(plan: &Plan, funding: &Funding) -> Result<FundingPath, GenerationError> {
    let of = Capitals::new(plan);
    let mut sums = Sums::new(usize::from(funding.years) + 1);
    sums.sheet.assets = funding.assets;
    for pensioner in &plan.pensioners {
        sums.sheet.pensions += of_pensioner(&of, pensioner, &mut sums.flows)?;
    }
    let mut start = 0.0;
    for member in &plan.members {
        start += member.persons;
        let valued = Valued::new(&of, Course::new(plan, generation_of(member, 0))?)?;
        sums.add((&of, funding), &valued, (member.service, member.persons))?;
    }
    let shares = funding.entrants.iter().fold(0.0, |sum, one| sum + one.persons);
    let mut general = 1.0;
    for (year, time) in (1..sums.years.len()).zip(1_i32..) {
        general *= plan.pay.growth.at(plan.start.plus(time - 1)).factor();
        let wanted = start * libm::pow(1.0 + funding.growth, f64::from(time));
        let missing = (wanted - sums.years[year].active).max(0.0);
        if shares <= 0.0 || missing <= 0.0 {
            continue;
        }
        sums.years[year].entrants = missing;
        for entrant in &funding.entrants {
            let of_year = Member { earnings: entrant.earnings * general, ..entrant.clone() };
            let valued = Valued::new(&of, Course::new(plan, generation_of(&of_year, time))?)?;
            sums.add((&of, funding), &valued, (0, missing * entrant.persons / shares))?;
        }
    }
    sums.finish(&of, funding)
}

struct Sums {
    years: Vec<FundingYear>,
    flows: Flows,
    sheet: BalanceSheet,
    /// Present value of benefits of all who are active at a time or enter later, discounted to the valuation.
    to_come: Vec<f64>,
}

impl Sums {
    fn new(count: usize) -> Self {
        let (years, to_come) = (vec![FundingYear::default(); count], vec![0.0; count]);
        Self { years, flows: Flows::default(), sheet: BalanceSheet::default(), to_come }
    }

    /// Adds members who have so much service at the valuation, or at their entry.
    fn add(
        &mut self,
        (of, funding): (&Capitals<'_>, &Funding),
        valued: &Valued,
        (service, persons): (i32, f64),
    ) -> Result<(), GenerationError> {
        let active = |service: i32| {
            let at = usize::try_from(service).unwrap_or(0);
            valued.course.active.get(at).copied().unwrap_or(0.0)
        };
        let now = active(service);
        if now <= 0.0 {
            return Ok(());
        }
        let weight = persons / now;
        for (position, exit) in valued.course.exits.iter().enumerate() {
            if service <= exit.year {
                valued.pay(position, weight, &mut self.flows);
            }
        }
        let entry = valued.course.of.entry;
        self.enter_sheet((of, funding), valued, (service, persons));
        for (year, time) in (0..self.years.len()).zip(0_i32..) {
            let served = (time - entry).max(service);
            let exits = valued.exits_from(served);
            let left = exits.fold(0.0, |sum, (exit, value)| sum + exit.probability * value);
            self.to_come[year] += weight * left;
            let there = weight * active(served);
            if time - entry < service || there <= 0.0 {
                continue;
            }
            let present = valued.present(of, served);
            let cost = valued.cost(of, funding.method, served)?;
            let sum = &mut self.years[year];
            sum.active += there;
            sum.earnings += there * present.earnings_of_year;
            sum.benefits_active += there * sum_of(&present.benefits);
            sum.earnings_to_come += there * present.earnings;
            sum.accrued_active += there * sum_of(&cost.accrued);
            sum.normal_cost += there * sum_of(&cost.normal_cost);
        }
        Ok(())
    }

    /// Adds present values at the valuation of members, or of those who enter later.
    fn enter_sheet(
        &mut self,
        (of, funding): (&Capitals<'_>, &Funding),
        valued: &Valued,
        (service, persons): (i32, f64),
    ) {
        let present = valued.present(of, service);
        let time = valued.course.of.entry + service;
        let value = persons * of.discount(f64::from(time.max(0)));
        let (benefits, contributions) = if 0 < time {
            (&mut self.sheet.benefits_entrants, &mut self.sheet.contributions_entrants)
        } else {
            (&mut self.sheet.benefits_active, &mut self.sheet.contributions_active)
        };
        *benefits += value * sum_of(&present.benefits);
        let paid = valued.contributed(of, service) - funding.expenses * present.earnings;
        *contributions += value * paid;
    }

    fn finish(
        mut self,
        of: &Capitals<'_>,
        funding: &Funding,
    ) -> Result<FundingPath, GenerationError> {
        let plan = of.plan();
        let part = part_of(plan.pay.paid);
        let mut assets = funding.assets;
        let mut gains = funding.gains.clone();
        let mut layers = Layers::new(funding);
        for (at, time) in (0..self.years.len()).zip(0_i32..) {
            let interest = plan.interest_of(time);
            let factor = of.discount(f64::from(time));
            let year = &mut self.years[at];
            year.year = plan.start.plus(time).get();
            year.accrued_inactive = (self.flows.discounted_from(at) - self.to_come[at]) / factor;
            year.assets = assets;
            year.assets_counted =
                funding.smoothing.map_or(assets, |rule| rule.value(assets, &gains));
            if funding.method == CostMethod::Aggregate {
                aggregate(year)?;
            }
            year.expenses = funding.expenses * year.earnings;
            let [members, employers] = &plan.contributions;
            year.members_pay = members.at(plan.start.plus(time)).get() * year.earnings;
            match funding.policy {
                Policy::Fixed => {
                    year.employers_pay = employers.at(plan.start.plus(time)).get() * year.earnings;
                    let paid = year.members_pay + year.employers_pay;
                    year.amortisation = paid - year.normal_cost - year.expenses;
                }
                Policy::Actuarial => {
                    layers.cover(year.unfunded());
                    year.amortisation = layers.pay(interest, part);
                    let asked = year.normal_cost + year.expenses + year.amortisation;
                    year.employers_pay = asked - year.members_pay;
                }
            }
            year.paid = self.flows.paid_in(at);
            let present = self.flows.discounted.get(at).copied().unwrap_or(0.0) / factor;
            let in_year = year.members_pay + year.employers_pay - year.expenses;
            let flows = InYear { income: (in_year, part), outgo: (year.paid, present) };
            let earned = funding.returns.as_ref();
            let earned = earned.map_or(interest, |path| path.at(plan.start.plus(time)).get());
            let next = flows.carry(assets, (interest, earned));
            year.gain = next - flows.carry(assets, (interest, interest));
            year.returns = next - assets - in_year + year.paid;
            gains.push(year.gain);
            assets = next;
        }
        let whole = |year: &FundingYear| (year.accrued() + year.assets + year.paid).is_finite();
        if !self.years.iter().all(whole) {
            return Err(GenerationError::NotFinite { what: "projection of the funding".into() });
        }
        let reconciled = entitlements(&self.years, |at| {
            let time = i32::try_from(at).unwrap_or(i32::MAX);
            let interest = plan.interest_of(time);
            let paid = self.flows.discounted.get(at).copied().unwrap_or(0.0);
            let paid = paid / of.discount(f64::from(time));
            (interest, libm::pow(1.0 + interest, -part), paid)
        });
        Ok(FundingPath { years: self.years, sheet: self.sheet, entitlements: reconciled })
    }
}

/// What comes in and goes out in a year.
struct InYear {
    /// Contributions less expenses, and the part of the year after which they come in.
    income: (f64, f64),
    /// Benefits paid, and their value at the start of the year at the interest of the plan.
    outgo: (f64, f64),
}

impl InYear {
    /// Returns assets at the end of the year; benefits go out at the moment that their value at the interest of the plan implies.
    fn carry(&self, assets: f64, (interest, earned): (f64, f64)) -> f64 {
        let (income, part) = self.income;
        let (paid, present) = self.outgo;
        let force = libm::log1p(interest);
        let moment = if 0.0 < paid && 0.0 < present && force.abs() > 1e-12 {
            -libm::log(present / paid) / force
        } else {
            0.5
        };
        let factor = |part: f64| libm::pow(1.0 + earned, part);
        (assets + income * factor(-part) - paid * factor(-moment)) * (1.0 + earned)
    }
}

/// # Formula
///
/// `NC = (PVB - assets) / PVS * earnings of the year`; the accrued liability is what assets cover (Winklevoss 1993, ch. 6).
fn aggregate(year: &mut FundingYear) -> Result<(), GenerationError> {
    if year.earnings_to_come <= 0.0 {
        return Err(GenerationError::NoEarnings { what: "aggregate cost" });
    }
    let all = year.benefits_active + year.accrued_inactive;
    year.normal_cost = (all - year.assets) / year.earnings_to_come * year.earnings;
    year.accrued_active = year.assets - year.accrued_inactive;
    Ok(())
}
