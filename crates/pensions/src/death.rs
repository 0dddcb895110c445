use perennis_cohort::{Register, Row};
use perennis_scheme::{
    Asked, BaseOf, CompiledClaims, CreditHeld, HeldOnDay, Known, LawError, Recipient, Survivor,
};
use perennis_units::{Date, Money, Sex, When, add_months, date_of_year};

use crate::award::{expected, state_of, whole};
use crate::claim_dates::{INACTIVE, born_on, count};
use crate::claims::STATES;
use crate::recipients::{OpenAges, Times};
use crate::reference::{Claimant, LastYears, OfRow, Ready};
use crate::walk::Context;

/// The benefits on deaths in one year.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeathYear {
    /// In the order of the law.
    pub(crate) benefits: Vec<DeathBenefit>,
    /// Every question that a death puts to the law.
    pub(crate) questions: Vec<Question>,
    /// By question, class and state: the amounts where all who have a credit are alike.
    known: Vec<Vec<[Option<ByCredit>; STATES]>>,
}

/// A benefit on deaths in one year.
#[derive(Clone, Debug)]
pub(crate) struct DeathBenefit {
    /// Position in the law.
    pub(crate) benefit: usize,
    pub(crate) recipient: Option<Recipient>,
    /// Whether the amount turns on the deceased.
    pub(crate) by_deceased: bool,
    /// Parts of the year, by the day of the first payment.
    pub(crate) spans: Vec<Span>,
}

/// A part of the year in which the law and amounts in payment stand still.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    /// Months from 1 January.
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// The day that stands for it.
    pub(crate) day: Date,
    /// Ages, in months, at which survivors of each sex may have the benefit.
    pub(crate) open: [OpenAges; 2],
    /// Awards and payments for one death, by sex and age of the survivor; one entry where there is no survivor.
    pub(crate) times: [Times; 2],
}

/// One question: a benefit, a part of the year, and a survivor who stands for some.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Position in [`DeathYear::benefits`].
    pub(crate) of: usize,
    pub(crate) span: usize,
    /// The survivor's sex; both where the amount is the same.
    pub(crate) sex: Option<Sex>,
    /// The survivor's age at the end of the year; all where the amount is the same.
    pub(crate) age_end: Option<usize>,
    pub(crate) known: Known,
}

/// Amounts by credit.
#[derive(Clone, Debug, PartialEq)]
enum ByCredit {
    /// The same from a credit on.
    From(usize, f64),
    /// Of each credit; none where nothing is due.
    Each(Vec<Option<f64>>),
}

/// Deaths, and amounts a year that they give one survivor each, by age at the start of the year.
pub(crate) type Deaths = Vec<[f64; 2]>;

/// One row whose members die.
#[derive(Clone, Copy)]
pub(crate) struct DeathRow<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) class: usize,
    pub(crate) register: &'a Register,
    pub(crate) row: Row,
    /// Share of each state alive at the end of the year.
    pub(crate) alive: [f64; STATES],
    pub(crate) last_years: &'a LastYears,
}

/// Sums over the credits of a row from one on, each found once.
struct Sums<'a> {
    persons: &'a [f64],
    known: Vec<(usize, f64)>,
}

impl Sums<'_> {
    fn from(&mut self, first: usize) -> f64 {
        if let Some((_, sum)) = self.known.iter().find(|(known, _)| *known == first) {
            return *sum;
        }
        let sum = self.persons.get(first..).map_or(0.0, sum_of);
        self.known.push((first, sum));
        sum
    }
}

