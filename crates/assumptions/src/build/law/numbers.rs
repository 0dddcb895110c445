use perennis_scheme as scheme;
use perennis_units::{Dated, Duration, Money, Share};

use super::provisions::{Provisions, for_all, unknown};
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::{Kind, Provision};
use crate::read::scheme::law::PensionableAge;

/// What a named number is used as; decides the units that fit and the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// A length of time.
    Months,
    /// A share of something, such as a contribution rate.
    Share,
    /// A share a year.
    Rate,
    /// A share of earnings that is credited.
    Credited,
    /// A multiple or a share.
    Multiple,
    /// Months of earnings for each year of credit.
    EarningsMonths,
    /// A growth a year.
    Growth,
    /// What its unit says: a term of arithmetic.
    Term,
}

impl Use {
    /// Returns the kind of a value that stands at `at`.
    fn kind(self, at: &At<'_>) -> Kind {
        match self {
            Self::Months => Kind::MONTHS,
            Self::Share => Kind::SHARE,
            Self::Rate => Kind::RATE_OF_LAW,
            Self::Multiple => Kind::MULTIPLE,
            Self::EarningsMonths => Kind::EARNINGS_MONTHS,
            Self::Credited => Kind::GROWTH_OF_LAW.within(0.0, 1.0).called("a rate"),
            Self::Growth => Kind::GROWTH_OF_LAW,
            Self::Term => {
                let unit = at.find_unit().map(|(unit, _)| unit).unwrap_or_default();
                Kind::of_law(&unit, at.currency())
            }
        }
    }
}

impl Provisions<'_> {
    /// Looks up a rule named at `named` and reads it as `wanted`.
    pub(super) fn number(
        &self,
        name: &str,
        named: &At<'_>,
        wanted: Use,
    ) -> Option<scheme::Rule<f64>> {
        let pensionable = self.pensionable(name);
        let Some(provision) = self.raw.rules.get(name).or(pensionable.as_ref()) else {
            return unknown(named, "a rule", name, self.raw.rules.keys());
        };
        let place = match self.raw.rules.get(name) {
            Some(_) => self.at.key("rules").key(name),
            None => self.at.key(name),
        };
        self.use_of("rules", name);
        let values = provision.read_with(&place, |value, at| {
            let kind = wanted.kind(at);
            let factor = at.unit(&kind)?;
            kind.check(value * factor, at)
        })?;
        self.check_start(&values, &place)?;
        Some(scheme::Rule { name: name.to_owned(), values })
    }

    /// A rule that may be absent.
    pub(super) fn optional(
        &self,
        name: Option<&String>,
        named: &At<'_>,
        wanted: Use,
    ) -> Option<Option<scheme::Rule<f64>>> {
        given(name.map(|name| self.number(name, named, wanted)))
    }

    /// A length of time that may be absent.
    pub(super) fn optional_months(
        &self,
        name: Option<&String>,
        named: &At<'_>,
    ) -> Option<Option<scheme::Rule<Duration>>> {
        given(name.map(|name| self.months(name, named)))
    }

    /// An age that may be absent.
    pub(super) fn optional_age(
        &self,
        name: Option<&String>,
        named: &At<'_>,
    ) -> Option<Option<scheme::Rule<Duration>>> {
        given(name.map(|name| self.age(name, named)))
    }

    /// A rule whose values are a length of time in whole months.
    pub(super) fn months(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<Duration>> {
        let rule = self.number(name, named, Use::Months)?;
        whole_months(&rule, &self.at.key("rules").key(name))
    }

    /// An age: the pensionable age or a rule.
    pub(super) fn age(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<Duration>> {
        let Some(provision) = self.pensionable(name) else {
            let ages = self.raw.pensionable_age.as_ref().map(|_| "pensionable_age".to_owned());
            if !self.raw.rules.contains_key(name) {
                return unknown(named, "an age", name, self.raw.rules.keys().chain(&ages));
            }
            return self.months(name, named);
        };
        let place = self.at.key(name);
        let values = self.dated(&provision, &place, Kind::MONTHS)?;
        whole_months(&scheme::Rule { name: name.to_owned(), values }, &place)
    }

    /// The rows of the pensionable age, where it is named.
    fn pensionable(&self, name: &str) -> Option<Provision> {
        let named = self.raw.pensionable_age.as_ref().filter(|_| name == "pensionable_age");
        named.map(PensionableAge::stated)
    }

    /// A rule whose values are shares.
    pub(super) fn share(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<Share>> {
        Some(shares(&self.number(name, named, Use::Share)?))
    }

    /// A provision that stands where it is used, as shares.
    pub(super) fn share_here(
        &self,
        provision: &Provision,
        at: &At<'_>,
    ) -> Option<scheme::Rule<Share>> {
        let values = self.dated(provision, at, Kind::SHARE)?;
        for_all(&values, at)?;
        Some(shares(&scheme::Rule { name: at.path(), values }))
    }

    /// Decided increases; they need no value before the first.
    pub(super) fn decisions(&self, provision: &Provision, at: &At<'_>) -> Option<Dated<f64>> {
        let values = provision.read(at, &Kind::GROWTH)?;
        for_all(&values, at)?;
        Some(values)
    }
}

fn whole_months(rule: &scheme::Rule<f64>, at: &At<'_>) -> Option<scheme::Rule<Duration>> {
    let odd = rule.values.rows().iter().find(|row| 1e-6 < (row.value - row.value.round()).abs());
    if let Some(row) = odd {
        at.key("in_force").fault(
            Code::OutOfBounds,
            format!("{} months from {} are not a whole number of months", row.value, row.from),
            "write it in months: 723 for 60 years and 3 months",
        );
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded by 1,560 months")]
    let values = rule.values.map(|months| Duration::months(months.round() as i32));
    Some(scheme::Rule { name: rule.name.clone(), values })
}

pub(super) fn money(value: f64) -> Money {
    Money::new(value).expect("the reader lets no infinite amount through")
}

pub(super) fn moneys(rule: scheme::Rule<f64>) -> scheme::Rule<Money> {
    scheme::Rule { name: rule.name, values: rule.values.map(|value| money(*value)) }
}

fn shares(rule: &scheme::Rule<f64>) -> scheme::Rule<Share> {
    let share = |value: &f64| Share::new(*value).expect("the reader keeps shares within 0 to 1");
    scheme::Rule { name: rule.name.clone(), values: rule.values.map(share) }
}
