use perennis_units::{Money, Sex, Year};
use perennis_valuation::{CareerStart, ModelCareer, PovertyLine};

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::model_persons as raw;
use crate::read::sensitivity::Sex as RawSex;

/// Age at which a career begins of which nothing is said.
const FROM_AGE: i32 = 20;
/// The oldest age of a career.
const OLDEST: i32 = 100;

/// Builds the careers of a file, in the order of their names.
pub(crate) fn careers(raw: &raw::ModelPersonsFile, at: &At<'_>) -> Option<Vec<ModelCareer>> {
    let all = raw.careers.iter().flatten();
    let built =
        all.map(|(name, career)| self::career((name, career), &at.key("careers").key(name)));
    built.collect::<Vec<_>>().into_iter().collect()
}

/// Builds the ages of the cohorts; `None` when one is at fault.
pub(crate) fn ages(raw: Option<&Vec<i32>>, at: &At<'_>) -> Option<Vec<i32>> {
    let ages = raw.into_iter().flatten().enumerate();
    let checked = ages.map(|(index, age)| age_within(*age, &at.index(index)));
    checked.collect::<Vec<_>>().into_iter().collect()
}

/// Builds the poverty line.
pub(crate) fn poverty_line(raw: &raw::PovertyLine, at: &At<'_>) -> Option<PovertyLine> {
    let kind = Kind::PAY_A_YEAR;
    let amount = raw.amount.read(&at.key("amount"), &kind);
    if !(1950..=2200).contains(&raw.year) {
        let reason = format!("{} is not a year", raw.year);
        at.key("year").fault(Code::NotAYear, reason, "write year = 2024");
        return None;
    }
    let amount = Money::new(amount?).ok()?;
    Some(PovertyLine { amount, year: Year::new(raw.year) })
}

fn career((name, raw): (&str, &raw::Career), at: &At<'_>) -> Option<ModelCareer> {
    let begins = begins(raw, at);
    let to_age = match raw.to_age {
        None => Some(None),
        Some(age) => age_within(age, &at.key("to_age")).map(Some),
    };
    let earnings =
        number(raw.earnings.as_ref(), &at.key("earnings"), &Kind::FACTOR.within(0.0, 100.0));
    let density = number(raw.density.as_ref(), &at.key("density"), &Kind::SHARE);
    let gaps = gaps(raw, &at.key("gaps"));
    let children = ages(raw.children_at.as_ref(), &at.key("children_at"));
    let (begins, to_age) = (begins?, to_age?);
    if let (CareerStart::AtAge(from), Some(to)) = (begins, to_age)
        && to <= from
    {
        let reason = format!("the career ends at {to}, not after {from}, where it begins");
        at.key("to_age").fault(Code::Incoherent, reason, "correct one of the two ages");
        return None;
    }
    Some(ModelCareer {
        name: name.to_owned(),
        title: raw.title.clone(),
        sex: raw.sex.map(|sex| match sex {
            RawSex::Male => Sex::Male,
            RawSex::Female => Sex::Female,
        }),
        group: raw.group.clone(),
        wage_class: raw.wage_class.clone().unwrap_or_default(),
        density_class: raw.density_class.clone().unwrap_or_default(),
        begins,
        to_age,
        earnings: earnings?,
        density: density?,
        gaps: gaps?,
        children_at: children?,
    })
}

fn number(raw: Option<&crate::parts::Given>, at: &At<'_>, kind: &Kind) -> Option<f64> {
    raw.map_or(Some(1.0), |given| given.read(at, kind))
}

fn begins(raw: &raw::Career, at: &At<'_>) -> Option<CareerStart> {
    match (raw.from_age, raw.years) {
        (Some(_), Some(_)) => {
            let remedy = "keep one of from_age and years";
            at.key("years").fault(Code::TwoWays, "the beginning is given twice", remedy);
            None
        }
        (None, Some(years)) => age_within(years, &at.key("years")).map(CareerStart::BeforeClaim),
        (from, None) => {
            age_within(from.unwrap_or(FROM_AGE), &at.key("from_age")).map(CareerStart::AtAge)
        }
    }
}

fn gaps(raw: &raw::Career, at: &At<'_>) -> Option<Vec<(i32, i32)>> {
    let pair = |(index, gap): (usize, &Vec<i32>)| match gap.as_slice() {
        [from, to] if 0 <= *from && from < to && *to <= OLDEST => Some((*from, *to)),
        _ => {
            let reason = format!("{gap:?} is not a first age and the one at which it goes on");
            let remedy = "write pairs of ages, such as gaps = [[27, 29], [32, 37]]";
            at.index(index).fault(Code::Incoherent, reason, remedy);
            None
        }
    };
    let all = raw.gaps.iter().flatten().enumerate();
    all.map(pair).collect::<Vec<_>>().into_iter().collect()
}

fn age_within(age: i32, at: &At<'_>) -> Option<i32> {
    if (0..=OLDEST).contains(&age) {
        return Some(age);
    }
    let reason = format!("{age} is outside 0 to {OLDEST}");
    at.fault(Code::OutOfBounds, reason, "write completed years");
    None
}
