//! Commands that last: `rollout status` and `wait` look again whenever something changes.

use readyz_engine::kubectl::{self, Output};
use readyz_engine::record::What;
use readyz_engine::time::Instant;
use readyz_engine::timeline::Timeline;

/// What a command prints that is typed at `at` and may last until `until`. The timeline has been
/// run.
pub fn follow(
    timeline: &Timeline,
    at: Instant,
    until: Instant,
    namespace: &str,
    args: &[String],
    stdin: Option<&str>,
) -> Output {
    let look = |moment: Instant| {
        let cluster = timeline.seek(moment);
        kubectl::run_with_input(&cluster, moment, namespace, args, stdin)
    };
    let mut output = look(at);
    let has = |word: &str| args.iter().any(|arg| arg == word);
    let counts: fn(&What) -> bool = if has("rollout") && has("status") {
        |what| matches!(what, What::DeploymentChanged { .. })
    } else if has("wait") {
        |_| true
    } else {
        return output;
    };
    let records = timeline.records().iter();
    let mut moments: Vec<Instant> = records
        .filter(|record| record.at > at && record.at <= until && counts(&record.what))
        .map(|record| record.at)
        .collect();
    moments.dedup();
    let is_wait = has("wait");
    for moment in moments {
        if !output.unfinished {
            break;
        }
        let next = look(moment);
        output = if is_wait {
            next
        } else {
            Output {
                stdout: output.stdout + &next.stdout,
                ..next
            }
        };
    }
    output
}
