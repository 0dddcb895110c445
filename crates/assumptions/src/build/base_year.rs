use std::collections::BTreeMap;

use perennis_indicators::{BaseYearItem, Measure};
use perennis_units::{Calibration, Year};

use super::Frame;
use super::finance::is_account;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Quantity};
use crate::read::base_year::{AccountFigures, BaseYear, HealthFigures, SchemeFigures};
use crate::tree::Node;

/// Builds the published figures, each with the calibration that acts on its counterpart.
pub(crate) fn base_year(raw: &BaseYear, at: &At<'_>, frame: &Frame) -> Option<Vec<BaseYearItem>> {
    let year = Year::new(raw.year);
    if frame.years.position(year).is_none() {
        let (first, last) = (frame.years.first(), frame.years.last());
        at.key("year").fault(
            Code::OutOfBounds,
            format!("the published year {year} is not one of the years {first} to {last}"),
            format!("give figures of {first}, or start the valuation in {year}"),
        );
    }
    let mut figures = Figures { year, frame, items: Vec::new(), complete: true };
    for (name, raw) in raw.accounts.iter().flatten() {
        figures.account(name, raw, &at.key("accounts").key(name));
    }
    for (name, raw) in raw.schemes.iter().flatten() {
        figures.scheme(name, raw, &at.key("schemes").key(name));
    }
    for (name, raw) in raw.health.iter().flatten() {
        figures.health(name, raw, &at.key("health").key(name));
    }
    (figures.complete && frame.years.position(year).is_some()).then_some(figures.items)
}

struct Figures<'a> {
    year: Year,
    frame: &'a Frame,
    items: Vec<BaseYearItem>,
    complete: bool,
}

impl Figures<'_> {
    fn account(&mut self, name: &str, raw: &AccountFigures, at: &At<'_>) {
        let finance = self.frame.raw.finance.is_some() || at.subject("finance").exists();
        if !finance {
            at.fault(
                Code::SubjectMissing,
                format!(
                    "`{}` gives figures of an account and the valuation has no funds",
                    at.path()
                ),
                "name a file of the funds: files.finance",
            );
            self.complete = false;
        }
        self.complete &= is_account(name, at, self.frame);
        let (account, money) = (name.to_owned(), Kind::MONEY_OF_THE_YEAR);
        let one = |account: &String| account.clone();
        let collected = Measure::Contributions { account: one(&account) };
        self.add(collected, raw.contributions.as_ref(), &at.key("contributions"), money);
        for (benefit, figure) in raw.expenditure.iter().flatten() {
            let place = at.key("expenditure").key(benefit);
            self.complete &= is_one_of(benefit, &self.benefits_of(name, at), &place);
            let spent = Measure::Expenditure { account: one(&account), benefit: benefit.clone() };
            self.add(spent, Some(figure), &place, money);
        }
        let administration = Measure::Administration { account: one(&account) };
        self.add(administration, raw.administration.as_ref(), &at.key("administration"), money);
        let outgo = Measure::Outgo { account: one(&account) };
        self.add(outgo, raw.outgo.as_ref(), &at.key("outgo"), money);
        let reserve = Measure::ReserveEnd { account };
        self.add(reserve, raw.reserve_end.as_ref(), &at.key("reserve_end"), Kind::MONEY);
    }

    fn scheme(&mut self, name: &str, raw: &SchemeFigures, at: &At<'_>) {
        let known = self.frame.raw.schemes.keys().map(String::as_str);
        if !at.subject("schemes").key(name).exists() {
            let reason = format!("the valuation has no scheme `{name}`");
            at.fault(Code::UnknownName, reason, suggest(name, known));
            self.complete = false;
        }
        let scheme = name.to_owned();
        let contributors = Measure::Contributors { scheme: scheme.clone() };
        self.add(contributors, raw.contributors.as_ref(), &at.key("contributors"), Kind::PERSONS);
        for (benefit, figure) in raw.beneficiaries.iter().flatten() {
            let place = at.key("beneficiaries").key(benefit);
            self.complete &= is_one_of(benefit, &self.benefits_in(name), &place);
            let paid = Measure::Beneficiaries { scheme: scheme.clone(), benefit: benefit.clone() };
            self.add(paid, Some(figure), &place, Kind::PERSONS);
        }
    }

    fn health(&mut self, name: &str, raw: &HealthFigures, at: &At<'_>) {
        let known = self.frame.raw.health.keys().map(String::as_str);
        if !at.subject("health").key(name).exists() {
            let reason = format!("the valuation has no health branch `{name}`");
            at.fault(Code::UnknownName, reason, suggest(name, known));
            self.complete = false;
        }
        let insured = Measure::Insured { scheme: name.to_owned() };
        self.add(insured, raw.insured.as_ref(), &at.key("insured"), Kind::PERSONS);
    }

    /// Returns the benefits that an account pays; nothing where schemes or health branches are at fault themselves.
    fn benefits_of(&self, account: &str, at: &At<'_>) -> Option<Vec<String>> {
        let branches =
            at.subject("health").node().and_then(Node::as_table).map_or(0, BTreeMap::len);
        if (at.subject("schemes").exists() && self.frame.pensions.is_none())
            || branches != self.frame.raw.health.len()
        {
            return None;
        }
        let schemes = self.frame.pensions.iter().flat_map(|pensions| &pensions.schemes);
        let mut names = Vec::new();
        for scheme in schemes {
            let paid = scheme.law.benefits.iter().filter(|one| one.account == account);
            names.extend(paid.map(|one| one.name.clone()));
            let loadings = scheme.loadings.iter().filter(|one| one.account == account);
            names.extend(loadings.map(|one| one.name.clone()));
        }
        let branches = self.frame.raw.health.values().filter(|branch| branch.account == account);
        names.extend(branches.flat_map(|branch| branch.services.keys().cloned()));
        Some(names)
    }

    /// Returns the benefits of a scheme that persons draw; nothing where the schemes could not be built.
    fn benefits_in(&self, scheme: &str) -> Option<Vec<String>> {
        let schemes = &self.frame.pensions.as_ref()?.schemes;
        let scheme = schemes.iter().find(|one| one.law.scheme == scheme)?;
        Some(scheme.law.benefits.iter().map(|one| one.name.clone()).collect())
    }

    fn add(&mut self, measure: Measure, raw: Option<&Quantity>, at: &At<'_>, kind: Kind) {
        let Some(raw) = raw else { return };
        let value = raw.read(at, &kind);
        let source = at.key("value").find_citation().map(|citation| citation.source);
        let Some((value, source)) = value.zip(source) else {
            self.complete = false;
            return;
        };
        if value <= 0.0 {
            at.fault(
                Code::OutOfBounds,
                "a published figure of zero gives no ratio",
                "leave it out where there is nothing to compare",
            );
            self.complete = false;
            return;
        }
        let calibration = self.calibration(&measure);
        self.items.push(BaseYearItem { measure, year: self.year, value, source, calibration });
    }

    /// Finds the calibration in force for a figure, where the scheme or branch states it.
    fn calibration(&self, measure: &Measure) -> Option<Calibration> {
        let schemes = self.frame.pensions.iter().flat_map(|pensions| &pensions.schemes);
        let of = |name: &String, factors: &[(String, Calibration)]| {
            factors.iter().find(|(of, _)| of == name).map(|(_, factor)| *factor)
        };
        match measure {
            Measure::Contributions { account } => {
                schemes.filter_map(|scheme| of(account, &scheme.contribution_calibration)).next()
            }
            Measure::Expenditure { account, benefit } => schemes
                .filter_map(|scheme| of(benefit, &scheme.benefit_calibration))
                .next()
                .or_else(|| self.service_calibration(account, benefit)),
            _ => None,
        }
    }

    fn service_calibration(&self, account: &str, service: &str) -> Option<Calibration> {
        let mut branches = self.frame.raw.health.values().filter(|one| one.account == account);
        let stated = branches.find_map(|branch| branch.services.get(service)?.calibration)?;
        let year = Year::new(stated.year);
        Some(Calibration { factor: stated.value, year, run_off: stated.run_off })
    }
}

