//! Drawing of the rows that are in sight.

use super::brush::{Brush, Palette};
use super::overlay::{marks, x_of};
use super::rows::{Row, Rows};
use super::strips;
use super::Size;
use crate::compare::lane_key;
use crate::i18n::LookWords;
use crate::platform::dom;
use crate::range::Range;
use readyz_engine::time::Instant;
use readyz_engine::view::{BandKind, BandView, EventMark, LaneView, RunView, ServiceLaneView};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Height of a state band.
const BAND: f64 = 15.0;

/// What all drawing needs to know.
pub struct Sheet<'a> {
    pub brush: Brush<'a>,
    pub palette: Palette,
    pub range: Range,
    pub width: f64,
    pub words: &'a LookWords,
    /// Widths of the labels so far: measuring asks the page's layout.
    widths: RefCell<Vec<(String, f64)>>,
}

impl Sheet<'_> {
    /// The font of labels on bands.
    fn label_font(&self) {
        let font = format!("600 10px {}", self.palette.font_ui);
        self.brush.canvas.set_font(&font);
    }

    /// How wide a band's label is.
    fn label_width(&self, label: &str) -> f64 {
        let mut widths = self.widths.borrow_mut();
        if let Some((_, width)) = widths.iter().find(|(known, _)| known == label) {
            return *width;
        }
        let size = self.brush.canvas.measure_text(label);
        let width = size.map_or(f64::MAX, |size| size.width());
        widths.push((label.to_owned(), width));
        width
    }

    /// Where a moment lies.
    pub fn x(&self, at: Instant) -> f64 {
        x_of(self.range, self.width, at)
    }

    /// A stretch, cut to a little more than the sheet; None if it is out of sight.
    pub fn stretch(&self, from: Instant, to: Instant) -> Option<(f64, f64)> {
        if to < self.range.from || from > self.range.to {
            return None;
        }
        let x0 = self.x(from).max(-8.0);
        let x1 = self.x(to).min(self.width + 8.0);
        Some((x0, (x1 - x0).max(1.0)))
    }
}

/// Draws everything.
pub fn draw(
    canvas: &HtmlCanvasElement,
    run: &RunView,
    rows: &Rows,
    range: Range,
    size: Size,
    words: &LookWords,
) {
    if size.width < 1.0 || size.height < 1.0 {
        return;
    }
    let ratio = dom::window().map_or(1.0, |window| window.device_pixel_ratio());
    canvas.set_width((size.width * ratio).round() as u32);
    canvas.set_height((size.height * ratio).round() as u32);
    dom::set_style(canvas, "width", &format!("{}px", size.width));
    dom::set_style(canvas, "height", &format!("{}px", size.height));
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let Some(context) = context else { return };
    let _ = context.scale(ratio, ratio);
    let sheet = Sheet {
        brush: Brush { canvas: &context },
        palette: Palette::read(),
        range,
        width: size.width,
        words,
        widths: RefCell::default(),
    };
    sheet.label_font();
    let _ = context.translate(0.0, -size.scrolled);
    backgrounds(&sheet, run, rows, size);
    for (row, y) in &rows.rows {
        let height = row.height(run);
        if y + height < size.scrolled || *y > size.scrolled + size.height {
            continue;
        }
        draw_row(&sheet, run, *row, *y, height);
    }
}

/// The open lane's wash, the grid, and lines between lanes.
fn backgrounds(sheet: &Sheet, run: &RunView, rows: &Rows, size: Size) {
    let palette = &sheet.palette;
    for (row, y) in &rows.rows {
        if matches!(
            row,
            Row::OpenLane(_) | Row::Strip(..) | Row::InService(_) | Row::Differs(_)
        ) {
            sheet
                .brush
                .rect(&palette.wash, 0.0, *y, size.width, row.height(run));
        }
    }
    for mark in marks(sheet.range, sheet.width) {
        let x = sheet.x(mark).round() + 0.5;
        let bottom = size.scrolled + size.height;
        sheet
            .brush
            .line(&palette.line, 1.0, &[(x, size.scrolled), (x, bottom)]);
    }
    for (row, y) in &rows.rows {
        if matches!(row, Row::OpenLane(_) | Row::Lane(_)) {
            let y = y.round() + 0.5;
            sheet
                .brush
                .line(&palette.line, 1.0, &[(0.0, y), (size.width, y)]);
        }
    }
}

