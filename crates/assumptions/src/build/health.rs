use std::collections::BTreeMap;

use perennis_benefits::{
    BenefitBasis, ContributionBase, HealthBasis, InsuredGroup, Members, PaidBy, PayerRate, Service,
};
use perennis_scheme::Rule;
use perennis_units::{Calibration, Dated, Path, Share, Year, YearRange, date_of_year};

use super::Frame;
use super::finance::is_account;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Provision, Series, silent_for};
use crate::read::by_age::{Below, Wanted};
use crate::read::health::{
    AmountOfScheme, CostCalibration, Health, InsuredGroup as GroupForm, Members as MembersForm,
    Service as ServiceForm,
};

/// Ages of a population that could not be read: enough to find the other faults.
const AGES: usize = 101;

const SHARE_OF_REST: Wanted = Wanted { column: "share", kind: Kind::SHARE, below: Below::Zero };
const CONTACTS: Wanted = Wanted { column: "contacts", kind: Kind::CONTACTS, below: Below::Refused };

/// Builds the branches of health insurance; `at` stands at `health`, so a branch is at `at.key(name)`.
pub(crate) fn health(
    branches: &BTreeMap<String, Health>,
    at: &At<'_>,
    frame: &Frame,
) -> Option<BenefitBasis> {
    let built: Vec<Option<HealthBasis>> =
        branches.iter().map(|(name, form)| branch(name, form, &at.key(name), frame)).collect();
    let health = built.into_iter().collect::<Option<Vec<_>>>()?;
    Some(BenefitBasis { health })
}

fn branch(name: &str, form: &Health, at: &At<'_>, frame: &Frame) -> Option<HealthBasis> {
    let administration = administration(form, &at.key("administration"), frame);
    let account = is_account(&form.account, &at.key("account"), frame);
    let order = order(form, at);
    let groups: BTreeMap<&String, Option<InsuredGroup>> = form
        .groups
        .iter()
        .map(|(name, group)| (name, insured(name, group, &at.key("groups").key(name), frame)))
        .collect();
    let services: Vec<Option<Service>> = form
        .services
        .iter()
        .map(|(name, service)| self::service(name, service, &at.key("services").key(name), frame))
        .collect();
    let mut groups = groups;
    let ordered = order?.into_iter().map(|name| groups.remove(name).flatten());
    Some(HealthBasis {
        name: name.to_owned(),
        account: account.then(|| form.account.clone())?,
        groups: ordered.collect::<Option<_>>()?,
        services: services.into_iter().collect::<Option<_>>()?,
        administration: administration?,
    })
}

/// Returns the share of contributions, nothing when it is not given; given here and for the account it would count twice.
fn administration(form: &Health, at: &At<'_>, frame: &Frame) -> Option<Path<Share>> {
    let Some(series) = &form.administration else { return Some(Path::constant(Share::ZERO)) };
    let accounts = frame.raw.finance.as_ref().map(|finance| &finance.accounts);
    let account = accounts.and_then(|accounts| accounts.get(&form.account));
    if account.is_some_and(|account| account.administration.is_some()) {
        at.fault(
            Code::TwoWays,
            format!("administration of `{}` is given here and in the finance file", form.account),
            "keep one of the two",
        );
        return None;
    }
    series.share(at, frame.years)
}

/// Returns the names of the groups in order; each is named once.
fn order<'form>(form: &'form Health, at: &At<'_>) -> Option<Vec<&'form String>> {
    let place = at.key("order");
    let before = at.reading().count();
    for (index, name) in form.order.iter().enumerate() {
        if !form.groups.contains_key(name) {
            let known = form.groups.keys().map(String::as_str);
            place.index(index).fault(
                Code::UnknownName,
                format!("`{name}` is not a group of the insured"),
                suggest(name, known),
            );
        } else if form.order[..index].contains(name) {
            place.index(index).fault(
                Code::Incoherent,
                format!("`{name}` stands twice in the order"),
                "name each group once",
            );
        }
    }
    for name in form.groups.keys().filter(|name| !form.order.contains(name)) {
        place.fault(
            Code::Incoherent,
            format!("the group `{name}` has no place in the order"),
            "name each group once: who is in an earlier group is in no later one",
        );
    }
    (at.reading().count() == before).then(|| form.order.iter().collect())
}

