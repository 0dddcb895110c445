//! The result folder of a whole valuation: what other programs and other people rely on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use perennis_assumptions::{Overlays, load};
use perennis_report::{RunRecord, rates_picture, summary, write_results};
use perennis_valuation::{Results, run};

/// Values the shipped country anew.
fn valued() -> Results {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam/valuation.toml");
    let loaded = load(&file, &Overlays::default()).expect("the shipped country loads");
    run(&loaded.model).expect("the shipped country can be valued")
}

/// One valuation for all tests that only look at it.
fn results() -> &'static Results {
    static RESULTS: OnceLock<Results> = OnceLock::new();
    RESULTS.get_or_init(valued)
}

fn record() -> RunRecord {
    RunRecord { version: "1".into(), ..RunRecord::default() }
}

/// Every file below a folder with its bytes, in order of the path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).expect("a folder of the result can be read") {
            let path = entry.expect("an entry of the result can be read").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let bytes = fs::read(&path).expect("a file of the result can be read");
                let below = path.strip_prefix(folder).expect("the file lies in the folder");
                found.insert(below.to_owned(), bytes);
            }
        }
    }
    found
}

fn written(results: &Results, folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    write_results(results, &record(), folder).expect("the result can be written");
    files(folder)
}

#[test]
fn one_thread_and_two_and_a_second_run_give_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let with = |threads: usize, name: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| written(&valued(), &place.path().join(name)))
    };
    let one = with(1, "one");
    assert!(8 < one.len());
    assert!(one == with(2, "two"));
    assert!(one == written(results(), &place.path().join("one")));
}

#[test]
fn every_table_is_tidy_and_every_number_reads_back() {
    let place = tempfile::tempdir().unwrap();
    let all = written(results(), &place.path().join("run"));
    let tables = all.iter().filter(|(path, _)| path.starts_with("tables"));
    for (path, bytes) in tables {
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().clone();
        let mut rows = 0;
        for row in reader.records() {
            // The reader refuses a row of another length than the header.
            let row = row.unwrap();
            rows += 1;
            for (column, field) in header.iter().zip(&row) {
                let numeric = ["year", "age", "population", "amount", "employed", "contributors"];
                if numeric.contains(&column) && !field.is_empty() {
                    assert!(field.parse::<f64>().is_ok_and(f64::is_finite), "{path:?}: {row:?}");
                }
            }
        }
        assert!(0 < rows, "{path:?}");
    }
}

#[test]
fn the_population_ends_at_the_start_of_the_year_after_the_last() {
    let place = tempfile::tempdir().unwrap();
    let all = written(results(), &place.path().join("run"));
    let text = String::from_utf8(all[Path::new("tables/population.csv")].clone()).unwrap();
    let last = results().population.years.last().get();
    assert!(text.lines().last().unwrap().starts_with(&format!("{},female,100,", last + 1)));
}

#[test]
fn the_report_names_every_account_and_scheme_of_the_run() {
    let place = tempfile::tempdir().unwrap();
    let all = written(results(), &place.path().join("run"));
    let page = String::from_utf8(all[Path::new("report.html")].clone()).unwrap();
    let funds =
        results().finance.iter().flat_map(|finance| &finance.funds).map(|fund| &fund.account);
    let pensions = results().pensions.iter().flat_map(|pensions| &pensions.contributors);
    for name in funds.chain(pensions.map(|group| &group.scheme)) {
        let name = name.replace('_', " ");
        assert!(page.to_lowercase().contains(&format!("<h3>{}", name.to_lowercase())), "{name}");
    }
}

#[test]
fn the_summary_fits_a_terminal_of_eighty_columns() {
    let text = summary(results(), &record(), 80);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn what_the_state_pays_for_a_deficit_is_shown_apart_from_what_the_law_asks_of_it() {
    let finance = results().finance.as_ref().expect("the shipped country has accounts");
    let exhausted = finance.funds.iter().filter(|fund| fund.years.iter().any(|at| at.exhausted));
    let text = summary(results(), &record(), 120);
    assert_eq!(text.matches("of which to cover the deficit").count(), exhausted.count());
}

/// The account whose rates the README of the project shows.
fn picture_of_the_readme() -> String {
    rates_picture(results(), "retirement").expect("the shipped country keeps this account")
}

#[test]
fn the_picture_of_the_readme_needs_no_other_file() {
    let picture = picture_of_the_readme();
    assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\""));
    for word in ["class=\"narrow", "href", "<style", "<script", "url(", "NaN"] {
        assert!(!picture.contains(word), "{word}");
    }
    assert_eq!(picture.matches("<svg ").count(), picture.matches("</svg>").count());
}

/// Writes `docs/payg-rate.svg`; `docs/README.md` says when.
#[test]
#[ignore = "writes into the project"]
fn draws_the_picture_of_the_readme_anew() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/payg-rate.svg");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, picture_of_the_readme()).unwrap();
}
