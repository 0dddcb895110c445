use perennis_units::{Citation, Date, Duration, Path, Sex, When, Year};
use proptest::prelude::*;

use super::*;
use crate::{
    Accrual, Adjustment, Amount, ByYears, Change, Counting, Credit, CreditedYear, Event,
    ExcessLumpSum, Groups, Index, LegalIndices, Lognormal, LumpSum, Measure, NamedAmount, Operand,
    PaymentStart, PerYear, PerYearOf, Record, Rounding, RoundingDirection, Rule, Scale, Test,
    fixture,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn money(amount: f64) -> Money {
    Money::new(amount).unwrap()
}

fn condition() -> Condition {
    Condition {
        age: Some(fixture::always("age", Duration::months(60 * 12))),
        early_by: Some(fixture::always("early", Duration::months(60))),
        early_credit_at_least: Some(fixture::always("early_credit", Duration::months(240))),
        credit_at_least: Some(fixture::always("credit", Duration::months(180))),
        payment_start: PaymentStart::NextMonth,
        ..Condition::open_to(Event::Age, Groups::All)
    }
}

fn reference() -> Step {
    let career = ReferenceRule {
        citation: Citation { source: "s. 1".to_owned(), checked: true },
        ..fixture::reference("career")
    };
    Step::ReferenceEarnings(vec![career.into()])
}

fn scale() -> Rule<Scale> {
    let points = vec![(15.0, 0.40), (20.0, 0.45), (35.0, 0.75)];
    fixture::always("scale", Scale::new(points).unwrap())
}

/// Every step of a pension; `unit` is the value of one currency unit.
fn pension(unit: f64, more: Vec<Step>) -> Benefit {
    let level = NamedAmount {
        name: "level".to_owned(),
        values: fixture::dated("1990-01-01", money(40.0 * unit)),
        after: Adjustment { by: Index::Prices, month: 1, lag: 0 },
        rounded: None,
    };
    let per_year = |name: &str, rate, of, counting| PerYear {
        rate: ByYears::Rate(fixture::always(name, rate)),
        of,
        counting,
        by: None,
    };
    let early = per_year("early", 0.02, PerYearOf::ReferenceEarnings, Counting::HalfYearsDown);
    let late = per_year("late", 0.05, PerYearOf::Amount, Counting::CompletedYears);
    let times = |name: &str, times| {
        let times = fixture::always(name, times);
        Operand::Amount(Amount::Times { times, of: level.clone() })
    };
    let supplement = Amount::Fixed(fixture::always("supplement", money(5.0 * unit)));
    let full = Operand::Rule(fixture::always("full", 240.0));
    let mut steps = vec![
        reference(),
        Step::Accrual(Accrual::of_scale(scale(), Counting::HalfYearsUp)),
        Step::EarlyReduction(early),
        Step::LateIncrease(late),
        Step::AtLeast(Change {
            by: times("minimum", 1.0),
            only_if: vec![Test::at_least(Operand::Measure(Measure::Credit), full)],
        }),
        Step::AtMost(Change::of(times("maximum", 10.0))),
        Step::Plus(Change::of(Operand::Amount(supplement))),
        Step::Times(Change::of(Operand::Rule(fixture::always("thirteenth", 13.0 / 12.0)))),
    ];
    steps.extend(more);
    Benefit {
        name: "old_age".to_owned(),
        kind: BenefitKind::Pension,
        account: "fund".to_owned(),
        condition: condition(),
        steps,
        indexation: None,
        payments_a_year: 12,
        assessed_at: None,
        ends: Ends::default(),
    }
}

fn indices() -> LegalIndices {
    let levels = |growth: f64| (0..80).map(|year| (growth * f64::from(year)).exp()).collect();
    LegalIndices {
        prices: Path::new(Year::new(1980), levels(0.03)).unwrap(),
        wages: Path::new(Year::new(1980), levels(0.05)).unwrap(),
        indicators: Vec::new(),
    }
}

fn claim<'a>(date: &str, credit: Credit<'a>) -> Claim<'a> {
    let when = When {
        date: day(date),
        born: day("1970-06-15"),
        entered: day("1990-01-01"),
        sex: Sex::Male,
    };
    Claim::new(when, "all", credit)
}

