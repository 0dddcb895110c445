//! Claims about invalids in small schemes, with answers known in closed form.

use perennis_cohort::{AgeGrid, YearGrid};
use perennis_scheme::{Benefit, Condition, Ends, Event, Groups, PaymentStart, Rule};
use perennis_units::{Duration, Sex};

use crate::fixture::{
    self, AGES, FIRST, always, flat_pension, flow, law, rule, run_immortal, scheme, table,
};
use crate::{MemberCell, Members, Membership, Mortality, PensionStart, Pensions, SchemeBasis};

fn old_age(age: Rule<Duration>) -> Benefit {
    flat_pension(age, 0, PaymentStart::SameDay)
}

/// 500 a year to whoever becomes an invalid, who has the old-age pension later.
fn invalidity() -> Benefit {
    Benefit {
        name: "invalidity".to_owned(),
        condition: Condition::open_to(Event::Invalidity, Groups::All),
        ends: Ends { converts_to: Some("old_age".to_owned()), ..Ends::default() },
        ..old_age(always("age", Duration::months(720)))
    }
}

fn constant(value: f64, years: usize) -> YearGrid {
    YearGrid::new(ndarray::Array3::from_elem((years, 2, AGES), value))
}

/// A closed group of one man aged 20 without credit; nobody dies or becomes an invalid.
fn one_man(age: Rule<Duration>, years: usize) -> SchemeBasis {
    let mut basis = scheme(law(vec![old_age(age), invalidity()]), years);
    basis.groups[0].membership = Membership::Closed;
    basis.groups[0].active = Members::Counted(vec![MemberCell {
        sex: Sex::Male,
        age: 20,
        credit_months: 0,
        persons: 1.0,
        past_earnings: None,
    }]);
    basis
}

#[test]
fn active_and_invalid_persons_are_those_of_three_states() {
    // Reference case ana-20: 0.006 become invalids, 0.004 die, 0.03 of the invalids die.
    let years = 21;
    let mut basis = one_man(always("age", Duration::months(12 * 65)), years);
    basis.mortality.insured = [Mortality::Own(constant(0.996, years)), Mortality::POPULATION];
    basis.mortality.pensioners =
        vec![("invalidity".to_owned(), Mortality::Own(constant(0.97, years)))];
    basis.invalidity.incidence[0] = Some(constant(0.006, years));
    let pensions = run_immortal(&basis, years);
    let invalids = table(&pensions, "invalidity");
    let cases = [
        (10, 0.904_382_075_008_804_5, 0.050_087_384_434_162_87),
        (20, 0.817_906_937_597_230_9, 0.082_233_778_401_145_08),
    ];
    for (service, active, invalid) in cases {
        let found = pensions.insured[0].active.total(service);
        assert!((found / active - 1.0).abs() < 1e-9, "{found}");
        // Of those who become invalids half a year's mortality is off at the end of the year; the case counts them whole.
        let flows = |at: usize| invalids.new_awards.total(at) - invalids.terminations.total(at);
        let found: f64 = (0..service).map(flows).sum();
        assert!((found / (invalid * (1.0 - 0.5 * 0.03)) - 1.0).abs() < 1e-9, "{found}");
    }
    // Awards are paid half a year, less those who die in it, 1/2 - q/6; twelve months in the place of an even year
    // differ in the sixth digit.
    let paid = invalids.amount.total(0) / invalids.new_awards.total(0);
    assert!((paid / 500.0 - (0.5 - 0.03 / 6.0)).abs() < 1e-5, "{paid}");
    assert!((flow(&pensions, FIRST, "invalidity_from_active") - 0.006).abs() < 1e-12);
}

