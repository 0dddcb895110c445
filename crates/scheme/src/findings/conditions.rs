//! Conditions whose numbers shut everyone out.

use perennis_units::{Date, Sex, When, add_months};

use super::{Finding, Found, Place};
use crate::context::{Context, Notes, Rows};
use crate::dated_rules::Provisions;
use crate::words::in_months;
use crate::{Benefit, Claim, Credit, Environment, Groups, Operand, Test};

/// The most that anybody lives, months.
const LONGEST_LIFE: i32 = 110 * 12;

pub(super) fn find(
    benefit: &Benefit,
    days: (Date, Date),
    env: &Environment<'_>,
    found: &mut Vec<Found>,
) {
    for date in days_of_change(benefit, days) {
        for sex in Sex::ALL {
            if let Some(because) = shut_out(benefit, date, sex, env) {
                let place = Place { sex: Some(sex), ..Place::of(&benefit.name, date) };
                found.push(Found { place, finding: Finding::NobodyCan { because } });
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
    let born = add_months(date, -60 * 12);
    let when = When { date, born, entered: add_months(date, -30 * 12), sex };
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
    let impossible = |test: &Test| nothing_between(&context, test);
    let of_all = condition.all.iter().find_map(impossible);
    let of_any = || {
        let answers: Option<Vec<String>> = condition.any.iter().map(impossible).collect();
        answers.filter(|answers| !answers.is_empty()).map(|answers| answers.join("; "))
    };
    of_all.or_else(|| crossed(&context, &condition.all)).or_else(of_any)
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

/// Compares the least of one test with the first too large of another, where both are numbers of the law.
fn limits<'a>(
    context: &Context<'a>,
    of: &Operand,
    one: &'a Test,
    other: &'a Test,
) -> Option<String> {
    let least: f64 = context.operand(one.at_least.as_ref()?).ok()?;
    let below: f64 = context.operand(other.below.as_ref()?).ok()?;
    let name = match of {
        Operand::Measure(measure) => measure.name().replace('_', " "),
        other => other.name().to_owned(),
    };
    (below <= least).then(|| format!("{name} must be at least {least} and below {below}"))
}
