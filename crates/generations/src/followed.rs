use perennis_units::Sex;

/// A member's work in one calendar year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Worked {
    pub(crate) year: i32,
    pub(crate) months: f64,
    pub(crate) earnings: f64,
}

/// Active or inactive members of a generation, by month of birth, with the record of one of them.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Members {
    pub(crate) persons: [f64; 12],
    pub(crate) record: Vec<Worked>,
}

/// Persons of the same group, sex and year of birth who were insured first in the same year, or are there at the start.
#[derive(Clone, Debug)]
pub(crate) struct Followed {
    pub(crate) group: usize,
    pub(crate) sex: Sex,
    pub(crate) born: i32,
    /// Year of the first insurance.
    pub(crate) entered: i32,
    /// Insured, active or not, at the start.
    pub(crate) initial: bool,
    /// Active and inactive.
    pub(crate) members: [Members; 2],
}

impl Members {
    pub(crate) fn count(&self) -> f64 {
        self.persons.iter().fold(0.0, |sum, persons| sum + persons)
    }

    pub(crate) fn scale(&mut self, by: f64) {
        self.persons.iter_mut().for_each(|persons| *persons *= by);
    }

    /// Adds work of a year to the record of everyone.
    pub(crate) fn work(&mut self, worked: Worked) {
        match self.record.last_mut() {
            Some(last) if last.year == worked.year => {
                last.months += worked.months;
                last.earnings += worked.earnings;
            }
            _ => self.record.push(worked),
        }
    }

    /// Takes in persons with a record of their own; the records become their mean.
    pub(crate) fn join(&mut self, persons: &[f64; 12], record: &[Worked]) {
        let (here, there) = (self.count(), persons.iter().fold(0.0, |sum, one| sum + one));
        let all = here + there;
        if all <= 0.0 || there <= 0.0 {
            return;
        }
        self.record = mean(&self.record, here / all, record, there / all);
        self.persons.iter_mut().zip(persons).for_each(|(to, from)| *to += from);
    }
}

/// Returns the weighted mean of two records, each in the order of its years.
fn mean(one: &[Worked], of_one: f64, other: &[Worked], of_other: f64) -> Vec<Worked> {
    let mut merged = Vec::with_capacity(one.len().max(other.len()));
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let weighted = |work: &Worked, by: f64| Worked {
        months: work.months * by,
        earnings: work.earnings * by,
        ..*work
    };
    loop {
        let years = (left.peek().map(|work| work.year), right.peek().map(|work| work.year));
        match years {
            (None, None) => return merged,
            (Some(first), Some(second)) if first == second => {
                let (Some(one), Some(other)) = (left.next(), right.next()) else { return merged };
                let (one, other) = (weighted(one, of_one), weighted(other, of_other));
                merged.push(Worked {
                    months: one.months + other.months,
                    earnings: one.earnings + other.earnings,
                    ..one
                });
            }
            (Some(first), second) if second.is_none_or(|second| first < second) => {
                merged.extend(left.next().map(|work| weighted(work, of_one)));
            }
            _ => merged.extend(right.next().map(|work| weighted(work, of_other))),
        }
    }
}

impl Followed {
    /// Age last birthday at the start of a year.
    pub(crate) fn age(&self, year: i32) -> usize {
        usize::try_from(year - self.born - 1).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worked(year: i32, months: f64) -> Worked {
        Worked { year, months, earnings: 10.0 * months }
    }

    #[test]
    fn those_who_come_back_bring_their_records_in_proportion() {
        let mut members = Members { persons: [3.0; 12], record: vec![worked(2001, 12.0)] };
        members.join(&[1.0; 12], &[worked(2000, 8.0), worked(2001, 4.0)]);
        assert!((members.count() - 48.0).abs() < 1e-12);
        assert_eq!(members.record.len(), 2);
        assert_eq!(members.record[0], worked(2000, 2.0));
        assert_eq!(members.record[1], worked(2001, 10.0));
    }
}
