//! Claims about invalids in small schemes, with answers known in closed form.

use perennis_cohort::{AgeGrid, YearGrid};
use perennis_scheme::{Benefit, Condition, Ends, Event, Groups, PaymentStart, Rule};
use perennis_units::{Duration, Sex};

use crate::fixture::{self, AGES, FIRST, always, flat_pension, flow, law, rule, scheme};
use crate::{
    Beneficiaries, MemberCell, Members, Membership, Mortality, PensionStart, Pensions, SchemeBasis,
};

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

fn run(basis: &SchemeBasis, years: usize) -> Pensions {
    let population = fixture::population(years, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 59);
    fixture::run(basis, &population, &labour)
}

fn table<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
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
    let pensions = run(&basis, years);
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
    let without = run(&one_man(always("age", Duration::months(720)), years), years);
    let mut basis = one_man(always("age", Duration::months(720)), years);
    basis.invalidity.incidence[0] = Some(constant(0.0, years));
    let zero = run(&basis, years);
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
    let pensions = run(&basis, years);
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
    let pensions = run(&basis, years);
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
        let pensions = run(&basis, years);
        (0..years).map(|at| table(&pensions, "invalidity").new_awards.total(at)).sum::<f64>()
    };
    assert!(new(always("age", Duration::months(720))) < new(later()));
}
