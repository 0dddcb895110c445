use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::diagnostics::{Code, Place, did_you_mean};

/// Largest file that is read.
const LARGEST: u64 = 256 << 20;

/// A file or a command-line argument that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileId(usize);

/// A stretch of bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) file: FileId,
    pub(crate) span: Span,
}

/// What was read, and where it stands among the layers.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// As it can be opened from the working directory.
    pub(crate) shown: String,
    /// valuation, base, scenario, reform or --set.
    pub(crate) layer: &'static str,
    pub(crate) text: Arc<str>,
    /// Of the bytes on disk; a text of the command line has none.
    sha256: Option<String>,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// Why a file was not read.
#[derive(Clone, Debug)]
pub(crate) struct NotRead {
    pub(crate) code: Code,
    pub(crate) reason: String,
    pub(crate) remedy: String,
    /// The file and the place in it, when it could be opened.
    pub(crate) at: Option<Origin>,
}

/// Every file read so far, in the order of reading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    files: Vec<Arc<SourceFile>>,
}

impl Files {
    /// Reads a text file; an UTF-8 byte order mark is passed over.
    pub(crate) fn open(&mut self, path: &Path, layer: &'static str) -> Result<FileId, NotRead> {
        let path = tidy(path);
        let shown = shown(&path);
        let bytes = bytes(&path, &shown)?;
        let sha256 = hex(&Sha256::digest(&bytes));
        let file = |text: Arc<str>| SourceFile {
            path: path.clone(),
            shown: shown.clone(),
            layer,
            text,
            sha256: Some(sha256.clone()),
            lines: Vec::new(),
        };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(self.add(file(text.into()))),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let (reason, remedy) = encoding(&shown, &bytes, at);
                let text = String::from_utf8_lossy(&bytes);
                let file = self.add(file(text.into()));
                let origin = Origin { file, span: Span { start: at, end: at + 1 } };
                Err(NotRead { code: Code::NotUtf8, reason, remedy, at: Some(origin) })
            }
        }
    }

    /// Takes a text that lies in no file, such as a `--set`.
    pub(crate) fn typed(&mut self, name: &str, layer: &'static str, text: &str) -> FileId {
        self.add(SourceFile {
            path: PathBuf::from("."),
            shown: name.to_owned(),
            layer,
            text: text.into(),
            sha256: None,
            lines: Vec::new(),
        })
    }

    fn add(&mut self, mut file: SourceFile) -> FileId {
        if let Some(text) = file.text.strip_prefix('\u{feff}') {
            file.text = text.into();
        }
        let ends = file.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        file.lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        self.files.push(Arc::new(file));
        FileId(self.files.len() - 1)
    }

    pub(crate) fn get(&self, file: FileId) -> Arc<SourceFile> {
        Arc::clone(&self.files[file.0])
    }

    /// Returns each file once with its hash, named relative to `home`; see [`SourceFile::named_from`].
    pub(crate) fn inputs(&self, home: &Path) -> Vec<(String, String)> {
        let home = absolute(home);
        let named = |file: &Arc<SourceFile>| Some((file.named_from(&home), file.sha256.clone()?));
        let mut inputs: Vec<(String, String)> = self.files.iter().filter_map(named).collect();
        inputs.sort();
        inputs.dedup();
        inputs
    }

    /// Returns name and text of a file that was read, as another file names it.
    pub(crate) fn named_in(&self, file: FileId, name: &str) -> Option<(String, Arc<str>)> {
        let path = self.get(file).path.parent().unwrap_or(Path::new("")).join(name);
        let path = tidy(&path);
        let found = self.files.iter().find(|file| file.path == path)?;
        Some((found.shown.clone(), Arc::clone(&found.text)))
    }

    /// Returns line, column and text of a place.
    pub(crate) fn place(&self, origin: Origin) -> Place {
        self.files[origin.file.0].place(origin)
    }
}

