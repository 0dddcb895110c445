use super::figures::{Figures, Sums, at, named, next_year};
use super::{Identity, ROUNDING};

/// Identities of persons: stocks and flows, parts and wholes.
pub(super) fn identities(figures: &Figures) -> Vec<Identity> {
    vec![
        population(figures),
        workers(figures),
        insured(figures),
        in_population(figures),
        contributors(figures),
    ]
}

fn population(figures: &Figures) -> Identity {
    let mut identity = Identity::new(
        "population_stocks_and_flows",
        "population next year = population + births - deaths + net migrants, by sex",
        ROUNDING,
    );
    let keys = ["year", "sex"];
    let stock = figures.sums("population.csv", &keys, "population");
    let flow = |column| figures.sums("population_flows.csv", &keys, column);
    let (births, deaths, migrants) = (flow("births"), flow("deaths"), flow("net_migrants"));
    for key in births.keys() {
        let Some(next) = next_year(key).and_then(|next| stock.get(&next)) else { continue };
        let now = at(&stock, key);
        let expected = now + at(&births, key) - at(&deaths, key) + at(&migrants, key);
        identity.equal((*next, expected), now, &named(key));
    }
    identity
}

fn workers(figures: &Figures) -> Identity {
    let mut identity = Identity::new(
        "groups_of_work_add_up",
        "employed of all groups = labour force - unemployed, by sex and age",
        ROUNDING,
    );
    let keys = ["year", "sex", "age"];
    let employed = figures.sums("employment.csv", &keys, "employed");
    let force = figures.sums("labour.csv", &keys, "labour_force");
    let unemployed = figures.sums("labour.csv", &keys, "unemployed");
    let total = total_by_year(&force);
    for (key, force) in force.iter().filter(|_| !employed.is_empty()) {
        let expected = force - at(&unemployed, key);
        // One age of one sex is compared with a thousandth of all, so that ages with next to nobody do not decide.
        let scale = 1e-3 * at(&total, &key[..1]);
        identity.equal((at(&employed, key), expected), scale, &named(key));
    }
    identity
}

fn total_by_year(sums: &Sums) -> Sums {
    let mut total = Sums::new();
    for (key, value) in sums {
        *total.entry(key[..1].to_vec()).or_insert(0.0) += value;
    }
    total
}

/// Flows that add insured persons to a register, and those that take them away; others are inside it or counts.
const INTO: [&str; 1] = ["first_entries"];
const OUT_OF: [&str; 7] = [
    "retirements_from_active",
    "retirements_from_inactive",
    "withdrawals",
    "deaths_active",
    "deaths_inactive",
    "invalidity_from_active",
    "invalidity_from_inactive",
];

fn insured(figures: &Figures) -> Identity {
    let mut identity = Identity::new(
        "insured_stocks_and_flows",
        "active and inactive insured next year = those of the year + first entries - retirements - withdrawals - deaths, \
         by register and sex",
        ROUNDING,
    );
    let keys = ["year", "register", "sex"];
    let active = figures.sums("insured.csv", &keys, "active");
    let inactive = figures.sums("insured.csv", &keys, "inactive");
    let Some(sheet) = figures.table("insured_flows.csv") else { return identity };
    let of = |names: &'static [&'static str]| {
        sheet.sums(&keys, "persons", move |text| names.contains(&text("flow").as_str()))
    };
    let (entered, left) = (of(&INTO), of(&OUT_OF));
    let back = sheet.sums(&keys, "persons", |text| text("flow").starts_with("recover"));
    let stock = |key: &[String]| at(&active, key) + at(&inactive, key);
    for key in entered.keys() {
        let Some(next) = next_year(key).filter(|next| active.contains_key(next)) else { continue };
        let now = stock(key);
        let expected = now + at(&entered, key) - at(&left, key) + at(&back, key);
        identity.equal((stock(&next), expected), now, &named(key));
    }
    identity
}

fn in_population(figures: &Figures) -> Identity {
    let mut identity = Identity::new(
        "insured_at_most_population",
        "active and inactive insured of a register are at most the population, by sex and age",
        ROUNDING,
    );
    let keys = ["year", "sex", "age"];
    let population = figures.sums("population.csv", &keys, "population");
    let registers = ["year", "sex", "age", "register"];
    let active = figures.sums("insured.csv", &registers, "active");
    let inactive = figures.sums("insured.csv", &registers, "inactive");
    for (key, active) in &active {
        let Some(people) = population.get(&key[..3]) else { continue };
        identity.at_most((active + at(&inactive, key), *people), &named(key));
    }
    identity
}

fn contributors(figures: &Figures) -> Identity {
    let mut identity = Identity::new(
        "contributors_at_most_employed",
        "contributors of a scheme are at most the employed, by sex and age",
        ROUNDING,
    );
    let keys = ["year", "sex", "age"];
    let employed = figures.sums("employment.csv", &keys, "employed");
    let schemes = ["year", "sex", "age", "scheme"];
    for (key, found) in figures.sums("contributors.csv", &schemes, "contributors") {
        let Some(most) = employed.get(&key[..3]) else { continue };
        identity.at_most((found, *most), &named(&key));
    }
    identity
}
