use std::collections::BTreeMap;

use perennis_scheme::{
    Annuity, Incidence, Insurance, Invalidity, LifeTable, Prospects, Status, Survival, Timing,
};
use perennis_units::{Growth, Probability};

use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::{Cell, Csv, Kind, Quantity};
use crate::read::person as raw;

/// Builds what may happen after the claim.
pub(super) fn prospects(raw: &raw::Prospects, at: &At<'_>) -> Option<Prospects> {
    let interest = match &raw.interest {
        None => Growth::new(0.0).ok(),
        Some(interest) => interest
            .read(&at.key("interest"), &Kind::GROWTH)
            .and_then(|value| Growth::new(value).ok()),
    };
    let until_age = given(raw.until_age.map(|age| until(age, &at.key("until_age"))));
    let person = living(raw.person.as_ref(), &at.key("person"));
    let spouse = living(raw.spouse.as_ref(), &at.key("spouse"));
    let invalidity =
        given(raw.invalidity.as_ref().map(|raw| invalidity(raw, &at.key("invalidity"))));
    let annuities = named(raw.annuities.as_ref(), &at.key("annuities"), annuity);
    let insurances = named(raw.insurances.as_ref(), &at.key("insurances"), insurance);
    if raw.person.is_some() && raw.invalidity.is_some() {
        at.key("person").fault(
            Code::TwoWays,
            "the survival of the person is given, and follows from invalidity as well",
            "keep one of prospects.person and prospects.invalidity",
        );
        return None;
    }
    Some(Prospects {
        interest: interest?,
        until_age: until_age?,
        person: person?,
        spouse: spouse?,
        invalidity: invalidity?,
        annuities: annuities?,
        insurances: insurances?,
    })
}

fn until(age: i64, at: &At<'_>) -> Option<i32> {
    let read = i32::try_from(age).ok().filter(|age| (0..=130).contains(age));
    if read.is_none() {
        at.fault(
            Code::NotAnAge,
            format!("{age} is not an age from 0 to 130"),
            "give completed years",
        );
    }
    read
}

