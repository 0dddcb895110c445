use perennis_scheme::LawError;
use perennis_units::{Sex, When, Year, add_months, date_of_year};

use crate::bands::Bands;
use crate::claim_dates::{
    ClaimDate, Cohort, CreditAt, INACTIVE, Month, SLACK, born_on, count, month_of, whole_month,
};
use crate::indexing::YearPayment;
use crate::open::Opening;
use crate::openings::{Openings, Opportunity};

/// Active and inactive insured, the order of every pair in this module.
pub(crate) const STATES: usize = 2;

/// The members of a row who claim in one year at one distance and under one law, as shares of the row by band of credit.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    /// Share of the members of each state, by band.
    pub(crate) share: [Vec<f64>; STATES],
    /// The same times the part of the year in payment.
    pub(crate) time: [Vec<f64>; STATES],
    /// Of the share, those who would die before the claim if all died in the year.
    pub(crate) dying_before: [Vec<f64>; STATES],
    /// For each pension: share times what is paid in the year for an amount of one a year at award.
    pub(crate) paid: Vec<[Vec<f64>; STATES]>,
    /// For each pension: share times the amount in force at the end of the year for one at award.
    pub(crate) in_force: Vec<[Vec<f64>; STATES]>,
    /// First and last band with a share, by state; empty when first is above last.
    range: [(usize, usize); STATES],
    kind: BundleKind,
    /// Which part of the year between two changes of the law.
    part: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BundleKind {
    /// A pension at this distance.
    Pension(i32),
    /// A pension after the age, when the credit or the law comes to suffice.
    Late,
    /// The grant of a short career.
    Grant,
    /// A pension, where persons do not all claim by distance from one age.
    Opened,
}

/// What happens to a row in a year, as shares of those who live to its end.
///
/// Neighbouring credits of which the law and the dates make no difference form a band: what claims depend on is asked
/// of one credit of each.
#[derive(Clone, Debug)]
pub(crate) struct RowClaims {
    bundles: Vec<Bundle>,
    used: usize,
    /// Share of each state that claims anything, by credit.
    pub(crate) total: [Vec<f64>; STATES],
    bands: [Bands; STATES],
    weight: Vec<f64>,
    all: Vec<f64>,
    events: Vec<ClaimDate>,
    late: Vec<Option<f64>>,
    /// Claims of openings.
    opened: Vec<Opened>,
    reached_by: Vec<(usize, Month)>,
    /// Paid in the year and in force at its end, by pension, for an amount of one a year awarded on one day.
    paid: Vec<(f64, f64)>,
}

/// What a year holds for the claims of a class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InYear<'a> {
    /// How each pension moves.
    pub(crate) payments: &'a [YearPayment],
    /// Months from 1 January on which the law of an award changes.
    pub(crate) changes: &'a [f64],
}

impl InYear<'_> {
    /// The part of the year, between two changes of the law, in which a payment begins.
    fn part(&self, offset: f64) -> usize {
        self.changes.iter().take_while(|change| **change <= offset + SLACK).count()
    }
}

/// The claims of all cohorts of one sex and one class of groups.
#[derive(Clone, Debug)]
pub(crate) struct ClaimTable {
    first_birth_year: i32,
    cohorts: Vec<Option<Cohort>>,
    row: RowClaims,
    /// Whether `row` holds the claims of the row asked for last.
    open: bool,
}

/// Whose claims are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowOf {
    pub(crate) sex: Sex,
    pub(crate) age: usize,
    pub(crate) year: Year,
    /// Number of credits of the row.
    pub(crate) credits: usize,
    /// Months between two credits.
    pub(crate) step: usize,
}

impl RowOf {
    fn birth_year(&self) -> Year {
        self.year.plus(-i32::try_from(self.age).unwrap_or(i32::MAX) - 1)
    }
}

/// A claim of an opening: the place of its bundle, its state and band, month of birth and months from 1 January.
#[derive(Clone, Copy, Debug)]
struct Opened {
    of: (usize, usize, usize),
    born: usize,
    offset: f64,
}

