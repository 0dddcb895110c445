use perennis_scheme::{BenefitKind, Event};

use crate::capital::{Capitals, On, Stream};
use crate::costs::{Cost, Flows, Present, Valued, sum_of};
use crate::{CostMethod, Course, Generation, GenerationError, Member, Pensioner, Plan};

/// What one active member of a cell is worth at the valuation.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberValues {
    /// The cell, as in [`Plan::members`].
    pub of: Member,
    /// Present values of one member.
    pub present: Present,
    /// Costs of one member by method.
    pub costs: Vec<Cost>,
}

/// Sums over all active members, and what pensioners add, for one method; currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MethodTotals {
    /// The method.
    pub method: CostMethod,
    /// Normal cost of the coming year at the moment of earnings, by cause.
    pub normal_cost: [f64; 4],
    /// Accrued liability of active members, by cause.
    pub accrued_active: [f64; 4],
}

impl MethodTotals {
    /// Normal cost as a share of expected earnings.
    #[must_use]
    pub fn normal_cost_rate(&self, earnings: f64) -> Option<f64> {
        (0.0 < earnings).then(|| sum_of(&self.normal_cost) / earnings)
    }
}

/// The liabilities of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanValues {
    /// Active members, cell by cell.
    pub members: Vec<MemberValues>,
    /// Present value of each cell of pensioners and of those who wait, currency.
    pub pensioners: Vec<f64>,
    /// Sums by method.
    pub totals: Vec<MethodTotals>,
    /// Sums of present values over active members.
    pub present: Present,
    /// Active members.
    pub persons: f64,
    /// Expected payments of each plan year to present members and pensioners, until the last has died, currency.
    pub payments: Vec<f64>,
    /// Expected earnings of present members in each plan year, currency.
    pub earnings: Vec<f64>,
}

impl PlanValues {
    /// Present value of pensions in payment or waiting.
    #[must_use]
    pub fn of_pensioners(&self) -> f64 {
        self.pensioners.iter().fold(0.0, |sum, value| sum + value)
    }
}

/// Values the members and pensioners of a plan.
///
/// # Errors
///
/// [`GenerationError`] when tables or laws say nothing where they are asked, or more leave than are there.
pub fn value(plan: &Plan) -> Result<PlanValues, GenerationError> {
    let of = Capitals::new(plan);
    let mut values = PlanValues {
        members: Vec::with_capacity(plan.members.len()),
        pensioners: Vec::with_capacity(plan.pensioners.len()),
        totals: Vec::new(),
        present: Present::default(),
        persons: 0.0,
        payments: Vec::new(),
        earnings: Vec::new(),
    };
    let none = |method: &CostMethod| MethodTotals {
        method: *method,
        normal_cost: [0.0; 4],
        accrued_active: [0.0; 4],
    };
    values.totals = plan.methods.iter().map(none).collect();
    let mut flows = Flows::default();
    for pensioner in &plan.pensioners {
        values.pensioners.push(of_pensioner(&of, pensioner, &mut flows)?);
    }
    for member in &plan.members {
        let valued = Valued::new(&of, Course::new(plan, generation_of(member, 0))?)?;
        values.add(&of, member, &valued)?;
        values.follow(&of, member, &valued, &mut flows);
    }
    values.payments = flows.paid;
    values.finite()?;
    Ok(values)
}

impl PlanValues {
    fn add(
        &mut self,
        of: &Capitals<'_>,
        member: &Member,
        valued: &Valued,
    ) -> Result<(), GenerationError> {
        let present = valued.present(of, member.service);
        let methods = of.plan().methods.iter();
        let costs = methods.map(|method| valued.cost(of, *method, member.service));
        let costs: Vec<Cost> = costs.collect::<Result<_, _>>()?;
        for (total, cost) in self.totals.iter_mut().zip(&costs) {
            for cause in 0..4 {
                total.normal_cost[cause] += member.persons * cost.normal_cost[cause];
                total.accrued_active[cause] += member.persons * cost.accrued[cause];
            }
        }
        for cause in 0..4 {
            self.present.benefits[cause] += member.persons * present.benefits[cause];
        }
        self.present.earnings += member.persons * present.earnings;
        self.present.years += member.persons * present.years;
        self.present.earnings_of_year += member.persons * present.earnings_of_year;
        self.persons += member.persons;
        self.members.push(MemberValues { of: member.clone(), present, costs });
        Ok(())
    }

