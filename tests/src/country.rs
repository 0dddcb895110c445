use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use perennis_units::Sex;
use perennis_valuation::{Results, run};

use crate::CountryFolder;

/// A small country as assumption files, of which a test replaces what it is about.
///
/// As it comes: from 2024 a thousand men and women at each age, immortal to 99, and as many again each year; half of those
/// aged 20 to 64 are in formal work; prices stand still, wages grow by 2 % a year, interest is 3 %. It has no scheme and no
/// account.
#[derive(Clone, Debug)]
pub struct SmallCountry {
    files: BTreeMap<String, String>,
}

const VALUATION: &str = r#"
title = "t"
country = "c"
currency = "crown"
start = 2024-01-01
horizon = 12
[files]
population = "population.toml"
labour = "labour.toml"
economy = "economy.toml"
finance = "finance.toml"
schemes = { tested = "tested.toml" }
"#;

const POPULATION: &str = r#"
source = "made up"
base = { file = "base.csv", unit = "persons", date = 2024-01-01 }
mortality = { file = "mortality.csv", unit = "deaths per person-year" }
fertility = { file = "fertility.csv", unit = "births per woman-year" }
sex_ratio_at_birth = { value = 1.0, unit = "boys per girl" }
migration.total = { value = 0, unit = "persons" }
"#;

const LABOUR: &str = r#"
source = "made up"
unit = "share"
participation.by_age = { file = "participation.csv", ages = "single" }
unemployment.all_ages = { value = 0 }
groups.formal = { informal = false, share.all_ages = { value = 0.5 } }
groups.other = { informal = true, residual = true }
"#;

const ECONOMY: &str = r#"
source = "made up"
unit = "share a year"
gdp = { value = 5, unit = "million crown", year = 2024 }
productivity = { value = 0 }
prices = { value = 0 }
wages.real = { value = 0.02 }
interest = { value = 0.03 }
"#;

const FERTILITY: &str =
    "age,rate\n25,0.6666666666666666\n26,0.6666666666666667\n27,0.6666666666666667\n";

impl SmallCountry {
    /// The scheme of every test is this file.
    pub const SCHEME: &str = "tested.toml";

    /// Who is insured: all in formal work, without a gap, at a thousand crowns a month in 2024; `members.csv` has those of
    /// the start.
    pub const GROUP: &str = r#"
[groups.formal]
employed = "formal"
count = "average"
coverage = { unit = "share", source = "made up", all_ages = { value = 1 } }
turnover = { unit = "probability", source = "made up", all_ages = { value = 0 } }
active.counted = { file = "members.csv", unit = "persons", source = "made up" }

[groups.formal.earnings]
source = "made up"
year = 2024
unit = "crown a month"
mean.all_ages = { value = 1000 }
spread = { value = 0, unit = "share" }
"#;

    /// What stands at the head of a scheme: first insurance at 20, half years of credit, all contributions collected,
    /// nobody returns.
    pub const HEAD: &str = r#"
credit_step = 6
entry = { from_age = 20, to_age = 20 }
compliance = { value = 1, unit = "share", source = "made up" }
re_entry = { value = 0, unit = "share", source = "made up" }
"#;

    /// The country as it comes.
    #[must_use]
    pub fn new() -> Self {
        let rate = |_, age: usize| if age < 99 { "0".to_owned() } else { "0.5".to_owned() };
        let works = |_, age: usize| u8::from((20..65).contains(&age)).to_string();
        Self { files: BTreeMap::new() }
            .file("valuation.toml", VALUATION)
            .file("population.toml", POPULATION)
            .file("labour.toml", LABOUR)
            .file("economy.toml", ECONOMY)
            .file("finance.toml", "source = \"made up\"\n")
            .file("fertility.csv", FERTILITY)
            .by_age("base.csv", "population", 0..101, |_, _| "1000".to_owned())
            .by_age("mortality.csv", "rate", 0..101, rate)
            .by_age("participation.csv", "share", 0..101, works)
    }

