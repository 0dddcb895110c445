use perennis_assumptions::{Provenance, did_you_mean as nearest};
use serde_json::json;

use crate::args::{Format, ShowArgs};
use crate::exit::Failure;
use crate::faults::load_or_report;
use crate::terminal::print;

/// Lists the values of the assumptions, with their origin when asked.
pub(crate) fn show(args: &ShowArgs) -> Result<(), Failure> {
    let loaded = load_or_report(&args.file, &args.overlays, args.format)?;
    let path = args.path.as_deref().unwrap_or_default();
    let values: Vec<&Provenance> =
        loaded.provenance.iter().filter(|value| is_under(&value.path, path)).collect();
    if values.is_empty() {
        return Err(nothing(path, &loaded.provenance));
    }
    if args.format == Format::Json {
        let list: Vec<_> = values.into_iter().map(as_json).collect();
        return print(&format!("{:#}", json!({ "status": "ok", "values": list })));
    }
    let lines =
        values.into_iter().map(|value| if args.origin { origin(value) } else { line(value) });
    print(&lines.collect::<Vec<_>>().join("\n"))
}

fn nothing(path: &str, values: &[Provenance]) -> Failure {
    let near = nearest(path, values.iter().map(|value| value.path.as_str()));
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Failure::Usage(format!("there is no `{path}`{hint}"))
}

fn is_under(path: &str, wanted: &str) -> bool {
    let rest = path.strip_prefix(wanted);
    wanted.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn line(value: &Provenance) -> String {
    let unit = value.unit.as_ref().map_or(String::new(), |unit| format!("  # {unit}"));
    format!("{} = {}{unit}", value.path, value.value)
}

fn origin(value: &Provenance) -> String {
    let source = value.source.as_deref().unwrap_or("no source");
    let unchecked = if value.checked { "" } else { " (not verified)" };
    let place = format!("{}:{} ({})", value.file, value.line, value.layer);
    let note = value.note.as_ref().map_or(String::new(), |note| format!("\n    note: {note}"));
    format!("{}\n    {place}\n    source: {source}{unchecked}{note}", line(value))
}

fn as_json(value: &Provenance) -> serde_json::Value {
    json!({
        "path": value.path,
        "value": value.value,
        "unit": value.unit,
        "source": value.source,
        "checked": value.checked,
        "file": value.file,
        "line": value.line,
        "layer": value.layer,
        "note": value.note,
    })
}