fn insured(name: &str, form: &GroupForm, at: &At<'_>, frame: &Frame) -> Option<InsuredGroup> {
    let members = members(&form.members, &at.key("members"), frame);
    let take_up = share(form.take_up.as_ref(), &at.key("take_up"), frame);
    let collection = share(form.collection.as_ref(), &at.key("collection"), frame);
    let payers = payers(form, at, frame);
    let base = base(form, at, frame);
    Some(InsuredGroup {
        name: name.to_owned(),
        members: members?,
        take_up: take_up?,
        base: base?,
        payers: payers?,
        collection: collection?,
    })
}

/// Returns a series of shares, or one in every year when it is not given.
fn share(series: Option<&Series>, at: &At<'_>, frame: &Frame) -> Option<Path<Share>> {
    series.map_or(Some(Path::constant(Share::ONE)), |series| series.share(at, frame.years))
}

fn members(form: &MembersForm, at: &At<'_>, frame: &Frame) -> Option<Members> {
    match form {
        MembersForm::Contributors { scheme, groups } => {
            let at = at.key("contributors");
            known_scheme(scheme, &at.key("scheme"), frame)?;
            let groups = groups.clone().unwrap_or_default();
            Some(Members::Contributors { scheme: scheme.clone(), groups })
        }
        MembersForm::Pensioners { scheme, benefits } => {
            let at = at.key("pensioners");
            let law = &known_scheme(scheme, &at.key("scheme"), frame)?.law;
            let before = at.reading().count();
            for (index, name) in benefits.iter().enumerate() {
                if !law.benefits.contains_key(name) {
                    at.key("benefits").index(index).fault(
                        Code::UnknownName,
                        format!("the scheme `{scheme}` has no benefit `{name}`"),
                        suggest(name, law.benefits.keys().map(String::as_str)),
                    );
                }
            }
            let (scheme, benefits) = (scheme.clone(), benefits.clone());
            (at.reading().count() == before).then_some(Members::Pensioners { scheme, benefits })
        }
        MembersForm::NotYetInsured { from_age, to_age, share } => {
            let at = at.key("not_yet_insured");
            let ages = frame.population.as_ref().map_or(AGES, |population| population.base.ncols());
            let low = usize::from(from_age.unwrap_or(0));
            let high = to_age.map_or(ages, usize::from);
            if high < low || ages <= low {
                at.key("from_age").fault(
                    Code::Incoherent,
                    format!("no age lies from {low} to {high}"),
                    format!("ages go from 0 to {}, the lower one first", ages - 1),
                );
                return None;
            }
            let mut share = share.read(&at.key("share"), &SHARE_OF_REST, frame.years, ages)?;
            for ((_, _, age), value) in share.values_mut().indexed_iter_mut() {
                if age < low || high < age {
                    *value = 0.0;
                }
            }
            Some(Members::NotYetInsured { share })
        }
    }
}

/// Finds a scheme by name; one whose own file is at fault stays silent here.
fn known_scheme<'frame>(
    name: &str,
    at: &At<'_>,
    frame: &'frame Frame,
) -> Option<&'frame crate::read::scheme::Scheme> {
    let found = frame.raw.schemes.get(name);
    if found.is_none() && !at.subject("schemes").key(name).exists() {
        let known = frame.raw.schemes.keys().map(String::as_str);
        at.fault(
            Code::UnknownName,
            format!("`{name}` is not a scheme of the valuation"),
            suggest(name, known),
        );
    }
    found
}