/// Eight sums run beside one another.
fn sum_of(persons: &[f64]) -> f64 {
    let (eights, rest) = persons.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for eight in eights {
        for lane in 0..8 {
            sums[lane] += eight[lane];
        }
    }
    sums.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

impl DeathYear {
    /// Asks the law for the classes to which it is the same for all with a credit; `away` gives the mean years away of the
    /// inactive insured of a class by credit.
    pub(crate) fn ask(
        &mut self,
        context: &Context<'_>,
        away: impl Fn(usize) -> Vec<f64>,
    ) -> Result<(), LawError> {
        let away: Vec<Vec<f64>> = if self.questions.is_empty() {
            Vec::new()
        } else {
            (0..context.classes.len()).map(away).collect()
        };
        for question in &self.questions {
            let of = &self.benefits[question.of];
            let mut known = Vec::new();
            for (class, away) in context.classes.iter().zip(&away) {
                let mut by_state = [None, None];
                if !of.by_deceased && class.deaths.contains(&of.benefit) {
                    for (state, known) in by_state.iter_mut().enumerate() {
                        let asking = Asking { context, of, question, class: class.group };
                        let held = asking.held(state, away);
                        let when = asking.when(Sex::Female, TYPICAL_AGE);
                        let compiled = asking.ask(&held, when, &question.known)?;
                        *known = Some(ByCredit::new(&compiled, held.len()));
                    }
                }
                known.push(by_state);
            }
            self.known.push(known);
        }
        Ok(())
    }
}

/// Age that stands for the deceased where the law does not turn on it.
const TYPICAL_AGE: usize = 45;

impl ByCredit {
    fn new(compiled: &CompiledClaims, credits: usize) -> Self {
        let amount = |at: usize| Some(compiled.amount(at)?.at(0.0));
        let each: Vec<Option<f64>> = if compiled.is_closed() {
            vec![None; credits]
        } else {
            (0..credits).map(amount).collect()
        };
        let first = each.iter().position(Option::is_some).unwrap_or(credits);
        let Some(Some(amount)) = each.get(first) else { return Self::From(credits, 0.0) };
        let same = |other: &Option<f64>| other.is_some_and(|one| one.to_bits() == amount.to_bits());
        if each[first..].iter().all(same) { Self::From(first, *amount) } else { Self::Each(each) }
    }
}

/// One question about some deceased.
#[derive(Clone, Copy)]
struct Asking<'a> {
    context: &'a Context<'a>,
    of: &'a DeathBenefit,
    question: &'a Question,
    /// The group that stands for the class.
    class: usize,
}

impl<'a> Asking<'a> {
    fn span(&self) -> &'a Span {
        &self.of.spans[self.question.span]
    }

    /// Months from 1 January to the day that stands for the span.
    fn months(&self) -> f64 {
        0.5 * (self.span().from + self.span().to)
    }

    fn density(&self) -> f64 {
        self.context.basis.groups[self.class].months.density()
    }

    /// The credit of the members of a state on the day, by credit at the start of the year.
    fn held(&self, state: usize, away: &[f64]) -> Vec<CreditHeld> {
        let step = self.context.basis.credit_step;
        let day = self.span().day;
        let density = self.density().max(1e-9);
        let worked = if state == INACTIVE { 0 } else { whole(self.months() * self.density()) };
        let held = |(at, away): (usize, &f64)| {
            let months = i32::try_from(at * step).unwrap_or(i32::MAX) + worked;
            let until = if state == INACTIVE { add_months(day, -whole(away * 12.0)) } else { day };
            let entered = add_months(until, -whole(f64::from(months) / density));
            CreditHeld { months, until, entered }
        };
        away.iter().enumerate().map(held).collect()
    }

    /// A deceased of a sex and age at the start of the year, born in the middle of a year.
    fn when(&self, sex: Sex, age: usize) -> When {
        let date = self.span().day;
        let year = self.context.plan.year;
        let born = born_on(year.plus(-i32::try_from(age).unwrap_or(0) - 1), 6);
        When { date, born, entered: date, sex }
    }

    fn ask(
        &self,
        held: &[CreditHeld],
        when: When,
        known: &Known,
    ) -> Result<CompiledClaims, LawError> {
        let basis = self.context.basis;
        let group = &basis.groups[self.class].name;
        let claims = HeldOnDay { when, group, held, known: Some(known) };
        let law = &basis.law.benefits[self.of.benefit];
        law.compile_held(&claims, Asked::Conditions, self.context.plan.env)
    }
}