impl SourceFile {
    /// Names the file relative to `home`. What lies over the valuation may lie anywhere; outside `home` it is named by its
    /// file alone, so that the same files elsewhere give the same names.
    fn named_from(&self, home: &Path) -> String {
        let path = absolute(&self.path);
        if matches!(self.layer, "scenario" | "reform")
            && !path.starts_with(home)
            && let Some(name) = path.file_name()
        {
            return name.to_string_lossy().into_owned();
        }
        relative(&path, home)
    }

    /// Returns the line of a byte, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    fn place(&self, origin: Origin) -> Place {
        let limit = self.text.len();
        let start = floor_boundary(&self.text, origin.span.start.min(limit));
        let line = self.line(start);
        let begin = self.lines[line - 1];
        let stop = self.lines.get(line).map_or(limit, |next| next - 1);
        let text = self.text[begin..stop].trim_end_matches('\r');
        let start = start.min(begin + text.len());
        let end = floor_boundary(&self.text, origin.span.end.min(begin + text.len())).max(start);
        let column = self.text[begin..start].chars().count() + 1;
        let length = self.text[start..end].chars().count().max(1);
        let (text, mark) = shorten(text, start - begin..end - begin);
        Place {
            file: self.shown.clone(),
            line,
            column,
            length,
            text,
            mark,
            order: (origin.file.0, origin.span.start),
        }
    }
}

/// Opens only what is a file, so that a pipe or a device does not hang the program.
fn bytes(path: &Path, shown: &str) -> Result<Vec<u8>, NotRead> {
    let fail =
        |code, reason: String, remedy: String| Err(NotRead { code, reason, remedy, at: None });
    let data = match fs::metadata(path) {
        Ok(data) => data,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound
                    | ErrorKind::NotADirectory
                    | ErrorKind::InvalidInput
                    | ErrorKind::InvalidFilename
            ) =>
        {
            return fail(Code::FileMissing, format!("there is no file `{shown}`"), neighbour(path));
        }
        Err(error) => {
            return fail(
                Code::Unreadable,
                format!("`{shown}` cannot be read: {error}"),
                "check the permissions of the file".into(),
            );
        }
    };
    if !data.is_file() {
        let found = if data.is_dir() { "a folder" } else { "a device or a pipe" };
        return fail(
            Code::NotAFile,
            format!("`{shown}` is {found}, not a file"),
            "name a text file".into(),
        );
    }
    if LARGEST < data.len() {
        let size = data.len() >> 20;
        return fail(
            Code::FileTooLarge,
            format!("`{shown}` has {size} MiB, more than 256 MiB"),
            "leave out what the valuation does not read".into(),
        );
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => fail(
            Code::Unreadable,
            format!("`{shown}` cannot be read: {error}"),
            "check the permissions of the file".into(),
        ),
    }
}

fn neighbour(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.contains('\\') {
        return "separate folders by `/`".into();
    }
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return format!(
            "there is no folder `{}` either; paths are relative to the file that names them",
            shown(folder)
        );
    }
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    match did_you_mean(&name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "paths are relative to the file that names them".into(),
    }
}

fn encoding(shown: &str, bytes: &[u8], at: usize) -> (String, String) {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return (format!("`{shown}` is UTF-16 text"), "save it as UTF-8".into());
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return (
            format!("`{shown}` is a workbook or a zip archive, not text"),
            "export the sheet as \"CSV UTF-8\"".into(),
        );
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return (format!("`{shown}` is compressed with gzip"), "decompress it".into());
    }
    let byte = bytes.get(at).copied().unwrap_or(0);
    (
        format!("byte 0x{byte:02x} is not UTF-8 text"),
        "save the file as UTF-8; spreadsheets call this \"CSV UTF-8\"".into(),
    )
}

/// Removes `.` and resolves `..` after a named folder, without looking at the disk.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidy.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    if tidy.as_os_str().is_empty() { PathBuf::from(".") } else { tidy }
}