fn ending(months: i32) -> Credit<'static> {
    Credit::Ending { months, until: day("2030-07-01") }
}

fn record(years: u16, earnings: f64) -> Record {
    let first = 2030 - i32::from(years);
    let years = (first..2030).map(|year| CreditedYear {
        year: Year::new(year),
        months: 12,
        insured_earnings: money(earnings * (1.0 + 0.01 * f64::from(year - first))),
    });
    Record::of_work(years.collect())
}

fn in_claims(months: i32, early: i32, reference: f64, unit: f64) -> f64 {
    let indices = indices();
    let env = Environment::new(&indices);
    let date = perennis_units::add_months(day("2030-07-01"), -early).to_string();
    let claim = claim(&date, ending(months));
    pension(unit, vec![]).amount(&claim, &env).unwrap().at(reference)
}

#[test]
fn the_conditions_ask_for_age_credit_and_more_credit_for_an_early_claim() {
    let indices = indices();
    let env = Environment::new(&indices);
    let is_met = |condition: Condition, date: &str, months| {
        let benefit = Benefit { condition, ..pension(1.0, vec![]) };
        benefit.is_met(&claim(date, ending(months)), &env).unwrap()
    };
    let met = |date: &str, months| is_met(condition(), date, months);
    assert!(met("2030-07-01", 180));
    assert!(!met("2030-07-01", 179));
    assert!(!met("2030-06-01", 180), "an early claim needs 240 months");
    assert!(met("2030-06-01", 240));
    assert!(met("2025-07-01", 240));
    assert!(!met("2025-06-01", 240), "more than five years early");
    assert!(met("2040-01-01", 180), "late");
    let closed = Condition { event: Event::Closed, ..condition() };
    assert!(!is_met(closed, "2030-07-01", 400));
    let before = Condition { entered_before: Some(day("1990-01-01")), ..condition() };
    assert!(!is_met(before, "2030-07-01", 400));
}

#[test]
fn a_pension_and_the_grant_for_those_without_its_credit_leave_nobody_out_and_pay_nobody_twice() {
    let indices = indices();
    let env = Environment::new(&indices);
    let old_age = pension(1.0, vec![]);
    let condition = Condition {
        early_by: None,
        early_credit_at_least: None,
        credit_below: old_age.condition.credit_at_least.clone(),
        credit_at_least: None,
        ..condition()
    };
    let grant = Benefit { condition, ..pension(1.0, vec![]) };
    for months in 0..600 {
        let claim = claim("2030-07-01", ending(months));
        let met = old_age.is_met(&claim, &env).unwrap();
        assert_ne!(met, grant.is_met(&claim, &env).unwrap(), "{months}");
    }
}

#[test]
fn a_lump_sum_pays_each_period_at_its_own_rate_and_carries_odd_months_forward() {
    let rows = vec![("1950-01-01".to_owned(), 1.5), ("2014-01-01".to_owned(), 2.0)];
    let step = Step::LumpSum(LumpSum {
        months_a_year: fixture::rule("months", rows),
        counting: Counting::HalfYearsUp,
    });
    let benefit = Benefit { steps: vec![reference(), step], ..pension(1.0, vec![]) };
    let indices = indices();
    let env = Environment::new(&indices);
    // 1 October 2011 to 1 April 2016: 27 months before 2014 and 27 after; two years and 3 odd months, carried to give
    // 30 months after: 4.5 years in all, 2 of them at 1.5 and 2.5 at 2 months.
    let credit = Credit::Ending { months: 54, until: day("2016-04-01") };
    let sum = benefit.amount(&claim("2030-07-01", credit), &env).unwrap().at(1200.0);
    assert!((sum - 100.0 * (2.0 * 1.5 + 2.5 * 2.0)).abs() < 1e-9);
    let all_early = Credit::Ending { months: 31, until: day("2013-06-01") };
    let sum = benefit.amount(&claim("2030-07-01", all_early), &env).unwrap().at(1200.0);
    assert!((sum - 100.0 * 1.5 * 3.0).abs() < 1e-9, "31 months count three years");
}

