use std::sync::Arc;

use perennis_scheme as scheme;
use perennis_units::{Dated, InForce, Sex};

use super::numbers::Use;
use super::provisions::{Provisions, unknown, within};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Ages, Axis, BySex, Column, Gaps, Kind, Layout, Provision, TableFile};
use crate::read::scheme::law;

/// The name that stands for the mortality of the valuation.
const SCHEME: &str = "scheme";

impl Provisions<'_> {
    /// Looks up a scale.
    pub(super) fn scale(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<scheme::Scale>> {
        let Some(raw) = self.raw.scales.get(name) else {
            return unknown(named, "a scale", name, self.raw.scales.keys());
        };
        self.use_of("scales", name);
        let at = self.at.key("scales").key(name);
        let provision = Provision { in_force: raw.in_force.clone() };
        let values = provision.read_with(&at, |points, place| scale(raw, points, place))?;
        self.check_start(&values, &at)?;
        Some(scheme::Rule { name: name.to_owned(), values })
    }

    /// Looks up whose mortality is meant.
    pub(super) fn mortality(&self, name: &str, named: &At<'_>) -> Option<scheme::Mortality> {
        if name == SCHEME && !self.raw.life_tables.contains_key(name) {
            return Some(scheme::Mortality::Scheme);
        }
        self.life_table(name, named).map(scheme::Mortality::Table)
    }

    /// Looks up a life table.
    pub(super) fn life_table(
        &self,
        name: &str,
        named: &At<'_>,
    ) -> Option<Arc<scheme::Rule<scheme::LifeTable>>> {
        let Some(raw) = self.raw.life_tables.get(name) else {
            let known: Vec<String> =
                self.raw.life_tables.keys().cloned().chain([SCHEME.to_owned()]).collect();
            return unknown(named, "a life table", name, known.iter());
        };
        self.once(&self.life_tables, ("life_tables", name), named, |at| {
            let citation = at.citation();
            let tables = life_tables(raw, at)?;
            let citation = citation?;
            let row = |(sex, table): (Option<Sex>, scheme::LifeTable)| InForce {
                from: perennis_units::date_of_year(perennis_units::Year::new(1850)),
                born_from: None,
                entered_from: None,
                sex,
                value: table,
                citation: citation.clone(),
            };
            let values = Dated::new(tables.into_iter().map(row).collect())?;
            Some(Arc::new(scheme::Rule { name: name.to_owned(), values }))
        })
    }

    /// Looks up an annuity divisor.
    pub(super) fn divisor(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::Divisor>> {
        let Some(raw) = self.raw.divisors.get(name) else {
            return unknown(named, "a divisor", name, self.raw.divisors.keys());
        };
        self.once(&self.divisors, ("divisors", name), named, |at| {
            let citation = at.citation();
            let mortality = self.mortality(&raw.table, &at.key("table"));
            let norm = self.optional(raw.norm_rate.as_ref(), &at.key("norm_rate"), Use::Growth);
            let less = self.optional(raw.less.as_ref(), &at.key("less"), Use::Term);
            let payments = raw.payments_a_year.unwrap_or(1);
            let payments_a_year = within(payments, 1, 12, &at.key("payments_a_year"))
                .and_then(|payments| i32::try_from(payments).ok());
            let fixed_at = self.optional_age(raw.fixed_at.as_ref(), &at.key("fixed_at"));
            Some(Arc::new(scheme::Divisor {
                name: name.to_owned(),
                mortality: mortality?,
                norm_rate: norm?,
                payments_a_year: payments_a_year?,
                payments: timing(raw.payments.unwrap_or(law::Timing::Middle)),
                less: less?,
                fixed_at: fixed_at?,
                citation: citation?,
            }))
        })
    }

    /// Looks up brackets of marginal rates.
    pub(super) fn brackets_of(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::Brackets>> {
        let Some(raw) = self.raw.brackets.get(name) else {
            return unknown(named, "brackets", name, self.raw.brackets.keys());
        };
        self.once(&self.brackets, ("brackets", name), named, |at| {
            let citation = at.citation();
            let (rates_at, place) = (at.key("rates"), at.key("thresholds"));
            let rates: Vec<_> = (raw.rates.iter().enumerate())
                .map(|(index, rate)| self.rate(rate, &rates_at.index(index)))
                .collect();
            let thresholds: Vec<_> = (raw.thresholds.iter().enumerate())
                .map(|(index, threshold)| self.operand(threshold, &place.index(index)))
                .collect();
            self.check_thresholds(raw, &place)?;
            let rates = rates.into_iter().collect::<Option<_>>()?;
            let thresholds = thresholds.into_iter().collect::<Option<_>>()?;
            match scheme::Brackets::new(name.to_owned(), rates, thresholds, citation?) {
                Ok(brackets) => Some(Arc::new(brackets)),
                Err(error) => {
                    let remedy = "write one rate more than thresholds";
                    at.fault(Code::Thresholds, error.to_string(), remedy);
                    None
                }
            }
        })
    }

    /// A marginal rate: names a rule, or is an operand.
    fn rate(&self, raw: &law::NameOr<law::Operand>, at: &At<'_>) -> Option<scheme::Operand> {
        match raw {
            law::NameOr::Name(name) => self.number(name, at, Use::Term).map(scheme::Operand::Rule),
            law::NameOr::Table(raw) => self.operand(raw, at),
        }
    }

    /// Checks that thresholds which are amounts increase from one to the next, on every day on which one of them changes.
    fn check_thresholds(&self, raw: &law::Brackets, at: &At<'_>) -> Option<()> {
        let amounts: Vec<_> = (raw.thresholds.iter())
            .map(|raw| raw.amount.as_ref().and_then(|name| self.raw.amounts.get(name)))
            .collect();
        for (index, pair) in amounts.windows(2).enumerate() {
            let [Some(low), Some(high)] = pair else { continue };
            for row in &low.in_force {
                let same = high.in_force.iter().find(|other| other.from == row.from);
                let Some(other) = same.filter(|other| other.value <= row.value) else { continue };
                at.index(index + 1).fault(
                    Code::Thresholds,
                    format!("thresholds do not increase: {} follows {}", other.value, row.value),
                    "write the lowest threshold first",
                );
                return None;
            }
        }
        Some(())
    }
}

fn scale(raw: &law::Scale, points: &[[f64; 2]], place: &At<'_>) -> Option<scheme::Scale> {
    use scheme::{BeforeFirst, ScaleOf, ScaleShape};
    let unit = place.find_unit().map(|(unit, _)| unit).unwrap_or_default();
    let factor = place.unit(&Kind::of_law(&unit, place.currency()))?;
    if points.iter().flatten().any(|value| !value.is_finite()) {
        return None;
    }
    let points: Vec<(f64, f64)> = points.iter().map(|[x, share]| (*x, factor * share)).collect();
    let plain = raw.of.is_none()
        && unit.starts_with("share")
        && raw.steps != Some(true)
        && raw.before.is_none();
    let made = if plain {
        scheme::Scale::new(points)
    } else {
        let quarters = matches!(raw.of, Some(law::ScaleOf::Quarters));
        let points = points.into_iter().map(|(x, y)| (if quarters { 3.0 * x } else { x }, y));
        let of = match raw.of {
            None | Some(law::ScaleOf::Years) => ScaleOf::Years,
            Some(law::ScaleOf::Months | law::ScaleOf::Quarters) => ScaleOf::Months,
            Some(law::ScaleOf::Share | law::ScaleOf::Number) => ScaleOf::Number,
        };
        let shape = if raw.steps == Some(true) { ScaleShape::Steps } else { ScaleShape::Lines };
        let before = match raw.before {
            Some(law::Before::First) => BeforeFirst::First,
            Some(law::Before::Nothing) | None => BeforeFirst::Nothing,
        };
        scheme::Scale::of(of, points.collect(), shape, before)
    };
    match made {
        Ok(scale) => Some(scale),
        Err(fault) => {
            place.fault(
                Code::NotAScale,
                fault.to_string(),
                "write points as [x, share] with x increasing, such as [[15, 0.4], [20, 0.45]] by years of credit",
            );
            None
        }
    }
}

pub(super) const fn timing(raw: law::Timing) -> scheme::Timing {
    match raw {
        law::Timing::Start => scheme::Timing::Start,
        law::Timing::Middle => scheme::Timing::Middle,
        law::Timing::End => scheme::Timing::End,
    }
}

/// Reads a life table for all, or one for each sex.
fn life_tables(raw: &law::LifeTable, at: &At<'_>) -> Option<Vec<(Option<Sex>, scheme::LifeTable)>> {
    match raw {
        BySex::Both(raw) => survivors(raw, at),
        BySex::Each(two) => {
            let [male, female] = Sex::ALL.map(|sex| {
                let tables = survivors(&two[sex.index()], &at.key(sex.as_str()))?;
                tables.into_iter().next().map(|(_, table)| (Some(sex), table))
            });
            Some(vec![male?, female?])
        }
    }
}

fn survivors(raw: &law::Survivors, at: &At<'_>) -> Option<Vec<(Option<Sex>, scheme::LifeTable)>> {
    match (&raw.values, &raw.file) {
        (Some(values), None) => {
            let place = at.key("values");
            let factor = place.unit(&Kind::SURVIVORS)?;
            let before = at.reading().count();
            let mut points = Vec::new();
            for (key, value) in values {
                let here = place.key(key);
                let Some(age) = key.parse::<u16>().ok().filter(|age| *age <= 130) else {
                    here.fault_at_key(
                        Code::NotAnAge,
                        format!("`{key}` is not an age from 0 to 130"),
                        "write values = { 65 = 1.0, 66 = 0.98 }",
                    );
                    continue;
                };
                points.extend(Kind::SURVIVORS.check(value * factor, &here).map(|l_x| (age, l_x)));
            }
            points.sort_by_key(|(age, _)| *age);
            (at.reading().count() == before).then_some(())?;
            let points = filled(&points, raw.gaps.unwrap_or(Gaps::None));
            Some(vec![(None, life_table(&points, &place)?)])
        }
        (None, Some(file)) => from_file(file, at),
        _ => {
            at.fault(
                Code::TwoWays,
                "a life table is given in none or in both of its ways",
                "write values = { 65 = 1.0, … }, or file = \"….csv\" with columns age and survivors",
            );
            None
        }
    }
}

/// Fills the ages between two that are given, unless none may be missing.
fn filled(points: &[(u16, f64)], gaps: Gaps) -> Vec<(u16, f64)> {
    let mut filled: Vec<(u16, f64)> = points.iter().take(1).copied().collect();
    for pair in points.windows(2) {
        let ((from, before), (to, after)) = (pair[0], pair[1]);
        for age in from + 1..to {
            let part = f64::from(age - from) / f64::from(to - from);
            match gaps {
                Gaps::Linear => filled.push((age, before + (after - before) * part)),
                Gaps::Hold => filled.push((age, before)),
                Gaps::None => {}
            }
        }
        filled.push(pair[1]);
    }
    filled
}

fn from_file(file: &str, at: &At<'_>) -> Option<Vec<(Option<Sex>, scheme::LifeTable)>> {
    let table =
        TableFile { file: file.to_owned(), ages: Some(Ages::Single), gaps: None, units: None };
    let layout = Layout {
        axes: &[Axis::Age],
        optional: &[Axis::Sex],
        columns: &[Column::needed("survivors", Kind::SURVIVORS)],
    };
    let cube = table.read(at, &layout)?;
    let grid = cube.grid("survivors")?;
    let place = at.key("file");
    let sexes: Vec<Option<Sex>> =
        if cube.by_sex { Sex::ALL.map(Some).to_vec() } else { vec![None] };
    let read = |(index, sex): (usize, Option<Sex>)| {
        let ages = cube.ages.iter().enumerate();
        let points: Vec<_> = ages.map(|(row, age)| (*age, grid[[0, index, row]])).collect();
        Some((sex, life_table(&points, &place)?))
    };
    sexes.into_iter().enumerate().map(read).collect()
}

fn life_table(points: &[(u16, f64)], at: &At<'_>) -> Option<scheme::LifeTable> {
    if let Some(pair) = points.windows(2).find(|pair| pair[0].0 + 1 != pair[1].0) {
        at.fault(
            Code::RowsMissing,
            format!("no survivors at age {}", pair[0].0 + 1),
            "give every single age from the first to the last",
        );
        return None;
    }
    let first = points.first().map_or(0, |(age, _)| usize::from(*age));
    let survivors = points.iter().map(|(_, l_x)| *l_x).collect();
    match scheme::LifeTable::new(first, survivors) {
        Ok(table) => Some(table),
        Err(error) => {
            at.fault(
                Code::NotALifeTable,
                error.to_string(),
                "give those alive at each age, of any number at the first, never more than a year before",
            );
            None
        }
    }
}
