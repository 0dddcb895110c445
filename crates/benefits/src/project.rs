use ndarray::{ArrayView2, Axis};
use perennis_cohort::{AccountYear, AgeGrid, InPayment, Item, YearGrid};
use perennis_demography::Population;
use perennis_labour::{Economy, Labour};
use perennis_pensions::{Contribution, Pensions};
use perennis_scheme::{LawError, LegalIndices};
use perennis_units::{Payer, Sex, Year, YearRange};
use thiserror::Error;

use crate::health::{Assessed, Candidates, SchemePeople, assess, candidates, place};
use crate::{ContributionBase, HealthBasis, Members, PaidBy, cost_of_service};

/// Persons above the population of a cell that rounding explains.
const ROUNDING: f64 = 1e-6;

/// Everything that determines the branches beside pensions.
#[derive(Clone, Debug)]
pub struct BenefitBasis {
    /// Branches of social health insurance.
    pub health: Vec<HealthBasis>,
}

/// Insured persons of one group of a health branch; one position a year.
#[derive(Clone, Debug)]
pub struct HealthInsured {
    /// Name of the branch.
    pub scheme: String,
    /// Name of the group.
    pub group: String,
    /// Insured, mean of the year, persons.
    pub insured: YearGrid,
}

/// Use and cost of one service of a health branch; one position a year.
#[derive(Clone, Debug)]
pub struct HealthService {
    /// Name of the branch.
    pub scheme: String,
    /// Name of the service.
    pub service: String,
    /// Contacts of the year (visits, admissions).
    pub contacts: YearGrid,
    /// Cost to the branch, currency.
    pub cost: YearGrid,
    /// Paid by the patients at the point of service, currency.
    pub co_payments: YearGrid,
}

/// Contributions of one group and payer of a health branch in one year.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupContribution {
    /// The year.
    pub year: Year,
    /// Name of the branch.
    pub scheme: String,
    /// Name of the group.
    pub group: String,
    /// Who pays.
    pub payer: Payer,
    /// Earnings, pensions or amounts of law that the contribution is assessed on, currency.
    pub base: f64,
    /// Share of the base.
    pub rate: f64,
    /// Due under the law, currency.
    pub due: f64,
    /// Collected in the year, currency.
    pub collected: f64,
}

/// Members of a group for whom nobody of their sex was left to be insured: the group and the population disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Unplaced {
    /// The year.
    pub year: Year,
    /// Name of the branch.
    pub scheme: String,
    /// Name of the group.
    pub group: String,
    /// The sex.
    pub sex: Sex,
    /// Persons, summed over ages.
    pub persons: f64,
}

/// The branches beside pensions, filled as the years are stepped.
#[derive(Clone, Debug)]
pub struct Benefits {
    /// Insured of the health branches by group.
    pub insured: Vec<HealthInsured>,
    /// Use and cost of the health branches by service.
    pub services: Vec<HealthService>,
    /// Contributions by year, branch, account and payer; subsidies of the State are payer State, payments of other
    /// funds payer Funds. The rate is what is due over the base of the groups for which the payer pays.
    pub contributions: Vec<Contribution>,
    /// The same by group.
    pub group_contributions: Vec<GroupContribution>,
    /// Members that could not be counted; empty for coherent assumptions.
    pub unplaced: Vec<Unplaced>,
    health: Vec<HealthBasis>,
    years: YearRange,
    population_mean: YearGrid,
    economy: Economy,
    indices: LegalIndices,
    booked: Vec<(Year, Vec<AccountYear>)>,
}

/// A basis that cannot be projected.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum BenefitsError {
    /// A group names contributors or a benefit that no scheme has.
    #[error("the insured `{group}` name `{name}` of scheme `{scheme}`, which does not exist")]
    Unknown {
        /// The group of the insured.
        group: String,
        /// The scheme named.
        scheme: String,
        /// The group of contributors or the benefit named.
        name: String,
    },
    /// Contributions are assessed on earnings or pensions that the members do not have.
    #[error("contributions of `{group}` are assessed on {base}, which its members do not have")]
    Base {
        /// The group of the insured.
        group: String,
        /// Insured earnings or pensions.
        base: &'static str,
    },
    /// An input has another number of years or ages than the population.
    #[error("{input} has {found} positions where {expected} are needed")]
    Shape {
        /// Name of the group or service.
        input: String,
        /// Positions found.
        found: usize,
        /// Positions needed.
        expected: usize,
    },
    /// A rate or an amount of law has no value.
    #[error(transparent)]
    Law(#[from] LawError),
    /// A year outside the run.
    #[error("{0} is not a year of the run")]
    Year(Year),
}

