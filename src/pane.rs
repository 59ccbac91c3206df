//! The panes.

/// A pane beside the picture. In a narrow window it stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Yaml,
    Faults,
    Events,
    Why,
    Terminal,
    Describe,
    Timing,
    Branches,
}

impl Pane {
    /// All, in the order of the tabs.
    pub const ALL: [Pane; 8] = [
        Pane::Yaml,
        Pane::Faults,
        Pane::Events,
        Pane::Why,
        Pane::Terminal,
        Pane::Describe,
        Pane::Timing,
        Pane::Branches,
    ];

    /// As links and ids write it.
    pub const fn name(self) -> &'static str {
        match self {
            Pane::Yaml => "yaml",
            Pane::Faults => "faults",
            Pane::Events => "events",
            Pane::Why => "why",
            Pane::Terminal => "terminal",
            Pane::Describe => "describe",
            Pane::Timing => "timing",
            Pane::Branches => "branches",
        }
    }

    /// Reads a name.
    pub fn from_name(name: &str) -> Option<Pane> {
        Pane::ALL.into_iter().find(|pane| pane.name() == name)
    }
}
