//! Claims about survivors in small schemes, counted by hand or month by month.

use perennis_cohort::{AgeGrid, YearGrid};
use perennis_scheme::{
    Amount, Benefit, BenefitKind, Change, Condition, Ends, Event, Groups, Measure, Operand,
    PaymentStart, Recipient, Step, Test,
};
use perennis_units::{Duration, Money, Sex};
use std::sync::Arc;

use crate::fixture::{AGES, FIRST, always, flat_pension, flow, law, run_immortal, scheme, table};
use crate::{Family, Mortality, PensionStart, Relatives, SchemeBasis, SchemeMortality};

const YEARS: usize = 24;

fn flat(amount: f64) -> Step {
    let rule = always("flat", Money::new(amount).unwrap());
    Step::Flat(Operand::Amount(Amount::Fixed(rule)))
}

fn on_death(name: &str, recipient: Option<Recipient>, steps: Vec<Step>) -> Benefit {
    Benefit {
        name: name.to_owned(),
        kind: BenefitKind::Pension,
        account: "fund".to_owned(),
        condition: Condition { recipient, ..Condition::open_to(Event::Death, Groups::All) },
        steps,
        indexation: None,
        payments_a_year: 12,
        assessed_at: None,
        ends: Ends::default(),
    }
}

/// Three fifths of the pension that the deceased had.
fn reversion() -> Benefit {
    let old_age = Arc::new(old_age());
    let share = Change { by: Operand::Constant(0.6), only_if: Vec::new() };
    on_death(
        "widow",
        Some(Recipient::Spouse),
        vec![Step::OfDeceased(vec![old_age]), Step::Times(share)],
    )
}

fn old_age() -> Benefit {
    let age = always("age", Duration::months(12 * 60));
    flat_pension(age, 0, PaymentStart::SameDay)
}

fn constant(alive: f64, years: usize) -> Mortality {
    Mortality::Own(YearGrid::new(ndarray::Array3::from_elem((years, 2, AGES), alive)))
}

/// Spouses of the other sex, `older` years older, as many as `married` says.
fn spouses(older: i32, married: impl Fn(Sex, usize) -> f64) -> Relatives {
    Relatives::new(Recipient::Spouse, AGES, |(sex, age), (of, own)| {
        let apart = i32::try_from(own).unwrap() - i32::try_from(age).unwrap();
        if of != sex && apart == older { married(sex, age) } else { 0.0 }
    })
}

/// A scheme without insured persons.
fn alone(benefits: Vec<Benefit>, years: usize) -> SchemeBasis {
    let mut basis = scheme(law(benefits), years);
    let coverage = YearGrid::zeros(years, AGES);
    basis.groups[0].membership =
        crate::Membership::Coverage { employed: "all".to_owned(), coverage };
    basis.groups[0].active = crate::Members::Counted(Vec::new());
    basis
}

#[test]
fn widows_of_a_couple_are_those_of_the_reversionary_annuity() {
    // Reference case ana-21: independent lives, 0.97 of husbands and 0.98 of wives live through a year.
    let mut basis = alone(vec![old_age(), reversion()], YEARS);
    basis.mortality = SchemeMortality {
        insured: [Mortality::POPULATION; 2],
        pensioners: vec![
            ("old_age".to_owned(), constant(0.97, YEARS)),
            ("widow".to_owned(), constant(0.98, YEARS)),
        ],
        since_award: Vec::new(),
    };
    // Share of the husbands whose wife lives at the death, so that it and the half year to the end of the year of the death
    // (1 - 0.02 / 2) make the whole years of the case.
    let at_death = |age: usize| 0.98_f64.powi(i32::try_from(age).unwrap() - 60 + 1) / 0.99;
    let married = move |age: usize| {
        // The engine takes the mean of an age and the next.
        at_death(age) / (0.5 * (1.0 + 0.98))
    };
    let men = |sex: Sex, age: usize| {
        if sex == Sex::Male && (60..AGES - 1).contains(&age) { married(age) } else { 0.0 }
    };
    basis.family = Family { relatives: vec![spouses(0, men)], ..Family::default() };
    let mut persons = AgeGrid::zeros((2, AGES));
    persons[[0, 60]] = 1.0;
    let amount = &persons * 1_000.0;
    basis.pensions = vec![PensionStart { benefit: "old_age".to_owned(), persons, amount }];
    let pensions = run_immortal(&basis, YEARS);
    let widow = table(&pensions, "widow");
    let mut stock = 0.0;
    for (years, expected) in [
        (1, 0.0294),
        (5, 0.127_693_252_049_984_33),
        (10, 0.214_543_605_658_909_3),
        (20, 0.304_566_533_421_874_45),
    ] {
        stock =
            (0..years).map(|at| widow.new_awards.total(at) - widow.terminations.total(at)).sum();
        assert!((stock / expected - 1.0).abs() < 1e-9, "{years}: {stock}");
    }
    assert!(0.0 < stock);
    // Each has three fifths of 1,000 a year.
    let amount: f64 = (0..YEARS).map(|at| widow.new_award_amount.total(at)).sum();
    let awards: f64 = (0..YEARS).map(|at| widow.new_awards.total(at)).sum();
    assert!((amount / awards - 600.0).abs() < 1e-9);
}

