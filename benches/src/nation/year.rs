use perennis_cohort::{
    Lanes, LastAge, Level, MonthsPaid, MonthsRule, Opening, Placed, Rate, Register, RegisterShape,
    Row, RowYear, SumYear, Wide, Work,
};
use perennis_units::Sex;

use crate::stock::{Stock, StockYear};

use super::data::{Nation, What};
use super::states::{ACTIVE, AWARDED, CONTRIBUTORS_END, DORMANT, WAGES, table};
use super::{AGES, CONTRIBUTION, CREDITS, FIRST_AGE, LAST_AGE, SEXES, YEARS};

/// The state of one scenario or of eight.
pub(crate) struct Run<'a, V> {
    nation: &'a Nation,
    level: Level,
    register: Register<V>,
    vectors: Vectors,
    /// By kind (old age, invalidity, survivors) and sex.
    stocks: [[Stock<V>; SEXES]; 3],
    /// Awards of the year of each stock.
    awarded: [[Stock<V>; SEXES]; 3],
    /// Survivors' pensions of the year at the ages of the survivors.
    joining: [Stock<V>; SEXES],
    people: People<V>,
}

/// Persons and shares by sex and age.
struct People<V> {
    /// The whole population.
    population: [Vec<V>; SEXES],
    /// Contributors at the end of the year, before entrants.
    contributors_end: [Vec<V>; SEXES],
    /// Probability of death in the year, and shares that live.
    death: [Vec<V>; SEXES],
    alive: [Vec<V>; SEXES],
    alive_invalid: [Vec<V>; SEXES],
}

/// Vectors by credit, as wide as the register asks, and months by sex and age.
struct Vectors {
    months: Vec<MonthsPaid>,
    wage: Vec<Vec<f64>>,
    average_gain: Vec<Vec<f64>>,
    retirement: Vec<Option<Vec<f64>>>,
    average_keep: Vec<f64>,
    awards: [Vec<f64>; 4],
}

/// The years' values of every scenario.
struct Year<V> {
    growth: V,
    indexation: V,
    interest: V,
    mortality: V,
    fertility: V,
    wage: V,
}

/// What comes before the insured in a year: pensions are paid, mortality is found. Returns what was paid.
struct Paying<'r, 'a, V> {
    run: &'r mut Run<'a, V>,
    year: &'r Year<V>,
}

impl<V: Lanes> Work for Paying<'_, '_, V> {
    type Output = V;

    #[inline(always)]
    fn run<X: Wide>(self) -> V {
        self.run.mortality(self.year.mortality);
        self.run.spent()
    }
}

/// What comes after the insured: pensioners, the population, and those who join at the wage of the next year.
struct Closing<'r, 'a, V> {
    run: &'r mut Run<'a, V>,
    year: &'r Year<V>,
    wage: V,
}

impl<V: Lanes> Work for Closing<'_, '_, V> {
    type Output = ();

    #[inline(always)]
    fn run<X: Wide>(self) {
        self.run.pensioners(self.year.indexation);
        self.run.grow_older(self.year.fertility);
        self.run.entrants(self.wage);
    }
}

impl<'a, V: Lanes> Run<'a, V> {
    pub(crate) fn new(nation: &'a Nation, level: Level) -> Self {
        let shape = RegisterShape {
            groups: 1,
            first_age: FIRST_AGE,
            ages: LAST_AGE + 1,
            last_age: LastAge::Leaves,
            step: 12,
            credits: CREDITS - 1,
        };
        let width = shape.width();
        let zeros = || std::array::from_fn(|_| vec![V::splat(0.0); AGES]);
        let stocks = || std::array::from_fn(|_| std::array::from_fn(|_| Stock::empty(AGES)));
        Self {
            nation,
            level,
            register: Register::new(shape, table(), level),
            vectors: Vectors::new(nation, width),
            stocks: stocks(),
            awarded: stocks(),
            joining: std::array::from_fn(|_| Stock::empty(AGES)),
            people: People {
                population: zeros(),
                contributors_end: zeros(),
                death: zeros(),
                alive: zeros(),
                alive_invalid: zeros(),
            },
        }
    }

    /// Runs 75 years and returns the fund at the end.
    pub(crate) fn project(&mut self, path: impl Fn(usize, What) -> V) -> V {
        self.start();
        let (mut wage, mut fund) = (V::splat(1.0), V::splat(0.0));
        for year in 0..YEARS {
            let year = Year {
                growth: path(year, What::Wages),
                indexation: path(year, What::Indexation),
                interest: path(year, What::Return),
                mortality: path(year, What::Mortality),
                fertility: path(year, What::Fertility),
                wage,
            };
            let spent = self.level.run(Paying { run: self, year: &year });
            let contributions = self.insured(&year) * V::splat(CONTRIBUTION);
            fund = fund * (V::splat(1.0) + year.interest) + contributions - spent;
            wage = wage * (V::splat(1.0) + year.growth);
            self.level.run(Closing { run: self, year: &year, wage });
        }
        fund
    }

