use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{Behaviour, Loaded, Overlays, load_delayed};
use serde_json::Value;

use crate::args::ExplainArgs;
use crate::exit::Failure;
use crate::faults::{load_or_report, report_faults};
use crate::terminal::{complain, paths_exist};

/// Folders below the working directory are searched so deep, and so many of them.
const DEEPEST: usize = 5;
const MOST_FOLDERS: usize = 5_000;

/// The inputs of the run that is explained.
pub(crate) struct Found {
    /// The valuation file.
    pub(crate) file: PathBuf,
    pub(crate) loaded: Loaded,
}

impl Found {
    /// Finds the files from which a result folder was made; nothing where they are changed or not below the working
    /// directory.
    pub(crate) fn of_folder(folder: &Path) -> Option<Self> {
        Made::read(&folder.join("manifest.json")).ok()?.same()
    }

    /// Loads a valuation file, or finds the files from which a result folder was made.
    pub(crate) fn of(args: &ExplainArgs) -> Result<Self, Failure> {
        let manifest = args.target.join("manifest.json");
        if manifest.is_file() {
            let no_overlay = args.overlays.paths().next().is_none() && args.overlays.set.is_empty();
            if !no_overlay {
                let text = "a result folder knows what lay over its valuation; leave --scenario, --reform and --set out";
                return Err(Failure::Usage(text.into()));
            }
            return Made::read(&manifest)?.find(args);
        }
        if args.inputs.is_some() {
            let text =
                format!("`{}` is no result folder; --inputs goes with one", args.target.display());
            return Err(Failure::Usage(text));
        }
        let loaded = load_or_report(&args.target, &args.overlays, args.format)?;
        Ok(Self { file: args.target.clone(), loaded })
    }
}

/// What a manifest says that a run was made from.
struct Made {
    folder: PathBuf,
    valuation: String,
    version: String,
    /// Name relative to the folder of the valuation, and hash.
    inputs: Vec<(String, String)>,
    options: Vec<(String, String)>,
}

