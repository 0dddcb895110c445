use perennis_cohort::YearGrid;
use perennis_pensions::Pensions;
use perennis_scheme::{
    BenefitKind, ContributionLaw, Environment, Event, Law, LegalIndices, Lognormal, Outlook,
};
use perennis_units::{Date, Money, Path, Payer, Sex, Year, YearRange};

use crate::Results;

/// Years before the start and after the end of the run that a life may reach.
const BEFORE: i32 = 110;
const AFTER: i32 = 110;

/// Prices, wages, interest and mortality around a life; what the run has is held before its start and after its end.
pub(super) struct Surroundings<'a> {
    results: &'a Results,
    pub(super) first: Year,
    pub(super) indices: LegalIndices,
    pub(super) outlook: Outlook,
    /// What one unit invested long ago has grown to at the start of each year.
    accumulated: Path<f64>,
    /// Mean insured earnings of a full year in the first year, currency.
    average: f64,
}

impl<'a> Surroundings<'a> {
    /// Returns what the lives of a run need; `None` without insured earnings or work.
    pub(super) fn new(results: &'a Results) -> Option<Self> {
        let economy = &results.labour.as_ref()?.economy;
        let years = results.population.years;
        let first = years.first();
        let insured = insured_earnings(results);
        let average = insured.iter().copied().flatten().next()?;
        let all = YearRange::new(first.plus(-BEFORE), years.count() + length(BEFORE + AFTER));
        let wage_growth = |year| economy.wage_growth_in(year);
        let interest = |year: Year| match usize::try_from(year.since(first)) {
            Ok(at) => held(&economy.interest, at),
            Err(_) => wage_growth(year),
        };
        let mut indices = LegalIndices::new(
            levels(all, |year| economy.price_growth_in(year)),
            levels(all, wage_growth),
        );
        let known = results.pensions.iter().flat_map(Pensions::indicators);
        indices.indicators = known.map(|indicator| indicator.holding()).collect();
        // The level of a year is that at its start: what the year itself earns comes after it.
        let accumulated = levels(all, |year| interest(year.plus(-1)));
        let of_year = |year: Year| {
            let at = usize::try_from(year.since(first)).unwrap_or(0).min(insured.len() - 1);
            let known = years.at(at);
            let level = indices.wages.at(year) / indices.wages.at(known);
            Money::new(insured[at].unwrap_or(average) * level).unwrap_or(Money::ZERO)
        };
        let insured_wages = Path::new(all.first(), all.iter().map(of_year).collect());
        let outlook = Outlook { insured_wages, ..Outlook::default() };
        Some(Self { results, first, indices, outlook, accumulated, average })
    }

