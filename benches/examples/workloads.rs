//! Runs workloads again and again on the inputs that `inputs.py` wrote; prints times and checksums, a line each run.
//!
//!     workloads FOLDER LEVEL {w1|w2|w3} REPEATS
//!
//! `LEVEL` is baseline, avx2, avx512 or best. A line is: workload, level, wall seconds, CPU seconds, checksums.

use std::path::Path;
use std::time::{Duration, Instant};

use perennis_benches::{Census, Folder, Nation, Paths, Projection, project_all, value};
use perennis_cohort::Level;
use rustix::time::{ClockId, clock_gettime};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, level, workload, repeats] = words.as_slice() else {
        return Err("usage: workloads FOLDER LEVEL {w1|w2|w3} REPEATS".into());
    };
    let folder = Folder::new(Path::new(folder));
    let repeats: usize = repeats.parse()?;
    let level = match level.as_str() {
        "best" => Level::best(),
        name => Level::all()
            .into_iter()
            .find(|level| level.name() == name)
            .ok_or("this processor has no such level")?,
    };
    match workload.as_str() {
        "w1" => {
            let census = Census::read(&folder)?;
            repeat(("w1", level), repeats, || {
                let values = value(&census, level);
                vec![values.benefits, values.contributions]
            });
        }
        "w2" => {
            let (nation, paths) = (Nation::read(&folder)?, Paths::read(&folder)?);
            let mut projection = Projection::new(&nation, level);
            repeat(("w2", level), repeats, || vec![projection.run(&paths, 0)]);
        }
        "w3" => {
            let (nation, paths) = (Nation::read(&folder)?, Paths::read(&folder)?);
            repeat(("w3", level), repeats, || {
                let funds = project_all(&nation, &paths, level);
                let count = f64::from(u32::try_from(funds.len()).unwrap_or(u32::MAX));
                vec![funds[0], funds.iter().sum::<f64>() / count]
            });
        }
        _ => return Err("the workloads are w1, w2 and w3".into()),
    }
    Ok(())
}

/// Runs once unseen, then prints every run.
fn repeat(what: (&str, Level), repeats: usize, mut run: impl FnMut() -> Vec<f64>) {
    run();
    for _ in 0..repeats {
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        let checksums = run();
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        print!("{} {} {wall:.6} {cpu:.6}", what.0, what.1.name());
        for checksum in checksums {
            print!(" {checksum:?}");
        }
        println!();
    }
}

/// Returns the CPU seconds of all threads of this process so far.
fn cpu_seconds() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    let (seconds, rest) = (spent.tv_sec.unsigned_abs(), spent.tv_nsec.unsigned_abs());
    (Duration::from_secs(seconds) + Duration::from_nanos(rest)).as_secs_f64()
}
