use std::collections::BTreeMap;

use perennis_cohort::YearGrid;
use perennis_pensions::{Family, Relatives, age_differences};
use perennis_scheme::{Event, Law, Recipient};
use perennis_units::{Sex, YearRange};

use super::Context;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Axis, Column, Kind, Layout, TableFile};
use crate::read::by_age::{Below, Wanted};
use crate::read::scheme::people as raw;

const REMARRIAGE: Wanted = Wanted {
    column: "rate",
    kind: Kind::PROBABILITY.called("a rate of remarriage"),
    below: Below::Zero,
};
const SPOUSES: Kind = Kind::SHARE.called("a share married");
const RELATIVES: Kind = Kind::PERSONS.within(0.0, 20.0).called("a number of survivors");

/// Survivors of one deceased by sex and age of the deceased, and age of their own.
type Expected = BTreeMap<(usize, usize, usize), f64>;

const KINDS: [(Recipient, &str); 3] =
    [(Recipient::Spouse, "spouse"), (Recipient::Child, "child"), (Recipient::Parent, "parent")];

/// Reads the families; `at` stands at the scheme.
pub(super) fn family(
    raw: Option<&raw::Family>,
    law: Option<&Law>,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Family> {
    let before = at.reading().count();
    let place = at.key("family");
    let mut family = Family::default();
    for (kind, name) in KINDS {
        let form = raw.and_then(|raw| match kind {
            Recipient::Spouse => raw.spouse.as_ref(),
            Recipient::Child => raw.child.as_ref(),
            Recipient::Parent => raw.parent.as_ref(),
            Recipient::FormerSpouse => None,
        });
        let mut of_kind = law.into_iter().flat_map(|law| &law.benefits);
        let wanted = of_kind.find(|benefit| {
            let condition = &benefit.condition;
            condition.event == Event::Death && condition.recipient == Some(kind)
        });
        match (form, wanted) {
            (Some(form), _) => {
                family.relatives.extend(relatives(form, kind, &place.key(name), context));
            }
            (None, Some(benefit)) => place.fault(
                Code::MissingKey,
                format!("`{}` is for survivors of whom nothing is said ({name})", benefit.name),
                format!("add [family.{name}] with expected and age_difference, or a table"),
            ),
            (None, None) => {}
        }
    }
    if let Some(remarriage) = raw.and_then(|raw| raw.remarriage.as_ref()) {
        family.remarriage = context.by_age(remarriage, &place.key("remarriage"), &REMARRIAGE);
    }
    if let Some(students) = raw.and_then(|raw| raw.in_education.as_ref()) {
        let kind = Kind::SHARE.called("a share in education");
        family.in_education = students.quantity(&place.key("in_education"), &kind)?;
    } else if let Some(benefit) = law
        .into_iter()
        .flat_map(|law| &law.benefits)
        .find(|benefit| benefit.ends.age_in_education.is_some())
    {
        place.fault(
            Code::MissingKey,
            format!("`{}` goes on for children in education", benefit.name),
            "add in_education, the share of them",
        );
    }
    (at.reading().count() == before).then_some(family)
}

fn relatives(
    raw: &raw::Relatives,
    kind: Recipient,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Relatives> {
    let women = match (&raw.women, kind) {
        (Some(_), Recipient::Spouse) => {
            let remedy = "leave women out: a spouse is of the other sex";
            at.key("women").fault(Code::TwoWays, "spouses have no share of women", remedy);
            return None;
        }
        (Some(raw), _) => raw.read(&at.key("women"), &Kind::SHARE.called("a share of women"))?,
        (None, _) => 0.5,
    };
    let expected = match (&raw.expected, &raw.age_difference, &raw.table) {
        (Some(expected), Some(difference), None) => {
            by_difference(expected, difference, (kind, at), context)?
        }
        (None, None, Some(table)) => counted(table, kind, &at.key("table"), context)?,
        (None, None, None) => {
            let remedy = "give expected and age_difference, or table = { file = \"….csv\" }";
            at.fault(Code::NoValues, "the survivors have no numbers", remedy);
            return None;
        }
        (Some(_), None, None) | (None, Some(_), None) => {
            let reason = "expected and age_difference belong together";
            at.fault(Code::MissingKey, reason, "give both, or a table");
            return None;
        }
        (_, _, Some(_)) => {
            let reason = "the survivors are given by their number and in a table";
            at.fault(Code::TwoWays, reason, "keep table, or expected with age_difference");
            return None;
        }
    };
    let of = |(sex, age): (Sex, usize), (own, own_age): (Sex, usize)| {
        let both = expected.get(&(sex.index(), age, own_age)).copied().unwrap_or(0.0);
        match (kind, own) {
            (Recipient::Spouse, own) if own == sex => 0.0,
            (Recipient::Spouse, _) => both,
            (_, Sex::Female) => both * women,
            (_, Sex::Male) => both * (1.0 - women),
        }
    };
    Some(Relatives::new(kind, context.ages, of))
}

const fn number_of(kind: Recipient) -> Kind {
    match kind {
        Recipient::Spouse | Recipient::FormerSpouse => SPOUSES,
        Recipient::Child | Recipient::Parent => RELATIVES,
    }
}

/// Numbers by age of the deceased, spread over the ages that a difference gives.
fn by_difference(
    expected: &crate::read::by_age::ByAge,
    difference: &raw::AgeDifference,
    (kind, at): (Recipient, &At<'_>),
    context: &Context<'_>,
) -> Option<Expected> {
    let wanted = Wanted { column: "expected", kind: number_of(kind), below: Below::Zero };
    let one_year = YearRange::new(context.frame.years.first(), 1);
    let numbers: Option<YearGrid> =
        expected.read(&at.key("expected"), &wanted, one_year, context.ages);
    let place = at.key("age_difference");
    let years = Kind::YEARS.within(-100.0, 100.0).called("a difference of age");
    let mean = difference.mean.quantity(&place.key("mean"), &years);
    let spread = Kind::YEARS.within(0.0, 30.0).called("a spread of ages");
    let deviation = difference.deviation.quantity(&place.key("deviation"), &spread);
    let (numbers, mean, deviation) = (numbers?, mean?, deviation?);
    let mut found = Expected::new();
    let mut asked = false;
    for sex in Sex::ALL {
        let differences = age_differences(mean[sex.index()], deviation[sex.index()]);
        for age in 0..context.ages {
            let number = numbers.get(0, sex, age);
            let possible = |(difference, share): &(i32, f64)| {
                let own = i32::try_from(age).ok()? + difference;
                let own = usize::try_from(own).ok().filter(|own| *own < context.ages)?;
                Some((own, *share))
            };
            let shares: Vec<(usize, f64)> = differences.iter().filter_map(possible).collect();
            let sum: f64 = shares.iter().map(|(_, share)| share).sum();
            asked |= 0.0 < number;
            // Nobody can be so much older or younger than one of that age.
            if number <= 0.0 || sum < 1e-6 {
                continue;
            }
            for (own, share) in shares {
                found.insert((sex.index(), age, own), number * share / sum);
            }
        }
    }
    if asked && found.is_empty() {
        let reason = "nobody of any age can have survivors so much older or younger";
        let remedy = "check the sign: younger survivors have a difference below zero";
        place.key("mean").fault(Code::Incoherent, reason, remedy);
        return None;
    }
    Some(found)
}

/// Numbers by both ages; what has no row is nothing.
fn counted(
    table: &TableFile,
    kind: Recipient,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Expected> {
    let layout = Layout {
        axes: &[Axis::Sex, Axis::Age, Axis::Name("recipient_age")],
        optional: &[],
        columns: &[Column::needed("expected", number_of(kind))],
    };
    let rows = table.rows(at, &layout)?;
    let mut found = Expected::new();
    for (position, row) in rows.rows.iter().enumerate() {
        let (sex, age) = (row.sex?, usize::from(row.age?));
        let own = row.names.first()?.parse::<usize>().ok().filter(|own| *own < context.ages);
        let Some(own) = own.filter(|_| age < context.ages) else {
            let reason = format!("{} is no age of the population", row.names.first()?);
            let remedy = format!("whole years, at most {}", context.ages - 1);
            rows.fault(position, at, Code::NotAnAge, (reason, remedy));
            return None;
        };
        found.insert((sex.index(), age, own), row.values.first()?.as_ref().copied()?);
    }
    Some(found)
}
