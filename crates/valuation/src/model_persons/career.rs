use perennis_scheme::RecordRow;
use perennis_units::{Date, Money, Sex, Year, add_months, date_of_year};

/// Model careers, and whom they are followed for.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelPersons {
    /// The careers.
    pub careers: Vec<ModelCareer>,
    /// Ages reached in the first year of the valuation: one cohort for each.
    pub ages_at_start: Vec<i32>,
    /// The poverty line, where it is known.
    pub poverty_line: Option<PovertyLine>,
}

/// A poverty line of one year, which follows prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PovertyLine {
    /// Currency a year.
    pub amount: Money,
    /// The year of the amount.
    pub year: Year,
}

/// The working life of a model person.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelCareer {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// Men or women only; both when absent.
    pub sex: Option<Sex>,
    /// The group in which it is insured; every group when absent.
    pub group: Option<String>,
    /// The class of wages for which it stands.
    pub wage_class: String,
    /// The class of density for which it stands.
    pub density_class: String,
    /// When it begins.
    pub begins: CareerStart,
    /// Age at which it ends, completed years; at the claim when absent.
    pub to_age: Option<i32>,
    /// Earnings over the average, the same in every year.
    pub earnings: f64,
    /// Share of the months between beginning and end, outside the gaps, that are paid.
    pub density: f64,
    /// Ages at which nothing is paid: the first, and the one at which it goes on.
    pub gaps: Vec<(i32, i32)>,
    /// Ages at which children are born.
    pub children_at: Vec<i32>,
}

/// When a model career begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CareerStart {
    /// On reaching an age, completed years.
    AtAge(i32),
    /// So many years before the claim.
    BeforeClaim(i32),
}

/// Months from the start of the calendar to a day.
pub(super) fn month_of(day: Date) -> i32 {
    12 * i32::from(day.year()) + i32::from(day.month()) - 1
}

/// The first day of a month of the calendar.
pub(super) fn day_of(month: i32) -> Date {
    add_months(date_of_year(Year::new(month.div_euclid(12))), month.rem_euclid(12))
}

impl ModelCareer {
    /// Returns the first month of the career.
    pub(super) fn first_month(&self, born: Date, claim: Date) -> i32 {
        match self.begins {
            CareerStart::AtAge(age) => month_of(born) + 12 * age,
            CareerStart::BeforeClaim(years) => month_of(claim) - 12 * years,
        }
    }

    /// Returns the paid months of each year up to the claim.
    ///
    /// A density below one is met by whole months: what a year leaves over goes to the next.
    pub(super) fn months(&self, born: Date, claim: Date) -> Vec<(Year, i32)> {
        let birth = month_of(born);
        let to_age = self.to_age.map_or(i32::MAX, |age| birth + 12 * age);
        let end = to_age.min(month_of(claim));
        let mut years: Vec<(Year, i32)> = Vec::new();
        let (mut open, mut paid) = (0, 0);
        for month in self.first_month(born, claim)..end {
            let age = (month - birth).div_euclid(12);
            let in_gap = self.gaps.iter().any(|(from, to)| *from <= age && age < *to);
            let year = Year::new(month.div_euclid(12));
            if years.last().is_none_or(|(last, _)| *last != year) {
                years.push((year, 0));
            }
            if in_gap {
                continue;
            }
            open += 1;
            if f64::from(paid + 1) <= self.density * f64::from(open) + 1e-9 {
                paid += 1;
                if let Some((_, months)) = years.last_mut() {
                    *months += 1;
                }
            }
        }
        years.retain(|(_, months)| 0 < *months);
        years
    }
}

/// Returns the record of paid months with the insured earnings of a full year by year.
pub(super) fn record(months: &[(Year, i32)], insured: impl Fn(Year) -> f64) -> Vec<RecordRow> {
    let row = |(year, months): &(Year, i32)| RecordRow {
        year: *year,
        kind: perennis_scheme::WORK.to_owned(),
        months: *months,
        by_month: None,
        earnings: Money::new(insured(*year) * f64::from(*months) / 12.0).unwrap_or(Money::ZERO),
    };
    months.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn career() -> ModelCareer {
        ModelCareer {
            name: "x".into(),
            title: String::new(),
            sex: None,
            group: None,
            wage_class: String::new(),
            density_class: String::new(),
            begins: CareerStart::AtAge(20),
            to_age: None,
            earnings: 1.0,
            density: 1.0,
            gaps: Vec::new(),
            children_at: Vec::new(),
        }
    }

    fn total(career: &ModelCareer) -> i32 {
        let born = day_of(12 * 1980 + 6);
        let claim = day_of(12 * 2040 + 6);
        let months = career.months(born, claim);
        assert!(months.iter().all(|(_, months)| (1..=12).contains(months)));
        months.iter().map(|(_, months)| months).sum()
    }

    #[test]
    fn a_career_has_the_months_that_its_ages_density_and_gaps_leave() {
        // Born 1 July 1980, from 20 to the claim at 60: 40 years.
        assert_eq!(total(&career()), 480);
        assert_eq!(total(&ModelCareer { density: 0.35, ..career() }), 168);
        assert_eq!(total(&ModelCareer { gaps: vec![(27, 29), (32, 37)], ..career() }), 396);
        assert_eq!(total(&ModelCareer { to_age: Some(35), ..career() }), 180);
        let last_thirty = ModelCareer { begins: CareerStart::BeforeClaim(30), ..career() };
        assert_eq!(total(&last_thirty), 360);
        let late = ModelCareer { begins: CareerStart::AtAge(70), ..career() };
        assert_eq!(total(&late), 0);
    }

    #[test]
    fn a_density_is_spread_evenly_over_the_years() {
        let half = ModelCareer { density: 0.45, ..career() };
        let months = half.months(day_of(12 * 1980 + 6), day_of(12 * 2040 + 6));
        assert!(months.iter().skip(1).rev().skip(1).all(|(_, months)| (5..=6).contains(months)));
    }
}
