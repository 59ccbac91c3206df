//! `/proc`: texts made when they are read.

use super::process::Program;
use super::world::PodWorld;
use crate::time::Instant;

impl PodWorld {
    /// Content of a file below `/proc`; None: there is none.
    pub(crate) fn proc_text(
        &self,
        now: Instant,
        container: u32,
        pid: u32,
        path: &str,
    ) -> Option<String> {
        let rest = path.strip_prefix("/proc/")?;
        let secs = now.as_secs();
        match rest {
            "uptime" => return Some(format!("{secs}.00 {secs}.00\n")),
            "loadavg" => return Some("0.00 0.00 0.00 1/100 1\n".to_string()),
            "meminfo" => {
                return Some(
                    "MemTotal:       24683660 kB\nMemFree:        22000000 kB\nMemAvailable:   \
                     23000000 kB\n"
                        .to_string(),
                )
            }
            "version" => return Some("Linux version 6.1.0\n".to_string()),
            _ => {}
        }
        let (process, file) = rest.split_once('/')?;
        let wanted = match process {
            "self" => pid,
            number => number.parse().ok()?,
        };
        let machine = self.machine(container)?;
        let process = machine.process(wanted)?;
        let name = process
            .argv
            .first()
            .map_or("", |a| super::filesystem::file_name(a));
        match file {
            "cmdline" => Some(process.argv.iter().map(|a| format!("{a}\0")).collect()),
            "comm" => Some(format!("{name}\n")),
            "environ" => Some(
                process
                    .env
                    .iter()
                    .map(|(name, value)| format!("{name}={value}\0"))
                    .collect(),
            ),
            "status" => {
                let mut groups = machine.all_groups();
                groups.sort_unstable();
                let groups: Vec<String> = groups.iter().map(u32::to_string).collect();
                let state = match process.program {
                    Program::Zombie { .. } => "Z (zombie)",
                    _ if process.stopped => "T (stopped)",
                    _ => "S (sleeping)",
                };
                Some(format!(
                    "Name:\t{name}\nState:\t{state}\nPid:\t{wanted}\nPPid:\t{}\nUid:\t{uid}\t{uid}\t\
                     {uid}\t{uid}\nGid:\t{gid}\t{gid}\t{gid}\t{gid}\nGroups:\t{}\n",
                    process.parent,
                    groups.join(" "),
                    uid = process.uid,
                    gid = machine.gid
                ))
            }
            _ => None,
        }
    }
}