fn payers(form: &GroupForm, at: &At<'_>, frame: &Frame) -> Option<Vec<PayerRate>> {
    let Some(rates) = &form.rates else { return Some(Vec::new()) };
    let before = at.reading().count();
    let funds = form.paid_from.clone();
    if let Some(name) = &funds {
        is_account(name, &at.key("paid_from"), frame);
    }
    match (&rates.funds, &funds) {
        (Some(_), None) => at.key("rates").key("funds").fault(
            Code::MissingKey,
            "no account is named from which the fund pays",
            "add paid_from = \"…\" to the group, one of the accounts of the finance file",
        ),
        (None, Some(_)) => at.key("paid_from").fault(
            Code::Incoherent,
            "an account is named from which a fund pays, and no rate of funds",
            "add rates.funds, or leave paid_from out",
        ),
        _ => {}
    }
    let listed: [(&str, Option<&Provision>, Option<PaidBy>); 5] = [
        ("employees", rates.employees.as_ref(), Some(PaidBy::Employees)),
        ("employers", rates.employers.as_ref(), Some(PaidBy::Employers)),
        ("self_employed", rates.self_employed.as_ref(), Some(PaidBy::SelfEmployed)),
        ("state", rates.state.as_ref(), Some(PaidBy::State)),
        ("funds", rates.funds.as_ref(), funds.map(PaidBy::Fund)),
    ];
    let mut found = Vec::new();
    for (key, provision, paid_by) in listed {
        let Some(provision) = provision else { continue };
        let place = at.key("rates").key(key);
        let dated = provision.read(&place, &Kind::SHARE);
        let dated = dated.filter(|dated| speaks_at_start(dated, &place, frame.years));
        if let (Some(dated), Some(paid_by)) = (dated, paid_by) {
            let values = dated.map(|value| Share::new(*value).unwrap_or(Share::ZERO));
            found.push(PayerRate { paid_by, rate: Rule { name: place.path(), values } });
        }
    }
    (at.reading().count() == before).then_some(found)
}

/// Checks that a rate is in force on the first day of the valuation.
fn speaks_at_start(values: &Dated<f64>, at: &At<'_>, years: YearRange) -> bool {
    let date = date_of_year(years.first());
    let speaks = silent_for(values, date).is_none();
    if !speaks {
        at.key("in_force").fault(
            Code::NotInForce,
            format!("`{}` has no value in force on {date}", at.path()),
            format!("add the row that is in force on {date}; 0 where nothing was paid"),
        );
    }
    speaks
}

fn base(form: &GroupForm, at: &At<'_>, frame: &Frame) -> Option<ContributionBase> {
    if let Some(named) = &form.per_person {
        return amount(named, &at.key("per_person"), frame).map(ContributionBase::PerPerson);
    }
    match form.members {
        MembersForm::Contributors { .. } => Some(ContributionBase::InsuredEarnings),
        MembersForm::Pensioners { .. } => Some(ContributionBase::Pensions),
        MembersForm::NotYetInsured { .. } => {
            at.fault(
                Code::MissingKey,
                format!("`{}` has nothing on which contributions are assessed", at.path()),
                "add per_person = { scheme = \"…\", amount = \"…\" }: an amount that a law fixes",
            );
            None
        }
    }
}

fn amount(
    named: &AmountOfScheme,
    at: &At<'_>,
    frame: &Frame,
) -> Option<perennis_scheme::NamedAmount> {
    let law = &known_scheme(&named.scheme, &at.key("scheme"), frame)?.law;
    if !law.amounts.contains_key(&named.amount) {
        at.key("amount").fault(
            Code::UnknownName,
            format!("the law of `{}` has no amount `{}`", named.scheme, named.amount),
            suggest(&named.amount, law.amounts.keys().map(String::as_str)),
        );
        return None;
    }
    let amount =
        super::law::named_amount(law, &named.amount, &at.subject("schemes").key(&named.scheme))?;
    let mut reads = None;
    amount.after.by.indicators(0, &mut |name, _| reads = Some(name.to_owned()));
    if let Some(indicator) = reads {
        at.key("amount").fault(
            Code::ForPersonsOnly,
            format!(
                "`{}` follows the indicator `{indicator}`, which this branch does not read",
                named.amount
            ),
            "name an amount that follows prices, wages or a series",
        );
        return None;
    }
    Some(amount)
}

fn service(name: &str, form: &ServiceForm, at: &At<'_>, frame: &Frame) -> Option<Service> {
    let ages = frame.population.as_ref().map_or(AGES, |population| population.base.ncols());
    let base_year = YearRange::new(Year::new(form.base_year), 1);
    let contacts = form.contacts.read(&at.key("contacts"), &CONTACTS, base_year, ages);
    let unit_cost = form.unit_cost.money(&at.key("unit_cost"), &Kind::PAY);
    let use_growth = form.utilisation_growth.growth(&at.key("utilisation_growth"), frame.years);
    let medical = form.medical_inflation.growth(&at.key("medical_inflation"), frame.years);
    let co_payment = form.co_payment.as_ref().map_or(Some(Path::constant(Share::ZERO)), |series| {
        series.share(&at.key("co_payment"), frame.years)
    });
    let calibration = form
        .calibration
        .map_or(Some(Calibration::NONE), |given| calibrated(given, &at.key("calibration")));
    Some(Service {
        name: name.to_owned(),
        base_year: base_year.first(),
        contacts: contacts?.year(0).to_owned(),
        unit_cost: unit_cost?,
        utilisation_growth: use_growth?,
        medical_inflation: medical?,
        co_payment: co_payment?,
        calibration: calibration?,
    })
}