impl Made {
    fn read(manifest: &Path) -> Result<Self, Failure> {
        let shown = manifest.display();
        let bytes = fs::read(manifest)
            .map_err(|error| Failure::System(format!("cannot read `{shown}`: {error}")))?;
        let read: Value = serde_json::from_slice(&bytes)
            .map_err(|error| Failure::Usage(format!("`{shown}` is not a manifest: {error}")))?;
        match read["format"].as_str() {
            Some("perennis-results") => {}
            Some("perennis-comparison") => {
                return Err(Failure::Usage(format!(
                    "`{shown}` is that of a comparison; name the folder of one of its runs, such as {}",
                    manifest.with_file_name("baseline").display()
                )));
            }
            _ => return Err(Failure::Usage(format!("`{shown}` is not that of a valuation"))),
        }
        let run = &read["run"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let pairs = |list: &Value, key: &str, value: &str| -> Vec<(String, String)> {
            let list = list.as_array().into_iter().flatten();
            list.map(|one| (text(&one[key]), text(&one[value]))).collect()
        };
        Ok(Self {
            folder: manifest.parent().unwrap_or(Path::new("")).to_owned(),
            valuation: text(&run["valuation"]),
            version: text(&run["version"]),
            inputs: pairs(&run["inputs"], "path", "sha256"),
            options: pairs(&run["options"], "option", "value"),
        })
    }

    /// Looks for the files, by name and hash, below the working directory.
    fn same(&self) -> Option<Found> {
        let same = |file: PathBuf| {
            let loaded = load_delayed(&file, &self.overlays(&file), self.delay()).ok()?;
            self.differing(&loaded).is_empty().then_some(Found { file, loaded })
        };
        self.candidates().into_iter().find_map(same)
    }

    /// Looks for the files, by name and hash, and loads them as the run did.
    fn find(&self, args: &ExplainArgs) -> Result<Found, Failure> {
        if let Some(file) = &args.inputs {
            paths_exist([file.as_path()])?;
            return self.load(file, args);
        }
        if let Some(found) = self.same() {
            self.tell_version();
            return Ok(found);
        }
        match self.candidates().first() {
            Some(file) => self.load(file, args),
            None => Err(Failure::Usage(format!(
                "the run in `{}` was made from `{}`, and no file of that name is found below the working directory; \
                 name it with --inputs FILE",
                self.folder.display(),
                self.valuation
            ))),
        }
    }

    /// Loads the files beside a valuation file and refuses them when they are not those of the run.
    fn load(&self, file: &Path, args: &ExplainArgs) -> Result<Found, Failure> {
        let loaded = match load_delayed(file, &self.overlays(file), self.delay()) {
            Ok(loaded) => loaded,
            Err(rejected) => return Err(report_faults(&rejected, args.format)?),
        };
        let differing = self.differing(&loaded);
        if !differing.is_empty() {
            complain(&format!(
                "error: the files of {} are not those from which the run in `{}` was made; changed, missing or new: {}\n  \
                 help: value the files again, or explain {} itself",
                file.display(),
                self.folder.display(),
                differing.join(", "),
                file.display()
            ));
            return Err(Failure::Assumptions);
        }
        self.tell_version();
        Ok(Found { file: file.to_owned(), loaded })
    }

    fn tell_version(&self) {
        let ours = env!("CARGO_PKG_VERSION");
        if self.version != ours {
            complain(&format!(
                "warning: the run was made with perennis {}, and is computed again with {ours}",
                self.version
            ));
        }
    }

    /// Returns the names of files whose hash is not that of the run.
    fn differing(&self, loaded: &Loaded) -> Vec<String> {
        let now: Vec<(String, String)> =
            loaded.inputs.iter().map(|one| (one.name.clone(), one.sha256.clone())).collect();
        let only = |of: &[(String, String)], other: &[(String, String)]| -> Vec<String> {
            of.iter().filter(|one| !other.contains(one)).map(|(name, _)| name.clone()).collect()
        };
        let mut names = only(&self.inputs, &now);
        names.extend(only(&now, &self.inputs));
        names.sort();
        names.dedup();
        names
    }

    fn delay(&self) -> i32 {
        let delay = self.options.iter().find(|(option, _)| option == "delay");
        delay.and_then(|(_, years)| years.parse().ok()).unwrap_or(0)
    }

    /// Returns what lay over the valuation; a file is found by its name among the inputs.
    fn overlays(&self, valuation: &Path) -> Overlays {
        let home = valuation.parent().unwrap_or(Path::new(""));
        let of = |option: &'static str| {
            self.options.iter().filter(move |(name, _)| name == option).map(|(_, value)| value)
        };
        let place = |name: &String| {
            let is = |path: &&(String, String)| {
                Path::new(&path.0).file_name().is_some_and(|file| file.to_string_lossy() == *name)
            };
            home.join(self.inputs.iter().find(is).map_or(name.as_str(), |(path, _)| path))
        };
        Overlays {
            scenario: of("scenario").next().map(place),
            reforms: of("reform").map(place).collect(),
            behaviour: match of("behaviour").next() {
                Some(_) => Behaviour::Declared,
                None => Behaviour::Static,
            },
            set: of("set").cloned().collect(),
        }
    }

    /// Returns files of the name of the valuation, those nearest to the working directory first.
    fn candidates(&self) -> Vec<PathBuf> {
        let mut waiting = VecDeque::from([(PathBuf::new(), 0)]);
        let (mut found, mut seen) = (Vec::new(), 0);
        while let Some((folder, depth)) = waiting.pop_front() {
            seen += 1;
            let file = folder.join(&self.valuation);
            if file.is_file() {
                found.push(file);
            }
            if DEEPEST <= depth || MOST_FOLDERS <= seen {
                continue;
            }
            let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
            let mut inside: Vec<String> = fs::read_dir(listed)
                .into_iter()
                .flatten()
                .filter_map(Result::ok)
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .filter(|name| !name.starts_with('.') && name != "target")
                .collect();
            inside.sort();
            waiting.extend(inside.into_iter().map(|name| (folder.join(name), depth + 1)));
        }
        found
    }
}
