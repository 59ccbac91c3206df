//! Colours of the present theme and a few strokes.

use crate::platform::dom;
use web_sys::CanvasRenderingContext2d;

/// The tokens that lanes are drawn with.
pub struct Palette {
    pub ok: String,
    pub ok_bg: String,
    pub bad: String,
    pub bad_bg: String,
    pub wait: String,
    pub wait_bg: String,
    pub wait_bg_2: String,
    pub boot: String,
    pub boot_bg: String,
    pub gone: String,
    pub gone_bg: String,
    pub line: String,
    pub line_3: String,
    pub ink: String,
    pub ink_2: String,
    pub panel: String,
    pub wash: String,
    pub you: String,
    pub font_ui: String,
    /// The system decides the colours.
    pub forced: bool,
}

impl Palette {
    /// Reads the tokens.
    pub fn read() -> Self {
        let color = dom::tokens();
        Palette {
            ok: color("--ok"),
            ok_bg: color("--ok-bg-2"),
            bad: color("--bad"),
            bad_bg: color("--bad-bg-2"),
            wait: color("--wait"),
            wait_bg: color("--wait-bg"),
            wait_bg_2: color("--wait-bg-2"),
            boot: color("--boot"),
            boot_bg: color("--boot-bg-2"),
            gone: color("--gone"),
            gone_bg: color("--gone-bg-2"),
            line: color("--line"),
            line_3: color("--line-3"),
            ink: color("--ink"),
            ink_2: color("--ink-2"),
            panel: color("--panel"),
            wash: color("--you-wash"),
            you: color("--you"),
            font_ui: color("--font-ui"),
            forced: dom::media("(forced-colors: active)"),
        }
    }
}

/// A canvas with strokes that the lanes need.
pub struct Brush<'a> {
    pub canvas: &'a CanvasRenderingContext2d,
}

impl Brush<'_> {
    /// A filled rectangle.
    pub fn rect(&self, color: &str, x: f64, y: f64, width: f64, height: f64) {
        self.canvas.set_fill_style_str(color);
        self.canvas.fill_rect(x, y, width, height);
    }

    /// A stroke through points.
    pub fn line(&self, color: &str, thickness: f64, points: &[(f64, f64)]) {
        self.canvas.set_stroke_style_str(color);
        self.canvas.set_line_width(thickness);
        self.canvas.begin_path();
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 0 {
                self.canvas.move_to(*x, *y);
            } else {
                self.canvas.line_to(*x, *y);
            }
        }
        self.canvas.stroke();
    }

    /// Sets of dashes, or none.
    pub fn dash(&self, dashes: &[f64]) {
        let list: js_sys::Array = dashes
            .iter()
            .map(|dash| wasm_bindgen::JsValue::from_f64(*dash))
            .collect();
        let _ = self.canvas.set_line_dash(&list);
    }

    /// An ✕ around a point.
    pub fn cross(&self, color: &str, thickness: f64, x: f64, y: f64, half: f64) {
        self.line(
            color,
            thickness,
            &[(x - half, y - half), (x + half, y + half)],
        );
        self.line(
            color,
            thickness,
            &[(x - half, y + half), (x + half, y - half)],
        );
    }

    /// A filled circle.
    pub fn disc(&self, color: &str, x: f64, y: f64, radius: f64) {
        self.canvas.set_fill_style_str(color);
        self.canvas.begin_path();
        let _ = self.canvas.arc(x, y, radius, 0.0, std::f64::consts::TAU);
        self.canvas.fill();
    }

    /// A ring.
    pub fn ring(&self, color: &str, x: f64, y: f64, radius: f64) {
        self.canvas.set_stroke_style_str(color);
        self.canvas.set_line_width(1.2);
        self.canvas.begin_path();
        let _ = self.canvas.arc(x, y, radius, 0.0, std::f64::consts::TAU);
        self.canvas.stroke();
    }

    /// A filled triangle that points up.
    pub fn triangle(&self, color: &str, x: f64, y: f64) {
        self.canvas.set_fill_style_str(color);
        self.canvas.begin_path();
        self.canvas.move_to(x, y - 4.5);
        self.canvas.line_to(x + 4.5, y + 3.5);
        self.canvas.line_to(x - 4.5, y + 3.5);
        self.canvas.fill();
    }

    /// Slanted lines over a rectangle; upright ones if not slanted.
    pub fn hatch(&self, color: &str, area: (f64, f64, f64, f64), gap: f64, slanted: bool) {
        let (x, y, width, height) = area;
        self.canvas.save();
        self.canvas.begin_path();
        self.canvas.rect(x, y, width, height);
        self.canvas.clip();
        self.canvas.set_stroke_style_str(color);
        self.canvas.set_line_width(if slanted { 1.5 } else { 1.0 });
        self.canvas.begin_path();
        let lean = if slanted { height } else { 0.0 };
        // The pattern hangs on the plot, not on the band, so that it stands still when zoomed.
        let mut at = ((x - lean) / gap).floor() * gap;
        while at < x + width {
            self.canvas.move_to(at, y + height);
            self.canvas.line_to(at + lean, y);
            at += gap;
        }
        self.canvas.stroke();
        self.canvas.restore();
    }
}
