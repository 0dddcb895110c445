use perennis_cohort::{AccountYear, AgeGrid, Item};
use perennis_scheme::LawError;
use perennis_units::{Money, Path, Payer, Share, Year};

use crate::Contribution;
use crate::basis::SchemeBasis;
use crate::earnings::ByContribution;
use crate::project::PastAccounts;
use crate::run::SchemeRun;
use crate::year::{Tables, calibration, named};

/// How contributions that are due come in.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// Share of the wage that is declared, by group; all of it where a group is not named. Rights follow what is declared.
    pub declared: Vec<(String, Path<Share>)>,
    /// Share of the contributions on declared wages that is collected in its year, by group; [`SchemeBasis::compliance`]
    /// where a group is not named.
    pub compliance: Vec<(String, Path<Share>)>,
    /// Of what a year leaves unpaid, the shares collected one, two and more years later; at most 1 together.
    pub late: Vec<Share>,
    /// Interest on what is collected late, a year, for every year from the one in which it was due.
    pub interest: f64,
    /// What is still unpaid so many years later is written off at the end of that year; never when absent.
    pub written_off_after: Option<usize>,
    /// Arrears at the start by account, all taken to be due in the year before.
    pub arrears: Vec<(String, Money)>,
}

impl Collection {
    /// All wages are declared; what is not collected in its year is written off.
    #[must_use]
    pub const fn in_the_year() -> Self {
        Self {
            declared: Vec::new(),
            compliance: Vec::new(),
            late: Vec::new(),
            interest: 0.0,
            written_off_after: Some(0),
            arrears: Vec::new(),
        }
    }
}

/// The part of the wages of a group that is declared in a year.
pub(crate) fn declared(basis: &SchemeBasis, group: usize, year: Year) -> f64 {
    let name = &basis.groups[group].name;
    let of = basis.collection.declared.iter().find(|(of, _)| of == name);
    of.map_or(1.0, |(_, share)| share.at(year).get())
}

fn compliance(basis: &SchemeBasis, group: usize, year: Year) -> f64 {
    let name = &basis.groups[group].name;
    let of = basis.collection.compliance.iter().find(|(of, _)| of == name);
    of.map_or(&basis.compliance, |(_, share)| share).at(year).get()
}

/// What one payer still owes under one contribution, by the year in which it was due.
#[derive(Clone, Debug)]
pub(crate) struct Arrears {
    contribution: usize,
    payer: Payer,
    /// Unpaid at the end of its year and still unpaid, the oldest first, the last of them one year old in the running year.
    years: Vec<(f64, f64)>,
}

/// What comes in of arrears in a year.
#[derive(Clone, Copy, Debug, Default)]
struct Recovered {
    late: f64,
    interest: f64,
    written_off: f64,
}

impl Arrears {
    /// Collects what comes in late, writes off what is too old, and adds what the year leaves unpaid.
    fn step(&mut self, rules: &Collection, unpaid: f64) -> Recovered {
        self.years.push((unpaid, unpaid));
        let mut found = Recovered::default();
        let count = self.years.len();
        let mut growth = 1.0;
        for (old, (first, left)) in self.years.iter_mut().rev().enumerate() {
            if let Some(share) = old.checked_sub(1).and_then(|before| rules.late.get(before)) {
                let late = (*first * share.get()).min(*left);
                *left -= late;
                found.late += late;
                found.interest += late * (growth - 1.0);
            }
            if rules.written_off_after.is_some_and(|after| after <= old) {
                found.written_off += *left;
                *left = 0.0;
            }
            growth *= 1.0 + rules.interest;
        }
        // Nothing happens any more to what is written off.
        let keep = rules.written_off_after.map_or(count, |after| after.min(count));
        self.years.drain(..count - keep);
        found
    }

    fn left(&self) -> f64 {
        self.years.iter().map(|(_, left)| left).sum()
    }
}

/// Insured earnings of a full year and the months for which contributions are paid.
pub(crate) struct Assessed<'a> {
    /// Of declared wages.
    pub(crate) declared: &'a ByContribution,
    /// Of whole wages, where a group declares less.
    pub(crate) whole: &'a Option<ByContribution>,
    /// By group, sex and age.
    pub(crate) months: &'a [AgeGrid],
}

/// Earnings of a year on which one contribution is levied.
#[derive(Clone, Copy, Debug, Default)]
struct Base {
    /// Of whole wages.
    whole: f64,
    declared: f64,
    /// Of declared wages, the part whose contributions are collected in the year.
    collected: f64,
}

