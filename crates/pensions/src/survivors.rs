use perennis_scheme::{
    Benefit, BenefitKind, Claim, Credit, Environment, Event, Known, LawDays, LawError, Recipient,
    TurnsOn,
};
use perennis_units::{Date, Sex, When, Year, add_months, date_of_year};

use crate::Beneficiaries;
use crate::death::{DeathBenefit, DeathYear, Deaths, Question, Span, day_in, survivor};
use crate::indexing::YearPayment;
use crate::recipients::{Counting, EndAges, Exits, OpenAges, Times, open_ages};
use crate::run::SchemeRun;
use crate::stock::PensionStock;
use crate::year::{Survival, YearPlan, months_in_year};

/// What is known of a benefit on deaths from one year to the next.
#[derive(Clone, Debug)]
pub(crate) struct DeathLaw {
    /// Position in the law.
    benefit: usize,
    turns: TurnsOn,
    /// The days on which the law of the benefit changes.
    days: LawDays,
    /// The ages at which it is open to survivors of each sex, and the day on which the law was asked.
    open: Option<(Date, [OpenAges; 2])>,
}

impl DeathLaw {
    /// Finds the benefits on deaths of a law.
    pub(crate) fn all(benefits: &[Benefit]) -> Vec<Self> {
        let on_death = |(_, benefit): &(usize, &Benefit)| benefit.condition.event == Event::Death;
        let of = |(at, benefit): (usize, &Benefit)| Self {
            benefit: at,
            turns: benefit.turns_on(),
            days: LawDays::of(std::iter::once(benefit)),
            open: None,
        };
        benefits.iter().enumerate().filter(on_death).map(of).collect()
    }

    /// Returns the ages in months at which survivors of each sex may have the benefit on a day; the law is asked anew
    /// only when a provision has come into force since the last time.
    fn open(
        &mut self,
        (law, kind): (&Benefit, Recipient),
        (group, day): (&str, Date),
        env: &Environment<'_>,
    ) -> Result<[OpenAges; 2], LawError> {
        if let Some((asked, open)) = &self.open {
            let new = |from: &Date| *asked < *from && *from <= day;
            if *asked <= day && !self.turns.birth && !self.turns.days.iter().any(new) {
                return Ok(open.clone());
            }
        }
        let mut open = [OpenAges::new(), OpenAges::new()];
        for sex in Sex::ALL {
            open[sex.index()] = open_ages(|months| {
                is_open(law, group, &survivor(kind, sex, day, months), (day, env))
            })?;
        }
        self.open = Some((day, open.clone()));
        Ok(open)
    }
}

/// Months of credit of the deceased of whom one at least must open a benefit.
const PROBES: [i32; 4] = [540, 180, 36, 0];

