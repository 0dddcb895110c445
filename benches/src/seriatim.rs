//! Workload W1: members one by one, each from its own age to 110.
//!
//! Every member is stepped every year through the states of a table: contributors die, are credited with the year and
//! see their wage grow; at 65 they are awarded a pension at their own credit; pensioners die. The census, the prices and
//! the present values are those of the workload.

use perennis_cohort::{
    Carry, Credited, Level, MemberOrder, Members, MonthsPaid, Move, Path, Quantity, Rate, RowYear,
    Status, SumYear, Table, Tally, To, Who,
};
use rayon::prelude::*;

use crate::inputs::{Folder, InputError};

/// Members of a closed group.
#[derive(Clone, Debug)]
pub struct Census {
    /// Sex and age as one key, `sex * AGES + age`.
    keys: Vec<u16>,
    salary: Vec<f64>,
    /// Years.
    service: Vec<f64>,
    /// Probability of death within a year by sex and age.
    mortality: Vec<f64>,
}

/// Present values of all members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Values {
    /// Of their pensions.
    pub benefits: f64,
    /// Of their contributions.
    pub contributions: f64,
}

const AGES: usize = 121;
const SEXES: usize = 2;
const PENSION_AGE: usize = 65;
const END_AGE: usize = 110;
const WAGE_GROWTH: f64 = 1.03;
const INDEXATION: f64 = 1.02;
const INTEREST: f64 = 1.04;
const CONTRIBUTION: f64 = 0.10;
const ACCRUAL: f64 = 0.015;

/// Members stepped at a time: their rows stay in the cache next to the processor.
const BATCH: usize = 512;

const CONTRIBUTOR: usize = 0;
const PENSIONER: usize = 1;
/// The wage of a contributor, the amount in payment of a pensioner.
const MONEY: usize = 0;
const CREDIT: usize = 1;
/// The vector by member of the award.
const AWARD: usize = 0;

impl Census {
    /// Reads the members that `inputs.py` wrote.
    ///
    /// # Errors
    ///
    /// [`InputError`] when an array is missing or has another length.
    pub fn read(folder: &Folder) -> Result<Self, InputError> {
        let salary = folder.array("w1_salary")?;
        let of = |name: &str| folder.array_of(name, salary.len());
        let (sex, age) = (of("w1_sex")?, of("w1_age")?);
        let keys = sex.iter().zip(&age).map(|(sex, age)| key(*sex, *age)).collect();
        let service = of("w1_service")?;
        let mortality = folder.array_of("w1_mortality", SEXES * AGES)?;
        Ok(Self { keys, salary, service, mortality })
    }

    /// Makes so many members by formula, all ages from 20 to 64 and both sexes.
    #[must_use]
    pub fn by_formula(members: u32) -> Self {
        let spread = |at: u32, by: u32| at.wrapping_mul(by) >> 8;
        let sex = |at: u32| f64::from(at % 2);
        let age = |at: u32| f64::from(20 + spread(at, 2_654_435_761) % 45);
        let share = |at: u32| f64::from(spread(at, 2_246_822_519)) / f64::from(1_u32 << 24);
        let death = |age: u32| 0.000_22 + 2.7e-6 * libm::pow(1.124, f64::from(age));
        let by_sex = |factor: f64| (0..121).map(move |age| (factor * death(age)).min(1.0));
        Self {
            keys: (0..members).map(|at| key(sex(at), age(at))).collect(),
            salary: (0..members).map(|at| 4_000.0 + 20_000.0 * share(at)).collect(),
            service: (0..members).map(|at| (share(at ^ 77) * (age(at) - 19.0)).floor()).collect(),
            mortality: by_sex(1.0).chain(by_sex(0.8)).collect(),
        }
    }

    /// Returns how many years all members are stepped, added up.
    #[must_use]
    pub fn member_steps(&self) -> usize {
        self.keys.iter().map(|key| END_AGE - usize::from(*key) % AGES).sum()
    }
}

/// Values all members, batches of the same sex and age in parallel.
#[must_use]
pub fn value(census: &Census, level: Level) -> Values {
    let order = MemberOrder::new(&census.keys, SEXES * AGES)
        .expect("keys are below the number of sexes and ages, members fewer than four billion");
    let mut salary = vec![0.0; census.salary.len()];
    let mut service = vec![0.0; census.service.len()];
    order.sort(&census.salary, &mut salary);
    order.sort(&census.service, &mut service);
    let of_key = |key: usize| {
        let members = order.of(key);
        let starts = members.clone().step_by(BATCH);
        starts.map(move |start| (key, start..members.end.min(start + BATCH)))
    };
    let batches: Vec<_> = (0..SEXES * AGES).flat_map(of_key).collect();
    let values: Vec<Values> = batches
        .into_par_iter()
        .map_init(
            || Batch::new(census, level),
            |batch, (key, members)| batch.value(key, &salary[members.clone()], &service[members]),
        )
        .collect();
    values.iter().fold(Values { benefits: 0.0, contributions: 0.0 }, |sum, batch| Values {
        benefits: sum.benefits + batch.benefits,
        contributions: sum.contributions + batch.contributions,
    })
}

/// Members of one sex and age on their way to 110.
struct Batch<'a> {
    census: &'a Census,
    members: Members,
    months: MonthsPaid,
    ones: Vec<f64>,
    award: Vec<f64>,
}

