use perennis_scheme::{BenefitKind, Condition, Event, Law, LawDays, LawError};
use perennis_units::{Probability, When};

use crate::basis::{Behaviour, Claiming, SchemeBasis};
use crate::claim_dates::{CreditAt, INACTIVE, Month, count};

/// Groups to which the same benefits are open and whose members pay the same part of the year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Class {
    /// Positions in the law of the pensions at the age.
    pub(crate) pensions: Vec<usize>,
    /// Positions of the sums paid once beside a pension.
    pub(crate) lump_sums: Vec<usize>,
    /// Position of the grant of short careers: the one at the age that more credit closes. Inactive insured take it when
    /// they reach the age without the credit of a pension, active insured at their last claim.
    pub(crate) short_grant: Option<usize>,
    /// Positions of the benefits on deaths.
    pub(crate) deaths: Vec<usize>,
    /// Positions of the benefits on invalidity.
    pub(crate) invalidity: Vec<usize>,
    /// Position of the withdrawal.
    pub(crate) withdrawal: Option<usize>,
    /// Share of a year that is paid.
    pub(crate) density: f64,
    /// A group of the class, which stands for all where the law asks for one.
    pub(crate) group: usize,
}

impl Class {
    /// Finds what is open to a group.
    pub(crate) fn of_group(basis: &SchemeBasis, group: usize) -> Self {
        let name = &basis.groups[group].name;
        let at_the_age = |at: &usize| basis.law.benefits[*at].condition.event == Event::Age;
        let short_grant = (0..basis.law.benefits.len()).filter(at_the_age).find(|at| {
            let benefit = &basis.law.benefits[*at];
            benefit.kind == BenefitKind::Grant
                && benefit.condition.credit_below.is_some()
                && benefit.condition.groups.contains(name)
        });
        let open = |event: Event, kind: BenefitKind| {
            let benefits = basis.law.benefits.iter().enumerate();
            let open = benefits.filter(move |(at, benefit)| {
                benefit.condition.event == event
                    && benefit.kind == kind
                    && benefit.condition.groups.contains(name)
                    && Some(*at) != short_grant
            });
            open.map(|(at, _)| at).collect::<Vec<_>>()
        };
        Self {
            pensions: open(Event::Age, BenefitKind::Pension),
            lump_sums: open(Event::Age, BenefitKind::Grant),
            short_grant,
            deaths: [BenefitKind::Pension, BenefitKind::Grant]
                .into_iter()
                .flat_map(|kind| open(Event::Death, kind))
                .collect(),
            invalidity: [BenefitKind::Pension, BenefitKind::Grant]
                .into_iter()
                .flat_map(|kind| open(Event::Invalidity, kind))
                .collect(),
            withdrawal: basis.law.benefits.iter().position(|benefit| {
                benefit.condition.event == Event::Withdrawal
                    && benefit.condition.groups.contains(name)
            }),
            density: basis.groups[group].months.density(),
            group,
        }
    }

    /// Returns the days on which the law of what is claimed at the age changes.
    pub(crate) fn law_days(&self, law: &Law) -> LawDays {
        let benefits = self.pensions.iter().chain(&self.lump_sums).chain(&self.short_grant);
        LawDays::of(benefits.map(|at| &law.benefits[*at]))
    }

    /// Says whether another class has the same claims.
    pub(crate) fn same_claims(&self, other: &Self) -> bool {
        Self { group: other.group, ..self.clone() } == *other
    }
}

/// A class beside the basis it belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) basis: &'a SchemeBasis,
    pub(crate) class: &'a Class,
}

impl<'a> Opening<'a> {
    /// The condition of the first pension: distances are counted from its age.
    pub(crate) fn age_condition(&self) -> Option<&'a Condition> {
        let first = self.class.pensions.first()?;
        Some(&self.basis.law.benefits[*first].condition)
    }

    /// Returns the first distance and the chances of claiming, by sex, where all claim by distance from one age.
    pub(crate) fn by_distance(&self) -> Option<(i32, &'a [Vec<Probability>; 2])> {
        let Claiming { active: Behaviour::Distance { first, probability }, inactive: None } =
            &self.basis.claiming
        else {
            return None;
        };
        let ages =
            |one: &'a Condition| (&one.age, &one.early_by, &one.early_from, one.payment_start);
        let mut pensions = self.pensions();
        let same = pensions.next().is_none_or(|first| pensions.all(|one| ages(one) == ages(first)));
        same.then_some((*first, probability))
    }

    /// Returns what the members of a state do.
    pub(crate) fn behaviour(&self, state: usize) -> &'a Behaviour {
        let Claiming { active, inactive } = &self.basis.claiming;
        inactive.as_ref().filter(|_| state == INACTIVE).unwrap_or(active)
    }

    /// The conditions of the pensions at the age.
    pub(crate) fn pensions(&self) -> impl Iterator<Item = &'a Condition> + use<'a> {
        let benefits = &self.basis.law.benefits;
        self.class.pensions.iter().map(|at| &benefits[*at].condition)
    }

    /// The condition of the grant of short careers.
    pub(crate) fn short_grant(&self) -> Option<&'a Condition> {
        self.class.short_grant.map(|at| &self.basis.law.benefits[at].condition)
    }

    pub(crate) const fn has_short_grant(&self) -> bool {
        self.class.short_grant.is_some()
    }

    /// Returns how the credit of a state grows in a year that begins at `start`; `credits` of a row so many months apart.
    pub(crate) fn credit(
        &self,
        state: usize,
        (credits, step): (usize, usize),
        start: Month,
    ) -> CreditAt {
        let pace = if state == INACTIVE { 0.0 } else { self.class.density };
        CreditAt { state, credits, step: count(step), a_step: 1.0 / count(step), pace, start }
    }

    /// Months from 1 January of the year of birth to the earliest entry.
    pub(crate) fn months_to_entry(&self) -> i32 {
        12 * i32::try_from(self.basis.entry_ages.0).unwrap_or(0)
    }

    /// Returns the months of credit for a pension and for the grant of short careers, for a claim so many years from the
    /// age. Where no value of law is in force nobody can have one.
    pub(crate) fn credit_needed(
        &self,
        when: &When,
        distance: i32,
    ) -> Result<(i32, Option<i32>), LawError> {
        let needed = |at: usize| {
            let condition = &self.basis.law.benefits[at].condition;
            let early = condition.early_credit_at_least.as_ref().filter(|_| distance < 0);
            let more = early.map(|rule| rule.at(when).map(|row| row.value.in_months()));
            match (condition.credit_range(when), more.transpose()) {
                (Ok((at_least, _)), Ok(more)) => Ok(at_least.max(more.unwrap_or(0))),
                (Err(LawError::NotInForce { .. }), _) | (_, Err(LawError::NotInForce { .. })) => {
                    Ok(i32::MAX)
                }
                (Err(other), _) | (_, Err(other)) => Err(other),
            }
        };
        let mut pension = i32::MAX;
        for at in &self.class.pensions {
            pension = pension.min(needed(*at)?);
        }
        Ok((pension, self.class.short_grant.map(needed).transpose()?))
    }
}