    fn start(&mut self) {
        self.register.clear();
        let nation = self.nation;
        for at in 0..SEXES * AGES {
            let (sex, age) = (at / AGES, at % AGES);
            self.people.population[sex][age] = V::splat(nation.population[at]);
            for (stocks, [persons, amount]) in self.stocks.iter_mut().zip(&nation.pensions) {
                stocks[sex].persons[age] = V::splat(persons[at]);
                stocks[sex].amount[age] = V::splat(amount[at]);
            }
            for credit in 0..CREDITS {
                let cell = at * CREDITS + credit;
                for (state, [persons, sum]) in [ACTIVE, DORMANT].into_iter().zip(pairs(nation)) {
                    if 0.0 < persons[cell] {
                        let each = [V::splat(sum[cell] / persons[cell])];
                        let persons = V::splat(persons[cell]);
                        let row = Row { group: 0, sex: Sex::ALL[sex], age };
                        self.register.place(state, row, Placed { credit, persons, each: &each });
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn spent(&self) -> V {
        let mut kinds = V::splat(0.0);
        for stocks in &self.stocks {
            for stock in stocks {
                for amount in &stock.amount {
                    kinds = kinds + *amount;
                }
            }
        }
        kinds
    }

    /// Carries the insured through the year; returns their wages at its start.
    fn insured(&mut self, year: &Year<V>) -> V {
        let one = V::splat(1.0);
        let sums = [SumYear { keep: one, earned: V::splat(0.0), each: None }];
        let mut wages = V::splat(0.0);
        for (sex, label) in Sex::ALL.into_iter().enumerate() {
            for age in (FIRST_AGE..=LAST_AGE).rev() {
                let at = sex * AGES + age;
                let Vectors { months, wage, average_gain, retirement, average_keep, awards } =
                    &self.vectors;
                let row = |share: f64| {
                    if 0.0 < share { Rate::Row(V::splat(share)) } else { Rate::Nobody }
                };
                let retire = retirement[age].as_deref().map_or(Rate::Nobody, Rate::Cell);
                let death = Rate::Row(self.people.death[sex][age]);
                let rates = [
                    death,
                    row(self.nation.invalidity[at]),
                    retire,
                    row(self.nation.withdrawal[at]),
                    death,
                    retire,
                    row(self.nation.re_entry[at]),
                ];
                let [eligible, eligible_invalid, accrual, accrual_invalid] = awards;
                let done = self.register.step(
                    Row { group: 0, sex: label, age },
                    &RowYear {
                        rates: &rates,
                        opening: &[
                            Opening::Accrue {
                                keep: (average_keep, one + year.growth),
                                gain: (&average_gain[at], year.wage),
                            },
                            Opening::Times(one + year.indexation),
                        ],
                        sums: &sums,
                        months: &months[at],
                        vectors: &[&wage[at], eligible, eligible_invalid, accrual, accrual_invalid],
                        target: None,
                    },
                );
                debug_assert!(done.aged_out.lane(0) <= 0.0, "all retire at the last age");
                wages = wages + self.register.tallies()[WAGES];
                self.award(sex, age);
            }
        }
        wages * year.wage
    }

    fn award(&mut self, sex: usize, age: usize) {
        let tallies = self.register.tallies();
        for (awarded, [persons, amount]) in self.awarded.iter_mut().zip(AWARDED) {
            awarded[sex].persons[age] = tallies[persons];
            awarded[sex].amount[age] = tallies[amount];
        }
        self.people.contributors_end[sex][age + 1] = tallies[CONTRIBUTORS_END];
    }

    #[inline(always)]
    fn mortality(&mut self, level: V) {
        let one = V::splat(1.0);
        for at in 0..SEXES * AGES {
            let (sex, age) = (at / AGES, at % AGES);
            let death = least(V::splat(self.nation.mortality[at]) * level, 1.0);
            self.people.death[sex][age] = death;
            self.people.alive[sex][age] = one - death;
            self.people.alive_invalid[sex][age] = one - least(death * V::splat(2.0), 1.0);
        }
    }

    /// Adds the survivors of pensioners to those of the insured, gives them their ages and carries all stocks on.
    #[inline(always)]
    fn pensioners(&mut self, indexation: V) {
        self.survivors();
        let People { alive, alive_invalid, .. } = &self.people;
        let indexation = V::splat(1.0) + indexation;
        for (kind, stocks) in self.stocks.iter_mut().enumerate() {
            for (sex, stock) in stocks.iter_mut().enumerate() {
                let survival = if kind == INVALIDITY { &alive_invalid[sex] } else { &alive[sex] };
                let awarded =
                    if kind == SURVIVORS { &self.joining[sex] } else { &self.awarded[kind][sex] };
                stock.step(
                    self.level,
                    &StockYear {
                        survival,
                        indexation,
                        awarded: &awarded.persons,
                        awarded_amount: &awarded.amount,
                    },
                );
            }
        }
        let [old_age, invalid, _] = &mut self.stocks;
        for (old_age, invalid) in old_age.iter_mut().zip(invalid) {
            invalid.convert(CONVERSION_AGE, old_age);
        }
    }

    #[inline(always)]
    fn survivors(&mut self) {
        let one = V::splat(1.0);
        for joining in &mut self.joining {
            joining.persons.fill(V::splat(0.0));
            joining.amount.fill(V::splat(0.0));
        }
        for at in 0..SEXES * AGES {
            let (sex, age) = (at / AGES, at % AGES);
            let died = self.people.death[sex][age];
            let died_invalid = one - self.people.alive_invalid[sex][age];
            let [old_age, invalid, _] = &self.stocks;
            let of = &self.awarded[SURVIVORS][sex];
            let persons = of.persons[age]
                + old_age[sex].persons[age] * died
                + invalid[sex].persons[age] * died_invalid;
            let amount = of.amount[age]
                + old_age[sex].amount[age] * died
                + invalid[sex].amount[age] * died_invalid;
            let (married, spouse) = (self.nation.married[sex], self.nation.spouse[at]);
            let Stock { persons: joined, amount: joined_amount } = &mut self.joining[1 - sex];
            joined[spouse] = joined[spouse] + persons * V::splat(married);
            joined_amount[spouse] = joined_amount[spouse] + amount * V::splat(0.5 * married);
        }
    }

    /// Carries the population through the year.
    #[inline(always)]
    fn grow_older(&mut self, fertility: V) {
        let People { population, alive, .. } = &mut self.people;
        let mut births = V::splat(0.0);
        for (women, rate) in population[1].iter().zip(&self.nation.fertility) {
            births = births + *women * V::splat(*rate);
        }
        let births = births * fertility;
        for (sex, share) in SEX_AT_BIRTH.into_iter().enumerate() {
            for age in (1..AGES).rev() {
                population[sex][age] = population[sex][age - 1] * alive[sex][age - 1];
            }
            population[sex][0] = births * V::splat(share);
        }
    }

    /// Lets those join who are missing to the coverage of the population, never less than nobody.
    #[inline(always)]
    fn entrants(&mut self, wage: V) {
        for (sex, label) in Sex::ALL.into_iter().enumerate() {
            for age in FIRST_AGE..LAST_ENTRY {
                let at = sex * AGES + age;
                let wanted = self.people.population[sex][age] * V::splat(self.nation.coverage[at]);
                let missing = wanted - self.people.contributors_end[sex][age];
                let persons = V::from_lanes(|lane| missing.lane(lane).max(0.0));
                let each = [V::splat(self.nation.wage[at * CREDITS]) * wage];
                let row = Row { group: 0, sex: label, age };
                self.register.place(ACTIVE, row, Placed { credit: 0, persons, each: &each });
            }
        }
    }
}

const INVALIDITY: usize = 1;
const SURVIVORS: usize = 2;
/// Invalidity pensions become old-age pensions at this age.
const CONVERSION_AGE: usize = 65;
/// Nobody enters at this age or later.
const LAST_ENTRY: usize = 65;
/// Boys and girls among the births.
const SEX_AT_BIRTH: [f64; SEXES] = [0.512, 0.488];

#[inline(always)]
fn least<V: Lanes>(value: V, most: f64) -> V {
    V::from_lanes(|lane| value.lane(lane).min(most))
}

impl Vectors {
    fn new(nation: &Nation, width: usize) -> Self {
        let wide = |values: &[f64]| {
            let mut values = values.to_vec();
            values.resize(width, 0.0);
            values
        };
        let rows = |values: &[f64]| values.chunks(CREDITS).map(wide).collect::<Vec<_>>();
        let gain = |wage: &[f64]| {
            let both = wage.iter().zip(&nation.average_gain);
            wide(&both.map(|(wage, share)| wage * share).collect::<Vec<_>>())
        };
        let months = |density: &f64| {
            MonthsPaid::new(12, *density, &MonthsRule::FullOrNone)
                .expect("densities are shares and a year has twelve months")
        };
        let retirement = rows(&nation.retirement);
        let some = |shares: Vec<f64>| shares.iter().any(|share| 0.0 < *share).then_some(shares);
        Self {
            months: nation.density.iter().map(months).collect(),
            wage: rows(&nation.wage),
            average_gain: nation.wage.chunks(CREDITS).map(gain).collect(),
            retirement: retirement.into_iter().map(some).collect(),
            average_keep: wide(&nation.average_keep),
            awards: [
                wide(&nation.eligible),
                wide(&nation.eligible_invalid),
                wide(&nation.accrual),
                wide(&nation.accrual_invalid),
            ],
        }
    }
}

const fn pairs(nation: &Nation) -> [[&Vec<f64>; 2]; 2] {
    let [active, active_sum, dormant, dormant_sum] = &nation.insured;
    [[active, active_sum], [dormant, dormant_sum]]
}
