//! `uname`: the recorded nodes' kernel.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("amnrsvopi", "", "").long(
    "all=a kernel-name=s kernel-release=r kernel-version=v machine=m nodename=n \
     operating-system=o processor=p hardware-platform=i",
);

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if !given.operands.is_empty() {
        return ctx.usage(&TAKES);
    }
    let node = ctx.world.place.hostname.clone();
    let parts = [
        ("s", "Linux"),
        ("n", &*node),
        ("r", "6.1.0"),
        ("v", "#1 SMP"),
        ("m", "x86_64"),
        ("p", "unknown"),
        ("i", "unknown"),
        ("o", "GNU/Linux"),
    ];
    let all = given.has("a");
    let bare = given.list.is_empty();
    let wanted = |letter: &str, text: &str| match letter {
        "s" if bare => true,
        // `-a` leaves out what is not known.
        letter => given.has(letter) || all && text != "unknown",
    };
    let shown: Vec<&str> = parts
        .iter()
        .filter(|(letter, text)| wanted(letter, text))
        .map(|(_, text)| *text)
        .collect();
    ctx.print(&format!("{}\n", shown.join(" ")));
    Outcome::Exit(0)
}
