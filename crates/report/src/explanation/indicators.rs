use perennis_cohort::YearGrid;
use perennis_finance::FundYear;
use perennis_indicators::INDICATORS;
use perennis_units::Sex;

use super::accounts::outgo;
use super::cell::{Cell, address};
use super::number::{Explanation, Why, total};

/// An indicator: what is counted over what, in the words of its definition.
pub(crate) fn value(cell: &Cell<'_>) -> Why {
    let name = cell.text("indicator");
    let meaning = INDICATORS.iter().find(|one| one.name == name).map_or("", |one| one.meaning);
    match quotient(cell, name) {
        Some((above, below)) => Why::product(meaning).times(above).over(below),
        None => Why::carried(meaning).reads([
            "population",
            "labour",
            "economy",
            "schemes",
            "health",
            "finance",
        ]),
    }
}

fn quotient(cell: &Cell<'_>, name: &str) -> Option<(Explanation, Explanation)> {
    let (stem, sex) = match (name.strip_suffix("_male"), name.strip_suffix("_female")) {
        (_, Some(stem)) => (stem, Some(Sex::Female)),
        (Some(stem), _) => (stem, Some(Sex::Male)),
        _ => (name, None),
    };
    match stem {
        "old_age_ratio" => Some((people(cell, None, "65-"), people(cell, None, "15-64"))),
        "informal_share" => Some((employed(cell, sex, true)?, employed(cell, sex, false)?)),
        "coverage_of_employed" => Some((contributors(cell, sex)?, employed(cell, sex, false)?)),
        "coverage_of_labour_force" => Some((contributors(cell, sex)?, labour_force(cell, sex)?)),
        "pension_coverage_65" => Some((pensioners(cell, sex)?, people(cell, sex, "65-"))),
        "health_coverage" => Some((insured(cell, sex)?, people(cell, sex, "0-"))),
        "cost_per_insured" => Some((cost(cell)?, insured(cell, None)?)),
        "dependency_ratio" => Some((in_payment(cell)?, paying(cell)?)),
        "mean_benefit" => Some((paid(cell)?, in_payment(cell)?)),
        "mean_insured_earnings" => Some((earnings(cell)?, paying(cell)?)),
        "replacement_ratio" => {
            Some((beside(cell, "mean_benefit")?, beside(cell, "mean_insured_earnings")?))
        }
        _ => of_account(cell, stem),
    }
}

/// Another indicator of the same scope and year.
fn beside(cell: &Cell<'_>, name: &'static str) -> Option<Explanation> {
    let all = &cell.results().measured.indicators;
    let of_row = |one: &&perennis_indicators::Indicator| {
        one.year == cell.year().get() && one.scope == cell.text("scope") && one.indicator == name
    };
    let found = all.iter().find(of_row)?;
    let row = address("indicators", &[&found.scope, name], cell.year(), "value");
    let unit = cell.ground.unit(found.unit);
    Some(Explanation::of_row(name.replace('_', " "), found.value, unit, row))
}

/// Sums a stock over ages given as in an address, at a position.
fn sum_of(grid: &YearGrid, at: usize, (sex, ages): (Option<Sex>, &str)) -> f64 {
    let (from, to) = ages.split_once('-').unwrap_or((ages, ages));
    let from = from.parse().unwrap_or(0);
    let to = to.parse().unwrap_or(grid.ages() - 1);
    let of_sex =
        |one: Sex| (from..=to.min(grid.ages() - 1)).map(|age| grid.get(at, one, age)).sum::<f64>();
    Sex::ALL.into_iter().filter(|one| sex.is_none_or(|sex| sex == *one)).map(of_sex).sum()
}

fn word(sex: Option<Sex>) -> &'static str {
    sex.map_or("*", Sex::as_str)
}