impl DeathRow<'_> {
    /// Books those who die in the year of a row; `booked` has the deaths by question and age.
    pub(crate) fn book(&self, booked: &mut [Deaths]) -> Result<(), LawError> {
        let plan = self.context.plan;
        let class = &self.context.classes[self.class];
        if class.deaths.is_empty() || !self.register.has_members(self.row) {
            return Ok(());
        }
        for state in 0..STATES {
            let dying = 1.0 - self.alive[state];
            if dying <= 0.0 {
                continue;
            }
            let persons = self.register.persons(state_of(state), self.row);
            let mut sums = Sums { persons, known: Vec::new() };
            for (at, question) in plan.deaths.questions.iter().enumerate() {
                let of = &plan.deaths.benefits[question.of];
                if !class.deaths.contains(&of.benefit) {
                    continue;
                }
                let found = match &plan.deaths.known[at][self.class][state] {
                    Some(ByCredit::From(first, amount)) => {
                        let heads = sums.from(*first);
                        [heads, heads * amount]
                    }
                    Some(ByCredit::Each(amounts)) => {
                        let cells = persons.iter().zip(amounts);
                        let each = cells.filter_map(|(heads, amount)| Some((*heads, (*amount)?)));
                        each.fold([0.0; 2], |sum, (heads, amount)| {
                            [sum[0] + heads, sum[1] + heads * amount]
                        })
                    }
                    None => self.asked(question, state, persons)?,
                };
                let place = &mut booked[at][self.row.age];
                place[0] += dying * found[0];
                place[1] += dying * found[1];
            }
        }
        Ok(())
    }

    /// Asks the law for the members of one state.
    fn asked(
        &self,
        question: &Question,
        state: usize,
        persons: &[f64],
    ) -> Result<[f64; 2], LawError> {
        let of = &self.context.plan.deaths.benefits[question.of];
        let found = self.amounts((of, question), state, persons)?;
        Ok(found
            .iter()
            .fold([0.0; 2], |sum, (_, heads, amount)| [sum[0] + heads, sum[1] + heads * amount]))
    }

    /// Asks the law for the members of one state: position of the credit, persons and amount, where one is due.
    pub(crate) fn amounts(
        &self,
        (of, question): (&DeathBenefit, &Question),
        state: usize,
        persons: &[f64],
    ) -> Result<Vec<(usize, f64, f64)>, LawError> {
        let class = self.context.classes[self.class].group;
        let asking = Asking { context: self.context, of, question, class };
        let sums = self.register.sum(state_of(state), 0, self.row);
        let away: Vec<f64> = (0..persons.len())
            .map(|at| {
                let there = state == INACTIVE && 0.0 < persons[at];
                if there { sums[at] / persons[at] } else { 0.0 }
            })
            .collect();
        let held = asking.held(state, &away);
        let when = asking.when(self.row.sex, self.row.age);
        let compiled = asking.ask(&held, when, &question.known)?;
        let mut found = Vec::new();
        if compiled.is_closed() {
            return Ok(found);
        }
        let bases = self.bases(&asking, (&compiled, when), (state, &held))?;
        let step = count(self.context.basis.credit_step);
        let worked =
            if state == INACTIVE { 0.0 } else { asking.months() / 12.0 * asking.density() };
        for (at, heads) in persons.iter().enumerate().filter(|(_, heads)| 0.0 < **heads) {
            let Some(schedule) = compiled.amount(at) else { continue };
            let claimant = Claimant {
                at,
                persons: *heads,
                credit: count(at) * step / 12.0 + worked,
                worked,
                away: away[at],
                entered: held[at].entered,
            };
            let applies = |(from, _): &&(Option<Date>, Ready<'_>)| {
                from.is_none_or(|from| from <= claimant.entered)
            };
            let ranks = &self.context.ranks[self.row.group];
            let mut spread = ranks.of_years(|| 1.0);
            let mean = match bases.iter().find(applies) {
                Some((_, base)) => {
                    spread = ranks.of_years(|| base.years(&claimant));
                    base.mean(&claimant, self.context.references)?
                }
                None => 0.0,
            };
            let amount = expected(schedule, spread.at_mean(mean));
            found.push((at, *heads, amount));
        }
        Ok(found)
    }

    fn bases(
        &self,
        asking: &Asking<'_>,
        (compiled, when): (&CompiledClaims, When),
        (state, held): (usize, &[CreditHeld]),
    ) -> Result<Vec<(Option<Date>, Ready<'_>)>, LawError> {
        let Some(base) = compiled.bases().first() else { return Ok(Vec::new()) };
        let plan = self.context.plan;
        let references = self.context.references;
        let of = OfRow {
            row: self.row,
            year: plan.year,
            when,
            carried: &plan.carried,
            earnings: self.context.earnings,
            indices: plan.env.indices,
            last_years: self.last_years,
            ranks: &self.context.ranks[self.row.group],
            pace: self.context.basis.groups[self.row.group].pace(),
        };
        let name = &self.context.basis.groups[self.row.group].name;
        let entries = held.iter().map(|held| held.entered);
        let range = entries
            .fold((Date::MAX, Date::MIN), |(first, last), day| (first.min(day), last.max(day)));
        let sum = |sum| self.register.sum(state_of(state), sum, self.row);
        let found = references.of_group(asking.of.benefit, name, range);
        let ready = found
            .into_iter()
            .map(|(from, at)| Ok((from, references.ready(at, &base.when, of, sum)?)));
        ready.collect()
    }
}

