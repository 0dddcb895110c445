//! `perennis verify` on a valuation, on its result and on a result that somebody changed.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn perennis(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_perennis")).args(arguments).output().unwrap()
}

fn country() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assumptions/viet-nam/valuation.toml")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_shipped_country_agrees_with_itself_and_a_changed_figure_does_not() {
    let file = country();
    let file = file.to_str().unwrap();
    let verified = perennis(&["verify", file, "--set", "horizon=12"]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified));
    assert!(text(&verified).ends_with("0 broken\n"), "{}", text(&verified));
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("run");
    let out = out.to_str().unwrap();
    assert!(perennis(&["value", file, "--set", "horizon=12", "--out", out]).status.success());
    let same = perennis(&["verify", out, "--format", "json"]);
    assert_eq!(same.status.code(), Some(0));
    let report: serde_json::Value = serde_json::from_slice(&same.stdout).unwrap();
    assert_eq!(report["status"], "ok");
    let identities = report["identities"].as_array().unwrap();
    assert!(
        14 <= identities.len() && identities.iter().all(|one| 0 < one["asked"].as_u64().unwrap())
    );
    // One account gets one unit in a million more than it has.
    let path = Path::new(out).join("tables/accounts.csv");
    let accounts = fs::read_to_string(&path).unwrap();
    let row = accounts.lines().find(|row| row.contains("retirement,reserve_end,")).unwrap();
    let (head, amount) = row.rsplit_once(',').unwrap();
    let changed = format!("{head},{}", amount.parse::<f64>().unwrap() * 1.000_001);
    fs::write(&path, accounts.replacen(row, &changed, 1)).unwrap();
    let broken = perennis(&["verify", out]);
    assert_eq!(broken.status.code(), Some(1), "{}", text(&broken));
    let told = text(&broken);
    assert!(
        told.lines().any(|line| line.starts_with("reserve_roll") && line.contains("BROKEN")),
        "{told}"
    );
}

#[test]
fn a_folder_without_a_manifest_is_no_result() {
    let home = tempfile::tempdir().unwrap();
    let refused = perennis(&["verify", home.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
}