/// Says whether a name is among those known; unknown names are a fault, and nothing is said where none could be built.
fn is_one_of(name: &str, known: &Option<Vec<String>>, at: &At<'_>) -> bool {
    let Some(known) = known else { return true };
    let found = known.iter().any(|one| one == name);
    if !found {
        let reason = format!("no benefit `{name}` is paid here");
        at.fault(Code::UnknownName, reason, suggest(name, known.iter().map(String::as_str)));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::scratch::Folder;

    const VALUATION: &str = "title = \"T\"\ncountry = \"C\"\ncurrency = \"crown\"\nstart = 2024-01-01\n\
        horizon = 3\n[files]\nfinance = \"finance.toml\"\nbase_year = \"base_year.toml\"\n";
    const FINANCE: &str = "[accounts.main]\nkept_as = \"state_budget\"\n";

    fn faults(base_year: &str) -> Vec<String> {
        let files = [
            ("valuation.toml", VALUATION),
            ("finance.toml", FINANCE),
            ("base_year.toml", base_year),
        ];
        Folder::new(&files).faults("base_year.")
    }

    #[test]
    fn figures_of_accounts_that_are_kept_have_no_fault() {
        let good = "source = \"s\"\nyear = 2024\n[accounts.main]\n\
            contributions = { value = 3, unit = \"million crown\" }\n\
            reserve_end = { value = 3, unit = \"crown\" }\n";
        assert_eq!(faults(good), [""; 0]);
    }

    #[test]
    fn unknown_names_zeros_and_years_outside_the_run_are_all_reported() {
        let faulty = "source = \"s\"\nyear = 2023\n[accounts.man]\n\
            outgo = { value = 0, unit = \"crown\" }\n[accounts.main]\n\
            expenditure.old = { value = 3, unit = \"crown\" }\n\
            [schemes.none]\ncontributors = { value = -3, unit = \"persons\" }\n\
            [health.none]\ninsured = { value = 3, unit = \"crown\" }\n";
        assert_eq!(
            faults(faulty),
            [
                "A302 base_year.year 2",
                "A604 base_year.accounts.man 3",
                "A302 base_year.accounts.man.outgo 4",
                "A604 base_year.accounts.main.expenditure.old 6",
                "A604 base_year.schemes.none 7",
                "A303 base_year.schemes.none.contributors.value 8",
                "A604 base_year.health.none 9",
                "A202 base_year.health.none.insured.value 10",
            ]
        );
    }
}
