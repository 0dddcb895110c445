use perennis_scheme as scheme;

use super::numbers::Use;
use super::provisions::{Provisions, unknown};
use crate::at::At;
use crate::build::given;
use crate::diagnostics::{Code, suggest};
use crate::read::scheme::law;

impl Provisions<'_> {
    /// Looks up how amounts in payment are adjusted; payments are rounded so many times a year.
    pub(super) fn indexation(
        &self,
        name: &str,
        payments_a_year: i32,
        named: &At<'_>,
    ) -> Option<scheme::Indexation> {
        let Some(raw) = self.raw.indexation.get(name) else {
            return unknown(named, "a way of indexation", name, self.raw.indexation.keys());
        };
        let at = self.at.key("indexation").key(name);
        self.use_of("indexation", name);
        let decisions = given(
            raw.decisions.as_ref().map(|decisions| self.decisions(decisions, &at.key("decisions"))),
        );
        let Some(raw) = &raw.after else {
            if raw.decisions.is_none() {
                at.fault(
                    Code::NoValues,
                    format!("`{}` says nothing", at.path()),
                    "add after = { by = \"prices\" } or decisions",
                );
                return None;
            }
            let hold = scheme::Adjustment { by: scheme::Index::Hold, month: 1, lag: 0 };
            return Some(scheme::Indexation::following(name.to_owned(), decisions?, hold));
        };
        let at = at.key("after");
        let after = self.adjustment((&raw.by, raw.month, raw.lag), &at);
        let growth = |raw: &Option<String>, key: &str| {
            self.optional(raw.as_ref(), &at.key(key), Use::Growth)
        };
        let (less, norm) = (growth(&raw.less, "less"), growth(&raw.norm, "norm"));
        let least = growth(&raw.at_least, "at_least");
        let most = growth(&raw.at_most, "at_most");
        let rounded = self.rounded(raw.rounded.as_ref(), payments_a_year, &at.key("rounded"));
        let balancing = self.balancing(raw.balancing.as_ref(), &at.key("balancing"));
        Some(scheme::Indexation {
            less: less?,
            norm: norm?,
            at_least: least?,
            at_most: most?,
            rounded: rounded?,
            balancing: balancing?,
            ..scheme::Indexation::following(name.to_owned(), decisions?, after?)
        })
    }

    fn balancing(
        &self,
        raw: Option<&law::Balancing>,
        at: &At<'_>,
    ) -> Option<Option<scheme::Balancing>> {
        let Some(raw) = raw else { return Some(None) };
        let below = self.number(&raw.below, &at.key("below"), Use::Term)?;
        Some(Some(scheme::Balancing { indicator: raw.indicator.clone(), below }))
    }
}

/// Builds every limit on several benefits together.
pub(super) fn cumulations(provisions: &Provisions<'_>) -> Option<Vec<scheme::Cumulation>> {
    let at = provisions.at.key("cumulation");
    let named = provisions.raw.cumulation.iter();
    let built: Vec<_> =
        named.map(|(name, raw)| cumulation(provisions, name, raw, &at.key(name))).collect();
    built.into_iter().collect()
}

fn cumulation(
    provisions: &Provisions<'_>,
    name: &str,
    raw: &law::Cumulation,
    at: &At<'_>,
) -> Option<scheme::Cumulation> {
    let citation = at.citation();
    let mut known = true;
    for (index, benefit) in raw.benefits.iter().enumerate() {
        let elsewhere = benefit.contains('.');
        if !elsewhere && !provisions.raw.benefits.contains_key(benefit) {
            known = false;
            at.key("benefits").index(index).fault(
                Code::UnknownName,
                format!("`{benefit}` is not the name of a benefit here"),
                suggest(benefit, provisions.raw.benefits.keys().map(String::as_str)),
            );
        }
    }
    if raw.benefits.len() < 2 {
        at.key("benefits").fault(
            Code::NoRows,
            "benefits are limited together, and fewer than two are named",
            "name the benefits of the limit; those of another law as \"law.benefit\"",
        );
        known = false;
    }
    let others = provisions.optional(raw.others.as_ref(), &at.key("others"), Use::Share);
    let at_most = provisions.optional_operand(raw.at_most.as_ref(), &at.key("at_most"));
    known.then_some(())?;
    Some(scheme::Cumulation {
        name: name.to_owned(),
        benefits: raw.benefits.clone(),
        pays: match raw.pays {
            law::Pays::Highest => scheme::Pays::Highest,
            law::Pays::Sum => scheme::Pays::Sum,
        },
        others: others?,
        at_most: at_most?,
        reduce: match raw.reduce {
            None | Some(law::Reduce::Proportional) => scheme::Reduce::Proportional,
            Some(law::Reduce::Last) => scheme::Reduce::Last,
        },
        citation: citation?,
    })
}
