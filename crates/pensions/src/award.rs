use std::cmp::Ordering;
use std::ops::Range;

use perennis_cohort::{Register, Row, State};
use perennis_scheme::{
    Asked, CompiledClaims, CreditHeld, HeldOnDay, LawError, Lognormal, Measure, ScheduleView,
};
use perennis_units::{Date, When, add_months, date_of_year};

use crate::claim_dates::{INACTIVE, born_on, count, whole_month};
use crate::claims::{Bundle, BundleKind, InYear, RowClaims, RowOf, STATES};
use crate::open::Class;
use crate::reference::{Claimant, LastYears, OfRow, Ready, SumOf};
use crate::walk::{Booked, BookedBenefit, Context};

/// Cells that are added up beside one another.
const LANES: usize = 8;

/// One row (sex and age) of a class of groups in one year, and all that its claims are valued with.
#[derive(Clone, Copy)]
pub(crate) struct AwardRow<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) class: &'a Class,
    /// The groups of the class.
    pub(crate) groups: &'a [usize],
    pub(crate) register: &'a Register,
    pub(crate) of: RowOf,
    /// Share of each state alive at the end of the year. Whoever lives on the day of the claim is awarded; what is paid in the year is what
    /// those draw who live to its end, which for claims over the whole year is the mean of the stocks around it.
    pub(crate) alive: [f64; STATES],
    /// Averages of last years found for neighbouring credits, by group.
    pub(crate) last_years: &'a LastYears,
    pub(crate) year: InYear<'a>,
}

/// Members of one credit who claim together.
#[derive(Clone, Copy, Debug)]
struct Claimed {
    state: usize,
    at: usize,
    band: usize,
    /// Month of birth that stands for them.
    born: usize,
    /// Months from January to the first payment that stand for them.
    month: f64,
    /// Credit of the year of the claim, years.
    worked: f64,
    /// Mean years away.
    away: f64,
    /// Whether a pension was awarded.
    awarded: bool,
}

impl Claimed {
    /// Claims of one day stand together, active insured first, credits rising.
    fn by_day(&self, other: &Self) -> Ordering {
        let days = self.born.cmp(&other.born).then(self.month.total_cmp(&other.month));
        days.then((self.state, self.at).cmp(&(other.state, other.at)))
    }

    fn is_of_day(&self, other: &Self) -> bool {
        self.born == other.born && self.month.total_cmp(&other.month).is_eq()
    }
}

/// Lists that every row fills anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct AwardLists {
    claimed: Vec<Claimed>,
    held: Vec<CreditHeld>,
    /// Members of all groups of the class, by state and credit.
    present: [Vec<f64>; STATES],
    /// Sum of the years away of the inactive ones, by credit.
    away: Vec<f64>,
}

/// Claims of one day.
struct Day<'a> {
    bundle: &'a Bundle,
    when: When,
    claimed: &'a mut [Claimed],
    held: &'a [CreditHeld],
    /// The earliest and the latest first contribution, by state.
    entries: [(Date, Date); STATES],
}

/// Members of one credit who are paid a benefit: what is the same in every group.
#[derive(Clone, Copy)]
struct Payee<'a> {
    at: usize,
    /// Credit at the claim, years.
    credit: f64,
    /// Credit of the year of the claim, years.
    worked: f64,
    /// Mean years away.
    away: f64,
    /// The first contribution.
    entered: Date,
    amount: ScheduleView<'a>,
    /// The amount at a base of nothing and for each unit of it, where it is one straight line.
    line: Option<(f64, f64)>,
}

/// Members who are paid a benefit: those of a band follow one another.
#[derive(Default)]
struct Payees<'a> {
    all: Vec<Payee<'a>>,
    bands: Vec<BandOfPayees>,
    /// Of straight lines, the amount at a base of nothing.
    at_zero: Vec<f64>,
    /// Of straight lines, what each unit of the base adds; where the base is a sum over years of credit, the same for each
    /// unit of that sum.
    slope: [Vec<f64>; 2],
}

/// The members of one band who are paid.
#[derive(Clone, Copy, Debug)]
struct BandOfPayees {
    of_band: OfBand,
    /// The position after the last of them.
    end: usize,
    /// Whether the amounts are straight lines and the credits follow one another without a gap.
    straight: bool,
}

