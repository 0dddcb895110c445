use crate::balance::Target;
use crate::lane::Lanes;
use crate::months::MonthsPaid;
use crate::register::{Register, Row};
use crate::row_year::{Rate, RowYear, SumYear};
use crate::table::{Balance, Carry, Credited, Move, Path, Quantity, Status, Table, Tally, To, Who};

/// The two states of the insured persons of a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Insured and in covered work.
    Active,
    /// With credits, not in covered work.
    Inactive,
}

impl From<State> for usize {
    fn from(state: State) -> Self {
        match state {
            State::Active => ACTIVE,
            State::Inactive => INACTIVE,
        }
    }
}

/// What a sum that travels with the insured persons of a cell adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travelling {
    /// Earnings on which contributions were paid, revalued: active insured add those of the year, whoever moves takes
    /// the sum along.
    Earnings,
    /// Years since the person left active insurance: inactive insured add one a year, a re-entry forgets it.
    YearsAway,
}

impl Travelling {
    const fn while_inactive(self) -> Carry {
        match self {
            Self::Earnings => Carry::Keep,
            Self::YearsAway => Carry::Count(1.0),
        }
    }

    const fn on_leaving(self) -> Carry {
        match self {
            Self::Earnings => Carry::Earn,
            Self::YearsAway => Carry::Count(0.5),
        }
    }

    const fn while_active(self) -> Carry {
        match self {
            Self::Earnings => Carry::Earn,
            Self::YearsAway => Carry::Forget,
        }
    }
}

const ACTIVE: usize = 0;
const INACTIVE: usize = 1;

const MOVES: [(&str, usize); 9] = [
    ("death of active insured", ACTIVE),
    ("retirement of active insured", ACTIVE),
    ("invalidity of active insured", ACTIVE),
    ("turnover", ACTIVE),
    ("net withdrawal", ACTIVE),
    ("death of inactive insured", INACTIVE),
    ("retirement of inactive insured", INACTIVE),
    ("withdrawal of rights", INACTIVE),
    ("re-entry", INACTIVE),
];

const INVALIDITY: usize = 2;
const TURNOVER: usize = 3;
const NET_WITHDRAWAL: usize = 4;
const RE_ENTRY: usize = 8;

/// Persons counted: those of every move but the two of the balance, whose numbers the balance gives.
const COUNTED: [usize; 7] = [0, 1, INVALIDITY, TURNOVER, 5, 6, 7];

/// Returns the table of active and inactive insured.
///
/// Active insured die, retire, become invalids and leave (turnover), in that order; then those above the target leave too. Inactive
/// insured die, retire, withdraw and come back, in that order. Whoever stays is credited with the months paid in a whole
/// year, whoever enters, comes back or leaves with those of a part of it.
#[must_use]
pub fn insured(sums: &[Travelling]) -> Table {
    let path = |credited, carry: fn(Travelling) -> Carry| Path {
        credited,
        sums: sums.iter().map(|sum| carry(*sum)).collect(),
    };
    let states = vec![
        Status { name: "active", staying: path(Credited::WholeYear, Travelling::while_active) },
        Status { name: "inactive", staying: path(Credited::Nothing, Travelling::while_inactive) },
    ];
    let moves = MOVES.iter().enumerate().map(|(at, (name, from))| Move {
        name,
        from: *from,
        to: match at {
            TURNOVER | NET_WITHDRAWAL => {
                To::State(INACTIVE, path(Credited::PartYear, Travelling::on_leaving))
            }
            RE_ENTRY => To::State(ACTIVE, path(Credited::PartYear, Travelling::while_active)),
            _ => To::Out,
        },
    });
    let tallies = COUNTED.map(|at| Tally {
        who: vec![Who::Move(at)],
        quantity: Quantity::Persons,
        weights: None,
    });
    let balance = Balance {
        state: ACTIVE,
        leave: NET_WITHDRAWAL,
        enter: RE_ENTRY,
        entry: path(Credited::PartYear, Travelling::while_active),
    };
    Table::new(states, moves.collect(), sums.len(), tallies.into(), Some(balance))
        .expect("the parts of this table fit together")
}

