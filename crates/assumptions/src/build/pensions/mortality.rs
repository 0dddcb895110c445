use ndarray::IxDyn;
use perennis_cohort::YearGrid;
use perennis_pensions::{Mortality, SchemeMortality};
use perennis_scheme::{BenefitKind, Law};
use perennis_units::{Sex, Year, YearRange};

use super::durations::{ByDuration, by_duration};
use super::{Context, is_benefit};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Ages, Axis, Column, Cube, Kind, Layout, TableFile};
use crate::read::by_age::{Below, Wanted};
use crate::read::scheme::people::{self as raw, People};

/// The highest age of a table.
const LAST_AGE: usize = 120;

const TIMES: Wanted = Wanted {
    column: "factor",
    kind: Kind::FACTOR.within(0.1, 100.0).called("a relative mortality"),
    below: Below::First,
};
const SINCE_AWARD: ByDuration = ByDuration { wanted: TIMES, first: 0 };
const IMPROVEMENT: Wanted = Wanted {
    column: "improvement",
    kind: Kind::GROWTH.within(-0.2, 0.2).called("an improvement of mortality"),
    below: Below::First,
};
const TABLE: Layout<'_> = Layout {
    axes: &[Axis::Age],
    optional: &[Axis::Year, Axis::Sex],
    columns: &[Column::needed("qx", Kind::PROBABILITY.called("a probability of death"))],
};

