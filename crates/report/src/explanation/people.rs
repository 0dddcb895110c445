use perennis_cohort::YearGrid;
use perennis_demography::{DemographicBasis, MigrationTiming};
use perennis_units::Sex;

use super::cell::Cell;
use super::number::{Explanation, Why, total};

const BASE: &str = "population.base";
const MORTALITY: &str = "population.mortality";
const FERTILITY: &str = "population.fertility";
const MIGRATION: &str = "population.migration";
const RATIO: &str = "population.sex_ratio_at_birth";

/// Persons of a sex and age at the start of a year.
pub(crate) fn population(cell: &Cell<'_>) -> Why {
    let (sex, age) = (cell.sex(), cell.age());
    let Some(before) = cell.at().checked_sub(1) else {
        return Why::new(
            super::How::Input,
            "persons at the start of the valuation; single ages are graduated where the file gives groups",
        )
        .reads([BASE]);
    };
    let population = &cell.results().population;
    let open = population.persons.ages() - 1;
    let from: Vec<usize> = match age {
        0 => Vec::new(),
        age if age == open => vec![open - 1, open],
        age => vec![age - 1],
    };
    let formula =
        "those a year younger a year ago × the share who live on + net migrants of the age";
    let mut why = Why::sum(formula);
    if age == 0 {
        let born = population.births[[before, sex.index()]];
        let alive = cell.model().demography.mortality[before][sex.index()].survival_of_births();
        let births = flow(cell, before, (sex, "births"), ("born in the year before", born));
        let share = lives("share of those born who live to the end of their year", alive);
        why = why.plus(product("born and alive", (births, share)));
    }
    for younger in from {
        let stayers = exposed(cell, before, (sex, younger));
        let share = lives(
            "share who live to the end of the year, L(x+1)/L(x)",
            population.survival(before, sex, younger),
        );
        why = why.plus(product("alive a year later", (stayers, share)));
    }
    let basis = &cell.model().demography;
    let halved = basis.migration_timing == MigrationTiming::Even;
    let share = if halved { 0.5 } else { 1.0 };
    let joined = if halved {
        share * basis.migration.get(before, sex, age)
    } else {
        population.migrants.get(before, sex, age)
    };
    let why = why.plus(
        Explanation::new("net migrants who join at this age", joined, "persons")
            .given_by("as applied: nobody leaves who is not there", [MIGRATION]),
    );
    with_shortfall(cell, before, why)
}

/// Emigrants of the files who are not there stay; what they change stands apart.
fn with_shortfall(cell: &Cell<'_>, before: usize, why: Why) -> Why {
    let year = cell.ground.year_at(before);
    let short = cell.results().population.shortfalls.iter();
    if !short.into_iter().any(|one| one.year == year && one.sex == cell.sex()) {
        return why;
    }
    let so_far = Explanation::new("", cell.value(), "").why(why.clone()).computed();
    let rest = cell.value() - so_far.unwrap_or(0.0);
    why.plus(
        Explanation::new("emigrants of the files who were not there to leave", rest, "persons")
            .given_by("the run warns of them", [MIGRATION]),
    )
}

fn lives(label: &str, share: f64) -> Explanation {
    Explanation::new(label, share, "share")
        .given_by("period life table of the year, by sex and single age", [MORTALITY])
}

fn product(label: &str, (one, other): (Explanation, Explanation)) -> Explanation {
    let value = one.value.unwrap_or(0.0) * other.value.unwrap_or(0.0);
    let unit = one.unit.clone();
    Explanation::new(label, value, unit).why(Why::product("").times(one).times(other))
}

fn flow(
    cell: &Cell<'_>,
    at: usize,
    (sex, column): (Sex, &str),
    (label, value): (&str, f64),
) -> Explanation {
    let year = cell.ground.year_at(at);
    let row = format!("population_flows/{}/{year}/{column}", sex.as_str());
    Explanation::of_row(label, value, "persons", row)
}

