use super::cell::Cell;
use super::number::Why;
use super::rows::Rows;
use super::{
    accounts, benefits, contributions, financing, health, indicators, insured, law_indicators,
    people, published, work,
};
use crate::table::Maker;
use crate::tables as content;

/// How a column of a table is explained.
pub struct ExplainedColumn {
    /// Name in the header.
    pub name: &'static str,
    /// Its unit, `currency` for that of the run; empty where the row says it.
    pub unit: &'static str,
    /// Whether sums over rows mean something.
    pub adds: bool,
    /// Says how the number of a row comes about.
    pub(crate) why: fn(&Cell<'_>) -> Why,
}

/// How a table is explained.
pub struct ExplainedTable {
    /// Name of the file without its ending.
    pub name: &'static str,
    /// Columns that name a row, in the order of an address; the year is not among them.
    pub keys: &'static [&'static str],
    /// Whether a row belongs to a year.
    pub has_years: bool,
    /// Columns of numbers, each with its explanation.
    pub columns: &'static [ExplainedColumn],
    /// Columns that are no numbers of the run: units, sources, remarks.
    pub words: &'static [&'static str],
    pub(crate) make: Maker,
}

impl ExplainedTable {
    /// Returns a column of numbers by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static ExplainedColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Returns the form of an address of this table.
    #[must_use]
    pub fn form(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| key.to_uppercase()).collect();
        let year = self.has_years.then(|| "YEAR".to_owned());
        let column = (1 < self.columns.len()).then(|| "COLUMN".to_owned());
        let name = std::iter::once(self.name.to_owned());
        name.chain(keys).chain(year).chain(column).collect::<Vec<_>>().join("/")
    }

    /// Returns the address of a number in a row.
    pub(crate) fn address(&self, rows: &Rows, row: usize, column: &str) -> String {
        let mut fields: Vec<&str> =
            self.keys.iter().filter_map(|key| rows.field(row, key)).collect();
        // A payer that is empty needs no place: nothing else comes after it.
        while fields.last().is_some_and(|field| field.is_empty()) {
            fields.pop();
        }
        fields.extend(self.has_years.then(|| rows.field(row, "year")).flatten());
        let fields = fields.into_iter().map(str::to_owned);
        let column = (1 < self.columns.len()).then(|| column.to_owned());
        let name = std::iter::once(self.name.to_owned());
        name.chain(fields).chain(column).collect::<Vec<_>>().join("/")
    }

    /// Returns the columns that name a row in the file, the year last.
    pub(crate) fn naming(&self) -> Vec<&'static str> {
        self.keys.iter().copied().chain(self.has_years.then_some("year")).collect()
    }
}

