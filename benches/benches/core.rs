//! The projection core on inputs by formula: workloads W1, W2 and W3, sizes in the names.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use perennis_benches::{Census, Nation, Paths, Projection, project_all, value};
use perennis_cohort::Level;

fn seriatim(bench: &mut Criterion) {
    let census = Census::by_formula(1_000_000);
    let mut group = bench.benchmark_group("w1_seriatim_1_million_members");
    group.sample_size(20);
    for level in Level::all() {
        group.bench_function(level.name(), |bench| {
            bench.iter(|| black_box(value(&census, level)));
        });
    }
}

fn nation(bench: &mut Criterion) {
    let (nation, paths) = (Nation::by_formula(), Paths::by_formula(1));
    let mut group = bench.benchmark_group("w2_nation_2_sexes_101_ages_61_credits_75_years");
    for level in Level::all() {
        let mut projection = Projection::new(&nation, level);
        group.bench_function(level.name(), |bench| {
            bench.iter(|| black_box(projection.run(&paths, 0)));
        });
    }
}

fn scenarios(bench: &mut Criterion) {
    let (nation, paths) = (Nation::by_formula(), Paths::by_formula(200));
    let mut group = bench.benchmark_group("w3_nation_200_scenarios");
    group.sample_size(10);
    for level in Level::all() {
        group.bench_function(level.name(), |bench| {
            bench.iter(|| black_box(project_all(&nation, &paths, level)));
        });
    }
}

criterion_group!(benches, seriatim, nation, scenarios);
criterion_main!(benches);