/// Those of an age who are exposed to death from the start of a year: with migration over the year, half of the
/// migrants are among them.
fn exposed(cell: &Cell<'_>, at: usize, (sex, age): (Sex, usize)) -> Explanation {
    let persons = &cell.results().population.persons;
    let stock = cell.ground.of_grid(
        (persons, at),
        (sex, age),
        ("population", &[], "population"),
        ("persons at the start of the year", "persons"),
    );
    let basis = &cell.model().demography;
    if basis.migration_timing == MigrationTiming::End {
        return stock;
    }
    let half = 0.5 * basis.migration.get(at, sex, age);
    let migrants = Explanation::new("half of the net migrants of the age", half, "persons")
        .given_by("migration over the year: half at its start", [MIGRATION]);
    let value = stock.value.unwrap_or(0.0) + half;
    Explanation::new("exposed from the start of the year", value, "persons")
        .why(Why::sum("").plus(stock).plus(migrants))
}

/// Live births of a sex.
pub(crate) fn births(cell: &Cell<'_>) -> Why {
    let (at, basis) = (cell.at(), &cell.model().demography);
    let ages = basis.base.ncols();
    let of_age = |age: usize| {
        let rate = basis.fertility[[at, age]];
        (0.0 < rate).then(|| {
            let rate = Explanation::new("births a woman-year", rate, "births a woman-year")
                .given_by("fertility rate of the age", [FERTILITY]);
            product(&format!("age {age}"), (women(cell, basis, (at, age)), rate))
        })
    };
    let all =
        total("births to women of all ages", "births", (1..ages).filter_map(of_age).collect());
    let boys_a_girl = basis.sex_ratio_at_birth[at];
    let girls = 1.0 / (1.0 + boys_a_girl);
    let share = if cell.sex() == Sex::Female { girls } else { boys_a_girl * girls };
    let share = Explanation::new("share of the sex among births", share, "share")
        .given_by("boys: r / (1 + r), girls: 1 / (1 + r), with r boys a girl", [RATIO]);
    Why::product("Σ ages fertility × mean of the women at the start and of the survivors at the end, × share of the sex")
        .times(all)
        .times(share)
}

/// Mean of the women of an age at the start of a year and of those who reach it alive by its end, before migration.
fn women(cell: &Cell<'_>, basis: &DemographicBasis, (at, age): (usize, usize)) -> Explanation {
    let open = basis.base.ncols() - 1;
    let persons = &cell.results().population.persons;
    let half = |age: usize| match basis.migration_timing {
        MigrationTiming::Even => 0.5 * basis.migration.get(at, Sex::Female, age),
        MigrationTiming::End => 0.0,
    };
    let at_start = |age: usize| persons.get(at, Sex::Female, age) + half(age);
    let survivors =
        |age: usize| at_start(age) * cell.results().population.survival(at, Sex::Female, age);
    let older = if age == open { survivors(open) } else { 0.0 };
    let end = survivors(age - 1) + older + half(age);
    let mean = 0.5 * (at_start(age) + end);
    Explanation::new("women, mean of the year", mean, "persons")
        .given_by("half of those at the start and of the survivors at the end", [BASE, MORTALITY])
}

/// Deaths of a sex, those of children born in the year included.
pub(crate) fn deaths(cell: &Cell<'_>) -> Why {
    let (at, sex) = (cell.at(), cell.sex());
    let population = &cell.results().population;
    let born = population.births[[at, sex.index()]];
    let dying = 1.0 - cell.model().demography.mortality[at][sex.index()].survival_of_births();
    let births = flow(cell, at, (sex, "births"), ("born in the year", born));
    let infants = product("born in the year", (births, dies(dying)));
    let of_age = |age: usize| {
        let exposed = exposed(cell, at, (sex, age));
        let share = dies(1.0 - population.survival(at, sex, age));
        product(&format!("age {age}"), (exposed, share))
    };
    let ages = (0..population.persons.ages()).map(of_age);
    Why::sum("Σ ages persons × share who die in the year").plus(infants).plus_all(ages)
}

fn dies(share: f64) -> Explanation {
    Explanation::new("share who die before its end", share, "share")
        .given_by("one less the share who live on", [MORTALITY])
}

/// Net migrants of a sex.
pub(crate) fn net_migrants(cell: &Cell<'_>) -> Why {
    let migrants: &YearGrid = &cell.results().population.migrants;
    let of_age = |age: usize| {
        let value = migrants.get(cell.at(), cell.sex(), age);
        Explanation::new(format!("age {age}"), value, "persons")
            .given_by("as applied: nobody leaves who is not there", [MIGRATION])
    };
    Why::sum("Σ ages net migrants").plus_all((0..migrants.ages()).map(of_age))
}
