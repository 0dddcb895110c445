use perennis_assumptions::Code;
use serde_json::json;

use crate::args::{CheckArgs, Format};
use crate::exit::Failure;
use crate::faults::{as_json, counted, load_or_report};
use crate::terminal::print;

/// Reports every fault of the assumptions.
pub(crate) fn check(args: &CheckArgs) -> Result<(), Failure> {
    if let Some(code) = &args.explain {
        return explain(code);
    }
    let Some(file) = &args.file else {
        return Err(Failure::Usage("name a valuation file".into()));
    };
    let loaded = load_or_report(file, &args.overlays, args.format)?;
    if args.format == Format::Json {
        let notes = loaded.notes.iter().map(
            |note| json!({ "path": note.path, "kind": note.kind.as_str(), "text": note.text }),
        );
        let object = json!({
            "status": "ok",
            "faults": [],
            "warnings": as_json(&loaded.warnings),
            "notes": notes.collect::<Vec<_>>(),
            "values": loaded.provenance.len(),
            "unverified": loaded.provenance.iter().filter(|value| !value.checked).count(),
        });
        return print(&format!("{object:#}"));
    }
    let unverified = loaded.provenance.iter().filter(|value| !value.checked).count();
    print(&format!(
        "{}: no faults; {} in {}, {} not verified in their source, {}, {} of what was derived or held",
        file.display(),
        counted(loaded.provenance.len(), "value"),
        counted(loaded.inputs.len(), "file"),
        unverified,
        counted(loaded.warnings.len(), "warning"),
        counted(loaded.notes.len(), "note"),
    ))
}

fn explain(code: &str) -> Result<(), Failure> {
    let found = Code::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(code));
    match found {
        Some(code) => print(&format!("{code}: {}\n{}", code.title(), code.explanation())),
        None => {
            let known: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
            Err(Failure::Usage(format!("there is no code `{code}`; known: {}", known.join(", "))))
        }
    }
}
