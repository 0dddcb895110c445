use perennis_units::{Dated, Duration, InForce, Money, Path, Share, When, add_months};
use proptest::prelude::*;

use super::*;
use crate::{
    Accrual, Amount, Benefit, BenefitKind, Change, Condition, ContributionLaw, Counting,
    CreditedMonths, Ends, Groups, LegalIndices, Measure, Named, Operand, PayerRate, PointsRule,
    ReferenceRule, Rule, Scale, ScaleOf, ScaleShape, Step, Test, fixture,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn reference() -> ReferenceRule {
    fixture::reference("career")
}

fn number(value: f64) -> Operand {
    Operand::Rule(fixture::always("number", value))
}

fn benefit(steps: Vec<Step>) -> Benefit {
    Benefit {
        name: "old_age".to_owned(),
        kind: BenefitKind::Pension,
        account: "fund".to_owned(),
        condition: Condition {
            age: Some(fixture::always("age", Duration::months(720))),
            early_by: Some(fixture::always("early", Duration::months(60))),
            credit_at_least: Some(fixture::always("credit", Duration::months(120))),
            ..Condition::open_to(Event::Age, Groups::All)
        },
        steps,
        indexation: None,
        payments_a_year: 12,
        assessed_at: None,
        ends: Ends::default(),
    }
}

fn plain() -> Vec<Step> {
    let scale = Scale::new(vec![(10.0, 0.2), (40.0, 0.8)]).unwrap();
    let share = Accrual::of_scale(fixture::always("scale", scale), Counting::Months);
    vec![Step::ReferenceEarnings(vec![reference().into()]), Step::Accrual(share)]
}

fn found(benefit: Benefit) -> Vec<Found> {
    let law = Law {
        scheme: "scheme".to_owned(),
        pensionable_age: None,
        linked_age: None,
        amounts: Vec::new(),
        contributions: vec![ContributionLaw {
            name: "contribution".to_owned(),
            account: "fund".to_owned(),
            groups: Groups::All,
            rates: vec![PayerRate {
                payer: perennis_units::Payer::Employers,
                rate: fixture::always("rate", Share::new(0.1).unwrap()),
            }],
            floor: None,
            ceiling: None,
            stepping: None,
        }],
        benefits: vec![benefit],
        periods: Vec::new(),
        cumulations: Vec::new(),
        indicators: Vec::new(),
        named: Named::default(),
    };
    let indices = LegalIndices::new(Path::constant(1.0), Path::constant(1.0));
    law.findings(day("2025-01-01"), day("2060-01-01"), &Environment::new(&indices))
}

fn only(findings: Vec<Found>) -> Found {
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.into_iter().next().unwrap()
}

#[test]
fn a_law_that_speaks_always_and_never_falls_has_nothing_to_find() {
    assert_eq!(found(benefit(plain())), Vec::new());
}

#[test]
fn a_minimum_that_begins_later_is_a_gap_on_the_first_day() {
    let minimum =
        fixture::rule("minimum", vec![("2030-01-01".to_owned(), Money::new(9.0).unwrap())]);
    let by = Operand::Amount(Amount::Fixed(minimum));
    let steps = plain().into_iter().chain([Step::AtLeast(Change::of(by))]).collect();
    let found = only(found(benefit(steps)));
    assert_eq!(found.finding, Finding::Gap { rule: "minimum".to_owned() });
    assert_eq!((found.place.date, found.place.step), (day("2025-01-01"), Some(3)));
}

#[test]
fn a_value_for_women_only_leaves_men_without() {
    let rule = fixture::for_sex("factor", Sex::Female, 1.0);
    let steps = plain().into_iter().chain([Step::Times(Change::of(Operand::Rule(rule)))]).collect();
    let found = only(found(benefit(steps)));
    assert_eq!(found.place.sex, Some(Sex::Male));
}

#[test]
fn rows_for_a_sex_and_for_a_birth_year_overlap_where_none_is_for_both() {
    let overlapping = |settled: bool| {
        let rule: Rule<f64> = fixture::for_sex_and_birth("factor", settled);
        let times = Step::Times(Change::of(Operand::Rule(rule)));
        found(benefit(plain().into_iter().chain([times]).collect()))
    };
    assert_eq!(only(overlapping(false)).finding, Finding::Overlap { rule: "factor".to_owned() });
    assert_eq!(overlapping(true), Vec::new());
}

#[test]
fn a_credit_that_nobody_has_is_named_with_its_day() {
    let mut closed = benefit(plain());
    let rows = vec![("1990-01-01".to_owned(), 480), ("2040-01-01".to_owned(), 100)];
    let rows = rows.into_iter().map(|(from, months)| (from, Duration::months(months)));
    closed.condition.credit_below = Some(fixture::rule("below", rows.collect()));
    let found = only(found(closed));
    assert_eq!(found.place.date, day("2040-01-01"));
    assert!(matches!(found.finding, Finding::NobodyCan { .. }));
}

#[test]
fn nobody_has_more_credit_than_months_of_life_at_the_age() {
    let of = |years: i32| {
        let mut asking = benefit(plain());
        asking.condition.credit_at_least =
            Some(fixture::always("credit", Duration::months(12 * years)));
        found(asking)
    };
    assert_eq!(of(40), Vec::new());
    assert!(matches!(only(of(80)).finding, Finding::NobodyCan { .. }));
}

#[test]
fn an_earliest_age_after_the_age_is_named() {
    let of = |years: i32| {
        let mut early = benefit(plain());
        early.condition.early_from =
            Some(fixture::always("earliest", Duration::months(12 * years)));
        found(early)
    };
    assert_eq!(of(55), Vec::new());
    assert!(matches!(only(of(75)).finding, Finding::NeverEarly { .. }));
}

#[test]
fn a_step_that_divides_by_nothing_is_named_with_its_position() {
    let of = |below: f64| {
        let quotient = Operand::Quotient(Box::new([number(1.0), number(below)]));
        let mut steps = plain();
        steps.push(Step::Times(crate::Change { by: quotient, only_if: Vec::new() }));
        found(benefit(steps))
    };
    assert_eq!(of(2.0), Vec::new());
    let found = only(of(0.0));
    assert!(matches!(found.finding, Finding::NoNumber { .. }), "{found:?}");
    assert_eq!(found.place.step, Some(3));
}

#[test]
fn tests_that_leave_nothing_between_them_are_named() {
    let mut closed = benefit(plain());
    let of = || Operand::Measure(Measure::Credit);
    closed.condition.all =
        vec![Test::at_least(of(), number(240.0)), Test::below(of(), number(200.0))];
    assert!(matches!(only(found(closed)).finding, Finding::NobodyCan { .. }));
}

#[test]
fn a_rate_that_falls_above_a_threshold_is_named_with_its_step_and_threshold() {
    let brackets = crate::Brackets::new(
        "brackets".to_owned(),
        vec![number(0.5), number(-0.1)],
        vec![number(1000.0)],
        fixture::citation(),
    );
    let mut steps = plain();
    steps.insert(1, Step::Brackets(std::sync::Arc::new(brackets.unwrap())));
    let found = only(found(benefit(steps)));
    assert_eq!(found.finding, Finding::FallsWithEarnings { from: 1000.0 });
    assert_eq!(found.place.step, Some(2));
}

#[test]
fn a_scale_that_falls_is_named_with_the_month_of_service() {
    let points = vec![(0.0, 0.5), (300.0, 0.8), (301.0, 0.7)];
    let scale = Scale::of(ScaleOf::Months, points, ScaleShape::Steps, crate::BeforeFirst::First);
    let by =
        Operand::Scale { scale: fixture::always("scale", scale.unwrap()), by: Measure::Credit };
    let steps =
        vec![Step::ReferenceEarnings(vec![reference().into()]), Step::Times(Change::of(by))];
    let found = only(found(benefit(steps)));
    assert_eq!((found.place.months, found.place.step), (Some(301), Some(2)));
    assert!(matches!(found.finding, Finding::FallsWithService { .. }));
}

#[test]
fn earnings_times_earnings_are_no_straight_line() {
    let squared = Operand::ReferenceEarnings(vec![reference().into()]);
    let steps = plain().into_iter().chain([Step::Times(Change::of(squared))]).collect();
    let found = only(found(benefit(steps)));
    assert_eq!(found.place.step, Some(3));
    assert!(matches!(found.finding, Finding::NotLinear { .. }));
}

fn share_in_force(name: &str, from: &str) -> Rule<f64> {
    let row = InForce {
        from: day(from),
        born_from: None,
        entered_from: None,
        sex: None,
        value: 0.5,
        citation: fixture::citation(),
    };
    Rule { name: name.to_owned(), values: Dated::new(vec![row]).unwrap() }
}

#[test]
fn what_counts_a_year_of_the_record_must_reach_back_as_far_as_the_rest() {
    let price = share_in_force("price", "1990-01-01");
    let points = |rate: &str| {
        let rule = PointsRule {
            name: "base".to_owned(),
            price: Operand::Rule(price.clone()),
            rate: Some(share_in_force("rate", rate)),
            at_most: None,
            ceiling: None,
            kinds: Vec::new(),
            above: None,
            earnings_at_least: None,
            at_least: None,
            credited: Vec::new(),
            rounded: None,
            citation: fixture::citation(),
        };
        found(benefit(vec![Step::Points(rule.into())]))
    };
    assert!(points("1990-01-01").is_empty());
    let found = only(points("1996-07-01"));
    assert_eq!(found.finding, Finding::Gap { rule: "rate".to_owned() });
    assert_eq!(found.place.date, day("1990-01-01"));
}

#[test]
fn a_ceiling_on_earnings_must_reach_back_and_a_balance_likewise() {
    let ceiling = |from: &str| Some(Operand::Rule(share_in_force("ceiling", from)));
    let floor = Some(Operand::Rule(share_in_force("floor", "1970-01-01")));
    let rule = ReferenceRule { ceiling: ceiling("1980-01-01"), floor, ..reference() };
    let found = only(found(benefit(vec![Step::ReferenceEarnings(vec![rule.into()])])));
    assert_eq!(found.finding, Finding::Gap { rule: "ceiling".to_owned() });
    assert_eq!(found.place.date, day("1970-01-01"));
}

fn asking(test: Test) -> Vec<Found> {
    let mut benefit = benefit(plain());
    benefit.condition.all = vec![test];
    found(benefit)
}

#[test]
fn nobody_has_more_credit_of_the_last_years_than_they_have_months() {
    let recent = |within: i32| {
        let months = CreditedMonths {
            within_last: Some(fixture::always("last", Duration::months(within))),
            ..CreditedMonths::of_kinds(Vec::new())
        };
        let counted = crate::CountedAs::Months(Box::new(months));
        let (name, citation) = ("recent".to_owned(), fixture::citation());
        Operand::Measure(Measure::Named(crate::NamedMeasure { name, counted, citation }.into()))
    };
    assert!(asking(Test::at_least(recent(60), number(36.0))).is_empty());
    let found = only(asking(Test::at_least(recent(36), number(60.0))));
    assert!(matches!(found.finding, Finding::NobodyCan { .. }), "{found:?}");
}

#[test]
fn above_and_at_most_shut_everyone_out_as_at_least_and_below_do() {
    let age = || Operand::Measure(Measure::Age);
    let test = |above: f64, most: f64| Test {
        above: Some(number(above)),
        at_most: Some(Operand::Constant(most)),
        ..Test::of(age())
    };
    assert!(asking(test(700.0, 800.0)).is_empty());
    for (above, most) in [(800.0, 700.0), (700.0, 700.0)] {
        let found = only(asking(test(above, most)));
        assert!(matches!(found.finding, Finding::NobodyCan { .. }), "{found:?}");
    }
    let degree = Operand::Measure(Measure::Fact(crate::Fact::Degree));
    let found = only(asking(Test::at_least(degree, number(66.0))));
    assert!(matches!(found.finding, Finding::NobodyCan { .. }), "a percentage for a share");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn whoever_has_no_value_on_some_day_is_found(
        rows in prop::collection::vec(
            (0..60_i32, prop::option::of(0..70_i32), prop::option::of(0..40_i32), prop::option::of(0..2_usize)), 1..6),
        after in 0..420_i32, age in 16..100_i32, work in 0..80_i32, sex in 0..2_usize,
    ) {
        let year = |of: i32| perennis_units::date_of_year(perennis_units::Year::new(of));
        let rows = rows.into_iter().map(|(from, born, entered, sex)| InForce {
            from: year(2000 + from),
            born_from: born.map(|born| year(1930 + born)),
            entered_from: entered.map(|entered| year(1990 + entered)),
            sex: sex.map(|sex| Sex::ALL[sex]),
            value: 1.0,
            citation: fixture::citation(),
        });
        let values = Dated::new(rows.collect()).unwrap();
        let rule = Rule { name: "factor".to_owned(), values };
        let date = add_months(day("2025-01-01"), after);
        let born = add_months(date, -12 * age);
        let entered = add_months(born, 12 * (15 + work.min(age - 16)));
        let when = When { date, born, entered, sex: Sex::ALL[sex] };
        let silent = rule.values.at(&when).is_none();
        let times = Step::Times(Change::of(Operand::Rule(rule)));
        let found = found(benefit(plain().into_iter().chain([times]).collect()));
        let gap = Finding::Gap { rule: "factor".to_owned() };
        prop_assert!(!silent || found.iter().any(|found| found.finding == gap), "{:?}", when);
    }
}
