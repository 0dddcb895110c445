//! The format as it is shipped: schemas, the page that explains it, and the head of every file.

use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{KINDS, Overlays, load, schema};

fn assumptions() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions")
}

#[test]
fn the_schemas_that_ship_are_those_of_the_format() {
    // `perennis schema --out assumptions/schema` writes them anew.
    for kind in KINDS {
        let shipped = fs::read_to_string(assumptions().join(format!("schema/{kind}.json")))
            .unwrap_or_default();
        let current = format!("{:#}\n", schema(kind).unwrap());
        assert!(
            shipped == current,
            "schema/{kind}.json is not current: run `perennis schema --out assumptions/schema`"
        );
    }
}

#[test]
fn the_page_on_the_format_shows_the_smallest_valuation_as_it_ships() {
    let page = fs::read_to_string(assumptions().join("README.md")).unwrap();
    for file in ["valuation.toml", "population.toml"] {
        let start = page.find(&format!("# {file}\n")).unwrap();
        let shown: toml::Table =
            page[start..start + page[start..].find("```").unwrap()].parse().unwrap();
        let shipped: toml::Table =
            fs::read_to_string(assumptions().join("smallest").join(file)).unwrap().parse().unwrap();
        assert_eq!(shown, shipped, "{file}");
    }
    let loaded = load(&assumptions().join("smallest/valuation.toml"), &Overlays::default())
        .map_err(|rejected| rejected.faults);
    assert_eq!(loaded.unwrap().model.demography.years.count(), 10);
}

#[test]
fn every_file_that_ships_begins_with_its_schema() {
    let mut folders = vec![assumptions()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let text = fs::read_to_string(&path).unwrap();
                let named = text.lines().next().and_then(|line| line.strip_prefix("#:schema "));
                let schema = named.map(|named| path.parent().unwrap().join(named));
                assert!(
                    schema.is_some_and(|schema| schema.is_file()),
                    "{} does not name its schema",
                    path.display()
                );
            }
        }
    }
}
