use std::cell::RefCell;

use perennis_cohort::Row;
use perennis_scheme::{
    Index, Law, LawError, LegalIndices, ReferenceRule, Revaluation, Step, Window,
};
use perennis_units::{Date, Path, Sex, When, Year, YearRange};

use crate::earnings::Earnings;
use crate::start::whole;

/// The rules of reference earnings of a scheme and what a register carries for them.
#[derive(Clone, Debug)]
pub(crate) struct References {
    /// The distinct revaluations of the career; each has a travelling sum, after the years away.
    pub(crate) revaluations: Vec<Revaluation>,
    /// By benefit of the law: the rules in the order of the law.
    rules: Vec<Vec<Carried>>,
    /// Of the rules of last years: levels of what earnings follow, by year; none where the law has no value.
    levels: Vec<Path<Option<f64>>>,
}

/// A rule and where what it needs is kept.
#[derive(Clone, Debug)]
struct Carried {
    rule: ReferenceRule,
    /// Its travelling sum, for the whole career.
    sum: Option<usize>,
    /// The levels that its earnings follow, for last years.
    levels: Option<usize>,
}

/// Earnings of so many years before the run may enter an average of last years.
const YEARS_BACK: i32 = 70;

/// A member of a cell at the moment of a claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claimant<'a> {
    pub(crate) group: usize,
    pub(crate) name: &'a str,
    pub(crate) sex: Sex,
    pub(crate) age: usize,
    pub(crate) year: Year,
    pub(crate) when: When,
    /// Credit at the claim, years.
    pub(crate) credit: f64,
    /// Credit of the year of the claim, years.
    pub(crate) worked: f64,
    /// Years since the person left covered work at the start of the year.
    pub(crate) away: f64,
    /// Where averages of last years are kept for the neighbours.
    pub(crate) last_years: Option<&'a LastYears>,
}

/// The last average of last years that was found, by group. Members of neighbouring credits mostly share it.
#[derive(Debug)]
pub(crate) struct LastYears(RefCell<Vec<Option<(Question, f64)>>>);

/// What an average of last years depends on: year, sex and age, levels and lag of the revaluation, years, those worked in
/// the year of the claim and the gap before it.
type Question = (Year, Sex, usize, (Option<usize>, i32), (u64, u64, usize));

impl LastYears {
    pub(crate) fn new(groups: usize) -> Self {
        Self(RefCell::new(vec![None; groups]))
    }
}

impl References {
    pub(crate) fn new(law: &Law, years: YearRange, indices: &LegalIndices) -> Self {
        let mut revaluations: Vec<Revaluation> = Vec::new();
        let mut levels: Vec<(Index, Path<Option<f64>>)> = Vec::new();
        for rule in law.reference_rules() {
            let by = &rule.revaluation.by;
            if rule.window == Window::Career {
                if !revaluations.contains(&rule.revaluation) {
                    revaluations.push(rule.revaluation.clone());
                }
            } else if levels.iter().all(|(known, _)| known != by) {
                levels.push((by.clone(), levels_of(by, years, indices)));
            }
        }
        let rules = law.benefits.iter().map(|benefit| {
            let steps = benefit.steps.iter();
            let found = steps.filter_map(|step| match step {
                Step::ReferenceEarnings(rules) => Some(rules),
                _ => None,
            });
            let carried = found.flatten().map(|rule| Carried {
                sum: revaluations.iter().position(|known| *known == rule.revaluation),
                levels: levels.iter().position(|(by, _)| *by == rule.revaluation.by),
                rule: rule.clone(),
            });
            carried.collect()
        });
        let rules = rules.collect();
        Self { rules, revaluations, levels: levels.into_iter().map(|(_, path)| path).collect() }
    }

    /// Returns, for each travelling sum, the factor on what stood at the start of the year and the one on the sum with the
    /// earnings of the year, so that at the next start all is at the level that awards of the next year ask for.
    pub(crate) fn factors(
        &self,
        year: Year,
        indices: &LegalIndices,
    ) -> Result<Vec<(f64, f64)>, LawError> {
        let mut factors = vec![(1.0, 1.0)];
        for rule in &self.revaluations {
            let earlier = year.plus(-rule.lag.max(1));
            let factor = |earned, award| rule.factor(earned, award, indices);
            let after = factor(year, year.plus(1))?;
            let both = factor(earlier, year.plus(1))? / factor(earlier, year)?;
            factors.push((both / after, after));
        }
        Ok(factors)
    }

