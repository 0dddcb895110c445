use perennis_cohort::{Register, Row, State};
use perennis_scheme::{Claim, Credit, LawError, Lognormal, Schedule, Terms};
use perennis_units::{Date, When, add_months, date_of_year};

use crate::claim_dates::{INACTIVE, born_on};
use crate::claims::{Bundle, BundleKind, RowClaims, RowOf, STATES};
use crate::open::Class;
use crate::reference::{Claimant, LastYears};
use crate::walk::{Booked, Context};

/// One row (sex and age) of a class of groups in one year, and all that its claims are valued with.
#[derive(Clone, Copy)]
pub(crate) struct AwardRow<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) class: &'a Class,
    /// The groups of the class.
    pub(crate) groups: &'a [usize],
    pub(crate) register: &'a Register,
    pub(crate) of: RowOf,
    /// Share alive at the end of the year; only they are awarded anything.
    pub(crate) alive: f64,
    /// Averages of last years found for neighbouring credits, by group.
    pub(crate) last_years: &'a LastYears,
}

/// Members of one credit who claim together.
#[derive(Clone, Copy, Debug)]
struct Claimed {
    state: usize,
    at: usize,
    share: f64,
    time: f64,
    /// Months from 1 January to the first payment, on average.
    offset: f64,
    /// Mean years away.
    away: f64,
    when: When,
    months: i32,
    until: Date,
}

