use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use super::{Counting, Direction, Test};

/// Where a number comes from: a table with one of these forms. What is a name stands in the tables of the law.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operand {
    /// Names a rule: a number of the law; lengths of time count in months.
    pub(crate) rule: Option<String>,
    /// Names an amount, or a series of amounts, currency a year.
    pub(crate) amount: Option<String>,
    /// Names the rule of a multiple; with `of`.
    pub(crate) times: Option<String>,
    /// What is multiplied (names an amount, or is an operand), or what `brackets` are applied to (an operand).
    pub(crate) of: Option<NameOr<Operand>>,
    /// Names the rule of a share of the mean insured wage.
    pub(crate) share_of_insured_wage: Option<String>,
    /// Names what is counted about the person: a built-in measure or one of the law.
    pub(crate) measure: Option<String>,
    /// Names the scale that gives a share; with `by`.
    pub(crate) scale: Option<String>,
    /// Names the measure at which the scale is read.
    pub(crate) by: Option<String>,
    /// Names the measure whose months are counted as years; with `counting`.
    pub(crate) years: Option<String>,
    /// How the months count; a month is a twelfth when absent.
    pub(crate) counting: Option<Counting>,
    /// Names an age: months from the claim to the day on which the person reaches it, never below nothing.
    pub(crate) months_until: Option<String>,
    /// Names an age: months from the day on which the person reached it to the claim, never below nothing.
    pub(crate) months_since: Option<String>,
    /// The day to which `months_since` counts; the claim when absent.
    pub(crate) at: Option<SinceAt>,
    /// Names ways to find reference earnings; the first that applies to the person holds.
    pub(crate) reference_earnings: Option<Vec<String>>,
    /// Names points: those the record gives.
    pub(crate) points: Option<String>,
    /// Names a balance: what the record gives, currency.
    pub(crate) balance: Option<String>,
    /// Names another benefit of the same claim: its amount, nothing where it is not due.
    pub(crate) benefit: Option<String>,
    /// Names benefits of one who died: the first that was in payment or would have been due; nothing where none was.
    pub(crate) of_deceased: Option<Vec<String>>,
    /// Names a formula: its result.
    pub(crate) formula: Option<String>,
    /// Names an annuity divisor, at the age of the claim.
    pub(crate) divisor: Option<String>,
    /// Names brackets of marginal rates; with `of`.
    pub(crate) brackets: Option<String>,
    /// A number of plain arithmetic, such as the months of a year; numbers of the law are rules.
    pub(crate) constant: Option<f64>,
    /// One of two operands, by tests.
    pub(crate) choose: Option<Box<Choose>>,
    /// An operand, rounded.
    pub(crate) rounded: Option<Box<RoundedOperand>>,
    /// The sum of these.
    pub(crate) sum: Option<Vec<Operand>>,
    /// The product of these; at most one may depend on earnings, points or a balance.
    pub(crate) product: Option<Vec<Operand>>,
    /// The least of these.
    pub(crate) lesser: Option<Vec<Operand>>,
    /// The greatest of these.
    pub(crate) greater: Option<Vec<Operand>>,
    /// Two: the first less the second.
    pub(crate) difference: Option<Vec<Operand>>,
    /// Two: the first less the second, never below nothing.
    pub(crate) excess: Option<Vec<Operand>>,
    /// Two: the first over the second; only the first may depend on earnings, points or a balance.
    pub(crate) quotient: Option<Vec<Operand>>,
    /// Two numbers of the law: the first to the power of the second.
    pub(crate) power: Option<Vec<Operand>>,
}

/// One of two operands, by tests.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choose {
    /// Tests; `then` holds where all are passed.
    pub(crate) only_if: Vec<Test>,
    /// The operand where all tests are passed.
    pub(crate) then: Operand,
    /// The operand where one is not.
    pub(crate) otherwise: Operand,
}

/// An operand, rounded.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoundedOperand {
    /// The operand.
    pub(crate) of: Operand,
    /// Names the rule of what it becomes a multiple of.
    pub(crate) to: String,
    /// The direction.
    pub(crate) direction: Direction,
}

/// A day to which months are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SinceAt {
    /// The claim.
    Claim,
    /// 1 January of the year of the claim.
    StartOfYear,
}

