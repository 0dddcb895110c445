//! Conditions whose numbers shut everyone out.

use perennis_units::{Date, Duration, Sex, When, add_months};

use super::{Finding, Found, Place};
use crate::context::{Context, Notes, Rows};
use crate::dated_rules::Provisions;
use crate::words::in_months;
use crate::{
    Benefit, Claim, CountedAs, Credit, Environment, Fact, Groups, Law, Measure, Operand, Rule, Test,
};

/// The most that anybody lives, months.
const LONGEST_LIFE: i32 = 110 * 12;

pub(super) fn find(
    (law, benefit): (&Law, &Benefit),
    days: (Date, Date),
    env: &Environment<'_>,
    found: &mut Vec<Found>,
) {
    for date in days_of_change(benefit, days) {
        for sex in Sex::ALL {
            let shut = shut_out(benefit, date, sex, env);
            let shut = shut.or_else(|| longer_than_life(law, benefit, &ordinary(date, sex)));
            if let Some(because) = shut {
                let place = Place { sex: Some(sex), ..Place::of(&benefit.name, date) };
                found.push(Found { place, finding: Finding::NobodyCan { because } });
                return;
            }
            if let Some(because) = never_early(benefit, date, sex) {
                let place = Place { sex: Some(sex), ..Place::of(&benefit.name, date) };
                found.push(Found { place, finding: Finding::NeverEarly { because } });
                return;
            }
        }
    }
}

/// The days between two on which a number of the benefit changes, the first included.
pub(super) fn days_of_change(benefit: &Benefit, (from, to): (Date, Date)) -> Vec<Date> {
    let rows = Provisions::of_benefit(benefit).found.into_iter().flat_map(|rule| rule.rows);
    let inside = rows.map(|row| row.from).filter(|day| from < *day && *day <= to);
    let mut days: Vec<Date> = std::iter::once(from).chain(inside).collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn shut_out(benefit: &Benefit, date: Date, sex: Sex, env: &Environment<'_>) -> Option<String> {
    let condition = &benefit.condition;
    if condition.groups == Groups::Only(Vec::new()) {
        return Some("it is open to no group".to_owned());
    }
    let when = ordinary(date, sex);
    if let (Ok(row), Some(age)) =
        (condition.age.as_ref().map(|age| age.at(&when)).transpose(), &condition.age)
        && let Some(row) = row
        && LONGEST_LIFE < condition.earliest_age(row.value.in_months(), &when)
    {
        return Some(format!(
            "{} asks for {}",
            age.name,
            in_months(f64::from(row.value.in_months()))
        ));
    }
    if let Ok((least, Some(below))) = condition.credit_range(&when)
        && below <= least
    {
        let (least, below) = (in_months(f64::from(least)), in_months(f64::from(below)));
        return Some(format!("at least {least} and less than {below} of credit are asked for"));
    }
    let claim = Claim::new(when, "", Credit::Ending { months: 360, until: date });
    let asked = Benefit::asking();
    let notes = Notes::default();
    let context = Context::new(&asked, &claim, env, (&Rows::One, &notes)).ok()?;
    if let Some(least) = &condition.credit_at_least
        && let Ok(row) = least.at(&when)
        && let Some(most) = most(&context, &Operand::Measure(condition.credit.clone()))
        && most < f64::from(row.value.in_months())
    {
        let of = condition.credit.name().replace('_', " ");
        let (least, most) = (in_months(f64::from(row.value.in_months())), in_months(most));
        return Some(format!("{least} of {of} are asked for, and it counts {most} at most"));
    }
    let impossible =
        |test: &Test| nothing_between(&context, test).or_else(|| more_than_counts(&context, test));
    let of_all = condition.all.iter().find_map(impossible);
    let of_any = || {
        let answers: Option<Vec<String>> = condition.any.iter().map(impossible).collect();
        answers.filter(|answers| !answers.is_empty()).map(|answers| answers.join("; "))
    };
    of_all.or_else(|| crossed(&context, &condition.all)).or_else(of_any)
}

/// An earliest age that is not before the age itself.
fn never_early(benefit: &Benefit, date: Date, sex: Sex) -> Option<String> {
    let condition = &benefit.condition;
    let (age, from) = (condition.age.as_ref()?, condition.early_from.as_ref()?);
    let when = ordinary(date, sex);
    let months = |rule: &Rule<Duration>| Some(rule.at(&when).ok()?.value.in_months());
    let (at, earliest) = (months(age)?, months(from)?);
    let words = |months: i32| in_months(f64::from(months));
    (at < earliest)
        .then(|| format!("{} is {} and {} {}", from.name, words(earliest), age.name, words(at)))
}

/// Somebody of 60 who has been insured for 30 years.
fn ordinary(date: Date, sex: Sex) -> When {
    When { date, born: add_months(date, -60 * 12), entered: add_months(date, -30 * 12), sex }
}

/// More credit than the months of a life up to the age, where no month counts for more than one.
fn longer_than_life(law: &Law, benefit: &Benefit, when: &When) -> Option<String> {
    let condition = &benefit.condition;
    let (age, least) = (condition.age.as_ref()?, condition.credit_at_least.as_ref()?);
    let plain = condition.credit == Measure::Credit || condition.credit == Measure::Contributed;
    if !plain || law.periods.iter().any(|period| period.credit.is_some()) {
        return None;
    }
    let months = |rule: &Rule<Duration>| Some(rule.at(when).ok()?.value.in_months());
    let (at, asked) = (months(age)?, months(least)?);
    let words = |months: i32| in_months(f64::from(months));
    (at < asked).then(|| format!("{} of credit are asked for at {}", words(asked), words(at)))
}

/// A test whose two limits leave nothing between them.
fn nothing_between<'a>(context: &Context<'a>, test: &'a Test) -> Option<String> {
    limits(context, &test.of, test, test)
}

