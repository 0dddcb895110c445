use std::collections::BTreeMap;

use perennis_units::{Date, Money, When, Year, add_months, date_of_year, months_between};

use super::result::RecordSum;
use super::{ClaimEvent, Person, PersonError, RecordRow, Spouse, SurvivorOf};
use crate::{
    Claim, Credit, CreditedYear, EarningsByMonth, Event, Fact, Groups, Known, Law, Period,
    Recipient, Record, StatedKind, Step, Survivor, WORK,
};

/// One law and what it sees of the person on the day of a claim.
#[derive(Clone, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) law: &'a Law,
    pub(crate) person: &'a Person,
    pub(crate) group: String,
    pub(crate) record: Record,
    pub(crate) sum: RecordSum,
    entered: Date,
}

impl<'a> Setting<'a> {
    /// Cuts the record on the day of the claim.
    pub(crate) fn new(law: &'a Law, person: &'a Person, date: Date) -> Result<Self, PersonError> {
        let group = group(law, person)?;
        let (record, sum) = record(law, person, date);
        Ok(Self { law, person, group, record, sum, entered: entered(person) })
    }

    /// Returns the person on a day.
    pub(crate) fn when(&self, date: Date) -> When {
        let Person { born, sex, .. } = *self.person;
        When { date, born, entered: self.entered, sex }
    }

    /// Returns a claim whose payment begins on `date`.
    pub(crate) fn claim<'b>(&'b self, date: Date, known: &'b Known) -> Claim<'b> {
        Claim {
            when: self.when(date),
            group: &self.group,
            credit: Credit::Record(&self.record),
            known: Some(known),
        }
    }

    /// Returns what is known of the person on a day.
    pub(crate) fn known(&self, date: Date) -> Known {
        let person = self.person;
        let mut known = Known::nothing();
        let mut learn = |fact, value: Option<f64>| {
            if let Some(value) = value {
                known = std::mem::take(&mut known).with(fact, value);
            }
        };
        let born_by = |born: &Date| *born <= date;
        let children = person.family.children.iter().filter(|child| born_by(&child.born)).count();
        learn(Fact::Children, Some(count(children)));
        learn(Fact::Dependants, Some(f64::from(person.family.dependants.unwrap_or(0))));
        // Who does not claim as an invalid and says nothing of a degree has none.
        let none = (person.claim.event != ClaimEvent::Invalidity).then_some(0.0);
        learn(Fact::Degree, person.claim.degree.map(perennis_units::Share::get).or(none));
        learn(Fact::ShareClaimed, person.claim.share.map(perennis_units::Share::get));
        let means = &person.means;
        learn(Fact::WorkIncome, means.work_income.map(Money::get));
        learn(Fact::OtherIncome, means.other_income.map(Money::get));
        learn(Fact::Assets, means.assets.map(Money::get));
        let residence = || means.residence.iter().map(|span| resident(*span, date)).sum();
        learn(Fact::Residence, (!means.residence.is_empty()).then(residence));
        learn(Fact::Married, self.married(date));
        learn(Fact::Marriages, self.marriages(date));
        learn(Fact::ChildrenRaised, Some(count(children)));
        learn(Fact::InPayment, Some(0.0));
        let spouse = person.family.spouse.as_ref();
        learn(Fact::SpouseAge, spouse.map(|spouse| age_on(spouse.born, date)));
        let stated = &person.stated;
        for (kind, values) in [
            (StatedKind::Measure, &stated.measures),
            (StatedKind::ReferenceEarnings, &stated.reference_earnings),
            (StatedKind::Formula, &stated.formulas),
        ] {
            for (name, value) in values {
                known = known.stating(kind, name, *value);
            }
        }
        for (kind, values) in
            [(StatedKind::Points, &stated.points), (StatedKind::Balance, &stated.balances)]
        {
            for (name, (value, on)) in values {
                known = match on {
                    None => known.stating(kind, name, *value),
                    Some(day) => known.stating_on(kind, name, (*value, *day)),
                };
            }
        }
        known.married = spouse.and_then(|spouse| spouse.married);
        let lived = means.residence.iter().map(|(from, to)| (*from, to.unwrap_or(date).min(date)));
        known.residence = lived.collect();
        known.in_payment = stated.benefits.clone();
        known
    }

