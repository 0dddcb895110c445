//! The place in the files at which a run that failed points.

use perennis_benefits::BenefitsError;
use perennis_finance::FinanceError;
use perennis_labour::LabourError;
use perennis_pensions::PensionsError;
use perennis_scheme::{Law, LawError, PersonError};
use perennis_valuation::ValuationError;

use crate::diagnostics::{Code, Fault};
use crate::files::{Files, Origin, Span};
use crate::load::Loaded;
use crate::tree::{Node, read_path};

/// The merged files of a model, kept to name a place in them.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) tree: Node,
    pub(crate) files: Files,
}

/// What is wrong, and the paths at which it may stand, the best first.
struct Cause {
    code: Code,
    paths: Vec<String>,
    remedy: String,
}

impl Loaded {
    /// Returns the fault in the assumptions for which a run of the model failed, at its place in the files.
    #[must_use]
    pub fn fault_of(&self, error: &ValuationError) -> Fault {
        let Cause { code, paths, remedy } = cause(error);
        let found = paths.iter().find_map(|path| Some((path, self.places.node(path)?)));
        let (path, node) = match found {
            Some((path, node)) => (path.clone(), node),
            None => (String::new(), &self.places.tree),
        };
        let rows = node.get("in_force").filter(|_| code == Code::NotInForce);
        let origin = rows.map_or_else(|| node.key.unwrap_or(node.origin), |rows| rows.origin);
        let place = Some(self.places.files.place(self.places.shown(origin)));
        Fault { code, path, place, reason: error.to_string(), remedy, more: 0 }
    }
}

impl Places {
    /// Returns the fault for which laws cannot be applied to a person.
    pub(crate) fn of_person(&self, error: &PersonError, laws: &[Law]) -> Fault {
        let Cause { code, paths, remedy } = cause_of_person(error, laws);
        let found = paths.iter().find_map(|path| Some((path, self.node(path)?)));
        let (path, node) =
            found.map_or((String::new(), &self.tree), |(path, node)| (path.clone(), node));
        let origin = if found.is_none() { node.origin } else { node.key.unwrap_or(node.origin) };
        let place = Some(self.files.place(self.shown(origin)));
        Fault { code, path, place, reason: error.to_string(), remedy, more: 0 }
    }

    pub(crate) fn node(&self, path: &str) -> Option<&Node> {
        read_path(path)?.iter().try_fold(&self.tree, |node, step| node.step(step))
    }

    /// A table that is a whole file is shown by its first character.
    pub(crate) fn shown(&self, origin: Origin) -> Origin {
        let Span { start, end } = origin.span;
        let length = self.files.get(origin.file).text.len();
        if start == 0 && end == length {
            return Origin { span: Span { start: 0, end: length.min(1) }, ..origin };
        }
        origin
    }
}

fn cause(error: &ValuationError) -> Cause {
    match error {
        ValuationError::Missing { needs, stage } => Cause {
            code: Code::SubjectMissing,
            paths: vec![(*stage).to_owned()],
            remedy: format!("name a file of `{needs}` in [files]"),
        },
        ValuationError::Population(_) => incoherent("population".into()),
        ValuationError::Labour(error) => incoherent(match error {
            LabourError::NobodyEmployed { .. } => "labour.participation".into(),
            LabourError::OutputYear { .. } => "economy.gdp.year".into(),
            _ => "labour".into(),
        }),
        ValuationError::Pensions(error) => of_pensions(error),
        ValuationError::Benefits(BenefitsError::Law(law)) => of_law("", law),
        ValuationError::Benefits(_) => incoherent("health".into()),
        ValuationError::Finance(error) => incoherent(match error {
            FinanceError::UnknownAccount(account)
            | FinanceError::DuplicateAccount(account)
            | FinanceError::NotAnAmount { account, .. } => format!("finance.accounts.{account}"),
            _ => "finance".into(),
        }),
        ValuationError::Indicators(_) => incoherent("base_year".into()),
    }
}

fn incoherent(path: String) -> Cause {
    let remedy = "check the figures given here and those that act on them".to_owned();
    Cause { code: Code::Incoherent, paths: vec![path], remedy }
}

fn of_pensions(error: &PensionsError) -> Cause {
    match error {
        PensionsError::UnknownGroup { scheme, group }
        | PensionsError::NoContribution { scheme, group }
        | PensionsError::TooMuchCredit { scheme, group, .. } => Cause {
            code: Code::Incoherent,
            paths: vec![format!("schemes.{scheme}.groups.{group}"), format!("schemes.{scheme}")],
            remedy: "check the figures of this group and the law that covers it".into(),
        },
        PensionsError::UnknownBenefit { scheme, benefit } => {
            incoherent(format!("schemes.{scheme}.benefits.{benefit}"))
        }
        PensionsError::TooManyRemarry { scheme, .. } => {
            incoherent(format!("schemes.{scheme}.family.remarriage"))
        }
        PensionsError::TooManyRecover { scheme, .. } => {
            incoherent(format!("schemes.{scheme}.invalidity.recovery"))
        }
        PensionsError::Shape { scheme, .. } => incoherent(format!("schemes.{scheme}")),
        PensionsError::Law { scheme, law, .. } => of_law(scheme, law),
    }
}

