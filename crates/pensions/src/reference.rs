use std::cell::RefCell;
use std::sync::Arc;

use perennis_cohort::Row;
use perennis_scheme::{
    BaseOf, DividedBy, Index, LawError, LegalIndices, Length, ReferenceRule, Rule, Window,
};
use perennis_units::{Date, Path, When, Year, YearRange, months_between};

use crate::bases::{bases, same};
use crate::basis::SchemeBasis;
use crate::best_years::{BestRule, BestYears, best_years};
use crate::carried::{CarriedSum, CarriedYear};
use crate::claim_dates::count;
use crate::earnings::Earnings;
use crate::ranks::Ranks;
use crate::start::whole;

/// What the amounts of a scheme are proportional to and how a register gives it.
#[derive(Clone, Debug)]
pub(crate) struct References {
    /// What each travelling sum adds up, after the years away.
    pub(crate) sums: Vec<CarriedSum>,
    rules: Vec<Carried>,
    /// By benefit of the law: positions of what its amount may be proportional to.
    of_benefit: Vec<Vec<usize>>,
    /// Of the rules of last years: levels of what earnings follow, by year; none where the law has no value.
    levels: Vec<Path<Option<f64>>>,
    /// What the best years are above the others, by their number; only where wages differ from year to year.
    pub(crate) best: Vec<BestYears>,
}

/// What an amount is proportional to and where it is kept.
#[derive(Clone, Debug)]
struct Carried {
    of: BaseOf,
    from: From,
}

/// How a base is found.
#[derive(Clone, Debug)]
enum From {
    /// A travelling sum over the years of credit.
    Career(usize),
    /// The earnings of the last years of the group, with these levels of the index they follow.
    LastYears(Arc<ReferenceRule>, usize),
    /// The best years of the group's own scale, with the same levels.
    BestYears(Arc<ReferenceRule>, usize),
    /// A travelling sum.
    Sum(usize),
    /// The larger of two travelling sums.
    Larger(usize, usize),
    /// Not at all.
    Nowhere,
}

impl From {
    /// Finds where a base is kept; `add` gives the position of a travelling sum, `levels` that of the levels of an index.
    fn new(
        of: &BaseOf,
        add: &mut impl FnMut(CarriedSum) -> usize,
        levels: &mut impl FnMut(&Index) -> usize,
    ) -> Self {
        match of {
            BaseOf::ReferenceEarnings(rule) => match &rule.window {
                Window::Career => Self::Career(add(CarriedSum::Earnings(rule.clone()))),
                Window::Last(_) => Self::LastYears(rule.clone(), levels(&rule.revaluation.by)),
                Window::Best { years: Length::Years(_), .. } => {
                    Self::BestYears(rule.clone(), levels(&rule.revaluation.by))
                }
                _ => Self::Nowhere,
            },
            BaseOf::Points(rule) => Self::Sum(add(CarriedSum::Points(rule.clone()))),
            BaseOf::Balance(rule) => {
                let balance = add(CarriedSum::Balance(rule.clone()));
                if rule.guaranteed {
                    Self::Larger(balance, add(CarriedSum::Paid(rule.clone())))
                } else {
                    Self::Sum(balance)
                }
            }
            BaseOf::InPayment(_) => Self::Nowhere,
        }
    }
}

/// Earnings of so many years before the run may enter an average of last years.
const YEARS_BACK: i32 = 70;

/// The members of a row for whom means are wanted.
#[derive(Clone, Copy)]
pub(crate) struct OfRow<'a> {
    pub(crate) row: Row,
    pub(crate) year: Year,
    /// The day of the claim and the person, but for the first contribution.
    pub(crate) when: When,
    /// What the year does to each travelling sum.
    pub(crate) carried: &'a [CarriedYear],
    pub(crate) earnings: &'a Earnings,
    pub(crate) indices: &'a LegalIndices,
    /// Where averages of last years are kept for the neighbours.
    pub(crate) last_years: &'a LastYears,
    /// How wages differ in the group.
    pub(crate) ranks: &'a Ranks,
    /// Years of credit of a year of the group, where its wages follow from credit.
    pub(crate) pace: Option<f64>,
}

