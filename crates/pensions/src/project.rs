use perennis_cohort::AccountYear;
use perennis_demography::Population;
use perennis_labour::Labour;
use perennis_scheme::Indicator;
use perennis_units::{Sex, Year};

use crate::basis::PensionBasis;
use crate::run::SchemeRun;
use crate::survivors::is_own;
use crate::year::{Nation, Tables};
use crate::{
    Beneficiaries, ClassYear, Contribution, Contributors, FollowedAge, InsuredFlows, InsuredStock,
    LawIndicator, PensionsError, ServiceBank, TooManyPersons,
};

/// Insured persons and pensioners, filled as the years are stepped.
#[derive(Clone, Debug)]
pub struct Pensions {
    /// Contributors of each scheme and group.
    pub contributors: Vec<Contributors>,
    /// Contributions by year, scheme, account and payer.
    pub contributions: Vec<Contribution>,
    /// Benefits of each scheme, loadings last.
    pub beneficiaries: Vec<Beneficiaries>,
    /// Insured persons of each register and group.
    pub insured: Vec<InsuredStock>,
    /// Gross flows.
    pub flows: Vec<InsuredFlows>,
    /// Classes of the groups that have some.
    pub classes: Vec<ClassYear>,
    /// Contributor-years of the past, of the schemes that say what was paid.
    pub service_banks: Vec<ServiceBank>,
    /// Pensionable ages that follow life expectancy.
    pub followed_ages: Vec<FollowedAge>,
    /// Indicators that the laws read and the projection finds.
    pub law_indicators: Vec<LawIndicator>,
    /// Where the schemes have more persons than the population.
    pub warnings: Vec<TooManyPersons>,
    runs: Vec<SchemeRun>,
    population: Population,
    accounts: Vec<(Year, Vec<AccountYear>)>,
}

/// Reserve ratios of the years before, by account; what rules of law may read.
pub trait PastAccounts {
    /// Returns the reserve at the end of `year` over the outgo of `year`, when that year has been computed.
    fn reserve_ratio_end(&self, account: &str, year: Year) -> Option<f64>;
}

impl Pensions {
    /// Opens the schemes at the start of the first year.
    ///
    /// # Errors
    ///
    /// [`PensionsError`] when the basis does not fit the population, the labour market or the law.
    pub fn open(
        basis: &PensionBasis,
        population: &Population,
        labour: &Labour,
    ) -> Result<Self, PensionsError> {
        let mut pensions = Self {
            contributors: Vec::new(),
            contributions: Vec::new(),
            beneficiaries: Vec::new(),
            insured: Vec::new(),
            flows: Vec::new(),
            classes: Vec::new(),
            service_banks: Vec::new(),
            followed_ages: Vec::new(),
            law_indicators: Vec::new(),
            warnings: Vec::new(),
            runs: Vec::new(),
            population: population.clone(),
            accounts: Vec::new(),
        };
        for scheme in &basis.schemes {
            let mut run = SchemeRun::open(scheme, population, labour)?;
            run.first_group = pensions.contributors.len();
            run.first_benefit = pensions.beneficiaries.len();
            run.first_indicator = pensions.law_indicators.len();
            let indicators = scheme.law.indicators.iter();
            let indicators = indicators.map(|law| LawIndicator::new(&scheme.law.scheme, law));
            pensions.law_indicators.extend(indicators);
            let (contributors, mut insured, beneficiaries) = run.tables();
            run.record(0, &mut insured);
            pensions.followed_ages.extend(FollowedAge::of_law(&scheme.law, population));
            pensions.service_banks.extend(ServiceBank::new(scheme, &insured));
            pensions.contributors.extend(contributors);
            pensions.insured.extend(insured);
            pensions.beneficiaries.extend(beneficiaries);
            pensions.runs.push(run);
        }
        pensions.compare_with_population(0);
        Ok(pensions)
    }

