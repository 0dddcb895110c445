//! Claims about a whole run of a small scheme, with answers known in closed form.

use perennis_cohort::{AgeGrid, YearGrid};
use perennis_demography::{LifeTable, Population};
use perennis_labour::Labour;
use perennis_scheme::{
    Accrual, Benefit, BenefitKind, Condition, Counting, DividedBy, Ends, Event, Groups, Index,
    LumpSum, PaymentStart, ReferenceRule, Revaluation, Rule, Scale, Step, Stepping, Window,
};
use perennis_units::{Calibration, Citation, Duration, Path, Payer, Probability, Sex, Share, Year};
use proptest::prelude::*;

use crate::fixture::{self, AGES, FIRST, NoPast, always, flat_pension, flow, law, rule, scheme};
use crate::{
    Claiming, CreditSpread, Loading, MemberCell, Members, Membership, Mortality, PastAccounts,
    PensionBasis, PensionStart, Pensions, SchemeBasis, Turnover,
};

fn stationary(benefit: Benefit, years: usize, table: &LifeTable, last: usize) -> Pensions {
    let population = fixture::population(years, table, 1_000.0);
    let labour = fixture::labour(&population, 20, last);
    fixture::run(&scheme(law(vec![benefit]), years), &population, &labour)
}

fn age(years: i32) -> Rule<Duration> {
    always("age", Duration::months(12 * years))
}

#[test]
fn with_births_over_the_year_a_cohort_is_awarded_whole_and_paid_half_a_year() {
    let benefit = flat_pension(age(60), 0, PaymentStart::SameDay);
    let pensions = stationary(benefit, 3, &fixture::immortal(), 59);
    let old_age = &pensions.beneficiaries[0];
    // Both sexes, 1,000 each; nobody is in payment at the start.
    assert!((old_age.new_awards.total(0) - 2_000.0).abs() < 1e-9);
    assert!((old_age.beneficiaries.total(0) - 1_000.0).abs() < 1e-9);
    assert!((old_age.amount.total(0) - 500_000.0).abs() < 1e-6);
    assert!((old_age.beneficiaries.total(1) - 3_000.0).abs() < 1e-9);
    assert!(old_age.terminations.total(1).abs() < 1e-9);
}

#[test]
fn payment_from_the_month_after_pays_one_cohort_of_months_later() {
    let benefit = flat_pension(age(60), 0, PaymentStart::NextMonth);
    let pensions = stationary(benefit, 3, &fixture::immortal(), 60);
    let old_age = &pensions.beneficiaries[0];
    // Those born in December wait for 1 January, when they are aged 60: twelve first days of a month a year.
    assert!((old_age.new_awards.total(1) - 2_000.0).abs() < 1e-6);
    // 1 January to 1 December: (12 + 11 + … + 1) / 144 of a year each.
    let time = old_age.beneficiaries.total(1) - old_age.new_awards.total(0);
    assert!((time / 2_000.0 - 78.0 / 144.0).abs() < 1e-9, "{time}");
}

#[test]
fn an_age_that_rises_three_months_a_year_awards_nine_months_of_a_cohort() {
    // 60 until 2024, then three months more for each year from 2025 to 62 in 2032.
    let mut rows = vec![("1900-01-01".to_owned(), Duration::months(720))];
    rows.extend(
        (1..=8).map(|step| (format!("{}-01-01", 2024 + step), Duration::months(720 + 3 * step))),
    );
    let rows = rows.iter().map(|(from, value)| (from.as_str(), *value)).collect();
    let benefit = flat_pension(rule("age", rows), 0, PaymentStart::NextMonth);
    let pensions = stationary(benefit, 14, &fixture::immortal(), 62);
    let old_age = &pensions.beneficiaries[0];
    let time = |at: usize| {
        let started = (0..at).map(|before| old_age.new_awards.total(before)).sum::<f64>();
        old_age.beneficiaries.total(at) - started
    };
    for at in 1..=8 {
        // Who does not reach 60 years and three months by the end of September 2025 needs six months more in 2026, and so
        // on: nine months of birth reach the age in a year, from the fourth month on.
        let awards = old_age.new_awards.total(at);
        assert!((awards - 2_000.0 * 9.0 / 12.0).abs() < 1e-6, "{at}: {awards}");
    }
    // Nine months of a cohort, paid from 1 May to 1 December and from 1 January of the next year: the first payment of those
    // who reach the age in December falls into January.
    let months: f64 = (1..=8).map(f64::from).sum::<f64>() + 12.0;
    let expected = 2_000.0 / 12.0 * months / 12.0;
    assert!((time(4) - expected).abs() < 1e-6, "{} {expected}", time(4));
}