/// One band that claims.
#[derive(Clone, Copy, Debug)]
struct Claimed {
    state: usize,
    band: usize,
    share: f64,
    /// Months from 1 January to the first payment.
    offset: f64,
    /// The part of the year before the birthday. Where deaths fall evenly over time and age, those born later are more of a
    /// cell than those born earlier, and a cell that loses the share `d` in a year has on a day `1 - d / 2 + d (birthday - day)`
    /// of those born in a month.
    birthday: f64,
}

impl ClaimTable {
    /// An empty table for cohorts born in `births` years from `first_birth_year`.
    pub(crate) fn new(
        first_birth_year: i32,
        births: usize,
        credits: usize,
        pensions: usize,
    ) -> Self {
        let zeros = || [vec![0.0; credits], vec![0.0; credits]];
        let bundle = || Bundle {
            share: zeros(),
            time: zeros(),
            dying_before: zeros(),
            paid: vec![zeros(); pensions],
            in_force: vec![zeros(); pensions],
            range: [(usize::MAX, 0); STATES],
            kind: BundleKind::Late,
            part: 0,
        };
        let row = RowClaims {
            bundles: (0..USUAL_BUNDLES).map(|_| bundle()).collect(),
            used: 0,
            total: zeros(),
            bands: [Bands::new(credits), Bands::new(credits)],
            weight: vec![0.0; credits + 1],
            all: vec![0.0; credits],
            events: Vec::with_capacity(24),
            late: vec![None; credits],
            opened: Vec::new(),
            reached_by: Vec::with_capacity(12),
            paid: Vec::with_capacity(pensions),
        };
        Self { first_birth_year, cohorts: vec![None; births], row, open: false }
    }

    /// Returns the claims of the row that was found last; `None` when nobody of it may claim in the year.
    pub(crate) fn current(&self) -> Option<&RowClaims> {
        self.open.then_some(&self.row)
    }

    /// Says that the next row has nobody who could claim.
    pub(crate) const fn pass_over(&mut self) {
        self.open = false;
    }

    /// Finds the claims of a row; `None` when nobody of the row may claim in the year.
    ///
    /// Members are born evenly over the twelve months of a year; each month of birth has its own days under the law.
    /// Whoever might have claimed before the year and has not is still there in proportion to the chances of not
    /// claiming.
    pub(crate) fn row(
        &mut self,
        of: RowOf,
        opening: &Opening<'_>,
        year: InYear<'_>,
    ) -> Result<Option<&RowClaims>, LawError> {
        self.open = false;
        let birth_year = of.birth_year();
        let at = usize::try_from(birth_year.get() - self.first_birth_year)
            .expect("the table begins with the oldest cohort");
        let slot = &mut self.cohorts[at];
        if slot.is_none() {
            *slot = Some(Cohort::new(birth_year, of.sex, opening)?);
        }
        let Some(cohort) = slot.as_ref() else { return Ok(None) };
        let end = month_of(of.year) + 12.0;
        let begins = match &cohort.openings {
            Some(openings) => openings.begin_before(end),
            None => cohort.claims.iter().any(|claim| claim.month < end),
        };
        if !begins {
            return Ok(None);
        }
        self.row.fill(cohort, of, opening, year)?;
        self.open = true;
        Ok(Some(&self.row))
    }
}

/// Two distances, late claims and grants are the usual case; more are made when needed.
const USUAL_BUNDLES: usize = 4;

impl Bundle {
    pub(crate) const fn kind(&self) -> BundleKind {
        self.kind
    }

    /// Returns the bands of a state that may have a share.
    pub(crate) const fn bands(&self, state: usize) -> std::ops::Range<usize> {
        let (first, last) = self.range[state];
        first..last.saturating_add(1)
    }

    fn emptied(&self) -> Self {
        let mut copy = self.clone();
        for state in 0..STATES {
            copy.share[state].fill(0.0);
            copy.time[state].fill(0.0);
            copy.dying_before[state].fill(0.0);
            for values in copy.paid.iter_mut().chain(&mut copy.in_force) {
                values[state].fill(0.0);
            }
        }
        copy.range = [(usize::MAX, 0); STATES];
        copy
    }
}

