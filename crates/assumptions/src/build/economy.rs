use perennis_labour::{EconomyBasis, WageGrowth};
use perennis_units::{Growth, Money, Path, Year, YearRange};

use super::Frame;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::economy::{Economy, Wages};

/// Builds the paths of the economy over the years of the valuation.
pub(crate) fn economy(file: &Economy, at: &At<'_>, frame: &Frame) -> Option<EconomyBasis> {
    let years = frame.years;
    let gdp = output(file, &at.key("gdp"), years);
    let productivity = file.productivity.growth(&at.key("productivity"), years);
    let prices = file.prices.growth(&at.key("prices"), years);
    let wages = wages(&file.wages, &at.key("wages"), prices.as_ref(), years);
    let interest = file.interest.growth(&at.key("interest"), years);
    let wage_share = file.wage_share.map(|share| share.share(&at.key("wage_share")));
    let government = file
        .government_expenditure
        .as_ref()
        .map(|series| series.share(&at.key("government_expenditure"), years));
    Some(EconomyBasis {
        gdp: gdp?,
        gdp_year: Year::new(file.gdp.year),
        productivity: productivity?,
        prices: prices?,
        wages: wages?,
        interest: interest?,
        wage_share: given(wage_share)?,
        government_expenditure: given(government)?,
    })
}

fn output(file: &Economy, at: &At<'_>, years: YearRange) -> Option<Money> {
    if years.position(Year::new(file.gdp.year)).is_none() {
        at.key("year").fault(
            Code::Incoherent,
            format!(
                "output is given for {}, outside the valuation, {} to {}",
                file.gdp.year,
                years.first(),
                years.last()
            ),
            format!("give the output of {}: employment is not known before", years.first()),
        );
    }
    let value = at.key("value");
    let cited = value.citation();
    let factor = value.unit(&Kind::MONEY_OF_THE_YEAR);
    let amount = Kind::MONEY_OF_THE_YEAR.check(file.gdp.value * factor?, &value)?;
    if amount <= 0.0 {
        value.fault(Code::OutOfBounds, "output is zero", "give the output of the year");
        return None;
    }
    cited.and_then(|_| Money::new(amount).ok())
}

fn wages(
    form: &Wages,
    at: &At<'_>,
    prices: Option<&Path<Growth>>,
    years: YearRange,
) -> Option<WageGrowth> {
    let (series, key) = match (&form.nominal, &form.real) {
        (Some(series), None) => (series, "nominal"),
        (None, Some(series)) => (series, "real"),
        (None, None) => {
            let reason = format!("`{}` has no growth", at.path());
            at.fault(Code::NoValues, reason, "give one of nominal and real");
            return None;
        }
        (Some(_), Some(_)) => {
            let reason = format!("`{}` is given in current prices and above prices", at.path());
            at.fault(Code::TwoWays, reason, "keep one of nominal and real");
            return None;
        }
    };
    let assumed = series.growth(&at.key(key), years)?;
    let is_real = form.real.is_some();
    let joined = match &form.recorded {
        None => assumed,
        Some(recorded) => {
            let first =
                if series.value.is_some() { years.first() } else { assumed.years().first() };
            let before = recorded
                .growth(&at.key("recorded"), YearRange::new(first.plus(-1), 1))
                .filter(|path| precedes(path, first, &at.key("recorded")))?;
            let prices = if is_real { Some(prices?) } else { None };
            join(&before, &assumed, (first, years.last()), prices, &at.key("recorded"))?
        }
    };
    Some(if is_real { WageGrowth::Real(joined) } else { WageGrowth::Nominal(joined) })
}

fn precedes(recorded: &Path<Growth>, first: Year, at: &At<'_>) -> bool {
    let fits = recorded.years().last() < first;
    if !fits {
        at.fault(
            Code::TwoWays,
            format!("the growth of wages in {first} is recorded and assumed"),
            format!("end the record in {} or begin the assumption later", first.plus(-1)),
        );
    }
    fits
}