/// Two tests of the same thing that leave nothing between them.
fn crossed<'a>(context: &Context<'a>, tests: &'a [Test]) -> Option<String> {
    tests.iter().find_map(|one| {
        let others = tests.iter().filter(|other| other.of == one.of);
        others.into_iter().find_map(|other| limits(context, &one.of, one, other))
    })
}

/// A test that asks for more of a measure than it can ever count.
fn more_than_counts<'a>(context: &Context<'a>, test: &'a Test) -> Option<String> {
    let most = most(context, &test.of)?;
    let (least, open) = lower(context, test)?;
    let shut = most < least || (open && most <= least);
    shut.then(|| format!("{} must reach {least} and counts {most} at most", name_of(&test.of)))
}

/// The most that a measure can count, where the law or its nature says so; months, or a share.
fn most(context: &Context<'_>, of: &Operand) -> Option<f64> {
    let least = |rules: [&Option<Rule<Duration>>; 2]| {
        let months = rules.into_iter().flatten().filter_map(|rule| rule.at(context.asked()).ok());
        months.map(|row| f64::from(row.value.in_months())).reduce(f64::min)
    };
    match of {
        Operand::Measure(Measure::Fact(Fact::Degree | Fact::ShareClaimed)) => Some(1.0),
        Operand::Measure(Measure::Named(named)) => match &named.counted {
            CountedAs::Months(of) => least([&of.within_last, &of.at_most]),
            CountedAs::Residence(of) => least([&of.within_last, &of.at_most]),
            CountedAs::Operand(_) | CountedAs::Stated => None,
        },
        _ => None,
    }
}

fn name_of(of: &Operand) -> String {
    match of {
        Operand::Measure(measure) => measure.name().replace('_', " "),
        other => other.name().to_owned(),
    }
}

/// The number from which a test is passed, and whether it must be above it.
fn lower<'a>(context: &Context<'a>, test: &'a Test) -> Option<(f64, bool)> {
    let number = |limit: &'a Option<Operand>| context.operand::<f64>(limit.as_ref()?).ok();
    let from = number(&test.at_least).or_else(|| number(&test.equals)).map(|at| (at, false));
    from.or_else(|| number(&test.above).map(|at| (at, true)))
}

/// The number up to which a test is passed, and whether it must be below it.
fn upper<'a>(context: &Context<'a>, test: &'a Test) -> Option<(f64, bool)> {
    let number = |limit: &'a Option<Operand>| context.operand::<f64>(limit.as_ref()?).ok();
    let to = number(&test.at_most).or_else(|| number(&test.equals)).map(|at| (at, false));
    to.or_else(|| number(&test.below).map(|at| (at, true)))
}

/// Compares the least of one test with the most of another, where both are numbers of the law.
fn limits<'a>(
    context: &Context<'a>,
    of: &Operand,
    one: &'a Test,
    other: &'a Test,
) -> Option<String> {
    let (least, above) = lower(context, one)?;
    let (most, below) = upper(context, other)?;
    let shut = most < least || (most <= least && (above || below));
    let words = |open: bool, open_words, words| if open { open_words } else { words };
    let (from, to) = (words(above, "above", "at least"), words(below, "below", "at most"));
    shut.then(|| format!("{} must be {from} {least} and {to} {most}", name_of(of)))
}
