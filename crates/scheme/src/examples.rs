//! Worked examples of parts of the language, with figures that others printed.

use std::sync::Arc;

use perennis_units::{Date, Duration, Money, Path, Sex, When, Year};

use crate::{
    Accrual, Adjustment, Amount, BalanceRule, BeforeFirst, Benefit, BenefitKind, Brackets, ByYears,
    Change, Claim, Condition, CountedAs, Counting, Credit, CreditedMonths, CreditedYear,
    Cumulation, DividedBy, Divisor, Ends, Environment, Event, Fact, Formula, Groups, Index,
    Indexation, Indicator, Interest, Known, LawError, LegalIndices, Length, LifeTable, Measure,
    MonthsBought, Mortality, NamedAmount, NamedMeasure, Operand, PartOfLife, PaymentStart, Pays,
    PerYear, PerYearOf, Period, PersonAward, PointsRule, Recipient, Record, Reduce, ReferenceRule,
    Revaluation, Rounding, RoundingDirection, Rule, Scale, ScaleOf, ScaleShape, Series,
    SeriesAfter, StatedKind, Step, Survivor, Test, Timing, WORK, Window, fixture,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn number(value: f64) -> Operand {
    Operand::Rule(fixture::always("number", value))
}

fn still() -> LegalIndices {
    LegalIndices::new(Path::constant(1.0), Path::constant(1.0))
}

fn benefit(steps: Vec<Step>) -> Benefit {
    Benefit {
        name: "pension".to_owned(),
        kind: BenefitKind::Pension,
        account: "fund".to_owned(),
        condition: Condition::open_to(Event::Age, Groups::All),
        steps,
        indexation: None,
        payments_a_year: 12,
        assessed_at: None,
        ends: Ends::default(),
    }
}

fn when(born: &str, date: &str) -> When {
    When { date: day(date), born: day(born), entered: day("1975-01-01"), sex: Sex::Female }
}

fn years(of: impl IntoIterator<Item = (i32, i32, f64)>) -> Vec<CreditedYear> {
    let year = |(year, months, earnings)| CreditedYear {
        year: Year::new(year),
        months,
        insured_earnings: Money::new(earnings).unwrap(),
    };
    of.into_iter().map(year).collect()
}

fn awarded(benefit: &Benefit, when: When, record: &Record, known: &Known) -> PersonAward {
    let indices = still();
    let claim = Claim { when, group: "all", credit: Credit::Record(record), known: Some(known) };
    benefit.award_person(&claim, &Environment::new(&indices)).unwrap().unwrap()
}

fn paid(steps: Vec<Step>, record: &Record, known: &Known) -> f64 {
    awarded(&benefit(steps), when("1955-01-01", "2020-01-01"), record, known).amount.get()
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

fn reference(window: Window, divided_by: DividedBy) -> ReferenceRule {
    ReferenceRule {
        window,
        revaluation: Revaluation::following(Index::Hold, 0),
        divided_by,
        ..fixture::reference("earnings")
    }
}

fn rounding(to: f64, payments_a_year: i32, direction: RoundingDirection) -> Rounding {
    Rounding { to: fixture::always("to", to), payments_a_year, direction }
}

fn named(name: &str, counted: CountedAs) -> Measure {
    let (name, citation) = (name.to_owned(), fixture::citation());
    Measure::Named(Arc::new(NamedMeasure { name, counted, citation }))
}

#[test]
fn bend_points_follow_the_wage_index_rounded_and_three_rates_apply_between_them() {
    // Reference case us-pia-bracket: bend points 926 and 5,583 a month, AIME 3,000, PIA 1,497.00.
    let index = Arc::new(Series {
        name: "wage_index".to_owned(),
        values: Path::new(Year::new(1977), [vec![1.0; 40], vec![5.145_682_165_849_987]].concat())
            .unwrap(),
        after: SeriesAfter::Hold,
        citation: fixture::citation(),
    });
    let bend = |name: &str, monthly: f64| {
        Operand::Amount(Amount::Named(NamedAmount {
            name: name.to_owned(),
            values: fixture::dated("1979-01-01", Money::new(12.0 * monthly).unwrap()),
            after: Adjustment { by: Index::Series(index.clone()), month: 1, lag: 2 },
            rounded: Some(rounding(1.0, 12, RoundingDirection::Nearest)),
        }))
    };
    let rates = [0.9, 0.32, 0.15].map(number).to_vec();
    let brackets = Brackets::new(
        "pia".to_owned(),
        rates,
        vec![bend("first", 180.0), bend("second", 1085.0)],
        fixture::citation(),
    );
    let formula = Formula {
        name: "pia".to_owned(),
        assessed_at: Some(fixture::always("eligible", Duration::months(62 * 12))),
        steps: vec![
            Step::ReferenceEarnings(vec![reference(Window::Career, DividedBy::Credited).into()]),
            Step::Brackets(Arc::new(brackets.unwrap())),
            Step::Round(rounding(0.1, 12, RoundingDirection::Down)),
        ],
        citation: fixture::citation(),
    };
    let benefit = benefit(vec![Step::Formula(Arc::new(formula))]);
    let known = Known::nothing().stating(StatedKind::ReferenceEarnings, "earnings", 36_000.0);
    let award = awarded(&benefit, when("1957-03-01", "2023-06-01"), &Record::default(), &known);
    near(award.amount.get() / 12.0, 1497.0, 1e-9);
    let brackets = award.steps.iter().find(|step| step.step == "brackets").unwrap();
    assert_eq!(brackets.part_of.as_deref(), Some("pia"));
    assert!(brackets.formula.starts_with("0.9 × 11,112 + 0.32 × 24,888"), "{}", brackets.formula);
}

#[test]
fn the_best_years_are_indexed_to_the_year_of_an_age_and_short_careers_are_divided_by_all_of_them() {
    let levels = (0..60).map(|year| 1.05_f64.powi(year)).collect();
    let wages = Arc::new(Series {
        name: "wages".to_owned(),
        values: Path::new(Year::new(1970), levels).unwrap(),
        after: SeriesAfter::Hold,
        citation: fixture::citation(),
    });
    let rule = ReferenceRule {
        revaluation: Revaluation {
            to_age: Some(fixture::always("sixty", Duration::months(720))),
            ..Revaluation::following(Index::Series(wages), 0)
        },
        ..reference(
            Window::Best {
                years: Length::Years(fixture::always("years", 5.0)),
                of_last: None,
                consecutive: false,
            },
            DividedBy::Window,
        )
    };
    let steps = vec![Step::ReferenceEarnings(vec![rule.into()])];
    // Sixty in 2015: earnings of 2010 grow for five years, those after 2015 stay as they are.
    let record = Record::of_work(years([(2010, 12, 100.0), (2016, 12, 200.0), (2017, 12, 90.0)]));
    let expected = (100.0 * 1.05_f64.powi(5) + 200.0 + 90.0) / 5.0;
    near(paid(steps.clone(), &record, &Known::nothing()), expected, 1e-9);
    let many = (2000..2020).map(|year| (year, 12, 100.0));
    let best: f64 = (11..16).map(|growth| 1.05_f64.powi(growth)).sum();
    let found = paid(steps, &Record::of_work(years(many)), &Known::nothing());
    near(found, 100.0 * best / 5.0, 1e-9);
}

#[test]
fn calendar_years_with_earnings_count_whole_and_the_lowest_months_may_be_left_out() {
    let record = Record::of_work(years([(2017, 6, 300.0), (2018, 12, 1200.0), (2019, 12, 2400.0)]));
    let of = |rule: ReferenceRule| {
        paid(vec![Step::ReferenceEarnings(vec![rule.into()])], &record, &Known::nothing())
    };
    near(of(reference(Window::Career, DividedBy::Years)), 1300.0, 1e-9);
    let dropped = ReferenceRule {
        drop: Some(fixture::always("drop", 0.2)),
        ..reference(Window::Career, DividedBy::Credited)
    };
    // Six of thirty months are left out, those of 2017 at 50 a month.
    near(of(dropped), 12.0 * 3600.0 / 24.0, 1e-9);
    let limited = ReferenceRule {
        ceiling: Some(number(2000.0)),
        floor: Some(number(1400.0)),
        ..reference(Window::Career, DividedBy::Credited)
    };
    near(of(limited), 12.0 * (700.0 + 1400.0 + 2000.0) / 30.0, 1e-9);
    // Of a year with six months the ceiling is half.
    let low = ReferenceRule {
        ceiling: Some(number(500.0)),
        ..reference(Window::Career, DividedBy::Credited)
    };
    near(of(low), 500.0, 1e-9);
}

#[test]
fn points_are_bought_year_by_year_and_care_is_credited() {
    // Reference case fr-arrco-points-2015: 22,475 at 6.2 % and 15.2589 a point are 91.32 points.
    let rule = PointsRule {
        rate: Some(fixture::always("rate", 0.062)),
        credited: vec![("care".to_owned(), fixture::always("care", 12.0))],
        rounded: Some(rounding(0.01, 1, RoundingDirection::Nearest)),
        ..fixture::points("arrco", 15.2589)
    };
    let period = Arc::new(Period {
        name: "care".to_owned(),
        credit: None,
        earnings: None,
        citation: fixture::citation(),
    });
    let work = Record::of_work(years([(2015, 12, 22_475.0)]));
    let steps = vec![Step::Points(Arc::new(rule))];
    near(paid(steps.clone(), &work, &Known::nothing()), 91.32, 1e-9);
    let cared = work.with(period, years([(2016, 3, 0.0)]));
    near(paid(steps.clone(), &cared, &Known::nothing()), 94.32, 1e-9);
    let stated =
        Known::nothing().stating_on(StatedKind::Points, "arrco", (10.0, day("2016-01-01")));
    near(paid(steps, &cared, &stated), 13.0, 1e-9);
}

#[test]
fn points_times_factors_times_the_value_are_a_pension() {
    // Reference case de-disability-2018-teilw_1995_ost.
    let known = Known::nothing().stating(StatedKind::Points, "base", 29.44);
    let rule = fixture::points("base", 1.0);
    let times = |factor| Step::Times(Change::of(number(factor)));
    let steps = vec![Step::Points(Arc::new(rule)), times(0.892), times(0.5), times(29.69)];
    near(paid(steps, &Record::default(), &known), 389.836_825_6, 1e-9);
}

#[test]
fn a_top_up_of_low_points_is_the_lesser_of_what_is_and_what_lacks() {
    // Reference cases de-grundrente-1 and de-grundrente-4.
    let top_up = |points: f64, months: f64| {
        let average = || {
            Operand::Quotient(Box::new([
                Operand::Measure(named("points", CountedAs::Stated)),
                Operand::Measure(named("months_used", CountedAs::Stated)),
            ]))
        };
        let used = Operand::Lesser(vec![
            Operand::Measure(named("months_used", CountedAs::Stated)),
            number(420.0),
        ]);
        let lacking = Operand::Difference(Box::new([number(0.0667), average()]));
        let steps = vec![
            Step::Flat(Operand::Product(vec![
                number(0.875),
                Operand::Lesser(vec![average(), lacking]),
                used,
            ])),
            Step::Times(Change::of(number(34.19))),
        ];
        let known = Known::nothing().stating(StatedKind::Measure, "points", points).stating(
            StatedKind::Measure,
            "months_used",
            months,
        );
        paid(steps, &Record::default(), &known)
    };
    // The published examples round to whole euros in places.
    near(top_up(14.014, 420.0), 418.83, 0.7);
    near(top_up(28.8, 480.0), 83.77, 0.7);
}

#[test]
fn a_notional_balance_becomes_a_pension_by_the_divisor_of_its_table() {
    // Reference case og-ndc: wages times effort 0.528 and 0.49395 deflated, coefficient 0.8920413.
    let table = LifeTable::new(65, vec![1.0, 0.6, 0.0]).unwrap();
    let divisor = Divisor {
        name: "annuity".to_owned(),
        mortality: Mortality::Table(Arc::new(fixture::always("table", table))),
        norm_rate: Some(fixture::always("norm", 0.03)),
        payments_a_year: 1,
        payments: Timing::Start,
        less: Some(fixture::always("less", 0.4615)),
        fixed_at: None,
        citation: fixture::citation(),
    };
    let balance = BalanceRule {
        name: "notional".to_owned(),
        rate: number(0.3),
        ceiling: None,
        floor: None,
        above: None,
        kinds: Vec::new(),
        interest: Interest::Rate(fixture::always("interest", 0.03)),
        timing: Timing::End,
        inheritance: None,
        fee: None,
        guaranteed: false,
        citation: fixture::citation(),
    };
    let earned = |growth: i32, amount: f64| amount * (-0.03 * f64::from(growth)).exp();
    let record = Record::of_work(years([
        (2018, 12, earned(2, 1.2 * 1.1 * 0.4)),
        (2019, 12, earned(1, 1.1 * 1.11 * 0.45)),
    ]));
    let steps = vec![Step::Balance(Arc::new(balance)), Step::Annuitise(Arc::new(divisor))];
    let pension = paid(steps, &record, &Known::nothing());
    let coefficient = 1.0 / (1.0 + 0.6 / 1.03 - 0.4615);
    near(coefficient, 0.892_041_345_683_342_7, 1e-12);
    near(pension, 0.279_756_794, 1e-6);
}

#[test]
fn a_monthly_divisor_is_the_mean_of_its_months() {
    let table = LifeTable::new(65, vec![100.0, 50.0, 0.0]).unwrap();
    let divisor = |payments_a_year, payments| Divisor {
        name: "annuity".to_owned(),
        mortality: Mortality::Table(Arc::new(fixture::always("table", table.clone()))),
        norm_rate: None,
        payments_a_year,
        payments,
        less: None,
        fixed_at: None,
        citation: fixture::citation(),
    };
    let indices = still();
    let env = Environment::new(&indices);
    let when = when("1955-01-01", "2020-01-01");
    let at = |divisor: Divisor, age| divisor.at(age, &when, &env).unwrap();
    near(at(divisor(1, Timing::Start), 65.0), 1.5, 1e-12);
    near(at(divisor(1, Timing::End), 65.0), 0.5, 1e-12);
    near(at(divisor(1, Timing::Middle), 65.0), 1.0, 1e-12);
    near(at(divisor(1, Timing::Start), 65.5), 1.25, 1e-12);
    // Survivors fall evenly: 1, 23/24, ... 1/24 of a month each.
    let monthly: f64 = (0..24).map(|month| 1.0 - f64::from(month) / 24.0).sum::<f64>() / 12.0;
    near(at(divisor(12, Timing::Start), 65.0), monthly, 1e-12);
    let after = divisor(1, Timing::Start).at(67.0, &when, &env);
    assert!(matches!(after, Err(LawError::NoSurvivors { age: 67, .. })));
}

#[test]
fn early_and_late_claims_and_part_careers_change_the_pension_by_their_rules() {
    // Reference cases fr-cnav-decote-1964-age60, fr-cnav-surcote-2008, fr-cnav-proration-1950, fr-minimum-2002-partial.
    let flat = |amount: f64| Step::Flat(number(amount));
    let by = |measure: &str, rate: f64, counting| PerYear {
        rate: ByYears::Rate(fixture::always("rate", rate)),
        of: PerYearOf::Amount,
        counting,
        by: Some(named(measure, CountedAs::Stated)),
    };
    let stated =
        |name: &str, months: f64| Known::nothing().stating(StatedKind::Measure, name, months);
    let early = vec![flat(400.0), Step::EarlyReduction(by("before", 0.1, Counting::Months))];
    near(paid(early, &Record::default(), &stated("before", 60.0)), 200.0, 1e-9);
    let late = vec![flat(500.0), Step::LateIncrease(by("bonus", 0.03, Counting::Quarters))];
    near(paid(late, &Record::default(), &stated("bonus", 11.0)), 511.25, 1e-9);
    let half = Operand::Product(vec![
        number(0.5),
        Operand::Excess(Box::new([number(360.0), Operand::Measure(Measure::Credit)])),
    ]);
    let adjusted = CountedAs::Operand(Operand::Sum(vec![Operand::Measure(Measure::Credit), half]));
    let prorated =
        vec![flat(1.0), Step::Prorate { by: named("adjusted", adjusted), over: number(360.0) }];
    near(
        paid(prorated, &Record::default(), &stated("credit", 300.0)),
        0.916_666_666_666_666_6,
        1e-9,
    );
    let share = Operand::Quotient(Box::new([Operand::Measure(Measure::Credit), number(450.0)]));
    let minimum =
        Operand::Product(vec![number(6307.62), Operand::Lesser(vec![share, number(1.0)])]);
    let lifted = vec![flat(1000.0), Step::AtLeast(Change::of(minimum))];
    near(paid(lifted, &Record::default(), &stated("credit", 360.0)), 5046.096, 1e-9);
}

#[test]
fn a_base_share_and_a_rate_beyond_it_are_a_scale_by_quarters() {
    // Reference case tn-rsna: 40 % for 10 years and 0.5 % a further quarter, of 12,000: 5,400.
    let points = vec![(0.0, 0.0), (120.0, 0.4), (360.0, 0.8)];
    let scale =
        Scale::of(ScaleOf::Months, points, ScaleShape::Lines, BeforeFirst::Nothing).unwrap();
    let accrual = Accrual::of_scale(fixture::always("scale", scale), Counting::Quarters);
    let last = Window::Last(fixture::always("years", 10.0));
    let steps = vec![
        Step::ReferenceEarnings(vec![reference(last, DividedBy::Credited).into()]),
        Step::Accrual(accrual),
    ];
    let record = (2007..2019).map(|year| (year, 12, 12_000.0)).chain([(2019, 6, 6_000.0)]);
    near(paid(steps, &Record::of_work(years(record)), &Known::nothing()), 5400.0, 0.5);
}

#[test]
fn months_count_by_kind_age_date_and_what_was_earned_in_them() {
    let care = Arc::new(Period {
        name: "care".to_owned(),
        credit: Some(fixture::always("half", 0.5)),
        earnings: None,
        citation: fixture::citation(),
    });
    let record = Record::of_work(years([(2000, 12, 1000.0), (2010, 6, 900.0), (2015, 12, 4100.0)]))
        .with(care, years([(2005, 12, 0.0)]));
    let of = |months: CreditedMonths| {
        let steps = vec![Step::Flat(Operand::Measure(named(
            "counted",
            CountedAs::Months(Box::new(months)),
        )))];
        paid(steps, &record, &Known::nothing())
    };
    let all = || CreditedMonths::of_kinds(Vec::new());
    near(of(all()), 36.0, 1e-9);
    near(of(CreditedMonths::of_kinds(vec![WORK.to_owned()])), 30.0, 1e-9);
    near(
        of(CreditedMonths {
            within_last: Some(fixture::always("last", Duration::months(120))),
            ..all()
        }),
        18.0,
        1e-9,
    );
    let within = |life: PartOfLife| of(CreditedMonths { life, ..all() });
    near(
        within(PartOfLife { until: Some(day("2010-06-30")), ..PartOfLife::default() }),
        21.0,
        1e-9,
    );
    let from_age = Some(fixture::always("age", Duration::months(600)));
    near(within(PartOfLife { from_age, ..PartOfLife::default() }), 24.0, 1e-9);
    near(
        of(CreditedMonths {
            beyond: Some(fixture::always("beyond", Duration::months(20))),
            ..all()
        }),
        16.0,
        1e-9,
    );
    near(of(CreditedMonths { earnings_at_least: Some(number(1500.0)), ..all() }), 18.0, 1e-9);
    let bought = MonthsBought {
        for_earnings: number(400.0),
        each: fixture::always("each", Duration::months(3)),
        at_most_a_year: None,
    };
    // Two quarters in each of the first two years of work, four at most in the last.
    near(
        of(CreditedMonths {
            bought: Some(bought),
            ..CreditedMonths::of_kinds(vec![WORK.to_owned()])
        }),
        24.0,
        1e-9,
    );
}

#[test]
fn a_widow_has_a_share_by_her_age_of_what_the_deceased_had_or_would_have_had() {
    let old_age = Benefit {
        name: "old_age".to_owned(),
        condition: Condition {
            age: Some(fixture::always("age", Duration::months(780))),
            credit_at_least: Some(fixture::always("credit", Duration::months(60))),
            payment_start: PaymentStart::NextMonth,
            ..Condition::open_to(Event::Age, Groups::All)
        },
        ..benefit(vec![Step::Flat(number(2000.0))])
    };
    let points = vec![(720.0, 0.715), (804.0, 1.0)];
    let scale = Scale::of(ScaleOf::Months, points, ScaleShape::Lines, BeforeFirst::First).unwrap();
    let share =
        Operand::Scale { scale: fixture::always("widow", scale), by: Measure::RecipientAge };
    let widow = Benefit {
        name: "widow".to_owned(),
        condition: Condition {
            recipient: Some(Recipient::Spouse),
            ..Condition::open_to(Event::Death, Groups::All)
        },
        ..benefit(vec![
            Step::OfDeceased(vec![Arc::new(old_age)]),
            Step::Times(Change::of(share)),
            Step::Round(rounding(1.0, 1, RoundingDirection::Down)),
        ])
    };
    let record = Record::of_work(years([
        (2010, 12, 1.0),
        (2011, 12, 1.0),
        (2012, 12, 1.0),
        (2013, 12, 1.0),
        (2014, 12, 1.0),
    ]));
    let of = |born: &str, in_payment: Option<f64>| {
        let mut known = Known::nothing();
        known.survivor =
            Some(Survivor { kind: Recipient::Spouse, born: day(born), sex: Sex::Female });
        known
            .in_payment
            .extend(in_payment.map(|of| ("old_age".to_owned(), Money::new(of).unwrap())));
        awarded(&widow, when("1965-05-05", "2020-01-01"), &record, &known).amount.get()
    };
    // Reference case us-survivor: at 60 and at 67.
    near(of("1960-01-01", None), 1430.0, 1e-9);
    near(of("1953-01-01", None), 2000.0, 1e-9);
    near(of("1953-01-01", Some(900.0)), 900.0, 1e-9);
    let claim = Claim::new(when("1965-05-05", "2020-01-01"), "all", Credit::Record(&record));
    let indices = still();
    let unknown = widow.award_person(&claim, &Environment::new(&indices));
    assert_eq!(unknown, Err(LawError::NotKnown { measure: "survivor".to_owned() }));
}

#[test]
fn a_family_maximum_reduces_all_and_of_two_pensions_the_highest_is_paid() {
    let limit = |pays, reduce, at_most: Option<f64>, others: Option<f64>| Cumulation {
        name: "limit".to_owned(),
        benefits: ["old_age", "widow", "orphan"].map(str::to_owned).to_vec(),
        pays,
        others: others.map(|share| fixture::always("others", share)),
        at_most: at_most.map(number),
        reduce,
        citation: fixture::citation(),
    };
    let indices = still();
    let env = Environment::new(&indices);
    let record = Record::default();
    let claim = Claim::new(when("1955-01-01", "2020-01-01"), "all", Credit::Record(&record));
    let apply =
        |limit: Cumulation, due: &[(&str, f64)]| limit.apply(due, &claim, &env).unwrap().amounts;
    let due = [("widow", 600.0), ("orphan", 400.0), ("other", 50.0)];
    let all = limit(Pays::Sum, Reduce::Proportional, Some(750.0), None);
    assert_eq!(apply(all, &due), [450.0, 300.0, 50.0]);
    let last = limit(Pays::Sum, Reduce::Last, Some(750.0), None);
    assert_eq!(apply(last, &due), [600.0, 150.0, 50.0]);
    let highest = limit(Pays::Highest, Reduce::Last, None, Some(0.5));
    assert_eq!(apply(highest, &[("widow", 300.0), ("old_age", 700.0)]), [150.0, 700.0]);
}

#[test]
fn a_pension_test_takes_away_what_others_pay_and_a_choice_looks_at_both_sides() {
    let income = || Operand::Measure(Measure::Fact(Fact::OtherIncome));
    let taper =
        Operand::Product(vec![number(0.5), Operand::Excess(Box::new([income(), number(100.0)]))]);
    let steps = vec![Step::Flat(number(1000.0)), Step::Minus(Change::of(taper))];
    let with = |income: f64| Known::nothing().with(Fact::OtherIncome, income);
    near(paid(steps.clone(), &Record::default(), &with(300.0)), 900.0, 1e-9);
    near(paid(steps, &Record::default(), &with(9000.0)), 0.0, 1e-9);
    let test =
        Test { above: Some(number(10.0)), at_most: Some(number(20.0)), ..Test::of(income()) };
    let choice = crate::Choice { only_if: vec![test], then: number(1.0), otherwise: number(2.0) };
    let choose = vec![Step::Flat(Operand::Choose(Box::new(choice)))];
    for (income, expected) in [(10.0, 2.0), (10.5, 1.0), (20.0, 1.0), (20.5, 2.0)] {
        near(paid(choose.clone(), &Record::default(), &with(income)), expected, 1e-9);
    }
}

#[test]
fn adjustments_since_the_assessment_are_rounded_one_by_one() {
    let decisions = fixture::rule(
        "cola",
        vec![("2018-12-01".to_owned(), 0.028), ("2019-12-01".to_owned(), 0.016)],
    );
    let hold = Adjustment { by: Index::Hold, month: 12, lag: 0 };
    let mut pension = benefit(vec![
        Step::Flat(number(12.0 * 1000.7)),
        Step::AdjustedSinceAssessment {
            rounded: Some(rounding(0.1, 12, RoundingDirection::Down)),
            indexation: None,
        },
    ]);
    pension.assessed_at = Some(fixture::always("assessed", Duration::months(62 * 12)));
    pension.indexation =
        Some(Indexation::following("cola".to_owned(), Some(decisions.values), hold));
    // 62 in 2019: only the adjustment of December 2019 comes after 1 January 2019.
    let award =
        awarded(&pension, when("1957-03-01", "2020-01-01"), &Record::default(), &Known::nothing());
    near(award.amount.get() / 12.0, 1016.7, 1e-9);
    // Named on the day before: nothing has come yet.
    let award =
        awarded(&pension, when("1957-03-01", "2019-11-30"), &Record::default(), &Known::nothing());
    near(award.amount.get() / 12.0, 1000.7, 1e-9);
}

#[test]
fn a_balanced_index_falls_with_the_ratio_and_catches_up() {
    let wages = Path::new(Year::new(2008), vec![1.0, 1.02, 1.05, 1.10, 1.15]).unwrap();
    let ratios = Path::new(Year::new(2009), vec![0.97, 1.01, 1.05, 1.05]).unwrap();
    let mut indices = LegalIndices::new(Path::constant(1.0), wages);
    indices.indicators.push(Indicator::held("ratio", &ratios));
    let balanced = Index::Balanced { of: Box::new(Index::Wages), indicator: "ratio".to_owned() };
    let level = |year| balanced.factor(Year::new(2008), Year::new(year), &indices).unwrap();
    near(level(2009), 1.02 * 0.97, 1e-12);
    near(level(2010), 1.05 * 0.97 * 1.01, 1e-12);
    near(level(2011), 1.10, 1e-12);
    near(level(2012), 1.15, 1e-12);
    let years: Rule<f64> = fixture::always("years", 2.0);
    let mean = Index::Average { of: Box::new(Index::Wages), years };
    let factor = mean.factor(Year::new(2010), Year::new(2011), &indices).unwrap();
    near(factor, (1.10_f64 / 1.02).sqrt(), 1e-12);
}