fn draw_row(sheet: &Sheet, run: &RunView, row: Row, y: f64, height: f64) {
    match row {
        Row::Inputs => {}
        Row::Traffic(number) => traffic(sheet, &run.services[number], y, height),
        Row::Events => events(sheet, &run.events, y + height / 2.0),
        Row::Lane(number) => {
            let lane = &run.lanes[number];
            bands(sheet, lane, y + 2.0);
            strips::compact(sheet, lane, y + 2.0 + BAND + 4.0);
            if lane.has_service {
                membership(sheet, lane, y + height - 4.0);
            }
        }
        Row::OpenLane(number) => bands(sheet, &run.lanes[number], y + 2.0),
        Row::Strip(lane, strip) => {
            let lane = &run.lanes[lane];
            strips::strip(sheet, lane, &lane.probes[strip], y, height);
        }
        Row::InService(number) => membership(sheet, &run.lanes[number], y + height / 2.0),
        Row::Differs(number) => differs(sheet, run, number, y),
    }
}

fn bands(sheet: &Sheet, lane: &LaneView, y: f64) {
    let first = lane
        .bands
        .partition_point(|band| band.to < sheet.range.from);
    for band in &lane.bands[first..] {
        if band.from > sheet.range.to {
            break;
        }
        if let Some((x, width)) = sheet.stretch(band.from, band.to) {
            draw_band(sheet, band, x, y, width);
        }
    }
}

fn draw_band(sheet: &Sheet, band: &BandView, x: f64, y: f64, width: f64) {
    let palette = &sheet.palette;
    let area = (x, y, width, BAND);
    let fill = match band.kind {
        BandKind::Waiting => &palette.gone_bg,
        BandKind::Booting => &palette.boot_bg,
        BandKind::Running => &palette.ok_bg,
        BandKind::Stopping => &palette.bad_bg,
        BandKind::Terminated => &palette.gone,
        BandKind::BackOff => &palette.wait_bg,
    };
    sheet.brush.rect(fill, x, y, width, BAND);
    match band.kind {
        BandKind::Booting => sheet.brush.hatch(&palette.boot, area, 4.0, false),
        BandKind::Stopping => sheet.brush.hatch(&palette.bad, area, 7.0, true),
        BandKind::BackOff => sheet.brush.hatch(&palette.wait_bg_2, area, 7.0, true),
        BandKind::Terminated => sheet.brush.rect(&palette.bad, x, y, 2.5, BAND),
        BandKind::Waiting | BandKind::Running => {}
    }
    if band.kind != BandKind::Terminated {
        label(sheet, band, x, y, width, fill);
    }
}

/// The band's words, where they fit whole.
fn label(sheet: &Sheet, band: &BandView, x: f64, y: f64, width: f64, ground: &str) {
    let canvas = sheet.brush.canvas;
    let visible_x = x.max(0.0);
    let room = width - (visible_x - x) - 10.0;
    if room < 24.0 {
        return;
    }
    let words = (sheet.words.state)(&band.label);
    let needed = sheet.label_width(&words);
    if needed > room {
        return;
    }
    // Where the system decides the colours, bands are too like their words.
    let forced = sheet.palette.forced;
    let ground = if forced { &sheet.palette.panel } else { ground };
    let hatched = matches!(
        band.kind,
        BandKind::BackOff | BandKind::Stopping | BandKind::Booting
    );
    if hatched || forced {
        sheet
            .brush
            .rect(ground, visible_x + 2.0, y + 1.0, needed + 6.0, BAND - 2.0);
    }
    canvas.set_fill_style_str(&sheet.palette.ink);
    let _ = canvas.fill_text(&words, visible_x + 5.0, y + 11.0);
}

/// Thick: a ready endpoint. Dots: none.
fn membership(sheet: &Sheet, lane: &LaneView, y: f64) {
    let palette = &sheet.palette;
    if let Some((x, width)) = sheet.stretch(lane.from, lane.to) {
        sheet.brush.dash(&[1.5, 4.0]);
        sheet
            .brush
            .line(&palette.bad, 1.5, &[(x, y), (x + width, y)]);
        sheet.brush.dash(&[]);
    }
    for (from, to) in &lane.in_service {
        if let Some((x, width)) = sheet.stretch(*from, *to) {
            sheet.brush.rect(&palette.panel, x, y - 2.0, width, 4.0);
            sheet.brush.rect(&palette.ok, x, y - 2.0, width, 4.0);
        }
    }
}

