use std::fs;
use std::path::Path;

use crate::schema::KINDS;

/// What a file of assumptions is, as `check` recognises it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// The entry of a valuation; also a file that is recognised as no other kind.
    Valuation,
    /// A scheme: its law can be checked alone.
    Scheme,
    /// A person and the laws that apply to the person.
    Person,
    /// Accounts that stand for themselves.
    Accounts,
    /// Members, tables and a law whose liabilities are wanted.
    Liabilities,
    /// A part of a valuation, by the name of its schema: it is checked with the valuation that names it.
    Part(&'static str),
}

/// Recognises a file by its first line, `#:schema …/scheme.json`, else by the keys at its head.
#[must_use]
pub fn file_kind(file: &Path) -> FileKind {
    let Ok(text) = fs::read_to_string(file) else { return FileKind::Valuation };
    let text = text.trim_start_matches('\u{feff}');
    let named = text.lines().next().and_then(|line| line.strip_prefix("#:schema "));
    let named = named.map(|path| path.trim().rsplit(['/', '\\']).next().unwrap_or_default());
    let kind =
        named.and_then(|name| KINDS.iter().find(|kind| Some(**kind) == name.strip_suffix(".json")));
    match kind {
        Some(&"valuation") => FileKind::Valuation,
        Some(&"scheme") => FileKind::Scheme,
        Some(&"person") => FileKind::Person,
        Some(&"accounts") => FileKind::Accounts,
        Some(&"liabilities") => FileKind::Liabilities,
        Some(kind) => FileKind::Part(kind),
        None => by_keys(text),
    }
}

fn by_keys(text: &str) -> FileKind {
    let Ok(table) = text.parse::<toml::Table>() else { return FileKind::Valuation };
    let has = |keys: &[&str]| keys.iter().any(|key| table.contains_key(*key));
    match () {
        () if has(&["files", "country", "horizon"]) && !has(&["person"]) => FileKind::Valuation,
        () if has(&["person", "claim"]) => FileKind::Person,
        () if has(&["first_year"]) && has(&["plan", "values"]) => FileKind::Liabilities,
        () if has(&["benefits", "pensionable_age", "contributions"]) => FileKind::Scheme,
        () => FileKind::Valuation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_recognised_by_its_schema_and_else_by_its_keys() {
        let folder = tempfile::tempdir().unwrap();
        let kind = |text: &str| {
            let file = folder.path().join("x.toml");
            fs::write(&file, text).unwrap();
            file_kind(&file)
        };
        assert_eq!(kind("#:schema ../schema/scheme.json\n"), FileKind::Scheme);
        assert_eq!(kind("#:schema person.json\nfiles = 1"), FileKind::Person);
        assert_eq!(kind("#:schema a/economy.json\n"), FileKind::Part("economy"));
        assert_eq!(kind("title = \"T\"\n[files]\n"), FileKind::Valuation);
        assert_eq!(kind("[benefits.x]\nkind = \"pension\""), FileKind::Scheme);
        assert_eq!(kind("laws = []\n[person]\n"), FileKind::Person);
        assert_eq!(kind("[["), FileKind::Valuation);
        assert_eq!(file_kind(&folder.path().join("none.toml")), FileKind::Valuation);
    }
}
