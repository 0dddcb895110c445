//! One assumption of a checked model made larger or smaller: what sensitivities, stress and levers are made of.

mod money;
mod people;
mod schemes;
mod work;

use perennis_demography::LifeTableError;
use perennis_scheme::NoLifeExpectancy;
use perennis_units::{Path, Sex, Year, YearRange};
use thiserror::Error;

use crate::Model;

macro_rules! quantities {
    ($($name:ident $word:literal $doc:literal)*) => {
        /// What a change acts on, whatever the form in which a country's files give it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Quantity {
            $(#[doc = $doc] $name,)*
        }

        impl Quantity {
            /// Every quantity, in the order of the calculation.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the word used in files and tables.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

quantities! {
    Fertility "fertility" "Births per woman-year."
    Mortality "mortality" "Force of mortality of the population."
    Migration "migration" "Net migrants, emigrants and immigrants alike."
    Participation "participation" "Labour force over population."
    Unemployment "unemployment" "Unemployed over labour force."
    FormalEmployment "formal_employment" "Share of the employed in groups that are not informal."
    Productivity "productivity" "Growth of output per person employed."
    Wages "wages" "Growth of wages, above prices where it is given so."
    Prices "prices" "Growth of prices; what stands above prices stays above them: wages and interest."
    Interest "interest" "Nominal interest and returns of all reserves."
    Coverage "coverage" "Insured over employed."
    Density "density" "Share of the year that those pay who are counted when they pay at all."
    Turnover "turnover" "Share of the active insured who leave in a year."
    ReEntry "re_entry" "Share of those who join who were insured before."
    Withdrawal "withdrawal" "Share of the inactive insured who take a withdrawal in a year."
    Invalidity "invalidity" "Share of the insured who become invalids in a year."
    Retirement "retirement" "Years from the pensionable age at which pensions are claimed."
    PensionerMortality "pensioner_mortality" "Force of mortality of pensioners over that of the population."
    Compliance "compliance" "Contributions collected over due."
    Loadings "loadings" "Benefits that stand as a share of another one."
    Administration "administration" "Cost of administration."
    HealthUse "health_use" "Contacts with services of health insurance."
    HealthCost "health_cost" "Growth of the cost of a contact above prices."
}

/// How a quantity may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// By a factor.
    Factor,
    /// By a factor or by adding a share.
    Share,
    /// By a factor or by adding a share a year.
    Growth,
    /// By adding years.
    Years,
}

impl Quantity {
    /// Says how the quantity may be changed.
    #[must_use]
    pub const fn takes(self) -> Takes {
        match self {
            Self::Productivity | Self::Wages | Self::Prices | Self::Interest | Self::HealthCost => {
                Takes::Growth
            }
            Self::Participation
            | Self::Unemployment
            | Self::Coverage
            | Self::Turnover
            | Self::ReEntry
            | Self::Withdrawal
            | Self::Compliance
            | Self::Loadings => Takes::Share,
            Self::Retirement => Takes::Years,
            _ => Takes::Factor,
        }
    }
}

/// How a change acts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Times a factor; a share that would pass one stops there, which is counted.
    Times(f64),
    /// Plus so much: of growth and interest a share a year, of shares a share, of retirement years.
    Adds(f64),
}

/// When a change begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// So many years after the first year of the run.
    After(u16),
    /// In a calendar year.
    In(Year),
}

/// One assumption made larger or smaller.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it acts on.
    pub quantity: Quantity,
    /// How.
    pub act: Act,
    /// The first year.
    pub begins: Begins,
    /// Share of the change in force in each year from the first on; at least one.
    pub weights: Vec<f64>,
    /// Whether the last of `weights` holds on; otherwise nothing of the change is left after it.
    pub lasts: bool,
    /// Lowest and highest age, where the quantity has ages.
    pub ages: (usize, usize),
    /// The sex, where the quantity has sexes; both when absent.
    pub sex: Option<Sex>,
    /// The scheme, group, account, service or loading of this name only.
    pub only: Option<String>,
}

impl Change {
    /// A change in full force from the second year of the run on, for all persons.
    #[must_use]
    pub fn new(quantity: Quantity, act: Act) -> Self {
        Self {
            quantity,
            act,
            begins: Begins::After(1),
            weights: vec![1.0],
            lasts: true,
            ages: (0, usize::MAX),
            sex: None,
            only: None,
        }
    }

    /// Returns the same change `size` times as large: 0 is none, 2 twice as far from none.
    #[must_use]
    pub fn of_size(&self, size: f64) -> Self {
        let act = match self.act {
            Act::Times(factor) => Act::Times(1.0 + (factor - 1.0) * size),
            Act::Adds(more) => Act::Adds(more * size),
        };
        Self { act, ..self.clone() }
    }