/// Pay-as-you-go rate of a scheme whose pensions are half the wage, paid from 65 to all who were insured from 20 on.
fn half_wage_rate(growth: f64) -> f64 {
    let table = fixture::de_moivre();
    let mut population = fixture::population(4, &table, 1_000.0);
    for ((position, _, age), persons) in population.persons.values_mut().indexed_iter_mut() {
        let cohort = i32::try_from(position).unwrap() - i32::try_from(age).unwrap();
        *persons *= (1.0 + growth).powi(cohort);
    }
    let labour = fixture::labour(&population, 20, 64);
    let mut basis = scheme(law(vec![flat_pension(age(65), 0, PaymentStart::SameDay)]), 4);
    basis.entry_ages = (20, 20);
    let persons = AgeGrid::from_shape_fn((2, AGES), |(sex, age)| {
        if age < 65 { 0.0 } else { population.persons.get(0, Sex::ALL[sex], age) }
    });
    let amount = &persons * 500.0;
    basis.pensions = vec![PensionStart { benefit: "old_age".to_owned(), persons, amount }];
    let pensions = fixture::run(&basis, &population, &labour);
    let account = &pensions.accounts(FIRST.plus(3))[0];
    account.in_payment[0].amount / account.insured_earnings
}

#[test]
fn a_stationary_scheme_costs_what_its_life_table_says() {
    // Reference case ana-01, counts of the middle of the year with deaths falling evenly; 40 digits.
    let rate = half_wage_rate(0.0);
    assert!((rate / 0.118_357_487_922_705_31 - 1.0).abs() < 1e-9, "{rate}");
}

#[test]
fn a_growing_population_makes_the_same_scheme_cheaper() {
    // Reference case ana-02: one per cent a year.
    let rate = half_wage_rate(0.01);
    assert!((rate / 0.081_450_512_572_409_83 - 1.0).abs() < 1e-9, "{rate}");
}

fn counted(cells: Vec<(usize, u32, f64)>) -> Members {
    let cells = cells.into_iter().map(|(age, credit_months, persons)| MemberCell {
        sex: Sex::Male,
        age,
        credit_months,
        persons,
        past_earnings: None,
    });
    Members::Counted(cells.collect())
}

/// A closed group of active and inactive men; nobody dies and nobody enters.
fn closed(
    benefits: Vec<Benefit>,
    years: usize,
    active: Vec<(usize, u32, f64)>,
    inactive: Vec<(usize, u32, f64)>,
) -> (SchemeBasis, Population, Labour) {
    let population = fixture::population(years, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 80);
    let mut basis = scheme(law(benefits), years);
    basis.entry_ages = (20, 20);
    basis.groups[0].active = counted(active);
    basis.groups[0].inactive = counted(inactive);
    (basis, population, labour)
}

fn awards(pensions: &Pensions, benefit: usize, position: usize) -> f64 {
    pensions.beneficiaries[benefit].new_awards.total(position)
}

#[test]
fn who_lacks_credit_at_the_age_works_on_and_retires_when_it_suffices() {
    // Born evenly in 1964, 60 in 2024; thirteen years of credit on 1 January 2024, fifteen are needed: 1 January 2026.
    let benefit = flat_pension(age(60), 180, PaymentStart::NextMonth);
    let (basis, population, labour) = closed(vec![benefit], 4, vec![(59, 156, 80.0)], vec![]);
    let pensions = fixture::run(&basis, &population, &labour);
    assert!(awards(&pensions, 0, 0).abs() < 1e-12 && awards(&pensions, 0, 1).abs() < 1e-12);
    assert!((awards(&pensions, 0, 2) - 80.0).abs() < 1e-9);
    // From 1 January: the whole year.
    assert!((pensions.beneficiaries[0].beneficiaries.total(2) - 80.0).abs() < 1e-9);
}

