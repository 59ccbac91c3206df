//! `basename`.

use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::file_name;

static TAKES: Takes = Takes::letters("as:", "", "FILE [SUFFIX]").leading();

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let mut names = given.operands.as_slice();
    let mut suffix = given.value("s");
    if given.list.is_empty() && names.len() == 2 {
        suffix = names.last().map(String::as_str);
        names = &names[..1];
    }
    if names.is_empty() || given.list.is_empty() && names.len() > 1 {
        return ctx.usage(&TAKES);
    }
    for path in names {
        let name = file_name(path);
        let cut = suffix.and_then(|suffix| name.strip_suffix(suffix));
        let name = cut.filter(|n| !n.is_empty()).unwrap_or(name);
        ctx.print(&format!("{name}\n"));
    }
    Outcome::Exit(0)
}