/// Puts the recorded growth before the assumed one, brought above prices where those are given.
fn join(
    recorded: &Path<Growth>,
    assumed: &Path<Growth>,
    (first, last): (Year, Year),
    prices: Option<&Path<Growth>>,
    at: &At<'_>,
) -> Option<Path<Growth>> {
    // A single value for all years is recorded from year 0 on; it stands for the year before the assumption.
    let start = recorded.years().first().max(first.plus(-1).min(recorded.years().last()));
    let start = if recorded.years().first().get() == 0 { start } else { recorded.years().first() };
    let mut growth = Vec::new();
    for offset in 0..=last.since(start) {
        let year = start.plus(offset);
        if first <= year {
            growth.push(assumed.at(year));
            continue;
        }
        let nominal = recorded.at(year);
        let value =
            prices.map_or(nominal.get(), |path| nominal.factor() / path.at(year).factor() - 1.0);
        let Ok(value) = Growth::new(value) else {
            let reason = format!("wages of {year} grow beyond all bounds above prices");
            at.fault(Code::OutOfBounds, reason, "check the growth of wages and prices of the year");
            return None;
        };
        growth.push(value);
    }
    Path::new(start, growth)
}

#[cfg(test)]
mod tests {
    use super::super::labour::tests::{ECONOMY, folder};
    use super::*;

    const LABOUR: &str = r#"
source = "made up"
unit = "share"
participation.all_ages = { value = 0.5 }
unemployment.all_ages = { value = 0.1 }
groups.all = { informal = false, residual = true }
"#;

    fn basis(economy: &str) -> EconomyBasis {
        let loaded = folder(LABOUR, economy, "").load();
        let loaded = loaded.unwrap_or_else(|rejected| panic!("{:?}", rejected.faults));
        loaded.model.labour.unwrap().economy
    }

    #[test]
    fn recorded_wages_stand_before_the_assumed_ones_above_the_prices_of_their_years() {
        let recorded = ECONOMY.replace(
            "wages.real = { value = 0.03 }",
            "wages.real = { value = 0.03 }\n\
             wages.recorded = { values = { 2021 = 0.21, 2023 = 0.32 }, gaps = \"hold\" }",
        );
        let basis = basis(&recorded);
        let growth = |year| basis.wages.nominal(Year::new(year), &basis.prices);
        // Prices grow 10 % until 2023 and 5 % from 2024 on.
        assert!((growth(2022) - 0.21).abs() < 1e-12);
        assert!((growth(2023) - 0.32).abs() < 1e-12);
        assert!((growth(2024) - (1.03 * 1.05 - 1.0)).abs() < 1e-12);
        assert_eq!(basis.wages.years().first(), Year::new(2021));
    }

    fn faults(from: &str, to: &str) -> Vec<String> {
        assert!(ECONOMY.contains(from));
        folder(LABOUR, &ECONOMY.replace(from, to), "").faults("economy")
    }

    #[test]
    fn output_of_a_year_outside_the_valuation_is_a_fault() {
        assert_eq!(faults("year = 2024", "year = 2023"), ["A609 economy.gdp.year 4"]);
    }

    #[test]
    fn wages_are_given_in_one_way_and_each_year_once() {
        let both = "wages = { real = { value = 0.03 }, nominal = { value = 0.08 } }";
        assert_eq!(faults("wages.real = { value = 0.03 }", both), ["A403 economy.wages 7"]);
        let late = "wages = { real = { value = 0.03 }, recorded = { values = { 2023 = 0.1, 2024 = 0.1 } } }";
        assert_eq!(
            faults("wages.real = { value = 0.03 }", late),
            ["A403 economy.wages.recorded 7"]
        );
        let none = "wages.recorded = { value = 0.03 }";
        assert_eq!(faults("wages.real = { value = 0.03 }", none), ["A401 economy.wages 7"]);
    }
}