#[test]
fn widowers_of_one_year_agree_with_a_count_month_by_month() {
    // Women of 57 die; widowers two years older may have 500 a year from 60 on, from the month after the death.
    let mut widower = on_death("widower", Some(Recipient::Spouse), vec![flat(500.0)]);
    widower.condition.payment_start = PaymentStart::NextMonth;
    let of = Operand::Measure(Measure::RecipientAge);
    widower.condition.all = vec![Test::at_least(of, Operand::Constant(720.0))];
    let mut basis = alone(vec![old_age(), widower], 1);
    basis.mortality.pensioners =
        vec![("old_age".to_owned(), constant(0.9, 1)), ("widower".to_owned(), constant(0.8, 1))];
    let women = |sex: Sex, _: usize| if sex == Sex::Female { 0.7 } else { 0.0 };
    basis.family = Family { relatives: vec![spouses(2, women)], ..Family::default() };
    let mut persons = AgeGrid::zeros((2, AGES));
    persons[[1, 57]] = 1_000.0;
    let amount = &persons * 1.0;
    basis.pensions = vec![PensionStart { benefit: "old_age".to_owned(), persons, amount }];
    let pensions = run_immortal(&basis, 1);
    let found = table(&pensions, "widower");
    // A hundred women die, seventy leave a widower who turns 60 in the year. Deaths in month m, birthdays in month b, each
    // evenly over the month: with m = b half come after the birthday; but paid from the first of the next month, when the
    // widower is 60 whenever the birthday was in that month or before.
    let (mut awards, mut years, mut paid_at_end) = (0.0, 0.0, 0.0);
    for death in 0..12 {
        for birthday in 0..12 {
            if birthday <= death {
                let left = f64::from(11 - death) / 12.0;
                awards += 70.0 / 144.0;
                years += 70.0 / 144.0 * left * (1.0 - 0.2 * left / 2.0);
                paid_at_end += 70.0 / 144.0 * (1.0 - 0.2 * left);
            }
        }
    }
    assert!((found.new_awards.total(0) - awards).abs() < 1e-9, "{}", found.new_awards.total(0));
    assert!((found.beneficiaries.total(0) - years).abs() < 1e-9);
    assert!((found.amount.total(0) - 500.0 * years).abs() < 1e-6);
    let left = found.new_awards.total(0) - found.terminations.total(0);
    assert!((left - paid_at_end).abs() < 1e-9, "{left} {paid_at_end} {awards}");
    assert!(found.new_awards.total_of(0, Sex::Female).abs() < 1e-12);
}