#[test]
fn zero_incidence_gives_no_invalids_and_changes_nothing() {
    let years = 5;
    let without = run_immortal(&one_man(always("age", Duration::months(720)), years), years);
    let mut basis = one_man(always("age", Duration::months(720)), years);
    basis.invalidity.incidence[0] = Some(constant(0.0, years));
    let zero = run_immortal(&basis, years);
    for at in 0..=years {
        let active = |pensions: &Pensions| pensions.insured[0].active.total(at);
        assert_eq!(active(&without).to_bits(), active(&zero).to_bits());
    }
    assert!((0..years).all(|at| table(&zero, "invalidity").new_awards.total(at).abs() < 1e-15));
}

/// A hundred women of 59 and 58 with a pension on invalidity at the start.
fn invalids_of_the_start(basis: &mut SchemeBasis) {
    let mut persons = AgeGrid::zeros((2, AGES));
    persons[[1, 59]] = 100.0;
    persons[[1, 58]] = 100.0;
    let amount = &persons * 300.0;
    basis.pensions = vec![PensionStart { benefit: "invalidity".to_owned(), persons, amount }];
}

#[test]
fn invalids_have_the_old_age_pension_from_the_day_of_the_age() {
    let years = 3;
    let mut basis = one_man(always("age", Duration::months(720)), years);
    invalids_of_the_start(&mut basis);
    let pensions = run_immortal(&basis, years);
    let (invalid, old) = (table(&pensions, "invalidity"), table(&pensions, "old_age"));
    for at in 0..2 {
        // A hundred turn 60 over the year, half a year on average; the others go on.
        assert!((old.new_awards.total(at) - 100.0).abs() < 1e-9);
        let before = if at == 0 { 150.0 } else { 50.0 };
        assert!((invalid.beneficiaries.total(at) - before).abs() < 1e-9);
        assert!((old.beneficiaries.total(at) - (200.0 - before)).abs() < 1e-9);
        let paid = invalid.amount.total(at) + old.amount.total(at);
        assert!((paid - 200.0 * 300.0).abs() < 1e-6, "the amount goes on");
    }
    assert!(invalid.beneficiaries.total(2).abs() < 1e-9);
    assert!((old.beneficiaries.total(2) - 200.0).abs() < 1e-9);
}

#[test]
fn a_later_age_keeps_invalids_to_it_and_lets_more_become_invalids() {
    // 61 from 2025 on: whoever turns 60 in 2025 waits a year.
    let later = || {
        let months = Duration::months;
        rule("age", vec![("1900-01-01", months(720)), ("2025-01-01", months(732))])
    };
    let years = 4;
    let mut basis = one_man(later(), years);
    invalids_of_the_start(&mut basis);
    let pensions = run_immortal(&basis, years);
    let converted: Vec<f64> =
        (0..years).map(|at| table(&pensions, "old_age").new_awards.total(at)).collect();
    for (found, wanted) in converted.iter().zip([100.0, 0.0, 100.0, 0.0]) {
        assert!((found - wanted).abs() < 1e-9, "{converted:?}");
    }
    let new = |age: Rule<Duration>| {
        let mut basis = one_man(age, years);
        let Members::Counted(cells) = &mut basis.groups[0].active else { panic!("counted") };
        cells[0].age = 58;
        basis.claiming = crate::Claiming::at_the_age();
        basis.invalidity.incidence[0] = Some(constant(0.1, years));
        let pensions = run_immortal(&basis, years);
        (0..years).map(|at| table(&pensions, "invalidity").new_awards.total(at)).sum::<f64>()
    };
    assert!(new(always("age", Duration::months(720))) < new(later()));
}

fn recovery(rates: &[f64], active: f64, years: usize) -> crate::Recovery {
    let rates = rates.iter().map(|rate| constant(*rate, years)).collect();
    crate::Recovery { rates, active: [active; 2] }
}

