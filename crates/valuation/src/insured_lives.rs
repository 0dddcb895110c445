use perennis_cohort::{AgeGrid, YearGrid};
use perennis_demography::Population;
use perennis_generations::{
    ByYearAndAge, ClaimChances, InsuredLives, Joining, LivesGroup, StartMembers, StartPensions,
};
use perennis_labour::{Economy, Labour};
use perennis_pensions::{
    Behaviour, GroupBasis, Members, Membership, Mortality, SchemeBasis, Turnover, WagesGrow,
};
use perennis_scheme::{Environment, Indicator, LawError, LegalIndices, Lognormal};
use perennis_units::{Path, Sex, Year, YearRange};

/// Past years for which prices and wages are read.
const PAST: i32 = 120;

/// What the lives of a scheme are read from.
pub(crate) struct Source<'a> {
    pub(crate) basis: &'a SchemeBasis,
    pub(crate) population: &'a Population,
    pub(crate) labour: &'a Labour,
    pub(crate) indices: &'a LegalIndices,
}

/// Levels of prices and wages, past years included, and indicators, of which the last figures hold on.
pub(crate) fn indices(
    economy: &Economy,
    years: YearRange,
    indicators: &[Indicator],
) -> LegalIndices {
    let first = years.first().plus(-PAST);
    let last = i32::try_from(years.count()).unwrap_or(0) + PAST;
    let levels = |growth: &dyn Fn(Year) -> f64| {
        let mut level = 1.0;
        let later = (1..=last).map(|year| {
            level *= 1.0 + growth(first.plus(year));
            level
        });
        let levels: Vec<f64> = std::iter::once(1.0).chain(later).collect();
        Path::new(first, levels).expect("the first year is there")
    };
    let prices = levels(&|year| economy.price_growth_in(year));
    let wages = levels(&|year| economy.wage_growth_in(year));
    let indicators = indicators.iter().map(Indicator::holding).collect();
    LegalIndices { indicators, ..LegalIndices::new(prices, wages) }
}