impl<'a> AwardRow<'a> {
    /// Values every claim of the row and books the awards.
    ///
    /// Awards of a year stand at the age reached in it.
    pub(crate) fn book(&self, claims: &RowClaims, books: &mut Booked) -> Result<(), LawError> {
        let mut known = vec![None; self.context.basis.law.benefits.len()];
        for bundle in claims.bundles() {
            for state in 0..STATES {
                let (first, last) = bundle.range[state];
                for at in first..last.saturating_add(1) {
                    let share = bundle.share[state][at];
                    let present = |group: &usize| self.persons(state, *group, at);
                    if 0.0 < share && 0.0 < self.groups.iter().map(present).sum::<f64>() {
                        let claimed = self.claimed(claims, bundle, state, at);
                        self.worked(&claimed, books);
                        self.award(bundle, &claimed, &mut known, books)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn claimed(&self, claims: &RowClaims, bundle: &Bundle, state: usize, at: usize) -> Claimed {
        let (share, time) = (bundle.share[state][at], bundle.time[state][at]);
        let offset = (12.0 * (1.0 - time / share)).max(0.0);
        let (born, month) = claims.moment(bundle, offset, self.of.year);
        let step = i32::try_from(self.context.basis.credit_step).unwrap_or(12);
        let credit = i32::try_from(at).unwrap_or(i32::MAX) * step;
        let pace = if state == INACTIVE { 0.0 } else { self.class.density };
        let away = if state == INACTIVE { self.years_away(at) } else { 0.0 };
        let birth_year = self.of.year.plus(-i32::try_from(self.of.age).unwrap_or(0) - 1);
        let date = add_months(date_of_year(self.of.year), month);
        let months = credit + whole(f64::from(month) * pace);
        let until = add_months(date, -whole(away * 12.0));
        let entered = add_months(until, -whole(f64::from(months) / self.class.density.max(1e-9)));
        let when = When { date, born: born_on(birth_year, born), entered, sex: self.of.sex };
        Claimed { state, at, share, time, offset, away, when, months, until }
    }

    /// Takes the months that those who retire do not work off the half year that the mean of two stocks gives them.
    fn worked(&self, claimed: &Claimed, books: &mut Booked) {
        if claimed.state == INACTIVE {
            return;
        }
        for group in self.groups {
            let alive = self.persons(claimed.state, *group, claimed.at) * self.alive;
            let years = alive * (0.5 * claimed.share - claimed.time) * self.class.density;
            books.months[*group][self.of.age] += 12.0 * years;
        }
    }

    fn award(
        &self,
        bundle: &Bundle,
        claimed: &Claimed,
        known: &mut [Option<Terms<'a>>],
        books: &mut Booked,
    ) -> Result<(), LawError> {
        let claim = Claim {
            when: claimed.when,
            group: &self.context.basis.groups[self.class.group].name,
            credit: Credit::Ending { months: claimed.months, until: claimed.until },
        };
        if bundle.kind() == BundleKind::Grant {
            if let Some(benefit) = self.class.short_grant {
                let schedule = self.context.basis.law.benefits[benefit]
                    .amount(&claim, self.context.plan.env)?;
                self.book_award(benefit, &schedule, (claimed, None), books)?;
            }
            return Ok(());
        }
        let mut awarded = false;
        for (slot, benefit) in self.class.pensions.iter().enumerate() {
            if let Some(schedule) = self.schedule(*benefit, &claim, known)? {
                let paid = bundle.paid[slot][claimed.state][claimed.at];
                let in_force = bundle.in_force[slot][claimed.state][claimed.at];
                awarded = true;
                self.book_award(*benefit, &schedule, (claimed, Some((paid, in_force))), books)?;
            }
        }
        if !awarded {
            let present = |group: &usize| self.persons(claimed.state, *group, claimed.at);
            let alive = self.groups.iter().map(present).sum::<f64>() * self.alive;
            books.totals[self.groups[0]].unawarded += alive * claimed.share;
            return Ok(());
        }
        for benefit in &self.class.lump_sums {
            if let Some(schedule) = self.schedule(*benefit, &claim, known)? {
                self.book_award(*benefit, &schedule, (claimed, None), books)?;
            }
        }
        Ok(())
    }

    /// Returns the amount of a benefit when its conditions are met. Age and credit were asked when the claim was found: a
    /// single pension that has no other condition is not asked again.
    fn schedule(
        &self,
        benefit: usize,
        claim: &Claim<'_>,
        known: &mut [Option<Terms<'a>>],
    ) -> Result<Option<Schedule>, LawError> {
        let law = &self.context.basis.law.benefits[benefit];
        let condition = &law.condition;
        let asked = self.class.pensions == [benefit]
            && condition.credit_below.is_none()
            && condition.entered_before.is_none();
        if !asked && !condition.is_met(claim)? {
            return Ok(None);
        }
        let When { date, born, sex, .. } = claim.when;
        let terms = match &mut known[benefit] {
            Some(terms) if terms.hold_for(date, born, sex) => terms,
            slot => slot.insert(law.terms(claim, self.context.plan.env)?),
        };
        terms.amount(claim, self.context.plan.env).map(Some)
    }

    /// Books one benefit for the members of every group; pensions come with what is paid in the year and in force at its
    /// end for an amount of one at award.
    fn book_award(
        &self,
        benefit: usize,
        schedule: &Schedule,
        of: (&Claimed, Option<(f64, f64)>),
        books: &mut Booked,
    ) -> Result<(), LawError> {
        let (claimed, pension) = of;
        let next = (self.of.age + 1).min(self.register.shape().ages - 1);
        let table = &mut books.benefits[benefit];
        for group in self.groups {
            let alive = self.persons(claimed.state, *group, claimed.at) * self.alive;
            if alive <= 0.0 {
                continue;
            }
            let amount = self.mean_amount(benefit, schedule, *group, claimed)?;
            let awarded = alive * claimed.share;
            table.new_awards[next] += awarded;
            table.new_award_amount[next] += awarded * amount;
            if let Some((paid, in_force)) = pension {
                table.beneficiaries[next] += alive * claimed.time;
                table.amount[next] += alive * amount * paid;
                table.stock_persons[next] += awarded;
                table.stock_amount[next] += alive * amount * in_force;
            } else {
                table.beneficiaries[next] += awarded;
                table.amount[next] += awarded * amount;
            }
        }
        Ok(())
    }

    fn mean_amount(
        &self,
        benefit: usize,
        schedule: &Schedule,
        group: usize,
        claimed: &Claimed,
    ) -> Result<f64, LawError> {
        let pace = if claimed.state == INACTIVE { 0.0 } else { self.class.density };
        let worked = claimed.offset / 12.0 * pace;
        let steps =
            f64::from(u32::try_from(claimed.at * self.context.basis.credit_step).unwrap_or(0));
        let claimant = Claimant {
            group,
            name: &self.context.basis.groups[group].name,
            sex: self.of.sex,
            age: self.of.age,
            year: self.of.year,
            when: claimed.when,
            credit: steps / 12.0 + worked,
            worked,
            away: claimed.away,
            last_years: Some(self.last_years),
        };
        let persons = self.persons(claimed.state, group, claimed.at);
        let row = self.row(group);
        let career = |sum| self.register.sum(state(claimed.state), sum, row)[claimed.at] / persons;
        let history = (self.context.earnings, self.context.plan.env.indices);
        let mean = self.context.references.of(benefit, &claimant, career, history)?;
        Ok(expected(schedule, mean, self.context.basis.groups[group].wage_spread))
    }

    fn persons(&self, of: usize, group: usize, at: usize) -> f64 {
        self.register.persons(state(of), self.row(group))[at]
    }

    const fn row(&self, group: usize) -> Row {
        Row { group, sex: self.of.sex, age: self.of.age }
    }

    fn years_away(&self, at: usize) -> f64 {
        let (mut away, mut persons) = (0.0, 0.0);
        for group in self.groups {
            let row = self.row(*group);
            away += self.register.sum(State::Inactive, 0, row)[at];
            persons += self.persons(INACTIVE, *group, at);
        }
        if 0.0 < persons { away / persons } else { 0.0 }
    }
}

/// Mean amount of persons whose reference earnings are spread like their wages; a straight line needs no spread.
pub(crate) fn expected(schedule: &Schedule, mean: f64, spread: f64) -> f64 {
    match schedule.knots() {
        ([(_, amount)], slope) => amount + slope * mean,
        _ => schedule.expected(&Lognormal::new(mean, spread)),
    }
}

const fn state(of: usize) -> State {
    if of == INACTIVE { State::Inactive } else { State::Active }
}

/// The nearest whole number.
pub(crate) fn whole(value: f64) -> i32 {
    #[allow(clippy::cast_possible_truncation, reason = "months of a life fit i32")]
    let whole = (value + 0.5 + 1e-9).floor() as i32;
    whole
}