#[test]
fn eligibility_is_exact_to_the_month() {
    // 170 months on 1 January: 180 are there on 1 November. Whoever is 60 by then retires on that day, the rest at the age.
    let benefit = flat_pension(age(60), 180, PaymentStart::NextMonth);
    let (mut basis, population, labour) = closed(vec![benefit], 2, vec![(59, 170, 120.0)], vec![]);
    basis.credit_step = 1;
    basis.groups[0].months =
        perennis_cohort::MonthsPaid::new(1, 1.0, &perennis_cohort::MonthsRule::FullOrNone).unwrap();
    let pensions = fixture::run(&basis, &population, &labour);
    // Born January to October: first payment on 1 November at the earliest; November: 1 December; December: next year.
    assert!((awards(&pensions, 0, 0) - 110.0).abs() < 1e-9);
    let time = pensions.beneficiaries[0].beneficiaries.total(0);
    assert!((time - (100.0 * 2.0 + 10.0) / 12.0).abs() < 1e-9, "{time}");
}

#[test]
fn a_lower_qualifying_period_in_july_opens_the_pension_to_those_past_the_age() {
    let mut benefit = flat_pension(age(60), 240, PaymentStart::NextMonth);
    let rows = vec![("1900-01-01", Duration::months(240)), ("2025-07-01", Duration::months(180))];
    benefit.condition.credit_at_least = Some(rule("credit", rows));
    let inactive = vec![(62, 192, 50.0), (62, 120, 30.0)];
    let (basis, population, labour) = closed(vec![benefit], 3, vec![], inactive);
    let pensions = fixture::run(&basis, &population, &labour);
    assert!(awards(&pensions, 0, 0).abs() < 1e-12);
    assert!((awards(&pensions, 0, 1) - 50.0).abs() < 1e-9);
    assert!((pensions.beneficiaries[0].beneficiaries.total(1) - 25.0).abs() < 1e-9);
    assert!((pensions.insured[0].inactive.total(3) - 30.0).abs() < 1e-9);
}

#[test]
fn claims_follow_the_distance_to_the_age_and_move_with_it() {
    let first_year_of = |pensionable: i32| {
        let mut benefit = flat_pension(age(pensionable), 0, PaymentStart::SameDay);
        benefit.condition.early_by = Some(always("early", Duration::months(24)));
        let (mut basis, population, labour) =
            closed(vec![benefit], 8, vec![(55, 240, 100.0)], vec![]);
        let chances: Vec<Probability> =
            [0.9, 0.2, 0.0, 0.5, 1.0].map(|chance| Probability::new(chance).unwrap()).to_vec();
        // Three years early is not allowed, whatever the behaviour.
        basis.claiming = Claiming::by_distance(-3, [chances.clone(), chances]);
        let pensions = fixture::run(&basis, &population, &labour);
        (0..8).map(|position| awards(&pensions, 0, position)).collect::<Vec<f64>>()
    };
    // Aged 55 on 1 January 2024: 58 in 2026, 60 in 2028, 61 in 2029.
    let expected = [0.0, 0.0, 20.0, 0.0, 40.0, 40.0, 0.0, 0.0];
    for (found, wanted) in first_year_of(60).iter().zip(expected) {
        assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
    }
    let later: Vec<f64> = [0.0].into_iter().chain(expected).collect();
    for (found, wanted) in first_year_of(61).iter().zip(later) {
        assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
    }
}

fn career(revaluation: Index) -> ReferenceRule {
    ReferenceRule {
        name: "career".to_owned(),
        groups: Groups::All,
        entered_from: None,
        window: Window::Career,
        revaluation: Revaluation::following(revaluation, 1),
        divided_by: DividedBy::Credited,
        drop: None,
        ceiling: None,
        floor: None,
        above: None,
        missing: None,
        limits: perennis_scheme::LimitsOf::Year,
        life: perennis_scheme::PartOfLife::default(),
        credited: Vec::new(),
        citation: Citation { source: "test".to_owned(), checked: true },
    }
}

fn earnings_related(rule: ReferenceRule) -> Benefit {
    let scale = Scale::new(vec![(0.0, 0.0), (50.0, 1.0)]).unwrap();
    let steps = vec![
        Step::ReferenceEarnings(vec![rule.into()]),
        Step::Accrual(Accrual::of_scale(always("scale", scale), Counting::Months)),
    ];
    Benefit { steps, ..flat_pension(age(60), 0, PaymentStart::SameDay) }
}