/// What a benefit adds to its tables.
#[derive(Clone, Copy, Debug, Default)]
struct Added {
    time: f64,
    awarded: f64,
    /// Those of the awarded who live to the end of the year.
    staying: f64,
    awarded_amount: f64,
    paid: f64,
    in_force: f64,
}

impl AwardRow<'_> {
    /// Values every claim of the row and books the awards.
    ///
    /// Awards of a year stand at the age reached in it. The law is asked once for the claims of a day; cells look their
    /// amount up in what it gives.
    pub(crate) fn book(
        &self,
        claims: &RowClaims,
        lists: &mut AwardLists,
        books: &mut Booked,
    ) -> Result<(), LawError> {
        self.count(lists);
        for bundle in claims.bundles() {
            lists.claimed.clear();
            for state in 0..STATES {
                for band in bundle.bands(state) {
                    self.claim(claims, (bundle, state, band), lists);
                }
            }
            // Both states claim on the same days as a rule.
            lists.claimed.sort_unstable_by(Claimed::by_day);
            let mut start = 0;
            while start < lists.claimed.len() {
                let first = lists.claimed[start];
                let same = |claimed: &&Claimed| claimed.is_of_day(&first);
                let end = start + lists.claimed[start..].iter().take_while(same).count();
                let when = self.hold(&lists.claimed[start..end], &mut lists.held);
                let claimed = &mut lists.claimed[start..end];
                let mut day = Day::new(bundle, when, claimed, &lists.held);
                self.award(&mut day, &lists.present, books)?;
                start = end;
            }
        }
        Ok(())
    }

    /// Adds up the members of the groups.
    fn count(&self, lists: &mut AwardLists) {
        for (state, present) in lists.present.iter_mut().enumerate() {
            sum_rows(self.groups.iter().map(|group| self.persons(state, *group)), present);
        }
        let away = self.groups.iter().map(|group| {
            let row = Row { group: *group, sex: self.of.sex, age: self.of.age };
            self.register.sum(State::Inactive, 0, row)
        });
        sum_rows(away, &mut lists.away);
    }

    /// Lists the members of a band who claim.
    fn claim(
        &self,
        claims: &RowClaims,
        (bundle, state, band): (&Bundle, usize, usize),
        lists: &mut AwardLists,
    ) {
        let (share, time) = (bundle.share[state][band], bundle.time[state][band]);
        if share <= 0.0 {
            return;
        }
        let offset = (12.0 * (1.0 - time / share)).max(0.0);
        let pace = if state == INACTIVE { 0.0 } else { self.class.density };
        let mut moment = None;
        for at in claims.credits(state, band) {
            let persons = lists.present[state][at];
            if persons <= 0.0 {
                continue;
            }
            let (born, month) = *moment.get_or_insert_with(|| {
                claims.moment((bundle, state, band), offset, (self.of.year, self.year))
            });
            let away = if state == INACTIVE { lists.away[at] / persons } else { 0.0 };
            let worked = offset / 12.0 * pace;
            let claimed = Claimed { state, at, band, born, month, worked, away, awarded: false };
            lists.claimed.push(claimed);
        }
    }

    /// Finds the day of claims and lists the credit of each.
    fn hold(&self, claimed: &[Claimed], held: &mut Vec<CreditHeld>) -> When {
        let Claimed { born, month, .. } = claimed[0];
        let birth_year = self.of.year.plus(-i32::try_from(self.of.age).unwrap_or(0) - 1);
        let date = add_months(date_of_year(self.of.year), i32::from(whole_month(month)));
        let density = self.class.density.max(1e-9);
        let worked = whole(month * self.class.density);
        held.clear();
        held.extend(claimed.iter().map(|claimed| {
            let active = claimed.state != INACTIVE;
            let credit = i32::try_from(claimed.at * self.of.step).unwrap_or(i32::MAX);
            let months = credit + if active { worked } else { 0 };
            let until = if active { date } else { add_months(date, -whole(claimed.away * 12.0)) };
            let entered = add_months(until, -whole(f64::from(months) / density));
            CreditHeld { months, until, entered }
        }));
        When { date, born: born_on(birth_year, born), entered: held[0].entered, sex: self.of.sex }
    }

    /// Books what the law gives on a day; `present` are the members of the class by state and credit.
    fn award(
        &self,
        day: &mut Day<'_>,
        present: &[Vec<f64>; STATES],
        books: &mut Booked,
    ) -> Result<(), LawError> {
        self.worked(day, books);
        if day.is_grant() {
            if let Some(benefit) = self.class.short_grant {
                self.book_benefit((benefit, None), Asked::AmountsOnly, day, books)?;
            }
            return Ok(());
        }
        for (slot, benefit) in self.class.pensions.iter().enumerate() {
            let of = (*benefit, Some(slot));
            self.book_benefit(of, self.asked(*benefit), day, books)?;
        }
        let unawarded = day.claimed.iter().filter(|claimed| !claimed.awarded);
        let persons = unawarded
            .map(|claimed| present[claimed.state][claimed.at] * self.awarded(day, claimed));
        books.totals[self.groups[0]].unawarded += persons.sum::<f64>();
        for benefit in &self.class.lump_sums {
            self.book_benefit((*benefit, None), Asked::Conditions, day, books)?;
        }
        Ok(())
    }

    /// Age and credit were asked when the claim was found: a single pension that has no other condition is not asked again.
    fn asked(&self, benefit: usize) -> Asked {
        let condition = &self.context.basis.law.benefits[benefit].condition;
        let known = self.class.pensions == [benefit]
            && condition.credit_below.is_none()
            && condition.entered_before.is_none()
            && condition.credit == Measure::Credit
            && condition.all.is_empty()
            && condition.any.is_empty()
            && condition.without.is_empty();
        if known { Asked::AmountsOnly } else { Asked::Conditions }
    }

    /// Takes the months that those who retire do not work off the half year that the mean of two stocks gives them, and
    /// counts as retired who dies after the claim in the year.
    fn worked(&self, day: &Day<'_>, books: &mut Booked) {
        for group in self.groups {
            for state in 0..STATES {
                let of_state = day.of_state(state);
                let persons = self.persons(state, *group);
                let (mut years, mut died) = (0.0, 0.0);
                for of_band in day.claimed[of_state].chunk_by(|one, next| one.band == next.band) {
                    let there = of_band.iter().fold(0.0, |sum, of| sum + persons[of.at]);
                    let (share, time) = day.share(&of_band[0]);
                    years += there * self.alive[state] * (0.5 * share - time);
                    let awarded = self.awarded(day, &of_band[0]);
                    died += there * (awarded - self.alive[state] * share);
                }
                if state != INACTIVE {
                    books.months[*group][self.of.age] += 12.0 * years * self.class.density;
                }
                books.totals[*group].died_after_claim(state, died);
            }
        }
    }

    /// Share of the members of a credit on 1 January who live to their claim.
    fn awarded(&self, day: &Day<'_>, claimed: &Claimed) -> f64 {
        let Claimed { state, band, .. } = *claimed;
        let Bundle { share, dying_before, .. } = day.bundle;
        share[state][band] - (1.0 - self.alive[state]) * dying_before[state][band]
    }

    /// Books one benefit for the members of every group; pensions come with their position in the class.
    fn book_benefit(
        &self,
        (benefit, slot): (usize, Option<usize>),
        asked: Asked,
        day: &mut Day<'_>,
        books: &mut Booked,
    ) -> Result<(), LawError> {
        let group = &self.context.basis.groups[self.class.group].name;
        let claims = HeldOnDay { when: day.when, group, held: day.held, known: None };
        let law = &self.context.basis.law.benefits[benefit];
        let compiled = law.compile_held(&claims, asked, self.context.plan.env)?;
        if compiled.is_closed() {
            return Ok(());
        }
        if slot.is_some() {
            for (at, claimed) in day.claimed.iter_mut().enumerate() {
                claimed.awarded |= compiled.is_open(at);
            }
        }
        let next = (self.of.age + 1).min(self.register.shape().ages - 1);
        let mut added = Added::default();
        for state in 0..STATES {
            let payees = self.payees(&compiled, day, (state, slot));
            if payees.all.is_empty() {
                continue;
            }
            for group in self.groups {
                let of = (benefit, *group, state);
                let awarded = self.add(&compiled, of, (day, &payees), &mut added)?;
                if slot.is_some() {
                    books.totals[*group].pension_awards += awarded;
                }
            }
        }
        added.book(slot.is_some(), &mut books.benefits[benefit], next);
        Ok(())
    }

    /// Lists the claims of a state that are paid; pensions come with their position in the class.
    fn payees<'c>(
        &self,
        compiled: &'c CompiledClaims,
        day: &Day<'_>,
        (state, slot): (usize, Option<usize>),
    ) -> Payees<'c> {
        let step = count(self.of.step);
        let of_state = day.of_state(state);
        let mut payees = Payees { all: Vec::with_capacity(of_state.len()), ..Payees::default() };
        let mut band = None;
        for claim in of_state {
            let claimed = &day.claimed[claim];
            // Sums paid once come with a pension, but for the grant of short careers.
            if slot.is_none() && !claimed.awarded && !day.is_grant() {
                continue;
            }
            let Some(amount) = compiled.amount(claim) else { continue };
            let next = payees.all.last().map(|before: &Payee<'_>| before.at + 1);
            if band != Some(claimed.band) {
                band = Some(claimed.band);
                let of_band = self.of_band(day, claimed, slot);
                payees.bands.push(BandOfPayees { of_band, end: 0, straight: true });
            } else if next != Some(claimed.at)
                && let Some(band) = payees.bands.last_mut()
            {
                band.straight = false;
            }
            payees.push(Payee {
                at: claimed.at,
                credit: count(claimed.at) * step / 12.0 + claimed.worked,
                worked: claimed.worked,
                away: claimed.away,
                entered: day.held[claim].entered,
                amount,
                line: amount.line(),
            });
        }
        payees
    }

    /// Adds up the awards of one group and state; returns the persons awarded.
    fn add(
        &self,
        compiled: &CompiledClaims,
        (benefit, group, state): (usize, usize, usize),
        (day, payees): (&Day<'_>, &Payees<'_>),
        added: &mut Added,
    ) -> Result<f64, LawError> {
        let bases = self.bases(compiled, (benefit, group, state), day)?;
        let is_flat = compiled.bases().is_empty();
        let references = self.context.references;
        let ranks = &self.context.ranks[group];
        let of_a_year = ranks.of_years(|| 1.0);
        let persons = self.persons(state, group);
        let alive = self.alive[state];
        let before = added.awarded;
        // A base that is one sum for everybody of the state.
        let earliest = day.entries[state].0;
        let sum = bases
            .first()
            .filter(|(from, _)| from.is_none_or(|from| from <= earliest))
            .and_then(|(_, base)| base.sum());
        let mut start = 0;
        for BandOfPayees { of_band, end, straight } in &payees.bands {
            let band = start..*end;
            start = *end;
            if *straight && let Some(sum) = &sum {
                let (members, amounts) = payees.on_lines(band, persons, sum);
                added.add((members, amounts), alive, of_band);
                continue;
            }
            let (mut members, mut amounts) = (0.0, 0.0);
            for payee in &payees.all[band] {
                let there = persons[payee.at];
                if there <= 0.0 {
                    continue;
                }
                members += there;
                let claimant = payee.claimant(there);
                let applies = |(from, _): &&(Option<Date>, Ready<'_>)| {
                    from.is_none_or(|from| from <= payee.entered)
                };
                amounts += match (bases.iter().find(applies), payee.line) {
                    (Some((_, base)), Some((at_zero, slope))) => {
                        at_zero * there + slope * base.total(&claimant, references)?
                    }
                    (Some((_, base)), None) => {
                        let spread = ranks.of_years(|| base.years(&claimant));
                        let mean = base.total(&claimant, references)? / there;
                        there * payee.amount.expected(&spread.at_mean(mean))
                    }
                    (None, _) if is_flat => there * expected(payee.amount, of_a_year.at_mean(0.0)),
                    (None, _) => return Err(self.no_rule((benefit, group), payee.entered)),
                };
            }
            added.add((members, amounts), alive, of_band);
        }
        Ok(added.awarded - before)
    }

    /// What the claims of a band have of the bundle; pensions come with their position in the class.
    fn of_band(&self, day: &Day<'_>, claimed: &Claimed, slot: Option<usize>) -> OfBand {
        let Claimed { state, band, .. } = *claimed;
        let (share, time) = day.share(claimed);
        OfBand {
            share,
            time,
            awarded: self.awarded(day, claimed),
            paid: slot.map_or(0.0, |slot| day.bundle.paid[slot][state][band]),
            in_force: slot.map_or(0.0, |slot| day.bundle.in_force[slot][state][band]),
        }
    }

    /// Makes ready what the amounts of one group and state are proportional to, with the first contribution from which
    /// each is; nothing where they are the same for every record.
    fn bases(
        &self,
        compiled: &CompiledClaims,
        (benefit, group, state): (usize, usize, usize),
        day: &Day<'_>,
    ) -> Result<Vec<(Option<Date>, Ready<'_>)>, LawError> {
        let Context { plan, references, .. } = *self.context;
        let Some(base) = compiled.bases().first() else { return Ok(Vec::new()) };
        let row = Row { group, sex: self.of.sex, age: self.of.age };
        let of = OfRow {
            row,
            year: self.of.year,
            when: day.when,
            carried: &plan.carried,
            earnings: self.context.earnings,
            indices: plan.env.indices,
            last_years: self.last_years,
            ranks: &self.context.ranks[row.group],
            pace: self.context.basis.groups[row.group].pace(),
        };
        let name = &self.context.basis.groups[group].name;
        let sum = |sum| self.register.sum(state_of(state), sum, row);
        let found = references.of_group(benefit, name, day.entries[state]);
        let ready = found
            .into_iter()
            .map(|(from, at)| Ok((from, references.ready(at, &base.when, of, sum)?)));
        ready.collect()
    }

    fn no_rule(&self, (benefit, group): (usize, usize), entered: Date) -> LawError {
        let basis = self.context.basis;
        let benefit = basis.law.benefits[benefit].name.clone();
        LawError::NoReferenceRule { benefit, group: basis.groups[group].name.clone(), entered }
    }

    fn persons(&self, of: usize, group: usize) -> &[f64] {
        let row = Row { group, sex: self.of.sex, age: self.of.age };
        self.register.persons(state_of(of), row)
    }
}

