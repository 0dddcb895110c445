//! The year loop takes no memory.

#![allow(unsafe_code, reason = "an allocator that counts is written in unsafe code")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use perennis_cohort::{
    Eight, InsuredYear, Lanes, LastAge, Level, MonthsPaid, MonthsRule, Placed, Rate, Register,
    RegisterShape, Row, State, SumYear, Target, Travelling, insured,
};
use perennis_units::Sex;

struct Counting;

thread_local! {
    /// Memory taken by this thread: the harness of the tests takes some beside it.
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the allocator of the system as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.set(TAKEN.get() + 1);
        // SAFETY: the caller keeps the contract of the allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of the allocator.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn taken_in_three_years<V: Lanes>(step: usize) -> usize {
    let shape = RegisterShape {
        groups: 2,
        first_age: 15,
        ages: 101,
        last_age: LastAge::Open,
        step,
        credits: 50 * 12 / step,
    };
    let (first, ages, width) = (shape.first_age, shape.ages, shape.width());
    let table = insured(&[Travelling::YearsAway, Travelling::Earnings]);
    let mut register: Register<V> = Register::new(shape, table, Level::best());
    let each = [V::splat(0.0), V::splat(100.0)];
    let placed = Placed { credit: 1, persons: V::splat(100.0), each: &each };
    register.place(State::Active, Row { group: 1, sex: Sex::Male, age: 40 }, placed);
    let retire = vec![0.1; width];
    let rule = MonthsRule::BetaBinomial { correlation: 0.3 };
    let months = MonthsPaid::new(step, 0.8, &rule).expect("a share of a year");
    let one = V::splat(1.0);
    let kept = |earned| SumYear { keep: one, earned, each: None };
    let sums = [kept(V::splat(0.0)), kept(V::splat(50.0))];
    let year = InsuredYear {
        survival: [V::splat(0.99); 2],
        invalidity: Rate::Nobody,
        retire_active: Rate::Cell(&retire),
        retire_inactive: Rate::Cell(&retire),
        withdraw: Rate::Cell(&retire),
        turnover: Rate::Row(V::splat(0.05)),
        target: Some(Target {
            persons: V::splat(30.0),
            re_entry: V::splat(0.3),
            may_enter: true,
            uninsured: V::splat(20.0),
        }),
        months: &months,
        sums: &sums,
    };
    let before = TAKEN.get();
    for _ in 0..3 {
        for group in 0..2 {
            for sex in Sex::ALL {
                for age in (first..ages).rev() {
                    register.step_insured(Row { group, sex, age }, &year);
                }
            }
        }
    }
    TAKEN.get() - before
}

#[test]
fn the_year_loop_takes_no_memory() {
    for step in [1, 12] {
        assert_eq!(taken_in_three_years::<f64>(step), 0);
        assert_eq!(taken_in_three_years::<Eight>(step), 0);
    }
}
