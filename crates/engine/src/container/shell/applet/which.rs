//! `which`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let path = ctx
        .caller
        .env
        .get("PATH")
        .cloned()
        .unwrap_or_else(|| crate::container::image::PATH.to_string());
    let cwd = ctx.cwd();
    let mut code = 0;
    for name in ctx.args() {
        let found = ctx.files().and_then(|files| {
            let candidates: Vec<String> = if name.contains('/') {
                vec![name.clone()]
            } else {
                path.split(':').map(|d| format!("{d}/{name}")).collect()
            };
            candidates.into_iter().find(|file| {
                files
                    .find(&cwd, file)
                    .is_ok_and(|(_, node)| !node.is_directory() && files.allowed(node, 0o1))
            })
        });
        match found {
            Some(file) => ctx.print(&format!("{file}\n")),
            None => code = 1,
        }
    }
    Outcome::Exit(code)
}
