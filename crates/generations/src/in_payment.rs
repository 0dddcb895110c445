use std::collections::BTreeMap;

use perennis_scheme::{Environment, Law, LawError};
use perennis_units::{Sex, Year};

use crate::insured_lives::{InsuredLives, of};

/// The amounts in force of a benefit that persons of one sex and year of birth have, and whether they stood at the start or
/// were awarded to those insured then.
type Of = (usize, usize, i32, bool);

/// Pensions in payment by generation.
#[derive(Clone, Debug, Default)]
pub(crate) struct PensionsInPayment {
    amounts: BTreeMap<Of, f64>,
}

/// A pension that begins in a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beginning {
    pub(crate) benefit: usize,
    pub(crate) sex: Sex,
    pub(crate) born: i32,
    pub(crate) initial: bool,
    /// Months from 1 January to the first day.
    pub(crate) offset: f64,
    /// Currency a year, of all who live on that day.
    pub(crate) amount: f64,
    /// Of those who live on that day the share that lives to the end of the year.
    pub(crate) alive: f64,
}

/// How the pensions of a benefit move in one year: months from 1 January and the factor in force from then on.
#[derive(Clone, Debug)]
pub(crate) struct Adjusted(Vec<(f64, f64)>);

impl Adjusted {
    /// Asks the law for the adjustments of every benefit.
    pub(crate) fn of_year(
        law: &Law,
        year: Year,
        env: &Environment<'_>,
    ) -> Result<Vec<Self>, LawError> {
        let of_benefit = |benefit: &perennis_scheme::Benefit| {
            let rule = benefit.indexation.as_ref();
            let found = rule.map(|rule| rule.adjustments(year, env)).transpose()?;
            let mut factor = 1.0;
            let steps = found.unwrap_or_default().into_iter().map(|(day, change)| {
                factor *= change;
                let part = f64::from(day.day() - 1) / f64::from(day.days_in_month());
                (f64::from(day.month() - 1) + part, factor)
            });
            Ok(Self(std::iter::once((0.0, 1.0)).chain(steps).collect()))
        };
        law.benefits.iter().map(of_benefit).collect()
    }

    fn end(&self) -> f64 {
        self.0.last().map_or(1.0, |step| step.1)
    }

    fn at(&self, month: f64) -> f64 {
        self.0.iter().take_while(|step| step.0 <= month + 1e-9).last().map_or(1.0, |step| step.1)
    }

    /// Returns what is paid from a month to the end of the year for one a year in force at that month, when the share
    /// `alive` of those who live at that month lives to the end and deaths fall evenly.
    fn paid(&self, from: f64, alive: f64) -> f64 {
        let left = 12.0 - from;
        let living = |month: f64| 1.0 - (1.0 - alive) * (month - from) / left;
        let ends = self.0.iter().skip(1).map(|step| step.0).chain([12.0]);
        let spans = self.0.iter().zip(ends);
        let paid = spans.map(|((start, factor), end)| {
            let start = start.max(from);
            if end <= start {
                return 0.0;
            }
            (end - start) / 12.0 * factor * 0.5 * (living(start) + living(end))
        });
        let paid: f64 = paid.sum();
        paid / self.at(from)
    }
}

impl PensionsInPayment {
    /// Takes the pensions of the start.
    pub(crate) fn of_start(lives: &InsuredLives<'_>) -> Self {
        let mut amounts = BTreeMap::new();
        for pension in &lives.pensions {
            for sex in Sex::ALL {
                for (age, amount) in (0..).zip(&pension.amounts[sex.index()]) {
                    let born = lives.first_year.get() - age - 1;
                    if 0.0 < *amount {
                        *amounts
                            .entry((pension.benefit, sex.index(), born, true))
                            .or_insert(0.0) += amount;
                    }
                }
            }
        }
        Self { amounts }
    }

    /// Pays those in payment at the start of a year; gives benefit, whether initial, and what is paid.
    pub(crate) fn pay(
        &mut self,
        lives: &InsuredLives<'_>,
        (position, year): (usize, i32),
        adjusted: &[Adjusted],
        mut book: impl FnMut(usize, bool, f64),
    ) {
        for ((benefit, sex, born, initial), amount) in &mut self.amounts {
            let age = usize::try_from(year - *born - 1).unwrap_or(0);
            let table = &lives.survival_of_pensioners[*benefit];
            let alive = of(table, position, (Sex::ALL[*sex], age));
            let moves = &adjusted[*benefit];
            // What is adjusted on 1 January is what stood before it.
            book(*benefit, *initial, *amount * moves.at(0.0) * moves.paid(0.0, alive));
            *amount *= alive * moves.end();
        }
        self.amounts.retain(|_, amount| 0.0 < *amount);
    }

    /// Begins a pension and returns what is paid of it in the year.
    pub(crate) fn begin(&mut self, of: Beginning, adjusted: &[Adjusted]) -> f64 {
        let moves = &adjusted[of.benefit];
        let at_end = of.amount * of.alive * moves.end() / moves.at(of.offset);
        let key = (of.benefit, of.sex.index(), of.born, of.initial);
        *self.amounts.entry(key).or_insert(0.0) += at_end;
        of.amount * moves.paid(of.offset, of.alive)
    }
}