impl Benefits {
    /// Opens the branches at the start of the first year.
    ///
    /// # Errors
    ///
    /// [`BenefitsError::Shape`] and [`BenefitsError::Base`] when the basis does not fit the population or itself.
    pub fn open(
        basis: &BenefitBasis,
        population: &Population,
        labour: &Labour,
    ) -> Result<Self, BenefitsError> {
        let (years, ages) = (population.years, population.persons.ages());
        for health in &basis.health {
            check(health, years.count(), ages)?;
        }
        let persons = population.persons.values();
        let mean = (&persons.slice_axis(Axis(0), (..years.count()).into())
            + &persons.slice_axis(Axis(0), (1..=years.count()).into()))
            * 0.5;
        let zeros = || YearGrid::zeros(years.count(), ages);
        let insured = basis.health.iter().flat_map(|health| {
            health.groups.iter().map(|group| HealthInsured {
                scheme: health.name.clone(),
                group: group.name.clone(),
                insured: zeros(),
            })
        });
        let services = basis.health.iter().flat_map(|health| {
            health.services.iter().map(|service| HealthService {
                scheme: health.name.clone(),
                service: service.name.clone(),
                contacts: zeros(),
                cost: zeros(),
                co_payments: zeros(),
            })
        });
        Ok(Self {
            insured: insured.collect(),
            services: services.collect(),
            contributions: Vec::new(),
            group_contributions: Vec::new(),
            unplaced: Vec::new(),
            health: basis.health.clone(),
            years,
            population_mean: YearGrid::new(mean),
            indices: LegalIndices {
                prices: labour.economy.price_levels(),
                wages: labour.economy.wage_levels(),
                indicators: Vec::new(),
            },
            economy: labour.economy.clone(),
            booked: Vec::with_capacity(years.count()),
        })
    }

    /// Computes the branches for `year`, after pensions.
    ///
    /// # Errors
    ///
    /// [`BenefitsError::Unknown`] when a group names a scheme, group or benefit that `pensions` does not hold;
    /// [`BenefitsError::Law`] when the law says nothing; [`BenefitsError::Year`] outside the run.
    pub fn step(&mut self, year: Year, pensions: &Pensions) -> Result<(), BenefitsError> {
        self.step_with(year, pensions.into())
    }

    fn step_with(&mut self, year: Year, schemes: SchemePeople<'_>) -> Result<(), BenefitsError> {
        let at = self.years.position(year).ok_or(BenefitsError::Year(year))?;
        let health = std::mem::take(&mut self.health);
        let mut booked = Vec::new();
        let stepped = health.iter().try_for_each(|branch| {
            let members = self.insure(branch, at, schemes)?;
            self.book(branch, at, &members, &mut booked)
        });
        self.health = health;
        self.booked.push((year, booked));
        stepped
    }

    /// Returns what the branches book to each account in `year`: the account of each branch, and the accounts of the
    /// funds that pay for members, with what they transfer. An account may occur more than once.
    ///
    /// Insured earnings of a health account are all that contributions are assessed on: earnings, pensions and amounts
    /// of law; contributor-years are the persons for whom somebody pays. Persons in payment of a service are the
    /// insured, so that the pay-as-you-go rate splits into insured over contributors and cost a head over base a head.
    #[must_use]
    pub fn accounts(&self, year: Year) -> Vec<AccountYear> {
        let of_year = self.booked.iter().find(|(booked, _)| *booked == year);
        of_year.map(|(_, accounts)| accounts.clone()).unwrap_or_default()
    }

