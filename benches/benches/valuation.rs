//! The whole product on the example country: read, run, write (workload W5), and its parts.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use perennis_assumptions::{Loaded, Overlays, load};
use perennis_report::{RunRecord, write_results};
use perennis_valuation::run;

fn entry() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam/valuation.toml")
}

fn loaded() -> Loaded {
    load(&entry(), &Overlays::default()).expect("the example country has no fault")
}

fn parts(bench: &mut Criterion) {
    bench.bench_function("load_viet_nam", |bench| bench.iter(|| black_box(loaded())));
    let model = loaded().model;
    bench.bench_function("run_viet_nam_77_years_yearly_credits", |bench| {
        bench.iter(|| black_box(run(&model).expect("the example country runs")));
    });
    let results = run(&model).expect("the example country runs");
    let folder = tempfile::tempdir().expect("a temporary folder");
    bench.bench_function("write_viet_nam_77_years", |bench| {
        bench.iter(|| {
            write_results(&results, &RunRecord::default(), &folder.path().join("run"))
                .expect("the folder takes the results");
        });
    });
}

/// Credit by month, five classes of wages in each of three groups.
fn by_month(bench: &mut Criterion) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let households = entry().with_file_name("reforms").join("coverage_of_households.toml");
    let overlays = Overlays {
        reforms: vec![households, here.join("viet_nam_by_month.toml")],
        set: vec!["horizon=75".to_owned()],
        ..Overlays::default()
    };
    let model = load(&entry(), &overlays).expect("the overlay has no fault").model;
    let mut bench = bench.benchmark_group("by_month");
    let bench = bench.sample_size(10);
    bench.bench_function("run_viet_nam_75_years_600_months_5_wage_classes_3_groups", |bench| {
        bench.iter(|| black_box(run(&model).expect("the example country runs")));
    });
}

fn whole(bench: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    bench.bench_function("value_viet_nam_77_years_yearly_credits", |bench| {
        bench.iter(|| {
            let results = run(&loaded().model).expect("the example country runs");
            write_results(&results, &RunRecord::default(), &folder.path().join("run"))
                .expect("the folder takes the results");
        });
    });
}

criterion_group!(benches, parts, by_month, whole);
criterion_main!(benches);
