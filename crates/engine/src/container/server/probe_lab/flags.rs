//! The server's command line.

use super::{Flags, OnTerm, PlanItem};
use crate::go_format;
use crate::time::{Duration, NANOS_PER_SEC};

pub(super) fn parse_flags(args: &[String], port: u16, with_plan: bool) -> Result<Flags, String> {
    let mut flags = Flags {
        port,
        listen_after: Duration::ZERO,
        ready_after: Duration::ZERO,
        fail_after: Duration::ZERO,
        on_term: OnTerm::Exit(0),
        on_term_text: "exit0".into(),
        exit: None,
        term_message: "".into(),
        body: "ok".into(),
        alloc_bytes: 0,
        plan: Vec::new(),
    };
    let mut exit_code = 0;
    for arg in args {
        let Some(flag) = arg.strip_prefix("--").or_else(|| arg.strip_prefix('-')) else {
            break;
        };
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        let bad = || format!("invalid value \"{value}\" for flag -{name}: parse error");
        let duration = || go_format::parse_duration(value).ok_or_else(bad);
        match name {
            "port" => flags.port = value.parse().map_err(|_| bad())?,
            "listen-after" => flags.listen_after = duration()?,
            "ready-after" => flags.ready_after = duration()?,
            "fail-after" => flags.fail_after = duration()?,
            "exit-after" => flags.exit = Some((duration()?, 0)),
            "exit-code" => exit_code = value.parse().map_err(|_| bad())?,
            "term-msg" => flags.term_message = value.into(),
            "body" => flags.body = value.into(),
            "alloc-mb" => {
                let mib: u64 = value.parse().map_err(|_| bad())?;
                flags.alloc_bytes = mib << 20;
            }
            "on-term" => {
                flags.on_term_text = value.into();
                flags.on_term = match value {
                    "exit0" => OnTerm::Exit(0),
                    "exit143" => OnTerm::Exit(143),
                    "ignore" => OnTerm::Ignore,
                    "default" => OnTerm::Default,
                    _ => match value.strip_prefix("slow:").map(go_format::parse_duration) {
                        Some(Some(after)) => OnTerm::Slow(after),
                        _ => return Err(bad()),
                    },
                };
            }
            "plan" if with_plan => flags.plan = parse_plan(value).ok_or_else(bad)?,
            _ => {
                return Err(format!(
                    "flag provided but not defined: -{name}\nUsage of /server:"
                ))
            }
        }
    }
    if let Some((after, _)) = flags.exit {
        flags.exit = Some((after, exit_code)).filter(|(a, _)| *a > Duration::ZERO);
    }
    Ok(flags)
}

fn seconds(text: &str) -> Option<Duration> {
    go_format::decimal_times(text, NANOS_PER_SEC).map(Duration)
}

fn parse_plan(text: &str) -> Option<Vec<PlanItem>> {
    let mut plan = Vec::new();
    for item in text.split(',').filter(|i| !i.is_empty()) {
        let (what, when) = item.rsplit_once('@')?;
        let (path, value) = what.rsplit_once(':')?;
        match path {
            "EXIT" => plan.push(PlanItem::Exit {
                code: value.parse().ok()?,
                at: seconds(when)?,
            }),
            "FILE" => plan.push(PlanItem::File {
                present: value == "1",
                at: seconds(when)?,
            }),
            _ => {
                let (from, to) = when.split_once('-')?;
                let from = seconds(from)?;
                let to = if to.is_empty() {
                    Duration(u64::MAX)
                } else {
                    seconds(to)?
                };
                let path = path.into();
                plan.push(match value.strip_prefix("delay") {
                    Some(delay) => PlanItem::Delay {
                        path,
                        delay: seconds(delay)?,
                        from,
                        to,
                    },
                    None => PlanItem::Code {
                        path,
                        status: value.parse().ok()?,
                        from,
                        to,
                    },
                });
            }
        }
    }
    Some(plan)
}
