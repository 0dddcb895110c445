use std::sync::Arc;

use perennis_scheme as scheme;

use super::numbers::Use;
use super::provisions::{Provisions, unknown};
use super::tables::timing;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::{Code, suggest};
use crate::read::scheme::law;

impl Provisions<'_> {
    /// Builds every kind of credited time.
    pub(super) fn periods(&self) -> Option<Vec<Arc<scheme::Period>>> {
        let at = self.at.key("periods");
        let named = self.raw.periods.keys();
        let built: Vec<_> = named.map(|name| self.period(name, &at.key(name))).collect();
        built.into_iter().collect()
    }

    fn period(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::Period>> {
        let Some(raw) = self.raw.periods.get(name) else {
            return unknown(named, "a period", name, self.raw.periods.keys());
        };
        self.once(&self.periods, ("periods", name), named, |at| {
            if name == scheme::WORK {
                at.fault_at_key(
                    Code::BadName,
                    "`work` is insured work and needs no period",
                    "give the period another name",
                );
                return None;
            }
            let citation = at.citation();
            let credit = self.optional(raw.credit.as_ref(), &at.key("credit"), Use::Multiple);
            let earnings = self.optional_operand(raw.earnings.as_ref(), &at.key("earnings"));
            Some(Arc::new(scheme::Period {
                name: name.to_owned(),
                credit: credit?,
                earnings: earnings?,
                citation: citation?,
            }))
        })
    }

    /// Checks names of kinds of credited time: `work` and periods.
    pub(super) fn kinds(&self, names: &[String], at: &At<'_>) -> Option<Vec<String>> {
        let mut known = true;
        for (index, name) in names.iter().enumerate() {
            if name != scheme::WORK && !self.raw.periods.contains_key(name) {
                known = false;
                let named = self.raw.periods.keys().map(String::as_str);
                at.index(index).fault(
                    Code::UnknownName,
                    format!("`{name}` is not a kind of credited time here"),
                    suggest(name, named.chain([scheme::WORK]).collect::<Vec<_>>()),
                );
            }
        }
        known.then(|| names.to_vec())
    }

    pub(super) fn optional_operand(
        &self,
        raw: Option<&law::Operand>,
        at: &At<'_>,
    ) -> Option<Option<scheme::Operand>> {
        given(raw.map(|raw| self.operand(raw, at)))
    }

    /// Looks up several ways to find reference earnings.
    pub(super) fn reference_list(
        &self,
        names: &[String],
        at: &At<'_>,
    ) -> Option<Vec<Arc<scheme::ReferenceRule>>> {
        if names.is_empty() {
            at.fault(Code::NoRows, "the list is empty", "name at least one of reference_earnings");
            return None;
        }
        let named = names.iter().enumerate();
        let built: Vec<_> =
            named.map(|(index, name)| self.reference_earnings(name, &at.index(index))).collect();
        built.into_iter().collect()
    }

    /// Looks up a way to find reference earnings.
    pub(super) fn reference_earnings(
        &self,
        name: &str,
        named: &At<'_>,
    ) -> Option<Arc<scheme::ReferenceRule>> {
        let Some(raw) = self.raw.reference_earnings.get(name) else {
            let known = self.raw.reference_earnings.keys();
            return unknown(named, "reference earnings", name, known);
        };
        let key = ("reference_earnings", name);
        self.once(&self.reference, key, named, |at| {
            let citation = at.citation();
            let groups = self.groups(raw.groups.as_ref(), &at.key("groups"));
            let entered_from = given(raw.entered_from.map(|day| day.read(&at.key("entered_from"))));
            let window = self.window(&raw.window, &at.key("window"));
            let revaluation = self.revaluation(&raw.revalued, &at.key("revalued"));
            let drop = self.optional(raw.drop.as_ref(), &at.key("drop"), Use::Share);
            let ceiling = self.optional_operand(raw.ceiling.as_ref(), &at.key("ceiling"));
            let floor = self.optional_operand(raw.floor.as_ref(), &at.key("floor"));
            let above = self.optional_operand(raw.above.as_ref(), &at.key("above"));
            let missing =
                given(raw.missing.as_ref().map(|raw| self.missing(raw, &at.key("missing"))));
            let ages = (raw.from_age.as_ref(), raw.until_age.as_ref());
            let life = self.part_of_life(ages, (raw.from, raw.until), at);
            let credited = raw.credited.as_deref().unwrap_or_default();
            let credited = self.kinds(credited, &at.key("credited"));
            Some(Arc::new(scheme::ReferenceRule {
                name: name.to_owned(),
                groups: groups?,
                entered_from: entered_from?,
                window: window?,
                revaluation: revaluation?,
                divided_by: match raw.divisor {
                    None | Some(law::Divide::Credited) => scheme::DividedBy::Credited,
                    Some(law::Divide::Window) => scheme::DividedBy::Window,
                    Some(law::Divide::Years) => scheme::DividedBy::Years,
                },
                drop: drop?,
                ceiling: ceiling?,
                floor: floor?,
                above: above?,
                missing: missing?,
                limits: match raw.limits {
                    None | Some(law::LimitsOf::Year) => scheme::LimitsOf::Year,
                    Some(law::LimitsOf::Month) => scheme::LimitsOf::Month,
                },
                life: life?,
                credited: credited?,
                citation: citation?,
            }))
        })
    }

    fn missing(
        &self,
        raw: &law::With<law::MissingBeyond>,
        at: &At<'_>,
    ) -> Option<scheme::MissingEarnings> {
        let earnings = self.operand(&raw.operand, at);
        let beyond = match (&raw.beside.beyond, &raw.beside.rest) {
            (None, None) => Some(None),
            (Some(months), Some(rest)) => {
                let months = self.years(months, &at.key("beyond"));
                let rest = self.operand(rest, &at.key("rest"));
                months.zip(rest).map(Some)
            }
            _ => {
                at.fault(
                    Code::MissingKey,
                    "`beyond` and `rest` stand together",
                    "write missing = { amount = \"a\", beyond = \"months\", rest = { … } }",
                );
                None
            }
        };
        Some(scheme::MissingEarnings { earnings: earnings?, beyond: beyond? })
    }

    fn window(&self, raw: &law::Window, at: &At<'_>) -> Option<scheme::Window> {
        match raw {
            law::Window::Career => Some(scheme::Window::Career),
            law::Window::Last(raw) => match self.length(raw, &at.key("last"))? {
                scheme::Length::Years(years) => Some(scheme::Window::Last(years)),
                scheme::Length::Months(months) => Some(scheme::Window::LastOf(months)),
            },
            law::Window::Best(best) => {
                let at = at.key("best");
                let of_last =
                    given(best.of_last.as_ref().map(|rule| self.years(rule, &at.key("of_last"))));
                let consecutive = best.consecutive == Some(true);
                match (&best.years, &best.months) {
                    (Some(years), None) => {
                        let years = self.length(years, &at.key("years"))?;
                        Some(scheme::Window::Best { years, of_last: of_last?, consecutive })
                    }
                    (None, Some(months)) => {
                        let months = self.length(months, &at.key("months"))?;
                        Some(scheme::Window::BestMonths { months, of_last: of_last?, consecutive })
                    }
                    _ => {
                        at.fault(
                            Code::TwoWays,
                            "the best are years or months, and one of them is needed",
                            "write { years = \"rule\" } or { months = \"rule\" }",
                        );
                        None
                    }
                }
            }
        }
    }

    /// A length of time: names a rule or a measure, or is an operand in months.
    fn length(&self, raw: &law::NameOr<law::Operand>, at: &At<'_>) -> Option<scheme::Length> {
        match raw {
            law::NameOr::Table(raw) => self.operand(raw, at).map(scheme::Length::Months),
            law::NameOr::Name(name) if self.raw.measures.contains_key(name) => {
                let measure = self.measure(name, at)?;
                Some(scheme::Length::Months(scheme::Operand::Measure(measure)))
            }
            law::NameOr::Name(name) => self.years(name, at).map(scheme::Length::Years),
        }
    }

    /// A length of time in years.
    pub(super) fn years(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<f64>> {
        let months = self.number(name, named, Use::Months)?;
        let values = months.values.map(|months| months / 12.0);
        Some(scheme::Rule { name: months.name, values })
    }

    /// Looks up points.
    pub(super) fn points_of(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::PointsRule>> {
        let Some(raw) = self.raw.points.get(name) else {
            return unknown(named, "points", name, self.raw.points.keys());
        };
        self.once(&self.points, ("points", name), named, |at| {
            let citation = at.citation();
            let price = self.operand(&raw.price, &at.key("price"));
            let rate = self.optional(raw.rate.as_ref(), &at.key("rate"), Use::Multiple);
            let at_most = self.optional(raw.at_most.as_ref(), &at.key("at_most"), Use::Term);
            let at_least = self.optional(raw.at_least.as_ref(), &at.key("at_least"), Use::Term);
            let above = self.optional_operand(raw.above.as_ref(), &at.key("above"));
            let least =
                self.optional_operand(raw.earnings_at_least.as_ref(), &at.key("earnings_at_least"));
            let kinds = self.kinds(raw.kinds.as_deref().unwrap_or_default(), &at.key("kinds"));
            let ceiling = self.optional_operand(raw.ceiling.as_ref(), &at.key("ceiling"));
            let rounded = self.rounded(raw.rounded.as_ref(), 1, &at.key("rounded"));
            let place = at.key("credited");
            let credited: Vec<_> = (raw.credited.iter().flatten())
                .map(|(kind, rule)| {
                    let here = place.key(kind);
                    let known = self.kinds(std::slice::from_ref(kind), &here);
                    let points = self.number(rule, &here, Use::Term);
                    known.and(points).map(|points| (kind.clone(), points))
                })
                .collect();
            Some(Arc::new(scheme::PointsRule {
                name: name.to_owned(),
                price: price?,
                rate: rate?,
                at_most: at_most?,
                ceiling: ceiling?,
                kinds: kinds?,
                above: above?,
                earnings_at_least: least?,
                at_least: at_least?,
                credited: credited.into_iter().collect::<Option<_>>()?,
                rounded: rounded?,
                citation: citation?,
            }))
        })
    }

    /// Looks up a balance.
    pub(super) fn balance(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::BalanceRule>> {
        let Some(raw) = self.raw.balances.get(name) else {
            return unknown(named, "a balance", name, self.raw.balances.keys());
        };
        self.once(&self.balances, ("balances", name), named, |at| {
            let citation = at.citation();
            let rate = match &raw.rate {
                law::NameOr::Name(name) => {
                    self.number(name, &at.key("rate"), Use::Credited).map(scheme::Operand::Rule)
                }
                law::NameOr::Table(raw) => self.operand(raw, &at.key("rate")),
            };
            let ceiling = self.optional_operand(raw.ceiling.as_ref(), &at.key("ceiling"));
            let floor = self.optional_operand(raw.floor.as_ref(), &at.key("floor"));
            let above = self.optional_operand(raw.above.as_ref(), &at.key("above"));
            let kinds = self.kinds(raw.kinds.as_deref().unwrap_or_default(), &at.key("kinds"));
            let interest = self.interest(&raw.interest, &at.key("interest"));
            let inheritance = given(
                raw.inheritance.as_ref().map(|table| self.mortality(table, &at.key("inheritance"))),
            );
            let fee = self.optional(raw.fee.as_ref(), &at.key("fee"), Use::Rate);
            Some(Arc::new(scheme::BalanceRule {
                name: name.to_owned(),
                rate: rate?,
                ceiling: ceiling?,
                floor: floor?,
                above: above?,
                kinds: kinds?,
                interest: interest?,
                timing: timing(raw.timing.unwrap_or(law::Timing::End)),
                inheritance: inheritance?,
                fee: fee?,
                guaranteed: raw.at_least.is_some(),
                citation: citation?,
            }))
        })
    }

    fn interest(&self, raw: &law::Interest, at: &At<'_>) -> Option<scheme::Interest> {
        match (&raw.by, &raw.rule) {
            (Some(by), None) => {
                let adjustment = self.adjustment((by, None, raw.lag), at)?;
                Some(scheme::Interest::Index { by: adjustment.by, lag: adjustment.lag })
            }
            (None, Some(rule)) => {
                self.number(rule, &at.key("rule"), Use::Growth).map(scheme::Interest::Rate)
            }
            _ => {
                at.fault(
                    Code::TwoWays,
                    "interest is given in none or in both of its ways",
                    "write { by = \"wages\" } or { rule = \"name\" }",
                );
                None
            }
        }
    }
}
