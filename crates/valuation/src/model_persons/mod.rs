//! Model persons: careers followed by the one-person law under the economy and the mortality of a run.

mod career;
mod fairness;
mod figures;
mod surroundings;

pub use career::{CareerStart, ModelCareer, ModelPersons, PovertyLine};
pub use figures::{Fairness, ModelFigures, ModelPerson};

use perennis_scheme::{
    BenefitKind, Child, ClaimDays, ClaimEvent, ClaimResult, Claimed, Family, Law, Means, Person,
    Stated, entitlements,
};
use perennis_units::{Date, Money, Sex, Year, add_months, months_between};
use rayon::prelude::*;

use crate::{Model, Results};
use career::{day_of, month_of, record};
use fairness::internal_rate;
use surroundings::{Surroundings, claim_day};

/// Years after the claim for which amounts are followed.
const FOLLOWED: i32 = 50;
/// Age of entry by which the law of a career counted back from the claim is looked up first.
const FIRST_GUESS: i32 = 20;

/// Follows model careers under the law, the economy and the mortality of a run.
///
/// Every career is that of a person born on 1 July who claims on reaching the pensionable age of the first pension that is
/// open to the group, has lived in the country and has no other income. Earnings are a multiple of the mean insured
/// earnings of the first year, moved with wages, within floor and ceiling of the year.
///
/// # Formula
///
/// Present values use the interest of the year, half a year of it on flows, and the survival of the population of the
/// year; before the first year amounts move with wages, after the last its values hold.
///
/// The order is that of the careers, then groups, cohorts and sexes; empty without schemes.
#[must_use]
pub fn model_persons(model: &Model, results: &Results, wanted: &ModelPersons) -> Vec<ModelPerson> {
    let Some(around) = Surroundings::new(results) else { return Vec::new() };
    let groups = groups(model);
    let mut lives = Vec::new();
    for career in &wanted.careers {
        let of_career = |name: &str| career.group.as_ref().is_none_or(|only| only == name);
        for (name, laws) in groups.iter().filter(|(name, _)| of_career(name)) {
            for age in &wanted.ages_at_start {
                let born = around.first.plus(-age);
                for sex in Sex::ALL {
                    if career.sex.is_none_or(|only| only == sex) {
                        let line = wanted.poverty_line;
                        lives.push(Life { career, group: name, laws, sex, born, line });
                    }
                }
            }
        }
    }
    lives.par_iter().map(|life| life.person(&around)).collect()
}

/// Every group of the schemes with the laws in which it is insured.
fn groups(model: &Model) -> Vec<(String, Vec<Law>)> {
    let mut groups: Vec<(String, Vec<Law>)> = Vec::new();
    for scheme in model.pensions.iter().flat_map(|pensions| &pensions.schemes) {
        let mut seen: Vec<&str> = Vec::new();
        for group in &scheme.groups {
            if seen.contains(&group.name.as_str()) {
                continue;
            }
            seen.push(&group.name);
            match groups.iter_mut().find(|(name, _)| *name == group.name) {
                Some((_, laws)) => laws.push(scheme.law.clone()),
                None => groups.push((group.name.clone(), vec![scheme.law.clone()])),
            }
        }
    }
    groups
}

/// Amounts of years, currency.
type Flows = [(Year, f64)];

/// What the years of a career amount to.
struct Worked {
    /// Years paid.
    credit: f64,
    /// Earnings of a full year, of the year of the claim, currency.
    wage: f64,
    /// Contributions of the insured and the employer, by year, currency.
    contributed: Vec<(Year, f64)>,
    /// Insured earnings, by year, currency.
    earned: Vec<(Year, f64)>,
}

/// One career of one cohort and sex in one group.
struct Life<'a> {
    career: &'a ModelCareer,
    group: &'a str,
    laws: &'a [Law],
    sex: Sex,
    born: Year,
    line: Option<PovertyLine>,
}