impl<'a> Batch<'a> {
    fn new(census: &'a Census, level: Level) -> Self {
        Self {
            census,
            members: Members::new(table(), BATCH, level),
            months: MonthsPaid::of_each_member(),
            ones: vec![1.0; BATCH],
            award: vec![0.0; BATCH],
        }
    }

    fn value(&mut self, key: usize, salary: &[f64], service: &[f64]) -> Values {
        let (sex, first) = (key / AGES, key % AGES);
        let count = salary.len();
        self.members.begin(count);
        let ones = &self.ones[..count];
        if first < PENSION_AGE {
            self.members.place(CONTRIBUTOR, ones, &[salary, service]);
        }
        let mut values = Values { benefits: 0.0, contributions: 0.0 };
        let mut discount = 1.0;
        for age in first..END_AGE {
            if age + 1 == PENSION_AGE {
                self.find_award();
            }
            self.step(self.census.mortality[sex * AGES + age], age);
            let tallies = self.members.tallies();
            values.contributions += tallies[CONTRIBUTOR] * CONTRIBUTION * discount;
            values.benefits += tallies[PENSIONER] * discount;
            discount /= INTEREST;
        }
        values
    }

    /// Finds what each contributor is awarded a unit of wage at the end of the year, at its own credit.
    fn find_award(&mut self) {
        let credit = self.members.sum(CONTRIBUTOR, CREDIT);
        let persons = self.members.persons(CONTRIBUTOR);
        for ((award, credit), persons) in self.award.iter_mut().zip(credit).zip(persons) {
            *award = ACCRUAL * (credit / persons + 1.0) * WAGE_GROWTH;
        }
    }

    fn step(&mut self, death: f64, age: usize) {
        let award = if age + 1 == PENSION_AGE { Rate::Row(1.0) } else { Rate::Nobody };
        let growth = if age < PENSION_AGE { WAGE_GROWTH } else { INDEXATION };
        let kept = |keep, earned| SumYear { keep, earned, each: None };
        self.members.step(&RowYear {
            rates: &[Rate::Row(death), award, Rate::Row(death)],
            opening: &[],
            sums: &[kept(growth, 0.0), kept(1.0, 1.0)],
            months: &self.months,
            vectors: &[&self.award],
            target: None,
        });
    }
}

fn table() -> Table {
    let path = |credited, money, credit| Path { credited, sums: vec![money, credit] };
    let start = |state| Tally {
        who: vec![Who::Start(state)],
        quantity: Quantity::Sum(MONEY),
        weights: None,
    };
    Table::new(
        vec![
            Status {
                name: "contributor",
                staying: path(Credited::WholeYear, Carry::Keep, Carry::Earn),
            },
            Status {
                name: "pensioner",
                staying: path(Credited::Nothing, Carry::Keep, Carry::Forget),
            },
        ],
        vec![
            Move { name: "death of contributors", from: CONTRIBUTOR, to: To::Out },
            Move {
                name: "award",
                from: CONTRIBUTOR,
                to: To::State(
                    PENSIONER,
                    path(Credited::Nothing, Carry::Weigh(AWARD), Carry::Forget),
                ),
            },
            Move { name: "death of pensioners", from: PENSIONER, to: To::Out },
        ],
        2,
        vec![start(CONTRIBUTOR), start(PENSIONER)],
        None,
    )
    .expect("the parts of this table fit together")
}

/// One number for a sex (0, 1) and an age; the sort refuses what is neither.
fn key(sex: f64, age: f64) -> u16 {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sex and an age are small; anything else becomes a key that the sort refuses"
    )]
    let key = (sex * 121.0 + age) as u16;
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same values member by member, as the definition of the workload reads.
    fn by_definition(census: &Census) -> Values {
        let mut values = Values { benefits: 0.0, contributions: 0.0 };
        for ((key, salary), service) in census.keys.iter().zip(&census.salary).zip(&census.service)
        {
            let (sex, first) = (usize::from(*key) / AGES, usize::from(*key) % AGES);
            let years = f64::from(u8::try_from(PENSION_AGE - first).expect("members are at work"));
            let pension = ACCRUAL * (service + years) * salary * libm::pow(WAGE_GROWTH, years);
            let (mut alive, mut wage, mut amount, mut discount) = (1.0, *salary, pension, 1.0);
            for age in first..END_AGE {
                if age < PENSION_AGE {
                    values.contributions += alive * wage * CONTRIBUTION * discount;
                    wage *= WAGE_GROWTH;
                } else {
                    values.benefits += alive * amount * discount;
                    amount *= INDEXATION;
                }
                alive *= 1.0 - census.mortality[sex * AGES + age];
                discount /= INTEREST;
            }
        }
        values
    }

    #[test]
    fn stepping_in_lanes_gives_what_each_member_gives_alone() {
        let census = Census::by_formula(3_000);
        let (found, expected) = (value(&census, Level::best()), by_definition(&census));
        // Rounding of some hundred thousand additions in another order.
        assert!((found.benefits / expected.benefits - 1.0).abs() < 1e-12);
        assert!((found.contributions / expected.contributions - 1.0).abs() < 1e-12);
    }

    #[test]
    fn every_level_and_number_of_threads_gives_the_same_bits() {
        let census = Census::by_formula(20_000);
        let one = value(&census, Level::BASELINE);
        for level in Level::all() {
            for threads in [1, 2] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                let pool = pool.expect("a small number of threads");
                let again = pool.install(|| value(&census, level));
                assert_eq!(again.benefits.to_bits(), one.benefits.to_bits());
                assert_eq!(again.contributions.to_bits(), one.contributions.to_bits());
            }
        }
    }
}
