use perennis_cohort::YearGrid;
use perennis_units::Sex;

/// Who becomes an invalid, and who recovers.
#[derive(Clone, Debug, Default)]
pub struct Invalidity {
    /// Probability that an active and that an inactive insured person becomes an invalid within a year, by year of the run,
    /// sex and age at its start; nobody does where absent. Dependent rates: with that of death they are taken off one.
    pub incidence: [Option<YearGrid>; 2],
    /// Share of those who become invalids to whom each benefit on invalidity is for, by name; all where a benefit is not
    /// named.
    pub benefits: Vec<InvalidityShare>,
    /// Recovery of those who draw a pension on invalidity; nobody recovers when absent.
    pub recovery: Option<Recovery>,
}

/// Those of the invalids for whom one benefit is.
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidityShare {
    /// Name of the benefit.
    pub benefit: String,
    /// Share of those who become invalids, by sex.
    pub share: [f64; 2],
    /// Their degree of invalidity, a share, where the law asks for it.
    pub degree: Option<f64>,
}

/// Recovery of invalids.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Probability of recovery within a year, by whole years since the year of the award from one on, the last open; each by
    /// year of the run, sex and age at its start. A dependent rate: with that of death it is taken off one, and whoever
    /// recovers lives to the end of the year.
    pub rates: Vec<YearGrid>,
    /// Share of those who recover that are active insured again, by sex; the others are inactive.
    pub active: [f64; 2],
}

impl Invalidity {
    /// Returns the share of those of a sex who become invalids for whom a benefit is.
    pub(crate) fn share_of(&self, benefit: &str, sex: Sex) -> f64 {
        self.of(benefit).map_or(1.0, |named| named.share[sex.index()])
    }

    /// Returns what is said of a benefit.
    pub(crate) fn of(&self, benefit: &str) -> Option<&InvalidityShare> {
        self.benefits.iter().find(|named| named.benefit == benefit)
    }

    /// The number of ages and years of each array, and those of the population.
    pub(crate) fn shapes(&self, ages: usize, years: usize) -> Vec<(&'static str, usize, usize)> {
        let recovery = self.recovery.iter().flat_map(|recovery| &recovery.rates);
        let incidence = self.incidence.iter().flatten();
        let incidence = incidence.map(|rates| ("incidence", "incidence by year", rates));
        let recovery = recovery.map(|rates| ("recovery", "recovery by year", rates));
        let of = |(by_age, by_year, rates): (_, _, &YearGrid)| {
            [(by_age, rates.ages(), ages), (by_year, rates.years(), years)]
        };
        incidence.chain(recovery).flat_map(of).collect()
    }

    /// Says whether anyone becomes an invalid.
    pub(crate) fn is_nobody(&self) -> bool {
        self.incidence.iter().all(Option::is_none)
    }
}

impl Recovery {
    /// Returns the probability for those whose award lies `years` after their own year, from one on.
    pub(crate) fn rate(&self, years: usize) -> Option<&YearGrid> {
        self.rates.get(years.saturating_sub(1)).or(self.rates.last())
    }
}