    /// Counts the insured of every group in order.
    fn insure(
        &mut self,
        branch: &HealthBasis,
        at: usize,
        schemes: SchemePeople<'_>,
    ) -> Result<Vec<Candidates>, BenefitsError> {
        let year = self.years.at(at);
        let mut rest = self.population_mean.year(at).to_owned();
        let mut members = Vec::with_capacity(branch.groups.len());
        for group in &branch.groups {
            let wanted = candidates(group, schemes, at, &rest)?;
            let (insured, unplaced) = place(wanted, group.take_up.at(year).get(), &mut rest);
            for sex in Sex::ALL {
                let persons = unplaced.row(sex.index()).sum();
                if ROUNDING < persons {
                    let (scheme, group) = (branch.name.clone(), group.name.clone());
                    self.unplaced.push(Unplaced { year, scheme, group, sex, persons });
                }
            }
            let results = &mut self.insured;
            if let Some(row) =
                results.iter_mut().find(|row| row.scheme == branch.name && row.group == group.name)
            {
                store(&mut row.insured, at, &insured.persons);
            }
            members.push(insured);
        }
        Ok(members)
    }

    /// Assesses contributions, costs the services and writes the entries of the accounts.
    fn book(
        &mut self,
        branch: &HealthBasis,
        at: usize,
        members: &[Candidates],
        booked: &mut Vec<AccountYear>,
    ) -> Result<(), BenefitsError> {
        let year = self.years.at(at);
        let mut account = AccountYear::new(branch.account.clone(), year);
        let mut transfers: Vec<AccountYear> = Vec::new();
        let mut all = Vec::new();
        for (group, insured) in branch.groups.iter().zip(members) {
            let rows = assess(group, insured, year, &self.indices)?;
            if let Some(row) = rows.first() {
                account.insured_earnings += row.base;
                account.contributor_years += insured.persons.sum();
            }
            for row in &rows {
                self.group_contributions.push(GroupContribution {
                    year,
                    scheme: branch.name.clone(),
                    group: group.name.clone(),
                    payer: row.paid_by.payer(),
                    base: row.base,
                    rate: row.rate,
                    due: row.due,
                    collected: row.collected,
                });
                if let PaidBy::Fund(name) = row.paid_by {
                    let mut paying = AccountYear::new(name.clone(), year);
                    paying.book(Item::TransfersOut, None, row.collected);
                    transfers.push(paying);
                }
            }
            all.extend(rows);
        }
        let income = self.book_income(branch, &all, &mut account);
        self.book_services(branch, at, members, &mut account);
        account.book(Item::Administration, None, income * branch.administration.at(year).get());
        booked.push(account);
        booked.append(&mut transfers);
        Ok(())
    }

