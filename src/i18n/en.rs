//! English.

use super::{FaultWords, LookWords, TerminalWords, Texts, TimeWords, TimingWords, WhyWords};

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

pub(super) static TEXTS: Texts = Texts {

    skip_to_cluster: "Skip to cluster",
    panes: "Panes",
    example: "Example",
    own_text: "Your own text",
    seed: "seed",
    seed_hint: "Every random draw comes from the seed",
    reset: "Reset",
    reset_hint: "Back to 0:00 without the acts; the YAML stays",
    theme_light: "Theme: light",
    theme_dark: "Theme: dark",
    theme_auto: "Theme: as the system",
    help: "Help and keyboard map",
    close: "Close",
    dismiss: "Dismiss",
    retry: "Retry",

    commands: "Commands",
    projector: "Projector: picture and timeline, large",
    previous_input: "Previous input",
    next_input: "Next input",
    open_in_readyz: "Open in readyz",
    pin_keys: "Drag, or Shift and arrows, move it in time; D, or Alt while dragging, duplicates it; Delete takes it out. Each forks the run.",

    share: "Share",
    share_kind: "Link to",
    share_moment: "This moment",
    share_start: "The start",
    share_embed: "Embed code",
    copy: "Copy",
    link_copied: "Link copied. It holds the YAML, faults, seed and moment.",
    link_not_copied: "Copying is not allowed here. The link is selected: press Ctrl C.",
    link_holds: |acts, length| {
        format!(
            "Holds the YAML, {}, seed, moment, speed, view, language and theme. {length} characters; nothing is sent to a server.",
            plural(acts, "act", "acts")
        )
    },
    link_long: "Some programs cut links that are longer than 2,000 characters.",
    link_newer: "This link was made by a newer version. Reload to update.",
    link_broken: |read| match read {
        "" => "This link is damaged; nothing of it could be read.".into(),
        read => format!("This link is damaged. Read: {read}. The rest is missing."),
    },
    link_differs: |engine| {
        format!("This link was made with readyz {engine}, which gave another result.")
    },

    manifest: "YAML manifest",
    manifest_hint: "Tab leaves the editor. Once you have typed it indents; then Esc and Tab leave.",
    empty_editor: "Paste a manifest, or start from an example.",
    no_problems: "No problems",
    problems: |errors, warnings| match (errors, warnings) {
        (0, warnings) => plural(warnings, "remark", "remarks"),
        (errors, 0) => plural(errors, "error", "errors"),
        (errors, warnings) => format!(
            "{}, {}",
            plural(errors, "error", "errors"),
            plural(warnings, "remark", "remarks")
        ),
    },
    problem_list: "Problems",
    line_column: |line, column| format!("Ln {line}, Col {column}"),
    go_to_line: |line| format!("Go to line {line}"),
    fix: |replacement| format!("Fix: change to {replacement}"),
    fix_add: |document| format!("Fix: add {document}"),
    fix_remove: "Fix: remove",
    told: str::to_owned,
    not_applied: |revision| format!("Not applied. The cluster runs revision {revision}."),
    applied: |revision| format!("revision {revision}"),
    edited: "edited",
    restart_with_this: "Restart with this",
    restart_hint: |acts| {
        format!(
            "Runs this text from 0:00 and replays {}.",
            plural(acts, "act", "acts")
        )
    },
    discard: "Discard",

    cluster: "Cluster",
    view: "View",
    picture: "Picture",
    table: "Table",
    pods_and_nodes: |pods, nodes| {
        format!("{} · {}", plural(pods, "Pod", "Pods"), plural(nodes, "node", "nodes"))
    },
    clients: "clients",
    rate: |rate| format!("{rate} req/s"),
    no_clients: "no traffic",
    ready: "ready",
    started: "started",
    restarts: |count| if count == 1 { "restart".into() } else { "restarts".into() },
    pod_name: |name, ready, total, restarts| {
        format!(
            "Pod {name}: {ready} of {total} ready, {}",
            plural(restarts as usize, "restart", "restarts")
        )
    },
    container_name: |name| format!("Container {name}"),
    requests: "Requests since 0:00",
    served: "served",
    server_errors: "5xx",
    refused: "refused",
    reset_by_peer: "reset",
    timed_out: "timed out",
    no_endpoint: "no endpoint",
    out_of_rotation: "out of rotation",
    no_service: "No Service selects these Pods.",
    service_without_pods: "The selector matches no Pod.",
    no_endpoints: "no endpoints",
    unscheduled: "not scheduled",
    no_pods: "No Pods yet. A Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet or Job brings them; \
              what is not simulated is underlined in the YAML.",
    no_pods_now: "No Pods at this moment.",
    running_for: "for",
    not_listening: "nothing listens yet",
    sigkill_in: "SIGKILL in",
    to_restart: "to restart",
    of_total: |total| format!("of {total} s"),
    back_off_name: |reason, total| format!("{reason}: waits {total} seconds"),
    exit_code: |code| format!("exit code {code}"),
    exit: "exit",
    init: "init",
    sidecar: "sidecar",
    more_rows: |count| format!("and {count} more"),

    startup: "startup",
    readiness: "readiness",
    liveness: "liveness",
    none_yet: "none yet",
    held: "held until startup passes",
    on_hold: "on hold",
    passed: "passed",
    stopped: "not running",
    next_in: "in",
    gauge_failing: |kind, run, threshold| {
        if run > threshold {
            format!("{kind} probe: failed {run} in a row, threshold {threshold}")
        } else {
            format!("{kind} probe: failed {run} of {threshold}")
        }
    },
    gauge_passing: |kind, run| format!("{kind} probe: passed {run} in a row"),
    gauge_other: |kind, state| format!("{kind} probe: {state}"),

    playback: "Playback",
    to_start: "To start",
    previous_moment: "Previous moment",
    play: "Play",
    pause: "Pause",
    next_moment: "Next moment",
    live_edge: "To live edge",
    speed: "Speed",
    more_speeds: "Other speeds",
    max: "max",
    clock: "Virtual time",
    next: "next:",
    zoom_in: "Zoom in",
    zoom_out: "Zoom out",
    fit: "Fit",
    timeline: "Timeline",
    playhead: "Playhead",
    inputs: "inputs",
    traffic: "traffic",
    events: "Events",
    events_row: "events",
    in_service: "in Service",
    predicted: "predicted, if nothing changes",
    branch: "Branch",
    branch_name: |name, forked_at| format!("{name}, from {forked_at}"),
    time_in_words: |minutes, seconds| match minutes {
        0 => format!("{seconds} seconds"),
        1 => format!("1 minute {seconds}"),
        minutes => format!("{minutes} minutes {seconds}"),
    },
    pods_ready: |ready, total| format!("{ready} of {} ready.", plural(total, "Pod", "Pods")),
    pin_name: |at, label, pod| match pod {
        "" => format!("Input at {at}: {label}"),
        pod => format!("Input at {at}: {label}, {pod}"),
    },
    lane: |pod, container| format!("{pod}, container {container}"),

    tick_passed: |kind, run| format!("{kind} passed, {run} in a row"),
    tick_failed: |kind, run, threshold| {
        if run > threshold {
            format!("{kind} failed, {run} in a row")
        } else {
            format!("{kind} failed, {run} of {threshold}")
        }
    },
    tick_error: |kind| format!("{kind} could not run"),
    effect_none: "No change.",
    effect_below: "Below the threshold: no effect yet.",
    effect_kill: "Threshold reached. The kubelet kills the container.",
    effect_not_ready: "Threshold reached. The container is not ready.",
    effect_ready: "The container is ready.",
    effect_started: "The container has started.",
    effect_discarded: "The result is discarded.",
    readiness_never_restarts: "Readiness never restarts a container.",

    inspector: "Inspector",
    faults: "Faults",
    fault: FaultWords::ENGLISH,
    terminal: TerminalWords::ENGLISH,
    why: WhyWords::ENGLISH,
    timing: TimingWords::ENGLISH,
    look: LookWords::ENGLISH,
    time: TimeWords::ENGLISH,
    yaml: "YAML",
    age: "Age",
    reason_and_message: "Reason and message",
    event_count: |events, rows| {
        format!(
            "{}, {}",
            plural(events as usize, "event", "events"),
            plural(rows, "row", "rows")
        )
    },
    no_events: "No events yet.",
    repeated: |count, over| format!("x{count} over {over}"),
    warning: "Warning",

    loading: "Loading the simulator. The YAML can be read and copied already.",
    worker_restarted: |message| {
        format!("The simulation failed and was started again; your text is kept. ({message})")
    },
    simulation_stopped: |at, message| {
        format!("The simulation stopped at {at}. Your text is kept. ({message})")
    },

    says_ready: |pod| format!("{pod} is ready."),
    says_not_ready: |pod| format!("{pod} is not ready."),
    says_restarted: |pod, restarts| format!("{pod} restarted, {restarts} in all."),
    says_stopping: |pod| format!("{pod} is stopping."),
    says_back_off: |pod, left| format!("{pod} waits to restart, {left} seconds left."),
    says_threshold: |pod, kind, run, threshold| {
        format!("{pod} {kind} failed, {run} of {threshold}.")
    },

    keyboard: "Keyboard",
    shapes: "Shapes",
    key_play: "play, pause",
    key_moments: "previous, next moment",
    key_inputs: "previous, next input",
    key_seconds: "1 s (with Shift 10 s, with Alt 0.1 s)",
    key_ends: "start, live edge",
    key_zoom: "zoom in, zoom out, fit, earlier, later",
    key_speeds: "1×, 10×, 60×, max",
    key_lanes: "previous, next lane",
    key_panes: "go to a pane, or to the cluster (C)",
    key_editor: "in the editor: restart with this text",
    key_help: "this map",
    legend_success: "a probe succeeded",
    legend_failure: "a probe failed: one step down, towards the threshold",
    legend_decisive: "the threshold is reached: this failure acts",
    legend_triggered: "a readiness probe off its schedule",
    legend_in_service: "the Pod is a ready endpoint; dots: it is not",
    legend_predicted: "the future, if nothing changes",
    not_simulated: "What is not simulated",
    not_simulated_text: "Images are models: a known image behaves as written, any other is a server that answers 200. Nothing leaves this page.",
};
