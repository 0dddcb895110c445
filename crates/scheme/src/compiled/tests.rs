use std::sync::Arc;

use perennis_units::{Date, Duration, Path, Sex, When, Year, add_months};
use proptest::prelude::*;

use super::*;
use crate::{
    Accrual, Adjustment, Amount, BalanceRule, BeforeFirst, BenefitKind, Brackets, ByYears, Change,
    Condition, CountedAs, Counting, CreditedMonths, Divisor, Ends, Event, ExcessLumpSum, Fact,
    Formula, Groups, Index, Indexation, Interest, LegalIndices, LifeTable, LumpSum, Measure,
    Mortality, NamedMeasure, Operand, PaymentStart, PerYear, PerYearOf, ReferenceRule, Rule, Scale,
    ScaleOf, ScaleShape, StatedKind, Step, Test, Timing, fixture,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn number(value: f64) -> Operand {
    Operand::Rule(fixture::always("number", value))
}

fn indices() -> LegalIndices {
    let levels = |growth: f64| (0..120).map(|year| (growth * f64::from(year)).exp()).collect();
    LegalIndices {
        prices: Path::new(Year::new(1940), levels(0.03)).unwrap(),
        wages: Path::new(Year::new(1940), levels(0.05)).unwrap(),
        indicators: Vec::new(),
    }
}

fn reference(name: &str) -> ReferenceRule {
    fixture::reference(name)
}

/// A rule that changes with the day of first contribution.
fn by_entry(name: &str, before: f64, after: f64) -> Rule<f64> {
    fixture::by_entry(name, before, ("2001-07-01", after))
}

/// Numbers that a random law is made of; each is used by the step that takes it.
#[derive(Clone, Copy, Debug)]
struct Numbers4(f64, f64, f64, usize);

fn base_step(of: usize, unit: f64) -> Step {
    match of % 6 {
        0 | 1 => Step::ReferenceEarnings(vec![reference("base").into()]),
        2 => {
            let late = ReferenceRule { entered_from: Some(day("1999-01-01")), ..reference("late") };
            Step::ReferenceEarnings(vec![late.into(), reference("base").into()])
        }
        3 => Step::Points(Arc::new(fixture::points("base", 10.0))),
        4 => Step::Balance(Arc::new(BalanceRule {
            name: "base".to_owned(),
            rate: number(0.18),
            ceiling: None,
            floor: None,
            above: None,
            kinds: Vec::new(),
            interest: Interest::Rate(fixture::always("interest", 0.02)),
            timing: Timing::Middle,
            inheritance: None,
            fee: None,
            guaranteed: false,
            citation: fixture::citation(),
        })),
        _ => Step::Formula(Arc::new(Formula {
            name: "formula".to_owned(),
            assessed_at: None,
            steps: vec![
                Step::ReferenceEarnings(vec![reference("base").into()]),
                Step::Times(Change::of(number(0.6))),
                Step::AtMost(Change::of(number(900.0 * unit))),
            ],
            citation: fixture::citation(),
        })),
    }
}

fn measure(of: usize) -> Measure {
    match of % 4 {
        0 => Measure::Credit,
        1 => Measure::Contributed,
        2 => Measure::Named(Arc::new(NamedMeasure {
            name: "recent".to_owned(),
            counted: CountedAs::Months(Box::new(CreditedMonths {
                within_last: Some(fixture::always("span", Duration::months(150))),
                at_most: Some(fixture::always("most", Duration::months(120))),
                ..CreditedMonths::of_kinds(Vec::new())
            })),
            citation: fixture::citation(),
        })),
        _ => Measure::Named(Arc::new(NamedMeasure {
            name: "missing".to_owned(),
            counted: CountedAs::Operand(Operand::Excess(Box::new([
                number(480.0),
                Operand::Measure(Measure::Credit),
            ]))),
            citation: fixture::citation(),
        })),
    }
}

/// An operand of about `size`; twice the size gives twice the operand.
fn operand(of: usize, size: f64) -> Operand {
    let credit = || Operand::Years { measure: Measure::Credit, counting: Counting::CompletedYears };
    let times = |factor: f64, of: Operand| Operand::Product(vec![number(factor), of]);
    match of % 9 {
        0 => number(size),
        1 => Operand::Rule(by_entry("of entry", size, 0.5 * size)),
        2 => times(0.05 * size, credit()),
        3 => Operand::Greater(vec![number(0.5 * size), times(0.04 * size, credit())]),
        4 => {
            let children = Operand::Measure(Measure::Fact(Fact::Children));
            Operand::Sum(vec![number(0.3 * size), times(0.2 * size, children)])
        }
        5 => {
            let years = Operand::Sum(vec![credit(), Operand::Constant(1.0)]);
            Operand::Quotient(Box::new([number(20.0 * size), years]))
        }
        6 => Operand::Amount(Amount::Times {
            times: by_entry("multiple", 1.0, 0.8),
            of: fixture::amount("level", size),
        }),
        7 => times(size, Operand::Scale { scale: scale_of_months(), by: measure(of / 9) }),
        _ => {
            let less = times(0.02 * size, credit());
            Operand::Lesser(vec![
                number(size),
                Operand::Difference(Box::new([number(2.0 * size), less])),
            ])
        }
    }
}

fn change(numbers: Numbers4, size: f64) -> Change {
    let Numbers4(one, two, _, of) = numbers;
    let only_if = match of % 5 {
        0 => vec![Test::at_least(Operand::Measure(measure(of / 5)), number(600.0 * two))],
        1 => vec![
            Test::below(Operand::Measure(Measure::Credit), number(500.0 * two)),
            Test::at_least(Operand::Measure(Measure::Fact(Fact::Children)), number(1.0)),
        ],
        _ => Vec::new(),
    };
    Change { by: operand(of / 3, size * one), only_if }
}

fn scale() -> Rule<Scale> {
    let points = vec![(10.0, 0.2), (20.0, 0.45), (35.0, 0.75)];
    fixture::always("scale", Scale::new(points).unwrap())
}

fn scale_of_months() -> Rule<Scale> {
    let points = vec![(0.0, 1.0), (150.0, 0.3), (420.0, 0.9)];
    let of = |shape| Scale::of(ScaleOf::Months, points.clone(), shape, BeforeFirst::First).unwrap();
    let (before, after) = (of(ScaleShape::Lines), of(ScaleShape::Steps));
    fixture::by_entry("months", before, ("2003-03-01", after))
}

fn counting(of: usize) -> Counting {
    [
        Counting::Months,
        Counting::CompletedYears,
        Counting::HalfYearsUp,
        Counting::HalfYearsDown,
        Counting::Quarters,
    ][of % 5]
}

/// A step of a law in which a unit of money is worth `unit`.
fn step(kind: usize, numbers: Numbers4, unit: f64) -> Step {
    let Numbers4(one, two, three, of) = numbers;
    let rate = |name: &str, rate| ByYears::Rate(fixture::always(name, rate));
    let by_age = |rate| PerYear {
        rate,
        of: if of.is_multiple_of(2) { PerYearOf::Amount } else { PerYearOf::ReferenceEarnings },
        counting: counting(of / 2),
        by: None,
    };
    match kind % 14 {
        0 => Step::Accrual(Accrual {
            share: ByYears::Scale(scale()),
            counting: counting(of),
            by: measure(of / 5),
        }),
        1 => {
            let rows =
                vec![("1900-01-01".to_owned(), 0.02 * one), ("2005-01-01".to_owned(), 0.03 * two)];
            Step::Accrual(Accrual {
                share: ByYears::Rate(fixture::rule("by date", rows)),
                counting: counting(of),
                by: Measure::Credit,
            })
        }
        2 => Step::EarlyReduction(by_age(rate("early", 0.1 * one))),
        3 => Step::LateIncrease(by_age(rate("late", 0.1 * one))),
        4 => Step::Times(change(numbers, 2.0)),
        5 => Step::Plus(change(numbers, 300.0 * unit)),
        6 => Step::Minus(change(numbers, 300.0 * unit)),
        7 => Step::AtLeast(change(numbers, 400.0 * unit)),
        8 => Step::AtMost(change(numbers, 900.0 * unit)),
        9 => Step::Prorate { by: measure(of), over: number(1.0 + 500.0 * three) },
        10 => {
            let rates = [one, two, three].map(number).to_vec();
            let thresholds =
                [300.0 * two, 300.0 * two + 500.0 * three].map(|at| number(at * unit)).to_vec();
            let citation = fixture::citation();
            let brackets = Brackets::new("brackets".to_owned(), rates, thresholds, citation);
            Step::Brackets(Arc::new(brackets.unwrap()))
        }
        11 => Step::Annuitise(Arc::new(divisor())),
        12 => Step::AdjustedSinceAssessment { rounded: None, indexation: None },
        _ => Step::Plus(Change::of(Operand::Brackets {
            brackets: Arc::new(
                Brackets::new(
                    "of base".to_owned(),
                    vec![number(one), number(two)],
                    vec![operand(of, 500.0 * unit)],
                    fixture::citation(),
                )
                .unwrap(),
            ),
            of: Box::new(number(800.0 * three * unit)),
        })),
    }
}

fn divisor() -> Divisor {
    let table = LifeTable::new(0, (0..=100).rev().map(f64::from).collect()).unwrap();
    Divisor {
        name: "divisor".to_owned(),
        mortality: Mortality::Table(Arc::new(fixture::always("table", table))),
        norm_rate: Some(fixture::always("norm", 0.016)),
        payments_a_year: 1,
        payments: Timing::Middle,
        less: None,
        fixed_at: None,
        citation: fixture::citation(),
    }
}

fn last_step(kind: usize) -> Option<Step> {
    match kind % 8 {
        0 => {
            let rows = vec![("1900-01-01".to_owned(), 1.5), ("2010-01-01".to_owned(), 2.0)];
            Some(Step::LumpSum(LumpSum {
                months_a_year: fixture::rule("months", rows),
                counting: Counting::HalfYearsUp,
            }))
        }
        1 => Some(Step::ExcessLumpSum(ExcessLumpSum {
            scale: scale(),
            counting: Counting::HalfYearsUp,
            months_a_year: fixture::always("before", 0.5),
            months_a_year_after_age: Some(fixture::always("after", 2.0)),
        })),
        _ => None,
    }
}

type Kind = (usize, f64, f64, f64, usize);

fn law(kinds: &[Kind], condition: usize, unit: f64) -> Benefit {
    let of = kinds.first().map_or(0, |kind| kind.4);
    let mut steps = vec![base_step(of, unit)];
    for (kind, one, two, three, of) in kinds {
        steps.push(step(*kind, Numbers4(*one, *two, *three, *of), unit));
    }
    let only_reference = of % 6 < 3;
    steps.extend(last_step(condition).filter(|_| only_reference));
    // A formula leaves no reference earnings behind it.
    if of % 6 == 5 {
        steps.retain(|step| match step {
            Step::EarlyReduction(rule) | Step::LateIncrease(rule) => rule.of == PerYearOf::Amount,
            _ => true,
        });
    }
    let at_least = fixture::always("credit", Duration::months(180));
    let test = Test::at_least(Operand::Measure(measure(2)), number(60.0));
    let after = Adjustment { by: Index::Prices, month: 7, lag: 1 };
    Benefit {
        name: "benefit".to_owned(),
        kind: BenefitKind::Pension,
        account: "fund".to_owned(),
        condition: Condition {
            age: Some(fixture::always("age", Duration::months(720))),
            early_by: Some(fixture::always("early", Duration::months(60))),
            early_credit_at_least: Some(fixture::always("early", Duration::months(240))),
            credit_at_least: condition.is_multiple_of(3).then_some(at_least),
            credit_below: (condition % 5 == 1)
                .then(|| fixture::always("below", Duration::months(400))),
            entered_before: (condition % 7 == 2).then(|| day("2002-01-01")),
            payment_start: PaymentStart::NextMonth,
            all: if condition % 4 == 1 { vec![test] } else { Vec::new() },
            ..Condition::open_to(Event::Age, Groups::All)
        },
        steps,
        indexation: Some(Indexation::following("prices".to_owned(), None, after)),
        payments_a_year: 12,
        assessed_at: (condition % 6 == 4)
            .then(|| fixture::always("assessed", Duration::months(690))),
        ends: Ends::default(),
    }
}

/// A person with so many months of credit and so much of everything the record might give.
fn person(base: f64) -> Known {
    let kinds = [StatedKind::ReferenceEarnings, StatedKind::Points, StatedKind::Balance];
    let known = Known::nothing().with(Fact::Children, 2.0);
    ["base", "late"].iter().fold(known, |known, name| {
        kinds.iter().fold(known, |known, kind| known.stating(*kind, name, base))
    })
}

/// Amounts of claims on one day with 0 to 600 months of credit, whether conditions are met or not.
fn compiled(benefit: &Benefit) -> CompiledBenefit {
    let indices = indices();
    let env = Environment::new(&indices);
    let known = Known::nothing().with(Fact::Children, 2.0);
    let when = When {
        date: day("2030-07-01"),
        born: day("1970-06-15"),
        entered: day("1900-01-01"),
        sex: Sex::Male,
    };
    let claims = ClaimsOfDay {
        when,
        group: "all",
        until: day("2030-07-01"),
        months: 600,
        entry: Entry::Density(0.8),
        known: Some(&known),
    };
    benefit.compile_amounts(&claims, &env).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn compiled_amounts_are_those_of_a_person_whatever_the_law(
        kinds in prop::collection::vec(
            (0..14_usize, 0.05..1.0_f64, 0.05..1.0_f64, 0.05..1.0_f64, 0..1000_usize), 0..7),
        condition in 0..420_usize, months in prop::collection::vec(0..600_i32, 4),
        early in -60..70_i32, away in 0..30_i32, base in 0.0..3000.0_f64, density in 0.3..1.0_f64,
    ) {
        let benefit = law(&kinds, condition, 1.0);
        let indices = indices();
        let env = Environment::new(&indices);
        let date = add_months(day("2030-07-01"), -early);
        let until = add_months(date, -away);
        let when = When { date, born: day("1970-06-15"), entered: day("1900-01-01"), sex: Sex::Female };
        let nothing = Known::nothing().with(Fact::Children, 2.0);
        let claims = ClaimsOfDay {
            when, group: "all", until, months: 600, entry: Entry::Density(density), known: Some(&nothing),
        };
        let compiled = benefit.compile(&claims, &env).unwrap();
        let known = person(base);
        for months in months {
            let when = When { entered: Entry::Density(density).of(months, until), ..when };
            let credit = Credit::Ending { months, until };
            let claim = Claim { when, group: "all", credit, known: Some(&known) };
            let award = benefit.award_person(&claim, &env).unwrap();
            let cell = compiled.amount(usize::try_from(months).unwrap());
            prop_assert_eq!(award.is_some(), cell.is_some(), "{} months", months);
            let (Some(award), Some(cell)) = (award, cell) else { continue };
            // Differences of large amounts keep the error of the large ones.
            let largest = award.steps.iter().map(|step| step.amount.get().abs()).fold(base, f64::max);
            prop_assert!(
                (cell.at(base) - award.amount.get()).abs() <= 1e-12 * largest,
                "{} months: {} in a cell, {:#?}", months, cell.at(base), award
            );
        }
    }

    #[test]
    fn doubling_all_money_doubles_every_benefit(
        kinds in prop::collection::vec(
            (0..14_usize, 0.05..1.0_f64, 0.05..1.0_f64, 0.05..1.0_f64, 0..1000_usize), 0..7),
        months in 0..600_usize, base in 0.0..3000.0_f64,
    ) {
        let once = compiled(&law(&kinds, 0, 1.0)).amount(months).unwrap().at(base);
        let twice = compiled(&law(&kinds, 0, 2.0)).amount(months).unwrap().at(2.0 * base);
        prop_assert!((twice - 2.0 * once).abs() <= 1e-9 * twice.max(base).max(1.0), "{} {}", once, twice);
    }

    #[test]
    fn longer_service_never_lowers_a_pension_whose_steps_do_not_say_so(
        kinds in prop::collection::vec(
            (0..14_usize, 0.05..1.0_f64, 0.05..1.0_f64, 0.05..1.0_f64, 0..1000_usize), 0..7),
        months in 0..599_usize, base in 0.0..3000.0_f64,
    ) {
        // Only steps and operands that do not fall with credit: others say so.
        let rising = kinds.into_iter().filter_map(|(kind, one, two, three, of)| {
            let kind = [0, 1, 2, 4, 5, 7, 8, 10][kind % 8];
            let of = match kind {
                0 => 5 * (of % 2) + of % 5,
                // Years that are carried into a later period may change its rate.
                1 => 5 * of,
                4 | 5 | 7 | 8 => 3 * [0, 2, 3, 4, 9, 11, 12, 13][of % 8] + 2,
                _ => of,
            };
            let tested = matches!(kind, 4 | 5 | 7 | 8) && of % 5 < 2;
            (!tested).then_some((kind, one, two, three, of))
        });
        let kinds: Vec<Kind> = rising.collect();
        let benefit = law(&kinds, 3, 1.0);
        let compiled = compiled(&benefit);
        let [shorter, longer] = [months, months + 1].map(|months| compiled.amount(months).unwrap().at(base));
        prop_assert!(shorter <= longer + 1e-9 * shorter.max(base), "{} {}: {:#?}", shorter, longer, benefit.steps);
    }

    #[test]
    fn claims_of_a_list_have_the_amounts_of_persons_whatever_the_law(
        kinds in prop::collection::vec(
            (0..14_usize, 0.05..1.0_f64, 0.05..1.0_f64, 0.05..1.0_f64, 0..1000_usize), 0..7),
        condition in 0..420_usize, early in -60..70_i32, base in 0.0..3000.0_f64,
        held in prop::collection::vec((0..600_i32, 0..200_i32, 0..100_i32), 1..8),
    ) {
        let benefit = law(&kinds, condition, 1.0);
        let indices = indices();
        let env = Environment::new(&indices);
        let date = add_months(day("2030-07-01"), -early);
        let when = When { date, born: day("1970-06-15"), entered: day("1900-01-01"), sex: Sex::Female };
        let held: Vec<CreditHeld> = held
            .into_iter()
            .map(|(months, away, gaps)| {
                let until = add_months(date, -away);
                CreditHeld { months, until, entered: add_months(until, -months - gaps) }
            })
            .collect();
        let of_day = HeldOnDay { when, group: "all", held: &held, known: None };
        let compiled = match benefit.compile_held(&of_day, Asked::Conditions, &env) {
            // Nobody knows the children of a cell.
            Err(LawError::NotKnown { .. }) => return Ok(()),
            other => other.unwrap(),
        };
        let known = person(base);
        for (at, CreditHeld { months, until, entered }) in held.iter().copied().enumerate() {
            let credit = Credit::Ending { months, until };
            let claim = Claim { when: When { entered, ..when }, group: "all", credit, known: Some(&known) };
            let award = benefit.award_person(&claim, &env).unwrap();
            let cell = compiled.amount(at);
            prop_assert_eq!(award.is_some(), cell.is_some(), "{} months", months);
            let (Some(award), Some(cell)) = (award, cell) else { continue };
            let largest = award.steps.iter().map(|step| step.amount.get().abs()).fold(base, f64::max);
            let difference = (cell.at(base) - award.amount.get()).abs();
            prop_assert!(difference <= 1e-12 * largest, "{} months: {} {:#?}", months, cell.at(base), award);
        }
    }
}