impl<'a> Payees<'a> {
    fn push(&mut self, payee: Payee<'a>) {
        let (at_zero, slope) = payee.line.unwrap_or_default();
        self.at_zero.push(at_zero);
        self.slope[0].push(slope);
        self.slope[1].push(slope / payee.credit.max(f64::MIN_POSITIVE));
        let straight = payee.line.is_some() && 0.0 < payee.credit;
        self.all.push(payee);
        if let Some(band) = self.bands.last_mut() {
            band.end = self.all.len();
            band.straight &= straight;
        }
    }

    /// Returns the members of a straight band in one group and the sum of their amounts; eight sums run beside one another.
    fn on_lines(&self, band: Range<usize>, persons: &[f64], sum: &SumOf<'_>) -> (f64, f64) {
        let Some(first) = self.all.get(band.start) else { return (0.0, 0.0) };
        let cells = first.at..first.at + band.len();
        let (persons, sums) = (&persons[cells.clone()], &sum.past[cells]);
        let slope = &self.slope[usize::from(sum.over_credit)][band.clone()];
        let at_zero = &self.at_zero[band];
        let this_year = sum.this_year * first.worked;
        let (mut members, mut amounts) = ([0.0; LANES], [0.0; LANES]);
        for start in (0..persons.len()).step_by(LANES) {
            let lanes = start..(start + LANES).min(persons.len());
            let of_cells = persons[lanes.clone()].iter().zip(&sums[lanes.clone()]);
            let lines = at_zero[lanes.clone()].iter().zip(&slope[lanes]);
            let places = members.iter_mut().zip(&mut amounts);
            for (((there, past), (at_zero, slope)), (members, amounts)) in
                of_cells.zip(lines).zip(places)
            {
                *members += there;
                *amounts += at_zero * there + slope * (past + this_year * there);
            }
        }
        (members.iter().sum(), amounts.iter().sum())
    }
}