/// A rule is named by its name in the scheme, or by its whole path where it stands at its use.
fn of_law(scheme: &str, law: &LawError) -> Cause {
    let home = format!("schemes.{scheme}");
    match law {
        LawError::NotInForce { rule, date } => {
            let tables =
                ["rules", "amounts", "scales"].map(|table| format!("{home}.{table}.{rule}"));
            let paths = [rule.clone(), format!("{home}.{rule}")].into_iter().chain(tables);
            Cause {
                code: Code::NotInForce,
                paths: paths.chain([home.clone()]).collect(),
                remedy: format!(
                    "add the row that is in force on {date}, with the day from which it has been, and for all to whom \
                     it is applied"
                ),
            }
        }
        LawError::NoReferenceRule { benefit, .. }
        | LawError::NoReferenceEarnings { place: benefit, .. }
        | LawError::DividedByZero { place: benefit, .. }
        | LawError::NotLinear { place: benefit, .. }
        | LawError::TwoBases { benefit, .. } => incoherent(format!("{home}.benefits.{benefit}")),
        LawError::NoInsuredWage { rule } => Cause {
            paths: vec![rule.clone(), format!("{home}.rules.{rule}"), home],
            ..incoherent(String::new())
        },
        LawError::NoMortality { rule } | LawError::NoSurvivors { rule, .. } => {
            incoherent(format!("{home}.divisors.{rule}"))
        }
        LawError::NoIndicator { indexation, .. } => {
            incoherent(format!("{home}.indexation.{indexation}"))
        }
        LawError::IndicatorNotKnown { indicator, year } => Cause {
            code: Code::NotInForce,
            paths: vec![format!("{home}.indicators.{indicator}"), home],
            remedy: format!(
                "give that of {year} in `published` with its source, or let the law read another year (lag)"
            ),
        },
        LawError::NoFactor { indicator, .. } => Cause {
            paths: vec![format!("{home}.indicators.{indicator}"), home],
            ..incoherent(String::new())
        },
        LawError::Thresholds { brackets, .. } => incoherent(format!("{home}.brackets.{brackets}")),
        LawError::YearNotCounted { because, .. } => of_law(scheme, because),
        LawError::NotMoney(_) | LawError::NotKnown { .. } => incoherent(home),
    }
}

fn cause_of_person(error: &PersonError, laws: &[Law]) -> Cause {
    let cause = |code, path: &str, remedy: &str| Cause {
        code,
        paths: vec![path.to_owned()],
        remedy: remedy.to_owned(),
    };
    match error {
        PersonError::Law { scheme, error } => {
            let position = laws.iter().position(|law| law.scheme == *scheme).unwrap_or_default();
            let item = format!("laws[{position}]");
            match error {
                LawError::NotInForce { date, .. } => {
                    let remedy = format!(
                        "add the row that is in force on {date} to the law, or claim on another day"
                    );
                    Cause { code: Code::NotInForce, paths: vec![item], remedy }
                }
                LawError::NotKnown { measure } => {
                    let remedy =
                        format!("say it of the person, or state it: stated.measures.{measure} = …");
                    Cause { code: Code::NotOfPerson, paths: vec![item], remedy }
                }
                LawError::NoInsuredWage { .. } => {
                    let remedy = "add indices.insured_wage".to_owned();
                    Cause { code: Code::NotOfPerson, paths: vec![item], remedy }
                }
                LawError::NoIndicator { indicator, .. } => {
                    let remedy = format!("add indicators.{indicator}");
                    Cause { code: Code::NotOfPerson, paths: vec![item], remedy }
                }
                _ => Cause { paths: vec![item], ..incoherent(String::new()) },
            }
        }
        PersonError::GroupNeeded { .. } => {
            cause(Code::NotOfPerson, "person", "add group = \"…\" to [person]")
        }
        PersonError::UnknownKind { .. } => cause(
            Code::UnknownName,
            "record",
            "write `work`, or a period under [periods] of the law",
        ),
        PersonError::UnknownStated { table, name } => {
            let remedy = "state what a law counts under this name, or leave it out";
            cause(Code::UnknownName, &format!("stated.{table}.{name}"), remedy)
        }
        PersonError::BeforeBirth { .. } | PersonError::NotLater { .. } => {
            cause(Code::DatesContradict, "claim", "correct the day of birth or of the claim")
        }
        PersonError::NobodyOfAge | PersonError::NoProbability { .. } => {
            cause(Code::LifeNotGiven, "prospects", "give the table from this age on")
        }
        PersonError::NoSurvival { .. } => cause(
            Code::LifeNotGiven,
            "prospects",
            "give the survival of everybody to whom it is paid",
        ),
        PersonError::NoEnd => {
            cause(Code::NoEnd, "prospects", "give until_age, interest, or a survival below one")
        }
    }
}

#[cfg(test)]
mod tests {
    use perennis_scheme::LawError;

    use super::*;
    use crate::scratch::Folder;

    fn loaded() -> Loaded {
        let home = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assumptions/smallest/");
        let names =
            ["valuation.toml", "population.toml", "base.csv", "mortality.csv", "fertility.csv"];
        let texts = names.map(|name| std::fs::read_to_string(format!("{home}{name}")).unwrap());
        let files: Vec<(&str, &str)> =
            names.iter().zip(&texts).map(|(name, text)| (*name, text.as_str())).collect();
        Folder::new(&files).load().unwrap()
    }

    #[test]
    fn a_run_that_fails_points_into_the_files_and_never_nowhere() {
        let loaded = loaded();
        let law = LawError::NotInForce {
            rule: "population.migration".into(),
            date: "2024-01-01".parse().unwrap(),
        };
        let fault = loaded.fault_of(&ValuationError::Benefits(BenefitsError::Law(law)));
        assert_eq!((fault.code, fault.path.as_str()), (Code::NotInForce, "population.migration"));
        assert!(fault.place.unwrap().file.ends_with("population.toml"));
        let finance = FinanceError::UnknownAccount("x".into());
        let fault = loaded.fault_of(&ValuationError::Finance(finance));
        assert_eq!((fault.code, fault.path.as_str()), (Code::Incoherent, ""));
        let place = fault.place.unwrap();
        assert!(place.file.ends_with("valuation.toml") && place.line == 1);
    }
}