/// What happens to the insured persons of one row in one year. Rates by cell have at least
/// [`crate::RegisterShape::width`] entries.
#[derive(Clone, Copy, Debug)]
pub struct InsuredYear<'a, V = f64> {
    /// Share of the active and of the inactive insured alive at the end of the year.
    pub survival: [V; 2],
    /// Share of the surviving active insured who retire, by credit at the start of the year.
    pub retire_active: Rate<'a, V>,
    /// Share of the active insured who survive and do not retire that become invalids, by credit.
    pub invalidity: Rate<'a, V>,
    /// Share of the surviving inactive insured who retire or take their grant, by credit.
    pub retire_inactive: Rate<'a, V>,
    /// Share of the inactive insured who survive and do not retire that withdraw their rights, by credit.
    pub withdraw: Rate<'a, V>,
    /// Share of the active insured who survive and do not retire that become inactive, by credit where it matters.
    pub turnover: Rate<'a, V>,
    /// Active insured at the end of the year, one year older, and who may come; `None` where nobody comes or goes to meet a
    /// number.
    pub target: Option<Target<V>>,
    /// Months credited in the year.
    pub months: &'a MonthsPaid,
    /// What becomes of each travelling sum.
    pub sums: &'a [SumYear<'a, V>],
}

/// Persons who moved in one row and one year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowFlows<V = f64> {
    /// Active insured who died.
    pub deaths_active: V,
    /// Inactive insured who died.
    pub deaths_inactive: V,
    /// Active insured who retired.
    pub retired_active: V,
    /// Active insured who became invalids.
    pub invalids: V,
    /// Inactive insured who retired or took a grant.
    pub retired_inactive: V,
    /// Active insured who became inactive by turnover.
    pub turnover: V,
    /// Active insured above the target, who became inactive.
    pub net_withdrawals: V,
    /// Inactive insured who withdrew their rights.
    pub withdrawals: V,
    /// Inactive insured who became active again.
    pub re_entries: V,
    /// Those of the re-entries who come back although the share would not ask for them, because too few persons without
    /// credit are left to enter.
    pub re_entries_for_want: V,
    /// Persons insured for the first time.
    pub first_entries: V,
    /// Persons missing to the target: nobody may enter for the first time at this age, or nobody is left.
    pub unfilled: V,
    /// Persons whose credit would pass the end of the grid and was held there.
    pub held_at_top: V,
    /// Active insured who were there at both ends of the year.
    pub stayers: V,
}