/// Says whether a benefit is open to a survivor when the credit of the deceased is no matter.
fn is_open(
    law: &Benefit,
    group: &str,
    known: &Known,
    (day, env): (Date, &Environment<'_>),
) -> Result<bool, LawError> {
    for months in PROBES {
        let born = add_months(day, -12 * 60);
        let when = When { date: day, born, entered: add_months(day, -months), sex: Sex::Male };
        let credit = Credit::Ending { months, until: day };
        let claim = Claim { when, group, credit, known: Some(known) };
        match law.is_met(&claim, env) {
            Ok(true) => return Ok(true),
            Ok(false) | Err(LawError::NotInForce { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(false)
}

impl SchemeRun {
    /// Finds the benefits on deaths of a year, their survivors and payments; the amounts are still to be asked.
    pub(crate) fn death_year(
        &mut self,
        year: Year,
        env: &Environment<'_>,
    ) -> Result<DeathYear, LawError> {
        let mut found = DeathYear::default();
        let mut laws = std::mem::take(&mut self.deaths);
        for law in &mut laws {
            self.death_benefit(law, (year, env), &mut found)?;
        }
        self.deaths = laws;
        Ok(found)
    }

    fn death_benefit(
        &self,
        death: &mut DeathLaw,
        (year, env): (Year, &Environment<'_>),
        found: &mut DeathYear,
    ) -> Result<(), LawError> {
        let law = &self.basis.law.benefits[death.benefit];
        let mut groups = self.basis.groups.iter().map(|group| group.name.as_str());
        let Some(group) = groups.find(|group| law.condition.groups.contains(group)) else {
            return Ok(());
        };
        let payment = YearPayment::new(law.indexation.as_ref(), year, env)?;
        let recipient = law.condition.recipient;
        let mut spans = Vec::new();
        for (from, to) in months_of(year, &payment, &death.days) {
            let day = day_in(year, 0.5 * (from + to));
            let open = match recipient {
                Some(kind) => death.open((law, kind), (group, day), env)?,
                None => [vec![(0, i32::MAX)], vec![(0, i32::MAX)]],
            };
            let ages = self.survivor_ages(death.benefit);
            let times = |sex: Sex| {
                let born = add_months(day, -12 * 18);
                let when = When { date: day, born, entered: day, sex };
                let students = self.basis.family.in_education[sex.index()];
                let counting = Counting {
                    span: (from, to),
                    start: law.condition.payment_start,
                    payment: &payment,
                    open: &open[sex.index()],
                    ends: EndAges::new(&law.ends, &when, students)?,
                };
                Ok::<_, LawError>(match recipient {
                    Some(_) => Times::new(ages, &counting),
                    None => Times::once(&counting),
                })
            };
            let times = [times(Sex::Male)?, times(Sex::Female)?];
            spans.push(Span { from, to, day, open, times });
        }
        let of = found.benefits.len();
        for (span, part) in spans.iter().enumerate() {
            questions(&death.turns, recipient, (of, span, part), &mut found.questions);
        }
        let (benefit, by_deceased) = (death.benefit, death.turns.deceased);
        found.benefits.push(DeathBenefit { benefit, recipient, by_deceased, spans });
        Ok(())
    }

    /// Number of ages of those in payment of a benefit; of the insured where nobody is.
    fn survivor_ages(&self, benefit: usize) -> usize {
        let stock = self.stocks[benefit].as_ref();
        stock.map_or(self.sides[0].register.shape().ages, |stock| stock.persons.ncols())
    }

    /// Returns how pensions of a benefit end before death in a year; `None` where they do not.
    pub(crate) fn exits(
        &self,
        benefit: &Benefit,
        (year, position): (Year, usize),
    ) -> Result<Option<Exits>, LawError> {
        let ends = &benefit.ends;
        let family = &self.basis.family;
        let remarriage = family.remarriage.as_ref().filter(|_| ends.remarriage);
        if benefit.condition.event != Event::Death
            || (ends.age.is_none() && ends.age_in_education.is_none() && remarriage.is_none())
        {
            return Ok(None);
        }
        let day = add_months(date_of_year(year), 6);
        let of = |sex: Sex| {
            let born = add_months(day, -12 * 18);
            let students = family.in_education[sex.index()];
            EndAges::new(ends, &When { date: day, born, entered: day, sex }, students)
        };
        let remarriage = remarriage.map(|grid| grid.year(position).to_owned());
        Ok(Some(Exits { remarriage, ends: [of(Sex::Male)?, of(Sex::Female)?] }))
    }

    /// Books what deaths of one sex give; `deaths` are by question and age at the start of the year.
    pub(crate) fn survive(
        &mut self,
        plan: &YearPlan<'_>,
        (sex, deaths): (Sex, &[Deaths]),
        survival: Survival<'_>,
        tables: &mut [Beneficiaries],
    ) {
        for (question, deaths) in plan.deaths.questions.iter().zip(deaths) {
            let of = &plan.deaths.benefits[question.of];
            let (table, stock) = (&mut tables[of.benefit], &mut self.stocks[of.benefit]);
            let span = &of.spans[question.span];
            let Some(kind) = of.recipient else {
                once(span, (plan.position, sex), deaths, table);
                continue;
            };
            let Some(relatives) = self.basis.family.of_kind(kind) else { continue };
            let ages = stock.as_ref().map_or(table.amount.ages(), |stock| stock.persons.ncols());
            let mut left = [vec![[0.0; 2]; ages], vec![[0.0; 2]; ages]];
            for (age, [heads, amount]) in deaths.iter().enumerate() {
                if *heads <= 0.0 {
                    continue;
                }
                for relative in relatives.of(sex, age) {
                    if question.sex.is_none_or(|sex| sex == relative.sex)
                        && question.age_end.is_none_or(|age| age == relative.age_end)
                    {
                        let place = relative.age_end.min(ages - 1);
                        let place = &mut left[relative.sex.index()][place];
                        place[0] += relative.persons * heads;
                        place[1] += relative.persons * amount;
                    }
                }
            }
            let remarriage = self.basis.family.remarriage.as_ref();
            let law = &self.basis.law.benefits[of.benefit];
            let remarriage = remarriage.filter(|_| law.ends.remarriage);
            let leaving = |stock: &PensionStock, sex: Sex, age: usize| {
                let of = (sex, age);
                let alive = stock.mortality.survival(plan.position, of, || survival(sex, age));
                let again = remarriage.filter(|grid| age < grid.ages());
                1.0 - alive + again.map_or(0.0, |grid| grid.get(plan.position, sex, age))
            };
            left_behind(span, (plan.position, &left), (stock.as_mut(), table), leaving);
        }
    }
}

/// Parts of a year in which neither the law nor an adjustment changes.
fn months_of(year: Year, payment: &YearPayment, days: &LawDays) -> Vec<(f64, f64)> {
    let mut starts = vec![0.0];
    starts.extend(payment.months());
    starts.extend(months_in_year(days, year));
    starts.sort_by(f64::total_cmp);
    starts.dedup_by(|one, other| (*one - *other).abs() < 1e-9);
    let ends = starts.iter().skip(1).copied().chain([12.0]);
    starts.iter().copied().zip(ends).collect()
}

/// Lists what a death asks of a benefit in a part of the year.
fn questions(
    turns: &TurnsOn,
    recipient: Option<Recipient>,
    (of, at, span): (usize, usize, &Span),
    found: &mut Vec<Question>,
) {
    let Some(kind) = recipient else {
        let known = Known::nothing();
        found.push(Question { of, span: at, sex: None, age_end: None, known });
        return;
    };
    let open: Vec<Sex> =
        Sex::ALL.into_iter().filter(|sex| !span.open[sex.index()].is_empty()).collect();
    let asked = if turns.sex_in_amount { open.as_slice() } else { &open[..open.len().min(1)] };
    for of_sex in asked {
        let sex = turns.sex_in_amount.then_some(*of_sex);
        let ages = &span.open[of_sex.index()];
        if !turns.age_in_amount {
            let (from, to) = ages[0];
            let known = survivor(kind, *of_sex, span.day, from + ((to - from) / 2).min(6));
            found.push(Question { of, span: at, sex, age_end: None, known });
            continue;
        }
        for age_end in 0..=130 {
            // Amounts that turn on the age are those of the birthday on average, which lies in the middle of the year.
            let months = i32::try_from(12 * age_end).unwrap_or(0);
            let near =
                |(from, to): &(i32, i32)| months.clamp(*from, (*to).saturating_sub(1).max(*from));
            let nearest = ages.iter().map(near).min_by_key(|at| (at - months).abs());
            let Some(nearest) = nearest.filter(|at| (at - months).abs() < 12) else { continue };
            let known = survivor(kind, *of_sex, span.day, nearest);
            found.push(Question { of, span: at, sex, age_end: Some(age_end), known });
        }
    }
}

/// Books sums paid once for each death.
fn once(span: &Span, (position, sex): (usize, Sex), deaths: &Deaths, table: &mut Beneficiaries) {
    let part = span.times[sex.index()].at(0).awarded;
    for (age, [heads, amount]) in deaths.iter().enumerate().filter(|(_, of)| 0.0 < of[0]) {
        let age = (age + 1).min(table.amount.ages() - 1);
        table.beneficiaries.add(position, sex, age, heads * part);
        table.new_awards.add(position, sex, age, heads * part);
        table.new_award_amount.add(position, sex, age, amount * part);
        table.amount.add(position, sex, age, amount * part);
    }
}

/// Books the awards of survivors; `left` has persons and amounts by their sex and age at the end of the year.
fn left_behind(
    span: &Span,
    (position, left): (usize, &[Vec<[f64; 2]>; 2]),
    (mut stock, table): (Option<&mut PensionStock>, &mut Beneficiaries),
    leaving: impl Fn(&PensionStock, Sex, usize) -> f64,
) {
    for sex in Sex::ALL {
        for (age, [heads, amount]) in left[sex.index()].iter().enumerate() {
            let time = span.times[sex.index()].at(age);
            if *heads <= 0.0 || time.awarded <= 0.0 {
                continue;
            }
            table.new_awards.add(position, sex, age, heads * time.awarded);
            table.new_award_amount.add(position, sex, age, amount * time.awarded);
            let Some(stock) = stock.as_deref_mut() else {
                table.beneficiaries.add(position, sex, age, heads * time.awarded);
                table.amount.add(position, sex, age, amount * time.awarded);
                continue;
            };
            let rate = leaving(stock, sex, age.saturating_sub(1)).min(1.0);
            let less = |[whole, off]: [f64; 2]| whole - rate * off;
            let staying = less(time.stock);
            table.beneficiaries.add(position, sex, age, heads * less(time.time));
            table.amount.add(position, sex, age, amount * less(time.paid));
            table.terminations.add(position, sex, age, heads * (time.awarded - staying));
            stock.add([sex.index(), age], heads * staying, amount * less(time.in_force));
        }
    }
}

/// Persons and amounts of a stock who die in a year, by sex and age at its start.
pub(crate) fn dying(
    stock: &PensionStock,
    position: usize,
    survival: impl Fn(Sex, usize) -> f64 + Copy,
) -> [Deaths; 2] {
    if !stock.since_award.is_empty() {
        let none = || vec![[0.0; 2]; stock.persons.ncols()];
        let mut sum = [none(), none()];
        for layer in &stock.since_award {
            let of_layer = dying(layer, position, survival);
            for (sum, of) in sum.iter_mut().flatten().zip(of_layer.into_iter().flatten()) {
                *sum = [sum[0] + of[0], sum[1] + of[1]];
            }
        }
        return sum;
    }
    Sex::ALL.map(|sex| {
        let of = |age: usize| {
            let cell = [sex.index(), age];
            let heads = stock.persons[cell];
            if heads <= 0.0 {
                return [0.0; 2];
            }
            let at = (sex, age);
            let dead = 1.0 - stock.mortality.survival(position, at, || survival(sex, age));
            [heads * dead, stock.amount[cell] * dead]
        };
        (0..stock.persons.ncols()).map(of).collect()
    })
}

/// Says whether those in payment of a benefit leave survivors: the insured's own pensions.
pub(crate) fn is_own(benefit: &Benefit) -> bool {
    benefit.kind == BenefitKind::Pension && benefit.condition.event != Event::Death
}

/// An empty grid of persons for a table without a stock.
pub(crate) fn no_deaths(questions: usize, ages: usize) -> Vec<Deaths> {
    vec![vec![[0.0; 2]; ages]; questions]
}

#[cfg(test)]
mod tests;
