use perennis_benefits::{HealthBasis, HealthInsured, InsuredGroup, Members, Service};

use super::cell::{Cell, address, mean};
use super::number::{Explanation, Why, total};

fn branch<'a>(cell: &Cell<'a>) -> Option<&'a HealthBasis> {
    let branches = cell.model().benefits.iter().flat_map(|basis| &basis.health);
    branches.into_iter().find(|one| one.name == cell.text("scheme"))
}

fn service<'a>(cell: &Cell<'a>) -> Option<&'a Service> {
    branch(cell)?.services.iter().find(|one| one.name == cell.text("service"))
}

/// Insured of a group.
pub(crate) fn insured(cell: &Cell<'_>) -> Why {
    let (scheme, name) = (cell.text("scheme"), cell.text("group"));
    let path = format!("health.{scheme}.groups.{name}");
    let group = branch(cell).and_then(|branch| branch.groups.iter().find(|one| one.name == name));
    let found = group.and_then(|group| members(cell, group));
    let Some((formula, members)) = found else {
        let formula = "members of the group × take-up, at most the persons of the age whom no earlier group insures";
        return Why::carried(formula).reads([path]).reads(["population"]);
    };
    let share = mean("share insured", "share", (cell.value(), members.value.unwrap_or(0.0)));
    let share = share.given_by(
        "share of the group or its take-up, as far as persons are left whom no earlier group insures",
        [path],
    );
    Why::product(formula).times(members).times(share)
}

/// Persons of the cell from whom the group comes, before anybody is taken off.
fn members(cell: &Cell<'_>, group: &InsuredGroup) -> Option<(&'static str, Explanation)> {
    let (at, sex, age) = (cell.at(), cell.sex(), cell.age());
    let pensions = cell.results().pensions.as_ref();
    let keys = |one: &str, other: &str| [one.to_owned(), other.to_owned()];
    let (formula, found) = match &group.members {
        Members::Contributors { scheme, groups } => {
            let rows = pensions?.contributors.iter().filter(|row| row.scheme == *scheme);
            let rows = rows.filter(|row| groups.is_empty() || groups.contains(&row.group));
            let of_row = rows.map(|row| {
                let keys = keys(&row.scheme, &row.group);
                let keys = [keys[0].as_str(), keys[1].as_str()];
                let place = ("contributors", &keys[..], "contributors");
                let label = (row.group.as_str(), "persons");
                cell.ground.of_grid((&row.contributors, at), (sex, age), place, label)
            });
            ("contributors × take-up", of_row.collect::<Vec<_>>())
        }
        Members::Pensioners { scheme, benefits } => {
            let rows = pensions?.beneficiaries.iter().filter(|row| row.scheme == *scheme);
            let rows = rows.filter(|row| benefits.contains(&row.benefit));
            let of_row = rows.map(|row| {
                let keys = keys(&row.scheme, &row.benefit);
                let keys = [keys[0].as_str(), keys[1].as_str()];
                let place = ("beneficiaries", &keys[..], "beneficiaries");
                let label = (row.benefit.as_str(), "persons");
                cell.ground.of_grid((&row.beneficiaries, at), (sex, age), place, label)
            });
            ("pensioners × take-up", of_row.collect())
        }
        Members::NotYetInsured { .. } => {
            let persons = &cell.results().population.persons;
            let end = |at: usize, label: &str| {
                let place = ("population", &[][..], "population");
                cell.ground.of_grid((persons, at), (sex, age), place, (label, "persons"))
            };
            let ends = [end(at, "at the start of the year"), end(at + 1, "at its end")];
            let mean = cell.ground.mean_of("population, mean of the year", "persons", ends);
            ("population × share not insured otherwise × share of the group", vec![mean])
        }
    };
    let members = total("members", "persons", found);
    (0.0 < members.value?).then_some((formula, members))
}

