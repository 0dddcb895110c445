//! The raw form of the schemes to their basis: the law and, beside it, the persons.

mod carried;
mod claiming;
mod classes;
mod collection;
mod durations;
mod family;
mod groups;
mod invalidity;
mod members;
mod membership;
mod mortality;
mod pensioners;
mod service;
mod service_bank;
mod wages;

use std::collections::BTreeMap;

use perennis_cohort::YearGrid;
use perennis_pensions::{
    Claiming, Loading, PensionBasis, PensionStart, SchemeBasis, SchemeMortality, WagesGrow,
};
use perennis_scheme::{Event, IndicatorLaw, IndicatorOf, Law};
use perennis_units::{Calibration, Year, date_of_year};

use super::Frame;
use super::finance::is_account;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Quantity};
use crate::read::by_age::{Below, ByAge, Wanted};
use crate::read::scheme::Scheme;
use crate::read::scheme::people::{self as raw, People};

/// Ages of a population that could not be read: enough to find the other faults.
const AGES: usize = 101;

/// Months of credit between two cells when the file says nothing.
const USUAL_STEP: u8 = 12;

/// Builds the schemes; `at` stands at `schemes`, so a scheme is at `at.key(name)`.
pub(crate) fn pensions(
    schemes: &BTreeMap<String, Scheme>,
    at: &At<'_>,
    frame: &Frame,
) -> Option<PensionBasis> {
    let built: Vec<_> = schemes
        .iter()
        .map(|(name, raw)| scheme(&raw.people, &raw.law, &at.key(name), frame))
        .collect();
    let schemes: Vec<SchemeBasis> = built.into_iter().collect::<Option<_>>()?;
    named_once(&schemes, at)?;
    Some(PensionBasis { schemes })
}

/// A model person may come under several laws, so that an indicator has one name in all of them.
fn named_once(schemes: &[SchemeBasis], at: &At<'_>) -> Option<()> {
    let before = at.reading().count();
    for (position, scheme) in schemes.iter().enumerate() {
        for indicator in &scheme.law.indicators {
            let named = |known: &IndicatorLaw| known.name == indicator.name;
            let same = |other: &&SchemeBasis| other.law.indicators.iter().any(named);
            if let Some(other) = schemes[..position].iter().find(same) {
                let (other, name) = (&other.law.scheme, &indicator.name);
                at.key(&scheme.law.scheme).key("indicators").key(name).fault_at_key(
                    Code::TwoWays,
                    format!("scheme `{other}` defines an indicator `{name}` too"),
                    "give each its own name",
                );
            }
        }
    }
    (at.reading().count() == before).then_some(())
}

/// What every part of a scheme needs to know.
pub(super) struct Context<'a> {
    pub(super) frame: &'a Frame,
    /// Single ages of the population.
    pub(super) ages: usize,
    /// Lowest age of first insurance.
    pub(super) first_age: usize,
    /// Months of credit between two cells.
    pub(super) step: usize,
}

impl Context<'_> {
    /// Reads figures by year, sex and age.
    pub(super) fn by_age(&self, raw: &ByAge, at: &At<'_>, wanted: &Wanted) -> Option<YearGrid> {
        raw.read(at, wanted, self.frame.years, self.ages)
    }
}

/// Lets the pensionable age follow the mortality of the valuation, where the law says so.
fn following_life(law: Law, at: &At<'_>, frame: &Frame) -> Option<Law> {
    let Some(population) = frame.population.as_ref().filter(|_| law.linked_age.is_some()) else {
        return Some(law);
    };
    match law.following_life(&|year, age| population.life_expectancy(year, age)) {
        Ok(law) => Some(law),
        Err(error) => {
            at.key("pensionable_age").key("after").fault(
                Code::NotInForce,
                error.to_string(),
                "give it in `published` with its source, or let the link read a later year (lag, reference_year, first)",
            );
            None
        }
    }
}

/// Checks that what is published of each indicator reaches the first figures of the run, and that finance keeps its account.
fn indicators(law: &Law, at: &At<'_>, frame: &Frame) -> bool {
    let before = at.reading().count();
    for indicator in &law.indicators {
        let at = at.key("indicators").key(&indicator.name);
        published(indicator, &at, frame);
        let IndicatorOf::ReserveRatio { account } = &indicator.of else { continue };
        let place = at.key("of").key("reserve_ratio");
        if frame.raw.finance.is_some() {
            is_account(account, &place, frame);
        } else {
            place.fault(
                Code::UnknownName,
                format!("`{account}` is no account: the valuation has no finance"),
                "add finance with this account",
            );
        }
    }
    at.reading().count() == before
}

/// What is published ends with the year before the first that the run finds, or with that one where both are compared.
fn published(indicator: &IndicatorLaw, at: &At<'_>, frame: &Frame) {
    let first = frame.years.first().plus(indicator.lag);
    let (wanted, why) = if indicator.scaled {
        (first, "the first that the run finds too, which `scaled` compares")
    } else {
        (first.plus(-1), "the last before those that the run finds")
    };
    let years = indicator.published.years();
    if years.position(wanted).is_none() {
        let (name, from, to) = (&indicator.name, years.first(), years.last());
        at.key("published").fault(
            Code::NotInForce,
            format!("`{name}` is published for {from} to {to}, not for {wanted}: {why}"),
            format!("give that of {wanted}, with its source"),
        );
    }
}