    /// What the laws read.
    pub(super) fn environment(&self) -> Environment<'_> {
        Environment { outlook: Some(&self.outlook), ..Environment::new(&self.indices) }
    }

    /// Returns the average earnings of a year: those of the first year, moved with wages; currency.
    pub(super) fn average(&self, year: Year) -> f64 {
        self.average * self.indices.wages.at(year) / self.indices.wages.at(self.first)
    }

    /// Returns the worth at the start of `to` of what is paid in the middle of `paid`.
    pub(super) fn worth(&self, paid: Year, to: Year) -> f64 {
        let level = |year: Year| self.accumulated.at(year);
        // Half a year of interest on flows.
        let middle = (level(paid) * level(paid.plus(1))).sqrt();
        level(to) / middle
    }

    /// Returns the share of those of a sex and year of birth, alive at the start of `from`, who live at the middle of each
    /// year from then on.
    pub(super) fn alive(&self, (sex, born): (Sex, Year), from: Year, years: usize) -> Vec<f64> {
        let population = &self.results.population;
        let last = population.mortality.len().saturating_sub(1);
        let mut alive = 1.0;
        let mut shares = Vec::with_capacity(years);
        for year in YearRange::new(from, years.max(1)).iter() {
            let at = usize::try_from(year.since(self.first)).unwrap_or(0).min(last);
            let age = usize::try_from(year.since(born) - 1).unwrap_or(0);
            let oldest = population.persons.ages().saturating_sub(1);
            let after = alive * population.survival(at, sex, age.min(oldest));
            shares.push(0.5 * (alive + after));
            alive = after;
        }
        shares
    }

    /// Returns growth of prices from one year to another.
    pub(super) fn price_factor(&self, from: Year, to: Year) -> f64 {
        self.indices.prices.at(to) / self.indices.prices.at(from)
    }

    /// Returns insured earnings of a full year, and contributions for them, under the contributions of a group.
    ///
    /// Before the first row of a floor or a ceiling there is none; before the first rate that of the first year holds.
    pub(super) fn paid(&self, laws: &[Law], group: &str, (year, wage): (Year, f64)) -> (f64, f64) {
        let env = self.environment();
        let mut insured = None;
        let mut contributed = 0.0;
        let all = laws.iter().flat_map(|law| &law.contributions);
        for law in all.filter(|law| law.groups.contains(group)) {
            let limits = law.limits(year, &env);
            let of_law = limits
                .map_or(wage, |limits| limits.insured_earnings(&Lognormal::new(wage, 0.0)).mean);
            contributed += of_law * self.rate(law, year);
            insured.get_or_insert(of_law);
        }
        (insured.unwrap_or(wage), contributed)
    }

    fn rate(&self, law: &ContributionLaw, year: Year) -> f64 {
        let payers = [Payer::Employees, Payer::Employers, Payer::SelfEmployed];
        let of = |payer| {
            let known = law.rate(payer, year).or_else(|_| law.rate(payer, self.first));
            known.unwrap_or(0.0)
        };
        payers.into_iter().fold(0.0, |sum, payer| sum + of(payer))
    }
}

/// Returns the day on which the first pension at the age that is open to a group begins for a person.
pub(super) fn claim_day(
    laws: &[Law],
    (group, sex): (&str, Sex),
    (born, entered): (Date, Date),
) -> Option<Date> {
    let benefits = laws.iter().flat_map(|law| &law.benefits);
    let pensions = benefits.filter(|benefit| {
        let condition = &benefit.condition;
        benefit.kind == BenefitKind::Pension
            && condition.event == Event::Age
            && condition.recipient.is_none()
            && condition.groups.contains(group)
    });
    let mut days = pensions.filter_map(|benefit| {
        let reached = benefit.condition.reached(born, entered, sex)?;
        Some(benefit.condition.payment_start.after(reached))
    });
    days.next()
}

/// Mean insured earnings of a full year of contributions, by year of the run.
fn insured_earnings(results: &Results) -> Vec<Option<f64>> {
    let Some(pensions) = &results.pensions else { return Vec::new() };
    let years = results.population.years.count();
    let sum = |grid: fn(&perennis_pensions::Contributors) -> &YearGrid, at: usize| {
        pensions.contributors.iter().fold(0.0, |sum, group| sum + grid(group).total(at))
    };
    let of_year = |at: usize| {
        let years_paid = sum(|group| &group.months_paid, at) / 12.0;
        let earnings = sum(|group| &group.insured_earnings, at);
        (0.0 < years_paid).then(|| earnings / years_paid)
    };
    (0..years).map(of_year).collect()
}

fn levels(years: YearRange, growth: impl Fn(Year) -> f64) -> Path<f64> {
    let mut level = 1.0;
    let mut levels = vec![level];
    for year in years.iter().skip(1) {
        level *= 1.0 + growth(year);
        levels.push(level);
    }
    Path::new(years.first(), levels).expect("there is at least one year")
}

fn held(values: &[f64], at: usize) -> f64 {
    values.get(at).or(values.last()).copied().unwrap_or(0.0)
}

fn length(years: i32) -> usize {
    usize::try_from(years).unwrap_or(0)
}
