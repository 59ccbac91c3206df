//! What a run's outputs show of chance: how long its cluster had been up, and which node ports its
//! Services drew.

use super::masks::age;
use super::Capture;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Printed {
    /// Seconds from a node's registration to the apply.
    pub node_ages: BTreeMap<String, i64>,
    /// By name of the Service, in the order of its ports.
    pub node_ports: BTreeMap<String, Vec<u16>>,
}

impl Printed {
    /// Reads the tables of `get nodes` and `get services`.
    pub fn of(captures: &[Capture]) -> Printed {
        let mut printed = Printed::default();
        // Every age bounds the moment at which the node came; the middle of what is left is taken.
        let mut bounds: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for capture in captures {
            let mut rows = capture.stdout.lines();
            let titles: Vec<&str> = rows.next().unwrap_or_default().split_whitespace().collect();
            let rows = rows.map(|row| row.split_whitespace().collect::<Vec<_>>());
            if titles.starts_with(&["NAME", "STATUS", "ROLES", "AGE"]) {
                for row in rows.filter(|row| row.len() > 3) {
                    let Some((millis, step)) = age(row[3]) else {
                        continue;
                    };
                    let least = millis as f64 / 1_000.0 - capture.t;
                    let most = (millis + step) as f64 / 1_000.0 - capture.t_end;
                    let known = bounds
                        .entry(row[0].to_owned())
                        .or_insert((f64::MIN, f64::MAX));
                    *known = (known.0.max(least), known.1.min(most));
                }
            } else if titles.starts_with(&["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)"])
            {
                for row in rows.filter(|row| row.len() > 4) {
                    let ports = row[4].split(',').filter_map(node_port);
                    printed
                        .node_ports
                        .insert(row[0].to_owned(), ports.collect());
                }
            }
        }
        for (node, (least, most)) in bounds {
            let middle = f64::midpoint(least, most);
            printed.node_ages.insert(node, middle as i64);
        }
        printed
    }
}

/// The node port of `80:30127/TCP`.
fn node_port(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once(':')?;
    rest.split('/').next()?.parse().ok()
}
