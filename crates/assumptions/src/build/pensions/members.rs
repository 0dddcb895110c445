use ndarray::Axis as ArrayAxis;
use perennis_cohort::AgeGrid;
use perennis_pensions::{CreditSpread, MemberCell, Members};
use perennis_units::{Sex, Share, YearRange};

use super::Context;
use super::classes::{Classes, DensityPart, WagePart};
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Axis, Column, Kind as Quantities, Layout, Quantity, TableFile};
use crate::read::by_age::{Below, Wanted};
use crate::read::scheme::people as raw;

const CREDIT: Wanted =
    Wanted { column: "years", kind: Quantities::YEARS.called("a mean credit"), below: Below::Zero };

/// Which insured a form describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The employed times coverage.
    Active,
    /// Active insured of a group without a coverage.
    Alone,
    Inactive,
}

/// The insured of a group at the start, before they are split into its classes.
pub(super) enum Start {
    /// Counted, with the names of the classes of density and of wages where the table has them.
    Counted(Vec<(MemberCell, [Option<String>; 2])>),
    /// Known by their means.
    Spread(CreditSpread),
}

/// Reads the share of dormant records; not all of them can be.
pub(super) fn dormant(raw: &Quantity, at: &At<'_>) -> Option<Share> {
    let share = raw.read(at, &Quantities::SHARE.within(0.0, 0.99))?;
    Share::new(share).ok()
}

impl Start {
    /// Leaves out a share of all records.
    pub(super) fn without(mut self, dormant: Share) -> Self {
        let kept = 1.0 - dormant.get();
        match &mut self {
            Self::Counted(cells) => cells.iter_mut().for_each(|(cell, _)| cell.persons *= kept),
            Self::Spread(spread) => {
                if let Some(persons) = &mut spread.persons {
                    *persons *= kept;
                }
            }
        }
        self
    }

    /// Returns all of them.
    pub(super) fn all(&self) -> Members {
        match self {
            Self::Counted(cells) => {
                Members::Counted(cells.iter().map(|(cell, _)| cell.clone()).collect())
            }
            Self::Spread(spread) => Members::Spread(spread.clone()),
        }
    }

    /// Returns the members of one class. Where the file does not say who belongs to it, they are its share of the start:
    /// counted members with the credits of all, those known by their means with credits in proportion to their density.
    pub(super) fn of_class(
        &self,
        (density, wage): (&DensityPart, &WagePart),
        at: &At<'_>,
        context: &Context<'_>,
    ) -> Option<Members> {
        let start = density.share.start * wage.share.start;
        match self {
            Self::Counted(cells) => {
                let mut members = Vec::new();
                for (cell, [of_density, of_wage]) in cells {
                    let mut cell = cell.clone();
                    for (named, share) in [(of_density, &density.share), (of_wage, &wage.share)] {
                        cell.persons *= match named {
                            Some(name) => f64::from(u8::from(share.name.as_ref() == Some(name))),
                            None => share.start,
                        };
                    }
                    if of_wage.is_none() {
                        cell.past_earnings = cell.past_earnings.map(|sum| sum * wage.relative);
                    }
                    if 0.0 < cell.persons {
                        members.push(cell);
                    }
                }
                Some(Members::Counted(members))
            }
            Self::Spread(spread) => {
                let place = at.key("spread").key("mean_credit");
                let credit = &spread.mean_credit * density.relative;
                let persons = spread.persons.as_ref().map(|persons| persons * start);
                Some(Members::Spread(CreditSpread {
                    mean_credit: possible(credit, &place, context)?,
                    persons,
                    ..spread.clone()
                }))
            }
        }
    }
}