impl Payee<'_> {
    /// The members of one group.
    const fn claimant(&self, persons: f64) -> Claimant {
        let Self { at, credit, worked, away, entered, .. } = *self;
        Claimant { at, persons, credit, worked, away, entered }
    }
}

impl<'a> Day<'a> {
    fn new(
        bundle: &'a Bundle,
        when: When,
        claimed: &'a mut [Claimed],
        held: &'a [CreditHeld],
    ) -> Self {
        let mut day =
            Self { bundle, when, claimed, held, entries: [(Date::MAX, Date::MIN); STATES] };
        for state in 0..STATES {
            let entered = held[day.of_state(state)].iter().map(|held| held.entered);
            day.entries[state] = entered
                .fold(day.entries[state], |(first, last), day| (first.min(day), last.max(day)));
        }
        day
    }

    fn is_grant(&self) -> bool {
        self.bundle.kind() == BundleKind::Grant
    }

    /// Share of the members of a credit who claim, and the same times the part of the year in payment.
    fn share(&self, claimed: &Claimed) -> (f64, f64) {
        let Claimed { state, band, .. } = *claimed;
        (self.bundle.share[state][band], self.bundle.time[state][band])
    }

    /// Positions of the claims of a state: active insured stand first.
    fn of_state(&self, state: usize) -> Range<usize> {
        let active = self.claimed.partition_point(|claimed| claimed.state != INACTIVE);
        if state == INACTIVE { active..self.claimed.len() } else { 0..active }
    }
}

