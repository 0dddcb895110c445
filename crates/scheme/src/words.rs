//! The formulas of a person's trace: numbers in words that an actuary would write.

use perennis_units::{Citation, with_commas};

use crate::context::Context;
use crate::{Accrual, ByYears, Change, LawError, Measure, Operand, PerYear, PerYearOf, Step};

/// A formula with its numbers, and the provisions that fix them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Words {
    pub(crate) formula: String,
    pub(crate) provisions: Vec<Citation>,
}

/// Writes a number as in a report: amounts of a thousand or more in groups with two decimals, others with up to six.
pub(crate) fn number(value: f64) -> String {
    if value.abs() < 1000.0 {
        let text = format!("{value:.6}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        return if text == "-0" { "0".to_owned() } else { text.to_owned() };
    }
    let text = format!("{:.2}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    let grouped = with_commas(whole);
    let sign = if value < 0.0 { "-" } else { "" };
    if part == "00" { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{part}") }
}

/// Writes months as years and months.
pub(crate) fn in_months(months: f64) -> String {
    let years = (months / 12.0).floor();
    let odd = months - 12.0 * years;
    match (0.0 < years, 1e-9 < odd) {
        (true, true) => format!("{} years {} months", number(years), number(odd)),
        (true, false) => format!("{} years", number(years)),
        _ => format!("{} months", number(months)),
    }
}

impl<'a> Context<'a> {
    /// Writes what a step does to the amount before it.
    pub(crate) fn words(
        &self,
        step: &'a Step,
        before: f64,
        reference: Option<f64>,
    ) -> Result<Words, LawError> {
        let mut provisions = Vec::new();
        let mut asks = |operand: &'a Operand| self.provisions_of(operand, &mut provisions);
        let amount = number(before);
        let formula = match step {
            Step::ReferenceEarnings(rules) => {
                let rule = self.reference_rule(rules, 0)?;
                provisions.push(rule.citation.clone());
                self.of_record(&rule.name, "reference earnings of a year")?
            }
            Step::Points(rule) => {
                provisions.push(rule.citation.clone());
                self.of_record(&rule.name, "points")?
            }
            Step::Balance(rule) => {
                provisions.push(rule.citation.clone());
                self.of_record(&rule.name, "balance")?
            }
            Step::Formula(formula) => {
                provisions.push(formula.citation.clone());
                let result: f64 = self.formula(formula)?;
                format!("{} = {}", formula.name, number(result))
            }
            Step::Flat(operand) => {
                asks(operand);
                self.said(operand)?
            }
            Step::OfDeceased(benefits) => {
                let result: f64 = self.of_deceased(benefits)?;
                let names: Vec<&str> = benefits.iter().map(|of| of.name.as_str()).collect();
                format!("{} of the deceased = {}", names.join(" or "), number(result))
            }
            Step::Accrual(accrual) => self.accrual_words(accrual, &amount, &mut provisions)?,
            Step::Brackets(brackets) => {
                provisions.push(brackets.citation().clone());
                self.brackets_words(brackets, before, &mut provisions)?
            }
            Step::EarlyReduction(rule) => {
                self.per_year_words(rule, ('−', -1.0), (&amount, reference), &mut provisions)?
            }
            Step::LateIncrease(rule) => {
                self.per_year_words(rule, ('+', 1.0), (&amount, reference), &mut provisions)?
            }
            Step::Times(change) => self.change_words(change, &amount, "×", &mut provisions)?,
            Step::Plus(change) => self.change_words(change, &amount, "+", &mut provisions)?,
            Step::Minus(change) => self.change_words(change, &amount, "−", &mut provisions)?,
            Step::AtLeast(change) => self.change_words(change, &amount, "max", &mut provisions)?,
            Step::AtMost(change) => self.change_words(change, &amount, "min", &mut provisions)?,
            _ => self.other_words(step, before, reference, &mut provisions)?,
        };
        Ok(Words { formula, provisions })
    }

    fn other_words(
        &self,
        step: &'a Step,
        before: f64,
        reference: Option<f64>,
        provisions: &mut Vec<Citation>,
    ) -> Result<String, LawError> {
        let months_of = |months: f64| {
            let of = number(reference.unwrap_or(0.0));
            format!("{} months of reference earnings of {of} a year / 12", number(months))
        };
        Ok(match step {
            Step::Prorate { by, over } => {
                self.provisions_of(over, provisions);
                let over = self.said(over)?;
                let measure: f64 = self.measure(by)?;
                let by = self.measure_name(by);
                format!("{} × min(1, {} ({by}) / {over})", number(before), number(measure))
            }
            Step::Annuitise(divisor) => {
                provisions.push(divisor.citation.clone());
                let by: f64 = self.divisor(divisor)?;
                format!("{} / {} ({})", number(before), number(by), divisor.name)
            }
            Step::LumpSum(rule) => {
                self.cite(&rule.months_a_year, provisions);
                months_of(self.lump_sum_months(rule)?)
            }
            Step::ExcessLumpSum(rule) => {
                self.cite(&rule.months_a_year, provisions);
                months_of(self.excess_months(rule)?)
            }
            Step::AdjustedSinceAssessment { rounded, indexation } => {
                if let Some(rounding) = rounded {
                    self.cite(&rounding.to, provisions);
                }
                let mut formula = number(before);
                for factor in self.factors_since_assessment(indexation.as_deref())? {
                    formula.push_str(&format!(" × {}", number(factor)));
                }
                if rounded.is_some() {
                    formula.push_str(", rounded after each adjustment");
                }
                formula
            }
            Step::Round(rounding) => {
                self.cite(&rounding.to, provisions);
                let to = number(rounding.to.at(self.asked())?.value);
                let direction = rounding.direction.words();
                let payments = rounding.payments_a_year;
                let each = number(before / f64::from(payments));
                format!(
                    "{each} in each of {payments} payments a year, rounded {direction} multiple of {to}"
                )
            }
            _ => number(before),
        })
    }

    fn of_record(&self, name: &str, what: &str) -> Result<String, LawError> {
        let counted = self.known_of_record(name);
        let (amount, formula) = counted.unwrap_or((0.0, String::new()));
        let formula = if formula.is_empty() { String::new() } else { format!(": {formula}") };
        Ok(format!("{what} ({name}) = {}{formula}", number(amount)))
    }

    fn accrual_words(
        &self,
        accrual: &'a Accrual,
        amount: &str,
        provisions: &mut Vec<Citation>,
    ) -> Result<String, LawError> {
        let share: f64 = self.accrued(accrual)?;
        let years: f64 = self.years(&accrual.by, accrual.counting)?;
        let years = number(years);
        let of = match accrual.by {
            Measure::Credit => "credit".to_owned(),
            ref by => self.measure_name(by),
        };
        Ok(match &accrual.share {
            ByYears::Scale(scale) => {
                self.cite(scale, provisions);
                format!("{amount} × {} (share for {years} years of {of})", number(share))
            }
            ByYears::Rate(rate) => {
                self.cite(rate, provisions);
                let value: f64 = self.rule(rate)?;
                let product = format!("{} × {years} years of {of}", number(value));
                if rate.days().len() < 2 {
                    format!("{amount} × {product}")
                } else {
                    let by_date = "rates by the date of the credit";
                    format!("{amount} × {} ({years} years of {of}, {by_date})", number(share))
                }
            }
        })
    }

    fn per_year_words(
        &self,
        rule: &'a PerYear,
        (symbol, sign): (char, f64),
        (amount, reference): (&str, Option<f64>),
        provisions: &mut Vec<Citation>,
    ) -> Result<String, LawError> {
        let share: f64 = self.share_for_time(rule, sign)?;
        let by = match &rule.by {
            Some(measure) => measure,
            None if sign < 0.0 => &Measure::MonthsEarly,
            None => &Measure::MonthsLate,
        };
        let years: f64 = self.years(by, rule.counting)?;
        let name = self.measure_name(by);
        let share = match &rule.rate {
            ByYears::Rate(rate) => {
                self.cite(rate, provisions);
                let value: f64 = self.rule(rate)?;
                format!("{} × {} years ({name})", number(value), number(years))
            }
            ByYears::Scale(scale) => {
                self.cite(scale, provisions);
                format!("{} (share for {} years, {name})", number(share), number(years))
            }
        };
        Ok(match rule.of {
            PerYearOf::Amount => format!("{amount} × (1 {symbol} {share})"),
            PerYearOf::ReferenceEarnings => {
                let of = number(reference.unwrap_or(0.0));
                format!("{amount} {symbol} {share} × {of}")
            }
        })
    }

    fn brackets_words(
        &self,
        brackets: &'a crate::Brackets,
        before: f64,
        provisions: &mut Vec<Citation>,
    ) -> Result<String, LawError> {
        let (mut parts, mut from) = (Vec::new(), 0.0);
        for (at, rate) in brackets.rates().iter().enumerate() {
            self.provisions_of(rate, provisions);
            let threshold = brackets.thresholds().get(at);
            let to: f64 = match threshold {
                None => before,
                Some(operand) => {
                    self.provisions_of(operand, provisions);
                    self.operand::<f64>(operand)?.min(before)
                }
            };
            let value: f64 = self.operand(rate)?;
            if from < to || at == 0 {
                parts.push(format!("{} × {}", number(value), number(to - from)));
            }
            from = to.max(from);
        }
        Ok(parts.join(" + "))
    }

    fn change_words(
        &self,
        change: &'a Change,
        amount: &str,
        symbol: &str,
        provisions: &mut Vec<Citation>,
    ) -> Result<String, LawError> {
        self.provisions_of(&change.by, provisions);
        for test in &change.only_if {
            self.provisions_of_test(test, provisions);
            let met: f64 = self.test(test)?;
            if met <= 0.0 {
                return Ok(format!("{amount}, as it is not so that {}", self.test_words(test)?));
            }
        }
        let by = self.said(&change.by)?;
        Ok(match symbol {
            "max" | "min" => format!("{symbol}({amount}, {by})"),
            _ => format!("{amount} {symbol} {by}"),
        })
    }
}