#[test]
fn recovered_invalids_are_insured_again_with_the_credit_they_had() {
    let years = 15;
    let mut basis = one_man(always("age", Duration::months(12 * 65)), years);
    basis.invalidity.incidence[0] = Some(constant(0.1, years));
    basis.invalidity.recovery = Some(recovery(&[0.5, 0.2], 1.0, years));
    let pensions = run_immortal(&basis, years);
    // Persons and their years of credit: active, and invalids of the award of last year and of earlier ones.
    let (mut active, mut invalid) = ((1.0, 0.0), [(0.0, 0.0), (0.0, 0.0)]);
    for at in 0..=years {
        let stock = &pensions.insured[0];
        assert!((stock.active.total(at) - active.0).abs() < 1e-12, "{at}");
        assert!((stock.active_credit.total(at) - active.1).abs() < 1e-10, "{at}");
        let nobody_lost: f64 = active.0 + invalid[0].0 + invalid[1].0;
        assert!((nobody_lost - 1.0).abs() < 1e-12);
        if at == years {
            break;
        }
        let taken = |take: f64, of: (f64, f64)| (take * of.0, take * of.1);
        let add = |one: (f64, f64), other: (f64, f64)| (one.0 + other.0, one.1 + other.1);
        let back = add(taken(0.5, invalid[0]), taken(0.2, invalid[1]));
        assert!(
            (flow(&pensions, FIRST.plus(at as i32), "recovered_to_active") - back.0).abs() < 1e-12
        );
        let new = taken(0.1, active);
        let stay = taken(0.9, active);
        invalid[1] = add(taken(0.5, invalid[0]), taken(0.8, invalid[1]));
        // Half a year is credited in the year of the award and in that of the return.
        invalid[0] = (new.0, new.1 + 0.5 * new.0);
        active = add((stay.0, stay.1 + stay.0), (back.0, back.1 + 0.5 * back.0));
    }
}

#[test]
fn those_who_recover_without_work_are_inactive_and_rates_above_everyone_are_refused() {
    let years = 4;
    let mut basis = one_man(always("age", Duration::months(12 * 65)), years);
    basis.invalidity.incidence[0] = Some(constant(0.1, years));
    basis.invalidity.recovery = Some(recovery(&[0.5], 0.0, years));
    let pensions = run_immortal(&basis, years);
    let inactive = &pensions.insured[0].inactive;
    assert!((inactive.total(2) - 0.05).abs() < 1e-12, "{}", inactive.total(2));
    let persons: f64 = pensions.insured[0].active.total(2) + inactive.total(2);
    assert!((persons + 0.09 + 0.05 - 1.0).abs() < 1e-12, "{persons}");
    basis.mortality.pensioners =
        vec![("invalidity".to_owned(), Mortality::Own(constant(0.4, years)))];
    let population = fixture::population(years, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 59);
    let basis = crate::PensionBasis { schemes: vec![basis] };
    let refused = Pensions::open(&basis, &population, &labour);
    assert!(matches!(refused, Err(crate::PensionsError::TooManyRecover { .. })));
}

#[test]
fn invalids_die_by_the_years_since_their_award() {
    let years = 12;
    let mut basis = one_man(always("age", Duration::months(12 * 65)), years);
    basis.invalidity.incidence[0] = Some(constant(0.1, years));
    let own = |alive: f64| Mortality::Own(constant(alive, years));
    let alive = [0.8, 0.85, 0.9, 0.97];
    basis.mortality.since_award =
        vec![("invalidity".to_owned(), alive.iter().map(|alive| own(*alive)).collect())];
    let pensions = run_immortal(&basis, years);
    let invalids = table(&pensions, "invalidity");
    let (mut active, mut by_years) = (1.0, [0.0; 3]);
    for at in 0..years {
        let dead: f64 = by_years.iter().zip(&alive[1..]).map(|(n, alive)| n * (1.0 - alive)).sum();
        let new = 0.1 * active;
        let dead = dead + new * 0.5 * 0.2;
        let found = invalids.terminations.total(at);
        assert!((found - dead).abs() < 1e-12, "{at}: {found} {dead}");
        by_years =
            [new * 0.9, by_years[0] * alive[1], by_years[1] * alive[2] + by_years[2] * alive[3]];
        active *= 0.9;
    }
}