impl OfRow<'_> {
    /// The part of a year before the birthday; births fall evenly over their month.
    fn birthday(&self) -> f64 {
        (f64::from(self.when.born.month()) - 0.5) / 12.0
    }

    /// Returns the insured earnings of a full year of the group at an age; of the member's credit then, where wages follow
    /// from it.
    pub(crate) fn earnings_at(&self, claimant: &Claimant, year: Year, age: usize) -> f64 {
        let row = Row { age, ..self.row };
        let Some(pace) = self.pace else { return self.earnings.of(row, year, self.indices) };
        let left = claimant.credit - claimant.worked;
        let since = count(self.row.age) - count(gap(claimant)) - count(age);
        self.earnings.of_service(row, left - pace * since, (year, self.indices))
    }

    pub(crate) fn year_back(&self, back: usize) -> Year {
        self.year.plus(-i32::try_from(back).unwrap_or(i32::MAX))
    }

    /// Returns what is earned at the last part of a year so many years before the claim, for a whole year: at the age at
    /// its start until the birthday, then a year older.
    pub(crate) fn of_end(
        &self,
        part: f64,
        back: usize,
        earned: impl Fn(Year, usize) -> f64,
    ) -> f64 {
        let after = part.min(1.0 - self.birthday());
        let (year, age) = (self.year_back(back), self.row.age - back);
        after * earned(year, age + 1) + (part - after) * earned(year, age)
    }

    /// Returns what is earned in the year of the claim until its day, a whole year.
    pub(crate) fn of_claim(&self, earned: impl Fn(Year, usize) -> f64) -> f64 {
        let until = f64::from(self.when.date.month() - 1) / 12.0;
        let before = if until <= self.birthday() { 1.0 } else { self.birthday() / until };
        let age = self.row.age;
        before * earned(self.year, age) + (1.0 - before) * earned(self.year, age + 1)
    }
}

/// A member of a cell at the moment of a claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claimant {
    /// Position of the cell.
    pub(crate) at: usize,
    pub(crate) persons: f64,
    /// Credit at the claim, years.
    pub(crate) credit: f64,
    /// Credit of the year of the claim, years.
    pub(crate) worked: f64,
    /// Years since the person left covered work at the start of the year.
    pub(crate) away: f64,
    /// The first contribution.
    pub(crate) entered: Date,
}

/// A base, ready to be looked up in the cells of a row.
pub(crate) enum Ready<'a> {
    /// A sum, with what the year of the claim adds, over the years of credit or those since the first contribution.
    Career {
        sum: &'a [f64],
        this_year: ThisYear<'a>,
        no_credit: f64,
        divided_by: DividedBy,
        day: Date,
    },
    /// Sums as they stand, with what the year of the claim adds: the largest counts.
    Sums([(&'a [f64], ThisYear<'a>); 2]),
    /// The last years of the group.
    LastYears { rule: &'a ReferenceRule, levels: usize, years: ByEntry, of: OfRow<'a> },
    /// The best years of the group, among the last ones where the law says so.
    BestYears { rule: BestRule<'a>, years: ByEntry, levels: usize, of: OfRow<'a> },
}

/// What a whole year of credit counts for in the year of the claim.
#[derive(Clone, Copy)]
pub(crate) struct ThisYear<'a> {
    carried: &'a CarriedYear,
    group: usize,
    cell: [usize; 2],
    /// Where it is the same for every credit.
    alike: Option<f64>,
}

impl<'a> ThisYear<'a> {
    fn new(carried: &'a CarriedYear, group: usize, cell: [usize; 2]) -> Self {
        let alike = carried.of_service[group].is_empty().then(|| carried.counted[group][cell]);
        Self { carried, group, cell, alike }
    }

    fn of(&self, claimant: &Claimant) -> f64 {
        self.alike.unwrap_or_else(|| {
            self.carried.counted_at(self.group, self.cell, claimant.credit - claimant.worked)
        })
    }
}

/// A number of the law by first contribution.
#[derive(Clone, Debug)]
pub(crate) struct ByEntry(Vec<(Date, Option<f64>)>);

