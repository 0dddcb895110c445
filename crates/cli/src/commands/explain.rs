mod code;
mod figures;
mod found;

use std::path::Path;

use perennis_assumptions::Provenance;
use perennis_report::{
    ExplainError, Explainer, Explanation, Origin, explanation_json, explanation_text,
};
use perennis_valuation::run;
use serde_json::json;

use self::figures::with_figures;
pub(crate) use self::found::Found;
use super::value::{name, record};
use crate::args::{ExplainArgs, Format};
use crate::exit::Failure;
use crate::faults::refuse;
use crate::terminal::print;

pub(crate) use code::explain_code;

/// Walks a number of a run back to its formula and the inputs, or says what a diagnostic code means.
pub(crate) fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    if is_code(&args.target) && !args.target.exists() {
        return explain_code(&args.target.to_string_lossy(), args.format);
    }
    let found = Found::of(args)?;
    let results = match run(&found.loaded.model) {
        Ok(results) => results,
        Err(error) => return Err(refuse(&found.loaded, &error, args.format)?),
    };
    let record = record(&found.loaded, &results, (name(&found.file), Vec::new()));
    let origins: Vec<Origin> = found.loaded.provenance.iter().map(origin).collect();
    let explainer = Explainer::new(&results, &found.loaded.model, &record, &origins);
    let address = address(args, &explainer)?;
    let depth = usize::from(args.depth);
    let numbers = explainer.explain(&address, depth).map_err(usage)?;
    say(args, &explainer, &numbers)
}

fn say(
    args: &ExplainArgs,
    explainer: &Explainer<'_>,
    numbers: &[Explanation],
) -> Result<(), Failure> {
    let inputs = |number: &Explanation| with_figures(number, explainer.inputs_of(number));
    if args.format == Format::Json {
        let one = |number: &Explanation| explanation_json(number, &inputs(number));
        let numbers: Vec<_> = numbers.iter().map(one).collect();
        return print(&format!("{:#}", json!({ "status": "ok", "numbers": numbers })));
    }
    let one = |number: &Explanation| explanation_text(number, &inputs(number));
    print(&numbers.iter().map(one).collect::<Vec<_>>().join("\n\n"))
}

/// Returns the address asked for: as written, or of a row by its position in a table.
fn address(args: &ExplainArgs, explainer: &Explainer<'_>) -> Result<String, Failure> {
    match (&args.address, &args.table, args.row) {
        (Some(address), None, None) => Ok(address.clone()),
        (None, Some(table), Some(row)) => explainer.address_of(table, row).map_err(usage),
        _ => Err(Failure::Usage(
            "name a number, such as accounts/retirement/benefit:old_age/2045, or a row with --table and --row; \
             `perennis explain --help` has the forms"
                .into(),
        )),
    }
}

fn usage(error: ExplainError) -> Failure {
    match error {
        ExplainError::Table(error) => panic!("{error}"),
        error => Failure::Usage(error.to_string()),
    }
}

fn is_code(target: &Path) -> bool {
    let text = target.to_string_lossy();
    let mut letters = text.chars();
    let kind = letters.next().is_some_and(|letter| "AaWw".contains(letter));
    kind && letters.clone().count() == 3 && letters.all(|letter| letter.is_ascii_digit())
}

fn origin(value: &Provenance) -> Origin {
    Origin {
        path: value.path.clone(),
        value: value.value.clone(),
        unit: value.unit.clone().unwrap_or_default(),
        source: value.source.clone().unwrap_or_default(),
        checked: value.checked,
        file: value.file.clone(),
        line: value.line,
        layer: value.layer.to_owned(),
        row: None,
    }
}
