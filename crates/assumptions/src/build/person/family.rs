use perennis_scheme::{Child, Family, Means, Parent, Person, Spouse};
use perennis_units::{Date, Money, Sex};

use super::{contradict, day, sex};
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::{Kind, Quantity};
use crate::read::person as raw;

/// Builds the family.
pub(super) fn family(raw: Option<&raw::Family>, at: &At<'_>, of: Sex) -> Option<Family> {
    let Some(raw) = raw else { return Some(Family::default()) };
    let spouse = raw.spouse.as_ref().map(|raw| spouse_of(raw, &at.key("spouse"), of));
    let former = |raw: &raw::FormerSpouse, at: &At<'_>| former(raw, at, of);
    let former_spouses = each(raw.former_spouses.as_ref(), &at.key("former_spouses"), former);
    let children = each(raw.children.as_ref(), &at.key("children"), |raw, at| {
        let born = raw.born.read(&at.key("born"));
        let in_education_until = day(raw.in_education_until, &at.key("in_education_until"));
        Some(Child { born: born?, sex: raw.sex.map(sex), in_education_until: in_education_until? })
    });
    let parents = each(raw.parents.as_ref(), &at.key("parents"), |raw, at| {
        raw.born.read(&at.key("born")).map(|born| Parent { born, sex: raw.sex.map(sex) })
    });
    let dependants = given(
        raw.dependants
            .map(|number| i32::try_from(number).ok().filter(|number| (0..=100).contains(number))),
    );
    if dependants.is_none() {
        at.key("dependants").fault(
            Code::OutOfBounds,
            "the number of dependants is outside 0 to 100",
            "give the number of persons",
        );
    }
    let spouse = match spouse {
        None => None,
        Some(spouse) => Some(spouse?),
    };
    Some(Family {
        spouse,
        former_spouses: former_spouses?,
        children: children?,
        parents: parents?,
        dependants: dependants?,
    })
}

fn spouse_of(raw: &raw::Spouse, at: &At<'_>, of: Sex) -> Option<Spouse> {
    let born = raw.born.read(&at.key("born"));
    let married = day(raw.married, &at.key("married"));
    let remarries = day(raw.remarries, &at.key("remarries"));
    let claims = day(raw.claims, &at.key("claims"));
    let income = money(raw.income.as_ref(), &at.key("income"), &Kind::PAY_A_YEAR);
    let other = if of == Sex::Male { Sex::Female } else { Sex::Male };
    Some(Spouse {
        born: born?,
        sex: raw.sex.map_or(other, sex),
        married: married?,
        divorced: None,
        remarries: remarries?,
        claims: claims?,
        income: income?,
    })
}

fn former(raw: &raw::FormerSpouse, at: &At<'_>, of: Sex) -> Option<Spouse> {
    let (married, divorced) =
        (raw.married.read(&at.key("married")), raw.divorced.read(&at.key("divorced")));
    let spouse = raw::Spouse {
        born: raw.born,
        sex: raw.sex,
        married: None,
        remarries: raw.remarries,
        claims: raw.claims,
        income: raw.income,
    };
    let spouse = spouse_of(&spouse, at, of);
    let (married, divorced) = (married?, divorced?);
    if divorced < married {
        let reason = format!("the divorce on {divorced} comes before the marriage on {married}");
        at.key("divorced").fault(Code::DatesContradict, reason, "correct one of the two dates");
    }
    Some(Spouse { married: Some(married), divorced: Some(divorced), ..spouse? })
}

/// Builds every item of a list that may be absent, so that each is checked.
fn each<T, U>(
    raw: Option<&Vec<T>>,
    at: &At<'_>,
    build: impl Fn(&T, &At<'_>) -> Option<U>,
) -> Option<Vec<U>> {
    let items = raw.map(Vec::as_slice).unwrap_or_default().iter().enumerate();
    let built: Vec<Option<U>> = items.map(|(index, item)| build(item, &at.index(index))).collect();
    built.into_iter().collect()
}

fn money(raw: Option<&Quantity>, at: &At<'_>, kind: &Kind) -> Option<Option<Money>> {
    given(raw.map(|quantity| quantity.money(at, kind)))
}

/// Builds income, assets and residence.
pub(super) fn means(raw: Option<&raw::Means>, at: &At<'_>) -> Option<Means> {
    let Some(raw) = raw else { return Some(Means::default()) };
    let work = money(raw.work_income.as_ref(), &at.key("work_income"), &Kind::PAY_A_YEAR);
    let other = money(raw.other_income.as_ref(), &at.key("other_income"), &Kind::PAY_A_YEAR);
    let assets = money(raw.assets.as_ref(), &at.key("assets"), &Kind::PAY);
    let residence = each(raw.residence.as_ref(), &at.key("residence"), |raw, at| {
        let from = raw.from.read(&at.key("from"));
        let to = day(raw.to, &at.key("to"));
        Some((from?, to?))
    });
    Some(Means { work_income: work?, other_income: other?, assets: assets?, residence: residence? })
}

/// Checks that nobody is born, married or resident before the time.
pub(super) fn in_order(person: &Person, at: &At<'_>) {
    let born = person.born;
    let family = &person.family;
    if let Some(spouse) = &family.spouse {
        couple(person, spouse, at);
    }
    for former in &family.former_spouses {
        let first = born.max(former.born);
        if let Some(married) = former.married.filter(|married| *married < first) {
            let reason = format!("the marriage on {married} comes before a birth");
            contradict(at, &["family", "former_spouses"], reason);
        }
    }
    let late = |child: &&Child| child.born < born;
    if let Some(child) = family.children.iter().find(late) {
        let reason =
            format!("a child born on {} is older than the person, born on {born}", child.born);
        contradict(at, &["family", "children"], reason);
    }
    if let Some(parent) = family.parents.iter().find(|parent| born < parent.born) {
        let reason =
            format!("a parent born on {} is younger than the person, born on {born}", parent.born);
        contradict(at, &["family", "parents"], reason);
    }
    let mut spans: Vec<(Date, Option<Date>)> = person.means.residence.clone();
    spans.sort();
    for (from, to) in &spans {
        if *from < born || to.is_some_and(|to| to < *from) {
            let reason = format!(
                "a span of residence from {from} begins before birth or ends before it begins"
            );
            contradict(at, &["means", "residence"], reason);
        }
    }
    for pair in spans.windows(2).filter(|pair| pair[0].1.is_none_or(|to| pair[1].0 < to)) {
        let reason = format!("the span of residence from {} overlaps the one before", pair[1].0);
        contradict(at, &["means", "residence"], reason);
    }
}

fn couple(person: &Person, spouse: &Spouse, at: &At<'_>) {
    let place = |key| ["family", "spouse", key];
    let Some(married) = spouse.married else {
        return after(spouse.born, spouse.remarries, (at, "remarries"), "the spouse's birth");
    };
    if married < person.born || married < spouse.born {
        let reason = format!("the marriage on {married} comes before a birth");
        contradict(at, &place("married"), reason);
    }
    after(married, spouse.remarries, (at, "remarries"), "the marriage");
    after(married, spouse.claims, (at, "claims"), "the marriage");
}

fn after(first: Date, then: Option<Date>, (at, key): (&At<'_>, &str), what: &str) {
    if let Some(then) = then.filter(|then| *then < first) {
        let reason = format!("{then} comes before {what} on {first}");
        contradict(at, &["family", "spouse", key], reason);
    }
}
