//! `make soak`: simulates case after case until its time or its Pod-years are over.

use lexopt::prelude::*;
use readyz_engine::planted::{self, Bug};
use readyz_simulate::run::Broken;
use readyz_simulate::{generate, run, shrink, Case};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const USAGE: &str = "readyz-simulate [--seconds N | --pod-years N] [--seed FIRST] [--threads N] \
                     [--plant threshold|on-hold|endpoint-removal]";
const YEAR_SECONDS: u64 = 365 * 24 * 3_600;

struct Options {
    time: Duration,
    pod_seconds: u64,
    first: u64,
    threads: u64,
}

/// What all threads have done together.
#[derive(Default)]
struct Progress {
    next: AtomicU64,
    pod_seconds: AtomicU64,
    timers: AtomicU64,
    cases: AtomicU64,
    is_over: AtomicBool,
    found: Mutex<Option<(Case, Broken)>>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("readyz-simulate: {error}\nusage: {USAGE}");
            return ExitCode::from(2);
        }
    };
    // A panic is a finding, told once at the end.
    std::panic::set_hook(Box::new(|_| {}));
    let progress = Progress::default();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| work(&options, &progress, began));
        }
    });
    let found = progress.found.lock().map_or(None, |mut found| found.take());
    if let Some((case, broken)) = found {
        tell(&case, &broken);
        return ExitCode::FAILURE;
    }
    println!(
        "{} cases, {} Pod-years, {} million timers in {:.0} s: every invariant held",
        progress.cases.load(Ordering::Relaxed),
        progress.pod_seconds.load(Ordering::Relaxed) / YEAR_SECONDS,
        progress.timers.load(Ordering::Relaxed) / 1_000_000,
        began.elapsed().as_secs_f64(),
    );
    ExitCode::SUCCESS
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options {
        time: Duration::from_secs(60),
        pod_seconds: u64::MAX,
        first: 0,
        threads: std::thread::available_parallelism().map_or(1, |n| n.get() as u64),
    };
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Long("seconds") => options.time = Duration::from_secs(args.value()?.parse()?),
            Long("pod-years") => {
                let years: u64 = args.value()?.parse()?;
                options.pod_seconds = years.saturating_mul(YEAR_SECONDS);
                options.time = Duration::MAX;
            }
            Long("seed") => options.first = args.value()?.parse()?,
            Long("threads") => options.threads = args.value()?.parse()?,
            Long("plant") => {
                planted::plant(Some(match args.value()?.string()?.as_str() {
                    "threshold" => Bug::Threshold,
                    "on-hold" => Bug::OnHold,
                    "endpoint-removal" => Bug::EndpointRemoval,
                    other => return Err(format!("no bug is called {other:?}").into()),
                }));
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

fn work(options: &Options, progress: &Progress, began: Instant) {
    while !progress.is_over.load(Ordering::Relaxed)
        && began.elapsed() < options.time
        && progress.pod_seconds.load(Ordering::Relaxed) < options.pod_seconds
    {
        let seed = options.first + progress.next.fetch_add(1, Ordering::Relaxed);
        let case = generate::case(seed);
        let outcome = run(&case);
        progress.cases.fetch_add(1, Ordering::Relaxed);
        progress.timers.fetch_add(outcome.timers, Ordering::Relaxed);
        progress
            .pod_seconds
            .fetch_add(outcome.pod_seconds, Ordering::Relaxed);
        if let Some(broken) = outcome.broken {
            progress.is_over.store(true, Ordering::Relaxed);
            if let Ok(mut found) = progress.found.lock() {
                // The smallest seed is told, whichever thread was first.
                if found
                    .as_ref()
                    .is_none_or(|(other, _)| case.seed < other.seed)
                {
                    *found = Some((case, broken));
                }
            }
        }
    }
}

/// One line that replays it, then the least text that still breaks the rule.
fn tell(case: &Case, broken: &Broken) {
    println!(
        "seed {} at commit {}: {} – {}",
        case.seed,
        commit(),
        broken.rule,
        broken.details
    );
    let least = shrink::shrink(case, broken);
    let details = run(&least).broken.map_or_else(String::new, |b| b.details);
    println!("# shrunk: {details}\n{}", least.text());
}

fn commit() -> String {
    let asked = Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .output();
    asked.map_or_else(
        |_| "unknown".into(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
