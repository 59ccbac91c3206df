//! How many instructions the engine takes, counted under Valgrind: the same on a busy machine as on an
//! idle one, so that two versions can be compared to the thousandth.

use gungraun::{library_benchmark, library_benchmark_group, main};
use readyz_benches::{finished, load, setup, stream, HOUR, MEGABYTE_OF_PODS, ONE_HOUR};
use readyz_engine::cluster::Cluster;
use readyz_engine::manifest;
use readyz_engine::time::Instant;
use readyz_engine::timeline::Timeline;
use std::hint::black_box;

#[library_benchmark]
#[bench::hundred_pods(stream(100))]
#[bench::one_megabyte(stream(MEGABYTE_OF_PODS))]
fn parse(text: String) -> usize {
    black_box(manifest::parse(&text).objects.len())
}

#[library_benchmark]
#[bench::hundred_pods_ten_minutes(setup(100, HOUR / 6).timeline())]
fn run(mut timeline: Timeline) -> Timeline {
    timeline.run();
    black_box(timeline)
}

#[library_benchmark]
#[bench::hundred_pods_one_hour(finished(100, HOUR))]
fn seek(timeline: Timeline) -> Cluster {
    black_box(timeline.seek(Instant::from_secs(1_237)))
}

#[library_benchmark]
#[bench::hundred_pods_one_hour(stream(100) + ONE_HOUR)]
fn edit(text: String) {
    black_box(load(&text));
}

library_benchmark_group!(name = engine, benchmarks = [parse, run, seek, edit]);
main!(library_benchmark_groups = engine);