impl SchemeRun {
    /// Books contributions due and collected, and what each account counts as its insured earnings.
    pub(crate) fn contribute(
        &mut self,
        year: Year,
        assessed: &Assessed<'_>,
        past: &dyn PastAccounts,
        places: (&mut Tables<'_>, &mut Vec<AccountYear>),
    ) -> Result<(), LawError> {
        let (tables, accounts) = places;
        let mut counted: Vec<(String, usize)> = Vec::new();
        let mut rates: Vec<(usize, Payer, f64, Base)> = Vec::new();
        for (at, law) in self.basis.law.contributions.iter().enumerate() {
            let mut base = Base::default();
            for (group, earnings) in assessed.declared[at].iter().enumerate() {
                let Some(earnings) = earnings else { continue };
                let months = &assessed.months[group];
                let sum = years_of(months, earnings);
                let whole = assessed.whole.as_ref().and_then(|whole| whole[at][group].as_ref());
                base.whole += whole.map_or(sum, |whole| years_of(months, whole));
                base.declared += sum;
                base.collected += sum * compliance(&self.basis, group, year);
                if !counted.contains(&(law.account.clone(), group)) {
                    counted.push((law.account.clone(), group));
                    if let Some(account) = named(accounts, &law.account) {
                        account.insured_earnings += sum;
                        account.contributor_years += months.iter().sum::<f64>() / 12.0;
                    }
                }
            }
            if let Some(stepping) = &law.stepping {
                let ratio = past.reserve_ratio_end(&law.account, year.plus(-1));
                self.added[at] = stepping.added(year, self.added[at], ratio)?;
            }
            for payer in Payer::ALL {
                let stepped = law.stepping.as_ref().is_some_and(|step| step.payer == payer);
                let rate = law.rate(payer, year)? + if stepped { self.added[at] } else { 0.0 };
                if 0.0 < rate {
                    rates.push((at, payer, rate, base));
                }
            }
        }
        self.open_arrears(year, &rates);
        for due in rates {
            let one = self.collect(year, due);
            if let Some(account) = named(accounts, &one.account) {
                account.book(Item::Contributions, Some(one.payer), one.collected);
            }
            tables.contributions.push(one);
        }
        Ok(())
    }

    /// Spreads the arrears of the start over payers and contributions as the dues of the first year.
    fn open_arrears(&mut self, year: Year, rates: &[(usize, Payer, f64, Base)]) {
        if year != self.years.first() || self.basis.collection.arrears.is_empty() {
            return;
        }
        let account = |at: usize| &self.basis.law.contributions[at].account;
        for (name, sum) in &self.basis.collection.arrears {
            let of_account = rates.iter().filter(|(at, ..)| account(*at) == name);
            let all: f64 = of_account.clone().map(|(.., rate, base)| rate * base.declared).sum();
            for (at, payer, rate, base) in of_account.filter(|_| 0.0 < all) {
                let owed = sum.get() * rate * base.declared / all;
                let years = vec![(owed, owed)];
                self.arrears.push(Arrears { contribution: *at, payer: *payer, years });
            }
        }
    }

    fn collect(
        &mut self,
        year: Year,
        (at, payer, rate, base): (usize, Payer, f64, Base),
    ) -> Contribution {
        let law = &self.basis.law.contributions[at];
        let due = rate * base.whole;
        let undeclared = rate * (base.whole - base.declared);
        let collected_current = rate * base.collected;
        let same = |one: &Arrears| one.contribution == at && one.payer == payer;
        let place = self.arrears.iter().position(same).unwrap_or_else(|| {
            self.arrears.push(Arrears { contribution: at, payer, years: Vec::new() });
            self.arrears.len() - 1
        });
        let owed = &mut self.arrears[place];
        let arrears_start = owed.left();
        let unpaid = rate * (base.declared - base.collected);
        let recovered = owed.step(&self.basis.collection, unpaid);
        let factor = calibration(&self.basis.contribution_calibration, &law.account, year);
        let received = collected_current + recovered.late + recovered.interest;
        Contribution {
            year,
            scheme: self.basis.law.scheme.clone(),
            account: law.account.clone(),
            payer,
            rate,
            due,
            undeclared,
            collected_current,
            collected_late: recovered.late,
            interest_on_late: recovered.interest,
            written_off: recovered.written_off,
            arrears_start,
            arrears_end: owed.left(),
            collected: received * factor,
        }
    }
}

/// Earnings of the months that are paid.
fn years_of(months: &AgeGrid, earnings: &AgeGrid) -> f64 {
    months.iter().zip(earnings).map(|(months, earnings)| months / 12.0 * earnings).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unpaid_comes_in_late_with_interest_and_the_rest_is_written_off() {
        let rules = Collection {
            late: vec![Share::new(0.5).unwrap(), Share::new(0.3).unwrap()],
            interest: 0.1,
            written_off_after: Some(3),
            ..Collection::in_the_year()
        };
        let mut arrears = Arrears { contribution: 0, payer: Payer::Employers, years: Vec::new() };
        let mut found = Vec::new();
        for unpaid in [100.0, 0.0, 0.0, 0.0, 0.0] {
            let year = arrears.step(&rules, unpaid);
            found.push([year.late, year.interest, year.written_off, arrears.left()]);
        }
        let expected = [
            [0.0, 0.0, 0.0, 100.0],
            [50.0, 5.0, 0.0, 50.0],
            [30.0, 6.3, 0.0, 20.0],
            [0.0, 0.0, 20.0, 0.0],
            [0.0; 4],
        ];
        for (found, expected) in found.iter().flatten().zip(expected.as_flattened()) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