/// The path from the root, without looking at the disk beyond the working directory.
fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    tidy(&std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Names `path` relative to the folder `home`, with `..` where it lies outside.
fn relative(path: &Path, home: &Path) -> String {
    let home = tidy(home);
    let here = |part: &Component<'_>| !matches!(part, Component::CurDir);
    let to: Vec<Component<'_>> = path.components().filter(here).collect();
    let from: Vec<Component<'_>> = home.components().filter(here).collect();
    let common = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    if from[common..].iter().any(|part| !matches!(part, Component::Normal(_))) {
        return shown(path);
    }
    let up = from[common..].iter().map(|_| "..".to_owned());
    let down = to[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Longest stretch of a line that is shown, bytes.
const EXCERPT: usize = 160;

/// Keeps the part of a long line around the mark; control characters become visible.
fn shorten(line: &str, mark: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    let safe = |text: &str| -> String {
        text.chars()
            .map(|letter| if letter.is_control() && letter != '\t' { '\u{fffd}' } else { letter })
            .collect()
    };
    let (from, to) = if line.len() <= EXCERPT {
        (0, line.len())
    } else {
        let from = floor_boundary(line, mark.start.saturating_sub(EXCERPT / 2));
        (from, floor_boundary(line, (from + EXCERPT).min(line.len())))
    };
    let before = safe(&line[from..mark.start.clamp(from, to)]);
    let marked = safe(&line[mark.start.clamp(from, to)..mark.end.clamp(from, to)]);
    let after = safe(&line[mark.end.clamp(from, to)..to]);
    let lead = if 0 < from { "…" } else { "" };
    let tail = if to < line.len() { "…" } else { "" };
    let start = lead.len() + before.len();
    let end = start + marked.len();
    (format!("{lead}{before}{marked}{after}{tail}"), start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_not_bytes() {
        let mut files = Files::default();
        let file = files.typed("x", "--set", "a = 1\nđồng = 2\n");
        let at = "a = 1\nđồng = ".len();
        let place = files.place(Origin { file, span: Span { start: at, end: at + 1 } });
        assert_eq!((place.line, place.column, place.length), (2, 8, 1));
        assert_eq!(&place.text[place.mark], "2");
    }

    #[test]
    fn a_long_line_is_shown_around_the_mark() {
        let mut files = Files::default();
        let text = format!("{}X{}", "a".repeat(5000), "b".repeat(5000));
        let file = files.typed("x", "--set", &text);
        let place = files.place(Origin { file, span: Span { start: 5000, end: 5001 } });
        assert!(place.text.len() < 200);
        assert_eq!(&place.text[place.mark], "X");
    }

    #[test]
    fn an_overlay_outside_the_country_is_named_alike_from_everywhere() {
        let file = |path: &str, layer| SourceFile {
            path: PathBuf::from(path),
            shown: String::new(),
            layer,
            text: "".into(),
            sha256: None,
            lines: Vec::new(),
        };
        let here = absolute(Path::new("country"));
        let elsewhere = std::env::temp_dir().join("r.toml");
        assert_eq!(file(elsewhere.to_str().unwrap(), "reform").named_from(&here), "r.toml");
        assert_eq!(file("r.toml", "reform").named_from(&here), "r.toml");
        assert_eq!(file("country/reforms/r.toml", "reform").named_from(&here), "reforms/r.toml");
        assert_eq!(file("common/base.csv", "valuation").named_from(&here), "../common/base.csv");
        let inside = here.join("base.csv");
        assert_eq!(file(inside.to_str().unwrap(), "valuation").named_from(&here), "base.csv");
    }

    #[test]
    fn names_are_relative_to_the_valuation() {
        assert_eq!(relative(Path::new("a/b/c.toml"), Path::new("a/b")), "c.toml");
        assert_eq!(relative(Path::new("a/x/c.toml"), Path::new("a/b")), "../x/c.toml");
        assert_eq!(relative(Path::new("c.toml"), Path::new("")), "c.toml");
        assert_eq!(tidy(Path::new("a/b/../c/./d")), Path::new("a/c/d"));
    }
}