#[test]
fn years_above_the_scale_that_are_worked_after_the_age_are_paid_at_their_own_rate() {
    let step = Step::ExcessLumpSum(ExcessLumpSum {
        scale: scale(),
        counting: Counting::HalfYearsUp,
        months_a_year: fixture::always("before", 0.5),
        months_a_year_after_age: Some(fixture::always("after", 2.0)),
    });
    let benefit = Benefit { steps: vec![reference(), step], ..pension(1.0, vec![]) };
    let indices = indices();
    let env = Environment::new(&indices);
    // 39 years of credit end on 1 July 2032, two years after payment could have begun: 2 years at 0.5 and 2 at 2 months.
    let credit = Credit::Ending { months: 39 * 12, until: day("2032-07-01") };
    let sum = benefit.amount(&claim("2032-07-01", credit), &env).unwrap().at(1200.0);
    assert!((sum - 100.0 * (2.0 * 0.5 + 2.0 * 2.0)).abs() < 1e-9);
    // Of 36 years only one lies above the scale, though two were worked after the age.
    let credit = Credit::Ending { months: 36 * 12, until: day("2032-07-01") };
    let sum = benefit.amount(&claim("2032-07-01", credit), &env).unwrap().at(1200.0);
    assert!((sum - 100.0 * 2.0).abs() < 1e-9);
}

#[test]
fn an_early_claim_loses_points_and_a_late_one_gains_a_share() {
    // 30 years: 0.45 + 0.02 * 10 = 0.65. Three years and seven months early count 3.5: 7 points. Then 5 a year more and
    // a thirteenth payment.
    let early = in_claims(360, 43, 1000.0, 1.0);
    assert!((early - (1000.0 * 0.58 + 5.0) * 13.0 / 12.0).abs() < 1e-9);
    let late = in_claims(360, -30, 1000.0, 1.0);
    assert!((late - (1000.0 * 0.65 * 1.10 + 5.0) * 13.0 / 12.0).abs() < 1e-9);
}

#[test]
fn a_person_sees_every_step_with_its_formula_and_provision_and_the_rounding_of_the_law() {
    let round = Step::Round(Rounding {
        to: fixture::always("round", 1.0),
        payments_a_year: 12,
        direction: RoundingDirection::Up,
    });
    let benefit = pension(1.0, vec![round]);
    let indices = indices();
    let env = Environment::new(&indices);
    let record = record(25, 100.0);
    let claim = claim("2030-07-01", Credit::Record(&record));
    let award = benefit.award_person(&claim, &env).unwrap().unwrap();
    assert_eq!(award.steps.len(), 9);
    assert_eq!(award.steps[1].step, "accrual");
    assert!(award.steps[1].formula.contains("25 years"), "{}", award.steps[1].formula);
    assert_eq!(award.steps[0].provisions[0].source, "s. 1");
    let monthly = award.amount.get() / 12.0;
    assert!((monthly - monthly.round()).abs() < 1e-9);
    let unrounded = benefit.award(&claim, &env).unwrap().unwrap().at(award.steps[0].amount.get());
    assert!(unrounded <= award.amount.get() && award.amount.get() < unrounded + 12.0);
}

