use perennis_cohort::AgeGrid;
use perennis_scheme::{Ends, LawError, PaymentStart};
use perennis_units::{Sex, When};

use crate::claim_dates::count;
use crate::indexing::YearPayment;

/// Spans of age, from the first month to before the second, in order.
pub(crate) type OpenAges = Vec<(i32, i32)>;

/// The highest age that is asked for, years.
const LAST_AGE: i32 = 130;

/// Finds the ages in months at which `is_open`; it is asked at each birthday, and between two that differ for the month.
pub(crate) fn open_ages(
    is_open: impl Fn(i32) -> Result<bool, LawError>,
) -> Result<OpenAges, LawError> {
    let mut found = OpenAges::new();
    let mut since = is_open(0)?.then_some(0);
    let mut before = since.is_some();
    for age in 1..=LAST_AGE {
        let open = is_open(12 * age)?;
        if open != before {
            let (mut low, mut high) = (12 * (age - 1), 12 * age);
            while low + 1 < high {
                let middle = low.midpoint(high);
                if is_open(middle)? == before { low = middle } else { high = middle }
            }
            match since.take() {
                Some(first) => found.push((first, high)),
                None => since = Some(high),
            }
            before = open;
        }
    }
    found.extend(since.map(|first| (first, i32::MAX)));
    Ok(found)
}

/// When pensions of one sex end before death in one year.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(crate) struct EndAges {
    /// Age in months.
    pub(crate) age: Option<i32>,
    /// Age in months of those in education, and their share at the age of the others.
    pub(crate) in_education: Option<(i32, f64)>,
}

impl EndAges {
    /// Asks the law on a day for one born so as to be of the age soon.
    pub(crate) fn new(ends: &Ends, when: &When, students: f64) -> Result<Self, LawError> {
        let months = |rule: &perennis_scheme::Rule<_>| {
            rule.at(when).map(|row: &perennis_units::InForce<perennis_units::Duration>| {
                row.value.in_months()
            })
        };
        let age = ends.age.as_ref().map(months).transpose()?;
        let later = ends.age_in_education.as_ref().map(months).transpose()?;
        let in_education = later.filter(|later| age.is_none_or(|age| age < *later));
        Ok(Self { age, in_education: in_education.map(|later| (later, students)) })
    }

    /// The ends with the share of those aged `age` in months whom each is for.
    pub(crate) fn parts(&self, is_past_first: bool) -> [(Option<i32>, f64); 2] {
        match (self.age, self.in_education) {
            (None, _) => [(None, 1.0), (None, 0.0)],
            (Some(age), None) => [(Some(age), 1.0), (None, 0.0)],
            // Whoever is still paid past the first age is in education.
            (Some(_), Some((later, _))) if is_past_first => [(Some(later), 1.0), (None, 0.0)],
            (Some(age), Some((later, share))) => [(Some(age), 1.0 - share), (Some(later), share)],
        }
    }
}

/// What one death and one survivor give in a part of the year, by age of the survivor at its end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Times {
    by_age: Vec<Time>,
}

/// Shares of one survivor; each pair is what holds if nobody of them died, and what is off for each unit of the
/// probability that a survivor dies or remarries within the year.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(crate) struct Time {
    /// Awarded.
    pub(crate) awarded: f64,
    /// Of a year in payment.
    pub(crate) time: [f64; 2],
    /// Paid for an amount of one a year.
    pub(crate) paid: [f64; 2],
    /// In payment at the end of the year.
    pub(crate) stock: [f64; 2],
    /// Amount in force at the end of the year for one of one a year.
    pub(crate) in_force: [f64; 2],
}

/// What a part of the year is counted with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting<'a> {
    /// From and to, months from 1 January, by the day of the first payment; the last holds the first of January after.
    pub(crate) span: (f64, f64),
    pub(crate) start: PaymentStart,
    pub(crate) payment: &'a YearPayment,
    pub(crate) open: &'a [(i32, i32)],
    pub(crate) ends: EndAges,
}

impl Times {
    /// Counts months of death and of birth, each in the middle of the month: a survivor who turns an age in a month
    /// has it for the deaths of the later ones and of half of that month.
    pub(crate) fn new(ages: usize, counting: &Counting<'_>) -> Self {
        let whole = counting.alone();
        let by_age = (0..=ages).map(|age_end| counting.of_age(age_end, &whole));
        Self { by_age: by_age.collect() }
    }

