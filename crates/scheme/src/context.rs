use std::cell::RefCell;

use perennis_units::{Date, Duration, Money, When, Year, add_months, date_of_year};

use crate::condition::date_reached;
use crate::known::StatedValue;
use crate::value::{BaseRef, Value};
use crate::{
    Amount, Base, BaseOf, Benefit, Claim, Counted, Credit, CreditHeld, Entry, Environment, Formula,
    LawError, Rule, StatedKind, TracedStep,
};

/// The claims that are valued together: one, one for each number of months of credit, or those of a list.
#[derive(Clone, Debug)]
pub(crate) enum Rows<'a> {
    One,
    Months(MonthRows),
    Held(&'a [CreditHeld]),
}

/// Claims with `first`, `first + 1` and so on months of credit.
#[derive(Clone, Debug)]
pub(crate) struct MonthRows {
    pub(crate) first: usize,
    pub(crate) count: usize,
    pub(crate) until: Date,
    pub(crate) entry: Entry,
}

impl MonthRows {
    pub(crate) const fn new(first: usize, count: usize, until: Date, entry: Entry) -> Self {
        Self { first, count, until, entry }
    }

    fn months(&self, row: usize) -> i32 {
        i32::try_from(self.first + row).unwrap_or(i32::MAX)
    }

    fn entered(&self, row: usize) -> Date {
        self.entry.of(self.months(row), self.until)
    }

    /// The first claim with a first contribution before a day; they are the earlier the longer the credit.
    fn first_entered_before(&self, day: Date) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            if self.entered(middle) < day {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

impl Entry {
    /// Returns the day of the first contribution of one whose months of credit end on `until`.
    #[must_use]
    pub fn of(self, months: i32, until: Date) -> Date {
        match self {
            Self::On(day) => day,
            Self::Density(density) => {
                #[expect(clippy::cast_possible_truncation, reason = "months of a life fit i32")]
                let back = (f64::from(months) / density.max(1e-9) + 0.5 + 1e-9).floor() as i32;
                add_months(until, -back)
            }
        }
    }
}

/// What an evaluation writes down beside its result.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Steps are wanted.
    pub(crate) traces: bool,
    pub(crate) steps: RefCell<Vec<TracedStep>>,
    /// What the record gave, with the day of assessment.
    counted: RefCell<Vec<(StatedKind, Date, Counted)>>,
    /// What the benefit is proportional to.
    bases: RefCell<Bases>,
}

/// What a benefit is proportional to, by claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bases {
    pub(crate) of: Vec<Base>,
    /// Position of the base of each claim; all have the first when empty.
    pub(crate) by_row: Vec<usize>,
}

impl Notes {
    pub(crate) fn tracing() -> Self {
        Self { traces: true, ..Self::default() }
    }

    pub(crate) fn into_bases(self) -> Bases {
        self.bases.into_inner()
    }

    pub(crate) fn into_trace(self) -> (Vec<TracedStep>, Vec<Counted>) {
        let counted = self.counted.into_inner().into_iter().map(|(_, _, counted)| counted);
        (self.steps.into_inner(), counted.collect())
    }
}