/// Pensioners of one benefit who die in the year, with the amounts in force at the start of the year.
#[derive(Clone, Debug)]
pub(crate) struct DyingPensioners {
    /// Position of the benefit in the law.
    pub(crate) benefit: usize,
    /// Persons and amounts by sex and age at the start of the year.
    pub(crate) deaths: [Deaths; 2],
    /// The factor on their amounts on the middle of each part of the year of a question.
    pub(crate) payment: crate::indexing::YearPayment,
}

/// Credit of a pensioner, which survivors' benefits ask for and no stock knows: a whole career.
const CAREER_MONTHS: i32 = 45 * 12;

impl DyingPensioners {
    /// Adds what the deaths give, by question; `sex` is that of the deceased.
    pub(crate) fn book(
        &self,
        context: &Context<'_>,
        sex: Sex,
        booked: &mut [Deaths],
    ) -> Result<(), LawError> {
        let deaths = &self.deaths[sex.index()];
        let heads: f64 = deaths.iter().map(|of| of[0]).sum();
        if heads <= 0.0 {
            return Ok(());
        }
        let years: f64 = (0_u8..).zip(deaths).map(|(age, of)| f64::from(age) * of[0]).sum();
        let mean_age = usize::try_from(whole(years / heads)).unwrap_or(0);
        let name = &context.basis.law.benefits[self.benefit].name;
        let plan = context.plan;
        for (at, question) in plan.deaths.questions.iter().enumerate() {
            let of = &plan.deaths.benefits[question.of];
            let law = &context.basis.law.benefits[of.benefit];
            let groups = &context.basis.groups;
            let Some(group) = groups.iter().position(|g| law.condition.groups.contains(&g.name))
            else {
                continue;
            };
            let asking = Asking { context, of, question, class: group };
            let when = asking.when(sex, mean_age);
            let entered = add_months(when.date, -CAREER_MONTHS);
            let held = [CreditHeld { months: CAREER_MONTHS, until: when.date, entered }];
            let mut known = question.known.clone();
            known.in_payment.insert(name.clone(), Money::ZERO);
            let compiled = asking.ask(&held, When { entered, ..when }, &known)?;
            let Some(schedule) = compiled.amount(0).filter(|_| !compiled.is_closed()) else {
                continue;
            };
            if let Some(base) = compiled.bases().first()
                && !matches!(&base.of, BaseOf::InPayment(paid) if paid == name)
            {
                return Err(LawError::NotKnown { measure: base.of.name().to_owned() });
            }
            let factor = self.payment.factor_at(asking.months());
            for (place, [heads, amount]) in booked[at].iter_mut().zip(deaths) {
                if 0.0 < *heads {
                    place[0] += heads;
                    place[1] += heads * schedule.at(amount * factor / heads);
                }
            }
        }
        Ok(())
    }
}

/// The survivor who stands for some on a day: of a sex and of an age in months.
pub(crate) fn survivor(kind: Recipient, sex: Sex, day: Date, months: i32) -> Known {
    let mut known = Known::nothing();
    known.survivor = Some(Survivor { kind, born: add_months(day, -months), sex });
    known
}

/// The day so many months after 1 January, whole months counted.
pub(crate) fn day_in(year: perennis_units::Year, months: f64) -> Date {
    add_months(date_of_year(year), whole(months - 0.5 + 1e-9))
}