fn scheme(
    people: &People,
    raw: &crate::read::scheme::law::Law,
    at: &At<'_>,
    frame: &Frame,
) -> Option<SchemeBasis> {
    let before = at.reading().count();
    let stated = stated(people, &at.key("stated"));
    let names: Vec<&str> = people.groups.keys().map(String::as_str).collect();
    let around = super::law::Around {
        groups: Some(&names),
        start: Some(date_of_year(frame.years.first())),
        stated: stated.as_ref(),
    };
    let law =
        super::law::law(raw, at, around).and_then(|law| carried::carried(law, (people, raw), at));
    let law = law.and_then(|law| following_life(law, at, frame));
    let law = law.filter(|law| indicators(law, at, frame));
    let ages = frame.population.as_ref().map_or(AGES, |population| population.base.ncols());
    let first_age = usize::from(people.entry.from_age);
    let entry_ages = entry(&people.entry, &at.key("entry"), ages);
    let credit_step = credit_step(people.credit_step, &at.key("credit_step"));
    let step = credit_step.unwrap_or(usize::from(USUAL_STEP));
    let context = Context { frame, ages, first_age, step };
    let groups = groups::groups(&people.groups, &at.key("groups"), &context);
    let re_entry = people.re_entry.share(&at.key("re_entry"), frame.years);
    let claiming = claiming_of(people, at, &context);
    let compliance = people.compliance.share(&at.key("compliance"), frame.years);
    let collection = collection::collection(people, at, &context);
    let withdrawal = withdrawal(people, law.as_ref(), at, &context);
    let loadings = loadings(people, law.as_ref(), at, frame);
    let mortality = mortality::mortality(people, law.as_ref(), at, &context);
    let invalidity = invalidity::invalidity(people, law.as_ref(), at, &context);
    let family = family::family(people.family.as_ref(), law.as_ref(), at, &context);
    let of_pensioners = (law.as_ref(), mortality.as_ref());
    let pensions = pensioners_of(people, of_pensioners, at, &context);
    let service_paid = service_bank::paid(people.service_bank.as_ref(), at, &context);
    let calibrations = calibrations(people, law.as_ref(), at, frame);
    let wages_grow = wages_grow(people, &at.key("earnings"));
    (at.reading().count() == before).then_some(())?;
    let (contribution_calibration, benefit_calibration) = calibrations?;
    Some(SchemeBasis {
        register: at.name().to_owned(),
        law: law?,
        credit_step: credit_step?,
        entry_ages: entry_ages?,
        groups: groups?,
        wages_grow: wages_grow?,
        re_entry: re_entry?,
        claiming: claiming?,
        withdrawal: withdrawal?,
        pensions: pensions?,
        mortality: mortality?,
        invalidity: invalidity?,
        family: family?,
        compliance: compliance?,
        collection: collection?,
        contribution_calibration,
        benefit_calibration,
        loadings: loadings?,
        service_paid: service_paid?,
    })
}