    /// For benefits without a survivor.
    pub(crate) fn once(counting: &Counting<'_>) -> Self {
        Self { by_age: vec![counting.alone()] }
    }

    pub(crate) fn at(&self, age_end: usize) -> &Time {
        &self.by_age[age_end.min(self.by_age.len() - 1)]
    }
}

impl Counting<'_> {
    /// The first payment after a death in the middle of a month, months from 1 January.
    fn first_payment(&self, month: usize) -> f64 {
        match self.start {
            PaymentStart::SameDay => count(month) + 0.5,
            PaymentStart::NextMonth => count(month) + 1.0,
        }
    }

    fn is_within(&self, first: f64) -> bool {
        let (from, to) = self.span;
        from <= first && (first < to || 12.0 <= to)
    }

    /// Where every age is open and nothing ends.
    fn alone(&self) -> Time {
        let mut sum = Time::default();
        for month in 0..12 {
            let first = self.first_payment(month);
            if self.is_within(first) {
                self.add((first, 12.0), 1.0 / 12.0, &mut sum);
            }
        }
        sum
    }

    fn of_age(&self, age_end: usize, whole: &Time) -> Time {
        let turned = i32::try_from(12 * age_end).unwrap_or(i32::MAX);
        let (youngest, oldest) = (turned - 12, turned + 12);
        let is_open = |(from, to): &(i32, i32)| *from <= youngest.max(0) && oldest <= *to;
        let ends_later = self.ends.age.is_none_or(|age| oldest <= age);
        if ends_later && self.open.iter().any(is_open) {
            return *whole;
        }
        if self.open.iter().all(|(from, to)| oldest <= *from || *to <= youngest) {
            return Time::default();
        }
        let mut sum = Time::default();
        for month in 0..12 {
            let first = self.first_payment(month);
            if self.is_within(first) {
                for birth in 0..12 {
                    self.of_birth(turned, (first, birth), &mut sum);
                }
            }
        }
        sum
    }

    /// Adds those who turn the age in the middle of a month.
    fn of_birth(&self, turned: i32, (first, birth): (f64, usize), sum: &mut Time) {
        let birthday = count(birth) + 0.5;
        // A month of births is as wide as a month of deaths: half of a birth in the month of the death comes before it.
        for part in [-0.25, 0.25] {
            let age = f64::from(turned) + first - birthday + part;
            let is_open = |(from, to): &(i32, i32)| f64::from(*from) <= age && age < f64::from(*to);
            if age < 0.0 || !self.open.iter().any(is_open) {
                continue;
            }
            let past = self.ends.age.is_some_and(|end| f64::from(end) <= age);
            for (end, share) in self.ends.parts(past) {
                let last = end.map_or(12.0, |end| birthday + f64::from(end - turned));
                if 0.0 < share && (first < last || 12.0 <= last) {
                    self.add((first, last.min(12.0)), share / 288.0, sum);
                } else {
                    sum.awarded += share / 288.0;
                }
            }
        }
    }

    /// Adds a payment from a month to another; one to the end of the year goes on.
    fn add(&self, (first, last): (f64, f64), weight: f64, sum: &mut Time) {
        let years = (last - first) / 12.0;
        let (paid, in_force) = self.payment.of_award_until(first, last);
        sum.awarded += weight;
        // Whoever leaves does so evenly over the time in payment.
        let half = 0.5 * years;
        sum.time[0] += weight * years;
        sum.time[1] += weight * years * half;
        sum.paid[0] += weight * paid;
        sum.paid[1] += weight * paid * half;
        if 12.0 <= last {
            let left = (12.0 - first) / 12.0;
            sum.stock[0] += weight;
            sum.stock[1] += weight * left;
            sum.in_force[0] += weight * in_force;
            sum.in_force[1] += weight * in_force * left;
        }
    }
}

/// How many leave a stock in a year beside those who die, by sex and age at its start.
#[derive(Clone, Debug)]
pub(crate) struct Exits {
    /// Probability of remarriage.
    pub(crate) remarriage: Option<AgeGrid>,
    pub(crate) ends: [EndAges; 2],
}

