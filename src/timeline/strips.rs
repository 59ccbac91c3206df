//! Runs of probes: a success is a tick up, each failure a step down towards the threshold.

use super::canvas::Sheet;
use readyz_engine::api::ProbeKind;
use readyz_engine::time::{Duration, Instant};
use readyz_engine::view::{BandKind, LaneView, StripView, TickOutcome, TickView};

/// The widest step.
const STEP_MAX: f64 = 9.0;
/// A shorter latency is not drawn.
const LATENCY_MIN_PX: f64 = 2.0;

/// All probes of a closed lane in one line: up is success, down is failure.
pub fn compact(sheet: &Sheet, lane: &LaneView, y: f64) {
    let palette = &sheet.palette;
    for strip in &lane.probes {
        let mut last_success = f64::MIN;
        for tick in in_sight(sheet, strip) {
            let x = sheet.x(tick.at);
            if tick.outcome == TickOutcome::Success {
                // A column takes one tick; a failure is never left out.
                if x - last_success < 2.0 {
                    continue;
                }
                last_success = x;
                sheet.brush.line(&palette.ok, 1.5, &[(x, y), (x, y + 4.0)]);
            } else {
                sheet
                    .brush
                    .line(&palette.bad, 2.0, &[(x, y + 3.0), (x, y + 9.0)]);
            }
        }
    }
}

fn in_sight<'a>(sheet: &Sheet, strip: &'a StripView) -> &'a [TickView] {
    let first = strip
        .ticks
        .partition_point(|tick| tick.at < sheet.range.from);
    let last = strip
        .ticks
        .partition_point(|tick| tick.at <= sheet.range.to);
    // One more at each side, for the line that enters and leaves.
    &strip.ticks[first.saturating_sub(1)..(last + 1).min(strip.ticks.len())]
}

/// One probe of the open lane.
pub fn strip(sheet: &Sheet, lane: &LaneView, strip: &StripView, y: f64, height: f64) {
    let palette = &sheet.palette;
    let base = y + 9.0;
    let threshold = strip.failure_threshold.max(1);
    let step = ((height - 16.0) / f64::from(threshold)).min(STEP_MAX);
    let limit = base + step * f64::from(threshold);
    let level = |tick: &TickView| match tick.outcome {
        TickOutcome::Success => base,
        TickOutcome::Failure => base + step * f64::from(u32::from(tick.run).min(threshold)),
        TickOutcome::Error => base,
    };
    if strip.kind != ProbeKind::Startup || threshold <= 6 {
        sheet.brush.dash(&[1.5, 4.0]);
        sheet
            .brush
            .line(&palette.line_3, 1.0, &[(0.0, limit), (sheet.width, limit)]);
        sheet.brush.dash(&[]);
    }
    let ticks = in_sight(sheet, strip);
    let mut path: Vec<(f64, f64)> = Vec::new();
    let mut previous: Option<&TickView> = None;
    for tick in ticks {
        if previous.is_some_and(|previous| ends_between(lane, previous.at, tick.at)) {
            sheet.brush.line(&palette.line_3, 1.0, &path);
            path.clear();
        }
        let (x, at) = (sheet.x(tick.at), level(tick));
        if let Some((_, before)) = path.last().copied() {
            path.push((x, before));
        }
        path.push((x, at));
        previous = Some(tick);
    }
    sheet.brush.line(&palette.line_3, 1.0, &path);
    let mut last_success = f64::MIN;
    for tick in ticks {
        let x = sheet.x(tick.at);
        latency(sheet, tick, x, level(tick));
        if tick.outcome == TickOutcome::Success && !tick.decisive && !tick.triggered {
            if x - last_success < 2.0 {
                continue;
            }
            last_success = x;
        }
        mark(sheet, tick, x, level(tick));
    }
}

/// From when the run began, if that can be seen.
fn latency(sheet: &Sheet, tick: &TickView, x: f64, y: f64) {
    let began = tick
        .at
        .saturating_sub(Duration::from_millis(tick.took_millis.into()));
    let from = sheet.x(began);
    if x - from < LATENCY_MIN_PX {
        return;
    }
    sheet
        .brush
        .line(color(sheet, tick), 2.5, &[(from, y), (x, y)]);
}

fn color<'a>(sheet: &'a Sheet, tick: &TickView) -> &'a str {
    match tick.outcome {
        TickOutcome::Success => &sheet.palette.ok,
        TickOutcome::Failure => &sheet.palette.bad,
        TickOutcome::Error => &sheet.palette.gone,
    }
}

fn mark(sheet: &Sheet, tick: &TickView, x: f64, y: f64) {
    let palette = &sheet.palette;
    if tick.triggered {
        let color = if tick.outcome == TickOutcome::Success {
            &palette.ink_2
        } else {
            &palette.bad
        };
        diamond(sheet, color, x, y);
        return;
    }
    let color = color(sheet, tick);
    match (tick.outcome, tick.decisive) {
        (TickOutcome::Success, _) => sheet.brush.line(color, 1.5, &[(x, y), (x, y - 5.5)]),
        (TickOutcome::Error, _) => sheet.brush.ring(color, x, y, 3.0),
        (TickOutcome::Failure, true) => {
            sheet.brush.disc(color, x, y, 4.8);
            sheet.brush.cross(&palette.panel, 1.6, x, y, 2.0);
        }
        (TickOutcome::Failure, false) => sheet.brush.cross(color, 1.8, x, y, 2.7),
    }
}

fn diamond(sheet: &Sheet, color: &str, x: f64, y: f64) {
    let points = [
        (x, y - 4.0),
        (x + 4.0, y),
        (x, y + 4.0),
        (x - 4.0, y),
        (x, y - 4.0),
    ];
    sheet.brush.line(color, 1.2, &points);
}

/// Whether an instance ended between two runs: then the line breaks.
fn ends_between(lane: &LaneView, from: Instant, to: Instant) -> bool {
    let first = lane.bands.partition_point(|band| band.from <= from);
    lane.bands[first..]
        .iter()
        .take_while(|band| band.from <= to)
        .any(|band| {
            matches!(
                band.kind,
                BandKind::Terminated | BandKind::Waiting | BandKind::BackOff | BandKind::Booting
            )
        })
}
