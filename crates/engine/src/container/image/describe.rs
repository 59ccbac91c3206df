//! What readyz assumes of an image, in one sentence: nobody should have to guess.

use super::{split_tag, ImageSpec};

/// What runs in a container of this image; `is_known` as [`super::resolve`] says.
pub fn describe(image: &ImageSpec, is_known: bool) -> String {
    if !is_known {
        return "unknown image: a server on the declared and probed ports that answers 200 \
                from 1 s on and exits 0 on SIGTERM"
            .into();
    }
    if image.names.is_empty() {
        return "as the Scenario document describes it".into();
    }
    if let Some(known) = image.application {
        return format!(
            "{} on {} from {} ms on; exit code {} when told to stop",
            known.name(),
            known.port,
            known.startup_ms,
            known.exit_code
        );
    }
    let usual = of_catalogue(image);
    match image.overlay {
        Some(_) => usual + "; changed by the Scenario document",
        None => usual,
    }
}

/// An image whose program is code.
fn of_catalogue(image: &ImageSpec) -> String {
    let repository = split_tag(image.names[0]).0;
    let program = repository.rsplit('/').next().unwrap_or(repository);
    match program {
        "busybox" | "alpine" | "debian" => {
            format!("{program}: a POSIX shell; as PID 1 it ignores SIGTERM")
        }
        "agnhost" => "agnhost: test servers; without a SIGTERM handler, exit code 2".into(),
        "porbe-server" | "goproxy" => {
            "Node server on 8080: /healthz 200 until /shutdown is requested, then 500; \
             exits 0 on SIGTERM"
                .into()
        }
        "probe-lab" => "probe-lab: HTTP server on 8080 whose answers /ctl changes".into(),
        "squid" => "squid on 3128 behind tail as PID 1, which ignores SIGTERM".into(),
        "pause" => "sleeps; exits 0 on SIGTERM".into(),
        _ if image.port != 0 => format!(
            "nginx on {}: serves its document root, 404 for what is not there; \
             SIGQUIT ends it with 0",
            image.port
        ),
        other => other.to_string(),
    }
}
