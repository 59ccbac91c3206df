//! `which`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("a", "", "COMMAND...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let path = ctx
        .caller
        .env
        .get("PATH")
        .cloned()
        .unwrap_or_else(|| crate::container::image::PATH.to_string());
    let cwd = ctx.cwd();
    let mut code = 0;
    for name in &given.operands {
        let mut found: Vec<String> = ctx.files().map_or_else(Vec::new, |files| {
            let candidates: Vec<String> = if name.contains('/') {
                vec![name.clone()]
            } else {
                path.split(':').map(|d| format!("{d}/{name}")).collect()
            };
            let there = candidates.into_iter().filter(|file| {
                files
                    .find(&cwd, file)
                    .is_ok_and(|(_, node)| !node.is_directory() && files.allowed(node, 0o1))
            });
            there.collect()
        });
        if !given.has("a") {
            found.truncate(1);
        }
        code |= i32::from(found.is_empty());
        for file in found {
            ctx.print(&format!("{file}\n"));
        }
    }
    Outcome::Exit(code)
}