impl RowClaims {
    /// Returns the month of birth and the months from January to the first payment that stand for the members of a bundle
    /// whose payments begin `offset` months after 1 January on average. Where payment begins on a birthday they are those
    /// to the middle of its month.
    pub(crate) fn moment(
        &self,
        (bundle, state, band): (&Bundle, usize, usize),
        offset: f64,
        (start, year): (Year, InYear<'_>),
    ) -> (usize, f64) {
        if let Some(found) = self.opened_moment((bundle, state, band), offset) {
            return found;
        }
        let start = month_of(start);
        let distance = |event: &ClaimDate| (event.month - start - offset).abs();
        let of_bundle = |event: &&ClaimDate| match bundle.kind {
            BundleKind::Pension(distance) => {
                event.distance == distance && year.part(event.month - start) == bundle.part
            }
            BundleKind::Late | BundleKind::Grant | BundleKind::Opened => false,
        };
        let nearest = self.events.iter().filter(of_bundle);
        let nearest = nearest.min_by(|one, other| distance(one).total_cmp(&distance(other)));
        let late = || self.reached_by.iter().find(|(_, reached)| *reached <= start + offset);
        nearest.map_or_else(
            || (late().map_or(0, |found| found.0), f64::from(whole_month(offset))),
            |event| (event.born, event.month - start),
        )
    }

    /// Returns the bundles with members.
    pub(crate) fn bundles(&self) -> impl Iterator<Item = &Bundle> {
        self.bundles[..self.used].iter()
    }

    /// Returns the credits of a band.
    pub(crate) fn credits(&self, state: usize, band: usize) -> std::ops::Range<usize> {
        self.bands[state].credits(band)
    }

    /// Fills the row where persons claim when something opens to them; every credit is a band of its own.
    fn fill_opened(
        &mut self,
        openings: &Openings,
        of: RowOf,
        opening: &Opening<'_>,
        year: InYear<'_>,
    ) {
        self.opened.clear();
        let start = month_of(of.year);
        for state in 0..STATES {
            let credit = opening.credit(state, (of.credits, of.step), start);
            self.bands[state].begin(of.credits);
            (0..of.credits).for_each(|at| self.bands[state].break_at(at));
            self.bands[state].end();
            let behaviour = opening.behaviour(state);
            for at in 0..of.credits {
                let mut last = None;
                for born in 0..12 {
                    let mut left = 1.0;
                    let mut present = 1.0;
                    let mut visit = |claim: Opportunity| {
                        if claim.month < start {
                            left *= 1.0 - claim.chance;
                            present = left;
                            last = Some((claim, born));
                        } else {
                            let share = left * claim.chance;
                            self.claim_opened((state, at, born), (claim, share), start, year);
                            left -= share;
                        }
                    };
                    openings.each(born, (&credit, at), behaviour, (start + 12.0, &mut visit));
                    self.all[at] += present;
                }
                // Whoever is past a claim that all make joined or returned later, and claims at once.
                if let Some((claim, born)) = last.filter(|_| self.all[at] <= 0.0) {
                    self.all[at] = 1.0;
                    let claim = Opportunity { month: start, ..claim };
                    self.claim_opened((state, at, born), (claim, 1.0), start, year);
                }
            }
            self.finish(state);
        }
        self.opened.sort_by_key(|one| one.of);
    }

    fn claim_opened(
        &mut self,
        (state, band, born): (usize, usize, usize),
        (claim, share): (Opportunity, f64),
        start: Month,
        year: InYear<'_>,
    ) {
        if share <= 0.0 {
            return;
        }
        let offset = claim.month - start;
        let kind = if claim.grant { BundleKind::Grant } else { BundleKind::Opened };
        let place = self.place(kind, year.part(offset));
        self.fill_payments(offset, year.payments);
        let birthday = (count(born) + 0.5) / 12.0;
        self.book(place, Claimed { state, band, share, offset, birthday });
        self.opened.push(Opened { of: (place, state, band), born, offset });
    }

    /// The claim of a band that stands for all of it: the nearest to their mean.
    fn opened_moment(
        &self,
        (bundle, state, band): (&Bundle, usize, usize),
        offset: f64,
    ) -> Option<(usize, f64)> {
        let first = self.opened.first()?;
        let same = |one: &Bundle| one.kind == bundle.kind && one.part == bundle.part;
        let place = self.bundles[..self.used].iter().position(same).unwrap_or(first.of.0);
        let of = (place, state, band);
        let from = self.opened.partition_point(|one| one.of < of);
        let of_band = self.opened[from..].iter().take_while(|one| one.of == of);
        let distance = |one: &&Opened| (one.offset - offset).abs();
        let nearest = of_band.min_by(|one, other| distance(one).total_cmp(&distance(other)));
        nearest.map(|one| (one.born, one.offset))
    }

    fn fill(
        &mut self,
        cohort: &Cohort,
        of: RowOf,
        opening: &Opening<'_>,
        year: InYear<'_>,
    ) -> Result<(), LawError> {
        self.clear(of.credits);
        let start = month_of(of.year);
        let end = start + 12.0;
        if let Some(openings) = &cohort.openings {
            self.fill_opened(openings, of, opening, year);
            return Ok(());
        }
        let claims = cohort.claims.iter();
        self.events.clear();
        self.events.extend(claims.filter(|c| start <= c.month && c.month < end).copied());
        self.reached_by.clear();
        for (born, month) in cohort.reached.iter().enumerate() {
            self.reached_by.extend(month.filter(|month| *month < end).map(|month| (born, month)));
        }
        let asked = self.months_asked(of, opening)?;
        let over = cohort.claims.iter().all(|claim| claim.month < start);
        for state in 0..STATES {
            let credit = opening.credit(state, (of.credits, of.step), start);
            self.find_late(&asked, &credit);
            let past = if over { &[] } else { cohort.claims.as_slice() };
            self.find_bands(past, asked[1], &credit);
            if !over {
                for born in 0..12 {
                    self.claims_of_month(cohort, born, &credit, year);
                }
            }
            self.claims_of_the_rest(asked[1], opening.has_short_grant(), &credit, year);
            self.finish(state);
        }
        Ok(())
    }

    /// Months of credit asked for a pension on the first day of each month, from the December before; empty while nobody
    /// of the row has the age.
    fn months_asked(&self, of: RowOf, opening: &Opening<'_>) -> Result<[i32; 13], LawError> {
        let mut asked = [i32::MAX; 13];
        let Some((born, _)) = self.reached_by.first() else { return Ok(asked) };
        let born = born_on(of.birth_year(), *born);
        let entered = add_months(date_of_year(of.birth_year()), opening.months_to_entry());
        let january = date_of_year(of.year);
        let at = |offset: i32| {
            let date = add_months(january, offset - 1);
            opening
                .credit_needed(&When { date, born, entered, sex: of.sex }, 0)
                .map(|needed| needed.0)
        };
        let (first, last) = (at(0)?, at(12)?);
        asked.fill(first);
        if first != last {
            for (offset, value) in (0..).zip(&mut asked) {
                *value = at(offset)?;
            }
        }
        Ok(asked)
    }

    /// Finds for each credit the month in which it comes to suffice, if it does in the year.
    fn find_late(&mut self, asked: &[i32; 13], credit: &CreditAt) {
        let least = asked.iter().copied().min().unwrap_or(i32::MAX);
        for (at, late) in self.late[..credit.credits].iter_mut().enumerate() {
            let enough = |month: u8| {
                let held = credit.held(at, credit.start + f64::from(month) - 1.0);
                f64::from(asked[usize::from(month)]) <= held + SLACK
            };
            let never = credit.held(at, credit.start + 11.0) + SLACK < f64::from(least);
            let reached =
                if never || enough(0) { None } else { (1..13).find(|month| enough(*month)) };
            *late = reached.map(|month| f64::from(month) - 1.0);
        }
    }

    /// Finds the credits from which something is different for the claims of the year.
    fn find_bands(&mut self, claims: &[ClaimDate], asked: i32, credit: &CreditAt) {
        let bands = &mut self.bands[credit.state];
        bands.begin(credit.credits);
        for claim in claims {
            if credit.start + 12.0 <= claim.month {
                bands.least.push(0);
            } else if claim.month < credit.start {
                let grant = credit.grant_open(claim).unwrap_or(i32::MAX);
                let least = credit.first_with(claim.pension.min(grant), claim.month);
                bands.least.push(least);
                bands.break_at(least);
            } else {
                bands.least.push(0);
                bands.break_at(credit.first_with(claim.pension, claim.month));
                let grant = credit.grant_open(claim);
                let grant = grant.map(|needed| credit.first_with(needed, claim.month));
                bands.break_at(grant.unwrap_or(0));
            }
        }
        bands.break_at(credit.first_with(asked, credit.start));
        for (before, late) in self.late[..credit.credits].windows(2).enumerate() {
            if late[0] != late[1] {
                bands.break_at(before + 1);
            }
        }
        bands.end();
    }

    fn claims_of_month(
        &mut self,
        cohort: &Cohort,
        born: usize,
        credit: &CreditAt,
        year: InYear<'_>,
    ) {
        let state = credit.state;
        let birthday = (count(born) + 0.5) / 12.0;
        self.remaining(cohort, born, credit);
        let bands = self.bands[state].count();
        for (all, weight) in self.all[..bands].iter_mut().zip(&self.weight) {
            *all += weight;
        }
        let reached = self.reached_by.iter().find(|(month, _)| *month == born).map(|found| found.1);
        let event = self.events.iter().find(|event| event.born == born).copied();
        // All claims of a month of birth but late ones begin on the same day.
        let mut regular_place = None;
        for band in 0..bands {
            let weight = self.weight[band];
            if weight <= 0.0 {
                continue;
            }
            let at = self.bands[state].first(band);
            let regular = event.filter(|event| credit.may_have_pension(event, at));
            // Whoever takes the grant at the last claim does not wait for a pension.
            let settled = event.filter(|event| event.last && credit.may_have_grant(event, at));
            let late = self.late[at]
                .filter(|_| regular.is_some() || settled.is_none())
                .filter(|offset| reached.is_some_and(|day| day < credit.start + offset));
            let (kind, offset, share) = match (late, regular, event) {
                (Some(offset), None, _) => (BundleKind::Late, offset, weight),
                (Some(offset), Some(event), _) if offset < event.month - credit.start => {
                    (BundleKind::Late, offset, weight)
                }
                (_, Some(event), _) => {
                    let kind = BundleKind::Pension(event.distance);
                    (kind, event.month - credit.start, weight * event.chance)
                }
                (None, None, Some(event)) if credit.may_have_grant(&event, at) => {
                    (BundleKind::Grant, event.month - credit.start, weight * event.chance)
                }
                _ => continue,
            };
            let claimed = Claimed { state, band, share, offset, birthday };
            match &regular_place {
                Some((known, place)) if *known == kind => self.book(*place, claimed),
                _ => {
                    let place = self.place(kind, year.part(offset));
                    self.fill_payments(offset, year.payments);
                    self.book(place, claimed);
                    regular_place = Some((kind, place)).filter(|_| kind != BundleKind::Late);
                }
            }
        }
    }

    /// Lets those claim who are past their last claim and still there: they joined or returned later.
    fn claims_of_the_rest(&mut self, asked: i32, grant: bool, credit: &CreditAt, year: InYear<'_>) {
        let state = credit.state;
        for band in 0..self.bands[state].count() {
            if 0.0 < self.all[band] {
                continue;
            }
            self.all[band] = 1.0;
            let at = self.bands[state].first(band);
            let enough = f64::from(asked) <= credit.held(at, credit.start) + SLACK;
            let (kind, offset) = match self.late[at] {
                _ if enough => (BundleKind::Late, 0.0),
                Some(offset) => (BundleKind::Late, offset),
                None if grant && state == INACTIVE => (BundleKind::Grant, 0.0),
                None => continue,
            };
            let place = self.place(kind, year.part(offset));
            self.fill_payments(offset, year.payments);
            self.book(place, Claimed { state, band, share: 1.0, offset, birthday: 0.5 });
        }
    }

    /// Weight of a month of birth at the start of the year, by band: the chance that nothing was claimed before.
    fn remaining(&mut self, cohort: &Cohort, born: usize, credit: &CreditAt) {
        let bands = &self.bands[credit.state];
        let weight = &mut self.weight[..=bands.count()];
        weight.fill(1.0);
        for at in cohort.of_month(born) {
            let claim = &cohort.claims[at];
            if credit.start <= claim.month {
                break;
            }
            weight[bands.of(bands.least[at])] *= 1.0 - claim.chance;
        }
        let mut product = 1.0;
        for weight in weight {
            product *= *weight;
            *weight = product;
        }
    }

    /// Returns the position of the bundle of a kind and a part of the year, a new one if there is none yet.
    fn place(&mut self, kind: BundleKind, part: usize) -> usize {
        let same = |bundle: &Bundle| bundle.kind == kind && bundle.part == part;
        let known = self.bundles[..self.used].iter().position(same);
        known.unwrap_or_else(|| {
            self.used += 1;
            if self.bundles.len() < self.used {
                let empty = self.bundles[0].emptied();
                self.bundles.push(empty);
            }
            self.bundles[self.used - 1].kind = kind;
            self.bundles[self.used - 1].part = part;
            self.used - 1
        })
    }

    /// Finds what an award of so many months after 1 January is paid in the year and has in force at its end.
    fn fill_payments(&mut self, offset: f64, payments: &[YearPayment]) {
        self.paid.clear();
        self.paid.extend(payments.iter().map(|payment| payment.of_award(offset)));
    }

    fn book(&mut self, place: usize, claimed: Claimed) {
        let Claimed { state, band, share, offset, birthday } = claimed;
        let bundle = &mut self.bundles[place];
        bundle.share[state][band] += share;
        bundle.time[state][band] += share * (1.0 - offset / 12.0);
        bundle.dying_before[state][band] += share * (0.5 - birthday + offset / 12.0);
        for (pension, (paid, in_force)) in self.paid.iter().enumerate() {
            bundle.paid[pension][state][band] += share * paid;
            bundle.in_force[pension][state][band] += share * in_force;
        }
        let range = &mut bundle.range[state];
        *range = (range.0.min(band), range.1.max(band));
    }

    /// Turns weights into shares of those who are there.
    fn finish(&mut self, state: usize) {
        let Self { bundles, used, total, bands, all, .. } = self;
        for bundle in &mut bundles[..*used] {
            for band in bundle.bands(state) {
                let there = all[band];
                if there <= 0.0 {
                    continue;
                }
                bundle.share[state][band] /= there;
                bundle.time[state][band] /= there;
                bundle.dying_before[state][band] /= there;
                for pension in 0..bundle.paid.len() {
                    bundle.paid[pension][state][band] /= there;
                    bundle.in_force[pension][state][band] /= there;
                }
                let share = bundle.share[state][band];
                let total = &mut total[state][bands[state].credits(band)];
                total.iter_mut().for_each(|total| *total += share);
            }
        }
        all[..bands[state].count()].fill(0.0);
    }

    fn clear(&mut self, credits: usize) {
        self.used = 0;
        for state in 0..STATES {
            self.total[state][..credits].fill(0.0);
        }
        for bundle in &mut self.bundles {
            for state in 0..STATES {
                let range = bundle.bands(state);
                if range.start < range.end {
                    bundle.share[state][range.clone()].fill(0.0);
                    bundle.time[state][range.clone()].fill(0.0);
                    bundle.dying_before[state][range.clone()].fill(0.0);
                    for values in bundle.paid.iter_mut().chain(&mut bundle.in_force) {
                        values[state][range.clone()].fill(0.0);
                    }
                }
                bundle.range[state] = (usize::MAX, 0);
            }
        }
    }
}