    /// Returns the largest size at which a factor is not negative.
    #[must_use]
    pub fn largest_size(&self) -> f64 {
        match self.act {
            Act::Times(factor) if factor < 1.0 => 1.0 / (1.0 - factor),
            _ => f64::INFINITY,
        }
    }

    /// Says in words what is changed, how far, from when and for whom, in a run over `years`.
    #[must_use]
    pub fn words(&self, years: YearRange) -> String {
        let mut words = self.quantity.as_str().replace('_', " ");
        words.push_str(&match (self.act, self.quantity.takes()) {
            (Act::Times(factor), _) => format!(" × {}", short(factor)),
            (Act::Adds(more), Takes::Years) => format!(" {} years", signed(more)),
            (Act::Adds(more), _) => format!(" {} points", signed(100.0 * more)),
        });
        let first = self.first(years);
        if !self.lasts {
            let weights: Vec<String> = self.weights.iter().map(|one| short(*one)).collect();
            words.push_str(&format!(" in {first}, of which year by year {}", weights.join(", ")));
        } else if 1 < self.weights.len() {
            words.push_str(&format!(" from {first} in {} yearly steps", self.weights.len()));
        } else if years.first() < first {
            words.push_str(&format!(" from {first}"));
        }
        match self.ages {
            (0, usize::MAX) => {}
            (low, usize::MAX) => words.push_str(&format!(", aged {low} and over")),
            (low, high) => words.push_str(&format!(", aged {low} to {high}")),
        }
        if let Some(sex) = self.sex {
            words.push_str(if sex == Sex::Male { ", men" } else { ", women" });
        }
        if let Some(only) = &self.only {
            words.push_str(&format!(", {} only", only.replace('_', " ")));
        }
        words
    }

    fn first(&self, years: YearRange) -> Year {
        match self.begins {
            Begins::After(later) => years.first().plus(i32::from(later)),
            Begins::In(year) => year,
        }
    }

    /// Returns the share of the change in force in `year`.
    fn weight(&self, year: Year, years: YearRange) -> f64 {
        let Ok(since) = usize::try_from(year.since(self.first(years))) else { return 0.0 };
        let after = if self.lasts { self.weights.last().copied().unwrap_or(0.0) } else { 0.0 };
        self.weights.get(since).copied().unwrap_or(after)
    }

    /// Returns a value with so much of the change in force.
    fn acted(&self, value: f64, weight: f64) -> f64 {
        match self.act {
            Act::Times(factor) => value * (1.0 + (factor - 1.0) * weight),
            Act::Adds(more) => value + more * weight,
        }
    }

    fn concerns(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == name)
    }

    fn concerns_person(&self, sex: Sex, age: usize) -> bool {
        let (low, high) = self.ages;
        low <= age && age <= high && self.sex.is_none_or(|only| only == sex)
    }

    fn factor(&self) -> Result<f64, ChangeError> {
        match self.act {
            Act::Times(factor) => Ok(factor),
            Act::Adds(_) => Err(ChangeError::NotAdded(self.quantity.as_str())),
        }
    }
}

/// What a change did to a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acted {
    /// Values that differ from before; none where the model has nothing of the kind.
    pub values: usize,
    /// Of these, shares that stopped at nobody or at everybody.
    pub limited: usize,
}