impl Life<'_> {
    fn person(&self, around: &Surroundings<'_>) -> ModelPerson {
        let career = self.career;
        ModelPerson {
            career: career.name.clone(),
            title: career.title.clone(),
            wage_class: career.wage_class.clone(),
            density_class: career.density_class.clone(),
            group: self.group.to_owned(),
            sex: self.sex,
            born: self.born,
            found: self.figures(around),
        }
    }

    fn birthday(&self) -> Date {
        day_of(12 * self.born.get() + 6)
    }

    /// Returns the day of the claim and that of the first contribution.
    fn days(&self) -> Option<(Date, Date)> {
        let born = self.birthday();
        let claim = |entered| claim_day(self.laws, (self.group, self.sex), (born, entered));
        let guess = claim(add_months(born, 12 * FIRST_GUESS))?;
        let entered = day_of(self.career.first_month(born, guess));
        let claimed = claim(entered)?;
        Some((claimed, day_of(self.career.first_month(born, claimed))))
    }

    fn figures(&self, around: &Surroundings<'_>) -> Result<ModelFigures, String> {
        let Some((claimed, entered)) = self.days() else {
            return Err("no pension at an age is open to the group".to_owned());
        };
        let born = self.birthday();
        let months = self.career.months(born, claimed);
        let wage = |year: Year| self.career.earnings * around.average(year);
        let paid = |year: Year| around.paid(self.laws, self.group, (year, wage(year)));
        let record = record(&months, |year| paid(year).0);
        let person = self.claimant(entered.min(claimed), claimed, record);
        let found = entitlements(self.laws, &person, &around.environment());
        let claim = found.map_err(|error| error.to_string())?.claims.into_iter().next();
        let claim = claim.ok_or("nothing is claimed")?;
        let credit = months.iter().map(|(_, months)| f64::from(*months)).sum::<f64>() / 12.0;
        let (earned, contributed) = months
            .iter()
            .map(|(year, months)| {
                let ((earned, contributed), part) = (paid(*year), f64::from(*months) / 12.0);
                ((*year, earned * part), (*year, contributed * part))
            })
            .unzip();
        let wage = wage(year_of(claimed));
        Ok(self.judged(around, &claim, &Worked { credit, wage, contributed, earned }))
    }

    fn claimant(
        &self,
        entered: Date,
        claimed: Date,
        record: Vec<perennis_scheme::RecordRow>,
    ) -> Person {
        let born = self.birthday();
        let children = self.career.children_at.iter().map(|age| Child {
            born: add_months(born, 12 * age),
            sex: None,
            in_education_until: None,
        });
        Person {
            born,
            sex: self.sex,
            entered: Some(entered),
            group: Some(self.group.to_owned()),
            dies: None,
            claim: Claimed {
                days: ClaimDays::Day(claimed),
                event: ClaimEvent::Age,
                degree: None,
                share: None,
                later: None,
            },
            record,
            family: Family { children: children.collect(), ..Family::default() },
            means: Means {
                work_income: Some(Money::ZERO),
                other_income: Some(Money::ZERO),
                assets: Some(Money::ZERO),
                residence: vec![(born, None)],
            },
            stated: Stated::default(),
            prospects: None,
            horizon: FOLLOWED,
        }
    }

    fn judged(
        &self,
        around: &Surroundings<'_>,
        claim: &ClaimResult,
        worked: &Worked,
    ) -> ModelFigures {
        let Worked { credit, wage, ref contributed, .. } = *worked;
        let year = year_of(claim.date);
        let (pension, grant) = awarded(claim);
        let later = |years: i32| match years {
            0 => pension,
            _ => in_force(claim, year.plus(years)).filter(|_| pension.is_some()),
        };
        let over = |of: &dyn Fn(Year) -> Option<f64>| {
            [0, 10, 20].map(|years| Some(later(years)? / of(year.plus(years))?))
        };
        let average = around.average(year);
        let line = |of: Year| {
            let line = self.line?;
            Some(line.amount.get() * around.price_factor(line.year, of))
        };
        let flows: Vec<(Year, f64)> =
            claim.years.iter().map(|paid| (paid.year, paid.paid)).collect();
        let value = |flows: &[(Year, f64)], from: Year| self.present_value(around, flows, from);
        let paid_in = contributed
            .iter()
            .fold(0.0, |sum, (paid, amount)| sum + amount * around.worth(*paid, year));
        let first = around.first;
        let base = around.average(first);
        ModelFigures {
            claimed: claim.date,
            claim_age: f64::from(months_between(self.birthday(), claim.date)) / 12.0,
            credit,
            own_earnings: wage,
            pension,
            grant,
            replacement: pension.map(|pension| pension / wage),
            over_average: over(&|year| Some(around.average(year))),
            over_poverty_line: over(&line),
            wealth: value(&flows, year) / average,
            paid_in: paid_in / average,
            break_even_age: self.break_even(around, (&flows, claim.date), paid_in),
            benefits_from_start: value(&flows, first) / base,
            contributions_from_start: value(contributed, first) / base,
            fairness: self.fairness(around, &flows, worked),
        }
    }

    /// Returns what the scheme gives for the contributions of the whole life; `flows` are the benefits by year.
    fn fairness(
        &self,
        around: &Surroundings<'_>,
        flows: &[(Year, f64)],
        worked: &Worked,
    ) -> Fairness {
        let paid = worked.contributed.iter().chain(flows);
        let Some(from) = paid.map(|(year, _)| *year).min() else {
            return Fairness {
                internal_rate_of_return: None,
                net_present_value: 0.0,
                lifetime_tax: None,
            };
        };
        let value = |flows: &[(Year, f64)]| self.present_value(around, flows, from);
        let net = value(flows) - value(&worked.contributed);
        let earned = value(&worked.earned);
        Fairness {
            internal_rate_of_return: internal_rate(&self.expected(
                around,
                (flows, &worked.contributed),
                from,
            )),
            net_present_value: net / around.average(from),
            lifetime_tax: (0.0 < earned).then_some(-net / earned),
        }
    }

    /// Returns what is received less what is paid in each year from `from` on, at the prices of that year, as one who lives
    /// at its start may expect.
    fn expected(
        &self,
        around: &Surroundings<'_>,
        (received, paid): (&Flows, &Flows),
        from: Year,
    ) -> Vec<f64> {
        let all = || received.iter().chain(paid);
        let last = all().map(|(year, _)| year.since(from) + 1).max().unwrap_or(0);
        let years = usize::try_from(last).unwrap_or(0);
        let alive = around.alive((self.sex, self.born), from, years);
        let mut amounts = vec![0.0; years];
        for (sign, flows) in [(1.0, received), (-1.0, paid)] {
            for (year, amount) in flows {
                let Ok(at) = usize::try_from(year.since(from)) else { continue };
                amounts[at] += sign * amount * alive[at] / around.price_factor(from, *year);
            }
        }
        amounts
    }

    /// Returns what amounts paid from the start of `from` on are worth then to one who lives then.
    fn present_value(&self, around: &Surroundings<'_>, flows: &[(Year, f64)], from: Year) -> f64 {
        let last = flows.last().map_or(0, |(year, _)| year.since(from) + 1);
        let years = usize::try_from(last).unwrap_or(0);
        let alive = around.alive((self.sex, self.born), from, years);
        let value = |(year, amount): &(Year, f64)| {
            let at = usize::try_from(year.since(from)).ok()?;
            Some(amount * alive.get(at)? * around.worth(*year, from))
        };
        flows.iter().filter_map(value).fold(0.0, |sum, value| sum + value)
    }

    /// Returns the age at which payments with interest reach what was paid in.
    fn break_even(
        &self,
        around: &Surroundings<'_>,
        (flows, claimed): (&[(Year, f64)], Date),
        paid_in: f64,
    ) -> Option<f64> {
        let claim_year = year_of(claimed);
        let mut received = 0.0;
        for (year, amount) in flows {
            let value = amount * around.worth(*year, claim_year);
            if paid_in <= received + value {
                let part = if 0.0 < value { (paid_in - received) / value } else { 0.0 };
                let start = month_of(claimed).max(12 * year.get());
                let open = f64::from(12 * (year.get() + 1) - start);
                let months = f64::from(start - month_of(self.birthday())) + part * open;
                return Some(months / 12.0);
            }
            received += value;
        }
        None
    }
}

fn year_of(day: Date) -> Year {
    Year::new(i32::from(day.year()))
}

/// Returns the pension, currency a year, and the sums paid once, on the day of the claim.
fn awarded(claim: &ClaimResult) -> (Option<f64>, f64) {
    let (mut pension, mut grant) = (None, 0.0);
    for benefit in claim.benefits().filter(|benefit| benefit.survivor.is_none()) {
        let Some(award) = &benefit.award else { continue };
        match benefit.kind {
            BenefitKind::Pension => pension = Some(pension.unwrap_or(0.0) + award.paid.get()),
            BenefitKind::Grant => grant += award.paid.get(),
        }
    }
    (pension, grant)
}

/// Returns what is in payment at the end of a year, currency a year.
fn in_force(claim: &ClaimResult, year: Year) -> Option<f64> {
    claim.years.iter().find(|paid| paid.year == year).map(|paid| paid.in_force)
}