/// An operand by its form.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form<'a> {
    Rule(&'a str),
    Amount(&'a str),
    Times(&'a str, &'a NameOr<Operand>),
    ShareOfInsuredWage(&'a str),
    Measure(&'a str),
    Scale(&'a str, &'a str),
    Years(&'a str, Option<Counting>),
    MonthsUntil(&'a str),
    MonthsSince(&'a str, SinceAt),
    ReferenceEarnings(&'a [String]),
    Points(&'a str),
    Balance(&'a str),
    Benefit(&'a str),
    Formula(&'a str),
    OfDeceased(&'a [String]),
    Choose(&'a Choose),
    Rounded(&'a RoundedOperand),
    Divisor(&'a str),
    Brackets(&'a str, &'a NameOr<Operand>),
    Constant(f64),
    Sum(&'a [Operand]),
    Product(&'a [Operand]),
    Lesser(&'a [Operand]),
    Greater(&'a [Operand]),
    Difference(&'a [Operand]),
    Excess(&'a [Operand]),
    Quotient(&'a [Operand]),
    Power(&'a [Operand]),
}

/// A form that is a name.
type OfName = fn(&str) -> Form<'_>;
/// A form that is a list of operands.
type OfList = fn(&[Operand]) -> Form<'_>;

impl Operand {
    /// Returns the form; `None` when the keys make none or several.
    pub(crate) fn form(&self) -> Option<Form<'_>> {
        let mut forms = self.alone();
        let mut partners = 0;
        match (&self.times, &self.brackets, &self.of) {
            (Some(times), None, Some(of)) => forms.push(Form::Times(times, of)),
            (None, Some(brackets), Some(of)) => forms.push(Form::Brackets(brackets, of)),
            (None, None, None) => {}
            _ => partners += 1,
        }
        match (&self.scale, &self.by) {
            (Some(scale), Some(by)) => forms.push(Form::Scale(scale, by)),
            (None, None) => {}
            _ => partners += 1,
        }
        match (&self.years, self.counting) {
            (Some(years), counting) => forms.push(Form::Years(years, counting)),
            (None, None) => {}
            _ => partners += 1,
        }
        match (&self.months_since, self.at) {
            (Some(age), at) => forms.push(Form::MonthsSince(age, at.unwrap_or(SinceAt::Claim))),
            (None, None) => {}
            _ => partners += 1,
        }
        match (forms.as_slice(), partners) {
            ([form], 0) => Some(*form),
            _ => None,
        }
    }

    /// Returns the forms that are one key.
    fn alone(&self) -> Vec<Form<'_>> {
        let names: [(&Option<String>, OfName); 10] = [
            (&self.rule, |name| Form::Rule(name)),
            (&self.amount, |name| Form::Amount(name)),
            (&self.share_of_insured_wage, |name| Form::ShareOfInsuredWage(name)),
            (&self.measure, |name| Form::Measure(name)),
            (&self.months_until, |name| Form::MonthsUntil(name)),
            (&self.points, |name| Form::Points(name)),
            (&self.balance, |name| Form::Balance(name)),
            (&self.benefit, |name| Form::Benefit(name)),
            (&self.formula, |name| Form::Formula(name)),
            (&self.divisor, |name| Form::Divisor(name)),
        ];
        let lists: [(&Option<Vec<Self>>, OfList); 8] = [
            (&self.sum, |list| Form::Sum(list)),
            (&self.product, |list| Form::Product(list)),
            (&self.lesser, |list| Form::Lesser(list)),
            (&self.greater, |list| Form::Greater(list)),
            (&self.difference, |list| Form::Difference(list)),
            (&self.excess, |list| Form::Excess(list)),
            (&self.quotient, |list| Form::Quotient(list)),
            (&self.power, |list| Form::Power(list)),
        ];
        let names = names.into_iter().filter_map(|(name, form)| Some(form(name.as_deref()?)));
        let lists = lists.into_iter().filter_map(|(list, form)| Some(form(list.as_deref()?)));
        let earnings = self.reference_earnings.as_deref().map(Form::ReferenceEarnings);
        let deceased = self.of_deceased.as_deref().map(Form::OfDeceased);
        let choose = self.choose.as_deref().map(Form::Choose);
        let rounded = self.rounded.as_deref().map(Form::Rounded);
        let constant = self.constant.map(Form::Constant);
        let others = [earnings, deceased, choose, rounded, constant].into_iter().flatten();
        names.chain(lists).chain(others).collect()
    }
}

/// A name, or a table.
#[derive(Clone, Debug)]
pub(crate) enum NameOr<T> {
    /// A name.
    Name(String),
    /// A table.
    Table(Box<T>),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for NameOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(name) => Ok(Self::Name(name)),
            other => {
                other.try_into().map(|table| Self::Table(Box::new(table))).map_err(D::Error::custom)
            }
        }
    }
}

impl<T: JsonSchema> JsonSchema for NameOr<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("NameOr{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<T>();
        json_schema!({
            "description": "A name, or a table.",
            "anyOf": [{ "type": "string", "description": "A name." }, table]
        })
    }
}