    /// Returns months of marriage; nothing for those who are not married, and unknown without its day.
    fn married(&self, date: Date) -> Option<f64> {
        let Some(spouse) = &self.person.family.spouse else { return Some(0.0) };
        spouse.married.map(|married| f64::from(months_between(married, date).max(0)))
    }

    /// Returns months of all marriages; unknown where the day of one is.
    fn marriages(&self, date: Date) -> Option<f64> {
        let former = self.person.family.former_spouses.iter();
        let months = former.map(|spouse| Some(months_married(spouse, spouse.married?, date)));
        let former: Option<f64> = months.sum();
        Some(self.married(date)? + former?)
    }
}

fn months_married(spouse: &Spouse, married: Date, date: Date) -> f64 {
    let end = spouse.divorced.map_or(date, |divorced| divorced.min(date));
    f64::from(months_between(married, end).max(0))
}

fn age_on(born: Date, date: Date) -> f64 {
    f64::from(months_between(born, date))
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn resident((from, to): (Date, Option<Date>), date: Date) -> f64 {
    let to = to.map_or(date, |to| to.min(date));
    f64::from(months_between(from, to).max(0))
}

/// Adds what is known on a day of a member of the family of whom `sharing` like him claim.
///
/// Other income is that of the spouse; nothing where the file gives neither it nor other income at all.
pub(crate) fn of_survivor(
    known: &Known,
    (of, survivor): (SurvivorOf, Survivor),
    (person, date, sharing): (&Person, Date, usize),
) -> Known {
    let mut known = known.clone().with(Fact::Recipients, count(sharing));
    if let Some(spouse) = spouse_of(person, of) {
        let own = spouse.income.map(Money::get);
        let income = own.or(known.fact(Fact::OtherIncome)).unwrap_or(0.0);
        known = known.with(Fact::OtherIncome, income);
        if let Some(married) = spouse.married {
            known = known.with(Fact::Married, months_married(spouse, married, date));
        }
        known.married = spouse.married;
    }
    known.survivor = Some(survivor);
    known
}

/// Returns the husband or wife, also a former one, who claims.
pub(super) fn spouse_of(person: &Person, of: SurvivorOf) -> Option<&Spouse> {
    match of.kind {
        Recipient::Spouse => person.family.spouse.as_ref(),
        Recipient::FormerSpouse => person.family.former_spouses.get(of.position),
        Recipient::Child | Recipient::Parent => None,
    }
}

/// Returns the members of the family of a kind, with the day from which each claims, where the file says so.
pub(crate) fn survivors(
    person: &Person,
    kind: Recipient,
    date: Date,
) -> Vec<(SurvivorOf, Survivor, Option<Date>)> {
    let family = &person.family;
    let other = |position, born, sex: Option<perennis_units::Sex>| {
        let sex = sex.unwrap_or(person.sex);
        (SurvivorOf { kind, position, born }, Survivor { kind, born, sex }, None)
    };
    let of_spouse = |position, spouse: &Spouse| {
        let (of, survivor, _) = other(position, spouse.born, Some(spouse.sex));
        (of, survivor, spouse.claims)
    };
    match kind {
        Recipient::Spouse => {
            let spouse = family.spouse.iter();
            let married = spouse.filter(|spouse| spouse.married.is_none_or(|day| day <= date));
            married.map(|spouse| of_spouse(0, spouse)).collect()
        }
        Recipient::FormerSpouse => {
            let former = family.former_spouses.iter().enumerate();
            let divorced = former.filter(|(_, one)| one.divorced.is_some_and(|day| day <= date));
            divorced.map(|(position, spouse)| of_spouse(position, spouse)).collect()
        }
        Recipient::Child => {
            let children = family.children.iter().enumerate();
            children.map(|(position, child)| other(position, child.born, child.sex)).collect()
        }
        Recipient::Parent => {
            let parents = family.parents.iter().enumerate();
            parents.map(|(position, parent)| other(position, parent.born, parent.sex)).collect()
        }
    }
}

/// Returns the day of the first contribution: stated, or 1 January of the first year of the record, or birth.
fn entered(person: &Person) -> Date {
    let first = person.record.iter().find(|row| 0 < row.months).map(|row| date_of_year(row.year));
    person.entered.or(first).unwrap_or(person.born).max(person.born)
}

/// Returns the groups that a law names.
fn groups(law: &Law) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let of_rules = law.benefits.iter().flat_map(|benefit| &benefit.steps).flat_map(|step| {
        let rules = if let Step::ReferenceEarnings(rules) = step { rules.as_slice() } else { &[] };
        rules.iter().map(|rule| &rule.groups)
    });
    let of_benefits = law.benefits.iter().map(|benefit| &benefit.condition.groups);
    for groups in of_benefits.chain(of_rules) {
        if let Groups::Only(only) = groups {
            names.extend(only.iter().map(String::as_str));
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn group(law: &Law, person: &Person) -> Result<String, PersonError> {
    if let Some(group) = &person.group {
        return Ok(group.clone());
    }
    match groups(law).as_slice() {
        [] => Ok("all".to_owned()),
        [one] => Ok((*one).to_owned()),
        several => {
            Err(PersonError::GroupNeeded { scheme: law.scheme.clone(), known: several.join(", ") })
        }
    }
}

/// Cuts a record on the day of a claim: whole years before it, and in its own year the months before its month.
fn record(law: &Law, person: &Person, date: Date) -> (Record, RecordSum) {
    let this_year = Year::new(i32::from(date.year()));
    let mut sum = RecordSum { months: Vec::new(), after_claim: 0, years: None };
    let (mut work, mut told) = (Vec::new(), Vec::new());
    let mut periods: BTreeMap<&str, Vec<CreditedYear>> = BTreeMap::new();
    for row in &person.record {
        let kept = if row.year < this_year {
            row.months
        } else if row.year == this_year {
            let before = i32::from(date.month()) - 1;
            row.by_month.map_or(row.months.min(before), |of| of.before(date.month()).credited())
        } else {
            0
        };
        sum.after_claim += row.months - kept;
        if kept == 0 && 0 < row.months || this_year < row.year {
            continue;
        }
        sum.add(row, kept);
        let by_month = row.by_month.filter(|_| row.year < this_year);
        let by_month = by_month.or(row.by_month.map(|of| of.before(date.month())));
        let credited = credited(row, kept, by_month);
        if let Some(months) = by_month {
            told.push((row, months));
        }
        if row.kind == WORK {
            work.push(credited);
        } else {
            periods.entry(row.kind.as_str()).or_default().push(credited);
        }
    }
    let known = |period: &&std::sync::Arc<Period>| periods.contains_key(period.name.as_str());
    let record = law.periods.iter().filter(known).fold(Record::of_work(work), |record, period| {
        record.with(period.clone(), periods[period.name.as_str()].clone())
    });
    let tell = |record: Record, (row, months): (&RecordRow, EarningsByMonth)| {
        record.with_months(&row.kind, row.year, months)
    };
    (told.into_iter().fold(record, tell), sum)
}

impl RecordSum {
    fn add(&mut self, row: &RecordRow, months: i32) {
        let (first, _) = self.years.unwrap_or((row.year, row.year));
        self.years = Some((first, row.year));
        match self.months.iter_mut().find(|(kind, _)| *kind == row.kind) {
            Some((_, sum)) => *sum += months,
            None => self.months.push((row.kind.clone(), months)),
        }
    }
}

fn credited(row: &RecordRow, kept: i32, by_month: Option<EarningsByMonth>) -> CreditedYear {
    let insured_earnings = if let Some(by_month) = by_month {
        Money::new(by_month.earnings()).unwrap_or(row.earnings)
    } else if kept == row.months {
        row.earnings
    } else {
        let part = f64::from(kept) / f64::from(row.months);
        Money::new(row.earnings.get() * part).unwrap_or(Money::ZERO)
    };
    CreditedYear { year: row.year, months: kept, insured_earnings }
}

/// Returns the event of the law that a claim is for.
pub(crate) fn event(claimed: ClaimEvent) -> Event {
    match claimed {
        ClaimEvent::Age => Event::Age,
        ClaimEvent::Invalidity => Event::Invalidity,
        ClaimEvent::Death => Event::Death,
        ClaimEvent::Withdrawal => Event::Withdrawal,
    }
}

/// Returns the day on which a person of an age in months begins to be paid: that on which it is reached, or the first of
/// the next month where a law pays such benefits from then.
pub(crate) fn day_of_age(laws: &[Law], person: &Person, months: i32) -> Date {
    let event = event(person.claim.event);
    let reached = add_months(person.born, months);
    let starts = laws.iter().flat_map(|law| &law.benefits).filter(|b| b.condition.event == event);
    let days = starts.map(|benefit| benefit.condition.payment_start.after(reached));
    days.max().unwrap_or(reached)
}