#[test]
fn orphans_end_at_the_age_and_students_later() {
    let mut orphan = on_death("orphan", Some(Recipient::Child), vec![flat(100.0)]);
    orphan.ends.age = Some(always("age", Duration::months(18 * 12)));
    orphan.ends.age_in_education = Some(always("students", Duration::months(22 * 12)));
    let of = Operand::Measure(Measure::RecipientAge);
    orphan.condition.all = vec![Test::below(of, Operand::Constant(216.0))];
    let years = 12;
    let mut basis = alone(vec![old_age(), orphan], years);
    // All die in the first year; children are fourteen, half of them girls.
    let mut dying = YearGrid::new(ndarray::Array3::from_elem((years, 2, AGES), 0.0));
    dying.values_mut().fill(0.0);
    basis.mortality.pensioners = vec![("old_age".to_owned(), Mortality::Own(dying))];
    let child = |_, (_, own): (Sex, usize)| if own == 14 { 0.5 } else { 0.0 };
    basis.family = Family {
        relatives: vec![Relatives::new(Recipient::Child, AGES, child)],
        remarriage: None,
        in_education: [0.5, 0.5],
    };
    let mut persons = no_persons();
    persons[[0, 50]] = 100.0;
    let amount = &persons * 1.0;
    basis.pensions = vec![PensionStart { benefit: "old_age".to_owned(), persons, amount }];
    let pensions = run_immortal(&basis, years);
    let found = table(&pensions, "orphan");
    // Half of the children are 14 at the end of the year, half 15: their years in payment to 18, and of half of them to 22.
    assert!((found.new_awards.total(0) - 100.0).abs() < 1e-9);
    let person_years: f64 = (0..years).map(|at| found.beneficiaries.total(at)).sum();
    // Half a year in the year of the death. Whoever is 14 at its end turns 18 four years later, in the middle of a year.
    let to_18 = 0.5 + 0.5 * (3.5 + 2.5);
    assert!((person_years - 100.0 * (to_18 + 0.5 * 4.0)).abs() < 1e-6, "{person_years}");
    let ended: f64 = (0..years).map(|at| found.terminations.total(at)).sum();
    assert!((ended - 100.0).abs() < 1e-9);
    assert!(found.beneficiaries.total(9).abs() < 1e-12, "the last is 22 in the ninth year");
}

fn no_persons() -> AgeGrid {
    AgeGrid::zeros((2, AGES))
}

#[test]
fn insured_who_die_leave_what_they_would_have_had_and_a_grant() {
    let mut grant = on_death("funeral", None, vec![flat(80.0)]);
    grant.kind = BenefitKind::Grant;
    let years = 3;
    let mut basis = scheme(law(vec![old_age(), reversion(), grant]), years);
    basis.mortality.insured = [constant(0.95, years), constant(0.95, years)];
    let all = |_: Sex, _: usize| 0.6;
    basis.family = Family { relatives: vec![spouses(0, all)], ..Family::default() };
    let pensions = run_immortal(&basis, years);
    // Who dies after the claim in the year is no insured person any more.
    let deaths_in = |at: usize| {
        let year = FIRST.plus(i32::try_from(at).unwrap());
        let own = flow(&pensions, year, "deaths_active");
        own + table(&pensions, "old_age").terminations.total(at)
    };
    let deaths = deaths_in(0);
    let (widow, funeral) = (table(&pensions, "widow"), table(&pensions, "funeral"));
    assert!(0.0 < deaths);
    assert!((funeral.beneficiaries.total(0) / deaths - 1.0).abs() < 1e-9);
    assert!((funeral.amount.total(0) / deaths - 80.0).abs() < 1e-9);
    assert!((widow.new_awards.total(0) / deaths - 0.6).abs() < 1e-9);
    // Nobody dies among the widows: half a year is paid.
    assert!((widow.amount.total(0) / (0.6 * deaths * 0.5 * 300.0) - 1.0).abs() < 1e-9);
    // Nobody is lost: who is awarded is in payment in the next year.
    let next = deaths_in(1);
    let later = widow.beneficiaries.total(1);
    assert!((later / (0.6 * deaths + 0.6 * next * 0.5) - 1.0).abs() < 1e-9);
    assert!(pensions.warnings.is_empty());
}

#[test]
fn a_widow_who_remarries_loses_the_pension() {
    let mut widow = reversion();
    widow.ends.remarriage = true;
    let mut basis = alone(vec![old_age(), widow], 3);
    let mut persons = no_persons();
    persons[[1, 40]] = 100.0;
    let amount = &persons * 10.0;
    basis.pensions = vec![PensionStart { benefit: "widow".to_owned(), persons, amount }];
    basis.mortality.pensioners = vec![("widow".to_owned(), constant(0.9, 3))];
    let mut rates = YearGrid::zeros(3, AGES);
    rates.values_mut().fill(0.2);
    basis.family = Family { remarriage: Some(rates), ..Family::default() };
    let pensions = run_immortal(&basis, 3);
    let found = table(&pensions, "widow");
    assert!((found.terminations.total(0) - 30.0).abs() < 1e-9);
    assert!((found.beneficiaries.total(0) - 85.0).abs() < 1e-9);
    assert!((found.beneficiaries.total(1) - 0.5 * (70.0 + 49.0)).abs() < 1e-9);
    assert!((found.amount.total(1) - 595.0).abs() < 1e-9);
}