impl Source<'_> {
    /// Says what of a scheme cannot be followed by generations.
    pub(crate) fn not_followed(&self) -> Option<&'static str> {
        let basis = self.basis;
        let groups = || basis.groups.iter();
        let by_distance = |behaviour: &Behaviour| matches!(behaviour, Behaviour::Distance { .. });
        let claiming = &basis.claiming;
        let inactive = claiming.inactive.as_ref().unwrap_or(&claiming.active);
        let invalidity = &basis.invalidity;
        let reasons = [
            (invalidity.recovery.is_some(), "recovery of invalids"),
            (
                invalidity.incidence[1].is_some() || !invalidity.benefits.is_empty(),
                "invalids from the inactive insured or by degree",
            ),
            (!basis.mortality.since_award.is_empty(), "mortality by the years since an award"),
            (groups().any(|group| group.class.is_some()), "classes of members"),
            (groups().any(|group| !group.moves.is_empty()), "moves between groups"),
            (
                groups().any(|group| matches!(group.turnover, Turnover::ByService(_))),
                "turnover by service",
            ),
            (basis.wages_grow != WagesGrow::FixedComposition, "wages that follow a mean"),
            (
                !by_distance(&claiming.active) || !by_distance(inactive),
                "claims by other rules than the distance from the age",
            ),
        ];
        reasons.into_iter().find_map(|(found, reason)| found.then_some(reason))
    }

    /// Says why the projection, which averages in cells, may differ from lives followed alone; nothing where it must not.
    pub(crate) fn averaged(&self) -> Option<&'static str> {
        let groups = || self.basis.groups.iter();
        let with_gaps = |group: &GroupBasis| group.months.density() < 1.0 - 1e-12;
        let moving = |group: &GroupBasis| match &group.turnover {
            Turnover::ByAge(rates) => rates.values().iter().any(|rate| 0.0 < *rate),
            Turnover::ByService(_) => true,
        };
        let spread = |members: &Members| match members {
            Members::Spread(spread) => spread.persons.as_ref().is_none_or(|grid| 0.0 < grid.sum()),
            Members::Counted(_) => false,
        };
        let bends = self.basis.law.contributions.iter();
        let bends = bends.into_iter().any(|one| one.floor.is_some() || one.ceiling.is_some());
        let reasons = [
            (
                groups().any(|group| 0.0 < group.wage_spread && bends),
                "floors and ceilings over a spread of wages",
            ),
            (groups().any(with_gaps), "months paid that differ between members"),
            (groups().any(moving), "members who leave and come back"),
            (
                groups().any(|group| spread(&group.active) || spread(&group.inactive)),
                "credit of the start that is known by its mean",
            ),
        ];
        reasons.into_iter().find_map(|(found, reason)| found.then_some(reason))
    }

    fn years(&self) -> YearRange {
        self.population.years
    }

    /// Reads the lives; `closed` lets nobody join.
    pub(crate) fn lives(&self, closed: bool) -> Result<InsuredLives<'_>, LawError> {
        let basis = self.basis;
        let years = self.years();
        let table = |grid: &YearGrid| self.table(|at, sex, age| grid.get(at, sex, age));
        let mortality = |of: &Mortality| self.survival(of);
        let benefits = basis.law.benefits.iter();
        let groups = basis.groups.iter().enumerate();
        let groups = groups.map(|(at, group)| self.group((at, group), closed));
        let inactive = basis.claiming.inactive.as_ref().unwrap_or(&basis.claiming.active);
        Ok(InsuredLives {
            law: &basis.law,
            indices: self.indices,
            first_year: years.first(),
            years: years.count(),
            survival: [
                mortality(&basis.mortality.insured[0]),
                mortality(&basis.mortality.insured[1]),
            ],
            survival_of_pensioners: benefits
                .map(|benefit| mortality(basis.mortality.of_pensioners(&benefit.name)))
                .collect(),
            incidence: basis.invalidity.incidence[0].as_ref().map(table),
            withdrawal: table(&basis.withdrawal),
            re_entry: years.iter().map(|year| basis.re_entry.at(year).get()).collect(),
            entry_ages: basis.entry_ages,
            claims: [chances(&basis.claiming.active), chances(inactive)],
            groups: groups.collect::<Result<_, _>>()?,
            members: self.members(),
            pensions: self.pensions(),
        })
    }

    fn ages(&self) -> usize {
        self.population.persons.ages()
    }

    fn table(&self, figure: impl Fn(usize, Sex, usize) -> f64) -> ByYearAndAge {
        let of = |at: usize| {
            Sex::ALL.map(|sex| (0..self.ages()).map(|age| figure(at, sex, age)).collect())
        };
        (0..self.years().count()).map(of).collect()
    }

    fn survival(&self, of: &Mortality) -> ByYearAndAge {
        let population = |at, sex, age| self.population.survival(at, sex, age);
        match of {
            Mortality::Relative(times) => {
                self.table(|at, sex, age| libm::pow(population(at, sex, age), times[sex.index()]))
            }
            Mortality::RelativeByAge(times) => self
                .table(|at, sex, age| libm::pow(population(at, sex, age), times.get(at, sex, age))),
            // Nobody outlives the last age of a table of their own.
            Mortality::Own(alive) => {
                let of = |at: usize, sex: Sex| -> Vec<f64> {
                    let ages = (0..alive.ages()).map(|age| alive.get(at, sex, age));
                    ages.chain([0.0]).collect()
                };
                (0..alive.years()).map(|at| Sex::ALL.map(|sex| of(at, sex))).collect()
            }
        }
    }

    fn group(
        &self,
        (at, group): (usize, &GroupBasis),
        closed: bool,
    ) -> Result<LivesGroup, LawError> {
        let law = &self.basis.law;
        let env = Environment::new(self.indices);
        let contribution = law.contributions.iter().find(|one| one.groups.contains(&group.name));
        let declared = self.basis.collection.declared.iter().find(|(name, _)| *name == group.name);
        let (mut earnings, mut wages) = (ByYearAndAge::new(), ByYearAndAge::new());
        for year in self.years().iter() {
            let grown = self.indices.wages.at(year) / self.indices.wages.at(group.wages_year);
            let share = declared.map_or(1.0, |(_, share)| share.at(year).get());
            let limits = contribution.map(|one| one.limits(year, &env)).transpose()?;
            let insured = |wage: f64| {
                let wage = wage * grown * share;
                let Some(limits) = &limits else { return wage };
                limits.insured_earnings(&Lognormal::new(wage, group.wage_spread)).mean
            };
            let row = |sex: Sex| -> Vec<f64> { group.wages.row(sex.index()).to_vec() };
            let of_sex = |sex| nearest(row(sex).into_iter().map(insured).collect());
            earnings.push(Sex::ALL.map(of_sex));
            wages.push(Sex::ALL.map(|sex| row(sex).into_iter().map(|wage| wage * grown).collect()));
        }
        let turnover = match &group.turnover {
            Turnover::ByAge(rates) => self.table(|at, sex, age| rates.get(at, sex, age)),
            Turnover::ByService(_) => self.table(|_, _, _| 0.0),
        };
        let joining = match &group.membership {
            _ if closed => Joining::Nobody,
            Membership::Closed => Joining::Nobody,
            Membership::Growth { rate, joining } => Joining::Growth {
                rate: self.years().iter().map(|year| rate.at(year).get()).collect(),
                ages: Sex::ALL.map(|sex| joining.row(sex.index()).to_vec()),
            },
            Membership::Coverage { .. } => Joining::Targets(self.targets(at)),
        };
        let (name, density) = (group.name.clone(), group.months.density());
        Ok(LivesGroup { name, density, earnings, wages, turnover, joining })
    }

    /// Employed times coverage, the mean of the year before and after, at the start of each year and the end of the last.
    pub(crate) fn targets(&self, at: usize) -> ByYearAndAge {
        let Membership::Coverage { employed, coverage } = &self.basis.groups[at].membership else {
            return Vec::new();
        };
        let employed = self.labour.employed.iter().find(|group| group.name == *employed);
        let count = self.years().count();
        let of = |position: usize, sex: Sex, age: usize| {
            let covered = [position.saturating_sub(1), position.min(count - 1)];
            let covered = covered.map(|year| coverage.get(year, sex, age));
            let persons = employed.map_or(0.0, |group| group.persons.get(position, sex, age));
            persons * 0.5 * (covered[0] + covered[1])
        };
        let row = |position| {
            Sex::ALL.map(|sex| (0..self.ages()).map(|age| of(position, sex, age)).collect())
        };
        (0..=count).map(row).collect()
    }

    fn members(&self) -> Vec<StartMembers> {
        let mut all = Vec::new();
        for (at, group) in self.basis.groups.iter().enumerate() {
            for (active, members) in [(true, &group.active), (false, &group.inactive)] {
                match members {
                    Members::Counted(cells) => {
                        all.extend(cells.iter().map(|cell| StartMembers {
                            group: at,
                            active,
                            sex: cell.sex,
                            age: cell.age,
                            credit_months: f64::from(cell.credit_months),
                            years_away: 0,
                            persons: cell.persons,
                        }));
                    }
                    Members::Spread(spread) => {
                        let alone = !matches!(group.membership, Membership::Coverage { .. });
                        let given = spread.persons.as_ref();
                        let none = || if alone { Vec::new() } else { self.targets(at) };
                        let covered = if given.is_some() { Vec::new() } else { none() };
                        all.extend(self.spread(active, &spread.mean_credit, &|sex, age| {
                            let of_coverage =
                                covered.first().map_or(0.0, |row| row[sex.index()][age]);
                            (
                                at,
                                spread.years_away,
                                given.map_or(of_coverage, |grid| grid[[sex.index(), age]]),
                            )
                        }));
                    }
                }
            }
        }
        all
    }

    /// Members known by their mean credit: all of an age hold the mean.
    fn spread(
        &self,
        active: bool,
        mean_credit: &AgeGrid,
        of: &dyn Fn(Sex, usize) -> (usize, f64, f64),
    ) -> Vec<StartMembers> {
        let first = self.basis.entry_ages.0;
        let cells =
            Sex::ALL.into_iter().flat_map(|sex| (first..self.ages()).map(move |age| (sex, age)));
        let member = |(sex, age): (Sex, usize)| {
            let (group, away, persons) = of(sex, age);
            let away = if active { 0.0 } else { away };
            let years_away = (0..200_u8).find(|years| away < f64::from(*years) + 0.5).unwrap_or(0);
            let credit_months = 12.0 * mean_credit[[sex.index(), age]];
            let years_away = usize::from(years_away);
            let found =
                StartMembers { group, active, sex, age, credit_months, years_away, persons };
            (0.0 < persons).then_some(found)
        };
        cells.filter_map(member).collect()
    }

    fn pensions(&self) -> Vec<StartPensions> {
        let of = |start: &perennis_pensions::PensionStart| {
            let benefits = &self.basis.law.benefits;
            let benefit = benefits.iter().position(|benefit| benefit.name == start.benefit)?;
            let amounts = Sex::ALL.map(|sex| start.amount.row(sex.index()).to_vec());
            Some(StartPensions { benefit, amounts })
        };
        self.basis.pensions.iter().filter_map(of).collect()
    }
}

fn chances(behaviour: &Behaviour) -> ClaimChances {
    match behaviour {
        Behaviour::Distance { first, probability } => {
            let of = |sex: Sex| probability[sex.index()].iter().map(|one| one.get()).collect();
            ClaimChances { first: *first, chances: Sex::ALL.map(of) }
        }
        Behaviour::Age(_) | Behaviour::EarlyShare(_) => {
            ClaimChances { first: 0, chances: [vec![1.0], vec![1.0]] }
        }
    }
}

/// Gives ages without earnings those of the nearest age with some, a later one first.
fn nearest(values: Vec<f64>) -> Vec<f64> {
    let of = |age: usize| {
        let mut ages = (age..values.len()).chain((0..age).rev());
        ages.find(|age| 0.0 < values[*age]).map_or(0.0, |age| values[age])
    };
    (0..values.len()).map(of).collect()
}