/// A change that the model cannot take.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ChangeError {
    /// A quantity that is multiplied and not added to.
    #[error("`{0}` is changed by a factor, not by adding")]
    NotAdded(&'static str),
    /// A quantity that is added to and not multiplied.
    #[error("`{0}` is changed by adding, not by a factor")]
    NotMultiplied(&'static str),
    /// A value outside the bounds of its kind.
    #[error("`{quantity}` of {value} in {year} is outside its bounds")]
    Outside {
        /// The quantity.
        quantity: &'static str,
        /// The value.
        value: f64,
        /// The year.
        year: Year,
    },
    /// Death rates that make no life table.
    #[error("mortality: {0}")]
    LifeTable(#[from] LifeTableError),
    /// A pensionable age that follows a life expectancy nobody gives.
    #[error("{0}")]
    NoLifeExpectancy(#[from] NoLifeExpectancy),
    /// What has no years cannot be changed for a time or from a year on.
    #[error("`{0}` holds from the start of the run and cannot be changed for some years only")]
    NoYears(&'static str),
}

impl Model {
    /// Returns the model with some assumptions changed, one after the other, and what each change did.
    ///
    /// A change of size zero gives the same model.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] for a change that the model cannot take.
    pub fn changed(&self, changes: &[Change]) -> Result<(Self, Vec<Acted>), ChangeError> {
        let mut model = self.clone();
        let acted = changes.iter().map(|change| model.change(change)).collect::<Result<_, _>>()?;
        if changes.iter().any(|change| change.quantity == Quantity::Mortality) {
            model.follow_life()?;
        }
        Ok((model, acted))
    }

    /// Lets pensionable ages that are tied to life expectancy follow the mortality of the model.
    fn follow_life(&mut self) -> Result<(), NoLifeExpectancy> {
        let Some(pensions) = &mut self.pensions else { return Ok(()) };
        let people = &self.demography;
        for scheme in pensions.schemes.iter_mut().filter(|scheme| scheme.law.linked_age.is_some()) {
            scheme.law =
                scheme.law.following_life(&|year, age| people.life_expectancy(year, age))?;
        }
        Ok(())
    }

    fn change(&mut self, change: &Change) -> Result<Acted, ChangeError> {
        use Quantity as Q;
        match change.quantity {
            Q::Fertility | Q::Mortality | Q::Migration => people::change(self, change),
            Q::Participation | Q::Unemployment | Q::FormalEmployment => work::change(self, change),
            Q::Productivity | Q::Wages | Q::Prices | Q::Interest | Q::Administration => {
                money::change(self, change)
            }
            Q::HealthUse | Q::HealthCost => money::change_health(self, change),
            _ => schemes::change(self, change),
        }
    }
}

/// Writes a number with as few decimals as it needs, at most four.
fn short(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').replace('-', "\u{2212}")
}

fn signed(value: f64) -> String {
    if 0.0 < value { format!("+{}", short(value)) } else { short(value) }
}

/// Counts a value that a change touched, and gives the new one.
fn count(acted: &mut Acted, before: f64, after: f64) -> f64 {
    if before.to_bits() != after.to_bits() {
        acted.values += 1;
    }
    after
}

/// Keeps a share between nobody and everybody, and counts where it stops.
fn share(acted: &mut Acted, before: f64, after: f64) -> f64 {
    let within = after.clamp(0.0, 1.0);
    if within.to_bits() != after.to_bits() {
        acted.limited += 1;
    }
    count(acted, before, within)
}

/// Changes every year of a path; what was recorded before the run stays, and the last value holds on as before.
fn path<T: Copy>(
    of: &mut Path<T>,
    years: YearRange,
    mut change: impl FnMut(Year, T) -> Result<T, ChangeError>,
) -> Result<(), ChangeError> {
    let own = of.years();
    let first = if own.count() == 1 { years.first() } else { own.first().min(years.first()) };
    let last = own.last().max(years.last());
    let count = usize::try_from(last.since(first)).unwrap_or(0) + 1;
    let all = YearRange::new(first, count).iter();
    let values = all.map(|year| change(year, of.at(year))).collect::<Result<Vec<T>, _>>()?;
    if let Some(changed) = Path::new(first, values) {
        *of = changed;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_passes_or_lasts_as_its_weights_say() {
        let years = YearRange::new(Year::new(2024), 10);
        let mut change = Change::new(Quantity::Interest, Act::Adds(0.01));
        change.weights = vec![1.0, 0.5];
        let weights = |change: &Change| {
            (2024..2029).map(|year| change.weight(Year::new(year), years)).collect::<Vec<f64>>()
        };
        assert_eq!(weights(&change), [0.0, 1.0, 0.5, 0.5, 0.5]);
        change.lasts = false;
        change.begins = Begins::In(Year::new(2026));
        assert_eq!(weights(&change), [0.0, 0.0, 1.0, 0.5, 0.0]);
    }

    #[test]
    fn the_size_of_a_change_is_measured_from_none() {
        let fewer = Change::new(Quantity::Coverage, Act::Times(0.9));
        assert_eq!(fewer.of_size(0.0).act, Act::Times(1.0));
        assert!((fewer.largest_size() - 10.0).abs() < 1e-12);
        let Act::Times(factor) = fewer.of_size(fewer.largest_size()).act else { panic!() };
        assert!(factor.abs() < 1e-12);
        let more = Change::new(Quantity::Interest, Act::Adds(-0.01));
        assert_eq!(more.of_size(2.0).act, Act::Adds(-0.02));
        assert!(more.largest_size().is_infinite());
    }

    #[test]
    fn a_path_keeps_its_past_and_its_end() {
        let years = YearRange::new(Year::new(2024), 4);
        let mut of = Path::new(Year::new(2020), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        let change =
            |year: Year, value: f64| Ok(if Year::new(2026) <= year { value + 10.0 } else { value });
        path(&mut of, years, change).unwrap();
        let values: Vec<f64> = (2019..2030).map(|year| of.at(Year::new(year))).collect();
        assert_eq!(values, [1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 16.0, 16.0, 16.0, 16.0]);
        let mut constant = Path::constant(1.0);
        path(&mut constant, years, change).unwrap();
        assert_eq!(constant.years().first(), Year::new(2024));
        assert_eq!((constant.at(Year::new(2025)), constant.at(Year::new(2030))), (1.0, 11.0));
    }
}