impl ByEntry {
    /// Asks a rule once for each day of first contribution from which it may give another number.
    fn new(rule: &Rule<f64>, when: &When) -> Self {
        let rows = rule.values.rows().iter();
        let mut days: Vec<Date> = rows.filter_map(|row| row.entered_from).collect();
        days.push(Date::MIN);
        days.sort_unstable();
        days.dedup();
        let number = |entered: Date| rule.at(&When { entered, ..*when }).ok().map(|row| row.value);
        Self(days.into_iter().map(|day| (day, number(day))).collect())
    }

    pub(crate) fn at(&self, entered: Date) -> Option<f64> {
        let after = self.0.partition_point(|(day, _)| *day <= entered);
        self.0[after.saturating_sub(1)].1
    }
}

impl References {
    pub(crate) fn new(basis: &SchemeBasis, years: YearRange, indices: &LegalIndices) -> Self {
        let law = &basis.law;
        let volatile = basis.groups.iter().any(|group| group.persistence < 1.0);
        let mut sums: Vec<CarriedSum> = Vec::new();
        let mut levels: Vec<(Index, Path<Option<f64>>)> = Vec::new();
        let mut add = |sum: CarriedSum| {
            let known = sums.iter().position(|known| known.is(&sum));
            known.unwrap_or_else(|| {
                sums.push(sum);
                sums.len() - 1
            })
        };
        let mut rules: Vec<Carried> = Vec::new();
        let mut of_benefit = Vec::new();
        for benefit in &law.benefits {
            let positions = bases(benefit).into_iter().map(|of| {
                let known = rules.iter().position(|known| same(&known.of, &of));
                known.unwrap_or_else(|| {
                    let from = From::new(&of, &mut add, &mut |by| {
                        let known = levels.iter().position(|(known, _)| known == by);
                        known.unwrap_or_else(|| {
                            levels.push((by.clone(), levels_of(by, years, indices)));
                            levels.len() - 1
                        })
                    });
                    rules.push(Carried { of, from });
                    rules.len() - 1
                })
            });
            of_benefit.push(positions.collect());
        }
        let levels = levels.into_iter().map(|(_, path)| path).collect();
        let best = if volatile { best_years(law) } else { Vec::new() };
        Self { rules, of_benefit, sums, levels, best }
    }

    /// Returns, in the order of the law, what an amount of a benefit is proportional to for members of a group who first
    /// contributed between two days, and the first contribution from which each is.
    pub(crate) fn of_group(
        &self,
        benefit: usize,
        group: &str,
        (earliest, latest): (Date, Date),
    ) -> Vec<(Option<Date>, usize)> {
        let mut found = Vec::new();
        for position in &self.of_benefit[benefit] {
            let from = match &self.rules[*position].of {
                BaseOf::ReferenceEarnings(rule) if rule.groups.contains(group) => rule.entered_from,
                BaseOf::ReferenceEarnings(_) => continue,
                _ => None,
            };
            if from.is_none_or(|from| from <= latest) {
                found.push((from, *position));
            }
            if from.is_none_or(|from| from <= earliest) {
                break;
            }
        }
        found
    }