/// Reads the mortality of insured and pensioners; `at` stands at the scheme.
pub(super) fn mortality(
    people: &People,
    law: Option<&Law>,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<SchemeMortality> {
    let before = at.reading().count();
    let place = at.key("mortality");
    let form = people.mortality.as_ref();
    let read =
        |of: Option<&raw::Mortality>, key: &str| of.map(|raw| read(raw, &place.key(key), context));
    let all = read(form.and_then(|form| form.insured.as_ref()), "insured");
    let active = read(form.and_then(|form| form.active.as_ref()), "active");
    let inactive = read(form.and_then(|form| form.inactive.as_ref()), "inactive");
    let population = || Some(Mortality::POPULATION);
    let insured =
        [active, inactive].map(|own| own.or_else(|| all.clone()).unwrap_or_else(population));
    for (key, of) in [
        ("insured", form.and_then(|form| form.insured.as_ref())),
        ("active", form.and_then(|form| form.active.as_ref())),
        ("inactive", form.and_then(|form| form.inactive.as_ref())),
    ] {
        if of.is_some_and(|raw| raw.since_award.is_some()) {
            let reason = "insured persons have no award";
            let remedy = "leave since_award to the pensioners of a benefit";
            place.key(key).key("since_award").fault(Code::Incoherent, reason, remedy);
        }
    }
    let mut pensioners = Vec::new();
    let mut since_award = Vec::new();
    for (name, raw) in form.and_then(|form| form.pensioners.as_ref()).into_iter().flatten() {
        let place = place.key("pensioners").key(name);
        if law.is_none_or(|law| is_pension(law, name, &place)) {
            let Some(one) = self::read(raw, &place, context) else { continue };
            if let Some(table) = &raw.since_award {
                let by_years = select((table, &one), &place.key("since_award"), context);
                since_award.extend(by_years.map(|by_years| (name.clone(), by_years)));
            }
            pensioners.push((name.clone(), one));
        }
    }
    for (name, raw) in people.pensioners.iter().flatten() {
        factor(raw, &at.key("pensioners").key(name), name, &mut pensioners);
    }
    let [active, inactive] = insured;
    (at.reading().count() == before).then_some(())?;
    Some(SchemeMortality { insured: [active?, inactive?], pensioners, since_award })
}

/// Reads the one number that may stand beside the pensioners of the start.
fn factor(raw: &raw::Pensioners, at: &At<'_>, name: &str, known: &mut Vec<(String, Mortality)>) {
    let elsewhere = known.iter().any(|(known, _)| known == name);
    let place = at.key("mortality");
    match &raw.mortality {
        Some(_) if elsewhere => {
            let reason = format!("the mortality of the pensioners of `{name}` is given twice");
            place.fault(Code::TwoWays, reason, "keep one: here or in the table mortality");
        }
        Some(raw) => {
            let kind = Kind::FACTOR.within(0.1, 10.0).called("a relative mortality");
            let read = raw.quantity(&place, &kind);
            known.extend(read.map(|force| (name.to_owned(), Mortality::Relative(force))));
        }
        None if !elsewhere => place.defaulted("pensioners die as the population does"),
        None => {}
    }
}

/// Says whether the law has a pension of the name; any other is a fault.
pub(super) fn is_pension(law: &Law, name: &str, at: &At<'_>) -> bool {
    if !is_benefit(law, name, at) {
        return false;
    }
    let pension = law.benefit(name).is_some_and(|benefit| benefit.kind == BenefitKind::Pension);
    if !pension {
        at.fault_at_key(
            Code::Incoherent,
            format!("`{name}` is paid once, so nobody is in payment"),
            "only a benefit with kind = \"pension\" has pensioners",
        );
    }
    pension
}

fn read(raw: &raw::Mortality, at: &At<'_>, context: &Context<'_>) -> Option<Mortality> {
    match (&raw.times, &raw.table) {
        (Some(times), None) => {
            for (key, given) in
                [("year", raw.year.is_some()), ("improvement", raw.improvement.is_some())]
            {
                if given {
                    let reason = format!("`{key}` belongs to a table");
                    at.key(key).fault(Code::TwoWays, reason, "leave it out, or give a table");
                    return None;
                }
            }
            context.by_age(times, &at.key("times"), &TIMES).map(Mortality::RelativeByAge)
        }
        (None, Some(_)) => table(raw, at, context).map(|deaths| Mortality::own(&deaths)),
        (None, None) if raw.since_award.is_some() => Some(Mortality::POPULATION),
        (None, None) => {
            at.fault(
                Code::NoValues,
                "the mortality has no values",
                "give times = { all_ages = { value = … } } or table = { file = \"….csv\" }",
            );
            None
        }
        (Some(_), Some(_)) => {
            let reason = "the mortality is given as a factor and as a table";
            at.fault(Code::TwoWays, reason, "keep one of times and table");
            None
        }
    }
}

/// The mortality by whole years since the year of the award.
fn select(
    (table, all): (&TableFile, &Mortality),
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Vec<Mortality>> {
    let ages = context.ages.max(all.own_ages().unwrap_or(0));
    let factors = by_duration(table, at, &SINCE_AWARD, context, ages)?;
    Some(factors.iter().map(|factor| all.times(factor)).collect())
}

/// Probabilities of death at exact ages by year of the run.
fn table(raw: &raw::Mortality, at: &At<'_>, context: &Context<'_>) -> Option<YearGrid> {
    let years = context.frame.years;
    let place = at.key("table");
    let table = raw.table.as_ref()?;
    if !matches!(table.ages, None | Some(Ages::Single)) {
        let reason = "probabilities of death are by single age";
        place.key("ages").fault(Code::NotAnAge, reason, "give every age");
        return None;
    }
    let cube = table.read(&place, &TABLE)?;
    let values = cube.over("qx", table, years, &place)?;
    let (first, last) = (usize::from(*cube.ages.first()?), usize::from(*cube.ages.last()?));
    if LAST_AGE < last {
        let reason = format!("the table goes to age {last}");
        cube.fault(&place, Code::NotAnAge, reason, "end it at 120 or before");
        return None;
    }
    if values.index_axis(ndarray::Axis(2), last - first).iter().any(|q_x| *q_x < 1.0) {
        let reason = format!("the probability of death at the last age {last} is not 1");
        cube.fault(&place, Code::Incoherent, reason, "end the table where it is 1");
        return None;
    }
    let mut deaths = YearGrid::zeros(years.count(), last + 1);
    for year in 0..years.count() {
        for sex in Sex::ALL {
            let row = if cube.by_sex { sex.index() } else { 0 };
            for age in 0..=last {
                let q_x = values[IxDyn(&[year, row, age.saturating_sub(first)])];
                deaths.set(year, sex, age, q_x);
            }
        }
    }
    improve(raw, at, (deaths, &cube), years)
}

/// Takes the improvement since the year of the table off the probabilities; where death is certain it stays so.
fn improve(
    raw: &raw::Mortality,
    at: &At<'_>,
    (mut deaths, cube): (YearGrid, &Cube),
    years: YearRange,
) -> Option<YearGrid> {
    let place = at.key("improvement");
    let (improvement, year) = match (&raw.improvement, raw.year) {
        (None, None) => return Some(deaths),
        (Some(improvement), Some(year)) if cube.years.is_empty() => (improvement, year),
        (Some(_), None) if cube.years.is_empty() => {
            let remedy = "add year = …, the year of the table";
            at.fault(Code::MissingKey, "an improvement needs the year of the table", remedy);
            return None;
        }
        (Some(_), _) => {
            let reason = "the table has years of its own, so that nothing improves beside them";
            place.fault(
                Code::TwoWays,
                reason,
                "leave improvement out, or give a table of one year",
            );
            return None;
        }
        (None, Some(_)) => {
            let reason = "the year of the table has no effect without an improvement";
            at.key("year").fault(Code::MissingKey, reason, "add improvement, or leave year out");
            return None;
        }
    };
    let year = Year::new(i32::from(year));
    if years.first() < year {
        let reason = format!("the table is of {year}, after the first year of the valuation");
        at.key("year").fault(Code::Incoherent, reason, "give the table of an earlier year");
        return None;
    }
    let before = usize::try_from(years.first().since(year)).unwrap_or(0);
    let span = YearRange::new(year, years.count() + before);
    let improvement = improvement.read(&place, &IMPROVEMENT, span, deaths.ages())?;
    for sex in Sex::ALL {
        for age in 0..deaths.ages() {
            let mut factor = 1.0;
            for (position, now) in span.iter().enumerate() {
                if 0 < position {
                    factor *= 1.0 - improvement.get(position, sex, age);
                }
                let Some(at) = years.position(now) else { continue };
                let q_x = deaths.get(at, sex, age);
                let improved = if q_x < 1.0 { q_x * factor } else { q_x };
                if 1.0 < improved {
                    let reason =
                        format!("the probability of death at age {age} in {now} is above 1");
                    place.fault(Code::OutOfBounds, reason, "check the sign of the improvement");
                    return None;
                }
                deaths.set(at, sex, age, improved);
            }
        }
    }
    Some(deaths)
}