    /// Carries every insured person and pensioner through `year`; years are taken in order, each once.
    ///
    /// # Errors
    ///
    /// [`PensionsError::Law`] when the law says nothing where it is asked.
    pub fn step(&mut self, year: Year, past: &dyn PastAccounts) -> Result<(), PensionsError> {
        let Some(position) = self.population.years.position(year) else { return Ok(()) };
        let mut uninsured = self.uninsured(position);
        let population = &self.population;
        let survival = |sex: Sex, age: usize| population.survival(position, sex, age);
        let mut booked = Vec::new();
        for run in &mut self.runs {
            let groups = run.first_group..run.first_group + run.parts.groups().len();
            let benefits = run.basis.law.benefits.len() + run.basis.loadings.len();
            let benefits = run.first_benefit..run.first_benefit + benefits;
            let indicators = run.basis.law.indicators.len();
            let indicators = run.first_indicator..run.first_indicator + indicators;
            let mut tables = Tables {
                contributors: &mut self.contributors[groups.clone()],
                contributions: &mut self.contributions,
                beneficiaries: &mut self.beneficiaries[benefits],
                insured: &mut self.insured[groups],
                flows: &mut self.flows,
                classes: &mut self.classes,
                indicators: &mut self.law_indicators[indicators],
            };
            let mut nation = Nation { survival: &survival, uninsured: &mut uninsured };
            let accounts = run.step(year, &mut nation, past, &mut tables).map_err(|law| {
                PensionsError::Law { scheme: run.basis.law.scheme.clone(), year, law }
            })?;
            booked.extend(accounts);
        }
        self.accounts.push((year, booked));
        self.compare_with_population(position + 1);
        Ok(())
    }

    /// Returns what the schemes book to each account in `year`; nothing before that year is stepped.
    #[must_use]
    pub fn accounts(&self, year: Year) -> Vec<AccountYear> {
        let found = self.accounts.iter().find(|(stepped, _)| *stepped == year);
        found.map_or_else(Vec::new, |(_, accounts)| accounts.clone())
    }

    /// Returns the indicators of all laws as far as they are known.
    #[must_use]
    pub fn indicators(&self) -> Vec<Indicator> {
        self.runs.iter().flat_map(|run| run.indices.indicators.clone()).collect()
    }

    /// Returns the persons without credit or pension by sex and age at the end of a year, if nobody entered in it.
    ///
    /// A person with two pensions, or with credits in two registers, is taken off twice.
    fn uninsured(&self, position: usize) -> [Vec<f64>; 2] {
        let ages = self.population.persons.ages();
        Sex::ALL.map(|sex| {
            let mut uninsured: Vec<f64> =
                (0..ages).map(|age| self.population.persons.get(position + 1, sex, age)).collect();
            for age in 0..ages {
                let alive = self.population.survival(position, sex, age);
                uninsured[(age + 1).min(ages - 1)] -= alive * self.persons(position, sex, age);
            }
            uninsured.iter_mut().for_each(|persons| *persons = persons.max(0.0));
            uninsured
        })
    }

    /// Returns active and inactive insured at the start of a year and the pensions in payment now.
    fn persons(&self, position: usize, sex: Sex, age: usize) -> f64 {
        let ages = self.population.persons.ages();
        let insured = self.insured.iter().map(|stock| {
            stock.active.get(position, sex, age) + stock.inactive.get(position, sex, age)
        });
        let stocks = self.runs.iter().flat_map(|run| {
            let of_law = run.basis.law.benefits.iter().zip(&run.stocks);
            // Survivors may be insured or pensioners themselves.
            of_law.filter(|(benefit, _)| is_own(benefit)).filter_map(|(_, stock)| stock.as_ref())
        });
        let pensioners = stocks.map(|stock| stock.persons_at(sex, age, ages));
        insured.chain(pensioners).fold(0.0, |sum, persons| sum + persons)
    }

    /// Compares active, inactive and pensioners with the population at the start of a year.
    fn compare_with_population(&mut self, position: usize) {
        let ages = self.population.persons.ages();
        for sex in Sex::ALL {
            let mut excess = 0.0;
            let mut lowest = None;
            for age in 0..ages {
                let persons = self.persons(position, sex, age);
                let there = self.population.persons.get(position, sex, age);
                // Rounding of a sum of a few numbers of this size.
                if there * (1.0 + 1e-9) < persons {
                    excess += persons - there;
                    lowest = lowest.or(Some(age));
                }
            }
            if let Some(age) = lowest {
                let year = self.population.years.at(position);
                self.warnings.push(TooManyPersons { year, sex, age, excess });
            }
        }
    }
}
