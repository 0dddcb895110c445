use std::borrow::Cow;

use perennis_units::Year;
use thiserror::Error;

use crate::request::{AccountFigures, MeasureValues, NamedMeasure};
use crate::yearly::yearly;
use crate::{
    Course, Finance, FinanceError, FinancingMeasure, FundPath, Ledger, Lever, LeverRange,
    MeasureError, StateYear, Target, search,
};

/// Accounts that are given as tables, and what is asked about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Title of the study.
    pub title: String,
    /// The currency, as written in units.
    pub currency: String,
    /// The accounts.
    pub ledger: Ledger,
    /// Further figures of each account, in the order of the funds.
    pub figures: Vec<AccountFigures>,
    /// The measures asked for, in the order of the tables.
    pub measures: Vec<NamedMeasure>,
    /// The problems to solve, in the order of the tables.
    pub problems: Vec<Problem>,
}

/// A lever to be turned until a target is met.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Name of the problem.
    pub name: String,
    /// The account whose lever is turned.
    pub account: String,
    /// The lever.
    pub lever: Lever,
    /// The values it may take.
    pub range: LeverRange,
    /// What is to be reached, in the same account.
    pub target: Target,
}

/// A figure of one year that a measure gives beside its value.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureYear {
    /// The year.
    pub year: Year,
    /// The account.
    pub scope: String,
    /// Name of the figure.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

/// What came of the accounts and the measures.
#[derive(Clone, Debug)]
pub struct StudyResults {
    /// The funds, rolled forward.
    pub finance: Finance,
    /// What is measured of every account, and what was asked for beside it.
    pub measures: Vec<FinancingMeasure>,
    /// Figures by year, in the order of the measures.
    pub by_year: Vec<MeasureYear>,
    /// What the State budget pays.
    pub state: Vec<StateYear>,
}

/// What turning a lever costs: present values at the start of the first year, after less before, currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeverCost {
    /// Contributions.
    pub contributions: f64,
    /// Subsidies, other income and transfers in.
    pub other_income: f64,
    /// Benefits, administration and transfers out.
    pub outgo: f64,
    /// What the State pays because the reserve does not suffice.
    pub state_paid: f64,
    /// Insured earnings over which the others may be shared.
    pub earnings: f64,
}

/// A problem and its solutions.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// Name of the problem.
    pub name: String,
    /// The account.
    pub account: String,
    /// The lever.
    pub lever: Lever,
    /// The values it may take.
    pub range: LeverRange,
    /// What was to be reached.
    pub target: Target,
    /// Every value at which the target is met, ascending; none when it is met whatever the lever.
    pub values: Vec<f64>,
    /// How the measure moves with the lever.
    pub course: Course,
    /// What each of `values` costs.
    pub costs: Vec<LeverCost>,
}

/// A study that has no answer.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum StudyError {
    /// The accounts cannot be rolled forward.
    #[error("{0}")]
    Roll(#[from] FinanceError),
    /// A measure does not exist.
    #[error("{error}")]
    Measure {
        /// Name of the measure.
        name: String,
        /// Why.
        error: MeasureError,
    },
    /// A target cannot be measured.
    #[error("{error}")]
    Target {
        /// Name of the problem.
        name: String,
        /// Why.
        error: MeasureError,
    },
    /// A figure is beyond the range of numbers: it is divided by next to nothing.
    #[error("`{name}` is beyond all numbers")]
    NotFinite {
        /// The account or the problem.
        scope: String,
        /// The figure.
        name: String,
    },
    /// A target is met by no value of the lever.
    #[error(
        "no {lever} from {low} to {high} meets the target: at {nearest:.6}, the nearest, the measure is {:.6} {} it",
        miss.abs(),
        if *miss < 0.0 { "below" } else { "above" }
    )]
    NoSolution {
        /// Name of the problem.
        name: String,
        /// The lever.
        lever: &'static str,
        /// The lowest value.
        low: f64,
        /// The highest value.
        high: f64,
        /// The value that comes nearest.
        nearest: f64,
        /// By how much the measure is above its target there.
        miss: f64,
        /// Where a straight line through the nearest end of the range meets the target.
        beyond: Option<f64>,
    },
}

impl Study {
    /// Rolls the accounts forward and measures them.
    ///
    /// # Errors
    ///
    /// [`StudyError`] for accounts that cannot be rolled, or for every measure that does not exist.
    pub fn run(&self) -> Result<StudyResults, Vec<StudyError>> {
        let finance = self.ledger.roll().map_err(|error| vec![error.into()])?;
        let mut measures = finance.measures();
        let pairs = finance.funds.iter().zip(&self.figures);
        let mut by_year: Vec<MeasureYear> =
            pairs.flat_map(|(fund, figures)| yearly(fund, figures)).collect();
        let mut errors = Vec::new();
        for named in &self.measures {
            match self.measured(named, &finance) {
                Ok(found) => {
                    measures.extend(found.values.into_iter().map(|(part, value, unit)| {
                        let measure = Cow::Owned(joined(&named.name, &part));
                        FinancingMeasure { scope: named.account.clone(), measure, value, unit }
                    }));
                    by_year.extend(found.by_year.into_iter().map(|(year, part, value, unit)| {
                        let (scope, name) = (named.account.clone(), joined(&named.name, part));
                        MeasureYear { year, scope, name, value, unit }
                    }));
                }
                Err(error) => errors.push(StudyError::Measure { name: named.name.clone(), error }),
            }
        }
        let of_measure = |one: &FinancingMeasure| (one.scope.clone(), one.measure.to_string());
        let of_year = |one: &MeasureYear| (one.scope.clone(), one.name.clone());
        let beyond = |value: f64| !value.is_finite();
        let all = measures.iter().filter(|one| one.value.is_some_and(beyond)).map(of_measure);
        let all = all.chain(by_year.iter().filter(|one| beyond(one.value)).map(of_year));
        errors.extend(all.take(1).map(|(scope, name)| StudyError::NotFinite { scope, name }));
        if !errors.is_empty() {
            return Err(errors);
        }
        let state = finance.state_budget();
        Ok(StudyResults { finance, measures, by_year, state })
    }

