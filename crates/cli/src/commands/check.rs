use std::path::Path;

use perennis_assumptions::{
    Behaviour, Fault, FileKind, Note, Overlays, Provenance, check_law, file_kind, load,
    load_liabilities,
};
use serde_json::json;

use crate::args::{CheckArgs, Format};
use crate::exit::Failure;
use crate::faults::{
    as_json, complain_of, counted, load_or_report, read_person_or_report, report_faults,
};
use crate::terminal::{paths_exist, print};

/// What is known of files without fault.
struct Checked<'a> {
    /// What was checked, where that is not the whole file.
    what: String,
    provenance: &'a [Provenance],
    files: usize,
    warnings: Vec<Fault>,
    notes: &'a [Note],
}

/// Reports every fault of the assumptions.
pub(crate) fn check(args: &CheckArgs) -> Result<(), Failure> {
    if let Some(code) = &args.explain {
        return super::explain_code(code, args.format);
    }
    let Some(file) = &args.file else {
        return Err(Failure::Usage("name a valuation file".into()));
    };
    let kind = file_kind(file);
    if args.from.is_some() && kind != FileKind::Scheme {
        return Err(Failure::Usage("--from is for the law of a scheme file".into()));
    }
    match kind {
        FileKind::Valuation | FileKind::Accounts => valuation(file, args),
        FileKind::Scheme => law(file, args),
        FileKind::Person => person(file, args),
        FileKind::Liabilities => plan(file, args),
        FileKind::Part(kind) => Err(Failure::Usage(format!(
            "{} is a file of kind `{kind}`, a part of a valuation: check the valuation that names it",
            file.display()
        ))),
    }
}

fn valuation(file: &Path, args: &CheckArgs) -> Result<(), Failure> {
    let loaded = load_or_report(file, &args.overlays, args.format)?;
    behaviour(file, args)?;
    let found = loaded.law_findings();
    if args.format == Format::Text {
        complain_of(&found);
    }
    let checked = Checked {
        what: String::new(),
        provenance: &loaded.provenance,
        files: loaded.inputs.len(),
        warnings: loaded.warnings.iter().chain(&found).cloned().collect(),
        notes: &loaded.notes,
    };
    tell(file, &checked, args.format)
}

/// Checks the behaviour that reforms declare, also where it is not laid over them.
fn behaviour(file: &Path, args: &CheckArgs) -> Result<(), Failure> {
    let overlays = args.overlays.overlays();
    if overlays.reforms.is_empty() || overlays.behaviour == Behaviour::Declared {
        return Ok(());
    }
    match load(file, &Overlays { behaviour: Behaviour::Declared, ..overlays }) {
        Ok(_) => Ok(()),
        Err(rejected) => Err(report_faults(&rejected, args.format)?),
    }
}

/// Checks the law of a scheme without a valuation.
fn law(file: &Path, args: &CheckArgs) -> Result<(), Failure> {
    alone(args)?;
    paths_exist(std::iter::once(file))?;
    let law = match check_law(file, args.from) {
        Ok(law) => law,
        Err(rejected) => return Err(report_faults(&rejected, args.format)?),
    };
    if args.format == Format::Text {
        complain_of(&law.warnings);
    }
    let since = match &law.last_to_begin {
        Some(last) if args.from.is_none() => format!(", where `{last}` is the last to begin"),
        _ => String::new(),
    };
    let (from, to) = law.days;
    let what = format!(
        " in the law ({}, {}) from {from}{since}, to {to}; what is said of people is checked with the valuation that names the file",
        counted(law.law.benefits.len(), "benefit"),
        counted(law.law.contributions.len(), "contribution")
    );
    let checked = Checked {
        what,
        provenance: &law.provenance,
        files: law.inputs.len(),
        warnings: law.warnings,
        notes: &law.notes,
    };
    tell(file, &checked, args.format)
}

/// Checks a person file and the laws that it names.
fn person(file: &Path, args: &CheckArgs) -> Result<(), Failure> {
    alone(args)?;
    let loaded = read_person_or_report(file, &[], args.format)?;
    if args.format == Format::Text {
        complain_of(&loaded.warnings);
    }
    let what = format!(" in the person and {}", counted(loaded.laws.len(), "law"));
    let checked = Checked {
        what,
        provenance: &[],
        files: 1 + loaded.laws.len(),
        warnings: loaded.warnings.clone(),
        notes: &loaded.notes,
    };
    tell(file, &checked, args.format)
}

/// Checks a file of liabilities, the laws and the tables that it names.
fn plan(file: &Path, args: &CheckArgs) -> Result<(), Failure> {
    alone(args)?;
    paths_exist(std::iter::once(file))?;
    let loaded = match load_liabilities(file) {
        Ok(loaded) => loaded,
        Err(rejected) => return Err(report_faults(&rejected, args.format)?),
    };
    if args.format == Format::Text {
        complain_of(&loaded.warnings);
    }
    let checked = Checked {
        what: String::new(),
        provenance: &[],
        files: loaded.inputs.len(),
        warnings: loaded.warnings.clone(),
        notes: &loaded.notes,
    };
    tell(file, &checked, args.format)
}

/// Refuses what can only lie over a valuation.
fn alone(args: &CheckArgs) -> Result<(), Failure> {
    if args.overlays.paths().next().is_none() && args.overlays.overlays().set.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage(
        "scenarios, reforms and --set lie over a valuation, not over one of its files".into(),
    ))
}

fn tell(file: &Path, checked: &Checked<'_>, format: Format) -> Result<(), Failure> {
    let unverified = checked.provenance.iter().filter(|value| !value.checked).count();
    if format == Format::Json {
        let notes = checked.notes.iter().map(
            |note| json!({ "path": note.path, "kind": note.kind.as_str(), "text": note.text }),
        );
        let object = json!({
            "status": "ok",
            "faults": [],
            "warnings": as_json(&checked.warnings),
            "notes": notes.collect::<Vec<_>>(),
            "values": checked.provenance.len(),
            "unverified": unverified,
        });
        return print(&format!("{object:#}"));
    }
    let values = if checked.provenance.is_empty() {
        String::new()
    } else {
        format!(
            "{} in {}, {unverified} not verified in their source, ",
            counted(checked.provenance.len(), "value"),
            counted(checked.files, "file"),
        )
    };
    print(&format!(
        "{}: no faults{}; {values}{}, {} of what was derived or held",
        file.display(),
        checked.what,
        counted(checked.warnings.len(), "warning"),
        counted(checked.notes.len(), "note"),
    ))
}
