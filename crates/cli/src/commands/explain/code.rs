use perennis_assumptions::Code;
use serde_json::json;

use crate::args::Format;
use crate::exit::Failure;
use crate::terminal::print;

/// The smallest broken file of each code, as the message that it gives.
const EXAMPLES: &str = include_str!(concat!(env!("OUT_DIR"), "/examples.txt"));

/// Says what a code means, what is asked for instead, and how the message looks.
pub(crate) fn explain_code(code: &str, format: Format) -> Result<(), Failure> {
    let found = Code::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(code));
    let Some(code) = found else {
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        return Err(Failure::Usage(format!(
            "there is no code `{code}`; known: {}",
            known.join(", ")
        )));
    };
    let kind = if code.is_warning() { "warning" } else { "fault" };
    let example = example(code.as_str());
    if format == Format::Json {
        let object = json!({
            "status": "ok",
            "code": code.as_str(),
            "kind": kind,
            "title": code.title(),
            "explanation": code.explanation(),
            "example": example,
        });
        return print(&format!("{object:#}"));
    }
    let after = if code.is_warning() {
        "A warning: the model is built all the same."
    } else {
        "A fault: nothing is computed, and the exit code is 3."
    };
    let mut text = format!("{code}: {}\n{}\n{after}", code.title(), code.explanation());
    if !example.is_empty() {
        let indented: Vec<String> = example.lines().map(|line| format!("  {line}")).collect();
        text.push_str(&format!(
            "\n\nexample: reason, place and remedy of the smallest file with it\n{}",
            indented.join("\n")
        ));
    }
    print(&text)
}

/// Returns the message of the example of a code; nothing for one without.
fn example(code: &str) -> &'static str {
    let all = EXAMPLES.split('\u{1}').filter_map(|example| example.split_once('\n'));
    let mut of_code = all.filter(|(of, _)| *of == code).map(|(_, message)| message.trim_end());
    of_code.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_example_that_shows_it() {
        for code in Code::ALL {
            let example = example(code.as_str());
            assert!(example.contains(code.as_str()), "{code}: {example}");
        }
    }
}