    /// Adds what a cell is expected to earn and to be paid.
    fn follow(&mut self, of: &Capitals<'_>, member: &Member, valued: &Valued, flows: &mut Flows) {
        let at = usize::try_from(member.service).unwrap_or(0);
        let active = valued.course.active.get(at).copied().unwrap_or(0.0);
        if active <= 0.0 {
            return;
        }
        let weight = member.persons / active;
        for (position, exit) in valued.course.exits.iter().enumerate() {
            if member.service <= exit.year {
                valued.pay(position, weight, flows);
            }
        }
        for (year, service) in (at..valued.course.earnings.len()).enumerate() {
            if self.earnings.len() <= year {
                self.earnings.push(0.0);
            }
            let paid = valued.course.paid(service, of.plan().pay.paid);
            self.earnings[year] += weight * paid * valued.course.earnings[service];
        }
    }

    fn finite(&self) -> Result<(), GenerationError> {
        let totals = self.totals.iter();
        let sums = totals.map(|one| {
            (one.method.as_str(), sum_of(&one.normal_cost) + sum_of(&one.accrued_active))
        });
        let all = sums.chain([
            ("present value of benefits", sum_of(&self.present.benefits)),
            ("present value of earnings", self.present.earnings),
            ("present value of pensions", self.of_pensioners()),
        ]);
        match all.into_iter().find(|(_, value)| !value.is_finite()) {
            Some((what, _)) => Err(GenerationError::NotFinite { what: what.to_owned() }),
            None => Ok(()),
        }
    }
}

/// Returns the generation of a cell of members who enter so many years after the valuation, if they are new entrants.
pub(crate) fn generation_of(member: &Member, entry: i32) -> Generation {
    Generation {
        group: member.group.clone(),
        sex: member.sex,
        entry_age: member.age - member.service,
        entry: entry - member.service,
        earnings: (member.earnings, member.service),
    }
}

/// Values a cell of pensioners, or of those who wait for a pension, and adds its payments.
pub(crate) fn of_pensioner(
    of: &Capitals<'_>,
    pensioner: &Pensioner,
    flows: &mut Flows,
) -> Result<f64, GenerationError> {
    let plan = of.plan();
    let pensions = plan.laws.iter().enumerate().flat_map(|(law, of_law)| {
        of_law.benefits.iter().enumerate().map(move |(at, benefit)| ((law, at), benefit))
    });
    let found = pensions.into_iter().find(|(_, benefit)| {
        benefit.kind == BenefitKind::Pension && benefit.name == pensioner.benefit
    });
    let Some((position, benefit)) = found else {
        return Err(GenerationError::UnknownBenefit { benefit: pensioner.benefit.clone() });
    };
    let table = match benefit.condition.event {
        Event::Invalidity => plan.mortality_of.invalids,
        Event::Death => plan.mortality_of.spouses,
        _ => plan.mortality_of.pensioners,
    };
    let from = pensioner.from_age.unwrap_or(pensioner.age).max(pensioner.age);
    let wait = from - pensioner.age;
    let waits = of.lifetime(plan.mortality_of.deferred, pensioner.sex, (2 * pensioner.age, 0));
    let alive = if wait == 0 { 1.0 } else { waits.at(f64::from(wait)) };
    let on = On::Life { table, sex: pensioner.sex, age_halves: 2 * from };
    let stream = Stream { benefit: position, on, time_halves: 2 * wait, months: None };
    let in_law = |error| GenerationError::Law {
        scheme: plan.laws[position.0].scheme.clone(),
        age: f64::from(from),
        service: 0.0,
        error,
    };
    let capital = of.of(stream).map_err(in_law)?;
    flows.add_capital(&capital, alive * pensioner.amount);
    Ok(alive * pensioner.amount * capital.total)
}
