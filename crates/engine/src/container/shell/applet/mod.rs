//! Commands: one file each, one line in the registry.

mod context;

pub use context::{Chunk, Ctx, Input, Outcome};

/// A command and its code.
pub struct Applet {
    pub name: &'static str,
    pub run: fn(&mut Ctx<'_>) -> Outcome,
    /// Wants its input as it comes instead of all at the end.
    pub eager: bool,
    /// Part of BusyBox but not of a plain Debian image.
    pub busybox_only: bool,
}

impl std::fmt::Debug for Applet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Applet({})", self.name)
    }
}

static APPLETS: &[Applet] = &[];

/// The applet of a name.
pub fn find(name: &str) -> Option<&'static Applet> {
    APPLETS.iter().find(|a| a.name == name)
}

/// Names of all applets.
pub fn names() -> impl Iterator<Item = &'static str> {
    APPLETS.iter().map(|a| a.name)
}

/// Whether a plain Debian image lacks it.
pub fn is_busybox_only(name: &str) -> bool {
    find(name).is_none_or(|a| a.busybox_only)
}