/// Population of an age on, mean of the year.
fn people(cell: &Cell<'_>, sex: Option<Sex>, ages: &str) -> Explanation {
    let persons = &cell.results().population.persons;
    let end = |at: usize, label: &str| {
        let year = cell.ground.year_at(at);
        let row = address("population", &[word(sex), ages], year, "population");
        Explanation::of_row(label, sum_of(persons, at, (sex, ages)), "persons", row)
    };
    let ends = [end(cell.at(), "at the start of the year"), end(cell.at() + 1, "at its end")];
    cell.ground.mean_of(&format!("population aged {ages}, mean of the year"), "persons", ends)
}

/// Mean of the year of stocks of work, each with its address.
fn work(
    cell: &Cell<'_>,
    (label, column): (&str, &str),
    rows: Vec<(String, &YearGrid, String)>,
    sex: Option<Sex>,
) -> Explanation {
    let end = |(name, grid, table): &(String, &YearGrid, String), at: usize, when: &str| {
        let year = cell.ground.year_at(at);
        let keys: Vec<&str> = table.split('/').skip(1).chain([word(sex)]).collect();
        let row = address(table.split('/').next().unwrap_or_default(), &keys, year, column);
        Explanation::of_row(
            format!("{name}, {when}"),
            sum_of(grid, at, (sex, "0-")),
            "persons",
            row,
        )
    };
    let one = |row: &(String, &YearGrid, String)| {
        let ends = [end(row, cell.at(), "at the start"), end(row, cell.at() + 1, "at the end")];
        cell.ground.mean_of(&row.0, "persons", ends)
    };
    total(label, "persons", rows.iter().map(one).collect())
}

fn employed(cell: &Cell<'_>, sex: Option<Sex>, informal: bool) -> Option<Explanation> {
    let labour = cell.results().labour.as_ref()?;
    let groups = labour.employed.iter().filter(|group| !informal || group.informal);
    let rows =
        groups.map(|one| (one.name.clone(), &one.persons, format!("employment/{}", one.name)));
    let label = if informal { "employed in informal groups" } else { "employed" };
    Some(work(cell, (label, "employed"), rows.collect(), sex))
}

fn labour_force(cell: &Cell<'_>, sex: Option<Sex>) -> Option<Explanation> {
    let labour = cell.results().labour.as_ref()?;
    let row = ("labour force".to_owned(), &labour.labour_force, "labour".to_owned());
    Some(work(cell, ("labour force, mean of the year", "labour_force"), vec![row], sex))
}

/// Adds a column of a table over schemes, groups or benefits.
fn rows<'a>(
    cell: &Cell<'_>,
    (label, unit): (&str, &str),
    (table, column): (&str, &str),
    grids: impl Iterator<Item = ([&'a str; 2], &'a YearGrid)>,
    (sex, ages): (Option<Sex>, &str),
) -> Explanation {
    let one = |(keys, grid): ([&str; 2], &YearGrid)| {
        let whole = [keys[0], keys[1], word(sex), ages];
        let keys_of = if ages == "0-" && sex.is_none() { &whole[..2] } else { &whole[..] };
        let row = address(table, keys_of, cell.year(), column);
        let value = sum_of(grid, cell.at(), (sex, ages));
        Explanation::of_row(keys.join(", "), value, cell.ground.unit(unit), row)
    };
    // A sum of no rows has no address.
    let there = grids.map(one).filter(|number| number.value.is_some_and(|value| value.abs() > 0.0));
    total(label, cell.ground.unit(unit), there.collect())
}

fn contributors(cell: &Cell<'_>, sex: Option<Sex>) -> Option<Explanation> {
    let all = &cell.results().pensions.as_ref()?.contributors;
    let grids = all.iter().map(|one| ([&*one.scheme, &*one.group], &one.contributors));
    let words = ("contributors of all schemes", "persons");
    Some(rows(cell, words, ("contributors", "contributors"), grids, (sex, "0-")))
}

