//! A run that is stopped at any moment, or that the system refuses, leaves the earlier results or the new ones.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const RUNS: u32 = 100;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A run of the smallest country whose results depend on `interest`, so that old and new differ.
fn value(out: &Path, migrants: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perennis"));
    command.current_dir(root()).args(["value", "assumptions/smallest/valuation.toml", "--out"]);
    command.arg(out).args(["--set", &format!("population.migration.total.value={migrants}")]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Every file below a folder; `None` when the folder is not there.
fn files(folder: &Path) -> Option<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).ok()? {
            let path = entry.ok()?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let below = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(below, fs::read(&path).ok()?);
            }
        }
    }
    Some(found)
}

/// Numbers from 0 to 1 from a fixed recursion, so that a failure can be met again.
fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / 9_007_199_254_740_992.0
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_old_results_or_the_new_ones() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let start = Instant::now();
    assert!(value(&out, "-1.0").status().unwrap().success());
    let whole = start.elapsed();
    let one = files(&out).unwrap();
    assert!(value(&out, "-2.0").status().unwrap().success());
    let other = files(&out).unwrap();
    assert!(one != other && 4 < one.len());
    let (mut state, mut killed, mut replaced) = (7, 0, 0);
    let mut before = other.clone();
    for run in 0..RUNS {
        let (migrants, fresh) = if run % 2 == 0 { ("-1.0", &one) } else { ("-2.0", &other) };
        let mut child = value(&out, migrants).spawn().unwrap();
        // Every second run is stopped near its end, where the folders are exchanged.
        let share = random(&mut state);
        let share = if run % 4 < 2 { 1.1 * share } else { 0.7 + 0.4 * share };
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        let found = files(&out).expect("there are results at every moment");
        assert!(found == before || found == *fresh, "run {run}, stopped after {share:.3} of a run");
        replaced += u32::from(found == *fresh);
        before = found;
    }
    assert!(10 < killed, "only {killed} of {RUNS} runs were stopped before they ended");
    assert!(value(&out, "-1.0").status().unwrap().success());
    assert!(files(&out).unwrap() == one, "{replaced} were replaced");
    if Path::new("/proc/self").exists() {
        let left = fs::read_dir(place.path()).unwrap().count();
        assert_eq!(left, 1, "the next run removes what stopped runs left beside the results");
    }
}

fn shell(script: &str, out: &Path) -> Output {
    Command::new("sh")
        .current_dir(root())
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_perennis")])
        .arg(out)
        .output()
        .unwrap()
}

#[test]
fn a_disk_that_takes_no_more_ends_with_4_and_leaves_the_earlier_results() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    assert!(value(&out, "-1.0").status().unwrap().success());
    let before = files(&out).unwrap();
    // A limit on the size of files fails as a full disk does: in the middle of writing.
    let script = "ulimit -f 8; trap '' XFSZ; \
        exec \"$1\" value assumptions/smallest/valuation.toml --out \"$2\" --set population.migration.total.value=-3.0";
    let output = shell(script, &out);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("cannot write") && said.contains("run"), "{said}");
    assert!(files(&out).unwrap() == before);
    assert_eq!(
        fs::read_dir(place.path()).unwrap().count(),
        1,
        "nothing is left beside the results"
    );
}

#[test]
fn a_place_that_cannot_be_written_ends_with_4_and_a_clear_message() {
    let place = tempfile::tempdir().unwrap();
    let closed = place.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let mut rights = fs::metadata(&closed).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&closed, rights).unwrap();
    let refused = fs::write(closed.join("probe"), "").is_err();
    // The superuser writes into closed folders; the system's own folders refuse everyone.
    let out = if refused { closed.join("run") } else { PathBuf::from("/proc/perennis-run") };
    if !refused && !Path::new("/proc/self").exists() {
        return;
    }
    for command in ["value \"$F\" --out \"$2\"", "compare \"$F\" \"$R\" --out \"$2\""] {
        let script = format!(
            "F=assumptions/smallest/valuation.toml; R=tests/bad_input/W004_set_twice/reform.toml; \
             exec \"$1\" {command}"
        );
        let output = shell(&script, &out);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains("cannot create"), "{said}");
    }
}