    /// Makes the base at a position ready for the cells of a row; `assessed` is the day and the person for whom the law is
    /// asked, `sum` gives a travelling sum of the row by its position.
    ///
    /// The last years of credit are those of the group at the ages before the claim, not of the person: members of a
    /// cell are taken to have had the wages of their age in their group.
    pub(crate) fn ready<'a>(
        &'a self,
        position: usize,
        assessed: &When,
        of: OfRow<'a>,
        sum: impl Fn(usize) -> &'a [f64],
    ) -> Result<Ready<'a>, LawError> {
        let cell = [of.row.sex.index(), of.row.age];
        let group = of.row.group;
        let with_year = |at: usize| (sum(at + 1), ThisYear::new(&of.carried[at], group, cell));
        let Carried { of: base, from } = &self.rules[position];
        Ok(match (from, base) {
            (From::Career(at), BaseOf::ReferenceEarnings(rule)) => {
                let (sum, this_year) = with_year(*at);
                let no_credit = of.earnings.of(of.row, of.year, of.indices);
                let (divided_by, day) = (rule.divided_by, of.when.date);
                Ready::Career { sum, this_year, no_credit, divided_by, day }
            }
            (From::LastYears(rule, levels), _) => {
                let years = match &rule.window {
                    Window::Last(years) => ByEntry::new(years, assessed),
                    _ => ByEntry(vec![(Date::MIN, None)]),
                };
                Ready::LastYears { rule, levels: *levels, years, of }
            }
            (From::BestYears(rule, levels), _) => {
                let Window::Best { years: Length::Years(years), of_last, .. } = &rule.window else {
                    return Err(LawError::NotKnown { measure: base.name().to_owned() });
                };
                Ready::BestYears {
                    rule: BestRule {
                        rule,
                        of_last: of_last.as_ref().map(|rule| ByEntry::new(rule, assessed)),
                    },
                    years: ByEntry::new(years, assessed),
                    levels: *levels,
                    of,
                }
            }
            (From::Sum(at), _) => Ready::Sums([with_year(*at), with_year(*at)]),
            (From::Larger(one, other), _) => Ready::Sums([with_year(*one), with_year(*other)]),
            _ => return Err(LawError::NotKnown { measure: base.name().to_owned() }),
        })
    }

    /// Returns the factor on earnings of one year in an award of another.
    pub(crate) fn level(
        &self,
        (rule, levels): (&ReferenceRule, usize),
        earned: Year,
        award: Year,
        indices: &LegalIndices,
    ) -> Result<f64, LawError> {
        let to = award.plus(-rule.revaluation.lag);
        if to <= earned {
            return Ok(1.0);
        }
        let levels = &self.levels[levels];
        match levels.at(to).zip(levels.at(earned)) {
            Some((to, from)) => Ok(to / from),
            None => rule.revaluation.factor(earned, award, indices),
        }
    }
}

/// A base that is a travelling sum of each cell.
pub(crate) struct SumOf<'a> {
    /// The sum of the members, by credit.
    pub(crate) past: &'a [f64],
    /// What a year of credit of the year of the claim adds for each member.
    pub(crate) this_year: f64,
    /// Whether it is divided by the years of credit.
    pub(crate) over_credit: bool,
}

impl<'a> Ready<'a> {
    /// Returns the sum that the base is, where it is one and the same for every credit of the row; for members with credit.
    pub(crate) fn sum(&self) -> Option<SumOf<'a>> {
        match self {
            Self::Career { sum, this_year, divided_by: DividedBy::Credited, .. } => {
                Some(SumOf { past: sum, this_year: this_year.alike?, over_credit: true })
            }
            _ => None,
        }
    }
}

impl Ready<'_> {
    /// Returns how many years of earnings the base of a member is the mean of.
    pub(crate) fn years(&self, claimant: &Claimant) -> f64 {
        match self {
            Self::Career { .. } | Self::Sums(_) => claimant.credit,
            Self::LastYears { years, .. } | Self::BestYears { years, .. } => years
                .at(claimant.entered)
                .map_or(claimant.credit, |years| years.min(claimant.credit)),
        }
    }

    /// Returns the sum of the base of the members of a cell.
    #[inline]
    pub(crate) fn total(
        &self,
        claimant: &Claimant,
        references: &References,
    ) -> Result<f64, LawError> {
        let with_year = |sum: &[f64], this_year: &ThisYear<'_>| {
            sum[claimant.at] + this_year.of(claimant) * claimant.worked * claimant.persons
        };
        Ok(match self {
            Self::Career { no_credit, .. } if claimant.credit <= 0.0 => {
                *no_credit * claimant.persons
            }
            Self::Career { sum, this_year, divided_by, day, .. } => {
                let years = match divided_by {
                    DividedBy::Window => {
                        let window = f64::from(months_between(claimant.entered, *day)) / 12.0;
                        window.max(claimant.credit)
                    }
                    _ => claimant.credit,
                };
                with_year(sum, this_year) / years
            }
            Self::Sums([(one, of_one), (other, of_other)]) => {
                with_year(one, of_one).max(with_year(other, of_other))
            }
            Self::LastYears { rule, levels, years, of } => {
                let rule = (*rule, *levels);
                claimant.persons * mean_of_last_years(rule, years, (claimant, of), references)?
            }
            Self::BestYears { rule, years, levels, of } => {
                claimant.persons * rule.mean((years, *levels), (claimant, of), references)?
            }
        })
    }

    /// Returns the mean of the base among the members of a cell.
    pub(crate) fn mean(
        &self,
        claimant: &Claimant,
        references: &References,
    ) -> Result<f64, LawError> {
        Ok(self.total(claimant, references)? / claimant.persons)
    }
}

