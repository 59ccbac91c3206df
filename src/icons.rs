//! The icons: 16 × 16, strokes of 1.5, in the colour of the text. The text beside an icon is its
//! name.

use yew::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident $line:literal $fill:literal;)*) => {
        /// An icon by what it means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon { $($(#[$doc])* $name,)* }

        impl Icon {
            /// The stroked path and the filled path.
            const fn paths(self) -> (&'static str, &'static str) {
                match self { $(Icon::$name => ($line, $fill),)* }
            }
        }
    };
}

icons! {
    Startup "M2.5 13h11M4.5 9.5 8 6l3.500 3.500M8 6.500V2" "";
    Readiness "M1.500 8h3M11.500 8h3M4.500 5v6h1.500a3 3 0 0 0 0-6zM11.500 5.200v5.600M9.200 6.600h2.300M9.200 9.400h2.300" "";
    Liveness "M1.500 8.500h2.700l2-5 3.200 9 2-4h3.100" "";
    Check "M3.500 8.500 6.500 11.500 12.500 4.500" "";
    Cross "M4 4l8 8M12 4l-8 8" "";
    Plug "M1 8h4M11 8h4M5 4.500h2.500a3.500 3.500 0 0 1 0 7H5zM11 4.500v7" "";
    Unplug "M1 8h2M13 8h2M3 4.500h1.500a3.500 3.500 0 0 1 0 7H3zM13 4.500v7M10 6.500h2.500M10 9.500h2.500" "";
    Restart "M13 8.500a5 5 0 1 1-1.300-4M12.800 2v3H9.800" "";
    Run "M5.500 3.500v9l6.500-4.500z" "";
    Booting "M8 2v3M8 11v3M2 8h3M11 8h3M3.800 3.800l2 2M10.200 10.200l2 2M3.800 12.200l2-2M10.200 5.800l2-2" "";
    Stopping "M8 2v5.500M4.600 4.400a5 5 0 1 0 6.800 0" "";
    Gone "M4 4h8v8H4z" "";
    Waiting "M4 2h8M4 14h8M5 2c0 3.200 3 4.200 3 6s-3 2.800-3 6M11 2c0 3.200-3 4.200-3 6s3 2.800 3 6" "";
    LampOn "" "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z";
    LampOff "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z" "";
    You "" "M4 1.500l8.500 6.500-4 .8-2 4.200z";
    Triangle "" "M8 3l5.200 9.500H2.800z";
    NoEndpoint "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 12l8-8" "";
    Clock "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3.200l2.200 1.300" "";
    Kill "M9 1.500 3.500 9H8l-1 5.500 5.500-7.500H8z" "";
    Terminate "M8 2.500v5M4.300 4.800a5 5 0 1 0 7.400 0M6 14.500h4" "";
    File "M4 1.500h5l3 3v10H4zM9 1.500v3h3" "";
    FileGone "M4 1.500h5l3 3v10H4zM6 8l4 4M10 8l-4 4" "";
    Warning "M8 2.500l6 11H2zM8 6.500v3.500M8 11.700v.1" "";
    Error "M5.300 2h5.400L14 5.300v5.400L10.700 14H5.300L2 10.700V5.300zM5.700 5.700l4.600 4.600M10.300 5.700l-4.600 4.600" "";
    Info "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z" "";
    Fork "M4 5.200v5.600M12 7.200c0 2.400-8 1.200-8 3.600M4 1.800a1.700 1.700 0 1 0 0 3.400 1.700 1.700 0 0 0 0-3.400zM12 3.800a1.700 1.700 0 1 0 0 3.400 1.700 1.700 0 0 0 0-3.400zM4 10.800a1.700 1.700 0 1 0 0 3.400 1.700 1.700 0 0 0 0-3.400z" "";
    Apply "M3 8h8M8 4.500 11.500 8 8 11.500M13.500 3v10" "";
    Share "M6.500 9.500a2.500 2.500 0 0 0 3.500 0l2.800-2.800a2.500 2.500 0 0 0-3.500-3.500l-1 1M9.500 6.500a2.500 2.500 0 0 0-3.500 0L3.200 9.300a2.500 2.500 0 0 0 3.500 3.500l1-1" "";
    Theme "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11z" "M8 2.500a5.500 5.500 0 0 1 0 11z";
    Help "M5.700 6a2.400 2.400 0 1 1 3.500 2.200c-.8.4-1.200.9-1.200 1.800M8 12.400v.1" "";
    Start "M4 3.500v9M12.500 3.500 6 8l6.500 4.500z" "";
    Previous "M10.500 3.500 4.500 8l6 4.500M13 8h.1" "";
    Play "" "M5 3v10l8.500-5z";
    Pause "" "M4.500 3h2.500v10H4.500zM9 3h2.500v10H9z";
    Next "M5.500 3.500l6 4.500-6 4.500M3 8h.1" "";
    End "M12 3.500v9M3.500 3.500 10 8l-6.500 4.500z" "";
    Diamond "" "M8 3.500l4.500 4.500L8 12.500 3.500 8z";
    Undo "M6 3 2.500 6.500 6 10M3 6.500h6.500a3.500 3.500 0 0 1 0 7H6" "";
    Flag "M4.500 14V2.500" "M5 3h8l-2 2.700 2 2.800H5z";
    Minus "M4 8h8" "";
    Plus "M4 8h8M8 4v8" "";
    More "" "M3.500 6.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zM8 6.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zM12.500 6.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3z";
    Caret "" "M6 4.500 10 8l-4 3.500z";
    CaretDown "" "M4.500 6h7L8 10z";
}

/// An icon, hidden from assistive technology.
pub fn icon(icon: Icon) -> Html {
    icon_as(icon, "icon")
}

/// An icon with its own class.
pub fn icon_as(icon: Icon, class: &'static str) -> Html {
    let (line, fill) = icon.paths();
    html! {
        <svg class={class} viewBox="0 0 16 16" aria-hidden="true">
            if !line.is_empty() { <path d={line} /> }
            if !fill.is_empty() { <path class="fill" d={fill} /> }
        </svg>
    }
}

/// The icon of a probe.
pub const fn probe_icon(kind: readyz_engine::api::ProbeKind) -> Icon {
    use readyz_engine::api::ProbeKind;
    match kind {
        ProbeKind::Startup => Icon::Startup,
        ProbeKind::Readiness => Icon::Readiness,
        ProbeKind::Liveness => Icon::Liveness,
    }
}

/// The paths of an icon, to be set inside another SVG.
pub fn icon_paths(icon: Icon) -> Html {
    let (line, fill) = icon.paths();
    html! {
        <>
            if !line.is_empty() { <path d={line} /> }
            if !fill.is_empty() { <path class="fill" d={fill} /> }
        </>
    }
}