#[test]
fn the_pension_of_a_career_at_one_wage_is_the_accrual_of_that_wage() {
    for rule in [
        career(Index::Hold),
        ReferenceRule { window: Window::Last(always("years", 5.0)), ..career(Index::Prices) },
    ] {
        let benefit = earnings_related(rule);
        let (basis, population, labour) = closed(vec![benefit], 1, vec![(59, 240, 10.0)], vec![]);
        let pensions = fixture::run(&basis, &population, &labour);
        let award = &pensions.beneficiaries[0];
        let mean = award.new_award_amount.total(0) / award.new_awards.total(0);
        // Twenty years and, in the month that stands for the year, five or six months more, at 2 % of 1,000 a year.
        assert!(
            (mean - 1_000.0 * 0.02 * (20.0 + 5.5 / 12.0)).abs()
                < 1_000.0 * 0.02 * 0.5 / 12.0 + 1e-9,
            "{mean}"
        );
    }
}

fn grant(name: &str, event: Event, below: i32) -> Benefit {
    let lump_sum = LumpSum { months_a_year: always("months", 2.0), counting: Counting::Months };
    let mut condition: Condition = flat_pension(age(60), 0, PaymentStart::NextMonth).condition;
    condition.event = event;
    condition.credit_below = Some(always("below", Duration::months(below)));
    if event == Event::Withdrawal {
        condition.age = None;
    }
    Benefit {
        name: name.to_owned(),
        kind: BenefitKind::Grant,
        account: "fund".to_owned(),
        condition,
        steps: vec![
            Step::ReferenceEarnings(vec![career(Index::Hold).into()]),
            Step::LumpSum(lump_sum),
        ],
        indexation: None,
        payments_a_year: 1,
        assessed_at: None,
        ends: Ends::default(),
    }
}

#[test]
fn inactive_insured_without_the_credit_take_the_grant_at_the_age() {
    let benefits = vec![
        flat_pension(age(60), 180, PaymentStart::NextMonth),
        grant("old_age_grant", Event::Age, 180),
    ];
    let inactive = vec![(59, 120, 12.0), (59, 240, 6.0)];
    let (basis, population, labour) = closed(benefits, 2, vec![], inactive);
    let pensions = fixture::run(&basis, &population, &labour);
    // Eleven months of birth in the year, December on 1 January of the next.
    assert!((awards(&pensions, 1, 0) - 11.0).abs() < 1e-9);
    assert!((awards(&pensions, 1, 1) - 1.0).abs() < 1e-9);
    assert!((awards(&pensions, 0, 0) - 5.5).abs() < 1e-9);
    // Two months' earnings for each of ten years.
    let paid = pensions.beneficiaries[1].amount.total(0);
    assert!((paid - 11.0 * 20.0 * 1_000.0 / 12.0).abs() < 1e-6, "{paid}");
    assert!(pensions.insured[0].inactive.total(2).abs() < 1e-9);
}

#[test]
fn withdrawals_take_the_share_of_the_file_and_end_the_rights() {
    let benefits = vec![
        flat_pension(age(60), 180, PaymentStart::NextMonth),
        grant("withdrawal", Event::Withdrawal, 240),
    ];
    let inactive = vec![(40, 120, 100.0), (40, 240, 10.0)];
    let (mut basis, population, labour) = closed(benefits, 1, vec![], inactive);
    basis.withdrawal.values_mut().fill(0.3);
    let pensions = fixture::run(&basis, &population, &labour);
    let table = &pensions.beneficiaries[1];
    assert!((table.beneficiaries.total(0) - 30.0).abs() < 1e-9);
    assert!((table.amount.total(0) - 30.0 * 20.0 * 1_000.0 / 12.0).abs() < 1e-6);
    assert!((flow(&pensions, FIRST, "withdrawals") - 30.0).abs() < 1e-9);
    assert!((pensions.insured[0].inactive.total(1) - 80.0).abs() < 1e-9);
}