    /// Books contributions by payer and returns their sum.
    fn book_income(
        &mut self,
        branch: &HealthBasis,
        rows: &[Assessed<'_>],
        account: &mut AccountYear,
    ) -> f64 {
        let mut income = 0.0;
        for payer in Payer::ALL {
            let of_payer = || rows.iter().filter(|row| row.paid_by.payer() == payer);
            let base: f64 = of_payer().map(|row| row.base).sum();
            let due: f64 = of_payer().map(|row| row.due).sum();
            let collected: f64 = of_payer().map(|row| row.collected).sum();
            if of_payer().next().is_none() {
                continue;
            }
            let item = match payer {
                Payer::State => Item::StateSubsidy,
                Payer::Funds => Item::TransfersIn,
                _ => Item::Contributions,
            };
            account.book(item, Some(payer), collected);
            self.contributions.push(Contribution {
                year: account.year,
                scheme: branch.name.clone(),
                account: branch.account.clone(),
                payer,
                rate: if 0.0 < base { due / base } else { 0.0 },
                due,
                undeclared: 0.0,
                collected_current: collected,
                collected_late: 0.0,
                interest_on_late: 0.0,
                written_off: due - collected,
                arrears_start: 0.0,
                arrears_end: 0.0,
                collected,
            });
            income += collected;
        }
        income
    }

    fn book_services(
        &mut self,
        branch: &HealthBasis,
        at: usize,
        members: &[Candidates],
        account: &mut AccountYear,
    ) {
        let mut insured = AgeGrid::zeros(self.population_mean.year(at).raw_dim());
        for group in members {
            insured += &group.persons;
        }
        for service in &branch.services {
            let cost = cost_of_service(service, insured.view(), account.year, &self.economy);
            let amount = cost.cost.sum();
            account.book(Item::Benefit(service.name.clone()), None, amount);
            account.in_payment.push(InPayment {
                benefit: service.name.clone(),
                person_years: insured.sum(),
                amount,
            });
            let found = self
                .services
                .iter_mut()
                .find(|row| row.scheme == branch.name && row.service == service.name);
            if let Some(row) = found {
                store(&mut row.contacts, at, &cost.contacts);
                store(&mut row.cost, at, &cost.cost);
                store(&mut row.co_payments, at, &cost.co_payments);
            }
        }
    }
}

fn store(grid: &mut YearGrid, at: usize, values: &AgeGrid) {
    grid.values_mut().index_axis_mut(Axis(0), at).assign(values);
}

fn check(health: &HealthBasis, years: usize, ages: usize) -> Result<(), BenefitsError> {
    let positions = |input: &str, found: usize, expected: usize| {
        if found == expected {
            return Ok(());
        }
        Err(BenefitsError::Shape { input: input.to_owned(), found, expected })
    };
    for group in &health.groups {
        if let Members::NotYetInsured { share } = &group.members {
            positions(&group.name, share.years(), years)?;
            positions(&group.name, share.ages(), ages)?;
        }
        let missing = match (&group.base, &group.members) {
            (ContributionBase::InsuredEarnings, Members::Contributors { .. })
            | (ContributionBase::Pensions, Members::Pensioners { .. })
            | (ContributionBase::PerPerson(_), _) => None,
            (ContributionBase::InsuredEarnings, _) => Some("insured earnings"),
            (ContributionBase::Pensions, _) => Some("pensions"),
        };
        if let Some(base) = missing {
            return Err(BenefitsError::Base { group: group.name.clone(), base });
        }
    }
    for service in &health.services {
        let contacts: ArrayView2<'_, f64> = service.contacts.view();
        positions(&service.name, contacts.nrows(), Sex::ALL.len())?;
        positions(&service.name, contacts.ncols(), ages)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3};
    use perennis_labour::{EconomyBasis, WageGrowth};
    use perennis_pensions::{Beneficiaries, Contributors};
    use perennis_scheme::{Adjustment, Index, NamedAmount, Rule};
    use perennis_units::{Calibration, Citation, Dated, Growth, InForce, Money, Path, Share};

    use super::*;
    use crate::{InsuredGroup, PayerRate, Service};

    const AGES: usize = 3;
    const FIRST: Year = Year::new(2030);

    fn share(value: f64) -> Path<Share> {
        Path::constant(Share::new(value).unwrap())
    }

    fn growth(value: f64) -> Path<Growth> {
        Path::constant(Growth::new(value).unwrap())
    }

    fn filled(years: usize, values: [f64; AGES]) -> YearGrid {
        YearGrid::new(Array3::from_shape_fn((years, 2, AGES), |(_, _, age)| values[age]))
    }

    /// One year; 100 children, 100 of working age and 100 old, of each sex.
    fn population() -> Population {
        Population {
            years: YearRange::new(FIRST, 1),
            persons: filled(2, [100.0, 100.0, 100.0]),
            births: Array2::zeros((1, 2)),
            deaths: YearGrid::zeros(1, AGES),
            infant_deaths: Array2::zeros((1, 2)),
            migrants: YearGrid::zeros(1, AGES),
            mortality: Vec::new(),
            shortfalls: Vec::new(),
        }
    }

    fn labour() -> Labour {
        let economy = EconomyBasis {
            gdp: Money::new(1.0).unwrap(),
            gdp_year: FIRST,
            productivity: growth(0.0),
            prices: growth(0.0),
            wages: WageGrowth::Nominal(growth(0.0)),
            interest: growth(0.0),
            wage_share: None,
            government_expenditure: None,
        };
        Labour {
            labour_force: YearGrid::zeros(2, AGES),
            unemployed: YearGrid::zeros(2, AGES),
            employed: Vec::new(),
            economy: economy.project(YearRange::new(FIRST, 1), &[1.0]).unwrap(),
        }
    }

    fn contributors(persons: f64) -> Contributors {
        Contributors {
            scheme: "national".into(),
            group: "private".into(),
            contributors: filled(1, [0.0, persons, 0.0]),
            contributors_any: filled(1, [0.0, persons, 0.0]),
            months_paid: filled(1, [0.0, 12.0 * persons, 0.0]),
            insured_earnings: filled(1, [0.0, 1_000.0 * persons, 0.0]),
        }
    }

    fn pensioners(persons: f64) -> Beneficiaries {
        let none = || YearGrid::zeros(1, AGES);
        Beneficiaries {
            scheme: "national".into(),
            benefit: "old_age".into(),
            periodic: true,
            beneficiaries: filled(1, [0.0, 0.0, persons]),
            new_awards: none(),
            terminations: none(),
            new_award_amount: none(),
            amount: filled(1, [0.0, 0.0, 500.0 * persons]),
        }
    }

    fn group(name: &str, members: Members, payers: Vec<PayerRate>) -> InsuredGroup {
        let base = match members {
            Members::Contributors { .. } => ContributionBase::InsuredEarnings,
            Members::Pensioners { .. } => ContributionBase::Pensions,
            Members::NotYetInsured { .. } => ContributionBase::PerPerson(NamedAmount {
                name: "level".into(),
                values: always(Money::new(200.0).unwrap()),
                after: Adjustment { by: Index::Hold, month: 1, lag: 0 },
                rounded: None,
            }),
        };
        let (take_up, collection) = (share(1.0), share(0.9));
        InsuredGroup { name: name.into(), members, take_up, base, payers, collection }
    }

    fn pays(paid_by: PaidBy, rate: f64) -> PayerRate {
        let values = always(Share::new(rate).unwrap());
        PayerRate { paid_by, rate: Rule { name: "rate".into(), values } }
    }

    fn always<T>(value: T) -> Dated<T> {
        let row = InForce {
            from: "1990-01-01".parse().unwrap(),
            born_from: None,
            entered_from: None,
            sex: None,
            value,
            citation: Citation { source: "by hand".into(), checked: true },
        };
        Dated::new(vec![row]).unwrap()
    }

    /// Employees, pensioners whom the fund `pensions` pays for, all children by the State, half of the rest by
    /// themselves with a subsidy.
    fn basis() -> BenefitBasis {
        let scheme = String::from("national");
        let employees = Members::Contributors { scheme: scheme.clone(), groups: Vec::new() };
        let retired = Members::Pensioners { scheme, benefits: vec!["old_age".into()] };
        let children = Members::NotYetInsured { share: filled(1, [1.0, 0.0, 0.0]) };
        let others = Members::NotYetInsured { share: filled(1, [0.5, 0.5, 0.5]) };
        let employees_pay = vec![pays(PaidBy::Employees, 0.02), pays(PaidBy::Employers, 0.04)];
        let others_pay = vec![pays(PaidBy::SelfEmployed, 0.03), pays(PaidBy::State, 0.02)];
        let service = Service {
            name: "visits".into(),
            base_year: FIRST,
            contacts: ndarray::array![[1.0, 2.0, 4.0], [1.0, 2.0, 4.0]],
            unit_cost: Money::new(10.0).unwrap(),
            utilisation_growth: growth(0.0),
            medical_inflation: growth(0.0),
            co_payment: share(0.1),
            calibration: Calibration::NONE,
        };
        let health = HealthBasis {
            name: "health".into(),
            account: "health_fund".into(),
            groups: vec![
                group("employees", employees, employees_pay),
                group("retired", retired, vec![pays(PaidBy::Fund("pensions".into()), 0.05)]),
                group("children", children, vec![pays(PaidBy::State, 0.05)]),
                group("others", others, others_pay),
            ],
            services: vec![service],
            administration: share(0.03),
        };
        BenefitBasis { health: vec![health] }
    }

    fn run(basis: &BenefitBasis, working: f64, retired: f64) -> Result<Benefits, BenefitsError> {
        let mut benefits = Benefits::open(basis, &population(), &labour())?;
        let (contributors, beneficiaries) = ([contributors(working)], [pensioners(retired)]);
        let people = SchemePeople { contributors: &contributors, beneficiaries: &beneficiaries };
        benefits.step_with(FIRST, people)?;
        Ok(benefits)
    }

    fn amount(account: &AccountYear, item: &Item, payer: Option<Payer>) -> f64 {
        let of_item = |entry: &&perennis_cohort::Entry| entry.item == *item && entry.payer == payer;
        account.entries.iter().filter(of_item).map(|entry| entry.amount).sum()
    }

    #[test]
    fn a_branch_of_four_groups_comes_out_as_by_hand() {
        let benefits = run(&basis(), 60.0, 40.0).unwrap();
        // Of each sex: 60 employees, 40 pensioners, 100 children; of the 40 and 60 left, half.
        let insured: Vec<f64> =
            benefits.insured.iter().map(|group| group.insured.total(0)).collect();
        assert_eq!(insured, [120.0, 80.0, 200.0, 100.0]);
        let accounts = benefits.accounts(FIRST);
        let health = &accounts[0];
        let near = |found: f64, expected: f64| (found - expected).abs() < 1e-9;
        // 120 000 of earnings at 2 and 4 %, of which 90 % is collected; 100 persons at 200 and 3 %.
        let contributions = |payer| amount(health, &Item::Contributions, Some(payer));
        assert!(near(contributions(Payer::Employees), 120_000.0 * 0.02 * 0.9));
        assert!(near(contributions(Payer::Employers), 120_000.0 * 0.04 * 0.9));
        assert!(near(contributions(Payer::SelfEmployed), 100.0 * 200.0 * 0.03 * 0.9));
        // The State owes 5 % of 200 for 200 children and 2 % for 100 others.
        let state = amount(health, &Item::StateSubsidy, Some(Payer::State));
        assert!(near(state, 200.0 * 200.0 * 0.05 + 100.0 * 200.0 * 0.02));
        // Contacts: children and younger others 1, working age 2, old 4; 500 insured cells of each age known.
        let contacts = 200.0 + 2.0 * (120.0 + 40.0) + 4.0 * (80.0 + 60.0);
        assert!(near(benefits.services[0].contacts.total(0), contacts));
        assert!(near(amount(health, &Item::Benefit("visits".into()), None), contacts * 9.0));
        assert!(near(benefits.services[0].co_payments.total(0), contacts));
        let collected: f64 = benefits.contributions.iter().map(|row| row.collected).sum();
        assert!(near(amount(health, &Item::Administration, None), 0.03 * collected));
        // What contributions are assessed on: 120 000 + 80 × 500 + 300 × 200.
        assert!(near(health.insured_earnings, 220_000.0));
        assert!(near(health.contributor_years, 500.0));
    }

    #[test]
    fn what_a_fund_pays_leaves_it_and_reaches_the_branch_in_the_same_amount() {
        let accounts = run(&basis(), 60.0, 40.0).unwrap().accounts(FIRST);
        assert_eq!(accounts[1].account, "pensions");
        let left = amount(&accounts[1], &Item::TransfersOut, None);
        let arrived = amount(&accounts[0], &Item::TransfersIn, Some(Payer::Funds));
        assert!((left - 80.0 * 500.0 * 0.05).abs() < 1e-9);
        assert!((left - arrived).abs() < 1e-9);
    }

    #[test]
    fn nobody_is_insured_twice_and_those_left_out_of_a_full_cell_are_named() {
        let benefits = run(&basis(), 130.0, 100.0).unwrap();
        for (sex, age) in [(Sex::Male, 0), (Sex::Male, 1), (Sex::Female, 2)] {
            let insured: f64 =
                benefits.insured.iter().map(|group| group.insured.get(0, sex, age)).sum();
            assert!((insured - 100.0).abs() < 1e-9, "{insured} of 100 {sex:?} at {age}");
        }
        let unplaced: Vec<f64> = benefits.unplaced.iter().map(|row| row.persons).collect();
        assert_eq!(unplaced, [30.0, 30.0]);
        assert_eq!(benefits.unplaced[0].group, "employees");
    }

    #[test]
    fn a_scheme_or_benefit_that_does_not_exist_is_named() {
        let mut basis = basis();
        let Members::Pensioners { benefits, .. } = &mut basis.health[0].groups[1].members else {
            panic!("the second group are pensioners")
        };
        benefits.push("widows".into());
        let error = run(&basis, 60.0, 40.0).unwrap_err();
        let text = "the insured `retired` name `widows` of scheme `national`, which does not exist";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn earnings_of_people_who_have_none_are_refused() {
        let mut basis = basis();
        basis.health[0].groups[2].base = ContributionBase::InsuredEarnings;
        assert!(matches!(run(&basis, 60.0, 40.0), Err(BenefitsError::Base { .. })));
    }
}