    /// Writes a file, in place of the one of that name.
    #[must_use]
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.files.insert(name.to_owned(), text.to_owned());
        self
    }

    /// Adds text at the end of a file.
    #[must_use]
    pub fn and(mut self, name: &str, text: &str) -> Self {
        let file = self.files.entry(name.to_owned()).or_default();
        file.push('\n');
        file.push_str(text);
        self
    }

    /// Replaces a passage of a file.
    ///
    /// # Panics
    ///
    /// When the file does not have it: the test would change nothing.
    #[must_use]
    pub fn with(mut self, name: &str, passage: &str, by: &str) -> Self {
        let text = self.files.get(name).filter(|text| text.contains(passage));
        let text = text.unwrap_or_else(|| panic!("{name} has no passage {passage:?}"));
        let text = text.replace(passage, by);
        self.files.insert(name.to_owned(), text);
        self
    }

    /// Writes a CSV file with rows for men and women at each age; `columns` are those after sex and age.
    #[must_use]
    pub fn by_age(
        self,
        name: &str,
        columns: &str,
        ages: Range<usize>,
        row: impl Fn(Sex, usize) -> String,
    ) -> Self {
        let mut text = format!("sex,age,{columns}\n");
        for age in ages {
            for sex in Sex::ALL {
                let _ = writeln!(text, "{},{age},{}", sex.as_str(), row(sex, age));
            }
        }
        self.file(name, &text)
    }

    /// Sets the number of years.
    #[must_use]
    pub fn years(self, horizon: usize) -> Self {
        self.with("valuation.toml", "horizon = 12", &format!("horizon = {horizon}"))
    }

    /// Sets the growth of prices and of nominal wages, and interest, each a share a year.
    #[must_use]
    pub fn economy(self, prices: f64, wages: f64, interest: f64) -> Self {
        let file = "economy.toml";
        self.with(file, "prices = { value = 0 }", &format!("prices = {{ value = {prices:?} }}"))
            .with(
                file,
                "wages.real = { value = 0.02 }",
                &format!("wages.nominal = {{ value = {wages:?} }}"),
            )
            .with(
                file,
                "interest = { value = 0.03 }",
                &format!("interest = {{ value = {interest:?} }}"),
            )
    }

    /// Adds a fund with a reserve, whose gaps the State fills.
    #[must_use]
    pub fn fund(self, name: &str) -> Self {
        let account = format!(
            "[accounts.{name}]\nkept_as = \"reserve\"\nwhen_exhausted = \"state_pays\"\n\
             opening_reserve = {{ value = 0, unit = \"crown\" }}\n"
        );
        self.and("finance.toml", &account)
    }

    /// Writes all files.
    #[must_use]
    pub fn folder(&self) -> CountryFolder {
        let folder = CountryFolder::new();
        for (name, text) in &self.files {
            folder.write(name, text);
        }
        folder
    }

    /// Loads the country and values it.
    ///
    /// # Panics
    ///
    /// With all faults when there are any.
    #[must_use]
    pub fn value(&self) -> Results {
        run(&self.folder().load().model).unwrap_or_else(|fault| panic!("{fault}"))
    }
}

impl Default for SmallCountry {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the law of a pension from an age on: so much of the earnings of the last year for each year of service,
/// following prices in payment.
///
/// `revalued` says by what those earnings are brought to the award: `wages`, or `hold` for as they were.
#[must_use]
pub fn final_salary(age: u8, accrual: f64, revalued: &str) -> String {
    format!(
        r#"
source = "made up"

[pensionable_age]
unit = "years"
in_force = [{{ from = 1900-01-01, value = {age} }}]

[rules.accrual]
unit = "share a year"
in_force = [{{ from = 1900-01-01, value = {accrual:?} }}]

[rules.last]
unit = "years"
in_force = [{{ from = 1900-01-01, value = 1 }}]

[reference_earnings.final]
window.last = "last"
revalued = {{ by = "{revalued}" }}

[indexation.prices]
after = {{ by = "prices" }}

[benefits.old_age]
kind = "pension"
account = "fund"
indexation = "prices"
condition = {{ event = "age", age = "pensionable_age" }}
steps = [{{ reference_earnings = ["final"] }}, {{ accrual = {{ rate = "accrual" }} }}]
"#
    )
}

/// Returns a contribution of so much of earnings, paid by employers into an account.
#[must_use]
pub fn contribution(account: &str, rate: f64) -> String {
    format!(
        "[contributions.tested]\naccount = \"{account}\"\nrates.unit = \"share\"\n\
         rates.source = \"made up\"\nrates.employers.in_force = [{{ from = 1900-01-01, value = {rate:?} }}]\n"
    )
}