fn pensioners_of(
    people: &People,
    of: (Option<&Law>, Option<&SchemeMortality>),
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Vec<PensionStart>> {
    let Some(raw) = &people.pensioners else { return Some(Vec::new()) };
    pensioners::pensioners(raw, of, &at.key("pensioners"), context)
}

fn claiming_of(people: &People, at: &At<'_>, context: &Context<'_>) -> Option<Claiming> {
    match &people.claiming {
        Some(raw) => claiming::claiming(raw, &at.key("claiming"), context),
        None => Some(Claiming::at_the_age()),
    }
}

/// Reads the measures that are the same for all.
fn stated(people: &People, at: &At<'_>) -> Option<BTreeMap<String, f64>> {
    let read = |(name, value): (&String, &Quantity)| {
        let place = at.key(name);
        let unit = place.key("value").find_unit().map(|(unit, _)| unit).unwrap_or_default();
        Some((name.clone(), value.read(&place, &Kind::of_law(&unit, at.currency()))?))
    };
    people.stated.iter().flatten().map(read).collect()
}

fn wages_grow(people: &People, at: &At<'_>) -> Option<WagesGrow> {
    match people.earnings.as_ref().and_then(|raw| raw.grows) {
        None | Some(raw::Grows::FixedComposition) => Some(WagesGrow::FixedComposition),
        Some(raw::Grows::MeanOfInsured) => Some(WagesGrow::MeanOfInsured),
        Some(raw::Grows::NationalMean) => {
            if let Some((name, _)) =
                people.groups.iter().find(|(_, group)| group.coverage.is_none())
            {
                at.key("grows").fault(
                    Code::Incoherent,
                    format!("group `{name}` covers nobody's employed, of whom there is a mean"),
                    "use mean_of_insured or fixed_composition",
                );
                return None;
            }
            Some(WagesGrow::NationalMean)
        }
    }
}

fn entry(raw: &raw::Entry, at: &At<'_>, ages: usize) -> Option<(usize, usize)> {
    let (from, to) = (usize::from(raw.from_age), usize::from(raw.to_age));
    if from == 0 || ages <= to + 1 || to < from {
        at.fault(
            Code::NotAnAge,
            format!("nobody can enter from age {from} to age {to}"),
            format!("from_age is at least 1, to_age no less and below {}", ages - 1),
        );
        return None;
    }
    Some((from, to))
}

fn credit_step(raw: Option<u8>, at: &At<'_>) -> Option<usize> {
    let step = raw.unwrap_or(USUAL_STEP);
    if [1, 3, 6, 12].contains(&step) {
        return Some(usize::from(step));
    }
    at.fault(
        Code::OutOfBounds,
        format!("a grid of {step} months does not divide a year as it must"),
        "use 1, 3, 6 or 12",
    );
    None
}

const WITHDRAWAL: Wanted = Wanted {
    column: "rate",
    kind: Kind::PROBABILITY.called("a rate of withdrawal"),
    below: Below::Zero,
};

fn withdrawal(
    people: &People,
    law: Option<&Law>,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<YearGrid> {
    let open = |law: &Law| law.benefits.iter().any(|b| b.condition.event == Event::Withdrawal);
    match (&people.withdrawal_rate, law.map(open)) {
        (Some(raw), open) => {
            let place = at.key("withdrawal_rate");
            if open == Some(false) {
                let remedy = "add a benefit with event = \"withdrawal\" or leave the rate out";
                place.warn(Code::Unused, "no benefit of the law opens with a withdrawal", remedy);
            }
            context.by_age(raw, &place, &WITHDRAWAL)
        }
        (None, Some(true)) => {
            at.fault(
                Code::MissingKey,
                "the law has a withdrawal and nothing says how many take it",
                "add withdrawal_rate with by_age or all_ages",
            );
            None
        }
        (None, _) => Some(YearGrid::zeros(context.frame.years.count(), context.ages)),
    }
}

fn loadings(
    people: &People,
    law: Option<&Law>,
    at: &At<'_>,
    frame: &Frame,
) -> Option<Vec<Loading>> {
    let mut loadings = Vec::new();
    let mut whole = true;
    for (name, raw) in people.loadings.iter().flatten() {
        let place = at.key("loadings").key(name);
        let known = law.is_none_or(|law| is_benefit(law, &raw.of, &place.key("of")));
        let account = is_account(&raw.account, &place.key("account"), frame);
        let share = raw.share.share(&place.key("share"), frame.years);
        match share {
            Some(share) if known && account => loadings.push(Loading {
                name: name.clone(),
                of: raw.of.clone(),
                account: raw.account.clone(),
                share,
            }),
            _ => whole = false,
        }
    }
    whole.then_some(loadings)
}

/// Says whether the law has a benefit; an unknown one is a fault.
pub(super) fn is_benefit(law: &Law, name: &str, at: &At<'_>) -> bool {
    let known = law.benefit(name).is_some();
    if !known {
        let names = law.benefits.iter().map(|benefit| benefit.name.as_str());
        at.fault(
            Code::UnknownName,
            format!("the law has no benefit `{name}`"),
            suggest(name, names),
        );
    }
    known
}

type Factors = Vec<(String, Calibration)>;

fn calibrations(
    people: &People,
    law: Option<&Law>,
    at: &At<'_>,
    frame: &Frame,
) -> Option<(Factors, Factors)> {
    let place = at.key("calibration");
    let Some(raw) = &people.calibration else { return Some((Vec::new(), Vec::new())) };
    let before = at.reading().count();
    let mut contributions = Vec::new();
    for (account, raw) in raw.contributions.iter().flatten() {
        let place = place.key("contributions").key(account);
        if is_account(account, &place, frame) {
            contributions.extend(calibration(raw, &place).map(|one| (account.clone(), one)));
        }
    }
    let mut benefits = Vec::new();
    for (benefit, raw) in raw.benefits.iter().flatten() {
        let place = place.key("benefits").key(benefit);
        let loaded = people.loadings.as_ref().is_some_and(|all| all.contains_key(benefit));
        if loaded || law.is_none_or(|law| is_benefit(law, benefit, &place)) {
            benefits.extend(calibration(raw, &place).map(|one| (benefit.clone(), one)));
        }
    }
    (at.reading().count() == before).then_some((contributions, benefits))
}

fn calibration(raw: &raw::Calibration, at: &At<'_>) -> Option<Calibration> {
    let kind = Kind::FACTOR.within(0.2, 5.0).called("a calibration factor");
    let factor = Quantity { value: raw.factor };
    let place = at.key("factor");
    let cited = place.citation();
    let unit = place.unit(&kind);
    let factor = kind.check(factor.value * unit?, &place);
    cited?;
    Some(Calibration {
        factor: factor?,
        year: Year::new(i32::from(raw.year)),
        run_off: raw.run_off,
    })
}
