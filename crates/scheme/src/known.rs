use std::collections::BTreeMap;

use perennis_units::{Date, Money, Sex};

use crate::Fact;

/// What somebody is to the insured person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Husband or wife, widow or widower.
    Spouse,
    /// Who was married to the person and is divorced.
    FormerSpouse,
    /// A child; an orphan after the death.
    Child,
    /// A parent.
    Parent,
}

/// A member of the family who claims, mostly a survivor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// What he or she is, or was, to the insured person.
    pub kind: Recipient,
    /// Day of birth.
    pub born: Date,
    /// Sex.
    pub sex: Sex,
}

/// What is known of a person beside the claim and the credit.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Known {
    facts: [Option<f64>; Fact::ALL.len()],
    stated: BTreeMap<(StatedKind, String), StatedValue>,
    /// The member of the family who claims, for benefits with a recipient.
    pub survivor: Option<Survivor>,
    /// Day of marriage.
    pub married: Option<Date>,
    /// Spans of residence: the first day and the day after the last.
    pub residence: Vec<(Date, Date)>,
    /// Benefits in payment to the deceased at death or to the person at the claim, currency a year.
    pub in_payment: BTreeMap<String, Money>,
}

/// A stated value and the day of which it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StatedValue {
    pub(crate) value: f64,
    pub(crate) on: Option<Date>,
}

/// What may be stated instead of found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatedKind {
    /// A measure, built in or of the law; durations in months.
    Measure,
    /// Reference earnings, currency a year.
    ReferenceEarnings,
    /// Points.
    Points,
    /// A balance, currency.
    Balance,
    /// The result of a formula; currency a year where it is an amount.
    Formula,
}

impl Known {
    /// Nothing is known.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, fact: Fact, value: f64) -> Self {
        self.facts[fact as usize] = Some(value);
        self
    }

    /// Adds a value that replaces what would be found under this name.
    #[must_use]
    pub fn stating(mut self, kind: StatedKind, name: &str, value: f64) -> Self {
        self.stated.insert((kind, name.to_owned()), StatedValue { value, on: None });
        self
    }

    /// Adds points or a balance of a day; what the record holds from the start of its year on comes on top.
    #[must_use]
    pub fn stating_on(mut self, kind: StatedKind, name: &str, (value, on): (f64, Date)) -> Self {
        self.stated.insert((kind, name.to_owned()), StatedValue { value, on: Some(on) });
        self
    }

    /// Returns a fact. A whole pension is claimed when nothing is said of its share.
    #[must_use]
    pub fn fact(&self, fact: Fact) -> Option<f64> {
        let whole = (fact == Fact::ShareClaimed).then_some(1.0);
        self.facts[fact as usize].or(whole)
    }

    /// Returns a stated value.
    #[must_use]
    pub fn stated(&self, kind: StatedKind, name: &str) -> Option<f64> {
        self.stated_value(kind, name).map(|stated| stated.value)
    }

    pub(crate) fn stated_value(&self, kind: StatedKind, name: &str) -> Option<StatedValue> {
        if self.stated.is_empty() {
            return None;
        }
        self.stated.get(&(kind, name.to_owned())).copied()
    }
}
