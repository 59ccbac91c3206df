//! `yes`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let text = if ctx.args().is_empty() {
        "y".to_string()
    } else {
        ctx.args().join(" ")
    };
    Outcome::Repeat(format!("{text}\n").into_bytes())
}
