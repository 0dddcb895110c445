use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use perennis_assumptions::{Code, Fault, Loaded, LoadedPerson, Rejected, load, read_person};
use perennis_scheme::PersonError;
use perennis_units::with_commas;
use perennis_valuation::ValuationError;
use serde_json::{Value, json};

use crate::args::{Format, OverlayArgs};
use crate::exit::Failure;
use crate::terminal::{Talk, colours, complain, paths_exist, print, talks};

/// Loads a valuation; faults are printed as `format` says, warnings go to stderr.
pub(crate) fn load_or_report(
    file: &std::path::Path,
    overlays: &OverlayArgs,
    format: Format,
) -> Result<Loaded, Failure> {
    paths_exist(std::iter::once(file).chain(overlays.paths().map(std::path::PathBuf::as_path)))?;
    match load(file, &overlays.overlays()) {
        Ok(loaded) => {
            if format == Format::Text {
                complain_of(&loaded.warnings);
            }
            Ok(loaded)
        }
        Err(rejected) => Err(report_faults(&rejected, format)?),
    }
}

/// Reads a person and the laws; faults are printed as `format` says.
pub(crate) fn read_person_or_report(
    file: &std::path::Path,
    laws: &[std::path::PathBuf],
    format: Format,
) -> Result<LoadedPerson, Failure> {
    paths_exist(std::iter::once(file).chain(laws.iter().map(std::path::PathBuf::as_path)))?;
    match read_person(file, laws) {
        Ok(loaded) => Ok(loaded),
        Err(rejected) => Err(report_faults(&rejected, format)?),
    }
}

/// Reports why laws that were read without fault cannot be applied to a person.
pub(crate) fn refuse_person(
    loaded: &LoadedPerson,
    error: &PersonError,
    format: Format,
) -> Result<Failure, Failure> {
    let warnings = loaded.warnings.clone();
    report(&Rejected { faults: vec![loaded.fault_of(error)], warnings }, format)?;
    Ok(Failure::Assumptions)
}

/// Reports faults and returns how the program ends.
pub(crate) fn report_faults(rejected: &Rejected, format: Format) -> Result<Failure, Failure> {
    report(rejected, format)?;
    let unreadable = rejected.faults.iter().find(|fault| fault.code == Code::Unreadable);
    Ok(unreadable.map_or(Failure::Assumptions, |fault| Failure::System(fault.reason.clone())))
}

/// Reports why a model that was read without fault cannot be run.
pub(crate) fn refuse(
    loaded: &Loaded,
    error: &ValuationError,
    format: Format,
) -> Result<Failure, Failure> {
    let shown_already = format == Format::Text;
    let warnings = if shown_already { Vec::new() } else { loaded.warnings.clone() };
    report(&Rejected { faults: vec![loaded.fault_of(error)], warnings }, format)?;
    Ok(Failure::Assumptions)
}

fn report(rejected: &Rejected, format: Format) -> Result<(), Failure> {
    if format == Format::Json {
        let object = json!({
            "status": "faults",
            "faults": as_json(&rejected.faults),
            "warnings": as_json(&rejected.warnings),
        });
        return print(&format!("{object:#}"));
    }
    complain_of(&rejected.warnings);
    complain_of(&rejected.faults);
    let count: usize = rejected.faults.iter().map(|fault| 1 + fault.more).sum();
    let warnings = rejected.warnings.iter().map(|fault| 1 + fault.more).sum::<usize>();
    let also =
        if warnings == 0 { String::new() } else { format!(", {}", counted(warnings, "warning")) };
    complain(&format!("{}{also}; nothing was computed", counted(count, "fault")));
    Ok(())
}

/// Writes a number with its noun.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{} {noun}{end}", with_commas(&count.to_string()))
}

/// Writes faults or warnings to stderr.
pub(crate) fn complain_of(faults: &[Fault]) {
    let renderer = if colours() { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let said = |fault: &&Fault| !fault.code.is_warning() || talks(Talk::Usual);
    for fault in faults.iter().filter(said) {
        complain(&render(fault, &renderer));
        complain("");
    }
}

/// Draws a fault as rustc does: code and reason, the line with the place marked, the remedy.
fn render(fault: &Fault, renderer: &Renderer) -> String {
    let level = if fault.code.is_warning() { Level::WARNING } else { Level::ERROR };
    let title = level.primary_title(&fault.reason).id(fault.code.as_str());
    let path = if fault.path.is_empty() { String::new() } else { fault.path.clone() };
    let mut group = match &fault.place {
        Some(place) => {
            let mark = AnnotationKind::Primary.span(place.mark.clone()).label(&path);
            let source =
                Snippet::source(&place.text).line_start(place.line).path(&place.file).fold(false);
            title.element(source.annotation(mark))
        }
        None => Group::with_title(title),
    };
    if !fault.remedy.is_empty() {
        group = group.element(Level::HELP.message(&fault.remedy));
    }
    let more = format!("and {} more like this", with_commas(&fault.more.to_string()));
    if 0 < fault.more {
        group = group.element(Level::NOTE.message(&more));
    }
    renderer.render(&[group])
}

/// Returns faults as JSON.
pub(crate) fn as_json(faults: &[Fault]) -> Value {
    let one = |fault: &Fault| {
        let place = fault.place.as_ref();
        json!({
            "code": fault.code.as_str(),
            "title": fault.code.title(),
            "path": fault.path,
            "file": place.map(|place| &place.file),
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
            "length": place.map(|place| place.length),
            "reason": fault.reason,
            "remedy": fault.remedy,
            "more": fault.more,
        })
    };
    Value::Array(faults.iter().map(one).collect())
}
