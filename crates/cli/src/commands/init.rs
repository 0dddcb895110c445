use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use perennis_assumptions::schema;
use serde_json::json;

use crate::args::{Format, InitArgs, Template};
use crate::exit::Failure;
use crate::terminal::{print, tell};

/// Kinds of files of a template, whose schemas stand beside them.
const KINDS: [&str; 9] = [
    "base_year",
    "economy",
    "finance",
    "health",
    "labour",
    "population",
    "reform",
    "scheme",
    "valuation",
];

macro_rules! template {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name))
    };
}

/// Makes a folder of assumption files that runs at once.
pub(crate) fn init(args: &InitArgs) -> Result<(), Failure> {
    let files = files(args.template);
    if let Some((name, _)) = files.iter().find(|(name, _)| args.folder.join(name).exists()) {
        return Err(Failure::Usage(format!(
            "`{}` is there already, and init overwrites nothing; choose another folder",
            args.folder.join(name).display()
        )));
    }
    for (name, text) in &files {
        write(&args.folder.join(name), text)?;
    }
    let entry = args.folder.join("valuation.toml");
    if args.format == Format::Json {
        let names: Vec<&String> = files.iter().map(|(name, _)| name).collect();
        let object = json!({ "status": "ok", "valuation": entry, "files": names });
        return print(&format!("{object:#}"));
    }
    let names = files.iter().map(|(name, _)| args.folder.join(name).display().to_string());
    print(&names.collect::<Vec<_>>().join("\n"))?;
    let entry = entry.display();
    tell(&format!(
        "everything in these files is fictional; run it with\n  perennis value {entry} --out runs/first\n\
         and replace it step by step, as docs/guide.md says"
    ));
    Ok(())
}

/// Writes a file that is not there yet, with the folders above it.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::Usage(format!(
            "`{}` is there already, and init overwrites nothing",
            path.display()
        )),
        _ => Failure::System(format!("cannot write `{}`: {error}", path.display())),
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Returns the files of a template: name below the folder, with `/`, and text.
fn files(template: Template) -> Vec<(String, String)> {
    let (health, whole) = (template != Template::Pension, template == Template::All);
    let when = |there: bool, text: &'static str| if there { text } else { "" };
    let valuation = [
        template!("valuation.toml"),
        when(health, template!("valuation_health.toml")),
        when(whole, template!("valuation_base_year.toml")),
    ];
    let finance = [template!("finance.toml"), when(health, template!("finance_health.toml"))];
    let mut files = vec![
        ("valuation.toml", valuation.concat()),
        ("population.toml", template!("population.toml").to_owned()),
        ("base.csv", template!("base.csv").to_owned()),
        ("mortality.csv", template!("mortality.csv").to_owned()),
        ("fertility.csv", template!("fertility.csv").to_owned()),
        ("labour.toml", template!("labour.toml").to_owned()),
        ("participation.csv", template!("participation.csv").to_owned()),
        ("economy.toml", template!("economy.toml").to_owned()),
        ("finance.toml", finance.concat()),
        ("schemes/pension.toml", template!("pension.toml").to_owned()),
        ("schemes/past_service.csv", template!("past_service.csv").to_owned()),
    ];
    if health {
        files.push(("health.toml", template!("health.toml").to_owned()));
        files.push(("visits.csv", template!("visits.csv").to_owned()));
    }
    if whole {
        files.push(("base_year.toml", template!("base_year.toml").to_owned()));
    }
    if template != Template::Health {
        files.push(("reforms/later_age.toml", template!("later_age.toml").to_owned()));
        files.push(("scenarios/lower_growth.toml", template!("lower_growth.toml").to_owned()));
    }
    let schemas = KINDS.iter().map(|kind| {
        let schema = schema(kind).unwrap_or_default();
        (format!("schema/{kind}.json"), format!("{schema:#}\n"))
    });
    files.into_iter().map(|(name, text)| (name.to_owned(), text)).chain(schemas).collect()
}
