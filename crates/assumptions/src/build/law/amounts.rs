use perennis_scheme as scheme;

use super::provisions::{Provisions, Use, for_all, money, moneys, unknown};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{InForce, Kind, Provision};
use crate::read::scheme::law::{AmountOf, Index};

impl Provisions<'_> {
    /// Every amount that is the same for everyone.
    pub(super) fn amounts(&self) -> Vec<scheme::NamedAmount> {
        let named = self.raw.amounts.iter();
        let same = named.filter(|(_, raw)| raw.after.is_some() || !has_persons(&raw.in_force));
        same.filter_map(|(name, _)| self.amount(name, &self.at.key("amounts").key(name))).collect()
    }

    /// Looks up an amount that is the same for everyone.
    pub(super) fn amount(&self, name: &str, named: &At<'_>) -> Option<scheme::NamedAmount> {
        let Some(raw) = self.raw.amounts.get(name) else {
            return unknown(named, "an amount", name, self.raw.amounts.keys());
        };
        let at = self.at.key("amounts").key(name);
        if self.follows_itself(name) {
            at.fault(
                Code::Incoherent,
                format!("amount `{name}` follows itself"),
                "let it follow prices, wages or another amount",
            );
            return None;
        }
        let values =
            self.dated(&Provision { in_force: raw.in_force.clone() }, &at, Kind::PAY_A_YEAR);
        let values = values.and_then(|values| for_all(&values, &at).map(|()| values));
        let hold = scheme::Adjustment { by: scheme::Index::Hold, month: 1, lag: 0 };
        let after = match &raw.after {
            Some(after) => self.adjustment(after, &at.key("after")),
            None => Some(hold),
        };
        Some(scheme::NamedAmount {
            name: name.to_owned(),
            values: values?.map(|value| money(*value)),
            after: after?,
        })
    }

    fn follows_itself(&self, name: &str) -> bool {
        let mut followed = name;
        for _ in 0..=self.raw.amounts.len() {
            let after = self.raw.amounts.get(followed).and_then(|raw| raw.after.as_ref());
            match after.map(|after| &after.by) {
                Some(Index::Amount(next)) if next == name => return true,
                Some(Index::Amount(next)) => followed = next,
                _ => return false,
            }
        }
        true
    }

    /// Reads an amount as a rule of law uses it.
    pub(super) fn amount_of(&self, raw: &AmountOf, at: &At<'_>) -> Option<scheme::Amount> {
        match (&raw.amount, &raw.times, &raw.of, &raw.share_of_insured_wage) {
            (Some(name), None, None, None) => self.plain_amount(name, &at.key("amount")),
            (None, Some(times), Some(of), None) => {
                let times = self.number(times, &at.key("times"), Use::Multiple);
                let of = self.amount(of, &at.key("of"));
                Some(scheme::Amount::Times { times: times?, of: of? })
            }
            (None, None, None, Some(share)) => {
                let share = self.number(share, &at.key("share_of_insured_wage"), Use::Multiple)?;
                Some(scheme::Amount::OfInsuredWage(share))
            }
            _ => {
                at.fault(
                    Code::TwoWays,
                    "an amount is given in none or in several of its forms",
                    "write one of { amount = \"name\" }, { times = \"rule\", of = \"name\" }, { share_of_insured_wage = \"rule\" }",
                );
                None
            }
        }
    }

    /// An amount by name; it may differ between persons when it is not carried on by a rule.
    fn plain_amount(&self, name: &str, named: &At<'_>) -> Option<scheme::Amount> {
        let raw = self.raw.amounts.get(name);
        let Some(raw) = raw.filter(|raw| raw.after.is_none() && has_persons(&raw.in_force)) else {
            return self.amount(name, named).map(scheme::Amount::Named);
        };
        let at = self.at.key("amounts").key(name);
        let provision = Provision { in_force: raw.in_force.clone() };
        let values = self.dated(&provision, &at, Kind::PAY_A_YEAR)?;
        let rule = scheme::Rule { name: name.to_owned(), values };
        Some(scheme::Amount::Fixed(moneys(rule)))
    }
}

fn has_persons<V>(rows: &[InForce<V>]) -> bool {
    rows.iter()
        .any(|row| row.born_from.is_some() || row.entered_from.is_some() || row.sex.is_some())
}