#[test]
fn without_turnover_or_growth_nobody_is_inactive() {
    let benefit = flat_pension(age(60), 0, PaymentStart::SameDay);
    let pensions = stationary(benefit, 10, &fixture::immortal(), 59);
    for position in 0..10 {
        let year = FIRST.plus(i32::try_from(position).unwrap());
        assert!(pensions.insured[0].inactive.total(position).abs() < 1e-9);
        assert!((flow(&pensions, year, "first_entries") - 2_000.0).abs() < 1e-6);
        assert!(flow(&pensions, year, "net_withdrawals").abs() < 1e-6);
        let contributors = pensions.contributors[0].contributors.total(position);
        assert!((contributors - 80_000.0).abs() < 1e-6);
    }
}

#[test]
fn calibration_compliance_and_loadings_reach_the_accounts() {
    let benefit = flat_pension(age(60), 0, PaymentStart::SameDay);
    let population = fixture::population(2, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 59);
    let mut basis = scheme(law(vec![benefit]), 2);
    basis.compliance = Path::constant(Share::new(0.9).unwrap());
    let factor = |factor, run_off| Calibration { factor, year: FIRST, run_off };
    basis.contribution_calibration = vec![("fund".to_owned(), factor(1.1, None))];
    basis.benefit_calibration = vec![("old_age".to_owned(), factor(2.0, Some(1)))];
    basis.loadings = vec![Loading {
        name: "survivors".to_owned(),
        of: "old_age".to_owned(),
        account: "fund".to_owned(),
        share: Path::constant(Share::new(0.5).unwrap()),
    }];
    let pensions = fixture::run(&basis, &population, &labour);
    let due = &pensions.contributions[0];
    assert!((due.due - 0.1 * 80_000.0 * 1_000.0).abs() < 1e-3);
    assert!((due.collected / due.due - 0.99).abs() < 1e-12);
    let paid = |year: i32, benefit: &str| {
        let account = &pensions.accounts(FIRST.plus(year))[0];
        let item = perennis_cohort::Item::Benefit(benefit.to_owned());
        account.entries.iter().find(|entry| entry.item == item).unwrap().amount
    };
    assert!((paid(0, "old_age") - 2.0 * 500_000.0).abs() < 1e-3);
    assert!((paid(1, "old_age") - 500.0 * 3_000.0).abs() < 1e-3);
    // The loading follows what the other benefit costs, its calibration included.
    assert!((paid(0, "survivors") - 500_000.0).abs() < 1e-3);
}

/// A reserve that falls below its floor in one year.
struct LowIn(Year);

impl PastAccounts for LowIn {
    fn reserve_ratio_end(&self, _account: &str, year: Year) -> Option<f64> {
        Some(if year == self.0 { 1.0 } else { 5.0 })
    }
}

#[test]
fn the_rate_rises_in_the_year_after_the_reserve_falls_below_its_floor() {
    let population = fixture::population(4, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 59);
    let mut law = law(vec![flat_pension(age(60), 0, PaymentStart::SameDay)]);
    law.contributions[0].stepping = Some(Stepping {
        payer: Payer::Employers,
        reserve_ratio_floor: always("floor", 2.0),
        rise: always("rise", Share::new(0.01).unwrap()),
        most: always("most", Share::new(0.05).unwrap()),
    });
    let basis = PensionBasis { schemes: vec![scheme(law, 4)] };
    let mut pensions = Pensions::open(&basis, &population, &labour).unwrap();
    for year in population.years.iter() {
        pensions.step(year, &LowIn(FIRST.plus(1))).unwrap();
    }
    let rates: Vec<f64> = pensions.contributions.iter().map(|one| one.rate).collect();
    for (rate, wanted) in rates.iter().zip([0.10, 0.10, 0.11, 0.11]) {
        assert!((rate - wanted).abs() < 1e-12, "{rates:?}");
    }
}

#[test]
fn more_persons_than_the_population_are_a_warning() {
    let benefit = flat_pension(age(60), 0, PaymentStart::NextMonth);
    let (basis, population, labour) = closed(vec![benefit], 1, vec![(40, 120, 1_500.0)], vec![]);
    let pensions = fixture::run(&basis, &population, &labour);
    let warning = pensions.warnings[0];
    assert_eq!((warning.year, warning.sex, warning.age), (FIRST, Sex::Male, 40));
    assert!((warning.excess - 500.0).abs() < 1e-9);
}