/// Where an evaluation stands: the claims, the day and person for whom the law is asked, the step.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) claim: &'a Claim<'a>,
    pub(crate) env: &'a Environment<'a>,
    pub(crate) rows: &'a Rows<'a>,
    pub(crate) notes: &'a Notes,
    /// The benefit whose condition names the ages.
    pub(crate) benefit: &'a Benefit,
    /// The person whom the law asks for (the survivor in a benefit for one) on the day of assessment.
    pub(crate) when: When,
    /// The same on the day of the claim.
    pub(crate) on_day: When,
    /// Ages are not asked: the benefit of one who died before.
    pub(crate) age_waived: bool,
    /// Name of the benefit or formula.
    pub(crate) place: &'a str,
    /// Position of the step, from 1.
    pub(crate) position: usize,
    /// The formula or other benefit that is found on the way.
    pub(crate) part_of: Option<&'a str>,
    /// Nothing is written into the trace.
    pub(crate) silent: bool,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        benefit: &'a Benefit,
        claim: &'a Claim<'a>,
        env: &'a Environment<'a>,
        (rows, notes): (&'a Rows<'a>, &'a Notes),
    ) -> Result<Self, LawError> {
        let on_day = person(benefit, claim)?;
        let date = assessed(benefit.assessed_at.as_ref(), &claim.when);
        Ok(Self {
            claim,
            env,
            rows,
            notes,
            benefit,
            when: When { date, ..on_day },
            on_day,
            age_waived: false,
            place: &benefit.name,
            position: 0,
            part_of: None,
            silent: false,
        })
    }

    /// The context of another benefit of the same claim.
    pub(crate) fn inside(&self, benefit: &'a Benefit, age_waived: bool) -> Result<Self, LawError> {
        let other = Self::new(benefit, self.claim, self.env, (self.rows, self.notes))?;
        Ok(Self { age_waived, part_of: Some(&benefit.name), silent: self.silent, ..other })
    }

    /// The context of a formula, which speaks of the insured; its second use leaves no trace.
    pub(crate) fn of_formula(&self, formula: &'a Formula) -> Self {
        let when = match &formula.assessed_at {
            None => When { date: self.when.date, ..self.claim.when },
            Some(age) => When { date: assessed(Some(age), &self.claim.when), ..self.claim.when },
        };
        let name = formula.name.as_str();
        let known =
            self.notes.steps.borrow().iter().any(|step| step.part_of.as_deref() == Some(name));
        let silent = self.silent || known;
        let on_day = self.claim.when;
        Self { when, on_day, place: name, position: 0, part_of: Some(name), silent, ..*self }
    }

    pub(crate) const fn at_step(&self, position: usize) -> Self {
        Self { position, ..*self }
    }

    /// The same on the law of the day of the claim.
    pub(crate) const fn of_the_day(&self) -> Self {
        Self { when: self.on_day, ..*self }
    }

    pub(crate) const fn in_silence(&self) -> Self {
        Self { silent: true, ..*self }
    }

    /// Number of claims.
    pub(crate) const fn rows(&self) -> usize {
        match self.rows {
            Rows::One => 1,
            Rows::Months(rows) => rows.count,
            Rows::Held(held) => held.len(),
        }
    }

    /// The credit of a claim.
    pub(crate) fn credit(&self, row: usize) -> Credit<'a> {
        match self.rows {
            Rows::One => self.claim.credit,
            Rows::Months(rows) => Credit::Ending { months: rows.months(row), until: rows.until },
            Rows::Held(held) => Credit::Ending { months: held[row].months, until: held[row].until },
        }
    }

    /// The first contribution of a claim.
    pub(crate) fn entered(&self, row: usize) -> Date {
        match self.rows {
            Rows::One => self.when.entered,
            Rows::Months(MonthRows { entry: Entry::On(day), .. }) => *day,
            Rows::Months(rows) => rows.entered(row),
            Rows::Held(held) => held[row].entered,
        }
    }

    const fn entry_varies(&self) -> bool {
        matches!(
            self.rows,
            Rows::Months(MonthRows { entry: Entry::Density(_), .. }) | Rows::Held(_)
        )
    }

    /// Finds a number that changes with the first contribution on `days` (increasing) only: once for each span between.
    pub(crate) fn by_entry<V: Value>(
        &self,
        when: &When,
        days: &[Date],
        mut number: impl FnMut(&When) -> Result<f64, LawError>,
    ) -> Result<V, LawError> {
        if days.is_empty() || !self.entry_varies() {
            let entered = if self.rows() == 0 { when.entered } else { self.entered(0) };
            return number(&When { entered, ..*when }).map(V::number);
        }
        let mut spans: Vec<Option<f64>> = vec![None; days.len() + 1];
        let mut of_span = |span: usize, row: usize| match &mut spans[span] {
            Some(known) => Ok(*known),
            empty => Ok(*empty.insert(number(&When { entered: self.entered(row), ..*when })?)),
        };
        let Rows::Months(rows) = self.rows else {
            return V::by_rows(self, |row| {
                let entered = self.entered(row);
                of_span(days.partition_point(|day| *day <= entered), row)
            });
        };
        // More months mean an earlier first contribution, so that each day is found in a few steps.
        let ends: Vec<usize> = days.iter().map(|day| rows.first_entered_before(*day)).collect();
        V::by_rows(self, |row| of_span(ends.iter().filter(|end| row < **end).count(), row))
    }

    /// A number of the law.
    pub(crate) fn rule<V: Value>(&self, rule: &Rule<f64>) -> Result<V, LawError> {
        self.by_entry(&self.when, &rule.entry_days(), |when| Ok(rule.at(when)?.value))
    }

    /// A duration of the law, months.
    pub(crate) fn duration<V: Value>(&self, rule: &Rule<Duration>) -> Result<V, LawError> {
        let months = |when: &When| Ok(f64::from(rule.at(when)?.value.in_months()));
        self.by_entry(&self.when, &rule.entry_days(), months)
    }

    /// An amount of the law, currency a year.
    pub(crate) fn amount<V: Value>(&self, amount: &Amount) -> Result<V, LawError> {
        let days = match amount {
            Amount::Fixed(rule) => rule.entry_days(),
            Amount::Times { times: rule, .. } | Amount::OfInsuredWage(rule) => rule.entry_days(),
            Amount::Named(_) | Amount::Series(_) => Vec::new(),
        };
        self.by_entry(&self.when, &days, |when| Ok(amount.at(when, self.env)?.get()))
    }

    /// What was stated under a name.
    pub(crate) fn stated(&self, kind: StatedKind, name: &str) -> Option<f64> {
        self.claim.known?.stated(kind, name)
    }

    /// What the record of a person gives, found once for a rule and a day of assessment.
    pub(crate) fn counted(&self, base: BaseRef<'_>) -> Result<f64, LawError> {
        let (kind, name) = match base {
            BaseRef::ReferenceEarnings(rule) => (StatedKind::ReferenceEarnings, &rule.name),
            BaseRef::Points(rule) => (StatedKind::Points, &rule.name),
            BaseRef::Balance(rule) => (StatedKind::Balance, &rule.name),
            BaseRef::InPayment(benefit) => return self.in_payment(benefit).map(Money::get),
        };
        let date = self.when.date;
        let mut known = self.notes.counted.borrow().iter().find_map(|(of, on, counted)| {
            ((*of, *on) == (kind, date) && counted.name == *name).then_some(counted.amount)
        });
        if known.is_none() {
            let stated = self.claim.known.and_then(|known| known.stated_value(kind, name));
            let counted = match (stated, base) {
                (Some(StatedValue { value, on: None }), _) => Counted::stated(name, value),
                (_, BaseRef::ReferenceEarnings(rule)) => {
                    rule.of_record(self.claim, date, self.env)?
                }
                (_, BaseRef::Points(rule)) => rule.of_record(self.claim, date, self.env)?,
                (_, BaseRef::Balance(rule)) => rule.of_record(self.claim, date, self.env)?,
                (_, BaseRef::InPayment(_)) => return Ok(0.0),
            };
            known = Some(counted.amount);
            self.notes.counted.borrow_mut().push((kind, date, counted));
        }
        Ok(known.unwrap_or(0.0))
    }

    /// What was found of a record under a name, with its formula.
    pub(crate) fn known_of_record(&self, name: &str) -> Option<(f64, String)> {
        self.notes.counted.borrow().iter().find_map(|(_, on, counted)| {
            let same = counted.name == name && *on == self.when.date;
            same.then(|| (counted.amount, counted.formula.clone()))
        })
    }

    fn in_payment(&self, benefit: &str) -> Result<Money, LawError> {
        let known = self.claim.known.and_then(|known| known.in_payment.get(benefit));
        known.copied().ok_or_else(|| LawError::NotKnown { measure: benefit.to_owned() })
    }

    /// Notes what the claims of a cell are proportional to; a second base is refused.
    pub(crate) fn note_bases<'b>(
        &self,
        varies: bool,
        mut of: impl FnMut(usize) -> Result<BaseRef<'b>, LawError>,
    ) -> Result<(), LawError> {
        let mut found = Bases::default();
        let when = When { date: self.when.date, ..self.claim.when };
        let rows = if varies { self.rows() } else { self.rows().min(1) };
        for row in 0..rows {
            let base = of(row)?;
            let known = found.of.iter().position(|known| base.is(&known.of));
            let position = known.unwrap_or_else(|| {
                found.of.push(Base { of: base.owned(), when });
                found.of.len() - 1
            });
            found.by_row.push(position);
        }
        if found.of.len() < 2 {
            found.by_row.clear();
        }
        let mut noted = self.notes.bases.borrow_mut();
        if let (Some(first), Some(second)) = (noted.of.first(), found.of.first())
            && *noted != found
        {
            return Err(LawError::TwoBases {
                benefit: self.benefit.name.clone(),
                first: first.of.name().to_owned(),
                second: second.of.name().to_owned(),
            });
        }
        *noted = found;
        Ok(())
    }

    pub(crate) fn not_linear(&self, what: &str) -> LawError {
        LawError::NotLinear {
            place: self.place.to_owned(),
            position: self.position,
            what: what.to_owned(),
        }
    }

    pub(crate) fn divided_by_zero(&self, what: &str) -> LawError {
        LawError::DividedByZero {
            place: self.place.to_owned(),
            position: self.position,
            what: what.to_owned(),
        }
    }
}

