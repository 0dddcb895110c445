use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use perennis_valuation::Results;
use serde::Serialize;
use thiserror::Error;

use crate::{RunRecord, chapters, figures};

/// The report could not be rendered; a fault of a template.
#[derive(Debug, Error)]
#[error("the report cannot be rendered: {0:#}")]
pub struct HtmlError(#[from] minijinja::Error);

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("templates/", $name)))),+]
    };
}

/// The page and its chapters, in reading order.
const TEMPLATES: [(&str, &str); 16] = templates![
    "page.html",
    "macros.html",
    "summary.html",
    "population.html",
    "work.html",
    "schemes.html",
    "accounts.html",
    "health.html",
    "coverage.html",
    "base_year.html",
    "checks.html",
    "assumptions.html",
    "reading.html",
    "comparison.html",
    "attribution.html",
    "sensitivity.html",
];

/// Returns the report as one HTML file that needs no other file and no network.
///
/// # Errors
///
/// [`HtmlError`] when a template does not fit what it is given.
pub fn html(results: &Results, record: &RunRecord) -> Result<String, HtmlError> {
    render("page.html", Serde(Page::new(results, record)))
}

/// Fills a template.
pub(crate) fn render<T: Serialize>(name: &str, page: Serde<T>) -> Result<String, HtmlError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment.get_template(name)?.render(page)?)
}

/// Everything that the templates may name.
#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    country: &'a str,
    currency: &'a str,
    first_year: i32,
    last_year: i32,
    version: &'a str,
    valuation: &'a str,
    options: &'a [(String, String)],
    has_money: bool,
    not_modelled: &'a [String],
    style: &'static str,
    script: &'static str,
    summary: chapters::SummaryView,
    population: chapters::PopulationView,
    work: Option<chapters::WorkView>,
    schemes: Vec<chapters::SchemeView>,
    accounts: Vec<chapters::AccountView>,
    health: Vec<chapters::HealthView>,
    coverage: Option<chapters::CoverageView>,
    base_year: Option<chapters::BaseYearView>,
    checks: chapters::ChecksView,
    assumptions: Option<chapters::AssumptionsView>,
}

impl<'a> Page<'a> {
    fn new(results: &'a Results, record: &'a RunRecord) -> Self {
        let years = results.population.years;
        Self {
            title: &results.title.title,
            country: &results.title.country,
            currency: &results.title.currency,
            first_year: years.first().get(),
            last_year: years.last().get(),
            version: &record.version,
            valuation: &record.valuation,
            options: &record.options,
            has_money: figures::has_money(results),
            not_modelled: &record.not_modelled,
            style: include_str!("templates/style.css"),
            script: include_str!("templates/charts.js"),
            summary: chapters::summary(results, record),
            population: chapters::population(results, record),
            work: chapters::work(results),
            schemes: chapters::schemes(results),
            accounts: chapters::accounts(results),
            health: chapters::health(results),
            coverage: chapters::coverage(results),
            base_year: chapters::base_year(results),
            checks: chapters::checks(results, record),
            assumptions: chapters::assumptions(record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn report() -> String {
        html(&sample::nation(75), &sample::record()).unwrap()
    }

    #[test]
    fn the_report_asks_nothing_of_any_other_place() {
        let page = report().replace("http://www.w3.org/2000/svg", "");
        for word in ["http:", "https:", "src=", "@import", "url(", "fetch("] {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[test]
    fn every_identifier_is_given_once() {
        let page = report();
        let mut identifiers: Vec<&str> =
            page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let count = identifiers.len();
        identifiers.sort_unstable();
        identifiers.dedup();
        assert_eq!(identifiers.len(), count);
    }

    #[test]
    fn every_drawing_has_a_title_and_a_description() {
        let page = report();
        let drawings = page.split("<svg ").skip(1).collect::<Vec<_>>();
        assert!(20 < drawings.len());
        for drawing in drawings {
            let head = drawing.split("</desc>").next().unwrap();
            assert!(
                head.contains("<title") && head.contains("<desc") && head.contains("role=\"img\"")
            );
        }
    }

    #[test]
    fn no_number_is_missing_from_the_drawings() {
        let page = report();
        assert!(!page.contains("NaN") && !page.contains("inf\""));
    }

    #[test]
    fn text_of_the_files_cannot_become_markup() {
        let mut record = sample::record();
        record.warnings.push("<script>alert(1)</script>".into());
        let mut results = sample::nation(3);
        results.title.currency = "</script><b>".into();
        let page = html(&results, &record).unwrap();
        assert!(!page.contains("<script>alert") && !page.contains("</script><b>"));
        assert!(page.contains("Act 5 of 1996, s. 12 &lt;2&gt;"));
    }

    #[test]
    fn short_runs_and_runs_without_schemes_have_a_report() {
        for results in [sample::nation(1), sample::nation(2), sample::people_alone(75)] {
            let page = html(&results, &RunRecord::default()).unwrap();
            assert!(page.contains("<h2>Population</h2>"));
        }
        let page = html(&sample::people_alone(75), &RunRecord::default()).unwrap();
        assert!(!page.contains("<h2>Accounts</h2>") && !page.contains("href=\"#accounts\""));
    }

    #[test]
    fn the_page_says_what_was_changed_what_is_left_out_and_where_the_people_come_from() {
        let mut record = sample::record();
        record.options = vec![("reform".into(), "later.toml".into())];
        record.not_modelled = vec!["Sickness.".into(), "Maternity.".into()];
        record.assumptions.push(crate::AssumptionRecord {
            path: "population.base.file".into(),
            source: "Census of 2020".into(),
            note: "Within 1 % of the estimates.".into(),
            ..crate::AssumptionRecord::default()
        });
        let page = html(&sample::nation(3), &record).unwrap();
        let (head, rest) = page.split_once("<h2>Summary</h2>").unwrap();
        assert!(head.contains("with reform</span> <code>later.toml"));
        assert!(rest.contains("2</span> parts of social security are not in these figures"));
        let people = rest.split_once("<h2>Population</h2>").unwrap().1;
        let people = people.split_once("</section>").unwrap().0;
        assert!(people.contains("<li>Census of 2020</li>"));
        assert!(people.contains("<li>Within 1 % of the estimates.</li>"));
    }

    #[test]
    fn a_run_without_money_names_no_currency() {
        let page = html(&sample::people_alone(3), &RunRecord::default()).unwrap();
        assert!(!page.contains("amounts in") && !page.contains("Amounts are at current"));
    }

    #[test]
    fn the_same_results_give_the_same_bytes() {
        assert_eq!(report(), report());
    }
}
