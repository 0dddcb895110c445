use std::sync::Arc;

use perennis_scheme as scheme;

use super::provisions::Provisions;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::{Code, suggest};
use crate::parts::Day;
use crate::read::scheme::law::{self, TrueOr};

/// Names of the measures that are not facts.
const COUNTED: [&str; 6] =
    ["credit", "contributed", "months_early", "months_late", "age", "recipient_age"];

impl Provisions<'_> {
    /// Looks up what is counted about a person: built in, stated for all, or defined by the law.
    pub(super) fn measure(&self, name: &str, named: &At<'_>) -> Option<scheme::Measure> {
        if let Some(built_in) = scheme::Measure::built_in(name) {
            if self.raw.measures.contains_key(name) {
                self.at.key("measures").key(name).fault_at_key(
                    Code::BadName,
                    format!("`{name}` is counted without being defined"),
                    "give the measure of the law another name",
                );
                return None;
            }
            let Some(value) = self.stated.and_then(|stated| stated.get(name)) else {
                return Some(built_in);
            };
            return Some(scheme::Measure::Named(Arc::new(scheme::NamedMeasure {
                name: name.to_owned(),
                counted: scheme::CountedAs::Operand(scheme::Operand::Constant(*value)),
                citation: self.at.key("stated").key(name).key("value").citation()?,
            })));
        }
        let Some(raw) = self.raw.measures.get(name) else {
            let facts = scheme::Fact::ALL.map(scheme::Fact::name);
            let named_here = self.raw.measures.keys().map(String::as_str);
            let known: Vec<&str> = COUNTED.into_iter().chain(facts).chain(named_here).collect();
            named.fault(
                Code::UnknownName,
                format!("`{name}` is not the name of a measure here"),
                suggest(name, known),
            );
            return None;
        };
        let build = |at: &At<'_>| self.named_measure(name, raw, at).map(Arc::new);
        self.once(&self.measures, ("measures", name), named, build).map(scheme::Measure::Named)
    }

    fn named_measure(
        &self,
        name: &str,
        raw: &law::With<law::Counted>,
        at: &At<'_>,
    ) -> Option<scheme::NamedMeasure> {
        let citation = at.citation();
        let stated = self.stated.and_then(|stated| stated.get(name));
        let law::Counted { months, residence, stated: asked } = &raw.beside;
        let operand = raw.operand.form();
        let counted = match (stated, operand, (months, residence), asked) {
            (Some(value), ..) => {
                Some(scheme::CountedAs::Operand(scheme::Operand::Constant(*value)))
            }
            (None, Some(_), (None, None), None) => {
                self.operand(&raw.operand, at).map(scheme::CountedAs::Operand)
            }
            (None, None, (Some(months), None), None) => {
                let months = self.credited_months(months, &at.key("months"));
                months.map(|months| scheme::CountedAs::Months(Box::new(months)))
            }
            (None, None, (None, Some(lived)), None) => {
                let lived = self.lived_months(lived, &at.key("residence"));
                lived.map(|lived| scheme::CountedAs::Residence(Box::new(lived)))
            }
            (None, None, (None, None), Some(TrueOr::Truth(true))) => {
                Some(scheme::CountedAs::Stated)
            }
            (None, None, (None, None), Some(TrueOr::Table(usual))) => {
                self.operand(usual, &at.key("stated")).map(scheme::CountedAs::Operand)
            }
            _ => {
                at.fault(
                    Code::TwoWays,
                    format!("measure `{name}` is given in none or in several of its ways"),
                    "write one operand, months = { … }, residence = { … }, or stated = true (or its usual value, stated = { constant = 0 }) for what a person file says",
                );
                None
            }
        };
        Some(scheme::NamedMeasure { name: name.to_owned(), counted: counted?, citation: citation? })
    }

    fn lived_months(&self, raw: &law::Lived, at: &At<'_>) -> Option<scheme::LivedMonths> {
        let within = self.optional_months(raw.within_last.as_ref(), &at.key("within_last"));
        let at_most = self.optional_months(raw.at_most.as_ref(), &at.key("at_most"));
        let ages = (raw.from_age.as_ref(), raw.until_age.as_ref());
        let life = self.part_of_life(ages, (raw.from, raw.until), at);
        Some(scheme::LivedMonths { life: life?, within_last: within?, at_most: at_most? })
    }

    /// A part of life between two ages and two days, each of which may be absent.
    pub(super) fn part_of_life(
        &self,
        (from_age, until_age): (Option<&String>, Option<&String>),
        (from, until): (Option<Day>, Option<Day>),
        at: &At<'_>,
    ) -> Option<scheme::PartOfLife> {
        let day = |day: Option<Day>, key: &str| given(day.map(|day| day.read(&at.key(key))));
        let from_age = self.optional_age(from_age, &at.key("from_age"));
        let until_age = self.optional_age(until_age, &at.key("until_age"));
        let (from, until) = (day(from, "from"), day(until, "until"));
        Some(scheme::PartOfLife {
            from: from?,
            until: until?,
            from_age: from_age?,
            until_age: until_age?,
        })
    }

    fn credited_months(&self, raw: &law::Months, at: &At<'_>) -> Option<scheme::CreditedMonths> {
        let months =
            |name: &Option<String>, key: &str| self.optional_months(name.as_ref(), &at.key(key));
        let kinds = self.kinds(raw.kinds.as_deref().unwrap_or_default(), &at.key("kinds"));
        let within = months(&raw.within_last, "within_last");
        let at_most = months(&raw.at_most, "at_most");
        let beyond = months(&raw.beyond, "beyond");
        let ages = (raw.from_age.as_ref(), raw.until_age.as_ref());
        let life = self.part_of_life(ages, (raw.from, raw.until), at);
        let least =
            self.optional_operand(raw.earnings_at_least.as_ref(), &at.key("earnings_at_least"));
        let earnings = self.optional_operand(raw.for_earnings.as_ref(), &at.key("for_earnings"));
        let each = months(&raw.each, "each");
        let (earnings, each, mut at_most) = (earnings?, each?, at_most?);
        let bought = match (earnings, each) {
            (None, None) => None,
            (Some(for_earnings), Some(each)) => {
                Some(scheme::MonthsBought { for_earnings, each, at_most_a_year: at_most.take() })
            }
            _ => {
                at.fault(
                    Code::MissingKey,
                    "months bought by earnings need the earnings and the months they bring",
                    "write for_earnings = { … } and each = \"rule\"",
                );
                return None;
            }
        };
        Some(scheme::CreditedMonths {
            within_last: within?,
            life: life?,
            beyond: beyond?,
            earnings_at_least: least?,
            bought,
            at_most,
            ..scheme::CreditedMonths::of_kinds(kinds?)
        })
    }
}