#[test]
fn a_law_that_says_nothing_is_an_error_and_not_a_guess() {
    let mut benefit = pension(1.0, vec![]);
    let late = fixture::rule("late_rule", vec![("2031-01-01".to_owned(), 1.0)]);
    benefit.steps.push(Step::Times(Change::of(Operand::Rule(late))));
    let indices = indices();
    let env = Environment::new(&indices);
    let silent = benefit.award(&claim("2030-07-01", ending(300)), &env);
    let rule = "late_rule".to_owned();
    assert_eq!(silent, Err(LawError::NotInForce { rule, date: day("2030-07-01") }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn longer_service_never_lowers_the_pension(
        months in 180..700_i32, more in 0..120_i32, early in 0..60_i32, earnings in 0.0..1e4_f64,
    ) {
        prop_assert!(
            in_claims(months, early, earnings, 1.0) <= in_claims(months + more, early, earnings, 1.0) + 1e-9
        );
    }

    #[test]
    fn claiming_later_never_lowers_the_pension(
        months in 180..700_i32, early in -60..60_i32, earlier in 0..24_i32, earnings in 0.0..1e4_f64,
    ) {
        // A minimum in force later is higher here, as prices grow.
        let (sooner, later) = ((early + earlier).min(60), early);
        prop_assert!(
            in_claims(months, sooner, earnings, 1.0) <= in_claims(months, later, earnings, 1.0) + 1e-9
        );
    }

    #[test]
    fn doubling_all_money_doubles_the_pension(
        months in 180..700_i32, early in 0..60_i32, earnings in 0.0..1e4_f64,
    ) {
        let once = in_claims(months, early, earnings, 1.0);
        let twice = in_claims(months, early, 2.0 * earnings, 2.0);
        prop_assert!((twice - 2.0 * once).abs() < 1e-9 * twice.max(1.0));
    }

    #[test]
    fn a_cell_a_person_and_a_cell_of_equal_persons_have_the_same_amount(
        years in 15..45_u16, early in 0..60_i32, earnings in 1.0..1e4_f64,
    ) {
        let benefit = pension(1.0, vec![]);
        let indices = indices();
        let env = Environment::new(&indices);
        let record = record(years, earnings);
        let early = if years < 20 { 0 } else { early };
        let date = perennis_units::add_months(day("2030-07-01"), -early).to_string();
        let claim = claim(&date, Credit::Record(&record));
        let award = benefit.award_person(&claim, &env).unwrap().unwrap();
        let reference = award.steps[0].amount.get();
        let schedule = benefit.award(&claim, &env).unwrap().unwrap();
        let amount = award.amount.get();
        prop_assert!((schedule.at(reference) - amount).abs() <= 1e-12 * amount);
        let cell = schedule.expected(&Lognormal::new(reference, 0.0));
        prop_assert!((cell - amount).abs() <= 1e-12 * amount.max(reference));
    }
}

#[test]
fn every_question_of_a_condition_is_answered_with_its_numbers() {
    let indices = indices();
    let env = Environment::new(&indices);
    let mut benefit = pension(1.0, vec![]);
    let degree = Operand::Measure(Measure::Fact(crate::Fact::Degree));
    let needed = Operand::Rule(fixture::always("needed", 0.5));
    benefit.condition.all = vec![Test::at_least(degree, needed)];
    let record = record(18, 100.0);
    let known = crate::Known::nothing().with(crate::Fact::Degree, 0.4);
    let claim = Claim { known: Some(&known), ..claim("2029-07-01", Credit::Record(&record)) };
    let asked = benefit.condition_of_person(&claim, &env).unwrap();
    let answers: Vec<(&str, bool)> =
        asked.iter().map(|test| (test.what.as_str(), test.met)).collect();
    let expected = [
        ("credit_at_least", true),
        ("age", true),
        ("early_credit_at_least", false),
        ("degree", false),
    ];
    assert_eq!(answers, expected);
    assert_eq!(asked[0].formula, "18 years (credit) is at least 15 years");
    assert_eq!(asked[3].formula, "0.4 (degree) is at least 0.5 (needed)");
    assert!(!benefit.is_met(&claim, &env).unwrap());
}