/// Contacts.
pub(crate) fn contacts(cell: &Cell<'_>) -> Why {
    let (at, sex, age) = (cell.at(), cell.sex(), cell.age());
    let groups = cell.results().benefits.iter().flat_map(|benefits| &benefits.insured);
    let of_group = |one: &HealthInsured| {
        let keys = [one.scheme.as_str(), one.group.as_str()];
        let place = ("health_insured", &keys[..], "insured");
        cell.ground.of_grid((&one.insured, at), (sex, age), place, (&one.group, "persons"))
    };
    let of_scheme = groups.filter(|one| one.scheme == cell.text("scheme"));
    let there = of_scheme.filter(|one| 0.0 < one.insured.get(at, sex, age));
    let insured = total("insured", "persons", there.map(of_group).collect());
    let why =
        Why::product("insured × contacts of an insured in the base year × growth of use since")
            .times(insured);
    let Some(service) = service(cell) else { return why };
    let path = service_path(cell);
    let each = service.contacts[[sex.index(), age]];
    let each = Explanation::new("contacts of an insured in the base year", each, "contacts")
        .given_by("by sex and age", [format!("{path}.contacts")]);
    let growth = service.utilisation_index(cell.year());
    let growth = Explanation::new("growth of use since the base year", growth, "factor").given_by(
        "Π (1 + growth)",
        [format!("{path}.utilisation_growth"), format!("{path}.base_year")],
    );
    why.times(each).times(growth)
}

fn service_path(cell: &Cell<'_>) -> String {
    format!("health.{}.services.{}", cell.text("scheme"), cell.text("service"))
}

/// Cost to the branch.
pub(crate) fn cost(cell: &Cell<'_>) -> Why {
    of_contacts(cell, "contacts × cost of a contact × (1 − part of the patient)", |share| {
        1.0 - share
    })
}

/// Paid by the patients.
pub(crate) fn co_payments(cell: &Cell<'_>) -> Why {
    of_contacts(cell, "contacts × cost of a contact × part of the patient", |share| share)
}

fn of_contacts(cell: &Cell<'_>, formula: &str, part: fn(f64) -> f64) -> Why {
    let why = Why::product(formula).times(cell.beside("contacts", "contacts"));
    let economy = cell.results().labour.as_ref().map(|labour| &labour.economy);
    let Some((service, economy)) = service(cell).zip(economy) else { return why };
    let path = service_path(cell);
    let unit_cost = service.unit_cost_in(cell.year(), economy);
    let unit_cost = Explanation::new("cost of a contact", unit_cost, cell.currency()).given_by(
        "cost in the base year × Π (1 + prices)(1 + medical inflation) × calibration",
        [
            format!("{path}.unit_cost"),
            format!("{path}.medical_inflation"),
            format!("{path}.calibration"),
            format!("{path}.base_year"),
            "economy.prices".to_owned(),
        ],
    );
    let share = part(service.co_payment.at(cell.year()).get());
    let share = Explanation::new("part of the cost", share, "share").given_by(
        "the part of the patient, or what is left of the cost",
        [format!("{path}.co_payment")],
    );
    why.times(unit_cost).times(share)
}

/// Expenditure on a service by the account of a branch, with its address.
pub(crate) fn services_of(cell: &Cell<'_>, account: &str, name: &str) -> Vec<Explanation> {
    let branches = cell.model().benefits.iter().flat_map(|basis| &basis.health);
    let schemes: Vec<&str> =
        branches.filter(|one| one.account == account).map(|one| one.name.as_str()).collect();
    let all = cell.results().benefits.iter().flat_map(|benefits| &benefits.services);
    let of_account =
        all.filter(|one| one.service == name && schemes.contains(&one.scheme.as_str()));
    let number = of_account.map(|one| {
        let row = address("health_services", &[&one.scheme, &one.service], cell.year(), "cost");
        let label = format!("{} of {}", one.service, one.scheme);
        Explanation::of_row(label, one.cost.total(cell.at()), cell.currency(), row)
    });
    number.collect()
}