#[test]
fn a_year_that_no_provision_covers_is_an_error() {
    let mut law = law(vec![flat_pension(age(60), 0, PaymentStart::SameDay)]);
    law.contributions[0].rates[0].rate = rule("rate", vec![("2025-01-01", Share::ZERO)]);
    let population = fixture::population(1, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 59);
    let basis = PensionBasis { schemes: vec![scheme(law, 1)] };
    let mut pensions = Pensions::open(&basis, &population, &labour).unwrap();
    let error = pensions.step(FIRST, &NoPast).unwrap_err();
    assert!(error.to_string().contains("`rate` has no value in force"), "{error}");
}

fn random_basis(rates: (f64, f64, f64, f64), coverage: (f64, f64), years: usize) -> SchemeBasis {
    let (turnover, re_entry, withdrawal, early) = rates;
    let mut pension = flat_pension(age(60), 180, PaymentStart::NextMonth);
    pension.condition.early_by = Some(always("early", Duration::months(24)));
    let benefits = vec![
        pension,
        grant("old_age_grant", Event::Age, 180),
        grant("withdrawal", Event::Withdrawal, 180),
    ];
    let mut basis = scheme(law(benefits), years);
    let group = &mut basis.groups[0];
    let mut rates = YearGrid::zeros(years, AGES);
    rates.values_mut().fill(turnover);
    group.turnover = Turnover::ByAge(rates);
    let mut shares = YearGrid::zeros(years, AGES);
    for position in 0..years {
        let share = if position % 2 == 0 { coverage.0 } else { coverage.1 };
        shares.values_mut().index_axis_mut(ndarray::Axis(0), position).fill(share);
    }
    group.membership = Membership::Coverage { employed: "all".to_owned(), coverage: shares };
    group.inactive = Members::Spread(CreditSpread {
        persons: Some(AgeGrid::from_shape_fn((2, AGES), |(_, age)| {
            if (25..58).contains(&age) { 90.0 } else { 0.0 }
        })),
        mean_credit: AgeGrid::from_elem((2, AGES), 4.0),
        concentration: 3.0,
        years_away: 2.0,
    });
    basis.re_entry = Path::constant(Share::new(re_entry).unwrap());
    basis.withdrawal = YearGrid::zeros(years, AGES);
    basis.withdrawal.values_mut().fill(withdrawal);
    let chance = |value: f64| Probability::new(value).unwrap();
    let chances = vec![chance(early), chance(early), chance(0.7), chance(1.0)];
    basis.claiming = Claiming::by_distance(-2, [chances.clone(), chances]);
    basis
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn persons_change_by_the_gross_flows_and_by_nothing_else(
        rates in (0.0..0.5_f64, 0.0..=1.0_f64, 0.0..0.9_f64, 0.0..0.8_f64),
        coverage in (0.0..=1.0_f64, 0.0..=1.0_f64),
    ) {
        let years = 6;
        let population = fixture::population(years, &fixture::de_moivre(), 1_000.0);
        let labour = fixture::labour(&population, 20, 62);
        let pensions = fixture::run(&random_basis(rates, coverage, years), &population, &labour);
        let insured = &pensions.insured[0];
        for position in 0..years {
            let year = FIRST.plus(i32::try_from(position).unwrap());
            let of = |name: &str| flow(&pensions, year, name);
            let out = of("turnover") + of("net_withdrawals");
            let active = insured.active.total(position + 1) - insured.active.total(position);
            let expected = of("first_entries") + of("re_entries") - out - of("deaths_active")
                - of("retirements_from_active");
            // Some ten thousand additions of numbers up to 40,000.
            prop_assert!((active - expected).abs() < 1e-6, "{active} {expected}");
            let inactive = insured.inactive.total(position + 1) - insured.inactive.total(position);
            let expected = out - of("re_entries") - of("withdrawals") - of("deaths_inactive")
                - of("retirements_from_inactive");
            prop_assert!((inactive - expected).abs() < 1e-6, "{inactive} {expected}");
            let awarded = awards(&pensions, 0, position) + awards(&pensions, 1, position);
            let retired = of("retirements_from_active") + of("retirements_from_inactive");
            prop_assert!((awarded - retired).abs() < 1e-6, "{awarded} {retired}");
            prop_assert!(of("unawarded").abs() < 1e-9 && of("held_at_top").abs() < 1e-9);
            for grid in [&insured.active, &insured.inactive] {
                prop_assert!(grid.values().iter().all(|persons| 0.0 <= *persons));
            }
            // Stocks of pensioners: awards come, deaths go.
            prop_assert!(pensions.beneficiaries[0].amount.total(position).is_finite());
        }
    }

    #[test]
    fn a_later_pensionable_age_never_adds_pensioners(later in 1..5_i32) {
        let years = 12;
        let run = |pensionable: i32| {
            let benefit = flat_pension(age(pensionable), 0, PaymentStart::NextMonth);
            stationary(benefit, years, &fixture::de_moivre(), 64)
        };
        let (before, after) = (run(60), run(60 + later));
        for position in 0..years {
            let person_years = |run: &Pensions| run.beneficiaries[0].beneficiaries.total(position);
            prop_assert!(person_years(&after) <= person_years(&before) + 1e-9);
        }
    }
}