impl BaseRef<'_> {
    fn is(&self, known: &BaseOf) -> bool {
        match (self, known) {
            (Self::ReferenceEarnings(rule), BaseOf::ReferenceEarnings(known)) => {
                rule.name == known.name
            }
            (Self::Points(rule), BaseOf::Points(known)) => rule.name == known.name,
            (Self::Balance(rule), BaseOf::Balance(known)) => rule.name == known.name,
            (Self::InPayment(name), BaseOf::InPayment(known)) => name == known,
            _ => false,
        }
    }

    fn owned(&self) -> BaseOf {
        match *self {
            Self::ReferenceEarnings(rule) => BaseOf::ReferenceEarnings(rule.clone()),
            Self::Points(rule) => BaseOf::Points(rule.clone()),
            Self::Balance(rule) => BaseOf::Balance(rule.clone()),
            Self::InPayment(benefit) => BaseOf::InPayment(benefit.to_owned()),
        }
    }
}

/// The person whom the law asks for: the survivor in a benefit for one, else the insured.
fn person(benefit: &Benefit, claim: &Claim<'_>) -> Result<When, LawError> {
    if benefit.condition.recipient.is_none() {
        return Ok(claim.when);
    }
    let survivor = claim.known.and_then(|known| known.survivor);
    let survivor = survivor.ok_or_else(|| LawError::NotKnown { measure: "survivor".to_owned() })?;
    Ok(When { born: survivor.born, sex: survivor.sex, ..claim.when })
}

/// The day whose law is applied: 1 January of the year in which the insured reaches the age, or of the claim if that is
/// earlier; the day of the claim without an age.
pub(crate) fn assessed(age: Option<&Rule<Duration>>, insured: &When) -> Date {
    let Some(age) = age else { return insured.date };
    let first = |date: Date| date_of_year(Year::new(i32::from(date.year())));
    let claim = first(insured.date);
    let reached = date_reached(age, insured.born, insured.entered, insured.sex);
    reached.map_or(claim, |day| first(day).min(claim))
}