impl<V: Lanes> Register<V> {
    /// Carries one row of a register of [`insured`] persons through a year, as [`Register::step`] does.
    pub fn step_insured(&mut self, row: Row, year: &InsuredYear<'_, V>) -> RowFlows<V> {
        let death = year.survival.map(|survival| Rate::Row(V::splat(1.0) - survival));
        let rates = [
            death[ACTIVE],
            year.retire_active,
            year.invalidity,
            year.turnover,
            Rate::Nobody,
            death[INACTIVE],
            year.retire_inactive,
            year.withdraw,
            Rate::Nobody,
        ];
        let done = self.step(
            row,
            &RowYear {
                rates: &rates,
                opening: &[],
                sums: year.sums,
                months: year.months,
                vectors: &[],
                target: year.target,
            },
        );
        let moved = self.tallies();
        RowFlows {
            deaths_active: moved[0],
            retired_active: moved[1],
            invalids: moved[2],
            turnover: moved[3],
            deaths_inactive: moved[4],
            retired_inactive: moved[5],
            withdrawals: moved[6],
            net_withdrawals: done.settled.net_withdrawals,
            re_entries: done.settled.re_entries,
            re_entries_for_want: done.settled.re_entries_for_want,
            first_entries: done.settled.first_entries,
            unfilled: done.settled.unfilled,
            held_at_top: done.held_at_top,
            stayers: done.settled.stayers,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{LastAge, Level, MonthsRule, Placed, RegisterShape};
    use perennis_units::Sex;

    const ROW: Row = Row { group: 0, sex: Sex::Female, age: 30 };

    const fn aged(age: usize) -> Row {
        Row { age, ..ROW }
    }

    fn register(step: usize) -> Register {
        let shape = RegisterShape {
            groups: 1,
            first_age: 20,
            ages: 41,
            last_age: LastAge::Open,
            step,
            credits: 20 * 12 / step,
        };
        let table = insured(&[Travelling::YearsAway, Travelling::Earnings]);
        Register::new(shape, table, Level::best())
    }

    fn total(register: &Register, state: State) -> f64 {
        (20..41).flat_map(|age| register.persons(state, aged(age)).to_vec()).sum()
    }

    fn full(step: usize) -> MonthsPaid {
        MonthsPaid::new(step, 1.0, &MonthsRule::FullOrNone).unwrap()
    }

    const fn kept(keep: f64, earned: f64) -> SumYear<'static, f64> {
        SumYear { keep, earned, each: None }
    }

    const NOBODY: Target<f64> =
        Target { persons: 0.0, re_entry: 0.0, may_enter: true, uninsured: 1e9 };

    const SUMS: [SumYear<'static, f64>; 2] = [kept(1.0, 0.0), kept(1.0, 100.0)];

    fn quiet(months: &MonthsPaid) -> InsuredYear<'_> {
        InsuredYear {
            survival: [1.0; 2],
            retire_active: Rate::Nobody,
            invalidity: Rate::Nobody,
            retire_inactive: Rate::Nobody,
            withdraw: Rate::Nobody,
            turnover: Rate::Row(0.0),
            target: Some(NOBODY),
            months,
            sums: &SUMS,
        }
    }

    /// Steps a row after the empty rows above it.
    fn step(register: &mut Register, row: Row, year: &InsuredYear<'_>) -> RowFlows {
        for age in (row.age + 1..41).rev() {
            register.step_empty(aged(age));
        }
        register.step_insured(row, year)
    }

    #[test]
    fn a_stayer_gains_a_year_of_credit_and_of_earnings() {
        let mut register = register(12);
        register.place(
            State::Active,
            ROW,
            Placed { credit: 4, persons: 10.0, each: &[0.0, 400.0] },
        );
        let months = full(12);
        let mut year = quiet(&months);
        year.target = Some(Target { persons: 10.0, ..NOBODY });
        let sums = [kept(1.0, 0.0), kept(1.05, 100.0)];
        year.sums = &sums;
        let flows = step(&mut register, ROW, &year);
        let next = aged(31);
        assert!((register.persons(State::Active, aged(31))[5] - 10.0).abs() < 1e-12);
        // What stood is revalued, the year itself is not: 400 * 1.05 + 100 each.
        assert!((register.sum(State::Active, 1, next)[5] - 10.0 * 520.0).abs() < 1e-9);
        assert!((flows.stayers - 10.0).abs() < 1e-12);
        assert!(total(&register, State::Inactive).abs() < 1e-12);
    }

    #[test]
    fn re_entries_never_exceed_the_inactive_insured_and_keep_their_credit() {
        let mut register = register(12);
        register.place(
            State::Inactive,
            ROW,
            Placed { credit: 6, persons: 3.0, each: &[2.0, 600.0] },
        );
        let months = full(12);
        let mut year = quiet(&months);
        year.target = Some(Target { persons: 100.0, re_entry: 0.5, ..NOBODY });
        let flows = step(&mut register, ROW, &year);
        assert!((flows.re_entries - 3.0).abs() < 1e-12);
        assert!((flows.first_entries - 97.0).abs() < 1e-12);
        let active = register.persons(State::Active, aged(31));
        // Half a year of credit on average: half of them gain a step of a year.
        assert!((active[6] - 1.5).abs() < 1e-12 && (active[7] - 1.5).abs() < 1e-12);
        let sum: f64 = register.sum(State::Active, 1, aged(31)).iter().sum();
        assert!((sum - (3.0 * 600.0 + 100.0 * 50.0)).abs() < 1e-9);
    }

    #[test]
    fn persons_above_the_target_become_inactive_in_proportion_to_their_number() {
        let mut register = register(12);
        register.place(State::Active, ROW, Placed { credit: 2, persons: 30.0, each: &[0.0, 0.0] });
        register.place(State::Active, ROW, Placed { credit: 8, persons: 10.0, each: &[0.0, 0.0] });
        let months = full(12);
        let mut year = quiet(&months);
        year.target = Some(Target { persons: 20.0, ..NOBODY });
        let flows = step(&mut register, ROW, &year);
        assert!((flows.net_withdrawals - 20.0).abs() < 1e-12);
        let inactive = register.persons(State::Inactive, aged(31));
        assert!((inactive[2] + inactive[3] - 15.0).abs() < 1e-12);
        assert!((inactive[8] + inactive[9] - 5.0).abs() < 1e-12);
    }

    #[test]
    fn more_inactive_insured_come_back_when_nobody_without_credit_is_left() {
        let mut register = register(12);
        let placed = Placed { credit: 6, persons: 10.0, each: &[2.0, 600.0] };
        register.place(State::Inactive, ROW, placed);
        let months = full(12);
        let mut year = quiet(&months);
        year.target = Some(Target { persons: 20.0, re_entry: 0.1, uninsured: 12.0, ..NOBODY });
        let flows = step(&mut register, ROW, &year);
        assert!((flows.first_entries - 12.0).abs() < 1e-12);
        assert!((flows.re_entries - 8.0).abs() < 1e-12 && flows.unfilled.abs() < 1e-12);
        assert!((flows.re_entries_for_want - 6.0).abs() < 1e-12);
    }

    #[test]
    fn nobody_enters_outside_the_ages_of_entry() {
        let mut register = register(12);
        let months = full(12);
        let mut year = quiet(&months);
        year.target = Some(Target { persons: 5.0, may_enter: false, ..NOBODY });
        let flows = step(&mut register, ROW, &year);
        assert!((flows.unfilled - 5.0).abs() < 1e-12);
        assert!(total(&register, State::Active).abs() < 1e-12);
    }

    #[test]
    fn inactive_insured_count_the_years_since_they_left() {
        let mut register = register(12);
        register.place(State::Active, ROW, Placed { credit: 3, persons: 8.0, each: &[0.0, 0.0] });
        let months = full(12);
        let mut year = quiet(&months);
        step(&mut register, ROW, &year);
        year.target = Some(Target { persons: 0.0, ..NOBODY });
        step(&mut register, aged(31), &year);
        let away: f64 = register.sum(State::Inactive, 0, aged(32)).iter().sum();
        // Half a year in the year of leaving, then one.
        assert!((away - 8.0 * 1.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_or_invented(
            survival in 0.5..=1.0_f64, turnover in 0.0..=1.0_f64, retire in 0.0..=1.0_f64,
            withdraw in 0.0..=1.0_f64, re_entry in 0.0..=1.0_f64, target in 0.0..50.0_f64,
            density in 0.0..=1.0_f64, step in prop::sample::select(vec![1_usize, 3, 6, 12]),
            placed in prop::collection::vec((20_usize..41, 0.0..1.0_f64, 0.0..9.0_f64), 1..40),
            may_enter in any::<bool>(), uninsured in 0.0..40.0_f64,
        ) {
            let mut register = register(step);
            for (n, (age, credit, persons)) in placed.iter().enumerate() {
                let cells = register.shape().credits_at(*age) as f64;
                let state = if n % 2 == 0 { State::Active } else { State::Inactive };
                let row = aged(*age);
                register.place(state, row, Placed { credit: (cells * credit) as usize, persons: *persons, each: &[1.0, 50.0] });
            }
            let months =
                MonthsPaid::new(step, density, &MonthsRule::BetaBinomial { correlation: 0.2 }).unwrap();
            let (retire, withdraw) = ([retire; 300], [withdraw; 300]);
            let sums = [kept(1.0, 0.0), kept(1.01, 100.0)];
            let year = InsuredYear {
                survival: [survival; 2], turnover: Rate::Row(turnover),
                target: Some(Target { persons: target, re_entry, may_enter, uninsured }),
                retire_active: Rate::Cell(&retire), invalidity: Rate::Row(0.02), retire_inactive: Rate::Cell(&retire),
                withdraw: Rate::Cell(&withdraw),
                months: &months,
                sums: &sums,
            };
            for _ in 0..3 {
                let (active, inactive) =
                    (total(&register, State::Active), total(&register, State::Inactive));
                let mut sum = RowFlows::<f64>::default();
                for age in (20..41).rev() {
                    let flows = register.step_insured(aged(age), &year);
                    sum.invalids += flows.invalids;
                    sum.deaths_active += flows.deaths_active;
                    sum.retired_active += flows.retired_active;
                    sum.turnover += flows.turnover + flows.net_withdrawals;
                    sum.re_entries += flows.re_entries;
                    sum.first_entries += flows.first_entries;
                    sum.deaths_inactive += flows.deaths_inactive + flows.retired_inactive;
                    sum.withdrawals += flows.withdrawals;
                }
                let end: f64 = active - sum.deaths_active - sum.retired_active - sum.invalids - sum.turnover
                    + sum.re_entries + sum.first_entries;
                // Rounding of some thousand additions of numbers up to a few hundred.
                prop_assert!((total(&register, State::Active) - end).abs() < 1e-9);
                let end: f64 = inactive - sum.deaths_inactive - sum.withdrawals - sum.re_entries + sum.turnover;
                prop_assert!((total(&register, State::Inactive) - end).abs() < 1e-9);
                for age in 20..41 {
                    for state in [State::Active, State::Inactive] {
                        let least = register.persons(state, aged(age)).iter().copied()
                            .fold(0.0, f64::min);
                        prop_assert!(0.0 <= least, "{least}");
                    }
                }
            }
        }
    }
}