fn calibrated(form: CostCalibration, at: &At<'_>) -> Option<Calibration> {
    let value = at.key("value");
    let cited = value.citation();
    let factor = value.unit(&Kind::FACTOR);
    let factor = Kind::FACTOR.within(0.1, 10.0).check(form.value * factor?, &value)?;
    cited.map(|_| Calibration { factor, year: Year::new(form.year), run_off: form.run_off })
}

#[cfg(test)]
mod tests {
    use crate::scratch::Folder;

    const VALUATION: &str = r#"
title = "t"
country = "c"
currency = "crown"
start = 2024-01-01
horizon = 3
files = { health = { care = "health.toml" } }
"#;

    const HEALTH: &str = r#"
source = "made up"
unit = "share"
account = "care"
order = ["workers", "others"]
[groups.workers]
members.contributors = { scheme = "national" }
rates.employers.in_force = [{ from = 2020-01-01, value = 0.04 }]
[groups.others]
members.not_yet_insured = { from_age = 6, share.all_ages = { value = 0.5 } }
per_person = { scheme = "national", amount = "level" }
[services.visits]
base_year = 2024
contacts.all_ages = { value = 3, unit = "per person-year" }
unit_cost = { value = 20, unit = "crown" }
utilisation_growth = { value = 0.01, unit = "share a year" }
medical_inflation = { value = 0.01, unit = "share a year" }
"#;

    /// Faults of the branch beside those of the scheme, which the valuation does not have.
    fn faults(from: &str, to: &str) -> Vec<String> {
        assert!(HEALTH.contains(from));
        let text = HEALTH.replace(from, to);
        let folder = Folder::new(&[("valuation.toml", VALUATION), ("health.toml", &text)]);
        let mut faults = folder.faults("health.care");
        faults.retain(|fault| !fault.contains(".scheme "));
        faults
    }

    #[test]
    fn the_form_is_read_and_a_scheme_that_is_not_there_is_named() {
        assert!(faults("unit", "unit").is_empty());
        let folder = Folder::new(&[("valuation.toml", VALUATION), ("health.toml", HEALTH)]);
        let named = folder.faults("health.care");
        assert_eq!(
            named,
            [
                "A604 health.care.groups.workers.members.contributors.scheme 7",
                "A604 health.care.groups.others.per_person.scheme 11",
            ]
        );
    }

    #[test]
    fn every_group_has_one_place_in_the_order() {
        let place = "order = [\"workers\", \"others\"]";
        assert_eq!(faults(place, "order = [\"workers\"]"), ["A609 health.care.order 5"]);
        let twice = "order = [\"workers\", \"others\", \"workers\"]";
        assert_eq!(faults(place, twice), ["A609 health.care.order[2] 5"]);
        let other = "order = [\"workers\", \"other\"]";
        assert_eq!(
            faults(place, other),
            ["A609 health.care.order 5", "A604 health.care.order[1] 5"]
        );
    }

    #[test]
    fn a_fund_that_pays_is_named_and_a_base_is_needed() {
        assert_eq!(
            faults("rates.employers", "rates.funds"),
            ["A104 health.care.groups.workers.rates.funds 8"]
        );
        assert_eq!(
            faults("per_person = { scheme = \"national\", amount = \"level\" }", ""),
            ["A104 health.care.groups.others 9"]
        );
    }

    #[test]
    fn ages_the_wrong_way_round_are_a_fault() {
        let ages = "from_age = 6, to_age = 5";
        assert_eq!(
            faults("from_age = 6", ages),
            ["A609 health.care.groups.others.members.not_yet_insured.from_age 10"]
        );
    }
}