    /// Returns mean reference earnings, currency a year, of a benefit; `career` gives the travelling sum of one person.
    ///
    /// The last years of credit are those of the group at the ages before the claim, not of the person: members of a
    /// cell are taken to have had the wages of their age in their group.
    pub(crate) fn of(
        &self,
        benefit: usize,
        claimant: &Claimant<'_>,
        career: impl Fn(usize) -> f64,
        history: (&Earnings, &LegalIndices),
    ) -> Result<f64, LawError> {
        let (earnings, indices) = history;
        let Some(carried) = self.rule(benefit, claimant.name, claimant.when.entered) else {
            return Ok(0.0);
        };
        let rule = &carried.rule;
        let row = |age| Row { group: claimant.group, sex: claimant.sex, age };
        let now = |year, age| earnings.of(row(age), year, indices);
        if claimant.credit <= 0.0 {
            return Ok(now(claimant.year, claimant.age));
        }
        if let Some(years) = rule.years(&claimant.when)? {
            let level = |year| self.level(carried, year, claimant.year, indices);
            return known_last_years(carried, years.min(claimant.credit), claimant, |years| {
                last_years(years, claimant, now, level)
            });
        }
        let past = carried.sum.map_or(0.0, |sum| career(sum + 1));
        let this_year = now(claimant.year, claimant.age) * claimant.worked;
        Ok((past + this_year) / claimant.credit)
    }

    /// Returns the factor on earnings of one year in an award of another.
    fn level(
        &self,
        carried: &Carried,
        earned: Year,
        award: Year,
        indices: &LegalIndices,
    ) -> Result<f64, LawError> {
        let rule = &carried.rule.revaluation;
        let to = award.plus(-rule.lag);
        if to <= earned {
            return Ok(1.0);
        }
        let known = carried.levels.map(|at| &self.levels[at]);
        match known.and_then(|levels| levels.at(to).zip(levels.at(earned))) {
            Some((to, from)) => Ok(to / from),
            None => rule.factor(earned, award, indices),
        }
    }

    fn rule(&self, benefit: usize, group: &str, entered: Date) -> Option<&Carried> {
        self.rules[benefit].iter().find(|carried| carried.rule.applies_to(group, entered))
    }
}

fn levels_of(by: &Index, years: YearRange, indices: &LegalIndices) -> Path<Option<f64>> {
    let first = years.first().plus(-YEARS_BACK);
    let past = usize::try_from(YEARS_BACK).unwrap_or(0);
    let levels = YearRange::new(first, past + years.count())
        .iter()
        .map(|year| by.factor(years.first(), year, indices).ok());
    Path::new(first, levels.collect()).expect("there is at least one year")
}

fn known_last_years(
    carried: &Carried,
    years: f64,
    claimant: &Claimant<'_>,
    find: impl Fn(f64) -> Result<f64, LawError>,
) -> Result<f64, LawError> {
    let (Some(known), Some(_)) = (claimant.last_years, carried.levels) else { return find(years) };
    let question = (
        claimant.year,
        claimant.sex,
        claimant.age,
        (carried.levels, carried.rule.revaluation.lag),
        (years.to_bits(), claimant.worked.to_bits(), gap(claimant)),
    );
    if let Some((asked, answer)) = known.0.borrow()[claimant.group]
        && asked == question
    {
        return Ok(answer);
    }
    let answer = find(years)?;
    known.0.borrow_mut()[claimant.group] = Some((question, answer));
    Ok(answer)
}

/// Whole years between the last year of covered work and the one before the claim.
fn gap(claimant: &Claimant<'_>) -> usize {
    whole((claimant.away - 0.5).max(0.0))
}

fn last_years(
    years: f64,
    claimant: &Claimant<'_>,
    earned: impl Fn(Year, usize) -> f64,
    level: impl Fn(Year) -> Result<f64, LawError>,
) -> Result<f64, LawError> {
    let mut sum = 0.0;
    let mut left = years;
    let gap = gap(claimant);
    let worked = claimant.worked.min(left);
    if 0.0 < worked {
        sum += worked * earned(claimant.year, claimant.age);
        left -= worked;
    }
    for back in (gap + 1)..=claimant.age {
        if left <= 0.0 {
            break;
        }
        let part = left.min(1.0);
        let year = claimant.year.plus(-i32::try_from(back).unwrap_or(i32::MAX));
        sum += part * earned(year, claimant.age - back) * level(year)?;
        left -= part;
    }
    Ok(sum / (years - left).max(f64::MIN_POSITIVE))
}