fn pensioners(cell: &Cell<'_>, sex: Option<Sex>) -> Option<Explanation> {
    let all = &cell.results().pensions.as_ref()?.beneficiaries;
    let grids = all.iter().filter(|one| one.periodic);
    let grids = grids.map(|one| ([&*one.scheme, &*one.benefit], &one.beneficiaries));
    let words = ("person-years of pensions at 65 and over", "person-years");
    Some(rows(cell, words, ("beneficiaries", "beneficiaries"), grids, (sex, "65-")))
}

fn insured(cell: &Cell<'_>, sex: Option<Sex>) -> Option<Explanation> {
    let all = &cell.results().benefits.as_ref()?.insured;
    let grids = all.iter().filter(|one| one.scheme == cell.text("scope"));
    let grids = grids.map(|one| ([&*one.scheme, &*one.group], &one.insured));
    Some(rows(cell, ("insured", "persons"), ("health_insured", "insured"), grids, (sex, "0-")))
}

fn cost(cell: &Cell<'_>) -> Option<Explanation> {
    let all = &cell.results().benefits.as_ref()?.services;
    let grids = all.iter().filter(|one| one.scheme == cell.text("scope"));
    let grids = grids.map(|one| ([&*one.scheme, &*one.service], &one.cost));
    let words = ("cost of all services", "currency");
    Some(rows(cell, words, ("health_services", "cost"), grids, (None, "0-")))
}

fn in_payment(cell: &Cell<'_>) -> Option<Explanation> {
    let all = &cell.results().pensions.as_ref()?.beneficiaries;
    let grids = all.iter().filter(|one| one.periodic && one.scheme == cell.text("scope"));
    let grids = grids.map(|one| ([&*one.scheme, &*one.benefit], &one.beneficiaries));
    let words = ("person-years in payment", "person-years");
    Some(rows(cell, words, ("beneficiaries", "beneficiaries"), grids, (None, "0-")))
}

fn paid(cell: &Cell<'_>) -> Option<Explanation> {
    let all = &cell.results().pensions.as_ref()?.beneficiaries;
    let grids = all.iter().filter(|one| one.periodic && one.scheme == cell.text("scope"));
    let grids = grids.map(|one| ([&*one.scheme, &*one.benefit], &one.amount));
    let words = ("periodic benefits of the year", "currency");
    Some(rows(cell, words, ("beneficiaries", "amount"), grids, (None, "0-")))
}

fn paying(cell: &Cell<'_>) -> Option<Explanation> {
    let all = &cell.results().pensions.as_ref()?.contributors;
    let grids = all.iter().filter(|one| one.scheme == cell.text("scope"));
    let grids = grids.map(|one| ([&*one.scheme, &*one.group], &one.contributors));
    let words = ("contributors, mean of the year", "persons");
    Some(rows(cell, words, ("contributors", "contributors"), grids, (None, "0-")))
}

fn earnings(cell: &Cell<'_>) -> Option<Explanation> {
    let all = &cell.results().pensions.as_ref()?.contributors;
    let grids = all.iter().filter(|one| one.scheme == cell.text("scope"));
    let grids = grids.map(|one| ([&*one.scheme, &*one.group], &one.insured_earnings));
    let words = ("insured earnings", "currency");
    Some(rows(cell, words, ("contributors", "insured_earnings"), grids, (None, "0-")))
}