const fn adds(
    name: &'static str,
    unit: &'static str,
    why: fn(&Cell<'_>) -> Why,
) -> ExplainedColumn {
    ExplainedColumn { name, unit, adds: true, why }
}

const fn alone(
    name: &'static str,
    unit: &'static str,
    why: fn(&Cell<'_>) -> Why,
) -> ExplainedColumn {
    ExplainedColumn { name, unit, adds: false, why }
}

/// Returns the tables and how each column of theirs is explained, in the order of the manifest.
#[must_use]
pub fn explained_tables() -> &'static [ExplainedTable] {
    &TABLES
}

/// One entry for each table; a new table or column without one fails the test below, which says what to write.
static TABLES: [ExplainedTable; 22] = [
    ExplainedTable {
        name: "population",
        keys: &["sex", "age"],
        has_years: true,
        columns: &[adds("population", "persons", people::population)],
        words: &[],
        make: content::population,
    },
    ExplainedTable {
        name: "population_flows",
        keys: &["sex"],
        has_years: true,
        columns: &[
            adds("births", "persons", people::births),
            adds("deaths", "persons", people::deaths),
            adds("net_migrants", "persons", people::net_migrants),
        ],
        words: &[],
        make: content::population_flows,
    },
    ExplainedTable {
        name: "labour",
        keys: &["sex", "age"],
        has_years: true,
        columns: &[
            adds("labour_force", "persons", work::labour_force),
            adds("unemployed", "persons", work::unemployed),
        ],
        words: &[],
        make: content::labour,
    },
    ExplainedTable {
        name: "employment",
        keys: &["group", "sex", "age"],
        has_years: true,
        columns: &[adds("employed", "persons", work::employed)],
        words: &[],
        make: content::employment,
    },
    ExplainedTable {
        name: "economy",
        keys: &[],
        has_years: true,
        columns: &[
            alone("gdp", "currency", work::gdp),
            alone("government_expenditure", "currency", work::government_expenditure),
            alone("price_index", "first year = 1", work::price_index),
            alone("wage_index", "first year = 1", work::wage_index),
            alone("price_growth", "share a year", work::price_growth),
            alone("wage_growth", "share a year", work::wage_growth),
            alone("interest", "share a year", work::interest),
        ],
        words: &[],
        make: content::economy,
    },
    ExplainedTable {
        name: "insured",
        keys: &["register", "group", "sex", "age"],
        has_years: true,
        columns: &[
            adds("active", "persons", insured::active),
            adds("inactive", "persons", insured::inactive),
            adds("active_credit_years", "years", insured::active_credit),
            adds("inactive_credit_years", "years", insured::inactive_credit),
        ],
        words: &[],
        make: content::insured,
    },
    ExplainedTable {
        name: "insured_flows",
        keys: &["register", "group", "flow", "sex"],
        has_years: true,
        columns: &[adds("persons", "persons", insured::flow)],
        words: &[],
        make: content::insured_flows,
    },
    ExplainedTable {
        name: "insured_classes",
        keys: &["register", "group", "class", "sex"],
        has_years: true,
        columns: &[
            adds("active", "persons", insured::of_class),
            adds("inactive", "persons", insured::of_class),
            adds("active_credit_years", "years", insured::of_class),
            adds("inactive_credit_years", "years", insured::of_class),
            adds("months_paid", "months", insured::of_class),
            adds("insured_earnings", "currency", insured::of_class),
            adds("retirements", "persons", insured::of_class),
            adds("pension_awards", "persons", insured::of_class),
        ],
        words: &[],
        make: content::insured_classes,
    },
    ExplainedTable {
        name: "service_bank",
        keys: &["scheme", "item"],
        has_years: false,
        columns: &[
            alone("person_years", "person-years", insured::service),
            alone("share_of_paid", "share", insured::service),
        ],
        words: &[],
        make: content::service_bank,
    },
    ExplainedTable {
        name: "pensionable_ages",
        keys: &["scheme", "by", "sex"],
        has_years: true,
        columns: &[
            alone("age_months", "months", insured::followed_age),
            alone("life_expectancy_years", "years", insured::life_followed),
        ],
        words: &[],
        make: content::pensionable_ages,
    },
    ExplainedTable {
        name: "law_indicators",
        keys: &["scheme", "indicator"],
        has_years: true,
        columns: &[
            alone("value", "ratio", law_indicators::value),
            alone("projected", "ratio", law_indicators::projected),
        ],
        words: &["of", "lag", "published"],
        make: content::law_indicators,
    },
    ExplainedTable {
        name: "contributors",
        keys: &["scheme", "group", "sex", "age"],
        has_years: true,
        columns: &[
            adds("contributors", "persons", contributions::contributors),
            adds("contributors_any", "persons", contributions::contributors_any),
            adds("months_paid", "months", contributions::months_paid),
            adds("insured_earnings", "currency", contributions::insured_earnings),
        ],
        words: &[],
        make: content::contributors,
    },
    ExplainedTable {
        name: "contributions",
        keys: &["scheme", "payer"],
        has_years: true,
        columns: &[
            adds("due", "currency", contributions::of_scheme),
            adds("collected", "currency", contributions::of_scheme),
            adds("undeclared", "currency", contributions::of_scheme),
            adds("collected_current", "currency", contributions::of_scheme),
            adds("collected_late", "currency", contributions::of_scheme),
            adds("interest_on_late", "currency", contributions::of_scheme),
            adds("written_off", "currency", contributions::of_scheme),
            adds("arrears_start", "currency", contributions::of_scheme),
            adds("arrears_end", "currency", contributions::of_scheme),
        ],
        words: &[],
        make: content::contributions,
    },
    ExplainedTable {
        name: "contributions_by_account",
        keys: &["scheme", "account", "payer"],
        has_years: true,
        columns: &[
            alone("rate", "share of the base", contributions::rate),
            adds("due", "currency", contributions::due),
            adds("collected", "currency", contributions::collected),
            adds("undeclared", "currency", contributions::of_due),
            adds("collected_current", "currency", contributions::of_due),
            adds("collected_late", "currency", contributions::of_arrears),
            adds("interest_on_late", "currency", contributions::of_arrears),
            adds("written_off", "currency", contributions::of_arrears),
            adds("arrears_start", "currency", contributions::arrears_start),
            adds("arrears_end", "currency", contributions::arrears_end),
        ],
        words: &[],
        make: content::contributions_by_account,
    },
    ExplainedTable {
        name: "beneficiaries",
        keys: &["scheme", "benefit", "sex", "age"],
        has_years: true,
        columns: &[
            adds("amount", "currency", benefits::amount),
            adds("beneficiaries", "person-years", benefits::beneficiaries),
            adds("new_awards", "persons", benefits::new_awards),
            adds("terminations", "persons", benefits::terminations),
            adds("new_award_amount", "currency a year", benefits::new_award_amount),
        ],
        words: &[],
        make: content::beneficiaries,
    },
    ExplainedTable {
        name: "health_insured",
        keys: &["scheme", "group", "sex", "age"],
        has_years: true,
        columns: &[adds("insured", "persons", health::insured)],
        words: &[],
        make: content::health_insured,
    },
    ExplainedTable {
        name: "health_services",
        keys: &["scheme", "service", "sex", "age"],
        has_years: true,
        columns: &[
            adds("cost", "currency", health::cost),
            adds("contacts", "contacts", health::contacts),
            adds("co_payments", "currency", health::co_payments),
        ],
        words: &[],
        make: content::health_services,
    },
    ExplainedTable {
        name: "accounts",
        keys: &["account", "item", "payer"],
        has_years: true,
        columns: &[adds("amount", "currency", accounts::amount)],
        words: &[],
        make: content::accounts,
    },
    ExplainedTable {
        name: "indicators",
        keys: &["scope", "indicator"],
        has_years: true,
        columns: &[alone("value", "", indicators::value)],
        words: &["unit"],
        make: content::indicators,
    },
    ExplainedTable {
        name: "financing",
        keys: &["scope", "measure"],
        has_years: false,
        columns: &[alone("value", "", financing::value)],
        words: &["unit"],
        make: content::financing,
    },
    ExplainedTable {
        name: "base_year",
        keys: &["measure", "scope", "benefit"],
        has_years: true,
        columns: &[
            alone("ratio", "ratio", published::ratio),
            alone("model", "", published::model),
            alone("published", "", published::published),
            alone("contributors", "persons", published::contributors),
            alone("mean_earnings", "currency a year", published::mean_earnings),
            alone("rate", "share", published::rate),
            alone("calibration_factor", "factor", published::calibration_factor),
        ],
        words: &["warning", "source"],
        make: content::base_year,
    },
    ExplainedTable {
        name: "assumptions",
        keys: &["path"],
        has_years: false,
        columns: &[alone("value", "", published::assumption)],
        words: &["unit", "source", "checked", "derived", "note"],
        make: content::assumptions,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::table::MAKERS;

    const REMEDY: &str = "explain has to reach it. In crates/report/src/explanation/registry.rs give the table an entry \
        in TABLES: its keys in the order of an address, and for each column of numbers `adds` (sums over rows mean \
        something) or `alone`, its unit, and a function from the `Cell` to a `Why`. The function says the formula in one \
        line; takes the number apart with `Why::sum` or `Why::product` where numbers of the results make it, to 1e-9; \
        else is `Why::carried`, with what moves it under `behind`; and names under `reads` the paths of the assumptions \
        that it depends on. Columns of text stand in `words`. tests/tests/explain.rs walks all rows of the example.";

    #[test]
    fn every_column_of_every_table_is_explained() {
        for table in crate::tables(&sample::nation(3), &sample::record()).unwrap() {
            let name = table.file.trim_end_matches(".csv");
            let known = TABLES.iter().find(|known| known.name == name);
            let Some(known) = known else {
                panic!("the table `{name}` has no explanation: {REMEDY}");
            };
            let header = std::str::from_utf8(&table.bytes).unwrap().lines().next().unwrap();
            for column in header.split(',') {
                let is_known = column == "year"
                    || known.keys.contains(&column)
                    || known.words.contains(&column)
                    || known.column(column).is_some();
                assert!(is_known, "the column `{column}` of `{name}` is not explained: {REMEDY}");
            }
            for column in known.naming().into_iter().chain(known.columns.iter().map(|c| c.name)) {
                assert!(header.split(',').any(|one| one == column), "{name} has no `{column}`");
            }
        }
    }

    #[test]
    fn every_maker_has_an_entry_and_makes_the_table_that_it_names() {
        for (at, maker) in MAKERS.iter().enumerate() {
            let entry = TABLES.iter().find(|known| std::ptr::fn_addr_eq(known.make, *maker));
            assert!(entry.is_some(), "the table at {at} of MAKERS has no explanation: {REMEDY}");
        }
        for known in &TABLES {
            let made = (known.make)(&sample::nation(2), &sample::record()).unwrap();
            let name = made.map_or_else(|| format!("{}.csv", known.name), |made| made.file.into());
            assert_eq!(name, format!("{}.csv", known.name));
        }
    }
}