/// What the claims of one band have of a bundle; see [`Bundle`].
#[derive(Clone, Copy, Debug)]
struct OfBand {
    share: f64,
    time: f64,
    /// Share of the members on 1 January who live to their claim.
    awarded: f64,
    paid: f64,
    in_force: f64,
}

impl Added {
    /// Adds members of one band on 1 January with the sum of their amounts; `alive` is the share who live through the year.
    fn add(&mut self, (there, amounts): (f64, f64), alive: f64, of: &OfBand) {
        self.awarded += there * of.awarded;
        self.awarded_amount += amounts * of.awarded;
        self.staying += there * alive * of.share;
        self.time += there * alive * of.time;
        self.paid += amounts * alive * of.paid;
        self.in_force += amounts * alive * of.in_force;
    }

    /// Enters the sums at the age reached in the year.
    fn book(&self, is_pension: bool, table: &mut BookedBenefit, age: usize) {
        table.new_awards[age] += self.awarded;
        table.new_award_amount[age] += self.awarded_amount;
        if is_pension {
            table.beneficiaries[age] += self.time;
            table.amount[age] += self.paid;
            table.terminations[age] += self.awarded - self.staying;
            table.stock_persons[age] += self.staying;
            table.stock_amount[age] += self.in_force;
        } else {
            table.beneficiaries[age] += self.awarded;
            table.amount[age] += self.awarded_amount;
        }
    }
}

/// Writes the sums of rows of the same length, in their order.
fn sum_rows<'a>(rows: impl Iterator<Item = &'a [f64]>, sums: &mut Vec<f64>) {
    sums.clear();
    for row in rows {
        sums.resize(row.len(), 0.0);
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
}

/// Mean amount of persons whose base is spread like their wages; a straight line needs no spread.
pub(crate) fn expected(amount: ScheduleView<'_>, spread: Lognormal) -> f64 {
    match amount.line() {
        Some((at_zero, slope)) => at_zero + slope * spread.mean(),
        None => amount.expected(&spread),
    }
}

pub(crate) const fn state_of(of: usize) -> State {
    if of == INACTIVE { State::Inactive } else { State::Active }
}

/// The nearest whole number.
pub(crate) fn whole(value: f64) -> i32 {
    let value = value + 0.5 + 1e-9;
    #[allow(clippy::cast_possible_truncation, reason = "months of a life fit i32")]
    let whole = value as i32;
    // The cast cuts towards zero.
    if value < f64::from(whole) { whole - 1 } else { whole }
}