/// Rates, costs and reserves of an account, or costs of all accounts.
fn of_account(cell: &Cell<'_>, name: &str) -> Option<(Explanation, Explanation)> {
    let finance = cell.results().finance.as_ref()?;
    let account = cell.text("scope");
    if account == "nation" {
        return of_nation(cell, name);
    }
    let fund = finance.fund(account)?;
    let year = fund.in_year(cell.year())?;
    let item = |name: &str, value: f64| {
        let row = address("accounts", &[account, name], cell.year(), "amount");
        Explanation::of_row(name.replace('_', " "), value, cell.currency(), row)
    };
    let spent = || outgo(cell, account, year);
    let bill = || bill(cell, year);
    Some(match name {
        "payg_rate" => (spent(), bill()),
        "legal_rate" => (due(cell, account)?, bill()),
        "expenditure_over_gdp" => (spent(), economy(cell, "gdp")?),
        "expenditure_over_government_expenditure" => {
            (spent(), economy(cell, "government_expenditure")?)
        }
        "contributions_over_gdp" => {
            (item("contributions", year.contributions), economy(cell, "gdp")?)
        }
        "reserve_over_gdp" => (item("reserve_end", year.reserve_end), economy(cell, "gdp")?),
        "reserve_end_over_expenditure" => (item("reserve_end", year.reserve_end), spent()),
        "reserve_start_over_expenditure" => (item("reserve_start", year.reserve_start), spent()),
        "reserve_end_over_next_expenditure" => {
            let next = fund.in_year(cell.year().plus(1))?;
            (item("reserve_end", year.reserve_end), outgo(cell, account, next))
        }
        _ => return None,
    })
}

fn of_nation(cell: &Cell<'_>, name: &str) -> Option<(Explanation, Explanation)> {
    let finance = cell.results().finance.as_ref()?;
    let years = finance.funds.iter().filter_map(|fund| Some((fund, fund.in_year(cell.year())?)));
    let spent = |(fund, year): (&perennis_finance::FundPath, &FundYear)| {
        let whole = outgo(cell, &fund.account, year);
        let mut parts = whole.parts;
        parts.retain(|part| part.number.label != "transfers out");
        total(whole.label, cell.currency(), parts.into_iter().map(|part| part.number).collect())
    };
    let spent = || {
        total(
            "outgo of all accounts without transfers",
            cell.currency(),
            years.clone().map(spent).collect(),
        )
    };
    match name {
        "expenditure_over_gdp" => Some((spent(), economy(cell, "gdp")?)),
        "expenditure_over_government_expenditure" => {
            Some((spent(), economy(cell, "government_expenditure")?))
        }
        "contributions_over_gdp" => {
            let paid =
                years.clone().filter(|(_, year)| 0.0 < year.contributions).map(|(fund, year)| {
                    let row = address(
                        "accounts",
                        &[&fund.account, "contributions"],
                        cell.year(),
                        "amount",
                    );
                    Explanation::of_row(
                        fund.account.clone(),
                        year.contributions,
                        cell.currency(),
                        row,
                    )
                });
            let paid = total("contributions of all accounts", cell.currency(), paid.collect());
            Some((paid, economy(cell, "gdp")?))
        }
        _ => None,
    }
}

fn economy(cell: &Cell<'_>, column: &str) -> Option<Explanation> {
    let economy = &cell.results().labour.as_ref()?.economy;
    let path = match column {
        "gdp" => &economy.gdp,
        _ => economy.government_expenditure.as_ref()?,
    };
    let row = address("economy", &[], cell.year(), column);
    Some(Explanation::of_row(column.replace('_', " "), *path.get(cell.at())?, cell.currency(), row))
}

/// Insured earnings of an account.
fn bill(cell: &Cell<'_>, year: &FundYear) -> Explanation {
    Explanation::new("insured earnings of the account", year.insured_earnings, cell.currency())
        .why(Why::carried("insured earnings, pensions and amounts of law on which its contributions are assessed; contributors.csv has the earnings")
            .reads(["schemes", "health", "economy.wages"]))
}

/// Contributions due from insured earnings.
fn due(cell: &Cell<'_>, account: &str) -> Option<Explanation> {
    let all = &cell.results().pensions.as_ref()?.contributions;
    let of_account = all.iter().filter(|one| one.account == account && one.year == cell.year());
    let rows = of_account.map(|one| {
        let keys = [one.scheme.as_str(), account, one.payer.as_str()];
        let row = address("contributions_by_account", &keys, one.year, "due");
        let label = format!("due from {}", one.payer.as_str());
        Explanation::of_row(label, one.due, cell.currency(), row)
    });
    Some(total("contributions due", cell.currency(), rows.collect()))
}