#[test]
fn pensioners_with_a_table_that_ends_run_to_extinction() {
    let years = 32;
    let population = fixture::population(years, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 59);
    let mut basis = scheme(law(vec![flat_pension(age(60), 0, PaymentStart::SameDay)]), years);
    basis.groups[0].active = counted(Vec::new());
    basis.groups[0].membership = Membership::Closed;
    // l_x falls by one a year of age from 120 at age 0 on, so that the table ends at 119.
    let mut deaths = YearGrid::zeros(years, 120);
    for ((_, _, at), q_x) in deaths.values_mut().indexed_iter_mut() {
        *q_x = 1.0 / (120.0 - f64::from(u8::try_from(at).unwrap()));
    }
    let own = Mortality::own(&deaths);
    basis.mortality.pensioners = vec![("old_age".to_owned(), own)];
    let mut persons = AgeGrid::zeros((2, 120));
    persons[[1, 90]] = 100.0;
    let amount = &persons * 500.0;
    basis.pensions = vec![PensionStart { benefit: "old_age".to_owned(), persons, amount }];
    let pensions = fixture::run(&basis, &population, &labour);
    let table = &pensions.beneficiaries[0];
    // L_x = 119.5 - x: of a cell aged 90, (119.5 - 90 - t) / (119.5 - 90) live after t years, and nobody after thirty.
    for at in 0..years {
        let alive = |t: f64| 100.0 * ((29.5 - t) / 29.5).max(0.0);
        let at_start = f64::from(u8::try_from(at).unwrap());
        let expected = 0.5 * (alive(at_start) + alive(at_start + 1.0));
        assert!((table.beneficiaries.total(at) - expected).abs() < 1e-9, "{at}");
    }
    let deaths: f64 = (0..years).map(|at| table.terminations.total(at)).sum();
    assert!((deaths - 100.0).abs() < 1e-9);
    assert_eq!(table.amount.total(30).to_bits(), 0.0_f64.to_bits(), "nobody is left");
    // Ages past the open age of the population stand in the table.
    assert!(
        (table.beneficiaries.get(12, Sex::Female, 102) - 0.5 * 100.0 * 17.5 / 29.5).abs() < 1e-9
    );
}

#[test]
fn insured_with_a_mortality_of_their_own_die_by_it() {
    let population = fixture::population(2, &fixture::immortal(), 1_000.0);
    let labour = fixture::labour(&population, 20, 59);
    let mut basis = scheme(law(vec![flat_pension(age(60), 0, PaymentStart::SameDay)]), 2);
    let table = Mortality::Own(YearGrid::new(ndarray::Array3::from_elem((2, 2, AGES), 0.9)));
    basis.mortality.insured = [table, Mortality::POPULATION];
    let pensions = fixture::run(&basis, &population, &labour);
    let active = pensions.insured[0].active.total(0);
    // A tenth dies in a year, so that of those who reach the age in it nineteen in twenty live on the day and are awarded a
    // pension; the other deaths of their cells come after it.
    assert!((pensions.beneficiaries[0].new_awards.total(0) - 1_900.0).abs() < 1e-6);
    assert!((pensions.beneficiaries[0].terminations.total(0) - 100.0).abs() < 1e-6);
    let deaths = flow(&pensions, FIRST, "deaths_active") + 100.0;
    assert!((deaths - 0.1 * active).abs() < 1e-6 * active);
}