/// Returns the mean of the last years of earnings of the group, as many as the law asks for and the person has.
fn mean_of_last_years(
    rule: (&ReferenceRule, usize),
    asked: &ByEntry,
    (claimant, of): (&Claimant, &OfRow<'_>),
    references: &References,
) -> Result<f64, LawError> {
    let now = |year, age| of.earnings_at(claimant, year, age);
    if claimant.credit <= 0.0 {
        return Ok(now(of.year, of.row.age));
    }
    let level = |year| references.level(rule, year, of.year, of.indices);
    let years = asked.at(claimant.entered).ok_or_else(|| {
        let (Window::Last(of_law), date) = (&rule.0.window, of.when.date) else {
            return LawError::NotKnown { measure: rule.0.name.clone() };
        };
        LawError::NotInForce { rule: of_law.name.clone(), date }
    })?;
    let years = years.min(claimant.credit);
    known_last_years(rule, (years, 0.0), (claimant, of), |years| {
        last_years(years, (claimant, of), now, level)
    })
}

/// The last average of last years that was found, by group. Members of neighbouring credits mostly share it.
#[derive(Debug)]
pub(crate) struct LastYears(RefCell<Vec<Option<(Question, f64)>>>);

/// What an average of last years depends on: year and row, levels and lag of the revaluation, months of birth and claim,
/// years, those worked in the year of the claim, the gap before it, and the credit where wages follow from it.
type Question = (Year, Row, (usize, i32), (i8, i8), (u64, u64, u64, usize, u64));

impl LastYears {
    pub(crate) fn new(groups: usize) -> Self {
        Self(RefCell::new(vec![None; groups]))
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

pub(crate) fn known_last_years(
    (rule, levels): (&ReferenceRule, usize),
    (years, all): (f64, f64),
    (claimant, of): (&Claimant, &OfRow<'_>),
    find: impl Fn(f64) -> Result<f64, LawError>,
) -> Result<f64, LawError> {
    let question = (
        of.year,
        of.row,
        (levels, rule.revaluation.lag),
        (of.when.born.month(), of.when.date.month()),
        (
            years.to_bits(),
            all.to_bits(),
            claimant.worked.to_bits(),
            gap(claimant),
            of.pace.map_or(0, |_| claimant.credit.to_bits()),
        ),
    );
    let known = &of.last_years.0;
    if let Some((asked, answer)) = known.borrow()[of.row.group]
        && asked == question
    {
        return Ok(answer);
    }
    let answer = find(years)?;
    known.borrow_mut()[of.row.group] = Some((question, answer));
    Ok(answer)
}

/// The part of the year in which somebody left covered work that was still worked, on average.
pub(crate) const YEAR_OF_LEAVING: f64 = 0.5;

/// Whole years between the last year of covered work and the one before the claim.
pub(crate) fn gap(claimant: &Claimant) -> usize {
    whole((claimant.away - 0.5).max(0.0))
}

fn last_years(
    years: f64,
    (claimant, of): (&Claimant, &OfRow<'_>),
    earned: impl Fn(Year, usize) -> f64,
    level: impl Fn(Year) -> Result<f64, LawError>,
) -> Result<f64, LawError> {
    let mut sum = 0.0;
    let mut left = years;
    let age = of.row.age;
    let worked = claimant.worked.min(left);
    if 0.0 < worked {
        sum += worked * of.of_claim(&earned);
        left -= worked;
    }
    let first = gap(claimant) + 1;
    for back in first..=age {
        if left <= 0.0 {
            break;
        }
        let level = level(of.year_back(back))?;
        if back == first && 0.0 < claimant.away {
            let part = left.min(YEAR_OF_LEAVING);
            sum += part * of.of_end(1.0, back, &earned) * level;
            left -= part;
            continue;
        }
        let part = left.min(1.0);
        sum += of.of_end(part, back, &earned) * level;
        left -= part;
    }
    Ok(sum / (years - left).max(f64::MIN_POSITIVE))
}
