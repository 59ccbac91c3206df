//! How long the engine takes: events a second, seek, text to timeline, hostile texts. An event is a
//! timer that fired.

use criterion::{criterion_group, criterion_main, BatchSize, BenchmarkId, Criterion, Throughput};
use readyz_benches::{finished, load, setup, stream, HOUR, MEGABYTE_OF_PODS, ONE_HOUR};
use readyz_engine::manifest;
use readyz_engine::time::Instant;
use std::hint::black_box;
use std::time::Duration as WallTime;

/// Events a second, in steady state: the first minute, in which Pods start, is left out.
fn events(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("events");
    for (pods, seconds) in [(1, 100 * HOUR), (100, 2 * HOUR), (1_000, HOUR)] {
        let mut started = setup(pods, seconds).timeline();
        started.run_until(Instant::from_secs(60));
        let mut whole = started.clone();
        whole.run();
        group.throughput(Throughput::Elements(whole.timers() - started.timers()));
        group.bench_function(BenchmarkId::from_parameter(format!("{pods} pods")), |b| {
            b.iter_batched(
                || started.clone(),
                |mut timeline| {
                    timeline.run();
                    timeline
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// Another moment of a run of 100 Pods over an hour.
fn seek(criterion: &mut Criterion) {
    let timeline = finished(100, HOUR);
    let mut moment = 0;
    criterion.bench_function("seek, 100 pods, 1 h", |b| {
        b.iter(|| {
            moment = (moment + 1_237) % HOUR;
            black_box(timeline.seek(Instant::from_secs(moment)))
        });
    });
}

/// Text to timeline: parse, run an hour ahead, describe the run.
fn edit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("edit");
    for pods in [1, 100] {
        let text = stream(pods) + ONE_HOUR;
        group.bench_function(
            BenchmarkId::from_parameter(format!("{pods} pods, 1 h")),
            |b| {
                b.iter(|| black_box(load(&text)));
            },
        );
    }
    group.finish();
}

/// Texts that are large or meant to hurt: each must be answered within 100 ms.
fn hostile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hostile");
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (level, letter) in ('b'..='j').enumerate() {
        let before = char::from(b'a' + level as u8);
        let aliases = [format!("*{before}").as_str(); 9].join(", ");
        bomb.push_str(&format!("{letter}: &{letter} [{aliases}]\n"));
    }
    for (name, text) in [
        ("bomb", bomb),
        ("10,000 levels", "[".repeat(10_000)),
        ("one line of 1 MB", "a".repeat(1 << 20)),
        ("binary", "\u{1}\u{fffd}".repeat(1 << 18)),
        ("1 MB of Pods", stream(MEGABYTE_OF_PODS)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| manifest::parse(black_box(&text)).diagnostics.len());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(WallTime::from_secs(1))
        .measurement_time(WallTime::from_secs(5));
    targets = events, seek, edit, hostile
}
criterion_main!(benches);
