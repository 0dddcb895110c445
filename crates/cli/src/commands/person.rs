mod course;
mod json;
mod page;
mod text;

use crate::args::{Format, PersonArgs};
use crate::exit::Failure;
use crate::faults::{complain_of, read_person_or_report, refuse_person};
use crate::terminal::{print, width};

/// Prints what a person may have under some laws, how each amount comes about and how it goes on.
pub(crate) fn person(args: &PersonArgs) -> Result<(), Failure> {
    let loaded = read_person_or_report(&args.file, &args.laws, args.format)?;
    let result = match loaded.entitlements() {
        Ok(result) => result,
        Err(error) => return Err(refuse_person(&loaded, &error, args.format)?),
    };
    match args.format {
        Format::Text => {
            complain_of(&loaded.warnings);
            print(&text::text(&loaded, &result, width().clamp(72, 120)))
        }
        Format::Json => print(&format!("{:#}", json::json(&loaded, &result))),
    }
}
