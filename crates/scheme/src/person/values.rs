use super::setting::{Setting, event};
use crate::context::{Context, Notes, Rows};
use crate::value::BaseRef;
use crate::{
    Benefit, Claim, Counted, Divisor, Environment, Formula, LawError, Measure, TracedStep,
};

/// What a named thing of a law is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedKind {
    /// A measure.
    Measure,
    /// Reference earnings, currency a year.
    ReferenceEarnings,
    /// Points.
    Points,
    /// A balance, currency.
    Balance,
    /// The result of a formula.
    Formula,
    /// An annuity divisor.
    Divisor,
}

impl NamedKind {
    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Measure => "measure",
            Self::ReferenceEarnings => "reference_earnings",
            Self::Points => "points",
            Self::Balance => "balance",
            Self::Formula => "formula",
            Self::Divisor => "divisor",
        }
    }
}

/// A thing that a law names, as it counts it for a claim, whether a benefit uses it or not.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedValue {
    /// What it is.
    pub kind: NamedKind,
    /// Name in the file.
    pub name: String,
    /// The value: months, currency a year, points, currency, or a number.
    pub value: f64,
    /// It was stated.
    pub stated: bool,
    /// The steps of a formula.
    pub steps: Vec<TracedStep>,
    /// What the record gave, with the years behind it.
    pub counted: Vec<Counted>,
}

/// A thing to find.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Measure(&'a Measure),
    Record(NamedKind, BaseRef<'a>),
    Formula(&'a Formula),
    Divisor(&'a Divisor),
}

/// Finds everything that a law names, for a claim; what the claim cannot have is left out.
///
/// Months before or after an age are those of the first benefit that the event opens.
pub(super) fn values(
    setting: &Setting<'_>,
    claim: &Claim<'_>,
    env: &Environment<'_>,
) -> Vec<NamedValue> {
    let event = event(setting.person.claim.event);
    // A benefit of survivors speaks of them; what the law names is counted for the insured person.
    let own = || setting.law.benefits.iter().filter(|one| one.condition.recipient.is_none());
    let opened = own().find(|one| one.condition.event == event).or_else(|| own().next());
    let asking = Benefit::asking();
    let benefit = opened.unwrap_or(&asking);
    let named = &setting.law.named;
    let measures: Vec<Measure> = named.measures.iter().cloned().map(Measure::Named).collect();
    let record = |kind, base| Asked::Record(kind, base);
    let mut asked: Vec<(&str, Asked<'_>)> =
        measures.iter().map(|measure| (measure.name(), Asked::Measure(measure))).collect();
    asked.extend(named.reference_earnings.iter().map(|rule| {
        let base = BaseRef::ReferenceEarnings(rule);
        (rule.name.as_str(), record(NamedKind::ReferenceEarnings, base))
    }));
    asked.extend(
        named
            .points
            .iter()
            .map(|rule| (rule.name.as_str(), record(NamedKind::Points, BaseRef::Points(rule)))),
    );
    asked.extend(
        named
            .balances
            .iter()
            .map(|rule| (rule.name.as_str(), record(NamedKind::Balance, BaseRef::Balance(rule)))),
    );
    let formulas = named.formulas.iter();
    asked.extend(formulas.map(|formula| (formula.name.as_str(), Asked::Formula(formula))));
    let divisors = named.divisors.iter();
    asked.extend(divisors.map(|divisor| (divisor.name.as_str(), Asked::Divisor(divisor))));
    let found = asked.into_iter().filter_map(|(name, asked)| {
        let mut value = find(asked, (benefit, claim, env)).ok()?;
        value.name = name.to_owned();
        value.stated = is_stated(setting, &value);
        Some(value)
    });
    found.collect()
}

fn find(
    asked: Asked<'_>,
    (benefit, claim, env): (&Benefit, &Claim<'_>, &Environment<'_>),
) -> Result<NamedValue, LawError> {
    let notes = Notes::tracing();
    let context = Context::new(benefit, claim, env, (&Rows::One, &notes))?;
    let (kind, value): (NamedKind, f64) = match asked {
        Asked::Measure(measure) => (NamedKind::Measure, context.measure(measure)?),
        Asked::Record(kind, base) => (kind, context.counted(base)?),
        Asked::Formula(formula) => (NamedKind::Formula, context.formula(formula)?),
        Asked::Divisor(divisor) => (NamedKind::Divisor, context.divisor(divisor)?),
    };
    let (steps, counted) = notes.into_trace();
    Ok(NamedValue { kind, name: String::new(), value, stated: false, steps, counted })
}

fn is_stated(setting: &Setting<'_>, value: &NamedValue) -> bool {
    let stated = &setting.person.stated;
    match value.kind {
        NamedKind::Measure => stated.measures.contains_key(&value.name),
        NamedKind::ReferenceEarnings => stated.reference_earnings.contains_key(&value.name),
        NamedKind::Points => stated.points.contains_key(&value.name),
        NamedKind::Balance => stated.balances.contains_key(&value.name),
        NamedKind::Formula => stated.formulas.contains_key(&value.name),
        NamedKind::Divisor => false,
    }
}