    fn measured(
        &self,
        named: &NamedMeasure,
        finance: &Finance,
    ) -> Result<MeasureValues, MeasureError> {
        let position = self.position(&named.account)?;
        let figures = self.figures.get(position).ok_or(MeasureError::Missing("the account"))?;
        named.measure.of(&finance.funds[position], figures)
    }

    /// Solves every problem.
    ///
    /// Accounts in which nobody is named who pays when the reserve is gone go on below zero while the lever is turned.
    ///
    /// # Errors
    ///
    /// [`StudyError`] for accounts that cannot be rolled, or for every problem without a solution.
    pub fn solve(&self) -> Result<Vec<Solved>, Vec<StudyError>> {
        let ledger = self.ledger.going_on();
        let before = ledger.roll().map_err(|error| vec![error.into()])?;
        let solved = self.problems.iter().map(|problem| problem.solve(&ledger, &before));
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        for one in solved {
            match one {
                Ok(one) => found.push(one),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(found) } else { Err(errors) }
    }

    fn position(&self, account: &str) -> Result<usize, MeasureError> {
        let funds = &self.ledger.basis.funds;
        let found = funds.iter().position(|fund| fund.account == account);
        found.ok_or(MeasureError::Missing("the account"))
    }
}

fn joined(name: &str, part: &str) -> String {
    if part.is_empty() { name.to_owned() } else { format!("{name}.{part}") }
}

impl Solved {
    /// Says whether there is one solution and no other in the range: the measure moves one way only.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.values.len() == 1 && matches!(self.course, Course::Rises | Course::Falls)
    }
}

impl Problem {
    fn solve(&self, ledger: &Ledger, before: &Finance) -> Result<Solved, StudyError> {
        let of = |error| StudyError::Target { name: self.name.clone(), error };
        let missing = || of(MeasureError::Missing("the account"));
        let miss = |value: f64| -> Result<f64, StudyError> {
            let rolled = ledger.turned(&self.account, &self.lever, value).roll()?;
            let fund = rolled.fund(&self.account).ok_or_else(missing)?;
            let miss = self.target.miss(fund).map_err(of)?;
            let (scope, name) = (self.name.clone(), "target".to_owned());
            if miss.is_finite() { Ok(miss) } else { Err(StudyError::NotFinite { scope, name }) }
        };
        let found = search(self.range, miss)?;
        let met = |point: &(f64, f64)| 0.0 <= point.1;
        let everywhere = self.target.is_floor() && found.points.iter().all(met);
        if found.values.is_empty() && !everywhere {
            let (nearest, miss) = found.nearest();
            return Err(StudyError::NoSolution {
                name: self.name.clone(),
                lever: self.lever.as_str(),
                low: self.range.low,
                high: self.range.high,
                nearest,
                miss,
                beyond: found.beyond(),
            });
        }
        let was = before.fund(&self.account).ok_or_else(missing)?;
        let cost = |value: &f64| -> Result<LeverCost, StudyError> {
            let rolled = ledger.turned(&self.account, &self.lever, *value).roll()?;
            let is = rolled.fund(&self.account).ok_or_else(missing)?;
            LeverCost::between(was, is).map_err(of)
        };
        let costs = found.values.iter().map(cost).collect::<Result<_, _>>()?;
        Ok(Solved {
            name: self.name.clone(),
            account: self.account.clone(),
            lever: self.lever,
            range: self.range,
            target: self.target,
            values: found.values,
            course: found.course,
            costs,
        })
    }
}

impl LeverCost {
    /// Returns what changed from one run of an account to another, discounted with the interest of the first.
    ///
    /// # Errors
    ///
    /// [`MeasureError`] when the first has no years.
    pub fn between(before: &FundPath, after: &FundPath) -> Result<Self, MeasureError> {
        let flows = before.cash_flows()?;
        let value = |of: fn(&crate::FundYear) -> f64| {
            let pairs = before.years.iter().zip(&after.years);
            let changes: Vec<f64> = pairs.map(|(was, is)| of(is) - of(was)).collect();
            flows.present_value(&changes)
        };
        let earnings: Vec<f64> = before.years.iter().map(|year| year.insured_earnings).collect();
        Ok(Self {
            contributions: value(|year| year.contributions),
            other_income: value(|year| year.primary_income - year.contributions - year.state_paid),
            outgo: value(|year| year.outgo),
            state_paid: value(|year| year.state_paid),
            earnings: flows.present_value(&earnings),
        })
    }
}