impl Exits {
    /// Returns the probability of remarriage.
    pub(crate) fn remarrying(&self, sex: Sex, age: usize) -> f64 {
        let grid = self.remarriage.as_ref();
        grid.and_then(|grid| grid.get([sex.index(), age])).copied().unwrap_or(0.0)
    }

    /// Returns the parts of a cell that end in the year: the share, and from which month to which they do, evenly.
    pub(crate) fn ending(&self, sex: Sex, age: usize) -> [Option<(f64, f64, f64)>; 2] {
        let ends = &self.ends[sex.index()];
        let own = count(age);
        let past = ends.age.is_some_and(|end| f64::from(end) <= 12.0 * own);
        ends.parts(past).map(|(end, share)| {
            let end = f64::from(end.filter(|_| 0.0 < share)?) / 12.0 - own;
            let (first, last) = ((end - 1.0).max(0.0), end);
            if 1.0 <= first {
                return None;
            }
            if last <= 0.0 {
                return Some((share, 0.0, 0.0));
            }
            let until = last.min(1.0);
            Some((share * (until - first) / (last - first), 12.0 * first, 12.0 * until))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHILDHOOD: [(i32, i32); 1] = [(0, 216)];

    fn counting<'a>(
        payment: &'a YearPayment,
        open: &'a [(i32, i32)],
        ends: EndAges,
    ) -> Counting<'a> {
        Counting { span: (0.0, 12.0), start: PaymentStart::SameDay, payment, open, ends }
    }

    #[test]
    fn ages_are_open_between_the_months_that_turn_the_answer() {
        let open = open_ages(|months| Ok((660..725).contains(&months))).unwrap();
        assert_eq!(open, [(660, 725)]);
        assert_eq!(open_ages(|months| Ok(720 <= months)).unwrap(), [(720, i32::MAX)]);
        assert!(open_ages(|_| Ok(false)).unwrap().is_empty());
    }

    #[test]
    fn an_orphan_of_the_last_year_is_paid_to_the_birthday() {
        let payment = YearPayment::still();
        let ends = EndAges { age: Some(216), in_education: None };
        let times = Times::new(20, &counting(&payment, &CHILDHOOD, ends));
        // Who is 17 at the end of the year has half a year of payment and goes on.
        let young = times.at(17);
        assert!((young.awarded - 1.0).abs() < 1e-12 && (young.time[0] - 0.5).abs() < 1e-12);
        assert!((young.stock[0] - 1.0).abs() < 1e-12);
        // Who turns 18 at an even moment, as even as the death: half are orphans, paid for a sixth of a year on average (a
        // third of those who are); twelve months in the place of an even year leave out 1 / 144 of it.
        let last = times.at(18);
        assert!((last.awarded - 0.5).abs() < 1e-12);
        assert!((last.time[0] - (1.0 - 1.0 / 144.0) / 6.0).abs() < 1e-12, "{:?}", last.time);
        assert!(last.stock[0].abs() < 1e-15);
        assert!(times.at(19).awarded.abs() < 1e-15);
    }

    #[test]
    fn children_in_education_go_on() {
        let payment = YearPayment::still();
        let ends = EndAges { age: Some(216), in_education: Some((300, 0.4)) };
        let times = Times::new(30, &counting(&payment, &CHILDHOOD, ends));
        let last = times.at(18);
        assert!((last.stock[0] - 0.5 * 0.4).abs() < 1e-12);
        let exits = Exits { remarriage: None, ends: [ends; 2] };
        let [first, second] = exits.ending(Sex::Male, 17);
        assert_eq!(first, Some((0.6, 0.0, 12.0)));
        assert_eq!(second, None);
        assert_eq!(exits.ending(Sex::Male, 24)[0], Some((1.0, 0.0, 12.0)));
        assert_eq!(exits.ending(Sex::Male, 16), [None, None]);
    }

    #[test]
    fn who_has_a_part_of_a_year_to_the_end_is_spread_over_it() {
        let ends = EndAges { age: Some(18 * 12 + 6), in_education: None };
        let exits = Exits { remarriage: None, ends: [ends; 2] };
        // Of those aged 17 half reach 18 and a half in the second half of the year; those aged 18 who are left in the first.
        assert_eq!(exits.ending(Sex::Female, 17)[0], Some((0.5, 6.0, 12.0)));
        assert_eq!(exits.ending(Sex::Female, 18)[0], Some((1.0, 0.0, 6.0)));
    }
}