pub(super) fn members(
    raw: &raw::Members,
    at: &At<'_>,
    (context, classes): (&Context<'_>, &Classes),
    kind: Kind,
) -> Option<Start> {
    match (&raw.counted, &raw.spread) {
        (Some(table), None) => {
            counted(table, &at.key("counted"), context, classes).map(Start::Counted)
        }
        (None, Some(form)) => spread(form, &at.key("spread"), context, kind).map(Start::Spread),
        (None, None) => {
            at.fault(
                Code::NoValues,
                "the members of the start are not given",
                "give counted = { file = \"….csv\" } or a table spread",
            );
            None
        }
        (Some(_), Some(_)) => {
            let reason = "the members of the start are counted and spread";
            at.fault(Code::TwoWays, reason, "keep one of counted and spread");
            None
        }
    }
}

fn counted(
    table: &TableFile,
    at: &At<'_>,
    context: &Context<'_>,
    classes: &Classes,
) -> Option<Vec<(MemberCell, [Option<String>; 2])>> {
    let layout = Layout {
        axes: &[Axis::Sex, Axis::Age, Axis::Name("credit_months")],
        optional: &[Axis::Name("density_class"), Axis::Name("wage_class")],
        columns: &[
            Column::needed("persons", Quantities::PERSONS),
            Column::optional("past_earnings", Quantities::PAY),
        ],
    };
    let rows = table.rows(at, &layout)?;
    let densities: Vec<&str> = classes.density_names().collect();
    let wages: Vec<&str> = classes.wage_names().collect();
    let mut cells = Vec::with_capacity(rows.rows.len());
    let mut whole = true;
    for (position, row) in rows.rows.iter().enumerate() {
        let text = &row.names[rows.name("credit_months")?];
        let age = usize::from(row.age?);
        let most = (age + 1).saturating_sub(context.first_age) * 12;
        let credit = text.parse::<u32>().ok().filter(|months| {
            context.first_age <= age && age < context.ages && *months as usize <= most
        });
        let Some(credit_months) = credit else {
            let reason = format!("{text} months of credit cannot be held at age {age}");
            let remedy = format!(
                "whole months, at most {most} since the first age of entry, {}",
                context.first_age
            );
            rows.fault(position, at, Code::OutOfBounds, (reason, remedy));
            whole = false;
            continue;
        };
        let of =
            ["density_class", "wage_class"].map(|axis| Some(row.names[rows.name(axis)?].clone()));
        for (name, known) in of.iter().zip([&densities, &wages]) {
            if let Some(name) = name.as_ref().filter(|name| !known.contains(&name.as_str())) {
                let reason = format!("the group has no class `{name}`");
                let remedy = suggest(name, known.iter().copied());
                rows.fault(position, at, Code::UnknownName, (reason, remedy));
                whole = false;
            }
        }
        let cell = MemberCell {
            sex: row.sex?,
            age,
            credit_months,
            persons: *row.values.first()?.as_ref()?,
            past_earnings: row.values.get(1).copied().flatten(),
        };
        cells.push((cell, of));
    }
    whole.then_some(cells)
}

fn spread(
    raw: &raw::Spread,
    at: &At<'_>,
    context: &Context<'_>,
    kind: Kind,
) -> Option<CreditSpread> {
    let one_year = YearRange::new(context.frame.years.first(), 1);
    let place = at.key("mean_credit");
    let credit = raw.mean_credit.read(&place, &CREDIT, one_year, context.ages);
    let mean_credit = credit.map(|grid| grid.values().index_axis(ArrayAxis(0), 0).to_owned());
    let mean_credit = mean_credit.and_then(|grid| possible(grid, &place, context));
    let concentration = Quantities::FACTOR.within(0.1, 1000.0).called("a concentration");
    let concentration = raw.concentration.read(&at.key("concentration"), &concentration);
    let years_away = match &raw.years_away {
        Some(raw) => raw.read(&at.key("years_away"), &Quantities::YEARS.within(0.0, 60.0)),
        None => Some(0.0),
    };
    let persons = persons(raw, at, context, kind);
    Some(CreditSpread {
        persons: persons?,
        mean_credit: mean_credit?,
        concentration: concentration?,
        years_away: years_away?,
    })
}

/// A mean credit at an age where less can be held is a fault; the first such age is named.
fn possible(grid: AgeGrid, at: &At<'_>, context: &Context<'_>) -> Option<AgeGrid> {
    let mut grid = grid;
    for sex in Sex::ALL {
        for age in 0..context.ages {
            let most = (age + 1).saturating_sub(context.first_age);
            let most = f64::from(u32::try_from(most).ok()?);
            let mean = &mut grid[[sex.index(), age]];
            if age < context.first_age {
                *mean = 0.0;
            } else if most < *mean {
                at.fault(
                    Code::Incoherent,
                    format!(
                        "a mean credit of {mean} years at age {age} is more than anyone can hold"
                    ),
                    format!(
                        "at most {most} years since the first age of entry, {}",
                        context.first_age
                    ),
                );
                return None;
            }
        }
    }
    Some(grid)
}

/// Inactive insured are spread over the population of their ages.
#[expect(clippy::option_option, reason = "active insured have no number of their own")]
fn persons(
    raw: &raw::Spread,
    at: &At<'_>,
    context: &Context<'_>,
    kind: Kind,
) -> Option<Option<AgeGrid>> {
    let (form, from, to) = match (kind, &raw.persons, raw.from_age, raw.to_age) {
        (Kind::Active, None, None, None) => return Some(None),
        (Kind::Active, ..) => {
            at.fault(
                Code::TwoWays,
                "the active insured of the start are the employed times coverage",
                "leave persons, from_age and to_age out, or use counted",
            );
            return None;
        }
        (_, Some(form), Some(from), Some(to)) => (form, from, to),
        (Kind::Inactive | Kind::Alone, ..) => {
            at.fault(
                Code::MissingKey,
                "these insured need persons, from_age and to_age",
                "add the keys that are missing",
            );
            return None;
        }
    };
    let numbers = form.quantity(&at.key("persons"), &Quantities::PERSONS)?;
    let ages = usize::from(from)..=usize::from(to);
    if from > to || context.ages <= usize::from(to) || usize::from(from) < context.first_age {
        at.key("from_age").fault(
            Code::NotAnAge,
            format!("ages {from} to {to} are no ages of insured persons"),
            format!("from {} to {}", context.first_age, context.ages - 1),
        );
        return None;
    }
    let population = context.frame.population.as_ref()?;
    let mut grid = AgeGrid::zeros((2, context.ages));
    for sex in Sex::ALL {
        let row = population.base.row(sex.index());
        let there: f64 = ages.clone().map(|age| row[age]).sum();
        if there < numbers[sex.index()] {
            at.key("persons").fault(
                Code::Incoherent,
                format!(
                    "{} insured are more than the {there:.0} persons of these ages",
                    numbers[sex.index()]
                ),
                "check the unit and the ages",
            );
            return None;
        }
        for age in ages.clone() {
            grid[[sex.index(), age]] = numbers[sex.index()] * row[age] / there;
        }
    }
    Some(Some(grid))
}
