use std::fs;
use std::path::Path;

use perennis_assumptions::{KINDS, schema as describe};
use serde_json::{Map, Value};

use crate::args::SchemaArgs;
use crate::exit::Failure;
use crate::terminal::print;

/// Prints or writes the schemas of the assumption files.
pub(crate) fn schema(args: &SchemaArgs) -> Result<(), Failure> {
    let wanted: Vec<&str> = args.kind.as_deref().map_or_else(|| KINDS.to_vec(), |kind| vec![kind]);
    let schemas = wanted.iter().map(|kind| (*kind, describe(kind).unwrap_or_default()));
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        for (kind, schema) in schemas {
            let path = folder.join(format!("{kind}.json"));
            fs::write(&path, format!("{schema:#}\n")).map_err(|error| failed(&path, &error))?;
        }
        return Ok(());
    }
    match &args.kind {
        Some(kind) => print(&format!("{:#}", describe(kind).unwrap_or_default())),
        None => {
            let all: Map<String, Value> =
                schemas.map(|(kind, schema)| (kind.to_owned(), schema)).collect();
            print(&format!("{:#}", Value::Object(all)))
        }
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::System(format!("writing `{}` failed: {error}", path.display()))
}