/// Served upwards, lost and failed downwards.
fn traffic(sheet: &Sheet, service: &ServiceLaneView, y: f64, height: f64) {
    let palette = &sheet.palette;
    let axis = y + height - 9.0;
    let most = service
        .per_second
        .iter()
        .map(|(served, failed, lost)| u32::from(*served) + u32::from(*failed) + u32::from(*lost))
        .max()
        .unwrap_or(0)
        .max(service.rate)
        .max(1);
    let unit = (height - 12.0) / f64::from(most);
    let per_pixel = sheet.range.span().0 as f64 / 1e9 / sheet.width.max(1.0);
    let first = sheet.range.from.as_secs() as usize;
    // Where a second is narrower than two pixels, columns take the worst of what they hold.
    let stride = ((per_pixel * 2.0).ceil() as usize).max(1);
    let first = first - first % stride;
    let last = (sheet.range.to.as_secs() as usize + 1).min(service.per_second.len());
    let mut second = first;
    while second < last {
        let upto = (second + stride).min(service.per_second.len());
        let worst = service.per_second[second..upto]
            .iter()
            .max_by_key(|(served, failed, lost)| (failed + lost, std::cmp::Reverse(*served)));
        if let Some((served, failed, lost)) = worst {
            let x = sheet.x(Instant::from_secs(second as u64)) + 0.5;
            let width = sheet.x(Instant::from_secs(upto as u64)) - x - 0.5;
            let width = width.max(1.0);
            let up = f64::from(*served) * unit;
            sheet.brush.rect(&palette.ok_bg, x, axis - up, width, up);
            let failed_height = (f64::from(*failed) * unit).min(8.0);
            sheet
                .brush
                .rect(&palette.bad, x, axis + 1.0, width, failed_height);
            let lost_height = (f64::from(*lost) * unit).min(8.0 - failed_height);
            sheet.brush.rect(
                &palette.gone,
                x,
                axis + 1.0 + failed_height,
                width,
                lost_height,
            );
        }
        second = upto;
    }
    let line = axis.round() + 0.5;
    sheet
        .brush
        .line(&palette.line, 1.0, &[(0.0, line), (sheet.width, line)]);
}

/// Warnings are triangles, the others rings. Of those on one spot a warning is shown.
fn events(sheet: &Sheet, events: &[EventMark], y: f64) {
    let palette = &sheet.palette;
    let first = events.partition_point(|event| event.at < sheet.range.from);
    let mut spots: Vec<(f64, bool)> = Vec::new();
    for event in &events[first..] {
        if event.at > sheet.range.to {
            break;
        }
        let x = sheet.x(event.at);
        match spots.last_mut() {
            Some((last, warning)) if x - *last < 6.0 => *warning |= event.warning,
            _ => spots.push((x, event.warning)),
        }
    }
    for (x, warning) in spots {
        if warning {
            sheet.brush.triangle(&palette.wait, x, y);
        } else {
            sheet.brush.ring(&palette.gone, x, y, 2.5);
        }
    }
}

/// A violet diamond where two lanes differ, named where there is room.
fn differs(sheet: &Sheet, run: &RunView, lane: usize, y: f64) {
    let key = lane_key(&run.lanes[lane]);
    let (canvas, you) = (sheet.brush.canvas, &sheet.palette.you);
    canvas.set_font(&format!("600 11px {}", sheet.palette.font_ui));
    let seen = |event: &&EventMark| {
        event.pod == key && event.at >= sheet.range.from && event.at <= sheet.range.to
    };
    let mut marks = run.events.iter().filter(seen).peekable();
    while let Some(event) = marks.next() {
        let x = sheet.x(event.at);
        canvas.set_fill_style_str(you);
        canvas.begin_path();
        for (dx, dy) in [(0.0, 4.5), (5.0, 9.5), (0.0, 14.5), (-5.0, 9.5)] {
            canvas.line_to(x + dx, y + dy);
        }
        canvas.fill();
        let width = canvas.measure_text(&event.reason);
        let end = x + 16.0 + width.map_or(f64::MAX, |size| size.width());
        if marks.peek().is_none_or(|next| sheet.x(next.at) > end) {
            let _ = canvas.fill_text(&event.reason, x + 8.0, y + 13.5);
        }
    }
    sheet.label_font();
}