fn named<T, U>(
    raw: Option<&BTreeMap<String, T>>,
    at: &At<'_>,
    build: impl Fn(&str, &T, &At<'_>) -> Option<U>,
) -> Option<Vec<U>> {
    let built = raw.into_iter().flatten().map(|(name, raw)| build(name, raw, &at.key(name)));
    built.collect::<Vec<_>>().into_iter().collect()
}

fn annuity(name: &str, raw: &raw::Annuity, at: &At<'_>) -> Option<Annuity> {
    let years = years(raw.years, &at.key("years"));
    let amount = amount(raw.amount.as_ref(), &at.key("amount"), &Kind::PAY_A_YEAR);
    let to = match raw.to {
        raw::To::Person => Status::Person,
        raw::To::Spouse => Status::Spouse,
        raw::To::Both => Status::Both,
        raw::To::Either => Status::Either,
        raw::To::SpouseAfterPerson => Status::SpouseAfterPerson,
        raw::To::PersonAfterSpouse => Status::PersonAfterSpouse,
        raw::To::Active => Status::Active,
        raw::To::Invalid => Status::Invalid,
    };
    let payments = match raw.payments.unwrap_or(raw::PaymentTime::Start) {
        raw::PaymentTime::Start => Timing::Start,
        raw::PaymentTime::Middle => Timing::Middle,
        raw::PaymentTime::End => Timing::End,
    };
    Some(Annuity { name: name.to_owned(), to, payments, years: years?, amount: amount? })
}

fn insurance(name: &str, raw: &raw::Insurance, at: &At<'_>) -> Option<Insurance> {
    let years = years(raw.years, &at.key("years"));
    let amount = amount(raw.amount.as_ref(), &at.key("amount"), &Kind::PAY);
    let at_end_of = match raw.on_death {
        raw::OnDeath::Person => Status::Person,
        raw::OnDeath::Spouse => Status::Spouse,
        raw::OnDeath::First => Status::Both,
        raw::OnDeath::Last => Status::Either,
    };
    Some(Insurance { name: name.to_owned(), at_end_of, years: years?, amount: amount? })
}

fn amount(raw: Option<&Quantity>, at: &At<'_>, kind: &Kind) -> Option<f64> {
    raw.map_or(Some(1.0), |quantity| quantity.read(at, kind))
}

fn years(raw: Option<i64>, at: &At<'_>) -> Option<Option<i32>> {
    let Some(years) = raw else { return Some(None) };
    if (1..=150).contains(&years) {
        return i32::try_from(years).ok().map(Some);
    }
    at.fault(
        Code::OutOfBounds,
        format!("{years} years are outside 1 to 150"),
        "leave it out for life",
    );
    None
}

fn living(raw: Option<&raw::Living>, at: &At<'_>) -> Option<Option<Survival>> {
    let Some(raw) = raw else { return Some(None) };
    let at = at.key("survival");
    let survivors = Kind::PERSONS.called("a number of survivors");
    match by_age(&raw.survival, &at, &Kind::PROBABILITY, &survivors)? {
        ByAge::Always(value) => Some(Some(Survival::Constant(Probability::new(value).ok()?))),
        ByAge::From(age, values) => match LifeTable::new(usize::from(age), values) {
            Ok(table) => Some(Some(Survival::Table(table))),
            Err(error) => {
                let remedy = "give the survivors l(x) at each single age";
                at.key("file").fault(Code::Incoherent, error.to_string(), remedy);
                None
            }
        },
    }
}

fn invalidity(raw: &raw::Invalidity, at: &At<'_>) -> Option<Invalidity> {
    let incidence = incidence(&raw.incidence, &at.key("incidence"));
    let active = self::incidence(&raw.death_when_active, &at.key("death_when_active"));
    let invalid = self::incidence(&raw.death_when_invalid, &at.key("death_when_invalid"));
    let recovery = match &raw.recovery {
        None => Some(Incidence::Constant(Probability::ZERO)),
        Some(raw) => self::incidence(raw, &at.key("recovery")),
    };
    let built = Invalidity {
        incidence: incidence?,
        death_when_active: active?,
        death_when_invalid: invalid?,
        recovery: recovery?,
    };
    let above = |one: &Incidence, other: &Incidence| {
        (0..=130).find(|age| {
            one.at(*age).zip(other.at(*age)).is_some_and(|(one, other)| 1.0 + 1e-12 < one + other)
        })
    };
    let pairs = [
        (above(&built.incidence, &built.death_when_active), "incidence and death_when_active"),
        (above(&built.recovery, &built.death_when_invalid), "recovery and death_when_invalid"),
    ];
    let mut whole = true;
    for (age, names) in pairs {
        if let Some(age) = age {
            whole = false;
            let reason = format!("{names} at age {age} add up to more than one");
            let remedy = "dependent probabilities of one year share the persons of its start";
            at.fault(Code::Incoherent, reason, remedy);
        }
    }
    whole.then_some(built)
}

fn incidence(raw: &raw::ByAge, at: &At<'_>) -> Option<Incidence> {
    match by_age(raw, at, &Kind::PROBABILITY, &Kind::PROBABILITY)? {
        ByAge::Always(value) => Probability::new(value).ok().map(Incidence::Constant),
        ByAge::From(first_age, values) => {
            let values = values.into_iter().map(Probability::new).collect::<Result<_, _>>().ok()?;
            Some(Incidence::ByAge { first_age, values })
        }
    }
}

/// A number for every age, or one for each from an age on.
enum ByAge {
    Always(f64),
    From(u16, Vec<f64>),
}

fn by_age(raw: &raw::ByAge, at: &At<'_>, value: &Kind, column: &Kind) -> Option<ByAge> {
    match (raw.value, &raw.file) {
        (Some(number), None) => {
            let place = at.key("value");
            let (cited, factor) = (place.citation(), place.unit(value));
            let number = factor.and_then(|factor| value.check(number * factor, &place));
            cited.and(number).map(ByAge::Always)
        }
        (None, Some(file)) => table(raw, file, at, column),
        (None, None) => {
            let remedy = "give value = …, or file = \"….csv\" and column = \"…\"";
            at.fault(Code::NoValues, format!("`{}` has no values", at.path()), remedy);
            None
        }
        (Some(_), Some(_)) => {
            let reason = format!("`{}` is given in more than one way", at.path());
            at.fault(Code::TwoWays, reason, "keep one of value and file");
            None
        }
    }
}

/// The highest age of a table of survivors; published ones go beyond any life to let numbers vanish.
const OLDEST: u16 = 150;

fn age_of(cell: &Cell<'_>, at: &At<'_>) -> Option<u16> {
    let text = cell.text();
    let age = text.parse::<u16>().ok().filter(|age| *age <= OLDEST);
    if age.is_none() {
        let reason = format!("`{text}` is not an age from 0 to {OLDEST}");
        cell.fault(at, Code::NotAnAge, reason, "write an age as a whole number of years");
    }
    age
}

/// Reads a column by single ages, which follow each other without a gap.
fn table(raw: &raw::ByAge, file: &str, at: &At<'_>, kind: &Kind) -> Option<ByAge> {
    let place = at.key("file");
    let Some(column) = &raw.column else {
        let reason = format!("`{}` names a file and no column", at.path());
        place.fault(
            Code::MissingKey,
            reason,
            "add column = \"…\", the column that holds the values",
        );
        return None;
    };
    let (cited, factor) = (place.citation(), place.unit(kind));
    let csv = Csv::open(file, &place)?;
    let ages = csv.position(raw.age.as_deref().unwrap_or("age"), &place)?;
    let values = csv.position(column, &at.key("column"))?;
    let (_, factor) = (cited?, factor?);
    let before = at.reading().count();
    let (mut first, mut read) = (None, Vec::new());
    for row in 0..csv.rows() {
        let age = age_of(&csv.cell(row, ages), &place);
        let cell = csv.cell(row, values);
        let number =
            cell.number(&place).and_then(|number| cell.check(number * factor, kind, &place));
        let (Some(age), Some(number)) = (age, number) else { continue };
        let next = *first.get_or_insert(age) + u16::try_from(read.len()).unwrap_or(u16::MAX);
        if age != next {
            let reason = format!("age {age} stands where {next} is wanted");
            let remedy = "give single ages, the lowest first, without a gap";
            csv.cell(row, ages).fault(&place, Code::NotAnAge, reason, remedy);
            return None;
        }
        read.push(number);
    }
    (at.reading().count() == before).then_some(ByAge::From(first?, read))
}
